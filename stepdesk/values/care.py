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
