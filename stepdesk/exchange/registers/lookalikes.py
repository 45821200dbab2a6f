"""Who of the book may be the person of a row: by the same scoring as while typing, for all rows.

Candidates are looked for in blocks that hold few, whatever the book's size; each block is what a
score of `ALIKE` cannot be reached without, so that the blocks together miss nobody the score
would find. Of a name that many bear, name and about the same age tell nothing: village,
telephone, or day or month of birth must be the same too. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from stepdesk.i18n import Text
from stepdesk.members.rules import ALIKE, BIRTH_YEARS, likeness
from stepdesk.members.terms import Birth, BirthKnown, Described, Sex
from stepdesk.values.ids import SectionId
from stepdesk.values.names import fold, name_keys, words_of

if TYPE_CHECKING:
    from stepdesk.exchange.registers.terms import Held

_WIDEST = max(BIRTH_YEARS.values())
COMMON = 20
"""So many people of a book bear a name that is common."""


@lru_cache(maxsize=1 << 17)
def _keys(surname: str, given_names: str) -> tuple[tuple[str, ...], str]:
    """Return how the words of a name sound, each once in one order; and its words in one order."""
    name = f"{surname} {given_names}"
    return tuple(sorted(set(name_keys(name)))), " ".join(sorted(words_of(name)))


def described(
    surname: str, given_names: str, sex: Sex, birth: Birth, section: str, phones: frozenset[str]
) -> Described:
    """Return what is compared; a village is named by its folded name."""
    place = SectionId(fold(section).encode()) if section else None
    return Described(surname, given_names, sex, birth, place, phones)


def _blocks(one: Described, *, near: bool) -> Iterator[tuple[object, ...]]:
    """Yield the blocks of a person of the book; with `near` those that a row looks into."""
    keys, words = _keys(one.surname, one.given_names)
    year, day = one.birth.day.year, one.birth.day
    exact = one.birth.known is BirthKnown.DAY
    yield ("words", words)
    yield ("words", words, one.section_id)
    for phone in one.phones:
        yield ("phone", phone)
    if exact:
        days = [(day.month, day.day)]
        days += [(day.day, day.month)] if near and day.day != day.month else []
        for month, at in days:
            yield from (("day", year, month, at, letter) for letter in {key[0] for key in keys})
    sound = " ".join(keys)
    yield from (("sound", sound, at) for at in ((year - 1, year, year + 1) if near else (year,)))
    yield from (("village", one.section_id, year, key) for key in keys)


def _telling(one: Described, other: Described) -> bool:
    """Whether two have more in common than a name and about the same age."""
    if one.section_id == other.section_id or one.phones & other.phones:
        return True
    vague = {BirthKnown.YEAR, BirthKnown.ABOUT} & {one.birth.known, other.birth.known}
    ours, theirs = one.birth.day, other.birth.day
    if vague or ours.year != theirs.year:
        return False
    exact = one.birth.known is other.birth.known is BirthKnown.DAY
    swapped = (ours.month, ours.day) == (theirs.day, theirs.month)
    return (ours == theirs or swapped) if exact else ours.month == theirs.month


@dataclass(slots=True)
class Lookalikes:
    """The people of a book, blocked when they are asked for the first time."""

    people: Sequence["Held"] = ()
    _blocks: dict[tuple[object, ...], list[int]] = field(default_factory=dict)
    _told: list[Described] = field(default_factory=list)

    def likest(self, one: Described) -> tuple["Held", tuple[Text, ...]] | None:
        """Return who of the book is most like this person, and why; None when nobody is."""
        if len(self._told) != len(self.people):
            self._block()
        best, found = ALIKE - 1, -1
        why: tuple[Text, ...] = ()
        year = one.birth.day.year
        common = (
            len(self._blocks.get(("words", _keys(one.surname, one.given_names)[1]), ())) > COMMON
        )
        for at in sorted(self._near(one, common=common)):
            other = self._told[at]
            if common and not _telling(one, other):
                continue
            if abs(other.birth.day.year - year) > _WIDEST:
                continue
            if other.sex is not one.sex and other.section_id != one.section_id:
                continue  # the sex takes 30 away: only village and telephone make up for it
            score, reasons = likeness(one, other)
            if score > best:
                best, found, why = score, at, reasons
        return None if found < 0 else (self.people[found], why)

    def _near(self, one: Described, *, common: bool) -> set[int]:
        found: set[int] = set()
        for block in _blocks(one, near=True):
            if common and block[0] == "words" and len(block) == 2:
                continue  # who of them tells anything stands in another block
            found.update(self._blocks.get(block, ()))
        return found

    def _block(self) -> None:
        blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for at, held in enumerate(self.people):
            told = described(
                held.surname, held.given_names, held.sex, held.birth, held.section, held.phones
            )
            self._told.append(told)
            for block in _blocks(told, near=False):
                blocks[block].append(at)
        self._blocks = blocks
