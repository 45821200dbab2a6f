"""The claims room by keyboard: batches, certificates typed, decided, paid, printed."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from benchmarks.big_book import Making, register_many
from stepdesk.claims import queries
from stepdesk.claims.service import decide_batch, enter_claim, pay_provider, withdraw_claim
from stepdesk.claims.terms import Batch, Claim, DifferenceKind, State, Visit
from stepdesk.members.queries import household_ids, household_rows
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.claims import facts
from stepdesk.ui.claims.page import ClaimsPage
from stepdesk.ui.claims.payment_facts import Tab
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Theme
from stepdesk.ui.today.page import TodayPage
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.month_field import month_of
from stepdesk.ui.widgets.pill import pill_width
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import (
    SECOND,
    a_household,
    a_payment,
    a_plan,
    a_request,
    a_section,
    again,
    open_copy,
    wednesday,
)
from tests.claims.kit import Care, a_batch, a_care, a_claim, certificate
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.typing import press
from tests.ui.window import Window, plain

# By hand, of the kit's list (C 600, P 15, A 900) and package (25 % by the member):
# a consultation pays 450; 20 paracetamol at 15 pay 225; 15 amoxicillin at 900 pay 10,125.
FRAME = 4  # pixels between the border of a field and what stands in it
CARE = "C\n\n\nP\n20\n\nA\n15\n\n\n"


class Room:
    """The claims page in a window, worked by keys alone."""

    def __init__(self, window: Window, clock: SetClock) -> None:
        self.window = window
        self.desk = window.desk
        self.clock = clock
        self.page = window.go(ClaimsPage, "claims")

    def keys(self, signs: str) -> None:
        self.window.type(signs)

    def fast(self, signs: str) -> None:
        """Press keys without ever waiting for an answer."""
        for sign in signs:
            widget = QApplication.focusWidget() or self.window.window
            if sign == "\n":
                self.window.qtbot.keyClick(widget, Qt.Key.Key_Return)
            else:
                press(widget, sign)
        self.settle()

    def key(self, key: Qt.Key) -> None:
        self.window.key(key)

    def settle(self) -> None:
        """Wait until everything that was to be decided or kept soon is done."""
        form = self.form
        self.window.wait()
        self.window.qtbot.waitUntil(lambda: not form._soon.isActive())
        self.window.wait()
        self.window.qtbot.waitUntil(lambda: not form._soon.isActive())
        self.window.wait()

    def open(self, at: int = 0) -> None:
        """Open a batch of the list."""
        self.page.open_batch(self.batches()[at].id)
        self.window.wait()

    def batches(self) -> tuple[Batch, ...]:
        return self.desk.ask(queries.batches, self.desk.currency)

    def claims(self) -> tuple[Claim, ...]:
        batch_id = self.batches()[0].id
        return self.desk.ask(lambda c: queries.claims_of(c, self.desk.currency, batch_id=batch_id))

    @property
    def form(self) -> Any:
        return self.page.batch.form

    def stand(self) -> str:
        return plain(self.page.batch.stand.text())

    def lines(self) -> list[str]:
        """What is said of each line of the form."""
        return [plain(line.words.text()) for line in self.form.lines]

    def rows(self) -> list[list[str]]:
        model = self.page.batch.rows
        columns = range(model.columnCount())
        return [
            [plain(model.cell(row, column).text) for column in columns]
            for row in range(model.rowCount())
        ]


Opens = Callable[..., Room]


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(
        prepared: Callable[[Desk, SetClock], object] | None = None,
        *,
        people: tuple[str, ...] = ("Awa",),
        at: Path | None = None,
        **told: Any,
    ) -> Room:
        clock = wednesday()
        desk = (
            again(at, clock=clock)
            if at is not None
            else open_copy(tmp_path / f"book{len(desks)}", people=people, clock=clock)
        )
        desks.append(desk)
        if prepared is not None:
            prepared(desk, clock)
        made.append(Window(qtbot, desk, **told))
        return Room(made[-1], clock)

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def care(desk: Desk, _clock: SetClock) -> Care:
    return a_care(desk)


def batch(desk: Desk, clock: SetClock) -> Care:
    """A batch of January from the health centre, its invoice over 11,700."""
    made = care(desk, clock)
    a_batch(desk, made, invoice="17", invoice_total=Money(11_700, desk.currency))
    return made


def twelve(desk: Desk, clock: SetClock) -> Care:
    """The same with twelve households, the last of them paid up."""
    made = batch(desk, clock)
    today = desk.today
    clock.set(date(2024, 1, 2))
    homes = [a_household(desk, 2, plan_id=made.plan_id) for _ in range(11)]
    a_payment(desk, homes[-1], 1000 + 700 * 6)
    clock.set(today)
    return made


def money(desk: Desk, clock: SetClock) -> Care:
    """A decided batch of two consultations, and money in the box."""
    made = batch(desk, clock)
    for _ in range(3):
        a_payment(desk, a_household(desk, 6, plan_id=made.plan_id), 9000)
    batch_id = desk.ask(queries.batches, desk.currency)[0].id
    for day in (8, 9):
        a_claim(desk, made, batch_id, made.line("C"), day=date(2024, 1, day), certificate=f"{day}")
    desk.do(decide_batch, batch_id=batch_id, accepting=frozenset({"invoice_differs"}))
    return made


# Before the first batch


def test_without_a_provider_it_is_said_who_brings_them_in(opens: Opens) -> None:
    room = opens()
    assert "Alt+6" in room.page.list.missing.text()
    assert not room.page.list.new.isEnabled()
    room.key(Qt.Key.Key_F2)
    assert room.page.list.isVisible()


def test_without_a_package_it_is_said_that_lines_would_be_refused(opens: Opens) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> None:
        from stepdesk.providers.service import add_provider
        from stepdesk.providers.terms import Kind
        from stepdesk.values.care import Level

        desk.do(add_provider, code="K", name="CS K", level=Level.CENTRE, kind=Kind.PUBLIC)

    room = opens(prepared)
    assert "Alt+6" in room.page.list.missing.text()
    assert room.page.list.new.isEnabled()


def test_alt_4_opens_the_room(opens: Opens) -> None:
    room = opens(care)
    room.window.go(TodayPage, "today")
    room.window.key(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert room.window.page(ClaimsPage).list.isVisible()


# Opening a batch


def test_a_batch_is_opened_by_keys(opens: Opens) -> None:
    room = opens(care)
    room.key(Qt.Key.Key_F2)
    room.keys("1\n\n17/24\n184250\n")
    (told,) = room.batches()
    assert (told.month, told.received_on, told.invoice) == (
        Month(2024, 1),
        date(2024, 1, 10),
        "17/24",
    )
    assert told.invoice_total == Money(184_250, room.desk.currency)
    assert room.form.isVisible()
    assert plain(room.page.batch.head.text()).startswith("CS Koula · January 2024 · B-2024-A-")


def test_a_refusal_stands_beside_its_field(opens: Opens) -> None:
    room = opens(care)
    room.key(Qt.Key.Key_F2)
    form = room.page.open_form
    room.keys("2/2024\n\n\n\n")
    assert "has not begun" in form.form.error("month")
    assert room.batches() == ()
    form.month.setText("13")
    form.send()
    assert "not a month" in form.form.error("month")
    form.month.setText("1")
    form.received.setText("20")
    form.send()
    room.window.wait()
    assert "still ahead" in form.form.error("received_on")


def test_an_invoice_that_came_in_a_closed_month_is_refused_beside_its_day(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        care(desk, clock)
        clock.set(date(2024, 2, 5))
        desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))

    room = opens(prepared)
    room.key(Qt.Key.Key_F2)
    room.keys("1\n31/1\n\n\n")
    told = room.page.open_form.form.error("received_on")
    assert told.startswith("January 2024 is closed.")
    room.page.open_form.received.setText("5")
    room.page.open_form.send()
    room.window.wait()
    assert len(room.batches()) == 1


def test_a_second_f2_or_esc_leaves_what_was_typed_of_an_invoice(opens: Opens) -> None:
    room = opens(care)
    room.key(Qt.Key.Key_F2)
    room.keys("1\n\n17/24\n184250")
    room.key(Qt.Key.Key_F2)
    form = room.page.open_form
    assert (form.month.text(), form.invoice.text(), form.total.value()) == ("1", "17/24", 184_250)
    room.key(Qt.Key.Key_Escape)
    assert room.page.list.isVisible()
    room.key(Qt.Key.Key_F2)
    assert (form.month.text(), form.invoice.text(), form.total.value()) == ("1", "17/24", 184_250)
    room.keys("\n\n\n\n")
    assert [one.invoice for one in room.batches()] == ["17/24"]
    room.key(Qt.Key.Key_F2)
    assert (form.month.text(), form.invoice.text(), form.total.text()) == ("12/2023", "", "")


# Typing certificates


def test_a_consultation_with_two_medicines_takes_24_keys(opens: Opens) -> None:
    room = opens(twelve)
    room.open()
    room.keys("457\n")
    room.window.pressed = 0
    room.keys("12\n1" + "09\n" + CARE)
    assert room.window.pressed <= 24
    (claim,) = room.claims()
    assert (claim.certificate, claim.first_day, claim.card) == (
        "457",
        date(2024, 1, 9),
        claim.card,
    )
    assert claim.card.endswith("/01")
    assert [(one.code, one.quantity, one.unit_price.minor) for one in claim.lines] == [
        ("C", 1, 600),
        ("P", 20, 15),
        ("A", 15, 900),
    ]
    assert room.form.certificate.text() == "458"
    assert room.form.card.hasFocus()


def test_the_french_top_row_types_a_certificate(opens: Opens) -> None:
    room = opens(twelve, language="fr")
    room.open()
    # On a French keyboard without Shift: & = 1, é = 2, à = 0, ç = 9, ( = 5.
    room.keys("'(è\n&é\n&" + "àç\n" + "C\n\n\nP\néà\n\nA\n&(\n\n\n")
    (claim,) = room.claims()
    assert claim.certificate == "457"
    assert [one.quantity for one in claim.lines] == [1, 20, 15]
    assert claim.first_day == date(2024, 1, 9)


def test_the_keys_may_be_faster_than_the_desk(opens: Opens) -> None:
    room = opens(twelve)
    room.open()
    room.keys("457\n")
    room.fast("12\n1" + "8\nC\n\n\n\n" + "12\n1" + "9\nC\n\n\n\n")
    assert [(one.certificate, one.first_day.day) for one in room.claims()] == [
        ("457", 8),
        ("458", 9),
    ]


def test_each_line_says_what_it_comes_to_as_it_is_typed(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\n" + "C\n\n\nP\n20\n20\nGLAS\n\n9000\n")
    room.settle()
    # 20 at 20 are 400; the list says 15, so 300 count and 25 % of them is the patient's.
    assert room.lines()[:3] == [
        "the patient pays 150 F CFA",
        "Price above the agreed list · the patient pays 75 F CFA",
        "Refused: Service not in the package",
    ]
    states = [line.words.status for line in room.form.lines[:3]]
    assert states == [Status.UP_TO_DATE, Status.WAITING, Status.STOPPED]
    shown = [
        tuple(plain(label.text()) for label in (line.claimed, line.tariff, line.payable))
        for line in room.form.lines[:3]
    ]
    assert shown == [("600", "600", "450"), ("400", "15", "225"), ("9,000", "", "0")]
    assert room.claims() == ()


def test_why_this_amount_tells_the_line_the_cursor_is_on(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\n" + "C\n\n\nP\n20\n20\n")
    room.settle()
    room.form.lines[1].quantity.setFocus()
    assert [plain(one) for one in room.form.why.texts()] == [
        "Claimed 400 F CFA: 20 at 20 F CFA.",
        "Agreed price 15 F CFA: 100 F CFA above it is refused to the provider.",
        "The member's share is 25 %: 75 F CFA.",
        "The scheme pays 225 F CFA.",
    ]
    room.form.lines[0].act.setFocus()
    assert plain(room.form.why.texts()[-1]) == "The scheme pays 450 F CFA."


def test_the_header_adds_up_what_is_typed(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.keys("1\n2" + "9\nC\n\n\n\n")
    room.settle()
    assert room.stand() == (
        "2 certificates typed · claimed 1,200 F CFA of 11,700 F CFA on the invoice"
        " · payable 900 F CFA · 2 to decide"
    )
    assert [row[0] for row in room.rows()] == ["458", "457"]
    assert room.rows()[0][2:] == ["600", "450", "To decide"]


def test_a_card_nobody_has_is_said_and_a_name_will_do(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n999\n")
    assert room.form.error.text().startswith("No card 999.")
    assert room.form.card.hasFocus()
    assert room.form.card.text() == "999"
    room.keys("zzz\n")
    assert room.form.error.text().startswith("Nobody is called zzz.")
    name = room.desk.ask(household_rows, room.desk.ask(household_ids), room.desk.today)
    room.form.card.selectAll()
    room.keys(name[0].member_name.split()[0] + "\n")
    assert room.form.people.hasFocus()
    room.keys("\n")
    assert room.form.card.text().startswith("1/0")
    assert room.form.day.hasFocus()


@pytest.mark.parametrize("card", ["1/2", "1 2", "01-000001-8/02"])
def test_household_and_person_may_be_typed_in_one(opens: Opens, card: str) -> None:
    room = opens(batch)
    room.open()
    room.keys(f"457\n{card}\n")
    assert room.form.card.text() == "1/02"
    assert room.form.day.hasFocus()


def test_a_quantity_of_nothing_is_refused_beside_its_line(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n0\n")
    line = room.form.lines[0]
    assert line.error.isVisible()
    assert "from 1 on" in line.error.text()
    assert line.quantity.hasFocus()
    assert line.quantity.text() == "0"
    room.form.send()
    room.window.wait()
    assert room.claims() == ()
    line.quantity.selectAll()
    room.keys("2\n\n\n")
    assert [one.lines[0].quantity for one in room.claims()] == [2]


def test_an_act_nobody_knows_is_refused_beside_its_line(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nXYZ\n")
    assert "No act is called XYZ" in room.form.lines[0].error.text()


def test_an_extra_zero_is_asked_about_before_it_is_recorded(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n6000\n")
    room.settle()
    assert "A zero too many?" in room.form.doubt.words()
    room.keys("\n")
    assert room.claims() == ()
    assert "Press Enter once more" in room.form.doubt.words()
    room.keys("\n")
    assert [one.claimed.minor for one in room.claims()] == [6000]


def test_what_is_asked_about_is_decided_and_kept_however_fast_it_was_typed(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1")
    room.fast("9\nC\n\n6000\n\n")
    assert "Press Enter once more" in room.form.doubt.words()
    assert room.lines()[0] == "Price above the agreed list · the patient pays 150 F CFA"
    kept = room.desk.ask(queries.draft_of, facts.draft_name(room.batches()[0].id))
    assert "6000" in kept.replace("\u202f", "")


def test_the_same_act_of_a_person_on_a_day_is_asked_about(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.keys("1\n1" + "9\nC\n\n\n")
    room.settle()
    assert room.lines()[0] == "Refused: Claimed twice"
    assert "typed already for this person and day" in room.form.doubt.words()
    room.keys("\n")
    assert len(room.claims()) == 1
    room.keys("\n")
    assert len(room.claims()) == 2


def test_a_number_typed_twice_is_refused_beside_it_and_a_withdrawn_one_is_asked_about(
    opens: Opens,
) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.form.certificate.setFocus()
    room.form.certificate.selectAll()
    room.keys("457\n")
    told = "Certificate 457 is typed already in this batch. Check the number."
    assert room.form.error.text() == told
    assert room.form.certificate.hasFocus()
    # Enter in an empty line would send it: it is refused there too, with nothing asked.
    room.form.card.setFocus()
    room.keys("1\n2" + "9\nC\n\n\n\n")
    assert room.form.error.text() == told
    assert room.form.doubt.words() == ""
    assert len(room.claims()) == 1
    room.desk.do(withdraw_claim, claim_id=room.claims()[0].id, reason="typed by mistake")
    room.page.batch.reload()
    room.window.wait()
    room.form.lines[-1].act.setFocus()
    room.keys("\n")
    assert told in room.form.doubt.words()
    room.keys("\n")
    assert len(room.claims()) == 2


def test_a_day_of_another_month_is_asked_about(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = care(desk, clock)
        clock.set(date(2024, 2, 10))
        a_batch(desk, made, month=Month(2024, 2))

    room = opens(prepared)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    assert room.claims()[0].first_day == date(2024, 2, 9)
    room.keys("1\n2" + "9/1\nC\n\n\n\n")
    told = room.form.doubt.words()
    assert "9 January 2024 is not in February 2024" in told
    assert len(room.claims()) == 1


def test_a_day_after_the_month_or_the_invoice_is_said_beside_the_day_before_any_act(
    opens: Opens,
) -> None:
    room = opens(batch)  # January, came on the 10th
    room.open()
    room.keys("457\n1\n1" + "9/2\n")
    assert "is later than January 2024" in plain(room.form.error.text())
    assert room.form.day.hasFocus()
    room.keys("11\n")
    assert "later than the invoice of 10 January 2024" in plain(room.form.error.text())
    assert room.form.day.hasFocus()
    room.keys("9\n")
    assert not room.form.error.text()
    assert room.form.lines[0].act.hasFocus()
    assert room.form.doubt.words() == ""


def test_no_button_of_a_batch_is_cut(opens: Opens, speaker: Speaker) -> None:
    speaker.set_language("en")
    room = opens(batch, speaker=speaker)
    room.open()
    for language in ("en", "fr"):
        speaker.set_language(language)
        room.window.wait()
        buttons = room.page.batch.buttons
        for one in buttons.findChildren(QAbstractButton):
            assert one.width() >= one.sizeHint().width(), (language, one.text())
            assert buttons.rect().contains(one.geometry())


def test_a_day_without_prices_is_said_beside_the_day(opens: Opens) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> None:
        made = a_care(desk, until=date(2024, 1, 6))
        a_batch(desk, made)

    room = opens(prepared)
    room.open()
    room.keys("457\n1\n1" + "9\n")
    assert room.form.error.text().startswith("No price list holds on 9 January 2024")
    assert room.form.day.hasFocus()
    room.form.day.selectAll()
    room.keys("5\nC\n\n\n\n")
    assert len(room.claims()) == 1


def test_papers_and_visit_are_behind_a_key(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\n")
    assert not room.form.papers.isVisible()
    room.key(Qt.Key.Key_F10)
    assert room.form.papers.isVisible()
    room.form.papers.visit.choose(Visit.EMERGENCY)
    room.form.papers.guarantee.setText("G-17")
    room.form.focus()
    room.keys("C\n\n\n\n")
    (claim,) = room.claims()
    assert claim.visit is Visit.EMERGENCY
    told, _, _ = room.desk.ask(queries.typed, claim.id)
    assert told.guarantee == "G-17"
    assert not room.form.papers.isVisible()


def test_esc_in_the_list_of_people_goes_back_to_the_card(opens: Opens) -> None:
    room = opens(twelve)
    room.open()
    room.keys("457\n12\n")
    assert room.form.people.hasFocus()
    room.key(Qt.Key.Key_Escape)
    assert room.form.card.hasFocus()
    assert not room.form.people.isVisible()
    room.keys("11\n1")
    assert room.form.card.text() == "11/01"
    room.key(Qt.Key.Key_Escape)
    assert room.page.list.isVisible()


def test_a_half_typed_certificate_survives_a_kill(opens: Opens, tmp_path: Path) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\nP\n20\n")
    room.form.papers.diagnosis.setText("malaria")
    room.settle()
    kept = room.desk.ask(queries.draft_of, facts.draft_name(room.batches()[0].id))
    assert "malaria" not in kept
    room.window.close()
    room.desk.close()
    after = opens(at=tmp_path / "book0")
    after.open()
    after.settle()
    form = after.form
    assert (form.certificate.text(), form.card.text()) == ("457", "1/01")
    assert [line.act.text() for line in form.lines[:2]] == ["C", "P"]
    assert form.lines[1].quantity.text() == "20"
    assert "is back" in form.told.text()
    form.lines[1].price.setFocus()
    after.keys("\n\n")
    (claim,) = after.claims()
    assert [one.quantity for one in claim.lines] == [1, 20]
    assert after.desk.ask(queries.draft_of, facts.draft_name(after.batches()[0].id)) == ""


def test_the_form_can_be_emptied_and_is_then_forgotten(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n")
    room.settle()
    name = facts.draft_name(room.batches()[0].id)
    assert room.desk.ask(queries.draft_of, name)
    room.form.empty_form.click()
    room.settle()
    assert room.desk.ask(queries.draft_of, name) == ""
    assert room.form.card.text() == ""


def test_leaving_and_coming_back_loses_nothing(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n")
    room.settle()
    room.key(Qt.Key.Key_Escape)
    assert room.page.list.isVisible()
    room.keys("\n")
    room.settle()
    assert room.form.lines[0].act.text() == "C"


def test_a_diagnosis_is_there_after_leaving_and_asked_for_again_after_a_kill(
    opens: Opens, tmp_path: Path
) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n")
    room.key(Qt.Key.Key_F10)
    room.form.papers.diagnosis.setFocus()
    room.keys("malaria")
    room.settle()
    room.key(Qt.Key.Key_Escape)
    room.keys("\n")
    room.settle()
    assert room.form.papers.diagnosis.text() == "malaria"
    assert room.form.lines[0].act.text() == "C"
    room.window.close()
    room.desk.close()
    after = opens(at=tmp_path / "book0")
    after.open()
    after.settle()
    assert "not the diagnosis: type it again" in after.form.told.text()
    assert after.form.papers.diagnosis.isVisible()


def test_what_was_taken_out_by_hand_does_not_come_back(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1")
    room.settle()
    name = facts.draft_name(room.batches()[0].id)
    assert room.desk.ask(queries.draft_of, name)
    room.key(Qt.Key.Key_Backspace)
    room.settle()
    assert room.desk.ask(queries.draft_of, name) == ""


# A certificate that is recorded


def test_a_recorded_certificate_shows_its_lines_and_why(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = batch(desk, clock)
        batch_id = desk.ask(queries.batches, desk.currency)[0].id
        a_claim(desk, made, batch_id, made.line("C"), made.line("GLAS"), certificate="457")

    room = opens(prepared)
    room.open()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    view = room.page.batch.view
    assert view.isVisible()
    assert [plain(one) for one in view.line_words()] == [
        "the patient pays 150 F CFA",
        "Refused: Service not in the package",
    ]
    room.key(Qt.Key.Key_Down)
    assert "Service not in the package: nothing is paid; the patient pays." in view.why.texts()
    room.key(Qt.Key.Key_Escape)
    assert room.form.isVisible()


def test_a_certificate_is_withdrawn_with_a_reason(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = batch(desk, clock)
        a_claim(desk, made, desk.ask(queries.batches, desk.currency)[0].id)

    room = opens(prepared)
    room.open()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    room.page.batch.view.withdraw.click()
    room.keys("\n")
    assert "Say why" in room.page.batch.withdraw.form.error("reason")
    room.keys("typed twice\n")
    assert [one.state for one in room.claims()] == [State.WITHDRAWN]
    assert room.stand().startswith("0 certificates typed")


# Deciding


def test_f12_decides_and_each_line_keeps_its_reason_and_steps(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    # 600 + 20 x 15 + 10,800 for twelve amoxicillin is what the invoice says: 11,700.
    room.keys("457\n1\n1" + "9\nC\n\n\nP\n20\n\nA\n12\n\n\n")
    room.key(Qt.Key.Key_F12)
    assert [one.state for one in room.claims()] == [State.APPROVED]
    # 450 + 225 + 8,100
    assert "payable 8,775 F CFA" in room.stand()
    assert not room.page.batch.finish.isEnabled()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    assert plain(room.page.batch.view.why.texts()[-1]) == "The scheme pays 450 F CFA."


def test_a_total_that_differs_from_the_invoice_must_be_named(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.key(Qt.Key.Key_F12)
    form = room.page.batch.finish_form
    assert form.isVisible()
    # 11,700 on the invoice, 600 typed.
    assert "11,100 F CFA more than the certificates" in plain(form.head.text())
    assert form.amount.hasFocus()
    room.keys("\nadded up wrongly\n")
    assert [one.state for one in room.claims()] == [State.APPROVED]
    told = room.desk.ask(queries.reconciled, room.batches()[0].id, room.desk.currency)
    assert [(one.kind, one.amount.minor, one.note) for one in told.differences] == [
        (DifferenceKind.ADDING_ERROR, 11_100, "added up wrongly")
    ]
    assert not told.open


def test_a_half_typed_certificate_is_not_left_behind_by_deciding(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.keys("1\n2")
    room.key(Qt.Key.Key_F12)
    assert "half typed" in room.page.batch.error.text()
    assert [one.state for one in room.claims()] == [State.RECEIVED]


def test_the_certificate_that_is_looked_at_shows_what_was_decided(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\nP\n20\n\nA\n12\n\n\n")
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    view = room.page.batch.view
    assert (view.pill.accessibleName(), view.withdraw.isVisible()) == ("To decide", True)
    room.key(Qt.Key.Key_F12)
    assert (view.pill.accessibleName(), view.withdraw.isVisible()) == ("Approved", False)
    assert plain(view.sums.text()).startswith("Claimed 11,700 F CFA: the scheme pays 8,775 F CFA")


def test_that_nothing_waits_is_not_said_once_something_does(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.key(Qt.Key.Key_F12)
    assert "No certificate of this batch waits" in room.page.batch.error.text()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    assert room.stand().endswith("1 to decide")
    assert room.page.batch.error.isHidden()


# Paying


def test_two_people_pay_and_the_voucher_bears_a_number(opens: Opens) -> None:
    room = opens(money, people=("Awa", "Bintou"))
    room.page.list.pay.click()
    room.window.wait()
    form = room.page.pay_form
    assert plain(form.owed.text()) == "900"
    room.keys("\n")
    assert form.second.password.hasFocus()
    room.keys("not it\n")
    assert "Wrong password" in form.second.form.error("second_password")
    form.second.password.setText("")
    room.keys(SECOND + "\n")
    assert form.paid
    assert "V-2024-A-000001" in form.done.text()
    assert form.rest.text() == "Nothing more is owed."
    assert room.desk.ask(queries.owing, room.desk.currency) == ()
    room.key(Qt.Key.Key_F9)
    papers = room.page.findChildren(PaperWindow)
    assert [paper.windowTitle() for paper in papers] == ["Voucher V-2024-A-000001"]
    papers[0].reject()


def test_part_is_paid_oldest_first_and_a_part_too_small_is_refused(opens: Opens) -> None:
    room = opens(money)
    room.page.list.pay.click()
    room.window.wait()
    form = room.page.pay_form
    room.keys("100\n\n")
    assert "claims are paid whole" in form.form.error("amount")
    form.most.selectAll()
    room.keys("500\n\n")
    assert plain(form.rest.text()) == "Still owed: 450 F CFA."


def test_the_payments_room_is_entered_from_the_list_and_left_again(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = money(desk, clock)
        for most in (450, None):
            desk.do(
                pay_provider,
                request_id=a_request(),
                provider_id=made.provider_id,
                box="cash_main",
                most=None if most is None else Money(most, desk.currency),
            )

    room = opens(prepared)
    room.page.list.payments.setFocus()
    room.key(Qt.Key.Key_Return)
    listed = room.page.payments
    listed.turn(Tab.PAID)
    room.window.wait()
    rows = [
        [plain(listed.rows.cell(row, column).text) for column in range(7)]
        for row in range(listed.rows.rowCount())
    ]
    assert rows == [
        ["V-2024-A-000002", "10/01/2024", "CS Koula", "1", "Main cash box", "", "450"],
        ["V-2024-A-000001", "10/01/2024", "CS Koula", "1", "Main cash box", "", "450"],
    ]
    listed.table.setFocus()
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_F9)
    papers = room.page.findChildren(PaperWindow)
    assert [paper.windowTitle() for paper in papers] == ["Voucher V-2024-A-000001"]
    papers[0].reject()
    room.window.window.activateWindow()
    room.window.qtbot.waitUntil(room.window.window.isActiveWindow)
    room.key(Qt.Key.Key_Escape)
    assert room.page.list.isVisible()


def test_payments_are_offered_once_there_is_a_batch(opens: Opens) -> None:
    assert not opens(care).page.list.payments.isVisible()
    assert opens(money).page.list.payments.isVisible()


def test_nothing_owed_is_said_in_the_batch(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.page.batch.pay.click()
    room.window.wait()
    assert "Nothing is owed" in room.page.batch.error.text()


def test_f9_shows_the_slip_of_the_batch(opens: Opens) -> None:
    room = opens(money)
    room.open()
    room.key(Qt.Key.Key_F9)
    papers = room.page.findChildren(PaperWindow)
    assert [paper.windowTitle() for paper in papers] == [
        f"Slip of batch {room.batches()[0].number}"
    ]
    papers[0].reject()


# The other rooms


def test_today_says_what_waits(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = money(desk, clock)
        a_claim(desk, made, a_batch(desk, made), made.line("P"))

    room = opens(prepared)
    page = room.window.go(TodayPage, "today")
    told = [plain(line.text()) for line in page.lines]
    assert any("1 certificate waits for a decision, since 10 January 2024" in one for one in told)
    owed = next(at for at, one in enumerate(told) if "1 provider waits for 900 F CFA since" in one)
    page.lines[owed].click()
    assert room.window.page(ClaimsPage).pay_form.isVisible()


def test_rights_are_asked_for_a_service_at_a_provider(opens: Opens) -> None:
    def prepared(desk: Desk, _clock: SetClock) -> None:
        a_care(
            desk,
            rules={"SURG": {"requires_letter": True}, "C": {"limit_count": 4}},
            cap_person_year=80_000,
        )

    room = opens(prepared)
    page = room.window.go(MembersPage, "members")
    box = page.card.rights
    assert box.service.count() == 1 + 8
    box.service.setCurrentIndex(box.service.findText("Planned surgery"))
    box.provider.setCurrentIndex(1)
    box.ask.click()
    room.window.wait()
    assert box.pill.accessibleName() == "On condition"
    assert "A guarantee letter must be shown." in box.reasons.text()
    box.service.setCurrentIndex(box.service.findText("Consultation"))
    box.ask.click()
    room.window.wait()
    assert box.pill.accessibleName() == "Yes"
    assert "4 times more" in plain(box.reasons.text())
    assert "80,000 F CFA left of the person's year" in plain(box.reasons.text())
    box.service.setCurrentIndex(box.service.findText("Glasses"))
    box.ask.click()
    room.window.wait()
    assert box.pill.accessibleName() == "No"
    assert "The package does not pay for this service." in box.reasons.text()


def test_a_provider_without_a_service_is_not_answered_as_if_it_were_asked(opens: Opens) -> None:
    room = opens(care)
    page = room.window.go(MembersPage, "members")
    box = page.card.rights
    box.provider.setFocus()
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_Return)
    assert "Choose the service too" in box.error.text()
    assert box.answer.text() == ""
    assert box.service.hasFocus()


# Words, room and speed


def test_every_word_goes_through_the_translators(opens: Opens) -> None:
    room = opens(money, people=("Awa", "Bintou"), speaker=BracketSpeaker("en"))
    assert unbracketed(room.page) == []
    room.key(Qt.Key.Key_F2)
    assert unbracketed(room.page) == []
    room.open()
    room.keys("457\n1\n1" + "7\nC\n\n6000\nP")
    room.settle()
    room.key(Qt.Key.Key_F10)
    assert unbracketed(room.page) == []
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    assert unbracketed(room.page) == []
    room.page.shown(pay=True)
    room.window.wait()
    assert unbracketed(room.page) == []
    room.keys("\n" + SECOND + "\n")
    assert room.page.pay_form.paid
    assert unbracketed(room.page) == []
    room.page.show_payments()
    room.window.wait()
    assert unbracketed(room.page) == []


@pytest.mark.parametrize(
    ("zoom", "helped"), [(100, False), (125, False), (150, False), (100, True)]
)
def test_no_part_of_the_room_is_wider_than_its_place(
    opens: Opens, qapp: QApplication, zoom: int, helped: bool
) -> None:
    room = opens(money, language="fr", people=("Awa", "Bintou"))
    theme.apply(qapp, Theme(zoom=zoom))
    if helped:
        room.window.window.frame.toggle_help()

    def fits(name: str) -> None:
        room.window.wait()
        place = room.page.parentWidget()
        assert place is not None
        assert room.page.width() <= place.width(), name

    fits("list")
    room.key(Qt.Key.Key_F2)
    fits("open")
    room.open()
    room.keys("457\n1\n1" + "7\nC\n\n6000\n")
    room.key(Qt.Key.Key_F10)
    fits("form")
    room.page.batch.look(room.claims()[0].id)
    fits("certificate")
    room.page.shown(pay=True)
    fits("pay")
    room.page.show_payments()
    fits("payments")


def test_a_name_its_state_and_the_heads_have_room_in_french(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = batch(desk, clock)
        batch_id = desk.ask(queries.batches, desk.currency)[0].id
        for at in range(20):
            a_claim(desk, made, batch_id, made.line("P", 1 + at), at=at % 3)

    room = opens(prepared, language="fr")
    room.open()
    table = room.page.batch.table
    body = table.fontMetrics().horizontalAdvance("Diop Coumba C")
    head = table.horizontalHeader().fontMetrics().horizontalAdvance("Demandé")
    number = table.fontMetrics().horizontalAdvance("12457")
    assert table.columnWidth(0) - 2 * tokens.CELL >= number
    assert table.columnWidth(1) - 2 * tokens.CELL >= body
    assert table.columnWidth(2) - 2 * tokens.CELL >= head
    assert table.columnWidth(4) - 2 * tokens.CELL >= pill_width(theme.current(), "Approuvée")
    people = room.form.people
    sex = people.horizontalHeader().fontMetrics().horizontalAdvance("Sexe")
    room.keys("1\n1\n")
    assert people.isVisible()
    assert people.columnWidth(2) - 2 * tokens.CELL >= sex


def test_a_price_of_a_million_and_the_name_of_a_medicine_are_not_cut(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nA\n\n1000000\n")
    room.settle()
    line = room.form.lines[0]
    assert plain(line.price.text()) == "1 000 000"
    margins = line.price.textMargins()
    inside = line.price.width() - margins.left() - margins.right() - 2 * FRAME
    assert line.price.fontMetrics().horizontalAdvance(line.price.text()) <= inside
    assert line.name.text() == "Amoxicillin 500"


def test_a_certificate_is_typed_below_sixty_others(opens: Opens) -> None:
    serials: list[int] = []

    def prepared(desk: Desk, clock: SetClock) -> None:
        plan_id = a_plan(desk, plan_code="BIG")
        register_many(Making(desk, clock, plan_id, [a_section(desk)]), 600)
        made = batch(desk, clock)
        serials.append(made.home.number.serial)
        batch_id = desk.ask(queries.batches, desk.currency)[0].id
        with desk.work("many") as work:
            for at in range(60):
                enter_claim(
                    work,
                    request_id=a_request(),
                    batch_id=batch_id,
                    certificate=certificate(
                        desk,
                        made,
                        made.line("P", 1 + at),
                        at=at % 3,
                        day=date(2024, 1, 2 + at % 8),
                        certificate=f"{at:04d}",
                    ),
                )

    room = opens(prepared)
    room.open()
    room.settle()
    assert len(room.rows()) == 60
    room.keys(f"{serials[0]}\n19\nC\n\n\n\n")
    assert len(room.claims()) == 61
    assert len(room.desk.ask(household_ids)) > 100


def test_no_key_reads_the_book_in_the_windows_own_thread(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    room = opens(batch)
    room.open()
    room.settle()
    window = threading.current_thread()
    read: list[str] = []
    real = Desk.read

    def watched(desk: Desk) -> Any:
        if threading.current_thread() is window:
            read.append("read")
        return real(desk)

    monkeypatch.setattr(Desk, "read", watched)
    room.keys("457\n1\n1" + "9\n" + "C\n\n\nP\n20\n\n")
    room.settle()
    assert read == []
    monkeypatch.undo()
    assert room.claims() == ()


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("10", Month(2025, 10)),
        ("1", Month(2026, 1)),
        ("3", Month(2026, 3)),
        ("10/2024", Month(2024, 10)),
        ("10/24", Month(2024, 10)),
        ("2024-10", Month(2024, 10)),
        ("oct", Month(2025, 10)),
        ("fev", Month(2026, 2)),
        ("13", None),
        ("", None),
    ],
)
def test_a_month_is_the_last_of_that_name(typed: str, month: Month | None) -> None:
    assert month_of(typed, Month(2026, 3)) == month


def test_the_language_may_change_while_typing(opens: Opens) -> None:
    speaker = Speaker("en")
    room = opens(batch, speaker=speaker)
    room.open()
    room.keys("457\n1\n1" + "9\nA\n15\n\n")
    room.settle()
    speaker.set_language("fr")
    assert room.form.lines[0].claimed.text() == "13\u202f500"
    assert room.form.lines[0].act.text() == "A"
