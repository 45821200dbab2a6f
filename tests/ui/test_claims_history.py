"""Claims of a former system in the window: they are looked at, and nothing is asked of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.claims import queries
from stepdesk.exchange.openimis import import_openimis
from stepdesk.store.clock import SetClock
from stepdesk.ui.claims.page import ClaimsPage
from stepdesk.ui.today.page import TodayPage
from tests.builders import make_book
from tests.exchange.test_openimis_claims import PASSED, folder_of, row
from tests.ui.window import Window, plain

# One claim that was decided there and one, of the same month, that never was.
UNDECIDED = row(claim_id=8, claim_code="K8", status=4, date_claimed="2026-07-06")
LINES = PASSED + PASSED.replace("7,K7", "8,K8")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    clock = SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    with make_book(tmp_path / "book", "SN", clock=clock) as desk:
        folder = folder_of(tmp_path, row(), UNDECIDED, services=LINES)
        desk.do(import_openimis, folder=folder)
        shown = Window(qtbot, desk)
        yield shown
        shown.close()


def test_history_is_looked_at_and_offers_nothing_else(window: Window) -> None:
    page = window.go(ClaimsPage, "claims")
    assert page.list.rows.cell(0, 8).text == "History"
    window.key(Qt.Key.Key_Return)
    batch = page.batch
    assert not batch.form.isVisible()
    assert batch.view.isVisible()
    offered = (batch.finish, batch.pay, batch.view.withdraw, batch.view.back)
    assert [button.isVisible() for button in offered] == [False] * 4
    assert plain(batch.stand.text()) == (
        "2 certificates typed · claimed 2,000 F CFA"
        " · history of the former system: nothing is decided or paid here"
    )
    states = [batch.rows.cell(at, 4).text for at in range(batch.rows.rowCount())]
    assert sorted(states) == ["Approved", "Not decided"]
    # Neither bears the number of a certificate: what stands there is the end of its own, uncut.
    assert [batch.rows.cell(at, 0).text for at in range(2)] == ["2", "1"]
    window.key(Qt.Key.Key_F12)
    assert "kept as history" in batch.error.text()
    window.key(Qt.Key.Key_Escape)
    assert page.list.isVisible()


def test_the_arrow_keys_go_through_the_history(window: Window) -> None:
    page = window.go(ClaimsPage, "claims")
    window.key(Qt.Key.Key_Return)
    view = page.batch.view
    told = {}
    for _ in range(2):
        decided = view._rows.cell(0, 4).text
        told[view.pill.accessibleName(), decided] = plain(view.sums.text())
        window.key(Qt.Key.Key_Down)
    assert told == {
        (
            "Approved",
            "Accepted",
        ): "Claimed 1,000 F CFA: the scheme pays 1,000 F CFA, the patient 0 F CFA,"
        " refused to the provider 0 F CFA.",
        (
            "Not decided",
            "Not decided",
        ): "Claimed 1,000 F CFA. It was never decided in the former system.",
    }
    assert QApplication.focusWidget() is page.batch.table


def test_today_does_not_wait_for_what_was_never_decided_there(window: Window) -> None:
    page = window.go(TodayPage, "today")
    assert not [line.text() for line in page.lines if "certificate" in line.text()]
    waiting = window.desk.ask(queries.waiting, window.desk.currency)
    assert (waiting.batches, waiting.certificates, waiting.undecided_since) == (0, 0, None)


def test_the_papers_of_history_are_left_for_what_was_looked_at(window: Window) -> None:
    page = window.go(ClaimsPage, "claims")
    window.key(Qt.Key.Key_Return)
    batch = page.batch
    offered = [name for name in batch.view.acts if batch.view.offers(name)]
    assert set(offered) <= {"notice"}
    batch.print.click()
    assert batch.papers.isVisible()
    window.key(Qt.Key.Key_Escape)
    assert batch.view.isVisible()
    window.key(Qt.Key.Key_Escape)
    assert page.list.isVisible()
