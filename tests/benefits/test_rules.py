"""What a package and a service may say, and what it says of one patient."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.rules import (
    category_of,
    count_of,
    exclusion_of,
    fault_of,
    is_for,
    package_fault,
    service_fault,
    share_of,
    too_near,
    waiting_of,
)
from stepdesk.benefits.terms import (
    BenefitRule,
    Capitation,
    Category,
    CeilingExclusion,
    Composition,
    Copay,
    Distribution,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    Patients,
    Payment,
    PoolPeriod,
    Service,
    ServiceKind,
    Share,
)
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
from stepdesk.values.ids import PackageId, PackageVersionId, ServiceId
from stepdesk.values.money import MOST

SERVICE = Service(ServiceId(b"s" * 16), "CONS", "Consultation", Category.OPD)
RULE = BenefitRule(SERVICE.id)
DAY = date(2024, 6, 1)
CHILD, ADULT = True, False
BOTH, IN, OUT = CareType.BOTH, CareType.IN, CareType.OUT
EPISODE, PERSON, HOUSEHOLD = LimitOver.EPISODE, LimitOver.PERSON_YEAR, LimitOver.HOUSEHOLD_YEAR


def package(*limits: PackageLimit, **told: Any) -> PackageVersion:
    base = PackageVersion(PackageVersionId(b""), PackageId(b""), "BASE", "Base", DAY)
    return replace(base, limits=limits, **told)


def deductible(care: CareType = BOTH, over: LimitOver = PERSON, amount: int = 100) -> PackageLimit:
    return PackageLimit(LimitKind.DEDUCTIBLE, amount, care, over)


def ceiling(care: CareType = BOTH, over: LimitOver = PERSON, amount: int = 100) -> PackageLimit:
    return PackageLimit(LimitKind.CEILING, amount, care, over)


# What is said of a patient


def test_a_share_told_for_visit_and_age_goes_before_one_for_the_visit_and_that_before_the_age() -> (
    None
):
    rule = replace(
        RULE,
        copay=Copay.PERCENT,
        copay_value=2000,
        shares=(
            Share(Visit.REFERRAL, None, Copay.NONE, 0),
            Share(Visit.REFERRAL, CHILD, Copay.FIXED, 50),
            Share(None, CHILD, Copay.UP_TO, 700),
        ),
    )
    assert share_of(rule, Visit.OTHER, child=False) == (Copay.PERCENT, 2000)
    assert share_of(rule, Visit.OTHER, child=True) == (Copay.UP_TO, 700)
    assert share_of(rule, Visit.REFERRAL, child=False) == (Copay.NONE, 0)
    assert share_of(rule, Visit.REFERRAL, child=True) == (Copay.FIXED, 50)


def test_children_have_limits_of_their_own_only_where_the_rule_says_so() -> None:
    rule = replace(RULE, limit_count=4, waiting_months=6, ceiling_exclusion=CeilingExclusion.IN)
    apart = replace(rule, children_apart=True, limit_count_child=0)
    told = [
        [(count_of(one, child=child), waiting_of(one, child=child), exclusion_of(one, child=child))
         for child in (False, True)]
        for one in (rule, apart)
    ]  # fmt: skip
    adult = (4, 6, CeilingExclusion.IN)
    assert told == [[adult, adult], [adult, (0, 0, CeilingExclusion.NONE)]]


@pytest.mark.parametrize(
    ("patients", "expected"),
    [
        (set(), {"women", "men", "girls", "boys"}),
        ({Patients.MALE}, {"men", "boys"}),
        ({Patients.CHILD}, {"girls", "boys"}),
        ({Patients.FEMALE, Patients.ADULT}, {"women"}),
        ({Patients.FEMALE, Patients.MALE, Patients.CHILD}, {"girls", "boys"}),
        (set(Patients), {"women", "men", "girls", "boys"}),
    ],
)
def test_a_service_is_for_those_it_names(patients: set[Patients], expected: set[str]) -> None:
    everybody = {
        "women": (Sex.FEMALE, False),
        "men": (Sex.MALE, False),
        "girls": (Sex.FEMALE, True),
        "boys": (Sex.MALE, True),
    }
    told = frozenset(patients)
    assert {who for who, (sex, child) in everybody.items() if is_for(told, sex, child=child)} == (
        expected
    )


def test_the_same_service_again_lies_more_than_its_days_away_on_either_side() -> None:
    """Thirty days: the thirtieth is still too near, as in openIMIS; the thirty-first is not."""
    had = [DAY]
    for days, again in ((0, 31), (30, 31), (31, None), (-30, 31), (-31, None)):
        expected = None if again is None else DAY + timedelta(days=again)
        assert too_near(30, had, DAY + timedelta(days=days)) == expected
    assert too_near(None, had, DAY) is None
    assert too_near(0, had, DAY) is None
    assert too_near(30, [], DAY) is None


@given(
    st.integers(1, 40),
    st.lists(st.integers(0, 200), max_size=8),
    st.integers(0, 200),
)
def test_the_first_day_again_is_the_first_that_lies_near_nothing(
    frequency: int, had: list[int], asked: int
) -> None:
    days = [DAY + timedelta(days=one) for one in had]
    first = next(day for day in range(asked, 1000) if all(abs(day - h) > frequency for h in had))
    expected = None if first == asked else DAY + timedelta(days=first)
    assert too_near(frequency, days, DAY + timedelta(days=asked)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"category": Category.SURG}, ClaimCategory.SURGERY),
        ({"category": Category.CSE}, ClaimCategory.DELIVERY),
        ({"category": Category.ANC}, ClaimCategory.ANTENATAL),
        ({"category": Category.HOSP}, ClaimCategory.HOSPITAL),
        ({"category": Category.OPD}, ClaimCategory.CONSULTATION),
        ({"category": Category.LAB}, ClaimCategory.OTHER),
        ({"category": Category.DRUG}, ClaimCategory.VISIT),
        ({"category": Category.OTH, "kind": ServiceKind.ITEM}, ClaimCategory.VISIT),
        (
            {"category": Category.OTH, "claim_category": ClaimCategory.SURGERY},
            ClaimCategory.SURGERY,
        ),
    ],
)
def test_the_category_of_a_claim_follows_from_its_acts(
    told: dict[str, Any], expected: ClaimCategory
) -> None:
    assert category_of(replace(SERVICE, **told)) is expected


# What cannot stand


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"copay": Copay.UP_TO, "copay_value": -1}, "copay_value", "below zero"),
        ({"copay": Copay.UP_TO, "copay_value": MOST + 1}, "copay_value", "that large"),
        (
            {"shares": (Share(Visit.OTHER, None, Copay.PERCENT, 10_001),)},
            "shares",
            "from 0 to 100",
        ),
        ({"shares": (Share(None, None, Copay.FIXED, 5),)}, "shares", "as the share of the rule"),
        (
            {"shares": (Share(None, CHILD, Copay.NONE, 0), Share(None, CHILD, Copay.FIXED, 5))},
            "shares",
            "two shares",
        ),
        ({"limit_count_child": 0}, "limit_count_child", "Say first that children"),
        ({"waiting_months_child": 3}, "waiting_months_child", "Say first that children"),
        (
            {"ceiling_exclusion_child": CeilingExclusion.IN},
            "ceiling_exclusion_child",
            "Say first that children",
        ),
        (
            {"children_apart": True, "waiting_months_child": 241},
            "waiting_months_child",
            "from 0 to 240",
        ),
    ],
)
def test_a_rule_says_what_is_wrong_beside_its_field(
    told: dict[str, Any], field: str, sentence: str
) -> None:
    fault = fault_of(replace(RULE, **told))
    assert fault is not None
    assert fault[0] == field
    assert sentence in speak(fault[1], "en")


@pytest.mark.parametrize(
    "told",
    [
        {"requires_medical_review": True},
        {"payment": Payment.REIMBURSEMENT},
        {"copay": Copay.UP_TO, "copay_value": 0},
        {
            "shares": (
                Share(Visit.REFERRAL, None, Copay.NONE, 0),
                Share(None, ADULT, Copay.UP_TO, 0),
            )
        },
        {"children_apart": True, "limit_count_child": 0, "waiting_months_child": 240},
    ],
)
def test_a_rule_may_say_all_its_words_say(told: dict[str, Any]) -> None:
    assert fault_of(replace(RULE, **told)) is None


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"frequency_days": 0}, "frequency_days", "from 1 to 3,660"),
        ({"frequency_days": 3661}, "frequency_days", "from 1 to 3,660"),
        ({"largest_quantity": 0}, "largest_quantity", "from 1 to 9,999"),
        ({"largest_quantity": 10_000}, "largest_quantity", "from 1 to 9,999"),
        (
            {"kind": ServiceKind.ITEM, "composition": Composition.FIXED},
            "composition",
            "An item has no parts",
        ),
        ({"parts": ((ServiceId(b"p"), 1),)}, "composition", "say how it is priced"),
        ({"composition": Composition.PARTS}, "parts", "Name the parts"),
        (
            {
                "composition": Composition.PARTS,
                "parts": ((ServiceId(b"p"), 1), (ServiceId(b"p"), 2)),
            },
            "parts",
            "stands twice",
        ),
        (
            {"composition": Composition.FIXED, "parts": ((SERVICE.id, 1),)},
            "parts",
            "no part of itself",
        ),
        (
            {"composition": Composition.FIXED, "parts": ((ServiceId(b"p"), 0),)},
            "parts",
            "from 1 to 9,999",
        ),
    ],
)
def test_a_service_says_what_is_wrong_beside_its_field(
    told: dict[str, Any], field: str, sentence: str
) -> None:
    fault = service_fault(replace(SERVICE, **told))
    assert fault is not None
    assert fault[0] == field
    assert sentence in speak(fault[1], "en")


def capitation(**told: Any) -> Capitation:
    base = Capitation(frozenset({Level.CENTRE}), 8000, weight_insured=6000, weight_claims=4000)
    return replace(base, **told)


def months(share: int, care: CareType = BOTH) -> tuple[Distribution, ...]:
    return tuple(Distribution(PoolPeriod.MONTH, care, at, share) for at in range(1, 13))


ONE_OF = "Only one holds"
EITHER = "Either one limit for all care"


@pytest.mark.parametrize(
    ("version", "field", "sentence"),
    [
        (package(cap_episode=-1), "cap_episode", "below zero"),
        (package(threshold=-1), "threshold", "from 0 to"),
        (package(adult_age=0), "adult_age", "from 1 to 100"),
        (package(PackageLimit(LimitKind.DEDUCTIBLE, 5)), "limits", "reckoned over"),
        (package(PackageLimit(LimitKind.HIGHEST, 5, over=PERSON)), "limits", "reckoned over"),
        (package(PackageLimit(LimitKind.CLAIM_COUNT, 5)), "limits", "category of claims"),
        (
            package(replace(ceiling(), category=ClaimCategory.SURGERY)),
            "limits",
            "category of claims",
        ),
        (
            package(
                PackageLimit(LimitKind.CLAIM_COUNT, 1, IN, category=ClaimCategory.SURGERY),
            ),
            "limits",
            "at once",
        ),
        (
            package(
                PackageLimit(LimitKind.CLAIM_COUNT, -1, category=ClaimCategory.SURGERY),
            ),
            "limits",
            "from 0 to",
        ),
        (package(deductible(amount=-1)), "limits", "below zero"),
        (package(deductible(), deductible(amount=5)), "limits", "stands twice"),
        (package(deductible(), deductible(over=EPISODE)), "limits", ONE_OF),
        (package(deductible(IN), deductible(IN, HOUSEHOLD)), "limits", ONE_OF),
        (package(ceiling(OUT), ceiling(OUT, EPISODE)), "limits", ONE_OF),
        (package(deductible(), deductible(IN)), "limits", EITHER),
        (package(ceiling(), ceiling(OUT)), "limits", EITHER),
        (package(ceiling(OUT), cap_person_year=5), "limits", EITHER),
        (package(ceiling(), cap_episode=5), "limits", "Write it once"),
        (package(PackageLimit(LimitKind.EXTRA_MEMBER, 5)), "limits", "needs a ceiling"),
        (
            package(PackageLimit(LimitKind.EXTRA_MEMBER, 5, IN), cap_household_year=9),
            "limits",
            "needs a ceiling",
        ),
        (
            package(PackageLimit(LimitKind.HIGHEST, 8), cap_household_year=9),
            "limits",
            "below the ceiling itself",
        ),
        (
            package(distributions=(Distribution(PoolPeriod.QUARTER, BOTH, 5, 1),)),
            "distributions",
            "from 1 to 4",
        ),
        (
            package(distributions=(Distribution(PoolPeriod.YEAR, BOTH, 1, 10_001),)),
            "distributions",
            "from 0 to 100",
        ),
        (
            package(distributions=(Distribution(PoolPeriod.YEAR, BOTH, 1, 1),) * 2),
            "distributions",
            "stands twice",
        ),
        (
            package(
                distributions=(*months(100), Distribution(PoolPeriod.YEAR, BOTH, 1, 1)),
            ),
            "distributions",
            "have one period",
        ),
        (
            package(distributions=(*months(100), *months(100, IN))),
            "distributions",
            "Choose one index",
        ),
        (
            package(
                distributions=(
                    *months(6000, IN),
                    Distribution(PoolPeriod.QUARTER, OUT, 3, 4001),
                ),
            ),
            "distributions",
            "Month 7 gives away more than 100",
        ),
        (package(capitation=capitation(levels=frozenset())), "capitation", "Name a level"),
        (package(capitation=capitation(share=10_001)), "capitation", "from 0 to 100"),
        (package(capitation=capitation(weight_claims=3999)), "capitation", "come to 100"),
        (
            package(capitation=capitation(weight_claims=4001, weight_amounts=-1)),
            "capitation",
            "come to 100",
        ),
    ],
)
def test_a_package_says_what_is_wrong_beside_its_field(
    version: PackageVersion, field: str, sentence: str
) -> None:
    fault = package_fault(version)
    assert fault is not None
    assert fault[0] == field
    assert sentence in speak(fault[1], "en")


@pytest.mark.parametrize(
    "version",
    [
        package(cap_episode=0, cap_person_year=0, cap_household_year=0, threshold=0),
        package(deductible(IN, EPISODE, 0), deductible(OUT, HOUSEHOLD), ceiling(OUT)),
        package(deductible(), cap_episode=50_000, cap_person_year=80_000),
        package(
            PackageLimit(LimitKind.EXTRA_MEMBER, 10_000),
            PackageLimit(LimitKind.HIGHEST, 315_000),
            cap_household_year=300_000,
            threshold=4,
        ),
        package(
            *(PackageLimit(LimitKind.CLAIM_COUNT, 0, category=one) for one in ClaimCategory),
            *(PackageLimit(LimitKind.CLAIM_AMOUNT, 0, category=one) for one in ClaimCategory),
        ),
        package(distributions=months(10_000)),
        package(
            distributions=(*months(6000, IN), Distribution(PoolPeriod.QUARTER, OUT, 3, 4000)),
        ),
        package(capitation=capitation()),
    ],
)
def test_a_package_may_say_all_its_words_say(version: PackageVersion) -> None:
    assert package_fault(version) is None
