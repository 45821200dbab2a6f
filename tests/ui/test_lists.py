"""The list by keyboard: filters, columns, views of one's own, and the file that is what is shown."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from stepdesk.members.queries import household_file, household_ids
from stepdesk.members.terms import Relation
from stepdesk.reports.queries.lists import saved_views
from stepdesk.reports.terms import ListOf
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.members.columns import known_columns
from stepdesk.ui.members.filters import Filter
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.theme import Theme
from stepdesk.ui.today.page import TodayPage
from tests.builders import again, copy_of
from tests.reports.test_lists import Village
from tests.ui.window import Window, plain

_CONTROL = Qt.KeyboardModifier.ControlModifier
Opens = Callable[..., Window]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("village") / "book"
    Village(folder).desk.close()
    return folder


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path, book: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(**told: Any) -> Window:
        from stepdesk.store.clock import SetClock
        from tests.reports.test_lists import TODAY

        folder = tmp_path / "book"
        if not desks:
            copy_of(book, folder)
        clock = SetClock(_moment(TODAY))
        desks.append(again(folder, clock=clock))
        made.append(Window(qtbot, desks[-1], **told))
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def _moment(day: Any) -> Any:
    from datetime import UTC, datetime

    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def shown(page: MembersPage) -> list[list[str]]:
    model = page.list.model
    return [
        [model.cell(row, column).text for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def pick(window: Window, box: Filter, words: str) -> None:
    """Choose with the arrow keys."""
    box.setFocus()
    wanted = box.findText(words)
    assert wanted >= 0, words
    while box.currentIndex() != wanted:
        down = box.currentIndex() < wanted
        window.key(Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def test_f3_opens_the_filters_and_once_more_puts_them_away(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    assert page.list.filters.isVisible()
    assert page.list.views.hasFocus()
    window.key(Qt.Key.Key_F3)
    assert not page.list.filters.isVisible()
    assert page.list.search.hasFocus()
    window.key(Qt.Key.Key_F3)
    window.key(Qt.Key.Key_Escape)
    assert not page.list.filters.isVisible()


def test_persons_of_an_age_and_a_sex_are_listed(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    pick(window, page.list.views, "All beneficiaries")
    assert len(shown(page)) == 26
    pick(window, page.list.filters.choices["sex"], "Women and girls")
    page.list.filters.age.first.setFocus()
    window.type("40\n")
    # The members are 44, all women; two of the twelve households' covers ended with a resignation.
    assert [row[2] for row in shown(page)] == ["44"] * 11
    assert page.list.views.currentText() == "Own filters"
    assert page.list.search.hasFocus()


def test_an_age_that_cannot_be_is_said_below_the_filters(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    page.list.filters.age.last.setFocus()
    window.type("10\n")
    page.list.filters.age.first.setFocus()
    window.type("20\n")
    assert page.list.filters.error.text().startswith("The first age is above the second")


def test_a_heading_sorts_and_once_more_turns_it_round(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    size = page.list.names().index("size")
    page.list.table.headed.emit(size)
    window.wait()
    up = [int(row[size]) for row in shown(page)]
    assert up == sorted(up)
    page.list.table.headed.emit(size)
    window.wait()
    assert [int(row[size]) for row in shown(page)] == sorted(up, reverse=True)


def test_columns_are_chosen_and_moved_by_key(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    page.list.choose_columns.click()
    assert page.list.columns.list.hasFocus()
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Space)
    assert page.list.names() == ("number", "name", "size", "status", "paid_until")
    window.key(Qt.Key.Key_Home)
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Up, _CONTROL)
    assert page.list.names() == ("number", "size", "name", "status", "paid_until")
    assert [row[1] for row in shown(page)][:3] == ["1", "2", "2"]
    # The number stays, or nobody would know who is meant.
    window.key(Qt.Key.Key_Home)
    window.key(Qt.Key.Key_Space)
    assert page.list.names()[0] == "number"


def test_a_view_is_kept_chosen_by_key_after_a_restart_and_forgotten(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    pick(window, page.list.filters.choices["category_id"], "Elders")
    pick(window, page.list.order, "By: Member")
    wanted, rows = page.list.asked().wanted, shown(page)
    assert len(rows) == 2
    page.list.filters.name.setFocus()
    window.type("Our elders\n")
    assert page.list.views.currentText() == "Our elders"
    window.close()
    window.desk.close()
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    pick(window, page.list.views, "Our elders")
    assert page.list.asked().wanted == wanted
    assert shown(page) == rows
    page.list.filters.forget.click()
    window.wait()
    assert window.desk.ask(saved_views, window.desk.person.staff_id) == ()
    assert page.list.views.findText("Our elders") == -1


def test_a_view_without_a_name_is_refused_beside_it(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    page.list.filters.keep.click()
    window.wait()
    assert page.list.filters.error.text() == "Give the view a name."
    assert page.list.filters.name.hasFocus()


@pytest.mark.parametrize("view", ["All households", "All beneficiaries", "Late or suspended"])
def test_a_file_holds_exactly_what_is_shown(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F3)
    pick(window, page.list.views, view)
    pick(window, page.list.order, "By: Status")
    target = tmp_path / "list.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told: (str(target), ""))
    page.list.file.click()
    window.wait()
    with target.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = list(csv.reader(file))
    model = page.list.model
    assert heads == [model.headerData(at, Qt.Orientation.Horizontal) for at in range(len(heads))]
    assert [_as_shown(row, heads) for row in rows] == shown(page)
    with window.desk.read() as connection:
        noted = connection.exec_driver_sql("SELECT question, answer FROM access").all()
    assert [tuple(one) for one in noted] == [("list", f"csv {len(rows)}")]


def _as_shown(row: list[str], heads: list[str]) -> list[str]:
    """Write days as the list does, and a waiting as the day it ends."""
    told = []
    for cell, head in zip(row, heads, strict=True):
        year, *rest = cell.split("-")
        day = len(year) == 4 and len(rest) == 2 and head == "Paid until"
        told.append(f"{rest[1]}/{rest[0]}/{year}" if day else cell.removeprefix("Waiting until "))
    return told


@pytest.mark.parametrize("end", ["xlsx", "pdf"])
def test_a_list_is_written_as_a_workbook_and_as_paper(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    window = opens(language="fr")
    page = window.go(MembersPage, "members")
    target = tmp_path / f"liste.{end}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told: (str(target), ""))
    page.list.file.click()
    window.wait()
    assert target.read_bytes()[:2] == {"xlsx": b"PK", "pdf": b"%P"}[end]


def test_the_whole_width_shows_more_columns_and_enter_opens_the_household(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members")
    page.list.choose("persons")
    page._load()
    window.wait()
    seen = _seen(page)
    page.list.widen.click()
    window.wait()
    assert not page.stack.isVisible()
    assert _seen(page) > seen
    page.list.search.setFocus()
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Return)
    assert page.stack.isVisible()
    assert page.card.number.text() == "01-000001-8"


def _seen(page: MembersPage) -> int:
    table = page.list.table
    return sum(not table.isColumnHidden(at) for at in range(page.list.model.columnCount()))


@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_no_list_has_a_horizontal_scroll_bar(opens: Opens, zoom: int) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, Theme(zoom=zoom))
    window = opens()
    page = window.go(MembersPage, "members")
    from dataclasses import replace

    wanted = replace(page.list.asked().wanted, columns=known_columns(ListOf.HOUSEHOLDS))
    page.list._ask(wanted)
    window.wait()
    table = page.list.table
    widths = [table.columnWidth(at) for at in range(page.list.model.columnCount())]
    seen = [width for at, width in enumerate(widths) if not table.isColumnHidden(at)]
    assert sum(seen) <= table.viewport().width()
    assert not table.isColumnHidden(0)


# The form

SIX_IN_FRENCH = (
    # On a French keyboard without Shift: & é " ' ( - è _ ç à are 1 to 9 and 0.
    "Coulibaly\nIbrahim\nh'&\n",
    'Rokia\nf"(c',
    "Seydou\nhçe",
    "Aminata\nfèe",
    "Moussa\nh'e",
    "Fatou\nf&e",
)


def test_a_household_of_six_takes_at_most_115_keys_on_a_french_keyboard(opens: Opens) -> None:
    window = opens(language="fr")
    page = window.go(MembersPage, "members", new=True)
    page.new.lines[0].surname.setFocus()
    window.pressed = 0
    for line in SIX_IN_FRENCH:
        # An age ends with Enter; sex and link go on by themselves.
        name, rest = line.rsplit("\n", 1) if line.count("\n") == 1 else (line, "")
        window.type(f"{name}\n{rest[:-1]}\n{rest[-1]}" if rest else name)
    window.key(Qt.Key.Key_Return, _CONTROL)
    assert window.pressed <= 115
    known = window.desk.ask(household_file, window.desk.ask(household_ids)[-1])
    assert known is not None
    assert [one.birth.day.year for one in known.persons] == [
        2024 - age for age in (41, 35, 9, 7, 4, 1)
    ]
    assert [one.relation for one in known.persons] == [
        Relation.SELF,
        Relation.SPOUSE,
        *[Relation.CHILD] * 4,
    ]


def test_the_first_page_opens_the_ends_of_waiting(opens: Opens) -> None:
    window = opens()
    window.desk.confirm_day(date(2024, 6, 5))
    page = window.go(TodayPage, "today")
    line = next(one for one in page.lines if "rights open within a month" in one.text())
    line.click()
    members = window.page(MembersPage)
    assert members.list.views.currentText() == "End of waiting soon"
    column = members.list.names().index("status")
    assert {row[column] for row in shown(members)} == {"01/07/2024"}


def test_somebody_alike_is_shown_while_typing_and_told_apart(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members", new=True)
    before = len(window.desk.ask(household_ids))
    known = window.desk.ask(household_file, window.desk.ask(household_ids)[2])
    assert known is not None
    surname, given_names = known.member_name.split(" ", 1)
    page.new.lines[0].surname.setFocus()
    # Every member of the village is a woman of 44.
    window.type(f"{surname}\n{given_names}\nf44\n")
    window.qtbot.waitUntil(page.new.alike.isVisible, timeout=5000)
    asked = plain(page.new.alike.text())
    assert asked.startswith(
        f"Line 1 looks like {known.member_name}, 44, Koula (household 01-000003"
    )
    page.new.alike.other.click()
    window.wait()
    assert not page.new.alike.isVisible()
    window.key(Qt.Key.Key_Return, _CONTROL)
    assert not page.new.caution.isVisible()
    assert len(window.desk.ask(household_ids)) == before + 1


def test_card_category_consent_and_another_scheme_are_kept(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members", new=True)
    new = page.new
    new.consent.setCurrentIndex(1)
    new.category.setCurrentIndex(1)
    new.other_scheme.click()
    for field, told in zip(
        new.from_scheme.fields, ("Mutuelle de Sikoro", "1/1/2023", "1/5/2024", "C 12"), strict=True
    ):
        field.setFocus()
        window.type(told)
    new.lines[0].surname.setFocus()
    window.type("Traore\nMinata\nf39\n")
    window.key(Qt.Key.Key_Return, _CONTROL)
    with window.desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT h.id, h.consent FROM household h ORDER BY h.serial DESC LIMIT 1"
        ).one()
        kinds = connection.exec_driver_sql(
            "SELECT kind FROM membership_event WHERE household_id = ? ORDER BY id", (row.id,)
        ).all()
        tied = connection.exec_driver_sql(
            "SELECT count(*) FROM household_category WHERE household_id = ?", (row.id,)
        ).scalar_one()
    assert row.consent == 1
    assert tied == 1
    assert "TRANSFERRED_IN" in {one.kind for one in kinds}


def test_what_was_typed_outlives_a_restart(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members", new=True)
    page.new.lines[0].surname.setFocus()
    window.type("Traore\nMinata\nf39\nSali\nf3\nc")
    page.new.phone.setText("77 123 45 67")
    window.key(Qt.Key.Key_Escape)
    window.close()
    window.desk.close()
    window = opens()
    page = window.go(MembersPage, "members", new=True)
    assert [line.given_names.text() for line in page.new.lines] == ["Minata", "Sali", ""]
    assert page.new.phone.text() == "77 123 45 67"
    page.new.lines[2].given_names.setFocus()
    window.key(Qt.Key.Key_Return, _CONTROL)
    window.close()
    window.desk.close()
    page = opens().go(MembersPage, "members", new=True)
    assert page.new.draft().empty
