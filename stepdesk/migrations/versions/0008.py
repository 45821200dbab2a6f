"""Schema 8.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "closing",
        """
CREATE TABLE closing_new (
    id BLOB NOT NULL CONSTRAINT ck_closing_id CHECK (length(id) = 16),
    month TEXT NOT NULL,
    closed_on TEXT NOT NULL,
    first_person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    cash_counted INTEGER,
    root BLOB NOT NULL,
    acts INTEGER NOT NULL,
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL,
    covered INTEGER,
    due_amount INTEGER,
    due_paid INTEGER,
    payers_paid INTEGER,
    CONSTRAINT pk_closing PRIMARY KEY (id),
    CONSTRAINT fk_closing_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_closing_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, month, closed_on, first_person, second_person, single_control, cash_counted, root, acts, debit, credit, covered, due_amount, due_paid",
        (
            "CREATE INDEX ix_closing_month ON closing (month)",
        ),
    ),
    (
        "due",
        """
CREATE TABLE due_new (
    id BLOB NOT NULL CONSTRAINT ck_due_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT NOT NULL,
    due_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    plan_version_id BLOB NOT NULL,
    kind TEXT,
    payer_amount INTEGER,
    discount INTEGER,
    adjusts BLOB,
    told_on TEXT,
    fees_discount INTEGER,
    CONSTRAINT pk_due PRIMARY KEY (id),
    CONSTRAINT fk_due_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_due_plan_version_id FOREIGN KEY(plan_version_id) REFERENCES plan_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_due_adjusts FOREIGN KEY(adjusts) REFERENCES due (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, household_id, first_day, until, due_on, amount, plan_version_id, kind, payer_amount, discount, adjusts, told_on",
        (
            "CREATE INDEX ix_due_household_id_first_day ON due (household_id, first_day)",
        ),
    ),
    (
        "payer_payment",
        """
CREATE TABLE payer_payment_new (
    id BLOB NOT NULL CONSTRAINT ck_payer_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    payer_id BLOB NOT NULL,
    statement_id BLOB,
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    means TEXT NOT NULL,
    box_id BLOB,
    reference TEXT,
    entry_id BLOB,
    reverses BLOB,
    reason TEXT NOT NULL,
    single_control INTEGER NOT NULL,
    year INTEGER,
    letter TEXT,
    serial INTEGER,
    taken_by BLOB,
    CONSTRAINT pk_payer_payment PRIMARY KEY (id),
    CONSTRAINT uq_payer_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_payer_payment_reverses UNIQUE (reverses),
    CONSTRAINT uq_payer_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_payer_payment_payer_id FOREIGN KEY(payer_id) REFERENCES payer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_statement_id FOREIGN KEY(statement_id) REFERENCES payer_statement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_reverses FOREIGN KEY(reverses) REFERENCES payer_payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_taken_by FOREIGN KEY(taken_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, payer_id, statement_id, paid_on, amount, means, box_id, reference, entry_id, reverses, reason, single_control",
        (
            "CREATE INDEX ix_payer_payment_payer_id ON payer_payment (payer_id)",
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
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
