"""Commands of control: look for flags, list, show and judge them; visits to confirm by telephone."""

import argparse
import secrets
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    Shown,
    check_writable,
    desk_of,
    month_of,
    nested,
    person_of,
    put,
    word_of,
    written,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak


def look(told: argparse.Namespace) -> int:
    """Look at the twelve months that end with a month, and raise what was not raised before."""
    from stepdesk.control.service import look_for_flags

    with desk_of(told) as desk:
        done = desk.do(look_for_flags, month=month_of(told.month), progress=Shown())
    lines = [
        f"{done.month}: {done.claims} claims looked at, {len(done.raised)} raised,"
        f" {done.known} known"
    ]
    lines += [f"  {speak(one.sentence, 'en')}: {one.count}" for one in done.statistics]
    lines += [f"  {one.value} is no longer raised: nearly always dismissed" for one in done.off]
    put(told, {"looked": done}, "\n".join(lines))
    return DONE


def listed(told: argparse.Namespace) -> int:
    """List flags, the highest first: those nobody judged, or all of them."""
    from stepdesk.control.queries import flags
    from stepdesk.control.terms import OPEN, FlagState, Pattern

    with desk_of(told) as desk:
        found = desk.ask(
            flags,
            desk.currency,
            states=frozenset(FlagState) if told.all else OPEN,
            level=told.level,
            pattern=word_of(Pattern, told.pattern, "pattern") if told.pattern else None,
            month=month_of(told.month) if told.month else None,
        )
        desk.note_access("list flags", None, desk.today, f"{len(found)} rows")
    lines = [
        f"{one.number}  {one.pattern.value} {one.score} {_name(one.concerns)}:"
        f" {one.state.value}. {speak(one.sentence, 'en')}"
        for one in found
    ]
    put(told, {"flags": found}, "\n".join(lines) or "Nothing to look at.")
    return DONE


def _name(told: str | Text) -> str:
    return told if isinstance(told, str) else speak(told, "en")


def show(told: argparse.Namespace) -> int:
    """Show one flag: what was seen, the figures, the documents, what was done."""
    from stepdesk.control.service import show_flag

    with desk_of(told) as desk:
        one = show_flag(desk, _flag(desk, told.number))
    lines = [
        f"{one.number}  {one.pattern.value} level {one.level}, {one.state.value}",
        speak(one.sentence, "en"),
        *(
            f"  {each.subject.kind.value} {each.number}"
            + (f" {each.name}, born {each.born}" if each.name else "")
            + (f", {each.day}" if each.day else "")
            + (f", {each.amount}" if each.amount is not None else "")
            for each in one.evidence
        ),
        *(f"  {step.day} {step.state.value} {step.by}: {step.reason}" for step in one.steps),
    ]
    put(told, {"flag": one}, "\n".join(lines))
    return DONE


def _flag(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.control.queries import flag_of_number

    found = desk.ask(flag_of_number, number)
    if found is None:
        raise Refusal(
            Text(N_("There is no flag {number}. Check the number."), {"number": number}),
            field="flag",
        )
    return found


def review(told: argparse.Namespace) -> int:
    """Note that somebody looked at a flag."""
    from stepdesk.control.service import review_flag

    with desk_of(told) as desk:
        desk.do(review_flag, flag_id=_flag(desk, told.number), note=told.note or "")
        return _put(told, desk)


def dismiss(told: argparse.Namespace) -> int:
    """Say that there is nothing behind a flag."""
    from stepdesk.control.service import dismiss_flag

    with desk_of(told) as desk:
        desk.do(dismiss_flag, flag_id=_flag(desk, told.number), reason=told.reason)
        return _put(told, desk)


def confirm(told: argparse.Namespace) -> int:
    """Say that what a flag tells was so."""
    from stepdesk.control.service import confirm_flag

    with desk_of(told) as desk:
        desk.do(confirm_flag, flag_id=_flag(desk, told.number), reason=told.reason)
        return _put(told, desk)


def act(told: argparse.Namespace) -> int:
    """Note what was done about a confirmed flag."""
    from stepdesk.control.service import act_on_flag
    from stepdesk.control.terms import FlagAction

    with desk_of(told) as desk:
        desk.do(
            act_on_flag,
            flag_id=_flag(desk, told.number),
            action=word_of(FlagAction, told.action, "action"),
            reason=told.reason,
        )
        return _put(told, desk)


def _put(told: argparse.Namespace, desk: Any) -> int:  # noqa: ANN401
    from stepdesk.control.queries import flag_of

    one = desk.ask(flag_of, _flag(desk, told.number), desk.currency)
    put(told, {"flag": one.number, "state": one.state}, f"{one.number}: {one.state.value}")
    return DONE


def staff(told: argparse.Namespace) -> int:
    """Say who of the register somebody of the desk is."""
    from stepdesk.control.service import name_staff_person
    from stepdesk.store.desk import person_named

    with desk_of(told) as desk:
        desk.do(
            name_staff_person,
            staff_id=person_named(desk.keys, told.name),
            person_id=desk.ask(person_of, told.card) if told.card else None,
        )
    put(told, {"staff": told.name, "card": told.card}, f"{told.name}: {told.card or 'nobody'}")
    return DONE


def visits(told: argparse.Namespace) -> int:
    """Draw the visits of a month to confirm by telephone, or show the list drawn before."""
    from stepdesk.cli.claims import provider_named
    from stepdesk.control.queries import visit_list_of_month
    from stepdesk.control.service import draw_visits, visits_to_call

    if told.pdf:
        check_writable(told.pdf)
    month = month_of(told.month)
    with desk_of(told) as desk:
        provider = provider_named(desk, told.provider).id if told.provider else None
        list_id = desk.ask(visit_list_of_month, month, provider)
        if list_id is None or told.again:
            list_id = desk.do(
                draw_visits,
                request_id=secrets.token_bytes(16),
                month=month,
                months=told.months,
                provider_id=provider,
                seed=told.seed,
            )
        shown = visits_to_call(desk, list_id)
        if told.pdf:
            _print(told, desk, shown)
    put(told, {"visits": shown, "file": told.pdf}, _lines(shown))
    return DONE


def _lines(shown: Any) -> str:  # noqa: ANN401
    from stepdesk.control.terms import VisitAnswer

    told = ", ".join(f"{shown.count(one)} {one.value}" for one in VisitAnswer)
    lines = [
        f"{one.place}. {one.household} {one.day} {one.provider}"
        + (f": {one.answer.value}" if one.answer else "")
        for one in shown.visits
    ]
    head = f"{shown.month}: {len(shown.visits)} of {shown.drawn_from}, seed {shown.seed}; {told}"
    return "\n".join((head, *lines))


def _print(told: argparse.Namespace, desk: Any, shown: Any) -> None:  # noqa: ANN401
    from stepdesk.control.papers import call_sheet_pdf
    from stepdesk.scheme.queries import scheme_on

    scheme = desk.ask(scheme_on, desk.today)
    paper = call_sheet_pdf(
        shown,
        told.language or scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )
    if not written(told.pdf, paper):
        raise Refusal(
            Text(N_("{name} cannot be written. Choose another place."), {"name": str(told.pdf)}),
            field="pdf",
        )


def answer(told: argparse.Namespace) -> int:
    """Write what was said when a visit of a month's list was asked about."""
    from stepdesk.cli.claims import provider_named
    from stepdesk.control.queries import visit_list_of, visit_list_of_month
    from stepdesk.control.service import answer_visit
    from stepdesk.control.terms import VisitAnswer

    words = {
        "yes": VisitAnswer.CONFIRMED,
        "no": VisitAnswer.NOT_CONFIRMED,
        "away": VisitAnswer.NOT_REACHED,
    }
    month = month_of(told.month)
    with desk_of(told) as desk:
        provider = provider_named(desk, told.provider).id if told.provider else None
        list_id = desk.ask(visit_list_of_month, month, provider)
        shown = desk.ask(visit_list_of, list_id).visits if list_id else ()
        one = next((each for each in shown if each.place == told.place), None)
        if one is None:
            raise Refusal(
                Text(
                    N_("There is no visit {place} on the list of {month}. Draw the list first."),
                    {"place": told.place, "month": month},
                ),
                field="place",
            )
        desk.do(answer_visit, visit_id=one.id, answer=words[told.answer], note=told.note or "")
    put(
        told,
        {"place": told.place, "answer": words[told.answer]},
        f"{told.place}: {words[told.answer].value}",
    )
    return DONE


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands to the parser."""
    command = nested(commands, signed, "control", "What a controller looks at.")
    one = command("look", look)
    one.add_argument("month", help="2026-03, the last of twelve")
    one = command("list", listed)
    one.add_argument("--all", action="store_true", help="those that were judged too")
    one.add_argument("--level", type=int, choices=(2, 3), default=2, help="and above; 2")
    one.add_argument("--pattern", metavar="F-NN")
    one.add_argument("--month", metavar="MONTH", help="raised when that month was looked at")
    one = command("show", show)
    one.add_argument("number", help="S-2026-A-000001")
    one = command("review", review)
    one.add_argument("number", help="S-2026-A-000001")
    one.add_argument("--note", help="what was found")
    for name, run in (("dismiss", dismiss), ("confirm", confirm)):
        one = command(name, run)
        one.add_argument("number", help="S-2026-A-000001")
        one.add_argument("--reason", required=True, help="kept with the act")
    one = command("act", act)
    one.add_argument("number", help="S-2026-A-000001")
    one.add_argument("action", help="warning, recovery, suspension, exclusion, end_of_agreement")
    one.add_argument("--reason", required=True, help="kept with the act")
    one = command("staff", staff)
    one.add_argument("name", help="as on the login tile")
    one.add_argument("card", nargs="?", help="47/02; nobody when left out")
    _visiting(command)


def _visiting(command: Any) -> None:  # noqa: ANN401
    one = command("visits", visits)
    one.add_argument("month", help="2026-03")
    one.add_argument("--provider", metavar="CODE", help="of one provider alone")
    one.add_argument("--months", type=int, default=1, metavar="N", help="that end with it; 1")
    one.add_argument("--seed", type=int, metavar="N", help="what chance begins with")
    one.add_argument("--again", action="store_true", help="draw further ones")
    one.add_argument("--pdf", type=Path, metavar="FILE", help="the sheet to call from, with names")
    one.add_argument("--language", choices=tuple(LANGUAGES), metavar="LL")
    one = command("answer", answer)
    one.add_argument("month", help="2026-03")
    one.add_argument("place", type=int, help="its number on the list")
    one.add_argument("answer", choices=("yes", "no", "away"))
    one.add_argument("--provider", metavar="CODE")
    one.add_argument("--note", help="what was said")
