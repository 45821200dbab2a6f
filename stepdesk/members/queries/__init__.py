"""Finding people and households."""

from stepdesk.members.queries.files import (
    Lasting,
    covers_between,
    covers_of,
    events_of,
    history_of,
    household_file,
    lasting,
    person_of,
    same_person,
    statutes,
)
from stepdesk.members.queries.finding import (
    household_of_number,
    person_of_card,
    search,
    similar_numbers,
    stale_search_rows,
)
from stepdesk.members.queries.lists import ORDERS, counts_on, household_ids, household_rows
from stepdesk.members.queries.rows import cover_row, day_or_none, event_row, name_of, person_row

__all__ = [
    "ORDERS",
    "Lasting",
    "counts_on",
    "cover_row",
    "covers_between",
    "covers_of",
    "day_or_none",
    "event_row",
    "events_of",
    "history_of",
    "household_file",
    "household_ids",
    "household_of_number",
    "household_rows",
    "lasting",
    "name_of",
    "person_of",
    "person_of_card",
    "person_row",
    "same_person",
    "search",
    "similar_numbers",
    "stale_search_rows",
    "statutes",
]
