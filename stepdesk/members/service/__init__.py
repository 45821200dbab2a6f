"""What is done in the members' room."""

from stepdesk.members.service.photos import photograph, remove_photo
from stepdesk.members.service.register import end_membership, record_event, register_household
from stepdesk.members.service.searching import put_search_rows, rebuild_search

__all__ = [
    "end_membership",
    "photograph",
    "put_search_rows",
    "rebuild_search",
    "record_event",
    "register_household",
    "remove_photo",
]
