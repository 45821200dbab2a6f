"""How a claim comes to its amounts. Nothing here touches the book, the screen or the clock.

Amounts are whole minor units. The order of the steps is the order of the law: price, number,
deductible, member's share, ceiling of the act, then the ceilings of the whole claim, then coins,
then the index of relative prices. Source: domain handbook 2.12, 2.13; docs/decisions/0038.
"""

from collections.abc import Mapping, Sequence

from stepdesk.benefits.terms import LimitKind
from stepdesk.claims.rules.lines import (
    Contained,
    Open,
    admit,
    claim_category,
    contained,
)
from stepdesk.claims.rules.sharing import (
    Deductibles,
    apply_ceilings,
    apply_index,
    round_to_coins,
    share_line,
    waits_for_index,
)
from stepdesk.claims.terms import (
    Assessment,
    By,
    ClaimFacts,
    Cut,
    LineDecision,
    Outcome,
)
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import ClaimCategory
from stepdesk.values.ids import ServiceId

_NOTHING: Contained = {}


def assess(facts: ClaimFacts) -> Assessment:
    """Return what a claim comes to, line by line.

    `claimed = paid + patient + disallowed` holds for every claim. A claim is rejected when no
    line of it may be paid, pending while a paper is missing, and valued while a relative price
    waits for its index: then the amounts are what it would come to.

    Raises:
        ValueError: for a quantity below one or a negative price: a bug, never a decision.
    """
    lines = _admitted(facts)
    category = claim_category(lines, stay=facts.days > 1)
    _too_many_claims(facts, lines, category)
    # The deductible and ceilings that go by order meet items before acts.
    ordered = _in_order(facts, lines)
    deductibles = Deductibles(facts)
    for line in ordered:
        if line.approved and line.facts.rule is not None:
            share_line(line, line.facts.rule, deductibles)
    apply_ceilings(facts, ordered, category)
    claimed = sum(line.quantity * line.unit_price for line in facts.lines)
    payable = claimed - sum(line.over for line in lines)
    rounding = round_to_coins(facts, lines, category, payable)
    outcome = _outcome(facts, lines)
    apply_index(lines)
    paid = sum(line.share for line in lines)
    disallowed = sum(line.over for line in lines)
    return Assessment(
        outcome=outcome,
        lines=tuple([_closed(line, rounding) for line in lines]),
        claimed=claimed,
        paid=paid,
        patient=claimed - disallowed - paid,
        disallowed=disallowed,
        rounding=sum(rounding.values()),
        codes=tuple(
            dict.fromkeys([*facts.pending, *[cut.code for one in lines for cut in one.cuts]])
        ),
        category=category,
    )


def _admitted(facts: ClaimFacts) -> list[Open]:
    counts: dict[tuple[int, ServiceId], int] = {}
    inside = _NOTHING
    if facts.mode is not PaymentMode.FEE_FOR_SERVICE or any(one.parts for one in facts.lines):
        inside = contained(facts)
    return [admit(facts, at, inside, counts) for at in range(len(facts.lines))]


def _too_many_claims(facts: ClaimFacts, lines: Sequence[Open], category: ClaimCategory) -> None:
    """Refuse every line of a package whose number of claims of this category is used up."""
    for limit in facts.limits:
        if (
            limit.kind is not LimitKind.CLAIM_COUNT
            or limit.category is not category
            or limit.left > 0
        ):
            continue
        for line in lines:
            if line.facts.package == limit.package and line.refused is None:
                invoiced = line.facts.quantity * line.facts.unit_price
                line.refuse(
                    Cut(ReasonCode.RC01, invoiced, limit.limit, By.CLAIMS, category=category)
                )


def _in_order(facts: ClaimFacts, lines: list[Open]) -> list[Open]:
    if not facts.in_order:
        return lines
    return sorted(
        lines, key=lambda one: one.facts.package in facts.in_order and not one.facts.item
    )


def _outcome(facts: ClaimFacts, lines: Sequence[Open]) -> Outcome:
    if not any(line.passed for line in lines):
        return Outcome.REJECTED
    if facts.pending:
        return Outcome.PENDING
    waits = any(line.facts.index is None and waits_for_index(line) for line in lines)
    return Outcome.VALUED if waits else Outcome.APPROVED


def _closed(line: Open, rounding: Mapping[int, int]) -> LineDecision:
    facts = line.facts
    return LineDecision(
        line.q,
        line.priced,
        facts.quantity * facts.unit_price,
        line.approved,
        line.approved - line.deducted - line.member,
        line.share,
        line.deducted,
        line.member,
        line.over,
        tuple(line.cuts),
        rounding.get(line.at, 0) if rounding else 0,
        line.refused,
        line.shadow,
        facts.outside,
        facts.package,
    )
