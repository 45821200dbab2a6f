"""Checks of control, one function each, and what follows from what they see. Nothing here touches the book."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from stepdesk.control.rules import house, names, patients, places
from stepdesk.control.rules.chance import chance_to_find, visits_needed
from stepdesk.control.rules.drawing import Candidate, Drawn, draw
from stepdesk.control.rules.facts import (
    Care,
    CareLine,
    CashReceipt,
    CatchUp,
    CountMade,
    Covered,
    Facts,
    HandedOver,
    Home,
    Leaves,
    LetterIssued,
    Named,
    Somebody,
)
from stepdesk.control.rules.making import PATTERN_OF
from stepdesk.control.rules.sentences import COUNTED, PATTERNS, sentence
from stepdesk.control.rules.states import (
    NEXT,
    allowed,
    comes_back,
    fingerprint,
    switched_off,
)
from stepdesk.control.rules.thresholds import Thresholds, thresholds_on
from stepdesk.control.terms import Finding

CHECKS: tuple[Callable[[Facts, Thresholds], Iterator[Finding]], ...] = (
    *patients.CHECKS,
    *places.CHECKS,
    *house.CHECKS,
    *names.CHECKS,
)
"""Every check, in order."""


def look(facts: Facts, limits: Thresholds) -> tuple[Finding, ...]:
    """Return all that the checks see, the gravest first."""
    return ranked(chain.from_iterable(check(facts, limits) for check in CHECKS))


def ranked(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as they are listed: the highest first, of equal ones always in one order."""
    return tuple(sorted(found, key=lambda one: (-one.score, fingerprint(one))))


__all__ = [
    "CHECKS",
    "COUNTED",
    "NEXT",
    "PATTERNS",
    "PATTERN_OF",
    "Candidate",
    "Care",
    "CareLine",
    "CashReceipt",
    "CatchUp",
    "CountMade",
    "Covered",
    "Drawn",
    "Facts",
    "HandedOver",
    "Home",
    "Leaves",
    "LetterIssued",
    "Named",
    "Somebody",
    "Thresholds",
    "allowed",
    "chance_to_find",
    "comes_back",
    "draw",
    "fingerprint",
    "look",
    "ranked",
    "sentence",
    "switched_off",
    "thresholds_on",
    "visits_needed",
]
