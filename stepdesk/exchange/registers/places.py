"""Villages of a register: spellings of one village brought together. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stepdesk.exchange.registers.words import fold

ALIKE = 80
_NUMBERED = re.compile(r"\b(?:\d+|[ivx]+)\b")
_INITIALS = re.compile(r"(?<=\b\w)\s+(?=\w\b)")
"""Blanks between letters that stand alone: `G.I.E.` is one word."""

_SOUNDS = (("ck", "k"), ("c", "k"), ("q", "k"), ("ou", "u"), ("w", "u"), ("y", "i"), ("dj", "j"),
           ("ph", "f"), ("th", "t"), ("gu", "g"), ("z", "s"), ("h", ""), (" ", ""))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Village:
    """How a village of the file is understood.

    `name` is what is written, None while a person must decide; `proposal` what it may be.
    """

    name: str | None
    proposal: str | None = None
    new: bool = False


def sound(name: str) -> str:
    """Return a village's name as it sounds: `Siracorola` and `Sirakorola` come to the same."""
    told = fold(name)
    for old, new in _SOUNDS:
        told = told.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", told)


def villages(
    counts: Mapping[str, int],
    known: Iterable[str],
    decided: Mapping[str, str],
    *,
    by_word: bool = False,
) -> dict[str, Village]:
    """Return how each spelling of the file is understood.

    A spelling that folds to a section of the book is that section. One that is like a section,
    or like a more frequent spelling of the file, needs a person; any other is a new village.

    Args:
        counts: Each spelling with how often it stands in the file.
        known: The names of the book's sections.
        decided: By folded spelling, the name a person chose.
        by_word: Names are alike when each of their words is: names of groups share long words.
    """
    sections = {fold(name): name for name in known}
    found: dict[str, Village] = {}
    for told in sorted(counts, key=lambda one: (-counts[one], one)):
        key = fold(told)
        if key in decided:
            name = " ".join(decided[key].split())
            found[told] = _named(name, sections)
        elif key in sections:
            found[told] = Village(sections[key])
        else:
            found[told] = _new_one(told, sections, by_word=by_word)
        one = found[told]
        if one.new and one.name is not None:
            sections[fold(one.name)] = one.name
    return {told: _settled(one, known) for told, one in found.items()}


def _named(name: str, sections: Mapping[str, str]) -> Village:
    if not name:
        return Village(None)
    there = sections.get(fold(name))
    return Village(there) if there else Village(name, new=True)


def _new_one(told: str, sections: Mapping[str, str], *, by_word: bool) -> Village:
    like = _like(told, sections, by_word=by_word)
    if like is not None:
        return Village(None, proposal=like)
    return Village(" ".join(told.split()), new=True)


def _settled(one: Village, known: Iterable[str]) -> Village:
    """Say that a village is new also of the further rows that name it."""
    if one.name is None or fold(one.name) in {fold(name) for name in known}:
        return one
    return Village(one.name, one.proposal, new=True)


def _like(told: str, sections: Mapping[str, str], *, by_word: bool) -> str | None:

    best, score = None, float(ALIKE)
    key, numbers = sound(told), _numbers(told)
    for folded, name in sections.items():
        if _numbers(folded) != numbers:
            continue
        near = _words_near(told, name) if by_word else _near(key, sound(name))
        if near >= score:
            best, score = name, near
    return best


def _numbers(name: str) -> list[str]:
    """Return the numbers of a name, Roman ones too: quarter II is not quarter I."""
    return _NUMBERED.findall(_INITIALS.sub("", fold(name)))


def _near(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)


def _words_near(one: str, other: str) -> float:
    """Return how near the least near words of two names are; 0 for another number of words."""
    ours, theirs = (sorted(_INITIALS.sub("", fold(told)).split()) for told in (one, other))
    if len(ours) != len(theirs):
        return 0
    return min((_near(sound(a), sound(b)) for a, b in zip(ours, theirs, strict=True)), default=0)
