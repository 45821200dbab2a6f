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
    "CREATE INDEX ix_cover_begun_by ON cover (begun_by) WHERE begun_by IS NOT NULL",
    "CREATE INDEX ix_cover_ended_by ON cover (ended_by) WHERE ended_by IS NOT NULL",
    "CREATE INDEX ix_household_compound_id ON household (compound_id) WHERE compound_id IS NOT NULL",
    "CREATE INDEX ix_membership_event_pair_id ON membership_event (pair_id) WHERE pair_id IS NOT NULL",
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
