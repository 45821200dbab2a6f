"""Reading the scheme and its sections as they stand on a day."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from stepdesk.scheme.model import section, section_version
from stepdesk.scheme.terms import Scheme, Section, SectionKind
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch
from stepdesk.values.ids import SectionId

_VERSIONS = (
    "SELECT v.name, v.code, v.language, v.first_day, b.country, b.practice"
    " FROM scheme_version v, book b ORDER BY v.first_day, v.id"
)


def scheme_on(connection: Connection, day: date) -> Scheme:
    """Return the version in force; before the first one, the first."""
    versions = remembered(connection, ("scheme_version", "book"), _versions)
    held = [row for row in versions if row.first_day <= day.isoformat()]
    row = held[-1] if held else versions[0]
    return Scheme(
        row.name,
        row.code,
        row.language,
        date.fromisoformat(row.first_day),
        row.country,
        bool(row.practice),
    )


def _versions(connection: Connection) -> tuple[Any, ...]:
    return tuple(fetch(connection, _VERSIONS))


def sections_on(connection: Connection, day: date) -> tuple[Section, ...]:
    """Return all sections by code, each as it stands on the day."""
    rows = connection.execute(
        select(
            section.c.id,
            section.c.code,
            section_version.c.name,
            section_version.c.kind,
            section_version.c.first_day,
        )
        .join(section_version, section_version.c.section_id == section.c.id)
        .order_by(section.c.code, section_version.c.first_day, section_version.c.id)
    ).all()
    standing: dict[bytes, Section] = {}
    for row in rows:
        if row.id not in standing or row.first_day <= day.isoformat():
            standing[row.id] = Section(
                SectionId(row.id),
                row.code,
                row.name,
                SectionKind(row.kind),
                date.fromisoformat(row.first_day),
            )
    return tuple(standing.values())


def section_by_legacy(connection: Connection) -> dict[str, SectionId]:
    """Return sections by the code they had in the system they came from."""
    rows = connection.execute(
        select(section.c.legacy_code, section.c.id).where(section.c.legacy_code.is_not(None))
    ).all()
    return {row.legacy_code: SectionId(row.id) for row in rows}
