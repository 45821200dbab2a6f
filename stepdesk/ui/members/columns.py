"""The columns a list of households or persons may show, and how a row is written in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stepdesk.i18n import N_, Text
from stepdesk.members.terms import RELATIONS, SEXES, BirthKnown
from stepdesk.reports.terms import ListOf, ListRow
from stepdesk.rights.terms import STATUS_OF
from stepdesk.ui.members.facts import age_words, state_text
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.rows_model import Column, Kind
from stepdesk.values.money import Currency, Money

HOUSEHOLDS, PERSONS = ListOf.HOUSEHOLDS, ListOf.PERSONS
BOTH = frozenset(ListOf)


@dataclass(frozen=True, slots=True)
class Day:
    """What a value is written with: the desk's day and currency."""

    day: date
    currency: Currency


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column one may choose; `read` takes a row and gives what stands in it."""

    column: Column
    read: Callable[[ListRow, Day], Any]
    of: frozenset[ListOf] = BOTH


def _number(row: ListRow, _now: Day) -> str:
    return str(row.number) if row.suffix is None else f"{row.number}/{row.suffix:02d}"


def _birth(row: ListRow, _now: Day) -> object:
    day, known = row.birth.day, row.birth.known
    if known is BirthKnown.DAY:
        return day
    return f"{day:%m/%Y}" if known is BirthKnown.MONTH else f"{day.year}"


def _status(row: ListRow, now: Day) -> tuple[Status, Text]:
    if row.until is not None and row.until <= now.day:
        return Status.DRAFT, Text(N_("No longer covered"))
    state = row.now.state
    return Status[STATUS_OF[state].name], state_text(state, row.now.rights_from)


def _arrears(row: ListRow, now: Day) -> Money | None:
    return Money(row.now.arrears, now.currency) if row.now.arrears else None


COLUMNS: Mapping[str, ListColumn] = {
    "number": ListColumn(Column(N_("No."), width=112), _number),
    "name": ListColumn(
        Column(N_("Member"), width=124, stretch=3), lambda row, _now: row.name, frozenset(ListOf)
    ),
    "member": ListColumn(
        Column(N_("Member of the household"), width=116, priority=5, stretch=2, muted=True),
        lambda row, _now: row.member,
        frozenset({PERSONS}),
    ),
    "relation": ListColumn(
        Column(N_("Link"), width=96, priority=4, muted=True),
        lambda row, _now: Text(RELATIONS[row.relation]),
        frozenset({PERSONS}),
    ),
    "sex": ListColumn(
        Column(N_("Sex"), width=48, priority=6), lambda row, _now: Text(SEXES[row.sex])
    ),
    "age": ListColumn(
        Column(N_("Age"), Kind.NUMBER, width=52, priority=2),
        lambda row, now: age_words(row.birth, now.day),
    ),
    "birth": ListColumn(Column(N_("Born"), width=96, priority=6, muted=True), _birth),
    "section": ListColumn(
        Column(N_("Village"), width=92, priority=3, stretch=1, muted=True),
        lambda row, _now: row.section,
    ),
    "size": ListColumn(
        Column(N_("Ben."), Kind.NUMBER, width=60, priority=2), lambda row, _now: row.size
    ),
    "declared": ListColumn(
        Column(N_("Declared"), Kind.NUMBER, width=84, priority=6),
        lambda row, _now: row.declared,
        frozenset({HOUSEHOLDS}),
    ),
    "status": ListColumn(Column(N_("Status"), Kind.STATUS, width=186), _status),
    "paid_until": ListColumn(
        Column(N_("Paid until"), width=104, priority=1, muted=True),
        lambda row, _now: row.now.covered_through,
    ),
    "rights_from": ListColumn(
        Column(N_("Rights from"), width=104, priority=6, muted=True),
        lambda row, _now: row.now.rights_from,
    ),
    "arrears": ListColumn(
        Column(N_("Owed"), Kind.AMOUNT, width=84, priority=4),
        _arrears,
    ),
    "joined": ListColumn(
        Column(N_("Joined"), width=96, priority=6, muted=True), lambda row, _now: row.joined
    ),
    "ages_out": ListColumn(
        Column(N_("Past the age limit"), width=104, priority=4),
        lambda row, _now: row.ages_out,
    ),
    "until": ListColumn(
        Column(N_("Left"), width=96, priority=6, muted=True),
        lambda row, _now: row.until,
        frozenset({PERSONS}),
    ),
    "phone": ListColumn(
        Column(N_("Telephone"), width=116, priority=5, muted=True), lambda row, _now: row.phone
    ),
    "address": ListColumn(
        Column(N_("Address"), width=116, priority=7, stretch=1, muted=True),
        lambda row, _now: row.address,
    ),
    "plan": ListColumn(
        Column(N_("Plan"), width=84, priority=6, muted=True), lambda row, _now: row.plan
    ),
    "group": ListColumn(
        Column(N_("Group"), width=108, priority=6, stretch=1, muted=True),
        lambda row, _now: row.group,
    ),
    "category": ListColumn(
        Column(N_("Category"), width=92, priority=6, muted=True), lambda row, _now: row.category
    ),
    "payer": ListColumn(
        Column(N_("Sponsor"), width=108, priority=6, stretch=1, muted=True),
        lambda row, _now: row.payer,
    ),
    "photo": ListColumn(
        Column(N_("Photo"), width=64, priority=6),
        lambda row, _now: Text(N_("yes")) if row.photo else Text(N_("later")),
        frozenset({PERSONS}),
    ),
}
USUAL: Mapping[ListOf, tuple[str, ...]] = {
    HOUSEHOLDS: ("number", "name", "section", "size", "status", "paid_until"),
    PERSONS: ("number", "name", "age", "relation", "section", "status"),
}
ALWAYS = "number"
"""The column that no list may be without."""


def known_columns(of: ListOf) -> tuple[str, ...]:
    """Return the columns a list of that kind may show."""
    return tuple(name for name, told in COLUMNS.items() if of in told.of)


def chosen_columns(of: ListOf, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns to show: those chosen that there are, else the usual ones."""
    known = known_columns(of)
    told = tuple(dict.fromkeys(name for name in names if name in known))
    if not told:
        return USUAL[of]
    return told if ALWAYS in told else (ALWAYS, *told)


def title_of(name: str, of: ListOf) -> str:
    """Return the heading of a column; in a list of persons a name is not the member's."""
    return N_("Name") if name == "name" and of is PERSONS else COLUMNS[name].column.title


def columns_of(of: ListOf, names: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns for the table.

    A person's number is longer than a household's, and many persons share a family name: the
    village goes before the name is cut.
    """
    wide = {"number": 140, "name": 168} if of is PERSONS else {}
    return tuple(
        replace(
            COLUMNS[name].column,
            title=title_of(name, of),
            width=wide.get(name, COLUMNS[name].column.width),
        )
        for name in names
    )


def written(row: ListRow, names: Sequence[str], now: Day) -> tuple[Any, ...]:
    """Return what stands in these columns of a row."""
    return tuple(COLUMNS[name].read(row, now) for name in names)
