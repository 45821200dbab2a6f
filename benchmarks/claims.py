"""Claims and the return: a claim decided against its rows by hand, the rule alone, a month sent."""

import os
import shutil
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from benchmarks.writes import Operation, Twin, judged, race
from stepdesk.benefits.queries import packages
from stepdesk.branch.service import new_branch
from stepdesk.claims.rules import assess
from stepdesk.claims.service import decide_claim, enter_claim, facts_now, open_batch, what_if
from stepdesk.claims.terms import ClaimFacts, NewClaim, NewLine, Outcome
from stepdesk.ledger.queries import last_closed
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.sync.service import approve_release, keep_address, pack
from stepdesk.sync.wire.bundle import Release, seal_bundle
from stepdesk.sync.wire.keys import BranchCard, SchemeKeys
from stepdesk.training.care import found_care
from stepdesk.values.care import Level
from stepdesk.values.ids import ClaimId, PersonId, PlanId, RequestId
from stepdesk.values.month import Month

HERE_AT_MOST, SLOW_AT_MOST, FLAT_AT_MOST = 5.0, 1.4, 1.2
CLAIMS_A_SECOND = 10_000
WHAT_IF_A_SECOND = 1_667
"""100,000 within a minute."""
BUNDLE_S = 2
FILE_BYTES, PAPER_BYTES = 2000, 1300
_FIRST = date(2024, 1, 1)
_CODES = ("CONS-INF", "MED-ACT", "LAB-GE", "PANS")
_FEW_PERSONS = (
    "SELECT v.person_id FROM cover v JOIN household h ON h.id = v.household_id"
    " WHERE v.suffix = 0 ORDER BY v.person_id"
)


def _with_claims(name: str, folder: Path, count: int) -> tuple[Path, list[ClaimId]]:
    """Return a closed copy of a book with care and so many claims of four lines to decide."""
    place = big_book.copy_of(name, folder)
    desk, _ = big_book.opened(place, big_book.today_of(name))
    with desk:
        claims = _enter(desk, count)
    return place, claims


def _enter(desk: Desk, count: int) -> list[ClaimId]:
    with desk.read() as connection:
        plan = connection.exec_driver_sql("SELECT id FROM plan").scalar_one()
        people = connection.exec_driver_sql(_FEW_PERSONS).scalars().all()
    provider = desk.do(add_provider, code="C", name="Centre", level=Level.CENTRE, kind=Kind.PUBLIC)
    care = desk.do(found_care, plan_id=PlanId(plan), provider_id=provider, first_day=_FIRST)
    batch = desk.do(
        open_batch, request_id=_request(), provider_id=provider, month=Month.of(desk.today)
    )
    claims: list[ClaimId] = []
    # One work for all of them: what is measured is deciding, and the book is made once.
    with desk.work("enter_claims") as work:
        for at in range(count):
            paper = NewClaim(
                PersonId(people[at % len(people)]),
                desk.today,
                desk.today,
                tuple(NewLine(care.services[code], 1, 400 + at % 7) for code in _CODES),
            )
            claims.append(
                enter_claim(work, request_id=_request(), batch_id=batch, certificate=paper)
            )
    return claims


def _request() -> RequestId:
    return RequestId(os.urandom(16))


def _deciding(desk: Desk, claims: list[ClaimId], told: list[Outcome]) -> list[Operation]:
    def decide(claim_id: ClaimId) -> None:
        told.append(desk.do(decide_claim, claim_id=claim_id).outcome)

    return [partial(decide, one) for one in claims]


def _decisions(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    slow = effort.rounds(15, 6)
    rounds = effort.rounds(150, 30) + 10 + slow
    ratios: list[float] = []
    for name, book in ((big_book.SMALL, "600 persons"), (big_book.BIG, "10,000 persons")):
        place, claims = _with_claims(name, folder, rounds)
        other = place.with_name(place.name + "-twin")
        shutil.copytree(place, other)
        desk, _ = big_book.opened(place, big_book.today_of(name))
        twin = Twin(other, desk)
        told: list[Outcome] = []
        operations = _deciding(desk, claims, told)
        row = race("a claim of 4 lines decided", book, (desk, twin), syncs, operations, slow=slow)
        approved = told.count(Outcome.APPROVED)
        row.book = f"{book}, {approved} of {len(told)} approved"
        table.add(judged(row, here=HERE_AT_MOST, slow=SLOW_AT_MOST))
        ratios.append(row.ratio or 0)
        twin.close()
        desk.close()
    flat = ratios[1] / ratios[0]
    table.add(
        Row(
            "a claim decided: its ratio, large by small",
            ratio=flat,
            wanted=f"≤ {FLAT_AT_MOST:g}",
            holds=flat <= FLAT_AT_MOST,
        )
    )


def _rule(table: Table, effort: Effort, folder: Path) -> None:
    """The assessment alone, against adding the same lines up."""
    place, claims = _with_claims(big_book.SMALL, folder, 20)
    desk, _ = big_book.opened(place, big_book.today_of(big_book.SMALL))
    with desk, desk.work("look") as work:
        facts = [facts_now(work, one)[0] for one in claims]
    times = effort.rounds(2000, 300)

    def ours() -> None:
        for at in range(times):
            assess(facts[at % len(facts)])

    def floor() -> None:
        for at in range(times):
            _bare(facts[at % len(facts)])

    taken, bare = Times(), Times()
    for _ in range(effort.rounds(7, 3)):
        bare.take(floor)
        taken.take(ours)
    a_second = times / taken.median * 1000
    table.add(
        Row(
            "assessing a claim of 4 lines, the rule alone",
            "",
            bare.median,
            taken.median,
            taken.median_cpu,
            told=f"{a_second:,.0f} claims/s",
            wanted=f"≥ {CLAIMS_A_SECOND:,}/s",
            holds=a_second >= CLAIMS_A_SECOND,
        )
    )


def _what_if(table: Table, effort: Effort, folder: Path) -> None:
    """Decided claims by another package, as many a second as 100,000 within a minute ask for."""
    count = effort.rounds(2000, 300)
    place, claims = _with_claims(big_book.SMALL, folder, count)
    desk, _ = big_book.opened(place, big_book.today_of(big_book.SMALL))
    with desk:
        with desk.work("decide_claims") as work:
            for one in claims:
                decide_claim(work, claim_id=one)
        version = next(iter(desk.ask(packages).values()))[-1]
        taken = Times()
        for _ in range(effort.rounds(3, 1)):
            taken.take(
                partial(what_if, desk, package=version, first_day=_FIRST, last_day=desk.today)
            )
    a_second = count / taken.median * 1000
    table.add(
        Row(
            "a decided claim reckoned anew for a what-if",
            f"{count:,} claims",
            ours=taken.median,
            cpu=taken.median_cpu,
            told=f"{a_second:,.0f} claims/s",
            wanted=f"≥ {WHAT_IF_A_SECOND:,}/s",
            holds=a_second >= WHAT_IF_A_SECOND,
        )
    )


def _bare(facts: ClaimFacts) -> int:
    """Multiply and add: the least there is to do."""
    total = 0
    for line in facts.lines:
        rule = line.rule
        priced = min(line.unit_price, line.tariff or 0) * line.quantity
        total += priced - (priced * (rule.copay_value if rule else 0) + 5000) // 10_000
    return total


def _month_sent(table: Table, effort: Effort, folder: Path) -> None:
    """A closed month of 2,000 persons, from the tables to a sealed bundle."""
    name = big_book.MIDDLE
    place = big_book.copy_of(name, folder)
    branch = folder / "branch"
    new_branch(branch, name="Measured", practice=True).close()
    card = (branch / "branch-card.json").read_bytes()
    desk, _ = big_book.opened(place, big_book.today_of(name))
    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    months = desk.ask(last_closed)
    if months is None:
        raise AssertionError("no closed month")
    desk.do(keep_address, card=card)
    taken, bare = Times(), Times()
    sizes: list[int] = []
    for at in range(effort.rounds(5, 2)):
        month = months.plus(-at)
        bare.take(partial(_read_all, raw))
        taken.take(partial(_send, desk, month, sizes))
    table.add(
        Row(
            "a month to a bundle; floor: its tables read once",
            "2,000 persons",
            bare.median,
            taken.median,
            taken.median_cpu,
            wanted=f"≤ {BUNDLE_S} s",
            holds=taken.median <= BUNDLE_S * 1000,
        )
    )
    _sizes(table, desk, card, sizes[0])
    raw.close()
    desk.close()


def _read_all(raw: Any) -> None:
    for name in ("cover", "payment", "allocation", "due", "earning", "entry_line", "entry"):
        raw.execute(f"SELECT * FROM {name}").fetchall()


def _send(desk: Desk, month: Month, sizes: list[int]) -> None:
    desk.do(approve_release, month=month)
    sizes.append(len(desk.do(pack).content))


def _sizes(table: Table, desk: Desk, card: bytes, alone: int) -> None:
    """What one month weighs, as a file and on paper."""
    with desk.read() as connection:
        content = connection.exec_driver_sql(
            "SELECT content FROM release ORDER BY seq LIMIT 1"
        ).scalar_one()
    keys = SchemeKeys.new()
    signer = desk.person.signer
    told = Release(content, 1, None)
    certificate = keys.certify(
        scheme=told.told.scheme, sender_key=signer.public_key().public_bytes_raw()
    )
    paper = len(
        seal_bundle(
            [told],
            card=BranchCard.read(card.decode()),
            certificate=certificate,
            sender=signer,
            bundle_seq=1,
            device="A",
            incarnation=1,
            wall=desk.clock.now(),
            business=desk.today,
            app="0",
            paper=True,
        ).data
    )
    for work, size, most in (
        ("one month's bundle, as a file", alone, FILE_BYTES),
        ("one month's bundle, on paper", paper, PAPER_BYTES),
    ):
        table.add(Row(work, told=f"{size:,} B", wanted=f"≤ {most:,} B", holds=size <= most))


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure deciding, the rule alone, and a month's way to its file."""
    _decisions(table, effort, syncs, folder)
    _rule(table, effort, folder)
    _what_if(table, effort, folder)
    _month_sent(table, effort, folder)
