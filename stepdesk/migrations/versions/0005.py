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
)

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX ix_allocation_whole ON allocation (payment_id, target, amount, due_id, spent_on)",
    "CREATE INDEX ix_earning_household_id_due_first_day_unpaid ON earning (household_id, due_first_day, unpaid)",
    "CREATE INDEX ix_payment_household_id_paid_on_id ON payment (household_id, paid_on, id)",
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
