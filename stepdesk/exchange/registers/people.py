"""One household of a register from its cells: names, births, sex, links, in the member's order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from stepdesk.exchange.registers.reader import NOTHING, Read, Reader
from stepdesk.exchange.registers.shapes import Draft, Piece
from stepdesk.exchange.registers.terms import Cell, Field, FoundPerson, State
from stepdesk.exchange.registers.values import people_of, split_name
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import Relation, Sex

NO_NAME = N_("There is no name in this row.")
ONE_WORD = N_("The name is one word only: type surname and given names.")
NO_SEX = N_("Whether this is a woman or a man is not told.")
NO_BIRTH = N_("The birth is not told: type a year or an age.")
WRONG = N_("{value}: {reason}")
MENDED = N_("{value} was put right.")
SURNAME = N_("The surname is that of the member.")
SEX_BY_NAME = N_("Whether a woman or a man: told by the given name.")
SAME_SEX = N_("A spouse of the member's own sex: is the link right, or the household?")
OLDER_CHILD = N_("A child older than the member: is the link right, or the household?")
TWO_HEADS = N_("The household has two members of its own; this one was taken as other.")
REPEATED = N_("The head stands here once more.")
_MISSING = {Field.SEX: NO_SEX, Field.BIRTH: NO_BIRTH}
MEMBER_BACK = N_("The member of this household cannot come in: see row {row}.")


ADULT, GENERATION, YOUNGEST_PARENT = 16, 25, 13
"""Years by which people in one cell are told apart when no word says who is who."""


@dataclass(slots=True)
class Notes:
    """What is said of each row: (state, text, column); the gravest decides."""

    told: dict[int, list[tuple[State, Text, int | None]]] = field(default_factory=dict)

    def say(
        self, at: int, state: State, message: str, column: int | None = None, **more: Value
    ) -> None:
        note = (state, Text(message, more), column)
        known = self.told.setdefault(at, [])
        if note not in known:
            known.append(note)

    def unsay(self, at: int, state: State) -> None:
        """Take back what was said of a row in a state."""
        self.told[at] = [note for note in self.told.get(at, ()) if note[0] is not state]
        if not self.told[at]:
            del self.told[at]

    def send_back(self, at: int) -> None:
        """Hand a row back that was to be looked at."""
        if at not in self.told:
            return
        self.told[at] = [
            (State.BACK if state is State.LOOK else state, text, column)
            for state, text, column in self.told[at]
        ]

    def is_back(self, at: int) -> bool:
        return any(one[0] is State.BACK for one in self.told.get(at, ()))


@dataclass(slots=True)
class _Person:
    """A person while it is put together; `whole` says that nothing needed is missing."""

    piece: Piece
    surname: str = ""
    given_names: str = ""
    sex: Sex | None = None
    relation: Relation | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Names:
    """How whole names are read: surname first or last, and what names tell of the sex."""

    surname_first: bool
    surnames: frozenset[str]
    women: frozenset[str]
    men: frozenset[str]

    def sex_of(self, given: str) -> Sex | None:
        words = fold(given).split()
        for word in words[:1]:
            woman, man = word in self.women, word in self.men
            if woman != man:
                return Sex.FEMALE if woman else Sex.MALE
        return None


@dataclass(slots=True)
class PeopleReader:
    """Turns drafts into persons, and says of every row what became of it."""

    reader: Reader
    notes: Notes
    names: Names

    def persons_of(self, draft: Draft) -> tuple[FoundPerson, ...]:
        """Return the household's persons, the member first; empty when it cannot come in."""
        found = [self._person(piece) for piece in self._pieces(draft)]
        found = self._without_repeats(found)
        member = self._member(found, draft)
        if member is None:
            return ()
        found.remove(member)
        for one in found:
            if one.relation is None:
                one.relation = self._relation_by_age(one, member)
            if not one.surname and one.given_names and not self.notes.is_back(one.piece.at):
                one.surname = member.surname
                self.notes.say(one.piece.at, State.REPAIRED, SURNAME)
        whole = [made for one in (member, *found) if (made := self._made(one, member)) is not None]
        if not whole or whole[0].relation is not Relation.SELF:
            self._send_back(draft, member.piece.at)
            return ()
        self._doubt_links(draft, whole)
        return tuple(whole)

    def _doubt_links(self, draft: Draft, persons: Sequence[FoundPerson]) -> None:
        """Doubt what two households that were mixed show: links that cannot be."""
        member = persons[0]
        columns = {
            piece.at: piece.cells[Field.RELATION][1]
            for piece in draft.pieces
            if Field.RELATION in piece.cells
        }
        for one in persons[1:]:
            if one.relation in {Relation.SPOUSE, Relation.CO_SPOUSE} and one.sex is member.sex:
                self.notes.say(one.at, State.LOOK, SAME_SEX, columns.get(one.at))
            if one.relation is Relation.CHILD and _older(one, member):
                self.notes.say(one.at, State.LOOK, OLDER_CHILD, columns.get(one.at))

    def _send_back(self, draft: Draft, at: int) -> None:
        for row in draft.rows:
            if row != at and not self.notes.is_back(row):
                self.notes.say(row, State.BACK, MEMBER_BACK, row=at + 1)

    def _pieces(self, draft: Draft) -> list[Piece]:
        found: list[Piece] = []
        for piece in draft.pieces:
            if piece.slot >= 0:
                found.append(piece)
                continue
            cell, column = piece.cells[Field.PEOPLE]
            for told in people_of(cell):
                cells: dict[Field, tuple[Cell, int]] = {Field.NAME: (told.name, column)}
                if told.birth:
                    cells[Field.BIRTH] = (told.birth, column)
                if told.sex:
                    cells[Field.SEX] = (told.sex, column)
                if told.relation:
                    cells[Field.RELATION] = (told.relation, column)
                found.append(Piece(piece.at, 1, cells, piece.relation, piece.sex))
        return found

    # One person

    def _read(self, piece: Piece, what: Field) -> Read:
        if what not in piece.cells:
            if (what, "") not in self.reader.choices.repairs:
                return NOTHING
            self.reader.wrong(what, "", Text(_MISSING[what]), None)
            cell: Cell = self.reader.choices.repairs[what, ""]
            column: int | None = None
        else:
            cell, column = piece.cells[what]
        read = self.reader.read(what, cell)
        if read.wrong is not None:
            needed = what in {Field.BIRTH, Field.SEX} and not piece.slot
            state = State.BACK if needed else State.LOOK
            self.notes.say(piece.at, state, WRONG, column, value=str(cell), reason=read.wrong)
        elif read.mended:
            self.notes.say(piece.at, State.REPAIRED, MENDED, column, value=str(cell))
        return read

    def _person(self, piece: Piece) -> _Person:
        one = _Person(piece)
        surname = self._text(piece, Field.SURNAME)
        given = self._text(piece, Field.GIVEN_NAMES)
        whole = self._text(piece, Field.NAME)
        if whole and not (surname and given):
            surname, given = split_name(
                whole, surname_first=self.names.surname_first, surnames=self.names.surnames
            )
        elif surname and not given and len(surname.split()) > 1:
            surname, given = split_name(surname, surname_first=True, surnames=self.names.surnames)
        one.surname, one.given_names = surname, given
        told = self._read(piece, Field.RELATION).value
        one.relation, sex = told or (piece.relation, None)
        one.sex = self._read(piece, Field.SEX).value or sex or piece.sex
        return one

    def _text(self, piece: Piece, what: Field) -> str:
        if what not in piece.cells:
            return ""
        told = self.reader.as_written(what, piece.cells[what][0])
        return told if told is not None else self._read(piece, what).value or ""

    def _without_repeats(self, found: list[_Person]) -> list[_Person]:
        """Leave out a head who stands once more in the next row, and keep what that row adds."""
        if len(found) < 2:
            return found
        head, second = found[0], found[1]
        same = _words(head) == _words(second) and bool(_words(head))
        if (
            not same
            or second.piece.at == head.piece.at
            or second.relation
            not in {
                None,
                Relation.SELF,
            }
        ):
            return found
        if self._differs(head, second):
            return found
        for what, cell in second.piece.cells.items():
            head.piece.cells.setdefault(what, cell)
        head.sex = head.sex or second.sex
        head.relation = head.relation or second.relation
        self.notes.told.pop(second.piece.at, None)
        self.notes.say(second.piece.at, State.LEFT, REPEATED)
        return [head, *found[2:]]

    def _differs(self, head: _Person, second: _Person) -> bool:
        ours = self._read(head.piece, Field.BIRTH).value
        other = self._read(second.piece, Field.BIRTH).value
        return bool(ours and other and ours.day.year != other.day.year)

    # The household

    def _member(self, found: list[_Person], draft: Draft) -> _Person | None:
        selves = [one for one in found if one.relation is Relation.SELF]
        named = [one for one in found if one.surname or one.given_names]
        if not named:
            for row in draft.rows:
                self.notes.say(row, State.BACK, NO_NAME)
            return None
        member = selves[0] if selves else self._named_head(named, draft) or found[0]
        for one in selves[1:]:
            one.relation = Relation.OTHER
            self.notes.say(one.piece.at, State.LOOK, TWO_HEADS)
        member.relation = Relation.SELF
        return member

    def _named_head(self, named: Sequence[_Person], draft: Draft) -> _Person | None:
        if Field.HEAD not in draft.cells:
            return None
        head = sorted(fold(str(draft.cells[Field.HEAD][0])).split())
        return next((one for one in named if _words(one) == head), None)

    def _relation_by_age(self, one: _Person, member: _Person) -> Relation:
        """Return what somebody without a link is likely to be: a spouse, a child, or other."""
        theirs = self._read(one.piece, Field.BIRTH).value
        ours = self._read(member.piece, Field.BIRTH).value
        if not (theirs and ours) or one.piece.slot == 0:
            return Relation.OTHER
        apart = theirs.day.year - ours.day.year
        adult = self.reader.today.year - theirs.day.year >= ADULT
        if adult and apart < GENERATION and one.sex is not member.sex:
            return Relation.SPOUSE
        return Relation.CHILD if apart >= YOUNGEST_PARENT else Relation.OTHER

    def _made(self, one: _Person, member: _Person) -> FoundPerson | None:
        """Return the person, or None after saying what is missing."""
        at = one.piece.at
        if not (one.surname and one.given_names):
            self._miss_name(one)
            return None
        sex = one.sex or self._sex_of(one, member)
        birth = self._read(one.piece, Field.BIRTH)
        if sex is None and not self._said(one, Field.SEX):
            self._miss(one, Field.SEX)
        if birth.value is None and birth.wrong is None:
            self._miss(one, Field.BIRTH)
        if sex is None or birth.value is None:
            return None
        return FoundPerson(
            at,
            one.surname,
            one.given_names,
            sex,
            birth.value,
            one.relation or Relation.OTHER,
            number=self._text(one.piece, Field.PERSON_NUMBER),
            occupation=self._text(one.piece, Field.OCCUPATION),
            birth_place=self._text(one.piece, Field.BIRTH_PLACE),
            identity=self._text(one.piece, Field.IDENTITY),
        )

    def _miss_name(self, one: _Person) -> None:
        if one.piece.slot and not _words(one):
            return
        message = ONE_WORD if _words(one) else NO_NAME
        self.notes.say(one.piece.at, State.LOOK if one.piece.slot else State.BACK, message)

    def _miss(self, one: _Person, what: Field) -> None:
        """Say that something is not told; one decision may tell it for all.

        Of several people in one row, the row is to be looked at: the others can come in.
        """
        self.reader.wrong(what, "", Text(_MISSING[what]), None)
        if one.piece.slot:
            name = f"{one.given_names} {one.surname}".strip()
            reason = Text(_MISSING[what])
            self.notes.say(one.piece.at, State.LOOK, WRONG, value=name, reason=reason)
        else:
            self.notes.say(one.piece.at, State.BACK, _MISSING[what])

    def _said(self, one: _Person, what: Field) -> bool:
        return what in one.piece.cells and self._read(one.piece, what).wrong is not None

    def _sex_of(self, one: _Person, member: _Person) -> Sex | None:
        if Field.SEX in one.piece.cells and self._read(one.piece, Field.SEX).wrong:
            return None
        if one.relation in {Relation.SPOUSE, Relation.CO_SPOUSE} and member.sex is not None:
            return Sex.FEMALE if member.sex is Sex.MALE else Sex.MALE
        told = self.names.sex_of(one.given_names)
        if told is not None:
            one.sex = told
            self.notes.say(one.piece.at, State.REPAIRED, SEX_BY_NAME)
        return told


def _older(child: FoundPerson, member: FoundPerson) -> bool:
    births = child.birth, member.birth
    if births[0] is None or births[1] is None:
        return False
    return births[0].day.year < births[1].day.year


def _words(one: _Person) -> list[str]:
    return sorted(fold(f"{one.surname} {one.given_names}").split())
