"""Each reason code as data: what it does to a line or a claim, and who may decide otherwise.

Source: domain handbook 2.13. What a code says stands in `words`, what it says to the member and to
the provider in the sentences of the rights.
"""

from dataclasses import dataclass
from enum import Enum

from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.terms import Role


class Effect(Enum):
    """What a code does."""

    REFUSES = "R"
    LOWERS = "L"
    PUTS_ASIDE = "P"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What a code may do; `overridden_by` None when nobody may decide otherwise."""

    effects: frozenset[Effect]
    overridden_by: Role | None


_OFFICER, _ADVISER, _BOARD = Role.CLAIMS_OFFICER, Role.MEDICAL_ADVISER, Role.BOARD

_TABLE: tuple[tuple[str, str, Role | None], ...] = (
    ("RA01", "R", None),
    ("RA02", "R", None),
    ("RA03", "R", _BOARD),
    ("RA04", "R", _BOARD),
    ("RA05", "R", None),
    ("RA06", "R", _BOARD),
    ("RA07", "R", None),
    ("RA08", "P", _OFFICER),
    ("RA09", "R", _BOARD),
    ("RA10", "P", _OFFICER),
    ("RA11", "R", None),
    ("RA12", "L", None),
    ("RA13", "P", _OFFICER),
    ("RB01", "R", _BOARD),
    ("RB02", "R", _BOARD),
    ("RB03", "R", _BOARD),
    ("RB04", "R", _BOARD),
    ("RB05", "R", _BOARD),
    ("RB06", "RL", _ADVISER),
    ("RB07", "P", _OFFICER),
    ("RB08", "R", _ADVISER),
    ("RB09", "R", _ADVISER),
    ("RB10", "R", _ADVISER),
    ("RB11", "P", _BOARD),
    ("RC01", "RL", _BOARD),
    ("RC02", "L", _BOARD),
    ("RC03", "L", _BOARD),
    ("RC04", "L", _BOARD),
    ("RC05", "L", _BOARD),
    ("RC06", "L", _BOARD),
    ("RC07", "L", _ADVISER),
    ("RD01", "L", None),
    ("RT01", "R", _OFFICER),
    ("RT02", "L", None),
    ("RT03", "R", _OFFICER),
    ("RM01", "RL", _ADVISER),
    ("RM02", "P", _ADVISER),
    ("RM03", "L", _ADVISER),
    ("RM04", "L", _ADVISER),
    ("RM05", "P", _ADVISER),
    ("RF01", "P", _BOARD),
    ("RF02", "P", _BOARD),
    ("RF03", "R", None),
    ("RX01", "", _OFFICER),
)

CODES = {
    ReasonCode(code): CodeRule(frozenset(Effect(one) for one in effects), role)
    for code, effects, role in _TABLE
}
"""The rule of every code of the closed list."""


def may_override(code: ReasonCode, roles: frozenset[Role]) -> bool:
    """Return whether somebody with these roles may decide otherwise than this code says."""
    return CODES[code].overridden_by in roles
