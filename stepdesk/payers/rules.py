"""What a payer's commitment takes over, and until when. Values in, values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from stepdesk.i18n import N_
from stepdesk.payers.terms import (
    Arrived,
    Group,
    Nomination,
    NominationStep,
    Owed,
    PayerAgreement,
    PayerKind,
    PayerMoney,
    PayerStatement,
    Sponsored,
    StatementLine,
    StatementShare,
    Step,
)
from stepdesk.values.ids import HouseholdId, PayerPaymentId, PersonId, StatementId
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
    """Return the commitments a nomination stands for, each with how its part comes to count."""
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
                    agreement.id,
                    on_cash=not agreement.on_commitment,
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


# Money

ROLE_OF: Mapping[PayerKind, str] = {
    PayerKind.STATE: "state_subsidy",
    PayerKind.NGO: "donor",
    **dict.fromkeys(
        (
            *(PayerKind.COMMUNE, PayerKind.DIASPORA, PayerKind.PARISH_MOSQUE, PayerKind.EMPLOYER),
            *(PayerKind.MFI, PayerKind.UNION_FUND, PayerKind.PRIVATE_SPONSOR),
        ),
        "payer_receivable",
    ),
}
"""The account on which each kind of payer owes. Source: domain handbook 3.2 and 3.3, P05."""


def cleared(
    statements: Sequence[PayerStatement], money: Sequence[PayerMoney], day: date
) -> tuple[dict[StatementId, int], int]:
    """Return what one payer's money covers of each statement on a day, and what is left as credit.

    Each sum goes to the statement it names, the rest of it and every other to the oldest open
    one; a statement below zero adds to what there is.

    Args:
        statements: The payer's, oldest first.
        money: The payer's, oldest first.
        day: What was issued, came and was taken back up to this day counts.

    Source: domain handbook 3.3, P08.
    """
    told = [one for one in statements if one.issued_on <= day]
    came = [
        one
        for one in money
        if one.paid_on <= day and (one.reversed_on is None or one.reversed_on > day)
    ]
    held = dict.fromkeys((one.id for one in told), 0)
    wanted = {one.id: max(one.amount, 0) for one in told}
    purse = sum(-one.amount for one in told if one.amount < 0)
    for one in came:
        left = one.amount
        if one.statement_id in held:
            named = min(wanted[one.statement_id] - held[one.statement_id], left)
            held[one.statement_id] += named
            left -= named
        purse += left
    for statement_id in held:
        part = min(wanted[statement_id] - held[statement_id], purse)
        held[statement_id] += part
        purse -= part
    return held, purse


def shares_of(
    statements: Sequence[PayerStatement], money: Sequence[PayerMoney], payment_id: PayerPaymentId
) -> tuple[tuple[StatementShare, ...], int]:
    """Return what one sum added to each statement, and to the payer's credit.

    It is the difference between what all the money covers with that sum and without it: what the
    sum names may have been covered before, and then it fills the next ones.

    Args:
        statements: The payer's that were issued, oldest first.
        money: The payer's that counts, that sum among it, oldest first.
        payment_id: Which sum.
    """
    days = [one.issued_on for one in statements] + [one.paid_on for one in money]
    last = max(days)
    others = [one for one in money if one.id != payment_id]
    with_it, credit = cleared(statements, money, last)
    without, credit_before = cleared(statements, others, last)
    shares = (
        StatementShare(one, with_it[one.id] - without[one.id], one.amount - with_it[one.id])
        for one in statements
    )
    return tuple(one for one in shares if one.amount), credit - credit_before


def lines_cleared(lines: Sequence[StatementLine], amount: int) -> tuple[StatementLine, ...]:
    """Return the lines a sum pays, whole and in their order; lines below zero add to the sum."""
    purse = amount - sum(line.amount for line in lines if line.amount < 0)
    found = [line for line in lines if line.amount < 0]
    for line in lines:
        if line.amount > purse:
            break
        if line.amount > 0:
            purse -= line.amount
            found.append(line)
    return tuple(found)


def arrivals(
    statements: Sequence[PayerStatement],
    lines: Mapping[StatementId, Sequence[StatementLine]],
    money: Sequence[PayerMoney],
) -> tuple[Arrived, ...]:
    """Return when one payer's money was there for each due, and when it was gone again, by day.

    Args:
        statements: The payer's, oldest first.
        lines: Those of each statement whose money is waited for; others are left out.
        money: The payer's, oldest first.

    Source: domain handbook 2.4, `subsidy_cover_rule` ON_CASH.
    """
    days = {one.issued_on for one in statements} | {one.paid_on for one in money}
    days |= {one.reversed_on for one in money if one.reversed_on is not None}
    found: list[Arrived] = []
    before: dict[tuple[HouseholdId, date], int] = {}
    for day in sorted(days):
        now: dict[tuple[HouseholdId, date], int] = {}
        for statement_id, amount in cleared(statements, money, day)[0].items():
            for line in lines_cleared(lines.get(statement_id, ()), amount) if amount else ():
                if line.kind is Owed.FEE:
                    continue
                key = (line.household_id, line.due_first_day)
                now[key] = now.get(key, 0) + line.amount
        for key in sorted({*before, *now}):
            moved = now.get(key, 0) - before.get(key, 0)
            if moved:
                found.append(Arrived(*key, day, moved))
        before = now
    return tuple(found)


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
