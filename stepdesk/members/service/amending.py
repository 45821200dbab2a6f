"""What a newer register tells of people it brought in before: written, and taken back with it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import household, person
from stepdesk.members.service.reversing import reverse_event
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import write_event
from stepdesk.members.terms import EventKind
from stepdesk.store.work import Work, plain
from stepdesk.values.ids import MOST_IDS, EventId, HouseholdId, ImportId, PersonId, step

_PEOPLE = "SELECT DISTINCT person_id FROM cover WHERE household_id = :household"
_PERSON = "SELECT * FROM person WHERE id = :id"
_HOUSEHOLD = "SELECT * FROM household WHERE id = :id"
_EVENTS = (
    "SELECT e.* FROM membership_event e WHERE e.id > :batch AND e.id < :last AND"
    " e.kind IN ('CORRECTED', 'MOVED') AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = e.id) ORDER BY e.id DESC"
)
_COLUMNS = (
    *("surname", "given_names", "sex", "birth", "birth_known", "legacy_number"),
    *("occupation", "birth_place", "identity", "phone", "address"),
)
_PART = re.compile(rf"(?:^|; )({'|'.join(_COLUMNS)}): ")


def correct_by_register(
    work: Work, *, persons: Mapping[PersonId, Mapping[str, object]],
    households: Mapping[HouseholdId, Mapping[str, object]],
    homes: Mapping[PersonId, HouseholdId], reason: str,
) -> int:  # fmt: skip
    """Write what a newer register tells of people it brought in; return how many changed.

    Each has an event that tells from what to what: by it the change is taken back.
    """
    for person_id, changes in persons.items():
        told = _differences(work.row(_PERSON, id=person_id), changes)
        work.update(person, person_id, **changes)
        _note(work, homes[person_id], person_id, told, reason)
    for household_id, changes in households.items():
        told = _differences(work.row(_HOUSEHOLD, id=household_id), changes)
        work.update(household, household_id, **changes)
        _note(work, household_id, None, told, reason)
    _refresh(work, [*persons], [*households])
    return len(persons) + len(households)


def _differences(row: Any, changes: Mapping[str, object]) -> str:  # noqa: ANN401
    """Return what changes, as `surname: Diop > Dieng; birth: 1979-07-01 > 1980-07-01`."""
    spelled = (
        (name, str(getattr(row, name) or ""), str(plain(value) or ""))
        for name, value in changes.items()
    )
    return "; ".join(f"{name}: {former} > {new}" for name, former, new in spelled if former != new)


def _note(
    work: Work, home: HouseholdId, person_id: PersonId | None, told: str, reason: str
) -> None:
    if told:
        write_event(
            work,
            home,
            EventKind.CORRECTED,
            work.today,
            person_id=person_id,
            reason=reason,
            document=told,
        )


def _refresh(work: Work, persons: list[PersonId], homes: list[HouseholdId]) -> None:
    # A household's telephone stands in the search rows of all its people.
    touched = dict.fromkeys(persons)
    for home in homes:
        rows = work.rows(_PEOPLE, household=home)
        touched.update(dict.fromkeys(PersonId(row.person_id) for row in rows))
    if touched:
        refresh_search(work, touched)


def take_back_corrections(work: Work, *, batch_id: ImportId, reason: str) -> int:
    """Take back what an import changed of people and households that were there; return how many.

    Corrections of imports before events told from what to what stay as they are.

    Raises:
        Refusal: something of it was changed again since, or a household moved on.
    """
    rows = work.rows(_EVENTS, batch=batch_id, last=step(batch_id, MOST_IDS))
    persons, homes = [], []
    for row in rows:
        if row.kind == EventKind.MOVED.value:
            reverse_event(work, event_id=EventId(row.id), reason=reason, accepting={"backdated"})
            continue
        if not row.document:
            continue
        _restore(work, row)
        write_event(
            work,
            HouseholdId(row.household_id),
            EventKind.REVERSED,
            work.today,
            person_id=row.person_id and PersonId(row.person_id),
            reason=reason,
            reverses=EventId(row.id),
        )
        if row.person_id:
            persons.append(PersonId(row.person_id))
        else:
            homes.append(HouseholdId(row.household_id))
    _refresh(work, persons, homes)
    return len(rows)


def _restore(work: Work, event: Any) -> None:  # noqa: ANN401
    table, key = (household, event.household_id)
    if event.person_id:
        table, key = person, event.person_id
    row = work.row(_PERSON if event.person_id else _HOUSEHOLD, id=key)
    work.update(table, key, **dict(_former(table, event.document, row)))


def _former(table: Table, told: str, row: Any) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401
    """Yield columns with what they held before a correction.

    Raises:
        Refusal: when one no longer holds what the correction wrote.
    """
    names = list(_PART.finditer(told))
    ends = [one.start() for one in names[1:]] + [len(told)]
    for name, end in zip(names, ends, strict=True):
        change, now = told[name.end() : end], f" > {getattr(row, name[1]) or ''}"
        if not change.endswith(now):
            raise Refusal(
                Text(
                    N_(
                        "What this import changed was changed again since, so it is not taken back."
                        " Correct it in the file of the household."
                    )
                ),
                field="batch",
            )
        former = change.removesuffix(now)
        yield name[1], former if former or not table.c[name[1]].nullable else None
