"""Five ways a collection session is counted, every account reckoned by hand; what comes after.

The box holds 5,000 before. Of them the session takes along a float, which stays the box's money by
the books; it collects 3,100. Source: domain handbook 3.2 (P03, P18), 3.6, D06; screens handbook 2.4.
"""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from stepdesk.contributions.queries import carried_by, missing_in_sessions
from stepdesk.contributions.service import (
    close_session,
    hand_over_cash,
    open_session,
    reverse_payment,
)
from stepdesk.contributions.terms import Count, Receipt
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import cash_book, counts, unbalanced, vouchers
from stepdesk.ledger.queries.boxes import MAIN, box_at
from stepdesk.reports.queries import control_differences
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import SessionId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_payment, a_request
from tests.ledger.test_boxes import a_box


def francs(desk: Desk, amount: int) -> Money:
    return Money(amount, desk.currency)


def money(desk: Desk) -> Counter[str]:
    """What each account holds."""
    with desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT role, sum(amount) FROM entry_line GROUP BY role")
        return Counter({role: amount for role, amount in rows if amount})


def opened(desk: Desk, in_bag: int, **told: Any) -> SessionId:
    return desk.do(open_session, place="Market", float_amount=francs(desk, in_bag), **told)


def counted(desk: Desk, session_id: SessionId, pieces: dict[int, int], reason: str = "") -> None:
    desk.do(close_session, session_id=session_id, count=Count(pieces), difference_reason=reason)


def cash_lines(desk: Desk) -> list[int]:
    """What moved in the main cash box in January, in order."""
    pack = country(desk.country)
    with desk.read() as connection:
        box = box_at(connection, pack, MAIN)
        assert box is not None
        book = cash_book(connection, pack, box, Month(2024, 1))
    return [row.came_in.minor - row.went_out.minor for row in book.rows]


# The bag: float 500, receipts 3,100 unless told; what should be there is their sum.
CLOSINGS = {
    # 3,600 are there.
    "exact": (500, 3100, {1000: 3, 500: 1, 100: 1}, {"cash_main": 3100, "collector": -3100}),
    # 3,000 of 3,600: 600 of the receipts stay with who collected; the float is whole.
    "short": (500, 3100, {1000: 3}, {"cash_main": 2500, "collector": -2500}),
    # 1,500 of 5,100: no receipt came in, and 500 of the box's own 2,000 are gone.
    "float short": (2000, 3100, {1000: 1, 500: 1}, {"cash_main": -500, "staff": 500}),
    # 3,700 of 3,600: 100 are a gift.
    "too much": (
        500,
        3100,
        {1000: 3, 500: 1, 100: 2},
        {"cash_main": 3200, "collector": -3100, "gift": -100},
    ),
    # Nobody paid, and the float comes back: nothing moves.
    "nobody paid": (500, 0, {500: 1}, {}),
    # Nobody paid, and 200 of the float are gone.
    "nobody paid, float short": (500, 0, {100: 3}, {"cash_main": -200, "staff": 200}),
}


def closed(desk: Desk, how: str) -> tuple[Counter[str], Counter[str], Receipt | None]:
    """A session counted in one of the ways: accounts before its count and after, its receipt."""
    in_bag, collected, pieces, _ = CLOSINGS[how]
    a_payment(desk, None, 5000)
    session_id = opened(desk, in_bag)
    receipt = a_payment(desk, None, collected, session_id=session_id) if collected else None
    before = money(desk)
    counted(desk, session_id, pieces, "" if how in {"exact", "nobody paid"} else "at the ford")
    return before, money(desk), receipt


def holds(desk: Desk) -> None:
    """What no closing may break."""
    assert desk.ask(unbalanced) == []
    assert desk.ask(control_differences) == {}
    assert verify_desk(desk, whole=True).findings == []


@pytest.mark.parametrize("how", CLOSINGS)
def test_a_count_moves_what_was_reckoned_by_hand(desk: Desk, how: str) -> None:
    before, after, _ = closed(desk, how)
    moved = {role: after[role] - before[role] for role in {*before, *after}}
    assert {role: one for role, one in moved.items() if one} == CLOSINGS[how][3]
    holds(desk)


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        ("exact", [5000, 3100]),
        ("short", [5000, 2500]),
        ("float short", [5000, -500]),
        ("too much", [5000, 3100, 100]),
        ("nobody paid", [5000]),
        ("nobody paid, float short", [5000, -200]),
    ],
)
def test_the_cash_book_has_a_line_for_each_thing_that_moved(
    desk: Desk, how: str, lines: list[int]
) -> None:
    closed(desk, how)
    assert cash_lines(desk) == lines


@pytest.mark.parametrize(("how", "missing"), [("short", 600), ("float short", 3100)])
def test_what_is_missing_of_the_receipts_is_carried_until_it_is_handed_over(
    desk: Desk, how: str, missing: int
) -> None:
    _, after, _ = closed(desk, how)
    me = desk.person.staff_id
    assert desk.ask(missing_in_sessions, me) == missing
    assert [one.amount.minor for one in desk.ask(carried_by, desk.currency, desk.today)] == [
        missing
    ]
    told: dict[str, Any] = {"collector_id": me, "request_id": a_request()}
    with pytest.raises(Refusal):
        desk.do(hand_over_cash, amount=francs(desk, missing + 100), **told)
    desk.do(hand_over_cash, amount=francs(desk, missing), **told)
    now = money(desk)
    assert now["collector"] == 0
    assert now["cash_main"] == after["cash_main"] + missing
    assert now["staff"] == after["staff"]
    assert desk.ask(carried_by, desk.currency, desk.today) == ()
    holds(desk)


def test_a_float_that_is_found_again_is_no_longer_owed(desk: Desk) -> None:
    closed(desk, "nobody paid, float short")
    every = desk.ask(
        vouchers, country(desk.country), first=date(2024, 1, 1), last=date(2024, 1, 31)
    )
    (lost,) = [one for one in every if one.amount.minor == 200]
    desk.do(
        ledger.cancel_voucher,
        request_id=a_request(),
        voucher_id=lost.id,
        reason="it lay under the seat",
    )
    now = money(desk)
    assert (now["cash_main"], now["staff"]) == (5000, 0)
    holds(desk)


def test_a_receipt_of_a_short_session_is_paid_back_by_the_box_and_the_shortage_stays(
    desk: Desk,
) -> None:
    """5,000 + 2,500 - 3,100 = 4,400; the 600 are still with who collected."""
    _, _, receipt = closed(desk, "short")
    assert receipt is not None
    desk.do(
        reverse_payment, request_id=a_request(), payment_id=receipt.payment_id, reason="not his"
    )
    now = money(desk)
    assert (now["cash_main"], now["collector"]) == (4400, 600)
    assert desk.ask(missing_in_sessions, desk.person.staff_id) == 600
    holds(desk)


# A box is counted while a session is open


def expected_in_box(desk: Desk) -> tuple[int, int, int]:
    """Of the newest count: what lay there, what should, and what the books said."""
    newest = desk.ask(counts, country(desk.country), "en")[0]
    return newest.counted.minor, newest.expected.minor, newest.booked.minor


def count_box(desk: Desk, pieces: dict[int, int], **told: Any) -> None:
    desk.do(ledger.count_box, request_id=a_request(), pieces=pieces, **told)


def test_a_float_in_an_open_session_is_not_missing_from_its_box(desk: Desk) -> None:
    a_payment(desk, None, 5000)
    session_id = opened(desk, 2000)
    a_payment(desk, None, 3100, session_id=session_id)
    before = money(desk)
    count_box(desk, {1000: 3})
    assert expected_in_box(desk) == (3000, 3000, 5000)
    assert money(desk) == before
    # It comes back: the box is whole again, with what was collected.
    counted(desk, session_id, {1000: 5, 100: 1})
    count_box(desk, {1000: 8, 100: 1})
    assert expected_in_box(desk) == (8100, 8100, 8100)
    # The first count still says what it said.
    first = desk.ask(counts, country(desk.country), "en")[-1]
    assert (first.expected.minor, first.booked.minor) == (3000, 5000)
    holds(desk)


def test_what_is_missing_beside_a_float_is_told_without_it(desk: Desk) -> None:
    a_payment(desk, None, 5000)
    opened(desk, 2000)
    with pytest.raises(Refusal) as refused:
        count_box(desk, {1000: 2, 500: 1})
    assert refused.value.text.values == {
        "difference": francs(desk, -500),
        "taken": francs(desk, 2000),
    }
    count_box(desk, {1000: 2, 500: 1}, difference_reason="nobody knows")
    assert money(desk)["cash_main"] == 4500


def test_a_float_that_a_box_never_held_is_none_of_it(desk: Desk) -> None:
    """Nothing is expected of an empty box, and never less than nothing."""
    opened(desk, 500)
    count_box(desk, {})
    assert expected_in_box(desk) == (0, 0, 0)
    assert money(desk) == {}


def test_the_float_of_another_box_or_of_a_later_day_is_not_left_out(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk, None, 5000)
    opened(desk, 1000, box_id=a_box(desk).box)
    clock.set(date(2024, 1, 11))
    opened(desk, 2000)
    count_box(desk, {1000: 5}, day=date(2024, 1, 10))
    assert expected_in_box(desk) == (5000, 5000, 5000)
    count_box(desk, {1000: 3})
    assert expected_in_box(desk) == (3000, 3000, 5000)


def test_the_evening_of_a_day_is_counted_as_it_was_when_the_session_is_over_since(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk, None, 5000)
    session_id = opened(desk, 2000)
    clock.set(date(2024, 1, 11))
    counted(desk, session_id, {1000: 2})
    count_box(desk, {1000: 3}, day=date(2024, 1, 10))
    assert expected_in_box(desk) == (3000, 3000, 5000)
    count_box(desk, {1000: 5})
    assert expected_in_box(desk) == (5000, 5000, 5000)


def test_what_was_carried_on_an_earlier_day_is_told_of_that_day(
    desk: Desk, clock: SetClock
) -> None:
    """Of the 10th nothing is left at night; a session of February takes nothing from January."""
    a_payment(desk, None, 5000, session_id=(first := opened(desk, 0)))
    counted(desk, first, {1000: 5})
    clock.set(date(2024, 2, 1))
    a_payment(desk, None, 3100, session_id=(second := opened(desk, 0)))
    clock.set(date(2024, 2, 2))
    counted(desk, second, {1000: 3, 100: 1})

    def carried(day: date) -> list[tuple[int, int]]:
        told = desk.ask(carried_by, desk.currency, day)
        return [(one.amount.minor, one.days) for one in told]

    assert carried(date(2024, 1, 31)) == []
    assert carried(date(2024, 2, 1)) == [(3100, 0)]
    assert carried(date(2024, 2, 2)) == []
