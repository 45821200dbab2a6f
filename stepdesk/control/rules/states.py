"""How far a flag may go next, and when a finding that was judged comes back. Nothing here touches the book."""

from collections.abc import Collection, Mapping
from hashlib import sha256

from stepdesk.control.rules.thresholds import Thresholds
from stepdesk.control.terms import Finding, FlagState, Precision

NEXT: Mapping[FlagState, frozenset[FlagState]] = {
    FlagState.RAISED: frozenset({FlagState.REVIEWED}),
    FlagState.REVIEWED: frozenset({FlagState.DISMISSED, FlagState.CONFIRMED}),
    FlagState.DISMISSED: frozenset(),
    FlagState.CONFIRMED: frozenset({FlagState.ACTION}),
    FlagState.ACTION: frozenset({FlagState.ACTION}),
}
"""What may follow each state: nothing is judged before it was looked at. Source: domain handbook 2.16."""


def allowed(state: FlagState, to: FlagState) -> bool:
    return to in NEXT[state]


def fingerprint(finding: Finding) -> bytes:
    """Return what makes a finding the same when it is seen again: check, subject and key."""
    told = (
        finding.check.value,
        finding.subject.kind.value,
        (finding.subject.id or b"").hex(),
        finding.key,
    )
    return sha256("|".join(told).encode()).digest()[:16]


def comes_back(weight: int, judged: Collection[int], limits: Thresholds) -> bool:
    """Whether a finding of this weight is raised again after flags of these weights were judged."""
    most = max(judged, default=0)
    return weight * 100 >= most * (100 + limits.growth_percent) if most else True


def switched_off(told: Precision, limits: Thresholds) -> bool:
    """Whether a pattern was nearly always dismissed over enough reviews, and is no longer raised.

    Source: advice handbook 2.8.
    """
    enough = told.judged >= limits.judged_least
    return enough and told.confirmed * 100 < limits.precision_percent * told.judged
