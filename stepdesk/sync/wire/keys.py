"""Keys of both ends: the branch's card and keys, the scheme's keys, and who may sign for it.

The card is public and signed by itself; a scheme compares its fingerprint with the one the branch
says. A certificate is the scheme's word that a person's signing key may send, and that others no
longer may; it holds no name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from stepdesk.sync.wire import canonical
from stepdesk.sync.wire.canonical import Fields, written
from stepdesk.sync.wire.failures import failure, malformed

CARD = "stepdesk.branch-card/1"
KEYS = "stepdesk.branch-keys/1"
RECIPIENT = r"age1[0-9a-z]{58}"
IDENTITY = r"AGE-SECRET-KEY-1[0-9A-Z]{58}"
LONGEST_NAME = 80
MOST_REVOKED = 64
_LARGEST = 4096


def key_id(recipient: str) -> bytes:
    """Return the 16 bytes by which a file names whom it is for, in clear."""
    return sha256(b"stepdesk/k1\0" + recipient.encode("ascii")).digest()[:16]


def fingerprint(*keys: bytes) -> str:
    """Return ten groups of four digits, to be read out on the telephone."""
    number = int.from_bytes(sha256(b"stepdesk/f1\0" + b"".join(keys)).digest(), "big")
    digits = f"{number % 10**40:040d}"
    return " ".join(digits[at : at + 4] for at in range(0, 40, 4))


def check_signature(key: bytes, signature: bytes, message: bytes) -> None:
    """Refuse a signature that does not hold.

    Raises:
        WireError: `forged`.
    """
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise failure("forged") from error


def check_recipient(told: str, place: str) -> str:
    """Return an age recipient that can be encrypted to; a stranger may have made it up.

    Raises:
        WireError: `malformed`, also for a point of low order, which age answers with a panic.
    """
    try:
        pyrage.x25519.Recipient.from_str(told)
        point = X25519PublicKey.from_public_bytes(_point(told))
        X25519PrivateKey.generate().exchange(point)
    except (pyrage.RecipientError, ValueError) as error:
        raise malformed(place) from error
    return told


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _point(recipient: str) -> bytes:
    """Return the 32 bytes of a recipient whose checksum was seen to hold (BIP 173)."""
    number = 0
    for sign in recipient[len("age1") : -6]:
        number = number << 5 | _BECH32.index(sign)
    return (number >> 4).to_bytes(32, "big")


def _public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _recipient(identity: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def _new_seed() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


@dataclass(frozen=True, slots=True)
class BranchCard:
    """What a scheme must know of a branch to write to it: public, in a small file.

    Args:
        recipient: The age recipient bundles are encrypted to, `age1…`.
        verify_key: The Ed25519 key that signs receipts, 32 bytes.
        practice: Whether the branch is for practice; a real one refuses practice books.
    """

    name: str
    recipient: str
    verify_key: bytes
    practice: bool
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """What to compare with the branch: it covers the keys and the practice flag."""
        flag = b"practice" if self.practice else b"real"
        return fingerprint(self.verify_key, self.recipient.encode("ascii"), flag)

    @property
    def key_id(self) -> bytes:
        return key_id(self.recipient)

    def text(self) -> str:
        """Return the card as it stands in its file."""
        told = {**_card_told(self), "signature": written(self.signature)}
        return canonical.encode(told).decode("utf-8") + "\n"

    @classmethod
    def read(cls, told: str) -> "BranchCard":
        """Read a card's file and check its signature.

        Raises:
            WireError: `not_stepdesk`, `too_new`, `malformed` or `forged`.
        """
        fields = _small_file(told, CARD, "card")
        fields.only("name", "practice", "recipient", "schema", "signature", "verify_key")
        card = cls(
            name=check_name(fields.text("name", r"(?s:.*)")),
            recipient=check_recipient(fields.text("recipient", RECIPIENT), "card.recipient"),
            verify_key=fields.raw("verify_key", 32),
            practice=fields.flag("practice"),
            signature=fields.raw("signature", 64),
        )
        check_signature(card.verify_key, card.signature, _card_signed(card))
        return card


def check_name(told: str) -> str:
    """Return a branch's name: 1 to 80 printable signs in NFC, no blank at its ends."""
    name = unicodedata.normalize("NFC", told)
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise malformed("card.name")
    return name


def _card_told(card: BranchCard) -> dict[str, object]:
    return {
        "schema": CARD,
        "name": card.name,
        "recipient": card.recipient,
        "verify_key": written(card.verify_key),
        "practice": card.practice,
    }


def _card_signed(card: BranchCard) -> bytes:
    return b"stepdesk/card1\0" + canonical.encode(_card_told(card))


def _small_file(told: str, form: str, place: str) -> Fields:
    content = told.strip().encode("utf-8", "surrogateescape")
    if len(content) > _LARGEST or not content.startswith(b"{"):
        raise failure("not_stepdesk")
    fields = canonical.decode(content, place)
    kind = form.rsplit("/", 1)[0]
    if fields.text("schema", re.escape(kind) + "/[1-9][0-9]{0,3}") != form:
        raise failure("too_new")
    return fields


@dataclass(frozen=True, slots=True)
class BranchKeys:
    """The branch's private keys: the seed that signs and the age identity that opens."""

    seed: bytes = field(repr=False)
    identity: str = field(repr=False)

    @classmethod
    def new(cls) -> "BranchKeys":
        return cls(_new_seed(), str(pyrage.x25519.Identity.generate()))

    @property
    def verify_key(self) -> bytes:
        return _public(self.seed)

    @property
    def recipient(self) -> str:
        return _recipient(self.identity)

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def card(self, *, name: str, practice: bool) -> BranchCard:
        """Return the branch's card, signed."""
        bare = BranchCard(check_name(name), self.recipient, self.verify_key, practice, b"")
        return BranchCard(
            bare.name, bare.recipient, bare.verify_key, practice, self.sign(_card_signed(bare))
        )

    def text(self) -> str:
        """Return the keys as they stand in the branch's key file: secret."""
        told = {"schema": KEYS, "seed": written(self.seed), "identity": self.identity}
        return canonical.encode(told).decode("ascii") + "\n"

    @classmethod
    def read(cls, told: str) -> "BranchKeys":
        """Read the key file.

        Raises:
            WireError: when it is none.
        """
        fields = _small_file(told, KEYS, "keys")
        fields.only("identity", "schema", "seed")
        identity = fields.text("identity", IDENTITY)
        try:
            pyrage.x25519.Identity.from_str(identity)
        except pyrage.IdentityError as error:
            raise malformed("keys.identity") from error
        return cls(fields.raw("seed", 32), identity)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The scheme's word on who may send for it: one person's key, and keys that no longer may.

    Args:
        scheme: 16 bytes.
        scheme_key: The scheme's Ed25519 key; the branch keeps the first it sees.
        answer_to: The age recipient receipts are encrypted to.
        sender_key: The Ed25519 key of the person who sends; no name.
        revoked: Keys that may no longer send, in ascending order.
    """

    scheme: bytes
    scheme_key: bytes
    answer_to: str
    sender_key: bytes
    revoked: tuple[bytes, ...]
    signature: bytes

    def check(self) -> None:
        """Refuse a certificate that does not hold, or that revokes its own sender.

        Raises:
            WireError: `forged` or `malformed`.
        """
        check_signature(self.scheme_key, self.signature, _certified(self))
        if list(self.revoked) != sorted(set(self.revoked)) or self.sender_key in self.revoked:
            raise malformed("manifest.revoked")


def _certified(told: Certificate) -> bytes:
    return b"".join(
        (
            b"stepdesk/cert1\0",
            told.scheme,
            told.sender_key,
            told.answer_to.encode("ascii"),
            b"\0",
            *told.revoked,
        )
    )


@dataclass(frozen=True, slots=True)
class SchemeKeys:
    """The scheme's private keys: the seed that certifies senders, the identity that opens receipts."""

    seed: bytes = field(repr=False)
    identity: str = field(repr=False)

    @classmethod
    def new(cls) -> "SchemeKeys":
        return cls(_new_seed(), str(pyrage.x25519.Identity.generate()))

    @property
    def scheme_key(self) -> bytes:
        return _public(self.seed)

    @property
    def answer_to(self) -> str:
        return _recipient(self.identity)

    @property
    def fingerprint(self) -> str:
        """What the branch compares when it sees the scheme for the first time."""
        return fingerprint(self.scheme_key)

    def certify(
        self, *, scheme: bytes, sender_key: bytes, revoked: Sequence[bytes] = ()
    ) -> Certificate:
        """Return the scheme's word that this key may send, and that the others no longer may.

        Raises:
            WireError: `malformed` when the sender is among the revoked or there are too many.
        """
        gone = tuple(sorted(set(revoked)))
        if len(gone) > MOST_REVOKED:
            raise malformed("manifest.revoked")
        bare = Certificate(scheme, self.scheme_key, self.answer_to, sender_key, gone, b"")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_certified(bare))
        made = Certificate(scheme, self.scheme_key, self.answer_to, sender_key, gone, signature)
        made.check()
        return made
