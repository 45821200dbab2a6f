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
        "service",
        """
CREATE TABLE service_new (
    id BLOB NOT NULL CONSTRAINT ck_service_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT,
    care TEXT,
    frequency_days INTEGER,
    largest_quantity INTEGER,
    patients TEXT,
    claim_category TEXT,
    composition TEXT,
    CONSTRAINT pk_service PRIMARY KEY (id),
    CONSTRAINT uq_service_code UNIQUE (code)
)
 STRICT
""",
        "id, code, name, category, unit",
        (
        ),
    ),
    (
        "package_version",
        """
CREATE TABLE package_version_new (
    id BLOB NOT NULL CONSTRAINT ck_package_version_id CHECK (length(id) = 16),
    package_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    year_start TEXT NOT NULL,
    cap_episode INTEGER,
    cap_person_year INTEGER,
    cap_household_year INTEGER,
    reference_tariff_id BLOB,
    threshold INTEGER,
    in_patient_by TEXT,
    spread TEXT,
    adult_age INTEGER,
    limits INTEGER,
    distributions INTEGER,
    capitation INTEGER,
    CONSTRAINT pk_package_version PRIMARY KEY (id),
    CONSTRAINT fk_package_version_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_package_version_reference_tariff_id FOREIGN KEY(reference_tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, package_id, first_day, name, year_start, cap_episode, cap_person_year, cap_household_year, reference_tariff_id",
        (
            "CREATE INDEX ix_package_version_package_id_first_day ON package_version (package_id, first_day)",
        ),
    ),
    (
        "plan_package",
        """
CREATE TABLE plan_package_new (
    id BLOB NOT NULL CONSTRAINT ck_plan_package_id CHECK (length(id) = 16),
    plan_id BLOB NOT NULL,
    package_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    supplement INTEGER,
    ends INTEGER,
    CONSTRAINT pk_plan_package PRIMARY KEY (id),
    CONSTRAINT fk_plan_package_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_plan_package_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, plan_id, package_id, first_day",
        (
            "CREATE INDEX ix_plan_package_plan_id_first_day ON plan_package (plan_id, first_day)",
        ),
    ),
    (
        "benefit_rule",
        """
CREATE TABLE benefit_rule_new (
    id BLOB NOT NULL CONSTRAINT ck_benefit_rule_id CHECK (length(id) = 16),
    package_version_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    covered INTEGER NOT NULL,
    copay TEXT NOT NULL,
    copay_value INTEGER NOT NULL,
    deductible INTEGER NOT NULL,
    deductible_scope TEXT NOT NULL,
    cap_act INTEGER,
    cap_episode INTEGER,
    cap_person_year INTEGER,
    cap_household_year INTEGER,
    limit_count INTEGER,
    limit_scope TEXT NOT NULL,
    limit_window TEXT NOT NULL,
    limit_days INTEGER,
    waiting_months INTEGER NOT NULL,
    waiting_exempt INTEGER NOT NULL,
    requires_referral INTEGER NOT NULL,
    requires_letter INTEGER NOT NULL,
    requires_medical_review INTEGER NOT NULL,
    levels TEXT,
    sex TEXT,
    age_min INTEGER,
    age_max INTEGER,
    payment TEXT NOT NULL,
    emergency_out_of_network INTEGER NOT NULL,
    declare_hours INTEGER NOT NULL,
    exclusion TEXT NOT NULL,
    price_origin TEXT,
    shares INTEGER,
    ceiling_exclusion TEXT,
    children_apart INTEGER,
    limit_count_child INTEGER,
    waiting_months_child INTEGER,
    ceiling_exclusion_child TEXT,
    CONSTRAINT pk_benefit_rule PRIMARY KEY (id),
    CONSTRAINT uq_benefit_rule_package_version_id_service_id UNIQUE (package_version_id, service_id),
    CONSTRAINT fk_benefit_rule_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_benefit_rule_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, package_version_id, service_id, covered, copay, copay_value, deductible, deductible_scope, cap_act, cap_episode, cap_person_year, cap_household_year, limit_count, limit_scope, limit_window, limit_days, waiting_months, waiting_exempt, requires_referral, requires_letter, requires_medical_review, levels, sex, age_min, age_max, payment, emergency_out_of_network, declare_hours, exclusion",
        (
        ),
    ),
)

STATEMENTS: tuple[str, ...] = (
    """
CREATE TABLE benefit_share (
    id BLOB NOT NULL CONSTRAINT ck_benefit_share_id CHECK (length(id) = 16),
    package_version_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    visit TEXT,
    child INTEGER,
    copay TEXT NOT NULL,
    copay_value INTEGER NOT NULL,
    CONSTRAINT pk_benefit_share PRIMARY KEY (id),
    CONSTRAINT fk_benefit_share_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_benefit_share_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE package_capitation (
    id BLOB NOT NULL CONSTRAINT ck_package_capitation_id CHECK (length(id) = 16),
    package_version_id BLOB NOT NULL,
    levels TEXT NOT NULL,
    share INTEGER NOT NULL,
    weight_population INTEGER NOT NULL,
    weight_households INTEGER NOT NULL,
    weight_insured INTEGER NOT NULL,
    weight_insured_households INTEGER NOT NULL,
    weight_claims INTEGER NOT NULL,
    weight_amounts INTEGER NOT NULL,
    CONSTRAINT pk_package_capitation PRIMARY KEY (id),
    CONSTRAINT uq_package_capitation_package_version_id UNIQUE (package_version_id),
    CONSTRAINT fk_package_capitation_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE package_distribution (
    id BLOB NOT NULL CONSTRAINT ck_package_distribution_id CHECK (length(id) = 16),
    package_version_id BLOB NOT NULL,
    period TEXT NOT NULL,
    care TEXT NOT NULL,
    number INTEGER NOT NULL,
    share INTEGER NOT NULL,
    CONSTRAINT pk_package_distribution PRIMARY KEY (id),
    CONSTRAINT fk_package_distribution_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE package_limit (
    id BLOB NOT NULL CONSTRAINT ck_package_limit_id CHECK (length(id) = 16),
    package_version_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    care TEXT NOT NULL,
    over TEXT,
    category TEXT,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_package_limit PRIMARY KEY (id),
    CONSTRAINT fk_package_limit_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE service_part (
    id BLOB NOT NULL CONSTRAINT ck_service_part_id CHECK (length(id) = 16),
    service_id BLOB NOT NULL,
    service_version_id BLOB,
    part_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT pk_service_part PRIMARY KEY (id),
    CONSTRAINT fk_service_part_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_part_service_version_id FOREIGN KEY(service_version_id) REFERENCES service_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_service_part_part_id FOREIGN KEY(part_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE service_version (
    id BLOB NOT NULL CONSTRAINT ck_service_version_id CHECK (length(id) = 16),
    service_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    care TEXT,
    frequency_days INTEGER,
    largest_quantity INTEGER,
    patients TEXT,
    claim_category TEXT,
    composition TEXT,
    CONSTRAINT pk_service_version PRIMARY KEY (id),
    CONSTRAINT fk_service_version_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_benefit_share_package_version_id_service_id ON benefit_share (package_version_id, service_id)",
    "CREATE INDEX ix_package_distribution_package_version_id ON package_distribution (package_version_id)",
    "CREATE INDEX ix_package_limit_package_version_id ON package_limit (package_version_id)",
    "CREATE INDEX ix_service_part_service_id ON service_part (service_id)",
    "CREATE INDEX ix_service_version_service_id_first_day ON service_version (service_id, first_day)",
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
