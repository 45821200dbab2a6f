"""Sheets, several households, paper, a full disk, lists and booklets on the collection page."""

from collections import namedtuple
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import (
    booklet_states,
    latest_sheets,
    leaf_by_number,
    open_findings,
    receipts_of_session,
    sessions,
    sheet_lines,
    times_printed,
)
from stepdesk.contributions.service import issue_booklet, print_sheets, receive_booklets
from stepdesk.contributions.terms import (
    CollectionSession,
    Count,
    LeafState,
    MarkKind,
    Means,
    Stationery,
)
from stepdesk.i18n import Text
from stepdesk.members.queries import household_file, household_of_number
from stepdesk.members.service import photograph
from stepdesk.paper.page import MM
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.contributions.kept import kept_of
from stepdesk.ui.contributions.lists_view import ListsView
from stepdesk.ui.contributions.page import closed_text
from stepdesk.ui.contributions.receipt_paper import ReceiptPaper
from stepdesk.ui.printing import PaperWindow, paper_sizes
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import SessionId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, again, wednesday
from tests.contributions.test_papers import text_of
from tests.ui.test_collection import Opens, Screen, opens  # noqa: F401 - a fixture
from tests.ui.test_photo import picture
from tests.ui.window import plain

DOWN = Qt.Key.Key_Down


def forty(desk: Desk, _clock: SetClock) -> None:
    """A sheet of the households 1 to 40."""
    ids = [desk.ask(household_of_number, str(number)) for number in range(1, 41)]
    desk.do(print_sheets, title="Koula", household_ids=[one for one in ids if one is not None])


def received(desk: Desk, _clock: SetClock) -> None:
    desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)


def fill(screen: Screen, paid: int, of: int = 40) -> None:
    """Press Enter for each line that paid what was due, Down for the others."""
    for line in range(of):
        if line < paid:
            screen.type("\n")
        else:
            screen.pressed += 1
            screen.key(DOWN)
    screen.wait()


@pytest.mark.parametrize(
    ("language", "number", "cash"), [("fr", "F&", "(&ààà"), ("en", "f1", "51000")]
)
def test_a_sheet_of_forty_lines_takes_at_most_sixty_keys(
    opens: Opens,  # noqa: F811
    language: str,
    number: str,
    cash: str,
) -> None:
    screen = opens(language=language, prepared=forty)
    screen.open()
    screen.pressed = 0
    screen.keys(f"{number}\n")
    assert screen.part() == 4
    fill(screen, paid=30)
    assert screen.page.sheet.cash.hasFocus()
    screen.keys(f"{cash}\n")
    # 30 of 1 000 for entry and 700 for January.
    assert sum(one.amount.minor for one in screen.receipts()) == 51_000
    assert len(screen.receipts()) == 30
    assert screen.pressed <= 60
    assert screen.part() == 2
    assert screen.in_search()


def test_a_sheet_is_one_act_with_its_lines_in_order(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=forty)
    screen.open()
    acts = screen.desk.acts
    screen.keys("f1\n\n2400\n")
    screen.key(DOWN)
    screen.key(Qt.Key.Key_Up)
    screen.keys("\n")
    fill(screen, paid=0, of=37)
    screen.keys("5800\n")
    assert screen.desk.acts == acts + 1
    sheet = screen.desk.ask(latest_sheets)[0]
    lines = screen.desk.ask(sheet_lines, sheet, screen.desk.today, screen.desk.currency).lines
    assert [bool(line.entered) for line in lines[:4]] == [True, True, True, False]
    assert [one.amount.minor for one in reversed(screen.receipts())] == [1700, 2400, 1700]


def test_the_money_of_a_sheet_must_agree_or_be_explained(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=forty)
    screen.open()
    screen.keys("f1\n")
    fill(screen, paid=2)
    screen.keys("3000\n")
    assert screen.page.sheet.difference.text().startswith("Missing: 400")
    assert screen.page.sheet.reason.hasFocus()
    assert screen.receipts() == ()
    screen.keys("one coin was false\n")
    assert len(screen.receipts()) == 2


def test_a_half_typed_sheet_survives_a_kill(qtbot: QtBot, opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=forty)
    screen.open("Sirakorola")
    screen.keys("45\n\nf1\n\n900\n")
    screen.key(DOWN)
    folder = screen.desk.folder
    # The laptop dies: nothing is closed, what is on the disk is all there is.
    screen.close()
    screen.desk.close()
    with again(folder, clock=wednesday()) as desk:
        second = Screen(qtbot, desk)
        assert second.part() == 4
        assert second.page.sheet._amounts == {1: 1700, 2: 900, 3: None}
        assert second.page.sheet._at == 3
        assert second.page.sheet.amount.hasFocus()
        second.key(Qt.Key.Key_Escape)
        assert second.view._head.text().startswith("Sirakorola")
        assert len(second.view.receipts.texts()) == 1
        second.close()


def test_an_unknown_sheet_is_told(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("f9\n")
    assert screen.view.error.text() == (
        "No sheet F-2024-A-000009. Look at the number on top of the paper."
    )
    assert screen.part() == 2


def test_a_card_reader_leaves_one_key(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("010000455\n")  # the reader types the card and its Enter
    screen.pressed = 0
    screen.keys("\n")
    assert screen.pressed == 1
    assert [one.amount.minor for one in screen.of("45")] == [1700]


def test_another_amount_takes_nine_keys(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.pressed = 0
    screen.keys("45\n2400\n")
    assert screen.pressed <= 9
    assert [one.amount.minor for one in screen.of("45")] == [2400]


def test_money_by_telephone_is_recorded_with_its_number(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("45\n")
    screen.view.more_button.click()
    screen.view.more.means.choose(Means.MOBILE)
    screen.view.record()
    screen.wait()
    assert "Type the number the telephone gave" in screen.view.doubt.words()
    screen.view.more.reference.setText("MP240110.1")
    screen.view.record()
    screen.wait()
    told = screen.of("45")[0]
    assert (told.means, told.reference) == (Means.MOBILE, "MP240110.1")
    assert screen.receipts() == ()
    assert screen.stands().startswith("0 receipts · should be in the bag: 0")
    screen.keys("46\n")
    assert screen.view.more.isHidden()
    screen.view.more_button.click()
    screen.view.more.means.choose(Means.BANK)
    screen.view.more.reference.setText("MP240110.1")
    screen.view.record()
    screen.wait()
    assert len(screen.of("46")) == 1


def test_goods_fill_in_what_they_are_worth(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("45\n")
    screen.view.more_button.click()
    more = screen.view.more
    more.means.choose(Means.IN_KIND)
    screen.view.record()
    screen.wait()
    assert more.error.text().startswith("Say what was brought")
    # Below the whole row, in one line: it is about all of its fields.
    assert more.error.height() < 2 * more.error.fontMetrics().height()
    assert more.product.hasFocus()
    more.product.setText("Millet")
    more.unit.setText("kg")
    more.quantity.setFocus()
    screen.keys("8,5")
    more.unit_value.setFocus()
    screen.keys("200")
    assert screen.view.amount.value() == 1700
    screen.view.record()
    screen.wait()
    assert [(one.means, one.amount.minor) for one in screen.of("45")] == [(Means.IN_KIND, 1700)]


def test_a_full_disk_refuses_before_the_money_is_taken(
    opens: Opens,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    room = namedtuple("room", "total used free")  # noqa: PYI024 - as the system tells it
    with monkeypatch.context() as full:
        full.setattr("stepdesk.store.work.disk_usage", lambda _: room(1, 1, 63 << 20))
        screen.keys("46\n")
        assert screen.view.trouble.words().startswith("The disk of this laptop is full. Do not")
        assert not screen.view.button.isVisible()
        assert len(screen.receipts()) == 1
    screen.view.trouble.dismiss()
    screen.keys("46\n\n")
    assert len(screen.receipts()) == 2


def test_the_disk_fills_while_the_amount_is_typed(
    opens: Opens,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = opens()
    screen.open()
    screen.keys("45\n\n46\n")
    room = namedtuple("room", "total used free")  # noqa: PYI024 - as the system tells it
    monkeypatch.setattr("stepdesk.store.work.disk_usage", lambda _: room(1, 1, 0))
    screen.keys("\n")
    assert "This payment is NOT recorded" in screen.view.trouble.words()
    assert [one.household_number for one in screen.receipts()] == ["01-000045-5"]


def test_one_person_pays_for_several_households(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F6)
    screen.keys("45\n46\n45\n")
    form = screen.view.several
    assert form.forms["household"].error("household").startswith("This household is on the list")
    form.number.setText("")
    assert "three thousand four hundred" in form._sum.text()
    acts = screen.desk.acts
    screen.keys("\n")
    assert screen.desk.acts == acts + 1
    assert [one.amount.minor for one in screen.receipts()] == [1700, 1700]
    assert screen.in_search()
    screen.key(Qt.Key.Key_F6)
    screen.keys("45\n\n")
    assert "Press Enter once more" in form.doubt.words()
    assert len(screen.receipts()) == 2


def test_receipts_from_paper_have_their_leaf_and_day(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        received(desk, clock)
        clock.set(date(2024, 1, 25))

    screen = opens(prepared=prepared)
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText("20/1")
    form.float_field.setFocus()
    screen.keys("\n")
    assert "from paper" in screen.view._head.text()
    screen.keys("45\n\n")
    assert screen.view.form.error("leaf").startswith("Type the leaf as it is printed")
    screen.view.leaf.setFocus()
    screen.keys("0147-51\n")
    assert screen.view.form.error("leaf").startswith("Booklet 0147 has the leaves")
    screen.keys("0147-1\n")
    assert "had been given to nobody" in screen.view.doubt.words()
    # Nobody was given the booklet: doubted once.
    screen.keys("\n")
    assert [one.leaf for one in screen.of("45")] == ["0147-01"]
    assert [f"{one.paid_on:%d/%m}" for one in screen.of("45")] == ["20/01"]
    assert screen.view.leaf.text() == "0147-02"


def test_the_lists_tell_who_has_paid(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        for number in ("45", "46"):
            household = desk.ask(household_of_number, number)
            assert household is not None
            a_payment(desk, household, 1700)
        clock.set(date(2024, 3, 10))

    screen = opens(prepared=prepared)
    screen.open()
    screen.keys("45\n\n")
    screen.view.lists_button.click()
    screen.wait()
    lists = screen.page.lists
    assert screen.part() == 5
    # Both paid February when they entered; of March one has paid its 700.
    told = [lists._models[0].cell(0, column).text for column in range(5)]
    assert told == ["Koula", "2", "1,400", "700", "700"]
    assert [lists._models[1].cell(row, 3).text for row in range(2)] == ["700", "0"]


def test_the_history_of_sessions_can_cancel_a_receipt(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    screen.view.lists_button.click()
    screen.wait()
    lists = screen.page.lists
    assert lists.empty.text() == (
        "No contribution is due in January 2024. Next due date 5 February 2024."
    )
    lists.way.choose("sessions")
    screen.wait()
    assert [row[0] for row in lists.receipts.texts()] == ["000001"]
    lists.start_reversal()
    lists.reversal.reason.setText("wrong household")
    lists.reversal.send()
    screen.wait()
    assert [one.amount.minor for one in screen.of("45")] == [-1700, 1700]
    screen.key(Qt.Key.Key_Escape)
    assert screen.part() == 2


def two_receipts_ago(screen: Screen) -> ListsView:
    """Close a session of two receipts; return the history of sessions, where it is chosen."""
    screen.open("Sirakorola")
    screen.keys("45\n\n46\n\n")
    screen.key(Qt.Key.Key_F12)
    for value, pieces in ((1000, 3), (200, 2)):
        screen.page.count_form.pieces[value].set_value(pieces)
    screen.page.count_form.send()
    screen.wait()
    screen.page.findChildren(PaperWindow)[-1].reject()
    screen.page.open_form.lists_button.click()
    screen.wait()
    screen.page.lists.way.choose("sessions")
    screen.wait()
    return screen.page.lists


def test_the_slip_of_a_session_before_is_printed_again(opens: Opens, tmp_path: Path) -> None:  # noqa: F811
    screen = opens()
    lists = two_receipts_ago(screen)
    lists.slip_button.click()
    screen.wait()
    assert paper_over(lists, tmp_path / "slip.pdf") == [(148, 210), (148, 210)]
    told = plain(text_of((tmp_path / "slip.pdf").read_bytes()))
    # Two receipts of 1 700, counted in three notes and two coins.
    assert "Compté 3 400 Écart 0" in told
    assert "R-2024-A-000001" in told
    lists.way.choose("villages")
    assert not lists.slip_button.isVisible()


def test_a_receipt_of_a_session_before_is_chosen_printed_and_cancelled(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    screen = opens()
    lists = two_receipts_ago(screen)
    assert lists.receipts.undo.text().startswith("Cancel this receipt")
    lists.receipts.all.click()
    screen.wait()
    assert paper_over(lists, tmp_path / "all.pdf") == [(210, 297)]
    # The first of the two, not the last that was given: it is the one that is chosen.
    screen.window.activateWindow()
    screen.qtbot.waitUntil(screen.window.isActiveWindow)
    lists.receipts.table.setFocus()
    lists.receipts.table.go_to(1)
    screen.key(Qt.Key.Key_F9)
    paper_over(lists, tmp_path / "one.pdf")
    screen.window.activateWindow()
    screen.qtbot.waitUntil(screen.window.isActiveWindow)
    told = text_of((tmp_path / "one.pdf").read_bytes())
    assert "R-2024-A-000001" in told
    assert "DUPLICATA n° 1" in told
    screen.wait()
    printed = [
        screen.desk.ask(times_printed, screen.of(one)[0].payment_id) for one in ("45", "46")
    ]
    assert printed == [2, 1]
    lists.receipts.table.go_to(1)
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "R-2024-A-000001" in lists.reversal._head.text()


def test_booklets_are_received_and_marked(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.page.open_form.booklets_button.click()
    screen.wait()
    view = screen.page.booklets
    view.serial.setFocus()
    screen.keys("147\n2\n25\n")
    assert [one.booklet.number for one in screen.desk.ask(booklet_states)] == ["0147", "0148"]
    assert [one.count(LeafState.BLANK) for one in screen.desk.ask(booklet_states)] == [25, 25]
    screen.keys("147\n\n\n")
    assert view.forms[0].error("serial").startswith("Booklet 0147 was received before")
    view.what.choose(3)
    view.first.setFocus()
    screen.keys("3\n\n\n")
    assert view.forms[3].error("reason").startswith("Write why")
    view.reason.setText("torn")
    view.send()
    screen.wait()
    state = screen.desk.ask(booklet_states)[0]
    assert state.count(LeafState.CANCELLED) == 1
    assert screen.desk.ask(leaf_by_number, "147-3") is not None


def test_what_was_found_about_a_booklet_is_explained_with_a_reason(
    opens: Opens,  # noqa: F811
) -> None:
    screen = opens(prepared=received)
    screen.page.open_form.booklets_button.click()
    screen.wait()
    view = screen.page.booklets
    screen.key(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)  # Leaves
    view.mark.choose(MarkKind.MISSING)
    view.first.setFocus()
    screen.keys("4")
    view.reason.setFocus()
    screen.keys("torn out\n")
    assert [one.first_leaf for one in screen.desk.ask(open_findings)] == [4]
    view.what.choose(4)
    view.found.setFocus()
    assert view.found.currentText().startswith("Leaf 0147-04 is missing.")
    screen.keys("\n\n")
    assert view.forms[4].error("reason").startswith("Write what was learnt")
    screen.keys("the goat ate it\n")
    assert screen.desk.ask(open_findings) == ()
    assert len(screen.desk.ask(booklet_states)[0].findings) == 1
    assert view._row(view._shelf.booklets[0])[-1] == (Status.UP_TO_DATE, Text("Explained"))
    assert view.findings.words().startswith("Explained: Leaf 0147-04 is missing.")
    view.learnt.setFocus()
    screen.keys("again\n")
    assert view.forms[4].error("leaf") == "Nothing is to be explained about this booklet."


def test_the_tone_can_be_off(
    opens: Opens,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("STEPDESK_STATE", str(tmp_path / "state"))
    heard: list[int] = []
    monkeypatch.setattr(
        "stepdesk.ui.contributions.tones.QApplication.beep", lambda: heard.append(1)
    )
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    assert len(heard) == 1
    screen.view.tones.click()
    screen.keys("46\n\n")
    assert len(heard) == 1
    assert '"sound": false' in (tmp_path / "state" / "settings.json").read_text(encoding="utf-8")


def test_a_household_whose_plan_has_no_rule_is_listed_apart(opens: Opens) -> None:  # noqa: F811
    from stepdesk.contributions.service import add_plan

    def prepared(desk: Desk, _clock: SetClock) -> None:
        a_household(desk, 2, plan_id=desk.do(add_plan, code="P9"))

    screen = opens(prepared=prepared)
    screen.open()
    screen.keys("48\n")
    assert screen.view.trouble.words().startswith("Plan P9 does not say what is paid.")
    screen.view.trouble.dismiss()
    screen.view.lists_button.click()
    screen.wait()
    assert "plan P9 says nothing" in screen.page.lists.without.words()


def test_the_session_is_forgotten_when_it_is_counted(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F12)
    screen.page.count_form.send()
    screen.wait()
    held = screen.desk.ask(sessions, screen.desk.currency)
    assert [one.open for one in held] == [False]
    assert screen.desk.ask(receipts_of_session, held[0].id, screen.desk.currency) == ()


def test_a_sheet_in_a_session_from_paper_asks_each_line_for_its_leaf(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        received(desk, clock)
        forty(desk, clock)
        clock.set(date(2024, 1, 25))

    screen = opens(prepared=prepared)
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText("20/1")
    form.float_field.setFocus()
    screen.keys("\n")
    screen.keys("f1\n")
    sheet = screen.page.sheet
    screen.keys("\n")
    assert sheet.leaf.hasFocus()
    screen.keys("\n")
    assert sheet.line_form.error("leaf").startswith("Type the leaf as it is printed")
    screen.keys("0147-7\n")
    # The next leaf is proposed, and a line on which nothing was paid takes none.
    screen.key(DOWN)
    assert sheet.leaf.text() == "0147-08"
    # A leaf that follows goes with the amount; Tab leads to it where one was spoilt.
    screen.keys("2400\n")
    fill(screen, paid=0, of=37)
    assert sheet._kept.leaves == {1: "0147-7", 3: "0147-08"}
    screen.keys("4100\n")
    # Nobody was given the booklet: doubted once.
    assert "had been given to nobody" in sheet.doubt.words()
    screen.keys("\n")
    assert [(one.leaf, one.amount.minor) for one in reversed(screen.receipts())] == [
        ("0147-07", 1700),
        ("0147-08", 2400),
    ]
    assert {f"{one.paid_on:%d/%m}" for one in screen.receipts()} == {"20/01"}
    assert screen.view.kept().leaf == "0147-08"


def closed_month(desk: Desk, clock: SetClock) -> None:
    """A sheet of forty of 20 January, whose booklet its collector held; January is closed."""
    received(desk, clock)
    ids = [desk.ask(household_of_number, str(number)) for number in range(1, 41)]
    desk.do(print_sheets, title="Koula", household_ids=[one for one in ids if one is not None])
    (state,) = desk.ask(booklet_states)
    booklet_id = state.booklet.id
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=desk.person.staff_id)
    clock.set(date(2024, 2, 12))
    with desk.work("close_month") as work:
        close_month(work, month=Month(2024, 1), accepting=frozenset({"not_counted"}))


def paper_of_january(screen: Screen) -> None:
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText("20/1")
    form.float_field.setFocus()
    screen.keys("\n")


def test_a_sheet_of_a_closed_month_is_doubted_once_within_sixty_keys(
    opens: Opens,  # noqa: F811
) -> None:
    screen = opens(prepared=closed_month)
    paper_of_january(screen)
    screen.pressed = 0
    screen.keys("f1\n\n0147-1\n")
    fill(screen, paid=29, of=39)
    screen.keys("51000\n")
    words = screen.page.sheet.doubt.words()
    assert words.count("January 2024 is closed") == 1
    assert screen.receipts() == ()
    screen.keys("\n")
    # 30 of 1 000 for entry and 700 for January, each on its leaf and with its day.
    assert sum(one.amount.minor for one in screen.receipts()) == 51_000
    assert {f"{one.paid_on:%d/%m}" for one in screen.receipts()} == {"20/01"}
    assert screen.receipts()[0].leaf == "0147-30"
    assert screen.pressed <= 60
    # Of this session it is asked no more, not even after the laptop was off.
    screen.keys("41\n\n")
    assert [one.leaf for one in screen.of("41")] == ["0147-31"]


def test_receipts_of_a_closed_day_are_doubted_once_a_session(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=closed_month)
    paper_of_january(screen)
    screen.keys("1\n")
    screen.view.leaf.setFocus()
    screen.keys("0147-1\n")
    assert "January 2024 is closed" in screen.view.doubt.words()
    assert screen.receipts() == ()
    screen.keys("\n")
    screen.pressed = 0
    for number in ("2", "3", "4"):
        screen.keys(f"{number}\n\n")
    assert screen.pressed == 9
    assert [one.leaf for one in screen.receipts()] == [f"0147-0{leaf}" for leaf in (4, 3, 2, 1)]
    assert kept_of(screen.desk, screen.session()).closed
    # Another session is asked anew: its day is another one.
    assert not kept_of(screen.desk, SessionId(bytes(16))).closed


def test_a_leaf_outside_the_booklet_is_refused_beside_its_line(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, clock: SetClock) -> None:
        received(desk, clock)
        forty(desk, clock)
        clock.set(date(2024, 1, 25))

    screen = opens(prepared=prepared)
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText("20/1")
    form.float_field.setFocus()
    screen.keys("\nf1\n\n0147-51\n")
    fill(screen, paid=0, of=39)
    acts = screen.desk.acts
    screen.keys("1700\n")
    assert "Booklet 0147 has the leaves" in screen.page.sheet.line_form.error("leaf")
    assert screen.page.sheet._at == 0
    assert screen.desk.acts == acts


def test_a_sheet_typed_before_goes_on_behind_its_last_line(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=forty)
    screen.open()
    screen.keys("f1\n\n\n")
    fill(screen, paid=0, of=38)
    screen.keys("3400\n")
    assert len(screen.receipts()) == 2
    screen.keys("f1\n")
    assert screen.page.sheet._at == 2


@pytest.mark.parametrize(
    ("counted", "booked", "differs"), [(4000, 4000, 550), (4550, 4550, 0), (5000, 5000, 450)]
)
def test_closing_a_session_tells_what_entered_the_cash_book(
    counted: int, booked: int, differs: int
) -> None:
    zero = Money(0, Currency("XOF", 0))
    session = CollectionSession(
        SessionId(b"s"), "Market", date(2024, 1, 10), None, "", zero, 3, _francs(4550), open=False
    )
    told = closed_text(session, Count({5: counted // 5}))
    assert told.values["amount"] == _francs(booked)
    assert told.values.get("difference", zero) == _francs(differs)


def test_the_change_in_the_bag_is_no_money_of_the_cash_book() -> None:
    session = CollectionSession(
        *(SessionId(b"s"), "Market", date(2024, 1, 10), None, ""),
        *(_francs(1000), 3, _francs(4550)),
        open=False,
    )
    told = closed_text(session, Count({5: 1110}))
    assert told.values["amount"] == _francs(4550)
    assert "missing" not in told.message


def _francs(minor: int) -> Money:
    return Money(minor, Currency("XOF", 0))


def paper_session(screen: Screen, day: str = "20/1") -> None:
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText(day)
    form.float_field.setFocus()
    screen.keys("\n")


def in_march(desk: Desk, clock: SetClock) -> None:
    """Household 45 paid for February on 10 January; it is 10 March."""
    received(desk, clock)
    household = desk.ask(household_of_number, "45")
    assert household is not None
    a_payment(desk, household, 1700)
    clock.set(date(2024, 3, 10))


def test_no_row_of_the_open_form_lies_over_another(opens: Opens) -> None:  # noqa: F811
    screen = opens(people=("Awa", "Bintou", "Cheikh"))
    opening = screen.page.open_form
    opening.way.choose(True)  # noqa: FBT003 - one of the values there are
    screen.wait()
    form = opening.form
    shown = [one for one in form.findChildren(QWidget) if one.parent() is form and one.isVisible()]
    places = sorted((one.geometry() for one in shown), key=lambda place: place.top())
    assert len(places) > 8
    assert not any(one.intersects(below) for one, below in pairwise(places))


def test_money_of_paper_is_due_on_the_day_that_stands_on_it(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=in_march)
    paper_session(screen, "10/1")
    screen.keys("45\n")
    # In January nothing was owed: what is proposed is March, as it would have been then.
    card = screen.view.household
    assert plain(card.due.text()) == (
        "Nothing is due today: paid until 29 February 2024. Next: 700 F CFA, March 2024"
    )
    assert card.notice.words() == "Paid already on that day: receipt R-2024-A-000001."
    assert plain(card.last.text()) == "Last payment 1,700 F CFA on 10 January 2024 (Awa)"


def test_what_was_due_on_the_day_of_the_paper_is_told_with_it(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=in_march)
    paper_session(screen, "7/3")
    screen.keys("45\n")
    card = screen.view.household
    assert plain(card.due.text()) == "Due on 7 March 2024 700 F CFA: March 2024"


def test_receipts_of_paper_are_not_recorded_by_the_dozen(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=in_march)
    paper_session(screen, "7/3")
    assert not screen.view.several_button.isVisible()
    screen.key(Qt.Key.Key_F6)
    assert screen.view._stack.currentIndex() == 0
    assert screen.view.error.text() == (
        "Each receipt of paper has a leaf of its own. Type one household after another."
    )


def test_a_doubt_about_a_leaf_is_answered_in_the_field_of_the_leaf(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=in_march)
    paper_session(screen, "7/3")
    screen.keys("46\n")
    screen.view.leaf.setFocus()
    screen.keys("0147-1\n")
    assert screen.view.doubt.words().endswith("or type the right leaf.")
    assert screen.view.leaf.hasFocus()
    screen.keys("\n")
    assert [one.leaf for one in screen.of("46")] == ["0147-01"]


def test_who_undoes_the_last_receipt_alone_is_not_told_of_a_desk_kept_alone(
    opens: Opens,  # noqa: F811
) -> None:
    screen = opens(people=("Awa", "Bintou"))
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert screen.view.reversal.second._alone.text() == (
        "You took it last, so you may cancel it alone: the paper says so."
    )


def test_what_credit_pays_is_taken_off_behind_a_comma(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.keys("45\n2000\n45\n")
    assert plain(screen.view.household.due.text()).endswith(
        "Next: 400 F CFA, March 2024, less 300 F CFA of credit"
    )


def test_the_last_line_of_a_doubt_about_several_is_in_sight(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.window.resize(1366, 768)
    screen.open()
    screen.keys("45\n\n46\n\n")
    screen.key(Qt.Key.Key_F6)
    screen.keys("45\n46\n\n")
    screen.qtbot.wait(50)
    form = screen.view.several
    bottom = form.button.mapTo(screen.window, form.button.rect().bottomLeft()).y()
    assert "Press Enter once more" in form.doubt.words()
    assert bottom < screen.window.height() - 24


def test_the_face_of_who_pays_is_shown(opens: Opens) -> None:  # noqa: F811
    def prepared(desk: Desk, _clock: SetClock) -> None:
        household = desk.ask(household_of_number, "45")
        assert household is not None
        file = desk.ask(household_file, household)
        assert file is not None
        assert file.member_id is not None
        desk.do(photograph, person_id=file.member_id, picture=picture())

    screen = opens(prepared=prepared)
    screen.open()
    screen.keys("46\n")
    assert not screen.view.household.face.isVisible()
    screen.key(Qt.Key.Key_Escape)
    screen.keys("45\n")
    assert screen.view.household.face.isVisible()
    assert screen.view.household.face._known is not None


def paper_over(part: QWidget, file: Path) -> list[tuple[float, float]]:
    """Save the paper that was just shown; the sizes of its sheets in millimetres."""
    paper = part.findChildren(PaperWindow)[-1]
    paper.save_to(str(file))
    paper.reject()
    return [(round(w / MM), round(h / MM)) for w, h in paper_sizes(file.read_bytes())]


def test_a_receipt_is_printed_on_the_paper_of_this_laptop(
    opens: Opens,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("STEPDESK_STATE", str(tmp_path / "state"))
    screen = opens()
    screen.open()
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_F9)
    assert paper_over(screen.view, tmp_path / "a5.pdf") == [(148, 210)]
    screen.wait()
    screen.view.receipts.paper.click()
    assert screen.view.receipts.paper.text() == "Paper: roll of 58 mm"
    screen.view.receipts.print.click()
    screen.wait()
    ((wide, _long),) = paper_over(screen.view, tmp_path / "58.pdf")
    assert wide == 58
    assert "DUPLICATA n° 1" in text_of((tmp_path / "58.pdf").read_bytes())
    screen.wait()
    assert screen.desk.ask(times_printed, screen.of("45")[0].payment_id) == 2
    assert ReceiptPaper(screen.speaker).form == "58"


def test_all_receipts_of_a_session_are_printed_four_on_a_sheet(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    screen = opens()
    screen.open()
    screen.view.receipts.all.click()
    screen.wait()
    assert screen.view.error.text() == "There is no receipt to print yet. Record one first."
    for number in range(1, 7):
        screen.keys(f"{number}\n\n")
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    screen.keys("wrong household\n")
    screen.view.receipts.all.click()
    screen.wait()
    assert paper_over(screen.view, tmp_path / "all.pdf") == [(210, 297), (210, 297)]
    told = text_of((tmp_path / "all.pdf").read_bytes())
    assert all(f"R-2024-A-00000{serial}" in told for serial in range(1, 6))
    # Household 6 was undone: neither the cancelled receipt nor what cancels it is given out.
    assert "R-2024-A-000006" not in told
    screen.wait()
    printed = [screen.desk.ask(times_printed, one.payment_id) for one in screen.receipts()]
    assert printed == [0, 0, 1, 1, 1, 1, 1]


def test_the_register_of_booklets_and_one_leaf_by_leaf_are_printed(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    screen = opens()
    screen.page.open_form.booklets_button.click()
    screen.wait()
    view = screen.page.booklets
    assert not view.register.isEnabled()
    view.serial.setFocus()
    screen.keys("147\n2\n25\n")
    screen.key(Qt.Key.Key_F9)
    paper_over(view, tmp_path / "register.pdf")
    told = text_of((tmp_path / "register.pdf").read_bytes())
    assert "0147" in told
    assert "0148" in told
    view.leaf_by_leaf.click()
    screen.wait()
    paper_over(view, tmp_path / "leaves.pdf")
    assert "0147" in text_of((tmp_path / "leaves.pdf").read_bytes())
