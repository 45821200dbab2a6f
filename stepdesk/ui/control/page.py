"""The control room: complaints and appeals, what is to be looked at, visits to confirm."""

from PySide6.QtWidgets import QVBoxLayout

from stepdesk.i18n import N_
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.control.complaints import ComplaintsPart
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.theme import Dressed


class ControlPage(Page, Dressed):
    """What a controller and the board look at; `go` may be given show."""

    id = "control"
    help_page = "control"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self.complaints = ComplaintsPart(context, context.desk)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.complaints, 1)
        for name, act in (
            ("new", self.complaints.start_new),
            ("print", self._print),
            ("papers", self.complaints.print_register),
            ("override", self.complaints.act_first),
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

    @override
    def shown(self, **arguments: object) -> None:
        which = arguments.get("show")
        self.complaints.load(which if isinstance(which, str) else "")

    def _print(self) -> None:
        self.complaints.print_form()

    def _back(self) -> None:
        if self.complaints.acting:
            self.complaints.leave_form()
