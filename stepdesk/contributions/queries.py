"""Reading contributions: plans, what decides a household's account, receipts, sessions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Allotment,
    Basis,
    CollectionSession,
    Cycle,
    Due,
    DuesDuringSuspension,
    EffectRule,
    Expected,
    LateEntry,
    Means,
    Paid,
    Periodicity,
    PlanVersion,
    Receipt,
    ReceiptLine,
    Renewal,
    Target,
    WaitingWhenLate,
)
from stepdesk.members.queries import (
    Lasting,
    covers_between,
    covers_of,
    day_or_none,
    events_of,
    household_rows,
    lasting,
    name_of,
    statutes,
)
from stepdesk.members.rules import kept_of
from stepdesk.members.terms import Event, EventKind, Statutes
from stepdesk.payers.queries import all_sponsored, sponsored_of
from stepdesk.payers.terms import Sponsored
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch, fetch_one, fetch_plain
from stepdesk.values.digits import HouseholdNumber, receipt_number
from stepdesk.values.ids import (
    DueId,
    HouseholdId,
    PaymentId,
    PersonId,
    PlanId,
    PlanVersionId,
    SectionId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

IMPORTED = "i"
"""The series letter of receipts that were given before the book: their own number is kept."""

_PLANS = (
    "SELECT p.code, v.* FROM plan_version v JOIN plan p ON p.id = v.plan_id"
    " ORDER BY v.plan_id, v.first_day, v.id"
)
_RANGE = (
    " BETWEEN :first AND :last AND (:section IS NULL OR {0}.household_id IN"
    " (SELECT id FROM household WHERE section_id = :section))"
)
_ENROLMENTS = (
    "SELECT e.household_id, e.plan_id, h.joined_on FROM enrolment e JOIN household h"
    f" ON h.id = e.household_id WHERE e.household_id{_RANGE.format('e')}"
    " ORDER BY e.household_id, e.first_day, e.id"
)
_HOUSEHOLD_IDS = (
    "SELECT id FROM household WHERE (:section IS NULL OR section_id = :section) ORDER BY id"
)
_AT_ONCE = 500
"""How many households' facts are read together: few enough to hold, enough to read in a run."""

_ENROLMENT = (
    "SELECT e.plan_id, h.joined_on FROM enrolment e JOIN household h ON h.id = e.household_id"
    " WHERE e.household_id = :household ORDER BY e.first_day DESC, e.id DESC LIMIT 1"
)
_DUES = "SELECT * FROM due WHERE household_id = :household ORDER BY first_day"
# Whole tables are read in the order they were written: what was written together lies together,
# and each page of the file is deciphered once. `{}` takes a section's households.
_DUES_OF = (
    "SELECT d.household_id, d.first_day, d.until, d.due_on, d.amount, d.plan_version_id, d.id"
    " FROM due d{} ORDER BY d.rowid"
)
_PAID_OF = (
    "SELECT p.household_id, p.paid_on, a.target, a.amount, d.first_day FROM payment p{}"
    " CROSS JOIN allocation a ON a.payment_id = p.id LEFT JOIN due d ON d.id = a.due_id"
    " ORDER BY p.rowid"
)
_OF_SECTION = " JOIN household h ON h.id = {}.household_id AND h.section_id = :section"
_PAID = (
    "SELECT p.paid_on, a.target, a.amount, a.due_id FROM payment p"
    " JOIN allocation a ON a.payment_id = p.id WHERE p.household_id = :household"
    " ORDER BY p.paid_on"
)
_EVENTS_OF = (
    "SELECT e.household_id, e.kind, e.effective_on, e.counts_from, e.person_id,"
    " e.recorded_on, CASE WHEN e.kind IN ('REGISTERED', 'SPLIT_FROM') THEN e.document END AS kept"
    f" FROM membership_event e WHERE e.household_id{_RANGE.format('e')} AND +e.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = e.id)"
    " ORDER BY e.household_id, e.effective_on, e.id"
)
_RECEIPT = (
    "SELECT p.*, h.serial AS household_serial, h.section_id, s.code AS section_code,"
    " (SELECT v.name FROM section_version v WHERE v.section_id = h.section_id"
    "  AND v.first_day <= p.paid_on ORDER BY v.first_day DESC, v.id DESC LIMIT 1) AS section,"
    " m.surname, m.given_names, t.name AS taker,"
    " r.year AS r_year, r.letter AS r_letter, r.serial AS r_serial,"
    " b.year AS b_year, b.letter AS b_letter, b.serial AS b_serial FROM payment p"
    " JOIN household h ON h.id = p.household_id JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id JOIN staff t ON t.id = p.taken_by"
    " LEFT JOIN payment r ON r.id = p.reverses LEFT JOIN payment b ON b.reverses = p.id"
)
_RECEIPT_LINES = (
    "SELECT a.target, a.amount, d.first_day, d.until FROM allocation a"
    " LEFT JOIN due d ON d.id = a.due_id WHERE a.payment_id = :payment ORDER BY d.first_day, a.id"
)
_BY_REQUEST = "SELECT id FROM payment WHERE request_id = :request"
_BY_NUMBER = "SELECT id FROM payment WHERE year = :year AND letter = :letter AND serial = :serial"
_RECEIPT_KEY = "SELECT secret FROM scheme_key WHERE purpose = 'receipt'"


def plans(connection: Connection) -> dict[PlanId, tuple[PlanVersion, ...]]:
    """Return every plan's versions by first day."""
    found: dict[PlanId, list[PlanVersion]] = {}
    for row in fetch(connection, _PLANS):
        found.setdefault(PlanId(row.plan_id), []).append(plan_version(row))
    return {plan: tuple(versions) for plan, versions in found.items()}


def plan_version(row: Any) -> PlanVersion:
    return PlanVersion(
        id=PlanVersionId(row.id),
        plan_id=PlanId(row.plan_id),
        code=row.code,
        name=row.name,
        first_day=date.fromisoformat(row.first_day),
        basis=Basis(row.basis),
        amount=row.amount,
        periodicity=Periodicity(row.periodicity),
        cycle=Cycle(row.cycle),
        cycle_start=(row.cycle_month, row.cycle_day),
        late_entry=LateEntry(row.late_entry),
        effect_rule=EffectRule(row.effect_rule),
        due_day=row.due_day,
        grace_days=row.grace_days,
        entry_fee=row.entry_fee,
        waiting_months=row.waiting_months,
        waiting_when_late=WaitingWhenLate(row.waiting_when_late),
        min_first_periods=row.min_first_periods,
        max_advance_periods=row.max_advance_periods,
        dues_during_suspension=DuesDuringSuspension(row.dues_during_suspension),
        renewal=Renewal(row.renewal),
        reinstate_short_months=row.reinstate_short_months,
        reinstate_wait_short_days=row.reinstate_wait_short_days,
        reinstate_wait_long_days=row.reinstate_wait_long_days,
        strike_off_after_months=row.strike_off_after_months,
        strike_off_needs_board=bool(row.strike_off_needs_board),
        child_max_age=row.child_max_age,
        newborn_declare_days=row.newborn_declare_days,
        rounding=row.rounding,
    )


def due_row(row: Any) -> Due:
    return Due(
        date.fromisoformat(row.first_day),
        date.fromisoformat(row.until),
        date.fromisoformat(row.due_on),
        row.amount,
        PlanVersionId(row.plan_version_id),
        DueId(row.id),
    )


_EVENT_KINDS = {kind.value: kind for kind in EventKind}
_TARGETS = {target.value: target for target in Target}


def _paid_row(row: Any, first_days: Mapping[bytes | None, date]) -> Paid:
    return Paid(
        date.fromisoformat(row.paid_on),
        _TARGETS[row.target],
        row.amount,
        first_days.get(row.due_id),
    )


def facts_of(connection: Connection, household_id: HouseholdId) -> AccountFacts:
    """Return all that decides a household's account.

    Raises:
        LookupError: when there is no such household.
    """
    told = fetch_one(connection, _ENROLMENT, household=household_id)
    if told is None:
        raise LookupError("no such household")
    frozen = tuple(due_row(row) for row in fetch(connection, _DUES, household=household_id))
    first_days: dict[bytes | None, date] = {due.id: due.first_day for due in frozen}
    paid = fetch(connection, _PAID, household=household_id)
    return AccountFacts(
        joined_on=date.fromisoformat(told.joined_on),
        plans=plans(connection)[PlanId(told.plan_id)],
        covers=covers_of(connection, household_id),
        events=events_of(connection, household_id),
        frozen=frozen,
        paid=tuple(_paid_row(row, first_days) for row in paid),
        statutes=statutes(connection),
        sponsored=sponsored_of(connection, household_id),
    )


def all_facts(connection: Connection) -> dict[HouseholdId, AccountFacts]:
    """Return the facts of every household, its dues with their ids: for booking by them."""
    return dict(_facts_of_many(connection, None, named=True))


def each_facts(
    connection: Connection, *, section_id: SectionId | None = None
) -> Iterator[tuple[HouseholdId, AccountFacts]]:
    """Yield the facts of every household, or of a section's, by id: for lists and long runs.

    `facts_of` tells the same of one, but that dues have no id here: equal ones are one object,
    so that a large scheme needs little time and memory. Nothing can be booked by them.
    """
    return _facts_of_many(connection, section_id, named=False)


def _facts_of_many(
    connection: Connection, section_id: SectionId | None, *, named: bool
) -> Iterator[tuple[HouseholdId, AccountFacts]]:
    shared = _Shared(
        plans(connection),
        statutes(connection),
        all_sponsored(connection),
        lasting(connection),
        _dues_of_many(connection, section_id, named=named),
        _paid_of_many(connection, section_id),
    )
    ids = [row.id for row in fetch(connection, _HOUSEHOLD_IDS, section=section_id)]
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield from _facts_between(connection, some, shared, section_id)


def _of_section(section_id: SectionId | None, alias: str) -> str:
    return " NOT INDEXED" if section_id is None else _OF_SECTION.format(alias)


def _dues_of_many(
    connection: Connection, section_id: SectionId | None, *, named: bool
) -> dict[bytes, list[Due]]:
    """Return the frozen dues of many households by period."""
    found: dict[bytes, list[Due]] = {}
    made: dict[tuple[Any, ...], Due] = {}
    statement = _DUES_OF.format(_of_section(section_id, "d"))
    for household, *told, due_id in fetch_plain(connection, statement, section=section_id):
        key = (*told, due_id) if named else tuple(told)
        one = made.get(key)
        if one is None:
            one = _due(*key)
            if not named:
                made[key] = one
        held = found.get(household)
        if held is None:
            found[household] = [one]
        else:
            held.append(one)
    for held in found.values():
        held.sort(key=_first_day)
    return found


def _due(
    first_day: str, until: str, due_on: str, amount: int, plan: bytes, due_id: bytes | None = None
) -> Due:
    return Due(
        date.fromisoformat(first_day),
        date.fromisoformat(until),
        date.fromisoformat(due_on),
        amount,
        PlanVersionId(plan),
        None if due_id is None else DueId(due_id),
    )


def _paid_of_many(connection: Connection, section_id: SectionId | None) -> dict[bytes, list[Paid]]:
    """Return what was paid by many households by day, of one day in the order booked."""
    found: dict[bytes, list[Paid]] = {}
    made: dict[tuple[Any, ...], Paid] = {}
    statement = _PAID_OF.format(_of_section(section_id, "p"))
    rows = fetch_plain(connection, statement, section=section_id)
    for household, day, target, amount, first_day in rows:
        key = (day, target, amount, first_day)
        one = made.get(key)
        if one is None:
            one = made[key] = Paid(
                date.fromisoformat(day), _TARGETS[target], amount, day_or_none(first_day)
            )
        held = found.get(household)
        if held is None:
            found[household] = [one]
        else:
            held.append(one)
    for held in found.values():
        held.sort(key=_paid_day)
    return found


_first_day = attrgetter("first_day")
_paid_day = attrgetter("day")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is read once for all households."""

    plans: Mapping[PlanId, tuple[PlanVersion, ...]]
    statutes: tuple[Statutes, ...]
    sponsored: Mapping[HouseholdId, tuple[Sponsored, ...]]
    lasting: Lasting
    dues: Mapping[bytes, list[Due]]
    paid: Mapping[bytes, list[Paid]]


def _facts_between(
    connection: Connection,
    ids: Sequence[bytes],
    shared: _Shared,
    section_id: SectionId | None,
) -> Iterator[tuple[HouseholdId, AccountFacts]]:
    """Yield the facts of some households. They are read by the range of their ids, in one run."""
    ends: dict[str, Any] = {"first": ids[0], "last": ids[-1], "section": section_id}
    events = _by_household(fetch(connection, _EVENTS_OF, **ends), _counting_event)
    covers = covers_between(connection, shared.lasting, **ends)
    enrolled = {row.household_id: row for row in fetch(connection, _ENROLMENTS, **ends)}
    for told in ids:
        row, one = enrolled.get(told), HouseholdId(told)
        if row is None:
            continue
        yield (
            one,
            AccountFacts(
                joined_on=date.fromisoformat(row.joined_on),
                plans=shared.plans[PlanId(row.plan_id)],
                covers=covers.get(one, ()),
                events=tuple(events.get(one, ())),
                frozen=tuple(shared.dues.get(told, ())),
                paid=tuple(shared.paid.get(told, ())),
                statutes=shared.statutes,
                sponsored=shared.sponsored.get(one, ()),
            ),
        )


def _counting_event(row: Any) -> Event:
    return Event(
        _EVENT_KINDS[row.kind],
        date.fromisoformat(row.effective_on),
        counts_from=day_or_none(row.counts_from),
        person_id=None if row.person_id is None else PersonId(row.person_id),
        recorded_on=day_or_none(row.recorded_on),
        kept=kept_of(row.kept) if row.kept else None,
    )


def _by_household(rows: Iterable[Any], make: Any) -> dict[HouseholdId, list[Any]]:
    found: dict[HouseholdId, list[Any]] = {}
    for row in rows:
        found.setdefault(HouseholdId(row.household_id), []).append(make(row))
    return found


def account_of(connection: Connection, household_id: HouseholdId, day: date) -> Account:
    """Return a household's account at the end of a day."""
    return rules.account_on(facts_of(connection, household_id), day)


def payments_counted(
    connection: Connection, household_id: HouseholdId
) -> list[tuple[PaymentId, date, int]]:
    """Return the payments that count, in the order booked: neither reversals nor reversed.

    Receipts from before the book are history and not among them.
    """
    rows = fetch(
        connection,
        "SELECT p.id, p.paid_on, p.amount FROM payment p WHERE p.household_id = :household"
        " AND p.entry_id IS NOT NULL AND +p.reverses IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id",
        household=household_id,
    )
    return [(PaymentId(row.id), date.fromisoformat(row.paid_on), row.amount) for row in rows]


def imported_paid(connection: Connection, household_id: HouseholdId) -> tuple[Paid, ...]:
    """Return what receipts from before the book paid: no reversal moves it."""
    rows = fetch(
        connection,
        "SELECT p.paid_on, a.target, a.amount, a.due_id FROM payment p"
        " JOIN allocation a ON a.payment_id = p.id"
        " WHERE p.household_id = :household AND p.entry_id IS NULL ORDER BY p.paid_on",
        household=household_id,
    )
    dues = fetch(connection, _DUES, household=household_id)
    first_days = {row.id: date.fromisoformat(row.first_day) for row in dues}
    return tuple(_paid_row(row, first_days) for row in rows)


def held_by_target(
    connection: Connection, household_id: HouseholdId
) -> dict[tuple[Target, date | None], int]:
    """Return what each target of a household holds now, history left out."""
    rows = fetch(
        connection,
        "SELECT a.target, d.first_day, sum(a.amount) AS held FROM payment p"
        " JOIN allocation a ON a.payment_id = p.id LEFT JOIN due d ON d.id = a.due_id"
        " WHERE p.household_id = :household AND p.entry_id IS NOT NULL"
        " GROUP BY a.target, d.first_day",
        household=household_id,
    )
    return {(Target(row.target), day_or_none(row.first_day)): row.held for row in rows}


def receivable_by_due(connection: Connection, household_id: HouseholdId) -> dict[date, int]:
    """Return what was booked as owed for each due and is not yet paid."""
    rows = fetch(
        connection,
        "SELECT due_first_day, sum(unpaid) AS owed FROM earning"
        " WHERE household_id = :household GROUP BY due_first_day HAVING sum(unpaid) <> 0",
        household=household_id,
    )
    return {date.fromisoformat(row.due_first_day): row.owed for row in rows}


def payment_by_request(connection: Connection, request: bytes) -> PaymentId | None:
    row = fetch_one(connection, _BY_REQUEST, request=request)
    return None if row is None else PaymentId(row.id)


def payment_by_number(connection: Connection, number: str) -> PaymentId | None:
    """Return the payment of a receipt number such as R-2026-A-000123."""
    parts = number.strip().upper().split("-")
    if len(parts) != 4 or parts[0] != "R" or not (parts[1] + parts[3]).isdecimal():
        return None
    row = fetch_one(
        connection, _BY_NUMBER, year=int(parts[1]), letter=parts[2], serial=int(parts[3])
    )
    return None if row is None else PaymentId(row.id)


def receipt_code(
    secret: bytes, payment_id: PaymentId, household: HouseholdId, amount: int, day: date
) -> str:
    """Return the six symbols that tell a forged paper receipt.

    Source: safety handbook 3.4: the first 30 bits of HMAC(scheme key, document, amount, member,
    day).
    """
    import hmac

    from stepdesk.values.digits import code_of

    told = b"|".join((payment_id, str(amount).encode(), household, day.isoformat().encode()))
    mac = hmac.new(secret, b"stepdesk/receipt\0" + told, "sha256").digest()
    return code_of(int.from_bytes(mac[:8], "big"), 6)


def receipt_of(connection: Connection, payment_id: PaymentId, currency: Currency) -> Receipt:
    """Return a receipt as it was given."""
    row = fetch_one(connection, f"{_RECEIPT} WHERE p.id = :id", id=payment_id)
    lines = fetch(connection, _RECEIPT_LINES, payment=payment_id)
    paid_on = date.fromisoformat(row.paid_on)
    scheme = scheme_on(connection, paid_on)
    secret = fetch_one(connection, _RECEIPT_KEY).secret
    household = HouseholdId(row.household_id)
    return Receipt(
        payment_id=payment_id,
        household_id=household,
        number=_number(row.letter, row.year, row.serial, row.legacy_number),
        code=receipt_code(secret, payment_id, household, row.amount, paid_on),
        scheme=scheme.name,
        household_number=str(HouseholdNumber(row.section_code, row.household_serial)),
        received_from=name_of(row.surname, row.given_names),
        section=row.section or "",
        paid_on=paid_on,
        amount=Money(row.amount, currency),
        means=Means(row.means),
        lines=tuple(_receipt_line(line, currency) for line in lines),
        covered_through=day_or_none(row.covered_through),
        taken_by=row.taker,
        practice=scheme.practice,
        single_control=bool(row.single_control),
        reverses=""
        if row.r_year is None
        else receipt_number(row.r_year, row.r_letter, row.r_serial),
        reversed_by=""
        if row.b_year is None
        else receipt_number(row.b_year, row.b_letter, row.b_serial),
        reason=row.reason,
    )


def _number(letter: str, year: int, serial: int, legacy: str | None) -> str:
    return legacy if letter == IMPORTED and legacy else receipt_number(year, letter, serial)


def _receipt_line(row: Any, currency: Currency) -> ReceiptLine:
    from datetime import timedelta

    until = day_or_none(row.until)
    return ReceiptLine(
        Target(row.target),
        Money(row.amount, currency),
        day_or_none(row.first_day),
        None if until is None else until - timedelta(days=1),
    )


def receipts_of(
    connection: Connection, household_id: HouseholdId, currency: Currency
) -> tuple[Receipt, ...]:
    """Return a household's receipts, the newest first."""
    rows = fetch(
        connection,
        "SELECT id FROM payment WHERE household_id = :h ORDER BY paid_on DESC, id DESC",
        h=household_id,
    )
    return tuple(receipt_of(connection, PaymentId(row.id), currency) for row in rows)


def receipts_of_session(
    connection: Connection, session_id: SessionId, currency: Currency, *, limit: int = 1000
) -> tuple[Receipt, ...]:
    """Return a session's receipts, the newest first."""
    rows = fetch(
        connection,
        "SELECT id FROM payment WHERE session_id = :s ORDER BY id DESC LIMIT :limit",
        s=session_id,
        limit=limit,
    )
    return tuple(receipt_of(connection, PaymentId(row.id), currency) for row in rows)


def expected_of(
    connection: Connection, household_id: HouseholdId, day: date, currency: Currency
) -> Expected:
    """Return what a household is expected to pay on a day, and how it stands."""
    facts = facts_of(connection, household_id)
    account = rules.account_on(facts, day)
    row = household_rows(connection, [household_id], day)[0]
    last = fetch_one(
        connection,
        "SELECT p.paid_on, p.amount FROM payment p WHERE p.household_id = :h"
        " AND +p.reverses IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM payment r WHERE r.reverses = p.id)"
        " ORDER BY p.paid_on DESC, p.id DESC LIMIT 1",
        h=household_id,
    )
    today = fetch(
        connection,
        "SELECT letter, year, serial, legacy_number FROM payment p"
        " WHERE household_id = :h AND paid_on = :day"
        " AND +reverses IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY id",
        h=household_id,
        day=day.isoformat(),
    )
    regular = rules.regular_amount(facts, day)
    due_now = account.to_pay or rules.amount_to_reach(facts, paid_on=day, periods=1)
    return Expected(
        household_id=household_id,
        number=str(row.number),
        name=row.member_name,
        section=row.section,
        beneficiaries=row.beneficiaries,
        account=account,
        due_now=Money(due_now, currency),
        monthly=Money(regular, currency),
        last_paid_on=None if last is None else date.fromisoformat(last.paid_on),
        last_amount=None if last is None else Money(last.amount, currency),
        paid_today=tuple(_number(*told) for told in today),
    )


def allotment_of(
    connection: Connection, household_id: HouseholdId, day: date, amount: int
) -> Allotment:
    """Return where a payment would go: for the line under the amount while it is typed."""
    return rules.allot(facts_of(connection, household_id), paid_on=day, amount=amount)


def amount_for_periods(
    connection: Connection, household_id: HouseholdId, day: date, periods: int
) -> int:
    """Return what covers so many periods beyond what is due: the Up and Down keys."""
    return rules.amount_to_reach(facts_of(connection, household_id), paid_on=day, periods=periods)


def sessions(
    connection: Connection, currency: Currency, *, open_only: bool = False
) -> tuple[CollectionSession, ...]:
    """Return collection sessions, the newest first."""
    rows = connection.execute(
        text(
            "SELECT s.*, t.name AS collector, c.counted, c.difference_reason,"
            " (SELECT count(*) FROM payment p WHERE p.session_id = s.id) AS receipts,"
            " (SELECT coalesce(sum(amount), 0) FROM payment p WHERE p.session_id = s.id) AS total"
            " FROM collection_session s LEFT JOIN staff t ON t.id = s.collector_id"
            " LEFT JOIN session_count c ON c.session_id = s.id"
            f" {'WHERE c.id IS NULL' if open_only else ''} ORDER BY s.id DESC"
        )
    ).all()
    return tuple(
        CollectionSession(
            SessionId(row.id),
            row.place,
            date.fromisoformat(row.day),
            None if row.collector_id is None else StaffId(row.collector_id),
            row.collector or "",
            Money(row.float_amount, currency),
            row.receipts,
            Money(row.total, currency),
            row.counted is None,
            None if row.counted is None else Money(row.counted, currency),
            row.difference_reason or "",
        )
        for row in rows
    )


def session_of(
    connection: Connection, session_id: SessionId, currency: Currency
) -> CollectionSession | None:
    return next((one for one in sessions(connection, currency) if one.id == session_id), None)


def next_receipt(connection: Connection, year: int, letter: str) -> str:
    """Return the number the next receipt will bear."""
    told = connection.execute(
        text("SELECT coalesce(max(serial), 0) + 1 FROM payment WHERE year = :y AND letter = :l"),
        {"y": year, "l": letter},
    ).scalar_one()
    return receipt_number(year, letter, told)


def receipt_gaps(connection: Connection) -> list[tuple[str, int]]:
    """Return series whose serials have gaps, with how many are missing; there must be none."""
    rows = connection.execute(
        text(
            "SELECT letter, year, max(serial) - count(*) AS missing FROM payment"
            " GROUP BY letter, year HAVING max(serial) <> count(*)"
        )
    ).all()
    return [(f"{row.letter}-{row.year}", row.missing) for row in rows]


def earned_by_due(
    connection: Connection, month: Month
) -> dict[tuple[HouseholdId, date], tuple[int, int]]:
    """Return what was booked up to a month's end for each household and due: (paid, unpaid).

    What money of later months has cleared belongs to those months.
    """
    rows = connection.execute(
        text(
            "SELECT household_id, due_first_day, sum(paid) AS paid, sum(unpaid) AS unpaid"
            " FROM earning WHERE month <= :month GROUP BY household_id, due_first_day"
        ),
        {"month": str(month)},
    )
    return {
        (HouseholdId(row.household_id), date.fromisoformat(row.due_first_day)): (
            row.paid,
            row.unpaid,
        )
        for row in rows
    }


def collector_balances(connection: Connection, currency: Currency) -> Mapping[str, Money]:
    """Return what each collector, or open session, still carries."""
    rows = connection.execute(
        text(
            "SELECT t.name, sum(p.amount) - coalesce((SELECT sum(amount) FROM hand_over h"
            " WHERE h.collector_id = p.collector_id), 0) AS held FROM payment p"
            " JOIN staff t ON t.id = p.collector_id WHERE p.session_id IS NULL"
            " AND p.means = 'CASH' GROUP BY p.collector_id HAVING held <> 0"
        )
    ).all()
    return {row.name: Money(row.held, currency) for row in rows}


def household_accounts(
    connection: Connection, ids: Sequence[HouseholdId], day: date
) -> dict[HouseholdId, Account]:
    """Return the accounts of the households of one screen."""
    return {one: account_of(connection, one, day) for one in ids}
