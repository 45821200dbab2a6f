"""Whether a person has rights, and the two sentences that say so."""

from stepdesk.rights.rules.deciding import (
    care_verdict,
    covered_through,
    newborn_verdict,
    state_on,
    status_of,
    stay_days,
    verdict,
    waited_from,
)
from stepdesk.rights.rules.sentences import for_the_member, for_the_provider
from stepdesk.rights.rules.since import corrected_since

__all__ = [
    "care_verdict",
    "corrected_since",
    "covered_through",
    "for_the_member",
    "for_the_provider",
    "newborn_verdict",
    "state_on",
    "status_of",
    "stay_days",
    "verdict",
    "waited_from",
]
