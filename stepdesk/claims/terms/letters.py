"""Words of guarantee letters: a promise to one provider for one patient and one episode.

Amounts of offers and letters are `Money`. Source: domain handbook 1.3 (D10), 2.10.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.i18n import Text
from stepdesk.members.terms import Birth, Sex
from stepdesk.rights.terms import Letter, Verdict
from stepdesk.values.ids import (
    BookletId,
    ClaimId,
    HouseholdId,
    LetterId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.money import Money


class GuaranteeKind(Enum):
    """How a letter came to be.

    NORMAL before the care. REGULARISATION after an emergency that was declared in time. PAD was
    written by hand on a numbered leaf and is typed in later.
    """

    NORMAL = "NORMAL"
    REGULARISATION = "REGULARISATION"
    PAD = "PAD"


class LetterState(Enum):
    """Where a letter stands. EXPIRED and SETTLED are derived from the day and from payments."""

    REQUESTED = "REQUESTED"
    ISSUED = "ISSUED"
    USED = "USED"
    SETTLED = "SETTLED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class NewLetter:
    """What is asked for.

    Args:
        person_id: The patient.
        provider_id: Who gives the care.
        service_id: The act the patient goes for.
        quantity: How many of it.
        kind: How the letter comes to be.
        first_day: The day of the care or of the leaf; today when None.
        referral: Who sent the patient, and the number of that paper.
        declared_hours: After how many hours an emergency was told to the scheme.
        leaf: The number of the pad's leaf, as it is printed: 0012-07.
    """

    person_id: PersonId
    provider_id: ProviderId
    service_id: ServiceId
    quantity: int = 1
    kind: GuaranteeKind = GuaranteeKind.NORMAL
    first_day: date | None = None
    referral: str = ""
    declared_hours: int | None = None
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class LetterOffer:
    """What a letter would say, before it is written.

    `price` is that of the agreed list for all that is asked for; `proposed` the scheme's part of
    it that ceilings leave, `patient` the rest. `most` is what ceilings of the whole package leave
    for the care; None sets no limit. `second` says that only a second person's signature lets the
    letter go out: contributions are not paid up. `against` is why none can go out, and `can_do`
    what may be done about it. `covered_through` is the last day a letter may hold, because the
    package wants every day of a stay covered and no later day can be; None sets no limit.
    """

    verdict: Verdict
    price: Money
    proposed: Money
    patient: Money
    most: Money | None
    first_day: date
    valid_through: date
    second: bool = False
    against: Text | None = None
    can_do: tuple[Text, ...] = ()
    covered_through: date | None = None

    @property
    def may_go_out(self) -> bool:
        return self.second or self.against is None


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter that a certificate names and that holds for it.

    `promise` is when it holds; None where only what a letter would come to is asked. `up_to` is
    what it promises at most, in minor units; None sets no limit.
    """

    letter_id: LetterId
    promise: Letter | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that decides whether a letter holds for a certificate."""

    letter_id: LetterId
    number: str
    person_id: PersonId
    provider_id: ProviderId
    service_id: ServiceId
    state: LetterState
    first_day: date | None
    valid_through: date | None
    up_to: int
    claim_id: ClaimId | None = None


@dataclass(frozen=True, slots=True)
class GuaranteeLetter:
    """A letter as it stands on a day.

    `up_to` is what the scheme promises at most, `patient_due` what the patient was told to pay.
    `used` is what the scheme paid, or owes, on the claim that used it. `reason` is why it was
    refused, cancelled or extended; `code` is the figure code, empty until it is issued.
    `refused_for` is the code of a refusal. `whole_stay` says that every day of the stay must be
    covered; it is told of one letter, not in lists.
    """

    id: LetterId
    number: str
    kind: GuaranteeKind
    state: LetterState
    version: int
    person_id: PersonId
    household_id: HouseholdId
    patient: str
    card: str
    sex: Sex
    birth: Birth
    provider_id: ProviderId
    provider: str
    service_id: ServiceId
    service_code: str
    service: str
    quantity: int
    asked_on: date
    issued_on: date | None
    issued_by: str
    first_day: date | None
    valid_through: date | None
    price: Money
    up_to: Money
    patient_due: Money
    code: str
    referral: str = ""
    leaf: str = ""
    reason: str = ""
    refused_for: str = ""
    claim_id: ClaimId | None = None
    claim: str = ""
    used: Money | None = None
    single_control: bool = False
    whole_stay: bool = False


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """What a hospital hears of a number and its figures; `letter` is None of a blank pad's leaf."""

    number: str
    letter: GuaranteeLetter | None


@dataclass(frozen=True, slots=True)
class PadLeaf:
    """A blank leaf of the emergency pad: its number and the figures that prove it is ours."""

    booklet_id: BookletId
    number: str
    code: str
