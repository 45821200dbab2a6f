"""The month's report for the board, and the poster for the wall."""

import argparse
from collections.abc import Callable
from pathlib import Path

from stepdesk.cli.shared import DONE, LANGUAGE, check_writable, desk_of, month_of, put
from stepdesk.i18n import LANGUAGES, Text, speak
from stepdesk.values.money import Money


def report(told: argparse.Namespace) -> int:
    """Report a month: four pages for the board, a poster of one page for the wall."""
    from stepdesk.reports.papers.months import (
        BLOCKS,
        FIGURES,
        alert_text,
        month_report_pdf,
        poster_pdf,
    )
    from stepdesk.reports.queries.months import month_report
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.files import write_whole

    month = month_of(told.month)
    for path in (told.pdf, told.poster):
        if path:
            check_writable(path)
    with desk_of(told) as desk:
        found = month_report(desk, month)
        scheme = desk.ask(scheme_on, month.last)
        language = told.language or scheme.language
        for path, draw in ((told.pdf, month_report_pdf), (told.poster, poster_pdf)):
            if path:
                paper = draw(
                    found,
                    desk.currency,
                    language,
                    scheme=scheme.name,
                    practice=desk.practice,
                    printed_on=desk.today,
                )
                write_whole(path, paper)
        currency = desk.currency
    lines = []
    for block, figures in found.blocks.items():
        lines.append(speak(Text(BLOCKS[block]), LANGUAGE))
        for one in figures:
            value = Money(one.now, currency) if one.money else one.now
            words = {"name": Text(FIGURES[one.name]), "value": value}
            lines.append(speak(Text("  {name}: {value}", words), LANGUAGE))
    lines += [speak(alert_text(one, currency), LANGUAGE) for one in found.alarms]
    put(
        told,
        {
            "month": month,
            "closed": found.closing is not None,
            "figures": found.blocks,
            "alarms": found.alarms,
            "passed": found.passed,
        },
        "\n".join(lines),
    )
    return DONE


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    one = command("report", report)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="four pages for the board")
    one.add_argument("--poster", type=Path, metavar="FILE", help="one page for the wall")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")
