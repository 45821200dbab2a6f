"""Today, Closing and Scheme by keyboard, and the door before them."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import plans
from stepdesk.i18n import N_, Text, speak
from stepdesk.ledger.queries import last_closed, reopenings
from stepdesk.ledger.service import note_step
from stepdesk.ledger.terms import Step, StepState
from stepdesk.reports.queries.closing import closing_lines
from stepdesk.scheme.queries import sections_on
from stepdesk.store.backup import back_up
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.settings import Settings, read_settings, write_settings
from stepdesk.ui import theme
from stepdesk.ui.book_window import BookWindow
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.closing.page import ClosingPage
from stepdesk.ui.contributions.page import CollectionPage
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.page import Page
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.scheme.page import SchemePage
from stepdesk.ui.start import Program
from stepdesk.ui.theme import Theme
from stepdesk.ui.today.page import TodayPage
from stepdesk.ui.widgets.sides import Sides, Tiles
from stepdesk.values.month import Month
from tests.builders import (
    FIRST,
    SECOND,
    a_household,
    a_payment,
    a_plan,
    a_section,
    again,
    copy_of,
    open_copy,
    template,
    wednesday,
)
from tests.ledger.kit import MOMO, a_gift
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Window, plain

Opens = Callable[..., Window]
ROOT = Path(__file__).resolve().parents[2]
SAVE = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(
        prepared: Callable[[Desk, SetClock], object] | None = None,
        *,
        country: str = "SN",
        people: tuple[str, ...] = ("Awa",),
        practice: bool = True,
        **told: Any,
    ) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", country, people=people, clock=clock, practice=practice)
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


def village(desk: Desk, clock: SetClock) -> None:
    a_section(desk)
    a_plan(desk)
    a_payment(desk, a_household(desk, 3), 1000 + 3 * 350 * 5)
    a_household(desk, 2)
    a_payment(desk, a_household(desk, 4), 1000 + 4 * 350)
    clock.set(date(2024, 5, 6))


def paid(desk: Desk, _clock: SetClock) -> None:
    a_payment(desk, a_household(desk, 6), 3100)


# Today


def test_the_first_page_says_what_is_to_be_done(opens: Opens) -> None:
    page = opens(village).page(TodayPage)
    assert page.greeting.text() == "Good day Awa · Monday 6 May 2024"
    # Paid by hand: 1,000 + 3 x 350 x 5 = 6,250 and 1,000 + 4 x 350 = 2,400.
    assert plain(page.figures.text("cash")) == "8,650 F CFA"
    assert page.figures.text("covered") == "3 of 9"
    told = [line.text() for line in page.lines]
    assert any("1 household suspended" in line for line in told)
    assert any("1 household registered that has not paid to enter" in line for line in told)


def test_others_have_their_turn_while_it_is_reckoned_how_all_stand(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("stepdesk.reports.queries.standings"), "_SOME", 1)
    window = opens(village)
    page = window.page(TodayPage)
    a_plan(window.desk, plan_code="P9")
    assert page.facts is not None
    former = page.facts.standing
    before: list[object] = []
    page.shown()
    # The books are told at once; how the households stand comes when all are known.
    for _ in range(2):
        window.lane.do(lambda: None, lambda _: before.append(page.facts and page.facts.standing))
    window.wait()
    assert [one is former for one in before] == [True, True]
    assert page.facts.standing is not former
    assert page.figures.text("covered") == "3 of 9"


def test_one_key_opens_what_a_tile_says(opens: Opens) -> None:
    window = opens(village)
    window.page(TodayPage)
    window.type("1")
    window.page(CollectionPage)
    window.go(TodayPage, "today")
    window.type("é")
    assert window.page(MembersPage).new.isVisible()
    window.go(TodayPage, "today")
    window.type("3")
    window.page(ClosingPage)


def test_a_line_opens_its_list_already_filtered(opens: Opens) -> None:
    window = opens(village)
    page = window.page(TodayPage)
    line = next(one for one in page.lines if "suspended" in one.text())
    line.click()
    members = window.page(MembersPage)
    assert members.list.model.rowCount() == 1
    assert members.list.views.currentText() == "Suspended"


def test_a_new_scheme_is_shown_its_first_steps(opens: Opens) -> None:
    page = opens().page(TodayPage)
    told = [line.text() for line in page.lines]
    assert any("Name the villages or sections" in line for line in told)
    assert any("Register the first household" in line for line in told)


# Closing


def passes_all(desk: Desk, month: Month) -> None:
    """Pass each line before the lock that is not done."""
    for line in closing_lines(desk, month):
        if line.state is StepState.TO_DO and line.step is not Step.LOCK:
            desk.do(note_step, month=month, step=line.step, reason="Not this month")


def paid_and_over(desk: Desk, clock: SetClock) -> None:
    """A household paid in January, the lines are passed, it is February."""
    paid(desk, clock)
    clock.set(date(2024, 2, 1))
    passes_all(desk, Month(2024, 1))


def close_by_keys(window: Window, cash: str) -> ClosingPage:
    page = window.go(ClosingPage, "closing")
    page.cash.setFocus()
    window.type(cash)
    return page


def test_a_month_is_closed_by_two_with_the_keyboard(opens: Opens) -> None:
    window = opens(paid_and_over, people=("Awa", "Bintou"))
    page = close_by_keys(window, "3100\n")
    window.type(SECOND)
    window.key(*SAVE)
    assert window.desk.ask(last_closed) == Month(2024, 1)
    assert page.closed.isVisible()
    assert len(page.closed.fingerprint.text().split()) == 10
    assert "Awa and Bintou" in page.closed.signed.text()


def test_a_wrong_second_password_is_said_and_nothing_is_closed(opens: Opens) -> None:
    window = opens(paid_and_over, people=("Awa", "Bintou"))
    page = close_by_keys(window, "3100\n")
    window.type("not it at all")
    window.key(*SAVE)
    assert "Wrong password" in page.signing.error("second_password")
    assert window.desk.ask(last_closed) is None


def test_a_count_that_differs_needs_a_reason(opens: Opens) -> None:
    window = opens(paid_and_over)
    page = close_by_keys(window, "3000")
    window.key(*SAVE)
    assert page.caution.isVisible()
    assert window.desk.ask(last_closed) is None
    window.type("100 lent to the driver\n")
    assert window.desk.ask(last_closed) == Month(2024, 1)
    with window.desk.read() as connection:
        parts = connection.exec_driver_sql(
            "SELECT count(*) FROM act_part WHERE openness = 1 AND act = (SELECT max(n) FROM act)"
        ).scalar_one()
    assert parts == 1


def test_letters_in_the_count_are_refused_beside_it(opens: Opens) -> None:
    window = opens(paid)
    page = close_by_keys(window, "3l00")
    window.key(*SAVE)
    assert page.form.error("cash")
    assert window.desk.ask(last_closed) is None


def test_the_ten_lines_stand_with_what_is_still_to_do(opens: Opens) -> None:
    window = opens(paid)
    page = window.go(ClosingPage, "closing")
    assert page.list.text(Step.SESSIONS) == (
        "Done: All collections are counted and signed, each leaf of a booklet is explained"
    )
    assert page.list.text(Step.CASH) == "To do: 1 cash box is not counted"
    assert page.list.text(Step.LOCK) == "To do: The month is locked"
    assert "of 10 done" in page.hint.text()
    page.verify()
    window.wait()


def test_the_page_opens_at_the_closed_month_one_asked_for(opens: Opens) -> None:
    window = opens(paid_and_over)
    page = close_by_keys(window, "3100")
    window.key(*SAVE)
    page.closed.hide()
    page.shown(month=Month(2024, 1))
    window.wait()
    assert page.closed.closing is not None
    assert (page.closed.isVisible(), page.closed.closing.month) == (True, Month(2024, 1))
    page.closed.hide()
    page.shown(month=Month(2024, 2))
    window.wait()
    assert not page.closed.isVisible()
    assert page.head.text() == "Closing of February 2024"


def test_the_report_and_the_poster_of_a_closed_month_are_shown(opens: Opens) -> None:
    window = opens(paid_and_over)
    page = close_by_keys(window, "3100")
    window.key(*SAVE)
    for button, title in (
        (page.closed.report, "report-2024-01.pdf"),
        (page.closed.poster, "poster-2024-01.pdf"),
    ):
        button.click()
        window.wait()
        paper = page.findChildren(PaperWindow)[-1]
        assert paper.windowTitle() == title
        paper.reject()
    # The open month's own line prints its draft.
    page.list.buttons[Step.PRINTED].click()
    window.wait()
    paper = page.findChildren(PaperWindow)[-1]
    assert paper.windowTitle() == "report-2024-02.pdf"
    paper.reject()


def test_a_line_is_passed_with_a_reason_and_told_done_where_the_book_cannot_see(
    opens: Opens,
) -> None:
    window = opens(paid)
    page = window.go(ClosingPage, "closing")
    page.list.passing[Step.CASH].click()
    assert page.reason.hasFocus()
    window.type("\n")
    assert page.passing.error("reason")
    window.type("The key is with Fatou\n")
    assert (
        page.list.text(Step.CASH) == "Passed: Cash counted: passed by Awa, The key is with Fatou"
    )
    assert not page.passing.isVisible()
    page.list.ticking[Step.PRINTED].click()
    window.wait()
    assert page.list.text(Step.PRINTED).startswith("Done")
    assert Step.CASH not in {one for one, b in page.list.ticking.items() if b.isVisible()}


def test_each_line_opens_its_screen(opens: Opens) -> None:
    window = opens(paid)
    page = window.go(ClosingPage, "closing")
    page.list.buttons[Step.CASH].click()
    window.wait()
    assert window.page(CashPage).count.isVisible()
    for step, opened in (
        (Step.SESSIONS, "collection"),
        (Step.BANK, "cash"),
        (Step.CERTIFICATES, "claims"),
        (Step.LATE, "members"),
        (Step.BATCHES, "claims"),
    ):
        page = window.go(ClosingPage, "closing")
        page.list.buttons[step].click()
        window.wait()
        shown = window.window.page()
        assert shown is not None
        assert shown.id == opened


def test_a_month_is_not_locked_while_a_line_is_open(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        paid(desk, clock)
        clock.set(date(2024, 2, 1))

    window = opens(prepared)
    page = close_by_keys(window, "3100")
    window.key(*SAVE)
    assert "Still to do: Cash counted" in page.form.error("cash")
    assert window.desk.ask(last_closed) is None


def test_the_list_is_as_it_was_when_the_window_was_killed_in_the_middle(
    opens: Opens, tmp_path: Path
) -> None:
    window = opens(paid)
    page = window.go(ClosingPage, "closing")
    page.start_pass(Step.CASH)
    window.type("The key is with Fatou\n")
    before = closing_lines(window.desk, Month(2024, 1))
    page.start_pass(Step.BANK)
    window.type("half a rea")
    shutil.copytree(
        tmp_path / "book", tmp_path / "killed", ignore=shutil.ignore_patterns("*.lock")
    )
    with again(tmp_path / "killed") as desk:
        assert closing_lines(desk, Month(2024, 1)) == before


def test_the_last_closed_month_is_opened_again_by_two_with_a_reason(opens: Opens) -> None:
    window = opens(paid_and_over, people=("Awa", "Bintou"))
    page = close_by_keys(window, "3100\n")
    window.type(SECOND)
    window.key(*SAVE)
    assert window.desk.ask(last_closed) == Month(2024, 1)
    page.start_reopen()
    page.reopening.second.password.setText(SECOND)
    page.reopening.send()
    window.wait()
    assert page.reopening.error("reason")
    page.why.setText("A receipt was forgotten")
    page.reopening.second.password.setText(SECOND)
    page.reopening.send()
    window.wait()
    assert window.desk.ask(last_closed) is None
    (told,) = window.desk.ask(reopenings)
    assert told.reason == "A receipt was forgotten"
    assert told.signatures == ("Awa", "Bintou")
    assert page.list.text(Step.CASH).startswith("To do")
    assert page.cash.hasFocus()
    # Closed anew, it says why it was opened, and that nothing was written since.
    passes_all(window.desk, Month(2024, 1))
    close_by_keys(window, "3100\n")
    window.type(SECOND)
    window.key(*SAVE)
    assert page.closed.again.text() == (
        "Opened again on 1 February 2024 by Awa · Bintou: A receipt was forgotten. "
        "0 entries were written in it since."
    )


def test_the_line_of_banks_opens_the_one_whose_statement_is_to_be_read(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        paid(desk, clock)
        a_gift(desk, 5000, box=MOMO, day=date(2024, 1, 10))
        clock.set(date(2024, 2, 1))

    window = opens(prepared)
    page = window.go(ClosingPage, "closing")
    page.list.buttons[Step.BANK].click()
    window.wait()
    cash = window.page(CashPage)
    assert cash.asked.place == MOMO
    assert cash.count.stated.hasFocus()
    window.type("5000\n\n")
    assert [row.state for row in closing_lines(window.desk, Month(2024, 1))][2] is StepState.DONE


# Scheme


def test_a_village_a_plan_and_a_person_are_added(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme")
    page.sections.name.setFocus()
    window.type("Koula\n")
    assert [one.name for one in window.desk.ask(sections_on, window.desk.today)] == ["Koula"]
    page = window.go(SchemePage, "scheme", part="plan")
    for name, value in (
        ("amount", 350),
        ("entry_fee", 1000),
        ("due_day", 5),
        ("waiting_months", 3),
        ("grace_days", 30),
        ("first_day", date(2024, 1, 10)),
    ):
        page.plan.form.answers[name].put(value)
    assert "3,100" in plain(page.plan.example.text())
    page.plan.button.click()
    window.wait()
    version = next(iter(window.desk.ask(plans).values()))[0]
    assert (version.amount, version.entry_fee, version.first_day) == (350, 1000, date(2024, 1, 10))
    page.people.name.setText("Bintou")
    page.people.password.setText(SECOND)
    page.people.button.click()
    window.wait()
    assert [tile.name for tile in window.desk.keys.tiles()] == ["Awa", "Bintou"]
    assert not window.desk.solo


def test_a_weak_first_password_is_refused_beside_its_field(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme")
    page.people.name.setText("Bintou")
    page.people.password.setText("short")
    page.people.button.click()
    window.wait()
    assert "too short" in page.people.form.error("password")


def test_the_own_password_is_changed(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme")
    page.password.old.setText(FIRST)
    page.password.new.setText("another four words")
    page.password.repeat.setText("another four words")
    page.password.button.click()
    window.wait()
    window.desk.keys.open(window.desk.person.staff_id, "another four words")


def test_the_whole_book_is_verified_and_a_restore_is_tried(opens: Opens) -> None:
    window = opens(paid)
    page = window.go(SchemePage, "scheme")
    page.safety.verify.click()
    window.qtbot.waitUntil(lambda: "agrees" in page.safety.result.text(), timeout=20_000)
    page.safety.password.setText(FIRST)
    page.safety.drill.click()
    window.qtbot.waitUntil(lambda: "restored" in page.safety.result.text(), timeout=20_000)
    assert not (window.desk.folder / "drill").exists()
    assert verify_desk(window.desk).clean


@pytest.mark.parametrize(
    ("kind", "page_id"),
    [(TodayPage, "today"), (ClosingPage, "closing"), (SchemePage, "scheme")],
)
@pytest.mark.parametrize("prepared", [None, village])
def test_every_word_went_through_the_translators(
    opens: Opens, kind: type[Any], page_id: str, prepared: Callable[[Desk, SetClock], None] | None
) -> None:
    window = opens(prepared, speaker=BracketSpeaker("en"))
    assert unbracketed(window.go(kind, page_id)) == []


def test_the_language_is_switched_live(opens: Opens) -> None:
    window = opens(village)
    page = window.page(TodayPage)
    window.speaker.set_language("fr")
    window.wait()
    assert page.greeting.text() == "Bonjour Awa · lundi 6 mai 2024"
    assert page.title() == "Aujourd’hui"


def test_a_locked_desk_is_opened_by_a_colleague(opens: Opens) -> None:
    window = opens(paid, people=("Awa", "Bintou"))
    window.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    lock = window.window.lock_page
    lock.login.emit(window.desk.keys.tiles()[1].staff_id, SECOND)
    window.wait()
    assert window.desk.person.name == "Bintou"


# The door


def shown(program: Program) -> BookWindow | None:
    return program.window


def test_the_last_book_asks_for_a_password_and_opens(
    qtbot: QtBot,
    qapp: Any,
    tmp_path: Path,
    state_folder: Path,
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    write_settings(Settings(last_book=str(folder), last_name="Mutuelle", language="fr"))
    program = Program(qapp)
    program.begin()
    door = program.door
    assert door is not None
    qtbot.addWidget(door)
    assert door.login is not None
    tile = door.login._people[0][0]
    door.login.login.emit(tile, "wrong words here")
    qtbot.waitUntil(lambda: not program.lane.is_busy())
    assert shown(program) is None
    door.login.login.emit(tile, FIRST)
    qtbot.waitUntil(lambda: not program.lane.is_busy())
    # The book was last worked in long ago: the person confirms the day first.
    qtbot.waitUntil(lambda: door.day is not None or program.window is not None)
    if shown(program) is None and door.day is not None:
        door.day.confirmed.emit(date(2024, 1, 11))
    qtbot.waitUntil(lambda: program.window is not None)
    window = shown(program)
    assert window is not None
    assert read_settings().last_book == str(folder.resolve())
    window.close()
    program.finish()
    assert state_folder.exists()


def test_without_a_book_the_ways_to_begin_are_shown(qtbot: QtBot, qapp: Any) -> None:
    program = Program(qapp)
    program.begin()
    assert program.door is not None
    qtbot.addWidget(program.door)
    assert program.door.start is not None
    program.door.close()
    program.finish()


def test_a_new_book_is_made_in_the_window(qtbot: QtBot, qapp: Any, tmp_path: Path) -> None:
    program = Program(qapp)
    program.begin()
    door = program.door
    assert door is not None
    qtbot.addWidget(door)
    assert door.start is not None
    door.start.show_new()
    sheet = door.start.new_book
    sheet.scheme.setText("Zed")
    sheet.country.choose("ZZ")
    sheet.amount.setText("3.50")
    sheet.entry_fee.setText("10")
    fields = {name: form.field(name) for form in sheet.forms for name in form._rows}
    told = {"person": "Ada", "password": FIRST, "repeat": FIRST, "village": "Alba"}
    for name, field in fields.items():
        for key, value in told.items():
            if name.startswith(key) or name == key:
                field.setText(value)  # type: ignore[attr-defined]
    sheet.place.set_path(tmp_path / "zed")
    sheet.send()
    qtbot.waitUntil(lambda: not program.lane.is_busy(), timeout=20_000)
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    assert program.window is not None
    desk = program._desk
    assert desk is not None
    assert desk.currency.code == "XTS"
    version = next(iter(desk.ask(plans).values()))[0]
    assert (version.amount, version.entry_fee) == (350, 1000)
    assert back_up(desk).acts == desk.acts
    program.window.close()
    program.finish()


def test_the_login_waits_for_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "reportlab", "babel", "alembic", "PIL", "ssl", "cryptography")
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from stepdesk.ui.start import Door\n"
        "from stepdesk.ui.speech import Speaker\n"
        "from stepdesk.ui.tasks import Lane\n"
        "from stepdesk.store.tiles import Tiles\n"
        "lane = Lane(app)\n"
        "door = Door(Speaker('fr'), lane)\n"
        "door.show_login(Tiles('b', '00', ((b'x' * 16, 'Awa'),), False), '')\n"
        "door.show(); app.processEvents()\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
        "lane.close()\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stdout.strip() == "[]", told.stderr


# Larger letters


@pytest.mark.parametrize(
    ("zoom", "helped"), [(100, False), (125, False), (150, False), (100, True), (125, True)]
)
def test_no_page_is_wider_than_its_place(
    opens: Opens, qapp: QApplication, zoom: int, helped: bool
) -> None:
    window = opens(village, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    if helped:
        window.window.frame.toggle_help()
    for page_id in PAGES:
        page = window.go(Page, page_id)
        place = page.parentWidget()
        assert place is not None
        # A page is laid out over several turns of the window's loop.
        window.qtbot.waitUntil(partial(_fits, page, place), timeout=3000)


PAGES = (
    "today",
    "members",
    "collection",
    "claims",
    "providers",
    "cash",
    "closing",
    "send",
    "scheme",
)


@pytest.mark.parametrize("zoom", [100, 125])
def test_no_page_is_wider_than_its_place_from_right_to_left(
    opens: Opens, qapp: QApplication, zoom: int
) -> None:
    with from_the_right() as speaker:
        window = opens(village, speaker=speaker)
        theme.apply(qapp, Theme(zoom=zoom))
        for page_id in PAGES:
            page = window.go(Page, page_id)
            place = page.parentWidget()
            assert place is not None
            assert page.layoutDirection() is Qt.LayoutDirection.RightToLeft
            window.qtbot.waitUntil(partial(_fits, page, place), timeout=3000)


def test_the_row_of_an_id_is_found_from_right_to_left(opens: Opens) -> None:
    with from_the_right() as speaker:
        window = opens(village, speaker=speaker)
        page = window.go(MembersPage, "members")
        assert page.list.table.chosen_id() == page.list.model.id_at(0)
        assert page.card.rights.person is not None


def test_a_number_keeps_its_order_among_words_from_the_right() -> None:
    with from_the_right():
        assert speak(Text(N_("Card {number}"), {"number": "/03"}), "ar").endswith(
            "\u2068/03\u2069"
        )
    assert speak(Text(N_("Card {number}"), {"number": "/03"}), "en") == "Card /03"


def _fits(page: Page, place: QWidget) -> bool:
    return page.width() <= place.width()


def test_what_stands_side_by_side_goes_below_each_other_and_back(qtbot: QtBot) -> None:
    first, second = QPushButton("first"), QPushButton("second")
    sides = Sides(first, second, side=400, narrow=740)
    qtbot.addWidget(sides)
    sides.show()
    sides.resize(1000, 300)
    qtbot.waitUntil(lambda: first.y() == second.y())
    assert (second.width(), first.width()) == (400, 1000 - 400 - 16)
    sides.resize(700, 300)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert second.width() == first.width() == 700
    sides.resize(1000, 300)
    qtbot.waitUntil(lambda: first.y() == second.y())


def test_four_tiles_stand_two_in_a_row_where_it_is_narrow(qtbot: QtBot) -> None:
    tiles = [QPushButton(str(at)) for at in range(4)]
    row = Tiles([*tiles], narrow=740)
    qtbot.addWidget(row)
    row.show()
    row.resize(1000, 200)
    qtbot.waitUntil(lambda: len({tile.y() for tile in tiles}) == 1)
    row.resize(600, 200)
    qtbot.waitUntil(lambda: tiles[2].y() > tiles[0].y())
    assert [tile.x() for tile in tiles[:2]] == [tile.x() for tile in tiles[2:]]
