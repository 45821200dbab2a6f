"""Words of care that several rooms speak."""

from enum import Enum


class Level(Enum):
    """How much a provider can do."""

    POST = "POST"
    CENTRE = "CENTRE"
    DISTRICT_HOSPITAL = "DISTRICT_HOSPITAL"
    REGIONAL = "REGIONAL"
    NATIONAL = "NATIONAL"
    PHARMACY = "PHARMACY"
    OTHER = "OTHER"


class Visit(Enum):
    """How a patient came to the provider."""

    OTHER = "OTHER"
    REFERRAL = "REFERRAL"
    EMERGENCY = "EMERGENCY"


class CareType(Enum):
    """In-patient care, out-patient care, or both."""

    IN = "IN"
    OUT = "OUT"
    BOTH = "BOTH"


class ClaimCategory(Enum):
    """In which one category a whole claim is put: the first of these that one of its acts has.

    Source: domain handbook 2.7, openIMIS handbook 3.1.
    """

    SURGERY = "SURGERY"
    DELIVERY = "DELIVERY"
    ANTENATAL = "ANTENATAL"
    HOSPITAL = "HOSPITAL"
    CONSULTATION = "CONSULTATION"
    OTHER = "OTHER"
    VISIT = "VISIT"
