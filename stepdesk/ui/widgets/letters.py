"""Alt and a letter for everything that changes what a page shows: tabs, and buttons like tabs.

The letters follow the words of the language in use, so no translator has to mind them, and no two
of one page are the same. Those of the navigation are never given.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable
from unicodedata import normalize

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from stepdesk.ui import keys


@runtime_checkable
class Lettered(Protocol):
    """A button that may have a letter of its own."""

    lettered: bool

    def words(self) -> str:
        """Return the words it shows in the language in use."""
        ...

    def take_letter(self, letter: str) -> None:
        """Show the letter, and act when it is pressed with Alt."""
        ...


def spoken_for() -> frozenset[str]:
    """Return the letters that open pages with Alt wherever one is."""
    sequences = (text for key in keys.KEYS for text in key.keys)
    return frozenset(text[-1].upper() for text in sequences if text.startswith("Alt+"))


def letters_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return a letter for each of the words, no two the same; empty where none is left.

    Each gets the beginning of a word of its own if it can be had. Later words push earlier ones
    to their next letter rather than go without.
    """
    wanted = [_candidates(one) for one in words]
    holder: dict[str, int] = {}
    for at in range(len(words)):
        _settle(at, wanted, holder, set())
    found = {at: letter for letter, at in holder.items()}
    return tuple(found.get(at, "") for at in range(len(words)))


def _settle(
    at: int, wanted: Sequence[Sequence[str]], holder: dict[str, int], asked: set[str]
) -> bool:
    """Give one its first free letter, or one whose holder can take another."""
    for letter in wanted[at]:
        if letter not in holder:
            holder[letter] = at
            return True
    for letter in wanted[at]:
        if letter in asked:
            continue
        asked.add(letter)
        if _settle(holder[letter], wanted, holder, asked):
            holder[letter] = at
            return True
    return False


def _candidates(words: str) -> tuple[str, ...]:
    """Return the letters of the words that a key has, beginnings of words first."""
    parts = words.upper().split()
    first = [part[0] for part in parts]
    rest = [sign for part in parts for sign in part[1:]]
    taken = spoken_for()
    return tuple(
        dict.fromkeys(sign for sign in (*first, *rest) if _has_key(sign) and sign not in taken)
    )


def _has_key(sign: str) -> bool:
    """Whether it is a letter that is typed with one key: É has none on most keyboards."""
    return sign.isalpha() and len(normalize("NFD", sign)) == 1


def underlined(words: str, letter: str) -> str:
    """Return the words with Qt's sign of underlining before the letter."""
    at = words.upper().find(letter) if letter else -1
    if at < 0 or len(words.upper()) != len(words):
        return words.replace("&", "&&")
    before, after = (part.replace("&", "&&") for part in (words[:at], words[at:]))
    return f"{before}&{after}"


def press_with_alt(button: QAbstractButton, letter: str) -> None:
    """Let Alt and the letter press a button while it is seen, wherever the cursor is."""
    found = button.findChild(QShortcut, "letter", Qt.FindChildOption.FindDirectChildrenOnly)
    if found is None:
        found = QShortcut(button)
        found.setObjectName("letter")
        found.activated.connect(button.setFocus)
        found.activated.connect(button.click)
    found.setKey(QKeySequence(f"Alt+{letter}") if letter else QKeySequence())


def give_letters(page: QWidget) -> None:
    """Give everything on one page that takes a letter its own, in the language in use."""
    found = [one for one in page.findChildren(QAbstractButton) if isinstance(one, Lettered)]
    wanting = [one for one in found if one.lettered]
    for one, letter in zip(wanting, letters_of([one.words() for one in wanting]), strict=True):
        one.take_letter(letter)
