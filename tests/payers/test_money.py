"""What payers owe, are told and pay, in a real book; and sums of groups."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions import service as contributions
from stepdesk.contributions.queries import account_of, draft_statement, preview_group
from stepdesk.contributions.service import issue_statement, pay_for_group, reverse_group_payment
from stepdesk.contributions.terms import EffectRule, Per
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import Text, speak
from stepdesk.ledger.queries import balance_of, box_at, cash_book
from stepdesk.ledger.terms import Place
from stepdesk.payers import rules
from stepdesk.payers import service as verbs
from stepdesk.payers.queries import (
    agreements,
    group_money,
    lines_of,
    payer_credit,
    payer_money,
    statement_of,
    statements_of,
)
from stepdesk.payers.terms import (
    Owed,
    PayerKind,
    PayerMoney,
    PayerStatement,
    Rest,
    StatementLine,
)
from stepdesk.reports.queries import control_differences
from stepdesk.reports.queries.registers import letters_of
from stepdesk.reports.service import close_month
from stepdesk.reports.terms import LetterKind
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import Answer, HouseholdState
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import (
    HouseholdId,
    PayerAgreementId,
    PayerId,
    PayerPaymentId,
    StatementId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month, add_months
from tests.builders import a_household, a_payment, a_plan, a_request, open_copy, wednesday
from tests.ledger.kit import a_gift, an_expense
from tests.payers.test_service import a_group, covered, homes, refused, terms_of

TODAY = date(2024, 1, 10)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A plan without entry fee and waiting, in effect from the month's first day."""
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        yield opened


def agreed(desk: Desk, kind: PayerKind = PayerKind.COMMUNE, **terms: Any) -> PayerAgreementId:
    payer = desk.do(verbs.add_payer, code=kind.value, name=kind.value.title(), kind=kind)
    return desk.do(verbs.sign_agreement, agreement=terms_of(payer, **terms))


def payer_of(desk: Desk, agreement: PayerAgreementId) -> PayerId:
    return desk.ask(agreements)[agreement].payer_id


def close(desk: Desk, clock: SetClock, month: Month) -> None:
    clock.set(month.until)
    desk.do(close_month, month=month, accepting=frozenset({"not_counted"}))


def pays(desk: Desk, agreement: PayerAgreementId, amount: int, **told: Any) -> PayerPaymentId:
    return desk.do(
        verbs.receive_from_payer,
        request_id=told.pop("request_id", None) or a_request(),
        payer_id=payer_of(desk, agreement),
        amount=Money(amount, desk.currency),
        **told,
    )


def answer(desk: Desk, home: HouseholdId, day: date) -> Answer:
    return next(iter(desk.ask(household_verdicts, home, day)[2].values())).answer


# What payers owe


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (PayerKind.STATE, "state_subsidy"),
        (PayerKind.NGO, "donor"),
        (PayerKind.COMMUNE, "payer_receivable"),
        (PayerKind.DIASPORA, "payer_receivable"),
    ],
)
def test_cover_a_payer_pays_for_is_owed_by_the_payer(
    desk: Desk, clock: SetClock, kind: PayerKind, role: str
) -> None:
    agreement = agreed(desk, kind, share=50)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    a_payment(desk, home, 350)
    close(desk, clock, Month(2024, 1))
    # Two persons of 350, half of it the payer's.
    assert desk.ask(balance_of, role) == 350
    assert desk.ask(balance_of, "contribution_sub") == -350
    assert desk.ask(balance_of, "contribution") == -350
    assert desk.ask(balance_of, "member_receivable") == 0
    # February is given on trust: the member owes one half and the payer the other.
    close(desk, clock, Month(2024, 2))
    assert desk.ask(balance_of, role) == 700
    assert desk.ask(balance_of, "member_receivable") == 350
    # March lies behind the grace, which ended on 6 March: nothing is earned of April.
    close(desk, clock, Month(2024, 3))
    close(desk, clock, Month(2024, 4))
    assert desk.ask(control_differences) == {}
    clock.set(date(2024, 5, 2))
    pays(desk, agreement, 500, accepting=frozenset({"more_than_open"}))
    assert desk.ask(control_differences) == {}


def test_a_household_wholly_sponsored_earns_for_its_payer_alone(
    desk: Desk, clock: SetClock
) -> None:
    agreement = agreed(desk, PayerKind.STATE, share=100)
    covered(desk, agreement, a_household(desk, 3).household_id)
    close(desk, clock, Month(2024, 1))
    assert desk.ask(balance_of, "state_subsidy") == 1050
    assert desk.ask(balance_of, "contribution") == 0
    assert desk.ask(control_differences) == {}


def test_an_entry_fee_a_payer_takes_over_is_owed_by_it(desk: Desk, clock: SetClock) -> None:
    plan = a_plan(desk, plan_code="P2", waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
    agreement = agreed(desk, share=100, pays_fee=True, invoice_months=1)
    home = a_household(desk, 2, plan_id=plan).household_id
    own = a_household(desk, 1, plan_id=plan).household_id
    a_payment(desk, own, 1350)
    covered(desk, agreement, home)
    # Who paid the fee before the payer came is not told to it.
    covered(desk, agreement, own)
    close(desk, clock, Month(2024, 1))
    assert desk.ask(balance_of, "payer_receivable") == 1000 + 700
    # One household paid its own fee and its own January.
    assert desk.ask(balance_of, "entry_fee") == -2000
    assert desk.ask(balance_of, "contribution_sub") == -700
    assert desk.ask(balance_of, "contribution") == -350
    assert desk.ask(control_differences) == {}
    told = desk.do(issue_statement, agreement_id=agreement)
    lines = desk.ask(lines_of, told)
    assert [(line.kind, line.amount) for line in lines] == [
        (Owed.DUE, 350),
        (Owed.DUE, 350),
        (Owed.FEE, 1000),
    ]
    close(desk, clock, Month(2024, 2))
    again = desk.do(issue_statement, agreement_id=agreement)
    assert {line.kind for line in desk.ask(lines_of, again)} == {Owed.DUE}
    close(desk, clock, Month(2024, 3))
    assert desk.ask(control_differences) == {}
    assert not verify_desk(desk, whole=True).findings


def test_the_sponsored_have_rights_before_the_payers_money_comes(desk: Desk) -> None:
    home = a_household(desk, 1).household_id
    covered(desk, agreed(desk, share=100), home)
    assert answer(desk, home, TODAY) is Answer.YES  # annex Y.2, 14


def test_a_frozen_due_keeps_its_payers_part(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=50)
    home = a_household(desk, 2).household_id
    one = covered(desk, agreement, home)
    a_payment(desk, home, 350 * 3)
    clock.set(date(2024, 1, 20))
    desk.do(verbs.end_nomination, nomination_id=one, on=date(2024, 1, 20))
    frozen = desk.ask(account_of, home, desk.today).called
    assert [(state.due.amount, state.due.payer_amount) for state in frozen] == [(350, 350)] * 3
    # What the commitment no longer covers is told to nobody.
    close(desk, clock, Month(2024, 1))
    close(desk, clock, Month(2024, 2))
    assert desk.ask(balance_of, "payer_receivable") == 350


# Statements


def test_a_statement_tells_what_was_earned_and_nothing_twice(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=50, invoice_months=3)
    first, second = a_household(desk, 2), a_household(desk, 1)
    for home in (first, second):
        covered(desk, agreement, home.household_id)
    a_payment(desk, first, 350 * 3)
    clock.set(date(2024, 2, 15))
    assert refused(desk, issue_statement, agreement_id=agreement) == "agreement"
    clock.set(date(2024, 4, 1))
    told = desk.do(issue_statement, agreement_id=agreement)
    made = desk.ask(statement_of, told, desk.today)
    assert made is not None
    assert (made.number, made.first_day, made.until) == (
        "T-2024-A-000001",
        date(2024, 1, 1),
        date(2024, 4, 1),
    )
    # Three months of 175 for each of two persons; the second household never entered.
    lines = desk.ask(lines_of, told)
    assert [(line.household_id, line.amount) for line in lines] == [(first.household_id, 175)] * 6
    assert {line.person_id for line in lines} == set(first.person_ids)
    assert made.amount == made.open == 1050
    assert refused(desk, issue_statement, agreement_id=agreement) == "agreement"
    # April is paid late: the next statement holds it, and nothing of the first.
    a_payment(desk, first, 350)
    clock.set(date(2024, 7, 1))
    again = desk.do(issue_statement, agreement_id=agreement)
    days = {line.due_first_day for line in desk.ask(lines_of, again)}
    assert date(2024, 4, 1) in days
    assert min(days) == date(2024, 4, 1)


def test_a_correction_finds_its_way_into_the_next_statement(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=50, invoice_months=1)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    wrong = a_payment(desk, home, 350)
    clock.set(date(2024, 2, 1))
    desk.do(issue_statement, agreement_id=agreement)
    # The receipt was another household's: without it this one never entered.
    desk.do(
        contributions.reverse_payment,
        request_id=a_request(),
        payment_id=wrong.payment_id,
        reason="another household",
    )
    clock.set(date(2024, 3, 1))
    again = desk.do(issue_statement, agreement_id=agreement)
    assert [line.amount for line in desk.ask(lines_of, again)] == [-175, -175]
    credit = desk.ask(payer_credit, payer_of(desk, agreement), desk.today)
    assert credit == 0  # 350 told, 350 taken back


@pytest.mark.parametrize("months", [1, 2, 3, 6])
def test_all_statements_together_are_what_was_booked(
    desk: Desk, clock: SetClock, months: int
) -> None:
    agreement = agreed(desk, share=33, invoice_months=months)
    families = [a_household(desk, size) for size in (1, 2, 5)]
    for at, home in enumerate(families):
        covered(desk, agreement, home.household_id)
        a_payment(desk, home, 235 * len(home.person_ids) * (at + 2), accepting={"much"})
    for at in range(6):
        close(desk, clock, Month(2024, 1).plus(at))
        while True:
            try:
                desk.do(issue_statement, agreement_id=agreement)
            except Refusal:
                break
    told = desk.ask(statements_of, desk.today)
    assert sum(one.amount for one in told) == desk.ask(balance_of, "payer_receivable")
    assert sum(one.amount for one in told) > 0
    assert [one.first_day for one in told[1:]] == [one.until for one in told[:-1]]


# What payers pay


def test_a_payers_money_clears_the_oldest_statement_first(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=100, invoice_months=1)
    covered(desk, agreement, a_household(desk, 2).household_id)
    made = []
    for month in (2, 3):
        clock.set(date(2024, month, 1))
        made.append(desk.do(issue_statement, agreement_id=agreement))
    request = a_request()
    first = pays(desk, agreement, 1000, request_id=request, box="bank", reference="V 12")
    assert pays(desk, agreement, 1000, request_id=request) == first
    told = desk.ask(statements_of, desk.today)
    assert [(one.cleared, one.open) for one in told] == [(700, 0), (300, 400)]
    assert [one.paid_on for one in told] == [date(2024, 3, 1), None]
    with pytest.raises(Caution) as doubted:
        pays(desk, agreement, 500)
    assert [doubt.name for doubt in doubted.value.doubts] == ["more_than_open"]
    pays(desk, agreement, 500, statement_id=made[1], accepting=frozenset({"more_than_open"}))
    payer = payer_of(desk, agreement)
    assert desk.ask(payer_credit, payer, desk.today) == 100
    assert desk.ask(balance_of, "bank") == 1500
    told = desk.ask(statements_of, desk.today)
    assert [one.open for one in told] == [0, 0]
    assert (
        refused(
            desk,
            verbs.reverse_payer_payment,
            request_id=a_request(),
            payment_id=first,
            reason=" ",
        )
        == "reason"
    )
    back: dict[str, Any] = {"payment_id": first, "reason": "never came"}
    desk.do(verbs.reverse_payer_payment, request_id=a_request(), **back)
    assert refused(desk, verbs.reverse_payer_payment, request_id=a_request(), **back) == "payment"
    assert desk.ask(balance_of, "bank") == 500
    # What the credit and the named sum are still clears: all of the second.
    told = desk.ask(statements_of, desk.today)
    assert [one.open for one in told] == [700, 200]
    assert [one.reversed_on for one in desk.ask(payer_money)] == [desk.today, None]


def test_money_that_was_spent_since_is_not_taken_back_from_an_empty_box(desk: Desk) -> None:
    """1,000 of a commune in the cash box, of which 700 were spent."""
    agreement = agreed(desk)
    more = frozenset({"more_than_open"})
    paid = pays(desk, agreement, 1000, box="cash_main", accepting=more)
    an_expense(desk, 700)
    back: dict[str, Any] = {"payment_id": paid, "reason": "of another scheme"}
    with pytest.raises(Refusal) as caught:
        desk.do(verbs.reverse_payer_payment, request_id=a_request(), **back)
    assert caught.value.field == "payment"
    assert caught.value.text.values == {"held": Money(300, desk.currency)}
    a_gift(desk, 700)
    desk.do(verbs.reverse_payer_payment, request_id=a_request(), **back)
    assert desk.ask(balance_of, "cash_main") == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"paid_on": date(2024, 1, 11)}, "day"),
        ({"box": "contribution"}, "box"),
        ({"statement_id": StatementId(b"s" * 16)}, "statement"),
    ],
)
def test_a_payers_payment_is_refused_beside_its_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    agreement = agreed(desk)
    with pytest.raises(Refusal) as caught:
        pays(desk, agreement, **({"amount": 100} | told))
    assert caught.value.field == field


def test_on_cash_counts_from_the_day_the_money_came(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=100, on_commitment=False, invoice_months=3)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    assert desk.ask(account_of, home, TODAY).entered_on is None
    (verdict, *_) = desk.ask(household_verdicts, home, TODAY)[2].values()
    assert verdict.answer is Answer.NO
    # Nobody asks the household for money, or promises a day.
    assert "payer's money has not come" in verdict.reasons[0].text.message
    assert (verdict.to_pay, verdict.opens_on) == (0, None)
    told = desk.do(issue_statement, agreement_id=agreement)
    # Told ahead: three months of two persons.
    assert sum(line.amount for line in desk.ask(lines_of, told)) == 2100
    clock.set(date(2024, 2, 20))
    pays(desk, agreement, 2100)
    assert answer(desk, home, date(2024, 2, 19)) is Answer.NO
    assert answer(desk, home, date(2024, 2, 20)) is Answer.YES
    account = desk.ask(account_of, home, date(2024, 3, 31))
    assert account.covered_through == date(2024, 3, 31)
    # Nothing came for the second quarter: grace from 6 April, suspended from 6 May.
    assert desk.ask(household_verdicts, home, date(2024, 5, 5))[1] is HouseholdState.GRACE
    assert desk.ask(household_verdicts, home, date(2024, 5, 6))[1] is HouseholdState.SUSPENDED
    (verdict, *_) = desk.ask(household_verdicts, home, date(2024, 5, 6))[2].values()
    assert "payer's money has not come" in verdict.reasons[0].text.message
    with desk.read() as connection:
        day, currency = date(2024, 5, 6), desk.currency
        assert not list(letters_of(connection, LetterKind.REMINDER, day, currency))
    clock.set(date(2024, 5, 20))
    again = desk.do(issue_statement, agreement_id=agreement)
    pays(desk, agreement, 2100, statement_id=again)
    assert answer(desk, home, date(2024, 5, 19)) is Answer.NO
    assert answer(desk, home, date(2024, 5, 20)) is Answer.YES


def test_on_cash_half_a_due_waits_for_the_other_half(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=50, on_commitment=False, invoice_months=1)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    a_payment(desk, home, 350)
    assert answer(desk, home, TODAY) is Answer.NO
    desk.do(issue_statement, agreement_id=agreement)
    clock.set(date(2024, 1, 25))
    paid = pays(desk, agreement, 350, box="momo")
    assert answer(desk, home, date(2024, 1, 24)) is Answer.NO
    assert answer(desk, home, date(2024, 1, 25)) is Answer.YES
    clock.set(date(2024, 1, 28))
    desk.do(verbs.reverse_payer_payment, request_id=a_request(), payment_id=paid, reason="bounced")
    assert answer(desk, home, date(2024, 1, 27)) is Answer.YES
    assert desk.ask(control_differences) == {}
    close(desk, clock, Month(2024, 1))
    assert desk.ask(control_differences) == {}


# Rules, as properties

PAYER = PayerId(b"p")
_STATEMENTS = st.lists(st.integers(-500, 2000), max_size=5).map(
    lambda amounts: [
        PayerStatement(
            StatementId(b"%d" % at),
            "",
            PAYER,
            "",
            PayerAgreementId(b"a"),
            date(2024, 1 + at, 1),
            date(2024, 2 + at, 1),
            date(2024, 2 + at, 1),
            amount,
        )
        for at, amount in enumerate(amounts)
    ]
)
_PAID = st.lists(
    st.tuples(st.integers(1, 3000), st.none() | st.integers(0, 4), st.integers(1, 200)),
    max_size=5,
).map(
    lambda told: [
        PayerMoney(
            PayerPaymentId(b"%d" % at),
            PAYER,
            None if named is None else StatementId(b"%d" % named),
            date.fromordinal(date(2024, 1, 1).toordinal() + after),
            amount,
            "bank",
            "",
        )
        for at, (amount, named, after) in enumerate(told)
    ]
)


@given(_STATEMENTS, _PAID)
def test_nothing_of_a_payers_money_is_lost_or_used_twice(
    statements: list[PayerStatement], money: list[PayerMoney]
) -> None:
    held, credit = rules.cleared(statements, money, date(2025, 1, 1))
    owed = {one.id: max(one.amount, 0) for one in statements}
    taken_back = sum(-one.amount for one in statements if one.amount < 0)
    assert sum(held.values()) + credit == sum(one.amount for one in money) + taken_back
    assert all(0 <= part <= owed[one] for one, part in held.items())
    assert not credit or held == owed


@given(st.lists(st.integers(-300, 900), max_size=6), st.integers(0, 3000))
def test_lines_are_paid_whole_and_in_their_order(amounts: list[int], paid: int) -> None:
    lines = [
        StatementLine(HouseholdId(b"%d" % at), None, TODAY, amount)
        for at, amount in enumerate(amounts)
        if amount
    ]
    found = rules.lines_cleared(lines, paid)
    assert sum(line.amount for line in found) <= paid
    above = [line for line in lines if line.amount > 0]
    assert [line for line in found if line.amount > 0] == above[: len(found)][
        : sum(line.amount > 0 for line in found)
    ]


# Sums of groups


def a_sum(desk: Desk, group: Any, amount: int, **told: Any) -> Any:
    return desk.do(
        pay_for_group,
        request_id=told.pop("request_id", None) or a_request(),
        group_id=group,
        amount=Money(amount, desk.currency),
        **told,
    )


def test_a_groups_sum_fills_its_list_in_order(desk: Desk) -> None:
    group = a_group(desk)
    one, two, three = homes(desk, group, 2, 1, 3)
    seen = desk.ask(preview_group, group, TODAY, 1300)
    assert [(row.wanted, row.gets) for row in seen.rows] == [(700, 700), (350, 350), (1050, 0)]
    assert (seen.filled, seen.asking, seen.left) == (2, 3, 250)
    assert refused(desk, pay_for_group, request_id=a_request(), group_id=group,
                   amount=Money(1300, desk.currency)) == "rest"  # fmt: skip
    request = a_request()
    told = a_sum(desk, group, 1300, request_id=request, rest=Rest.GIVE_BACK)
    assert [receipt.amount.minor for receipt in told.receipts] == [700, 350]
    assert (told.money.amount, told.given_back.minor) == (1050, 250)
    assert told.money.number == "G-2024-A-000001"
    # A double Enter records nothing more.
    assert a_sum(desk, group, 1300, request_id=request).receipts == told.receipts
    assert desk.ask(balance_of, "cash_main") == 1050
    assert desk.ask(account_of, one, TODAY).covered_through == date(2024, 1, 31)
    assert desk.ask(account_of, three, TODAY).entered_on is None
    assert answer(desk, two, TODAY) is Answer.YES


def test_the_rest_may_stay_as_the_next_households_credit(desk: Desk) -> None:
    group = a_group(desk)
    _, _, three = homes(desk, group, 2, 1, 3)
    told = a_sum(desk, group, 1300, rest=Rest.KEEP)
    assert [receipt.amount.minor for receipt in told.receipts] == [700, 350, 250]
    assert (told.money.amount, told.given_back.minor) == (1300, 0)
    account = desk.ask(account_of, three, TODAY)
    assert (account.credit, account.entered_on) == (250, None)
    # The credit is part of what completes it next time.
    assert desk.ask(preview_group, group, TODAY, 800).rows[2].wanted == 800


def test_a_sum_that_fills_all_leaves_nothing_to_choose(desk: Desk) -> None:
    group = a_group(desk)
    homes(desk, group, 2, 1)
    assert len(a_sum(desk, group, 1050).receipts) == 2
    # Everybody is up to date: the next period is asked for.
    assert desk.ask(preview_group, group, TODAY, 0).wanted == 1050
    assert desk.ask(preview_group, group, TODAY, 0, periods=2).wanted == 1050 * 2


def test_an_unpaid_sum_leaves_each_household_late_by_itself(desk: Desk, clock: SetClock) -> None:
    group = a_group(desk)
    listed = homes(desk, group, 2, 1)
    a_sum(desk, group, 1050)
    clock.set(date(2024, 2, 6))
    for home in listed:
        assert desk.ask(household_verdicts, home, desk.today)[1] is HouseholdState.GRACE
    a_sum(desk, group, 700, rest=None)
    states = [desk.ask(household_verdicts, home, desk.today)[1] for home in listed]
    assert states == [HouseholdState.ACTIVE, HouseholdState.GRACE]


def test_who_leaves_a_group_keeps_what_is_paid_and_waits_no_more(
    desk: Desk, clock: SetClock
) -> None:
    group = a_group(desk)
    (home,) = homes(desk, group, 2)
    a_sum(desk, group, 700)
    clock.set(date(2024, 1, 20))
    desk.do(verbs.leave_group, household_id=home, on=desk.today)
    assert answer(desk, home, date(2024, 1, 31)) is Answer.YES
    # 60 days after what was paid ended: suspended by then, and rights at once without waiting.
    clock.set(date(2024, 3, 31))
    assert answer(desk, home, desk.today) is Answer.NO
    a_payment(desk, home, desk.ask(account_of, home, desk.today).to_pay)
    assert answer(desk, home, desk.today) is Answer.YES


def test_a_groups_sum_is_taken_back_whole(desk: Desk) -> None:
    group = a_group(desk)
    one, two = homes(desk, group, 2, 1)
    told = a_sum(desk, group, 1050)
    back: dict[str, Any] = {"group_payment_id": told.money.id, "reason": "cheque bounced"}
    assert refused(desk, reverse_group_payment, request_id=a_request(),
                   **(back | {"reason": ""})) == "reason"  # fmt: skip
    request = a_request()
    gone = desk.do(reverse_group_payment, request_id=request, **back)
    assert (gone.amount, gone.reverses) == (-1050, told.money.id)
    assert desk.do(reverse_group_payment, request_id=request, **back) == gone
    assert refused(desk, reverse_group_payment, request_id=a_request(), **back) == "payment"
    for home in (one, two):
        assert desk.ask(account_of, home, TODAY).entered_on is None
    assert desk.ask(balance_of, "cash_main") == 0
    assert len(desk.ask(group_money, group)) == 2
    assert desk.ask(control_differences) == {}


@pytest.mark.parametrize(
    ("amount", "told", "field"),
    [
        (0, {}, "amount"),
        (350, {"paid_on": date(2024, 1, 11)}, "day"),
        (100, {"rest": Rest.GIVE_BACK}, "amount"),
    ],
)
def test_a_groups_sum_is_refused_beside_its_field(
    desk: Desk, amount: int, told: dict[str, Any], field: str
) -> None:
    group = a_group(desk)
    homes(desk, group, 1)
    with pytest.raises(Refusal) as caught:
        a_sum(desk, group, amount, **told)
    assert caught.value.field == field


def test_a_group_without_households_pays_nothing(desk: Desk) -> None:
    with pytest.raises(Refusal) as caught:
        a_sum(desk, a_group(desk), 350, rest=Rest.KEEP)
    assert caught.value.field == "group"


def test_the_book_verifies_with_all_of_it(desk: Desk, clock: SetClock) -> None:
    agreement = agreed(desk, share=100, invoice_months=1)
    covered(desk, agreement, a_household(desk, 2).household_id)
    group = a_group(desk)
    homes(desk, group, 2, 1)
    a_sum(desk, group, 1100, rest=Rest.KEEP)
    close(desk, clock, Month(2024, 1))
    desk.do(issue_statement, agreement_id=agreement)
    draft = desk.ask(draft_statement, agreement, desk.today)
    assert draft.ready_on == add_months(date(2024, 2, 1), 1)
    pays(desk, agreement, 700)
    assert not verify_desk(desk, whole=True).findings


def test_a_payer_owes_the_entry_fee_of_whom_it_takes_over_by_name(
    desk: Desk, clock: SetClock
) -> None:
    """1,000 for each of three; one is paid for by name: two fees and two months are asked."""
    plan = a_plan(
        desk,
        plan_code="P2",
        entry_fee=1000,
        entry_fee_per=Per.PERSON,
        waiting_months=0,
        effect_rule=EffectRule.FIRST_OF_MONTH,
    )
    home = a_household(desk, 3, plan_id=plan)
    agreement = agreed(desk, share=100, pays_fee=True, invoice_months=1)
    named = home.person_ids[2]
    covered(desk, agreement, home.household_id, person_id=named)
    assert desk.ask(account_of, home.household_id, desk.today).to_pay == 2 * 1000 + 2 * 350
    a_payment(desk, home, 2 * 1000 + 2 * 350)
    close(desk, clock, Month(2024, 1))
    assert desk.ask(balance_of, "payer_receivable") == 1000 + 350
    draft = desk.ask(draft_statement, agreement, desk.today)
    told = {(one.kind, one.person_id, one.amount) for one in draft.lines}
    assert told == {(Owed.FEE, named, 1000), (Owed.DUE, named, 350)}
    issue = desk.do(issue_statement, agreement_id=agreement)
    assert sum(one.amount for one in desk.ask(lines_of, issue)) == 1350
    # Told once: the next months owe the contribution alone.
    close(desk, clock, Month(2024, 2))
    again = desk.ask(draft_statement, agreement, desk.today)
    assert [(one.kind, one.amount) for one in again.lines] == [(Owed.DUE, 350)]
    assert not desk.ask(control_differences)
    assert verify_desk(desk).clean


def test_a_commitment_by_name_takes_nothing_off_a_fee_of_the_household(desk: Desk) -> None:
    plan = a_plan(desk, plan_code="P2", entry_fee=1000, effect_rule=EffectRule.FIRST_OF_MONTH)
    home = a_household(desk, 2, plan_id=plan)
    agreement = agreed(desk, share=100, pays_fee=True)
    covered(desk, agreement, home.household_id, person_id=home.person_ids[1])
    assert desk.ask(account_of, home.household_id, desk.today).to_pay == 1000 + 350


def told(said: Text | str) -> str:
    return said if isinstance(said, str) else speak(said, "en")


def cash_lines(desk: Desk) -> list[tuple[str, str, int, int, bool]]:
    pack = country(desk.country)
    box = desk.ask(box_at, pack, Place("cash_main"))
    assert box is not None
    return [
        (one.number, told(one.said), one.came_in.minor, one.went_out.minor, one.cancelled)
        for one in desk.ask(cash_book, pack, box, Month(2024, 1)).rows
    ]


def test_a_groups_sum_is_one_line_of_the_cash_book_with_its_receipts_behind(desk: Desk) -> None:
    """Two households of 2 and 1 at 350, one that paid at the desk before: 350, then 1,050."""
    group = a_group(desk)
    own = a_household(desk, 1).household_id
    a_payment(desk, own, 350)
    homes(desk, group, 2, 1)
    done = desk.do(
        pay_for_group,
        request_id=a_request(),
        group_id=group,
        amount=Money(1050, desk.currency),
    )
    number = done.money.number
    assert cash_lines(desk) == [
        ("CO-2024-01-A-0001", "Receipt: contributions", 350, 0, False),
        (number, "Coopérative: a sum for 2 households", 1050, 0, False),
    ]
    pack = country(desk.country)
    box = desk.ask(box_at, pack, Place("cash_main"))
    assert box is not None
    book = desk.ask(cash_book, pack, box, Month(2024, 1))
    assert [one.came_in.minor for one in book.rows[1].parts] == [700, 350]
    # Its own number stands before it; each receipt's beside that receipt.
    assert book.rows[1].paper == ""
    assert [one.paper for one in book.rows[1].parts] == [one.number for one in done.receipts]
    behind = [told(one.said) for one in book.rows[1].parts]
    assert [one.number for one in done.receipts] == [words.split()[1] for words in behind]
    assert book.rows[-1].balance == book.after == Money(1400, desk.currency)
    desk.do(
        reverse_group_payment,
        request_id=a_request(),
        group_payment_id=done.money.id,
        reason="Of another month",
    )
    assert [line[2:] for line in cash_lines(desk)] == [
        (350, 0, False),
        (1050, 0, True),
        (0, 1050, True),
    ]
    assert cash_lines(desk)[2][1] == "Coopérative: the sum for 2 households is given back"


def test_a_receipt_of_a_sum_taken_back_by_itself_stays_a_line_of_its_own(desk: Desk) -> None:
    group = a_group(desk)
    homes(desk, group, 2, 1)
    done = desk.do(
        pay_for_group,
        request_id=a_request(),
        group_id=group,
        amount=Money(1050, desk.currency),
    )
    desk.do(
        contributions.reverse_payment,
        request_id=a_request(),
        payment_id=done.receipts[1].payment_id,
        reason="They paid twice",
    )
    assert [line[2:4] for line in cash_lines(desk)] == [(1050, 0), (0, 350)]
