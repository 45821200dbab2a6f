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
        "entry",
        """
CREATE TABLE entry_new (
    id BLOB NOT NULL CONSTRAINT ck_entry_id CHECK (length(id) = 16),
    journal TEXT NOT NULL,
    month TEXT NOT NULL,
    serial INTEGER NOT NULL,
    letter TEXT NOT NULL,
    day TEXT NOT NULL,
    rule TEXT NOT NULL,
    activity TEXT NOT NULL,
    reverses BLOB,
    reason TEXT NOT NULL,
    label TEXT,
    second_person BLOB,
    CONSTRAINT pk_entry PRIMARY KEY (id),
    CONSTRAINT uq_entry_month_journal_letter_serial UNIQUE (month, journal, letter, serial),
    CONSTRAINT fk_entry_reverses FOREIGN KEY(reverses) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, journal, month, serial, letter, day, rule, activity, reverses, reason, label, second_person",
        (
            "CREATE UNIQUE INDEX ix_entry_reverses ON entry (reverses) WHERE reverses IS NOT NULL",
        ),
    ),
    (
        "household",
        """
CREATE TABLE household_new (
    id BLOB NOT NULL CONSTRAINT ck_household_id CHECK (length(id) = 16),
    serial INTEGER NOT NULL,
    section_id BLOB NOT NULL,
    joined_on TEXT NOT NULL,
    declared_size INTEGER NOT NULL,
    member_person_id BLOB NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    legacy_number TEXT NOT NULL,
    compound_id BLOB,
    health_post_id BLOB,
    consent INTEGER,
    consent_on TEXT,
    contact TEXT,
    other_cover TEXT,
    sms_consent INTEGER,
    sms_consent_on TEXT,
    CONSTRAINT pk_household PRIMARY KEY (id),
    CONSTRAINT uq_household_serial UNIQUE (serial),
    CONSTRAINT fk_household_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_member_person_id FOREIGN KEY(member_person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_compound_id FOREIGN KEY(compound_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_health_post_id FOREIGN KEY(health_post_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, serial, section_id, joined_on, declared_size, member_person_id, phone, address, legacy_number, compound_id, health_post_id, consent, consent_on, contact, other_cover",
        (
            "CREATE INDEX ix_household_section_id ON household (section_id)",
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
        "entry_line",
        """
CREATE TABLE entry_line_new (
    id BLOB NOT NULL CONSTRAINT ck_entry_line_id CHECK (length(id) = 16),
    entry_id BLOB NOT NULL,
    role TEXT NOT NULL,
    amount INTEGER NOT NULL,
    box_id BLOB,
    party BLOB,
    CONSTRAINT pk_entry_line PRIMARY KEY (entry_id, id),
    CONSTRAINT fk_entry_line_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_line_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT
""",
        "id, entry_id, role, amount, box_id, party",
        (
        ),
    ),
    (
        "claim_decision",
        """
CREATE TABLE claim_decision_new (
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
    recovered_from TEXT,
    CONSTRAINT pk_claim_decision PRIMARY KEY (id),
    CONSTRAINT uq_claim_decision_claim_id_version UNIQUE (claim_id, version),
    CONSTRAINT fk_claim_decision_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_decision_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, claim_id, version, decided_on, decided_by, outcome, codes, paid, patient, disallowed, rounding, entry_id, facts",
        (
        ),
    ),
    (
        "payment",
        """
CREATE TABLE payment_new (
    id BLOB NOT NULL CONSTRAINT ck_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    means TEXT NOT NULL,
    covered_through TEXT,
    collector_id BLOB,
    session_id BLOB,
    taken_by BLOB NOT NULL,
    entry_id BLOB,
    reverses BLOB,
    reason TEXT NOT NULL,
    single_control INTEGER NOT NULL,
    legacy_number TEXT,
    box_id BLOB,
    booklet_id BLOB,
    leaf INTEGER,
    reference TEXT,
    group_payment_id BLOB,
    CONSTRAINT pk_payment PRIMARY KEY (id),
    CONSTRAINT uq_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_payment_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_session_id FOREIGN KEY(session_id) REFERENCES collection_session (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_taken_by FOREIGN KEY(taken_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_reverses FOREIGN KEY(reverses) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_booklet_id FOREIGN KEY(booklet_id) REFERENCES booklet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_group_payment_id FOREIGN KEY(group_payment_id) REFERENCES group_payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, household_id, year, letter, serial, paid_on, amount, means, covered_through, collector_id, session_id, taken_by, entry_id, reverses, reason, single_control, legacy_number, box_id, booklet_id, leaf, reference, group_payment_id",
        (
            "CREATE INDEX ix_payment_booklet_id_leaf ON payment (booklet_id, leaf) WHERE booklet_id IS NOT NULL",
            "CREATE INDEX ix_payment_household_id_paid_on_id ON payment (household_id, paid_on, id)",
            "CREATE INDEX ix_payment_of_group_sum ON payment (group_payment_id) WHERE group_payment_id IS NOT NULL",
            "CREATE INDEX ix_payment_of_session ON payment (session_id) WHERE session_id IS NOT NULL",
            "CREATE INDEX ix_payment_reference ON payment (reference) WHERE reference IS NOT NULL",
            "CREATE UNIQUE INDEX ix_payment_reverses ON payment (reverses) WHERE reverses IS NOT NULL",
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
    (
        "allocation",
        """
CREATE TABLE allocation_new (
    id BLOB NOT NULL CONSTRAINT ck_allocation_id CHECK (length(id) = 16),
    payment_id BLOB NOT NULL,
    target TEXT NOT NULL,
    due_id BLOB,
    amount INTEGER NOT NULL,
    spent_on TEXT,
    CONSTRAINT pk_allocation PRIMARY KEY (payment_id, id),
    CONSTRAINT fk_allocation_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_allocation_due_id FOREIGN KEY(due_id) REFERENCES due (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT
""",
        "id, payment_id, target, due_id, amount, spent_on",
        (
        ),
    ),
    (
        "line_decision",
        """
CREATE TABLE line_decision_new (
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
    package_id BLOB,
    outside INTEGER,
    shadow INTEGER,
    valued INTEGER,
    CONSTRAINT pk_line_decision PRIMARY KEY (id),
    CONSTRAINT uq_line_decision_decision_id_line_id UNIQUE (decision_id, line_id),
    CONSTRAINT fk_line_decision_decision_id FOREIGN KEY(decision_id) REFERENCES claim_decision (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_line_decision_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_line_decision_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, decision_id, line_id, quantity, approved, adjusted, paid, deducted, disallowed, codes",
        (
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
CREATE TABLE batch_difference (
    id BLOB NOT NULL CONSTRAINT ck_batch_difference_id CHECK (length(id) = 16),
    batch_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    certificate TEXT NOT NULL,
    note TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_batch_difference PRIMARY KEY (id),
    CONSTRAINT fk_batch_difference_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_batch_difference_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE box_statement (
    id BLOB NOT NULL CONSTRAINT ck_box_statement_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    day TEXT NOT NULL,
    file TEXT NOT NULL,
    made_by BLOB NOT NULL,
    CONSTRAINT pk_box_statement PRIMARY KEY (id),
    CONSTRAINT uq_box_statement_request_id UNIQUE (request_id),
    CONSTRAINT fk_box_statement_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_box_statement_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE care_used (
    household_id BLOB NOT NULL,
    last_day TEXT NOT NULL,
    claim_id BLOB NOT NULL,
    line_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    quantity INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    stay INTEGER NOT NULL,
    outside INTEGER,
    package_id BLOB,
    CONSTRAINT pk_care_used PRIMARY KEY (household_id, last_day, claim_id, line_id)
)
 WITHOUT ROWID,
 STRICT
""",
    """
CREATE TABLE care_used_month (
    household_id BLOB NOT NULL,
    month TEXT NOT NULL,
    person_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    stay INTEGER NOT NULL,
    outside INTEGER NOT NULL,
    package_id BLOB NOT NULL,
    lines INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    CONSTRAINT pk_care_used_month PRIMARY KEY (household_id, month, person_id, service_id, stay, outside, package_id)
)
 WITHOUT ROWID,
 STRICT
""",
    """
CREATE TABLE claim_event (
    id BLOB NOT NULL CONSTRAINT ck_claim_event_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    codes TEXT NOT NULL,
    asked_of TEXT,
    due TEXT,
    told TEXT NOT NULL,
    CONSTRAINT pk_claim_event PRIMARY KEY (id),
    CONSTRAINT fk_claim_event_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_event_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_override (
    id BLOB NOT NULL CONSTRAINT ck_claim_override_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    line_id BLOB,
    code TEXT NOT NULL,
    effect TEXT NOT NULL,
    by_appeal INTEGER NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    second_id BLOB,
    reason TEXT NOT NULL,
    CONSTRAINT pk_claim_override PRIMARY KEY (id),
    CONSTRAINT fk_claim_override_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_override_second_id FOREIGN KEY(second_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE claim_review (
    id BLOB NOT NULL CONSTRAINT ck_claim_review_id CHECK (length(id) = 16),
    claim_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_claim_review PRIMARY KEY (id),
    CONSTRAINT fk_claim_review_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_claim_review_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE complaint (
    id BLOB NOT NULL CONSTRAINT ck_complaint_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level INTEGER NOT NULL,
    earlier_id BLOB,
    filed_by TEXT NOT NULL,
    household_id BLOB,
    claim_id BLOB,
    provider_id BLOB,
    filed_on TEXT NOT NULL,
    who TEXT NOT NULL,
    told TEXT NOT NULL,
    received_by BLOB NOT NULL,
    CONSTRAINT pk_complaint PRIMARY KEY (id),
    CONSTRAINT uq_complaint_request_id UNIQUE (request_id),
    CONSTRAINT uq_complaint_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_complaint_earlier_id FOREIGN KEY(earlier_id) REFERENCES complaint (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_received_by FOREIGN KEY(received_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE complaint_event (
    id BLOB NOT NULL CONSTRAINT ck_complaint_event_id CHECK (length(id) = 16),
    complaint_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    outcome TEXT,
    answer TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    second_id BLOB,
    CONSTRAINT pk_complaint_event PRIMARY KEY (id),
    CONSTRAINT fk_complaint_event_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_event_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_complaint_event_second_id FOREIGN KEY(second_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE control_flag (
    id BLOB NOT NULL CONSTRAINT ck_control_flag_id CHECK (length(id) = 16),
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    pattern TEXT NOT NULL,
    saw TEXT NOT NULL,
    level INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB,
    month TEXT NOT NULL,
    raised_on TEXT NOT NULL,
    raised_by BLOB NOT NULL,
    weight INTEGER NOT NULL,
    score INTEGER NOT NULL,
    numbers TEXT NOT NULL,
    others TEXT NOT NULL,
    CONSTRAINT pk_control_flag PRIMARY KEY (id),
    CONSTRAINT uq_control_flag_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_control_flag_raised_by FOREIGN KEY(raised_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE control_flag_step (
    id BLOB NOT NULL CONSTRAINT ck_control_flag_step_id CHECK (length(id) = 16),
    flag_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL,
    action TEXT,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_control_flag_step PRIMARY KEY (id),
    CONSTRAINT uq_control_flag_step_flag_id_place UNIQUE (flag_id, place),
    CONSTRAINT fk_control_flag_step_flag_id FOREIGN KEY(flag_id) REFERENCES control_flag (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_control_flag_step_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE finding_note (
    id BLOB NOT NULL CONSTRAINT ck_finding_note_id CHECK (length(id) = 16),
    booklet_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    first_leaf INTEGER NOT NULL,
    last_leaf INTEGER NOT NULL,
    receipts TEXT NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_finding_note PRIMARY KEY (id),
    CONSTRAINT fk_finding_note_booklet_id FOREIGN KEY(booklet_id) REFERENCES booklet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_finding_note_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE flagged_claim (
    id BLOB NOT NULL CONSTRAINT ck_flagged_claim_id CHECK (length(id) = 16),
    flag_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    CONSTRAINT pk_flagged_claim PRIMARY KEY (id),
    CONSTRAINT fk_flagged_claim_flag_id FOREIGN KEY(flag_id) REFERENCES control_flag (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_flagged_claim_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
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
    """
CREATE TABLE line_review (
    id BLOB NOT NULL CONSTRAINT ck_line_review_id CHECK (length(id) = 16),
    review_id BLOB NOT NULL,
    line_id BLOB NOT NULL,
    quantity INTEGER,
    price INTEGER,
    code TEXT,
    justification BLOB,
    CONSTRAINT pk_line_review PRIMARY KEY (id),
    CONSTRAINT fk_line_review_review_id FOREIGN KEY(review_id) REFERENCES claim_review (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_line_review_line_id FOREIGN KEY(line_id) REFERENCES claim_line (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE patient_found (
    id BLOB NOT NULL CONSTRAINT ck_patient_found_id CHECK (length(id) = 16),
    unknown_patient_id BLOB NOT NULL,
    claim_id BLOB NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    CONSTRAINT pk_patient_found PRIMARY KEY (id),
    CONSTRAINT fk_patient_found_unknown_patient_id FOREIGN KEY(unknown_patient_id) REFERENCES unknown_patient (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_patient_found_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_patient_found_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE relative_index (
    id BLOB NOT NULL CONSTRAINT ck_relative_index_id CHECK (length(id) = 16),
    run_id BLOB NOT NULL,
    package_id BLOB NOT NULL,
    period TEXT NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    care TEXT NOT NULL,
    allocated INTEGER NOT NULL,
    share INTEGER NOT NULL,
    valued INTEGER NOT NULL,
    rate INTEGER NOT NULL,
    CONSTRAINT pk_relative_index PRIMARY KEY (id),
    CONSTRAINT uq_relative_index_package_id_period_year_number_care UNIQUE (package_id, period, year, number, care),
    CONSTRAINT fk_relative_index_run_id FOREIGN KEY(run_id) REFERENCES relative_run (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_relative_index_package_id FOREIGN KEY(package_id) REFERENCES package (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE relative_run (
    id BLOB NOT NULL CONSTRAINT ck_relative_run_id CHECK (length(id) = 16),
    month TEXT NOT NULL,
    run_on TEXT NOT NULL,
    run_by BLOB NOT NULL,
    CONSTRAINT pk_relative_run PRIMARY KEY (id),
    CONSTRAINT uq_relative_run_month UNIQUE (month),
    CONSTRAINT fk_relative_run_run_by FOREIGN KEY(run_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE review_sample (
    id BLOB NOT NULL CONSTRAINT ck_review_sample_id CHECK (length(id) = 16),
    batch_id BLOB NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    seed INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    drawn_from INTEGER NOT NULL,
    chosen INTEGER NOT NULL,
    CONSTRAINT pk_review_sample PRIMARY KEY (id),
    CONSTRAINT fk_review_sample_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_review_sample_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
CREATE TABLE staff_person (
    id BLOB NOT NULL CONSTRAINT ck_staff_person_id CHECK (length(id) = 16),
    staff_id BLOB NOT NULL,
    person_id BLOB,
    noted_on TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_staff_person PRIMARY KEY (id),
    CONSTRAINT fk_staff_person_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_staff_person_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_staff_person_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE statement_line (
    id BLOB NOT NULL CONSTRAINT ck_statement_line_id CHECK (length(id) = 16),
    statement_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reference TEXT NOT NULL,
    label TEXT NOT NULL,
    balance INTEGER,
    CONSTRAINT pk_statement_line PRIMARY KEY (id),
    CONSTRAINT fk_statement_line_statement_id FOREIGN KEY(statement_id) REFERENCES box_statement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE statement_match (
    id BLOB NOT NULL CONSTRAINT ck_statement_match_id CHECK (length(id) = 16),
    line_id BLOB NOT NULL,
    entry_id BLOB,
    day TEXT NOT NULL,
    made_by BLOB NOT NULL,
    CONSTRAINT pk_statement_match PRIMARY KEY (id),
    CONSTRAINT fk_statement_match_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_match_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_statement_match_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
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
    """
CREATE TABLE unknown_patient (
    id BLOB NOT NULL CONSTRAINT ck_unknown_patient_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    certificate TEXT NOT NULL,
    written TEXT NOT NULL,
    day TEXT NOT NULL,
    claimed INTEGER NOT NULL,
    entered_on TEXT NOT NULL,
    entered_by BLOB NOT NULL,
    CONSTRAINT pk_unknown_patient PRIMARY KEY (id),
    CONSTRAINT uq_unknown_patient_request_id UNIQUE (request_id),
    CONSTRAINT fk_unknown_patient_batch_id FOREIGN KEY(batch_id) REFERENCES claim_batch (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_unknown_patient_entered_by FOREIGN KEY(entered_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE use_before (
    id BLOB NOT NULL CONSTRAINT ck_use_before_id CHECK (length(id) = 16),
    person_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    service_id BLOB,
    day TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    deducted INTEGER NOT NULL,
    stay INTEGER NOT NULL,
    CONSTRAINT pk_use_before PRIMARY KEY (id),
    CONSTRAINT fk_use_before_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_use_before_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_use_before_service_id FOREIGN KEY(service_id) REFERENCES service (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE visit_answer (
    id BLOB NOT NULL CONSTRAINT ck_visit_answer_id CHECK (length(id) = 16),
    visit_id BLOB NOT NULL,
    answer TEXT NOT NULL,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_visit_answer PRIMARY KEY (id),
    CONSTRAINT fk_visit_answer_visit_id FOREIGN KEY(visit_id) REFERENCES visit_asked (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_answer_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE visit_asked (
    id BLOB NOT NULL CONSTRAINT ck_visit_asked_id CHECK (length(id) = 16),
    list_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    claim_id BLOB NOT NULL,
    by_chance INTEGER NOT NULL,
    CONSTRAINT pk_visit_asked PRIMARY KEY (id),
    CONSTRAINT uq_visit_asked_list_id_place UNIQUE (list_id, place),
    CONSTRAINT fk_visit_asked_list_id FOREIGN KEY(list_id) REFERENCES visit_list (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_asked_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE visit_list (
    id BLOB NOT NULL CONSTRAINT ck_visit_list_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    month TEXT NOT NULL,
    months INTEGER NOT NULL,
    provider_id BLOB,
    day TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    seed INTEGER NOT NULL,
    drawn_from INTEGER NOT NULL,
    CONSTRAINT pk_visit_list PRIMARY KEY (id),
    CONSTRAINT uq_visit_list_request_id UNIQUE (request_id),
    CONSTRAINT fk_visit_list_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_visit_list_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_agreement_draft_provider_id ON agreement_draft (provider_id)",
    "CREATE INDEX ix_agreement_scan_agreement_id ON agreement_scan (agreement_id)",
    "CREATE INDEX ix_batch_difference_batch_id ON batch_difference (batch_id)",
    "CREATE INDEX ix_benefit_share_package_version_id_service_id ON benefit_share (package_version_id, service_id)",
    "CREATE INDEX ix_box_statement_box ON box_statement (box)",
    "CREATE INDEX ix_capitation_run_provider_id_month ON capitation_run (provider_id, month)",
    "CREATE INDEX ix_care_used_month_person_id_month ON care_used_month (person_id, month)",
    "CREATE INDEX ix_care_used_person_id_last_day ON care_used (person_id, last_day)",
    "CREATE INDEX ix_claim_certificate ON claim (certificate) WHERE certificate <> ''",
    "CREATE INDEX ix_claim_event_claim_id_place ON claim_event (claim_id, place)",
    "CREATE INDEX ix_claim_event_kind ON claim_event (kind, day)",
    "CREATE INDEX ix_claim_override_claim_id_version ON claim_override (claim_id, version)",
    "CREATE INDEX ix_claim_override_day ON claim_override (day)",
    "CREATE INDEX ix_claim_review_claim_id_place ON claim_review (claim_id, place)",
    "CREATE INDEX ix_complaint_claim_id ON complaint (claim_id)",
    "CREATE INDEX ix_complaint_event_complaint_id_place ON complaint_event (complaint_id, place)",
    "CREATE INDEX ix_complaint_filed_on ON complaint (filed_on)",
    "CREATE INDEX ix_control_flag_fingerprint ON control_flag (fingerprint)",
    "CREATE INDEX ix_earning_household_id_due_first_day_unpaid ON earning (household_id, due_first_day, unpaid)",
    "CREATE INDEX ix_finding_note_booklet_id ON finding_note (booklet_id)",
    "CREATE INDEX ix_flagged_claim_claim_id ON flagged_claim (claim_id)",
    "CREATE INDEX ix_flagged_claim_flag_id ON flagged_claim (flag_id)",
    "CREATE INDEX ix_guarantee_letter_booklet_id_leaf ON guarantee_letter (booklet_id, leaf)",
    "CREATE INDEX ix_guarantee_letter_household_id ON guarantee_letter (household_id)",
    "CREATE INDEX ix_guarantee_letter_person_id ON guarantee_letter (person_id)",
    "CREATE INDEX ix_guarantee_letter_provider_id ON guarantee_letter (provider_id)",
    "CREATE INDEX ix_guarantee_letter_step_claim_id ON guarantee_letter_step (claim_id)",
    "CREATE INDEX ix_line_review_review_id ON line_review (review_id)",
    "CREATE INDEX ix_member_payment_household_id ON member_payment (household_id)",
    "CREATE INDEX ix_member_recovery_claim_id ON member_recovery (claim_id)",
    "CREATE INDEX ix_member_recovery_household_id ON member_recovery (household_id)",
    "CREATE INDEX ix_package_distribution_package_version_id ON package_distribution (package_version_id)",
    "CREATE INDEX ix_package_limit_package_version_id ON package_limit (package_version_id)",
    "CREATE INDEX ix_patient_found_unknown_patient_id ON patient_found (unknown_patient_id)",
    "CREATE INDEX ix_payment_batch_line_capitation_run_id ON payment_batch_line (capitation_run_id)",
    "CREATE INDEX ix_payment_batch_line_claim_id ON payment_batch_line (claim_id)",
    "CREATE INDEX ix_payment_batch_line_payment_batch_id ON payment_batch_line (payment_batch_id)",
    "CREATE INDEX ix_provider_deposit_provider_id ON provider_deposit (provider_id)",
    "CREATE INDEX ix_provider_name_provider_id ON provider_name (provider_id)",
    "CREATE INDEX ix_provider_step_provider_id_day ON provider_step (provider_id, day)",
    "CREATE INDEX ix_recovery_payment_member_recovery_id ON recovery_payment (member_recovery_id)",
    "CREATE INDEX ix_reimbursed_claim_claim_id ON reimbursed_claim (claim_id)",
    "CREATE INDEX ix_reimbursed_claim_member_payment_id ON reimbursed_claim (member_payment_id)",
    "CREATE INDEX ix_relative_index_run_id ON relative_index (run_id)",
    "CREATE INDEX ix_review_sample_batch_id ON review_sample (batch_id)",
    "CREATE INDEX ix_service_part_service_id ON service_part (service_id)",
    "CREATE INDEX ix_service_version_service_id_first_day ON service_version (service_id, first_day)",
    "CREATE INDEX ix_staff_person_staff_id ON staff_person (staff_id)",
    "CREATE INDEX ix_statement_line_statement_id ON statement_line (statement_id)",
    "CREATE INDEX ix_statement_match_line_id ON statement_match (line_id)",
    "CREATE INDEX ix_tariff_draft_tariff_id ON tariff_draft (tariff_id)",
    "CREATE INDEX ix_unknown_patient_batch_id ON unknown_patient (batch_id)",
    "CREATE INDEX ix_use_before_household_id_day ON use_before (household_id, day)",
    "CREATE INDEX ix_use_before_person_id_day ON use_before (person_id, day)",
    "CREATE INDEX ix_visit_answer_visit_id ON visit_answer (visit_id)",
    "CREATE INDEX ix_visit_asked_claim_id ON visit_asked (claim_id)",
    "CREATE INDEX ix_visit_list_month ON visit_list (month)",
    "DROP INDEX IF EXISTS ix_allocation_payment_id",
    "DROP INDEX IF EXISTS ix_earning_household_id",
    "DROP INDEX IF EXISTS ix_earning_month",
    "DROP INDEX IF EXISTS ix_entry_line_entry_id",
    "DROP INDEX IF EXISTS ix_entry_month",
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
