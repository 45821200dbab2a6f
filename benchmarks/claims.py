"""Claims and the return: a claim decided against its rows by hand, the rule alone, a month sent."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
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
from stepdesk.exchange.claims_file import import_claims
from stepdesk.ledger.queries import last_closed
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.sync.service import approve_release, keep_address, pack
from stepdesk.sync.wire.bundle import Release, seal_bundle
from stepdesk.sync.wire.keys import BranchCard, SchemeKeys
from stepdesk.training.care import Care, found_care
from stepdesk.values.care import Level
from stepdesk.values.ids import BatchId, ClaimId, PersonId, PlanId, ProviderId, RequestId
from stepdesk.values.month import Month

HERE_AT_MOST, SLOW_AT_MOST, FLAT_AT_MOST = 3.0, 1.3, 1.2
FILE_S, FILE_CLAIMS = 10, 1_000
OF_ONE = 500
"""Claims of one person in a year."""

CLAIMS_A_SECOND = 10_000
WHAT_IF_A_SECOND = 1_667
"""100,000 within a minute."""
BUNDLE_S = 2
FILE_BYTES, PAPER_BYTES = 2000, 1300
_FIRST = date(2024, 1, 1)
_CODES = ("CONS-INF", "MED-ACT", "LAB-GE", "PANS")
_ENTERED = "a claim of 4 lines entered and decided"
_CARDS = "SELECT serial FROM household ORDER BY serial"
_FEW_PERSONS = (
    "SELECT v.person_id FROM cover v JOIN household h ON h.id = v.household_id"
    " WHERE v.suffix = 0 ORDER BY v.person_id"
)


def _founded(desk: Desk) -> tuple[Care, ProviderId]:
    with desk.read() as connection:
        plan = connection.exec_driver_sql("SELECT id FROM plan").scalar_one()
    provider = desk.do(add_provider, code="C", name="Centre", level=Level.CENTRE, kind=Kind.PUBLIC)
    care = desk.do(found_care, plan_id=PlanId(plan), provider_id=provider, first_day=_FIRST)
    return care, provider


@dataclass(slots=True)
class _Room:
    """A book with care, a batch that is open, and who falls ill."""

    desk: Desk
    care: Care
    provider: ProviderId
    batch: BatchId
    people: list[PersonId]

    def paper(self, at: int) -> NewClaim:
        """Return a certificate of four lines of the person whose turn it is."""
        return self.of(self.people[at % len(self.people)], at)

    def of(self, person_id: PersonId, at: int, *, ago: int = 0) -> NewClaim:
        day = self.desk.today - timedelta(days=ago)
        lines = tuple(NewLine(self.care.services[code], 1, 400 + at % 7) for code in _CODES)
        return NewClaim(person_id, day, day, lines)

    def before(self, at: int) -> NewClaim:
        """Return a certificate of an earlier day: nobody has two on one day."""
        turn, who = divmod(at, len(self.people))
        return self.of(self.people[who], at, ago=1 + turn)

    def one_act(self, person_id: PersonId, at: int) -> NewClaim:
        """Return a certificate of one act and day, another for each number."""
        acts = sorted(self.care.services.values())
        ago, act = divmod(at, len(acts))
        day = self.desk.today - timedelta(days=1 + ago)
        return NewClaim(person_id, day, day, (NewLine(acts[act], 1, 400),))

    def enter(self, work: Work, paper: NewClaim) -> ClaimId:
        return enter_claim(work, request_id=_request(), batch_id=self.batch, certificate=paper)

    def decided(self, papers: Iterable[NewClaim]) -> None:
        """Enter and decide claims by one work: they are there before anything is measured."""
        with self.desk.work("enter_claims") as work:
            for one in papers:
                decide_claim(work, claim_id=self.enter(work, one))


def _room(desk: Desk) -> _Room:
    care, provider = _founded(desk)
    with desk.read() as connection:
        people = connection.exec_driver_sql(_FEW_PERSONS).scalars().all()
    batch = desk.do(
        open_batch, request_id=_request(), provider_id=provider, month=Month.of(desk.today)
    )
    return _Room(desk, care, provider, batch, [PersonId(one) for one in people])


def _with_claims(name: str, folder: Path, count: int) -> tuple[Path, list[ClaimId]]:
    """Return a closed copy of a book with care and so many claims of four lines to decide."""
    place = big_book.copy_of(name, folder)
    desk, _ = big_book.opened(place, big_book.today_of(name))
    with desk:
        room = _room(desk)
        # One work for all of them: what is measured comes later, and the book is made once.
        with desk.work("enter_claims") as work:
            claims = [room.enter(work, room.paper(at)) for at in range(count)]
    return place, claims


def _request() -> RequestId:
    return RequestId(os.urandom(16))


def _entering(room: _Room, count: int, told: list[Outcome]) -> list[Operation]:
    """Return claims entered and decided, an act each, of another person each."""

    def enter(paper: NewClaim) -> None:
        with room.desk.work("enter_and_decide") as work:
            claim_id = room.enter(work, paper)
            told.append(decide_claim(work, claim_id=claim_id).outcome)

    last = len(room.people)
    return [partial(enter, room.paper(last - 1 - at)) for at in range(count)]


def _decisions(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    slow = effort.rounds(15, 6)
    rounds = effort.rounds(150, 30) + 10 + slow
    before = effort.rounds(5_000, 500)
    ratios: list[float] = []
    for name, book, earlier in (
        (big_book.SMALL, "600 persons, no claim", 0),
        (big_book.BIG, f"10,000 persons, {before:,} claims", before),
    ):
        place = big_book.copy_of(name, folder)
        made, _ = big_book.opened(place, big_book.today_of(name))
        with made:
            room = _room(made)
            if earlier:
                room.decided(room.before(at) for at in range(earlier))
        other = place.with_name(place.name + "-twin")
        shutil.copytree(place, other)
        desk, _ = big_book.opened(place, big_book.today_of(name))
        room.desk = desk
        twin = Twin(other, desk)
        told: list[Outcome] = []
        operations = _entering(room, rounds, told)
        row = race(_ENTERED, book, (desk, twin), syncs, operations, slow=slow)
        approved = told.count(Outcome.APPROVED)
        row.book = f"{book}, {approved} of {len(told)} approved"
        table.add(judged(row, here=HERE_AT_MOST, slow=SLOW_AT_MOST))
        ratios.append(row.ratio or 0)
        twin.close()
        desk.close()
    _flat(table, f"{_ENTERED}: its ratio, large by small", ratios[1] / ratios[0])


def _flat(table: Table, work: str, flat: float) -> None:
    table.add(
        Row(work, ratio=flat, wanted=f"≤ {FLAT_AT_MOST:g}", holds=flat <= FLAT_AT_MOST),
    )


def _of_one(table: Table, effort: Effort, folder: Path) -> None:
    """Turn about: a claim of somebody who had 500 in the year, and one of somebody who had none."""
    place = big_book.copy_of(big_book.SMALL, folder)
    desk, _ = big_book.opened(place, big_book.today_of(big_book.SMALL))
    with desk:
        room = _room(desk)
        often, *others = room.people
        room.decided(room.one_act(often, at) for at in range(OF_ONE))
        told: list[Outcome] = []

        def enter(paper: NewClaim) -> None:
            with desk.work("enter_and_decide") as work:
                told.append(decide_claim(work, claim_id=room.enter(work, paper)).outcome)

        many, none = Times(), Times()
        for at in range(effort.rounds(60, 15)):
            none.take(partial(enter, room.of(others[at], at)))
            many.take(partial(enter, room.of(often, at)))
    table.add(
        Row(
            "a claim of somebody with 500; floor: with none",
            "600 persons",
            none.median,
            many.median,
            many.median_cpu,
            wanted=f"≤ {FLAT_AT_MOST:g}",
            holds=many.median <= FLAT_AT_MOST * none.median,
        )
    )


def _from_file(table: Table, effort: Effort, folder: Path) -> None:
    """A batch of claims of four lines from a file, brought in and decided."""
    count = effort.rounds(FILE_CLAIMS, FILE_CLAIMS // 5)
    place = big_book.copy_of(big_book.SMALL, folder)
    desk, _ = big_book.opened(place, big_book.today_of(big_book.SMALL))
    with desk:
        _founded(desk)
        with desk.read() as connection:
            cards = connection.exec_driver_sql(_CARDS).scalars().all()
        rows = ["provider,invoice,certificate,person,day,service,price"]
        for at in range(count):
            card = f"{cards[at % len(cards)]}/00"
            rows += [f"C,F-1,{at + 1},{card},{desk.today},{code},400" for code in _CODES]
        file = folder / "claims.csv"
        file.write_text("\n".join(rows), encoding="utf-8")
        taken = Times()
        taken.take(partial(desk.do, import_claims, file=file, decide=True))
    most = FILE_S * count / FILE_CLAIMS
    table.add(
        Row(
            "claims of 4 lines from a file, brought in and decided",
            f"{count:,} claims",
            ours=taken.median,
            cpu=taken.median_cpu,
            wanted=f"≤ {most:g} s",
            holds=taken.median <= most * 1000,
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
    _of_one(table, effort, folder)
    _from_file(table, effort, folder)
    _rule(table, effort, folder)
    _what_if(table, effort, folder)
    _month_sent(table, effort, folder)
