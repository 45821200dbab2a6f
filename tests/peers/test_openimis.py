"""The peer's cases come out as they should; those of claims that are made up stand in test_claims.

The shared file is a sample; the made-up cases beside it are of the same rules, by hand from the
openIMIS handbook, 2.3 to 2.7.
"""

import json
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import quote_of
from tests.peers.bench import bench_on, told_of
from tests.peers.export import Export
from tests.peers.openimis import AREAS, main, run

_ROOT = Path(__file__).resolve().parents[2]
SHARED = next(
    (
        one
        for folder in (_ROOT / "shared", _ROOT.parent / "shared")
        if (one := folder / "cases" / "openimis_cases.json").is_file()
    ),
    _ROOT / "shared",
)
CYCLES: dict[str, Any] = {
    "max_members": 5,
    "lump_sum": 200,
    "threshold": 2,
    "grace_period_enrolment": 1,
    "start_cycle_1": "01-01",
    "start_cycle_2": "01-06",
    "premium_adult": 300,
    "premium_child": 200,
    "registration_fee": 10,
    "general_assembly_fee": 5,
    "insurance_period": 12,
}
FREE: dict[str, Any] = {
    "premium_adult": 300,
    "premium_child": 200,
    "insurance_period": 12,
    "grace_period_payment": 3,
}


def _shared() -> list[dict[str, Any]]:
    if not SHARED.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(SHARED.read_text(encoding="utf-8"))["cases"]
    return found


@pytest.mark.skipif(not SHARED.is_file(), reason="the peer's cases are not here")
@pytest.mark.parametrize("case", _shared(), ids=lambda case: str(case["id"]))
def test_a_shared_case_passes(case: dict[str, Any]) -> None:
    outcome = run(case)
    if case.get("do_not_imitate"):
        assert (outcome.status, outcome.reason) == ("not applicable", "a defect of the peer")
        return
    assert (outcome.status, outcome.reason) == ("pass", "")


@pytest.mark.skipif(not SHARED.is_file(), reason="the peer's cases are not here")
def test_the_shared_cases_are_of_areas_that_are_known_here() -> None:
    cases = _shared()
    assert {one["area"] for one in cases} <= set(AREAS)
    assert sum(not one.get("do_not_imitate") for one in cases) == 85


def enrolling(
    product: dict[str, Any], day: str, expect: dict[str, Any], **given: object
) -> dict[str, Any]:
    told = {"stage": "N", "adults": 2, "children": 0, "product": product, "enroll_date": day}
    return {"id": "made up", "area": "policy.value", "given": told | given, "expect": expect}


def renewing(
    product: dict[str, Any], day: str, expect: dict[str, Any], **given: object
) -> dict[str, Any]:
    return enrolling(
        product, day, expect, **({"stage": "R", "previous_expiry": "2021-12-31"} | given)
    )


def paying(expect: dict[str, Any], **given: object) -> dict[str, Any]:
    told = {"policy_value": 10_000, "already_paid": 0, "action": None, "policy_status": 1}
    return {"id": "made up", "area": "contribution", "given": told | given, "expect": expect}


@pytest.mark.parametrize(
    "case",
    [
        # One month of grace ends with January: 1 February waits for June.
        enrolling(CYCLES, "2021-02-01", {"start_date": "2021-06-01", "value": 230}),
        # After the last cycle of the year, the first one of the next.
        enrolling(CYCLES, "2021-07-01", {"start_date": "2022-01-01"}),
        # Without grace a cycle's own day is too late for it.
        enrolling(
            CYCLES | {"grace_period_enrolment": 0}, "2021-01-01", {"start_date": "2021-06-01"}
        ),
        # Administration months do not put a renewal off.
        renewing(
            CYCLES | {"administration_period": 1, "grace_period_renewal": 1},
            "2022-01-10",
            {"start_date": "2022-01-01", "expiry_date": "2022-12-31", "value": 210},
        ),
        # The day before the discount's month ends, and the day after.
        renewing(
            CYCLES | {"renewal_discount_perc": 10, "renewal_discount_period": 1},
            "2021-12-02",
            {"start_date": "2022-01-01", "value": 210},
        ),
        enrolling(
            CYCLES | {"enrolment_discount_perc": 5, "enrolment_discount_period": 1},
            "2020-12-02",
            {"value": 230},
        ),
        # No early enrolment where terms start freely.
        enrolling(
            FREE | {"enrolment_discount_perc": 5, "enrolment_discount_period": 0},
            "2021-03-01",
            {"value": 600},
        ),
        # A threshold without a lump: everybody once.
        enrolling(
            CYCLES | {"lump_sum": 0},
            "2021-01-05",
            {"value": 3 * 300 + 200 + 4 * 15},
            adults=3,
            children=1,
        ),
        # Non-relatives above the most members are not priced.
        enrolling(
            {"max_members": 3, "lump_sum": 1000, "premium_adult": 100, "premium_child": 50},
            "2021-01-05",
            {"value": 1000},
            children=1,
            other_adults=2,
        ),
        # Expiry is clipped to the end of a month.
        enrolling(
            FREE | {"insurance_period": 6},
            "2025-08-31",
            {"start_date": "2025-08-31", "expiry_date": "2026-02-27"},
        ),
        enrolling(
            FREE | {"insurance_period": 9, "administration_period": 2},
            "2024-12-31",
            {"start_date": "2025-02-28", "expiry_date": "2025-11-27"},
        ),
        # The last day for payment.
        enrolling(CYCLES, "2020-11-10", {"last_payment_date": "2021-01-31"}),
        enrolling(FREE, "2020-11-10", {"last_date_for_payment": "2021-02-09"}),
        renewing(FREE, "2021-12-20", {"last_date_for_payment": "2022-03-31"}),
        renewing(
            CYCLES | {"grace_period_renewal": 2}, "2021-12-20", {"last_payment": "2022-02-28"}
        ),
    ],
)
def test_what_an_enrolment_costs_and_when_it_holds(case: dict[str, Any]) -> None:
    outcome = run(case)
    assert (outcome.status, outcome.reason, outcome.got) == ("pass", "", outcome.got)


@pytest.mark.parametrize(
    "case",
    [
        paying({"policy_status": 1, "effective_date": None}, amount=4000, action="wait"),
        paying(
            {"policy_status": 2, "effective_date": "max(pay_date,start_date)"},
            already_paid=6000,
            amount=4000,
        ),
        paying({"policy_status": 2, "effective_date": "pay_date"}, amount=4000, action="enforce"),
        paying(
            {"policy_status": 2, "effective_date": "2025-06-01"},
            amount=10_000,
            pay_date="2025-05-20",
            start_date="2025-06-01",
        ),
        paying(
            {"policy_status": 2, "effective_date": "2025-06-15"},
            amount=10_000,
            pay_date="2025-06-15",
            start_date="2025-06-01",
        ),
    ],
)
def test_cover_begins_when_all_is_paid_or_promised(case: dict[str, Any]) -> None:
    outcome = run(case)
    assert (outcome.status, outcome.reason) == ("pass", "")


def test_a_suspension_by_hand_is_argued_and_not_imitated() -> None:
    outcome = run(paying({"policy_status": 4}, amount=10_000, action="suspend"))
    assert (outcome.status, outcome.got) == ("not applicable", None)
    assert "nobody suspends by hand" in outcome.reason


def renewal(given: Mapping[str, Any], expect: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": "made up", "area": "renewal", "given": given, "expect": expect}


def test_a_renewal_is_asked_for_up_to_the_fourteenth_day_before_and_after_the_end() -> None:
    policies = [
        {"id": "a", "expiry": "2025-06-15", "status": 2},
        {"id": "b", "expiry": "2025-06-16", "status": 2},
        {"id": "c", "expiry": "2025-05-20", "status": 8},
        {"id": "d", "expiry": "2025-06-06", "status": 1},
        {"id": "e", "expiry": "2025-05-31", "status": 2},
    ]
    given = {"interval_days": 14, "today": "2025-06-01", "policies": policies}
    told = {"a": 2, "b": 2, "c": 8, "d": 1, "e": 8}
    outcome = run(renewal(given, {"prompted": ["a", "c", "e"], "status": told}))
    assert (outcome.status, outcome.reason) == ("pass", "")


def test_a_policy_that_is_followed_by_another_is_not_asked_for() -> None:
    policies = [
        {"id": "a", "expiry": "2025-05-31", "status": 8, "family": "f", "product": "P"},
        {"id": "b", "expiry": "2026-05-31", "status": 2, "family": "f", "product": "P"},
    ]
    given = {"interval_days": 14, "today": "2025-06-01", "policies": policies}
    outcome = run(renewal(given, {"prompted": []}))
    assert (outcome.status, outcome.reason) == ("pass", "")


@pytest.mark.parametrize(
    ("number", "root", "valid"),
    [("79927398713", 10, True), ("79927398710", 10, False), ("A2342", 7, False), ("1", 7, False)],
)
def test_a_number_keeps_to_its_check_digit(number: str, root: int, valid: bool) -> None:
    given = {"number": number, "length": len(number), "modulo": root}
    case = {"id": "made up", "area": "insuree.number", "given": given, "expect": {"valid": valid}}
    assert run(case).status == "pass"


def test_who_is_a_relative_of_any_kind_has_a_place_in_the_lump(tmp_path: Path) -> None:
    """Three adults fill the lump, of the child and the one who is no relative each pays."""
    export, day = Export(), date(2025, 3, 1)
    told = {"lump_sum": 1000, "threshold": 3, "premium_adult": 100, "premium_child": 50}
    export.product("P1", told | {"insurance_period": 12})
    people = [("adult", ""), ("adult", "3"), ("adult", "5"), ("child", "9"), ("adult", "7")]
    export.family("1", people, {"adult": date(1990, 1, 1), "child": date(2017, 1, 1)})
    bench = bench_on(tmp_path, day)
    try:
        bench.bring_in(export)
        total = bench.desk.ask(quote_of, bench.household("101"), day).total
        assert told_of(total, bench.desk) == 1000 + 50 + 100
    finally:
        bench.desk.close()


# Two faults of one line: which comes first. Source: openIMIS handbook 3.2, the table of checks.

FAULTS: Mapping[int, Mapping[str, Any]] = {
    1: {"record_closed": True},
    2: {"in_price_list": False},
    10: {"care_type": "I"},
    4: {"patient_category_mask": 9},
    3: {"covered_by_product": False},
    17: {"waiting_period_adult": 9},
    16: {"limit_no_adult": 0},
}
CHECKS = (1, 2, 10, 4, 3, 17, 16)
"""Their order; frequency (5) stands before the patient (4) for services, after it for items."""
WOMAN: dict[str, Any] = {
    "claim": {"date_from": "2025-06-10", "hf_care_type": "O", "hf_level": "H"},
    "insuree": {"gender": "F", "adult": True},
    "policy": {"effective_date": "2025-01-01", "expiry_date": "2025-12-31"},
}


@pytest.mark.parametrize("kind", ["service", "item"])
def test_of_two_faults_of_a_line_the_first_one_checked_there_is_told(kind: str) -> None:
    pairs = list(combinations(CHECKS, 2))
    lines = [{"kind": kind, **FAULTS[one], **FAULTS[other]} for one, other in pairs]
    told = WOMAN | {"lines": lines}
    expect = {"line_rejection": [first for first, _ in pairs]}
    outcome = run({"id": "", "area": "claim.validation", "given": told, "expect": expect})
    assert (outcome.status, outcome.got) == ("pass", expect)


def test_the_number_of_claims_is_checked_last() -> None:
    lines = [{"kind": "service", "category": "C", **FAULTS[one]} for one in CHECKS]
    told = WOMAN | {"lines": lines, "product": {"max_no_consultation": 0}}
    expect = {"line_rejection": [*CHECKS]}
    outcome = run({"id": "", "area": "claim.validation", "given": told, "expect": expect})
    assert (outcome.status, outcome.got) == ("pass", expect)


@pytest.mark.parametrize(
    ("kind", "also"),
    [
        ("service", {"limit_no_adult": 1}),
        ("item", {"limit_no_adult": 1}),
        ("service", {"category": "C"}),
    ],
)
def test_too_soon_comes_before_too_many(kind: str, also: Mapping[str, Any]) -> None:
    given = {
        "product": {"max_no_consultation": 1},
        "lines": [{"kind": kind, "frequency_days": 30, **also}],
        "claims": [
            {"code": "A", "date_from": "2025-06-01"},
            {"code": "B", "date_from": "2025-06-10"},
        ],
    }
    expect = {
        "claims": [
            {"code": "A", "line_rejection": [0]},
            {"code": "B", "line_rejection": [5]},
        ]
    }
    outcome = run({"id": "", "area": "claim.validation", "given": given, "expect": expect})
    assert (outcome.status, outcome.reason) == ("pass", "")


# What a case does not tell, or tells oddly


@pytest.mark.parametrize(
    ("area", "given", "expect"),
    [
        # Of a number nothing is asked by a root or a length of 0; an empty one is none.
        ("insuree.number", {"number": "1234", "modulo": 0, "length": 0}, {"valid": True}),
        ("insuree.number", {"number": "12345", "modulo": 0, "length": 4}, {"valid": False}),
        ("insuree.number", {"number": "9" * 5000 + "3", "modulo": 7}, {"valid": False}),
        ("insuree.number", {"number": "", "modulo": 0}, {"valid": False}),
        ("insuree.number", {"number": None}, {"valid": False}),
        # No policies, no claims, no lines: nothing to ask for; a plain claim.
        ("renewal", {"today": "2025-01-01", "policies": []}, {"prompted": [], "status": {}}),
        ("claim.validation", {"claims": []}, {"errors": 0}),
        ("claim.valuation", {"lines": []}, {"total_paid": 100}),
        # No money came.
        (
            "contribution",
            {"policy_value": 100, "amount": 0, "action": "wait"},
            {"policy_status": 1, "effective_date": None, "amount_after_create": 0},
        ),
        ("contribution", {"policy_value": 0.5, "amount": 0.5}, {"policy_status": 2}),
        (
            "policy.value",
            {
                "product": {"lump_sum": 0, "premium_adult": 0.25, "premium_child": None},
                "adults": 2,
                "children": None,
                "enroll_date": "2025-03-01",
            },
            {"value": 0.5},
        ),
    ],
)
def test_null_zero_and_empty_are_values_of_a_case(
    area: str, given: Mapping[str, Any], expect: Mapping[str, Any]
) -> None:
    outcome = run({"id": "", "area": area, "given": given, "expect": expect})
    assert (outcome.status, outcome.reason) == ("pass", "")


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (None, "this is no case"),
        ({"area": "renewal", "given": {}}, "the case does not tell what is expected"),
        ({"area": "renewal", "expect": {"a": 1}}, "the case does not tell what is given"),
        (enrolling(FREE, "", {"value": 1}), "— is no day"),
        (
            enrolling(FREE, "2025-03-01", {"value": 0}, adults=0),
            "a family without anybody does not enrol",
        ),
        (enrolling(FREE, "2025-02-30", {"value": 1}), "2025-02-30 is no day"),
        (paying({"policy_status": 1}, amount=None), "the case does not tell amount"),
        (paying({"policy_status": 1}, amount="much"), "much is no number"),
        (
            paying({"policy_status": 1}, amount=0.001),
            "0.001 is no amount of the book's currency",
        ),
        (
            enrolling(FREE, "2025-03-01", {"value": 1}, adults=1.5),
            "1.5 is not whole: the book counts whole units, persons and months",
        ),
        (
            {
                "area": "claim.valuation",
                "given": {"lines": [{"kind": "item", "qty_provided": 2.5}]},
                "expect": {"total_paid": 250},
            },
            "2.5 is not whole: the book counts whole units, persons and months",
        ),
        (
            {
                "area": "claim.valuation",
                "given": {"claim": {"visit_type": "Z"}},
                "expect": {"total_paid": 100},
            },
            "there is no visit of the kind Z",
        ),
        (
            {
                "area": "batch.relative",
                "given": {"month": "2024-02", "contributions": []},
                "expect": {"index": 1},
            },
            "the case tells no contributions",
        ),
        (
            {
                "area": "batch",
                "given": {"request": {"year": 2019, "month": 13}},
                "expect": {"error": 0},
            },
            "there is no month 13 of 2019",
        ),
    ],
)
def test_a_case_that_cannot_be_set_up_is_not_applicable_and_says_why(case: Any, why: str) -> None:
    outcome = run(case)
    assert (outcome.status, outcome.reason) == ("not applicable", why)


def test_what_is_expected_wrongly_fails_and_says_where() -> None:
    outcome = run(enrolling(FREE, "2021-03-01", {"start_date": "2021-03-01", "value": 601}))
    assert (outcome.status, outcome.reason) == ("fail", "differs in value")
    assert outcome.got == {"start_date": "2021-03-01", "value": 600}


def test_defects_of_the_peer_and_unknown_areas_are_not_applicable() -> None:
    wrong = enrolling(FREE, "2021-03-01", {"value": 601}) | {"do_not_imitate": True}
    later = {"id": "x", "area": "claim.feedback", "given": {}, "expect": {}}
    assert [run(wrong).status, run(later).status] == ["not applicable"] * 2


def test_the_command_prints_what_came_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    good = enrolling(FREE, "2021-03-01", {"value": 600})
    file.write_text(json.dumps({"cases": [good]}), encoding="utf-8")
    assert main([str(file), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told == {
        "id": "made up",
        "area": "policy.value",
        "status": "pass",
        "expected": {"value": 600},
        "got": {"value": 600},
        "reason": "",
    }
    file.write_text(json.dumps({"cases": [good, good | {"expect": {"value": 1}}]}))
    assert main([str(file)]) == 1
    assert "1 pass, 1 fail, 0 not applicable" in capsys.readouterr().out
    assert main([str(tmp_path / "none.json")]) == 2
