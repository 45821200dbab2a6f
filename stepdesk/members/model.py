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
from sqlalchemy import text as sql

from stepdesk.i18n import N_
from stepdesk.store.tables import (
    Openness,
    decides,
    derived,
    grows,
    journaled,
    latest,
    local,
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
    decides("compound_id", LargeBinary, points_to("household.id"), nullable=True),
    decides("health_post_id", LargeBinary, points_to("provider.id"), nullable=True),
    decides("consent", Integer, nullable=True),
    decides("consent_on", Text, nullable=True),
    latest("contact", Text, openness=Openness.PERSONAL, nullable=True),
    latest("other_cover", Text, openness=Openness.PERSONAL, nullable=True),
    decides("sms_consent", Integer, nullable=True),
    decides("sms_consent_on", Text, nullable=True),
    UniqueConstraint("serial"),
    Index(None, "section_id"),
    Index(None, "compound_id", sqlite_where=sql("compound_id IS NOT NULL")),
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
    decides("mother_id", LargeBinary, points_to("person.id"), nullable=True),
    decides("occupation", Text, openness=Openness.PERSONAL, nullable=True),
    decides("birth_place", Text, openness=Openness.PERSONAL, nullable=True),
    decides("identity", Text, openness=Openness.PERSONAL, nullable=True),
    latest("photo", LargeBinary, openness=Openness.PERSONAL, nullable=True, attached=True),
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
    grows("counts_from", Text, nullable=True),
    grows("begun_by", LargeBinary, points_to("membership_event.id"), nullable=True),
    decides("ended_by", LargeBinary, points_to("membership_event.id"), nullable=True),
    Index(None, "household_id"),
    Index(None, "person_id"),
    Index(None, "begun_by", sqlite_where=sql("begun_by IS NOT NULL")),
    Index(None, "ended_by", sqlite_where=sql("ended_by IS NOT NULL")),
    triggers=(not_removed("cover"),),
)

membership_event = journaled(
    "membership_event",
    23,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("kind", Text),
    grows("effective_on", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    grows("counts_from", Text, nullable=True),
    grows("pair_id", LargeBinary, points_to("membership_event.id"), nullable=True),
    grows("reverses", LargeBinary, points_to("membership_event.id"), nullable=True),
    grows("document", Text, openness=Openness.PERSONAL, nullable=True),
    grows("recorded_on", Text, nullable=True),
    UniqueConstraint("reverses"),
    Index(None, "household_id"),
    Index(None, "pair_id", sqlite_where=sql("pair_id IS NOT NULL")),
    written_once=True,
)

relation_change = journaled(
    "relation_change",
    25,
    grows("cover_id", LargeBinary, points_to("cover.id")),
    grows("first_day", Text),
    grows("former", Text),
    grows("relation", Text),
    grows("event_id", LargeBinary, points_to("membership_event.id")),
    Index(None, "cover_id"),
    written_once=True,
)

person_mark = journaled(
    "person_mark",
    26,
    grows("person_id", LargeBinary, points_to("person.id")),
    grows("kind", Text),
    grows("first_day", Text),
    grows("until", Text, nullable=True),
    grows("event_id", LargeBinary, points_to("membership_event.id")),
    Index(None, "person_id"),
    written_once=True,
)

statutes_version = journaled(
    "statutes_version",
    27,
    grows("first_day", Text),
    grows("student_max_age", Integer),
    grows("age_out_rule", Text),
    grows("age_warning_days", Integer),
    grows("own_membership_days", Integer),
    grows("spouse_declare_days", Integer),
    grows("added_dependant_waiting", Integer, nullable=True),
    grows("replacement_months", Integer),
    grows("completeness_min", Integer),
    grows("completeness_blocks", Integer),
    grows("max_beneficiaries", Integer, nullable=True),
    grows("allowed_relations", Text),
    grows("polygamy_mode", Text),
    grows("readmission_fee", Integer),
    grows("readmission_delay_months", Integer),
    grows("transfer_break_days", Integer),
    grows("group_leave_days", Integer),
    grows("appeal_days", Integer),
    grows("card_per_person", Integer),
    grows("recorded_on", Text, nullable=True),
    written_once=True,
)

person_merge = journaled(
    "person_merge",
    28,
    grows("kept_id", LargeBinary, points_to("person.id")),
    grows("other_id", LargeBinary, points_to("person.id")),
    grows("merged_on", Text),
    grows("event_id", LargeBinary, points_to("membership_event.id"), nullable=True),
    decides("undone_on", Text, nullable=True),
    Index(None, "kept_id"),
    Index(None, "other_id"),
    triggers=(not_removed("person_merge"),),
)

number_block = journaled(
    "number_block",
    29,
    grows("letter", Text),
    grows("first_serial", Integer),
    grows("until_serial", Integer),
    grows("purpose", Text),
    UniqueConstraint("first_serial"),
    written_once=True,
)

card_issue = journaled(
    "card_issue",
    90,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    grows("version", Integer),
    grows("issued_on", Text),
    grows("reason", Text, openness=Openness.PERSONAL),
    Index(None, "household_id"),
    written_once=True,
)

category = journaled(
    "category",
    91,
    grows("code", Text),
    decides("name", Text),
    UniqueConstraint("code"),
    triggers=(not_removed("category"),),
)

household_category = journaled(
    "household_category",
    92,
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("category_id", LargeBinary, points_to("category.id"), nullable=True),
    grows("first_day", Text),
    Index(None, "household_id"),
    written_once=True,
)

import_batch = journaled(
    "import_batch",
    93,
    grows("file", Text, openness=Openness.PERSONAL),
    grows("fingerprint", LargeBinary),
    grows("imported_on", Text),
    grows("rows", Integer),
    grows("taken", Integer),
    grows("repaired", Integer),
    grows("left_out", Integer),
    grows("handed_back", Integer),
    grows("mapping", Text),
    decides("undone_on", Text, nullable=True),
    Index(None, "fingerprint"),
    triggers=(not_removed("import_batch"),),
)

import_row = journaled(
    "import_row",
    94,
    grows("batch_id", LargeBinary, points_to("import_batch.id")),
    grows("row_key", LargeBinary),
    grows("household_id", LargeBinary, points_to("household.id")),
    grows("person_id", LargeBinary, points_to("person.id"), nullable=True),
    Index(None, "row_key"),
    Index(None, "batch_id"),
    written_once=True,
)

saved_view = local(
    "saved_view",
    Column("name", Text, primary_key=True, nullable=False),
    Column("staff_id", LargeBinary, primary_key=True, nullable=False),
    Column("content", Text, nullable=False),
)

import_mapping = local(
    "import_mapping",
    Column("header", LargeBinary, primary_key=True, nullable=False),
    Column("content", Text, nullable=False),
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
# `doc` is explicit, because bare row ids change under VACUUM, and tells who comes first among
# many: see members/queries/searched.py.
person_search = derived(
    "person_search",
    Column("doc", Integer, primary_key=True, nullable=False),
    Column("person_id", LargeBinary, ForeignKey("person.id"), nullable=False),
    Column("household_id", LargeBinary, ForeignKey("household.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("keys", Text, nullable=False),
    Column("phones", Text, nullable=False),
    Column("born", Text, nullable=False),
    Index(None, "person_id", unique=True),
    told_by="stepdesk.members.queries.searched:stale_search_rows",
    index="person_words",
    says=N_("A search would miss {count} people."),
)

SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE person_words USING fts5(words, keys, phones, born,"
    " content='person_search', content_rowid='doc', detail='column', prefix='1 2 3',"
    " tokenize='unicode61 remove_diacritics 2')"
)
