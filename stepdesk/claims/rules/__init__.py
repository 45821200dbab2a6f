"""Rules of claims."""

from stepdesk.claims.rules.assessing import (
    CEILINGS,
    PROVIDER_BEARS,
    assess,
    member_share,
    refused_for,
)
from stepdesk.claims.rules.keeping import packed, unpacked
from stepdesk.claims.rules.limits import benefit_year, left_of
from stepdesk.claims.rules.paying import (
    NEXT,
    Item,
    by_category,
    chosen,
    shared_capitation,
    waited,
)
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
    "EXTRA_ZERO",
    "NEXT",
    "PROVIDER_BEARS",
    "Item",
    "assess",
    "benefit_year",
    "by_category",
    "chosen",
    "doubts",
    "following",
    "in_short",
    "joined",
    "left_of",
    "member_share",
    "packed",
    "reason",
    "refused_for",
    "shared_capitation",
    "steps",
    "unpacked",
    "waited",
]
