"""A sheet as it stands in the file: rows and columns called as a spreadsheet calls them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt

from stepdesk.exchange.registers.terms import Sheet, shown
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.words import letter
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.rows_model import Column, RowsModel

_SEEN = 200
"""How many rows are shown: where the table begins is seen well before."""

_WIDEST = 24
"""How many columns are shown at most; those that find no room go from the right."""


class GridModel(RowsModel):
    """The first rows of a sheet; ids are the numbers of rows, from 0."""

    def __init__(self, speaker: Speaker, parent: QObject | None = None) -> None:
        self._sheet = Sheet("", ())
        super().__init__((), self._of, (Column("", width=48, muted=True),), speaker, parent)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet."""
        self._sheet = sheet
        width = min(max(sheet.width, 1), _WIDEST)
        self.columns = (
            Column("", width=48, muted=True),
            *(Column(letter(at), width=112, priority=at, stretch=1) for at in range(width)),
        )
        self.set_ids(range(min(len(sheet.rows), _SEEN)))

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        /,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        # Letters of columns are no words: they are not looked up in the catalogue.
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return super().headerData(section, orientation, role)

    def _of(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
        width = len(self.columns) - 1
        return [
            (str(at + 1), *(self._cell_text(at, column) for column in range(width))) for at in ids
        ]

    def _cell_text(self, at: int, column: int) -> str:
        row = self._sheet.rows[at]
        return shown(row[column]) if column < len(row) else ""
