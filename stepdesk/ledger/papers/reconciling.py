"""The state of reconciliation of a box with its statements (D18)."""

from collections.abc import Iterator

from stepdesk.i18n import N_, Text, currency_text
from stepdesk.ledger.terms import Reconciliation
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.values.money import Money

_Row = tuple[Cell, ...]


def reconciliation_list(state: Reconciliation, language: str, *, reason: str = "") -> Listing:
    """Return the state of reconciliation: from what the books say to what the statement says.

    Args:
        state: The box on a day.
        language: The paper's.
        reason: Why both differ, as it was kept.
    """
    currency = currency_text(state.booked.currency, language)
    notes = [
        Text(N_("Amounts in {currency}"), {"currency": currency}),
        Text(
            N_("{count} line of the statement is in the book."),
            {"count": state.matched},
            plural=N_("{count} lines of the statement are in the book."),
        ),
    ]
    if reason:
        notes.append(Text(N_("Why it differs: {reason}"), {"reason": reason}))
    heads = (
        Text(N_("What it is")),
        Text(N_("Date")),
        Text(N_("Number")),
        Text(N_("Reference")),
        Text(N_("Text")),
        Text(N_("Amount")),
    )
    title = Text(N_("Reconciliation of {box} on {day}"), {"box": state.box.name, "day": state.day})
    return Listing(title, tuple(notes), heads, _rows(state))


def _rows(state: Reconciliation) -> Iterator[_Row]:
    books, bank = (
        Text(N_("In the books alone, taken off")),
        Text(N_("In the statement alone, added")),
    )
    yield _sum(N_("By the books"), state.booked)
    for one in state.only_book:
        told = (one.number, one.reference or None, one.said or None)
        yield (books, one.day, *told, -one.amount)
    for line in state.only_statement:
        yield (bank, line.day, None, line.reference or None, line.label or None, line.amount)
    named = Text(N_("Named difference of a deposit"))
    for group in state.together:
        if group.difference.minor:
            yield (named, group.last_day, None, None, group.reason or None, group.difference)
    yield _sum(N_("The statement should say"), state.expected)
    yield _sum(N_("By the statement"), state.stated)
    yield _sum(N_("Not explained"), state.unexplained)


def _sum(words: str, amount: Money | None) -> _Row:
    return (Text(words), None, None, None, None, amount)
