"""Run worked cases of openIMIS against this program: `python -m tests.peers.openimis FILE [--json]`.

Each case is set up in a book of its own: its product, family and policies are written as an openIMIS
export and brought in by the importer, money comes by the verbs of the desk, and the answer is what
the desk tells. What a case is called decides nothing. Only the words of the answer are the peer's:
status numbers, names of fields.

Exit 0 when no case failed, 1 when one did, 2 when the file cannot be read.
"""

import argparse
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from stepdesk.contributions.queries import (
    account_of,
    quote_of,
    receipts_of,
    renewals,
)
from stepdesk.contributions.service import contribute, reverse_payment
from stepdesk.contributions.terms import Account, Means
from stepdesk.errors import Caution, Refusal
from stepdesk.exchange.terms import NumberRule
from stepdesk.i18n import speak
from stepdesk.members.queries import search
from stepdesk.payers.service import (
    add_payer,
    approve_nomination,
    cover_nomination,
    nominate,
    sign_agreement,
    validate_nomination,
)
from stepdesk.payers.terms import PayerAgreement, PayerKind
from stepdesk.values.ids import HouseholdId, PayerAgreementId
from stepdesk.values.month import add_months
from tests.builders import a_request
from tests.peers.batches import AREAS as BATCH_AREAS
from tests.peers.bench import (
    ACTIVE,
    ADULT,
    CHILD,
    DAY,
    EXPIRED,
    IDLE,
    SUSPENDED,
    AnyOf,
    Bench,
    Case,
    NotHere,
    Told,
    bench_on,
    day_of,
    given_of,
    number_of,
    told_of,
    whole_of,
)
from tests.peers.claim_files import claim_file
from tests.peers.claims import AREAS as CLAIM_AREAS
from tests.peers.demo import demo_case
from tests.peers.export import Export


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case came out."""

    id: str
    area: str
    status: str
    expected: Any
    got: Any
    reason: str


# policy.value: what an enrolment or a renewal costs, and when it holds


_MEMBERS = (
    ("adults", "adult", ""),
    ("children", "child", "4"),
    ("other_adults", "adult", "7"),
    ("other_children", "child", "7"),
)


def _value(given: Case, folder: Path) -> Told:
    """Enrol or renew the family of a case on its day."""
    day, product = day_of(given["enroll_date"]), given["product"]
    renewed = given.get("stage") == "R"
    export = Export()
    months = export.product("P1", product)
    born = {"adult": add_months(day, -12 * ADULT), "child": add_months(day, -12 * CHILD)}
    persons = [
        (kind, relation)
        for name, kind, relation in _MEMBERS
        for _ in range(whole_of(given.get(name) or 0))
    ]
    if not persons:
        raise NotHere("a family without anybody does not enrol")
    export.family("1", persons, born)
    if renewed:
        last = day_of(given.get("previous_expiry") or day - DAY)
        export.policy("1", "P1", last, months)
    bench = bench_on(folder, day)
    try:
        bench.bring_in(export)
        quote = bench.desk.ask(quote_of, bench.household("101"), day)
        return {
            "start_date": quote.effect,
            "expiry_date": quote.until - DAY,
            "value": told_of(quote.total, bench.desk),
            "last_payment_date": quote.pay_by,
        }
    finally:
        bench.desk.close()


# contribution: money comes, and cover begins


def _contribution(given: Case, folder: Path) -> Told:
    """Let a family that enrolled pay what a case says."""
    payment = given.get("create") or given
    pay_day = day_of(payment.get("pay_date") or "2025-03-10")
    start = day_of(given.get("start_date") or pay_day - 9 * DAY)
    enrolled = min(start, pay_day)
    product = _worth(given)
    if start > enrolled and not product.get("start_cycle_1"):
        product["start_cycle_1"] = start.strftime("%d-%m")
    export = Export()
    export.product("P1", product)
    export.family("1", [("adult", "")], {"adult": add_months(enrolled, -12 * ADULT)})
    bench = bench_on(folder, enrolled)
    try:
        bench.bring_in(export)
        bench.on(pay_day)
        return _paid(bench, bench.household("101"), given, payment, start)
    finally:
        bench.desk.close()


_PRICES = ("lump", "premium", "registration", "assembly", "discount", "threshold")


def _worth(given: Case) -> Told:
    """Return the product of a case, with the policy's value for all it costs."""
    told: Told = {
        name: one
        for name, one in (given.get("product") or {}).items()
        if not any(price in name for price in _PRICES)
    }
    return {"insurance_period": 12} | told | {"lump_sum": given["policy_value"]}


def _paid(bench: Bench, home: HouseholdId, given: Case, payment: Case, start: date) -> Told:
    desk, action = bench.desk, given.get("action")
    if action == "suspend":
        raise NotHere(
            "suspension follows from arrears alone and ends by paying: nobody suspends by hand"
        )
    if given.get("already_paid"):
        _pay(bench, home, given["already_paid"], None)
    if action == "enforce":
        missing = number_of(given["policy_value"]) - number_of(payment["amount"])
        _take_over(bench, home, missing - number_of(given.get("already_paid") or 0))
    first = _pay(bench, home, payment["amount"], payment.get("pay_type"))
    told = _state(desk.ask(account_of, home, desk.today), desk.today)
    told |= {"amount_after_create": _counted(bench, home)}
    if given.get("update") and first is not None:
        desk.do(
            reverse_payment, request_id=a_request(), payment_id=first, reason="Typed in wrongly"
        )
        _pay(bench, home, given["update"]["amount"], payment.get("pay_type"))
        told["amount_after_update"] = _counted(bench, home)
    return told | {"start_date": start, "pay_date": desk.today}


_MEANS = {"B": Means.BANK, "C": Means.CASH, "M": Means.MOBILE, "F": Means.BANK}


def _pay(bench: Bench, home: HouseholdId, amount: object, kind: str | None) -> Any:
    """Write a receipt and return its payment; of no money there is no receipt."""
    if not bench.money(amount):
        return None
    told: Told = {
        "request_id": a_request(),
        "household_id": home,
        "amount": bench.money(amount),
        "means": _means(kind),
    }
    try:
        return bench.desk.do(contribute, **told).payment_id
    except Caution as caution:
        doubts = frozenset(one.name for one in caution.doubts)
        return bench.desk.do(contribute, **told, accepting=doubts).payment_id


def _means(kind: str | None) -> Means:
    if (kind or "C") not in _MEANS:
        raise NotHere(f"money does not come by {kind}")
    return _MEANS[kind or "C"]


def _take_over(bench: Bench, home: HouseholdId, missing: Decimal) -> None:
    """Let a fund promise what is missing: cover for less than the price is somebody's to bear."""
    desk, day = bench.desk, bench.desk.today
    if missing <= 0:
        return
    fund = desk.do(add_payer, code="FUND", name="Solidarity fund", kind=PayerKind.UNION_FUND)
    promise = PayerAgreement(
        PayerAgreementId(b""),
        fund,
        "Solidarity fund",
        day,
        None,
        "",
        None,
        None,
        bench.money(missing).minor,
        pays_fee=False,
        on_commitment=True,
        invoice_months=3,
        signed_on=day,
    )
    agreement = desk.do(sign_agreement, agreement=promise)
    nomination_id = desk.do(
        nominate, agreement_id=agreement, household_id=home, on=day, grounds="Let in for less"
    )
    desk.do(validate_nomination, nomination_id=nomination_id, on=day)
    desk.do(approve_nomination, nomination_id=nomination_id, on=day)
    desk.do(cover_nomination, nomination_id=nomination_id, on=day)


def _counted(bench: Bench, home: HouseholdId) -> Decimal:
    """Return what the receipts that count add up to."""
    receipts = bench.desk.ask(receipts_of, home, bench.desk.currency)
    return told_of(sum(one.amount.minor for one in receipts), bench.desk)


def _state(account: Account, day: date) -> Told:
    """Return how a term stands in the peer's words: a status number and the effective date."""
    status, effective = ACTIVE, None
    if account.entered_on is None or account.effect_date is None:
        status = IDLE
    else:
        effective = max(account.entered_on, account.effect_date)
        if account.covered_through is None or account.covered_through < day:
            status = EXPIRED
        elif account.suspended:
            status = SUSPENDED
    return {"policy_status": status, "effective_date": effective}


# renewal: who is reminded, and what has run out


def _renewal(given: Case, folder: Path) -> Told:
    """Bring policies in, paid when they are or were in force, and look at them on a day."""
    today = day_of(given["today"])
    export = Export()
    homes: dict[str, str] = {}
    for at, one in enumerate(given["policies"], 1):
        name = str(one.get("family", one["id"]))
        if name not in homes:
            homes[name] = str(len(homes) + 1)
            export.family(homes[name], [("adult", "")], {"adult": date(1960, 1, 1)})
        last = day_of(one["expiry"])
        product = f"P{one.get('product', at)}"
        told = {"insurance_period": _length(last, today, one), "lump_sum": 100}
        months = export.product(product, told)
        paid = whole_of(one.get("status", ACTIVE)) in {ACTIVE, EXPIRED}
        export.policy(homes[name], product, last, months, paid=paid)
    bench = bench_on(folder, today)
    try:
        bench.bring_in(export)
        within = whole_of(given.get("interval_days", 14))
        ends = {
            (row.household_id, row.covered_through)
            for row in bench.desk.ask(
                lambda connection: list(renewals(connection, today, within=within))
            )
        }
        prompted, status = [], {}
        for one in given["policies"]:
            home = bench.household(homes[str(one.get("family", one["id"]))] + "01")
            if (home, day_of(one["expiry"])) in ends:
                prompted.append(one["id"])
            account = bench.desk.ask(account_of, home, today)
            status[one["id"]] = _state(account, today)["policy_status"]
            if status[one["id"]] == ACTIVE and day_of(one["expiry"]) < today:
                status[one["id"]] = EXPIRED
        return {"prompted": prompted, "status": status}
    finally:
        bench.desk.close()


def _length(last: date, today: date, one: Case) -> int:
    """Return whole years in months, so that the policy began by today."""
    if one.get("insurance_period"):
        return whole_of(one["insurance_period"])
    years = max(last.year - today.year, 0) + 1
    return 12 * years


# insuree.number: what the importer takes for a member number


def _number(given: Case, folder: Path) -> Told:
    """Bring in a person with the number of a case under the rule for numbers."""
    day, number = date(2025, 1, 2), str(given.get("number", ""))
    export = Export()
    export.product("P1", {"insurance_period": 12, "lump_sum": 100})
    export.family("1", [("adult", "")], {"adult": date(1990, 1, 1)}, head=number)
    rule = NumberRule(*(_asked(given, name) for name in ("length", "modulo")))
    bench = bench_on(folder, day)
    try:
        bench.bring_in(export, rule)
        found = bench.desk.ask(search, number) if number else []
        return {"valid": any(one.legacy_number == number for one in found)}
    finally:
        bench.desk.close()


def _asked(given: Case, name: str) -> int | None:
    told = given.get(name)
    return None if told is None else whole_of(told)


AREAS: Mapping[str, Callable[[Case, Path], Told]] = {
    **CLAIM_AREAS,
    **BATCH_AREAS,
    "claim.xml": claim_file,
    "demo.stored": demo_case,
    "policy.value": _value,
    "contribution": _contribution,
    "renewal": _renewal,
    "insuree.number": _number,
}


# Running and comparing


def run(case: Any) -> Outcome:
    """Run one case; nothing a case says makes the runner fail."""
    if not isinstance(case, Mapping):
        return Outcome("?", "", "not applicable", None, None, "this is no case")
    expected, area = case.get("expect"), str(case.get("area", ""))
    why = "a defect of the peer" if case.get("do_not_imitate") else ""
    if not why and area not in AREAS:
        why = f"there is no area {area or '—'} here"
    status, got = "not applicable", None
    if not why:
        status, got, why = _ran(case, area)
    return Outcome(str(case.get("id", "?")), area, status, expected, got, why)


def _ran(case: Case, area: str) -> tuple[str, Any, str]:
    """Return how a case came out: its status, what the desk said, and why it differs."""
    folder = Path(mkdtemp(prefix="stepdesk-peer-"))
    try:
        return _compared(_part(case, "expect"), AREAS[area](_part(case, "given"), folder))
    except NotHere as why:
        return "not applicable", None, str(why)
    except Refusal as refusal:
        return "fail", None, f"refused: {speak(refusal.text, 'en')}"
    except Exception as error:  # noqa: BLE001 - one bad case must not hide the others
        return "fail", None, f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _part(case: Case, name: str) -> Case:
    told = case.get(name)
    if not isinstance(told, Mapping) or (name == "expect" and not told):
        raise NotHere(
            f"the case does not tell what is {'given' if name == 'given' else 'expected'}"
        )
    found: Case = given_of(told) if name == "given" else told
    return found


def _compared(expected: Case, answer: Told) -> tuple[str, Any, str]:
    got = {name: _answered(answer, name) for name in expected}
    wrong = [name for name in got if not _equal(expected[name], got[name], answer, name)]
    if wrong:
        return "fail", _plain(got), f"differs in {', '.join(wrong)}"
    return "pass", _plain(got), ""


def _answered(answer: Told, name: str) -> Any:
    """Return what the desk said of something a case asks, under any of its usual names."""
    if name in answer:
        return answer[name]
    if "pay" in name and ("last" in name or "deadline" in name or "until" in name):
        return answer.get("last_payment_date")
    return answer.get({"status": "policy_status", "expiry": "expiry_date"}.get(name, name))


def _equal(expected: Any, got: Any, answer: Told, name: str = "") -> bool:
    """Whether an answer is what a case expects; its days may be named instead of told.

    Of what is told of several lines or claims, a case may expect less, or one thing of all.
    """
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            one in got and _equal(expected[one], got[one], answer, one) for one in expected
        )
    if isinstance(got, AnyOf):
        return any(_equal(expected, one, answer) for one in got)
    if isinstance(got, list):
        return _equal_list(expected, got, answer, name)
    if isinstance(expected, str) and isinstance(got, date):
        expected = _named(expected, answer)
    elif isinstance(got, Decimal) and isinstance(expected, int | float | str):
        expected = _decimal(expected)
    return bool(expected == got)


def _equal_list(expected: Any, got: list[Any], answer: Told, name: str) -> bool:
    if not isinstance(expected, list):
        return bool(got) and all(_equal(expected, one, answer) for one in got)
    if name.endswith("_contains"):
        return all(any(_equal(one, other, answer) for other in got) for one in expected)
    return len(expected) == len(got) and all(
        _equal(one, other, answer) for one, other in zip(expected, got, strict=True)
    )


def _decimal(told: object) -> Decimal | None:
    try:
        return Decimal(str(told))
    except InvalidOperation:
        return None


def _named(expected: str, answer: Told) -> date | None:
    """Return the day told as 2025-01-01, as `pay_date`, or as `max(pay_date,start_date)`."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", expected):
        return day_of(expected)
    days = [answer.get(name) for name in re.findall(r"pay_date|start_date", expected)]
    known = [day for day in days if isinstance(day, date)]
    return max(known, default=None)


def _plain(value: Any) -> Any:
    """Return a value as JSON takes it."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a file and print how each came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers.openimis", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args(arguments)
    try:
        cases = json.loads(told.file.read_text(encoding="utf-8"))["cases"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"{told.file} holds no cases: {error}\n")
        return 2
    outcomes = [run(case) for case in cases]
    said = [asdict(one) for one in outcomes]
    sys.stdout.write(
        json.dumps(said, ensure_ascii=False, indent=1) if told.json else _table(outcomes)
    )
    sys.stdout.write("\n")
    return int(any(one.status == "fail" for one in outcomes))


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = [f"{one.id:10} {one.area:22} {one.status:15} {one.reason}" for one in outcomes]
    counts = Counter(one.status for one in outcomes)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in ("pass", "fail", "not applicable"))
    return "\n".join([*lines, told])


if __name__ == "__main__":
    raise SystemExit(main())
