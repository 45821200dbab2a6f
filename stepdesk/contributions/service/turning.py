"""What credit paid by itself is written down for a whole scheme, when a month closes."""

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.writing import write_turns
from stepdesk.contributions.terms import AccountFacts, Target
from stepdesk.store.work import Work
from stepdesk.values.month import Month


def spend_credit(work: Work, *, month: Month) -> int:
    """Write down what credit paid by itself up to a month's end; return for how many households.

    What a closed month has seen paid is frozen then: nothing told later about the family changes
    it. Who has no credit, and no family that changed after it paid, is not looked at closely.
    Source: docs/decisions/0032.
    """
    found = [
        household_id
        for household_id, facts in queries.each_facts(work.connection)
        if _may_turn(facts) and rules.turned(facts, month.last)
    ]
    for household_id in found:
        facts = queries.facts_of(work.connection, household_id)
        write_turns(work, household_id, facts, month.last)
    return len(found)


def _may_turn(facts: AccountFacts) -> bool:
    credit = sum(one.amount for one in facts.paid if one.target is Target.CREDIT)
    changed = any(event.person_id for event in facts.events)
    return credit > 0 or (changed and any(one.charge_added for one in facts.plans))
