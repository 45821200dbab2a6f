"""Who can log in to a book, read from its key file alone: the login must not wait for anything.

Nothing secret stands there, and nothing is checked: whoever opens the book does that.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from stepdesk.values.ids import StaffId


@dataclass(frozen=True, slots=True)
class Tiles:
    """What the key file says of a book.

    Args:
        name: What its folder or file is called.
        book: The book's id.
        people: Id and name of everybody who may log in.
        practice: Whether it is a practice book.
    """

    name: str
    book: str
    people: tuple[tuple[StaffId, str], ...]
    practice: bool


def tiles_of(folder: Path) -> Tiles | None:
    """Return who can log in to the book of a folder, None when there is no book."""
    for name in ("book.keys", "book.keys.bak"):
        try:
            found = _told((folder / name).read_bytes(), folder.name)
        except OSError:
            continue
        if found is not None:
            return found
    return None


def tiles_of_copy(copy: Path) -> Tiles | None:
    """Return who can log in to a copy of a book, None when the file is no copy."""
    try:
        with zipfile.ZipFile(copy) as archive:
            return _told(archive.read("book.keys"), copy.stem)
    except (OSError, KeyError, zipfile.BadZipFile):
        return None


def _told(content: bytes, name: str) -> Tiles | None:
    try:
        told = json.loads(content)
        people = tuple(
            (StaffId(bytes.fromhex(slot["staff"])), str(slot["name"])) for slot in told["slots"]
        )
        return Tiles(name, str(told["book"]), people, bool(told["practice"])) if people else None
    except (ValueError, KeyError, TypeError):
        return None
