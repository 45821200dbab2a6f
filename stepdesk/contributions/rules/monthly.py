"""What months called of a household, and what was paid of it."""

from dataclasses import dataclass

from stepdesk.contributions.rules.replay import replay
from stepdesk.contributions.terms import AccountFacts
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class MonthlyDues:
    """A household's line in the register of contributions; minor units.

    `due`, `paid` and `payers` are of periods that begin in the months: the member's part, what
    was paid of it, and what payers take over. `arrears` is open of all dues that fell due by
    their end, `advance` what was paid for later periods, and credit.
    """

    due: int
    paid: int
    payers: int
    arrears: int
    advance: int


def dues_of_months(facts: AccountFacts, first: Month, last: Month) -> MonthlyDues:
    """Return what months called, both included, and what was paid of it by their last day.

    Source: domain handbook 1.3, D08, and 4.3, C01 to C05.
    """
    begins, ends = first.first, last.last
    life = replay(facts, ends)
    here = [one for one in life.called if begins <= one.due.first_day <= ends]
    later = sum(one.paid for one in life.called if one.due.first_day > ends)
    return MonthlyDues(
        sum(one.due.amount for one in here),
        sum(one.paid for one in here),
        sum(one.due.payer_amount for one in here),
        sum(one.open for one in life.called if one.paid_on is None and one.due.due_on <= ends),
        later + life.rows.credit,
    )
