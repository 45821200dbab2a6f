"""Batches against their invoices: unknown patients and named differences. Source: screens 2.5."""

from datetime import date
from typing import Any

import pytest

from stepdesk.claims import queries
from stepdesk.claims.service import (
    decide_batch,
    enter_unknown,
    name_difference,
    solve_unknown,
)
from stepdesk.claims.terms import Difference, DifferenceKind, Reconciled
from stepdesk.errors import Caution, Refusal
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId, UnknownPatientId
from tests.builders import a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field


def stranger(desk: Desk, batch: BatchId, amount: int = 1200, **told: Any) -> UnknownPatientId:
    values: dict[str, Any] = {
        "request_id": a_request(),
        "certificate": "0460",
        "written": "card 999, a boy of 5",
        "day": date(2024, 1, 9),
        "claimed": francs(desk, amount),
    }
    return desk.do(enter_unknown, batch_id=batch, **(values | told))


def stands(desk: Desk, batch: BatchId) -> Reconciled:
    return desk.ask(queries.reconciled, batch, desk.currency)


def a_month(desk: Desk, total: int) -> tuple[Care, BatchId]:
    care = a_care(desk)
    batch = a_batch(desk, care, invoice="F-17", invoice_total=francs(desk, total))
    a_claim(desk, care, batch)
    return care, batch


def test_a_certificate_of_somebody_unknown_counts_in_the_total_and_is_not_paid(desk: Desk) -> None:
    _, batch = a_month(desk, 1800)
    stranger(desk, batch)
    told = stands(desk, batch)
    assert (told.typed, told.unknown, told.open) == (
        francs(desk, 600),
        francs(desk, 1200),
        francs(desk, 0),
    )
    done = desk.do(decide_batch, batch_id=batch)
    assert (done.approved, done.payable) == (1, francs(desk, 450))


def test_once_the_person_is_known_the_certificate_is_a_claim(desk: Desk) -> None:
    care, batch = a_month(desk, 1800)
    unknown = stranger(desk, batch)
    small = a_claim(desk, care, batch, at=1)
    assert refused(desk, solve_unknown, unknown_id=unknown, claim_id=small) == "claim"
    elsewhere = a_claim(desk, care, a_batch(desk, care), care.line("C", 2), at=2)
    assert refused(desk, solve_unknown, unknown_id=unknown, claim_id=elsewhere) == "claim"
    found = a_claim(desk, care, batch, care.line("C", 2), at=2)
    desk.do(solve_unknown, unknown_id=unknown, claim_id=found)
    assert desk.ask(queries.unknown_patients, desk.currency, batch) == ()
    assert stands(desk, batch).unknown == francs(desk, 0)
    assert refused(desk, solve_unknown, unknown_id=unknown, claim_id=found) == "certificate"
    assert verify_desk(desk, whole=True).findings == []


def test_the_same_request_twice_is_one_unknown_patient(desk: Desk) -> None:
    _, batch = a_month(desk, 1800)
    request = a_request()
    first = stranger(desk, batch, request_id=request)
    assert stranger(desk, batch, request_id=request) == first
    (one,) = desk.ask(queries.unknown_patients, desk.currency)
    assert (one.certificate, one.written) == ("0460", "card 999, a boy of 5")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"certificate": " "}, "person"),
        ({"written": ""}, "person"),
        ({"day": date(2024, 1, 11)}, "day"),
    ],
)
def test_an_unknown_patient_needs_number_words_and_a_day(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    _, batch = a_month(desk, 1800)
    with pytest.raises(Refusal) as caught:
        stranger(desk, batch, **told)
    assert caught.value.field == field
    with pytest.raises(Refusal):
        stranger(desk, batch, 0)


def test_a_batch_is_decided_once_its_difference_is_named(desk: Desk) -> None:
    _, batch = a_month(desk, 1000)
    with pytest.raises(Caution):
        desk.do(decide_batch, batch_id=batch)
    missing = Difference(DifferenceKind.MISSING_CERTIFICATE, francs(desk, 300), "0458")
    assert desk.do(name_difference, batch_id=batch, difference=missing) == francs(desk, 100)
    with pytest.raises(Caution):
        desk.do(decide_batch, batch_id=batch)
    adding = Difference(DifferenceKind.ADDING_ERROR, francs(desk, 100))
    assert desk.do(name_difference, batch_id=batch, difference=adding) == francs(desk, 0)
    assert desk.do(decide_batch, batch_id=batch).approved == 1
    assert stands(desk, batch).differences == (missing, adding)


def test_an_invoice_that_is_too_low_is_named_below_zero(desk: Desk) -> None:
    _, batch = a_month(desk, 550)
    adding = Difference(DifferenceKind.ADDING_ERROR, francs(desk, -50))
    assert desk.do(name_difference, batch_id=batch, difference=adding) == francs(desk, 0)


def test_whoever_goes_on_without_a_name_leaves_it_named_other(desk: Desk) -> None:
    _, batch = a_month(desk, 1000)
    desk.do(decide_batch, batch_id=batch, accepting=frozenset({"invoice_differs"}))
    assert stands(desk, batch).differences == (
        Difference(DifferenceKind.OTHER, francs(desk, 400)),
    )


@pytest.mark.parametrize(
    ("kind", "amount", "more", "field"),
    [
        (DifferenceKind.MISSING_CERTIFICATE, 100, {}, "certificate"),
        (DifferenceKind.OTHER, 100, {}, "reason"),
        (DifferenceKind.ADDING_ERROR, 401, {}, "amount"),
        (DifferenceKind.ADDING_ERROR, 0, {}, "amount"),
        (DifferenceKind.ADDING_ERROR, -100, {}, "amount"),
    ],
)
def test_a_difference_that_explains_nothing_is_refused(
    desk: Desk, kind: DifferenceKind, amount: int, more: dict[str, str], field: str
) -> None:
    _, batch = a_month(desk, 1000)
    told = Difference(kind, francs(desk, amount), **more)
    assert refused(desk, name_difference, batch_id=batch, difference=told) == field


def test_a_batch_that_adds_up_has_no_difference_to_name(desk: Desk) -> None:
    _, batch = a_month(desk, 600)
    told = Difference(DifferenceKind.ADDING_ERROR, francs(desk, 100))
    assert refused(desk, name_difference, batch_id=batch, difference=told) == "amount"
