"""Bringing in what openIMIS tells of care: services, price lists, facilities, what plans pay for.

What stands in the book already is left as it is and told where it differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from stepdesk.benefits.queries import assignments, package_of_code, packages, services
from stepdesk.benefits.service import add_package, add_service, assign_package, version_package
from stepdesk.benefits.terms import PackageVersion
from stepdesk.exchange.openimis_benefits_files import Benefits
from stepdesk.exchange.openimis_care_files import FACILITIES, Care, Facility, Prices
from stepdesk.exchange.terms import CareAdded, LeftOut
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import agreements, providers, tariff_of_code, tariff_versions
from stepdesk.providers.service import (
    add_provider,
    add_tariff,
    change_provider,
    sign_agreement,
    version_tariff,
)
from stepdesk.providers.terms import Agreement, Contact, Provider
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    AgreementId,
    PackageId,
    PackageVersionId,
    PlanId,
    ServiceId,
    TariffId,
)

CHANGED = N_("Registered already; what differs from the book is not taken over.")

_LATEST = 366


@dataclass(frozen=True, slots=True)
class Insured:
    """A product that became a plan."""

    plan_id: PlanId
    name: str
    first_day: date


@dataclass(slots=True)
class _Run:
    """One bringing in: what is found or added, by upper-case code."""

    work: Work
    left: list[LeftOut]
    services: dict[str, ServiceId] = field(default_factory=dict)
    tariffs: dict[str, TariffId] = field(default_factory=dict)
    added: CareAdded = field(default_factory=CareAdded)

    def leave(self, file: str, key: str) -> None:
        self.left.append(LeftOut(file, key, Text(CHANGED)))

    def count(self, name: str) -> None:
        self.added = replace(self.added, **{name: getattr(self.added, name) + 1})


def bring_in_care(
    work: Work, *, care: Care, plans: Mapping[str, Insured], left: list[LeftOut]
) -> CareAdded:
    """Write what the book does not have yet; return how much that was.

    Args:
        work: The work.
        care: What the files tell.
        plans: The plan of each product.
        left: What differs from the book is added to it.
    """
    run = _Run(work, left)
    _bring_in_services(run, care)
    for prices in care.prices:
        _bring_in_prices(run, prices)
    known = {
        code.upper(): one
        for one in providers(work.connection).values()
        for code in (one.code, one.legacy_code)
        if code
    }
    for facility in care.facilities:
        _bring_in_facility(run, facility, known.get(facility.code.upper()))
    for benefits in care.benefits:
        _bring_in_benefits(run, benefits, plans[benefits.product])
    return run.added


def _bring_in_services(run: _Run, care: Care) -> None:
    """Add services that are not there yet, those with parts after all others."""
    known = {one.code.upper(): one for one in services(run.work.connection).values()}
    for one in sorted(care.services, key=lambda one: bool(one.parts)):
        held = known.get(one.code.upper())
        parts = tuple((run.services[code.upper()], count) for code, count in one.parts)
        told = replace(one.held, parts=parts)
        if held is None:
            run.services[one.code.upper()] = add_service(
                run.work,
                code=told.code,
                name=told.name,
                category=told.category,
                kind=told.kind,
                terms=told.terms,
            )
            run.count("services")
            continue
        run.services[one.code.upper()] = held.id
        if replace(held, id=told.id, code=told.code, unit="") != told:
            run.leave(one.file, one.key)


def _bring_in_prices(run: _Run, prices: Prices) -> None:
    asked = [
        (day, {run.services[code.upper()]: price for code, price in held.items()})
        for day, held in prices.versions
    ]
    held = tariff_of_code(run.work.connection, prices.code)
    if held is not None:
        run.tariffs[prices.code] = held
        versions = tariff_versions(run.work.connection, held)
        if [(one.first_day, one.prices) for one in versions] != asked:
            run.leave("price_list_services.csv", prices.code)
        return
    tariff_id = run.tariffs[prices.code] = add_tariff(run.work, code=prices.code)
    for first_day, told in asked:
        # What the former system charged is history: nobody is asked whether a price is right.
        version_tariff(
            run.work,
            tariff_id=tariff_id,
            first_day=first_day,
            prices=told,
            accepting=frozenset({"price"}),
        )
    run.count("tariffs")


def _bring_in_facility(run: _Run, facility: Facility, held: Provider | None) -> None:
    tariff_id = run.tariffs.get(facility.prices)
    if held is not None:
        signed = agreements(run.work.connection, held.id)
        days = {(one.tariff_id, one.first_day) for one in signed}
        agreed = tariff_id is None or (tariff_id, facility.since) in days
        told = (" ".join(facility.name.split()), facility.level, facility.kind, facility.care)
        if not agreed or (held.name, held.level, held.kind, held.care) != told:
            run.leave(FACILITIES, facility.code)
        _fill_contact(run, facility, held)
        return
    provider_id = add_provider(
        run.work,
        code=facility.code,
        name=facility.name,
        level=facility.level,
        kind=facility.kind,
        legacy_code=facility.code,
        care=facility.care,
        contact=facility.contact,
    )
    run.count("providers")
    if tariff_id is not None:
        # The peer refuses no claim for coming late: a year is the longest an agreement can allow.
        agreement = Agreement(
            AgreementId(b""), provider_id, tariff_id, facility.since, late_invoice_days=_LATEST
        )
        sign_agreement(run.work, agreement=agreement)
        run.count("agreements")


def _fill_contact(run: _Run, facility: Facility, held: Provider) -> None:
    """Add what the book does not know of where a provider is found and paid; the rest stays."""
    told = {one.name: getattr(facility.contact, one.name) for one in fields(Contact)}
    new = {name: said for name, said in told.items() if said and not getattr(held.contact, name)}
    if new:
        contact = replace(held.contact, **new)
        change_provider(run.work, provider_id=held.id, contact=contact)


def _bring_in_benefits(run: _Run, benefits: Benefits, plan: Insured) -> None:
    """Write a product's package, unless the book has one of its code or the plan has any."""
    asked = _package(run, benefits, plan)
    held = package_of_code(run.work.connection, benefits.product)
    has_one = any(one.plan_id == plan.plan_id for one in assignments(run.work.connection))
    if held is not None or has_one:
        versions = packages(run.work.connection).get(held, ()) if held is not None else ()
        told = [replace(one, id=asked.id, package_id=asked.package_id) for one in versions]
        if told != [asked]:
            run.leave("product_services.csv", benefits.product)
        return
    package_id = add_package(run.work, code=benefits.product)
    version_package(run.work, version=replace(asked, package_id=package_id))
    assign_package(run.work, plan_id=plan.plan_id, package_id=package_id, first_day=plan.first_day)
    run.count("packages")


def _package(run: _Run, benefits: Benefits, plan: Insured) -> PackageVersion:
    ids = {code: run.services[code.upper()] for code in benefits.rules}
    return PackageVersion(
        id=PackageVersionId(b""),
        package_id=PackageId(b""),
        code=benefits.product,
        name=" ".join(plan.name.split()),
        first_day=plan.first_day,
        **benefits.whole,
        rules={
            ids[code]: replace(rule, service_id=ids[code]) for code, rule in benefits.rules.items()
        },
    )
