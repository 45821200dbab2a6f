"""Who is covered when money came for some persons of a period alone (PER_PERSON_PARTIAL)."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from stepdesk.contributions.rules.amounts import counted, counting_day, due_amounts
from stepdesk.contributions.rules.calendar import DAY
from stepdesk.contributions.rules.replay import Life, calls_on, tolerated_through
from stepdesk.contributions.terms import Due, PartialRule
from stepdesk.members.rules import statutes_on
from stepdesk.values.ids import PersonId


def sums_by_person(life: Life, due: Due) -> Iterator[tuple[PersonId, int]]:
    """Yield whom a period is paid for, and what pays for everybody up to this person.

    The member comes first, then the others by suffix; the last sum is the whole due.
    Source: domain handbook 2.4, `partial_rule`.
    """
    facts, plan = life.facts, life.plan(due.first_day)
    effect = life.effect or due.first_day
    statutes = statutes_on(facts.statutes, due.first_day)
    day = counting_day(facts.covers, effect=effect, first_day=due.first_day)
    persons = sorted(counted(plan, facts.covers, day, statutes), key=attrgetter("suffix"))
    for at, one in enumerate(persons, 1):
        amount, _ = due_amounts(
            plan,
            persons[:at],
            effect=effect,
            first_day=due.first_day,
            until=due.until,
            statutes=statutes,
            sponsored=facts.sponsored,
            categories=facts.categories,
        )
        last = at == len(persons)
        yield one.person_id, due.amount if last else min(amount, due.amount)


def paid_for_some(life: Life, due: Due, purse: int) -> int:
    """Return what of a purse pays for as many persons of a period as it can; 0 for nobody more.

    What was paid on the due before counts. Under WHOLE_PERIODS_ONLY nobody is paid for alone.
    """
    if life.plan(due.first_day).partial_rule is not PartialRule.PER_PERSON_PARTIAL:
        return 0
    held = sum(part for _, part in life.rows.dues.get(due.first_day, ()))
    reach = [total - held for _, total in sums_by_person(life, due) if total - held <= purse]
    return max([0, *reach])


def partly_paid(life: Life) -> tuple[frozenset[PersonId], date | None]:
    """Return who has cover on the day of a suspension because they were paid for, and to what day.

    Who is paid for in every period whose grace is over. Nobody under WHOLE_PERIODS_ONLY, or when
    the period that holds the day was not called.
    """
    if life.stop is None or life.plan(life.day).partial_rule is PartialRule.WHOLE_PERIODS_ONLY:
        return frozenset(), None
    begun = [state for state in life.called if calls_on(life, state.due) <= life.day]
    if not begun or begun[-1].due.until <= life.day:
        return frozenset(), None
    unpaid = [state for state in begun if state.paid_on is None]
    late = [state for state in unpaid if tolerated_through(life, state.due) < life.day]
    found = [
        frozenset(
            person for person, total in sums_by_person(life, state.due) if total <= state.paid
        )
        for state in late
    ]
    if not late:
        return frozenset(), None
    ends = [tolerated_through(life, state.due) for state in unpaid if state not in late]
    return frozenset.intersection(*found), min([begun[-1].due.until - DAY, *ends])
