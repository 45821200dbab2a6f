"""One person in two households: names that are alike, births that agree, and how often chance does that.

Nothing follows by itself: two cousins may bear one grandmother's name. Source: domain handbook 2.16
(F-09), advice handbook 2.8; decision 0050.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from itertools import combinations

from stepdesk.control.rules.facts import Facts, Named, Somebody
from stepdesk.control.rules.making import finding
from stepdesk.control.rules.thresholds import Thresholds
from stepdesk.control.terms import Check, Finding, Subject, SubjectKind
from stepdesk.members.terms import BirthKnown
from stepdesk.values.ids import HouseholdId, PersonId

_YEARS = 60
"""Among how many years of birth most persons of a register are spread."""

_MOST_TOGETHER = 200
"""A block this large is a day that was put where none was known; whole names are still compared."""

_SHORT = 4
"""Shorter words are alike when they sound the same, or not at all: Ba, Bo and Bi are three names."""


class Alike(Enum):
    """How two names are alike, the closest first."""

    NAME = "name"
    SOUND = "sound"
    SPELLING = "nearly"
    PART = "part"


class Born(Enum):
    """How two births agree; the value is among how many births chance chooses."""

    DAY = 365 * _YEARS
    SWAPPED = 182 * _YEARS
    MONTH = 12 * _YEARS
    YEAR = _YEARS


@dataclass(frozen=True)
class _Entry:
    """Somebody who is covered now, with what is compared."""

    who: Somebody
    named: Named
    household_id: HouseholdId

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self.named.keys))


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What is alike in two entries."""

    alike: Alike
    born: Born
    phone: bool
    village: bool

    def by_chance(self, bearers: int) -> float:
        """Return how many pairs among so many bearers of a name share a birth by chance."""
        return bearers * (bearers - 1) / 2 / self.born.value


def names_alike(one: Named, other: Named, percent: int) -> Alike | None:
    """Return how two names are alike, None when they are not.

    Order does not matter, nor which word is the surname. Every word of the shorter name needs one
    of the longer that sounds the same, or begins alike and has that likeness of Jaro and Winkler.
    """
    if sorted(one.words) == sorted(other.words):
        return Alike.NAME
    fewer, more = sorted((one.keys, other.keys), key=len)
    if len(fewer) < 2:
        return None
    near = _near_words(fewer, more, percent)
    if len(fewer) != len(more):
        return Alike.PART if near == 0 else None
    return {None: None, 0: Alike.SOUND}.get(near, Alike.SPELLING)


def _near_words(fewer: Sequence[str], more: Sequence[str], percent: int) -> int | None:
    """Return how many words have only a near one, None when a word has none."""
    left = list(more)
    missing = []
    for key in fewer:
        if key in left:
            left.remove(key)
        else:
            missing.append(key)
    for key in missing:
        partner = next((one for one in left if _near(key, one, percent)), None)
        if partner is None:
            return None
        left.remove(partner)
    return len(missing)


def _near(one: str, other: str, percent: int) -> bool:
    # Amadou and Mamadou are brothers, not one person: a name that begins otherwise is another.
    if min(len(one), len(other)) < _SHORT or one[0] != other[0]:
        return False
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity(one, other) * 100 >= percent


def births_agree(one: _Entry, other: _Entry) -> Born | None:
    """Return how the births agree, None when they do not: two known days that differ are two persons."""
    mine, theirs = one.who.birth, other.who.birth
    if mine is None or theirs is None or mine.year != theirs.year:
        return None
    known = {one.named.known, other.named.known}
    if known == {BirthKnown.DAY}:
        return _days_agree(mine, theirs)
    if known <= {BirthKnown.DAY, BirthKnown.MONTH} and mine.month != theirs.month:
        return None
    return Born.MONTH if known <= {BirthKnown.DAY, BirthKnown.MONTH} else Born.YEAR


def _days_agree(mine: date, theirs: date) -> Born | None:
    if mine == theirs:
        return Born.DAY
    return Born.SWAPPED if (mine.month, mine.day) == (theirs.day, theirs.month) else None


def two_households(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Two entries in two households that look like one person, where chance would hardly do that."""
    entries = _entries(facts)
    bearers = Counter(one.keys for one in entries)
    bearers_near = Counter((one.keys, one.named.section_id) for one in entries)
    for one, other in _pairs(entries):
        pair = frozenset((one.who.id, other.who.id))
        if one.household_id == other.household_id or pair in facts.told_apart:
            continue
        like = _compared(one, other, limits)
        if like is None:
            continue
        names = {one.keys, other.keys}
        near = sum(bearers_near[keys, one.named.section_id] for keys in names)
        count = near if like.village else sum(bearers[keys] for keys in names)
        if like.phone or like.by_chance(count) * 100 <= limits.names_chance:
            yield _told(facts, (one, other), like)


def _compared(one: _Entry, other: _Entry, limits: Thresholds) -> _Likeness | None:
    born = births_agree(one, other)
    alike = born and names_alike(one.named, other.named, limits.names_percent)
    if born is None or alike is None:
        return None
    phone = bool(one.named.phones & other.named.phones)
    village = one.named.section_id == other.named.section_id
    # Of a name and a year of birth there are many: something of the place is asked for too.
    exact = born in {Born.DAY, Born.SWAPPED}
    return _Likeness(alike, born, phone, village) if exact or phone or village else None


def _entries(facts: Facts) -> list[_Entry]:
    found: dict[PersonId, _Entry] = {}
    for household, members in facts.members.items():
        for who in members:
            named = facts.names.get(who.id)
            dead = who.deceased_on is not None and who.deceased_on <= facts.last_day
            if named is not None and len(named.keys) > 1 and not dead:
                found.setdefault(who.id, _Entry(who, named, household))
    return list(found.values())


def _pairs(entries: Iterable[_Entry]) -> Iterator[tuple[_Entry, _Entry]]:
    """Return the pairs that are compared: whoever shares a birth and a word, a name and a year, a telephone."""
    blocks: dict[tuple[object, ...], list[_Entry]] = defaultdict(list)
    for one in entries:
        for block in _blocks(one):
            blocks[block].append(one)
    done: set[tuple[PersonId, PersonId]] = set()
    for block, together in blocks.items():
        if len(together) < 2 or (block[0] != "name" and len(together) > _MOST_TOGETHER):
            continue
        for one, other in combinations(together, 2):
            ids = (one.who.id, other.who.id)
            pair = ids if ids[0] < ids[1] else (ids[1], ids[0])
            if pair not in done:
                done.add(pair)
                # A number is given by the clock: the later one is what is asked about.
                yield (other, one) if ids[0] == pair[0] else (one, other)


def _blocks(one: _Entry) -> Iterator[tuple[object, ...]]:
    birth = one.who.birth
    if birth is None:
        return
    yield "name", one.keys, one.who.sex, birth.year
    for phone in one.named.phones:
        yield "phone", phone, one.who.sex, birth.year
    if one.named.known is BirthKnown.DAY:
        low, high = sorted((birth.day, birth.month))
        born = (birth.year, low, high, one.who.sex)
        yield "initials", *sorted(key[0] for key in one.keys), *born
        for key in one.keys:
            yield "word", key, *born


def _told(facts: Facts, pair: tuple[_Entry, _Entry], like: _Likeness) -> Finding:
    one, other = pair
    same = [like.alike.value, f"born_{like.born.name.lower()}"]
    same += ["phone"] if like.phone else []
    same += ["village"] if like.village else []
    differs = [] if like.alike is Alike.NAME else ["spelling"]
    differs += [] if like.village else ["village"]
    known = one.named.phones and other.named.phones
    differs += ["phone"] if known and not like.phone else []
    strength = 30 + 20 * like.phone + 15 * like.village + 15 * (like.born is Born.DAY)
    strength += 20 * (like.alike in {Alike.NAME, Alike.SOUND})
    care = len(facts.of_person.get(one.who.id, ())), len(facts.of_person.get(other.who.id, ()))
    return finding(
        Check.TWO_HOUSEHOLDS,
        Subject(SubjectKind.PERSON, one.who.id),
        strength=strength,
        others=(Subject(SubjectKind.PERSON, other.who.id),),
        key=other.who.id.hex(),
        weight=1 + bool(care[0]) + bool(care[1]),
        alike=",".join(same),
        differs=",".join(differs),
        count=care[0],
        other_count=care[1],
    )


CHECKS = (two_households,)
