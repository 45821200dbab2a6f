"""Commands of claims: what was used before the book, relative prices, what another package would pay."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    Shown,
    amount_of,
    day_of,
    desk_of,
    month_of,
    person_of,
    put,
)
from stepdesk.cli.unknown import no_service
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Money

Command = Callable[[str, Any], argparse.ArgumentParser]


def _money(amount: Money) -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


def before(told: argparse.Namespace) -> int:
    """Enter what a person had used of the year's limits before the book began."""
    from stepdesk.benefits.queries import service_of_code
    from stepdesk.claims.service import enter_use_before

    with desk_of(told) as desk:
        person_id = desk.ask(person_of, told.card)
        service = None
        if told.service:
            service = desk.ask(service_of_code, told.service)
            if service is None:
                raise no_service(desk, told.service)
        desk.do(
            enter_use_before,
            person_id=person_id,
            through=day_of(told.through, "through"),
            paid=amount_of(told.paid, desk.currency, "paid").minor,
            deducted=amount_of(told.deducted, desk.currency, "deducted").minor,
            service_id=None if service is None else service.id,
            quantity=told.count,
            stay=told.stay,
        )
    put(told, {"entered": told.card}, f"Entered for {told.card} through {told.through}.")
    return DONE


def relative(told: argparse.Namespace) -> int:
    """Reckon the indexes of relative prices that end with a month, and pay what waits for them."""
    from stepdesk.claims.service import run_relative

    with desk_of(told) as desk:
        done = desk.do(run_relative, month=month_of(told.month), progress=Shown())
    lines = [
        f"{one.package} {one.pool.period.value} {one.pool.number} {one.pool.care.value}:"
        f" {_money(one.allocated)} x {one.share / 100:g} % / {_money(one.valued)}"
        f" = {one.index / 10_000:.4f}"
        for one in done.indexes
    ]
    lines.append(
        f"{done.month}: {done.claims} claims, {_money(done.paid)}; {done.waiting} still wait."
    )
    put(told, {"run": done}, "\n".join(lines))
    return DONE


def what_if(told: argparse.Namespace) -> int:
    """Reckon what the decided claims of some days would come to by another package."""
    from stepdesk.benefits.queries import services
    from stepdesk.claims.service import what_if as reckon

    first = day_of(told.first, "from")
    with desk_of(told) as desk:
        last = day_of(told.last, "to") if told.last else desk.today
        version = _version(desk, told.package, day_of(told.on, "on") if told.on else None)
        done = reckon(desk, package=version, first_day=first, last_day=last, progress=Shown())
        known = desk.ask(services)
    lines = [
        f"{done.claims} claims by {version.code} of {version.first_day}:"
        f" {done.more} pay more, {done.less} less.",
        f"The scheme's part: {_money(done.scheme.before)} -> {_money(done.scheme.after)}.",
        f"The patients': {_money(done.patients.before)} -> {_money(done.patients.after)}.",
    ]
    changed = {
        known[service].code: both
        for service, both in done.by_service.items()
        if both.before != both.after
    }
    lines += [
        f"    {code}: {_money(both.before)} -> {_money(both.after)}"
        for code, both in sorted(changed.items())
    ]
    answer = {
        "claims": done.claims,
        "more": done.more,
        "less": done.less,
        "scheme": done.scheme,
        "patients": done.patients,
        "services": changed,
    }
    put(told, {"what_if": answer}, "\n".join(lines))
    return DONE


def _version(desk: Any, code: str, day: date | None) -> Any:  # noqa: ANN401
    """Return a package's version on a day, with the services as they stand; its last one without."""
    from dataclasses import replace

    from stepdesk.benefits.queries import packages, services

    held = next(
        (one for one in desk.ask(packages).values() if one and one[0].code == code.strip()), ()
    )
    begun = [one for one in held if day is None or one.first_day <= day]
    if not begun:
        told = N_("There is no package {code} on that day. Choose another code or day.")
        raise Refusal(Text(told, {"code": code}), field="package")
    known = desk.ask(services)
    return replace(begun[-1], services={one: known[one] for one in begun[-1].rules})


def add(command: Command) -> None:
    """Add these commands to those of claims."""
    one = command("before", before)
    one.add_argument("card", help="47/02: household and person")
    one.add_argument("--through", required=True, metavar="DATE", help="the last day counted")
    one.add_argument("--paid", default="0", metavar="AMOUNT", help="what was paid of it")
    one.add_argument("--deducted", default="0", metavar="AMOUNT", help="taken as deductible")
    one.add_argument("--service", metavar="CODE", help="the whole package when left out")
    one.add_argument("--count", type=int, default=0, metavar="N", help="how many of the service")
    one.add_argument("--stay", action="store_true", help="it was care with a stay")
    one = command("relative", relative)
    one.add_argument("month", help="2026-03; it must be over")
    one = command("what-if", what_if)
    one.add_argument("package", help="its code; its last version")
    one.add_argument("--on", metavar="DATE", help="its version on that day")
    one.add_argument("--from", dest="first", required=True, metavar="DATE", help="day of care")
    one.add_argument("--to", dest="last", metavar="DATE", help="today when left out")
