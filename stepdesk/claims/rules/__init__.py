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
    "PROVIDER_BEARS",
    "CodeRule",
    "Effect",
    "assess",
    "benefit_year",
    "doubts",
    "following",
    "in_short",
    "joined",
    "left_of",
    "may_override",
    "member_share",
    "packed",
    "reason",
    "refused_for",
    "steps",
    "unpacked",
]
