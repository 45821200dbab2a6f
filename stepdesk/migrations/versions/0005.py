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
        "provider",
        """
CREATE TABLE provider_new (
    id BLOB NOT NULL CONSTRAINT ck_provider_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    legacy_code TEXT,
    care TEXT,
    address TEXT,
    phone TEXT,
    bank TEXT,
    bank_account TEXT,
    CONSTRAINT pk_provider PRIMARY KEY (id),
    CONSTRAINT uq_provider_code UNIQUE (code)
)
 STRICT
""",
        "id, code, name, level, kind, legacy_code",
        (
        ),
    ),
    (
        "agreement",
        """
CREATE TABLE agreement_new (
    id BLOB NOT NULL CONSTRAINT ck_agreement_id CHECK (length(id) = 16),
    provider_id BLOB NOT NULL,
    tariff_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    mode TEXT NOT NULL,
    payment_days INTEGER NOT NULL,
    late_invoice_days INTEGER NOT NULL,
    balance_billing INTEGER NOT NULL,
    discount INTEGER,
    head_amount INTEGER,
    budget_amount INTEGER,
    invoice_day INTEGER,
    deposit INTEGER,
    renews_id BLOB,
    CONSTRAINT pk_agreement PRIMARY KEY (id),
    CONSTRAINT fk_agreement_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_tariff_id FOREIGN KEY(tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_renews_id FOREIGN KEY(renews_id) REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, provider_id, tariff_id, first_day, until, mode, payment_days, late_invoice_days, balance_billing",
        (
            "CREATE INDEX ix_agreement_provider_id_first_day ON agreement (provider_id, first_day)",
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE agreement_draft (
    id BLOB NOT NULL CONSTRAINT ck_agreement_draft_id CHECK (length(id) = 16),
    provider_id BLOB NOT NULL,
    renews_id BLOB,
    tariff_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    mode TEXT NOT NULL,
    payment_days INTEGER NOT NULL,
    late_invoice_days INTEGER NOT NULL,
    balance_billing INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    head_amount INTEGER NOT NULL,
    budget_amount INTEGER NOT NULL,
    invoice_day INTEGER NOT NULL,
    deposit INTEGER NOT NULL,
    agreement_id BLOB,
    dropped_on TEXT,
    CONSTRAINT pk_agreement_draft PRIMARY KEY (id),
    CONSTRAINT fk_agreement_draft_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_draft_renews_id FOREIGN KEY(renews_id) REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_draft_tariff_id FOREIGN KEY(tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_draft_agreement_id FOREIGN KEY(agreement_id) REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE agreement_scan (
    id BLOB NOT NULL CONSTRAINT ck_agreement_scan_id CHECK (length(id) = 16),
    agreement_id BLOB NOT NULL,
    scan BLOB NOT NULL,
    noted_on TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_agreement_scan PRIMARY KEY (id),
    CONSTRAINT fk_agreement_scan_agreement_id FOREIGN KEY(agreement_id) REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_scan_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE diagnosis (
    id BLOB NOT NULL CONSTRAINT ck_diagnosis_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    names TEXT NOT NULL,
    dropped_on TEXT,
    CONSTRAINT pk_diagnosis PRIMARY KEY (id),
    CONSTRAINT uq_diagnosis_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE provider_name (
    id BLOB NOT NULL CONSTRAINT ck_provider_name_id CHECK (length(id) = 16),
    provider_id BLOB NOT NULL,
    former TEXT NOT NULL,
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    CONSTRAINT pk_provider_name PRIMARY KEY (id),
    CONSTRAINT fk_provider_name_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE provider_step (
    id BLOB NOT NULL CONSTRAINT ck_provider_step_id CHECK (length(id) = 16),
    provider_id BLOB NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_provider_step PRIMARY KEY (id),
    CONSTRAINT fk_provider_step_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_step_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE tariff_draft (
    id BLOB NOT NULL CONSTRAINT ck_tariff_draft_id CHECK (length(id) = 16),
    tariff_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    prices TEXT NOT NULL,
    tariff_version_id BLOB,
    dropped_on TEXT,
    CONSTRAINT pk_tariff_draft PRIMARY KEY (id),
    CONSTRAINT fk_tariff_draft_tariff_id FOREIGN KEY(tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_tariff_draft_tariff_version_id FOREIGN KEY(tariff_version_id) REFERENCES tariff_version (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_agreement_draft_provider_id ON agreement_draft (provider_id)",
    "CREATE INDEX ix_agreement_scan_agreement_id ON agreement_scan (agreement_id)",
    "CREATE INDEX ix_provider_name_provider_id ON provider_name (provider_id)",
    "CREATE INDEX ix_provider_step_provider_id_day ON provider_step (provider_id, day)",
    "CREATE INDEX ix_tariff_draft_tariff_id ON tariff_draft (tariff_id)",
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
