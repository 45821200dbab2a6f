"""The claims of the peer's demonstration are typed anew, decided and paid, and the book is clean.

Figures by hand from the files: what a facility's list names at its price, all of it paid (every
line of the demonstration's products pays 100 % at the list's price).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepdesk.benefits.queries import service_of_code
from stepdesk.claims.queries import claims_of, owed_to_providers
from stepdesk.claims.service import decide_batch, enter_claim, open_batch, pay_provider
from stepdesk.claims.terms import Claim, NewClaim, NewLine, State
from stepdesk.exchange.openimis import import_openimis
from stepdesk.members.queries import person_of_card
from stepdesk.providers.queries import provider_of_code
from stepdesk.store.checking import verify_desk
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.peers.bench import Bench, bench_on, day_of
from tests.peers.demo import demo_folder, moved, rows_of

HERE = demo_folder()
needs_demo = pytest.mark.skipif(HERE is None, reason="the demo data is not here")

CARE, DECIDED = date(2019, 1, 22), date(2024, 6, 3)

COMES_TO = {
    # Two tablets at 10, a visit at 400, a test at 1250.
    "CID00001": (1670, 0, 0),
    "CIB00001": (1000, 0, 0),
    # Four visits are asked at 1900 and listed at 400: the provider bears 4 x 1500.
    "CIA00001": (5810, 0, 6000),
    # No product lists M31: the patient pays it.
    "RAD00001": (400, 21_000, 0),
    # A scan listed at 650 is asked at 21,000.
    "UPDH0001": (1340, 0, 20_350),
    "UPDH0002": (21_010, 0, 0),
    "JADH0001": (410, 0, 0),
    "CIG00001": (2870, 0, 0),
    "UPDH0009": (21_010, 0, 0),
}
"""Of each claim what the scheme pays, the patient, and what the provider is not paid. Claim CIA06601
is of somebody whom the peer archived: nobody is registered under the number."""

OWED = {
    "VIDS001": 1670,
    "VIHC001": 1000,
    "VIHOS001": 5810 + 2870,
    "RAHOS001": 400,
    "UPHOS001": 1340 + 2 * 21_010,
    "JMHOS001": 410,
}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The demonstration with its policies moved back to when its claims are, and no history."""
    assert HERE is not None
    held = bench_on(tmp_path, date(2019, 4, 10))
    files = moved(HERE, tmp_path / "moved", CARE, without=("claim*.csv",))
    held.desk.do(import_openimis, folder=files)
    yield held
    held.desk.close()


def type_anew(bench: Bench) -> None:
    """Type each claim as a certificate, in the batch of its facility and month."""
    assert HERE is not None
    desk = bench.desk
    lines: dict[str, list[tuple[str, int, int]]] = {}
    for name in ("claim_items.csv", "claim_services.csv"):
        for row in rows_of(HERE, name):
            told = (row["code"], int(float(row["QtyProvided"])), bench.money(row["PriceAsked"]))
            lines.setdefault(row["claim_code"], []).append((told[0], told[1], told[2].minor))
    for row in rows_of(HERE, "claims.csv"):
        person_id = desk.ask(person_of_card, row["chf_id"])
        if person_id is None:
            continue
        provider = desk.ask(provider_of_code, row["hf_code"])
        assert provider is not None
        last = day_of(row["date_to"])
        batch_id = desk.do(
            open_batch,
            request_id=a_request(),
            provider_id=provider.id,
            month=Month.of(last),
            received_on=day_of(row["date_claimed"]),
        )
        typed = tuple(
            NewLine(found.id, quantity, price)
            for code, quantity, price in lines[row["claim_code"]]
            if (found := desk.ask(service_of_code, code)) is not None
        )
        certificate = NewClaim(
            person_id, day_of(row["date_from"]), last, typed, certificate=row["claim_code"]
        )
        desk.do(enter_claim, request_id=a_request(), batch_id=batch_id, certificate=certificate)


@needs_demo
def test_the_claims_of_the_demonstration_are_assessed_decided_and_paid(bench: Bench) -> None:
    type_anew(bench)
    desk = bench.desk
    bench.on(DECIDED)
    with desk.read() as connection:
        waiting = (
            connection.exec_driver_sql("SELECT id FROM claim_batch ORDER BY id").scalars().all()
        )
    for batch_id in waiting:
        desk.do(decide_batch, batch_id=batch_id)
    claims = desk.ask(claims_of, desk.currency)
    assert {one.certificate: amounts(one) for one in claims} == COMES_TO
    assert all(one.state is State.APPROVED for one in claims)
    for code, owed in sorted(OWED.items()):
        provider = desk.ask(provider_of_code, code)
        assert provider is not None
        done = desk.do(pay_provider, request_id=a_request(), provider_id=provider.id)
        assert (done.amount.minor, done.still_owed.minor) == (100 * owed, 0)
    assert {one.state for one in desk.ask(claims_of, desk.currency)} == {State.PAID}
    assert desk.ask(owed_to_providers) == 0
    assert verify_desk(desk).findings == []


def amounts(claim: Claim) -> tuple[int, int, int]:
    """Return what the scheme, the patient and the provider bear, in whole units."""
    shares = (claim.paid, claim.patient_due, claim.disallowed)
    told = [0 if one is None else one.minor for one in shares]
    assert sum(told) == claim.claimed.minor
    paid, patient, disallowed = (one // 100 for one in told)
    return paid, patient, disallowed
