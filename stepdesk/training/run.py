"""What one making of a practice scheme keeps: chances from the seed, and who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from stepdesk.countries.pack import CountryPack
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.training.care import Care
from stepdesk.values.ids import (
    HouseholdId,
    PersonId,
    PlanId,
    ProviderId,
    RequestId,
    SectionId,
    StaffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class Home:
    at: int
    household_id: HouseholdId
    payer: str
    joined: date
    stops_after: int
    section: int
    persons: tuple[PersonId, ...] = ()


@dataclass(slots=True)
class Run:
    """One making of a practice scheme."""

    desk: Desk
    clock: SetClock
    seed: int
    months: int
    last: Month
    pack: CountryPack
    treasurer: StaffId
    collector: StaffId
    plan_id: PlanId
    sections: list[SectionId] = field(default_factory=list)
    households: list[Home] = field(default_factory=list)
    persons: int = 0
    receipts: int = 0
    reversals: int = 0
    claims: int = 0
    care: Care | None = None
    providers: list[ProviderId] = field(default_factory=list)

    def chance(self, label: str, *numbers: int) -> int:
        """Return a number from 0 to 99 that only the seed, the label and the numbers decide."""
        told = f"{self.seed}|{label}|{'|'.join(map(str, numbers))}"
        return int.from_bytes(sha256(told.encode()).digest()[:8], "big") % 100

    def pick(self, choices: Sequence[str], label: str, *numbers: int) -> str:
        told = f"{self.seed}|{label}|{'|'.join(map(str, numbers))}"
        return choices[int.from_bytes(sha256(told.encode()).digest()[8:16], "big") % len(choices)]

    def request(self, label: str, *numbers: int) -> RequestId:
        told = f"{self.seed}|request|{label}|{'|'.join(map(str, numbers))}"
        return RequestId(sha256(told.encode()).digest()[:16])

    def money(self, units: int) -> Money:
        """Return an amount of about so many francs in the country's money."""
        scale = self.pack.currency.scale
        return Money(units if scale == 1 else units * scale // 100, self.pack.currency)
