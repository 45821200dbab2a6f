"""Receipts, their codes and their numbers."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.contributions.queries.facts import IMPORTED
from stepdesk.contributions.terms import (
    Given,
    Means,
    Part,
    Receipt,
    ReceiptLine,
    Target,
)
from stepdesk.members.queries import (
    day_or_none,
    name_of,
)
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import (
    HouseholdNumber,
    document_parts,
    leaf_number,
    leaf_parts,
    receipt_number,
)
from stepdesk.values.ids import (
    HouseholdId,
    PaymentId,
    SessionId,
)
from stepdesk.values.money import Currency, Money

_DAY, _DUE = timedelta(days=1), Target.DUE
_RECEIPT = (
    "SELECT p.*, h.serial AS household_serial, h.section_id, s.code AS section_code,"
    " (SELECT v.name FROM section_version v WHERE v.section_id = h.section_id"
    "  AND v.first_day <= p.paid_on ORDER BY v.first_day DESC, v.id DESC LIMIT 1) AS section,"
    " m.surname, m.given_names, t.name AS taker, k.serial AS booklet,"
    " r.year AS r_year, r.letter AS r_letter, r.serial AS r_serial,"
    " b.year AS b_year, b.letter AS b_letter, b.serial AS b_serial FROM payment p"
    " JOIN household h ON h.id = p.household_id JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id JOIN staff t ON t.id = p.taken_by"
    " LEFT JOIN payment r ON r.id = p.reverses LEFT JOIN payment b ON b.reverses = p.id"
    " LEFT JOIN booklet k ON k.id = p.booklet_id"
)
_RECEIPT_LINES = (
    "SELECT a.target, a.amount, d.first_day, d.until,"
    " CASE WHEN d.discount AND a.target = 'DUE' AND a.amount = d.amount"
    " THEN d.discount + coalesce(d.fees_discount, 0) ELSE 0 END AS off FROM allocation a"
    " LEFT JOIN due d ON d.id = a.due_id WHERE a.payment_id = :payment AND a.spent_on IS NULL"
    " ORDER BY d.first_day, a.id"
)
_NAMED = (
    "SELECT h.serial, s.code, m.surname, m.given_names, t.name AS taker,"
    " (SELECT v.name FROM section_version v WHERE v.section_id = h.section_id"
    "  AND v.first_day <= :day ORDER BY v.first_day DESC, v.id DESC LIMIT 1) AS section"
    " FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id JOIN staff t ON t.id = :taker"
    " WHERE h.id = :household"
)
_BY_REQUEST = "SELECT id FROM payment WHERE request_id = :request"
_BY_NUMBER = "SELECT id FROM payment WHERE year = :year AND letter = :letter AND serial = :serial"
_BY_LEAF = (
    "SELECT p.id FROM booklet k JOIN payment p ON p.booklet_id = k.id AND p.leaf = :leaf"
    " WHERE k.kind = 'RECEIPT' AND k.serial = :booklet ORDER BY p.id DESC LIMIT 1"
)
_PRINTED = (
    "SELECT count(*) AS times FROM access WHERE subject = :payment AND question LIKE 'receipt %'"
)
_RECEIPT_KEY = "SELECT secret FROM scheme_key WHERE purpose = 'receipt'"


def payment_by_request(connection: Connection, request: bytes) -> PaymentId | None:
    row = fetch_one(connection, _BY_REQUEST, request=request)
    return None if row is None else PaymentId(row.id)


def payment_by_number(connection: Connection, number: str) -> PaymentId | None:
    """Return the payment of a receipt number such as R-2026-A-000123, or of a leaf, 0147-23.

    Of a leaf typed in again after a reversal it is the last one.
    """
    row = None
    if (leaf := leaf_parts(number)) is not None:
        row = fetch_one(connection, _BY_LEAF, booklet=leaf[0], leaf=leaf[1])
    elif (parts := document_parts("R", number)) is not None:
        year, letter, serial = parts
        row = fetch_one(connection, _BY_NUMBER, year=year, letter=letter, serial=serial)
    return None if row is None else PaymentId(row.id)


def receipt_code(
    secret: bytes, payment_id: bytes, household: bytes, amount: int, day: date
) -> str:
    """Return the six symbols that tell a forged paper receipt; a payer stands for a household.

    Source: safety handbook 3.4: the first 30 bits of HMAC(scheme key, document, amount, member,
    day).
    """
    from hmac import digest

    from stepdesk.values.digits import code_of

    told = b"|".join((payment_id, str(amount).encode(), household, day.isoformat().encode()))
    mac = digest(secret, b"stepdesk/receipt\0" + told, "sha256")
    return code_of(int.from_bytes(mac[:8], "big"), 6)


def receipt_of(connection: Connection, payment_id: PaymentId, currency: Currency) -> Receipt:
    """Return a receipt as it was given."""
    row = fetch_one(connection, f"{_RECEIPT} WHERE p.id = :id", id=payment_id)
    lines = list(fetch(connection, _RECEIPT_LINES, payment=payment_id))
    paid_on = date.fromisoformat(row.paid_on)
    scheme = scheme_on(connection, paid_on)
    secret = receipt_secret(connection)
    household = HouseholdId(row.household_id)
    return Receipt(
        payment_id=payment_id,
        household_id=household,
        number=number(row.letter, row.year, row.serial, row.legacy_number),
        code=receipt_code(secret, payment_id, household, row.amount, paid_on),
        scheme=scheme.name,
        household_number=str(HouseholdNumber(row.section_code, row.household_serial)),
        received_from=name_of(row.surname, row.given_names),
        section=row.section or "",
        paid_on=paid_on,
        amount=Money(row.amount, currency),
        means=Means(row.means),
        lines=tuple(_receipt_line(line, currency) for line in lines),
        covered_through=day_or_none(row.covered_through),
        taken_by=row.taker,
        practice=scheme.practice,
        single_control=bool(row.single_control),
        reverses=""
        if row.r_year is None
        else receipt_number(row.r_year, row.r_letter, row.r_serial),
        reversed_by=""
        if row.b_year is None
        else receipt_number(row.b_year, row.b_letter, row.b_serial),
        reason=row.reason,
        leaf="" if row.booklet is None else leaf_number(row.booklet, row.leaf),
        reference=row.reference or "",
        discount=_off(sum(line.off for line in lines), currency),
    )


def receipt_given(connection: Connection, given: Given) -> Receipt:
    """Return the receipt of who has just written it, as `receipt_of` reads it ever after.

    Of what stands in the book already only names are asked; it has no leaf and reverses nothing.
    """
    day = given.paid_on
    row = fetch_one(
        connection,
        _NAMED,
        household=given.household_id,
        taker=given.taken_by,
        day=day.isoformat(),
    )
    scheme = scheme_on(connection, day)
    secret = receipt_secret(connection)
    currency = given.amount.currency
    parts = sorted(given.parts, key=lambda part: part.due.first_day if part.due else date.min)
    return Receipt(
        payment_id=given.payment_id,
        household_id=given.household_id,
        number=given.number,
        code=receipt_code(secret, given.payment_id, given.household_id, given.amount.minor, day),
        scheme=scheme.name,
        household_number=str(HouseholdNumber(row.code, row.serial)),
        received_from=name_of(row.surname, row.given_names),
        section=row.section or "",
        paid_on=day,
        amount=given.amount,
        means=given.means,
        lines=tuple(_line(part, currency) for part in parts),
        covered_through=given.covered_through,
        taken_by=row.taker,
        practice=scheme.practice,
        reference=given.reference,
        discount=_off(sum(map(_taken_off, parts)), currency),
    )


def _off(amount: int, currency: Currency) -> Money | None:
    return Money(amount, currency) if amount else None


def _taken_off(part: Part) -> int:
    """Return what was taken off for who bought a whole due with this part."""
    due = part.due
    if due is None or not due.discount or part.target is not _DUE or part.amount != due.amount:
        return 0
    return due.discount + due.fees_discount


def _line(part: Part, currency: Currency) -> ReceiptLine:
    amount, due = Money(part.amount, currency), part.due
    if due is None:
        return ReceiptLine(part.target, amount)
    return ReceiptLine(part.target, amount, due.first_day, due.until - _DAY)


def receipt_secret(connection: Connection) -> bytes:
    """Return the scheme's key of the codes on receipts; for `receipt_code` alone."""
    return remembered(connection, ("scheme_key",), _receipt_key)


def _receipt_key(connection: Connection) -> bytes:
    secret: bytes = fetch_one(connection, _RECEIPT_KEY).secret
    return secret


def number(letter: str, year: int, serial: int, legacy: str | None) -> str:
    return legacy if letter == IMPORTED and legacy else receipt_number(year, letter, serial)


def _receipt_line(row: Any, currency: Currency) -> ReceiptLine:
    until = day_or_none(row.until)
    return ReceiptLine(
        Target(row.target),
        Money(row.amount, currency),
        day_or_none(row.first_day),
        None if until is None else until - _DAY,
    )


def receipts_of(
    connection: Connection, household_id: HouseholdId, currency: Currency
) -> tuple[Receipt, ...]:
    """Return a household's receipts, the newest first."""
    rows = fetch(
        connection,
        "SELECT id FROM payment WHERE household_id = :h ORDER BY paid_on DESC, id DESC",
        h=household_id,
    )
    return tuple(receipt_of(connection, PaymentId(row.id), currency) for row in rows)


def receipts_of_session(
    connection: Connection, session_id: SessionId, currency: Currency, *, limit: int = 1000
) -> tuple[Receipt, ...]:
    """Return a session's receipts, the newest first."""
    rows = fetch(
        connection,
        "SELECT id FROM payment WHERE session_id = :s ORDER BY id DESC LIMIT :limit",
        s=session_id,
        limit=limit,
    )
    return tuple(receipt_of(connection, PaymentId(row.id), currency) for row in rows)


def next_receipt(connection: Connection, year: int, letter: str) -> str:
    """Return the number the next receipt will bear."""
    told = connection.execute(
        text("SELECT coalesce(max(serial), 0) + 1 FROM payment WHERE year = :y AND letter = :l"),
        {"y": year, "l": letter},
    ).scalar_one()
    return receipt_number(year, letter, told)


def receipt_gaps(connection: Connection) -> list[tuple[str, int]]:
    """Return series whose serials have gaps, with how many are missing; there must be none."""
    rows = connection.execute(
        text(
            "SELECT letter, year, max(serial) - count(*) AS missing FROM payment"
            " GROUP BY letter, year HAVING max(serial) <> count(*)"
        )
    ).all()
    return [(f"{row.letter}-{row.year}", row.missing) for row in rows]


def times_printed(connection: Connection, payment_id: PaymentId) -> int:
    """Return how often a receipt left the book on paper, as the access log tells it."""
    return int(fetch_one(connection, _PRINTED, payment=payment_id).times)
