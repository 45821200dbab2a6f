"""Plans and their versions."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import (
    Band,
    Basis,
    ChargeAdded,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    PartialRule,
    Per,
    Periodicity,
    PlanVersion,
    Renewal,
    SeasonCover,
    SeasonDue,
    WaitingWhenLate,
    Window,
)
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch
from stepdesk.values.ids import (
    PlanId,
    PlanVersionId,
)

_PLANS = (
    "SELECT p.code, v.* FROM plan_version v JOIN plan p ON p.id = v.plan_id"
    " ORDER BY v.plan_id, v.first_day, v.id"
)
_PLAN = (
    "SELECT p.code, v.* FROM plan_version v JOIN plan p ON p.id = v.plan_id"
    " WHERE v.plan_id = :plan ORDER BY v.first_day, v.id"
)


def _bands(told: str) -> tuple[Band, ...]:
    return tuple(Band(*one) for one in json.loads(told))


def _season(told: str) -> tuple[SeasonDue, ...]:
    return tuple(SeasonDue(*one) for one in json.loads(told))


def _windows(told: str) -> tuple[Window, ...]:
    return tuple(Window(tuple(first), tuple(last)) for first, last in json.loads(told))


def _pairs(told: str) -> tuple[tuple[str, int], ...]:
    return tuple((code, amount) for code, amount in json.loads(told))


def _days(told: str) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(one) for one in json.loads(told))


MORE: Mapping[str, Callable[[Any], Any]] = {
    "amount_dependant": int,
    "amount_adult": int,
    "amount_child": int,
    "adult_age": int,
    "bands": _bands,
    "category_amounts": _pairs,
    "lump_persons": int,
    "max_persons": int,
    "season": _season,
    "season_cover_rule": SeasonCover,
    "windows": _windows,
    "cycle_starts": _days,
    "period_months": int,
    "administration_months": int,
    "entry_grace_months": int,
    "renewal_grace_months": int,
    "payment_grace_months": int,
    "max_instalments": int,
    "entry_fee_per": Per,
    "card_fee": int,
    "card_fee_per": Per,
    "assembly_fee": int,
    "assembly_fee_per": Per,
    "penalty_rate": int,
    "penalty_fixed": int,
    "prepay_discount": int,
    "early_discount": int,
    "early_discount_months": int,
    "renewal_discount": int,
    "renewal_discount_months": int,
    "partial_rule": PartialRule,
    "charge_added": ChargeAdded,
}


def plans(connection: Connection) -> dict[PlanId, tuple[PlanVersion, ...]]:
    """Return every plan's versions by first day."""
    found: dict[PlanId, list[PlanVersion]] = {}
    for row in fetch(connection, _PLANS):
        found.setdefault(PlanId(row.plan_id), []).append(plan_version(row))
    return {plan: tuple(versions) for plan, versions in found.items()}


def plan_versions(connection: Connection, plan_id: PlanId) -> tuple[PlanVersion, ...]:
    """Return one plan's versions by first day; empty when nothing was said of it yet."""
    return remembered(connection, ("plan", "plan_version"), _plan_versions, plan_id)


def _plan_versions(connection: Connection, plan_id: PlanId) -> tuple[PlanVersion, ...]:
    return tuple(plan_version(row) for row in fetch(connection, _PLAN, plan=plan_id))


@lru_cache(maxsize=256)
def plan_version(row: Any) -> PlanVersion:
    """Return a version from its row. Each contribution asks, and a version is written once."""
    return PlanVersion(
        id=PlanVersionId(row.id),
        plan_id=PlanId(row.plan_id),
        code=row.code,
        name=row.name,
        first_day=date.fromisoformat(row.first_day),
        basis=Basis(row.basis),
        amount=row.amount,
        periodicity=Periodicity(row.periodicity),
        cycle=Cycle(row.cycle),
        cycle_start=(row.cycle_month, row.cycle_day),
        late_entry=LateEntry(row.late_entry),
        effect_rule=EffectRule(row.effect_rule),
        due_day=row.due_day,
        grace_days=row.grace_days,
        entry_fee=row.entry_fee,
        waiting_months=row.waiting_months,
        waiting_when_late=WaitingWhenLate(row.waiting_when_late),
        min_first_periods=row.min_first_periods,
        max_advance_periods=row.max_advance_periods,
        dues_during_suspension=DuesDuringSuspension(row.dues_during_suspension),
        renewal=Renewal(row.renewal),
        reinstate_short_months=row.reinstate_short_months,
        reinstate_wait_short_days=row.reinstate_wait_short_days,
        reinstate_wait_long_days=row.reinstate_wait_long_days,
        strike_off_after_months=row.strike_off_after_months,
        strike_off_needs_board=bool(row.strike_off_needs_board),
        child_max_age=row.child_max_age,
        newborn_declare_days=row.newborn_declare_days,
        rounding=row.rounding,
        **_more_of(row),
    )


def _more_of(row: Any) -> dict[str, Any]:
    """Return the parameters a version may leave out; what is left out keeps its default."""
    return {
        name: make(getattr(row, name))
        for name, make in MORE.items()
        if getattr(row, name) is not None
    }
