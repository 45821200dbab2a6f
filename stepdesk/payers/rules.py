"""What a payer's commitment takes over, and until when. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
    sponsored: Iterable[Sponsored],
    person_id: PersonId | None,
    day: date,
    cost: int,
    *,
    rounding: int = 1,
) -> int:
    """Return what payers take over of a person's cost, or of a household's when none is named.

    What a share leaves is rounded half up to `rounding`, so that it can be paid; never more than
    the cost. Source: domain handbook 2.4 (`subsidy`, `rounding`) and 2.6.
    """
    part = 0
    for one in sponsored:
        if one.holds(day) and (one.person_id is None or one.person_id == person_id):
            part += one.amount or 0
            if one.share is not None:
                left = round_half_up(cost * (100 - one.share), 100, step=rounding)
                part += max(cost - left, 0)
    return min(part, cost)


def stretches(steps: Sequence[NominationStep]) -> tuple[tuple[date, date | None], ...]:
    """Return when a nomination gives cover: from COVERED or RENEWED to its end, or ENDED.

    Source: domain handbook 2.6, life cycle of a sponsored person.
    """
    return tuple((one.first_day, one.until) for one in _promised(steps) if one.untold_on is None)


def _promised(steps: Sequence[NominationStep]) -> list[Sponsored]:
    """Return the days promised, each with the days on which that was told and taken back.

    A renewal adds what was not promised before; what a step cuts off stays told until then.
    """
    found: list[Sponsored] = []
    for step in sorted(steps, key=lambda step: step.effective_on):
        if step.step is Step.ENDED:
            found = _cut(found, step.effective_on, step.recorded_on)
        elif step.step in _BEGINS:
            found = _cut(found, step.until, step.recorded_on)
            first: date | None = step.effective_on
            for one in found:
                if first and one.untold_on is None and one.holds(first):
                    first = one.until
            if first and (step.until is None or first < step.until):
                found.append(Sponsored(first, step.until, told_on=step.recorded_on))
    return found


def _cut(promised: Sequence[Sponsored], until: date | None, told_on: date) -> list[Sponsored]:
    """End what is promised before a day; the rest was promised until that was told."""
    if until is None:
        return list(promised)
    found: list[Sponsored] = []
    for one in promised:
        if one.untold_on is not None or (one.until is not None and one.until <= until):
            found.append(one)
            continue
        if one.first_day < until:
            found.append(replace(one, until=until))
        gone = replace(one, first_day=max(one.first_day, until), untold_on=told_on)
        if one.told_on is None or one.told_on < told_on:
            found.append(gone)
    return sorted(found, key=lambda one: one.first_day)


def sponsorship(nomination: Nomination, agreement: PayerAgreement) -> tuple[Sponsored, ...]:
    """Return the commitments a nomination stands for; none where only money that came counts."""
    if not agreement.on_commitment:
        return ()
    found = []
    for one in _promised(nomination.steps):
        first = max(one.first_day, agreement.first_day)
        ends = [end for end in (one.until, agreement.until) if end is not None]
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
                    one.told_on,
                    one.untold_on,
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
