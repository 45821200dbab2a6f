"""On what a receipt is printed: half a sheet, or the roll of a small printer."""

from dataclasses import replace

from stepdesk.contributions.queries import receipts_of_session
from stepdesk.contributions.terms import Receipt
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.store.settings import read_settings, write_settings
from stepdesk.ui.speech import Speaker
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
