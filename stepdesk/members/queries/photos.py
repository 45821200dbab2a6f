"""Photos of people, and who has none yet."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from sqlalchemy import text
from sqlalchemy.engine import Connection

from stepdesk.members.queries.rows import PERSONS, person_row
from stepdesk.members.terms import Card, MembershipForm, PersonRow
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch
from stepdesk.values.ids import PersonId, SectionId

_PHOTO = "SELECT photo FROM person WHERE id = :person AND photo IS NOT NULL"
_WITHOUT = (
    " WHERE p.photo IS NULL AND p.deceased_on IS NULL AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day)"
    " AND p.id NOT IN (SELECT other_id FROM person_merge WHERE undone_on IS NULL)"
)
_CHUNK = 100
_ORDER = " ORDER BY s.code, h.serial, c.suffix"


def photo_of(desk: Desk, person_id: PersonId) -> bytes | None:
    """Return a person's photo (JPEG, 480x600); None when there is none, or it is missing.

    Raises:
        Trouble: the photos cannot be read at all.
    """
    with desk.read() as connection:
        row = connection.execute(text(_PHOTO), {"person": person_id}).first()
    return None if row is None else desk.attachments.read(row.photo)


def photos(desk: Desk, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the photos of these hashes; one that is missing or altered is left out.

    Raises:
        Trouble: the photos cannot be read at all.
    """
    return desk.attachments.read_all(hashes)


def pictured(desk: Desk, cards: Iterable[Card]) -> Iterator[Card]:
    """Yield the cards with the photo of whose each is, or of the member; where there is one.

    Raises:
        Trouble: the photos cannot be read at all.
    """
    ahead = iter(cards)
    while chunk := list(islice(ahead, _CHUNK)):
        found = photos(desk, {one for card in chunk if (one := _face(card)) is not None})
        for card in chunk:
            told = _face(card)
            yield card if told not in found else replace(card, photo=found[told])


def _face(card: Card) -> bytes | None:
    if card.holder is not None:
        return card.holder.photo
    return next((one.photo for one in card.persons if one.member), None)


def pictured_form(desk: Desk, form: MembershipForm) -> MembershipForm:
    """Return a membership form with everybody's photo, where there is one.

    Raises:
        Trouble: the photos cannot be read at all.
    """
    found = photos(desk, {one.face for one in form.persons if one.face is not None})
    persons = (
        replace(one, photo=found.get(one.face)) if one.face else one for one in form.persons
    )
    return replace(form, persons=tuple(persons))


def without_photo(
    connection: Connection, day: date, section_id: SectionId | None = None
) -> tuple[PersonRow, ...]:
    """Return the living persons of the registers on a day who have no photo: "photo later".

    Args:
        connection: To the book.
        day: Who belongs to a household on it.
        section_id: Of one section, or of all.

    Returns:
        By section, household and suffix, as one walks from house to house.
    """
    asked: dict[str, object] = {"day": day.isoformat()}
    where = _WITHOUT
    if section_id is not None:
        where += " AND h.section_id = :section"
        asked["section"] = section_id
    rows = fetch(connection, f"{PERSONS}{where}{_ORDER}", **asked)
    return tuple(person_row(row) for row in rows)
