"""Closing a month: the run, the lock, the signatures, what the database itself refuses."""

from datetime import date

import pytest
from sqlcipher3 import dbapi2

from stepdesk.contributions.service import close_session, open_session
from stepdesk.contributions.terms import Count
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.ledger.queries import balance_of, closing_of, first_open, trial_balance
from stepdesk.ledger.service import post, spend
from stepdesk.ledger.terms import Check, Journal, Line, Posting
from stepdesk.reports.queries import checklist, control_differences, standing
from stepdesk.reports.service import close_month, verify_before_closing
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_request

JANUARY, FEBRUARY = Month(2024, 1), Month(2024, 2)
NOT_COUNTED = frozenset({"not_counted"})
XOF = Currency("XOF", 0)


def close(desk: Desk, month: Month, **told: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    accepting = told.pop("accepting", NOT_COUNTED)
    with desk.work("close_month") as work:
        if len(desk.keys.tiles()) > 1:
            work.second(desk.keys.tiles()[1].staff_id, SECOND)
        return close_month(work, month=month, accepting=accepting, **told)  # type: ignore[arg-type]


def test_a_closed_month_is_signed_by_two_and_counted(
    two_people_desk: Desk, clock: SetClock
) -> None:
    a_payment(two_people_desk, None, 3100)
    clock.set(date(2024, 2, 1))
    closing = close(two_people_desk, JANUARY, cash_counted=Money(3100, XOF), accepting=frozenset())
    assert (closing.first_signature, closing.second_signature) == ("Awa", "Bintou")
    assert not closing.single_control
    assert closing.cash_counted == Money(3100, XOF)
    assert closing.balance.debit == closing.balance.credit == Money(3100, XOF)
    assert len(closing.fingerprint.split()) == 10


def test_two_signatures_are_needed(two_people_desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 1))
    with pytest.raises(Refusal) as refused:
        two_people_desk.do(close_month, month=JANUARY, accepting=NOT_COUNTED)
    assert refused.value.field == "second"


def test_one_person_alone_closes_in_solo_mode(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 1))
    assert close(desk, JANUARY).single_control


def test_what_is_earned_and_owed_is_booked_in_its_month(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, a_household(desk, 6), 5200)
    for month, earned, advance in ((1, 0, 4200), (2, 2100, 2100), (3, 4200, 0)):
        clock.set(Month(2024, month).until)
        close(desk, Month(2024, month))
        assert desk.ask(balance_of, "contribution") == -earned
        assert desk.ask(balance_of, "contrib_advance") == -advance
    assert desk.ask(control_differences) == {}


def test_months_are_closed_one_after_another(desk: Desk, clock: SetClock) -> None:
    a_payment(desk)
    clock.set(date(2024, 3, 5))
    with pytest.raises(Refusal) as early:
        close(desk, FEBRUARY)
    assert early.value.text.values["first"] == JANUARY
    close(desk, JANUARY)
    with pytest.raises(Refusal) as twice:
        close(desk, JANUARY)
    assert twice.value.field == "month"
    close(desk, FEBRUARY)
    assert desk.ask(first_open, desk.made_on) == Month(2024, 3)


def test_a_month_ahead_cannot_be_closed(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        close(desk, FEBRUARY)
    assert refused.value.text.values["day"] == date(2024, 3, 1)


def test_the_doubts_of_a_closing_are_named(desk: Desk) -> None:
    a_payment(desk, None, 3100)
    with pytest.raises(Caution) as doubted:
        close(desk, JANUARY, accepting=frozenset())
    assert [doubt.name for doubt in doubted.value.doubts] == ["month_not_over", "not_counted"]
    with pytest.raises(Caution) as differs:
        close(
            desk,
            JANUARY,
            cash_counted=Money(3000, XOF),
            accepting=frozenset({"month_not_over"}),
        )
    assert [doubt.name for doubt in differs.value.doubts] == ["cash_differs"]


def test_an_open_session_stops_the_closing(desk: Desk, clock: SetClock) -> None:
    session_id = desk.do(open_session, place="Marché")
    a_payment(desk, None, 3100, session_id=session_id)
    clock.set(date(2024, 2, 1))
    with pytest.raises(Refusal) as refused:
        close(desk, JANUARY)
    assert refused.value.field == "sessions"
    desk.do(close_session, session_id=session_id, count=Count({1000: 3, 100: 1}))
    close(desk, JANUARY)


def test_the_database_itself_refuses_an_entry_in_a_closed_month(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk)
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    acts = desk.acts
    posting = Posting("P16", Journal.CASH, (Line("supplies", 5), Line("cash_main", -5)))
    with pytest.raises(Refusal) as refused:
        desk.do(post, posting, day=date(2024, 1, 31))
    assert refused.value.field == "day"
    assert desk.acts == acts
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with pytest.raises(dbapi2.IntegrityError, match="month_closed"):
            raw.execute(
                "INSERT INTO entry (id,journal,month,serial,letter,day,rule,activity,reason)"
                " VALUES (zeroblob(16),'CA','2024-01',99,'A','2024-01-31','P16','HEALTH','')"
            )


def test_a_line_cannot_be_slipped_under_an_entry_of_a_closed_month(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk)
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with pytest.raises(dbapi2.IntegrityError, match="month_closed"):
            raw.execute(
                "INSERT INTO entry_line (id, entry_id, role, amount)"
                " SELECT zeroblob(16), id, 'gift', 5 FROM entry LIMIT 1"
            )


def test_an_expense_is_paid_from_what_the_box_holds(desk: Desk) -> None:
    a_payment(desk, None, 3100)
    request = a_request()
    for _ in range(2):
        desk.do(
            spend,
            request_id=request,
            day=desk.today,
            role="supplies",
            amount=Money(500, XOF),
            label="Notebooks",
        )
    assert desk.ask(balance_of, "supplies") == 500
    assert desk.ask(balance_of, "cash_main") == 2600


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"amount": Money(0, XOF)}, "amount"),
        ({"amount": Money(5000, XOF)}, "amount"),
        ({"role": "gift"}, "role"),
        ({"label": " "}, "label"),
        ({"day": date(2023, 12, 31)}, "day"),
    ],
)
def test_an_expense_that_cannot_be_is_refused(
    desk: Desk, clock: SetClock, told: dict[str, object], field: str
) -> None:
    a_payment(desk, None, 3100)
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    told = {
        "day": date(2024, 2, 1),
        "role": "supplies",
        "amount": Money(500, XOF),
        "label": "Notebooks",
    } | told
    with pytest.raises(Refusal) as refused:
        desk.do(spend, request_id=a_request(), **told)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_checklist_says_what_is_left_to_do(desk: Desk) -> None:
    session_id = desk.do(open_session, place="Marché")
    a_payment(desk, None, 3100, session_id=session_id)
    done = {line.check: line.done for line in checklist(desk, JANUARY)}
    assert done == {
        Check.SESSIONS_CLOSED: False,
        Check.COLLECTORS_HANDED_OVER: False,
        Check.BALANCE_AGREES: True,
        Check.JOURNAL_VERIFIED: False,
        Check.BACKED_UP: False,
    }
    desk.do(close_session, session_id=session_id, count=Count({1000: 3, 100: 1}))
    verify_desk(desk)
    done = {line.check: line.done for line in checklist(desk, JANUARY)}
    assert done[Check.SESSIONS_CLOSED]
    assert done[Check.COLLECTORS_HANDED_OVER]
    assert done[Check.JOURNAL_VERIFIED]


def test_closing_stops_at_a_journal_that_does_not_agree(desk: Desk) -> None:
    receipt = a_payment(desk, None, 3100)
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("DROP TRIGGER payment_is_not_changed")
        raw.execute("UPDATE payment SET amount = 1100 WHERE id = ?", (receipt.payment_id,))
    with pytest.raises(Trouble):
        verify_before_closing(desk)


def test_the_first_screen_counts_what_stands(desk: Desk, clock: SetClock) -> None:
    entered, waiting_long = a_household(desk, 4), a_household(desk, 3)
    a_household(desk, 2)
    a_payment(desk, entered, 1000 + 4 * 350)
    a_payment(desk, waiting_long, 1000 + 3 * 350)
    now = standing(desk)
    assert (now.households, now.persons, now.covered) == (3, 9, 0)
    assert set(now.waiting) == {entered.household_id, waiting_long.household_id}
    assert len(now.not_entered) == 1
    assert now.cash == Money(4450, XOF)
    clock.set(date(2024, 5, 6))
    # March was due on 5 March: suspended since 5 April, owing March and April.
    now = standing(desk)
    assert set(now.stopped) == {entered.household_id, waiting_long.household_id}
    assert set(now.late_long) == set(now.stopped)


def test_the_trial_balance_is_sorted_by_account(desk: Desk) -> None:
    a_payment(desk, None, 3100)
    with desk.read() as connection:
        balance = trial_balance(connection, country("SN"), JANUARY)
        assert closing_of(connection, country("SN"), JANUARY) is None
    assert [(row.number, row.balance.minor) for row in balance.rows] == [
        ("4191", -2100),
        ("571", 3100),
        ("7063", -1000),
    ]
