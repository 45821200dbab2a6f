"""Steps one and two: which sheet, and where its table begins."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt

from stepdesk.exchange.registers.terms import Choices, Opened, Place
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.overriding import override
from stepdesk.ui.registers.facts import Look
from stepdesk.ui.registers.grid import GridModel
from stepdesk.ui.registers.step import Step
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

_SHEETS = (
    Column(N_("Sheet"), width=160, stretch=2),
    Column(N_("Rows"), Kind.NUMBER, width=90),
    Column(N_("Note"), width=120, stretch=1, muted=True),
)


class SheetStep(Step):
    """Which sheet is the register? The first rows of the one the arrow keys are on are shown."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            N_("Which sheet is the register?"),
            N_("Arrow keys choose; below you see how it begins."),
            speaker,
        )
        self._opened: Opened | None = None
        self._choices: Choices | None = None
        self.sheets = RowsModel((), self._rows, _SHEETS, speaker, self)
        self.table = TableView(speaker)
        self.table.show_rows(self.sheets)
        self.grid = GridModel(speaker, self)
        self.preview = TableView(speaker)
        self.preview.show_rows(self.grid)
        self.preview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.told = Words("", speaker, muted=True, wrap=True)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.told)
        self.column.addWidget(self.preview, 2)
        self.table.current.connect(self._look)

    @override
    def show_look(self, seen: Look) -> None:
        self._opened, self._choices = seen.opened, seen.choices
        self.sheets.set_ids([one.name for one in seen.opened.sheets])
        self.told.say(_read_as(seen.opened))
        self.table.select_id(seen.choices.sheet)
        self.grid.show_sheet(seen.opened.sheet(seen.choices.sheet))

    @override
    def begin(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rows(self, ids: Sequence[str]) -> list[tuple[object, ...]]:
        if self._opened is None:
            return []
        sheets = [self._opened.sheet(one) for one in ids]
        return [
            (one.name, len(one.rows), Text(N_("hidden")) if one.hidden else "") for one in sheets
        ]

    def _look(self, name: str) -> None:
        if self._opened is None or self._choices is None:
            return
        self.grid.show_sheet(self._opened.sheet(name))
        if name != self._choices.sheet:
            self.rebuilt.emit(replace(self._choices, sheet=name))


def _read_as(opened: Opened) -> Text:
    values: dict[str, Value] = {
        "name": opened.name,
        "kind": opened.kind,
        "encoding": opened.encoding,
        "separator": {"\t": "TAB"}.get(opened.separator, opened.separator),
    }
    if opened.encoding:
        return Text(N_("{name}: text in {encoding}, cells parted by {separator}"), values)
    return Text(N_("{name}: {kind}"), values)


class PlaceStep(Step):
    """Where is the table? The row of its headings is marked."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            N_("In which row do the headings of the columns stand?"),
            N_("Arrow keys go to the row; Enter takes it. What stands above is left out."),
            speaker,
        )
        self._choices: Choices | None = None
        self.grid = GridModel(speaker, self)
        self.table = TableView(speaker)
        self.table.show_rows(self.grid)
        self.heads = Choice(
            speaker,
            (
                (1, N_("One row of headings")),
                (2, N_("Two rows of headings")),
                (0, N_("No headings")),
            ),
        )
        self.told = Words("", speaker, wrap=True)
        self.column.addWidget(self.heads)
        self.column.addWidget(self.told)
        self.column.addWidget(self.table, 1)
        self.table.chosen.connect(self._take)
        self.heads.chosen.connect(self._heads)

    @override
    def show_look(self, seen: Look) -> None:
        self._choices = None  # what is set here is not chosen by anybody
        place = seen.choices.place
        self.grid.show_sheet(seen.opened.sheet(seen.choices.sheet))
        self.table.select_id(place.header)
        self.heads.choose(min(place.header_rows, 2))
        self._choices = seen.choices
        self.told.say(
            Text(
                N_("Headings in row {row}; {count} row of people below."),
                {"row": place.header + 1, "count": len(seen.result.table.lines)},
                N_("Headings in row {row}; {count} rows of people below."),
            )
        )

    @override
    def begin(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, at: int) -> None:
        if self._choices is not None and at != self._choices.place.header:
            place = Place(at, self._choices.place.header_rows)
            self.rebuilt.emit(replace(self._choices, place=place))

    def _heads(self, count: int) -> None:
        if self._choices is not None and count != self._choices.place.header_rows:
            place = Place(self._choices.place.header, count)
            self.rebuilt.emit(replace(self._choices, place=place))
