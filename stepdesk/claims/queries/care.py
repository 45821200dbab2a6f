"""What earlier care used, and the facts of a decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import packages_on, services_of
from stepdesk.benefits.rules import category_of
from stepdesk.benefits.terms import (
    ADULT_AGE,
    BenefitRule,
    Category,
    Composition,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageVersion,
    PriceOrigin,
    Service,
    ServiceKind,
    Spread,
    StayCover,
    YearStart,
)
from stepdesk.claims import rules
from stepdesk.claims.queries.letters import ONE_OF, RESERVED, shown_letter
from stepdesk.claims.queries.month_sums import cut_months, month_statement
from stepdesk.claims.terms import (
    ClaimFacts,
    LimitFacts,
    LineFacts,
    NewClaim,
    NewLine,
    ShownLetter,
    Use,
    Visit,
)
from stepdesk.contributions.queries import certificate_known, plan_of
from stepdesk.contributions.rules import period_on, plan_on
from stepdesk.contributions.terms import Cycle
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import any_merged, same_person
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import agreement_on, tariff_on
from stepdesk.providers.terms import Agreement, Hole, PaymentMode, TariffVersion
from stepdesk.rights.queries import Standing, household_on, standing_of, uncovered_in
from stepdesk.rights.rules import care_verdict, stay_days, verdict
from stepdesk.rights.terms import (
    Answer,
    CareFacts,
    Left,
    Papers,
    Reason,
    ReasonCode,
    Uncovered,
    Verdict,
)
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import CareType, ClaimCategory, Level
from stepdesk.values.changing import changed
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    LetterId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.month import age_on

IMPORTED = "i"
"""The series of claims of a former system: history, decided there or never."""

# Of each claim the latest decision counts: a reversed one has paid nothing. What waits for the index
# of its period counts at the list's price. What was used before the book began stands beside it.
_DECIDED = (
    "SELECT c.id, coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = c.person_id"
    " AND m.undone_on IS NULL), c.person_id) AS person_id, c.household_id, c.last_day, l.service_id,"
    " d.quantity, coalesce(d.valued, d.paid) AS paid, d.deducted, c.first_day < c.last_day AS stay,"
    " d.outside, d.package_id, 0 AS reserved, {level} AS level, {category} AS category"
    " FROM claim c JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " AND e.outcome IN ('APPROVED', 'VALUED')"
    " JOIN line_decision d ON d.decision_id = e.id JOIN claim_line l ON l.id = d.line_id"
    f" WHERE (c.household_id = :household OR c.person_id IN {ONE_OF})"
    " AND c.last_day >= :since AND c.id <> :but"
)
# The same as it is kept beside the decisions, where it is: see `service/using.py`.
_KEPT_LINES = (
    "SELECT l.claim_id AS id, l.person_id, l.household_id, max(l.last_day) AS last_day, l.service_id,"
    " sum(l.quantity) AS quantity, sum(l.paid) AS paid, sum(l.deducted) AS deducted, l.stay,"
    " l.outside, l.package_id, 0 AS reserved, {level} AS level, {category} AS category"
    " FROM care_used l WHERE"
)
_KEPT = (
    f"{_KEPT_LINES} l.household_id = :household AND l.last_day >= :since AND l.claim_id <> :but"
    "{grouped}"
    f" UNION ALL {_KEPT_LINES} l.person_id IN {ONE_OF} AND l.last_day >= :since"
    " AND l.household_id <> :household AND l.claim_id <> :but{grouped}"
)
_KEPT_PERSON = (
    "coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = u.person_id"
    " AND m.undone_on IS NULL), u.person_id)"
)
_RESERVED = f" UNION ALL SELECT r.*, 0, NULL, NULL, 1, NULL, NULL FROM ({RESERVED}) r"
_BEFORE = (
    " UNION ALL SELECT x'', u.person_id, u.household_id, u.day, coalesce(u.service_id, x''),"
    " u.quantity, u.paid, u.deducted, u.stay, NULL, NULL, 0, NULL, NULL FROM use_before u"
    f" WHERE (u.household_id = :household OR u.person_id IN {ONE_OF}) AND u.day >= :since"
)
_BESIDE = _RESERVED + _BEFORE
# Asked only where a limit depends on it: the level of the provider, and the category of the act.
_LEVEL_OF = (
    "(SELECT p.level FROM claim_batch b JOIN provider p ON p.id = b.provider_id"
    " WHERE b.id = (SELECT x.batch_id FROM claim x WHERE x.id = l.claim_id))"
)
_CATEGORY_OF = (
    "(SELECT CASE WHEN s.kind = 'ITEM' THEN NULL ELSE coalesce(s.claim_category, s.category) END"
    " FROM service s WHERE s.id = l.service_id)"
)
# Care that began on the same day, or has a night in common, is the same care. What a former system
# left undecided is not paid by it: its certificate may be typed in here. Asked of the person's claims:
# CROSS JOIN keeps SQLite from going through all claims of the provider.
_TWICE = (
    "SELECT l.service_id FROM claim c CROSS JOIN claim_batch b ON b.id = c.batch_id"
    " JOIN claim_line l ON l.claim_id = c.id"
    " LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " LEFT JOIN line_decision d ON d.decision_id = e.id AND d.line_id = l.id"
    f" WHERE c.person_id IN {ONE_OF} AND b.provider_id = :provider AND c.id < :before"
    " AND c.last_day >= :first"
    " AND (c.first_day = :first OR c.first_day < :last AND c.last_day > :first)"
    f" AND ((e.id IS NULL OR e.outcome = 'PENDING') AND c.letter <> '{IMPORTED}'"
    " OR d.quantity > 0)"
)
_PROVIDER = "SELECT level, care FROM provider WHERE id = :provider"


# What earlier care used


@cache
def _statement(*, levels: bool = False, categories: bool = False, grouped: str = "") -> str:
    """Return the statement; `grouped` adds what is kept up before anything else is done with it."""
    return (_KEPT + _BESIDE if grouped else _DECIDED + _BESIDE).format(
        level=_LEVEL_OF if levels else "NULL",
        category=_CATEGORY_OF if categories else "NULL",
        grouped=grouped,
    )


@dataclass(frozen=True, slots=True)
class Summed:
    """How far lines of earlier care are told apart, so that many of a year are few.

    `days` begin another year of some package; services `by_day` are told by the day, because a
    number of days is counted back from it; `by_claim` tells each claim and the category of its
    acts, `by_level` the level of the provider.
    """

    days: tuple[date, ...] = ()
    by_day: tuple[ServiceId, ...] = ()
    by_claim: bool = False
    by_level: bool = False


def uses_of(
    connection: Connection,
    *,
    household_id: HouseholdId,
    person_id: PersonId,
    since: date,
    today: date | None = None,
    but: ClaimId | None = None,
    but_letter: LetterId | None = None,
    summed: Summed | None = None,
) -> tuple[Use, ...]:
    """Return decided lines of a household and of a person elsewhere, from a day of care on.

    What open letters reserve `today`, the day of the decision (`since` when None), is among them, and
    what was used before the book began. `summed` adds up what counts against the same limits.
    """
    values: dict[str, object] = {
        "household": household_id,
        "person": person_id,
        "since": since.isoformat(),
        "today": (today or since).isoformat(),
        "but": but or b"",
        "but_letter": but_letter or b"",
    }
    if summed is None:
        return tuple([_use(row) for row in fetch(connection, _statement(), **values)])
    kept = bool(fetch(connection, "SELECT 1 FROM care_used_month LIMIT 1"))
    asked, more = _summed_statement(summed, since, kept=kept)
    asked = _without(asked, remembered(connection, _SELDOM, _seldom))
    return tuple([_use(row) for row in fetch(connection, asked, **values, **more)])


_SELDOM = ("person_merge", "guarantee_letter", "use_before")


def _seldom(connection: Connection) -> tuple[bool, bool, bool]:
    """Whether anybody was merged, a letter written, anything used before the book began."""
    return (
        any_merged(connection),
        fetch_one(connection, "SELECT 1 FROM guarantee_letter LIMIT 1") is not None,
        fetch_one(connection, "SELECT 1 FROM use_before LIMIT 1") is not None,
    )


@lru_cache(maxsize=256)
def _without(statement: str, seldom: tuple[bool, bool, bool]) -> str:
    """Return a statement of uses that looks for nothing the book has nowhere."""
    merged, letters, before = seldom
    if not letters:
        statement = statement.replace(_RESERVED, "")
    if not before:
        statement = statement.replace(_BEFORE, "")
    if not merged:
        statement = statement.replace(ONE_OF, "(:person)").replace(_KEPT_PERSON, "u.person_id")
    return statement


def _summed_for(packages: Sequence[PackageVersion], years: Sequence[tuple[date, date]]) -> Summed:
    limits = [(one, limit) for one in packages for limit in one.limits]
    by_day = {
        service
        for one in packages
        for service, rule in one.rules.items()
        if rule.limit_days or (service in one.services and one.services[service].frequency_days)
    }
    return Summed(
        tuple(sorted({day for year in years for day in year})),
        tuple(sorted(by_day)),
        any(limit.kind is LimitKind.CLAIM_COUNT for _, limit in limits),
        any(one.in_patient_by is InPatientBy.LEVEL for one, _ in limits),
    )


def _summed_statement(told: Summed, since: date, *, kept: bool) -> tuple[str, dict[str, object]]:
    days = {f"y{at}": day.isoformat() for at, day in enumerate(told.days)}
    services = {f"s{at}": service for at, service in enumerate(told.by_day)}
    if kept and not (told.by_claim or told.by_level):
        cuts = cut_months((since, *told.days))
        months = {f"c{at}": month for at, month in enumerate(cuts)}
        statement = _of_months(len(days), len(services), len(cuts))
        return statement, {**days, **services, **months, "month": since.isoformat()[:7]}
    statement = _added_up(
        len(days), len(services), by_claim=told.by_claim, by_level=told.by_level, kept=kept
    )
    return statement, {**days, **services}


def _apart(days: int, services: int) -> list[str]:
    """Return what tells lines apart that may not be added up."""
    apart = ["{0}.person_id", "{0}.household_id", "{0}.service_id", "{0}.stay", "{0}.outside"]
    apart += ["{0}.package_id"]
    apart += [f"{{0}}.last_day >= :y{at}" for at in range(days)]
    if services:
        marks = ", ".join(f":s{at}" for at in range(services))
        apart.append(f"CASE WHEN {{0}}.service_id IN ({marks}) THEN {{0}}.last_day END")
    return apart


@cache
def _added_up(days: int, services: int, *, by_claim: bool, by_level: bool, kept: bool) -> str:
    told = ", ".join(_apart(days, services))
    claim = by_claim or by_level
    grouped = f" GROUP BY {told.format('l')}{', l.claim_id' if claim else ''}" if kept else ""
    inner = _statement(levels=by_level, categories=by_claim, grouped=grouped)
    return _told_apart(inner, told, by_claim=by_claim)


@cache
def _of_months(days: int, services: int, cuts: int) -> str:
    inner = month_statement(cuts, services) + _BESIDE
    return _told_apart(inner, ", ".join(_apart(days, services)), by_claim=False)


def _told_apart(inner: str, told: str, *, by_claim: bool) -> str:
    return (
        f"SELECT u.id, {_KEPT_PERSON} AS person_id, u.household_id, max(u.last_day) AS last_day,"
        " u.service_id, sum(u.quantity) AS quantity, sum(u.paid) AS paid, sum(u.deducted) AS deducted,"
        " u.stay, u.outside, u.package_id, u.reserved, u.level, u.category"
        f" FROM ({inner}) u GROUP BY {told.format('u')}, u.reserved, u.level, u.category"
        f"{', u.id' if by_claim else ''}"
    )


def _use(row: Any) -> Use:
    return Use(
        row.id,
        row.person_id,
        row.household_id,
        row.service_id,
        date.fromisoformat(row.last_day),
        row.quantity,
        row.paid,
        row.deducted,
        bool(row.stay),
        bool(row.outside),
        row.package_id,
        bool(row.reserved),
        row.level is not None and Level(row.level) in rules.HOSPITALS,
        None if row.category is None else _category(row.category),
    )


@cache
def _category(told: str) -> ClaimCategory:
    """Return the category of a claim an act stands for: its own, or the one of its kind."""
    if told in ClaimCategory.__members__:
        return ClaimCategory[told]
    return category_of(Service(ServiceId(b""), "", "", Category(told)))


# The facts of a decision


@dataclass(frozen=True, slots=True)
class Held:
    """A package of the plan on the day of care, with its benefit year, its end not included.

    `limits` are those of the whole package, as far as they hold for this care.
    """

    package: PackageVersion
    year: tuple[date, date]
    limits: tuple[LimitFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Care:
    """A person's care on a day, as far as all its services share it.

    `held` are the packages of the plan, the basic one first. `hole` is the gap between two price
    lists when none holds; `tariff` is then None. `whole` says whether the person is covered at
    all, by steps 1 to 5. `letter_id` is the guarantee letter that holds for the care. `uncovered` are
    days of the stay without rights, asked for where a package wants every day covered. `unnamed`
    are the services asked about that no package names, as the catalogue has them.
    """

    person_id: PersonId
    standing: Standing
    day: date
    held: tuple[Held, ...]
    agreement: Agreement | None
    level: Level | None
    provider_care: CareType
    stay: bool
    tariff: TariffVersion | None
    hole: Hole | None
    uses: tuple[Use, ...]
    whole: Verdict
    letter_id: LetterId | None = None
    uncovered: tuple[Uncovered, ...] = ()
    age: int = 0
    """Whole years on the day of care."""
    unnamed: Mapping[ServiceId, Service] = field(default_factory=dict)
    known: dict[tuple[ServiceId, int], Left] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What `plain_left` told before: it is asked of each line more than once."""

    @property
    def package(self) -> PackageVersion | None:
        """The basic package."""
        return self.held[0].package if self.held else None

    def child(self, at: int = 0) -> bool:
        return bool(self.held) and self.age < self.held[at].package.adult_age

    def rule(self, service_id: ServiceId, at: int | None = None) -> BenefitRule | None:
        """Return what a package says of a service; that of the first that names it when None."""
        if at is not None:
            return self.held[at].package.rules.get(service_id) if self.held else None
        found = (one.package.rules.get(service_id) for one in self.held)
        return next((rule for rule in found if rule is not None), None)

    def service(self, service_id: ServiceId) -> Service | None:
        found = (one.package.services.get(service_id) for one in self.held)
        return next((one for one in found if one is not None), None)

    def plain_left(self, service_id: ServiceId, at: int) -> Left:
        """Return what earlier care leaves of a service's limits and of the plain ceilings."""
        if not self.held:
            return Left()
        told = self.known.get((service_id, at))
        if told is None:
            told = self.known[service_id, at] = self._plain_left(service_id, at)
        return told

    def _plain_left(self, service_id: ServiceId, at: int) -> Left:
        held = self.held[at]
        return rules.left_of(
            rule=held.package.rules.get(service_id),
            package=held.package,
            uses=_of_package(self.uses, held.package, at),
            person_id=self.person_id,
            household_id=self.standing.household_id,
            day=self.day,
            year=held.year,
            child=self.child(at),
        )

    def left(self, service_id: ServiceId, at: int | None = None) -> Left:
        """Return what earlier care leaves of the service's and the package's limits."""
        if not self.held:
            return Left()
        place = self.first_naming(service_id) if at is None else at
        told = self.plain_left(service_id, place)
        limits = self.held[place].limits
        return (
            changed(
                told,
                person_year=_least(told.person_year, *_left_over(limits, LimitOver.PERSON_YEAR)),
                household_year=_least(
                    told.household_year, *_left_over(limits, LimitOver.HOUSEHOLD_YEAR)
                ),
            )
            if limits
            else told
        )

    def first_naming(self, service_id: ServiceId) -> int:
        named = (at for at, one in enumerate(self.held) if service_id in one.package.rules)
        return next(named, 0)

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

    def verdict(self, service_id: ServiceId, papers: Papers, at: int | None = None) -> Verdict:
        """Return whether this service is covered, by all eleven steps.

        By the package of a place; when None by the first that says yes, else by the first that
        names the service.
        """
        if at is None and len(self.held) > 1:
            told = [self._verdict(service_id, papers, place) for place in range(len(self.held))]
            yes = (one for one in told if one.answer is not Answer.NO)
            return next(yes, told[self.first_naming(service_id)])
        return self._verdict(service_id, papers, at or 0)

    def _verdict(self, service_id: ServiceId, papers: Papers, at: int) -> Verdict:
        cover = self.standing.rights.cover
        package = self.held[at].package if self.held else None
        told = CareFacts(
            package=package is not None,
            rule=self.rule(service_id, at),
            age=self.age,
            sex=cover.sex if cover else Sex.FEMALE,
            level=self.level,
            agreement=self.agreement is not None,
            left=self.left(service_id, at),
            papers=papers,
            service=self._told_of(service_id, package),
            stay=self.stay,
            provider_care=self.provider_care,
            adult_age=package.adult_age if package else ADULT_AGE,
            uncovered=self.uncovered if package is not None and wants_all(package) else (),
        )
        return care_verdict(self.standing.rights, told, self.whole)

    def _told_of(self, service_id: ServiceId, package: PackageVersion | None) -> Service | None:
        named = package.services.get(service_id) if package else None
        return named or self.unnamed.get(service_id) or self.service(service_id)


def _of_package(uses: tuple[Use, ...], package: PackageVersion, at: int) -> Iterable[Use]:
    """Return what was used of a package: where none is told, it was the basic one."""
    if not at and all(use.package_id is None for use in uses):
        return uses
    wanted = (None, package.package_id) if not at else (package.package_id,)
    return [use for use in uses if use.package_id in wanted]


def _left_over(limits: Iterable[LimitFacts], over: LimitOver) -> list[int]:
    return [one.left for one in limits if one.kind is LimitKind.CEILING and one.over is over]


def care_of(
    connection: Connection,
    *,
    person_id: PersonId,
    first_day: date,
    last_day: date,
    services: Iterable[ServiceId],
    provider_id: ProviderId | None = None,
    but: ClaimId | None = None,
    today: date | None = None,
    but_letter: LetterId | None = None,
) -> Care | None:
    """Return everything that decides a person's care; None for nobody known.

    Rights are those of the first day, on which the patient was taken in, and of all others where
    the package says so; package, prices and limits those of the last, on which the invoice is
    written.

    Args:
        connection: The book.
        person_id: The patient.
        first_day: The first day of care.
        last_day: The last one; the same for an out-patient.
        services: What is asked about.
        provider_id: Where; None asks about no provider.
        but: A claim that does not count: the one being decided.
        today: The day of the decision: letters that ran out before it reserve nothing; the last
            day of care when None.
        but_letter: A letter that does not count: the one that is used.
    """
    standing = standing_of(connection, person_id, first_day)
    if standing is None:
        return None
    person_id = standing.person_id
    wanted = frozenset(services)
    agreement = level = None
    provider_care = CareType.BOTH
    if provider_id is not None:
        agreement = agreement_on(connection, provider_id, last_day)
        level, provider_care = remembered(connection, ("provider",), _level_and_care, provider_id)
    packages = packages_on(connection, standing.plan_id, last_day, wanted)
    uncovered: tuple[Uncovered, ...] = ()
    if first_day < last_day and any(map(wants_all, packages)):
        standing, uncovered = _whole_stay(connection, standing, person_id, first_day, last_day)
    years = [benefit_year_of(standing, package, last_day) for package in packages]
    listed = _tariff(connection, packages, agreement, last_day, wanted)
    uses = uses_of(
        connection,
        household_id=standing.household_id,
        person_id=person_id,
        since=_since(packages, years, last_day),
        today=today or last_day,
        but=but,
        but_letter=but_letter,
        summed=_summed_for(packages, years),
    )
    care = Care(
        person_id=person_id,
        standing=standing,
        day=last_day,
        held=(),
        agreement=agreement,
        level=level,
        provider_care=provider_care,
        stay=last_day > first_day,
        tariff=listed if isinstance(listed, TariffVersion) else None,
        hole=listed if isinstance(listed, Hole) else None,
        uses=uses,
        whole=verdict(standing.rights),
        letter_id=but_letter,
        uncovered=uncovered,
        age=_age(standing, last_day),
        unnamed=services_of(
            connection, wanted.difference(*(one.services for one in packages)), last_day
        ),
    )
    held = [_held(care, *one, at) for at, one in enumerate(zip(packages, years, strict=True))]
    return changed(care, held=tuple(held))


def _level_and_care(connection: Connection, provider_id: ProviderId) -> tuple[Level, CareType]:
    row = fetch_one(connection, _PROVIDER, provider=provider_id)
    return Level(row.level), CareType(row.care or CareType.BOTH.value)


def wants_all(package: PackageVersion) -> bool:
    """Whether a package pays a stay only when each day of it was covered."""
    return package.stay_cover is StayCover.WHOLE_STAY


def _whole_stay(
    connection: Connection,
    standing: Standing,
    person_id: PersonId,
    first_day: date,
    last_day: date,
) -> tuple[Standing, tuple[Uncovered, ...]]:
    """Return how a patient stands on the first day of their stay, and its days without rights."""
    first, last = stay_days(standing.rights, first_day, last_day)
    if first > first_day:
        standing = standing_of(connection, person_id, first) or standing
    return standing, uncovered_in(connection, person_id, first, last)


def _age(standing: Standing, day: date) -> int:
    cover = standing.rights.cover
    return max(age_on(cover.birth.day, day), 0) if cover else 0


@dataclass(frozen=True, slots=True)
class CareEntered:
    """What is asked of care before it is recorded: less than what decides it."""

    household_id: HouseholdId
    agreement: Agreement | None
    packages: tuple[PackageVersion, ...]

    def rule(self, service_id: ServiceId) -> BenefitRule | None:
        """Return what the first package that names a service says of it."""
        found = (one.rules.get(service_id) for one in self.packages)
        return next((rule for rule in found if rule is not None), None)


def care_to_enter(
    connection: Connection,
    *,
    person_id: PersonId,
    first_day: date,
    last_day: date,
    services: Iterable[ServiceId],
    provider_id: ProviderId,
) -> CareEntered | None:
    """Return the household care counts for, and how it is paid; None for nobody known.

    Raises:
        Refusal: no price list holds on the last day of care.
    """
    household_id = household_on(connection, same_person(connection, person_id), first_day)
    if household_id is None:
        return None
    wanted = frozenset(services)
    packages = packages_on(connection, plan_of(connection, household_id), last_day, wanted)
    agreement = agreement_on(connection, provider_id, last_day)
    listed = _tariff(connection, packages, agreement, last_day, wanted)
    if isinstance(listed, Hole):
        raise Refusal(hole_text(listed, last_day), field="day")
    return CareEntered(household_id, agreement, packages)


def _held(care: Care, package: PackageVersion, year: tuple[date, date], at: int) -> Held:
    if not package.limits and not at:
        return Held(package, year)
    facts = care.standing.facts
    members = sum(one.holds(care.day) for one in facts.covers)
    if package.cap_household_year is not None:
        most = rules.grown(package, members, CareType.BOTH, package.cap_household_year)
        package = replace(package, cap_household_year=most)
    limits = rules.limits_for(
        package,
        at=at,
        uses=_of_package(care.uses, package, at),
        person_id=care.person_id,
        household_id=care.standing.household_id,
        year=year,
        inside=care_inside(care, package),
        members=members,
    )
    return Held(package, year, limits)


def care_inside(care: Care, package: PackageVersion) -> bool:
    """Return whether a person's care is in-patient by what a package says."""
    return rules.in_patient(package, stay=care.stay, hospital=care.level in rules.HOSPITALS)


def _tariff(
    connection: Connection,
    packages: Sequence[PackageVersion],
    agreement: Agreement | None,
    day: date,
    services: frozenset[ServiceId],
) -> TariffVersion | Hole | None:
    """Return the agreed price list, or that of the reference provider outside the network."""
    if agreement is not None:
        return tariff_on(connection, agreement.tariff_id, day, services)
    named = (one.reference_tariff_id for one in packages)
    reference = next((one for one in named if one is not None), None)
    return None if reference is None else tariff_on(connection, reference, day, services)


def benefit_year_of(standing: Standing, package: PackageVersion, day: date) -> tuple[date, date]:
    """Return the benefit year of a day, its end not included."""
    if package.year_start is YearStart.PERIOD:
        period = period_on(standing.account, day)
        if period is not None:
            return period
    return rules.benefit_year(day, _year_starts(standing, package, day))


def _year_starts(standing: Standing, package: PackageVersion, day: date) -> tuple[int, int]:
    if package.year_start is YearStart.CALENDAR:
        return 1, 1
    plan = plan_on(standing.facts.plans, day)
    if plan.cycle is Cycle.FIXED:
        return plan.cycle_start
    begun = standing.account.effect_date or standing.account.entered_on or day
    return begun.month, begun.day


def _since(
    packages: Sequence[PackageVersion], years: Sequence[tuple[date, date]], day: date
) -> date:
    """Return the earliest day whose care can count against any limit of these services."""
    days = [rule.limit_days or 0 for one in packages for rule in one.rules.values()]
    days += [one.frequency_days or 0 for held in packages for one in held.services.values()]
    begins = [first for first, _ in years]
    return min([*begins, day - timedelta(days=max(days, default=0))])


def papers_of(claim: NewClaim, shown: ShownLetter | Text | None = None) -> Papers:
    """Return what a certificate shows; `shown` is its guarantee letter, or why it does not hold."""
    holds = isinstance(shown, ShownLetter)
    return Papers(
        referred=claim.referred or claim.visit is Visit.REFERRAL,
        guarantee=holds,
        emergency=claim.visit is Visit.EMERGENCY,
        declared_hours=claim.declared_hours,
        letter=shown.promise if isinstance(shown, ShownLetter) else None,
        letter_fault=shown if isinstance(shown, Text) else None,
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
        told = N_(
            "No price list holds on {day}: the first one begins on {begins}. Enter the list that was in force."
        )
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
    today: date | None = None,
    shown: ShownLetter | None = None,
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
        today: The day of the decision; the last day of care when None.
        shown: The guarantee letter; that of the number on the certificate when None.
        reimbursement_days: For a claim that is reimbursed to the member, who paid the whole: how many days after
            the care it may be asked for. What is above the price list is then the member's.

    Raises:
        Refusal: nobody known, or no price list holds on the day of care.
    """
    letter = shown or shown_letter(
        connection,
        claim,
        provider_id=provider_id,
        today=today or claim.last_day,
        claim_id=claim_id,
    )
    promised = letter if isinstance(letter, ShownLetter) else None
    care = care_of(
        connection,
        person_id=claim.person_id,
        first_day=claim.first_day,
        last_day=claim.last_day,
        services={line.service_id for line in claim.lines},
        provider_id=provider_id,
        but=claim_id,
        today=today,
        but_letter=promised.letter_id if promised else None,
    )
    if care is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    check_hole(care)
    papers = papers_of(claim, letter)
    known = _known_against(
        connection, care, claim, provider_id, received_on, claim_id, reimbursement_days
    )
    chosen = _choose(care, claim, papers)
    lines = tuple(
        _line_facts(
            care, line, one, (*known(line.service_id), *_refused(one.verdict, papers)), claim.visit
        )
        for line, one in zip(claim.lines, chosen, strict=True)
    )
    verdicts = tuple(one.verdict for one in chosen)
    missing = {one.code for verdict in verdicts for one in verdict.conditions}
    facts = _claim_facts(care, claim, lines, promised.up_to if promised else None, coin)
    if reimbursement_days is not None:
        facts = replace(facts, balance_billing=True)
    pending = (ReasonCode.RB07,) if ReasonCode.RB07 in missing else ()
    # Who asks for a reimbursement shows receipts: only a provider's own invoice stands on its leaves.
    if reimbursement_days is None and not certificate_known(
        connection, provider_id, claim.certificate
    ):
        pending = (*pending, ReasonCode.RA13)
    if pending:
        facts = replace(facts, pending=pending)
    return facts, verdicts, care


def _claim_facts(
    care: Care, claim: NewClaim, lines: tuple[LineFacts, ...], up_to: int | None, coin: int
) -> ClaimFacts:
    """Return the facts of a claim; `up_to` is what its guarantee letter promises at most."""
    left = care.plain_left(claim.lines[0].service_id, 0)
    agreed, held = care.agreement, care.held
    return ClaimFacts(
        lines=lines,
        cap_episode=care.package.cap_episode if care.package else None,
        left_person=left.person_year,
        left_household=left.household_year,
        balance_billing=agreed is not None and agreed.balance_billing,
        coin=coin,
        limits=tuple(limit for one in held for limit in one.limits),
        packages=_codes(held, lines),
        in_order=frozenset(
            at for at, one in enumerate(held) if one.package.spread is Spread.IN_ORDER
        ),
        mode=agreed.mode if agreed is not None else PaymentMode.FEE_FOR_SERVICE,
        discount=agreed.discount if agreed is not None else 0,
        days=(claim.last_day - claim.first_day).days + 1,
        promised=up_to,
    )


def _least(*limits: int | None) -> int | None:
    return min((one for one in limits if one is not None), default=None)


def _codes(held: Sequence[Held], lines: Iterable[LineFacts]) -> tuple[str, ...]:
    """Return the packages' codes where a line must know its own: of several, for its index."""
    relative = any(
        one.rule is not None and one.rule.price_origin is PriceOrigin.RELATIVE for one in lines
    )
    return tuple(one.package.code for one in held) if relative or len(held) > 1 else ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The package that pays a line, by its place, and the verdict by it.

    `own` is what the patient would pay of one act by each package, None where one would not pay.
    """

    at: int
    verdict: Verdict
    own: tuple[int | None, ...] = ()


def _choose(care: Care, claim: NewClaim, papers: Papers) -> list[_Chosen]:
    """Choose a package for each line: by the least own payment of those that would pay it."""
    if len(care.held) < 2:
        return [_Chosen(0, care.verdict(one.service_id, papers, 0)) for one in claim.lines]
    offered = [_offers(care, line, papers, claim.visit) for line in claim.lines]
    category = rules.category_of_lines(
        (
            _category_for(care, line.service_id)
            for line, offers in zip(claim.lines, offered, strict=True)
            if any(not offer.fails for offer, _ in offers)
        ),
        stay=care.stay,
    )
    full = {
        limit.package
        for held in care.held
        for limit in held.limits
        if limit.kind is LimitKind.CLAIM_COUNT and limit.category is category and not limit.left
    }
    return [_best(line, offers, full) for line, offers in zip(claim.lines, offered, strict=True)]


_Offers = list[tuple[rules.Offer, Verdict]]


def _offers(care: Care, line: NewLine, papers: Papers, visit: Visit) -> _Offers:
    found: _Offers = []
    for at in range(len(care.held)):
        rule = care.rule(line.service_id, at)
        verdict = care.verdict(line.service_id, papers, at)
        left = verdict.remaining or Left()
        fails = bool(_refused(verdict, papers)) or left.count == 0 or left.near_until is not None
        told = None if rule is None else rules.rule_for(rule, visit, child=care.child(at))
        found.append((rules.Offer(told, fails), verdict))
    return found


def _best(line: NewLine, offers: _Offers, full: set[int]) -> _Chosen:
    told = [
        replace(offer, fails=offer.fails or at in full) for at, (offer, _) in enumerate(offers)
    ]
    if all(offer.fails for offer in told):
        told = [offer for offer, _ in offers]
    at = rules.choose(told, line.unit_price)
    own = tuple(
        None
        if offer.fails or offer.rule is None
        else rules.own_payment(offer.rule, line.unit_price)
        for offer in told
    )
    return _Chosen(at, offers[at][1], own)


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


def _line_facts(
    care: Care, line: NewLine, chosen: _Chosen, refused: tuple[ReasonCode, ...], visit: Visit
) -> LineFacts:
    at = chosen.at
    left = care.plain_left(line.service_id, at)
    prices = care.tariff.prices if care.tariff else {}
    rule = care.rule(line.service_id, at)
    told = LineFacts(
        service_id=line.service_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tariff=prices.get(line.service_id),
        rule=rule,
        refused=refused,
        left_count=left.count,
        left_deductible=left.deductible,
        left_year=left.service_year,
        left_household=left.service_household,
        stopped=chosen.verdict.stopped,
    )
    return told if rule is None else _told_of(care, told, rule, chosen, visit, left)


def _told_of(
    care: Care, line: LineFacts, rule: BenefitRule, chosen: _Chosen, visit: Visit, left: Left
) -> LineFacts:
    """Add what only some services, packages and agreements say."""
    at = chosen.at
    package, child = care.held[at].package, care.child(at)
    service = package.services.get(line.service_id)
    told: dict[str, Any] = {}
    if rule.shares:
        told["rule"] = rules.rule_for(rule, visit, child=child)
    if rules.is_outside(rule, child=child, inside=care_inside(care, package)):
        told["outside"] = True
    if left.near_until is not None:
        told["too_soon"] = True
    if rule.price_origin is PriceOrigin.RELATIVE and care_inside(care, package):
        told["inside"] = True
    if at or chosen.own:
        told |= {"package": at, "own": chosen.own}
    if service is not None:
        told |= _of_service(care, service, package)
    return changed(line, **told) if told else line


_ONE_PRICE = frozenset({PaymentMode.CASE_FLAT, PaymentMode.DAY_RATE})


def _of_service(care: Care, service: Service, package: PackageVersion) -> dict[str, Any]:
    """Return what a service itself says, as far as it decides anything here."""
    told: dict[str, Any] = {}
    if service.largest_quantity is not None:
        told["largest"] = service.largest_quantity
    if service.composition is not Composition.SINGLE:
        told |= {"composition": service.composition, "parts": service.parts}
    if service.kind is ServiceKind.ITEM:
        return told | ({"item": True} if package.spread is Spread.IN_ORDER else {})
    one_price = care.agreement is not None and care.agreement.mode in _ONE_PRICE
    if one_price or any(one.limits for one in care.held):
        told["category"] = category_of(service)
    return told


def _category_for(care: Care, service_id: ServiceId) -> ClaimCategory | None:
    service = care.service(service_id)
    if service is None or service.kind is ServiceKind.ITEM:
        return None
    return category_of(service)
