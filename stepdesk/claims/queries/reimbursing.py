"""What members are owed for care they paid themselves, and what they were paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.queries.paying import LATEST
from stepdesk.claims.terms import MemberVoucher, ReimbursedClaim, ReimbursementOwed
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import ClaimId, HouseholdId, MemberPaymentId
from stepdesk.values.money import Currency, Money

_BACK = "coalesce((SELECT sum(q.amount) FROM reimbursed_claim q WHERE q.claim_id = c.id), 0)"
REIMBURSEMENTS_OWED = (
    "SELECT c.id, c.household_id, b.received_on, e.decided_on,"
    f" e.paid - {_BACK} AS amount FROM claim_batch b JOIN claim c ON c.batch_id = b.id"
    f" JOIN claim_decision e ON e.claim_id = c.id WHERE b.to_member = 1 AND {LATEST}"
    f" AND e.paid <> {_BACK}"
)
_HOMES = (
    "SELECT h.id, h.serial, s.code, n.surname, n.given_names, sum(u.amount) AS amount,"
    " sum(u.amount > 0) AS claims, min(CASE WHEN u.amount > 0 THEN u.received_on END) AS since"
    f" FROM ({REIMBURSEMENTS_OWED}) u JOIN household h ON h.id = u.household_id"
    " JOIN section s ON s.id = h.section_id JOIN person n ON n.id = h.member_person_id"
    " GROUP BY h.id HAVING sum(u.amount) > 0 ORDER BY since, h.serial"
)
_VOUCHERS = (
    "SELECT y.*, s.name AS payer, h.serial AS home, o.code AS section,"
    " coalesce(x.name, '') AS box_name FROM member_payment y JOIN staff s ON s.id = y.paid_by"
    " JOIN household h ON h.id = y.household_id JOIN section o ON o.id = h.section_id"
    " LEFT JOIN cash_box x ON x.id = y.box_id"
)
_REIMBURSED = (
    "SELECT w.member_payment_id, w.amount, c.year, c.letter, c.serial, c.last_day, c.claimed,"
    " p.name AS provider FROM reimbursed_claim w JOIN claim c ON c.id = w.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id JOIN provider p ON p.id = b.provider_id ORDER BY w.id"
)


@dataclass(frozen=True, slots=True)
class UnpaidReimbursement:
    """One claim a household is owed a reimbursement for; below zero it is to be recovered."""

    claim_id: ClaimId
    received_on: date
    amount: int


def unpaid_reimbursements(
    connection: Connection, household_id: HouseholdId, *, day: date = date.max
) -> tuple[UnpaidReimbursement, ...]:
    """Return what a household is owed, the oldest request first: decided and asked for by a day."""
    rows = fetch(
        connection,
        f"{REIMBURSEMENTS_OWED} AND c.household_id = :household AND e.decided_on <= :day"
        " AND b.received_on <= :day ORDER BY b.received_on, c.id",
        household=household_id,
        day=day.isoformat(),
    )
    return tuple(
        UnpaidReimbursement(ClaimId(row.id), date.fromisoformat(row.received_on), row.amount)
        for row in rows
    )


def reimbursements_owed(
    connection: Connection, currency: Currency, day: date
) -> tuple[ReimbursementOwed, ...]:
    """Return the households that are owed a reimbursement, whoever waits longest first."""
    return tuple(
        ReimbursementOwed(
            HouseholdId(row.id),
            str(HouseholdNumber(row.code, row.serial)),
            f"{row.surname} {row.given_names}",
            Money(row.amount, currency),
            row.claims,
            date.fromisoformat(row.since),
            (day - date.fromisoformat(row.since)).days,
        )
        for row in fetch(connection, _HOMES)
    )


def owed_to_members(connection: Connection) -> int:
    """Return what decided requests and payments say is owed: the list behind member_refund."""
    row = fetch_one(
        connection,
        "SELECT (SELECT coalesce(sum(e.paid), 0) FROM claim_decision e"
        " JOIN claim c ON c.id = e.claim_id JOIN claim_batch b ON b.id = c.batch_id"
        f" WHERE {LATEST} AND b.to_member = 1)"
        " - (SELECT coalesce(sum(amount), 0) FROM reimbursed_claim) AS owed",
    )
    return int(row.owed)


def member_vouchers(
    connection: Connection,
    currency: Currency,
    *,
    payment_id: MemberPaymentId | None = None,
) -> tuple[MemberVoucher, ...]:
    """Return the payments to members with their claims, the latest first."""
    where = "" if payment_id is None else " WHERE y.id = :id"
    asked = {} if payment_id is None else {"id": payment_id}
    claims: dict[bytes, list[Any]] = {}
    for row in fetch(connection, _REIMBURSED):
        claims.setdefault(row.member_payment_id, []).append(row)
    rows = fetch(connection, f"{_VOUCHERS}{where} ORDER BY y.day DESC, y.id DESC", **asked)
    return tuple(_voucher(row, claims.get(row.id, ()), currency) for row in rows)


def member_voucher_of(
    connection: Connection, payment_id: MemberPaymentId, currency: Currency
) -> MemberVoucher:
    """Return a payment to a member.

    Raises:
        LookupError: when there is none.
    """
    found = member_vouchers(connection, currency, payment_id=payment_id)
    if not found:
        raise LookupError("no such payment to a member")
    return found[0]


def _voucher(row: Any, claims: Sequence[Any], currency: Currency) -> MemberVoucher:
    return MemberVoucher(
        MemberPaymentId(row.id),
        document_number("M", row.year, row.letter, row.serial),
        str(HouseholdNumber(row.section, row.home)),
        row.receiver or "",
        date.fromisoformat(row.day),
        row.box,
        row.box_name,
        row.reference or "",
        Money(row.amount, currency),
        row.payer,
        bool(row.single_control),
        tuple(
            ReimbursedClaim(
                document_number("C", one.year, one.letter, one.serial),
                one.provider,
                date.fromisoformat(one.last_day),
                Money(one.claimed, currency),
                Money(one.amount, currency),
            )
            for one in claims
        ),
    )
