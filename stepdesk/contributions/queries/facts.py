"""What decides a household's account, of one household or of all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.kept import Copies, account_kept_of
from stepdesk.contributions.queries.plans import plan_versions, plans
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Basis,
    CategoryFrom,
    Due,
    DueKind,
    Paid,
    PlanVersion,
    Target,
)
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import (
    Lasting,
    covers_between,
    covers_of,
    day_or_none,
    events_of,
    lasting,
    statutes,
)
from stepdesk.members.rules import kept_of, paid_before
from stepdesk.members.terms import Event, EventKind, Statutes
from stepdesk.payers.queries import all_arrived, all_sponsored, arrived_of, sponsored_of
from stepdesk.payers.terms import Arrived, Sponsored
from stepdesk.progress import Progress
from stepdesk.store.reading import fetch, fetch_one, fetch_plain
from stepdesk.values.ids import (
    DueId,
    HouseholdId,
    PayerAgreementId,
    PaymentId,
    PersonId,
    PlanId,
    PlanVersionId,
    SectionId,
)
from stepdesk.values.month import Month

IMPORTED = "i"
"""The series letter of receipts that were given before the book: their own number is kept."""
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
_ROWS_AT_ONCE = 20_000
"""How many rows are read between two signs of life: less than a second on an old laptop."""
_ENROLMENT = (
    "SELECT e.plan_id, h.joined_on FROM enrolment e JOIN household h ON h.id = e.household_id"
    " WHERE e.household_id = :household ORDER BY e.first_day DESC, e.id DESC LIMIT 1"
)
_PLAN_OF = "SELECT plan_id FROM enrolment WHERE household_id = :household ORDER BY first_day DESC, id DESC LIMIT 1"
_DUES = (
    "SELECT id, first_day, until, due_on, amount, plan_version_id, kind, payer_amount, discount,"
    " told_on, fees_discount FROM due WHERE household_id = :household{} ORDER BY first_day"
)
_ALL_DUES, _DUES_SINCE = _DUES.format(""), _DUES.format(" AND first_day >= :since")
_BY_FIRST_DAY = itemgetter(1, 0)
"""The order of dues: by period, then as they were written. The index gives the first alone."""
# Whole tables are read in the order they were written: what was written together lies together,
# and each page of the file is deciphered once. `{}` takes a section's households.
_DUES_OF = (
    "SELECT d.household_id, d.first_day, d.until, d.due_on, d.amount, d.plan_version_id,"
    " d.payer_amount, d.told_on, d.fees_discount, d.discount, d.id"
    " FROM due d{section} WHERE d.kind IS NULL{since} ORDER BY d.rowid"
)
_EXTRA_OF = "SELECT d.* FROM due d{} WHERE d.kind IS NOT NULL ORDER BY d.rowid"
_PAID_OF = (
    "SELECT p.household_id, coalesce(a.spent_on, p.paid_on), a.target, a.amount, d.first_day,"
    " CASE WHEN d.discount THEN d.id END, CASE WHEN d.kind IS NULL THEN d.told_on END,"
    " o.paid_on FROM payment p{section} LEFT JOIN payment o ON o.id = p.reverses"
    " CROSS JOIN allocation a ON a.payment_id = p.id LEFT JOIN due d ON d.id = a.due_id{since}"
    " ORDER BY p.rowid"
)
# Less what a closing kept together: see `queries/kept.py`.
_DUES_NOT_KEPT = (
    " AND NOT EXISTS (SELECT 1 FROM account_kept k WHERE k.household_id = d.household_id"
    " AND d.first_day < k.dues_until)"
)
_PAID_NOT_KEPT = (
    " WHERE NOT EXISTS (SELECT 1 FROM account_kept k WHERE k.household_id = p.household_id"
    " AND p.paid_on <= k.paid_through)"
)
_OF_SECTION = " JOIN household h ON h.id = {}.household_id AND h.section_id = :section"
_PAID = (
    "SELECT p.paid_on, a.target, a.amount, a.due_id, a.spent_on, p.id FROM payment p"
    " JOIN allocation a ON a.payment_id = p.id"
    " WHERE p.household_id = :household{} ORDER BY p.paid_on"
)
_ALL_PAID, _PAID_SINCE = _PAID.format(""), _PAID.format(" AND p.paid_on > :since")
# Apart, and only where something was given back: the index holds all the question above asks of payments,
# and a household's receipts of five years lie on as many pages.
_TAKEN_BACK = (
    "SELECT r.id, o.paid_on FROM payment o JOIN payment r ON r.reverses = o.id"
    " WHERE o.household_id = :household"
)
_EVENTS_OF = (
    "SELECT e.household_id, e.kind, e.effective_on, e.counts_from, e.person_id,"
    " e.recorded_on, CASE WHEN e.kind IN ('REGISTERED', 'SPLIT_FROM') THEN e.document END AS kept"
    f" FROM membership_event e WHERE e.household_id{_RANGE.format('e')} AND +e.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = e.id)"
    " ORDER BY e.household_id, e.effective_on, e.id"
)

_UNDONE = (
    "SELECT household_id, recorded_on FROM membership_event WHERE reverses IS NOT NULL"
    " AND recorded_on IS NOT NULL{} ORDER BY recorded_on"
)


class NoSuchHouseholdError(LookupError):
    """Nobody is enrolled as this household."""


class PlanWithoutRuleError(LookupError):
    """The household's plan says nothing of what is paid: see `without_rule`."""


def plan_of(connection: Connection, household_id: HouseholdId) -> PlanId:
    """Return the plan a household is in, or joins next.

    Raises:
        NoSuchHouseholdError: there is none.
    """
    told = fetch_one(connection, _PLAN_OF, household=household_id)
    if told is None:
        raise NoSuchHouseholdError
    return PlanId(told.plan_id)


_PERIOD = DueKind.PERIOD


def due_row(row: Any) -> Due:
    return Due(
        date.fromisoformat(row.first_day),
        date.fromisoformat(row.until),
        date.fromisoformat(row.due_on),
        row.amount,
        PlanVersionId(row.plan_version_id),
        DueId(row.id),
        payer_amount=row.payer_amount or 0,
        kind=DueKind(row.kind) if row.kind else _PERIOD,
        told_on=day_or_none(row.told_on),
        discount=row.discount or 0,
        fees_discount=row.fees_discount or 0,
    )


def _dues_of_one(
    connection: Connection, household_id: HouseholdId, since: str | None = None
) -> tuple[Due, ...]:
    """Return a household's frozen dues, or those of periods since a day, as `due_row` reads them."""
    day = date.fromisoformat
    if since is None:
        told = fetch_plain(connection, _ALL_DUES, household=household_id)
    else:
        told = fetch_plain(connection, _DUES_SINCE, household=household_id, since=since)
    return tuple(
        Due(
            day(first_day),
            day(until),
            day(due_on),
            amount,
            version_id,
            due_id,
            payer_amount or 0,
            DueKind(kind) if kind else _PERIOD,
            day(told_on) if told_on else None,
            discount or 0,
            fees_discount or 0,
        )
        for (
            due_id,
            first_day,
            until,
            due_on,
            amount,
            version_id,
            kind,
            payer_amount,
            discount,
            told_on,
            fees_discount,
        ) in sorted(told, key=_BY_FIRST_DAY)
    )


_CATEGORIES = (
    "SELECT h.household_id, h.first_day, c.code FROM household_category h"
    " LEFT JOIN category c ON c.id = h.category_id{} ORDER BY h.first_day, h.id"
)


def _categories(
    connection: Connection, household_id: HouseholdId | None = None
) -> dict[HouseholdId, list[CategoryFrom]]:
    which = "" if household_id is None else " WHERE h.household_id = :household"
    rows = fetch(connection, _CATEGORIES.format(which), household=household_id)
    return _by_household(
        rows, lambda row: CategoryFrom(date.fromisoformat(row.first_day), row.code)
    )


def _asks_category(versions: Iterable[PlanVersion]) -> bool:
    """Whether a plan asks by category: others need not look for one."""
    return any(version.basis is Basis.BY_CATEGORY for version in versions)


def _undone(
    connection: Connection, household_id: HouseholdId | None = None
) -> dict[HouseholdId, list[date]]:
    """Return the days on which events of households were taken back."""
    which = "" if household_id is None else " AND household_id = :household"
    rows = fetch(connection, _UNDONE.format(which), household=household_id)
    return _by_household(rows, lambda row: date.fromisoformat(row.recorded_on))


def _charges_added(versions: Iterable[PlanVersion]) -> bool:
    """Whether a plan charges who is added: others need not know when an event was taken back."""
    return any(version.charge_added is not None for version in versions)


_EVENT_KINDS = {kind.value: kind for kind in EventKind}
_TARGETS = {target.value: target for target in Target}


def _paid_row(
    row: Any,
    first_days: Mapping[bytes | None, date],
    cheaper: Collection[bytes | None],
    since: Mapping[bytes, date],
) -> Paid:
    """Return an allocation; `cheaper` are the dues with a discount."""
    return Paid(
        date.fromisoformat(row.spent_on or row.paid_on),
        _TARGETS[row.target],
        row.amount,
        first_days.get(row.due_id),
        DueId(row.due_id) if row.due_id in cheaper else None,
        since.get(row.due_id),
    )


_WITHOUT_RULE = (
    "SELECT e.household_id, p.code FROM enrolment e JOIN plan p ON p.id = e.plan_id"
    " WHERE NOT EXISTS (SELECT 1 FROM plan_version v WHERE v.plan_id = e.plan_id)"
    " AND NOT EXISTS (SELECT 1 FROM enrolment o WHERE o.household_id = e.household_id"
    " AND (o.first_day, o.id) > (e.first_day, e.id)) ORDER BY e.household_id"
)


def without_rule(connection: Connection) -> dict[HouseholdId, str]:
    """Return the households whose plan says nothing of what is paid, with the plan's code.

    `each_facts` leaves them out.
    """
    rows = fetch(connection, _WITHOUT_RULE)
    return {HouseholdId(row.household_id): row.code for row in rows}


def facts_of(
    connection: Connection, household_id: HouseholdId, *, named: bool = False
) -> AccountFacts:
    """Return all that decides a household's account.

    `named` reads each due by row, with its id; else those that were paid when a month closed come
    from what was kept of them and have none: see `queries/kept.py`.

    Raises:
        NoSuchHouseholdError: there is none.
        PlanWithoutRuleError: its plan has no version.
    """
    told = fetch_one(connection, _ENROLMENT, household=household_id)
    if told is None:
        raise NoSuchHouseholdError
    called, paid = told_of(connection, household_id, named=named)
    versions = plan_versions(connection, PlanId(told.plan_id))
    if not versions:
        raise PlanWithoutRuleError
    categories = (
        _categories(connection, household_id).get(household_id, ())
        if _asks_category(versions)
        else ()
    )
    undone = _undone(connection, household_id) if _charges_added(versions) else {}
    sponsored = sponsored_of(connection, household_id)
    events = events_of(connection, household_id)
    return AccountFacts(
        joined_on=date.fromisoformat(told.joined_on),
        plans=versions,
        covers=paid_before(covers_of(connection, household_id), events),
        events=events,
        frozen=tuple([due for due in called if due.kind is _PERIOD]),
        paid=paid,
        extra=tuple([due for due in called if due.kind is not _PERIOD]),
        statutes=statutes(connection),
        categories=tuple(categories),
        sponsored=sponsored,
        arrived=arrived_of(connection, household_id, sponsored),
        undone=tuple(undone.get(household_id, ())),
    )


def told_of(
    connection: Connection, household_id: HouseholdId, *, named: bool = False
) -> tuple[tuple[Due, ...], tuple[Paid, ...]]:
    """Return a household's dues, penalties and adjustments among them, and what was paid.

    `named` as in `facts_of`.
    """
    found = None if named else _with_kept(connection, household_id)
    if found is not None:
        return found
    called = _dues_of_one(connection, household_id)
    return called, _paid_of_one(connection, household_id, called)


def each_told(
    connection: Connection, *, by_row: bool
) -> Iterator[tuple[HouseholdId, tuple[Due, ...], tuple[Paid, ...]]]:
    """Yield every household's dues and what was paid, as `each_facts` reads them."""
    copies = None if by_row else Copies(connection)
    told, extra = _told(connection, copies), _extra_of_many(connection, None)
    for row in fetch(connection, _HOUSEHOLD_IDS, section=None):
        dues, paid = told.account(connection, row.id)
        yield HouseholdId(row.id), (*dues, *extra.get(row.id, ())), paid


def _with_kept(
    connection: Connection, household_id: HouseholdId
) -> tuple[tuple[Due, ...], tuple[Paid, ...]] | None:
    """Return dues and what was paid, the older ones as they were kept when a month closed.

    None where nothing is kept, or where money moved since on a due that is.
    """
    kept = account_kept_of(connection, household_id)
    if kept is None:
        return None
    since = _dues_of_one(connection, household_id, kept.dues_until)
    rows = list(
        fetch_plain(connection, _PAID_SINCE, household=household_id, since=kept.paid_through)
    )
    known = {due.id for due in since}
    if any(due_id is not None and due_id not in known for _, _, _, due_id, _, _ in rows):
        return None
    paid, moved = _paid_rows(connection, household_id, rows, since)
    paid = [*kept.paid, *paid]
    # What credit paid later is dated after receipts that came since.
    if moved or (rows and kept.paid and kept.paid[-1].day > paid[len(kept.paid)].day):
        paid.sort(key=_paid_day)
    return (*kept.called, *since), tuple(paid)


def _paid_of_one(
    connection: Connection, household_id: HouseholdId, frozen: Iterable[Due]
) -> tuple[Paid, ...]:
    """Return what a household's receipts paid, by day: of each day in the order booked."""
    rows = list(fetch_plain(connection, _ALL_PAID, household=household_id))
    found, spent = _paid_rows(connection, household_id, rows, frozen)
    # They are read by the day of their receipt; credit may have paid later.
    return tuple(sorted(found, key=_paid_day) if spent else found)


def _paid_rows(
    connection: Connection,
    household_id: HouseholdId,
    rows: Sequence[Any],
    frozen: Iterable[Due],
) -> tuple[list[Paid], bool]:
    """Return allocations in their order, and whether credit paid one of them by itself."""
    first_days: dict[bytes | None, date] = {due.id: due.first_day for due in frozen}
    cheaper = {due.id for due in frozen if due.discount}
    since = {due.id: due.told_on for due in frozen if due.told_on and due.kind is _PERIOD}
    day, spent = date.fromisoformat, False
    taken_back: dict[bytes, str] = {}
    if any(amount < 0 for _, _, amount, _, _, _ in rows):
        taken_back = dict(fetch_plain(connection, _TAKEN_BACK, household=household_id))
    found: list[Paid] = []
    for paid_on, target, amount, due_id, spent_on, payment_id in rows:
        spent = spent or spent_on is not None
        taken_of = taken_back.get(payment_id)
        found.append(
            Paid(
                day(spent_on or paid_on),
                _TARGETS[target],
                amount,
                first_days.get(due_id),
                due_id if due_id in cheaper else None,
                since.get(due_id),
                day(taken_of) if taken_of else None,
            )
        )
    return found, spent


def all_facts(connection: Connection) -> dict[HouseholdId, AccountFacts]:
    """Return the facts of every household, its dues with their ids: for booking by them."""
    return dict(_facts_of_many(connection, None, named=True))


def each_facts(
    connection: Connection,
    *,
    section_id: SectionId | None = None,
    progress: Progress | None = None,
    by_row: bool = False,
) -> Iterator[tuple[HouseholdId, AccountFacts]]:
    """Yield the facts of every household, or of a section's, by id: for lists and long runs.

    `facts_of` tells the same of one, but that dues have no id here: equal ones are one object,
    so that a large scheme needs little time and memory. Nothing can be booked by them.
    `progress` is stepped while dues and payments are read, before the first household is told.
    What closings kept together is read from there, unless all is wanted `by_row`.
    """
    copies = None if by_row else Copies(connection, section_id)
    return _facts_of_many(connection, section_id, named=False, copies=copies, progress=progress)


def _facts_of_many(
    connection: Connection,
    section_id: SectionId | None,
    *,
    named: bool,
    copies: Copies | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[HouseholdId, AccountFacts]]:
    held = plans(connection)
    asked = any(_asks_category(versions) for versions in held.values())
    shared = _Shared(
        held,
        statutes(connection),
        all_sponsored(connection),
        lasting(connection),
        _told(connection, copies, section_id, progress, named=named),
        _categories(connection) if asked else {},
        all_arrived(connection),
        _extra_of_many(connection, section_id),
        _undone(connection) if any(map(_charges_added, held.values())) else {},
    )
    ids = [row.id for row in fetch(connection, _HOUSEHOLD_IDS, section=section_id)]
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield from _facts_between(connection, some, shared, section_id)


def _watched(rows: Iterator[Any], progress: Progress | None) -> Iterator[Any]:
    """Return the rows of a whole table; who waits is told now and then that they are read."""
    return rows if progress is None else _stepped(rows, progress)


def _stepped(rows: Iterator[Any], progress: Progress) -> Iterator[Any]:
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        progress.step(0, 0, Text(N_("Reading the list")))
        yield from some


def _of_section(section_id: SectionId | None, alias: str) -> str:
    return " NOT INDEXED" if section_id is None else _OF_SECTION.format(alias)


def _dues_of_many(
    connection: Connection,
    section_id: SectionId | None,
    progress: Progress | None,
    *,
    named: bool,
    all_rows: bool,
) -> dict[bytes, list[Due]]:
    """Return the frozen dues of many households by period."""
    found: dict[bytes, list[Due]] = {}
    made: dict[tuple[Any, ...], Due] = {}
    statement = _DUES_OF.format(
        section=_of_section(section_id, "d"), since="" if all_rows else _DUES_NOT_KEPT
    )
    rows = fetch_plain(connection, statement, section=section_id)
    for household, *told, due_id in _watched(rows, progress):
        # A due with a discount holds while money lies on it: it must be known apart.
        apart = named or bool(told[-1])
        key = (*told, due_id) if apart else tuple(told)
        one = made.get(key)
        if one is None:
            *first, told_on, fees_discount, discount = told
            one = _due(
                *first, told=(told_on, discount, fees_discount), due_id=due_id if apart else None
            )
            if not apart:
                made[key] = one
        held = found.get(household)
        if held is None:
            found[household] = [one]
        else:
            held.append(one)
    for held in found.values():
        held.sort(key=_first_day)
    return found


def _extra_of_many(connection: Connection, section_id: SectionId | None) -> dict[bytes, list[Due]]:
    """Return the frozen penalties and adjustments of many households by period."""
    found: dict[bytes, list[Due]] = {}
    statement = _EXTRA_OF.format(_of_section(section_id, "d"))
    for row in fetch(connection, statement, section=section_id):
        found.setdefault(row.household_id, []).append(due_row(row))
    for held in found.values():
        held.sort(key=_first_day)
    return found


def _due(
    first_day: str,
    until: str,
    due_on: str,
    amount: int,
    plan: bytes,
    payer_amount: int | None,
    *,
    told: tuple[str | None, int | None, int | None],
    due_id: bytes | None,
) -> Due:
    told_on, discount, fees_discount = told
    return Due(
        date.fromisoformat(first_day),
        date.fromisoformat(until),
        date.fromisoformat(due_on),
        amount,
        PlanVersionId(plan),
        None if due_id is None else DueId(due_id),
        payer_amount or 0,
        told_on=day_or_none(told_on),
        discount=discount or 0,
        fees_discount=fees_discount or 0,
    )


def _paid_of_many(
    connection: Connection,
    section_id: SectionId | None,
    progress: Progress | None,
    *,
    all_rows: bool,
) -> dict[bytes, list[Paid]]:
    """Return what was paid by many households by day, of one day in the order booked."""
    found: dict[bytes, list[Paid]] = {}
    made: dict[tuple[Any, ...], Paid] = {}
    statement = _PAID_OF.format(
        section=_of_section(section_id, "p"), since="" if all_rows else _PAID_NOT_KEPT
    )
    rows = fetch_plain(connection, statement, section=section_id)
    for household, *told in _watched(rows, progress):
        key = tuple(told)
        one = made.get(key)
        if one is None:
            one = made[key] = _paid(*key)
        held = found.get(household)
        if held is None:
            found[household] = [one]
        else:
            held.append(one)
    for held in found.values():
        held.sort(key=_paid_day)
    return found


def _paid(
    day: str,
    target: str,
    amount: int,
    first_day: str | None,
    due_id: bytes | None,
    *told: str | None,
) -> Paid:
    which = None if due_id is None else DueId(due_id)
    return Paid(
        date.fromisoformat(day),
        _TARGETS[target],
        amount,
        day_or_none(first_day),
        which,
        *map(day_or_none, told),
    )


_first_day = attrgetter("first_day")
_paid_day = attrgetter("day")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is read once for all households."""

    plans: Mapping[PlanId, tuple[PlanVersion, ...]]
    statutes: tuple[Statutes, ...]
    sponsored: Mapping[HouseholdId, tuple[Sponsored, ...]]
    lasting: Lasting
    told: "_Told"
    categories: Mapping[HouseholdId, list[CategoryFrom]]
    arrived: Mapping[HouseholdId, tuple[Arrived, ...]]
    extra: Mapping[bytes, list[Due]]
    undone: Mapping[HouseholdId, list[date]]


@dataclass(frozen=True, slots=True)
class _Told:
    """Dues and what was paid of many households: rows, beside the copies closings kept."""

    copies: Copies | None
    dues: Mapping[bytes, list[Due]]
    paid: Mapping[bytes, list[Paid]]

    def account(
        self, connection: Connection, household_id: bytes
    ) -> tuple[tuple[Due, ...], tuple[Paid, ...]]:
        """Return a household's periods and what was paid."""
        dues, paid = self.dues.get(household_id, ()), self.paid.get(household_id, ())
        if self.copies is None:
            return tuple(dues), tuple(paid)
        kept = self.copies.of(household_id)
        if kept is not None:
            return (*kept[0], *dues), tuple(sorted((*kept[1], *paid), key=_paid_day))
        if household_id not in self.copies.apart:
            return tuple(dues), tuple(paid)
        called = _dues_of_one(connection, HouseholdId(household_id))
        return (
            tuple(_unnamed(due) for due in called if due.kind is _PERIOD),
            _paid_of_one(connection, HouseholdId(household_id), called),
        )


def _told(
    connection: Connection,
    copies: Copies | None,
    section_id: SectionId | None = None,
    progress: Progress | None = None,
    *,
    named: bool = False,
) -> _Told:
    all_rows = copies is None
    return _Told(
        copies,
        _dues_of_many(connection, section_id, progress, named=named, all_rows=all_rows),
        _paid_of_many(connection, section_id, progress, all_rows=all_rows),
    )


def _unnamed(due: Due) -> Due:
    return due if due.discount else replace(due, id=None)


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
        # Of a plan without a version nothing is known: see `without_rule`.
        if row is None or PlanId(row.plan_id) not in shared.plans:
            continue
        frozen, paid = shared.told.account(connection, told)
        yield (
            one,
            AccountFacts(
                joined_on=date.fromisoformat(row.joined_on),
                plans=shared.plans[PlanId(row.plan_id)],
                covers=paid_before(covers.get(one, ()), events.get(one, ())),
                events=tuple(events.get(one, ())),
                frozen=frozen,
                paid=paid,
                statutes=shared.statutes,
                sponsored=shared.sponsored.get(one, ()),
                categories=tuple(shared.categories.get(one, ())),
                arrived=shared.arrived.get(one, ()),
                extra=tuple(shared.extra.get(told, ())),
                undone=(
                    tuple(shared.undone.get(one, ()))
                    if _charges_added(shared.plans[PlanId(row.plan_id)])
                    else ()
                ),
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
        "SELECT p.paid_on, a.target, a.amount, a.due_id, a.spent_on FROM payment p"
        " JOIN allocation a ON a.payment_id = p.id WHERE p.household_id = :household"
        " AND p.entry_id IS NULL ORDER BY coalesce(a.spent_on, p.paid_on)",
        household=household_id,
    )
    dues = fetch(connection, _ALL_DUES, household=household_id)
    first_days = {row.id: date.fromisoformat(row.first_day) for row in dues}
    cheaper = frozenset(row.id for row in dues if row.discount)
    since = {
        row.id: date.fromisoformat(row.told_on) for row in dues if row.told_on and row.kind is None
    }
    return tuple(_paid_row(row, first_days, cheaper, since) for row in rows)


def held_by_target(connection: Connection, household_id: HouseholdId) -> dict[rules.Slot, int]:
    """Return what each target of a household holds now, history left out."""
    rows = fetch(
        connection,
        "SELECT a.target, d.first_day, CASE WHEN d.kind IS NULL THEN d.told_on END AS since,"
        " sum(a.amount) AS held FROM payment p"
        " JOIN allocation a ON a.payment_id = p.id LEFT JOIN due d ON d.id = a.due_id"
        " WHERE p.household_id = :household AND p.entry_id IS NOT NULL"
        " GROUP BY 1, 2, 3",
        household=household_id,
    )
    return {
        (Target(row.target), day_or_none(row.first_day), day_or_none(row.since)): row.held
        for row in rows
    }


def held_beside(
    connection: Connection, household_id: HouseholdId, first_day: date
) -> list[tuple[Due, int]]:
    """Return the adjustments of a period with what lies on each now, by the day told."""
    rows = fetch(
        connection,
        "SELECT d.*, (SELECT coalesce(sum(a.amount), 0) FROM allocation a WHERE a.due_id = d.id)"
        " AS held FROM due d WHERE d.household_id = :household AND d.kind = 'ADJUSTMENT'"
        " AND d.first_day = :first_day ORDER BY d.told_on, d.id",
        household=household_id,
        first_day=first_day.isoformat(),
    )
    return [(due_row(row), row.held) for row in rows]


def receivable_by_due(
    connection: Connection, household_id: HouseholdId, *, since: date = date.min
) -> dict[date, int]:
    """Return what was booked as owed and is not yet paid, for each due that begins since a day."""
    rows = fetch(
        connection,
        "SELECT due_first_day, sum(unpaid) AS owed FROM earning WHERE household_id = :household"
        " AND due_first_day >= :since GROUP BY due_first_day HAVING sum(unpaid) <> 0",
        household=household_id,
        since=since.isoformat(),
    )
    return {date.fromisoformat(row.due_first_day): row.owed for row in rows}


def earned_by_due(
    connection: Connection, month: Month
) -> dict[tuple[HouseholdId, date], tuple[int, int]]:
    """Return what was booked up to a month's end for each household and due: (paid, unpaid).

    What money of later months has cleared belongs to those months.
    """
    rows = fetch_plain(
        connection,
        "SELECT household_id, due_first_day, sum(paid), sum(unpaid)"
        " FROM earning WHERE month <= :month GROUP BY household_id, due_first_day",
        month=str(month),
    )
    day = date.fromisoformat
    return {
        (HouseholdId(household_id), day(first_day)): (paid, unpaid)
        for household_id, first_day, paid, unpaid in rows
    }


def payers_earned(
    connection: Connection, month: Month
) -> dict[tuple[HouseholdId, date, PayerAgreementId], int]:
    """Return what was booked up to a month's end as owed by payers for each household and due."""
    rows = fetch(
        connection,
        "SELECT household_id, due_first_day, agreement_id, sum(payer_amount) AS owed FROM earning"
        " WHERE month <= :month AND agreement_id IS NOT NULL AND kind IS NULL"
        " GROUP BY household_id, due_first_day, agreement_id",
        month=str(month),
    )
    return {
        (
            HouseholdId(row.household_id),
            date.fromisoformat(row.due_first_day),
            PayerAgreementId(row.agreement_id),
        ): row.owed
        for row in rows
    }


def fees_earned(
    connection: Connection, month: Month
) -> dict[HouseholdId, dict[tuple[PayerAgreementId, date], int]]:
    """Return the entry fees booked up to a month's end as owed by payers, by the day asked for."""
    rows = fetch(
        connection,
        "SELECT household_id, due_first_day, agreement_id, sum(payer_amount) AS owed FROM earning"
        " WHERE month <= :month AND kind = 'FEE' GROUP BY household_id, due_first_day, agreement_id",
        month=str(month),
    )
    found: dict[HouseholdId, dict[tuple[PayerAgreementId, date], int]] = {}
    for row in rows:
        key = (PayerAgreementId(row.agreement_id), date.fromisoformat(row.due_first_day))
        found.setdefault(HouseholdId(row.household_id), {})[key] = row.owed
    return found


def household_accounts(
    connection: Connection, ids: Sequence[HouseholdId], day: date
) -> dict[HouseholdId, Account]:
    """Return the accounts of the households of one screen."""
    return {one: account_of(connection, one, day) for one in ids}
