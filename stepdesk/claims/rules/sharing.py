"""How the price of what counts is shared: deductibles, the member's part, ceilings, coins.

Source: domain handbook 2.12; openIMIS handbook 2.8, 3.4; docs/decisions/0038.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    DeductibleScope,
    LimitKind,
    LimitOver,
    PriceOrigin,
)
from stepdesk.claims.rules.lines import WHOLE, Open
from stepdesk.claims.terms import By, ClaimFacts, Cut, LimitFacts
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import round_half_up, split

CEILINGS = frozenset(
    {ReasonCode.RC02, ReasonCode.RC03, ReasonCode.RC04, ReasonCode.RC05, ReasonCode.RC06}
)

INDEX_WHOLE = 10_000
"""An index of relative prices of one."""


# Deductible and the member's part


class Deductibles:
    """What is still to be taken of each deductible, used up by one line after the other."""

    __slots__ = ("_of_packages", "_of_services")

    def __init__(self, facts: ClaimFacts) -> None:
        self._of_services: dict[tuple[int, ServiceId], int] = {}
        self._of_packages: list[tuple[LimitFacts, list[int]]] = [
            (limit, [limit.left]) for limit in facts.limits if limit.kind is LimitKind.DEDUCTIBLE
        ]

    def take(self, told: Open, rule: BenefitRule, base: int) -> None:
        """Take from a line first the service's own deductible, then the package's."""
        line = told.facts
        if rule.deductible_scope is DeductibleScope.ACT:
            self._took(told, min(base, rule.deductible), rule.deductible)
        elif line.left_deductible:
            key = (line.package, line.service_id)
            left = self._of_services.setdefault(key, line.left_deductible)
            taken = min(base, left)
            self._of_services[key] = left - taken
            self._took(told, taken, left)
        for limit, rest in self._of_packages:
            if limit.package == line.package:
                taken = min(base - told.deducted, rest[0])
                self._took(told, taken, rest[0], By.DEDUCTIBLE, limit.care)
                rest[0] -= taken

    @staticmethod
    def _took(
        told: Open,
        taken: int,
        left: int,
        by: By = By.SERVICE_DEDUCTIBLE,
        care: CareType = CareType.BOTH,
    ) -> None:
        if taken:
            told.deducted += taken
            told.cuts.append(Cut(ReasonCode.RD01, taken, left, by, care))


def share_line(told: Open, rule: BenefitRule, deductibles: Deductibles) -> None:
    """Take the deductible, then the member's share, then the ceiling of the act.

    What lies above the amount that counts for an act comes before the deductible.
    """
    above = 0
    if rule.copay is Copay.UP_TO:
        above = max(told.approved - rule.copay_value * told.q, 0)
    deductibles.take(told, rule, told.approved - above)
    told.member = above or member_share(rule, told.approved - told.deducted, told.q)
    told.share = told.approved - told.deducted - told.member
    if rule.cap_act is not None:
        limit = rule.cap_act * told.q
        _cut_to(told, min(told.share, limit), ReasonCode.RC02, limit, By.ACT)


def member_share(rule: BenefitRule, base: int, quantity: int) -> int:
    """Return the member's own part of a price: half a unit and more rounds up."""
    if rule.copay is Copay.PERCENT:
        return round_half_up(base * rule.copay_value, WHOLE)
    if rule.copay is Copay.FIXED:
        return min(base, rule.copay_value * quantity)
    return 0


def _cut_to(
    told: Open,
    share: int,
    code: ReasonCode,
    limit: int,
    by: By,
    care: CareType = CareType.BOTH,
    category: ClaimCategory | None = None,
) -> None:
    if share < told.share:
        told.cuts.append(Cut(code, told.share - share, limit, by, care, category))
        told.share = share


# Ceilings of the whole claim


def without_limits(limits: tuple[LimitFacts, ...], code: ReasonCode) -> tuple[LimitFacts, ...]:
    """Return the limits of whole packages that stay when a code is decided otherwise."""
    return tuple(one for one in limits if _code_of(one) is not code)


def _code_of(limit: LimitFacts) -> ReasonCode:
    if limit.kind is LimitKind.CLAIM_COUNT:
        return ReasonCode.RC01
    if limit.kind is LimitKind.DEDUCTIBLE:
        return ReasonCode.RD01
    return ReasonCode.RC03 if limit.over is None else _OVER[limit.over][0]


@dataclass(slots=True)
class _Ceiling:
    """The most that some lines of a claim are paid together."""

    code: ReasonCode
    by: By
    limit: int
    lines: Sequence[Open]
    care: CareType = CareType.BOTH
    category: ClaimCategory | None = None


def apply_ceilings(facts: ClaimFacts, lines: Sequence[Open], category: ClaimCategory) -> None:
    """Cut the sum of shares: episode, service and year, person and year, household and year."""
    for one in _ceilings(facts, lines, category):
        _spread(one, facts.in_order)


def _ceilings(
    facts: ClaimFacts, lines: Sequence[Open], category: ClaimCategory
) -> Iterator[_Ceiling]:
    """Return every ceiling of a claim in the order of the law."""
    yield from _of_services(lines, By.SERVICE_EPISODE, ReasonCode.RC03)
    for limit in facts.limits:
        if limit.kind is LimitKind.CLAIM_AMOUNT and limit.category is category:
            of_package = [one for one in lines if one.facts.package == limit.package]
            yield _Ceiling(ReasonCode.RC03, By.CATEGORY, limit.left, of_package, category=category)
    yield from _of_package(facts, lines, LimitOver.EPISODE, facts.cap_episode)
    if facts.promised is not None:
        yield _Ceiling(ReasonCode.RC03, By.LETTER, facts.promised, list(lines))
    yield from _of_services(lines, By.SERVICE_YEAR, ReasonCode.RC04)
    yield from _of_package(facts, lines, LimitOver.PERSON_YEAR, facts.left_person)
    yield from _of_services(lines, By.SERVICE_HOUSEHOLD, ReasonCode.RC06)
    yield from _of_package(facts, lines, LimitOver.HOUSEHOLD_YEAR, facts.left_household)


_OVER: Mapping[LimitOver, tuple[ReasonCode, By]] = {
    LimitOver.EPISODE: (ReasonCode.RC03, By.EPISODE),
    LimitOver.PERSON_YEAR: (ReasonCode.RC05, By.PERSON_YEAR),
    LimitOver.HOUSEHOLD_YEAR: (ReasonCode.RC06, By.HOUSEHOLD_YEAR),
}


def _of_package(
    facts: ClaimFacts, lines: Sequence[Open], over: LimitOver, plain: int | None
) -> Iterator[_Ceiling]:
    """Return a package's ceilings over one span: on its lines but those paid outside of them."""
    code, by = _OVER[over]
    if plain is not None:
        yield _Ceiling(code, by, plain, _inside(lines, 0))
    for limit in facts.limits:
        if limit.kind is LimitKind.CEILING and limit.over is over:
            yield _Ceiling(code, by, limit.left, _inside(lines, limit.package), limit.care)


def _inside(lines: Sequence[Open], package: int) -> list[Open]:
    return [one for one in lines if one.facts.package == package and not one.facts.outside]


def _of_services(lines: Sequence[Open], by: By, code: ReasonCode) -> Iterator[_Ceiling]:
    """Return a ceiling of each service, on the lines of that service together."""
    seen: set[tuple[int, ServiceId]] = set()
    for line in lines:
        limit = _service_limit(line, by)
        if limit is None:
            continue
        key = (line.facts.package, line.facts.service_id)
        if key not in seen:
            seen.add(key)
            same = [one for one in lines if (one.facts.package, one.facts.service_id) == key]
            yield _Ceiling(code, by, limit, same)


def _service_limit(line: Open, by: By) -> int | None:
    told = line.facts
    if by is By.SERVICE_YEAR:
        return told.left_year
    if by is By.SERVICE_HOUSEHOLD:
        return told.left_household
    return told.rule.cap_episode if told.rule else None


def _spread(ceiling: _Ceiling, in_order: frozenset[int]) -> None:
    """Bring shares down to a limit, so that they add up to it.

    Pro rata by largest remainder, or the first lines first, as their package says.
    """
    lines = ceiling.lines
    allowed = max(ceiling.limit, 0)
    shares = [line.share for line in lines]
    if sum(shares) <= allowed:
        return
    if lines[0].facts.package in in_order:
        parts = _first_first(allowed, shares)
    else:
        parts = split(allowed, shares)
    for line, share in zip(lines, parts, strict=True):
        _cut_to(line, share, ceiling.code, allowed, ceiling.by, ceiling.care, ceiling.category)


def _first_first(allowed: int, shares: Sequence[int]) -> tuple[int, ...]:
    parts = []
    for share in shares:
        parts.append(min(share, allowed))
        allowed -= parts[-1]
    return tuple(parts)


# Coins


def round_to_coins(
    facts: ClaimFacts, lines: Sequence[Open], category: ClaimCategory, payable: int
) -> dict[int, int]:
    """Move what the patient cannot pay in coins to the scheme's part; return it by place of line.

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
        ceilings = list(_ceilings(facts, lines, category))
        line = next((one for one in _largest(lines) if _room(ceilings, one) >= short), None)
        if line is not None:
            line.share += short
            return {line.at: short}
        sharing = capped
    else:
        sharing = [line for line in lines if line.member or line in capped]
    more = facts.coin - short
    line = next((one for one in _largest(sharing) if one.share >= more), None)
    if line is None:
        return {}
    line.share -= more
    return {line.at: -more}


def _largest(lines: Sequence[Open]) -> list[Open]:
    return sorted(lines, key=lambda line: -line.share)


def _room(ceilings: Sequence[_Ceiling], line: Open) -> int:
    """Return how much more the scheme may pay on a line before any ceiling of its is reached."""
    rule = line.facts.rule
    if rule is None or not line.q:
        return 0
    rooms = [line.approved - line.deducted - line.share]
    if rule.cap_act is not None:
        rooms.append(rule.cap_act * line.q - line.share)
    rooms += [
        one.limit - sum(of_it.share for of_it in one.lines)
        for one in ceilings
        if any(of_it is line for of_it in one.lines)
    ]
    return min(rooms)


# Relative prices


def apply_index(lines: Sequence[Open]) -> None:
    """Turn the share of relative prices into what the index of the period pays for it.

    The patient's part stays: what the index leaves away is the provider's, as is what it adds.
    """
    for line in lines:
        index = line.facts.index
        if index is None or not waits_for_index(line):
            continue
        paid = round_half_up(line.share * index, INDEX_WHOLE)
        if paid < line.share:
            line.cuts.append(Cut(ReasonCode.RT02, line.share - paid, index, By.INDEX))
        line.over += line.share - paid
        line.share = paid


def waits_for_index(line: Open) -> bool:
    """Whether a line is paid by a relative price."""
    rule = line.facts.rule
    return rule is not None and rule.price_origin is PriceOrigin.RELATIVE and line.share > 0
