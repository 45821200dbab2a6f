"""Where each leaf of a booklet stands, and what should not be. Nothing here reads the book.

Source: domain handbook 1.2 (gap, duplicate, leaf outside the booklet, booklet of another
collector) and D28: a missing booklet is the classic way to embezzle.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from stepdesk.contributions.terms import (
    OFFICE,
    BookletFacts,
    BookletFinding,
    BookletState,
    FindingKind,
    Holder,
    LeafLine,
    LeafMark,
    LeafState,
    LeafUse,
    MarkKind,
    MoveKind,
    Stationery,
)
from stepdesk.i18n import N_, Text
from stepdesk.values.ids import StaffId

_PASSED_OVER = N_(
    "Leaf {leaf} was passed over: a later one became receipt {number}. "
    "Type it in, cancel it, or declare it missing."
)
_PASSED_OVER_PAD = N_(
    "Leaf {leaf} was passed over: a later one became {number}. "
    "Ask the provider for it, cancel it, or declare it missing."
)
_NO_LEAF = N_("The booklet has no leaf {leaf}, but receipt {number} names it.")
_NO_LEAF_PAD = N_("The pad has no leaf {leaf}, but {number} names it. Look at the paper.")
_MARKED_USED = N_("Leaf {leaf} is cancelled or missing, and yet it became receipt {number}.")
_MARKED_USED_PAD = N_(
    "Leaf {leaf} is cancelled or missing, and yet it became {number}. Look at the paper."
)
_MARKED = {MarkKind.CANCELLED: LeafState.CANCELLED, MarkKind.MISSING: LeafState.MISSING}


def booklet_state(facts: BookletFacts) -> BookletState:
    """Return a booklet leaf by leaf, with who holds it and all that should not be."""
    holder, since = holder_on(facts, date.max)
    return BookletState(
        booklet=facts.booklet,
        holder=holder,
        since=since,
        leaves=tuple(_leaves(facts)),
        findings=booklet_findings(facts),
        moves=facts.moves,
    )


def holder_on(facts: BookletFacts, day: date) -> tuple[Holder, date]:
    """Return who held a booklet at the end of a day, and since when; the office at first."""
    holder, since = OFFICE, facts.booklet.received_on
    for move in facts.moves:
        if move.day <= day:
            holder = move.holder if move.kind is MoveKind.ISSUED else OFFICE
            since = move.day
    return holder, since


def mark_of(facts: BookletFacts, leaf: int) -> LeafMark | None:
    """Return the mark that holds for a leaf; a leaf found again has none."""
    found = None
    for mark in facts.marks:
        if mark.first_leaf <= leaf <= mark.last_leaf:
            found = mark
    return None if found is None or found.kind is MarkKind.FOUND else found


def runs(leaves: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return leaves as runs from first to last, both included: 1, 2, 3, 5 are (1, 3) and (5, 5)."""
    found: list[tuple[int, int]] = []
    for leaf in sorted(set(leaves)):
        if found and found[-1][1] == leaf - 1:
            found[-1] = (found[-1][0], leaf)
        else:
            found.append((leaf, leaf))
    return tuple(found)


def runs_text(leaves: Iterable[int]) -> str:
    """Return leaves as people write them: `1–12, 14`."""
    return ", ".join(
        str(first) if first == last else f"{first}–{last}" for first, last in runs(leaves)
    )


def _leaves(facts: BookletFacts) -> Iterator[LeafLine]:
    booklet = facts.booklet
    uses = {use.leaf: use for use in sorted(facts.uses, key=lambda use: not use.reversed)}
    for leaf in range(booklet.first_leaf, booklet.last_leaf + 1):
        use, mark = uses.get(leaf), mark_of(facts, leaf)
        number = booklet.leaf(leaf)
        if use is not None and (mark is None or not use.reversed):
            yield LeafLine(leaf, number, LeafState.USED, use.number, use.day)
        elif mark is not None:
            yield LeafLine(leaf, number, _MARKED[mark.kind], "", mark.day, mark.reason)
        else:
            yield LeafLine(leaf, number, LeafState.BLANK)


def booklet_findings(facts: BookletFacts) -> tuple[BookletFinding, ...]:
    """Return what should not be, by leaf.

    It is told alike of receipts, of letters on emergency pads and of certificates.

    SKIPPED: leaves not accounted for before one that was used. OUT_OF_ORDER: a later leaf bears
    an earlier day. TWICE: two documents on one leaf. OUTSIDE: a leaf the booklet does not have.
    OTHER_COLLECTOR: used by somebody who did not hold the booklet on that day; of letters and
    certificates, whose pads may lie in the office, by a provider while another one had it.
    MARKED_AND_USED: a document on a leaf that was cancelled or is missing. MISSING: as declared.
    NOT_KEPT: a cancelled leaf whose paper was not kept.
    """
    found = [
        *_skipped(facts),
        *_out_of_order(facts),
        *_twice(facts),
        *_outside(facts),
        *_by_others(facts),
        *_marked(facts),
    ]
    return tuple(sorted(found, key=lambda one: (one.first_leaf, one.kind.value)))


def _found(
    facts: BookletFacts,
    kind: FindingKind,
    leaves: tuple[int, int],
    message: str,
    uses: Sequence[LeafUse] = (),
    **values: str | date,
) -> BookletFinding:
    first, last = leaves
    booklet = facts.booklet
    told = booklet.leaf(first) if first == last else f"{booklet.leaf(first)} – {last:02d}"
    return BookletFinding(
        kind=kind,
        booklet_id=booklet.id,
        booklet=booklet.number,
        first_leaf=first,
        last_leaf=last,
        text=Text(message, {"leaf": told, **values}),
        receipts=tuple(use.number for use in uses),
    )


def _held(facts: BookletFacts) -> list[LeafUse]:
    """The uses that count, by leaf: a reversed receipt is no use any more."""
    return sorted((use for use in facts.uses if not use.reversed), key=lambda use: use.leaf)


def _skipped(facts: BookletFacts) -> Iterator[BookletFinding]:
    used = {use.leaf: use for use in facts.uses}
    inside = [leaf for leaf in used if facts.booklet.first_leaf <= leaf]
    if not inside:
        return
    blank = [
        leaf
        for leaf in range(facts.booklet.first_leaf, min(max(inside), facts.booklet.last_leaf))
        if leaf not in used and mark_of(facts, leaf) is None
    ]
    for run in runs(blank):
        later = used[min(leaf for leaf in inside if leaf > run[1])]
        yield _found(
            facts,
            FindingKind.SKIPPED,
            run,
            _of_kind(facts, _PASSED_OVER, _PASSED_OVER_PAD),
            [later],
            number=later.number,
        )


def _out_of_order(facts: BookletFacts) -> Iterator[BookletFinding]:
    for before, after in pairwise(_held(facts)):
        if after.day < before.day and after.leaf != before.leaf:
            yield _found(
                facts,
                FindingKind.OUT_OF_ORDER,
                (after.leaf, after.leaf),
                N_(
                    "Leaf {leaf} bears the day {day}, the leaf before it {before}. "
                    "Look at the paper."
                ),
                [before, after],
                day=after.day,
                before=before.day,
            )


def _twice(facts: BookletFacts) -> Iterator[BookletFinding]:
    held = _held(facts)
    for leaf in sorted({one.leaf for one, two in pairwise(held) if one.leaf == two.leaf}):
        uses = [use for use in held if use.leaf == leaf]
        yield _found(
            facts,
            FindingKind.TWICE,
            (leaf, leaf),
            N_("Leaf {leaf} was typed in more than once: {receipts}. Cancel what is wrong."),
            uses,
            receipts=", ".join(use.number for use in uses),
        )


def _outside(facts: BookletFacts) -> Iterator[BookletFinding]:
    booklet = facts.booklet
    for use in _held(facts):
        if not booklet.first_leaf <= use.leaf <= booklet.last_leaf:
            yield _found(
                facts,
                FindingKind.OUTSIDE,
                (use.leaf, use.leaf),
                _of_kind(facts, _NO_LEAF, _NO_LEAF_PAD),
                [use],
                number=use.number,
            )


def held_by(facts: BookletFacts, day: date, hands: Collection[StaffId | None]) -> bool:
    """Whether one of some collectors, or None the office, had a booklet on a day.

    A booklet may change hands in the middle of a day: who held it before or after counts.
    """
    told = [holder_on(facts, day)[0], *(move.holder for move in facts.moves if move.day == day)]
    before = [move for move in facts.moves if move.day < day]
    issued = bool(before) and before[-1].kind is MoveKind.ISSUED
    told.append(before[-1].holder if issued else OFFICE)
    return any(one.collector_id in hands and one.provider_id is None for one in told)


def _by_others(facts: BookletFacts) -> Iterator[BookletFinding]:
    if facts.booklet.kind is not Stationery.RECEIPT:
        yield from _by_other_providers(facts)
        return
    for use in _held(facts):
        if held_by(facts, use.day, use.hands):
            continue
        holder, _ = holder_on(facts, use.day)
        if holder.office:
            message = N_("Leaf {leaf} became receipt {number}, but nobody had been given it.")
        else:
            message = N_(
                "Leaf {leaf} became receipt {number} of somebody else: {holder} had the booklet."
            )
        yield _found(
            facts,
            FindingKind.OTHER_COLLECTOR,
            (use.leaf, use.leaf),
            message,
            [use],
            number=use.number,
            holder=holder.name,
        )


def _by_other_providers(facts: BookletFacts) -> Iterator[BookletFinding]:
    """What came from a provider while another one had the pad; one of the office is everybody's."""
    for use in _held(facts):
        told = [holder_on(facts, use.day)[0]]
        told += [move.holder for move in facts.moves if move.day == use.day]
        holder = told[0]
        if holder.provider_id is None or use.provider_id in {one.provider_id for one in told}:
            continue
        yield _found(
            facts,
            FindingKind.OTHER_COLLECTOR,
            (use.leaf, use.leaf),
            N_("Leaf {leaf} became {number} of somebody else: {holder} had the pad."),
            [use],
            number=use.number,
            holder=holder.name,
        )


def _of_kind(facts: BookletFacts, receipt: str, other: str) -> str:
    """Return the message that speaks of receipts, or the one of letters and certificates."""
    return receipt if facts.booklet.kind is Stationery.RECEIPT else other


def _marked(facts: BookletFacts) -> Iterator[BookletFinding]:
    booklet = facts.booklet
    used = {use.leaf: use for use in _held(facts)}
    missing, not_kept = [], []
    for leaf in range(booklet.first_leaf, booklet.last_leaf + 1):
        mark = mark_of(facts, leaf)
        if mark is None:
            continue
        if leaf in used:
            yield _found(
                facts,
                FindingKind.MARKED_AND_USED,
                (leaf, leaf),
                _of_kind(facts, _MARKED_USED, _MARKED_USED_PAD),
                [used[leaf]],
                number=used[leaf].number,
            )
        elif mark.kind is MarkKind.MISSING:
            missing.append(leaf)
        elif not mark.kept:
            not_kept.append(leaf)
    for run in runs(missing):
        message = N_("Leaf {leaf} is missing. Ask who had it, and write what was found.")
        yield _found(facts, FindingKind.MISSING, run, message)
    for run in runs(not_kept):
        message = N_("Leaf {leaf} was cancelled, but its paper was not kept.")
        yield _found(facts, FindingKind.NOT_KEPT, run, message)
