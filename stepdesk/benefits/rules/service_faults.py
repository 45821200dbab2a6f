"""What a service of the catalogue may say of itself."""

from collections.abc import Iterator

from stepdesk.benefits.rules.rule_faults import figure_fault
from stepdesk.benefits.terms import Composition, Service, ServiceKind
from stepdesk.i18n import N_, Text

_FREQUENCY = (1, 3_660)
_QUANTITY = (1, 9_999)


def service_fault(service: Service) -> tuple[str, Text] | None:
    """Return the first field of a service that cannot stand and why; None when all can."""
    return next(_faults(service), None)


def _faults(service: Service) -> Iterator[tuple[str, Text]]:
    yield from figure_fault("frequency_days", service.frequency_days, _FREQUENCY)
    yield from figure_fault("largest_quantity", service.largest_quantity, _QUANTITY)
    yield from _part_faults(service)


def _part_faults(service: Service) -> Iterator[tuple[str, Text]]:
    if service.kind is ServiceKind.ITEM and service.composition is not Composition.SINGLE:
        yield "composition", Text(N_("An item has no parts. Make it an act, or a single one."))
    if service.composition is Composition.SINGLE:
        if service.parts:
            yield "composition", Text(N_("It has parts: say how it is priced, FIXED or PARTS."))
        return
    if not service.parts:
        yield "parts", Text(N_("Name the parts it has, or make it a single one."))
    if len({part for part, _ in service.parts}) < len(service.parts):
        yield "parts", Text(N_("A part stands twice. Write it once, with its quantity."))
    if any(part == service.id for part, _ in service.parts):
        yield "parts", Text(N_("A service is no part of itself. Take it off the parts."))
    for _, quantity in service.parts:
        yield from figure_fault("parts", quantity, _QUANTITY)
