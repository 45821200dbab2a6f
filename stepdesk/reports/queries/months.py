"""What the board is told of a month. Source: domain handbook 1.3, D22; screens handbook 2.9."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy.engine import Connection

from stepdesk.claims.queries import overrides_in
from stepdesk.complaints.queries import figures as complaint_figures
from stepdesk.contributions.queries import carried_by
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import box_balances, closing_of, reopenings
from stepdesk.ledger.terms import StepLine
from stepdesk.reports import rules
from stepdesk.reports.queries import Reckoned, reckon, tables_of
from stepdesk.reports.queries.closing import closing_lines, passed_lines
from stepdesk.reports.queries.trends import sums_until, trends
from stepdesk.reports.terms import (
    CARRIED_DAYS,
    AlarmFacts,
    Block,
    Figure,
    MonthReport,
    Service,
)
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.month import Month

_YEAR = 12
_FIRST = (
    "SELECT min(month) AS month FROM (SELECT min(month) AS month FROM entry"
    " UNION ALL SELECT substr(min(joined_on), 1, 7) FROM household)"
)
_Told = Mapping[Block, Mapping[str, tuple[int, bool]]]


def month_report(desk: Desk, month: Month) -> MonthReport:
    """Return the report of a month, closed or still open.

    Raises:
        Refusal: a month that has not begun, or before anything was written in the book.
    """
    with desk.read() as connection:
        first = _first(connection, desk)
        _check(desk, month, first)
        now = reckon(connection, month)
        told = _told(connection, desk, now)
        before, year_ago = (
            _told(connection, desk, reckon(connection, one, now.known)) if one >= first else None
            for one in (month.plus(-1), month.plus(-_YEAR))
        )
        closing = closing_of(connection, country(desk.country), month)
        passed = passed_lines(connection, month)
        reopened = tuple(one for one in reopenings(connection) if one.month == month)
        lines = closing_lines(desk, month, now)
        alarms = rules.alarms(_alarm_facts(connection, desk, told, month, lines, len(passed)))
    return MonthReport(
        month,
        closing,
        _blocks(told, before, year_ago),
        alarms,
        lines,
        passed,
        tuple(one for one in trends(desk) if one.month <= month),
        reopened,
    )


def _first(connection: Connection, desk: Desk) -> Month:
    """Return the first month the book knows something of."""
    told = fetch(connection, _FIRST)[0].month
    return Month.of(desk.made_on) if told is None else Month.parse(told)


def _check(desk: Desk, month: Month, first: Month) -> None:
    if month.first > desk.today:
        told = Text(
            N_("{month} has not begun. Choose an earlier month to report."), {"month": month}
        )
        raise Refusal(told, field="month")
    if month < first:
        told = Text(
            N_("The book begins in {first}. Choose that month or a later one."), {"first": first}
        )
        raise Refusal(told, field="month")


def _blocks(
    told: _Told, before: _Told | None, year_ago: _Told | None
) -> dict[Block, tuple[Figure, ...]]:
    def at(other: _Told | None, block: Block, name: str) -> int | None:
        return None if other is None else other[block][name][0]

    return {
        block: tuple(
            Figure(name, value, at(before, block, name), at(year_ago, block, name), money)
            for name, (value, money) in figures.items()
        )
        for block, figures in told.items()
    }


def _told(connection: Connection, desk: Desk, of: Reckoned) -> _Told:
    """Return the figures of one month by block and name, and which of them are amounts."""
    tables = {
        name: [one.value for one in cells] for name, cells in tables_of(connection, of).items()
    }
    return {
        Block.MEMBERS: dict(_members(of, tables)),
        Block.CONTRIBUTIONS: dict(_contributions(connection, of, tables)),
        Block.CARE: dict(_care(connection, desk, of.month, tables)),
        Block.TREASURY: dict(_treasury(tables)),
    }


_Named = Iterator[tuple[str, tuple[int, bool]]]
_Tables = Mapping[str, list[int]]


def _members(of: Reckoned, tables: _Tables) -> _Named:
    came, went = rules.came_and_went(
        of.households, of.month.first - timedelta(days=1), of.month.last
    )
    living = sum(one.state in rules.LIVING for one in of.households)
    yield "households", (living, False)
    yield "persons", (tables["m_total"][1], False)
    yield "women", (tables["m_sex"][0], False)
    yield "men", (tables["m_sex"][1], False)
    yield "came", (came, False)
    yield "went", (went, False)
    for name, value in zip(
        ("up_to_date", "waiting", "late", "stopped"), tables["m_status"], strict=True
    ):
        yield name, (value, False)


def _contributions(connection: Connection, of: Reckoned, tables: _Tables) -> _Named:
    sums = sums_until(connection, of.month).get(of.month, {})
    called, collected, arrears = tables["c_money"]
    yield "called", (called, True)
    yield "collected", (collected, True)
    for name, value in zip(("in_cash", "by_bank", "by_mobile"), tables["c_channel"], strict=True):
        yield name, (value, True)
    yield "payers", (tables["c_payers"][0], False)
    yield "arrears", (arrears, True)
    yield "earned", (rules.earned_and_spent(sums)[0], True)


def _care(connection: Connection, desk: Desk, month: Month, tables: _Tables) -> _Named:
    claims, patients, share = tables["b_total"]
    yield "claims", (claims, False)
    yield "patients", (patients, False)
    yield "share", (share, True)
    for service, value in zip(Service, tables["b_class"], strict=True):
        yield service.value, (value, True)
    rejected, pending = tables["b_refused"]
    yield "rejected", (rejected, False)
    yield "pending", (pending, False)
    overrides = overrides_in(connection, month, desk.currency)
    yield "overrides", (len(overrides), False)
    yield "override_amount", (sum(one.amount.minor for one in overrides), True)
    told = complaint_figures(connection, first=month.first, last=month.last)
    yield "complaints", (told.filed, False)
    yield "complaints_decided", (told.decided, False)
    yield "appeals", (told.appeals, False)
    yield "overturned", (told.overturned, False)


def _treasury(tables: _Tables) -> _Named:
    names = ("income", "benefits", "running", "own", "cash", "bank", "debt")
    for name, value in zip(names, tables["e_money"], strict=True):
        yield name, (value, True)


def _alarm_facts(
    connection: Connection,
    desk: Desk,
    told: _Told,
    month: Month,
    lines: tuple[StepLine, ...],
    passed: int,
) -> AlarmFacts:
    treasury = {name: value for name, (value, _) in told[Block.TREASURY].items()}
    day = min(month.last, desk.today)
    carried = carried_by(connection, desk.currency, day)
    held = box_balances(connection, country(desk.country), desk.language, day)
    return AlarmFacts(
        lines=lines,
        passed=passed,
        earned=told[Block.CONTRIBUTIONS]["earned"][0],
        benefits=treasury["benefits"],
        held=treasury["cash"] + treasury["bank"],
        debt=treasury["debt"],
        carried=sum(one.days > CARRIED_DAYS for one in carried),
        too_much=sum(one.too_much.minor for one in held if one.too_much),
    )
