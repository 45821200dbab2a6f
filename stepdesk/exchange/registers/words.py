"""The words of registers in French, English and Portuguese: `words.json`, folded. Pure.

A word is looked up as it stands first; only a column's name is also matched by likeness.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from stepdesk.exchange.registers.terms import Field
from stepdesk.members.terms import Relation, Sex
from stepdesk.values.names import fold as plainly_fold

LIKE = 85
"""How alike a column's name and a known word must be. Source: screens handbook 6.2."""

_SIGNS = re.compile(r"[^\w✓✔☑+]+")
_LAST_FIGURE = re.compile(r"\s*\d+$")
_TOTAL = re.compile(r"(sous |s )?tota(l|ux|is)\b")


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        Path(__file__).with_name("words.json").read_text(encoding="utf-8")
    )
    return told


@lru_cache(maxsize=1 << 17)
def fold(name: str) -> str:
    """Return the name folded; a register repeats its names."""
    return plainly_fold(name)


_KEPT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+")
_LETTERS = (
    "".join(sign if sign in _KEPT else " " for sign in map(chr, range(256))).lower().encode()
)
"""What becomes of a sign in a text without accents; a grave accent is no sign at all."""


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Return a text in lower case without accents, signs become single blanks.

    `N° d'adhérent :` and `n d adherent` come to the same.
    """
    if text.isascii():
        return " ".join(text.encode().translate(_LETTERS, b"`").decode().split())
    return " ".join(_SIGNS.sub(" ", fold(text.replace("'", " ").replace("’", " "))).split())


@cache
def synonyms() -> Mapping[str, Field | None]:
    """Return what each known name of a column means; None is left out."""
    known: dict[str, Field | None] = dict.fromkeys(_told()["leave"])
    for name, words in _told()["fields"].items():
        for word in words:
            known.setdefault(word, Field(name))
    return known


@lru_cache(maxsize=1 << 12)
def field_of_name(name: str) -> tuple[Field | None, int]:
    """Return what a column's name means, and how sure that is (0 to 100, 0 not at all)."""
    from rapidfuzz import fuzz, process

    word, known = plain(name), synonyms()
    for asked in (word, _LAST_FIGURE.sub("", word)):
        if asked in known:
            return known[asked], 100
    if len(word) < 3:
        return None, 0
    found = process.extractOne(word, known.keys(), scorer=fuzz.ratio, score_cutoff=LIKE)
    if found is not None:
        return known[found[0]], int(found[1])
    return _by_part(word)


def _by_part(word: str) -> tuple[Field | None, int]:
    """Return what the end, the beginning or the longest known part of a long name means.

    `Adhérent Âge` of two header rows, `date de naissance (jma)`.
    """
    words, known = word.split(), synonyms()
    for at in range(1, len(words)):
        for part in (" ".join(words[at:]), " ".join(words[:-at])):
            if part in known and len(part) > 2:
                return known[part], LIKE
    padded = f" {word} "
    parts = [one for one in known if len(one) > 2 and f" {one} " in padded]
    best = max(parts, key=len, default=None)
    return (known[best], LIKE) if best else (None, 0)


@lru_cache(maxsize=1 << 16)
def is_word(cell: str) -> bool:
    """Whether a cell may stand in a header."""
    word = plain(cell)
    if not word or len(word) > 60:
        return False
    return (
        field_of_name(cell)[1] > 0 or word in synonyms() or month_of(word)[0] > 0 or _slotted(word)
    )


def _slotted(word: str) -> bool:
    return slot_of(word) is not None


@lru_cache(maxsize=1 << 12)
def slot_of(name: str) -> tuple[Relation, Sex | None, int] | None:
    """Return whom a column's name speaks of beside the member, and the number it gives them."""
    words = plain(name).split()
    for at, word in enumerate(words):
        bare = word.rstrip("0123456789")
        if bare in _told()["slots"]:
            relation, sex = _told()["slots"][bare]
            figures = [one for one in (word[len(bare) :], *words[at + 1 :]) if one.isdecimal()]
            number = int(figures[0]) if figures else 0
            return Relation(relation), Sex(sex) if sex else None, number
    return None


def slots_in(name: str) -> int:
    """Return of how many kinds of people beside the member a name speaks: wives and children."""
    words = (word.rstrip("0123456789") for word in plain(name).split())
    return len({_told()["slots"][word][0] for word in words if word in _told()["slots"]})


@lru_cache(maxsize=1 << 12)
def month_of(name: str) -> tuple[int, int]:
    """Return the month (1 to 12, 0 none) and the year (0 not told) of a column's name."""
    words = plain(name).split()
    months, years = _months(), [0]
    found = 0
    for word in words:
        letters, rest = word.rstrip("0123456789"), word
        if letters in months and not found:
            found, rest = months[letters], word[len(letters) :]
        if rest.isdecimal() and len(rest) in {2, 4}:
            year = int(rest) + (2000 if len(rest) == 2 else 0)
            years += [year] if 1990 <= year <= 2100 else []
    strange = [
        one for one in words if not one.isdecimal() and one.rstrip("0123456789") not in months
    ]
    if found and len(strange) <= 1:
        return found, years[-1]
    return 0, 0


@cache
def _months() -> Mapping[str, int]:
    return {word: int(at) for at, words in _told()["months"].items() for word in words}


@cache
def relations() -> Mapping[str, Relation]:
    return {word: Relation(name) for name, words in _told()["relations"].items() for word in words}


@cache
def sexes() -> Mapping[str, Sex]:
    return {word: Sex(name) for name, words in _told()["sex"].items() for word in words}


@cache
def sex_of_relation() -> Mapping[str, Sex]:
    women = dict.fromkeys(_told()["women"], Sex.FEMALE)
    return women | dict.fromkeys(_told()["men"], Sex.MALE)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_told()[name])


def counting() -> frozenset[str]:
    """Return the names of columns that count something: rows, or households."""
    return _set("counting")


@lru_cache(maxsize=1 << 17)
def nothing(word: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, `néant`."""
    told = word.strip().casefold()
    return told in _set("nothing") or plain(told) in _set("nothing")


def crossed(word: str) -> bool:
    """Whether a cell is a cross, a tick or a yes."""
    return word in _set("crosses") or plain(word) in _set("crosses")


def totals(words: Iterable[str]) -> bool:
    """Whether one of a row's texts says that it adds up other rows."""
    known = _set("totals")
    for word in words:
        if word in known or ("tota" in word and len(word) < 40 and _TOTAL.match(word)):
            return True
    return False
