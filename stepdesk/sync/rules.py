"""What may leave: cells that tell of fewer than five are hidden, and those that would tell them.

The policy `practice-0`; what it protects and what it does not is decision 0014. The same figures
give the same cells, on every machine. Nothing here touches the book, a key or the clock.
Source: safety handbook 4.1 to 4.3, domain handbook 6.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from typing import TypeAlias

from stepdesk.reports.terms import Measure, Measures, Moved
from stepdesk.sync.terms import Cleared, Hidden
from stepdesk.sync.wire.cells import FLOOR, TABLES, Kind
from stepdesk.sync.wire.content import SizeClass

Place: TypeAlias = tuple[str, int]
"""A table's code and the place of a cell in it."""


def _place(table: str, cell: str) -> Place:
    return table, [one.code for one in TABLES[table].cells].index(cell)


def _pairs(counts: str, money: str) -> tuple[frozenset[Place], ...]:
    return tuple(frozenset({(counts, at), (money, at)}) for at in range(len(TABLES[counts].cells)))


TOGETHER: Sequence[frozenset[Place]] = (
    # A household has one member who is covered: both cells are one figure.
    frozenset({_place("m_total", "adherents"), _place("m_role", "member")}),
    frozenset({_place("c_money", "collected"), _place("c_payers", "payers")}),
    frozenset({("b_total", at) for at in range(3)}),
    *_pairs("c_channel_n", "c_channel"),
    *_pairs("b_class_n", "b_class"),
    *_pairs("b_level_n", "b_level"),
)
"""Cells of which one tells the other: a count and its money hide together."""

BREAKDOWNS: Mapping[str, Place] = {
    "m_sex": _place("m_total", "beneficiaries"),
    "m_age": _place("m_total", "beneficiaries"),
    "m_role": _place("m_total", "beneficiaries"),
    "m_status": _place("m_total", "beneficiaries"),
    "c_frequency": _place("c_payers", "payers"),
    "c_channel_n": _place("c_payers", "payers"),
    "b_class_n": _place("b_total", "claims"),
    "b_level_n": _place("b_total", "claims"),
    "b_age_n": _place("b_total", "claims"),
    "b_sex_n": _place("b_total", "claims"),
}
"""Tables whose cells add up to a total that leaves; tables of money follow their counts."""

MONEY_OF: Mapping[str, str] = {
    "c_channel_n": "c_channel",
    "b_class_n": "b_class",
    "b_level_n": "b_level",
}

OVERLAPPING = frozenset({"c_channel_n", "b_class_n", "b_level_n", "b_age_n", "b_sex_n"})
"""Tables in which one person or household may stand in several cells."""

FLOWS = ("income", "benefits", "running_cost")
STOCKS = ("reserve", "cash", "bank", "debt")
"""The cells of the accounts: what moved in the month, and what stands at its end."""


def cleared(measures: Measures) -> Cleared:
    """Return what may leave of a month's figures, and why the rest does not."""
    tables = measures.tables
    hidden = {
        place: Hidden.FEW
        for code, row in tables.items()
        for at, measure in enumerate(row)
        if _tells_of_few(place := (code, at), measure)
    }
    hidden |= _accounts_of_few(measures)
    while True:
        before = len(hidden)
        _hide_together(hidden, tables)
        for code in BREAKDOWNS:
            _hide_complement(code, tables, hidden)
        _hide_delays(hidden, tables)
        if len(hidden) == before:
            break
    cells = {
        code: tuple(
            None if (code, at) in hidden else measure.value
            for at, measure in enumerate(tables[code])
        )
        for code in TABLES
    }
    return Cleared(cells, hidden, size_class(measures))


def _few(count: int) -> bool:
    return 0 < count < FLOOR


def _tells_of_few(place: Place, measure: Measure) -> bool:
    code, at = place
    counted = TABLES[code].cells[at].kind is Kind.COUNT
    return _few(measure.behind) or (counted and _few(measure.value))


def _accounts_of_few(measures: Measures) -> dict[Place, Hidden]:
    """Return what of the accounts does not leave."""
    stocks, flows = accounts_leave(measures.moved)
    hidden = {
        place: Hidden.PROTECTS
        for cell in (*([] if stocks else STOCKS), *([] if flows else FLOWS))
        for place in [_place("e_money", cell)]
    }
    now = measures.moved[-1]
    for count, cell in ((now.claims, "benefits"), (now.payers, "income")):
        if _few(count):
            hidden[_place("e_money", cell)] = Hidden.FEW
    return hidden


def accounts_leave(moved: Sequence[Moved]) -> tuple[bool, bool]:
    """Return whether the stocks of the last of these months may leave, and whether its flows may.

    Stocks of two months differ by what moved between them. So from a month in which few moved
    something on, all accounts stay, until there was a month in which at least five moved it: then
    the stocks leave, and differ from those before by a sum over many. The flows of that month
    still stay, or they would leave the few as a rest. Decision 0014 has the equations.

    Args:
        moved: Every month of the book so far, none left out.
    """
    nobody = most = Moved(0, 0, 0)
    stocks = flows = True
    for month in moved:
        flows = most == nobody
        most = Moved(*map(max, astuple(most), astuple(month)))
        stocks = not any(map(_few, astuple(most)))
        if stocks:
            most = nobody
    return stocks, stocks and flows


def _hide_together(hidden: dict[Place, Hidden], tables: Mapping[str, tuple[Measure, ...]]) -> None:
    for group in TOGETHER:
        found = [hidden[place] for place in sorted(group) if place in hidden]
        for place in group - hidden.keys() if found else ():
            # Nothing of nobody stays: there is nothing to tell.
            if _measure(tables, place) != Measure(0, 0):
                hidden[place] = Hidden.FEW if Hidden.FEW in found else Hidden.PROTECTS


def _measure(tables: Mapping[str, tuple[Measure, ...]], place: Place) -> Measure:
    return tables[place[0]][place[1]]


def _hide_complement(
    code: str, tables: Mapping[str, tuple[Measure, ...]], hidden: dict[Place, Hidden]
) -> None:
    """Hide the next smallest cells of a table until its total does not tell the hidden ones.

    When all are hidden and the total still tells, the total goes too.
    """
    total = BREAKDOWNS[code]
    while total not in hidden and _tells(code, tables, hidden):
        rest = [
            place
            for place in ((code, at) for at in range(len(tables[code])))
            if place not in hidden and _behind(tables, place)
        ]
        if not rest and not _bounds(code, tables, hidden):
            return
        lowest = min(rest, key=lambda place: (_behind(tables, place), place), default=total)
        hidden[lowest] = Hidden.PROTECTS


def _tells(
    code: str, tables: Mapping[str, tuple[Measure, ...]], hidden: Mapping[Place, Hidden]
) -> bool:
    """Whether the total of a table, less the cells that leave, may tell of few."""
    out = _hidden_of(code, tables, hidden)
    if not out:
        return False
    # Where people may stand in several cells, only the largest is known to be that many.
    known = max(out) < FLOOR if code in OVERLAPPING else _bounds(code, tables, hidden)
    return len(out) == 1 or known


def _bounds(
    code: str, tables: Mapping[str, tuple[Measure, ...]], hidden: Mapping[Place, Hidden]
) -> bool:
    """Whether each hidden cell can be told to be fewer than five.

    What is hidden is at least one each: n hidden cells that add up to less than n and four leave
    none of them room for five.
    """
    out = _hidden_of(code, tables, hidden)
    return sum(out) - len(out) + 1 < FLOOR


def _hidden_of(
    code: str, tables: Mapping[str, tuple[Measure, ...]], hidden: Mapping[Place, Hidden]
) -> list[int]:
    places = [(code, at) for at in range(len(tables[code]))]
    return [_behind(tables, place) for place in places if place in hidden]


def _hide_delays(hidden: dict[Place, Hidden], tables: Mapping[str, tuple[Measure, ...]]) -> None:
    """Hide all delays where one is hidden: how many were paid in all is known from the debt."""
    places = [("b_delay", at) for at in range(len(tables["b_delay"]))]
    if any(place in hidden for place in places):
        for place in places:
            if _behind(tables, place):
                hidden.setdefault(place, Hidden.PROTECTS)


def _behind(tables: Mapping[str, tuple[Measure, ...]], place: Place) -> int:
    """Return how many are behind a cell, or behind its money when those are more."""
    code, at = place
    money = MONEY_OF.get(code)
    behind = tables[code][at].behind
    return max(behind, tables[money][at].behind) if money else behind


def size_class(measures: Measures) -> SizeClass:
    """Return how large the scheme was on 1 January; in its first year, at the month's end.

    Source: safety handbook 4.2.
    """
    beneficiaries = measures.tables["m_total"][1].value
    count = beneficiaries if measures.january is None else measures.january
    bounds = ((250, SizeClass.S), (1000, SizeClass.M), (5000, SizeClass.L))
    return next((size for bound, size in bounds if count < bound), SizeClass.XL)
