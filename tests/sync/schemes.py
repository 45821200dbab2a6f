"""A scheme with enough people to have figures, a branch to send them to, and how both meet."""

from collections.abc import Sequence
from pathlib import Path

from stepdesk.branch.engine import Store
from stepdesk.branch.service import new_branch
from stepdesk.members.terms import Registered
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.sync.service import approve_release, keep_address, pack
from stepdesk.sync.terms import Packed, Release
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment

JANUARY, FEBRUARY, MARCH = Month(2024, 1), Month(2024, 2), Month(2024, 3)


def families(desk: Desk, sizes: Sequence[int] = (6,) * 8, *, paid: int = 3100) -> list[Registered]:
    """Households of these sizes; each pays at once."""
    homes = [a_household(desk, size) for size in sizes]
    for home in homes:
        a_payment(desk, home, paid)
    return homes


def closed(desk: Desk, clock: SetClock, *months: Month) -> None:
    """Close these months, one after another."""
    for month in months:
        clock.set(month.until)
        with desk.work("close_month") as work:
            if len(desk.keys.tiles()) > 1:
                work.second(desk.keys.tiles()[1].staff_id, SECOND)
            close_month(work, month=month, accepting=frozenset({"not_counted"}))


def branch(folder: Path, *, practice: bool = True, name: str = "Branch of Thiès") -> Store:
    return new_branch(folder, name=name, practice=practice)


def addressed(desk: Desk, store: Store) -> None:
    desk.do(keep_address, card=store.card.text().encode())


def approved(desk: Desk, *months: Month) -> list[Release]:
    found = []
    for month in months:
        with desk.work("approve_release") as work:
            if len(desk.keys.tiles()) > 1:
                work.second(desk.keys.tiles()[1].staff_id, SECOND)
            found.append(approve_release(work, month=month))
    return found


def packed(desk: Desk, store: Store) -> Packed:
    addressed(desk, store)
    return desk.do(pack)
