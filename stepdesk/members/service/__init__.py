"""What is done in the members' room."""

from stepdesk.members.service.bringing import (
    Brought,
    NewBatch,
    add_to_batch,
    batch_of,
    bring_in_households,
    correct_by_register,
    keep_mapping,
    note_batch,
    note_rows,
    seal_batch,
    take_back_households,
)
from stepdesk.members.service.register import end_membership, record_event, register_household
from stepdesk.members.service.searching import (
    put_search_rows,
    rebuild_search,
    refresh_search,
)

__all__ = [
    "Brought",
    "NewBatch",
    "add_to_batch",
    "batch_of",
    "bring_in_households",
    "correct_by_register",
    "end_membership",
    "keep_mapping",
    "note_batch",
    "note_rows",
    "put_search_rows",
    "rebuild_search",
    "record_event",
    "refresh_search",
    "register_household",
    "seal_batch",
    "take_back_households",
]
