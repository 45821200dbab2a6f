"""Commands of what the scheme pays for: services and packages."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, amount_of, day_of, desk_of, put
from stepdesk.cli.unknown import no_package, no_plan, no_tariff
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands of services and packages."""
    acts = _acts(commands, "service", "Services and medicines of the catalogue.")
    one = _act(acts, signed, "import", service_import)
    one.add_argument("file", type=Path, help="CSV in UTF-8: code[,name,category,unit,kind,care…]")
    _first_day(one)
    one = _act(acts, signed, "list", service_list)
    one.add_argument("--on", metavar="DATE", help="as they stand then; as last told when left out")
    acts = _acts(commands, "package", "Packages: what the scheme pays for.")
    _import_arguments(_act(acts, signed, "import", package_import))
    one = _act(acts, signed, "show", package_show)
    _version_arguments(one)
    one = _act(acts, signed, "export", package_export)
    _version_arguments(one)
    one.add_argument("file", type=Path, help="a new CSV file, as `package import` reads it")
    one = _act(acts, signed, "assign", package_assign)
    one.add_argument("code")
    one.add_argument("--plan", metavar="CODE", required=True, help="its households have it")
    _first_day(one)
    _place(one)
    one = _act(acts, signed, "end", package_end)
    one.add_argument("--plan", metavar="CODE", required=True)
    one.add_argument("--supplement", metavar="N", type=int, required=True, help="1 to 9")
    _first_day(one)


def _import_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("code")
    one.add_argument("file", type=Path, help="CSV in UTF-8: code and the fields of a rule")
    _first_day(one)
    one.add_argument("--name", help="the code when left out")
    one.add_argument("--plan", metavar="CODE", help="its households have the package")
    _place(one)
    starts = ["calendar", "membership", "period"]
    one.add_argument("--year-start", default="calendar", choices=starts)
    one.add_argument("--reference-tariff", metavar="CODE", help="for care elsewhere")
    for scope in ("episode", "person-year", "household-year"):
        one.add_argument(f"--cap-{scope}", metavar="AMOUNT", help="no ceiling when left out")


def _version_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("code")
    one.add_argument("--on", metavar="DATE", help="as it stands then; today when left out")


def _first_day(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", metavar="DATE", dest="first_day", required=True)


def _place(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--supplement", metavar="N", type=int, default=0, help="beside the basic package: 1 to 9"
    )


def _acts(commands: Any, thing: str, told: str) -> Any:  # noqa: ANN401
    made = commands.add_parser(thing, help=told, description=told)
    return made.add_subparsers(metavar="ACT", required=True)


def _act(acts: Any, signed: argparse.ArgumentParser, name: str, run: Any) -> Any:  # noqa: ANN401
    told = (run.__doc__ or "").splitlines()[0]
    one = acts.add_parser(name, help=told, description=told, allow_abbrev=False, parents=[signed])
    one.add_argument("book", type=Path)
    one.set_defaults(command=run)
    return one


# Services


def service_import(told: argparse.Namespace) -> int:
    """Add services from a CSV file, and change what rules those that are there."""
    from stepdesk.exchange.service_lists import import_services

    first_day = day_of(told.first_day, "from")
    with desk_of(told) as desk:
        done = desk.do(import_services, file=told.file, first_day=first_day)
    sentence = (
        f"Services: {done.added} added, {done.changed} changed from {first_day}, "
        f"{done.renamed} renamed."
    )
    put(told, {"services": done}, sentence)
    return DONE


def service_list(told: argparse.Namespace) -> int:
    """List the catalogue."""
    from stepdesk.benefits.queries import services
    from stepdesk.exchange.service_lists import cells_of

    day = day_of(told.on, "on") if told.on else None
    with desk_of(told) as desk:
        known = desk.ask(services, day)
    codes = {one.id: one.code for one in known.values()}
    rows = [{"code": one.code, **cells_of(one, codes)} for one in known.values()]
    put(told, {"services": rows}, "\n".join(map(_line, rows)) or "The catalogue is empty.")
    return DONE


def _line(row: dict[str, str]) -> str:
    named = [row["code"], row.get("name", ""), row.get("value", "")]
    rest = (
        f"{column}={cell}"
        for column, cell in row.items()
        if cell and column not in {"code", "name", "value"}
    )
    return "  ".join(one for one in (*named, *rest) if one)


# Packages


def package_import(told: argparse.Namespace) -> int:
    """Bring in what a package pays for from a CSV file."""
    from stepdesk.exchange.package_lists import import_package

    day_of(told.first_day, "from")
    with desk_of(told) as desk:
        plan_id = plan_named(desk, told.plan)
        package = _package(desk, told)
        done = desk.do(
            import_package,
            package=package,
            file=told.file,
            plan_id=plan_id,
            supplement=told.supplement,
        )
    given = f" Plan {told.plan} has it from then on." if done.assigned else ""
    sentence = (
        f"{done.code}: {done.rules} services from {done.first_day}, "
        f"{done.services_added} added to the catalogue.{given}"
    )
    put(told, {"package": done}, sentence)
    return DONE


def package_show(told: argparse.Namespace) -> int:
    """Show what a package pays for."""
    from stepdesk.exchange.package_lists import package_rows

    with desk_of(told) as desk:
        version = _version(desk, told)
        rows = desk.ask(package_rows, version, desk.currency)
    head = f"{version.code} {version.name}, from {version.first_day}"
    answer = {"code": version.code, "first_day": version.first_day, "rows": rows}
    put(told, {"package": answer}, "\n".join([head, *map(_line, rows)]))
    return DONE


def package_export(told: argparse.Namespace) -> int:
    """Write a package to a CSV file, as another scheme can bring it in."""
    from stepdesk.exchange.package_lists import package_csv

    with desk_of(told) as desk:
        version = _version(desk, told)
        content = desk.ask(package_csv, version, desk.currency)
    if told.file.exists():
        raise Refusal(
            Text(
                N_("There is a file {name} already. Choose another one."), {"name": told.file.name}
            ),
            field="file",
        )
    told.file.write_text(content, encoding="utf-8", newline="")
    answer = {"code": version.code, "first_day": version.first_day, "file": str(told.file)}
    put(told, {"package": answer}, f"{told.file}: {len(version.rules)} services.")
    return DONE


def package_assign(told: argparse.Namespace) -> int:
    """Give the households of a plan a package, or a supplement beside it."""
    from stepdesk.benefits.queries import package_of_code
    from stepdesk.benefits.service import assign_package

    first_day = day_of(told.first_day, "from")
    with desk_of(told) as desk:
        package_id = desk.ask(package_of_code, told.code)
        if package_id is None:
            raise no_package(desk, told.code, "code")
        done = desk.do(
            assign_package,
            plan_id=plan_named(desk, told.plan),
            package_id=package_id,
            first_day=first_day,
            supplement=told.supplement,
        )
    answer = {
        "code": told.code,
        "plan": told.plan,
        "from": first_day,
        "supplement": done.supplement,
    }
    put(told, {"package": answer}, f"Plan {told.plan} has {told.code} from {first_day}.")
    return DONE


def package_end(told: argparse.Namespace) -> int:
    """End a supplement of a plan."""
    from stepdesk.benefits.service import end_supplement

    first_day = day_of(told.first_day, "from")
    with desk_of(told) as desk:
        plan_id = plan_named(desk, told.plan)
        desk.do(end_supplement, plan_id=plan_id, supplement=told.supplement, first_day=first_day)
    answer = {"plan": told.plan, "supplement": told.supplement, "from": first_day}
    sentence = f"Plan {told.plan} has no supplement {told.supplement} from {first_day}."
    put(told, {"package": answer}, sentence)
    return DONE


def _version(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    from stepdesk.benefits.queries import package_of_code, packages

    day: date = day_of(told.on, "on") if told.on else desk.today
    package_id = desk.ask(package_of_code, told.code)
    held = desk.ask(packages).get(package_id, ()) if package_id else ()
    begun = [one for one in held if one.first_day <= day]
    if not begun:
        message = N_("There is no package {code} on that day. Check the code and the day.")
        raise Refusal(Text(message, {"code": told.code}), field="code")
    return begun[-1]


def _package(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    from stepdesk.benefits.terms import PackageVersion, YearStart
    from stepdesk.providers.queries import tariff_of_code
    from stepdesk.values.ids import PackageId, PackageVersionId

    def cap(name: str) -> int | None:
        amount = getattr(told, name)
        return None if amount is None else amount_of(amount, desk.currency, name).minor

    asked = told.reference_tariff
    reference = desk.ask(tariff_of_code, asked) if asked else None
    if asked and reference is None:
        raise no_tariff(desk, asked, "reference_tariff")
    return PackageVersion(
        id=PackageVersionId(b""),
        package_id=PackageId(b""),
        code=told.code,
        name=told.name or told.code,
        first_day=day_of(told.first_day, "from"),
        year_start=YearStart(told.year_start.upper()),
        cap_episode=cap("cap_episode"),
        cap_person_year=cap("cap_person_year"),
        cap_household_year=cap("cap_household_year"),
        reference_tariff_id=reference,
    )


def plan_named(desk: Any, code: str | None) -> Any:  # noqa: ANN401
    """Return the plan of a code; None for none."""
    from stepdesk.contributions.queries import plans

    if code is None:
        return None
    for plan_id, versions in desk.ask(plans).items():
        if versions[0].code == code:
            return plan_id
    raise no_plan(desk, code)
