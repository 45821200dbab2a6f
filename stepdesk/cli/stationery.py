"""Commands of paper: booklets, receipts as papers, collection sheets, slips of hand-overs.

A paper that names persons takes them out of the book on purpose: the access log notes it.
"""

import argparse
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    no_booklet,
    no_household,
    put,
    write_file,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak

_Acts = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]
_KINDS = {"receipt": "RECEIPT", "certificate": "CERTIFICATE", "letter": "LETTER"}
_FORMS = ("a5", "a4", "58", "80")


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `booklet …`, `receipt …`, `sheet …` and `handover …`."""
    told = "Booklets of receipts, certificates and letters, leaf by leaf."
    _booklet_arguments(_acts(commands, signed, "booklet", told))
    _receipt_arguments(_acts(commands, signed, "receipt", "Receipts as papers."))
    told = "Collection sheets: printed in walking order, typed in line by line."
    _sheet_arguments(_acts(commands, signed, "sheet", told))
    act = _acts(commands, signed, "handover", "Hand-overs by collectors.")
    one = act("slip", handover_slip)
    one.add_argument("number", help="H-2026-A-000001")
    one.add_argument("--large", action="store_true", help="on A4; A5 when left out")
    _paper(one)


def _acts(
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
    thing: str,
    told: str,
) -> _Acts:
    kinds = commands.add_parser(thing, help=told, description=told).add_subparsers(
        metavar="ACT", required=True
    )

    def act(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        said = (run.__doc__ or "").splitlines()[0]
        made: argparse.ArgumentParser = kinds.add_parser(
            name, help=said, description=said, allow_abbrev=False, parents=[signed]
        )
        made.add_argument("book", type=Path)
        made.set_defaults(command=run, act=name)
        return made

    return act


def _booklet_arguments(act: _Acts) -> None:
    one = act("receive", booklet_receive)
    _booklet(one)
    one.add_argument("--count", type=int, default=1, help="how many, numbered one after another")
    one.add_argument("--leaves", type=int, default=50, help="of each; 50")
    one.add_argument("--first-leaf", type=int, default=1, metavar="LEAF", help="its number; 1")
    one.add_argument("--cost", metavar="AMOUNT", help="of one")
    _on(one)
    one = act("issue", booklet_issue)
    _booklet(one)
    who = one.add_mutually_exclusive_group(required=True)
    who.add_argument("--collector", metavar="NAME", help="as on the login tile")
    who.add_argument("--provider", metavar="CODE")
    one.add_argument("--note", default="")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _on(one)
    one = act("return", booklet_return)
    _booklet(one)
    one.add_argument("--note", default="", help="what was seen")
    _on(one)
    _leaf_arguments(act)
    one = act("list", booklet_list)
    _kind(one, default=None)
    one.add_argument("--pdf", type=Path, metavar="FILE", help="as a paper")
    one.add_argument("--xlsx", type=Path, metavar="FILE", help="as a workbook")
    _language_of(one)
    one = act("show", booklet_show)
    _booklet(one)
    one.add_argument("--pdf", type=Path, metavar="FILE", help="as a paper")
    _language_of(one)


def _leaf_arguments(act: _Acts) -> None:
    for name in ("cancel", "missing", "good"):
        one = act(name, booklet_mark)
        _booklet(one)
        one.add_argument("leaf", type=int)
        one.add_argument("last", type=int, nargs="?", help="the last of several")
        one.add_argument("--reason", required=True, help="kept with the leaf")
        if name == "cancel":
            one.add_argument("--not-kept", action="store_true", help="the paper is gone")
        _on(one)
    one = act("accept", booklet_accept)
    _booklet(one)
    one.add_argument("leaf", type=int)
    one.add_argument("--reason", required=True, help="what was learnt; kept")


def _receipt_arguments(act: _Acts) -> None:
    one = act("print", receipt_print)
    one.add_argument("number", nargs="+", help="R-2026-A-000001; several on A4")
    one.add_argument("--form", choices=_FORMS, default="a5", help="A5, four on A4, or a roll")
    one.add_argument("--out", type=Path, metavar="FILE", required=True, help="where it goes")
    _language_of(one)
    one = act("card", receipt_card)
    one.add_argument("household", help="its number")
    one.add_argument("--year", type=int, help="this year when left out")
    _paper(one)


def _sheet_arguments(act: _Acts) -> None:
    one = act("print", sheet_print)
    one.add_argument("--section", metavar="S", help="only of this section")
    one.add_argument(
        "--household", action="append", default=[], metavar="N", help="in the order told"
    )
    one.add_argument("--title", default="", help="the section's name when left out")
    one.add_argument("--photos", action="store_true", help="with the members' photos")
    one.add_argument("--xlsx", type=Path, metavar="FILE", help="the same lines as a workbook too")
    _paper(one)
    one = act("show", sheet_show)
    one.add_argument("number", help="F-2026-A-000001")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="print it again")
    _language_of(one)
    one = act("enter", sheet_enter)
    one.add_argument("number", help="F-2026-A-000001")
    one.add_argument("file", type=Path, help="lines of place;amount;leaf")
    one.add_argument("--cash", metavar="AMOUNT", help="what was handed in")
    one.add_argument("--collector", metavar="NAME", help="who carries the money")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _on(one)


def _booklet(one: argparse.ArgumentParser) -> None:
    one.add_argument("number", type=int, help="as printed on it")
    _kind(one, default="receipt")


def _kind(one: argparse.ArgumentParser, *, default: str | None) -> None:
    said = "receipt" if default else "all when left out"
    one.add_argument("--kind", choices=sorted(_KINDS), default=default, help=said)


def _on(one: argparse.ArgumentParser) -> None:
    one.add_argument("--on", metavar="DATE", help="today when left out")


def _paper(one: argparse.ArgumentParser) -> None:
    one.add_argument("--pdf", type=Path, metavar="FILE", required=True, help="where it goes")
    _language_of(one)


def _language_of(one: argparse.ArgumentParser) -> None:
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


# Booklets


def booklet_receive(told: argparse.Namespace) -> int:
    """Write down booklets that came from the printer."""
    from stepdesk.contributions.service import receive_booklets

    with desk_of(told) as desk:
        cost = amount_of(told.cost, desk.currency, "cost") if told.cost else None
        found = desk.do(
            receive_booklets,
            kind=_stationery(told),
            first_serial=told.number,
            count=told.count,
            leaves=told.leaves,
            first_leaf=told.first_leaf,
            received_on=_day(told),
            cost=cost,
        )
    last = told.number + len(found) - 1
    put(
        told,
        {"booklets": found},
        f"Received: {told.number:04d} to {last:04d}, {told.leaves} leaves each.",
    )
    return DONE


def booklet_issue(told: argparse.Namespace) -> int:
    """Give a booklet to a collector or a provider."""
    from stepdesk.contributions.service import issue_booklet

    with desk_of(told) as desk:
        desk.do(
            issue_booklet,
            booklet_id=_booklet_id(desk, told),
            collector_id=_collector(desk, told.collector),
            provider_id=_provider(desk, told.provider),
            day=_day(told),
            note=told.note,
            accepting=frozenset(told.accept),
        )
    holder = told.collector or told.provider
    put(told, {"booklet": told.number, "holder": holder}, f"{told.number:04d}: with {holder}.")
    return DONE


def booklet_return(told: argparse.Namespace) -> int:
    """Take a booklet back into the office."""
    from stepdesk.contributions.service import return_booklet

    with desk_of(told) as desk:
        booklet_id = _booklet_id(desk, told)
        desk.do(return_booklet, booklet_id=booklet_id, day=_day(told), note=told.note)
    put(told, {"booklet": told.number}, f"{told.number:04d}: in the office.")
    return DONE


def booklet_mark(told: argparse.Namespace) -> int:
    """Cancel leaves, declare them missing, or note that they are good after all."""
    from stepdesk.contributions.service import mark_leaves
    from stepdesk.contributions.terms import MarkKind

    kinds = {
        "cancel": MarkKind.CANCELLED,
        "missing": MarkKind.MISSING,
        "good": MarkKind.FOUND,
    }
    with desk_of(told) as desk:
        desk.do(
            mark_leaves,
            booklet_id=_booklet_id(desk, told),
            kind=kinds[told.act],
            first_leaf=told.leaf,
            last_leaf=told.last,
            reason=told.reason,
            kept=not getattr(told, "not_kept", False),
            day=_day(told),
        )
    last = told.leaf if told.last is None else told.last
    answer = {"booklet": told.number, "first": told.leaf, "last": last, "mark": kinds[told.act]}
    put(told, answer, f"{told.number:04d}: leaves {told.leaf} to {last} noted.")
    return DONE


def booklet_accept(told: argparse.Namespace) -> int:
    """Leave what was found about a leaf as it is, with a reason; closing asks no more of it."""
    from stepdesk.contributions.service import accept_findings

    with desk_of(told) as desk:
        found = desk.do(
            accept_findings,
            booklet_id=_booklet_id(desk, told),
            leaf=told.leaf,
            reason=told.reason,
        )
    sentence = "\n".join(speak(one.text, LANGUAGE) for one in found)
    put(told, {"booklet": told.number, "accepted": found}, f"Accepted: {sentence}")
    return DONE


def booklet_list(told: argparse.Namespace) -> int:
    """List the booklets, who holds them and how their leaves stand; exit 1 when one is odd."""
    from stepdesk.contributions.papers import booklet_register_pdf, booklet_register_xlsx
    from stepdesk.contributions.queries import booklet_states

    for path in (told.pdf, told.xlsx):
        if path:
            check_writable(path)
    with desk_of(told) as desk:
        states = desk.ask(booklet_states, _stationery(told))
        language = _language(desk, told)
        frame = {"practice": desk.practice}
        if told.pdf:
            scheme = _scheme(desk)
            paper = booklet_register_pdf(states, language, scheme=scheme, day=desk.today, **frame)
            write_file(told.pdf, paper)
        if told.xlsx:
            write_file(told.xlsx, booklet_register_xlsx(states, language, **frame))
    findings = [one for state in states for one in state.findings]
    answer = [_told_state(state) for state in states]
    lines = [
        f"{one['kind'].value.lower()} {one['number']}  {one['holder'] or 'office'} since {one['since']}  "
        f"used {one['used']}, cancelled {one['cancelled']}, missing {one['missing']}, "
        f"blank {one['blank']}"
        for one in answer
    ]
    lines += [speak(one.text, LANGUAGE) for one in findings]
    put(told, {"booklets": answer, "findings": findings}, "\n".join(lines) or "None.")
    return REFUSED if findings else DONE


def booklet_show(told: argparse.Namespace) -> int:
    """Show a booklet leaf by leaf; exit 1 when something is odd."""
    from stepdesk.contributions.papers import booklet_pdf
    from stepdesk.contributions.queries import booklet_state

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        state = desk.ask(booklet_state, _booklet_id(desk, told))
        if told.pdf:
            paper = booklet_pdf(
                state,
                _language(desk, told),
                scheme=_scheme(desk),
                practice=desk.practice,
                day=desk.today,
            )
            write_file(told.pdf, paper)
    lines = [
        f"{leaf.number}  {leaf.state.value}  {leaf.receipt}{leaf.reason}".rstrip()
        for leaf in state.leaves
        if leaf.state.value != "BLANK"
    ]
    lines += [speak(one.text, LANGUAGE) for one in state.findings]
    answer = {**_told_state(state), "leaves": state.leaves, "findings": state.findings}
    put(told, answer, "\n".join(lines) or "All leaves are blank.")
    return REFUSED if state.findings else DONE


def _told_state(state: Any) -> dict[str, Any]:  # noqa: ANN401
    from stepdesk.contributions.terms import LeafState

    counts = {one.value.lower(): state.count(one) for one in LeafState}
    return {
        "kind": state.booklet.kind,
        "number": state.booklet.number,
        "holder": state.holder.name,
        "since": state.since,
        **counts,
    }


# Receipts


def receipt_print(told: argparse.Namespace) -> int:
    """Print a receipt on A5, several on A4, or one on a roll; the second print says COPY."""
    from stepdesk.contributions.queries import payment_by_number
    from stepdesk.contributions.service import note_print, receipt_to_print

    if len(told.number) > 1 and told.form != "a4":
        raise Refusal(
            Text(N_("Print one receipt at a time, or several on A4: --form a4.")), field="number"
        )
    check_writable(told.out, "out")
    receipts = []
    with desk_of(told) as desk:
        for number in told.number:
            payment_id = desk.ask(payment_by_number, number)
            if payment_id is None:
                raise Refusal(
                    Text(N_("There is no such receipt. Check the number.")), field="number"
                )
            receipts.append(receipt_to_print(desk, payment_id))
        write_file(told.out, _receipt_paper(told, receipts, _language(desk, told)))
        for receipt in receipts:
            note_print(desk, receipt, told.form)
    answer = [
        {"number": one.number, "leaf": one.leaf, "copy": one.copy, "copies": one.copies}
        for one in receipts
    ]
    copies = sum(one.copy for one in receipts)
    sentence = f"{len(receipts)} receipt(s), {copies} of them as a copy, in {told.out}"
    put(told, {"receipts": answer, "out": told.out}, sentence)
    return DONE


def _receipt_paper(told: argparse.Namespace, receipts: list[Any], language: str) -> bytes:
    from stepdesk.contributions.papers import receipt_pdf, receipts_pdf, roll_dots, roll_pdf
    from stepdesk.paper.thermal import ROLLS

    if told.form == "a4":
        return receipts_pdf(receipts, language)
    (receipt,) = receipts
    if told.form == "a5":
        return receipt_pdf(receipt, language)
    draw = roll_pdf if told.out.suffix.lower() == ".pdf" else roll_dots
    return draw(receipt, ROLLS[told.form], language)


def receipt_card(told: argparse.Namespace) -> int:
    """Print a household's contribution card of a year."""
    from stepdesk.contributions.papers import contribution_card_pdf
    from stepdesk.contributions.queries import contribution_card

    check_writable(told.pdf)
    with desk_of(told) as desk:
        household_id = _household(desk, told.household)
        year = told.year or desk.today.year
        card = desk.ask(contribution_card, household_id, year, desk.today, desk.currency)
        paper = contribution_card_pdf(card, _language(desk, told), printed_on=desk.today)
        write_file(told.pdf, paper)
        desk.note_access("contribution card", household_id, desk.today, "pdf")
    number = card.household_number
    put(told, {"number": number, "lines": card.lines}, f"Card of {number} in {told.pdf}")
    return DONE


# Sheets and hand-overs


def sheet_print(told: argparse.Namespace) -> int:
    """Keep and print the collection sheets of a round, forty households a page."""
    from stepdesk.contributions.papers import collection_sheets_list
    from stepdesk.contributions.service import print_sheets

    check_writable(told.pdf)
    if told.xlsx:
        check_writable(told.xlsx, "xlsx")
    with desk_of(told) as desk:
        section = _section(desk, told.section) if told.section else None
        ids = [_household(desk, asked) for asked in told.household]
        found = desk.do(
            print_sheets,
            title=told.title or (section.name if section else ""),
            section_id=section.id if section else None,
            household_ids=ids or None,
        )
        sheets = _draw_sheets(desk, told, found, photos=told.photos)
        if told.xlsx:
            listing = collection_sheets_list(sheets)
            workbook = listing.xlsx(_language(desk, told), practice=desk.practice)
            write_file(told.xlsx, workbook)
            desk.note_access("collection sheet", None, desk.today, f"{len(sheets)} xlsx")
    answer = [{"number": one.number, "households": len(one.lines)} for one in sheets]
    numbers = ", ".join(one.number for one in sheets)
    put(told, {"sheets": answer, "pdf": told.pdf}, f"{numbers} in {told.pdf}")
    return DONE


def _draw_sheets(
    desk: Any,  # noqa: ANN401
    told: argparse.Namespace,
    found: Any,  # noqa: ANN401
    *,
    photos: bool,
) -> list[Any]:
    from stepdesk.contributions.papers import collection_sheets_pdf
    from stepdesk.contributions.queries import pictured_sheet, sheet_lines

    sheets = [desk.ask(sheet_lines, one, desk.today, desk.currency) for one in found]
    drawn = [pictured_sheet(desk, one) for one in sheets] if photos else sheets
    write_file(told.pdf, collection_sheets_pdf(drawn, _language(desk, told)))
    for one in sheets:
        desk.note_access("collection sheet", one.id, desk.today, f"{len(one.lines)} pdf")
    return sheets


def sheet_show(told: argparse.Namespace) -> int:
    """Show the lines of a printed sheet as they stand today."""
    from stepdesk.contributions.queries import sheet_lines

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        sheet_id = _sheet_id(desk, told.number)
        if told.pdf:
            _draw_sheets(desk, told, [sheet_id], photos=False)
        sheet = desk.ask(sheet_lines, sheet_id, desk.today, desk.currency)
    lines = [
        f"{line.place:2}  {line.number}  {line.name}  due "
        f"{speak(Text('{a}', {'a': line.due}), LANGUAGE)}  {', '.join(line.entered)}".rstrip()
        for line in sheet.lines
    ]
    put(told, {"sheet": sheet}, "\n".join([f"{sheet.number} {sheet.title}", *lines]))
    return DONE


def sheet_enter(told: argparse.Namespace) -> int:
    """Record what a sheet says was paid, from a file; whole or not at all."""
    from stepdesk.contributions.service import enter_sheet

    try:
        content = told.file.read_bytes()
        rows = content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise Refusal(
            Text(
                N_("{name} cannot be read. Check the name and the stick."),
                {"name": str(told.file)},
            ),
            field="file",
        ) from error
    with desk_of(told) as desk:
        sheet_id = _sheet_id(desk, told.number)
        salt = sha256(sheet_id + content).digest()
        entries = [_entry(desk, row, salt) for row in rows if row.strip()]
        done = desk.do(
            enter_sheet,
            sheet_id=sheet_id,
            entries=entries,
            cash=amount_of(told.cash, desk.currency, "cash") if told.cash else None,
            collector_id=_collector(desk, told.collector),
            paid_on=_day(told),
            accepting=frozenset(told.accept),
        )
    total = speak(Text("{a}", {"a": done.total}), LANGUAGE)
    answer = {"receipts": done.receipts, "total": done.total, "cash": done.cash}
    put(told, answer, f"{len(done.receipts)} receipts, {total}.")
    return DONE


def _entry(desk: Any, row: str, salt: bytes) -> Any:  # noqa: ANN401
    """Return what one line of the file says; the same file makes the same requests again."""
    from stepdesk.contributions.queries import leaf_by_number
    from stepdesk.contributions.terms import SheetEntry
    from stepdesk.values.ids import RequestId

    place, amount, leaf = ([part.strip() for part in row.split(";")] + ["", ""])[:3]
    if not (place.isascii() and place.isdecimal()) or len(place) > 4:
        raise Refusal(
            Text(N_("{told} is no line of a sheet: write place;amount;leaf."), {"told": row}),
            field="file",
        )
    found = desk.ask(leaf_by_number, leaf) if leaf else None
    if leaf and found is None:
        raise no_booklet(f"{place}:leaf")
    request = RequestId(sha256(salt + place.encode()).digest()[:16])
    money = amount_of(amount, desk.currency, f"{place}:amount")
    return SheetEntry(int(place), money, request, found)


def handover_slip(told: argparse.Namespace) -> int:
    """Print the slip of a hand-over."""
    from stepdesk.contributions.papers import hand_over_pdf
    from stepdesk.contributions.queries import hand_over_by_number
    from stepdesk.paper.page import A4, A5

    check_writable(told.pdf)
    with desk_of(told) as desk:
        slip = desk.ask(hand_over_by_number, told.number, desk.currency)
        if slip is None:
            raise Refusal(
                Text(N_("There is no such hand-over. Check the number.")), field="number"
            )
        size = A4 if told.large else A5
        language = _language(desk, told)
        write_file(told.pdf, hand_over_pdf(slip, language, sheet=size, printed_on=desk.today))
        desk.note_access("hand-over slip", None, slip.day, f"{len(slip.lines)} pdf")
    answer = {"number": slip.number, "handed": slip.handed, "difference": slip.difference}
    put(told, answer, f"{slip.number} in {told.pdf}")
    return DONE


# What they share


def _stationery(told: argparse.Namespace) -> Any:  # noqa: ANN401
    from stepdesk.contributions.terms import Stationery

    return None if told.kind is None else Stationery(_KINDS[told.kind])


def _booklet_id(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import booklet_by_number

    found = desk.ask(booklet_by_number, told.number, _stationery(told))
    if found is None:
        raise no_booklet("booklet")
    return found


def _sheet_id(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import sheet_by_number

    found = desk.ask(sheet_by_number, number)
    if found is None:
        raise Refusal(Text(N_("There is no such sheet. Check its number.")), field="sheet")
    return found


def _collector(desk: Any, name: str | None) -> Any:  # noqa: ANN401
    from stepdesk.store.desk import person_named

    return person_named(desk.keys, name) if name else None


def _provider(desk: Any, code: str | None) -> Any:  # noqa: ANN401
    from stepdesk.providers.queries import provider_of_code

    if not code:
        return None
    found = desk.ask(provider_of_code, code)
    if found is None:
        raise Refusal(
            Text(N_("There is no provider {asked}. Give its code."), {"asked": code}),
            field="provider",
        )
    return found.id


def _household(desk: Any, asked: str) -> Any:  # noqa: ANN401
    from stepdesk.members.queries import household_of_number, similar_numbers

    found = desk.ask(household_of_number, asked)
    if found is None:
        raise no_household(asked, desk.ask(similar_numbers, asked))
    return found


def _section(desk: Any, asked: str) -> Any:  # noqa: ANN401
    from stepdesk.scheme.queries import sections_on

    for one in desk.ask(sections_on, desk.today):
        if asked.casefold() in {one.name.casefold(), str(one.code), f"{one.code:02d}"}:
            return one
    raise Refusal(
        Text(N_("There is no section {asked}. Give its name or its code."), {"asked": asked}),
        field="section",
    )


def _day(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return day_of(told.on, "on") if told.on else None


def _scheme(desk: Any) -> str:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on

    return str(desk.ask(scheme_on, desk.today).name)


def _language(desk: Any, told: argparse.Namespace) -> str:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on

    return told.language or str(desk.ask(scheme_on, desk.today).language)
