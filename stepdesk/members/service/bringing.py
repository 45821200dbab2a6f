"""Bringing in a register: many households through the bulk writer, and taking a batch back.

What is read and doubted is done before: here every row is written, in one act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import (
    cover,
    enrolment,
    household,
    import_batch,
    import_mapping,
    import_row,
    membership_event,
    person,
)
from stepdesk.members.queries.searched import Fresh
from stepdesk.members.service.searching import put_fresh, refresh_search
from stepdesk.members.terms import EventKind, NewPerson, Relation
from stepdesk.progress import Progress
from stepdesk.store.acts import Plain
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, ImportId, PersonId, PlanId, SectionId

_NEXT = "SELECT coalesce(max(serial), 0) + 1 AS next FROM household"
_SUFFIXES = "SELECT c.household_id, max(c.suffix) AS last FROM cover c GROUP BY c.household_id"
_BATCH = "SELECT * FROM import_batch WHERE id = :batch"
# An import that corrects a person, or was told who a row is, names them too: whom it brought in
# was written behind it.
_FIRST = (
    "(SELECT DISTINCT i.person_id, i.household_id FROM import_row i WHERE i.batch_id = :batch"
    " AND i.person_id > :batch)"
)
_BATCH_COVERS = (
    "SELECT c.id, c.first_day, c.until, c.household_id, c.begun_by, c.person_id FROM cover c"  # noqa: S608 - our own words
    f" JOIN {_FIRST} n ON n.person_id = c.person_id AND n.household_id = c.household_id"
)
_BATCH_HOMES = (
    f"SELECT DISTINCT h.id, h.joined_on FROM {_FIRST} n JOIN household h"  # noqa: S608 - our own words
    " ON h.id = n.household_id AND h.member_person_id = n.person_id"
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A household to write, or new persons of one that is there (`known`).

    `keys` names the row of each person; `counts_from` is the day waiting counts from when it is
    not the first contribution's.
    """

    section_id: SectionId
    plan_id: PlanId
    persons: Sequence[NewPerson]
    keys: Sequence[bytes]
    joined_on: date
    counts_from: date | None = None
    phone: str = ""
    contact: str = ""
    address: str = ""
    legacy_number: str = ""
    declared_size: int = 0
    known: HouseholdId | None = None


@dataclass(frozen=True, slots=True)
class NewBatch:
    """An import as the book keeps it: the file, its hash, its rows, and the choices made."""

    file: str
    fingerprint: bytes
    rows: int
    taken: int
    repaired: int
    left_out: int
    handed_back: int
    mapping: str


_ORDER = (person, household, membership_event, cover, enrolment, import_row)


@dataclass(slots=True)
class _Rows:
    """Rows by table as they are kept: the id, then every column of the table in its order.

    They are written in the order in which others point to them.
    """

    work: Work
    batch_id: ImportId
    today: str = ""
    told: dict[Any, list[tuple[Plain, ...]]] = field(
        default_factory=lambda: {table: [] for table in _ORDER}
    )
    fresh: list[Fresh] = field(default_factory=list)
    late: list[PersonId] = field(default_factory=list)
    days: dict[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.work.today.isoformat()

    def day(self, day: date) -> str:
        """Return a day as it is kept; a register has few of joining and many of birth."""
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = day.isoformat()
        return found

    def write(self, progress: Progress) -> None:
        for at, table in enumerate(_ORDER):
            progress.step(at, len(_ORDER), Text(N_("Writing the households")))
            if self.told[table]:
                self.work.insert_rows(table, self.told.pop(table))
        put_fresh(self.work, self.fresh)
        if self.late:
            refresh_search(self.work, self.late)


def note_batch(work: Work, *, batch: NewBatch) -> ImportId:
    """Write down an import; what it brought in points to it."""
    batch_id = ImportId(work.new_id())
    work.insert(
        import_batch,
        id=batch_id,
        file=batch.file,
        fingerprint=batch.fingerprint,
        imported_on=work.today,
        rows=batch.rows,
        taken=batch.taken,
        repaired=batch.repaired,
        left_out=batch.left_out,
        handed_back=batch.handed_back,
        mapping=batch.mapping,
    )
    return batch_id


def seal_batch(work: Work, *, batch_id: ImportId, mapping: str) -> None:
    """Write down what is known of a batch only behind its rows; in the work that notes it."""
    work.update(import_batch, batch_id, mapping=mapping)


def note_rows(
    work: Work, *, batch_id: ImportId, rows: Iterable[tuple[bytes, HouseholdId, PersonId | None]]
) -> None:
    """Write down which row of the file became what: (its key, household, person or None)."""
    work.insert_many(
        import_row,
        (
            {
                "id": work.new_id(),
                "batch_id": batch_id,
                "row_key": key,
                "household_id": household_id,
                "person_id": person_id,
            }
            for key, household_id, person_id in rows
        ),
    )


def add_to_batch(
    work: Work,
    *,
    batch_id: ImportId,
    households: Sequence[Brought],
    progress: Progress | None = None,
) -> tuple[HouseholdId, ...]:
    """Write households and their import rows; return their ids in order."""
    rows, serial = _Rows(work, batch_id), int(work.rows(_NEXT)[0].next)
    suffixes: dict[bytes, int] = {}
    if any(one.known for one in households):
        suffixes = {row.household_id: row.last for row in work.rows(_SUFFIXES)}
    ids = []
    for one in households:
        if one.known is None:
            ids.append(_new_home(rows, serial, one))
            serial += 1
        else:
            _new_people(rows, one, one.known, suffixes)
            ids.append(one.known)
    rows.write(progress or Progress())
    return tuple(ids)


def _person_row(rows: _Rows, one: NewPerson) -> tuple[PersonId, str, str, str]:
    person_id = PersonId(rows.work.new_id())
    surname, given = " ".join(one.surname.split()), " ".join(one.given_names.split())
    birth = rows.day(one.birth.day)
    rows.told[person].append(
        (
            *(person_id, one.sex.value, surname, given, birth, one.birth.known.value),
            *(None, one.legacy_number, None),
            *(one.occupation or None, one.birth_place or None, one.identity or None, None),
        )
    )
    return person_id, surname, given, birth


def _new_home(rows: _Rows, serial: int, one: Brought) -> HouseholdId:
    new_id = rows.work.new_id
    home, day = HouseholdId(new_id()), rows.day(one.joined_on)
    people = [_person_row(rows, told) for told in one.persons]
    rows.told[household].append(
        (
            *(home, serial, one.section_id, day, one.declared_size or len(people), people[0][0]),
            *(one.phone, one.address, one.legacy_number),
            *(None, None, None, None, one.contact or None, None),
            *(None, None),
        )
    )
    counts_from = None if one.counts_from is None else rows.day(one.counts_from)
    kind = EventKind.REGISTERED.value
    rows.told[membership_event].append(
        (new_id(), home, kind, day, "", None, counts_from, None, None, None, rows.today)
    )
    rows.told[enrolment].append((new_id(), home, one.plan_id, day))
    covers, brought = rows.told[cover], rows.told[import_row]
    for suffix, (told, (who, surname, given, birth), key) in enumerate(
        zip(one.persons, people, one.keys, strict=True)
    ):
        covers.append(
            (new_id(), home, who, suffix, told.relation.value, day, None, None, None, None)
        )
        brought.append((new_id(), rows.batch_id, key, home, who))
        rows.fresh.append(
            Fresh(
                *(who, surname, given, told.legacy_number, birth, home),
                *(one.phone, one.legacy_number, not suffix),
            )
        )
    return home


def _new_people(rows: _Rows, one: Brought, home: HouseholdId, suffixes: dict[bytes, int]) -> None:
    new_id = rows.work.new_id
    for told, key in zip(one.persons, one.keys, strict=True):
        (who, *_), event_id = _person_row(rows, told), new_id()
        kind = EventKind.JOINED_LATE.value
        rows.told[membership_event].append(
            (event_id, home, kind, rows.today, "", who, None, None, None, None, rows.today)
        )
        suffix = suffixes[home] = suffixes.get(home, -1) + 1
        relation = Relation.OTHER if told.relation is Relation.SELF else told.relation
        rows.told[cover].append(
            (new_id(), home, who, suffix, relation.value, rows.today, None, None, event_id, None)
        )
        rows.told[import_row].append((new_id(), rows.batch_id, key, home, who))
        rows.late.append(who)


# Taking a batch back


def batch_of(work: Work, batch_id: ImportId) -> Any:  # noqa: ANN401
    """Return the row of a batch that stands.

    Raises:
        Refusal: when there is none, or it was undone before.
    """
    row = work.row(_BATCH, batch=batch_id)
    if row is None:
        raise Refusal(Text(N_("There is no such import. Check the number.")), field="batch")
    if row.undone_on is not None:
        raise Refusal(
            Text(N_("This import was undone before. Bring the file in again if it is needed.")),
            field="batch",
        )
    return row


def take_back_households(work: Work, *, batch_id: ImportId) -> tuple[HouseholdId, ...]:
    """Say of a batch's households that their membership never was; return them.

    Covers end on their first day. Persons who were added to a household that was there before
    leave it, the household stays.
    """
    homes = {row.id: row.joined_on for row in work.rows(_BATCH_HOMES, batch=batch_id)}
    for home, joined_on in homes.items():
        work.insert(
            membership_event,
            id=work.new_id(),
            household_id=home,
            kind=EventKind.VOIDED,
            effective_on=joined_on,
            reason="",
            recorded_on=work.today,
        )
    people = []
    for row in work.rows(_BATCH_COVERS, batch=batch_id):
        people.append(PersonId(row.person_id))
        if row.until is None or row.until > row.first_day:
            work.update(cover, row.id, until=row.first_day)
        if row.household_id not in homes and row.begun_by is not None:
            work.insert(
                membership_event,
                id=work.new_id(),
                household_id=row.household_id,
                kind=EventKind.REVERSED,
                effective_on=date.fromisoformat(row.first_day),
                reason="",
                person_id=row.person_id,
                reverses=row.begun_by,
                recorded_on=work.today,
            )
    work.update(import_batch, batch_id, undone_on=work.today)
    refresh_search(work, people)
    return tuple(HouseholdId(one) for one in homes)


def keep_mapping(work: Work, *, header: bytes, content: str) -> None:
    """Remember on this laptop what the columns of a header mean; no act is made of it."""
    work.write_derived(
        import_mapping,
        "INSERT OR REPLACE INTO import_mapping (header, content) VALUES (?,?)",
        [(header, content)],
    )
