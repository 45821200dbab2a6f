"""What money is asked for at once, with the discounts of who pays early or a whole year at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from stepdesk.contributions.rules.calendar import next_window, plan_on
from stepdesk.contributions.rules.fees import (
    begins_year,
    discount_at_start,
    fees_on,
    lowered,
    prepay_discount,
)
from stepdesk.contributions.rules.replay import Life
from stepdesk.contributions.rules.wanting import Wanted, forced, next_term, payable
from stepdesk.contributions.terms import Due, PlanVersion, Renewal, Target
from stepdesk.members.rules import statutes_on

_DUE = Target.DUE
Pays = Callable[[Sequence[Wanted], int], bool]


def offered(life: Life, on: date, pays: Pays) -> Iterator[Wanted]:
    """Yield what money may go to on a day, each due as it costs whoever pays it then.

    A term's first dues cost less for who comes early (`discount_at_start`), and the dues of a
    whole year less for who pays them at once (`prepay_discount`). What is taken off lowers the
    dues, never a fee. A due money has touched keeps its amount.
    Source: domain handbook 2.4; openIMIS handbook 2.4, step 6.

    Args:
        life: The household's.
        on: The day.
        pays: Whether all of a list up to a place, included, would be paid at once.
    """
    if not any(map(_gives, life.facts.plans)):
        yield from payable(life, on)
        return
    listed = list(payable(life, on))
    effect = next_term(life, on)[0]
    for at in range(len(listed)):
        places = _year_at(life, effect, listed, at)
        cheaper = _prepaid(life, effect, listed, places)
        if places and pays(_started(life, on, cheaper), places[-1]):
            listed = cheaper
    yield from _started(life, on, listed)


def to_pay(life: Life, on: date, periods: int = 0) -> int:
    """Return what brings a household up to date on a day and so many periods further."""

    def counts(listed: Sequence[Wanted], last: int) -> bool:
        return last < sum(1 for _ in _counted(listed, periods))

    wanted = offered(life, on, counts)
    return max(
        life.fee_open - life.rows.credit + sum(one.open for one in _counted(wanted, periods)), 0
    )


def _counted(listed: Sequence[Wanted] | Iterator[Wanted], further: int) -> Iterator[Wanted]:
    for wanted in listed:
        if not wanted.needed:
            if not further:
                return
            further -= wanted.target is _DUE
        yield wanted


def _gives(plan: PlanVersion) -> bool:
    return bool(plan.prepay_discount or plan.early_discount or plan.renewal_discount)


def _untouched(life: Life, wanted: Wanted) -> bool:
    return (
        wanted.target is _DUE
        and wanted.due is not None
        and wanted.open == wanted.due.amount
        and wanted.due.first_day not in life.frozen
    )


def _year_at(life: Life, effect: date, listed: Sequence[Wanted], at: int) -> list[int]:
    """Return the places of the dues of a whole year that begins at a place; none of it paid yet."""
    first = listed[at].due
    if first is None or listed[at].target is not _DUE:
        return []
    plan = life.plan(first.first_day)
    if not plan.prepay_discount or not begins_year(plan, effect, first.first_day):
        return []
    places: list[int] = []
    for place in range(at, len(listed)):
        due = listed[place].due
        if due is None or listed[place].target is not _DUE:
            continue
        if not _untouched(life, listed[place]):
            break
        places.append(place)
        if begins_year(plan, effect, due.until):
            return places
    return []


def _prepaid(
    life: Life, effect: date, listed: Sequence[Wanted], places: Sequence[int]
) -> list[Wanted]:
    """Return the list with the dues of a year at the discount of who pays it at once."""
    year = [due for at in places if (due := listed[at].due) is not None]
    if not year:
        return list(listed)
    off = prepay_discount(life.plan(year[0].first_day), year, effect=effect)
    return _at(listed, places, lowered(year, off)) if off else list(listed)


def _started(life: Life, on: date, listed: Sequence[Wanted]) -> list[Wanted]:
    """Return the list with the first dues of a term at the discount of who comes early."""
    renews = life.entered_on is not None
    if renews and (life.committed or life.plan(on).renewal is not Renewal.ON_PAYMENT):
        return list(listed)
    periods = 1 if renews else forced(life, on)
    places = [at for at, one in enumerate(listed) if one.target is _DUE][:periods]
    year = [due for at in places if (due := listed[at].due) is not None]
    if len(places) < periods or not all(_untouched(life, listed[at]) for at in places):
        return list(listed)
    off = _early(life, on, year, renews=renews)
    return _at(listed, places, lowered(year, off)) if off else list(listed)


def _early(life: Life, on: date, first: Sequence[Due], *, renews: bool) -> int:
    start = first[0].first_day
    day = on if renews else next_window(plan_on(life.facts.plans, on).windows, on)
    total = sum(due.amount for due in first)
    for at, due in enumerate(first):
        fees = fees_on(
            life.plan(due.first_day),
            life.facts.covers,
            effect=start,
            first_day=due.first_day,
            new=not renews and at == 0,
            statutes=statutes_on(life.facts.statutes, due.first_day),
        )
        total += sum(fee.amount for fee in fees)
    ended = life.called[-1].due.until if renews and life.called else None
    return discount_at_start(
        life.plan(start), total, day=day, start=start, renewal=renews, ended=ended
    )


def _at(listed: Sequence[Wanted], places: Sequence[int], dues: Sequence[Due]) -> list[Wanted]:
    """Return the list with other dues at these places, also beside the fees asked with them."""
    found = list(listed)
    cheaper = {listed[at].due: due for at, due in zip(places, dues, strict=True)}
    for at, one in enumerate(found):
        due = cheaper.get(one.due) if one.due is not None else None
        if due is not None:
            found[at] = replace(one, due=due, open=due.amount if at in places else one.open)
    return found
