"""A certificate is entered and decided by one act, and comes to what two acts come to."""

from typing import Any

import pytest

from stepdesk.benefits.terms import Payment
from stepdesk.claims import queries
from stepdesk.claims.service import (
    decide_claim,
    enter_and_decide,
    enter_claim,
    keep_draft,
    request_reimbursement,
)
from stepdesk.claims.terms import Outcome, State
from stepdesk.contributions.service import drop_draft
from stepdesk.errors import Refusal
from stepdesk.store.desk import Desk
from tests.builders import a_request
from tests.claims.kit import a_batch, a_care, a_claim, certificate, francs
from tests.claims.test_paying import balances, clean
from tests.claims.test_service import shown
from tests.claims.test_used_kept import kept, rebuilt

DECIDED = (
    "SELECT version, outcome, codes, paid, patient, disallowed, rounding, facts"
    " FROM claim_decision ORDER BY id",
    "SELECT quantity, approved, adjusted, paid, deducted, disallowed, codes, outside"
    " FROM line_decision ORDER BY id",
    "SELECT role, amount FROM entry_line ORDER BY id",
)


def acts(desk: Desk) -> int:
    with desk.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM act").scalar_one())


def rows(desk: Desk, statement: str) -> list[Any]:
    with desk.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement).all()]


def test_one_act_records_decides_and_books(desk: Desk) -> None:
    care = a_care(desk)
    batch, before = a_batch(desk, care), acts(desk)
    told = desk.do(
        enter_and_decide,
        request_id=a_request(),
        batch_id=batch,
        certificate=certificate(desk, care, care.line("C"), care.line("A")),
    )
    assert acts(desk) == before + 1
    assert told.assessed is not None
    # 600 and 900: of 1,500 a quarter is the member's.
    assert (told.assessed.outcome, told.assessed.paid, told.assessed.patient) == (
        Outcome.APPROVED,
        1125,
        375,
    )
    known = shown(desk, told.claim_id)
    assert (known.state, known.paid) == (State.APPROVED, francs(desk, 1125))
    assert balances(desk, "benefit_tp.OPD", "benefit_tp.DRUG", "provider_payable") == [
        450,
        675,
        -1125,
    ]
    assert kept(desk) == rebuilt(desk)
    clean(desk)


def test_it_comes_to_what_two_acts_come_to(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=1000, rules={"P": {"limit_count": 12}})
    batch = a_batch(desk, care)
    lines = [care.line("C"), care.line("P", 10), care.line("GLAS")]
    # The second person has nothing used yet either: both claims come to the same.
    desk.do(decide_claim, claim_id=a_claim(desk, care, batch, *lines, at=0))
    desk.do(
        enter_and_decide,
        request_id=a_request(),
        batch_id=batch,
        certificate=certificate(desk, care, *lines, at=1),
    )
    apart, at_once = rows(desk, DECIDED[0])
    assert apart == at_once
    told = rows(desk, DECIDED[1])
    assert told[:3] == told[3:]
    assert len(told) == 6
    clean(desk)


def test_the_same_request_twice_is_one_claim_decided_once(desk: Desk) -> None:
    care = a_care(desk)
    batch, request = a_batch(desk, care), a_request()
    told: dict[str, Any] = {"request_id": request, "batch_id": batch}
    paper = certificate(desk, care, care.line("C"))
    first = desk.do(enter_and_decide, certificate=paper, **told)
    before = acts(desk)
    again = desk.do(enter_and_decide, certificate=paper, **told)
    assert (again.claim_id, again.assessed, acts(desk)) == (first.claim_id, None, before)


def test_what_was_entered_alone_is_decided_by_the_same_request(desk: Desk) -> None:
    care = a_care(desk)
    told: dict[str, Any] = {"request_id": a_request(), "batch_id": a_batch(desk, care)}
    paper = certificate(desk, care, care.line("C"))
    entered = desk.do(enter_claim, certificate=paper, **told)
    done = desk.do(enter_and_decide, certificate=paper, **told)
    assert done.claim_id == entered
    # A quarter of 600 is the member's.
    assert done.assessed is not None
    assert done.assessed.paid == 450


@pytest.mark.parametrize(
    ("rules", "quantity", "field"),
    [
        ({}, 0, "lines.0.quantity"),
        ({"C": {"requires_medical_review": True}}, 1, "claim"),
        ({"C": {"payment": Payment.REIMBURSEMENT}}, 1, "lines.0.service"),
    ],
)
def test_what_one_of_the_two_refuses_is_not_entered(
    desk: Desk, rules: dict[str, Any], quantity: int, field: str
) -> None:
    care = a_care(desk, rules=rules)
    batch, before = a_batch(desk, care), acts(desk)
    with pytest.raises(Refusal) as refused:
        desk.do(
            enter_and_decide,
            request_id=a_request(),
            batch_id=batch,
            certificate=certificate(desk, care, care.line("C", quantity)),
        )
    assert refused.value.field == field
    assert (acts(desk), rows(desk, "SELECT 1 FROM claim")) == (before, [])


def test_who_is_not_covered_is_entered_and_rejected(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"covered": False}})
    done = desk.do(
        enter_and_decide,
        request_id=a_request(),
        batch_id=a_batch(desk, care),
        certificate=certificate(desk, care, care.line("C")),
    )
    assert done.assessed is not None
    assert (done.assessed.outcome, done.assessed.paid) == (Outcome.REJECTED, 0)
    assert balances(desk, "provider_payable") == [0]
    assert kept(desk) == []


def test_what_a_member_asks_back_is_decided_by_the_act_that_takes_it_in(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"payment": Payment.BOTH}})
    before = acts(desk)
    told: dict[str, Any] = {
        "request_id": a_request(),
        "provider_id": care.provider_id,
        # 700 were paid where the list says 600: three quarters of 600 are paid back.
        "certificate": certificate(desk, care, care.line("C", 1, 700)),
        "receipt": "R-1",
        "decide": True,
    }
    claim = desk.do(request_reimbursement, **told)
    assert (acts(desk), shown(desk, claim).paid) == (before + 1, francs(desk, 450))
    assert desk.do(request_reimbursement, **told) == claim
    assert acts(desk) == before + 1
    clean(desk)


def test_a_draft_is_forgotten_with_the_work_that_records_it_and_not_before(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    keep_draft(desk, "certificate", "{}")
    told: dict[str, Any] = {
        "batch_id": batch,
        "certificate": certificate(desk, care, care.line("C")),
    }

    def recorded() -> None:
        with desk.work("enter_claim") as work:
            enter_claim(work, request_id=a_request(), **told)
            drop_draft(work, form="certificate")
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        recorded()
    assert desk.ask(queries.draft_of, "certificate") == "{}"
    with desk.work("enter_claim") as work:
        enter_claim(work, request_id=a_request(), **told)
        drop_draft(work, form="certificate")
    assert not desk.ask(queries.draft_of, "certificate")


SMALL = {"statutes_version", "closing", "care_used_month", "u", "CONSTANT"}
"""Read whole: a few versions, the last closing, one row, and what a statement gathered itself."""


def test_no_statement_reads_a_table_that_grows(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care, invoice="F-1")
    # With the first decision of a book, what is used is kept from then on.
    desk.do(decide_claim, claim_id=a_claim(desk, care, batch, care.line("C"), at=2))
    asked: list[str] = []
    with desk.writer.connect() as connection:
        raw: Any = connection.connection.driver_connection
    raw.set_trace_callback(asked.append)
    for at in (0, 1):
        desk.do(
            enter_and_decide,
            request_id=a_request(),
            batch_id=batch,
            certificate=certificate(desk, care, care.line("C"), at=at, certificate=f"K{at}"),
        )
    claim = a_claim(desk, care, batch, care.line("A"), at=2)
    desk.do(decide_claim, claim_id=claim)
    raw.set_trace_callback(None)
    selects = {one for one in asked if one.startswith(("SELECT", "INSERT INTO care_used"))}
    assert len(selects) > 30
    plans = {(one, row[3]) for one in selects for row in raw.execute(f"EXPLAIN QUERY PLAN {one}")}
    scanned = {(told, one) for one, told in plans if told.startswith("SCAN")}
    assert [one for one in scanned if one[0].split()[1] not in SMALL] == []
    # Of a provider or a batch there are as many claims as care was given.
    assert not {one for one in plans if "ix_claim_batch_id" in one[1]}
