"""Statements of banks and telephone companies from CSV files and workbooks.

The columns are found by what their titles say: a day, an amount or money in and money out, and
what else there is. What is above the titles is passed over; a line that cannot be read refuses
the whole file, with its line and what to do. Source: screens handbook 6.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.exchange.registers.terms import Cell, Opened, shown
from stepdesk.exchange.registers.values import Unread, read_amount, read_day
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger.terms import ReadLine
from stepdesk.values.money import Currency

_WORDS: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("date", "day", "jour", "date d operation", "date operation", "operation date"),
        *("completion time", "date de l operation", "transaction date", "booking date"),
    ),
    "amount": ("amount", "montant", "somme"),
    "came_in": ("paid in", "credit", "money in", "entree", "entrees", "recu", "depot", "in"),
    "went_out": (
        *("withdrawn", "debit", "money out", "sortie", "sorties", "retrait", "paid out", "out"),
    ),
    "reference": (
        *("reference", "ref", "receipt no", "transaction id", "id", "numero", "no"),
        *("id transaction", "id de la transaction", "numero de transaction", "receipt"),
    ),
    "label": ("details", "libelle", "label", "description", "motif", "text", "operation"),
    "balance": ("balance", "solde", "nouveau solde", "solde apres"),
    "status": ("status", "statut", "transaction status", "etat"),
}
"""How the columns of a statement are called, folded."""

_DONE = frozenset(
    {
        *("", "completed", "complete", "success", "successful", "done", "ok"),
        *("reussi", "reussie", "effectue", "effectuee", "termine", "terminee", "succes"),
    }
)
"""What a status says of money that moved; other lines are passed over."""


def lines_in(opened: Opened, today: date, currency: Currency) -> tuple[ReadLine, ...]:
    """Return the lines of a statement, the oldest first; its first sheet that is not hidden.

    Raises:
        Refusal: no titles that are understood, no line, a day or an amount that cannot be read.
    """
    sheet = next((one for one in opened.sheets if not one.hidden), opened.sheets[0])
    found = list(_lines(sheet.rows, today, currency))
    if not found:
        raise Refusal(
            Text(N_("There is no line in this statement. Choose another file.")), field="file"
        )
    if found[0].day > found[-1].day:
        found.reverse()
    return tuple(found)


def _lines(rows: Sequence[Sequence[Cell]], today: date, currency: Currency) -> Iterator[ReadLine]:
    columns: Mapping[str, int] | None = None
    for at, row in enumerate(rows, start=1):
        if columns is None:
            columns = _titles(row)
            continue
        told = {name: row[place] for name, place in columns.items() if place < len(row)}
        if not shown(told.get("day", "")).strip():
            continue  # sums and remarks below the table
        if fold(shown(told.get("status", ""))).strip() in _DONE:
            line = _line(at, told, today, currency)
            if line.amount:
                yield line
    if columns is None:
        message = N_(
            "No columns are understood. Write titles such as Date, Amount, Reference, Details and Balance above them."
        )
        raise Refusal(Text(message), field="file")


def _titles(row: Sequence[Cell]) -> Mapping[str, int] | None:
    """Return the columns by what their titles say; None when this is no line of titles."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        words = _told(shown(cell))
        for name, known in _WORDS.items():
            if name not in found and words in map(_told, known):
                found[name] = place
                break
    moved = {"amount", "came_in", "went_out"} & set(found)
    return found if "day" in found and moved else None


def _told(title: str) -> str:
    return "".join(sign for sign in fold(title) if sign.isalnum())


def _line(at: int, told: Mapping[str, Cell], today: date, currency: Currency) -> ReadLine:
    try:
        # A day may carry an hour behind it.
        day_cell = told["day"]
        words = day_cell.split()[0] if isinstance(day_cell, str) else day_cell
        day, _ = read_day(words, today)
    except Unread as wrong:
        raise _wrong(
            at, N_("{told} is no day. Write it as 23/11/2026."), told=shown(told["day"])
        ) from wrong
    balance = _amount(at, told.get("balance", ""), currency)
    return ReadLine(
        day,
        _moved(at, told, currency),
        " ".join(shown(told.get("reference", "")).split()),
        " ".join(shown(told.get("label", "")).split()),
        balance,
    )


def _moved(at: int, told: Mapping[str, Cell], currency: Currency) -> int:
    amount = _amount(at, told.get("amount", ""), currency)
    if amount is not None:
        return amount
    came, went = (_amount(at, told.get(name, ""), currency) for name in ("came_in", "went_out"))
    return abs(came or 0) - abs(went or 0)


def _amount(at: int, cell: Cell, currency: Currency) -> int | None:
    if not shown(cell).strip():
        return None
    try:
        return read_amount(cell, currency)[0]
    except Unread as wrong:
        raise _wrong(
            at, N_("{told} is no amount. Write digits only."), told=shown(cell)
        ) from wrong


def _wrong(line: int, message: str, **values: Value) -> Refusal:
    fault = Text(message, values)
    return Refusal(Text(N_("Line {line}: {fault}"), {"line": line, "fault": fault}), field="file")
