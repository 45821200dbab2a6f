"""What a package says as a whole, as questions: three first, the others behind them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stepdesk.benefits.terms import (
    Capitation,
    Distribution,
    LimitKind,
    PackageLimit,
    PackageVersion,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.ui.members.answers import Answer, Line, MoneyLine, NumberLine
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.packages.lines import NO_LIMIT, NOTHING_PAID, Many, Meant
from stepdesk.ui.packages.words import (
    CARES,
    CLAIMS,
    INSIDE,
    LEVELS,
    LIMITS,
    OVERS,
    POOLS,
    SPREADS,
    STAYS,
    YEARS,
)
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.plan_asks import AskGroup
from stepdesk.ui.scheme.plan_lines import share_line as percent_line
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.field import NumbersField
from stepdesk.values.money import Currency, Money

WEIGHTS = (
    "weight_population",
    "weight_households",
    "weight_insured",
    "weight_insured_households",
    "weight_claims",
    "weight_amounts",
)
CAPITATION = ("capitation_levels", "capitation_share", *WEIGHTS)
"""The questions that make a capitation together; without a share there is none."""

CHOICES: Mapping[str, Choices] = {
    "year_start": options(YEARS),
    "in_patient_by": options(INSIDE),
    "spread": options(SPREADS),
    "stay_cover": options(STAYS),
    "capitation_levels": options(LEVELS),
}
_ZERO = N_("0 is none")


def own_lines(speaker: Speaker, today: date, currency: Currency) -> dict[str, Answer]:
    """Return the fields of their own kind."""

    def money() -> Meant:
        return Meant(speaker, MoneyLine(currency.exponent), NOTHING_PAID, NO_LIMIT)

    return {
        **{name: money() for name in ("cap_episode", "cap_person_year", "cap_household_year")},
        "limits": Many(
            speaker,
            today,
            (
                (
                    Ask("kind", N_("What is limited"), Kind.LIST),
                    Ask("care", N_("For which care"), Kind.LIST),
                ),
                (
                    Ask("over", N_("Over what"), Kind.LIST, needed=False),
                    Ask("category", N_("For which claims"), Kind.LIST, needed=False),
                    Ask("amount", N_("Amount, or number of claims"), width=130),
                ),
            ),
            lambda told: _limit(told, currency),
            lambda one: _limit_text(one, currency),
            choices={
                "kind": options(LIMITS),
                "care": options(CARES),
                "over": options(OVERS),
                "category": options(CLAIMS),
            },
            own={"amount": Line(NumbersField())},
        ),
        "distributions": Many(
            speaker,
            today,
            (
                (
                    Ask("period", N_("Kind of period"), Kind.LIST),
                    Ask("number", N_("Which month or quarter of the year"), Kind.NUMBER,
                        width=110),
                ),
                (
                    Ask("care", N_("For which care"), Kind.LIST),
                    Ask("share", N_("Share of the contributions, in percent"), width=110),
                ),
            ),
            lambda told: Distribution(
                told["period"], told["care"], told["number"], told["share"]
            ),
            _distribution_text,
            choices={"period": options(POOLS), "care": options(CARES)},
            own={"share": percent_line()},
        ),
        "capitation_share": percent_line(),
        **{name: percent_line() for name in WEIGHTS},
    }  # fmt: skip


def _limit(told: Mapping[str, Any], currency: Currency) -> PackageLimit:
    line: Line = (
        NumberLine() if told["kind"] is LimitKind.CLAIM_COUNT else MoneyLine(currency.exponent)
    )
    line.take_up(told["amount"])
    amount = line.value()
    return PackageLimit(
        told["kind"],
        amount if isinstance(amount, int) else 0,
        told["care"],
        told["over"],
        told["category"],
    )


def _limit_text(one: PackageLimit, currency: Currency) -> Text:
    counted = one.kind is LimitKind.CLAIM_COUNT
    values: dict[str, Value] = {
        "kind": Text(LIMITS[one.kind]),
        "amount": one.amount if counted else Money(one.amount, currency),
        "care": Text(CARES[one.care]),
    }
    if one.category is not None:
        values["whose"] = Text(CLAIMS[one.category])
    elif one.over is not None:
        values["whose"] = Text(OVERS[one.over])
    else:
        return Text(N_("{kind}: {amount}, {care}"), values)
    return Text(N_("{kind} {whose}: {amount}, {care}"), values)


def _distribution_text(one: Distribution) -> Text:
    values: dict[str, Value] = {
        "period": Text(POOLS[one.period]),
        "number": one.number,
        "care": Text(CARES[one.care]),
        "share": f"{one.share / 100:g}",
    }
    return Text(N_("{period} {number}, {care}: {share} %"), values)


def first_asks() -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """Return what is asked of every version."""
    return (
        (
            Ask("code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140),
            Ask("name", N_("Name of the package")),
        ),
        (
            Ask("first_day", N_("Holds from"), Kind.DAY,
                hint=N_("Care before this day is judged as it was."), width=150),
        ),
    )  # fmt: skip


def more_asks() -> tuple[AskGroup, ...]:
    """Return what stands behind the first questions."""
    return (
        AskGroup(
            N_("The whole package"),
            (
                (
                    Ask("cap_episode", N_("At most for a case of care"), needed=False),
                    Ask("cap_person_year", N_("At most for a person and year"), needed=False),
                    Ask("cap_household_year", N_("At most for a household and year"),
                        needed=False),
                    Ask("year_start", N_("The benefit year begins"), Kind.LIST),
                    Ask("stay_cover", N_("A stay is paid when the patient is covered"), Kind.LIST),
                ),
                (
                    Ask("in_patient_by", N_("Care is in hospital"), Kind.LIST),
                    Ask("spread", N_("What a ceiling cuts is shared"), Kind.LIST),
                    Ask("adult_age", N_("An adult from age"), Kind.NUMBER, width=110),
                    Ask("threshold", N_("The household's ceiling is for so many persons"),
                        Kind.NUMBER, needed=False, width=110),
                    Ask("reference_tariff_id", N_("Price list for care elsewhere"), Kind.LIST,
                        needed=False),
                ),
            ),
        ),
        AskGroup(
            N_("Further limits of the package"),
            ((Ask("limits", N_("Deductibles, ceilings, numbers of claims"), needed=False),), ()),
        ),
        AskGroup(
            N_("Relative prices"),
            ((Ask("distributions", N_("Shares of the contributions"), needed=False),), ()),
        ),
        AskGroup(
            N_("Payment by the head"),
            (
                (
                    Ask("capitation_share", N_("Share of the contributions, in percent"),
                        hint=N_("Left empty: no payment by the head"), needed=False, width=110),
                    Ask("capitation_levels", N_("Shared by these providers"), Kind.SEVERAL, needed=False),
                ),
                (
                    _weight("weight_population", N_("Weight of the people who live there")),
                    _weight("weight_households", N_("Weight of the households there")),
                    _weight("weight_insured", N_("Weight of the persons covered")),
                    _weight("weight_insured_households", N_("Weight of the households covered")),
                    _weight("weight_claims", N_("Weight of the claims")),
                    _weight("weight_amounts", N_("Weight of what was paid")),
                ),
            ),
        ),
    )  # fmt: skip


def _weight(name: str, label: str) -> Ask:
    return Ask(name, label, hint=_ZERO, needed=False, width=110)


def told_of(version: PackageVersion, names: tuple[str, ...]) -> dict[str, object]:
    """Return a version as its form shows it."""
    told: dict[str, object] = {
        name: getattr(version, name) for name in names if name not in CAPITATION
    }
    held = version.capitation
    if held is not None:
        told |= {"capitation_levels": held.levels, "capitation_share": held.share}
        told |= {name: getattr(held, name) for name in WEIGHTS}
    return told


def whole_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a version that a form describes."""
    given = {name: value for name, value in told.items() if name not in CAPITATION}
    share = told["capitation_share"]
    given["capitation"] = None
    if share is not None:
        weights = {name: told[name] or 0 for name in WEIGHTS}
        given["capitation"] = Capitation(told["capitation_levels"], share, **weights)
    return given
