"""What a session keeps on this laptop beside its receipts, so that a power cut loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stepdesk.claims.queries import draft_of
from stepdesk.claims.service import forget_draft, keep_draft
from stepdesk.i18n import N_
from stepdesk.store.desk import Desk
from stepdesk.values.digits import leaf_number, leaf_parts
from stepdesk.values.ids import SessionId


@dataclass(frozen=True, slots=True)
class Kept:
    """How a session is worked, and the sheet that is half typed.

    `paper` says that receipts come from paper, with the leaf last typed. `sheet` is the sheet's
    number; `amounts` are its lines gone through: what was paid, None for nothing. `requests` are
    hex, one a line; `leaves` are the leaves of receipts from paper, as typed. `closed` says that
    somebody accepted that the month of the session's day is closed: it is asked once.
    """

    paper: bool = False
    leaf: str = ""
    sheet: str = ""
    amounts: Mapping[int, int | None] = field(default_factory=dict)
    requests: Mapping[int, str] = field(default_factory=dict)
    leaves: Mapping[int, str] = field(default_factory=dict)
    closed: bool = False

    @property
    def accepted(self) -> frozenset[str]:
        """The doubts that were accepted for the whole session."""
        return frozenset({CLOSED}) if self.closed else frozenset()

    def without_sheet(self) -> "Kept":
        return replace(self, sheet="", amounts={}, requests={}, leaves={})


CLOSED = "closed_month"
NOTHING = Kept()
NO_LEAF = N_("Type the leaf as it is printed, such as 0147-23; its booklet must be received.")


def next_leaf(told: str) -> str:
    """Return the leaf behind one, as it is proposed: 0147-24 behind 0147-23."""
    parts = leaf_parts(told)
    return "" if parts is None else leaf_number(parts[0], parts[1] + 1)


def kept_of(desk: Desk, session_id: SessionId) -> Kept:
    """Read what was kept of a session; anything unreadable is as if it had never been there."""
    try:
        told: dict[str, Any] = json.loads(desk.ask(draft_of, _form(session_id)))
        return Kept(
            bool(told["paper"]),
            str(told["leaf"]),
            str(told["sheet"]),
            {int(place): amount for place, amount in told["amounts"].items()},
            {int(place): str(one) for place, one in told["requests"].items()},
            {int(place): str(one) for place, one in told.get("leaves", {}).items()},
            bool(told.get("closed")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return NOTHING


def keep(desk: Desk, session_id: SessionId, kept: Kept) -> None:
    """Keep how a session stands on this laptop; it is no act."""
    told = {
        "paper": kept.paper,
        "leaf": kept.leaf,
        "sheet": kept.sheet,
        "amounts": dict(kept.amounts),
        "requests": dict(kept.requests),
        "leaves": dict(kept.leaves),
        "closed": kept.closed,
    }
    keep_draft(desk, _form(session_id), json.dumps(told))


def forget(desk: Desk, session_id: SessionId) -> None:
    """Forget what was kept: the session is counted."""
    forget_draft(desk, _form(session_id))


def _form(session_id: SessionId) -> str:
    return f"session:{session_id.hex()}"
