"""Tables of care providers. Agreements and price lists are versions, never overwritten."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import Openness, decides, grows, journaled, not_removed, points_to

provider = journaled(
    "provider",
    60,
    grows("code", Text),
    decides("name", Text),
    decides("level", Text),
    decides("kind", Text),
    grows("legacy_code", Text, nullable=True),
    UniqueConstraint("code"),
    triggers=(not_removed("provider"),),
)

tariff = journaled(
    "tariff",
    61,
    grows("code", Text),
    UniqueConstraint("code"),
    written_once=True,
)

tariff_version = journaled(
    "tariff_version",
    62,
    grows("tariff_id", LargeBinary, points_to("tariff.id")),
    grows("first_day", Text),
    grows("until", Text, nullable=True),
    Index(None, "tariff_id", "first_day"),
    written_once=True,
)

tariff_line = journaled(
    "tariff_line",
    63,
    grows("tariff_version_id", LargeBinary, points_to("tariff_version.id")),
    grows("service_id", LargeBinary, points_to("service.id")),
    grows("price", Integer),
    UniqueConstraint("tariff_version_id", "service_id"),
    written_once=True,
)

agreement = journaled(
    "agreement",
    64,
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("tariff_id", LargeBinary, points_to("tariff.id")),
    grows("first_day", Text),
    grows("until", Text, nullable=True),
    grows("mode", Text),
    grows("payment_days", Integer),
    grows("late_invoice_days", Integer),
    grows("balance_billing", Integer),
    Index(None, "provider_id", "first_day"),
    written_once=True,
)

agreement_end = journaled(
    "agreement_end",
    65,
    grows("agreement_id", LargeBinary, points_to("agreement.id")),
    grows("until", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    UniqueConstraint("agreement_id"),
    written_once=True,
)
