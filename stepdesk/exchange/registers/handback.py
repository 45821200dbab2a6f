"""The register handed back: the rows as they stood, with their state and reason, coloured.

Everything is written as text or figures: nothing in a cell can run when the file is opened.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stepdesk.exchange.registers.terms import Cell, Choices, Opened, Result, Row, State
from stepdesk.exchange.registers.told import STATES
from stepdesk.i18n import N_, Text, speak

STATE, REASON = N_("State"), N_("Reason")
COLOURS: Mapping[State, str] = {
    State.TAKEN: "D9EFDD",
    State.REPAIRED: "E6F2D0",
    State.LOOK: "FFF0C2",
    State.KNOWN: "E8E8E8",
    State.LEFT: "E8E8E8",
    State.BACK: "F8D3CF",
}
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = {at: None for at in range(32) if at not in (9, 10, 13)}


def handed_back(
    opened: Opened, choices: Choices, result: Result, *, language: str, only_bad: bool = False
) -> bytes:
    """Return the sheet as an XLSX with two columns more: each row's state and reason.

    Args:
        opened: The file.
        choices: What was chosen.
        result: What came of it.
        language: In which reasons are told.
        only_bad: The header, and the rows handed back or to be looked at.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_title(opened.sheet(choices.sheet).name))
    write = _Writer(sheet, opened.sheet(choices.sheet).width, language)
    body = choices.place.header + choices.place.header_rows
    rows = opened.sheet(choices.sheet).rows
    if not choices.place.header_rows:
        write.heads()
    for row in result.rows:
        header = choices.place.header <= row.at < body
        if only_bad and not header and row.state not in {State.BACK, State.LOOK}:
            continue
        write.row(rows[row.at], row, header=header and row.at == body - 1, above=row.at < body)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _title(name: str) -> str:
    kept = "".join(" " if sign in r"[]:*?/\'" else sign for sign in name).strip()
    return kept[:31] or "1"


class _Writer:
    """Writes coloured rows to a sheet."""

    def __init__(self, sheet: Any, width: int, language: str) -> None:  # noqa: ANN401
        from openpyxl.styles import Font, PatternFill

        self.sheet, self.width, self.language = sheet, width, language
        self.fills = {
            state: PatternFill("solid", start_color=colour) for state, colour in COLOURS.items()
        }
        self.bold = Font(bold=True)
        sheet.freeze_panes = None

    def _cell(self, value: Cell, state: State | None) -> Any:  # noqa: ANN401
        from openpyxl.cell import WriteOnlyCell

        made = WriteOnlyCell(self.sheet, safe(value))
        if isinstance(value, str):
            made.data_type = "s"
            if value.startswith(_RUNS):
                made.quotePrefix = True
        if state is not None:
            made.fill = self.fills[state]
        return made

    def heads(self) -> None:
        cells: list[Any] = [self._cell("", None) for _ in range(self.width)]
        self.sheet.append([*cells, *self._told(STATE, REASON)])

    def _told(self, *messages: str) -> Iterable[Any]:
        for one in messages:
            made = self._cell(speak(Text(one), self.language), None)
            made.font = self.bold
            yield made

    def row(self, cells: Sequence[Cell], row: Row, *, header: bool, above: bool) -> None:
        """Write a row; the cell the reason speaks of has the colour too."""
        bad = row.state in {State.BACK, State.LOOK}
        told: list[Any] = [
            self._cell(cell, row.state if bad and at == row.column else None)
            for at, cell in enumerate(cells)
        ]
        told += [self._cell("", None) for _ in range(self.width - len(told))]
        if header:
            told += self._told(STATE, REASON)
        elif not above:
            reasons = " ".join(speak(one, self.language) for one in row.reasons)
            told.append(self._cell(speak(Text(STATES[row.state]), self.language), row.state))
            told.append(self._cell(reasons, row.state))
        self.sheet.append(told)


def safe(value: Cell) -> Any:  # noqa: ANN401
    """Return a value that a spreadsheet shows and never runs: text that looks like a formula too.

    A sign that would begin a formula gets an apostrophe before it.
    """
    if isinstance(value, str):
        plain = value.translate(_ILLEGAL)[:32000]
        return f"'{plain}" if plain.startswith(_RUNS) else plain
    return value
