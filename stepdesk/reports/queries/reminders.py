"""Whom to remind today, and whether a message reaches them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.progress import Progress
from stepdesk.reports.queries.registers import letters_by_household
from stepdesk.reports.terms import LetterKind, Reminder
from stepdesk.store.reading import fetch
from stepdesk.values.ids import SectionId
from stepdesk.values.phones import dialled

_TOLD = "SELECT id, phone, consent FROM household"


def reminders_of(
    connection: Connection,
    kind: LetterKind,
    day: date,
    country: CountryPack,
    *,
    section_id: SectionId | None = None,
    within: int = 30,
    progress: Progress | None = None,
) -> Iterator[Reminder]:
    """Yield who must be told what on a day, by section and number; see `letters_of`.

    Args:
        connection: A reader.
        kind: Of arrears, of a renewal near, of waiting that is over.
        day: The day of the reminder.
        country: How its telephones are dialled.
        section_id: Only this village or group: a collector's round.
        within: Days ahead for a renewal, days back for the end of waiting.
        progress: Stepped now and then.

    Source: screens handbook, row 16: consent is asked of each household.
    """
    told = {row.id: row for row in fetch(connection, _TOLD)}
    for one, letter in letters_by_household(
        connection,
        kind,
        day,
        country.currency,
        section_id=section_id,
        within=within,
        progress=progress,
    ):
        row = told[one]
        numbers = dialled(row.phone or "", country.phones)
        consent = None if row.consent is None else bool(row.consent)
        yield Reminder(one, letter, numbers[0] if numbers else "", consent)
