"""Each check with a planted case and its innocent neighbour. Figures: domain handbook 2.16, advice handbook 2.8."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import Category
from stepdesk.contributions.terms import BookletFinding, FindingKind
from stepdesk.control.rules import (
    CHECKS,
    COUNTED,
    NEXT,
    PATTERN_OF,
    PATTERNS,
    Candidate,
    Care,
    CashReceipt,
    CatchUp,
    CountMade,
    Covered,
    Facts,
    HandedOver,
    Leaves,
    LetterIssued,
    allowed,
    comes_back,
    draw,
    fingerprint,
    look,
    sentence,
    switched_off,
)
from stepdesk.control.terms import (
    LEVELS,
    Check,
    Finding,
    FlagState,
    Pattern,
    Precision,
    Subject,
    SubjectKind,
)
from stepdesk.i18n import Text, speak
from stepdesk.members.terms import Sex
from stepdesk.values.care import Level, Visit
from stepdesk.values.ids import BookletId, LetterId
from stepdesk.values.money import Currency
from tests.control.kit import (
    LAST,
    MARCH,
    a_home,
    an_id,
    care,
    facts,
    household_id,
    limits,
    line,
    provider_id,
    seen,
    somebody,
    staff_id,
)

DRUG = Category.DRUG
XOF = Currency("XOF", 0)


def day(month: int, number: int) -> date:
    return date(2024, month, number)


def claims_of(one: Finding) -> set[bytes]:
    return set(one.claims)


# The table


def test_the_levels_are_those_of_the_table() -> None:
    """Domain handbook 2.16, last column."""
    told = "3 3 3 2 2 2 1 1 2 3 3 2 2 2 2 1"
    assert [LEVELS[one] for one in Pattern] == [int(level) for level in told.split()]
    assert [one.value for one in Pattern] == [f"F-{at:02d}" for at in range(1, 17)]


def test_every_pattern_has_a_check_and_every_check_its_words() -> None:
    assert set(PATTERN_OF) == set(Check)
    assert set(PATTERN_OF.values()) == set(Pattern) == set(PATTERNS)
    level_one = {check for check, pattern in PATTERN_OF.items() if LEVELS[pattern] == 1}
    assert set(COUNTED) == level_one | {Check.OFTEN}


def test_nothing_is_seen_in_an_empty_year() -> None:
    assert look(facts(), limits()) == ()
    assert len(CHECKS) == len(set(CHECKS))


# F-01


def test_two_providers_on_one_day_are_seen() -> None:
    one, two = care(at=1), care(at=2)
    (found,) = seen(facts([one, two]), Check.TWO_PROVIDERS)
    assert (found.pattern, found.level) == (Pattern.F01, 3)
    assert found.claims == (two.claim_id, one.claim_id)
    assert found.numbers == {"day": "2024-03-05", "providers": 2}


def test_who_is_sent_on_or_goes_to_the_pharmacy_is_not() -> None:
    sent = [care(at=1), care(at=2, visit=Visit.REFERRAL)]
    assert seen(facts(sent), Check.TWO_PROVIDERS) == []
    pharmacy = [care(at=1), care(1, MARCH, line(DRUG), at=2)]
    where = {provider_id(2): Level.PHARMACY}
    assert seen(facts(pharmacy, levels=where), Check.TWO_PROVIDERS) == []
    others = [care(1, at=1), care(2, at=2), care(1, day(3, 6), at=2)]
    assert seen(facts(others), Check.TWO_PROVIDERS) == []


def test_a_certificate_that_does_not_fit_the_register_is_seen() -> None:
    odd = care(codes=frozenset({"RA10", "RT02"}))
    (found,) = seen(facts([odd, care(2, codes=frozenset({"RT02"}))]), Check.IDENTITY)
    assert found.claims == (odd.claim_id,)
    assert found.numbers["code"] == "RA10"


def test_a_birth_under_another_name_is_seen_as_one_or_the_other() -> None:
    """The officer says that somebody else gave birth; of a man that is told as what cannot be."""
    birth = care(1, MARCH, line(Category.DEL), codes=frozenset({"RA10"}))
    woman, man = somebody(), somebody(sex=Sex.MALE)
    assert [one.claims for one in seen(facts([birth], [woman]), Check.IDENTITY)] == [
        (birth.claim_id,)
    ]
    assert seen(facts([birth], [woman]), Check.IMPOSSIBLE) == []
    assert seen(facts([birth], [man]), Check.IDENTITY) == []
    assert len(seen(facts([birth], [man]), Check.IMPOSSIBLE)) == 1


def a_village(visits: int, *, at: int = 1) -> list[Care]:
    """Forty women, each in a household of her own, twice ill a year; one of them so often."""
    told = [
        care(who, day(month, who % 28 + 1), home=who) for who in range(2, 42) for month in (2, 8)
    ]
    return told + [care(1, day(1, 1) + timedelta(days=9 * n), at=at) for n in range(visits)]


def test_far_more_visits_than_expected_are_counted_and_flagged_with_a_second_sign() -> None:
    (alone,) = seen(facts(a_village(26)), Check.OFTEN)
    assert (alone.level, alone.subject.id, alone.weight) == (1, care(1).person_id, 26)
    second = [*a_village(26), care(1, day(1, 1), at=2)]
    (both,) = seen(facts(second), Check.OFTEN)
    assert both.level == 2
    assert seen(facts(a_village(6)), Check.OFTEN) == []


# F-02


def test_a_bill_sent_twice_is_seen() -> None:
    """Domain: same patient, provider, service, date; or the same amount within 3 days."""
    one = care(1, MARCH, line(), line(DRUG, 900))
    again = replace(one, claim_id=care().claim_id)
    (found,) = seen(facts([one, again]), Check.BILLED_TWICE)
    assert (found.pattern, found.level) == (Pattern.F02, 3)
    assert claims_of(found) == {one.claim_id, again.claim_id}
    later = replace(again, first_day=day(3, 8), last_day=day(3, 8))
    assert len(seen(facts([one, later]), Check.BILLED_TWICE)) == 1
    too_late = replace(again, first_day=day(3, 9), last_day=day(3, 9))
    assert seen(facts([one, too_late]), Check.BILLED_TWICE) == []


def test_nearly_the_same_amount_counts_for_two_days() -> None:
    """Advice: within 2 days and amount ± 5 %."""
    one = care(1, MARCH, line(DRUG, 10_000))
    near = care(1, day(3, 7), line(DRUG, 9_600))
    assert len(seen(facts([one, near]), Check.BILLED_TWICE)) == 1
    assert seen(facts([one, care(1, day(3, 7), line(DRUG, 9_400))]), Check.BILLED_TWICE) == []
    assert seen(facts([one, care(1, day(3, 8), line(DRUG, 9_600))]), Check.BILLED_TWICE) == []


def test_another_service_provider_or_patient_is_no_bill_sent_twice() -> None:
    one = care(1, MARCH, line(DRUG, 900))
    for other in (
        care(1, MARCH, line(Category.LAB, 900)),
        care(1, MARCH, line(DRUG, 900), at=2),
        care(2, MARCH, line(DRUG, 900)),
    ):
        assert seen(facts([one, other]), Check.BILLED_TWICE) == []


# F-03


def test_care_after_death_is_seen() -> None:
    """Domain handbook Y.2, 11: dependant died 3 Mar, certificate dated 5 Mar."""
    dead = somebody(deceased_on=day(3, 3))
    (found,) = seen(facts([care()], [dead]), Check.AFTER_DEATH)
    assert (found.pattern, found.level) == (Pattern.F03, 3)
    assert found.numbers == {"day": "2024-03-05", "since": "2024-03-03"}
    assert seen(facts([care(1, day(3, 3))], [dead]), Check.AFTER_DEATH) == []


def test_care_after_exit_is_seen_and_before_it_is_not() -> None:
    left = somebody(covers=(Covered(household_id(1), date(2020, 1, 1), day(3, 1)),))
    assert len(seen(facts([care()], [left]), Check.AFTER_EXIT)) == 1
    assert seen(facts([care(1, day(2, 29))], [left]), Check.AFTER_EXIT) == []
    moved = replace(left, covers=(*left.covers, Covered(household_id(2), day(3, 1))))
    assert seen(facts([care()], [moved]), Check.AFTER_EXIT) == []
    not_yet = somebody(covers=(Covered(household_id(1), day(6, 1)),))
    assert seen(facts([care()], [not_yet]), Check.AFTER_EXIT) == []


def test_care_while_suspended_is_seen_even_where_it_was_let_through() -> None:
    assert len(seen(facts([care(codes=frozenset({"RA04"}))]), Check.SUSPENDED)) == 1
    assert seen(facts([care(codes=frozenset({"RC05"}))]), Check.SUSPENDED) == []


def test_a_leaf_of_no_booklet_of_the_provider_is_seen() -> None:
    given = {provider_id(1): (Leaves(147, 1, 50, frozenset({9})),)}

    def strange(certificate: str) -> bool:
        return bool(seen(facts([care(certificate=certificate)], leaves=given), Check.LEAF))

    assert [strange(told) for told in ("0147-23", "0147-51", "0148-23", "0147-09", "abc", "")] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert seen(facts([care(certificate="99")]), Check.LEAF) == []


@pytest.mark.parametrize(
    ("sex", "age", "impossible"),
    [(Sex.FEMALE, 30, False), (Sex.MALE, 30, True), (Sex.FEMALE, 8, True), (Sex.FEMALE, 60, True)],
)
def test_a_delivery_of_a_man_a_child_or_at_sixty_cannot_be(
    sex: Sex, age: int, impossible: bool
) -> None:
    """Advice handbook 1.9, T-IMPOSS."""
    birth = care(1, day(7, 1), line(Category.DEL, 5000))
    found = seen(facts([birth], [somebody(sex=sex, age=age)]), Check.IMPOSSIBLE)
    assert bool(found) is impossible


def test_two_deliveries_need_seven_months() -> None:
    """Advice handbook 2.8: delivery < 210 days after delivery."""
    first = care(1, day(1, 10), line(Category.DEL, 5000))

    def again(days: int) -> list[Finding]:
        later = care(1, day(1, 10) + timedelta(days=days), line(Category.DEL, 5000))
        return seen(facts([first, later]), Check.TWO_DELIVERIES)

    assert len(again(209)) == 1
    assert again(210) == []


def test_nobody_lies_in_two_hospitals() -> None:
    stay = care(1, MARCH, line(Category.HOSP, 2000), nights=4)
    elsewhere = care(1, day(3, 7), line(Category.HOSP, 2000), at=2, nights=3)
    assert len(seen(facts([stay, elsewhere]), Check.TWO_BEDS)) == 1
    moved = care(1, day(3, 9), line(Category.HOSP, 2000), at=2, nights=3)
    assert seen(facts([stay, moved]), Check.TWO_BEDS) == []
    visit = care(1, day(3, 7), at=2)
    assert len(seen(facts([stay, visit]), Check.TWO_BEDS)) == 1
    assert seen(facts([stay, care(1, day(3, 7))]), Check.TWO_BEDS) == []


# F-04


def visits(number: int, *, at: int = 1, first: date = date(2024, 1, 1), **told: Any) -> list[Care]:
    """So many consultations, each of another patient, on working days one after another."""
    found, on = [], first
    for n in range(number):
        while on.isoweekday() == 7:
            on += timedelta(days=1)
        found.append(care(1000 * at + n, on, *told.get("lines", ()), at=at, home=1000 * at + n))
        on += timedelta(days=1)
    return found


def sundays(number: int, *, at: int = 1) -> list[Care]:
    return [
        care(9000 + n, date(2024, 1, 7) + timedelta(weeks=n), at=at, home=9000 + n)
        for n in range(number)
    ]


def test_many_planned_visits_on_the_closing_day_are_seen() -> None:
    """By hand: of 100, 10 let pass: 18 or more come by chance once in seventy, 17 once in 37."""
    (found,) = seen(facts([*visits(82), *sundays(18)]), Check.CLOSED_DAYS)
    assert (found.pattern, found.level) == (Pattern.F04, 2)
    assert found.subject == Subject(SubjectKind.PROVIDER, provider_id(1))
    assert (found.numbers["count"], found.numbers["cases"]) == (18, 100)
    assert seen(facts([*visits(83), *sundays(17)]), Check.CLOSED_DAYS) == []
    assert seen(facts([*visits(10), *sundays(9)]), Check.CLOSED_DAYS) == []


def test_a_hospital_and_an_emergency_know_no_sunday() -> None:
    told = [*visits(80), *sundays(20)]
    hospital = {provider_id(1): Level.DISTRICT_HOSPITAL}
    assert seen(facts(told, levels=hospital), Check.CLOSED_DAYS) == []
    urgent = [*visits(80), *(replace(one, visit=Visit.EMERGENCY) for one in sundays(20))]
    assert seen(facts(urgent), Check.CLOSED_DAYS) == []


def test_among_peers_that_all_open_on_sunday_nobody_stands_apart() -> None:
    told = [one for at in range(1, 8) for one in (*visits(80, at=at), *sundays(20, at=at))]
    assert seen(facts(told), Check.CLOSED_DAYS) == []


def test_more_consultations_than_a_day_holds_are_seen() -> None:
    full = [care(n, home=n) for n in range(1, 62)]
    (found,) = seen(facts(full), Check.MANY_ACTS)
    assert (found.numbers["count"], found.numbers["limit"], found.weight) == (61, 60, 1)
    assert seen(facts(full[:60]), Check.MANY_ACTS) == []


def with_drugs(prices: list[int]) -> list[Care]:
    return [
        replace(one, lines=(line(), line(DRUG, price)), claimed=600 + price)
        for one, price in zip(visits(len(prices)), prices, strict=True)
    ]


def test_round_prices_are_seen_where_no_list_fixes_them() -> None:
    """Domain handbook 2.16: round amounts share > 60 %."""
    round_ones = [1000, 2000, 3000, 4000] * 5 + [1250, 1370] * 4
    (found,) = seen(facts(with_drugs(round_ones)), Check.ROUND_AMOUNTS)
    assert (found.numbers["count"], found.numbers["cases"]) == (20, 28)
    mixed = [1000, 2000, 3000, 1250, 1370, 2410] * 5
    assert seen(facts(with_drugs(mixed)), Check.ROUND_AMOUNTS) == []
    fixed = [2000] * 30
    assert seen(facts(with_drugs(fixed)), Check.ROUND_AMOUNTS) == []


def test_a_post_with_far_more_visits_a_person_stands_out_of_the_funnel() -> None:
    """Twenty persons a post; six posts see them 30 times a year, one 90 times."""
    homes, people, told = {}, [], []
    for at in range(1, 8):
        for n in range(20):
            number = 100 * at + n
            home = a_home(number, post_id=provider_id(at), declared_size=1)
            homes[home.id] = home
            people.append(somebody(number, home=number))
        for n in range(90 if at == 7 else 30):
            number = 100 * at + n % 20
            told.append(care(number, day(1 + n % 12, 1 + n % 28), at=at, home=number))
    (found,) = seen(facts(told, people, homes=homes), Check.MANY_VISITS)
    assert found.subject.id == provider_id(7)
    assert found.numbers["count"] == 90
    assert found.numbers["cases"] == 20
    few = [one for one in told if one.provider_id not in {provider_id(1), provider_id(2)}]
    assert seen(facts(few, people, homes=homes), Check.MANY_VISITS) == []


# F-05, F-06


def dear(at: int, share: int, cases: int = 100) -> list[Care]:
    """So many certificates of a provider, so many of them for hospital."""
    return [
        replace(one, lines=(line(Category.HOSP, 2000),)) if n < share else one
        for n, one in enumerate(visits(cases, at=at))
    ]


def test_half_as_much_again_of_dear_care_as_the_median_of_peers_is_seen() -> None:
    """Domain handbook 2.16: > 1.5 times the peer median. Peers have 10 of 100: 16 is seen, 15 not."""
    peers = [one for at in range(1, 6) for one in dear(at, 10)]
    (found,) = seen(facts([*peers, *dear(6, 16)]), Check.EXPENSIVE)
    assert found.subject.id == provider_id(6)
    assert found.numbers == {"own": 1600, "peers": 1000, "cases": 100}
    assert seen(facts([*peers, *dear(6, 15)]), Check.EXPENSIVE) == []


def test_peers_are_of_the_same_level_and_have_twenty_cases() -> None:
    peers = [one for at in range(1, 6) for one in dear(at, 10)]
    hospital = {provider_id(6): Level.DISTRICT_HOSPITAL}
    assert seen(facts([*peers, *dear(6, 90)], levels=hospital), Check.EXPENSIVE) == []
    assert seen(facts([*peers, *dear(6, 19, cases=19)]), Check.EXPENSIVE) == []
    assert len(seen(facts([*peers, *dear(6, 20, cases=20)]), Check.EXPENSIVE)) == 1


def given_drugs(at: int, price: int, cases: int = 20) -> list[Care]:
    return [
        replace(one, lines=(line(), line(DRUG, price)), claimed=600 + price)
        for one in visits(cases, at=at)
    ]


def test_half_as_much_again_of_medicines_as_the_median_is_seen() -> None:
    """Domain handbook 2.16, F-06: only with 20 cases."""
    peers = [
        one for at, price in enumerate((800, 900, 1000, 1100, 1200), 1)
        for one in given_drugs(at, price)
    ]  # fmt: skip
    (found,) = seen(facts([*peers, *given_drugs(6, 1501)]), Check.DRUGS)
    assert (found.pattern, found.level) == (Pattern.F06, 2)
    assert found.numbers == {"own": 1501, "peers": 1000, "cases": 20}
    assert seen(facts([*peers, *given_drugs(6, 1500)]), Check.DRUGS) == []
    assert seen(facts([*peers, *given_drugs(6, 9000, cases=19)]), Check.DRUGS) == []


def test_one_of_five_is_compared_with_the_others_together_and_two_with_nobody() -> None:
    """Domain handbook 8.7: one provider of five, cost ×1.4 and more."""
    four = [one for at in range(1, 5) for one in given_drugs(at, 1000)]
    (found,) = seen(facts([*four, *given_drugs(5, 1600)]), Check.DRUGS)
    assert found.subject.id == provider_id(5)
    assert seen(facts([*given_drugs(1, 1000), *given_drugs(5, 1600)]), Check.DRUGS) == []


def test_treatment_in_pieces_of_one_day_is_seen() -> None:
    pieces = [care(1, day(3, n)) for n in (5, 6, 7, 8)]
    (found,) = seen(facts(pieces), Check.SPLIT)
    assert (found.subject.id, found.weight) == (care(1).person_id, 3)
    assert seen(facts(pieces[:3]), Check.SPLIT) == []
    weeks = [care(1, day(3, n)) for n in (5, 12, 19, 26)]
    assert seen(facts(weeks), Check.SPLIT) == []


def bills(at: int, rise: float, cases: int = 400) -> list[Care]:
    """So many bills in each half of 2024, of 800 to 1,200; in the second half times e^rise."""
    found = []
    for half in (0, 1):
        for n in range(cases):
            amount = int((800 + n % 5 * 100) * (exp(rise) if half else 1))
            on = date(2024, 1 + 6 * half, 1) + timedelta(days=n % 180)
            found.append(care(10_000 * at + n, on, line(DRUG, amount), at=at, home=1))
    return found


def test_bills_that_rise_beyond_those_of_peers_are_seen() -> None:
    """Advice handbook 2.8: s.e. √(.02² + s²/n + s₀²/n₀), at least 400 claims a half-year, z > 3.

    By hand: s of ln(800…1200) is .143, so the error is √(.0004 + 2 × .0000511) = .0224 and a rise
    of .15 over peers has z 6.7; one of .05 has 2.2.
    """
    peers = [*bills(1, 0.10), *bills(2, 0.10), *bills(3, 0.10)]
    (found,) = seen(facts([*peers, *bills(4, 0.25)]), Check.DRIFT)
    assert found.subject.id == provider_id(4)
    assert found.numbers["z"] == pytest.approx(669, abs=6)
    assert seen(facts([*peers, *bills(4, 0.15)]), Check.DRIFT) == []
    assert seen(facts([*peers, *bills(4, 0.60, cases=399)]), Check.DRIFT) == []


def test_more_tests_and_more_repeated_visits_than_peers_are_seen() -> None:
    told = []
    for at in range(1, 8):
        for n, one in enumerate(visits(100, at=at)):
            lab = n % 10 == 0 or (at == 7 and n % 2 == 0)
            told.append(replace(one, lines=(line(), line(Category.LAB)) if lab else (line(),)))
    (found,) = seen(facts(told), Check.LABORATORY)
    assert (found.subject.id, found.numbers["count"]) == (provider_id(7), 50)
    again = [
        replace(one, person_id=care(n // 2 + 5000).person_id)
        for n, one in enumerate(visits(100, at=7))
    ]
    rest = [one for one in told if one.provider_id != provider_id(7)]
    (back,) = seen(facts([*rest, *again]), Check.REPEATED)
    assert (back.subject.id, back.numbers["count"]) == (provider_id(7), 50)
    assert seen(facts(rest), Check.REPEATED) == []


# F-07, F-08, F-09


def test_care_soon_after_rights_is_a_statistic() -> None:
    """Domain handbook 2.16: first claim ≤ 30 days after rights."""
    joined = somebody(covers=(Covered(household_id(1), day(1, 1)),))
    home = a_home(joined_on=day(1, 1), rights_from=day(4, 1))

    def early(on: date) -> list[Finding]:
        told = facts([care(1, on)], [joined], homes={home.id: home})
        return seen(told, Check.EARLY_CARE)

    (found,) = early(day(5, 1))
    assert (found.level, found.numbers) == (1, {"days": 30})
    assert early(day(5, 2)) == []


def test_a_birth_before_seven_months_is_a_statistic() -> None:
    joined = somebody(covers=(Covered(household_id(1), day(1, 1)),))
    home = a_home(joined_on=day(1, 1), rights_from=day(2, 1))

    def birth(days: int) -> list[Finding]:
        one = care(1, day(1, 1) + timedelta(days=days), line(Category.DEL, 5000))
        return seen(facts([one], [joined], homes={home.id: home}), Check.EARLY_DELIVERY)

    assert len(birth(209)) == 1
    assert birth(210) == []


def test_a_part_of_a_family_that_is_unlike_others_is_a_statistic() -> None:
    """Domain handbook 2.16: completeness < 0.6 and a skewed profile."""
    usual = [
        somebody(10 * at + n, home=at, age=age)
        for at in range(2, 12)
        for n, age in enumerate((35, 30, 8, 5, 2))
    ]
    homes = {one.id: one for one in (a_home(at, declared_size=5) for at in range(2, 12))}

    def part(size: int, *ages: int) -> list[Finding]:
        home = a_home(1, declared_size=size)
        people = [*usual, *(somebody(n, age=age) for n, age in enumerate(ages, 1))]
        told = facts([], people, homes=homes | {home.id: home})
        return seen(told, Check.PART_OF_FAMILY)

    (found,) = part(6, 62, 58)
    assert found.numbers == {"covered": 2, "persons": 6, "share": 3333}
    assert part(3, 62, 58) == []
    assert part(6, 20, 14) == []


def test_four_dependants_added_who_soon_have_care_are_seen() -> None:
    """Domain handbook 2.16: > 3 dependants added in a year who claim within 60 days."""
    added = [
        somebody(n, covers=(Covered(household_id(1), day(3, 1), added=True),)) for n in range(1, 5)
    ]
    soon = [care(n, day(4, 30)) for n in range(1, 5)]
    (found,) = seen(facts(soon, added), Check.ADDED_DEPENDANTS)
    assert (found.subject.id, found.weight, found.level) == (household_id(1), 4, 2)
    assert seen(facts(soon[:3], added), Check.ADDED_DEPENDANTS) == []
    late = [*soon[:3], care(4, day(5, 1))]
    assert seen(facts(late, added), Check.ADDED_DEPENDANTS) == []
    founders = [replace(one, covers=(Covered(household_id(1), day(3, 1)),)) for one in added]
    assert seen(facts(soon, founders), Check.ADDED_DEPENDANTS) == []


# F-10, F-11


def leaf(kind: FindingKind, first: int = 7, last: int = 7) -> BookletFinding:
    return BookletFinding(kind, BookletId(an_id(1, 7)), "0012", first, last, Text("as found"), ())


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        (FindingKind.SKIPPED, Check.MISSING_LEAF),
        (FindingKind.MISSING, Check.MISSING_LEAF),
        (FindingKind.OUT_OF_ORDER, Check.OUT_OF_ORDER),
        (FindingKind.TWICE, Check.LEAF_TWICE),
        (FindingKind.NOT_KEPT, None),
    ],
)
def test_leaves_that_are_not_in_order_are_seen(kind: FindingKind, check: Check | None) -> None:
    found = look(facts(booklets=(leaf(kind),)), limits())
    assert [one.check for one in found] == ([] if check is None else [check])
    assert all((one.pattern, one.level) == (Pattern.F10, 3) for one in found)


def cash(on: date, amount: int, *, typed: date | None = None, who: int = 1) -> CashReceipt:
    number = int(f"{on:%j}{abs(amount)}")
    return CashReceipt(an_id(number, 8), staff_id(who), on, typed or on, amount)


def handed(on: date, amount: int, *, expected: int | None = None) -> HandedOver:
    return HandedOver(an_id(int(f"{on:%j}"), 9), staff_id(1), on, amount, expected)


def late(receipts: list[CashReceipt], *hands: HandedOver) -> list[Finding]:
    return seen(facts(receipts=tuple(receipts), hand_overs=hands), Check.LATE_HAND_OVER)


def test_cash_kept_longer_than_fourteen_days_is_seen() -> None:
    """Domain handbook 2.16: collector's delay > 14 days."""
    assert late([cash(MARCH, 1000)], handed(day(3, 19), 1000)) == []
    (found,) = late([cash(MARCH, 1000)], handed(day(3, 20), 1000))
    assert (found.pattern, found.numbers["days"], found.numbers["amount"]) == (
        Pattern.F10,
        15,
        1000,
    )


def test_what_is_handed_over_pays_the_oldest_receipts_first() -> None:
    """By hand: 1,000 of 5 March and 500 of 10 March; 1,000 come on the 12th, 500 on the 30th."""
    told = [cash(MARCH, 1000), cash(day(3, 10), 500)]
    (found,) = late(told, handed(day(3, 12), 1000), handed(day(3, 30), 500))
    assert (found.numbers["days"], found.numbers["amount"], found.weight) == (20, 500, 1)
    assert late(told, handed(day(3, 12), 1500)) == []


def test_cash_that_never_came_waits_until_the_last_day() -> None:
    (found,) = late([cash(day(12, 1), 700)])
    assert found.numbers["days"] == 30
    taken_back = [cash(day(12, 1), 700), cash(day(12, 2), -700), cash(day(12, 3), 700)]
    assert late(taken_back, handed(day(12, 5), 700)) == []


def test_three_receipts_typed_in_weeks_later_are_seen() -> None:
    """Advice handbook 1.9, T-LAP: posted 20 to 60 days later."""

    def posted(days: int, number: int = 3) -> list[Finding]:
        receipts = [
            cash(day(3, n), 700, typed=day(3, n) + timedelta(days=days))
            for n in range(1, number + 1)
        ]
        return seen(facts(receipts=tuple(receipts)), Check.LATE_POSTING)

    (found,) = posted(20)
    assert (found.pattern, found.level, found.weight) == (Pattern.F11, 3, 3)
    assert found.numbers["amount"] == 2100
    assert posted(19) == []
    assert posted(40, number=2) == []


def test_less_than_the_stubs_is_seen_each_time() -> None:
    told = facts(
        hand_overs=(
            handed(MARCH, 4000, expected=5000),
            handed(day(4, 5), 5000, expected=5000),
            handed(day(5, 5), 5100, expected=5000),
            handed(day(6, 5), 100),
        )
    )
    (found,) = seen(told, Check.SHORT_HAND_OVER)
    assert (found.numbers["missing_amount"], found.numbers["day"]) == (1000, "2024-03-05")


# F-12 to F-16


def paid(on: date, typed: date, until: date = date(2024, 3, 1), home: int = 1) -> CatchUp:
    return CatchUp(an_id(1, 10), household_id(home), on, typed, until, 350)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (paid(MARCH, MARCH), 1),  # the day of care
        (paid(day(3, 2), day(3, 6)), 1),  # dated before it, typed in after it
        (paid(day(3, 6), day(3, 6)), 0),  # after care: opens nothing for it
        (paid(day(3, 2), day(3, 4)), 0),  # paid and typed in before anybody was ill
        (paid(MARCH, MARCH, until=day(4, 1)), 0),  # the present month, not arrears
        (paid(MARCH, MARCH, home=2), 0),  # another household
    ],
)
def test_arrears_paid_with_care_are_seen(one: CatchUp, found: int) -> None:
    """Domain handbook 2.16: recorded the day of or after care for a period before care."""
    told = seen(facts([care()], catch_ups=(one,)), Check.BACK_DATED)
    assert len(told) == found
    assert all((one.pattern, one.level) == (Pattern.F12, 2) for one in told)


def letter(number: int, hour: int, *, staff: int = 1, at: int = 1) -> LetterIssued:
    return LetterIssued(
        LetterId(an_id(number, 11)),
        provider_id(at),
        staff_id(staff),
        datetime(2024, 3, 4, hour, 30, tzinfo=None),
    )


def test_letters_outside_hours_mostly_by_one_to_one_provider_are_seen() -> None:
    """Domain handbook 2.16: > 50 %; by hand 4 of 6 are 66.66 %."""
    night = [letter(n, 22) for n in range(4)]
    others = [letter(4, 5, staff=2), letter(5, 20, at=2)]
    (found,) = seen(facts(letters=(*night, *others)), Check.LETTERS)
    assert found.subject == Subject(SubjectKind.STAFF, staff_id(1))
    assert found.numbers == {"count": 4, "cases": 6, "share": 6666}
    half = (*night[:3], *others, letter(6, 21, staff=3))
    assert seen(facts(letters=half), Check.LETTERS) == []
    by_day = tuple(letter(n, 10) for n in range(20))
    assert seen(facts(letters=by_day), Check.LETTERS) == []


def counted(on: date, difference: int, **told: Any) -> CountMade:
    return CountMade(an_id(int(f"{on:%j}"), 12), on, difference, **told)


def test_three_counts_that_differ_in_a_quarter_are_seen() -> None:
    wrong = (counted(day(1, 9), -500), counted(day(2, 9), 200), counted(day(3, 30), -25))
    (found,) = seen(facts(counts=wrong), Check.COUNTS)
    assert (found.subject, found.level) == (Subject(SubjectKind.BOX), 2)
    assert (found.numbers["count"], found.numbers["amount"]) == (3, -325)
    apart = (*wrong[:2], counted(day(4, 1), -25))
    assert seen(facts(counts=apart), Check.COUNTS) == []
    right = (*wrong[:2], counted(day(3, 30), 0))
    assert seen(facts(counts=right), Check.COUNTS) == []
    elsewhere = (*wrong[:2], counted(day(3, 30), -25, box_id=an_id(1)))
    assert seen(facts(counts=elsewhere), Check.COUNTS) == []


def test_a_claim_of_ones_own_household_is_seen() -> None:
    own = {staff_id(1): household_id(1)}
    told = care(staff=frozenset({staff_id(1), staff_id(2)}))
    (found,) = seen(facts([told], own=own), Check.OWN_HOUSEHOLD)
    assert (found.pattern, found.claims) == (Pattern.F15, (told.claim_id,))
    other = care(staff=frozenset({staff_id(2)}))
    neighbour = care(home=2, staff=frozenset({staff_id(1)}))
    assert seen(facts([other, neighbour], own=own), Check.OWN_HOUSEHOLD) == []


def monthly(december: int) -> Facts:
    """By hand: six months of means 1,000 and 1,020 by turns: mean 1,010, s.d. 10.95."""
    told = []
    for month in range(6, 13):
        price = december if month == 12 else 1000 + 20 * (month % 2)
        told += [care(n, day(month, 1 + n), line(DRUG, price), home=n) for n in range(1, 21)]
    return facts(told)


def test_a_month_far_from_the_six_before_is_a_statistic() -> None:
    """Domain handbook 2.16: > 2 standard deviations."""
    (found,) = seen(monthly(1032), Check.MONTH_MEAN)
    assert (found.level, found.numbers["usual"], found.numbers["own"]) == (1, 1010, 1032)
    assert seen(monthly(1031), Check.MONTH_MEAN) == []


def amounts(at: int, leading: list[int]) -> list[Care]:
    """Five hundred amounts of medicines over two orders of magnitude."""
    return [
        care(n, day(1 + n % 12, 1 + n % 28), line(DRUG, leading[n % len(leading)] * 10 ** (n // 9 % 3)), at=at, home=n)
        for n in range(500)
    ]  # fmt: skip


def test_first_digits_are_compared_with_peers_and_only_where_there_are_many() -> None:
    """Advice handbook 2.8: n ≥ 500 over two orders of magnitude, deviation ≥ .015, a statistic."""
    usual = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    told = [*amounts(1, usual), *amounts(2, usual), *amounts(3, [7, 8, 9, 7, 8, 9, 7, 8, 9])]
    found = seen(facts(told), Check.DIGITS)
    assert provider_id(3) in {one.subject.id for one in found}
    assert {one.level for one in found} == {1}
    alike = [*amounts(1, usual), *amounts(2, usual)]
    assert seen(facts(alike), Check.DIGITS) == []
    few = [*amounts(1, usual), *amounts(3, [7, 8, 9])[:499]]
    assert seen(facts(few), Check.DIGITS) == []


# All of them


cases = st.builds(
    lambda who, on, price, at, nights, codes: care(
        who,
        date(2024, 1, 1) + timedelta(days=on),
        line(DRUG, price),
        line(),
        at=at,
        nights=nights,
        codes=frozenset(codes),
    ),
    who=st.integers(1, 3),
    on=st.integers(0, 12),
    price=st.sampled_from((600, 610, 900)),
    at=st.integers(1, 2),
    nights=st.integers(0, 2),
    codes=st.sets(st.sampled_from(("RA04", "RA10", "RT02")), max_size=1),
)


@given(told=st.lists(cases, max_size=10), other=cases)
def test_an_unrelated_claim_never_removes_a_finding_of_another(
    told: list[Care], other: Care
) -> None:
    dead = somebody(2, deceased_on=date(2024, 1, 6))
    stranger = replace(
        other, person_id=care(77).person_id, household_id=household_id(77), staff=frozenset()
    )
    own = {staff_id(1): household_id(1)}

    def of_claims(what: Facts) -> set[tuple[Check, bytes]]:
        return {
            (one.check, fingerprint(one))
            for one in look(what, limits())
            if one.subject.kind is SubjectKind.CLAIM
        }

    before = of_claims(facts(told, [dead], own=own))
    assert before <= of_claims(facts([*told, stranger], [dead], own=own))


@given(told=st.lists(cases, max_size=8))
def test_every_finding_can_be_said_in_a_sentence(told: list[Care]) -> None:
    for one in look(facts(told), limits()):
        said = speak(sentence(one.check, one.numbers, XOF), "en")
        assert "{" not in said
        assert said.endswith(".")
        assert 0 <= one.score <= 1000


def test_the_gravest_stand_first() -> None:
    big, small = line(DRUG, 90_000), line(DRUG, 500)
    told = facts(
        [care(1, MARCH, big), care(1, MARCH, big), care(2, MARCH, small), care(2, MARCH, small)],
        counts=tuple(counted(day(1, n), 5) for n in (1, 2, 3)),
    )
    found = look(told, limits())
    assert [(one.level, one.subject.kind) for one in found] == [
        (3, SubjectKind.CLAIM),
        (3, SubjectKind.CLAIM),
        (2, SubjectKind.BOX),
    ]
    assert found[0].numbers["amount"] == 90_000


# What follows


def test_the_states_are_those_of_the_handbook() -> None:
    """RAISED → REVIEWED → DISMISSED | CONFIRMED → ACTION."""
    told = {(one, to) for one in FlagState for to in FlagState if allowed(one, to)}
    assert told == {
        (FlagState.RAISED, FlagState.REVIEWED),
        (FlagState.REVIEWED, FlagState.DISMISSED),
        (FlagState.REVIEWED, FlagState.CONFIRMED),
        (FlagState.CONFIRMED, FlagState.ACTION),
        (FlagState.ACTION, FlagState.ACTION),
    }
    assert set(NEXT) == set(FlagState)


def test_a_finding_comes_back_when_clearly_more_stands_behind_it() -> None:
    assert comes_back(1, [], limits())
    assert not comes_back(1, [1], limits())
    assert comes_back(2, [1], limits())
    assert not comes_back(124, [90, 100], limits())
    assert comes_back(125, [90, 100], limits())


@pytest.mark.parametrize(
    ("dismissed", "confirmed", "off"), [(46, 4, True), (45, 5, False), (49, 0, False)]
)
def test_a_pattern_nearly_always_dismissed_is_switched_off(
    dismissed: int, confirmed: int, off: bool
) -> None:
    """Advice handbook 2.8: precision < 10 % after 50 reviews."""
    told = Precision(Pattern.F02, 100, dismissed, confirmed)
    assert switched_off(told, limits()) is off


def some(number: int, *, flagged: int = 0) -> list[Candidate]:
    return [
        Candidate(an_id(n), (2, 10, 30, 60)[n % 4], 900 - n if n < flagged else 0)
        for n in range(number)
    ]


def test_visits_are_drawn_by_rank_and_by_chance_and_the_same_ones_again() -> None:
    drawn = draw(some(400, flagged=30), seed=7, visits=25, ranked=10)
    assert [one.claim_id for one in drawn[:10]] == [an_id(n) for n in range(10)]
    assert [one.by_chance for one in drawn] == [False] * 10 + [True] * 15
    assert draw(some(400, flagged=30)[::-1], seed=7, visits=25, ranked=10) == drawn
    assert draw(some(400, flagged=30), seed=8, visits=25, ranked=10) != drawn


@given(number=st.integers(0, 120), flagged=st.integers(0, 20), seed=st.integers(0, 2**63 - 1))
def test_nobody_is_asked_twice_and_each_age_has_its_share(
    number: int, flagged: int, seed: int
) -> None:
    told = some(number, flagged=flagged)
    asked = {one.claim_id for one in told[40:45]}
    drawn = draw(told, seed=seed, visits=25, ranked=10, asked=asked)
    ids = [one.claim_id for one in drawn]
    assert len(set(ids)) == len(ids) == min(25, number - len(asked))
    assert not asked & set(ids)
    ages = {one.claim_id: one.age for one in told}
    chance = [ages[one.claim_id] for one in drawn if one.by_chance]
    rest = [
        one
        for one in told
        if one.claim_id not in asked and one.claim_id not in ids[: len(ids) - len(chance)]
    ]
    for age in (2, 10, 30, 60):
        share = len(chance) * sum(one.age == age for one in rest)
        assert abs(chance.count(age) * len(rest) - share) < max(1, len(rest))


def test_the_last_day_is_in() -> None:
    assert facts().month.last == LAST
