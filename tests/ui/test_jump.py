"""Ctrl+K by keyboard: a page, a household, somebody; in English and French layouts."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from stepdesk.members.queries import search
from stepdesk.members.service import photograph
from stepdesk.store.desk import Desk
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.members.somebody import SOMEBODY, Somebody, people
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.search_box import SearchBox
from tests.builders import a_payment
from tests.members.test_finding import register
from tests.ui.test_members import Opens, opens  # noqa: F401 - a fixture
from tests.ui.test_photo import picture
from tests.ui.typing import press
from tests.ui.window import Window

NUMBER = 7


def many(desk: Desk, _clock: object) -> None:
    """Eight households; the seventh has paid, and its telephone is known."""
    for at in range(1, 9):
        home = register(
            desk, f"Diop Awa {chr(96 + at) * 3}", "Diallo Fatou", phone=f"77 123 45 6{at}"
        )
        if at == NUMBER:
            a_payment(desk, home, 5000)


def box_of(window: Window, qtbot: QtBot) -> SearchBox:
    """Press Ctrl+K: one key."""
    qtbot.keyClick(window.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = window.window.frame.jump._box
    qtbot.waitUntil(box.hasFocus)
    return box


def rows_of(window: Window) -> list[Somebody]:
    box: QListWidget = window.window.frame.jump._list
    found = [box.item(at).data(SOMEBODY) for at in range(box.count())]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("keys", ["7", "è"], ids=["English", "French"])
def test_is_she_covered_takes_at_most_four_keys(
    opens: Opens,  # noqa: F811
    qtbot: QtBot,
    keys: str,
) -> None:
    window = opens(many)
    box = box_of(window, qtbot)
    press(box, keys)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert 1 + len(keys) + 1 <= 4
    window.wait()
    page = window.window.page()
    assert isinstance(page, MembersPage)
    qtbot.waitUntil(lambda: page.card.file is not None)
    assert page.card.file is not None
    assert page.card.file.known.number.serial == NUMBER
    assert page.card.pill.isVisible()


@pytest.mark.parametrize(
    "asked", ["77 123 45 67", "010000075", "010000075.2", "fatu jalo", "awa ggg"]
)
def test_a_telephone_a_card_and_a_name_open_the_household_at_once(
    opens: Opens,  # noqa: F811
    qtbot: QtBot,
    asked: str,
) -> None:
    window = opens(many)
    box = box_of(window, qtbot)
    qtbot.keyClicks(box, asked)
    qtbot.keyClick(box, Qt.Key.Key_Return)  # a card reader does not wait for the list
    window.wait()
    page = window.window.page()
    assert isinstance(page, MembersPage)
    qtbot.waitUntil(lambda: page.card.file is not None)
    assert not window.window.frame.jump.isVisible()
    assert page.card.file is not None
    wanted = 1 if asked == "fatu jalo" else NUMBER
    assert page.card.file.known.number.serial == wanted


def test_rows_tell_people_of_one_name_apart(opens: Opens, qtbot: QtBot) -> None:  # noqa: F811
    window = opens(many)
    box = box_of(window, qtbot)
    qtbot.keyClicks(box, "jalo")
    window.wait()
    qtbot.waitUntil(lambda: len(rows_of(window)) == 8)
    one = rows_of(window)[NUMBER - 1]
    assert (one.name, one.initials, one.status) == ("Diallo Fatou", "DF", Status.WAITING)
    assert one.line == "01-000007-5/01 · Koula · Diop Awa ggg · 2010 (13)"
    assert not window.window.frame.jump.grab().isNull()


def test_arrow_keys_walk_from_pages_to_people_and_escape_leaves(
    opens: Opens,  # noqa: F811
    qtbot: QtBot,
) -> None:
    window = opens(many)
    box = box_of(window, qtbot)
    qtbot.keyClicks(box, "d")
    window.wait()
    qtbot.waitUntil(lambda: len(rows_of(window)) > 0)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not window.window.frame.jump.isVisible()


def test_nobody_of_that_name_goes_to_the_list(opens: Opens, qtbot: QtBot) -> None:  # noqa: F811
    window = opens(many)
    box = box_of(window, qtbot)
    qtbot.keyClicks(box, "xyzzy")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    window.wait()
    page = window.window.page()
    assert isinstance(page, MembersPage)
    assert page.list.search.text() == "xyzzy"


def test_people_are_read_with_how_they_stand(desk: Desk, tmp_path: Path) -> None:
    many(desk, None)
    found = desk.ask(lambda _: people(desk, "7"))
    assert [(one.number, one.year, one.member) for one in found] == [
        ("01-000007-5/00", 1990, True),
        ("01-000007-5/01", 2010, False),
    ]
    assert found[0].age == date(2024, 1, 10).year - 1990 - 1
    assert tmp_path.exists()


def test_a_row_shows_the_photo_of_who_has_one(opens: Opens, qtbot: QtBot) -> None:  # noqa: F811
    def with_a_photo(desk: Desk, clock: object) -> None:
        many(desk, clock)
        one = desk.ask(search, "7/01")[0]
        desk.do(photograph, person_id=one.id, picture=picture("red"))

    window = opens(with_a_photo)
    box = box_of(window, qtbot)
    qtbot.keyClicks(box, "jalo")
    window.wait()
    qtbot.waitUntil(lambda: len(rows_of(window)) == 8)
    assert [one.photo is not None for one in rows_of(window)] == [at == 6 for at in range(8)]
    listed: QListWidget = window.window.frame.jump._list

    def face_of(row: int) -> QColor:
        listed.scrollToItem(listed.item(row))
        rect = listed.visualItemRect(listed.item(row))
        shot = listed.viewport().grab().toImage()
        ratio = shot.devicePixelRatio()
        # The upper part of the face, above the initials: 8 px from the edge, 36 px wide.
        at = rect.left() + 8 + 18, rect.center().y() - 13
        return shot.pixelColor(round(at[0] * ratio), round(at[1] * ratio))

    last = listed.count() - 8
    qtbot.waitUntil(lambda: face_of(last + 6).red() > 200 and face_of(last + 6).blue() < 60)
    assert face_of(last + 5).blue() > 60
