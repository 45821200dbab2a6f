"""The door where something is out of order: clock, copies, folders, settings."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stepdesk.store.backup import back_up
from stepdesk.store.settings import Settings, read_settings, settings_path, write_settings
from stepdesk.store.tiles import tiles_of, tiles_of_copy
from stepdesk.ui.day_page import DayPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.start import Door, Program
from tests.builders import FIRST, again, copy_of, template
from tests.ui.typing import press


@pytest.fixture
def program(qapp: Any) -> Iterator[Program]:
    found = Program(qapp)
    yield found
    if found.window is not None:
        found.window.close()
    found.finish()


def door(qtbot: QtBot, program: Program) -> Door:
    program.begin()
    found = program.door
    assert found is not None
    qtbot.addWidget(found)
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    return found


def done(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: not program.lane.is_busy(), timeout=20_000)


def test_the_day_is_confirmed_by_keyboard(qtbot: QtBot, speaker: Speaker) -> None:
    page = DayPage(speaker, clock_day=date(2031, 5, 2), last=date(2024, 1, 10))
    qtbot.addWidget(page)
    page.show()
    page.field.clear()
    press(page.field, "x")
    with qtbot.assertNotEmitted(page.confirmed):
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert page.form.error("day").startswith("This is not a day.")
    page.field.clear()
    press(page.field, "11")
    with qtbot.waitSignal(page.confirmed) as heard:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert heard.args == [date(2024, 1, 11)]


def test_a_clock_years_ahead_asks_for_the_day_before_the_book(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    write_settings(Settings(last_book=str(folder)))
    program.settings = read_settings()
    found = door(qtbot, program)
    assert found.login is not None
    press(found.login._password, FIRST)
    qtbot.keyClick(found.login._password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: found.day is not None, timeout=20_000)
    assert program.window is None
    assert found.day is not None
    found.day.field.clear()
    press(found.day.field, "11")
    qtbot.keyClick(found.day.field, Qt.Key.Key_Return)
    window: Any = program.window
    assert window is not None
    assert window.context.clock_today() == date(2024, 1, 11)
    done(qtbot, program)


def test_a_copy_is_put_back_and_asked_for_a_password(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    with again(copy_of(template(), tmp_path / "book")) as desk:
        copy = back_up(desk, tmp_path / "stick.sdk").path
    found = door(qtbot, program)
    assert found.start is not None
    found.start.show_restore()
    sheet = found.start.restore
    sheet.copy.set_path(tmp_path / "book" / "book.keys")
    sheet.place.set_path(tmp_path / "elsewhere")
    field: Any = sheet.forms[0].field("password")
    press(field, "not the right words")
    sheet.send()
    assert "is no copy of a StepDesk book" in sheet.forms[0].error("copy")
    sheet.copy.set_path(copy)
    sheet._look()
    sheet.place.set_path(tmp_path / "elsewhere")
    assert sheet.people.value() == "Awa"
    sheet.send()
    done(qtbot, program)
    assert sheet.forms[0].error("password").startswith("Wrong password.")
    field.clear()
    press(field, FIRST)
    sheet.send()
    done(qtbot, program)
    qtbot.waitUntil(lambda: found.login is not None)
    assert tiles_of(tmp_path / "elsewhere") is not None


def test_a_book_in_use_is_said_above_the_login(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    with again(folder):
        program._book_chosen(folder)  # nothing happens before there is a door
        found = door(qtbot, program)
        program._book_chosen(tmp_path)
        assert found.trouble.words().startswith("There is no book in")
        program._book_chosen(folder)
        assert found.login is not None
        press(found.login._password, FIRST)
        qtbot.keyClick(found.login._password, Qt.Key.Key_Return)
        done(qtbot, program)
        assert "is open in another window" in found.trouble.words()
        assert found.login._password.text() == ""
    assert program.window is None


def test_a_lost_book_is_named(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    program.settings = Settings(last_book=str(tmp_path / "gone"))
    found = door(qtbot, program)
    assert str(tmp_path / "gone") in found.trouble.words()
    assert found.start is not None


def test_a_program_that_ended_at_once_warms_nothing(qtbot: QtBot, program: Program) -> None:
    door(qtbot, program)
    program.finish()
    qtbot.wait(400)  # longer than the pause before it warms
    assert not program.lane.is_busy()


def test_an_empty_form_names_everything_that_is_needed(qtbot: QtBot, program: Program) -> None:
    found = door(qtbot, program)
    assert found.start is not None
    qtbot.keyClick(found.start.welcome.first, Qt.Key.Key_2)
    sheet = found.start.new_book
    qtbot.waitUntil(sheet.scheme.hasFocus)
    with qtbot.assertNotEmitted(sheet.wanted):
        qtbot.keyClick(sheet.button, Qt.Key.Key_Return)
    errors = [sheet._form_of(name).error(name) for name in sheet.needed() if name != "book"]
    assert set(errors) == {"This is needed: fill it in."}
    sheet.country.choose("ZZ")
    press(sheet.amount, "3.5")
    assert sheet.amount.value() == 350


def test_settings_nobody_can_read_are_as_if_there_were_none() -> None:
    path = settings_path()
    path.write_text('{"zoom": "big", "look": "dark", "other": 1}', encoding="utf-8")
    assert read_settings() == Settings(look="dark")
    for told in ("[1]", "{"):
        path.write_text(told, encoding="utf-8")
        assert read_settings() == Settings()


def test_the_names_on_the_tiles_need_no_password(tmp_path: Path) -> None:
    found = tiles_of(template(people=("Awa", "Bintou")))
    assert found is not None
    assert ([name for _id, name in found.people], found.practice) == (["Awa", "Bintou"], True)
    assert tiles_of(tmp_path) is None
    assert tiles_of_copy(tmp_path / "none.sdk") is None
    (tmp_path / "book.keys").write_text('{"slots": 3}', encoding="utf-8")
    assert tiles_of(tmp_path) is None
