"""Words of bringing in a members' register: what is read, what a person chooses, what comes out.

Rows and columns are counted from 0 as they stand in the sheet; people are told row + 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from stepdesk.contributions.rules import plan_on
from stepdesk.contributions.terms import PlanVersion
from stepdesk.countries.pack import CountryPack
from stepdesk.exchange.registers.lookalikes import Lookalikes, described
from stepdesk.i18n import Text
from stepdesk.members.terms import Birth, Relation, Sex
from stepdesk.values.ids import HouseholdId, ImportId, PersonId, PlanId
from stepdesk.values.month import Month
from stepdesk.values.names import fold
from stepdesk.values.phones import searched_phones

Cell: TypeAlias = "str | int | float | bool | date | datetime | time"
"""What stands in a cell; an empty one is an empty text."""


# Reading


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as the file has it; rows may be of different lengths.

    `merged` are (first row, first column, last row, last column), all included.
    """

    name: str
    rows: Sequence[Sequence[Cell]] = field(repr=False)
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def preview(self, count: int = 20) -> tuple[tuple[str, ...], ...]:
        """Return the first rows as text, for a picture of the sheet."""
        return tuple(tuple(shown(cell) for cell in row) for row in self.rows[:count])


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read. `kind` is xlsx, xlsb, xls, ods, csv or text; the last two say how.

    `fingerprint` is the hash of the bytes; `raw` the bytes of a workbook, to hand it back.
    """

    name: str
    kind: str
    sheets: tuple[Sheet, ...]
    fingerprint: bytes
    encoding: str = ""
    separator: str = ""
    raw: bytes = field(default=b"", repr=False)
    taken: dict[object, "Table"] = field(default_factory=dict, repr=False, compare=False)
    """The table that was taken from it last: see `table_in`."""

    def sheet(self, name: str) -> Sheet:
        return next(one for one in self.sheets if one.name == name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table lies: its header's first row and how many rows it has (0 for none)."""

    header: int
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: where it stands in the sheet, and its cells."""

    at: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A row of the sheet that holds nobody, and why: a blank, a total, a header, a title."""

    at: int
    reason: Text


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a sheet: names of columns, rows with people, and the rows without."""

    names: tuple[str, ...]
    lines: tuple[Line, ...] = field(repr=False)
    apart: tuple[Apart, ...] = ()
    titles: tuple[str, ...] = ()
    """Texts above the header, which may tell the year."""


# Choosing


class Shape(Enum):
    """How a register is built. Source: screens handbook 6.2."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"
    HEADED = "headed"
    MONTHS = "months"
    PAYMENTS = "payments"


class Field(Enum):
    """What a column of a register may hold; the values stand in mapping files."""

    __hash__ = object.__hash__  # each cell of a register is looked up by its field

    NAME = "name"
    SURNAME = "surname"
    GIVEN_NAMES = "given_names"
    SEX = "sex"
    BIRTH = "birth"
    RELATION = "relation"
    PERSON_NUMBER = "person_number"
    OCCUPATION = "occupation"
    BIRTH_PLACE = "birth_place"
    IDENTITY = "identity"
    HOUSEHOLD = "household"
    HEAD = "head"
    SECTION = "section"
    PHONE = "phone"
    ADDRESS = "address"
    SIZE = "size"
    JOINED_ON = "joined_on"
    GROUP = "group"
    PEOPLE = "people"
    PAID_UNTIL = "paid_until"
    ARREARS = "arrears"
    MONTH = "month"
    ENTRY_FEE = "entry_fee"
    PAID_ON = "paid_on"
    AMOUNT = "amount"
    RECEIPT = "receipt"


OF_PERSON = frozenset(
    {
        *(Field.NAME, Field.SURNAME, Field.GIVEN_NAMES, Field.SEX, Field.BIRTH, Field.RELATION),
        *(Field.PERSON_NUMBER, Field.OCCUPATION, Field.BIRTH_PLACE, Field.IDENTITY),
    }
)
"""What a column tells of one person; the rest it tells of the household."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a column means.

    `slot` 0 is the person of the row (of a household's row: the member), 1 and on are further
    persons of the same row, whom the header calls `relation` (None when it does not say).
    `month` is the calendar month (1 to 12) of a column of a month, `year` when the header says.
    """

    field: Field
    slot: int = 0
    relation: Relation | None = None
    sex: Sex | None = None
    month: int = 0
    year: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it was guessed: its name, five samples, and what it means (None: left out).

    `by` says what the guess rests on: name, values, saved, or nothing.
    """

    at: int
    name: str
    samples: tuple[str, ...]
    target: Target | None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a person can decide about one file; `proposed` fills it in.

    Args:
        sheet: The sheet's name.
        place: Where its table lies.
        shape: How it is built.
        columns: What each column means; a column not named is left out.
        repairs: By field and folded value, what to read instead; "" for no value. A village that
            the book does not have is added under the name given here.
        edits: Cells typed over, by (row, column).
        left_out: Rows a person left out.
        apart_kept: Rows taken for totals or headers that are people after all.
        different: Rows that look like somebody else's and are not.
        same: Rows that are the very person they look like: nobody is written twice.
        year: The year of columns that say only the month; 0 is not known.
        month_first: Dates in figures are month/day/year.
        section: The village of rows that name none.
        joined_on: The day of joining where the register has none; None for today.
        plan_id: The plan everybody joins.
    """

    sheet: str
    place: Place
    shape: Shape
    columns: Mapping[int, Target]
    repairs: Mapping[tuple[Field, str], str] = field(default_factory=dict)
    edits: Mapping[tuple[int, int], str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    apart_kept: frozenset[int] = frozenset()
    different: frozenset[int] = frozenset()
    same: frozenset[int] = frozenset()
    year: int = 0
    month_first: bool = False
    section: str = ""
    joined_on: date | None = None
    plan_id: PlanId | None = None


# Values


@dataclass(frozen=True, slots=True)
class Odd:
    """A value that cannot be read as it stands, how often it stands there, and a proposal.

    `key` with `field` names it in `Choices.repairs`. `proposal` None: nothing can be proposed.
    """

    field: Field
    key: str
    value: str
    count: int
    proposal: str | None
    reason: Text
    repaired: str | None = None


# Result


class State(Enum):
    """What becomes of a row of the file."""

    __hash__ = object.__hash__

    TAKEN = "taken"
    REPAIRED = "repaired"
    LOOK = "look"
    KNOWN = "known"
    LEFT = "left"
    BACK = "back"


class FoundPerson(NamedTuple):
    """A person as read from the row `at`; None where it could not be read.

    No dataclass: a register makes two of each of its people, and these are made in a third of
    the time.
    """

    at: int
    surname: str
    given_names: str
    sex: Sex | None
    birth: Birth | None
    relation: Relation
    number: str = ""
    occupation: str = ""
    birth_place: str = ""
    identity: str = ""
    key: bytes = b""
    known: PersonId | None = None

    def named(self, key: bytes) -> "FoundPerson":
        """Return the person with what names the row."""
        return FoundPerson(
            self.at,
            self.surname,
            self.given_names,
            self.sex,
            self.birth,
            self.relation,
            self.number,
            self.occupation,
            self.birth_place,
            self.identity,
            key,
            self.known,
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """What a household brings with it: the last day paid for, what it owes, and its entry fee.

    `through` is the last day covered, None when not told; `months` are paid months without order
    of their own, paid from `since` on; `arrears` and `fee` are minor units, None when not told.
    """

    through: date | None = None
    months: int = 0
    since: Month | None = None
    arrears: int | None = None
    fee: int | None = None

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.through, self.arrears, self.fee)) or bool(
            self.months
        )

    @property
    def last(self) -> date | None:
        """The last day paid for; of counted months, the last day of the last of them."""
        if self.through is not None or not self.months or self.since is None:
            return self.through
        return self.since.plus(self.months - 1).last


@dataclass(frozen=True, slots=True)
class PaidRow:
    """One row of a list of payments: whose, when, how much in minor units, its receipt."""

    at: int
    household_id: HouseholdId
    paid_on: date
    amount: int
    number: str = ""
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class Household:
    """A household as it will be written, the member first; `at` are all its rows."""

    at: tuple[int, ...]
    persons: tuple[FoundPerson, ...]
    section: str
    number: str = ""
    phone: str = ""
    contact: str = ""
    address: str = ""
    size: int = 0
    group: str = ""
    joined_on: date | None = None
    opening: Opening = field(default_factory=Opening)
    known: HouseholdId | None = None
    look: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """Two that look like one person: a row, and another row or a person of the book, and why."""

    at: int
    name: str
    other_at: int | None = None
    other: str = ""
    person_id: PersonId | None = None
    reasons: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one row of the sheet, and why; nobody is dropped without a word.

    `column` is where the first reason stands, None for the whole row.
    """

    at: int
    state: State
    reasons: tuple[Text, ...] = ()
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an import would do. `rows` holds every row of the sheet once, in order."""

    table: Table = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)
    households: tuple[Household, ...] = field(repr=False)
    odd: tuple[Odd, ...] = ()
    alike: tuple[Alike, ...] = ()
    new_sections: tuple[str, ...] = ()
    corrections: tuple["Correction", ...] = ()
    payments: tuple[PaidRow, ...] = ()
    new_groups: tuple[str, ...] = ()
    links: tuple["Link", ...] = ()

    def count(self, state: State) -> int:
        return sum(row.state is state for row in self.rows)

    @property
    def people(self) -> int:
        return sum(len(one.persons) for one in self.households)


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of a person or household of the book that the register tells otherwise now.

    `key` names the row as it is now, `who` the person of the row, whatever the field is of.
    """

    at: int
    person_id: PersonId | None
    household_id: HouseholdId
    field: Field
    old: str
    new: object
    key: bytes = b""
    who: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A row that a person said to be somebody of the book, to be known by next time."""

    key: bytes
    household_id: HouseholdId
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class HeldHome:
    """A household of the book; `names` are the folded names of its people, `group` its group's."""

    household_id: HouseholdId
    number: str
    names: frozenset[str] = frozenset()
    section: str = ""
    phone: str = ""
    address: str = ""
    group: str = ""
    ended: bool = False
    member: PersonId | None = None


NOBODY = HouseholdId(b"")


@dataclass(frozen=True, slots=True)
class Held:
    """A person of the book as a register is compared with; `number` is the household's."""

    person_id: PersonId
    surname: str
    given_names: str
    sex: Sex
    birth: Birth
    number: str = ""
    phone: str = ""
    legacy_number: str = ""
    occupation: str = ""
    birth_place: str = ""
    identity: str = ""
    household_id: HouseholdId = NOBODY
    section: str = ""
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the book holds that a register is compared with.

    `sections` are names, `numbers` households by folded old number, `heads` by the member's
    folded name (None when several have it), `rows` what earlier imports brought in: by what names
    a row, what it told, its household, and its person. `groups` are names of groups that stand,
    by folded name and code; `plans` the contribution plans there are.
    """

    country: CountryPack
    today: date
    sections: tuple[str, ...] = ()
    numbers: Mapping[str, HouseholdId] = field(default_factory=dict)
    heads: Mapping[str, HouseholdId | None] = field(default_factory=dict)
    rows: Mapping[bytes, tuple[bytes, HouseholdId, bytes]] = field(default_factory=dict)
    persons: Mapping[bytes, Held] = field(default_factory=dict)
    homes: Mapping[HouseholdId, HeldHome] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[PlanId, tuple[PlanVersion, ...]] = field(default_factory=dict)
    lookalikes: Lookalikes = field(default_factory=Lookalikes, repr=False)

    def alike(
        self, one: FoundPerson, section: str, phone: str
    ) -> tuple[Held, tuple[Text, ...]] | None:
        """Return who of the book is likest to this person, and why; None when nobody is like."""
        if one.sex is None or one.birth is None or not self.lookalikes.people:
            return None
        phones = frozenset(searched_phones(phone, self.country.phones)) if phone else frozenset()
        return self.lookalikes.likest(
            described(one.surname, one.given_names, one.sex, one.birth, section, phones)
        )

    def plans_meant(self, plan_id: PlanId | None) -> tuple[PlanVersion, ...]:
        """Return, as they stand today, the plan everybody joins, or all that may be chosen."""
        chosen = self.plans.get(plan_id) if plan_id else None
        meant = self.plans.values() if chosen is None else (chosen,)
        return tuple(plan_on(versions, self.today) for versions in meant)

    def held(self, who: bytes) -> tuple[PersonId | None, Held | None]:
        found = self.persons.get(who)
        return (found.person_id, found) if found else (None, None)

    def household_of(self, number: str, name: str) -> HouseholdId | None:
        """Return the household of an old number, its own number, or its member's name."""
        asked = fold(number)
        if asked and asked in self.numbers:
            return self.numbers[asked]
        return self.heads.get(name_key(name)) if name else None


@lru_cache(maxsize=1 << 17)
def name_key(name: str) -> str:
    """Return a name's folded words in one order."""
    return " ".join(sorted(fold(name).split()))


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import wrote. The four counts of rows add up to `rows`.

    `left_out` are blanks, totals, headers and rows that the book has already; `opening` is the
    sum of the opening entry in minor units.
    """

    batch_id: ImportId | None
    rows: int
    taken: int
    repaired: int
    left_out: int
    handed_back: int
    households: int
    persons: int
    sections: int
    corrections: int
    opening: int = 0


def shown(cell: Cell) -> str:  # noqa: PLR0911 - one case a kind
    """Return a cell as a person reads it: 2024-03-01, 1985 without a point."""
    if type(cell) is str:
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
