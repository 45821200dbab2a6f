"""Closing a month: earn, check, verify, lock, two signatures; opening it again. Views kept."""

from dataclasses import replace

from stepdesk.contributions.queries import sessions
from stepdesk.contributions.service import run_earnings
from stepdesk.errors import Caution, Doubt, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import balance_until, closing_of, last_closed
from stepdesk.ledger.service import check_closable, lock_month
from stepdesk.ledger.service import reopen_month as unlock_month
from stepdesk.ledger.terms import Closing, Step, StepState
from stepdesk.payers.terms import PayerReceipt
from stepdesk.progress import Progress
from stepdesk.reports.queries.closing import STEP_WORDS, cash_is_counted, closing_lines
from stepdesk.reports.queries.lists import packed
from stepdesk.reports.queries.payers import (
    paid_by_payers,
    payer_receipt,
    times_payer_receipt_printed,
)
from stepdesk.reports.queries.trends import Going
from stepdesk.reports.terms import Wanted
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import PayerPaymentId
from stepdesk.values.money import Money
from stepdesk.values.month import Month


def close_month(
    work: Work,
    *,
    month: Month,
    cash_counted: Money | None = None,
    accepting: frozenset[str] = frozenset(),
    whole: bool = False,
    progress: Progress | None = None,
) -> Closing:
    """Close a month: the earning run, then the lock the database itself keeps.

    Args:
        work: The work; a second person has signed, unless one person alone keeps the desk.
        month: The first open month.
        cash_counted: What lay in the box, counted before the desk showed what should (S4).
        accepting: Doubts somebody accepted: `month_not_over`, `cash_differs`, `not_counted`.
        whole: Whether each of the ten lines must be done or passed; the page asks for it.
        progress: Told as the households are reckoned.

    Raises:
        Refusal: out of turn, a collection session still open, a line still to do, nobody to sign
            with.
        Caution: the doubts named above.
    """
    check_closable(work, month)
    _check_sessions(work, month)
    if whole:
        _check_lines(work, month)
    _doubt(work, month, cash_counted, accepting)
    single = work.two_signatures()
    going = Going(month)
    run_earnings(work, month=month, progress=progress, seen=going.add)
    went = replace(going.went, payers_paid=paid_by_payers(work.connection, month, month))
    lock_month(work, month=month, cash_counted=cash_counted, single_control=single, went=went)
    closed = closing_of(work.connection, work.country, month)
    if closed is None:
        raise LookupError("the closing was not written")
    return closed


def reopen_month(
    work: Work, *, month: Month, reason: str, accepting: frozenset[str] = frozenset()
) -> None:
    """Open the last closed month again, with a reason and a second person.

    Args:
        work: The work.
        month: The last closed one.
        reason: Why; kept with the closing that no longer stands.
        accepting: `sent`, when its return left already: the branch keeps what it was sent.

    Raises:
        Refusal: not the last closed month, no reason, nobody to sign with.
        Caution: `sent`.
    """
    sent = work.rows("SELECT 1 FROM release WHERE period = :month LIMIT 1", month=str(month))
    if sent and "sent" not in accepting and month == last_closed(work.connection):
        told = Text(
            N_(
                "The return of {month} was approved, and who receives it keeps those figures. Go on only if the books must change."
            ),
            {"month": month},
        )
        raise Caution((Doubt("sent", told, "month"),))
    unlock_month(work, month=month, reason=reason)


def _check_lines(work: Work, month: Month) -> None:
    """Refuse while one of the lines before the lock is neither done nor passed."""
    for line in closing_lines(work.desk, month):
        if line.state is StepState.TO_DO and line.step is not Step.LOCK:
            raise Refusal(
                Text(
                    N_("Still to do: {line}. Do it, or pass it with a reason."),
                    {"line": Text(STEP_WORDS[line.step])},
                ),
                field=line.step.value.lower(),
            )


def _check_sessions(work: Work, month: Month) -> None:
    still_open = [
        one
        for one in sessions(work.connection, work.currency, open_only=True)
        if one.day <= month.last and (one.receipts or one.float_amount)
    ]
    if still_open:
        raise Refusal(
            Text(
                N_("The collection at {place} of {day} is still open. Count and sign it first."),
                {"place": still_open[0].place, "day": still_open[0].day},
            ),
            field="sessions",
        )


def _doubt(work: Work, month: Month, counted: Money | None, accepting: frozenset[str]) -> None:
    doubts: list[Doubt] = []
    if work.today <= month.last:
        told = Text(
            N_(
                "{month} is not over, and what comes in until {day} would be booked in the next month. Go on only if nothing more comes."
            ),
            {"month": month, "day": month.last},
        )
        doubts.append(Doubt("month_not_over", told, "month"))
    held = Money(balance_until(work.connection, "cash_main", month.last), work.currency)
    if counted is None and not cash_is_counted(work.desk, work.connection, month):
        told = Text(N_("The cash box was not counted. Count it first, or go on without."))
        doubts.append(Doubt("not_counted", told, "cash"))
    elif counted is not None and counted != held:
        told = Text(
            N_("The box holds {counted}, the books say {held}. Count again, or say why."),
            {"counted": counted, "held": held},
        )
        doubts.append(Doubt("cash_differs", told, "cash"))
    open_doubts = tuple(doubt for doubt in doubts if doubt.name not in accepting)
    if open_doubts:
        raise Caution(open_doubts)


def verify_before_closing(desk: Desk, progress: Progress | None = None) -> None:
    """Verify the acts since the last verification; closing goes on only when all agree.

    Raises:
        Trouble: naming the first act or row that disagrees.
    """
    report = verify_desk(desk, whole=False, progress=progress)
    if report.findings:
        raise Trouble(
            Text(
                N_(
                    "The journal does not agree: {finding} The month was not closed. Restore the book from the last copy."
                ),
                {"finding": report.findings[0].text},
            )
        )


# Views of lists: each person's own, on this laptop; they belong to no act


def save_view(desk: Desk, *, name: str, wanted: Wanted) -> None:
    """Keep a list's filters, columns and order under a name; the same name keeps the new one.

    Raises:
        Refusal: without a name.
    """
    told = " ".join(name.split())
    if not told:
        raise Refusal(Text(N_("Give the view a name.")), field="name")
    desk.note_locally(
        "INSERT INTO saved_view (name, staff_id, content) VALUES (?, ?, ?)"
        " ON CONFLICT (name, staff_id) DO UPDATE SET content = excluded.content",
        (told, desk.person.staff_id, packed(wanted)),
    )


def forget_view(desk: Desk, *, name: str) -> None:
    """Forget a view of the person in front."""
    desk.note_locally(
        "DELETE FROM saved_view WHERE name = ? AND staff_id = ?", (name, desk.person.staff_id)
    )


def payer_receipt_to_print(desk: Desk, payment_id: PayerPaymentId) -> PayerReceipt:
    """Return a payer's receipt as it is printed now: the original, or a copy with its count."""
    receipt = desk.ask(payer_receipt, payment_id, desk.currency)
    given = desk.ask(times_payer_receipt_printed, payment_id)
    return replace(receipt, copy=given > 0, copies=given)


def note_payer_receipt(desk: Desk, receipt: PayerReceipt) -> None:
    """Note that a payer's receipt left the book on paper, as original or as which copy."""
    told = f"copy {receipt.copies}" if receipt.copy else "original"
    desk.note_access("payer receipt", receipt.payment_id, receipt.paid_on, told)
