"""What is done in the members' room."""

from stepdesk.members.service.cards import issue_cards
from stepdesk.members.service.register import end_membership, record_event, register_household
from stepdesk.members.service.searching import put_search_rows, rebuild_search

__all__ = [
    "end_membership",
    "issue_cards",
    "put_search_rows",
    "rebuild_search",
    "record_event",
    "register_household",
]
