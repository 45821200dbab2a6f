"""What a certificate shows besides its lines: the visit, a guarantee letter, the last day."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from stepdesk.claims.terms import Visit
from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.claims.fields import labelled
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.number_field import NumberField

_VISITS = (
    (Visit.OTHER, N_("Came by themselves")),
    (Visit.REFERRAL, N_("Was referred")),
    (Visit.EMERGENCY, N_("Emergency")),
)
_LABELS = {
    "until": N_("Last day, in hospital"),
    "guarantee": N_("Number of the guarantee letter"),
    "hours": N_("Declared after how many hours?"),
    "diagnosis": N_("Diagnosis"),
}


class PapersRow(QWidget, Dressed, Speaking):
    """The fields most certificates do not need; hidden until their key is pressed.

    Signals:
        changed: Something was typed or chosen.
    """

    changed = Signal()

    def __init__(self, speaker: Speaker, today: date, *, medical: bool) -> None:
        super().__init__()
        self.visit = Choice(speaker, _VISITS)
        self.until = DateField(today)
        self.guarantee = Field()
        self.hours = NumberField()
        self.diagnosis = Field()
        self._fields: dict[str, Field] = {
            "until": self.until,
            "guarantee": self.guarantee,
            "hours": self.hours,
            "diagnosis": self.diagnosis,
        }
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.visit)
        self._grid = QGridLayout()
        self._column.addLayout(self._grid)
        for at, (name, field) in enumerate(self._fields.items()):
            holder = QWidget()
            self._grid.addWidget(holder, at // 2, at % 2)
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            labelled(column, _LABELS[name], field, speaker)
            holder.setVisible(medical or name != "diagnosis")
            field.textEdited.connect(self._edited)
        self.visit.chosen.connect(self._edited)
        self.hide()
        self.wear()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        for name, field in self._fields.items():
            field.setAccessibleName(self.speaker.tr(_LABELS[name]))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(6))
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(4))

    @property
    def fields(self) -> dict[str, Field]:
        return self._fields

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        typed = any(field.text().strip() for field in self._fields.values())
        return typed or self.visit.value() is not Visit.OTHER

    def clear(self, near: date) -> None:
        """Empty it; a last day without a month is in that of `near`."""
        self.until.near = near
        for field in self._fields.values():
            field.setText("")
            field.mark_wrong(wrong=False)
        self.visit.choose(Visit.OTHER)
        self.hide()

    def _edited(self, *_told: object) -> None:
        self.changed.emit()
