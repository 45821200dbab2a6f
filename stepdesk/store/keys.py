"""Keys: a random key for the book and one for medical columns, in a slot for each person.

The key file holds no secret in clear. A slot is opened by its person's password (Argon2id) and
gives the data key, the medical key where the person may have it, and the person's signing key.
Source: safety handbook 3.2.
"""

import base64
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.files import write_whole
from stepdesk.values.ids import StaffId

FORM = "stepdesk.keys/1"
MIN_LENGTH = 12
MAX_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int

    def allowed(self) -> bool:
        """Neither below the floor nor so dear that a made-up file could stop the laptop."""
        return (
            46 * 1024 <= self.memory <= 1 << 20
            and 1 <= self.passes <= 10
            and 1 <= self.lanes <= 16
        )


STANDARD = Cost(64 * 1024, 3, 4)
FLOOR = Cost(46 * 1024, 1, 1)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a slot gives to the person who knows its password."""

    staff_id: StaffId
    name: str
    data_key: bytes
    medical_key: bytes | None
    signer: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Tile:
    """One person on the login screen."""

    staff_id: StaffId
    name: str


def check_password(password: str, *, name: str = "") -> None:
    """Refuse a password that is guessed in days.

    Raises:
        Refusal: shorter than 12 signs, longer than 128, one sign repeated, a plain row of
            digits, or the person's own name. Source: safety handbook 3.2.
    """
    plain = normal(password)
    if len(plain) < MIN_LENGTH:
        raise Refusal(
            Text(
                N_("The password is too short. Take at least {count} signs: four words are good."),
                {"count": MIN_LENGTH},
            ),
            field="password",
        )
    if len(plain) > MAX_LENGTH:
        raise Refusal(
            Text(
                N_("The password is too long. Take at most {count} signs."), {"count": MAX_LENGTH}
            ),
            field="password",
        )
    row = "0123456789" * 13
    easy = len(set(plain)) < 4 or plain in row or plain in row[::-1]
    named = bool(name) and plain.casefold().replace(" ", "") == name.casefold().replace(" ", "")
    if easy or named:
        raise Refusal(
            Text(
                N_("This password is easily guessed. Take four words that have nothing in common.")
            ),
            field="password",
        )


def normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _canonical(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _key_of(password: str, salt: bytes, cost: Cost) -> bytes:
    derive = Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return derive.derive(normal(password).encode())


class KeyFile:
    """The file beside the book that holds the slots."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path = path
        self.told = told

    @classmethod
    def make(cls, path: Path, book_id: bytes, *, practice: bool) -> "KeyFile":
        return cls(
            path,
            {"form": FORM, "book": book_id.hex(), "practice": practice, "slots": []},
        )

    @classmethod
    def read(cls, path: Path) -> "KeyFile":
        """Read a key file, or its copy when the file itself is damaged.

        Raises:
            Trouble: when there is none, or it is none of ours.
        """
        for candidate in (path, path.with_name(path.name + ".bak")):
            try:
                told = json.loads(candidate.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if _well_formed(told):
                return cls(path, told)
        raise Trouble(
            Text(
                N_(
                    "{name} is not a StepDesk book, or its key file is missing or damaged. "
                    "Choose the folder of the book, or restore it from a copy."
                ),
                {"name": path.parent.name},
            )
        )

    @classmethod
    def parse(cls, path: Path, content: bytes) -> "KeyFile | None":
        """Read a key file's content; None when it is none."""
        try:
            told = json.loads(content)
        except ValueError:
            return None
        return cls(path, told) if _well_formed(told) else None

    @property
    def book_id(self) -> bytes:
        return bytes.fromhex(self.told["book"])

    @property
    def practice(self) -> bool:
        return bool(self.told["practice"])

    def tiles(self) -> tuple[Tile, ...]:
        """The people who can log in, in the order they were added."""
        return tuple(
            Tile(StaffId(bytes.fromhex(slot["staff"])), slot["name"])
            for slot in self.told["slots"]
        )

    def content(self) -> bytes:
        return _canonical(self.told)

    def save(self) -> None:
        """Write the file and its copy; a half-written file never replaces a whole one."""
        write_whole(self.path.with_name(self.path.name + ".bak"), self.content())
        write_whole(self.path, self.content())

    def _bound(self, slot: dict[str, Any]) -> bytes:
        """What a slot's seal also vouches for: whose it is, of which book, practice or not."""
        return _canonical(
            {
                "book": self.told["book"],
                "practice": self.told["practice"],
                "staff": slot["staff"],
                "name": slot["name"],
                "cost": slot["cost"],
            }
        )

    def put(
        self,
        opened: Opened,
        password: str,
        *,
        cost: Cost = STANDARD,
    ) -> None:
        """Add or replace a person's slot; nothing is written before `save`."""
        salt, nonce = os.urandom(16), os.urandom(12)
        slot: dict[str, Any] = {
            "staff": opened.staff_id.hex(),
            "name": opened.name,
            "kind": "user",
            "cost": [cost.memory, cost.passes, cost.lanes],
            "salt": _b64(salt),
            "nonce": _b64(nonce),
        }
        secret = _canonical(
            {
                "data": _b64(opened.data_key),
                "medical": None if opened.medical_key is None else _b64(opened.medical_key),
                "seed": _b64(opened.signer.private_bytes_raw()),
            }
        )
        sealed = AESGCM(_key_of(password, salt, cost)).encrypt(nonce, secret, self._bound(slot))
        slot["sealed"] = _b64(sealed)
        others = [one for one in self.told["slots"] if one["staff"] != slot["staff"]]
        at = next(
            (at for at, one in enumerate(self.told["slots"]) if one["staff"] == slot["staff"]),
            len(others),
        )
        self.told["slots"] = [*others[:at], slot, *others[at:]]

    def drop(self, staff_id: StaffId) -> None:
        """Take a person's slot away; nothing is written before `save`."""
        self.told["slots"] = [one for one in self.told["slots"] if one["staff"] != staff_id.hex()]

    def open(self, staff_id: StaffId, password: str, *, field: str = "password") -> Opened:
        """Open a person's slot.

        Raises:
            Refusal: wrong password, or nobody of that id.
            Trouble: when the slot's parameters are out of bounds.
        """
        slot = next((one for one in self.told["slots"] if one["staff"] == staff_id.hex()), None)
        if slot is None:
            raise Refusal(
                Text(N_("This person has no access to the book. Choose somebody else.")),
                field="person",
            )
        cost = Cost(*slot["cost"])
        if not cost.allowed():
            raise Trouble(Text(N_("The key file is damaged. Restore the book from a copy.")))
        try:
            secret = json.loads(
                AESGCM(_key_of(password, _raw(slot["salt"]), cost)).decrypt(
                    _raw(slot["nonce"]), _raw(slot["sealed"]), self._bound(slot)
                )
            )
        except InvalidTag as error:
            raise Refusal(
                Text(N_("Wrong password. Type it again; mind capital letters.")), field=field
            ) from error
        return Opened(
            staff_id,
            slot["name"],
            _raw(secret["data"]),
            None if secret["medical"] is None else _raw(secret["medical"]),
            Ed25519PrivateKey.from_private_bytes(_raw(secret["seed"])),
        )


def _well_formed(told: object) -> bool:
    if not isinstance(told, dict) or told.get("form") != FORM:
        return False
    slots = told.get("slots")
    return (
        _is_hex(told.get("book"))
        and isinstance(told.get("practice"), bool)
        and isinstance(slots, list)
        and bool(slots)
        and all(_is_slot(slot) for slot in slots)
    )


def _is_slot(slot: object) -> bool:
    wanted = {"staff", "name", "kind", "cost", "salt", "nonce", "sealed"}
    if not isinstance(slot, dict) or set(slot) != wanted:
        return False
    cost = slot["cost"]
    return (
        _is_hex(slot["staff"])
        and isinstance(slot["name"], str)
        and isinstance(cost, list)
        and [type(part) for part in cost] == [int] * 3
        and _length(slot["salt"]) == 16
        and _length(slot["nonce"]) == 12
        and _length(slot["sealed"]) > 16
    )


def _is_hex(told: object) -> bool:
    return isinstance(told, str) and re.fullmatch("[0-9a-f]{32}", told) is not None


def _length(told: object) -> int:
    """How many bytes a text of base 64 holds; 0 when it is none."""
    try:
        return len(_raw(told)) if isinstance(told, str) else 0
    except ValueError:
        return 0


def seal(key: bytes, plain: str, bound: bytes) -> bytes:
    """Return a medical value under the medical key, bound to its table, column and row."""
    return seal_bytes(key, plain.encode(), bound)


def seal_bytes(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """Return a medical picture under the medical key, bound to where it belongs."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> str:
    """Read a medical value.

    Raises:
        Trouble: when it is damaged or stands in another place than it was written for.
    """
    return unseal_bytes(key, sealed, bound).decode()


def unseal_bytes(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Read a medical picture.

    Raises:
        Trouble: as `unseal`.
    """
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
    except (InvalidTag, ValueError) as error:
        raise Trouble(
            Text(N_("A medical value is damaged. Verify the book and restore it from a copy."))
        ) from error
