"""The catalogue: services and medicines, with what rules their use from a day on."""

from datetime import date
from typing import Any

from stepdesk.benefits import rules
from stepdesk.benefits.model import service, service_part, service_version
from stepdesk.benefits.service.shared import NO_CODE, check_first_day
from stepdesk.benefits.terms import (
    Category,
    Composition,
    Patients,
    Service,
    ServiceKind,
    ServiceTerms,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import ServiceId

PLAIN = ServiceTerms()
"""A service for everybody, everywhere, without limits of its own."""


def add_service(
    work: Work,
    *,
    code: str,
    name: str,
    category: Category,
    unit: str = "",
    kind: ServiceKind = ServiceKind.ACT,
    terms: ServiceTerms = PLAIN,
) -> ServiceId:
    """Add a service or medicine to the catalogue; its code, category and kind stay for ever.

    `terms` rule until `change_service` says otherwise.

    Raises:
        Refusal: no code, a code that is taken (in capitals or not), no name, a figure that cannot
            stand, a part that is not known or has parts itself.
    """
    plain = code.strip()
    if not plain:
        raise Refusal(NO_CODE, field="code")
    taken = work.row(
        "SELECT code, name FROM service WHERE code = :code COLLATE NOCASE", code=plain
    )
    if taken is not None:
        raise Refusal(
            Text(
                N_("There is a service {code} already: {name}. Choose another code."),
                {"code": taken.code, "name": taken.name},
            ),
            field="code",
        )
    service_id = ServiceId(work.new_id())
    named = _service_name(name)
    _check_terms(work, Service(service_id, plain, named, category, unit, kind), terms)
    work.insert(
        service,
        id=service_id,
        code=plain,
        name=named,
        category=category,
        unit=" ".join(unit.split()),
        kind=kind,
        **_told(terms),
    )
    _write_parts(work, service_id, None, terms)
    return service_id


def rename_service(work: Work, *, service_id: ServiceId, name: str) -> None:
    """Give a service another name.

    Raises:
        Refusal: no name, or no such service.
    """
    plain = _service_name(name)
    _check_known(work, service_id)
    work.update(service, service_id, name=plain)


def change_service(
    work: Work, *, service_id: ServiceId, first_day: date, terms: ServiceTerms
) -> None:
    """Say what rules the use of a service from a day on; care before keeps what ruled then.

    Raises:
        Refusal: no such service, a figure that cannot stand, a part that is not known or has parts
            itself, a second change on one day, a closed month.
    """
    row = _check_known(work, service_id)
    held = Service(
        service_id,
        row.code,
        row.name,
        Category(row.category),
        row.unit,
        ServiceKind(row.kind or ServiceKind.ACT.value),
    )
    _check_terms(work, held, terms)
    begun = work.rows(
        "SELECT first_day FROM service_version WHERE service_id = :id", id=service_id
    )
    check_first_day(work, {one.first_day for one in begun}, first_day, begun=True)
    version_id = work.new_id()
    work.insert(
        service_version,
        id=version_id,
        service_id=service_id,
        first_day=first_day,
        **_told(terms),
    )
    _write_parts(work, service_id, version_id, terms)


def _service_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Refusal(Text(N_("Give the service a name.")), field="name")
    return plain


def _check_known(work: Work, service_id: ServiceId) -> Any:  # noqa: ANN401 - a row
    row = work.row("SELECT * FROM service WHERE id = :id", id=service_id)
    if row is None:
        raise Refusal(
            Text(N_("There is no such service. Choose one from the catalogue.")),
            field="service_id",
        )
    return row


def _check_terms(work: Work, held: Service, terms: ServiceTerms) -> None:
    fault = rules.service_fault(held.with_terms(terms))
    if fault is not None:
        raise Refusal(fault[1], field=fault[0])
    for part_id, _ in terms.parts:
        row = work.row(
            "SELECT s.code, (SELECT count(*) FROM service_part p WHERE p.service_id = s.id) AS parts"
            " FROM service s WHERE s.id = :id",
            id=part_id,
        )
        if row is None:
            raise Refusal(
                Text(N_("A part is not in the catalogue. Add it there first.")), field="parts"
            )
        if row.parts:
            told = N_("{code} has parts itself. Name those parts instead.")
            raise Refusal(Text(told, {"code": row.code}), field="parts")
    part = work.row("SELECT 1 FROM service_part WHERE part_id = :id", id=held.id)
    if terms.parts and part is not None:
        told = N_(
            "{code} is a part of another service and has no parts itself. Take it out of that service first."
        )
        raise Refusal(Text(told, {"code": held.code}), field="parts")


def _told(terms: ServiceTerms) -> dict[str, object]:
    """Return terms as the book keeps them: nothing where nothing is limited."""
    patients = " ".join(one.value for one in Patients if one in terms.patients)
    single = terms.composition is Composition.SINGLE
    return {
        "care": terms.care,
        "frequency_days": terms.frequency_days,
        "largest_quantity": terms.largest_quantity,
        "patients": patients or None,
        "claim_category": terms.claim_category,
        "composition": None if single else terms.composition,
    }


def _write_parts(
    work: Work, service_id: ServiceId, version_id: bytes | None, terms: ServiceTerms
) -> None:
    for part_id, quantity in terms.parts:
        work.insert(
            service_part,
            id=work.new_id(),
            service_id=service_id,
            service_version_id=version_id,
            part_id=part_id,
            quantity=quantity,
        )
