"""What was written wrongly, or changed without an event: corrections, categories, statutes."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import (
    category,
    cover,
    household,
    household_category,
    person,
    statutes_version,
)
from stepdesk.members.rules import check_birth
from stepdesk.members.service.guards import (
    check_born,
    check_completeness,
    check_phone,
    check_relation,
    doubt_age,
)
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.service.writing import (
    ask,
    check_day,
    check_news,
    home_of,
    last_closed,
    needed,
    reason_of,
    statutes_of,
    write_event,
)
from stepdesk.members.terms import (
    CHILDREN,
    SPOUSES,
    Birth,
    BirthKnown,
    EventKind,
    Happened,
    Relation,
    Role,
    Sex,
    Statutes,
)
from stepdesk.store.work import Work, plain
from stepdesk.values.ids import CategoryId, EventId, HouseholdId, PersonId
from stepdesk.values.month import Month

_HOME = (
    "SELECT c.household_id, c.id, c.relation FROM cover c WHERE c.person_id = :person"
    " AND (c.until IS NULL OR c.until > c.first_day) ORDER BY c.first_day DESC, c.id DESC LIMIT 1"
)
_LAST_CLOSED = (
    "SELECT max(month) AS month FROM closing WHERE id NOT IN (SELECT closing_id FROM reopening)"
)
_PRESENT = (
    "SELECT k.category_id, (SELECT c.name FROM category c WHERE c.id = k.category_id) AS name"
    " FROM household_category k WHERE k.household_id = :household"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = k.id)"
    " ORDER BY k.first_day DESC, k.id DESC LIMIT 1"
)
_SINCE = (
    "SELECT min(first_day) AS day FROM cover WHERE person_id = :person"
    " AND (until IS NULL OR until > first_day)"
)

PERSONAL = frozenset(
    {
        "surname",
        "given_names",
        "sex",
        "birth",
        "relation",
        "legacy_number",
        "occupation",
        "birth_place",
        "identity",
        "mother_id",
    }
)
"""What may be corrected of a person; the day of death is undone and recorded again instead."""

SHARED = frozenset(
    {
        "phone",
        "address",
        "consent",
        "sms_consent",
        "contact",
        "other_cover",
        "declared_size",
        "health_post_id",
        "compound_id",
        "legacy_number",
    }
)
"""What may be changed of a household outside life events."""


DECIDING = frozenset({"sex", "birth", "relation", "mother_id"})
"""What rights are decided by: corrected, it changes answers about the days since cover began."""


def correct_person(
    work: Work,
    /,
    *,
    person_id: PersonId,
    reason: str,
    accepting: frozenset[str] = frozenset(),
    **changes: object,
) -> Happened:
    """Correct what was written wrongly of a person; the event tells from what to what.

    Args:
        work: The work.
        person_id: Whose.
        reason: Why; kept.
        accepting: Doubts somebody accepted: `age`, `backdated`.
        changes: Any of `PERSONAL`: text, `Sex`, `Birth`, `Relation`, or the mother's id.

    Raises:
        Refusal: no reason, nobody known, no name, a birth that cannot be or lies behind the first
            day of cover, a relation the statutes do not let be covered, a spouse or a member who
            is a child.
        Caution: a spouse or a member very young; what rights are decided by changes since a day
            long ago.
    """
    why = reason_of(reason)
    home = work.row(_HOME, person=person_id)
    if home is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person_id",
        )
    row = work.row("SELECT * FROM person WHERE id = :person", person=person_id)
    relation = changes.pop("relation", None)
    columns = _columns(work, changes, PERSONAL - {"relation"})
    told = _differences(row, columns)
    if isinstance(relation, Relation) and relation.value != home.relation:
        _check_new_relation(work, relation, home.relation)
    _ask_about(work, home, row, columns, relation, told, accepting)
    if isinstance(relation, Relation) and relation.value != home.relation:
        told.append(f"relation: {home.relation} > {relation.value}")
        work.update(cover, home.id, relation=relation)
    household_id = HouseholdId(home.household_id)
    if not told:
        return Happened(household_id, (), (household_id,))
    work.update(person, person_id, **columns)
    event_id = _corrected(work, household_id, person_id, why, told)
    refresh_search(work, [person_id])
    return Happened(household_id, (event_id,), (household_id,))


def _ask_about(
    work: Work,
    home: Any,  # noqa: ANN401 - rows
    row: Any,  # noqa: ANN401
    columns: Mapping[str, object],
    relation: object,
    told: Collection[str],
    accepting: Collection[str],
) -> None:
    """Refuse a birth behind the first cover; doubt ages, and what changes answers given long ago."""
    since = date.fromisoformat(work.row(_SINCE, person=row.id).day)
    born = columns.get("birth", date.fromisoformat(row.birth))
    birth = Birth(born, columns.get("birth_known", BirthKnown(row.birth_known)))  # type: ignore[arg-type]
    if "birth" in columns:
        check_born(birth, since, field="birth")
    present = relation if isinstance(relation, Relation) else Relation(home.relation)
    changed = {one.partition(":")[0] for one in told}
    if present.value != home.relation:
        changed.add("relation")
    doubts: list[Doubt] = []
    role = Role.HEAD if present is Relation.SELF else Role.SPOUSE
    if present in {Relation.SELF, *SPOUSES} and changed & {"birth", "relation"}:
        doubts += doubt_age(work, role, birth, since, accepting, field="birth")
    if changed & DECIDING:
        check_news(work, since, accepting, field="birth", also=doubts)
    else:
        ask(doubts)


def _check_new_relation(work: Work, relation: Relation, former: str) -> None:
    if Relation.SELF in {relation, Relation(former)}:
        raise Refusal(
            Text(N_("Who is the member is not corrected here. Record a change of head.")),
            field="relation",
        )
    check_relation(relation, statutes_of(work, work.today), field="relation")


def _columns(
    work: Work, changes: Mapping[str, object], allowed: frozenset[str]
) -> dict[str, object]:
    """Return changes by column, checked: texts without spaces around, a birth as its two columns."""
    columns: dict[str, object] = {}
    for name, value in changes.items():
        if name not in allowed:
            raise TypeError(f"{name} is not corrected")
        if isinstance(value, Birth):
            birth = check_birth(value, work.today)
            columns |= {"birth": birth.day, "birth_known": birth.known}
        elif isinstance(value, str):
            columns[name] = " ".join(value.split())
        else:
            columns[name] = value
    for name in {"surname", "given_names"} & set(columns):
        needed(str(columns[name]), Text(N_("Type the name.")), field=name)
    return columns


def _differences(row: Any, columns: Mapping[str, object]) -> list[str]:  # noqa: ANN401
    """Return what changes, as `surname: Diop > Dieng`; ids and yes or no are not spelled out."""
    told = []
    for name, value in columns.items():
        former, new = getattr(row, name), plain(value)
        if (former or "") == (new or "") and (former is None) == (new is None or new == ""):
            continue
        spelled = isinstance(former, str | int | None) and isinstance(new, str | int | None)
        if not spelled:
            told.append(name)
            continue
        left, right = ("" if one is None else str(one) for one in (former, new))
        told.append(f"{name}: {left} > {right}")
    return told


def _corrected(
    work: Work,
    household_id: HouseholdId,
    person_id: PersonId | None,
    reason: str,
    told: list[str],
) -> EventId:
    return write_event(
        work,
        household_id,
        EventKind.CORRECTED,
        work.today,
        person_id=person_id,
        reason=reason,
        document="; ".join(told),
    )


def correct_household(
    work: Work,
    /,
    *,
    household_id: HouseholdId,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
    **changes: object,
) -> Happened:
    """Change what is told of a household outside its life events; the event tells what.

    Args:
        work: The work.
        household_id: Whose.
        reason: Why; may be left out, a new phone needs none.
        accepting: `completeness` where too few of the declared household are covered.
        changes: Any of `SHARED`. `consent` to keep data and `sms_consent` to be sent messages,
            True or False, are dated today.

    Raises:
        Refusal: no such household, fewer declared than covered, itself as its compound.
        Caution: too few of the declared household are covered.
    """
    home = home_of(work, household_id)
    row = work.row("SELECT * FROM household WHERE id = :household", household=household_id)
    if "compound" in changes:
        changes["compound_id"] = changes.pop("compound")
    if "health_post" in changes:
        changes["health_post_id"] = changes.pop("health_post")
    columns = _columns(work, changes, SHARED)
    if columns.get("compound_id") == household_id:
        raise Refusal(
            Text(N_("Choose the first household of the compound, another one.")), field="compound"
        )
    columns |= {
        f"{name}_on": work.today
        for name in ("consent", "sms_consent")
        if columns.get(name) is not None and columns[name] != getattr(row, name)
    }
    check_phone(work, str(columns.get("phone", "")))
    size = columns.get("declared_size")
    if isinstance(size, int) and size < len(home.on(work.today)):
        raise Refusal(
            Text(
                N_("{count} people are listed, more than live in the household. Check the size."),
                {"count": len(home.on(work.today))},
            ),
            field="declared_size",
        )
    told = _differences(row, columns)
    if not told:
        return Happened(household_id, (), (household_id,))
    work.update(household, household_id, **columns)
    refresh_search(work, [one.person_id for one in home.covers])
    event_id = _corrected(work, household_id, None, reason, told)
    if {"declared_size", "compound_id"} & set(columns):
        check_completeness(work, household_id, work.today, accepting)
    return Happened(household_id, (event_id,), (household_id,))


def set_photo(work: Work, *, person_id: PersonId, photo: bytes | None) -> None:
    """Keep which photo is a person's: the hash under which it lies; None takes it away."""
    work.update(person, person_id, photo=photo)


# Categories


def put_category(work: Work, *, code: str, name: str) -> CategoryId:
    """Add a category, or give the one of that code another name.

    Raises:
        Refusal: without a code or a name.
    """
    short = needed(code, Text(N_("Give the category a short code.")), field="code").upper()
    told = needed(name, Text(N_("Give the category a name.")), field="name")
    row = work.row("SELECT id FROM category WHERE code = :code", code=short)
    if row is not None:
        work.update(category, row.id, name=told)
        return CategoryId(row.id)
    category_id = CategoryId(work.new_id())
    work.insert(category, id=category_id, code=short, name=told)
    return category_id


def categorise(
    work: Work,
    *,
    household_id: HouseholdId,
    category_id: CategoryId | None,
    on: date,
    accepting: Collection[str] = frozenset(),
) -> Happened:
    """Let a household belong to a category from a day on, or to none.

    Raises:
        Refusal: no such household or category, the one it has, a day ahead or before it joined.
        Caution: `backdated`: the day is long ago, and what is owed since changes with it.
    """
    home = home_of(work, household_id)
    check_day(work, on, home)
    former = work.row(_PRESENT, household=household_id)
    new = work.row("SELECT name FROM category WHERE id = :id", id=category_id)
    if category_id is not None and new is None:
        raise Refusal(Text(N_("Choose a category of the list.")), field="category_id")
    if category_id == (former.category_id if former else None):
        raise Refusal(
            Text(N_("The household is in that category already. Choose another one.")),
            field="category_id",
        )
    check_news(work, on, accepting)
    names = [one.name or "" if one else "" for one in (former, new)]
    event_id = write_event(
        work, household_id, EventKind.CATEGORISED, on, document=" > ".join(names)
    )
    work.insert(
        household_category,
        id=event_id,
        household_id=household_id,
        category_id=category_id,
        first_day=on,
    )
    return Happened(household_id, (event_id,), (household_id,))


# Statutes


def set_statutes(
    work: Work, *, statutes: Statutes, accepting: frozenset[str] = frozenset()
) -> None:
    """Write what the statutes say of persons from a day on; earlier days keep what they had.

    Raises:
        Refusal: a number below zero, a share over 100, nobody allowed but the member, or a first
            day in a closed month.
        Caution: `backdated`: the first day is long ago.
    """
    for name in (
        "student_max_age",
        "age_warning_days",
        "own_membership_days",
        "spouse_declare_days",
        "added_dependant_waiting",
        "replacement_months",
        "max_beneficiaries",
        "readmission_delay_months",
        "transfer_break_days",
        "group_leave_days",
        "appeal_days",
    ):
        if (getattr(statutes, name) or 0) < 0:
            raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field=name)
    _check_statutes(work, statutes)
    check_news(work, statutes.first_day, accepting, field="first_day")
    told = {
        name: getattr(statutes, name)
        for name in Statutes.__dataclass_fields__
        if name not in {"allowed_relations", "recorded_on"}
    }
    allowed = sorted(one.value for one in statutes.allowed_relations | {Relation.SELF})
    work.insert(
        statutes_version,
        id=work.new_id(),
        allowed_relations=",".join(allowed),
        recorded_on=work.today,
        **told,
    )


def _check_statutes(work: Work, statutes: Statutes) -> None:
    if not 0 <= statutes.completeness_min <= 100:
        raise Refusal(Text(N_("Type a share from 0 to 100 percent.")), field="completeness_min")
    if statutes.max_beneficiaries == 0:
        raise Refusal(
            Text(N_("At least the member is covered. Leave it empty for no limit.")),
            field="max_beneficiaries",
        )
    if not statutes.allowed_relations & (CHILDREN | {Relation.SPOUSE}):
        raise Refusal(
            Text(N_("A spouse or children must be allowed. Choose the relations.")),
            field="allowed_relations",
        )
    closed = last_closed(work)
    if closed is not None and Month.of(statutes.first_day) <= closed:
        raise Refusal(
            Text(
                N_("{month} is closed. Let new terms begin on {first} or later."),
                {
                    "month": Month.of(statutes.first_day),
                    "first": closed.plus(1).first,
                },
            ),
            field="first_day",
        )


__all__ = [
    "PERSONAL",
    "SHARED",
    "Sex",
    "categorise",
    "correct_household",
    "correct_person",
    "put_category",
    "set_photo",
    "set_statutes",
]
