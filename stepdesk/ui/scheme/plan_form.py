"""The form of a plan's version: ten questions first, the others in groups behind a button."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.contributions.terms import PlanVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.members.ask_form import AskForm, go_on
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.plan_asks import CHOICES, first_asks, hidden, more_asks, own_lines
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import PlanId, PlanVersionId
from stepdesk.values.money import Currency

_MORE = N_("All parameters")
_FEWER = N_("Only the most needed")
_DEFAULTS = {one.name: one.default for one in fields(PlanVersion)}


def blank(day: date) -> PlanVersion:
    """Return a version as one is proposed where there is none; its plan is not written yet."""
    return PlanVersion(PlanVersionId(b""), PlanId(b""), "", "", day)


class PlanForm(QWidget, Dressed):
    """Every parameter of a version.

    Signals:
        changed: An answer may be another one.
        entered: Enter was pressed in the last field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._based = blank(today)
        own = own_lines(speaker, currency.exponent)
        first = AskForm(speaker, today, first_asks(currency.exponent), CHOICES, own)
        self.parts = [first]
        self.more = QWidget()
        self._groups = QVBoxLayout(self.more)
        self._groups.setContentsMargins(0, 0, 0, 0)
        self.toggle = PlainButton(_MORE, speaker)
        self._column.addWidget(first)
        self._column.addWidget(self.toggle)
        self._column.addWidget(self.more)
        for group in more_asks(currency.exponent):
            part = AskForm(speaker, today, group.columns, CHOICES, own)
            self._groups.addWidget(Words(group.title, speaker, size=Size.SECTION, bold=True))
            self._groups.addWidget(part)
            self.parts.append(part)
        self.answers: dict[str, Answer] = {}
        for part in self.parts:
            self.answers |= part.answers
            part.changed.connect(self._changed)
            part.entered.connect(self._next)
        self.more.hide()
        self.toggle.clicked.connect(self._turn)
        self._arrange()
        self._drafts = self._typed()
        self.wear()

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(16))
        self._groups.setSpacing(theme.current().px(16))

    def put(self, version: PlanVersion, *, first_day: date | None = None) -> None:
        """Start from a version, for another one from a day on; one without a plan asks its code."""
        self._based = version
        told = {name: getattr(version, name) for name in self.answers}
        told["first_day"] = first_day or version.first_day
        for part in self.parts:
            part.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
            part.put(told)
            part.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self._drafts = self._typed()
        self._changed()

    @property
    def touched(self) -> bool:
        """Whether anything was typed since it was started."""
        return self._typed() != self._drafts

    def _typed(self) -> dict[str, object]:
        return {name: answer.draft() for name, answer in self.answers.items()}

    def version(self) -> PlanVersion | None:
        """Return the version the form describes; None after showing what is wrong or missing."""
        gone, told, wrong = self._gone(), dict[str, Any](), False
        for part in reversed(self.parts):
            found = part.values(without=gone)
            if found is None:
                wrong = True
                if part is not self.parts[0]:
                    self.open_more()
            else:
                told |= found
        return None if wrong else self._made(told, gone)

    def draft(self) -> PlanVersion:
        """Return the version typed so far, without showing what is wrong.

        Raises:
            Refusal: when something is missing or cannot be read; its field is named.
        """
        gone, told = self._gone(), dict[str, Any]()
        for part in self.parts:
            told |= part.told(without=gone)
        return self._made(told, gone)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        for part in self.parts:
            part.clear()
        part = next((one for one in self.parts if refusal.field in one.answers), self.parts[0])
        if part is not self.parts[0]:
            self.open_more()
        part.refuse(refusal)

    def error(self, name: str) -> str:
        """Return the error beside a field, or nothing."""
        part = next((one for one in self.parts if name in one.answers), self.parts[0])
        return part.error(name)

    def open_more(self) -> None:
        """Show the questions behind the first ones."""
        self.more.show()
        self.toggle.say(_FEWER)

    def _turn(self) -> None:
        if self.more.isHidden():
            self.open_more()
            return
        self.more.hide()
        self.toggle.say(_MORE)

    def _gone(self) -> frozenset[str]:
        code = frozenset() if not self._based.plan_id else frozenset({"code"})
        basis, periodicity = (self.answers[name].value() for name in ("basis", "periodicity"))
        return code | hidden(basis, periodicity)

    def _made(self, told: dict[str, Any], gone: frozenset[str]) -> PlanVersion:
        kept = {name: _DEFAULTS[name] for name in gone if name != "code"}
        told |= kept
        return replace(self._based, **told)

    def _arrange(self) -> None:
        gone = self._gone()
        for part in self.parts:
            part.show_only([name for name in part.answers if name not in gone])

    def _changed(self) -> None:
        self._arrange()
        self.changed.emit()

    def _next(self) -> None:
        parts = self.parts[:1] if self.more.isHidden() else self.parts
        if not go_on(parts, self.sender()):
            self.entered.emit()
