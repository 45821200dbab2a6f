"""What a household of a register has paid for: the last day, what it owes, or paid months. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from stepdesk.contributions.terms import Basis, PlanVersion
from stepdesk.exchange.registers.shapes import Draft
from stepdesk.exchange.registers.terms import Cell, Choices, Field, Opening, Target, shown
from stepdesk.exchange.registers.values import Unread, empty, read_amount
from stepdesk.exchange.registers.words import crossed
from stepdesk.i18n import N_, Text
from stepdesk.values.money import Currency
from stepdesk.values.month import Month

TOO_FAR = N_("The plan lets people pay ahead until {day} at most.")
BEFORE = N_("This is before the household joined, on {day}.")
TOO_MUCH = N_("This is more than ten years of contributions.")
_LONGEST = 120
"""Months of contributions; who owes more has left the scheme long ago."""


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


def paid_doubt(
    opening: Opening, plans: Sequence[PlanVersion], joined_on: date | None, today: date
) -> Text | None:
    """Return why nobody can have paid until that day, None when it may be.

    Args:
        opening: What the register tells.
        plans: The plans that may be meant, as they stand today; without any all is let through.
        joined_on: The day of joining where the register tells it.
        today: The day of the import; so many whole periods after its own may be paid ahead as
            the plan says.
    """
    through = opening.last
    if through is None:
        return None
    most = max((_paid_ahead(plan, today) for plan in plans), default=None)
    if most is not None and through > most:
        return Text(TOO_FAR, {"day": most})
    if joined_on is not None and through < joined_on:
        return Text(BEFORE, {"day": joined_on})
    return None


def _paid_ahead(plan: PlanVersion, today: date) -> date:
    length = plan.periodicity.value
    periods = max(plan.max_advance_periods, plan.min_first_periods - 1)
    return Month.of(today).plus(length - 1 + length * periods).last


def owed_doubt(opening: Opening, plans: Sequence[PlanVersion], persons: int) -> Text | None:
    """Return why nobody can owe so much, None when it may be."""
    if opening.arrears is None:
        return None
    months = [
        plan.amount * (persons if plan.basis is Basis.PER_PERSON else 1) / plan.periodicity.value
        for plan in plans
    ]
    if months and opening.arrears > _LONGEST * max(months) > 0:
        return Text(TOO_MUCH)
    return None


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
