"""What the Send page asks of the book, and what it does there; all of it for the lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Colleague, Desk
from stepdesk.sync.papers import summary_pdf
from stepdesk.sync.queries import address, months, preview
from stepdesk.sync.service import acknowledge, approve_release, carry, keep_address, pack
from stepdesk.sync.terms import Acknowledged, Address, MonthRow, Packed, Preview, Release, State
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import StaffId
from stepdesk.values.month import Month

LARGEST = 1 << 20
"""No card and no answer is larger; more is not read at all."""

STATUS: dict[State, Status] = {
    State.NOT_CLOSED: Status.DRAFT,
    State.TO_SEND: Status.LATE,
    State.APPROVED: Status.LATE,
    State.CARRIED: Status.WAITING,
    State.ACKNOWLEDGED: Status.UP_TO_DATE,
    State.REJECTED: Status.STOPPED,
}
"""The sign and colour of each state of a month."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the page shows beside the preview; `others` may sign with the person."""

    months: tuple[MonthRow, ...]
    address: Address | None
    others: tuple[Colleague, ...]
    solo: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that lies in the folder the person chose."""

    path: Path
    packed: Packed


def facts_of(desk: Desk) -> Facts:
    """Return what the page shows beside the preview."""
    with desk.read() as connection:
        rows, to = months(connection), address(connection)
    others = tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id)
    return Facts(rows, to, others, desk.solo)


def preview_of(desk: Desk, month: Month) -> Preview:
    """Return what leaves of a month, told from the very bytes that leave."""
    return desk.ask(preview, month)


def keep_card(desk: Desk, file: Path, accepting: frozenset[str], reason: str) -> Address:
    """Keep the branch whose card is in a file.

    Raises:
        Refusal: no card, or that of a real branch.
        Caution: another branch than so far.
    """
    card = content_of(file, "card")
    with desk.work("keep_address", reason=reason) as work:
        return keep_address(work, card=card, accepting=accepting)


def approve(
    desk: Desk, seen: Mapping[Month, bytes], second: tuple[StaffId, str] | None
) -> tuple[Release, ...]:
    """Approve months that were looked at, with both signatures: all of them, or none.

    Args:
        desk: The open book.
        seen: The hash of what was shown of each month.
        second: Who signs with the person in front, and their password.

    Raises:
        Refusal: wrong password, nobody who signs too, or the figures changed since.
    """
    with desk.work("approve_release") as work:
        if second is not None:
            work.second(*second)
        return tuple(
            approve_release(work, month=month, seen=seen[month]) for month in sorted(seen)
        )


def write(desk: Desk, folder: Path) -> Written:
    """Write all that has not reached the branch as one file into a folder.

    Raises:
        Refusal: no branch is known, or there is nothing to send.
        Trouble: stick full, removed or read-only; nothing is half there.
    """
    packed = desk.do(pack)
    # By its whole name: where a stick was pulled out, its folder's name is free for a file.
    return Written(carry(desk, packed, folder / packed.name), packed)


def read_answer(desk: Desk, file: Path) -> Acknowledged:
    """Read the branch's answer.

    Raises:
        Refusal: not an answer for this scheme, or damaged.
    """
    return desk.do(acknowledge, receipt=content_of(file, "receipt"))


def summary_of(desk: Desk, shown: Preview) -> bytes:
    """Return the summary page of what leaves."""
    return summary_pdf(shown, desk.language)


def content_of(file: Path, field: str) -> bytes:
    """Return a file's content, or its beginning when it is larger than can be meant.

    Raises:
        Refusal: when it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(
            Text(
                N_("The file {name} cannot be read. Check the name, or put the stick in again."),
                {"name": file.name},
            ),
            field=field,
        ) from error
