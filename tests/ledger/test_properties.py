"""Laws of the ledger over any sequence of verbs. Source: domain handbook Y.8, 4 and 5."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.service import contribute, hand_over_cash, reverse_payment
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import (
    account_ledger,
    box_at,
    cash_book,
    held_on,
    journal,
    trial_balance,
    unbalanced,
    voucher_gaps,
    wrong_sums,
)
from stepdesk.ledger.rules import lowest
from stepdesk.ledger.terms import Activity, Place
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month, reopen_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_household, a_request, open_copy, wednesday
from tests.examples import few
from tests.ledger.kit import BANK, CASH, MOMO, francs

SENEGAL = country("SN")
PLACES = (CASH, BANK, MOMO)
BEGAN = Month(2023, 12)
amounts = st.integers(1, 40).map(lambda n: n * 100)
days_back = st.integers(0, 12)
steps = st.one_of(
    st.tuples(st.just("pay"), amounts, st.integers(0, 1), st.booleans()),
    st.tuples(st.just("hand"), amounts, days_back),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("gift"), amounts, days_back, st.integers(0, 2)),
    st.tuples(st.just("spend"), amounts, days_back, st.integers(0, 2)),
    st.tuples(st.just("bill"), amounts, days_back),
    st.tuples(st.just("settle"), amounts, days_back),
    st.tuples(st.just("move"), amounts, days_back, st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("count"), st.integers(0, 30), days_back),
    st.tuples(st.just("later"), st.integers(1, 25)),
    st.tuples(st.just("close"), st.just(0)),
    st.tuples(st.just("reopen"), st.just(0)),
)


class Life:
    """A scheme to which things happen; what cannot be is refused and leaves nothing."""

    def __init__(self, desk: Desk, clock: SetClock) -> None:
        self.desk, self.clock = desk, clock
        self.homes = [a_household(desk, 2), a_household(desk, 4)]
        self.receipts: list[Any] = []
        self.vouchers: list[Any] = []
        self.bills: list[Any] = []

    def do(self, step: tuple[Any, ...]) -> None:
        try:
            getattr(self, step[0])(*step[1:])
        except (Refusal, Caution):
            return

    def _day(self, back: int) -> date:
        return self.desk.today - timedelta(days=back)

    def _told(self, amount: int, back: int) -> dict[str, Any]:
        return {"request_id": a_request(), "amount": francs(amount), "day": self._day(back)}

    def pay(self, amount: int, home: int, carried: bool) -> None:
        self.receipts.append(
            self.desk.do(
                contribute,
                request_id=a_request(),
                household_id=self.homes[home].household_id,
                amount=francs(amount),
                collector_id=self.desk.person.staff_id if carried else None,
                accepting=frozenset({"much", "ended", "closed_month"}),
            )
        )

    def hand(self, amount: int, back: int) -> None:
        self.desk.do(
            hand_over_cash, collector_id=self.desk.person.staff_id, **self._told(amount, back)
        )

    def undo(self, at: int) -> None:
        if at < len(self.receipts):
            self.desk.do(
                reverse_payment,
                request_id=a_request(),
                payment_id=self.receipts[at].payment_id,
                reason="wrong",
            )

    def gift(self, amount: int, back: int, box: int) -> None:
        told = self._told(amount, back) | {"role": "gift", "label": "Gift"}
        self.vouchers.append(self.desk.do(ledger.receive, box=PLACES[box], **told))

    def spend(self, amount: int, back: int, box: int) -> None:
        told = self._told(amount, back) | {"role": "supplies", "label": "Paper"}
        self.vouchers.append(self.desk.do(ledger.spend, box=PLACES[box], **told))

    def bill(self, amount: int, back: int) -> None:
        told = self._told(amount, back) | {"role": "supplies", "label": "Paper", "payee": "Sow"}
        done = self.desk.do(ledger.buy_on_credit, **told)
        self.bills.append(done)
        self.vouchers.append(done)

    def settle(self, amount: int, back: int) -> None:
        for bill in self.bills[-1:]:
            told = self._told(amount, back) | {"bill_id": bill.voucher_id}
            self.vouchers.append(self.desk.do(ledger.pay_bill, **told))

    def move(self, amount: int, back: int, source: int, target: int) -> None:
        told = self._told(amount, back)
        told |= {"source": PLACES[source], "target": PLACES[target]}
        self.vouchers.append(self.desk.do(ledger.transfer, **told))

    def cancel(self, at: int) -> None:
        if at < len(self.vouchers):
            self.desk.do(
                ledger.cancel_voucher,
                request_id=a_request(),
                voucher_id=self.vouchers[at].voucher_id,
                reason="wrong",
            )

    def count(self, hundreds: int, back: int) -> None:
        self.desk.do(
            ledger.count_box,
            request_id=a_request(),
            pieces={100: hundreds},
            day=self._day(back),
            difference_reason="nobody knows",
        )

    def later(self, days: int) -> None:
        self.clock.set(self.desk.today + timedelta(days=days))

    def close(self, _: int) -> None:
        self.desk.do(
            close_month,
            month=Month.of(self.desk.today).plus(-1),
            accepting=frozenset({"not_counted", "cash_differs"}),
        )

    def reopen(self, _: int) -> None:
        self.desk.do(
            reopen_month, month=Month.of(self.desk.today).plus(-1), reason="a paper was found"
        )


@contextmanager
def lived(told: list[tuple[Any, ...]]) -> Iterator[Desk]:
    clock = wednesday()
    with TemporaryDirectory() as folder, open_copy(Path(folder) / "book", clock=clock) as desk:
        life = Life(desk, clock)
        for step in told:
            life.do(step)
        yield desk


lives = st.lists(steps, min_size=5, max_size=30)


@few(20)
@given(lives)
def test_debit_is_credit_every_list_agrees_and_no_box_is_below_nothing(
    told: list[tuple[Any, ...]],
) -> None:
    with lived(told) as desk:
        check_books(desk)
        for place in PLACES:
            check_box(desk, place)


def check_books(desk: Desk) -> None:
    """Debit is credit, and every list agrees with its account."""
    assert desk.ask(unbalanced) == []
    assert desk.ask(control_differences) == {}
    assert desk.ask(voucher_gaps) == ()
    assert desk.ask(wrong_sums) == ()
    balance = desk.ask(trial_balance, SENEGAL, Month.of(desk.today))
    assert balance.debit == balance.credit
    lines: dict[str, int] = {}
    for entry in desk.ask(journal, date(2023, 1, 1), desk.today):
        for line in entry.lines:
            lines[line.role] = lines.get(line.role, 0) + line.amount
    assert {row.role: row.balance.minor for row in balance.rows} == lines
    by_activity = [
        desk.ask(trial_balance, SENEGAL, Month.of(desk.today), activity=one) for one in Activity
    ]
    assert sum(one.debit.minor for one in by_activity) == balance.debit.minor


def check_box(desk: Desk, place: Place, since: Month = BEGAN) -> None:
    """Read the cash book of every month since one against a sum of bare lines, day by day."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.day, l.amount FROM entry_line l JOIN entry e ON e.id = l.entry_id"
            " WHERE l.role = ? ORDER BY e.day",
            (place.role,),
        ).all()
    box = desk.ask(box_at, SENEGAL, place)
    assert box is not None
    day, month = since.first, since
    before = (day - timedelta(days=1)).isoformat()
    after = sum(row.amount for row in rows if row.day <= before)
    while month <= Month.of(desk.today):
        book = desk.ask(cash_book, SENEGAL, box, month)
        assert book.before.minor == after
        after = book.after.minor
        assert book.came_in - book.went_out == book.after - book.before
        month = month.plus(1)
    while day <= desk.today:
        bare = sum(row.amount for row in rows if row.day <= day.isoformat())
        assert desk.ask(held_on, place, day) == bare
        assert bare >= 0, (place, day)
        day += timedelta(days=1)
    told = desk.ask(account_ledger, SENEGAL, place.role, first=since.first, last=desk.today)
    assert told.after.minor == after


moves = st.dictionaries(st.dates(date(2024, 1, 2), date(2024, 2, 1)), st.integers(-50, 50))


@given(st.integers(0, 100), moves)
def test_the_least_a_box_holds_is_looked_for_day_by_day(
    before: int, moved: dict[date, int]
) -> None:
    since = date(2024, 1, 1)
    least, when = lowest(before, moved, since=since)
    held, found = before, [(before, since)]
    for day in sorted(moved):
        held += moved[day]
        found.append((held, day))
    assert least == min(one for one, _ in found)
    assert when == next(day for one, day in found if one == least)
