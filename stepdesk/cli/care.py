"""Commands of care: providers and price lists."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, day_of, desk_of, put
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `provider add` and `tariff import`."""
    one = _nested(commands, signed, "provider", "add", provider_add)
    one.add_argument("code")
    one.add_argument("--name", required=True)
    one.add_argument("--level", required=True, help="POST, CENTRE, DISTRICT_HOSPITAL…")
    one.add_argument("--kind", required=True, help="PUBLIC, CHARITY, PRIVATE")
    one.add_argument("--tariff", metavar="CODE", help="signs an agreement at these prices")
    _days(one, required=False)
    one = _nested(commands, signed, "tariff", "import", tariff_import)
    _file(one, "code,price[,name,category,unit]")
    _days(one, required=True)


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
    from stepdesk.values.care import Level

    level, kind = _word(Level, told.level, "level"), _word(Kind, told.kind, "kind")
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
    from stepdesk.providers.terms import Agreement
    from stepdesk.values.ids import AgreementId

    provider_id = add_provider(work, code=told.code, name=told.name, level=level, kind=kind)
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


def tariff_import(told: argparse.Namespace) -> int:
    """Bring in a price list from a CSV file."""
    from stepdesk.exchange.care_lists import import_tariff

    first_day, until = day_of(told.first_day, "from"), _until(told)
    with desk_of(told) as desk:
        done = desk.do(
            import_tariff, code=told.code, file=told.file, first_day=first_day, until=until
        )
    sentence = (
        f"{done.code}: {done.prices} prices from {done.first_day}, "
        f"{done.services_added} services added to the catalogue."
    )
    put(told, {"tariff": done}, sentence)
    return DONE


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
