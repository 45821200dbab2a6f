"""Limits of whole packages, agreements, parts, reviews, relative prices.

Expected figures are those of the openIMIS handbook 3.3 to 3.6, or reckoned by hand.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.terms import (
    BenefitRule,
    CeilingExclusion,
    Composition,
    Copay,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    PriceOrigin,
    Share,
)
from stepdesk.claims.rules import (
    Offer,
    assess,
    category_of_lines,
    choose,
    in_patient,
    is_outside,
    limits_for,
    rule_for,
    steps,
)
from stepdesk.claims.terms import (
    Assessment,
    By,
    ClaimFacts,
    LimitFacts,
    LineFacts,
    Outcome,
    Use,
)
from stepdesk.i18n import speak
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import CareType, ClaimCategory, Visit
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
ITEM, ACT, OTHER, DAY = (ServiceId(bytes([at]) * 16) for at in (1, 2, 3, 4))
HOME, ELSEWHERE = HouseholdId(b"h" * 16), HouseholdId(b"e" * 16)
MARIAMA, OUMAR = PersonId(b"m" * 16), PersonId(b"o" * 16)
YEAR = (date(2025, 1, 1), date(2026, 1, 1))


def a_line(
    service: ServiceId = ACT,
    quantity: int = 1,
    price: int = 1000,
    tariff: int | None = None,
    *,
    line: dict[str, Any] | None = None,
    **rule: Any,
) -> LineFacts:
    """A line of a package with openIMIS prices: what the list says, whatever is asked."""
    told: dict[str, Any] = {"price_origin": PriceOrigin.FIXED} | rule
    values: dict[str, Any] = {"item": service == ITEM} | (line or {})
    listed = price if tariff is None else tariff
    return LineFacts(service, quantity, price, listed, BenefitRule(service, **told), **values)


def facts_of(*lines: LineFacts, **told: Any) -> ClaimFacts:
    values: dict[str, Any] = {"in_order": frozenset({0})} | told
    return ClaimFacts(lines, **values)


def a_ceiling(left: int, over: LimitOver = LimitOver.EPISODE, **told: Any) -> LimitFacts:
    return LimitFacts(LimitKind.CEILING, left, left, over, **told)


def a_deductible(left: int, over: LimitOver = LimitOver.EPISODE, **told: Any) -> LimitFacts:
    return LimitFacts(LimitKind.DEDUCTIBLE, left, left, over, **told)


def paid(told: Assessment) -> list[int]:
    return [line.paid for line in told.lines]


def cuts(told: Assessment, at: int = 0) -> list[tuple[str, By | None, int]]:
    return [(cut.code.value, cut.by, cut.amount) for cut in told.lines[at].cuts]


# openIMIS 3.4, 3.6


def test_the_list_counts_whatever_is_asked() -> None:
    """DED-01: 7 at 11 asked, 100 on the list: 700 each."""
    told = assess(facts_of(a_line(ITEM, 7, 11, 100), a_line(ACT, 7, 11, 100)))
    assert paid(told) == [700, 700]
    assert (told.claimed, told.paid, told.patient, told.disallowed) == (154, 1400, 0, -1246)


def test_nothing_of_a_raised_price_falls_on_the_patient() -> None:
    # 3 of 7 count at 100 for 11 asked: the patient pays 4 at 11, and a fifth of 300.
    line = a_line(ACT, 7, 11, 100, copay=Copay.PERCENT, copay_value=2000, line={"left_count": 3})
    told = assess(facts_of(line))
    assert (told.paid, told.patient) == (240, 60 + 44)
    assert told.claimed == told.paid + told.patient + told.disallowed


def test_a_claim_of_a_category_pays_its_most_items_first() -> None:
    """DED-03: 55 for a delivery."""
    most = LimitFacts(LimitKind.CLAIM_AMOUNT, 55, 55, category=ClaimCategory.DELIVERY)
    act = a_line(ACT, 7, 11, 100, line={"category": ClaimCategory.DELIVERY})
    told = assess(facts_of(act, a_line(ITEM, 7, 11, 100), limits=(most,)))
    assert paid(told) == [0, 55]
    assert cuts(told) == [("RC03", By.CATEGORY, 700)]
    assert cuts(told, 1) == [("RC03", By.CATEGORY, 645)]
    other = replace(most, category=ClaimCategory.SURGERY)
    assert assess(facts_of(act, limits=(other,))).paid == 700


def test_what_the_reviewer_approves_counts() -> None:
    """DED-07: 1 at 37 and 1 at 53 are 90."""
    told = assess(
        facts_of(
            a_line(ITEM, 3, 11, 100, line={"approved_quantity": 1, "approved_price": 37}),
            a_line(ACT, 2, 11, 100, line={"approved_quantity": 1, "approved_price": 53}),
        )
    )
    assert paid(told) == [37, 53]


def test_a_reviewed_price_counts_for_a_price_that_is_asked() -> None:
    """3.5, row 2."""
    line = a_line(price=900, tariff=500, price_origin=PriceOrigin.ASKED)
    assert assess(facts_of(line)).paid == 900
    told = assess(facts_of(replace(line, approved_price=700, review_code=ReasonCode.RM03)))
    assert (told.paid, told.disallowed) == (700, 200)
    assert cuts(told) == [("RM03", By.REVIEW_PRICE, 200)]


def test_a_reviewed_quantity_of_nothing_pays_nothing_and_the_line_stands() -> None:
    """3.5, row 7; DEMO-23: the category stays that of the line."""
    surgery = {"category": ClaimCategory.SURGERY, "approved_quantity": 0}
    told = assess(facts_of(a_line(line=surgery), a_line(ITEM, price=10)))
    assert (paid(told), told.outcome) == ([0, 10], Outcome.APPROVED)
    assert told.category is ClaimCategory.SURGERY


def test_a_claim_whose_lines_the_reviewer_refuses_is_rejected() -> None:
    """DED-08."""
    line = {"approved_quantity": 0, "review_code": ReasonCode.RM01}
    told = assess(facts_of(a_line(ITEM, 3, line=line), a_line(ACT, 2, line=line)))
    assert (told.outcome, told.paid) == (Outcome.REJECTED, 0)
    assert [one.refused for one in told.lines] == [ReasonCode.RM01] * 2


def test_a_deductible_of_the_whole_package_meets_items_first() -> None:
    """DED-20: 500 over an item of 300 and an act of 400."""
    act, item = a_line(ACT, price=400), a_line(ITEM, price=300)
    told = assess(facts_of(act, item, limits=(a_deductible(500),)))
    assert [line.deducted for line in told.lines] == [200, 300]
    assert paid(told) == [200, 0]
    assert cuts(told) == [("RD01", By.DEDUCTIBLE, 200)]


def test_the_deductible_comes_before_the_percentage() -> None:
    """DED-21: (1,000 - 100) at 80 %."""
    line = a_line(copay=Copay.PERCENT, copay_value=2000)
    assert assess(facts_of(line, limits=(a_deductible(100),))).paid == 720


def test_an_amount_for_each_act_comes_before_the_deductible() -> None:
    # 3.4, steps 4 to 6: min(2 x 1,000, 2 x 700) = 1,400, less 500.
    line = a_line(ACT, 2, copay=Copay.UP_TO, copay_value=700)
    told = assess(facts_of(line, limits=(a_deductible(500),)))
    assert (told.lines[0].member, told.lines[0].deducted, told.paid) == (600, 500, 900)


def test_an_amount_of_nothing_pays_nothing() -> None:
    """3.5, row 6."""
    assert assess(facts_of(a_line(copay=Copay.UP_TO, copay_value=0))).paid == 0


def test_nothing_of_a_price_pays_nothing() -> None:
    """DED-35: 0 %."""
    assert assess(facts_of(a_line(copay=Copay.PERCENT, copay_value=10_000))).paid == 0


def test_a_deductible_and_a_ceiling_on_one_claim() -> None:
    """DED-31: 400 + 400, deductible 100, ceiling 500."""
    limits = (a_deductible(100), a_ceiling(500))
    told = assess(facts_of(a_line(ITEM, price=400), a_line(ACT, price=400), limits=limits))
    assert paid(told) == [300, 200]


def test_a_line_outside_the_ceilings_is_paid_and_uses_nothing_of_them() -> None:
    """3.4, step 8; DED-30 where it does not hold."""
    free = a_line(ITEM, price=300, line={"outside": True})
    told = assess(facts_of(free, a_line(ACT, price=300), limits=(a_ceiling(100),)))
    assert paid(told) == [300, 100]
    assert [line.outside for line in told.lines] == [True, False]
    assert paid(assess(facts_of(replace(free, outside=False), limits=(a_ceiling(100),)))) == [100]


def test_decimals_are_kept() -> None:
    """DED-34: 3 at 33.50, in cents."""
    assert assess(facts_of(a_line(ITEM, 3, 3350))).paid == 10_050


def test_fixed_packages_have_the_price_of_the_list_whatever_is_asked() -> None:
    """DED-12: 1,000, 750 and 100 of 4,000 asked each."""
    whole: dict[str, Any] = {"composition": Composition.FIXED}
    asked: dict[str, Any] = {"price_origin": PriceOrigin.ASKED}
    told = assess(
        facts_of(
            a_line(ACT, 1, 4000, 1000, line=whole, **asked),
            a_line(OTHER, 1, 4000, 750, line=whole, **asked),
            a_line(ITEM, 1, 4000, 100),
            replace(a_line(DAY, 1, 4000, 10), rule=None),
        )
    )
    assert paid(told) == [1000, 750, 100, 0]
    assert told.lines[3].refused is ReasonCode.RB01


# Parts


def test_what_a_fixed_service_contains_is_not_paid_again() -> None:
    whole = {"composition": Composition.FIXED, "parts": ((ITEM, 2),)}
    told = assess(facts_of(a_line(price=1000, line=whole), a_line(ITEM, 3, 100)))
    assert paid(told) == [1000, 100]
    assert cuts(told, 1) == [("RT03", By.PACKAGE, 200)]
    assert (told.patient, told.disallowed) == (0, 200)
    alone = assess(facts_of(a_line(price=1000, line=whole), a_line(ITEM, 2, 100)))
    assert alone.lines[1].refused is ReasonCode.RT03


def test_a_service_of_parts_has_its_price_when_all_of_them_are_claimed() -> None:
    whole = {"composition": Composition.PARTS, "parts": ((ITEM, 2), (OTHER, 1))}
    lines = (a_line(price=1000, line=whole), a_line(ITEM, 2, 100), a_line(OTHER, 1, 300))
    assert paid(assess(facts_of(*lines))) == [1000, 0, 0]
    told = assess(facts_of(*lines[:2]))
    assert paid(told) == [0, 200]
    assert (told.lines[0].refused, told.lines[0].cuts[0].by) == (ReasonCode.RT01, By.PARTS)


# Numbers


def test_a_quantity_above_the_norm_is_lowered_and_then_the_number_allowed() -> None:
    line = a_line(ACT, 20, 10, line={"largest": 12, "left_count": 5})
    told = assess(facts_of(line))
    assert (told.lines[0].quantity, told.paid, told.patient) == (5, 50, 150)
    assert cuts(told) == [("RC07", By.NORM, 80), ("RC01", By.COUNT, 70)]


def test_an_earlier_use_counts_against_an_approved_quantity_too() -> None:
    """3.5, row 17."""
    line = a_line(ACT, 7, 10, line={"approved_quantity": 5, "left_count": 3})
    told = assess(facts_of(line))
    assert told.lines[0].quantity == 3
    assert cuts(told) == [("RM01", By.REVIEW, 20), ("RC01", By.COUNT, 20)]


def test_a_service_given_too_soon_is_refused_by_its_days() -> None:
    told = assess(facts_of(a_line(line={"too_soon": True})))
    assert told.outcome is Outcome.REJECTED
    assert cuts(told) == [("RC01", By.FREQUENCY, 1000)]


def test_all_lines_are_refused_when_the_claims_of_a_category_are_used_up() -> None:
    """VAL-07: one delivery a year."""
    full = LimitFacts(LimitKind.CLAIM_COUNT, 1, 0, category=ClaimCategory.DELIVERY)
    lines = (a_line(line={"category": ClaimCategory.DELIVERY}), a_line(ITEM))
    told = assess(facts_of(*lines, limits=(full,)))
    assert (told.outcome, told.patient) == (Outcome.REJECTED, 2000)
    for line in told.lines:
        assert [(cut.by, cut.category) for cut in line.cuts] == [
            (By.CLAIMS, ClaimCategory.DELIVERY)
        ]
    left = replace(full, left=1)
    assert assess(facts_of(*lines, limits=(left,))).paid == 2000


@pytest.mark.parametrize(
    ("categories", "stay", "category"),
    [
        (["S"], False, "SURGERY"),
        (["H", "O", None, "A", "S"], False, "SURGERY"),
        (["H", "A"], False, "ANTENATAL"),
        (["C"], True, "HOSPITAL"),
        (["D"], True, "DELIVERY"),
        (["O", "C"], False, "CONSULTATION"),
        (["O"], False, "OTHER"),
        ([None], False, "VISIT"),
        ([], False, "VISIT"),
        (["V"], True, "HOSPITAL"),
    ],
)
def test_a_claim_is_put_in_one_category(
    categories: list[str | None], stay: bool, category: str
) -> None:
    """openIMIS handbook 3.1; CAT-*."""
    words = {one.value[0]: one for one in ClaimCategory}
    told = [None if one is None else words[one] for one in categories]
    assert category_of_lines(told, stay=stay) is ClaimCategory[category]


def test_a_refused_line_gives_no_category() -> None:
    """CAT-04."""
    refused = {"category": ClaimCategory.SURGERY, "refused": (ReasonCode.RB03,)}
    told = assess(facts_of(a_line(line=refused), a_line(OTHER, line={"category": None})))
    assert told.category is ClaimCategory.VISIT
    assert assess(facts_of(a_line(), days=2)).category is ClaimCategory.HOSPITAL


# Agreements


def test_one_price_for_the_episode_contains_every_other_act() -> None:
    lines = (
        a_line(OTHER, 2, 500, line={"category": ClaimCategory.CONSULTATION}),
        a_line(ACT, 1, 20_000, 30_000, line={"category": ClaimCategory.DELIVERY}),
        a_line(ITEM, 3, 100),
    )
    told = assess(facts_of(*lines, mode=PaymentMode.CASE_FLAT))
    assert paid(told) == [0, 30_000, 0]
    assert [line.refused for line in told.lines] == [ReasonCode.RT03, None, ReasonCode.RT03]
    assert (told.patient, told.disallowed) == (0, 21_300 - 30_000)
    # Of the same gravity the dearer leads, and one of it counts.
    same = {"category": ClaimCategory.CONSULTATION}
    told = assess(
        facts_of(
            a_line(ACT, 1, 10, line=same),
            a_line(OTHER, 2, 20, line=same),
            mode=PaymentMode.CASE_FLAT,
        )
    )
    assert (paid(told), told.disallowed) == ([0, 20], 30)


def test_a_day_rate_pays_the_days_of_the_stay_and_nothing_beside_them() -> None:
    day = a_line(DAY, 4, 2000, 5000, line={"category": ClaimCategory.HOSPITAL})
    told = assess(facts_of(day, a_line(ITEM, 1, 700), mode=PaymentMode.DAY_RATE, days=3))
    assert paid(told) == [15_000, 0]
    assert cuts(told) == [("RC07", By.DAY, 2000)]
    assert told.patient == 0


def test_care_without_a_stay_is_paid_by_act_under_a_day_rate() -> None:
    told = assess(facts_of(a_line(ITEM, 1, 700), mode=PaymentMode.DAY_RATE))
    assert told.paid == 700


def test_who_is_paid_by_head_is_paid_nothing_and_its_acts_keep_their_worth() -> None:
    line = a_line(ACT, 2, 600, 500, copay=Copay.PERCENT, copay_value=2500)
    told = assess(facts_of(line, mode=PaymentMode.CAPITATION))
    assert (told.outcome, told.paid, told.patient, told.disallowed) == (
        Outcome.APPROVED,
        0,
        0,
        1200,
    )
    assert (told.lines[0].shadow, told.lines[0].quantity) == (1000, 2)
    assert cuts(told) == [("RT03", By.HEAD, 1200)]


def test_a_budget_is_settled_at_the_price_of_each_act() -> None:
    assert assess(facts_of(a_line(), mode=PaymentMode.BUDGET)).paid == 1000


def test_the_members_rebate_lowers_the_list() -> None:
    line = a_line(price=1000, tariff=1000, price_origin=PriceOrigin.LIST)
    told = assess(facts_of(line, discount=1050))
    assert (told.paid, told.disallowed) == (895, 105)
    assert cuts(told) == [("RT02", By.DISCOUNT, 105)]
    lower = replace(line, unit_price=800)
    assert assess(facts_of(lower, discount=1050)).paid == 800


# Relative prices


def relative(price: int = 600, **line: Any) -> LineFacts:
    return a_line(price=price, price_origin=PriceOrigin.RELATIVE, line=line)


def test_a_relative_price_waits_for_its_index() -> None:
    """BAT-01: valued 500, and not paid before the run."""
    facts = facts_of(relative(500))
    told = assess(facts)
    assert (told.outcome, told.paid) == (Outcome.VALUED, 500)


def test_the_index_is_paid_of_relative_prices_alone() -> None:
    """BAT-04: 600 x 0.4077 + 300 = 544.62, in cents."""
    listed = a_line(OTHER, price=30_000)
    told = assess(facts_of(relative(60_000, index=4077), listed))
    assert (told.outcome, told.paid) == (Outcome.APPROVED, 54_462)
    assert (told.patient, told.disallowed) == (0, 60_000 - 24_462)
    assert cuts(told) == [("RT02", By.INDEX, 60_000 - 24_462)]
    more = assess(facts_of(relative(1000, index=12_000)))
    assert (more.paid, more.patient, more.disallowed) == (1200, 0, -200)


def test_the_patients_part_of_a_relative_price_does_not_depend_on_the_index() -> None:
    line = replace(
        relative(1000),
        rule=BenefitRule(
            ACT, price_origin=PriceOrigin.RELATIVE, copay=Copay.PERCENT, copay_value=2500
        ),
    )
    for index in (1, 5000, 20_000):
        assert assess(facts_of(replace(line, index=index))).patient == 250


# Which package


def offer(copay: Copay, value: int, *, fails: bool = False) -> Offer:
    return Offer(BenefitRule(ACT, copay=copay, copay_value=value), fails)


@pytest.mark.parametrize(
    ("percent", "amount", "chosen"),
    [(80, 700, 0), (80, 800, 0), (80, 0, 1), (100, 700, 0), (80, 801, 1), (99, 1001, 1)],
)
def test_the_package_with_the_least_own_payment_pays(
    percent: int, amount: int, chosen: int
) -> None:
    """PRD-01, 03, 04, 06; 3.3: a tie is the share's, an amount above the price wins at once."""
    share = offer(Copay.PERCENT, 10_000 - percent * 100)
    assert choose((share, offer(Copay.UP_TO, amount)), 1000) == chosen


def test_of_one_kind_the_best_is_taken_and_of_equals_the_first() -> None:
    low, high = offer(Copay.PERCENT, 4000), offer(Copay.PERCENT, 1000)
    assert choose((low, high), 1000) == 1
    assert choose((high, high), 1000) == 0
    assert choose((offer(Copay.UP_TO, 10), offer(Copay.UP_TO, 90)), 1000) == 1
    assert choose((offer(Copay.UP_TO, 90), offer(Copay.UP_TO, 0)), 1000) == 1
    assert choose((offer(Copay.FIXED, 300), offer(Copay.PERCENT, 2000)), 1000) == 1


def test_a_package_that_fails_does_not_refuse_what_another_pays() -> None:
    best = offer(Copay.NONE, 0, fails=True)
    assert choose((best, offer(Copay.PERCENT, 9000)), 1000) == 1
    assert choose((Offer(None, fails=True), best), 1000) == 1
    assert choose((Offer(None, fails=True), Offer(None, fails=True)), 1000) == 0


def test_limits_hold_for_the_lines_of_their_own_package() -> None:
    """3.5, row 10: one record a policy with its own lines."""
    base, plus = a_line(ACT, price=1000), a_line(OTHER, price=1000, line={"package": 1})
    limits = (a_ceiling(300), a_ceiling(700, package=1), a_deductible(100, package=1))
    told = assess(facts_of(base, plus, limits=limits, packages=("BASE", "PLUS")))
    assert paid(told) == [300, 700]
    assert [line.deducted for line in told.lines] == [0, 100]
    assert assess(facts_of(base, plus, left_person=50)).paid == 1050


# What earlier care leaves of a package


def a_package(*limits: PackageLimit, **told: Any) -> PackageVersion:
    return PackageVersion(
        PackageVersionId(b"v" * 16),
        PackageId(b"p" * 16),
        "BASE",
        "Base",
        date(2025, 1, 1),
        limits=limits,
        **told,
    )


def a_use(paid: int = 0, deducted: int = 0, claim: int = 1, **told: Any) -> Use:
    values: dict[str, Any] = {"person_id": MARIAMA, "household_id": HOME, "day": date(2025, 3, 1)}
    return Use(
        ClaimId(bytes([claim]) * 16),
        service_id=ACT,
        quantity=1,
        paid=paid,
        deducted=deducted,
        **(values | told),
    )


def left(package: PackageVersion, *uses: Use, inside: bool = False, members: int = 1) -> list[int]:
    told = limits_for(
        package,
        at=0,
        uses=uses,
        person_id=MARIAMA,
        household_id=HOME,
        year=YEAR,
        inside=inside,
        members=members,
    )
    return [one.left for one in told]


def limit(kind: LimitKind, amount: int, **told: Any) -> PackageLimit:
    return PackageLimit(kind, amount, **told)


def test_a_deductible_of_a_person_counts_what_was_taken_this_year() -> None:
    """DED-22: 800 of 1,000 used."""
    package = a_package(limit(LimitKind.DEDUCTIBLE, 1000, over=LimitOver.PERSON_YEAR))
    others = a_use(deducted=90, person_id=OUMAR)
    before = a_use(deducted=70, day=date(2024, 12, 31))
    assert left(package, a_use(deducted=800), others, before) == [200]


def test_a_ceiling_of_a_person_counts_what_was_paid_inside_of_it() -> None:
    """DED-24: 49,500 of 50,000."""
    package = a_package(limit(LimitKind.CEILING, 50_000, over=LimitOver.PERSON_YEAR))
    assert left(package, a_use(49_500), a_use(9_000, outside=True)) == [500]


def test_the_households_ceiling_grows_with_its_members_to_the_highest() -> None:
    """DED-25: 300,000 + 2 x 10,000, at most 315,000, of which 314,000 are used."""
    package = a_package(
        limit(LimitKind.CEILING, 300_000, over=LimitOver.HOUSEHOLD_YEAR),
        limit(LimitKind.EXTRA_MEMBER, 10_000),
        limit(LimitKind.HIGHEST, 315_000),
        threshold=4,
    )
    uses = (a_use(200_000), a_use(114_000, person_id=OUMAR), a_use(1, household_id=ELSEWHERE))
    assert left(package, *uses, members=6) == [1000]
    assert left(package, members=5) == [310_000]
    assert left(package, members=3) == [300_000]
    assert left(replace(package, threshold=None), members=1) == [310_000]


def test_in_patient_and_out_patient_care_have_their_own_ceilings() -> None:
    """DED-26: a visit of one day in a hospital is out-patient when the stay decides."""
    package = a_package(
        limit(LimitKind.CEILING, 10_000, over=LimitOver.PERSON_YEAR, care=CareType.IN),
        limit(LimitKind.CEILING, 2_000, over=LimitOver.PERSON_YEAR, care=CareType.OUT),
    )
    uses = (a_use(400, stay=True, hospital=True), a_use(30, hospital=True))
    assert left(package, *uses) == [1_970]
    assert left(package, *uses, inside=True) == [9_600]
    by_level = replace(package, in_patient_by=InPatientBy.LEVEL)
    assert left(by_level, *uses, inside=True) == [9_570]
    assert not in_patient(package, stay=False, hospital=True)
    assert in_patient(by_level, stay=False, hospital=True)


def test_a_general_limit_goes_before_those_of_one_care() -> None:
    """3.4, preparation 3."""
    package = a_package(
        limit(LimitKind.DEDUCTIBLE, 10, over=LimitOver.EPISODE, care=CareType.IN),
        limit(LimitKind.DEDUCTIBLE, 20, over=LimitOver.EPISODE),
    )
    assert left(package, inside=True) == [20]


def test_claims_of_a_category_are_counted_once_each() -> None:
    package = a_package(limit(LimitKind.CLAIM_COUNT, 3, category=ClaimCategory.SURGERY))
    surgery, visit = ClaimCategory.SURGERY, ClaimCategory.CONSULTATION
    uses = (
        a_use(claim=1, category=surgery),
        a_use(claim=1, category=surgery),
        a_use(claim=1, category=visit),
        a_use(claim=2, category=visit),
        a_use(claim=3, category=surgery, person_id=OUMAR),
        a_use(claim=4, category=surgery, reserved=True),
    )
    assert left(package, *uses) == [2]


def test_the_plain_ceilings_of_a_supplement_are_limits_of_its_place() -> None:
    package = a_package(cap_episode=500, cap_person_year=900)
    told = limits_for(
        package,
        at=1,
        uses=(a_use(100),),
        person_id=MARIAMA,
        household_id=HOME,
        year=YEAR,
        inside=False,
        members=1,
    )
    assert [(one.over, one.left, one.package) for one in told] == [
        (LimitOver.EPISODE, 500, 1),
        (LimitOver.PERSON_YEAR, 800, 1),
    ]


def test_a_share_is_that_of_the_visit_and_the_age() -> None:
    rule = BenefitRule(
        ACT,
        copay=Copay.PERCENT,
        copay_value=1000,
        shares=(
            Share(Visit.EMERGENCY, None, Copay.NONE, 0),
            Share(None, child=True, copay=Copay.FIXED, copay_value=50),
            Share(Visit.REFERRAL, child=True, copay=Copay.UP_TO, copay_value=700),
        ),
    )

    def told(visit: Visit, *, child: bool) -> tuple[Copay, int]:
        one = rule_for(rule, visit, child=child)
        return one.copay, one.copay_value

    assert told(Visit.OTHER, child=False) == (Copay.PERCENT, 1000)
    assert told(Visit.OTHER, child=True) == (Copay.FIXED, 50)
    assert told(Visit.EMERGENCY, child=True) == (Copay.NONE, 0)
    assert told(Visit.REFERRAL, child=True) == (Copay.UP_TO, 700)
    assert told(Visit.REFERRAL, child=False) == (Copay.PERCENT, 1000)


@pytest.mark.parametrize(
    ("exclusion", "inside", "outside"),
    [
        (CeilingExclusion.NONE, True, False),
        (CeilingExclusion.IN, True, True),
        (CeilingExclusion.IN, False, False),
        (CeilingExclusion.OUT, False, True),
        (CeilingExclusion.BOTH, True, True),
        (CeilingExclusion.BOTH, False, True),
    ],
)
def test_what_is_paid_outside_the_ceilings_depends_on_the_care(
    exclusion: CeilingExclusion, inside: bool, outside: bool
) -> None:
    rule = BenefitRule(ACT, ceiling_exclusion=exclusion)
    assert is_outside(rule, child=False, inside=inside) is outside
    apart = BenefitRule(ACT, children_apart=True, ceiling_exclusion_child=exclusion)
    assert is_outside(apart, child=True, inside=inside) is outside
    assert not is_outside(apart, child=False, inside=inside)


# Words


def said(facts: ClaimFacts, at: int = 0) -> list[str]:
    told = assess(facts)
    texts = steps(facts.lines[at], told.lines[at], facts, XOF)
    return [
        speak(one, "en").replace("\u202f", " ").replace("\u00a0", " ").replace(" F CFA", "")
        for one in texts
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            facts_of(a_line(price=11, tariff=100)),
            ["The agreed price 100 counts, whatever is asked.", "The scheme pays 100."],
        ),
        (
            facts_of(a_line(), limits=(a_deductible(300, LimitOver.PERSON_YEAR),)),
            [
                "Deductible of the whole package, 300 still to be taken: 300 is the patient's.",
                "The scheme pays 700.",
            ],
        ),
        (
            facts_of(
                a_line(),
                limits=(a_ceiling(600, LimitOver.PERSON_YEAR, care=CareType.OUT),),
            ),
            [
                "Yearly ceiling of the person (out-patient), 600 left: 400 less.",
                "The scheme pays 600.",
            ],
        ),
        (
            facts_of(
                a_line(line={"category": ClaimCategory.DELIVERY}),
                limits=(
                    LimitFacts(LimitKind.CLAIM_AMOUNT, 55, 55, category=ClaimCategory.DELIVERY),
                ),
            ),
            ["A claim of delivery pays 55 at most: 945 less.", "The scheme pays 55."],
        ),
        (
            facts_of(
                a_line(line={"category": ClaimCategory.VISIT}),
                limits=(LimitFacts(LimitKind.CLAIM_COUNT, 2, 0, category=ClaimCategory.VISIT),),
            ),
            [
                "Claims allowed in a year for visit: 2.",
                "Number allowed reached: nothing is paid; the patient pays.",
            ],
        ),
        (
            facts_of(a_line(quantity=3, price=10, line={"largest": 2})),
            ["2 is the most on one line: 10 is the patient's.", "The scheme pays 20."],
        ),
        (
            facts_of(a_line(quantity=3, price=10, line={"approved_quantity": 2})),
            [
                "Not medically justified: 2 of 3 is approved; 10 is the patient's.",
                "The scheme pays 20.",
            ],
        ),
        (
            facts_of(a_line(price=100, line={"approved_price": 80})),
            [
                "Not medically justified: 80 is approved for one; 20 is refused to the provider.",
                "The scheme pays 80.",
            ],
        ),
        (
            facts_of(a_line(line={"too_soon": True})),
            [
                "It was given too few days before or after.",
                "Number allowed reached: nothing is paid; the patient pays.",
            ],
        ),
        (
            facts_of(a_line(quantity=2), mode=PaymentMode.CASE_FLAT),
            [
                "One price for the whole episode, 1,000: 1,000 is contained in it.",
                "The scheme pays 1,000.",
            ],
        ),
        (
            facts_of(a_line(), mode=PaymentMode.CAPITATION),
            [
                "The provider is paid by head: 1,000 is contained in it. It is worth 1,000.",
                "The scheme pays 0.",
            ],
        ),
        (
            facts_of(a_line(price_origin=PriceOrigin.LIST), discount=1000),
            [
                "Agreed price 900 with the members' rebate: 100 above it is refused to the"
                " provider.",
                "The scheme pays 900.",
            ],
        ),
        (
            facts_of(a_line(copay=Copay.UP_TO, copay_value=700)),
            ["700 counts for each: 300 above it is the patient's.", "The scheme pays 700."],
        ),
        (
            facts_of(a_line(line={"outside": True})),
            ["Paid outside the package's ceilings.", "The scheme pays 1,000."],
        ),
        (
            facts_of(relative(1000)),
            ["It is paid when the index of the period is known.", "The scheme pays 1,000."],
        ),
        (
            facts_of(relative(1000, index=4077)),
            ["The index of the period is 0,4077.", "The scheme pays 408."],
        ),
        (
            facts_of(a_line(line={"own": (250, 0), "package": 1}), packages=("BASE", "PLUS")),
            [
                "Of 2 packages PLUS is taken: the patient's own part is the least.",
                "The scheme pays 1,000.",
            ],
        ),
    ],
)
def test_each_step_has_its_sentence_with_its_numbers(facts: ClaimFacts, told: list[str]) -> None:
    assert said(facts)[1:] == told


def test_a_package_may_spread_a_ceiling_pro_rata_or_by_order() -> None:
    lines = (a_line(ACT, price=600), a_line(ITEM, price=300))
    limits = (a_ceiling(450),)
    assert paid(assess(facts_of(*lines, limits=limits, in_order=frozenset()))) == [300, 150]
    assert paid(assess(facts_of(*lines, limits=limits))) == [150, 300]
