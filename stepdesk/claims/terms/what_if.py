"""Words of what decided claims would come to by another package."""

from collections.abc import Mapping
from dataclasses import dataclass

from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Money


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What was decided, and what it would come to."""

    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What claims would come to.

    `more` and `less` are how many claims the scheme would pay more and less of. `scheme` is its
    part, `patients` the patients'. `by_service` is the scheme's part of each service.
    """

    claims: int
    more: int
    less: int
    scheme: BeforeAfter
    patients: BeforeAfter
    by_service: Mapping[ServiceId, BeforeAfter]
