"""Commands of the members' room: what happened to households and persons, each undone by `undo`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepdesk.cli.shared import DONE, LANGUAGE, day_of, desk_of, person_of, put, sign_second
from stepdesk.cli.unknown import no_plan, no_section
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Money

if TYPE_CHECKING:
    from stepdesk.members.terms import Happened, NewPerson, Relation
    from stepdesk.rights.terms import Foreseen
    from stepdesk.store.work import Work

Act = Callable[["Work"], "Happened"]
Build = Callable[[argparse.Namespace, Any, date], Act]

WHO = "'Surname, Given names, F, 14/3/2019, CHILD'; a birth may be a month, a year or an age"
NUMBER = "its number"
PERSON = "47/02, 47 for the member, an old number, or an id"


# Reading what was typed


def _household(desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.members.queries import household_of_number

    found = desk.ask(household_of_number, told)
    if found is None:
        raise Refusal(Text(N_("There is no such household. Check the number.")), field="household")
    return found


def _who(told: str, today: date) -> "NewPerson":
    from stepdesk.members.rules import read_birth
    from stepdesk.members.terms import NewPerson, Relation, Sex

    parts = [part.strip() for part in told.split(",")]
    if len(parts) != 5:
        raise Refusal(
            Text(N_("Write a person as five parts with commas: {form}."), {"form": WHO}),
            field="who",
        )
    surname, given, sex, born, relation = parts
    return NewPerson(
        surname,
        given,
        _word(Sex, sex.upper(), "who"),
        read_birth(born, today),
        _word(Relation, relation.upper(), "who"),
    )


def _word(kind: type[Enum], told: str, field: str) -> Any:  # noqa: ANN401
    try:
        return kind(told.strip().upper().replace("-", "_"))
    except ValueError as error:
        known = ", ".join(str(one.value) for one in kind)
        raise Refusal(
            Text(
                N_("{told} is not known. Choose one of: {known}."), {"told": told, "known": known}
            ),
            field=field,
        ) from error


def _relations(desk: Any, told: list[str]) -> "dict[Any, Relation]":  # noqa: ANN401
    from stepdesk.members.terms import Relation

    found = {}
    for one in told:
        person, _, relation = one.partition("=")
        found[desk.ask(person_of, person)] = _word(Relation, relation, "relation")
    return found


def _section(desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.scheme.queries import sections_on

    for one in desk.ask(sections_on, desk.today):
        if told in {one.name, str(one.code), f"{one.code:02d}"}:
            return one.id
    raise no_section(desk, told)


def _plan(desk: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import plans

    for plan_id, versions in desk.ask(plans).items():
        if versions[0].code == told:
            return plan_id
    raise no_plan(desk, told)


def _hex(told: str) -> bytes:
    try:
        return bytes.fromhex(told)
    except ValueError as error:
        raise Refusal(
            Text(N_("There is no such event. Choose it in the history.")), field="event"
        ) from error


# The events


def _add(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import register_household
    from stepdesk.members.terms import Happened, Transfer

    transfer = None
    if told.transfer is not None:
        if not (told.waited_from and told.left):
            raise Refusal(
                Text(N_("Say with --waited-from and --left when they were covered there.")),
                field="transfer",
            )
        transfer = Transfer(
            told.transfer,
            day_of(told.waited_from, "waited_from"),
            day_of(told.left, "left"),
            told.document or "",
        )
    compound = _household(desk, told.compound) if told.compound else None
    section, plan = _section(desk, told.section), _plan(desk, told.plan)
    persons = [_who(one, desk.today) for one in told.who]

    def act(work: "Work") -> Happened:
        made = register_household(
            work,
            section_id=section,
            plan_id=plan,
            persons=persons,
            joined_on=on,
            declared_size=told.declared,
            phone=told.phone,
            transfer=transfer,
            compound_id=compound,
            accepting=frozenset(told.accept),
        )
        return Happened(made.household_id, (), (made.household_id,), made.person_ids)

    return act


def _declared(told: argparse.Namespace) -> date | None:
    return day_of(told.declared_on, "declared_on") if told.declared_on else None


def _birth(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_birth

    household, who = _household(desk, told.household), _who(told.who, desk.today)
    mother = desk.ask(person_of, told.mother) if told.mother else None
    declared = _declared(told)
    return lambda work: record_birth(
        work,
        household_id=household,
        person=who,
        mother_id=mother,
        on=on,
        declared_on=declared,
        accepting=frozenset(told.accept),
    )


def _marriage(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_marriage

    household, who = _household(desk, told.household), _who(told.who, desk.today)
    declared = _declared(told)
    return lambda work: record_marriage(
        work,
        household_id=household,
        person=who,
        on=on,
        declared_on=declared,
        accepting=frozenset(told.accept),
    )


def _join(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_joining

    household, who = _household(desk, told.household), _who(told.who, desk.today)
    known = desk.ask(person_of, told.known) if told.known else None
    return lambda work: record_joining(
        work,
        household_id=household,
        person=who,
        on=on,
        known_id=known,
        accepting=frozenset(told.accept),
    )


def _death(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_death

    dead = desk.ask(person_of, told.who_id)
    heir = desk.ask(person_of, told.heir) if told.heir else None
    closes = day_of(told.closes, "closes") if told.closes else None
    relations = _relations(desk, told.relation)
    return lambda work: record_death(
        work,
        person_id=dead,
        on=on,
        heir_id=heir,
        relations=relations,
        closes_on=closes,
        accepting=frozenset(told.accept),
    )


def _divorce(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_divorce

    who = desk.ask(person_of, told.who_id)
    return lambda work: record_divorce(
        work, person_id=who, on=on, reason=told.reason, accepting=frozenset(told.accept)
    )


def _leave(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import record_leaving

    who = desk.ask(person_of, told.who_id)
    return lambda work: record_leaving(
        work, person_id=who, on=on, reason=told.reason, accepting=frozenset(told.accept)
    )


def _move(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import move_section

    household, section = _household(desk, told.household), _section(desk, told.section)
    return lambda work: move_section(
        work, household_id=household, section_id=section, on=on, accepting=frozenset(told.accept)
    )


def _head(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import change_head

    household = _household(desk, told.household)
    who, relations = desk.ask(person_of, told.who_id), _relations(desk, told.relation)
    return lambda work: change_head(
        work,
        household_id=household,
        person_id=who,
        on=on,
        relations=relations,
        accepting=frozenset(told.accept),
    )


def _split(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.rights.service import split

    household = _household(desk, told.household)
    going = [desk.ask(person_of, one) for one in told.who_ids]
    section = _section(desk, told.section) if told.section else None
    plan = _plan(desk, told.plan) if told.plan else None
    relations = _relations(desk, told.relation)
    return lambda work: split(
        work,
        household_id=household,
        person_ids=going,
        head_id=going[0],
        on=on,
        section_id=section,
        plan_id=plan,
        relations=relations,
        accepting=frozenset(told.accept),
    )


def _merge(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.rights.service import merge

    out, into = _household(desk, told.household), _household(desk, told.into)
    relations = _relations(desk, told.relation)
    return lambda work: merge(
        work,
        from_id=out,
        into_id=into,
        on=on,
        relations=relations,
        accepting=frozenset(told.accept),
    )


def _resign(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import resign
    from stepdesk.rights.service import resign_at

    household = _household(desk, told.household)
    letter = day_of(told.letter, "letter") if told.letter else desk.today
    ends = on if told.on else desk.ask(resign_at, household, letter)
    return lambda work: resign(
        work,
        household_id=household,
        letter_on=letter,
        on=ends,
        reason=told.reason,
        accepting=frozenset(told.accept),
    )


def _exclude(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import exclude

    household, hearing = _household(desk, told.household), day_of(told.hearing, "hearing")
    return lambda work: exclude(
        work,
        household_id=household,
        on=on,
        hearing_on=hearing,
        decision=told.decision,
        reason=told.reason,
        accepting=frozenset(told.accept),
    )


def _strike_off(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.rights.service import strike_off

    household = _household(desk, told.household)
    return lambda work: strike_off(
        work,
        household_id=household,
        on=on,
        decision=told.decision,
        reason=told.reason,
        accepting=frozenset(told.accept),
    )


def _readmit(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.rights.service import readmit

    household = _household(desk, told.household)
    return lambda work: readmit(
        work, household_id=household, on=on, reason=told.reason, accepting=frozenset(told.accept)
    )


def _student(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import mark_student

    who, until = desk.ask(person_of, told.who_id), day_of(told.until, "until")
    return lambda work: mark_student(
        work,
        person_id=who,
        first_day=on,
        until=until,
        document=told.document,
        accepting=frozenset(told.accept),
    )


def _disabled(told: argparse.Namespace, desk: Any, on: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import mark_disabled

    who = desk.ask(person_of, told.who_id)
    return lambda work: mark_disabled(
        work, person_id=who, first_day=on, document=told.document, accepting=frozenset(told.accept)
    )


def _correct(told: argparse.Namespace, desk: Any, _: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import correct_household, correct_person

    changes = dict(_change(desk, one) for one in told.set)
    if set(changes) <= _HOUSEHOLD_FIELDS:
        household = _household(desk, told.who_id)
        return lambda work: correct_household(
            work,
            household_id=household,
            reason=told.reason,
            accepting=frozenset(told.accept),
            **changes,
        )
    who = desk.ask(person_of, told.who_id)
    return lambda work: correct_person(
        work, person_id=who, reason=told.reason, **changes, accepting=frozenset(told.accept)
    )


_HOUSEHOLD_FIELDS = frozenset(
    {"phone", "address", "contact", "other_cover", "declared_size", "consent", "sms_consent"}
)
_PERSON_FIELDS = frozenset(
    {"surname", "given_names", "sex", "birth", "relation", "occupation", "birth_place", "identity"}
)


def _change(desk: Any, told: str) -> tuple[str, object]:  # noqa: ANN401
    from stepdesk.members.rules import read_birth
    from stepdesk.members.terms import Relation, Sex

    name, _, value = told.partition("=")
    if name not in _HOUSEHOLD_FIELDS | _PERSON_FIELDS:
        raise Refusal(
            Text(
                N_("{told} is not known. Choose one of: {known}."),
                {"told": name, "known": ", ".join(sorted(_HOUSEHOLD_FIELDS | _PERSON_FIELDS))},
            ),
            field="set",
        )
    readers: dict[str, Callable[[str], object]] = {
        "birth": lambda typed: read_birth(typed, desk.today),
        "sex": lambda typed: _word(Sex, typed, "set"),
        "relation": lambda typed: _word(Relation, typed, "set"),
        "declared_size": _size,
        "consent": lambda typed: typed.strip().lower() in {"yes", "1"},
        "sms_consent": lambda typed: typed.strip().lower() in {"yes", "1"},
    }
    return name, readers.get(name, str)(value)


def _size(told: str) -> int:
    if not (told.isascii() and told.isdecimal()):
        raise Refusal(
            Text(N_("{told} is no number of people. Type digits, 1 or more."), {"told": told}),
            field="declared_size",
        )
    return int(told)


def _undo(told: argparse.Namespace, _desk: Any, _: date) -> Act:  # noqa: ANN401
    from stepdesk.payers.service import take_back
    from stepdesk.values.ids import EventId

    event_id = EventId(_hex(told.event))
    accepting = frozenset(told.accept)
    return lambda work: take_back(work, event_id=event_id, reason=told.reason, accepting=accepting)


def _same(told: argparse.Namespace, desk: Any, _: date) -> Act:  # noqa: ANN401
    from stepdesk.members.service import merge_persons

    kept, other = desk.ask(person_of, told.who_id), desk.ask(person_of, told.other)
    return lambda work: merge_persons(work, kept_id=kept, other_id=other, reason=told.reason)


# Arguments


@dataclass(frozen=True, slots=True)
class _Event:
    """A command: what it does in one line, its places, its options, and how its act is made."""

    name: str
    does: str
    build: Build
    places: tuple[str, ...]
    options: tuple[str, ...] = ()
    second: bool = False


_EVENTS = (
    _Event(
        "add",
        "Register a household, the member first.",
        _add,
        (),
        (
            "section!",
            "plan!",
            "who+",
            "declared#",
            "phone",
            "transfer",
            "waited-from",
            "left",
            "document",
            "compound",
        ),
    ),
    _Event(
        "birth",
        "Record a birth; --on is its day.",
        _birth,
        ("household",),
        ("who!", "mother", "declared-on"),
    ),
    _Event(
        "death",
        "Record a death; an heir takes over after the member.",
        _death,
        ("who_id",),
        ("heir", "closes", "relation*"),
    ),
    _Event("marriage", "Record a marriage.", _marriage, ("household",), ("who!", "declared-on")),
    _Event("divorce", "Record a divorce from the member.", _divorce, ("who_id",), ("reason",)),
    _Event("leave", "Record that a dependant leaves.", _leave, ("who_id",), ("reason!",)),
    _Event(
        "join",
        "Record that somebody joins a household late.",
        _join,
        ("household",),
        ("who!", "known"),
    ),
    _Event("move", "Move a household to another section.", _move, ("household", "section")),
    _Event("head", "Change the head.", _head, ("household", "who_id"), ("relation*",)),
    _Event(
        "split",
        "Let persons have a household of their own, its head first.",
        _split,
        ("household", "who_ids"),
        ("section", "plan", "relation*"),
    ),
    _Event(
        "merge",
        "Let one household go into another.",
        _merge,
        ("household", "into"),
        ("relation*",),
    ),
    _Event(
        "resign",
        "End a membership by letter; without --on when what is paid ends.",
        _resign,
        ("household",),
        ("letter", "reason"),
    ),
    _Event(
        "exclude",
        "Exclude a household after a hearing; two sign.",
        _exclude,
        ("household",),
        ("hearing!", "decision!", "reason!"),
        second=True,
    ),
    _Event(
        "strike-off",
        "Strike off a household that has not paid for long.",
        _strike_off,
        ("household",),
        ("decision", "reason"),
    ),
    _Event(
        "readmit",
        "Let a household come back under its number.",
        _readmit,
        ("household",),
        ("reason",),
    ),
    _Event(
        "student",
        "Note a certificate of a school year, good from --on.",
        _student,
        ("who_id",),
        ("until!", "document!"),
    ),
    _Event("disabled", "Note that a child is disabled.", _disabled, ("who_id",), ("document!",)),
    _Event(
        "correct",
        "Correct a person, or what is told of a household.",
        _correct,
        ("who_id",),
        ("set+", "reason"),
    ),
    _Event("undo", "Undo an event of the history.", _undo, ("event",), ("reason!",)),
    _Event(
        "same",
        "Make two entries of one person one; the first is kept.",
        _same,
        ("who_id", "other"),
        ("reason!",),
    ),
)

_PLACES = {
    "household": ("household", NUMBER),
    "who_id": ("person", PERSON),
    "who_ids": ("person", PERSON),
    "section": ("section", "its name or its two digits"),
    "into": ("into", NUMBER),
    "event": ("event", "its id, as `member history` tells it"),
    "other": ("other", PERSON),
}
_HELP = {
    "who": WHO,
    "declared-on": "the day the family told it; today when left out",
    "declared": "how many live in the household, covered or not",
    "relation": "PERSON=RELATION: what somebody is to the new member; may be repeated",
    "set": "FIELD=VALUE; may be repeated",
    "transfer": "the scheme they come from; with --waited-from and --left",
    "closes": "nobody takes over: the first day without cover",
    "known": "somebody of the scheme who comes (back)",
}


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add `member …`, one command an event, and `member history`."""
    told = "What happened to households and persons."
    kinds = commands.add_parser("member", help=told, description=told).add_subparsers(
        metavar="EVENT", required=True
    )
    for event in _EVENTS:
        one = kinds.add_parser(
            event.name,
            help=event.does,
            description=event.does,
            allow_abbrev=False,
            parents=[signed],
        )
        _arguments(one, event)
    does = "Tell what happened to a household, undone events too."
    one = kinds.add_parser(
        "history", help=does, description=does, allow_abbrev=False, parents=[signed]
    )
    one.add_argument("book", type=Path)
    one.add_argument("household", help=NUMBER)
    one.set_defaults(command=history)


def _arguments(one: argparse.ArgumentParser, event: _Event) -> None:
    one.add_argument("book", type=Path)
    for place in event.places:
        metavar, help_ = _PLACES[place]
        one.add_argument(
            place, metavar=metavar, help=help_, nargs="+" if place == "who_ids" else None
        )
    for option in event.options:
        _option(one, option)
    one.add_argument("--on", metavar="DATE", help="the day it happened; today when left out")
    one.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="DOUBT",
        help="a doubt it names, such as backdated or age; may be repeated",
    )
    one.add_argument("--dry-run", action="store_true", help="only tell what it would do")
    if event.second:
        one.add_argument("--second", metavar="NAME", help="who signs too")
    one.set_defaults(command=lambda told: _run(told, event))


def _option(one: argparse.ArgumentParser, option: str) -> None:
    """Add an option: `!` must be given, `+` once or more, `*` any number, `#` a number."""
    name, kind = (option[:-1], option[-1]) if option[-1] in "!+*#" else (option, "")
    told: dict[str, Any] = {"help": _HELP.get(name), "required": kind in {"!", "+"}}
    if kind in {"+", "*"} and kind:
        told |= {"action": "append", "default": [] if kind == "*" else None}
    elif kind == "#":
        told |= {"type": int, "default": 0}
    elif name in {"reason", "phone", "decision"}:
        told |= {"default": ""}
    one.add_argument(f"--{name}", metavar=name.upper().replace("-", "_"), **told)


# Running


def _run(told: argparse.Namespace, event: _Event) -> int:
    from stepdesk.rights.service import foresee

    with desk_of(told) as desk:
        on = day_of(told.on, "on") if told.on else desk.today
        act = event.build(told, desk, on)
        if told.dry_run:
            foreseen = foresee(desk, act)
            put(told, {"foreseen": foreseen}, _outlook(foreseen, desk))
            return DONE
        with desk.work(f"member_{event.name}") as work:
            if event.second:
                sign_second(told, work)
            happened = act(work)
        numbers = _numbers(desk, happened)
    ids = " ".join(one.hex() for one in happened.event_ids)
    put(
        told,
        {"happened": happened, "households": numbers},
        f"Recorded for {', '.join(numbers)}. {ids}".strip(),
    )
    return DONE


def _numbers(desk: Any, happened: "Happened") -> list[str]:  # noqa: ANN401
    from stepdesk.members.queries import household_file

    files = (desk.ask(household_file, one) for one in happened.households)
    return [str(file.number) for file in files if file is not None]


def _outlook(foreseen: "Foreseen", desk: Any) -> str:  # noqa: ANN401
    lines = ["Nothing was written. It would be:"]
    for one in foreseen.households:
        for word, held in (("before", one.before), ("after", one.after)):
            if held is not None:
                money = [
                    speak(Text("{a}", {"a": Money(amount, desk.currency)}), LANGUAGE)
                    for amount in (held.regular, held.to_pay)
                ]
                lines.append(
                    f"{one.number} {word}: {held.state.value}, {held.persons} covered,"
                    f" {money[0]} a period, {money[1]} to pay"
                )
    for person in foreseen.persons:
        before = person.before.answer.value if person.before else "new"
        if before != person.after.answer.value:
            lines.append(f"  {person.name}: {before} > {person.after.answer.value}")
    return "\n".join(lines)


def history(told: argparse.Namespace) -> int:
    """Tell what happened to a household, undone events too."""
    from stepdesk.members.queries import history_of

    with desk_of(told) as desk:
        events = desk.ask(history_of, _household(desk, told.household))
    undone = {one.reverses for one in events if one.reverses is not None}
    lines = [
        f"{one.effective_on} {one.kind.value}{' (undone)' if one.id in undone else ''}"
        f" {one.id.hex() if one.id else ''} {one.document} {one.reason}".rstrip()
        for one in events
    ]
    put(
        told,
        {"events": [_told(one) | {"undone": one.id in undone} for one in events]},
        "\n".join(lines),
    )
    return DONE


def _told(one: Any) -> dict[str, object]:  # noqa: ANN401
    return {
        name: getattr(one, name)
        for name in (
            "id",
            "kind",
            "effective_on",
            "recorded_on",
            "person_id",
            "reason",
            "document",
            "counts_from",
            "reverses",
        )
    }
