"""Which day is it? Asked when the laptop's clock cannot be right; nothing is refused for it."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.words import Size, Words


class DayPage(QWidget, Dressed):
    """Asks for the day before anything can be recorded.

    Signals:
        confirmed: The day.
    """

    confirmed = Signal(object)

    def __init__(self, speaker: Speaker, *, clock_day: date, last: date) -> None:
        super().__init__()
        self._card = Card(margin=32)
        self.field = DateField(last)
        self.form = Form(speaker)
        self.button = MainButton(N_("This is the day"), speaker, icon="calendar-check")
        self._card.body.addWidget(
            Words(N_("Which day is it?"), speaker, size=Size.NAME, bold=True)
        )
        told = Text(
            N_(
                "The clock of this laptop says {clock}, but the last work in this book was on "
                "{last}. Everything you record is dated by the day you type here."
            ),
            {"clock": clock_day, "last": last},
        )
        self._card.body.addWidget(Words(told, speaker, wrap=True))
        self.form.add(
            "day",
            self.field,
            N_("Today is"),
            hint=N_("Type it as 14, 14/10 or 14/10/2026."),
            width=200,
        )
        self._card.body.addWidget(self.form)
        self._card.body.addWidget(self.button)
        self.field.set_day(clock_day)
        self.field.returnPressed.connect(self._send)
        self.button.clicked.connect(self._send)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.wear()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def dress(self) -> None:
        self._card.setFixedWidth(theme.current().px(528))

    def _send(self) -> None:
        day = self.field.day()
        if day is None:
            self.form.show_error(
                "day", Text(N_("This is not a day. Type it as 14, 14/10 or 14/10/2026."))
            )
            return
        self.confirmed.emit(day)
