"""Schema 7.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE account_kept (
    household_id BLOB NOT NULL,
    dues_until TEXT NOT NULL,
    dues INTEGER NOT NULL,
    paid_through TEXT NOT NULL,
    payments INTEGER NOT NULL,
    called BLOB NOT NULL,
    paid BLOB NOT NULL,
    CONSTRAINT pk_account_kept PRIMARY KEY (household_id)
)
 WITHOUT ROWID,
 STRICT
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
