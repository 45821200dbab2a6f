"""History brought over from a former system, openings of a register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import (
    allocation,
    due,
    earning,
    payment,
)
from stepdesk.contributions.service.writing import frozen, write_parts
from stepdesk.contributions.terms import (
    FEES,
    AccountFacts,
    Allotment,
    Due,
    Means,
    Paid,
    Part,
    Target,
)
from stepdesk.ledger import queries as ledger_queries
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    DueId,
    EntryId,
    HouseholdId,
    PaymentId,
    RequestId,
)
from stepdesk.values.month import Month

OPENING = "opening"
"""The number of a receipt that tells how a household stood in its old register."""
_SERIALS = "SELECT year, max(serial) AS serial FROM payment WHERE letter = :letter GROUP BY year"
_PARTS = "SELECT target, due_id, amount FROM allocation WHERE payment_id = :payment"
_EARNED_BEFORE = (
    "SELECT month, due_first_day, sum(paid) AS paid, sum(unpaid) AS unpaid FROM earning"
    " WHERE household_id = :household AND id > :payment GROUP BY month, due_first_day"
    " HAVING sum(paid) <> 0 OR sum(unpaid) <> 0"
)
"""What was noted with a receipt of an import, or since. What runs earned before it stays earned."""


def bring_in_due(work: Work, *, household_id: HouseholdId, due: Due) -> DueId:
    """Write down a period that was called and paid before the book."""
    due_id = frozen(work, household_id, due)
    if due_id is None:
        raise LookupError("no due")
    return due_id


def bring_in_receipt(
    work: Work,
    *,
    request_id: RequestId,
    household_id: HouseholdId,
    number: str,
    serial: int,
    paid_on: date,
    means: Means,
    parts: tuple[Part, ...],
    covered_through: date | None,
) -> PaymentId:
    """Write a receipt given before the book, with its own number and day.

    It has no entry of its own: its money is booked by the opening entry of the import.
    """
    payment_id = PaymentId(work.new_id())
    work.insert(
        payment,
        id=payment_id,
        request_id=request_id,
        household_id=household_id,
        year=paid_on.year,
        letter=queries.IMPORTED,
        serial=serial,
        paid_on=paid_on,
        amount=sum(part.amount for part in parts),
        means=means,
        covered_through=covered_through,
        taken_by=work.person.staff_id,
        reason="",
        single_control=0,
        legacy_number=number or None,
    )
    write_parts(work, household_id, payment_id, Allotment(parts, covered_through))
    return payment_id


def bring_in_earned(
    work: Work, *, household_id: HouseholdId, month: Month, due_first_day: date, amount: int
) -> None:
    """Note what cover was given before the book, so that no run earns it again."""
    work.insert(
        earning,
        id=work.new_id(),
        month=str(month),
        household_id=household_id,
        due_first_day=due_first_day,
        paid=amount,
        unpaid=0,
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """How a household stands when its register is brought in.

    `through` is the last day paid for, `arrears` what it owes (minor units); None is not told.
    `fee` is what it paid of the entry fee: None for all of it if anything is paid, -1 for all.
    """

    request_id: RequestId
    household_id: HouseholdId
    facts: AccountFacts
    through: date | None = None
    arrears: int | None = None
    fee: int | None = None


def bring_in_openings(work: Work, *, openings: Iterable[Opening]) -> tuple[int, EntryId | None]:
    """Write how households stood in their register, and book one opening entry.

    Each has one receipt of the series from before the book, dated its first paid period and
    named `opening`. The cover given before the first open month and the entry fees are a surplus
    brought forward, the rest is owed as cover. Source: docs/decisions/0008 and 0024.

    Returns:
        The sum in minor units and the entry, None when nothing was paid.
    """
    day = ledger.booking_day(work, work.today)
    before = min(ledger_queries.first_open(work.connection, day), Month.of(day)).plus(-1)
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    rows = _OpeningRows(work, before, serials)
    for one in openings:
        rows.add(one)
    rows.write()
    if not rows.total:
        return 0, None
    balances = {
        "cash_main": rows.total,
        "contrib_advance": rows.given - rows.total,
        "retained_plus": -rows.given,
    }
    entry_id = ledger.post(work, posting.opening(balances=balances), day=day)
    return rows.total, entry_id


@dataclass(slots=True)
class _OpeningRows:
    """The rows of openings by table, and their sums."""

    work: Work
    before: Month
    serials: dict[int, int]
    told: dict[Any, list[dict[str, object]]] = field(default_factory=dict)
    total: int = 0
    given: int = 0

    def add(self, one: Opening) -> None:
        dues, credit = self._dues(one)
        facts, work = one.facts, self.work
        effect = dues[0].first_day if dues else min(facts.joined_on, work.today)
        fee = self._fee(one, effect, paid=bool(dues))
        parts = [Part(Target.ENTRY_FEE, fee)] if fee else []
        parts += [
            Part(Target.DUE, due.amount, replace(due, id=DueId(work.new_id())))
            for due in dues
            if due.amount
        ]
        if dues and one.through is None:
            # A part of nothing says that a period is owed, whatever a suspension calls.
            parts += [
                Part(Target.DUE, 0, replace(due, id=DueId(work.new_id())))
                for due in rules.owed_dues(facts, dues, work.today)
                if due.amount
            ]
        parts += [Part(Target.CREDIT, credit)] if credit else []
        if not parts:
            return
        paid_on = min(effect, work.today)
        through = dues[-1].until - timedelta(days=1) if dues else None
        self._receipt(one, paid_on, parts, through)
        self._earn(one, paid_on, parts, fee)

    def _dues(self, one: Opening) -> tuple[tuple[Due, ...], int]:
        through, credit = one.through, 0
        if through is None and one.arrears is not None:
            through, credit = rules.owed_through(
                one.facts, arrears=max(one.arrears, 0), day=self.work.today
            )
        if through is None or through < one.facts.joined_on:
            return (), 0
        return rules.opening_dues(one.facts, through=through, day=self.work.today), credit

    def _fee(self, one: Opening, effect: date, *, paid: bool) -> int:
        fee = rules.entry_fee_of(one.facts, one.facts.joined_on, effect)
        if one.fee is None:
            return fee if paid else 0
        if one.fee < 0 or paid:
            return fee
        return min(fee, one.fee)

    def _receipt(
        self, one: Opening, paid_on: date, parts: Sequence[Part], through: date | None
    ) -> None:
        work, payment_id = self.work, PaymentId(self.work.new_id())
        amount = sum(part.amount for part in parts)
        self.total += amount
        self.serials[paid_on.year] = self.serials.get(paid_on.year, 0) + 1
        self._put(
            payment,
            id=payment_id,
            request_id=one.request_id,
            household_id=one.household_id,
            year=paid_on.year,
            letter=queries.IMPORTED,
            serial=self.serials[paid_on.year],
            paid_on=paid_on,
            amount=amount,
            means=Means.CASH,
            covered_through=through,
            taken_by=work.person.staff_id,
            reason="",
            single_control=0,
            legacy_number=OPENING,
        )
        for part in parts:
            if part.due is not None:
                self._put_due(one.household_id, part.due)
            self._put(
                allocation,
                id=work.new_id(),
                payment_id=payment_id,
                target=part.target,
                due_id=part.due.id if part.due else None,
                amount=part.amount,
            )

    def _put_due(self, household_id: HouseholdId, called: Due) -> None:
        self._put(
            due,
            id=called.id,
            household_id=household_id,
            first_day=called.first_day,
            until=called.until,
            due_on=called.due_on,
            amount=called.amount,
            plan_version_id=called.plan_version_id,
        )

    def _earn(self, one: Opening, paid_on: date, parts: Sequence[Part], fee: int) -> None:
        """Note what cover was given before the first open month, so that no run earns it again."""
        self.given += fee
        called = [part.due for part in parts if part.due is not None and part.amount]
        if not called or called[0].first_day > self.before.last:
            return
        paid = tuple(
            Paid(paid_on, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        facts = replace(one.facts, frozen=tuple(called), paid=paid)
        for first_day, (share, _) in sorted(rules.earned_to_date(facts, self.before.last).items()):
            if not share:
                continue
            self.given += share
            self._put(
                earning,
                id=self.work.new_id(),
                month=str(self.before),
                household_id=one.household_id,
                due_first_day=first_day,
                paid=share,
                unpaid=0,
            )

    def _put(self, table: Any, **values: object) -> None:  # noqa: ANN401
        self.told.setdefault(table, []).append(values)

    def write(self) -> None:
        for table in (due, payment, allocation, earning):
            if table in self.told:
                self.work.insert_many(table, self.told[table])


def bring_in_history(
    work: Work, *, payments: Mapping[HouseholdId, Sequence[tuple[RequestId, date, int, str]]]
) -> tuple[int, EntryId | None]:
    """Write receipts of households that are there, given before the book, and one opening entry.

    Each is (request, day, minor units, its number), by day; it is allotted as if paid then.

    Returns:
        The sum in minor units and the entry, None when there was nothing.
    """
    day = ledger.booking_day(work, work.today)
    before = min(ledger_queries.first_open(work.connection, day), Month.of(day)).plus(-1)
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    total = given = 0
    for household_id, told in payments.items():
        old = rules.earned_to_date(queries.facts_of(work.connection, household_id), before.last)
        for request_id, paid_on, amount, number in told:
            facts = queries.facts_of(work.connection, household_id)
            allotted = rules.allot(facts, paid_on=paid_on, amount=amount)
            serials[paid_on.year] = serials.get(paid_on.year, 0) + 1
            bring_in_receipt(
                work,
                request_id=request_id,
                household_id=household_id,
                number=number,
                serial=serials[paid_on.year],
                paid_on=paid_on,
                means=Means.CASH,
                parts=allotted.parts,
                covered_through=allotted.covered_through,
            )
            total += amount
            given += sum(part.amount for part in allotted.parts if part.target in FEES)
        facts = queries.facts_of(work.connection, household_id)
        for first_day, (share, _) in sorted(rules.earned_to_date(facts, before.last).items()):
            more = share - old.get(first_day, (0, 0))[0]
            if more:
                given += more
                bring_in_earned(
                    work,
                    household_id=household_id,
                    month=before,
                    due_first_day=first_day,
                    amount=more,
                )
    if not total:
        return 0, None
    balances = {"cash_main": total, "contrib_advance": given - total, "retained_plus": -given}
    return total, ledger.post(work, posting.opening(balances=balances), day=day)


def take_back_openings(
    work: Work, *, requests: Iterable[RequestId], entry_id: EntryId | None, reason: str
) -> int:
    """Take back what an import brought in of money; return how many receipts.

    Each gets a reversal of its own without an entry, and the opening entry its mirror (P30).
    """
    count = 0
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=queries.IMPORTED)}
    for request in requests:
        row = work.row(text("SELECT * FROM payment WHERE request_id = :request"), request=request)
        if row is None:
            continue
        count += 1
        _take_back_receipt(work, row, reason, serials)
    if entry_id is not None:
        ledger.reverse(work, entry_id, reason=reason)
    return count


def _take_back_receipt(work: Work, row: Any, reason: str, serials: dict[int, int]) -> None:  # noqa: ANN401
    payment_id = PaymentId(work.new_id())
    year = date.fromisoformat(row.paid_on).year
    serials[year] = serials.get(year, 0) + 1
    work.insert(
        payment,
        id=payment_id,
        request_id=work.new_id(),
        household_id=row.household_id,
        year=year,
        letter=queries.IMPORTED,
        serial=serials[year],
        paid_on=row.paid_on,
        amount=-row.amount,
        means=row.means,
        covered_through=None,
        taken_by=work.person.staff_id,
        reverses=row.id,
        reason=reason,
        single_control=0,
        legacy_number=row.legacy_number,
    )
    for part in work.rows(_PARTS, payment=row.id):
        work.insert(
            allocation,
            id=work.new_id(),
            payment_id=payment_id,
            target=part.target,
            due_id=part.due_id,
            amount=-part.amount,
        )
    for part in work.rows(_EARNED_BEFORE, household=row.household_id, payment=row.id):
        work.insert(
            earning,
            id=work.new_id(),
            month=part.month,
            household_id=row.household_id,
            due_first_day=part.due_first_day,
            paid=-part.paid,
            unpaid=-part.unpaid,
        )
