"""The papers of the scheme by keyboard: each drawn, refused or cancelled as the person expects."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from stepdesk.errors import Refusal
from stepdesk.members.queries import card_versions, household_file, household_ids, pad_blocks
from stepdesk.members.service import issue_cards
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.members.scheme_papers import SCHEME_PAPERS
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.registers.page import ImportPage
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Window, plain

Opens = Callable[..., Window]
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(prepared: Callable[[Desk, SetClock], object], **told: Any) -> Window:
        clock = wednesday()
        desks.append(open_copy(tmp_path / "book", "SN", clock=clock))
        prepared(desks[-1], clock)
        made.append(Window(qtbot, desks[-1], **told))
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def empty(desk: Desk, _clock: SetClock) -> None:
    a_section(desk)
    a_plan(desk)


def village(desk: Desk, clock: SetClock) -> None:
    """Three households: paid for five months, entry not paid, and paid for one month only."""
    empty(desk, clock)
    a_payment(desk, a_household(desk, 3), 1000 + 3 * 350 * 5)
    a_household(desk, 2)
    a_payment(desk, a_household(desk, 4), 1000 + 4 * 350)
    clock.set(date(2024, 5, 6))


def names(desk: Desk, at: int) -> list[str]:
    known = desk.ask(household_file, desk.ask(household_ids)[at])
    assert known is not None
    return [one.name for one in known.persons]


def papers(window: Window, wanted: str) -> MembersPage:
    """Open the panel and go to a paper by keys alone."""
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F9, _SHIFT)
    assert page.papers.table.hasFocus()
    for _ in range([one.id for one in SCHEME_PAPERS].index(wanted)):
        window.key(Qt.Key.Key_Down)
    window.type("\n")
    assert page.papers.asking
    return page


def paper(window: Window, page: MembersPage) -> tuple[str, int]:
    """Return the text and the sheets of the paper that is shown, and close it."""
    shown = page.findChild(PaperWindow)
    assert shown is not None, page.papers.form.error()
    document = PdfDocument(shown._pdf)  # what would be printed
    told = "\n".join(sheet.get_textpage().get_text_range() for sheet in document)
    sheets = len(document)
    document.close()
    window.qtbot.keyClick(shown, Qt.Key.Key_Escape)
    window.qtbot.waitUntil(lambda: page.findChild(PaperWindow) is None)
    window.window.activateWindow()
    window.qtbot.waitUntil(window.window.isActiveWindow)
    window.wait()
    return " ".join(plain(told).split()), sheets


def access(desk: Desk) -> list[tuple[str, str]]:
    with desk.read() as connection:
        found = connection.exec_driver_sql("SELECT question, answer FROM access ORDER BY n").all()
    return [(row.question, row.answer) for row in found]


def test_cards_are_those_of_the_list_and_are_given_out_once(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "cards")
    window.key(Qt.Key.Key_F9)
    told, sheets = paper(window, page)
    assert sheets == 2  # ten fronts, ten backs
    for at in range(3):
        assert names(window.desk, at)[0] in told
    assert set(window.desk.ask(card_versions).values()) == {1}
    assert len(window.desk.ask(card_versions)) == 3
    assert access(window.desk) == [("cards", "3 pdf")]
    window.key(Qt.Key.Key_F9)
    assert paper(window, page)[1] == 2
    assert set(window.desk.ask(card_versions).values()) == {1}


def test_cards_of_a_search_are_those_found(opens: Opens) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members")
    window.type(names(window.desk, 1)[0])
    window.qtbot.waitUntil(lambda: page.list.listed == 1)
    window.wait()
    window.key(Qt.Key.Key_F9, _SHIFT)
    assert "1 row" in plain(page.papers.scope.text())
    window.type("\n")
    window.key(Qt.Key.Key_F9)
    told, _sheets = paper(window, page)
    assert names(window.desk, 1)[0] in told
    assert names(window.desk, 0)[0] not in told
    assert len(window.desk.ask(card_versions)) == 1


def test_a_new_version_wants_a_reason_and_comes_one_by_one(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "cards")
    window.key(Qt.Key.Key_F9)
    paper(window, page)
    page.papers.whose.setFocus()
    window.key(Qt.Key.Key_Right)
    window.key(Qt.Key.Key_F9)
    assert "has a card" in plain(page.papers.form.error("whose"))
    page.papers.whose.setFocus()
    window.key(Qt.Key.Key_Right)
    window.key(Qt.Key.Key_Return, _CONTROL)
    assert "Say why" in plain(page.papers.form.error("reason"))
    assert page.papers.reason.hasFocus()
    window.type("worn out\n")
    page.papers.each.setFocus()
    window.key(Qt.Key.Key_Right)
    window.key(Qt.Key.Key_F9)
    _told, sheets = paper(window, page)
    assert sheets == 3
    assert set(window.desk.ask(card_versions).values()) == {2}


def test_a_card_is_given_out_with_a_reason_and_one_version_higher(desk: Desk) -> None:
    home = a_household(desk, 2).household_id
    with pytest.raises(Refusal) as refused:
        desk.do(issue_cards, household_ids=[home], reason=" ")
    assert refused.value.field == "reason"
    for version in (1, 2):
        (issue,) = desk.do(issue_cards, household_ids=[home], reason="lost")
        assert (issue.household_id, issue.person_id, issue.version) == (home, None, version)


def test_who_cancels_cards_has_given_out_none(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "cards")
    window.lane.long_work.connect(_cancel)
    page.papers.print.setFocus()
    window.key(Qt.Key.Key_F9)
    assert page.findChild(PaperWindow) is None
    assert window.desk.ask(card_versions) == {}
    assert access(window.desk) == []
    window.lane.long_work.disconnect(_cancel)
    window.key(Qt.Key.Key_F9)
    assert paper(window, page)[1] == 2


def _cancel(progress: Any) -> None:
    if progress is not None:
        progress.cancel()


def test_the_entitled_and_those_without_rights_are_told_apart(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "entitled")
    window.key(Qt.Key.Key_F9)
    told, _sheets = paper(window, page)
    assert all(name in told for name in names(window.desk, 0))
    assert not any(name in told for name in names(window.desk, 1) + names(window.desk, 2))
    page = papers(window, "suspended")
    window.key(Qt.Key.Key_F9)
    told, _sheets = paper(window, page)
    assert all(name in told for name in names(window.desk, 1) + names(window.desk, 2))
    assert not any(name in told for name in names(window.desk, 0))
    assert access(window.desk) == [
        ("list entitled", "3 rows pdf"),
        ("list suspended", "6 rows pdf"),
    ]


def test_a_list_becomes_a_workbook_where_the_person_says(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "entitled.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told: (str(target), ""))
    window = opens(village)
    page = papers(window, "entitled")
    page.papers.excel.setFocus()
    window.key(Qt.Key.Key_Space)
    rows = list(load_workbook(target).worksheets[0].values)
    assert [row[3] for row in rows[1:]] == names(window.desk, 0)
    assert access(window.desk) == [("list entitled", "3 rows xlsx")]


def test_an_unknown_day_is_told_beside_its_field(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "register")
    page.papers.day.setFocus()
    window.type("77\n")
    window.key(Qt.Key.Key_F9)
    assert page.findChild(PaperWindow) is None
    assert "not a day" in plain(page.papers.form.error("day"))
    page.papers.day.selectAll()
    window.key(Qt.Key.Key_Delete)
    window.key(Qt.Key.Key_F9)
    assert "Type a day" in plain(page.papers.form.error("day"))


def test_the_register_is_in_the_order_of_entry(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "register")
    window.key(Qt.Key.Key_F9)
    told, _sheets = paper(window, page)
    places = [told.index(names(window.desk, at)[0]) for at in range(3)]
    assert places == sorted(places)
    assert "10/01/2024" in told
    assert "R-2024-A-000002" in told  # the entry fee of the third


def test_letters_go_to_those_they_are_due_to(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "letters")
    window.key(Qt.Key.Key_F9)
    told, sheets = paper(window, page)
    assert sheets == 1
    assert names(window.desk, 2)[0] in told
    page.papers.kind.setFocus()
    window.key(Qt.Key.Key_Down)
    window.key(Qt.Key.Key_Down)
    page.papers.day.setFocus()
    page.papers.day.selectAll()
    window.type("01/01/2030\n")
    window.key(Qt.Key.Key_F9)
    assert "No household gets this letter" in plain(page.papers.form.error("kind"))


def test_photos_to_take_name_everybody_without_one(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "photos")
    window.key(Qt.Key.Key_F9)
    told, _sheets = paper(window, page)
    assert all(name in told for at in range(3) for name in names(window.desk, at))
    assert "Koula" in told


def test_an_empty_scheme_prints_the_blank_form_and_says_what_to_do(opens: Opens) -> None:
    window = opens(empty)
    page = window.go(MembersPage, "members")
    assert "Import brings in your register" in page.list.none.text()
    window.key(Qt.Key.Key_F9, _SHIFT)
    assert "Import brings in your register" in page.papers.scope.text()
    assert page.papers.model.rowCount() == 2
    window.type("\n")
    assert page.papers.print.hasFocus()
    window.key(Qt.Key.Key_F9)
    told, sheets = paper(window, page)
    assert sheets >= 1
    assert "Bulletin d’adhésion" in told
    assert access(window.desk) == []


@pytest.mark.parametrize("typed", ["", "0", "10001", "ten"])
def test_pads_refuse_numbers_that_cannot_be(opens: Opens, typed: str) -> None:
    window = opens(empty)
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F9, _SHIFT)
    window.key(Qt.Key.Key_Down)
    window.type("\n")
    page.papers.size_of_block.setFocus()
    window.type(typed)
    window.key(Qt.Key.Key_F9)
    assert page.papers.form.error("size")
    assert page.papers.size_of_block.hasFocus()
    assert page.findChild(PaperWindow) is None
    assert window.desk.ask(pad_blocks) == ()


def test_pads_take_a_block_once_and_print_it_again(opens: Opens) -> None:
    window = opens(empty)
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F9, _SHIFT)
    window.key(Qt.Key.Key_Down)
    window.type("\n\n12\n")
    assert page.papers.section.hasFocus()
    window.key(Qt.Key.Key_F9)
    told, sheets = paper(window, page)
    assert sheets == 4  # two sheets of ten, both sides
    assert window.desk.ask(pad_blocks) == (range(1, 13),)
    assert "000012" in told.replace(" ", "")
    page.papers.block.setFocus()
    window.key(Qt.Key.Key_Down)
    assert page.papers.size_of_block.isHidden()
    window.key(Qt.Key.Key_F9)
    assert paper(window, page) == (told, sheets)
    assert window.desk.ask(pad_blocks) == (range(1, 13),)


def test_escape_goes_back_step_by_step(opens: Opens) -> None:
    window = opens(village)
    page = papers(window, "letters")
    window.key(Qt.Key.Key_Escape)
    assert not page.papers.asking
    assert page.papers.table.hasFocus()
    window.key(Qt.Key.Key_Escape)
    assert page.card.isVisible()
    assert page.list.search.hasFocus()


def test_f8_opens_the_import(opens: Opens) -> None:
    window = opens(empty)
    window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F8)
    assert isinstance(window.page(ImportPage), ImportPage)


def test_everything_is_translatable(opens: Opens) -> None:
    window = opens(village, speaker=BracketSpeaker())
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F9, _SHIFT)
    assert unbracketed(page) == []
    for one in SCHEME_PAPERS:
        page.papers._chosen(one.id)  # the shortest way to each
        window.wait()
        assert unbracketed(page) == [], one.id


def test_nothing_is_cut_from_the_right(opens: Opens) -> None:
    with from_the_right() as speaker:
        window = opens(village, speaker=speaker)
        page = papers(window, "cards")
        for button in (page.papers.print, page.papers.back):
            assert button.width() >= button.sizeHint().width()
            assert page.papers.rect().contains(button.mapTo(page.papers, button.rect().topLeft()))
