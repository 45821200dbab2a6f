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
        "money_settings",
        """
CREATE TABLE money_settings_new (
    id BLOB NOT NULL CONSTRAINT ck_money_settings_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    cash_limit INTEGER NOT NULL,
    double_sign_amount INTEGER NOT NULL,
    entry_fee_treatment TEXT NOT NULL,
    basis TEXT NOT NULL,
    set_on TEXT NOT NULL,
    refund_limit INTEGER,
    CONSTRAINT pk_money_settings PRIMARY KEY (id)
)
 STRICT
""",
        "id, first_day, cash_limit, double_sign_amount, entry_fee_treatment, basis, set_on",
        (
            "CREATE INDEX ix_money_settings_first_day ON money_settings (first_day)",
        ),
    ),
    (
        "claim_batch",
        """
CREATE TABLE claim_batch_new (
    id BLOB NOT NULL CONSTRAINT ck_claim_batch_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    month TEXT NOT NULL,
    received_on TEXT NOT NULL,
    invoice TEXT NOT NULL,
    invoice_total INTEGER,
    entered_by BLOB NOT NULL,
    to_member INTEGER,
    CONSTRAINT pk_claim_batch PRIMARY KEY (id),
    CONSTRAINT uq_claim_batch_request_id UNIQUE (request_id),
    CONSTRAINT uq_claim_batch_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_claim_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_batch_entered_by FOREIGN KEY(entered_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, year, letter, serial, provider_id, month, received_on, invoice, invoice_total, entered_by",
        (
            "CREATE INDEX ix_claim_batch_provider_id_month ON claim_batch (provider_id, month)",
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
    CONSTRAINT pk_provider_payment PRIMARY KEY (id),
    CONSTRAINT uq_provider_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_provider_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_provider_payment_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_fee_id FOREIGN KEY(fee_id) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, year, letter, serial, provider_id, day, box, amount, entry_id, paid_by, single_control",
        (
            "CREATE INDEX ix_provider_payment_provider_id ON provider_payment (provider_id)",
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE capitation_run (
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
    CONSTRAINT pk_capitation_run PRIMARY KEY (id),
    CONSTRAINT uq_capitation_run_request_id_provider_id UNIQUE (request_id, provider_id),
    CONSTRAINT uq_capitation_run_reverses UNIQUE (reverses),
    CONSTRAINT fk_capitation_run_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_reverses FOREIGN KEY(reverses) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE member_payment (
    id BLOB NOT NULL CONSTRAINT ck_member_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    household_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    amount INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    reference TEXT,
    entry_id BLOB NOT NULL,
    paid_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_member_payment PRIMARY KEY (id),
    CONSTRAINT uq_member_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_member_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_member_payment_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE member_recovery (
    id BLOB NOT NULL CONSTRAINT ck_member_recovery_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    decided_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_member_recovery PRIMARY KEY (id),
    CONSTRAINT uq_member_recovery_request_id UNIQUE (request_id),
    CONSTRAINT fk_member_recovery_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payment_batch (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    month TEXT NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    prepared_on TEXT NOT NULL,
    prepared_by BLOB NOT NULL,
    CONSTRAINT pk_payment_batch PRIMARY KEY (id),
    CONSTRAINT uq_payment_batch_request_id UNIQUE (request_id),
    CONSTRAINT uq_payment_batch_provider_id_month_letter_serial UNIQUE (provider_id, month, letter, serial),
    CONSTRAINT fk_payment_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_prepared_by FOREIGN KEY(prepared_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payment_batch_line (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_line_id CHECK (length(id) = 16),
    payment_batch_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    claim_id BLOB,
    capitation_run_id BLOB,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_payment_batch_line PRIMARY KEY (id),
    CONSTRAINT fk_payment_batch_line_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_line_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_line_capitation_run_id FOREIGN KEY(capitation_run_id) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payment_batch_step (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_step_id CHECK (length(id) = 16),
    payment_batch_id BLOB NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    box TEXT,
    box_id BLOB,
    receipt TEXT,
    reason TEXT,
    CONSTRAINT pk_payment_batch_step PRIMARY KEY (id),
    CONSTRAINT uq_payment_batch_step_payment_batch_id_state UNIQUE (payment_batch_id, state),
    CONSTRAINT fk_payment_batch_step_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_person FOREIGN KEY(person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE provider_deposit (
    id BLOB NOT NULL CONSTRAINT ck_provider_deposit_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    month TEXT,
    amount INTEGER NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    label TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    made_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_provider_deposit PRIMARY KEY (id),
    CONSTRAINT uq_provider_deposit_request_id UNIQUE (request_id),
    CONSTRAINT fk_provider_deposit_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE recovery_payment (
    id BLOB NOT NULL CONSTRAINT ck_recovery_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    member_recovery_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    received_by BLOB NOT NULL,
    CONSTRAINT pk_recovery_payment PRIMARY KEY (id),
    CONSTRAINT uq_recovery_payment_request_id UNIQUE (request_id),
    CONSTRAINT fk_recovery_payment_member_recovery_id FOREIGN KEY(member_recovery_id) REFERENCES member_recovery (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_received_by FOREIGN KEY(received_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE refunded_claim (
    id BLOB NOT NULL CONSTRAINT ck_refunded_claim_id CHECK (length(id) = 16),
    member_payment_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_refunded_claim PRIMARY KEY (id),
    CONSTRAINT fk_refunded_claim_member_payment_id FOREIGN KEY(member_payment_id) REFERENCES member_payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_refunded_claim_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_capitation_run_provider_id_month ON capitation_run (provider_id, month)",
    "CREATE INDEX ix_member_payment_household_id ON member_payment (household_id)",
    "CREATE INDEX ix_member_recovery_claim_id ON member_recovery (claim_id)",
    "CREATE INDEX ix_member_recovery_household_id ON member_recovery (household_id)",
    "CREATE INDEX ix_payment_batch_line_capitation_run_id ON payment_batch_line (capitation_run_id)",
    "CREATE INDEX ix_payment_batch_line_claim_id ON payment_batch_line (claim_id)",
    "CREATE INDEX ix_payment_batch_line_payment_batch_id ON payment_batch_line (payment_batch_id)",
    "CREATE INDEX ix_provider_deposit_provider_id ON provider_deposit (provider_id)",
    "CREATE INDEX ix_recovery_payment_member_recovery_id ON recovery_payment (member_recovery_id)",
    "CREATE INDEX ix_refunded_claim_claim_id ON refunded_claim (claim_id)",
    "CREATE INDEX ix_refunded_claim_member_payment_id ON refunded_claim (member_payment_id)",
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
