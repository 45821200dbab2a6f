"""Reading the registers of openIMIS: its CSV files as typed rows, and what cannot be carried over.

Nothing here touches the book. A file that cannot be read refuses the whole import; a row that
cannot be carried over is left out with its reason, and so is what hangs on it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from stepdesk.claims.terms import Diagnosis
from stepdesk.contributions.terms import Means
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis_archive import Archived, read_archived
from stepdesk.exchange.openimis_care_files import ALSO_TOLD, CARE, Care, read_care
from stepdesk.exchange.openimis_claims_files import (
    CLAIM_FILES,
    CLAIMS_ALSO_TOLD,
    Claims,
    read_claims,
)
from stepdesk.exchange.openimis_diagnoses import COLUMNS as DIAGNOSES
from stepdesk.exchange.openimis_diagnoses import read_diagnosis_files
from stepdesk.exchange.openimis_people import (
    OTHER_SEX,
    note_relations,
    person_of,
    persons_of,
)
from stepdesk.exchange.openimis_products import (
    NEEDED,
    NO_PLACE,
    Product,
    note_products,
    read_products,
)
from stepdesk.exchange.openimis_rows import (
    NOTHING,
    Left,
    Reading,
    Row,
    amount_of,
    day_of,
    once,
    read_file,
)
from stepdesk.exchange.terms import ANY_NUMBER, LeftOut, NumberRule
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import NewPerson
from stepdesk.values.money import Currency
from stepdesk.values.month import add_months

CARRIED: Mapping[str, tuple[str, ...]] = {
    "locations.csv": ("code", "name", "type", "parent_code", "valid_from"),
    "families.csv": ("family_id", "head_chf_id", "village_code", "address"),
    "insurees.csv": (
        "chf_id",
        "family_id",
        "last_name",
        "other_names",
        "dob",
        "gender",
        "is_head",
        "relationship",
    ),
    "policies.csv": (
        "policy_id",
        "family_id",
        "product_code",
        "value",
        "enroll_date",
        "start_date",
        "effective_date",
        "expiry_date",
    ),
    "insuree_policies.csv": ("chf_id", "policy_id", "start_date", "expiry_date"),
    "contributions.csv": (
        "premium_id",
        "policy_id",
        "payer",
        "amount",
        "receipt",
        "pay_date",
        "pay_type",
        "is_photo_fee",
    ),
    "products.csv": NEEDED,
}
"""The files an import needs, with the columns it reads."""

# Told elsewhere, or following from what is carried over.
_ALSO_TOLD = {
    "insuree_policies.csv": ("enrollment_date", "effective_date"),
    "policies.csv": ("head_chf_id", "status"),
}

_RUNS = N_("Runs that valued claims are not carried over: each claim keeps its amounts.")
_PEOPLE = N_("People of the other system and their rights stay there: let them in one by one.")
_LISTS = N_("The book has code lists of its own.")
_EARLIER = N_("Earlier versions of rows stay in the other system.")
_OTHER_FILE = N_("This file is not known here; nothing of it was brought over.")
_OF_FILE = {
    "batch_runs.csv": _RUNS,
    "claim_administrators.csv": _PEOPLE,
    "enrolment_officers.csv": _PEOPLE,
    "form_field_controls.csv": _PEOPLE,
    "lookups.csv": _LISTS,
    "price_lists.csv": N_("The prices begin with their own lines: this file is not needed."),
    "role_rights.csv": _PEOPLE,
    "roles.csv": _PEOPLE,
}

_AHEAD = N_("{day} is still ahead.")


# The rows


@dataclass(frozen=True, slots=True)
class Village:
    code: str
    name: str
    municipality: str
    first_day: date | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A receipt of the other system; `premium_id` is its number there."""

    premium_id: str
    policy_id: str
    number: str
    paid_on: date
    amount: int
    means: Means


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy from `first_day` to `until`, not included, with its receipts by day.

    `amount` is what the period counts for; `held` says that the money gave this cover. Else the
    money is the family's credit. `stopped` is what was suspended there, or waits to be let in.
    """

    id: str
    product: str
    amount: int
    first_day: date
    until: date
    enrolled_on: date
    in_force: bool
    receipts: tuple[Paid, ...] = ()
    held: bool = True
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A family with its persons, the head first, and its policies by first day."""

    id: str
    head: str
    village: str
    address: str
    persons: tuple[NewPerson, ...]
    policies: tuple[Policy, ...]
    product: str


@dataclass(frozen=True, slots=True)
class Registers:
    """All that can be carried over, and the list of what cannot."""

    villages: tuple[Village, ...]
    products: tuple[Product, ...]
    families: tuple[Family, ...]
    archived: tuple[Archived, ...]
    care: Care
    claims: Claims
    left_out: tuple[LeftOut, ...]
    diagnoses: tuple[Diagnosis, ...] = ()


# Reading a folder


def read_registers(
    folder: Path, *, currency: Currency, today: date, numbers: NumberRule = ANY_NUMBER
) -> Registers:
    """Read and check a folder of openIMIS registers.

    Args:
        folder: Where the CSV files lie.
        currency: What the amounts are in; a fraction it does not have is never rounded.
        today: The day nothing may lie ahead of.
        numbers: How member numbers are made; a person with another one is left out.

    Raises:
        Refusal: no folder, a file or a column missing, a file that is not UTF-8 or not CSV.
        Trouble: when a file cannot be read.
    """
    if not folder.is_dir():
        raise Refusal(
            Text(
                N_("There is no folder {name}. Choose the folder the CSV files lie in."),
                {"name": str(folder)},
            ),
            field="folder",
        )
    reading = Reading(currency, today, numbers=numbers)
    for name in CARRIED:
        reading.files[name] = list(read_file(folder, name, reading, needed=CARRIED[name]))
    villages = _villages(reading)
    products = read_products(reading)
    families = _families(reading, {village.code for village in villages}, products)
    used = {policy.product for family in families for policy in family.policies}
    used |= {family.product for family in families}
    rows: dict[str, Row] = {}
    for row in reading.files["products.csv"]:
        if row["ProductCode"] in used:
            rows.setdefault(row["ProductCode"], row)
    care = read_care(reading, folder, rows.values())
    claims = read_claims(reading, folder, care)
    listed = read_diagnosis_files(reading, folder)
    archived = read_archived(
        reading,
        folder,
        wanted=[one.person for one in claims.claims],
        villages={village.code for village in villages},
        products=[code for code in products if code in used] or list(products),
    )
    used |= {family.product for family in archived}
    note_products(reading, used, {one.product: one.carried for one in care.benefits})
    _note_columns(reading)
    _note_payers(reading, folder)
    _note_files(reading, folder)
    return Registers(
        villages,
        tuple(product for product in products.values() if product.code in used),
        families,
        archived,
        care,
        claims,
        tuple(reading.left),
        listed,
    )


# Villages


def _villages(reading: Reading) -> tuple[Village, ...]:
    rows = list(once(reading, "locations.csv", "code"))
    names = {row["code"]: row["name"] for row in rows}
    villages: list[Village] = []
    for row in rows:
        if row["type"] != "V":
            continue
        if not row["name"]:
            reading.leave("locations.csv", row["code"], N_("The village has no name."))
            continue
        since: date | None = None
        with suppress(Left):
            since = min(day_of(row["valid_from"]), reading.today)
        villages.append(
            Village(row["code"], row["name"], names.get(row["parent_code"], ""), since)
        )
    kinds = Counter(row["type"] for row in rows if row["type"] != "V")
    for kind, count in kinds.items():
        told: dict[str, Value] = {"count": count}
        reading.leave(
            "locations.csv",
            f"type {kind}",
            Text(N_("Places above the villages have no place in the book: {count}."), told),
            what=", ".join(row["name"] for row in rows if row["type"] == kind),
        )
    return tuple(villages)


# Families


def _families(
    reading: Reading, villages: set[str], products: Mapping[str, Product]
) -> tuple[Family, ...]:
    rows = list(once(reading, "families.csv", "family_id"))
    heads = {row["family_id"]: row["head_chf_id"] for row in rows}
    persons = _persons(reading, heads)
    policies = _policies(reading, set(heads), products)
    families: list[Family] = []
    for row in rows:
        one = row["family_id"]
        mine = policies.pop(one, [])
        try:
            people = persons_of(row, villages, persons.get(one, {}))
        except Left as left:
            reading.leave("families.csv", one, left.text, what=row["head_chf_id"])
            _leave_family(reading, persons.get(one, {}), mine)
            continue
        family = _family(reading, row, people, mine, products)
        if family is not None:
            families.append(family)
    note_relations(
        reading, {one.legacy_number for family in families for one in family.persons[1:]}
    )
    _note_covers(reading, families)
    return tuple(families)


_AS_A_MAN = N_(
    "The book knows women and men only: carried over as a man, as this person counts there. Check it."
)


def _persons(
    reading: Reading, heads: Mapping[str, str]
) -> dict[str, dict[str, tuple[Row, NewPerson]]]:
    """Return the persons that can be carried over, by family and number, in file order."""
    found: dict[str, dict[str, tuple[Row, NewPerson]]] = {}
    for row in once(reading, "insurees.csv", "chf_id"):
        try:
            if row["family_id"] not in heads:
                raise Left(N_("There is no family {told} in the files."), told=row["family_id"])
            new = person_of(row, reading.today, reading.numbers)
        except Left as left:
            what = f"{row['last_name']} {row['other_names']}"
            reading.leave("insurees.csv", row["chf_id"], left.text, what=what)
            continue
        found.setdefault(row["family_id"], {})[row["chf_id"]] = (row, new)
        if row["gender"] == OTHER_SEX:
            reading.leave("insurees.csv", row["chf_id"], _AS_A_MAN)
    return found


def _leave_family(
    reading: Reading, persons: Mapping[str, tuple[Row, NewPerson]], policies: Iterable[Policy]
) -> None:
    reason = N_("The family was left out.")
    for number in persons:
        reading.leave("insurees.csv", number, reason)
    for policy in policies:
        _leave_policy(reading, policy, reason)


def _leave_policy(reading: Reading, policy: Policy, reason: str) -> None:
    reading.leave("policies.csv", policy.id, reason)
    for paid in policy.receipts:
        reading.leave(
            "contributions.csv",
            paid.premium_id,
            N_("The policy was left out."),
            what=paid.number,
        )


def _family(
    reading: Reading,
    row: Row,
    persons: tuple[NewPerson, ...],
    policies: list[Policy],
    products: Mapping[str, Product],
) -> Family | None:
    kept: list[Policy] = []
    ordered = sorted(policies, key=lambda policy: policy.first_day)
    product = products[ordered[-1].product] if ordered else next(iter(products.values()), None)
    if product is None:
        reading.leave("families.csv", row["family_id"], N_("There is no plan for the family."))
        for one in persons:
            reading.leave("insurees.csv", one.legacy_number, N_("The family was left out."))
        return None
    for policy in ordered:
        if add_months(policy.first_day, product.months) != policy.until:
            reason = N_("The policy does not last as long as the plan of the family.")
            _leave_policy(reading, policy, reason)
        elif kept and kept[-1].first_day == policy.first_day:
            reason = N_("The family has another policy from the same day.")
            _leave_policy(reading, policy, reason)
        else:
            kept.append(_settled(reading, policy))
    if not kept:
        reading.leave(
            "families.csv",
            row["family_id"],
            Text(
                N_("No policy was brought over: the plan {plan} was chosen. Check it."),
                {"plan": product.code},
            ),
        )
    return Family(
        row["family_id"],
        row["head_chf_id"],
        row["village_code"],
        row["address"],
        persons,
        tuple(kept),
        product.code,
    )


# Policies and receipts


def _policies(
    reading: Reading, families: set[str], products: Mapping[str, Product]
) -> dict[str, list[Policy]]:
    """Return the policies that can be carried over, with their receipts, by family."""
    rows = list(once(reading, "policies.csv", "policy_id"))
    receipts = _receipts(reading, {row["policy_id"] for row in rows})
    found: dict[str, list[Policy]] = {}
    for row in rows:
        paid = tuple(sorted(receipts.get(row["policy_id"], ()), key=lambda one: one.paid_on))
        try:
            policy = _policy(row, families, products, reading.currency)
        except Left as left:
            reading.leave("policies.csv", row["policy_id"], left.text)
            for one in paid:
                reason = N_("The policy was left out.")
                reading.leave("contributions.csv", one.premium_id, reason, what=one.number)
            continue
        found.setdefault(row["family_id"], []).append(replace(policy, receipts=paid))
    return found


def _policy(
    row: Row, families: set[str], products: Mapping[str, Product], currency: Currency
) -> Policy:
    if row["family_id"] not in families:
        raise Left(N_("There is no family {told} in the files."), told=row["family_id"])
    if row["product_code"] not in products:
        raise Left(N_("The product {told} was not brought over."), told=row["product_code"])
    first_day, last = day_of(row["start_date"]), day_of(row["expiry_date"])
    if last < first_day:
        raise Left(N_("The policy ends before it begins."))
    return Policy(
        row["policy_id"],
        row["product_code"],
        amount_of(row["value"], currency),
        first_day,
        last + timedelta(days=1),
        day_of(row["enroll_date"]) if row["enroll_date"] else first_day,
        in_force=bool(row["effective_date"]),
        stopped=row.get("status", "") in _STOPPED,
    )


_STOPPED = frozenset({"4", "16"})
"""Status of policies that give no rights whatever was paid: suspended, and ready to be let in."""


def _settled(reading: Reading, policy: Policy) -> Policy:
    """Return the policy as its money stands: paid, in force for what was paid, or on credit.

    A part of a contribution gives no rights in the book. Where the other system gave cover for
    it all the same, the period counts for what was paid; else the money is the family's credit.
    """
    paid = sum(one.amount for one in policy.receipts)
    if paid >= policy.amount > 0 and not policy.stopped:
        return policy
    if paid and policy.in_force and not policy.stopped:
        reason = N_("Paid in part and in force all the same: what was open is not carried over.")
        reading.leave("policies.csv", policy.id, reason)
        return replace(policy, amount=paid)
    reason = N_("Nothing was paid: the policy gives no rights.")
    if paid:
        reason = N_("Paid in part: the money is kept as credit.")
    if paid and policy.stopped:
        reason = N_("Suspended there, or not yet let in: the money is kept as credit.")
    reading.leave("policies.csv", policy.id, reason)
    return replace(policy, held=not paid)


_MEANS = {"C": Means.CASH, "B": Means.BANK, "M": Means.MOBILE, "F": Means.BANK}


def _receipts(reading: Reading, policies: set[str]) -> dict[str, list[Paid]]:
    found: dict[str, list[Paid]] = {}
    for row in once(reading, "contributions.csv", "premium_id"):
        try:
            paid = _receipt(row, policies, reading)
        except Left as left:
            reading.leave(
                "contributions.csv",
                row["premium_id"],
                left.text,
                what=row["receipt"],
            )
            continue
        found.setdefault(row["policy_id"], []).append(paid)
        if row["pay_type"] == "F":
            reason = N_("Funding is carried over as paid through the bank.")
            reading.leave("contributions.csv", row["premium_id"], reason, what=row["receipt"])
    return found


def _receipt(row: Row, policies: set[str], reading: Reading) -> Paid:
    if row["policy_id"] not in policies:
        raise Left(N_("There is no policy {told} in the files."), told=row["policy_id"])
    if row["is_photo_fee"] not in {"", "0"}:
        raise Left(N_("A fee for photos is not a contribution."))
    if row["pay_type"] not in _MEANS:
        raise Left(N_("How it was paid is not known here: {told}."), told=row["pay_type"] or "—")
    amount, day = amount_of(row["amount"], reading.currency), day_of(row["pay_date"])
    if not amount:
        raise Left(N_("The receipt has no amount."))
    if day > reading.today:
        raise Left(_AHEAD, day=day)
    return Paid(
        row["premium_id"],
        row["policy_id"],
        row["receipt"],
        day,
        amount,
        _MEANS[row["pay_type"]],
    )


# What else the files hold


def _note_covers(reading: Reading, families: Sequence[Family]) -> None:
    """List persons whose cover in the other system is not the one of their policy."""
    name = "insuree_policies.csv"
    known = {one.legacy_number for family in families for one in family.persons}
    periods = {one.id: one for family in families for one in family.policies}
    covered: set[str] = set()
    differ = 0
    for row in reading.files[name]:
        person, policy = row["chf_id"], periods.get(row["policy_id"])
        if person not in known or policy is None:
            reason = N_("The person or the policy was not brought over.")
            reading.leave(name, person, reason, what=row["policy_id"])
            continue
        covered.add(person)
        last = policy.until - timedelta(days=1)
        told = (row["start_date"], row["expiry_date"])
        differ += told != (policy.first_day.isoformat(), last.isoformat())
    if differ:
        reading.leave(
            name,
            "start_date, expiry_date",
            Text(
                N_("Covers with other days than their policy, whose days are taken: {count}."),
                {"count": differ},
            ),
        )
    for family in families:
        for one in family.persons if family.policies else ():
            if one.legacy_number not in covered:
                reason = N_("Not covered in the other system; covered with the family here.")
                reading.leave(name, one.legacy_number, reason)


def _note_columns(reading: Reading) -> None:
    also = {**_ALSO_TOLD, **ALSO_TOLD, **CLAIMS_ALSO_TOLD}
    for name, columns in (*CARRIED.items(), *CARE.items(), *CLAIM_FILES.items()):
        if name == "products.csv":
            continue
        told = {*columns, *also.get(name, ())}
        held = {
            column
            for row in reading.files[name]
            for column, value in row.items()
            if column not in told and not NOTHING.fullmatch(value)
        }
        if held:
            # In the order of the file's header.
            key = ", ".join(column for column in reading.files[name][0] if column in held)
            reading.leave(name, key, NO_PLACE)


def _note_payers(reading: Reading, folder: Path) -> None:
    name = "payers.csv"
    paid = Counter(row["payer"] for row in reading.files["contributions.csv"] if row["payer"])
    listed = list(read_file(folder, name, None)) if (folder / name).is_file() else []
    payers = dict.fromkeys([*(row.get("name", "") for row in listed), *paid])
    for payer in payers:
        if paid[payer]:
            reading.leave(
                name,
                payer,
                Text(
                    N_("Not carried over as a payer; receipts that stand for families: {count}."),
                    {"count": paid[payer]},
                ),
            )
        else:
            reading.leave(name, payer, N_("Third parties who pay are not carried over."))


def _note_files(reading: Reading, folder: Path) -> None:
    for path in sorted(folder.rglob("*.csv")):
        name = path.relative_to(folder).as_posix()
        if name.startswith("history/"):
            reading.leave(name, "", _EARLIER)
        elif name not in {*CARRIED, *CARE, *CLAIM_FILES, *DIAGNOSES, "payers.csv"}:
            reading.leave(name, "", _OF_FILE.get(name, _OTHER_FILE))
