"""Commands of the list of diagnoses."""

import argparse
import sys
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, LANGUAGE, REFUSED, desk_of, nested, put
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `diagnosis import`, `list` and `drop`."""
    acts = nested(commands, signed, "diagnosis", "The list of diagnoses.")
    one = acts("import", diagnosis_import)
    one.add_argument("file", type=Path, nargs="?", help="CSV or a workbook: code, name")
    one.add_argument("--short", action="store_true", help="the short list of a health post")
    one.add_argument("--language", default="", metavar="LL", help="of the names")
    one = acts("list", diagnosis_list)
    one.add_argument("text", nargs="?", default="", help="the beginning of a code, or words")
    one.add_argument("--language", default=LANGUAGE, metavar="LL")
    one = acts("drop", diagnosis_drop)
    one.add_argument("code")


def diagnosis_import(told: argparse.Namespace) -> int:
    """Bring in a list of diagnoses, or the short one; certificates name nothing else afterwards."""
    from stepdesk.claims.service import bring_in_diagnoses
    from stepdesk.exchange.diagnosis_lists import import_diagnoses, read_diagnoses, short_list
    from stepdesk.exchange.registers.reading import open_file

    if (told.file is None) is not told.short:
        raise Refusal(Text(N_("Name a file, or take the short list.")), field="file")
    opened = None if told.file is None else open_file(told.file)
    if opened is not None:
        for fault in read_diagnoses(opened, language=told.language).faults:
            print(f"line {fault.line}: {speak(fault.text, LANGUAGE)}", file=sys.stderr)
    with desk_of(told) as desk:
        if opened is None:
            done = desk.do(bring_in_diagnoses, listed=short_list())
        else:
            done = desk.do(import_diagnoses, opened=opened, language=told.language)
    sentence = f"{done.added} diagnoses added, {done.changed} changed, {done.known} known before."
    put(told, {"diagnoses": done}, sentence)
    return DONE


def diagnosis_list(told: argparse.Namespace) -> int:
    """List the diagnoses, or those of a code or words; exit 1 when there is none."""
    from stepdesk.claims.queries import diagnoses, diagnoses_like

    with desk_of(told) as desk:
        found = desk.ask(diagnoses_like, told.text) if told.text else desk.ask(diagnoses)
    lines = [f"{one.code}  {one.name(told.language)}" for one in found]
    put(told, {"diagnoses": found}, "\n".join(lines) or "No diagnosis.")
    return DONE if found else REFUSED


def diagnosis_drop(told: argparse.Namespace) -> int:
    """Take a code from the list; certificates that name it keep it."""
    from stepdesk.claims.service import drop_diagnosis

    with desk_of(told) as desk:
        done = desk.do(drop_diagnosis, code=told.code)
    put(told, {"dropped": done}, f"{done.code} is no longer in the list.")
    return DONE
