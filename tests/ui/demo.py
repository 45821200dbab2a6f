"""A made-up page for the tests of the window."""

from datetime import date

from PySide6.QtWidgets import QVBoxLayout

from stepdesk.i18n import N_, Text
from stepdesk.ui.context import Context
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.pages import PageEntry
from stepdesk.ui.shell import MainWindow
from stepdesk.ui.sitting import Sitting
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import CautionBand
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.tile import Tile

BUILT: list[str] = []


class DemoPage(Page):
    id = "demo"
    help_page = "demo"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        BUILT.append("demo")
        self.visits: list[dict[str, object]] = []
        self.amount = NumberField()
        self.form = Form(context.speaker)
        self.form.add("amount", self.amount, N_("Amount"), hint=N_("In coins and notes"))
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addWidget(Tile(N_("Collect"), context.speaker, key="1", icon="hand-coins"))
        column.addWidget(StatusPill(context.speaker, Status.LATE))
        column.addWidget(CautionBand(context.speaker))
        self.button = MainButton(N_("Record"), context.speaker, key="undo-last")
        column.addWidget(self.button)
        self.learn(context.speaker)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Made up"))

    @override
    def speak(self) -> None:
        self.amount.setAccessibleName(self.context.speaker.tr(N_("Amount")))

    @override
    def shown(self, **arguments: object) -> None:
        self.visits.append(arguments)


ENTRIES = (
    PageEntry("today", "1", "house", N_("Today"), DemoPage),
    PageEntry("members", "2", "users", N_("Members"), DemoPage),
    PageEntry("claims", "4", "file-check", N_("Claims"), None),
    PageEntry("closing", "8", "calendar-check", N_("Closing"), DemoPage),
)


def window(
    lane: Lane, speaker: Speaker, *, practice: bool = False, idle: int = 300_000
) -> MainWindow:
    sitting = Sitting(
        desk=None,
        person=(7, "Awa Konaté"),
        book="Sirakorola",
        practice=practice,
        today=lambda: date(2026, 11, 23),
        idle=idle,
    )
    return MainWindow(sitting, lane=lane, speaker=speaker, entries=ENTRIES)


NO_SPACE = Text("The disk is full.")
