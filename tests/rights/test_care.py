"""Rights to one service: steps 6 to 11 of domain handbook 2.8; vectors of annex Y.2.

The household is that of GOLDEN 2.4a: effect 1 February 2024, rights from 1 May, paid to June.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.terms import BenefitRule, Category, Patients, Service, ServiceTerms
from stepdesk.contributions.terms import DuesDuringSuspension, Renewal
from stepdesk.i18n import speak
from stepdesk.members.terms import Birth, BirthKnown, Cover, Event, EventKind, Sex
from stepdesk.rights.rules import care_verdict
from stepdesk.rights.terms import Answer, CareFacts, Left, Papers, Verdict
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import ServiceId
from tests.rights.test_rules import AUGUST, JOINED, MEMBER, PAID_TO_JUNE, PLAN, facts_on, household

SERVICE = ServiceId(b"s" * 16)
COVERED = date(2024, 6, 3)
WAITS = date(2024, 4, 30)
PAID_TO_OCTOBER = (*PAID_TO_JUNE, AUGUST, (date(2024, 9, 3), 2100), (date(2024, 10, 3), 2100))


def asked(
    day: date = COVERED,
    rule: dict[str, Any] | None = None,
    *,
    payments: tuple[tuple[date, int], ...] = PAID_TO_JUNE,
    **told: Any,
) -> Verdict:
    values: dict[str, Any] = {
        "package": True,
        "rule": BenefitRule(SERVICE, **(rule or {})),
        "age": 30,
        "sex": Sex.FEMALE,
    }
    return care_verdict(facts_on(day, household(*payments)), CareFacts(**(values | told)))


def codes(told: Verdict) -> list[str]:
    return [one.code.value for one in told.reasons]


def conditions(told: Verdict) -> list[str]:
    return [one.code.value for one in told.conditions]


def test_a_covered_service_is_covered() -> None:
    told = asked()
    assert (told.answer, codes(told), conditions(told)) == (Answer.YES, [], [])
    assert told.rights_through == date(2024, 8, 4)


def test_who_has_no_rights_at_all_has_none_to_a_service() -> None:
    told = asked(date(2024, 8, 5))
    assert (told.answer, codes(told), told.to_pay) == (Answer.NO, ["RA04"], 4200)


def test_a_service_for_emergencies_does_not_wait() -> None:
    assert codes(asked(WAITS)) == ["RA03"]
    told = asked(WAITS, {"waiting_exempt": True, "waiting_months": 9})
    assert (told.answer, codes(told)) == (Answer.YES, [])


def test_nobody_suspended_uses_a_service_because_it_does_not_wait() -> None:
    assert codes(asked(date(2024, 8, 5), {"waiting_exempt": True})) == ["RA04"]


def test_vector_8_a_delivery_waits_nine_months_from_the_effect() -> None:
    told = asked(date(2024, 10, 20), {"waiting_months": 9}, payments=PAID_TO_OCTOBER)
    assert (codes(told), told.opens_on) == (["RB03"], date(2024, 11, 1))
    assert asked(date(2024, 11, 1), {"waiting_months": 9}, payments=PAID_TO_OCTOBER).answer is (
        Answer.YES
    )


def test_what_the_package_does_not_name_it_does_not_pay() -> None:
    facts = facts_on(COVERED, household(*PAID_TO_JUNE))
    told = care_verdict(facts, CareFacts(package=True, rule=None, age=30, sex=Sex.FEMALE))
    assert (told.answer, codes(told)) == (Answer.NO, ["RB01"])


def test_what_stands_against_a_service_is_told_though_the_package_does_not_name_it() -> None:
    """Source: openIMIS handbook 3.2: care type (10) and patient (4) come before the package (3)."""
    men = service(care=CareType.IN, patients=frozenset({Patients.MALE, Patients.ADULT}))
    told = asked(service=men, level=Level.CENTRE, provider_care=CareType.OUT)
    assert codes(told) == ["RB09", "RB08"]
    unnamed = CareFacts(
        package=True,
        rule=None,
        age=30,
        sex=Sex.FEMALE,
        service=men,
        level=Level.CENTRE,
        provider_care=CareType.OUT,
    )
    facts = facts_on(COVERED, household(*PAID_TO_JUNE))
    assert codes(care_verdict(facts, unnamed)) == ["RB01", "RB09", "RB08"]
    assert codes(care_verdict(facts, replace(unnamed, sex=Sex.MALE))) == ["RB01", "RB08"]


def test_a_service_that_waits_less_than_the_scheme_opens_with_it() -> None:
    assert asked(date(2024, 5, 1), {"waiting_months": 1}).answer is Answer.YES


def test_vector_12_without_an_agreement_there_is_no_cover() -> None:
    told = asked(level=Level.CENTRE, agreement=False)
    assert (told.answer, codes(told)) == (Answer.NO, ["RB04"])


def test_vector_13_the_third_of_two_in_thirty_days_says_when_it_opens() -> None:
    left = Left(count=0, count_again=date(2024, 6, 20))
    told = asked(rule={"limit_count": 2}, left=left)
    assert (codes(told), told.opens_on) == (["RC01"], date(2024, 6, 20))


@pytest.mark.parametrize(
    ("rule", "told", "code"),
    [
        ({}, {"package": False}, "RB01"),
        ({"covered": False}, {}, "RB01"),
        ({"covered": False, "exclusion": "cosmetic"}, {}, "RB02"),
        ({"sex": Sex.MALE}, {}, "RB09"),
        ({"age_min": 31}, {}, "RB09"),
        ({"age_max": 29}, {}, "RB09"),
        ({"levels": frozenset({Level.POST})}, {"level": Level.CENTRE}, "RB08"),
        ({}, {"left": Left(service_year=0)}, "RC04"),
        ({}, {"left": Left(person_year=0)}, "RC05"),
        ({}, {"left": Left(household_year=0)}, "RC06"),
        ({}, {"left": Left(service_household=0)}, "RC06"),
    ],
)
def test_each_no_has_its_code(rule: dict[str, Any], told: dict[str, Any], code: str) -> None:
    answer = asked(rule=rule, **told)
    assert (answer.answer, codes(answer)) == (Answer.NO, [code])


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"sex": Sex.FEMALE, "age_min": 30, "age_max": 30}, {}),
        ({"levels": frozenset({Level.POST})}, {}),
        ({"levels": frozenset({Level.POST})}, {"level": Level.POST}),
        ({"limit_count": 1}, {"left": Left(count=1)}),
        ({}, {"left": Left(person_year=1, household_year=1, service_year=1)}),
    ],
)
def test_each_limit_holds_on_its_edge(rule: dict[str, Any], told: dict[str, Any]) -> None:
    assert asked(rule=rule, **told).answer is Answer.YES


def test_papers_are_conditions_and_settle_them() -> None:
    rule = {"requires_referral": True, "requires_letter": True}
    told = asked(rule=rule)
    assert (told.answer, conditions(told)) == (Answer.CONDITION, ["RB06", "RB07"])
    told = asked(rule=rule, papers=Papers(referred=True))
    assert (told.answer, conditions(told)) == (Answer.CONDITION, ["RB07"])
    told = asked(rule=rule, papers=Papers(referred=True, guarantee=True))
    assert (told.answer, conditions(told)) == (Answer.YES, [])


def test_an_emergency_elsewhere_is_a_condition_until_it_is_declared() -> None:
    rule = {"emergency_out_of_network": True, "declare_hours": 72}
    away: dict[str, Any] = {"level": Level.CENTRE, "agreement": False}
    told = asked(rule=rule, **away)
    assert (told.answer, conditions(told)) == (Answer.CONDITION, ["RB05"])
    told = asked(rule=rule, papers=Papers(emergency=True), **away)
    assert (told.answer, conditions(told)) == (Answer.CONDITION, ["RB05"])
    told = asked(rule=rule, papers=Papers(emergency=True, declared_hours=72), **away)
    assert told.answer is Answer.YES
    told = asked(rule=rule, papers=Papers(emergency=True, declared_hours=73), **away)
    assert (told.answer, codes(told)) == (Answer.NO, ["RB05"])


def test_every_reason_against_is_told_and_the_first_decides() -> None:
    told = asked(WAITS, {"covered": False}, left=Left(person_year=0))
    assert codes(told) == ["RA03", "RB01", "RC05"]
    assert told.opens_on is None
    assert JOINED < WAITS


def delivery(day: date, *events: Event, cover: Cover = MEMBER) -> tuple[list[str], date | None]:
    """A service that waits nine months, asked for in the household that pays to October."""
    facts = facts_on(day, household(*PAID_TO_OCTOBER, events=events), cover)
    rule = BenefitRule(SERVICE, waiting_months=9)
    told = care_verdict(facts, CareFacts(package=True, rule=rule, age=30, sex=Sex.FEMALE))
    return codes(told), told.opens_on


def test_a_services_waiting_counts_from_where_waiting_was_served_before() -> None:
    elsewhere = Event(EventKind.REGISTERED, JOINED, counts_from=date(2023, 6, 1))
    assert delivery(date(2024, 2, 29), elsewhere) == (["RB03"], date(2024, 3, 1))
    assert delivery(date(2024, 3, 1), elsewhere) == ([], None)


def test_what_a_group_waives_is_the_schemes_waiting_and_no_services_own() -> None:
    waived = Event(EventKind.WAITING_WAIVED, JOINED, counts_from=date(2014, 1, 10))
    # The scheme's three months are gone; six of the nine are left from the effect of 1 February.
    assert delivery(date(2024, 7, 31), waived) == (["RB03"], date(2024, 8, 1))
    assert delivery(date(2024, 8, 1), waived) == ([], None)


def test_who_came_from_another_household_brings_the_waiting_for_a_service() -> None:
    came = replace(MEMBER, first_day=date(2024, 6, 10))
    # The suspension of 5 to 20 August froze 15 days of the own three months: they end on 25, not 10,
    # September; the service opens six months behind that. Source: domain handbook 2.8, step 7.
    assert delivery(date(2024, 10, 1), cover=came) == (["RB03"], date(2025, 3, 25))
    served = replace(came, counts_from=date(2022, 2, 1))
    assert delivery(date(2024, 6, 10), cover=served) == ([], None)


def test_a_newborn_waits_for_a_service_with_the_household_alone() -> None:
    born = date(2024, 6, 1)
    child = replace(MEMBER, first_day=born, birth=Birth(born, BirthKnown.DAY))
    assert delivery(date(2024, 10, 31), cover=child) == (["RB03"], date(2024, 11, 1))
    assert delivery(date(2024, 11, 1), cover=child) == ([], None)


# Whom a service is for, where, and when again


def service(**terms: Any) -> Service:
    base = Service(SERVICE, "CONS", "Consultation", Category.OPD)
    return base.with_terms(ServiceTerms(**terms))


@pytest.mark.parametrize(
    ("provider", "wanted", "stay", "code"),
    [
        # openIMIS handbook 3.2, care type: facility, line, stay.
        (CareType.OUT, CareType.OUT, False, None),
        (CareType.OUT, CareType.BOTH, False, None),
        (CareType.OUT, CareType.IN, False, "RB08"),
        (CareType.OUT, CareType.OUT, True, "RB08"),
        (CareType.OUT, CareType.BOTH, True, "RB08"),
        (CareType.OUT, CareType.IN, True, "RB08"),
        (CareType.IN, CareType.OUT, False, "RB08"),
        (CareType.IN, CareType.OUT, True, "RB08"),
        (CareType.IN, CareType.IN, False, None),
        (CareType.IN, CareType.BOTH, True, None),
        (CareType.BOTH, CareType.IN, False, None),
        (CareType.BOTH, CareType.OUT, True, None),
        (CareType.BOTH, CareType.BOTH, True, None),
    ],
)
def test_care_is_given_where_provider_and_service_are_for_it(
    provider: CareType,
    wanted: CareType,
    stay: bool,
    code: str | None,
) -> None:
    told = asked(
        level=Level.CENTRE, provider_care=provider, service=service(care=wanted), stay=stay
    )
    assert codes(told) == ([] if code is None else [code])


def test_without_a_provider_nobody_is_asked_for_which_care_it_is() -> None:
    assert codes(asked(provider_care=CareType.OUT, service=service(care=CareType.IN))) == []


@pytest.mark.parametrize(
    ("patients", "age", "told"),
    [
        ({Patients.MALE}, 30, "This service is not for persons of this sex."),
        ({Patients.FEMALE}, 30, None),
        ({Patients.FEMALE, Patients.CHILD}, 30, "This service is not for a person of 30 years."),
        ({Patients.ADULT}, 17, "This service is not for a person of 17 years."),
        ({Patients.ADULT}, 18, None),
        (set(), 3, None),
    ],
)
def test_a_service_leaves_out_whom_it_is_not_for(
    patients: set[Patients], age: int, told: str | None
) -> None:
    answer = asked(service=service(patients=frozenset(patients)), age=age)
    said = [(one.code.value, speak(one.text, "en")) for one in answer.reasons]
    assert said == ([] if told is None else [("RB09", told)])


def test_who_is_a_child_is_said_by_the_package() -> None:
    children = service(patients=frozenset({Patients.CHILD}))
    assert codes(asked(service=children, age=19)) == ["RB09"]
    assert codes(asked(service=children, age=19, adult_age=21)) == []


def test_children_wait_for_a_service_as_long_as_is_told_of_them() -> None:
    rule = {"waiting_months": 9, "children_apart": True, "waiting_months_child": 0}
    day = date(2024, 10, 20)
    assert codes(asked(day, rule, payments=PAID_TO_OCTOBER)) == ["RB03"]
    assert codes(asked(day, rule, payments=PAID_TO_OCTOBER, age=17)) == []
    other = {"waiting_months": 0, "children_apart": True, "waiting_months_child": 9}
    told = asked(day, other, payments=PAID_TO_OCTOBER, age=17)
    assert (codes(told), told.opens_on) == (["RB03"], date(2024, 11, 1))


def test_the_same_service_too_soon_again_says_when_it_opens() -> None:
    told = asked(service=service(frequency_days=30), left=Left(near_until=date(2024, 6, 20)))
    assert (codes(told), told.opens_on) == (["RC01"], date(2024, 6, 20))
    assert speak(told.reasons[0].text, "en") == (
        "The same service lies less than 31 days away: it opens on 20 June 2024."
    )


def test_the_number_allowed_is_that_of_children_for_a_child() -> None:
    rule = {"limit_count": 4, "children_apart": True, "limit_count_child": 2}
    for age, count in ((17, 2), (18, 4)):
        told = asked(rule=rule, left=Left(count=0), age=age)
        assert speak(told.reasons[0].text, "en") == f"The number allowed is used up: {count}."


# A service's own waiting, as in openIMIS handbook 2.10 and cases VAL-12, VAL-13, VAL-16

YEARLY = replace(
    PLAN,
    entry_fee=0,
    waiting_months=0,
    period_months=12,
    renewal=Renewal.ON_PAYMENT,
    dues_during_suspension=DuesDuringSuspension.STOP,
    reinstate_wait_short_days=0,
    reinstate_wait_long_days=0,
)


def waits(day: date, *payments: date, **told: Any) -> list[str]:
    account = household(*((one, 6 * 350) for one in payments), plan=YEARLY)
    care = CareFacts(
        package=True, rule=BenefitRule(SERVICE, waiting_months=6), age=30, sex=Sex.FEMALE
    )
    return codes(care_verdict(facts_on(day, account, **told), care))


def test_a_new_member_waits_from_the_effect_and_not_again_after_a_renewal() -> None:
    """Paid on 10 January, in effect on 1 February: six months end with July."""
    first, second = date(2024, 1, 10), date(2025, 1, 15)
    assert waits(date(2024, 2, 3), first) == ["RB03"]
    assert waits(date(2024, 7, 31), first) == ["RB03"]
    assert waits(date(2024, 8, 1), first) == []
    assert waits(date(2025, 2, 3), first, second) == []


def test_who_renews_after_a_gap_does_not_wait_again() -> None:
    assert waits(date(2025, 7, 3), date(2024, 1, 10), date(2025, 6, 20)) == []


def test_who_comes_later_waits_from_the_own_first_day() -> None:
    later = replace(MEMBER, first_day=date(2024, 10, 15))
    paid = (date(2024, 1, 10), date(2025, 1, 15))
    assert waits(date(2025, 4, 14), *paid, cover=later) == ["RB03"]
    assert waits(date(2025, 4, 15), *paid, cover=later) == []
