"""Which payer takes over how much of a due, and for whom. Values in, values out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from stepdesk.contributions.rules.amounts import paid_elsewhere
from stepdesk.contributions.rules.calendar import plan_on
from stepdesk.contributions.terms import AccountFacts, Basis, Due, PlanVersion
from stepdesk.members.rules import statutes_on, within_age
from stepdesk.members.terms import Cover
from stepdesk.payers.rules import payer_part
from stepdesk.payers.terms import Sponsored
from stepdesk.values.ids import PayerAgreementId, PersonId
from stepdesk.values.money import split


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one agreement takes over of a due for a person, or for the household as one (None)."""

    agreement_id: PayerAgreementId
    person_id: PersonId | None
    amount: int
    on_cash: bool


def payer_shares(facts: AccountFacts, due: Due) -> tuple[PayerShare, ...]:
    """Return who pays how much of a due's `payer_amount` for whom; together they are all of it.

    Nobody, when no commitment holds that takes over anything of it: one that was ended before the
    due's first day owes nothing for it. A first period that begins before anybody's cover counts
    those covered on the first day of cover, as the due does.
    Source: domain handbook 2.4, dues generation, and 2.6.
    """
    if not due.payer_amount:
        return ()
    day = due.first_day
    begun = min((cover.first_day for cover in facts.covers), default=day)
    counted_on = begun if day < begun < due.until else day
    held = [
        one for one in facts.sponsored if one.holds(counted_on) and one.agreement_id is not None
    ]
    weighed = [told for one in held for told in _weights(facts, due, one, counted_on)]
    if not weighed:
        return ()
    weights = [weight for _, _, weight in weighed]
    if not sum(weights):
        weights = [1] * len(weights)
    return tuple(
        PayerShare(one.agreement_id, person_id, amount, one.on_cash)
        for (one, person_id, _), amount in zip(
            weighed, split(due.payer_amount, weights), strict=True
        )
        if amount and one.agreement_id is not None
    )


def _weights(
    facts: AccountFacts, due: Due, one: Sponsored, day: date
) -> Iterator[tuple[Sponsored, PersonId | None, int]]:
    """Yield what a commitment would take over for each head of the household by itself."""
    plan = plan_on(facts.plans, due.first_day)
    if plan.basis is not Basis.PER_PERSON:
        whole = due.amount + due.payer_amount
        yield one, one.person_id, payer_part([one], one.person_id, day, whole)
        return
    for cover in _heads(facts, plan, day):
        if one.person_id in {None, cover.person_id} and not paid_elsewhere(cover, due.until):
            part = payer_part([one], cover.person_id, day, plan.amount, rounding=plan.rounding)
            yield one, cover.person_id, part


def _heads(facts: AccountFacts, plan: PlanVersion, day: date) -> Iterator[Cover]:
    statutes = statutes_on(facts.statutes, day)
    for cover in facts.covers:
        dead = cover.deceased_on is not None and cover.deceased_on < day
        if cover.holds(day) and not dead and within_age(cover, plan.child_max_age, statutes, day):
            yield cover


def waited_for(facts: AccountFacts, due: Due) -> int:
    """Return what of a due counts only once payers' money for it came (ON_CASH)."""
    if not due.payer_amount or not any(one.on_cash for one in facts.sponsored):
        return 0
    return sum(share.amount for share in payer_shares(facts, due) if share.on_cash)
