"""A book for one case, set up from an export the importer reads; and the words cases are told in."""

import atexit
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from stepdesk.exchange.openimis import import_openimis
from stepdesk.exchange.terms import ANY_NUMBER, NumberRule
from stepdesk.i18n import speak
from stepdesk.members.queries import search
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from tests.builders import again, copy_of, make_book
from tests.peers.export import Export

Case = Mapping[str, Any]
Told = dict[str, Any]

IDLE, ACTIVE, SUSPENDED, EXPIRED = 1, 2, 4, 8
DAY = timedelta(days=1)
ADULT, CHILD = 30, 8


class NotHere(Exception):
    """The case asks for something this program does not have, or not like this."""


class Given(dict[str, Any]):
    """What a case tells, where null tells nothing; what it must tell and does not ends the case."""

    def __getitem__(self, name: str) -> Any:
        told = super().get(name)
        if told is None:
            raise NotHere(f"the case does not tell {name}")
        return told

    def get(self, name: str, default: Any = None) -> Any:
        told = super().get(name)
        return default if told is None else told


def given_of(told: Any) -> Any:
    """Return a value of a case with all it holds as `Given`; of a list, what is no null."""
    if isinstance(told, Mapping):
        return Given({str(name): given_of(one) for name, one in told.items()})
    if isinstance(told, list):
        return [given_of(one) for one in told if one is not None]
    return told


@cache
def _template() -> Path:
    """Return the folder of a closed book made once; older than any case, in a decimal currency."""
    folder = Path(mkdtemp(prefix="stepdesk-peers-")) / "book"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    clock = SetClock(datetime(2000, 1, 3, 9, tzinfo=UTC))
    make_book(folder, "ZZ", clock=clock).close()
    (folder / "reserve.bin").unlink()
    return folder


@dataclass(slots=True)
class Bench:
    """A book for one case, with the folder of its export."""

    folder: Path
    clock: SetClock
    desk: Desk

    def bring_in(self, export: Export, numbers: NumberRule = ANY_NUMBER) -> tuple[str, ...]:
        """Import an export, or the same one with more in it; return what was left out, in words."""
        where = export.write(Path(mkdtemp(prefix="export-", dir=self.folder)) / "export")
        report = self.desk.do(import_openimis, folder=where, numbers=numbers)
        return tuple(f"{one.file} {speak(one.reason, 'en')}" for one in report.left_out)

    def household(self, number: str) -> HouseholdId:
        for one in self.desk.ask(search, number):
            if one.legacy_number == number:
                return one.household_id
        raise NotHere(f"{number} was not brought over")

    def money(self, amount: object) -> Money:
        return money_of(amount, self.desk)

    def on(self, day: date) -> None:
        self.clock.set(day)
        self.desk.confirm_day(day)


def bench_on(folder: Path, day: date) -> Bench:
    clock = SetClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    desk = again(copy_of(_template(), folder / "book"), clock=clock)
    desk.confirm_day(day)
    return Bench(folder, clock, desk)


def money_of(amount: object, desk: Desk) -> Money:
    minor = number_of(amount) * desk.currency.scale
    if minor != int(minor):
        raise NotHere(f"{amount} is no amount of the book's currency")
    return Money(int(minor), desk.currency)


def number_of(told: object) -> Decimal:
    try:
        found = Decimal(str(told))
    except InvalidOperation:
        raise NotHere(f"{told or '—'} is no number") from None
    if not found.is_finite():
        raise NotHere(f"{told} is no number")
    return found


def whole_of(told: object) -> int:
    """Return a number that must be whole: persons, months, and what is counted in units."""
    found = number_of(told)
    if found != int(found):
        raise NotHere(f"{told} is not whole: the book counts whole units, persons and months")
    return int(found)


def day_of(told: object) -> date:
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        raise NotHere(f"{told or '—'} is no day") from None


def told_of(amount: int, desk: Desk) -> Decimal:
    return Decimal(amount) / desk.currency.scale


class AnyOf(tuple[Any, ...]):
    """An answer that can be told in several ways: as a code, or in words."""

    __slots__ = ()
