"""The first shapes: people, households, contributions, ledger, journal."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE access (
    n INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    staff_id BLOB NOT NULL,
    question TEXT NOT NULL,
    subject BLOB,
    day TEXT,
    answer TEXT NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_access PRIMARY KEY (n)
)
 STRICT
""",
    """
CREATE TABLE act (
    n INTEGER NOT NULL,
    device TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    head BLOB NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL,
    second_signature BLOB,
    CONSTRAINT pk_act PRIMARY KEY (n),
    CONSTRAINT uq_act_device_incarnation_seq UNIQUE (device, incarnation, seq)
)
 STRICT
""",
    """
CREATE TABLE act_part (
    act INTEGER NOT NULL,
    place INTEGER NOT NULL,
    openness INTEGER NOT NULL,
    salt BLOB,
    body BLOB,
    erased BLOB,
    CONSTRAINT pk_act_part PRIMARY KEY (act, place)
)
 WITHOUT ROWID,
 STRICT
""",
    """
CREATE TABLE backup (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    until_act INTEGER NOT NULL,
    outside INTEGER NOT NULL,
    CONSTRAINT pk_backup PRIMARY KEY (n)
)
 STRICT
""",
    """
CREATE TABLE book (
    id BLOB NOT NULL CONSTRAINT ck_book_id CHECK (length(id) = 16),
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    practice INTEGER NOT NULL,
    made_on TEXT NOT NULL,
    CONSTRAINT pk_book PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE device (
    id BLOB NOT NULL CONSTRAINT ck_device_id CHECK (length(id) = 16),
    letter TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    since TEXT NOT NULL,
    CONSTRAINT pk_device PRIMARY KEY (id),
    CONSTRAINT uq_device_letter_incarnation UNIQUE (letter, incarnation)
)
 STRICT
""",
    """
CREATE TABLE draft (
    form TEXT NOT NULL,
    staff_id BLOB NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (form)
)
 STRICT
""",
    """
CREATE TABLE entry (
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
    CONSTRAINT pk_entry PRIMARY KEY (id),
    CONSTRAINT uq_entry_journal_month_letter_serial UNIQUE (journal, month, letter, serial),
    CONSTRAINT uq_entry_reverses UNIQUE (reverses),
    CONSTRAINT fk_entry_reverses FOREIGN KEY(reverses) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_entry_month ON entry (month)
""",
    """
CREATE TABLE person (
    id BLOB NOT NULL CONSTRAINT ck_person_id CHECK (length(id) = 16),
    sex TEXT NOT NULL,
    surname TEXT NOT NULL,
    given_names TEXT NOT NULL,
    birth TEXT NOT NULL,
    birth_known TEXT NOT NULL,
    deceased_on TEXT,
    legacy_number TEXT NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE "plan" (
    id BLOB NOT NULL CONSTRAINT ck_plan_id CHECK (length(id) = 16),
    code TEXT NOT NULL,
    CONSTRAINT pk_plan PRIMARY KEY (id),
    CONSTRAINT uq_plan_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE scheme_key (
    id BLOB NOT NULL CONSTRAINT ck_scheme_key_id CHECK (length(id) = 16),
    purpose TEXT NOT NULL,
    secret BLOB NOT NULL,
    CONSTRAINT pk_scheme_key PRIMARY KEY (id),
    CONSTRAINT uq_scheme_key_purpose UNIQUE (purpose)
)
 STRICT
""",
    """
CREATE TABLE scheme_version (
    id BLOB NOT NULL CONSTRAINT ck_scheme_version_id CHECK (length(id) = 16),
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    language TEXT NOT NULL,
    CONSTRAINT pk_scheme_version PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE section (
    id BLOB NOT NULL CONSTRAINT ck_section_id CHECK (length(id) = 16),
    code INTEGER NOT NULL,
    legacy_code TEXT,
    CONSTRAINT pk_section PRIMARY KEY (id),
    CONSTRAINT uq_section_code UNIQUE (code)
)
 STRICT
""",
    """
CREATE TABLE staff (
    id BLOB NOT NULL CONSTRAINT ck_staff_id CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    public_key BLOB NOT NULL,
    added_on TEXT NOT NULL,
    ended_on TEXT,
    CONSTRAINT pk_staff PRIMARY KEY (id)
)
 STRICT
""",
    """
CREATE TABLE verification (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    until_act INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    CONSTRAINT pk_verification PRIMARY KEY (n)
)
 STRICT
""",
    """
CREATE TABLE closing (
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
    CONSTRAINT uq_closing_month UNIQUE (month),
    CONSTRAINT fk_closing_first_person FOREIGN KEY(first_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_closing_second_person FOREIGN KEY(second_person) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE collection_session (
    id BLOB NOT NULL CONSTRAINT ck_collection_session_id CHECK (length(id) = 16),
    place TEXT NOT NULL,
    day TEXT NOT NULL,
    collector_id BLOB,
    float_amount INTEGER NOT NULL,
    opened_by BLOB NOT NULL,
    CONSTRAINT pk_collection_session PRIMARY KEY (id),
    CONSTRAINT fk_collection_session_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_collection_session_opened_by FOREIGN KEY(opened_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE entry_line (
    id BLOB NOT NULL CONSTRAINT ck_entry_line_id CHECK (length(id) = 16),
    entry_id BLOB NOT NULL,
    role TEXT NOT NULL,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_entry_line PRIMARY KEY (id),
    CONSTRAINT fk_entry_line_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_entry_line_entry_id ON entry_line (entry_id)
""",
    """
CREATE TABLE expense (
    id BLOB NOT NULL CONSTRAINT ck_expense_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    day TEXT NOT NULL,
    role TEXT NOT NULL,
    box TEXT NOT NULL,
    amount INTEGER NOT NULL,
    label TEXT NOT NULL,
    entry_id BLOB NOT NULL,
    CONSTRAINT pk_expense PRIMARY KEY (id),
    CONSTRAINT uq_expense_request_id UNIQUE (request_id),
    CONSTRAINT fk_expense_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE hand_over (
    id BLOB NOT NULL CONSTRAINT ck_hand_over_id CHECK (length(id) = 16),
    request_id BLOB NOT NULL,
    collector_id BLOB NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    entry_id BLOB NOT NULL,
    CONSTRAINT pk_hand_over PRIMARY KEY (id),
    CONSTRAINT uq_hand_over_request_id UNIQUE (request_id),
    CONSTRAINT fk_hand_over_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_hand_over_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE household (
    id BLOB NOT NULL CONSTRAINT ck_household_id CHECK (length(id) = 16),
    serial INTEGER NOT NULL,
    section_id BLOB NOT NULL,
    joined_on TEXT NOT NULL,
    declared_size INTEGER NOT NULL,
    member_person_id BLOB NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    legacy_number TEXT NOT NULL,
    CONSTRAINT pk_household PRIMARY KEY (id),
    CONSTRAINT uq_household_serial UNIQUE (serial),
    CONSTRAINT fk_household_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_household_member_person_id FOREIGN KEY(member_person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_household_section_id ON household (section_id)
""",
    """
CREATE TABLE plan_version (
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
    CONSTRAINT pk_plan_version PRIMARY KEY (id),
    CONSTRAINT fk_plan_version_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_plan_version_plan_id_first_day ON plan_version (plan_id, first_day)
""",
    """
CREATE TABLE section_version (
    id BLOB NOT NULL CONSTRAINT ck_section_version_id CHECK (length(id) = 16),
    section_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT pk_section_version PRIMARY KEY (id),
    CONSTRAINT fk_section_version_section_id FOREIGN KEY(section_id) REFERENCES section (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_section_version_section_id_first_day ON section_version (section_id, first_day)
""",
    """
CREATE TABLE cover (
    id BLOB NOT NULL CONSTRAINT ck_cover_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    suffix INTEGER NOT NULL,
    relation TEXT NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT,
    CONSTRAINT pk_cover PRIMARY KEY (id),
    CONSTRAINT fk_cover_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_cover_person_id FOREIGN KEY(person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_cover_household_id ON cover (household_id)
""",
    """
CREATE INDEX ix_cover_person_id ON cover (person_id)
""",
    """
CREATE TABLE due (
    id BLOB NOT NULL CONSTRAINT ck_due_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    until TEXT NOT NULL,
    due_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    plan_version_id BLOB NOT NULL,
    CONSTRAINT pk_due PRIMARY KEY (id),
    CONSTRAINT fk_due_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_due_plan_version_id FOREIGN KEY(plan_version_id) REFERENCES plan_version (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_due_household_id_first_day ON due (household_id, first_day)
""",
    """
CREATE TABLE enrolment (
    id BLOB NOT NULL CONSTRAINT ck_enrolment_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    plan_id BLOB NOT NULL,
    first_day TEXT NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (id),
    CONSTRAINT fk_enrolment_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enrolment_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_enrolment_household_id ON enrolment (household_id)
""",
    """
CREATE TABLE membership_event (
    id BLOB NOT NULL CONSTRAINT ck_membership_event_id CHECK (length(id) = 16),
    household_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_membership_event PRIMARY KEY (id),
    CONSTRAINT fk_membership_event_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_membership_event_household_id ON membership_event (household_id)
""",
    """
CREATE TABLE payment (
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
    CONSTRAINT pk_payment PRIMARY KEY (id),
    CONSTRAINT uq_payment_request_id UNIQUE (request_id),
    CONSTRAINT uq_payment_year_letter_serial UNIQUE (year, letter, serial),
    CONSTRAINT uq_payment_reverses UNIQUE (reverses),
    CONSTRAINT fk_payment_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_collector_id FOREIGN KEY(collector_id) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_session_id FOREIGN KEY(session_id) REFERENCES collection_session (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_taken_by FOREIGN KEY(taken_by) REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_entry_id FOREIGN KEY(entry_id) REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_payment_reverses FOREIGN KEY(reverses) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_payment_household_id_paid_on ON payment (household_id, paid_on)
""",
    """
CREATE INDEX ix_payment_session_id ON payment (session_id)
""",
    """
CREATE TABLE person_search (
    doc INTEGER NOT NULL,
    person_id BLOB NOT NULL,
    household_id BLOB NOT NULL,
    words TEXT NOT NULL,
    CONSTRAINT pk_person_search PRIMARY KEY (doc),
    CONSTRAINT fk_person_search_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_person_search_household_id FOREIGN KEY(household_id) REFERENCES household (id)
)
 STRICT
""",
    """
CREATE UNIQUE INDEX ix_person_search_person_id ON person_search (person_id)
""",
    """
CREATE TABLE session_count (
    id BLOB NOT NULL CONSTRAINT ck_session_count_id CHECK (length(id) = 16),
    session_id BLOB NOT NULL,
    counted INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    pieces TEXT NOT NULL,
    difference_reason TEXT NOT NULL,
    single_control INTEGER NOT NULL,
    CONSTRAINT pk_session_count PRIMARY KEY (id),
    CONSTRAINT uq_session_count_session_id UNIQUE (session_id),
    CONSTRAINT fk_session_count_session_id FOREIGN KEY(session_id) REFERENCES collection_session (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE TABLE allocation (
    id BLOB NOT NULL CONSTRAINT ck_allocation_id CHECK (length(id) = 16),
    payment_id BLOB NOT NULL,
    target TEXT NOT NULL,
    due_id BLOB,
    amount INTEGER NOT NULL,
    CONSTRAINT pk_allocation PRIMARY KEY (id),
    CONSTRAINT fk_allocation_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_allocation_due_id FOREIGN KEY(due_id) REFERENCES due (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_allocation_payment_id ON allocation (payment_id)
""",
    """
CREATE TABLE earning (
    id BLOB NOT NULL CONSTRAINT ck_earning_id CHECK (length(id) = 16),
    month TEXT NOT NULL,
    household_id BLOB NOT NULL,
    due_first_day TEXT NOT NULL,
    paid INTEGER NOT NULL,
    unpaid INTEGER NOT NULL,
    payment_id BLOB,
    CONSTRAINT pk_earning PRIMARY KEY (id),
    CONSTRAINT fk_earning_household_id FOREIGN KEY(household_id) REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_earning_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT
""",
    """
CREATE INDEX ix_earning_household_id ON earning (household_id)
""",
    """
CREATE INDEX ix_earning_month ON earning (month)
""",
    """
CREATE VIRTUAL TABLE person_words USING fts5(words, content='person_search', content_rowid='doc', tokenize='unicode61 remove_diacritics 2')
""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
