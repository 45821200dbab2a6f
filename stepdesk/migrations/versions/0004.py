"""Contributions whole: plans, boxes, booklets, sheets, payers' statements, the whole of the ledger.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED = (
    (
        "statutes_version",
        """
CREATE TABLE statutes_version_new (
    id BLOB NOT NULL CONSTRAINT ck_statutes_version_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    student_max_age INTEGER NOT NULL,
    age_out_rule TEXT NOT NULL,
    age_warning_days INTEGER NOT NULL,
    own_membership_days INTEGER NOT NULL,
    spouse_declare_days INTEGER NOT NULL,
    added_dependant_waiting INTEGER,
    replacement_months INTEGER NOT NULL,
    completeness_min INTEGER NOT NULL,
    completeness_blocks INTEGER NOT NULL,
    max_beneficiaries INTEGER,
    allowed_relations TEXT NOT NULL,
    polygamy_mode TEXT NOT NULL,
    readmission_fee INTEGER NOT NULL,
    readmission_delay_months INTEGER NOT NULL,
    transfer_break_days INTEGER NOT NULL,
    group_leave_days INTEGER NOT NULL,
    appeal_days INTEGER NOT NULL,
    card_per_person INTEGER NOT NULL,
    recorded_on TEXT,
    CONSTRAINT pk_statutes_version PRIMARY KEY (id)
)
 STRICT
""",
        "id, first_day, student_max_age, age_out_rule, age_warning_days, own_membership_days, spouse_declare_days, added_dependant_waiting, replacement_months, completeness_min, completeness_blocks, max_beneficiaries, allowed_relations, polygamy_mode, readmission_fee, readmission_delay_months, transfer_break_days, group_leave_days, appeal_days, card_per_person",
        (
        ),
    ),
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
    CONSTRAINT uq_entry_journal_month_letter_serial UNIQUE (journal, month, letter, serial),
    CONSTRAINT uq_entry_reverses UNIQUE (reverses),
    CONSTRAINT fk_entry_reverses FOREIGN KEY(reverses) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, journal, month, serial, letter, day, rule, activity, reverses, reason",
        (
            "CREATE INDEX ix_entry_month ON entry (month)",
        ),
    ),
    (
        "plan_version",
        """
CREATE TABLE plan_version_new (
    id BLOB NOT NULL CONSTRAINT ck_plan_version_id CHECK (length(id) = 16),
    plan_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    basis TEXT NOT NULL,
    amount INTEGER NOT NULL,
    periodicity INTEGER NOT NULL,
    cycle TEXT NOT NULL,
    cycle_month INTEGER NOT NULL,
    cycle_day INTEGER NOT NULL,
    late_entry TEXT NOT NULL,
    effect_rule TEXT NOT NULL,
    due_day INTEGER,
    grace_days INTEGER NOT NULL,
    entry_fee INTEGER NOT NULL,
    waiting_months INTEGER NOT NULL,
    waiting_when_late TEXT NOT NULL,
    min_first_periods INTEGER NOT NULL,
    max_advance_periods INTEGER NOT NULL,
    dues_during_suspension TEXT NOT NULL,
    renewal TEXT NOT NULL,
    reinstate_short_months INTEGER NOT NULL,
    reinstate_wait_short_days INTEGER NOT NULL,
    reinstate_wait_long_days INTEGER NOT NULL,
    strike_off_after_months INTEGER NOT NULL,
    strike_off_needs_board INTEGER NOT NULL,
    child_max_age INTEGER,
    newborn_declare_days INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    amount_dependant INTEGER,
    amount_adult INTEGER,
    amount_child INTEGER,
    adult_age INTEGER,
    bands TEXT,
    category_amounts TEXT,
    lump_persons INTEGER,
    max_persons INTEGER,
    season TEXT,
    season_cover_rule TEXT,
    windows TEXT,
    cycle_starts TEXT,
    period_months INTEGER,
    administration_months INTEGER,
    entry_grace_months INTEGER,
    renewal_grace_months INTEGER,
    payment_grace_months INTEGER,
    max_instalments INTEGER,
    entry_fee_per TEXT,
    card_fee INTEGER,
    card_fee_per TEXT,
    assembly_fee INTEGER,
    assembly_fee_per TEXT,
    penalty_rate INTEGER,
    penalty_fixed INTEGER,
    prepay_discount INTEGER,
    early_discount INTEGER,
    early_discount_months INTEGER,
    renewal_discount INTEGER,
    renewal_discount_months INTEGER,
    partial_rule TEXT,
    charge_added TEXT,
    CONSTRAINT pk_plan_version PRIMARY KEY (id),
    CONSTRAINT fk_plan_version_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, plan_id, first_day, name, basis, amount, periodicity, cycle, cycle_month, cycle_day, late_entry, effect_rule, due_day, grace_days, entry_fee, waiting_months, waiting_when_late, min_first_periods, max_advance_periods, dues_during_suspension, renewal, reinstate_short_months, reinstate_wait_short_days, reinstate_wait_long_days, strike_off_after_months, strike_off_needs_board, child_max_age, newborn_declare_days, rounding",
        (
            "CREATE INDEX ix_plan_version_plan_id_first_day ON plan_version (plan_id, first_day)",
        ),
    ),
    (
        "collection_session",
        """
CREATE TABLE collection_session_new (
    id BLOB NOT NULL CONSTRAINT ck_collection_session_id CHECK (length(id) = 16),
    place TEXT NOT NULL,
    day TEXT NOT NULL,
    collector_id BLOB,
    float_amount INTEGER NOT NULL,
    opened_by BLOB NOT NULL,
    box_id BLOB,
    sheet_id BLOB,
    CONSTRAINT pk_collection_session PRIMARY KEY (id),
    CONSTRAINT fk_collection_session_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_collection_session_opened_by FOREIGN KEY(opened_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_collection_session_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_collection_session_sheet_id FOREIGN KEY(sheet_id) REFERENCES collection_sheet (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, place, day, collector_id, float_amount, opened_by",
        (
        ),
    ),
    (
        "due",
        """
CREATE TABLE due_new (
    id BLOB NOT NULL CONSTRAINT ck_due_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT NOT NULL,
    due_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    plan_version_id BLOB NOT NULL,
    kind TEXT,
    payer_amount INTEGER,
    discount INTEGER,
    adjusts BLOB,
    told_on TEXT,
    CONSTRAINT pk_due PRIMARY KEY (id),
    CONSTRAINT fk_due_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_due_plan_version_id FOREIGN KEY(plan_version_id) REFERENCES plan_version (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_due_adjusts FOREIGN KEY(adjusts) REFERENCES due (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, household_id, first_day, until, due_on, amount, plan_version_id",
        (
            "CREATE INDEX ix_due_household_id_first_day ON due (household_id, first_day)",
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
    CONSTRAINT pk_entry_line PRIMARY KEY (id),
    CONSTRAINT fk_entry_line_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_entry_line_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, entry_id, role, amount",
        (
            "CREATE INDEX ix_entry_line_entry_id ON entry_line (entry_id)",
        ),
    ),
    (
        "hand_over",
        """
CREATE TABLE hand_over_new (
    id BLOB NOT NULL CONSTRAINT ck_hand_over_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    collector_id BLOB NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    year INTEGER,
    letter TEXT,
    serial INTEGER,
    box_id BLOB,
    pieces TEXT,
    expected INTEGER,
    difference_reason TEXT,
    single_control INTEGER,
    CONSTRAINT pk_hand_over PRIMARY KEY (id),
    CONSTRAINT uq_hand_over_request_id UNIQUE (request_id),
    CONSTRAINT fk_hand_over_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hand_over_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hand_over_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, request_id, collector_id, day, amount, entry_id",
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
    CONSTRAINT uq_payment_reverses UNIQUE (reverses),
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
        "id, request_id, household_id, year, letter, serial, paid_on, amount, means, covered_through, collector_id, session_id, taken_by, entry_id, reverses, reason, single_control, legacy_number",
        (
            "CREATE INDEX ix_payment_booklet_id_leaf ON payment (booklet_id, leaf) WHERE booklet_id IS NOT NULL",
            "CREATE INDEX ix_payment_household_id_paid_on ON payment (household_id, paid_on)",
            "CREATE INDEX ix_payment_reference ON payment (reference) WHERE reference IS NOT NULL",
            "CREATE INDEX ix_payment_session_id ON payment (session_id)",
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
    CONSTRAINT pk_allocation PRIMARY KEY (id),
    CONSTRAINT fk_allocation_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_allocation_due_id FOREIGN KEY(due_id) REFERENCES due (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, payment_id, target, due_id, amount",
        (
            "CREATE INDEX ix_allocation_payment_id ON allocation (payment_id)",
        ),
    ),
    (
        "earning",
        """
CREATE TABLE earning_new (
    id BLOB NOT NULL CONSTRAINT ck_earning_id CHECK (length(id) = 16),
    month TEXT NOT NULL,
    household_id BLOB NOT NULL,
    due_first_day TEXT NOT NULL,
    paid INTEGER NOT NULL,
    unpaid INTEGER NOT NULL,
    payment_id BLOB,
    payer_amount INTEGER,
    agreement_id BLOB,
    kind TEXT,
    CONSTRAINT pk_earning PRIMARY KEY (id),
    CONSTRAINT fk_earning_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_earning_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_earning_agreement_id FOREIGN KEY(agreement_id) REFERENCES payer_agreement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
        "id, month, household_id, due_first_day, paid, unpaid, payment_id",
        (
            "CREATE INDEX ix_earning_household_id ON earning (household_id)",
            "CREATE INDEX ix_earning_month ON earning (month)",
        ),
    ),
)

STATEMENTS = (
    """
CREATE TABLE account_month (
    month TEXT NOT NULL,
    role TEXT NOT NULL,
    box_id BLOB,
    activity TEXT NOT NULL,
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL
)
 STRICT
""",
    """
CREATE TABLE booklet (
    id BLOB NOT NULL CONSTRAINT ck_booklet_id CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    serial INTEGER NOT NULL,
    first_leaf INTEGER NOT NULL,
    last_leaf INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    cost INTEGER,
    CONSTRAINT pk_booklet PRIMARY KEY (id),
    CONSTRAINT uq_booklet_kind_serial UNIQUE (kind, serial)
)
 STRICT
""",
    """
CREATE TABLE booklet_move (
    id BLOB NOT NULL CONSTRAINT ck_booklet_move_id CHECK (length(id) = 16),
    booklet_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    collector_id BLOB,
    provider_id BLOB,
    note TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_booklet_move PRIMARY KEY (id),
    CONSTRAINT fk_booklet_move_booklet_id FOREIGN KEY(booklet_id) REFERENCES booklet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_booklet_move_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_booklet_move_provider_id FOREIGN KEY(provider_id) REFERENCES provider (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_booklet_move_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE box_count (
    id BLOB NOT NULL CONSTRAINT ck_box_count_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    day TEXT NOT NULL,
    box TEXT NOT NULL,
    box_id BLOB,
    counted INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    pieces TEXT,
    difference_reason TEXT NOT NULL,
    first_person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    voucher_id BLOB,
    CONSTRAINT pk_box_count PRIMARY KEY (id),
    CONSTRAINT uq_box_count_request_id UNIQUE (request_id),
    CONSTRAINT fk_box_count_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_box_count_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_box_count_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_box_count_voucher_id FOREIGN KEY(voucher_id) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE cash_box (
    id BLOB NOT NULL CONSTRAINT ck_cash_box_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    section_id BLOB,
    since TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT,
    holder_id BLOB,
    most INTEGER,
    ended_on TEXT,
    CONSTRAINT pk_cash_box PRIMARY KEY (id),
    CONSTRAINT uq_cash_box_code UNIQUE (code),
    CONSTRAINT fk_cash_box_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cash_box_holder_id FOREIGN KEY(holder_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE closing_note (
    id BLOB NOT NULL CONSTRAINT ck_closing_note_id CHECK (length(id) = 16),
    month TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL,
    person BLOB NOT NULL,
    CONSTRAINT pk_closing_note PRIMARY KEY (id),
    CONSTRAINT fk_closing_note_person FOREIGN KEY(person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE collection_sheet (
    id BLOB NOT NULL CONSTRAINT ck_collection_sheet_id CHECK (length(id) = 16),
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    printed_on TEXT NOT NULL,
    title TEXT NOT NULL,
    CONSTRAINT pk_collection_sheet PRIMARY KEY (id),
    CONSTRAINT uq_collection_sheet_year_letter_serial UNIQUE (year, letter, serial)
)
 STRICT
""",
    """
CREATE TABLE collection_sheet_line (
    id BLOB NOT NULL CONSTRAINT ck_collection_sheet_line_id CHECK (length(id) = 16),
    sheet_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    household_id BLOB NOT NULL,
    CONSTRAINT pk_collection_sheet_line PRIMARY KEY (id),
    CONSTRAINT uq_collection_sheet_line_sheet_id_place UNIQUE (sheet_id, place),
    CONSTRAINT fk_collection_sheet_line_sheet_id FOREIGN KEY(sheet_id) REFERENCES collection_sheet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_collection_sheet_line_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE group_payment (
    id BLOB NOT NULL CONSTRAINT ck_group_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    group_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    means TEXT NOT NULL,
    box_id BLOB,
    reference TEXT,
    reverses BLOB,
    reason TEXT NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_group_payment PRIMARY KEY (id),
    CONSTRAINT uq_group_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_group_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT uq_group_payment_reverses UNIQUE (reverses),
    CONSTRAINT fk_group_payment_group_id FOREIGN KEY(group_id) REFERENCES member_group (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_group_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_group_payment_reverses FOREIGN KEY(reverses) REFERENCES group_payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE in_kind (
    id BLOB NOT NULL CONSTRAINT ck_in_kind_id CHECK (length(id) = 16),
    payment_id BLOB NOT NULL,
    product TEXT NOT NULL,
    thousandths INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_value INTEGER NOT NULL,
    CONSTRAINT pk_in_kind PRIMARY KEY (id),
    CONSTRAINT uq_in_kind_payment_id UNIQUE (payment_id),
    CONSTRAINT fk_in_kind_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE leaf_mark (
    id BLOB NOT NULL CONSTRAINT ck_leaf_mark_id CHECK (length(id) = 16),
    booklet_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    first_leaf INTEGER NOT NULL,
    last_leaf INTEGER NOT NULL,
    day TEXT NOT NULL,
    kept INTEGER NOT NULL,
    reason TEXT NOT NULL,
    noted_by BLOB NOT NULL,
    CONSTRAINT pk_leaf_mark PRIMARY KEY (id),
    CONSTRAINT fk_leaf_mark_booklet_id FOREIGN KEY(booklet_id) REFERENCES booklet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_leaf_mark_noted_by FOREIGN KEY(noted_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE money_settings (
    id BLOB NOT NULL CONSTRAINT ck_money_settings_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    cash_limit INTEGER NOT NULL,
    double_sign_amount INTEGER NOT NULL,
    entry_fee_treatment TEXT NOT NULL,
    basis TEXT NOT NULL,
    set_on TEXT NOT NULL,
    CONSTRAINT pk_money_settings PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE payer_payment (
    id BLOB NOT NULL CONSTRAINT ck_payer_payment_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    payer_id BLOB NOT NULL,
    statement_id BLOB,
    paid_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    means TEXT NOT NULL,
    box_id BLOB,
    reference TEXT,
    entry_id BLOB,
    reverses BLOB,
    reason TEXT NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_payer_payment PRIMARY KEY (id),
    CONSTRAINT uq_payer_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_payer_payment_reverses UNIQUE (reverses),
    CONSTRAINT fk_payer_payment_payer_id FOREIGN KEY(payer_id) REFERENCES payer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_statement_id FOREIGN KEY(statement_id) REFERENCES payer_statement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_payment_reverses FOREIGN KEY(reverses) REFERENCES payer_payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payer_statement (
    id BLOB NOT NULL CONSTRAINT ck_payer_statement_id CHECK (length(id) = 16),
    payer_id BLOB NOT NULL,
    agreement_id BLOB,
    year INTEGER NOT NULL,
    letter TEXT NOT NULL,
    serial INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_payer_statement PRIMARY KEY (id),
    CONSTRAINT uq_payer_statement_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT fk_payer_statement_payer_id FOREIGN KEY(payer_id) REFERENCES payer (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_statement_agreement_id FOREIGN KEY(agreement_id) REFERENCES payer_agreement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE payer_statement_line (
    id BLOB NOT NULL CONSTRAINT ck_payer_statement_line_id CHECK (length(id) = 16),
    statement_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    person_id BLOB,
    due_first_day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    kind TEXT,
    CONSTRAINT pk_payer_statement_line PRIMARY KEY (id),
    CONSTRAINT fk_payer_statement_line_statement_id FOREIGN KEY(statement_id) REFERENCES payer_statement (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_statement_line_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payer_statement_line_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE reopening (
    id BLOB NOT NULL CONSTRAINT ck_reopening_id CHECK (length(id) = 16),
    closing_id BLOB NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    first_person BLOB NOT NULL,
    second_person BLOB,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_reopening PRIMARY KEY (id),
    CONSTRAINT uq_reopening_closing_id UNIQUE (closing_id),
    CONSTRAINT fk_reopening_closing_id FOREIGN KEY(closing_id) REFERENCES closing (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_reopening_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_reopening_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE sheet_entry (
    id BLOB NOT NULL CONSTRAINT ck_sheet_entry_id CHECK (length(id) = 16),
    sheet_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    payment_id BLOB NOT NULL,
    CONSTRAINT pk_sheet_entry PRIMARY KEY (id),
    CONSTRAINT uq_sheet_entry_payment_id UNIQUE (payment_id),
    CONSTRAINT fk_sheet_entry_sheet_id FOREIGN KEY(sheet_id) REFERENCES collection_sheet (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_sheet_entry_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE voucher (
    id BLOB NOT NULL CONSTRAINT ck_voucher_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    label TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    made_by BLOB NOT NULL,
    single_control INTEGER,
    role TEXT,
    series TEXT,
    box TEXT,
    box_id BLOB,
    year INTEGER,
    letter TEXT,
    serial INTEGER,
    other_box TEXT,
    other_box_id BLOB,
    other_serial INTEGER,
    other_entry_id BLOB,
    payee TEXT,
    piece TEXT,
    party BLOB,
    bill_id BLOB,
    reverses BLOB,
    reason TEXT,
    CONSTRAINT pk_voucher PRIMARY KEY (id),
    CONSTRAINT uq_voucher_request_id UNIQUE (request_id),
    CONSTRAINT uq_voucher_reverses UNIQUE (reverses),
    CONSTRAINT fk_voucher_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_made_by FOREIGN KEY(made_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_box_id FOREIGN KEY(box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_other_box_id FOREIGN KEY(other_box_id) REFERENCES cash_box (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_other_entry_id FOREIGN KEY(other_entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_bill_id FOREIGN KEY(bill_id) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_voucher_reverses FOREIGN KEY(reverses) REFERENCES voucher (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    "CREATE INDEX ix_account_month_month ON account_month (month)",
    "CREATE INDEX ix_booklet_move_booklet_id ON booklet_move (booklet_id)",
    "CREATE INDEX ix_box_count_day ON box_count (day)",
    "CREATE INDEX ix_closing_note_month ON closing_note (month)",
    "CREATE INDEX ix_group_payment_group_id ON group_payment (group_id)",
    "CREATE INDEX ix_leaf_mark_booklet_id ON leaf_mark (booklet_id)",
    "CREATE INDEX ix_money_settings_first_day ON money_settings (first_day)",
    "CREATE INDEX ix_payer_payment_payer_id ON payer_payment (payer_id)",
    "CREATE INDEX ix_payer_statement_payer_id ON payer_statement (payer_id)",
    "CREATE INDEX ix_payer_statement_line_household_id ON payer_statement_line (household_id)",
    "CREATE INDEX ix_payer_statement_line_statement_id ON payer_statement_line (statement_id)",
    "CREATE INDEX ix_sheet_entry_sheet_id ON sheet_entry (sheet_id)",
    "CREATE INDEX ix_voucher_entry_id ON voucher (entry_id)",
    "CREATE INDEX ix_voucher_year_series ON voucher (year, series)",
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
