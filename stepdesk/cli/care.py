"""Commands of care: providers, price lists, packages."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, amount_of, day_of, desk_of, put, word_of
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the command `package import`; those of providers and price lists stand apart."""
    one = _nested(commands, signed, "package", "import", package_import)
    _file(one, "code and the fields of a rule")
    _days(one, required=True, until=False)
    one.add_argument("--name", help="the code when left out")
    one.add_argument("--plan", metavar="CODE", help="its households have the package")
    one.add_argument("--year-start", default="calendar", choices=["calendar", "membership"])
    one.add_argument("--reference-tariff", metavar="CODE", help="for care elsewhere")
    for scope in ("episode", "person-year", "household-year"):
        one.add_argument(f"--cap-{scope}", metavar="AMOUNT", help="no ceiling when left out")


def _nested(
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
    thing: str,
    act: str,
    run: Any,  # noqa: ANN401
) -> argparse.ArgumentParser:
    told = (run.__doc__ or "").splitlines()[0]
    kinds = commands.add_parser(thing, help=told, description=told).add_subparsers(
        metavar="ACT", required=True
    )
    one: argparse.ArgumentParser = kinds.add_parser(
        act, help=told, description=told, allow_abbrev=False, parents=[signed]
    )
    one.add_argument("book", type=Path)
    one.set_defaults(command=run)
    return one


def _file(one: argparse.ArgumentParser, columns: str) -> None:
    one.add_argument("code")
    one.add_argument("file", type=Path, help=f"CSV in UTF-8: {columns}")


def _days(one: argparse.ArgumentParser, *, required: bool, until: bool = True) -> None:
    one.add_argument("--from", metavar="DATE", dest="first_day", required=required)
    if until:
        one.add_argument("--until", metavar="DATE", help="the end, not included")


def provider_add(told: argparse.Namespace) -> int:
    """Add a care provider, and sign an agreement with it when a price list is named."""
    from stepdesk.providers.terms import Kind
    from stepdesk.values.care import CareType, Level

    level, kind = _word(Level, told.level, "level"), _word(Kind, told.kind, "kind")
    word_of(CareType, told.care, "care")
    if told.tariff is not None and told.first_day is None:
        raise Refusal(Text(N_("Say with --from when the agreement begins.")), field="from")
    if told.tariff is None and (told.first_day or told.until):
        raise Refusal(Text(N_("Days belong to an agreement: add --tariff.")), field="tariff")
    with desk_of(told) as desk, desk.work("add_provider") as work:
        answer = _added(work, told, level, kind)
    signed = f" Agreement from {answer['from']} at {told.tariff}." if told.tariff else ""
    put(told, answer, f"{told.code}: {told.name}.{signed}")
    return DONE


def _added(work: Any, told: argparse.Namespace, level: Any, kind: Any) -> dict[str, object]:  # noqa: ANN401
    from stepdesk.providers.queries import tariff_of_code
    from stepdesk.providers.service import add_provider, sign_agreement
    from stepdesk.providers.terms import Agreement, Contact, ProviderState
    from stepdesk.values.care import CareType
    from stepdesk.values.ids import AgreementId

    provider_id = add_provider(
        work,
        code=told.code,
        name=told.name,
        level=level,
        kind=kind,
        care=word_of(CareType, told.care, "care"),
        contact=Contact(
            told.address or "", told.phone or "", told.bank or "", told.bank_account or ""
        ),
        state=None if told.state is None else word_of(ProviderState, told.state, "state"),
    )
    answer: dict[str, object] = {"provider": provider_id, "agreement": None}
    if told.tariff is None:
        return answer
    tariff_id = tariff_of_code(work.connection, told.tariff)
    if tariff_id is None:
        raise _unknown(
            N_("There is no price list {code}. Bring it in first."), told.tariff, "tariff"
        )
    asked = Agreement(
        AgreementId(b""), provider_id, tariff_id, day_of(told.first_day, "from"), _until(told)
    )
    answer["agreement"] = sign_agreement(work, agreement=asked)
    return {**answer, "from": asked.first_day, "until": asked.until}


def package_import(told: argparse.Namespace) -> int:
    """Bring in what a package pays for from a CSV file."""
    from stepdesk.exchange.care_lists import import_package

    day_of(told.first_day, "from")
    with desk_of(told) as desk:
        plan_id = plan_named(desk, told.plan)
        package = _package(desk, told)
        done = desk.do(import_package, package=package, file=told.file, plan_id=plan_id)
    given = f" Plan {told.plan} has it from then on." if done.assigned else ""
    sentence = f"{done.code}: {done.rules} services from {done.first_day}.{given}"
    put(told, {"package": done}, sentence)
    return DONE


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
        raise _unknown(
            N_("There is no price list {code}. Bring it in first."), asked, "reference_tariff"
        )
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
    raise _unknown(N_("There is no plan {code}. Check the code."), code, "plan")


def _unknown(message: str, code: str, field: str) -> Refusal:
    return Refusal(Text(message, {"code": code}), field=field)


def _until(told: argparse.Namespace) -> date | None:
    return day_of(told.until, "until") if told.until else None


def _word(words: Any, told: str, field: str) -> Any:  # noqa: ANN401
    found = {one.value: one for one in words}
    if told.upper() not in found:
        raise Refusal(
            Text(
                N_("{told} is not known. Write one of: {words}."),
                {"told": told, "words": ", ".join(found)},
            ),
            field=field,
        )
    return found[told.upper()]
