"""What the closing page asks of the book, and what it does there; all of it for the lane."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepdesk.countries import country
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger.papers import trial_balance_pdf
from stepdesk.ledger.queries import closing_of, first_open, last_closed, reopenings
from stepdesk.ledger.service import TOLD, note_step
from stepdesk.ledger.terms import Closing, Place, Reopening, Step, StepLine, StepState
from stepdesk.progress import Progress
from stepdesk.reports.queries.closing import STEP_WORDS, boxes_to_do, closing_lines
from stepdesk.reports.service import close_month, reopen_month, verify_before_closing
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.values.ids import StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_LISTED = 24  # months below the page; older ones are on paper


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the closing page shows; `others` are those who may sign with the person.

    `boxes` are the first one to count, and the first whose statement is to be read.
    """

    month: Month
    over: bool
    begun: bool
    lines: tuple[StepLine, ...]
    closed: tuple[Closing, ...]
    solo: bool
    others: tuple[tuple[StaffId, str], ...]
    colleagues: tuple[Colleague, ...] = ()
    reopened: tuple[Reopening, ...] = ()
    boxes: Mapping[Step, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form of the closing says."""

    month: Month
    counted: Money | None
    second: StaffId | None
    second_password: str


def facts_of(desk: Desk) -> Facts:
    """Return what the closing page shows."""
    pack = country(desk.country)
    with desk.read() as connection:
        month = first_open(connection, desk.made_on)
        closed: list[Closing] = []
        at = last_closed(connection)
        while at is not None and len(closed) < _LISTED:
            found = closing_of(connection, pack, at)
            if found is None:
                break
            closed.append(found)
            at = at.plus(-1)
        again, boxes = reopenings(connection), boxes_to_do(connection, month)
    return Facts(
        month,
        desk.today > month.last,
        desk.today >= month.first,
        closing_lines(desk, month),
        tuple(closed),
        desk.solo,
        tuple((one.id, one.name) for one in desk.colleagues() if one.id != desk.person.staff_id),
        tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id),
        again,
        boxes,
    )


def close(
    desk: Desk, wish: Wish, accepting: frozenset[str], reason: str, progress: Progress
) -> Closing:
    """Verify what is new, then close the month with both signatures.

    Raises:
        Refusal: a collection still open, no second person, a wrong password.
        Caution: the month is not over, the cash differs or was not counted.
        Trouble: when the journal does not agree.
    """
    verify_before_closing(desk, progress)
    with desk.work("close_month", reason=reason) as work:
        if wish.second is not None and wish.second_password:
            work.second(wish.second, wish.second_password)
        return close_month(
            work,
            month=wish.month,
            cash_counted=wish.counted,
            accepting=accepting,
            whole=True,
            progress=progress,
        )


def note(desk: Desk, month: Month, step: Step, reason: str, *, done: bool) -> None:
    """Keep that a line is done, or is passed and why.

    Raises:
        Refusal: a passed line without a reason, a closed month.
    """
    desk.do(note_step, month=month, step=step, reason=reason, done=done)


def reopen(
    desk: Desk,
    month: Month,
    reason: str,
    second: tuple[StaffId, str] | None,
    accepting: frozenset[str],
) -> None:
    """Open the last closed month again.

    Raises:
        Refusal: no reason, nobody to sign with, a wrong password.
        Caution: its return left already.
    """
    with desk.work("reopen_month", reason=reason) as work:
        if second is not None:
            work.second(*second)
        reopen_month(work, month=month, reason=reason, accepting=accepting)


def paper_of(desk: Desk, closed: Closing) -> bytes:
    """Return the trial balance of a closed month as it is printed and signed."""
    pack = country(desk.country)
    return trial_balance_pdf(
        closed.balance,
        scheme=desk.ask(scheme_on, closed.month.last).name,
        month=closed.month,
        language=desk.language,
        account_names={role: one.name(desk.language) for role, one in pack.chart.items()},
        practice=desk.practice,
        closing=closed,
        printed_on=desk.today,
    )


def report_of(desk: Desk, month: Month, *, poster: bool) -> bytes:
    """Return the month's report for the board, or its poster, in the language of the papers."""
    from stepdesk.reports.papers.months import month_report_pdf, poster_pdf
    from stepdesk.reports.queries.months import month_report

    scheme = desk.ask(scheme_on, month.last)
    draw = poster_pdf if poster else month_report_pdf
    return draw(
        month_report(desk, month),
        desk.currency,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def line_text(line: StepLine) -> Text:
    """Return what a line of the ten says."""
    words = Text(STEP_WORDS[line.step])
    if line.state is StepState.PASSED:
        told: dict[str, Value] = {"line": words, "by": line.by, "reason": line.reason}
        return Text(N_("{line}: passed by {by}, {reason}"), told)
    if line.state is StepState.DONE or line.step not in _OPEN:
        return words
    one, many = _OPEN[line.step]
    values: dict[str, Value] = {"count": line.count}
    if line.amount is not None:
        values["amount"] = line.amount
    still = Text(one, values, plural=many)
    return _with_findings(line, still) if line.findings else still


def _with_findings(line: StepLine, still: Text) -> Text:
    """Return what a line says of booklets, after what else is open."""
    odd = Text(
        N_("{count} finding about booklets is open"),
        {"count": line.findings},
        plural=N_("{count} findings about booklets are open"),
    )
    if not line.count:
        return odd
    return Text(N_("{open}; {findings}"), {"open": still, "findings": odd})


def tickable(line: StepLine) -> bool:
    """Whether a person says that it is done, because the book cannot see it."""
    return line.step in TOLD and line.state is StepState.TO_DO


_OPEN: dict[Step, tuple[str, str]] = {
    Step.SESSIONS: (
        N_("{count} collection is still open"),
        N_("{count} collections are still open"),
    ),
    Step.CASH: (N_("{count} cash box is not counted"), N_("{count} cash boxes are not counted")),
    Step.BANK: (
        N_("{count} statement of a bank or telephone is not read"),
        N_("{count} statements of banks or telephones are not read"),
    ),
    Step.CERTIFICATES: (
        N_("{count} certificate is not decided"),
        N_("{count} certificates are not decided"),
    ),
    Step.LATE: (N_("{count} household is late"), N_("{count} households are late")),
    Step.INDICATORS: (
        N_("{count} figure is impossible: verify the book"),
        N_("{count} figures are impossible: verify the book"),
    ),
    Step.BATCHES: (
        N_("{count} invoice was not received, estimated at {amount}"),
        N_("{count} invoices were not received, estimated at {amount}"),
    ),
}
