"""Send: what leaves is looked at, approved by two, written, answered. All of it by keyboard."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from stepdesk.branch.engine import Store
from stepdesk.branch.service import new_branch, receive
from stepdesk.contributions.service import reverse_payment
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.sync.queries import months, releases
from stepdesk.sync.service import carry, pack
from stepdesk.sync.terms import State
from stepdesk.ui import choosing, theme
from stepdesk.ui.closing.page import ClosingPage
from stepdesk.ui.page import Page
from stepdesk.ui.sending.page import SendPage
from stepdesk.ui.theme import Theme
from stepdesk.ui.today.page import TodayPage
from stepdesk.values.month import Month
from tests.builders import SECOND, a_payment, a_plan, a_request, a_section, open_copy, wednesday
from tests.sync.schemes import FEBRUARY, JANUARY, addressed, approved, closed, families
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.window import Window, plain

Opens = Callable[..., Window]
APPROVE = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
CANARIES = ("Quorvexia", "Zembliqua", "77-814-60-88", "Hut of Ploon", "Wibbletrix", "Vlorbhamlet")
PAIR = ("Awa", "Bintou")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_branch(tmp_path / "branch", name="Branch of Thiès", practice=True) as opened:
        yield opened


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[tuple[Window, Desk]] = []

    def start(
        prepared: Callable[[Desk, SetClock], object] | None = None,
        *,
        people: tuple[str, ...] = PAIR,
        **told: Any,
    ) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", people=people, clock=clock)
        if prepared is not None:
            prepared(desk, clock)
        window = Window(qtbot, desk, **told)
        made.append((window, desk))
        return window

    yield start
    for window, desk in made:
        window.close()
        desk.close()


def ready(desk: Desk, clock: SetClock) -> None:
    """Eight households of six, and January closed by two."""
    families(desk)
    closed(desk, clock, JANUARY)


def on_its_way(desk: Desk, clock: SetClock) -> None:
    """January approved."""
    ready(desk, clock)
    approved(desk, JANUARY)


def send(window: Window, **arguments: object) -> SendPage:
    return window.go(SendPage, "send", **arguments)


def choose(monkeypatch: pytest.MonkeyPatch, kind: str, path: Path | None) -> None:
    """The system's own window for files is answered so."""
    monkeypatch.setattr(choosing, kind, lambda *_told: path)


def states(desk: Desk) -> dict[Month, State]:
    return {row.month: row.state for row in desk.ask(months)}


def card_of(store: Store) -> Path:
    return store.folder / "branch-card.json"


def texts(window: Window) -> str:
    """Everything a page says, tables and the exact file too."""
    page = window.page(SendPage)
    found = [label.text() for label in page.findChildren(QLabel)]
    found += [cell for line in page.shown_month.figures.lines() for cell in line]
    found += [cell for line in page.months.lines() for cell in line]
    return "\n".join([*found, page.shown_month.exact.toPlainText()])


def alt_0(window: Window) -> SendPage:
    window.key(Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    return window.page(SendPage)


# What is shown


def test_a_month_that_is_not_closed_says_why_and_leads_to_closing(opens: Opens) -> None:
    window = opens()
    page = alt_0(window)
    assert page.months.lines() == [("Jan 2024", "not closed")]
    assert page.step.words.text().startswith("January 2024 is not closed, so nothing of it")
    assert page.shown_month.stack.isHidden()
    window.key(Qt.Key.Key_Return)
    window.key(Qt.Key.Key_Return)
    window.page(ClosingPage)


def test_what_the_books_say_stands_beside_what_leaves(opens: Opens) -> None:
    page = send(opens(ready))
    lines = page.shown_month.figures.lines()
    # 8 households of 6 persons; the children are 40, the heads 8.
    assert ["adherents", "8", "8", "", ""] in lines
    assert ["persons covered", "48", "48", "", ""] in lines
    # 8 x 3,100 were paid, by 8 households.
    assert ["contributions collected", "24,800", "24,800", "", ""] in [
        [plain(cell) for cell in line] for line in lines
    ]
    assert ["dependants", "40", "40", "", ""] in lines


def test_a_hidden_figure_says_why_and_is_not_in_the_file(opens: Opens) -> None:
    def few(desk: Desk, clock: SetClock) -> None:
        families(desk, (6,) * 8)
        families(desk, (3, 3))
        closed(desk, clock, JANUARY)
        clock.set(date(2024, 2, 20))
        families(desk, (2, 2, 2), paid=1700)
        closed(desk, clock, FEBRUARY)

    page = send(opens(few), month=FEBRUARY)
    shown = page.shown_month.preview
    assert shown is not None
    hidden = [line for line in shown.lines if line.leaves is None]
    reasons = [line[2] for line in page.shown_month.figures.lines() if line[2][:1].isalpha()]
    assert len(reasons) == len(hidden) > 0
    assert set(reasons) <= {"fewer than 5 persons", "to protect another figure"}
    # Three households paid in February: their number must not leave.
    paid = next(
        line for line in page.shown_month.figures.lines() if line[0] == "households that paid"
    )
    assert paid[1:3] == ["3", "fewer than 5 persons"]
    assert page.shown_month.exact.toPlainText().count("null") == len(hidden)


def test_the_month_before_and_the_difference_stand_beside_it(opens: Opens) -> None:
    def two(desk: Desk, clock: SetClock) -> None:
        ready(desk, clock)
        approved(desk, JANUARY)
        clock.set(date(2024, 2, 10))
        families(desk, (6,) * 5)
        closed(desk, clock, FEBRUARY)

    page = send(opens(two), month=FEBRUARY)
    assert ["adherents", "13", "13", "8", "+5"] in page.shown_month.figures.lines()


def test_the_exact_file_is_shown_and_cannot_be_changed(opens: Opens) -> None:
    window = opens(ready)
    page = send(window)
    shown = page.shown_month.preview
    assert shown is not None
    page.shown_month.exact_button.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.shown_month.is_exact()
    window.type("x")
    assert page.shown_month.exact.toPlainText().encode() == shown.content
    assert page.shown_month.hash.text().replace(" ", "") == shown.hash.hex()
    window.key(Qt.Key.Key_Escape)
    assert not page.shown_month.is_exact()


def test_f9_prints_the_summary(opens: Opens) -> None:
    from stepdesk.ui.printing import PaperWindow

    window = opens(ready)
    page = send(window)
    window.key(Qt.Key.Key_F9)
    window.qtbot.waitUntil(lambda: bool(page.findChildren(PaperWindow)), timeout=20_000)
    paper = page.findChildren(PaperWindow)[0]
    assert paper.windowTitle() == "return-2024-01.pdf"
    paper.reject()


# The whole way


def test_a_closed_month_reaches_the_branch_by_keyboard(
    opens: Opens, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opens(ready)
    page = alt_0(window)
    choose(monkeypatch, "ask_file", card_of(store))
    page.address.card.setFocus()
    window.key(Qt.Key.Key_Return)
    assert page.address.to.text() == "To Branch of Thiès, a practice branch"
    assert page.address.fingerprint.text() == f"Fingerprint {store.card.fingerprint}"
    window.type(SECOND)
    window.key(*APPROVE)
    assert states(window.desk)[JANUARY] is State.APPROVED
    assert "Approved by Awa and Bintou" in page.step.words.text()
    stick = tmp_path / "stick"
    stick.mkdir()
    choose(monkeypatch, "ask_folder", stick)
    window.key(Qt.Key.Key_Return)
    (file,) = stick.iterdir()
    assert file.name in page.step.done.text()
    assert page.months.lines()[1] == ("Jan 2024", "sent, no answer yet")
    done = receive(store, file.read_bytes(), now=window.desk.clock.now())
    (stick / done.receipt_name).write_bytes(done.receipt)
    assert done.receipt_name in page.step.done.text()
    choose(monkeypatch, "ask_file", stick / done.receipt_name)
    window.key(Qt.Key.Key_Return)
    assert page.months.lines()[1] == ("Jan 2024", "received by the branch")
    assert page.step.done.text() == "The branch has received January 2024."
    assert page.months.table.hasFocus()
    assert done.fingerprint in page.shown_month.own.text()


def test_a_wrong_second_password_is_said_and_nothing_is_approved(opens: Opens) -> None:
    window = opens(ready)
    page = send(window)
    window.key(Qt.Key.Key_Return)
    window.type("not it at all\n")
    assert "Wrong password" in page.step.second.form.error("second_password")
    assert window.desk.ask(releases) == ()
    page.step.second.password.clear()
    window.key(*APPROVE)
    assert "type the password here" in page.step.second.form.error("second_password")


def three(desk: Desk, clock: SetClock) -> None:
    families(desk)
    closed(desk, clock, JANUARY, FEBRUARY, Month(2024, 3))


def test_months_that_were_looked_at_are_approved_by_one_signature(opens: Opens) -> None:
    window = opens(three)
    page = send(window)
    assert page.month == JANUARY
    assert not page.step.approve_all.isVisible()
    window.key(Qt.Key.Key_Up)
    assert page.month == FEBRUARY
    assert page.step.approve_all.text() == "Approve all 2"
    assert page.step.looked.text().startswith("You looked at January 2024, February 2024.")
    acts = window.desk.acts
    window.key(Qt.Key.Key_Return)
    window.type(SECOND)
    window.key(Qt.Key.Key_Tab)
    window.key(Qt.Key.Key_Tab)
    assert page.step.approve_all.hasFocus()
    window.key(Qt.Key.Key_Return)
    # March was never shown: it stays.
    assert states(window.desk) == {
        JANUARY: State.APPROVED,
        FEBRUARY: State.APPROVED,
        Month(2024, 3): State.TO_SEND,
        Month(2024, 4): State.NOT_CLOSED,
    }
    assert window.desk.acts == acts + 1
    assert not page.step.approve_all.isVisible()


def test_of_several_months_none_is_approved_when_one_changed_or_the_password_is_wrong(
    opens: Opens,
) -> None:
    window = opens(three)
    page = send(window)
    window.key(Qt.Key.Key_Up)
    page.step.second.password.setText("not it")
    page.step.approve_all.click()
    window.wait()
    assert "Wrong password" in page.step.second.form.error("second_password")
    page._looked[JANUARY] = bytes(32)
    page.step.second.password.setText(SECOND)
    page.step.approve_all.click()
    window.wait()
    assert page.step.error.text().startswith("The figures changed since you looked.")
    assert window.desk.ask(releases) == ()


def test_leaving_the_page_forgets_what_was_looked_at(opens: Opens) -> None:
    window = opens(three)
    page = send(window)
    window.key(Qt.Key.Key_Up)
    assert page.step.approve_all.isVisible()
    window.go(TodayPage, "today")
    assert not send(window).step.approve_all.isVisible()


def test_one_person_alone_approves_and_it_is_said(opens: Opens) -> None:
    window = opens(ready, people=("Awa",))
    page = send(window)
    assert page.step.second.alone.isVisible()
    window.key(*APPROVE)
    assert [one.single_control for one in window.desk.ask(releases)] == [True]
    assert "Approved by Awa alone" in page.step.words.text()


def test_figures_that_changed_since_are_not_approved(opens: Opens) -> None:
    window = opens(ready)
    page = send(window)
    shown = page.shown_month.preview
    assert shown is not None
    page.shown_month.preview = replace(shown, hash=bytes(32))
    page.step.second.password.setText(SECOND)
    window.key(*APPROVE)
    assert page.step.error.text().startswith("The figures changed since you looked.")
    assert window.desk.ask(releases) == ()


# The branch's card


def test_a_real_branch_is_refused(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_branch(tmp_path / "real", name="Real", practice=False) as real:
        window = opens(ready)
        page = send(window)
        choose(monkeypatch, "ask_file", card_of(real))
        page.address.card.click()
        window.wait()
    assert "may only go to a practice branch" in page.address.error.text()
    assert page.address.to.text() == "No branch is known yet"


def test_another_branch_needs_a_reason(opens: Opens, store: Store, tmp_path: Path) -> None:
    window = opens(ready)
    addressed(window.desk, store)
    page = send(window)
    with new_branch(tmp_path / "other", name="Elsewhere", practice=True) as other:
        page.keep_card(card_of(other))
        window.wait()
        assert page.caution.isVisible()
        assert "Branch of Thiès" in page.address.to.text()
        window.type("The office moved\n")
    assert "Elsewhere" in page.address.to.text()


@pytest.mark.parametrize("name", ["nothing.json", "letter.json"])
def test_what_is_no_card_is_named(opens: Opens, tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.json").write_text('{"hello": 1}', encoding="utf-8")
    window = opens(ready)
    page = send(window)
    page.keep_card(tmp_path / name)
    window.wait()
    assert page.address.error.isVisible()
    assert page.address.error.text()
    assert page.address.card.hasFocus()


def test_another_file_chosen_as_the_card_says_which_file_is_meant(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    window = opens(on_its_way)
    addressed(window.desk, store)
    page = send(window)
    answer = answer_file(window.desk, store, tmp_path)
    (tmp_path / "letter.json").write_text('{"hello": 1}', encoding="utf-8")
    for file in (answer, next(tmp_path.glob("*.sdb")), tmp_path / "letter.json"):
        page.keep_card(file)
        window.wait()
        assert page.address.error.text() == (
            "This is not the card of a branch."
            " Choose the file branch-card.json that the branch gave."
        )


# Sticks and answers that are not right


def test_without_a_branch_nothing_is_written(opens: Opens, tmp_path: Path) -> None:
    window = opens(on_its_way)
    page = send(window)
    page.write_to(tmp_path)
    window.wait()
    assert "card is not kept yet" in page.step.error.text()
    assert page.address.card.hasFocus()
    assert not list(tmp_path.glob("*.sdb"))


def test_a_stick_that_is_gone_or_full_is_said_in_place(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    window = opens(on_its_way)
    addressed(window.desk, store)
    page = send(window)
    page.write_to(tmp_path / "gone")
    window.wait()
    assert page.trouble.words().startswith("The folder gone is not there. Nothing was written.")
    assert not (tmp_path / "gone").exists()
    page.trouble.dismiss()
    # /proc has no room for anybody, root or not.
    page.write_to(Path("/proc/self"))
    window.wait()
    assert page.trouble.words().startswith("There is no room in self")
    assert states(window.desk)[JANUARY] is State.APPROVED
    page.write_to(tmp_path)
    window.wait()
    assert states(window.desk)[JANUARY] is State.CARRIED


def test_that_a_stick_was_gone_is_not_said_for_ever(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    window = opens(on_its_way)
    addressed(window.desk, store)
    page = send(window)
    page.write_to(tmp_path / "gone")
    window.wait()
    assert page.trouble.isVisible()
    window.key(Qt.Key.Key_Escape)
    assert page.trouble.isHidden()
    page.write_to(tmp_path / "gone")
    window.wait()
    window.go(TodayPage, "today")
    assert send(window).trouble.isHidden()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said_in_place(opens: Opens, store: Store, tmp_path: Path) -> None:
    window = opens(on_its_way)
    addressed(window.desk, store)
    page = send(window)
    (tmp_path / "stick").mkdir(mode=0o500)
    page.write_to(tmp_path / "stick")
    window.wait()
    assert "could not be written. Nothing was saved." in page.trouble.words()
    assert states(window.desk)[JANUARY] is State.APPROVED


def answer_file(desk: Desk, store: Store, folder: Path) -> Path:
    path = carry(desk, desk.do(pack), folder)
    done = receive(store, path.read_bytes(), now=desk.clock.now())
    (folder / done.receipt_name).write_bytes(done.receipt)
    return folder / done.receipt_name


def test_answers_that_are_not_for_this_book_are_refused(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    window = opens(on_its_way)
    addressed(window.desk, store)
    good = answer_file(window.desk, store, tmp_path)
    short = tmp_path / "short.sdr"
    short.write_bytes(good.read_bytes()[:200])
    clock = wednesday()
    with open_copy(tmp_path / "neighbour", people=PAIR, clock=clock) as other:
        on_its_way(other, clock)
        addressed(other, store)
        (tmp_path / "there").mkdir()
        foreign = answer_file(other, store, tmp_path / "there")
    page = send(window)
    for file, said in ((short, "cut short"), (foreign, "for somebody else")):
        page.read_answer(file)
        window.wait()
        assert said in page.address.error.text()
        assert states(window.desk)[JANUARY] is State.CARRIED
    page.read_answer(good)
    window.wait()
    assert page.address.error.isHidden()
    assert states(window.desk)[JANUARY] is State.ACKNOWLEDGED
    page.read_answer(good)
    window.wait()
    assert "read before" in page.step.done.text()


# Today


def test_today_names_what_the_branch_does_not_have(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    window = opens(ready)
    page = window.go(TodayPage, "today")
    line = next(one for one in page.lines if "not sent to the branch" in one.text())
    assert line.text() == "1 closed month was not sent to the branch"
    line.click()
    assert window.page(SendPage).month == JANUARY
    approved(window.desk, JANUARY)
    addressed(window.desk, store)
    receipt = answer_file(window.desk, store, tmp_path)
    page = window.go(TodayPage, "today")
    told = [one.text() for one in page.lines]
    assert "1 month was sent; the branch has not answered" in told
    sent = send(window)
    sent.read_answer(receipt)
    window.wait()
    page = window.go(TodayPage, "today")
    assert not [one.text() for one in page.lines if "branch" in one.text()]


# No name, every word, every size


def test_no_word_of_a_person_stands_on_the_page(opens: Opens, store: Store) -> None:
    def planted(desk: Desk, clock: SetClock) -> None:
        families(desk)
        registered = desk.do(
            register_household,
            section_id=a_section(desk, "Vlorbhamlet"),
            plan_id=a_plan(desk, plan_code="P2"),
            persons=[
                NewPerson(
                    "Quorvexia",
                    "Zembliqua",
                    Sex.FEMALE,
                    Birth(date(1990, 1, 1), BirthKnown.DAY),
                    Relation.SELF,
                )
            ],
            phone="77-814-60-88",
            address="Hut of Ploon",
        )
        receipt = a_payment(desk, registered, 1350)
        with desk.work("reverse_payment", reason="Wibbletrix") as work:
            work.second(desk.keys.tiles()[1].staff_id, SECOND)
            reverse_payment(
                work,
                request_id=a_request(),
                payment_id=receipt.payment_id,
                reason="Wibbletrix",
            )
        closed(desk, clock, JANUARY)
        approved(desk, JANUARY)

    window = opens(planted)
    addressed(window.desk, store)
    send(window)
    told = texts(window)
    assert "persons covered" in told
    assert '"m_total"' in told
    assert not [word for word in CANARIES if word in told]


@pytest.mark.parametrize("prepared", [None, ready, on_its_way, three])
def test_every_word_went_through_the_translators(
    opens: Opens, prepared: Callable[[Desk, SetClock], None] | None
) -> None:
    window = opens(prepared, speaker=BracketSpeaker("en"))
    page = send(window)
    assert unbracketed(page) == []
    window.key(Qt.Key.Key_Up)
    assert unbracketed(page) == []


@pytest.mark.parametrize(
    ("zoom", "helped"), [(100, False), (125, False), (150, False), (100, True), (125, True)]
)
@pytest.mark.parametrize("prepared", [ready, on_its_way, three])
def test_the_page_is_not_wider_than_its_place(
    opens: Opens,
    qapp: QApplication,
    zoom: int,
    prepared: Callable[[Desk, SetClock], None],
    *,
    helped: bool,
) -> None:
    window = opens(prepared, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    if helped:
        window.window.frame.toggle_help()
    page: Page = send(window)
    window.key(Qt.Key.Key_Up)
    window.wait()  # the parts of the page find their places one after another
    place = page.parentWidget()
    assert place is not None
    assert page.width() <= place.width()
