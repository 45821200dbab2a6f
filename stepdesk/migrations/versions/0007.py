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
    CONSTRAINT pk_closing PRIMARY KEY (id),
    CONSTRAINT fk_closing_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_closing_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, month, closed_on, first_person, second_person, single_control, cash_counted, root, acts, debit, credit",
        (
            "CREATE INDEX ix_closing_month ON closing (month)",
        ),
    ),
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
