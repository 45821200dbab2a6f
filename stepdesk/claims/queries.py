"""Reading claims: batches, certificates, what earlier care used, and the facts of a decision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import package_on
from stepdesk.benefits.terms import BenefitRule, Category, PackageVersion, YearStart
from stepdesk.claims import rules
from stepdesk.claims.terms import (
    Batch,
    Claim,
    ClaimFacts,
    ClaimLine,
    LineFacts,
    NewClaim,
    NewLine,
    Outcome,
    Owed,
    PaidBatch,
    PaymentRow,
    State,
    Use,
    Visit,
    Voucher,
    Waiting,
)
from stepdesk.contributions.rules import plan_on
from stepdesk.contributions.terms import Cycle
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import name_of, same_person
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import agreement_on, tariff_on
from stepdesk.providers.terms import Agreement, Hole, TariffVersion
from stepdesk.rights.queries import Standing, standing_of
from stepdesk.rights.rules import care_verdict, verdict
from stepdesk.rights.terms import CareFacts, Left, Papers, Reason, ReasonCode, Verdict
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import Level
from stepdesk.values.digits import HouseholdNumber, document_number
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    ClaimLineId,
    HouseholdId,
    PersonId,
    ProviderId,
    ProviderPaymentId,
    ServiceId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month, age_on

IMPORTED = "i"
"""The series of claims of a former system: history, decided there or never."""

# A person written down twice and made one is one person: what either used, both used.
_ONE_OF = (
    "(SELECT :person UNION SELECT m.other_id FROM person_merge m"
    " WHERE m.kept_id = :person AND m.undone_on IS NULL)"
)
_USES = (
    "SELECT c.id, coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = c.person_id"
    " AND m.undone_on IS NULL), c.person_id) AS person_id, c.household_id, c.last_day, l.service_id, d.quantity, d.paid,"
    " d.deducted"
    " FROM claim c JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    f" WHERE (c.household_id = :household OR c.person_id IN {_ONE_OF})"
    " AND c.last_day >= :since AND c.id <> :but"
)
# Care that began on the same day, or has a night in common, is the same care. What a former system
# left undecided is not paid by it: its certificate may be typed in here.
_TWICE = (
    "SELECT l.service_id FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_line l ON l.claim_id = c.id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " LEFT JOIN line_decision d ON d.decision_id = e.id AND d.line_id = l.id"
    f" WHERE c.person_id IN {_ONE_OF} AND b.provider_id = :provider AND c.id < :before"
    " AND (c.first_day = :first OR c.first_day < :last AND c.last_day > :first)"
    f" AND ((e.id IS NULL OR e.outcome = 'PENDING') AND c.letter <> '{IMPORTED}'"
    " OR d.quantity > 0)"
)
_LEVEL = "SELECT level FROM provider WHERE id = :provider"


# What earlier care used


def uses_of(
    connection: Connection,
    *,
    household_id: HouseholdId,
    person_id: PersonId,
    since: date,
    but: ClaimId | None = None,
) -> tuple[Use, ...]:
    """Return decided lines of a household and of a person elsewhere, from a day of care on."""
    rows = fetch(
        connection,
        _USES,
        household=household_id,
        person=person_id,
        since=since.isoformat(),
        but=but or b"",
    )
    return tuple(
        Use(
            ClaimId(row.id),
            PersonId(row.person_id),
            HouseholdId(row.household_id),
            ServiceId(row.service_id),
            date.fromisoformat(row.last_day),
            row.quantity,
            row.paid,
            row.deducted,
        )
        for row in rows
    )


# The facts of a decision


@dataclass(frozen=True, slots=True)
class Care:
    """A person's care on a day, as far as all its services share it.

    `hole` is the gap between two price lists when none holds; `tariff` is then None. `whole` says
    whether the person is covered at all, by steps 1 to 5.
    """

    person_id: PersonId
    standing: Standing
    day: date
    package: PackageVersion | None
    agreement: Agreement | None
    level: Level | None
    tariff: TariffVersion | None
    hole: Hole | None
    uses: tuple[Use, ...]
    year: tuple[date, date]
    whole: Verdict

    def rule(self, service_id: ServiceId) -> BenefitRule | None:
        return self.package.rules.get(service_id) if self.package else None

    def left(self, service_id: ServiceId) -> Left:
        """Return what earlier care leaves of the service's and the package's limits."""
        if self.package is None:
            return Left()
        return rules.left_of(
            rule=self.rule(service_id),
            package=self.package,
            uses=self.uses,
            person_id=self.person_id,
            household_id=self.standing.household_id,
            day=self.day,
            year=self.year,
        )

    def unpriced(self, service_id: ServiceId) -> Reason | None:
        """Return why the service has no price at the provider asked about, None when it has one."""
        if self.level is None or (self.tariff is None and self.hole is None):
            return None
        if self.hole is not None:
            return Reason(ReasonCode.RT01, hole_text(self.hole, self.day))
        if self.tariff is not None and service_id in self.tariff.prices:
            return None
        return Reason(
            ReasonCode.RT01, Text(N_("The agreed price list does not name this service."))
        )

    def verdict(self, service_id: ServiceId, papers: Papers) -> Verdict:
        """Return whether this service is covered, by all eleven steps."""
        cover = self.standing.rights.cover
        told = CareFacts(
            package=self.package is not None,
            rule=self.rule(service_id),
            age=max(age_on(cover.birth.day, self.day), 0) if cover else 0,
            sex=cover.sex if cover else Sex.FEMALE,
            level=self.level,
            agreement=self.agreement is not None,
            left=self.left(service_id),
            papers=papers,
        )
        return care_verdict(self.standing.rights, told, self.whole)


def care_of(
    connection: Connection,
    *,
    person_id: PersonId,
    first_day: date,
    last_day: date,
    services: Iterable[ServiceId],
    provider_id: ProviderId | None = None,
    but: ClaimId | None = None,
) -> Care | None:
    """Return everything that decides a person's care; None for nobody known.

    Rights are those of the first day, on which the patient was taken in; package, prices and
    limits those of the last, on which the invoice is written.

    Args:
        connection: The book.
        person_id: The patient.
        first_day: The first day of care.
        last_day: The last one; the same for an out-patient.
        services: What is asked about.
        provider_id: Where; None asks about no provider.
        but: A claim that does not count: the one being decided.
    """
    standing = standing_of(connection, person_id, first_day)
    if standing is None:
        return None
    person_id = same_person(connection, person_id)[0]
    wanted = frozenset(services)
    package = package_on(connection, standing.plan_id, last_day, wanted)
    agreement = level = None
    if provider_id is not None:
        agreement = agreement_on(connection, provider_id, last_day)
        level = Level(fetch_one(connection, _LEVEL, provider=provider_id).level)
    listed = _tariff(connection, package, agreement, last_day, wanted)
    year = rules.benefit_year(last_day, _year_starts(standing, package, last_day))
    return Care(
        person_id=person_id,
        standing=standing,
        day=last_day,
        package=package,
        agreement=agreement,
        level=level,
        tariff=listed if isinstance(listed, TariffVersion) else None,
        hole=listed if isinstance(listed, Hole) else None,
        uses=uses_of(
            connection,
            household_id=standing.household_id,
            person_id=person_id,
            since=_since(package, year[0], last_day),
            but=but,
        ),
        year=year,
        whole=verdict(standing.rights),
    )


def _tariff(
    connection: Connection,
    package: PackageVersion | None,
    agreement: Agreement | None,
    day: date,
    services: frozenset[ServiceId],
) -> TariffVersion | Hole | None:
    """Return the agreed price list, or that of the reference provider outside the network."""
    if agreement is not None:
        return tariff_on(connection, agreement.tariff_id, day, services)
    if package is not None and package.reference_tariff_id is not None:
        return tariff_on(connection, package.reference_tariff_id, day, services)
    return None


def _year_starts(standing: Standing, package: PackageVersion | None, day: date) -> tuple[int, int]:
    if package is None or package.year_start is YearStart.CALENDAR:
        return 1, 1
    plan = plan_on(standing.facts.plans, day)
    if plan.cycle is Cycle.FIXED:
        return plan.cycle_start
    begun = standing.account.effect_date or standing.account.entered_on or day
    return begun.month, begun.day


def _since(package: PackageVersion | None, year: date, day: date) -> date:
    """Return the earliest day whose care can count against any limit of these services."""
    days = [rule.limit_days or 0 for rule in package.rules.values()] if package else []
    return min(year, day - timedelta(days=max(days, default=0)))


def papers_of(claim: NewClaim) -> Papers:
    """Return what a certificate shows."""
    return Papers(
        referred=claim.referred or claim.visit is Visit.REFERRAL,
        guarantee=bool(claim.guarantee.strip()),
        emergency=claim.visit is Visit.EMERGENCY,
        declared_hours=claim.declared_hours,
    )


def check_hole(care: Care) -> None:
    """Refuse care on a day on which no price list holds.

    Raises:
        Refusal: with the two dates between which there is none.
    """
    if care.hole is not None:
        raise Refusal(hole_text(care.hole, care.day), field="day")


def hole_text(hole: Hole, day: date) -> Text:
    """Return that no price list holds on a day, and between which days there is none."""
    ended, begins = hole.ended_on, hole.begins_on
    values = {"day": day, "ended": ended or day, "begins": begins or day}
    if ended and begins:
        told = N_(
            "No price list holds on {day}: the last one ended on {ended}, the next begins on "
            "{begins}. Enter the list that was in force."
        )
    elif begins:
        told = N_("No price list holds on {day}: the first one begins on {begins}.")
    elif ended:
        told = N_(
            "No price list holds on {day}: the last one ended on {ended}. Enter the new one."
        )
    else:
        told = N_("This provider has no price list. Enter one first.")
    return Text(told, values)


def facts_of_claim(
    connection: Connection,
    claim: NewClaim,
    *,
    provider_id: ProviderId,
    received_on: date,
    coin: int,
    claim_id: ClaimId | None = None,
) -> tuple[ClaimFacts, tuple[Verdict, ...], Care]:
    """Return the facts that decide a claim, and the verdict on each of its lines.

    Args:
        connection: The book.
        claim: The certificate.
        provider_id: Who gave the care.
        received_on: When the invoice came.
        coin: The smallest coin.
        claim_id: The claim itself when it is recorded: it does not count against itself.

    Raises:
        Refusal: nobody known, or no price list holds on the day of care.
    """
    care = care_of(
        connection,
        person_id=claim.person_id,
        first_day=claim.first_day,
        last_day=claim.last_day,
        services={line.service_id for line in claim.lines},
        provider_id=provider_id,
        but=claim_id,
    )
    if care is None:
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    check_hole(care)
    papers = papers_of(claim)
    verdicts = tuple(care.verdict(line.service_id, papers) for line in claim.lines)
    known = _known_against(connection, care, claim, provider_id, received_on, claim_id)
    lines = tuple(
        _line_facts(care, line, (*known(line.service_id), *_refused(verdict, papers)))
        for line, verdict in zip(claim.lines, verdicts, strict=True)
    )
    left = care.left(claim.lines[0].service_id)
    missing = {one.code for verdict in verdicts for one in verdict.conditions}
    facts = ClaimFacts(
        lines=lines,
        cap_episode=care.package.cap_episode if care.package else None,
        left_person=left.person_year,
        left_household=left.household_year,
        balance_billing=care.agreement is not None and care.agreement.balance_billing,
        coin=coin,
        pending=(ReasonCode.RB07,) if ReasonCode.RB07 in missing else (),
    )
    return facts, verdicts, care


def _known_against(
    connection: Connection,
    care: Care,
    claim: NewClaim,
    provider_id: ProviderId,
    received_on: date,
    claim_id: ClaimId | None,
) -> Any:
    """Return what is known against a line before its rights: claimed twice, invoiced too late."""
    rows = fetch(
        connection,
        _TWICE,
        person=care.person_id,
        first=claim.first_day.isoformat(),
        last=claim.last_day.isoformat(),
        provider=provider_id,
        before=claim_id or b"\xff" * 16,
    )
    twice = {row.service_id for row in rows}
    agreed = care.agreement
    late = agreed is not None and received_on > claim.last_day + timedelta(
        days=agreed.late_invoice_days
    )

    def known(service_id: ServiceId) -> tuple[ReasonCode, ...]:
        doubled = (ReasonCode.RA07,) if service_id in twice else ()
        return (*doubled, *((ReasonCode.RA09,) if late else ()))

    return known


def _refused(verdict: Verdict, papers: Papers) -> tuple[ReasonCode, ...]:
    """Return why a line may not be paid at all.

    Numbers and ceilings are not among them: the assessment takes what they leave.
    """
    codes = [one.code for one in verdict.reasons if not one.code.value.startswith("RC")]
    for one in verdict.conditions:
        if one.code is ReasonCode.RB05:
            codes.append(one.code if papers.emergency else ReasonCode.RB04)
        elif one.code is ReasonCode.RB06:
            codes.append(one.code)
    return tuple(codes)


def _line_facts(care: Care, line: NewLine, refused: tuple[ReasonCode, ...]) -> LineFacts:
    left = care.left(line.service_id)
    prices = care.tariff.prices if care.tariff else {}
    return LineFacts(
        service_id=line.service_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tariff=prices.get(line.service_id),
        rule=care.rule(line.service_id),
        refused=refused,
        left_count=left.count,
        left_deductible=left.deductible,
        left_year=left.service_year,
        left_household=left.service_household,
    )


# Batches and claims as they stand

_BATCHES = (
    "SELECT b.id, b.year, b.letter, b.serial, b.provider_id, p.name AS provider, b.month,"
    " b.received_on, b.invoice, b.invoice_total,"
    " count(c.id) AS claims, coalesce(sum(c.claimed), 0) AS claimed,"
    # Claims of a former system wait for nothing here, and nothing is owed for them.
    f" coalesce(sum(c.letter <> '{IMPORTED}'"
    " AND (e.outcome IS NULL OR e.outcome = 'PENDING')), 0) AS undecided,"
    " coalesce(sum(CASE WHEN e.entry_id IS NOT NULL THEN e.paid END), 0) AS payable,"
    " coalesce(sum((SELECT sum(q.amount) FROM paid_claim q WHERE q.claim_id = c.id)), 0) AS paid"
    " FROM claim_batch b JOIN provider p ON p.id = b.provider_id"
    " LEFT JOIN claim c ON c.batch_id = b.id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
)
_CLAIMS = (
    "SELECT c.id, c.year, c.letter, c.serial, c.batch_id, c.person_id, c.household_id,"
    " c.first_day, c.last_day, c.visit, c.certificate, c.claimed, c.legacy_number, c.referred,"
    " c.declared_hours, c.guarantee, n.surname, n.given_names, h.serial AS home,"
    " s.code AS section, v.suffix, e.outcome, e.codes, e.paid, e.patient, e.disallowed,"
    " e.rounding, e.decided_on, e.facts, y.day AS paid_on"
    " FROM claim c JOIN person n ON n.id = c.person_id JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id"
    " LEFT JOIN cover v ON v.person_id = c.person_id AND v.household_id = c.household_id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " LEFT JOIN paid_claim q ON q.claim_id = c.id"
    " LEFT JOIN provider_payment y ON y.id = q.provider_payment_id"
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


def state_of(outcome: str | None, *, was_paid: bool) -> State:
    """Return where a claim stands by its latest decision and whether it was paid."""
    if outcome is None:
        return State.RECEIVED
    if was_paid:
        return State.PAID
    return State[Outcome(outcome).name]


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
        state=state_of(row.outcome, was_paid=row.paid_on is not None),
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


_UNPAID = (
    "SELECT c.id, b.provider_id, b.received_on, e.paid FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " WHERE e.paid > 0 AND e.entry_id IS NOT NULL AND b.provider_id = :provider"
    " AND e.decided_on <= :day AND b.received_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM paid_claim q WHERE q.claim_id = c.id)"
    " ORDER BY b.received_on, c.id"
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """One approved claim that waits for its money; amounts are minor units."""

    claim_id: ClaimId
    received_on: date
    amount: int


def unpaid_of(
    connection: Connection, provider_id: ProviderId, *, day: date = date.max
) -> tuple[Unpaid, ...]:
    """Return what a provider is still owed, oldest invoice first: decided and received by a day."""
    rows = fetch(connection, _UNPAID, provider=provider_id, day=day.isoformat())
    return tuple(
        Unpaid(ClaimId(row.id), date.fromisoformat(row.received_on), row.paid) for row in rows
    )


def owed_to_providers(connection: Connection) -> int:
    """Return what approved claims and payments say is owed: the list behind provider_payable."""
    row = fetch_one(
        connection,
        "SELECT (SELECT coalesce(sum(paid), 0) FROM claim_decision"
        " WHERE outcome = 'APPROVED' AND entry_id IS NOT NULL)"
        " - (SELECT coalesce(sum(amount), 0) FROM paid_claim) AS owed",
    )
    return int(row.owed)


def claims_that_differ(connection: Connection) -> tuple[str, ...]:
    """Return the claims whose invoice is not what scheme, patient and provider bear, or whose
    lines are not what was decided; there must be none.
    """  # noqa: D205 - one sentence
    rows = fetch(
        connection,
        "SELECT c.year, c.letter, c.serial FROM claim c"
        " JOIN claim_decision e ON e.claim_id = c.id"
        " WHERE c.claimed <> (SELECT coalesce(sum(l.quantity * l.unit_price), 0)"
        " FROM claim_line l WHERE l.claim_id = c.id)"
        " OR (e.outcome IN ('APPROVED', 'REJECTED')"
        " AND (c.claimed <> e.paid + e.patient + e.disallowed"
        " OR e.paid <> (SELECT coalesce(sum(d.paid), 0) FROM line_decision d"
        " WHERE d.decision_id = e.id))) ORDER BY c.id",
    )
    found = {tuple(row) for row in rows}
    found |= set(_decided_otherwise(connection))
    found |= {tuple(row) for row in fetch(connection, _PAID_OTHERWISE)}
    return tuple(document_number("C", *row) for row in sorted(found))


# A claim is paid once, and what was approved of it.
_PAID_OTHERWISE = (
    "SELECT c.year, c.letter, c.serial FROM paid_claim q JOIN claim c ON c.id = q.claim_id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " GROUP BY c.id HAVING sum(q.amount) <> coalesce(max(e.paid), 0)"
)


def _decided_otherwise(connection: Connection) -> Iterator[tuple[int, str, int]]:
    """Yield claims whose kept facts, assessed again, come to something else than was decided."""
    rows = fetch(
        connection,
        "SELECT c.year, c.letter, c.serial, e.facts, e.paid, e.patient, e.disallowed"
        " FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
        " WHERE e.facts <> '' AND e.outcome IN ('APPROVED', 'REJECTED')",
    )
    for row in rows:
        told = rules.assess(rules.unpacked(row.facts))
        if (told.paid, told.patient, told.disallowed) != (row.paid, row.patient, row.disallowed):
            yield row.year, row.letter, row.serial


# For the claims room

_TYPED = (
    "SELECT c.person_id, c.first_day, c.last_day, c.visit, c.referred, c.declared_hours,"
    " c.guarantee, c.certificate, b.provider_id, b.received_on FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :claim"
)
_OWED = (
    "SELECT b.provider_id, sum(e.paid) AS owed, count(*) AS claims, min(b.received_on) AS since"
    " FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " WHERE e.paid > 0 AND e.entry_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM paid_claim q WHERE q.claim_id = c.id)"
    " GROUP BY b.provider_id ORDER BY since"
)
_UNDECIDED = (
    "SELECT count(DISTINCT b.id) AS batches, count(*) AS certificates,"
    " min(b.received_on) AS since FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    f" WHERE c.letter <> '{IMPORTED}' AND NOT EXISTS"
    " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id AND e.outcome <> 'PENDING')"
)
_PAYMENT = (
    "SELECT y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " s.name AS paid_by, y.single_control FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id JOIN staff s ON s.id = y.paid_by WHERE y.id = :id"
)
_PAYMENTS = (
    "SELECT y.id, y.year, y.letter, y.serial, p.name AS provider, y.day, y.box, y.amount,"
    " count(q.claim_id) AS claims FROM provider_payment y"
    " JOIN provider p ON p.id = y.provider_id"
    " LEFT JOIN paid_claim q ON q.provider_payment_id = y.id"
    " GROUP BY y.id ORDER BY y.day DESC, y.id DESC"
)
_SETTLED = (
    "SELECT b.year, b.letter, b.serial, b.invoice, b.month, count(*) AS claims,"
    " sum(q.amount) AS amount FROM paid_claim q JOIN claim c ON c.id = q.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id WHERE q.provider_payment_id = :id"
    " GROUP BY b.id ORDER BY b.received_on, b.id"
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
    )


def draft_of(connection: Connection, form: str) -> str:
    """Return what was typed into a form and not recorded, empty when there is nothing."""
    row = fetch_one(connection, "SELECT content FROM draft WHERE form = :form", form=form)
    return "" if row is None else str(row.content)
