"""How a month is measured. Nothing here touches the book, the screen or the clock.

Each figure keeps how many distinct persons or households are behind it: what leaves the scheme is
decided by that, see `stepdesk.sync.rules`. Source: safety handbook 4.1, domain handbook 4.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from stepdesk.benefits.terms import Category
from stepdesk.contributions.terms import Account, Means
from stepdesk.ledger.terms import Step, StepState
from stepdesk.members.terms import Cover, Sex
from stepdesk.reports.terms import (
    Alarm,
    AlarmFacts,
    Alert,
    ClaimMonth,
    HouseholdMonth,
    Mark,
    Measure,
    Place,
    Service,
)
from stepdesk.rights.terms import HouseholdState, Status
from stepdesk.values.care import Level
from stepdesk.values.money import Money
from stepdesk.values.month import Month, age_on

LIVING: Mapping[HouseholdState, Status] = {
    HouseholdState.ACTIVE: Status.UP_TO_DATE,
    HouseholdState.WAITING: Status.WAITING,
    HouseholdState.GRACE: Status.LATE,
    HouseholdState.SUSPENDED: Status.STOPPED,
}
"""The states in which a household counts, and how it is told. Source: domain handbook 4.1, H1."""

SEXES = (Sex.FEMALE.value, Sex.MALE.value)
STATUSES = (Status.UP_TO_DATE, Status.WAITING, Status.LATE, Status.STOPPED)
MEANS = (Means.CASH.value, Means.BANK.value, Means.MOBILE.value)
SERVICES = tuple(Service)
PLACES = tuple(Place)
_OLDEST = (4, 14, 49)
_SLOWEST = (15, 30, 90)

SERVICE_OF: Mapping[Category, Service] = {
    Category.OPD: Service.OPD,
    Category.OBS: Service.OPD,
    Category.DRUG: Service.DRUG,
    Category.LAB: Service.LAB_IMG,
    Category.IMG: Service.LAB_IMG,
    Category.ANC: Service.MATERNITY,
    Category.DEL: Service.MATERNITY,
    Category.CSE: Service.MATERNITY,
    Category.PNC: Service.MATERNITY,
    Category.HOSP: Service.HOSP,
    Category.SURG: Service.SURG,
    Category.VACC: Service.PREVENTION,
    # Sensitive care never stands alone: safety handbook 4.1, class X.
    Category.FP: Service.OTHER,
    Category.CHRON: Service.OTHER,
    Category.DENT: Service.OTHER,
    Category.OPTIC: Service.OTHER,
    Category.TRANS: Service.OTHER,
    Category.FUN: Service.OTHER,
    Category.OTH: Service.OTHER,
}

PLACE_OF: Mapping[Level, Place] = {
    Level.POST: Place.POST,
    Level.CENTRE: Place.CENTRE,
    Level.DISTRICT_HOSPITAL: Place.DISTRICT,
    Level.REGIONAL: Place.HIGHER,
    Level.NATIONAL: Place.HIGHER,
    Level.PHARMACY: Place.OTHER,
    Level.OTHER: Place.OTHER,
}

# Accounts by role. Source: domain handbook 3.2, and 4.1 for Op, Inc, Own.
INCOME = frozenset(
    {
        *("contribution", "contribution_sub", "entry_fee", "card_sales", "penalty"),
        *("op_subsidy", "gift", "interest", "prov_release"),
    }
)
BENEFITS = frozenset({"benefit_tp", "benefit_refund"})
RUNNING = frozenset({"supplies", "travel", "services", "taxes", "payroll", "allowances"})
OTHER_CHARGES = frozenset({"union_levy", "bad_debt", "interest_paid", "dep_charge", "prov_charge"})
OWN = frozenset(
    {
        *("own_fund", "reserve_mandatory", "reserve_other"),
        *("retained_plus", "retained_minus", "result"),
    }
)
EARNED = frozenset({"contribution", "contribution_sub"})
CASH = frozenset({"cash_main", "cash_section"})
BANK = frozenset({"bank", "mfi", "momo"})
PAYABLE = frozenset(
    {
        *("provider_payable", "provider_accrual", "member_refund"),
        *("supplier", "staff", "union_current"),
    }
)


def tallied(places: int, marks: Iterable[Mark]) -> tuple[Measure, ...]:
    """Return the figure of each place, and how many different ones are behind it."""
    values = [0] * places
    behind: list[set[bytes]] = [set() for _ in range(places)]
    for mark in marks:
        values[mark.place] += mark.value
        behind[mark.place].add(mark.who)
    return tuple(Measure(value, len(who)) for value, who in zip(values, behind, strict=True))


def age_place(birth: date, day: date) -> int:
    """Return the place of an age among 0 to 4, 5 to 14, 15 to 49, 50 and more."""
    return _step(age_on(birth, day), _OLDEST)


def delay_place(received_on: date, paid_on: date) -> int:
    """Return the place of a delay among up to 15, 30, 90 days, and more."""
    return _step((paid_on - received_on).days, _SLOWEST)


def _step(number: int, bounds: Sequence[int]) -> int:
    return next((at for at, bound in enumerate(bounds) if number <= bound), len(bounds))


def frequency_place(periodicity: int) -> int:
    """Return the place of a plan's rhythm among monthly, quarterly or half, yearly."""
    return _step(periodicity, (1, 6))


def covered_on(covers: Iterable[Cover], day: date) -> tuple[Cover, ...]:
    """Return who is covered on a day, the member or who stands for them first."""
    holding = (cover for cover in covers if cover.holds(day))
    return tuple(sorted(holding, key=lambda cover: cover.suffix))


def called_in(account: Account, month: Month) -> int:
    """Return what was called for periods that begin in the month."""
    return sum(
        state.due.amount for state in account.called if Month.of(state.due.first_day) == month
    )


def membership(households: Sequence[HouseholdMonth], day: date) -> dict[str, tuple[Measure, ...]]:
    """Return block M: the persons covered at the end of the day, in households that live.

    Each household has one member: the one of its first card that is covered.
    """
    live = [(home, covered_on(home.covers, day)) for home in households if home.state in LIVING]
    persons = [(home, at, cover) for home, covers in live for at, cover in enumerate(covers)]
    role = tallied(2, (Mark(int(at > 0), one.person_id) for _, at, one in persons))
    everybody = Measure(len(persons), len({one.person_id for _, _, one in persons}))
    return {
        "m_total": (role[0], everybody),
        "m_sex": tallied(2, (Mark(_sex(one.sex.value), one.person_id) for _, _, one in persons)),
        "m_age": tallied(
            4, (Mark(age_place(one.birth.day, day), one.person_id) for _, _, one in persons)
        ),
        "m_role": role,
        "m_status": tallied(
            4,
            (Mark(STATUSES.index(LIVING[home.state]), one.person_id) for home, _, one in persons),
        ),
    }


def _sex(told: str) -> int:
    return SEXES.index(told)


def contributions(households: Sequence[HouseholdMonth]) -> dict[str, tuple[Measure, ...]]:
    """Return block C: what was called, came in and is owed; who paid, how, in what rhythm.

    A household that got everything back in the month did not pay; one that got back more than it
    paid stands behind the money and is not counted.
    """
    sums = {home.id: sum(home.paid.values()) for home in households}
    payers = [home for home in households if sums[home.id] > 0]
    paid = [
        (MEANS.index(means), home.id, amount)
        for home in households
        for means, amount in home.paid.items()
        if amount
    ]
    moved = [home for home in households if any(home.paid.values())]
    return {
        "c_money": tallied(
            3,
            (
                *(Mark(0, home.id, home.called) for home in households if home.called),
                *(Mark(1, home.id, sums[home.id]) for home in moved),
                *(Mark(2, home.id, home.arrears) for home in households if home.arrears),
            ),
        ),
        "c_payers": tallied(1, (Mark(0, home.id) for home in payers)),
        "c_frequency": tallied(
            3, (Mark(frequency_place(home.periodicity), home.id) for home in payers)
        ),
        "c_channel": tallied(3, (Mark(place, who, amount) for place, who, amount in paid)),
        "c_channel_n": tallied(3, (Mark(place, who) for place, who, amount in paid if amount > 0)),
    }


def benefits(claims: Sequence[ClaimMonth]) -> dict[str, tuple[Measure, ...]]:
    """Return block B but what was refused and paid out: the claims accepted in the month.

    Refused claims stand in a table of their own and in no total, so that no subtraction tells
    them. A claim counts once in each class of service of which something is paid.
    """
    accepted = [one for one in claims if one.approved]
    people = {one.person_id for one in accepted}
    moved = [one for one in claims if one.paid]
    amount = tallied(1, (Mark(0, one.person_id, one.paid) for one in moved))[0]
    return {
        "b_total": (
            Measure(len(accepted), len(people)),
            Measure(len(people), len(people)),
            amount,
        ),
        "b_class_n": tallied(
            len(SERVICES),
            (
                Mark(SERVICES.index(service), one.person_id)
                for one in accepted
                for service in one.cases
            ),
        ),
        "b_class": tallied(
            len(SERVICES),
            (
                Mark(SERVICES.index(service), one.person_id, paid)
                for one in moved
                for service, paid in one.by_service.items()
                if paid
            ),
        ),
        "b_level_n": tallied(
            len(PLACES), (Mark(PLACES.index(one.place), one.person_id) for one in accepted)
        ),
        "b_level": tallied(
            len(PLACES), (Mark(PLACES.index(one.place), one.person_id, one.paid) for one in moved)
        ),
        "b_age_n": tallied(
            4, (Mark(age_place(one.birth, one.day), one.person_id) for one in accepted)
        ),
        "b_sex_n": tallied(2, (Mark(_sex(one.sex), one.person_id) for one in accepted)),
    }


def by_service(
    claim: int, lines: Mapping[Category, int]
) -> tuple[dict[Service, int], frozenset[Service]]:
    """Return a claim's share by class of service, and the classes of which a line is paid.

    What rounding to coins added stands with the largest class, so that the classes add up.
    """
    found: dict[Service, int] = {}
    for category, paid in lines.items():
        service = SERVICE_OF[category]
        found[service] = found.get(service, 0) + paid
    largest = max(found, key=lambda one: (found[one], -SERVICES.index(one)), default=Service.OTHER)
    cases = frozenset(service for service, paid in found.items() if paid > 0)
    rounding = claim - sum(found.values())
    if rounding:
        found[largest] = found.get(largest, 0) + rounding
    return found, cases


def accounts(moved: Mapping[str, int], held: Mapping[str, int]) -> tuple[Measure, ...]:
    """Return block E from the accounts by role, debit above zero.

    Args:
        moved: What moved in the month, opening entries left out.
        held: What each account holds at its end.
    """
    moved, held = main_accounts(moved), main_accounts(held)

    def total(found: Mapping[str, int], roles: frozenset[str]) -> int:
        return sum(found.get(role, 0) for role in roles)

    result = total(held, INCOME | BENEFITS | RUNNING | OTHER_CHARGES)
    debt = sum(max(-held.get(role, 0), 0) for role in PAYABLE)
    figures = (
        -total(moved, INCOME),
        total(moved, BENEFITS),
        total(moved, RUNNING),
        -total(held, OWN) - result,
        total(held, CASH),
        total(held, BANK),
        debt,
    )
    return tuple(Measure(figure) for figure in figures)


def main_accounts(found: Mapping[str, int]) -> dict[str, int]:
    """Return accounts with their sub-accounts: benefit_tp.DRUG counts with benefit_tp."""
    told: dict[str, int] = {}
    for role, amount in found.items():
        main = role.partition(".")[0]
        told[main] = told.get(main, 0) + amount
    return told


# How the scheme went


def first_unbalanced(sums: Mapping[Month, Mapping[str, int]]) -> Month | None:
    """Return the first month whose accounts do not sum to nothing, None when all do."""
    return next((month for month in sorted(sums) if sum(sums[month].values())), None)


def earned_and_spent(sums: Mapping[str, int]) -> tuple[int, int]:
    """Return contributions earned and benefits from the accounts of a month by role."""
    told = main_accounts(sums)
    return (
        -sum(told.get(role, 0) for role in EARNED),
        sum(told.get(role, 0) for role in BENEFITS),
    )


def last_run(values: Sequence[int | None]) -> tuple[int, int] | None:
    """Return where the last movement began and where it is now: places among the values.

    It is as long as the figures move one way; holes are passed over. When the last two figures
    are equal it is as long as they are. None with fewer than two figures.
    """
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    way = _sign(known[-1][1] - known[-2][1])
    start = len(known) - 2
    while start and _sign(known[start][1] - known[start - 1][1]) == way:
        start -= 1
    return known[start][0], known[-1][0]


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


# The month's report

_OPEN_LINES = (
    (Step.LATE, Alert.LATE),
    (Step.CERTIFICATES, Alert.UNDECIDED),
    (Step.BATCHES, Alert.NO_INVOICE),
)
_COUNTED_LINES = ((Step.CASH, Alert.CASH_DIFFERS), (Step.BANK, Alert.BANK_DIFFERS))


def alarms(facts: AlarmFacts) -> tuple[Alarm, ...]:
    """Return what a board should see of a month, in the order in which it is told."""
    lines = {line.step: line for line in facts.lines}
    found = [
        Alarm(alert, lines[step].count, _minor(lines[step].amount))
        for step, alert in _OPEN_LINES
        if lines[step].count and lines[step].state is not StepState.DONE
    ]
    found += [
        Alarm(alert, amount=_minor(lines[step].amount))
        for step, alert in _COUNTED_LINES
        if lines[step].amount
    ]
    told = (
        (Alert.BOOKLETS, lines[Step.SESSIONS].findings, None),
        (Alert.CARRIED, facts.carried, None),
        (Alert.TOO_MUCH_CASH, 0, facts.too_much or None),
        (Alert.CARE_COSTS_MORE, 0, max(facts.benefits - facts.earned, 0) or None),
        (Alert.OWES_MORE, 0, max(facts.debt - facts.held, 0) or None),
        (Alert.PASSED, facts.passed, None),
    )
    found += [Alarm(alert, count, amount) for alert, count, amount in told if count or amount]
    return tuple(found)


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def came_and_went(households: Sequence[HouseholdMonth], eve: date, last: date) -> tuple[int, int]:
    """Return how many persons are covered on the last day and were not on the eve, and the other
    way round, whatever cover they had in between.
    """  # noqa: D205 - one sentence
    before, after = (
        {cover.person_id for home in households for cover in covered_on(home.covers, day)}
        for day in (eve, last)
    )
    return len(after - before), len(before - after)
