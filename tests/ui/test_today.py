"""Today: the figures beside the list, the charts, whom to remind; every line opens what it names."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from stepdesk.contributions.service import issue_statement, mark_leaves, receive_booklets
from stepdesk.contributions.terms import EffectRule, MarkKind, Stationery
from stepdesk.i18n import speak
from stepdesk.members.service import correct_household
from stepdesk.payers import service as payers
from stepdesk.payers.terms import PayerKind
from stepdesk.reports.queries.standings import forget
from stepdesk.reports.terms import LetterKind, Spent
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.claims.facts import draft_name
from stepdesk.ui.members.facts import keep_form
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.scheme.page import SchemePage
from stepdesk.ui.today.facts import Facts, facts_of, spent_text, tasks_of
from stepdesk.ui.today.page import TodayPage
from stepdesk.values.ids import BatchId
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_plan, open_copy, wednesday
from tests.payers.test_service import covered, terms_of
from tests.reports.care import Care
from tests.reports.test_closing import close
from tests.ui.window import Window, plain

Opens = Callable[..., Window]
JAN, FEB = Month(2024, 1), Month(2024, 2)


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[tuple[Window, Desk]] = []

    def start(prepared: Callable[[Desk, SetClock], object], **told: Any) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", clock=clock)
        a_plan(desk, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        prepared(desk, clock)
        window = Window(qtbot, desk, **told)
        made.append((window, desk))
        return window

    yield start
    for window, desk in made:
        window.close()
        desk.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=wednesday()) as opened:
        a_plan(opened, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        yield opened


def two_months(desk: Desk, clock: SetClock) -> None:
    """Two persons paid January and February, one January alone; care of 420, 300 paid of it."""
    both = a_household(desk, 2)
    a_payment(desk, both, 1400)
    a_payment(desk, a_household(desk, 1), 350)
    clock.set(date(2024, 2, 10))
    close(desk, JAN)
    care = Care(desk)
    care.pay(care.claim(both, 0, date(2024, 2, 5), {"DRUG": 420}), amount=300)
    clock.set(date(2024, 3, 1))
    close(desk, FEB)


def late_and_near(desk: Desk, clock: SetClock) -> None:
    """One late that agreed to messages, one late without a number, two that pay again soon."""
    first = a_household(desk, 2, phone="77 123 45 67")
    desk.do(correct_household, household_id=first.household_id, sms_consent=True)
    a_payment(desk, first, 700)
    a_payment(desk, a_household(desk, 2), 700)
    a_payment(desk, a_household(desk, 1), 700)
    a_payment(desk, a_household(desk, 3), 2100)
    clock.set(date(2024, 2, 20))


def words(facts: Facts) -> list[str]:
    return [plain(speak(one.text, "en")) for one in tasks_of(facts)]


# How it stands


def test_the_figures_are_those_reckoned_by_hand(opens: Opens) -> None:
    page = opens(two_months).page(TodayPage)
    told = {
        name: plain(page.figures.text(name))
        for name in ("cash", "carried", "covered", "spent", "collected", "sent")
    }
    # 1,750 received less 300 paid; 420 of 2,100 earned are 20 of each 100.
    assert told == {
        "cash": "1,450 F CFA",
        "carried": "0 F CFA",
        "covered": "3 of 3",
        "spent": "20",
        "collected": "0 F CFA",
        "sent": "Never",
    }


def test_a_month_that_does_not_balance_is_named_and_opens_its_closing(desk: Desk) -> None:
    a_household(desk)
    facts = facts_of(desk)
    wrong = Spent((JAN, FEB), 2100, 420, FEB)
    facts = replace(facts, books=replace(facts.books, spent=wrong))
    first = tasks_of(facts)[0]
    assert plain(speak(first.text, "en")) == "February 2024 does not balance: look at its closing"
    assert (first.page, first.arguments) == ("closing", (("month", FEB),))
    assert plain(speak(spent_text(wrong), "en")) == "February 2024 does not balance"
    assert speak(spent_text(Spent((), 0, 0)), "en") == "No closed month yet"


# To do


def test_who_pays_again_soon_is_told_and_opens_the_same_list(opens: Opens) -> None:
    window = opens(late_and_near)
    page = window.page(TodayPage)
    line = next(one for one in page.lines if "pay" in one.text() and "again" in one.text())
    assert line.text() == "2 households pay again within 30 days"
    line.setFocus()
    window.key(Qt.Key.Key_Return)
    members = window.page(MembersPage)
    assert members.list.views.currentText() == "Paid until within 30 days"
    assert members.list.model.rowCount() == 2


def test_money_carried_for_more_than_a_week_is_told(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, SetClock)
    home = a_household(desk, 2)
    a_payment(desk, home, 700, collector_id=desk.person.staff_id)
    clock.set(date(2024, 1, 17))
    assert not [one for one in words(facts_of(desk)) if "carried" in one]
    clock.set(date(2024, 1, 18))
    assert "Awa has carried 700 F CFA for 8 days" in words(facts_of(desk))


def test_what_is_wrong_with_booklets_is_told_and_opens_the_collection(desk: Desk) -> None:
    a_household(desk)
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
    assert not [one for one in words(facts_of(desk)) if "booklet" in one]
    desk.do(
        mark_leaves,
        booklet_id=booklet_id,
        kind=MarkKind.MISSING,
        first_leaf=4,
        last_leaf=6,
        reason="lost",
    )
    told = {plain(speak(one.text, "en")): one for one in tasks_of(facts_of(desk))}
    said = "1 booklet matter to look into: leaves missing or out of order"
    assert told[said].page == "collection"


def test_half_typed_forms_are_told_and_open_again(desk: Desk) -> None:
    a_household(desk)
    keep_form(desk, '{"typed": "something"}')
    batch = BatchId(bytes(range(16)))
    desk.note_locally(
        "INSERT INTO draft (form, staff_id, content) VALUES (?, ?, ?)",
        (draft_name(batch), desk.person.staff_id, "typed"),
    )
    desk.note_locally(
        "INSERT INTO draft (form, staff_id, content) VALUES (?, ?, ?)",
        ("claim:00", bytes(16), "somebody else's"),
    )
    facts = facts_of(desk)
    told = {plain(speak(one.text, "en")): one for one in tasks_of(facts)}
    assert told["1 new household half typed: finish it"].arguments == (("new", True),)
    certificate = told["1 certificate half typed: finish it"]
    assert (certificate.page, certificate.arguments) == ("claims", (("batch", batch),))


def test_a_payers_statement_left_open_is_told_and_opens_the_payers(opens: Opens) -> None:
    def owed(desk: Desk, clock: SetClock) -> None:
        payer = desk.do(payers.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
        terms = terms_of(payer, share=100, invoice_months=1)
        agreement = desk.do(payers.sign_agreement, agreement=terms)
        covered(desk, agreement, a_household(desk, 2).household_id)
        clock.set(date(2024, 2, 1))
        desk.do(issue_statement, agreement_id=agreement)
        clock.set(date(2024, 5, 2))

    window = opens(owed)
    line = next(one for one in window.page(TodayPage).lines if "payer" in one.text())
    assert line.text() == "1 payer's statement has been open since 1 February 2024"
    line.click()
    assert window.page(SchemePage).parts.value() == "payers"


def test_the_books_are_told_before_any_household_is_reckoned(opens: Opens) -> None:
    window = opens(late_and_near)
    page = window.page(TodayPage)
    forget(window.desk)
    page.facts = None
    seen: list[Facts | None] = []
    page.shown()
    window.lane.do(lambda: None, lambda _: seen.append(page.facts))
    window.wait()
    (early,) = seen
    assert early is not None
    assert early.standing is None
    assert early.books.collected.minor == 0
    later: Facts | None = page.facts
    assert later is not None
    assert later.standing is not None


def test_f9_prints_the_list_of_the_week(opens: Opens) -> None:
    window = opens(late_and_near)
    page = window.page(TodayPage)
    window.key(Qt.Key.Key_F9)
    (paper,) = page.findChildren(PaperWindow)
    assert paper.isVisible()
    paper.close()


# Charts


def test_who_stands_at_the_counter_sees_no_charts(desk: Desk) -> None:
    assert facts_of(desk).charts
    other = desk.do(add_person, name="Coumba", role=Role.COLLECTOR, password=SECOND)
    desk.switch(other, SECOND)
    assert not facts_of(desk).charts


def test_a_chart_opens_its_table_by_one_key_and_is_told_to_a_screen_reader(opens: Opens) -> None:
    window = opens(two_months)
    page = window.page(TodayPage)
    assert page.charts.isVisible()
    chart = page.charts.charts[1]
    sentence = plain(chart.sentence.text())
    assert sentence == "Collection fell from 100 % to 67 % since January 2024."
    assert chart.view.accessibleName() == "Collected of each 100 called"
    assert plain(chart.view.accessibleDescription()) == (
        f"{sentence}; Jan 2024 100 %; Feb 2024 67 %"
    )
    chart.view.setFocus()
    window.key(Qt.Key.Key_Return)
    rows = page.charts.rows
    lines = [[plain(rows.cell(row, at).text) for at in range(5)] for row in range(2)]
    assert lines == [
        ["January 2024", "3", "100 %", "0", "–"],
        ["February 2024", "3", "67 %", "40", "9.7"],
    ]
    assert page.charts.numbered
    assert QApplication.focusWidget() is page.charts.table
    window.key(Qt.Key.Key_Escape)
    assert not page.charts.numbered


def test_the_charts_speak_another_language_at_once(opens: Opens) -> None:
    window = opens(two_months)
    page = window.page(TodayPage)
    window.speaker.set_language("fr")
    assert plain(page.charts.rows.cell(0, 0).text) == "janvier 2024"
    assert "févr. 2024" in page.charts.charts[0].view.accessibleDescription()


# Whom to remind


def test_whom_to_remind_is_shown_with_each_message_and_its_length(opens: Opens) -> None:
    window = opens(late_and_near)
    page = window.page(TodayPage)
    page.remind.setFocus()
    window.key(Qt.Key.Key_Return)
    told = page.reminders
    assert told.summary.text() == (
        "To tell: 2. By message: 1, in parts: 1. Without a mobile telephone: 1. Have not agreed: 0."
    )
    ways = sorted(told.rows.cell(row, 5).text for row in range(2))
    assert ways[1] == "No telephone"
    assert ways[0].endswith("of 160 letters, 1 part")
    told.kind.choose(LetterKind.RENEWAL)
    window.wait()
    assert told.rows.rowCount() == 2
    window.key(Qt.Key.Key_Escape)
    assert page.tiles[0].isVisible()


def test_the_gateways_file_is_saved_by_the_person_and_noted(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "messages.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told: (str(target), ""))
    window = opens(late_and_near)
    page = window.go(TodayPage, "today", reminders=LetterKind.REMINDER)
    page.reminders.csv.click()
    window.wait()
    lines = target.read_text("utf-8").split()
    assert lines[0] == "phone,text"
    assert [one for one in lines if one.startswith("+")] != []
    with window.desk.read() as connection:
        asked = connection.exec_driver_sql("SELECT question, answer FROM access").fetchall()
    assert ("reminders REMINDER", "2 rows") in [tuple(one) for one in asked]


def test_letters_and_the_list_come_up_as_papers(opens: Opens) -> None:
    window = opens(late_and_near)
    page = window.go(TodayPage, "today", reminders=LetterKind.REMINDER)
    buttons: tuple[QPushButton, ...] = (page.reminders.letters, page.reminders.list)
    for button in buttons:
        button.click()
        window.wait()
        (paper,) = (one for one in page.findChildren(PaperWindow) if one.isVisible())
        paper.close()
    assert page.reminders.trouble.isHidden()
