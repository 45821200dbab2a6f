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
    sms_consent INTEGER,
    sms_consent_on TEXT,
    CONSTRAINT pk_household PRIMARY KEY (id),
    CONSTRAINT uq_household_serial UNIQUE (serial),
    CONSTRAINT fk_household_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_member_person_id FOREIGN KEY(member_person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_compound_id FOREIGN KEY(compound_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_health_post_id FOREIGN KEY(health_post_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, serial, section_id, joined_on, declared_size, member_person_id, phone, address, legacy_number, compound_id, health_post_id, consent, consent_on, contact, other_cover",
        (
            "CREATE INDEX ix_household_section_id ON household (section_id)",
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX ix_allocation_whole ON allocation (payment_id, target, amount, due_id, spent_on)",
    "CREATE INDEX ix_earning_household_id_due_first_day_unpaid ON earning (household_id, due_first_day, unpaid)",
    "CREATE INDEX ix_payment_household_id_paid_on_id ON payment (household_id, paid_on, id)",
    "CREATE INDEX ix_payment_of_group_sum ON payment (group_payment_id) WHERE group_payment_id IS NOT NULL",
    "CREATE INDEX ix_payment_of_session ON payment (session_id) WHERE session_id IS NOT NULL",
    "DROP INDEX IF EXISTS ix_allocation_payment_id",
    "DROP INDEX IF EXISTS ix_earning_household_id",
    "DROP INDEX IF EXISTS ix_earning_month",
    "DROP INDEX IF EXISTS ix_payment_household_id_paid_on",
    "DROP INDEX IF EXISTS ix_payment_session_id",
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
