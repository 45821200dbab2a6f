"""Whether a due is frozen or reckoned, a household's account is the same."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, allot, period_at
from stepdesk.contributions.rules.calendar import starts
from stepdesk.contributions.terms import (
    AccountFacts,
    Cycle,
    Due,
    DuesDuringSuspension,
    Paid,
    Periodicity,
    PlanVersion,
    SeasonDue,
    WaitingWhenLate,
)
from stepdesk.members.terms import Birth, BirthKnown, Cover, Relation, Sex
from stepdesk.values.ids import CoverId, DueId, HouseholdId, PersonId, PlanId, PlanVersionId

JOINED = date(2024, 1, 3)
PAYMENTS = st.lists(
    st.tuples(st.integers(0, 700), st.sampled_from([500, 700, 1400, 2100, 3500])),
    min_size=1,
    max_size=14,
)


def facts(stop: DuesDuringSuspension, late: WaitingWhenLate) -> AccountFacts:
    plan = PlanVersion(
        id=PlanVersionId(b"v"),
        plan_id=PlanId(b"p"),
        code="P",
        name="P",
        first_day=date(2020, 1, 1),
        amount=350,
        entry_fee=500,
        dues_during_suspension=stop,
        waiting_when_late=late,
    )
    covers = tuple(
        Cover(
            CoverId(b"c"),
            HouseholdId(b"h"),
            PersonId(bytes((at,))),
            at,
            Relation.SELF if at == 0 else Relation.SPOUSE,
            JOINED,
            None,
            Birth(date(1980, 1, 1), BirthKnown.DAY),
            Sex.FEMALE,
        )
        for at in range(2)
    )
    return AccountFacts(JOINED, (plan,), covers)


@given(
    PAYMENTS,
    st.integers(0, 800),
    st.sampled_from(DuesDuringSuspension),
    st.sampled_from(WaitingWhenLate),
)
def test_freezing_changes_nothing(
    payments: list[tuple[int, int]],
    asked: int,
    stop: DuesDuringSuspension,
    late: WaitingWhenLate,
) -> None:
    known = facts(stop, late)
    frozen: dict[date, Due] = {}
    for after, amount in sorted(payments):
        day = JOINED + timedelta(days=after)
        parts = allot(replace(known, frozen=()), paid_on=day, amount=amount).parts
        told = replace(known, frozen=tuple(frozen[first] for first in sorted(frozen)))
        assert [
            (part.target, part.amount, part.due and part.due.first_day)
            for part in allot(told, paid_on=day, amount=amount).parts
        ] == [(part.target, part.amount, part.due and part.due.first_day) for part in parts]
        for part in parts:
            if part.due is not None:
                frozen.setdefault(part.due.first_day, replace(part.due, id=DueId(b"d")))
        paid = tuple(
            Paid(day, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        known = replace(known, paid=(*known.paid, *paid))
    on = JOINED + timedelta(days=asked)
    whole = account_on(replace(known, frozen=tuple(frozen[first] for first in sorted(frozen))), on)
    bare = account_on(known, on)
    unnamed = tuple(state._replace(due=replace(state.due, id=None)) for state in whole.called)
    assert unnamed == bare.called
    for name in (
        "entered_on",
        "effect_date",
        "rights_from",
        "covered_through",
        "suspensions",
        "credit",
        "arrears",
        "to_pay",
    ):
        assert getattr(whole, name) == getattr(bare, name), name


@given(
    st.sampled_from(Cycle),
    st.sampled_from(Periodicity),
    st.sampled_from(((1, 1), (2, 29), (3, 31), (7, 15))),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_periods_begin_in_a_stride_where_each_begins_alone(
    cycle: Cycle, periodicity: Periodicity, start: tuple[int, int], effect: date
) -> None:
    plan = replace(
        facts(DuesDuringSuspension.STOP, WaitingWhenLate.CONTINUES).plans[0],
        cycle=cycle,
        periodicity=periodicity,
        cycle_start=start,
        season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
    )
    alone = [period_at(plan, effect, at)[0] for at in range(20)]
    assert list(islice(starts(plan, effect), 20)) == alone
