"""Bringing in a register: many households through the bulk writer, and taking a batch back.

What is read and doubted is done before: here every row is written, in one act.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.terms import EventKind, NewPerson, Relation
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, ImportId, PersonId, PlanId, SectionId

_NEXT = "SELECT coalesce(max(serial), 0) + 1 AS next FROM household"
_SUFFIXES = "SELECT c.household_id, max(c.suffix) AS last FROM cover c GROUP BY c.household_id"
_BATCH = "SELECT * FROM import_batch WHERE id = :batch"
# A later import that corrects a person names them too: only the first brought them in.
_FIRST = (
    "(SELECT i.person_id, i.household_id FROM import_row i WHERE i.batch_id = :batch"
    " AND i.person_id IS NOT NULL AND i.id IN"
    " (SELECT min(id) FROM import_row WHERE person_id IS NOT NULL GROUP BY person_id))"
)
_BATCH_COVERS = (
    "SELECT c.id, c.first_day, c.until, c.household_id, c.begun_by, c.person_id FROM cover c"
    f" JOIN {_FIRST} n ON n.person_id = c.person_id AND n.household_id = c.household_id"
)
_BATCH_HOMES = (
    f"SELECT DISTINCT h.id, h.joined_on FROM {_FIRST} n JOIN household h"
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


@dataclass(slots=True)
class _Rows:
    """Rows by table, written in the order in which others point to them."""

    told: dict[Any, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: Any, **values: object) -> None:  # noqa: ANN401
        self.told.setdefault(table, []).append(values)

    def write(self, work: Work, progress: Progress) -> None:
        order = (person, household, membership_event, cover, enrolment, import_row)
        for at, table in enumerate(order):
            progress.step(at, len(order), Text(N_("Writing the households")))
            if table in self.told:
                work.insert_many(table, self.told.pop(table))


def bring_in_households(
    work: Work,
    *,
    batch: NewBatch,
    households: Sequence[Brought],
    progress: Progress | None = None,
) -> tuple[ImportId, tuple[HouseholdId, ...]]:
    """Write a register's households; return the batch and the households in their order."""
    batch_id = note_batch(work, batch=batch)
    ids = add_to_batch(work, batch_id=batch_id, households=households, progress=progress)
    return batch_id, ids


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
    rows, serial = _Rows(), int(work.rows(_NEXT)[0].next)
    suffixes: dict[bytes, int] = {}
    if any(one.known for one in households):
        suffixes = {row.household_id: row.last for row in work.rows(_SUFFIXES)}
    ids, people = [], []
    for one in households:
        if one.known is None:
            home = HouseholdId(work.new_id())
            people += _new_home(work, rows, batch_id, home, serial, one)
            serial += 1
        else:
            home = one.known
            people += _new_people(work, rows, batch_id, one, suffixes)
        ids.append(home)
    rows.write(work, progress or Progress())
    refresh_search(work, people)
    return tuple(ids)


def _person_row(work: Work, rows: _Rows, one: NewPerson) -> PersonId:
    person_id = PersonId(work.new_id())
    rows.add(
        person,
        id=person_id,
        sex=one.sex,
        surname=" ".join(one.surname.split()),
        given_names=" ".join(one.given_names.split()),
        birth=one.birth.day,
        birth_known=one.birth.known,
        legacy_number=one.legacy_number,
        occupation=one.occupation or None,
        birth_place=one.birth_place or None,
        identity=one.identity or None,
    )
    return person_id


def _new_home(
    work: Work, rows: _Rows, batch_id: ImportId, home: HouseholdId, serial: int, one: Brought
) -> list[PersonId]:
    people = [_person_row(work, rows, told) for told in one.persons]
    rows.add(
        household,
        id=home,
        serial=serial,
        section_id=one.section_id,
        joined_on=one.joined_on,
        declared_size=one.declared_size or len(people),
        member_person_id=people[0],
        phone=one.phone,
        contact=one.contact or None,
        address=one.address,
        legacy_number=one.legacy_number,
    )
    rows.add(
        membership_event,
        id=work.new_id(),
        household_id=home,
        kind=EventKind.REGISTERED,
        effective_on=one.joined_on,
        reason="",
        counts_from=one.counts_from,
        recorded_on=work.today,
    )
    for suffix, (person_id, told) in enumerate(zip(people, one.persons, strict=True)):
        _cover_row(work, rows, home, person_id, suffix, told.relation, one.joined_on)
    rows.add(
        enrolment, id=work.new_id(), household_id=home, plan_id=one.plan_id,
        first_day=one.joined_on,
    )  # fmt: skip
    _import_rows(work, rows, batch_id, home, people, one.keys)
    return people


def _new_people(
    work: Work, rows: _Rows, batch_id: ImportId, one: Brought, suffixes: dict[bytes, int]
) -> list[PersonId]:
    home = one.known
    if home is None:
        raise LookupError("no household")
    people = []
    for told in one.persons:
        person_id, event_id = _person_row(work, rows, told), work.new_id()
        rows.add(
            membership_event,
            id=event_id,
            household_id=home,
            kind=EventKind.JOINED_LATE,
            effective_on=work.today,
            reason="",
            person_id=person_id,
            recorded_on=work.today,
        )
        suffixes[home] = suffixes.get(home, -1) + 1
        relation = Relation.OTHER if told.relation is Relation.SELF else told.relation
        _cover_row(work, rows, home, person_id, suffixes[home], relation, work.today, event_id)
        people.append(person_id)
    _import_rows(work, rows, batch_id, home, people, one.keys)
    return people


def _cover_row(
    work: Work,
    rows: _Rows,
    home: HouseholdId,
    person_id: PersonId,
    suffix: int,
    relation: Relation,
    first_day: date,
    event_id: bytes | None = None,
) -> None:
    rows.add(
        cover,
        id=work.new_id(),
        household_id=home,
        person_id=person_id,
        suffix=suffix,
        relation=relation,
        first_day=first_day,
        begun_by=event_id,
    )


def _import_rows(
    work: Work,
    rows: _Rows,
    batch_id: ImportId,
    home: HouseholdId,
    people: Sequence[PersonId],
    keys: Sequence[bytes],
) -> None:
    for person_id, key in zip(people, keys, strict=True):
        rows.add(
            import_row,
            id=work.new_id(),
            batch_id=batch_id,
            row_key=key,
            household_id=home,
            person_id=person_id,
        )


# Corrections


def correct_by_register(
    work: Work, *, persons: Mapping[PersonId, Mapping[str, object]],
    households: Mapping[HouseholdId, Mapping[str, object]],
    homes: Mapping[PersonId, HouseholdId], reason: str,
) -> int:  # fmt: skip
    """Write what a newer register tells of people it brought in; return how many changed."""
    for person_id, changes in persons.items():
        work.update(person, person_id, **changes)
        work.insert(
            membership_event,
            id=work.new_id(),
            household_id=homes[person_id],
            kind=EventKind.CORRECTED,
            effective_on=work.today,
            reason=reason,
            person_id=person_id,
            recorded_on=work.today,
        )
    for household_id, changes in households.items():
        work.update(household, household_id, **changes)
    if persons:
        refresh_search(work, persons)
    return len(persons) + len(households)


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
        raise Refusal(Text(N_("This import was undone before.")), field="batch")
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
