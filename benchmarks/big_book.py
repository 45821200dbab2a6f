"""Practice books to measure on, made once and kept under `cache/`; each run works on copies.

The big one holds 10,000 persons with two years of payments, reckoned by the rules themselves and
written month by month through the bulk writer; months are closed by the verb. Its rows are what a
desk of that age would hold; its journal is not: a month's payments are one act, so that it has
some sixty acts where a desk would have forty thousand. The empty one has 1,500 persons registered
and no payment, because each contribution that is measured needs another household.
"""

import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.syncs import CACHE
from stepdesk import migrations
from stepdesk.contributions import rules
from stepdesk.contributions.model import allocation, due, earning, payment
from stepdesk.contributions.queries import all_facts, receivable_by_due
from stepdesk.contributions.service import add_plan, contribute, version_plan
from stepdesk.contributions.terms import (
    AccountFacts,
    Due,
    Paid,
    Part,
    PlanVersion,
    Target,
)
from stepdesk.countries import country
from stepdesk.ledger import rules as posting
from stepdesk.ledger.model import entry, entry_line
from stepdesk.members.model import cover, enrolment, household, membership_event, person
from stepdesk.members.service import rebuild_search
from stepdesk.members.terms import BirthKnown, EventKind, Relation, Sex
from stepdesk.migrations import HEAD, shape
from stepdesk.reports.service import close_month
from stepdesk.scheme.service import add_section, name_scheme
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, new_desk, unlock
from stepdesk.store.keys import FLOOR, STANDARD, Cost
from stepdesk.store.tables import SCHEMA
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    DueId,
    HouseholdId,
    PlanId,
    PlanVersionId,
    RequestId,
    SectionId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_VERSIONS = Path(migrations.__file__).parent / "versions"
PASSWORD = "four words are good"
NAME = "Awa Diop"
START = Month(2024, 1)
BIG, EMPTY, JOURNAL, LOGIN, SMALL, MIDDLE = (
    *("big", "empty", "journal", "login"),
    *("small", "middle"),
)
PERSONS = 10_000
MONTHS = 24
JOURNAL_ACTS = 4000


@dataclass(slots=True)
class Making:
    """A book while it is made."""

    desk: Desk
    clock: SetClock
    plan_id: PlanId
    sections: list[SectionId]
    chance: random.Random = field(default_factory=lambda: random.Random(7))


# Getting one


def today_of(name: str) -> date:
    """Return the day the desk stands on with one of the books."""
    return date(2026, 1, 5) if name in (BIG, SMALL, MIDDLE) else date(2024, 2, 5)


def kept(name: str) -> Path:
    """Return the folder of a closed book, made on first use; copy it, never open it."""
    folder = CACHE / f"{name}-{_key()}"
    if not folder.exists():
        for old in CACHE.glob(f"{name}-*"):
            shutil.rmtree(old, ignore_errors=True)
        print(f"Making the {name} book, once …", file=sys.stderr, flush=True)
        part = CACHE / f"making-{name}-{os.getpid()}"
        shutil.rmtree(part, ignore_errors=True)
        CACHE.mkdir(exist_ok=True)
        _MAKERS[name](part)
        part.replace(folder)
    return folder


def _key() -> str:
    told = sha256(Path(__file__).read_bytes())
    told.update(f"|{SCHEMA}|{HEAD}".encode())
    told.update(b"".join(one.read_bytes() for one in sorted(_VERSIONS.glob("*.py"))))
    return told.hexdigest()[:12]


def copy_of(name: str, folder: Path) -> Path:
    """Copy a kept book into a folder of the run, on the same disk."""
    target = folder / f"{name}-{len(list(folder.iterdir()))}"
    shutil.copytree(kept(name), target)
    return target


def opened(folder: Path, day: date) -> tuple[Desk, SetClock]:
    """Open a copied book on a day; one of an older schema is lifted."""
    clock = SetClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    return unlock(folder, password=PASSWORD, clock=clock, migrate=migrations.migrate), clock


# Making them


def _begin(folder: Path, *, cost: Cost = FLOOR) -> Making:
    clock = SetClock(datetime(2024, 1, 2, 9, tzinfo=UTC))
    desk = new_desk(
        folder,
        name=NAME,
        password=PASSWORD,
        country_code="SN",
        language="fr",
        practice=True,
        shape=shape,
        clock=clock,
        cost=cost,
    )
    desk.do(name_scheme, name="Mutuelle de mesure", language="fr")
    sections = [desk.do(add_section, name=name) for name in country("SN").sections]
    plan_id = desk.do(add_plan, code="BASE")
    version = PlanVersion(
        PlanVersionId(b""), plan_id, "BASE", "Base", START.first, amount=350, entry_fee=1000
    )
    desk.do(version_plan, version=version)
    return Making(desk, clock, plan_id, sections)


def make_big(folder: Path, *, persons: int = PERSONS, months: int = MONTHS) -> None:
    """Make a book of so many persons and months; all months but the last are closed."""
    making = _begin(folder)
    with making.desk as desk:
        register_many(making, persons)
        month = START
        scheme = _Scheme(making)
        for at in range(months):
            month = START.plus(at)
            scheme.collect(month)
            if at < months - 1:
                making.clock.set(month.until)
                desk.do(close_month, month=month, accepting=frozenset({"not_counted"}))
                scheme.forget_receivables()
        making.clock.set(month.until + timedelta(days=4))


def make_empty(folder: Path, *, persons: int = 1500) -> None:
    """Make a book in which nobody has paid yet."""
    making = _begin(folder)
    with making.desk:
        register_many(making, persons)


def make_journal(folder: Path, *, acts: int = JOURNAL_ACTS) -> None:
    """Make a book whose journal is mostly contributions, one act each."""
    making = _begin(folder)
    with making.desk as desk:
        ids = register_many(making, 2000)
        for at in range(acts):
            month = START.plus(at // len(ids))
            making.clock.set(month.first + timedelta(days=2))
            pay_regular(desk, ids[at % len(ids)])


def make_login(folder: Path) -> None:
    """Make a small book whose password costs what it costs in a village."""
    making = _begin(folder, cost=STANDARD)
    with making.desk as desk:
        for one in register_many(making, 600)[:50]:
            pay_regular(desk, one)


_MAKERS: dict[str, Callable[[Path], None]] = {
    BIG: make_big,
    EMPTY: make_empty,
    JOURNAL: make_journal,
    LOGIN: make_login,
    SMALL: lambda folder: make_big(folder, persons=600),
    MIDDLE: lambda folder: make_big(folder, persons=2000),
}


def pay_regular(desk: Desk, household_id: HouseholdId) -> object:
    """Take a month's contribution, and what is owed besides."""
    from stepdesk.contributions.queries import amount_for_periods

    amount = desk.ask(amount_for_periods, household_id, desk.today, 1)
    return desk.do(
        contribute,
        request_id=RequestId(os.urandom(16)),
        household_id=household_id,
        amount=Money(amount, desk.currency),
        accepting=frozenset({"much"}),
    )


# Persons


@dataclass(slots=True)
class _Rows:
    """The rows of a bulk work by table."""

    by_table: dict[Any, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: Any, **values: object) -> None:
        self.by_table.setdefault(table, []).append(values)

    def write(self, work: Work) -> None:
        for table, rows in self.by_table.items():
            work.insert_many(table, rows)


def register_many(making: Making, persons: int) -> list[HouseholdId]:
    """Register households of 5 to 7 in one work; return their ids."""
    rows, ids, left, serial = _Rows(), [], persons, 0
    with making.desk.work("register_many") as work:
        while left > 0:
            size = min(5 + serial % 3, left)
            serial += 1
            left -= size
            ids.append(_register(making, work, rows, serial, size))
        rows.write(work)
    making.clock.set(making.desk.today, hour=10)
    with making.desk.work("rebuild_search") as work:
        rebuild_search(work)
    return ids


def _register(making: Making, work: Work, rows: _Rows, serial: int, size: int) -> HouseholdId:
    chance, household_id = making.chance, HouseholdId(work.new_id())
    people = [work.new_id() for _ in range(size)]
    surname, pack = chance.choice(work.country.surnames), work.country
    for suffix, one in enumerate(people):
        sex = chance.choice((Sex.FEMALE, Sex.MALE))
        year = 2024 - (chance.randrange(30, 60) if suffix < 2 else chance.randrange(1, 17))
        relation = (Relation.SELF, Relation.SPOUSE)[suffix] if suffix < 2 else Relation.CHILD
        rows.add(
            person,
            id=one,
            sex=sex,
            surname=chance.choice(pack.surnames) if suffix == 1 else surname,
            given_names=chance.choice(pack.women if sex is Sex.FEMALE else pack.men),
            birth=date(year - 1, chance.randrange(1, 13), 1),
            birth_known=BirthKnown.DAY,
            legacy_number="",
        )
        rows.add(
            cover,
            id=work.new_id(),
            household_id=household_id,
            person_id=one,
            suffix=suffix,
            relation=relation,
            first_day=work.today,
        )
    rows.add(
        household,
        id=household_id,
        serial=serial,
        section_id=making.sections[serial % len(making.sections)],
        joined_on=work.today,
        declared_size=size,
        member_person_id=people[0],
        phone=f"77 {serial:06d}",
        address="",
        legacy_number="",
    )
    rows.add(
        enrolment,
        id=work.new_id(),
        household_id=household_id,
        plan_id=making.plan_id,
        first_day=work.today,
    )
    rows.add(
        membership_event,
        id=work.new_id(),
        household_id=household_id,
        kind=EventKind.REGISTERED,
        effective_on=work.today,
        reason="",
    )
    return household_id


# Payments


class _Scheme:
    """The whole scheme's accounts in memory, carried from month to month."""

    def __init__(self, making: Making) -> None:
        self.making = making
        self.facts: dict[HouseholdId, AccountFacts] = making.desk.ask(all_facts)
        self.owed: dict[HouseholdId, dict[date, int]] = {}
        self.serials: Counter[tuple[object, ...]] = Counter()

    def forget_receivables(self) -> None:
        """Ask the book again what is owed: a closing has booked it."""
        self.owed.clear()

    def collect(self, month: Month) -> None:
        """Take a month's payments in the order of their days, as one bulk work."""
        visits = sorted(
            (self._day(month, at), at, one) for at, one in enumerate(self.facts) if self._comes(at)
        )
        self.making.clock.set(month.last, hour=17)
        rows = _Rows()
        with self.making.desk.work("import_payments") as work:
            for day, _, one in visits:
                self._pay(work, rows, one, day)
            rows.write(work)

    def _comes(self, at: int) -> bool:
        """Four in five always come; the others leave two months in five out."""
        return at % 5 != 0 or self.making.chance.random() < 0.6

    def _day(self, month: Month, at: int) -> date:
        late = 14 if at % 3 == 0 else 2
        return month.first + timedelta(days=late + self.making.chance.randrange(9))

    def _pay(self, work: Work, rows: _Rows, one: HouseholdId, day: date) -> None:
        facts = self.facts[one]
        amount = rules.account_on(facts, day).to_pay
        amount = amount or rules.amount_to_reach(facts, paid_on=day, periods=1)
        if not amount:
            return
        allotment = rules.allot(facts, paid_on=day, amount=amount)
        payment_id, paid, frozen = work.new_id(), list(facts.paid), list(facts.frozen)
        for part in allotment.parts:
            called = self._frozen(work, rows, one, part.due, frozen)
            rows.add(
                allocation,
                id=work.new_id(),
                payment_id=payment_id,
                target=part.target,
                due_id=called.id if called else None,
                amount=part.amount,
            )
            first_day = called.first_day if called else None
            paid.append(Paid(day, part.target, part.amount, first_day))
        cleared = self._clear(work, rows, one, allotment.parts, payment_id, day)
        entry_id = self._book(work, rows, allotment.parts, amount, cleared, day)
        rows.add(
            payment,
            id=payment_id,
            request_id=self.making.chance.randbytes(16),
            household_id=one,
            year=day.year,
            letter="A",
            serial=self._serial("payment", day.year),
            paid_on=day,
            amount=amount,
            means="CASH",
            covered_through=allotment.covered_through,
            taken_by=work.person.staff_id,
            entry_id=entry_id,
            reason="",
            single_control=0,
        )
        frozen.sort(key=lambda known: known.first_day)
        self.facts[one] = replace(facts, paid=tuple(paid), frozen=tuple(frozen))

    def _serial(self, *series: object) -> int:
        self.serials[series] += 1
        return self.serials[series]

    @staticmethod
    def _frozen(
        work: Work, rows: _Rows, one: HouseholdId, called: Due | None, frozen: list[Due]
    ) -> Due | None:
        if called is None or called.id is not None:
            return called
        written = replace(called, id=DueId(work.new_id()))
        frozen.append(written)
        rows.add(
            due,
            id=written.id,
            household_id=one,
            first_day=called.first_day,
            until=called.until,
            due_on=called.due_on,
            amount=called.amount,
            plan_version_id=called.plan_version_id,
        )
        return written

    def _clear(
        self,
        work: Work,
        rows: _Rows,
        one: HouseholdId,
        parts: tuple[Part, ...],
        payment_id: bytes,
        day: date,
    ) -> int:
        """Take what was booked as owed off the dues these parts pay (P06)."""
        if one not in self.owed:
            self.owed[one] = self.making.desk.ask(receivable_by_due, one)
        owed, total = self.owed[one], 0
        for part in parts:
            if part.due is None or not owed.get(part.due.first_day):
                continue
            amount = min(owed[part.due.first_day], part.amount)
            owed[part.due.first_day] -= amount
            total += amount
            rows.add(
                earning,
                id=work.new_id(),
                month=str(Month.of(day)),
                household_id=one,
                due_first_day=part.due.first_day,
                paid=amount,
                unpaid=-amount,
                payment_id=payment_id,
            )
        return total

    def _book(
        self,
        work: Work,
        rows: _Rows,
        parts: tuple[Part, ...],
        amount: int,
        cleared: int,
        day: date,
    ) -> bytes:
        fee = sum(part.amount for part in parts if part.target is Target.ENTRY_FEE)
        booked = posting.receipt(
            into="cash_main", entry_fee=fee, receivable=cleared, advance=amount - fee - cleared
        )
        entry_id, month = work.new_id(), str(Month.of(day))
        rows.add(
            entry,
            id=entry_id,
            journal=booked.journal,
            month=month,
            serial=self._serial(booked.journal, month),
            letter="A",
            day=day,
            rule=booked.rule,
            activity="HEALTH",
            reason="",
        )
        for line in booked.lines:
            rows.add(
                entry_line, id=work.new_id(), entry_id=entry_id, role=line.role, amount=line.amount
            )
        return entry_id
