"""What is done with claims: batches and certificates typed in, decided, paid.

Nothing is refused at entry that a decision can answer with a reason: who is not covered gets a
rejection that says why. Refused at once is what cannot be right: nobody known, no such service,
a quantity of nothing, days that cannot be, a day without a price list.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stepdesk.benefits.queries import services
from stepdesk.benefits.terms import Service
from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    claim,
    claim_batch,
    claim_decision,
    claim_line,
    line_decision,
    paid_claim,
    provider_payment,
)
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    LineDecision,
    NewClaim,
    NewLine,
    Outcome,
    Visit,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import lowest_from
from stepdesk.ledger.terms import Place
from stepdesk.members.queries import person_of
from stepdesk.progress import Progress
from stepdesk.providers.queries import providers
from stepdesk.rights.service import give
from stepdesk.rights.terms import Answer, Papers, Question, ReasonCode, Told, Verdict
from stepdesk.store.desk import Desk
from stepdesk.store.keys import unseal
from stepdesk.store.work import Work, medical_place
from stepdesk.values.digits import document_number
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    DecisionId,
    HouseholdId,
    PersonId,
    ProviderId,
    ProviderPaymentId,
    RequestId,
    ServiceId,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month

MOST_UNITS = 10_000
"""The largest quantity of one line: more is an extra zero."""

_HISTORY = N_(
    "This claim comes from a former system and is kept as history: nothing is decided on it here."
    " If it is still to be paid, type its certificate in again."
)
_HISTORY_BATCH = N_(
    "This batch comes from a former system and is kept as history. Open a new batch."
)

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM {table} WHERE year = :year AND letter = :letter"
)


def _next(work: Work, table: str, year: int) -> int:
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

    Raises:
        Refusal: no such provider, a month or day still ahead, a day in a closed month, a total
            below zero.
    """
    done = work.rows("SELECT id FROM claim_batch WHERE request_id = :request", request=request_id)
    if done:
        return BatchId(done[0].id)
    on = received_on or work.today
    _check_batch(work, provider_id, month, on, invoice_total)
    batch_id = BatchId(work.new_id())
    work.insert(
        claim_batch,
        id=batch_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=_next(work, "claim_batch", on.year),
        provider_id=provider_id,
        month=month,
        received_on=on,
        invoice=invoice.strip(),
        invoice_total=invoice_total,
        entered_by=work.person.staff_id,
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
                N_("An invoice for {month} cannot have come on {day}."),
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
        raise Refusal(Text(N_("This may not be below zero.")), field="invoice_total")


def enter_claim(
    work: Work, *, request_id: RequestId, batch_id: BatchId, certificate: NewClaim
) -> ClaimId:
    """Record one certificate of a batch; the same request twice is one claim.

    The diagnosis is sealed before it is kept.

    Raises:
        Refusal: nobody known, days that cannot be, no line, a quantity of nothing, no price list
            on the day of care, a batch kept as history, a diagnosis without the medical key.
    """
    done = work.rows("SELECT id FROM claim WHERE request_id = :request", request=request_id)
    if done:
        return ClaimId(done[0].id)
    batch = _batch(work, batch_id)
    told = certificate
    _check_open(batch)
    _check_certificate(work, batch, told)
    care = queries.care_of(
        work.connection,
        person_id=told.person_id,
        first_day=told.first_day,
        last_day=told.last_day,
        services={line.service_id for line in told.lines},
        provider_id=batch.provider_id,
    )
    if care is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    queries.check_hole(care)
    return _write_claim(
        work,
        told,
        request_id=request_id,
        batch_id=batch_id,
        household_id=care.standing.household_id,
        entered_on=work.today,
        letter=work.desk.head.device,
        serial=_next(work, "claim", work.today.year),
    )


def _write_claim(
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
) -> ClaimId:
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
    for line in told.lines:
        work.insert(
            claim_line,
            id=work.new_id(),
            claim_id=claim_id,
            service_id=line.service_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
    return claim_id


@dataclass(frozen=True, slots=True)
class _BatchRow:
    id: BatchId
    provider_id: ProviderId
    month: Month
    received_on: date
    invoice_total: int | None
    history: bool


def _batch(work: Work, batch_id: BatchId) -> _BatchRow:
    rows = work.rows(
        "SELECT provider_id, month, received_on, invoice_total, letter FROM claim_batch"
        " WHERE id = :id",
        id=batch_id,
    )
    if not rows:
        raise Refusal(Text(N_("There is no such batch. Open one first.")), field="batch")
    row = rows[0]
    return _BatchRow(
        batch_id,
        ProviderId(row.provider_id),
        Month.parse(row.month),
        date.fromisoformat(row.received_on),
        row.invoice_total,
        row.letter == queries.IMPORTED,
    )


def _check_open(batch: _BatchRow) -> None:
    if batch.history:
        raise Refusal(Text(_HISTORY_BATCH), field="batch")


def _check_certificate(work: Work, batch: _BatchRow, told: NewClaim) -> None:
    if told.first_day > batch.month.last:
        raise Refusal(
            Text(
                N_("The care of {day} is later than {month}, which the invoice is for."),
                {"day": told.first_day, "month": batch.month},
            ),
            field="day",
        )
    if told.last_day < told.first_day:
        raise Refusal(Text(N_("The care ends before it begins. Check the days.")), field="day")
    if told.last_day > batch.received_on:
        raise Refusal(
            Text(
                N_("The care of {day} is later than the invoice of {received}. Check the days."),
                {"day": told.last_day, "received": batch.received_on},
            ),
            field="day",
        )
    person = person_of(work.connection, told.person_id)
    if person is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    if told.last_day < person.birth.day and person.birth.day.year > told.last_day.year:
        raise Refusal(
            Text(
                N_("This person was not born on {day}. Check card and day."),
                {"day": told.last_day},
            ),
            field="day",
        )
    if told.declared_hours is not None and told.declared_hours < 0:
        raise Refusal(Text(N_("This may not be below zero.")), field="declared_hours")
    _check_lines(work, told.lines)


def _check_lines(work: Work, lines: Sequence[NewLine]) -> None:
    if not lines:
        raise Refusal(Text(N_("Type at least one act or medicine.")), field="lines")
    known = services(work.connection)
    total = 0
    for at, line in enumerate(lines):
        if line.service_id not in known:
            raise Refusal(
                Text(N_("This act is not in the catalogue. Choose one from the list.")),
                field=f"lines.{at}.service",
            )
        if not 1 <= line.quantity <= MOST_UNITS:
            raise Refusal(
                Text(N_("The quantity is a whole number from 1 to {most}."), {"most": MOST_UNITS}),
                field=f"lines.{at}.quantity",
            )
        if line.unit_price < 0:
            raise Refusal(Text(N_("This may not be below zero.")), field=f"lines.{at}.price")
        total += line.quantity * line.unit_price
    if total > MOST:
        raise Refusal(Text(N_("This amount is too large. Check the zeros.")), field="lines")


def withdraw_claim(work: Work, *, claim_id: ClaimId, reason: str) -> None:
    """Take back a certificate that was typed in by mistake, before it is decided (RX01).

    Raises:
        Refusal: without a reason, or when it is decided already or history.
    """
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    version = _undecided(work, claim_id)
    row = work.rows("SELECT claimed FROM claim WHERE id = :id", id=claim_id)[0]
    _write_decision(
        work,
        claim_id,
        version,
        Assessment(Outcome.WITHDRAWN, (), row.claimed, 0, 0, 0, codes=(ReasonCode.RX01,)),
        facts=None,
    )
    work.reason = reason.strip()


# Deciding


def facts_now(work: Work, claim_id: ClaimId) -> tuple[ClaimFacts, tuple[Verdict, ...]]:
    """Return the facts of a recorded claim as the book stands, and the verdict on each line."""
    rows = work.rows(
        "SELECT c.person_id, c.first_day, c.last_day, c.visit, c.referred, c.declared_hours,"
        " c.guarantee, b.provider_id, b.received_on FROM claim c"
        " JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :id",
        id=claim_id,
    )
    if not rows:
        raise LookupError("no such claim")
    row = rows[0]
    lines = work.rows(
        "SELECT service_id, quantity, unit_price FROM claim_line WHERE claim_id = :id ORDER BY id",
        id=claim_id,
    )
    told = NewClaim(
        person_id=PersonId(row.person_id),
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        lines=tuple(
            NewLine(ServiceId(line.service_id), line.quantity, line.unit_price) for line in lines
        ),
        visit=Visit(row.visit),
        referred=bool(row.referred),
        declared_hours=row.declared_hours,
        guarantee=row.guarantee,
    )
    facts, verdicts, _ = queries.facts_of_claim(
        work.connection,
        told,
        provider_id=ProviderId(row.provider_id),
        received_on=date.fromisoformat(row.received_on),
        coin=work.country.number("cash_round", work.today),
        claim_id=claim_id,
    )
    return facts, verdicts


def decide_claim(work: Work, *, claim_id: ClaimId) -> Assessment:
    """Decide a claim: assess it, keep the facts, book what the scheme owes (P09).

    Prices, package and rights are those of the day of care; ceilings take earlier decisions in
    the order they were made. A claim with a missing paper is put aside and can be decided again.

    Raises:
        Refusal: decided already, history of a former system, or no price list holds on the day
            of care.
    """
    version = _undecided(work, claim_id)
    facts, _ = facts_now(work, claim_id)
    assessed = rules.assess(facts)
    _write_decision(work, claim_id, version, assessed, facts)
    return assessed


def _undecided(work: Work, claim_id: ClaimId) -> int:
    """Return the version the next decision bears.

    Raises:
        Refusal: when the claim is decided already, or is history of a former system.
    """
    row = work.row(
        "SELECT c.letter, e.version, e.outcome FROM claim c"
        " LEFT JOIN claim_decision e ON e.claim_id = c.id WHERE c.id = :id"
        " ORDER BY e.version DESC",
        id=claim_id,
    )
    if row is None:
        raise LookupError("no such claim")
    if row.outcome not in (None, Outcome.PENDING.value):
        raise Refusal(Text(N_("This claim is decided already.")), field="claim")
    if row.letter == queries.IMPORTED:
        raise Refusal(Text(_HISTORY), field="claim")
    return (row.version or 0) + 1


def _write_decision(
    work: Work, claim_id: ClaimId, version: int, told: Assessment, facts: ClaimFacts | None
) -> None:
    decided = told.outcome in (Outcome.APPROVED, Outcome.REJECTED)
    decision_id = DecisionId(work.new_id())
    work.insert(
        claim_decision,
        id=decision_id,
        claim_id=claim_id,
        version=version,
        decided_on=work.today,
        decided_by=work.person.staff_id,
        outcome=told.outcome,
        codes=_codes(told),
        paid=told.paid if decided else 0,
        patient=told.patient if decided else 0,
        disallowed=told.disallowed if decided else 0,
        rounding=told.rounding if decided else 0,
        entry_id=_book(work, claim_id, told) if decided and told.paid else None,
        facts="" if facts is None else rules.packed(facts),
    )
    if decided:
        _write_line_decisions(work, claim_id, decision_id, told)


def _codes(told: Assessment | LineDecision) -> str:
    return ",".join(code.value for code in told.codes)


def _write_line_decisions(
    work: Work, claim_id: ClaimId, decision_id: DecisionId, told: Assessment
) -> None:
    lines = work.rows("SELECT id FROM claim_line WHERE claim_id = :id ORDER BY id", id=claim_id)
    for row, line in zip(lines, told.lines, strict=True):
        work.insert(
            line_decision,
            id=work.new_id(),
            decision_id=decision_id,
            line_id=ClaimLineId(row.id),
            quantity=line.quantity,
            approved=line.approved,
            adjusted=line.adjusted,
            paid=line.paid,
            deducted=line.deducted,
            disallowed=line.over,
            codes=_codes(line),
        )


def _book(work: Work, claim_id: ClaimId, told: Assessment) -> bytes:
    """Book P09: the scheme's part of each category."""
    rows = work.rows(
        "SELECT s.category, b.provider_id FROM claim_line l JOIN service s ON s.id = l.service_id"
        " JOIN claim c ON c.id = l.claim_id JOIN claim_batch b ON b.id = c.batch_id"
        " WHERE l.claim_id = :id ORDER BY l.id",
        id=claim_id,
    )
    provider = rows[0].provider_id if rows else None
    by_category: Counter[str] = Counter()
    for row, line in zip(rows, told.lines, strict=True):
        by_category[row.category] += line.paid
    return ledger.post(
        work,
        posting.claim_approved(by_category=by_category, provider=provider),
        day=ledger.booking_day(work, work.today),
    )


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """What deciding a batch came to: how many claims, and what is owed for them."""

    approved: int
    rejected: int
    pending: int
    payable: Money


def decide_batch(
    work: Work,
    *,
    batch_id: BatchId,
    accepting: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> DecidedBatch:
    """Decide every claim of a batch that is not decided, in the order they were typed.

    Raises:
        Refusal: nothing to decide, a batch kept as history, no price list on a day of care.
        Caution: `invoice_differs` when what was typed is not the total of the invoice.
    """
    _check_open(_batch(work, batch_id))
    rows = work.rows(
        "SELECT c.id, e.outcome FROM claim c LEFT JOIN claim_decision e ON e.claim_id = c.id"
        " AND e.version = (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
        " WHERE c.batch_id = :id ORDER BY c.id",
        id=batch_id,
    )
    waiting = [row.id for row in rows if row.outcome in (None, Outcome.PENDING.value)]
    if not waiting:
        raise Refusal(
            Text(N_("No certificate of this batch waits for a decision.")), field="batch"
        )
    _check_total(work, batch_id, accepting)
    told: Counter[Outcome] = Counter()
    payable = 0
    progress = progress or Progress()
    for done, claim_id in enumerate(waiting):
        progress.step(done, len(waiting), Text(N_("Deciding the certificates")))
        assessed = decide_claim(work, claim_id=ClaimId(claim_id))
        told[assessed.outcome] += 1
        payable += assessed.paid if assessed.outcome is Outcome.APPROVED else 0
    return DecidedBatch(
        told[Outcome.APPROVED],
        told[Outcome.REJECTED],
        told[Outcome.PENDING],
        Money(payable, work.currency),
    )


def _check_total(work: Work, batch_id: BatchId, accepting: frozenset[str]) -> None:
    total = _batch(work, batch_id).invoice_total
    typed = work.rows(
        "SELECT coalesce(sum(c.claimed), 0) AS typed FROM claim c WHERE c.batch_id = :id"
        " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
        " AND e.outcome = 'WITHDRAWN')",
        id=batch_id,
    )[0].typed
    if total is None or typed == total or "invoice_differs" in accepting:
        return
    told = Text(
        N_(
            "The certificates come to {typed}, the invoice to {total}. Look for the missing or"
            " mistyped one, or go on."
        ),
        {"typed": Money(typed, work.currency), "total": Money(total, work.currency)},
    )
    raise Caution((Doubt("invoice_differs", told, "invoice_total"),))


# Claims of a former system


def bring_in_batch(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    month: Month,
    received_on: date,
    serial: int,
) -> BatchId:
    """Write down the claims of one provider and month that came before the book."""
    batch_id = BatchId(work.new_id())
    work.insert(
        claim_batch,
        id=batch_id,
        request_id=request_id,
        year=received_on.year,
        letter=queries.IMPORTED,
        serial=serial,
        provider_id=provider_id,
        month=month,
        received_on=received_on,
        invoice="",
        entered_by=work.person.staff_id,
    )
    return batch_id


def bring_in_claim(
    work: Work,
    *,
    request_id: RequestId,
    batch_id: BatchId,
    household_id: HouseholdId,
    number: str,
    serial: int,
    entered_on: date,
    certificate: NewClaim,
    decided: Assessment | None,
    decided_on: date,
) -> ClaimId:
    """Write down a claim of a former system with its own number, as it was decided there.

    It is history: nothing is assessed, booked or owed, and nobody here decided it. Without a
    decision it stays without one. What it used counts against limits.

    Args:
        work: The work.
        request_id: The same in every import of the same registers.
        batch_id: From `bring_in_batch`.
        household_id: Who the patient belonged to.
        number: Its number there.
        serial: Its place in the series of the year of `entered_on`.
        entered_on: The day it was handed in.
        certificate: The care and its lines; the diagnosis is sealed before it is kept.
        decided: What was decided there, a decision a line; None when nothing was.
        decided_on: When.

    Raises:
        Refusal: a diagnosis without the medical key.
    """
    claim_id = _write_claim(
        work,
        certificate,
        request_id=request_id,
        batch_id=batch_id,
        household_id=household_id,
        entered_on=entered_on,
        letter=queries.IMPORTED,
        serial=serial,
        legacy_number=number,
    )
    if decided is None:
        return claim_id
    decision_id = DecisionId(work.new_id())
    work.insert(
        claim_decision,
        id=decision_id,
        claim_id=claim_id,
        version=1,
        decided_on=decided_on,
        decided_by=None,
        outcome=decided.outcome,
        codes=_codes(decided),
        paid=decided.paid,
        patient=decided.patient,
        disallowed=decided.disallowed,
        rounding=decided.rounding,
        entry_id=None,
        facts="",
    )
    _write_line_decisions(work, claim_id, decision_id, decided)
    return claim_id


# Paying


@dataclass(frozen=True, slots=True)
class PaidProvider:
    """What was paid to a provider: the voucher's number, how many claims, what is still owed."""

    id: ProviderPaymentId
    number: str
    amount: Money
    claims: int
    still_owed: Money
    single_control: bool


def pay_provider(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    box: str = "cash_main",
    day: date | None = None,
    most: Money | None = None,
) -> PaidProvider:
    """Pay a provider its approved claims, oldest invoice first (P11).

    Claims are paid whole; with `most` those that fit into it, and none after the first that does
    not. Two people sign (S2), unless one person alone keeps the desk.

    Raises:
        Refusal: nothing owed, nothing that fits, more than the box holds, a closed month, nobody
            to sign with.
    """
    done = work.rows(
        "SELECT id, provider_id FROM provider_payment WHERE request_id = :request",
        request=request_id,
    )
    if done and done[0].provider_id != provider_id:
        raise Refusal(
            Text(N_("This request paid another provider already. Begin again.")), field="request"
        )
    if done:
        return _paid(work, ProviderPaymentId(done[0].id))
    on = day or work.today
    _check_payment_day(work, on)
    owed = queries.unpaid_of(work.connection, provider_id, day=on)
    if not owed:
        raise Refusal(_nothing_owed(work, provider_id, on), field="provider")
    chosen = _oldest_first(owed, work, most)
    amount = sum(one.amount for one in chosen)
    _check_box(work, box, amount, on)
    single = work.two_signatures()
    payment_id = ProviderPaymentId(work.new_id())
    work.insert(
        provider_payment,
        id=payment_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=_next(work, "provider_payment", on.year),
        provider_id=provider_id,
        day=on,
        box=box,
        amount=amount,
        entry_id=ledger.post(
            work,
            posting.provider_paid(box=box, amount=amount, provider=provider_id),
            day=on,
        ),
        paid_by=work.person.staff_id,
        single_control=int(single),
    )
    for one in chosen:
        work.insert(
            paid_claim,
            id=work.new_id(),
            provider_payment_id=payment_id,
            claim_id=one.claim_id,
            amount=one.amount,
        )
    return _paid(work, payment_id)


def _nothing_owed(work: Work, provider_id: ProviderId, on: date) -> Text:
    if queries.unpaid_of(work.connection, provider_id):
        return Text(
            N_("Nothing was decided for this provider by {day}. Date the payment later."),
            {"day": on},
        )
    return Text(N_("This provider is owed nothing."))


def _check_payment_day(work: Work, on: date) -> None:
    if ledger.is_closed(work, on):
        raise Refusal(
            Text(N_("{month} is closed. Date it in the open month."), {"month": Month.of(on)}),
            field="day",
        )
    if on > work.today:
        raise Refusal(Text(N_("{day} is still ahead."), {"day": on}), field="day")


def _oldest_first(
    owed: Sequence[queries.Unpaid], work: Work, most: Money | None
) -> list[queries.Unpaid]:
    chosen: list[queries.Unpaid] = []
    total = 0
    for one in owed:
        if most is not None and total + one.amount > most.minor:
            break
        chosen.append(one)
        total += one.amount
    if not chosen:
        raise Refusal(
            Text(
                N_("The oldest claim alone is {amount}; claims are paid whole."),
                {"amount": Money(owed[0].amount, work.currency)},
            ),
            field="amount",
        )
    return chosen


def _check_box(work: Work, box: str, amount: int, on: date) -> None:
    if box not in posting.BOXES:
        raise Refusal(Text(N_("Choose where the money lies.")), field="box")
    held, _ = lowest_from(work.connection, Place(box), on)
    if held < amount:
        raise Refusal(
            Text(
                N_(
                    "{amount} is to be paid and the box holds {held}. Pay a part, or fill the box."
                ),
                {"amount": Money(amount, work.currency), "held": Money(held, work.currency)},
            ),
            field="amount",
        )


def _paid(work: Work, payment_id: ProviderPaymentId) -> PaidProvider:
    row = work.rows(
        "SELECT year, letter, serial, provider_id, amount, single_control,"
        " (SELECT count(*) FROM paid_claim q WHERE q.provider_payment_id = p.id) AS claims"
        " FROM provider_payment p WHERE id = :id",
        id=payment_id,
    )[0]
    owed = queries.unpaid_of(work.connection, ProviderId(row.provider_id))
    return PaidProvider(
        payment_id,
        document_number("V", row.year, row.letter, row.serial),
        Money(row.amount, work.currency),
        row.claims,
        Money(sum(one.amount for one in owed), work.currency),
        bool(row.single_control),
    )


# Looking


def preview(
    desk: Desk, *, provider_id: ProviderId, received_on: date, certificate: NewClaim
) -> tuple[ClaimFacts, Assessment, tuple[Verdict, ...]]:
    """Return what a certificate would come to if it were decided now; nothing is written.

    Raises:
        Refusal: nobody known, or no price list holds on the day of care.
    """
    coin = _coin(desk)
    with desk.read() as connection:
        facts, verdicts, _ = queries.facts_of_claim(
            connection,
            certificate,
            provider_id=provider_id,
            received_on=received_on,
            coin=coin,
        )
    return facts, rules.assess(facts), verdicts


def _coin(desk: Desk) -> int:
    from stepdesk.countries import country

    return country(desk.country).number("cash_round", desk.today)


def ask_care_rights(
    desk: Desk,
    *,
    person_id: PersonId,
    day: date,
    service: Service,
    provider_id: ProviderId | None = None,
    papers: Papers | None = None,
) -> Verdict:
    """Answer whether a person is covered for a service on a day, at a provider or any; logged.

    Raises:
        Refusal: when nobody is known by that id.
    """
    return tell_care_rights(
        desk,
        person_id=person_id,
        day=day,
        service=service,
        provider_id=provider_id,
        papers=papers,
    ).verdict


def tell_care_rights(
    desk: Desk,
    *,
    person_id: PersonId,
    day: date,
    service: Service,
    provider_id: ProviderId | None = None,
    papers: Papers | None = None,
) -> Told:
    """Answer as `ask_care_rights` does, with a sentence for the member and one for the provider.

    Raises:
        Refusal: when nobody is known by that id.
    """
    with desk.read() as connection:
        care = queries.care_of(
            connection,
            person_id=person_id,
            first_day=day,
            last_day=day,
            services=(service.id,),
            provider_id=provider_id,
        )
        named = providers(connection).get(provider_id) if provider_id else None
    if care is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    verdict = care.verdict(service.id, papers or Papers())
    unpriced = care.unpriced(service.id)
    if unpriced is not None:
        verdict = replace(
            verdict,
            answer=Answer.NO,
            reasons=(*verdict.reasons, unpriced),
            conditions=(),
            opens_on=None,
        )
    question = Question(
        day,
        desk.currency,
        service.name,
        named.name if named else "",
        care.rule(service.id),
        care.standing.account.covered_through,
    )
    return give(desk, person_id, question, verdict)


def diagnosis_of(desk: Desk, claim_id: ClaimId) -> str:
    """Return the diagnosis of a claim; who asked is logged. Empty when there is none.

    Raises:
        Refusal: when this person's slot does not hold the medical key.
    """
    key = desk.medical_key()
    with desk.read() as connection:
        row = connection.execute(
            claim.select().with_only_columns(claim.c.diagnosis).where(claim.c.id == claim_id)
        ).one()
    desk.note_access("diagnosis", claim_id, None, "shown")
    if row.diagnosis is None:
        return ""
    return unseal(key, row.diagnosis, medical_place(claim, "diagnosis", claim_id))


def expected(desk: Desk, batch_id: BatchId) -> Mapping[ClaimId, Assessment]:
    """Return what each certificate of a batch that is not decided would come to now.

    Each is reckoned by itself: ceilings that several of them share are only met by the decision.
    A certificate of a day without a price list is left out.
    """
    coin = _coin(desk)
    found: dict[ClaimId, Assessment] = {}
    with desk.read() as connection:
        for claim_id in queries.undecided_of(connection, batch_id):
            told, provider_id, received_on = queries.typed(connection, claim_id)
            try:
                facts, _, _ = queries.facts_of_claim(
                    connection,
                    told,
                    provider_id=provider_id,
                    received_on=received_on,
                    coin=coin,
                    claim_id=claim_id,
                )
            except Refusal:
                continue
            found[claim_id] = rules.assess(facts)
    return found


def expected_steps(desk: Desk, claim_id: ClaimId) -> tuple[ClaimFacts, Assessment]:
    """Return the facts of a recorded certificate as the book stands, and what it would come to.

    Raises:
        Refusal: no price list holds on the day of care.
    """
    with desk.read() as connection:
        told, provider_id, received_on = queries.typed(connection, claim_id)
        facts, _, _ = queries.facts_of_claim(
            connection,
            told,
            provider_id=provider_id,
            received_on=received_on,
            coin=_coin(desk),
            claim_id=claim_id,
        )
    return facts, rules.assess(facts)


# What is typed and not recorded


def keep_draft(desk: Desk, form: str, content: str) -> None:
    """Keep what stands in a form on this laptop; it is no act. No diagnosis may be in it."""
    desk.note_locally(
        "INSERT INTO draft (form, staff_id, content) VALUES (?, ?, ?) ON CONFLICT (form)"
        " DO UPDATE SET staff_id = excluded.staff_id, content = excluded.content",
        (form, desk.person.staff_id, content),
    )


def forget_draft(desk: Desk, form: str) -> None:
    """Forget what stood in a form: it is recorded, or was given up."""
    desk.note_locally("DELETE FROM draft WHERE form = ?", (form,))
