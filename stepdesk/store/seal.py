"""What this laptop remembers of a book outside it: the last act it saw.

A book put back from an older copy by hand would pass every check inside itself; the seal, kept
in the laptop's own folder, tells. Source: safety handbook 3.2, threats 11 and 12.
"""

import hmac
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Seal:
    """The last act this laptop wrote or saw in a book."""

    device: str
    incarnation: int
    seq: int
    head: str


def folder() -> Path:
    """Where seals lie; STEPDESK_STATE names another folder, for tests and drills."""
    told = os.environ.get("STEPDESK_STATE")
    return Path(told) if told else Path(platformdirs.user_state_dir("stepdesk", appauthor=False))


def _path(book_id: bytes, at: Path) -> Path:
    # Two copies of one book in two places are two books to this laptop's memory.
    place = sha256(str(at.resolve()).encode()).hexdigest()[:16]
    return folder() / f"{book_id.hex()}-{place}.seal"


def _mac(key: bytes, body: bytes) -> str:
    return hmac.new(key, b"stepdesk/seal\0" + body, sha256).hexdigest()


def read(book_id: bytes, at: Path, key: bytes) -> Seal | None:
    """Return the seal of a book in that place, None when there is none or it is not genuine."""
    try:
        told = json.loads(_path(book_id, at).read_text(encoding="ascii"))
        body = json.dumps(told["seal"], sort_keys=True).encode()
        if not hmac.compare_digest(told["mac"], _mac(key, body)):
            return None
        return Seal(**told["seal"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(book_id: bytes, at: Path, key: bytes, seal: Seal) -> None:
    """Remember the last act; a laptop that cannot is told nothing: the book itself is safe."""
    told = {
        "device": seal.device,
        "incarnation": seal.incarnation,
        "seq": seal.seq,
        "head": seal.head,
    }
    body = json.dumps(told, sort_keys=True).encode()
    path = _path(book_id, at)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"seal": told, "mac": _mac(key, body)}), encoding="ascii")
        beside.replace(path)
    except OSError:
        return


def forget(book_id: bytes, at: Path) -> None:
    """Forget a place: a restore puts another state there on purpose."""
    _path(book_id, at).unlink(missing_ok=True)
