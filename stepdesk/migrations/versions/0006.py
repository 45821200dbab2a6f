"""Schema 6.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "package_version",
        """
CREATE TABLE package_version_new (
    id BLOB NOT NULL CONSTRAINT ck_package_version_id CHECK (length(id) = 16),
    package_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    year_start TEXT NOT NULL,
    cap_episode INTEGER,
    cap_person_year INTEGER,
    cap_household_year INTEGER,
    reference_tariff_id BLOB,
    threshold INTEGER,
    in_patient_by TEXT,
    spread TEXT,
    adult_age INTEGER,
    limits INTEGER,
    distributions INTEGER,
    capitation INTEGER,
    stay_cover TEXT,
    CONSTRAINT pk_package_version PRIMARY KEY (id),
    CONSTRAINT fk_package_version_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_package_version_reference_tariff_id FOREIGN KEY(reference_tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, package_id, first_day, name, year_start, cap_episode, cap_person_year, cap_household_year, reference_tariff_id, threshold, in_patient_by, spread, adult_age, limits, distributions, capitation",
        (
            "CREATE INDEX ix_package_version_package_id_first_day ON package_version (package_id, first_day)",
        ),
    ),
    (
        "capitation_run",
        """
CREATE TABLE capitation_run_new (
    id BLOB NOT NULL CONSTRAINT ck_capitation_run_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    month TEXT NOT NULL,
    day TEXT NOT NULL,
    persons INTEGER NOT NULL,
    head_amount INTEGER,
    package_id BLOB,
    facts TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB,
    made_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    reverses BLOB,
    reason TEXT,
    adjusts BLOB,
    counted BLOB,
    CONSTRAINT pk_capitation_run PRIMARY KEY (id),
    CONSTRAINT uq_capitation_run_request_id_provider_id UNIQUE (request_id, provider_id),
    CONSTRAINT uq_capitation_run_reverses UNIQUE (reverses),
    CONSTRAINT fk_capitation_run_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_reverses FOREIGN KEY(reverses) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_adjusts FOREIGN KEY(adjusts) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, provider_id, month, day, persons, head_amount, package_id, facts, amount, entry_id, made_by, single_control, reverses, reason",
        (
            "CREATE INDEX ix_capitation_run_adjusts ON capitation_run (adjusts)",
            "CREATE INDEX ix_capitation_run_provider_id_month ON capitation_run (provider_id, month)",
        ),
    ),
    (
        "provider_payment",
        """
CREATE TABLE provider_payment_new (
    id BLOB NOT NULL CONSTRAINT ck_provider_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    paid_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    box_id BLOB,
    payment_batch_id BLOB,
    fee_id BLOB,
    reverses BLOB,
    reason TEXT,
    CONSTRAINT pk_provider_payment PRIMARY KEY (id),
    CONSTRAINT uq_provider_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_provider_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT uq_provider_payment_reverses UNIQUE (reverses),
    CONSTRAINT fk_provider_payment_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_fee_id FOREIGN KEY(fee_id) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_reverses FOREIGN KEY(reverses) REFERENCES provider_payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, year, letter, serial, provider_id, day, box, amount, entry_id, paid_by, single_control, box_id, payment_batch_id, fee_id",
        (
            "CREATE INDEX ix_provider_payment_provider_id ON provider_payment (provider_id)",
        ),
    ),
    (
        "statement_match",
        """
CREATE TABLE statement_match_new (
    id BLOB NOT NULL CONSTRAINT ck_statement_match_id CHECK (length(id) = 16),
    line_id BLOB NOT NULL,
    entry_id BLOB,
    day TEXT NOT NULL,
    made_by BLOB NOT NULL,
    group_id BLOB,
    CONSTRAINT pk_statement_match PRIMARY KEY (id),
    CONSTRAINT fk_statement_match_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_match_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_match_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_match_group_id FOREIGN KEY(group_id) REFERENCES statement_group (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, line_id, entry_id, day, made_by",
        (
            "CREATE INDEX ix_statement_match_line_id ON statement_match (line_id)",
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE claim_picture (
    id BLOB NOT NULL CONSTRAINT ck_claim_picture_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    picture BLOB NOT NULL,
    noted_on TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_claim_picture PRIMARY KEY (id),
    CONSTRAINT uq_claim_picture_request_id UNIQUE (request_id),
    CONSTRAINT fk_claim_picture_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_picture_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_picture_end (
    id BLOB NOT NULL CONSTRAINT ck_claim_picture_end_id CHECK (length(id) = 16),
    picture_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    noted_on TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_claim_picture_end PRIMARY KEY (id),
    CONSTRAINT uq_claim_picture_end_picture_id UNIQUE (picture_id),
    CONSTRAINT fk_claim_picture_end_picture_id FOREIGN KEY(picture_id) REFERENCES claim_picture (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_picture_end_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE returned_recovery (
    id BLOB NOT NULL CONSTRAINT ck_returned_recovery_id CHECK (length(id) = 16),
    member_payment_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_returned_recovery PRIMARY KEY (id),
    CONSTRAINT fk_returned_recovery_member_payment_id FOREIGN KEY(member_payment_id) REFERENCES member_payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_returned_recovery_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE statement_group (
    id BLOB NOT NULL CONSTRAINT ck_statement_group_id CHECK (length(id) = 16),
    box TEXT NOT NULL,
    box_id BLOB,
    difference INTEGER NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL,
    made_by BLOB NOT NULL,
    CONSTRAINT pk_statement_group PRIMARY KEY (id),
    CONSTRAINT fk_statement_group_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_group_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE statement_group_entry (
    id BLOB NOT NULL CONSTRAINT ck_statement_group_entry_id CHECK (length(id) = 16),
    group_id BLOB NOT NULL,
    entry_id BLOB NOT NULL,
    CONSTRAINT pk_statement_group_entry PRIMARY KEY (id),
    CONSTRAINT fk_statement_group_entry_group_id FOREIGN KEY(group_id) REFERENCES statement_group (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_group_entry_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_claim_picture_claim_id ON claim_picture (claim_id)",
    "CREATE INDEX ix_cover_begun_by ON cover (begun_by) WHERE begun_by IS NOT NULL",
    "CREATE INDEX ix_cover_ended_by ON cover (ended_by) WHERE ended_by IS NOT NULL",
    "CREATE INDEX ix_household_compound_id ON household (compound_id) WHERE compound_id IS NOT NULL",
    "CREATE INDEX ix_membership_event_pair_id ON membership_event (pair_id) WHERE pair_id IS NOT NULL",
    "CREATE INDEX ix_returned_recovery_claim_id ON returned_recovery (claim_id)",
    "CREATE INDEX ix_returned_recovery_member_payment_id ON returned_recovery (member_payment_id)",
    "CREATE INDEX ix_statement_group_entry_group_id ON statement_group_entry (group_id)",
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
