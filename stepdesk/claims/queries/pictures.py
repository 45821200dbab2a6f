"""Which pictures a certificate has. What they show is for `service.certificate_picture`."""

from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.claims.terms.pictures import ClaimPicture
from stepdesk.store.reading import fetch
from stepdesk.values.ids import ClaimId, ClaimPictureId

_PICTURES = (
    "SELECT p.id, p.claim_id, p.noted_on, w.name FROM claim_picture p JOIN staff w ON w.id = p.noted_by"
    " WHERE p.claim_id = :claim"
    " AND NOT EXISTS (SELECT 1 FROM claim_picture_end e WHERE e.picture_id = p.id) ORDER BY p.id"
)


def claim_pictures(connection: Connection, claim_id: ClaimId) -> tuple[ClaimPicture, ...]:
    """Return the pictures of a certificate in the order they were kept; none that was taken back."""
    return tuple(
        ClaimPicture(
            ClaimPictureId(row.id),
            ClaimId(row.claim_id),
            date.fromisoformat(row.noted_on),
            row.name,
        )
        for row in fetch(connection, _PICTURES, claim=claim_id)
    )
