"""A book with a package, a provider and a price list; and certificates for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stepdesk.benefits.service import add_package, add_service, assign_package, version_package
from stepdesk.benefits.terms import BenefitRule, Category, Copay, PackageVersion
from stepdesk.claims.service import enter_claim, open_batch
from stepdesk.claims.terms import NewClaim, NewLine
from stepdesk.contributions.terms import EffectRule
from stepdesk.members.terms import Registered
from stepdesk.providers.service import add_provider, add_tariff, sign_agreement, version_tariff
from stepdesk.providers.terms import Agreement, Kind
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    AgreementId,
    BatchId,
    ClaimId,
    PackageId,
    PackageVersionId,
    PlanId,
    ProviderId,
    ServiceId,
    TariffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_request

PRICES = {"C": 600, "P": 15, "A": 900, "ROOM": 2000, "SURG": 45_000, "MED": 18_400, "DEL": 5000}
NAMES = {
    "C": ("Consultation", Category.OPD),
    "P": ("Paracetamol 500", Category.DRUG),
    "A": ("Amoxicillin 500", Category.DRUG),
    "ROOM": ("Hospital day", Category.HOSP),
    "SURG": ("Planned surgery", Category.SURG),
    "MED": ("Medicines in hospital", Category.DRUG),
    "DEL": ("Delivery", Category.DEL),
    "GLAS": ("Glasses", Category.OPTIC),
}


@dataclass(frozen=True)
class Care:
    """What stands in the book."""

    services: dict[str, ServiceId]
    package_id: PackageId
    plan_id: PlanId
    provider_id: ProviderId
    tariff_id: TariffId
    home: Registered

    def line(self, code: str, quantity: int = 1, price: int | None = None) -> NewLine:
        return NewLine(
            self.services[code], quantity, PRICES.get(code, 100) if price is None else price
        )


def a_care(
    desk: Desk,
    *,
    rules: dict[str, dict[str, Any]] | None = None,
    agreement: dict[str, Any] | None = None,
    until: date | None = None,
    size: int = 3,
    joined: date = date(2024, 1, 2),
    plan: Mapping[str, Any] | None = None,
    **package: Any,
) -> Care:
    """A package of 25 % own share in force since January, one health centre, one paid household."""
    services = {
        code: desk.do(add_service, code=code, name=name, category=category)
        for code, (name, category) in NAMES.items()
    }
    clock, today = desk.clock, desk.today
    assert isinstance(clock, SetClock)
    clock.set(joined)
    terms: dict[str, Any] = {"waiting_months": 0, "effect_rule": EffectRule.FIRST_OF_MONTH}
    plan_id = a_plan(desk, **terms | dict(plan or {}))
    package_id = desk.do(add_package, code="BASE")
    told_rules: dict[str, dict[str, Any]] = {code: {} for code in PRICES}
    told_rules |= rules or {}
    shared: dict[str, Any] = {"copay": Copay.PERCENT, "copay_value": 2500}
    desk.do(
        version_package,
        version=PackageVersion(
            PackageVersionId(b""),
            package_id,
            "BASE",
            "Base",
            date(2024, 1, 1),
            rules={
                services[code]: BenefitRule(services[code], **(shared | told))
                for code, told in told_rules.items()
            },
            **package,
        ),
    )
    desk.do(assign_package, plan_id=plan_id, package_id=package_id, first_day=date(2024, 1, 1))
    provider_id, tariff_id = a_provider(desk, services, agreement=agreement, until=until)
    home = a_household(desk, size, plan_id=plan_id)
    a_payment(desk, home, 1000 + 350 * size * 12, accepting=frozenset({"much", "ahead"}))
    clock.set(today)
    return Care(services, package_id, plan_id, provider_id, tariff_id, home)


def a_provider(
    desk: Desk,
    services: dict[str, ServiceId],
    *,
    code: str = "KOULA",
    level: Level = Level.CENTRE,
    agreement: dict[str, Any] | None = None,
    until: date | None = None,
) -> tuple[ProviderId, TariffId]:
    provider_id = desk.do(
        add_provider, code=code, name=f"CS {code.title()}", level=level, kind=Kind.PUBLIC
    )
    tariff_id = desk.do(add_tariff, code=f"T-{code}")
    desk.do(
        version_tariff,
        tariff_id=tariff_id,
        first_day=date(2024, 1, 1),
        prices={services[one]: price for one, price in PRICES.items()},
        until=until,
    )
    told: dict[str, Any] = {"first_day": date(2024, 1, 1)} | (agreement or {})
    desk.do(
        sign_agreement,
        agreement=Agreement(AgreementId(b""), provider_id, tariff_id, **told),
    )
    return provider_id, tariff_id


def a_batch(desk: Desk, care: Care, *, month: Month | None = None, **told: Any) -> BatchId:
    return desk.do(
        open_batch,
        request_id=a_request(),
        provider_id=told.pop("provider_id", care.provider_id),
        month=month or Month.of(desk.today),
        **told,
    )


def a_claim(
    desk: Desk, care: Care, batch_id: BatchId, *lines: NewLine, at: int = 0, **told: Any
) -> ClaimId:
    """A certificate of the household's person `at`, of today unless told."""
    return desk.do(
        enter_claim,
        request_id=told.pop("request_id", None) or a_request(),
        batch_id=batch_id,
        certificate=certificate(desk, care, *lines, at=at, **told),
    )


def certificate(desk: Desk, care: Care, *lines: NewLine, at: int = 0, **told: Any) -> NewClaim:
    day = told.pop("day", desk.today)
    values: dict[str, Any] = {
        "person_id": care.home.person_ids[at],
        "first_day": day,
        "last_day": day,
    } | told
    return NewClaim(lines=lines or (care.line("C"),), **values)


def francs(desk: Desk, amount: int) -> Money:
    return Money(amount, desk.currency)
