"""Commands of groups and of third-party payers. Grounds of a nomination are never printed."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.payer_money import add_group_sums, add_payer_money
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    amount_of,
    day_of,
    desk_of,
    nested,
    no_household,
    put,
)
from stepdesk.cli.unknown import no_group, no_payer
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak

_Acts = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `group …` and `payer …`."""
    _group_arguments(nested(commands, signed, "group", "Groups that sign for their people."))
    told = "Payers for others, and whom they pay for."
    _payer_arguments(nested(commands, signed, "payer", told))


def _group_arguments(acts: _Acts) -> None:
    one = acts("add", group_add)
    one.add_argument("code")
    one.add_argument("--name", required=True)
    one.add_argument("--kind", required=True, help="ASSOCIATION, COOPERATIVE, MFI, EMPLOYER…")
    one.add_argument("--people", type=int, required=True, help="how many it has, covered or not")
    one.add_argument("--adhesion", default="OPEN", help="MANDATORY, AUTOMATIC, OPEN")
    one.add_argument("--min-share", type=int, metavar="PERCENT", help="waiting is waived from it")
    one.add_argument("--signer", default="")
    one = acts("place", group_place)
    one.add_argument("code")
    _on(one, household=True)
    one.add_argument("--place", type=int, help="on the list; the end when left out")
    _accept(one)
    one = acts("leave", group_leave)
    _on(one, household=True)
    _accept(one)
    one = acts("waive", group_waive)
    one.add_argument("code")
    one.add_argument("--months", type=int, help="of waiting that count as served; all")
    one.add_argument("--reason", required=True, help="kept with each household")
    _on(one)
    _accept(one)
    one = acts("list", group_list)
    one.add_argument("code", nargs="?", help="its list of households")
    _on(one)
    add_group_sums(acts)


def _payer_arguments(acts: _Acts) -> None:
    one = acts("add", payer_add)
    one.add_argument("code")
    one.add_argument("--name", required=True)
    one.add_argument("--kind", required=True, help="STATE, COMMUNE, NGO, DIASPORA…")
    _agreement_arguments(acts("agree", payer_agree))
    one = acts("nominate", payer_nominate)
    one.add_argument("code")
    one.add_argument("--grounds-file", type=Path, required=True, help="why; never leaves")
    one.add_argument("--suffix", type=int, help="one person; the household when left out")
    _on(one, household=True)
    _accept(one)
    for act, run in _STEPS.items():
        one = acts(act, run)
        one.add_argument("nomination", help="its id, as `payer list` prints it")
        one.add_argument("--note", default="", help="kept; needed to refuse")
        if act in {"cover", "renew"}:
            one.add_argument("--until", metavar="DATE", help="the end, not included")
        _on(one)
        _accept(one)
    acts("list", payer_list)
    add_payer_money(acts)


def _on(one: argparse.ArgumentParser, *, household: bool = False) -> None:
    if household:
        one.add_argument("household", help="its number")
    one.add_argument("--on", metavar="DATE", help="today when left out")


def _accept(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--accept", action="append", default=[], metavar="DOUBT", help="such as backdated"
    )


def _accepted(told: argparse.Namespace) -> frozenset[str]:
    return frozenset(told.accept)


def _agreement_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("code")
    one.add_argument("--from", metavar="DATE", dest="first_day", required=True)
    one.add_argument("--until", metavar="DATE", help="the end, not included")
    one.add_argument("--share", type=int, metavar="PERCENT", help="of each person's contribution")
    one.add_argument("--amount", help="a person and period, instead of --share")
    one.add_argument("--max-persons", type=int, metavar="N")
    one.add_argument("--pays-fee", action="store_true", help="the entry fee too")
    one.add_argument("--invoice-months", type=int, default=3, metavar="N", help="a statement")
    one.add_argument("--on-cash", action="store_true", help="only money that came counts")
    one.add_argument("--criteria", default="")


# What was typed


def _word(kind: Any, told: str, field: str) -> Any:  # noqa: ANN401 - an Enum and its member
    try:
        return kind(told.strip().upper())
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise Refusal(
            Text(
                N_("{told} is not known. Choose one of: {known}."), {"told": told, "known": known}
            ),
            field=field,
        ) from None


def _day(told: argparse.Namespace, desk: Any) -> date:  # noqa: ANN401
    day: date = day_of(told.on, "on") if told.on else desk.today
    return day


def _household(desk: Any, told: argparse.Namespace) -> Any:  # noqa: ANN401
    from stepdesk.members.queries import household_of_number, similar_numbers

    found = desk.ask(household_of_number, told.household)
    if found is None:
        raise no_household(told.household, desk.ask(similar_numbers, told.household))
    return found


def _group(desk: Any, code: str) -> Any:  # noqa: ANN401
    from stepdesk.payers.queries import group_of_code

    found = desk.ask(group_of_code, code)
    if found is None:
        raise no_group(desk, code)
    return found


def _payer(desk: Any, code: str) -> Any:  # noqa: ANN401
    from stepdesk.payers.queries import payer_of_code

    found = desk.ask(payer_of_code, code)
    if found is None:
        raise no_payer(desk, code)
    return found


# Groups


def group_add(told: argparse.Namespace) -> int:
    """Add a group."""
    from stepdesk.payers.service import add_group
    from stepdesk.payers.terms import Adhesion, GroupKind

    with desk_of(told) as desk:
        group_id = desk.do(
            add_group,
            code=told.code,
            name=told.name,
            kind=_word(GroupKind, told.kind, "kind"),
            people=told.people,
            adhesion=_word(Adhesion, told.adhesion, "adhesion"),
            min_share=told.min_share,
            signer=told.signer,
        )
    put(told, {"group": group_id}, f"{told.code.upper()}: {told.name}, {told.people} people.")
    return DONE


def group_place(told: argparse.Namespace) -> int:
    """Put a household on a group's ordered list."""
    from stepdesk.payers.queries import place_of
    from stepdesk.payers.service import place_household

    with desk_of(told) as desk:
        group, home, on = _group(desk, told.code), _household(desk, told), _day(told, desk)
        desk.do(
            place_household,
            group_id=group,
            household_id=home,
            on=on,
            place=told.place,
            accepting=_accepted(told),
        )
        place = desk.ask(place_of, home, on)
    put(told, {"place": place}, f"{told.household}: place {place.place} of {place.group}.")
    return DONE


def group_leave(told: argparse.Namespace) -> int:
    """Take a household off its group's list; it stays a member by itself."""
    from stepdesk.payers.service import leave_group

    with desk_of(told) as desk:
        home, on = _household(desk, told), _day(told, desk)
        desk.do(leave_group, household_id=home, on=on, accepting=_accepted(told))
    put(told, {"left": home, "on": on}, f"{told.household} left its group on {on}.")
    return DONE


def group_waive(told: argparse.Namespace) -> int:
    """Waive or shorten waiting for a group of which enough people are covered."""
    from stepdesk.payers.service import waive_waiting

    with desk_of(told) as desk:
        group, on = _group(desk, told.code), _day(told, desk)
        events = desk.do(
            waive_waiting,
            group_id=group,
            on=on,
            reason=told.reason,
            months=told.months,
            accepting=_accepted(told),
        )
    put(told, {"events": events}, f"Waiting waived for {len(events)} household(s).")
    return DONE


def group_list(told: argparse.Namespace) -> int:
    """List the groups, or the households of one in their order."""
    from stepdesk.members.queries import household_file
    from stepdesk.payers.queries import groups, places_of

    with desk_of(told) as desk:
        on = _day(told, desk)
        if told.code:
            places = desk.ask(places_of, _group(desk, told.code), on)
            numbers = [desk.ask(household_file, one.household_id).number for one in places]
            lines = [
                f"{one.place:3}  {number}" for one, number in zip(places, numbers, strict=True)
            ]
            answer = [
                {"place": one.place, "household": str(number)}
                for one, number in zip(places, numbers, strict=True)
            ]
        else:
            found = desk.ask(groups, on)
            lines = [
                f"{one.code}  {one.name}: {one.households} household(s),"
                f" {one.enrolled} of {one.people} people covered"
                for one in found
            ]
            answer = [{"code": one.code, "enrolled": one.enrolled} for one in found]
    put(told, {"listed": answer}, "\n".join(lines) or "None.")
    return DONE


# Payers


def payer_add(told: argparse.Namespace) -> int:
    """Add somebody who pays for others."""
    from stepdesk.payers.service import add_payer
    from stepdesk.payers.terms import PayerKind

    with desk_of(told) as desk:
        kind = _word(PayerKind, told.kind, "kind")
        payer = desk.do(add_payer, code=told.code, name=told.name, kind=kind)
    put(told, {"payer": payer}, f"{told.code.upper()}: {told.name}.")
    return DONE


def payer_agree(told: argparse.Namespace) -> int:
    """Write down what a payer promised: a share or an amount, for how many, until when."""
    from stepdesk.payers.service import sign_agreement
    from stepdesk.payers.terms import PayerAgreement
    from stepdesk.values.ids import PayerAgreementId

    with desk_of(told) as desk:
        payer = _payer(desk, told.code)
        amount = amount_of(told.amount, desk.currency).minor if told.amount else None
        agreement = PayerAgreement(
            PayerAgreementId(b""),
            payer.id,
            payer.name,
            day_of(told.first_day, "from"),
            day_of(told.until, "until") if told.until else None,
            told.criteria,
            told.max_persons,
            told.share,
            amount,
            told.pays_fee,
            not told.on_cash,
            told.invoice_months,
            desk.today,
        )
        agreed = desk.do(sign_agreement, agreement=agreement)
    put(told, {"agreement": agreed}, f"Agreement with {payer.name} from {agreement.first_day}.")
    return DONE


def payer_nominate(told: argparse.Namespace) -> int:
    """Put a household, or one person of it, forward to a payer under its latest agreement."""
    from stepdesk.cli.shared import person_of
    from stepdesk.payers.queries import agreements
    from stepdesk.payers.service import nominate

    try:
        grounds = told.grounds_file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise Refusal(
            Text(
                N_("{name} cannot be read. Check the name and the stick."),
                {"name": str(told.grounds_file)},
            ),
            field="grounds",
        ) from error
    with desk_of(told) as desk:
        payer, home, on = _payer(desk, told.code), _household(desk, told), _day(told, desk)
        agreed = [one for one in desk.ask(agreements).values() if one.payer_id == payer.id]
        if not agreed:
            raise Refusal(
                Text(N_("{payer} has no agreement yet. Write one first."), {"payer": payer.name}),
                field="code",
            )
        person = None
        if told.suffix is not None:
            person = desk.ask(person_of, f"{told.household}/{told.suffix:02d}")
        nomination = desk.do(
            nominate,
            agreement_id=agreed[-1].id,
            household_id=home,
            person_id=person,
            on=on,
            grounds=grounds,
            accepting=_accepted(told),
        )
    put(told, {"nomination": nomination}, f"{nomination.hex()}: put forward to {payer.name}.")
    return DONE


def _take_step(told: argparse.Namespace, verb: str, **more: object) -> int:
    from stepdesk.payers import service
    from stepdesk.payers.queries import nomination_of
    from stepdesk.payers.rules import STEP_WORDS
    from stepdesk.values.ids import NominationId

    try:
        nomination = NominationId(bytes.fromhex(told.nomination))
    except ValueError as error:
        raise Refusal(Text(N_("Choose the nomination.")), field="nomination") from error
    with desk_of(told) as desk:
        desk.do(
            getattr(service, verb),
            nomination_id=nomination,
            on=_day(told, desk),
            note=told.note,
            accepting=_accepted(told),
            **more,
        )
        step = desk.ask(nomination_of, nomination).step
    word = speak(Text(STEP_WORDS[step]), LANGUAGE)
    put(told, {"nomination": nomination, "step": step}, f"{told.nomination}: {word}.")
    return DONE


def _until(told: argparse.Namespace) -> date | None:
    return day_of(told.until, "until") if told.until else None


def payer_validate(told: argparse.Namespace) -> int:
    """Note that the community's committee found a nomination right."""
    return _take_step(told, "validate_nomination")


def payer_approve(told: argparse.Namespace) -> int:
    """Note that the payer took a nomination on."""
    return _take_step(told, "approve_nomination")


def payer_cover(told: argparse.Namespace) -> int:
    """Let the payer's commitment begin."""
    return _take_step(told, "cover_nomination", until=_until(told))


def payer_renew(told: argparse.Namespace) -> int:
    """Let a commitment go on."""
    return _take_step(told, "renew_nomination", until=_until(told))


def payer_end(told: argparse.Namespace) -> int:
    """End a commitment: the household pays itself from the next period on."""
    return _take_step(told, "end_nomination")


def payer_refuse(told: argparse.Namespace) -> int:
    """Note that a nomination was refused, and why."""
    return _take_step(told, "refuse_nomination")


_STEPS = {
    "validate": payer_validate,
    "approve": payer_approve,
    "cover": payer_cover,
    "renew": payer_renew,
    "end": payer_end,
    "refuse": payer_refuse,
}


def payer_list(told: argparse.Namespace) -> int:
    """List the nominations and how far each has come; grounds are not shown."""
    from stepdesk.members.queries import household_file
    from stepdesk.payers.queries import nominations

    with desk_of(told) as desk:
        rows = [
            (one, desk.ask(household_file, one.household_id).number)
            for one in desk.ask(nominations)
        ]
    answer = [
        {"nomination": one.id, "payer": one.payer, "household": str(number), "step": one.step}
        for one, number in rows
    ]
    lines = [f"{one.id.hex()}  {number}  {one.payer}  {one.step.value}" for one, number in rows]
    put(told, {"nominations": answer}, "\n".join(lines) or "None.")
    return DONE
