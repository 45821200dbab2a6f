"""Finding people and households."""

from stepdesk.members.queries.cards import (
    card_version_of,
    card_versions,
    cards_of,
    membership_form,
    pad_blocks,
    scanned,
)
from stepdesk.members.queries.files import (
    Lasting,
    categories,
    covers_between,
    covers_of,
    events_of,
    history_of,
    household_file,
    lasting,
    person_names,
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
    why_found,
)
from stepdesk.members.queries.lists import (
    ORDERS,
    counts_on,
    household_ids,
    household_rows,
)
from stepdesk.members.queries.photos import (
    photo_of,
    photos,
    without_photo,
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
    "Lasting",
    "alike",
    "by_phone",
    "card_version_of",
    "card_versions",
    "cards_of",
    "categories",
    "counts_on",
    "cover_row",
    "covers_between",
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
    "lasting",
    "membership_form",
    "name_of",
    "pad_blocks",
    "person_names",
    "person_of",
    "person_of_card",
    "person_row",
    "photo_of",
    "photos",
    "same_person",
    "scanned",
    "search",
    "similar_numbers",
    "stale_search_rows",
    "statutes",
    "why_found",
    "without_photo",
]
