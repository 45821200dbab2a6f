"""Letters below each other, with where each stands."""

from collections.abc import Sequence
from typing import Any

from stepdesk.claims.papers import LETTER_STATES
from stepdesk.claims.terms import GuaranteeLetter
from stepdesk.i18n import N_, Text
from stepdesk.ui import tokens
from stepdesk.ui.letters.facts import STATUSES
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.values.ids import LetterId

_ALL = (
    Column(N_("Letter"), width=150),
    Column(N_("Patient"), width=130, stretch=2),
    Column(N_("Provider"), width=120, stretch=1, priority=2),
    Column(N_("Act"), width=120, stretch=1, priority=1),
    Column(N_("At most"), Kind.AMOUNT, width=88),
    Column(N_("Until"), width=104),
    Column(N_("State"), Kind.STATUS, width=128),
)
_EARLIER = (
    Column(N_("Day"), width=106, priority=2),
    Column(N_("Act"), width=64, stretch=1, priority=3),
    Column(N_("Used"), Kind.AMOUNT, width=76, priority=1),
    Column(N_("State"), Kind.STATUS, width=116),
)


class LettersTable(TableView):
    """A list of letters.

    Args:
        speaker: Says it.
        title: What a screen reader calls it.
        empty: What stands there when there is none.
        earlier: Whether they are one patient's: then what each used is told.
    """

    def __init__(self, speaker: Speaker, title: str, empty: str, *, earlier: bool = False) -> None:
        self._title = title
        self._earlier = earlier
        self.letters: dict[LetterId, GuaranteeLetter] = {}
        row = tokens.ROW_DENSE if earlier else tokens.ROW
        super().__init__(speaker, empty=empty, row=row)
        self.rows = RowsModel((), self._fetch, _EARLIER if earlier else _ALL, speaker, self)
        self.show_rows(self.rows)

    @override
    def speak(self) -> None:
        super().speak()
        self.setAccessibleName(self.speaker.tr(self._title))

    def show_letters(self, letters: Sequence[GuaranteeLetter]) -> None:
        """Show them; the one the arrow keys were on stays chosen, else the first."""
        kept = self.chosen_id()
        self.letters = {one.id: one for one in letters}
        self.rows.set_ids(tuple(self.letters))
        if kept in self.letters:
            self.select_id(kept)
        elif letters:
            self.go_to(0)

    def letter(self) -> GuaranteeLetter | None:
        """Return the one the arrow keys are on."""
        return self.letters.get(self.chosen_id())

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        found = [self.letters[one] for one in ids]
        return [_earlier(one) if self._earlier else _row(one) for one in found]


def _state(one: GuaranteeLetter) -> tuple[object, Text]:
    return STATUSES[one.state], Text(LETTER_STATES[one.state])


def _row(one: GuaranteeLetter) -> tuple[object, ...]:
    issued = one.issued_on is not None
    up_to = one.up_to if issued else None
    return (
        one.number, one.patient, one.provider, one.service, up_to, one.valid_through, _state(one),
    )  # fmt: skip


def _earlier(one: GuaranteeLetter) -> tuple[object, ...]:
    return (one.issued_on or one.asked_on, one.service, one.used, _state(one))
