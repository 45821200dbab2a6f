"""What members are owed for care they paid themselves, and what they were paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.queries.paying import LATEST
from stepdesk.claims.terms import (
    LetOff,
    MemberVoucher,
    RecoveredFrom,
    ReimbursedClaim,
    ReimbursementOwed,
    Stand,
)
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
# A claim a member was asked back for and had paid back, of which less or nothing is asked now.
_RETURNED = (
    "SELECT x.claim_id AS id, x.household_id, x.day AS received_on, x.day AS decided_on,"
    " -x.balance AS amount, x.reason FROM (SELECT r.claim_id, r.household_id,"
    " (SELECT m.day FROM member_recovery m WHERE m.claim_id = r.claim_id AND m.amount < 0"
    " ORDER BY m.id DESC LIMIT 1) AS day,"
    " (SELECT m.reason FROM member_recovery m WHERE m.claim_id = r.claim_id AND m.amount < 0"
    " ORDER BY m.id DESC LIMIT 1) AS reason,"
    " sum(r.amount) - coalesce((SELECT sum(y.amount) FROM recovery_payment y"
    " JOIN member_recovery m ON m.id = y.member_recovery_id WHERE m.claim_id = r.claim_id), 0)"
    " + coalesce((SELECT sum(g.amount) FROM returned_recovery g"
    " WHERE g.claim_id = r.claim_id), 0) AS balance"
    " FROM member_recovery r GROUP BY r.claim_id) x WHERE x.balance < 0"
)
_OWED = (
    "SELECT id, household_id, received_on, decided_on, amount, 0 AS returned, '' AS reason"
    f" FROM ({REIMBURSEMENTS_OWED}) UNION ALL"
    " SELECT id, household_id, received_on, decided_on, amount, 1, reason"
    f" FROM ({_RETURNED})"
)
_HOMES = (
    "SELECT h.id, h.serial, s.code, n.surname, n.given_names, sum(u.amount) AS amount,"
    " sum(u.amount > 0) AS claims, min(CASE WHEN u.amount > 0 THEN u.received_on END) AS since,"
    " sum(u.amount * u.returned) AS returned,"
    " group_concat(nullif(u.reason, ''), '; ') AS why"
    f" FROM ({_OWED}) u JOIN household h ON h.id = u.household_id"
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
    "SELECT w.member_payment_id, w.amount, w.returned, c.year, c.letter, c.serial, c.last_day,"
    " c.claimed, p.name AS provider FROM (SELECT id, member_payment_id, claim_id, amount,"
    " 0 AS returned FROM reimbursed_claim UNION ALL"
    " SELECT id, member_payment_id, claim_id, amount, 1 FROM returned_recovery) w"
    " JOIN claim c ON c.id = w.claim_id JOIN claim_batch b ON b.id = c.batch_id JOIN provider p ON p.id = b.provider_id ORDER BY w.id"
)


@dataclass(frozen=True, slots=True)
class UnpaidReimbursement:
    """One claim a household is owed a reimbursement for; below zero it is to be recovered.

    `returned` when the household had paid the amount back and nothing is asked of it any more.
    """

    claim_id: ClaimId
    received_on: date
    amount: int
    returned: bool = False


def unpaid_reimbursements(
    connection: Connection, household_id: HouseholdId, *, day: date = date.max
) -> tuple[UnpaidReimbursement, ...]:
    """Return what a household is owed, the oldest request first: decided and asked for by a day."""
    rows = fetch(
        connection,
        f"SELECT * FROM ({_OWED}) WHERE household_id = :household AND decided_on <= :day"
        " AND received_on <= :day ORDER BY received_on, id",
        household=household_id,
        day=day.isoformat(),
    )
    return tuple(
        UnpaidReimbursement(
            ClaimId(row.id), date.fromisoformat(row.received_on), row.amount, bool(row.returned)
        )
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
            Money(row.returned, currency) if row.returned else None,
            row.why or "",
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
                bool(one.returned),
            )
            for one in claims
        ),
    )


_BALANCE = (
    "SELECT c.year, c.letter, c.serial,"
    " coalesce((SELECT sum(r.amount) FROM member_recovery r WHERE r.claim_id = c.id), 0)"
    " - coalesce((SELECT sum(y.amount) FROM recovery_payment y JOIN member_recovery m"
    " ON m.id = y.member_recovery_id WHERE m.claim_id = c.id), 0)"
    " + coalesce((SELECT sum(g.amount) FROM returned_recovery g WHERE g.claim_id = c.id), 0)"
    " AS balance FROM claim c WHERE c.id = :id"
)


def let_off_of(
    connection: Connection, claim_id: ClaimId, amount: int, currency: Currency
) -> LetOff:
    """Return what is still asked back for a claim, and what is owed for it, after an amount was let off."""
    row = fetch_one(connection, _BALANCE, id=claim_id)
    return LetOff(
        document_number("C", row.year, row.letter, row.serial),
        Money(amount, currency),
        Money(max(row.balance, 0), currency),
        Money(max(-row.balance, 0), currency),
    )


_STANDS = (
    "SELECT v.recovered_from, b.to_member, (SELECT e.paid FROM claim_decision e"
    f" WHERE e.claim_id = v.claim_id AND {LATEST}) AS due FROM claim_decision v"
    " JOIN claim c ON c.id = v.claim_id JOIN claim_batch b ON b.id = c.batch_id"
    " WHERE v.claim_id = :id AND v.version = :version"
)


def borne_by_member(connection: Connection, stand: Stand, paid: int) -> int:
    """Return what a member still bears of a claim that was taken back for it to pay, granted in part.

    The provider keeps what it was paid: the difference is the member's, not the provider's. Minor units;
    zero for any other claim.
    """
    row = fetch_one(connection, _STANDS, id=stand.claim_id, version=stand.version)
    if row.recovered_from != RecoveredFrom.MEMBER.value or row.to_member:
        return 0
    return max((row.due or 0) - paid, 0)
