"""Whom to remind today, and whether a message reaches them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.countries.pack import CountryPack
from stepdesk.payers.queries import places_of
from stepdesk.progress import Progress
from stepdesk.reports.queries.registers import letters_by_household
from stepdesk.reports.terms import LetterKind, Reminder
from stepdesk.store.reading import fetch
from stepdesk.values.ids import GroupId, HouseholdId, SectionId, StaffId
from stepdesk.values.phones import dialled, takes_messages

_TOLD = "SELECT id, phone, sms_consent FROM household"
_LAST_CARRIED = (
    "SELECT p.household_id, coalesce(p.collector_id, s.collector_id) AS collector, max(p.id)"
    " FROM payment p LEFT JOIN collection_session s ON s.id = p.session_id"
    " WHERE p.amount > 0 GROUP BY p.household_id"
)


def round_of(
    connection: Connection,
    day: date,
    *,
    group_id: GroupId | None = None,
    collector_id: StaffId | None = None,
) -> frozenset[HouseholdId] | None:
    """Return the households of a group's list, or of a collector's round; None when none is named.

    A collector's round are those whose last receipt was theirs. Both named, who is in both.
    """
    found: frozenset[HouseholdId] | None = None
    if group_id is not None:
        places = places_of(connection, group_id, day)
        found = frozenset(one.household_id for one in places)
    if collector_id is not None:
        rows = fetch(connection, _LAST_CARRIED)
        carried = frozenset(
            HouseholdId(row.household_id) for row in rows if row.collector == collector_id
        )
        found = carried if found is None else found & carried
    return found


def reminders_of(
    connection: Connection,
    kind: LetterKind,
    day: date,
    country: CountryPack,
    *,
    section_id: SectionId | None = None,
    group_id: GroupId | None = None,
    collector_id: StaffId | None = None,
    within: int = 30,
    progress: Progress | None = None,
) -> Iterator[Reminder]:
    """Yield who must be told what on a day, by section and number; see `letters_of`.

    Args:
        connection: A reader.
        kind: Of arrears, of a renewal near, of waiting that is over.
        day: The day of the reminder.
        country: How its telephones are dialled.
        section_id: Only this village.
        group_id: Only the list of this group.
        collector_id: Only whom this collector collected from last.
        within: Days ahead for a renewal, days back for the end of waiting.
        progress: Stepped now and then.

    Source: screens handbook, row 16: consent is asked of each household, to messages apart from
    that to keep its data.
    """
    only = round_of(connection, day, group_id=group_id, collector_id=collector_id)
    if only is not None and not only:
        return
    told = {row.id: row for row in fetch(connection, _TOLD)}
    for one, letter in letters_by_household(
        connection,
        kind,
        day,
        country.currency,
        ids=only or (),
        section_id=section_id,
        within=within,
        progress=progress,
    ):
        row = told[one]
        numbers = dialled(row.phone or "", country.phones)
        mobile = next(filter(takes_messages, numbers), "")
        consent = None if row.sms_consent is None else bool(row.sms_consent)
        fixed = bool(numbers) and not mobile
        yield Reminder(one, letter, numbers[0] if fixed else mobile, consent, fixed=fixed)
