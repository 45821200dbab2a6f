"""How one sum of a group fills the households of its ordered list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.contributions.rules.allotting import life_for_payment
from stepdesk.contributions.rules.offers import to_pay
from stepdesk.contributions.rules.replay import ended_on
from stepdesk.contributions.terms import AccountFacts
from stepdesk.payers.rules import fill_in_order
from stepdesk.values.ids import HouseholdId


@dataclass(frozen=True, slots=True)
class Filling:
    """What a sum does for a list: what each household wants and gets, and what is left over.

    `next_one` is the first household of the list that wants more than is left, or, when all are
    filled, the first of the list; None on an empty list.
    """

    wanted: Mapping[HouseholdId, int]
    gets: Mapping[HouseholdId, int]
    left: int
    next_one: HouseholdId | None

    @property
    def asking(self) -> int:
        return sum(1 for wanted in self.wanted.values() if wanted)


def filling(
    listed: Sequence[tuple[HouseholdId, AccountFacts]],
    *,
    paid_on: date,
    amount: int,
    periods: int = 0,
) -> Filling:
    """Return whom a group's sum fills: in the list's order, each whole, never by parts of all.

    A household wants what brings it up to date on the day, or its next period when it is up to
    date; and `periods` further. Whose membership has ended wants nothing.
    Source: domain handbook 2.5.
    """
    wanted = {one: _wanted(facts, paid_on, periods) for one, facts in listed}
    gets, left = fill_in_order(tuple(wanted.items()), amount)
    open_ones = (one for one, asked in wanted.items() if asked and one not in gets)
    first = next(iter(wanted), None)
    return Filling(wanted, gets, left, next(open_ones, first))


def _wanted(facts: AccountFacts, paid_on: date, periods: int) -> int:
    if ended_on(facts, paid_on) is not None:
        return 0
    life = life_for_payment(facts, paid_on)
    now = to_pay(life, paid_on, periods)
    return now or to_pay(life, paid_on, periods + 1)
