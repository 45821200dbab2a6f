"""What must not go wrong while a household is typed, and in the list it then stands in."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.i18n import Text
from stepdesk.members.queries import household_file, household_ids, photo_of
from stepdesk.members.terms import HouseholdFile, Relation, Sex
from stepdesk.payers.queries import place_of
from stepdesk.pictures import portrait
from stepdesk.reports.terms import Wanted
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import choosing
from stepdesk.ui.members import household_list
from stepdesk.ui.members.filters import Filter
from stepdesk.ui.members.household_list import HouseholdList
from stepdesk.ui.members.listing import READY, Asked, Found, found
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets import camera
from stepdesk.ui.widgets.rows_model import BLOCK
from stepdesk.values.ids import GroupId, HouseholdId
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday
from tests.payers.test_service import a_group
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.window import Window

Opens = Callable[..., Window]
_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(prepared: Callable[[Desk, SetClock], object] | None = None, **told: Any) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", clock=clock)
        desks.append(desk)
        if prepared is not None:
            prepared(desk, clock)
        made.append(Window(qtbot, desk, **told))
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def ready(desk: Desk, _clock: SetClock) -> None:
    a_section(desk)
    a_plan(desk)


def two_villages(desk: Desk, clock: SetClock) -> None:
    """Two households of Koula, one suspended, and one of Tougouni that never entered."""
    ready(desk, clock)
    a_payment(desk, a_household(desk, 3), 1000 + 3 * 350 * 5)
    a_payment(desk, a_household(desk, 4), 1000 + 4 * 350)
    a_household(desk, 2, section_id=a_section(desk, "Tougouni"))
    clock.set(date(2024, 5, 6))


def form(window: Window) -> MembersPage:
    return window.go(MembersPage, "members", new=True)


def save(window: Window) -> None:
    window.key(Qt.Key.Key_Return, _CONTROL)


def the_household(window: Window) -> HouseholdFile:
    ids = window.desk.ask(household_ids)
    assert len(ids) == 1
    known = window.desk.ask(household_file, ids[0])
    assert known is not None
    return known


def numbers(window: Window) -> list[str]:
    model = window.page(MembersPage).list.model
    return [model.cell(row, 0).text for row in range(model.rowCount())]


# The form


def test_a_letter_keeps_its_meaning_when_the_language_changes(opens: Opens) -> None:
    window = opens(ready, language="en")
    page = form(window)
    window.type("Diop\nAwa\nf30\nBa\nm3\nc")
    window.speaker.set_language("fr")
    line = page.new.lines[1]
    assert (line.relation.text(), line.link.text()) == ("E", "enfant")
    save(window)
    assert the_household(window).persons[1].relation is Relation.CHILD


def test_the_link_is_read_back_in_words(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\nBa\nm3\nf")
    assert [line.link.text() for line in page.new.lines] == ["member", "foster child", ""]


def test_a_line_is_looked_at_when_it_is_left(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\nBa\nx3\nc")
    line = page.new.lines[1]
    assert line.error.text() == "Type one letter for the sex: F, M."
    assert line.sex.text() == "X"
    assert line.sex.accessibleDescription() == line.error.text()
    assert page.new.lines[2].given_names.hasFocus()


def test_a_refusal_finds_its_line_past_an_empty_one(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\n")
    window.key(Qt.Key.Key_Up)
    page.new.add_line()
    third = page.new.lines[2]
    for cell, told in zip(third.cells.values(), ("  ", "Ba", "M", "3", "C"), strict=True):
        cell.setText(told)
    save(window)
    assert third.error.text() == "Type the name."
    assert third.surname.hasFocus()
    assert page.new.lines[1].error.isHidden()


def test_a_family_name_typed_alone_is_not_thrown_away(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\n")
    page.new.lines[1].surname.setText("Sow")
    save(window)
    assert page.new.lines[1].given_names.hasFocus()
    assert window.desk.ask(household_ids) == ()


def test_a_corrected_family_name_comes_down(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diob\nAwa\nf30\nBa\nm3\nc")
    first = page.new.lines[0].surname
    first.setFocus()
    window.key(Qt.Key.Key_Backspace)
    window.type("p")
    assert [line.surname.text() for line in page.new.lines] == ["Diop"] * 3


def test_arrow_down_on_an_empty_line_ends_the_list(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\n")
    window.key(Qt.Key.Key_Down)
    assert len(page.new.lines) == 2
    assert page.new.save.hasFocus()


def test_the_french_top_row_writes_a_telephone(opens: Opens) -> None:
    window = opens(ready, language="fr")
    page = form(window)
    page.new.phone.setFocus()
    window.type("èè&é'(\"-è")
    assert page.new.phone.text() == "771245367"
    page.new.phone.clear()
    window.type("77-12")
    assert page.new.phone.text() == "77-12"


def test_a_birth_written_the_long_way_keeps_its_dashes(opens: Opens) -> None:
    window = opens(ready)
    form(window)
    window.type("Diop\nAwa\nf1990-05-14\n")
    save(window)
    assert the_household(window).persons[0].birth.day == date(1990, 5, 14)


def test_two_enters_on_a_slow_lane_register_once(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\n\n")
    assert page.new.save.hasFocus()
    gate = Event()
    window.lane.do(gate.wait)
    for _ in range(3):
        window.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.new.save.hasFocus()
    assert page.new.lines[0].surname.isReadOnly()
    gate.set()
    window.wait()
    assert len(window.desk.ask(household_ids)) == 1
    assert not page.new.lines[0].surname.isReadOnly()


def test_a_refusal_brings_the_form_back_after_esc(opens: Opens) -> None:
    window = opens(ready)
    page = form(window)
    page.new.people.setText("1")
    page.new.lines[0].surname.setFocus()
    window.type("Diop\nAwa\nf30\nBa\nm3\nc")
    gate = Event()
    window.lane.do(gate.wait)
    window.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, _CONTROL)
    window.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.list.isVisible()
    gate.set()
    window.wait()
    assert page.new.isVisible()
    assert page.new.form.error().startswith("2 people are listed")
    assert page.new.people.hasFocus()


def test_the_new_household_is_in_front_before_anybody_collects(opens: Opens) -> None:
    window = opens(two_villages)
    page = window.go(MembersPage, "members")
    shown = page.card.number.text()
    window.key(Qt.Key.Key_F2)
    page.new.lines[0].surname.setFocus()
    window.type("Diop\nAwa\nf30\n")
    before: list[object] = []
    page.list.model.modelReset.connect(partial(_note, before, page))
    save(window)
    assert page.card.number.text() == "01-000004-2" != shown
    assert page.card.take.hasFocus()
    assert page.card.file is not None
    assert page.list.table.chosen_id() == page.card.file.known.id
    # Enter on Collect meanwhile would have taken the money of the household shown before.
    assert before[0] is None


def _note(before: list[object], page: MembersPage) -> None:
    before.append(page.card.file)


def test_why_somebody_is_no_double_is_kept_with_the_act(opens: Opens) -> None:
    window = opens(ready)
    form(window)
    window.type("Diop\nAwa\nf30\n")
    save(window)
    page = form(window)
    window.type("Diop\nAwa\nf31\n")
    save(window)
    assert page.new.caution.isVisible()
    window.key(Qt.Key.Key_Escape)
    assert not page.new.caution.isVisible()
    assert page.new.isVisible()
    save(window)
    reasons: list[str] = []
    work = window.desk.work

    def watched(verb: str, *, reason: str = "") -> Any:
        reasons.append(reason)
        return work(verb, reason=reason)

    window.desk.work = watched  # type: ignore[method-assign]
    window.type("her cousin\n")
    assert reasons == ["her cousin"]
    assert len(window.desk.ask(household_ids)) == 2


def test_co_spouses_and_foster_children_have_letters_in_both_languages(opens: Opens) -> None:
    window = opens(ready, language="fr")
    form(window)
    window.type("Diop\nAli\nh50\nAwa\nf40\ncBinta\nf35\noSeydou\nm6\nn")
    save(window)
    known = the_household(window)
    assert [one.relation for one in known.persons] == [
        Relation.SELF,
        Relation.SPOUSE,
        Relation.CO_SPOUSE,
        Relation.FOSTER_CHILD,
    ]
    assert known.persons[0].sex is Sex.MALE


# The list


def test_an_empty_book_says_what_to_do_first(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members")
    assert page.list.none.isVisible()
    assert page.list.none.text() == (
        "No household yet. F2 registers the first; Import brings in your register."
    )
    page.list.new.click()
    window.wait()
    assert page.new.isVisible()


def test_village_status_and_order_narrow_the_list(opens: Opens) -> None:
    window = opens(two_villages)
    page = window.go(MembersPage, "members")
    assert numbers(window) == ["01-000001-8", "01-000002-6", "02-000003-4"]
    window.key(Qt.Key.Key_F3)
    assert page.list.views.hasFocus()
    choose(window, page.list.village, "02 Tougouni")
    assert numbers(window) == ["02-000003-4"]
    choose(window, page.list.views, "Suspended")
    assert numbers(window) == []
    choose(window, page.list.village, "01 Koula")
    assert numbers(window) == ["01-000002-6"]
    page.list.all.click()
    window.wait()
    assert len(numbers(window)) == 3


def choose(window: Window, box: Filter, words: str) -> None:
    """Choose with the arrow keys."""
    box.setFocus()
    wanted = box.findText(words)
    while box.currentIndex() != wanted:
        down = box.currentIndex() < wanted
        window.key(Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def test_who_is_looked_for_is_looked_for_everywhere(opens: Opens) -> None:
    window = opens(two_villages)
    page = window.go(MembersPage, "members", show="stopped")
    choose(window, page.list.village, "01 Koula")
    window.key(Qt.Key.Key_Return)
    assert page.list.search.hasFocus()
    window.type("3")
    assert numbers(window) == ["02-000003-4"]
    assert page.list.views.currentIndex() == 0


def test_a_short_list_is_opened_over_an_old_search(opens: Opens) -> None:
    window = opens(two_villages)
    window.go(MembersPage, "members")
    window.type("3")
    window.go(MembersPage, "members", show="stopped")
    assert numbers(window) == ["01-000002-6"]


def test_lists_are_put_in_order_by_the_book(opens: Opens) -> None:
    window = opens(two_villages)
    ids = found(window.desk, Asked()).ids
    by_name = found(window.desk, Asked(wanted=Wanted(order="name"))).ids
    assert set(by_name) == set(ids)
    late = replace(READY["late"].wanted, order="section")
    assert found(window.desk, Asked(wanted=late)).ids == (ids[1],)


def test_an_arrow_that_is_held_reads_only_where_it_stops(opens: Opens) -> None:
    window = opens(two_villages)
    page = window.go(MembersPage, "members")
    gate = Event()
    window.lane.do(gate.wait)
    page.list.table.setFocus()
    for _ in range(2):
        window.qtbot.keyClick(page.list.table, Qt.Key.Key_Down)
    assert len(window.lane._jobs) == 2
    gate.set()
    window.wait()
    assert page.card.number.text() == "02-000003-4"


def test_an_answer_about_somebody_else_is_not_shown(opens: Opens) -> None:
    window = opens(two_villages)
    page = window.go(MembersPage, "members")
    gate = Event()
    window.lane.do(gate.wait)
    page.card.rights.ask.click()
    page.card.people_table.selectRow(1)
    gate.set()
    window.wait()
    assert page.card.rights.answer.text() == ""
    page.card.rights.ask.click()
    window.wait()
    second = the_file(window, page).persons[1]
    assert second.name in page.card.rights.answer.text()


def the_file(window: Window, page: MembersPage) -> HouseholdFile:
    assert page.card.file is not None
    known = window.desk.ask(household_file, page.card.file.known.id)
    assert known is not None
    return known


def test_ten_thousand_households_are_read_in_blocks_and_ahead(
    qtbot: QtBot, speaker: Speaker, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def rows(
        _desk: Desk, _names: tuple[str, ...], ids: tuple[HouseholdId, ...]
    ) -> list[tuple[object, ...]]:
        read.append(len(ids))
        return [(one.hex(), "Diop", "Koula", 3, (Status.LATE, Text("Late")), None) for one in ids]

    monkeypatch.setattr(household_list, "rows_of", rows)
    shown = HouseholdList(speaker, desk)
    qtbot.addWidget(shown)
    ids = tuple(HouseholdId(at.to_bytes(16, "big")) for at in range(10_000))
    wanted: list[tuple[HouseholdId, ...]] = []
    shown.ahead.connect(wanted.append)
    shown.show_found(Found(ids, 10_000, 50_000))
    assert shown.model.cell(0, 0).text == ids[0].hex()
    assert [len(ahead) for ahead in wanted] == [128]
    shown.hold(wanted[0], rows(desk, (), wanted[0]))
    read.clear()
    assert shown.model.cell(BLOCK, 0).text == ids[BLOCK].hex()
    assert read == []
    assert shown.model.cell(9_999, 0).text == ids[9_999].hex()
    assert sum(read) == 10_000 % BLOCK


def test_rows_that_take_long_to_read_come_in_parts_and_the_window_goes_on(
    qtbot: QtBot, desk: Desk, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000_000))
    read: list[int] = []

    def rows(
        _desk: Desk, _names: tuple[str, ...], ids: tuple[HouseholdId, ...]
    ) -> list[tuple[object, ...]]:
        read.append(len(ids))
        return [(one.hex(), "Diop", "Koula", 3, (Status.LATE, Text("Late")), None) for one in ids]

    monkeypatch.setattr(household_list, "rows_of", rows)
    # Each look at the clock a second later: the time of a part is over after four rows.
    monkeypatch.setattr(household_list, "monotonic", lambda: next(clock))
    shown = HouseholdList(speaker, desk)
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    shown.show()
    ids = tuple(HouseholdId(at.to_bytes(16, "big")) for at in range(10_000))
    shown.show_found(Found(ids, 10_000, 50_000, places={one: at for at, one in enumerate(ids)}))
    # 9,000 is the ninth row of its block of 32: it comes with the third part.
    assert shown.model.cell(9_000, 0).text == "…"
    shown.table.go_to(9_999)
    last = 9_999
    qtbot.waitUntil(lambda: shown.model.cell(last, 0).text == ids[last].hex())
    assert set(read) == {4}
    assert shown.holds(ids[5_000])
    shown.select(ids[5_000])
    assert shown.table.chosen_id() == ids[5_000]


def test_every_word_of_list_and_form_went_through_the_translators(opens: Opens) -> None:
    window = opens(two_villages, speaker=BracketSpeaker("en"))
    page = window.go(MembersPage, "members", show="stopped")
    assert unbracketed(page) == []
    boxes = (page.list.views, page.list.order)
    assert all(box.itemText(at).startswith("[") for box in boxes for at in range(box.count()))
    form(window)
    window.type("Diop\nAwa\nf30\nBa\nx3\nc")
    assert unbracketed(page) == []


def test_an_empty_book_speaks_through_the_translators_too(opens: Opens) -> None:
    window = opens(speaker=BracketSpeaker("en"))
    page = window.go(MembersPage, "members")
    assert unbracketed(page) == []


# Photos, a group, and what is kept


def _portrait(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), colour).save(out, "JPEG")
    return out.getvalue()


def test_photos_are_taken_with_two_keys_a_person_and_kept_with_the_household(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at, colour in enumerate(("red", "blue")):
        (tmp_path / f"{at}.jpg").write_bytes(_portrait(colour))
    files = iter((tmp_path / "0.jpg", tmp_path / "1.jpg"))
    monkeypatch.setattr(camera, "is_there", lambda: False)
    monkeypatch.setattr(choosing, "ask_file", lambda *_told: next(files))
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\nBa\nm3\ncIsa\nm1\nc")
    window.pressed = 0
    window.key(Qt.Key.Key_F4)
    assert page.new.lines[0].photo.face.hasFocus()
    window.type(" \n")  # Awa's
    window.type("\n")  # Ba: later
    window.type(" \n")  # Isa's
    assert window.pressed == 1 + 5
    assert page.new.save.hasFocus()
    save(window)
    known = the_household(window)
    told = [photo_of(window.desk, one.id) for one in known.persons]
    assert told == [
        portrait(_portrait("red")),
        None,
        portrait(_portrait("blue")),
    ]
    # The next household begins without anybody's face.
    assert not any(line.photo.has_photo for line in page.new.lines)


def test_a_file_that_is_no_picture_is_refused_below_its_line(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.jpg").write_bytes(b"number;name\n1;Awa\n")
    monkeypatch.setattr(camera, "is_there", lambda: False)
    monkeypatch.setattr(choosing, "ask_file", lambda *_told: tmp_path / "list.jpg")
    window = opens(ready)
    page = form(window)
    window.type("Diop\nAwa\nf30\n")
    window.key(Qt.Key.Key_F4)
    window.type(" ")
    assert "picture" in page.new.lines[0].error.text()
    save(window)
    assert the_household(window).persons[0].photo is None


def test_a_household_is_put_on_a_groups_list_as_it_is_registered(opens: Opens) -> None:
    made: list[GroupId] = []

    def with_group(desk: Desk, clock: SetClock) -> None:
        ready(desk, clock)
        made.append(a_group(desk, name="Women of Koula"))

    window = opens(with_group)
    page = form(window)
    assert page.new.group.isVisible()
    page.new.group.setFocus()
    window.key(Qt.Key.Key_Down)
    assert page.new.group.currentText() == "Women of Koula"
    window.type("\nDiop\nAwa\nf30\n")
    save(window)
    home = window.desk.ask(household_ids)[0]
    place = window.desk.ask(place_of, home, window.desk.today)
    assert place is not None
    assert (place.group_id, place.place) == (made[0], 1)
    assert page.new.group.currentIndex() == 0


def test_no_group_is_asked_for_where_there_is_none(opens: Opens) -> None:
    window = opens(ready)
    assert not form(window).new.group.isVisible()


def test_the_draft_keeps_what_the_lists_stand_on(opens: Opens) -> None:
    def two(desk: Desk, clock: SetClock) -> None:
        ready(desk, clock)
        a_section(desk, "Tougouni")
        a_group(desk, name="Women of Koula")

    window = opens(two)
    page = form(window)
    for combo in (page.new.section, page.new.group, page.new.consent):
        combo.setFocus()
        window.key(Qt.Key.Key_Down)
    page.new.lines[0].surname.setFocus()
    window.type("Diop\nAwa\n")
    kept = page.new.draft()
    window.key(Qt.Key.Key_Escape)
    page.new.restart()
    page.new.section.setCurrentIndex(0)
    form(window)
    assert page.new.draft() == kept
    assert page.new.section.currentText() == "02 Tougouni"
    assert page.new.group.currentText() == "Women of Koula"
    assert page.new.consent.currentData() is True
