"""Words of the scheme: its versions and its sections."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from stepdesk.values.ids import SectionId


class SectionKind(Enum):
    VILLAGE = "VILLAGE"
    QUARTER = "QUARTER"
    GROUP = "GROUP"
    OTHER = "OTHER"


class Role(Enum):
    """What a person of the desk is. Source: domain handbook 1.1."""

    REGISTRAR = "REGISTRAR"
    COLLECTOR = "COLLECTOR"
    CASHIER = "CASHIER"
    TREASURER = "TREASURER"
    MANAGER = "MANAGER"
    CLAIMS_OFFICER = "CLAIMS_OFFICER"
    MEDICAL_ADVISER = "MEDICAL_ADVISER"
    ACCOUNTANT = "ACCOUNTANT"
    CONTROLLER = "CONTROLLER"
    BOARD = "BOARD"
    TRAINER = "TRAINER"


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scheme as it stands on a day."""

    name: str
    code: str
    language: str
    first_day: date
    country: str
    practice: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A village or group, as it stands on a day; `code` is printed in household numbers."""

    id: SectionId
    code: int
    name: str
    kind: SectionKind
    first_day: date
