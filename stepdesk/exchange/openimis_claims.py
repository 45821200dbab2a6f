"""Bringing in the claims of openIMIS as history: nothing is assessed, booked or owed.

What stands in the book already is left as it is and told where it differs.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stepdesk.benefits.queries import services
from stepdesk.claims.queries import IMPORTED
from stepdesk.claims.service import bring_in_batch, bring_in_claim
from stepdesk.claims.terms import NewClaim, NewLine
from stepdesk.exchange.openimis_care import CHANGED
from stepdesk.exchange.openimis_claims_files import CLAIMS, STORED, Claims, Consumed, StoredClaim
from stepdesk.exchange.openimis_rows import Left
from stepdesk.exchange.terms import LeftOut
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.providers.queries import providers
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    BatchId,
    HouseholdId,
    PersonId,
    ProviderId,
    RequestId,
    ServiceId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_PEOPLE = (
    "SELECT p.legacy_number, p.id, c.household_id, c.first_day FROM person p"
    " JOIN cover c ON c.person_id = p.id WHERE p.legacy_number <> '' ORDER BY c.first_day, c.id"
)
_BATCHES = "SELECT id, request_id FROM claim_batch WHERE letter = :letter"
_SERIALS = "SELECT year, max(serial) AS serial FROM {table} WHERE letter = :letter GROUP BY year"
_KNOWN = (
    "SELECT c.id, c.legacy_number, c.person_id, b.provider_id, c.first_day, c.last_day, c.visit,"
    " e.outcome, e.paid FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id WHERE c.letter = :letter"
)
_KNOWN_LINES = (
    "SELECT l.claim_id, l.service_id, l.quantity, l.unit_price FROM claim_line l"
    " JOIN claim c ON c.id = l.claim_id WHERE c.letter = :letter ORDER BY l.id"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a claim speaks of, as the book knows it."""

    person_id: PersonId
    household_id: HouseholdId
    provider_id: ProviderId
    lines: tuple[NewLine, ...]


@dataclass(slots=True)
class _Run:
    """One bringing in."""

    work: Work
    left: list[LeftOut]
    people: dict[str, list[tuple[date, PersonId, HouseholdId]]]
    providers: Mapping[str, ProviderId]
    services: Mapping[str, ServiceId]
    known: Mapping[str, tuple[object, ...]]
    batches: dict[RequestId, BatchId]
    batch_serials: dict[int, int]
    claim_serials: dict[int, int]
    claims: int = 0
    lines: int = 0
    unsealed: int = 0
    carried: dict[str, StoredClaim] = field(default_factory=dict)

    def leave(self, file: str, key: str, reason: str) -> None:
        self.left.append(LeftOut(file, key, Text(reason)))


def bring_in_claims(
    work: Work, *, claims: Claims, left: list[LeftOut], progress: Progress
) -> tuple[int, int]:
    """Write the claims the book does not have yet; return how many, and how many lines.

    Args:
        work: The work; families and care are written.
        claims: What the files tell.
        left: What is not carried over is added to it.
        progress: Told as claims are written.
    """
    run = _run(work, left)
    received = _received(run, claims)
    for done, one in enumerate(claims.claims):
        progress.step(done, len(claims.claims), Text(N_("Bringing over the claims")))
        try:
            found = _found(run, one)
        except Left as gone:
            run.left.append(LeftOut(CLAIMS, one.code, gone.text))
            continue
        run.carried[one.id] = one
        run.left += one.notes
        if one.code not in run.known:
            _write(run, one, found, received[found.provider_id, Month.of(one.last_day)])
        elif run.known[one.code] != _told(one, found):
            run.leave(CLAIMS, one.code, CHANGED)
    if run.unsealed:
        told = N_("You may not write diagnoses: those of {count} claims were left out.")
        run.left.append(LeftOut(CLAIMS, "icd", Text(told, {"count": run.unsealed})))
    _compare(run, claims.consumed)
    return run.claims, run.lines


def _run(work: Work, left: list[LeftOut]) -> _Run:
    people: dict[str, list[tuple[date, PersonId, HouseholdId]]] = {}
    for row in work.rows(_PEOPLE):
        cover = (
            date.fromisoformat(row.first_day),
            PersonId(row.id),
            HouseholdId(row.household_id),
        )
        people.setdefault(row.legacy_number, []).append(cover)
    return _Run(
        work,
        left,
        people,
        {
            code.upper(): one.id
            for one in providers(work.connection).values()
            for code in (one.code, one.legacy_code)
            if code
        },
        {one.code.upper(): one.id for one in services(work.connection).values()},
        _known(work),
        {
            RequestId(row.request_id): BatchId(row.id)
            for row in work.rows(_BATCHES, letter=IMPORTED)
        },
        _serials(work, "claim_batch"),
        _serials(work, "claim"),
    )


def _known(work: Work) -> dict[str, tuple[object, ...]]:
    """Return the claims the book has from before, by their number there."""
    lines: dict[bytes, list[NewLine]] = {}
    for row in work.rows(_KNOWN_LINES, letter=IMPORTED):
        line = NewLine(ServiceId(row.service_id), row.quantity, row.unit_price)
        lines.setdefault(row.claim_id, []).append(line)
    return {
        row.legacy_number: (
            row.person_id,
            row.provider_id,
            row.first_day,
            row.last_day,
            row.visit,
            tuple(lines.get(row.id, ())),
            row.outcome,
            row.paid,
        )
        for row in work.rows(_KNOWN, letter=IMPORTED)
    }


def _told(one: StoredClaim, found: _Found) -> tuple[object, ...]:
    decided = one.decided
    return (
        found.person_id,
        found.provider_id,
        one.first_day.isoformat(),
        one.last_day.isoformat(),
        one.visit.value,
        found.lines,
        None if decided is None else decided.outcome.value,
        None if decided is None else decided.paid,
    )


def _serials(work: Work, table: str) -> dict[int, int]:
    rows = work.rows(_SERIALS.format(table=table), letter=IMPORTED)
    return {row.year: row.serial for row in rows}


def _found(run: _Run, one: StoredClaim) -> _Found:
    """Return what the book knows of a claim.

    Raises:
        Left: an insured person, a facility or a service the book does not have.
    """
    covers = run.people.get(one.person)
    if not covers:
        raise Left(
            N_("Nobody in the book has the number {told}: the claim and its lines stay there."),
            told=one.person or "—",
        )
    provider_id = run.providers.get(one.facility.upper())
    if provider_id is None:
        raise Left(
            N_("There is no provider {told} in the book: the claim and its lines stay there."),
            told=one.facility or "—",
        )
    # The household the patient had joined last; care before any, the first one.
    joined = [cover for cover in covers if cover[0] <= one.last_day] or covers[:1]
    _, person_id, household_id = joined[-1]
    lines = tuple(
        NewLine(run.services[line.code.upper()], line.quantity, line.unit_price)
        for line in one.lines
    )
    return _Found(person_id, household_id, provider_id, lines)


def _received(run: _Run, claims: Claims) -> dict[tuple[ProviderId, Month], date]:
    """Return the day the last new claim of a provider and month was handed in."""
    found: dict[tuple[ProviderId, Month], date] = {}
    for one in claims.claims:
        provider_id = run.providers.get(one.facility.upper())
        if provider_id is not None and one.person in run.people and one.code not in run.known:
            key = (provider_id, Month.of(one.last_day))
            found[key] = max(found.get(key, one.claimed_on), one.claimed_on)
    return found


def _write(run: _Run, one: StoredClaim, found: _Found, received_on: date) -> None:
    year = one.claimed_on.year
    serial = run.claim_serials[year] = run.claim_serials.get(year, 0) + 1
    sealable = run.work.may_seal
    run.unsealed += bool(one.diagnosis) and not sealable
    bring_in_claim(
        run.work,
        request_id=_request("claim", one.code),
        batch_id=_batch(run, found.provider_id, Month.of(one.last_day), received_on),
        household_id=found.household_id,
        number=one.code,
        serial=serial,
        entered_on=one.claimed_on,
        certificate=NewClaim(
            person_id=found.person_id,
            first_day=one.first_day,
            last_day=one.last_day,
            lines=found.lines,
            visit=one.visit,
            guarantee=one.guarantee,
            diagnosis=one.diagnosis if sealable else "",
        ),
        decided=one.decided,
        decided_on=one.decided_on,
    )
    run.claims += 1
    run.lines += len(one.lines)


def _batch(run: _Run, provider_id: ProviderId, month: Month, received_on: date) -> BatchId:
    request_id = _request("batch", f"{provider_id.hex()}|{month}")
    if request_id not in run.batches:
        year = received_on.year
        serial = run.batch_serials[year] = run.batch_serials.get(year, 0) + 1
        run.batches[request_id] = bring_in_batch(
            run.work,
            request_id=request_id,
            provider_id=provider_id,
            month=month,
            received_on=received_on,
            serial=serial,
        )
    return run.batches[request_id]


def _request(kind: str, told: str) -> RequestId:
    return RequestId(hashlib.sha256(f"openimis|{kind}|{told}".encode()).digest()[:16])


def _compare(run: _Run, consumed: tuple[Consumed, ...]) -> None:
    """Tell where what is kept as used up differs from the lines: these count here."""
    sums: dict[str, tuple[int, int]] = {}
    for one in consumed:
        paid, deducted = sums.get(one.claim_id, (0, 0))
        sums[one.claim_id] = (paid + one.paid, deducted + one.deducted)
    for claim_id, kept in sums.items():
        claim = run.carried.get(claim_id)
        if claim is None:
            run.leave(STORED, claim_id, N_("The claim was not brought over."))
            continue
        decided = claim.decided
        if decided is None:
            told = N_("Set aside for a claim that is not decided: here it uses up nothing.")
            run.leave(STORED, claim_id, told)
            continue
        lines = (decided.paid, sum(line.deducted for line in decided.lines))
        if kept != lines:
            values = [Money(one, run.work.currency) for one in (*kept, *lines)]
            names = ("paid", "deducted", "lines_paid", "lines_deducted")
            differs = Text(
                N_(
                    "Kept as paid {paid} and deducted {deducted}, by the lines {lines_paid} and"
                    " {lines_deducted}: the lines were taken."
                ),
                dict(zip(names, values, strict=True)),
            )
            run.left.append(LeftOut(STORED, claim_id, differs))
