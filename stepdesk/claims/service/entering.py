"""Batches and certificates typed in, or brought in from a former system.

Nothing is refused at entry that a decision can answer with a reason: who is not covered gets a
rejection that says why. Refused at once is what cannot be right: nobody known, no such service,
a quantity of nothing, days that cannot be, a day without a price list.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import categories_of, services
from stepdesk.benefits.terms import Payment
from stepdesk.claims import queries
from stepdesk.claims.model import (
    claim,
    claim_batch,
    claim_line,
)
from stepdesk.claims.rules import later_than_invoice
from stepdesk.claims.service.diagnoses import checked_diagnosis
from stepdesk.claims.terms import (
    NewClaim,
    NewLine,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.members.queries import birth_of
from stepdesk.members.terms import Birth, BirthKnown
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch_one
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    HouseholdId,
    ProviderId,
    RequestId,
    ServiceId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

MOST_UNITS = 9_999
"""The largest quantity of one line: more is an extra zero."""

HISTORY = N_(
    "This claim comes from a former system and is kept as history: nothing is decided on it here."
    " If it is still to be paid, type its certificate in again."
)
HISTORY_BATCH = N_(
    "This batch comes from a former system and is kept as history. Open a new batch."
)

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM {table} WHERE year = :year AND letter = :letter"
)


def next_serial(work: Work, table: str, year: int) -> int:
    told = work.rows(_SERIAL.format(table=table), year=year, letter=work.desk.head.device)
    return int(told[0][0])


# A batch and its certificates


def open_batch(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    month: Month,
    received_on: date | None = None,
    invoice: str = "",
    invoice_total: Money | None = None,
    to_member: bool = False,
    beside: Collection[BatchId] = (),
) -> BatchId:
    """Open the batch of one provider and month; the same request twice is one batch.

    Args:
        work: The work.
        request_id: Made by the form.
        provider_id: Who sends the invoice.
        month: The month of care the invoice is for.
        received_on: The day it came; today when None.
        invoice: The number on it.
        invoice_total: The total on it; None when it has none.
        to_member: The member paid the provider and asks for it back (D13).
        beside: Batches of the same invoice, which tells of several months.

    Raises:
        Refusal: no such provider, a month or day still ahead, a day in a closed month, a total
            below zero, an invoice seen before.
    """
    done = work.rows("SELECT id FROM claim_batch WHERE request_id = :request", request=request_id)
    if done:
        return BatchId(done[0].id)
    on = received_on or work.today
    _check_batch(work, provider_id, month, on, invoice_total)
    if invoice.strip() and not to_member:
        _check_invoice(work, provider_id, month, invoice.strip(), beside)
    batch_id = BatchId(work.new_id())
    work.insert(
        claim_batch,
        id=batch_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "claim_batch", on.year),
        provider_id=provider_id,
        month=month,
        received_on=on,
        invoice=invoice.strip(),
        invoice_total=invoice_total,
        entered_by=work.person.staff_id,
        to_member=1 if to_member else None,
    )
    return batch_id


def _check_batch(
    work: Work, provider_id: ProviderId, month: Month, on: date, total: Money | None
) -> None:
    if not work.rows("SELECT 1 FROM provider WHERE id = :id", id=provider_id):
        raise Refusal(Text(N_("Choose the provider the invoice comes from.")), field="provider")
    if month.first > work.today:
        raise Refusal(
            Text(N_("{month} has not begun. Check the month of the invoice."), {"month": month}),
            field="month",
        )
    if on > work.today:
        raise Refusal(
            Text(N_("{day} is still ahead. Check the day the invoice came."), {"day": on}),
            field="received_on",
        )
    if on < month.first:
        raise Refusal(
            Text(
                N_(
                    "An invoice for {month} cannot have come on {day}. Check the day and the month."
                ),
                {"month": month, "day": on},
            ),
            field="received_on",
        )
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(
                N_("{month} is closed. Give the day in the open month on which you book it."),
                {"month": Month.of(on)},
            ),
            field="received_on",
        )
    if total is not None and not 0 <= total.minor <= MOST:
        raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="invoice_total")


def _check_invoice(
    work: Work,
    provider_id: ProviderId,
    month: Month,
    invoice: str,
    beside: Collection[BatchId],
) -> None:
    """Refuse an invoice that has certificates here already; a provider may count anew each year."""
    rows = work.rows(
        "SELECT b.id, b.year, b.letter, b.serial, b.month FROM claim_batch b"
        " WHERE b.provider_id = :provider AND b.month BETWEEN :first AND :last"
        " AND upper(b.invoice) = upper(:invoice) AND b.to_member IS NULL AND b.letter <> :history"
        " AND (EXISTS (SELECT 1 FROM unknown_patient u WHERE u.batch_id = b.id)"
        " OR EXISTS (SELECT 1 FROM claim c WHERE c.batch_id = b.id"
        " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
        " AND e.outcome = 'WITHDRAWN')))",
        provider=provider_id,
        first=f"{month.year}-01",
        last=f"{month.year}-12",
        invoice=invoice,
        history=queries.IMPORTED,
    )
    seen = next((row for row in rows if row.id not in beside), None)
    if seen is not None:
        raise Refusal(
            Text(
                N_(
                    "Invoice {invoice} of this provider is in the book already: batch {batch} of"
                    " {month}. Type its certificates in there, or check the number."
                ),
                {
                    "invoice": invoice,
                    "batch": f"B-{seen.year}-{seen.letter}-{seen.serial:06d}",
                    "month": Month.parse(seen.month),
                },
            ),
            field="invoice",
        )


def enter_claim(
    work: Work, *, request_id: RequestId, batch_id: BatchId, certificate: NewClaim
) -> ClaimId:
    """Record one certificate of a batch; the same request twice is one claim.

    The diagnosis is sealed before it is kept.

    Raises:
        Refusal: nobody known, days that cannot be, no line, a quantity of nothing, no price list
            on the day of care, a certificate typed in before, a batch kept as history, a diagnosis
            without the medical key or outside the scheme's list.
    """
    done = entered_before(work, request_id)
    if done is not None:
        return done
    checked = check_certificate(work, batch_id, certificate)
    batch, told = checked.batch, checked.certificate
    care = queries.care_to_enter(
        work.connection,
        person_id=told.person_id,
        first_day=told.first_day,
        last_day=told.last_day,
        services={line.service_id for line in told.lines},
        provider_id=batch.provider_id,
    )
    if care is None:
        raise nobody()
    check_way(work, batch, care, told)
    return write_new_claim(
        work, told, request_id=request_id, batch_id=batch_id, household_id=care.household_id
    ).claim_id


def nobody() -> Refusal:
    """Return what is said of a person the book does not know."""
    told = N_("Nobody is registered under this number. Look at the card again, or search by name.")
    return Refusal(Text(told), field="person")


def entered_before(work: Work, request_id: RequestId) -> ClaimId | None:
    """Return the claim of a request that was entered before."""
    done = work.row("SELECT id FROM claim WHERE request_id = :request", request=request_id)
    return None if done is None else ClaimId(done.id)


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate that may be entered, its diagnosis as it is kept, and its batch.

    `categories` are those its services are booked under.
    """

    certificate: NewClaim
    batch: "BatchRow"
    categories: Mapping[ServiceId, str]


def check_certificate(work: Work, batch_id: BatchId, certificate: NewClaim) -> Checked:
    """Return a certificate that may be entered, whatever the person's rights are.

    Raises:
        Refusal: what cannot be right.
    """
    batch, told = batch_row(work, batch_id), certificate
    if told.diagnosis and work.may_seal:
        told = replace(told, diagnosis=checked_diagnosis(work, told.diagnosis))
    _check_open(batch)
    _check_days(work, batch, told)
    categories = _check_lines(work, told.lines)
    if told.certificate.strip() and not batch.to_member:
        _check_number(work, batch, told.certificate.strip())
    return Checked(told, batch, categories)


def write_new_claim(
    work: Work,
    told: NewClaim,
    *,
    request_id: RequestId,
    batch_id: BatchId,
    household_id: HouseholdId,
) -> "Written":
    """Write a claim of today with the next number of this laptop."""
    return write_claim(
        work,
        told,
        request_id=request_id,
        batch_id=batch_id,
        household_id=household_id,
        entered_on=work.today,
        letter=work.desk.head.device,
        serial=next_serial(work, "claim", work.today.year),
    )


class Written(NamedTuple):
    """A claim that was written, and its lines in the order they were typed."""

    claim_id: ClaimId
    line_ids: tuple[ClaimLineId, ...]


def write_claim(
    work: Work,
    told: NewClaim,
    *,
    request_id: RequestId,
    batch_id: BatchId,
    household_id: HouseholdId,
    entered_on: date,
    letter: str,
    serial: int,
    legacy_number: str | None = None,
) -> Written:
    """Write a certificate with its lines, as it was checked."""
    claim_id = ClaimId(work.new_id())
    diagnosis = told.diagnosis.strip()
    if diagnosis and not work.may_seal:
        raise Refusal(
            Text(
                N_("Medical details are for the medical adviser alone. Leave the diagnosis out.")
            ),
            field="diagnosis",
        )
    work.insert(
        claim,
        id=claim_id,
        request_id=request_id,
        year=entered_on.year,
        letter=letter,
        serial=serial,
        batch_id=batch_id,
        person_id=told.person_id,
        household_id=household_id,
        first_day=told.first_day,
        last_day=told.last_day,
        visit=told.visit,
        referred=int(told.referred),
        declared_hours=told.declared_hours,
        certificate=told.certificate.strip(),
        guarantee=told.guarantee.strip(),
        diagnosis=work.sealed(diagnosis, claim, "diagnosis", claim_id) if diagnosis else None,
        claimed=sum(line.quantity * line.unit_price for line in told.lines),
        entered_on=entered_on,
        legacy_number=legacy_number,
    )
    line_ids = tuple([ClaimLineId(work.new_id()) for _ in told.lines])
    for line_id, line in zip(line_ids, told.lines, strict=True):
        work.insert(
            claim_line,
            id=line_id,
            claim_id=claim_id,
            service_id=line.service_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
    return Written(claim_id, line_ids)


@dataclass(frozen=True, slots=True)
class BatchRow:
    id: BatchId
    provider_id: ProviderId
    month: Month
    received_on: date
    invoice_total: int | None
    history: bool
    to_member: bool = False


def batch_row(work: Work, batch_id: BatchId) -> BatchRow:
    """Return what was told when a batch was opened.

    Raises:
        Refusal: there is none.
    """
    return remembered(work.connection, ("claim_batch",), _batch_row, batch_id)


def _batch_row(connection: Connection, batch_id: BatchId) -> BatchRow:
    row = fetch_one(
        connection,
        "SELECT provider_id, month, received_on, invoice_total, letter, to_member FROM claim_batch"
        " WHERE id = :id",
        id=batch_id,
    )
    if row is None:
        raise Refusal(Text(N_("There is no such batch. Open one first.")), field="batch")
    return BatchRow(
        batch_id,
        ProviderId(row.provider_id),
        Month.parse(row.month),
        date.fromisoformat(row.received_on),
        row.invoice_total,
        row.letter == queries.IMPORTED,
        bool(row.to_member),
    )


def _check_open(batch: BatchRow) -> None:
    if batch.history:
        raise Refusal(Text(HISTORY_BATCH), field="batch")


def check_way(
    work: Work, batch: BatchRow, care: queries.CareEntered | queries.Care, told: NewClaim
) -> None:
    """Refuse care that is paid the other way: to the provider, or to the member who paid first."""
    for at, line in enumerate(told.lines):
        rule = care.rule(line.service_id)
        if rule is None:
            continue
        if batch.to_member and rule.payment is Payment.THIRD_PARTY and care.agreement is not None:
            said = N_(
                "{service}: the scheme pays this provider itself. Type it in with the provider's"
                " certificates."
            )
        elif not batch.to_member and rule.payment is Payment.REIMBURSEMENT:
            said = N_(
                "{service}: the member pays this and gets it back. Take it off the certificate and"
                " ask for a reimbursement."
            )
        else:
            continue
        name = services(work.connection)[line.service_id].name
        raise Refusal(Text(said, {"service": name}), field=f"lines.{at}.service")


def _check_days(work: Work, batch: BatchRow, told: NewClaim) -> None:
    if told.last_day < told.first_day:
        raise Refusal(Text(N_("The care ends before it begins. Check the days.")), field="day")
    late = later_than_invoice(told.first_day, told.last_day, batch.month, batch.received_on)
    if late is not None:
        raise Refusal(late, field="day")
    birth = birth_of(work.connection, told.person_id)
    if birth is None:
        raise nobody()
    if told.last_day < _born(birth):
        raise Refusal(
            Text(
                N_("This person was not born on {day}. Check card and day."),
                {"day": told.last_day},
            ),
            field="day",
        )
    if told.declared_hours is not None and told.declared_hours < 0:
        raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="declared_hours")


def _check_number(work: Work, batch: BatchRow, number: str) -> None:
    """Refuse a certificate that was typed in before, unless nothing is paid for it."""
    seen = work.row(
        "SELECT c.year, c.letter, c.serial FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
        " WHERE c.certificate = :number AND c.certificate <> '' AND b.provider_id = :provider"
        " AND b.to_member IS NULL AND c.letter <> :history"
        " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
        " AND e.outcome IN ('WITHDRAWN', 'REJECTED', 'REVERSED')"
        " AND e.version = (SELECT max(version) FROM claim_decision WHERE claim_id = c.id))",
        number=number,
        provider=batch.provider_id,
        history=queries.IMPORTED,
    )
    if seen is not None:
        raise Refusal(
            Text(
                N_(
                    "Certificate {number} of this provider is typed in already, as claim {claim}."
                    " Check the number, or take that claim back first."
                ),
                {"number": number, "claim": f"C-{seen.year}-{seen.letter}-{seen.serial:06d}"},
            ),
            field="certificate",
        )


def _born(birth: Birth) -> date:
    """Return the first day on which somebody may have been born."""
    return birth.day if birth.known in _TO_THE_DAY else date(birth.day.year, 1, 1)


_TO_THE_DAY = frozenset({BirthKnown.DAY, BirthKnown.MONTH})
"""Births whose day kept is not later than the real one."""


def _check_lines(work: Work, lines: Sequence[NewLine]) -> Mapping[ServiceId, str]:
    """Return the categories of the lines' services."""
    if not lines:
        raise Refusal(Text(N_("Type at least one act or medicine.")), field="lines")
    known = categories_of(work.connection, {line.service_id for line in lines})
    total = 0
    for at, line in enumerate(lines):
        if line.service_id not in known:
            raise Refusal(
                Text(N_("This act is not in the catalogue. Choose one from the list.")),
                field=f"lines.{at}.service",
            )
        if not 1 <= line.quantity <= MOST_UNITS:
            raise Refusal(
                Text(
                    N_("Type the quantity as a whole number from 1 to {most}."),
                    {"most": MOST_UNITS},
                ),
                field=f"lines.{at}.quantity",
            )
        if line.unit_price < 0:
            raise Refusal(
                Text(N_("This is below zero. Type 0 or more.")), field=f"lines.{at}.price"
            )
        total += line.quantity * line.unit_price
    if total > MOST:
        raise Refusal(Text(N_("This amount is too large. Check the zeros.")), field="lines")
    return known
