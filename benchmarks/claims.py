"""Claims and the return: a claim decided against its rows by hand, the rule alone, a month sent."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_book
from benchmarks.many_claims import Whose, people_of, write_many
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from benchmarks.writes import Operation, Twin, judged, race
from stepdesk.benefits.queries import packages
from stepdesk.branch.service import new_branch
from stepdesk.claims.rules import assess
from stepdesk.claims.service import (
    decide_claim,
    enter_and_decide,
    enter_claim,
    facts_now,
    open_batch,
    what_if,
)
from stepdesk.claims.terms import ClaimFacts, NewClaim, NewLine, Outcome
from stepdesk.exchange.claims_file import import_claims
from stepdesk.ledger.queries import last_closed
from stepdesk.providers.service import add_provider, sign_agreement
from stepdesk.providers.terms import Agreement, Kind
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk
from stepdesk.sync.service import approve_release, keep_address, pack
from stepdesk.sync.wire.bundle import Release, seal_bundle
from stepdesk.sync.wire.keys import BranchCard, SchemeKeys
from stepdesk.training.care import found_care
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    AgreementId,
    BatchId,
    ClaimId,
    PersonId,
    PlanId,
    RequestId,
    ServiceId,
)
from stepdesk.values.month import Month

HERE_AT_MOST, SLOW_AT_MOST, FLAT_AT_MOST = 3.0, 1.3, 1.2
OF_ONE = 500
"""Claims of one person in a year, beside which another is as quick."""
FROM_FILE, FROM_FILE_S = 1000, 10
CLAIMS_A_SECOND = 10_000
WHAT_IF_A_SECOND = 1_667
"""100,000 within a minute."""
BUNDLE_S = 2
FILE_BYTES, PAPER_BYTES = 2000, 1300
FIRST = date(2024, 1, 1)
CODES = ("CONS-INF", "MED-ACT", "LAB-GE", "PANS")
YEAR = date(2025, 1, 8)
"""The first day of a year of care in which everybody had paid."""
_LATE = 365
"""Days after which an invoice is too late: no claim that is measured is refused for it."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A book with care, closed, where certificates are typed in."""

    place: Path
    batch_id: BatchId
    services: Mapping[str, ServiceId]
    people: list[tuple[PersonId, bytes]]

    def paper(self, at: int, *, day: date, price: int = 400) -> NewClaim:
        person_id, _ = self.people[at % len(self.people)]
        lines = tuple(NewLine(self.services[code], 1, price + at % 7) for code in CODES)
        return NewClaim(person_id, day, day, lines)


def founded(name: str, folder: Path, *, month: Month | None = None, before: int = 0) -> Founded:
    """Return a copy of a book with care; `before` claims of everybody were decided there already."""
    place = big_book.copy_of(name, folder)
    desk, _ = big_book.opened(place, big_book.today_of(name))
    with desk:
        with desk.read() as connection:
            plan = connection.exec_driver_sql("SELECT id FROM plan").scalar_one()
        here, elsewhere, nowhere = (
            desk.do(add_provider, code=code, name=code, level=Level.CENTRE, kind=Kind.PUBLIC)
            for code in ("C", "E", "O")
        )
        care = desk.do(found_care, plan_id=PlanId(plan), provider_id=nowhere, first_day=FIRST)
        for one in (here, elsewhere):
            listed = Agreement(
                AgreementId(b""), one, care.tariff_id, FIRST, late_invoice_days=_LATE
            )
            desk.do(sign_agreement, agreement=listed)
        month = month or Month.of(desk.today)
        batch, other = (
            desk.do(open_batch, request_id=_request(), provider_id=one, month=month)
            for one in (here, elsewhere)
        )
        people = people_of(desk)
        if before:
            days = [YEAR + timedelta(days=at % 350) for at in range(before)]
            whose = [Whose(*people[at % len(people)], day) for at, day in enumerate(days)]
            used = [care.services[code] for code in CODES]
            write_many(desk, whose, batch_id=other, services=used, price=1)
        return Founded(place, batch, care.services, people)


def _of_one(name: str, folder: Path, before: int) -> Founded:
    """Return a copy of a book in which one person had so many claims in a year."""
    found = founded(name, folder, month=Month(2025, 12))
    one = replace(found, people=found.people[:1])
    if before:
        desk, _ = big_book.opened(found.place, big_book.today_of(name))
        with desk:
            with desk.read() as connection:
                other = connection.exec_driver_sql(
                    "SELECT b.id FROM claim_batch b JOIN provider p ON p.id = b.provider_id"
                    " WHERE p.code = 'E'"
                ).scalar_one()
            days = [YEAR + timedelta(days=at % 350) for at in range(before)]
            used = [found.services[code] for code in CODES]
            whose = [Whose(*one.people[0], day) for day in days]
            write_many(desk, whose, batch_id=BatchId(other), services=used, price=1)
    return one


def _with_claims(name: str, folder: Path, count: int) -> tuple[Path, list[ClaimId]]:
    """Return a closed copy of a book with care and so many claims of four lines to decide."""
    found = founded(name, folder)
    desk, _ = big_book.opened(found.place, big_book.today_of(name))
    # One work for all of them: what is measured is deciding, and the book is made once.
    with desk, desk.work("enter_claims") as work:
        claims = [
            enter_claim(
                work,
                request_id=_request(),
                batch_id=found.batch_id,
                certificate=found.paper(
                    at, day=work.today - timedelta(days=at // len(found.people) % 300)
                ),
            )
            for at in range(count)
        ]
    return found.place, claims


def _request() -> RequestId:
    return RequestId(os.urandom(16))


def _apart(
    desk: Desk, found: Founded, paper: NewClaim, request: RequestId, told: list[Outcome]
) -> None:
    """Enter and decide by two acts."""
    claim_id = desk.do(enter_claim, request_id=request, batch_id=found.batch_id, certificate=paper)
    told.append(desk.do(decide_claim, claim_id=claim_id).outcome)


def _at_once(
    desk: Desk, found: Founded, paper: NewClaim, request: RequestId, told: list[Outcome]
) -> None:
    """Enter and decide by one act."""
    done = desk.do(
        enter_and_decide, request_id=request, batch_id=found.batch_id, certificate=paper
    )
    if done.assessed is not None:
        told.append(done.assessed.outcome)


def _entered(
    desk: Desk, found: Founded, paper: NewClaim, request: RequestId, told: list[Outcome]
) -> None:
    """Enter alone, as a clerk's Enter does: the batch is decided later."""
    desk.do(enter_claim, request_id=request, batch_id=found.batch_id, certificate=paper)
    told.append(Outcome.APPROVED)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way a claim goes."""

    name: str
    acts: int
    act: Callable[[Desk, Founded, NewClaim, RequestId, list[Outcome]], None]


AT_ONCE = _Way("a claim of 4 lines entered and decided by one act", 1, _at_once)
APART = _Way("a claim of 4 lines entered, then decided: two acts", 2, _apart)
ENTERED = _Way("a claim of 4 lines entered alone", 1, _entered)


def _care(
    desk: Desk, found: Founded, count: int, told: list[Outcome], way: _Way, *, of_one: bool
) -> list[Operation]:
    """Return certificates to take in: everybody's of today, or one person's day by day."""
    return [
        partial(
            way.act,
            desk,
            found,
            found.paper(at, day=YEAR + timedelta(days=at % 350), price=40)
            if of_one
            else found.paper(at, day=desk.today - timedelta(days=at // len(found.people))),
            _request(),
            told,
        )
        for at in range(count)
    ]


def race_claims(
    book: str,
    name: str,
    found: Founded,
    effort: Effort,
    syncs: Syncs,
    *,
    way: _Way = AT_ONCE,
    of_one: bool = False,
) -> Row:
    """Return what claims take that go one way, beside their rows written by hand."""
    slow = effort.rounds(20, 6)
    rounds = effort.rounds(150, 30) + 10 + slow
    other = found.place.with_name(found.place.name + "-twin")
    shutil.copytree(found.place, other)
    desk, _ = big_book.opened(found.place, big_book.today_of(name))
    twin = Twin(other, desk)
    told: list[Outcome] = []
    row = race(
        way.name,
        book,
        (desk, twin),
        syncs,
        _care(desk, found, rounds, told, way, of_one=of_one),
        slow=slow,
        acts_each=way.acts,
    )
    row.book = f"{book}, {told.count(Outcome.APPROVED)} of {len(told)} approved"
    twin.close()
    desk.close()
    shutil.rmtree(other)
    return judged(row, here=HERE_AT_MOST, slow=SLOW_AT_MOST)


def _decisions(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    small, big = big_book.SMALL, big_book.BIG
    many = effort.rounds(20_000, 2000)
    for way in (AT_ONCE, APART, ENTERED):
        rows = [
            race_claims(told, name, founded(name, folder), effort, syncs, way=way)
            for told, name in (("600 persons", small), ("10,000 persons", big))
        ]
        if way is AT_ONCE:
            full = founded(small, folder, before=many)
            one, other = _of_one(small, folder, 0), _of_one(small, folder, OF_ONE)
            rows += [
                race_claims(f"600 persons, {many:,} claims", small, full, effort, syncs),
                race_claims("of one person", small, one, effort, syncs, of_one=True),
                race_claims(
                    f"of one person with {OF_ONE}", small, other, effort, syncs, of_one=True
                ),
            ]
        for row in rows:
            table.add(row)
        flat_row(table, "large by small", rows[0], rows[1])
        if way is AT_ONCE:
            flat_row(table, "many claims by none", rows[0], rows[2])
            flat_row(table, f"{OF_ONE} of the person by none", rows[3], rows[4])


def flat_row(table: Table, told: str, base: Row, other: Row) -> None:
    flat = (other.ratio or 0) / (base.ratio or 1)
    table.add(
        Row(
            f"{base.work}: its ratio, {told}",
            "CPU alone: "
            f"{(other.cpu or 0) / (other.floor_cpu or 1) / ((base.cpu or 0) / (base.floor_cpu or 1)):.2f}",
            ratio=flat,
            wanted=f"≤ {FLAT_AT_MOST:g}",
            holds=flat <= FLAT_AT_MOST,
        )
    )


def _from_file(table: Table, effort: Effort, folder: Path) -> None:
    """Certificates of one invoice from a table, brought in and decided in one work."""
    found = founded(big_book.SMALL, folder)
    desk, _ = big_book.opened(found.place, big_book.today_of(big_book.SMALL))
    count, file_of = effort.rounds(FROM_FILE, 100), folder / "claims.csv"
    rows = ["provider,invoice,person,day,until,certificate,service,quantity,price"]
    with desk, desk.read() as connection:
        serials = connection.exec_driver_sql("SELECT serial FROM household ORDER BY id").scalars()
        known = serials.all()
        for at in range(count):
            day = desk.today - timedelta(days=at // len(known) % 4)
            rows += [
                f"C,F-1,{known[at % len(known)]}/00,{day},{day},N{at},{code},1,{400 + at % 7}"
                for code in CODES
            ]
        file_of.write_text("\n".join([*rows, ""]), encoding="utf-8")
        taken = Times()
        taken.take(partial(desk.do, import_claims, file=file_of, decide=True))
    wanted = FROM_FILE_S * count / FROM_FILE
    table.add(
        Row(
            "claims of 4 lines from a file, entered and decided",
            f"{count:,} claims",
            ours=taken.median,
            cpu=taken.median_cpu,
            wanted=f"≤ {wanted:g} s",
            holds=taken.median <= wanted * 1000,
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
    # Nothing is waited for: by processor time, whatever else the machine does.
    a_second = times / taken.median_cpu * 1000
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
    """Decided claims by another package: 100,000 within a minute; some are made for it."""
    count = effort.rounds(10_000, 1000)
    found = founded(big_book.SMALL, folder, before=count)
    desk, _ = big_book.opened(found.place, big_book.today_of(big_book.SMALL))
    told: list[int] = []
    with desk:
        version = next(iter(desk.ask(packages).values()))[-1]

        def ours() -> None:
            done = what_if(desk, package=version, first_day=FIRST, last_day=desk.today)
            told.append(done.claims)

        taken = Times()
        for _ in range(effort.rounds(3, 1)):
            taken.take(ours)
    if told[0] != count:
        raise AssertionError(f"{told[0]} of {count} claims were reckoned")
    a_second = count / taken.median_cpu * 1000
    table.add(
        Row(
            "a decided claim reckoned anew for a what-if",
            f"{count:,} claims, whole",
            ours=taken.median,
            cpu=taken.median_cpu,
            told=f"{taken.median / 1000:.1f} s, {a_second:,.0f} claims/s by CPU",
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
    _from_file(table, effort, folder)
    _what_if(table, effort, folder)
    _month_sent(table, effort, folder)
