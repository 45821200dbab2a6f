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
)

STATEMENTS: tuple[str, ...] = (
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
    "CREATE INDEX ix_returned_recovery_claim_id ON returned_recovery (claim_id)",
    "CREATE INDEX ix_returned_recovery_member_payment_id ON returned_recovery (member_payment_id)",
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
