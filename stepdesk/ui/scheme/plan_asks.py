"""Every parameter of a plan as a question: ten first, the others in groups behind them.

Source: domain handbook 2.4; openIMIS handbook 2.3 to 2.5 for what its products have beside that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stepdesk.contributions.terms import (
    Basis,
    ChargeAdded,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    PartialRule,
    Per,
    Periodicity,
    Renewal,
    SeasonCover,
    WaitingWhenLate,
)
from stepdesk.i18n import N_, Text
from stepdesk.ui.members.answers import Answer
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.plan_lines import (
    bands_line,
    categories_line,
    day_line,
    days_line,
    season_line,
    share_line,
    windows_line,
)
from stepdesk.ui.scheme.plan_rows import PlanRows
from stepdesk.ui.speech import Speaker

BASES = {
    Basis.PER_PERSON: N_("each person pays"),
    Basis.PER_HOUSEHOLD: N_("the household pays as one"),
    Basis.BY_SIZE_BAND: N_("by the size of the household"),
    Basis.BY_CATEGORY: N_("by the household's category"),
    Basis.MEMBER_PLUS_DEPENDANT: N_("the member, and each dependant"),
    Basis.LUMP_PLUS_EXTRA: N_("a lump sum, and each one more"),
}
PERIODS = {
    Periodicity.MONTHLY: N_("every month"),
    Periodicity.QUARTERLY: N_("every quarter"),
    Periodicity.HALF_YEARLY: N_("every half-year"),
    Periodicity.ANNUAL: N_("every year"),
    Periodicity.SEASONAL: N_("by the season, at harvest"),
    Periodicity.SINGLE: N_("once, for ever"),
}
_CYCLES = {
    Cycle.ROLLING: N_("from the entry on"),
    Cycle.FIXED: N_("the same for all"),
}
_LATE_ENTRY = {
    LateEntry.FULL: N_("the whole period"),
    LateEntry.PRO_RATA_MONTHS: N_("the months that are left"),
    LateEntry.NEXT_CYCLE: N_("it waits for the next cycle"),
}
_EFFECTS = {
    EffectRule.PAYMENT_DATE: N_("the day of payment"),
    EffectRule.FIRST_OF_MONTH: N_("the first day of the month"),
    EffectRule.FIRST_OF_NEXT_MONTH: N_("the first day of the next month"),
    EffectRule.CYCLE_START: N_("the beginning of the cycle"),
}
_WAITING = {
    WaitingWhenLate.CONTINUES: N_("goes on"),
    WaitingWhenLate.FREEZES: N_("stands still"),
    WaitingWhenLate.RESTARTS: N_("begins anew"),
}
_DURING = {
    DuesDuringSuspension.CONTINUE: N_("all are asked for"),
    DuesDuringSuspension.STOP_AFTER_1: N_("one more is asked for"),
    DuesDuringSuspension.STOP: N_("none is asked for"),
}
_RENEWALS = {
    Renewal.AUTOMATIC: N_("goes on by itself"),
    Renewal.ON_PAYMENT: N_("begins with the payment"),
}
_PARTIAL = {
    PartialRule.WHOLE_PERIODS_ONLY: N_("nobody for longer: whole periods only"),
    PartialRule.PER_PERSON_PARTIAL: N_("as many persons as are paid for"),
}
_SEASON_COVER = {
    SeasonCover.ALL_OR_SUSPEND: N_("until the grace of the next day is over"),
    SeasonCover.PROPORTIONAL: N_("its share of the year"),
}
_CHARGES = {
    None: N_("with the first period not paid yet"),
    ChargeAdded.NEXT_PERIOD: N_("from the next period on, also a paid one"),
    ChargeAdded.PRO_RATA: N_("at once, for the months left"),
}
_PER = {Per.HOUSEHOLD: N_("household"), Per.PERSON: N_("person")}
_YES_NO = {True: N_("yes"), False: N_("no")}

CHOICES: Mapping[str, Choices] = {
    "basis": options(BASES),
    "periodicity": options(PERIODS),
    "cycle": options(_CYCLES),
    "late_entry": options(_LATE_ENTRY),
    "effect_rule": options(_EFFECTS),
    "waiting_when_late": options(_WAITING),
    "dues_during_suspension": options(_DURING),
    "renewal": options(_RENEWALS),
    "partial_rule": options(_PARTIAL),
    "season_cover_rule": options(_SEASON_COVER),
    "charge_added": options(_CHARGES),
    "entry_fee_per": options(_PER),
    "card_fee_per": options(_PER),
    "assembly_fee_per": options(_PER),
    "strike_off_needs_board": options(_YES_NO),
}

BY_BASIS: Mapping[str, frozenset[Basis]] = {
    "amount_dependant": frozenset({Basis.MEMBER_PLUS_DEPENDANT}),
    "bands": frozenset({Basis.BY_SIZE_BAND}),
    "category_amounts": frozenset({Basis.BY_CATEGORY}),
    "lump_persons": frozenset({Basis.LUMP_PLUS_EXTRA}),
    "amount_adult": frozenset({Basis.PER_PERSON, Basis.LUMP_PLUS_EXTRA}),
    "amount_child": frozenset({Basis.PER_PERSON, Basis.LUMP_PLUS_EXTRA}),
    "adult_age": frozenset({Basis.PER_PERSON, Basis.LUMP_PLUS_EXTRA}),
}
"""Parameters only these bases read; for the others they are not asked and left empty."""

BY_PERIOD = frozenset({"season", "season_cover_rule"})
"""Parameters only a season reads."""

_NO_LIMIT = N_("Left empty: no limit")
_MIXED = N_("Left empty: as the amount")
_PERCENT = N_("Percent; 0 is none")


def own_lines(speaker: Speaker, exponent: int) -> dict[str, Answer]:
    """Return the fields that are typed in their own way."""
    shares = ("penalty_rate", "prepay_discount", "early_discount", "renewal_discount")
    return {
        "bands": PlanRows(speaker, bands_line(exponent), (N_("persons"), N_("amount"))),
        "category_amounts": categories_line(exponent),
        "season": PlanRows(speaker, season_line(), (N_("day"), N_("percent"))),
        "windows": windows_line(),
        "cycle_starts": days_line(),
        "cycle_start": day_line(),
        **{name: share_line() for name in shares},
    }


def _money(exponent: int) -> Callable[..., Ask]:
    def asked(name: str, label: str, hint: str = "", *, needed: bool = True) -> Ask:
        return Ask(name, label, Kind.MONEY, hint=hint, needed=needed, width=150, exponent=exponent)

    return asked


def _number(name: str, label: str, hint: str = "", *, needed: bool = True) -> Ask:
    return Ask(name, label, Kind.NUMBER, hint=hint, needed=needed, width=110)


def _list(name: str, label: str, hint: str = "", *, needed: bool = True) -> Ask:
    return Ask(name, label, Kind.LIST, hint=hint, needed=needed, width=270)


def _line(name: str, label: str, hint: str = "", *, needed: bool = False, width: int = 0) -> Ask:
    return Ask(name, label, hint=hint, needed=needed, width=width)


Columns = tuple[tuple[Ask, ...], tuple[Ask, ...]]


@dataclass(frozen=True, slots=True)
class AskGroup:
    """Questions that belong together, in two columns."""

    title: str
    columns: Columns


def first_asks(exponent: int) -> Columns:
    """Return the questions that stand first: ten, and those the basis or a season asks for."""
    money = _money(exponent)
    return (
        (
            Ask("code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140),
            Ask("name", N_("Name of the plan")),
            Ask(
                "first_day",
                N_("Holds from"),
                Kind.DAY,
                hint=N_("What was before this day stays as it was."),
                width=150,
            ),
            _list("basis", N_("Who is it that pays?")),
            money("amount", N_("Amount a period"), N_("Where nothing below says otherwise")),
            money("amount_dependant", N_("Amount of each dependant"), needed=False),
            _line(
                "bands",
                N_("Sizes and their amounts"),
                N_(
                    "From so many persons on. Enter adds a row, Delete in an empty field removes it."
                ),
            ),
            _line(
                "category_amounts",
                N_("Categories and their amounts"),
                N_("Code and amount: IND: 0; STUDENT: 200"),
            ),
            _number(
                "lump_persons",
                N_("The lump sum is for so many persons"),
                N_("Left empty: for all"),
                needed=False,
            ),
            money("entry_fee", N_("Entry fee")),
        ),
        (
            _list("periodicity", N_("How often is it paid?")),
            _line(
                "season",
                N_("Days of the season"),
                N_(
                    "Day and share in percent. Enter adds a row, Delete in an empty field removes it."
                ),
            ),
            _number(
                "due_day",
                N_("To be paid by day (empty: the first of the period)"),
                needed=False,
            ),
            _number("grace_days", N_("Grace in days")),
            _number("waiting_months", N_("Waiting period in months")),
            _number("max_advance_periods", N_("At most so many periods ahead")),
        ),
    )


def more_asks(exponent: int) -> tuple[AskGroup, ...]:
    """Return all other questions, by what they are about."""
    return (
        _amounts(exponent),
        _calendar(),
        _fees(exponent),
        _discounts(exponent),
        _lateness(),
        _parts(),
    )


def _amounts(exponent: int) -> AskGroup:
    money = _money(exponent)
    return AskGroup(
        N_("Amounts and persons"),
        (
            (
                money("amount_adult", N_("Amount of an adult"), _MIXED, needed=False),
                money("amount_child", N_("Amount of a child"), _MIXED, needed=False),
                _number("adult_age", N_("An adult from age"), needed=False),
            ),
            (
                _number("max_persons", N_("At most so many persons"), _NO_LIMIT, needed=False),
                _number("child_max_age", N_("Children up to age"), _NO_LIMIT, needed=False),
                _list("charge_added", N_("Who is added later is charged"), needed=False),
            ),
        ),
    )


def _calendar() -> AskGroup:
    return AskGroup(
        N_("Periods, cycle and entry"),
        (
            (
                _list("cycle", N_("The periods run")),
                _line(
                    "cycle_start",
                    N_("The cycle begins on"),
                    N_("Day and month: 1/1"),
                    needed=True,
                    width=110,
                ),
                _line(
                    "cycle_starts",
                    N_("Or terms begin on"),
                    N_("Up to four days of the year: 1/1; 1/7. Left empty: none"),
                ),
                _number(
                    "period_months",
                    N_("Months of a period"),
                    N_("Left empty: as it is paid"),
                    needed=False,
                ),
                _list("renewal", N_("The next period")),
                _list("season_cover_rule", N_("A season paid in part covers")),
            ),
            (
                _line(
                    "windows",
                    N_("Entry is open"),
                    N_("First and last day: 1/1..31/3. Left empty: always"),
                ),
                _list("late_entry", N_("Who enters within a cycle pays")),
                _list("effect_rule", N_("Cover begins on")),
                _number("administration_months", N_("Months between payment and cover")),
                _number("min_first_periods", N_("Periods of the first payment, at least")),
            ),
        ),
    )


def _fees(exponent: int) -> AskGroup:
    money = _money(exponent)
    one = N_("For each")
    return AskGroup(
        N_("Fees"),
        (
            (
                Ask("entry_fee_per", N_("Entry fee for each"), Kind.ONE, width=260),
                money("card_fee", N_("Card fee")),
                Ask("card_fee_per", one, Kind.ONE, width=260),
            ),
            (
                money("assembly_fee", N_("Assembly fee, once a year")),
                Ask("assembly_fee_per", one, Kind.ONE, width=260),
            ),
        ),
    )


def _discounts(exponent: int) -> AskGroup:
    return AskGroup(
        N_("Discounts and penalties"),
        (
            (
                _line("prepay_discount", N_("For paying the year at once"), _PERCENT,
                      needed=True, width=110),
                _line("early_discount", N_("For entering early"), _PERCENT,
                      needed=True, width=110),
                _number("early_discount_months", N_("Early is so many months before")),
                _line("renewal_discount", N_("For renewing early"), _PERCENT,
                      needed=True, width=110),
                _number("renewal_discount_months", N_("Early is so many months before the end")),
            ),
            (
                _line("penalty_rate", N_("Penalty for paying late"), _PERCENT,
                      needed=True, width=110),
                _money(exponent)("penalty_fixed", N_("And a fixed penalty")),
            ),
        ),
    )  # fmt: skip


def _lateness() -> AskGroup:
    return AskGroup(
        N_("Grace, waiting, suspension, striking off"),
        (
            (
                _number("entry_grace_months", N_("Months of grace to enter")),
                _number("renewal_grace_months", N_("Months of grace to renew")),
                _number(
                    "payment_grace_months",
                    N_("Months of grace to pay"),
                    N_("Left empty: the grace in days"),
                    needed=False,
                ),
                _list("waiting_when_late", N_("In a suspension, waiting")),
                _list("dues_during_suspension", N_("In a suspension, contributions")),
            ),
            (
                _number("reinstate_short_months", N_("A short suspension is up to months")),
                _number("reinstate_wait_short_days", N_("After a short one rights wait, days")),
                _number("reinstate_wait_long_days", N_("After a longer one rights wait, days")),
                _number("strike_off_after_months", N_("Struck off after months")),
                Ask("strike_off_needs_board", N_("Only the board strikes off"), Kind.ONE,
                    width=200),
                _number("newborn_declare_days", N_("Days to tell of a newborn")),
            ),
        ),
    )  # fmt: skip


def _parts() -> AskGroup:
    return AskGroup(
        N_("Part payments and rounding"),
        (
            (
                _list("partial_rule", N_("Of a part payment is covered")),
                _number(
                    "max_instalments",
                    N_("A period is paid in at most so many parts"),
                    _NO_LIMIT,
                    needed=False,
                ),
            ),
            (
                _number(
                    "rounding",
                    N_("Amounts are rounded to"),
                    N_("In the smallest coins of the currency; 1 is not at all"),
                ),
            ),
        ),
    )


def hidden(basis: object, periodicity: object) -> frozenset[str]:
    """Return the questions that mean nothing for this basis and these periods."""
    found = {name for name, bases in BY_BASIS.items() if basis not in bases}
    if periodicity is not Periodicity.SEASONAL:
        found |= BY_PERIOD
    return frozenset(found)


def words_of(version_basis: Basis) -> Text:
    """Return a basis in words, for the list of versions."""
    return Text(BASES[version_basis])
