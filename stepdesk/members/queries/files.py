"""All that is known of one household, and what decides for many."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.members.queries.rows import (
    PERSONS,
    SECTION_NAME,
    birth_told,
    cover_row,
    day_or_none,
    event_row,
    name_of,
    person_row,
)
from stepdesk.members.terms import (
    AgeOut,
    Birth,
    Cover,
    Event,
    HouseholdFile,
    Mark,
    MarkKind,
    PersonRow,
    PolygamyMode,
    Relation,
    RelationChange,
    Statutes,
)
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import (
    CategoryId,
    CoverId,
    EventId,
    HouseholdId,
    PersonId,
    PlanId,
    ProviderId,
    SectionId,
)

# A cover that ends where it begins was taken back: it never held. Who came back has two.
_OF_HOUSEHOLD = (
    f"{PERSONS} WHERE c.household_id = :household"
    " AND (c.until IS NULL OR c.until > c.first_day) AND NOT EXISTS (SELECT 1 FROM cover l"
    " WHERE l.household_id = c.household_id AND l.person_id = c.person_id"
    " AND (l.until IS NULL OR l.until > l.first_day) AND l.first_day > c.first_day)"
    " ORDER BY c.suffix, c.first_day"
)
_OF_PERSON = f"{PERSONS} WHERE c.person_id = :person ORDER BY c.first_day DESC LIMIT 1"
_BIRTH = "SELECT birth, birth_known FROM person WHERE id = :person"
_NAMES = (
    "SELECT p.id, p.surname, p.given_names FROM person p WHERE p.id IN (SELECT person_id"
    " FROM cover WHERE household_id = :household UNION SELECT person_id FROM membership_event"
    " WHERE household_id = :household AND person_id IS NOT NULL)"
)
_CATEGORY = (
    "(SELECT k.category_id FROM household_category k WHERE k.household_id = h.id"
    " AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = k.id)"
    " ORDER BY k.first_day DESC, k.id DESC LIMIT 1)"
)
_HOUSEHOLD = (
    f"SELECT h.*, s.code AS section_code, {SECTION_NAME} AS section,"
    f" m.surname, m.given_names, {_CATEGORY} AS category_id,"
    f" (SELECT name FROM category WHERE id = {_CATEGORY}) AS category"
    " FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id WHERE h.id = :household"
)
_ENROLMENT = (
    "SELECT plan_id FROM enrolment WHERE household_id = :household"
    " ORDER BY first_day DESC, id DESC LIMIT 1"
)
_EVENTS = (
    "SELECT e.*, (SELECT 1 FROM membership_event r WHERE r.reverses = e.id) AS undone"
    " FROM membership_event e WHERE household_id = :household ORDER BY effective_on, id"
)
_LATEST_EVENT = "SELECT max(id) AS id FROM membership_event WHERE household_id = :household"
# A person written down twice and made one is told under the id that was kept.
_KEPT_PERSON = (
    "coalesce((SELECT m.kept_id FROM person_merge m"
    " WHERE m.other_id = c.person_id AND m.undone_on IS NULL), c.person_id) AS person_id"
)
_COVER = (
    "SELECT c.id, c.household_id, {}, c.suffix, c.relation, c.first_day, c.until, c.counts_from,"
    " p.birth, p.birth_known, p.sex, p.deceased_on, p.mother_id{} FROM cover c"
    " JOIN person p ON p.id = c.person_id"
)
# Few have a mark, or another relation than they came with: the others need not be asked again.
_TOLD_MORE = (
    ", EXISTS (SELECT 1 FROM relation_change k WHERE k.cover_id = c.id) AS changed,"
    " EXISTS (SELECT 1 FROM person_mark k WHERE k.person_id = c.person_id)"
    " OR EXISTS (SELECT 1 FROM person_merge m WHERE m.other_id = c.person_id)"
    " OR EXISTS (SELECT 1 FROM person_merge m WHERE m.kept_id = c.person_id) AS marked"
)
_COVERS_HERE = " WHERE c.household_id = :household ORDER BY c.suffix, c.first_day"
_COVERS = _COVER.format(_KEPT_PERSON, _TOLD_MORE) + _COVERS_HERE
_COVERS_AS_WRITTEN = _COVER.format("c.person_id", "") + _COVERS_HERE
_ANY_TOLD_MORE = (
    "SELECT EXISTS (SELECT 1 FROM relation_change) OR EXISTS (SELECT 1 FROM person_mark)"
    " OR EXISTS (SELECT 1 FROM person_merge) AS told"
)
_COVERS_BETWEEN = (
    f"{_COVER.format(_KEPT_PERSON, '')} WHERE c.household_id BETWEEN :first AND :last AND (:section IS NULL OR"
    " c.household_id IN (SELECT id FROM household WHERE section_id = :section))"
    " ORDER BY c.household_id, c.suffix, c.first_day"
)
_NOT_REVERSED = "NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = {}.event_id)"
_HERE = "(SELECT person_id FROM cover WHERE household_id = :household)"
_KEPT = (
    "SELECT kept_id FROM person_merge WHERE undone_on IS NULL"
    f" AND (other_id IN {_HERE} OR kept_id IN {_HERE})"
)
# Marks of everybody of the household, under whichever number they were written. What is asked of
# one household is another statement than of all: each contribution asks, and an index answers.
_MARKS = (
    "SELECT coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = k.person_id"
    " AND m.undone_on IS NULL), k.person_id) AS person_id, kind, first_day, until"
    f" FROM person_mark k WHERE {_NOT_REVERSED.format('k')}{{}} ORDER BY first_day, id"
)
_MARKS_HERE = _MARKS.format(
    f" AND person_id IN (SELECT person_id FROM cover WHERE household_id = :household UNION {_KEPT}"
    " UNION SELECT other_id FROM person_merge WHERE undone_on IS NULL AND kept_id IN"
    f" ({_KEPT}))"
)
_CHANGES = (
    "SELECT cover_id, first_day, former, relation FROM relation_change k"
    f" WHERE {_NOT_REVERSED.format('k')}{{}} ORDER BY first_day, id"
)
_CHANGES_HERE = _CHANGES.format(
    " AND cover_id IN (SELECT id FROM cover WHERE household_id = :household)"
)
_STATUTES = "SELECT * FROM statutes_version ORDER BY first_day, id"
_SAME = (
    "SELECT kept_id, other_id FROM person_merge WHERE undone_on IS NULL AND kept_id ="
    " coalesce((SELECT kept_id FROM person_merge WHERE other_id = :person AND undone_on IS NULL),"
    " :person)"
)


def person_of(connection: Connection, person_id: PersonId) -> PersonRow | None:
    row = fetch_one(connection, _OF_PERSON, person=person_id)
    return None if row is None else person_row(row)


def birth_of(connection: Connection, person_id: PersonId) -> Birth | None:
    """Return when a person was born, as far as it is known; None for nobody."""
    row = fetch_one(connection, _BIRTH, person=person_id)
    return None if row is None else birth_told(row.birth, row.birth_known)


def person_names(
    connection: Connection, household_id: HouseholdId
) -> dict[PersonId, tuple[str, str]]:
    """Return surname and given names of everybody who is or was in a household."""
    rows = fetch(connection, _NAMES, household=household_id)
    return {PersonId(row.id): (row.surname, row.given_names) for row in rows}


def categories(connection: Connection) -> tuple[tuple[CategoryId, str], ...]:
    """Return the categories households may be put in, by code."""
    rows = fetch(connection, "SELECT id, name FROM category ORDER BY code")
    return tuple((CategoryId(row.id), row.name) for row in rows)


def household_file(connection: Connection, household_id: HouseholdId) -> HouseholdFile | None:
    """Return all that is known of a household but money; None when there is none."""
    row = fetch_one(connection, _HOUSEHOLD, household=household_id)
    if row is None:
        return None
    persons = fetch(connection, _OF_HOUSEHOLD, household=household_id)
    plan = fetch_one(connection, _ENROLMENT, household=household_id)
    return HouseholdFile(
        HouseholdId(row.id),
        HouseholdNumber(row.section_code, row.serial),
        SectionId(row.section_id),
        row.section,
        PlanId(plan.plan_id),
        date.fromisoformat(row.joined_on),
        row.declared_size,
        row.phone,
        row.address,
        row.legacy_number,
        name_of(row.surname, row.given_names),
        tuple(person_row(person) for person in persons),
        covers_of(connection, household_id),
        events_of(connection, household_id),
        PersonId(row.member_person_id),
        None if row.category_id is None else CategoryId(row.category_id),
        row.category or "",
        None if row.consent is None else bool(row.consent),
        day_or_none(row.consent_on),
        row.contact or "",
        row.other_cover or "",
        None if row.compound_id is None else HouseholdId(row.compound_id),
        None if row.health_post_id is None else ProviderId(row.health_post_id),
        None if row.sms_consent is None else bool(row.sms_consent),
        day_or_none(row.sms_consent_on),
    )


def covers_of(connection: Connection, household_id: HouseholdId) -> tuple[Cover, ...]:
    """Return a household's covers by suffix, with what changed in them and what lifts limits."""
    if not remembered(connection, _MORE_TABLES, _any_told_more):
        rows = fetch(connection, _COVERS_AS_WRITTEN, household=household_id)
        return tuple(map(cover_row, rows))
    rows = fetch(connection, _COVERS, household=household_id)
    marks = _marks(connection, household_id) if any(row.marked for row in rows) else {}
    changes = _changes(connection, household_id) if any(row.changed for row in rows) else {}
    return tuple(_whole(cover_row(row), marks, changes) for row in rows)


_MORE_TABLES = ("relation_change", "person_mark", "person_merge")


def _any_told_more(connection: Connection) -> bool:
    """Whether the book knows any mark, changed relation or person made one with another."""
    return bool(fetch_one(connection, _ANY_TOLD_MORE).told)


def _whole(
    cover: Cover,
    marks: dict[PersonId, tuple[Mark, ...]],
    changes: dict[CoverId, tuple[RelationChange, ...]],
) -> Cover:
    if cover.person_id not in marks and cover.id not in changes:
        return cover
    return replace(cover, marks=marks.get(cover.person_id, ()), changes=changes.get(cover.id, ()))


def _marks(
    connection: Connection, household_id: HouseholdId | None
) -> dict[PersonId, tuple[Mark, ...]]:
    found: dict[PersonId, tuple[Mark, ...]] = {}
    statement = _MARKS.format("") if household_id is None else _MARKS_HERE
    for row in fetch(connection, statement, household=household_id):
        mark = Mark(MarkKind(row.kind), date.fromisoformat(row.first_day), day_or_none(row.until))
        person = PersonId(row.person_id)
        found[person] = (*found.get(person, ()), mark)
    return found


def _changes(
    connection: Connection, household_id: HouseholdId | None
) -> dict[CoverId, tuple[RelationChange, ...]]:
    found: dict[CoverId, tuple[RelationChange, ...]] = {}
    statement = _CHANGES.format("") if household_id is None else _CHANGES_HERE
    for row in fetch(connection, statement, household=household_id):
        change = RelationChange(
            date.fromisoformat(row.first_day), Relation(row.former), Relation(row.relation)
        )
        cover = CoverId(row.cover_id)
        found[cover] = (*found.get(cover, ()), change)
    return found


def same_person(connection: Connection, person_id: PersonId) -> tuple[PersonId, ...]:
    """Return all ids of one person, the one that was kept first; one id where none was merged."""
    if not any_merged(connection):
        return (person_id,)
    rows = fetch(connection, _SAME, person=person_id)
    if not rows:
        return (person_id,)
    return (PersonId(rows[0].kept_id), *(PersonId(row.other_id) for row in rows))


def any_merged(connection: Connection) -> bool:
    """Whether the book knows any person made one with another."""
    return remembered(connection, ("person_merge",), _any_merged)


def _any_merged(connection: Connection) -> bool:
    return fetch_one(connection, "SELECT 1 FROM person_merge LIMIT 1") is not None


def statutes(connection: Connection) -> tuple[Statutes, ...]:
    """Return the versions of what the statutes say of persons, by first day."""
    return remembered(connection, ("statutes_version",), _statutes)


def _statutes(connection: Connection) -> tuple[Statutes, ...]:
    return tuple(
        Statutes(
            first_day=date.fromisoformat(row.first_day),
            student_max_age=row.student_max_age,
            age_out_rule=AgeOut(row.age_out_rule),
            age_warning_days=row.age_warning_days,
            own_membership_days=row.own_membership_days,
            spouse_declare_days=row.spouse_declare_days,
            added_dependant_waiting=row.added_dependant_waiting,
            replacement_months=row.replacement_months,
            completeness_min=row.completeness_min,
            completeness_blocks=bool(row.completeness_blocks),
            max_beneficiaries=row.max_beneficiaries,
            allowed_relations=frozenset(
                Relation(code) for code in row.allowed_relations.split(",") if code
            ),
            polygamy_mode=PolygamyMode(row.polygamy_mode),
            readmission_fee=bool(row.readmission_fee),
            readmission_delay_months=row.readmission_delay_months,
            transfer_break_days=row.transfer_break_days,
            group_leave_days=row.group_leave_days,
            appeal_days=row.appeal_days,
            card_per_person=bool(row.card_per_person),
            recorded_on=day_or_none(row.recorded_on),
        )
        for row in fetch(connection, _STATUTES)
    )


def events_of(connection: Connection, household_id: HouseholdId) -> tuple[Event, ...]:
    """Return the events that count: neither reversals nor what they reversed, by day."""
    rows = fetch(connection, _EVENTS, household=household_id)
    return tuple(event_row(row) for row in rows if row.reverses is None and not row.undone)


def history_of(connection: Connection, household_id: HouseholdId) -> tuple[Event, ...]:
    """Return every event of a household, reversed ones too, by the day they hold from."""
    return tuple(event_row(row) for row in fetch(connection, _EVENTS, household=household_id))


def latest_event(connection: Connection, household_id: HouseholdId) -> EventId | None:
    """Return the event of a household that was written last; None when there is none."""
    row = fetch_one(connection, _LATEST_EVENT, household=household_id)
    return None if row is None or row.id is None else EventId(row.id)


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lifts limits and changes relations in the whole scheme: few rows, read once."""

    marks: dict[PersonId, tuple[Mark, ...]]
    changes: dict[CoverId, tuple[RelationChange, ...]]


def lasting(connection: Connection) -> Lasting:
    """Return marks and changed relations of everybody, for many covers to be read with."""
    return Lasting(_marks(connection, None), _changes(connection, None))


def covers_between(
    connection: Connection, told: Lasting, *, first: bytes, last: bytes, section: bytes | None
) -> dict[HouseholdId, tuple[Cover, ...]]:
    """Return the covers of households whose ids lie between two, both included; of a section."""
    found: dict[HouseholdId, list[Cover]] = {}
    for row in fetch(connection, _COVERS_BETWEEN, first=first, last=last, section=section):
        cover = _whole(cover_row(row), told.marks, told.changes)
        found.setdefault(HouseholdId(row.household_id), []).append(cover)
    return {household: tuple(covers) for household, covers in found.items()}
