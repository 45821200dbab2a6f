"""What a household pays that enters or renews on a day: for the counter and for the plan's page."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, count

from stepdesk.contributions.rules.account import account_on
from stepdesk.contributions.rules.amounts import ADULT, due_amounts
from stepdesk.contributions.rules.calendar import (
    DAY,
    FOREVER,
    YEAR,
    due_day_of,
    effect_date_of,
    months_begun,
    next_window,
    open_on,
    pay_by,
    period_at,
    plan_on,
)
from stepdesk.contributions.rules.fees import (
    begins_year,
    discount_at_start,
    fees_on,
    lowered,
    prepay_discount,
)
from stepdesk.contributions.terms import (
    AccountFacts,
    CategoryFrom,
    Due,
    Fee,
    PlanExample,
    PlanVersion,
    Quote,
    Target,
)
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import DEFAULT, statutes_on
from stepdesk.members.terms import Birth, BirthKnown, Cover, Relation, Sex, Statutes
from stepdesk.payers.terms import Sponsored
from stepdesk.values.ids import CoverId, HouseholdId, PersonId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import add_months

FEE_WORDS = {
    Target.ENTRY_FEE: N_("entry fee"),
    Target.CARD_FEE: N_("card fee"),
    Target.ASSEMBLY_FEE: N_("assembly fee"),
}


def quote(
    plans: Sequence[PlanVersion],
    covers: Sequence[Cover],
    day: date,
    *,
    renewal: bool = False,
    ended: date | None = None,
    statutes: Sequence[Statutes] = (DEFAULT,),
    sponsored: Sequence[Sponsored] = (),
    categories: Sequence[CategoryFrom] = (),
) -> Quote:
    """Return what a household pays at once that enters, or renews, on a day.

    Args:
        plans: The versions of its plan by first day, not empty.
        covers: Its persons.
        day: When it enters or renews; outside the windows of entry the next window's first day.
        renewal: Whether it is not the first term: no entry and card fee, no window.
        ended: The first day after the former term; a new one never begins before it.
        statutes: Those of the scheme by first day.
        sponsored: Commitments of payers.
        categories: The household's by first day.

    Source: domain handbook 2.4; openIMIS handbook 2.3 to 2.5.
    """
    enters_on = day if renewal else next_window(plan_on(plans, day).windows, day)
    calendar = plan_on(plans, enters_on)
    effect = effect_date_of(calendar, enters_on, renewal=renewal)
    if ended is not None:
        effect = max(effect, ended)
    plan = plan_on(plans, effect)
    periods = 1 if renewal else max(plan.min_first_periods, 1)
    dues: list[Due] = []
    fees: list[tuple[Fee, ...]] = []
    for at, due in zip(
        range(periods),
        _dues(plans, covers, effect, statutes, sponsored, categories),
        strict=False,
    ):
        dues.append(due)
        held = statutes_on(tuple(statutes), due.first_day)
        fees.append(
            fees_on(
                plan,
                covers,
                effect=effect,
                first_day=due.first_day,
                new=not renewal and at == 0,
                statutes=held,
            )
        )
    less = _prepaid(plan, dues, effect)
    asked = [sum(fee.amount for fee in some) for some in fees]
    early = discount_at_start(
        plan,
        sum(due.amount for due in less) + sum(asked),
        day=enters_on,
        start=effect,
        renewal=renewal,
        ended=ended,
    )
    cheaper = lowered(less, early, [(fee, fee) for fee in asked])
    return Quote(
        day=day,
        enters_on=enters_on,
        effect=effect,
        until=dues[0].until,
        dues=tuple(dues),
        fees=tuple(chain.from_iterable(fees)),
        discount=sum(due.discount + due.fees_discount for due in cheaper),
        fees_discount=sum(due.fees_discount for due in cheaper),
        pay_by=pay_by(calendar, enters_on, effect, renewal=renewal, ended=ended),
    )


def _prepaid(plan: PlanVersion, dues: Sequence[Due], effect: date) -> list[Due]:
    """Return dues, those of each whole year among them at the discount of who pays it at once."""
    found, begins = list(dues), 0
    for end, due in enumerate(dues, 1):
        off = prepay_discount(plan, found[begins:end], effect=effect)
        if off:
            found[begins:end] = lowered(found[begins:end], off)
        if begins_year(plan, effect, due.until):
            begins = end
    return found


def _dues(
    plans: Sequence[PlanVersion],
    covers: Sequence[Cover],
    effect: date,
    statutes: Sequence[Statutes],
    sponsored: Sequence[Sponsored],
    categories: Sequence[CategoryFrom],
) -> Iterator[Due]:
    """Yield the dues of a term, the single one of a plan that is paid once."""
    calendar = plan_on(plans, effect)
    for index in count():
        first_day, until = period_at(calendar, effect, index)
        if first_day >= FOREVER:
            return
        plan = plan_on(plans, first_day)
        amount, taken = due_amounts(
            plan,
            covers,
            effect=effect,
            first_day=first_day,
            until=until,
            statutes=statutes_on(tuple(statutes), first_day),
            sponsored=sponsored,
            categories=categories,
        )
        due_day = due_day_of(plan, calendar, effect, index)
        yield Due(first_day, until, due_day, amount, plan.id, payer_amount=taken)


def entry_opens(facts: AccountFacts, day: date) -> date | None:
    """Return when entry opens again for a household that has not entered; None while it may.

    Source: domain handbook 2.4, `enrolment_window`.
    """
    windows = plan_on(facts.plans, day).windows
    if open_on(windows, day) or account_on(facts, day).entered_on is not None:
        return None
    return next_window(windows, day)


def family(
    day: date, *, adults: int = 2, children: int = 4, adult_age: int | None = None
) -> tuple[Cover, ...]:
    """Return a made-up household covered from a day on: the member first, then adults, children.

    Adults are thirty, or as old as adults are at least; children half the age of an adult.
    """
    limit = ADULT if adult_age is None else adult_age
    return tuple(
        Cover(
            CoverId(b"c%d" % at),
            HouseholdId(b"h"),
            PersonId(b"p%d" % at),
            at,
            _relation(at, adults),
            day,
            None,
            Birth(
                add_months(day, -YEAR * (max(30, limit) if at < adults else limit // 2)),
                BirthKnown.DAY,
            ),
            Sex.FEMALE,
        )
        for at in range(adults + children)
    )


def _relation(at: int, adults: int) -> Relation:
    if at == 0:
        return Relation.SELF
    if at >= adults:
        return Relation.CHILD
    return Relation.SPOUSE if at == 1 else Relation.PARENT


def plan_example(
    plans: Sequence[PlanVersion],
    day: date,
    *,
    adults: int = 2,
    children: int = 4,
    category: str | None = None,
    statutes: Sequence[Statutes] = (DEFAULT,),
) -> PlanExample:
    """Return what a household that joins on a day pays in its first year, and what it gets.

    Args:
        plans: The versions by first day, the one being written among them; not empty.
        day: When it joins and pays.
        adults: How many of it are grown up, the member among them; above 0.
        children: How many are not.
        category: Its category's code, where the plan asks by it.
        statutes: Those of the scheme by first day.

    Months are begun ones. Source: domain handbook GOLDEN 2.4b, the warning before the member
    signs.
    """
    plan = plan_on(plans, day)
    covers = family(day, adults=adults, children=children, adult_age=plan.adult_age)
    categories = (CategoryFrom(date.min, category),) if category else ()
    first = quote(plans, covers, day, statutes=statutes, categories=categories)
    ends = add_months(first.effect, YEAR)
    off = first.discount - first.fees_discount
    paid = {due.first_day: due for due in lowered(first.dues, off)}
    year: list[Due] = []
    for due in _dues(plans, covers, first.effect, statutes, (), categories):
        if due.first_day >= ends:
            break
        year.append(paid.get(due.first_day, due))
    until = first.dues[-1].until
    begins = plan_on(plans, first.effect)
    rights_from = max(add_months(first.effect, begins.waiting_months), first.enters_on)
    return PlanExample(
        persons=adults + children,
        first=first,
        year=tuple(year),
        rights_from=rights_from,
        pay_by=first.pay_by if plan.cycle_starts else None,
        months_paid=0 if until >= FOREVER else months_begun(first.effect, until),
        months_of_rights=0 if until >= FOREVER else _months_of_rights(rights_from, until),
    )


def _months_of_rights(rights_from: date, until: date) -> int:
    return months_begun(rights_from, until) if rights_from < until else 0


# In words


def example_texts(example: PlanExample, currency: Currency) -> tuple[Text, ...]:
    """Return an example as sentences: who joins and pays what, how long for, rights from when."""
    return (*_entry(example, currency), *_cover(example), *_year(example, currency))


def _entry(example: PlanExample, currency: Currency) -> Iterator[Text]:
    first = example.first
    if first.enters_on != first.day:
        yield Text(
            N_("Entry is closed on {day}. It opens again on {first}."),
            {"day": first.day, "first": first.enters_on},
        )
    yield Text(
        N_("A household of {count} person that joins on {day} pays {amount}."),
        {
            "count": example.persons,
            "day": first.enters_on,
            "amount": Money(first.total, currency),
        },
        plural=N_("A household of {count} persons that joins on {day} pays {amount}."),
    )
    yield from _parts(first, currency)


def _parts(first: Quote, currency: Currency) -> Iterator[Text]:
    if first.fees or first.discount:
        dues = sum(due.amount for due in first.dues)
        yield Text(N_("Of this {amount} are contributions."), {"amount": Money(dues, currency)})
    for fee in first.fees:
        yield Text(
            N_("{amount} are the {fee}."),
            {"amount": Money(fee.amount, currency), "fee": Text(FEE_WORDS[fee.target])},
        )
    if first.discount:
        yield Text(
            N_("{amount} are taken off for paying early, or a whole year at once."),
            {"amount": Money(first.discount, currency)},
        )
    if first.fees_discount:
        yield Text(
            N_("Of what is taken off, {amount} lower the fees."),
            {"amount": Money(first.fees_discount, currency)},
        )


def _cover(example: PlanExample) -> Iterator[Text]:
    first = example.first
    if first.dues[-1].until >= FOREVER:
        yield Text(N_("It is covered from {first} without end."), {"first": first.effect})
    elif example.pay_by is None:
        yield Text(
            N_("It is covered from {first} to {last}."),
            {"first": first.effect, "last": first.dues[-1].until - DAY},
        )
    else:
        yield Text(
            N_("It is covered from {first} to {last}, if it pays by {day}."),
            {"first": first.effect, "last": first.dues[-1].until - DAY, "day": example.pay_by},
        )
    yield Text(N_("Its rights begin on {day}."), {"day": example.rights_from})
    if example.months_of_rights < example.months_paid and example.months_paid > 1:
        yield Text(
            N_("It pays for {paid} months and has rights in {count} of them."),
            {"paid": example.months_paid, "count": example.months_of_rights},
        )


def _year(example: PlanExample, currency: Currency) -> Iterator[Text]:
    if len(example.year) < 2:
        return
    total = sum(due.amount for due in example.year)
    yield Text(
        N_("In its first year it pays {count} contributions, {amount} together."),
        {"count": len(example.year), "amount": Money(total, currency)},
    )
    for due in example.year[:YEAR]:
        yield Text(
            N_("{amount} by {day}, for {first} to {last}."),
            {
                "amount": Money(due.amount, currency),
                "day": due.due_on,
                "first": due.first_day,
                "last": due.until - DAY,
            },
        )
