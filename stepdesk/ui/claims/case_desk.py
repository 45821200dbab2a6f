"""Everything that is done with a recorded certificate: its forms, one at a time, and their acts."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.ui.claims import case_facts
from stepdesk.ui.claims.case_facts import Case, Medical, Otherwise
from stepdesk.ui.claims.case_form import CaseForm, Doing, run
from stepdesk.ui.claims.case_forms import (
    AdviserForm,
    AnswerForm,
    AppealForm,
    OtherwiseForm,
    QueryForm,
    TakeBackForm,
)
from stepdesk.ui.claims.review_form import ReviewForm
from stepdesk.ui.context import Context
from stepdesk.values.money import Money

_DONE: Mapping[str, str] = {
    "ask": N_("Certificate {number} is put aside until the answer is there."),
    "answer": N_("The answer about certificate {number} is recorded."),
    "adviser": N_("Certificate {number} is with the medical adviser."),
    "otherwise": N_("Certificate {number} is decided otherwise."),
    "appeal": N_("The appeal about certificate {number} is filed."),
    "back": N_("Certificate {number} is taken back; what was paid is recovered."),
    "medical": N_("Certificate {number} is reviewed."),
    "check": N_("The papers of certificate {number} are in order."),
}


class CaseDesk(QObject):
    """Shows the form of an act, does it on the lane, and tells when it is done.

    Signals:
        form_wanted: A form that is to be shown (a widget).
        done: What was done is written: a sentence for the toast.
        left: The person went back.
        refused: What cannot be done with no form to say it in (a `Text`).
    """

    form_wanted = Signal(object)
    done = Signal(object)
    left = Signal()
    refused = Signal(object)

    def __init__(self, context: Context, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._lane, self._desk, self._owner = context.lane, desk, owner
        speaker = context.speaker
        self.query = QueryForm(speaker, desk)
        self.answer = AnswerForm(speaker, desk)
        self.otherwise = OtherwiseForm(speaker, desk)
        self.appeal = AppealForm(speaker, desk)
        self.take_back = TakeBackForm(speaker, desk)
        self.medical = ReviewForm(speaker, desk)
        self.forms: dict[str, CaseForm] = {
            "ask": self.query,
            "answer": self.answer,
            "adviser": AdviserForm(speaker, desk),
            "otherwise": self.otherwise,
            "appeal": self.appeal,
            "back": self.take_back,
            "medical": self.medical,
        }
        for name, form in self.forms.items():
            form.sent.connect(partial(self._send, name, form))
            form.dismissed.connect(self.left)
        self.otherwise.foresee_wanted.connect(self._foresee)

    def start(self, name: str, case: Case, *, line: int = 0) -> None:
        """Begin an act on a certificate; `line` is the one the cursor was on."""
        if name == "check":
            self._do(name, case)
        elif name == "medical":
            self._lane.do(
                partial(case_facts.medical_of, self._desk, case.claim),
                partial(self._medical, case),
                refused=self._say,
                owner=self._owner,
            )
        else:
            form = self.forms[name]
            self.form_wanted.emit(form)
            form.start(case)
            if form is self.otherwise and len(case.claim.lines) > 1:
                self.otherwise.choose_line(line)

    def _medical(self, case: Case, medical: Medical) -> None:
        self.form_wanted.emit(self.medical)
        self.medical.show_medical(case, medical)

    def _say(self, problem: Refusal | Trouble) -> None:
        self.refused.emit(problem.text)

    def _do(self, name: str, case: Case) -> None:
        self._lane.do(
            partial(case_facts.checked, self._desk, case.claim.id),
            partial(self._done, name, case),
            refused=self._say,
            owner=self._owner,
        )

    def _send(self, name: str, form: CaseForm, doing: Doing, accepting: frozenset[str]) -> None:
        if form.case is not None:
            run(self._lane, form, doing, accepting, partial(self._done, name, form.case))

    def _done(self, name: str, case: Case, _result: object) -> None:
        number = case.claim.certificate or case.claim.number
        self.done.emit(Text(_DONE[name], {"number": number}))

    def _foresee(self, told: Otherwise) -> None:
        case = self.otherwise.case
        if case is None:
            return
        self._lane.do(
            partial(case_facts.foreseen, self._desk, case.claim.id, told),
            partial(self._foreseen, told),
            owner=self._owner,
        )

    def _foreseen(self, told: Otherwise, amount: Money | None) -> None:
        now = self.otherwise.told()
        same = now is not None and (now.code, now.effect, now.line_id) == (
            told.code,
            told.effect,
            told.line_id,
        )
        if same:
            self.otherwise.show_foreseen(amount)
