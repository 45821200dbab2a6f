"""Claims and what leaves: services, packages, providers, claims, releases. Only adds tables."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE branch_address (
    id BLOB NOT NULL CONSTRAINT ck_branch_address_id CHECK (length(id) = 16),
    card BLOB NOT NULL,
    since TEXT NOT NULL,
    CONSTRAINT pk_branch_address PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE carried (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bundle BLOB NOT NULL,
    name TEXT NOT NULL,
    releases INTEGER NOT NULL,
    CONSTRAINT pk_carried PRIMARY KEY (n)
)
 STRICT
""",
    """
CREATE TABLE exchange_key (
    id BLOB NOT NULL CONSTRAINT ck_exchange_key_id CHECK (length(id) = 16),
    purpose TEXT NOT NULL,
    secret BLOB NOT NULL,
    CONSTRAINT pk_exchange_key PRIMARY KEY (id),
    CONSTRAINT uq_exchange_key_purpose UNIQUE (purpose)
)
 STRICT
""",
    """
CREATE TABLE package (
    id BLOB NOT NULL CONSTRAINT ck_package_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    CONSTRAINT pk_package PRIMARY KEY (id),
    CONSTRAINT uq_package_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE provider (
    id BLOB NOT NULL CONSTRAINT ck_provider_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    legacy_code TEXT,
    CONSTRAINT pk_provider PRIMARY KEY (id),
    CONSTRAINT uq_provider_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE service (
    id BLOB NOT NULL CONSTRAINT ck_service_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    unit TEXT NOT NULL,
    CONSTRAINT pk_service PRIMARY KEY (id),
    CONSTRAINT uq_service_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE tariff (
    id BLOB NOT NULL CONSTRAINT ck_tariff_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    CONSTRAINT pk_tariff PRIMARY KEY (id),
    CONSTRAINT uq_tariff_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE agreement (
    id BLOB NOT NULL CONSTRAINT ck_agreement_id CHECK (length(id) = 16),
    provider_id BLOB NOT NULL,
    tariff_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    mode TEXT NOT NULL,
    payment_days INTEGER NOT NULL,
    late_invoice_days INTEGER NOT NULL,
    balance_billing INTEGER NOT NULL,
    CONSTRAINT pk_agreement PRIMARY KEY (id),
    CONSTRAINT fk_agreement_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agreement_tariff_id FOREIGN KEY(tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_agreement_provider_id_first_day ON agreement (provider_id, first_day)
""",
    """
CREATE TABLE claim_batch (
    id BLOB NOT NULL CONSTRAINT ck_claim_batch_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    month TEXT NOT NULL,
    received_on TEXT NOT NULL,
    invoice TEXT NOT NULL,
    invoice_total INTEGER,
    entered_by BLOB NOT NULL,
    CONSTRAINT pk_claim_batch PRIMARY KEY (id),
    CONSTRAINT uq_claim_batch_request_id UNIQUE (request_id),
    CONSTRAINT uq_claim_batch_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_claim_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_batch_entered_by FOREIGN KEY(entered_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_claim_batch_provider_id_month ON claim_batch (provider_id, month)
""",
    """
CREATE TABLE package_version (
    id BLOB NOT NULL CONSTRAINT ck_package_version_id CHECK (length(id) = 16),
    package_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    year_start TEXT NOT NULL,
    cap_episode INTEGER,
    cap_person_year INTEGER,
    cap_household_year INTEGER,
    reference_tariff_id BLOB,
    CONSTRAINT pk_package_version PRIMARY KEY (id),
    CONSTRAINT fk_package_version_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_package_version_reference_tariff_id FOREIGN KEY(reference_tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_package_version_package_id_first_day ON package_version (package_id, first_day)
""",
    """
CREATE TABLE plan_package (
    id BLOB NOT NULL CONSTRAINT ck_plan_package_id CHECK (length(id) = 16),
    plan_id BLOB NOT NULL,
    package_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    CONSTRAINT pk_plan_package PRIMARY KEY (id),
    CONSTRAINT fk_plan_package_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_plan_package_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_plan_package_plan_id_first_day ON plan_package (plan_id, first_day)
""",
    """
CREATE TABLE provider_payment (
    id BLOB NOT NULL CONSTRAINT ck_provider_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    paid_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_provider_payment PRIMARY KEY (id),
    CONSTRAINT uq_provider_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_provider_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_provider_payment_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_provider_payment_provider_id ON provider_payment (provider_id)
""",
    """
CREATE TABLE release (
    id BLOB NOT NULL CONSTRAINT ck_release_id CHECK (length(id) = 16),
    period TEXT NOT NULL,
    rev INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    content BLOB NOT NULL,
    policy TEXT NOT NULL,
    approved_on TEXT NOT NULL,
    first_person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_release PRIMARY KEY (id),
    CONSTRAINT uq_release_period_rev UNIQUE (period, rev),
    CONSTRAINT uq_release_seq UNIQUE (seq),
    CONSTRAINT fk_release_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_release_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE tariff_version (
    id BLOB NOT NULL CONSTRAINT ck_tariff_version_id CHECK (length(id) = 16),
    tariff_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    CONSTRAINT pk_tariff_version PRIMARY KEY (id),
    CONSTRAINT fk_tariff_version_tariff_id FOREIGN KEY(tariff_id) REFERENCES tariff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_tariff_version_tariff_id_first_day ON tariff_version (tariff_id, first_day)
""",
    """
CREATE TABLE acknowledgement (
    id BLOB NOT NULL CONSTRAINT ck_acknowledgement_id CHECK (length(id) = 16),
    release_id BLOB NOT NULL,
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    receipt BLOB NOT NULL,
    branch_key BLOB NOT NULL,
    branch_time INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    CONSTRAINT pk_acknowledgement PRIMARY KEY (id),
    CONSTRAINT fk_acknowledgement_release_id FOREIGN KEY(release_id) REFERENCES release (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_acknowledgement_release_id ON acknowledgement (release_id)
""",
    """
CREATE TABLE agreement_end (
    id BLOB NOT NULL CONSTRAINT ck_agreement_end_id CHECK (length(id) = 16),
    agreement_id BLOB NOT NULL,
    until TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_agreement_end PRIMARY KEY (id),
    CONSTRAINT uq_agreement_end_agreement_id UNIQUE (agreement_id),
    CONSTRAINT fk_agreement_end_agreement_id FOREIGN KEY(agreement_id) REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE benefit_rule (
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
    CONSTRAINT pk_benefit_rule PRIMARY KEY (id),
    CONSTRAINT uq_benefit_rule_package_version_id_service_id UNIQUE (package_version_id, service_id),
    CONSTRAINT fk_benefit_rule_package_version_id FOREIGN KEY(package_version_id) REFERENCES package_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_benefit_rule_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim (
    id BLOB NOT NULL CONSTRAINT ck_claim_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    batch_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    visit TEXT NOT NULL,
    referred INTEGER NOT NULL,
    declared_hours INTEGER,
    certificate TEXT NOT NULL,
    guarantee TEXT NOT NULL,
    diagnosis BLOB,
    claimed INTEGER NOT NULL,
    entered_on TEXT NOT NULL,
    legacy_number TEXT,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT uq_claim_request_id UNIQUE (request_id),
    CONSTRAINT uq_claim_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_claim_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_claim_batch_id ON claim (batch_id)
""",
    """
CREATE INDEX ix_claim_household_id_last_day ON claim (household_id, last_day)
""",
    """
CREATE INDEX ix_claim_person_id_last_day ON claim (person_id, last_day)
""",
    """
CREATE TABLE tariff_line (
    id BLOB NOT NULL CONSTRAINT ck_tariff_line_id CHECK (length(id) = 16),
    tariff_version_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    price INTEGER NOT NULL,
    CONSTRAINT pk_tariff_line PRIMARY KEY (id),
    CONSTRAINT uq_tariff_line_tariff_version_id_service_id UNIQUE (tariff_version_id, service_id),
    CONSTRAINT fk_tariff_line_tariff_version_id FOREIGN KEY(tariff_version_id) REFERENCES tariff_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_tariff_line_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_decision (
    id BLOB NOT NULL CONSTRAINT ck_claim_decision_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    decided_on TEXT NOT NULL,
    decided_by BLOB,
    outcome TEXT NOT NULL,
    codes TEXT NOT NULL,
    paid INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    disallowed INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    entry_id BLOB,
    facts TEXT NOT NULL,
    CONSTRAINT pk_claim_decision PRIMARY KEY (id),
    CONSTRAINT uq_claim_decision_claim_id_version UNIQUE (claim_id, version),
    CONSTRAINT fk_claim_decision_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_line (
    id BLOB NOT NULL CONSTRAINT ck_claim_line_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    CONSTRAINT pk_claim_line PRIMARY KEY (id),
    CONSTRAINT fk_claim_line_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_line_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_claim_line_claim_id ON claim_line (claim_id)
""",
    """
CREATE TABLE paid_claim (
    id BLOB NOT NULL CONSTRAINT ck_paid_claim_id CHECK (length(id) = 16),
    provider_payment_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_paid_claim PRIMARY KEY (id),
    CONSTRAINT fk_paid_claim_provider_payment_id FOREIGN KEY(provider_payment_id) REFERENCES provider_payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_paid_claim_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_paid_claim_claim_id ON paid_claim (claim_id)
""",
    """
CREATE INDEX ix_paid_claim_provider_payment_id ON paid_claim (provider_payment_id)
""",
    """
CREATE TABLE line_decision (
    id BLOB NOT NULL CONSTRAINT ck_line_decision_id CHECK (length(id) = 16),
    decision_id BLOB NOT NULL,
    line_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    adjusted INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    disallowed INTEGER NOT NULL,
    codes TEXT NOT NULL,
    CONSTRAINT pk_line_decision PRIMARY KEY (id),
    CONSTRAINT uq_line_decision_decision_id_line_id UNIQUE (decision_id, line_id),
    CONSTRAINT fk_line_decision_decision_id FOREIGN KEY(decision_id) REFERENCES claim_decision (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_line_decision_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
