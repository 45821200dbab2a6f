"""Choices as JSON, for a mapping file, the batch, and what is kept for the next file.

Columns are named, not counted, so that next year's file finds them; docs/registers.md tells the
form.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.exchange.registers.table import table_in
from stepdesk.exchange.registers.terms import (
    Choices,
    Field,
    Opened,
    Place,
    Shape,
    Table,
    Target,
)
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import Relation, Sex


def target_text(target: Target | None) -> str:
    """Return a target as a mapping file has it: `birth`, `name/2/CHILD/F`, `month/3/2024`."""
    if target is None:
        return ""
    if target.field is Field.MONTH:
        return f"month/{target.month}/{target.year}" if target.year else f"month/{target.month}"
    relation = target.relation.value if target.relation else ""
    sex = target.sex.value if target.sex else ""
    told = (target.field.value, str(target.slot or ""), relation, sex)
    return "/".join(told).rstrip("/")


def target_of(told: str) -> Target | None:
    """Return a target from its text; an empty one leaves the column out.

    Raises:
        Refusal: when it is not known.
    """
    if not told:
        return None
    name, *rest = told.split("/")
    try:
        field = Field(name)
        if field is Field.MONTH:
            return Target(field, month=int(rest[0]), year=int(rest[1]) if len(rest) > 1 else 0)
        slot, relation, sex = [*rest, "", "", ""][:3]
        return Target(
            field,
            int(slot) if slot else 0,
            Relation(relation) if relation else None,
            Sex(sex) if sex else None,
        )
    except (ValueError, IndexError) as error:
        raise Refusal(
            Text(
                N_("{told} is no field of a register. Choose one of: {known}."),
                {"told": told, "known": ", ".join(one.value for one in Field)},
            ),
            field="mapping",
        ) from error


def names_of(table: Table) -> tuple[str, ...]:
    """Return a name of its own for each column: `Âge`, `Âge#2`, `#4` for one without."""
    seen: Counter[str] = Counter()
    found = []
    for at, name in enumerate(table.names):
        seen[name] += 1
        told = name or f"#{at + 1}"
        found.append(f"{told}#{seen[name]}" if name and seen[name] > 1 else told)
    return tuple(found)


def to_json(choices: Choices, table: Table) -> dict[str, Any]:
    """Return the choices as a mapping file has them; edits of single cells are not among them."""
    repairs: dict[str, dict[str, str]] = {}
    for (field, key), value in sorted(choices.repairs.items(), key=lambda one: one[0][1]):
        repairs.setdefault(field.value, {})[key] = value
    told: dict[str, Any] = {
        "sheet": choices.sheet,
        "header": choices.place.header + 1,
        "header_rows": choices.place.header_rows,
        "shape": choices.shape.value,
        "columns": {
            name: target_text(choices.columns.get(at)) for at, name in enumerate(names_of(table))
        },
        "repairs": repairs,
    }
    told |= {"year": choices.year} if choices.year else {}
    told |= {"month_first": True} if choices.month_first else {}
    told |= {"section": choices.section} if choices.section else {}
    return told


def from_json(told: Any, opened: Opened, guess: Choices) -> Choices:  # noqa: ANN401
    """Return choices of a mapping file over a guess; what the file does not tell stays guessed.

    Raises:
        Refusal: when it is no mapping, names a sheet or a column that is not there, or a field
            that is not known.
    """
    if not isinstance(told, Mapping):
        raise _no_mapping()
    try:
        sheet = str(told.get("sheet") or guess.sheet)
        if sheet not in {one.name for one in opened.sheets}:
            sheet = guess.sheet
        place = guess.place
        if "header" in told:
            place = Place(int(told["header"]) - 1, int(told.get("header_rows", 1)))
        made = replace(
            guess,
            sheet=sheet,
            place=place,
            shape=Shape(told["shape"]) if "shape" in told else guess.shape,
            year=int(told.get("year", guess.year)),
            month_first=bool(told.get("month_first", guess.month_first)),
            section=str(told.get("section", guess.section)),
            repairs={**guess.repairs, **_repairs(told.get("repairs", {}))},
        )
        if "joined_on" in told:
            made = replace(made, joined_on=date.fromisoformat(told["joined_on"]))
        return _with_columns(made, told.get("columns", {}), opened)
    except (ValueError, TypeError, AttributeError) as error:
        raise _no_mapping() from error


def _no_mapping() -> Refusal:
    return Refusal(
        Text(N_("This is no mapping of a register: see docs/registers.md.")), field="mapping"
    )


def _repairs(told: Mapping[str, Mapping[str, str]]) -> dict[tuple[Field, str], str]:
    return {
        (Field(name), fold(key)): str(value)
        for name, values in told.items()
        for key, value in values.items()
    }


def _with_columns(choices: Choices, told: Mapping[str, str], opened: Opened) -> Choices:
    names = names_of(table_in(opened, choices.sheet, choices.place))
    places = {name: at for at, name in enumerate(names)}
    columns = dict(choices.columns)
    for name, text in told.items():
        if name not in places:
            raise Refusal(
                Text(
                    N_("The register has no column {name}. Choose one of: {known}."),
                    {"name": name, "known": ", ".join(names)},
                ),
                field="mapping",
            )
        target = target_of(text)
        columns.pop(places[name], None)
        if target is not None:
            columns[places[name]] = target
    return replace(choices, columns=columns)


def saved_text(remembered: Mapping[str, Target | None]) -> str:
    """Return what is kept on the laptop for a header: folded names of columns to targets."""
    return json.dumps({name: target_text(target) for name, target in remembered.items()})


def saved_of(content: str) -> dict[str, Target | None]:
    told: dict[str, str] = json.loads(content)
    return {name: target_of(target) for name, target in told.items()}
