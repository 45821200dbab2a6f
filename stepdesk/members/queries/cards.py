"""Cards: which version is in use, and what is printed on many of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, islice
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.members.queries.files import household_file, statutes
from stepdesk.members.queries.finding import household_of_number, person_of_card
from stepdesk.members.queries.rows import PERSONS, person_row
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Card,
    CardScan,
    FormPerson,
    MembershipForm,
    PersonRow,
    Relation,
    Sex,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import HouseholdId, PersonId

_CHUNK = 400
_VERSION = (
    "SELECT max(version) AS version FROM card_issue"
    " WHERE household_id = :household AND person_id IS :person"
)
_VERSIONS = (
    "SELECT household_id, person_id, max(version) AS version FROM card_issue"
    " GROUP BY household_id, person_id"
)
_COVERED = (
    f"{PERSONS} WHERE h.id IN ({{}}) AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day) ORDER BY h.id, c.suffix"
)
_POSTS = (
    "SELECT h.id, p.name AS post FROM household h"
    " LEFT JOIN provider p ON p.id = h.health_post_id WHERE h.id IN ({})"
)

_PADS = (
    "SELECT first_serial, until_serial FROM number_block WHERE purpose = 'PADS'"
    " ORDER BY first_serial DESC"
)
_FORM_PERSONS = (
    "SELECT p.*, c.suffix, c.relation, c.first_day, c.until, (c.person_id = h.member_person_id) AS"
    " first, (SELECT max(k.until) FROM person_mark k WHERE k.person_id = p.id"
    " AND k.kind = 'STUDENT' AND k.first_day <= :day AND k.until > :day AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = k.event_id)) AS school_until"
    " FROM cover c JOIN person p ON p.id = c.person_id JOIN household h ON h.id = c.household_id"
    " WHERE c.household_id = :household AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day) ORDER BY first DESC, c.suffix"
)
_FORM_HOME = (
    "SELECT (SELECT v.name FROM plan_version v WHERE v.plan_id = :plan"
    " ORDER BY v.first_day DESC, v.id DESC LIMIT 1) AS plan,"
    " (SELECT g.name FROM group_membership m JOIN member_group g ON g.id = m.group_id"
    " WHERE m.household_id = :household AND m.first_day <= :day"
    " AND (m.until IS NULL OR m.until > :day) LIMIT 1) AS member_group,"
    " (SELECT name FROM provider WHERE id = :post) AS post"
)


def membership_form(
    connection: Connection, household_id: HouseholdId, day: date
) -> MembershipForm | None:
    """Return a household's membership form as it stands on a day; None when there is none."""
    file = household_file(connection, household_id)
    if file is None:
        return None
    told = day.isoformat()
    home = fetch_one(
        connection,
        _FORM_HOME,
        plan=file.plan_id,
        household=household_id,
        day=told,
        post=file.health_post_id,
    )
    return MembershipForm(
        number=str(file.number),
        section=file.section,
        address=file.address,
        phone=file.phone,
        group=home.member_group or "",
        plan=home.plan or "",
        joined_on=file.joined_on,
        declared_size=file.declared_size,
        health_post=home.post or "",
        other_cover=file.other_cover,
        contact=file.contact,
        consent=file.consent,
        consent_on=file.consent_on,
        persons=tuple(
            _form_person(row)
            for row in fetch(connection, _FORM_PERSONS, household=household_id, day=told)
        ),
    )


def _form_person(row: Any) -> FormPerson:
    return FormPerson(
        row.surname,
        row.given_names,
        Sex(row.sex),
        Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        Relation(row.relation),
        covered=True,
        suffix=row.suffix,
        birth_place=row.birth_place or "",
        occupation=row.occupation or "",
        identity=row.identity or "",
        face=row.photo,
        school_until=date.fromisoformat(row.school_until) if row.school_until else None,
    )


def card_version_of(
    connection: Connection, household_id: HouseholdId, person_id: PersonId | None = None
) -> int:
    """Return the version of the card in use, a person's or the household's; 0 for none."""
    row = fetch_one(connection, _VERSION, household=household_id, person=person_id)
    return int(row.version or 0)


def card_versions(
    connection: Connection,
) -> Mapping[tuple[HouseholdId, PersonId | None], int]:
    """Return the version in use of every card given out."""
    return {
        (
            HouseholdId(row.household_id),
            None if row.person_id is None else PersonId(row.person_id),
        ): row.version
        for row in fetch(connection, _VERSIONS)
    }


def scanned(connection: Connection, told: str) -> CardScan:
    """Return what a card's QR code says, `020000474.2`, and which version is in use.

    What is no code of a card is handed on as it was typed, without a version.
    """
    asked, dot, version = told.strip().partition(".")
    if not (dot and version.isascii() and version.isdecimal()):
        return CardScan(told.strip())
    number, slash, _suffix = asked.partition("/")
    household_id = household_of_number(connection, number)
    if household_id is None:
        return CardScan(asked, int(version))
    person_id = person_of_card(connection, asked) if slash else None
    return CardScan(asked, int(version), card_version_of(connection, household_id, person_id))


def cards_of(
    connection: Connection, ids: Sequence[HouseholdId], day: date, *, blank: Card
) -> Iterator[Card]:
    """Yield the cards of these households in the order asked, nobody's twice.

    One a household, or one a covered person where the statutes say so; only who is covered on
    the day stands on it. What a household pays, and so its rights, is not told here.

    Args:
        connection: A reader.
        ids: Households; one without a covered person has no card.
        day: Who is covered, and whose statutes hold.
        blank: What is the same on all: scheme and whether it is a practice book.
    """
    versions = card_versions(connection)
    each = statutes_on(statutes(connection), day).card_per_person
    for household_id, card in _of_households(connection, ids, day, blank):
        if not each:
            yield replace(card, version=versions.get((household_id, None), 1))
            continue
        for person in card.persons:
            version = versions.get((household_id, person.id), 1)
            yield replace(card, holder=person, version=version)


def _of_households(
    connection: Connection, ids: Sequence[HouseholdId], day: date, blank: Card
) -> Iterator[tuple[HouseholdId, Card]]:
    for chunk in _chunks(ids):
        marks = ",".join(f"x'{one.hex()}'" for one in chunk)
        rows = map(person_row, fetch(connection, _COVERED.format(marks), day=day.isoformat()))
        found = {one: tuple(held) for one, held in groupby(rows, lambda row: row.household_id)}
        posts = {row.id: row.post or "" for row in fetch(connection, _POSTS.format(marks))}
        for one in chunk:
            if one in found:
                yield one, _card(blank, found[one], posts[one])


def _card(blank: Card, persons: tuple[PersonRow, ...], post: str) -> Card:
    first = persons[0]
    return replace(
        blank,
        number=first.number,
        member_name=first.member_name,
        section=first.section,
        persons=persons,
        health_post=post,
    )


def _chunks(ids: Iterable[HouseholdId]) -> Iterator[tuple[HouseholdId, ...]]:
    ahead = iter(ids)
    while chunk := tuple(islice(ahead, _CHUNK)):
        yield chunk


def pad_blocks(connection: Connection) -> tuple[range, ...]:
    """Return the serials of every pad of pre-printed cards that was issued, the newest first."""
    return tuple(range(row.first_serial, row.until_serial) for row in fetch(connection, _PADS))
