"""The control room: complaints and appeals, what is to be looked at, visits to confirm."""

from PySide6.QtWidgets import QVBoxLayout

from stepdesk.i18n import N_
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.control.complaints import ComplaintsPart
from stepdesk.ui.control.flags import FlagsPart
from stepdesk.ui.control.visits import VisitsPart
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.choice import Tabs

_PARTS = (
    ("complaints", N_("Complaints")),
    ("flags", N_("To look at")),
    ("visits", N_("Visits to confirm")),
)


class ControlPage(Page, Dressed):
    """What a controller and the board look at.

    `go` may be given `show`: flags, visits, or which complaints (due, all).
    """

    id = "control"
    help_page = "control"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self.parts = Tabs(context.speaker, _PARTS, columns=3)
        self.complaints = ComplaintsPart(context, context.desk)
        self.flags = FlagsPart(context, context.desk)
        self.visits = VisitsPart(context, context.desk)
        self._parts: dict[str, ComplaintsPart | FlagsPart | VisitsPart] = {
            "complaints": self.complaints,
            "flags": self.flags,
            "visits": self.visits,
        }
        self.stack = CurrentStack()
        for part in self._parts.values():
            self.stack.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.parts)
        self._column.addWidget(self.stack, 1)
        self.parts.chosen.connect(self._turn)
        for name, act in (
            ("new", self._new),
            ("filter", self._next_part),
            ("recompute", self._look),
            ("print", self._print),
            ("papers", self._register),
            ("override", self._act),
            ("back", self._back),
        ):
            self.bind(name, act)
        self.wear()
        self.learn(context.speaker)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Control"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.title())

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))
        self._column.setSpacing(now.px(12))

    @override
    def shown(self, **arguments: object) -> None:
        which = arguments.get("show")
        if which in self._parts:
            self._go(str(which))
        elif isinstance(which, str):
            self._go("complaints", which)
        else:
            self._go(self._name)

    @property
    def _name(self) -> str:
        return str(self.parts.value())

    def _go(self, name: str, which: str = "") -> None:
        """Show a part and read it; what is half typed in it stays."""
        self.parts.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.parts.choose(name)
        self.parts.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self.stack.setCurrentIndex(list(self._parts).index(name))
        part = self._parts[name]
        if isinstance(part, ComplaintsPart):
            part.load(which)
        else:
            part.load()
        if not part.acting:
            part.focus()

    def _turn(self, name: object) -> None:
        self.stack.setCurrentIndex(list(self._parts).index(str(name)))
        self._parts[str(name)].load()

    def _next_part(self) -> None:
        """F3: the next of the three."""
        names = list(self._parts)
        self._go(names[(names.index(self._name) + 1) % len(names)])

    def _new(self) -> None:
        part = self._parts[self._name]
        if not isinstance(part, FlagsPart):
            part.start_new()

    def _look(self) -> None:
        if self._name == "flags":
            self.flags.look_through()

    def _print(self) -> None:
        if self._name == "complaints":
            self.complaints.print_form()
        elif self._name == "visits":
            self.visits.print_sheet()

    def _register(self) -> None:
        if self._name == "complaints":
            self.complaints.print_register()

    def _act(self) -> None:
        self._parts[self._name].act_first()

    def _back(self) -> None:
        part = self._parts[self._name]
        if part.acting:
            part.leave_form()
