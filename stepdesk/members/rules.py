"""What a registration must say before it can be written. Pure: values in, doubts and refusals out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import (
    CHILDREN,
    AgeBounds,
    AgeOut,
    Birth,
    BirthKnown,
    Cover,
    Described,
    Event,
    Kept,
    MarkKind,
    NewPerson,
    Odd,
    Relation,
    Statutes,
)
from stepdesk.values.month import Month, add_months, age_on
from stepdesk.values.names import name_keys, words_of

OLDEST = 120

DEFAULT = Statutes()
"""What holds before a scheme wrote statutes of its own. Source: domain handbook annex X."""


def statutes_on(versions: Sequence[Statutes], day: date) -> Statutes:
    """Return the statutes in force on a day; before the first version, the defaults.

    `versions` are sorted by first day, of equal ones the later written behind.
    """
    for version in reversed(versions):
        if version.first_day <= day:
            return version
    return DEFAULT


def appeal_until(excluded_on: date, statutes: Statutes) -> date:
    """Return the last day on which an excluded household may appeal.

    Source: domain handbook 2.2, EXCLUDED, and annex X, `appeal_days`.
    """
    return excluded_on + timedelta(days=statutes.appeal_days)


# The age limit


def _limit_day(born: date, limit: int, rule: AgeOut) -> date:
    """Return the first day past an age limit."""
    birthday = add_months(born, 12 * limit)
    if age_on(born, birthday) < limit:
        birthday += timedelta(days=1)  # born on 29 February: 1 March of a common year
    return birthday if rule is AgeOut.BIRTHDAY else date(birthday.year + 1, 1, 1)


def within_age(cover: Cover, limit: int | None, statutes: Statutes, day: date) -> bool:
    """Whether age and relation let a person be covered on a day; nothing else is looked at.

    A child is covered until the limit, a student with a certificate of that day until
    `student_max_age`, a disabled child without limit. None sets no limit.
    Source: domain handbook 2.3.
    """
    if limit is None or cover.relation_on(day) not in CHILDREN:
        return True
    born, rule = cover.birth.day, statutes.age_out_rule
    if day.year < born.year + limit:  # the birthday is in a later year, whatever the rule
        return True
    if day < _limit_day(born, limit, rule) or cover.marked(MarkKind.DISABLED, day):
        return True
    student = max(limit, statutes.student_max_age)
    return cover.marked(MarkKind.STUDENT, day) and day < _limit_day(born, student, rule)


def ages_out_on(cover: Cover, limit: int | None, statutes: Statutes, day: date) -> date | None:
    """Return the first day after this one on which the person is past the age limit.

    None when no such day can be told. The statutes are taken to stay as they are.
    """
    if limit is None:
        return None
    born, rule = cover.birth.day, statutes.age_out_rule
    if not cover.changes:
        if cover.relation not in CHILDREN:
            return None
        past = _limit_day(born, limit, rule)
        if not cover.marks and day < past:
            return past
    turns = [
        _limit_day(born, limit, rule),
        _limit_day(born, max(limit, statutes.student_max_age), rule),
        *(mark.until for mark in cover.marks if mark.until is not None),
        *(change.first_day for change in cover.changes),
    ]
    later = (
        turn
        for turn in sorted(turns)
        if turn > day and not within_age(cover, limit, statutes, turn)
    )
    return next(later, None)


# Who is what to whom

_SEEN_BY: dict[Relation, dict[Relation, Relation]] = {
    Relation.SPOUSE: {
        Relation.SELF: Relation.SPOUSE,
        Relation.SPOUSE: Relation.CO_SPOUSE,
        Relation.CO_SPOUSE: Relation.CO_SPOUSE,
        Relation.PARENT: Relation.PARENT_IN_LAW,
        Relation.PARENT_IN_LAW: Relation.PARENT,
        Relation.SIBLING: Relation.OTHER,
    },
    Relation.CHILD: {
        Relation.SELF: Relation.PARENT,
        Relation.SPOUSE: Relation.PARENT,
        Relation.CO_SPOUSE: Relation.OTHER,
        Relation.CHILD: Relation.SIBLING,
        Relation.FOSTER_CHILD: Relation.SIBLING,
        Relation.GRANDCHILD: Relation.OTHER,
        Relation.PARENT: Relation.OTHER,
        Relation.PARENT_IN_LAW: Relation.OTHER,
        Relation.SIBLING: Relation.OTHER,
    },
    Relation.PARENT: {
        Relation.SELF: Relation.CHILD,
        Relation.SPOUSE: Relation.OTHER,
        Relation.CO_SPOUSE: Relation.OTHER,
        Relation.CHILD: Relation.GRANDCHILD,
        Relation.FOSTER_CHILD: Relation.GRANDCHILD,
        Relation.PARENT: Relation.SPOUSE,
        Relation.PARENT_IN_LAW: Relation.OTHER,
        Relation.SIBLING: Relation.CHILD,
    },
    Relation.SIBLING: {
        Relation.SELF: Relation.SIBLING,
        Relation.SPOUSE: Relation.OTHER,
        Relation.CO_SPOUSE: Relation.OTHER,
        Relation.CHILD: Relation.OTHER,
    },
    Relation.OTHER: dict.fromkeys(
        set(Relation) - {Relation.DOMESTIC, Relation.FOSTER_CHILD}, Relation.OTHER
    ),
}
_LIKE = {
    Relation.CO_SPOUSE: Relation.SPOUSE,
    Relation.FOSTER_CHILD: Relation.CHILD,
    Relation.PARENT_IN_LAW: Relation.OTHER,
    Relation.GRANDCHILD: Relation.OTHER,
    Relation.DOMESTIC: Relation.OTHER,
}


def relation_to(head: Relation, other: Relation) -> Relation:
    """Return what a person is to a new head, when both are told as they were to the old one.

    A proposal: the family knows better, and what cannot be told is OTHER or stays as it was.
    """
    return _SEEN_BY[_LIKE.get(head, head)].get(other, other)


# What was paid before a split

_KEPT = "covered_until"


def kept_told(kept: Kept) -> str:
    """Return what was paid for as an event keeps it: `covered_until: 2024-08-01 > 0 1`."""
    return f"{_KEPT}: {kept.until} > {' '.join(map(str, sorted(kept.suffixes)))}"


def kept_of(document: str) -> Kept | None:
    """Read what `kept_told` wrote; None for anything else."""
    name, _, rest = document.partition(": ")
    until, arrow, suffixes = rest.partition(" > ")
    if name != _KEPT or not arrow:
        return None
    return Kept(date.fromisoformat(until), frozenset(map(int, suffixes.split())))


def kept_for(events: Sequence[Event], cover: Cover, day: date) -> Kept | None:
    """Return what pays for a person on a day since a split; None where nothing does.

    Source: docs/decisions/0029.
    """
    return next(
        (
            event.kept
            for event in events
            if event.kept is not None
            and event.effective_on == cover.first_day <= day < event.kept.until
            and cover.suffix in event.kept.suffixes
        ),
        None,
    )


def paid_before(covers: Sequence[Cover], events: Sequence[Event]) -> tuple[Cover, ...]:
    """Return the covers, each with the day to which it was paid for before a split.

    Source: docs/decisions/0052.
    """
    if not any(event.kept for event in events):
        return tuple(covers)
    found = ((one, kept_for(events, one, one.first_day)) for one in covers)
    return tuple(replace(one, paid_until=kept.until) if kept else one for one, kept in found)


# What a form says


def read_birth(told: str, today: date) -> Birth:
    """Read a birth as people tell it.

    `14/3/1987` is a day, `3/2019` a month, `1987` a year, `41` an age, `~35` about that age.
    Year and age count from 1 July of the year. Source: domain handbook 2.3, screens 2.2.

    Raises:
        Refusal: when it is none of these, ahead of today, or older than 120 years.
    """
    plain = told.strip().replace(".", "/").replace(" ", "")
    about = plain.startswith("~")
    parts = plain.lstrip("~").split("-" if plain.count("-") == 2 else "/")
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise _no_birth()
    numbers = [int(part) for part in parts]
    if len(parts) == 3 and len(parts[0]) == 4:
        numbers.reverse()
    try:
        birth = _birth(numbers, today, about=about)
    except ValueError as error:
        raise _no_birth() from error
    return check_birth(birth, today)


def _birth(numbers: list[int], today: date, *, about: bool) -> Birth:
    if len(numbers) == 3:
        return Birth(date(numbers[2], numbers[1], numbers[0]), BirthKnown.DAY)
    if len(numbers) == 2:
        return Birth(Month(numbers[1], numbers[0]).first, BirthKnown.MONTH)
    if len(numbers) != 1:
        raise ValueError
    if numbers[0] > OLDEST:
        known = BirthKnown.ABOUT if about else BirthKnown.YEAR
        return Birth(date(numbers[0], 7, 1), known)
    return Birth(date(today.year - numbers[0], 7, 1), BirthKnown.ABOUT)


def _no_birth() -> Refusal:
    return Refusal(
        Text(N_("Not a birth: type a day (14/3/1987), a month (3/2019), a year, or the age.")),
        field="birth",
    )


def check_birth(birth: Birth, today: date) -> Birth:
    """Return the birth if somebody alive can have it.

    A year or an age of this year counts from today when 1 July is still ahead.

    Raises:
        Refusal: ahead of today, or more than 120 years ago.
    """
    day = birth.day
    if (
        day > today
        and birth.known in {BirthKnown.YEAR, BirthKnown.ABOUT}
        and day.year == today.year
    ):
        return Birth(today, birth.known)
    if day > today:
        raise Refusal(Text(N_("This birth is still ahead. Check the year.")), field="birth")
    if today.year - day.year > OLDEST:
        raise Refusal(Text(N_("Nobody is that old. Check the year.")), field="birth")
    return birth


def born_after(birth: Birth, day: date) -> bool:
    """Whether somebody was surely not born by a day, however exactly the birth is known.

    A month or a year is given the benefit of the doubt, an age about five years of it.
    """
    match birth.known:
        case BirthKnown.DAY:
            return birth.day > day
        case BirthKnown.MONTH:
            return Month.of(birth.day) > Month.of(day)
        case BirthKnown.YEAR:
            return birth.day.year > day.year
        case BirthKnown.ABOUT:
            return birth.day.year > day.year + BIRTH_YEARS[BirthKnown.ABOUT]


def how_odd(age: int, bounds: AgeBounds) -> Odd:
    """Return whether somebody of an age can be what they are told to be.

    Source: the country's dated numbers; domain handbook 0, `[K]`.
    """
    if age < bounds.least or (bounds.most is not None and age > bounds.most):
        return Odd.IMPOSSIBLE
    if age < bounds.usual_from or (bounds.usual_to is not None and age > bounds.usual_to):
        return Odd.UNLIKELY
    return Odd.NOT


def check_household(persons: Sequence[NewPerson], *, declared_size: int) -> None:
    """Refuse a household that cannot be: nobody in it, no one member, a person without a name.

    Raises:
        Refusal: its field names the line, `surname:2` being the third person's surname.
    """
    if not persons:
        raise Refusal(Text(N_("Add the member first, then the family.")), field="surname:0")
    for at, person in enumerate(persons):
        for field, told in (("surname", person.surname), ("given_names", person.given_names)):
            if not told.strip():
                raise Refusal(Text(N_("Type the name.")), field=f"{field}:{at}")
    members = [at for at, person in enumerate(persons) if person.relation is Relation.SELF]
    if members != [0]:
        raise Refusal(
            Text(N_("The first line is the member. Tie everybody else to the member.")),
            field=f"relation:{members[-1] if members else 0}",
        )
    if declared_size and declared_size < len(persons):
        raise Refusal(
            Text(
                N_("{count} people are listed, more than live in the household. Check the size."),
                {"count": len(persons)},
            ),
            field="declared_size",
        )


# Likeness: may two entries be one person?

ALIKE = 70
"""From this score on somebody is asked. Found with the pairs of tests/members/test_likeness.py."""

BIRTH_YEARS = {BirthKnown.DAY: 2, BirthKnown.MONTH: 2, BirthKnown.YEAR: 2, BirthKnown.ABOUT: 5}
"""How many years two births of one person may lie apart, by how exactly they are known."""
_CLOSE, _SHORT = 84, 4


def likeness(one: Described, other: Described) -> tuple[int, tuple[Text, ...]]:
    """Return how much two entries look like one person, 0 to 100, and why.

    The name gives up to 60, the birth 25, the village 5, the telephone 10; another sex takes 30
    away. Names that share less than all words of the shorter one, and births further apart than
    `BIRTH_YEARS`, are two persons: 0. Order of the two does not matter, nor of surname and given
    names. It only asks: nothing is refused because of it.
    """
    name = _name_likeness(
        f"{one.surname} {one.given_names}", f"{other.surname} {other.given_names}"
    )
    birth = _birth_likeness(one.birth, other.birth)
    if name is None or birth is None:
        return 0, ()
    told = [name, birth]
    if one.section_id is not None and one.section_id == other.section_id:
        told.append((5, Text(N_("the same village"))))
    if one.phones & other.phones:
        told.append((10, Text(N_("the same telephone"))))
    if one.sex is not other.sex:
        told.append((-30, Text(N_("but not the same sex"))))
    score = sum(points for points, _ in told)
    return max(0, min(100, score)), tuple(reason for _, reason in told)


@lru_cache(maxsize=1 << 16)  # a register compares the same names over and over
def _name_likeness(one: str, other: str) -> tuple[int, Text] | None:
    if sorted(words_of(one)) == sorted(words_of(other)):
        return 60, Text(N_("the same name"))
    keys, others = sorted(name_keys(one)), sorted(name_keys(other))
    fewer, more = sorted((keys, others), key=len)
    close = _unmatched(fewer, more)
    if close is None or (len(fewer) < 2 and keys != others):
        return None
    if close:
        return 42, Text(N_("nearly the same spelling"))
    whole = len(fewer) == len(more)
    sounds = (48, Text(N_("a name that sounds the same")))
    return sounds if whole else (45, Text(N_("part of the same name")))


def _unmatched(fewer: Sequence[str], more: Sequence[str]) -> int | None:
    """Return how many keys of the shorter name are only close to one of the longer.

    None when one has nothing close.
    """
    left = list(more)
    missing = []
    for key in fewer:
        if key in left:
            left.remove(key)
        else:
            missing.append(key)
    for key in missing:
        near = next((one for one in left if _close(key, one)), None)
        if near is None:
            return None
        left.remove(near)
    return len(missing)


def _close(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORT or one[0] != other[0]:
        return False
    from rapidfuzz.fuzz import ratio

    return ratio(one, other) >= _CLOSE


def _birth_likeness(one: Birth, other: Birth) -> tuple[int, Text] | None:
    apart = abs(one.day.year - other.day.year)
    if apart > max(BIRTH_YEARS[one.known], BIRTH_YEARS[other.known]):
        return None
    if one.known is other.known is BirthKnown.DAY:
        return _days_likeness(one.day, other.day)
    if {one.known, other.known} <= {BirthKnown.DAY, BirthKnown.MONTH} and (
        one.day.replace(day=1) == other.day.replace(day=1)
    ):
        return 22, Text(N_("born in the same month"))
    return max(12, 20 - 2 * apart), Text(N_("about the same age"))


def _days_likeness(one: date, other: date) -> tuple[int, Text]:
    if one == other:
        return 25, Text(N_("born the same day"))
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 22, Text(N_("day and month of birth changed places"))
    return 14 - 2 * abs(one.year - other.year), Text(N_("about the same age"))
