"""Receipts, reversals, sessions and their entries, in a real book."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import (
    account_of,
    carried_by,
    hand_over_of,
    plans,
    receipt_gaps,
    receipt_of,
    receipts_of,
    receipts_of_session,
    session_of,
    sessions,
)
from stepdesk.contributions.service import (
    add_plan,
    bring_in_due,
    bring_in_receipt,
    close_session,
    contribute,
    hand_over_cash,
    open_session,
    reverse_payment,
    version_plan,
)
from stepdesk.contributions.terms import (
    Basis,
    CollectionSession,
    Count,
    Due,
    EffectRule,
    Means,
    Part,
    Periodicity,
    PlanVersion,
    ReceiptLine,
    Renewal,
    Target,
)
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger.queries import balance_of, entry_of, unbalanced, vouchers
from stepdesk.ledger.service import note_excess, spend
from stepdesk.ledger.terms import Line, Place, VoucherKind
from stepdesk.members.service import readmit, register_household, resign
from stepdesk.members.terms import Birth, BirthKnown
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EntryId, HouseholdId, PaymentId, SessionId, StaffId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import (
    SECOND,
    a_household,
    a_payment,
    a_plan,
    a_request,
    a_section,
    open_copy,
    persons,
)

XOF = Currency("XOF", 0)
NOT_COUNTED = frozenset({"not_counted"})


def francs(amount: int) -> Money:
    return Money(amount, XOF)


def lines_of(desk: Desk, payment_id: PaymentId) -> tuple[str, tuple[Line, ...]]:
    with desk.read() as connection:
        entry_id = connection.exec_driver_sql(
            "SELECT entry_id FROM payment WHERE id = ?", (payment_id,)
        ).scalar_one()
        entry = entry_of(connection, EntryId(entry_id))
    return entry.rule, entry.lines


def second_of(desk: Desk) -> StaffId:
    return desk.keys.tiles()[1].staff_id


def reverse(desk: Desk, payment_id: PaymentId, reason: str = "wrong household"):  # type: ignore[no-untyped-def]  # noqa: ANN201
    with desk.work("reverse_payment") as work:
        if len(desk.keys.tiles()) > 1:
            work.second(second_of(desk), SECOND)
        return reverse_payment(work, request_id=a_request(), payment_id=payment_id, reason=reason)


def test_golden_2_4a_from_the_desk_to_the_ledger(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 1, 10))
    household = a_household(desk, 6)
    receipt = a_payment(desk, household, 6300)
    assert receipt.number == "R-2024-A-000001"
    assert receipt.covered_through == date(2024, 3, 31)
    assert set(receipt.lines) == {
        ReceiptLine(Target.ENTRY_FEE, francs(1000)),
        ReceiptLine(Target.DUE, francs(2100), date(2024, 2, 1), date(2024, 2, 29)),
        ReceiptLine(Target.DUE, francs(2100), date(2024, 3, 1), date(2024, 3, 31)),
        ReceiptLine(Target.CREDIT, francs(1100)),
    }
    assert lines_of(desk, receipt.payment_id) == (
        "P02",
        (Line("cash_main", 6300), Line("entry_fee", -1000), Line("contrib_advance", -5300)),
    )
    clock.set(date(2024, 4, 20))
    again = a_payment(desk, household, 1000)
    assert again.covered_through == date(2024, 4, 30)
    assert set(again.lines) == {
        ReceiptLine(Target.DUE, francs(2100), date(2024, 4, 1), date(2024, 4, 30)),
        ReceiptLine(Target.CREDIT, francs(-1100)),
    }
    account = desk.ask(account_of, household.household_id, date(2024, 5, 1))
    assert (account.rights_from, account.credit) == (date(2024, 5, 1), 0)


def test_the_same_request_twice_gives_one_receipt(desk: Desk) -> None:
    household, request = a_household(desk), a_request()
    first = a_payment(desk, household, 3100, request_id=request)
    acts = desk.acts
    assert a_payment(desk, household, 3100, request_id=request) == first
    assert desk.acts == acts
    assert len(desk.ask(receipts_of, household.household_id, XOF)) == 1


def test_a_collector_owes_what_he_took_until_he_hands_it_over(two_people_desk: Desk) -> None:
    desk = two_people_desk
    collector = second_of(desk)
    a_payment(desk, None, 3100, collector_id=collector)
    assert desk.ask(balance_of, "collector") == 3100
    assert desk.ask(balance_of, "cash_main") == 0
    with pytest.raises(Refusal) as refused:
        desk.do(
            hand_over_cash, request_id=a_request(), collector_id=collector, amount=francs(3200)
        )
    assert refused.value.field == "amount"
    request = a_request()
    for _ in range(2):
        desk.do(hand_over_cash, request_id=request, collector_id=collector, amount=francs(3100))
    assert desk.ask(balance_of, "collector") == 0
    assert desk.ask(balance_of, "cash_main") == 3100


@pytest.mark.parametrize(
    ("means", "box"), [(Means.CASH, "cash_main"), (Means.BANK, "bank"), (Means.MOBILE, "momo")]
)
def test_money_lies_where_it_came_in(desk: Desk, means: Means, box: str) -> None:
    a_payment(desk, None, 3100, means=means, reference="MP240110.0917.A1")
    assert desk.ask(balance_of, box) == 3100


@pytest.mark.parametrize(
    ("amount", "told", "field"),
    [
        (0, {}, "amount"),
        (-5, {}, "amount"),
        (3101, {}, "amount"),
        (3100, {"paid_on": date(2024, 1, 11)}, "day"),
        (3100, {"session_id": b"x" * 16}, "session"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(
    desk: Desk, amount: int, told: dict[str, Any], field: str
) -> None:
    household, acts = a_household(desk), desk.acts
    with pytest.raises(Refusal) as refused:
        a_payment(desk, household, amount, **told)
    assert refused.value.field == field
    assert desk.acts == acts


def test_a_household_that_does_not_exist_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        a_payment(desk, HouseholdId(b"n" * 16), 100)
    assert refused.value.field == "household"


def test_an_extra_zero_is_doubted_and_may_be_accepted(desk: Desk) -> None:
    household = a_household(desk)
    with pytest.raises(Caution) as doubted:
        a_payment(desk, household, 31000)
    # Twelve months of 2,100 and the fee are 26,200: the rest would be credit.
    assert [doubt.name for doubt in doubted.value.doubts] == ["much", "ahead"]
    receipt = a_payment(desk, household, 31000, accepting=frozenset({"much", "ahead"}))
    assert receipt.amount == francs(31000)


def test_money_of_a_household_that_has_ended_is_doubted(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk, 2)
    a_payment(desk, household, 1000 + 700)
    clock.set(date(2024, 3, 10))
    desk.do(
        resign,
        household_id=household.household_id,
        letter_on=date(2024, 3, 10),
        on=date(2024, 3, 11),
    )
    # Until the day before the ending its contributions are called as before.
    a_payment(desk, household, 700)
    clock.set(date(2024, 3, 11))
    with pytest.raises(Caution) as doubted:
        a_payment(desk, household, 700)
    assert [(doubt.name, doubt.field) for doubt in doubted.value.doubts] == [
        ("ended", "household")
    ]
    receipt = a_payment(desk, household, 700, accepting=frozenset({"ended"}))
    assert receipt.amount == francs(700)
    desk.do(readmit, household_id=household.household_id, on=date(2024, 3, 11))
    a_payment(desk, household, 700)


def test_a_receipt_of_a_closed_month_keeps_its_day_and_is_booked_in_the_open_one(
    desk: Desk, clock: SetClock
) -> None:
    household = a_household(desk)
    a_payment(desk, household, 3100)
    clock.set(date(2024, 2, 3))
    desk.do(close_month, month=Month(2024, 1), accepting=NOT_COUNTED)
    with pytest.raises(Caution) as doubted:
        a_payment(desk, household, 2100, paid_on=date(2024, 1, 20))
    assert [doubt.name for doubt in doubted.value.doubts] == ["closed_month"]
    receipt = a_payment(
        desk,
        household,
        2100,
        paid_on=date(2024, 1, 20),
        accepting=frozenset({"closed_month"}),
    )
    assert receipt.paid_on == date(2024, 1, 20)
    with desk.read() as connection:
        day = connection.exec_driver_sql(
            "SELECT e.day FROM entry e JOIN payment p ON p.entry_id = e.id WHERE p.id = ?",
            (receipt.payment_id,),
        ).scalar_one()
    assert day == "2024-02-03"


def test_a_reversal_gives_back_and_stays_in_sight(two_people_desk: Desk) -> None:
    desk = two_people_desk
    household = a_household(desk)
    wrong = a_payment(desk, household, 6300)
    reversal = reverse(desk, wrong.payment_id)
    assert reversal.amount == francs(-6300)
    assert (reversal.reverses, reversal.reason) == (wrong.number, "wrong household")
    assert not reversal.single_control
    with desk.read() as connection:
        assert receipt_of(connection, wrong.payment_id, XOF).reversed_by == reversal.number
        assert receipt_gaps(connection) == []
    assert lines_of(desk, reversal.payment_id) == (
        "P30",
        (Line("cash_main", -6300), Line("entry_fee", 1000), Line("contrib_advance", 5300)),
    )
    account = desk.ask(account_of, household.household_id, desk.today)
    assert (account.entered_on, account.credit, account.entry_fee_open) == (None, 0, 1000)


def test_what_later_payments_bought_is_allotted_anew(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk)
    wrong = a_payment(desk, household, 5200)
    clock.set(date(2024, 4, 3))
    a_payment(desk, household, 4200)
    reverse(desk, wrong.payment_id)
    # What is left is 4,200 paid on 3 April: the fee, May, and 1,100 of credit.
    account = desk.ask(account_of, household.household_id, desk.today)
    assert account.effect_date == date(2024, 5, 1)
    assert (account.covered_through, account.credit) == (date(2024, 5, 31), 1100)
    assert desk.ask(control_differences) == {}


def test_a_reversal_does_not_change_what_was_answered_before(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk)
    wrong = a_payment(desk, household, 9400)
    clock.set(date(2024, 5, 10))
    before = desk.ask(account_of, household.household_id, date(2024, 5, 9))
    reverse(desk, wrong.payment_id)
    assert desk.ask(account_of, household.household_id, date(2024, 5, 9)) == before


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reversal_needs_a_reason(desk: Desk, reason: str) -> None:
    receipt = a_payment(desk)
    with pytest.raises(Refusal) as refused:
        reverse(desk, receipt.payment_id, reason)
    assert refused.value.field == "reason"


def test_a_reversal_needs_another_person_than_the_one_who_took_the_money(
    two_people_desk: Desk,
) -> None:
    desk = two_people_desk
    receipt = a_payment(desk)
    with pytest.raises(Refusal) as refused:
        desk.do(
            reverse_payment, request_id=a_request(), payment_id=receipt.payment_id, reason="wrong"
        )
    assert refused.value.field == "second"
    first = desk.person.staff_id
    desk.switch(second_of(desk), SECOND)
    with desk.work("reverse_payment") as work:
        work.second(first, "four words are good")
        with pytest.raises(Refusal) as own:
            reverse_payment(
                work, request_id=a_request(), payment_id=receipt.payment_id, reason="wrong"
            )
    assert own.value.field == "second"


def test_a_receipt_whose_money_was_spent_is_not_reversed_before_the_right_one_is_there(
    desk: Desk,
) -> None:
    """Found by a year of random verbs: the cash box stood below nothing."""
    wrong = a_payment(desk, None, 3000)
    told: dict[str, Any] = {"role": "supplies", "label": "Paper", "day": desk.today}
    desk.do(spend, request_id=a_request(), amount=francs(2500), **told)
    before = desk.acts
    with pytest.raises(Refusal) as refused:
        reverse(desk, wrong.payment_id)
    assert (refused.value.field, desk.acts) == ("receipt", before)
    right = a_payment(desk, None, 2500)
    reverse(desk, wrong.payment_id)
    with desk.read() as connection:
        assert balance_of(connection, "cash_main") == 0
    with pytest.raises(Refusal):
        reverse(desk, right.payment_id)


def test_a_lone_person_may_reverse_and_the_paper_says_so(desk: Desk) -> None:
    assert reverse(desk, a_payment(desk).payment_id).single_control


def test_a_receipt_is_reversed_once_and_a_reversal_never(desk: Desk) -> None:
    wrong = a_payment(desk)
    reversal = reverse(desk, wrong.payment_id)
    for payment_id in (wrong.payment_id, reversal.payment_id, PaymentId(b"?" * 16)):
        with pytest.raises(Refusal) as refused:
            reverse(desk, payment_id)
        assert refused.value.field == "receipt"


def test_a_session_enters_the_cash_book_when_it_is_counted_and_signed(
    two_people_desk: Desk,
) -> None:
    desk = two_people_desk
    session_id = desk.do(open_session, place="Marché", float_amount=francs(500))
    a_payment(desk, None, 3100, session_id=session_id)
    assert desk.ask(balance_of, "cash_main") == 0
    with pytest.raises(Refusal) as unsigned:
        desk.do(close_session, session_id=session_id, count=Count({1000: 3, 500: 1, 100: 1}))
    assert unsigned.value.field == "second"
    with desk.work("close_session") as work:
        work.second(second_of(desk), SECOND)
        closed = close_session(work, session_id=session_id, count=Count({1000: 3, 500: 1, 100: 1}))
    assert not closed.open
    assert closed.counted == francs(3600)
    assert desk.ask(balance_of, "cash_main") == 3100
    assert desk.ask(balance_of, "collector") == 0
    with pytest.raises(Refusal):
        a_payment(desk, None, 3100, session_id=session_id)
    assert desk.ask(sessions, XOF, open_only=True) == ()


def test_a_difference_in_the_bag_wants_a_reason(desk: Desk) -> None:
    session_id = desk.do(open_session, place="Marché")
    a_payment(desk, None, 3100, session_id=session_id)
    with pytest.raises(Refusal) as refused:
        desk.do(close_session, session_id=session_id, count=Count({1000: 3}))
    assert refused.value.field == "difference_reason"
    desk.do(
        close_session,
        session_id=session_id,
        count=Count({1000: 3}),
        difference_reason="100 lost at the ford",
    )
    # The shortage stays owed by who collected.
    assert desk.ask(balance_of, "collector") == 100
    assert desk.ask(balance_of, "cash_main") == 3000


def short_of(desk: Desk, counted: dict[int, int], *, in_bag: int = 0) -> None:
    """A session of 3,100 whose bag holds less than it should."""
    session_id = desk.do(open_session, place="Marché", float_amount=francs(in_bag))
    a_payment(desk, None, 3100, session_id=session_id)
    desk.do(
        close_session,
        session_id=session_id,
        count=Count(counted),
        difference_reason="lost at the ford",
    )


def test_what_was_missing_in_a_session_may_be_handed_over_later(desk: Desk) -> None:
    me = desk.person.staff_id
    short_of(desk, {1000: 3})
    with pytest.raises(Refusal) as refused:
        desk.do(hand_over_cash, request_id=a_request(), collector_id=me, amount=francs(200))
    assert refused.value.text.values == {"carried": francs(100)}
    entry_id = desk.do(hand_over_cash, request_id=a_request(), collector_id=me, amount=francs(100))
    assert desk.ask(balance_of, "cash_main") == 3100
    assert desk.ask(balance_of, "collector") == 0
    assert desk.ask(carried_by, XOF, desk.today) == ()
    slip = desk.ask(hand_over_of, entry_id, XOF)
    assert (slip.before, slip.lines, slip.handed) == (francs(100), (), francs(100))
    assert desk.ask(control_differences) == {}


def test_money_in_the_bag_of_an_open_session_is_counted_with_it(desk: Desk) -> None:
    a_payment(desk, None, 3100, session_id=desk.do(open_session, place="Marché"))
    with pytest.raises(Refusal) as refused:
        desk.do(
            hand_over_cash,
            request_id=a_request(),
            collector_id=desk.person.staff_id,
            amount=francs(3100),
        )
    assert refused.value.field == "amount"


def test_a_float_that_is_missing_is_owed_by_who_carried_the_bag(desk: Desk) -> None:
    a_payment(desk, None, 5000)
    short_of(desk, {1000: 1, 500: 1}, in_bag=2000)
    # 5,100 should be there, 1,500 are: all receipts and 500 of the box's own money are missing.
    assert desk.ask(balance_of, "cash_main") == 5000 - 500
    assert desk.ask(balance_of, "collector") == 3100
    assert desk.ask(balance_of, "staff") == 500
    assert desk.ask(control_differences) == {}


def test_a_float_the_box_never_held_cannot_be_missing_from_it(desk: Desk) -> None:
    with pytest.raises(Refusal):
        short_of(desk, {1000: 1, 500: 1}, in_bag=2000)
    assert desk.ask(balance_of, "collector") == 3100
    assert [one.open for one in desk.ask(sessions, XOF)] == [True]


def test_money_too_much_in_the_bag_is_a_gift(desk: Desk) -> None:
    session_id = desk.do(open_session, place="Marché")
    a_payment(desk, None, 3100, session_id=session_id)
    desk.do(
        close_session,
        session_id=session_id,
        count=Count({1000: 3, 200: 1}),
        difference_reason="somebody left 100",
    )
    assert desk.ask(balance_of, "cash_main") == 3200
    assert desk.ask(balance_of, "gift") == -100
    assert desk.ask(unbalanced) == []
    # Money that came in has a numbered voucher, as what a count finds has. Handbook 3.4.
    (paper,) = desk.ask(vouchers, country(desk.country), first=desk.today, last=desk.today)
    assert (paper.number, paper.kind, paper.label) == (
        "E-2024-571-A-0001",
        VoucherKind.COUNT,
        "somebody left 100",
    )
    assert (paper.amount, paper.role) == (Money(100, XOF), "gift")


def test_what_is_too_much_is_booked_only_in_a_box_there_is(desk: Desk) -> None:
    told: dict[str, Any] = {"amount": 100, "day": desk.today, "reason": "found", "single": True}
    with pytest.raises(Refusal) as refused:
        desk.do(note_excess, box=Place("gift"), **told)
    assert refused.value.field == "box"


def test_a_session_lists_its_receipts_newest_first(desk: Desk) -> None:
    session_id = desk.do(open_session, place="Marché")
    first = a_payment(desk, None, 3100, session_id=session_id)
    second = a_payment(desk, None, 3100, session_id=session_id)
    found = desk.ask(receipts_of_session, session_id, XOF)
    assert [one.number for one in found] == [second.number, first.number]


def the_session(desk: Desk, session_id: SessionId) -> CollectionSession:
    found = desk.ask(session_of, session_id, XOF)
    assert found is not None
    return found


def test_of_the_sessions_before_the_latest_are_listed_and_every_open_one(desk: Desk) -> None:
    places = [f"Round {at}" for at in range(4)]
    opened = [desk.do(open_session, place=place) for place in places]
    for session_id in opened[1:]:
        desk.do(close_session, session_id=session_id, count=Count())
    told = [one.place for one in desk.ask(sessions, XOF, latest=2)]
    assert told == ["Round 3", "Round 2", "Round 0"]
    assert [one.place for one in desk.ask(sessions, XOF)] == places[::-1]
    assert [one.place for one in desk.ask(sessions, XOF, open_only=True)] == ["Round 0"]
    assert [the_session(desk, one).place for one in opened] == places


def test_a_session_nobody_is_named_for_is_answered_for_by_who_opened_it(
    two_people_desk: Desk,
) -> None:
    desk = two_people_desk
    mine = desk.do(open_session, place="Marché")
    hers = desk.do(open_session, place="Marché", collector_id=second_of(desk))
    told = [the_session(desk, one) for one in (mine, hers)]
    assert [(one.collector, one.carrier) for one in told] == [("", "Awa"), ("Bintou", "Bintou")]


def test_a_place_is_needed_to_open_a_session(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        desk.do(open_session, place=" ")
    assert refused.value.field == "place"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"day": date(2024, 1, 11)}, "day"),
        ({"float_amount": francs(-5)}, "float_amount"),
        ({"float_amount": francs(10**14)}, "float_amount"),
    ],
)
def test_a_session_is_not_opened_ahead_or_with_a_float_that_cannot_be(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        desk.do(open_session, place="Marché", **told)
    assert refused.value.field == field
    assert desk.ask(sessions, XOF) == ()


def test_cover_given_and_unpaid_is_owed_and_later_paid_off(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk)
    a_payment(desk, household, 3100)
    for month in (1, 2, 3):
        clock.set(Month(2024, month).until)
        desk.do(close_month, month=Month(2024, month), accepting=NOT_COUNTED)
    # March was given in grace (due 5 March, grace to 4 April): owed.
    assert desk.ask(balance_of, "member_receivable") == 2100
    clock.set(date(2024, 4, 3))
    receipt = a_payment(desk, household, 2100)
    assert lines_of(desk, receipt.payment_id) == (
        "P06",
        (Line("cash_main", 2100), Line("member_receivable", -2100)),
    )
    clock.set(date(2024, 5, 1))
    desk.do(close_month, month=Month(2024, 4), accepting=NOT_COUNTED)
    assert desk.ask(control_differences) == {}
    # February and March are earned once each; April was called, covered in grace and is owed.
    assert desk.ask(balance_of, "contribution") == -6300
    assert desk.ask(balance_of, "member_receivable") == 2100


def test_a_plan_changes_by_a_new_version_only(desk: Desk) -> None:
    plan_id = a_plan(desk)
    version = desk.ask(plans)[plan_id][0]
    later = PlanVersion(
        id=version.id,
        plan_id=plan_id,
        code=version.code,
        name=version.name,
        first_day=date(2024, 7, 1),
        amount=400,
    )
    desk.do(version_plan, version=later)
    assert [one.amount for one in desk.ask(plans)[plan_id]] == [350, 400]
    with pytest.raises(Refusal) as taken:
        desk.do(add_plan, code="P1")
    assert taken.value.field == "code"
    wrong = PlanVersion(
        id=version.id, plan_id=plan_id, code="", name="Base", first_day=date(2024, 1, 1), amount=-1
    )
    with pytest.raises(Refusal) as refused:
        desk.do(version_plan, version=wrong)
    assert refused.value.field == "amount"


def test_nothing_depends_on_francs(tmp_path: Path, clock: SetClock) -> None:
    with open_copy(tmp_path / "zed", "ZZ", clock=clock) as desk:
        plan_id = a_plan(desk, amount=375, entry_fee=1050, rounding=1)
        household = a_household(desk, 3, section_id=a_section(desk), plan_id=plan_id)
        receipt = a_payment(desk, household, 1050 + 3 * 375 * 2 + 7)
        assert receipt.amount.currency == Currency("XTS", 2)
        assert receipt.covered_through == date(2024, 3, 31)
        account = desk.ask(account_of, household.household_id, desk.today)
        assert account.credit == 7
        assert verify_desk(desk).clean


def test_the_receipt_code_depends_on_amount_day_household_and_the_scheme() -> None:
    from stepdesk.contributions.queries import receipt_code

    household, payment = HouseholdId(b"h" * 16), PaymentId(b"p" * 16)
    code = receipt_code(b"secret", payment, household, 100, date(2024, 1, 1))
    assert len(code) == 6
    others = {
        receipt_code(b"secret", payment, household, 101, date(2024, 1, 1)),
        receipt_code(b"secret", payment, household, 100, date(2024, 1, 2)),
        receipt_code(b"secret", payment, HouseholdId(b"g" * 16), 100, date(2024, 1, 1)),
        receipt_code(b"other", payment, household, 100, date(2024, 1, 1)),
    }
    assert code not in others
    assert len(others) == 4


def test_contribute_is_the_verb_of_every_caller(desk: Desk) -> None:
    household = a_household(desk)
    with desk.work("contribute") as work:
        receipt = contribute(
            work, request_id=a_request(), household_id=household.household_id, amount=francs(3100)
        )
    assert desk.ask(receipts_of, household.household_id, XOF) == (receipt,)


def test_no_reversal_moves_what_was_paid_before_the_book(desk: Desk, clock: SetClock) -> None:
    plan_id = a_plan(
        desk,
        basis=Basis.PER_HOUSEHOLD,
        periodicity=Periodicity.ANNUAL,
        amount=1200,
        entry_fee=0,
        waiting_months=0,
        due_day=None,
        grace_days=0,
        effect_rule=EffectRule.PAYMENT_DATE,
        renewal=Renewal.ON_PAYMENT,
        max_advance_periods=1,
    )
    household = a_household(desk, 3, plan_id=plan_id)
    version = desk.ask(plans)[plan_id][0]
    before = Due(date(2023, 2, 1), date(2024, 2, 1), date(2023, 2, 1), 1200, version.id)
    with desk.work("bring_in") as work:
        due_id = bring_in_due(work, household_id=household.household_id, due=before)
        bring_in_receipt(
            work,
            request_id=a_request(),
            household_id=household.household_id,
            number="RE36",
            serial=1,
            paid_on=date(2023, 3, 10),
            means=Means.CASH,
            parts=(Part(Target.DUE, 1200, replace(before, id=due_id)),),
            covered_through=date(2024, 1, 31),
        )
    clock.set(date(2024, 2, 1))
    wrong = a_payment(desk, household, 1200)
    assert wrong.covered_through == date(2025, 1, 31)
    reversal = reverse(desk, wrong.payment_id)
    assert reversal.lines == (
        ReceiptLine(Target.DUE, francs(-1200), date(2024, 2, 1), date(2025, 1, 31)),
    )
    account = desk.ask(account_of, household.household_id, date(2024, 1, 31))
    assert account.covered_through == date(2024, 1, 31)


def test_money_of_the_next_month_does_not_move_the_month_being_closed(
    desk: Desk, clock: SetClock
) -> None:
    household = a_household(desk)
    a_payment(desk, household, 3100)
    for month in (1, 2, 3):
        clock.set(Month(2024, month).until)
        desk.do(close_month, month=Month(2024, month), accepting=NOT_COUNTED)
    clock.set(date(2024, 5, 4))
    # Six persons at 350: March (owed since its closing) and April, paid in May.
    a_payment(desk, household, 4200)
    april = desk.do(close_month, month=Month(2024, 4), accepting=NOT_COUNTED)
    stand = {row.role: row.balance.minor for row in april.balance.rows}
    # At the end of April March was owed and 1 to 4 April, 4/30 of 2,100; suspended from the 5th.
    # Nothing was paid in advance.
    assert (stand["member_receivable"], stand.get("contrib_advance", 0)) == (2380, 0)
    assert stand["contribution"] == -(2100 + 2100 + 280)
    clock.set(date(2024, 6, 1))
    desk.do(close_month, month=Month(2024, 5), accepting=NOT_COUNTED)
    assert desk.ask(control_differences) == {}
    assert desk.ask(balance_of, "contrib_advance") == 0


def test_new_terms_never_begin_in_a_closed_month(desk: Desk, clock: SetClock) -> None:
    plan_id = a_plan(desk)
    a_payment(desk, a_household(desk), 3100)
    clock.set(date(2024, 2, 1))
    desk.do(close_month, month=Month(2024, 1), accepting=NOT_COUNTED)
    first = desk.ask(plans)[plan_id][0]
    with pytest.raises(Refusal) as refused:
        desk.do(version_plan, version=replace(first, first_day=date(2024, 1, 31), amount=400))
    assert refused.value.field == "first_day"
    desk.do(version_plan, version=replace(first, first_day=date(2024, 2, 1), amount=400))
    assert [one.amount for one in desk.ask(plans)[plan_id]] == [350, 400]


def test_a_plan_keeps_the_length_of_its_periods(desk: Desk) -> None:
    plan_id = a_plan(desk)
    first = desk.ask(plans)[plan_id][0]
    later = replace(first, first_day=date(2024, 7, 1), periodicity=Periodicity.ANNUAL)
    with pytest.raises(Refusal) as refused:
        desk.do(version_plan, version=later)
    assert refused.value.field == "periodicity"


def test_a_form_is_recorded_once_and_never_for_something_else(desk: Desk) -> None:
    request = a_request()
    household, other = a_household(desk), a_household(desk)
    first = a_payment(desk, household, 3100, request_id=request)
    assert a_payment(desk, household, 3100, request_id=request) == first
    for whose, amount in ((household, 2100), (other, 3100)):
        with pytest.raises(Refusal) as refused:
            a_payment(desk, whose, amount, request_id=request)
        assert refused.value.field == "request"
    assert desk.ask(balance_of, "cash_main") == 3100


def test_no_doubt_accepted_lets_an_absurd_amount_in(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        a_payment(desk, None, 10**12 + 5, accepting=frozenset({"much"}))
    assert refused.value.field == "amount"


def test_only_cash_is_carried(two_people_desk: Desk) -> None:
    collector = second_of(two_people_desk)
    with pytest.raises(Refusal) as refused:
        a_payment(two_people_desk, None, 3100, means=Means.MOBILE, collector_id=collector)
    assert refused.value.field == "means"


def test_no_receipt_is_older_than_the_household(desk: Desk) -> None:
    household = a_household(desk)
    with pytest.raises(Refusal) as refused:
        a_payment(desk, household, 3100, paid_on=date(2023, 10, 5))
    assert refused.value.field == "day"


def test_a_child_past_the_age_limit_is_not_paid_for(desk: Desk, clock: SetClock) -> None:
    family = persons(2)
    child = replace(family[1], birth=Birth(date(2006, 3, 15), BirthKnown.DAY))
    a_plan(desk)
    household = desk.do(
        register_household,
        section_id=a_section(desk),
        plan_id=next(iter(desk.ask(plans))),
        persons=[family[0], child],
    )
    # Cover begins in February: two months for two, then for one: 18 on 15 March 2024, limit 18.
    a_payment(desk, household.household_id, 1000 + 2 * 700 + 2 * 350)
    clock.set(date(2024, 6, 1))
    account = desk.ask(account_of, household.household_id, date(2024, 6, 1))
    assert {state.due.first_day.month: state.due.amount for state in account.called} == {
        2: 700,
        3: 700,
        4: 350,
        5: 350,
        6: 350,
    }
    assert account.covered_through == date(2024, 5, 31)


def test_nothing_is_owed_for_days_without_cover(desk: Desk, clock: SetClock) -> None:
    household = a_household(desk)
    a_payment(desk, household, 3100)
    for month in (1, 2, 3, 4, 5, 6):
        clock.set(Month(2024, month).until)
        desk.do(close_month, month=Month(2024, month), accepting=NOT_COUNTED)
    # February is paid. March (due on the 5th, grace 30 days) and 1 to 4 April were covered on
    # trust: 2,100 and 4/30 of 2,100. From 5 April the household is suspended: no entry (P07).
    assert desk.ask(balance_of, "member_receivable") == 2100 + 280
    assert desk.ask(balance_of, "contribution") == -(2100 + 2100 + 280)
    assert desk.ask(control_differences) == {}


def test_a_receipt_cancelled_after_the_count_is_paid_back_from_the_cash_box(
    two_people_desk: Desk,
) -> None:
    desk = two_people_desk
    session_id = desk.do(open_session, place="Marché", float_amount=francs(0))
    taken = a_payment(desk, None, 3100, session_id=session_id, collector_id=desk.person.staff_id)
    with desk.work("close_session") as work:
        work.second(second_of(desk), SECOND)
        close_session(work, session_id=session_id, count=Count({1000: 3, 100: 1}))
    reverse(desk, taken.payment_id)
    assert desk.ask(balance_of, "cash_main") == 0
    assert desk.ask(balance_of, "collector") == 0
    assert desk.ask(carried_by, XOF, desk.today) == ()
    assert desk.ask(control_differences) == {}
