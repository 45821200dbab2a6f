"""Words of what leaves: what was hidden and why, releases, bundles, what the branch answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from stepdesk.i18n import N_, Text
from stepdesk.sync.wire.cells import Cells
from stepdesk.sync.wire.content import SizeClass
from stepdesk.sync.wire.outcome import Code
from stepdesk.values.ids import ReleaseId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

POLICY = "practice-0"
"""The rules of `stepdesk.sync.rules`: no real scheme may send under them. See decision 0014."""


class Hidden(Enum):
    """Why a cell does not leave; known in the scheme alone."""

    FEW = "FEW"
    PROTECTS = "PROTECTS"


REASONS: Mapping[Hidden, str] = {
    Hidden.FEW: N_("fewer than 5 persons"),
    Hidden.PROTECTS: N_("to protect another figure"),
}


@dataclass(frozen=True, slots=True)
class Cleared:
    """What may leave of a month: None where a cell is hidden, and why it is."""

    cells: Cells
    hidden: Mapping[tuple[str, int], Hidden]
    size_class: SizeClass


class State(Enum):
    """Where a month's return stands. CARRIED was written to a file at least once."""

    NOT_CLOSED = "NOT_CLOSED"
    TO_SEND = "TO_SEND"
    APPROVED = "APPROVED"
    CARRIED = "CARRIED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"


STATES: Mapping[State, str] = {
    State.NOT_CLOSED: N_("not closed"),
    State.TO_SEND: N_("to send"),
    State.APPROVED: N_("approved, to send"),
    State.CARRIED: N_("sent, no answer yet"),
    State.ACKNOWLEDGED: N_("received by the branch"),
    State.REJECTED: N_("refused by the branch"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """The branch this scheme writes to. `fingerprint` is compared with what the branch says."""

    name: str
    fingerprint: str
    practice: bool
    since: date


@dataclass(frozen=True, slots=True)
class Release:
    """What was approved to leave for one month, for ever the same bytes.

    `hash` is the SHA-256 of `content`: what is shown, what the file holds, what the receipt names.
    `second_signature` is empty when one person alone signed.
    """

    id: ReleaseId
    period: Month
    rev: int
    seq: int
    content: bytes
    hash: bytes
    policy: str
    approved_on: date
    first_signature: str
    second_signature: str
    single_control: bool


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle for the branch: its bytes, its neutral name, the months it carries.

    `seq` is the number of the bundle, `last` that of the last release in it.
    """

    content: bytes
    name: str
    sha256: bytes
    seq: int
    last: int
    months: tuple[Month, ...]
    recipient: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the branch said of a release last: taken or refused, when that was read, and why."""

    state: State
    on: date
    code: Code


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month in the list: how its return stands, and when that came about."""

    month: Month
    state: State
    on: date | None = None
    hash: bytes = b""
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the branch answered for one month."""

    month: Month
    accepted: bool
    text: Text
    hash: bytes


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a receipt said.

    `new` is how many of its answers were not known before, `unknown` how many returns it names
    that this book does not have. `again` are months the branch lost: they go out once more.
    """

    answers: tuple[Answer, ...]
    new: int
    unknown: int
    again: tuple[Month, ...]
    branch_time: datetime


Figure: TypeAlias = int | Money
"""A count, or an amount."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the preview: what the books say, what leaves, and what left last month.

    `leaves` is read from the file's bytes; None is hidden, and `why` says the reason. `before` is
    what the month before's release held, None when it was hidden or there is none; `difference`
    is there when both left.
    """

    table: str
    cell: str
    label: Text
    books: Figure
    leaves: Figure | None
    why: Hidden | None
    before: Figure | None
    difference: Figure | None


@dataclass(frozen=True, slots=True)
class Group:
    """One table of the preview."""

    block: Text
    label: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What leaves of one month, told from the very bytes that leave.

    `release` is None while nothing was approved: then these are the bytes that would be.
    `address` is None until the branch's card was kept, `own` (the scheme's fingerprint, to be
    compared at the branch) is empty until the first bundle was packed.
    """

    scheme: str
    month: Month
    state: State
    groups: tuple[Group, ...]
    content: bytes
    hash: bytes
    policy: str
    practice: bool
    size_class: SizeClass
    address: Address | None
    own: str
    release: Release | None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def hidden(self) -> int:
        """How many figures do not leave."""
        return sum(line.leaves is None for line in self.lines)
