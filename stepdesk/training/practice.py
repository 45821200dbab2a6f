"""A practice scheme from a seed: through the verbs everybody calls, the same every time.

About 120 households over 14 months: punctual payers, late ones, some who stop, a wrong receipt
that is reversed, expenses, a collector, the sick and their certificates, months that are closed. Randomness is a stateless hash
of the seed, a label and numbers, so that one household more changes no other.
Source: domain handbook 8.1, 8.2, 8.5; advice handbook 1.1.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from stepdesk.contributions.queries import expected_of, sessions
from stepdesk.contributions.service import (
    add_plan,
    close_session,
    contribute,
    hand_over_cash,
    open_session,
    reverse_payment,
    version_plan,
)
from stepdesk.contributions.terms import Count, PlanVersion
from stepdesk.countries import country
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.service import spend
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.progress import Progress
from stepdesk.reports.service import close_month
from stepdesk.scheme.service import add_person, add_section, name_scheme
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.training.run import Home, Run
from stepdesk.training.sickness import found_providers, pay_providers, treat
from stepdesk.training.terms import SECOND_PASSWORD, Made
from stepdesk.values.ids import (
    PaymentId,
    PlanVersionId,
    StaffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month, add_months

# Household sizes of enrolled households, per cent. Source: domain handbook 8.1.
_SIZES = (
    (1, 6),
    (2, 13),
    (3, 23),
    (4, 35),
    (5, 48),
    (6, 61),
    (7, 72),
    (8, 81),
    (9, 88),
    (10, 100),
)
# Behaviour of payers, per cent. Source: domain handbook 8.5.
_PAYERS = (("punctual", 45), ("late", 75), ("irregular", 92), ("stopper", 100))


def make_practice(
    desk: Desk,
    clock: SetClock,
    *,
    last_day: date,
    seed: int = 1,
    households: int = 120,
    months: int = 14,
    still_open: int = 0,
    progress: Progress | None = None,
) -> Made:
    """Fill a new practice book.

    Args:
        desk: A new practice book, open, with the clock below.
        clock: Set to each day in turn; it ends on `last_day`.
        last_day: The last day something is recorded on; the month before it is closed last.
        seed: The same seed makes the same scheme.
        households: How many join in all.
        months: Months of life, the present one included.
        still_open: How many months before the present one are left to be closed.
        progress: Told each month.

    Raises:
        ValueError: when the book is no practice book.
    """
    if not desk.practice:
        raise ValueError("practice data belongs in a practice book")
    progress = progress or Progress()
    run = _begin(desk, clock, seed, months, last_day)
    for at in range(months):
        month = run.last.plus(at - months + 1)
        progress.step(at, months)
        _register(run, month, at, households, last_day)
        _collect(run, month, at, last_day)
        treat(run, month, at, last_day)
        pay_providers(run, month, last_day)
        _spend(run, month, at, last_day)
        if month < run.last.plus(-still_open):
            clock.set(month.until)
            _close(run, month)
    clock.set(last_day, hour=8)
    return Made(
        len(run.households),
        run.persons,
        run.receipts,
        run.reversals,
        months - 1 - still_open,
        last_day,
    )


def _begin(desk: Desk, clock: SetClock, seed: int, months: int, last_day: date) -> Run:
    last = Month.of(last_day)
    first = last.plus(1 - months).first
    clock.set(first)
    pack = country(desk.country)
    french = desk.language == "fr"
    name = "Mutuelle de santé And Faggaru" if french else "And Faggaru health mutual"
    desk.do(name_scheme, name=name, code=f"{pack.code}-XX-001", language=desk.language)
    treasurer = desk.do(
        add_person, name="Bintou Sarr", role=Role.TREASURER, password=SECOND_PASSWORD
    )
    collector = desk.do(
        add_person, name="Ousmane Ba", role=Role.COLLECTOR, password=SECOND_PASSWORD
    )
    plan_id = desk.do(add_plan, code="BASE")
    run = Run(desk, clock, seed, months, last, pack, treasurer, collector, plan_id)
    desk.do(
        version_plan,
        version=PlanVersion(
            id=PlanVersionId(b""),
            plan_id=plan_id,
            code="BASE",
            name="Cotisation de base" if french else "Base plan",
            first_day=first,
            amount=run.money(350).minor,
            entry_fee=run.money(1000).minor,
            rounding=pack.number("cash_round", first),
        ),
    )
    found_providers(run, first)
    run.sections.extend(desk.do(add_section, name=name) for name in pack.sections)
    return run


def _register(run: Run, month: Month, at: int, households: int, last_day: date) -> None:
    """Two in five households join in the first month, the rest over the next nine at most."""
    spread = max(min(9, run.months - 1), 1)
    joiners = households * 2 // 5 if at == 0 else -(-households * 3 // 5 // spread)
    for number in range(joiners):
        if len(run.households) >= households or at > spread:
            return
        index = len(run.households)
        day = month.first + timedelta(days=2 + run.chance("join", index) % 18)
        if day > last_day:
            return
        run.clock.set(day)
        _register_one(run, index, number)


def _register_one(run: Run, index: int, number: int) -> None:
    size = next(size for size, until in _SIZES if run.chance("size", index) < until)
    today = run.desk.today
    persons = [_person(run, index, suffix, size, today) for suffix in range(size)]
    section = run.chance("section", index) % len(run.sections)
    registered = run.desk.do(
        register_household,
        section_id=run.sections[section],
        plan_id=run.plan_id,
        persons=persons,
        declared_size=size + (run.chance("declared", index) >= 70) * 2,
        phone=f"77 {100 + index:03d} {10 + number:02d} {run.chance('phone', index):02d}",
        accepting=frozenset({"completeness", *(f"alike:{suffix}" for suffix in range(size))}),
    )
    payer = next(kind for kind, until in _PAYERS if run.chance("payer", index) < until)
    stops = 2 + run.chance("stops", index) % 6 if payer == "stopper" else 99
    run.households.append(
        Home(
            index,
            registered.household_id,
            payer,
            today,
            stops,
            section,
            registered.person_ids,
        )
    )
    run.persons += size


def _person(run: Run, index: int, suffix: int, size: int, today: date) -> NewPerson:
    surname = run.pick(run.pack.surnames, "surname", index)
    woman_heads = run.chance("head", index) < 18
    if suffix == 0:
        sex = Sex.FEMALE if woman_heads else Sex.MALE
        age, relation = 28 + run.chance("age", index, 0) % 38, Relation.SELF
    elif suffix == 1 and size > 2:
        sex = Sex.MALE if woman_heads else Sex.FEMALE
        age, relation = 24 + run.chance("age", index, 1) % 32, Relation.SPOUSE
        surname = run.pick(run.pack.surnames, "spouse", index)
    else:
        sex = Sex.FEMALE if run.chance("sex", index, suffix) < 50 else Sex.MALE
        age, relation = run.chance("age", index, suffix) % 17, Relation.CHILD
    names = run.pack.women if sex is Sex.FEMALE else run.pack.men
    given = run.pick(names, "given", index, suffix)
    exact = run.chance("exact", index, suffix) >= 35
    day = date(today.year - age, 1 + run.chance("month", index, suffix) % 12, 1)
    birth = min(day, today) if exact else min(date(day.year, 7, 1), today)
    known = BirthKnown.DAY if exact else BirthKnown.YEAR
    return NewPerson(surname, given, sex, Birth(birth, known), relation)


def _collect(run: Run, month: Month, at: int, last_day: date) -> None:
    """One market session a month, a collector in one village, the rest pay at the desk."""
    visits = sorted(
        (day, one.at)
        for one in run.households
        if (day := _visit(run, one, month, at)) is not None and day <= last_day
    )
    market = min(month.first + timedelta(days=9), last_day)
    if Month.of(market) != month or (month == run.last and market > last_day):
        return
    done_market = False
    for day, index in visits:
        if day >= market and not done_market:
            _market(run, month, market, [one for one in run.households if one.section == 1])
            done_market = True
        run.clock.set(day)
        one = run.households[index]
        _take(run, one, "desk", month, collector=run.collector if one.section == 2 else None)
    _hand_over(run, month, last_day)
    if at == 4:
        _mistake(run, month)


def _visit(run: Run, one: Home, month: Month, at: int) -> date | None:  # noqa: PLR0911
    """Return the day a household comes to pay in a month; None when it does not."""
    if one.section == 1 or Month.of(one.joined) > month:
        return None
    served = (month.year - one.joined.year) * 12 + month.month - one.joined.month
    if served == 0:
        return min(one.joined + timedelta(days=3), month.last)
    if served > one.stops_after:
        return None
    delay = {"punctual": 2, "late": 18, "irregular": 12, "stopper": 6}[one.payer]
    if one.payer == "irregular" and run.chance("skips", one.at, at) >= 55:
        return None
    return min(month.first + timedelta(days=delay + run.chance("day", one.at, at) % 8), month.last)


def _take(
    run: Run,
    one: Home,
    label: str,
    month: Month,
    *,
    collector: StaffId | None = None,
    session_id: bytes | None = None,
) -> PaymentId | None:
    desk = run.desk
    with desk.read() as connection:
        expected = expected_of(connection, one.household_id, desk.today, desk.currency)
    account = expected.account
    months = 3 if one.payer == "punctual" and run.chance("ahead", one.at, month.month) < 10 else 1
    if account.entered_on is not None and not account.to_pay and one.payer != "punctual":
        return None
    amount = expected.due_now + expected.monthly.times(months - 1)
    if not amount:
        return None
    receipt = desk.do(
        contribute,
        request_id=run.request(label, one.at, month.year, month.month),
        household_id=one.household_id,
        amount=amount,
        collector_id=collector,
        session_id=session_id,  # type: ignore[arg-type]
        accepting=frozenset({"much", "same_day", "ahead"}),
    )
    run.receipts += 1
    return receipt.payment_id


def _market(run: Run, month: Month, day: date, households: list[Home]) -> None:
    run.clock.set(day, hour=8)
    session_id = run.desk.do(
        open_session,
        place=run.pack.sections[1],
        collector_id=run.collector,
        float_amount=run.money(2000),
    )
    for one in households:
        came = run.chance("market", one.at, month.month) < 80
        if one.joined <= day and came and one.stops_after > 10:
            _take(run, one, "market", month, session_id=session_id)
    with run.desk.read() as connection:
        session = sessions(connection, run.desk.currency, open_only=True)[0]
    total = session.total.minor + session.float_amount.minor
    with run.desk.work("close_session") as work:
        work.second(run.treasurer, SECOND_PASSWORD)
        close_session(work, session_id=session_id, count=Count(_pieces(total, run.pack.coins)))


def _pieces(total: int, coins: Sequence[int]) -> dict[int, int]:
    pieces: dict[int, int] = {}
    for coin in coins:
        pieces[coin], total = divmod(total, coin)
    return pieces


def _hand_over(run: Run, month: Month, last_day: date) -> None:
    run.clock.set(min(month.last, last_day))
    with run.desk.read() as connection:
        carried = balance_of(connection, "collector")
    if carried > 0 and (month < run.last or last_day == month.last):
        run.desk.do(
            hand_over_cash,
            request_id=run.request("hand over", month.year, month.month),
            collector_id=run.collector,
            amount=Money(carried, run.desk.currency),
        )


def _mistake(run: Run, month: Month) -> None:
    """A receipt for the wrong household, and its reversal by two people the same day."""
    if len(run.households) < 6:
        return
    run.clock.set(month.last)
    one, right = run.households[3], run.households[5]
    wrong = _take(run, one, "mistake", month)
    if wrong is None:
        return
    with run.desk.work("reverse_payment") as work:
        work.second(run.treasurer, SECOND_PASSWORD)
        reason = (
            "Reçu au nom du mauvais ménage" if run.desk.language == "fr" else "Wrong household"
        )
        reverse_payment(
            work, request_id=run.request("reversal", one.at), payment_id=wrong, reason=reason
        )
    run.reversals += 1
    _take(run, right, "again", month)


def _spend(run: Run, month: Month, at: int, last_day: date) -> None:
    day = min(month.first + timedelta(days=24), last_day)
    if Month.of(day) != month:
        return
    run.clock.set(day)
    french = run.desk.language == "fr"
    kinds = (
        ("allowances", 6000, "Indemnité du gérant", "Allowance of the manager"),
        ("supplies", 1500, "Cahiers et stylos", "Notebooks and pens"),
        ("travel", 2500, "Transport du trésorier", "Travel of the treasurer"),
    )
    for role, units, told_fr, told_en in kinds[: 2 + at % 2]:
        with run.desk.read() as connection:
            if balance_of(connection, "cash_main") < run.money(units).minor:
                continue
        run.desk.do(
            spend,
            request_id=run.request(role, month.year, month.month),
            day=day,
            role=role,
            amount=run.money(units),
            label=told_fr if french else told_en,
        )


def _close(run: Run, month: Month) -> None:
    with run.desk.read() as connection:
        counted = Money(balance_of(connection, "cash_main"), run.desk.currency)
    with run.desk.work("close_month") as work:
        work.second(run.treasurer, SECOND_PASSWORD)
        close_month(work, month=month, cash_counted=counted)


def practice_start(last_day: date, months: int) -> date:
    """Return the day a practice scheme of so many months begins."""
    return add_months(Month.of(last_day).first, 1 - months)
