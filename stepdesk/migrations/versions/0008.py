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
