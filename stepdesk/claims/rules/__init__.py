"""Rules of claims."""

from stepdesk.claims.rules.assessing import assess
from stepdesk.claims.rules.choosing import (
    HOSPITALS,
    Offer,
    category_of_lines,
    choose,
    grown,
    in_patient,
    is_outside,
    limits_for,
    own_payment,
    rule_for,
)
from stepdesk.claims.rules.codes import CODES, CodeRule, Effect, may_override
from stepdesk.claims.rules.keeping import packed, unpacked
from stepdesk.claims.rules.letters import (
    LONG,
    MOVES,
    against_move,
    against_use,
    last_day,
    letter_state,
)
from stepdesk.claims.rules.limits import benefit_year, left_of
from stepdesk.claims.rules.lines import PROVIDER_BEARS, refused_for
from stepdesk.claims.rules.sharing import CEILINGS, member_share
from stepdesk.claims.rules.words import (
    EXTRA_ZERO,
    doubts,
    following,
    in_short,
    joined,
    reason,
    steps,
)

__all__ = [
    "CEILINGS",
    "CODES",
    "EXTRA_ZERO",
    "HOSPITALS",
    "LONG",
    "MOVES",
    "PROVIDER_BEARS",
    "CodeRule",
    "Effect",
    "Offer",
    "against_move",
    "against_use",
    "assess",
    "benefit_year",
    "category_of_lines",
    "choose",
    "doubts",
    "following",
    "grown",
    "in_patient",
    "in_short",
    "is_outside",
    "joined",
    "last_day",
    "left_of",
    "letter_state",
    "limits_for",
    "may_override",
    "member_share",
    "own_payment",
    "packed",
    "reason",
    "refused_for",
    "rule_for",
    "steps",
    "unpacked",
]
