"""Finding people and households."""

from stepdesk.members.queries.files import (
    all_covers,
    covers_of,
    events_of,
    history_of,
    household_file,
    person_of,
    same_person,
    statutes,
)
from stepdesk.members.queries.finding import (
    alike,
    by_phone,
    duplicates,
    household_of_number,
    person_of_card,
    search,
    similar_numbers,
)
from stepdesk.members.queries.lists import (
    ORDERS,
    counts_on,
    household_ids,
    household_rows,
)
from stepdesk.members.queries.rows import (
    SECTION_NAME,
    cover_row,
    day_or_none,
    event_row,
    name_of,
    person_row,
)
from stepdesk.members.queries.searched import (
    stale_search_rows,
)

__all__ = [
    "ORDERS",
    "SECTION_NAME",
    "alike",
    "all_covers",
    "by_phone",
    "counts_on",
    "cover_row",
    "covers_of",
    "day_or_none",
    "duplicates",
    "event_row",
    "events_of",
    "history_of",
    "household_file",
    "household_ids",
    "household_of_number",
    "household_rows",
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
