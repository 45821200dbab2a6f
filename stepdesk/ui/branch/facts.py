"""What the branch's window asks of the branch, and what it does there; all of it for the lane."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stepdesk.branch.engine import CARD, Store
from stepdesk.branch.queries import months_of, schemes_on
from stepdesk.branch.service import new_branch, receive
from stepdesk.branch.terms import MonthHeld, Received, SchemeKnown, SchemeState
from stepdesk.countries import PACKS, country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store.files import write_whole
from stepdesk.sync.wire.cells import BLOCKS, CURRENCIES, TABLES, Cell, Kind
from stepdesk.sync.wire.container import LARGEST_FILE
from stepdesk.sync.wire.outcome import REASONS
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.figures import Change, Figure, FigureRow, heading
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

COLUMNS = 4
"""What is counted, this month, the month before, the difference."""

HIDDEN = N_("hidden")
"""The branch is told that a figure is hidden, and never why."""

STATES = {SchemeState.PENDING: N_("to be compared"), SchemeState.ACCEPTED: N_("accepted")}
STATUS = {SchemeState.PENDING: Status.WAITING, SchemeState.ACCEPTED: Status.UP_TO_DATE}

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class NewBranch:
    """What the form of a new branch says."""

    folder: Path
    name: str
    practice: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file; the texts stand below each other."""

    file: str
    status: Status
    texts: tuple[Text, ...]
    scheme: bytes | None = None


def make_branch(wish: NewBranch) -> Store:
    """Make a branch and return it open.

    Raises:
        Refusal: beside the field it names.
        Trouble: when the disk refuses.
    """
    return new_branch(wish.folder, name=wish.name, practice=wish.practice)


def schemes_of(store: Store) -> tuple[SchemeKnown, ...]:
    """Return the schemes, those to be compared first."""
    return tuple(sorted(schemes_on(store), key=lambda one: one.state is SchemeState.ACCEPTED))


def months_held(store: Store, scheme: bytes) -> tuple[MonthHeld, ...]:
    """Return the months of a scheme, the last one first."""
    return tuple(reversed(months_of(store, scheme)))


def country_name(code: str, language: str) -> str:
    """Return the name of a country, its code when it is none of the desk's."""
    return country(code).name(language) if code in PACKS else code


# Files


def bring_in(
    store: Store, files: Sequence[Path], out: Path | None, *, now: datetime, progress: Progress
) -> tuple[Brought, ...]:
    """Take in files one after another; what is wrong with one does not hold up the others.

    Args:
        store: The branch.
        files: Bundles that schemes made.
        out: The folder of the receipts; None for beside each file.
        now: The moment that is noted.
        progress: Told after each file.
    """
    found: list[Brought] = []
    for at, file in enumerate(files):
        found.append(_brought(store, file, out or file.parent, now))
        progress.step(at + 1, len(files), Text("{name}", {"name": file.name}))
    return tuple(found)


def _brought(store: Store, file: Path, out: Path, now: datetime) -> Brought:
    try:
        done = receive(store, _content(file), now=now)
    except Refusal as refusal:
        return Brought(file.name, Status.STOPPED, (refusal.text,))
    except Trouble as trouble:
        return Brought(file.name, Status.STOPPED, (trouble.text,))
    receipt, written = _receipt(done, out)
    status = Status.STOPPED if done.refused else Status.UP_TO_DATE
    if not written:
        status = Status.LATE
    return Brought(file.name, status, (*_told(done), receipt), done.scheme)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Refusal(
            Text(N_("This file cannot be read. Check the stick and the name, then try again.")),
            field="file",
        ) from error


def _told(done: Received) -> Iterator[Text]:
    if done.again:
        yield Text(N_("Here already; nothing changed."))
    elif not done.refused:
        months = named([month for month, _rev in done.months])
        yield Text(
            N_("Scheme {scheme}: {months} taken in."),
            {"scheme": done.fingerprint[:9], "months": months},
        )
    for code in done.refused:
        yield REASONS[code]
    if done.new_scheme:
        yield Text(N_("This scheme is new here: compare its fingerprint, then accept it."))


def _receipt(done: Received, out: Path) -> tuple[Text, bool]:
    """Write the receipt; return what is said of it and whether it is there."""
    try:
        write_whole(out / done.receipt_name, done.receipt)
    except (OSError, Trouble):
        return (
            Text(
                N_(
                    "The receipt {name} could not be written. Choose another folder for receipts"
                    " and bring in the same file again: the receipt is the same."
                ),
                {"name": done.receipt_name},
            ),
            False,
        )
    return Text(N_("Receipt to give back: {name}"), {"name": done.receipt_name}), True


def named(months: Sequence[Month]) -> Text:
    """Return months by their names, or the first and the last when they are many."""
    if len(months) > _MOST_NAMED:
        values = {"first": min(months), "last": max(months)}
        return Text(N_("{first} to {last}"), values)
    told = Text("{month}", {"month": months[0]})
    for month in months[1:]:
        told = Text("{told}, {month}", {"told": told, "month": month})
    return told


def copy_card(store: Store, folder: Path) -> Path:
    """Write the branch's card into a folder, for the schemes.

    Raises:
        Refusal: when the card of another branch lies there.
        Trouble: when the disk refuses.
    """
    path, told = folder / CARD, store.card.text().encode()
    if path.exists() and path.read_bytes() != told:
        raise Refusal(
            Text(
                N_("There is a file {name} already. Choose another name or folder."),
                {"name": CARD},
            )
        )
    write_whole(path, told)
    return path


# Figures


def rows_of(held: MonthHeld, before: MonthHeld | None) -> list[FigureRow]:
    """Return the rows of a month: blocks, tables, figures, beside those of the month before."""
    rows: list[FigureRow] = []
    block = None
    for code, table in TABLES.items():
        values = held.cells.get(code)
        if values is None:
            continue
        if table.block is not block:
            block = table.block
            rows.append(heading(Text(BLOCKS[block]), COLUMNS, level=2))
        rows.append(heading(Text(table.label), COLUMNS))
        former = before.cells.get(code) if before is not None else None
        for at, cell in enumerate(table.cells):
            was = None if former is None else former[at]
            rows.append(_row(cell, _currency(held), now=values[at], was=was))
    return rows


def _currency(held: MonthHeld) -> Currency:
    return Currency(held.currency, CURRENCIES[held.currency])


def _row(cell: Cell, currency: Currency, *, now: int | None, was: int | None) -> FigureRow:
    def figure(value: int) -> Figure:
        return Money(value, currency) if cell.kind is Kind.MONEY else value

    before = None if was is None else figure(was)
    if now is None:
        values = (Text(cell.label), Text(HIDDEN), before, None)
        return FigureRow(values, hidden=frozenset({1}))
    change = None if was is None else Change(figure(now - was))
    return FigureRow((Text(cell.label), figure(now), before, change))
