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
from stepdesk.claims.rules.letters import LONG, against_move, against_use, last_day, letter_state
from stepdesk.claims.rules.letters import MOVES as LETTER_MOVES
from stepdesk.claims.rules.limits import benefit_year, left_of
from stepdesk.claims.rules.lines import PROVIDER_BEARS, refused_for
from stepdesk.claims.rules.noticing import MANY_OF_A_HOUSEHOLD, missing_numbers, noticed
from stepdesk.claims.rules.paying import (
    NEXT,
    Item,
    by_category,
    chosen,
    left_to_recover,
    shared_capitation,
    waited,
)
from stepdesk.claims.rules.relative import (
    allocated,
    distribution_for,
    index_of,
    months_of,
    number_of,
)
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
from stepdesk.claims.rules.sharing import CEILINGS, INDEX_WHOLE, member_share
from stepdesk.claims.rules.states import MOVES, allowed, leads, state_from
from stepdesk.claims.rules.what_if import Circumstances, by_package, uses_by
from stepdesk.claims.rules.words import (
    EXTRA_ZERO,
    doubts,
    following,
    in_short,
    joined,
    reason,
    stay_sentence,
    steps,
)

__all__ = [
    "CEILINGS",
    "CODES",
    "EXTRA_ZERO",
    "HOSPITALS",
    "INDEX_WHOLE",
    "LETTER_MOVES",
    "LONG",
    "MANY_OF_A_HOUSEHOLD",
    "MOVES",
    "NEXT",
    "PROVIDER_BEARS",
    "STANDS_FOR",
    "Circumstances",
    "CodeRule",
    "Effect",
    "Item",
    "Offer",
    "against_move",
    "against_use",
    "allocated",
    "allowed",
    "assess",
    "benefit_year",
    "by_category",
    "by_package",
    "category_of_lines",
    "choose",
    "chosen",
    "distribution_for",
    "doubts",
    "drawn",
    "following",
    "grown",
    "in_patient",
    "in_short",
    "index_of",
    "is_outside",
    "joined",
    "last_day",
    "last_day_to_appeal",
    "leads",
    "left_of",
    "left_to_recover",
    "letter_state",
    "limits_for",
    "may_decide_otherwise",
    "may_override",
    "member_share",
    "missing_numbers",
    "months_of",
    "noticed",
    "number_of",
    "overridden",
    "own_payment",
    "packed",
    "reason",
    "refused_for",
    "reviewed",
    "route",
    "rule_for",
    "sample_size",
    "shared_capitation",
    "state_from",
    "stay_sentence",
    "steps",
    "unpacked",
    "uses_by",
    "waited",
    "waiting_days",
]
