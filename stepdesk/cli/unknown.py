"""Refusals of codes that are not known: each names the likeliest of those that are."""

from collections.abc import Iterable
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.values.nearest import nearest


def unknown(message: str, asked: str, known: Iterable[str], field: str) -> Refusal:
    """Return the refusal of a code that is not known, with those most like it as `known`."""
    return Refusal(Text(message, {"code": asked, "known": nearest(asked, known)}), field=field)


def no_group(desk: Any, asked: str, field: str = "code") -> Refusal:  # noqa: ANN401
    """Return the refusal of a group that is not known."""
    from stepdesk.payers.queries import groups

    known = [one.code for one in desk.ask(groups, desk.today)]
    return unknown(N_("There is no group {code}. Choose one of: {known}."), asked, known, field)


def no_payer(desk: Any, asked: str) -> Refusal:  # noqa: ANN401
    """Return the refusal of a payer that is not known."""
    from stepdesk.payers.queries import payers

    known = [one.code for one in desk.ask(payers)]
    return unknown(N_("There is no payer {code}. Choose one of: {known}."), asked, known, "code")


def no_box(desk: Any, asked: str, field: str = "box") -> Refusal:  # noqa: ANN401
    """Return the refusal of a box that is not known."""
    from stepdesk.countries import country
    from stepdesk.ledger.queries import boxes

    known = [one.code for one in desk.ask(boxes, country(desk.country), "en")]
    return unknown(N_("There is no box {code}. Choose one of: {known}."), asked, known, field)


def no_plan(desk: Any, asked: str, field: str = "plan") -> Refusal:  # noqa: ANN401
    """Return the refusal of a plan that is not known."""
    from stepdesk.contributions.queries import plans

    known = [versions[0].code for versions in desk.ask(plans).values()]
    return unknown(N_("There is no plan {code}. Choose one of: {known}."), asked, known, field)


def no_package(desk: Any, asked: str, field: str = "package") -> Refusal:  # noqa: ANN401
    """Return the refusal of a package that is not known."""
    from stepdesk.benefits.queries import packages

    known = [versions[0].code for versions in desk.ask(packages).values() if versions]
    return unknown(N_("There is no package {code}. Choose one of: {known}."), asked, known, field)


def no_service(desk: Any, asked: str) -> Refusal:  # noqa: ANN401
    """Return the refusal of a service that is not in the catalogue."""
    from stepdesk.benefits.queries import services

    known = [one.code for one in desk.ask(services).values()]
    message = N_("{code} is not in the catalogue. Choose one of: {known}.")
    return unknown(message, asked, known, "service")


def no_tariff(desk: Any, asked: str, field: str = "tariff") -> Refusal:  # noqa: ANN401
    """Return the refusal of a price list that is not known."""
    from stepdesk.providers.queries import tariffs

    message = N_("There is no price list {code}. Choose one of: {known}; or bring it in first.")
    return unknown(message, asked, desk.ask(tariffs).values(), field)


def no_section(desk: Any, asked: str, field: str = "section") -> Refusal:  # noqa: ANN401
    """Return the refusal of a section that is not known."""
    from stepdesk.scheme.queries import sections_on

    known = [one.name for one in desk.ask(sections_on, desk.today)]
    return unknown(N_("There is no section {code}. Choose one of: {known}."), asked, known, field)
