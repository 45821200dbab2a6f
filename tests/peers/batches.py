"""Batch runs of cases: relative prices wait for the index of their month.

Source: openIMIS handbook 2.8, 3.4.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from stepdesk.claims.queries import claim_of
from stepdesk.claims.service import run_relative
from stepdesk.claims.terms import Claim, NewLine, RelativeRun, State
from stepdesk.errors import Refusal
from stepdesk.values.ids import ClaimId
from stepdesk.values.month import Month
from tests.peers import numbers
from tests.peers.bench import (
    DAY,
    Case,
    NotHere,
    Told,
    bench_on,
    day_of,
    number_of,
    told_of,
    whole_of,
)
from tests.peers.claims import (
    Clinic,
    Line,
    answer_of,
    claims_told,
    clinic_for,
    file_told,
    line_told,
)
from tests.peers.export import Export, months_between

_ALREADY_RUN = 2
_PRODUCT = "P1"
_YEAR = 12
_STATUS = {
    State.RECEIVED: numbers.ENTERED,
    State.VALUED: numbers.PROCESSED,
    State.APPROVED: numbers.VALUATED,
    State.REJECTED: numbers.REJECTED,
}


def _run(clinic: Clinic, month: Month) -> RelativeRun:
    clinic.bench.on(max(month.until, clinic.bench.desk.today))
    clinic.let_pass()
    return clinic.bench.desk.do(run_relative, month=month)


def _claim(clinic: Clinic, claim_id: ClaimId) -> Claim:
    desk = clinic.bench.desk
    return desk.ask(claim_of, claim_id, desk.currency)


def run_twice(given: Case, folder: Path) -> Told:
    """Run the months that were run, then the one that is asked for."""
    asked = given["request"]
    earlier = given.get("existing") or []
    claims = claims_told({"date_from": f"{whole_of(asked['year']):04d}-01-15"})
    clinic = clinic_for({}, folder, claims)
    try:
        for one in earlier if isinstance(earlier, list) else [earlier]:
            # A book is of one place: what another ran stands in another book.
            if one.get("location") == asked.get("location"):
                _run(clinic, _month_of(one))
        _run(clinic, _month_of(asked))
    except Refusal as refusal:
        if refusal.field != "month":
            raise
        return {"error": _ALREADY_RUN}
    else:
        return {"error": 0}
    finally:
        clinic.close()


def _month_of(told: Case) -> Month:
    year, month = whole_of(told["year"]), whole_of(told["month"])
    if not (1 <= month <= _YEAR and date.min.year <= year <= date.max.year):
        raise NotHere(f"there is no month {month} of {year}")
    return Month(year, month)


def relative(given: Case, folder: Path) -> Told:
    """Value claims with relative prices, run the month, and tell what became of the claim."""
    return _pooled(given, folder) if "contributions" in given else _waiting(given, folder)


def _waiting(given: Case, folder: Path) -> Told:
    """File the claim of a case, decide it, and run the month of the decision."""
    claims = claims_told(given)
    clinic = clinic_for(given, folder, claims)
    try:
        claim_id = file_told(clinic, claims[0], 0)
        if claim_id is None:
            raise NotHere("the case has no line")
        before = answer_of(clinic, claims[0], clinic.decide(claim_id))
        paid = before["line_paid"]
        run = _run(clinic, Month.of(clinic.bench.desk.today))
        after = _claim(clinic, claim_id)
        return before | {
            "status_before": before["claim_status"],
            "price_valuated_before": None if all(one is None for one in paid) else paid,
            "status_after": _STATUS[after.state],
            "remunerated": told_of(after.paid.minor if after.paid else 0, clinic.bench.desk),
            "claims": run.claims,
        }
    finally:
        clinic.close()


# A pool of contributions


def _pooled(given: Case, folder: Path) -> Told:
    """Let contributions be paid, file the claim of a case and another for the rest, run the month."""
    month = Month.of(day_of(f"{given['month']}-01"))
    lines = [(str(one.get("origin", "R")), one["valued"]) for one in given.get("claim_lines", ())]
    mine = sum((number_of(amount) for kind, amount in lines if kind == "R"), Decimal(0))
    rest = number_of(given.get("relative_amounts_in_period", mine)) - mine
    told = [_line(at, *one) for at, one in enumerate(lines)]
    other = [_line(len(told), "R", rest)] if rest > 0 else []
    clinic = _with_contributions(given, folder, month, [*told, *other])
    try:
        claim_id = _file(clinic, month, told, place=0) if told else None
        if other:
            _file(clinic, month, other, place=1)
        run = _run(clinic, month)
        found = next((one for one in run.indexes if one.package == _PRODUCT), None)
        after = None if claim_id is None else _claim(clinic, claim_id)
        desk = clinic.bench.desk
        paid = after.paid.minor if after is not None and after.paid else 0
        return {
            "allocated": None if found is None else told_of(found.allocated.minor, desk),
            "index": Decimal(1) if found is None else Decimal(found.index) / 10_000,
            "remunerated": told_of(paid, desk),
            "claim_status": None if after is None else _STATUS[after.state],
        }
    finally:
        clinic.close()


def _line(at: int, origin: str, amount: object) -> Line:
    """Return a service of its own for each amount: one of it at that price."""
    told = {"price_origin": origin, "price_list_price": amount, "price_asked": amount}
    return Line(f"L{at}", line_told({}, {}, told))


def _with_contributions(given: Case, folder: Path, month: Month, lines: list[Line]) -> Clinic:
    """Bring in a family for each contribution, with a policy of its days, and the services."""
    export = Export()
    money = given["contributions"]
    if not money:
        raise NotHere("the case tells no contributions")
    first = day_of(money[0]["policy_effective"])
    length = months_between(first, day_of(money[0]["policy_expiry"]))
    product = {
        "insurance_period": length,
        "lump_sum": money[0]["amount"],
        "period_rel_prices": "M",
    }
    export.product(_PRODUCT, product | (given.get("product") or {}))
    export.shares(_PRODUCT, 12, {month.month: _percent(given)})
    for line in lines:
        export.service(line.code, line.told)
        export.covers(_PRODUCT, line.code, line.told)
    for at, one in enumerate(money, 1):
        born = {"adult": first.replace(year=first.year - 30)}
        export.family(str(at), [("adult", "")], born)
        last = day_of(one["policy_expiry"])
        paid_on = day_of(one["pay_date"])
        export.policy(str(at), _PRODUCT, last, length, value=one["amount"], paid_on=paid_on)
    export.facility("H1", "H", "B")
    bench = bench_on(folder, max(month.first, *(day_of(one["pay_date"]) for one in money)))
    bench.bring_in(export)
    return Clinic(bench, given, first, "101", (), export)


def _percent(given: Case) -> Decimal:
    """Return the share of a pool in percent; what the peer stores is a fraction."""
    if given.get("distribution_stored") is not None:
        return number_of(given["distribution_stored"]) * 100
    return number_of(given.get("distribution_percent", 100))


def _file(clinic: Clinic, month: Month, lines: list[Line], place: int) -> ClaimId:
    # Nobody is covered before the money came.
    day = max(month.first + 8 * DAY, clinic.bench.desk.today) + 3 * place * DAY
    typed = [
        NewLine(clinic.service(one.code), 1, clinic.money(one.told["price_asked"]))
        for one in lines
    ]
    claim_id = clinic.file((day, day), typed)
    clinic.decide(claim_id)
    return claim_id


AREAS: Mapping[str, Any] = {"batch": run_twice, "batch.relative": relative}
