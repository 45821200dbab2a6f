"""What a household of a register has paid for: the last day, what it owes, or paid months. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from stepdesk.exchange.registers.shapes import Draft
from stepdesk.exchange.registers.terms import Cell, Choices, Field, Opening, Target, shown
from stepdesk.exchange.registers.values import Unread, empty, read_amount
from stepdesk.exchange.registers.words import crossed
from stepdesk.values.money import Currency
from stepdesk.values.month import Month


class Own(Protocol):
    """What a draft says of its household, read."""

    def value(self, what: Field) -> Any: ...  # noqa: ANN401


def opening_of(draft: Draft, own: Own, choices: Choices, today: date) -> Opening:
    """Return what a household brings with it.

    Months with an amount or a cross are counted and taken as paid from the first column on,
    oldest first; the year is the header's, else the title's, else this one.
    """
    through = own.value(Field.PAID_UNTIL)
    arrears = own.value(Field.ARREARS)
    fee = None
    if Field.ENTRY_FEE in draft.cells:
        cell = draft.cells[Field.ENTRY_FEE][0]
        fee = -1 if crossed(shown(cell)) else own.value(Field.ENTRY_FEE)
    paid, since = _months(draft.months, choices, today)
    return Opening(through, paid, since, arrears, fee)


def _months(
    told: Sequence[tuple[Target, Cell, int, int]], choices: Choices, today: date
) -> tuple[int, Month | None]:
    columns: dict[Month, bool] = {}
    for target, cell, _, _ in told:
        year = target.year or choices.year or today.year
        month = Month(year, target.month)
        columns[month] = columns.get(month, False) or _paid(cell)
    if not any(columns.values()):
        return 0, None
    return sum(columns.values()), min(columns)


def _paid(cell: Cell) -> bool:
    if crossed(shown(cell).strip()):
        return True
    if empty(cell):
        return False
    try:
        return read_amount(cell, Currency("", 2))[0] > 0
    except Unread:
        return False
