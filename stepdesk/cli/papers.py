"""Commands of papers: cards, lists, the membership form, statements, letters.

Each takes names out of the book on purpose: the access log notes it.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    REFUSED,
    Shown,
    check_writable,
    day_of,
    desk_of,
    household_named,
    no_household,
    put,
    write_file,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text

_FIRST_CARD = "first card"
_KINDS = ("entitled", "suspended", "register")
_LETTERS = {"reminder": "REMINDER", "renewal": "RENEWAL", "waiting": "WAITING_OVER"}


def cards(told: argparse.Namespace) -> int:
    """Print member cards, ten on a sheet; a card given anew is one version higher."""
    check_writable(told.pdf)
    with desk_of(told) as desk:
        answer = (
            _pads(desk, told)
            if (told.pads, told.pads_again) != (None, None)
            else _cards(desk, told)
        )
    put(told, answer, f"{answer['cards']} cards written to {told.pdf}")
    return DONE


def _cards(desk: Any, told: argparse.Namespace) -> dict[str, object]:  # noqa: ANN401
    from stepdesk.members.papers import card_pdf, cards_pdf
    from stepdesk.members.queries import card_versions, pictured
    from stepdesk.members.service import issue_cards
    from stepdesk.reports.queries.registers import whole_cards

    ids = _households(desk, told)
    with desk.read() as connection:
        known = {household for household, _person in card_versions(connection)}
    wanted = ids if told.again else [one for one in ids if one not in known]
    issued: Sequence[object] = ()
    if wanted:
        reason = told.again or _FIRST_CARD
        issued = desk.do(issue_cards, household_ids=wanted, reason=reason, progress=Shown())
    language = told.language or _language(desk)
    with desk.read() as connection:
        drawn = list(whole_cards(connection, ids, desk.today, practice=desk.practice))
    cards = pictured(desk, drawn)
    if told.each and len(drawn) == 1:
        paper = card_pdf(next(cards), language, also=told.also)
    else:
        paper = cards_pdf(cards, language, also=told.also, count=len(drawn), progress=Shown())
    write_file(told.pdf, paper)
    desk.note_access("cards", None, desk.today, f"{len(drawn)} pdf")
    return {"cards": len(drawn), "issued": len(issued), "pdf": told.pdf}


def _pads(desk: Any, told: argparse.Namespace) -> dict[str, object]:  # noqa: ANN401
    from stepdesk.members.papers import pads_pdf
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.values.digits import HouseholdNumber

    section = section_named(desk, told.section).code if told.section else 0
    say = {"scheme": desk.ask(scheme_on, desk.today).name, "practice": desk.practice}
    language = told.language or _language(desk)
    with desk.work("take_block") as work:
        block = _block(work, told)
        numbers = [HouseholdNumber(section, serial) for serial in block]
        write_file(told.pdf, pads_pdf(numbers, language, also=told.also, **say))
    return {
        "cards": len(block),
        "first": str(numbers[0]),
        "last": str(numbers[-1]),
        "pdf": told.pdf,
    }


def _block(work: Any, told: argparse.Namespace) -> range:  # noqa: ANN401
    """Return the numbers of a pad: new ones, or those of one that was issued, told again."""
    from stepdesk.members.queries import pad_blocks
    from stepdesk.members.service import Purpose, take_block

    if told.pads_again is None:
        letter = work.desk.head.device
        return take_block(work, letter=letter, purpose=Purpose.PADS, size=told.pads)
    for block in pad_blocks(work.connection):
        if told.pads_again in block:
            return block
    raise Refusal(
        Text(N_("No pad of cards with this number was issued here. Check the number.")),
        field="pads_again",
    )


def list_persons(told: argparse.Namespace) -> int:
    """Write the list of the entitled, of those without rights, or the register of members."""
    from stepdesk.scheme.queries import scheme_on

    places = [path for path in (told.pdf, told.xlsx, told.csv) if path]
    if not places:
        raise Refusal(
            Text(N_("Say where the list goes: --pdf, --xlsx or --csv with a file.")), field="pdf"
        )
    for path in places:
        check_writable(path)
    with desk_of(told) as desk:
        language = told.language or _language(desk)
        scheme = desk.ask(scheme_on, desk.today).name
        rows = _rows(desk, told)
        frame: dict[str, Any] = {"practice": desk.practice, "progress": Shown()}
        if told.xlsx:
            write_file(told.xlsx, _listing(desk, told, rows).xlsx(language, **frame))
        if told.csv:
            write_file(told.csv, _listing(desk, told, rows).csv(language, progress=Shown()))
        if told.pdf:
            listing = _listing(desk, told, rows, banded=True)
            paper = listing.pdf(language, scheme=scheme, printed_on=desk.today, **frame)
            write_file(told.pdf, paper)
        desk.note_access(f"list {told.kind}", None, _day(desk, told), f"{len(rows)} rows")
    put(
        told,
        {"rows": len(rows), "files": places},
        f"{len(rows)} rows written to {', '.join(map(str, places))}",
    )
    return DONE


def _rows(desk: Any, told: argparse.Namespace) -> list[Any]:  # noqa: ANN401
    from stepdesk.reports.queries.registers import entitled_rows, register_rows

    day = _day(desk, told)
    section_id = section_named(desk, told.section).id if told.section else None
    provider = _provider(desk, told.provider)
    with desk.read() as connection:
        if told.kind == "register":
            return list(register_rows(connection, day, section_id=section_id))
        wanted = told.kind == "entitled"
        rows = entitled_rows(
            connection, day, section_id=section_id, provider_id=provider and provider.id
        )
        return [row for row in rows if row.entitled is wanted]


def _listing(
    desk: Any,  # noqa: ANN401
    told: argparse.Namespace,
    rows: Sequence[Any],
    *,
    banded: bool = False,
) -> Any:  # noqa: ANN401
    from stepdesk.reports import papers

    day = _day(desk, told)
    if told.kind == "register":
        section = section_named(desk, told.section).name if told.section else ""
        return papers.register_list(rows, day=day, section=section)
    provider = _provider(desk, told.provider)
    name = provider.name if provider else ""
    if told.kind == "entitled":
        return papers.entitled_list(rows, day=day, provider=name, banded=banded)
    return papers.suspended_list(
        rows, day=day, currency=desk.currency, provider=name, banded=banded
    )


def form(told: argparse.Namespace) -> int:
    """Print the membership form, of a household or blank for visits."""
    from stepdesk.members.papers import form_pdf
    from stepdesk.members.queries import membership_form, pictured_form
    from stepdesk.members.terms import MembershipForm
    from stepdesk.scheme.queries import scheme_on

    check_writable(told.pdf)
    with desk_of(told) as desk:
        household_id = household_named(desk, told.household) if told.household else None
        filled: MembershipForm | None = MembershipForm()
        if household_id is not None:
            filled = desk.ask(membership_form, household_id, desk.today)
        if filled is None:
            raise no_household(told.household, ())
        paper = form_pdf(
            pictured_form(desk, filled),
            told.language or _language(desk),
            scheme=desk.ask(scheme_on, desk.today).name,
            practice=desk.practice,
            printed_on=desk.today,
        )
        write_file(told.pdf, paper)
        if household_id is not None:
            desk.note_access("form", household_id, desk.today, "pdf")
    put(told, {"pdf": told.pdf}, f"Form written to {told.pdf}")
    return DONE


def statement(told: argparse.Namespace) -> int:
    """Print a household's statement: cover, rights, dues, payments, what is to pay."""
    from stepdesk.reports.papers import statement_list, statement_pdf
    from stepdesk.reports.queries.registers import statement_of

    check_writable(told.pdf)
    if told.xlsx:
        check_writable(told.xlsx, "xlsx")
    with desk_of(told) as desk:
        household_id = household_named(desk, told.household)
        made = desk.ask(statement_of, household_id, _day(desk, told), desk.currency)
        language = told.language or _language(desk)
        paper = statement_pdf(made, language, practice=desk.practice, printed_on=desk.today)
        write_file(told.pdf, paper)
        desk.note_access("statement", household_id, made.day, "pdf")
        if told.xlsx:
            workbook = statement_list(made).xlsx(language, practice=desk.practice)
            write_file(told.xlsx, workbook)
            desk.note_access("statement", household_id, made.day, "xlsx")
    put(
        told,
        {"number": str(made.number), "to_pay": made.to_pay, "pdf": told.pdf},
        f"Statement of {made.number} written to {told.pdf}",
    )
    return DONE


def letters(told: argparse.Namespace) -> int:
    """Print the letters that are due: reminders, renewals, or the end of waiting."""
    from stepdesk.reports.papers import letters_pdf
    from stepdesk.reports.queries.registers import letters_of
    from stepdesk.reports.terms import LetterKind
    from stepdesk.scheme.queries import scheme_on

    check_writable(told.pdf)
    with desk_of(told) as desk:
        ids = [household_named(desk, asked) for asked in told.household]
        section_id = section_named(desk, told.section).id if told.section else None
        with desk.read() as connection:
            found = list(
                letters_of(
                    connection,
                    LetterKind(_LETTERS[told.kind]),
                    _day(desk, told),
                    desk.currency,
                    ids=ids,
                    section_id=section_id,
                )
            )
        if not found:
            put(told, {"letters": 0}, "No household gets this letter today.")
            return REFUSED
        paper = letters_pdf(
            found,
            told.language or _language(desk),
            scheme=desk.ask(scheme_on, desk.today).name,
            practice=desk.practice,
            progress=Shown(),
        )
        write_file(told.pdf, paper)
        desk.note_access(f"letters {told.kind}", None, _day(desk, told), f"{len(found)} pdf")
    put(told, {"letters": len(found), "pdf": told.pdf}, f"{len(found)} letters in {told.pdf}")
    return DONE


# What they share


def _language(desk: Any) -> str:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on

    return str(desk.ask(scheme_on, desk.today).language)


def _day(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    return day_of(told.on, "on") if told.on else desk.today


def section_named(desk: Any, asked: str) -> Any:  # noqa: ANN401
    """Return the section of a name or code.

    Raises:
        Refusal: when there is none.
    """
    from stepdesk.scheme.queries import sections_on

    with desk.read() as connection:
        for one in sections_on(connection, desk.today):
            if asked.casefold() in {one.name.casefold(), str(one.code), f"{one.code:02d}"}:
                return one
    raise Refusal(
        Text(N_("There is no section {asked}. Give its name or its code."), {"asked": asked}),
        field="section",
    )


def _provider(desk: Any, asked: str | None) -> Any:  # noqa: ANN401
    from stepdesk.providers.queries import provider_of_code

    if not asked:
        return None
    found = desk.ask(provider_of_code, asked)
    if found is None:
        raise Refusal(
            Text(N_("There is no provider {asked}. Give its code."), {"asked": asked}),
            field="provider",
        )
    return found


def _households(desk: Any, told: argparse.Namespace) -> list[Any]:  # noqa: ANN401
    from stepdesk.members.queries import household_ids

    if told.household:
        return [household_named(desk, asked) for asked in told.household]
    if not (told.section or told.all):
        raise Refusal(
            Text(N_("Say whose cards: --household, --section or --all.")), field="household"
        )
    section_id = section_named(desk, told.section).id if told.section else None
    with desk.read() as connection:
        return list(household_ids(connection, order="section", section_id=section_id))


# Arguments


def add(
    command: Callable[..., argparse.ArgumentParser],
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
) -> None:
    """Add the commands to the parser."""
    _add_cards(command("cards", cards))
    _add_lists(commands, signed)
    one = command("form", form)
    _book_and_pdf(one)
    one.add_argument("household", nargs="?", help="its number; blank when left out")
    one = command("statement", statement)
    _book_and_pdf(one)
    one.add_argument("household", help="its number")
    one.add_argument(
        "--xlsx", type=Path, metavar="FILE", help="dues and receipts as a workbook too"
    )
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one = command("letters", letters)
    _book_and_pdf(one)
    one.add_argument("kind", choices=sorted(_LETTERS), help="which letter")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--household", action="append", default=[], metavar="N", help="only these")
    one.add_argument("--section", metavar="S", help="only of this section")


def _book_and_pdf(one: argparse.ArgumentParser) -> None:
    one.add_argument("book", type=Path)
    one.add_argument("--pdf", type=Path, metavar="FILE", required=True, help="where it goes")
    _languages(one)


def _languages(one: argparse.ArgumentParser) -> None:
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


def _add_cards(one: argparse.ArgumentParser) -> None:
    _book_and_pdf(one)
    one.add_argument("--household", action="append", default=[], metavar="N", help="its number")
    one.add_argument("--section", metavar="S", help="all of a section")
    one.add_argument("--all", action="store_true", help="all households")
    one.add_argument("--again", metavar="REASON", help="a new version: lost, worn out …")
    one.add_argument("--each", action="store_true", help="a single card alone, to be folded")
    one.add_argument(
        "--also", choices=sorted(LANGUAGES), default="", help="a second language on the card"
    )
    pads = one.add_mutually_exclusive_group()
    pads.add_argument("--pads", type=int, metavar="COUNT", help="so many cards without names")
    pads.add_argument(
        "--pads-again", type=int, metavar="SERIAL", help="the pad with this number once more"
    )


def _add_lists(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    told = "Write lists of persons to a file."
    kinds = commands.add_parser("list", help=told, description=told).add_subparsers(
        metavar="LIST", required=True
    )
    for kind in _KINDS:
        one = kinds.add_parser(
            kind,
            help=list_persons.__doc__,
            description=list_persons.__doc__,
            allow_abbrev=False,
            parents=[signed],
        )
        one.add_argument("book", type=Path)
        one.add_argument("--on", metavar="DATE", help="today when left out")
        one.add_argument("--section", metavar="S", help="only of this section")
        if kind != "register":
            one.add_argument("--provider", metavar="P", help="only who chose this health post")
        for way in ("pdf", "xlsx", "csv"):
            one.add_argument(f"--{way}", type=Path, metavar="FILE", help=f"as {way.upper()}")
        _languages(one)
        one.set_defaults(command=list_persons, kind=kind, provider=None)
