"""What is known beside a certificate that is being typed, and the certificates put aside."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.claims.terms import NoticedFacts, OtherCertificate
from stepdesk.contributions.queries import certificate_known
from stepdesk.members.queries import person_of
from stepdesk.members.terms import Sex
from stepdesk.store.reading import fetch
from stepdesk.values.digits import document_number
from stepdesk.values.ids import ClaimId, PersonId, ProviderId, ServiceId
from stepdesk.values.month import age_on

_NOT_WITHDRAWN = (
    " AND NOT EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
    " AND e.outcome = 'WITHDRAWN')"
)
_SAME_DAY = (
    "SELECT c.id, c.certificate, c.year, c.letter, c.serial, b.provider_id, p.name FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id JOIN provider p ON p.id = b.provider_id"
    " WHERE c.person_id = :person AND c.first_day <= :day AND c.last_day >= :day"
    f"{_NOT_WITHDRAWN} ORDER BY c.id"
)
_OF_HOUSEHOLD = (
    "SELECT count(*) AS many FROM claim c WHERE c.household_id = :household AND c.id IS NOT :claim"
    f" AND substr(c.last_day, 1, 7) = :month{_NOT_WITHDRAWN}"
)


def noticed_facts(
    connection: Connection,
    *,
    person_id: PersonId,
    day: date,
    provider_id: ProviderId,
    certificate: str,
    acts: Iterable[ServiceId] = (),
    claim_id: ClaimId | None = None,
) -> NoticedFacts | None:
    """Return what decides what is noticed of a certificate; None when nobody is known.

    Args:
        connection: The book.
        person_id: The patient.
        day: The last day of the care.
        provider_id: Who wrote it.
        certificate: Its number as typed.
        acts: What stands on it.
        claim_id: The certificate itself when it is recorded.
    """
    person = person_of(connection, person_id)
    if person is None:
        return None
    told = {"person": person_id, "day": day.isoformat()}
    others = tuple(
        OtherCertificate(
            row.certificate or document_number("C", row.year, row.letter, row.serial),
            row.name,
            row.provider_id == provider_id,
        )
        for row in fetch(connection, _SAME_DAY, **told)
        if row.id != claim_id
    )
    (of_household,) = fetch(
        connection,
        _OF_HOUSEHOLD,
        household=person.household_id,
        month=day.isoformat()[:7],
        claim=claim_id,
    )
    known = services(connection)
    return NoticedFacts(
        female=person.sex is Sex.FEMALE,
        age=age_on(person.birth.day, day),
        acts=tuple((known[one].name, known[one].category) for one in acts if one in known),
        others=others,
        household=int(of_household.many) + 1,
        leaf_known=certificate_known(connection, provider_id, certificate),
    )


def drafts_like(connection: Connection, beginning: str) -> tuple[tuple[str, str], ...]:
    """Return form and content of what is typed and not recorded in forms whose name begins so."""
    rows = fetch(
        connection,
        "SELECT form, content FROM draft WHERE substr(form, 1, :long) = :beginning ORDER BY form",
        long=len(beginning),
        beginning=beginning,
    )
    return tuple((row.form, row.content) for row in rows)
