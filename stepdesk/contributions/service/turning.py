"""What credit paid by itself is written down for a whole scheme, when a month closes."""

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.writing import write_turns
from stepdesk.contributions.terms import AccountFacts, Target
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month


def spend_credit(work: Work, *, month: Month) -> int:
    """Write down what credit paid by itself up to a month's end; return for how many households.

    See `facts_after_turns`.
    """
    return facts_after_turns(work, month=month)[1]


def facts_after_turns(
    work: Work, *, month: Month, progress: Progress | None = None
) -> tuple[dict[HouseholdId, AccountFacts], int]:
    """Write down what credit paid by itself, as a month closes.

    What a closed month has seen paid is frozen then: nothing told later about the family changes
    it. Who has no credit, and no family that changed after it paid, is not looked at closely.
    Source: docs/decisions/0032.

    Returns:
        The facts of every household with it, read once for the whole run, and for how many
        households something was written.
    """
    facts = dict(queries.each_facts(work.connection, progress=progress))
    found = [
        household_id
        for household_id, known in facts.items()
        if _may_turn(known) and rules.turned(known, month.last)
    ]
    for household_id in found:
        named = queries.facts_of(work.connection, household_id)
        facts[household_id] = write_turns(work, household_id, named, month.last)
    return facts, len(found)


def _may_turn(facts: AccountFacts) -> bool:
    credit = sum(one.amount for one in facts.paid if one.target is Target.CREDIT)
    changed = any(event.person_id for event in facts.events)
    return credit > 0 or (changed and any(one.charge_added for one in facts.plans))
