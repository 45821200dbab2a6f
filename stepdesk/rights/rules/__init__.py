"""Whether a person has rights, and the two sentences that say so."""

from stepdesk.rights.rules.deciding import (
    care_verdict,
    newborn_verdict,
    state_on,
    status_of,
    verdict,
    waited_from,
)
from stepdesk.rights.rules.sentences import for_the_member, for_the_provider
from stepdesk.rights.rules.since import corrected_since

__all__ = [
    "care_verdict",
    "corrected_since",
    "for_the_member",
    "for_the_provider",
    "newborn_verdict",
    "state_on",
    "status_of",
    "verdict",
    "waited_from",
]
