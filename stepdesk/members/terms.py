"""Words of the members' room: households, persons, cover, and the rows others are given."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import CoverId, HouseholdId, PersonId, PlanId, SectionId


class Sex(Enum):
    FEMALE = "F"
    MALE = "M"


class Relation(Enum):
    """What a person is to the member. Source: domain handbook 2.1."""

    SELF = "SELF"
    SPOUSE = "SPOUSE"
    CO_SPOUSE = "CO_SPOUSE"
    CHILD = "CHILD"
    FOSTER_CHILD = "FOSTER_CHILD"
    PARENT = "PARENT"
    PARENT_IN_LAW = "PARENT_IN_LAW"
    SIBLING = "SIBLING"
    GRANDCHILD = "GRANDCHILD"
    DOMESTIC = "DOMESTIC"
    OTHER = "OTHER"


CHILDREN = frozenset({Relation.CHILD, Relation.FOSTER_CHILD, Relation.GRANDCHILD})


class BirthKnown(Enum):
    """How exactly a birth is known; the date stored is the one used for the age.

    Month: its first day. Year and age: 1 July of the year. Source: domain handbook 2.3.
    """

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    ABOUT = "ABOUT"


class EventKind(Enum):
    """A dated event in the life of a membership. Source: domain handbook 2.2."""

    REGISTERED = "REGISTERED"
    RESIGNED = "RESIGNED"
    STRUCK_OFF = "STRUCK_OFF"
    EXCLUDED = "EXCLUDED"
    CLOSED = "CLOSED"
    READMITTED = "READMITTED"


ENDINGS = frozenset(
    {EventKind.RESIGNED, EventKind.STRUCK_OFF, EventKind.EXCLUDED, EventKind.CLOSED}
)


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth as far as it is known."""

    day: date
    known: BirthKnown


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One line of the form of a new household."""

    surname: str
    given_names: str
    sex: Sex
    birth: Birth
    relation: Relation
    legacy_number: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A membership event; `effective_on` is the first day it holds."""

    kind: EventKind
    effective_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """One person's cover in a household, from `first_day` to `until`, not included.

    `until` None is open; `suffix` 0 is the member.
    """

    id: CoverId
    household_id: HouseholdId
    person_id: PersonId
    suffix: int
    relation: Relation
    first_day: date
    until: date | None
    birth: Birth
    sex: Sex
    deceased_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household in a list."""

    id: HouseholdId
    number: HouseholdNumber
    member_name: str
    section_id: SectionId
    section: str
    beneficiaries: int
    joined_on: date


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person found by a search, with what tells people of one name apart."""

    id: PersonId
    household_id: HouseholdId
    number: HouseholdNumber
    suffix: int
    name: str
    sex: Sex
    birth: Birth
    relation: Relation
    section: str
    member_name: str
    legacy_number: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """Everything the household's page shows that is not money."""

    id: HouseholdId
    number: HouseholdNumber
    section_id: SectionId
    section: str
    plan_id: PlanId
    joined_on: date
    declared_size: int
    phone: str
    address: str
    legacy_number: str
    member_name: str
    persons: tuple[PersonRow, ...]
    covers: tuple[Cover, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration answers."""

    household_id: HouseholdId
    number: HouseholdNumber
    person_ids: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a member's card."""

    scheme: str
    number: HouseholdNumber
    member_name: str
    section: str
    persons: tuple[PersonRow, ...]
    rights_from: date | None
    practice: bool
    version: int = 1
