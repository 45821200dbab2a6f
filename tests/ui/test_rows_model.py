from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stepdesk.i18n import N_
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.rows_model import BLOCK, KEPT, Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.values.money import Currency, Money

FRANC = Currency("XOF", 0)
COLUMNS = (
    Column(N_("Number"), width=80),
    Column(N_("Head"), width=120, stretch=1),
    Column(N_("Due"), Kind.AMOUNT, width=80),
    Column(N_("Since"), priority=2, width=100),
    Column(N_("State"), Kind.STATUS, width=110),
)


class Register:
    """Counts what is read."""

    def __init__(self) -> None:
        self.reads: list[int] = []

    def rows(self, ids: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.reads.append(len(ids))
        return [
            (f"{one:06d}", "Diarra", Money(one, FRANC), date(2026, 1, 3), Status.LATE)
            for one in ids
        ]


def model(register: Register, speaker: Speaker, count: int = 100_000) -> RowsModel:
    return RowsModel(range(count), register.rows, COLUMNS, speaker)


def test_a_hundred_thousand_rows_are_read_block_by_block(speaker: Speaker) -> None:
    register = Register()
    rows = model(register, speaker)
    assert rows.rowCount() == 100_000
    assert register.reads == []
    assert rows.index(99_999, 0).data() == "099999"
    assert rows.index(0, 2).data() == "0"
    assert register.reads == [BLOCK, BLOCK]


def test_some_blocks_are_kept(speaker: Speaker) -> None:
    register = Register()
    rows = model(register, speaker)
    for at in range(KEPT + 1):
        rows.cell(at * BLOCK, 0)
    rows.cell(BLOCK, 0)
    assert len(register.reads) == KEPT + 1
    rows.cell(0, 0)
    assert len(register.reads) == KEPT + 2


def test_painting_a_loaded_block_reads_nothing(qtbot: QtBot, speaker: Speaker) -> None:
    register = Register()
    rows = model(register, speaker)
    table = shown(qtbot, rows, speaker)
    table.grab()
    read = len(register.reads)
    assert read == 1
    table.verticalScrollBar().setValue(200)
    table.grab()
    assert len(register.reads) == read


def test_values_are_written_in_the_language(speaker: Speaker) -> None:
    rows = model(Register(), speaker)
    heads = [rows.headerData(at, Qt.Orientation.Horizontal) for at in range(5)]
    assert heads == ["Number", "Head", "Due", "Since", "State"]
    assert rows.index(1500, 2).data() == "1,500"
    assert rows.index(0, 3).data() == "03/01/2026"
    assert rows.index(0, 4).data(Qt.ItemDataRole.AccessibleTextRole) == "Late"
    speaker.set_language("fr")
    assert rows.index(1500, 2).data() == "1\u202f500"
    assert rows.columns[2].alignment & Qt.AlignmentFlag.AlignAbsolute


def test_other_ids_replace_all_rows(qtbot: QtBot, speaker: Speaker) -> None:
    register = Register()
    rows = model(register, speaker)
    rows.cell(0, 0)
    with qtbot.waitSignal(rows.modelReset):
        rows.set_ids([5, 6])
    assert (rows.rowCount(), rows.cell(1, 0).text) == (2, "000006")
    assert (rows.row_of(6), rows.row_of(9)) == (1, None)


def test_refreshed_rows_are_read_again(speaker: Speaker) -> None:
    register = Register()
    rows = model(register, speaker)
    rows.cell(0, 0)
    rows.refresh()
    rows.cell(0, 0)
    assert register.reads == [BLOCK, BLOCK]


def test_enter_chooses_the_row(qtbot: QtBot, speaker: Speaker) -> None:
    table = shown(qtbot, model(Register(), speaker), speaker)
    table.selectRow(3)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.chosen) as heard:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert heard.args == [4]
    assert table.chosen_id() == 4
    table.select_id(40)
    assert table.chosen_id() == 40
    assert not table.tabKeyNavigation()


def test_unimportant_columns_go_when_it_is_narrow(qtbot: QtBot, speaker: Speaker) -> None:
    table = shown(qtbot, model(Register(), speaker), speaker)
    assert not table.isColumnHidden(3)
    table.resize(420, 300)
    assert table.isColumnHidden(3)
    assert sum(table.columnWidth(at) for at in (0, 1, 2, 4)) <= table.viewport().width()


def test_an_empty_list_says_so(qtbot: QtBot, speaker: Speaker) -> None:
    table = shown(qtbot, model(Register(), speaker, count=0), speaker)
    assert table.chosen_id() is None
    assert not table.grab().isNull()


def shown(qtbot: QtBot, rows: RowsModel, speaker: Speaker) -> TableView:
    table = TableView(speaker)
    qtbot.addWidget(table)
    rows.setParent(table)
    table.show_rows(rows)
    table.resize(700, 400)
    table.show()
    return table
