"""The ten lines of a month's closing, computed from the books. Source: screens handbook 2.9."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import open_findings, sessions
from stepdesk.countries import country
from stepdesk.i18n import N_
from stepdesk.ledger.queries import closing_of, held_on, unbalanced
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.terms import Journal, Place, Step, StepLine, StepState
from stepdesk.reports.queries import Reckoned, control_differences, measures, reckon
from stepdesk.reports.queries.standings import standings
from stepdesk.reports.terms import PassedLine
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.backup import last_backup
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.ids import BoxId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

STEP_WORDS: Mapping[Step, str] = {
    Step.SESSIONS: N_(
        "All collections are counted and signed, each leaf of a booklet is explained"
    ),
    Step.CASH: N_("Cash counted"),
    Step.BANK: N_("Bank and mobile money agree with their statements"),
    Step.CERTIFICATES: N_("All certificates decided"),
    Step.LATE: N_("Late households were written to"),
    Step.INDICATORS: N_("Indicators computed, none impossible"),
    Step.BATCHES: N_("All invoices of providers received"),
    Step.COPY: N_("Copy on another medium"),
    Step.PRINTED: N_("Register and report printed and signed"),
    Step.LOCK: N_("The month is locked"),
}
"""What each line says."""

_BOXES = (
    "SELECT l.role, l.box_id, max(e.day) AS last FROM entry e JOIN entry_line l"
    " ON l.entry_id = e.id WHERE e.month = :month GROUP BY l.role, l.box_id"
)
_COUNTS = "SELECT box, box_id, day, counted, expected FROM box_count WHERE day >= :first ORDER BY day, id"
_UNDECIDED = (
    "SELECT count(*) AS n FROM claim c JOIN claim_batch b ON b.id = c.batch_id"
    " WHERE b.month <= :month AND c.legacy_number IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM claim_decision d WHERE d.claim_id = c.id)"
)
# A provider with an agreement whose invoice of the month has not come, and its usual month.
_MISSING = (
    "SELECT p.id, (SELECT coalesce(sum(d.paid), 0) FROM claim_batch b JOIN claim c"
    " ON c.batch_id = b.id JOIN claim_decision d ON d.claim_id = c.id"
    " WHERE b.provider_id = p.id AND b.month >= :since AND b.month < :month"
    " AND d.outcome = 'APPROVED' AND NOT EXISTS (SELECT 1 FROM claim_decision n"
    " WHERE n.claim_id = d.claim_id AND n.version > d.version)) AS paid,"
    " (SELECT count(DISTINCT b.month) FROM claim_batch b WHERE b.provider_id = p.id"
    " AND b.month >= :since AND b.month < :month) AS months"
    " FROM provider p WHERE EXISTS (SELECT 1 FROM agreement a LEFT JOIN agreement_end x"
    " ON x.agreement_id = a.id WHERE a.provider_id = p.id AND a.first_day <= :last"
    " AND coalesce(x.until, a.until, '9999') > :first)"
    " AND NOT EXISTS (SELECT 1 FROM claim_batch b WHERE b.provider_id = p.id AND b.month = :month)"
)
# What was told of a month before it was opened again counts no more: everything is printed anew.
_NOTES = (
    "SELECT n.step, n.done, n.reason, n.day, s.name FROM closing_note n JOIN staff s ON s.id = n.person"
    " WHERE n.month = :month AND n.id > coalesce((SELECT max(r.id) FROM reopening r"
    " JOIN closing c ON c.id = r.closing_id WHERE c.month = :month), x'') ORDER BY n.id"
)
_LATE = frozenset({HouseholdState.GRACE, HouseholdState.SUSPENDED})


def closing_lines(
    desk: Desk, month: Month, reckoned: Reckoned | None = None
) -> tuple[StepLine, ...]:
    """Return the ten lines of a month's closing, each done, to do, or passed with a reason.

    A page opens each line's screen: collections, the count of a box, statements, claims, the
    list of the late, the report, the batches with their estimate, the copy, printing, the lock.
    `count` is how many things stand open, or were done where none does; `amount` is the
    difference counted, or the estimate of invoices that did not come. `reckoned` is every
    household at the month's end, where somebody reckoned it already.
    """
    with desk.read() as connection:
        of = reckoned or reckon(connection, month)
        lines = [
            _sessions(desk, connection, month),
            *_boxes(desk, connection, month),
            _certificates(connection, month),
            _late(desk, of),
            _indicators(connection, of),
            _batches(desk, connection, month),
            _copy(desk, month),
            StepLine(Step.PRINTED, StepState.TO_DO),
            _lock(desk, connection, month),
        ]
        notes = {row.step: row for row in fetch(connection, _NOTES, month=str(month))}
    return tuple(_noted(line, notes.get(line.step.value)) for line in lines)


def passed_lines(connection: Connection, month: Month) -> tuple[PassedLine, ...]:
    """Return the lines that were passed, each with the last reason, for the month's report."""
    last = {row.step: row for row in fetch(connection, _NOTES, month=str(month))}
    return tuple(
        PassedLine(step, row.reason, row.name, date.fromisoformat(row.day))
        for step in Step
        if (row := last.get(step.value)) is not None and not row.done
    )


def _noted(line: StepLine, note: Any) -> StepLine:
    """Return a line with what somebody told of it; what the books show done stays done."""
    if note is None or line.state is StepState.DONE:
        return line
    state = StepState.DONE if note.done else StepState.PASSED
    return replace(line, state=state, reason=note.reason, by=note.name)


def _state(*, done: bool) -> StepState:
    return StepState.DONE if done else StepState.TO_DO


def _sessions(desk: Desk, connection: Connection, month: Month) -> StepLine:
    told = [one for one in sessions(connection, desk.currency) if one.day <= month.last]
    still = [one for one in told if one.open and (one.receipts or one.float_amount)]
    closed = [one for one in told if not one.open and one.day >= month.first]
    odd = len(open_findings(connection))
    done = not still and not odd
    count = len(still) if still or odd else len(closed)
    return StepLine(Step.SESSIONS, _state(done=done), count, findings=odd)


def cash_is_counted(desk: Desk, connection: Connection, month: Month) -> bool:
    """Whether every cash box of a month was counted after it last moved."""
    cash, _bank = _boxes(desk, connection, month)
    return cash.state is StepState.DONE


def boxes_to_do(connection: Connection, month: Month) -> Mapping[Step, Place]:
    """Return the first cash box that is to be counted, the first bank whose statement is to be read."""
    found: dict[Step, Place] = {}
    for place, difference in _counted(connection, month).items():
        if difference is None:
            found.setdefault(_step_of(place), place)
    return found


def _step_of(place: Place) -> Step:
    return Step.CASH if BOXES[place.role] is Journal.CASH else Step.BANK


def _boxes(desk: Desk, connection: Connection, month: Month) -> tuple[StepLine, StepLine]:
    """Return the lines of cash and of banks: each box counted, or read, after it last moved."""
    open_boxes: dict[Step, int] = {Step.CASH: 0, Step.BANK: 0}
    differences: dict[Step, int] = {Step.CASH: 0, Step.BANK: 0}
    for place, difference in _counted(connection, month).items():
        step = _step_of(place)
        if difference is None:
            open_boxes[step] += 1
        else:
            differences[step] += difference
    return (
        _box_line(desk, Step.CASH, open_boxes, differences),
        _box_line(desk, Step.BANK, open_boxes, differences),
    )


def _counted(connection: Connection, month: Month) -> Mapping[Place, int | None]:
    """Return by how much each box of a month differed, None when it is still to be counted."""
    last = {
        Place(row.role, None if row.box_id is None else BoxId(row.box_id)): row.last
        for row in fetch(connection, _BOXES, month=str(month))
        if row.role in BOXES
    }
    counted = {
        Place(row.box, None if row.box_id is None else BoxId(row.box_id)): row
        for row in fetch(connection, _COUNTS, first=month.first.isoformat())
    }
    found: dict[Place, int | None] = {}
    for place in _places(connection, month, last):
        row = counted.get(place)
        if row is None or row.day < last.get(place, ""):
            found[place] = None
        else:
            found[place] = row.counted - row.expected
    return found


def _places(connection: Connection, month: Month, moved: Mapping[Place, str]) -> list[Place]:
    """Return the boxes that moved in the month or hold money at its end."""
    rows = fetch(connection, "SELECT id, kind FROM cash_box")
    known = [Place(role) for role in BOXES]
    known += [Place(row.kind, BoxId(row.id)) for row in rows]
    return [one for one in known if one in moved or held_on(connection, one, month.last)]


def _box_line(
    desk: Desk, step: Step, still: Mapping[Step, int], differences: Mapping[Step, int]
) -> StepLine:
    differ = Money(differences[step], desk.currency)
    return StepLine(step, _state(done=not still[step]), still[step], differ)


def _certificates(connection: Connection, month: Month) -> StepLine:
    waiting = fetch(connection, _UNDECIDED, month=str(month))[0].n
    return StepLine(Step.CERTIFICATES, _state(done=not waiting), waiting)


def _late(desk: Desk, reckoned: Reckoned) -> StepLine:
    """Return how many were late at the end of the month, or are today while it lasts."""
    if desk.today <= reckoned.month.last:
        late = sum(1 for now in standings(desk).values() if now.state in _LATE)
    else:
        late = sum(1 for one in reckoned.households if one.state in _LATE)
    return StepLine(Step.LATE, _state(done=not late), late)


def _indicators(connection: Connection, reckoned: Reckoned) -> StepLine:
    """Return whether the month's figures can be: nobody less than nought, books that agree."""
    told = measures(connection, reckoned.month, reckoned)
    impossible = len(control_differences(connection)) + len(unbalanced(connection))
    impossible += sum(
        1
        for name, cells in told.tables.items()
        for cell in cells
        if name.startswith("m_") and cell.value < 0
    )
    return StepLine(Step.INDICATORS, _state(done=not impossible), impossible)


def _batches(desk: Desk, connection: Connection, month: Month) -> StepLine:
    rows = fetch(
        connection,
        _MISSING,
        month=str(month),
        since=str(month.plus(-6)),
        first=month.first.isoformat(),
        last=month.last.isoformat(),
    )
    estimate = sum(row.paid // row.months for row in rows if row.months)
    return StepLine(Step.BATCHES, _state(done=not rows), len(rows), Money(estimate, desk.currency))


def _copy(desk: Desk, month: Month) -> StepLine:
    copied = last_backup(desk, outside=True)
    since = datetime.combine(month.last, time.min, UTC)
    return StepLine(Step.COPY, _state(done=copied is not None and copied >= since))


def _lock(desk: Desk, connection: Connection, month: Month) -> StepLine:
    locked = closing_of(connection, country(desk.country), month) is not None
    return StepLine(Step.LOCK, _state(done=locked))
