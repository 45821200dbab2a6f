"""Rules of claims."""

from stepdesk.claims.rules.assessing import (
    CEILINGS,
    PROVIDER_BEARS,
    assess,
    member_share,
    refused_for,
)
from stepdesk.claims.rules.codes import CODES, CodeRule, Effect, may_override
from stepdesk.claims.rules.keeping import packed, unpacked
from stepdesk.claims.rules.limits import benefit_year, left_of
from stepdesk.claims.rules.reviewing import (
    STANDS_FOR,
    drawn,
    last_day_to_appeal,
    may_decide_otherwise,
    overridden,
    reviewed,
    route,
    sample_size,
    waiting_days,
)
from stepdesk.claims.rules.states import MOVES, allowed, leads, state_from
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
    "MOVES",
    "PROVIDER_BEARS",
    "STANDS_FOR",
    "CodeRule",
    "Effect",
    "allowed",
    "assess",
    "benefit_year",
    "doubts",
    "drawn",
    "following",
    "in_short",
    "joined",
    "last_day_to_appeal",
    "leads",
    "left_of",
    "may_decide_otherwise",
    "may_override",
    "member_share",
    "overridden",
    "packed",
    "reason",
    "refused_for",
    "reviewed",
    "route",
    "sample_size",
    "state_from",
    "steps",
    "unpacked",
    "waiting_days",
]
