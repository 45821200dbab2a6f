"""What a member pays of one act, as the list on the wall tells it."""

from stepdesk.benefits.terms import BenefitRule, Copay, DeductibleScope
from stepdesk.values.money import round_half_up

_WHOLE = 10_000


def member_part(rule: BenefitRule | None, price: int, *, coin: int) -> int:
    """Return what a member pays of one act that nothing else limits: deductible and own share.

    A deductible over an episode or a year is not in it, because nobody knows how much of it is
    used; neither are ceilings beyond that of the act. Order and coins are those of the assessment.

    Args:
        rule: The package's; None when it does not pay for the service.
        price: For one act, in minor units.
        coin: The smallest coin; the member pays to the nearest one, in his favour when both are
            as near.

    Source: domain handbook 2.12.
    """
    if rule is None or not rule.covered or rule.exclusion:
        return price
    above = max(price - rule.copay_value, 0) if rule.copay is Copay.UP_TO else 0
    act = rule.deductible if rule.deductible_scope is DeductibleScope.ACT else 0
    left = price - min(act, price - above)
    shared = left - above - _share(rule, left)
    paid = shared if rule.cap_act is None else min(shared, rule.cap_act)
    most = left if rule.cap_act is None else min(left, rule.cap_act)
    part = price - paid
    short = part % coin
    if not paid or not short:
        return part
    if short * 2 <= coin and paid + short <= most:
        return part - short
    # What a ceiling cut may be rounded up; a share too, but only where that is nearer.
    rises = paid < shared or (short * 2 > coin and shared < left)
    return part + coin - short if rises and paid >= coin - short else part


def _share(rule: BenefitRule, left: int) -> int:
    match rule.copay:
        case Copay.PERCENT:
            return round_half_up(left * rule.copay_value, _WHOLE)
        case Copay.FIXED:
            return min(rule.copay_value, left)
        case _:
            return 0
