"""Words of care providers: who they are, what was agreed with them, and their prices.

Prices are whole minor units for one unit of the service. Source: domain handbook 2.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import (
    AgreementDraftId,
    AgreementId,
    ProviderId,
    ServiceId,
    TariffDraftId,
    TariffId,
    TariffVersionId,
)


class Kind(Enum):
    """Who keeps a provider."""

    PUBLIC = "PUBLIC"
    CHARITY = "CHARITY"
    PRIVATE = "PRIVATE"


class PaymentMode(Enum):
    """How a provider is paid. Source: domain handbook 2.9.

    By act at the list's price; one price for a whole episode; one for each day; by head for the entitled who
    chose it; by an advance that is settled.
    """

    FEE_FOR_SERVICE = "FEE_FOR_SERVICE"
    CASE_FLAT = "CASE_FLAT"
    DAY_RATE = "DAY_RATE"
    CAPITATION = "CAPITATION"
    BUDGET = "BUDGET"


class ProviderState(Enum):
    """Where a provider stands with the scheme. Source: domain handbook 2.9."""

    CANDIDATE = "CANDIDATE"
    NEGOTIATING = "NEGOTIATING"
    CONTRACTED = "CONTRACTED"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class AgreementState(Enum):
    """Where an agreement stands on a day. Source: domain handbook 2.9."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    IN_FORCE = "IN_FORCE"
    EXPIRING = "EXPIRING"
    RENEWED = "RENEWED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a provider is found and paid; what is empty is not known."""

    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class ProviderStep:
    """From `day` on the provider stands so, and why."""

    state: ProviderState
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """From `day` on a provider bears another name."""

    former: str
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Provider:
    """A care provider as it stands."""

    id: ProviderId
    code: str
    name: str
    level: Level
    kind: Kind
    legacy_code: str = ""
    care: CareType = CareType.BOTH
    state: ProviderState = ProviderState.CONTRACTED
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed with a provider, from `first_day` to `until`, not included.

    `until` None is open. Care inside these days is payable even when its invoice comes later, but
    no later than `late_invoice_days` after the care. `discount` is the members' rebate in hundredths of a
    percent of the list; `head_amount` minor units a month for each entitled person under CAPITATION,
    `budget_amount` the advance of a month under BUDGET, `deposit` what lies with the provider (account 4092).
    """

    id: AgreementId
    provider_id: ProviderId
    tariff_id: TariffId
    first_day: date
    until: date | None = None
    mode: PaymentMode = PaymentMode.FEE_FOR_SERVICE
    payment_days: int = 30
    late_invoice_days: int = 90
    balance_billing: bool = False
    discount: int = 0
    head_amount: int = 0
    budget_amount: int = 0
    invoice_day: int = 5
    deposit: int = 0
    renews: AgreementId | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """What is being talked about with a provider: it can change, and pays nothing.

    The terms' own id is empty: they get one when they are signed.
    """

    id: AgreementDraftId
    terms: Agreement


@dataclass(frozen=True, slots=True)
class Expiring:
    """An agreement that runs out soon and has not been renewed.

    `days` remain after the day asked for, its last day counted.
    """

    provider: Provider
    agreement: Agreement
    days: int


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """A price list from `first_day` to `until`, not included; None until the next one begins."""

    id: TariffVersionId
    tariff_id: TariffId
    code: str
    first_day: date
    until: date | None = None
    prices: Mapping[ServiceId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hole:
    """No price list holds on a day: the last one ended, the next has not begun.

    `ended_on` is the last day of the one before.
    """

    ended_on: date | None
    begins_on: date | None


@dataclass(frozen=True, slots=True)
class TariffDraft:
    """Prices that are being talked about; nothing is priced by them."""

    id: TariffDraftId
    tariff_id: TariffId
    code: str
    first_day: date
    until: date | None
    prices: Mapping[ServiceId, int]


@dataclass(frozen=True, slots=True)
class ComparedPrice:
    """A service in two lists, side by side; None where a list does not name it.

    `used` acts were allowed in the time looked at; `more` is what they would have cost more by
    the second list, None where one of the lists has no price.
    """

    service_id: ServiceId
    former: int | None
    price: int | None
    used: int = 0
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two lists side by side, with what the second would have cost.

    `claims` is what was allowed in that time at providers of the first list, by all acts; `more`
    the sum over the lines; `share` is one in the other, in tenths of a percent, None without claims.
    """

    lines: tuple[ComparedPrice, ...]
    more: int
    claims: int
    share: int | None
