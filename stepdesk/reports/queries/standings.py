"""How every household stands today, kept from one question to the next.

The journal says which rows were written since: only the households behind them are reckoned
again. A new day, or a change of what rules everybody, reckons all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts, facts_of
from stepdesk.contributions.rules import account_on, plan_on
from stepdesk.contributions.terms import AccountFacts
from stepdesk.members.rules import ages_out_on, statutes_on
from stepdesk.members.terms import CHILDREN
from stepdesk.reports.terms import HouseholdNow
from stepdesk.rights.queries import state_of
from stepdesk.store.acts import records, table_of, unpack
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.store.tables import NUMBERED
from stepdesk.values.ids import HouseholdId, PersonId, SectionId
from stepdesk.values.month import age_on

_MOST_PARTS = 400
_MOST_ROWS = 3000
_YEARS_AHEAD = 2
_SOME = 500
"""Households reckoned before others have their turn: some tenths of a second."""
_SECTIONS = "SELECT DISTINCT section_id AS id FROM household"

# Tables whose rows decide how one household stands, and how to find it.
_OWN = "SELECT household_id FROM {table} WHERE id IN ({ids})"
_OF_PERSON = "SELECT household_id FROM cover WHERE person_id IN ({ids})"
_HOUSEHOLD: Mapping[str, str] = {
    "household": "SELECT id AS household_id FROM household WHERE id IN ({ids})",
    "cover": _OWN,
    "membership_event": _OWN,
    "enrolment": _OWN,
    "due": _OWN,
    "payment": _OWN,
    "nomination": _OWN,
    "group_membership": _OWN,
    "person": _OF_PERSON,
    "allocation": "SELECT p.household_id FROM allocation a JOIN payment p ON p.id = a.payment_id"
    " WHERE a.id IN ({ids})",
    "person_mark": "SELECT c.household_id FROM person_mark m JOIN cover c"
    " ON c.person_id = m.person_id WHERE m.id IN ({ids})",
    "relation_change": "SELECT c.household_id FROM relation_change r JOIN cover c"
    " ON c.id = r.cover_id WHERE r.id IN ({ids})",
    "nomination_step": "SELECT n.household_id FROM nomination_step s JOIN nomination n"
    " ON n.id = s.nomination_id WHERE s.id IN ({ids})",
}
# Tables whose rows may decide how any household stands.
_EVERYBODY = frozenset(
    {
        *("plan", "plan_version", "statutes_version", "person_merge", "payer_agreement"),
        *("payer_statement", "payer_payment"),
    }
)


_FEW = 8  # households reckoned while a list is painted


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known by an act, on a day; households of the sections in `left` are not yet."""

    act: int
    day: date
    told: Mapping[HouseholdId, HouseholdNow]
    left: tuple[SectionId, ...] = ()


_kept: WeakKeyDictionary[Desk, _Kept] = WeakKeyDictionary()


def standings(desk: Desk) -> Mapping[HouseholdId, HouseholdNow]:
    """Return how every household stands on the desk's day, by the acts there are."""
    with desk.read() as connection:
        now = _caught_up(connection, desk)
        if now is None:
            told: Mapping[HouseholdId, HouseholdNow] = _reckoned(connection, None, desk.today)
            now = _Kept(_head(connection), desk.today, told)
        while now.left:
            now = _further(connection, now)
        _kept[desk] = now
    return now.told


def reckon_some(desk: Desk) -> bool:
    """Reckon some households of a large scheme; return whether all are known now.

    For who shares a thread with others: in between, it is their turn. `standings` reckons at
    once what is left, and needs little once this has said True.
    """
    with desk.read() as connection:
        now = _caught_up(connection, desk)
        if now is None:
            sections = tuple(SectionId(row.id) for row in fetch(connection, _SECTIONS))
            now = _Kept(_head(connection), desk.today, {}, sections)
        wanted = len(now.told) + _SOME
        while now.left and len(now.told) < wanted:
            now = _further(connection, now)
        _kept[desk] = now
    return not now.left


def standings_of(desk: Desk, ids: Sequence[HouseholdId]) -> Mapping[HouseholdId, HouseholdNow]:
    """Return how some households stand: from what is kept, or reckoned for them alone.

    A list asks it while it is painted: it never reckons the whole book anew.
    """
    with desk.read() as connection:
        kept = _caught_up(connection, desk, _FEW)
        if kept is not None and not kept.left:
            _kept[desk] = kept
            return kept.told
        return _again(connection, dict.fromkeys(ids), desk.today)


def _caught_up(connection: Connection, desk: Desk, most: int | None = None) -> _Kept | None:
    """Return what is kept, brought to the present act; None when nothing of it holds any more.

    None too when more than `most` households would be reckoned anew.
    """
    kept, head = _kept.get(desk), _head(connection)
    if kept is None or kept.day != desk.today or kept.act > head:
        return None
    if kept.act == head:
        return kept
    touched = _touched(connection, kept.act)
    if touched is None or (most is not None and len(touched) > most):
        return None
    told = {**kept.told, **_again(connection, touched, kept.day)}
    return _Kept(head, kept.day, told, kept.left)


def _further(connection: Connection, now: _Kept) -> _Kept:
    """Return what is known with one section more."""
    first, *left = now.left
    told = {**now.told, **_reckoned(connection, first, now.day)}
    return _Kept(now.act, now.day, told, tuple(left))


def _reckoned(
    connection: Connection, section_id: SectionId | None, day: date
) -> dict[HouseholdId, HouseholdNow]:
    found = each_facts(connection, section_id=section_id)
    return {one: now_of(facts, day) for one, facts in found}


def forget(desk: Desk) -> None:
    """Reckon every household anew at the next question; for measuring."""
    _kept.pop(desk, None)


def now_of(facts: AccountFacts, day: date) -> HouseholdNow:
    """Return how one household stands at the end of a day."""
    account = account_on(facts, day)
    return HouseholdNow(
        state=state_of(facts, account, day),
        covered_through=account.covered_through,
        rights_from=account.rights_from,
        arrears=account.arrears,
        oldest_due_on=None if account.unpaid is None else account.unpaid.due.due_on,
        ages_out=tuple(_ages_out(facts, day)),
    )


def _ages_out(facts: AccountFacts, day: date) -> Iterable[tuple[PersonId, date]]:
    limit, told = plan_on(facts.plans, day).child_max_age, statutes_on(facts.statutes, day)
    if limit is None:
        return
    for cover in facts.covers:
        near = age_on(cover.birth.day, day) >= limit - _YEARS_AHEAD
        if near and cover.holds(day) and cover.relation_on(day) in CHILDREN:
            past = ages_out_on(cover, limit, told, day)
            if past is not None:
                yield cover.person_id, past


def _head(connection: Connection) -> int:
    return int(fetch(connection, "SELECT coalesce(max(n), 0) AS n FROM act")[0].n)


def _again(
    connection: Connection, touched: Iterable[HouseholdId], day: date
) -> dict[HouseholdId, HouseholdNow]:
    return {one: now_of(facts_of(connection, one), day) for one in touched}


def _touched(connection: Connection, since: int) -> set[HouseholdId] | None:
    """Return the households behind the rows written after an act; None for all of them."""
    counted = fetch(
        connection, "SELECT count(*) AS n FROM act_part WHERE act > :since", since=since
    )
    if counted[0].n > _MOST_PARTS:
        return None
    rows: dict[str, set[bytes]] = {}
    for part in fetch(
        connection,
        "SELECT p.body, a.id FROM act_part p JOIN act a ON a.n = p.act"
        " WHERE p.act > :since AND p.erased IS NULL",
        since=since,
    ):
        for record in records(unpack(part.body), part.id[:14]):
            if record.number in NUMBERED:
                rows.setdefault(table_of(record.number).name, set()).add(record.id)
    if _EVERYBODY & rows.keys() or sum(map(len, rows.values())) > _MOST_ROWS:
        return None
    return {one for table, ids in rows.items() for one in _behind(connection, table, ids)}


def _behind(connection: Connection, table: str, ids: set[bytes]) -> Iterable[HouseholdId]:
    statement = _HOUSEHOLD.get(table)
    if statement is None:
        return ()
    marks = ",".join(f"x'{one.hex()}'" for one in ids)
    found: list[Any] = fetch(connection, statement.format(table=table, ids=marks))
    return [HouseholdId(row.household_id) for row in found]
