"""Tables of the members' room."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)

from stepdesk.store.tables import (
    Openness,
    decides,
    derived,
    grows,
    journaled,
    latest,
    not_removed,
    points_to,
)

household = journaled(
    "household",
    20,
    grows("serial", Integer),
    decides("section_id", LargeBinary, points_to("section.id")),
    grows("joined_on", Text),
    decides("declared_size", Integer),
    decides("member_person_id", LargeBinary, points_to("person.id")),
    latest("phone", Text, openness=Openness.PERSONAL),
    latest("address", Text, openness=Openness.PERSONAL),
    decides("legacy_number", Text, openness=Openness.PERSONAL),
    UniqueConstraint("serial"),
    Index(None, "section_id"),
    triggers=(not_removed("household"),),
)

person = journaled(
    "person",
    21,
    decides("sex", Text),
    decides("surname", Text, openness=Openness.PERSONAL),
    decides("given_names", Text, openness=Openness.PERSONAL),
    decides("birth", Text, openness=Openness.PERSONAL),
    decides("birth_known", Text, openness=Openness.PERSONAL),
    decides("deceased_on", Text, openness=Openness.PERSONAL, nullable=True),
    decides("legacy_number", Text, openness=Openness.PERSONAL),
    triggers=(not_removed("person"),),
)

cover = journaled(
    "cover",
    22,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("person_id", LargeBinary, points_to("person.id")),
    grows("suffix", Integer),
    decides("relation", Text),
    grows("first_day", Text),
    decides("until", Text, nullable=True),
    Index(None, "household_id"),
    Index(None, "person_id"),
    triggers=(not_removed("cover"),),
)

membership_event = journaled(
    "membership_event",
    23,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("kind", Text),
    grows("effective_on", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    Index(None, "household_id"),
    written_once=True,
)

enrolment = journaled(
    "enrolment",
    24,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("plan_id", LargeBinary, points_to("plan.id")),
    grows("first_day", Text),
    Index(None, "household_id"),
    written_once=True,
)

# The search row: names folded in Python, because the index alone does not find أحمد by احمد.
# `doc` is explicit: bare row ids change under VACUUM.
person_search = derived(
    "person_search",
    Column("doc", Integer, primary_key=True, nullable=False),
    Column("person_id", LargeBinary, ForeignKey("person.id"), nullable=False),
    Column("household_id", LargeBinary, ForeignKey("household.id"), nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "person_id", unique=True),
)

SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE person_words USING fts5(words, content='person_search',"
    " content_rowid='doc', tokenize='unicode61 remove_diacritics 2')"
)
