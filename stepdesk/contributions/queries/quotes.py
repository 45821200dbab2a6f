"""What a household would pay on a day, and whose paid term ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import each_facts, facts_of
from stepdesk.contributions.terms import Quote, Renewal
from stepdesk.values.ids import HouseholdId

PROMPTED = 14
"""Days before the end of a term in which a renewal is asked for. Source: openIMIS handbook 2.7."""


def quote_of(connection: Connection, household_id: HouseholdId, day: date) -> Quote:
    """Return what a household pays at once that enters or renews its term on a day.

    Raises:
        LookupError: when there is no such household.
    """
    facts = facts_of(connection, household_id)
    account = rules.account_on(facts, day)
    renewal = account.entered_on is not None
    ended = account.called[-1].due.until if renewal and account.called else None
    return rules.quote(
        facts.plans,
        facts.covers,
        day,
        renewal=renewal,
        ended=ended,
        statutes=facts.statutes,
        sponsored=facts.sponsored,
        categories=facts.categories,
    )


@dataclass(frozen=True, slots=True)
class RenewalDue:
    """A household whose paid term ends, or has ended, and is not followed by another."""

    household_id: HouseholdId
    covered_through: date


def renewals(connection: Connection, day: date, *, within: int = PROMPTED) -> Iterator[RenewalDue]:
    """Yield whose term, renewed by paying, ends within so many days or has ended, by household.

    Who never entered and whose membership has ended is left out.
    Source: openIMIS handbook 2.7.
    """
    for household_id, facts in each_facts(connection):
        if rules.plan_on(facts.plans, day).renewal is not Renewal.ON_PAYMENT:
            continue
        account, ended = rules.account_on(facts, day), rules.ended_on(facts, day)
        through = account.covered_through
        if ended is None and through is not None and through <= day + timedelta(days=within):
            yield RenewalDue(household_id, through)
