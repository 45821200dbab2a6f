"""What a payer's commitment takes over, and until when. Values in, values out."""

from collections.abc import Iterable, Sequence
from datetime import date

from stepdesk.payers.terms import Nomination, NominationStep, PayerAgreement, Sponsored, Step
from stepdesk.values.ids import PersonId
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
