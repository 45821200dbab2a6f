"""What is doubted before money is taken; whoever takes it may accept each doubt by its name."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import text

from stepdesk.contributions import queries, rules
from stepdesk.contributions.terms import AccountFacts, Allotment, Means, Target
from stepdesk.errors import Caution, Doubt
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

MUCH = 5
"""An amount this many times the usual one is doubted. Source: screens handbook 2.4."""

_Asked = tuple[Text, str] | None
"""A sentence and the field it belongs beside, or nothing to doubt."""

_THAT_DAY = text(
    "SELECT p.letter, p.year, p.serial, p.legacy_number, p.amount FROM payment p"
    " WHERE p.household_id = :household AND p.paid_on = :day AND +p.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id LIMIT 1"
)


def doubt(
    work: Work,
    household_id: HouseholdId,
    facts: AccountFacts,
    allotment: Allotment,
    day: date,
    *,
    booked_on: date,
    means: Means,
    reference: str,
    accepting: frozenset[str],
    odd: tuple[Doubt, ...] = (),
) -> None:
    """Ask about everything unusual at once; `odd` is what is doubted of a leaf of paper.

    `booked_on` is another day than `day` when that one's month is closed.

    Raises:
        Caution: with each doubt that was not accepted.
    """
    amount = allotment.total
    asked = (
        ("much", lambda: _much(work, facts, amount, day)),
        ("ended", lambda: _ended(facts, day)),
        ("closed_entry", lambda: _closed_entry(facts, day)),
        ("closed_month", lambda: _closed(day, booked_on)),
        ("same_day", lambda: _same_day(work, household_id, facts, day)),
        ("ahead", lambda: _ahead(work, facts, allotment, day)),
        ("no_reference", lambda: _no_reference(means, reference)),
    )
    told = tuple(_told((name, ask) for name, ask in asked if name not in accepting))
    told += tuple(one for one in odd if one.name not in accepting)
    if told:
        raise Caution(told)


def _told(asked: Iterator[tuple[str, Callable[[], _Asked]]]) -> Iterator[Doubt]:
    for name, ask in asked:
        found = ask()
        if found is not None:
            yield Doubt(name, *found)


def _much(work: Work, facts: AccountFacts, amount: int, day: date) -> _Asked:
    usual = _usual(facts, amount, day)
    if not usual:
        return None
    told = N_("{amount} is much more than the usual {usual}. Is there a zero too many?")
    values = {"amount": Money(amount, work.currency), "usual": Money(usual, work.currency)}
    return Text(told, values), "amount"


def _usual(facts: AccountFacts, amount: int, day: date) -> int:
    """Return the usual amount when this one is much more, else 0."""
    regular = rules.regular_amount(facts, day)
    if amount <= MUCH * regular:
        return 0
    usual = max(rules.account_on(facts, day).to_pay, regular)
    return usual if amount > MUCH * usual else 0


def _ended(facts: AccountFacts, day: date) -> _Asked:
    ended = rules.ended_on(facts, day)
    if ended is None:
        return _struck_off(facts, day)
    told = N_(
        "The membership ended on {day}: no contributions are called any more. Readmit the "
        "household first, or take only what it still owes."
    )
    return Text(told, {"day": ended}), "household"


def _struck_off(facts: AccountFacts, day: date) -> _Asked:
    if not rules.struck_off_by_time(facts, day):
        return None
    told = N_(
        "The household has not paid for so long that it is struck off. Readmit it first, or"
        " take the money all the same: it then comes back without a new entry."
    )
    return Text(told), "household"


def _closed_entry(facts: AccountFacts, day: date) -> _Asked:
    opens = rules.entry_opens(facts, day)
    if opens is None:
        return None
    told = N_(
        "Entry is closed. Go on if the household is to be a member from {day} on, when it opens."
    )
    return Text(told, {"day": opens}), "day"


def _closed(day: date, booked_on: date) -> _Asked:
    if booked_on == day:
        return None
    told = N_(
        "{month} is closed. Go on if the receipt is to keep its day and the money is to be booked in {open}."
    )
    values = {"month": Month.of(day), "open": Month.of(booked_on)}
    return Text(told, values), "day"


def _same_day(work: Work, household_id: HouseholdId, facts: AccountFacts, day: date) -> _Asked:
    if not any(paid.day == day for paid in facts.paid):
        return None
    row = work.row(_THAT_DAY, household=household_id, day=day.isoformat())
    if row is None:
        return None
    told = N_(
        "This household paid {amount} on {day} already, receipt {number}. Is this another payment?"
    )
    number = queries.number(row.letter, row.year, row.serial, row.legacy_number)
    values: dict[str, Value] = {
        "amount": Money(row.amount, work.currency),
        "day": day,
        "number": number,
    }
    return Text(told, values), "household"


def _ahead(work: Work, facts: AccountFacts, allotment: Allotment, day: date) -> _Asked:
    """Doubt money nobody may spend yet: what buys a further period and is beyond the advance."""
    if not any(part.target is Target.CREDIT and part.amount > 0 for part in allotment.parts):
        return None
    left = rules.beyond_advance(facts, allotment, paid_on=day)
    if not left or allotment.covered_through is None:
        return None
    told = N_(
        "No more may be paid ahead than through {day}. Give {left} back, or go on to keep it as credit until then."
    )
    values: dict[str, Value] = {
        "day": allotment.covered_through,
        "left": Money(left, work.currency),
    }
    return Text(told, values), "amount"


def _no_reference(means: Means, reference: str) -> _Asked:
    if means is not Means.MOBILE or reference.strip():
        return None
    told = N_("Type the number the telephone gave this transfer, or go on without it.")
    return Text(told), "reference"
