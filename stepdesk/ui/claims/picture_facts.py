"""What the claims room does with pictures of certificates; all of it for the lane."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from stepdesk.claims import queries, service
from stepdesk.claims.terms import KeptPicture
from stepdesk.errors import Trouble
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId, ClaimPictureId, RequestId

DraftedPicture = tuple[KeptPicture, bytes | None]
"""A picture of a draft, and what it shows; None when it is missing."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a recorded certificate; `content` is None when it is missing."""

    id: ClaimPictureId
    content: bytes | None


@dataclass(frozen=True, slots=True)
class ClaimPictures:
    """The pictures of a certificate; `unseen` is how many there are for the medical key alone."""

    shown: tuple[ShownPicture, ...] = ()
    unseen: int = 0


def kept(desk: Desk, making: Callable[[], bytes]) -> DraftedPicture:
    """Keep a picture with the certificate that is being typed."""
    told = service.keep_picture(
        desk, request_id=RequestId(secrets.token_bytes(16)), picture=making()
    )
    return told, service.kept_picture(desk, kept=told)


def drafted(desk: Desk, held: Sequence[KeptPicture]) -> tuple[DraftedPicture, ...]:
    """Read the pictures a draft names again."""
    return tuple((one, _shown(partial(service.kept_picture, desk, kept=one))) for one in held)


def attached(desk: Desk, claim_id: ClaimId, making: Callable[[], bytes]) -> ClaimPictures:
    """Give a recorded certificate a picture, and return all it has."""
    desk.do(
        service.attach_certificate,
        request_id=RequestId(secrets.token_bytes(16)),
        claim_id=claim_id,
        picture=making(),
    )
    return pictures_of(desk, claim_id)


def taken_back(
    desk: Desk, claim_id: ClaimId, picture_id: ClaimPictureId, reason: str
) -> ClaimPictures:
    """Take a picture back from a recorded certificate, and return what it still has."""
    desk.do(service.detach_certificate, picture_id=picture_id, reason=reason)
    return pictures_of(desk, claim_id)


def pictures_of(desk: Desk, claim_id: ClaimId) -> ClaimPictures:
    """Return the pictures of a recorded certificate, as far as they may be seen."""
    held = desk.ask(queries.claim_pictures, claim_id)
    if desk.person.medical_key is None:
        return ClaimPictures(unseen=len(held))
    return ClaimPictures(
        tuple(
            ShownPicture(
                one.id, _shown(partial(service.certificate_picture, desk, picture_id=one.id))
            )
            for one in held
        )
    )


def _shown(read: Callable[[], bytes]) -> bytes | None:
    """Return a picture; None where it is missing, which the row then says."""
    try:
        return read()
    except Trouble:
        return None
