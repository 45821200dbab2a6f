"""What providers are owed and were paid."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.claims.queries.care import IMPORTED
from stepdesk.claims.terms import (
    Owed,
    PaidBatch,
    PaymentRow,
    Voucher,
    Waiting,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number
from stepdesk.values.ids import (
    CapitationRunId,
    ClaimId,
    ProviderId,
    ProviderPaymentId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

LATEST = (
    "e.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM claim_decision n"
    " WHERE n.claim_id = e.claim_id AND n.entry_id IS NOT NULL AND n.version > e.version)"
)
"""Of the decisions `e` of a claim the one that says what is owed: the latest that was booked."""

HELD = (
    "(SELECT 1 FROM payment_batch_line k WHERE k.{column} = {of}"
    " AND NOT EXISTS (SELECT 1 FROM payment_batch_step t"
    " WHERE t.payment_batch_id = k.payment_batch_id AND t.state IN ('PAID', 'CANCELLED')))"
)
"""Whether a payment batch that is neither paid nor cancelled holds a claim or capitation run."""

PAID_STEP = (
    "t.state = 'PAID' AND NOT EXISTS (SELECT 1 FROM payment_batch_step z"
    " WHERE z.payment_batch_id = t.payment_batch_id AND z.state = 'REVERSED')"
)
"""Of the steps `t` of payment batches those that paid one which was not taken back since."""

_LEFT = "coalesce((SELECT sum(q.amount) FROM paid_claim q WHERE q.claim_id = c.id), 0)"
CLAIMS_OWED = (
    "SELECT c.id, b.provider_id, b.received_on,"
    f" e.paid - {_LEFT} AS amount, e.decided_on FROM claim_decision e"
    " JOIN claim c ON c.id = e.claim_id JOIN claim_batch b ON b.id = c.batch_id"
    f" WHERE {LATEST} AND b.to_member IS NULL AND e.paid <> {_LEFT}"
)
_UNPAID = (
    "SELECT * FROM (SELECT c.id, b.provider_id, b.received_on,"
    f" e.paid - {_LEFT} AS amount, e.decided_on FROM claim_batch b"
    " JOIN claim c ON c.batch_id = b.id JOIN claim_decision e ON e.claim_id = c.id"
    f" WHERE b.provider_id = :provider AND b.to_member IS NULL AND {LATEST}"
    " AND e.decided_on <= :day AND b.received_on <= :day)"
)
_RUN_PAID = (
    "coalesce((SELECT sum(k.amount) FROM payment_batch_line k JOIN payment_batch_step t"
    f" ON t.payment_batch_id = k.payment_batch_id AND {PAID_STEP}"
    " WHERE k.capitation_run_id = r.id), 0)"
)
# A run that was taken back before it was paid is nothing, and so is what took it back.
RUNS_OWED = (
    f"SELECT r.id, r.provider_id, r.day, r.month, r.amount - {_RUN_PAID} AS amount"
    f" FROM capitation_run r WHERE r.amount <> {_RUN_PAID}"
    " AND NOT EXISTS (SELECT 1 FROM capitation_run o"
    " WHERE (o.reverses = r.id OR o.id = r.reverses) AND NOT EXISTS"
    " (SELECT 1 FROM payment_batch_line k JOIN payment_batch_step t"
    f" ON t.payment_batch_id = k.payment_batch_id AND {PAID_STEP}"
    " WHERE k.capitation_run_id IN (o.id, r.id)))"
)


_HELD_RUN = "SELECT 1 WHERE EXISTS " + HELD.format(column="capitation_run_id", of=":run")
_BY_CATEGORY = (
    "SELECT s.category, sum(d.paid) AS paid FROM claim_decision e"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    f" JOIN service s ON s.id = l.service_id WHERE e.claim_id = :claim AND {LATEST}"
    " GROUP BY s.category"
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """One decided claim that waits for its money, or is to be recovered; amounts are minor units."""

    claim_id: ClaimId
    received_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class UnpaidRun:
    """The capitation of a month that waits for its money, or is to be recovered."""

    run_id: CapitationRunId
    month: Month
    day: date
    amount: int


def unpaid_of(
    connection: Connection,
    provider_id: ProviderId,
    *,
    day: date = date.max,
    free: bool = False,
) -> tuple[Unpaid, ...]:
    """Return what a provider is still owed for claims, oldest invoice first.

    A claim is owed what the latest of its booked decisions says, less what was paid of it; below zero it is
    to be recovered. Claims that are reimbursed to members are not among them.

    Args:
        connection: The book.
        provider_id: Who.
        day: Only what was decided and received by then.
        free: Leave out what a payment batch under way holds.
    """
    held = f" AND NOT EXISTS {HELD.format(column='claim_id', of='u.id')}" if free else ""
    rows = fetch(
        connection,
        f"{_UNPAID} u WHERE amount <> 0{held} ORDER BY received_on, id",
        provider=provider_id,
        day=day.isoformat(),
    )
    return tuple(
        Unpaid(ClaimId(row.id), date.fromisoformat(row.received_on), row.amount) for row in rows
    )


def unpaid_runs(
    connection: Connection,
    provider_id: ProviderId,
    *,
    day: date = date.max,
    free: bool = False,
) -> tuple[UnpaidRun, ...]:
    """Return the capitation a provider is still owed, oldest first; below zero it is recovered."""
    held = f" AND NOT EXISTS {HELD.format(column='capitation_run_id', of='r.id')}" if free else ""
    rows = fetch(
        connection,
        f"{RUNS_OWED} AND r.provider_id = :provider AND r.day <= :day{held} ORDER BY r.day, r.id",
        provider=provider_id,
        day=day.isoformat(),
    )
    return tuple(
        UnpaidRun(
            CapitationRunId(row.id),
            Month.parse(row.month),
            date.fromisoformat(row.day),
            row.amount,
        )
        for row in rows
    )


def run_is_held(connection: Connection, run_id: CapitationRunId) -> bool:
    """Whether a payment batch under way holds a capitation run."""
    return bool(fetch(connection, _HELD_RUN, run=run_id))


def paid_by_category(connection: Connection, claim_id: ClaimId) -> dict[str, int]:
    """Return what the standing decision of a claim pays, by category of care."""
    rows = fetch(connection, _BY_CATEGORY, claim=claim_id)
    return {row.category: row.paid for row in rows}


def owed_to_providers(connection: Connection) -> int:
    """Return what claims, runs and payments say is owed: the list behind provider_payable."""
    row = fetch_one(
        connection,
        "SELECT (SELECT coalesce(sum(e.paid), 0) FROM claim_decision e"
        " JOIN claim c ON c.id = e.claim_id JOIN claim_batch b ON b.id = c.batch_id"
        f" WHERE {LATEST} AND b.to_member IS NULL)"
        " - (SELECT coalesce(sum(amount), 0) FROM paid_claim)"
        f" + (SELECT coalesce(sum(r.amount - {_RUN_PAID}), 0) FROM capitation_run r) AS owed",
    )
    return int(row.owed)


_OWED = (
    "SELECT provider_id, sum(amount) AS owed, sum(amount > 0) AS claims,"
    " min(CASE WHEN amount > 0 THEN received_on END) AS since FROM ("
    f"SELECT provider_id, amount, received_on FROM ({CLAIMS_OWED})"
    f" UNION ALL SELECT provider_id, amount, day FROM ({RUNS_OWED}))"
    " GROUP BY provider_id HAVING sum(amount) > 0 ORDER BY since"
)
_UNDECIDED = (
    "SELECT count(DISTINCT b.id) AS batches, count(*) AS certificates,"
    " min(b.received_on) AS since FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    f" WHERE c.letter <> '{IMPORTED}' AND NOT EXISTS"
    " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.outcome <> 'PENDING')"
)
_PAYMENT = (
    "SELECT y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " s.name AS paid_by, y.single_control, coalesce(x.name, '') AS box_name,"
    " CASE WHEN y.reverses IS NULL THEN 1 ELSE -1 END AS sign,"
    " coalesce((SELECT -sum(k.amount) FROM payment_batch_line k WHERE k.payment_batch_id ="
    " coalesce(y.payment_batch_id, a.payment_batch_id) AND k.kind IN ('ADVANCE', 'DEPOSIT')), 0)"
    " AS set_off, coalesce((SELECT sum(k.amount) FROM payment_batch_line k WHERE"
    " k.payment_batch_id = coalesce(y.payment_batch_id, a.payment_batch_id)"
    " AND k.kind = 'CAPITATION'), 0) AS heads, coalesce(y.reason, o.reason, '') AS reason,"
    " coalesce(a.year, o.year) AS of_year, coalesce(a.letter, o.letter) AS of_letter,"
    " coalesce(a.serial, o.serial) AS of_serial FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id JOIN staff s ON s.id = y.paid_by"
    " LEFT JOIN provider_payment a ON a.id = y.reverses"
    " LEFT JOIN provider_payment o ON o.reverses = y.id"
    " LEFT JOIN cash_box x ON x.id = y.box_id WHERE y.id = :id"
)
_PAYMENTS = (
    "SELECT y.id, y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " count(q.claim_id) AS claims, y.reason, o.reason AS taken_back, a.year AS of_year,"
    " a.letter AS of_letter, a.serial AS of_serial FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id"
    " LEFT JOIN provider_payment a ON a.id = y.reverses"
    " LEFT JOIN provider_payment o ON o.reverses = y.id"
    " LEFT JOIN paid_claim q ON q.provider_payment_id = y.id"
    " GROUP BY y.id ORDER BY y.day DESC, y.id DESC"
)
_SETTLED = (
    "SELECT b.year, b.letter, b.serial, b.invoice, b.month, count(*) AS claims,"
    " sum(q.amount) AS amount FROM paid_claim q JOIN claim c ON c.id = q.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id WHERE q.provider_payment_id = :id"
    " GROUP BY b.id ORDER BY b.received_on, b.id"
)


def batch_number(month: str, code: str, letter: str, serial: int) -> str:
    """Return a payment batch's number: `BP-2026-03-KOULA`, a further one of the month `…-A2`."""
    first = f"BP-{month}-{code}"
    return first if (letter, serial) == ("A", 1) else f"{first}-{letter}{serial}"


def owing(connection: Connection, currency: Currency) -> tuple[Owed, ...]:
    """Return every provider that is owed money, whoever waits longest first."""
    return tuple(
        Owed(
            ProviderId(row.provider_id),
            Money(row.owed, currency),
            row.claims,
            date.fromisoformat(row.since),
        )
        for row in fetch(connection, _OWED)
    )


def waiting(connection: Connection, currency: Currency) -> Waiting:
    """Return what waits for a decision and what for money."""
    row = fetch_one(connection, _UNDECIDED)
    owed = owing(connection, currency)
    return Waiting(
        batches=row.batches,
        certificates=row.certificates,
        undecided_since=None if row.since is None else date.fromisoformat(row.since),
        providers=len(owed),
        owed=sum((one.amount for one in owed), Money(0, currency)),
        owed_since=owed[0].since if owed else None,
    )


def payments(connection: Connection, currency: Currency) -> tuple[PaymentRow, ...]:
    """Return the payments to providers, latest first."""
    return tuple(
        PaymentRow(
            ProviderPaymentId(row.id),
            document_number("V", row.year, row.letter, row.serial),
            row.provider,
            date.fromisoformat(row.day),
            row.box,
            row.claims,
            Money(row.amount, currency),
            ""
            if row.of_serial is None
            else document_number("V", row.of_year, row.of_letter, row.of_serial),
            row.reason or row.taken_back or "",
        )
        for row in fetch(connection, _PAYMENTS)
    )


def voucher_of(
    connection: Connection, payment_id: ProviderPaymentId, currency: Currency
) -> Voucher:
    """Return a payment to a provider with the batches it settled.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(connection, _PAYMENT, id=payment_id)
    if row is None:
        raise LookupError("no such payment")
    settled = tuple(
        PaidBatch(
            document_number("B", one.year, one.letter, one.serial),
            one.invoice,
            Month.parse(one.month),
            one.claims,
            Money(one.amount, currency),
        )
        for one in fetch(connection, _SETTLED, id=payment_id)
    )
    return Voucher(
        document_number("V", row.year, row.letter, row.serial),
        row.provider,
        date.fromisoformat(row.day),
        row.box,
        Money(row.amount, currency),
        row.paid_by,
        bool(row.single_control),
        settled,
        row.box_name,
        Money(row.sign * row.set_off, currency),
        Money(row.sign * row.heads, currency),
        ""
        if row.of_serial is None
        else document_number("V", row.of_year, row.of_letter, row.of_serial),
        row.reason,
    )
