"""What happens later changes no answer about an earlier day. Source: domain handbook Y.8 (3)."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.rules import account_on, allot
from stepdesk.contributions.terms import AccountFacts, Paid, Target
from stepdesk.members.terms import Cover, Event, EventKind
from stepdesk.payers.terms import Sponsored
from stepdesk.rights.queries import cover_on, rights_facts
from stepdesk.rights.rules import verdict
from stepdesk.rights.terms import Answer, Verdict
from stepdesk.values.ids import CoverId, DueId, PersonId
from tests.examples import few
from tests.rights.test_rules import HOUSE, JOINED, PLAN

DAYS = st.integers(0, 500).map(lambda many: JOINED + timedelta(days=many))
PAYMENTS = st.lists(st.tuples(DAYS, st.integers(1, 60).map(lambda some: some * 350)), max_size=8)
KINDS = st.sampled_from(
    [
        EventKind.RESIGNED,
        EventKind.STRUCK_OFF,
        EventKind.EXCLUDED,
        EventKind.CLOSED,
        EventKind.READMITTED,
        EventKind.WAITING_WAIVED,
        EventKind.MOVED,
    ]
)
EVENTS = st.lists(
    st.builds(
        lambda kind, on: Event(
            kind,
            on,
            recorded_on=on,
            counts_from=date(2023, 1, 1) if kind is EventKind.WAITING_WAIVED else None,
        ),
        KINDS,
        DAYS,
    ),
    max_size=3,
)
SETTINGS = few(60)
PEOPLE = tuple(replace(cover, person_id=PersonId(b"%d" % at)) for at, cover in enumerate(HOUSE))


def lived(
    payments: list[tuple[date, int]], events: list[Event], covers: tuple[Cover, ...] = PEOPLE
) -> AccountFacts:
    """A household's facts once payments were taken in the order of their days."""
    told = tuple(sorted(events, key=lambda event: event.effective_on))
    facts = AccountFacts(JOINED, (PLAN,), covers, told)
    for day, amount in sorted(payments):
        known = replace(facts, events=tuple(event for event in told if event.effective_on <= day))
        parts = allot(known, paid_on=day, amount=amount).parts
        rows = tuple(
            Paid(day, part.target, part.amount, part.due.first_day if part.due else None)
            for part in parts
        )
        # A due on which something was paid keeps its amount: the book freezes it as a row.
        held = {due.first_day: due for due in facts.frozen}
        for part in parts:
            if part.due is not None:
                held.setdefault(part.due.first_day, replace(part.due, id=DueId(b"due")))
        facts = replace(
            facts,
            paid=(*facts.paid, *rows),
            frozen=tuple(sorted(held.values(), key=lambda due: due.first_day)),
        )
    return facts


def asked(facts: AccountFacts, day: date) -> list[Verdict]:
    account = account_on(facts, day)
    ids = sorted({cover.person_id for cover in facts.covers})
    return [verdict(rights_facts(facts, account, cover_on(facts, one, day), day)) for one in ids]


def answers(facts: AccountFacts, day: date) -> list[tuple[object, ...]]:
    """What was said that day of each person: not until when, which the future may shorten."""
    return [
        (told.answer, told.state, tuple(one.code for one in told.reasons), told.to_pay)
        for told in asked(facts, day)
    ]


@SETTINGS
@given(PAYMENTS, EVENTS, DAYS)
def test_later_payments_and_events_change_no_earlier_answer(
    payments: list[tuple[date, int]], events: list[Event], day: date
) -> None:
    before = lived(
        [one for one in payments if one[0] <= day],
        [one for one in events if one.effective_on <= day],
    )
    assert answers(lived(payments, events), day) == answers(before, day)


@SETTINGS
@given(PAYMENTS, DAYS, DAYS)
def test_who_comes_later_changes_no_earlier_answer(
    payments: list[tuple[date, int]], comes: date, day: date
) -> None:
    newcomer = replace(
        PEOPLE[1], id=CoverId(b"new"), suffix=6, person_id=PersonId(b"9"), first_day=comes
    )
    facts = lived(payments, [])
    later = replace(facts, covers=(*facts.covers, newcomer))
    if comes > day:
        # What the next period will cost is told with who is known to come; rights are not.
        before = [told[:3] for told in answers(facts, day)]
        assert [told[:3] for told in answers(later, day)[:6]] == before


@SETTINGS
@given(PAYMENTS, DAYS, st.integers(1, 100))
def test_a_commitment_that_begins_later_changes_no_earlier_answer(
    payments: list[tuple[date, int]], day: date, share: int
) -> None:
    facts = lived(payments, [])
    begins = (day + timedelta(days=40)).replace(day=1) + timedelta(days=40)
    sponsored = (Sponsored(begins, None, None, share, None, pays_fee=True),)
    assert answers(replace(facts, sponsored=sponsored), day) == answers(facts, day)


@SETTINGS
@given(PAYMENTS, EVENTS, DAYS)
def test_the_account_told_twice_is_the_same_account(
    payments: list[tuple[date, int]], events: list[Event], day: date
) -> None:
    facts = lived(payments, events)
    again = replace(facts, paid=tuple(facts.paid), covers=tuple(reversed(facts.covers)))
    assert account_on(facts, day) == account_on(facts, day)
    assert account_on(again, day) == account_on(facts, day)


@SETTINGS
@given(PAYMENTS, DAYS)
def test_whatever_was_paid_each_franc_lies_somewhere(
    payments: list[tuple[date, int]], day: date
) -> None:
    facts = lived(payments, [])
    paid = sum(amount for on, amount in payments if on <= day)
    account = account_on(facts, day)
    fee = sum(
        row.amount for row in facts.paid if row.target is Target.ENTRY_FEE and row.day <= day
    )
    dues = sum(row.amount for row in facts.paid if row.target is Target.DUE and row.day <= day)
    assert paid == fee + dues + account.credit
    assert account.credit >= 0
    assert all(state.paid <= state.due.amount for state in account.called)


@SETTINGS
@given(PAYMENTS, DAYS)
def test_what_a_no_asks_for_opens_rights_on_the_day_it_names(
    payments: list[tuple[date, int]], day: date
) -> None:
    past = [one for one in payments if one[0] <= day]
    facts = lived(past, [])
    for at, told in enumerate(asked(facts, day)):
        if told.answer is Answer.NO and told.to_pay and told.opens_on:
            after = lived([*past, (day, told.to_pay)], [])
            account = account_on(after, told.opens_on)
            late = account.tolerated_through
            if late is not None and late >= told.opens_on:
                assert asked(after, told.opens_on)[at].answer is Answer.YES
