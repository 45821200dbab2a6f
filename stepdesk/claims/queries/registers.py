"""The register of benefits, what was refused and why, and a provider's year on a page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.claims.model import STANDING
from stepdesk.claims.queries.care import IMPORTED
from stepdesk.claims.queries.paying import batch_number
from stepdesk.claims.queries.payment_batches import delays
from stepdesk.claims.terms import ByReason, Mirror, MirrorMonth, RegisterRow
from stepdesk.providers.queries import providers
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import ProviderId
from stepdesk.values.money import Currency, Money, round_half_up
from stepdesk.values.month import Month

YEAR = 12

_STANDING = (
    "LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
)
_REGISTER = (
    "SELECT c.year, c.letter, c.serial, c.last_day, c.claimed, b.received_on, p.name AS provider,"
    " h.serial AS home, s.code AS section, v.suffix, e.outcome, e.codes, e.paid, e.patient,"
    " (SELECT group_concat(code, ' ') FROM (SELECT DISTINCT x.code FROM claim_line l"
    " JOIN service x ON x.id = l.service_id WHERE l.claim_id = c.id ORDER BY x.code)) AS services,"
    " y.day, y.month, y.code AS batch_code, y.batch_letter, y.batch_serial,"
    " y.year AS pay_year, y.letter AS pay_letter, y.serial AS pay_serial, y.kind"
    " FROM claim_batch b JOIN claim c ON c.batch_id = b.id JOIN provider p ON p.id = b.provider_id"
    " JOIN household h ON h.id = c.household_id JOIN section s ON s.id = h.section_id"
    " LEFT JOIN cover v ON v.person_id = c.person_id AND v.household_id = c.household_id"
    f" {_STANDING}"
    " LEFT JOIN (SELECT q.claim_id, o.day, o.year, o.letter, o.serial, 'V' AS kind, g.month,"
    " r.code, g.letter AS batch_letter, g.serial AS batch_serial FROM paid_claim q"
    " JOIN provider_payment o ON o.id = q.provider_payment_id"
    " JOIN provider r ON r.id = o.provider_id"
    f" LEFT JOIN payment_batch g ON g.id = o.payment_batch_id WHERE {STANDING.replace('y.', 'o.')}"
    " UNION ALL SELECT q.claim_id, o.day, o.year, o.letter, o.serial, 'M', NULL, NULL, NULL, NULL"
    " FROM reimbursed_claim q JOIN member_payment o ON o.id = q.member_payment_id) y"
    " ON y.claim_id = c.id"
    f" WHERE substr(b.received_on, 1, 7) = :month AND c.letter <> '{IMPORTED}'"
    " GROUP BY c.id ORDER BY b.received_on, c.id"
)


def register_of_benefits(
    connection: Connection, month: Month, currency: Currency
) -> tuple[RegisterRow, ...]:
    """Return every claim received in a month, in the order it came (D14), as it stands now."""
    return tuple(_row(row, currency) for row in fetch(connection, _REGISTER, month=str(month)))


def _row(row: Any, currency: Currency) -> RegisterRow:
    payment = ""
    if row.month is not None:
        payment = batch_number(row.month, row.batch_code, row.batch_letter, row.batch_serial)
    elif row.day is not None:
        payment = document_number(row.kind, row.pay_year, row.pay_letter, row.pay_serial)
    return RegisterRow(
        document_number("C", row.year, row.letter, row.serial),
        date.fromisoformat(row.last_day),
        date.fromisoformat(row.received_on),
        f"{HouseholdNumber(row.section, row.home)}/{row.suffix or 0:02d}",
        row.provider,
        row.services or "",
        Money(row.claimed, currency),
        Money(row.paid or 0, currency),
        Money(row.patient or 0, currency),
        row.outcome or "RECEIVED",
        (row.codes or "").replace(",", " "),
        None if row.day is None else date.fromisoformat(row.day),
        payment,
    )


# Why something was cut

_FACTS = (
    f"SELECT e.facts FROM claim_batch b JOIN claim c ON c.batch_id = b.id {_STANDING}"
    " WHERE substr(b.received_on, 1, 7) BETWEEN :first AND :last AND e.facts <> ''"
    " AND e.outcome IN ('APPROVED', 'REJECTED') AND b.to_member IS NULL"
    " AND (:provider IS NULL OR b.provider_id = :provider)"
)


def reasons_of(
    connection: Connection,
    first: Month,
    last: Month,
    currency: Currency,
    *,
    provider_id: ProviderId | None = None,
) -> tuple[ByReason, ...]:
    """Return how often each reason cut lines invoiced in some months, and how much, the most first.

    The facts kept with each decision are assessed again, so that every cut counts under its own reason.

    Args:
        connection: The book.
        first: The first month invoices came in.
        last: The last one, included.
        currency: Of the amounts.
        provider_id: Whose; everybody's when left out.
    """
    rows = fetch(connection, _FACTS, first=str(first), last=str(last), provider=provider_id)
    return _by_reason((row.facts for row in rows), currency)


def _by_reason(facts: Iterable[str], currency: Currency) -> tuple[ByReason, ...]:
    lines: Counter[ReasonCode] = Counter()
    amounts: Counter[ReasonCode] = Counter()
    for told in facts:
        for line in rules.assess(rules.unpacked(told)).lines:
            for code in line.codes:
                lines[code] += 1
            for cut in line.cuts:
                amounts[cut.code] += cut.amount
    found = [
        ByReason(code.value, rules.reason(code), count, Money(amounts[code], currency))
        for code, count in lines.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.amount.minor, -one.lines, one.code)))


# A provider's year

_INVOICED = (
    "SELECT substr(b.received_on, 1, 7) AS month, count(*) AS claims, sum(c.claimed) AS claimed,"
    " coalesce(sum(e.paid), 0) AS approved, coalesce(sum(e.patient), 0) AS patients,"
    " coalesce(sum(e.disallowed), 0) AS refused FROM claim_batch b"
    f" JOIN claim c ON c.batch_id = b.id {_STANDING}"
    f" WHERE b.provider_id = :provider AND b.to_member IS NULL AND c.letter <> '{IMPORTED}'"
    " AND coalesce(e.outcome, '') <> 'WITHDRAWN'"
    " AND substr(b.received_on, 1, 7) BETWEEN :first AND :last GROUP BY 1"
)
_PAID = (
    "SELECT substr(y.day, 1, 7) AS month, y.day, b.received_on, q.amount"
    " FROM provider_payment y JOIN paid_claim q ON q.provider_payment_id = y.id"
    " JOIN claim c ON c.id = q.claim_id JOIN claim_batch b ON b.id = c.batch_id"
    " WHERE y.provider_id = :provider AND substr(y.day, 1, 7) BETWEEN :first AND :last"
    f" AND {STANDING}"
)
_HEADS = (
    "SELECT substr(y.day, 1, 7) AS month, sum(k.amount) AS amount FROM provider_payment y"
    " JOIN payment_batch_line k ON k.payment_batch_id = y.payment_batch_id"
    " AND k.kind = 'CAPITATION' WHERE y.provider_id = :provider"
    f" AND substr(y.day, 1, 7) BETWEEN :first AND :last AND {STANDING} GROUP BY 1"
)


def mirror_of(
    connection: Connection,
    provider_id: ProviderId,
    until: Month,
    currency: Currency,
    *,
    day: date,
) -> Mirror:
    """Return a provider's twelve months up to one, and how long it waits on a day; nobody's name.

    Claims stand in the month their invoice came, payments in the month they were made; the delay is the mean
    from invoice to payment, weighted by amount.
    """
    months = tuple(until.plus(at - YEAR + 1) for at in range(YEAR))
    asked = {"provider": provider_id, "first": str(months[0]), "last": str(until)}
    invoiced = {row.month: row for row in fetch(connection, _INVOICED, **asked)}
    paid: dict[str, list[Any]] = {}
    for row in fetch(connection, _PAID, **asked):
        paid.setdefault(row.month, []).append(row)
    heads = {row.month: row.amount for row in fetch(connection, _HEADS, **asked)}
    known = providers(connection)[provider_id]
    waits = delays(connection, currency, day)
    return Mirror(
        known.name,
        known.code,
        until,
        tuple(_month(one, invoiced, paid, heads, currency) for one in months),
        reasons_of(connection, months[0], until, currency, provider_id=provider_id),
        next((one for one in waits if one.provider_id == provider_id), None),
    )


def _month(
    month: Month,
    invoiced: Mapping[str, Any],
    paid: Mapping[str, list[Any]],
    heads: Mapping[str, int],
    currency: Currency,
) -> MirrorMonth:
    row, rows = invoiced.get(str(month)), paid.get(str(month), [])
    amounts = [
        (
            (date.fromisoformat(one.day) - date.fromisoformat(one.received_on)).days,
            one.amount,
        )
        for one in rows
        if one.amount > 0
    ]
    whole = sum(amount for _, amount in amounts)
    return MirrorMonth(
        month,
        row.claims if row else 0,
        Money(row.claimed if row else 0, currency),
        Money(row.approved if row else 0, currency),
        Money(row.patients if row else 0, currency),
        Money(row.refused if row else 0, currency),
        Money(sum(one.amount for one in rows) + heads.get(str(month), 0), currency),
        round_half_up(sum(days * amount for days, amount in amounts), whole) if whole else None,
    )
