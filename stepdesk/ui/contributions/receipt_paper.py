"""On what a receipt is printed: half a sheet, or the roll of a small printer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtWidgets import QWidget

from stepdesk.contributions.queries import receipts_of_session
from stepdesk.contributions.terms import Receipt
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.store.settings import read_settings, write_settings
from stepdesk.ui.printing import show_paper
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.values.ids import PaymentId, SessionId

A5, A4 = "a5", "a4"
_FORMS = {A5: N_("Paper: A5"), "58": N_("Paper: roll of 58 mm"), "80": N_("Paper: roll of 80 mm")}


class ReceiptPaper(PlainButton):
    """Goes from one paper to the next. Kept on this laptop: the printer stands beside it."""

    def __init__(self, speaker: Speaker) -> None:
        told = read_settings().receipt_paper
        self.form = told if told in _FORMS else A5
        super().__init__(_FORMS[self.form], speaker)
        self.clicked.connect(self._turn)

    def _turn(self) -> None:
        forms = list(_FORMS)
        self.form = forms[(forms.index(self.form) + 1) % len(forms)]
        write_settings(replace(read_settings(), receipt_paper=self.form))
        self.say(_FORMS[self.form])


def paper_of(desk: Desk, payment_id: PaymentId, form: str) -> tuple[Receipt, bytes]:
    """Draw a receipt as it is printed now, an original or which copy, in the papers' language."""
    from stepdesk.contributions.papers import receipt_pdf, roll_pdf
    from stepdesk.contributions.service import receipt_to_print
    from stepdesk.paper.thermal import ROLLS

    drawn = receipt_to_print(desk, payment_id)
    language = desk.ask(scheme_on, desk.today).language
    if form in ROLLS:
        return drawn, roll_pdf(drawn, ROLLS[form], language)
    return drawn, receipt_pdf(drawn, language)


def papers_of(desk: Desk, session_id: SessionId) -> tuple[tuple[Receipt, ...], bytes]:
    """Draw the receipts of a session that still count, four on a sheet, the first one first.

    Raises:
        Refusal: when there is none.
    """
    from stepdesk.contributions.papers import receipts_pdf
    from stepdesk.contributions.service import receipt_to_print

    counting = [
        one.payment_id
        for one in reversed(desk.ask(receipts_of_session, session_id, desk.currency))
        if not one.reverses and not one.reversed_by
    ]
    if not counting:
        raise Refusal(Text(N_("There is no receipt to print yet. Record one first.")))
    drawn = tuple(receipt_to_print(desk, one) for one in counting)
    return drawn, receipts_pdf(drawn, desk.ask(scheme_on, desk.today).language)


def note_papers(desk: Desk, receipts: tuple[Receipt, ...], form: str) -> None:
    """Note that receipts left the book on paper."""
    from stepdesk.contributions.service import note_print

    for one in receipts:
        note_print(desk, one, form)


@dataclass(frozen=True, slots=True)
class ReceiptPrinter:
    """Draws receipts and shows the paper over a widget; what is printed is noted."""

    over: QWidget
    desk: Desk
    lane: Lane
    speaker: Speaker

    def one(self, payment_id: PaymentId, form: str) -> None:
        """Draw a receipt on the paper of that form."""
        self.lane.do(
            partial(paper_of, self.desk, payment_id, form),
            partial(self._show_one, form),
            owner=self.over,
        )

    def all(self, session_id: SessionId, refused: Callable[[Refusal], None]) -> None:
        """Draw all receipts of a session that still count, four on a sheet."""
        self.lane.do(
            partial(papers_of, self.desk, session_id),
            self._show_all,
            refused=refused,
            owner=self.over,
        )

    def _show_one(self, form: str, drawn: tuple[Receipt, bytes]) -> None:
        receipt, pdf = drawn
        name = self.speaker.tr(N_("Receipt {number}"), number=receipt.number)
        self._show((receipt,), pdf, name, form)

    def _show_all(self, drawn: tuple[tuple[Receipt, ...], bytes]) -> None:
        receipts, pdf = drawn
        self._show(receipts, pdf, self.speaker.tr(N_("Receipts of this session")), A4)

    def _show(self, receipts: tuple[Receipt, ...], pdf: bytes, name: str, form: str) -> None:
        note = partial(note_papers, self.desk, receipts, form)
        show_paper(self.over, pdf, name, self.speaker, printed=partial(self.lane.do, note))
