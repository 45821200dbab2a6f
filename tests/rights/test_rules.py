"""Vectors by hand from domain handbook annex Y.2 and 2.8; the household of GOLDEN 2.4a."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, allot
from stepdesk.contributions.terms import (
    AccountFacts,
    EffectRule,
    Paid,
    Periodicity,
    PlanVersion,
    Renewal,
    WaitingWhenLate,
)
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Cover,
    Event,
    EventKind,
    Relation,
    Sex,
    Statutes,
)
from stepdesk.rights.rules import state_on, status_of, verdict
from stepdesk.rights.terms import (
    Answer,
    HouseholdState,
    ReasonCode,
    RightsFacts,
    Status,
    Verdict,
)
from stepdesk.values.ids import CoverId, HouseholdId, PersonId, PlanId, PlanVersionId

PLAN = PlanVersion(
    PlanVersionId(b"v1"),
    PlanId(b"p"),
    "M",
    "Monthly",
    date(2020, 1, 1),
    amount=350,
    entry_fee=1000,
)
DECIMAL = replace(PLAN, amount=1235, entry_fee=750, rounding=1)
JOINED = date(2024, 1, 10)
MEMBER = Cover(
    CoverId(b"c"),
    HouseholdId(b"h"),
    PersonId(b"p"),
    0,
    Relation.SELF,
    JOINED,
    None,
    Birth(date(1980, 5, 4), BirthKnown.DAY),
    Sex.FEMALE,
)
HOUSE = tuple(replace(MEMBER, id=CoverId(b"c%d" % at), suffix=at) for at in range(6))


def household(
    *payments: tuple[date, int], plan: PlanVersion = PLAN, events: tuple[Event, ...] = ()
) -> AccountFacts:
    facts = AccountFacts(JOINED, (plan,), HOUSE, events)
    for day, amount in payments:
        parts = allot(facts, paid_on=day, amount=amount).parts
        rows = tuple(
            Paid(day, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        facts = replace(facts, paid=(*facts.paid, *rows))
    return facts


PAID_TO_JUNE = ((JOINED, 6300), (date(2024, 4, 20), 1000), (date(2024, 5, 3), 4200))
AUGUST = (date(2024, 8, 20), 4200)


def facts_on(day: date, account: AccountFacts, cover: Cover | None = MEMBER) -> RightsFacts:
    plan = account.plans[-1]
    return RightsFacts(
        day,
        cover,
        account_on(account, day),
        account.events,
        account.joined_on,
        plan.waiting_months,
        plan.child_max_age,
        plan.newborn_declare_days,
        plan.strike_off_after_months,
        plan.strike_off_needs_board,
        plan.grace_days,
    )


def asked(
    day: date,
    *payments: tuple[date, int],
    cover: Cover | None = MEMBER,
    plan: PlanVersion = PLAN,
    events: tuple[Event, ...] = (),
) -> Verdict:
    return verdict(facts_on(day, household(*payments, plan=plan, events=events), cover))


def codes(given: Verdict) -> list[ReasonCode]:
    return [reason.code for reason in given.reasons]


# --- Annex Y.2


def test_vector_1_waiting_on_30_april_with_rights_from_1_may() -> None:
    answer = asked(date(2024, 4, 30), *PAID_TO_JUNE)
    assert (answer.answer, codes(answer)) == (Answer.NO, [ReasonCode.RA03])
    assert (answer.opens_on, answer.state) == (date(2024, 5, 1), HouseholdState.WAITING)
    assert answer.reasons[0].text.values == {"day": date(2024, 5, 1)}


def test_vector_2_rights_on_1_may_with_the_may_due_still_ahead() -> None:
    answer = asked(date(2024, 5, 1), *PAID_TO_JUNE[:2])
    assert answer == Verdict(
        Answer.YES,
        HouseholdState.ACTIVE,
        rights_from=date(2024, 5, 1),
        rights_through=date(2024, 6, 4),
    )


def test_vector_3_rights_on_the_last_day_of_grace() -> None:
    answer = asked(date(2024, 8, 4), *PAID_TO_JUNE)
    assert (answer.answer, answer.state) == (Answer.YES, HouseholdState.GRACE)
    assert answer.rights_through == date(2024, 8, 4)


def test_vector_4_no_rights_the_day_after_grace_until_both_months_are_paid() -> None:
    answer = asked(date(2024, 8, 5), *PAID_TO_JUNE)
    assert (answer.answer, codes(answer)) == (Answer.NO, [ReasonCode.RA04])
    assert (answer.to_pay, answer.opens_on) == (4200, date(2024, 8, 5))
    assert answer.state is HouseholdState.SUSPENDED


def test_vector_5_a_payment_gives_no_rights_for_the_days_before_it() -> None:
    answer = asked(date(2024, 8, 10), *PAID_TO_JUNE, AUGUST)
    assert (answer.answer, codes(answer)) == (Answer.NO, [ReasonCode.RA04])


def test_vector_6_rights_again_on_the_day_of_payment_after_a_short_gap() -> None:
    answer = asked(date(2024, 8, 20), *PAID_TO_JUNE, AUGUST)
    assert (answer.answer, answer.state) == (Answer.YES, HouseholdState.ACTIVE)
    assert answer.rights_through == date(2024, 10, 5)


def test_vector_10_a_child_has_rights_until_the_eve_of_eighteen() -> None:
    child = replace(
        MEMBER, relation=Relation.CHILD, birth=Birth(date(2006, 9, 15), BirthKnown.DAY)
    )
    payments = (*PAID_TO_JUNE, AUGUST, (date(2024, 9, 2), 2100))
    eve = asked(date(2024, 9, 14), *payments, cover=child)
    assert (eve.answer, eve.rights_through) == (Answer.YES, date(2024, 9, 14))
    birthday = asked(date(2024, 9, 15), *payments, cover=child)
    assert (codes(birthday), birthday.opens_on) == ([ReasonCode.RA06], None)


def test_vector_11_the_dead_have_no_cover_after_the_day_of_death() -> None:
    dead = replace(MEMBER, deceased_on=date(2024, 6, 3))
    payments = (*PAID_TO_JUNE, AUGUST)
    assert codes(asked(date(2024, 6, 5), *payments, cover=dead)) == [ReasonCode.RA02]
    last = asked(date(2024, 6, 3), *payments, cover=dead)
    assert (last.answer, last.rights_through) == (Answer.YES, date(2024, 6, 3))
    # As in the handbook, in March, still waiting: the ended cover comes first.
    march = replace(MEMBER, deceased_on=date(2024, 3, 3), until=date(2024, 3, 4))
    answer = asked(date(2024, 3, 5), *payments, cover=march)
    assert codes(answer) == [ReasonCode.RA02, ReasonCode.RA03]
    assert answer.opens_on is None


def test_the_vectors_hold_with_two_decimals() -> None:
    first = (JOINED, 750 + 5 * 7410)
    assert asked(date(2024, 8, 4), first, plan=DECIMAL).answer is Answer.YES
    answer = asked(date(2024, 8, 5), first, plan=DECIMAL)
    assert (codes(answer), answer.to_pay) == ([ReasonCode.RA04], 14820)


# --- Cover and waiting


def test_a_person_not_known_or_not_yet_covered() -> None:
    day = date(2024, 6, 1)
    unknown = asked(day, *PAID_TO_JUNE, cover=None)
    assert (codes(unknown), unknown.opens_on) == ([ReasonCode.RA01], None)
    later = replace(MEMBER, first_day=date(2024, 6, 10))
    answer = asked(day, *PAID_TO_JUNE, cover=later)
    assert codes(answer) == [ReasonCode.RA01, ReasonCode.RA03]
    assert answer.opens_on == date(2024, 9, 10)


def test_cover_ended_on_its_last_day() -> None:
    left = replace(MEMBER, until=date(2024, 6, 10))
    last = asked(date(2024, 6, 9), *PAID_TO_JUNE, cover=left)
    assert (last.answer, last.rights_through) == (Answer.YES, date(2024, 6, 9))
    after = asked(date(2024, 6, 10), *PAID_TO_JUNE, cover=left)
    assert codes(after) == [ReasonCode.RA02]
    assert after.reasons[0].text.values == {"day": date(2024, 6, 9)}


def test_a_person_added_later_waits_alone() -> None:
    spouse = replace(MEMBER, relation=Relation.SPOUSE, first_day=date(2024, 3, 15))
    answer = asked(date(2024, 6, 14), *PAID_TO_JUNE, cover=spouse)
    assert (codes(answer), answer.opens_on) == ([ReasonCode.RA03], date(2024, 6, 15))
    assert asked(date(2024, 6, 15), *PAID_TO_JUNE, cover=spouse).answer is Answer.YES


@pytest.mark.parametrize(
    ("born", "declared", "opens"),
    [
        (date(2024, 4, 20), date(2024, 6, 19), date(2024, 6, 19)),  # 60 days
        (date(2024, 4, 19), date(2024, 6, 19), date(2024, 9, 19)),  # 61 days
        (date(2024, 2, 20), date(2024, 3, 1), date(2024, 5, 1)),  # with the household
    ],
)
def test_a_newborn_declared_in_time_does_not_wait(born: date, declared: date, opens: date) -> None:
    child = replace(
        MEMBER, relation=Relation.CHILD, first_day=declared, birth=Birth(born, BirthKnown.DAY)
    )
    payments = (*PAID_TO_JUNE, (date(2024, 7, 1), 3 * 2450))
    assert asked(opens, *payments, cover=child).rights_from == opens
    eve = asked(opens - timedelta(days=1), *payments, cover=child)
    assert (eve.answer, eve.opens_on) == (Answer.NO, opens)


def test_waiting_that_stands_still_is_told_with_the_day_paying_would_open() -> None:
    # April unpaid: suspended from 6 May; waiting to 1 July, frozen 4 days if paid on 10 May.
    plan = replace(PLAN, waiting_months=5)
    answer = asked(date(2024, 5, 10), PAID_TO_JUNE[0], plan=plan)
    assert codes(answer) == [ReasonCode.RA04, ReasonCode.RA03]
    assert (answer.opens_on, answer.to_pay, answer.rights_from) == (date(2024, 7, 5), 3100, None)
    again = replace(plan, waiting_when_late=WaitingWhenLate.RESTARTS)
    answer = asked(date(2024, 5, 10), PAID_TO_JUNE[0], plan=again)
    assert answer.opens_on == date(2024, 10, 10)


def test_rights_wait_again_after_a_long_gap() -> None:
    day = date(2024, 11, 6)
    before = asked(day, *PAID_TO_JUNE)
    assert (before.opens_on, before.to_pay) == (date(2024, 12, 6), 8400)
    paid = (*PAID_TO_JUNE, (day, 8400), (date(2024, 12, 1), 2100))
    waiting = asked(date(2024, 12, 5), *paid)
    assert (waiting.state, codes(waiting)) == (HouseholdState.WAITING, [ReasonCode.RA03])
    assert asked(date(2024, 12, 6), *paid).answer is Answer.YES


def test_an_age_without_a_limit_never_ends() -> None:
    old = replace(MEMBER, relation=Relation.CHILD, birth=Birth(date(1990, 1, 1), BirthKnown.ABOUT))
    free = replace(PLAN, child_max_age=None)
    assert asked(date(2024, 6, 1), *PAID_TO_JUNE, cover=old, plan=free).answer is Answer.YES
    sibling = replace(old, relation=Relation.SIBLING)
    assert asked(date(2024, 6, 1), *PAID_TO_JUNE, cover=sibling).answer is Answer.YES


def test_a_child_of_29_february_ages_on_1_march() -> None:
    child = replace(
        MEMBER, relation=Relation.GRANDCHILD, birth=Birth(date(2008, 2, 29), BirthKnown.DAY)
    )
    payments = (
        (JOINED, 1000 + 12 * 2100),
        (date(2025, 1, 5), 12 * 2100),
        (date(2026, 1, 5), 4200),
    )
    assert asked(date(2026, 2, 28), *payments, cover=child).rights_through == date(2026, 2, 28)
    assert codes(asked(date(2026, 3, 1), *payments, cover=child)) == [ReasonCode.RA06]


# --- States


def test_before_the_entry_is_paid_there_are_no_rights() -> None:
    answer = asked(date(2024, 1, 12))
    assert (answer.state, codes(answer)) == (HouseholdState.REGISTERED, [ReasonCode.RA04])
    assert (answer.to_pay, answer.opens_on) == (3100, date(2024, 5, 1))
    assert state_on(facts_on(date(2024, 1, 9), household())) is HouseholdState.PROSPECT


@pytest.mark.parametrize(
    "kind",
    [EventKind.RESIGNED, EventKind.EXCLUDED, EventKind.STRUCK_OFF, EventKind.CLOSED],
)
def test_an_ending_ends_rights_on_its_day(kind: EventKind) -> None:
    events = (Event(EventKind.REGISTERED, JOINED), Event(kind, date(2024, 6, 1)))
    before = asked(date(2024, 5, 31), *PAID_TO_JUNE, events=events)
    assert (before.answer, before.rights_through) == (Answer.YES, date(2024, 5, 31))
    answer = asked(date(2024, 6, 1), *PAID_TO_JUNE, events=events)
    assert (answer.state.name, codes(answer)) == (kind.name, [ReasonCode.RA05])
    assert (answer.opens_on, status_of(answer.state)) == (None, Status.STOPPED)


def test_a_readmitted_household_has_its_entry_to_pay() -> None:
    events = (
        Event(EventKind.RESIGNED, date(2024, 6, 1)),
        Event(EventKind.READMITTED, date(2024, 7, 1)),
    )
    answer = asked(date(2024, 7, 1), *PAID_TO_JUNE[:2], events=events)
    # One month is to pay, and the fee again: annex X, readmission_fee.
    assert (answer.state, codes(answer)) == (HouseholdState.REGISTERED, [ReasonCode.RA04])
    assert (answer.to_pay, answer.opens_on) == (3100, date(2024, 11, 1))


def test_a_readmission_without_a_fee_asks_for_the_contribution_alone() -> None:
    facts = household(
        *PAID_TO_JUNE[:2],
        events=(
            Event(EventKind.RESIGNED, date(2024, 6, 1)),
            Event(EventKind.READMITTED, date(2024, 7, 1)),
        ),
    )
    free = replace(facts, statutes=(Statutes(date(2024, 1, 1), readmission_fee=False),))
    assert verdict(facts_on(date(2024, 7, 1), free)).to_pay == 2100


def test_a_long_suspension_strikes_off_by_itself_when_no_board_decides() -> None:
    alone = replace(PLAN, strike_off_needs_board=False)
    last = asked(date(2025, 2, 5), *PAID_TO_JUNE, plan=alone)
    assert (last.state, codes(last)) == (HouseholdState.SUSPENDED, [ReasonCode.RA04])
    off = asked(date(2025, 2, 6), *PAID_TO_JUNE, plan=alone)
    assert off.state is HouseholdState.STRUCK_OFF
    assert (codes(off), off.opens_on) == ([ReasonCode.RA05, ReasonCode.RA04], None)
    assert asked(date(2025, 2, 6), *PAID_TO_JUNE).state is HouseholdState.SUSPENDED


def test_each_state_is_one_of_five_words() -> None:
    assert {status_of(state) for state in HouseholdState} == set(Status)
    assert status_of(HouseholdState.GRACE) is Status.LATE
    assert status_of(HouseholdState.REGISTERED) is Status.DRAFT


def test_a_lapsed_term_gives_rights_with_the_next_one() -> None:
    plan = replace(
        PLAN, renewal=Renewal.ON_PAYMENT, periodicity=Periodicity.QUARTERLY, waiting_months=0
    )
    paid = ((JOINED, 3100),)
    assert asked(date(2024, 6, 4), *paid, plan=plan).state is HouseholdState.GRACE
    lapsed = asked(date(2024, 6, 5), *paid, plan=plan)
    assert (codes(lapsed), lapsed.to_pay) == ([ReasonCode.RA04], 2100)
    assert lapsed.opens_on == date(2024, 7, 1)
    renewed = asked(date(2024, 6, 5), *paid, (date(2024, 6, 5), 2100), plan=plan)
    assert (codes(renewed), renewed.opens_on) == ([ReasonCode.RA03], date(2024, 7, 1))


# --- Properties

PLANS = st.builds(
    lambda effect, renewal, late, waiting, amount: replace(
        PLAN,
        effect_rule=effect,
        renewal=renewal,
        waiting_when_late=late,
        waiting_months=waiting,
        amount=amount,
        rounding=1,
        max_advance_periods=36,
    ),
    st.sampled_from(EffectRule),
    st.sampled_from(Renewal),
    st.sampled_from(WaitingWhenLate),
    st.integers(0, 5),
    st.sampled_from([350, 1235]),
)
PAYMENTS = st.lists(
    st.tuples(st.dates(JOINED, date(2025, 12, 31)), st.sampled_from([2100, 7410, 16000])),
    max_size=8,
)
COVERS = st.builds(
    lambda first, relation, birth: replace(
        MEMBER, first_day=first, relation=relation, birth=Birth(birth, BirthKnown.DAY)
    ),
    st.dates(JOINED, date(2025, 1, 31)),
    st.sampled_from([Relation.SELF, Relation.CHILD]),
    st.dates(date(2005, 1, 1), date(2024, 1, 1)),
)


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS, cover=COVERS, day=st.dates(JOINED, date(2026, 6, 30)))
def test_a_yes_holds_to_the_day_it_names_and_no_longer(
    plan: PlanVersion, payments: list[tuple[date, int]], cover: Cover, day: date
) -> None:
    paid = sorted(pay for pay in payments if pay[0] <= day)
    answer = asked(day, *paid, cover=cover, plan=plan)
    assert (answer.answer is Answer.YES) == (not answer.reasons)
    if answer.answer is Answer.YES:
        through = answer.rights_through
        assert through is not None
        assert through >= day
        assert asked(through, *paid, cover=cover, plan=plan).answer is Answer.YES
        after = asked(through + timedelta(days=1), *paid, cover=cover, plan=plan)
        assert after.answer is Answer.NO


@settings(deadline=None)
@given(plan=PLANS, payments=PAYMENTS, cover=COVERS, day=st.dates(JOINED, date(2026, 6, 30)))
def test_paying_on_the_day_opens_rights_on_the_day_a_no_names(
    plan: PlanVersion, payments: list[tuple[date, int]], cover: Cover, day: date
) -> None:
    paid = sorted(pay for pay in payments if pay[0] <= day)
    answer = asked(day, *paid, cover=cover, plan=plan)
    if answer.opens_on is None:
        return
    # Pay what is asked for on the day, and a lot more so that nothing falls due until then.
    account = household(*paid, (day, answer.to_pay), (day, 7 * 36 * plan.amount), plan=plan)
    assert verdict(facts_on(answer.opens_on, account, cover)).answer is Answer.YES or (
        ReasonCode.RA06 in codes(verdict(facts_on(answer.opens_on, account, cover)))
    )
    eve = facts_on(answer.opens_on - timedelta(days=1), account, cover)
    if answer.opens_on > day:
        assert verdict(eve).answer is Answer.NO
