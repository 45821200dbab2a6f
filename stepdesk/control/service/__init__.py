"""Verbs of control: look for flags, judge them, draw visits to confirm and write the answers."""

from stepdesk.control.service.confirming import answer_visit, draw_visits, visits_to_call
from stepdesk.control.service.judging import (
    act_on_flag,
    confirm_flag,
    dismiss_flag,
    name_staff_person,
    review_flag,
    show_flag,
)
from stepdesk.control.service.looking import look_for_flags

__all__ = [
    "act_on_flag",
    "answer_visit",
    "confirm_flag",
    "dismiss_flag",
    "draw_visits",
    "look_for_flags",
    "name_staff_person",
    "review_flag",
    "show_flag",
    "visits_to_call",
]
