"""Services from CSV files, and back into one: the catalogue as a spreadsheet holds it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.benefits import rules
from stepdesk.benefits.queries import service_of_code
from stepdesk.benefits.service import add_service, change_service, rename_service
from stepdesk.benefits.terms import (
    Category,
    Composition,
    Patients,
    Service,
    ServiceKind,
    ServiceTerms,
)
from stepdesk.exchange.care_cells import Row, number_in, once_of, one_of, rows_of, word_in
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId

TERMS_COLUMNS = (
    "care",
    "frequency_days",
    "largest_quantity",
    "patients",
    "claim_category",
    "composition",
    "parts",
)
SERVICE_COLUMNS = ("name", "category", "unit", "kind", *TERMS_COLUMNS)
"""What a file may say of a service; only name and category must be told of a new one."""


@dataclass(frozen=True, slots=True)
class ImportedServices:
    """How many services a file added, changed from a day on, and renamed."""

    added: int
    changed: int
    renamed: int


def import_services(work: Work, *, file: Path, first_day: date) -> ImportedServices:
    """Add the services of a file; those the catalogue has take its names, and its terms from a day on.

    Of a service that is there a column that the file does not have stays as it is; an empty cell
    takes the limit away. A part stands in the file before what it is a part of.

    Args:
        work: The work.
        file: UTF-8 CSV with the column code, and perhaps those of `SERVICE_COLUMNS`.
        first_day: From which day changed terms rule.

    Raises:
        Refusal: what cannot stand, with file, line and column; see also `change_service`.
        Trouble: when the file cannot be read.
    """
    added = changed = renamed = 0
    for row in once_of(rows_of(file, ("code", *SERVICE_COLUMNS), needed=("code",))):
        held = service_of_code(work.connection, row.told("code"))
        if held is None:
            new_service(work, row)
            added += 1
            continue
        if row.told("name") and row.told("name") != held.name:
            rename_service(work, service_id=held.id, name=row.told("name"))
            renamed += 1
        _check_for_ever(row, held)
        terms = _terms(work, row, held)
        if terms != held.terms:
            change_service(work, service_id=held.id, first_day=first_day, terms=terms)
            changed += 1
    return ImportedServices(added, changed, renamed)


def new_service(work: Work, row: Row) -> ServiceId:
    """Add the service a row tells.

    Raises:
        Refusal: no name or category, a cell that cannot be read or stand.
    """
    for column in ("name", "category"):
        if not row.told(column):
            fault = Text(
                N_("{code} is not in the catalogue. Give its name and category here to add it."),
                {"code": row.told("code")},
            )
            raise row.wrong(column, fault)
    category: Category = word_in(Category)(row, "category")
    kind = rules.kind_of(category)
    if row.told("kind"):
        kind = word_in(ServiceKind)(row, "kind")
    plain = Service(
        ServiceId(b""), row.told("code"), row.told("name"), category, row.told("unit"), kind
    )
    return add_service(
        work,
        code=plain.code,
        name=plain.name,
        category=plain.category,
        unit=plain.unit,
        kind=plain.kind,
        terms=_terms(work, row, plain),
    )


def _check_for_ever(row: Row, held: Service) -> None:
    words: tuple[tuple[str, Any, object], ...] = (
        ("category", Category, held.category),
        ("kind", ServiceKind, held.kind),
    )
    for column, word, own in words:
        if row.told(column) and word_in(word)(row, column) is not own:
            fault = Text(
                N_("The service {code} has another one for ever. Add a service of its own."),
                {"code": held.code},
            )
            raise row.wrong(column, fault)


def _terms(work: Work, row: Row, held: Service) -> ServiceTerms:
    """Return what a row says of a service's use, and of what it has no column the service's own."""
    told: dict[str, Any] = {name: getattr(held, name) for name in TERMS_COLUMNS}
    for column in TERMS_COLUMNS:
        if column in row.cells:
            cell = row.told(column)
            told[column] = _READ[column](work, row) if cell else getattr(_PLAIN, column)
    terms = ServiceTerms(**told)
    fault = rules.service_fault(held.with_terms(terms))
    if fault is not None:
        raise row.wrong(*fault)
    return terms


_PLAIN = ServiceTerms()


def _patients(_work: Work, row: Row) -> frozenset[Patients]:
    found = (one_of(Patients, row, "patients", one) for one in row.told("patients").split())
    return frozenset(found)


def _parts(work: Work, row: Row) -> tuple[tuple[ServiceId, int], ...]:
    """Read parts written as `ROOM*3 + DRUG`."""
    found = []
    for told in row.told("parts").split("+"):
        named = re.fullmatch(r"(.+?)(?:\*(\d{1,4}))?", told.strip(), re.ASCII)
        part = None if named is None else service_of_code(work.connection, named[1])
        if named is None or part is None:
            fault = Text(
                N_("{told} is not in the catalogue. Write its line before this one."),
                {"told": told.strip() or "—"},
            )
            raise row.wrong("parts", fault)
        found.append((part.id, int(named[2] or 1)))
    return tuple(found)


_READ: Mapping[str, Callable[[Work, Row], Any]] = {
    "care": lambda _, row: word_in(CareType)(row, "care"),
    "frequency_days": lambda _, row: number_in(row, "frequency_days"),
    "largest_quantity": lambda _, row: number_in(row, "largest_quantity"),
    "patients": _patients,
    "claim_category": lambda _, row: word_in(ClaimCategory)(row, "claim_category"),
    "composition": lambda _, row: word_in(Composition)(row, "composition"),
    "parts": _parts,
}


def cells_of(service: Service, codes: Mapping[ServiceId, str]) -> dict[str, str]:
    """Return the cells of a service, as they are read again; what is plain stays empty.

    Args:
        service: The service.
        codes: The codes of the catalogue.
    """
    plain = Service(service.id, service.code, service.name, service.category)
    told = {
        "name": service.name,
        "category": service.category.value,
        "unit": service.unit,
        "kind": service.kind.value,
        "care": service.care.value,
        "frequency_days": "" if service.frequency_days is None else str(service.frequency_days),
        "largest_quantity": str(service.largest_quantity or ""),
        "patients": " ".join(one.value for one in Patients if one in service.patients),
        "claim_category": service.claim_category.value if service.claim_category else "",
        "composition": service.composition.value,
        "parts": " + ".join(f"{codes[part]}*{count}" for part, count in service.parts),
    }
    same = {"care", "composition"}
    return {
        name: "" if name in same and getattr(service, name) == getattr(plain, name) else cell
        for name, cell in told.items()
    }
