"""The command line, for support staff and scripts: English, `--json` on everything.

Exit 0 done, 1 refused or found something, 2 usage, 3 trouble. docs/cli.md lists every command.
"""

import argparse
import getpass
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from stepdesk.errors import Cancelled, Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, speak
from stepdesk.progress import Progress
from stepdesk.values.money import Currency, Money, read_minor
from stepdesk.values.month import Month

DONE, REFUSED, USAGE, TROUBLE = 0, 1, 2, 3
LANGUAGE = "en"
EARLIEST, LATEST = 1950, 2999


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    parser = make_parser()
    try:
        told = parser.parse_args(arguments)
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
        _put(told, {"trouble": speak(trouble.text, LANGUAGE)}, "")
        print(speak(trouble.text, LANGUAGE), file=sys.stderr)
        return TROUBLE
    except Cancelled:
        return REFUSED
    except Exception as error:  # noqa: BLE001 - the last net: no traceback, and never exit 1
        sentence = f"Something unforeseen happened ({type(error).__name__}). Verify the book."
        _put(told, {"trouble": sentence}, "")
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
    _put(told, answer, "")
    print(sentence, file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
    return REFUSED


# Answers


def plain(value: object) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912 - one case a kind
    """Return a value as JSON takes it: ids in hex, money in minor units with its currency."""
    match value:
        case Money():
            return {"minor": value.minor, "currency": value.currency.code}
        case Text():
            return speak(value, LANGUAGE)
        case Enum():
            return plain(value.value)
        case bytes():
            return value.hex()
        case date() | datetime():
            return value.isoformat()
        case str() | int() | None:
            return value
        case Mapping():
            return {str(plain(key)): plain(held) for key, held in value.items()}
        case Sequence():
            return [plain(one) for one in value]
        case Path() | Month():
            return str(value)
        case _ if is_dataclass(value):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return str(value)


def _put(told: argparse.Namespace, answer: Mapping[str, object], sentence: str) -> None:
    if told.json:
        print(json.dumps(plain(answer), ensure_ascii=False, indent=2))
    elif sentence:
        print(sentence)


class _Shown(Progress):
    """Progress on the error stream, so that answers stay clean."""

    def show(self, done: int, total: int, text: Text | None) -> None:
        if sys.stderr.isatty():
            word = speak(text, LANGUAGE) if text else ""
            print(f"\r{word} {done} of {total}  ", end="", file=sys.stderr)


# What commands share


def _password(told: argparse.Namespace, *, second: bool = False) -> str:
    """Return the password: from a file, the environment or a prompt, never an argument."""
    path = told.second_password_file if second else told.password_file
    variable = "STEPDESK_SECOND_PASSWORD" if second else "STEPDESK_PASSWORD"
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise Refusal(
                Text(N_("The password file {name} cannot be read."), {"name": str(path)}),
                field="password_file",
            ) from error
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise Refusal(
            Text(
                N_("A password is needed: set {variable}, or name a file with --password-file."),
                {"variable": variable},
            ),
            field="password",
        )
    return getpass.getpass("Second password: " if second else "Password: ")


def _desk(told: argparse.Namespace, *, accept_older: bool = False) -> Any:  # noqa: ANN401
    from stepdesk.migrations import migrate
    from stepdesk.store.desk import unlock

    desk = unlock(
        told.book,
        password=_password(told),
        name=told.person or "",
        migrate=migrate,
        accept_older=accept_older,
    )
    if told.today:
        desk.confirm_day(_day(told.today, "today"))
    elif desk.clock_suspect:
        print(
            f"The clock says {desk.clock_day}, far from the last day worked. "
            "If that is wrong, name the day with --today.",
            file=sys.stderr,
        )
    return desk


def _day(told: str, field: str) -> date:
    try:
        day = date.fromisoformat(told)
        if day.isoformat() != told or not EARLIEST <= day.year <= LATEST:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no date. Write it as 2026-11-23."), {"told": told}), field=field
        ) from error
    return day


def _month(told: str) -> Month:
    try:
        month = Month.parse(told)
        if not EARLIEST <= month.first.year <= LATEST:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no month. Write it as 2026-11."), {"told": told}), field="month"
        ) from error
    return month


def _amount(told: str, currency: Currency, field: str = "amount") -> Money:
    try:
        return Money(read_minor(told, currency), currency)
    except ValueError as error:
        raise Refusal(
            Text(
                N_("{told} is no amount. Type digits only, {count} decimals at most."),
                {"told": told, "count": currency.exponent},
            ),
            field=field,
        ) from error


def _sign_second(told: argparse.Namespace, work: Any) -> None:  # noqa: ANN401
    from stepdesk.store.desk import person_named

    if told.second:
        person = person_named(work.desk.keys, told.second)
        work.second(person, _password(told, second=True))


# Commands


def new(told: argparse.Namespace) -> int:
    """Make a new book, with its plan and sections when they are named."""
    _check_new(told)
    empty = not told.book.exists() or (told.book.is_dir() and not any(told.book.iterdir()))
    try:
        answer = _made(told)
    except (Refusal, Trouble):
        if empty:
            shutil.rmtree(told.book, ignore_errors=True)
        raise
    _put(
        told,
        answer,
        f"{told.book}: {told.name}, {told.country.upper()}. Made for {answer['person']}.",
    )
    return DONE


def _made(told: argparse.Namespace) -> dict[str, Any]:
    from stepdesk.migrations import shape
    from stepdesk.store.desk import new_desk

    with new_desk(
        told.book,
        name=told.person or "Manager",
        password=_password(told),
        country_code=told.country.upper(),
        language=told.language,
        practice=told.practice,
        shape=shape,
    ) as desk:
        if told.today:
            desk.confirm_day(_day(told.today, "today"))
        with desk.work("name_scheme") as work:
            _found(work, told)
        return {
            "book": told.book,
            "name": told.name,
            "country": desk.country,
            "person": desk.person.name,
            "practice": desk.practice,
        }


def _check_new(told: argparse.Namespace) -> None:
    from stepdesk.i18n import LANGUAGES

    if told.language not in LANGUAGES:
        raise Refusal(
            Text(
                N_("The language {told} is not known. Known are: {known}."),
                {"told": told.language, "known": ", ".join(LANGUAGES)},
            ),
            field="language",
        )
    if not told.name.strip():
        raise Refusal(Text(N_("Give the scheme its name.")), field="name")


def _found(work: Any, told: argparse.Namespace) -> None:  # noqa: ANN401
    from stepdesk.contributions.service import add_plan, version_plan
    from stepdesk.contributions.terms import PlanVersion
    from stepdesk.scheme.service import add_section, name_scheme
    from stepdesk.values.ids import PlanVersionId

    name_scheme(work, name=told.name, language=told.language)
    for section in told.section:
        add_section(work, name=section)
    if told.amount is not None:
        plan_id = add_plan(work, code="BASE")
        version = PlanVersion(
            id=PlanVersionId(b""),
            plan_id=plan_id,
            code="BASE",
            name="BASE",
            first_day=work.today,
            amount=_amount(told.amount, work.currency).minor,
            entry_fee=_amount(told.entry_fee, work.currency, "entry_fee").minor,
            waiting_months=told.waiting,
            grace_days=told.grace,
        )
        version_plan(work, version=version)


def import_openimis(told: argparse.Namespace) -> int:
    """Bring in the registers of an openIMIS scheme."""
    from stepdesk.exchange.openimis import import_openimis as bring_in

    with _desk(told) as desk:
        report = desk.do(bring_in, folder=told.folder, progress=_Shown())
    left = "".join(
        f"\n  not carried over: {one.file} {one.key} {one.what}: {speak(one.reason, LANGUAGE)}"
        for one in report.left_out
    )
    sentence = (
        f"Added {report.sections} sections, {report.households} households, "
        f"{report.persons} persons, {report.plans} plans, {report.policies} policies, "
        f"{report.receipts} receipts.{left}"
    )
    _put(told, {"added": report}, sentence)
    return DONE


def find(told: argparse.Namespace) -> int:
    """Find people by number or part of a name; exit 1 when there is nobody."""
    from stepdesk.members.queries import search

    with _desk(told) as desk:
        found = desk.ask(search, told.asked)
    lines = [
        f"{one.number}/{one.suffix:02d}  {one.name}, {one.sex.value} {one.birth.day.year}, "
        f"{one.section} (household of {one.member_name})"
        for one in found
    ]
    answer = [{**plain(one), "number": str(one.number)} for one in found]
    _put(told, {"found": answer}, "\n".join(lines) or "Nobody found.")
    return DONE if found else REFUSED


def _person(connection: Any, asked: str) -> Any:  # noqa: ANN401
    """Return who is meant: 47/02, a household's member, an old number, or an id in hex."""
    from sqlalchemy import text

    from stepdesk.members.queries import household_file, household_of_number

    number, slash, suffix = asked.partition("/")
    if not slash and asked.strip():
        row = connection.execute(
            text(
                "SELECT id FROM person WHERE legacy_number = :asked OR hex(id) = upper(:asked)"
                " ORDER BY legacy_number = :asked DESC LIMIT 1"
            ),
            {"asked": asked},
        ).first()
        if row is not None:
            return row.id
    household = household_of_number(connection, number)
    known = None if household is None else household_file(connection, household)
    digits = suffix.isascii() and suffix.isdecimal()
    wanted = (int(suffix) if digits else -1) if slash else 0
    for one in known.persons if known else ():
        if one.suffix == wanted:
            return one.id
    raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")


def rights(told: argparse.Namespace) -> int:
    """Say whether a person is covered on a day and why; exit 1 for a no."""
    from stepdesk.rights.service import ask_rights
    from stepdesk.rights.terms import Answer

    with _desk(told) as desk:
        day = _day(told.on, "on") if told.on else desk.today
        person = desk.ask(_person, told.asked)
        verdict = ask_rights(desk, person_id=person, day=day)
        to_pay = Money(verdict.to_pay, desk.currency)
    reasons = [f"{one.code.value} {speak(one.text, LANGUAGE)}" for one in verdict.reasons]
    opens = f" Opens on {verdict.opens_on}." if verdict.opens_on else ""
    pay = f" To pay: {speak(Text('{a}', {'a': to_pay}), LANGUAGE)}." if to_pay else ""
    sentence = f"{verdict.answer.value} on {day} ({verdict.state.value}). {' '.join(reasons)}"
    _put(told, {"day": day, "verdict": verdict}, f"{sentence}{opens}{pay}".strip())
    return DONE if verdict.answer is Answer.YES else REFUSED


def contribute(told: argparse.Namespace) -> int:
    """Take a contribution and give its receipt."""
    import secrets

    from stepdesk.contributions.papers import receipt_pdf
    from stepdesk.contributions.service import contribute as take
    from stepdesk.contributions.terms import Means
    from stepdesk.members.queries import household_of_number, similar_numbers

    request = secrets.token_bytes(16) if told.request is None else _request(told.request)
    if told.pdf:
        _check_writable(told.pdf)
    with _desk(told) as desk:
        amount = _amount(told.amount, desk.currency)
        household = desk.ask(household_of_number, told.household)
        if household is None:
            raise no_household(told.household, desk.ask(similar_numbers, told.household))
        receipt = desk.do(
            take,
            request_id=request,
            household_id=household,
            amount=amount,
            paid_on=_day(told.on, "on") if told.on else None,
            means=Means(told.means.upper()),
            accepting=frozenset(told.accept),
        )
        language = desk.language
    lost = told.pdf and not _written(told.pdf, receipt_pdf(receipt, language))
    through = f", covered through {receipt.covered_through}" if receipt.covered_through else ""
    paid = speak(Text("{a}", {"a": receipt.amount}), LANGUAGE)
    _put(
        told,
        {"receipt": receipt},
        f"{receipt.number} ({receipt.code}): {paid} from household {receipt.household_number}{through}.",
    )
    if lost:
        print(f"The receipt is recorded; {told.pdf} could not be written.", file=sys.stderr)
    return TROUBLE if lost else DONE


def _request(told: str) -> bytes:
    try:
        request = bytes.fromhex(told)
        if len(request) != 16:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no request: give 32 hex digits."), {"told": told}), field="request"
        ) from error
    return request


def _check_writable(path: Path) -> None:
    """Refuse a place for a paper before anything is recorded."""
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Refusal(
            Text(N_("{name} cannot be written. Choose another place."), {"name": str(path)}),
            field="pdf",
        )


def _written(path: Path, paper: bytes) -> bool:
    try:
        path.write_bytes(paper)
    except OSError:
        return False
    return True


def no_household(asked: str, similar: Sequence[str]) -> Refusal:
    """Return what is said of a household number that does not exist."""
    if similar:
        text = Text(
            N_("There is no household {asked}. Similar: {similar}."),
            {"asked": asked, "similar": ", ".join(similar)},
        )
    else:
        text = Text(N_("There is no household {asked}. Check the number."), {"asked": asked})
    return Refusal(text, field="household")


def close(told: argparse.Namespace) -> int:
    """Close a month: verify, earn, lock, sign."""
    from stepdesk.reports.service import close_month, verify_before_closing

    month = _month(told.month)
    with _desk(told) as desk:
        counted = _amount(told.cash, desk.currency, "cash") if told.cash else None
        if counted is not None and counted.minor < 0:
            raise Refusal(Text(N_("This may not be below zero.")), field="cash")
        if "cash_differs" in told.accept and not told.reason.strip():
            raise Refusal(
                Text(N_("Say with --reason why the cash differs; it is kept with the closing.")),
                field="reason",
            )
        # Who types this command has named the month and knows what was counted: the doubts of
        # the window are said, and do not stop a script. A count that differs does.
        accepting = frozenset({"month_not_over", "not_counted", *told.accept})
        verify_before_closing(desk, _Shown())
        with desk.work("close_month", reason=told.reason) as work:
            _sign_second(told, work)
            closed = close_month(work, month=month, cash_counted=counted, accepting=accepting)
        today = desk.today
    notes = [f"{month} was not over on {today}."] if today <= month.last else []
    if counted is None:
        notes.append("The cash box was not counted.")
    if closed.single_control:
        notes.append("One person alone signed.")
    for note in notes:
        print(note, file=sys.stderr)
    _put(told, {"closing": closed, "notes": notes}, f"{month} is closed: {closed.fingerprint}")
    return DONE


def verify(told: argparse.Namespace) -> int:
    """Replay the journal and compare; exit 1 when something disagrees."""
    from stepdesk.reports.queries import disagreements
    from stepdesk.store.checking import verify_desk

    with _desk(told, accept_older=True) as desk:
        report = verify_desk(desk, whole=not told.new_only, progress=_Shown())
        differ = () if report.findings else desk.ask(disagreements)
    lines = [speak(one.text, LANGUAGE) for one in report.findings]
    lines += [speak(one, LANGUAGE) for one in differ]
    sentence = f"{report.acts} acts, {report.rows} rows: everything agrees."
    _put(
        told,
        {
            "clean": report.clean and not differ,
            "acts": report.acts,
            "rows": report.rows,
            "whole": report.whole,
            "findings": report.findings,
            "disagreements": differ,
        },
        "\n".join(lines) or sentence,
    )
    return REFUSED if lines else DONE


def backup(told: argparse.Namespace) -> int:
    """Write a checked copy."""
    from stepdesk.store.backup import back_up

    with _desk(told) as desk:
        copy = back_up(desk, told.to)
    _put(told, {"copy": copy}, f"{copy.path}: {copy.acts} acts, {copy.size:,} bytes, checked.")
    return DONE


def restore(told: argparse.Namespace) -> int:
    """Put a copy back; the present files are kept aside."""
    from stepdesk.migrations import migrate
    from stepdesk.store.backup import restore as put_back

    done = put_back(
        told.copy,
        told.book,
        password=_password(told),
        name=told.person or "",
        migrate=migrate,
    )
    kept = f" The former files are in {done.kept}." if done.kept else ""
    _put(
        told,
        {"restored": done},
        f"{told.book}: {done.acts} acts, incarnation {done.incarnation}.{kept}",
    )
    return DONE


def demo(told: argparse.Namespace) -> int:
    """Make the practice scheme, go the way through, open the desk on it."""
    from stepdesk.migrations import shape
    from stepdesk.training.demo import practice_book, walk_through
    from stepdesk.ui.pictures import has_screen, open_practice, take_pictures

    told.out.mkdir(parents=True, exist_ok=True)
    book = told.out / "practice-book"
    practice_book(
        book,
        shape=shape,
        language=told.language,
        households=told.households,
        progress=_Shown(),
    )
    shown = walk_through(told.out)
    screen = has_screen() and not told.no_window
    pictures = [] if screen else take_pictures(book, told.out)
    lines = [*shown.lines, "papers: " + ", ".join(str(one) for one in shown.papers)]
    if not screen:
        lines.append("No screen: the pictures are " + ", ".join(str(one) for one in pictures))
    _put(
        told,
        {"book": book, "papers": shown.papers, "pictures": pictures, "clean": shown.clean},
        "\n".join(lines),
    )
    if screen:
        return int(open_practice(book))
    return DONE if shown.clean else REFUSED


# Arguments


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; docs/cli.md is held against it by a test."""
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

    _new_arguments(command("new", new))
    _import_arguments(commands, signed)
    _asking_arguments(command)
    _doing_arguments(command)
    one = command("demo", demo, plain_one=True)
    one.add_argument("--out", type=Path, default=Path("demo-out"), help="where papers go")
    one.add_argument("--no-window", action="store_true", help="headless, with pictures instead")
    one.add_argument("--households", type=int, default=120, help="how many households")
    one.add_argument(
        "--language", choices=["fr", "en"], default="fr", help="of the practice scheme"
    )
    return parser


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
        help=import_openimis.__doc__,
        description=import_openimis.__doc__,
        allow_abbrev=False,
        parents=[signed],
    )
    kind.add_argument("book", type=Path)
    kind.add_argument("folder", type=Path, help="the folder of CSV files")
    kind.set_defaults(command=import_openimis)


def _asking_arguments(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("find", find)
    one.add_argument("book", type=Path)
    one.add_argument("asked", help="a number or part of a name")
    one = command("rights", rights)
    one.add_argument("book", type=Path)
    one.add_argument("asked", metavar="person", help="47/02, an old number, or an id")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one = command("verify", verify)
    one.add_argument("book", type=Path)
    one.add_argument("--new-only", action="store_true", help="only acts since the last time")


def _doing_arguments(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("contribute", contribute)
    one.add_argument("book", type=Path)
    one.add_argument("household", help="its number")
    one.add_argument("amount")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--means", choices=["cash", "bank", "mobile"], default="cash")
    one.add_argument(
        "--request", metavar="HEX", help="32 hex digits: the same twice is one receipt"
    )
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="write the receipt (A5)")
    one = command("close", close)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    one.add_argument("--cash", metavar="AMOUNT", help="what was counted in the box")
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one.add_argument("--reason", default="", help="kept with the closing")
    one = command("backup", backup)
    one.add_argument("book", type=Path)
    one.add_argument("to", type=Path, nargs="?", help="a file or folder; the book's own backups")
    one = command("restore", restore)
    one.add_argument("copy", type=Path, metavar="file")
    one.add_argument("book", type=Path)
