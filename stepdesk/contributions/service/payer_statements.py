"""A payer is told what it owes."""

from stepdesk.contributions import queries
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.payers.queries import agreements
from stepdesk.payers.service import write_statement
from stepdesk.store.work import Work
from stepdesk.values.ids import PayerAgreementId, StatementId


def issue_statement(work: Work, *, agreement_id: PayerAgreementId) -> StatementId:
    """Write the next statement under an agreement; its lines never change, see `draft_statement`.

    Raises:
        Refusal: no such agreement, its months not over yet, nothing owed for them.
    """
    if agreement_id not in agreements(work.connection):
        raise Refusal(Text(N_("Choose the payer's agreement.")), field="agreement")
    draft = queries.draft_statement(work.connection, agreement_id, work.today)
    if draft.ready_on > work.today:
        raise Refusal(
            Text(
                N_(
                    "The next statement to {payer} can be written from {day} on. Wait for that day."
                ),
                {"payer": draft.agreement.payer, "day": draft.ready_on},
            ),
            field="agreement",
        )
    return write_statement(
        work,
        agreement_id=agreement_id,
        first_day=draft.first_day,
        until=draft.until,
        lines=draft.lines,
    )
