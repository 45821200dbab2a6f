"""What commands share: answers, passwords, the desk, and reading what was typed."""

import argparse
import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TextIO

from stepdesk.cli.unknown import no_box, no_tariff
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.progress import Progress
from stepdesk.values.money import Currency, Money, read_minor
from stepdesk.values.month import Month

DONE, REFUSED, USAGE, TROUBLE = 0, 1, 2, 3
LANGUAGE = "en"
EARLIEST, LATEST = 1950, 2999


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


def put(told: argparse.Namespace, answer: Mapping[str, object], sentence: str) -> None:
    """Print an answer. Who stops reading it, as `head` does, is no reason to fail."""
    said = json.dumps(plain(answer), ensure_ascii=False, indent=2) if told.json else sentence
    if not said:
        return
    try:
        print(said, flush=True)
    except BrokenPipeError:
        hang_up(sys.stdout)


def hang_up(stream: TextIO) -> None:
    """Let what is still to be said on a stream nobody reads go nowhere, without complaint."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class Shown(Progress):
    """Progress on the error stream, so that answers stay clean."""

    def show(self, done: int, total: int, text: Text | None) -> None:
        if sys.stderr.isatty():
            word = speak(text, LANGUAGE) if text else ""
            print(f"\r{word} {done} of {total}  ", end="", file=sys.stderr)


# What commands share


def password_of(told: argparse.Namespace, *, second: bool = False) -> str:
    """Return the password: from a file, the environment or a prompt, never an argument."""
    path = told.second_password_file if second else told.password_file
    variable = "STEPDESK_SECOND_PASSWORD" if second else "STEPDESK_PASSWORD"
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise Refusal(
                Text(
                    N_("The password file {name} cannot be read. Check its name and its place."),
                    {"name": str(path)},
                ),
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


def desk_of(told: argparse.Namespace, *, accept_older: bool = False) -> Any:  # noqa: ANN401
    from stepdesk.migrations import migrate
    from stepdesk.store.desk import unlock

    desk = unlock(
        told.book,
        password=password_of(told),
        name=told.person or "",
        migrate=migrate,
        accept_older=accept_older,
    )
    if told.today:
        desk.confirm_day(day_of(told.today, "today"))
    elif desk.clock_suspect:
        print(
            f"The clock says {desk.clock_day}, far from the last day worked. "
            "If that is wrong, name the day with --today.",
            file=sys.stderr,
        )
    return desk


def day_of(told: str, field: str) -> date:
    try:
        day = date.fromisoformat(told)
        if day.isoformat() != told:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no date. Write it as 2026-11-23."), {"told": told}), field=field
        ) from error
    if not EARLIEST <= day.year <= LATEST:
        raise Refusal(
            Text(
                N_("The year of {told} is not between {least} and {most}. Check the year."),
                {"told": told, "least": str(EARLIEST), "most": str(LATEST)},
            ),
            field=field,
        )
    return day


def month_of(told: str) -> Month:
    try:
        month = Month.parse(told)
        if not EARLIEST <= month.first.year <= LATEST:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no month. Write it as 2026-11."), {"told": told}), field="month"
        ) from error
    return month


def amount_of(told: str, currency: Currency, field: str = "amount") -> Money:
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


def sign_second(told: argparse.Namespace, work: Any) -> None:  # noqa: ANN401
    from stepdesk.store.desk import person_named

    if told.second:
        person = person_named(work.desk.keys, told.second)
        work.second(person, password_of(told, second=True))


def person_of(connection: Any, asked: str) -> Any:  # noqa: ANN401
    """Return who is meant: 47/02, a household's member, an old number, or an id in hex.

    Raises:
        Refusal: when nobody is; where no household has the number, with those most like it.
    """
    from stepdesk.members.queries import household_of_number, person_of_card, similar_numbers

    found = person_of_card(connection, asked)
    if found is None:
        number = asked.partition("/")[0]
        similar = similar_numbers(connection, number)
        if similar and household_of_number(connection, number) is None:
            raise no_household(number, similar, field="person")
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    return found


def place_named(desk: Any, asked: str) -> Any:  # noqa: ANN401
    """Return where money lies by a box's code, its account's number or its kind.

    Raises:
        Refusal: when there is no such box.
    """
    from stepdesk.countries import country
    from stepdesk.ledger.queries import box_of_code

    found = desk.ask(box_of_code, country(desk.country), asked)
    if found is None:
        raise no_box(desk, asked)
    return found.place


def request_of(told: str) -> bytes:
    try:
        request = bytes.fromhex(told)
        if len(request) != 16:
            raise ValueError(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("{told} is no request: give 32 hex digits."), {"told": told}), field="request"
        ) from error
    return request


def check_writable(path: Path, field: str = "pdf") -> None:
    """Refuse a place for a paper before anything is recorded."""
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Refusal(
            Text(N_("{name} cannot be written. Choose another place."), {"name": str(path)}),
            field=field,
        )


def write_file(path: Path, content: bytes) -> None:
    """Write a paper or list: the whole of it, or nothing."""
    from stepdesk.store.files import write_whole

    write_whole(path, content)


def named_and_spoken(desk: Any, told: argparse.Namespace) -> tuple[str, str]:  # noqa: ANN401
    """Return the scheme's name, and the language a paper was asked for in: else the scheme's."""
    from stepdesk.scheme.queries import scheme_on

    scheme = desk.ask(scheme_on, desk.today)
    return scheme.name, told.language or scheme.language


def written(path: Path, paper: bytes) -> bool:
    try:
        path.write_bytes(paper)
    except OSError:
        return False
    return True


def no_household(asked: str, similar: Sequence[str], field: str = "household") -> Refusal:
    """Return what is said of a household number that does not exist."""
    if similar:
        text = Text(
            N_("There is no household {asked}. Is it one of these: {similar}?"),
            {"asked": asked, "similar": ", ".join(similar)},
        )
    else:
        text = Text(N_("There is no household {asked}. Check the number."), {"asked": asked})
    return Refusal(text, field=field)


def household_named(desk: Any, asked: str) -> Any:  # noqa: ANN401
    """Return the household of a number, or say which are like it."""
    from stepdesk.members.queries import household_of_number, similar_numbers

    with desk.read() as connection:
        found = household_of_number(connection, asked)
        if found is None:
            raise no_household(asked, similar_numbers(connection, asked))
    return found


def tariff_named(desk: Any, code: str) -> Any:  # noqa: ANN401
    """Return the price list of a code."""
    from stepdesk.providers.queries import tariff_of_code

    found = desk.ask(tariff_of_code, code)
    if found is None:
        raise no_tariff(desk, code)
    return found


def no_booklet(field: str) -> Refusal:
    """Return what is said of a booklet nobody received."""
    return Refusal(
        Text(N_("There is no such booklet. Write down first that it was received.")), field=field
    )


def nested(
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
    thing: str,
    told: str,
) -> Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]:
    """Return what adds an act to a thing's commands: the act, and what runs it on a book."""
    kinds = commands.add_parser(thing, help=told, description=told).add_subparsers(
        metavar="ACT", required=True
    )

    def act(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        said = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            name, help=said, description=said, allow_abbrev=False, parents=[signed]
        )
        one.add_argument("book", type=Path)
        one.set_defaults(command=run)
        return one

    return act


def word_of(words: type[Enum], told: str, field: str) -> Any:  # noqa: ANN401
    """Return one of the words of a closed list, in capitals or not."""
    found = {str(one.value): one for one in words}
    if told.upper() not in found:
        raise Refusal(
            Text(
                N_("{told} is not known. Write one of: {words}."),
                {"told": told, "words": ", ".join(found)},
            ),
            field=field,
        )
    return found[told.upper()]


def percent_of(told: str, field: str) -> int:
    """Return hundredths of a percent of `5`, `+4.1`, `-12,5` or `10%`."""
    found = re.fullmatch(r"([+-]?)(\d{1,3})(?:[.,](\d{1,2}))?\s*%?", told.strip(), re.ASCII)
    if found is None:
        raise Refusal(
            Text(N_("{told} is no share. Write it as 5 or -2.5."), {"told": told}), field=field
        )
    hundredths = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -hundredths if found[1] == "-" else hundredths
