"""Care to practise with: the country's catalogue, a package, a price list and one agreement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from stepdesk.benefits.service import add_package, add_service, assign_package, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Copay,
    LimitWindow,
    PackageVersion,
)
from stepdesk.countries.pack import PracticeService
from stepdesk.members.terms import Sex
from stepdesk.providers.service import add_tariff, sign_agreement, version_tariff
from stepdesk.providers.terms import Agreement
from stepdesk.store.work import Work
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    AgreementId,
    PackageId,
    PackageVersionId,
    PlanId,
    ProviderId,
    ServiceId,
    TariffId,
)
from stepdesk.values.money import Currency

PACKAGE = "BASE"
TARIFF = "PUBLIC"

_HOSPITALS = frozenset({Level.DISTRICT_HOSPITAL, Level.REGIONAL, Level.NATIONAL})
# Ceilings in francs. Source: domain handbook 2.12, golden case, for the episode and the person.
_CAPS = {"cap_episode": 50_000, "cap_person_year": 80_000, "cap_household_year": 300_000}
_TRANSPORT_CAP = 10_000

# Each service stands for itself here; what is not named pays with 25 percent by the member.
# Shares: domain handbook 5.2. Waiting, hospital days and sex: domain handbook 2.7.
_QUARTER = BenefitRule(ServiceId(b""), copay=Copay.PERCENT, copay_value=25_00)
_FIFTH = replace(_QUARTER, copay_value=20_00)
_FREE = BenefitRule(ServiceId(b""))
_HOSPITAL = replace(
    _FIFTH, requires_referral=True, emergency_out_of_network=True, levels=_HOSPITALS
)
_MOTHER = replace(_FIFTH, sex=Sex.FEMALE, age_min=12, age_max=55)
_RULES: Mapping[str, BenefitRule] = {
    "CONS-INF": replace(_QUARTER, limit_count=8),
    "CONS-MED": replace(_QUARTER, limit_count=2, limit_window=LimitWindow.DAYS, limit_days=30),
    "CPN": replace(_MOTHER, copay=Copay.NONE, copay_value=0, limit_count=8),
    "CPON": replace(_MOTHER, copay=Copay.NONE, copay_value=0, limit_count=3),
    "ACC": replace(_MOTHER, waiting_months=9),
    "CES": replace(
        _HOSPITAL,
        sex=Sex.FEMALE,
        age_min=12,
        age_max=55,
        waiting_months=9,
    ),
    "HOSP-J": replace(_HOSPITAL, limit_count=10),
    "HOSP-S": _HOSPITAL,
    "CHIR-P": replace(
        _HOSPITAL, waiting_months=6, requires_letter=True, emergency_out_of_network=False
    ),
    "CHIR-U": replace(_HOSPITAL, waiting_exempt=True, requires_referral=False),
    "EVAC": replace(
        _FREE, cap_act=_TRANSPORT_CAP, waiting_exempt=True, emergency_out_of_network=True
    ),
    "VACC": replace(_FREE, covered=False, exclusion="FREE_PROGRAMME"),
    "CHRON": replace(_FREE, covered=False, exclusion="CHRONIC_DISEASE"),
    "OPT": replace(_FREE, covered=False),
}


@dataclass(frozen=True, slots=True)
class Care:
    """What was founded; services by code."""

    services: Mapping[str, ServiceId]
    package_id: PackageId
    tariff_id: TariffId
    agreement_id: AgreementId


def found_care(work: Work, *, plan_id: PlanId, provider_id: ProviderId, first_day: date) -> Care:
    """Write the country's practice catalogue, the package of a plan and a provider's agreement.

    Args:
        work: The work.
        plan_id: Whose households have the package.
        provider_id: With whom the agreement is signed.
        first_day: All of it holds from this day on.

    Raises:
        Refusal: when the book has one of these codes already.
    """
    listed = work.country.catalogue(first_day).services
    language = work.desk.language
    services = {one.code: _add(work, one, language) for one in listed}
    tariff_id = add_tariff(work, code=TARIFF)
    prices = {services[one.code]: local(one.price, work.currency) for one in listed}
    version_tariff(work, tariff_id=tariff_id, first_day=first_day, prices=prices)
    package_id = add_package(work, code=PACKAGE)
    version_package(work, version=_package(work, package_id, tariff_id, first_day, services))
    assign_package(work, plan_id=plan_id, package_id=package_id, first_day=first_day)
    agreement = Agreement(AgreementId(b""), provider_id, tariff_id, first_day)
    return Care(services, package_id, tariff_id, sign_agreement(work, agreement=agreement))


def _add(work: Work, one: PracticeService, language: str) -> ServiceId:
    return add_service(
        work,
        code=one.code,
        name=one.names.get(language, one.names["en"]),
        category=Category(one.category),
        unit=one.units.get(language, one.units["en"]),
    )


def _package(
    work: Work,
    package_id: PackageId,
    tariff_id: TariffId,
    first_day: date,
    services: Mapping[str, ServiceId],
) -> PackageVersion:
    french = work.desk.language == "fr"
    return PackageVersion(
        id=PackageVersionId(b""),
        package_id=package_id,
        code=PACKAGE,
        name="Paquet de base" if french else "Base package",
        first_day=first_day,
        cap_episode=local(_CAPS["cap_episode"], work.currency),
        cap_person_year=local(_CAPS["cap_person_year"], work.currency),
        cap_household_year=local(_CAPS["cap_household_year"], work.currency),
        reference_tariff_id=tariff_id,
        rules={
            service_id: _rule(code, service_id, work.currency)
            for code, service_id in services.items()
        },
    )


def _rule(code: str, service_id: ServiceId, currency: Currency) -> BenefitRule:
    rule = _RULES.get(code, _QUARTER)
    cap = None if rule.cap_act is None else local(rule.cap_act, currency)
    return replace(rule, service_id=service_id, cap_act=cap)


def local(francs: int, currency: Currency) -> int:
    """Return an amount of about so many francs in a country's money, in minor units."""
    return francs if currency.scale == 1 else francs * currency.scale // 100
