"""The words of a branch: a scheme it knows, a month it has, what it did with a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from stepdesk.sync.wire.cells import Cells
from stepdesk.sync.wire.outcome import Code, Result, Status
from stepdesk.values.month import Month


class SchemeState(Enum):
    """A scheme is pending from its first bundle until an officer compared its fingerprint."""

    PENDING = "pending"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class SchemeKnown:
    """A scheme as the branch knows it.

    Args:
        fingerprint: Ten groups of four digits; the scheme's desk shows the same.
        country: Of its last month; empty while none was taken in.
        last_received: When a month of it came last, None while none was taken in.
        contiguous_seq: All releases up to this number came; `gaps` are missing above it.
        quarantined: Releases kept apart because others of their month and revision are here.
    """

    scheme: bytes
    fingerprint: str
    state: SchemeState
    first_seen: datetime
    months: int
    last_month: Month | None
    country: str
    last_received: datetime | None
    contiguous_seq: int
    gaps: tuple[int, ...]
    quarantined: int

    @property
    def short(self) -> str:
        """The first two groups of the fingerprint: how people name the scheme here."""
        return self.fingerprint[:9]


@dataclass(frozen=True, slots=True)
class MonthHeld:
    """The latest revision of one month of a scheme.

    Args:
        revisions: How many revisions of the month are here; above 1 it was restated.
        cells: As `sync.wire.cells.TABLES` names them; None is hidden.
    """

    month: Month
    rev: int
    revisions: int
    release_id: bytes
    received: datetime
    country: str
    currency: str
    policy: str
    practice: bool
    size_class: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Received:
    """What the branch did with one file.

    Args:
        months: Period and revision of each release, in the order of `results`.
        again: The very same file was here before; nothing was changed and `receipt` is the one
            given then.
        new_scheme: The scheme was never seen before: compare its fingerprint.
        receipt: The file to give back.
    """

    scheme: bytes
    fingerprint: str
    state: SchemeState
    results: tuple[Result, ...]
    months: tuple[tuple[Month, int], ...]
    receipt: bytes
    receipt_name: str
    again: bool
    new_scheme: bool

    @property
    def refused(self) -> Mapping[Code, int]:
        """How many releases were rejected for each reason; empty when all were taken."""
        codes = [one.code for one in self.results if one.status is Status.REJECTED]
        return {code: codes.count(code) for code in codes}
