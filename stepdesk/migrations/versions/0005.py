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
    """
CREATE TABLE guarantee_letter (
    id BLOB NOT NULL CONSTRAINT ck_guarantee_letter_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    person_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    asked_on TEXT NOT NULL,
    referral TEXT NOT NULL,
    declared_hours INTEGER,
    booklet_id BLOB,
    leaf INTEGER,
    CONSTRAINT pk_guarantee_letter PRIMARY KEY (id),
    CONSTRAINT uq_guarantee_letter_request_id UNIQUE (request_id),
    CONSTRAINT uq_guarantee_letter_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_guarantee_letter_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_booklet_id FOREIGN KEY(booklet_id) REFERENCES booklet (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE guarantee_letter_step (
    id BLOB NOT NULL CONSTRAINT ck_guarantee_letter_step_id CHECK (length(id) = 16),
    letter_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    done_by BLOB NOT NULL,
    first_day TEXT,
    valid_through TEXT,
    price INTEGER NOT NULL,
    up_to INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    single_control INTEGER NOT NULL,
    claim_id BLOB,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_guarantee_letter_step PRIMARY KEY (id),
    CONSTRAINT uq_guarantee_letter_step_letter_id_version UNIQUE (letter_id, version),
    CONSTRAINT fk_guarantee_letter_step_letter_id FOREIGN KEY(letter_id) REFERENCES guarantee_letter (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_step_done_by FOREIGN KEY(done_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_guarantee_letter_step_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_guarantee_letter_booklet_id_leaf ON guarantee_letter (booklet_id, leaf)",
    "CREATE INDEX ix_guarantee_letter_household_id ON guarantee_letter (household_id)",
    "CREATE INDEX ix_guarantee_letter_person_id ON guarantee_letter (person_id)",
    "CREATE INDEX ix_guarantee_letter_provider_id ON guarantee_letter (provider_id)",
    "CREATE INDEX ix_guarantee_letter_step_claim_id ON guarantee_letter_step (claim_id)",
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
