"""Made-up cases of claims, by hand from the openIMIS handbook, 2.8, 3.1 to 3.5.

They are of the form of the shared ones (3.6), so that the runner is tried on more than its sample.
"""

from typing import Any

import pytest

from tests.peers.openimis import run

YEAR = {"status": 2, "stage": "N", "effective_date": "2025-01-01", "expiry_date": "2025-12-31"}
DAY = {"date_from": "2025-06-10"}
WAITING = {"waiting_period_adult": 6}


def passes(area: str, given: dict[str, Any], expect: dict[str, Any]) -> None:
    outcome = run({"id": "made up", "area": area, "given": given, "expect": expect})
    assert (outcome.status, outcome.reason, outcome.got) == ("pass", "", outcome.got)


def line(
    price: float = 100, *, kind: str = "service", qty: int = 1, **told: Any
) -> dict[str, Any]:
    plain = {"kind": kind, "qty_provided": qty, "price_list_price": price, "price_asked": price}
    return plain | told


@pytest.mark.parametrize(
    ("given", "number"),
    [
        # Run out, never paid, suspended, and care the day before it begins.
        ({"policy": YEAR | {"effective_date": "2024-01-01", "expiry_date": "2024-12-31"}}, 21),
        ({"policy": {"status": 1}}, 21),
        ({"policy": {"status": 4}}, 21),
        ({"policy": {"effective_date": "2025-06-11", "expiry_date": "2026-06-10"}}, 21),
        ({"insuree": {"covered_by_policy": False}}, 21),
        # A closed record is another number.
        ({"insuree": {"record_closed": True}}, 7),
    ],
)
def test_who_is_not_covered_is_refused_as_a_whole(given: dict[str, Any], number: int) -> None:
    expect = {"error_codes": [number], "claim_rejection": 7, "claim_status": 1}
    passes("claim.validation", given | {"claim": DAY}, expect)


def _policy(first: str, last: str) -> dict[str, Any]:
    return YEAR | {"effective_date": first, "expiry_date": last}


def _stay(first: str, last: str) -> dict[str, Any]:
    return {"date_from": first, "date_to": last}


NOT_COVERED = {
    "error_codes": [21],
    "n_errors": 1,
    "claim_rejection": 7,
    "claim_status": 1,
    "all_lines_rejected": True,
    "total_paid": 0,
}
COVERED = {"error_codes": [], "claim_rejection": 0, "claim_status": 16, "total_paid": 100}


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        # Effective by the first day, expiring on the last or later (3.2, row 3): covered.
        ({"policy": YEAR, "claim": _stay("2025-12-29", "2025-12-31")}, COVERED),
        ({"policy": YEAR, "claim": _stay("2025-01-01", "2025-01-03")}, COVERED),
        (
            {
                "policy": _policy("2025-06-10", "2025-12-09"),
                "claim": _stay("2025-06-10", "2025-06-12"),
            },
            COVERED,
        ),
        # Expiring a day before the end; in the middle; over the new year.
        (
            {
                "policy": _policy("2024-06-12", "2025-06-11"),
                "claim": _stay("2025-06-10", "2025-06-12"),
            },
            NOT_COVERED,
        ),
        (
            {
                "policy": _policy("2025-01-01", "2025-06-30"),
                "claim": _stay("2025-06-20", "2025-07-12"),
            },
            NOT_COVERED,
        ),
        ({"policy": YEAR, "claim": _stay("2025-12-30", "2026-01-02")}, NOT_COVERED),
        # Beginning a day after the patient was taken in.
        (
            {
                "policy": _policy("2025-06-11", "2026-06-10"),
                "claim": _stay("2025-06-10", "2025-06-12"),
            },
            NOT_COVERED,
        ),
        # One day on which cover expires is no stay past it.
        (
            {
                "policy": _policy("2024-06-11", "2025-06-10"),
                "claim": {"date_from": "2025-06-10", "date_claimed": "2025-06-20"},
            },
            COVERED,
        ),
        # An emergency, several lines, and a line that waits as well: the claim fails as a whole.
        (
            {"policy": YEAR, "claim": _stay("2025-12-30", "2026-01-02") | {"visit_type": "E"}},
            NOT_COVERED,
        ),
        (
            {
                "policy": YEAR,
                "lines": [line(kind="item"), line(), line(kind="item", qty=3)],
                "claim": _stay("2025-12-30", "2026-01-02"),
            },
            NOT_COVERED,
        ),
        (
            {
                "policy": _policy("2025-09-01", "2025-11-30"),
                "product_service": WAITING,
                "claim": _stay("2025-11-29", "2025-12-02"),
            },
            NOT_COVERED,
        ),
    ],
)
def test_one_policy_covers_the_whole_stay(given: dict[str, Any], expect: dict[str, Any]) -> None:
    passes("claim.validation", given, expect)


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        # Not in the register, not in the price list, not in the product.
        ({"lines": [{"kind": "service", "record_closed": True}]}, [1]),
        ({"lines": [{"kind": "service", "in_price_list": False}]}, [2]),
        ({"lines": [{"kind": "item", "covered_by_product": False}, {"kind": "service"}]}, [3, 0]),
        # A boy: a mask of women and adults refuses him, 0 and men and children do not.
        (
            {
                "insuree": {"adult": False, "gender": "M", "mask": 9},
                "lines": [
                    {"kind": "item", "patient_category_mask": 6},
                    {"kind": "service", "patient_category_mask": 0},
                    {"kind": "service", "patient_category_mask": 9},
                ],
            },
            [4, 0, 0],
        ),
        # A stay where only out-patients are seen; in-patient care in a hospital on one day.
        ({"hf_care_type": "O", "line_care_type": "O", **DAY, "date_to": "2025-06-11"}, [10]),
        ({"hf_care_type": "I", "line_care_type": "I", **DAY}, [0]),
        # Waiting ends six months after the first day, that day included.
        ({"policy": YEAR, "product_service": WAITING, "claim": {"date_from": "2025-06-30"}}, [17]),
        ({"policy": YEAR, "product_service": WAITING, "claim": {"date_from": "2025-07-01"}}, [0]),
        # Who joined after the renewal waits from the own first day.
        (
            {
                "policy": YEAR | {"stage": "R"},
                "insuree": {"insuree_effective": "2025-05-01"},
                "product_service": WAITING,
                "claim": DAY,
            },
            [17],
        ),
    ],
)
def test_lines_are_refused_with_the_peers_numbers(
    given: dict[str, Any], expect: list[int]
) -> None:
    passes("claim.validation", given, {"line_rejection": expect, "n_errors": _errors(expect)})


def _errors(numbers: list[int]) -> int:
    """Each refused line is an error, and that nothing passed is one more."""
    refused = [one for one in numbers if one]
    return len(refused) + (len(refused) == len(numbers))


@pytest.mark.parametrize(
    ("kind", "letter", "number"),
    [
        ("consultation", "C", 13),
        ("surgery", "S", 14),
        ("delivery", "D", 15),
        ("antenatal", "A", 19),
        ("hospitalization", "H", 11),
        ("visits", "V", 12),
    ],
)
def test_the_second_claim_of_a_category_is_one_too_many(
    kind: str, letter: str, number: int
) -> None:
    claims = [{"code": code, "category": letter} for code in "AB"]
    refused = {"line_rejection": number, "all_lines_rejected": True, "claim_status": 1}
    expect = {"claims": [{"code": "A", "errors": 0}, {"code": "B"} | refused]}
    passes("claim.validation", {"product": {f"max_no_{kind}": 1}, "claims": claims}, expect)


@pytest.mark.parametrize(
    ("second", "number"), [("2025-06-10", 5), ("2025-06-11", 5), ("2025-06-12", 0)]
)
def test_days_between_two_services_are_counted_with_the_edge(second: str, number: int) -> None:
    claims = [{"code": "A", "date_from": "2025-06-01"}, {"code": "B", "date_from": second}]
    expect = {"claims": [{"errors": 0}, {"line_rejection": number}]}
    passes("claim.validation", {"service": {"frequency_days": 10}, "claims": claims}, expect)


def test_a_quantity_beyond_the_limit_is_cut_to_what_is_left() -> None:
    claims = [{"code": "A", "qty": 2}, {"code": "B", "qty": 7}]
    left = {"line_rejection": 0, "claim_status": 16, "total_paid": 100}
    expect = {"claims": [{"errors": 0}, left]}
    passes(
        "claim.validation", {"product_service": {"limit_no_adult": 3}, "claims": claims}, expect
    )


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        # A fixed amount is for one unit, and before the deductible.
        ({"lines": [line(1000, qty=2, limitation="F", limitation_value=700)]}, {"rem_g": 1400}),
        (
            {
                "product": {"ded_treatment": 100},
                "lines": [line(1000, limitation="F", limitation_value=700)],
            },
            {"lines": [{"deducted": 100, "paid": 600}]},
        ),
        # 0 pays nothing, nothing told sets no limit.
        ({"lines": [line(limitation="F", limitation_value=0)]}, {"total_paid": 0}),
        ({"lines": [line(limitation="F")]}, {"total_paid": 100}),
        # The provider's own price.
        (
            {"lines": [line(100, kind="item", price_asked=350, price_origin="O")]},
            {"lines": [{"unit_price": 350, "paid": 350}]},
        ),
        # A line under the deductible pays 0 and has passed.
        (
            {"product": {"ded_treatment": 500}, "lines": [line(400)]},
            {
                "lines": [{"deducted": 400, "paid": 0}],
                "ded_g": 400,
                "rem_g": 0,
                "claim_status": 16,
            },
        ),
        # Outside the ceilings always, and in hospital alone; the total has it, the ceiling not.
        (
            {
                "product": {"max_treatment": 100},
                "lines": [line(300, kind="item", ceiling_exclusion="B"), line(300)],
            },
            {
                "lines": [{"paid": 300}, {"exceed_ceiling": 200, "paid": 100}],
                "rem_g": 100,
                "total_paid": 400,
            },
        ),
        (
            {
                "product": {"max_treatment": 100},
                "in_patient": True,
                "lines": [line(300, kind="item", ceiling_exclusion="H")],
            },
            {"rem_g": 0, "total_paid": 300},
        ),
        # Items are paid before services, wherever they stand.
        (
            {"product": {"max_treatment": 100}, "lines": [line(), line(kind="item")]},
            {"lines": [{"exceed_ceiling": 100, "paid": 0}, {"exceed_ceiling": 0, "paid": 100}]},
        ),
        # In-patient by the level of the facility: 1000 less what in-patient care used.
        (
            {
                "product": {
                    "max_ip_insuree": 1000,
                    "max_op_insuree": 200,
                    "ceiling_interpretation": "H",
                },
                "in_patient": True,
                "previous": {"insuree": {"rem_g": 700, "rem_ip": 600}},
                "lines": [line(3000)],
            },
            {"lines": [{"exceed_ceiling": 2600, "paid": 400}], "rem_ip": 400, "rem_op": None},
        ),
        # The deductible of out-patient care, which the SQL engine forgets.
        (
            {
                "product": {"ded_op_insuree": 500},
                "previous": {"insuree": {"ded_op": 200}},
                "lines": [line(800)],
            },
            {"lines": [{"deducted": 300, "paid": 500}]},
        ),
        # One deductible for the family: what others left of it.
        (
            {
                "product": {"ded_policy": 500},
                "policy_members": 3,
                "previous": {"insuree": {"ded_g": 100}, "policy": {"ded_g": 300}},
                "lines": [line(800)],
            },
            {"lines": [{"deducted": 200, "paid": 600}]},
        ),
        # The family's ceiling grows with each member above the threshold: 500 + 2 x 100 - 300.
        (
            {
                "product": {
                    "max_ip_policy": 500,
                    "max_policy_extra_member_ip": 100,
                    "threshold": 1,
                },
                "policy_members": 3,
                "in_patient": True,
                "category": "H",
                "previous": {"policy": {"rem_ip": 300}},
                "lines": [line(800)],
            },
            {"lines": [{"exceed_ceiling": 400, "paid": 400}], "rem_ip": 400},
        ),
        # The amount of a category, also where only items are billed.
        (
            {
                "product": {"max_amount_hospitalization": 55},
                "category": "H",
                "in_patient": True,
                "lines": [line(kind="item", qty=7)],
            },
            {"lines": [{"exceed_category": 645, "paid": 55}]},
        ),
        # A package is priced when its parts stand on the claim.
        (
            {
                "lines": [
                    {"package_type": "P", "complete": True, "register_price": 1000},
                    {"package_type": "P", "register_price": 500},
                ]
            },
            {"unit_price": [1000, None], "total_paid": 1000},
        ),
        # The reviewer's word: 0 is paid with nothing, a price holds, a refusal is one.
        (
            {"lines": [line(kind="item", qty=3, qty_approved=0)]},
            {"total_paid": 0, "line_rejection": 0, "claim_status": 16},
        ),
        (
            {"lines": [line(50, qty=2, price_origin="O", price_approved=40)]},
            {"lines": [{"unit_price": 40, "paid": 80}]},
        ),
        (
            {"lines": [line(qty=3, qty_approved=0, rejection=-1), line(kind="item", qty=3)]},
            {"line_rejection": [-1, 0], "total_paid": 300, "amounts_record_deleted": False},
        ),
    ],
)
def test_what_a_claim_comes_to(given: dict[str, Any], expect: dict[str, Any]) -> None:
    passes("claim.valuation", given, expect)


@pytest.mark.parametrize(
    ("percent", "limit", "chosen"),
    [(80, 900, "F"), (80, 1200, "F"), (80, None, "C"), (None, 700, "F")],
)
def test_the_package_with_the_least_own_payment_is_chosen(
    percent: int | None, limit: int | None, chosen: str
) -> None:
    given = {"claim_unit_price": 1000, "c_percent": percent, "f_limit": limit}
    passes("claim.product_choice", given, {"chosen": chosen})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"hf_code": "WRONG"}, 1),
        ({"claim_code": "K1", "existing": True}, 2),
        ({"chf_id": "404"}, 3),
        ({"hf_code": "H1", "end": "2025-06-09"}, 4),
        ({"hf_code": "H1", "icd": "ZZ9"}, 5),
        ({"hf_code": "H1", "item_code": "NONE"}, 7),
        ({"hf_code": "H1", "service_code": "NONE"}, 8),
        ({"hf_code": "H1"}, None),
    ],
)
def test_an_upload_says_what_is_unknown(given: dict[str, Any], code: int | None) -> None:
    passes("claim.xml", given, {"error": code})


def test_a_pool_is_shared_by_the_days_that_were_paid_for() -> None:
    """12,000 x 31/365 and, paid on 11 March, 12,000 x 21/296: together 1,870.53."""
    paid = {"amount": 12_000, "policy_effective": "2025-01-01", "policy_expiry": "2025-12-31"}
    given = {
        "month": "2025-03",
        "contributions": [paid | {"pay_date": "2025-01-01"}, paid | {"pay_date": "2025-03-11"}],
        "distribution_stored": 0.5,
        "claim_lines": [{"valued": 600.5, "origin": "R"}],
    }
    # 935.265 / 600.5 is 1.5575 of what was valued.
    passes("batch.relative", given, {"allocated": 1870.53, "index": 1.5575, "claim_status": 16})


def test_a_month_without_relative_prices_has_the_index_one() -> None:
    paid = {"amount": 12_000, "policy_effective": "2025-01-01", "policy_expiry": "2025-12-31"}
    given = {
        "month": "2025-01",
        "contributions": [paid | {"pay_date": "2025-01-01"}],
        "distribution_stored": 0.8,
        "relative_amounts_in_period": 0,
        "claim_lines": [{"valued": 300, "origin": "P"}],
    }
    passes("batch.relative", given, {"index": 1, "remunerated": 300})


def test_another_month_can_be_run() -> None:
    ran, asked = {"year": 2019, "month": 4}, {"year": 2019, "month": 5}
    passes("batch", {"existing": ran, "request": asked}, {"error": 0})


@pytest.mark.parametrize(("claims", "percent", "drawn"), [(40, 50, 20), (10, 0, 0), (3, 100, 3)])
def test_chance_draws_a_share(claims: int, percent: int, drawn: int) -> None:
    expect = {"selected_for_review": drawn, "skipped": claims - drawn}
    passes("claim.sampling", {"claims": claims, "percent": percent}, expect)


@pytest.mark.parametrize(
    ("letters", "category"),
    [("D", "D"), ("OC", "C"), ("OV", "O"), ("", "V"), ("AD", "D")],
)
def test_the_first_category_that_one_of_the_acts_has_counts(letters: str, category: str) -> None:
    services = [{"category": one, "line_valid": True} for one in letters] or [{"category": None}]
    passes("claim.category", {"services": services}, {"category": category})
