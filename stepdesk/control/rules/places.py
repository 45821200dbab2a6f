"""Checks about providers, against their peers and their own past: F-04 to F-06, F-16.

What differs is not wrong: a health centre may have a doctor others lack. Source: domain handbook
2.16, advice handbook 2.8.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import log, sqrt
from statistics import mean, median, stdev

from stepdesk.benefits.terms import Category
from stepdesk.control.rules.chance import above_funnel, first_digits, peer_value, poisson_tail
from stepdesk.control.rules.facts import Care, Facts
from stepdesk.control.rules.making import finding, of_claims, over, share_of
from stepdesk.control.rules.thresholds import Thresholds
from stepdesk.control.terms import Check, Finding, Subject, SubjectKind
from stepdesk.values.care import Level, Visit
from stepdesk.values.ids import ProviderId

_ALWAYS_OPEN = frozenset({Level.DISTRICT_HOSPITAL, Level.REGIONAL, Level.NATIONAL})
_DEAR = (Category.HOSP, Category.SURG, Category.CSE)
_HALF = 6
"""Months of a half-year."""

_SPREAD = 100
"""Two orders of magnitude, from the smallest amount to the largest."""

_ERROR = 0.02
_ONE_IN_FORTY = 0.025
"""Above the upper limit of 95 %, both sides counted."""


def _of(provider_id: bytes) -> Subject:
    return Subject(SubjectKind.PROVIDER, provider_id)


# F-04: acts that were not done


def closed_days(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Planned care on the day most are closed, more than peers, or more than is usual where there are few."""
    planned = {
        one: [told for told in care if told.visit is not Visit.EMERGENCY and not told.stays]
        for one, care in facts.of_provider.items()
        if facts.levels.get(one) not in _ALWAYS_OPEN
    }
    on_day = {
        one: [told for told in care if told.first_day.isoweekday() == limits.closed_weekday]
        for one, care in planned.items()
    }
    counted = {one: len(care) for one, care in planned.items() if len(care) >= limits.peer_cases}
    seen = {one: len(on_day[one]) for one in counted}
    # The others are its peers: fewer than asked for, and a fixed share is the limit.
    if len(counted) > limits.peer_count:
        found = set(above_funnel(seen, counted))
    else:
        found = {
            one
            for one, count in counted.items()
            if poisson_tail(seen[one], count * limits.closed_percent / 100) < _ONE_IN_FORTY
        }
    for one in sorted(found):
        share = share_of(seen[one], counted[one])
        yield finding(
            Check.CLOSED_DAYS,
            _of(one),
            strength=over(share, limits.closed_percent * 100),
            others=of_claims(on_day[one]),
            weight=seen[one],
            count=seen[one],
            cases=counted[one],
            share=share,
        )


def many_acts(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """More consultations on one day than somebody can give."""
    for one, care in facts.visits.items():
        days = Counter(told.first_day for told in care)
        full = sorted(day for day, count in days.items() if count > limits.most_acts_a_day)
        if full:
            highest = max(full, key=lambda day: (days[day], day))
            yield finding(
                Check.MANY_ACTS,
                _of(one),
                strength=over(days[highest], limits.most_acts_a_day),
                weight=len(full),
                days=len(full),
                count=days[highest],
                day=highest,
                limit=limits.most_acts_a_day,
            )


def round_amounts(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Prices nobody fixed are nearly all round. A service mostly billed at one price has a fixed one."""
    for one, care in facts.of_provider.items():
        prices: dict[bytes, dict[int, int]] = {}
        for told in care:
            for line in told.lines:
                counted = prices.setdefault(line.service_id, {})
                counted[line.price] = counted.get(line.price, 0) + 1
        free = [
            counted
            for counted in prices.values()
            if 2 * max(counted.values()) <= sum(counted.values())
        ]
        cases = sum(sum(counted.values()) for counted in free)
        whole = sum(
            times
            for counted in free
            for price, times in counted.items()
            if price and price % limits.round_amount == 0
        )
        share = share_of(whole, cases)
        if cases >= limits.peer_cases and share > limits.round_percent * 100:
            yield finding(
                Check.ROUND_AMOUNTS,
                _of(one),
                strength=over(share, limits.round_percent * 100),
                weight=whole,
                count=whole,
                cases=cases,
                share=share,
            )


def many_visits(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """More visits a person of the households that go there than at peers, by the days of cover."""
    posts = {home.id: home.post_id for home in facts.homes.values() if home.post_id is not None}
    days = Counter[ProviderId]()
    for who in facts.persons.values():
        for cover in who.covers:
            if (post := posts.get(cover.household_id)) is not None:
                days[post] += facts.days_of(cover)
    seen = Counter(
        one.provider_id
        for one in facts.care
        if one.has(Category.OPD) and posts.get(one.household_id) == one.provider_id
    )
    exposed = {one: count for one, count in days.items() if seen[one] >= limits.peer_cases}
    whole = (facts.last_day - facts.first_day).days + 1
    yield from _above(Check.MANY_VISITS, seen, exposed, limits, whole=whole)


def _above(
    check: Check,
    seen: Mapping[ProviderId, int],
    exposed: Mapping[ProviderId, int],
    limits: Thresholds,
    *,
    whole: int = 1,
) -> Iterator[Finding]:
    """Who lies outside the funnel; with fewer peers than asked for nobody does.

    So much of what is exposed counts as one case.
    """
    if len(exposed) <= limits.peer_count:
        return
    for one, told in sorted(above_funnel(seen, exposed).items()):
        yield finding(
            check,
            _of(one),
            strength=over(seen[one] * 10, int(told * 10)),
            weight=seen[one],
            count=seen[one],
            expected=int(told * 10),
            cases=(2 * exposed[one] + whole) // (2 * whole),
        )


# F-05 and F-06: dearer, more, oftener


def _enough(
    facts: Facts,
    cases: Mapping[ProviderId, Sequence[Care]],
    measure: Callable[[Sequence[Care]], tuple[int, int]],
    limits: Thresholds,
) -> Mapping[Level, Mapping[bytes, tuple[int, int]]]:
    """Return sum and cases of a measure by provider, peers together, those with few cases left out."""
    found: dict[Level, dict[bytes, tuple[int, int]]] = {}
    for one, care in cases.items():
        told = measure(care)
        if told[1] >= limits.peer_cases:
            found.setdefault(facts.levels.get(one, Level.OTHER), {})[one] = told
    return found


def _dear_share(care: Sequence[Care]) -> tuple[int, int]:
    return 10_000 * sum(one.has(*_DEAR) for one in care), len(care)


def _drugs_a_visit(visits: Sequence[Care]) -> tuple[int, int]:
    return sum(one.sum_of(Category.DRUG) for one in visits), len(visits)


def expensive(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The share of hospital days, operations and caesareans is half as high again as at peers."""
    yield from _beyond_peers(facts, Check.EXPENSIVE, facts.of_provider, _dear_share, limits)


def drugs(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A consultation comes with half as much again in medicines as at peers."""
    yield from _beyond_peers(facts, Check.DRUGS, facts.visits, _drugs_a_visit, limits)


def _beyond_peers(
    facts: Facts,
    check: Check,
    told: Mapping[ProviderId, Sequence[Care]],
    measure: Callable[[Sequence[Care]], tuple[int, int]],
    limits: Thresholds,
) -> Iterator[Finding]:
    for values in _enough(facts, told, measure, limits).values():
        for one, (amount, cases) in sorted(values.items()):
            usual = peer_value(one, values, limits.peer_count, limits.pool_count)
            if usual > 0 and amount * 100 > limits.peer_percent * usual * cases:
                yield finding(
                    check,
                    _of(one),
                    strength=over(amount // cases, int(usual * limits.peer_percent) // 100),
                    weight=cases,
                    own=amount // cases,
                    peers=int(usual),
                    cases=cases,
                )


def split(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """One patient's care at one provider comes in pieces of one day each."""
    for person, care in facts.of_person.items():
        if len(care) <= limits.split_pairs:
            continue
        by_provider: dict[ProviderId, list[Care]] = {}
        for one in care:
            by_provider.setdefault(one.provider_id, []).append(one)
        for where, told in by_provider.items():
            follows = [
                after
                for before, after in pairwise(told)
                if (after.first_day - before.last_day).days == 1
            ]
            if len(follows) >= limits.split_pairs:
                yield finding(
                    Check.SPLIT,
                    Subject(SubjectKind.PERSON, person),
                    strength=over(len(follows), limits.split_pairs),
                    others=(_of(where), *of_claims(follows)),
                    key=where.hex(),
                    weight=len(follows),
                    count=len(follows),
                )


def drift(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The mean bill rose since the half-year before, more than that of peers. Source: advice handbook 2.8."""
    turn = facts.month.plus(1 - _HALF).first
    moved: dict[ProviderId, tuple[float, float, int]] = {}
    for one, care in facts.of_provider.items():
        halves = [
            [log(told.claimed) for told in care if told.claimed > 0 and told.first_day < turn],
            [log(told.claimed) for told in care if told.claimed > 0 and told.first_day >= turn],
        ]
        if min(map(len, halves)) < max(2, limits.drift_cases):
            continue
        error = sqrt(_ERROR**2 + sum(stdev(half) ** 2 / len(half) for half in halves))
        moved[one] = (mean(halves[1]) - mean(halves[0]), error, len(halves[1]))
    for one, (step, error, cases) in sorted(moved.items()):
        others = [told[0] for other, told in moved.items() if other != one]
        if len(others) < limits.pool_count:
            continue
        beyond = step - median(others)
        z = int(100 * beyond / error)
        if z > limits.drift_z:
            yield finding(
                Check.DRIFT,
                _of(one),
                strength=over(z, limits.drift_z),
                key=str(facts.month),
                weight=cases,
                rise=int(10_000 * beyond),
                z=z,
                cases=cases,
            )


def laboratory(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """More laboratory tests a visit than at peers."""
    seen, exposed = Counter[ProviderId](), dict[ProviderId, int]()
    for one, visits in facts.visits.items():
        if len(visits) >= limits.peer_cases:
            exposed[one] = len(visits)
            seen[one] = sum(told.has(Category.LAB) for told in visits)
    yield from _above(Check.LABORATORY, seen, exposed, limits)


def repeated(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Patients come back within days oftener than at peers."""
    seen, exposed = Counter[ProviderId](), dict[ProviderId, int]()
    reach = timedelta(days=limits.repeat_days)
    for one, visits in facts.visits.items():
        last: dict[bytes, date] = {}
        if len(visits) < limits.peer_cases:
            continue
        exposed[one] = len(visits)
        for told in visits:
            before = last.get(told.person_id)
            seen[one] += before is not None and told.first_day - before <= reach
            last[told.person_id] = told.first_day
    yield from _above(Check.REPEATED, seen, exposed, limits)


# F-16: what drifts


def month_mean(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The month's mean cost of a case lies far from those of the six months before. A statistic."""
    month, *before = [
        (told.year, told.month) for told in (facts.month.plus(-at) for at in range(_HALF + 1))
    ]
    for one, care in facts.of_provider.items():
        by_month: dict[tuple[int, int], list[int]] = {}
        for told in care:
            on = (told.first_day.year, told.first_day.month)
            by_month.setdefault(on, []).append(told.claimed)
        if any(len(by_month.get(at, ())) < 2 for at in (month, *before)):
            continue
        if len(by_month[month]) < limits.peer_cases:
            continue
        means = [mean(by_month[at]) for at in before]
        own, usual, spread = mean(by_month[month]), mean(means), stdev(means)
        if abs(own - usual) * 100 > limits.mean_deviations * spread:
            yield finding(
                Check.MONTH_MEAN,
                _of(one),
                strength=50,
                key=str(facts.month),
                own=int(own),
                usual=int(usual),
                cases=len(by_month[month]),
            )


def digits(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """The first digits of what medicines cost differ from those of peers: many amounts, widely spread."""
    amounts = {
        one: [told for line in care if (told := line.sum_of(Category.DRUG)) > 0]
        for one, care in facts.of_provider.items()
    }
    for one, own in sorted(amounts.items()):
        if len(own) < limits.digit_cases or max(own) < _SPREAD * min(own):
            continue
        others = [told for other, peers in amounts.items() if other != one for told in peers]
        if len(others) < limits.digit_cases:
            continue
        pairs = zip(first_digits(own), first_digits(others), strict=True)
        apart = sum(abs(mine / len(own) - told / len(others)) for mine, told in pairs) / 9
        if apart * 1000 >= limits.digit_deviation:
            yield finding(
                Check.DIGITS,
                _of(one),
                strength=50,
                cases=len(own),
                deviation=int(apart * 1000),
            )


CHECKS = (
    closed_days,
    many_acts,
    round_amounts,
    many_visits,
    expensive,
    split,
    drift,
    laboratory,
    repeated,
    drugs,
    month_mean,
    digits,
)
