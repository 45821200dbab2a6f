"""What an import would do, told before anything is written. Pure.

Every row of the sheet comes out once: taken, taken after repair, to be looked at, known already,
left out (blank, total, header, twice) or handed back with its reason.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Any
from zlib import crc32

from stepdesk.exchange.registers.openings import opening_of, owed_doubt, paid_doubt
from stepdesk.exchange.registers.people import Names, Notes, PeopleReader
from stepdesk.exchange.registers.places import Village, sound, villages
from stepdesk.exchange.registers.reader import Reader
from stepdesk.exchange.registers.shapes import Draft, drafts_of
from stepdesk.exchange.registers.table import table_in
from stepdesk.exchange.registers.terms import (
    Alike,
    Choices,
    Correction,
    Field,
    FoundPerson,
    Held,
    HeldHome,
    Household,
    Known,
    Line,
    Link,
    Opened,
    Opening,
    PaidRow,
    Result,
    Row,
    Shape,
    State,
    Table,
    name_key,
    shown,
)
from stepdesk.exchange.registers.values import surnames_first
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import BirthKnown
from stepdesk.values.ids import HouseholdId

_GRAVE = (State.TAKEN, State.REPAIRED, State.LOOK, State.KNOWN, State.LEFT, State.BACK)
LIKE_GROUP = N_("{value} may be the group {name}: say so once for all rows.")
LIKE_SECTION = N_("{value} may be {name}: say so once for all rows.")
NO_SECTION = N_("The village is not told.")
WRONG = N_("{value}: {reason}")
MENDED = N_("{value} was put right.")
RENAMED = N_("{value} is read as {name}.")
LEFT_BY_PERSON = N_("Left out by you.")
NO_HOUSEHOLD = N_("No household of the book has this number or name.")
AHEAD = N_("This day is still ahead.")
OTHER_TOLD = N_("{value}: row {row} of this household says {other}.")
TWICE = N_("The same as row {row}.")
ALIKE = N_("Looks like {name} in row {row}. Is this somebody else?")
ALIKE_BOOK = N_("Looks like {name} of household {number}: {reasons}. Is this somebody else?")
NUMBER_TAKEN = N_("The number {value} is that of household {number}, of other people.")
OTHER_NAME = N_("The number {value} is that of household {number}, of other people than {name}.")
MEMBER_OUT = N_("The member of this household is left out, so nobody leads it.")
ENDED = N_("The membership of household {number} has ended: let it come back first.")
OF_HOME = N_("Row {row} of this household is to be looked at.")
KNOWN = N_("This row is in the book already.")
CHANGED = N_("The book tells something else; the change is offered.")
NO_COUNT = N_("Not every row of the file was accounted for.")


def judge(opened: Opened, choices: Choices, known: Known) -> Result:
    """Return what would be taken, and of every row why it is or is not.

    Args:
        opened: The file.
        choices: What a person decided, or `proposed`.
        known: What the book holds.
    """
    table = table_in(opened, choices.sheet, choices.place, kept=choices.apart_kept)
    judging = _Judging(table, choices, known)
    judging.run()
    result = judging.result()
    if sorted(row.at for row in result.rows) != list(range(len(opened.sheet(choices.sheet).rows))):
        raise ValueError(NO_COUNT)
    return result


@dataclass(slots=True)
class _Judging:
    table: Table
    choices: Choices
    known: Known
    notes: Notes = field(default_factory=Notes)
    households: list[Household] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    payments: list[PaidRow] = field(default_factory=list)
    reader: Reader = field(init=False)
    places: Mapping[str, Village] = field(default_factory=dict)
    groups: Mapping[str, Village] = field(default_factory=dict)
    looked: dict[int, int] = field(default_factory=dict)
    """By row, the row for whose sake it is to be looked at."""

    def __post_init__(self) -> None:
        self.reader = Reader(self.choices, self.known.country, self.known.today)

    def run(self) -> None:
        lines = [_edited(line, self.choices.edits) for line in self.table.lines]
        kept = [line for line in lines if line.at not in self.choices.left_out]
        for line in lines:
            if line.at in self.choices.left_out:
                self.notes.say(line.at, State.LEFT, LEFT_BY_PERSON)
        drafts = drafts_of(kept, self.choices.columns, self.choices.shape)
        if self.choices.shape is Shape.PAYMENTS:
            self._pay(kept)
            return
        self.places = self._places(drafts)
        self.groups = self._groups(drafts)
        people = PeopleReader(self.reader, self.notes, self._names(kept))
        drafts.reverse()
        while drafts:  # what was read is let go: a register fills the memory else
            self._household(drafts.pop(), people)
        self._compare()

    # Households

    def _names(self, lines: Sequence[Line]) -> Names:
        at, header = -1, ""
        for column, target in self.choices.columns.items():
            if target.field is Field.NAME and not target.slot:
                at, header = column, self.table.names[column]
        names = [shown(line.cells[at]) for line in lines[:2000]] if at >= 0 else []
        pack = self.known.country
        surnames = frozenset(fold(one) for one in pack.surnames)
        women, men = (frozenset(fold(one) for one in told) for told in (pack.women, pack.men))
        return Names(surnames_first(header, names, surnames), surnames, women, men)

    def _places(self, drafts: Sequence[Draft]) -> Mapping[str, Village]:
        counts: Counter[str] = Counter()
        for one in drafts:
            told = self._section_told(one)
            if told:
                counts[told] += len(one.rows)
        return villages(counts, self.known.sections, self._decided(Field.SECTION))

    def _decided(self, wanted: Field) -> dict[str, str]:
        return {
            key: name
            for (what, key), name in self.choices.repairs.items()
            if what is wanted and key
        }

    def _groups(self, drafts: Sequence[Draft]) -> Mapping[str, Village]:
        counts = Counter(told for one in drafts if (told := _group_told(one)))
        known, decided = self.known.groups, self._decided(Field.GROUP)
        by_code = {told: Village(known[fold(told)]) for told in counts if fold(told) in known}
        read = villages(counts, known.values(), decided, by_word=True)
        return {
            **read,
            **{told: one for told, one in by_code.items() if fold(told) not in decided},
        }

    def _section_told(self, draft: Draft) -> str:
        if Field.SECTION in draft.cells:
            return " ".join(shown(draft.cells[Field.SECTION][0]).split())
        return self.choices.repairs.get((Field.SECTION, ""), self.choices.section).strip()

    def _household(self, draft: Draft, people: PeopleReader) -> None:
        persons = people.persons_of(draft)
        section, look = self._section(draft)
        if not persons:
            return
        read = _Own(draft, self.reader, self.notes)
        phones = self._phones(draft, read)
        self._doubt_others(draft)
        number = read.value(Field.HOUSEHOLD) or ""
        joined_on = self._joined(draft, read)
        group, doubt = self._group(draft)
        household = Household(
            at=tuple(draft.rows),
            persons=persons,
            section=section,
            number=number,
            phone=phones[0] if phones else "",
            contact=" / ".join(phones[1:]),
            address=read.value(Field.ADDRESS) or "",
            size=max(read.value(Field.SIZE) or 0, len(persons)),
            group=group,
            joined_on=joined_on,
            opening=self._opening(draft, read, joined_on, len(persons)),
            look=look or doubt,
        )
        self.households.append(replace(household, persons=_keyed(household)))

    def _phones(self, draft: Draft, read: "_Own") -> Sequence[str]:
        """Return the household's numbers, those beside its other people behind its own."""
        phones = dict.fromkeys(read.value(Field.PHONE) or ())
        for what, cell, at, column in draft.others:
            if what is Field.PHONE:
                one = _Own(Draft(cells={what: (cell, at, column)}), self.reader, self.notes)
                phones.update(dict.fromkeys(one.value(what) or ()))
        return list(phones)

    def _doubt_others(self, draft: Draft) -> None:
        """Doubt rows that tell another village, group, or last day paid than their household's."""
        for what, cell, at, column in draft.others:
            if what not in _ONE_A_HOME:
                continue
            first, row, _ = draft.cells[what]
            ours, theirs = (" ".join(shown(one).split()) for one in (first, cell))
            if what is Field.SECTION and self._village(ours) == self._village(theirs):
                continue
            if what is not Field.SECTION and fold(ours) == fold(theirs):
                continue
            self.notes.say(
                at, State.LOOK, OTHER_TOLD, column, value=theirs, row=row + 1, other=ours
            )

    def _village(self, told: str) -> str:
        village = self.places.get(told)
        return sound((village and (village.name or village.proposal)) or told)

    def _joined(self, draft: Draft, read: "_Own") -> date | None:
        day: date | None = read.value(Field.JOINED_ON)
        if day is not None and day > self.known.today:
            cell, at, column = draft.cells[Field.JOINED_ON]
            self.notes.say(at, State.LOOK, WRONG, column, value=shown(cell), reason=Text(AHEAD))
            return None
        return day

    def _opening(
        self, draft: Draft, read: "_Own", joined_on: date | None, persons: int
    ) -> Opening:
        """Return what a household brings with it, without what nobody can have paid or owe."""
        opening = opening_of(draft, read, self.choices, self.known.today)
        plans = self.known.plans_meant(self.choices.plan_id)
        paid = paid_doubt(opening, plans, joined_on, self.known.today)
        if paid is not None:
            self._doubt_opening(draft, Field.PAID_UNTIL, paid)
            opening = replace(opening, through=None, months=0, since=None)
        owed = owed_doubt(opening, plans, persons)
        if owed is not None:
            self._doubt_opening(draft, Field.ARREARS, owed)
            opening = replace(opening, arrears=None)
        return opening

    def _doubt_opening(self, draft: Draft, what: Field, reason: Text) -> None:
        if what not in draft.cells:  # months as columns: the first of them stands for all
            _, _, at, column = draft.months[0]
            self.notes.say(at, State.LOOK, WRONG, column, value=str(column + 1), reason=reason)
            return
        cell, at, column = draft.cells[what]
        self.reader.wrong(what, shown(cell).strip(), reason, None)
        self.notes.say(at, State.LOOK, WRONG, column, value=shown(cell), reason=reason)

    def _group(self, draft: Draft) -> tuple[str, bool]:
        """Return the group's name as it will be written, and whether a person must say which."""
        told = _group_told(draft)
        if not told:
            return "", False
        _, at, column = draft.cells[Field.GROUP]
        group, decided = self.groups[told], self.choices.repairs.get((Field.GROUP, fold(told)))
        if decided is not None:
            name = group.name or ""
            self.notes.say(at, State.REPAIRED, RENAMED, column, value=told, name=name or "–")
            self.reader.wrong(Field.GROUP, told, Text(""), name)
            return name, False
        if group.name is None:
            proposal = group.proposal or "–"
            reason = Text(LIKE_GROUP, {"value": told, "name": proposal})
            self.reader.wrong(Field.GROUP, told, reason, group.proposal)
            self.notes.say(at, State.LOOK, LIKE_GROUP, column, value=told, name=proposal)
            return told, True
        return group.name, False

    def _section(self, draft: Draft) -> tuple[str, bool]:
        told = self._section_told(draft)
        if not told:
            self.reader.wrong(Field.SECTION, "", Text(NO_SECTION), None)
            self.notes.say(draft.rows[0], State.LOOK, NO_SECTION)
            return "", True
        village = self.places[told]
        _, at, column = draft.cells.get(Field.SECTION, ("", draft.rows[0], None))
        if village.name is None:
            proposal = village.proposal
            reason = Text(LIKE_SECTION, {"value": told, "name": proposal or "–"})
            for _ in draft.rows:
                self.reader.wrong(Field.SECTION, told, reason, proposal)
            self.notes.say(at, State.LOOK, LIKE_SECTION, column, value=told, name=proposal or "–")
            return told, True
        if (Field.SECTION, fold(told)) in self.choices.repairs:
            for row in draft.rows:
                self.notes.say(row, State.REPAIRED, RENAMED, column, value=told, name=village.name)
                self.reader.wrong(Field.SECTION, told, Text(""), village.name)
        return village.name, False

    # Who is there already

    def _compare(self) -> None:
        told = _Compare(
            self.known, self.choices, self.notes, self.alike, self.corrections, self.links
        )
        self.households = [one for held in self.households if (one := told.household(held))]

    # Lists of payments

    def _pay(self, lines: Sequence[Line]) -> None:
        for line in lines:
            cells = {
                target.field: (line.cells[at], line.at, at)
                for at, target in self.choices.columns.items()
                if not target.slot
            }
            own = _Own(Draft(cells=cells, rows=[line.at]), self.reader, self.notes)
            self._pay_row(line.at, own)

    def _pay_row(self, at: int, own: "_Own") -> None:
        day, amount = own.value(Field.PAID_ON), own.value(Field.AMOUNT)
        number, name = own.value(Field.HOUSEHOLD) or "", own.value(Field.NAME) or ""
        name = name or own.value(Field.SURNAME) or own.value(Field.HEAD) or ""
        whose = self.known.household_of(number, name)
        self.notes.send_back(at)
        if whose and not self._theirs(at, whose, number, name):
            return
        for value, reason in ((whose, NO_HOUSEHOLD), (day, NO_PAY_DAY), (amount, NO_PAY_AMOUNT)):
            if not value and not self.notes.is_back(at):
                self.notes.say(at, State.BACK, reason)
        if amount and amount < 0:
            self.notes.say(at, State.BACK, NEGATIVE)
        if day and day > self.known.today:
            self.notes.say(at, State.BACK, AHEAD)
        if not (whose and day and amount) or self.notes.is_back(at):
            return
        receipt = own.value(Field.RECEIPT) or ""
        key = _hash(f"{whose.hex()}|{day}|{amount}|{receipt}|{'' if receipt else at}")
        if key in self.known.rows:
            self.notes.say(at, State.KNOWN, KNOWN)
            return
        self.payments.append(PaidRow(at, whose, day, amount, receipt, key + b"\0" * 12))

    def _theirs(self, at: int, whose: HouseholdId, number: str, name: str) -> bool:
        """Whether a household told by number and name has somebody of such a name."""
        home = self.known.homes.get(whose)
        words = set(name_key(name).split())
        if not (number and words) or home is None:
            return True
        if any(words & set(held.split()) for held in home.names):
            return True
        self.notes.say(at, State.BACK, OTHER_NAME, value=number, number=home.number, name=name)
        return False

    # The whole

    def result(self) -> Result:
        states = self._states()
        rows = [
            *(Row(one.at, State.LEFT, (one.reason,)) for one in self.table.apart),
            *(self._row(line.at, states) for line in self.table.lines),
        ]
        looked = self._looked_at(states)
        known = {fold(one) for one in self.known.sections}
        new = dict.fromkeys(one.section for one in self.households if one.section and not one.look)
        return Result(
            self.table,
            tuple(sorted(rows, key=lambda row: row.at)),
            tuple(looked),
            self.reader.odd(),
            tuple(self.alike),
            tuple(name for name in new if fold(name) not in known),
            tuple(self.corrections),
            tuple(self.payments),
            self._new_groups(),
            tuple(self.links),
        )

    def _new_groups(self) -> tuple[str, ...]:
        known = {fold(name) for name in self.known.groups.values()}
        told = [one.group for one in self.households if one.group and not one.look]
        told += [str(one.new) for one in self.corrections if one.field is Field.GROUP]
        return tuple(name for name in dict.fromkeys(told) if fold(name) not in known)

    def _looked_at(self, states: Mapping[int, State]) -> Iterator[Household]:
        """Yield households; one of whose rows must be looked at is to be looked at itself."""
        for one in self.households:
            look = any(states.get(at) is State.LOOK for at in one.at)
            yield replace(one, look=True) if look and not one.look else one

    def _states(self) -> dict[int, State]:
        found = {}
        for at, notes in self.notes.told.items():
            found[at] = max((note[0] for note in notes), key=_GRAVE.index)
        for one in self.households:
            first = next((at for at in one.at if found.get(at) is State.LOOK), None)
            if first is None:
                continue
            for at in one.at:
                if found.get(at, State.TAKEN) in {State.TAKEN, State.REPAIRED}:
                    found[at], self.looked[at] = State.LOOK, first
        return found

    def _row(self, at: int, states: Mapping[int, State]) -> Row:
        notes, state = self.notes.told.get(at, ()), states.get(at, State.TAKEN)
        if state is State.LOOK and not any(note[0] is State.LOOK for note in notes):
            return Row(at, state, (Text(OF_HOME, {"row": self.looked[at] + 1}),))
        if not notes:
            return Row(at, state)
        graver = [note for note in notes if note[0] is state] or notes
        texts: list[Text] = []
        for _, text, _ in graver:
            if text not in texts:
                texts.append(text)
        return Row(at, state, tuple(texts), graver[0][2])


_ONE_A_HOME = frozenset({Field.SECTION, Field.GROUP, Field.PAID_UNTIL, Field.ARREARS})
NO_PAY_DAY = N_("The day of the payment is not told.")
NO_PAY_AMOUNT = N_("The amount is not told.")
NEGATIVE = N_("An amount below zero is no payment.")


def _group_told(draft: Draft) -> str:
    return " ".join(shown(draft.cells.get(Field.GROUP, ("",))[0]).split())


@dataclass(slots=True)
class _Own:
    """What a draft says of its household, read."""

    draft: Draft
    reader: Reader
    notes: Notes

    def value(self, what: Field) -> Any:  # noqa: ANN401
        if what not in self.draft.cells:
            return None
        cell, at, column = self.draft.cells[what]
        if cell == "":
            return None
        read = self.reader.read(what, cell)
        if read.wrong is not None:
            self.notes.say(at, State.LOOK, WRONG, column, value=shown(cell), reason=read.wrong)
        elif read.mended:
            self.notes.say(at, State.REPAIRED, MENDED, column, value=shown(cell))
        return read.value


def _edited(line: Line, edits: Mapping[tuple[int, int], str]) -> Line:
    if not edits:
        return line
    cells = tuple(edits.get((line.at, at), cell) for at, cell in enumerate(line.cells))
    return line if cells == line.cells else Line(line.at, cells)


# Fingerprints of rows


def _hash(told: str) -> bytes:
    return blake2b(told.encode(), digest_size=12).digest()


def _keyed(one: Household) -> tuple[FoundPerson, ...]:
    """Return the persons with what names their rows: who they are, then what is told of them.

    The second part changes when the register is corrected, the first stays. The third has two
    bytes a field, so that only what the register itself changed is offered: what was put right
    in the book meanwhile stays. See docs/decisions/0025 and docs/registers.md.
    """
    member = one.persons[0]
    home = one.number or f"{fold(one.section)}|{_name(member)}"
    seen: Counter[str] = Counter()
    found = []
    for person in one.persons:
        name = _name(person)
        seen[name] += 1
        again = f"#{seen[name]}" if seen[name] > 1 else ""
        who = _hash(f"{fold(home)}|{name}{again}")
        birth, sex = person.birth, person.sex
        told = (
            *(person.surname, person.given_names, sex.value if sex else ""),
            *((birth.day.isoformat(), birth.known.value) if birth else ("", "")),
            *(person.relation.value, person.number, person.occupation),
            *(person.birth_place, person.identity),
            *((one.phone, one.address, str(one.size)) if person is member else ()),
        )
        by_field = _by_field(one, person) if person is member else _by_field(None, person)
        found.append(person.named(who + _hash("|".join(told)) + by_field))
    return tuple(found)


_OF_ROW = (
    *(Field.SURNAME, Field.GIVEN_NAMES, Field.SEX, Field.BIRTH, Field.PERSON_NUMBER),
    *(Field.OCCUPATION, Field.BIRTH_PLACE, Field.IDENTITY),
    *(Field.PHONE, Field.ADDRESS, Field.SECTION, Field.GROUP),
)
"""The fields of the third part of a key, in its order; the last four are the member's alone."""


def _by_field(one: Household | None, person: FoundPerson) -> bytes:
    birth, sex = person.birth, person.sex
    told = (
        *(person.surname, person.given_names, sex.value if sex else ""),
        f"{birth.day.isoformat()} {birth.known.value}" if birth else "",
        *(person.number, person.occupation, person.birth_place, person.identity),
        *((one.phone, one.address, fold(one.section), fold(one.group)) if one else ()),
    )
    return b"".join([(crc32(field.encode()) & 0xFFFF).to_bytes(2, "big") for field in told])


def _changed_fields(content: bytes, key: bytes) -> Collection[Field]:
    """Return the fields that the register tells otherwise than when the row came in.

    Of a row that a person linked, all; of one that came in before fields were told apart, all
    but village and group.
    """
    if not content:
        return _OF_ROW
    before, now = content[12:], key[24:]
    if not before:
        return _OF_ROW[:-2]
    return [
        what
        for at, what in enumerate(_OF_ROW[: len(now) // 2])
        if before[2 * at : 2 * at + 2] != now[2 * at : 2 * at + 2]
    ]


def _name(person: FoundPerson) -> str:
    return name_key(f"{person.surname} {person.given_names}")


# Comparing


@dataclass(slots=True)
class _Compare:
    """Compares households with the book and with each other."""

    known: Known
    choices: Choices
    notes: Notes
    alike: list[Alike]
    corrections: list[Correction]
    links: list[Link]
    seen: dict[tuple[str, object], list[FoundPerson]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def household(self, one: Household) -> Household | None:
        """Return the household with only its new persons; None when the book has it whole."""
        there = self._known_home(one)
        new, fresh = [], set[int]()
        for person in one.persons:
            twin = self._twin(person)
            known = self.known.rows.get(person.key[:12])
            linked = None if known is not None else self._linked(one, person)
            if known is not None:
                fresh |= {person.at} if self._known_person(one, person, *known) else set()
            elif linked is not None:
                there = there or linked
            elif twin is not None and self._repeats(twin, person, one):
                self.notes.say(person.at, State.LEFT, TWICE, row=twin.at + 1)
            else:
                fresh.add(person.at)
                self._doubt(one, person, twin)
                new.append(person)
        for at in fresh:
            self.notes.unsay(at, State.KNOWN)
        return self._settled(one, new, there)

    def _settled(
        self, one: Household, new: Sequence[FoundPerson], there: HouseholdId | None
    ) -> Household | None:
        home = self.known.homes.get(there) if there is not None else None
        message, number = "", home.number if home is not None else one.number
        if there is None and new and new[0] is not one.persons[0]:
            message = MEMBER_OUT
        elif there is not None and new and (home is None or home.ended):
            message = ENDED
        if message:
            for person in new:
                self.notes.say(person.at, State.BACK, message, number=number)
        if not new or message:
            return None
        return replace(one, persons=tuple(new), known=there)

    def _known_home(self, one: Household) -> HouseholdId | None:
        """Return the household of the book that these people are of.

        A number alone does not tell it: every village counts its households from 1.
        """
        for person in one.persons:
            known = self.known.rows.get(person.key[:12])
            if known is not None:
                return known[1]
        there = self.known.numbers.get(fold(one.number)) if one.number else None
        home = self.known.homes.get(there) if there is not None else None
        if home is None:
            return None
        ours = home.names & {_name(person) for person in one.persons}
        told = bool(ours) or _whole_number(one.number) or one.at[0] in self.choices.same
        if not told and fold(home.section) == fold(one.section) and not self._sounds(one, home):
            self._doubt_number(one, home)
        return there if told else None

    def _sounds(self, one: Household, home: HeldHome) -> bool:
        """Whether somebody looks like somebody of that household: that is doubted then."""
        found = (self.known.alike(person, one.section, one.phone) for person in one.persons)
        return any(
            held is not None and held[0].household_id == home.household_id for held in found
        )

    def _doubt_number(self, one: Household, home: HeldHome) -> None:
        at, number = one.at[0], one.number
        if at not in self.choices.different:
            self.alike.append(Alike(at, number, None, home.number))
            self.notes.say(at, State.LOOK, NUMBER_TAKEN, value=number, number=home.number)

    def _linked(self, one: Household, person: FoundPerson) -> HouseholdId | None:
        """Return the household of who a person said this row is; what changed is offered."""
        if person.at not in self.choices.same:
            return None
        found = self.known.alike(person, one.section, one.phone)
        if found is None:
            return None
        held = found[0]
        self._known_person(one, person, b"", held.household_id, held.person_id)
        self.links.append(Link(person.key, held.household_id, held.person_id))
        return held.household_id

    def _known_person(
        self, one: Household, person: FoundPerson, content: bytes, home: HouseholdId, who: bytes
    ) -> bool:
        """Offer what changed; return whether anything did."""
        if content and content in {person.key[12:24], person.key[12:]}:
            self.notes.say(person.at, State.KNOWN, KNOWN)
            return False
        before, wanted = len(self.corrections), _changed_fields(content, person.key)
        self.corrections += [
            fix for fix in _changes(self.known, one, person, home, who) if fix.field in wanted
        ]
        changed = len(self.corrections) > before
        if changed:
            self.notes.say(person.at, State.REPAIRED, CHANGED)
        else:
            self.notes.say(person.at, State.KNOWN, KNOWN)
        return changed

    def _twin(self, person: FoundPerson) -> FoundPerson | None:
        """Return an earlier row of the file that has the same name, sex and about the same age."""
        held = self.seen[_name(person), person.sex]
        found = next((other for other in held if _near(other, person)), None)
        held.append(person)
        return found

    def _repeats(self, twin: FoundPerson, person: FoundPerson, one: Household) -> bool:
        """Whether a row is an earlier one once more: word for word in its own household, or told."""
        if twin.at != person.at and person.at in self.choices.same:
            return True
        return (
            twin.at in one.at
            and twin.at != person.at
            and twin.birth == person.birth
            and (twin.relation == person.relation)
        )

    def _doubt(self, one: Household, person: FoundPerson, twin: FoundPerson | None) -> None:
        if person.at in self.choices.different:
            return
        name = f"{person.surname} {person.given_names}"
        if twin is not None:
            self.alike.append(
                Alike(person.at, name, twin.at, f"{twin.surname} {twin.given_names}")
            )
            self.notes.say(person.at, State.LOOK, ALIKE, name=name, row=twin.at + 1)
            return
        found = self.known.alike(person, one.section, one.phone)
        if found is not None:
            self._doubt_held(person, name, *found)

    def _doubt_held(
        self, person: FoundPerson, name: str, held: Held, reasons: tuple[Text, ...]
    ) -> None:
        other = f"{held.surname} {held.given_names}"
        self.alike.append(
            Alike(person.at, name, None, f"{other} · {held.number}", held.person_id, reasons)
        )
        values: dict[str, Value] = {f"why{at}": one for at, one in enumerate(reasons)}
        why = Text(", ".join(f"{{why{at}}}" for at in range(len(reasons))), values)
        self.notes.say(
            person.at, State.LOOK, ALIKE_BOOK, name=other, number=held.number, reasons=why
        )


def _whole_number(told: str) -> bool:
    """Whether a number has the figures of a section, a serial and a check digit."""
    return sum(sign.isdecimal() for sign in told) >= _FIGURES


_FIGURES = 8


def _near(one: FoundPerson, other: FoundPerson) -> bool:
    if one.birth is None or other.birth is None:
        return True
    exact = BirthKnown.DAY is one.birth.known is other.birth.known
    if exact and one.birth.day != other.birth.day:
        return False
    return abs(one.birth.day.year - other.birth.day.year) <= (0 if exact else 2)


def _changes(
    known: Known,
    one: Household,
    person: FoundPerson,
    home: HouseholdId,
    who: bytes,
) -> Iterable[Correction]:
    """Yield what the file tells otherwise than the book; nothing where the membership ended."""
    person_id, held = known.held(who)
    ours = known.homes.get(home)
    if held is None or person_id is None or ours is None or ours.ended:
        return
    for what, old, new in (
        (Field.SURNAME, held.surname, person.surname),
        (Field.GIVEN_NAMES, held.given_names, person.given_names),
        (Field.SEX, held.sex, person.sex),
        (Field.BIRTH, held.birth, person.birth),
        (Field.PERSON_NUMBER, held.legacy_number, person.number or held.legacy_number),
        (Field.OCCUPATION, held.occupation, person.occupation or held.occupation),
        (Field.BIRTH_PLACE, held.birth_place, person.birth_place or held.birth_place),
        (Field.IDENTITY, held.identity, person.identity or held.identity),
    ):
        if old != new:
            yield Correction(
                person.at, person_id, home, what, _old(old), new, person.key, person_id
            )
    if person is not one.persons[0] or ours.member != person_id:
        return
    for what, told, new in (
        (Field.PHONE, ours.phone, "" if _digits(ours.phone) == one.phone else one.phone),
        (Field.ADDRESS, ours.address, one.address),
        (Field.SECTION, ours.section, one.section if not one.look else ""),
        (Field.GROUP, ours.group, one.group if not one.look else ""),
    ):
        if new and new != told:
            yield Correction(person.at, None, home, what, told, new, person.key, person_id)


def _digits(phone: str) -> str:
    """Return a telephone as registers are read: one typed with blanks is the same."""
    return "".join(sign for sign in phone if sign.isdecimal())


def _old(value: object) -> str:
    return str(getattr(value, "day", None) or getattr(value, "value", None) or value or "")
