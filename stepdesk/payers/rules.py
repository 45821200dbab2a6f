"""What a payer's commitment takes over, and until when. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from stepdesk.i18n import N_
from stepdesk.payers.terms import (
    Group,
    Nomination,
    NominationStep,
    PayerAgreement,
    Sponsored,
    Step,
)
from stepdesk.values.ids import HouseholdId, PersonId
from stepdesk.values.money import round_half_up

_BEGINS = frozenset({Step.COVERED, Step.RENEWED})


def payer_part(
    sponsored: Iterable[Sponsored], person_id: PersonId | None, day: date, cost: int
) -> int:
    """Return what payers take over of a person's cost, or of a household's when none is named.

    Never more than the cost. Source: domain handbook 2.4 (`subsidy`) and 2.6.
    """
    part = 0
    for one in sponsored:
        if one.holds(day) and (one.person_id is None or one.person_id == person_id):
            share = 0 if one.share is None else round_half_up(cost * one.share, 100)
            part += share + (one.amount or 0)
    return min(part, cost)


def stretches(steps: Sequence[NominationStep]) -> tuple[tuple[date, date | None], ...]:
    """Return when a nomination gives cover: from COVERED or RENEWED to its end, or ENDED.

    Source: domain handbook 2.6, life cycle of a sponsored person.
    """
    found: list[tuple[date, date | None]] = []
    for step in sorted(steps, key=lambda step: step.effective_on):
        if step.step in _BEGINS:
            if found and (found[-1][1] is None or found[-1][1] > step.effective_on):
                found[-1] = (found[-1][0], step.effective_on)
            found.append((step.effective_on, step.until))
        elif step.step is Step.ENDED and found:
            first_day, until = found[-1]
            if until is None or step.effective_on < until:
                found[-1] = (first_day, max(first_day, step.effective_on))
    return tuple((first, until) for first, until in found if until is None or first < until)


def sponsorship(nomination: Nomination, agreement: PayerAgreement) -> tuple[Sponsored, ...]:
    """Return the commitments a nomination stands for; none where only money that came counts."""
    if not agreement.on_commitment:
        return ()
    found = []
    for first_day, until in stretches(nomination.steps):
        first = max(first_day, agreement.first_day)
        ends = [end for end in (until, agreement.until) if end is not None]
        last = min(ends, default=None)
        if last is None or first < last:
            found.append(
                Sponsored(
                    first,
                    last,
                    nomination.person_id,
                    agreement.share,
                    agreement.amount,
                    agreement.pays_fee,
                )
            )
    return tuple(found)


# Steps

FOLLOWING: Mapping[Step, frozenset[Step]] = {
    Step.NOMINATED: frozenset({Step.VALIDATED, Step.REFUSED}),
    Step.VALIDATED: frozenset({Step.APPROVED, Step.REFUSED}),
    Step.APPROVED: frozenset({Step.COVERED, Step.REFUSED}),
    Step.COVERED: frozenset({Step.RENEWED, Step.ENDED}),
    Step.RENEWED: frozenset({Step.RENEWED, Step.ENDED}),
    Step.ENDED: frozenset(),
    Step.REFUSED: frozenset(),
}
"""Which steps may follow one in the life of a nomination. Source: domain handbook 2.6."""

STEP_WORDS: Mapping[Step, str] = {
    Step.NOMINATED: N_("put forward"),
    Step.VALIDATED: N_("validated by the committee"),
    Step.APPROVED: N_("approved by the payer"),
    Step.COVERED: N_("covered"),
    Step.RENEWED: N_("renewed"),
    Step.ENDED: N_("ended"),
    Step.REFUSED: N_("refused"),
}


def is_open(nomination: Nomination, day: date) -> bool:
    """Whether a nomination is under way or gives cover on a day or later."""
    if nomination.step in {Step.NOMINATED, Step.VALIDATED, Step.APPROVED}:
        return True
    return any(until is None or day < until for _, until in stretches(nomination.steps))


# Groups


def share_reached(group: Group) -> bool:
    """Whether enough of a group's people are covered for waiting to be waived; 2.5."""
    return group.min_share is not None and 100 * group.enrolled >= group.min_share * group.people


def fill_in_order(
    owed: Sequence[tuple[HouseholdId, int]], amount: int
) -> tuple[dict[HouseholdId, int], int]:
    """Return what each household of a group's list gets of one sum, and what is left of it.

    Households are filled whole in the list's order, and the first that cannot be filled ends it:
    shared out by parts nobody would be covered. What is left stays the group's credit. Who owes
    nothing gets nothing. Source: domain handbook 2.5.
    """
    filled: dict[HouseholdId, int] = {}
    for household_id, wanted in owed:
        if wanted > amount:
            break
        if wanted > 0:
            filled[household_id] = wanted
            amount -= wanted
    return filled, amount
