"""A form about one certificate: what it asks for, who signs, and what the rules say to it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from stepdesk.claims import rules
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Colleague
from stepdesk.ui import theme
from stepdesk.ui.claims.case_facts import Case, Reason
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import Reveal
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.overriding import override
from stepdesk.ui.scheme.facts import ROLES
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tasks import Lane
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.words import Size, Words

Doing = Callable[[frozenset[str]], object]
"""What is done on the lane, given the doubts that were looked at."""


class AskForm(Card, Speaking):
    """Asks for what one act needs; sent by Enter in its last field.

    A doubt is shown and accepted by sending once more; a refusal stands beside its field, and what
    was typed stays.

    Args:
        speaker: Says the texts.
        button: What it does.
        signs: Whether a second person signs.

    Signals:
        sent: What is to be done (`Doing`), with the doubts accepted so far (a frozenset).
        dismissed: Nothing is to be done.
    """

    sent = Signal(object, object)
    dismissed = Signal()

    def __init__(self, speaker: Speaker, button: str, *, signs: bool = False) -> None:
        super().__init__(margin=12)
        self._accepting: frozenset[str] = frozenset()
        self.head = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.form = Form(speaker)
        self.second = SecondPerson(speaker) if signs else None
        self.doubt = NoticeBand(speaker)
        self.button = MainButton(button, speaker)
        self.keep = PlainButton(N_("Go back"), speaker, key="back")
        self._reveal = Reveal(self.button)
        self._labels: dict[QWidget, str] = {}
        for widget in (self.head, self.trouble, self.form, self.second, self.doubt):
            if widget is not None:
                self.body.addWidget(widget)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.button)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        self.body.addStretch(1)
        self.button.clicked.connect(self.send)
        self.keep.clicked.connect(self.dismissed)
        if self.second is not None:
            self.second.entered.connect(self.send)
        self.learn(speaker)

    @override
    def dress(self) -> None:
        super().dress()
        # As much as a clerk has to see at once stands on a small screen.
        self.body.setSpacing(theme.current().px(6))

    def ask(
        self, name: str, widget: QWidget, label: str, *, hint: str = "", width: int = 0
    ) -> None:
        """Add a field; Enter in a line goes to the next field, in the last one it sends."""
        self.form.add(name, widget, label, hint=hint, width=width)
        self._labels[widget] = label
        if isinstance(widget, QLineEdit):
            widget.returnPressed.connect(partial(self._on, widget))
            widget.textEdited.connect(self._edited)
        elif isinstance(widget, ComboLine):
            widget.entered.connect(partial(self._on, widget))
            widget.currentIndexChanged.connect(self._edited)
        self.speak()

    @override
    def speak(self) -> None:
        for widget, label in getattr(self, "_labels", {}).items():
            widget.setAccessibleName(self.speaker.tr(label))

    def begin(self, head: Text, others: Sequence[Colleague] = (), *, solo: bool = True) -> None:
        """Ask afresh; the cursor goes to the first field."""
        self._accepting = frozenset()
        self.head.say(head)
        self.form.clear()
        self.trouble.hide()
        self.doubt.show_texts(())
        self.button.setEnabled(True)
        if self.second is not None:
            self.second.start(others, solo=solo)
        fields = [one for one in self._labels if not one.isHidden()]
        if fields:
            fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def what(self) -> Doing:
        """Return what is to be done with what was typed."""
        raise NotImplementedError

    def send(self) -> None:
        """Do it."""
        if not self.button.isEnabled() or self.button.isHidden():
            return
        self.form.clear()
        if self.form.wrong() or (self.second is not None and not self.second.ready()):
            return
        self.button.setEnabled(False)
        self.sent.emit(self.what(), self._accepting)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why it was not done."""
        self._free()
        second = refusal.field in {"second", "second_password"}
        if second and self.second is not None and self.second.needed():
            self.second.form.show_refusal(refusal)
            return
        self.form.show_refusal(refusal)

    def look_again(self, caution: Caution) -> None:
        """Show what is to be looked at; sending once more accepts it."""
        self._free()
        self._accepting = frozenset(doubt.name for doubt in caution.doubts)
        again = Text(N_("Press the button once more if it is right; or correct it."))
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        self._reveal.begin()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was done."""
        self._free()
        text = N_("{trouble} Nothing was recorded; what you typed is still here.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _free(self) -> None:
        self.button.setEnabled(True)

    def _edited(self, *_told: object) -> None:
        # What was looked at belongs to what was typed then.
        self._accepting = frozenset()
        self.doubt.show_texts(())

    def _on(self, widget: QWidget) -> None:
        fields = [one for one in self._labels if not one.isHidden()]
        at = fields.index(widget) + 1
        if at < len(fields):
            fields[at].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.second is not None and self.second.needed():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.send()


class CaseForm(AskForm):
    """Asks for what one act on a recorded certificate needs.

    Args:
        speaker: Says the texts.
        title: Its heading, with {number}, {name} and {amount} of the certificate.
        button: What it does.
        signs: Whether a second person signs.
    """

    def __init__(self, speaker: Speaker, title: str, button: str, *, signs: bool = False) -> None:
        super().__init__(speaker, button, signs=signs)
        self._title = title
        self.case: Case | None = None

    def start(self, case: Case) -> None:
        """Ask afresh about a certificate."""
        self.case = case
        claim = case.claim
        values: dict[str, Value] = {
            "number": claim.certificate or claim.number,
            "name": claim.patient,
            "amount": claim.claimed,
        }
        self.prepare(case)
        self.begin(Text(self._title, values), case.others, solo=case.solo)

    def prepare(self, case: Case, /) -> None:
        """Empty the fields, or fill them with what is likely."""

    def doing(self, case: Case) -> Doing:
        """Return what is to be done with what was typed."""
        raise NotImplementedError

    @override
    def what(self) -> Doing:
        if self.case is None:
            raise ValueError("no certificate is shown")
        return self.doing(self.case)


def run(
    lane: Lane,
    form: AskForm,
    doing: Doing,
    accepting: frozenset[str],
    then: Callable[[Any], object],
) -> None:
    """Do on the lane what a form asks for; what the rules say to it stands in the form."""
    lane.do(
        partial(doing, accepting),
        then,
        refused=form.refuse,
        cautioned=form.look_again,
        troubled=form.fail,
        owner=form,
    )


def reason_words(speaker: Speaker, one: Reason) -> str:
    """Return a reason as the list shows it: code, words and who decides on it."""
    values: dict[str, Value] = {"code": one.code.value, "reason": rules.reason(one.code)}
    if one.decides is None:
        return speaker.say(Text(N_("{code} · {reason} · on appeal alone"), values))
    values["role"] = Text(ROLES[one.decides])
    return speaker.say(Text(N_("{code} · {reason} · {role}"), values))
