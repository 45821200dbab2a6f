"""What is refused, doubted and undone when money is taken, and what credit does in the book."""

from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.model import booklet
from stepdesk.contributions.queries import account_of, receipt_of, receipts_of
from stepdesk.contributions.service import (
    close_session,
    contribute,
    open_session,
    reverse_payment,
    spend_credit,
    undo_last,
)
from stepdesk.contributions.terms import (
    ChargeAdded,
    Count,
    Goods,
    Leaf,
    Means,
    Receipt,
    ReceiptLine,
    Target,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger.queries import balance_of, unbalanced
from stepdesk.members.service import record_death
from stepdesk.members.terms import Registered
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BookletId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_plan, a_request

XOF = Currency("XOF", 0)


def francs(amount: int) -> Money:
    return Money(amount, XOF)


def take(desk: Desk, household: Registered, amount: int, **told: Any) -> Receipt:
    """A contribution with nothing accepted."""
    return desk.do(
        contribute,
        request_id=a_request(),
        household_id=household.household_id,
        amount=francs(amount),
        **told,
    )


def doubts(desk: Desk, household: Registered, amount: int, **told: Any) -> list[tuple[str, str]]:
    acts = desk.acts
    with pytest.raises(Caution) as doubted:
        take(desk, household, amount, **told)
    assert desk.acts == acts
    return [(doubt.name, doubt.field) for doubt in doubted.value.doubts]


def refused(desk: Desk, household: Registered, amount: int, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        take(desk, household, amount, **told)
    assert desk.acts == acts
    return no.value.field


# --- Doubts


def test_a_second_receipt_of_a_day_is_doubted_and_names_the_first(desk: Desk) -> None:
    household = a_household(desk, 2)
    first = take(desk, household, 1700)
    with pytest.raises(Caution) as doubted:
        take(desk, household, 700)
    (doubt,) = doubted.value.doubts
    assert (doubt.name, doubt.text.values["number"]) == ("same_day", first.number)
    assert doubt.text.values["amount"] == francs(1700)
    take(desk, household, 700, accepting=frozenset({"same_day"}))


def test_another_day_and_another_household_are_not_doubted(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk, 2)
    take(desk, household, 1700)
    take(desk, a_household(desk, 2), 1700)
    clock.set(date(2024, 1, 11))
    take(desk, household, 700)


def test_more_than_may_be_paid_ahead_is_doubted_with_what_would_be_left(desk: Desk) -> None:
    plan = a_plan(desk, max_advance_periods=1)
    household = a_household(desk, 2, plan_id=plan)
    with pytest.raises(Caution) as doubted:
        take(desk, household, 1000 + 3 * 700)
    (doubt,) = doubted.value.doubts
    assert (doubt.name, doubt.field) == ("ahead", "amount")
    assert dict(doubt.text.values) == {"day": date(2024, 2, 29), "left": francs(1400)}
    receipt = take(desk, household, 3100, accepting=frozenset({"ahead"}))
    assert ReceiptLine(Target.CREDIT, francs(1400)) in receipt.lines


def test_mobile_money_wants_the_number_of_its_transfer_once(desk: Desk) -> None:
    household, other = a_household(desk, 2), a_household(desk, 2)
    assert doubts(desk, household, 1700, means=Means.MOBILE) == [("no_reference", "reference")]
    take(desk, household, 1700, means=Means.MOBILE, reference=" MP240110.0917 ")
    assert refused(desk, other, 1700, means=Means.MOBILE, reference="MP240110.0917") == "reference"
    take(desk, other, 1700, means=Means.BANK, reference="MP240110.0917")


# --- In kind, booklets, instalments


def test_millet_is_kept_as_produce_with_its_value(desk: Desk) -> None:
    household = a_household(desk, 2)
    assert refused(desk, household, 1700, means=Means.IN_KIND) == "goods"
    millet = Goods("mil", 8500, "kg", francs(200))
    assert refused(desk, household, 1500, means=Means.IN_KIND, goods=millet) == "goods"
    assert refused(desk, household, 1700, goods=millet) == "goods"
    receipt = take(desk, household, 1700, means=Means.IN_KIND, goods=millet)
    assert receipt.means is Means.IN_KIND
    assert desk.ask(balance_of, "produce_stock") == 1700
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT product, thousandths, unit, unit_value FROM in_kind"
        ).one()
    assert tuple(row) == ("mil", 8500, "kg", 200)
    assert verify_desk(desk).clean


def a_booklet(desk: Desk) -> BookletId:
    with desk.work("receive_booklet") as work:
        booklet_id = BookletId(work.new_id())
        work.insert(
            booklet,
            id=booklet_id,
            kind="RECEIPT",
            serial=3,
            first_leaf=101,
            last_leaf=150,
            received_on=work.today,
        )
    return booklet_id


def test_a_leaf_is_of_its_booklet_and_typed_in_once(desk: Desk) -> None:
    household, other, mine = a_household(desk, 2), a_household(desk, 2), a_booklet(desk)
    assert refused(desk, household, 1700, leaf=Leaf(mine, 151)) == "leaf"
    assert refused(desk, household, 1700, leaf=Leaf(BookletId(b"n" * 16), 101)) == "leaf"
    take(desk, household, 1700, leaf=Leaf(mine, 101))
    assert refused(desk, other, 1700, leaf=Leaf(mine, 101)) == "leaf"
    take(desk, other, 1700, leaf=Leaf(mine, 102))


def test_the_last_part_of_a_contribution_must_complete_it(desk: Desk, clock: SetClock) -> None:
    plan = a_plan(desk, max_instalments=2, amount=3000, entry_fee=0)
    household = a_household(desk, 2, plan_id=plan)
    take(desk, household, 2500)
    clock.set(date(2024, 1, 20))
    assert refused(desk, household, 2500) == "amount"
    assert take(desk, household, 3500).covered_through == date(2024, 2, 29)


# --- Undo


def a_session(desk: Desk):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return desk.do(open_session, place="Marché")


def test_the_last_receipt_of_an_open_session_is_undone_alone_and_marked(
    two_people_desk: Desk,
) -> None:
    desk = two_people_desk
    session = a_session(desk)
    first, second = a_household(desk, 2), a_household(desk, 2)
    kept = take(desk, first, 1700, session_id=session)
    wrong = take(desk, second, 2400, session_id=session)
    undone = desk.do(undo_last, request_id=a_request(), session_id=session, reason="Annulé")
    assert (undone.reverses, undone.amount, undone.single_control) == (
        wrong.number,
        francs(-2400),
        True,
    )
    assert desk.ask(balance_of, "collector") == 1700
    # The next one to undo is the receipt before it.
    again = desk.do(undo_last, request_id=a_request(), session_id=session, reason="Annulé")
    assert again.reverses == kept.number
    with pytest.raises(Refusal) as no:
        desk.do(undo_last, request_id=a_request(), session_id=session, reason="Annulé")
    assert no.value.field == "session"
    assert desk.ask(control_differences) == {}
    assert verify_desk(desk).clean


def test_undoing_twice_by_one_request_undoes_once(desk: Desk) -> None:
    session, request = a_session(desk), a_request()
    take(desk, a_household(desk, 2), 1700, session_id=session)
    take(desk, a_household(desk, 2), 1700, session_id=session)
    once = desk.do(undo_last, request_id=request, session_id=session, reason="Annulé")
    assert desk.do(undo_last, request_id=request, session_id=session, reason="Annulé") == once
    assert desk.ask(balance_of, "collector") == 1700


def test_nothing_is_undone_alone_once_the_bag_was_counted(desk: Desk) -> None:
    session = a_session(desk)
    take(desk, a_household(desk, 2), 1700, session_id=session)
    desk.do(close_session, session_id=session, count=Count({100: 17}))
    with pytest.raises(Refusal) as no:
        desk.do(undo_last, request_id=a_request(), session_id=session, reason="Annulé")
    assert no.value.field == "session"


# --- Credit, penalties and adjustments in the book


def test_credit_spent_by_itself_is_written_down_with_the_next_receipt(
    desk: Desk, clock: SetClock
) -> None:
    plan = a_plan(desk, max_advance_periods=1)
    household = a_household(desk, 2, plan_id=plan)
    first = take(desk, household, 1000 + 3 * 700, accepting=frozenset({"ahead"}))
    clock.set(date(2024, 5, 20))
    before = [
        desk.ask(account_of, household.household_id, date(2024, month, day))
        for month, day in ((3, 1), (4, 1), (5, 1))
    ]
    assert [one.covered_through for one in before] == [
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 4, 30),
    ]
    next_one = take(desk, household, 700)
    assert next_one.lines == (
        ReceiptLine(Target.DUE, francs(700), date(2024, 5, 1), date(2024, 5, 31)),
    )
    # The first receipt says what it said.
    assert set(desk.ask(receipt_of, first.payment_id, XOF).lines) == set(first.lines)
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT a.spent_on, a.target, a.amount FROM allocation a"
            " WHERE a.spent_on IS NOT NULL ORDER BY a.spent_on, a.target DESC"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("2024-03-01", "DUE", 700),
        ("2024-03-01", "CREDIT", -700),
        ("2024-04-01", "DUE", 700),
        ("2024-04-01", "CREDIT", -700),
    ]
    after = [
        desk.ask(account_of, household.household_id, date(2024, month, day))
        for month, day in ((3, 1), (4, 1), (5, 1))
    ]
    for one, other in zip(before, after, strict=True):
        assert (one.covered_through, one.credit, one.suspensions) == (
            other.covered_through,
            other.credit,
            other.suspensions,
        )
    assert desk.ask(control_differences) == {}
    assert verify_desk(desk).clean


def test_the_closing_writes_down_what_credit_paid_and_it_is_earned(
    desk: Desk, clock: SetClock
) -> None:
    plan = a_plan(desk, max_advance_periods=1)
    household = a_household(desk, 2, plan_id=plan)
    take(desk, household, 1000 + 3 * 700, accepting=frozenset({"ahead"}))
    for month in (1, 2, 3):
        clock.set(date(2024, month + 1, 2))
        desk.do(
            close_month,
            month=Month(2024, month),
            cash_counted=francs(3100),
            accepting=frozenset({"not_counted"}),
        )
    assert desk.ask(balance_of, "contribution") == -1400
    assert desk.ask(balance_of, "contrib_advance") == -700
    assert desk.ask(control_differences) == {}
    with desk.work("spend_credit") as work:
        assert spend_credit(work, month=Month(2024, 3)) == 0
    assert unbalanced_of(desk) == []


def unbalanced_of(desk: Desk) -> list[object]:
    return list(desk.ask(unbalanced))


def test_a_reversal_after_credit_was_spent_leaves_nothing_behind(
    desk: Desk, clock: SetClock
) -> None:
    plan = a_plan(desk, max_advance_periods=1)
    household = a_household(desk, 2, plan_id=plan)
    first = take(desk, household, 1000 + 3 * 700, accepting=frozenset({"ahead"}))
    clock.set(date(2024, 3, 10))
    assert desk.ask(account_of, household.household_id, date(2024, 3, 10)).credit == 700
    desk.do(
        reverse_payment,
        request_id=a_request(),
        payment_id=first.payment_id,
        reason="autre ménage",
    )
    account = desk.ask(account_of, household.household_id, date(2024, 3, 10))
    assert (account.entered_on, account.credit, account.entry_fee_open) == (None, 0, 1000)
    # What was answered on 9 March stays.
    assert desk.ask(account_of, household.household_id, date(2024, 3, 9)).covered_through == date(
        2024, 3, 31
    )
    assert desk.ask(balance_of, "contrib_advance") == 0
    assert desk.ask(control_differences) == {}


def test_a_penalty_and_a_card_are_income_on_the_day_they_are_paid(
    desk: Desk, clock: SetClock
) -> None:
    plan = a_plan(desk, penalty_fixed=100, card_fee=250, grace_days=10)
    household = a_household(desk, 2, plan_id=plan)
    take(desk, household, 1000 + 250 + 700)
    assert desk.ask(balance_of, "card_sales") == -250
    clock.set(date(2024, 3, 20))
    # March was due on 5 March, its grace ended on the 15th.
    account = desk.ask(account_of, household.household_id, date(2024, 3, 20))
    assert (account.to_pay, account.arrears) == (800, 700)
    receipt = take(desk, household, 800)
    assert set(receipt.lines) == {
        ReceiptLine(Target.DUE, francs(700), date(2024, 3, 1), date(2024, 3, 31)),
        ReceiptLine(Target.PENALTY, francs(100), date(2024, 3, 1), date(2024, 3, 31)),
    }
    assert desk.ask(balance_of, "penalty") == -100
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT d.kind, d.amount, d.due_on, b.first_day FROM due d"
            " JOIN due b ON b.id = d.adjusts WHERE d.kind IS NOT NULL"
        ).one()
    assert tuple(row) == ("PENALTY", 100, "2024-03-16", "2024-03-01")
    assert desk.ask(account_of, household.household_id, date(2024, 3, 20)).to_pay == 0
    assert desk.ask(control_differences) == {}
    assert verify_desk(desk).clean


def test_a_death_gives_credit_for_the_paid_months_that_follow(desk: Desk, clock: SetClock) -> None:
    plan = a_plan(desk, charge_added=ChargeAdded.NEXT_PERIOD)
    household = a_household(desk, 3, plan_id=plan)
    take(desk, household, 1000 + 3 * 1050)
    clock.set(date(2024, 2, 20))
    desk.do(
        record_death,
        person_id=household.person_ids[2],
        on=date(2024, 2, 18),
    )
    account = desk.ask(account_of, household.household_id, date(2024, 2, 20))
    assert account.credit == 2 * 350
    clock.set(date(2024, 4, 10))
    # April is paid; May and June cost two 700 each, and 700 are there.
    take(desk, household, 700)
    account = desk.ask(account_of, household.household_id, date(2024, 4, 10))
    assert (account.credit, account.covered_through) == (0, date(2024, 6, 30))
    assert len(desk.ask(receipts_of, household.household_id, XOF)) == 2
    assert desk.ask(control_differences) == {}
