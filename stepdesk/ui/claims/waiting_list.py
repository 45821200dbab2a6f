"""Certificates of all batches that wait for somebody: the medical adviser, or an answer."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal

from stepdesk.i18n import N_, Text
from stepdesk.ui.claims.case_facts import WaitingRow
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words

ADVISER, QUESTIONS = N_("Waiting for the medical adviser"), N_("Questions that wait for an answer")
_ROWS = (
    Column(N_("Claim"), width=150),
    Column(N_("Provider"), width=160, stretch=1),
    Column(N_("Days"), Kind.NUMBER, width=64),
    Column(N_("Why"), width=240, stretch=2),
    Column(N_("State"), Kind.STATUS, width=128),
)


class WaitingList(Card, Speaking):
    """The list; Enter opens the certificate in its batch.

    Signals:
        opened: The certificate (its id) of the row that was chosen.
        left: Back to the batches.
    """

    opened = Signal(object)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._found: dict[Any, WaitingRow] = {}
        self.head = Words("", speaker, size=Size.SECTION, bold=True)
        self.table = TableView(speaker, empty=N_("Nothing waits."))
        self._rows = RowsModel((), self._fetch, _ROWS, speaker, self)
        self.table.show_rows(self._rows)
        self.back = PlainButton(N_("All batches"), speaker, key="back")
        self.body.addWidget(self.head)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        self.table.chosen.connect(self.opened)
        self.back.clicked.connect(self.left)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Certificates that wait")))

    def show_waiting(self, head: str, found: Sequence[WaitingRow]) -> None:
        """Show what waits, the oldest first."""
        self._found = {one.claim_id: one for one in found}
        self.head.say(head)
        self._rows.set_ids(tuple(self._found))
        if self._found:
            self.table.go_to(0)
        target = self.table if self._found else self.back
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def words(self) -> list[list[str]]:
        """Return the rows as they are read."""
        columns = range(self._rows.columnCount())
        return [
            [self._rows.cell(row, column).text for column in columns]
            for row in range(self._rows.rowCount())
        ]

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self._found[one] for one in ids]
        return [
            (one.number, one.provider, one.days, one.told, _state(late=one.late)) for one in found
        ]


def _state(*, late: bool) -> tuple[Status, Text]:
    return (Status.LATE, Text(N_("Late"))) if late else (Status.WAITING, Text(N_("Waiting")))
