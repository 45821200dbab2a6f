"""Commands of price lists: brought in, pasted, copied, drafted, compared, printed for the wall."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    named_and_spoken,
    nested,
    percent_of,
    put,
    tariff_named,
    write_file,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak

_TABLES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands of price lists."""
    acts = nested(commands, signed, "tariff", "Price lists of providers.")
    one = acts("import", tariff_import)
    one.add_argument("code")
    one.add_argument("file", type=Path, help="CSV in UTF-8 or a workbook: code, price, name…")
    _version(one)
    one = acts("paste", tariff_paste)
    one.add_argument("code")
    one.add_argument("file", type=Path, nargs="?", help="standard input when left out")
    _version(one)
    one = acts("copy", tariff_copy)
    one.add_argument("code")
    one.add_argument("--to", metavar="CODE", help="another list; the same when left out")
    one.add_argument("--by", default="0", metavar="PERCENT", help="such as +5 or -2.5")
    one.add_argument("--step", default=None, metavar="AMOUNT", help="prices are multiples of it")
    one.add_argument("--of", metavar="DATE", help="whose prices; today's when left out")
    _version(one)
    _draft_acts(acts)
    _reading_acts(acts)


def _draft_acts(acts: Callable[..., argparse.ArgumentParser]) -> None:
    one = acts("apply", tariff_apply)
    one.add_argument("draft", metavar="ID", help="as `tariff list` tells it")
    _accept(one)
    one = acts("drop", tariff_drop)
    one.add_argument("draft", metavar="ID")


def _reading_acts(acts: Callable[..., argparse.ArgumentParser]) -> None:
    one = acts("start", tariff_start)
    one.add_argument("--csv", type=Path, metavar="FILE", help="the list to fill in, no prices")
    one.add_argument("--language", metavar="LL", help="the scheme's when left out")
    one = acts("list", tariff_list)
    one.add_argument("code", nargs="?")
    one = acts("compare", tariff_compare)
    one.add_argument("code")
    one.add_argument("--on", metavar="DATE", help="the version that held; today's when left out")
    one.add_argument("--against", metavar="DATE|ID|CODE", required=True)
    one.add_argument("--pdf", type=Path, metavar="FILE")
    one.add_argument("--xlsx", type=Path, metavar="FILE")
    one.add_argument("--language", metavar="LL", help="the scheme's when left out")
    one = acts("print", tariff_print)
    one.add_argument("code")
    one.add_argument("--pdf", type=Path, metavar="FILE", required=True)
    one.add_argument("--on", metavar="DATE", help="the version of that day")
    one.add_argument("--plan", metavar="CODE", help="tells what its members pay")
    one.add_argument("--provider", metavar="CODE", help="at whose wall it hangs")
    one.add_argument("--large", action="store_true", help="on A3")
    one.add_argument("--language", metavar="LL", help="the scheme's when left out")


def _version(one: argparse.ArgumentParser) -> None:
    one.add_argument("--from", metavar="DATE", dest="first_day", required=True)
    one.add_argument("--until", metavar="DATE", help="the end, not included")
    one.add_argument("--draft", action="store_true", help="priced by nothing until it is applied")
    _accept(one)


def _accept(one: argparse.ArgumentParser) -> None:
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT", help="price")


# Writing


def tariff_import(told: argparse.Namespace) -> int:
    """Bring in a price list from a CSV file or a workbook."""
    from stepdesk.exchange.care_lists import import_tariff
    from stepdesk.exchange.registers.reading import open_file

    first_day = day_of(told.first_day, "from")
    if told.draft or told.file.suffix.casefold() in _TABLES:
        return _bring_in(told, open_file(told.file))
    with desk_of(told) as desk:
        done = desk.do(
            import_tariff,
            code=told.code,
            file=told.file,
            first_day=first_day,
            until=_until(told),
            accepting=frozenset(told.accept),
        )
    return _say_brought(told, done)


def tariff_paste(told: argparse.Namespace) -> int:
    """Bring in prices copied from a spreadsheet: code or name, a tab, the price."""
    from stepdesk.exchange.registers.reading import open_file, open_text

    day_of(told.first_day, "from")
    if told.file is None:
        return _bring_in(told, open_text(sys.stdin.read()))
    return _bring_in(told, open_file(told.file))


def _bring_in(told: argparse.Namespace, opened: Any) -> int:  # noqa: ANN401
    from stepdesk.exchange.price_lists import import_prices

    with desk_of(told) as desk:
        done = desk.do(
            import_prices,
            code=told.code,
            opened=opened,
            first_day=day_of(told.first_day, "from"),
            until=_until(told),
            draft=told.draft,
            accepting=frozenset(told.accept),
        )
    return _say_brought(told, done)


def _say_brought(told: argparse.Namespace, done: Any) -> int:  # noqa: ANN401
    draft = " as a draft" if told.draft else ""
    sentence = (
        f"{done.code}: {done.prices} prices from {done.first_day}{draft}, "
        f"{done.services_added} services added to the catalogue."
    )
    put(told, {"tariff": done}, sentence)
    return DONE


def tariff_copy(told: argparse.Namespace) -> int:
    """Write a version from the prices of a day, with a share more or less."""
    from stepdesk.providers.queries import tariff_of_code
    from stepdesk.providers.service import (
        add_tariff,
        copied_prices,
        draft_tariff,
        version_tariff,
    )

    first_day, by = day_of(told.first_day, "from"), percent_of(told.by, "by")
    with desk_of(told) as desk:
        step = 1 if told.step is None else amount_of(told.step, desk.currency, "step").minor
        source = tariff_named(desk, told.code)
        with desk.work("copy_tariff") as work:
            prices = copied_prices(
                work,
                tariff_id=source,
                day=day_of(told.of, "of") if told.of else desk.today,
                by=by,
                step=step,
            )
            code = told.to or told.code
            target = tariff_of_code(work.connection, code) or add_tariff(work, code=code)
            asked = {
                "tariff_id": target,
                "first_day": first_day,
                "prices": prices,
                "until": _until(told),
            }
            if told.draft:
                draft_tariff(work, **asked)
            else:
                version_tariff(work, **asked, accepting=frozenset(told.accept))
    draft = " as a draft" if told.draft else ""
    answer = {"tariff": target, "prices": len(prices), "draft": told.draft}
    put(told, answer, f"{code}: {len(prices)} prices from {first_day}{draft}.")
    return DONE


def tariff_apply(told: argparse.Namespace) -> int:
    """Make a draft a version of its list."""
    from stepdesk.providers.service import put_tariff_in_force

    with desk_of(told) as desk:
        draft = _draft(desk, told.draft)
        version = desk.do(put_tariff_in_force, draft_id=draft.id, accepting=frozenset(told.accept))
    put(told, {"version": version}, f"{draft.code}: prices from {draft.first_day}.")
    return DONE


def tariff_drop(told: argparse.Namespace) -> int:
    """Give a draft of prices up."""
    from stepdesk.providers.service import drop_tariff_draft

    with desk_of(told) as desk:
        draft = _draft(desk, told.draft)
        desk.do(drop_tariff_draft, draft_id=draft.id)
    put(told, {"dropped": draft.id}, f"{draft.code}: the draft was given up.")
    return DONE


def tariff_start(told: argparse.Namespace) -> int:
    """Start an empty catalogue with the country's list of services, without prices."""
    from stepdesk.benefits.queries import services
    from stepdesk.exchange.price_lists import start_catalogue
    from stepdesk.paper.sheet import csv

    if told.csv is not None:
        check_writable(told.csv, "csv")
    with desk_of(told) as desk:
        _, language = named_and_spoken(desk, told)
        count = desk.do(start_catalogue, language=language)
        known = desk.ask(services)
    if told.csv is not None:
        heads = ("code", "name", "category", "unit", "price")
        rows = [(one.code, one.name, one.category.value, one.unit, "") for one in known.values()]
        write_file(told.csv, csv("", heads, rows, language))
    put(told, {"services": count}, f"{count} services added; their prices come with a list.")
    return DONE


# Reading


def tariff_list(told: argparse.Namespace) -> int:
    """List the price lists, or the versions and drafts of one."""
    from stepdesk.providers.queries import tariff_drafts, tariff_versions, tariffs

    with desk_of(told) as desk:
        if told.code is None:
            codes = sorted(desk.ask(tariffs).values())
            put(told, {"tariffs": codes}, "\n".join(codes) or "No price list.")
            return DONE
        tariff_id = tariff_named(desk, told.code)
        versions = desk.ask(tariff_versions, tariff_id)
        drafts = desk.ask(tariff_drafts, tariff_id)
    rows = [
        {"first_day": one.first_day, "until": one.until, "prices": len(one.prices)}
        for one in versions
    ]
    drafted = [
        {
            "id": one.id,
            "first_day": one.first_day,
            "until": one.until,
            "prices": len(one.prices),
        }
        for one in drafts
    ]
    lines = [f"from {one.first_day}  {len(one.prices)} prices" for one in versions]
    lines += [
        f"from {one.first_day}  {len(one.prices)} prices, draft {one.id.hex()}" for one in drafts
    ]
    put(told, {"versions": rows, "drafts": drafted}, "\n".join(lines) or "No prices yet.")
    return DONE


def tariff_compare(told: argparse.Namespace) -> int:
    """Put two lists side by side, with what the last twelve months would have cost."""
    from stepdesk.benefits.queries import services
    from stepdesk.claims.papers import Compared, comparison_listing, whole_text
    from stepdesk.claims.papers.tariffs import change_text
    from stepdesk.claims.queries import compared_tariffs

    for way in ("pdf", "xlsx"):
        if getattr(told, way) is not None:
            check_writable(getattr(told, way), way)
    with desk_of(told) as desk:
        tariff_id = tariff_named(desk, told.code)
        held = _held(desk, tariff_id, day_of(told.on, "on") if told.on else desk.today)
        name, prices = _against(desk, tariff_id, told)
        comparison = desk.ask(
            compared_tariffs, tariff_id, former=held.prices, prices=prices, day=desk.today
        )
        scheme, language = named_and_spoken(desk, told)
        former = Text(N_("{code} of {day}"), {"code": held.code, "day": held.first_day})
        found = Compared(former, name, comparison, desk.ask(services), desk.currency)
        if told.pdf is not None:
            paper = comparison_listing(found, language).pdf(
                language, scheme=scheme, practice=desk.practice, printed_on=desk.today
            )
            write_file(told.pdf, paper)
        if told.xlsx is not None:
            listing = comparison_listing(found, language)
            write_file(told.xlsx, listing.xlsx(language, practice=desk.practice))
    lines = [
        f"{found.services[one.service_id].code}  {_or_none(one.former)}  {_or_none(one.price)}  "
        f"{speak(change_text(one, LANGUAGE), LANGUAGE)}  {one.used}  {_or_none(one.more)}"
        for one in comparison.lines
    ]
    said = speak(whole_text(found, LANGUAGE), LANGUAGE)
    put(told, {"comparison": comparison}, "\n".join([*lines, said]))
    return DONE


def tariff_print(told: argparse.Namespace) -> int:
    """Print a price list for the centre's wall, with what a plan's members pay."""
    from stepdesk.benefits.queries import package_on
    from stepdesk.claims.papers import WallHead, wall_list_pdf
    from stepdesk.claims.queries import wall_lines
    from stepdesk.cli.claims import provider_named
    from stepdesk.cli.packages import plan_named
    from stepdesk.countries import country

    check_writable(told.pdf)
    with desk_of(told) as desk:
        day = day_of(told.on, "on") if told.on else desk.today
        held = _held(desk, tariff_named(desk, told.code), day)
        package = None
        if told.plan is not None:
            package = desk.ask(package_on, plan_named(desk, told.plan), day)
            if package is None:
                raise Refusal(
                    Text(
                        N_(
                            "Plan {code} has no package on {day}. Give it one, or choose another day."
                        ),
                        {"code": told.plan, "day": day},
                    ),
                    field="plan",
                )
        provider = provider_named(desk, told.provider).name if told.provider else ""
        coin = country(desk.country).number("cash_round", day)
        lines = desk.ask(wall_lines, held.prices, package=package, coin=coin)
        scheme, language = named_and_spoken(desk, told)
        head = WallHead(
            provider or held.code,
            held.first_day,
            desk.currency,
            package.name if package is not None else "",
        )
        paper = wall_list_pdf(
            head,
            lines,
            language,
            scheme=scheme,
            practice=desk.practice,
            printed_on=desk.today,
            large=told.large,
        )
        write_file(told.pdf, paper)
    put(told, {"prices": len(lines)}, f"{len(lines)} prices in {told.pdf}")
    return DONE


# What they share


def _or_none(amount: int | None) -> str:
    return "–" if amount is None else str(amount)


def _against(desk: Any, tariff_id: Any, told: argparse.Namespace) -> tuple[Text, Any]:  # noqa: ANN401
    """Return the name and the prices of what is compared with: a day, a draft, another list."""
    from stepdesk.providers.queries import tariff_drafts, tariff_of_code

    asked = told.against.strip()
    for one in desk.ask(tariff_drafts, tariff_id):
        if one.id.hex() == asked.lower():
            name = Text(N_("{code}, draft for {day}"), {"code": one.code, "day": one.first_day})
            return name, one.prices
    other = desk.ask(tariff_of_code, asked)
    day = desk.today if other is not None else day_of(asked, "against")
    held = _held(desk, other or tariff_id, day)
    name = Text(N_("{code} of {day}"), {"code": held.code, "day": held.first_day})
    return name, held.prices


def _held(desk: Any, tariff_id: Any, day: Any) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import hole_text
    from stepdesk.providers.queries import tariff_on
    from stepdesk.providers.terms import Hole

    found = desk.ask(tariff_on, tariff_id, day)
    if isinstance(found, Hole):
        raise Refusal(hole_text(found, day), field="on")
    return found


def _draft(desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.providers.queries import tariff_drafts, tariffs

    for tariff_id in desk.ask(tariffs):
        for one in desk.ask(tariff_drafts, tariff_id):
            if one.id.hex() == told.strip().lower():
                return one
    raise Refusal(
        Text(N_("There is no such draft, or it is in force already. Look at the list of drafts.")),
        field="draft",
    )


def _until(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return day_of(told.until, "until") if told.until else None
