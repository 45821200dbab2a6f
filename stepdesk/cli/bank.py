"""Commands of statements: brought in, matched with the books, agreed on a day."""

import argparse
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    put,
    request_of,
    sign_second,
)
from stepdesk.cli.unknown import no_box
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak

if TYPE_CHECKING:
    from stepdesk.ledger.terms import CashBox, Reconciliation, StatementLine
    from stepdesk.store.desk import Desk
    from stepdesk.values.ids import EntryId
    from stepdesk.values.money import Money

_SHORT = 8  # the last digits of a line's id: enough to tell one from another


def bank_import(told: argparse.Namespace) -> int:
    """Bring in a statement from a CSV file or a workbook."""
    from stepdesk.exchange.registers.reading import open_file
    from stepdesk.exchange.statements import lines_in
    from stepdesk.ledger.service import import_statement

    with desk_of(told) as desk:
        box = _box(desk, told.box)
        lines = lines_in(open_file(told.file), desk.today, desk.currency)
        done = desk.do(
            import_statement,
            request_id=_request(told),
            box=box.place,
            lines=lines,
            file=told.file.name,
        )
    sentence = f"{done.lines} lines, {done.first_day} to {done.last_day}"
    sentence += f"; {done.known} were known." if done.known else "."
    put(told, {"statement": done}, sentence)
    return DONE


def bank_show(told: argparse.Namespace) -> int:
    """Show how a box and its statements stand: what is in both, what in one alone."""
    from stepdesk.ledger.papers import reconciliation_list
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.files import write_whole

    for path in (told.pdf, told.xlsx):
        if path:
            check_writable(path)
    with desk_of(told) as desk:
        state = _state(desk, told)
        scheme = desk.ask(scheme_on, desk.today)
        language = told.language or scheme.language
        listing = reconciliation_list(state, language, reason=_reason(desk, state))
        if told.pdf:
            frame = {"scheme": scheme.name, "practice": desk.practice}
            write_whole(told.pdf, listing.pdf(language, printed_on=desk.today, **frame))
        if told.xlsx:
            write_whole(told.xlsx, listing.xlsx(language, practice=desk.practice))
        if told.pdf or told.xlsx:
            desk.note_access("reconciliation", None, state.day, "paper")
    said = [
        f"{state.box.name}, {state.day}: books {_said(state.booked)}, statement "
        + ("unknown" if state.stated is None else _said(state.stated)),
        f"{state.matched} matched",
    ]
    said += [
        f"together {_short(one.lines[0])} {one.last_day} {_said(one.amount)}:"
        f" {len(one.lines)} lines, {len(one.entries)} entries"
        + (f", {_said(one.difference)} more: {one.reason}" if one.difference.minor else "")
        for one in state.together
    ]
    said += [
        f"proposed {_short(one.line)} {one.line.day} {_said(one.line.amount)} = {one.entry.number}"
        + ("" if one.alone else " ?")
        for one in state.proposals
    ]
    said += [
        f"book only {one.number} {one.day} {_said(one.amount)} {one.said}"
        for one in state.only_book
    ]
    said += [
        f"statement only {_short(one)} {one.day} {_said(one.amount)} {one.label}"
        for one in state.only_statement
    ]
    if state.unexplained is not None:
        said.append(f"not explained {_said(state.unexplained)}")
    answer = {
        "state": state,
        "expected": state.expected,
        "unexplained": state.unexplained,
        "lines": [_short(one) for one in state.only_statement],
    }
    put(told, answer, "\n".join(said))
    return DONE


def bank_match(told: argparse.Namespace) -> int:
    """Match a line with an entry; without both, every line that is certain."""
    from stepdesk.ledger.service import accept_matches, match_line

    with desk_of(told) as desk:
        box = _box(desk, told.box)
        if told.line is None:
            matched = desk.do(accept_matches, box=box.place)
        else:
            if told.entry is None:
                raise Refusal(Text(N_("Give the line and the entry's number.")), field="entry")
            line = _line(desk, box, told.line)
            desk.do(match_line, line_id=line.id, entry_id=_entry(desk, box, told.entry))
            matched = 1
    put(told, {"matched": matched}, f"{matched} matched.")
    return DONE


def bank_together(told: argparse.Namespace) -> int:
    """Match one line with several entries, or several lines with one."""
    from stepdesk.ledger.service import match_together

    with desk_of(told) as desk:
        box = _box(desk, told.box)
        lines = [_line(desk, box, one) for one in told.lines.split(",")]
        desk.do(
            match_together,
            line_ids=[one.id for one in lines],
            entry_ids=[_entry(desk, box, one) for one in told.entries.split(",")],
            difference_reason=told.reason,
        )
        group = next(
            (
                one
                for one in _state(desk, told).together
                if lines[0].id in {line.id for line in one.lines}
            ),
            None,
        )
    rest = (
        "" if group is None or not group.difference.minor else f", {_said(group.difference)} more"
    )
    put(
        told,
        {"together": group},
        f"{len(lines)} lines are {len(told.entries.split(','))} entries{rest}.",
    )
    return DONE


def bank_unmatch(told: argparse.Namespace) -> int:
    """Take back that a line is an entry."""
    from stepdesk.ledger.service import unmatch_line

    with desk_of(told) as desk:
        line = _line(desk, _box(desk, told.box), told.line)
        desk.do(unmatch_line, line_id=line.id)
    put(told, {"line": told.line}, f"{told.line} stands open again.")
    return DONE


def bank_voucher(told: argparse.Namespace) -> int:
    """Write the voucher of a line that is in the statement alone: a fee, interest, an expense."""
    from stepdesk.ledger.service import book_line

    with desk_of(told) as desk:
        line = _line(desk, _box(desk, told.box), told.line)
        with desk.work("book_line") as work:
            sign_second(told, work)
            booked = book_line(
                work,
                request_id=_request(told),
                line_id=line.id,
                role=told.role,
                label=told.label,
                day=day_of(told.on, "on") if told.on else None,
            )
    put(told, {"booked": booked}, f"{booked.number}: {told.line}")
    return DONE


def bank_reconcile(told: argparse.Namespace) -> int:
    """Keep that a box and its statement were compared on a day, and why they differ."""
    from stepdesk.ledger.service import reconcile

    with desk_of(told) as desk:
        box = _box(desk, told.box)
        day = day_of(told.on, "on") if told.on else desk.today
        with desk.work("reconcile") as work:
            sign_second(told, work)
            reconcile(
                work,
                request_id=_request(told),
                box=box.place,
                day=day,
                stated=amount_of(told.stated, desk.currency, "stated") if told.stated else None,
                difference_reason=told.reason,
            )
        state = _state(desk, told)
    stated = "" if state.stated is None else _said(state.stated)
    put(
        told,
        {"day": day, "stated": state.stated, "booked": state.booked},
        f"{state.box.name}, {day}: statement {stated}, books {_said(state.booked)}",
    )
    return DONE


# What they share


def _said(amount: "Money") -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


def _short(line: "StatementLine") -> str:
    return line.id.hex()[-_SHORT:]


def _request(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return secrets.token_bytes(16) if told.request is None else request_of(told.request)


def _box(desk: "Desk", asked: str) -> "CashBox":
    from stepdesk.countries import country
    from stepdesk.ledger.queries import box_of_code

    found = desk.ask(box_of_code, country(desk.country), asked)
    if found is None:
        raise no_box(desk, asked)
    return found


def _state(desk: "Desk", told: argparse.Namespace) -> "Reconciliation":
    from stepdesk.countries import country
    from stepdesk.ledger.queries import reconciliation

    box = _box(desk, told.box)
    day = day_of(told.on, "on") if told.on else desk.today
    stated = amount_of(told.stated, desk.currency, "stated") if told.stated else None
    language = told.language or LANGUAGE
    with desk.read() as connection:
        return reconciliation(
            connection, country(desk.country), box.place, day, stated=stated, language=language
        )


def _reason(desk: "Desk", state: "Reconciliation") -> str:
    """Return why the two differ, as it was kept for that day."""
    from stepdesk.countries import country
    from stepdesk.ledger.queries import counts

    told = desk.ask(counts, country(desk.country), LANGUAGE)
    return next(
        (
            one.difference_reason
            for one in told
            if one.day == state.day and one.box.place == state.box.place
        ),
        "",
    )


def _line(desk: "Desk", box: "CashBox", asked: str) -> "StatementLine":
    from stepdesk.ledger.queries import statement_lines

    lines = desk.ask(statement_lines, box.place, desk.currency)
    found = [one for one in lines if len(asked) >= 4 and one.id.hex().endswith(asked.lower())]
    if len(found) != 1:
        raise Refusal(
            Text(N_("There is no such line of a statement. Check the number.")), field="line"
        )
    return found[0]


def _entry(desk: "Desk", box: "CashBox", number: str) -> "EntryId":
    from datetime import date

    from stepdesk.ledger.queries import box_entries

    wanted = number.strip().upper()
    for one in desk.ask(box_entries, box.place, desk.currency, date.min, date.max):
        if one.number == wanted:
            return one.entry_id
    raise Refusal(
        Text(
            N_("There is no entry {number} in this box. Look for it in the cash book."),
            {"number": number},
        ),
        field="entry",
    )


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands to the parser."""
    words = "Statements of banks and telephones."
    room = commands.add_parser("bank", help=words, description=words)
    kinds = room.add_subparsers(metavar="WHAT", required=True)

    def command(name: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        doc = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            name, help=doc, description=doc, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        one.add_argument("box", help="its code, an account's number, or bank, mfi, momo")
        return one

    _arguments(command)


def _arguments(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    one = command("import", bank_import)
    one.add_argument("file", type=Path, help="CSV or a workbook")
    _wanted(one)
    one = command("show", bank_show)
    _day(one)
    one.add_argument("--pdf", type=Path, metavar="FILE", help="the state of reconciliation")
    one.add_argument("--xlsx", type=Path, metavar="FILE", help="the same as a workbook")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")
    _matching(command)
    one = command("reconcile", bank_reconcile)
    _day(one)
    one.add_argument("--reason", default="", help="why the two differ")
    one.set_defaults(language=None)
    _wanted(one)
    _second(one)


def _matching(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    one = command("match", bank_match)
    one.add_argument("line", nargs="?", help="its last digits, as bank show tells them")
    one.add_argument("entry", nargs="?", help="BQ-2026-11-A-0001")
    one = command("together", bank_together)
    one.add_argument("lines", metavar="LINE,…", help="last digits, as bank show tells them")
    one.add_argument("entries", metavar="ENTRY,…", help="BQ-2026-11-A-0001")
    one.add_argument("--reason", default="", help="why both sums differ")
    one.set_defaults(on=None, stated=None, language=None)
    one = command("unmatch", bank_unmatch)
    one.add_argument("line", help="its last digits")
    one = command("voucher", bank_voucher)
    one.add_argument("line", help="its last digits, as bank show tells them")
    one.add_argument("role", help="services is a fee; interest, gift, travel, …")
    one.add_argument("label", nargs="?", default="", help="the statement's words when left out")
    one.add_argument("--on", metavar="DATE", help="the line's own day when left out")
    _wanted(one)
    _second(one)


def _day(one: argparse.ArgumentParser) -> None:
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--stated", metavar="AMOUNT", help="its last balance when left out")


def _wanted(one: argparse.ArgumentParser) -> None:
    one.add_argument("--request", metavar="HEX", help="32 hex digits: the same twice is one")


def _second(one: argparse.ArgumentParser) -> None:
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
