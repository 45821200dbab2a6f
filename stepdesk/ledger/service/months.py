"""A month is locked, and the last one opened again."""

from dataclasses import asdict

from sqlalchemy import text

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.model import account_month, closing, closing_note, reopening
from stepdesk.ledger.queries import first_open, last_closed, summed_until, trial_balance
from stepdesk.ledger.service.posting import is_closed
from stepdesk.ledger.terms import Step, Went
from stepdesk.store.acts import merkle_root
from stepdesk.store.work import Work
from stepdesk.values.ids import ClosingId, ReopeningId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

TOLD = (Step.COPY, Step.PRINTED, Step.LATE)
"""Lines of a closing a person ticks, because the book cannot see them."""

_MOVED = (
    "SELECT e.month, l.role, l.box_id, e.activity, sum(max(l.amount, 0)) AS debit,"
    " sum(max(-l.amount, 0)) AS credit FROM entry e JOIN entry_line l ON l.entry_id = e.id"
    " WHERE e.month > :summed AND e.month <= :month GROUP BY e.month, l.role, l.box_id, e.activity"
)


def check_closable(work: Work, month: Month) -> None:
    """Refuse to close any month but the next one that has begun.

    Raises:
        Refusal: closed already, out of turn, or still ahead.
    """
    last = last_closed(work.connection)
    if last is not None and month <= last:
        raise Refusal(
            Text(N_("{month} is closed already. Choose the open month."), {"month": month}),
            field="month",
        )
    due = first_open(work.connection, work.desk.made_on)
    if month.first > work.today:
        raise Refusal(
            Text(
                N_("{month} has not begun. Close it on {day} or later."),
                {"month": month, "day": month.until},
            ),
            field="month",
        )
    if month < due:
        raise Refusal(
            Text(
                N_("Nothing was booked in {month}. Close {first} first."),
                {"month": month, "first": due},
            ),
            field="month",
        )
    if month > due:
        raise Refusal(
            Text(N_("Close {first} first: months are closed one after another."), {"first": due}),
            field="month",
        )


def _sum_up(work: Work, month: Month) -> None:
    """Keep the sums of every account of the closed months that were not summed yet."""
    rows = work.rows(_MOVED, summed=summed_until(work.connection), month=str(month))
    work.write_derived(
        account_month,
        "INSERT INTO account_month (month, role, box_id, activity, debit, credit)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [tuple(row) for row in rows],
    )


def lock_month(
    work: Work,
    *,
    month: Month,
    cash_counted: Money | None,
    single_control: bool,
    went: Went | None = None,
) -> ClosingId:
    """Lock a month: from now on the database refuses entries in it.

    `went` is how the households stood at its end; the closing keeps it as it was then.

    The closing holds the Merkle root over all acts so far, so that its fingerprint on paper is a
    witness of the whole journal. Source: safety handbook 3.5.
    """
    balance = trial_balance(work.connection, work.country, month)
    if balance.debit != balance.credit:
        raise Refusal(
            Text(N_("The trial balance does not agree. Verify the book before closing."))
        )
    hashes = [row[0] for row in work.rows(text("SELECT hash FROM act ORDER BY n"))]
    closing_id = ClosingId(work.new_id())
    work.insert(
        closing,
        id=closing_id,
        month=month,
        closed_on=work.today,
        first_person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single_control),
        cash_counted=cash_counted,
        root=merkle_root(hashes),
        acts=len(hashes),
        debit=balance.debit,
        credit=balance.credit,
        **({} if went is None else asdict(went)),
    )
    _sum_up(work, month)
    return closing_id


def reopen_month(work: Work, *, month: Month, reason: str) -> ReopeningId:
    """Open the last closed month again; it is closed anew afterwards, with a print of everything.

    Two sign. The closing stays in sight with its fingerprint; what was earned stays booked, and
    the next closing books only what differs. Source: screens handbook 2.9.

    Raises:
        Refusal: not the last closed month, no reason, nobody to sign with.
    """
    last = last_closed(work.connection)
    if last is None:
        raise Refusal(
            Text(N_("No month is closed yet. Go on working in the open month.")), field="month"
        )
    if month != last:
        raise Refusal(
            Text(
                N_("Only the last closed month can be opened again. Choose {month}."),
                {"month": last},
            ),
            field="month",
        )
    if not reason.strip():
        raise Refusal(
            Text(N_("Write why the month is opened again; the reason is kept.")), field="reason"
        )
    single = work.two_signatures()
    closed = work.rows(
        "SELECT id FROM closing WHERE month = :month"
        " AND id NOT IN (SELECT closing_id FROM reopening)",
        month=str(month),
    )[0]
    reopening_id = ReopeningId(work.new_id())
    work.insert(
        reopening,
        id=reopening_id,
        closing_id=closed.id,
        day=work.today,
        reason=reason.strip(),
        first_person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single),
    )
    work.write_derived(account_month, "DELETE FROM account_month WHERE month = ?", [(str(month),)])
    return reopening_id


def note_step(
    work: Work, *, month: Month, step: Step, reason: str = "", done: bool = False
) -> None:
    """Keep that a line of the closing is done, or is passed, and why.

    Lines the books themselves can answer are passed, never ticked: only what lies outside them
    (the copy elsewhere, the printed and signed report, the letters) is told as done.

    Raises:
        Refusal: a closed month, a passed line without a reason, a line that is reckoned, the lock.
    """
    if is_closed(work, month.first):
        raise Refusal(
            Text(N_("{month} is closed already. Choose the open month."), {"month": month}),
            field="month",
        )
    if step is Step.LOCK or (done and step not in TOLD):
        raise Refusal(
            Text(N_("This line is not ticked. Do its work, or pass it with a reason.")),
            field="step",
        )
    if not done and not reason.strip():
        raise Refusal(
            Text(N_("Write why this line is passed; the reason goes into the report.")),
            field="reason",
        )
    work.insert(
        closing_note,
        id=work.new_id(),
        month=month,
        step=step,
        done=int(done),
        reason=reason.strip(),
        day=work.today,
        person=work.person.staff_id,
    )
