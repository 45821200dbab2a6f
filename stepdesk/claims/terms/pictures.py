"""Words of pictures of certificates."""

from dataclasses import dataclass
from datetime import date

from stepdesk.values.ids import ClaimId, ClaimPictureId, RequestId


@dataclass(frozen=True, slots=True)
class ClaimPicture:
    """A picture of a certificate: who kept it and when. What it shows is read apart."""

    id: ClaimPictureId
    claim_id: ClaimId
    noted_on: date
    noted_by: str


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that lies among the attachments and belongs to no certificate yet.

    `content` is the hash it is known by.
    """

    request_id: RequestId
    content: bytes
