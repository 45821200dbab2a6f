"""Tables of the scheme. Versions are written once: a change is a new version with a first day."""

from sqlalchemy import Index, Integer, LargeBinary, Text, UniqueConstraint

from stepdesk.store.tables import decides, grows, journaled, points_to

scheme_version = journaled(
    "scheme_version",
    10,
    grows("first_day", Text),
    grows("name", Text),
    grows("code", Text),
    grows("language", Text),
    written_once=True,
)

section = journaled(
    "section",
    11,
    grows("code", Integer),
    decides("legacy_code", Text, nullable=True),
    UniqueConstraint("code"),
)

section_version = journaled(
    "section_version",
    12,
    grows("section_id", LargeBinary, points_to("section.id")),
    grows("first_day", Text),
    grows("name", Text),
    grows("kind", Text),
    Index(None, "section_id", "first_day"),
    written_once=True,
)
