"""A person's photo: kept small and upright, by its hash; the original is not kept."""

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import person
from stepdesk.pictures import portrait
from stepdesk.store.work import Work
from stepdesk.values.ids import PersonId

_PERSON = "SELECT 1 FROM person WHERE id = :person"


def photograph(work: Work, *, person_id: PersonId, picture: bytes) -> bytes:
    """Give a person a photo and return its hash.

    The photo is on the disk before the act that names it. The former one stays among the
    attachments: the journal names it.

    Args:
        work: The work.
        person_id: Whose face.
        picture: A picture file's content, as it came from the phone; see `pictures.portrait`.

    Raises:
        Refusal: nobody of that id, or a picture that cannot be taken (field `photo`).
    """
    _check(work, person_id)
    told = work.attach(portrait(picture))
    work.update(person, person_id, photo=told)
    return told


def remove_photo(work: Work, *, person_id: PersonId) -> None:
    """Take a person's photo from their file; nothing happens when there is none.

    Raises:
        Refusal: nobody of that id.
    """
    _check(work, person_id)
    work.update(person, person_id, photo=None)


def _check(work: Work, person_id: PersonId) -> None:
    if work.row(_PERSON, person=person_id) is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
