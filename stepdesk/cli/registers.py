"""The command that brings in a members' register, looks at it first, or takes it back."""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    Shown,
    check_writable,
    day_of,
    desk_of,
    put,
    written,
)
from stepdesk.cli.unknown import no_plan
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import LANGUAGES, N_, Text, speak

if TYPE_CHECKING:
    from stepdesk.exchange.registers.report import Report
    from stepdesk.exchange.registers.terms import Choices, Opened, Result


def import_members(told: argparse.Namespace) -> int:
    """Bring in a members' register: Excel, LibreOffice or CSV (docs/registers.md)."""
    if told.undo:
        return _undo(told)
    if told.file is None:
        raise Refusal(Text(N_("Name the file of the register.")), field="file")
    from stepdesk.exchange.registers.book import known_of
    from stepdesk.exchange.registers.reading import open_file
    from stepdesk.exchange.registers.report import Report
    from stepdesk.exchange.registers.result import judge
    from stepdesk.exchange.registers.writing import bring_in

    if told.handback:
        check_writable(told.handback, "handback")
    if told.report:
        check_writable(told.report, "report")
    opened = open_file(told.file)
    with desk_of(told) as desk:
        choices = _choices(told, desk, opened)
        result = judge(opened, choices, desk.ask(known_of, desk.today))
        choices = _answered(told, _repaired(told, choices, result), result)
        result = judge(opened, choices, desk.ask(known_of, desk.today))
        done = None
        if not told.dry_run:
            done = desk.do(
                bring_in,
                opened=opened,
                choices=choices,
                doubtful=told.doubtful,
                progress=Shown(),
            )
        language = told.language or _language(desk)
        _hand_back(told, opened, choices, result, language)
        if told.report:
            _report(
                told,
                desk,
                Report(opened, choices, result, done, desk.currency, told.doubtful),
                language,
            )
    answer = _answer(opened, choices, result, told) | {"imported": done}
    put(told, answer, _sentence(result, done))
    return DONE


def _choices(told: argparse.Namespace, desk: Any, opened: "Opened") -> "Choices":  # noqa: ANN401
    from stepdesk.exchange.registers.book import saved_mappings
    from stepdesk.exchange.registers.guessing import proposed
    from stepdesk.exchange.registers.mapping import from_json

    mapping = _mapping(told.mapping) if told.mapping else {}
    sheet = told.sheet or mapping.get("sheet")
    names = [one.name for one in opened.sheets]
    if told.sheet and told.sheet not in names:
        raise Refusal(
            Text(
                N_("The file has no sheet {name}. Choose one of: {known}."),
                {"name": told.sheet, "known": ", ".join(names)},
            ),
            field="sheet",
        )
    guess = proposed(
        opened, sheet=sheet if sheet in names else None, saved=desk.ask(saved_mappings)
    )
    choices = from_json(mapping, opened, guess) if mapping else guess
    if told.joined:
        choices = replace(choices, joined_on=day_of(told.joined, "joined"))
    return replace(choices, plan_id=_plan(told, desk), section=told.section or choices.section)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(
            Text(N_("{name} cannot be read. Check the name and the stick."), {"name": path.name})
        ) from error
    except ValueError as error:
        raise Refusal(
            Text(N_("This is no mapping of a register: see docs/registers.md.")), field="mapping"
        ) from error
    if not isinstance(found, dict):
        raise Refusal(
            Text(N_("This is no mapping of a register: see docs/registers.md.")), field="mapping"
        )
    return found


def _plan(told: argparse.Namespace, desk: Any) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import plans

    if not told.plan:
        return None
    known = desk.ask(plans)
    for plan_id, versions in known.items():
        if versions[0].code.casefold() == told.plan.casefold():
            return plan_id
    raise no_plan(desk, told.plan)


def _repaired(told: argparse.Namespace, choices: "Choices", result: "Result") -> "Choices":
    """Return the choices with what `--repair` says: `proposals`, or `section:kula=Koula`."""
    from stepdesk.exchange.registers.terms import Field
    from stepdesk.values.names import fold

    repairs = dict(choices.repairs)
    for one in told.repair:
        if one == "proposals":
            repairs |= {
                (odd.field, odd.key): odd.proposal
                for odd in result.odd
                if odd.proposal is not None and odd.repaired is None
            }
            continue
        name, colon, rest = one.partition(":")
        value, equals, new = rest.partition("=")
        if not (colon and equals) or name not in {field.value for field in Field}:
            raise Refusal(
                Text(
                    N_("{told} is no repair. Write it as section:kula=Koula, or proposals."),
                    {"told": one},
                ),
                field="repair",
            )
        repairs[Field(name), fold(value)] = new
    return replace(choices, repairs=repairs)


def _answered(told: argparse.Namespace, choices: "Choices", result: "Result") -> "Choices":
    """Return the choices with `--alike`: one answer for all who look like somebody."""
    rows = frozenset(one.at for one in result.alike)
    if told.alike == "same":
        return replace(choices, same=rows)
    return replace(choices, different=rows) if told.alike == "other" else choices


def _language(desk: Any) -> str:  # noqa: ANN401
    """Return the person's language as this laptop remembers it, else the scheme's."""
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.settings import read_settings

    kept = read_settings().language
    return kept if kept in LANGUAGES else str(desk.ask(scheme_on, desk.today).language)


def _report(told: argparse.Namespace, desk: Any, report: "Report", language: str) -> None:  # noqa: ANN401
    from stepdesk.exchange.registers.report import report_pdf
    from stepdesk.scheme.queries import scheme_on

    scheme = desk.ask(scheme_on, desk.today).name
    paper = report_pdf(
        report, language, scheme=scheme, practice=desk.practice, printed_on=desk.today
    )
    if not written(told.report, paper):
        raise Trouble(
            Text(N_("{name} cannot be written. Choose another place."), {"name": str(told.report)})
        )


def _hand_back(
    told: argparse.Namespace, opened: "Opened", choices: "Choices", result: "Result", language: str
) -> None:
    from stepdesk.exchange.registers.handback import handed_back

    if not told.handback:
        return
    made = handed_back(opened, choices, result, language=language, only_bad=told.only_bad)
    if not written(told.handback, made):
        raise Trouble(
            Text(
                N_("{name} cannot be written. Choose another place."),
                {"name": str(told.handback)},
            )
        )


def _answer(
    opened: "Opened", choices: "Choices", result: "Result", told: argparse.Namespace
) -> dict[str, object]:
    from stepdesk.exchange.registers.mapping import to_json
    from stepdesk.exchange.registers.writing import counted

    counts = counted(result, doubtful=told.doubtful)
    states = Counter(row.state.value for row in result.rows)
    return {
        "file": opened.name,
        "kind": opened.kind,
        "encoding": opened.encoding,
        "sheets": [
            {"name": one.name, "hidden": int(one.hidden), "rows": len(one.rows)}
            for one in opened.sheets
        ],
        "mapping": to_json(choices, result.table),
        "rows": counts.rows,
        "taken": counts.taken,
        "repaired": counts.repaired,
        "left_out": counts.left_out,
        "handed_back": counts.handed_back,
        "states": states,
        "people": result.people,
        "households": len(result.households),
        "new_sections": result.new_sections,
        "odd": [_odd(one) for one in result.odd],
        "alike": len(result.alike),
        "corrections": len(result.corrections),
        "new_groups": result.new_groups,
        "reasons": _reasons(result),
    }


def _odd(one: Any) -> Mapping[str, object]:  # noqa: ANN401
    return {
        "field": one.field.value,
        "value": one.value,
        "count": one.count,
        "proposal": one.proposal,
        "repaired": one.repaired,
    }


def _reasons(result: "Result") -> list[dict[str, object]]:
    return [
        {
            "row": row.at + 1,
            "state": row.state.value,
            "reasons": [speak(one, LANGUAGE) for one in row.reasons],
        }
        for row in result.rows
        if row.state.value in {"look", "back"}
    ]


def _sentence(result: "Result", done: Any) -> str:  # noqa: ANN401
    from stepdesk.exchange.registers.terms import State

    look, back = result.count(State.LOOK), result.count(State.BACK)
    told = (
        f"{result.people} people in {len(result.households)} households,"
        f" {look} rows to look at, {back} cannot come in."
    )
    if done is None:
        return told + " Nothing was written."
    return told + (
        f"\nTaken {done.taken} rows, {done.repaired} after repair, left out {done.left_out},"
        f" handed back {done.handed_back}: {done.persons} people, {done.households} households,"
        f" {done.corrections} corrections."
        + (f" Import {done.batch_id.hex()}." if done.batch_id else " Nothing was new.")
    )


def _undo(told: argparse.Namespace) -> int:
    from stepdesk.exchange.registers.writing import batch_named, undo

    with desk_of(told) as desk, desk.work("undo_import") as work:
        count = undo(work, batch_id=batch_named(work, told.undo))
    put(told, {"undone": told.undo, "households": count}, f"{count} households never were.")
    return DONE


def add_members(kinds: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the command under `import`."""
    kind = kinds.add_parser(
        "members",
        help=import_members.__doc__,
        description=import_members.__doc__,
        allow_abbrev=False,
        parents=[signed],
    )
    kind.add_argument("book", type=Path)
    kind.add_argument("file", type=Path, nargs="?", help="xlsx, xlsb, xls, ods, csv or tsv")
    kind.add_argument("--sheet", metavar="NAME", help="else the visible one with most rows")
    kind.add_argument("--mapping", type=Path, metavar="FILE", help="what the columns mean, JSON")
    kind.add_argument("--dry-run", action="store_true", help="tell what would be done")
    kind.add_argument("--plan", metavar="CODE", help="the plan everybody joins")
    kind.add_argument("--joined", metavar="DATE", help="the day of joining where none is told")
    kind.add_argument("--section", metavar="NAME", help="the village where none is told")
    kind.add_argument(
        "--repair",
        action="append",
        default=[],
        metavar="TOLD",
        help="proposals, or section:kula=Koula; may be repeated",
    )
    kind.add_argument("--doubtful", action="store_true", help="bring in also rows to be looked at")
    kind.add_argument(
        "--handback", type=Path, metavar="FILE", help="write the register back as XLSX"
    )
    kind.add_argument("--only-bad", action="store_true", help="of it, the bad rows alone")
    kind.add_argument(
        "--alike",
        choices=("same", "other"),
        help="who looks like somebody else: the same person, or another one; else to be looked at",
    )
    kind.add_argument("--report", type=Path, metavar="FILE", help="write what came of it, PDF")
    kind.add_argument(
        "--language", choices=sorted(LANGUAGES), help="of the papers, else the person's"
    )
    kind.add_argument("--undo", metavar="BATCH", help="take an import back; last is the last one")
    kind.set_defaults(command=import_members)
