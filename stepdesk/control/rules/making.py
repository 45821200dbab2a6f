"""How a finding is put together: what it is about, how grave it is, how far up it stands."""

from collections.abc import Iterable, Mapping
from datetime import date

from stepdesk.control.rules.facts import Care
from stepdesk.control.terms import LEVELS, Check, Finding, Number, Pattern, Subject, SubjectKind

_OF_LEVEL = {1: 0, 2: 300, 3: 600}
_WITHIN = 399

PATTERN_OF: Mapping[Check, Pattern] = {
    Check.TWO_PROVIDERS: Pattern.F01,
    Check.IDENTITY: Pattern.F01,
    Check.OFTEN: Pattern.F01,
    Check.BILLED_TWICE: Pattern.F02,
    Check.AFTER_DEATH: Pattern.F03,
    Check.AFTER_EXIT: Pattern.F03,
    Check.SUSPENDED: Pattern.F03,
    Check.LEAF: Pattern.F03,
    Check.IMPOSSIBLE: Pattern.F03,
    Check.TWO_DELIVERIES: Pattern.F03,
    Check.TWO_BEDS: Pattern.F03,
    Check.CLOSED_DAYS: Pattern.F04,
    Check.MANY_ACTS: Pattern.F04,
    Check.ROUND_AMOUNTS: Pattern.F04,
    Check.MANY_VISITS: Pattern.F04,
    Check.EXPENSIVE: Pattern.F05,
    Check.SPLIT: Pattern.F05,
    Check.DRIFT: Pattern.F05,
    Check.LABORATORY: Pattern.F05,
    Check.REPEATED: Pattern.F05,
    Check.DRUGS: Pattern.F06,
    Check.EARLY_CARE: Pattern.F07,
    Check.EARLY_DELIVERY: Pattern.F07,
    Check.PART_OF_FAMILY: Pattern.F08,
    Check.ADDED_DEPENDANTS: Pattern.F09,
    Check.TWO_HOUSEHOLDS: Pattern.F09,
    Check.MISSING_LEAF: Pattern.F10,
    Check.OUT_OF_ORDER: Pattern.F10,
    Check.LEAF_TWICE: Pattern.F10,
    Check.LATE_HAND_OVER: Pattern.F10,
    Check.LATE_POSTING: Pattern.F11,
    Check.SHORT_HAND_OVER: Pattern.F11,
    Check.BACK_DATED: Pattern.F12,
    Check.LETTERS: Pattern.F13,
    Check.COUNTS: Pattern.F14,
    Check.OWN_HOUSEHOLD: Pattern.F15,
    Check.MONTH_MEAN: Pattern.F16,
    Check.DIGITS: Pattern.F16,
}
"""Which pattern a check belongs to."""


def finding(
    check: Check,
    subject: Subject,
    *,
    strength: int,
    others: Iterable[Subject] = (),
    key: str = "",
    weight: int = 1,
    level: int | None = None,
    **numbers: Number | date,
) -> Finding:
    """Return a finding.

    Args:
        check: What was looked at.
        subject: What it is about.
        strength: From 0 to 100 how much it says, among findings of its level.
        others: Further documents.
        key: What tells it from others about the same subject.
        weight: How much stands behind it.
        level: When the check says less than its pattern.
        numbers: The figures used; days are written as 2026-03-05.
    """
    pattern = PATTERN_OF[check]
    grave = LEVELS[pattern] if level is None else level
    return Finding(
        pattern,
        check,
        subject,
        {
            name: told.isoformat() if isinstance(told, date) else told
            for name, told in numbers.items()
        },
        tuple(others),
        key,
        weight,
        _OF_LEVEL[grave] + _WITHIN * max(0, min(100, strength)) // 100,
        grave,
    )


def of_claim(one: Care) -> Subject:
    return Subject(SubjectKind.CLAIM, one.claim_id)


def of_claims(care: Iterable[Care]) -> tuple[Subject, ...]:
    return tuple(of_claim(one) for one in care)


def at_stake(amount: int, usual: int = 10_000) -> int:
    """Return 0 to 100: half of it is reached at an amount of about two consultations with medicines."""
    return 100 * amount // (amount + usual) if amount > 0 else 0


def over(value: int, limit: int) -> int:
    """Return 0 to 100 for how far a value lies above its limit: 100 at the double."""
    return 100 if limit <= 0 else max(0, min(100, 100 * (value - limit) // limit))


def share_of(part: int, whole: int) -> int:
    """Return a share in hundredths of a percent, rounded down; 0 of nothing."""
    return 10_000 * part // whole if whole else 0
