"""Lists of households and of persons: filtered and put in order by the book, read in blocks.

What can be told from one row is asked in SQL. State, arrears and ends are kept in memory (see
`standings`), so that filtering and sorting by them reckons nothing anew.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from enum import Enum
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.members.queries import (
    SECTION_NAME,
    day_or_none,
    duplicates,
    name_of,
    search,
    statutes,
)
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import Birth, BirthKnown, Relation, Sex
from stepdesk.reports.queries.standings import standings, standings_of
from stepdesk.reports.terms import (
    SOON,
    HouseholdNow,
    ListOf,
    ListRow,
    Only,
    PersonKey,
    RowKey,
    SavedView,
    Soon,
    Wanted,
)
from stepdesk.rights.terms import HouseholdState
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch, fetch_plain
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import CategoryId, HouseholdId, PersonId, StaffId
from stepdesk.values.month import add_months

ENDED = frozenset(
    {
        HouseholdState.STRUCK_OFF,
        HouseholdState.RESIGNED,
        HouseholdState.EXCLUDED,
        HouseholdState.CLOSED,
    }
)
_LATE = frozenset({HouseholdState.GRACE, HouseholdState.SUSPENDED})

RENEWS = Wanted(only=Only.RENEWAL, states=frozenset({HouseholdState.ACTIVE}), order="paid_until")
"""Households with rights that pay again within `SOON` days; who is late is not among them."""
_HOLDS = "{0}.first_day <= :day AND ({0}.until IS NULL OR {0}.until > :day)"
_PLAN = (
    "(SELECT e.plan_id FROM enrolment e WHERE e.household_id = h.id"
    " ORDER BY e.first_day DESC, e.id DESC LIMIT 1)"
)
_PLAN_NAME = (
    f"(SELECT v.name FROM plan_version v WHERE v.plan_id = {_PLAN}"
    " ORDER BY v.first_day DESC, v.id DESC LIMIT 1)"
)
_CATEGORY = (
    "(SELECT k.category_id FROM household_category k WHERE k.household_id = h.id"
    " AND k.first_day <= :day"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = k.id)"
    " ORDER BY k.first_day DESC, k.id DESC LIMIT 1)"
)
_CATEGORY_NAME = f"(SELECT y.name FROM category y WHERE y.id = {_CATEGORY})"
_IN_GROUP = (
    "FROM group_membership g JOIN member_group m2 ON m2.id = g.group_id"
    f" WHERE g.household_id = h.id AND {_HOLDS.format('g')}"
)
_GROUP_NAME = f"(SELECT m2.name {_IN_GROUP} ORDER BY g.first_day DESC LIMIT 1)"
_SPONSORED = (
    "FROM nomination n JOIN payer_agreement a ON a.id = n.agreement_id"
    " JOIN payer y ON y.id = a.payer_id JOIN nomination_step t ON t.nomination_id = n.id"
    " WHERE n.household_id = h.id{0} AND t.step IN ('COVERED', 'RENEWED')"
    " AND t.effective_on <= :day AND (t.until IS NULL OR t.until > :day)"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = t.id)"
    " AND NOT EXISTS (SELECT 1 FROM nomination_step x WHERE x.nomination_id = n.id"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = x.id)"
    " AND x.step = 'ENDED' AND x.effective_on >= t.effective_on AND x.effective_on <= :day)"
)
_OF_PERSON = " AND (n.person_id IS NULL OR n.person_id = p.id)"
_SIZE = f"(SELECT count(*) FROM cover z WHERE z.household_id = h.id AND {_HOLDS.format('z')})"
_SOMEBODY_WITHOUT = (
    "EXISTS (SELECT 1 FROM cover z JOIN person q ON q.id = z.person_id"
    f" WHERE z.household_id = h.id AND q.photo IS NULL AND {_HOLDS.format('z')})"
)
_LATEST = (
    "c.id = (SELECT x.id FROM cover x WHERE x.person_id = c.person_id"
    " ORDER BY x.first_day DESC, x.id DESC LIMIT 1)"
)
_NOT_MERGED = "c.person_id NOT IN (SELECT other_id FROM person_merge WHERE undone_on IS NULL)"
_FROM = {
    ListOf.HOUSEHOLDS: "FROM household h",
    ListOf.PERSONS: "FROM cover c JOIN household h ON h.id = c.household_id",
}
_PERSON = {
    ListOf.HOUSEHOLDS: " JOIN person p ON p.id = h.member_person_id",
    ListOf.PERSONS: " JOIN person p ON p.id = c.person_id",
}
_SECTION = " JOIN section s ON s.id = h.section_id"
_WORDS = {
    ListOf.HOUSEHOLDS: " LEFT JOIN person_search f ON f.person_id = h.member_person_id",
    ListOf.PERSONS: " LEFT JOIN person_search f ON f.person_id = c.person_id",
}
_KEYS = {ListOf.HOUSEHOLDS: "h.id", ListOf.PERSONS: "h.id, c.person_id"}

# What a column is sorted by in SQL: of households, of persons.
_NUMBER = {ListOf.HOUSEHOLDS: "h.serial", ListOf.PERSONS: "h.serial, c.suffix"}
_ORDERS: Mapping[str, str] = {
    "name": "f.words",
    "member": "h.serial",
    "section": "s.code",
    "sex": "p.sex",
    "age": "p.birth",
    "size": _SIZE,
    "declared": "h.declared_size",
    "joined": "h.joined_on",
    "until": "c.until",
    "phone": "h.phone",
    "address": "h.address",
    "plan": _PLAN_NAME,
    "group": _GROUP_NAME,
    "category": _CATEGORY_NAME,
    "payer": f"(SELECT y.name {_SPONSORED.format('')} LIMIT 1)",
    "relation": "c.relation",
    "photo": "p.photo IS NULL",
}
_OF_PERSONS_ALONE = frozenset({"until", "relation"})
# An age grows as the birth goes back.
_TURNED = frozenset({"age"})

_STATE_PLACE = {state: at for at, state in enumerate(HouseholdState)}
_BY_STANDING: Mapping[str, Callable[[HouseholdNow], Any]] = {
    "status": lambda now: _STATE_PLACE[now.state],
    "paid_until": lambda now: now.covered_through,
    "rights_from": lambda now: now.rights_from,
    "arrears": lambda now: now.arrears or None,
}
_STANDING_ORDERS = frozenset({*_BY_STANDING, "ages_out"})


def listed(desk: Desk, wanted: Wanted, asked: str = "") -> tuple[RowKey, ...]:
    """Return the rows of a list in its order. What is looked for by words is looked for everywhere.

    Args:
        desk: The desk; ages and states are those of its day.
        wanted: What the list holds and its order; its filters are left out of a search.
        asked: A number, a name, or parts of one.
    """
    with desk.read() as connection:
        if asked:
            return _found(connection, wanted.of, asked)
        if wanted.only is Only.DUPLICATES:
            return _pairs(connection)
        keys = _in_sql(connection, wanted, desk.today)
        only = _only(connection, wanted, desk.today)
    if not needs_standing(wanted):
        return tuple(keys)
    told = standings(desk)
    keys = [key for key in keys if _standing(wanted, told.get(household_of(key)), key, only)]
    return tuple(_in_order(keys, wanted, told))


def needs_standing(wanted: Wanted) -> bool:
    """Whether a list asks how households stand, beyond what one row of the book says."""
    by_state = bool(wanted.states) or wanted.only is not None
    ended = wanted.ended is not None and wanted.of is ListOf.HOUSEHOLDS
    return by_state or ended or wanted.order in _STANDING_ORDERS


def household_of(key: RowKey) -> HouseholdId:
    """Return the household a row belongs to."""
    return key.household_id if isinstance(key, PersonKey) else key


def _found(connection: Connection, of: ListOf, asked: str) -> tuple[RowKey, ...]:
    rows = search(connection, asked)
    if of is ListOf.HOUSEHOLDS:
        return tuple(dict.fromkeys(row.household_id for row in rows))
    return tuple(dict.fromkeys(PersonKey(row.household_id, row.id) for row in rows))


def _pairs(connection: Connection) -> tuple[RowKey, ...]:
    """Return who may be one person, each beside the one they look like."""
    pairs = duplicates(connection)
    people = (person for pair in pairs for person in (pair.first, pair.second))
    return tuple(dict.fromkeys(PersonKey(one.household_id, one.id) for one in people))


def soon(desk: Desk) -> Soon:
    """Return how many children near the age limit, ends of waiting and photos to take there are."""
    day, told = desk.today, standings(desk)
    with desk.read() as connection:
        limit = _only(connection, Wanted(only=Only.AGES_OUT), day)
        row = fetch(
            connection,
            "SELECT count(*) AS people, count(p.photo) AS photos FROM cover c"
            f" JOIN person p ON p.id = c.person_id WHERE {_HOLDS.format('c')}",
            day=day.isoformat(),
        )[0]
    past = [one for now in told.values() for _, one in now.ages_out]
    ends = Wanted(only=Only.WAITING_ENDS)
    horizon = day + timedelta(days=SOON)
    return Soon(
        sum(limit is not None and one <= limit for one in past),
        sum(_standing(ends, now, key, horizon) for key, now in told.items()),
        row.people - row.photos if row.photos else 0,
        sum(_standing(RENEWS, now, key, horizon) for key, now in told.items()),
    )


def _in_sql(connection: Connection, wanted: Wanted, day: date) -> list[RowKey]:
    conditions, told = _conditions(wanted, day)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = _order(wanted)
    joins = "".join(
        join[wanted.of] if isinstance(join, dict) else join
        for alias, join in (("p.", _PERSON), ("s.", _SECTION), ("f.", _WORDS))
        if re.search(rf"\b{re.escape(alias)}", f"{where} {order}")
    )
    statement = f"SELECT {_KEYS[wanted.of]} {_FROM[wanted.of]}{joins}{where} ORDER BY {order}"
    rows = fetch_plain(connection, statement, day=day.isoformat(), **told)
    if wanted.of is ListOf.HOUSEHOLDS:
        return [household for household, *_ in rows]
    return [PersonKey(household, person) for household, person in rows]


def _order(wanted: Wanted) -> str:
    number = _NUMBER[wanted.of]
    told = _ORDERS.get(wanted.order, "")
    alone = wanted.order in _OF_PERSONS_ALONE and wanted.of is ListOf.HOUSEHOLDS
    if wanted.order == "joined" and wanted.of is ListOf.PERSONS:
        told = "c.first_day"
    down = wanted.descending is not (wanted.order in _TURNED)
    if told and not alone:
        return f"{told}{' DESC' if down else ''}, {number}"
    if wanted.order == "number" and wanted.descending:
        return ", ".join(f"{one} DESC" for one in number.split(", "))
    return number


def _conditions(wanted: Wanted, day: date) -> tuple[list[str], dict[str, object]]:
    """Return what SQL decides, with its values."""
    persons = wanted.of is ListOf.PERSONS
    joined = "c.first_day" if persons else "h.joined_on"
    group = f"EXISTS (SELECT 1 {_IN_GROUP} AND g.group_id = :group)"
    payer = _SPONSORED.format(_OF_PERSON if persons else "")
    no_photo = "p.photo IS NULL" if persons else _SOMEBODY_WITHOUT
    told: tuple[tuple[str, object, str], ...] = (
        ("section", wanted.section_id, "h.section_id = :section"),
        ("plan", wanted.plan_id, f"{_PLAN} = :plan"),
        ("category", wanted.category_id, f"{_CATEGORY} = :category"),
        ("group", wanted.group_id, group),
        ("payer", wanted.payer_id, f"EXISTS (SELECT 1 {payer} AND a.payer_id = :payer)"),
        ("sex", wanted.sex and wanted.sex.value, "p.sex = :sex"),
        ("young", _born(day, wanted.age_first, 0), "p.birth <= :young"),
        ("old", _born(day, wanted.age_last, 1), "p.birth > :old"),
        ("joined_first", _iso(wanted.joined_first), f"{joined} >= :joined_first"),
        ("joined_last", _iso(wanted.joined_last), f"{joined} <= :joined_last"),
        ("no_photo", wanted.no_photo or None, f"{no_photo} AND :no_photo"),
        ("no_phone", wanted.no_phone or None, "trim(h.phone) = '' AND :no_phone"),
    )
    conditions = [condition for _, value, condition in told if value is not None]
    values = {name: value for name, value, _ in told if value is not None}
    if persons:
        conditions += [*_covers(wanted), _NOT_MERGED]
    return conditions, values


def _covers(wanted: Wanted) -> list[str]:
    """Return which cover stands for a person: the one that holds, or else the latest."""
    if wanted.ended is False or wanted.only is not None:
        return [_HOLDS.format("c")]
    if wanted.ended:
        return [_LATEST, f"NOT ({_HOLDS.format('c')})"]
    return [_LATEST]


def _born(day: date, age: int | None, more: int) -> str | None:
    """Return the birth of whoever turns that age (and so many years more) on the day.

    A day that the calendar lacks sorts where it belongs: whoever was born on 29 February is a
    year older on 1 March.
    """
    return None if age is None else f"{day.year - age - more:04d}-{day.month:02d}-{day.day:02d}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _only(connection: Connection, wanted: Wanted, day: date) -> date | None:
    """Return the day up to which a ready list looks; None where there is none."""
    if wanted.only is Only.LATE_LONG:
        return add_months(day, -2)
    if wanted.only is Only.AGES_OUT:
        told = statutes_on(statutes(connection), day)
        return day + timedelta(days=told.age_warning_days)
    soon_too = wanted.only in {Only.WAITING_ENDS, Only.RENEWAL}
    return day + timedelta(days=SOON) if soon_too else None


def _standing(wanted: Wanted, now: HouseholdNow | None, key: RowKey, horizon: date | None) -> bool:
    """Whether a row is wanted as its household stands."""
    if now is None or (wanted.states and now.state not in wanted.states):
        return False
    told = wanted.ended if wanted.of is ListOf.HOUSEHOLDS else None
    if told is not None and (now.state in ENDED) is not told:
        return False
    return horizon is None or wanted.only is None or _acts_soon(wanted.only, now, key, horizon)


def _acts_soon(only: Only, now: HouseholdNow, key: RowKey, horizon: date) -> bool:
    late, waits = now.state in _LATE, now.state is HouseholdState.WAITING
    if only is Only.AGES_OUT:
        whose = key.person_id if isinstance(key, PersonKey) else None
        return any(past <= horizon and whose in {None, one} for one, past in now.ages_out)
    if only is Only.WAITING_ENDS:
        return waits and now.rights_from is not None and now.rights_from <= horizon
    if only is Only.LATE_LONG:
        return late and now.oldest_due_on is not None and now.oldest_due_on <= horizon
    near = now.covered_through is not None and now.covered_through <= horizon
    return late or (now.state is HouseholdState.ACTIVE and near)


def _in_order(
    keys: list[RowKey], wanted: Wanted, told: Mapping[HouseholdId, HouseholdNow]
) -> Iterable[RowKey]:
    """Sort by what only the standing says; rows that say nothing stand last either way."""
    if wanted.order == "ages_out":
        return _sorted(keys, lambda key: _past(told[household_of(key)], key), wanted.descending)
    read = _BY_STANDING.get(wanted.order)
    if read is None:
        return keys
    return _sorted(keys, lambda key: read(told[household_of(key)]), wanted.descending)


def _sorted(
    keys: list[RowKey],
    read: Callable[[RowKey], Any],
    descending: bool,
) -> list[RowKey]:
    said = [(read(key), key) for key in keys]
    known = sorted(
        (one for one in said if one[0] is not None), key=lambda one: one[0], reverse=descending
    )
    return [key for _, key in known] + [key for value, key in said if value is None]


def _past(now: HouseholdNow, key: RowKey) -> date | None:
    """Return when the person of a row, or the first of a household, is past the age limit."""
    whose = key.person_id if isinstance(key, PersonKey) else None
    return min((past for one, past in now.ages_out if whose in {None, one}), default=None)


# Rows

_ROW = (
    "h.id AS household_id, h.serial, s.code AS section_code, h.declared_size, h.joined_on,"
    " h.phone, h.address, p.id AS person_id, p.surname, p.given_names, p.sex, p.birth,"
    " p.birth_known, p.photo IS NOT NULL AS photo, m.surname AS member_surname,"
    f" m.given_names AS member_given_names, {SECTION_NAME} AS section, {_SIZE} AS size,"
    f" {_PLAN_NAME} AS plan, {_GROUP_NAME} AS group_name, {_CATEGORY_NAME} AS category,"
)
_MEMBER = " JOIN person m ON m.id = h.member_person_id"
_ROWS = {
    ListOf.HOUSEHOLDS: (
        f"SELECT {_ROW} (SELECT y.name {_SPONSORED.format('')} LIMIT 1) AS payer,"
        " NULL AS suffix, 'SELF' AS relation, h.joined_on AS first_day, NULL AS until"
        f" {_FROM[ListOf.HOUSEHOLDS]}{_PERSON[ListOf.HOUSEHOLDS]}{_SECTION}{_MEMBER} WHERE h.id IN ({{ids}})"
    ),
    ListOf.PERSONS: (
        f"SELECT {_ROW} (SELECT y.name {_SPONSORED.format(_OF_PERSON)} LIMIT 1) AS payer,"
        " c.suffix, c.relation, c.first_day, c.until"
        f" {_FROM[ListOf.PERSONS]}{_PERSON[ListOf.PERSONS]}{_SECTION}{_MEMBER} WHERE c.person_id IN ({{ids}})"
        " ORDER BY c.first_day, c.id"
    ),
}
_BLANK = HouseholdNow(HouseholdState.PROSPECT, None, None, 0, None)


def rows_of(desk: Desk, keys: Sequence[RowKey]) -> list[ListRow]:
    """Return all that the list may show of these rows, in their order."""
    if not keys:
        return []
    day, persons = desk.today, isinstance(keys[0], PersonKey)
    told = standings_of(desk, [household_of(key) for key in keys])
    of = ListOf.PERSONS if persons else ListOf.HOUSEHOLDS
    ids = [key.person_id if isinstance(key, PersonKey) else key for key in keys]
    statement = _ROWS[of].format(ids=",".join(f"x'{one.hex()}'" for one in ids))
    with desk.read() as connection:
        found = fetch(connection, statement, day=day.isoformat())
    rows: dict[RowKey, ListRow] = {}
    for row in found:
        household_id = HouseholdId(row.household_id)
        key = PersonKey(household_id, PersonId(row.person_id)) if persons else household_id
        rows[key] = _list_row(row, key, told.get(household_id, _BLANK))
    return [rows[key] for key in keys]


def _list_row(row: Any, key: RowKey, now: HouseholdNow) -> ListRow:
    return ListRow(
        key=key,
        number=HouseholdNumber(row.section_code, row.serial),
        suffix=row.suffix,
        name=name_of(row.surname, row.given_names),
        member=name_of(row.member_surname, row.member_given_names),
        section=row.section or "",
        sex=Sex(row.sex),
        birth=Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        relation=Relation(row.relation),
        size=row.size,
        declared=row.declared_size,
        joined=date.fromisoformat(row.first_day),
        until=day_or_none(row.until),
        phone=row.phone,
        address=row.address,
        plan=row.plan or "",
        group=row.group_name or "",
        category=row.category or "",
        payer=row.payer or "",
        photo=bool(row.photo),
        now=now,
        ages_out=_past(now, key),
    )


# What one may choose from


def categories(connection: Connection) -> tuple[tuple[CategoryId, str], ...]:
    """Return the categories of members there are, by code."""
    rows = fetch(connection, "SELECT id, code, name FROM category ORDER BY code")
    return tuple((CategoryId(row.id), row.name) for row in rows)


def groups_and_payers(
    connection: Connection,
) -> tuple[tuple[tuple[Any, str], ...], tuple[tuple[Any, str], ...]]:
    """Return the groups that sign for their people, and who pays for others, by code."""
    groups = fetch(connection, "SELECT id, name FROM member_group ORDER BY code")
    payers = fetch(connection, "SELECT id, name FROM payer ORDER BY code")
    return tuple((row.id, row.name) for row in groups), tuple((row.id, row.name) for row in payers)


# Saved views


def saved_views(connection: Connection, staff_id: StaffId) -> tuple[SavedView, ...]:
    """Return the lists a person gave a name, by name; one that cannot be read is left out."""
    rows = fetch(
        connection,
        "SELECT name, content FROM saved_view WHERE staff_id = :staff ORDER BY name",
        staff=staff_id,
    )
    found = ((row.name, unpacked(row.content)) for row in rows)
    return tuple(SavedView(name, wanted) for name, wanted in found if wanted is not None)


def packed(wanted: Wanted) -> str:
    """Return a list's filters, order and columns as JSON; what asks nothing is left out."""
    blank = Wanted()
    told = {
        one.name: _plain(getattr(wanted, one.name))
        for one in fields(Wanted)
        if getattr(wanted, one.name) != getattr(blank, one.name)
    }
    return json.dumps(told, sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(one.value for one in value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "of": ListOf,
    "only": Only,
    "sex": Sex,
    "states": lambda told: frozenset(map(HouseholdState, told)),
    "columns": tuple,
    "joined_first": date.fromisoformat,
    "joined_last": date.fromisoformat,
    **dict.fromkeys(
        ("section_id", "plan_id", "group_id", "category_id", "payer_id"), bytes.fromhex
    ),
}


def unpacked(content: str) -> Wanted | None:
    """Return what `packed` wrote, None when it cannot be read; names not known are left out."""
    known = {one.name for one in fields(Wanted)}
    try:
        told: dict[str, Any] = json.loads(content)
        return Wanted(
            **{
                name: _READ.get(name, _same)(value)
                for name, value in told.items()
                if name in known
            }
        )
    except (ValueError, TypeError, AttributeError):
        return None


def _same(value: Any) -> Any:
    return value
