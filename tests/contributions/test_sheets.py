"""Collection sheets: the same lines in the same order, and many receipts in one act."""

from collections.abc import Sequence
from datetime import date

import pytest

from stepdesk.contributions.queries import (
    latest_sheets,
    pictured_sheet,
    receipts_of_session,
    sheet_by_number,
    sheet_lines,
)
from stepdesk.contributions.service import (
    enter_sheet,
    open_session,
    print_sheets,
    reverse_payment,
)
from stepdesk.contributions.terms import CollectionSheet, SheetEntered, SheetEntry
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.members.service import resign
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import SheetId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request, a_section

FIRST = 1000 + 350  # entry fee and one month of one person


def sheet_of(desk: Desk, sheet_id: SheetId) -> CollectionSheet:
    return desk.ask(sheet_lines, sheet_id, desk.today, desk.currency)


def enter(
    desk: Desk, sheet_id: SheetId, entries: Sequence[SheetEntry], **told: object
) -> SheetEntered:
    return desk.do(enter_sheet, sheet_id=sheet_id, entries=entries, **told)  # type: ignore[arg-type]


def line(desk: Desk, place: int, amount: int = FIRST, **told: object) -> SheetEntry:
    return SheetEntry(place, Money(amount, desk.currency), a_request(), **told)  # type: ignore[arg-type]


@pytest.fixture
def round_of_three(desk: Desk) -> SheetId:
    """Three households of one person each in Koula, on one sheet."""
    section = a_section(desk, "Koula")
    for _ in range(3):
        a_household(desk, 1, section_id=section)
    (sheet_id,) = desk.do(print_sheets, title="Koula", section_id=section)
    return sheet_id


def test_sheets_keep_walking_order_by_section_and_number_forty_a_page(desk: Desk) -> None:
    plan = a_plan(desk)
    koula, sira = a_section(desk, "Koula"), a_section(desk, "Sira")
    there = [a_household(desk, 1, section_id=sira, plan_id=plan) for _ in range(2)]
    here = [a_household(desk, 1, section_id=koula, plan_id=plan) for _ in range(41)]
    first, second = desk.do(print_sheets, title="all")
    one, two = sheet_of(desk, first), sheet_of(desk, second)
    assert (one.number, two.number) == ("F-2024-A-000001", "F-2024-A-000002")
    wanted = [home.household_id for home in [*here, *there]]
    assert [row.household_id for row in one.lines] == wanted[:40]
    assert [row.household_id for row in two.lines] == wanted[40:]
    assert [row.place for row in two.lines] == [1, 2, 3]
    assert desk.ask(latest_sheets) == (second, first)


def test_the_number_brings_the_same_lines_after_moves_and_new_households(desk: Desk) -> None:
    homes = [a_household(desk, 1) for _ in range(3)]
    turned = [home.household_id for home in reversed(homes)]
    (sheet_id,) = desk.do(print_sheets, household_ids=turned)
    a_household(desk, 1)
    for told in ("F-2024-A-000001", " f-2024-a-000001 "):
        assert desk.ask(sheet_by_number, told) == sheet_id
    assert [row.household_id for row in sheet_of(desk, sheet_id).lines] == turned
    for wrong in ("F-2024-A-000002", "R-2024-A-000001", "F-2024-A", "F-20x4-A-000001", ""):
        assert desk.ask(sheet_by_number, wrong) is None


def test_who_left_is_not_visited(desk: Desk, clock: SetClock) -> None:
    stays, goes = a_household(desk, 1), a_household(desk, 1)
    a_payment(desk, goes, FIRST)
    desk.do(
        resign, household_id=goes.household_id, letter_on=date(2024, 1, 10), on=date(2024, 1, 31)
    )
    clock.set(date(2024, 3, 1))
    (sheet_id,) = desk.do(print_sheets)
    assert [row.household_id for row in sheet_of(desk, sheet_id).lines] == [stays.household_id]


def test_a_sheet_tells_what_is_expected_late_and_paid(desk: Desk, clock: SetClock) -> None:
    paid, late = a_household(desk, 1), a_household(desk, 2)
    for home, months in ((paid, 3), (late, 1)):
        size = 1 if home is paid else 2
        a_payment(desk, home, 1000 + months * size * 350)
    clock.set(date(2024, 4, 20))  # February to April were called
    (sheet_id,) = desk.do(print_sheets)
    told = [
        (row.due.minor, row.late.minor, row.covered_through, row.beneficiaries)
        for row in sheet_of(desk, sheet_id).lines
    ]
    assert told == [
        (350, 0, date(2024, 4, 30), 1),
        (1400, 1400, date(2024, 2, 29), 2),
    ]
    sheet = sheet_of(desk, sheet_id)
    assert sheet.due.minor == 1750
    assert pictured_sheet(desk, sheet) == sheet


def test_a_sheet_of_nobody_is_refused(desk: Desk) -> None:
    section = a_section(desk)
    with pytest.raises(Refusal) as refused:
        desk.do(print_sheets, section_id=section)
    assert refused.value.field == "section"
    home = a_household(desk, 1).household_id
    with pytest.raises(Refusal) as refused:
        desk.do(print_sheets, household_ids=[home, home])
    assert refused.value.field == "household"
    with pytest.raises(LookupError):
        sheet_of(desk, SheetId(bytes(16)))


def test_a_sheet_is_entered_by_one_act_with_a_receipt_a_line(
    desk: Desk, round_of_three: SheetId
) -> None:
    session_id = desk.do(open_session, place="Koula")
    acts, cash = desk.acts, Money(2 * FIRST, desk.currency)
    entries = [line(desk, 1), line(desk, 3)]
    told = enter(desk, round_of_three, entries, cash=cash, session_id=session_id)
    assert desk.acts == acts + 1
    assert [one.number for one in told.receipts] == ["R-2024-A-000001", "R-2024-A-000002"]
    assert (told.total, told.difference) == (cash, Money(0, desk.currency))
    assert len(desk.ask(receipts_of_session, session_id, desk.currency)) == 2
    assert [row.entered for row in sheet_of(desk, round_of_three).lines] == [
        ("R-2024-A-000001",),
        (),
        ("R-2024-A-000002",),
    ]
    assert enter(desk, round_of_three, entries, cash=cash) == told
    assert desk.acts == acts + 1
    assert verify_desk(desk).clean


def test_a_line_that_is_refused_leaves_nothing_of_the_sheet(
    desk: Desk, round_of_three: SheetId
) -> None:
    acts = desk.acts
    with pytest.raises(Refusal) as refused:
        enter(desk, round_of_three, [line(desk, 1), line(desk, 2, 0)])
    assert refused.value.field == "2:amount"
    assert speak(refused.value.text, "en") == "Line 2: Enter an amount above zero."
    assert desk.acts == acts
    assert all(not row.entered for row in sheet_of(desk, round_of_three).lines)


@pytest.mark.parametrize(
    ("places", "field"), [([1, 4], "4:place"), ([2, 2], "2:place"), ([], "sheet")]
)
def test_lines_a_sheet_does_not_have_are_refused(
    desk: Desk, round_of_three: SheetId, places: list[int], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        enter(desk, round_of_three, [line(desk, place) for place in places])
    assert refused.value.field == field
    with pytest.raises(Refusal) as refused:
        enter(desk, SheetId(bytes(16)), [line(desk, 1)])
    assert refused.value.field == "sheet"


def test_doubts_are_told_of_all_lines_together_and_accepted_line_by_line(
    desk: Desk, round_of_three: SheetId
) -> None:
    entries = [line(desk, 1, 100_000), line(desk, 2), line(desk, 3, 100_000)]
    cash = Money(200_000, desk.currency)
    acts = desk.acts
    with pytest.raises(Caution) as doubted:
        enter(desk, round_of_three, entries, cash=cash)
    told = [(one.name, one.field) for one in doubted.value.doubts]
    assert told == [
        ("much:1", "1:amount"),
        ("ahead:1", "1:amount"),
        ("much:3", "3:amount"),
        ("ahead:3", "3:amount"),
        ("cash_differs", "cash"),
    ]
    with pytest.raises(Caution) as doubted:
        enter(desk, round_of_three, entries, accepting=frozenset({"much:1", "ahead:1", "much"}))
    assert [one.name for one in doubted.value.doubts] == ["much:3", "ahead:3"]
    assert desk.acts == acts
    accepted = frozenset({"much:1", "ahead:1", "much:3", "ahead:3", "cash_differs"})
    done = enter(desk, round_of_three, entries, cash=cash, accepting=accepted)
    assert done.difference == Money(-FIRST, desk.currency)


def test_a_line_typed_in_before_is_doubted_until_its_receipt_is_cancelled(
    desk: Desk, round_of_three: SheetId
) -> None:
    (receipt,) = enter(desk, round_of_three, [line(desk, 2)]).receipts
    with pytest.raises(Caution) as doubted:
        enter(desk, round_of_three, [line(desk, 2, 350)])
    assert [one.name for one in doubted.value.doubts] == ["entered:2", "same_day:2"]
    assert "R-2024-A-000001" in speak(doubted.value.doubts[0].text, "en")
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=receipt.payment_id, reason="wrong line"
    )
    assert len(enter(desk, round_of_three, [line(desk, 2)]).receipts) == 1


def test_the_closed_month_of_a_sheet_is_doubted_once_for_all_lines(
    desk: Desk, clock: SetClock, round_of_three: SheetId
) -> None:
    paid_on = desk.today
    clock.set(date(2024, 2, 12))
    with desk.work("close_month") as work:
        close_month(work, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    entries = [line(desk, 1), line(desk, 2), line(desk, 3, 40_000)]
    with pytest.raises(Caution) as doubted:
        enter(desk, round_of_three, entries, paid_on=paid_on)
    # 40 000 are much more than the 350 of a month; that is said of its line.
    names = [one.name for one in doubted.value.doubts]
    assert names.count("closed_month") == 1
    assert "much:3" in names
    told = enter(desk, round_of_three, entries, paid_on=paid_on, accepting=frozenset(names))
    assert [one.paid_on for one in told.receipts] == [paid_on] * 3
