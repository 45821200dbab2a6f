"""Members whole: life events, marks, statutes, merges, numbers, cards, imports, groups, payers.

New tables, and columns added at the end of household, person, cover and membership_event: such a
table is made anew, filled, and takes the old one's name, with foreign keys off. Search rows are derived:
their table is laid empty and filled when all shapes stand.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED = (
    (
        "person",
        """
CREATE TABLE person_new (
    id BLOB NOT NULL CONSTRAINT ck_person_id CHECK (length(id) = 16),
    sex TEXT NOT NULL,
    surname TEXT NOT NULL,
    given_names TEXT NOT NULL,
    birth TEXT NOT NULL,
    birth_known TEXT NOT NULL,
    deceased_on TEXT,
    legacy_number TEXT NOT NULL,
    mother_id BLOB,
    occupation TEXT,
    birth_place TEXT,
    identity TEXT,
    photo BLOB,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT fk_person_mother_id FOREIGN KEY(mother_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, sex, surname, given_names, birth, birth_known, deceased_on, legacy_number",
        (
        ),
    ),
    (
        "household",
        """
CREATE TABLE household_new (
    id BLOB NOT NULL CONSTRAINT ck_household_id CHECK (length(id) = 16),
    serial INTEGER NOT NULL,
    section_id BLOB NOT NULL,
    joined_on TEXT NOT NULL,
    declared_size INTEGER NOT NULL,
    member_person_id BLOB NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    legacy_number TEXT NOT NULL,
    compound_id BLOB,
    health_post_id BLOB,
    consent INTEGER,
    consent_on TEXT,
    contact TEXT,
    other_cover TEXT,
    CONSTRAINT pk_household PRIMARY KEY (id),
    CONSTRAINT uq_household_serial UNIQUE (serial),
    CONSTRAINT fk_household_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_member_person_id FOREIGN KEY(member_person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_compound_id FOREIGN KEY(compound_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_health_post_id FOREIGN KEY(health_post_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, serial, section_id, joined_on, declared_size, member_person_id, phone, address, legacy_number",
        (
            "CREATE INDEX ix_household_section_id ON household (section_id)",
        ),
    ),
    (
        "membership_event",
        """
CREATE TABLE membership_event_new (
    id BLOB NOT NULL CONSTRAINT ck_membership_event_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    person_id BLOB,
    counts_from TEXT,
    pair_id BLOB,
    reverses BLOB,
    document TEXT,
    recorded_on TEXT,
    CONSTRAINT pk_membership_event PRIMARY KEY (id),
    CONSTRAINT uq_membership_event_reverses UNIQUE (reverses),
    CONSTRAINT fk_membership_event_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_membership_event_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_membership_event_pair_id FOREIGN KEY(pair_id) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_membership_event_reverses FOREIGN KEY(reverses) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, household_id, kind, effective_on, reason",
        (
            "CREATE INDEX ix_membership_event_household_id ON membership_event (household_id)",
        ),
    ),
    (
        "cover",
        """
CREATE TABLE cover_new (
    id BLOB NOT NULL CONSTRAINT ck_cover_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    suffix INTEGER NOT NULL,
    relation TEXT NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    counts_from TEXT,
    begun_by BLOB,
    ended_by BLOB,
    CONSTRAINT pk_cover PRIMARY KEY (id),
    CONSTRAINT fk_cover_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cover_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cover_begun_by FOREIGN KEY(begun_by) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cover_ended_by FOREIGN KEY(ended_by) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, household_id, person_id, suffix, relation, first_day, until",
        (
            "CREATE INDEX ix_cover_household_id ON cover (household_id)",
            "CREATE INDEX ix_cover_person_id ON cover (person_id)",
        ),
    ),
)

STATEMENTS = (
    """
CREATE TABLE category (
    id BLOB NOT NULL CONSTRAINT ck_category_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_category PRIMARY KEY (id),
    CONSTRAINT uq_category_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE import_batch (
    id BLOB NOT NULL CONSTRAINT ck_import_batch_id CHECK (length(id) = 16),
    file TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    imported_on TEXT NOT NULL,
    rows INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    repaired INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    handed_back INTEGER NOT NULL,
    mapping TEXT NOT NULL,
    undone_on TEXT,
    CONSTRAINT pk_import_batch PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE INDEX ix_import_batch_fingerprint ON import_batch (fingerprint)
""",
    """
CREATE TABLE import_mapping (
    header BLOB NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_import_mapping PRIMARY KEY (header)
)
 STRICT
""",
    """
CREATE TABLE member_group (
    id BLOB NOT NULL CONSTRAINT ck_member_group_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    adhesion TEXT NOT NULL,
    people INTEGER NOT NULL,
    min_share INTEGER,
    signer TEXT,
    phone TEXT,
    since TEXT NOT NULL,
    ended_on TEXT,
    CONSTRAINT pk_member_group PRIMARY KEY (id),
    CONSTRAINT uq_member_group_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE number_block (
    id BLOB NOT NULL CONSTRAINT ck_number_block_id CHECK (length(id) = 16),
    letter TEXT NOT NULL,
    first_serial INTEGER NOT NULL,
    until_serial INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    CONSTRAINT pk_number_block PRIMARY KEY (id),
    CONSTRAINT uq_number_block_first_serial UNIQUE (first_serial)
)
 STRICT
""",
    """
CREATE TABLE payer (
    id BLOB NOT NULL CONSTRAINT ck_payer_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    since TEXT NOT NULL,
    CONSTRAINT pk_payer PRIMARY KEY (id),
    CONSTRAINT uq_payer_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE saved_view (
    name TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (name, staff_id)
)
 STRICT
""",
    """
CREATE TABLE statutes_version (
    id BLOB NOT NULL CONSTRAINT ck_statutes_version_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    student_max_age INTEGER NOT NULL,
    age_out_rule TEXT NOT NULL,
    age_warning_days INTEGER NOT NULL,
    own_membership_days INTEGER NOT NULL,
    spouse_declare_days INTEGER NOT NULL,
    added_dependant_waiting INTEGER,
    replacement_months INTEGER NOT NULL,
    completeness_min INTEGER NOT NULL,
    completeness_blocks INTEGER NOT NULL,
    max_beneficiaries INTEGER,
    allowed_relations TEXT NOT NULL,
    polygamy_mode TEXT NOT NULL,
    readmission_fee INTEGER NOT NULL,
    readmission_delay_months INTEGER NOT NULL,
    transfer_break_days INTEGER NOT NULL,
    group_leave_days INTEGER NOT NULL,
    appeal_days INTEGER NOT NULL,
    card_per_person INTEGER NOT NULL,
    CONSTRAINT pk_statutes_version PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE payer_agreement (
    id BLOB NOT NULL CONSTRAINT ck_payer_agreement_id CHECK (length(id) = 16),
    payer_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    criteria TEXT NOT NULL,
    max_persons INTEGER,
    share INTEGER,
    amount INTEGER,
    pays_fee INTEGER NOT NULL,
    on_commitment INTEGER NOT NULL,
    invoice_months INTEGER NOT NULL,
    signed_on TEXT NOT NULL,
    CONSTRAINT pk_payer_agreement PRIMARY KEY (id),
    CONSTRAINT fk_payer_agreement_payer_id FOREIGN KEY(payer_id) REFERENCES payer (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_payer_agreement_payer_id ON payer_agreement (payer_id)
""",
    """
CREATE TABLE card_issue (
    id BLOB NOT NULL CONSTRAINT ck_card_issue_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    person_id BLOB,
    version INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_card_issue PRIMARY KEY (id),
    CONSTRAINT fk_card_issue_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_card_issue_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_card_issue_household_id ON card_issue (household_id)
""",
    """
CREATE TABLE group_membership (
    id BLOB NOT NULL CONSTRAINT ck_group_membership_id CHECK (length(id) = 16),
    group_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    place INTEGER NOT NULL,
    CONSTRAINT pk_group_membership PRIMARY KEY (id),
    CONSTRAINT fk_group_membership_group_id FOREIGN KEY(group_id) REFERENCES member_group (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_group_membership_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_group_membership_group_id ON group_membership (group_id)
""",
    """
CREATE INDEX ix_group_membership_household_id ON group_membership (household_id)
""",
    """
CREATE TABLE household_category (
    id BLOB NOT NULL CONSTRAINT ck_household_category_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    category_id BLOB,
    first_day TEXT NOT NULL,
    CONSTRAINT pk_household_category PRIMARY KEY (id),
    CONSTRAINT fk_household_category_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_category_category_id FOREIGN KEY(category_id) REFERENCES category (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_household_category_household_id ON household_category (household_id)
""",
    """
CREATE TABLE import_row (
    id BLOB NOT NULL CONSTRAINT ck_import_row_id CHECK (length(id) = 16),
    batch_id BLOB NOT NULL,
    row_key BLOB NOT NULL,
    household_id BLOB NOT NULL,
    person_id BLOB,
    CONSTRAINT pk_import_row PRIMARY KEY (id),
    CONSTRAINT fk_import_row_batch_id FOREIGN KEY(batch_id) REFERENCES import_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_import_row_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_import_row_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_import_row_batch_id ON import_row (batch_id)
""",
    """
CREATE INDEX ix_import_row_row_key ON import_row (row_key)
""",
    """
CREATE TABLE nomination (
    id BLOB NOT NULL CONSTRAINT ck_nomination_id CHECK (length(id) = 16),
    agreement_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    person_id BLOB,
    nominated_on TEXT NOT NULL,
    grounds TEXT NOT NULL,
    CONSTRAINT pk_nomination PRIMARY KEY (id),
    CONSTRAINT fk_nomination_agreement_id FOREIGN KEY(agreement_id) REFERENCES payer_agreement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_nomination_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_nomination_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_nomination_agreement_id ON nomination (agreement_id)
""",
    """
CREATE INDEX ix_nomination_household_id ON nomination (household_id)
""",
    """
CREATE TABLE nomination_step (
    id BLOB NOT NULL CONSTRAINT ck_nomination_step_id CHECK (length(id) = 16),
    nomination_id BLOB NOT NULL,
    step TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    until TEXT,
    note TEXT NOT NULL,
    recorded_on TEXT NOT NULL,
    CONSTRAINT pk_nomination_step PRIMARY KEY (id),
    CONSTRAINT fk_nomination_step_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_nomination_step_nomination_id ON nomination_step (nomination_id)
""",
    """
CREATE TABLE person_mark (
    id BLOB NOT NULL CONSTRAINT ck_person_mark_id CHECK (length(id) = 16),
    person_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    event_id BLOB NOT NULL,
    CONSTRAINT pk_person_mark PRIMARY KEY (id),
    CONSTRAINT fk_person_mark_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_person_mark_event_id FOREIGN KEY(event_id) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_person_mark_person_id ON person_mark (person_id)
""",
    """
CREATE TABLE person_merge (
    id BLOB NOT NULL CONSTRAINT ck_person_merge_id CHECK (length(id) = 16),
    kept_id BLOB NOT NULL,
    other_id BLOB NOT NULL,
    merged_on TEXT NOT NULL,
    event_id BLOB,
    undone_on TEXT,
    CONSTRAINT pk_person_merge PRIMARY KEY (id),
    CONSTRAINT fk_person_merge_kept_id FOREIGN KEY(kept_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_person_merge_other_id FOREIGN KEY(other_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_person_merge_event_id FOREIGN KEY(event_id) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_person_merge_kept_id ON person_merge (kept_id)
""",
    """
CREATE INDEX ix_person_merge_other_id ON person_merge (other_id)
""",
    """
CREATE TABLE relation_change (
    id BLOB NOT NULL CONSTRAINT ck_relation_change_id CHECK (length(id) = 16),
    cover_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    former TEXT NOT NULL,
    relation TEXT NOT NULL,
    event_id BLOB NOT NULL,
    CONSTRAINT pk_relation_change PRIMARY KEY (id),
    CONSTRAINT fk_relation_change_cover_id FOREIGN KEY(cover_id) REFERENCES cover (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_relation_change_event_id FOREIGN KEY(event_id) REFERENCES membership_event (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_relation_change_cover_id ON relation_change (cover_id)
""",
    """
DROP TABLE person_words
""",
    """
DROP TABLE person_search
""",
    """
CREATE TABLE person_search (
    doc INTEGER NOT NULL,
    person_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    words TEXT NOT NULL,
    keys TEXT NOT NULL,
    phones TEXT NOT NULL,
    born TEXT NOT NULL,
    CONSTRAINT pk_person_search PRIMARY KEY (doc),
    CONSTRAINT fk_person_search_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_person_search_household_id FOREIGN KEY(household_id) REFERENCES household (id)
)
 STRICT
""",
    """
CREATE UNIQUE INDEX ix_person_search_person_id ON person_search (person_id)
""",
    """
CREATE VIRTUAL TABLE person_words USING fts5(words, keys, phones, born, content='person_search', content_rowid='doc', detail='column', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2')
""",
)


def upgrade() -> None:
    for name, shape, columns, indexes in CHANGED:
        op.execute(shape)
        op.execute(f"INSERT INTO {name}_new ({columns}) SELECT {columns} FROM {name}")
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
        for index in indexes:
            op.execute(index)
    for statement in STATEMENTS:
        op.execute(statement)
