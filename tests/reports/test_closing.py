"""Closing a month: the run, the lock, the signatures, what the database itself refuses."""

from datetime import date

import pytest
from sqlcipher3 import dbapi2

from stepdesk.contributions.service import (
    accept_findings,
    close_session,
    mark_leaves,
    open_session,
    receive_booklets,
)
from stepdesk.contributions.terms import Count, MarkKind, Means, Stationery
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import speak
from stepdesk.ledger.queries import (
    balance_of,
    closed_months,
    closing_of,
    first_open,
    reopenings,
    summed_until,
    trial_balance,
    wrong_sums,
)
from stepdesk.ledger.service import (
    count_box,
    note_missing,
    note_step,
    post,
    read_statement,
    spend,
)
from stepdesk.ledger.terms import Check, Journal, Line, Place, Posting, Step, StepState
from stepdesk.reports.queries import checklist, control_differences, disagreements, standing
from stepdesk.reports.queries.closing import closing_lines
from stepdesk.reports.queries.months import month_report
from stepdesk.reports.service import close_month, reopen_month, verify_before_closing
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_request
from tests.ledger.kit import a_gift

JANUARY, FEBRUARY = Month(2024, 1), Month(2024, 2)
NOT_COUNTED = frozenset({"not_counted"})
XOF = Currency("XOF", 0)
MAIN = "cash_main"


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


# The ten lines


def states(desk: Desk, month: Month = JANUARY) -> dict[Step, StepState]:
    return {line.step: line.state for line in closing_lines(desk, month)}


def test_the_ten_lines_tell_what_is_left_to_do(desk: Desk, clock: SetClock) -> None:
    session_id = desk.do(open_session, place="Marché")
    a_payment(desk, a_household(desk, 6), 3100, session_id=session_id)
    lines = {line.step: line for line in closing_lines(desk, JANUARY)}
    assert list(lines) == list(Step)
    assert (lines[Step.SESSIONS].state, lines[Step.SESSIONS].count) == (StepState.TO_DO, 1)
    desk.do(close_session, session_id=session_id, count=Count({1000: 3, 100: 1}))
    # The box moved and was not counted since.
    assert states(desk)[Step.CASH] is StepState.TO_DO
    clock.set(date(2024, 1, 31))
    desk.do(count_box, request_id=a_request(), pieces={1000: 3, 100: 1})
    told = states(desk)
    assert {step for step, state in told.items() if state is StepState.DONE} == {
        *(Step.SESSIONS, Step.CASH, Step.BANK, Step.CERTIFICATES, Step.LATE),
        *(Step.INDICATORS, Step.BATCHES),
    }
    a_payment(desk, None, 3100, means=Means.BANK)
    assert states(desk)[Step.BANK] is StepState.TO_DO
    desk.do(read_statement, request_id=a_request(), box=Place("bank"), stated=Money(3100, XOF))
    assert states(desk)[Step.BANK] is StepState.DONE


def test_money_that_moved_after_the_count_is_counted_again(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, None, 3100)
    desk.do(count_box, request_id=a_request(), pieces={1000: 3, 100: 1})
    assert states(desk)[Step.CASH] is StepState.DONE
    clock.set(date(2024, 1, 20))
    a_payment(desk, None, 3100)
    assert states(desk)[Step.CASH] is StepState.TO_DO


def test_a_passed_line_keeps_its_reason_and_lets_the_month_close(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk, None, 3100)
    clock.set(date(2024, 2, 1))
    with pytest.raises(Refusal) as still:
        close(desk, JANUARY, whole=True)
    assert still.value.field == "cash"
    reason = "the cashier is at a burial"
    desk.do(note_step, month=JANUARY, step=Step.CASH, reason=reason)
    desk.do(note_step, month=JANUARY, step=Step.COPY, done=True)
    desk.do(note_step, month=JANUARY, step=Step.PRINTED, done=True)
    close(desk, JANUARY, whole=True)
    lines = {line.step: line for line in closing_lines(desk, JANUARY)}
    assert (lines[Step.CASH].state, lines[Step.CASH].reason, lines[Step.CASH].by) == (
        StepState.PASSED,
        reason,
        "Awa",
    )
    assert lines[Step.LOCK].state is StepState.DONE


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"step": Step.CASH}, "reason"),
        ({"step": Step.CASH, "done": True}, "step"),
        ({"step": Step.LOCK, "reason": "later"}, "step"),
    ],
)
def test_what_the_books_can_see_is_not_ticked(
    desk: Desk, told: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        desk.do(note_step, month=JANUARY, **told)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_missing_leaf_of_a_booklet_is_part_of_the_first_line(
    desk: Desk, clock: SetClock
) -> None:
    a_payment(desk, None, 3100)
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
    assert states(desk)[Step.SESSIONS] is StepState.DONE
    desk.do(
        mark_leaves,
        booklet_id=booklet_id,
        kind=MarkKind.MISSING,
        first_leaf=4,
        reason="torn out",
    )
    line = closing_lines(desk, JANUARY)[0]
    assert (line.state, line.count, line.findings) == (StepState.TO_DO, 0, 1)
    clock.set(date(2024, 2, 1))
    with pytest.raises(Refusal) as refused:
        close(desk, JANUARY, whole=True)
    assert refused.value.field == "sessions"
    # Passed, it is told again next month; accepted, it is not.
    desk.do(note_step, month=JANUARY, step=Step.SESSIONS, reason="the printer is asked")
    assert states(desk)[Step.SESSIONS] is StepState.PASSED
    assert states(desk, FEBRUARY)[Step.SESSIONS] is StepState.TO_DO
    desk.do(accept_findings, booklet_id=booklet_id, leaf=4, reason="misprinted")
    assert states(desk, FEBRUARY)[Step.SESSIONS] is StepState.DONE


def test_who_was_late_is_counted_on_the_last_day_of_the_month(desk: Desk, clock: SetClock) -> None:
    # 9 400 pays the fee and February to May of six; June falls due on 5 June.
    a_payment(desk, a_household(desk, 6), 9400)
    clock.set(date(2024, 7, 20))

    def late(month: int) -> int:
        lines = closing_lines(desk, Month(2024, month))
        return next(line.count for line in lines if line.step is Step.LATE)

    assert [late(month) for month in (4, 5, 6, 7)] == [0, 0, 1, 1]


# Opening a month again


def reopen(desk: Desk, month: Month, **told: object) -> None:
    with desk.work("reopen_month") as work:
        if len(desk.keys.tiles()) > 1:
            work.second(desk.keys.tiles()[1].staff_id, SECOND)
        reopen_month(work, month=month, **({"reason": "a receipt was found"} | told))  # type: ignore[arg-type]


def test_only_the_last_closed_month_is_opened_again(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    a_payment(desk, None, 3100)
    clock.set(date(2024, 3, 5))
    with pytest.raises(Refusal) as none:
        reopen(desk, JANUARY)
    assert none.value.field == "month"
    close(desk, JANUARY)
    close(desk, FEBRUARY)
    with pytest.raises(Refusal) as earlier:
        reopen(desk, JANUARY)
    assert earlier.value.text.values["month"] == FEBRUARY
    with pytest.raises(Refusal) as why:
        reopen(desk, FEBRUARY, reason=" ")
    assert why.value.field == "reason"
    with pytest.raises(Refusal) as alone:
        desk.do(reopen_month, month=FEBRUARY, reason="a receipt was found")
    assert alone.value.field == "second"
    reopen(desk, FEBRUARY)
    assert desk.ask(closed_months) == (JANUARY,)
    reopen(desk, JANUARY)
    assert desk.ask(closed_months) == ()
    newest, _ = desk.ask(reopenings)
    assert (newest.month, newest.reason, newest.signatures) == (
        JANUARY,
        "a receipt was found",
        ("Awa", "Bintou"),
    )


def test_a_month_opened_again_takes_entries_and_closes_anew(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    home = a_household(desk, 6)
    a_payment(desk, home, 5200)
    clock.set(date(2024, 4, 2))
    for month in (JANUARY, FEBRUARY):
        close(desk, month)
    first = close(desk, Month(2024, 3))
    # 4 200 pays February and March of six persons at 350: all of it is earned.
    assert desk.ask(balance_of, "contribution") == -4200
    reopen(desk, Month(2024, 3))
    assert desk.ask(closing_of, country("SN"), Month(2024, 3)) is None
    assert desk.ask(summed_until) == "2024-02"
    a_payment(desk, home, 2100, paid_on=date(2024, 3, 30))
    a_payment(desk, None, 3100, paid_on=date(2024, 4, 2))
    second = close(desk, Month(2024, 3))
    assert second.fingerprint != first.fingerprint
    # The receipt of 30 March; that of April stands in the open month.
    assert [one.entries for one in desk.ask(reopenings)] == [1]
    told = month_report(desk, Month(2024, 3)).reopened
    assert [speak(one.said, "en") for one in told] == [
        "Opened again on 2 April 2024 by Awa · Bintou: a receipt was found. "
        "1 entry was written in it since."
    ]
    # What was earned is not earned twice; April is paid and not yet given.
    assert desk.ask(balance_of, "contribution") == -4200
    assert desk.ask(control_differences) == {}
    assert desk.ask(wrong_sums) == ()
    assert verify_desk(desk).clean
    assert desk.ask(disagreements) == ()


def test_the_database_itself_lets_no_earlier_month_be_opened(desk: Desk, clock: SetClock) -> None:
    a_payment(desk)
    clock.set(date(2024, 3, 5))
    close(desk, JANUARY)
    close(desk, FEBRUARY)
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with pytest.raises(dbapi2.IntegrityError, match="not_the_last_month"):
            raw.execute(
                "INSERT INTO reopening (id, closing_id, day, reason, first_person, single_control)"
                " SELECT zeroblob(16), id, '2024-03-05', 'x', first_person, 1 FROM closing"
                " WHERE month = '2024-01'"
            )
        with pytest.raises(dbapi2.IntegrityError, match="month_closed"):
            raw.execute(
                "INSERT INTO closing SELECT zeroblob(16), month, closed_on, first_person,"
                " second_person, single_control, cash_counted, root, acts, debit, credit,"
                " covered, due_amount, due_paid, payers_paid FROM closing WHERE month = '2024-02'"
            )


def test_what_was_ticked_before_is_done_again_after_opening(desk: Desk, clock: SetClock) -> None:
    a_payment(desk)
    clock.set(date(2024, 2, 1))
    desk.do(note_step, month=JANUARY, step=Step.PRINTED, done=True)
    close(desk, JANUARY)
    assert states(desk)[Step.PRINTED] is StepState.DONE
    reopen(desk, JANUARY)
    assert states(desk)[Step.PRINTED] is StepState.TO_DO
    assert states(desk)[Step.LOCK] is StepState.TO_DO


def test_sums_of_closed_months_are_those_of_their_entries(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, None, 3100)
    before = desk.ask(trial_balance, country("SN"), JANUARY)
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    assert desk.ask(summed_until) == "2024-01"
    assert desk.ask(trial_balance, country("SN"), JANUARY) == before
    assert desk.ask(trial_balance, country("SN"), JANUARY, first=FEBRUARY).rows == ()
    with desk.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("UPDATE account_month SET debit = debit + 5 WHERE role = 'cash_main'")
    assert [one.values["month"] for one in desk.ask(disagreements)] == ["2024-01"]


def test_a_box_that_was_counted_is_not_asked_for_again(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, None, 3100)
    clock.set(date(2024, 2, 1))
    with pytest.raises(Caution) as doubted:
        close(desk, JANUARY, accepting=frozenset())
    assert [doubt.name for doubt in doubted.value.doubts] == ["not_counted"]
    desk.do(count_box, request_id=a_request(), pieces={1000: 3, 100: 1})
    assert close(desk, JANUARY, accepting=frozenset()).month == JANUARY


def test_a_box_a_count_alone_emptied_shows_what_was_missing(desk: Desk, clock: SetClock) -> None:
    """500 lay in the box as January closed; on 10 February nothing does."""
    a_gift(desk, 500)
    clock.set(date(2024, 2, 1))
    close(desk, JANUARY)
    clock.set(date(2024, 2, 10))
    desk.do(count_box, request_id=a_request(), box=MAIN, pieces={}, difference_reason="stolen")
    clock.set(date(2024, 3, 1))
    (cash,) = (one for one in closing_lines(desk, FEBRUARY) if one.step is Step.CASH)
    assert (cash.state, cash.amount) == (StepState.DONE, Money(-500, XOF))


def test_money_a_bag_was_short_of_after_the_count_is_counted_again(
    desk: Desk, clock: SetClock
) -> None:
    """500 were counted on the 20th; on the 31st 100 are taken off, which a bag did not bring back."""
    a_gift(desk, 500)
    clock.set(date(2024, 1, 20))
    desk.do(count_box, request_id=a_request(), box=MAIN, pieces={500: 1})
    assert states(desk)[Step.CASH] is StepState.DONE
    clock.set(date(2024, 1, 31))
    desk.do(
        note_missing,
        box=Place(MAIN),
        amount=100,
        day=desk.today,
        owed_by=None,
        reason="short",
        single=True,
    )
    assert states(desk)[Step.CASH] is StepState.TO_DO


def test_a_count_of_an_earlier_day_typed_later_hides_no_later_count(
    desk: Desk, clock: SetClock
) -> None:
    clock.set(date(2024, 1, 25))
    a_gift(desk, 500, day=date(2024, 1, 10))
    a_gift(desk, 100, day=date(2024, 1, 20))
    desk.do(count_box, request_id=a_request(), box=MAIN, pieces={500: 1, 100: 1})
    past = date(2024, 1, 15)
    desk.do(count_box, request_id=a_request(), box=MAIN, day=past, pieces={500: 1})
    assert states(desk)[Step.CASH] is StepState.DONE
