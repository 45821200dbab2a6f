"""The control room by keyboard. Source: domain handbook 2.15 and D27 for complaints."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from stepdesk.claims.queries import claim_of
from stepdesk.claims.service import decide_claim
from stepdesk.complaints import queries
from stepdesk.complaints.terms import Complaint, ComplaintKind, ComplaintOutcome, ComplaintState
from stepdesk.countries import country
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.control.page import ControlPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.today.page import TodayPage
from stepdesk.values.money import Money
from tests.builders import SECOND, a_household, open_copy, wednesday
from tests.claims.kit import a_batch, a_care, a_claim
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.window import Window, plain


class Room:
    """The control page in a window, worked by keys alone."""

    def __init__(self, window: Window, clock: SetClock) -> None:
        self.window, self.desk, self.clock = window, window.desk, clock
        self.page = window.go(ControlPage, "control")
        self.part = self.page.complaints
        self.form = self.part.form

    def keys(self, signs: str) -> None:
        self.window.type(signs)
        self.window.qtbot.wait(80)  # a finder waits for its rows
        self.window.wait()

    def key(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            self.window.key(key)

    def complaints(self) -> tuple[Complaint, ...]:
        return self.desk.ask(queries.complaints, country(self.desk.country))

    def go_to(self, name: str) -> None:
        """Go to a question; what is typed there is replaced."""
        self.form.form.answers[name].setFocus()
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()

    def error(self, name: str) -> str:
        return plain(self.form.form.error(name))

    def rows(self) -> list[list[str]]:
        model = self.part.rows
        return [
            [plain(model.cell(row, at).text) for at in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def papers(self) -> list[str]:
        found = [one for one in self.page.findChildren(PaperWindow) if one.isVisible()]
        titles = [one.windowTitle() for one in found]
        for one in found:
            one.reject()
        self.window.wait()
        self.window.window.activateWindow()
        self.window.wait()
        return titles


Opens = Callable[..., Room]


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[tuple[Window, Desk]] = []

    def start(
        prepared: Callable[[Desk], object] | None = None,
        *,
        people: tuple[str, ...] = ("Awa",),
        day: date | None = None,
        **told: Any,
    ) -> Room:
        clock = wednesday()
        desk = open_copy(tmp_path / f"book{len(made)}", people=people, clock=clock)
        (prepared or a_household)(desk)
        if day is not None:
            clock.set(day)
            desk.confirm_day(day)
        made.append((Window(qtbot, desk, **told), desk))
        return Room(made[-1][0], clock)

    yield start
    for window, desk in made:
        window.close()
        desk.close()


def board(desk: Desk) -> None:
    """A household, and somebody of the board who may decide."""
    a_household(desk)
    desk.do(add_person, name="Moussa", role=Role.BOARD, password=SECOND)


def lowered(desk: Desk) -> None:
    """A claim of 45,000 less 25 %, of which the ceiling of an episode leaves 20,000."""
    care = a_care(desk, cap_episode=20_000)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("SURG"))
    desk.do(decide_claim, claim_id=claim)
    desk.do(add_person, name="Moussa", role=Role.BOARD, password=SECOND)


def file_one(room: Room, told: str = "He shouted at my mother.", *, down: int = 5) -> None:
    """File a complaint by keys: the last kind is about the people of the mutual."""
    room.key(Qt.Key.Key_F2)
    room.key(Qt.Key.Key_Down, down)
    room.keys(f"\n{told}\n\nAwa Fall, 77 123 45 67\n\n\n\n\n\n")


def test_a_complaint_goes_from_the_form_to_its_closing_without_the_mouse(opens: Opens) -> None:
    """Acknowledged within 7 days, decided within 60: from 10 January the 17th and 10 March."""
    room = opens(board)
    file_one(room)
    (one,) = room.complaints()
    assert (one.kind, one.told, one.who) == (
        ComplaintKind.STAFF,
        "He shouted at my mother.",
        "Awa Fall, 77 123 45 67",
    )
    assert room.rows()[0][0] == "K-2024-A-000001"
    assert room.rows()[0][4:] == ["17/01/2024", "Filed"]
    room.key(Qt.Key.Key_F7)
    room.keys("told by telephone\n")
    assert room.rows()[0][4:] == ["10/03/2024", "Acknowledged"]
    room.key(Qt.Key.Key_F7)
    room.keys("\n")
    assert room.error("heard") == "This is needed: fill it in."
    room.keys("He is sorry.\n")
    room.key(Qt.Key.Key_F7)
    room.keys("\nHe apologised.\n")
    assert room.form.second.password.hasFocus()
    room.keys(SECOND + "\n")
    assert room.error("outcome") == "This is needed: fill it in."
    room.key(Qt.Key.Key_Down, 2)
    room.form.second.password.setFocus()
    room.keys("\n")
    (one,) = room.complaints()
    assert (one.state, one.decided and one.decided.outcome) == (
        ComplaintState.DECIDED,
        ComplaintOutcome.OVERTURNED,
    )
    assert room.rows() == []


def test_the_decision_is_told_and_the_complaint_closed(opens: Opens) -> None:
    room = opens(board)
    file_one(room)
    for told in ("\n", "He is sorry.\n"):
        room.key(Qt.Key.Key_F7)
        room.keys(told)
    room.key(Qt.Key.Key_F7)
    room.key(Qt.Key.Key_Down)
    room.keys("\nIt was a misunderstanding.\n\n" + SECOND + "\n")
    room.part.which.choose("all")
    room.part.table.setFocus()
    room.key(Qt.Key.Key_F7)
    room.keys("told\n")
    assert room.complaints()[0].state is ComplaintState.CLOSED
    assert not room.part.step.isVisible()
    assert verify_desk(room.desk, whole=True).findings == []


def test_a_late_complaint_says_so_and_today_opens_it(opens: Opens) -> None:
    room = opens(board)
    file_one(room)
    room.clock.set(date(2024, 1, 18))
    room.desk.confirm_day(date(2024, 1, 18))
    today = room.window.go(TodayPage, "today")
    line = next(one for one in today.lines if "complaint" in one.text())
    assert "by 17 January 2024" in plain(line.text())
    line.setFocus()
    room.keys("\n")
    assert room.window.page(ControlPage) is room.page
    assert room.rows()[0][5] == "Filed, late"


def goes_by_tab(room: Room, *stops: Any) -> None:
    for one in stops:
        room.key(Qt.Key.Key_Tab)
        assert one.hasFocus()


def test_an_appeal_names_its_claim_and_moves_it(opens: Opens) -> None:
    room = opens(lowered)
    room.key(Qt.Key.Key_F2)
    room.keys("\nThe ceiling is not just.\n\n\n\n\nC-2024-A-000009\n\n\n")
    assert room.error("claim") == "There is no claim C-2024-A-000009. Check the number."
    assert room.complaints() == ()
    room.go_to("claim")
    room.keys("C-2024-A-000001\n\n\n")
    (one,) = room.complaints()
    assert (one.claim, one.level) == ("C-2024-A-000001", 1)
    for told in ("told\n", "She needs it.\n"):
        room.key(Qt.Key.Key_F7)
        room.keys(told)
    room.key(Qt.Key.Key_F7)
    ticks = room.part.waived.findChildren(QCheckBox)
    assert [one.text() for one in ticks] == ["RC03 · Ceiling per episode · on Planned surgery"]
    room.key(Qt.Key.Key_Down, 2)
    goes_by_tab(room, ticks[0], room.form.form.answers["answer"].focusProxy())
    room.form.form.answers["outcome"].setFocus()
    room.keys("\n")
    assert ticks[0].hasFocus()
    room.keys("\nNothing else.\n" + SECOND + "\n")
    assert "set aside the reason" in room.error("code")
    room.form.form.answers["code"].setFocus()
    room.keys(" \n\n\n")
    (one,) = room.complaints()
    assert one.state is ComplaintState.DECIDED
    assert one.claim_id is not None
    claim = room.desk.ask(claim_of, one.claim_id, room.desk.currency)
    assert (claim.paid, claim.codes) == (Money(33_750, room.desk.currency), ())
    assert verify_desk(room.desk, whole=True).findings == []


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(
    opens: Opens,
) -> None:
    room = opens()
    room.key(Qt.Key.Key_F2)
    room.key(Qt.Key.Key_Down)  # a suspension: of a household
    room.keys("\n\n\n\n\n\n\n\n\n")
    assert room.error("told") == "This is needed: fill it in."
    room.keys("We had paid.\n\n\n\n\n\n\n\n")
    assert "household" in room.error("household").lower()
    assert room.complaints() == ()
    room.key(Qt.Key.Key_Escape)
    room.key(Qt.Key.Key_F2)
    assert room.form.form.told()["told"] == "We had paid."
    answer = room.form.form.answers["household"]
    answer.setFocus()
    room.keys("1\n")
    room.keys("\n\n\n")
    (one,) = room.complaints()
    assert (one.kind, one.concerns) == (ComplaintKind.SUSPENSION, "01-000001-8")


def test_the_form_and_the_register_are_printed(opens: Opens) -> None:
    room = opens()
    room.part.new.setFocus()
    room.key(Qt.Key.Key_F9)
    assert room.papers() == ["Blank form"]
    file_one(room)
    room.key(Qt.Key.Key_F9)
    assert room.papers() == ["K-2024-A-000001"]
    room.window.key(Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert room.papers() == ["Register of complaints and appeals"]


def test_every_word_of_the_room_is_said_in_the_language_of_the_person(opens: Opens) -> None:
    room = opens(board, speaker=BracketSpeaker())
    file_one(room)
    assert unbracketed(room.page) == []
    room.key(Qt.Key.Key_F7)
    assert unbracketed(room.page) == []


# What to look at, and visits to confirm


def twice(desk: Desk) -> None:
    """The same consultation of the same patient on the same day, on two certificates."""
    care = a_care(desk)
    batch = a_batch(desk, care)
    for number in ("457", "458"):
        a_claim(desk, care, batch, care.line("C"), day=date(2024, 1, 8), certificate=number)
    a_claim(desk, care, batch, care.line("C"), day=date(2024, 1, 9), certificate="459", at=1)


def looking(opens: Opens) -> Room:
    room = opens(twice, day=date(2024, 1, 31))
    room.key(Qt.Key.Key_F3)
    room.page.flags.month.setFocus()
    room.keys("1/2024\n")
    return room


def test_what_stands_out_is_listed_with_its_evidence_and_dismissed_with_a_reason(
    opens: Opens,
) -> None:
    room = looking(opens)
    part = room.page.flags
    assert "Certificates looked at: 3." in plain(part.told.text())
    said = [plain(part.rows.cell(row, 0).text) for row in range(part.rows.rowCount())]
    assert "Billed twice" in said
    part.table.go_to(said.index("Billed twice"))
    room.window.wait()
    documents = [
        plain(part.documents.cell(row, 0).text) for row in range(part.documents.rowCount())
    ]
    assert {"C-2024-A-000001", "C-2024-A-000002"} <= set(documents)
    part.table.setFocus()
    room.key(Qt.Key.Key_F7)
    room.keys("Both leaves are there\n")
    assert part.acts["dismiss"].isVisible()
    room.key(Qt.Key.Key_F7)
    room.keys("\n")
    assert plain(part.form.form.error("reason")) == "This is needed: fill it in."
    room.keys("Two consultations, in the morning and at night\n")
    left = [plain(part.rows.cell(row, 0).text) for row in range(part.rows.rowCount())]
    assert "Billed twice" not in left
    # Looked at again it does not come back.
    room.key(Qt.Key.Key_F5)
    assert "Billed twice" not in [
        plain(part.rows.cell(row, 0).text) for row in range(part.rows.rowCount())
    ]
    assert verify_desk(room.desk, whole=True).findings == []


def test_what_was_so_is_confirmed_and_what_was_done_is_noted(opens: Opens) -> None:
    room = looking(opens)
    part = room.page.flags
    said = [plain(part.rows.cell(row, 0).text) for row in range(part.rows.rowCount())]
    part.table.go_to(said.index("Billed twice"))
    part.table.setFocus()
    room.window.wait()
    room.key(Qt.Key.Key_F7)
    room.keys("\n")
    part.acts["confirm"].setFocus()
    room.keys("\nThe centre says so\n")
    part.which.choose("confirmed")
    room.window.wait()
    part.table.setFocus()
    room.key(Qt.Key.Key_F7)
    room.key(Qt.Key.Key_Down)
    room.keys("\nOn the next invoice\n")
    assert "The money is asked back" in plain(part.history.text())


def test_a_month_that_is_none_is_said_beside_it(opens: Opens) -> None:
    room = opens(twice)
    room.key(Qt.Key.Key_F3)
    part = room.page.flags
    part.month.setFocus()
    room.keys("13/2024\n")
    assert plain(part.month_form.error("month")).startswith("This is not a month.")
    assert part.look.isEnabled()


def test_visits_are_drawn_called_and_answered_by_one_key_each(opens: Opens) -> None:
    room = opens(twice, day=date(2024, 1, 31))
    room.key(Qt.Key.Key_F3, 2)
    part = room.page.visits
    room.key(Qt.Key.Key_F2)
    room.keys("1/2024\n\n\n")
    assert plain(part.counts.text()) == (
        "Of 3: 0 confirmed, 0 not confirmed, 0 not reached, 3 to ask."
    )
    assert part.lists.currentText() == "January 2024"
    room.keys("1")
    room.keys("3")
    room.keys("2")
    assert part.acting
    room.keys("\n\n")
    assert plain(part.form.form.error("note")) == "Write what was said."
    room.keys("She was at home\n")
    assert plain(part.counts.text()) == (
        "Of 3: 1 confirmed, 1 not confirmed, 1 not reached, 0 to ask."
    )
    room.key(Qt.Key.Key_F9)
    assert room.papers() == ["Visits to confirm by telephone"]
    # Nobody is asked twice: no visit of the month is left.
    room.key(Qt.Key.Key_F2)
    room.keys("1/2024\n\n\n")
    assert "No visit of January 2024 is left" in plain(part.form.form.error("month"))
