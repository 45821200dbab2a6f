"""The first proposal: which sheet, where its table lies, its shape and its columns. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from stepdesk.exchange.registers.columns import fingerprint, guess_columns, year_of
from stepdesk.exchange.registers.shapes import guess_shape
from stepdesk.exchange.registers.table import guess_place, table_in
from stepdesk.exchange.registers.terms import (
    Choices,
    Column,
    Opened,
    Place,
    Shape,
    Sheet,
    Table,
    Target,
)
from stepdesk.exchange.registers.words import plain

Saved = Mapping[bytes, Mapping[str, Target | None]]
"""What was chosen for headers seen before: by fingerprint, then by folded name of the column."""


def guess_sheet(opened: Opened) -> Sheet:
    """Return the sheet that is likely to be the register: visible, and with most rows."""
    seen = [one for one in opened.sheets if not one.hidden and one.rows]
    return max(seen or opened.sheets, key=lambda one: len(one.rows))


def proposed(
    opened: Opened,
    *,
    sheet: str | None = None,
    place: Place | None = None,
    shape: Shape | None = None,
    saved: Saved | None = None,
) -> Choices:
    """Return choices for a file; what is given is not guessed.

    Args:
        opened: The file.
        sheet: The sheet's name.
        place: Where its table lies.
        shape: How it is built.
        saved: What was chosen for headers seen before.
    """
    chosen = guess_sheet(opened) if sheet is None else opened.sheet(sheet)
    where = place or guess_place(chosen)
    table = table_in(opened, chosen.name, where)
    columns = columns_of(table, saved)
    built = shape or guess_shape(table, columns)
    return Choices(
        sheet=chosen.name,
        place=where,
        shape=built,
        columns={one.at: one.target for one in columns if one.target is not None},
        year=year_of(table.titles),
    )


def columns_of(table: Table, saved: Saved | None = None) -> tuple[Column, ...]:
    """Return the columns of a table with what they are taken to mean."""
    return guess_columns(table, (saved or {}).get(fingerprint(table)))


def chosen_columns(table: Table, choices: Choices) -> tuple[Column, ...]:
    """Return the columns as they stand in the choices, with their samples."""
    return tuple(replace(one, target=choices.columns.get(one.at)) for one in guess_columns(table))


def remembered(table: Table, choices: Choices) -> dict[str, Target | None]:
    """Return what is kept of the choices for the next file of the same header."""
    return {
        plain(name): choices.columns.get(at) for at, name in enumerate(table.names) if plain(name)
    }
