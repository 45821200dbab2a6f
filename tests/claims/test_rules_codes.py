"""What each reason code does and who may decide otherwise: the table of domain handbook 2.13."""

import re
from pathlib import Path

import pytest

from stepdesk.claims.rules import CODES, Effect, may_override, reason
from stepdesk.i18n import speak
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role

HANDBOOK = Path(__file__).parents[2] / "shared/handbook/domain.md"
WHO = {
    "CO": Role.CLAIMS_OFFICER,
    "MA": Role.MEDICAL_ADVISER,
    "BD": Role.BOARD,
    "\u2013": None,
}


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_rule_and_words(code: ReasonCode) -> None:
    assert code in CODES
    assert speak(reason(code), "en")


@pytest.mark.skipif(not HANDBOOK.exists(), reason="the handbook is not in this copy")
def test_the_table_is_the_handbooks() -> None:
    rows = re.findall(
        r"^\| (R[A-Z]\d\d) \|[^|]*\|[^|]*\| ([^|]*) \| ([^|]*) \|",
        HANDBOOK.read_text(),
        re.MULTILINE,
    )
    told = {
        ReasonCode(code): (frozenset(Effect(one) for one in re.findall("[RLP]", effect)), WHO[who])
        for code, effect, who in rows
    }
    assert told == {code: (rule.effects, rule.overridden_by) for code, rule in CODES.items()}


def test_the_board_may_lift_a_ceiling_and_the_claims_officer_may_not() -> None:
    assert may_override(ReasonCode.RC05, frozenset({Role.BOARD, Role.TREASURER}))
    assert not may_override(ReasonCode.RC05, frozenset({Role.CLAIMS_OFFICER}))


def test_nobody_may_pay_for_somebody_who_is_not_registered() -> None:
    assert not may_override(ReasonCode.RA01, frozenset(Role))
