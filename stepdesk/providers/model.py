"""Tables of care providers. Agreements and price lists are versions, never overwritten."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import (
    Openness,
    decides,
    grows,
    journaled,
    latest,
    not_removed,
    points_to,
)

provider = journaled(
    "provider",
    60,
    grows("code", Text),
    decides("name", Text),
    decides("level", Text),
    decides("kind", Text),
    grows("legacy_code", Text, nullable=True),
    decides("care", Text, nullable=True),
    decides("address", Text, nullable=True),
    decides("phone", Text, nullable=True),
    decides("bank", Text, nullable=True),
    decides("bank_account", Text, nullable=True),
    UniqueConstraint("code"),
    triggers=(not_removed("provider"),),
)

provider_step = journaled(
    "provider_step",
    180,
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("state", Text),
    grows("day", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "provider_id", "day"),
    written_once=True,
)

provider_name = journaled(
    "provider_name",
    182,
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("former", Text),
    grows("name", Text),
    grows("day", Text),
    Index(None, "provider_id"),
    written_once=True,
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
    grows("discount", Integer, nullable=True),
    grows("head_amount", Integer, nullable=True),
    grows("budget_amount", Integer, nullable=True),
    grows("invoice_day", Integer, nullable=True),
    grows("deposit", Integer, nullable=True),
    grows("renews_id", LargeBinary, points_to("agreement.id"), nullable=True),
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

agreement_scan = journaled(
    "agreement_scan",
    183,
    grows("agreement_id", LargeBinary, points_to("agreement.id")),
    grows("scan", LargeBinary, attached=True),
    grows("noted_on", Text),
    grows("noted_by", LargeBinary, points_to("staff.id")),
    Index(None, "agreement_id"),
    written_once=True,
)

# What is being talked about: it changes until it is signed, and pays nothing.
agreement_draft = journaled(
    "agreement_draft",
    184,
    grows("provider_id", LargeBinary, points_to("provider.id")),
    grows("renews_id", LargeBinary, points_to("agreement.id"), nullable=True),
    decides("tariff_id", LargeBinary, points_to("tariff.id")),
    decides("first_day", Text),
    decides("until", Text, nullable=True),
    decides("mode", Text),
    decides("payment_days", Integer),
    decides("late_invoice_days", Integer),
    decides("balance_billing", Integer),
    decides("discount", Integer),
    decides("head_amount", Integer),
    decides("budget_amount", Integer),
    decides("invoice_day", Integer),
    decides("deposit", Integer),
    latest("agreement_id", LargeBinary, points_to("agreement.id"), nullable=True),
    latest("dropped_on", Text, nullable=True),
    Index(None, "provider_id"),
    triggers=(not_removed("agreement_draft"),),
)

# Prices are kept as JSON, service in hex to price: a draft is read and written whole.
tariff_draft = journaled(
    "tariff_draft",
    185,
    grows("tariff_id", LargeBinary, points_to("tariff.id")),
    decides("first_day", Text),
    decides("until", Text, nullable=True),
    decides("prices", Text),
    latest("tariff_version_id", LargeBinary, points_to("tariff_version.id"), nullable=True),
    latest("dropped_on", Text, nullable=True),
    Index(None, "tariff_id"),
    triggers=(not_removed("tariff_draft"),),
)
