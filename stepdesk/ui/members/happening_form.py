"""The form of one event: its questions, what it would do, and what is doubted or refused.

Drafts survive: what was typed for a household comes back when the form is opened again.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Colleague
from stepdesk.ui import theme
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.members.answers import NEEDED, Answer, Finder, answer_for
from stepdesk.ui.members.asks import Ask, Choices, Happening, Known, Told
from stepdesk.ui.members.beside import Beside
from stepdesk.ui.members.effects import Effects
from stepdesk.ui.members.known import Effect
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.money import Currency

_WIDEST = 640  # pixels of the design: a line of typing is not longer
_SOON = 150  # milliseconds after the last key until the effect is reckoned

Draft = dict[str, object]


class HappeningForm(QWidget, Dressed):
    """Asks what an event needs, shows its effect, and sends it.

    Signals:
        wanted: A `Told`: it is to be written down.
        effect_wanted: The happening, what is known and the answers: what would it do?
        left: The person went back; what was typed stays.
    """

    wanted = Signal(object)
    effect_wanted = Signal(object, object, object)
    left = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        currency: Currency,
        search: Callable[[Finder, str], object],
    ) -> None:
        super().__init__()
        self._speaker, self._today, self._search = speaker, today, search
        self.happening: Happening | None = None
        self.known: Known | None = None
        self.answers: dict[str, Answer] = {}
        self._offered: dict[str, Choices] = {}
        self._first: dict[str, object] = {}
        self._drafts: dict[tuple[HouseholdId, str], Draft] = {}
        self._person: PersonId | None = None
        self._filling = False
        self._busy = False
        self.title = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.lead = Words("", speaker, muted=True, wrap=True)
        self.form = Form(speaker)
        self.second = SecondPerson(speaker)
        self.caution = CautionBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.effects = Effects(speaker, currency)
        self.beside = Beside(speaker)
        self.save = MainButton(N_("Record   Ctrl+Enter"), speaker)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._place()
        self._connect()
        self.wear()

    def _place(self) -> None:
        self._left = QWidget()
        self._fields = QVBoxLayout(self._left)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.addWidget(self.form)
        self._fields.addWidget(self.second)
        self._fields.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        buttons = QHBoxLayout()
        for widget in (self.title, self.lead):
            self._column.addWidget(widget)
        self._right = QWidget()
        self._side = QVBoxLayout(self._right)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.addWidget(self.beside)
        self._side.addWidget(self.effects, 1)
        self._column.addWidget(Sides(self._left, self._right, shares=(1, 1)))
        for band in (self.trouble, self.caution):
            self._column.addWidget(band)
        self._column.addLayout(buttons)
        self._column.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        self.second.hide()

    def _connect(self) -> None:
        self._soon.timeout.connect(self._ask_effect)
        self.save.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.second.entered.connect(self.send)
        self.caution.accepted.connect(self._send)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setSpacing(now.px(12))
        self._fields.setSpacing(now.px(12))
        self._side.setSpacing(now.px(16))
        self._left.setMaximumWidth(now.px(_WIDEST))

    # Opening

    def start(self, happening: Happening, known: Known, person_id: PersonId | None) -> None:
        """Ask for this event; what was typed before for this household is still there."""
        self.keep()
        self.happening, self.known, self._person = happening, known, person_id
        self.title.say(happening.words)
        self.lead.say(happening.lead)
        self._filling = True
        self._build(happening)
        self._fill(self._drafts.get((known.file.id, happening.id)))
        self._filling = False
        self.second.hide()
        self.caution.hide()
        self.trouble.hide()
        self._compare()
        self.effects.clear(shown=happening.foreseen)
        self.free()
        self.focus_first()
        self._soon.start()

    def keep(self) -> None:
        """Keep what was typed for the next time this form is opened."""
        if self.happening is None or self.known is None:
            return
        key = (self.known.file.id, self.happening.id)
        draft = {
            name: one.draft()
            for name, one in self.answers.items()
            if one.draft() != self._first.get(name)
        }
        if draft:
            self._drafts[key] = draft
        else:
            self._drafts.pop(key, None)

    def done(self) -> None:
        """Forget what was typed: it is recorded."""
        if self.happening is not None and self.known is not None:
            self._drafts.pop((self.known.file.id, self.happening.id), None)
        self.happening = self.known = None

    def _build(self, happening: Happening) -> None:
        old = self.form
        self.form = Form(self._speaker)
        self._fields.replaceWidget(old, self.form)
        old.hide()
        old.deleteLater()
        self.answers = {}
        self._offered, self._first = {}, {}
        for ask in happening.asks:
            answer = answer_for(ask, self._speaker, self._today, self._search)
            self.form.add(ask.name, answer, ask.label, hint=ask.hint, width=ask.width)
            answer.name(self._speaker.tr(ask.label))
            self.answers[ask.name] = answer
            answer.changed.connect(self._changed)
            answer.entered.connect(self._next)

    def _fill(self, draft: Draft | None) -> None:
        """Offer, start from what the book says, and put back what was typed, in that order."""
        if self.happening is None or self.known is None:
            return
        for ask in self.happening.asks:
            answer, so_far = self.answers[ask.name], self.so_far(before=ask.name)
            self._offer(ask, answer, so_far)
            if ask.first is not None:
                answer.put(ask.first(self.known, so_far))
            elif ask.name == "person_id" and self._person is not None:
                answer.put(self._person)
            self._first[ask.name] = answer.draft()
            if draft is not None and ask.name in draft:
                answer.take_up(draft[ask.name])
            self.form.show_row(ask.name, shown=ask.when(self.known, so_far))

    def _offer(self, ask: Ask, answer: Answer, so_far: dict[str, Any]) -> bool:
        """Show the choices of a question; whether they are others than before."""
        if ask.choices is None or self.known is None:
            return False
        choices = tuple(ask.choices(self.known, so_far))
        if self._offered.get(ask.name) == choices:
            return False
        self._offered[ask.name] = choices
        answer.offer(choices)
        return True

    # Answering

    def so_far(self, *, before: str = "") -> dict[str, Any]:
        """Return what was answered, of the questions before that one; what is wrong is None."""
        found: dict[str, Any] = {}
        if self.happening is None or self.known is None:
            return found
        for ask in self.happening.asks:
            if ask.name == before:
                break
            if ask.when(self.known, found):
                try:
                    found[ask.name] = self.answers[ask.name].value()
                except Refusal:
                    found[ask.name] = None
        return found

    def _changed(self) -> None:
        if self._filling or self.happening is None or self.known is None:
            return
        sender = self.sender()
        name = next((name for name, one in self.answers.items() if one is sender), "")
        if name:
            self.form.show_error_gone(name)
        self.caution.hide()
        self._filling = True
        self._follow(name)
        self._filling = False
        self._compare()
        self._soon.start()

    def _follow(self, changed: str) -> None:
        """Reckon anew what hangs on an answer."""
        if self.happening is None or self.known is None:
            return
        moved = {changed}
        for ask in self.happening.asks:
            so_far = self.so_far(before=ask.name)
            answer = self.answers[ask.name]
            others = self._offer(ask, answer, so_far)
            if ask.follows in moved or others:
                moved.add(ask.name)
                if ask.first is not None and ask.follows:
                    answer.put(ask.first(self.known, so_far))
                    self._first[ask.name] = answer.draft()
            self.form.show_row(ask.name, shown=ask.when(self.known, so_far))

    def _compare(self) -> None:
        """Show whom a form has found beside the one of this household."""
        answer = self.answers.get("other_id")
        if self.known is None or not isinstance(answer, Finder):
            self.beside.compare(None, None)
            return
        self.beside.compare(self.known.person(self.so_far().get("person_id")), answer.chosen)

    def _next(self) -> None:
        sender = self.sender()
        names = [name for name, one in self.answers.items() if not one.isHidden()]
        at = next((at for at, name in enumerate(names) if self.answers[name] is sender), None)
        if at is None or at + 1 >= len(names):
            self.save.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.answers[names[at + 1]].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_first(self) -> None:
        """Put the cursor where something is to be typed."""
        for answer in self.answers.values():
            if not answer.isHidden():
                answer.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def _problems(self) -> dict[str, Text]:
        """Return what is wrong or missing, by question."""
        found: dict[str, Text] = {}
        if self.happening is None or self.known is None:
            return found
        so_far = self.so_far()
        for ask in self.happening.asks:
            if ask.name not in so_far:
                continue
            try:
                value = self.answers[ask.name].value()
            except Refusal as refusal:
                found[ask.name] = refusal.text
            else:
                if value is None and ask.needed:
                    found[ask.name] = Text(NEEDED)
        return found

    def whole(self) -> dict[str, Any] | None:
        """Return the answers, those left out as None; None while something is missing."""
        if self.happening is None or self._problems():
            return None
        return self.so_far()

    def _ask_effect(self) -> None:
        if self.happening is None or self.known is None or not self.happening.foreseen:
            return
        if not self.isVisible():
            return
        answers = self.whole()
        if answers is None:
            self.effects.wait()
            return
        self.effect_wanted.emit(self.happening, self.known, answers)

    def show_effect(self, happening: Happening, answers: dict[str, Any], effect: Effect) -> None:
        """Show what was reckoned, unless something else was typed meanwhile."""
        if happening is self.happening and answers == self.whole() and self.known is not None:
            self.effects.show_effect(effect, self.known)

    # Sending

    def send(self) -> None:
        """Record it."""
        self._send(frozenset(), "")

    def _send(self, accepting: frozenset[str], reason: str) -> None:
        if self._busy or self.happening is None or self.known is None:
            return
        self.form.clear()
        self.caution.hide()
        problems = self._problems()
        for name, text in reversed(problems.items()):
            self._mark(name, text)
        if problems:
            return
        signing = not self.second.isHidden()
        if signing and not self.second.ready():
            return
        self._busy = True
        signer = self.second.signer() if signing else None
        told = Told(self.happening, self.known, self.so_far(), accepting, reason, signer)
        self.wanted.emit(told)

    def free(self) -> None:
        """Let the form be sent again."""
        self._busy = False

    def _mark(self, name: str, text: Text) -> None:
        self.form.show_refusal_of(name, text)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why it was not recorded."""
        self.free()
        if self.happening is None:
            return
        if refusal.field in {"second", "second_password"} and not self.second.isHidden():
            self.second.form.show_refusal(refusal)
            return
        field = self.happening.fields.get(refusal.field, refusal.field)
        self.form.clear()
        self._mark(field if field in self.answers else "", refusal.text)

    def ask_second(self, others: Sequence[Colleague], *, solo: bool) -> None:
        """Let a second person sign."""
        self.free()
        self.second.start(others, solo=solo)
        self.second.show()
        self.second.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def doubt(self, caution: Caution) -> None:
        """Show what is doubted, and wait for a reason."""
        self.free()
        self.caution.show_caution(caution)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was recorded."""
        self.free()
        self.trouble.show_trouble(trouble)
