"""What a package says of one service, as questions: ten first, the others behind them.

Source: domain handbook 2.7; openIMIS handbook 2 for what its products have beside that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stepdesk.benefits.terms import BenefitRule, Copay, Share
from stepdesk.i18n import N_, Text
from stepdesk.ui.members.answers import Answer, MoneyLine, NumberLine
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.packages.lines import (
    NO_LIMIT,
    NONE_ALLOWED,
    NOTHING_PAID,
    Many,
    Meant,
    share_line,
)
from stepdesk.ui.packages.words import (
    AGES,
    COPAYS,
    COVERED,
    DEDUCTIBLES,
    EXCLUSIONS,
    LEVELS,
    ORIGINS,
    PAYMENTS,
    SCOPES,
    SEXES,
    VISITS,
    WINDOWS,
    YES_NO,
)
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.plan_asks import AskGroup, Columns
from stepdesk.ui.speech import Speaker
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency, Money

_NONE_TAKEN = N_("none is taken")
_NO_WAIT = N_("no waiting")
_TRUTHS = (
    "requires_letter",
    "requires_referral",
    "requires_medical_review",
    "waiting_exempt",
    "emergency_out_of_network",
    "children_apart",
)
CHOICES: Mapping[str, Choices] = {
    "covered": options(COVERED),
    "deductible_scope": options(DEDUCTIBLES),
    "limit_scope": options(SCOPES),
    "limit_window": options(WINDOWS),
    "payment": options(PAYMENTS),
    "sex": options(SEXES),
    "levels": options(LEVELS),
    "price_origin": options(ORIGINS),
    "ceiling_exclusion": options(EXCLUSIONS),
    "ceiling_exclusion_child": options(EXCLUSIONS),
    **{name: options(YES_NO) for name in _TRUTHS},
}


def own_lines(speaker: Speaker, today: date, currency: Currency) -> dict[str, Answer]:
    """Return the fields that say what nought means, the member's share, and the list of shares."""
    exponent = currency.exponent

    def money(nought: str, empty: str = NO_LIMIT) -> Meant:
        return Meant(speaker, MoneyLine(exponent), nought, empty)

    def number(nought: str, empty: str = NO_LIMIT) -> Meant:
        return Meant(speaker, NumberLine(), nought, empty)

    return {
        "copay": share_line(exponent),
        "deductible": money(_NONE_TAKEN, ""),
        **{
            name: money(NOTHING_PAID)
            for name in ("cap_act", "cap_episode", "cap_person_year", "cap_household_year")
        },
        "limit_count": number(NONE_ALLOWED),
        "limit_count_child": number(NONE_ALLOWED),
        "waiting_months": number(_NO_WAIT, ""),
        "waiting_months_child": number(_NO_WAIT, ""),
        "age_min": number(N_("from birth")),
        "age_max": number(N_("in the first year alone")),
        "shares": Many(
            speaker,
            today,
            (
                (
                    Ask("visit", N_("Visit"), Kind.LIST, needed=False),
                    Ask("child", N_("Age"), Kind.LIST, needed=False),
                    Ask("share", N_("The member pays"), hint=_SHARE, width=140),
                ),
            ),
            _share,
            lambda one: _share_text(one, currency),
            choices={"visit": options(VISITS), "child": options(AGES)},
            own={"share": share_line(exponent)},
        ),
    }


_SHARE = N_("20 %, 500, or ≤ 500; empty is nothing")


def _share(told: dict[str, Any]) -> Share:
    return Share(told["visit"], told["child"], *told["share"])


def _share_text(one: Share, currency: Currency) -> Text:
    values = {
        "visit": Text(VISITS[one.visit]),
        "age": Text(AGES[one.child]),
        "share": member_pays(one.copay, one.copay_value, currency),
    }
    return Text(N_("{visit}, {age}: {share}"), values)


def member_pays(copay: Copay, value: int, currency: Currency) -> Text:
    """Return what the member pays, in a few words."""
    if copay is Copay.NONE:
        return Text(COPAYS[copay])
    if copay is Copay.PERCENT:
        return Text("{share} %", {"share": _percent(value)})
    amount = Money(value, currency)
    if copay is Copay.FIXED:
        return Text(N_("{amount} an act"), {"amount": amount})
    return Text(N_("what is above {amount}"), {"amount": amount})


def _percent(value: int) -> str:
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def _list(name: str, label: str, hint: str = "") -> Ask:
    return Ask(name, label, Kind.LIST, hint=hint, needed=False)


def _figure(name: str, label: str, hint: str = "", *, needed: bool = False) -> Ask:
    # The field of a figure is as wide as its line: its meaning stands beside it.
    return Ask(name, label, Kind.NUMBER, hint=hint, needed=needed)


def first_asks() -> Columns:
    """Return the ten questions that stand first."""
    return (
        (
            _list("covered", N_("This service is")),
            Ask("copay", N_("The member pays"), hint=_SHARE, needed=False, width=140),
            _figure("deductible", N_("Deductible"), needed=True),
            _figure("cap_act", N_("At most for an act")),
            _figure("cap_person_year", N_("At most for a person and year")),
        ),
        (
            _figure("limit_count", N_("So many acts")),
            _figure("waiting_months", N_("Months to wait"), needed=True),
            _list("requires_letter", N_("Needs a guarantee letter")),
            _list("requires_referral", N_("Needs a referral")),
            Ask(
                "levels",
                N_("Only at these providers"),
                Kind.SEVERAL,
                hint=N_("None ticked: at all of them"),
                needed=False,
            ),
        ),
    )


def more_asks() -> tuple[AskGroup, ...]:
    """Return all other questions, by what they are about."""
    return (
        AskGroup(
            N_("Ceilings and numbers"),
            (
                (
                    _list("deductible_scope", N_("The deductible is taken for")),
                    _figure("cap_episode", N_("At most for a case of care")),
                    _figure("cap_household_year", N_("At most for a household and year")),
                    _list("ceiling_exclusion", N_("Paid outside the package's ceilings")),
                ),
                (
                    _list("limit_scope", N_("Acts are counted for")),
                    _list("limit_window", N_("Acts are counted")),
                    Ask("limit_days", N_("So many days"), Kind.NUMBER, needed=False, width=110),
                    _list("price_origin", N_("The price that counts")),
                ),
            ),
        ),
        AskGroup(
            N_("For whom and how"),
            (
                (
                    _list("sex", N_("For whom")),
                    _figure("age_min", N_("From age")),
                    _figure("age_max", N_("Up to age")),
                    _list("payment", N_("The scheme pays")),
                    Ask("exclusion", N_("Why it is never paid"),
                        hint=N_("Left empty: it is not excluded"), needed=False),
                ),
                (
                    _list("waiting_exempt", N_("Free of the household's waiting period")),
                    _list("requires_medical_review", N_("The medical adviser looks at it")),
                    _list("emergency_out_of_network",
                          N_("In an emergency also where nothing was agreed")),
                    Ask("declare_hours", N_("An emergency is told within hours"), Kind.NUMBER,
                        width=110),
                ),
            ),
        ),
        AskGroup(
            N_("Children, and other shares"),
            (
                (
                    _list("children_apart", N_("Children have limits of their own")),
                    _figure("limit_count_child", N_("Children: so many acts")),
                    _figure("waiting_months_child", N_("Children: months to wait"), needed=True),
                    _list("ceiling_exclusion_child",
                          N_("Children: paid outside the package's ceilings")),
                ),
                (Ask("shares", N_("Another share for a visit or an age"), needed=False),),
            ),
        ),
    )  # fmt: skip


def told_of(rule: BenefitRule | None, names: tuple[str, ...]) -> dict[str, object]:
    """Return a rule as its form shows it; None is a service that is not in the package."""
    plain = rule or BenefitRule(ServiceId(b""))
    told: dict[str, object] = {
        name: getattr(plain, name) for name in names if name not in {"copay", "covered"}
    }
    told["copay"] = (plain.copay, plain.copay_value)
    told["covered"] = None if rule is None else rule.covered
    return told


def rule_of(service_id: ServiceId, told: Mapping[str, Any]) -> BenefitRule | None:
    """Return the rule a form describes; None when the service is not in the package."""
    given = dict(told)
    if given["covered"] is None:
        return None
    given["copay"], given["copay_value"] = given["copay"]
    given["levels"] = given["levels"] or None
    given["exclusion"] = given["exclusion"] or ""
    return BenefitRule(service_id, **given)
