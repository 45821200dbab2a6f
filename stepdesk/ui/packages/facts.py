"""What the packages ask of the book and do there; all of it for the lane, but the example."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.benefits.queries import assignments, packages
from stepdesk.benefits.queries import services as all_services
from stepdesk.benefits.service import (
    add_package,
    add_service,
    assign_package,
    change_service,
    end_supplement,
    rename_service,
    version_package,
)
from stepdesk.benefits.terms import (
    Assigned,
    BenefitRule,
    Category,
    PackageVersion,
    Service,
    ServiceTerms,
)
from stepdesk.claims.queries import diagnoses
from stepdesk.claims.rules import (
    HOSPITALS,
    assess,
    in_patient,
    is_outside,
    left_of,
    limits_for,
    rule_for,
    steps,
)
from stepdesk.claims.service import bring_in_diagnoses
from stepdesk.claims.terms import ClaimFacts, LineFacts, Visit
from stepdesk.claims.terms.diagnoses import BroughtDiagnoses
from stepdesk.contributions.queries import plans
from stepdesk.countries import country
from stepdesk.exchange.diagnosis_lists import import_diagnoses, short_list
from stepdesk.exchange.price_lists import start_catalogue
from stepdesk.exchange.registers.reading import open_file
from stepdesk.i18n import N_, Text, Value
from stepdesk.providers.queries import tariff_on, tariffs
from stepdesk.providers.terms import Hole
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui.packages.words import LEVELS
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    HouseholdId,
    PackageId,
    PersonId,
    PlanId,
    ServiceId,
    TariffId,
)
from stepdesk.values.money import Currency, Money

_PERSON, _HOUSEHOLD = PersonId(b"\0" * 16), HouseholdId(b"\0" * 16)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """Packages with their versions, the catalogue, plans by their names, and what each plan has.

    `prices` are the highest that hold today, by service: the example begins from them.
    """

    packages: Mapping[PackageId, tuple[PackageVersion, ...]]
    services: Mapping[ServiceId, Service]
    plans: tuple[tuple[PlanId, str], ...]
    assigned: tuple[Assigned, ...]
    tariffs: Mapping[TariffId, str]
    prices: Mapping[ServiceId, int]
    coin: int = 1

    def code_of(self, package_id: PackageId) -> str:
        """Return the code of a package."""
        versions = self.packages.get(package_id, ())
        return versions[-1].code if versions else ""


def packages_of(desk: Desk) -> PackageFacts:
    """Return what the packages' tab starts from."""
    with desk.read() as connection:
        lists = tariffs(connection)
        prices: dict[ServiceId, int] = {}
        for one in lists:
            held = tariff_on(connection, one, desk.today)
            if not isinstance(held, Hole):
                for service_id, price in held.prices.items():
                    prices[service_id] = max(price, prices.get(service_id, 0))
        named = [(one, versions[-1].name) for one, versions in plans(connection).items()]
        return PackageFacts(
            packages(connection),
            all_services(connection),
            tuple(named),
            assignments(connection),
            lists,
            prices,
            country(desk.country).number("cash_round", desk.today),
        )


def kept(desk: Desk, version: PackageVersion) -> None:
    """Write a version, with its package when there is none yet."""
    with desk.work("version_package") as work:
        if not version.package_id:
            new = add_package(work, code=version.code)
            version = replace(version, package_id=new)
        version_package(work, version=version)


def assigned(desk: Desk, told: Mapping[str, Any]) -> None:
    """Give a plan a package."""
    desk.do(assign_package, **told)


def ended(desk: Desk, told: Mapping[str, Any]) -> None:
    """End a supplement of a plan."""
    desk.do(end_supplement, **told)


# The example


@dataclass(frozen=True, slots=True)
class Example:
    """One act for somebody who never had care before in the year; `price` in minor units."""

    service: Service
    level: Level
    visit: Visit
    price: int
    quantity: int = 1
    child: bool = False


def example_of(
    version: PackageVersion,
    rule: BenefitRule | None,
    told: Example,
    *,
    coin: int,
    currency: Currency,
) -> tuple[Text, ...]:
    """Return what a package means for one act, in sentences: the sum first, then each step.

    It is the assessment's own rule, with facts in which nothing was used before.
    """
    inside = in_patient(version, stay=False, hospital=told.level in HOSPITALS)
    year = (date(version.first_day.year, 1, 1), date(version.first_day.year + 1, 1, 1))
    own = None if rule is None else rule_for(rule, told.visit, child=told.child)
    left = left_of(
        rule=own,
        package=version,
        uses=(),
        person_id=_PERSON,
        household_id=_HOUSEHOLD,
        day=version.first_day,
        year=year,
        child=told.child,
    )
    limits = limits_for(
        version,
        at=0,
        uses=(),
        person_id=_PERSON,
        household_id=_HOUSEHOLD,
        year=year,
        inside=inside,
        members=1,
    )
    line = LineFacts(
        told.service.id,
        told.quantity,
        told.price,
        told.price,
        own,
        _against(rule, told.level),
        left.count,
        left.deductible,
        left.service_year,
        left.service_household,
        outside=rule is not None and is_outside(rule, child=told.child, inside=inside),
    )
    facts = ClaimFacts(
        (line,),
        version.cap_episode,
        left.person_year,
        left.household_year,
        coin=coin,
        limits=limits,
    )
    done = assess(facts)
    values: dict[str, Value] = {
        "service": told.service.name,
        "level": _level(told.level),
        "price": Money(done.claimed, currency),
        "scheme": Money(done.paid, currency),
        "member": Money(done.patient + done.disallowed, currency),
    }
    said = Text(N_("{service}, {level}, {price}: scheme {scheme}, member {member}."), values)
    return (said, *steps(line, done.lines[0], facts, currency)[1:])


def _against(rule: BenefitRule | None, level: Level) -> tuple[ReasonCode, ...]:
    if rule is None or rule.levels is None or level in rule.levels:
        return ()
    return (ReasonCode.RB08,)


def _level(level: Level) -> Text:
    return Text(LEVELS[level])


# Services and diagnoses


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The services there are, and how many diagnoses."""

    services: Mapping[ServiceId, Service]
    diagnoses: int


def catalogue_of(desk: Desk) -> Catalogue:
    """Return the catalogue."""
    with desk.read() as connection:
        return Catalogue(all_services(connection), len(diagnoses(connection)))


@dataclass(frozen=True, slots=True)
class ToldService:
    """A service as its form describes it; `held` is the one that is changed."""

    held: Service | None
    code: str
    name: str
    category: Category
    unit: str
    kind: Any
    terms: ServiceTerms
    first_day: date | None


def service_kept(desk: Desk, told: ToldService) -> None:
    """Add a service; or rename one, and change its terms from a day on where they are others."""
    if told.held is None:
        desk.do(
            add_service,
            code=told.code,
            name=told.name,
            category=told.category,
            unit=told.unit,
            kind=told.kind,
            terms=told.terms,
        )
        return
    with desk.work("change_service") as work:
        if told.name != told.held.name:
            rename_service(work, service_id=told.held.id, name=told.name)
        if told.terms != told.held.terms:
            change_service(
                work,
                service_id=told.held.id,
                first_day=told.first_day or work.today,
                terms=told.terms,
            )


def begun(desk: Desk) -> int:
    """Begin the catalogue with the country's list."""
    with desk.read() as connection:
        language = scheme_on(connection, desk.today).language
    return desk.do(start_catalogue, language=language)


def diagnoses_in(desk: Desk, file: Path) -> BroughtDiagnoses:
    """Bring in a list of diagnoses from a file."""
    return desk.do(import_diagnoses, opened=open_file(file))


def short_diagnoses(desk: Desk) -> BroughtDiagnoses:
    """Bring in the short list."""
    return desk.do(bring_in_diagnoses, listed=short_list())
