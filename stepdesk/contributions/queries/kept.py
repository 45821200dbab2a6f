"""What a household's account is made of, lying together since a month closed.

Each due and each receipt is written on a page of its own, among those of other households, and
every page read is deciphered. What was called and paid up to a closing is therefore kept beside
the rows as two packed columns of one row. It is a copy, never a source:

* It is kept of households all of whose dues are paid: seldom is something of it booked upon again,
  so the dues have no id, but for those with a discount, which hold while money lies on them.
* It holds while as many dues begin before its end, and as many receipts are dated up to its end,
  as when it was made. What credit paid by itself is added to an older receipt: whoever writes
  that takes the copy away.
* What came since is read by row. When money moved on a due that is kept, all is read by row.

Source: docs/decisions/0055.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import chain
from struct import Struct
from struct import error as StructError  # noqa: N812 - a class of the library
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import KEPT_DUE, AccountFacts, Due, DueKind, Paid, Target
from stepdesk.store.reading import fetch_plain
from stepdesk.values.ids import DueId, HouseholdId, PlanVersionId, SectionId

_KEPT = (
    "SELECT k.dues_until, k.paid_through, k.called, k.paid FROM account_kept k"
    " WHERE k.household_id = :household"
    " AND k.dues = (SELECT count(*) FROM due d WHERE d.household_id = :household"
    " AND d.first_day < k.dues_until)"
    " AND k.payments = (SELECT count(*) FROM payment p WHERE p.household_id = :household"
    " AND p.paid_on <= k.paid_through)"
)
_COPIES = (
    "SELECT k.household_id, k.called, k.paid,"
    " k.dues = (SELECT count(*) FROM due d WHERE d.household_id = k.household_id"
    " AND d.first_day < k.dues_until)"
    " AND k.payments = (SELECT count(*) FROM payment p WHERE p.household_id = k.household_id"
    " AND p.paid_on <= k.paid_through) FROM account_kept k{}"
)
_OF_SECTION = " JOIN household h ON h.id = k.household_id AND h.section_id = :section"
_PERIOD, _DUE = DueKind.PERIOD, Target.DUE
# Their places are written in books: new ones come at the end.
_KINDS = (DueKind.PERIOD, DueKind.PENALTY, DueKind.ADJUSTMENT)
_TARGETS = (
    Target.DUE,
    Target.CREDIT,
    Target.ENTRY_FEE,
    Target.CARD_FEE,
    Target.ASSEMBLY_FEE,
    Target.PENALTY,
    Target.ADJUSTMENT,
)
_KIND_PLACES = {kind: at for at, kind in enumerate(_KINDS)}
_PLACES = {target: at for at, target in enumerate(_TARGETS)}
_PAYS = {_PERIOD: _DUE, DueKind.PENALTY: Target.PENALTY, DueKind.ADJUSTMENT: Target.ADJUSTMENT}
UNREADABLE = (zlib.error, StructError, IndexError, StopIteration, RuntimeError)
_COUNTS = Struct("<HBH")
"""How many dues, plan versions and ids of dues with a discount."""
_ID = 16
MOST_VERSIONS = 255
"""Versions of plans that packed dues can name: a byte each."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was called and paid up to a closing.

    `called` are the dues of periods that begin before `dues_until`, by period, penalties and
    adjustments among them; `paid` what receipts dated up to `paid_through`, included, went to.
    Both days as the book writes them.
    """

    dues_until: str
    paid_through: str
    called: tuple[Due, ...]
    paid: list[Paid]


def account_kept_of(connection: Connection, household_id: HouseholdId) -> Kept | None:
    """Return what is kept of a household's account, None when nothing is or it holds no more."""
    for until, through, called, paid in fetch_plain(connection, _KEPT, household=household_id):
        told = unpacked(called, paid)
        return None if told is None else Kept(until, through, *told)
    return None


def unpacked(called: bytes, paid: bytes) -> tuple[tuple[Due, ...], list[Paid]] | None:
    """Return packed dues and what was paid, None when they cannot be read."""
    try:
        return _called(called), _paid(paid)
    except UNREADABLE:
        return None


def is_settled(facts: AccountFacts) -> bool:
    """Whether all dues ever called of a household hold exactly what they ask."""
    asked: dict[Any, int] = {}
    beside: Counter[tuple[int, date]] = Counter()
    slot: tuple[date | None, date | None, DueId | None]
    for due in facts.frozen:
        slot = due.first_day, due.told_on, due.id if due.discount else None
        asked[slot] = asked.get(slot, 0) + due.amount
    for due in facts.extra:
        beside[_PLACES[_PAYS[due.kind]], due.first_day] += due.amount
    for one in facts.paid:
        if one.target is _DUE:
            slot = one.due_first_day, one.since, one.due_id
            asked[slot] = asked.get(slot, 0) - one.amount
        elif one.due_first_day is not None:
            beside[_PLACES[one.target], one.due_first_day] -= one.amount
    return not any(asked.values()) and not any(beside.values())


def packed_dues(dues: Sequence[Due]) -> bytes:
    """Return dues as bytes, in their order."""
    versions = sorted({due.plan_version_id for due in dues})
    named = [due.id for due in dues if due.kind is _PERIOD and due.discount and due.id]
    places = {version: at for at, version in enumerate(versions)}
    head = _COUNTS.pack(len(dues), len(versions), len(named))
    columns = _dues_of(len(dues)).pack(
        *(due.first_day.toordinal() for due in dues),
        *(due.until.toordinal() for due in dues),
        *(due.due_on.toordinal() for due in dues),
        *(_ordinal(due.told_on) for due in dues),
        *(due.amount for due in dues),
        *(due.payer_amount for due in dues),
        *(due.discount for due in dues),
        *(places[due.plan_version_id] for due in dues),
        *(_KIND_PLACES[due.kind] for due in dues),
    )
    # Behind all else, and only where there is such a discount: older books have none.
    fees = [due.fees_discount for due in dues]
    behind = _fees_of(len(dues)).pack(*fees) if any(fees) else b""
    return zlib.compress(b"".join((head, *versions, *named, columns, behind)))


def packed_paid(paid: Sequence[Paid]) -> bytes:
    """Return what was paid as bytes, in its order."""
    ids = sorted({one.due_id for one in paid if one.due_id is not None})
    places = {due_id: at for at, due_id in enumerate(ids, 1)}
    head = _COUNTS.pack(len(paid), 0, len(ids))
    rows = [
        (
            one.day.toordinal(),
            _ordinal(one.due_first_day),
            _ordinal(one.since),
            _ordinal(one.taken_of),
            one.amount,
            0 if one.due_id is None else places[one.due_id],
            _PLACES[one.target],
        )
        for one in paid
    ]
    columns = _paid_of(len(paid)).pack(*chain.from_iterable(zip(*rows, strict=True)))
    return zlib.compress(b"".join((head, *ids, columns)))


@lru_cache(maxsize=128)
def _dues_of(count: int) -> Struct:
    return Struct(f"<{count * 4}i{count * 3}q{count * 2}B")


@lru_cache(maxsize=128)
def _fees_of(count: int) -> Struct:
    return Struct(f"<{count}q")


@lru_cache(maxsize=128)
def _paid_of(count: int) -> Struct:
    return Struct(f"<{count * 4}i{count}q{count}H{count}B")


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


@lru_cache(maxsize=512)
def _called(told: bytes) -> tuple[Due, ...]:
    """Return packed dues. Families of a size that came together pay the same for the same months."""
    return tuple(_dues(told, plain=KEPT_DUE))


def _dues(told: bytes, *, plain: DueId | None = None) -> Iterator[Due]:
    """Yield packed dues; periods with a discount have their id, those without one `plain`."""
    raw = zlib.decompress(told)
    count, versions, named = _COUNTS.unpack_from(raw)
    at = _COUNTS.size
    which = [PlanVersionId(one) for one in _ids(raw, at, versions)]
    at += versions * _ID
    ids = iter(_ids(raw, at, named))
    at += named * _ID
    columns = _dues_of(count).unpack_from(raw, at)
    at += _dues_of(count).size
    fees = _fees_of(count).unpack_from(raw, at) if len(raw) > at else (0,) * count
    for *days, amount, payer_amount, discount, version, kind, off in zip(
        *(columns[count * one : count * (one + 1)] for one in range(9)), fees, strict=True
    ):
        due_id = plain if not kind else None
        if discount:
            due_id = DueId(next(ids)) if not kind else None
        sums = amount, payer_amount, discount, off
        yield _one_due(tuple(days), sums, which[version], kind, due_id)


@lru_cache(maxsize=4096)
def _one_due(
    days: tuple[int, ...],
    sums: tuple[int, int, int, int],
    version: PlanVersionId,
    kind: int,
    due_id: DueId | None,
) -> Due:
    first_day, until, due_on, told_on = days
    amount, payer_amount, discount, fees_discount = sums
    return Due(
        date.fromordinal(first_day),
        date.fromordinal(until),
        date.fromordinal(due_on),
        amount,
        version,
        due_id,
        payer_amount,
        _KINDS[kind],
        _DAYS[told_on],
        discount,
        fees_discount,
    )


class _Days(dict[int, date | None]):
    """Days by their ordinals, none for 0. An account names a hundred, and every other the same."""

    def __missing__(self, ordinal: int) -> date | None:
        day = self[ordinal] = date.fromordinal(ordinal) if ordinal else None
        return day


_DAYS = _Days()


def _ids(raw: bytes, at: int, count: int) -> Iterable[bytes]:
    return (raw[at + one * _ID : at + (one + 1) * _ID] for one in range(count))


_Row: TypeAlias = tuple[int, int, int, int, int, int, int]


def _paid(told: bytes) -> list[Paid]:
    ids, (paid_on, first_days, since, taken_of, amounts, dues, targets) = _paid_columns(told)
    day = _DAYS.__getitem__
    return list(
        map(
            _made,
            zip(
                map(day, paid_on),
                map(_TARGETS.__getitem__, targets),
                amounts,
                map(day, first_days),
                map(ids.__getitem__, dues),
                map(day, since),
                map(day, taken_of),
                strict=True,
            ),
        )
    )


# As `Paid._make` does, without a call of its own for each: an account has a hundred.
_made: Any = partial(tuple.__new__, Paid)


def _paid_columns(told: bytes) -> tuple[list[DueId | None], list[tuple[int, ...]]]:
    """Return ids of dues by their place, and the columns of what was paid."""
    raw = zlib.decompress(told)
    count, _, named = _COUNTS.unpack_from(raw)
    at = _COUNTS.size
    ids: list[DueId | None] = [None, *(DueId(one) for one in _ids(raw, at, named))]
    columns = _paid_of(count).unpack_from(raw, at + named * _ID)
    return ids, [columns[count * one : count * (one + 1)] for one in range(7)]


def _paid_row(row: _Row, ids: Sequence[DueId | None]) -> Paid:
    paid_on, first_day, since, taken_of, amount, due, target = row
    return Paid(
        date.fromordinal(paid_on),
        _TARGETS[target],
        amount,
        _DAYS[first_day],
        ids[due],
        _DAYS[since],
        _DAYS[taken_of],
    )


# Of many


class Copies:
    """What is kept of many households; equal dues and parts are one object, for little memory.

    `apart` are households of which a copy is there and holds no more.
    """

    def __init__(self, connection: Connection, section_id: SectionId | None = None) -> None:
        self.apart: set[bytes] = set()
        self._copies: dict[bytes, tuple[bytes, bytes]] = {}
        self._dues: dict[bytes, list[Due]] = {}
        self._same: dict[Due, Due] = {}
        self._paid: dict[_Row, Paid] = {}
        section = "" if section_id is None else _OF_SECTION
        rows = fetch_plain(connection, _COPIES.format(section), section=section_id)
        for household_id, called, paid, holds in rows:
            if holds:
                self._copies[household_id] = called, paid
            else:
                self.apart.add(household_id)

    def of(self, household_id: bytes) -> tuple[list[Due], list[Paid]] | None:
        """Return a household's periods, and what was paid, as lists of the caller's own.

        None where nothing is kept that holds; a household whose copy cannot be read is `apart`.
        """
        copy = self._copies.get(household_id)
        if copy is None:
            return None
        try:
            return [*self._periods(copy[0])], self._parts(copy[1])
        except UNREADABLE:
            self.apart.add(household_id)
            return None

    def _periods(self, told: bytes) -> list[Due]:
        found = self._dues.get(told)
        if found is None:
            same = self._same
            found = self._dues[told] = [
                same.setdefault(due, due) for due in _dues(told) if due.kind is _PERIOD
            ]
        return found

    def _parts(self, told: bytes) -> list[Paid]:
        ids, columns = _paid_columns(told)
        if len(ids) > 1:
            return _paid(told)
        known, found = self._paid, []
        rows: Any = zip(*columns, strict=True)
        for row in rows:
            one = known.get(row)
            if one is None:
                one = known[row] = _paid_row(row, ids)
            found.append(one)
        return found
