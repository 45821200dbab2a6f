"""What catalogue and packages share: a code, a first day, levels as the book keeps them."""

from collections.abc import Collection
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.care import Level
from stepdesk.values.month import Month

NO_CODE = Text(N_("Give it a code."))


def check_first_day(
    work: Work, days: Collection[str], day: date, *, begun: bool | None = None
) -> None:
    """Refuse a second version on one day, and what would decide closed months anew.

    Args:
        work: The work.
        days: On which something begins already.
        day: On which something is to begin.
        begun: Whether anything was decided before; as `days` tell when left out.
    """
    if day.isoformat() in days:
        raise Refusal(
            Text(N_("Something else begins on {day} already. Choose another day."), {"day": day}),
            field="first_day",
        )
    if (bool(days) if begun is None else begun) and ledger.is_closed(work, day):
        raise Refusal(
            Text(
                N_("{month} is closed. Let new terms begin on {first} or later."),
                {"month": Month.of(day), "first": ledger.first_open_day(work)},
            ),
            field="first_day",
        )


def levels_told(levels: frozenset[Level] | None) -> str | None:
    """Return levels as the book keeps them: one order, whatever the set's own is."""
    return None if levels is None else " ".join(one.value for one in Level if one in levels)
