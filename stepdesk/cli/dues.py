"""Commands of who owes: the register of contributions, arrears, reminders."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stepdesk.cli.papers import section_named
from stepdesk.cli.payer_money import check_ways, write_listing
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    Shown,
    check_writable,
    day_of,
    desk_of,
    month_of,
    put,
)
from stepdesk.cli.unknown import no_group
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak
from stepdesk.values.money import Money

_KINDS = {"arrears": "REMINDER", "renewal": "RENEWAL", "waiting": "WAITING_OVER"}


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    one = command("dues", dues)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    _common(one)
    one = command("arrears", arrears)
    one.add_argument("book", type=Path)
    one.add_argument("--on", metavar="DATE", help="today when left out")
    _common(one)
    one = command("reminders", reminders)
    one.add_argument("book", type=Path)
    one.add_argument("kind", choices=sorted(_KINDS), help="of what")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument(
        "--within", type=int, default=30, metavar="DAYS", help="ahead, or back for waiting"
    )
    one.add_argument("--csv", type=Path, metavar="FILE", help="for a gateway: phone, text")
    one.add_argument("--group", metavar="CODE", help="only the list of this group")
    one.add_argument("--collector", metavar="NAME", help="only whom they collected from last")
    _common(one)


def _common(one: argparse.ArgumentParser) -> None:
    one.add_argument("--section", metavar="S", help="only of this section")
    for way in ("pdf", "xlsx"):
        one.add_argument(f"--{way}", type=Path, metavar="FILE", help=f"as {way.upper()}")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


def _section(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    return section_named(desk, told.section) if told.section else None


def _group(desk: Any, asked: str | None) -> Any:  # noqa: ANN401
    from stepdesk.payers.queries import group_of_code

    if asked is None:
        return None
    found = desk.ask(group_of_code, asked)
    if found is None:
        raise no_group(desk, asked, "group")
    return found


def _collector(desk: Any, asked: str | None) -> Any:  # noqa: ANN401
    if asked is None:
        return None
    found = next((one.id for one in desk.colleagues() if one.name == asked), None)
    if found is None:
        raise Refusal(
            Text(N_("Nobody is known as {asked}. Check the number."), {"asked": asked}),
            field="collector",
        )
    return found


def _sums(desk: Any, totals: Any) -> list[str]:  # noqa: ANN401
    return [
        f"{one.section}: {one.households} households,"
        f" {', '.join(speak(Text('{a}', {'a': Money(amount, desk.currency)}), LANGUAGE) for amount in one.sums)}"
        for one in totals
    ]


def dues(told: argparse.Namespace) -> int:
    """Write the register of contributions of a month: due, paid, by payers, arrears, ahead."""
    from stepdesk.reports.papers.dues import dues_list
    from stepdesk.reports.queries.dues import dues_rows, totals_of

    month = month_of(told.month)
    check_ways(told)
    with desk_of(told) as desk:
        section = _section(desk, told)
        rows = desk.ask(dues_rows, month, section_id=section and section.id, progress=Shown())
        totals = totals_of(rows)

        def listing(paper: bool) -> Any:  # noqa: ANN401
            return dues_list(
                rows,
                totals,
                month=month,
                currency=desk.currency,
                section=section.name if section else "",
                banded=paper,
            )

        files = write_listing(desk, told, listing)
        if files:
            desk.note_access(f"dues {month}", None, month.first, f"{len(rows)} rows")
        lines = _sums(desk, totals)
    answer = [{"section": one.section, "sums": one.sums} for one in totals]
    put(
        told,
        {"rows": len(rows), "totals": answer, "files": files},
        "\n".join(lines) or "None.",
    )
    return DONE


def arrears(told: argparse.Namespace) -> int:
    """Write who owes, how much and since when, with the sums of each section."""
    from stepdesk.reports.papers.dues import arrears_list
    from stepdesk.reports.queries.dues import arrears_rows, totals_of

    check_ways(told)
    with desk_of(told) as desk:
        day = day_of(told.on, "on") if told.on else desk.today
        section = _section(desk, told)
        rows = desk.ask(arrears_rows, day, section_id=section and section.id, progress=Shown())
        totals = totals_of(rows)

        def listing(paper: bool) -> Any:  # noqa: ANN401
            return arrears_list(rows, totals, day=day, currency=desk.currency, banded=paper)

        files = write_listing(desk, told, listing)
        if files:
            desk.note_access("arrears", None, day, f"{len(rows)} rows")
        lines = _sums(desk, totals)
    answer = [{"section": one.section, "sums": one.sums} for one in totals]
    put(
        told,
        {"rows": len(rows), "totals": answer, "files": files},
        "\n".join(lines) or "Nobody owes.",
    )
    return DONE


def reminders(told: argparse.Namespace) -> int:
    """Say whom to remind today; write the messages for a gateway, or the list for a collector."""
    from stepdesk.countries import country
    from stepdesk.reports.papers.reminders import gateway_csv, messages, reminders_list
    from stepdesk.reports.queries.reminders import reminders_of
    from stepdesk.reports.terms import LetterKind
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.files import write_whole

    check_ways(told)
    if told.csv:
        check_writable(told.csv, "csv")
    kind = LetterKind(_KINDS[told.kind])
    with desk_of(told) as desk:
        day = day_of(told.on, "on") if told.on else desk.today
        section = _section(desk, told)
        language = told.language or desk.ask(scheme_on, desk.today).language
        with desk.read() as connection:
            found = messages(
                reminders_of(
                    connection,
                    kind,
                    day,
                    country(desk.country),
                    section_id=section and section.id,
                    group_id=_group(desk, told.group),
                    collector_id=_collector(desk, told.collector),
                    within=told.within,
                    progress=Shown(),
                ),
                language,
            )

        def listing(_paper: bool) -> Any:  # noqa: ANN401
            name = section.name if section else ""
            return reminders_list(found, kind=kind, day=day, whose=name)

        files = write_listing(desk, told, listing)
        if told.csv:
            write_whole(told.csv, gateway_csv(found))
            files.append(told.csv)
        if files:
            desk.note_access(f"reminders {told.kind}", None, day, f"{len(found)} rows")
    reached = [one for one in found if one.reminder.reachable]
    missing = [str(one.reminder.letter.number) for one in found if not one.reminder.mobile]
    refused = [
        str(one.reminder.letter.number)
        for one in found
        if one.reminder.mobile and not one.reminder.consent
    ]
    parts = sum(one.length.parts for one in reached)
    put(
        told,
        {
            "reminders": len(found),
            "messages": len(reached),
            "parts": parts,
            "alphabets": sorted({one.length.alphabet for one in reached}),
            "no_number": missing,
            "no_consent": refused,
            "files": files,
        },
        f"{len(found)} to remind: {len(reached)} messages in {parts} parts,"
        f" {len(missing)} without a number, {len(refused)} have not agreed.",
    )
    return DONE if found else REFUSED
