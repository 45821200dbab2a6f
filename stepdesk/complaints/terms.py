"""Words of complaints and appeals. Source: domain handbook 2.15."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.values.ids import ClaimId, ComplaintId, HouseholdId, ProviderId


class ComplaintKind(Enum):
    """What a complaint is about; about a decision on a claim it is an appeal."""

    CLAIM_DECISION = "CLAIM_DECISION"
    SUSPENSION = "SUSPENSION"
    STRIKE_OFF = "STRIKE_OFF"
    SUBSIDY = "SUBSIDY"
    SERVICE_QUALITY = "SERVICE_QUALITY"
    STAFF = "STAFF"


class ComplaintState(Enum):
    """How far a complaint is; the states follow each other in this order."""

    FILED = "FILED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    HEARD = "HEARD"
    DECIDED = "DECIDED"
    CLOSED = "CLOSED"


class ComplaintOutcome(Enum):
    """What was decided: the decision complained about stands, or does not."""

    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"


class FiledBy(Enum):
    """Who complains."""

    MEMBER = "MEMBER"
    PROVIDER = "PROVIDER"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A complaint as it is filed.

    Args:
        kind: What it is about.
        told: What the person says, in their words.
        filed_by: Who complains.
        who: Their name and how to reach them, where the book does not know it.
        household_id: Whom it concerns; asked for about suspension, striking off and subsidies.
        claim_id: The claim, of an appeal against its decision.
        provider_id: The provider, of a complaint about care or by a provider.
        earlier_id: The complaint whose answer is not accepted: this one goes to the second level.
    """

    kind: ComplaintKind
    told: str
    filed_by: FiledBy = FiledBy.MEMBER
    who: str = ""
    household_id: HouseholdId | None = None
    claim_id: ClaimId | None = None
    provider_id: ProviderId | None = None
    earlier_id: ComplaintId | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The last days by which a complaint is acknowledged and decided."""

    acknowledge_by: date
    decide_by: date


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """One step of a complaint, and what was told at it."""

    state: ComplaintState
    day: date
    by: str
    answer: str = ""
    outcome: ComplaintOutcome | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as it stands. `concerns` is a household's number or a provider's name.

    `due` is the last day of its next step, None once it is decided.
    """

    id: ComplaintId
    number: str
    kind: ComplaintKind
    level: int
    filed_by: FiledBy
    filed_on: date
    who: str
    told: str
    concerns: str
    claim: str
    state: ComplaintState
    deadlines: Deadlines
    steps: tuple[ComplaintStep, ...]
    claim_id: ClaimId | None = None
    household_id: HouseholdId | None = None

    @property
    def due(self) -> date | None:
        if self.state is ComplaintState.FILED:
            return self.deadlines.acknowledge_by
        if self.state in {ComplaintState.ACKNOWLEDGED, ComplaintState.HEARD}:
            return self.deadlines.decide_by
        return None

    @property
    def decided(self) -> ComplaintStep | None:
        return next((one for one in self.steps if one.outcome is not None), None)

    def late(self, day: date) -> bool:
        return self.due is not None and day > self.due


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """How complaints of a period went: counts alone. Source: domain handbook 4.6, S06 and S07.

    `in_time` of the `answered` were decided within the days asked for.
    """

    filed: int
    appeals: int
    decided: int
    overturned: int
    answered: int
    in_time: int
