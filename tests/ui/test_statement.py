"""The statement of a bank beside its book, in the window."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from stepdesk.countries import country
from stepdesk.ledger.queries import counts
from stepdesk.ledger.terms import Place
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.cash.page import CashPage
from stepdesk.ui.cash.statement_view import StatementWindow
from stepdesk.ui.printing import PaperWindow
from tests.ledger.kit import BANK, a_gift, an_expense
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.test_pages import Opens, opens  # noqa: F401 - a fixture
from tests.ui.window import Window, plain

CSV = (
    "Date;Montant;Reference;Libelle;Solde\n05/01/2024;40000;V7;Don;40000\n"
    "08/01/2024;-500;;Frais;39500\n"
)


def a_bank(desk: Desk, clock: SetClock) -> None:
    """40 000 given to the bank on the 5th, 3 000 spent on the 9th; today is the 10th."""
    clock.set(date(2024, 1, 10))
    a_gift(desk, 40_000, day=date(2024, 1, 5), box=BANK, piece="V7")
    an_expense(desk, 3_000, day=date(2024, 1, 9), box=BANK)


def statement(window: Window, tmp_path: Path, csv: str = CSV) -> StatementWindow:
    page = window.go(CashPage, "cash")
    assert not page.statement_button.isVisible()  # cash is counted
    places = [page.box.itemData(at) for at in range(page.box.count())]
    page.box.setCurrentIndex(places.index(Place("bank")))
    page._choose()
    window.wait()
    window.key(Qt.Key.Key_F8)
    window.wait()
    shown = page.findChildren(StatementWindow)[-1]
    file = tmp_path / "jan.csv"
    file.write_text(csv, encoding="utf-8")
    shown.bring(file)
    window.wait()
    return shown


def told(shown: StatementWindow) -> list[str]:
    return [
        plain(f"{shown.model.cell(at, 0).text} {shown.model.cell(at, 4).text}")
        for at in range(shown.model.rowCount())
    ]


def test_a_statement_is_matched_booked_and_compared(opens: Opens, tmp_path: Path) -> None:  # noqa: F811
    window = opens(a_bank)
    shown = statement(window, tmp_path)
    assert told(shown) == [
        "May be BQ-2024-01-A-0001 40,000",
        "In the statement alone -500",
        "In the books alone -3,000",
    ]
    assert "not explained: 0" in plain(shown.stands.text())
    shown.certain.click()
    window.wait()
    assert len(told(shown)) == 2
    shown.certain.click()
    window.wait()
    assert "No line is certain" in shown.trouble.words()
    shown.table.go_to(0)
    shown.fee.click()
    window.wait()
    assert told(shown) == ["In the books alone -3,000"]
    # The cheque that is not cashed stands there as a line: its reason is not asked for again.
    shown.keep.click()
    window.wait()
    assert not shown.form.error("difference_reason")
    (kept,) = window.desk.ask(counts, country("SN"), "en")
    assert (kept.counted.minor, kept.expected.minor) == (39_500, 36_500)
    shown.print.click()
    window.wait()
    paper = shown.findChildren(PaperWindow)[-1]
    assert paper.windowTitle() == "reconciliation-2024-01-10.pdf"
    paper.reject()
    shown.reject()
    window.wait()


def test_keeping_asks_for_what_no_line_explains(opens: Opens, tmp_path: Path) -> None:  # noqa: F811
    """The bank's last balance is 100 less than its lines make."""
    window = opens(a_bank)
    shown = statement(window, tmp_path, CSV.replace("39500", "39400"))
    assert "not explained: -100" in plain(shown.stands.text())
    shown.keep.setFocus()
    window.key(Qt.Key.Key_Space)
    window.wait()
    assert "-100" in plain(shown.form.error("difference_reason"))
    assert window.desk.ask(counts, country("SN"), "en") == ()
    assert shown.reason.hasFocus()
    window.type("asked at the counter")
    shown.keep.setFocus()
    window.key(Qt.Key.Key_Space)
    window.wait()
    (kept,) = window.desk.ask(counts, country("SN"), "en")
    assert kept.difference_reason == "asked at the counter"
    shown.reject()
    window.wait()


def test_a_proposal_is_accepted_one_by_one(opens: Opens, tmp_path: Path) -> None:  # noqa: F811
    window = opens(a_bank)
    shown = statement(window, tmp_path)
    shown.table.go_to(1)
    shown.this.click()
    assert "Choose a line first" in shown.trouble.words()
    shown.table.go_to(0)
    shown.this.click()
    window.wait()
    assert shown.state is not None
    assert shown.state.matched == 1
    shown.reject()


def a_slip(desk: Desk, clock: SetClock) -> None:
    """39 000 and 1 100 brought to the bank with one slip of 40 000 on the 5th; today is the 10th."""
    clock.set(date(2024, 1, 10))
    for amount in (39_000, 1_100):
        a_gift(desk, amount, day=date(2024, 1, 5), box=BANK)


def test_a_slip_of_two_receipts_is_ticked_named_and_taken_apart(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = opens(a_slip)
    shown = statement(window, tmp_path)
    alone = [
        "In the statement alone 40,000",
        "In the statement alone -500",
        "In the books alone 39,000",
        "In the books alone 1,100",
    ]
    assert told(shown) == alone
    assert "Enter ticks" in shown.sums.text()
    shown.together.click()
    window.wait()
    assert "Choose lines" in shown.trouble.words()
    for at in (0, 2, 3):
        shown.table.go_to(at)
        window.qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    assert told(shown)[0] == "✓ In the statement alone 40,000"
    assert plain(shown.sums.text()) == (
        "Ticked: 40,000 F CFA in the statement · 40,100 F CFA in the books · -100 F CFA apart"
    )
    shown.together.click()
    window.wait()
    assert "40,100" in plain(shown.form.error("difference_reason"))
    shown.reason.setText("a coin was false")
    shown.together.click()
    window.wait()
    assert told(shown) == ["In the statement alone -500", "One movement of 2 40,000"]
    assert shown.reason.text() == ""
    assert "not explained: 0" in plain(shown.stands.text())
    shown.table.go_to(0)
    shown.apart.click()
    assert "Choose a movement" in shown.trouble.words()
    shown.table.go_to(1)
    shown.apart.click()
    window.wait()
    assert told(shown) == alone
    shown.reject()


def test_every_word_of_the_statement_went_through_the_translators(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    window = opens(a_bank, speaker=BracketSpeaker("en"))
    shown = statement(window, tmp_path)
    assert unbracketed(shown) == []
    shown.reject()


def test_a_fee_above_the_limit_is_no_way_round_the_second_person(
    opens: Opens,  # noqa: F811
    tmp_path: Path,
) -> None:
    """The country's double_sign_amount is 100 000 francs."""

    def rich(desk: Desk, clock: SetClock) -> None:
        clock.set(date(2024, 1, 10))
        a_gift(desk, 400_000, day=date(2024, 1, 5), box=BANK, piece="V7")

    window = opens(rich, people=("Awa", "Bintou"))
    csv = CSV.replace("-500;;Frais;39500", "-100001;;Frais;299999").replace("40000", "400000")
    shown = statement(window, tmp_path, csv)
    acts = window.desk.acts
    at = next(at for at, words in enumerate(told(shown)) if words.endswith("-100,001"))
    shown.table.go_to(at)
    shown.fee.setFocus()
    window.key(Qt.Key.Key_Space)
    window.wait()
    assert "with a second person" in shown.trouble.words()
    assert window.desk.acts == acts
    shown.reject()
    window.wait()
