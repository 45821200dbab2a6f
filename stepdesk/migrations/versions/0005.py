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
        "money_settings",
        """
CREATE TABLE money_settings_new (
    id BLOB NOT NULL CONSTRAINT ck_money_settings_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    cash_limit INTEGER NOT NULL,
    double_sign_amount INTEGER NOT NULL,
    entry_fee_treatment TEXT NOT NULL,
    basis TEXT NOT NULL,
    set_on TEXT NOT NULL,
    reimbursement_limit INTEGER,
    CONSTRAINT pk_money_settings PRIMARY KEY (id)
)
 STRICT
""",
        "id, first_day, cash_limit, double_sign_amount, entry_fee_treatment, basis, set_on",
        (
            "CREATE INDEX ix_money_settings_first_day ON money_settings (first_day)",
        ),
    ),
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
    (
        "claim_batch",
        """
CREATE TABLE claim_batch_new (
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
    to_member INTEGER,
    CONSTRAINT pk_claim_batch PRIMARY KEY (id),
    CONSTRAINT uq_claim_batch_request_id UNIQUE (request_id),
    CONSTRAINT uq_claim_batch_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_claim_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_batch_entered_by FOREIGN KEY(entered_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, year, letter, serial, provider_id, month, received_on, invoice, invoice_total, entered_by",
        (
            "CREATE INDEX ix_claim_batch_provider_id_month ON claim_batch (provider_id, month)",
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
    (
        "provider_payment",
        """
CREATE TABLE provider_payment_new (
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
    box_id BLOB,
    payment_batch_id BLOB,
    fee_id BLOB,
    CONSTRAINT pk_provider_payment PRIMARY KEY (id),
    CONSTRAINT uq_provider_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_provider_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_provider_payment_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_payment_fee_id FOREIGN KEY(fee_id) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, year, letter, serial, provider_id, day, box, amount, entry_id, paid_by, single_control",
        (
            "CREATE INDEX ix_provider_payment_provider_id ON provider_payment (provider_id)",
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
CREATE TABLE capitation_run (
    id BLOB NOT NULL CONSTRAINT ck_capitation_run_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    month TEXT NOT NULL,
    day TEXT NOT NULL,
    persons INTEGER NOT NULL,
    head_amount INTEGER,
    package_id BLOB,
    facts TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB,
    made_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    reverses BLOB,
    reason TEXT,
    CONSTRAINT pk_capitation_run PRIMARY KEY (id),
    CONSTRAINT uq_capitation_run_request_id_provider_id UNIQUE (request_id, provider_id),
    CONSTRAINT uq_capitation_run_reverses UNIQUE (reverses),
    CONSTRAINT fk_capitation_run_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_capitation_run_reverses FOREIGN KEY(reverses) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE member_payment (
    id BLOB NOT NULL CONSTRAINT ck_member_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    household_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    amount INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    reference TEXT,
    entry_id BLOB NOT NULL,
    paid_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_member_payment PRIMARY KEY (id),
    CONSTRAINT uq_member_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_member_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_member_payment_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_payment_paid_by FOREIGN KEY(paid_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE member_recovery (
    id BLOB NOT NULL CONSTRAINT ck_member_recovery_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    decided_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_member_recovery PRIMARY KEY (id),
    CONSTRAINT uq_member_recovery_request_id UNIQUE (request_id),
    CONSTRAINT fk_member_recovery_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_member_recovery_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE payment_batch (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    month TEXT NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    provider_id BLOB NOT NULL,
    prepared_on TEXT NOT NULL,
    prepared_by BLOB NOT NULL,
    CONSTRAINT pk_payment_batch PRIMARY KEY (id),
    CONSTRAINT uq_payment_batch_request_id UNIQUE (request_id),
    CONSTRAINT uq_payment_batch_provider_id_month_letter_serial UNIQUE (provider_id, month, letter, serial),
    CONSTRAINT fk_payment_batch_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_prepared_by FOREIGN KEY(prepared_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payment_batch_line (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_line_id CHECK (length(id) = 16),
    payment_batch_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    claim_id BLOB,
    capitation_run_id BLOB,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_payment_batch_line PRIMARY KEY (id),
    CONSTRAINT fk_payment_batch_line_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_line_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_line_capitation_run_id FOREIGN KEY(capitation_run_id) REFERENCES capitation_run (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payment_batch_step (
    id BLOB NOT NULL CONSTRAINT ck_payment_batch_step_id CHECK (length(id) = 16),
    payment_batch_id BLOB NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    box TEXT,
    box_id BLOB,
    receipt TEXT,
    reason TEXT,
    CONSTRAINT pk_payment_batch_step PRIMARY KEY (id),
    CONSTRAINT uq_payment_batch_step_payment_batch_id_state UNIQUE (payment_batch_id, state),
    CONSTRAINT fk_payment_batch_step_payment_batch_id FOREIGN KEY(payment_batch_id) REFERENCES payment_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_person FOREIGN KEY(person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_batch_step_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE provider_deposit (
    id BLOB NOT NULL CONSTRAINT ck_provider_deposit_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    provider_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    month TEXT,
    amount INTEGER NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    label TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    made_by BLOB NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_provider_deposit PRIMARY KEY (id),
    CONSTRAINT uq_provider_deposit_request_id UNIQUE (request_id),
    CONSTRAINT fk_provider_deposit_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_provider_deposit_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE recovery_payment (
    id BLOB NOT NULL CONSTRAINT ck_recovery_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    member_recovery_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    received_by BLOB NOT NULL,
    CONSTRAINT pk_recovery_payment PRIMARY KEY (id),
    CONSTRAINT uq_recovery_payment_request_id UNIQUE (request_id),
    CONSTRAINT fk_recovery_payment_member_recovery_id FOREIGN KEY(member_recovery_id) REFERENCES member_recovery (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_recovery_payment_received_by FOREIGN KEY(received_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE reimbursed_claim (
    id BLOB NOT NULL CONSTRAINT ck_reimbursed_claim_id CHECK (length(id) = 16),
    member_payment_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_reimbursed_claim PRIMARY KEY (id),
    CONSTRAINT fk_reimbursed_claim_member_payment_id FOREIGN KEY(member_payment_id) REFERENCES member_payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_reimbursed_claim_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
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
    "CREATE INDEX ix_benefit_share_package_version_id_service_id ON benefit_share (package_version_id, service_id)",
    "CREATE INDEX ix_capitation_run_provider_id_month ON capitation_run (provider_id, month)",
    "CREATE INDEX ix_member_payment_household_id ON member_payment (household_id)",
    "CREATE INDEX ix_member_recovery_claim_id ON member_recovery (claim_id)",
    "CREATE INDEX ix_member_recovery_household_id ON member_recovery (household_id)",
    "CREATE INDEX ix_package_distribution_package_version_id ON package_distribution (package_version_id)",
    "CREATE INDEX ix_package_limit_package_version_id ON package_limit (package_version_id)",
    "CREATE INDEX ix_payment_batch_line_capitation_run_id ON payment_batch_line (capitation_run_id)",
    "CREATE INDEX ix_payment_batch_line_claim_id ON payment_batch_line (claim_id)",
    "CREATE INDEX ix_payment_batch_line_payment_batch_id ON payment_batch_line (payment_batch_id)",
    "CREATE INDEX ix_provider_deposit_provider_id ON provider_deposit (provider_id)",
    "CREATE INDEX ix_provider_name_provider_id ON provider_name (provider_id)",
    "CREATE INDEX ix_provider_step_provider_id_day ON provider_step (provider_id, day)",
    "CREATE INDEX ix_recovery_payment_member_recovery_id ON recovery_payment (member_recovery_id)",
    "CREATE INDEX ix_reimbursed_claim_claim_id ON reimbursed_claim (claim_id)",
    "CREATE INDEX ix_reimbursed_claim_member_payment_id ON reimbursed_claim (member_payment_id)",
    "CREATE INDEX ix_service_part_service_id ON service_part (service_id)",
    "CREATE INDEX ix_service_version_service_id_first_day ON service_version (service_id, first_day)",
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
