"""Reading the register of services and items of openIMIS: codes, categories, and what rules their use.

Nothing here touches the book.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stepdesk.benefits.rules import service_fault
from stepdesk.benefits.terms import Category, Composition, Patients, Service, ServiceKind
from stepdesk.exchange.openimis_rows import Left, Reading, Row, amount_of, once, whole_of
from stepdesk.i18n import N_, Text, Value
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import MOST

SERVICES, ITEMS = "medical_services.csv", "medical_items.csv"
PARTS: Mapping[str, str] = {
    "medical_service_services.csv": SERVICES,
    "medical_service_items.csv": ITEMS,
}
"""The files of what composed services are made of, and the register their parts stand in."""


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service or item of the register under the code it has in the book; `key` is its own.

    `held` is what the catalogue says of it, without an id; `parts` are codes of the book and how many.
    """

    file: str
    key: str
    code: str
    held: Service
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The register: the book's code of each code of a file."""

    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def code(self, register: str, told: str) -> str:
        """Return a code of the book.

        Raises:
            Left: when the register does not have it.
        """
        if (register, told) not in self.codes:
            raise Left(
                N_("{told} is not in the register of services and items."), told=told or "—"
            )
        return self.codes[register, told]


def price_of(told: str, reading: Reading) -> int:
    """Return a price in minor units.

    Raises:
        Left: when it is none, or too high.
    """
    amount = amount_of(told, reading.currency)
    if amount > MOST:
        raise Left(N_("{told} is more than an amount can be."), told=told)
    return amount


_OF_CATEGORY = {
    "S": Category.SURG,
    "D": Category.DEL,
    "A": Category.ANC,
    "H": Category.HOSP,
    "C": Category.OPD,
    "O": Category.OTH,
    "V": Category.OPD,
}
_OF_LEVEL = {
    "V": Category.OPD,
    "D": Category.HOSP,
    "H": Category.HOSP,
    "S": Category.OTH,
}
# A service without a category, and an item, leave a claim a visit. Source: openIMIS handbook 3.1.
_OF_CLAIM = {
    "S": ClaimCategory.SURGERY,
    "D": ClaimCategory.DELIVERY,
    "A": ClaimCategory.ANTENATAL,
    "H": ClaimCategory.HOSPITAL,
    "C": ClaimCategory.CONSULTATION,
    "O": ClaimCategory.OTHER,
}
CARES = {"I": CareType.IN, "O": CareType.OUT, "B": CareType.BOTH, "": CareType.BOTH}
_COMPOSED = {
    "": Composition.SINGLE,
    "S": Composition.SINGLE,
    "F": Composition.FIXED,
    "P": Composition.PARTS,
}
_BITS = ((1, Patients.MALE), (2, Patients.FEMALE), (4, Patients.ADULT), (8, Patients.CHILD))
_EVERYBODY = 0b1111


def read_register(reading: Reading) -> tuple[Known, tuple[ListedService, ...]]:
    """Return services before items: where both have a code, the item's ends with -I."""
    codes: dict[tuple[str, str], str] = {}
    listed: dict[str, tuple[str, Row, Category]] = {}
    guessed: Counter[Category] = Counter()
    for file, category_of in ((SERVICES, _service_category), (ITEMS, _item_category)):
        for row in once(reading, file, "code"):
            code = row["code"]
            if code.upper() in listed and file == ITEMS:
                code = f"{code}-I"
                reason = N_("A service has this code: the item is called {code} here.")
                reading.leave(file, row["code"], Text(reason, {"code": code}))
            if code.upper() in listed or not row["name"]:
                reading.leave(file, row["code"], N_("No name, or a code that is taken."))
                continue
            category, sure = category_of(row)
            guessed[category] += not sure
            codes[file, row["code"]] = code
            listed[code.upper()] = file, row, category
    _note_guessed(reading, guessed)
    known = Known(codes)
    parts = _parts(reading, known)
    return known, tuple(_listed(reading, known, parts, told) for told in listed.values())


def _listed(
    reading: Reading,
    known: Known,
    parts: Mapping[str, tuple[tuple[str, int], ...]],
    told: tuple[str, Row, Category],
) -> ListedService:
    file, row, category = told
    terms = dict(_terms(reading, file, row))
    mine = parts.get(row["code"], ()) if file == SERVICES else ()
    composed = terms.get("composition", Composition.SINGLE) is not Composition.SINGLE
    if composed is not bool(mine):
        reason = N_("It is composed and has no parts here, or has parts and is single: check it.")
        reading.leave(file, row["code"], reason)
        terms.pop("composition", None)
        mine = ()
    code = known.codes[file, row["code"]]
    held = Service(ServiceId(b""), code, " ".join(row["name"].split()), category)
    return ListedService(file, row["code"], code, _with(held, file, row, terms), mine)


def _with(held: Service, file: str, row: Row, terms: Mapping[str, object]) -> Service:
    claim = ClaimCategory.VISIT
    if file == SERVICES:
        claim = _OF_CLAIM.get(row["category"], ClaimCategory.VISIT)
    told = {
        "kind": ServiceKind.ACT if file == SERVICES else ServiceKind.ITEM,
        "claim_category": claim,
        **terms,
    }
    return replace(held, **told)  # type: ignore[arg-type]


def _terms(reading: Reading, file: str, row: Row) -> Iterator[tuple[str, object]]:
    """Yield what can be read of how a service is used; the rest is listed and limits nothing."""
    columns: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("care_type", "care", _care),
        ("frequency_days", "frequency_days", lambda told: whole_of(told) or None),
        ("maximum_amount", "largest_quantity", lambda told: whole_of(told) or None),
        ("patient_category_mask", "patients", _patients),
        ("package_type", "composition", _composition),
    )
    for column, name, read in columns:
        try:
            found = read(row.get(column, ""))
            _check(name, found)
        except Left as left:
            reading.leave(file, row["code"], left.text, what=column)
        else:
            yield name, found


def _check(name: str, found: object) -> None:
    if name not in {"frequency_days", "largest_quantity"}:
        return
    asked = replace(_PLAIN, **{name: found})  # type: ignore[arg-type]
    fault = service_fault(asked)
    if fault is not None:
        raise Left("{fault}", fault=fault[1])


_PLAIN = Service(ServiceId(b""), "", "", Category.OTH)


def _care(told: str) -> CareType:
    if told not in CARES:
        raise Left(N_("For which care it is cannot be read: {told}."), told=told)
    return CARES[told]


def _composition(told: str) -> Composition:
    if told not in _COMPOSED:
        raise Left(N_("How it is composed cannot be read: {told}."), told=told)
    return _COMPOSED[told]


def _patients(told: str) -> frozenset[Patients]:
    """Return whom a mask allows: 1 men, 2 women, 4 adults, 8 children; 0 and 15 everybody."""
    mask = whole_of(told) or _EVERYBODY
    if mask > _EVERYBODY:
        raise Left(N_("For which patients it is cannot be read: {told}."), told=told)
    if mask == _EVERYBODY:
        return frozenset()
    return frozenset(who for bit, who in _BITS if mask & bit)


def _parts(reading: Reading, known: Known) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the parts of each composed service by its own code."""
    found: dict[str, dict[str, int]] = {}
    for file, register in PARTS.items():
        column = "part_code" if register == SERVICES else "item_code"
        for row in reading.files[file]:
            key = f"{row['service_code']} {row[column]}"
            try:
                part = known.code(register, row[column])
                quantity = whole_of(row["quantity"]) or 1
            except Left as left:
                reading.leave(file, key, left.text)
                continue
            held = found.setdefault(row["service_code"], {})
            if part in held:
                reading.leave(file, key, N_("This line stands twice; the first one was taken."))
            held.setdefault(part, quantity)
    return {code: tuple(held.items()) for code, held in found.items()}


def _service_category(row: Row) -> tuple[Category, bool]:
    found = _OF_CATEGORY.get(row["category"])
    return (found, True) if found else (_OF_LEVEL.get(row["level"], Category.OTH), False)


def _item_category(row: Row) -> tuple[Category, bool]:
    return (Category.DRUG if row["type"] == "D" else Category.OTH), True


def _note_guessed(reading: Reading, guessed: Mapping[Category, int]) -> None:
    for category, count in guessed.items():
        if count:
            told: dict[str, Value] = {"count": count, "category": category.value}
            reason = N_("Services without a category, called {category} by their level: {count}.")
            reading.leave(SERVICES, f"category {category.value}", Text(reason, told))
