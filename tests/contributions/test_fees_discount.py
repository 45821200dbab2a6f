"""A discount of who comes early is of all that is asked, fees too: figures by hand.

Source: openIMIS handbook 2.4, step 6: total x (1 - %), the total with its fees; decision 0058.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, amount_to_reach, quote, reallot
from stepdesk.contributions.rules.allotting import last_part
from stepdesk.contributions.rules.earning import fees_of_payers
from stepdesk.contributions.rules.fees import lowered
from stepdesk.contributions.terms import (
    AccountFacts,
    Basis,
    Cycle,
    Due,
    EffectRule,
    PartialRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    Target,
)
from stepdesk.members.rules import DEFAULT
from stepdesk.members.terms import Event, EventKind
from stepdesk.payers.terms import Sponsored
from stepdesk.values.ids import PayerAgreementId, PersonId, PlanVersionId
from stepdesk.values.money import round_half_up
from tests.contributions.test_dues import MONTHLY, household, parts_of, paying, person

EARLY, LATE = date(2023, 10, 20), date(2023, 12, 20)
NEW_YEAR = date(2024, 1, 1)
LUMP = replace(
    MONTHLY,
    basis=Basis.PER_HOUSEHOLD,
    amount=100,
    entry_fee=500,
    periodicity=Periodicity.ANNUAL,
    cycle=Cycle.FIXED,
    effect_rule=EffectRule.CYCLE_START,
    due_day=None,
    early_discount=5000,
    early_discount_months=1,
    rounding=1,
)
"""Once a year 100 and at the first time 500; half for who comes a month before the year begins."""


def enrolling(plan: PlanVersion, heads: int = 1, day: date = EARLY) -> AccountFacts:
    return AccountFacts(day, (plan,), tuple(person(at, day) for at in range(heads)))


def kept(facts: AccountFacts) -> list[tuple[int, int, int]]:
    """Of each frozen due what it asks, and what was taken off it and off its fees."""
    return [(due.amount, due.discount, due.fees_discount) for due in facts.frozen]


def test_half_of_a_hundred_and_a_fee_of_five_hundred_is_three_hundred() -> None:
    facts = enrolling(LUMP)
    told = quote((LUMP,), facts.covers, EARLY)
    assert (told.total, told.discount, told.fees_discount) == (300, 300, 250)
    assert account_on(facts, EARLY).to_pay == 300
    assert parts_of(facts, EARLY, 300) == [
        (Target.ENTRY_FEE, None, 250),
        (Target.DUE, NEW_YEAR, 50),
    ]
    paid = paying(facts, (EARLY, 300))
    assert kept(paid) == [(50, 50, 250)]
    for day in (EARLY, LATE, date(2024, 12, 31)):
        account = account_on(paid, day)
        assert (account.entered_on, account.entry_fee_open, account.to_pay) == (EARLY, 0, 0)
        assert (account.covered_through, account.credit) == (date(2024, 12, 31), 0)
    # The second year costs what it costs anybody.
    assert account_on(paid, date(2025, 1, 1)).to_pay == 100


def test_who_comes_late_pays_all_of_it() -> None:
    facts = enrolling(LUMP)
    assert account_on(facts, LATE).to_pay == 600
    assert parts_of(facts, LATE, 300) == [(Target.ENTRY_FEE, None, 300)]
    assert account_on(paying(facts, (LATE, 600)), LATE).to_pay == 0


def test_a_fee_for_each_person_is_lowered_as_a_whole() -> None:
    """Three pay 3 x 4,200 and 3 x 200; a quarter off 13,200 are 3,300: 3,150 and 150."""
    plan = replace(
        LUMP,
        basis=Basis.PER_PERSON,
        amount=4200,
        entry_fee=200,
        entry_fee_per=Per.PERSON,
        early_discount=2500,
    )
    paid = paying(enrolling(plan, 3), (EARLY, 9900))
    assert kept(paid) == [(9450, 3150, 150)]
    assert account_on(paid, EARLY).to_pay == 0
    # Told later, one more was there from the first day: nobody is thrown out for a fee.
    more = replace(paid, covers=(*paid.covers, person(3, EARLY)))
    account = account_on(more, date(2024, 2, 1))
    assert (account.entered_on, account.entry_fee_open) == (EARLY, 0)


def test_every_fee_is_lowered_by_what_it_is_of_the_whole() -> None:
    """A tenth off 2,400 + 1,000 + 100 + 500."""
    plan = replace(
        LUMP, amount=2400, entry_fee=1000, card_fee=100, assembly_fee=500, early_discount=1000
    )
    facts = enrolling(plan)
    assert parts_of(facts, EARLY, 3600) == [
        (Target.ENTRY_FEE, None, 900),
        (Target.CARD_FEE, None, 90),
        (Target.ASSEMBLY_FEE, None, 450),
        (Target.DUE, NEW_YEAR, 2160),
    ]
    paid = paying(facts, (EARLY, 3600))
    account = account_on(paid, date(2024, 6, 1))
    assert (account.to_pay, account.other_fees_open, account.credit) == (0, 0, 0)
    assert account_on(paid, date(2025, 1, 1)).to_pay == 2400 + 500


@pytest.mark.parametrize(
    ("step", "total", "fee", "due"),
    [(1, 889, 222, 667), (5, 890, 222, 668), (25, 900, 225, 675), (100, 900, 225, 675)],
)
def test_the_whole_is_paid_in_coins(step: int, total: int, fee: int, due: int) -> None:
    """1,333 less 33.33 % are 888.71; what is off is shared as 1,000 to 333."""
    plan = replace(LUMP, amount=1000, entry_fee=333, early_discount=3333, rounding=step)
    facts = enrolling(plan)
    assert account_on(facts, EARLY).to_pay == total
    assert parts_of(facts, EARLY, total) == [
        (Target.ENTRY_FEE, None, fee),
        (Target.DUE, NEW_YEAR, due),
    ]


def test_a_discount_makes_nothing_dearer() -> None:
    """660 less 1 % are 653.40, which no coin of 100 pays but by 700."""
    plan = replace(LUMP, amount=160, early_discount=100, rounding=100)
    assert account_on(enrolling(plan), EARLY).to_pay == 660


# Money that comes in parts


def test_what_was_paid_of_the_fee_before_is_not_given_back_but_lowers_the_rest() -> None:
    """299 pay the fee in part; one more makes it 300, and the year still costs one."""
    facts = paying(enrolling(LUMP), (EARLY, 299))
    assert account_on(facts, EARLY).to_pay == 1
    assert account_on(facts, LATE).to_pay == 301
    assert parts_of(facts, EARLY, 1) == [(Target.DUE, NEW_YEAR, 1)]
    paid = paying(facts, (EARLY, 1))
    assert kept(paid) == [(1, 99, 201)]
    account = account_on(paid, date(2024, 6, 1))
    assert (account.entered_on, account.to_pay, account.credit) == (EARLY, 0, 0)


def test_a_fee_paid_whole_leaves_all_of_the_discount_to_the_contribution() -> None:
    """A tenth off 1,000 and 500 are 150; the fee of 500 was paid before."""
    plan = replace(LUMP, amount=1000, early_discount=1000)
    facts = paying(enrolling(plan), (EARLY, 500))
    assert parts_of(enrolling(plan), EARLY, 500) == [(Target.ENTRY_FEE, None, 500)]
    assert account_on(facts, EARLY).to_pay == 850
    paid = paying(facts, (EARLY, 850))
    assert kept(paid) == [(850, 150, 0)]
    assert account_on(paid, EARLY).to_pay == 0


def test_only_a_rest_of_the_fees_is_asked_beside_one_unit() -> None:
    """Of 502 a tenth is left, 50: the contribution of 2 gives one unit, the fee the other 451."""
    plan = replace(LUMP, amount=2, early_discount=9000)
    facts = enrolling(plan)
    assert parts_of(facts, EARLY, 50) == [(Target.ENTRY_FEE, None, 49), (Target.DUE, NEW_YEAR, 1)]
    assert account_on(paying(facts, (EARLY, 50)), LATE).to_pay == 0


@pytest.mark.parametrize("amount", [0, 1])
def test_where_no_contribution_can_be_lowered_nothing_keeps_a_discount(amount: int) -> None:
    plan = replace(LUMP, amount=amount)
    facts = enrolling(plan)
    assert quote((plan,), facts.covers, EARLY).total == 500 + amount
    assert account_on(facts, EARLY).to_pay == 500 + amount


# Renewals


RENEWED = replace(
    MONTHLY,
    basis=Basis.PER_HOUSEHOLD,
    amount=4200,
    entry_fee=0,
    assembly_fee=500,
    periodicity=Periodicity.ANNUAL,
    renewal=Renewal.ON_PAYMENT,
    renewal_discount=1000,
    renewal_discount_months=1,
    due_day=None,
    rounding=1,
)


def test_who_renews_early_pays_less_for_the_assembly_too() -> None:
    """A tenth off 4,200 + 500, no entry fee."""
    joined = date(2024, 1, 10)
    facts = paying(household(RENEWED, 1), (joined, 4700))
    early = date(2024, 12, 31)
    assert parts_of(facts, early, 4230) == [
        (Target.ASSEMBLY_FEE, date(2025, 2, 1), 450),
        (Target.DUE, date(2025, 2, 1), 3780),
    ]
    renewed = paying(facts, (early, 4230))
    assert kept(renewed) == [(4200, 0, 0), (3780, 420, 50)]
    account = account_on(renewed, date(2025, 6, 1))
    assert (account.covered_through, account.to_pay) == (date(2026, 1, 31), 0)
    assert (account.other_fees_open, account.suspensions) == (0, ())
    late = date(2025, 1, 20)
    assert parts_of(facts, late, 4230) == [(Target.CREDIT, None, 4230)]


def test_the_last_part_a_renewal_may_be_paid_in_is_told_at_its_discount() -> None:
    facts = paying(household(RENEWED, 1), (date(2024, 1, 10), 4700))
    assert last_part(facts, paid_on=date(2024, 12, 31), amount=1000, most=1) == 4230
    assert last_part(facts, paid_on=date(2025, 1, 20), amount=1000, most=1) == 4700


def test_a_renewal_without_fees_is_as_it_was() -> None:
    plan = replace(RENEWED, assembly_fee=0)
    facts = paying(household(plan, 1), (date(2024, 1, 10), 4200))
    renewed = paying(facts, (date(2024, 12, 31), 3780))
    assert kept(renewed) == [(4200, 0, 0), (3780, 420, 0)]


def test_one_of_two_persons_renewed_early_brings_the_lowered_fee_with_it() -> None:
    """Two cost 8,400 + 500; a tenth off is 840 and 50, and 4,200 pay for the member alone."""
    plan = replace(
        RENEWED, basis=Basis.PER_PERSON, partial_rule=PartialRule.PER_PERSON_PARTIAL, grace_days=0
    )
    facts = paying(household(plan, 2), (date(2024, 1, 10), 8900))
    early = date(2024, 12, 31)
    assert parts_of(facts, early, 450 + 4200) == [
        (Target.ASSEMBLY_FEE, date(2025, 2, 1), 450),
        (Target.DUE, date(2025, 2, 1), 4200),
    ]
    some = paying(facts, (early, 450 + 4200))
    assert account_on(some, date(2025, 2, 1)).to_pay == 7560 - 4200
    assert account_on(paying(some, (date(2025, 3, 1), 3360)), date(2025, 3, 1)).to_pay == 0


# Who pays a year at once: a discount of that year's contributions


def test_the_year_paid_at_once_is_cheaper_and_its_assembly_is_not() -> None:
    """12 x 2,100 less 5 % are 23,940, beside 1,000 and each year's 500."""
    plan = replace(MONTHLY, prepay_discount=500, assembly_fee=500, max_advance_periods=24)
    facts = household(plan, 6)
    day = date(2024, 1, 10)
    assert amount_to_reach(facts, paid_on=day, periods=11) == 1000 + 500 + 23_940
    paid = paying(facts, (day, 1500 + 23_940))
    again = date(2025, 1, 20)
    assert amount_to_reach(paid, paid_on=again, periods=12) == 500 + 23_940
    both = paying(paid, (again, 500 + 23_940))
    assert {due.fees_discount for due in both.frozen} == {0}
    assert account_on(both, date(2025, 6, 1)).to_pay == 0


def test_who_is_early_and_pays_a_year_at_once_has_both() -> None:
    """12 x 100 less 5 % are 1,140; with the fee of 500 a tenth off 1,640: 114 and 50."""
    plan = replace(
        LUMP,
        periodicity=Periodicity.MONTHLY,
        early_discount=1000,
        early_discount_months=0,
        prepay_discount=500,
        min_first_periods=12,
    )
    facts = enrolling(plan, day=LATE)
    paid = paying(facts, (LATE, 1476))
    assert quote((plan,), facts.covers, LATE).total == 1476
    assert sum(due.amount for due in paid.frozen) == 1026
    assert [due.fees_discount for due in paid.frozen] == [50] + [0] * 11
    assert account_on(paid, LATE).to_pay == 0


# Payers, and who comes back


def a_promise(**told: object) -> Sponsored:
    return Sponsored(
        date(2023, 1, 1),
        None,
        agreement_id=PayerAgreementId(b"a"),
        pays_fee=True,
        **told,  # type: ignore[arg-type]
    )


def test_a_fee_a_payer_takes_over_gives_the_household_no_discount() -> None:
    """The payer owes all of its 500, the household half of its own 100."""
    facts = replace(enrolling(LUMP), sponsored=(a_promise(),))
    assert account_on(facts, EARLY).to_pay == 50
    paid = paying(facts, (EARLY, 50))
    assert kept(paid) == [(50, 50, 0)]
    assert [one.amount for one in fees_of_payers(paid, LATE)] == [500]


def test_who_is_taken_over_by_name_has_a_fee_of_its_payer() -> None:
    """Of three fees of 200 the payer owes one; half of 100 + 400 is asked."""
    plan = replace(LUMP, entry_fee=200, entry_fee_per=Per.PERSON)
    facts = replace(enrolling(plan, 3), sponsored=(a_promise(person_id=PersonId(b"p1")),))
    assert account_on(facts, EARLY).to_pay == 250
    paid = paying(facts, (EARLY, 250))
    assert kept(paid) == [(50, 50, 200)]
    assert [one.amount for one in fees_of_payers(paid, LATE)] == [200]


def test_a_payer_that_came_later_does_not_owe_what_was_taken_off() -> None:
    paid = paying(enrolling(LUMP), (EARLY, 300))
    told = replace(paid, sponsored=(a_promise(told_on=LATE),))
    assert fees_of_payers(told, LATE) == ()


def test_what_was_taken_off_another_fee_lowers_no_payer_part_of_the_entry_fee() -> None:
    """Of 500 the household paid 100 before its payer took the fee over: the payer owes 400.

    The household is asked half of the card and the contribution, 100 each.
    """
    facts = paying(enrolling(replace(LUMP, card_fee=100)), (EARLY, 100))
    told = replace(facts, sponsored=(a_promise(told_on=EARLY + timedelta(days=1)),))
    day = EARLY + timedelta(days=2)
    assert account_on(told, day).to_pay == 100
    paid = paying(told, (day, 100))
    assert account_on(paid, day).to_pay == 0
    assert [due.fees_discount > 0 for due in paid.frozen] == [True]
    assert [one.amount for one in fees_of_payers(paid, LATE)] == [400]


def test_who_is_readmitted_early_pays_its_fee_again_at_half() -> None:
    facts = paying(enrolling(LUMP), (EARLY, 300))
    again = date(2024, 10, 20)
    back = replace(
        facts,
        events=(
            Event(EventKind.RESIGNED, date(2024, 3, 1)),
            Event(EventKind.READMITTED, again),
        ),
        statutes=(replace(DEFAULT, readmission_fee=True),),
    )
    assert account_on(back, again).to_pay == 300
    free = replace(back, statutes=(replace(DEFAULT, readmission_fee=False),))
    assert account_on(free, again).to_pay == 50


def test_a_payment_allotted_anew_earns_what_it_earned() -> None:
    paid = paying(enrolling(LUMP), (EARLY, 300))
    bare = replace(paid, paid=())
    found = {target: held for (target, _), (held, _) in reallot(bare, [(EARLY, 300)]).items()}
    assert found == {Target.ENTRY_FEE: 250, Target.DUE: 50}
    # Made late, it pays a part of the fee.
    found = {target: held for (target, _), (held, _) in reallot(bare, [(LATE, 300)]).items()}
    assert found == {Target.ENTRY_FEE: 300}


# Whatever is asked


asked = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000)),
    min_size=1,
    max_size=6,
)


@given(asked, st.integers(0, 9999), st.sampled_from([1, 5, 25, 100]))
def test_the_discount_is_shared_to_the_unit(
    told: list[tuple[int, int, int]], rate: int, step: int
) -> None:
    """Each due with its fee, and what of that is open. What can be taken off is."""
    day = timedelta(days=1)
    dues = [
        Due(NEW_YEAR + at * day, NEW_YEAR + (at + 1) * day, NEW_YEAR, due, PlanVersionId(b"v"))
        for at, (due, _, _) in enumerate(told)
    ]
    fees = [(fee, min(fee, unpaid)) for _, fee, unpaid in told]
    whole = sum(due.amount for due in dues) + sum(fee for fee, _ in fees)
    off = max(whole - round_half_up(whole * (10_000 - rate), 10_000, step=step), 0)
    less = lowered(dues, off, fees)
    could = sum(
        max(due - 1, 0) + (unpaid if due > 1 else 0)
        for (due, _, _), (_, unpaid) in zip(told, fees, strict=True)
    )
    assert sum(due.discount + due.fees_discount for due in less) == min(off, could)
    for before, after, (_, unpaid) in zip(dues, less, fees, strict=True):
        assert before.amount == after.amount + after.discount
        assert after.amount >= min(before.amount, 1)
        assert 0 <= after.fees_discount <= unpaid
        assert after.discount >= min(after.fees_discount, 1)
