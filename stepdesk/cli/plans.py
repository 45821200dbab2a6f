"""Commands of contribution plans: adding one, its versions, and an example of what a family pays."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, LANGUAGE, amount_of, day_of, desk_of, put
from stepdesk.cli.unknown import no_plan
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Currency

_AMOUNTS = frozenset(
    {
        "amount",
        "amount_adult",
        "amount_child",
        "amount_dependant",
        "entry_fee",
        "card_fee",
        "assembly_fee",
        "penalty_fixed",
    }
)
_RATES = frozenset({"penalty_rate", "prepay_discount", "early_discount", "renewal_discount"})
_MAY_BE_NONE = frozenset({"due_day", "child_max_age"})
_YES = {"yes": True, "1": True, "no": False, "0": False}
_FIXED = frozenset({"id", "plan_id", "code", "name", "first_day"})


def add(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `plan …`."""
    told = "Contribution plans and their versions."
    kinds = commands.add_parser("plan", help=told, description=told).add_subparsers(
        metavar="ACT", required=True
    )

    def act(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        said = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            name, help=said, description=said, allow_abbrev=False, parents=[signed]
        )
        one.add_argument("book", type=Path)
        one.set_defaults(command=run)
        return one

    for name, run in (("add", plan_add), ("version", plan_version)):
        one = act(name, run)
        one.add_argument("code")
        one.add_argument("--name", required=name == "add")
        one.add_argument("--from", dest="first_day", metavar="DATE", required=True)
        one.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    one = act("show", plan_show)
    one.add_argument("code", nargs="?", help="its versions; all plans when left out")
    one = act("example", plan_example)
    one.add_argument("code")
    one.add_argument("--on", metavar="DATE", help="when the family joins; today when left out")
    one.add_argument("--adults", type=int, default=2, metavar="N", help="the member among them; 2")
    one.add_argument("--children", type=int, default=4, metavar="N", help="4")
    one.add_argument("--category", metavar="CODE", help="of the household")


# What was typed


def _changed(version: Any, told: argparse.Namespace, currency: Currency) -> Any:  # noqa: ANN401
    """Return a version with what was set on the command line."""
    changes: dict[str, Any] = {"first_day": day_of(told.first_day, "first_day")}
    if told.name:
        changes["name"] = told.name
    for one in told.set:
        field, equals, value = one.partition("=")
        field = field.strip()
        if not equals or field in _FIXED or field not in version.__dataclass_fields__:
            raise Refusal(
                Text(N_("{told} is no parameter of a plan. Write FIELD=VALUE."), {"told": one}),
                field="set",
            )
        changes[field] = _read(field, value.strip(), version, currency)
    return replace(version, **changes)


def _read(field: str, told: str, version: Any, currency: Currency) -> Any:  # noqa: ANN401
    reads = _readers()
    default = version.__dataclass_fields__[field].default
    try:
        if field in reads:
            return reads[field](told, currency)
        return _plain(field, told, default, currency)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise Refusal(
            Text(
                N_("{told} cannot be read as {field}. Write it as docs/cli.md shows."),
                {"told": told, "field": field},
            ),
            field=field,
        ) from error


def _plain(field: str, told: str, default: Any, currency: Currency) -> Any:  # noqa: ANN401
    """Read an amount, a rate, yes or no, or a whole number; nothing is None where that may be."""
    if not told and (default is None or field in _MAY_BE_NONE):
        return None
    if field in _AMOUNTS:
        return amount_of(told, currency, field).minor
    if isinstance(default, bool):
        return _YES[told.lower()]
    return int(Decimal(told.rstrip("% ")) * 100) if field in _RATES else int(told)


def _readers() -> Mapping[str, Callable[[str, Currency], Any]]:
    from stepdesk.contributions import terms

    def word(kind: Any) -> Callable[[str, Currency], Any]:  # noqa: ANN401 - an Enum
        return lambda told, _: kind[told.upper()]

    def each(read: Callable[[str, Currency], Any]) -> Callable[[str, Currency], Any]:
        return lambda told, currency: tuple(
            read(one.strip(), currency) for one in told.split(",") if one.strip()
        )

    def band(told: str, currency: Currency) -> terms.Band:
        persons, _, amount = told.partition(":")
        return terms.Band(int(persons), amount_of(amount, currency, "bands").minor)

    def category(told: str, currency: Currency) -> tuple[str, int]:
        code, _, amount = told.partition(":")
        return code.strip(), amount_of(amount, currency, "category_amounts").minor

    def season(told: str, _: Currency) -> terms.SeasonDue:
        day, _colon, share = told.partition(":")
        return terms.SeasonDue(*_of_year(day), int(share.rstrip("% ")))

    def window(told: str, _: Currency) -> terms.Window:
        first, _dots, last = told.partition("..")
        return terms.Window(_of_year(first), _of_year(last))

    return {
        "basis": word(terms.Basis),
        "periodicity": word(terms.Periodicity),
        "cycle": word(terms.Cycle),
        "cycle_start": lambda told, _: _of_year(told),
        "cycle_starts": each(lambda told, _: _of_year(told)),
        "late_entry": word(terms.LateEntry),
        "effect_rule": word(terms.EffectRule),
        "waiting_when_late": word(terms.WaitingWhenLate),
        "dues_during_suspension": word(terms.DuesDuringSuspension),
        "renewal": word(terms.Renewal),
        "season_cover_rule": word(terms.SeasonCover),
        "entry_fee_per": word(terms.Per),
        "card_fee_per": word(terms.Per),
        "assembly_fee_per": word(terms.Per),
        "partial_rule": word(terms.PartialRule),
        "charge_added": word(terms.ChargeAdded),
        "bands": each(band),
        "category_amounts": each(category),
        "season": each(season),
        "windows": each(window),
    }


def _of_year(told: str) -> tuple[int, int]:
    """Read a day of the year: 12-15 is the fifteenth of December."""
    month, _, day = told.strip().partition("-")
    return int(month), int(day)


def _versions(desk: Any, code: str) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import plans

    for versions in desk.ask(plans).values():
        if versions[0].code == code:
            return versions
    raise no_plan(desk, code, "code")


# Commands


def plan_add(told: argparse.Namespace) -> int:
    """Add a plan with its first version."""
    from stepdesk.contributions.service import add_plan
    from stepdesk.contributions.service import version_plan as write
    from stepdesk.contributions.terms import PlanVersion
    from stepdesk.values.ids import PlanId, PlanVersionId

    with desk_of(told) as desk:
        base = PlanVersion(PlanVersionId(b""), PlanId(b""), told.code, "", date.min)
        version = _changed(base, told, desk.currency)
        with desk.work("add_plan") as work:
            plan_id = add_plan(work, code=told.code)
            version_id = write(work, version=replace(version, plan_id=plan_id))
    put(
        told,
        {"plan": plan_id, "version": version_id},
        f"{told.code}: {version.name}, from {version.first_day}.",
    )
    return DONE


def plan_version(told: argparse.Namespace) -> int:
    """Write a new version of a plan: what is not set stays as in the last one."""
    from stepdesk.contributions.service import version_plan as write

    with desk_of(told) as desk:
        version = _changed(_versions(desk, told.code)[-1], told, desk.currency)
        version_id = desk.do(write, version=version)
    put(told, {"version": version_id}, f"{told.code}: new terms from {version.first_day}.")
    return DONE


def plan_show(told: argparse.Namespace) -> int:
    """List the plans, or the versions of one with all that is not left at its default."""
    from stepdesk.contributions.queries import plans

    with desk_of(told) as desk:
        held = [_versions(desk, told.code)] if told.code else list(desk.ask(plans).values())
    lines = []
    for versions in held:
        for one in versions if told.code else versions[-1:]:
            lines.append(f"{one.code}  {one.name}, from {one.first_day}")
            lines += [f"    {name} = {value}" for name, value in _told(one)] if told.code else []
    answer = [one for versions in held for one in (versions if told.code else versions[-1:])]
    put(told, {"plans": answer}, "\n".join(lines) or "None.")
    return DONE


def _told(version: Any) -> list[tuple[str, object]]:  # noqa: ANN401
    return [
        (name, getattr(held, "name", held))
        for name, field in version.__dataclass_fields__.items()
        if name not in _FIXED and (held := getattr(version, name)) != field.default
    ]


def plan_example(told: argparse.Namespace) -> int:
    """Say what a family that joins on a day pays, from when it is covered, and its first year."""
    from stepdesk.contributions import rules
    from stepdesk.members.queries import statutes

    if told.adults < 1 or told.children < 0 or told.adults + told.children > 100:
        raise Refusal(Text(N_("A family has at least one adult. Type 1 or more.")), field="adults")
    with desk_of(told) as desk:
        day = day_of(told.on, "on") if told.on else desk.today
        example = rules.plan_example(
            _versions(desk, told.code),
            day,
            adults=told.adults,
            children=told.children,
            category=told.category,
            statutes=desk.ask(statutes),
        )
        texts = rules.example_texts(example, desk.currency)
    said = [speak(one, LANGUAGE) for one in texts]
    put(told, {"example": example, "told": said}, "\n".join(said))
    return DONE
