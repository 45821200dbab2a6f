"""The letters room by keyboard: written while somebody waits, printed, listed, checked.

A delivery costs 5,000 by the list and the household pays 25 % of it: the scheme promises 3,750.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.claims import queries
from stepdesk.claims.terms import GuaranteeKind, GuaranteeLetter, LetterState
from stepdesk.contributions.service import receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.letters.issued_view import figures_apart
from stepdesk.ui.letters.page import LettersPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.today.page import TodayPage
from tests.builders import SECOND, a_household, open_copy, wednesday
from tests.claims.kit import Care, a_care, a_provider
from tests.claims.letter_kit import a_letter
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Window, plain

MOST_KEYS = 15  # screens handbook 3.2


class Room:
    """The letters page in a window, worked by keys alone."""

    def __init__(self, window: Window, care: Care, clock: SetClock) -> None:
        self.window, self.desk, self.care, self.clock = window, window.desk, care, clock
        self.page = window.go(LettersPage, "letters")

    def keys(self, signs: str) -> None:
        self.window.type(signs)
        self.settle()

    def key(self, key: Qt.Key) -> None:
        self.window.key(key)
        self.settle()

    def settle(self) -> None:
        """Wait until what was typed is offered."""
        self.window.wait()
        self.window.qtbot.waitUntil(lambda: not self.page.form._soon.isActive())
        self.window.wait()

    def letters(self) -> tuple[GuaranteeLetter, ...]:
        return self.desk.ask(queries.letters, self.desk.currency, today=self.desk.today)

    def papers(self) -> list[str]:
        """The papers that are shown; they are closed."""
        found = [one for one in self.page.findChildren(PaperWindow) if one.isVisible()]
        titles = [one.windowTitle() for one in found]
        for one in found:
            one.reject()
        self.window.wait()
        self.window.window.activateWindow()
        self.window.wait()
        return titles

    def rows(self) -> list[str]:
        model = self.page.list.table.rows
        return [plain(model.cell(row, 0).text) for row in range(model.rowCount())]


Opens = Callable[..., Room]


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[tuple[Window, Desk]] = []

    def start(
        prepared: Callable[[Desk, SetClock], Care] | None = None,
        *,
        people: tuple[str, ...] = ("Awa",),
        **told: Any,
    ) -> Room:
        clock = wednesday()
        desk = open_copy(tmp_path / f"book{len(made)}", people=people, clock=clock)
        care = (prepared or plainly)(desk, clock)
        made.append((Window(qtbot, desk, **told), desk))
        return Room(made[-1][0], care, clock)

    yield start
    for window, desk in made:
        window.close()
        desk.close()


def plainly(desk: Desk, _clock: SetClock) -> Care:
    return a_care(desk)


def hospital(desk: Desk, _clock: SetClock) -> Care:
    """A second provider, to which nobody goes without being sent."""
    care = a_care(desk, rules={"SURG": {"requires_referral": True}})
    a_provider(desk, care.services, code="KATI")
    return care


def with_pad(desk: Desk, _clock: SetClock) -> Care:
    care = a_care(desk)
    desk.do(receive_booklets, kind=Stationery.LETTER, first_serial=12, leaves=20)
    return care


def with_letter(desk: Desk, _clock: SetClock) -> Care:
    care = a_care(desk)
    a_letter(desk, care)
    return care


def suspended(desk: Desk, clock: SetClock) -> Care:
    """Paid to December 2024 and seen on 20 February 2025."""
    care = a_care(desk)
    clock.set(date(2025, 2, 20))
    desk.confirm_day(date(2025, 2, 20))
    return care


# Written while somebody waits


@pytest.mark.parametrize(
    ("language", "keys"),
    [("en", "1/0\nDEL\n\n\n"), ("fr", "&/à\nDEL\n\n\n")],
)
def test_a_letter_is_printed_within_fifteen_keys(opens: Opens, language: str, keys: str) -> None:
    """On a French keyboard the unshifted top row gives & for 1 and à for 0."""
    room = opens(language=language)
    room.window.go(TodayPage, "today")
    room.window.pressed = 0
    room.window.key(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    room.keys(keys)
    room.key(Qt.Key.Key_F9)
    (letter,) = room.letters()
    assert (letter.number, letter.state, letter.up_to.minor) == (
        "LG-2024-A-00001",
        LetterState.ISSUED,
        3750,
    )
    # Today is the first of sixty days: 22 of January, 29 of February, 9 of March.
    assert letter.valid_through == date(2024, 3, 9)
    paper = room.page.findChild(PaperWindow)
    assert isinstance(paper, PaperWindow)
    assert paper.isVisible()
    # Enter on the paper prints it: one key more.
    assert room.window.pressed + 1 <= MOST_KEYS
    room.papers()


def test_a_hospital_chosen_and_who_sent_the_patient_stay_within_fifteen_keys(
    opens: Opens,
) -> None:
    room = opens(hospital)
    room.window.go(TodayPage, "today")
    room.window.pressed = 0
    room.window.key(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    room.keys("1/0\n")
    assert room.page.form.cells.provider.hasFocus()
    room.key(Qt.Key.Key_Up)
    room.keys("\nSU\n")
    assert room.page.form.cells.referral.hasFocus()
    assert "referral" in room.page.form.against.words().lower()
    room.keys("C\n")
    assert room.page.form.cells.up_to.hasFocus()
    room.key(Qt.Key.Key_F9)
    (letter,) = room.letters()
    assert (letter.provider, letter.referral) == ("CS Kati", "CS Kati")
    assert letter.up_to.minor == 33_750  # 45,000 less 25 %
    assert room.window.pressed + 1 <= MOST_KEYS
    room.papers()


def test_the_figures_stand_large_to_be_read_out_and_f2_goes_on(opens: Opens) -> None:
    room = opens()
    room.keys("1/0\nDEL\n")
    room.key(Qt.Key.Key_F9)
    assert room.papers() == ["Letter LG-2024-A-00001"]
    (letter,) = room.letters()
    shown = room.page.issued
    assert shown.isVisible()
    assert "".join(filter(str.isdigit, shown.figures.text())) == letter.code.replace(" ", "")
    assert shown.figures.font().pointSize() >= 30
    assert shown.next.hasFocus()
    room.keys("\n")
    assert room.page.form.cells.card.hasFocus()
    assert room.page.form.cells.card.text() == ""
    assert verify_desk(room.desk, whole=True).findings == []


def test_six_figures_are_set_apart_by_three() -> None:
    assert figures_apart("471 083") == "4 7 1 – 0 8 3"
    assert figures_apart("") == ""


def test_the_patient_stands_there_with_the_cover_and_what_ceilings_leave(
    opens: Opens,
) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> Care:
        care = a_care(desk, cap_person_year=50_000)
        a_letter(desk, care)
        return care

    room = opens(prepared)
    room.keys("1/0\n")
    patient = room.page.form.patient
    assert patient.pill.accessibleName() == "Covered today"
    # The open letter holds 3,750 of 50,000 back.
    assert "The ceilings of the year leave 46,250 F CFA." in plain(patient.cover.text())
    earlier = room.page.form.earlier
    assert [plain(earlier.rows.cell(0, at).text) for at in range(4)] == [
        "10/01/2024",
        "Delivery",
        "",
        "Issued",
    ]


def test_the_amount_and_the_days_may_be_others_and_too_much_is_refused_beside_them(
    opens: Opens,
) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> Care:
        return a_care(desk, cap_episode=3000)

    room = opens(prepared)
    room.keys("1/0\nDEL\n")
    cells = room.page.form.cells
    assert cells.up_to.value() == 3000
    room.keys("30000\n7\n")
    assert "Valid until 16 January 2024" in plain(room.page.form.told.text())
    room.keys("\n")
    assert room.letters() == ()
    assert "3,000" in plain(cells.error("up_to"))
    assert cells.up_to.text() != ""
    room.keys("2500\n\n\n")
    (letter,) = room.letters()
    assert (letter.up_to.minor, letter.valid_through) == (2500, date(2024, 1, 16))
    assert letter.patient_due.minor == 2500
    room.papers()


@pytest.mark.parametrize(
    ("typed", "field"),
    [("99/1\n", "person"), ("\n", "person"), ("1/0\nXYZ\n", "service"), ("1/0\n\n", "service")],
)
def test_what_is_not_known_is_said_beside_its_field_and_kept(
    opens: Opens, typed: str, field: str
) -> None:
    room = opens()
    room.keys(typed)
    cells = room.page.form.cells
    assert cells.error(field)
    assert cells.fields[field].hasFocus()
    room.key(Qt.Key.Key_F9)
    assert room.letters() == ()
    last = typed.strip("\n").split("\n")[-1]
    if last and field == "person":
        assert cells.card.text() == last


def test_a_second_letter_for_the_same_act_asks_for_a_reason(opens: Opens) -> None:
    room = opens(with_letter)
    room.keys("1/0\nDEL\n")
    room.key(Qt.Key.Key_F9)
    assert room.page.form.caution.isVisible()
    room.keys("The paper was lost\n")
    assert len(room.letters()) == 2
    room.papers()


def test_a_household_and_a_digit_choose_the_person_and_f2_empties_the_form(
    opens: Opens,
) -> None:
    room = opens()
    room.keys("1\n")
    assert room.page.form.people.hasFocus()
    room.keys("2")
    assert room.page.form._patient is not None
    assert room.page.form._patient.person.suffix == 2
    room.key(Qt.Key.Key_F2)
    assert room.page.form.cells.card.text() == ""


# Not covered, and emergencies


def test_who_is_not_covered_hears_why_and_what_can_still_be_done(opens: Opens) -> None:
    room = opens(suspended)
    room.keys("1/0\n")
    assert room.page.form.patient.pill.accessibleName() == "Not covered"
    room.keys("SURG\n")
    told = plain(room.page.form.against.words())
    assert "In an emergency let a second person sign a letter of regularisation." in told
    assert "covered from" in told
    room.key(Qt.Key.Key_F9)
    assert room.letters() == ()


def test_an_emergency_is_signed_by_a_second_person(opens: Opens) -> None:
    room = opens(suspended, people=("Awa", "Bintou"))
    room.key(Qt.Key.Key_F7)
    cells = room.page.form.cells
    assert cells.kind is GuaranteeKind.REGULARISATION
    room.keys("1/0\n")
    assert cells.first_day.hasFocus()
    room.keys("19\n10\nSURG\n\n\n")
    assert room.page.form.second.password.hasFocus()
    room.keys("not it\n")
    assert "Wrong password" in room.page.form.second.form.error("second_password")
    room.page.form.second.password.setText("")
    room.keys(SECOND + "\n")
    (letter,) = room.letters()
    assert (letter.kind, letter.first_day, letter.up_to.minor) == (
        GuaranteeKind.REGULARISATION,
        date(2025, 2, 19),
        33_750,
    )
    room.papers()


def test_an_emergency_told_too_late_is_refused_beside_its_hours(opens: Opens) -> None:
    room = opens()
    room.key(Qt.Key.Key_F7)
    room.keys("1/0\n9\n73\nDEL\n")
    assert "73 hours" in room.page.form.cells.error("declared_hours")


def test_a_leaf_of_the_emergency_pad_is_typed_in(opens: Opens) -> None:
    room = opens(with_pad)
    room.key(Qt.Key.Key_F6)
    room.keys("1/0\n12-7\n9\nDEL\n\n\n\n")
    (letter,) = room.letters()
    assert (letter.leaf, letter.first_day) == ("0012-07", date(2024, 1, 9))
    room.papers()
    # The same leaf again: said beside the field, nothing written.
    room.key(Qt.Key.Key_F2)
    room.keys("1/1\n12-7\n9\nDEL\n\n\n\n")
    assert "typed in before" in room.page.form.cells.error("leaf")
    assert len(room.letters()) == 1


# The list


def test_letters_are_listed_by_state_and_one_is_cancelled_with_a_reason(opens: Opens) -> None:
    room = opens(with_letter)
    room.key(Qt.Key.Key_F3)
    assert room.rows() == ["LG-2024-A-00001"]
    room.page.list.acts["cancel"].setFocus()
    room.keys("\n")
    form = room.page.list.form
    room.keys("\n")
    assert form.form.error("reason") == "This is needed: fill it in."
    room.keys("She went elsewhere\n")
    assert room.rows() == []
    (letter,) = room.letters()
    assert (letter.state, letter.reason) == (LetterState.CANCELLED, "She went elsewhere")
    room.page.list.show_which.choose("all")
    room.settle()
    assert "It was cancelled: She went elsewhere" in room.page.list.history.text()


def test_a_letter_is_extended_by_two_and_printed_with_other_figures(opens: Opens) -> None:
    room = opens(with_letter, people=("Awa", "Bintou"))
    before = room.letters()[0]
    room.key(Qt.Key.Key_F3)
    room.key(Qt.Key.Key_F7)
    room.keys("10\n\nThe birth is late\n")
    assert room.page.list.form.second.password.hasFocus()
    room.keys(SECOND + "\n")
    after = room.letters()[0]
    # Nine days after the 9th and one are the 19th of March.
    assert (after.valid_through, after.version) == (date(2024, 3, 19), before.version + 1)
    assert after.code != before.code
    assert room.papers() == ["Letter LG-2024-A-00001"]


def test_a_letter_is_asked_for_and_issued_by_somebody_else(opens: Opens) -> None:
    room = opens()
    room.keys("1/0\nDEL\n")
    room.page.form.later.setFocus()
    room.keys("\n")
    assert room.letters()[0].state is LetterState.REQUESTED
    assert not room.page.issued.figures.isVisible()
    room.key(Qt.Key.Key_F3)
    assert room.rows() == []
    room.page.list.show_which.choose("asked")
    room.settle()
    assert room.rows() == ["LG-2024-A-00001"]
    room.key(Qt.Key.Key_F7)
    room.keys("3000\n\n")
    assert room.letters()[0].state is LetterState.ISSUED
    assert room.letters()[0].up_to.minor == 3000
    room.papers()


def test_escape_leads_out_of_everything(opens: Opens) -> None:
    room = opens(with_letter)
    room.key(Qt.Key.Key_F3)
    room.key(Qt.Key.Key_F7)
    assert room.page.list.form.isVisible()
    room.key(Qt.Key.Key_Escape)
    assert not room.page.list.form.isVisible()
    room.key(Qt.Key.Key_Escape)
    assert room.page.form.cells.card.hasFocus()
    room.keys("1\n")
    room.key(Qt.Key.Key_Escape)
    assert room.page.form.cells.card.hasFocus()


# On the telephone


def test_figures_told_on_the_telephone_are_checked(opens: Opens) -> None:
    room = opens(with_letter)
    code = room.letters()[0].code
    room.key(Qt.Key.Key_F3)
    room.key(Qt.Key.Key_F3)
    check = room.page.check
    wrong = "000 000" if code != "000 000" else "000 001"
    room.keys(f"LG-2024-A-00001\n{wrong}\n")
    assert "do not fit" in check.form.error("code")
    assert check.answer.isHidden()
    room.keys(f"{code}\n")
    assert check.answer.text() == "Yes: letter LG-2024-A-00001 is ours."
    assert check.pill.accessibleName() == "Issued"
    room.key(Qt.Key.Key_Escape)
    assert room.rows() == ["LG-2024-A-00001"]


def test_without_a_provider_nothing_can_be_written_and_it_is_said(opens: Opens) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> Care:
        a_household(desk, 1)
        return Care({}, None, None, None, None, None)  # type: ignore[arg-type]

    room = opens(prepared)
    assert "No provider has an agreement today" in room.page.form.missing.text()
    assert not room.page.form.print.isEnabled()


def test_every_word_of_the_room_is_said_in_the_language_of_the_person(
    opens: Opens, qapp: QApplication
) -> None:
    room = opens(with_letter, speaker=BracketSpeaker())
    room.keys("1/0\nDEL\n")
    assert unbracketed(room.page) == []
    room.key(Qt.Key.Key_F3)
    assert unbracketed(room.page) == []
    assert qapp is not None


def test_from_the_right_a_letter_is_written_by_the_same_keys(opens: Opens) -> None:
    with from_the_right() as speaker:
        room = opens(speaker=speaker)
        room.keys("1/0\nDEL\n")
        room.key(Qt.Key.Key_F9)
        room.papers()
        (letter,) = room.letters()
        assert letter.up_to.minor == 3750
        # The figures are read from the left, in their order.
        told = room.page.issued.figures.text()
        assert "".join(filter(str.isdigit, told)) == letter.code.replace(" ", "")
