"""What a month called of a household, and what was paid of it."""

from dataclasses import dataclass
from datetime import date

from stepdesk.contributions.rules.replay import replay
from stepdesk.contributions.terms import AccountFacts
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class MonthlyDues:
    """A household's line in the register of contributions; minor units.

    `due`, `paid` and `payers` are of periods that begin in the month: the member's part, what was
    paid of it, and what payers take over. `arrears` is open of all dues that fell due, `advance` what was paid for later periods and
    credit.
    """

    due: int
    paid: int
    payers: int
    arrears: int
    advance: int


def dues_of_month(facts: AccountFacts, month: Month, *, day: date | None = None) -> MonthlyDues:
    """Return what a month called and what was paid of it by a day, its last one when left out.

    Source: domain handbook 1.3, D08, and 4.3, C01 to C05.
    """
    on = day or month.last
    life = replay(facts, on)
    here = [one for one in life.called if month.first <= one.due.first_day <= month.last]
    later = sum(one.paid for one in life.called if one.due.first_day > month.last)
    return MonthlyDues(
        sum(one.due.amount for one in here),
        sum(one.paid for one in here),
        sum(one.due.payer_amount for one in here),
        sum(one.open for one in life.called if one.paid_on is None and one.due.due_on <= on),
        later + life.rows.credit,
    )
