"""What checks look at: twelve months of care, receipts, counts and letters, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from stepdesk.benefits.terms import Category
from stepdesk.contributions.terms import BookletFinding
from stepdesk.members.terms import BirthKnown, Sex
from stepdesk.values.care import Level, Visit
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    LetterId,
    PersonId,
    ProviderId,
    SectionId,
    ServiceId,
    StaffId,
)
from stepdesk.values.month import Month, age_on


@dataclass(frozen=True, slots=True)
class CareLine:
    """One line of a certificate; the price is for one."""

    service_id: ServiceId
    category: Category
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Care:
    """A certificate. `codes` are all reasons any decision on it gave, `staff` whoever typed or decided it."""

    claim_id: ClaimId
    provider_id: ProviderId
    person_id: PersonId
    household_id: HouseholdId
    first_day: date
    last_day: date
    visit: Visit
    claimed: int
    lines: tuple[CareLine, ...]
    certificate: str = ""
    codes: frozenset[str] = frozenset()
    staff: frozenset[StaffId] = frozenset()

    @property
    def stays(self) -> bool:
        return self.last_day > self.first_day

    def has(self, *categories: Category) -> bool:
        # A loop: checks ask this a million times, and an enumeration's hash is slow.
        for line in self.lines:
            for category in categories:
                if line.category is category:
                    return True
        return False

    def sum_of(self, category: Category) -> int:
        return sum(line.amount for line in self.lines if line.category is category)


@dataclass(frozen=True, slots=True)
class Covered:
    """A time somebody was covered; `until` is not included. `added` after the household joined."""

    household_id: HouseholdId
    first_day: date
    until: date | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the register who has care, or belongs to a household that may be a part."""

    id: PersonId
    sex: Sex
    birth: date | None
    deceased_on: date | None = None
    covers: tuple[Covered, ...] = ()

    def age(self, day: date) -> int | None:
        return None if self.birth is None else age_on(self.birth, day)


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody's name is written and sounds, word by word, and what else tells people apart."""

    words: tuple[str, ...]
    keys: tuple[str, ...]
    known: BirthKnown
    section_id: SectionId | None = None
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Home:
    """A household: how many live in it, whether rights had to be waited for, where it goes for care."""

    id: HouseholdId
    joined_on: date
    declared_size: int
    rights_from: date
    post_id: ProviderId | None = None


@dataclass(frozen=True, slots=True)
class Leaves:
    """A booklet of certificates a provider was given; `spoilt` leaves are cancelled or missing."""

    serial: int
    first_leaf: int
    last_leaf: int
    spoilt: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CashReceipt:
    """Cash a collector took: the day on it, and the day it was typed in."""

    id: bytes
    collector_id: StaffId
    day: date
    typed_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a collector handed over, and what the stubs came to."""

    id: bytes
    collector_id: StaffId
    day: date
    amount: int
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A receipt that paid a period that was over, by household: its own day and when it was typed in."""

    id: bytes
    household_id: HouseholdId
    day: date
    typed_on: date
    period_until: date
    amount: int


@dataclass(frozen=True, slots=True)
class LetterIssued:
    """A guarantee letter that went out, at the time of the place."""

    id: LetterId
    provider_id: ProviderId
    staff_id: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class CountMade:
    """A count of a box, or of a collector's session."""

    id: bytes
    day: date
    difference: int
    box_id: bytes | None = None
    collector_id: StaffId | None = None


@dataclass(frozen=True)
class Facts:
    """Everything checks look at, from the first day to the last, both included.

    `care` is in order of its first day. `own` says to which household somebody of the desk belongs.
    `told_apart` are pairs of persons somebody looked at and found to be two.
    """

    first_day: date
    last_day: date
    care: tuple[Care, ...] = ()
    persons: Mapping[PersonId, Somebody] = field(default_factory=dict)
    homes: Mapping[HouseholdId, Home] = field(default_factory=dict)
    levels: Mapping[ProviderId, Level] = field(default_factory=dict)
    leaves: Mapping[ProviderId, tuple[Leaves, ...]] = field(default_factory=dict)
    booklets: tuple[BookletFinding, ...] = ()
    receipts: tuple[CashReceipt, ...] = ()
    hand_overs: tuple[HandedOver, ...] = ()
    catch_ups: tuple[CatchUp, ...] = ()
    letters: tuple[LetterIssued, ...] = ()
    counts: tuple[CountMade, ...] = ()
    own: Mapping[StaffId, HouseholdId] = field(default_factory=dict)
    names: Mapping[PersonId, Named] = field(default_factory=dict)
    told_apart: frozenset[frozenset[bytes]] = frozenset()

    @property
    def month(self) -> Month:
        return Month.of(self.last_day)

    def days_of(self, cover: Covered) -> int:
        """Return on how many of the days looked at a cover held."""
        until = self.last_day + timedelta(days=1)
        first = max(cover.first_day, self.first_day)
        return max(0, (min(cover.until or until, until) - first).days)

    @cached_property
    def of_person(self) -> Mapping[PersonId, list[Care]]:
        """Certificates by patient, in order of their first day."""
        found: dict[PersonId, list[Care]] = {}
        for one in self.care:
            found.setdefault(one.person_id, []).append(one)
        return found

    @cached_property
    def of_household(self) -> Mapping[HouseholdId, list[Care]]:
        found: dict[HouseholdId, list[Care]] = {}
        for one in self.care:
            found.setdefault(one.household_id, []).append(one)
        return found

    @cached_property
    def of_provider(self) -> Mapping[ProviderId, list[Care]]:
        found: dict[ProviderId, list[Care]] = {}
        for one in self.care:
            found.setdefault(one.provider_id, []).append(one)
        return found

    @cached_property
    def visits(self) -> Mapping[ProviderId, list[Care]]:
        """Certificates with a consultation, by provider."""
        return {
            one: [told for told in care if told.has(Category.OPD)]
            for one, care in self.of_provider.items()
        }

    @cached_property
    def members(self) -> Mapping[HouseholdId, list[Somebody]]:
        """Persons covered on the last day, by household."""
        found: dict[HouseholdId, list[Somebody]] = {}
        for one in self.persons.values():
            for cover in one.covers:
                if cover.first_day <= self.last_day and (
                    cover.until is None or cover.until > self.last_day
                ):
                    found.setdefault(cover.household_id, []).append(one)
        return found
