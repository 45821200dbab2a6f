"""The command line, for support staff and scripts: English, `--json` on everything.

Exit 0 done, 1 refused or found something, 2 usage, 3 trouble. docs/cli.md lists every command.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stepdesk.cli import (
    branch,
    claims,
    complaints,
    control,
    desk,
    diagnoses,
    dues,
    letters,
    measure,
    members,
    money,
    packages,
    papers,
    payers,
    payments,
    photos,
    plans,
    providers,
    registers,
    returns,
    stationery,
    tariffs,
)
from stepdesk.cli.shared import DONE, LANGUAGE, REFUSED, TROUBLE, USAGE, hang_up, put
from stepdesk.errors import Cancelled, Caution, Refusal, Trouble
from stepdesk.i18n import speak


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    code = _run(arguments)
    try:
        print(end="", flush=True)
    except BrokenPipeError:
        hang_up(sys.stdout)
    return code


def _run(arguments: Sequence[str]) -> int:
    parser = make_parser()
    try:
        told = parser.parse_args(letters.spelled_out(arguments))
    except SystemExit as stopped:
        return USAGE if stopped.code else DONE
    if not hasattr(told, "command"):
        parser.print_help()
        return USAGE
    return _guarded(told)


def _guarded(told: argparse.Namespace) -> int:  # noqa: PLR0911 - one return a kind of error
    try:
        code: int = told.command(told)
    except Refusal as refusal:
        return _say_no(told, speak(refusal.text, LANGUAGE), refusal.field)
    except Caution as caution:
        sentences = [speak(doubt.text, LANGUAGE) for doubt in caution.doubts]
        names = [doubt.name for doubt in caution.doubts]
        hint = " ".join(f"--accept {name}" for name in names)
        return _say_no(told, " ".join(sentences), "", doubts=names, hint=f"To go on: {hint}")
    except Trouble as trouble:
        put(told, {"trouble": speak(trouble.text, LANGUAGE)}, "")
        print(speak(trouble.text, LANGUAGE), file=sys.stderr)
        return TROUBLE
    except Cancelled:
        return REFUSED
    except BrokenPipeError:
        # Nobody reads what was said meanwhile; the answer itself never ends here (`put`).
        hang_up(sys.stdout)
        hang_up(sys.stderr)
        return TROUBLE
    except Exception as error:  # noqa: BLE001 - the last net: no traceback, and never exit 1
        sentence = f"Something unforeseen happened ({type(error).__name__}). Verify the book."
        put(told, {"trouble": sentence}, "")
        print(sentence, file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        print("Stopped. Nothing of this action was saved.", file=sys.stderr)
        return REFUSED
    return code


def _say_no(
    told: argparse.Namespace,
    sentence: str,
    field: str,
    *,
    doubts: Sequence[str] = (),
    hint: str = "",
) -> int:
    answer: dict[str, object] = {"refused": sentence, "field": field}
    if doubts:
        answer["doubts"] = list(doubts)
    put(told, answer, "")
    print(sentence, file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
    return REFUSED


# Arguments


def _everywhere() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Return what every command takes, and what those take that open a book."""
    shared = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    shared.add_argument("--json", action="store_true", help="answer in JSON")
    signed = argparse.ArgumentParser(add_help=False, allow_abbrev=False, parents=[shared])
    signed.add_argument("--person", metavar="NAME", help="who you are, as on the login tile")
    signed.add_argument(
        "--password-file", metavar="FILE", help="else STEPDESK_PASSWORD or a prompt"
    )
    signed.add_argument("--second-password-file", metavar="FILE", help=argparse.SUPPRESS)
    signed.add_argument(
        "--today", metavar="DATE", help="the business day, when the clock is wrong"
    )
    return shared, signed


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; docs/cli.md is held against it by a test."""
    shared, signed = _everywhere()
    parser = argparse.ArgumentParser(
        prog="stepdesk", description="The desk of a health mutual.", allow_abbrev=False
    )
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], *, plain_one: bool = False
    ) -> argparse.ArgumentParser:
        told = (run.__doc__ or "").splitlines()[0]
        made = commands.add_parser(
            name,
            help=told,
            description=told,
            allow_abbrev=False,
            parents=[shared if plain_one else signed],
        )
        made.set_defaults(command=run)
        return made

    _new_arguments(command("new", desk.new))
    _import_arguments(commands, signed)
    payments.add(commands, signed, claims.add(commands, signed))
    complaints.add(commands, signed)
    control.add(commands, signed)
    letters.add(commands, signed)
    _person_arguments(commands, signed)
    members.add(commands, signed)
    _asking_arguments(command)
    _doing_arguments(command)
    for add in (
        packages.add,
        providers.add_arguments,
        tariffs.add_arguments,
        diagnoses.add_arguments,
        photos.add_arguments,
        plans.add,
        payers.add,
        stationery.add,
    ):
        add(commands, signed)
    money.add(command, commands, signed)
    returns.add_arguments(commands, signed)
    branch.add_branch(commands, shared)
    measure.add(command)
    papers.add(command, commands, signed)
    dues.add(command)
    _demo_arguments(command("demo", desk.demo, plain_one=True))
    return parser


def _demo_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("--out", type=Path, default=Path("demo-out"), help="where papers go")
    one.add_argument("--no-window", action="store_true", help="headless, with pictures instead")
    one.add_argument("--households", type=int, default=120, help="how many households")
    one.add_argument(
        "--language", choices=["fr", "en"], default="fr", help="of the practice scheme"
    )


def _new_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("book", type=Path, help="a new folder")
    one.add_argument("--name", required=True, help="the scheme's name")
    one.add_argument("--country", required=True, metavar="CC", help="SN, ZZ")
    one.add_argument("--language", required=True, metavar="LL", help="en, fr")
    one.add_argument("--practice", action="store_true", help="for ever a practice book")
    one.add_argument("--section", action="append", default=[], help="a village; may be repeated")
    one.add_argument("--amount", help="monthly contribution per person: makes the plan BASE")
    one.add_argument("--entry-fee", default="0", help="per household")
    one.add_argument("--waiting", type=int, default=3, help="months; 3")
    one.add_argument("--grace", type=int, default=30, help="days; 30")


def _import_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    told = "Bring in another system's registers."
    one = commands.add_parser("import", help=told, description=told)
    kinds = one.add_subparsers(metavar="KIND", required=True)
    kind = kinds.add_parser(
        "openimis",
        help=desk.import_openimis.__doc__,
        description=desk.import_openimis.__doc__,
        allow_abbrev=False,
        parents=[signed],
    )
    kind.add_argument("book", type=Path)
    kind.add_argument("folder", type=Path, help="the folder of CSV files")
    kind.add_argument("--number-length", type=int, metavar="N", help="of member numbers there")
    kind.add_argument(
        "--number-root", type=int, metavar="N", help="of their check digit; 10 is Luhn's"
    )
    kind.set_defaults(command=desk.import_openimis)
    registers.add_members(kinds, signed)


def _person_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    told = "People who have access to a book."
    one = commands.add_parser("person", help=told, description=told)
    kinds = one.add_subparsers(metavar="WHAT", required=True)
    kind = kinds.add_parser(
        "end",
        help=desk.end_person.__doc__,
        description=desk.end_person.__doc__,
        allow_abbrev=False,
        parents=[signed],
    )
    kind.add_argument("book", type=Path)
    kind.add_argument("name", help="as on the login tile")
    kind.add_argument("--reason", required=True, help="kept with the act")
    kind.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    kind.set_defaults(command=desk.end_person)


def _asking_arguments(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("find", desk.find)
    one.add_argument("book", type=Path)
    one.add_argument("asked", help="a number, a card, a telephone or part of a name")
    one.add_argument("--phone", action="store_true", help="look at telephones alone")
    one.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many; 50")
    one = command("rights", desk.rights)
    one.add_argument("book", type=Path)
    one.add_argument("asked", metavar="person", help="47/02, an old number, or an id")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--service", metavar="S", help="a service of the catalogue, by its code")
    one.add_argument("--provider", metavar="P", help="where, by its code; with --service")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="write the answer (A5)")
    one = command("verify", desk.verify)
    one.add_argument("book", type=Path)
    one.add_argument("--new-only", action="store_true", help="only acts since the last time")


def _doing_arguments(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("contribute", desk.contribute)
    one.add_argument("book", type=Path)
    one.add_argument("household", help="its number")
    one.add_argument("amount")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--means", choices=["cash", "bank", "mobile"], default="cash")
    one.add_argument(
        "--request", metavar="HEX", help="32 hex digits: the same twice is one receipt"
    )
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one.add_argument("--leaf", metavar="N", help="0147-23: where it was written on paper")
    one.add_argument("--collector", metavar="NAME", help="who carries the money")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="write the receipt (A5)")
    one = command("close", desk.close)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    one.add_argument("--cash", metavar="AMOUNT", help="what was counted in the box")
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one.add_argument("--reason", default="", help="kept with the closing")
    one.add_argument("--whole", action="store_true", help="each of the ten lines done or passed")
    one = command("backup", desk.backup)
    one.add_argument("book", type=Path)
    one.add_argument("to", type=Path, nargs="?", help="a file or folder; the book's own backups")
    one = command("restore", desk.restore)
    one.add_argument("copy", type=Path, metavar="file")
    one.add_argument("book", type=Path)
