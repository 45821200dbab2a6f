"""The room in the window: letters of tabs, and pages that fit a small screen in large letters."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.store.desk import Desk
from stepdesk.ui import pages, theme
from stepdesk.ui.cash.facts import Tab
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.claims.page import ClaimsPage
from stepdesk.ui.help_panel import HelpPanel, HelpPlace
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.page import Page
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.providers.page import ProvidersPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Theme
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.flow import Flow
from stepdesk.ui.widgets.letters import Lettered, letters_of, spoken_for, underlined
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from tests.builders import a_household, a_plan, a_section, open_copy, wednesday
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Window as Room

Opens = Callable[..., Room]
ALT = Qt.KeyboardModifier.AltModifier
ROWS = 5


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    with ExitStack() as stack:

        def start(language: str = "en") -> Room:
            desk: Desk = open_copy(tmp_path / language, people=("Awa",), clock=wednesday())
            stack.callback(desk.close)
            a_section(desk)
            a_plan(desk)
            a_household(desk, 4)
            if language == "ar":
                speaker = stack.enter_context(from_the_right())
                room = Room(qtbot, desk, speaker=speaker)
            else:
                room = Room(qtbot, desk, language=language)
            stack.callback(room.close)
            return room

        yield start


def lettered(page: QWidget) -> list[Lettered]:
    found = [one for one in page.findChildren(QAbstractButton) if isinstance(one, Lettered)]
    return [one for one in found if one.lettered]


def letter_of(one: object) -> str:
    return str(vars(one)["_letter"])


# Letters


def test_each_gets_the_beginning_of_a_word_and_pushes_others_on() -> None:
    assert letters_of(("People", "Receipts", "Papers", "History")) == ("P", "R", "A", "H")
    # The second has no other letter than the first one's first.
    assert letters_of(("Bad", "B")) == ("A", "B")
    assert letters_of(("B", "B")) == ("B", "")
    # I, K and S open pages; É is on no key of most keyboards.
    assert letters_of(("Skis", "Été")) == ("", "T")


@given(st.lists(st.text(alphabet="abcdeéiks ", max_size=6), max_size=8))
def test_no_two_letters_are_the_same_and_none_is_one_of_the_navigation(words: list[str]) -> None:
    given_out = [letter for letter in letters_of(words) if letter]
    assert len(given_out) == len(set(given_out))
    assert not set(given_out) & spoken_for()


def test_the_letter_is_marked_where_it_stands_and_other_signs_stay() -> None:
    assert underlined("Papers & more", "A") == "P&apers && more"
    assert underlined("Papers", "") == "Papers"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_two_letters_of_a_page_clash_in_any_language(opens: Opens, language: str) -> None:
    room = opens(language)
    for entry in pages.PAGES:
        page = room.go(Page, entry.id)
        found = lettered(page)
        letters = [letter_of(one) for one in found]
        assert "" not in letters, entry.id
        assert len(letters) == len(set(letters)), entry.id
        assert not set(letters) & spoken_for(), entry.id
        assert all(letter in one.words().upper() for one, letter in zip(found, letters))  # noqa: B905
        options = [
            one for tabs in page.findChildren(Tabs) for one in tabs.findChildren(QAbstractButton)
        ]
        assert all(letter_of(one) for one in options), entry.id


def test_alt_and_a_letter_open_a_tab_from_wherever_the_cursor_is(opens: Opens) -> None:
    room = opens("fr")
    page = room.go(CashPage, "cash")
    room.key(Qt.Key.Key_P, ALT)  # À payer
    assert page.tabs.value() is Tab.TO_PAY
    room.key(Qt.Key.Key_L, ALT)  # Livre de caisse
    assert page.tabs.value() is Tab.BOOK
    members = room.go(MembersPage, "members")
    room.key(Qt.Key.Key_H, ALT)  # Historique
    assert members.card.tabs.value() == "history"
    # The keys of the navigation go on opening pages.
    room.key(Qt.Key.Key_6, ALT)
    providers = room.page(ProvidersPage)
    room.key(Qt.Key.Key_T, ALT)  # Tarifs
    assert providers.tabs.value() == "tariffs"


def test_after_a_change_of_language_the_letters_are_those_of_the_new_words(opens: Opens) -> None:
    room = opens("en")
    page = room.go(CashPage, "cash")
    room.speaker.set_language("fr")
    room.key(Qt.Key.Key_P, ALT)  # À payer; in English P was Opening
    assert page.tabs.value() is Tab.TO_PAY


# Room


def wait(room: Room) -> None:
    for _ in range(3):
        QApplication.processEvents()
    room.wait()


def wanted(table: TableView) -> int:
    """Five rows, or all there are."""
    return min(ROWS, table.model().rowCount())


def narrow(page: QWidget) -> list[str]:
    """The lists that show fewer rows than they should."""
    return [
        table.accessibleName() or type(table).__name__
        for table in page.findChildren(TableView)
        if table.isVisible()
        and table.viewport().height() < wanted(table) * table.verticalHeader().defaultSectionSize()
    ]


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_no_page_scrolls_sideways_and_each_list_shows_five_rows(
    opens: Opens, qapp: QApplication, zoom: int, language: str
) -> None:
    room = opens(language)
    theme.apply(qapp, Theme(zoom=zoom))
    frame = room.window.frame
    for entry in pages.PAGES:
        page = room.go(Page, entry.id)
        tabs = next((one for one in page.findChildren(Tabs) if one.isVisible()), None)
        for option in tabs.findChildren(QAbstractButton) if tabs is not None else [None]:
            if option is not None:
                option.click()
            for _helped in range(2):
                wait(room)
                area = frame.stack.currentWidget()
                assert isinstance(area, PageArea)
                where = (entry.id, option and option.text(), frame.help_panel.isVisible())
                assert page.width() <= area.viewport().width(), where
                assert narrow(page) == [], where
                frame.toggle_help()
        assert (room.window.width(), room.window.height()) == (1366, 768), entry.id


def test_the_help_lies_over_a_page_that_needs_its_width_away_from_the_cursor(
    qtbot: QtBot, qapp: QApplication, speaker: Speaker
) -> None:
    page, first, last = QWidget(), QLabel("one"), QLabel("two")
    for label, side in ((first, Qt.AlignmentFlag.AlignLeft), (last, Qt.AlignmentFlag.AlignRight)):
        label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        (page.layout() or QVBoxLayout(page)).addWidget(label)
        label.setFixedWidth(50)
        page.layout().setAlignment(label, side)  # type: ignore[union-attr]
    panel = HelpPanel(speaker)
    place = HelpPlace(page, panel)
    qtbot.addWidget(place)
    place.resize(1198, 600)
    place.show()
    place.activateWindow()
    first.setFocus()
    place.toggle()
    qtbot.waitUntil(lambda: page.width() == 1198 - panel.width())
    theme.apply(qapp, Theme(zoom=150))
    qtbot.waitUntil(lambda: page.width() == 1198)
    qtbot.waitUntil(lambda: panel.x() == 1198 - panel.width())
    last.setFocus()
    qtbot.waitUntil(lambda: panel.x() == 0)
    first.setFocus()
    qtbot.waitUntil(lambda: panel.x() == 1198 - panel.width())
    place.toggle()
    assert panel.isHidden()


class Turning(QWidget):
    """Asks for more room beside something than below it, as some parts do."""

    sides: Sides | None = None

    def minimumSizeHint(self):  # type: ignore[no-untyped-def]  # noqa: ANN201, N802
        hint = super().minimumSizeHint()
        hint.setWidth(900 if self.sides is not None and self.sides.beside else 300)
        return hint


def test_parts_that_need_less_room_below_each_other_do_not_turn_for_ever(qtbot: QtBot) -> None:
    first, second = Turning(), QWidget()
    sides = Sides(first, second, narrow=300)
    first.sides = sides
    turns: list[bool] = []
    sides.turned.connect(lambda: turns.append(sides.beside))
    holder = QWidget()
    qtbot.addWidget(holder)
    sides.setParent(holder)
    sides.resize(800, 300)
    holder.show()
    for height in (400, 300, 500):
        sides.resize(800, height)
        QApplication.processEvents()
    assert turns == [False]
    sides.resize(1400, 300)
    assert turns == [False, True]


def test_buttons_go_on_in_a_second_row_and_ask_for_the_widest_alone(qtbot: QtBot) -> None:
    labels = [QLabel("x") for _ in range(3)]
    for label in labels:
        label.setFixedSize(100, 20)
    flow = Flow(labels)
    qtbot.addWidget(flow)
    flow.resize(220, 100)
    flow.show()
    assert [(one.x(), one.y()) for one in labels] == [(0, 0), (108, 0), (0, 28)]
    assert (flow.minimumSizeHint().width(), flow.heightForWidth(220)) == (100, 48)
    labels[1].hide()
    qtbot.waitUntil(lambda: (labels[2].x(), labels[2].y()) == (108, 0))
    flow.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow.resize(221, 100)
    assert labels[0].x() == 121


def test_buttons_that_changed_while_their_page_was_away_stand_in_order_when_it_is_back(
    qtbot: QtBot,
) -> None:
    labels = [QLabel("x") for _ in range(3)]
    for label in labels:
        label.setFixedSize(100, 20)
    flow = Flow(labels)
    qtbot.addWidget(flow)
    flow.resize(400, 100)
    flow.show()
    flow.hide()
    labels[1].hide()
    flow.show()
    qtbot.waitUntil(lambda: labels[2].x() == 108)


def test_where_there_is_no_provider_the_list_of_batches_says_to_add_one(opens: Opens) -> None:
    page = opens("en").go(ClaimsPage, "claims")
    assert not page.list.new.isEnabled()
    assert page.list.table._empty_words == (
        "No batch yet. First add a provider on the page Providers (Alt+6)."
    )
