"""The forms of what may happen to a recorded certificate, one an act."""

import secrets
from functools import partial

from PySide6.QtCore import Qt, Signal

from stepdesk.claims.terms import AskedOf, OverrideEffect, RecoveredFrom
from stepdesk.complaints.terms import FiledBy
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.desk import Desk
from stepdesk.ui.claims import case_facts
from stepdesk.ui.claims.case_facts import Case, Otherwise, Reason, TakenBack
from stepdesk.ui.claims.case_form import CaseForm, Doing, reason_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import ClaimLineId, RequestId
from stepdesk.values.money import Money

_REASON = N_("Why? The reason is kept")


class QueryForm(CaseForm):
    """Puts a question to the provider or the member: the certificate waits for the answer."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(speaker, N_("Put certificate {number} aside and ask"), N_("Ask"))
        self._desk = desk
        self.whom = Choice(
            speaker,
            ((AskedOf.PROVIDER, N_("The provider")), (AskedOf.MEMBER, N_("The member"))),
            columns=2,
        )
        self.question = Field()
        self.form.add("asked_of", self.whom, N_("Who is asked?"))
        hint = N_("Nothing is decided until the answer is recorded; the days are counted.")
        self.ask("question", self.question, N_("Question"), hint=hint)

    @override
    def prepare(self, _case: Case, /) -> None:
        self.whom.choose(AskedOf.PROVIDER)
        self.question.setText("")

    @override
    def doing(self, case: Case) -> Doing:
        whom, question = self.whom.value(), self.question.text()
        desk = self._desk
        return lambda _accepting: case_facts.asked(desk, case.claim.id, whom, question)


class AnswerForm(CaseForm):
    """Records the answer to a question."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(speaker, N_("Answer about certificate {number}"), N_("Record the answer"))
        self._desk = desk
        self.asked = Words("", speaker, wrap=True)
        self.body.insertWidget(1, self.asked)
        self.answer = Field()
        self.ask("answer", self.answer, N_("Answer"))

    @override
    def prepare(self, case: Case, /) -> None:
        self.answer.setText("")
        one = case.asked
        if one is None:
            self.asked.say("")
            return
        told = N_("Asked on {day}, {count} day ago: {question}")
        many = N_("Asked on {day}, {count} days ago: {question}")
        values: dict[str, Value] = {
            "day": one.asked_on,
            "count": one.waiting,
            "question": one.told,
        }
        self.asked.say(Text(told, values, plural=many))

    @override
    def doing(self, case: Case) -> Doing:
        desk, answer = self._desk, self.answer.text()
        return lambda _accepting: case_facts.answered(desk, case.claim.id, answer)


class AdviserForm(CaseForm):
    """Sends a certificate to the medical adviser."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(
            speaker, N_("Send certificate {number} to the medical adviser"), N_("Send")
        )
        self._desk = desk
        self.note = Field()
        hint = N_("What should be looked at? Write nothing medical here: everybody reads it.")
        self.ask("note", self.note, N_("Note for the adviser"), hint=hint)

    @override
    def prepare(self, _case: Case, /) -> None:
        self.note.setText("")

    @override
    def doing(self, case: Case) -> Doing:
        desk, note = self._desk, self.note.text()
        return lambda _accepting: case_facts.sent_to_adviser(desk, case.claim.id, note)


class OtherwiseForm(CaseForm):
    """Decides otherwise than the rules on a line or on all; reason and second person are kept.

    Signals:
        foresee_wanted: What is chosen (`Otherwise`), to tell what it would come to.
    """

    foresee_wanted = Signal(object)

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(
            speaker,
            N_("Decide otherwise: {number}, {name}"),
            N_("Decide so"),
            signs=True,
        )
        self._desk = desk
        self._held = speaker
        self._reasons: tuple[Reason, ...] = ()
        self.line = ComboLine()
        self.effect = Choice(
            speaker,
            (
                (OverrideEffect.WAIVES, N_("A reason no longer counts")),
                (OverrideEffect.REFUSES, N_("It is refused")),
            ),
            columns=2,
        )
        self.code = ComboLine()
        self.reason = Field()
        self.foreseen = Words("", speaker, bold=True, wrap=True)
        self.ask("line", self.line, N_("What?"))
        self.form.add("effect", self.effect, N_("How?"))
        self.ask("code", self.code, N_("Reason, and who decides on it"))
        self.ask("reason", self.reason, _REASON)
        self.body.insertWidget(3, self.foreseen)
        self.line.currentIndexChanged.connect(self._offer)
        self.effect.chosen.connect(self._offer)
        self.code.currentIndexChanged.connect(self._foresee)

    @override
    def prepare(self, case: Case, /) -> None:
        self.reason.setText("")
        self.foreseen.say("")
        self.line.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.line.clear()
        self.line.addItem(self._held.tr(N_("The whole certificate")), None)
        for one in case.claim.lines:
            self.line.addItem(one.name, one.id)
        self.line.setCurrentIndex(0)
        self.line.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self.effect.choose(OverrideEffect.WAIVES)

    @override
    def start(self, case: Case) -> None:
        super().start(case)
        self._offer()

    def choose_line(self, at: int) -> None:
        """Take the line the cursor was on; the first is number 0."""
        if 0 <= at < self.line.count() - 1:
            self.line.setCurrentIndex(at + 1)

    def _offer(self, *_told: object) -> None:
        """Offer the reasons of what is chosen."""
        if self.case is None:
            return
        line_id: ClaimLineId | None = self.line.currentData()
        waives = self.effect.value() is OverrideEffect.WAIVES
        self._reasons = (
            case_facts.reasons_on(self.case.claim, line_id)
            if waives
            else case_facts.reasons_to_refuse()
        )
        self.code.clear()
        for one in self._reasons:
            self.code.addItem(reason_words(self._held, one), one.code)
        none = waives and not self._reasons
        self.form.show_error_gone("code")
        if none:
            told = N_("Nothing was refused or lowered here. Choose a line, or refuse it.")
            self.form.show_error("code", Text(told))

    def told(self) -> Otherwise | None:
        """Return what is chosen, None while there is no reason to choose."""
        code = self.code.currentData()
        if not isinstance(code, ReasonCode):
            return None
        return Otherwise(
            code,
            self.effect.value(),
            self.line.currentData(),
            self.reason.text(),
            None if self.second is None else self.second.signer(),
        )

    def _foresee(self, *_told: object) -> None:
        self.foreseen.say("")
        told = self.told()
        if told is not None:
            self.foresee_wanted.emit(told)

    def show_foreseen(self, amount: Money | None) -> None:
        """Tell what the scheme would pay then."""
        if amount is None or self.case is None:
            self.foreseen.say("")
            return
        values: dict[str, Value] = {
            "amount": amount,
            "before": self.case.claim.paid or Money(0, amount.currency),
        }
        told = N_("The scheme would pay {amount}; now it pays {before}.")
        self.foreseen.say(Text(told, values))

    @override
    def send(self) -> None:
        if self.told() is None:
            told = N_("Choose what is decided otherwise.")
            self.form.show_refusal_of("code", Text(told))
            return
        super().send()

    @override
    def doing(self, case: Case) -> Doing:
        told = self.told()
        if told is None:
            raise ValueError("no reason is chosen")
        return partial(case_facts.decided_otherwise, self._desk, case.claim.id, told)


class AppealForm(CaseForm):
    """Files an appeal against a decision in the register of complaints."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(
            speaker, N_("Appeal against the decision on certificate {number}"), N_("File it")
        )
        self._desk = desk
        self._request = RequestId(b"")
        self.who = Choice(
            speaker,
            (
                (FiledBy.MEMBER, N_("The member")),
                (FiledBy.PROVIDER, N_("The provider")),
                (FiledBy.OTHER, N_("Somebody else")),
            ),
        )
        self.says = Field()
        self.form.add("filed_by", self.who, N_("Who appeals?"))
        hint = N_("In their words. The board hears it and decides; the deadlines are counted.")
        self.ask("told", self.says, N_("What do they say?"), hint=hint)

    @override
    def prepare(self, _case: Case, /) -> None:
        self._request = RequestId(secrets.token_bytes(16))
        self.who.choose(FiledBy.MEMBER)
        self.says.setText("")

    @override
    def doing(self, case: Case) -> Doing:
        who, says = self.who.value(), self.says.text()
        return partial(case_facts.appealed, self._desk, self._request, case.claim, who, says)


class TakeBackForm(CaseForm):
    """Takes a paid certificate back: what was paid is recovered from provider or member."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(
            speaker,
            N_("Take back what was paid for certificate {number}: {name}"),
            N_("Take the payment back"),
            signs=True,
        )
        self._desk = desk
        self._held = speaker
        self.code = ComboLine()
        self.whom = Choice(
            speaker,
            (
                (RecoveredFrom.PROVIDER, N_("The provider, on its next payment")),
                (RecoveredFrom.MEMBER, N_("The member, who owes it")),
            ),
            columns=2,
        )
        self.reason = Field()
        self.ask("code", self.code, N_("Reason, and who decides on it"))
        self.form.add("recovered_from", self.whom, N_("Who gives it back?"))
        self.ask("reason", self.reason, _REASON)

    @override
    def prepare(self, _case: Case, /) -> None:
        self.code.clear()
        for one in case_facts.reasons_to_take_back():
            self.code.addItem(reason_words(self._held, one), one.code)
        self.whom.choose(RecoveredFrom.PROVIDER)
        self.reason.setText("")
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def doing(self, case: Case) -> Doing:
        told = TakenBack(
            self.code.currentData(),
            self.whom.value(),
            self.reason.text(),
            None if self.second is None else self.second.signer(),
        )
        return partial(case_facts.taken_back, self._desk, case.claim.id, told)
