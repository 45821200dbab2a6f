"""Certificates from a file: what is in it, what is wrong with which line; whole or not at all."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import tokens
from stepdesk.ui.choosing import ask_file
from stepdesk.ui.claims import batch_facts
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words

if TYPE_CHECKING:
    from stepdesk.exchange.claims_file import ClaimsImported

_WRONG = (Column(N_("What cannot be right"), width=400, stretch=1),)
_HOW = N_(
    "A list of certificates: CSV, a workbook, or claims of openIMIS as XML. The file is read "
    "through first; nothing is written before you bring it in, and then all of it or nothing."
)


class FileForm(Card, Speaking):
    """Chooses a file of certificates, tells what is in it, and brings it in.

    Signals:
        brought: The file is in the book (`ClaimsImported`).
        left: Back to the list.
    """

    brought = Signal(object)
    left = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(N_("Certificates from a file"), context.speaker)
        speaker = context.speaker
        self._lane, self._desk = context.lane, desk
        self._file: Path | None = None
        self._wrong: tuple[Text, ...] = ()
        self._at_work = False
        self.trouble = TroubleBand(speaker)
        self.name = Words("", speaker, bold=True, wrap=True)
        self.told = Words("", speaker, wrap=True)
        self.error = ErrorLine(speaker)
        self.table = TableView(speaker, row=tokens.ROW_DENSE)
        self._rows = RowsModel((), self._fetch, _WRONG, speaker, self)
        self.table.show_rows(self._rows)
        self.whole = Words("", speaker, wrap=True)
        self.choose = MainButton(N_("Choose a file …"), speaker, icon="file-text")
        self.bring = MainButton(N_("Bring it in"), speaker, icon="circle-check")
        self.again = PlainButton(N_("Read it again"), speaker, key="recompute")
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._place()
        self.table.current.connect(self._line)
        self.choose.clicked.connect(self.ask)
        self.bring.clicked.connect(self.send)
        self.again.clicked.connect(self.read_again)
        self.back.clicked.connect(self.left)
        self.learn(speaker)

    def _place(self) -> None:
        self.body.addWidget(Words(_HOW, self.trouble.speaker, muted=True, wrap=True))
        for widget in (self.trouble, self.name, self.told, self.error):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.whole)
        # Takes the room while there is no list: the words stand together at the top.
        self.body.addStretch(0)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        for button in (self.bring, self.choose, self.again, self.back):
            foot.addWidget(button)
        foot.addStretch(1)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("What cannot be right")))

    def start(self) -> None:
        """Show the form, no file chosen."""
        self._file = None
        self.name.say("")
        self._show(())
        self.told.say("")
        self.trouble.hide()
        self.bring.hide()
        self.again.hide()
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> None:
        """Let the person choose the file."""
        pattern = "*.csv *.txt *.tsv *.xlsx *.xls *.ods *.xml"
        path = ask_file(self, self.speaker, N_("Certificates from a file"), pattern)
        if path is not None:
            self.look(path)

    def look(self, file: Path) -> None:
        """Read a file through."""
        if self._at_work:
            return
        self._at_work = True
        self._file = file
        self.name.say(Text("{file}", {"file": file.name}))
        self.told.say(N_("Reading …"))
        self.told.show()
        self._show(())
        self.bring.hide()
        progress = self._lane.progress()
        self._lane.do(
            partial(batch_facts.file_looked_through, self._desk, file, progress),
            self._looked,
            refused=self._refused,
            troubled=self._failed,
            cancelled=self._free,
            owner=self,
            progress=progress,
        )

    def read_again(self) -> None:
        """F5: the file was mended meanwhile."""
        if self._file is not None:
            self.look(self._file)

    def send(self) -> None:
        """Bring the file in."""
        if self._file is None or self._at_work or self.bring.isHidden():
            return
        self._at_work = True
        progress = self._lane.progress()
        self._lane.do(
            partial(batch_facts.file_brought_in, self._desk, self._file, progress),
            self._brought,
            refused=self._refused,
            troubled=self._failed,
            cancelled=self._free,
            owner=self,
            progress=progress,
        )

    def words(self) -> list[str]:
        """Return what is said of wrong lines."""
        return [self.speaker.say(one) for one in self._wrong]

    def _free(self) -> None:
        self._at_work = False

    def _looked(self, found: "ClaimsImported") -> None:
        self._free()
        self.told.say(told_of(found))
        self.again.show()
        self.bring.setVisible(found.claims > 0)
        target = self.bring if found.claims else self.choose
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _brought(self, found: "ClaimsImported") -> None:
        self._free()
        self.brought.emit(found)

    def _refused(self, refusal: Refusal) -> None:
        self._free()
        wrong = batch_facts.wrong_lines(refusal)
        one, many = (
            N_("{count} line cannot be right. Nothing was brought in."),
            N_("{count} lines cannot be right. Nothing was brought in."),
        )
        self.told.hide()
        self._show(wrong)
        self.error.show_text(Text(one, {"count": len(wrong)}, plural=many))
        self.bring.hide()
        self.again.show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, trouble: Trouble) -> None:
        self._free()
        self.told.say("")
        text = N_("{trouble} Nothing was brought in.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _show(self, wrong: tuple[Text, ...]) -> None:
        self._wrong = wrong
        self.error.clear_text()
        self.table.setVisible(bool(wrong))
        self._rows.set_ids(tuple(range(len(wrong))))
        if wrong:
            self.table.go_to(0)
        self._line(0)

    def _line(self, at: Any) -> None:  # noqa: ANN401 - the table's ids are of any kind
        # A row shows as much as there is room for; the one the cursor is on is told whole.
        self.whole.say(self._wrong[at] if 0 <= at < len(self._wrong) else "")
        self.whole.setVisible(bool(self._wrong))

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [(self._wrong[at],) for at in ids]


def told_of(found: "ClaimsImported") -> Text:
    """Return what a file holds, in a sentence."""
    values: dict[str, Value] = {
        "count": found.claims,
        "amount": found.claimed,
        "batches": len(found.batches),
        "known": found.known,
        "unsealed": found.unsealed,
    }
    told = Text(
        N_("{count} new certificate, {amount}."),
        values,
        plural=N_("{count} new certificates, {amount}."),
    )
    if found.known:
        more = N_("{told} {known} are in the book already and are left alone.")
        told = Text(more, {**values, "told": told})
    if found.unsealed:
        more = N_("{told} The diagnoses of {unsealed} are left out: you may not write them.")
        told = Text(more, {**values, "told": told})
    return told
