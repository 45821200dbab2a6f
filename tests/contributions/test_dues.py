"""Credit at the turn, penalties, fees, adjustments, seasons and payments for some persons.

Figures by hand from domain handbook 2.4 and annex Y.8.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.contributions.rules import (
    account_on,
    allot,
    amount_to_reach,
    beyond_advance,
    earned_to_date,
    effect_date_of,
    last_part,
    reallot,
    turned,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    Basis,
    ChargeAdded,
    Cycle,
    Due,
    DueKind,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    Paid,
    PartialRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonCover,
    SeasonDue,
    Suspension,
    Target,
)
from stepdesk.members.terms import Birth, BirthKnown, Cover, Event, EventKind, Relation, Sex
from stepdesk.values.ids import CoverId, DueId, HouseholdId, PersonId, PlanId, PlanVersionId

MONTHLY = PlanVersion(
    PlanVersionId(b"v1"),
    PlanId(b"p"),
    "M",
    "Monthly",
    date(2020, 1, 1),
    amount=350,
    entry_fee=1000,
)
JOINED = date(2024, 1, 10)
Row = tuple[Target, date | None, int]


def person(at: int, first_day: date = JOINED, until: date | None = None) -> Cover:
    return Cover(
        CoverId(b"c%d" % at),
        HouseholdId(b"h"),
        PersonId(b"p%d" % at),
        at,
        Relation.OTHER if at else Relation.SELF,
        first_day,
        until,
        Birth(date(1980, 5, 4), BirthKnown.DAY),
        Sex.FEMALE,
    )


def household(plan: PlanVersion = MONTHLY, heads: int = 6) -> AccountFacts:
    return AccountFacts(JOINED, (plan,), tuple(person(at) for at in range(heads)))


def _on(paid: Iterable[Paid], dues: Mapping[date, Due]) -> Iterator[Paid]:
    """Rows with the due they were booked on, where it has a discount."""
    for row in paid:
        due = dues.get(row.due_first_day) if row.due_first_day else None
        yield row._replace(due_id=due.id if due and due.discount else None)


def written(facts: AccountFacts, day: date, amount: int | None = None) -> AccountFacts:
    """The facts after a payment was booked: what credit paid by itself first, dues frozen."""
    turns = turned(facts, day)
    parts = [(turn.day, part) for turn in turns for part in turn.parts]
    told = replace(facts, paid=(*facts.paid, *rows(parts)))
    if amount is not None:
        parts += [(day, part) for part in allot(told, paid_on=day, amount=amount).parts]
    dues = {due.first_day: due for due in facts.frozen}
    extra = {(due.kind, due.first_day): due for due in facts.extra}
    for _, part in parts:
        if part.due is not None and part.due.kind is DueKind.PERIOD:
            due_id = DueId(str(part.due.first_day).encode())
            dues.setdefault(part.due.first_day, replace(part.due, id=due_id))
        elif part.due is not None:
            extra.setdefault((part.due.kind, part.due.first_day), part.due)
    return replace(
        facts,
        paid=tuple(sorted((*facts.paid, *_on(rows(parts), dues)), key=lambda row: row.day)),
        frozen=tuple(dues[first] for first in sorted(dues)),
        extra=tuple(extra.values()),
    )


def rows(parts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return tuple(
        Paid(day, part.target, part.amount, part.due.first_day if part.due else None)
        for day, part in parts
    )


def paying(facts: AccountFacts, *payments: tuple[date, int]) -> AccountFacts:
    for day, amount in payments:
        facts = written(facts, day, amount)
    return facts


def parts_of(facts: AccountFacts, day: date, amount: int) -> list[Row]:
    return [
        (part.target, part.due.first_day if part.due else None, part.amount)
        for part in allot(facts, paid_on=day, amount=amount).parts
    ]


# --- Credit at the turn of a period


def ahead_of_the_limit() -> AccountFacts:
    """One month ahead is the limit: February is paid and 4,200 are kept, two months' worth."""
    plan = replace(MONTHLY, max_advance_periods=1)
    return paying(household(plan), (JOINED, 1000 + 3 * 2100))


def test_credit_pays_a_period_on_its_first_day() -> None:
    facts = ahead_of_the_limit()
    assert account_on(facts, date(2024, 2, 29)).credit == 4200
    march = account_on(facts, date(2024, 3, 1))
    assert (march.credit, march.covered_through, march.to_pay) == (2100, date(2024, 3, 31), 0)
    assert march.called[-1].paid_on == date(2024, 3, 1)
    april = account_on(facts, date(2024, 4, 30))
    assert (april.credit, april.covered_through) == (0, date(2024, 4, 30))
    assert account_on(facts, date(2024, 6, 4)).suspensions == ()
    assert account_on(facts, date(2024, 6, 5)).suspensions == (
        Suspension(date(2024, 6, 5), None, None),
    )


def test_credit_that_is_not_enough_waits() -> None:
    facts = paying(household(), (JOINED, 6300))
    april = account_on(facts, date(2024, 4, 6))
    assert (april.credit, april.arrears, april.to_pay) == (1100, 2100, 1000)
    assert turned(facts, date(2024, 12, 31)) == ()


def test_credit_never_ends_a_suspension_by_itself() -> None:
    facts = paying(household(), (JOINED, 6300), (date(2024, 6, 10), 1000))
    # 2,100 pay April on 10 June; nothing is left for May and June.
    assert account_on(facts, date(2024, 6, 10)).credit == 0
    assert account_on(facts, date(2024, 12, 31)).suspended


def test_what_credit_paid_by_itself_stays_when_the_next_payment_is_booked() -> None:
    facts = ahead_of_the_limit()
    days = [date(2024, 1, 10) + timedelta(days=at) for at in range(130)]
    before = [account_on(facts, day) for day in days]
    later = paying(facts, (date(2024, 5, 20), 2100))
    told = [account_on(later, day) for day in days]
    assert [one.covered_through for one in told] == [one.covered_through for one in before]
    assert [one.credit for one in told] == [one.credit for one in before]
    assert [one.suspensions for one in told] == [one.suspensions for one in before]
    assert account_on(later, date(2024, 5, 20)).covered_through == date(2024, 5, 31)


def test_a_smaller_family_is_paid_by_the_credit_it_has() -> None:
    facts = paying(household(), (JOINED, 6300))
    # Three leave before April: it costs 1,050, and 1,100 are there.
    gone = tuple(replace(one, until=date(2024, 3, 20)) for one in facts.covers[3:])
    facts = replace(facts, covers=(*facts.covers[:3], *gone))
    april = account_on(facts, date(2024, 4, 1))
    assert (april.credit, april.covered_through) == (50, date(2024, 4, 30))


def test_a_term_paid_ahead_goes_on_where_it_renews_on_payment() -> None:
    plan = replace(
        MONTHLY,
        renewal=Renewal.ON_PAYMENT,
        periodicity=Periodicity.ANNUAL,
        effect_rule=EffectRule.PAYMENT_DATE,
        amount=1000,
        due_day=None,
        max_advance_periods=0,
    )
    facts = paying(household(plan, 1), (JOINED, 3000))
    account = account_on(facts, date(2025, 6, 1))
    assert (account.covered_through, account.credit, account.suspensions) == (
        date(2026, 1, 9),
        0,
        (),
    )


def test_more_than_may_be_paid_ahead_is_told() -> None:
    facts = household(replace(MONTHLY, max_advance_periods=1))
    within = allot(facts, paid_on=JOINED, amount=3100 + 2099)
    assert beyond_advance(facts, within, paid_on=JOINED) == 0
    over = allot(facts, paid_on=JOINED, amount=3100 + 2100)
    assert beyond_advance(facts, over, paid_on=JOINED) == 2100


# --- Penalties


LATE = replace(MONTHLY, penalty_rate=1000, penalty_fixed=100)


def behind() -> AccountFacts:
    """Paid to June; July's grace ends on 4 August, August's on 4 September."""
    return paying(household(LATE), (JOINED, 1000 + 5 * 2100))


def test_a_due_unpaid_when_its_grace_ends_bears_one_penalty() -> None:
    facts = behind()
    assert account_on(facts, date(2024, 8, 4)).penalties == ()
    (state,) = account_on(facts, date(2024, 8, 5)).penalties
    # 10 % of 2,100 and 100.
    assert state.due == Due(
        date(2024, 7, 1),
        date(2024, 8, 1),
        date(2024, 8, 5),
        310,
        LATE.id,
        kind=DueKind.PENALTY,
        told_on=date(2024, 8, 5),
    )
    # July, August, and September, the one period called in the suspension.
    assert [one.due.first_day.month for one in account_on(facts, date(2025, 3, 1)).penalties] == [
        7,
        8,
        9,
    ]
    assert account_on(facts, date(2024, 8, 5)).to_pay == 2 * 2100 + 310


def test_a_penalty_is_rounded_half_up_and_paid_on_the_last_day_of_grace_there_is_none() -> None:
    odd = replace(LATE, penalty_rate=250, penalty_fixed=0)
    facts = paying(household(odd), (JOINED, 1000 + 5 * 2100))
    # 2.5 % of 2,100 is 52.5: to five francs 55.
    assert [one.open for one in account_on(facts, date(2024, 8, 5)).penalties] == [55]
    in_time = paying(facts, (date(2024, 8, 4), 2100))
    assert account_on(in_time, date(2024, 8, 5)).penalties == ()


def test_money_goes_to_what_is_late_then_penalties_then_what_is_not_late() -> None:
    september = date(2024, 9, 3)
    assert parts_of(behind(), september, 2 * 2100 + 310 + 2100 + 2100 + 5) == [
        (Target.DUE, date(2024, 7, 1), 2100),
        (Target.DUE, date(2024, 8, 1), 2100),
        (Target.PENALTY, date(2024, 7, 1), 310),
        (Target.DUE, date(2024, 9, 1), 2100),
        (Target.DUE, date(2024, 10, 1), 2100),
        (Target.CREDIT, None, 5),
    ]


def test_an_unpaid_penalty_does_not_stop_reinstatement() -> None:
    facts = paying(behind(), (date(2024, 8, 20), 4200))
    account = account_on(facts, date(2024, 8, 20))
    assert account.suspensions == (
        Suspension(date(2024, 8, 5), date(2024, 8, 20), date(2024, 8, 20)),
    )
    assert (account.arrears, account.to_pay) == (0, 310)


def test_a_penalty_may_be_paid_in_part_and_keeps_its_amount_then() -> None:
    facts = paying(behind(), (date(2024, 8, 20), 4300))
    assert parts_of(behind(), date(2024, 8, 20), 4300)[-1] == (
        Target.PENALTY,
        date(2024, 7, 1),
        100,
    )
    dearer = replace(facts, plans=(replace(LATE, penalty_fixed=900),))
    assert [one.open for one in account_on(dearer, date(2024, 8, 21)).penalties] == [210]


def test_a_late_told_payment_in_time_takes_the_penalty_away() -> None:
    facts = paying(behind(), (date(2024, 8, 20), 4200))
    early = allot(facts, paid_on=date(2024, 8, 1), amount=2100)
    facts = replace(
        facts,
        paid=tuple(
            sorted(
                (*facts.paid, *rows([(date(2024, 8, 1), part) for part in early.parts])),
                key=lambda row: row.day,
            )
        ),
    )
    # What came in August all pays later periods: July was paid on 20 August still.
    assert [one.due.first_day.month for one in account_on(facts, date(2024, 8, 30)).penalties] == [
        7
    ]


# --- Card and assembly fees


FEES = replace(
    MONTHLY,
    card_fee=200,
    card_fee_per=Per.PERSON,
    assembly_fee=500,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    late_entry=LateEntry.FULL,
    effect_rule=EffectRule.FIRST_OF_MONTH,
    amount=4200,
    due_day=None,
)


def test_card_and_assembly_fee_come_after_the_entry_fee_and_before_the_period() -> None:
    facts = household(FEES, 2)
    assert account_on(facts, JOINED).to_pay == 1000 + 400 + 500 + 8400
    assert parts_of(facts, JOINED, 1500) == [
        (Target.ENTRY_FEE, None, 1000),
        (Target.CARD_FEE, None, 400),
        (Target.ASSEMBLY_FEE, None, 100),
    ]
    facts = paying(facts, (JOINED, 1500))
    assert account_on(facts, JOINED).other_fees_open == 400
    assert parts_of(facts, JOINED, 8800) == [
        (Target.ASSEMBLY_FEE, None, 400),
        (Target.DUE, date(2024, 1, 1), 8400),
    ]


def test_the_assembly_fee_is_asked_with_each_year_and_the_card_fee_once() -> None:
    facts = paying(household(FEES, 2), (JOINED, 10300))
    new_year = date(2025, 1, 1)
    assert account_on(facts, date(2024, 12, 31)).to_pay == 0
    assert account_on(facts, new_year).to_pay == 500 + 8400
    assert parts_of(facts, new_year, 8900) == [
        (Target.ASSEMBLY_FEE, new_year, 500),
        (Target.DUE, new_year, 8400),
    ]
    assert amount_to_reach(facts, paid_on=date(2024, 12, 1), periods=1) == 8900
    facts = paying(facts, (date(2024, 12, 1), 8900))
    assert account_on(facts, new_year).to_pay == 0


def test_credit_pays_the_fee_of_a_year_with_the_year_or_neither() -> None:
    plan = replace(FEES, max_advance_periods=0)
    short = paying(household(plan, 2), (JOINED, 10300 + 8899))
    assert account_on(short, date(2025, 1, 1)).to_pay == 1
    enough = paying(household(plan, 2), (JOINED, 10300 + 8900))
    account = account_on(enough, date(2025, 1, 1))
    assert (account.to_pay, account.credit) == (0, 0)
    assert account.covered_through == date(2025, 12, 31)


# --- Adjustments


def grown(
    facts: AccountFacts, at: int, first_day: date, told_on: date, kind: EventKind = EventKind.BIRTH
) -> AccountFacts:
    event = Event(kind, first_day, person_id=PersonId(b"p%d" % at), recorded_on=told_on)
    return replace(
        facts, covers=(*facts.covers, person(at, first_day)), events=(*facts.events, event)
    )


def gone(facts: AccountFacts, at: int, until: date, told_on: date) -> AccountFacts:
    event = Event(
        EventKind.DEATH, until, person_id=facts.covers[at].person_id, recorded_on=told_on
    )
    covers = tuple(
        replace(one, until=until) if place == at else one for place, one in enumerate(facts.covers)
    )
    return replace(facts, covers=covers, events=(*facts.events, event))


NEXT = replace(MONTHLY, charge_added=ChargeAdded.NEXT_PERIOD)
PRO_RATA = replace(MONTHLY, charge_added=ChargeAdded.PRO_RATA)


def paid_to_april(plan: PlanVersion) -> AccountFacts:
    return paying(household(plan), (JOINED, 1000 + 3 * 2100))


def asked_more(facts: AccountFacts, day: date) -> list[tuple[date, date, int]]:
    return [
        (state.due.first_day, state.due.due_on, state.open)
        for state in account_on(facts, day).adjustments
    ]


def test_a_person_added_is_charged_for_the_paid_periods_that_follow() -> None:
    facts = grown(paid_to_april(NEXT), 6, date(2024, 2, 20), date(2024, 2, 22))
    assert asked_more(facts, date(2024, 2, 21)) == []
    assert asked_more(facts, date(2024, 3, 1)) == [(date(2024, 3, 1), date(2024, 3, 5), 350)]
    april = account_on(facts, date(2024, 4, 5))
    assert (april.arrears, april.to_pay) == (700, 700)
    assert april.next_due is not None
    assert april.next_due.due_on == date(2024, 3, 5)
    # 5 March and 30 days: the household is suspended from 5 April on.
    assert account_on(facts, date(2024, 4, 4)).suspensions == ()
    assert account_on(facts, date(2024, 4, 5)).suspended
    paid = paying(facts, (date(2024, 4, 5), 700))
    assert sum(row.amount for row in paid.paid if row.target is Target.ADJUSTMENT) == 700
    assert not account_on(paid, date(2024, 4, 5)).suspended


def test_a_plan_that_says_nothing_leaves_paid_periods_as_they_are() -> None:
    facts = grown(paid_to_april(MONTHLY), 6, date(2024, 2, 20), date(2024, 2, 22))
    assert asked_more(facts, date(2024, 4, 30)) == []
    assert account_on(facts, date(2024, 5, 1)).called[-1].due.amount == 7 * 350


def test_pro_rata_charges_the_period_somebody_comes_in_by_begun_months() -> None:
    yearly = replace(
        PRO_RATA,
        periodicity=Periodicity.ANNUAL,
        cycle=Cycle.FIXED,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        late_entry=LateEntry.FULL,
        amount=4200,
    )
    facts = paying(household(yearly, 2), (JOINED, 1000 + 8400))
    facts = grown(facts, 6, date(2024, 6, 15), date(2024, 6, 20))
    # June to December are seven begun months: 7/12 of 4,200.
    assert asked_more(facts, date(2024, 6, 20)) == [(date(2024, 1, 1), date(2024, 7, 5), 2450)]
    assert asked_more(facts, date(2024, 6, 19)) == []


def test_news_told_late_is_charged_from_the_day_it_was_told() -> None:
    facts = grown(paid_to_april(NEXT), 6, date(2024, 1, 20), date(2024, 3, 15))
    assert account_on(facts, date(2024, 3, 14)).adjustments == ()
    assert asked_more(facts, date(2024, 3, 15)) == [
        (date(2024, 2, 1), date(2024, 4, 5), 350),
        (date(2024, 3, 1), date(2024, 4, 5), 350),
    ]


def test_who_is_taken_off_gives_credit_for_periods_not_begun_and_for_no_other() -> None:
    facts = gone(paid_to_april(NEXT), 5, date(2024, 2, 20), date(2024, 2, 22))
    account = account_on(facts, date(2024, 2, 22))
    assert (account.credit, account.covered_through) == (700, date(2024, 4, 30))
    assert account_on(facts, date(2024, 2, 21)).credit == 0
    late = gone(paid_to_april(NEXT), 5, date(2024, 2, 20), date(2024, 4, 2))
    assert account_on(late, date(2024, 4, 30)).credit == 0
    # 700 of credit and 1,050 more are what May costs five.
    assert account_on(facts, date(2024, 5, 1)).to_pay == 5 * 350 - 700
    booked = paying(facts, (date(2024, 5, 2), 1050))
    assert account_on(booked, date(2024, 5, 2)).covered_through == date(2024, 5, 31)
    assert sum(row.amount for row in booked.paid) == 1000 + 3 * 2100 + 1050


def test_what_was_paid_for_somebody_who_never_came_is_credit_from_the_day_that_was_told() -> None:
    told = paid_to_april(NEXT)
    grew = grown(told, 6, date(2024, 2, 20), date(2024, 2, 22))
    paid = paying(grew, (date(2024, 4, 5), 700))
    undone = replace(paid, covers=told.covers, events=told.events, undone=(date(2024, 4, 20),))
    assert account_on(undone, date(2024, 4, 19)).credit == 0
    assert account_on(undone, date(2024, 4, 20)).credit == 700


def test_more_and_less_is_earned_with_the_period() -> None:
    more = grown(paid_to_april(NEXT), 6, date(2024, 2, 20), date(2024, 2, 22))
    more = paying(more, (date(2024, 4, 1), 700))
    assert earned_to_date(more, date(2024, 4, 30)) == {
        date(2024, 2, 1): (2100, 0),
        date(2024, 3, 1): (2450, 0),
        date(2024, 4, 1): (2450, 0),
    }
    less = gone(paid_to_april(NEXT), 5, date(2024, 2, 20), date(2024, 2, 22))
    assert earned_to_date(less, date(2024, 4, 30))[date(2024, 4, 1)] == (1750, 0)


# --- GOLDEN 2.4c


def harvest(rule: SeasonCover, year: int) -> AccountFacts:
    plan = replace(
        MONTHLY,
        basis=Basis.PER_PERSON,
        amount=4200,
        entry_fee=0,
        periodicity=Periodicity.SEASONAL,
        season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
        season_cover_rule=rule,
        effect_rule=EffectRule.FIRST_OF_MONTH,
        waiting_months=0,
    )
    covers = tuple(person(at, date(year - 1, 12, 1)) for at in range(6))
    facts = AccountFacts(date(year - 1, 12, 1), (plan,), covers)
    return paying(facts, (date(year - 1, 12, 20), 15120))


@pytest.mark.parametrize(("year", "last"), [(2024, date(2024, 3, 16)), (2025, date(2025, 3, 17))])
def test_a_season_paid_in_part_is_tolerated_to_the_end_of_grace(year: int, last: date) -> None:
    facts = harvest(SeasonCover.ALL_OR_SUSPEND, year)
    entered = account_on(facts, date(year, 1, 1))
    assert entered.entered_on == date(year - 1, 12, 20)
    assert account_on(facts, date(year, 2, 15)).arrears == 10080
    assert account_on(facts, last).suspensions == ()
    assert account_on(facts, last + timedelta(days=1)).suspensions == (
        Suspension(last + timedelta(days=1), None, None),
    )
    paid = paying(facts, (date(year, 2, 10), 10080))
    assert account_on(paid, date(year, 11, 30)).suspensions == ()
    assert account_on(paid, date(year, 3, 1)).covered_through == date(year, 11, 30)


def test_a_season_paid_in_part_covers_its_share_of_the_months() -> None:
    facts = harvest(SeasonCover.PROPORTIONAL, 2024)
    # From December, seven whole months of 7.2: to the end of June.
    assert account_on(facts, date(2024, 6, 30)).suspensions == ()
    assert account_on(facts, date(2024, 7, 1)).suspended
    assert account_on(facts, date(2024, 3, 1)).tolerated_through == date(2024, 6, 30)


def test_a_single_contribution_covers_without_end() -> None:
    plan = replace(MONTHLY, periodicity=Periodicity.SINGLE, amount=5000)
    facts = paying(household(plan, 1), (JOINED, 6000))
    account = account_on(facts, date(2090, 1, 1))
    assert (account.to_pay, account.suspensions, len(account.called)) == (0, (), 1)


# --- Payments for some persons, and in parts


SOME = replace(MONTHLY, partial_rule=PartialRule.PER_PERSON_PARTIAL)


def test_money_for_some_persons_covers_them_in_the_households_order() -> None:
    facts = paying(household(SOME), (JOINED, 1000 + 2 * 2100))
    assert parts_of(facts, date(2024, 4, 2), 1100) == [
        (Target.DUE, date(2024, 4, 1), 1050),
        (Target.CREDIT, None, 50),
    ]
    facts = paying(facts, (date(2024, 4, 2), 1100))
    grace = account_on(facts, date(2024, 5, 5))
    assert (grace.suspensions, grace.partly_paid) == ((), frozenset())
    # April's grace is over on 5 May, and it is paid for three; that of May ends on 4 June.
    account = account_on(facts, date(2024, 5, 6))
    assert account.partly_paid == {PersonId(b"p%d" % at) for at in range(3)}
    assert account.partly_through == date(2024, 5, 31)
    assert account_on(facts, date(2024, 6, 5)).partly_paid == frozenset()
    more = paying(facts, (date(2024, 5, 2), 1050))
    # 50 + 1,050 complete April for three more and leave 50.
    assert account_on(more, date(2024, 5, 6)).arrears == 2100
    only_april = account_on(paying(facts, (date(2024, 4, 28), 350)), date(2024, 4, 30))
    assert only_april.arrears == 2100 - 1400


def test_who_is_paid_for_in_all_open_periods_keeps_cover_in_a_suspension() -> None:
    plan = replace(SOME, grace_days=10)
    facts = paying(household(plan), (JOINED, 1000 + 2 * 2100), (date(2024, 4, 2), 700))
    account = account_on(facts, date(2024, 4, 20))
    assert account.suspended
    assert account.partly_paid == {PersonId(b"p0"), PersonId(b"p1")}
    whole = replace(plan, partial_rule=PartialRule.WHOLE_PERIODS_ONLY)
    assert account_on(replace(facts, plans=(whole,)), date(2024, 4, 20)).partly_paid == frozenset()


def test_the_last_part_must_complete_the_contribution() -> None:
    plan = replace(
        MONTHLY,
        periodicity=Periodicity.ANNUAL,
        amount=4200,
        max_instalments=3,
        effect_rule=EffectRule.PAYMENT_DATE,
    )
    facts = household(plan, 1)
    for day in (date(2024, 1, 10), date(2024, 2, 10)):
        assert last_part(facts, paid_on=day, amount=1500, most=3) == 0
        facts = paying(facts, (day, 1500))
    # 3,000 came, 1,000 for the fee: 2,200 are missing.
    assert last_part(facts, paid_on=date(2024, 3, 10), amount=1500, most=3) == 2200
    assert last_part(facts, paid_on=date(2024, 3, 10), amount=2200, most=3) == 0


# --- Annex Y.8


PLANS = st.builds(
    lambda effect, stop, most, fixed, rate, card, assembly, some, charged: replace(
        MONTHLY,
        effect_rule=effect,
        dues_during_suspension=stop,
        max_advance_periods=most,
        penalty_fixed=fixed,
        penalty_rate=rate,
        card_fee=card,
        assembly_fee=assembly,
        partial_rule=some,
        charge_added=charged,
    ),
    st.sampled_from(EffectRule),
    st.sampled_from(DuesDuringSuspension),
    st.integers(0, 4),
    st.sampled_from([0, 50]),
    st.sampled_from([0, 1000]),
    st.sampled_from([0, 100]),
    st.sampled_from([0, 200]),
    st.sampled_from(PartialRule),
    st.sampled_from([None, *ChargeAdded]),
)
PAYMENTS = st.lists(
    st.tuples(
        st.dates(JOINED, date(2025, 6, 30)),
        st.sampled_from([350, 700, 1000, 1400, 1700, 3500, 9000]),
    ),
    min_size=1,
    max_size=8,
)
BIRTHS = st.one_of(st.none(), st.dates(JOINED, date(2025, 3, 1)))


def lived(plan: PlanVersion, payments: list[tuple[date, int]], born: date | None) -> AccountFacts:
    facts = household(plan, 2)
    if born is not None:
        facts = grown(facts, 6, born, born + timedelta(days=9))
    return paying(facts, *sorted(payments))


@settings(deadline=None)
@given(PLANS, PAYMENTS, BIRTHS)
def test_parts_are_the_payment_and_no_due_holds_more_than_it_asks(
    plan: PlanVersion, payments: list[tuple[date, int]], born: date | None
) -> None:
    facts = lived(plan, payments, born)
    assert sum(row.amount for row in facts.paid) == sum(amount for _, amount in payments)
    held: dict[tuple[Target, date | None], int] = {}
    for row in facts.paid:
        key = (row.target, row.due_first_day)
        held[key] = held.get(key, 0) + row.amount
        assert held[key] >= 0 or row.target is Target.ADJUSTMENT
    frozen = {due.first_day: due.amount for due in facts.frozen}
    for (target, first_day), amount in held.items():
        if target is Target.DUE and first_day is not None:
            assert amount <= frozen[first_day]
    account = account_on(facts, date(2025, 7, 1))
    for state in (*account.called, *account.penalties, *account.adjustments):
        assert 0 <= state.open <= state.due.amount


@settings(deadline=None)
@given(PLANS, PAYMENTS, BIRTHS, st.dates(JOINED, date(2025, 6, 30)))
def test_later_money_and_later_news_change_no_earlier_answer(
    plan: PlanVersion, payments: list[tuple[date, int]], born: date | None, day: date
) -> None:
    ordered = sorted(payments)
    facts = household(plan, 2)
    if born is not None:
        facts = grown(facts, 7, born, born + timedelta(days=9))
    answer = account_on(facts, day)
    for told_on, amount in ordered:
        facts = written(facts, told_on, amount)
        if told_on <= day:
            answer = account_on(facts, day)
    # The family grows after the day asked for; it is told later still.
    later = grown(facts, 6, day + timedelta(days=3), day + timedelta(days=8))
    told = account_on(later, day)
    for name in (
        "entered_on",
        "covered_through",
        "suspensions",
        "credit",
        "arrears",
        "rights_from",
    ):
        assert getattr(told, name) == getattr(answer, name), name


@settings(deadline=None)
@given(PLANS, PAYMENTS)
def test_one_payment_taken_back_is_as_if_it_was_never_made(
    plan: PlanVersion, payments: list[tuple[date, int]]
) -> None:
    ordered = sorted(payments)
    until = date(2025, 7, 1)
    facts = written(paying(household(plan, 2), *ordered), until)
    sums: dict[tuple[Target, date | None], int] = {}
    for row in facts.paid:
        key = (row.target, row.due_first_day)
        sums[key] = sums.get(key, 0) + row.amount
    again = reallot(household(plan, 2), ordered, until=until)
    assert {key: held for key, (held, _) in again.items()} == {
        key: held for key, held in sums.items() if held
    }


@settings(deadline=None)
@given(PLANS, PAYMENTS, BIRTHS)
def test_no_more_is_earned_than_covered_periods_cost(
    plan: PlanVersion, payments: list[tuple[date, int]], born: date | None
) -> None:
    facts = lived(plan, payments, born)
    earned = earned_to_date(facts, date(2025, 6, 30))
    account = account_on(facts, date(2025, 6, 30))
    cost = {state.due.first_day: state.due.amount for state in account.called}
    for state in account.adjustments:
        cost[state.due.first_day] += state.due.amount
    for first_day, (paid, unpaid) in earned.items():
        assert paid + unpaid <= cost[first_day]


def test_payments_of_one_day_booked_in_any_order_give_one_account() -> None:
    payments = [(JOINED, 1000), (date(2024, 2, 2), 3500), (date(2024, 4, 9), 700)]
    answers = set()
    for order in permutations(payments):
        facts = household(MONTHLY, 2)
        for day, amount in order:
            facts = written(facts, day, amount)
        account = account_on(facts, date(2024, 12, 31))
        answers.add((sum(state.paid for state in account.called), account.credit))
    assert len({paid + credit for paid, credit in answers}) == 1


def test_periods_paid_by_credit_follow_each_other() -> None:
    facts = paying(household(replace(MONTHLY, max_advance_periods=2)), (JOINED, 1000 + 9 * 2100))
    turns = turned(facts, date(2024, 12, 31))
    assert [turn.day for turn in turns] == [date(2024, month, 1) for month in range(4, 11)]
    assert all(one.day < other.day for one, other in pairwise(turns))
    assert effect_date_of(MONTHLY, JOINED) == date(2024, 2, 1)
