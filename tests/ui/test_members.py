"""The members' room by keyboard: finding, asking, registering, cancelling."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import receipts_of
from stepdesk.members.queries import household_file, household_ids
from stepdesk.members.terms import BirthKnown, Relation, Sex
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.contributions.page import CollectionPage
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.printing import PaperWindow, paper_size
from stepdesk.ui.tokens import Status
from tests.builders import (
    SECOND,
    a_household,
    a_payment,
    a_plan,
    a_section,
    open_copy,
    wednesday,
)
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.window import Window, plain

Opens = Callable[..., Window]


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(
        prepared: Callable[[Desk, SetClock], object] | None = None,
        *,
        country: str = "SN",
        people: tuple[str, ...] = ("Awa",),
        **told: Any,
    ) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", country, people=people, clock=clock)
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


def village(desk: Desk, clock: SetClock) -> None:
    """Three households: one paid up, one never entered, one suspended."""
    ready(desk, clock)
    a_payment(desk, a_household(desk, 3), 1000 + 3 * 350 * 5)
    a_household(desk, 2)
    a_payment(desk, a_household(desk, 4), 1000 + 4 * 350)
    clock.set(date(2024, 5, 6))


SIX = (
    # By hand: 6 names of about 6 letters, ages, letters, and the Enters between them.
    "Coulibaly\nIbrahim\nm41\n",
    "Rokia\nf35\ns",
    "Seydou\nm9\nc",
    "Aminata\nf7\nc",
    "Moussa\nm4\nc",
    "Fatou\nf1\nc",
)


def test_a_household_of_six_takes_at_most_115_keys(opens: Opens) -> None:
    window = opens(ready)
    window.go(MembersPage, "members", new=True)
    window.pressed = 0
    for line in SIX:
        window.type(line)
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.pressed <= 115
    found = window.desk.ask(household_ids)
    assert len(found) == 1
    known = window.desk.ask(household_file, found[0])
    assert known is not None
    assert [one.name for one in known.persons] == [
        "Coulibaly Ibrahim",
        "Coulibaly Rokia",
        "Coulibaly Seydou",
        "Coulibaly Aminata",
        "Coulibaly Moussa",
        "Coulibaly Fatou",
    ]
    assert [one.relation for one in known.persons][:3] == [
        Relation.SELF,
        Relation.SPOUSE,
        Relation.CHILD,
    ]
    assert known.persons[1].sex is Sex.FEMALE
    assert known.persons[0].birth.known is BirthKnown.ABOUT


def test_french_letters_and_the_french_top_row_are_read(opens: Opens) -> None:
    window = opens(ready, language="fr")
    window.go(MembersPage, "members", new=True)
    # On a French keyboard without Shift: é = 2, ç = 9, & = 1, à = 0; the cell reads an age.
    window.type("Coulibaly\nIbrahim\nh'&\n")
    window.type('Rokia\nf"(\nc')
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    known = window.desk.ask(household_file, window.desk.ask(household_ids)[0])
    assert known is not None
    assert [one.birth.day.year for one in known.persons] == [2024 - 41, 2024 - 35]
    assert known.persons[1].relation is Relation.SPOUSE


def test_the_living_line_says_what_joining_costs(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nf30\nBa\nm3\nc")
    # 1,000 entry fee and 2 x 350; paid on 10 January: effect 1 February, three months' waiting.
    assert plain(page.new.told.text()) == (
        "Entry fee 1,000 F CFA · first contribution 700 F CFA · paid today, rights from 1 May 2024"
    )


def test_what_is_wrong_is_said_below_its_line_and_kept(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nx30\n")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    line = page.new.lines[0]
    assert line.error.text() == "Type one letter for the sex: F, M."
    assert line.sex.hasFocus()
    assert line.sex.text() == "X"
    line.sex.setText("F")
    line.birth.setText("31/2/2020")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert line.birth.hasFocus()
    assert line.birth.text() == "31/2/2020"
    assert window.desk.ask(household_ids) == ()


def test_the_draft_is_still_there_after_esc(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa")
    window.key(Qt.Key.Key_Escape)
    assert page.list.isVisible()
    window.key(Qt.Key.Key_F2)
    assert page.new.lines[0].given_names.text() == "Awa"


def test_a_double_enter_registers_once(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nf30\n")
    for _ in range(5):
        page.new.send()
    window.wait()
    assert len(window.desk.ask(household_ids)) == 1


def test_somebody_alike_is_asked_about_and_accepted_with_a_reason(opens: Opens) -> None:
    window = opens(ready)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nf30\n")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page = window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nf31\n")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.new.caution.isVisible()
    assert len(window.desk.ask(household_ids)) == 1
    window.type("her cousin\n")
    assert len(window.desk.ask(household_ids)) == 2


def test_without_a_village_or_plan_the_form_says_what_to_do(opens: Opens) -> None:
    window = opens()
    page = window.go(MembersPage, "members", new=True)
    assert "page Scheme" in page.new.form.error()


def test_typing_finds_people_and_enter_opens_the_household(opens: Opens) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members")
    assert page.list.model.rowCount() == 3
    window.type("2")
    assert page.list.model.rowCount() == 1
    window.type("\n")
    assert page.card.number.text() == "01-000002-6"


@pytest.mark.parametrize(
    ("show", "numbers"),
    [
        ("late", ["01-000003-4"]),
        ("stopped", ["01-000003-4"]),
        ("not_entered", ["01-000002-6"]),
        ("waiting", []),
    ],
)
def test_the_short_lists_of_the_first_page(opens: Opens, show: str, numbers: list[str]) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members", show=show)
    model = page.list.model
    assert [model.cell(row, 0).text for row in range(model.rowCount())] == numbers


def test_a_row_says_status_and_until_when_it_is_paid(opens: Opens) -> None:
    window = opens(village)
    model = window.go(MembersPage, "members").list.model
    cells = [[model.cell(row, column).text for column in (4, 5)] for row in range(3)]
    assert cells == [
        ["Up to date", "30/06/2024"],
        ["Entry not paid", ""],
        ["Suspended", "29/02/2024"],
    ]
    assert model.cell(0, 4).status is Status.UP_TO_DATE
    assert model.cell(2, 4).status is Status.STOPPED


def test_is_she_covered_is_answered_and_logged(opens: Opens) -> None:
    window = opens(village)
    ids = window.desk.ask(household_ids)
    page = window.go(MembersPage, "members", household=ids[2])
    page.card.rights.day.setText("06/05/2024")
    page.card.rights.ask.click()
    window.wait()
    assert page.card.rights.answer.text().startswith("No: ")
    told = plain(page.card.rights.reasons.text())
    # March, April and May: 3 x 4 x 350; the gap since 5 April is short, so rights come at once.
    assert "If 4,200 F CFA is paid, rights open on" in told
    with window.desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT question, answer FROM access").all()
    assert [tuple(row) for row in rows] == [("rights", "NO")]


def test_a_day_that_is_none_is_said_beside_it(opens: Opens) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members")
    page.card.rights.day.setText("44/44")
    page.card.rights.ask.click()
    assert page.card.rights.error.isVisible()


def test_a_receipt_is_cancelled_by_two_with_a_reason(opens: Opens) -> None:
    window = opens(village, people=("Awa", "Bintou"))
    ids = window.desk.ask(household_ids)
    page = window.go(MembersPage, "members", household=ids[0])
    page.card.show_receipts()
    page.card.undo.click()
    window.wait()
    window.type("wrong household\n")
    window.type(f"{SECOND}\n")
    receipts = window.desk.ask(receipts_of, ids[0], window.desk.currency)
    assert [one.amount.minor for one in receipts] == [-6250, 6250]
    assert not receipts[0].single_control
    assert page.card.receipts.rowCount() == 2


def test_the_card_and_a_receipt_are_drawn(
    opens: Opens,
    qtbot: QtBot,
    qapp: Any,
) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: bool(papers(qapp)))
    for paper in papers(qapp):
        paper.close()
    page.card.show_receipts()
    page.card.again.click()
    window.wait()


def papers(qapp: Any) -> list[PaperWindow]:
    return [
        one for one in qapp.topLevelWidgets() if isinstance(one, PaperWindow) and one.isVisible()
    ]


def test_collect_goes_to_the_collection_with_the_household(opens: Opens) -> None:
    window = opens(village)
    page = window.go(MembersPage, "members")
    page.card.take.click()
    window.wait()
    assert isinstance(window.window.page(), CollectionPage)


def test_every_word_went_through_the_translators(opens: Opens) -> None:
    window = opens(village, speaker=BracketSpeaker("en"))
    page = window.go(MembersPage, "members")
    page.card.rights.ask.click()
    window.wait()
    assert unbracketed(page) == []
    page.card.show_receipts()
    page.card.undo.click()
    window.wait()
    assert unbracketed(page) == []
    window.go(MembersPage, "members", new=True)
    window.type("Diop\nAwa\nx30\n")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert unbracketed(page) == []


def test_two_decimals_are_shown_where_the_country_has_them(opens: Opens) -> None:
    window = opens(ready, country="ZZ")
    page = window.go(MembersPage, "members", new=True)
    window.type("Marn\nAda\nf30\n")
    assert plain(page.new.told.text()).startswith("Entry fee 10.00 XTS · first contribution 3.50")


def test_the_answer_is_told_to_both_and_printed_without_asking_again(opens: Opens) -> None:
    window = opens(village)
    ids = window.desk.ask(household_ids)
    page = window.go(MembersPage, "members", household=ids[2])
    box = page.card.rights
    assert not box.print.isVisible()
    box.day.setText("06/05/2024")
    box.day.setFocus()
    window.type("\n")
    assert plain(box.member.text()).startswith("To the member: ")
    assert plain(box.to_provider.text()).startswith("To the provider: ")
    # March, April and May: 3 x 4 x 350.
    assert "4,200 F CFA" in plain(box.member.text())
    box.print.setFocus()
    window.key(Qt.Key.Key_Space)
    window.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=20_000)
    paper = QApplication.activeModalWidget()
    assert isinstance(paper, PaperWindow)
    # A5 is 148 mm by 210 mm; a point is a 72nd of an inch.
    assert [round(one * 25.4 / 72) for one in paper_size(paper._pdf, 0)] == [148, 210]
    paper.close()
    with window.desk.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM access").scalar() == 1
    box.day.setText("44/44")
    box.ask.click()
    assert not box.print.isVisible()
    assert box.member.text() == ""
