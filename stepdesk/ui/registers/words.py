"""How the steps of an import call fields, shapes and what becomes of a row."""

from datetime import date

from stepdesk.exchange.registers.terms import Field, Shape, State, Target
from stepdesk.exchange.registers.told import FIELDS
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.tokens import Status
from stepdesk.values.month import Month

LEAVE_OUT = N_("Leave out")

SHAPES: dict[Shape, str] = {
    Shape.PERSONS: N_("One row is one person"),
    Shape.HOUSEHOLDS: N_("One row is one household"),
    Shape.HEADED: N_("The household, then its people below"),
    Shape.MONTHS: N_("Months stand as columns"),
    Shape.PAYMENTS: N_("A list of payments"),
}

STATES: dict[State, tuple[Status, str]] = {
    State.TAKEN: (Status.UP_TO_DATE, N_("Comes in")),
    State.REPAIRED: (Status.UP_TO_DATE, N_("Put right")),
    State.LOOK: (Status.LATE, N_("To look at")),
    State.KNOWN: (Status.DRAFT, N_("Known")),
    State.LEFT: (Status.DRAFT, N_("Left out")),
    State.BACK: (Status.STOPPED, N_("Cannot come in")),
}


def target_words(target: Target | None) -> Text:
    """Return what a column means, in words: the person of a slot and the month are named."""
    if target is None:
        return Text(LEAVE_OUT)
    told = Text(FIELDS[target.field])
    if target.month:
        return Text(N_("Month: {month}"), {"month": _month(target.month)})
    if target.slot:
        values: dict[str, Value] = {"number": target.slot + 1, "field": told}
        return Text(N_("Person {number}: {field}"), values)
    return told


def _month(number: int) -> Text:
    return Text(_MONTHS[number - 1])


_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)


def targets(*, further: int, months: bool) -> tuple[Target, ...]:
    """Return what a column may be said to mean.

    Args:
        further: How many persons beside the member stand in one row.
        months: Whether columns of months are offered.
    """
    from stepdesk.exchange.registers.terms import OF_PERSON

    whole = [Target(field) for field in Field if field is not Field.MONTH]
    more = [
        Target(field, slot)
        for slot in range(1, further + 1)
        for field in Field
        if field in OF_PERSON
    ]
    dated = [Target(Field.MONTH, month=at) for at in range(1, 13)] if months else []
    return (*whole, *more, *dated)


def letter(at: int) -> str:
    """Return what a spreadsheet calls a column: 0 is A, 26 is AA."""
    found = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def through_words(through: date | None) -> Text:
    """Return the last day that is paid for, or nothing."""
    return Text("") if through is None else Text(N_("paid until {day}"), {"day": through})


def since_words(since: Month | None, months: int) -> Text:
    """Return how many months were paid and from when on."""
    if since is None:
        return Text("")
    values: dict[str, Value] = {"count": months, "month": since}
    return Text(
        N_("{count} month paid from {month} on"),
        values,
        N_("{count} months paid from {month} on"),
    )
