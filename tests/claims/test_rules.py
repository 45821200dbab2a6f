"""How a claim comes to its amounts. Expected figures are the handbook's or reckoned by hand."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
)
from stepdesk.claims.rules import assess, benefit_year, left_of, packed, steps, unpacked
from stepdesk.claims.terms import Assessment, ClaimFacts, LineFacts, Outcome, Use
from stepdesk.i18n import speak
from stepdesk.rights.terms import Left, ReasonCode
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    PackageId,
    PackageVersionId,
    PersonId,
    ServiceId,
)
from stepdesk.values.money import Currency

XOF = Currency("XOF", 0)
ROOM, SURGERY, DRUGS = (ServiceId(bytes([at]) * 16) for at in (1, 2, 3))
HOME = HouseholdId(b"h" * 16)
MARIAMA, OUMAR = PersonId(b"m" * 16), PersonId(b"o" * 16)


def a_line(
    service: ServiceId = DRUGS,
    quantity: int = 1,
    price: int = 1000,
    tariff: int | None = 10**9,
    *,
    percent: int = 0,
    line: dict[str, Any] | None = None,
    **rule: Any,
) -> LineFacts:
    told: dict[str, Any] = (
        {"copay": Copay.PERCENT, "copay_value": percent * 100} if percent else {}
    )
    return LineFacts(
        service, quantity, price, tariff, BenefitRule(service, **(told | rule)), **(line or {})
    )


def golden() -> ClaimFacts:
    """GOLDEN 2.12 of the domain handbook."""
    return ClaimFacts(
        lines=(
            a_line(ROOM, 4, 2500, 2000, percent=20, limit_count=10, line={"left_count": 4}),
            a_line(SURGERY, 1, 45_000, 45_000, percent=20),
            a_line(DRUGS, 1, 18_400, 18_400, percent=20),
        ),
        cap_episode=50_000,
        left_person=39_000,
        coin=5,
    )


def cuts(told: Assessment, at: int) -> list[tuple[str, int]]:
    return [(cut.code.value, cut.amount) for cut in told.lines[at].cuts]


def test_the_golden_claim_to_the_franc() -> None:
    told = assess(golden())
    assert (told.claimed, told.paid, told.patient, told.disallowed) == (
        73_400,
        39_000,
        32_400,
        2_000,
    )
    assert [line.paid for line in told.lines] == [4_370, 24_580, 10_050]
    assert [line.approved for line in told.lines] == [8_000, 45_000, 18_400]
    assert [line.adjusted for line in told.lines] == [6_400, 36_000, 14_720]
    assert [line.member for line in told.lines] == [1_600, 9_000, 3_680]
    assert (told.outcome, told.rounding) == (Outcome.APPROVED, 0)
    assert told.codes == (ReasonCode.RT02, ReasonCode.RC03, ReasonCode.RC05)
    by_code = {
        code: sum(cut.amount for line in told.lines for cut in line.cuts if cut.code.value == code)
        for code in ("RC03", "RC05")
    }
    assert by_code == {"RC03": 7_120, "RC05": 11_000}


def test_the_golden_claim_says_why() -> None:
    facts = golden()
    told = assess(facts)
    said = [speak(one, "en") for one in steps(facts.lines[0], told.lines[0], facts, XOF)]
    assert [one.replace("\u202f", " ").replace("\u00a0", " ") for one in said] == [
        "Claimed 10,000 F CFA: 4 at 2,500 F CFA.",
        "Agreed price 2,000 F CFA: 2,000 F CFA above it is refused to the provider.",
        "The member's share is 20 %: 1,600 F CFA.",
        "Ceiling per episode, 50,000 F CFA left for all lines together: 798 F CFA less here.",
        "Yearly ceiling of the person, 39,000 F CFA left for all lines together: 1,232 F CFA"
        " less here.",
        "The scheme pays 4,370 F CFA.",
    ]


def test_a_tenth_day_in_hospital_is_the_last() -> None:
    told = assess(ClaimFacts((a_line(ROOM, 4, 2000, 2000, line={"left_count": 3}),)))
    line = told.lines[0]
    assert (line.quantity, line.approved, line.paid) == (3, 6000, 6000)
    assert cuts(told, 0) == [("RC01", 2000)]
    assert (told.patient, told.disallowed) == (2000, 0)


def test_two_lines_of_one_service_share_what_is_left_of_its_number() -> None:
    lines = tuple(a_line(ROOM, 2, 100, 100, line={"left_count": 3}) for _ in range(2))
    assert [line.quantity for line in assess(ClaimFacts(lines)).lines] == [2, 1]


def test_a_price_above_the_list_is_the_patients_where_the_agreement_says_so() -> None:
    facts = ClaimFacts((a_line(price=1500, tariff=1000),), balance_billing=True)
    told = assess(facts)
    assert (told.paid, told.patient, told.disallowed) == (1000, 500, 0)
    assert cuts(told, 0) == [("RT02", 500)]


def test_a_price_below_the_list_is_paid_as_it_is() -> None:
    told = assess(ClaimFacts((a_line(price=900, tariff=1000),)))
    assert (told.paid, told.patient, told.disallowed) == (900, 0, 0)


def test_the_deductible_comes_before_the_members_share() -> None:
    rule: dict[str, Any] = {"deductible": 400, "deductible_scope": DeductibleScope.PERSON_YEAR}
    facts = ClaimFacts((a_line(percent=25, line={"left_deductible": 400}, **rule),))
    told = assess(facts)
    # 1,000 - 400 = 600; a quarter of it is the member's.
    assert (told.lines[0].deducted, told.lines[0].member, told.paid) == (400, 150, 450)
    assert cuts(told, 0) == [("RD01", 400)]


def test_a_deductible_is_taken_once_over_lines_of_a_service_and_on_every_act_where_it_is_so() -> (
    None
):
    year: dict[str, Any] = {"deductible": 1200, "deductible_scope": DeductibleScope.PERSON_YEAR}
    lines = tuple(a_line(line={"left_deductible": 1200}, **year) for _ in range(2))
    assert [line.deducted for line in assess(ClaimFacts(lines)).lines] == [1000, 200]
    lines = tuple(a_line(deductible=300) for _ in range(2))
    assert [line.deducted for line in assess(ClaimFacts(lines)).lines] == [300, 300]


@pytest.mark.parametrize(
    ("base", "percent", "member"),
    [
        (1000, 2500, 250),
        (30, 2500, 8),
        (10, 2500, 3),
        (2, 2500, 1),
        (1, 2500, 0),
        (999, 10_000, 999),
    ],
)
def test_the_members_share_rounds_half_up(base: int, percent: int, member: int) -> None:
    facts = ClaimFacts((a_line(price=base, copay=Copay.PERCENT, copay_value=percent),))
    assert assess(facts).lines[0].member == member


def test_a_fixed_share_is_for_each_act_and_never_more_than_the_price() -> None:
    told = assess(
        ClaimFacts(
            (
                a_line(ROOM, 3, 1000, copay=Copay.FIXED, copay_value=200),
                a_line(DRUGS, 1, 100, copay=Copay.FIXED, copay_value=200),
            )
        )
    )
    assert [(line.member, line.paid) for line in told.lines] == [(600, 2400), (100, 0)]


def test_the_ceiling_of_an_act_is_for_each_act() -> None:
    told = assess(ClaimFacts((a_line(ROOM, 3, 1000, cap_act=700),)))
    assert (told.paid, cuts(told, 0)) == (2100, [("RC02", 900)])


def test_ceilings_come_episode_then_service_then_person_then_household() -> None:
    line = a_line(
        ROOM, 1, 10_000, cap_episode=9_000, line={"left_year": 8_000, "left_household": 6_000}
    )
    facts = ClaimFacts((line,), cap_episode=8_500, left_person=7_000, left_household=5_000)
    told = assess(facts)
    assert cuts(told, 0) == [
        ("RC03", 1000),
        ("RC03", 500),
        ("RC04", 500),
        ("RC05", 1000),
        ("RC06", 1000),
        ("RC06", 1000),
    ]
    assert told.paid == 5000


def test_a_services_ceiling_leaves_other_services_alone() -> None:
    lines = (a_line(ROOM, 1, 600, line={"left_year": 500}), a_line(DRUGS, 1, 400))
    assert [line.paid for line in assess(ClaimFacts(lines)).lines] == [500, 400]


def test_nothing_left_pays_nothing_and_the_claim_stands() -> None:
    told = assess(ClaimFacts((a_line(),), left_person=0))
    assert (told.outcome, told.paid, told.patient) == (Outcome.APPROVED, 0, 1000)
    assert cuts(told, 0) == [("RC05", 1000)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (replace(a_line(), rule=None), "RB01"),
        (a_line(covered=False), "RB01"),
        (a_line(covered=False, exclusion="cosmetic"), "RB02"),
        (a_line(exclusion="cosmetic"), "RB02"),
        (a_line(tariff=None), "RT01"),
        (a_line(line={"refused": (ReasonCode.RA04, ReasonCode.RB03)}), "RA04"),
    ],
)
def test_a_refused_line_pays_nothing_and_names_its_first_reason(
    line: LineFacts, code: str
) -> None:
    told = assess(ClaimFacts((line, a_line(SURGERY))))
    assert (told.lines[0].paid, told.lines[0].approved, cuts(told, 0)) == (0, 0, [(code, 1000)])
    assert (told.outcome, told.paid, told.patient) == (Outcome.APPROVED, 1000, 1000)
    assert assess(ClaimFacts((line,))).outcome is Outcome.REJECTED


@pytest.mark.parametrize("code", [ReasonCode.RA07, ReasonCode.RA09])
def test_what_the_provider_claimed_twice_or_too_late_is_its_own_loss(code: ReasonCode) -> None:
    told = assess(ClaimFacts((a_line(line={"refused": (code,)}),)))
    assert (told.paid, told.patient, told.disallowed) == (0, 0, 1000)


def test_a_missing_letter_puts_the_claim_aside_and_says_what_it_would_come_to() -> None:
    told = assess(ClaimFacts((a_line(),), pending=(ReasonCode.RB07,)))
    assert (told.outcome, told.paid, told.codes) == (Outcome.PENDING, 1000, (ReasonCode.RB07,))


@pytest.mark.parametrize(
    ("price", "percent", "paid", "patient", "rounding"),
    [
        (1003, 20, 803, 200, 1),  # 802.4 -> 802; 201 in coins is 200
        (1010, 20, 810, 200, 2),  # 808; 202 -> 200
        (1013, 20, 808, 205, -2),  # 810.4 -> 810; 203 -> 205
        (1020, 20, 815, 205, -1),  # 816; 204 -> 205
        (1025, 20, 820, 205, 0),
        (7, 0, 7, 0, 0),
    ],
)
def test_the_patient_pays_to_the_nearest_coin(
    price: int, percent: int, paid: int, patient: int, rounding: int
) -> None:
    told = assess(ClaimFacts((a_line(price=price, percent=percent),), coin=5))
    assert (told.paid, told.patient, told.rounding) == (paid, patient, rounding)


def test_no_ceiling_is_passed_for_a_coin() -> None:
    told = assess(ClaimFacts((a_line(price=1001),), left_person=500, coin=5))
    assert (told.paid, told.patient, told.rounding) == (496, 505, -4)


def test_nobody_without_a_share_pays_one_for_a_coin() -> None:
    # The delivery is free for the patient, who pays 502 for a line the list does not know.
    lines = (a_line(ROOM, 1, 5000), a_line(DRUGS, 1, 502, None))
    told = assess(ClaimFacts(lines, coin=5))
    assert (told.paid, told.patient, told.rounding) == (5000, 502, 0)
    # 503 is nearer to 505, and still nobody shares a price here.
    lines = (a_line(ROOM, 1, 5000), a_line(DRUGS, 1, 503, None))
    assert assess(ClaimFacts(lines, coin=5)).rounding == 0


def test_nobody_who_is_refused_has_his_bill_rounded() -> None:
    told = assess(ClaimFacts((a_line(price=1001, tariff=None),), coin=5))
    assert (told.paid, told.patient) == (0, 1001)


@pytest.mark.parametrize(("quantity", "price"), [(0, 1), (-1, 1), (1, -1)])
def test_an_impossible_line_is_a_bug(quantity: int, price: int) -> None:
    with pytest.raises(ValueError, match="whole quantity"):
        assess(ClaimFacts((a_line(quantity=quantity, price=price),)))


# Properties

_limits = st.none() | st.integers(0, 50_000)
_rules = st.builds(
    BenefitRule,
    service_id=st.just(DRUGS),
    covered=st.sampled_from([True, True, True, False]),
    copay=st.sampled_from(Copay),
    copay_value=st.integers(0, 10_000),
    deductible=st.integers(0, 500),
    deductible_scope=st.sampled_from(DeductibleScope),
    cap_act=_limits,
    cap_episode=_limits,
)


@st.composite
def fact_lines(draw: st.DrawFn) -> tuple[LineFacts, ...]:
    """Lines of three services; what is left of a service is the same for each of its lines."""
    known = {}
    for service in (ROOM, SURGERY, DRUGS):
        rule = draw(st.none() | _rules)
        known[service] = (
            None if rule is None else replace(rule, service_id=service),
            draw(st.none() | st.integers(0, 30)),
            draw(st.integers(0, 500)),
            draw(_limits),
            draw(_limits),
        )
    lines = []
    for service in draw(st.lists(st.sampled_from([ROOM, SURGERY, DRUGS]), min_size=1, max_size=6)):
        rule, count, deductible, year, household = known[service]
        lines.append(
            LineFacts(
                service,
                draw(st.integers(1, 30)),
                draw(st.integers(0, 30_000)),
                draw(st.none() | st.integers(0, 30_000)),
                rule,
                draw(st.sampled_from([(), (), (ReasonCode.RA04,), (ReasonCode.RA07,)])),
                count,
                deductible,
                year,
                household,
            )
        )
    return tuple(lines)


claims = st.builds(
    ClaimFacts,
    lines=fact_lines(),
    cap_episode=_limits,
    left_person=_limits,
    left_household=_limits,
    balance_billing=st.booleans(),
    coin=st.sampled_from([1, 5, 25]),
    pending=st.sampled_from([(), (ReasonCode.RB07,)]),
)


def the_invoice_is_what_scheme_patient_and_provider_bear(facts: ClaimFacts) -> None:
    told = assess(facts)
    invoiced = sum(line.quantity * line.unit_price for line in facts.lines)
    assert told.claimed == told.paid + told.patient + told.disallowed == invoiced
    assert told.paid == sum(line.paid for line in told.lines)
    assert min(told.paid, told.patient, told.disallowed) >= 0
    for line in told.lines:
        assert 0 <= line.paid <= line.approved <= line.claimed
        assert line.adjusted == line.approved - line.deducted - line.member


def no_ceiling_is_passed(facts: ClaimFacts) -> None:
    told = assess(facts)
    for limit in (facts.cap_episode, facts.left_person, facts.left_household):
        assert limit is None or told.paid <= limit
    for service in (ROOM, SURGERY, DRUGS):
        of_it = [
            (line, done)
            for line, done in zip(facts.lines, told.lines, strict=True)
            if line.service_id == service
        ]
        paid = sum(done.paid for _, done in of_it)
        first = next((line for line, _ in of_it), None)
        if first is not None:
            limits = (first.left_year, first.left_household)
            assert all(limit is None or paid <= limit for limit in limits)
        for line, done in of_it:
            cap = line.rule.cap_act if line.rule else None
            assert cap is None or done.paid <= cap * done.quantity


def patients_of_paid_claims_pay_in_coins_where_it_can_be_done(facts: ClaimFacts) -> None:
    told = assess(facts)
    if told.rounding:
        assert told.patient % facts.coin == 0
        assert abs(told.rounding) < facts.coin


def kept_facts_give_the_same_assessment(facts: ClaimFacts) -> None:
    assert assess(unpacked(packed(facts))) == assess(facts)


def less_left_never_pays_more(facts: ClaimFacts, less: int) -> None:
    left = less if facts.left_person is None else min(less, facts.left_person)
    tighter = replace(facts, left_person=left, coin=1)
    assert assess(tighter).paid <= assess(replace(facts, coin=1)).paid


@given(claims, st.integers(0, 50_000))
def test_every_law_holds_for_a_plain_claim(facts: ClaimFacts, less: int) -> None:
    the_invoice_is_what_scheme_patient_and_provider_bear(facts)
    no_ceiling_is_passed(facts)
    patients_of_paid_claims_pay_in_coins_where_it_can_be_done(facts)
    kept_facts_give_the_same_assessment(facts)
    less_left_never_pays_more(facts, less)


# What earlier care leaves


@pytest.mark.parametrize(
    ("day", "starts", "year"),
    [
        (date(2026, 5, 1), (1, 1), (date(2026, 1, 1), date(2027, 1, 1))),
        (date(2026, 5, 1), (6, 15), (date(2025, 6, 15), date(2026, 6, 15))),
        (date(2026, 6, 15), (6, 15), (date(2026, 6, 15), date(2027, 6, 15))),
        (date(2025, 3, 1), (2, 29), (date(2025, 3, 1), date(2026, 3, 1))),
        (date(2024, 2, 29), (2, 29), (date(2024, 2, 29), date(2025, 3, 1))),
    ],
)
def test_the_benefit_year_of_a_day(
    day: date, starts: tuple[int, int], year: tuple[date, date]
) -> None:
    assert benefit_year(day, starts) == year


def a_use(day: date, quantity: int = 1, paid: int = 100, **told: Any) -> Use:
    values: dict[str, Any] = {
        "claim_id": ClaimId(b"c" * 16),
        "person_id": MARIAMA,
        "household_id": HOME,
        "service_id": ROOM,
        "deducted": 0,
    }
    return Use(day=day, quantity=quantity, paid=paid, **(values | told))


def left(uses: list[Use], day: date = date(2026, 6, 30), **rule: Any) -> Left:
    package = PackageVersion(
        PackageVersionId(b"v" * 16),
        PackageId(b"p" * 16),
        "BASE",
        "Base",
        date(2026, 1, 1),
        cap_person_year=1000,
        cap_household_year=1500,
    )
    return left_of(
        rule=BenefitRule(ROOM, **rule),
        package=package,
        uses=uses,
        person_id=MARIAMA,
        household_id=HOME,
        day=day,
        year=(date(2026, 1, 1), date(2027, 1, 1)),
    )


def test_what_is_left_counts_this_year_only() -> None:
    uses = [a_use(date(2025, 12, 31), 9, 900), a_use(date(2026, 1, 1), 6, 300)]
    told = left(uses, limit_count=10, cap_person_year=500)
    assert told == Left(
        count=4,
        service_year=200,
        service_household=None,
        person_year=700,
        household_year=1200,
        count_again=date(2027, 1, 1),
        year_again=date(2027, 1, 1),
    )


def test_the_household_shares_its_ceiling_and_not_the_persons() -> None:
    uses = [a_use(date(2026, 2, 1), 2, 400, person_id=OUMAR)]
    told = left(uses, limit_count=10, cap_household_year=450)
    assert (told.count, told.person_year, told.household_year) == (10, 1000, 1100)
    assert told.service_household == 50
    whole = left(uses, limit_count=10, limit_scope=LimitScope.HOUSEHOLD)
    assert whole.count == 8


def test_a_window_of_days_ends_with_the_day_of_care() -> None:
    uses = [a_use(date(2026, 6, 1)), a_use(date(2026, 5, 31))]
    told: dict[str, Any] = {"limit_count": 2, "limit_window": LimitWindow.DAYS, "limit_days": 30}
    assert left(uses, **told).count == 1
    assert left(uses, day=date(2026, 7, 1), **told).count == 2
    both = left([*uses, a_use(date(2026, 6, 20))], day=date(2026, 6, 30), **told)
    # 1 and 20 June fill the two; from 1 July on, that of 1 June is thirty days back.
    assert (both.count, both.count_again) == (0, date(2026, 7, 1))


def test_care_decided_late_does_not_fill_a_month_twice() -> None:
    told: dict[str, Any] = {
        "limit_count": 2,
        "limit_window": LimitWindow.DAYS,
        "limit_days": 30,
    }
    uses = [a_use(date(2026, 5, 20), 2)]
    # Two of 20 May were decided; five days before there is no room for a third in those thirty.
    assert left(uses, day=date(2026, 5, 15), **told).count == 0
    assert left(uses, day=date(2026, 4, 20), **told).count == 2
    assert left(uses, day=date(2026, 5, 15), **told).count_again == date(2026, 6, 19)


def test_what_was_used_in_a_former_household_counts_for_the_person_alone() -> None:
    uses = [a_use(date(2026, 2, 1), 1, 400, household_id=HouseholdId(b"x" * 16))]
    told = left(uses, limit_count=5, cap_household_year=450)
    assert (told.count, told.person_year) == (4, 600)
    assert (told.service_household, told.household_year) == (450, 1500)


def test_a_ceiling_of_nothing_never_opens() -> None:
    assert left([], cap_person_year=0).year_again is None
    assert left([], cap_person_year=1).year_again == date(2027, 1, 1)


def test_a_yearly_deductible_is_what_was_not_taken_yet() -> None:
    uses = [
        a_use(date(2026, 2, 1), deducted=300),
        a_use(date(2026, 2, 1), deducted=100, person_id=OUMAR),
    ]
    by_person: dict[str, Any] = {
        "deductible": 1000,
        "deductible_scope": DeductibleScope.PERSON_YEAR,
    }
    by_household: dict[str, Any] = {
        "deductible": 1000,
        "deductible_scope": DeductibleScope.HOUSEHOLD_YEAR,
    }
    assert left(uses, **by_person).deductible == 700
    assert left(uses, **by_household).deductible == 600
    assert left(uses, deductible=1000).deductible == 1000


def test_every_use_counts_where_it_belongs() -> None:
    """Two uses of the service, two of another, by two persons of two households, in two years."""
    away = HouseholdId(b"x" * 16)
    uses = [
        a_use(date(2026, 1, 1), 1, 10, deducted=1),
        a_use(date(2026, 12, 31), 2, 20, deducted=2),
        a_use(date(2027, 1, 1), 4, 40, deducted=4),
        a_use(date(2025, 12, 31), 8, 80, deducted=8),
        a_use(date(2026, 3, 1), 16, 160, deducted=16, service_id=DRUGS),
        a_use(date(2026, 3, 1), 32, 320, deducted=32, person_id=OUMAR),
        a_use(date(2026, 3, 1), 64, 640, deducted=64, person_id=OUMAR, household_id=away),
        a_use(date(2026, 3, 1), 100, 1, deducted=128, household_id=away),
    ]
    package = PackageVersion(
        PackageVersionId(b"v" * 16),
        PackageId(b"p" * 16),
        "BASE",
        "Base",
        date(2026, 1, 1),
        cap_person_year=10_000,
        cap_household_year=10_000,
    )

    def asked(**rule: Any) -> Left:
        return left_of(
            rule=BenefitRule(ROOM, **rule),
            package=package,
            uses=uses,
            person_id=MARIAMA,
            household_id=HOME,
            day=date(2026, 6, 1),
            year=(date(2026, 1, 1), date(2027, 1, 1)),
        )

    told = asked(limit_count=1000, cap_person_year=10_000, cap_household_year=10_000)
    # Of the person: 10 + 20 here, 160 of another service, 1 in the former household.
    assert told.person_year == 10_000 - 10 - 20 - 160 - 1
    # Of the household: 10 + 20 + 160 of hers, 320 of the other person's.
    assert told.household_year == 10_000 - 10 - 20 - 160 - 320
    assert told.service_year == 10_000 - 10 - 20 - 1
    assert told.service_household == 10_000 - 10 - 20 - 320
    assert told.count == 1000 - 1 - 2 - 100
    by_person = asked(deductible=1000, deductible_scope=DeductibleScope.PERSON_YEAR)
    assert by_person.deductible == 1000 - 1 - 2 - 128
    by_household = asked(deductible=1000, deductible_scope=DeductibleScope.HOUSEHOLD_YEAR)
    assert by_household.deductible == 1000 - 1 - 2 - 32
    of_home = asked(limit_count=1000, limit_scope=LimitScope.HOUSEHOLD)
    assert of_home.count == 1000 - 1 - 2 - 32
    for scope in (DeductibleScope.ACT, DeductibleScope.EPISODE):
        assert asked(deductible=50, deductible_scope=scope).deductible == 50


def test_nothing_is_left_of_what_a_package_does_not_name() -> None:
    package = PackageVersion(
        PackageVersionId(b"v" * 16), PackageId(b"p" * 16), "B", "B", date(2026, 1, 1)
    )
    told = left_of(
        rule=None,
        package=package,
        uses=[a_use(date(2026, 1, 5))],
        person_id=MARIAMA,
        household_id=HOME,
        day=date(2026, 6, 1),
        year=(date(2026, 1, 1), date(2027, 1, 1)),
    )
    assert told == Left(year_again=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("days", "day", "count"),
    [
        ([1, 30], 15, 0),  # 1 and 30 are within thirty days of each other
        ([1, 31], 15, 1),  # no thirty days hold both
        ([1, 31], 31, 1),
        ([1, 2], 31, 1),  # on the 31st, the 1st has gone and the 2nd has not
        ([1, 2], 32, 2),
        ([20, 40], 30, 0),
        ([10, 40], 10, 1),
        ([10, 39], 10, 0),
    ],
)
def test_no_thirty_days_that_hold_the_care_have_more_than_two(
    days: list[int], day: int, count: int
) -> None:
    begin = date(2026, 4, 30)  # day 1 is 1 May
    uses = [a_use(begin + timedelta(days=at)) for at in days]
    told = left(
        uses,
        day=begin + timedelta(days=day),
        limit_count=2,
        limit_window=LimitWindow.DAYS,
        limit_days=30,
    )
    assert told.count == count


def test_the_day_of_the_next_act_is_the_first_on_which_there_is_room() -> None:
    uses = [a_use(date(2026, 5, 1)), a_use(date(2026, 5, 10)), a_use(date(2026, 5, 12))]
    told: dict[str, Any] = {
        "limit_count": 2,
        "limit_window": LimitWindow.DAYS,
        "limit_days": 30,
    }
    # On 31 May those of the 10th and 12th still fill the two; on 9 June that of the 10th is gone.
    assert left(uses, day=date(2026, 5, 13), **told).count_again == date(2026, 6, 9)
    assert left([], **told).count_again is None
    assert left(uses, limit_count=0).count_again is None
    assert left(uses, limit_count=3).count_again == date(2027, 1, 1)


# In words


def said(facts: ClaimFacts, at: int = 0) -> list[str]:
    told = assess(facts)
    words = [speak(one, "en") for one in steps(facts.lines[at], told.lines[at], facts, XOF)]
    return [one.replace("\u202f", " ").replace("\u00a0", " ") for one in words]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            ClaimFacts((a_line(line={"refused": (ReasonCode.RA07,)}),)),
            [
                "Claimed 1,000 F CFA: 1 at 1,000 F CFA.",
                "Claimed twice: nothing is paid; the provider bears it.",
            ],
        ),
        (
            ClaimFacts((a_line(tariff=None),)),
            [
                "Claimed 1,000 F CFA: 1 at 1,000 F CFA.",
                "Not in the agreed price list: nothing is paid; the patient pays.",
            ],
        ),
        (
            ClaimFacts((a_line(price=1500, tariff=1000),), balance_billing=True),
            [
                "Claimed 1,500 F CFA: 1 at 1,500 F CFA.",
                "Agreed price 1,000 F CFA: 500 F CFA above it is the patient's.",
                "The scheme pays 1,000 F CFA.",
            ],
        ),
        (
            ClaimFacts(
                (a_line(ROOM, 3, 500, copay=Copay.FIXED, copay_value=100, line={"left_count": 2}),)
            ),
            [
                "Claimed 1,500 F CFA: 3 at 500 F CFA.",
                "Number allowed: 2 of 3 count; 500 F CFA is the patient's.",
                "The member's share is 200 F CFA.",
                "The scheme pays 800 F CFA.",
            ],
        ),
        (
            ClaimFacts((a_line(copay=Copay.PERCENT, copay_value=1250, deductible=200),)),
            [
                "Claimed 1,000 F CFA: 1 at 1,000 F CFA.",
                "Deductible: 200 F CFA is the patient's.",
                "The member's share is 12,5 %: 100 F CFA.",
                "The scheme pays 700 F CFA.",
            ],
        ),
        (
            ClaimFacts((a_line(ROOM, 2, 1000, cap_act=400),)),
            [
                "Claimed 2,000 F CFA: 2 at 1,000 F CFA.",
                "Ceiling per act, 800 F CFA left: 1,200 F CFA less.",
                "The scheme pays 800 F CFA.",
            ],
        ),
        (
            ClaimFacts((a_line(price=1013, percent=20),), coin=5),
            [
                "Claimed 1,013 F CFA: 1 at 1,013 F CFA.",
                "The member's share is 20 %: 203 F CFA.",
                "-2 F CFA so that the patient pays in coins.",
                "The scheme pays 808 F CFA.",
            ],
        ),
    ],
)
def test_each_step_is_said_with_its_numbers(facts: ClaimFacts, words: list[str]) -> None:
    assert said(facts) == words


def test_kept_facts_hold_all_that_decides() -> None:
    facts = ClaimFacts(
        (
            a_line(
                ROOM,
                2,
                700,
                600,
                percent=10,
                deductible=5,
                deductible_scope=DeductibleScope.EPISODE,
                cap_act=500,
                cap_episode=900,
                line={
                    "left_count": 2,
                    "left_deductible": 5,
                    "left_year": 880,
                    "left_household": 870,
                },
            ),
            a_line(DRUGS, 1, 100, 100, exclusion="free", line={"refused": (ReasonCode.RA04,)}),
            replace(a_line(SURGERY), rule=None),
        ),
        cap_episode=860,
        left_person=850,
        left_household=840,
        balance_billing=True,
        coin=5,
        pending=(ReasonCode.RB07,),
    )
    assert unpacked(packed(facts)) == facts


# Coins, to the edge


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ({"cap_act": 802}, {}),
        ({"cap_episode": 802}, {}),
        ({"line": {"left_year": 802}}, {}),
        ({"line": {"left_household": 802}}, {}),
        ({}, {"cap_episode": 802}),
        ({}, {"left_person": 802}),
        ({}, {"left_household": 802}),
    ],
)
def test_a_ceiling_that_is_just_reached_leaves_no_room_for_a_coin(
    line: dict[str, Any], whole: dict[str, Any]
) -> None:
    # 1,003 less a fifth is 802; the patient's 201 would be 200 with one franc more of the scheme.
    told = assess(ClaimFacts((a_line(price=1003, percent=20, **line),), coin=5, **whole))
    assert (told.paid, told.patient, told.rounding) == (802, 201, 0)
    free = assess(ClaimFacts((a_line(price=1003, percent=20),), coin=5))
    assert (free.paid, free.patient, free.rounding) == (803, 200, 1)


def test_a_service_shares_its_room_with_its_other_lines() -> None:
    lines = tuple(a_line(price=1003, percent=20, line={"left_year": 1604}) for _ in range(2))
    told = assess(ClaimFacts(lines, coin=5))
    assert (told.paid, told.patient) == (1604, 402)
    lines = tuple(a_line(price=1003, percent=20, line={"left_year": 1606}) for _ in range(2))
    assert (assess(ClaimFacts(lines, coin=5)).paid) == 1606


def test_what_is_refused_to_the_provider_is_not_the_patients_to_round() -> None:
    told = assess(ClaimFacts((a_line(price=1003, tariff=1000, percent=20),), coin=5))
    assert (told.paid, told.patient, told.disallowed, told.rounding) == (800, 200, 3, 0)


def test_half_a_coin_is_in_the_patients_favour() -> None:
    told = assess(ClaimFacts((a_line(price=1005, percent=20),), coin=10))
    # 1,005 less a fifth is 804; 201 is nearest to 200.
    assert (told.paid, told.patient) == (805, 200)
    told = assess(ClaimFacts((a_line(price=1025, percent=20),), coin=10))
    # 820 and 205: as near to 200 as to 210.
    assert (told.paid, told.patient, told.rounding) == (825, 200, 5)


def test_the_ceiling_of_a_later_service_is_not_missed() -> None:
    lines = (a_line(ROOM), a_line(DRUGS, line={"left_year": 300}), a_line(SURGERY))
    assert [line.paid for line in assess(ClaimFacts(lines)).lines] == [1000, 300, 1000]


def test_a_decided_line_holds_every_figure() -> None:
    facts = ClaimFacts(
        (a_line(ROOM, 3, 1500, 1203, percent=20, deductible=106, line={"left_count": 2}),),
        coin=5,
    )
    line = assess(facts).lines[0]
    # 2 x 1,203 = 2,406; each line's deductible 106; a fifth of 2,300 is 460; 891 is refused.
    assert (line.quantity, line.priced, line.claimed, line.approved) == (2, 1203, 4500, 2406)
    assert (line.deducted, line.member, line.over, line.adjusted) == (106, 460, 891, 1840)
    # The patient's 4,500 - 891 - 1,840 = 1,769 is nearest to 1,770.
    assert (line.paid, line.rounding) == (1839, -1)
