"""The parts of the branch's window: schemes, their months, the figures, files that came in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.branch.terms import MonthHeld, SchemeKnown, SchemeState
from stepdesk.i18n import N_, Text, short_month_text
from stepdesk.ui import theme, tokens
from stepdesk.ui.branch.facts import (
    STATES,
    STATUS,
    Brought,
    country_name,
    rows_of,
)
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.start_page import PlaceField
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.figures import FiguresTable
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.month import Month

_ROWS = 15  # lines of figures that are seen at once


class SchemesCard(Card):
    """The schemes this branch knows. It knows no name of any.

    Signals:
        current: The scheme the arrow keys are on.
    """

    current = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Schemes"), speaker, margin=12)
        self._said = speaker
        self._known: dict[bytes, SchemeKnown] = {}
        self.table = TableView(
            speaker,
            empty=N_("No scheme has sent anything yet. Bring in the files they give you."),
        )
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Scheme"), width=104, stretch=1),
                Column(N_("Country"), width=84, stretch=1, priority=2),
                Column(N_("Months"), Kind.NUMBER, width=80, priority=1),
                Column(N_("Last"), width=98),
                Column(N_("State"), Kind.STATUS, width=166),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.table.current.connect(self.current)
        self.body.addWidget(self.table)

    def show_schemes(self, schemes: Sequence[SchemeKnown], chosen: bytes | None) -> None:
        """Show the schemes, the arrow keys on one of them."""
        self._known = {one.scheme: one for one in schemes}
        self._model.set_ids(tuple(self._known))
        self.table.fit_rows(len(schemes), fewest=4, most=7)
        if chosen is not None:
            self.table.select_id(chosen)

    def lines(self) -> list[list[str]]:
        """Return what stands in the list."""
        return self._model.texts()

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        return [self._row(self._known[one]) for one in ids]

    def _row(self, one: SchemeKnown) -> tuple[Any, ...]:
        language = self._said.language
        last = "–" if one.last_month is None else short_month_text(one.last_month, language)
        state = (STATUS[one.state], Text(STATES[one.state]))
        return (one.short, country_name(one.country, language), one.months, last, state)


class HeldCard(Card):
    """The months of a scheme that are here.

    Signals:
        current: The month the arrow keys are on.
    """

    current = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Months of the scheme"), speaker, margin=12)
        self._said = speaker
        self._held: dict[Month, MonthHeld] = {}
        self.table = TableView(speaker, empty=N_("No month of this scheme is here."))
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Month"), width=108, stretch=1),
                Column(N_("Received"), width=116),
                Column(N_("Revision"), Kind.NUMBER, width=88, priority=1),
                Column(N_("Rules"), width=112, priority=2, muted=True),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.table.current.connect(self.current)
        self.body.addWidget(self.table)

    def show_months(self, held: Sequence[MonthHeld]) -> None:
        """Show the months, the last one first, the arrow keys on it."""
        self._held = {one.month: one for one in held}
        self._model.set_ids(tuple(self._held))
        self.table.fit_rows(len(held), fewest=4, most=8)
        if held:
            self.table.go_to(0)

    def held(self, month: Month) -> MonthHeld | None:
        """Return a month, None when it is not here."""
        return self._held.get(month)

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        language = self._said.language
        return [
            (short_month_text(month, language), _day(one), one.rev, one.policy)
            for month, one in ((month, self._held[month]) for month in ids)
        ]


def _day(one: MonthHeld) -> date:
    return one.received.date()


class SchemeCard(Card):
    """One scheme: its fingerprint to be compared, and the figures of one of its months.

    Signals:
        accepted: The officer compared the fingerprint.
    """

    accepted = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=16)
        self.head = Words("", speaker, size=Size.NAME, bold=True)
        self.pill = StatusPill(speaker)
        self.compare = Words(
            N_(
                "Telephone the scheme. The page “Send” of its desk shows ten groups of digits;"
                " accept only if they are these:"
            ),
            speaker,
            wrap=True,
        )
        self.fingerprint = Shown("", size=Size.SECTION, bold=True)
        self.fingerprint.setWordWrap(True)
        self.accept = MainButton(N_("They are the same: accept"), speaker, icon="shield-check")
        self.gaps = ErrorLine(speaker)
        self.month = Words("", speaker, size=Size.SECTION, bold=True)
        self.figures = FiguresTable(
            (
                Column(N_("Figure"), width=200, stretch=1),
                Column(N_("This month"), Kind.AMOUNT, width=124),
                Column(N_("Month before"), Kind.AMOUNT, width=124, priority=1),
                Column(N_("Difference"), Kind.AMOUNT, width=112, priority=2),
            ),
            speaker,
            empty=N_("Choose a scheme to see its figures."),
        )
        top = QHBoxLayout()
        self.body.addLayout(top)
        top.addWidget(self.head)
        top.addWidget(self.pill)
        top.addStretch(1)
        for widget in (self.compare, self.fingerprint, self.accept, self.gaps, self.month):
            self.body.addWidget(widget)
        self.body.addWidget(self.figures, 1)
        self.accept.clicked.connect(self.accepted)
        self.show_scheme(None, "")
        self.dress()

    def show_scheme(self, one: SchemeKnown | None, land: str) -> None:
        """Show a scheme, or that none is chosen."""
        for widget in (self.pill, self.fingerprint):
            widget.setVisible(one is not None)
        pending = one is not None and one.state is SchemeState.PENDING
        self.compare.setVisible(pending)
        self.accept.setVisible(pending)
        self.month.hide()
        self.figures.show_figures(())
        self.gaps.clear_text()
        if one is None:
            self.head.say(N_("No scheme chosen"))
            return
        name = Text(N_("Scheme {short}"), {"short": one.short})
        told = Text(N_("{scheme}, {country}"), {"scheme": name, "country": land})
        self.head.say(told if land else name)
        self.pill.set_status(STATUS[one.state], Text(STATES[one.state]))
        self.fingerprint.setText(one.fingerprint)
        self._tell_gaps(one)

    def show_month(self, held: MonthHeld, before: MonthHeld | None) -> None:
        """Show the figures of a month beside those of the month before."""
        told = Text("{month}", {"month": held.month})
        if held.rev:
            told = Text(
                N_("{month}, revision {revision}"), {"month": held.month, "revision": held.rev}
            )
        self.month.say(told)
        self.month.show()
        self.figures.show_figures(rows_of(held, before))

    def _tell_gaps(self, one: SchemeKnown) -> None:
        if one.quarantined:
            self.gaps.show_text(
                Text(
                    N_("{count} return is kept apart: another of the same month is here."),
                    {"count": one.quarantined},
                    plural=N_("{count} returns are kept apart: others of their months are here."),
                )
            )
        elif one.gaps:
            self.gaps.show_text(
                Text(
                    N_("{count} return of this scheme has not arrived. Ask for it."),
                    {"count": len(one.gaps)},
                    plural=N_("{count} returns of this scheme have not arrived. Ask for them."),
                )
            )

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "figures"):
            now = theme.current()
            self.body.setSpacing(now.px(8))
            self.figures.setMinimumHeight(now.px(tokens.ROW_DENSE) * (_ROWS + 1))


class OwnCard(Card):
    """The branch itself: its fingerprint, its card for the schemes, and the way files come in.

    Signals:
        bring_wanted: Files are to be brought in.
        card_wanted: The card is to be copied.
        place_wanted: A folder for receipts is to be chosen.
    """

    bring_wanted = Signal()
    card_wanted = Signal()
    place_wanted = Signal()

    def __init__(self, speaker: Speaker, *, fingerprint: str, folder: str) -> None:
        super().__init__(margin=16)
        self.fingerprint = Words(
            Text(N_("Fingerprint of this branch: {fingerprint}"), {"fingerprint": fingerprint}),
            speaker,
            bold=True,
            wrap=True,
        )
        self.told = Words(
            Text(
                N_("Give branch-card.json to your schemes. It lies in the folder {folder}."),
                {"folder": folder},
            ),
            speaker,
            muted=True,
            wrap=True,
        )
        self.bring = MainButton(N_("Bring in files …"), speaker, key="new", icon="plus")
        self.card = PlainButton(N_("Copy the card …"), speaker, icon="file-text")
        self.place = PlaceField(speaker)
        self.form = Form(speaker)
        self.form.add(
            "out", self.place, N_("Folder for receipts; empty for beside each file"), width=0
        )
        self.bring.clicked.connect(self.bring_wanted)
        self.card.clicked.connect(self.card_wanted)
        self.place.choosing.connect(self.place_wanted)
        row = QHBoxLayout()
        self.body.addLayout(row)
        told = QVBoxLayout()
        row.addLayout(told, 1)
        told.setSpacing(2)
        told.addWidget(self.fingerprint)
        told.addWidget(self.told)
        row.addWidget(self.card)
        below = QHBoxLayout()
        self.body.addLayout(below)
        below.addWidget(self.bring, 0, Qt.AlignmentFlag.AlignBottom)
        below.addWidget(self.form, 1)


class ArrivalsCard(Card):
    """What became of each file that was brought in."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Files brought in"), speaker, margin=16)
        self._said = speaker
        self._lines: list[tuple[Shown, StatusPill, QWidget]] = []
        self._grid = QGridLayout()
        self.body.addLayout(self._grid)
        self._grid.setColumnStretch(2, 1)
        self.close_button = PlainButton(N_("I have read this"), speaker)
        self.close_button.clicked.connect(self.hide)
        self.body.addWidget(self.close_button)
        self.hide()

    def show_files(self, brought: Sequence[Brought]) -> None:
        """Show each file, what was done with it and its receipt."""
        for line in self._lines:
            for widget in line:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._lines = [self._line(at, one) for at, one in enumerate(brought)]
        self.show()

    def texts(self) -> list[tuple[str, str, str]]:
        """Return the file, its sign in words, and what is said of it."""
        found = []
        for name, pill, said in self._lines:
            words = said.findChildren(Words)
            told = " ".join(one.text() for one in words)
            found.append((name.text(), pill.accessibleName(), told))
        return found

    def _line(self, row: int, one: Brought) -> tuple[Shown, StatusPill, QWidget]:
        name = Shown(one.file, bold=True)
        pill = StatusPill(self._said)
        pill.set_status(one.status, _WORDS[one.status])
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for text in one.texts:
            column.addWidget(Words(text, self._said, wrap=True))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(pill, row, 1, top)
        self._grid.addWidget(said, row, 2)
        return name, pill, said

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_grid"):
            self._grid.setHorizontalSpacing(theme.current().px(16))
            self._grid.setVerticalSpacing(theme.current().px(8))


_WORDS = {
    tokens.Status.UP_TO_DATE: N_("taken in"),
    tokens.Status.STOPPED: N_("not taken"),
    tokens.Status.LATE: N_("no receipt"),
}
