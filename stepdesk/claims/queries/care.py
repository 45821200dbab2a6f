"""What earlier care used, and the facts of a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import package_on
from stepdesk.benefits.terms import ADULT_AGE, BenefitRule, PackageVersion, YearStart
from stepdesk.claims import rules
from stepdesk.claims.terms import (
    ClaimFacts,
    LineFacts,
    NewClaim,
    NewLine,
    Use,
    Visit,
)
from stepdesk.contributions.rules import period_on, plan_on
from stepdesk.contributions.terms import Cycle
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import same_person
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import agreement_on, tariff_on
from stepdesk.providers.terms import Agreement, Hole, TariffVersion
from stepdesk.rights.queries import Standing, standing_of
from stepdesk.rights.rules import care_verdict, verdict
from stepdesk.rights.terms import CareFacts, Left, Papers, Reason, ReasonCode, Verdict
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.month import age_on

IMPORTED = "i"
"""The series of claims of a former system: history, decided there or never."""

# A person written down twice and made one is one person: what either used, both used.
ONE_OF = (
    "(SELECT :person UNION SELECT m.other_id FROM person_merge m"
    " WHERE m.kept_id = :person AND m.undone_on IS NULL)"
)
_USES = (
    "SELECT c.id, coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = c.person_id"
    " AND m.undone_on IS NULL), c.person_id) AS person_id, c.household_id, c.last_day, l.service_id, d.quantity, d.paid,"
    " d.deducted"
    " FROM claim c JOIN claim_decision e ON e.claim_id = c.id AND e.outcome = 'APPROVED'"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    f" WHERE (c.household_id = :household OR c.person_id IN {ONE_OF})"
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
    f" WHERE c.person_id IN {ONE_OF} AND b.provider_id = :provider AND c.id < :before"
    " AND (c.first_day = :first OR c.first_day < :last AND c.last_day > :first)"
    f" AND ((e.id IS NULL OR e.outcome = 'PENDING') AND c.letter <> '{IMPORTED}'"
    " OR d.quantity > 0)"
)
_PROVIDER = "SELECT level, care FROM provider WHERE id = :provider"


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
    provider_care: CareType
    stay: bool
    tariff: TariffVersion | None
    hole: Hole | None
    uses: tuple[Use, ...]
    year: tuple[date, date]
    whole: Verdict

    @property
    def age(self) -> int:
        cover = self.standing.rights.cover
        return max(age_on(cover.birth.day, self.day), 0) if cover else 0

    @property
    def child(self) -> bool:
        return self.package is not None and self.age < self.package.adult_age

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
            child=self.child,
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
            age=self.age,
            sex=cover.sex if cover else Sex.FEMALE,
            level=self.level,
            agreement=self.agreement is not None,
            left=self.left(service_id),
            papers=papers,
            service=self.package.services.get(service_id) if self.package else None,
            stay=self.stay,
            provider_care=self.provider_care,
            adult_age=self.package.adult_age if self.package else ADULT_AGE,
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
    provider_care = CareType.BOTH
    if provider_id is not None:
        agreement = agreement_on(connection, provider_id, last_day)
        row = fetch_one(connection, _PROVIDER, provider=provider_id)
        level, provider_care = Level(row.level), CareType(row.care or CareType.BOTH.value)
    listed = _tariff(connection, package, agreement, last_day, wanted)
    year = _benefit_year(standing, package, last_day)
    return Care(
        person_id=person_id,
        standing=standing,
        day=last_day,
        package=package,
        agreement=agreement,
        level=level,
        provider_care=provider_care,
        stay=last_day > first_day,
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


def _benefit_year(
    standing: Standing, package: PackageVersion | None, day: date
) -> tuple[date, date]:
    """Return the benefit year of a day, its end not included."""
    if package is not None and package.year_start is YearStart.PERIOD:
        period = period_on(standing.account, day)
        if period is not None:
            return period
    return rules.benefit_year(day, _year_starts(standing, package, day))


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
    days += [one.frequency_days or 0 for one in package.services.values()] if package else []
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
    reimbursement_days: int | None = None,
) -> tuple[ClaimFacts, tuple[Verdict, ...], Care]:
    """Return the facts that decide a claim, and the verdict on each of its lines.

    Args:
        connection: The book.
        claim: The certificate.
        provider_id: Who gave the care.
        received_on: When the invoice came.
        coin: The smallest coin.
        claim_id: The claim itself when it is recorded: it does not count against itself.
        reimbursement_days: For a claim that is reimbursed to the member, who paid the whole: how many days after
            the care it may be asked for. What is above the price list is then the member's.

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
    known = _known_against(
        connection, care, claim, provider_id, received_on, claim_id, reimbursement_days
    )
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
        balance_billing=reimbursement_days is not None
        or (care.agreement is not None and care.agreement.balance_billing),
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
    reimbursement_days: int | None,
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
    agreed = None if care.agreement is None else care.agreement.late_invoice_days
    most = agreed if reimbursement_days is None else reimbursement_days
    late = most is not None and received_on > claim.last_day + timedelta(days=most)

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
