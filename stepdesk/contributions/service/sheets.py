"""Collection sheets are printed in walking order, and typed in line by line.

Source: screens handbook 2.3, 2.4 (sheet mode).
"""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions import queries
from stepdesk.contributions.model import collection_sheet, collection_sheet_line, sheet_entry
from stepdesk.contributions.service.receipts import contribute
from stepdesk.contributions.terms import Receipt, SheetEntered, SheetEntry
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    HouseholdId,
    RequestId,
    SectionId,
    SessionId,
    SheetId,
    StaffId,
)
from stepdesk.values.money import Money

SHEET_LINES = 40
"""So many households stand on a page. Source: screens handbook 2.3."""

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 AS n FROM collection_sheet"
    " WHERE year = :year AND letter = :letter"
)
_HOUSEHOLDS = "SELECT place, household_id FROM collection_sheet_line WHERE sheet_id = :sheet"
_NOTED = "SELECT 1 FROM sheet_entry WHERE payment_id = :payment"
_LINE = N_("Line {place}: {told}")

_OF_ALL = frozenset({"closed_month"})
"""Doubts that are of all lines or of none."""


def print_sheets(
    work: Work,
    *,
    title: str = "",
    section_id: SectionId | None = None,
    household_ids: Sequence[HouseholdId] | None = None,
) -> tuple[SheetId, ...]:
    """Keep the sheets of a round, one a page of 40 households, in the order they are walked.

    Args:
        work: The work.
        title: What stands on top, as the village or the collector's round.
        section_id: Whose households; all when left out.
        household_ids: The households in the collector's own order, instead of a section's by
            number.

    Raises:
        Refusal: when nobody would stand on it, or a household stands twice.
    """
    ids = household_ids
    if ids is None:
        ids = queries.walked_ids(work.connection, work.today, section_id=section_id)
    if not ids:
        raise Refusal(
            Text(N_("No household is to be visited there. Choose another section.")),
            field="section",
        )
    if len(set(ids)) < len(ids):
        raise Refusal(
            Text(N_("A household stands twice on the sheet. Take one of the two off.")),
            field="household",
        )
    year, letter = work.today.year, work.desk.head.device
    serial = work.rows(_SERIAL, year=year, letter=letter)[0].n
    found: list[SheetId] = []
    for at in range(0, len(ids), SHEET_LINES):
        sheet_id = SheetId(work.new_id())
        work.insert(
            collection_sheet,
            id=sheet_id,
            year=year,
            letter=letter,
            serial=serial + len(found),
            printed_on=work.today,
            title=title.strip(),
        )
        for place, household_id in enumerate(ids[at : at + SHEET_LINES], start=1):
            work.insert(
                collection_sheet_line,
                id=work.new_id(),
                sheet_id=sheet_id,
                place=place,
                household_id=household_id,
            )
        found.append(sheet_id)
    return tuple(found)


def enter_sheet(
    work: Work,
    *,
    sheet_id: SheetId,
    entries: Sequence[SheetEntry],
    cash: Money | None = None,
    session_id: SessionId | None = None,
    collector_id: StaffId | None = None,
    paid_on: date | None = None,
    accepting: frozenset[str] = frozenset(),
) -> SheetEntered:
    """Record what a sheet says was paid, all of it or nothing; each line gets its own receipt.

    The same sheet sent twice gives the same receipts: each line has its own request.

    Args:
        work: The work.
        sheet_id: The printed sheet.
        entries: The lines on which something was paid.
        cash: What was handed in with the sheet, when it was counted.
        session_id: The open collection session it belongs to.
        collector_id: Who carries the money until it is handed over.
        paid_on: Today when left out; never ahead.
        accepting: Doubts somebody accepted, each with its line: `much:7`, `entered:7`; or of the
            whole sheet: `cash_differs`, `closed_month`.

    Raises:
        Refusal: no such sheet, no line, a line the sheet does not have or told twice; else what
            `contribute` refuses, with the line before its field: `7:amount`.
        Caution: what `contribute` doubts, of all lines together; `closed_month` once, for all
            lines have one day; `entered` for a line typed in before; `cash_differs` when receipts
            and cash do not agree.
    """
    households = _households(work, sheet_id, entries)
    entered = queries.entered_of(work.connection, sheet_id)
    doubts: list[Doubt] = []
    receipts: list[Receipt] = []
    for entry in entries:
        place = str(entry.place)
        accepted = _accepted(accepting, place)
        known = queries.payment_by_request(work.connection, entry.request_id) is not None
        if entry.place in entered and not known and "entered" not in accepted:
            doubts.append(_entered(entry, entered[entry.place]))
        try:
            receipt = contribute(
                work,
                request_id=entry.request_id,
                household_id=households[entry.place],
                amount=entry.amount,
                paid_on=paid_on,
                collector_id=collector_id,
                session_id=session_id,
                accepting=accepted,
                leaf=entry.leaf,
            )
        except Refusal as refusal:
            told = Text(_LINE, {"place": place, "told": refusal.text})
            raise Refusal(told, field=f"{place}:{refusal.field}") from refusal
        except Caution as caution:
            doubts += [_of_line(place, doubt) for doubt in caution.doubts]
            continue
        receipts.append(receipt)
        _note(work, sheet_id, entry, receipt)
    total = sum((entry.amount for entry in entries), Money(0, work.currency))
    if cash is not None and cash != total and "cash_differs" not in accepting:
        doubts.append(_differs(cash, total))
    if doubts:
        raise Caution(tuple({one.name: one for one in doubts}.values()))
    return SheetEntered(tuple(receipts), total, cash)


def _households(
    work: Work, sheet_id: SheetId, entries: Sequence[SheetEntry]
) -> dict[int, HouseholdId]:
    rows = work.rows(_HOUSEHOLDS, sheet=sheet_id)
    if not rows:
        raise Refusal(Text(N_("There is no such sheet. Check its number.")), field="sheet")
    if not entries:
        raise Refusal(
            Text(N_("Nothing was paid on this sheet. Type at least one line.")), field="sheet"
        )
    found = {row.place: HouseholdId(row.household_id) for row in rows}
    seen: set[int] = set()
    requests: set[RequestId] = set()
    for entry in entries:
        if entry.place not in found:
            raise Refusal(
                Text(
                    N_("The sheet has no line {place}. Type a line from 1 to {count}."),
                    {"count": len(found), "place": str(entry.place)},
                ),
                field=f"{entry.place}:place",
            )
        if entry.place in seen or entry.request_id in requests:
            raise Refusal(
                Text(
                    N_("Line {place} was typed twice. Take one of the two off."),
                    {"place": str(entry.place)},
                ),
                field=f"{entry.place}:place",
            )
        seen.add(entry.place)
        requests.add(entry.request_id)
    return found


def _accepted(accepting: frozenset[str], place: str) -> frozenset[str]:
    """Return what was accepted of a line: by its place, or of the whole sheet."""
    told = (one.partition(":") for one in accepting)
    return frozenset(name for name, _, line in told if line == place) | (_OF_ALL & accepting)


def _of_line(place: str, doubt: Doubt) -> Doubt:
    return doubt if doubt.name in _OF_ALL else _at(place, doubt)


def _at(place: str, doubt: Doubt) -> Doubt:
    text = Text(_LINE, {"place": place, "told": doubt.text})
    return Doubt(f"{doubt.name}:{place}", text, f"{place}:{doubt.field}")


def _entered(entry: SheetEntry, numbers: tuple[str, ...]) -> Doubt:
    text = Text(
        N_("This line was typed in before, as receipt {numbers}. Is it a second payment?"),
        {"numbers": ", ".join(numbers)},
    )
    return _at(str(entry.place), Doubt("entered", text, "amount"))


def _differs(cash: Money, total: Money) -> Doubt:
    text = Text(
        N_(
            "{cash} was handed in, and the lines come to {total}. Count again, or look for a line."
        ),
        {"cash": cash, "total": total},
    )
    return Doubt("cash_differs", text, "cash")


def _note(work: Work, sheet_id: SheetId, entry: SheetEntry, receipt: Receipt) -> None:
    """Write down which line a receipt came from, once."""
    if work.row(_NOTED, payment=receipt.payment_id) is None:
        work.insert(
            sheet_entry,
            id=work.new_id(),
            sheet_id=sheet_id,
            place=entry.place,
            payment_id=receipt.payment_id,
        )
