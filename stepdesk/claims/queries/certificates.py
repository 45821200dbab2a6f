"""Batches and claims as they stand."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import Category
from stepdesk.claims import rules
from stepdesk.claims.model import STANDING
from stepdesk.claims.queries.care import IMPORTED
from stepdesk.claims.queries.reviewing import HELD_CLAIM, SETTLED, state_of
from stepdesk.claims.terms import (
    Batch,
    Claim,
    ClaimLine,
    NewClaim,
    NewLine,
    Visit,
)
from stepdesk.i18n import Text
from stepdesk.members.queries import name_of
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    HouseholdId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

# Batches and claims as they stand

_BATCHES = (
    "SELECT b.id, b.year, b.letter, b.serial, b.provider_id, p.name AS provider, b.month,"
    " b.received_on, b.invoice, b.invoice_total,"
    " count(c.id) AS claims, coalesce(sum(c.claimed), 0) AS claimed,"
    # Claims of a former system wait for nothing here, and nothing is owed for them.
    f" coalesce(sum(c.letter <> '{IMPORTED}'"
    " AND (e.outcome IS NULL OR e.outcome = 'PENDING')), 0) AS undecided,"
    # A second decision that changes no amount books nothing: what it pays is owed all the same.
    f" coalesce(sum(CASE WHEN c.letter <> '{IMPORTED}' AND e.outcome IN"
    " ('APPROVED', 'REJECTED', 'REVERSED') THEN e.paid END), 0) AS payable,"
    " coalesce(sum((SELECT sum(q.amount) FROM paid_claim q WHERE q.claim_id = c.id)), 0)"
    " + coalesce(sum((SELECT sum(q.amount) FROM reimbursed_claim q WHERE q.claim_id = c.id)), 0)"
    " AS paid, b.to_member FROM claim_batch b JOIN provider p ON p.id = b.provider_id"
    " LEFT JOIN claim c ON c.batch_id = b.id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
)
_CLAIMS = (
    "SELECT c.id, c.year, c.letter, c.serial, c.batch_id, c.person_id, c.household_id,"
    " c.first_day, c.last_day, c.visit, c.certificate, c.claimed, c.legacy_number, c.referred,"
    " c.declared_hours, c.guarantee, n.surname, n.given_names, h.serial AS home,"
    " s.code AS section, v.suffix, e.outcome, e.codes, e.paid, e.patient, e.disallowed,"
    " e.rounding, e.decided_on, e.facts, e.version, k.state, k.version AS happened_at,"
    f" {SETTLED} AS settled, EXISTS {HELD_CLAIM} AS in_batch,"
    " nullif(max(coalesce((SELECT max(y.day) FROM paid_claim q JOIN provider_payment y"
    f" ON y.id = q.provider_payment_id WHERE q.claim_id = c.id AND {STANDING}), ''),"
    " coalesce((SELECT max(z.day) FROM reimbursed_claim w JOIN member_payment z"
    " ON z.id = w.member_payment_id WHERE w.claim_id = c.id), '')), '') AS paid_on"
    " FROM claim c JOIN person n ON n.id = c.person_id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id"
    " LEFT JOIN cover v ON v.person_id = c.person_id AND v.household_id = c.household_id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " LEFT JOIN claim_event k ON k.claim_id = c.id"
    " AND k.place = (SELECT max(place) FROM claim_event WHERE claim_id = c.id)"
)
_LINES = (
    "SELECT l.id, l.claim_id, l.service_id, s.code, s.name, s.category, l.quantity, l.unit_price,"
    " d.quantity AS counted, d.approved, d.adjusted, d.paid, d.codes"
    " FROM claim_line l JOIN service s ON s.id = l.service_id"
    " LEFT JOIN claim_decision e ON e.claim_id = l.claim_id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = l.claim_id)"
    " LEFT JOIN line_decision d ON d.decision_id = e.id AND d.line_id = l.id"
)


def batches(
    connection: Connection, currency: Currency, *, batch_id: BatchId | None = None
) -> tuple[Batch, ...]:
    """Return the batches, latest first, or the one asked for."""
    where = " WHERE b.id = :batch" if batch_id is not None else ""
    asked = {} if batch_id is None else {"batch": batch_id}
    rows = fetch(
        connection,
        f"{_BATCHES}{where} GROUP BY b.id ORDER BY b.received_on DESC, b.id DESC",
        **asked,
    )
    return tuple(_batch_row(row, currency) for row in rows)


def _batch_row(row: Any, currency: Currency) -> Batch:
    return Batch(
        id=BatchId(row.id),
        number=document_number("B", row.year, row.letter, row.serial),
        provider_id=ProviderId(row.provider_id),
        provider=row.provider,
        month=Month.parse(row.month),
        received_on=date.fromisoformat(row.received_on),
        invoice=row.invoice,
        invoice_total=None if row.invoice_total is None else Money(row.invoice_total, currency),
        claims=row.claims,
        claimed=Money(row.claimed, currency),
        undecided=row.undecided,
        payable=Money(row.payable, currency),
        paid=Money(row.paid, currency),
        history=row.letter == IMPORTED,
        to_member=bool(row.to_member),
    )


def batch_of_number(connection: Connection, number: str, currency: Currency) -> Batch | None:
    """Return the batch of a document number, None when there is none."""
    wanted = number.strip().upper()
    found = [one for one in batches(connection, currency) if one.number.upper() == wanted]
    return found[0] if found else None


def claims_of(
    connection: Connection,
    currency: Currency,
    *,
    batch_id: BatchId | None = None,
    claim_id: ClaimId | None = None,
    person_id: PersonId | None = None,
) -> tuple[Claim, ...]:
    """Return claims with their lines in the order they were typed: of a batch, a person, or one."""
    asked = {"batch_id": batch_id, "id": claim_id, "person_id": person_id}
    given = {name: value for name, value in asked.items() if value is not None}
    where = " AND ".join(f"c.{name} = :{name}" for name in given) or "1"
    rows = fetch(connection, f"{_CLAIMS} WHERE {where} GROUP BY c.id ORDER BY c.id", **given)
    inner = "SELECT id FROM claim c WHERE " + where
    lines: dict[bytes, list[ClaimLine]] = {}
    for row in fetch(connection, f"{_LINES} WHERE l.claim_id IN ({inner}) ORDER BY l.id", **given):
        lines.setdefault(row.claim_id, []).append(_line_row(row, currency))
    return tuple(_claim_row(row, tuple(lines.get(row.id, ())), currency) for row in rows)


def claim_of(connection: Connection, claim_id: ClaimId, currency: Currency) -> Claim:
    """Return one claim.

    Raises:
        LookupError: when there is none.
    """
    found = claims_of(connection, currency, claim_id=claim_id)
    if not found:
        raise LookupError("no such claim")
    return found[0]


def claim_of_number(connection: Connection, number: str) -> ClaimId | None:
    """Return the claim of a document number, or of its number in a former system."""
    parts = number.strip().split("-")
    row = None
    if len(parts) == 4 and parts[0].upper() == "C" and parts[1].isdigit() and parts[3].isdigit():
        row = fetch_one(
            connection,
            "SELECT id FROM claim WHERE year = :year AND letter = :letter AND serial = :serial",
            year=int(parts[1]),
            letter=parts[2] if parts[2] == IMPORTED else parts[2].upper(),
            serial=int(parts[3]),
        )
    if row is None:
        row = fetch_one(
            connection, "SELECT id FROM claim WHERE legacy_number = :told", told=number.strip()
        )
    return None if row is None else ClaimId(row.id)


def _line_row(row: Any, currency: Currency) -> ClaimLine:
    codes = tuple(row.codes.split(",")) if row.codes else ()
    decided = row.paid is not None
    return ClaimLine(
        id=ClaimLineId(row.id),
        service_id=ServiceId(row.service_id),
        code=row.code,
        name=row.name,
        category=Category(row.category),
        quantity=row.quantity,
        unit_price=Money(row.unit_price, currency),
        claimed=Money(row.unit_price * row.quantity, currency),
        approved=Money(row.approved, currency) if decided else None,
        adjusted=Money(row.adjusted, currency) if decided else None,
        paid=Money(row.paid, currency) if decided else None,
        quantity_counted=row.counted,
        codes=codes,
        reasons=tuple(rules.reason(ReasonCode(code)) for code in codes),
    )


def _claim_row(row: Any, lines: tuple[ClaimLine, ...], currency: Currency) -> Claim:
    decided = row.outcome is not None

    def money(minor: int | None) -> Money | None:
        return Money(minor, currency) if decided and minor is not None else None

    return Claim(
        id=ClaimId(row.id),
        number=document_number("C", row.year, row.letter, row.serial),
        batch_id=BatchId(row.batch_id),
        person_id=PersonId(row.person_id),
        household_id=HouseholdId(row.household_id),
        patient=name_of(row.surname, row.given_names),
        card=f"{HouseholdNumber(row.section, row.home)}/{row.suffix or 0:02d}",
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        visit=Visit(row.visit),
        certificate=row.certificate,
        state=state_of(
            row.outcome,
            row.state,
            version=row.version,
            happened_at=row.happened_at,
            paid=row.paid,
            settled=row.settled,
            in_batch=row.in_batch,
        ),
        claimed=Money(row.claimed, currency),
        lines=lines,
        paid=money(row.paid),
        patient_due=money(row.patient),
        disallowed=money(row.disallowed),
        rounding=money(row.rounding),
        codes=tuple(row.codes.split(",")) if row.codes else (),
        decided_on=None if row.decided_on is None else date.fromisoformat(row.decided_on),
        paid_on=None if row.paid_on is None else date.fromisoformat(row.paid_on),
        legacy_number=row.legacy_number or "",
        history=row.letter == IMPORTED,
    )


def why(
    connection: Connection, claim_id: ClaimId, currency: Currency
) -> tuple[tuple[ClaimLine, tuple[Text, ...]], ...]:
    """Return each line of a decided claim with the steps that led to its amount.

    The stored facts are assessed again: they give the same answer for ever. A claim decided in a
    former system has no facts, and no steps.
    """
    known = claim_of(connection, claim_id, currency)
    row = fetch_one(
        connection,
        "SELECT facts FROM claim_decision WHERE claim_id = :claim ORDER BY version DESC",
        claim=claim_id,
    )
    if row is None or not row.facts:
        return tuple((line, ()) for line in known.lines)
    facts = rules.unpacked(row.facts)
    decided = rules.assess(facts)
    return tuple(
        (line, rules.steps(told, result, facts, currency))
        for line, told, result in zip(known.lines, facts.lines, decided.lines, strict=True)
    )


_TYPED = (
    "SELECT c.person_id, c.first_day, c.last_day, c.visit, c.referred, c.declared_hours,"
    " c.guarantee, c.certificate, b.provider_id, b.received_on FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :claim"
)


def typed(connection: Connection, claim_id: ClaimId) -> tuple[NewClaim, ProviderId, date]:
    """Return a recorded certificate as it was typed, without its diagnosis, the provider it comes
    from, and the day its invoice came.

    Raises:
        LookupError: when there is none.
    """  # noqa: D205 - one sentence
    row = fetch_one(connection, _TYPED, claim=claim_id)
    if row is None:
        raise LookupError("no such claim")
    lines = fetch(
        connection,
        "SELECT service_id, quantity, unit_price FROM claim_line WHERE claim_id = :id ORDER BY id",
        id=claim_id,
    )
    certificate = NewClaim(
        person_id=PersonId(row.person_id),
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        lines=tuple(
            NewLine(ServiceId(line.service_id), line.quantity, line.unit_price) for line in lines
        ),
        certificate=row.certificate,
        visit=Visit(row.visit),
        referred=bool(row.referred),
        declared_hours=row.declared_hours,
        guarantee=row.guarantee,
    )
    return certificate, ProviderId(row.provider_id), date.fromisoformat(row.received_on)


def undecided_of(connection: Connection, batch_id: BatchId) -> tuple[ClaimId, ...]:
    """Return the claims of a batch that wait for a decision, in the order they were typed."""
    rows = fetch(
        connection,
        f"SELECT c.id FROM claim c WHERE c.batch_id = :batch AND c.letter <> '{IMPORTED}'"
        " AND NOT EXISTS"
        " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.outcome <> 'PENDING')"
        " ORDER BY c.id",
        batch=batch_id,
    )
    return tuple(ClaimId(row.id) for row in rows)


def draft_of(connection: Connection, form: str) -> str:
    """Return what was typed into a form and not recorded, empty when there is nothing."""
    row = fetch_one(connection, "SELECT content FROM draft WHERE form = :form", form=form)
    return "" if row is None else str(row.content)
