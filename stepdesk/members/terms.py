"""Words of the members' room: households, persons, cover, and the rows others are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from stepdesk.i18n import N_, Text
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import (
    CategoryId,
    CoverId,
    EventId,
    HouseholdId,
    PersonId,
    PlanId,
    ProviderId,
    SectionId,
)


class Sex(Enum):
    __hash__ = object.__hash__  # a register asks for it by the hundred thousand

    FEMALE = "F"
    MALE = "M"


class Relation(Enum):
    """What a person is to the member. Source: domain handbook 2.1."""

    __hash__ = object.__hash__

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


SEXES: Mapping[Sex, str] = {Sex.FEMALE: N_("F"), Sex.MALE: N_("M")}
SEX_WORDS: Mapping[Sex, str] = {Sex.FEMALE: N_("female"), Sex.MALE: N_("male")}
RELATIONS: Mapping[Relation, str] = {
    Relation.SELF: N_("member"),
    Relation.SPOUSE: N_("spouse"),
    Relation.CO_SPOUSE: N_("co-spouse"),
    Relation.CHILD: N_("child"),
    Relation.FOSTER_CHILD: N_("foster child"),
    Relation.PARENT: N_("parent"),
    Relation.PARENT_IN_LAW: N_("parent-in-law"),
    Relation.SIBLING: N_("brother or sister"),
    Relation.GRANDCHILD: N_("grandchild"),
    Relation.DOMESTIC: N_("domestic"),
    Relation.OTHER: N_("other"),
}
"""How sexes and links are called, on the screen and on paper."""

CHILDREN = frozenset({Relation.CHILD, Relation.FOSTER_CHILD, Relation.GRANDCHILD})
SPOUSES = frozenset({Relation.SPOUSE, Relation.CO_SPOUSE})


class BirthKnown(Enum):
    """How exactly a birth is known; the date stored is the one used for the age.

    Month: its first day. Year and age: 1 July of the year. Source: domain handbook 2.3.
    """

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    ABOUT = "ABOUT"


class EventKind(Enum):
    """A dated event in the life of a membership: its name answers "What happened?".

    The first group moves the state of the household, the second tells of its persons, the third
    who pays, the fourth corrects what was written. An event of who pays has the id of the row that
    it tells of: undone, that row counts no more. Source: domain handbook 2.2, 2.3; screens handbook 2.2.
    """

    REGISTERED = "REGISTERED"
    TRANSFERRED_IN = "TRANSFERRED_IN"  # from another scheme, with waiting already served
    WAITING_WAIVED = "WAITING_WAIVED"  # a campaign, or a group with enough of its people
    RESIGNED = "RESIGNED"
    STRUCK_OFF = "STRUCK_OFF"
    EXCLUDED = "EXCLUDED"
    CLOSED = "CLOSED"
    READMITTED = "READMITTED"
    SPLIT_FROM = "SPLIT_FROM"  # this household came out of another one
    MERGED_INTO = "MERGED_INTO"  # this household went into another one
    VOIDED = "VOIDED"  # an import undone: the membership never was

    BIRTH = "BIRTH"
    MARRIAGE = "MARRIAGE"
    JOINED_LATE = "JOINED_LATE"
    DEATH = "DEATH"
    DIVORCE = "DIVORCE"
    LEFT = "LEFT"
    MOVED = "MOVED"
    HEAD_CHANGED = "HEAD_CHANGED"
    SPLIT_OFF = "SPLIT_OFF"  # persons of this household made one of their own
    MERGED_FROM = "MERGED_FROM"  # persons of another household came into this one
    STUDENT = "STUDENT"  # a certificate of the school year
    DISABLED = "DISABLED"

    CATEGORISED = "CATEGORISED"
    GROUP_JOINED = "GROUP_JOINED"
    GROUP_MOVED = "GROUP_MOVED"  # another place on the group's list
    GROUP_LEFT = "GROUP_LEFT"
    SPONSORED = "SPONSORED"  # a step of a nomination

    CORRECTED = "CORRECTED"
    DUPLICATE = "DUPLICATE"  # one person written down twice, made one
    REVERSED = "REVERSED"


ENDINGS = frozenset(
    {
        EventKind.RESIGNED,
        EventKind.STRUCK_OFF,
        EventKind.EXCLUDED,
        EventKind.CLOSED,
        EventKind.MERGED_INTO,
        EventKind.VOIDED,
    }
)

FEE_FREE = frozenset({EventKind.SPLIT_FROM})
"""How a membership may begin without an entry fee: it was paid by the household it came from."""


BROUGHT = frozenset({EventKind.REGISTERED, EventKind.SPLIT_FROM, EventKind.TRANSFERRED_IN})
"""How a membership may begin with waiting that was served elsewhere."""


class AgeOut(Enum):
    """When a child past the age limit stops being covered. Source: domain handbook 2.3."""

    BIRTHDAY = "BIRTHDAY"
    YEAR_END = "YEAR_END"


class PolygamyMode(Enum):
    """One membership for the whole compound, or one for each wife. Source: handbook 2.1, 2.3."""

    ONE_MEMBERSHIP = "ONE_MEMBERSHIP"
    ONE_PER_WIFE = "ONE_PER_WIFE"


@dataclass(frozen=True, slots=True)
class Statutes:
    """What the statutes say of persons and households, from `first_day` on.

    Ages are completed years; `completeness_min` is percent of the declared household;
    `added_dependant_waiting` None is the plan's waiting. Months and days of 0 ask nothing.
    `recorded_on` is when they were told; None for those written before it was kept.
    Source: domain handbook 2.2, 2.3, 2.5 and annex X; the numbers are each scheme's own.
    """

    first_day: date = date.min
    student_max_age: int = 21
    age_out_rule: AgeOut = AgeOut.BIRTHDAY
    age_warning_days: int = 60
    own_membership_days: int = 60
    spouse_declare_days: int = 60
    added_dependant_waiting: int | None = None
    replacement_months: int = 12
    completeness_min: int = 80
    completeness_blocks: bool = False
    max_beneficiaries: int | None = None
    allowed_relations: frozenset[Relation] = frozenset(Relation)
    polygamy_mode: PolygamyMode = PolygamyMode.ONE_MEMBERSHIP
    readmission_fee: bool = True
    readmission_delay_months: int = 0
    transfer_break_days: int = 60
    group_leave_days: int = 60
    appeal_days: int = 60
    card_per_person: bool = False
    recorded_on: date | None = field(default=None, compare=False)


class Odd(Enum):
    """How far an age fits what somebody is told to be."""

    NOT = "NOT"
    UNLIKELY = "UNLIKELY"  # asked about
    IMPOSSIBLE = "IMPOSSIBLE"  # refused


class Role(Enum):
    """What asks for an age: to be somebody's spouse, a mother, or the member of a household."""

    SPOUSE = "SPOUSE"
    MOTHER = "MOTHER"
    HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class AgeBounds:
    """From and to which age somebody can be something, and usually is; both ends included.

    `most` and `usual_to` None set no end.
    """

    least: int
    usual_from: int
    usual_to: int | None = None
    most: int | None = None


class MarkKind(Enum):
    """What lifts the age limit of a child. Source: domain handbook 2.3."""

    STUDENT = "STUDENT"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class Mark:
    """A certificate, from `first_day` to `until`, not included; None has no end."""

    kind: MarkKind
    first_day: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class RelationChange:
    """From `first_day` on a person is something else to the member than before."""

    first_day: date
    former: Relation
    relation: Relation


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
    occupation: str = ""
    birth_place: str = ""
    identity: str = ""
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a household that others left had paid for them: until a day, not included.

    `suffixes` are theirs in the household they made.
    """

    until: date
    suffixes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Event:
    """A membership event; `effective_on` is the first day it holds.

    `counts_from` is the day from which waiting served elsewhere counts. What an event says of one
    person names them; `recorded_on` is None for events written before it was kept. `kept` is what
    was paid for before a split.
    """

    kind: EventKind
    effective_on: date
    reason: str = ""
    counts_from: date | None = None
    person_id: PersonId | None = None
    document: str = ""
    id: EventId | None = field(default=None, compare=False)
    recorded_on: date | None = field(default=None, compare=False)
    reverses: EventId | None = None
    pair_id: EventId | None = None
    kept: Kept | None = None

    def known(self, day: date) -> bool:
        """Whether anybody could know of it on a day: it held by then, or was written by then."""
        if self.effective_on <= day or self.recorded_on is None:
            return True
        return self.recorded_on <= day


@dataclass(frozen=True, slots=True)
class Cover:
    """One person's cover in a household, from `first_day` to `until`, not included.

    `until` None is open; `suffix` 0 was the first member; it is never given again. `relation` is
    the present one, `changes` tell the former ones by day. `counts_from` is the day from which
    own waiting counts when that is not `first_day`. `marks` lift the age limit. `paid_until` is the
    day, not included, to which a household left in a split had paid for the person.
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
    counts_from: date | None = None
    changes: tuple[RelationChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    mother_id: PersonId | None = None
    paid_until: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.until is None or day < self.until)

    def relation_on(self, day: date) -> Relation:
        """Return what the person was to the member on a day."""
        for change in self.changes:
            if day < change.first_day:
                return change.former
        return self.relation

    def marked(self, kind: MarkKind, day: date) -> bool:
        return any(mark.kind is kind and mark.holds(day) for mark in self.marks)


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
    photo: bytes | None = None
    deceased_on: date | None = None
    until: date | None = None
    member: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """What is compared to tell whether two entries are one person.

    `phones` are digits as they are looked for; `section_id` None is not known.
    """

    surname: str
    given_names: str
    sex: Sex
    birth: Birth
    section_id: SectionId | None = None
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Somebody registered who may be the one being written: 0 to 100, and why, in words."""

    person: PersonRow
    score: int
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Two people of the book who may be one; `first` was registered before."""

    first: PersonRow
    second: PersonRow
    score: int
    reasons: tuple[Text, ...]


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
    member_id: PersonId | None = None
    category_id: CategoryId | None = None
    category: str = ""
    consent: bool | None = None
    consent_on: date | None = None
    contact: str = ""
    other_cover: str = ""
    compound_id: HouseholdId | None = None
    health_post_id: ProviderId | None = None
    sms_consent: bool | None = None
    sms_consent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration answers."""

    household_id: HouseholdId
    number: HouseholdNumber
    person_ids: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """What a life event answers.

    `households` are all it touched, the one it belongs to first; `event_ids` what it wrote, the
    one that can be reversed first; `person_ids` the persons it made.
    """

    household_id: HouseholdId
    event_ids: tuple[EventId, ...] = ()
    households: tuple[HouseholdId, ...] = ()
    person_ids: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """A household comes from another scheme, where it waited from `counts_from` on.

    `left_on` is the first day the other scheme did not cover it; `document` its certificate.
    """

    scheme: str
    counts_from: date
    left_on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a member's card.

    `holder` is whose card it is where each person has one, None on a household's. `photo` is the
    portrait of the holder, or of the member: a JPEG. `health_post` and `package` are told when
    they are not empty.
    """

    scheme: str
    number: HouseholdNumber
    member_name: str
    section: str
    persons: tuple[PersonRow, ...]
    rights_from: date | None
    practice: bool
    version: int = 1
    holder: PersonRow | None = None
    photo: bytes | None = None
    health_post: str = ""
    package: str = ""

    @property
    def told_number(self) -> str:
        """The number people read: 02-000047-4, of a person 02-000047-4/02."""
        return str(self.number) + (f"/{self.holder.suffix:02d}" if self.holder else "")

    @property
    def code(self) -> str:
        """What the QR code carries: digits with check digit, the suffix if any, the version."""
        suffix = f"/{self.holder.suffix:02d}" if self.holder else ""
        return f"{self.number.digits}{suffix}.{self.version}"


@dataclass(frozen=True, slots=True)
class CardIssue:
    """One card given out; `person_id` is None for a household's."""

    household_id: HouseholdId
    person_id: PersonId | None
    version: int


@dataclass(frozen=True, slots=True)
class CardScan:
    """What stands on a card that was read: the number asked for, and its version.

    `version` is None where only a number was typed. `present` is the version of the card in use,
    0 when none was noted as given out.
    """

    asked: str
    version: int | None = None
    present: int = 0

    @property
    def old(self) -> bool:
        """Whether a newer card was given out: this one was lost or worn out."""
        return self.version is not None and self.version < self.present


@dataclass(frozen=True, slots=True)
class FormPerson:
    """One line of a membership form; what is None or empty is written by hand.

    `photo` is the portrait, a JPEG, and `face` the hash it is kept under; `school_until` ends the
    certificate of a school year.
    """

    surname: str = ""
    given_names: str = ""
    sex: Sex | None = None
    birth: Birth | None = None
    relation: Relation | None = None
    covered: bool | None = None
    suffix: int | None = None
    birth_place: str = ""
    occupation: str = ""
    identity: str = ""
    photo: bytes | None = None
    face: bytes | None = None
    school_until: date | None = None


@dataclass(frozen=True, slots=True)
class MembershipForm:
    """A membership form (D01), the member first; without persons it is the blank one."""

    number: str = ""
    section: str = ""
    address: str = ""
    phone: str = ""
    group: str = ""
    plan: str = ""
    joined_on: date | None = None
    declared_size: int = 0
    health_post: str = ""
    other_cover: str = ""
    contact: str = ""
    payer: str = ""
    consent: bool | None = None
    consent_on: date | None = None
    persons: tuple[FormPerson, ...] = ()
