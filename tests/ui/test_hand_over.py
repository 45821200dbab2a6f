"""A collector hands over in the window: counted, told in words, signed by both. Source: D06.

Bintou carries 3,100 since 10 January; it is the 15th. Awa sits in front and takes over.
"""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from stepdesk.contributions.queries import carried_by, hand_over_by_number, hand_overs
from stepdesk.contributions.service import open_session
from stepdesk.contributions.terms import HandOver
from stepdesk.ledger.queries import balance_of
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.cash.counting_forms import CountingForm, HandOverForm
from stepdesk.ui.cash.facts import Tab
from stepdesk.ui.cash.line_form import LineForm
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.theme import Theme
from tests.builders import SECOND, a_household, a_payment, a_plan, a_section
from tests.ledger.kit import francs
from tests.ui.test_pages import Opens, opens  # noqa: F401 - a fixture
from tests.ui.window import Window, plain

TWO = ("Awa", "Bintou")
THREE = ("Awa", "Bintou", "Moussa")
BACK = Qt.KeyboardModifier.ShiftModifier


def a_carrier(desk: Desk, clock: SetClock) -> None:
    """Bintou, or Awa where nobody else is there, took 3,100 on the 10th."""
    a_section(desk)
    a_plan(desk)
    who = desk.colleagues()[-1 if len(desk.colleagues()) < 3 else 1].id
    a_payment(desk, a_household(desk, 6), 3100, collector_id=who)
    clock.set(date(2024, 1, 15))


def collectors(window: Window) -> CashPage:
    return window.go(CashPage, "cash", tab=Tab.COLLECTORS)


def begun(window: Window) -> HandOverForm:
    """The form after Enter on the collector who carries longest."""
    page = collectors(window)
    assert page.table.hasFocus()
    window.key(Qt.Key.Key_Return)
    assert page.hand_over.isVisible()
    assert page.hand_over.pieces[10_000].hasFocus()
    return page.hand_over


def counted(window: Window, **pieces: int) -> None:
    """Type how many there are of each note and coin, Enter behind each: `n1000=3`."""
    for value in (10_000, 5_000, 2_000, 1_000, 500, 250, 200, 100, 50, 25, 10, 5):
        many = pieces.get(f"n{value}")
        window.type(f"{many or ''}\n")


def slip(window: Window, number: str = "H-2024-A-000001") -> HandOver:
    found = window.desk.ask(hand_over_by_number, number, window.desk.currency)
    assert found is not None
    return found


def slips(window: Window) -> int:
    return len(window.desk.ask(hand_overs, window.desk.currency, latest=10))


def still_carried(window: Window) -> list[tuple[str, int]]:
    told = window.desk.ask(carried_by, window.desk.currency, window.desk.today)
    return [(one.name, one.amount.minor) for one in told]


def papers(window: Window) -> int:
    return sum(one.isVisible() for one in window.page(CashPage).findChildren(PaperWindow))


def away(window: Window) -> None:
    """Close the slip that is shown."""
    for paper in window.page(CashPage).findChildren(PaperWindow):
        paper.close()
    window.window.activateWindow()
    window.wait()


def test_what_is_counted_is_taken_over_and_both_sign(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    assert plain(form.head.text()) == (
        "Bintou hands over. Carried: 3,100 F CFA, since 10 January 2024, 5 days"
    )
    counted(window, n2000=1, n1000=1, n100=1)
    assert form.amount.hasFocus()
    assert form.amount.value() == 3100
    assert (
        plain(form.total.text()) == "Handed over: 3,100 F CFA (three thousand one hundred F CFA)"
    )
    assert form.difference.text() == "This is all that is carried."
    assert not form.reason.isVisible()
    window.type("\n")
    assert form.second.password.hasFocus()
    window.type(f"{SECOND}\n")
    told = slip(window)
    assert (told.collector, told.handed, told.difference) == ("Bintou", francs(3100), francs(0))
    assert told.pieces == {2000: 1, 1000: 1, 100: 1}
    assert not told.single_control
    assert window.desk.ask(balance_of, "cash_main") == 3100
    assert still_carried(window) == []
    assert papers(window) == 1


WORDS = {
    "en": (
        "Handed over: 3,000 F CFA (three thousand F CFA)",
        "Missing: 100 F CFA (one hundred F CFA). Bintou still owes it.",
    ),
    "fr": (
        "Versé : 3 000 F CFA (trois mille F CFA)",
        "Manque : 100 F CFA (cent F CFA). Bintou le doit encore.",
    ),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_less_than_is_carried_asks_why_and_stays_owed(
    opens: Opens,  # noqa: F811
    language: str,
) -> None:
    window = opens(a_carrier, people=TWO, language=language)
    form = begun(window)
    counted(window, n1000=3)
    assert (plain(form.total.text()), plain(form.difference.text())) == WORDS[language]
    acts = window.desk.acts
    window.type("\n")
    assert form.reason.hasFocus()
    window.type(f"\n{SECOND}\n")
    assert "100" in plain(form.error("difference_reason"))
    assert form.reason.hasFocus()
    assert window.desk.acts == acts
    window.type("Lost at the ford\n")
    assert form.second.password.hasFocus()
    window.type("\n")
    told = slip(window)
    assert (told.handed, told.difference) == (francs(3000), francs(-100))
    assert told.difference_reason == "Lost at the ford"
    assert still_carried(window) == [("Bintou", 100)]
    assert window.desk.ask(balance_of, "collector") == 100


def test_an_amount_may_be_typed_where_nothing_is_counted(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    counted(window)
    assert form.amount.hasFocus()
    acts = window.desk.acts
    window.type(f"3000\n\n{SECOND}\n")
    assert "100" in plain(form.error("difference_reason"))
    assert window.desk.acts == acts
    window.type("The rest on Friday\n\n")
    told = slip(window)
    assert (told.handed, told.pieces) == (francs(3000), {})
    assert told.difference_reason == "The rest on Friday"
    assert not told.single_control


def test_an_amount_that_was_typed_does_not_follow_the_count(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    acts = window.desk.acts
    form.amount.setFocus()
    window.type("3100")
    form.begin_count()
    counted(window, n1000=3)
    window.type(f"\n{SECOND}\n")
    assert plain(form.error("piece10000")).startswith(
        "The notes and coins make 3,000 F CFA, not 3,100 F CFA."
    )
    assert form.pieces[10_000].hasFocus()
    assert window.desk.acts == acts
    # The amount taken away, it follows again.
    form.amount.setFocus()
    form.amount.selectAll()
    window.key(Qt.Key.Key_Delete)
    form.pieces[100].setFocus()
    window.type("1")
    assert form.amount.value() == 3100


def refused_more(window: Window, _form: HandOverForm) -> None:
    counted(window, n5000=1)
    window.type(f"\n{SECOND}\n")


def refused_nothing(window: Window, _form: HandOverForm) -> None:
    counted(window)
    window.type(f"\n{SECOND}\n")


def refused_ahead(window: Window, form: HandOverForm) -> None:
    form.day.setFocus()
    form.day.selectAll()
    window.type("20/01/2024")
    form.begin_count()
    counted(window, n2000=1, n1000=1, n100=1)
    window.type(f"\n{SECOND}\n")


def refused_no_number(window: Window, form: HandOverForm) -> None:
    window.type("\n3x\n")
    form.button.click()
    window.wait()


@pytest.mark.parametrize(
    ("does", "field", "says"),
    [
        (refused_more, "amount", "This collector carries 3,100 F CFA."),
        (refused_nothing, "amount", "Enter an amount above zero."),
        (refused_ahead, "day", "20 January 2024 is still ahead."),
        (refused_no_number, "piece5000", "This is not a number."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_written(
    opens: Opens,  # noqa: F811
    does: Callable[[Window, HandOverForm], None],
    field: str,
    says: str,
) -> None:
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    acts = window.desk.acts
    does(window, form)
    assert form.error(field)
    assert plain(form.error(field)).startswith(says)
    assert QApplication.focusWidget() is form._places[field].widget
    assert window.desk.acts == acts


def test_a_wrong_password_is_said_beside_it(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    counted(window, n2000=1, n1000=1, n100=1)
    acts = window.desk.acts
    window.type("\n\n")
    assert form.second.form.error("second_password")
    window.type("four wrong words\n")
    assert form.second.form.error("second_password")
    assert form.second.password.hasFocus()
    assert window.desk.acts == acts
    window.type(f"{SECOND}\n")
    assert slip(window).handed == francs(3100)


def test_enter_twice_gives_one_slip(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    counted(window, n1000=1)
    window.type("\nThe rest on Friday\n")
    window.type(SECOND)
    for _ in range(2):
        window.qtbot.keyClick(form.second.password, Qt.Key.Key_Return)
    window.wait()
    assert slips(window) == 1
    assert still_carried(window) == [("Bintou", 2100)]


def test_one_person_alone_takes_over_under_single_control(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier)
    form = begun(window)
    assert not form.second.needed()
    assert "One person alone keeps this desk" in form.second._alone.text()
    counted(window, n2000=1, n1000=1, n100=1)
    window.type("\n")
    told = slip(window)
    assert (told.collector, told.handed, told.single_control) == ("Awa", francs(3100), True)


def signers(form: HandOverForm) -> list[str]:
    return [tile.text() for tile in form.second.people._group.buttons()]


def test_the_collector_alone_may_sign_as_the_second(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=THREE)
    form = begun(window)
    assert [one.strip() for one in signers(form)] == ["Bintou"]


def test_who_hands_over_what_they_carry_lets_the_other_sign(opens: Opens) -> None:  # noqa: F811
    def mine(desk: Desk, clock: SetClock) -> None:
        a_section(desk)
        a_plan(desk)
        a_payment(desk, a_household(desk, 6), 3100, collector_id=desk.person.staff_id)
        clock.set(date(2024, 1, 15))

    window = opens(mine, people=THREE)
    form = begun(window)
    assert [one.strip() for one in signers(form)] == ["Bintou", "Moussa"]
    counted(window, n2000=1, n1000=1, n100=1)
    window.type(f"\n{SECOND}\n")
    assert (slip(window).collector, slip(window).single_control) == ("Awa", False)


def test_money_in_the_bag_of_an_open_session_is_told_apart(opens: Opens) -> None:  # noqa: F811
    def with_a_bag(desk: Desk, clock: SetClock) -> None:
        a_carrier(desk, clock)
        session_id = desk.do(open_session, place="Market", collector_id=desk.colleagues()[1].id)
        a_payment(desk, a_household(desk, 2), 1700, session_id=session_id)

    window = opens(with_a_bag, people=TWO)
    page = collectors(window)
    assert plain(page.model.cell(0, 3).text) == "4,800"
    form = begun(window)
    assert "Carried: 3,100 F CFA" in plain(form.head.text())
    assert plain(form.note.text()).startswith("1,700 F CFA more lie in the bag")


# Afterwards


def test_a_slip_is_shown_again_from_the_list_and_from_the_cash_book(
    opens: Opens,  # noqa: F811
) -> None:
    window = opens(a_carrier, people=TWO)
    begun(window)
    counted(window, n1000=3)
    window.type(f"\nLost at the ford\n{SECOND}\n")
    away(window)
    page = window.page(CashPage)
    cells = [plain(page._slip_rows.cell(0, at).text) for at in range(6)]
    assert cells == ["H-2024-A-000001", "15/01/2024", "Bintou", "3,000", "100", "Lost at the ford"]
    acts = window.desk.acts
    page.slips.setFocus()
    window.key(Qt.Key.Key_Return)
    assert papers(window) == 1
    away(window)
    page.table.setFocus()
    window.key(Qt.Key.Key_F9, BACK)
    assert papers(window) == 1
    away(window)
    book = window.go(CashPage, "cash", tab=Tab.BOOK)
    book.table.go_to(book.model.rowCount() - 1)
    window.key(Qt.Key.Key_F9, BACK)
    assert papers(window) == 1
    assert not book.entry.error()
    assert window.desk.acts == acts


def test_what_is_carried_is_left_alone_on_the_way_back(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    counted(window, n1000=3)
    acts = window.desk.acts
    window.key(Qt.Key.Key_Escape)
    page = window.page(CashPage)
    assert page.table.isVisible()
    assert page.table.hasFocus()
    assert not form.isVisible()
    assert window.desk.acts == acts
    window.key(Qt.Key.Key_F6)
    assert form.pieces[1000].value() is None


def test_tab_goes_through_the_form_in_the_order_it_is_read(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = begun(window)
    form.pieces[1000].setFocus()
    window.type("3")
    form.pieces[5].setFocus()
    wanted = (
        form.amount,
        form.box,
        form.day,
        form.reason,
        *form.second.people.tiles(),
        form.second.password,
        form.button,
        form.back,
    )
    for widget in wanted:
        window.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget
    form.pieces[5].setFocus()
    window.key(Qt.Key.Key_Up)
    assert form.pieces[10].hasFocus()


def test_a_line_that_was_added_stands_before_the_day_for_tab_too(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO)
    form = window.go(CashPage, "cash", tab=Tab.JOURNALS).by_hand
    account = form.lines_typed()[-1][0]
    account.setCurrentIndex(account.findData("travel"))
    added = form.lines_typed()[-1]
    assert added[0] is not account
    window.wait()
    added[3].setFocus()
    assert added[3].hasFocus()
    window.key(Qt.Key.Key_Tab)
    assert form.day.hasFocus()


# In sight


def in_sight(area: PageArea, widget: QWidget) -> bool:
    """Whether all of a widget is seen without scrolling."""
    view = area.viewport()
    corner = widget.mapTo(view, QPoint(0, 0))
    return view.rect().contains(widget.rect().translated(corner.x(), corner.y()), proper=False)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("zoom", [100, 125])
@pytest.mark.parametrize("what", ["hand over", "count"])
def test_pieces_password_and_button_are_seen_together(
    opens: Opens,  # noqa: F811
    qapp: QApplication,
    what: str,
    zoom: int,
    language: str,
) -> None:
    theme.apply(qapp, Theme(zoom=zoom))
    window = opens(a_carrier, people=THREE, language=language)
    form: CountingForm
    if what == "count":
        page = window.go(CashPage, "cash")
        window.key(Qt.Key.Key_F12)
        form = page.count
    else:
        form = begun(window)
        counted(window, n1000=3)
    window.wait()
    area = window.window.frame.stack.currentWidget()
    assert isinstance(area, PageArea)
    seen = (
        form.pieces[10_000],
        form._places["difference_reason"].widget,
        form.second.password,
        form.button,
    )
    assert [in_sight(area, one) for one in seen] == [True] * 4


@pytest.mark.parametrize("zoom", [100, 125])
@pytest.mark.parametrize(
    ("tab", "name"),
    [(Tab.JOURNALS, "by_hand"), (Tab.OPENING, "opening"), (Tab.RULES, "rules")],
)
def test_where_the_cursor_is_in_the_password_the_button_is_seen_too(
    opens: Opens,  # noqa: F811
    qapp: QApplication,
    tab: Tab,
    name: str,
    zoom: int,
) -> None:
    theme.apply(qapp, Theme(zoom=zoom))
    window = opens(a_carrier, people=TWO, language="fr")
    form: LineForm = getattr(window.go(CashPage, "cash", tab=tab), name)
    form.second.password.setFocus(Qt.FocusReason.TabFocusReason)
    window.wait()
    area = window.window.frame.stack.currentWidget()
    assert isinstance(area, PageArea)
    window.qtbot.waitUntil(lambda: in_sight(area, form.button))
    assert in_sight(area, form.second.password)


def test_every_field_has_a_name_for_who_does_not_see_it(opens: Opens) -> None:  # noqa: F811
    window = opens(a_carrier, people=TWO, language="fr")
    form = begun(window)
    counted(window, n1000=3)
    names = [
        plain(one.accessibleName())
        for one in (form.pieces[500], form.amount, form.reason, form.box, form.day)
    ]
    assert names == [
        "Nombre de 500 F CFA",
        "Versé",
        "Pourquoi il est versé moins",
        "Dans la caisse",
        "Date",
    ]
    assert window.page(CashPage).slips.accessibleName() == "Bordereaux de versement"


@pytest.mark.parametrize(
    ("language", "faces", "typed"),
    [("en", ["100", "5", "0.50"], "5.50"), ("fr", ["100", "5", "0,50"], "5,50")],
)
def test_where_there_are_small_coins_they_are_written_as_in_the_language(
    opens: Opens,  # noqa: F811
    language: str,
    faces: list[str],
    typed: str,
) -> None:
    """Pieces of 100, 5 and 0.50; one of 5 and one of 0.50 make 5.50."""
    window = opens(a_carrier, people=TWO, country="ZZ", language=language)
    form = begun(window)
    assert [form._places[f"piece{one}"].words.text() for one in (10_000, 500, 50)] == faces
    for value in (500, 50):
        form.pieces[value].setFocus()
        window.type("1")
    assert form.amount.value() == 550
    assert form.amount.text() == typed
