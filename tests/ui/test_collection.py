import atexit
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import (
    receipts_of,
    receipts_of_session,
    sessions,
    times_printed,
)
from stepdesk.contributions.terms import Receipt
from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import household_of_number, search
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.contributions import session_view
from stepdesk.ui.contributions.page import CollectionPage
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.shell import MainWindow
from stepdesk.ui.sitting import Sitting
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.tokens import Status
from tests.builders import (
    SECOND,
    a_household,
    a_payment,
    a_plan,
    again,
    copy_of,
    open_copy,
    wednesday,
)
from tests.contributions.test_papers import text_of
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.typing import press

ENTRIES = (PageEntry("collection", "3", "hand-coins", N_("Collection"), CollectionPage),)
LAST = 47


@cache
def village(country: str, people: tuple[str, ...]) -> Path:
    """The folder of a closed book with households 1 to 47, two people each."""
    folder = Path(mkdtemp(prefix="stepdesk-village-")) / "book"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    with open_copy(folder, country, people=people) as desk:
        a_plan(desk)
        for _ in range(LAST):
            a_household(desk, 2)
    return folder


class Screen:
    """The collection page in a window, worked by keys alone."""

    def __init__(
        self, qtbot: QtBot, desk: Desk, *, language: str = "en", speaker: Speaker | None = None
    ) -> None:
        self.qtbot = qtbot
        self.desk = desk
        self.lane = Lane()
        self.speaker = speaker or Speaker(language)
        sitting = Sitting(
            desk=desk,
            person=(desk.person.staff_id, desk.person.name),
            book="Koula",
            practice=True,
            today=lambda: desk.today,
        )
        self.window = MainWindow(sitting, lane=self.lane, speaker=self.speaker, entries=ENTRIES)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        page = self.window.page()
        assert isinstance(page, CollectionPage)
        self.page = page
        self.view = page.view
        self.pressed = 0
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.lane.is_busy())
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not self.lane.is_busy())

    def type(self, signs: str) -> None:
        """Press the keys of signs wherever the cursor is, without waiting."""
        for sign in signs:
            self.pressed += 1
            widget = QApplication.focusWidget() or self.window
            if sign == "\n":
                self.qtbot.keyClick(widget, Qt.Key.Key_Return)
            else:
                press(widget, sign)

    def keys(self, signs: str) -> None:
        """Press keys and wait for the answer after each Enter."""
        for sign in signs:
            self.type(sign)
            if sign == "\n":
                self.wait()
        self.wait()

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.wait()

    def open(self, place: str = "Market") -> None:
        self.page.open_form.place.setText(place)
        self.keys("\n\n")

    def part(self) -> int:
        return self.page._stack.currentIndex()

    def stands(self) -> str:
        return self.view._stand.text().replace("\xa0", " ").replace("\u202f", " ")

    def covers(self) -> str:
        return self.view.covers.text().replace("\xa0", " ").replace("\u202f", " ")

    def in_search(self) -> bool:
        return self.view.search.hasFocus()

    def receipts(self) -> tuple[Receipt, ...]:
        return self.desk.ask(lambda c: receipts_of_session(c, self.session(), self.desk.currency))

    def session(self) -> Any:
        found = self.view.session()
        assert found is not None
        return found.id

    def of(self, number: str) -> tuple[Receipt, ...]:
        household = self.desk.ask(household_of_number, number)
        assert household is not None
        return self.desk.ask(receipts_of, household, self.desk.currency)

    def close(self) -> None:
        self.window.close()
        self.lane.close()


Opens = Callable[..., Screen]


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Screen] = []
    desks: list[Desk] = []
    clock = wednesday()

    def start(
        country: str = "SN",
        *,
        people: tuple[str, ...] = ("Awa",),
        prepared: Callable[[Desk, SetClock], object] | None = None,
        **told: Any,
    ) -> Screen:
        desk = again(copy_of(village(country, people), tmp_path / "book"), clock=clock)
        desks.append(desk)
        if prepared is not None:
            prepared(desk, clock)
        made.append(Screen(qtbot, desk, **told))
        return made[-1]

    yield start
    for screen in made:
        screen.close()
    for desk in desks:
        desk.close()


@pytest.mark.parametrize(("language", "number"), [("fr", "'("), ("en", "45")])
def test_the_amount_due_is_recorded_with_four_keys(
    opens: Opens, language: str, number: str
) -> None:
    screen = opens(language=language)
    screen.open()
    screen.pressed = 0
    screen.keys(f"{number}\n\n")
    assert screen.pressed == 4
    assert [one.amount.minor for one in screen.of("45")] == [1700]
    assert screen.in_search()
    assert screen.view.search.text() == ""
    assert "R-2024-A-000001" in screen.view.recorded.text()
    assert screen.view.receipts.texts()[0][:2] == ["000001", screen.of("45")[0].received_from]


def test_the_keys_may_be_faster_than_the_desk(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.type("45\n\n46\n\n")
    screen.wait()
    assert (len(screen.of("45")), len(screen.of("46"))) == (1, 1)
    assert screen.view.search.text() == ""


def test_the_header_tells_what_should_be_in_the_bag(opens: Opens) -> None:
    screen = opens()
    screen.page.open_form.float_field.set_value(5000)
    screen.open()
    assert screen.stands() == (
        "0 receipts · should be in the bag: 5,000 F CFA · next no. R-2024-A-000001"
    )
    screen.keys("45\n\n")
    assert screen.stands() == (
        "1 receipt · should be in the bag: 6,700 F CFA · next no. R-2024-A-000002"
    )


def test_one_receipt_however_often_enter_is_pressed(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")
    gate = threading.Event()
    screen.lane.do(gate.wait)
    screen.type("\n\n\n\n\n")
    assert not screen.view.recorded.isVisible()
    assert screen.receipts() == ()
    gate.set()
    screen.wait()
    assert len(screen.receipts()) == 1
    assert screen.view.recorded.isVisible()
    assert screen.in_search()


def test_after_a_trouble_the_same_payment_is_tried_again(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opens()
    screen.open()
    asked: list[bytes] = []
    real = session_view.take

    def lost(*told: Any) -> Receipt:
        """The first time the receipt is written, and its answer is lost."""
        asked.append(told[1])
        receipt = real(*told)
        if len(asked) == 1:
            raise Trouble(Text("The disk is full."))
        return receipt

    monkeypatch.setattr(session_view, "take", lost)
    screen.keys("45\n\n")
    assert screen.view.trouble.words().startswith("The disk is full. This payment is NOT recorded")
    assert "paper" in screen.view.trouble.words()
    assert not screen.view.recorded.isVisible()
    screen.keys("\n")
    assert screen.view.amount.hasFocus()
    screen.keys("\n")
    assert asked[0] == asked[1]
    assert len(screen.receipts()) == 1
    assert screen.view.recorded.isVisible()
    screen.keys("46\n\n")
    assert asked[2] != asked[1]


def test_up_adds_a_month_and_down_takes_one_off(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")
    assert screen.view.words.text().startswith("one thousand seven hundred")
    assert screen.covers() == "entry fee 1,000 F CFA · covers February 2024 · nothing left over"
    for key, amount in ((Qt.Key.Key_Up, 2400), (Qt.Key.Key_Up, 3100), (Qt.Key.Key_Down, 2400)):
        screen.key(key)
        assert screen.view.amount.value() == amount
    assert screen.covers() == (
        "entry fee 1,000 F CFA · covers February 2024 to March 2024 · nothing left over"
    )


def test_another_amount_is_typed_over(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n2500")
    assert screen.covers() == (
        "entry fee 1,000 F CFA · covers February 2024 to March 2024"
        " · 100 F CFA left over, kept as credit"
    )
    screen.keys("\n")
    assert screen.of("45")[0].amount.minor == 2500


def test_escape_goes_back_and_nothing_is_recorded(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")
    screen.key(Qt.Key.Key_Escape)
    assert screen.in_search()
    assert screen.view.search.text() == ""
    assert screen.receipts() == ()


def test_another_number_puts_the_household_away(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")
    screen.view.search.setFocus()
    screen.keys("46")
    assert not screen.view.button.isEnabled()
    screen.keys("\n")
    assert screen.view.household.place.text().startswith("Household 01-000046-")
    assert screen.receipts() == ()


def test_after_a_mistake_of_the_program_the_work_goes_on(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")

    def broken(*_told: Any) -> Receipt:
        raise KeyError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(session_view, "take", broken)
        with screen.qtbot.captureExceptions() as caught:
            screen.keys("\n")
    assert len(caught) == 1
    assert screen.receipts() == ()
    screen.view.button.click()
    screen.wait()
    assert len(screen.receipts()) == 1


def test_a_zero_too_many_needs_a_second_enter(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n17000\n")
    assert "Is there a zero too many?" in screen.view.doubt.words()
    assert screen.receipts() == ()
    screen.keys("17500\n")
    assert "Is there a zero too many?" in screen.view.doubt.words()
    assert screen.receipts() == ()
    screen.keys("\n")
    assert [one.amount.minor for one in screen.receipts()] == [17500]


def test_letters_and_nothing_are_named_beside_the_amount(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\nabc\n")
    assert screen.view.form.error("amount").startswith("This is not a number.")
    screen.view.amount.setText("")
    screen.keys("\n")
    assert screen.view.form.error("amount") == "Type the amount you were given, in figures."
    screen.keys("3\n")
    assert screen.view.form.error("amount").startswith("The smallest coin is")
    assert screen.receipts() == ()


def test_an_unknown_number_names_similar_ones(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("450\n")
    assert screen.view.error.text() == "No household 450. Is it one of these: 01-000045-5?"
    assert screen.in_search()
    screen.keys("45\n\n")
    assert len(screen.receipts()) == 1


def test_a_name_finds_people(opens: Opens) -> None:
    screen = opens()
    screen.open()
    name = screen.desk.ask(search, "45")[0].name
    screen.keys(name)
    assert screen.view._stack.currentIndex() == 1
    screen.keys("\n")
    assert screen.view.household.name.text() == name
    screen.key(Qt.Key.Key_Escape)
    screen.keys("zzzz\n")
    assert screen.view.error.text().startswith("Nobody is called zzzz.")


def test_a_second_payment_of_the_day_shows_the_first(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    screen.type("45\n\n")
    screen.wait()
    assert screen.view.household.notice.words() == "Paid already today: receipt R-2024-A-000001."
    assert len(screen.of("45")) == 1


def test_a_stopped_household_says_why_and_what_may_be_taken(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        household = desk.ask(household_of_number, "45")
        assert household is not None
        a_payment(desk, household, 1700)
        clock.set(wednesday().now().date().replace(month=7))

    screen = opens(prepared=prepared)
    screen.open()
    screen.keys("45\n")
    told = screen.view.household.notice.words()
    assert "Contributions are not paid: rights stopped on" in told
    assert "What may be taken:" in told
    assert screen.view.household.pill._status is Status.STOPPED


def test_the_session_goes_on_after_a_restart(qtbot: QtBot, opens: Opens) -> None:
    screen = opens()
    screen.open("Sirakorola")
    screen.keys("45\n\n")
    second = Screen(qtbot, screen.desk)
    assert second.part() == 2
    assert second.view._head.text().startswith("Sirakorola · Wednesday 10 January 2024")
    assert len(second.view.receipts.texts()) == 1
    assert second.in_search()
    second.close()


def test_the_last_place_is_proposed_and_a_place_is_needed(opens: Opens) -> None:
    screen = opens()
    screen.page.open_form.place.setText(" ")
    screen.keys("\n\n")
    assert screen.page.open_form.form.error("place") == "Say where the money is collected."
    assert screen.part() == 1


def test_at_the_desk_without_a_session_with_one_key(opens: Opens) -> None:
    screen = opens()
    screen.key(Qt.Key.Key_F2)
    screen.keys("45\n\n")
    assert screen.of("45")[0].number == "R-2024-A-000001"
    assert screen.desk.ask(sessions, screen.desk.currency) == ()
    assert len(screen.view.receipts.texts()) == 1
    screen.key(Qt.Key.Key_Escape)
    assert screen.part() == 1


def test_a_household_of_another_page_is_shown_at_once(opens: Opens) -> None:
    screen = opens()
    household = screen.desk.ask(household_of_number, "45")
    screen.window.go("collection", household=household)
    screen.wait()
    assert screen.view.household.place.text().startswith("Household 01-000045-5")
    screen.keys("\n")
    assert len(screen.of("45")) == 1


def test_ctrl_z_cancels_the_last_receipt_alone(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not screen.view.reversal.second.needed()
    screen.keys("\n")
    assert screen.view.reversal.form.error("reason").startswith("Write why")
    screen.keys("wrong household\n")
    assert [one.amount.minor for one in screen.receipts()] == [-1700, 1700]
    assert [row[4] for row in screen.view.receipts.texts()] == ["Reversal", "Cancelled"]
    assert screen.in_search()
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert screen.view.error.text() == "There is no receipt to cancel."


def test_a_second_person_signs_a_reversal(opens: Opens) -> None:
    screen = opens(people=("Awa", "Bintou"))
    screen.open()
    screen.keys("45\n\n46\n\n")
    screen.view.receipts.table.setFocus()
    screen.view.receipts.table.selectRow(1)
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    screen.keys("wrong household\nwrong\n")
    assert screen.view.reversal.second.form.error("second_password")
    assert len(screen.receipts()) == 2
    screen.view.reversal.second.password.setText("")
    screen.keys(f"{SECOND}\n")
    assert [one.amount.minor for one in screen.of("45")] == [-1700, 1700]


def test_the_last_receipt_is_undone_alone_and_says_so(opens: Opens) -> None:
    screen = opens(people=("Awa", "Bintou"))
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not screen.view.reversal.second.needed()
    screen.keys("wrong household\n")
    told = screen.of("45")
    assert [one.amount.minor for one in told] == [-1700, 1700]
    assert [one.single_control for one in told] == [True, False]


def test_f9_prints_the_last_receipt(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F9)
    assert screen.view.error.text() == "There is no receipt to print yet."
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_F9)
    paper = screen.view.findChild(PaperWindow)
    assert isinstance(paper, PaperWindow)
    assert paper.windowTitle() == "Receipt R-2024-A-000001"
    paper.reject()


def test_a_receipt_that_left_the_book_says_copy_the_next_time(
    opens: Opens, tmp_path: Path
) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    for at, copies in enumerate((0, 1, 2)):
        screen.view.print_receipt()
        screen.wait()
        paper = screen.view.findChildren(PaperWindow)[-1]
        paper.save_to(str(tmp_path / f"{at}.pdf"))
        screen.wait()
        paper.reject()
        receipt = screen.of("45")[0]
        assert screen.desk.ask(times_printed, receipt.payment_id) == copies + 1
    first, second = ((tmp_path / f"{at}.pdf").read_bytes() for at in (0, 1))
    copied = ("COPY no. 1", "DUPLICATA n° 1")
    assert not any(word in text_of(first) for word in copied)
    assert any(word in text_of(second) for word in copied)


def count(screen: Screen, **pieces: int) -> None:
    for value, number in pieces.items():
        screen.page.count_form.pieces[int(value[1:])].set_value(number)


def test_f12_counts_the_money_and_closes(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_F12)
    form = screen.page.count_form
    assert form.pieces[10000].hasFocus()
    screen.keys("\n\n\n1\n1\n")
    assert form._total.text() == "1,500"
    assert not form._should.isVisible()
    assert "200" not in form.difference.text()
    form.send()
    assert form._should.text() == "1,700"
    assert form.difference.text().startswith("Missing: 200")
    assert "two hundred" in form.difference.text()
    form.send()
    assert form.form.error("difference_reason") == (
        "Count again, or write here why the money differs."
    )
    count(screen, v200=1)
    assert form.difference.text() == "The money agrees with the receipts."
    form.send()
    screen.wait()
    closed = screen.desk.ask(sessions, screen.desk.currency)[0]
    assert (closed.open, closed.counted) == (False, closed.total)
    assert screen.part() == 1
    assert screen.page.open_form._told.text().startswith("✓ The session of Market is closed")
    paper = screen.page.findChild(PaperWindow)
    assert isinstance(paper, PaperWindow)
    assert paper.windowTitle() == "Slip of the session Market"
    paper.reject()


def test_a_difference_is_explained_and_two_people_sign(opens: Opens) -> None:
    screen = opens(people=("Awa", "Bintou"))
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_F12)
    count(screen, v1000=1, v500=1)
    form = screen.page.count_form
    form.send()
    assert form.reason.hasFocus()
    form.reason.setFocus()
    screen.keys("a coin was lost\n")
    assert form.second.password.hasFocus()
    screen.keys("\n")
    assert (
        form.second.form.error("second_password")
        == "Let the second person type the password here."
    )
    screen.keys(f"{SECOND}\n")
    closed = screen.desk.ask(sessions, screen.desk.currency)[0]
    assert (closed.open, closed.difference_reason) == (False, "a coin was lost")
    paper = screen.page.findChild(PaperWindow)
    assert isinstance(paper, PaperWindow)
    paper.reject()


def test_the_count_stays_when_one_goes_back(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F12)
    count(screen, v500=3)
    screen.key(Qt.Key.Key_Escape)
    assert screen.part() == 2
    assert screen.in_search()
    screen.key(Qt.Key.Key_F12)
    assert screen.page.count_form.pieces[500].value() == 3


def test_a_currency_with_cents(opens: Opens) -> None:
    screen = opens("ZZ")
    screen.open()
    screen.keys("45\n")
    assert screen.view.amount.value() == 1700
    assert screen.view.amount.text() == "17.00"
    assert screen.view.words.text().startswith("seventeen ")
    screen.keys("17,50\n")
    assert screen.of("45")[0].amount.minor == 1750
    assert "17.50" in screen.view.recorded.text()
    screen.key(Qt.Key.Key_F12)
    count(screen, v1000=1, v500=1, v200=1)
    screen.page.count_form.send()
    assert "fifty/100" not in screen.page.count_form.difference.text()
    assert screen.page.count_form.difference.text().startswith("Missing: 0.50")
    assert screen.page.count_form._faces[1].text() == "0.01  ×"


def test_an_empty_book_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with open_copy(tmp_path / "new") as desk:
        screen = Screen(qtbot, desk)
        screen.open()
        screen.keys("45\n")
        assert screen.view.error.text() == "No household 45. Look at the number on the card."
        screen.view.lists_button.click()
        screen.wait()
        assert screen.page.lists.empty.text() == (
            "No household pays yet. Register the first one on the page Members."
        )
        screen.close()


def test_all_words_of_every_state_go_through_the_translator(opens: Opens) -> None:
    screen = opens(speaker=BracketSpeaker(), people=("Awa", "Bintou"))
    found = unbracketed(screen.window)
    screen.page.open_form.form.wrong()
    screen.open()
    found += unbracketed(screen.window)
    for typed in ("450\n", "ndi", "45\n", "17000\n", "\n", "45\n"):
        screen.keys(typed)
        found += unbracketed(screen.window)
    screen.key(Qt.Key.Key_Escape)
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    screen.keys("\nwrong\n\n")
    found += unbracketed(screen.window)
    screen.key(Qt.Key.Key_Escape)
    screen.key(Qt.Key.Key_F12)
    found += unbracketed(screen.window)
    screen.page.count_form.send()
    found += unbracketed(screen.window)
    assert found == []


def test_the_language_is_switched_while_a_household_is_shown(opens: Opens) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n")
    screen.speaker.set_language("fr")
    assert screen.view.words.text().startswith("mille sept cents")
    assert "mercredi 10 janvier 2024" in screen.view._head.text()
    screen.speaker.set_language("en")
