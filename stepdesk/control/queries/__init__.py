"""Reading of control: what checks look at, flags, visits to confirm."""

from stepdesk.control.queries.flags import (
    concerns,
    flag_of,
    flag_of_number,
    flagged,
    flags,
    precisions,
    raised_before,
    state_of_flag,
)
from stepdesk.control.queries.gathering import facts_of
from stepdesk.control.queries.visits import (
    asked_before,
    candidates,
    visit_figures,
    visit_list_of,
    visit_list_of_month,
    visit_lists,
)

__all__ = [
    "asked_before",
    "candidates",
    "concerns",
    "facts_of",
    "flag_of",
    "flag_of_number",
    "flagged",
    "flags",
    "precisions",
    "raised_before",
    "state_of_flag",
    "visit_figures",
    "visit_list_of",
    "visit_list_of_month",
    "visit_lists",
]
