"""More cases in the form of the shared ones, expected by hand from the openIMIS handbook.

Policy value (2.3 to 2.5): lump and threshold, null and zero, fees once or a head, the most members,
non-relatives, cycles at their edges, graces, discounts on the last day and the day after.
Contribution and renewal (2.6, 2.7). Claims (3.1 to 3.5): waiting, numbers, who and where, two faults
on one line, deductibles and ceilings beside each other and beside what was used before.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.peers.openimis import run

FILE = Path(__file__).with_name("by_hand.json")
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['area']}-{case['id']}")
def test_a_case_by_hand_passes(case: dict[str, Any]) -> None:
    outcome = run(case)
    assert (outcome.status, outcome.reason, outcome.got) == ("pass", "", outcome.got)
