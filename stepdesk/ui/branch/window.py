"""The window of an officer: the schemes of a branch, what they sent, and files to bring in."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.branch.engine import Store
from stepdesk.branch.service import accept_scheme
from stepdesk.branch.terms import MonthHeld, SchemeKnown
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.clock import Clock, SystemClock
from stepdesk.ui import choosing, keys, theme
from stepdesk.ui.branch.facts import (
    Brought,
    bring_in,
    copy_card,
    country_name,
    months_held,
    schemes_of,
)
from stepdesk.ui.branch.parts import (
    ArrivalsCard,
    HeldCard,
    OwnCard,
    SchemeCard,
    SchemesCard,
)
from stepdesk.ui.help_panel import HelpPanel, HelpPlace
from stepdesk.ui.overriding import override
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import FocusRing
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed, Theme
from stepdesk.ui.tokens import Look
from stepdesk.ui.top_bar import Bar, PersonMenu
from stepdesk.ui.widgets.band import Band, BandWords, TroubleBand
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.progress_bar import ProgressBar
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.toast import Toast
from stepdesk.ui.widgets.words import Shown, Size
from stepdesk.values.month import Month

_SIDE = 560


class BranchBar(Bar):
    """The top of the window: the branch's name, help, and how the window looks."""

    def __init__(self, speaker: Speaker, *, name: str) -> None:
        super().__init__()
        self.back = PlainButton(N_("Back to the start"), speaker, icon="undo-2")
        self.help = PlainButton(N_("Help"), speaker, key="help", icon="circle-question-mark")
        self.menu = PersonMenu(speaker)
        self.menu.leave_person_out()
        self.look = PlainButton(N_("Language and look ▾"), speaker, icon="globe")
        self.look.clicked.connect(self._open_menu)
        self._row.addWidget(Shown(name, size=Size.TITLE, bold=True), 1)
        self._row.addWidget(self.back)
        self._row.addWidget(self.help)
        self._row.addWidget(self.look)
        self.wear()

    @Slot()
    def _open_menu(self) -> None:
        self.open_below(self.menu, self.look)


class BranchPage(QWidget, Dressed, Speaking):
    """Everything of the window below its top.

    Args:
        store: The open branch.
        lane: Does whatever opens its file.
        speaker: Says every text.
        clock: Tells when a file came.
        toast: Shows a message at the bottom.
    """

    def __init__(
        self, store: Store, *, lane: Lane, speaker: Speaker, clock: Clock, toast: Toast
    ) -> None:
        super().__init__()
        self._store, self._lane, self._clock, self._toast = store, lane, clock, toast
        self._schemes: dict[bytes, SchemeKnown] = {}
        self.scheme: bytes | None = None
        self.trouble = TroubleBand(speaker)
        self.own = OwnCard(speaker, fingerprint=store.card.fingerprint, folder=str(store.folder))
        self.arrivals = ArrivalsCard(speaker)
        self.schemes = SchemesCard(speaker)
        self.held = HeldCard(speaker)
        self.chosen = SchemeCard(speaker)
        self._place()
        self._connect()
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        say = self.speaker.tr
        self.schemes.table.setAccessibleName(say(N_("Schemes")))
        self.held.table.setAccessibleName(say(N_("Months of the scheme")))
        self.chosen.figures.setAccessibleName(say(N_("Figures")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(24), now.px(16), now.px(24), now.px(16))
        self._column.setSpacing(now.px(12))
        self._left_column.setSpacing(now.px(12))

    def _place(self) -> None:
        left = QWidget()
        self._left_column = QVBoxLayout(left)
        self._left_column.setContentsMargins(0, 0, 0, 0)
        self._left_column.addWidget(self.schemes)
        self._left_column.addWidget(self.held)
        self._left_column.addStretch(1)
        self._column = QVBoxLayout(self)
        cards: tuple[QWidget, ...] = (self.trouble, self.own, self.arrivals)
        for card in cards:
            self._column.addWidget(card)
        sides = Sides(left, self.chosen, side=_SIDE, first_fixed=True, narrow=1040)
        self._column.addWidget(sides, 1)

    def _connect(self) -> None:
        self.own.bring_wanted.connect(self.ask_files)
        self.own.card_wanted.connect(self.ask_card_folder)
        self.own.place_wanted.connect(self.ask_receipts_folder)
        self.schemes.current.connect(self._choose)
        self.held.current.connect(self._choose_month)
        self.chosen.accepted.connect(self.accept)

    # What stands there

    def load(self) -> None:
        """Read the schemes again; the one that was chosen stays chosen."""
        self._lane.do(
            partial(schemes_of, self._store), self._show, troubled=self._troubled, owner=self
        )

    def _show(self, schemes: Sequence[SchemeKnown]) -> None:
        self._schemes = {one.scheme: one for one in schemes}
        chosen = self.scheme if self.scheme in self._schemes else None
        if chosen is None and schemes:
            chosen = schemes[0].scheme
        self.scheme = None
        self.schemes.show_schemes(schemes, chosen)
        if chosen is None:
            self.chosen.show_scheme(None, "")
            self.held.show_months(())
            self.own.bring.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._choose(chosen)

    def _choose(self, scheme: bytes) -> None:
        if scheme == self.scheme:
            return
        self.scheme = scheme
        one = self._schemes[scheme]
        land = country_name(one.country, self.speaker.language) if one.country else ""
        self.chosen.show_scheme(one, land)
        self._lane.do(
            partial(months_held, self._store, scheme),
            partial(self._show_months, scheme),
            troubled=self._troubled,
            owner=self,
        )

    def _show_months(self, scheme: bytes, held: Sequence[MonthHeld]) -> None:
        # The arrow keys may have gone on while these were read.
        if scheme == self.scheme:
            self.held.show_months(held)

    def _choose_month(self, month: Month) -> None:
        held = self.held.held(month)
        if held is not None:
            self.chosen.show_month(held, self.held.held(month.plus(-1)))

    def _troubled(self, trouble: Trouble) -> None:
        self.trouble.show_trouble(trouble)

    # What is done

    @Slot()
    def ask_files(self) -> None:
        """Let the person choose the files that schemes made."""
        files = choosing.ask_files(self, self.speaker, N_("Files of the schemes"), "*.sdb")
        if files:
            self.bring(files)

    def bring(self, files: Sequence[Path]) -> None:
        """Bring in files and write a receipt for each that could be read."""
        self.trouble.hide()
        self.own.bring.setEnabled(False)
        progress = self._lane.progress()
        self._lane.do(
            partial(
                bring_in,
                self._store,
                files,
                self.own.place.path(),
                now=self._clock.now(),
                progress=progress,
            ),
            self._brought,
            troubled=self._bring_failed,
            cancelled=self._stopped,
            owner=self,
            progress=progress,
        )

    def _brought(self, brought: Sequence[Brought]) -> None:
        self.own.bring.setEnabled(True)
        self.arrivals.show_files(brought)
        self.arrivals.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        new = [one.scheme for one in brought if one.scheme is not None]
        self.scheme = new[-1] if new else self.scheme
        self.load()

    def _bring_failed(self, trouble: Trouble) -> None:
        self.own.bring.setEnabled(True)
        self._troubled(trouble)

    @Slot()
    def step_back(self) -> None:
        """Esc: what was said is read; the cursor goes to the schemes."""
        self.trouble.hide()
        self.arrivals.hide()
        target = self.schemes.table if self._schemes else self.own.bring
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stopped(self) -> None:
        # What was taken in before Cancel stays; the same files may be brought in again.
        self.own.bring.setEnabled(True)
        self.load()

    @Slot()
    def ask_receipts_folder(self) -> None:
        """Let the person choose where receipts go."""
        found = choosing.ask_folder(self, self.speaker, N_("Folder for receipts"))
        if found is not None:
            self.own.place.set_path(found)

    @Slot()
    def ask_card_folder(self) -> None:
        """Let the person choose where a copy of the card goes."""
        found = choosing.ask_folder(self, self.speaker, N_("Where the card goes"))
        if found is not None:
            self._lane.do(
                partial(copy_card, self._store, found),
                self._card_copied,
                refused=self._refused,
                troubled=self._troubled,
                owner=self,
            )

    def _card_copied(self, path: Path) -> None:
        told = Text(
            N_("The card lies in {folder}: {name}."),
            {"folder": str(path.parent), "name": path.name},
        )
        self._toast.show_text(told)

    def _refused(self, refusal: Refusal) -> None:
        self.trouble.show_text(refusal.text)

    @Slot()
    def accept(self) -> None:
        """Accept the scheme whose fingerprint was compared."""
        if self.scheme is not None:
            self._lane.do(
                partial(accept_scheme, self._store, scheme=self.scheme),
                self._accepted,
                troubled=self._troubled,
                owner=self,
            )

    def _accepted(self, _none: None) -> None:
        self._toast.show_text(Text(N_("The scheme is accepted.")))
        self.schemes.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.load()


class BranchWindow(QWidget, Speaking):
    """The window of an open branch.

    Args:
        store: The open branch; whoever opened it closes it.
        lane: Does whatever opens its file.
        speaker: Says every text.
        clock: Tells when a file came; the laptop's own when left out.

    Signals:
        left: The officer goes back to the start.
    """

    left = Signal()

    def __init__(
        self, store: Store, *, lane: Lane, speaker: Speaker, clock: Clock | None = None
    ) -> None:
        super().__init__()
        self._lane = lane
        self.bar = BranchBar(speaker, name=store.card.name)
        self.toast = Toast(speaker, self)
        self.page = BranchPage(
            store, lane=lane, speaker=speaker, clock=clock or SystemClock(), toast=self.toast
        )
        self.help_panel = HelpPanel(speaker)
        self.help_panel.show_page("branch")
        self.failure = TroubleBand(speaker)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if store.card.practice:
            column.addWidget(_practice_band(speaker))
        column.addWidget(self.bar)
        column.addWidget(self.failure)
        self._help_place = HelpPlace(PageArea(self.page), self.help_panel)
        column.addWidget(self._help_place, 1)
        column.addWidget(ProgressBar(lane, speaker))
        self._connect(lane, speaker)
        self._ring = FocusRing(self)
        self.setWindowTitle(f"{store.card.name} – StepDesk")
        self.resize(1366, 700)
        self.learn(speaker)
        self.page.load()

    @override
    def speak(self) -> None:
        self.page.setAccessibleName(self.speaker.tr(N_("The schemes of this branch")))

    def _connect(self, lane: Lane, speaker: Speaker) -> None:
        self.bar.back.clicked.connect(self._leave)
        self.bar.help.clicked.connect(self.toggle_help)
        self.help_panel.closed.connect(self.toggle_help)
        menu = self.bar.menu
        menu.language_wanted.connect(speaker.set_language)
        menu.look_wanted.connect(self._wear_look)
        menu.zoom_wanted.connect(self._wear_zoom)
        lane.unanswered.connect(self._show_failure)
        keys.bind("help", self, self.toggle_help)
        keys.bind("new", self, self.page.ask_files)
        keys.bind("back", self, self.page.step_back)

    @Slot()
    def toggle_help(self) -> None:
        """Show the help, or take it away."""
        self._help_place.toggle()

    @Slot()
    def _leave(self) -> None:
        # Who leaves while files come in would never read what became of them.
        if not self._lane.is_busy():
            self.left.emit()

    @Slot(object)
    def _show_failure(self, failure: Refusal | Trouble) -> None:
        self.failure.show_text(failure.text)

    @Slot(object)
    def _wear_look(self, look: Look) -> None:
        theme.wear(Theme(look, theme.current().zoom))

    @Slot(int)
    def _wear_zoom(self, zoom: int) -> None:
        theme.wear(Theme(theme.current().look, zoom))


def _practice_band(speaker: Speaker) -> Band:
    band = Band(alarm=False, icon="graduation-cap", flat=True)
    told = N_("TRAINING: this branch takes practice books only. Nothing here is real.")
    band.lines.addWidget(BandWords(told, speaker, alarm=False, bold=True))
    return band
