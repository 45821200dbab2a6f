"""Claims of cases: set up through the importer, typed as certificates, decided by the desk.

A case tells a product, persons, lines and sometimes earlier claims under the names of the openIMIS
handbook, 2.1 and 3.6. Whatever it leaves open is plain: an adult woman, covered for the year of the
care, at a hospital that gives both kinds of care.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from stepdesk.benefits.queries import service_of_code, services
from stepdesk.benefits.rules import category_of
from stepdesk.benefits.terms import ServiceKind
from stepdesk.claims.queries import claims_of
from stepdesk.claims.rules import category_of_lines
from stepdesk.claims.service import (
    ask_review,
    decide_claim,
    enter_claim,
    expected_steps,
    open_batch,
    review_claim,
    route_batch,
)
from stepdesk.claims.terms import (
    Assessment,
    By,
    LineDecision,
    LineFacts,
    LineReview,
    NewClaim,
    NewLine,
    Outcome,
    Route,
)
from stepdesk.errors import Refusal
from stepdesk.members.queries import person_of_card
from stepdesk.members.service import end_membership, record_joining
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Event,
    EventKind,
    NewPerson,
    Relation,
    Sex,
)
from stepdesk.providers.queries import provider_of_code
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.desk import Desk
from stepdesk.values.care import Visit
from stepdesk.values.ids import BatchId, ClaimId, PersonId, ServiceId
from stepdesk.values.month import Month, add_months
from tests.builders import SECOND, a_request
from tests.peers import numbers
from tests.peers.bench import (
    ADULT,
    CHILD,
    DAY,
    Bench,
    Case,
    NotHere,
    Told,
    bench_on,
    day_of,
    number_of,
    told_of,
    whole_of,
)
from tests.peers.export import Export, months_between, parts_of

PRODUCT = "P1"
ALONE = frozenset({"same_person"})
"""Whoever runs a case is everybody at this desk."""

VISITS = {"E": Visit.EMERGENCY, "R": Visit.REFERRAL, "O": Visit.OTHER}
_DAY_OF_CARE = "2025-06-10"
_NUMBERS_SINCE = date(2024, 1, 2)
_YEAR = 12
_ADULT_BIT, _CHILD_BIT = 4, 8
_UNCOVERED = ("covered", "covered_by_product", "in_product", "line_valid")
_UNKNOWN = ("record_closed", "closed")


# What a case tells


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a claim: the code it has in the registers, and what the case tells of it."""

    code: str
    told: Told

    @property
    def item(self) -> bool:
        return bool(self.told["kind"] == "item")

    @property
    def known(self) -> bool:
        """Whether the registers have it."""
        return not any(self.told.get(name) for name in _UNKNOWN)

    @property
    def covered(self) -> bool:
        return all(self.told.get(name) is not False for name in _UNCOVERED)


@dataclass(frozen=True, slots=True)
class Filed:
    """One claim of a case, as it is filed."""

    code: str
    first_day: date
    last_day: date
    claimed_on: date
    visit: Visit
    lines: tuple[Line, ...]


def claims_told(given: Case) -> tuple[Filed, ...]:
    """Return the claims of a case in order, each on a day of its own when it tells none."""
    common = {name: one for name, one in given.items() if not isinstance(one, dict | list)}
    common |= given.get("claim", {}) if isinstance(given.get("claim"), dict) else {}
    claims = given.get("claims")
    told = claims if isinstance(claims, list) and claims else [{}]
    codes: dict[tuple[str, int, str], str] = {}
    found = []
    for at, one in enumerate(told):
        claim = {"code": "A", **common, **one}
        first = day_of(claim.get("date_from") or _DAY_OF_CARE)
        if not claim.get("date_from"):
            first += 3 * at * DAY
        stays = bool(given.get("in_patient")) and not claim.get("date_to")
        last = day_of(claim["date_to"]) if claim.get("date_to") else first + stays * DAY
        found.append(
            Filed(
                str(claim["code"]),
                first,
                last,
                day_of(claim["date_claimed"]) if claim.get("date_claimed") else last,
                _visit(claim.get("visit_type")),
                tuple(_lines_told(given, claim, codes)),
            )
        )
    return tuple(found)


def _visit(told: object) -> Visit:
    if (told or "O") not in VISITS:
        raise NotHere(f"there is no visit of the kind {told}")
    return VISITS[str(told or "O")]


def _lines_told(
    given: Case, claim: Case, codes: dict[tuple[str, int, str], str]
) -> Iterator[Line]:
    """Yield the lines of a claim: the same place and kind of two claims are the same service."""
    listed: Any = claim.get("lines") or given.get("lines")
    if listed is None:
        listed = [{"kind": "service", **one} for one in given.get("services", ())]
        listed += [{"kind": "item", **one} for one in given.get("items", ())]
    lines = [line_told(given, claim, one) for one in listed or [{}]]
    wanted = claim.get("category")
    if wanted and wanted != "V" and all(one["kind"] == "item" for one in lines):
        # Items put a claim in no category: an act of that category that costs nothing does.
        lines.append(line_told(given, claim, {"price_list_price": 0, "unasked": True}))
    for at, told in enumerate(lines):
        key = (told["kind"], at, str(told.get("category")))
        code = told.get("code") or codes.setdefault(key, f"{told['kind'][0].upper()}{len(codes)}")
        yield Line(str(code), told)
        if told.get("package_type") == "P" and told.get("complete", told.get("parts")):
            for one in parts_of(str(code), told):
                quantity = whole_of(one["qty"]) * whole_of(told["qty_provided"])
                free = {"kind": "service", "price_list_price": 0, "price_asked": 0}
                yield Line(
                    one["code"], {**free, "qty_provided": quantity, "unasked": True, "part": True}
                )


def line_told(given: Case, claim: Case, line: Case) -> Told:
    kind = line.get("kind") or (
        "item" if "item" in given and "service" not in given else "service"
    )
    if kind not in {"item", "service"}:
        raise NotHere(f"a line is a service or an item, not {kind}")
    told: Told = {"kind": kind}
    for name in (f"product_{kind}", kind):
        told |= given[name] if isinstance(given.get(name), dict) else {}
    if isinstance(given.get(kind), str):
        told["code"] = given[kind]
        told["covered"] = False
    told |= {name: one for name, one in line.items() if one is not None} | {"kind": kind}
    told.setdefault("care_type", given.get("line_care_type"))
    told.setdefault("price_origin", given.get("price_origin"))
    if kind == "service" and line.get("category") is None:
        told["category"] = claim.get("category")
    price = told.get("price", told.get("register_price", given.get("claim_unit_price", 100)))
    told.setdefault("price_list_price", told.get("price_asked", price))
    if "register_price" in told:
        told["price_list_price"] = told["register_price"]
    told.setdefault("price_asked", told["price_list_price"])
    told.setdefault("qty_provided", told.get("qty", claim.get("qty", 1)))
    return told


# A book for it


@dataclass(slots=True)
class Clinic:
    """The book of a case, with its patient and what has been typed so far."""

    bench: Bench
    given: Case
    first_day: date
    number: str
    others: tuple[str, ...]
    export: Export
    typed: dict[str, ClaimId] = field(default_factory=dict)

    def person(self, number: str) -> PersonId:
        found = self.bench.desk.ask(person_of_card, number)
        if found is None:
            raise NotHere(f"{number} was not brought over")
        return found

    def service(self, code: str) -> ServiceId:
        found = self.bench.desk.ask(service_of_code, code)
        if found is None:
            raise NotHere(f"{code} was not brought over")
        return found.id

    def money(self, amount: object) -> int:
        return self.bench.money(amount).minor

    def batch(self, facility: str, day: date, received_on: date) -> BatchId:
        desk = self.bench.desk
        provider = desk.ask(provider_of_code, facility)
        if provider is None:
            raise NotHere(f"{facility} was not brought over")
        return desk.do(
            open_batch,
            request_id=a_request(),
            provider_id=provider.id,
            month=Month.of(day),
            received_on=received_on,
        )

    def file(
        self,
        days: tuple[date, date],
        lines: Sequence[NewLine],
        *,
        number: str = "",
        facility: str = "H1",
        claimed_on: date | None = None,
        visit: Visit = Visit.OTHER,
        code: str = "",
    ) -> ClaimId:
        """Type a certificate on the day it was filed."""
        received = claimed_on or days[1]
        self.bench.on(max(received, days[1], self.bench.desk.today))
        claim_id = self.bench.desk.do(
            enter_claim,
            request_id=a_request(),
            batch_id=self.batch(facility, days[1], received),
            certificate=NewClaim(
                self.person(number or self.number),
                *days,
                tuple(lines),
                certificate=code,
                visit=visit,
            ),
        )
        self.typed[code] = claim_id
        return claim_id

    def let_pass(self) -> None:
        """Go on to a day of which the country's numbers are known."""
        self.bench.on(max(self.bench.desk.today, _NUMBERS_SINCE))

    def decide(self, claim_id: ClaimId) -> Assessment:
        self.let_pass()
        return self.bench.desk.do(decide_claim, claim_id=claim_id, accepting=ALONE)

    def close(self) -> None:
        self.bench.desk.close()


def clinic_for(given: Case, folder: Path, claims: Sequence[Filed]) -> Clinic:
    """Write the case down as an export, bring it in, and close the records it says are closed."""
    export = Export()
    policy = given.get("policy") or {}
    first, last = _policy_days(policy, claims)
    months = months_between(first, last)
    products = list(_products(given, months))
    lines = {line.code: line for claim in claims for line in claim.lines if line.known}
    lines |= {one.code: one for one in _earlier_lines()}
    for code, line in lines.items():
        if not line.told.get("part"):
            export.service(code, line.told)
    for product, told, its in products:
        export.product(product, {"lump_sum": policy.get("value", 100), **told})
        for line in lines.values():
            if line.covered:
                export.covers(product, line.code, line.told | its)
    export.diagnosis("A09")
    numbers_there = _families(export, given, products, (first, last, months))
    _facilities(export, given, claims)
    bench = bench_on(folder, max(first, _enrolled(policy, first)))
    bench.bring_in(export)
    clinic = Clinic(bench, given, first, numbers_there[0], tuple(numbers_there[1:]), export)
    _assign_others(clinic, products, first)
    _join_late(clinic, given, first)
    return clinic


def _join_late(clinic: Clinic, given: Case, first: date) -> None:
    """Let the patient join the family on the day a case says, when that is later than the policy."""
    patient = given.get("insuree") or {}
    if not _joins_late(patient, first):
        return
    day = day_of(patient["insuree_effective"])
    adult, sex = _who(patient)
    born = add_months(day, -_YEAR * whole_of(patient.get("age") or (ADULT if adult else CHILD)))
    clinic.bench.on(day)
    clinic.number = "199"
    clinic.bench.desk.do(
        record_joining,
        household_id=clinic.bench.household("101"),
        person=NewPerson(
            "Late",
            "Comer",
            Sex.FEMALE if sex == "F" else Sex.MALE,
            Birth(born, BirthKnown.DAY),
            Relation.OTHER,
            legacy_number=clinic.number,
        ),
        on=day,
        accepting=frozenset({"alike:0", "age"}),
    )


def _joins_late(patient: Case, first: date) -> bool:
    told = patient.get("insuree_effective")
    return bool(told) and day_of(told) > first


def _policy_days(policy: Case, claims: Sequence[Filed]) -> tuple[date, date]:
    year = claims[0].first_day.year if claims else int(_DAY_OF_CARE[:4])
    first = policy.get("effective_date") or policy.get("start_date") or f"{year}-01-01"
    begins = day_of(first)
    ends = policy.get("expiry_date")
    return begins, day_of(ends) if ends else add_months(begins, _YEAR) - DAY


def _enrolled(policy: Case, first: date) -> date:
    return day_of(policy["enroll_date"]) if policy.get("enroll_date") else first


def _products(given: Case, months: int) -> Iterator[tuple[str, Told, Told]]:
    """Yield the products by code, with what each says of the lines where it differs."""
    several = [
        (code, {"limitation": kind, "limitation_value": given[name]})
        for code, kind, name in (("PC", "C", "c_percent"), ("PF", "F", "f_limit"))
        if given.get(name) is not None
    ]
    told = {"insurance_period": months} | (given.get("product") or {})
    for code, its in several or [(PRODUCT, {})]:
        yield code, told, its


def _earlier_lines() -> tuple[Line, ...]:
    """Return the services earlier claims are made of: paid as asked, under every ceiling."""
    return tuple(
        Line(
            f"EARLIER{care}",
            {"kind": "service", "category": "O", "price_origin": "O", "price_list_price": 1},
        )
        for care in ("", "I")
    )


def _families(
    export: Export,
    given: Case,
    products: Sequence[tuple[str, Told, Told]],
    term: tuple[date, date, int],
) -> list[str]:
    """Add the patient's family, and one for each further product; return its numbers, patient first."""
    first, last, months = term
    policy, patient = given.get("policy") or {}, given.get("insuree") or {}
    adult, sex = _who(patient)
    age = whole_of(patient.get("age") or (ADULT if adult else CHILD))
    born = {"adult": add_months(first, -_YEAR * ADULT), "patient": add_months(first, -_YEAR * age)}
    count = max(whole_of(given.get("policy_members") or 1), 1)
    persons = [("patient", "")] + [("adult", "8" if at == 1 else "7") for at in range(1, count)]
    sexes = {0: sex}
    if not adult and count == 1:
        persons, sexes = [("adult", ""), ("patient", "4")], {1: sex}
    export.family("1", persons, born, sexes=sexes)
    paid = (
        whole_of(policy.get("status", 2)) in {2, 8}
        and patient.get("covered_by_policy") is not False
    )
    if policy.get("stage") == "R":
        export.policy("1", products[0][0], first - DAY, months)
    if patient.get("covered_by_policy") is not False:
        value = policy.get("value", 100)
        export.policy("1", products[0][0], last, months, paid=paid, value=value)
    for at, (code, _, _) in enumerate(products[1:], 2):
        export.family(str(at), [("adult", "")], born)
        export.policy(str(at), code, last, months)
    there = [f"1{at:02d}" for at in range(1, len(persons) + 1)]
    return there if persons[0][0] == "patient" else there[::-1]


def _who(patient: Case) -> tuple[bool, str]:
    """Return whether the patient is an adult, and the sex."""
    mask = whole_of(patient.get("mask") or 0)
    adult = bool(patient.get("adult", not mask & _CHILD_BIT or mask & _ADULT_BIT))
    if patient.get("age") is not None and patient.get("adult") is None:
        adult = whole_of(patient["age"]) >= 18
    return adult, patient.get("gender") or ("M" if mask & 1 else "F")


def _facilities(export: Export, given: Case, claims: Sequence[Filed]) -> None:
    """Add one facility for each claim: two claims of a day are not one typed twice."""
    claim: Any = given.get("claim") or {}
    told = {**given, **claim}
    by_level = (given.get("product") or {}).get("ceiling_interpretation") == "H"
    outside = by_level and given.get("in_patient") is False
    level = told.get("hf_level") or ("C" if outside else "H")
    for at in range(len(claims) + 1):
        export.facility(f"H{at + 1}", level, told.get("hf_care_type") or "B")
    export.facility("HE", "C" if by_level else "H", "B")
    export.facility("HEI", "H", "B")


def _assign_others(
    clinic: Clinic, products: Sequence[tuple[str, Told, Told]], first: date
) -> None:
    """Let the patient's plan have the packages of the other products beside its own."""
    from stepdesk.benefits.queries import assignments, package_of_code
    from stepdesk.benefits.service import assign_package

    desk = clinic.bench.desk
    mine = desk.ask(package_of_code, products[0][0])
    plan_id = next(one.plan_id for one in desk.ask(assignments) if one.package_id == mine)
    for at, (code, _, _) in enumerate(products[1:], 1):
        package_id = desk.ask(package_of_code, code)
        if package_id is None:
            raise NotHere(f"{code} was not brought over")
        desk.do(
            assign_package, plan_id=plan_id, package_id=package_id, first_day=first, supplement=at
        )


def close_records(clinic: Clinic, day: date) -> None:
    """End what a case says is ended: the family, or the person alone."""
    patient = clinic.given.get("insuree") or {}
    if not any(patient.get(name) for name in ("record_closed", "family_closed")):
        return
    desk = clinic.bench.desk
    desk.do(
        end_membership,
        household_id=clinic.bench.household("101"),
        event=Event(EventKind.CLOSED, day),
    )


# What earlier claims used


def use_up(clinic: Clinic, previous: Case, before: date) -> None:
    """Let earlier claims of the patient and of others use what a case says was used.

    They come as claims that were decided there: whatever was deducted and paid, they have it.
    """
    mine, whole = previous.get("insuree") or {}, previous.get("policy") or {}
    rest = {name: _less(whole[name], mine.get(name)) for name in whole}
    other = clinic.others[0] if clinic.others else clinic.number
    day, last = clinic.first_day, clinic.first_day
    for number, sums in ((clinic.number, mine), (other, rest)):
        for care in ("", "I"):
            deducted, paid = (_sum_of(sums, name, stay=bool(care)) for name in ("ded", "rem"))
            if deducted or paid:
                last = max(last, day + DAY if care else day)
                clinic.export.decided(
                    number,
                    f"EARLIER{care}",
                    (day, day + DAY if care else day),
                    f"HE{care}",
                    deducted=deducted,
                    paid=paid,
                )
    if "claims.csv" in clinic.export.rows:
        clinic.bench.on(max(before, last, clinic.bench.desk.today))
        clinic.bench.bring_in(clinic.export)


def _less(whole: object, mine: object) -> Decimal:
    return max(number_of(whole or 0) - number_of(mine or 0), Decimal(0))


def _sum_of(sums: Case, name: str, *, stay: bool) -> Decimal:
    """Return what was deducted or paid; of a sum for all care, what is told of none is out-patient."""
    own = sums.get(f"{name}_{'ip' if stay else 'op'}")
    if own is not None:
        return number_of(own)
    if stay or sums.get(f"{name}_g") is None:
        return Decimal(0)
    return _less(sums[f"{name}_g"], sums.get(f"{name}_ip"))


# Deciding a claim, and what is told of it


def file_told(clinic: Clinic, told: Filed, at: int) -> ClaimId | None:
    """Type a claim of the case; lines the registers do not have cannot be typed. None without any."""
    lines = [
        NewLine(
            clinic.service(line.code),
            whole_of(line.told["qty_provided"]),
            clinic.money(line.told["price_asked"]),
        )
        for line in told.lines
        if line.known
    ]
    if not lines:
        return None
    return clinic.file(
        (told.first_day, told.last_day),
        lines,
        facility=f"H{at + 1}",
        claimed_on=told.claimed_on,
        visit=told.visit,
        code=told.code,
    )


def answer_of(
    clinic: Clinic, told: Filed, assessed: Assessment | None, facts: Sequence[LineFacts] = ()
) -> Told:
    """Return what was decided of a claim in the peer's words; `facts` are of the lines it has."""
    decided = iter(assessed.lines if assessed else ())
    lines = [(one, next(decided) if one.known else None) for one in told.lines]
    known = iter(facts)
    against = [next(known, None) if one.known else None for one in told.lines]
    refused = [
        _number(line, fact)
        for (one, line), fact in zip(lines, against, strict=True)
        if not one.told.get("unasked")
    ]
    lines = [(one, line) for one, line in lines if not one.told.get("unasked")]
    if assessed is None:
        status, whole, errors = numbers.REJECTED, numbers.NOTHING_PASSED, [1, *refused]
    else:
        status = numbers.STATUS[assessed.outcome]
        whole, errors = numbers.errors_of(assessed, refused)
    return {
        "code": told.code,
        "claim_status": status,
        "claim_rejection": whole,
        "line_rejection": refused,
        "item_rejection": [n for n, (one, _) in zip(refused, lines, strict=True) if one.item],
        "service_rejection": [
            n for n, (one, _) in zip(refused, lines, strict=True) if not one.item
        ],
        "all_lines_rejected": all(refused),
        "errors": len(errors),
        "n_errors": len(errors),
        "first_error": errors[0] if errors else 0,
        "error_codes": errors,
        "claim_error_codes_contains": errors,
        "category": _category(clinic, told, lines),
        **_amounts(clinic, told, [line for _, line in lines], assessed),
    }


def _number(line: LineDecision | None, facts: LineFacts | None) -> int:
    if line is None:
        return numbers.UNKNOWN
    return numbers.number_of(line) if facts is None else numbers.first_of(line, facts)


def _category(
    clinic: Clinic, told: Filed, lines: Sequence[tuple[Line, LineDecision | None]]
) -> str:
    passed = [
        clinic.service(one.code)
        for one, line in lines
        if line is not None and line.refused is None
    ]
    return category_of_claim(clinic.bench.desk, passed, stay=told.last_day > told.first_day)


def category_of_claim(desk: Desk, passed: Sequence[ServiceId], *, stay: bool) -> str:
    """Return the category of a claim: of the acts that passed, by the desk's own rule."""
    catalogue = desk.ask(services)
    found = [catalogue[one] for one in passed]
    acts = [category_of(one) for one in found if one.kind is ServiceKind.ACT]
    return numbers.LETTERS[category_of_lines(acts, stay=stay)]


def _amounts(
    clinic: Clinic,
    told: Filed,
    lines: Sequence[LineDecision | None],
    assessed: Assessment | None,
) -> Told:
    desk = clinic.bench.desk
    waits = assessed is not None and assessed.outcome is Outcome.VALUED
    known = [one for one in lines if one is not None]
    counted = told_of(sum(one.paid for one in known if not one.outside), desk)
    stay = told.last_day > told.first_day
    by_level = (clinic.given.get("product") or {}).get("ceiling_interpretation") == "H"
    inside = bool(clinic.given.get("in_patient", stay)) if by_level else stay
    deducted = told_of(sum(one.deducted for one in known), desk)
    return {
        "lines": [_line_amounts(clinic, one, waits=waits) for one in lines],
        "unit_price": [_line_amounts(clinic, one, waits=waits)["unit_price"] for one in lines],
        "line_paid": [_line_amounts(clinic, one, waits=waits)["paid"] for one in lines],
        "ded_g": deducted,
        "rem_g": counted,
        "ded_ip": deducted if inside else None,
        "ded_op": None if inside else deducted,
        "rem_ip": counted if inside else None,
        "rem_op": None if inside else counted,
        "total_paid": told_of(sum(one.paid for one in known), desk),
        "claimed": told_of(assessed.claimed if assessed else 0, desk),
        "approved": told_of(sum(one.paid for one in known), desk),
        "remunerated": told_of(sum(one.paid for one in known), desk),
    }


def _line_amounts(clinic: Clinic, line: LineDecision | None, *, waits: bool) -> Told:
    desk = clinic.bench.desk
    if line is None or line.refused is not None:
        nothing = Decimal(0)
        return {
            "unit_price": None,
            "deducted": nothing,
            "exceed_ceiling": nothing,
            "exceed_category": nothing,
            "paid": nothing,
        }
    ceiling = sum(cut.amount for cut in line.cuts if cut.by in numbers.CEILINGS)
    category = sum(cut.amount for cut in line.cuts if cut.by is By.CATEGORY)
    return {
        "unit_price": told_of(line.priced, desk),
        "deducted": told_of(line.deducted, desk),
        "exceed_ceiling": told_of(ceiling, desk),
        "exceed_category": told_of(category, desk),
        "paid": None if waits else told_of(line.paid, desk),
    }


# The areas


def judged(given: Case, folder: Path) -> Told:
    """Type the claims of a case one after the other and decide each."""
    claims = claims_told(given)
    clinic = clinic_for(given, folder, claims)
    try:
        use_up(clinic, given.get("previous") or {}, claims[0].first_day)
        close_records(clinic, max(clinic.first_day, claims[0].first_day - 30 * DAY))
        answers = [_answer(clinic, one, at) for at, one in enumerate(claims)]
    finally:
        clinic.close()
    return {"claims": answers, **answers[-1]}


def _answer(clinic: Clinic, told: Filed, at: int) -> Told:
    try:
        claim_id = file_told(clinic, told, at)
    except Refusal as refusal:
        return {"code": told.code, **numbers.refused_at_entry(refusal)}
    if claim_id is None:
        return answer_of(clinic, told, None)
    clinic.let_pass()
    facts, _ = expected_steps(clinic.bench.desk, claim_id)
    assessed = review(clinic, told, claim_id) or clinic.decide(claim_id)
    answer = answer_of(clinic, told, assessed, facts.lines)
    return answer | {"amounts_record_deleted": not _keeps_amounts(clinic, told, claim_id)}


def _keeps_amounts(clinic: Clinic, told: Filed, claim_id: ClaimId) -> bool:
    """Whether later care would meet what this claim used."""
    from stepdesk.claims.queries import uses_of

    desk = clinic.bench.desk
    uses = desk.ask(
        lambda connection: uses_of(
            connection,
            household_id=clinic.bench.household("101"),
            person_id=clinic.person(clinic.number),
            since=told.first_day - timedelta(days=400),
            today=desk.today,
        )
    )
    return any(one.claim_id == claim_id and (one.paid or one.deducted) for one in uses)


def review(clinic: Clinic, told: Filed, claim_id: ClaimId) -> Assessment | None:
    """Let the medical adviser say what a case says was approved; None when the claim is to decide."""
    if not any(_reviewed(line) for line in told.lines):
        return None
    desk = clinic.bench.desk
    (claim,) = desk.ask(claims_of, desk.currency, claim_id=claim_id)
    known = [line for line in told.lines if line.known]
    said = {
        row.id: _said(clinic, line)
        for row, line in zip(claim.lines, known, strict=True)
        if _reviewed(line)
    }
    clinic.let_pass()
    desk.do(ask_review, claim_id=claim_id)
    return desk.do(review_claim, claim_id=claim_id, lines=said, accepting=ALONE)


def _said(clinic: Clinic, line: Line) -> LineReview:
    """Return a line's review: what is refused is not justified, what is less is too much."""
    refused = line.told.get("rejection") not in {None, 0}
    quantity, price = line.told.get("qty_approved"), line.told.get("price_approved")
    return LineReview(
        0 if refused else (None if quantity is None else whole_of(quantity)),
        None if price is None or refused else clinic.money(price),
        ReasonCode.RM01 if refused else ReasonCode.RC07,
        "As the case tells",
    )


def _reviewed(line: Line) -> bool:
    return any(
        line.told.get(name) is not None for name in ("qty_approved", "price_approved", "rejection")
    )


def sampled(given: Case, folder: Path) -> Told:
    """File so many claims in one batch and let chance draw a share of them for review."""
    days = [{"date_from": (day_of("2025-01-02") + at * DAY).isoformat()} for at in range(28)]
    count = whole_of(given["claims"])
    claims = claims_told({"claims": (days * (count // len(days) + 1))[:count]})
    clinic = clinic_for({"policy_members": count // len(days) + 1}, folder, claims[:1])
    desk = clinic.bench.desk
    try:
        desk.do(add_person, name="Adviser", role=Role.MEDICAL_ADVISER, password=SECOND)
        clinic.bench.on(date(2025, 2, 3))
        batch_id = clinic.batch("H1", date(2025, 1, 31), date(2025, 2, 3))
        people = [clinic.number, *clinic.others]
        for at, told in enumerate(claims[:count]):
            line = NewLine(clinic.service(claims[0].lines[0].code), 1, clinic.money(100))
            person = clinic.person(people[at // len(days)])
            desk.do(
                enter_claim,
                request_id=a_request(),
                batch_id=batch_id,
                certificate=NewClaim(person, told.first_day, told.first_day, (line,)),
            )
        sent = desk.do(route_batch, batch_id=batch_id, percent=whole_of(given["percent"]), seed=1)
        drawn = sum(Route.SAMPLE in routes for routes in sent.routes.values())
        return {"selected_for_review": drawn, "skipped": count - drawn}
    finally:
        clinic.close()


def chosen(given: Case, folder: Path) -> Told:
    """Decide a line that several products cover, and tell which of them paid."""
    claims = claims_told(given)
    clinic = clinic_for(given, folder, claims)
    try:
        claim_id = file_told(clinic, claims[0], 0)
        if claim_id is None:
            raise NotHere("no line of the case is known")
        assessed = clinic.decide(claim_id)
        told = answer_of(clinic, claims[0], assessed)
        kinds = [
            kind
            for kind, name in (("C", "c_percent"), ("F", "f_limit"))
            if given.get(name) is not None
        ]
        place = assessed.lines[0].package
        passed = assessed.lines[0].refused is None and place < len(kinds)
        return told | {"chosen": kinds[place] if passed else None}
    finally:
        clinic.close()


AREAS: Mapping[str, Any] = {
    "claim.category": judged,
    "claim.validation": judged,
    "claim.valuation": judged,
    "claim.product_choice": chosen,
    "claim.sampling": sampled,
}
