"""Pictures of certificates: sealed, because a certificate may show an illness. None is removed."""

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, grows, journaled, points_to

# The attachment holds the picture under the medical key, bound to `request_id`.
claim_picture = journaled(
    "claim_picture",
    210,
    grows("request_id", LargeBinary),
    grows("claim_id", LargeBinary, points_to("claim.id")),
    grows("picture", LargeBinary, openness=Openness.MEDICAL, attached=True),
    grows("noted_on", Text),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("request_id"),
    Index(None, "claim_id"),
    written_once=True,
)

claim_picture_end = journaled(
    "claim_picture_end",
    211,
    grows("picture_id", LargeBinary, points_to("claim_picture.id")),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("noted_on", Text),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    UniqueConstraint("picture_id"),
    written_once=True,
)
