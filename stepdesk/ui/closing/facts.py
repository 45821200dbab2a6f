"""What the closing page asks of the book, and what it does there; all of it for the lane."""

from collections.abc import Callable
from dataclasses import dataclass

from stepdesk.countries import country
from stepdesk.i18n import N_, Text
from stepdesk.ledger.papers import trial_balance_pdf
from stepdesk.ledger.queries import closing_of, first_open, last_closed
from stepdesk.ledger.terms import Check, CheckLine, Closing
from stepdesk.progress import Progress
from stepdesk.reports.queries import checklist
from stepdesk.reports.service import close_month, verify_before_closing
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.values.ids import StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_LISTED = 24  # months below the page; older ones are on paper


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the closing page shows; `others` are those who may sign with the person."""

    month: Month
    over: bool
    begun: bool
    lines: tuple[CheckLine, ...]
    closed: tuple[Closing, ...]
    solo: bool
    others: tuple[tuple[StaffId, str], ...]


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
    return Facts(
        month,
        desk.today > month.last,
        desk.today >= month.first,
        checklist(desk, month),
        tuple(closed),
        desk.solo,
        tuple((one.id, one.name) for one in desk.colleagues() if one.id != desk.person.staff_id),
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
            progress=progress,
        )


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


def line_text(line: CheckLine) -> Text:
    """Return what a line of the checklist says."""
    return _SAYING[line.check](line)


def _sessions(line: CheckLine) -> Text:
    if line.done:
        return Text(N_("All collections are counted and signed"))
    return Text(
        N_("{count} collection is still open"),
        {"count": line.count},
        plural=N_("{count} collections are still open"),
    )


def _carried(line: CheckLine) -> Text:
    if line.done or line.amount is None:
        return Text(N_("Collectors have handed over everything"))
    return Text(N_("Collectors still carry {amount}"), {"amount": line.amount})


def _balance(line: CheckLine) -> Text:
    if line.done:
        return Text(N_("The accounts agree"))
    return Text(N_("The accounts do not agree: verify the book"))


def _verified(line: CheckLine) -> Text:
    if line.done:
        return Text(N_("The journal is verified to its last record"))
    return Text(N_("There are records nobody has verified yet"))


def _copied(line: CheckLine) -> Text:
    if line.done:
        return Text(N_("A copy was made in the last seven days"))
    return Text(N_("No copy was made in the last seven days"))


_SAYING: dict[Check, Callable[[CheckLine], Text]] = {
    Check.SESSIONS_CLOSED: _sessions,
    Check.COLLECTORS_HANDED_OVER: _carried,
    Check.BALANCE_AGREES: _balance,
    Check.JOURNAL_VERIFIED: _verified,
    Check.BACKED_UP: _copied,
}
