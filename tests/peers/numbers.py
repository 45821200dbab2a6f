"""The peer's numbers for what is decided here: one table from reason codes to refusals.

Source: domain handbook 2.13, last column; openIMIS handbook 3.1, 3.2.
"""

from collections.abc import Mapping
from typing import Any

from stepdesk.claims.terms import Assessment, By, Cut, LineDecision, LineFacts, Outcome
from stepdesk.errors import Refusal
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import ClaimCategory

REJECTED, ENTERED, CHECKED, PROCESSED, VALUATED = 1, 2, 4, 8, 16

STATUS: Mapping[Outcome, int] = {
    Outcome.APPROVED: VALUATED,
    Outcome.REJECTED: REJECTED,
    Outcome.PENDING: CHECKED,
    Outcome.VALUED: PROCESSED,
}

NUMBERS: Mapping[ReasonCode, int] = {
    ReasonCode.RA01: 7,
    ReasonCode.RA02: 7,
    ReasonCode.RA03: 17,
    ReasonCode.RA04: 7,
    ReasonCode.RA05: 7,
    ReasonCode.RA06: 4,
    ReasonCode.RA07: 6,
    ReasonCode.RA09: 9,
    ReasonCode.RA10: 4,
    ReasonCode.RA11: 9,
    ReasonCode.RB01: 3,
    ReasonCode.RB03: 17,
    ReasonCode.RB08: 10,
    ReasonCode.RB09: 4,
    ReasonCode.RC07: 16,
    ReasonCode.RT01: 2,
}
"""What a refused line is called there; RC01 has a number for each limit, below."""

UNKNOWN = 1
"""A service or item that is not in the register."""
NOTHING_PASSED = 1
NO_COVER, CLOSED, DATES = 21, 7, 9
BY_REVIEWER = -1
QUANTITY, FREQUENCY = 16, 5
CLAIMS: Mapping[ClaimCategory | None, int] = {
    ClaimCategory.HOSPITAL: 11,
    ClaimCategory.VISIT: 12,
    ClaimCategory.CONSULTATION: 13,
    ClaimCategory.SURGERY: 14,
    ClaimCategory.DELIVERY: 15,
    ClaimCategory.ANTENATAL: 19,
}
"""That there were too many claims of a category."""

LETTERS: Mapping[ClaimCategory, str] = {
    ClaimCategory.SURGERY: "S",
    ClaimCategory.DELIVERY: "D",
    ClaimCategory.ANTENATAL: "A",
    ClaimCategory.HOSPITAL: "H",
    ClaimCategory.CONSULTATION: "C",
    ClaimCategory.OTHER: "O",
    ClaimCategory.VISIT: "V",
}

CEILINGS = frozenset({By.EPISODE, By.PERSON_YEAR, By.HOUSEHOLD_YEAR})
"""Limits that make what is paid "exceeding ceiling"; CATEGORY is told apart."""

UPLOAD: Mapping[str, int] = {
    "provider": 1,
    "certificate": 2,
    "person": 3,
    "until": 4,
    "diagnosis": 5,
    "item": 7,
    "service": 8,
}
"""Codes of an upload by the field a refusal names."""


_FIRST = (7, 9, 6, UNKNOWN, 2, 10)
_LAST = (3, 17, QUANTITY)


def first_of(line: LineDecision, facts: LineFacts) -> int:
    """Return the number of the check that fails first there, of all the desk knows against a line.

    The desk names the package first, the peer the price list. Source: openIMIS handbook 3.2.
    """
    told = number_of(line)
    order = (*_FIRST, *((4, FREQUENCY) if facts.item else (FREQUENCY, 4)), *_LAST)
    if told not in order:
        return told
    found = {told, *(NUMBERS.get(code, 0) for code in facts.refused)}
    found |= {FREQUENCY} if facts.too_soon else set()
    found |= {2} if facts.tariff is None else set()
    return next(one for one in order if one in found)


def number_of(line: LineDecision) -> int:
    """Return why a line was refused in the peer's numbers, 0 when it passed."""
    code = line.refused
    if code is None:
        # Nothing of it was left to be paid: there that is a refusal too, here it is a number of 0.
        return 0 if line.quantity else _of_cut(_emptied(line))
    cut = next((one for one in line.cuts if one.code is code), None)
    return _of_cut(cut) or _of_code(code)


def _emptied(line: LineDecision) -> Cut | None:
    return next((one for one in line.cuts if one.by in {By.COUNT, By.NORM}), None)


def _of_cut(cut: Cut | None) -> int:
    if cut is None:
        return 0
    if cut.by is By.CLAIMS:
        return CLAIMS.get(cut.category, 0)
    return {By.FREQUENCY: FREQUENCY, By.COUNT: QUANTITY, By.NORM: QUANTITY}.get(
        cut.by or By.LIST, 0
    )


def _of_code(code: ReasonCode) -> int:
    return BY_REVIEWER if code.value.startswith("RM") else NUMBERS.get(code, NOTHING_PASSED)


def errors_of(assessed: Assessment, numbers: list[int]) -> tuple[int, list[int]]:
    """Return the claim's own number, 0 when it passed, and all errors, the claim's first.

    A claim that fails as a whole has one error: the person is not known any more, is not covered,
    or the days cannot be. Else each refused line is one, and that nothing passed.
    """
    if assessed.outcome is not Outcome.REJECTED:
        return 0, [one for one in numbers if one]
    whole = {line.refused for line in assessed.lines}
    if whole <= _OF_THE_PERSON:
        closed = whole <= {ReasonCode.RA02, ReasonCode.RA05}
        return CLOSED, [CLOSED if closed else NO_COVER]
    if whole <= {ReasonCode.RA09, ReasonCode.RA11}:
        return DATES, [DATES]
    return NOTHING_PASSED, [NOTHING_PASSED, *(one for one in numbers if one)]


_OF_THE_PERSON = frozenset({ReasonCode.RA01, ReasonCode.RA02, ReasonCode.RA04, ReasonCode.RA05})


def refused_at_entry(refusal: Refusal) -> dict[str, Any]:
    """Return what the peer would say of a claim that was not let in.

    Raises:
        Refusal: the same, when the peer has no number for it.
    """
    number = {"day": DATES, "received_on": DATES, "person": CLOSED}.get(refusal.field)
    if number is None:
        raise refusal
    return {
        "claim_rejection": number,
        "claim_status": REJECTED,
        "error_codes": [number],
        "n_errors": 1,
        "first_error": number,
    }
