"""What money is asked for at once, with the discounts of who pays early or a whole year at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from stepdesk.contributions.rules.calendar import next_window, plan_on
from stepdesk.contributions.rules.fees import (
    begins_year,
    discount_at_start,
    lowered,
    prepay_discount,
)
from stepdesk.contributions.rules.replay import Life, fees_asked
from stepdesk.contributions.rules.wanting import Wanted, forced, next_term, payable
from stepdesk.contributions.terms import Due, PlanVersion, Renewal, Target
from stepdesk.values.money import split

_DUE, _ENTRY_FEE = Target.DUE, Target.ENTRY_FEE
_FEES = frozenset({_ENTRY_FEE, Target.CARD_FEE, Target.ASSEMBLY_FEE})
Pays = Callable[[Sequence[Wanted], int], bool]


def offered(life: Life, on: date, pays: Pays) -> Iterator[Wanted]:
    """Yield what money may go to on a day, the entry fee first, as it costs whoever pays it then.

    A term's first dues cost less for who comes early (`discount_at_start`), with the fees asked
    with them; who enters pays all of them at once to pay less. The dues of a whole year cost less
    for who pays them at once (`prepay_discount`). A due money has touched keeps its amount.
    Source: domain handbook 2.4; openIMIS handbook 2.4, step 6; docs/decisions/0058.

    Args:
        life: The household's.
        on: The day.
        pays: Whether all of a list up to a place, included, would be paid at once.
    """
    if not any(map(_gives, life.facts.plans)):
        yield from _asked(life, on)
        return
    listed = list(_asked(life, on))
    effect = next_term(life, on)[0]
    for at in range(len(listed)):
        places = _year_at(life, effect, listed, at)
        cheaper = _prepaid(life, effect, listed, places)
        if places and pays(_started(life, on, cheaper), places[-1]):
            listed = cheaper
    early = _started(life, on, listed)
    enters = life.entered_on is not None or pays(early, _last_forced(life, on, early))
    yield from early if enters else listed


def _asked(life: Life, on: date) -> Iterator[Wanted]:
    """Yield what money may go to at its whole price."""
    if life.fee_open:
        yield Wanted(None, life.fee_open, needed=True, target=_ENTRY_FEE)
    yield from payable(life, on)


def to_pay(life: Life, on: date, periods: int = 0) -> int:
    """Return what brings a household up to date on a day and so many periods further."""

    def counts(listed: Sequence[Wanted], last: int) -> bool:
        return last < sum(1 for _ in _counted(listed, periods))

    wanted = offered(life, on, counts)
    return max(sum(one.open for one in _counted(wanted, periods)) - life.rows.credit, 0)


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


def _last_forced(life: Life, on: date, listed: Sequence[Wanted]) -> int:
    """Return the place of the last due that must be paid to enter; the last of all for too few."""
    places = [at for at, one in enumerate(listed) if one.target is _DUE]
    return [len(listed) - 1, *places][: forced(life, on) + 1][-1]


def _started(life: Life, on: date, listed: Sequence[Wanted]) -> list[Wanted]:
    """Return the list with the first dues of a term, and their fees, at the discount of who is early."""
    renews = life.entered_on is not None
    if renews and (life.committed or life.plan(on).renewal is not Renewal.ON_PAYMENT):
        return list(listed)
    periods = 1 if renews else forced(life, on)
    places = [at for at, one in enumerate(listed) if one.target is _DUE][:periods]
    year = [due for at in places if (due := listed[at].due) is not None]
    if len(places) < periods or not all(_untouched(life, listed[at]) for at in places):
        return list(listed)
    came_with = [_came_with(listed, due, new=not renews and due is year[0]) for due in year]
    fees = [
        (_fees_of(life, due, year[0].first_day, new=not renews and due is year[0]), unpaid)
        for due, unpaid in zip(year, (_open(listed, one) for one in came_with), strict=True)
    ]
    off = _early(life, on, year, sum(fee for fee, _ in fees), renews=renews)
    if not off:
        return list(listed)
    less = lowered(year, off, fees)
    found = _at(listed, places, less)
    for due, fee_places in zip(less, came_with, strict=True):
        _lower_fees(found, fee_places, due.fees_discount)
    return found


def _came_with(listed: Sequence[Wanted], due: Due, *, new: bool) -> list[int]:
    """Return the places of the fees asked with a due; those of entering belong to no due."""
    of = None if new else due
    return [at for at, one in enumerate(listed) if one.target in _FEES and one.due == of]


def _open(listed: Sequence[Wanted], places: Sequence[int]) -> int:
    return sum(listed[at].open for at in places)


def _fees_of(life: Life, due: Due, effect: date, *, new: bool) -> int:
    """Return all that is asked of a household as fees with a due, what it has paid of them too."""
    fees, _ = fees_asked(life, due, effect)
    return (life.fee if new else 0) + sum(fee.amount for fee in fees)


def _lower_fees(found: list[Wanted], places: Sequence[int], off: int) -> None:
    """Take a discount off the fees at these places, by what is open of each."""
    if off:
        opens = [found[at].open for at in places]
        for at, less in zip(places, split(off, opens), strict=True):
            found[at] = replace(found[at], open=found[at].open - less)


def _early(life: Life, on: date, first: Sequence[Due], fees: int, *, renews: bool) -> int:
    start = first[0].first_day
    day = on if renews else next_window(plan_on(life.facts.plans, on).windows, on)
    total = sum(due.amount for due in first) + fees
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
