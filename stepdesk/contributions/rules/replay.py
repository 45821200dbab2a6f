"""A household's account is replayed from its facts.

Nothing here touches the book, the screen or the clock. Amounts are whole minor units; a range
ends before its `until`. Source: domain handbook 2.2 to 2.4 and 2.8.

A household's life is told from its facts alone, never from a stored state:

* Before entry there are no periods. The effect date of a term is the smallest period on which
  the allocations up to the day add up to more than nothing; the household entered on the day its
  entry fee and its first `min_first_periods` dues were paid. A reversal can undo the entry.
* The plan version at the effect date decides the calendar; the version on a period's first day
  its amount, due day and grace. The entry fee is that of the day of joining.
* A due is paid on the day the sums at the ends of days reached its amount and stayed there.
  It is tolerated to `due_on + grace_days`, included; the day after, the household is suspended.
  When a reversal reopens a due later than that, the suspension begins with the reversal.
* During a suspension `dues_during_suspension` says which periods are still called. A period
  paid for is always called. The household is reinstated on the first day on which every called
  due that has begun, and the period containing that day, is paid; periods not called in between
  stay a gap for ever, and cover continues with the period of reinstatement.
* With `Renewal.ON_PAYMENT` a period is called only by paying it. When the next one is not paid
  within its grace the term has lapsed, and the next payment begins a new term.
* An ending calls nothing from its first day on; a readmission starts anew with what is paid from
  that day on: another entry fee where the statutes of that day ask for it, and whole waiting.
* A payer's commitment takes its part from a due, by the period's first day. Where nothing is left
  to pay, the household enters on the day the commitment gives cover. One told under an old day
  counts from the day it was told, as money does: what it takes over is paid that day. Where only
  money that came counts, its part of a due is paid on the day the payer's money for it came.
* Waiting served elsewhere, or waived, counts from the day the event says. Who came with it and
  pays later than at once has not waited in between: it ends so many days later.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count, islice
from operator import attrgetter

from stepdesk.contributions.rules.adjusting import Adjusted, adjusted, called_on
from stepdesk.contributions.rules.amounts import counted, counting_day, due_amounts
from stepdesk.contributions.rules.calendar import (
    DAY,
    Key,
    due_day_of,
    effect_date_of,
    period_at,
    plan_on,
    start_of,
    starts,
)
from stepdesk.contributions.rules.fees import fees_on
from stepdesk.contributions.rules.memberships import of_membership
from stepdesk.contributions.rules.payer_parts import waited_for
from stepdesk.contributions.terms import (
    AccountFacts,
    Due,
    DueKind,
    DuesDuringSuspension,
    DueState,
    Fee,
    Paid,
    Part,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonCover,
    Suspension,
    Target,
    Turn,
)
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import ENDINGS, FEE_FREE, Event, EventKind
from stepdesk.values.ids import DueId, PayerAgreementId, PersonId
from stepdesk.values.month import add_months

# A member of an enumeration is looked up slowly, and every payment asks for these.
_ENTRY_FEE, _CREDIT, _DUE = Target.ENTRY_FEE, Target.CREDIT, Target.DUE
_GROUPS = frozenset({EventKind.GROUP_JOINED, EventKind.GROUP_LEFT})


@dataclass(slots=True)
class Rows:
    """The allocations up to a day, by what they went to: rows of (day, amount)."""

    fee: list[tuple[date, int]] = field(default_factory=list)
    dues: dict[date, list[tuple[date, int]]] = field(default_factory=dict)
    other: dict[Key, list[tuple[date, int]]] = field(default_factory=dict)
    credit: int = 0
    days: list[date] = field(default_factory=list)

    def held(self, key: Key) -> int:
        """Return what a fee, a penalty or an adjustment holds."""
        return sum(part for _, part in self.other.get(key, ()))


@dataclass(slots=True)
class Life:
    """A household's life as it has been replayed so far.

    `firsts` are the first days of the periods money went to, in order, and `paid_for` the same;
    `owed` those of periods a register told to be owed.
    `fee` is the entry fee asked of the household, `fee_open` what is not paid of it. `effect` is
    the present term's, `index` the calendar index of the period after the last
    called one. `stop` is the first day of an open suspension, `called_in_stop` how many periods
    it called; `breaches` the days on which called dues left their grace unpaid; `tried` the
    place in `rows.days` up to which a reinstatement was looked for, `cleared` how many of the
    called dues were paid by the day last tried; `reckoned` keeps the dues of a term by their
    index, because several questions ask for the same ones. `adjusted` are the
    adjustments above nothing called by the day, oldest first, `given_back` those below. `fees_off`
    is what a discount takes off the fees of the first period but the entry fee.
    """

    facts: AccountFacts
    day: date
    rows: Rows
    frozen: dict[date, Due]
    ended: list[tuple[date, date]]
    anew: date
    firsts: list[date] = field(default_factory=list)
    paid_for: frozenset[date] = frozenset()
    owed: frozenset[date] = frozenset()
    fee: int = 0
    fee_open: int = 0
    fee_paid_on: date | None = None
    entered_on: date | None = None
    effect: date | None = None
    index: int = 0
    called: list[DueState] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    stop: date | None = None
    called_in_stop: int = 0
    committed: bool = False
    breaches: list[tuple[date, date]] = field(default_factory=list)
    tried: int = 0
    cleared: int = 0
    reckoned: dict[tuple[date, int], Due] = field(default_factory=dict)
    arrived: dict[date, list[tuple[date, int]]] = field(default_factory=dict)
    adjusted: list[DueState] = field(default_factory=list)
    given_back: list[Adjusted] = field(default_factory=list)
    fees_off: int = 0

    def plan(self, day: date) -> PlanVersion:
        return plan_on(self.facts.plans, day)

    def has_ended(self, day: date) -> bool:
        return any(first <= day < until for first, until in self.ended)

    @property
    def lapsed(self) -> bool:
        """Whether a term paid in advance ran out, so that the next payment begins a new one."""
        return (
            self.stop is not None
            and self.effect is not None
            and not self.committed
            and self.plan(self.effect).renewal is Renewal.ON_PAYMENT
        )


def _endings(events: Sequence[Event], day: date) -> tuple[list[tuple[date, date]], date]:
    """Return the stretches in which a membership had ended, and the last readmission up to day."""
    ended: list[tuple[date, date]] = []
    anew, since = date.min, None
    for event in sorted(events, key=lambda event: event.effective_on):
        if not event.known(day):
            continue
        if event.kind in ENDINGS:
            since = since or event.effective_on
        elif event.kind is EventKind.READMITTED and event.effective_on <= day:
            ended += [(since, event.effective_on)] if since else []
            anew, since = event.effective_on, None
    if since:
        ended.append((since, date.max))
    return ended, anew


def ended_on(facts: AccountFacts, day: date) -> date | None:
    """Return the first day without membership of a household whose membership has ended by a day.

    Source: domain handbook 2.2: its contributions are called no more.
    """
    ended, _ = _endings(facts.events, day)
    return next((first for first, until in ended if first <= day < until), None)


def _rows(
    facts: AccountFacts, day: date, anew: date, fee_since: date, frozen: Mapping[date, Due]
) -> Rows:
    rows, last = Rows(), None
    known = {due.first_day for due in facts.frozen} if anew > date.min else set()
    for paid in facts.paid:
        paid_on, target = paid.day, paid.target
        if paid_on > day:
            continue
        if target is _CREDIT:
            rows.credit += paid.amount
        elif target is not _DUE:
            _note_other(rows, paid, fee_since)
        elif paid.due_first_day and (anew == date.min or _of_this(paid, anew, frozen, known)):
            rows.dues.setdefault(paid.due_first_day, []).append((paid_on, paid.amount))
        if paid_on != last:
            rows.days.append(paid_on)
            last = paid_on
    return rows


def _of_this(paid: Paid, anew: date, frozen: Mapping[date, Due], known: set[date]) -> bool:
    """Whether what went to a due went there in the membership that began anew on a day.

    A receipt of an earlier one that is reversed since takes nothing from this one.
    """
    if paid.day < anew or paid.due_first_day is None:
        return False
    due = frozen.get(paid.due_first_day)
    if due is None:
        return paid.since == anew or paid.due_first_day not in known
    return due.told_on == paid.since


def _note_other(rows: Rows, paid: Paid, fee_since: date) -> None:
    """Note what is no period; what came with entering counts from the last entry on."""
    if paid.due_first_day is None and (paid.taken_of or paid.day) < fee_since:
        return
    if paid.target is _ENTRY_FEE:
        rows.fee.append((paid.day, paid.amount))
    else:
        key = (paid.target, paid.due_first_day)
        rows.other.setdefault(key, []).append((paid.day, paid.amount))


def standing(rows: Sequence[tuple[date, int]], amount: int) -> tuple[int, date | None, date]:
    """Return the sum, the day since which it reaches the amount, and the day it last fell.

    Only the ends of days count: taken back and paid again on one day changes nothing.
    """
    total, reached, fell = 0, None, date.min
    for at, (day, part) in enumerate(rows, 1):
        total += part
        if at < len(rows) and rows[at][0] == day:
            continue
        if total >= amount:
            reached = reached or day
        elif reached:
            reached, fell = None, day
    return total, reached, fell


def _state(life: Life, due: Due) -> tuple[DueState, date]:
    total, reached, fell = standing(life.rows.dues.get(due.first_day, ()), due.amount)
    paid_on = reached if due.amount else _taken_over_on(life, due)
    wanted = waited_for(life.facts, due)
    if wanted:
        _, came, gone = standing(life.arrived.get(due.first_day, ()), wanted)
        paid_on = max(paid_on, came) if paid_on and came else None
        fell = max(fell, gone)
    return DueState(due, total, paid_on), fell


def _came_on(life: Life, due: Due) -> date | None:
    """Return since when the money a due waits for is there; the first day of all for none."""
    wanted = waited_for(life.facts, due)
    return standing(life.arrived.get(due.first_day, ()), wanted)[1] if wanted else date.min


def _taken_over_on(life: Life, due: Due) -> date:
    """Return the day a due without anything to pay counts as paid. 2.8 (b), 2.6."""
    told = [
        one.told_on
        for one in life.facts.sponsored
        if one.told_on is not None and one.holds(due.first_day)
    ]
    return max([due.first_day, *told])


def dues(life: Life, effect: date, start: int = 0) -> Iterator[Due]:
    """Yield a term's dues without end, as they are frozen or else as they come out now."""
    for index in count(start):
        due = life.reckoned.get((effect, index))
        if due is None:
            due = life.reckoned[effect, index] = _due(life, effect, index)
        yield due


def _due(life: Life, effect: date, index: int) -> Due:
    calendar = life.plan(effect)
    first_day = start_of(calendar, effect, index)
    frozen = life.frozen.get(first_day)
    if frozen is not None:
        return frozen
    plan, until = life.plan(first_day), period_at(calendar, effect, index)[1]
    amount, taken = due_amounts(
        plan,
        life.facts.covers,
        effect=effect,
        first_day=first_day,
        until=until,
        statutes=statutes_on(life.facts.statutes, first_day),
        sponsored=life.facts.sponsored,
        categories=life.facts.categories,
    )
    due_day = due_day_of(plan, calendar, effect, index)
    since = life.anew if life.anew > date.min else None
    return Due(first_day, until, due_day, amount, plan.id, payer_amount=taken, told_on=since)


def _entry_asked(facts: AccountFacts, anew: date, day: date) -> tuple[date | None, date]:
    """Return the day whose entry fee is asked up to a day, and from which paying it counts.

    None where none is asked.

    Source: domain handbook 2.2, STRUCK_OFF or RESIGNED to REGISTERED, and 2.6.
    """
    again = anew > date.min and statutes_on(facts.statutes, anew).readmission_fee
    asked_on = anew if again else facts.joined_on
    taken_over = any(
        one.pays_fee
        and one.person_id is None
        and one.first_day <= day
        and (one.until is None or one.until > asked_on)
        for one in facts.sponsored
    )
    free = not again and any(
        event.kind in FEE_FREE and event.effective_on <= day for event in facts.events
    )
    if taken_over or free:
        return None, date.min
    return asked_on, anew if again else date.min


def entry_fee_of(facts: AccountFacts, asked_on: date, effect: date) -> int:
    """Return the entry fee of a day for a term that begins on its effect date.

    One for each person counts those its first period counts, but whom a payer takes over by name.
    Source: domain handbook 2.4 and 2.6.
    """
    plan = plan_on(facts.plans, asked_on)
    if plan.entry_fee_per is Per.HOUSEHOLD or not plan.entry_fee:
        return plan.entry_fee
    day = counting_day(facts.covers, effect=effect, first_day=effect)
    statutes = statutes_on(facts.statutes, effect)
    heads = counted(plan_on(facts.plans, effect), facts.covers, day, statutes)
    taken = fees_by_name(facts, asked_on, effect) if facts.sponsored else {}
    return plan.entry_fee * sum(one.person_id not in taken for one in heads)


def fees_by_name(
    facts: AccountFacts, asked_on: date, effect: date
) -> dict[PersonId, PayerAgreementId]:
    """Return for whom a payer pays the entry fee by name, and under which agreement.

    A commitment that holds on the day the fee is asked, or on the term's first, and was told by
    then: one told later takes nothing off a fee that was paid.
    """
    return {
        one.person_id: one.agreement_id
        for one in facts.sponsored
        if one.pays_fee
        and one.person_id is not None
        and one.agreement_id is not None
        and (one.holds(asked_on) or one.holds(effect))
        and (one.told_on is None or one.told_on <= max(asked_on, effect))
    }


def _entry_fee(life: Life, asked_on: date | None) -> int:
    """Return the entry fee; one for each person stays as it was once it, or a period, was paid."""
    if asked_on is None:
        return 0
    facts, held = life.facts, life.rows.fee
    if plan_on(facts.plans, asked_on).entry_fee_per is Per.HOUSEHOLD:
        return plan_on(facts.plans, asked_on).entry_fee
    effect = max(effect_date_of(life.plan(life.day), life.day), life.anew)
    fee, paid, settled = entry_fee_of(facts, asked_on, effect), 0, 0
    for day, amount in held:
        paid += amount
        then = entry_fee_of(facts, asked_on, max(effect_date_of(life.plan(day), day), life.anew))
        settled = then if paid >= then else 0
    if life.firsts:
        fee = entry_fee_of(facts, asked_on, life.firsts[0])
        return min(fee, paid) if paid > 0 else fee
    return settled or fee


def _lowered_fee(life: Life, fee: int, off: int) -> int:
    """Return the entry fee of whose first period was bought at a discount of its fees, too.

    They were all paid with it: what was paid of the entry fee, up to the discount less, was the
    whole of it. What is left of the discount lowers the other fees.
    """
    asked = min(fee, max(fee - off, sum(part for _, part in life.rows.fee)))
    life.fees_off = off - (fee - asked)
    return asked


def as_known(facts: AccountFacts, day: date) -> AccountFacts:
    """Leave out the commitments that were not told yet on a day, or taken back by then."""
    if all(one.known(day) for one in facts.sponsored):
        return facts
    return replace(facts, sponsored=tuple(one for one in facts.sponsored if one.known(day)))


def replay(facts: AccountFacts, day: date) -> Life:
    """Tell a household's life up to a day, with what its credit paid by itself."""
    return _spent(as_known(facts, day), day)[0]


def turned(facts: AccountFacts, day: date) -> tuple[Turn, ...]:
    """Return what the household's credit paid by itself up to a day and is not written down yet.

    By the day it did. Whoever books more money writes it down: see docs/decisions/0032.
    """
    held = sum(paid.amount for paid in facts.paid if paid.target is _CREDIT and paid.day <= day)
    if held <= 0 and all(plan.charge_added is None for plan in facts.plans):
        return ()
    return tuple(sorted(_spent(as_known(facts, day), day)[1], key=attrgetter("day")))


def _spent(facts: AccountFacts, day: date) -> tuple[Life, list[Turn]]:
    """Tell a life, and again with what credit paid by itself, until it pays nothing more."""
    turns: list[Turn] = []
    life = _told(facts, day)
    while life.entered_on and (moved := tuple(_paid_by_itself(life))):
        turns += moved
        rows = [row for turn in moved for row in _rows_of(turn)]
        paid = sorted((*life.facts.paid, *rows), key=attrgetter("day"))
        # What credit paid keeps its amount as if it was written down: later it will be.
        kept = {
            part.due.first_day: part.due
            for turn in moved
            for part in turn.parts
            if part.target is _DUE and part.due is not None
        }
        fresh = (due for first_day, due in kept.items() if first_day not in life.frozen)
        frozen = sorted((*life.facts.frozen, *fresh), key=attrgetter("first_day"))
        life = _told(replace(life.facts, paid=tuple(paid), frozen=tuple(frozen)), day)
    return life, turns


def _rows_of(turn: Turn) -> Iterator[Paid]:
    for part in turn.parts:
        first_day = part.due.first_day if part.due else None
        since = part.due.told_on if part.due and part.target is _DUE else None
        yield Paid(turn.day, part.target, part.amount, first_day, cheaper_id(part.due), since)


def _paid_by_itself(life: Life) -> Iterator[Turn]:
    """Yield what credit pays by itself: a period on its first day, when it is enough for all of it.

    What a paid period came to cost less becomes credit on the day that was told. A fee asked
    with the period is paid with it. Credit that is not enough for the oldest period not paid
    waits, and what a later payment has used was never spent by itself.
    """
    if life.rows.credit <= 0 and not life.given_back:
        return
    for one in life.given_back:
        yield _given_back(one)
    used = 0
    on_payment = life.effect is not None and life.plan(life.effect).renewal is Renewal.ON_PAYMENT
    for due in _lapsing(life) if on_payment else _not_paid(life):
        parts = price(life, due)
        total = sum(part.amount for part in parts)
        if total > _spare(life, due.first_day) - used:
            return
        if total:
            used += total
            yield Turn(due.first_day, (*parts, Part(_CREDIT, -total)))


def _spare(life: Life, day: date) -> int:
    """Return what credit there was on a day that no payment has used since."""
    held, least = 0, None
    for paid in life.facts.paid:
        if least is None and paid.day > day:
            least = held
        if paid.target is _CREDIT:
            held += paid.amount
        if least is not None:
            least = min(least, held)
    back = sum(one.back for one in life.given_back if one.back_on <= day)
    return (held if least is None else least) + back


def _given_back(one: Adjusted) -> Turn:
    lowered = replace(
        one.due, amount=-one.back, id=None, kind=DueKind.ADJUSTMENT, told_on=one.back_on
    )
    parts = Part(Target.ADJUSTMENT, -one.back, lowered), Part(_CREDIT, one.back)
    return Turn(one.back_on, parts)


def _lapsing(life: Life) -> Iterator[Due]:
    """Yield the first period with which a term paid in advance lapses, that credit is enough for."""
    if not life.firsts:
        return
    effect, index = life.firsts[0], 0
    for first_day in (*life.firsts, date.max):
        due = next(dues(life, effect, index))
        if due.first_day != first_day:
            over = due.first_day > life.day or life.has_ended(due.first_day)
            if not over and 0 < due.amount <= _spare(life, due.first_day):
                yield due
                return
            effect, index = first_day, 0
        index += 1


def _not_paid(life: Life) -> Iterator[Due]:
    """Yield the periods begun from the oldest not paid to the next one paid.

    None while something else is owed.
    """
    if life.effect is None or any(state.paid_on is None for state in life.adjusted):
        return
    first = next((state.due for state in life.called if state.paid_on is None), None)
    index = life.index
    if first is not None:
        if first.amount > _spare(life, first.first_day):
            return
        plan = life.plan(life.effect)
        index = next(at for at in count() if start_of(plan, life.effect, at) >= first.first_day)
    for due in dues(life, life.effect, index):
        over = due.first_day > life.day or life.has_ended(due.first_day)
        if over or due.first_day in life.paid_for:
            return
        yield due


def price(life: Life, due: Due) -> tuple[Part, ...]:
    """Return what must be paid for a period, its fees first; nothing for one that is paid."""
    asked = due.amount - sum(part for _, part in life.rows.dues.get(due.first_day, ()))
    if asked <= 0:
        return ()
    return (*fees_open(life, due), Part(_DUE, asked, due))


def _not_paid_since(life: Life, last: date) -> Iterator[Due]:
    """Yield the periods begun since money was last booked; none when an older one is open."""
    if life.effect is None or any(state.paid_on is None for state in life.adjusted):
        return
    first = next((state.due for state in life.called if state.paid_on is None), None)
    index = life.index
    if first is not None:
        plan = life.plan(life.effect)
        if first.first_day <= last or first.amount > life.rows.credit + _back(life):
            return
        index = next(at for at in count() if start_of(plan, life.effect, at) >= first.first_day)
    for due in dues(life, life.effect, index):
        if due.first_day > life.day or life.has_ended(due.first_day):
            return
        if due.first_day > last:
            yield due
        elif due.amount > sum(part for _, part in life.rows.dues.get(due.first_day, ())):
            return


def _back(life: Life) -> int:
    return sum(one.back for one in life.given_back)


def cheaper_id(due: Due | None) -> DueId | None:
    """Return the id of a due with a discount, None of any other: what was paid on it is told apart."""
    return due.id if due is not None and due.discount else None


def standing_dues(facts: AccountFacts, day: date) -> dict[date, Due]:
    """Return the frozen dues that hold on a day, by first day.

    A due with a discount holds as long as money lies on it: when the payment that earned the
    discount is reversed, the period costs again what it costs anybody.
    What an earlier membership paid for days to come holds no more after a readmission.
    Source: domain handbook 2.4, `prepay_discount`; docs/decisions/0053.
    """
    return _standing(facts, day, _endings(facts.events, day)[1])


def _standing(facts: AccountFacts, day: date, anew: date) -> dict[date, Due]:
    found: dict[date, Due] = {}
    for due in of_membership(facts, anew):
        if due.discount and due.id is not None:
            held = sum(
                one.amount
                for one in facts.paid
                if one.due_id == due.id and one.day <= day and one.target is _DUE
            )
            if held <= 0:
                continue
            found[due.first_day] = due
        elif due.first_day not in found:
            found[due.first_day] = due
    return found


def _told(facts: AccountFacts, day: date) -> Life:
    ended, anew = _endings(facts.events, day)
    fee_asked_on, fee_since = _entry_asked(facts, anew, day)
    frozen = _standing(facts, day, anew)
    rows = _rows(facts, day, anew, fee_since, frozen)
    told = {one.told_on for one in facts.sponsored if one.told_on is not None}
    told |= {one.day for one in facts.arrived if one.day <= day}
    if told:
        rows.days = sorted({*rows.days, *told})
    life = Life(facts, day, rows, frozen, ended, anew)
    life.firsts = sorted(
        first
        for first, moves in rows.dues.items()
        if (moves[0][1] if len(moves) == 1 else sum(part for _, part in moves)) > 0
    )
    fee = _entry_fee(life, fee_asked_on)
    first = frozen.get(life.firsts[0]) if life.firsts else None
    if first is not None and first.fees_discount:
        fee = _lowered_fee(life, fee, first.fees_discount)
    paid, fee_paid_on, _ = standing(rows.fee, fee)
    life.fee, life.fee_open, life.fee_paid_on = fee, max(fee - paid, 0), fee_paid_on
    life.paid_for = frozenset(life.firsts)
    if facts.arrived:
        _note_arrived(life)
    life.owed = frozenset(first for first, moves in rows.dues.items() if not moves[0][1])
    if not life.fee_open and not _enters_by_commitment(life, fee_paid_on) and life.firsts:
        life.effect = life.firsts[0]
        life.entered_on = _entered_on(life, life.effect, fee_paid_on or date.min)
    if life.effect and life.entered_on:
        _adjust(life, life.effect)
        if life.committed or life.plan(life.effect).renewal is Renewal.AUTOMATIC:
            _call_periods(life, life.effect)
        else:
            _follow_terms(life, life.effect)
    return life


def _note_arrived(life: Life) -> None:
    """Let the replay know what came of payers; a period they paid for is always called."""
    for one in life.facts.arrived:
        if one.day <= life.day:
            life.arrived.setdefault(one.due_first_day, []).append((one.day, one.amount))
    life.paid_for |= {
        first for first, moves in life.arrived.items() if sum(part for _, part in moves) > 0
    }


def _adjust(life: Life, effect: date) -> None:
    """Call what paid periods came to cost more; unpaid beyond its grace, it suspends as a due."""
    found = adjusted(
        life.facts, life.frozen, life.rows.dues, life.rows.other, effect=effect, day=life.day
    )
    for one in found:
        life.adjusted += one.more
        if one.back:
            life.given_back.append(one)
    life.adjusted = [one for one in life.adjusted if called_on(one.due) <= life.day or one.paid]
    life.adjusted.sort(key=lambda one: (one.due.due_on, one.due.first_day))
    for state in life.adjusted:
        breach = tolerated_through(life, state.due) + DAY
        if state.paid_on is None or state.paid_on > breach:
            life.breaches.append((breach, called_on(state.due)))


def fees_open(life: Life, due: Due, effect: date | None = None) -> tuple[Part, ...]:
    """Return what is open of the card and assembly fees asked with a period.

    Those of the first period belong to no due: before a household enters nobody knows with which
    period it will. `effect` is the first day of the period's term, the present one's when left out.
    """
    plan = life.plan(due.first_day)
    if not (plan.card_fee or plan.assembly_fee):
        return ()
    asked, first = fees_asked(life, due, effect)
    found: list[Part] = []
    of = None if first else due
    off = life.fees_off if first else due.fees_discount
    for fee in asked:
        left = fee.amount - life.rows.held((fee.target, due.first_day if of else None))
        less = min(off, max(left, 0))
        off -= less
        if left > less:
            found.append(Part(fee.target, left - less, of))
    return tuple(found)


def fees_asked(life: Life, due: Due, effect: date | None = None) -> tuple[list[Fee], bool]:
    """Return the card and assembly fees asked with a period, and whether it is the first one."""
    effect = effect or life.effect or due.first_day
    first = due.first_day <= (life.called[0].due.first_day if life.called else effect)
    statutes = life.facts.statutes
    again = life.anew > date.min and not statutes_on(statutes, life.anew).readmission_fee
    asked = fees_on(
        life.plan(due.first_day),
        life.facts.covers,
        effect=effect,
        first_day=due.first_day,
        new=first and not again,
        statutes=statutes_on(statutes, due.first_day),
    )
    return [fee for fee in asked if fee.target is not _ENTRY_FEE], first


def _enters_by_commitment(life: Life, fee_paid_on: date | None) -> bool:
    """Let a household enter for which payers take over all of its first dues.

    Source: domain handbook 2.4 (`subsidy_cover_rule` ON_COMMITMENT), 2.6 and annex Y.2, 14.
    """
    for one in sorted(life.facts.sponsored, key=lambda one: one.first_day):
        told = max(one.first_day, one.told_on or date.min)
        start = max(told, life.facts.joined_on, life.anew, fee_paid_on or date.min)
        if start > life.day or not one.holds(start):
            continue
        effect = effect_date_of(life.plan(start), start)
        if life.firsts and life.firsts[0] < effect:
            return False
        first = tuple(islice(dues(life, effect), life.plan(effect).min_first_periods))
        came = [_came_on(life, due) for due in first]
        if all(not due.amount and due.payer_amount for due in first) and None not in came:
            entered = max([start, *(day for day in came if day is not None)])
            life.effect, life.entered_on, life.committed = effect, entered, True
            return True
    return False


def _entered_on(life: Life, effect: date, fee_paid_on: date) -> date | None:
    entered = fee_paid_on
    for due in islice(dues(life, effect), life.plan(effect).min_first_periods):
        paid_on = _state(life, due)[0].paid_on
        if paid_on is None:
            return None
        entered = max(entered, paid_on) if due.amount else entered
    return entered


def tolerated_through(life: Life, due: Due) -> date:
    """Return the last day of rights while the due is not paid.

    A term that ends with its payment and has no grace is over on its own last day. A season
    paid in part covers its share of the months under PROPORTIONAL, and else until the grace of
    the share that was not paid is over. Source: domain handbook GOLDEN 2.4c.
    """
    plan = life.plan(due.first_day)
    if plan.renewal is Renewal.ON_PAYMENT and not plan.grace_days:
        return due.due_on - DAY
    tolerated = due.due_on + timedelta(days=plan.grace_days)
    if plan.season_cover_rule is SeasonCover.PROPORTIONAL and due.due_on < due.first_day:
        return max(tolerated, due.first_day - DAY)
    return tolerated


def calls_on(life: Life, due: Due) -> date:
    """Return the day from which a due is asked for: its first day, of a season when it is due."""
    if due.due_on >= due.first_day or life.effect is None:
        return due.first_day
    return max(due.due_on, life.effect)


def _call_periods(life: Life, effect: date) -> None:
    """Call a term's periods one after the other, with the suspensions they bring."""
    plan = life.plan(effect)
    periods = enumerate(starts(plan, effect))
    strides = not any(one.on_cash for one in life.facts.sponsored)
    last = life.firsts[-1] if life.firsts else date.min
    through = date.max if plan.periodicity is Periodicity.SEASONAL else max(life.day, last)
    while True:
        if strides and life.stop is None and not life.breaches:
            index, first = _call_paid_in_time(life, periods)
        else:
            index, first = next(periods)
        if first > through and first not in life.frozen:
            break
        due = life.frozen.get(first) or next(dues(life, effect, index))
        first_day = calls_on(life, due)
        if first_day > life.day and first > last:
            break
        _settle(life, begins=min(first_day, life.day), ends=min(first_day - DAY, life.day))
        if _calls(life, due):
            _call(life, due)
            life.index = index + 1
            life.called_in_stop += 1
    _settle(life, begins=life.day, ends=life.day)


def _call_paid_in_time(life: Life, periods: Iterator[tuple[int, date]]) -> tuple[int, date]:
    """Call the periods that were paid at one go and in time; return the first one that was not.

    They bring no suspension, and where none is open they end none: a household that pays is
    replayed in a stride.

    Args:
        life: A life without an open suspension.
        periods: The term's periods that are left, by index and first day, without end.
    """
    plans, frozen, moved, called = life.facts.plans, life.frozen, life.rows.dues, life.called
    before = len(called)
    for period in periods:
        first_day = period[1]
        due, moves = frozen.get(first_day), moved.get(first_day)
        if due is None or moves is None or len(moves) != 1:
            break
        day, amount = moves[0]
        if amount != due.amount or not amount:
            break
        if day > due.due_on and (day - due.due_on).days > plan_on(plans, first_day).grace_days:
            break
        called.append(DueState(due, amount, day))
    if len(called) > before:
        life.index = period[0]
        life.called_in_stop += len(called) - before
    return period


def _calls(life: Life, due: Due) -> bool:
    first_day = due.first_day
    if first_day in life.paid_for or first_day in life.owed:
        return True
    if calls_on(life, due) > life.day or life.has_ended(first_day):
        return False
    if life.stop is None or not due.amount:
        return True
    rule = life.plan(first_day).dues_during_suspension
    return rule is DuesDuringSuspension.CONTINUE or (
        rule is DuesDuringSuspension.STOP_AFTER_1 and not life.called_in_stop
    )


def _call(life: Life, due: Due) -> DueState:
    state, fell = _state(life, due)
    life.called.append(state)
    breach = max(tolerated_through(life, due) + DAY, fell)
    if state.paid_on is None or state.paid_on > breach:
        life.breaches.append((breach, due.first_day))
    return state


def _settle(life: Life, *, begins: date, ends: date) -> None:
    """Open the suspensions that begin, and close those that end, up to these days included."""
    while life.stop is not None or life.breaches:
        if life.stop is None:
            stop = min(life.breaches)[0]
            if stop > begins:
                return
            if life.suspensions and stop < (life.suspensions[-1].until or date.max):
                life.cleared = 0
            life.stop, life.called_in_stop = stop, 0
            life.tried = bisect_right(life.rows.days, stop)
        again = _reinstated_on(life, ends)
        if again is None:
            return
        life.suspensions.append(closed(life, life.stop, again))
        life.stop = None
        life.breaches = [breach for breach in life.breaches if breach[1] > again]


def _reinstated_on(life: Life, ends: date) -> date | None:
    days = life.rows.days
    while life.tried < len(days) and days[life.tried] <= ends:
        day = days[life.tried]
        life.tried += 1
        if _all_paid(life, day):
            return day
    return None


def _all_paid(life: Life, day: date) -> bool:
    """Whether all that was called and has begun by a day is paid, with the period it lies in."""
    called, cleared = life.called, life.cleared
    while cleared < len(called) and _is_paid(called[cleared], day):
        cleared += 1
    life.cleared = cleared
    begun = (state for state in reversed(called) if calls_on(life, state.due) <= day)
    return (
        day < next(begun).due.until
        and not any(
            calls_on(life, state.due) <= day and not _is_paid(state, day)
            for state in called[cleared:]
        )
        and all(_is_paid(one, day) for one in life.adjusted if called_on(one.due) <= day)
    )


def _is_paid(state: DueState, day: date) -> bool:
    return state.paid_on is not None and state.paid_on <= day


def closed(life: Life, stop: date, again: date, *, cover: date = date.min) -> Suspension:
    """Return a suspension ended on a day, with its rights back after the gap's waiting.

    Source: domain handbook 2.2, SUSPENDED to ACTIVE and SUSPENDED to WAITING.
    """
    plan = life.plan(again)
    short = again <= add_months(stop, plan.reinstate_short_months)
    wait = plan.reinstate_wait_short_days if short else plan.reinstate_wait_long_days
    if _left_group_in_time(life, stop, again):
        wait = 0
    return Suspension(stop, again, max(again + timedelta(days=wait), cover))


def _left_group_in_time(life: Life, stop: date, again: date) -> bool:
    """Whether a household that left its group goes on by itself in time, and so waits no more.

    It left before the suspension began, is on no other list since, and pays within
    `group_leave_days` of the day it left, or of the end of what was paid by then when that is
    later; by the statutes of that day. Source: domain handbook 2.5; docs/decisions/0036.
    """
    known = [one for one in life.facts.events if one.effective_on <= again and one.kind in _GROUPS]
    if not known:
        return False
    last = max(known, key=lambda one: one.effective_on)
    if last.kind is not EventKind.GROUP_LEFT or last.effective_on > stop:
        return False
    paid = (one.due.until for one in life.called if one.paid_on and one.paid_on < stop)
    since = max(last.effective_on, *paid, date.min)
    days = statutes_on(life.facts.statutes, last.effective_on).group_leave_days
    return again <= since + timedelta(days=days)


def _follow_terms(life: Life, effect: date) -> None:
    """Follow the terms of a plan that renews on payment: only what was paid for is called."""
    index = 0
    for first_day in life.firsts:
        expected = due = next(dues(life, effect, index))
        new_term = due.first_day != first_day
        if new_term:
            effect, index = first_day, 0
            due = next(dues(life, effect))
        stop = tolerated_through(life, expected) + DAY
        paid_on = _call(life, due).paid_on or date.min
        if stop <= life.day and (new_term or paid_on > stop):
            # A new term paid on the very day the old one lapsed still leaves a gap in cover.
            life.suspensions.append(closed(life, stop, max(paid_on, stop), cover=first_day))
        index += 1
    life.effect, life.index = effect, index
    stop = tolerated_through(life, next(dues(life, effect, index))) + DAY
    life.stop = stop if stop <= life.day else None
