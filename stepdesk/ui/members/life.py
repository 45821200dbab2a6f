"""What happens in a household's life, as the card shows it: the menu, a form, and what was done.

It asks the lane itself; the page is told when something was recorded.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import Happened
from stepdesk.payers.service import take_back
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.members import known as reading
from stepdesk.ui.members.answers import Finder
from stepdesk.ui.members.asks import Happening, Known, Told
from stepdesk.ui.members.facts import others
from stepdesk.ui.members.happening_form import HappeningForm
from stepdesk.ui.members.happening_menu import HappeningMenu
from stepdesk.ui.members.history import Line
from stepdesk.ui.members.taking_back import taking_back
from stepdesk.values.ids import EventId, HouseholdId, PersonId

_MENU, _FORM = range(2)


def _reverse(desk: Desk, event_ids: tuple[EventId, ...], reason: str) -> object:
    with desk.work("reverse_event", reason=reason) as work:
        # The last one first: what came of it hangs on what came before.
        return take_back(work, event_id=event_ids[0], reason=reason)


class Life(QWidget):
    """The menu "What happened?" and the form of one event.

    Signals:
        left: The household's file is wanted again.
        elsewhere: The form of a new household is wanted.
        happened: The household that is to be shown after something was recorded.
    """

    left = Signal()
    happened = Signal(object)
    elsewhere = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._context, self._desk = context, desk
        self._person: PersonId | None = None
        self._known: Known | None = None
        say = context.speaker
        self.menu = HappeningMenu(say)
        self.form = HappeningForm(say, context.clock_today(), desk.currency, self._find)
        self.stack = CurrentStack()
        self.stack.addWidget(self.menu)
        self.stack.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack, 1)
        self.menu.chosen.connect(self._chosen)
        self.menu.left.connect(self.left)
        self.form.left.connect(self.back)
        self.form.wanted.connect(self._send)
        self.form.effect_wanted.connect(self._foresee)

    def start(
        self,
        household_id: HouseholdId,
        person_id: PersonId | None,
        happening: Happening | None = None,
    ) -> None:
        """Ask what happened to this household; with a happening, open its form at once."""
        self._person = person_id
        self._context.lane.do(
            partial(reading.known_of, self._desk, household_id),
            partial(self._begin, happening),
            owner=self,
        )

    def take_back(self, household_id: HouseholdId, line: Line) -> None:
        """Ask why an event is taken back."""
        self.start(household_id, None, taking_back(line))

    def _begin(self, happening: Happening | None, known: Known | None) -> None:
        if known is None:
            self.left.emit()
            return
        self._known = known
        if happening is None:
            self.stack.setCurrentIndex(_MENU)
            self.menu.start(known)
        else:
            self._chosen(happening)

    def _chosen(self, happening: Happening) -> None:
        if happening.elsewhere:
            self.elsewhere.emit()
        elif self._known is not None:
            self.stack.setCurrentIndex(_FORM)
            self.form.start(happening, self._known, self._person)

    def back(self) -> None:
        """One step back; what was typed stays for the next time."""
        if self.stack.currentIndex() == _MENU:
            self.left.emit()
        elif not self.form.caution.isHidden():
            self.form.caution.dismiss()
            self.form.focus_first()
        else:
            self.form.keep()
            self.left.emit()

    def send(self) -> None:
        """Ctrl+Enter: record what the form says."""
        if self.stack.currentIndex() == _FORM:
            self.form.send()

    # What the form asks for

    def _find(self, finder: Finder, asked: str) -> None:
        self._context.lane.do(
            partial(reading.found, self._desk, asked), partial(finder.found, asked), owner=finder
        )

    def _foresee(self, happening: Happening, known: Known, answers: dict[str, Any]) -> None:
        self._context.lane.do(
            partial(reading.effect_of, self._desk, happening, known, answers),
            partial(self.form.show_effect, happening, answers),
            owner=self,
        )

    def _send(self, told: Told) -> None:
        self._context.lane.do(
            partial(reading.record, self._desk, told),
            partial(self._recorded, told),
            refused=self._refused,
            cautioned=self.form.doubt,
            troubled=self.form.fail,
            owner=self,
        )

    def _refused(self, refusal: Refusal) -> None:
        if refusal.field == "second" and self.form.second.isHidden():
            self._context.lane.do(
                partial(others, self._desk), partial(self._ask_second, refusal), owner=self
            )
        else:
            self.form.refuse(refusal)

    def _ask_second(self, refusal: Refusal, colleagues: tuple[Colleague, ...]) -> None:
        self.form.ask_second(colleagues, solo=not colleagues)
        self.form.refuse(refusal)

    def _recorded(self, told: Told, answer: Happened) -> None:
        self.form.free()
        self.form.done()
        self._context.saved()
        event_ids = answer.event_ids
        what = Text(N_("Recorded: {what}."), {"what": Text(told.happening.words)})
        undo = (
            partial(self._undo, told, event_ids) if event_ids and told.happening.undone else None
        )
        self._context.toast(what, undo=undo)
        self.happened.emit(told.known.file.id)

    def _undo(self, told: Told, event_ids: tuple[EventId, ...]) -> None:
        reason = self._context.speaker.tr(N_("taken back at once"))
        self._context.lane.do(
            partial(_reverse, self._desk, event_ids, reason),
            partial(self._taken_back, told),
            owner=self,
        )

    def _taken_back(self, told: Told, _answer: object) -> None:
        self._context.saved()
        self._context.toast(Text(N_("Taken back: {what}."), {"what": Text(told.happening.words)}))
        self.happened.emit(told.known.file.id)
