"""Who looks at a claim again, what the medical adviser and an override change, who may decide so.

Nothing here touches the book. Source: domain handbook 2.11, 2.13.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from stepdesk.benefits.terms import BenefitRule, Category
from stepdesk.claims.rules.codes import CODES
from stepdesk.claims.rules.sharing import without_limits
from stepdesk.claims.terms import (
    ClaimFacts,
    LineFacts,
    LineReview,
    Override,
    OverrideEffect,
    Route,
    RoutingFacts,
)
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role
from stepdesk.values.ids import ClaimLineId


def route(facts: RoutingFacts) -> tuple[Route, ...]:
    """Return why a claim goes to the medical adviser; empty when it need not."""
    drugs, mean = facts.by_category.get(Category.DRUG, 0), facts.means.get(Category.DRUG)
    found = {
        Route.SERVICE: facts.flagged,
        Route.AMOUNT: any(
            amount > facts.amount_factor * facts.means[category]
            for category, amount in facts.by_category.items()
            if category in facts.means
        ),
        Route.STAY: facts.stay > facts.most_nights,
        Route.CAESAREAN: Category.CSE in facts.by_category,
        Route.DRUGS: mean is not None and drugs > facts.drug_factor * mean,
        Route.SAMPLE: facts.sampled,
        Route.WATCH: facts.on_watch,
        Route.ALARM: facts.alarm,
    }
    return tuple(reason for reason, is_so in found.items() if is_so)


_PERCENT = 100


def sample_size(count: int, percent: int) -> int:
    """Return how many of so many are drawn: 30 % of ten are 3, and of few at least one."""
    if not count or not percent:
        return 0
    return max(1, min(count, count * percent // _PERCENT))


def drawn(ids: Sequence[bytes], *, percent: int, seed: int) -> frozenset[bytes]:
    """Return which of these chance chooses; the same seed chooses the same for ever."""
    told = seed.to_bytes(8, "big")
    ranked = sorted(ids, key=lambda one: sha256(told + one).digest())
    return frozenset(ranked[: sample_size(len(ids), percent)])


# What a review and an override make of the facts


def reviewed(facts: ClaimFacts, said: Sequence[LineReview]) -> ClaimFacts:
    """Return the facts with what the medical adviser said, a review a line."""
    lines = tuple(
        replace(
            line,
            approved_quantity=one.quantity,
            approved_price=one.price,
            review_code=one.code,
        )
        for line, one in zip(facts.lines, said, strict=True)
    )
    return replace(facts, lines=lines)


def overridden(
    facts: ClaimFacts, line_ids: Sequence[ClaimLineId], told: Iterable[Override]
) -> ClaimFacts:
    """Return the facts as they are once each of the overrides counts, in order."""
    for one in told:
        facts = _overridden(facts, line_ids, one)
    return facts


def _overridden(facts: ClaimFacts, line_ids: Sequence[ClaimLineId], told: Override) -> ClaimFacts:
    lines = tuple(
        _changed(line, told) if told.line_id in (None, line_id) else line
        for line, line_id in zip(facts.lines, line_ids, strict=True)
    )
    facts = replace(facts, lines=lines)
    if told.effect is OverrideEffect.REFUSES:
        return facts
    changes: dict[str, object] = {
        "pending": tuple(code for code in facts.pending if code is not told.code)
    }
    changes |= _WHOLE.get(told.code, {})
    changes["limits"] = without_limits(facts.limits, told.code)
    return replace(facts, **changes)  # type: ignore[arg-type]


def _changed(line: LineFacts, told: Override) -> LineFacts:
    if told.effect is OverrideEffect.REFUSES:
        return replace(line, refused=(told.code, *line.refused))
    line = replace(line, refused=tuple(code for code in line.refused if code is not told.code))
    line = replace(line, **_LINE.get(told.code, {}))  # type: ignore[arg-type]
    if told.code is line.review_code or (told.code in _MEDICAL and line.review_code is None):
        line = replace(line, approved_quantity=None, approved_price=None, review_code=None)
    # What stands on no list is paid at the price asked: whoever decides otherwise has seen it.
    if told.code in {ReasonCode.RT01, ReasonCode.RB01} and line.tariff is None:
        line = replace(line, tariff=line.unit_price)
    return replace(line, rule=_rule_without(line, told.code))


def _rule_without(line: LineFacts, code: ReasonCode) -> BenefitRule | None:
    rule = line.rule
    if rule is None:
        # What no package names, the board may pay as an exception: whole.
        return BenefitRule(line.service_id) if code is ReasonCode.RB01 else None
    return replace(rule, **_RULE.get(code, {}))  # type: ignore[arg-type]


_RULE: Mapping[ReasonCode, Mapping[str, object]] = {
    ReasonCode.RB01: {"covered": True, "exclusion": ""},
    ReasonCode.RB02: {"covered": True, "exclusion": ""},
    ReasonCode.RC02: {"cap_act": None},
    ReasonCode.RC03: {"cap_episode": None},
}
_MEDICAL = frozenset({ReasonCode.RM01, ReasonCode.RM03, ReasonCode.RM04, ReasonCode.RC07})
_LINE: Mapping[ReasonCode, Mapping[str, object]] = {
    ReasonCode.RC01: {"left_count": None, "too_soon": False},
    ReasonCode.RC04: {"left_year": None},
    ReasonCode.RC06: {"left_household": None},
    ReasonCode.RC07: {"largest": None},
    ReasonCode.RT01: {"apart": True},
    ReasonCode.RT03: {"apart": True},
}
_WHOLE: Mapping[ReasonCode, Mapping[str, object]] = {
    ReasonCode.RC03: {"cap_episode": None, "promised": None},
    ReasonCode.RC05: {"left_person": None},
    ReasonCode.RC06: {"left_household": None},
}


# Who may decide otherwise

STANDS_FOR: Mapping[Role, frozenset[Role]] = {
    Role.CLAIMS_OFFICER: frozenset({Role.CLAIMS_OFFICER, Role.MANAGER, Role.BOARD}),
    Role.MEDICAL_ADVISER: frozenset({Role.MEDICAL_ADVISER}),
    Role.BOARD: frozenset({Role.BOARD}),
}
"""Who may decide otherwise where the table of codes names a role."""


def may_decide_otherwise(
    code: ReasonCode, signed: Collection[Role], *, by_appeal: bool = False
) -> bool:
    """Whether these signers may decide otherwise on a code; the board decides appeals on every one."""
    needed = Role.BOARD if by_appeal else CODES[code].overridden_by
    return needed is not None and bool(STANDS_FOR[needed] & set(signed))


# Days


def last_day_to_appeal(decided_on: date, appeal_days: int) -> date:
    """Return the last day on which a decision can be appealed, the day itself not counted."""
    return decided_on + timedelta(days=appeal_days)


def waiting_days(asked: Sequence[tuple[date, date | None]], *, day: date) -> int:
    """Return the days that queries waited: from each question to its answer, or to a day."""
    return sum(max(((answered or day) - asked_on).days, 0) for asked_on, answered in asked)
