"""Commands of guarantee letters: issue, look, list, cancel, extend, check, and the emergency pad."""

import argparse
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stepdesk.cli.claims import provider_named, service_named
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    named_and_spoken,
    no_booklet,
    person_of,
    plain,
    put,
    request_of,
    sign_second,
    write_file,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak
from stepdesk.values.money import Money

ISSUE = "issue"
_SECOND = "who signs too: STEPDESK_SECOND_PASSWORD"
_NUMBER = "LG-2026-A-00001, or a leaf of the pad: 0012-07"


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with `issue` put in where `letter BOOK PERSON` was written short."""
    told = list(arguments)
    short = len(told) > 1 and told[0] == "letter" and not told[1].startswith("-")
    if short and told[1] not in _COMMANDS:
        told.insert(1, ISSUE)
    return told


# What is said


def _said(text: Text) -> str:
    return speak(text, LANGUAGE)


def _money(amount: Money) -> str:
    return _said(Text("{a}", {"a": amount}))


def _line(one: Any) -> str:  # noqa: ANN401
    through = f", valid {one.first_day} to {one.valid_through}" if one.valid_through else ""
    used = f", used {_money(one.used)} by {one.claim}" if one.used is not None else ""
    leaf = f" (leaf {one.leaf})" if one.leaf else ""
    return (
        f"{one.number}{leaf}  {one.card} {one.patient}, {one.provider}, {one.quantity}"
        f" {one.service}: {one.state.value}, at most {_money(one.up_to)}{through}{used}"
    )


def _put_letter(told: argparse.Namespace, one: Any) -> None:  # noqa: ANN401
    figures = f"\nFigures to read on the phone: {one.code}" if one.code else ""
    put(told, {"letter": plain(one)}, _line(one) + figures)


# Asking and issuing


def _asked(told: argparse.Namespace, desk: Any) -> Any:  # noqa: ANN401
    from stepdesk.claims.terms import GuaranteeKind, NewLetter

    kind = GuaranteeKind.NORMAL
    if getattr(told, "leaf", None):
        kind = GuaranteeKind.PAD
    elif told.hours is not None:
        kind = GuaranteeKind.REGULARISATION
    return NewLetter(
        person_id=desk.ask(person_of, told.patient),
        provider_id=provider_named(desk, told.provider).id,
        service_id=service_named(desk, told.service).id,
        quantity=told.quantity,
        kind=kind,
        first_day=day_of(told.on, "first_day") if told.on else None,
        referral=told.referral,
        declared_hours=told.hours,
        leaf=getattr(told, "leaf", None) or "",
    )


def _terms(told: argparse.Namespace, desk: Any) -> dict[str, Any]:  # noqa: ANN401
    up_to = amount_of(told.up_to, desk.currency, "up_to") if told.up_to else None
    return {"up_to": up_to, "days": told.days}


def _request(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return secrets.token_bytes(16) if told.request is None else request_of(told.request)


def issue(told: argparse.Namespace) -> int:
    """Issue a guarantee letter, and print it."""
    from stepdesk.claims.service import issue_letter

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        asked = _asked(told, desk)
        with desk.work("issue_letter") as work:
            sign_second(told, work)
            done = issue_letter(
                work,
                request_id=_request(told),
                asked=asked,
                accepting=frozenset(told.accept),
                **_terms(told, desk),
            )
        _print(told, desk, done)
    _put_letter(told, done)
    return DONE


def offer(told: argparse.Namespace) -> int:
    """Say what a letter would promise, or why there is none; nothing is written."""
    from stepdesk.claims.service import offer_letter

    with desk_of(told) as desk:
        found = offer_letter(desk, asked=_asked(told, desk), days=told.days)
    lines = [_said(one) for one in (found.against, *found.can_do) if one is not None]
    if found.may_go_out:
        lines.append(
            f"At most {_money(found.proposed)} of {_money(found.price)}, the patient pays"
            f" {_money(found.patient)}; valid {found.first_day} to {found.valid_through}."
        )
    if found.covered_through == found.valid_through:
        lines.append("Every day of a stay must be covered, and the patient is covered no longer.")
    if found.second:
        lines.append("A second person must sign it.")
    put(told, {"offer": plain(found), "may_go_out": int(found.may_go_out)}, "\n".join(lines))
    return DONE if found.may_go_out else REFUSED


def request(told: argparse.Namespace) -> int:
    """Write down that a letter is asked for, to be granted or refused later."""
    from stepdesk.claims.service import request_letter

    with desk_of(told) as desk:
        asked = _asked(told, desk)
        done = desk.do(request_letter, request_id=_request(told), asked=asked)
    _put_letter(told, done)
    return DONE


def grant(told: argparse.Namespace) -> int:
    """Issue a letter that was asked for."""
    from stepdesk.claims.service import grant_letter

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        letter_id = _letter(desk, told.number)
        with desk.work("grant_letter") as work:
            sign_second(told, work)
            done = grant_letter(work, letter_id=letter_id, **_terms(told, desk))
        _print(told, desk, done)
    _put_letter(told, done)
    return DONE


def refuse(told: argparse.Namespace) -> int:
    """Refuse a letter that was asked for; code and reason are kept."""
    from stepdesk.claims.service import refuse_letter
    from stepdesk.rights.terms import ReasonCode

    code = told.code.upper()
    if code not in ReasonCode.__members__:
        raise Refusal(
            Text(
                N_("There is no reason code {code}. Look it up in the list of reasons."),
                {"code": told.code},
            ),
            field="code",
        )
    with desk_of(told) as desk:
        letter_id = _letter(desk, told.number)
        done = desk.do(
            refuse_letter, letter_id=letter_id, code=ReasonCode[code], reason=told.reason
        )
    _put_letter(told, done)
    return DONE


def cancel(told: argparse.Namespace) -> int:
    """Cancel an open letter; what it held back is free again."""
    from stepdesk.claims.service import cancel_letter

    with desk_of(told) as desk:
        done = desk.do(cancel_letter, letter_id=_letter(desk, told.number), reason=told.reason)
    _put_letter(told, done)
    return DONE


def extend(told: argparse.Namespace) -> int:
    """Let an open letter hold longer, or for more; two sign, and its figures are others."""
    from stepdesk.claims.service import extend_letter

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        letter_id = _letter(desk, told.number)
        with desk.work("extend_letter") as work:
            sign_second(told, work)
            done = extend_letter(
                work, letter_id=letter_id, reason=told.reason, **_terms(told, desk)
            )
        _print(told, desk, done)
    _put_letter(told, done)
    return DONE


def check(told: argparse.Namespace) -> int:
    """Say whether the figures read on the telephone are those of a letter or of a pad's leaf."""
    from stepdesk.claims.service import check_letter

    with desk_of(told) as desk:
        found = check_letter(desk, number=told.number, code=told.code)
    sentence = (
        _line(found.letter)
        if found.letter
        else f"{found.number} is a leaf of our pad that is not typed in yet."
    )
    put(told, {"right": 1, "checked": plain(found)}, sentence)
    return DONE


# Looking and printing


def letter_list(told: argparse.Namespace) -> int:
    """List letters: all, of a person or provider, the open, those that end soon or were passed by."""
    from stepdesk.claims import queries

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        day = {"today": desk.today}
        provider = provider_named(desk, told.provider) if told.provider else None
        if told.ending is not None:
            found = desk.ask(queries.letters_running_out, desk.currency, within=told.ending, **day)
        elif told.passed_by:
            found = desk.ask(queries.letters_passed_by, desk.currency, **day)
        elif told.asked_for:
            found = desk.ask(queries.letters_asked_for, desk.currency, **day)
        else:
            found = desk.ask(
                queries.letters,
                desk.currency,
                person_id=desk.ask(person_of, told.of) if told.of else None,
                provider_id=provider.id if provider else None,
                only_open=told.open,
                **day,
            )
        if told.pdf:
            _print_list(told, desk, found, provider.name if provider else "")
        desk.note_access("list letters", None, desk.today, f"{len(found)} rows")
    put(told, {"letters": plain(found)}, "\n".join(map(_line, found)) or "No letter.")
    return DONE


def show(told: argparse.Namespace) -> int:
    """Show one letter, and print it again."""
    from stepdesk.claims.queries import letter_of

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        found = desk.ask(letter_of, _letter(desk, told.number), desk.currency, today=desk.today)
        _print(told, desk, found)
    _put_letter(told, found)
    return DONE


def pad(told: argparse.Namespace) -> int:
    """Print the leaves of an emergency pad that was received as a booklet of letters."""
    from stepdesk.claims.papers import emergency_pad_pdf
    from stepdesk.claims.queries import pad_leaves

    check_writable(told.pdf)
    with desk_of(told) as desk:
        leaves = desk.ask(pad_leaves, told.serial, first=told.first, last=told.last)
        if not leaves:
            raise no_booklet("serial")
        name, language = named_and_spoken(desk, told)
        write_file(
            told.pdf,
            emergency_pad_pdf(leaves, language, scheme=name, practice=desk.practice),
        )
    put(told, {"leaves": plain(leaves)}, f"{len(leaves)} leaves of pad {told.serial:04d} printed.")
    return DONE


def _letter(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import letter_named

    found = desk.ask(letter_named, number)
    if found is None:
        raise Refusal(
            Text(
                N_("There is no guarantee letter {number}. Check the number."), {"number": number}
            ),
            field="number",
        )
    return found


def _print(told: argparse.Namespace, desk: Any, letter: Any) -> None:  # noqa: ANN401
    from stepdesk.claims.papers import guarantee_letter_pdf

    if not told.pdf:
        return
    if letter.issued_on is None:
        raise Refusal(
            Text(
                N_("Letter {number} is not issued. Issue it, then print it."),
                {"number": letter.number},
            ),
            field="pdf",
        )
    name, language = named_and_spoken(desk, told)
    write_file(
        told.pdf, guarantee_letter_pdf(letter, language, scheme=name, practice=desk.practice)
    )
    desk.note_access("letter", letter.id, desk.today, "pdf")


def _print_list(
    told: argparse.Namespace,
    desk: Any,  # noqa: ANN401
    found: Sequence[Any],
    provider: str,
) -> None:
    from stepdesk.claims.papers import open_letters_pdf

    name, language = named_and_spoken(desk, told)
    write_file(
        told.pdf,
        open_letters_pdf(
            found,
            language,
            provider=provider,
            scheme=name,
            practice=desk.practice,
            day=desk.today,
        ),
    )


# Arguments

_COMMANDS = {
    ISSUE: issue,
    "offer": offer,
    "request": request,
    "grant": grant,
    "refuse": refuse,
    "cancel": cancel,
    "extend": extend,
    "check": check,
    "list": letter_list,
    "show": show,
    "pad": pad,
}


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands to the parser."""
    told = "Guarantee letters of patients for providers."
    room = commands.add_parser("letter", help=told, description=told)
    kinds = room.add_subparsers(metavar="WHAT", required=True)
    made: dict[str, argparse.ArgumentParser] = {}
    for name, run in _COMMANDS.items():
        text = (run.__doc__ or "").splitlines()[0]
        one = kinds.add_parser(
            name, help=text, description=text, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        made[name] = one
    _asking(made)
    _moving(made)
    _looking(made)


def _asking(made: dict[str, argparse.ArgumentParser]) -> None:
    for name in (ISSUE, "offer", "request"):
        one = made[name]
        one.add_argument("patient", help="47/02, an old number, or an id")
        one.add_argument("--provider", required=True, metavar="P", help="its code")
        one.add_argument("--service", required=True, metavar="S", help="its code")
        one.add_argument("--quantity", type=int, default=1, metavar="N", help="how many; 1")
        one.add_argument("--referral", default="", metavar="TEXT", help="who sent the patient")
        one.add_argument(
            "--hours", type=int, metavar="N", help="an emergency, told after so many hours"
        )
        one.add_argument("--on", metavar="DATE", help="the day of the emergency or the leaf")
    for name in (ISSUE, "offer"):
        made[name].add_argument("--leaf", metavar="N", help="written on the pad: 0012-07")
    for name in (ISSUE, "request"):
        made[name].add_argument(
            "--request", metavar="HEX", help="32 hex digits: the same twice is one"
        )
    made[ISSUE].add_argument("--accept", action="append", default=[], metavar="DOUBT")
    made["offer"].add_argument("--days", type=int, metavar="N", help="how long it would hold")


def _moving(made: dict[str, argparse.ArgumentParser]) -> None:
    for name in ("grant", "refuse", "cancel", "extend", "check", "show"):
        made[name].add_argument("number", help=_NUMBER)
    for name in (ISSUE, "grant", "extend"):
        one = made[name]
        one.add_argument("--up-to", metavar="AMOUNT", help="what the scheme promises at most")
        days = "how many days more" if name == "extend" else "how long it holds"
        one.add_argument("--days", type=int, metavar="N", help=days)
        one.add_argument("--second", metavar="NAME", help=_SECOND)
    for name in ("refuse", "cancel", "extend"):
        made[name].add_argument("--reason", required=True, help="kept with the letter")
    made["refuse"].add_argument("--code", required=True, metavar="CODE", help="RA04, RM01…")
    made["check"].add_argument("code", help="six figures: 471083")


def _looking(made: dict[str, argparse.ArgumentParser]) -> None:
    one = made["list"]
    one.add_argument("--of", metavar="PERSON", help="only of this person")
    one.add_argument("--provider", metavar="P", help="only for this provider")
    one.add_argument("--open", action="store_true", help="only those that hold today")
    one.add_argument("--ending", type=int, metavar="DAYS", help="open, ending within so many")
    one.add_argument(
        "--passed-by", action="store_true", help="open, and a certificate came without its number"
    )
    one.add_argument("--asked-for", action="store_true", help="waiting for an answer")
    one = made["pad"]
    one.add_argument("serial", type=int, help="the pad's number")
    one.add_argument("--first", type=int, metavar="LEAF", help="from this leaf on")
    one.add_argument("--last", type=int, metavar="LEAF", help="up to this leaf")
    for name in (ISSUE, "grant", "extend", "show", "list", "pad"):
        one = made[name]
        one.add_argument(
            "--pdf", type=Path, metavar="FILE", required=name == "pad", help="print it"
        )
        one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")
