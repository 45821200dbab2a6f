"""Groups and hand-overs by the keys alone."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from stepdesk.contributions.queries import carried_by
from stepdesk.ledger.queries import balance_of
from stepdesk.members.queries import household_of_number
from stepdesk.payers.queries import groups
from stepdesk.payers.service import add_group, place_household
from stepdesk.payers.terms import GroupKind
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.cash.facts import Tab
from stepdesk.ui.cash.page import CashPage
from tests.builders import a_household, a_payment, a_plan, a_section
from tests.ui.test_collection import Opens, Screen, opens  # noqa: F401 - a fixture
from tests.ui.test_pages import opens as opens_window  # noqa: F401 - a fixture
from tests.ui.window import Opens as OpensWindow
from tests.ui.window import plain


def a_group(desk: Desk, _clock: SetClock) -> None:
    """The women of Koula: households 45 and 46, in this order."""
    desk.do(add_group, code="GIE", name="GIE Koula", kind=GroupKind.WOMEN, people=20)
    group = desk.ask(groups, desk.today)[0]
    for number in ("45", "46"):
        household = desk.ask(household_of_number, number)
        assert household is not None
        desk.do(place_household, group_id=group.id, household_id=household, on=desk.today)


def test_a_group_pays_by_its_list_with_the_keys_alone(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=a_group)
    screen.open()
    screen.key(Qt.Key.Key_F6)
    form = screen.view.several
    screen.key(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    screen.key(Qt.Key.Key_Space)
    assert form.group.hasFocus()
    screen.keys("\n")
    assert form.amount.hasFocus()
    # 1 700 are asked of each: of 4 000 that leaves 600, which are kept as credit.
    screen.keys("4000")
    assert [line.paid for line in form.lines()] == [1700, 1700]
    assert "600" in plain(form.doubt.words())
    screen.keys("\n")
    assert screen.in_search(), form.doubt.words()
    assert sum(one.amount.minor for one in screen.receipts()) == 4000
    assert [one.household_number[3:9] for one in reversed(screen.receipts())][:2] == [
        "000045",
        "000046",
    ]


def click(screen: Screen, button: QPushButton) -> None:
    screen.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    screen.wait()


def test_a_number_still_in_its_field_is_not_lost_when_the_mouse_records_all(
    opens: Opens,  # noqa: F811
) -> None:
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F6)
    form = screen.view.several
    screen.keys("45\n46")
    acts = screen.desk.acts
    click(screen, form.button)
    # 1,700 each: the second household came to the list, and the sum is looked at first.
    assert [line.number for line in form.lines()] == ["01-000045-5", "01-000046-3"]
    assert "three thousand four hundred" in form._sum.text()
    assert "01-000046-3 is on the list now too" in form.doubt.words()
    assert form.number.text() == ""
    assert screen.desk.acts == acts
    click(screen, form.button)
    assert [one.amount.minor for one in screen.receipts()] == [1700, 1700]


def test_a_wrong_number_in_its_field_holds_the_mouse_back(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F6)
    form = screen.view.several
    screen.keys("45\n470")
    acts = screen.desk.acts
    click(screen, form.button)
    assert form.forms["household"].error("household").startswith("No household 470")
    assert screen.desk.acts == acts
    # Mended with Enter, it says nothing of a number that was left.
    form.number.setText("")
    screen.keys("46\n")
    assert form.doubt.words() == ""
    screen.keys("\n")
    assert len(screen.receipts()) == 2


def carried(desk: Desk, clock: SetClock) -> None:
    """Awa carries 700 of a household, taken outside of a session."""
    a_section(desk)
    a_plan(desk)
    clock.set(date(2024, 1, 10))
    a_payment(desk, a_household(desk, 2), 1700, collector_id=desk.person.staff_id)


def test_what_a_collector_carries_is_handed_over_with_the_keys_alone(
    opens_window: OpensWindow,  # noqa: F811
) -> None:
    window = opens_window(carried)
    page = window.go(CashPage, "cash", tab=Tab.COLLECTORS)
    desk = window.desk
    assert [one.amount.minor for one in desk.ask(carried_by, desk.currency, desk.today)] == [1700]
    assert page.table.hasFocus()
    window.key(Qt.Key.Key_Return)
    acts = desk.acts
    # Enter on each note and coin there is none of, then the amount.
    window.type(12 * "\n" + "1800\n")
    assert plain(page.hand_over.error("amount")).startswith("This collector carries 1,700")
    assert desk.acts == acts
    window.type("1700\n")
    assert desk.ask(carried_by, desk.currency, desk.today) == ()
    assert desk.ask(balance_of, "cash_main") == 1700
