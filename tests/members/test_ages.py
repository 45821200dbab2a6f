"""The short ways to a child's age limit tell what the long ones do."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.members.rules import ages_out_on, within_age
from stepdesk.members.terms import (
    AgeOut,
    Birth,
    BirthKnown,
    Cover,
    Mark,
    MarkKind,
    Relation,
    RelationChange,
    Sex,
    Statutes,
)
from stepdesk.values.ids import CoverId, HouseholdId, PersonId
from stepdesk.values.month import age_on

# A certificate that begins when nobody lives any more: it lifts nothing, but it has to be read.
_NEVER = Mark(MarkKind.DISABLED, date(9999, 12, 31))
DAYS = st.dates(date(1995, 1, 1), date(2045, 12, 31))
BIRTHS = st.one_of(DAYS, st.sampled_from((date(2004, 2, 29), date(2008, 2, 29))))


def _cover(born: date, relation: Relation) -> Cover:
    return Cover(
        CoverId(b"c"),
        HouseholdId(b"h"),
        PersonId(b"p"),
        3,
        relation,
        born,
        None,
        Birth(born, BirthKnown.DAY),
        Sex.FEMALE,
    )


@given(
    BIRTHS,
    DAYS,
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from(AgeOut),
    st.sampled_from(Relation),
)
def test_who_has_no_certificate_is_past_the_limit_when_one_that_never_holds_would_say_so(
    born: date, day: date, limit: int, student: int, rule: AgeOut, relation: Relation
) -> None:
    plain = _cover(born, relation)
    statutes = Statutes(student_max_age=student, age_out_rule=rule)
    changed = RelationChange(date.min, relation, relation)
    whole = replace(plain, marks=(_NEVER,), changes=(changed,))
    assert ages_out_on(plain, limit, statutes, day) == ages_out_on(whole, limit, statutes, day)


@given(BIRTHS, DAYS, st.integers(0, 30), st.sampled_from(AgeOut))
def test_a_child_is_within_the_limit_until_it_is_reached(
    born: date, day: date, limit: int, rule: AgeOut
) -> None:
    told = within_age(_cover(born, Relation.CHILD), limit, Statutes(age_out_rule=rule), day)
    if rule is AgeOut.BIRTHDAY:
        assert told == (age_on(born, day) < limit)
    else:
        assert told == (age_on(born, date(day.year, 1, 1) - timedelta(days=1)) < limit)
