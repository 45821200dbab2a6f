"""How a claim comes to its amounts. Nothing here touches the book, the screen or the clock.

Amounts are whole minor units. The order of the steps is the order of the law: price, number,
deductible, member's share, ceiling of the act, then the ceilings of the whole claim.
Source: domain handbook 2.12, 2.13.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    DeductibleScope,
)
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    Cut,
    LineDecision,
    LineFacts,
    Outcome,
)
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import round_half_up, split

_DAY = timedelta(days=1)

PROVIDER_BEARS = frozenset({ReasonCode.RA07, ReasonCode.RA09})
"""What is refused for these is the provider's loss; for all other codes the patient pays."""

CEILINGS = frozenset(
    {ReasonCode.RC02, ReasonCode.RC03, ReasonCode.RC04, ReasonCode.RC05, ReasonCode.RC06}
)


class _Open:
    """A line while it is being decided."""

    __slots__ = ("approved", "cuts", "deducted", "facts", "member", "over", "priced", "q", "share")

    def __init__(self, facts: LineFacts) -> None:
        self.facts = facts
        self.q = self.priced = self.approved = self.deducted = 0
        self.member = self.over = self.share = 0
        self.cuts: list[Cut] = []

    def cut_to(self, share: int, code: ReasonCode, limit: int) -> None:
        if share < self.share:
            self.cuts.append(Cut(code, self.share - share, limit))
            self.share = share


def assess(facts: ClaimFacts) -> Assessment:
    """Return what a claim comes to, line by line.

    `claimed = paid + patient + disallowed` holds for every claim. A claim is rejected when no
    line of it may be paid, and pending while a paper is missing: then the amounts are what it
    would come to.

    Raises:
        ValueError: for a quantity below one or a negative price: a bug, never a decision.
    """
    lines = _decided_apart(facts)
    _apply_ceilings(facts, lines)
    claimed = sum(line.quantity * line.unit_price for line in facts.lines)
    disallowed = sum(line.over for line in lines)
    rounding = _round_to_coins(facts, lines, claimed - disallowed)
    paid = sum(line.share for line in lines)
    return Assessment(
        outcome=_outcome(facts, lines),
        lines=tuple(_closed(line, rounding) for line in lines),
        claimed=claimed,
        paid=paid,
        patient=claimed - disallowed - paid,
        disallowed=disallowed,
        rounding=sum(rounding.values()),
        codes=tuple(
            dict.fromkeys((*facts.pending, *(cut.code for one in lines for cut in one.cuts)))
        ),
    )


def _outcome(facts: ClaimFacts, lines: Sequence[_Open]) -> Outcome:
    if not any(line.q for line in lines):
        return Outcome.REJECTED
    return Outcome.PENDING if facts.pending else Outcome.APPROVED


def _closed(line: _Open, rounding: Mapping[int, int]) -> LineDecision:
    return LineDecision(
        quantity=line.q,
        priced=line.priced,
        claimed=line.facts.quantity * line.facts.unit_price,
        approved=line.approved,
        adjusted=line.approved - line.deducted - line.member,
        paid=line.share,
        deducted=line.deducted,
        member=line.member,
        over=line.over,
        cuts=tuple(line.cuts),
        rounding=rounding.get(id(line), 0),
    )


# One line


def refused_for(line: LineFacts) -> ReasonCode | None:
    """Return the first reason that refuses a whole line, None when it may be paid."""
    if line.refused:
        return line.refused[0]
    if line.rule is not None and line.rule.exclusion:
        return ReasonCode.RB02
    if line.rule is None or not line.rule.covered:
        return ReasonCode.RB01
    return ReasonCode.RT01 if line.tariff is None else None


def _decided_apart(facts: ClaimFacts) -> list[_Open]:
    """Decide each line by itself; lines of one service share what is left of its limits."""
    counts: dict[ServiceId, int] = {}
    deductibles: dict[ServiceId, int] = {}
    return [
        _one_line(line, counts, deductibles, patient_bears=facts.balance_billing)
        for line in facts.lines
    ]


def _one_line(
    line: LineFacts,
    counts: dict[ServiceId, int],
    deductibles: dict[ServiceId, int],
    *,
    patient_bears: bool,
) -> _Open:
    if line.quantity < 1 or line.unit_price < 0:
        raise ValueError("a line has a whole quantity from one on and no negative price")
    told = _Open(line)
    invoiced = line.quantity * line.unit_price
    code = refused_for(line)
    rule, tariff = line.rule, line.tariff
    if code is not None or rule is None or tariff is None:
        told.cuts.append(Cut(code or ReasonCode.RB01, invoiced))
        told.over = invoiced if code in PROVIDER_BEARS else 0
        return told
    told.priced = min(line.unit_price, tariff)
    if line.unit_price > tariff:
        above = (line.unit_price - tariff) * line.quantity
        told.cuts.append(Cut(ReasonCode.RT02, above, tariff))
        told.over = 0 if patient_bears else above
    _review(told)
    _count(told, counts)
    if told.q:
        _share(told, rule, deductibles)
    return told


def _review(told: _Open) -> None:
    """Take the price and quantity of the medical adviser where they are lower."""
    line = told.facts
    told.q = line.quantity
    code = line.review_code or ReasonCode.RM01
    if line.approved_price is not None and line.approved_price < told.priced:
        less = (told.priced - line.approved_price) * line.quantity
        told.cuts.append(Cut(code, less, line.approved_price))
        told.priced = line.approved_price
    if line.approved_quantity is not None and line.approved_quantity < line.quantity:
        told.q = max(line.approved_quantity, 0)
        told.cuts.append(Cut(code, told.priced * (line.quantity - told.q), told.q))


def _count(told: _Open, counts: dict[ServiceId, int]) -> None:
    line, asked = told.facts, told.q
    if line.left_count is not None:
        left = counts.setdefault(line.service_id, max(line.left_count, 0))
        told.q = min(asked, left)
        counts[line.service_id] = left - told.q
    if told.q < asked:
        lost = told.priced * (asked - told.q)
        told.cuts.append(Cut(ReasonCode.RC01, lost, told.q))
    told.approved = told.priced * told.q


def _share(told: _Open, rule: BenefitRule, deductibles: dict[ServiceId, int]) -> None:
    """Take the deductible, then the member's share, then the ceiling of the act."""
    line = told.facts
    if rule.deductible_scope is DeductibleScope.ACT:
        told.deducted = min(told.approved, rule.deductible)
    elif line.left_deductible:
        left = deductibles.setdefault(line.service_id, line.left_deductible)
        told.deducted = min(told.approved, left)
        deductibles[line.service_id] = left - told.deducted
    if told.deducted:
        told.cuts.append(Cut(ReasonCode.RD01, told.deducted))
    told.member = member_share(rule, told.approved - told.deducted, told.q)
    told.share = told.approved - told.deducted - told.member
    if rule.cap_act is not None:
        limit = rule.cap_act * told.q
        told.cut_to(min(told.share, limit), ReasonCode.RC02, limit)


def member_share(rule: BenefitRule, base: int, quantity: int) -> int:
    """Return the member's own part of a price: half a unit and more rounds up."""
    if rule.copay is Copay.PERCENT:
        return round_half_up(base * rule.copay_value, 10_000)
    if rule.copay is Copay.FIXED:
        return min(base, rule.copay_value * quantity)
    return 0


# The whole claim


def _apply_ceilings(facts: ClaimFacts, lines: list[_Open]) -> None:
    """Cut the sum of shares: episode, service and year, person and year, household and year."""
    _of_services(lines, lambda line: line.rule.cap_episode if line.rule else None, ReasonCode.RC03)
    _spread(lines, facts.cap_episode, ReasonCode.RC03)
    _of_services(lines, lambda line: line.left_year, ReasonCode.RC04)
    _spread(lines, facts.left_person, ReasonCode.RC05)
    _of_services(lines, lambda line: line.left_household, ReasonCode.RC06)
    _spread(lines, facts.left_household, ReasonCode.RC06)


def _of_services(
    lines: list[_Open], limit_of: Callable[[LineFacts], int | None], code: ReasonCode
) -> None:
    """Apply a ceiling of each service to the lines of that service together."""
    seen: set[ServiceId] = set()
    for line in lines:
        limit = limit_of(line.facts)
        service = line.facts.service_id
        if limit is None or service in seen:
            continue
        seen.add(service)
        _spread([one for one in lines if one.facts.service_id == service], limit, code)


def _spread(lines: list[_Open], limit: int | None, code: ReasonCode) -> None:
    """Bring shares down to a limit, pro rata by largest remainder, so that they add up to it."""
    if limit is None:
        return
    allowed = max(limit, 0)
    shares = [line.share for line in lines]
    if sum(shares) <= allowed:
        return
    for line, share in zip(lines, split(allowed, shares), strict=True):
        line.cut_to(share, code, allowed)


# Coins


def _round_to_coins(facts: ClaimFacts, lines: list[_Open], payable: int) -> dict[int, int]:
    """Move what the patient cannot pay in coins to the scheme's part; return it by line.

    The patient pays to the nearest coin, in his favour when both are as near. No ceiling is
    passed for it: where one leaves no room, the patient's part goes up instead. Where no line is
    shared between both, nothing is rounded: a patient without a share pays none for a coin.
    """
    paid = sum(line.share for line in lines)
    short = (payable - paid) % facts.coin
    if not paid or not short:
        return {}
    capped = [line for line in lines if any(cut.code in CEILINGS for cut in line.cuts)]
    if short * 2 <= facts.coin:
        line = next((one for one in _largest(lines) if _room(facts, lines, one) >= short), None)
        if line is not None:
            line.share += short
            return {id(line): short}
        sharing = capped
    else:
        sharing = [line for line in lines if line.member or line in capped]
    more = facts.coin - short
    line = next((one for one in _largest(sharing) if one.share >= more), None)
    if line is None:
        return {}
    line.share -= more
    return {id(line): -more}


def _largest(lines: list[_Open]) -> list[_Open]:
    return sorted(lines, key=lambda line: -line.share)


def _room(facts: ClaimFacts, lines: list[_Open], line: _Open) -> int:
    """Return how much more the scheme may pay on a line before any ceiling of its is reached."""
    told, rule = line.facts, line.facts.rule
    if rule is None or not line.q:
        return 0
    whole = sum(one.share for one in lines)
    of_service = sum(one.share for one in lines if one.facts.service_id == told.service_id)
    rooms = [line.approved - line.deducted - line.share]
    if rule.cap_act is not None:
        rooms.append(rule.cap_act * line.q - line.share)
    rooms += [
        limit - of_service
        for limit in (rule.cap_episode, told.left_year, told.left_household)
        if limit is not None
    ]
    rooms += [
        limit - whole
        for limit in (facts.cap_episode, facts.left_person, facts.left_household)
        if limit is not None
    ]
    return min(rooms)
