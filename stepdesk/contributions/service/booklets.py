"""Booklets are received, given out and come back; leaves are cancelled or missing.

Source: domain handbook D28, 1.2.
"""

from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import booklet, booklet_move, finding_note, leaf_mark
from stepdesk.contributions.terms import (
    BookletFacts,
    BookletFinding,
    FindingKind,
    Leaf,
    MarkKind,
    MoveKind,
    Stationery,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import BookletId, ProviderId, StaffId
from stepdesk.values.money import Money

LEAVES = 50
"""A printed booklet has so many leaves. Source: domain handbook 1.2."""

_MOST_AT_ONCE = 500
_MOST_LEAVES = 1000
_MOST_SERIAL = 99_999_999
_UNKNOWN = Text(N_("There is no such booklet. Write down first that it was received."))
_KNOWN = (
    "SELECT serial FROM booklet WHERE kind = :kind AND serial BETWEEN :first AND :last LIMIT 1"
)
_COLLECTOR = "SELECT name, ended_on FROM staff WHERE id = :id"
_PROVIDER = "SELECT name FROM provider WHERE id = :id"


def receive_booklets(
    work: Work,
    *,
    kind: Stationery,
    first_serial: int,
    count: int = 1,
    leaves: int = LEAVES,
    first_leaf: int = 1,
    received_on: date | None = None,
    cost: Money | None = None,
) -> tuple[BookletId, ...]:
    """Write down booklets that came from the printer, numbered one after another.

    Args:
        work: The work.
        kind: What they are made of.
        first_serial: The number printed on the first.
        count: How many.
        leaves: How many leaves each has.
        first_leaf: The number of each one's first leaf.
        received_on: Today when left out; never ahead.
        cost: What one cost, if it is known; the expense is booked apart.

    Raises:
        Refusal: numbers that cannot be, a booklet received before, a day ahead.
    """
    day = _past(work, received_on)
    _check_numbers(first_serial, count, leaves, first_leaf)
    last = first_serial + count - 1
    known = work.row(_KNOWN, kind=kind.value, first=first_serial, last=last)
    if known is not None:
        raise Refusal(
            Text(
                N_("Booklet {number} was received before. Check the numbers."),
                {"number": f"{known.serial:04d}"},
            ),
            field="serial",
        )
    found = []
    for serial in range(first_serial, last + 1):
        booklet_id = BookletId(work.new_id())
        work.insert(
            booklet,
            id=booklet_id,
            kind=kind,
            serial=serial,
            first_leaf=first_leaf,
            last_leaf=first_leaf + leaves - 1,
            received_on=day,
            cost=cost,
        )
        found.append(booklet_id)
    return tuple(found)


def _check_numbers(first_serial: int, count: int, leaves: int, first_leaf: int) -> None:
    if not 1 <= first_serial <= _MOST_SERIAL:
        raise Refusal(Text(N_("Type the number printed on the booklet.")), field="serial")
    if not 1 <= count <= _MOST_AT_ONCE:
        raise Refusal(
            Text(N_("Write down between 1 and {most} booklets at once."), {"most": _MOST_AT_ONCE}),
            field="count",
        )
    if not 1 <= leaves <= _MOST_LEAVES or not 1 <= first_leaf <= _MOST_SERIAL:
        raise Refusal(
            Text(
                N_("A booklet has between 1 and {most} leaves. Count them."),
                {"most": _MOST_LEAVES},
            ),
            field="leaves",
        )


def issue_booklet(
    work: Work,
    *,
    booklet_id: BookletId,
    collector_id: StaffId | None = None,
    provider_id: ProviderId | None = None,
    day: date | None = None,
    note: str = "",
    accepting: frozenset[str] = frozenset(),
) -> None:
    """Give a booklet to a collector or a provider.

    Raises:
        Refusal: no such booklet, nobody or two named, a day ahead or before what was told
            last, somebody whose access ended.
        Caution: `held` when somebody else still has it.
    """
    facts = _facts(work, booklet_id)
    on = _next_day(work, facts, day)
    _check_taker(work, collector_id, provider_id)
    holder, since = rules.holder_on(facts, on)
    if holder.collector_id == collector_id and holder.provider_id == provider_id:
        raise Refusal(
            Text(
                N_(
                    "{holder} has had this booklet since {day}. Take it back first, or check the number."
                ),
                {"holder": holder.name, "day": since},
            ),
            field="holder",
        )
    if not holder.office and "held" not in accepting:
        told = Text(
            N_(
                "{holder} has had this booklet since {day} and did not bring it back. Go on only if it is in your hands."
            ),
            {"holder": holder.name, "day": since},
        )
        raise Caution((Doubt("held", told, "holder"),))
    work.insert(
        booklet_move,
        id=work.new_id(),
        booklet_id=booklet_id,
        kind=MoveKind.ISSUED,
        day=on,
        collector_id=collector_id,
        provider_id=provider_id,
        note=note.strip(),
        noted_by=work.person.staff_id,
    )


def _check_taker(work: Work, collector_id: StaffId | None, provider_id: ProviderId | None) -> None:
    if (collector_id is None) is (provider_id is None):
        raise Refusal(
            Text(N_("Say who gets the booklet: a collector or a provider.")), field="holder"
        )
    if collector_id is not None:
        row = work.row(_COLLECTOR, id=collector_id)
    else:
        row = work.row(_PROVIDER, id=provider_id)
    if row is None or getattr(row, "ended_on", None) is not None:
        raise Refusal(
            Text(N_("Say who gets the booklet: a collector or a provider.")), field="holder"
        )


def return_booklet(
    work: Work, *, booklet_id: BookletId, day: date | None = None, note: str = ""
) -> None:
    """Take a booklet back into the office; `note` says what was seen.

    Raises:
        Refusal: no such booklet, it lies in the office, a day ahead or before it was given out.
    """
    facts = _facts(work, booklet_id)
    on = _next_day(work, facts, day)
    if rules.holder_on(facts, on)[0].office:
        raise Refusal(
            Text(N_("This booklet lies in the office. Check the number.")), field="booklet"
        )
    work.insert(
        booklet_move,
        id=work.new_id(),
        booklet_id=booklet_id,
        kind=MoveKind.RETURNED,
        day=on,
        note=note.strip(),
        noted_by=work.person.staff_id,
    )


def mark_leaves(
    work: Work,
    *,
    booklet_id: BookletId,
    kind: MarkKind,
    first_leaf: int,
    last_leaf: int | None = None,
    reason: str,
    kept: bool = True,
    day: date | None = None,
) -> None:
    """Cancel spoilt leaves, declare leaves missing, or note that they are good after all.

    Args:
        work: The work.
        booklet_id: Whose leaves.
        kind: What is told of them.
        first_leaf: The first one.
        last_leaf: The last one, included; the first when left out.
        reason: Why; kept with the leaves.
        kept: Whether the paper of a cancelled leaf was kept.
        day: Today when left out; never ahead.

    Raises:
        Refusal: no such booklet or leaf, no reason, a day ahead, a leaf that became a receipt,
            one that was marked so before, or good though nothing was told against it.
    """
    facts = _facts(work, booklet_id)
    last = first_leaf if last_leaf is None else last_leaf
    on = _past(work, day)
    if not reason.strip():
        raise Refusal(Text(N_("Write why; the reason is kept with the leaf.")), field="reason")
    if last < first_leaf:
        raise Refusal(
            Text(N_("The last leaf stands before the first. Change one of them.")),
            field="last_leaf",
        )
    for leaf in (first_leaf, last):
        _check_inside(facts, leaf)
    for leaf in range(first_leaf, last + 1):
        _check_mark(facts, leaf, kind)
    work.insert(
        leaf_mark,
        id=work.new_id(),
        booklet_id=booklet_id,
        kind=kind,
        first_leaf=first_leaf,
        last_leaf=last,
        day=on,
        kept=int(kept),
        reason=reason.strip(),
        noted_by=work.person.staff_id,
    )


def _check_mark(facts: BookletFacts, leaf: int, kind: MarkKind) -> None:
    used = next((use for use in facts.uses if use.leaf == leaf and not use.reversed), None)
    if used is not None and kind is not MarkKind.FOUND:
        raise Refusal(
            Text(
                N_("Leaf {leaf} became receipt {number}. Cancel the receipt instead.")
                if facts.booklet.kind is Stationery.RECEIPT
                else N_("Leaf {leaf} became {number}: it is used. Check the number of the leaf."),
                {"leaf": facts.booklet.leaf(leaf), "number": used.number},
            ),
            field="leaf",
        )
    mark = rules.mark_of(facts, leaf)
    if kind is MarkKind.FOUND:
        if mark is None:
            raise Refusal(
                Text(
                    N_("Leaf {leaf} is neither missing nor cancelled. Check the number."),
                    {"leaf": facts.booklet.leaf(leaf)},
                ),
                field="leaf",
            )
    elif mark is not None and (mark.kind is kind or kind is MarkKind.MISSING):
        raise Refusal(
            Text(
                N_("Leaf {leaf} was marked on {day}: {reason}. Check the number."),
                {
                    "leaf": facts.booklet.leaf(leaf),
                    "day": mark.day,
                    "reason": mark.reason,
                },
            ),
            field="leaf",
        )


def accept_findings(
    work: Work,
    *,
    booklet_id: BookletId,
    leaf: int,
    reason: str,
    kind: FindingKind | None = None,
) -> tuple[BookletFinding, ...]:
    """Write down why what was found about a leaf is left as it is; closing asks no more of it.

    The finding stays in the booklet's register. Another receipt on the same leaf is a new one.

    Args:
        work: The work.
        booklet_id: The booklet.
        leaf: A leaf the finding speaks of.
        reason: What was learnt about it.
        kind: Which of the leaf's findings; all of them when left out.

    Raises:
        Refusal: no such booklet, no reason, nothing found about that leaf that is still open.
    """
    told = reason.strip()
    if not told:
        raise Refusal(
            Text(N_("Write what was learnt about the leaf; the reason is kept.")), field="reason"
        )
    _facts(work, booklet_id)
    found = tuple(
        one
        for one in queries.open_findings(work.connection)
        if one.booklet_id == booklet_id
        and one.first_leaf <= leaf <= one.last_leaf
        and kind in (None, one.kind)
    )
    if not found:
        raise Refusal(
            Text(N_("Nothing is open about this leaf. Look at the booklet's findings.")),
            field="leaf",
        )
    for one in found:
        work.insert(
            finding_note,
            id=work.new_id(),
            booklet_id=booklet_id,
            kind=one.kind,
            first_leaf=one.first_leaf,
            last_leaf=one.last_leaf,
            receipts=" ".join(one.receipts),
            day=work.today,
            reason=told,
            noted_by=work.person.staff_id,
        )
    return found


def check_leaf(
    work: Work, leaf: Leaf, *, day: date, collector_id: StaffId | None = None
) -> tuple[Doubt, ...]:
    """Refuse a leaf on which no receipt can stand; return what is odd about it.

    Doubt `other_collector`: somebody else held the booklet on that day, or nobody did. Nobody
    carries the money that is paid at the desk; there the office's booklets are good, and those
    of who takes it.

    Raises:
        Refusal: beside `leaf`: no such booklet of receipts, a leaf outside it, used before
            (naming that receipt), cancelled or missing.
    """
    facts = _facts(work, leaf.booklet_id, "leaf")
    if facts.booklet.kind is not Stationery.RECEIPT:
        raise Refusal(_UNKNOWN, field="leaf")
    _check_inside(facts, leaf.number)
    _check_free(facts, leaf.number)
    hands = (collector_id,) if collector_id else (None, work.person.staff_id)
    return _held_doubt(facts, day, hands)


def _held_doubt(
    facts: BookletFacts, day: date, hands: tuple[StaffId | None, ...]
) -> tuple[Doubt, ...]:
    if rules.held_by(facts, day, hands):
        return ()
    holder, _ = rules.holder_on(facts, day)
    if holder.office:
        text = Text(
            N_("Booklet {number} had been given to nobody on {day}. Is the number right?"),
            {"number": facts.booklet.number, "day": day},
        )
    else:
        text = Text(
            N_(
                "Booklet {number} was with {holder} on {day}. "
                "Name who collected, or check the number."
            ),
            {"number": facts.booklet.number, "holder": holder.name, "day": day},
        )
    return (Doubt("other_collector", text, "leaf"),)


def _check_inside(facts: BookletFacts, leaf: int) -> None:
    found = facts.booklet
    if not found.first_leaf <= leaf <= found.last_leaf:
        raise Refusal(
            Text(
                N_("Booklet {number} has the leaves {first} to {last}. Check the number."),
                {
                    "number": found.number,
                    "first": str(found.first_leaf),
                    "last": str(found.last_leaf),
                },
            ),
            field="leaf",
        )


def _check_free(facts: BookletFacts, leaf: int) -> None:
    used = next((use for use in facts.uses if use.leaf == leaf and not use.reversed), None)
    if used is not None:
        raise Refusal(
            Text(
                N_("Leaf {leaf} was typed in before, as receipt {number}. Check the number."),
                {"leaf": facts.booklet.leaf(leaf), "number": used.number},
            ),
            field="leaf",
        )
    mark = rules.mark_of(facts, leaf)
    if mark is None:
        return
    message = (
        N_("Leaf {leaf} was cancelled on {day}: {reason}. Check the number.")
        if mark.kind is MarkKind.CANCELLED
        else N_(
            "Leaf {leaf} was declared missing on {day}: {reason}. Note first that it is found."
        )
    )
    values: dict[str, str | date] = {
        "leaf": facts.booklet.leaf(leaf),
        "day": mark.day,
        "reason": mark.reason,
    }
    raise Refusal(Text(message, values), field="leaf")


def _facts(work: Work, booklet_id: BookletId, field: str = "booklet") -> BookletFacts:
    try:
        return queries.booklet_facts(work.connection, booklet_id)
    except LookupError:
        raise Refusal(_UNKNOWN, field=field) from None


def _past(work: Work, day: date | None) -> date:
    on = day or work.today
    if on > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": on, "today": work.today},
            ),
            field="day",
        )
    return on


def _next_day(work: Work, facts: BookletFacts, day: date | None) -> date:
    """A booklet's moves are told in the order they happened."""
    on = _past(work, day)
    last = facts.moves[-1].day if facts.moves else facts.booklet.received_on
    if on < last:
        raise Refusal(
            Text(
                N_(
                    "The last that was told of this booklet is of {day}. Type that day or a later one."
                ),
                {"day": last},
            ),
            field="day",
        )
    return on
