"""Claims of the peer's demonstration book: as they were stored there, or typed anew.

What was decided there comes over as history and is told as it came. What was not is typed anew, with
the reviewer's word when the case tells one. The claims lie before most policies of the demonstration
(its README, trap 1), so these are moved back by whole years to hold when care was given.
"""

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from stepdesk.claims.queries import claim_of, claim_of_number
from stepdesk.claims.service import expected_steps
from stepdesk.claims.terms import Claim, ClaimLine, NewLine, State
from stepdesk.exchange.openimis import import_openimis
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.ids import ClaimId
from tests.peers import numbers
from tests.peers.bench import Bench, Case, NotHere, Told, bench_on, day_of, told_of
from tests.peers.claims import (
    VISITS,
    Clinic,
    Filed,
    Line,
    answer_of,
    category_of_claim,
    line_told,
    review,
)
from tests.peers.export import Export

_ROOT = Path(__file__).resolve().parents[2]
_PLACES = (_ROOT / "shared", _ROOT.parent / "shared")
_DATED: Mapping[str, tuple[str, ...]] = {
    "policies.csv": ("enroll_date", "start_date", "effective_date", "expiry_date"),
    "contributions.csv": ("pay_date",),
}
_AFTER = date(2026, 1, 5)

Row = dict[str, str]


def demo_folder() -> Path | None:
    """Return where the demonstration's files lie, None when they are not here."""
    found = [one / "data" / "openimis_demo" for one in _PLACES]
    return next((one for one in found if one.is_dir()), None)


def rows_of(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moved(source: Path, folder: Path, day: date, *, without: Iterable[str] = ()) -> Path:
    """Copy the files with each policy moved back by the least whole years to hold on a day."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("history", *without))
    for one in folder.rglob("*"):
        one.chmod(0o644)
    years = {
        row["policy_id"]: max(_years_since(day_of(row["start_date"]), day), 0)
        for row in rows_of(source, "policies.csv")
    }
    for name, columns in _DATED.items():
        rows = rows_of(source, name)
        for row in rows:
            for column in columns:
                row[column] = _back(row[column], years[row["policy_id"]])
        _write(folder / name, rows)
    return folder


def _years_since(first: date, day: date) -> int:
    return first.year - day.year + ((day.month, day.day) < (first.month, first.day))


def _back(told: str, years: int) -> str:
    return f"{int(told[:4]) - years:04d}{told[4:]}" if told else ""


def _write(file: Path, rows: Sequence[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# A case


@dataclass(frozen=True, slots=True)
class _There:
    """A claim of the files, with its lines: items before services."""

    row: Row
    lines: tuple[Row, ...]


def _claims_there(source: Path) -> dict[str, _There]:
    lines: dict[str, list[Row]] = {}
    for name in ("claim_items.csv", "claim_services.csv"):
        for row in rows_of(source, name):
            lines.setdefault(row["claim_code"], []).append(row)
    return {
        row["claim_code"]: _There(row, tuple(lines.get(row["claim_code"], ())))
        for row in rows_of(source, "claims.csv")
    }


def demo_case(given: Case, folder: Path) -> Told:
    """Bring the demonstration in, and tell of the claim of a case what the desk knows of it."""
    source = demo_folder()
    if source is None:
        raise NotHere("the demonstration data of openIMIS is not here")
    there = _claims_there(source)
    meant = there.get(str(given.get("claim"))) or _alike(there, given)
    bench = bench_on(folder, _AFTER)
    try:
        bench.desk.do(import_openimis, folder=source)
        claim = _stored(bench, str(given.get("claim", "")))
        if claim is not None and claim.state in {State.APPROVED, State.PAID, State.REJECTED}:
            return _told_of(bench, claim, given)
    finally:
        bench.desk.close()
    return _anew(given, folder / "anew", source, meant)


def _alike(there: Mapping[str, _There], given: Case) -> _There:
    """Return the first claim of the files that has the lines of a case, else the first of all."""
    asked = sorted((str(one["code"]), Decimal(str(one["asked"]))) for one in given["lines"])
    for one in there.values():
        held = sorted((row["code"], Decimal(row["PriceAsked"])) for row in one.lines)
        if held == asked:
            return one
    return next(iter(there.values()))


def _stored(bench: Bench, code: str) -> Claim | None:
    desk = bench.desk
    found = desk.ask(claim_of_number, code) if code else None
    return None if found is None else desk.ask(claim_of, found, desk.currency)


# As it was stored


def _told_of(bench: Bench, claim: Claim, given: Case) -> Told:
    """Return a decided claim in the peer's words, its lines in the order of the case."""
    desk = bench.desk
    lines = _in_order(claim, given, desk.currency.scale)
    refused = [_number_of(one) for one in lines]
    paid = [told_of(one.paid.minor if one.paid else 0, desk) for one in lines]
    total = told_of(claim.paid.minor if claim.paid else 0, desk)
    stay = claim.last_day > claim.first_day
    passed = [one.service_id for one in claim.lines if not _number_of(one)]
    return {
        "line_rejection": refused,
        "line_paid": paid,
        "claim_status": numbers.REJECTED if claim.state is State.REJECTED else numbers.VALUATED,
        "claimed": told_of(claim.claimed.minor, desk),
        "approved": total,
        "total_paid": total,
        "rem_g": total,
        "rem_ip": total if stay else None,
        "rem_op": None if stay else total,
        "category": category_of_claim(desk, passed, stay=stay),
    }


def _in_order(claim: Claim, given: Case, scale: int) -> list[ClaimLine]:
    left = list(claim.lines)
    found = []
    for one in given.get("lines") or ():
        asked = Decimal(str(one["asked"])) * scale if "asked" in one else None
        # An item that shares its code with a service has -I behind it here.
        names = {str(one["code"]), f"{one['code']}-I"}
        line = next(
            (
                held
                for held in left
                if held.code in names and asked in {None, Decimal(held.unit_price.minor)}
            ),
            None,
        )
        if line is None:
            raise NotHere(f"the claim has no line {one['code']}")
        left.remove(line)
        found.append(line)
    return found or list(claim.lines)


def _number_of(line: ClaimLine) -> int:
    if line.quantity_counted or not line.codes:
        return 0
    return numbers.NUMBERS.get(ReasonCode(line.codes[0]), numbers.BY_REVIEWER)


# Typed anew


def _anew(given: Case, folder: Path, source: Path, there: _There) -> Told:
    """Type a claim that was not decided there, let it be reviewed, and foresee what it comes to."""
    folder.mkdir()
    told = _claim_told(given, there)
    bench = bench_on(folder, told.claimed_on)
    clinic = Clinic(bench, {}, told.first_day, there.row["chf_id"], (), Export())
    try:
        files = moved(source, folder / "moved", told.first_day, without=("claim*.csv",))
        bench.desk.do(import_openimis, folder=files)
        claim_id = _file(clinic, told, there)
        decided = review(clinic, told, claim_id)
        clinic.let_pass()
        foreseen = decided or expected_steps(bench.desk, claim_id)[1]
        status = numbers.REJECTED if decided else numbers.CHECKED
        return answer_of(clinic, told, foreseen) | {"claim_status": status}
    finally:
        bench.desk.close()


def _claim_told(given: Case, there: _There) -> Filed:
    row = there.row
    first = day_of(given.get("date_from") or row["date_from"])
    last = day_of(given.get("date_to") or row["date_to"] or row["date_from"])
    lines = []
    for one in given["lines"]:
        told = {"kind": "service", "price_asked": one.get("asked", 0), **one}
        lines.append(Line(str(one["code"]), line_told({}, {}, told)))
    return Filed(
        "A",
        first,
        last,
        max(day_of(row["date_claimed"]), last),
        VISITS[row["visit_type"] or "O"],
        tuple(lines),
    )


def _file(clinic: Clinic, told: Filed, there: _There) -> ClaimId:
    lines = [
        NewLine(
            clinic.service(line.code),
            int(line.told["qty_provided"]),
            clinic.money(line.told["price_asked"]),
        )
        for line in told.lines
    ]
    return clinic.file(
        (told.first_day, told.last_day),
        lines,
        facility=there.row["hf_code"],
        claimed_on=told.claimed_on,
        visit=told.visit,
    )
