"""Checks about patients and their households: F-01 to F-03, F-07 to F-09, F-12. Source: domain handbook 2.16."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from stepdesk.benefits.terms import Category
from stepdesk.control.rules.chance import negative_binomial_tail
from stepdesk.control.rules.facts import Care, Covered, Facts, Somebody
from stepdesk.control.rules.making import at_stake, finding, of_claim, of_claims, over, share_of
from stepdesk.control.rules.thresholds import Thresholds
from stepdesk.control.terms import STATISTIC, Check, Finding, Subject, SubjectKind
from stepdesk.members.terms import Sex
from stepdesk.values.care import Level, Visit
from stepdesk.values.digits import leaf_parts
from stepdesk.values.ids import PersonId

BIRTHS = (Category.DEL, Category.CSE)
_OF_WOMEN = (*BIRTHS, Category.ANC, Category.PNC)
_UNFIT = frozenset({"RA10", "RB09"})
_CLOSED = frozenset({"RA04", "RA05"})


# F-01: a card in other hands


def two_providers(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The same patient at two providers on one day, neither sent by the other nor a pharmacy."""
    del limits
    for care in facts.of_person.values():
        for group in _by_day(_without_pharmacies(facts, care)) if len(care) > 1 else ():
            if len({one.provider_id for one in group}) < 2:
                continue
            if any(one.visit is Visit.REFERRAL for one in group):
                continue
            last, *others = sorted(group, key=lambda one: one.claim_id, reverse=True)
            yield finding(
                Check.TWO_PROVIDERS,
                of_claim(last),
                strength=at_stake(sum(one.claimed for one in group)),
                others=of_claims(others),
                weight=len(group) - 1,
                day=last.first_day,
                providers=len({one.provider_id for one in group}),
            )


def _without_pharmacies(facts: Facts, care: Sequence[Care]) -> list[Care]:
    return [one for one in care if facts.levels.get(one.provider_id) is not Level.PHARMACY]


def _by_day(care: Sequence[Care]) -> Iterator[list[Care]]:
    group: list[Care] = []
    for one in care:
        if group and group[0].first_day != one.first_day:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def identity(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The certificate does not fit the sex, age or photo of the register: RA10, RB09.

    A birth that cannot be is told by `not_there`.
    """
    for one in facts.care:
        codes = sorted(one.codes & _UNFIT)
        if codes and not _impossible(facts.persons.get(one.person_id), one, limits):
            yield finding(
                Check.IDENTITY,
                of_claim(one),
                strength=at_stake(one.claimed),
                code=", ".join(codes),
                day=one.first_day,
            )


_BANDS = (5, 15, 45, 60)


def _band(one: Somebody, day: date) -> tuple[Sex, int]:
    age = one.age(day)
    return (one.sex, -1 if age is None else sum(age >= limit for limit in _BANDS))


def often(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Far more visits than sex, age and household let one expect. A statistic, unless a second sign is there.

    Expected are the visits of people of that sex and age, times how often the rest of the household
    goes; people differ, so the tail is a negative binomial's. Source: advice handbook 2.8.
    """
    visits = {
        one: sum(not care.stays for care in facts.of_person.get(one, ())) for one in facts.persons
    }
    days = {
        one.id: sum(facts.days_of(cover) for cover in one.covers) for one in facts.persons.values()
    }
    rates = _rates(facts, visits, days)
    expected = {
        one.id: rates.get(_band(one, facts.last_day), 0.0) * days[one.id]
        for one in facts.persons.values()
    }
    seen: dict[bytes, int] = {}
    hoped: dict[bytes, float] = {}
    home = {one.id: one.covers[-1].household_id for one in facts.persons.values() if one.covers}
    for person, where in home.items():
        seen[where] = seen.get(where, 0) + visits[person]
        hoped[where] = hoped.get(where, 0.0) + expected[person]
    for person, where in home.items():
        count = visits[person]
        if count < limits.often_least:
            continue
        prior = limits.often_prior
        factor = (seen[where] - count + prior) / (hoped[where] - expected[person] + prior)
        told = expected[person] * factor
        chance = negative_binomial_tail(count, told, limits.often_shape)
        if chance * limits.often_one_in < 1:
            yield finding(
                Check.OFTEN,
                Subject(SubjectKind.PERSON, person),
                strength=over(count * 10, int(told * 10)),
                others=of_claims(facts.of_person.get(person, ())),
                weight=count,
                level=2 if _two_places(facts, person) else STATISTIC,
                count=count,
                expected=int(told * 10),
            )


def _two_places(facts: Facts, person: PersonId) -> bool:
    care = _without_pharmacies(facts, facts.of_person.get(person, ()))
    return any(len({one.provider_id for one in group}) > 1 for group in _by_day(care))


def _rates(
    facts: Facts, visits: dict[PersonId, int], days: dict[PersonId, int]
) -> dict[tuple[Sex, int], float]:
    seen: dict[tuple[Sex, int], int] = {}
    covered: dict[tuple[Sex, int], int] = {}
    for one in facts.persons.values():
        band = _band(one, facts.last_day)
        seen[band] = seen.get(band, 0) + visits[one.id]
        covered[band] = covered.get(band, 0) + days[one.id]
    return {band: seen[band] / count for band, count in covered.items() if count}


# F-02: billed twice


def billed_twice(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The same patient, provider and service on one day, the same sum within days, or nearly so."""
    for care in facts.of_person.values():
        if len(care) < 2:
            continue
        for at, one in enumerate(care):
            alike = [other for other in _before(care, at, limits) if _same(other, one, limits)]
            if alike:
                yield finding(
                    Check.BILLED_TWICE,
                    of_claim(one),
                    strength=at_stake(one.claimed),
                    others=of_claims(alike),
                    weight=len(alike),
                    day=one.first_day,
                    other_day=alike[-1].first_day,
                    amount=one.claimed,
                    other_amount=alike[-1].claimed,
                )


def _before(care: Sequence[Care], at: int, limits: Thresholds) -> Iterator[Care]:
    most = max(limits.duplicate_days, limits.duplicate_near_days)
    for other in reversed(care[:at]):
        if (care[at].first_day - other.first_day).days > most:
            return
        yield other


def _same(before: Care, after: Care, limits: Thresholds) -> bool:
    if before.provider_id != after.provider_id:
        return False
    services = {line.service_id for line in before.lines}
    if not any(line.service_id in services for line in after.lines):
        return False
    apart = (after.first_day - before.first_day).days
    difference = abs(after.claimed - before.claimed)
    near = difference * 100 <= limits.duplicate_percent * max(before.claimed, after.claimed)
    return (
        apart == 0
        or (difference == 0 and apart <= limits.duplicate_days)
        or (near and apart <= limits.duplicate_near_days)
    )


# F-03: a patient who could not be there


def not_there(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Care after death or exit, while suspended, on a leaf of no booklet, or that cannot be."""
    for one in facts.care:
        found = _not_there(facts, one, limits)
        if found is not None:
            yield found


def _not_there(facts: Facts, one: Care, limits: Thresholds) -> Finding | None:
    who = facts.persons.get(one.person_id)
    checks = (
        (Check.AFTER_DEATH, _dead(who, one)),
        (Check.AFTER_EXIT, _left(who, one)),
        (Check.SUSPENDED, one.first_day if one.codes & _CLOSED else None),
        (Check.LEAF, one.first_day if _strange_leaf(facts, one) else None),
        (Check.IMPOSSIBLE, one.first_day if _impossible(who, one, limits) else None),
    )
    for check, since in checks:
        if since is not None:
            # What was refused already costs nothing: it stands further down.
            strength = at_stake(one.claimed) // (2 if check is Check.SUSPENDED else 1)
            return finding(check, of_claim(one), strength=strength, day=one.first_day, since=since)
    return None


def _dead(who: Somebody | None, one: Care) -> date | None:
    if who is None or who.deceased_on is None or one.last_day <= who.deceased_on:
        return None
    return who.deceased_on


def _left(who: Somebody | None, one: Care) -> date | None:
    """Return since when somebody was no longer covered; None while covered, or before it began."""
    if who is None or any(_covers(cover, one.first_day) for cover in who.covers):
        return None
    ended = [cover.until for cover in who.covers if cover.until and cover.until <= one.first_day]
    return max(ended, default=None)


def _covers(cover: Covered, day: date) -> bool:
    return cover.first_day <= day and (cover.until is None or day < cover.until)


def _strange_leaf(facts: Facts, one: Care) -> bool:
    given = facts.leaves.get(one.provider_id)
    if not given or not one.certificate.strip():
        return False
    serial, leaf = leaf_parts(one.certificate) or (0, 0)
    return not any(
        booklet.serial == serial
        and booklet.first_leaf <= leaf <= booklet.last_leaf
        and leaf not in booklet.spoilt
        for booklet in given
    )


def _impossible(who: Somebody | None, one: Care, limits: Thresholds) -> bool:
    """Whether a birth is told of a man, a child or a woman past the age."""
    if who is None or not one.has(*_OF_WOMEN):
        return False
    age = who.age(one.first_day)
    fits = age is None or limits.birth_age_first <= age <= limits.birth_age_last
    return who.sex is not Sex.FEMALE or not fits


def two_deliveries(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Two deliveries of one woman closer than a pregnancy lasts."""
    for care in facts.of_person.values():
        births = [one for one in care if one.has(*BIRTHS)]
        for before, after in pairwise(births):
            apart = (after.first_day - before.first_day).days
            if apart < limits.delivery_gap_days:
                yield finding(
                    Check.TWO_DELIVERIES,
                    of_claim(after),
                    strength=at_stake(after.claimed),
                    others=(of_claim(before),),
                    days=apart,
                    day=after.first_day,
                )


def two_beds(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A patient in one hospital while another provider treats them; a move on a day is none."""
    del limits
    for care in facts.of_person.values():
        stays = [one for one in care if one.stays] if len(care) > 1 else []
        for stay in stays:
            inside = [one for one in _without_pharmacies(facts, care) if _meanwhile(stay, one)]
            if inside:
                yield finding(
                    Check.TWO_BEDS,
                    of_claim(stay),
                    strength=at_stake(stay.claimed),
                    others=of_claims(inside),
                    weight=len(inside),
                    first=stay.first_day,
                    last=stay.last_day,
                    day=inside[0].first_day,
                )


def _meanwhile(stay: Care, one: Care) -> bool:
    """Whether care elsewhere lies within a stay; of two stays the one that began first says so."""
    if one.provider_id == stay.provider_id:
        return False
    if not one.stays:
        return stay.first_day < one.first_day < stay.last_day
    begun = (stay.first_day, stay.claim_id) < (one.first_day, one.claim_id)
    return begun and one.first_day < stay.last_day


# F-07 to F-09, F-12: how people join


def joined_ill(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """First care soon after rights began, or a birth less than seven months after entry."""
    for person, care in facts.of_person.items():
        who = facts.persons.get(person)
        home = facts.homes.get(care[0].household_id)
        if who is None or home is None or not who.covers:
            continue
        entered = min(cover.first_day for cover in who.covers)
        if entered < facts.first_day:
            continue
        yield from _early(person, care, max(entered, home.rights_from), limits)
        yield from _early_birth(person, care, entered, limits)


def _early(
    person: PersonId, care: Sequence[Care], rights: date, limits: Thresholds
) -> Iterator[Finding]:
    first = next((one for one in care if one.first_day >= rights), None)
    if first is not None and (first.first_day - rights).days <= limits.early_days:
        yield finding(
            Check.EARLY_CARE,
            Subject(SubjectKind.PERSON, person),
            strength=50,
            others=(of_claim(first),),
            days=(first.first_day - rights).days,
        )


def _early_birth(
    person: PersonId, care: Sequence[Care], entered: date, limits: Thresholds
) -> Iterator[Finding]:
    birth = next((one for one in care if one.has(*BIRTHS)), None)
    if birth is None:
        return
    days = (birth.first_day - entered).days
    if 0 <= days < limits.early_delivery_days:
        yield finding(
            Check.EARLY_DELIVERY,
            Subject(SubjectKind.PERSON, person),
            strength=60,
            others=(of_claim(birth),),
            days=days,
        )


def part_of_family(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Few of those who live there are covered, and they are older, younger or of one sex only."""
    ages = [
        age
        for members in facts.members.values()
        for one in members
        if (age := one.age(facts.last_day)) is not None
    ]
    usual = sum(ages) / len(ages) if ages else 0.0
    for home in facts.homes.values():
        members = facts.members.get(home.id, [])
        if not members or home.declared_size <= 0:
            continue
        share = share_of(len(members), home.declared_size)
        if share < limits.complete_percent * 100 and _skewed(members, usual, facts, limits):
            yield finding(
                Check.PART_OF_FAMILY,
                Subject(SubjectKind.HOUSEHOLD, home.id),
                strength=50,
                covered=len(members),
                persons=home.declared_size,
                share=share,
            )


def _skewed(members: list[Somebody], usual: float, facts: Facts, limits: Thresholds) -> bool:
    ages = [age for one in members if (age := one.age(facts.last_day)) is not None]
    apart = bool(ages) and abs(sum(ages) / len(ages) - usual) > limits.skew_years
    return apart or (len(members) > 2 and len({one.sex for one in members}) == 1)


def added_dependants(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """More dependants added in a year who have care within weeks than the table lets pass."""
    found: dict[bytes, list[Care]] = {}
    for person, care in facts.of_person.items():
        who = facts.persons.get(person)
        for cover in who.covers if who is not None else ():
            if not cover.added or cover.first_day < facts.first_day:
                continue
            first = next((one for one in care if one.first_day >= cover.first_day), None)
            if first and (first.first_day - cover.first_day).days <= limits.added_days:
                found.setdefault(cover.household_id, []).append(first)
    for where, care in found.items():
        if len(care) > limits.added_dependants:
            yield finding(
                Check.ADDED_DEPENDANTS,
                Subject(SubjectKind.HOUSEHOLD, where),
                strength=at_stake(sum(one.claimed for one in care)),
                others=of_claims(care),
                weight=len(care),
                count=len(care),
                days=limits.added_days,
            )


def back_dated(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Arrears of a period that was over, typed in on the day of care or after, dated not later than it."""
    for paid in facts.catch_ups:
        reach = timedelta(days=limits.catch_up_days)
        care = [
            one
            for one in facts.of_household.get(paid.household_id, ())
            if paid.day <= one.first_day <= paid.typed_on <= one.first_day + reach
            and paid.period_until <= one.first_day
        ]
        if care:
            yield finding(
                Check.BACK_DATED,
                of_claim(care[0]),
                strength=at_stake(sum(one.claimed for one in care)),
                others=of_claims(care[1:]),
                key=paid.id.hex(),
                weight=len(care),
                day=care[0].first_day,
                paid_on=paid.day,
                typed_on=paid.typed_on,
                amount=paid.amount,
            )


CHECKS = (
    two_providers,
    identity,
    often,
    billed_twice,
    not_there,
    two_deliveries,
    two_beds,
    joined_ill,
    part_of_family,
    added_dependants,
    back_dated,
)
