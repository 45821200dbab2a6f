"""What recording costs: the desk's verbs against the same rows written by hand.

A floor is the very rows the verb wrote and an act of the same size, in one durable transaction
through the same driver on a twin of the book. The rows are read back from the journal, so that
the floor follows whatever a verb comes to write; rows kept beside it, of searching and of limits
that care uses, are among them.
"""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.contributions.queries import amount_for_periods
from stepdesk.contributions.service import contribute, reverse_payment
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.migrations import all_tables
from stepdesk.store import acts
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PaymentId, PlanId, RequestId, SectionId
from stepdesk.values.money import Money

Operation = Callable[[], object]
Statements = list[tuple[str, list[tuple[object, ...]]]]

SLOW_MS = 10
HERE_AT_MOST, SLOW_AT_MOST, FLAT_AT_MOST = 3.0, 1.2, 1.2
_SYLLABLES = ("ba", "di", "fu", "ge", "ko", "la", "mi", "no", "pu", "se", "ta", "wi")


_ORDER = {table.name: at for at, table in enumerate(all_tables().sorted_tables)}
_ORDER["closing"] = len(_ORDER)  # it locks the month against the entries of the same act


class Twin:
    """A second copy of a book, written by hand through the driver."""

    def __init__(self, folder: Path, ours: Desk) -> None:
        self.raw = file.connect(folder / "book.db", ours.person.data_key)
        self._ours = file.connect(ours.path, ours.person.data_key, readonly=True)

    def statements(self, back: int = 0) -> Statements:
        """Return what the last act of our book comes to, or one before it, as statements for this one.

        Rows others point to come first: with a deferred reference still open, SQLite looks
        through the whole of each table that may point to a new row, and a hand would not.
        """
        row = self._one("SELECT * FROM act ORDER BY n DESC LIMIT 1 OFFSET ?", (back,))
        parts = self._ours.execute(
            "SELECT * FROM act_part WHERE act=? ORDER BY place", (row[0],)
        ).fetchall()
        key = bytes(row[4])
        found: dict[str, list[tuple[object, ...]]] = {}
        for part in parts:
            if part[2] != 0:
                continue
            for record in acts.records(acts.unpack(part[4]), key[:14]):
                if record.kind != acts.INSERT:
                    raise ValueError("the floor writes new rows alone")
                name = acts.table_of(record.number).name
                found.setdefault(name, []).append(self._row(record, key[:14]))
        for one in found.get("person", ()):
            told = self._one("SELECT * FROM person_search WHERE person_id=?", (one[0],))
            found.setdefault("person_search", []).append(told)
            found.setdefault("person_words", []).append((told[0], *told[3:]))
        for one in found.get("claim_decision", ()):
            self._used(one[1], found)
        found["act"] = [tuple(_same_size(value) for value in row)]
        found["act_part"] = [
            (*part[:3], *(_same_size(value) for value in part[3:])) for part in parts
        ]
        ordered = sorted(found.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER)))
        return [(_insert(name, len(rows[0])), rows) for name, rows in ordered]

    def _used(self, claim_id: object, found: dict[str, list[tuple[object, ...]]]) -> None:
        """Add what is kept of limits that a claim uses: a row a line, and one of its month."""
        for row in self._ours.execute(_USED, (claim_id,)).fetchall():
            found.setdefault("care_used", []).append(row)
            household, day, _, _, person, service, quantity, paid, deducted, *told = row
            stay, outside, package = told
            month = (household, day[:7], person, service, stay, outside or 0, package or b"")
            found.setdefault("care_used_month", []).append((*month, 1, quantity, paid, deducted))

    def _row(self, record: acts.Record, near: bytes) -> tuple[Any, ...]:
        table = acts.table_of(record.number)
        by = table.info["lies_by"]
        if by is None:
            return self._one(f"SELECT * FROM {table.name} WHERE id=?", (record.id,))
        which = acts.places(table)[0]
        told = acts.decode_row(record.body, len(which), near)
        whole = told[which.index(table.columns.keys().index(by) - 1)]
        return self._one(f"SELECT * FROM {table.name} WHERE {by}=? AND id=?", (whole, record.id))

    def _one(self, statement: str, values: Sequence[object]) -> tuple[Any, ...]:
        found: Any = self._ours.execute(statement, values).fetchone()
        return tuple(found)

    def write_each(self, each: Sequence[Statements]) -> None:
        for statements in each:
            self.write(statements)

    def write(self, statements: Statements) -> None:
        """Write them in one durable transaction."""
        raw = self.raw
        raw.execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            if len(rows) == 1:
                raw.execute(statement, rows[0])
            else:
                raw.executemany(statement, rows)
        raw.execute("COMMIT")

    def close(self) -> None:
        self.raw.close()
        self._ours.close()


_USED = (
    "SELECT u.* FROM claim c JOIN care_used u ON u.household_id = c.household_id"
    " AND u.last_day = c.last_day AND u.claim_id = c.id WHERE c.id = ?"
)
_MORE = (
    " ON CONFLICT DO UPDATE SET lines = lines + excluded.lines, quantity = quantity"
    " + excluded.quantity, paid = paid + excluded.paid, deducted = deducted + excluded.deducted"
)


def _insert(table: str, count: int) -> str:
    if table == "person_words":
        return "INSERT INTO person_words (rowid, words, keys, phones, born) VALUES (?,?,?,?,?)"
    more = _MORE if table == "care_used_month" else ""
    return f"INSERT INTO {table} VALUES ({','.join('?' * count)}){more}"


def _same_size(value: object) -> object:
    """Return other bytes of the same length: what an act holds costs the floor nothing to make."""
    return os.urandom(len(value)) if isinstance(value, bytes) else value


@dataclass(slots=True)
class Race:
    """Ours and the floor, turn about."""

    desk: Desk
    twin: Twin
    syncs: Syncs
    ours: Times = field(default_factory=Times)
    floor: Times = field(default_factory=Times)
    asked: list[int] = field(default_factory=list)
    acts: int = 1
    """How many acts an operation leaves: the floor writes each in a transaction of its own."""

    def run(self, operations: Sequence[Operation]) -> None:
        for operation in operations:
            before = self.syncs.count()
            self.ours.take(operation)
            self.asked.append(self.syncs.count() - before)
            each = [self.twin.statements(back) for back in reversed(range(self.acts))]
            self.floor.take(partial(self.twin.write_each, each))


def race(
    work: str,
    book: str,
    pair: tuple[Desk, Twin],
    syncs: Syncs,
    operations: Sequence[Operation],
    *,
    slow: int,
    acts_each: int = 1,
) -> Row:
    """Warm up, measure, and measure again on the slow disk with the last `slow` operations."""
    warm = min(10, len(operations) // 5)
    Race(*pair, syncs, acts=acts_each).run(operations[:warm])
    here, there = (Race(*pair, syncs, acts=acts_each) for _ in range(2))
    here.run(operations[warm : len(operations) - slow])
    if syncs.there:
        with syncs.slowed(SLOW_MS):
            there.run(operations[len(operations) - slow :])
    asked = sorted(here.asked)
    return Row(
        work,
        book,
        floor=here.floor.median,
        ours=here.ours.median,
        cpu=here.ours.median_cpu,
        floor_cpu=here.floor.median_cpu,
        syncs=asked[len(asked) // 2],
        slow=there.ours.median / there.floor.median if there.ours.wall else None,
    )


def judged(row: Row, *, here: float, slow: float) -> Row:
    """Hold a write against what is wanted."""
    row.wanted = f"≤ {here:g} here, ≤ {slow:g} slow"
    row.holds = (row.ratio or 0) <= here and (row.slow is None or row.slow <= slow)
    return row


# The verbs


def _households(desk: Desk) -> list[HouseholdId]:
    """Return households spread over the whole book, always the same."""
    with desk.read() as connection:
        ids = [
            row[0] for row in connection.exec_driver_sql("SELECT id FROM household ORDER BY id")
        ]
    step = 7 if len(ids) % 7 else 11
    return [HouseholdId(ids[at * step % len(ids)]) for at in range(len(ids))]


def _paying(desk: Desk, count: int, made: list[PaymentId]) -> list[Operation]:
    """Return contributions of another household each; the amounts are reckoned beforehand."""

    def pay(household_id: HouseholdId, amount: Money, request: RequestId) -> None:
        receipt = desk.do(
            contribute,
            request_id=request,
            household_id=household_id,
            amount=amount,
            accepting=frozenset({"much"}),
        )
        made.append(receipt.payment_id)

    found: list[Operation] = []
    for one in _households(desk):
        amount = desk.ask(amount_for_periods, one, desk.today, 1)
        if amount:
            paid = Money(amount, desk.currency)
            found.append(partial(pay, one, paid, RequestId(os.urandom(16))))
        if len(found) == count:
            break
    return found


def _reversing(desk: Desk, made: Sequence[PaymentId]) -> list[Operation]:
    def take_back(payment_id: PaymentId, request: RequestId) -> None:
        desk.do(
            reverse_payment, request_id=request, payment_id=payment_id, reason="Wrong household"
        )

    return [partial(take_back, one, RequestId(os.urandom(16))) for one in reversed(made)]


def _registering(desk: Desk, count: int) -> list[Operation]:
    with desk.read() as connection:
        section = SectionId(connection.exec_driver_sql("SELECT id FROM section").first()[0])  # type: ignore[index]
        plan = PlanId(connection.exec_driver_sql("SELECT id FROM plan").first()[0])  # type: ignore[index]
    names = ("Awa", "Bintou", "Coumba", "Dado", "Fatou", "Issa")
    chance = random.Random(5)
    surnames = ["".join(chance.choices(_SYLLABLES, k=5)).title() for _ in range(count)]

    def register(number: int) -> None:
        persons = [
            NewPerson(
                surnames[number],
                given,
                Sex.FEMALE,
                Birth(date(1980 + at * 5, 1, 1), BirthKnown.DAY),
                Relation.CHILD if at else Relation.SELF,
            )
            for at, given in enumerate(names)
        ]
        desk.do(
            register_household,
            section_id=section,
            plan_id=plan,
            persons=persons,
            accepting=frozenset(f"alike:{at}" for at in range(len(names))),
        )

    return [partial(register, number) for number in range(count)]


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure the three verbs on both books."""
    slow = effort.rounds(15, 6)
    rounds = effort.rounds(150, 30) + 10 + slow
    ratios: dict[str, list[float]] = {}
    for name, book in ((big_book.EMPTY, "empty"), (big_book.BIG, "10,000 persons")):
        desk, _ = big_book.opened(big_book.copy_of(name, folder), big_book.today_of(name))
        pair = (desk, Twin(big_book.copy_of(name, folder), desk))
        made: list[PaymentId] = []
        row = race("a contribution", book, pair, syncs, _paying(desk, rounds, made), slow=slow)
        table.add(judged(row, here=HERE_AT_MOST, slow=SLOW_AT_MOST))
        ratios.setdefault(row.work, []).append(row.ratio or 0)
        back = _reversing(desk, made)
        row = race("a reversal", book, pair, syncs, back, slow=slow)
        table.add(row)
        ratios.setdefault(row.work, []).append(row.ratio or 0)
        registering = _registering(desk, rounds)
        row = race("a household of 6", book, pair, syncs, registering, slow=slow)
        table.add(row)
        ratios.setdefault(row.work, []).append(row.ratio or 0)
        pair[1].close()
        desk.close()
    for work, (empty, large) in ratios.items():
        flat = large / empty
        wanted = {"a contribution": (f"≤ {FLAT_AT_MOST:g}", flat <= FLAT_AT_MOST)}.get(work)
        table.add(
            Row(
                f"{work}: its ratio, large by empty",
                ratio=flat,
                wanted=wanted[0] if wanted else "",
                holds=wanted[1] if wanted else None,
            )
        )
