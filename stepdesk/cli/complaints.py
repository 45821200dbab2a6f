"""Commands of complaints and appeals: file, acknowledge, hear, answer, close, list, print."""

import argparse
import secrets
from pathlib import Path
from typing import Any

from stepdesk.cli.claim_life import code_of
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    check_writable,
    day_of,
    desk_of,
    put,
    sign_second,
    written,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak

_KINDS = ("claim", "suspension", "strike-off", "subsidy", "quality", "staff")
_OF_WORD = {
    "claim": "CLAIM_DECISION",
    "suspension": "SUSPENSION",
    "strike-off": "STRIKE_OFF",
    "subsidy": "SUBSIDY",
    "quality": "SERVICE_QUALITY",
    "staff": "STAFF",
}


def file(told: argparse.Namespace) -> int:
    """File a complaint or an appeal and give it its number."""
    from stepdesk.cli.claims import provider_named
    from stepdesk.complaints.service import file_complaint
    from stepdesk.complaints.terms import ComplaintKind, FiledBy, NewComplaint

    with desk_of(told) as desk:
        filed = NewComplaint(
            ComplaintKind(_OF_WORD[told.kind]),
            told.told,
            FiledBy(told.by.upper()),
            told.who or "",
            household_id=_household(desk, told.household),
            claim_id=_claim(desk, told.claim),
            provider_id=provider_named(desk, told.provider).id if told.provider else None,
            earlier_id=_complaint(desk, told.earlier).id if told.earlier else None,
        )
        complaint_id = desk.do(
            file_complaint,
            request_id=secrets.token_bytes(16),
            told=filed,
            filed_on=day_of(told.on, "on") if told.on else None,
            accepting=frozenset(told.accept),
        )
        shown = _shown(desk, complaint_id)
    return _put(told, shown)


def _household(desk: Any, asked: str | None) -> Any:  # noqa: ANN401
    from stepdesk.cli.shared import no_household
    from stepdesk.members.queries import household_of_number, similar_numbers

    if asked is None:
        return None
    found = desk.ask(household_of_number, asked)
    if found is None:
        raise no_household(asked, [str(one) for one in desk.ask(similar_numbers, asked)])
    return found


def _claim(desk: Any, asked: str | None) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import claim_of_number

    if asked is None:
        return None
    found = desk.ask(claim_of_number, asked)
    if found is None:
        told = Text(N_("There is no claim {number}. Check the number."), {"number": asked})
        raise Refusal(told, field="claim")
    return found


def _shown(desk: Any, complaint_id: Any) -> Any:  # noqa: ANN401
    from stepdesk.complaints.queries import complaint_of
    from stepdesk.countries import country

    return desk.ask(complaint_of, complaint_id, country(desk.country))


def _complaint(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.complaints.queries import complaint_of_number

    found = desk.ask(complaint_of_number, number)
    if found is None:
        told = Text(N_("There is no complaint {number}. Check the number."), {"number": number})
        raise Refusal(told, field="complaint")
    return _shown(desk, found)


def _put(told: argparse.Namespace, shown: Any) -> int:  # noqa: ANN401
    due = f", due {shown.due}" if shown.due is not None else ""
    answer = {
        "complaint": shown.number,
        "state": shown.state,
        "level": shown.level,
        "due": shown.due,
    }
    put(told, answer, f"{shown.number}: {shown.state.value}{due}")
    return DONE


def acknowledge(told: argparse.Namespace) -> int:
    """Note that whoever complained was told that the complaint came."""
    from stepdesk.complaints.service import acknowledge_complaint

    with desk_of(told) as desk:
        one = _complaint(desk, told.number)
        desk.do(acknowledge_complaint, complaint_id=one.id, note=told.note or "")
        shown = _shown(desk, one.id)
    return _put(told, shown)


def hear(told: argparse.Namespace) -> int:
    """Note what was said at the hearing."""
    from stepdesk.complaints.service import hear_complaint

    with desk_of(told) as desk:
        one = _complaint(desk, told.number)
        desk.do(hear_complaint, complaint_id=one.id, heard=told.heard)
        shown = _shown(desk, one.id)
    return _put(told, shown)


def reasons(told: argparse.Namespace) -> int:
    """Show the reasons of the decision an appeal is about: what the board may set aside."""
    from stepdesk.claims.queries import contested

    with desk_of(told) as desk:
        one = _complaint(desk, told.number)
        if one.claim_id is None:
            words = Text(N_("{number} is no appeal against a claim."), {"number": one.number})
            raise Refusal(words, field="complaint")
        found = desk.ask(contested, one.claim_id)
    lines = [
        f"{each.code.value}  {speak(each.words, LANGUAGE)}"
        + (f": {', '.join(each.lines)}" if each.lines else "")
        for each in found
    ]
    put(told, {"reasons": found}, "\n".join(lines) or "None.")
    return DONE


def answer(told: argparse.Namespace) -> int:
    """Decide on a complaint or appeal; the board signs."""
    from stepdesk.claims.terms import Override
    from stepdesk.complaints.service import answer_complaint
    from stepdesk.complaints.terms import ComplaintOutcome

    outcomes = {"stands": ComplaintOutcome.UPHELD, "otherwise": ComplaintOutcome.OVERTURNED}
    with desk_of(told) as desk:
        one = _complaint(desk, told.number)
        with desk.work("answer_complaint") as work:
            sign_second(told, work)
            answer_complaint(
                work,
                complaint_id=one.id,
                outcome=outcomes[told.outcome],
                answer=told.answer,
                overrides=tuple(Override(code_of(code)) for code in told.waive),
                accepting=frozenset(told.accept),
            )
        shown = _shown(desk, one.id)
    return _put(told, shown)


def close(told: argparse.Namespace) -> int:
    """Note that whoever complained was told the decision."""
    from stepdesk.complaints.service import close_complaint

    with desk_of(told) as desk:
        one = _complaint(desk, told.number)
        desk.do(close_complaint, complaint_id=one.id, note=told.note or "")
        shown = _shown(desk, one.id)
    return _put(told, shown)


def listed(told: argparse.Namespace) -> int:
    """List complaints: all, those with a step due, the late ones; write the register to files."""
    from stepdesk.complaints import queries
    from stepdesk.complaints.papers import register_list
    from stepdesk.countries import country
    from stepdesk.scheme.queries import scheme_on

    places = [path for path in (told.pdf, told.xlsx, told.csv) if path]
    for path in places:
        check_writable(path)
    with desk_of(told) as desk:
        pack, day = country(desk.country), desk.today
        rows = (
            desk.ask(queries.due, pack, day, late=told.late)
            if told.due or told.late
            else desk.ask(queries.complaints, pack)
        )
        scheme = desk.ask(scheme_on, day)
        language = told.language or scheme.language
        listing = register_list(rows, day)
        if told.pdf:
            frame = {"scheme": scheme.name, "practice": desk.practice, "printed_on": day}
            _write(told.pdf, listing.pdf(language, **frame))
        if told.xlsx:
            _write(told.xlsx, listing.xlsx(language, practice=desk.practice))
        if told.csv:
            _write(told.csv, listing.csv(language))
        if places:
            desk.note_access("list complaints", None, day, f"{len(rows)} rows")
    lines = [
        f"{one.number}  {one.filed_on} {one.kind.value} {one.concerns}: {one.state.value}"
        + (f", due {one.due}" if one.due is not None else "")
        + (", late" if one.late(day) else "")
        for one in rows
    ]
    answer = [
        {
            "number": one.number,
            "kind": one.kind,
            "state": one.state,
            "due": one.due,
            "late": one.late(day),
        }
        for one in rows
    ]
    put(told, {"complaints": answer, "files": places}, "\n".join(lines) or "No complaint.")
    return DONE


def printed(told: argparse.Namespace) -> int:
    """Print the form of a complaint, filled, or blank to be written on."""
    from stepdesk.complaints.papers import form_pdf
    from stepdesk.countries import country
    from stepdesk.scheme.queries import scheme_on

    check_writable(told.pdf)
    with desk_of(told) as desk:
        one = None if told.number is None else _complaint(desk, told.number)
        pack, scheme = country(desk.country), desk.ask(scheme_on, desk.today)
        paper = form_pdf(
            one,
            told.language or scheme.language,
            scheme=scheme.name,
            practice=desk.practice,
            acknowledge_days=pack.number("acknowledge_days", desk.today),
            decide_days=pack.number("decide_days", desk.today),
            printed_on=desk.today,
        )
        _write(told.pdf, paper)
        if one is not None:
            desk.note_access("complaint", one.household_id, desk.today, "pdf")
    put(told, {"file": told.pdf}, f"Written to {told.pdf}")
    return DONE


def _write(path: Path, content: bytes) -> None:
    if not written(path, content):
        raise Refusal(
            Text(N_("{name} cannot be written. Choose another place."), {"name": str(path)}),
            field="pdf",
        )


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands to the parser."""
    room = commands.add_parser(
        "complaint", help="Complaints and appeals.", description="Complaints and appeals."
    )
    kinds = room.add_subparsers(metavar="WHAT", required=True)

    def command(name: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        text = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            name, help=text, description=text, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        return one

    _filing(command)
    one = command("reasons", reasons)
    one.add_argument("number", help="K-2026-A-000001")
    one = command("answer", answer)
    one.add_argument("number", help="K-2026-A-000001")
    one.add_argument("outcome", choices=("stands", "otherwise"))
    one.add_argument("answer", help="what whoever complained is told")
    one.add_argument(
        "--waive", action="append", default=[], metavar="CODE", help="one of `complaint reasons`"
    )
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("close", close)
    one.add_argument("number", help="K-2026-A-000001")
    one.add_argument("--note")
    one = command("list", listed)
    one.add_argument("--due", action="store_true", help="a step is due, the next first")
    one.add_argument("--late", action="store_true", help="a step is late")
    for way in ("pdf", "xlsx", "csv"):
        one.add_argument(f"--{way}", type=Path, metavar="FILE")
    one.add_argument("--language", choices=tuple(LANGUAGES), metavar="LL")
    one = command("print", printed)
    one.add_argument("number", nargs="?", help="K-2026-A-000001; blank when left out")
    one.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    one.add_argument("--language", choices=tuple(LANGUAGES), metavar="LL")


def _filing(command: Any) -> None:  # noqa: ANN401
    one = command("add", file)
    one.add_argument("kind", choices=_KINDS)
    one.add_argument("told", help="what the person says")
    one.add_argument("--by", choices=("member", "provider", "other"), default="member")
    one.add_argument("--who", help="name and how to be reached")
    one.add_argument("--household", metavar="N")
    one.add_argument("--claim", metavar="NUMBER")
    one.add_argument("--provider", metavar="CODE")
    one.add_argument("--earlier", metavar="NUMBER", help="whose answer is not accepted")
    one.add_argument("--on", metavar="DATE", help="the day it came; today when left out")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("acknowledge", acknowledge)
    one.add_argument("number", help="K-2026-A-000001")
    one.add_argument("--note")
    one = command("hear", hear)
    one.add_argument("number", help="K-2026-A-000001")
    one.add_argument("heard", help="what was said")
