"""Lists of households, and how many there are."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.members.queries.rows import (
    SECTION_NAME,
    name_of,
)
from stepdesk.members.terms import (
    ENDINGS,
    HouseholdRow,
)
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import (
    HouseholdId,
    SectionId,
)

_LIST = (
    f"SELECT h.id, h.serial, h.section_id, s.code AS section_code, {SECTION_NAME} AS section,"
    " m.surname, m.given_names, h.joined_on, (SELECT count(*) FROM cover c"
    " WHERE c.household_id = h.id AND c.first_day <= :day AND (c.until IS NULL OR c.until > :day))"
    " AS beneficiaries FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id"
)
_ENDED = ",".join(sorted(f"'{kind.value}'" for kind in ENDINGS))
_COUNTS = (
    "SELECT (SELECT count(*) FROM household) - (SELECT count(DISTINCT e.household_id)"
    f" FROM membership_event e WHERE e.kind IN ({_ENDED}) AND e.effective_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM membership_event x WHERE x.reverses = e.id)"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.household_id = e.household_id"
    " AND r.kind = 'READMITTED' AND r.effective_on <= :day"
    " AND NOT EXISTS (SELECT 1 FROM membership_event x WHERE x.reverses = r.id)"
    " AND (r.effective_on, r.id) > (e.effective_on, e.id))),"
    " (SELECT count(*) FROM cover c"
    " WHERE c.first_day <= :day AND (c.until IS NULL OR c.until > :day))"
)
ORDERS = {
    "number": "h.serial",
    "name": "m.surname, m.given_names, h.serial",
    "section": "s.code, h.serial",
}


def household_ids(
    connection: Connection, *, order: str = "number", section_id: SectionId | None = None
) -> tuple[HouseholdId, ...]:
    """Return all households in an order of `ORDERS`, of one section or of all."""
    where = "WHERE h.section_id = :section" if section_id else ""
    rows = connection.execute(
        text(
            "SELECT h.id FROM household h JOIN section s ON s.id = h.section_id"
            f" JOIN person m ON m.id = h.member_person_id {where} ORDER BY {ORDERS[order]}"
        ),
        {"section": section_id} if section_id else {},
    ).all()
    return tuple(HouseholdId(row.id) for row in rows)


def household_rows(
    connection: Connection, ids: Sequence[HouseholdId], day: date
) -> tuple[HouseholdRow, ...]:
    """Return the rows of these households, in the order asked."""
    marks = ",".join(f"x'{one.hex()}'" for one in ids)
    rows = fetch(connection, f"{_LIST} WHERE h.id IN ({marks})", day=day.isoformat())
    found = {
        row.id: HouseholdRow(
            HouseholdId(row.id),
            HouseholdNumber(row.section_code, row.serial),
            name_of(row.surname, row.given_names),
            SectionId(row.section_id),
            row.section,
            row.beneficiaries,
            date.fromisoformat(row.joined_on),
        )
        for row in rows
    }
    return tuple(found[one] for one in ids if one in found)


def counts_on(connection: Connection, day: date) -> tuple[int, int]:
    """Return how many households and covered people there are on a day.

    A household whose membership has ended is not counted.
    """
    row = connection.execute(text(_COUNTS), {"day": day.isoformat()}).one()
    return row[0], row[1]
