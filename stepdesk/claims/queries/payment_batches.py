"""Payment batches as they stand, what lies with providers, and how long providers wait."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.claims.queries.paying import (
    CLAIMS_OWED,
    PAID_STEP,
    RUNS_OWED,
    batch_number,
)
from stepdesk.claims.queries.reimbursing import REIMBURSEMENTS_OWED
from stepdesk.claims.terms import (
    CapitationRun,
    Delay,
    Deposit,
    DepositKind,
    Lying,
    PaymentBatch,
    PaymentLine,
    PaymentLineKind,
    PaymentState,
    PaymentStep,
    Recovery,
)
from stepdesk.i18n import N_, Text
from stepdesk.ledger.terms import Place
from stepdesk.providers.queries import agreement_on
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import (
    BoxId,
    CapitationRunId,
    ClaimId,
    DepositId,
    PaymentBatchId,
    ProviderId,
    RecoveryId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_BATCHES = (
    "SELECT g.*, p.name AS provider, p.code, s.name AS preparer, y.year AS paid_year,"
    " y.letter AS paid_letter, y.serial AS paid_serial"
    " FROM payment_batch g JOIN provider p ON p.id = g.provider_id"
    " JOIN staff s ON s.id = g.prepared_by"
    " LEFT JOIN provider_payment y ON y.payment_batch_id = g.id"
)
_LINES = (
    "SELECT k.payment_batch_id, k.kind, k.amount, k.claim_id, c.year, c.letter, c.serial,"
    " c.certificate, c.claimed, b.invoice, b.received_on, b.month, r.month AS run_month, r.day"
    " FROM payment_batch_line k LEFT JOIN claim c ON c.id = k.claim_id"
    " LEFT JOIN claim_batch b ON b.id = c.batch_id"
    " LEFT JOIN capitation_run r ON r.id = k.capitation_run_id"
    " JOIN payment_batch g ON g.id = k.payment_batch_id {where}"
    " ORDER BY coalesce(b.received_on, r.day, '9999'), b.id, k.id"
)
_STEPS = (
    "SELECT t.*, a.name AS first_name, o.name AS second_name, x.name AS box_name"
    " FROM payment_batch_step t JOIN staff a ON a.id = t.person"
    " LEFT JOIN staff o ON o.id = t.second_person LEFT JOIN cash_box x ON x.id = t.box_id"
    " JOIN payment_batch g ON g.id = t.payment_batch_id {where} ORDER BY t.id"
)


def payment_batches(
    connection: Connection,
    currency: Currency,
    *,
    batch_id: PaymentBatchId | None = None,
    provider_id: ProviderId | None = None,
) -> tuple[PaymentBatch, ...]:
    """Return payment batches with their lines and steps, the latest first."""
    asked = {"id": batch_id, "provider_id": provider_id}
    given = {name: value for name, value in asked.items() if value is not None}
    where = "WHERE " + (" AND ".join(f"g.{name} = :{name}" for name in given) or "1")
    lines = _grouped(fetch(connection, _LINES.format(where=where), **given))
    steps = _grouped(fetch(connection, _STEPS.format(where=where), **given))
    rows = fetch(connection, f"{_BATCHES} {where} ORDER BY g.prepared_on DESC, g.id DESC", **given)
    return tuple(
        _batch(row, lines.get(row.id, ()), steps.get(row.id, ()), currency) for row in rows
    )


def _grouped(rows: Sequence[Any]) -> Mapping[bytes, Sequence[Any]]:
    found: dict[bytes, list[Any]] = {}
    for row in rows:
        found.setdefault(row.payment_batch_id, []).append(row)
    return found


def payment_batch_of(
    connection: Connection, batch_id: PaymentBatchId, currency: Currency
) -> PaymentBatch:
    """Return one payment batch.

    Raises:
        LookupError: when there is none.
    """
    found = payment_batches(connection, currency, batch_id=batch_id)
    if not found:
        raise LookupError("no such payment batch")
    return found[0]


def payment_batch_of_number(
    connection: Connection, number: str, currency: Currency
) -> PaymentBatch | None:
    """Return the payment batch of a number, None when there is none."""
    wanted = number.strip().casefold()
    found = payment_batches(connection, currency)
    return next((one for one in found if one.number.casefold() == wanted), None)


def _batch(
    row: Any, lines: Sequence[Any], steps: Sequence[Any], currency: Currency
) -> PaymentBatch:
    owed = [line.amount for line in lines if line.kind in ("CLAIM", "CAPITATION")]
    set_off = -sum(line.amount for line in lines) + sum(owed)
    last = steps[-1] if steps else None
    placed = next((one for one in reversed(steps) if one.box is not None), None)
    return PaymentBatch(
        id=PaymentBatchId(row.id),
        number=batch_number(row.month, row.code, row.letter, row.serial),
        provider_id=ProviderId(row.provider_id),
        provider=row.provider,
        month=Month.parse(row.month),
        state=PaymentState(last.state) if last else PaymentState.PREPARED,
        claims=sum(line.kind == "CLAIM" for line in lines),
        approved=Money(sum(one for one in owed if one > 0), currency),
        recovered=Money(-sum(one for one in owed if one < 0), currency),
        set_off=Money(set_off, currency),
        net=Money(sum(owed) - set_off, currency),
        steps=(
            PaymentStep(PaymentState.PREPARED, date.fromisoformat(row.prepared_on), row.preparer),
            *map(_step, steps),
        ),
        lines=tuple(_line(line, currency) for line in lines),
        place=None
        if placed is None
        else Place(placed.box, None if placed.box_id is None else BoxId(placed.box_id)),
        box_name="" if placed is None else placed.box_name or "",
        voucher=""
        if row.paid_serial is None
        else document_number("V", row.paid_year, row.paid_letter, row.paid_serial),
    )


def _step(row: Any) -> PaymentStep:
    return PaymentStep(
        PaymentState(row.state),
        date.fromisoformat(row.day),
        row.first_name,
        row.second_name or "",
        bool(row.single_control),
        row.receipt or "",
        row.reason or "",
    )


def _line(row: Any, currency: Currency) -> PaymentLine:
    amount = Money(row.amount, currency)
    kind = PaymentLineKind(row.kind)
    if row.claim_id is None:
        month = None if row.run_month is None else Month.parse(row.run_month)
        day = None if row.day is None else date.fromisoformat(row.day)
        return PaymentLine(kind, "", amount, received_on=day, month=month)
    return PaymentLine(
        kind,
        document_number("C", row.year, row.letter, row.serial),
        amount,
        row.invoice,
        date.fromisoformat(row.received_on),
        Month.parse(row.month),
        ClaimId(row.claim_id),
        Money(row.claimed, currency),
        row.certificate or "",
    )


# How long providers wait

_WAITING = (
    "SELECT p.id AS provider_id, p.name AS provider, u.id, u.amount, u.since FROM ("
    f"SELECT id, provider_id, amount, received_on AS since FROM ({CLAIMS_OWED}) UNION ALL"
    f" SELECT id, provider_id, amount, day FROM ({RUNS_OWED})) u"
    " JOIN provider p ON p.id = u.provider_id WHERE u.since <= :day ORDER BY p.name, p.id"
)


def delays(connection: Connection, currency: Currency, day: date) -> tuple[Delay, ...]:
    """Return how long each provider that is owed money waits for it, the longest first.

    The agreed days are those of the agreement that holds today, None without one.
    """
    items: dict[ProviderId, list[rules.Item]] = {}
    names: dict[ProviderId, str] = {}
    for row in fetch(connection, _WAITING, day=day.isoformat()):
        one = rules.Item(row.id, date.fromisoformat(row.since), row.amount)
        items.setdefault(ProviderId(row.provider_id), []).append(one)
        names[ProviderId(row.provider_id)] = row.provider
    found = []
    for provider_id, held in items.items():
        told = rules.waited(held, day)
        if told is None:
            continue
        agreed = agreement_on(connection, provider_id, day)
        found.append(_delay(provider_id, names[provider_id], held, told, agreed, currency, day))
    return tuple(sorted(found, key=lambda one: (-one.oldest_days, one.provider)))


def _delay(
    provider_id: ProviderId,
    name: str,
    held: Sequence[rules.Item],
    told: tuple[int, int],
    agreed: Any,
    currency: Currency,
    day: date,
) -> Delay:
    oldest, mean = told
    days = None if agreed is None else agreed.payment_days
    return Delay(
        provider_id,
        name,
        Money(sum(one.amount for one in held), currency),
        sum(one.amount > 0 for one in held),
        date.fromordinal(day.toordinal() - oldest),
        oldest,
        mean,
        days,
        0 if days is None else max(oldest - days, 0),
    )


def late_payments(connection: Connection, currency: Currency, day: date) -> tuple[Text, ...]:
    """Return a finding for each provider that waits longer than was agreed with it."""
    one, many = (
        N_(
            "{provider} has waited {count} day for its oldest invoice; {agreed} were agreed."
            " {amount} is owed."
        ),
        N_(
            "{provider} has waited {count} days for its oldest invoice; {agreed} were agreed."
            " {amount} is owed."
        ),
    )
    return tuple(
        Text(
            one,
            {
                "provider": told.provider,
                "count": told.oldest_days,
                "agreed": told.agreed_days or 0,
                "amount": told.owed,
            },
            plural=many,
        )
        for told in delays(connection, currency, day)
        if told.late_days
    )


# What lies with providers

_DEPOSITS = (
    "SELECT d.*, p.name AS provider FROM provider_deposit d"
    " JOIN provider p ON p.id = d.provider_id ORDER BY d.day DESC, d.id DESC"
)
_LYING = (
    "SELECT p.id, p.name, x.kind, sum(x.amount) AS amount FROM ("
    "SELECT provider_id, kind, amount FROM provider_deposit UNION ALL"
    " SELECT g.provider_id, k.kind, k.amount FROM payment_batch_line k"
    " JOIN payment_batch g ON g.id = k.payment_batch_id"
    f" JOIN payment_batch_step t ON t.payment_batch_id = g.id AND {PAID_STEP}"
    " WHERE k.kind IN ('ADVANCE', 'DEPOSIT')) x JOIN provider p ON p.id = x.provider_id"
    " GROUP BY p.id, x.kind ORDER BY p.name, p.id"
)


def deposits(connection: Connection, currency: Currency) -> tuple[Deposit, ...]:
    """Return every deposit and advance, and what came back, the latest first."""
    return tuple(
        Deposit(
            DepositId(row.id),
            ProviderId(row.provider_id),
            row.provider,
            DepositKind(row.kind),
            date.fromisoformat(row.day),
            None if row.month is None else Month.parse(row.month),
            Money(row.amount, currency),
            row.label,
        )
        for row in fetch(connection, _DEPOSITS)
    )


def lying(connection: Connection, currency: Currency) -> tuple[Lying, ...]:
    """Return what lies with each provider now; who holds nothing is left out."""
    held: dict[ProviderId, dict[str, int]] = {}
    names: dict[ProviderId, str] = {}
    for row in fetch(connection, _LYING):
        held.setdefault(ProviderId(row.id), {})[row.kind] = row.amount
        names[ProviderId(row.id)] = row.name
    return tuple(
        Lying(
            one,
            names[one],
            Money(told.get("DEPOSIT", 0), currency),
            Money(told.get("ADVANCE", 0), currency),
        )
        for one, told in held.items()
        if any(told.values())
    )


def lies_with(connection: Connection, provider_id: ProviderId, kind: DepositKind) -> int:
    """Return what lies with a provider of one kind, in minor units."""
    rows = fetch(connection, _LYING)
    return sum(row.amount for row in rows if (row.id, row.kind) == (provider_id, kind.value))


def lying_with_providers(connection: Connection) -> int:
    """Return what lies with all providers: the list behind provider_advance."""
    return sum(row.amount for row in fetch(connection, _LYING))


# Capitation

_RUNS = (
    "SELECT r.id, r.provider_id, r.month, r.day, r.persons, r.head_amount, r.amount, r.adjusts,"
    " r.reason, p.name AS provider, o.reason AS taken_back FROM capitation_run r"
    " JOIN provider p ON p.id = r.provider_id LEFT JOIN capitation_run o ON o.reverses = r.id"
    " WHERE r.reverses IS NULL ORDER BY r.month DESC, p.name, r.id"
)


def capitation_runs(
    connection: Connection, currency: Currency, *, month: Month | None = None
) -> tuple[CapitationRun, ...]:
    """Return what providers got by head, the latest month first; those taken back say why."""
    return tuple(
        CapitationRun(
            CapitationRunId(row.id),
            ProviderId(row.provider_id),
            row.provider,
            Month.parse(row.month),
            date.fromisoformat(row.day),
            row.persons,
            None if row.head_amount is None else Money(row.head_amount, currency),
            Money(row.amount, currency),
            row.taken_back or "",
            adjusts=None if row.adjusts is None else CapitationRunId(row.adjusts),
            reason=row.reason or "",
        )
        for row in fetch(connection, _RUNS)
        if month is None or row.month == str(month)
    )


# What is to be recovered

_FROM_PROVIDERS = (
    "SELECT p.name, u.provider_id, u.amount, u.decided_on, c.year, c.letter, c.serial, c.id"
    f" FROM ({CLAIMS_OWED}) u JOIN claim c ON c.id = u.id JOIN provider p ON p.id = u.provider_id"
    " WHERE u.amount < 0 ORDER BY u.decided_on, c.id"
)
_FROM_MEMBERS = (
    "SELECT r.id, r.claim_id, r.day, r.amount, r.reason, n.surname, n.given_names, h.serial AS home,"
    " s.code AS section, c.year, c.letter, c.serial,"
    " coalesce((SELECT sum(y.amount) FROM recovery_payment y"
    " WHERE y.member_recovery_id = r.id), 0) AS back"
    " FROM member_recovery r JOIN claim c ON c.id = r.claim_id"
    " JOIN household h ON h.id = r.household_id JOIN section s ON s.id = h.section_id"
    " JOIN person n ON n.id = h.member_person_id ORDER BY r.day, r.id"
)


# What a later decision lowered of a reimbursement already paid; the next one is less by it.
_REIMBURSED_TOO_MUCH = (
    "SELECT NULL AS id, c.id AS claim_id, u.decided_on AS day, -u.amount AS amount, '' AS reason, n.surname,"
    " n.given_names, h.serial AS home, s.code AS section, c.year, c.letter, c.serial"
    f" FROM ({REIMBURSEMENTS_OWED}) u JOIN claim c ON c.id = u.id"
    " JOIN household h ON h.id = u.household_id JOIN section s ON s.id = h.section_id"
    " JOIN person n ON n.id = h.member_person_id WHERE u.amount < 0 ORDER BY u.decided_on, c.id"
)


def recoveries(connection: Connection, currency: Currency) -> tuple[Recovery, ...]:
    """Return what is to be recovered: from providers by their next payment, then from members.

    What follows from a later decision has that decision's reason and comes off the next payment of the provider or
    member; what a member has paid back whole is left out.
    """
    found = [
        Recovery(
            row.name,
            document_number("C", row.year, row.letter, row.serial),
            date.fromisoformat(row.decided_on),
            Money(-row.amount, currency),
            Money(-row.amount, currency),
            "",
            provider_id=ProviderId(row.provider_id),
        )
        for row in fetch(connection, _FROM_PROVIDERS)
    ]
    told = _from_members(connection, currency)
    less = [
        _from_member(row, currency, row.amount) for row in fetch(connection, _REIMBURSED_TOO_MUCH)
    ]
    return (*found, *less, *(one for one in told if one.left))


def recovery_of(connection: Connection, recovery_id: RecoveryId, currency: Currency) -> Recovery:
    """Return what a member has to pay back, also when nothing is left of it.

    Raises:
        LookupError: when there is none.
    """
    found = _from_members(connection, currency)
    for one in found:
        if one.recovery_id == recovery_id:
            return one
    raise LookupError("no such recovery")


_GIVEN_BACK = "SELECT claim_id, sum(amount) AS amount FROM returned_recovery GROUP BY claim_id"


def _from_members(connection: Connection, currency: Currency) -> list[Recovery]:
    """Return what members were asked back, with what is left of each: what they were let off counts."""
    returned = {row.claim_id: row.amount for row in fetch(connection, _GIVEN_BACK)}
    of_claim: dict[bytes, list[Any]] = {}
    for row in fetch(connection, _FROM_MEMBERS):
        of_claim.setdefault(row.claim_id, []).append(row)
    found = []
    for claim_id, rows in of_claim.items():
        asked = [row for row in rows if row.amount > 0]
        lefts = rules.left_to_recover(
            [(row.amount, row.back) for row in asked],
            let_off=-sum(row.amount for row in rows if row.amount < 0),
            returned=returned.get(claim_id, 0),
        )
        found += [
            _from_member(row, currency, left) for row, left in zip(asked, lefts, strict=True)
        ]
    return sorted(found, key=lambda one: one.day)


def _from_member(row: Any, currency: Currency, left: int) -> Recovery:
    number = HouseholdNumber(row.section, row.home)
    return Recovery(
        f"{number} {row.surname} {row.given_names}",
        document_number("C", row.year, row.letter, row.serial),
        date.fromisoformat(row.day),
        Money(row.amount, currency),
        Money(left, currency),
        row.reason or "",
        recovery_id=None if row.id is None else RecoveryId(row.id),
        claim_id=ClaimId(row.claim_id),
    )


def owed_by_members(connection: Connection) -> int:
    """Return what members have to pay back: a part of the list behind member_receivable.

    What they had paid back and are owed again is taken off it.
    """
    row = fetch_one(
        connection,
        "SELECT (SELECT coalesce(sum(amount), 0) FROM member_recovery)"
        " - (SELECT coalesce(sum(amount), 0) FROM recovery_payment)"
        " + (SELECT coalesce(sum(amount), 0) FROM returned_recovery) AS owed",
    )
    return int(row.owed)
