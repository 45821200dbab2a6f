"""Schema 5.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "claim_decision",
        """
CREATE TABLE claim_decision_new (
    id BLOB NOT NULL CONSTRAINT ck_claim_decision_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    decided_on TEXT NOT NULL,
    decided_by BLOB,
    outcome TEXT NOT NULL,
    codes TEXT NOT NULL,
    paid INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    disallowed INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    entry_id BLOB,
    facts TEXT NOT NULL,
    recovered_from TEXT,
    CONSTRAINT pk_claim_decision PRIMARY KEY (id),
    CONSTRAINT uq_claim_decision_claim_id_version UNIQUE (claim_id, version),
    CONSTRAINT fk_claim_decision_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, claim_id, version, decided_on, decided_by, outcome, codes, paid, patient, disallowed, rounding, entry_id, facts",
        (
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE batch_difference (
    id BLOB NOT NULL CONSTRAINT ck_batch_difference_id CHECK (length(id) = 16),
    batch_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    certificate TEXT NOT NULL,
    note TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_batch_difference PRIMARY KEY (id),
    CONSTRAINT fk_batch_difference_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_batch_difference_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_event (
    id BLOB NOT NULL CONSTRAINT ck_claim_event_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    codes TEXT NOT NULL,
    asked_of TEXT,
    due TEXT,
    told TEXT NOT NULL,
    CONSTRAINT pk_claim_event PRIMARY KEY (id),
    CONSTRAINT fk_claim_event_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_event_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_override (
    id BLOB NOT NULL CONSTRAINT ck_claim_override_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    line_id BLOB,
    code TEXT NOT NULL,
    effect TEXT NOT NULL,
    by_appeal INTEGER NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    second_id BLOB,
    reason TEXT NOT NULL,
    CONSTRAINT pk_claim_override PRIMARY KEY (id),
    CONSTRAINT fk_claim_override_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_second_id FOREIGN KEY(second_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_review (
    id BLOB NOT NULL CONSTRAINT ck_claim_review_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_claim_review PRIMARY KEY (id),
    CONSTRAINT fk_claim_review_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_review_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE complaint (
    id BLOB NOT NULL CONSTRAINT ck_complaint_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level INTEGER NOT NULL,
    earlier_id BLOB,
    filed_by TEXT NOT NULL,
    household_id BLOB,
    claim_id BLOB,
    provider_id BLOB,
    filed_on TEXT NOT NULL,
    who TEXT NOT NULL,
    told TEXT NOT NULL,
    received_by BLOB NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (id),
    CONSTRAINT uq_complaint_request_id UNIQUE (request_id),
    CONSTRAINT uq_complaint_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_complaint_earlier_id FOREIGN KEY(earlier_id) REFERENCES complaint (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_received_by FOREIGN KEY(received_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE complaint_event (
    id BLOB NOT NULL CONSTRAINT ck_complaint_event_id CHECK (length(id) = 16),
    complaint_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    outcome TEXT,
    answer TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    second_id BLOB,
    CONSTRAINT pk_complaint_event PRIMARY KEY (id),
    CONSTRAINT fk_complaint_event_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_event_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_event_second_id FOREIGN KEY(second_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE line_review (
    id BLOB NOT NULL CONSTRAINT ck_line_review_id CHECK (length(id) = 16),
    review_id BLOB NOT NULL,
    line_id BLOB NOT NULL,
    quantity INTEGER,
    price INTEGER,
    code TEXT,
    justification BLOB,
    CONSTRAINT pk_line_review PRIMARY KEY (id),
    CONSTRAINT fk_line_review_review_id FOREIGN KEY(review_id) REFERENCES claim_review (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_line_review_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE patient_found (
    id BLOB NOT NULL CONSTRAINT ck_patient_found_id CHECK (length(id) = 16),
    unknown_patient_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_patient_found PRIMARY KEY (id),
    CONSTRAINT fk_patient_found_unknown_patient_id FOREIGN KEY(unknown_patient_id) REFERENCES unknown_patient (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_patient_found_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_patient_found_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE review_sample (
    id BLOB NOT NULL CONSTRAINT ck_review_sample_id CHECK (length(id) = 16),
    batch_id BLOB NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    seed INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    drawn_from INTEGER NOT NULL,
    chosen INTEGER NOT NULL,
    CONSTRAINT pk_review_sample PRIMARY KEY (id),
    CONSTRAINT fk_review_sample_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_review_sample_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE unknown_patient (
    id BLOB NOT NULL CONSTRAINT ck_unknown_patient_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    certificate TEXT NOT NULL,
    written TEXT NOT NULL,
    day TEXT NOT NULL,
    claimed INTEGER NOT NULL,
    entered_on TEXT NOT NULL,
    entered_by BLOB NOT NULL,
    CONSTRAINT pk_unknown_patient PRIMARY KEY (id),
    CONSTRAINT uq_unknown_patient_request_id UNIQUE (request_id),
    CONSTRAINT fk_unknown_patient_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_unknown_patient_entered_by FOREIGN KEY(entered_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_batch_difference_batch_id ON batch_difference (batch_id)",
    "CREATE INDEX ix_claim_event_claim_id_place ON claim_event (claim_id, place)",
    "CREATE INDEX ix_claim_event_kind ON claim_event (kind, day)",
    "CREATE INDEX ix_claim_override_claim_id_version ON claim_override (claim_id, version)",
    "CREATE INDEX ix_claim_override_day ON claim_override (day)",
    "CREATE INDEX ix_claim_review_claim_id_place ON claim_review (claim_id, place)",
    "CREATE INDEX ix_complaint_claim_id ON complaint (claim_id)",
    "CREATE INDEX ix_complaint_event_complaint_id_place ON complaint_event (complaint_id, place)",
    "CREATE INDEX ix_complaint_filed_on ON complaint (filed_on)",
    "CREATE INDEX ix_line_review_review_id ON line_review (review_id)",
    "CREATE INDEX ix_patient_found_unknown_patient_id ON patient_found (unknown_patient_id)",
    "CREATE INDEX ix_review_sample_batch_id ON review_sample (batch_id)",
    "CREATE INDEX ix_unknown_patient_batch_id ON unknown_patient (batch_id)",
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
