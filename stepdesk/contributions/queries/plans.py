"""Plans and their versions."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import (
    Basis,
    Cycle,
    DuesDuringSuspension,
    EffectRule,
    LateEntry,
    Periodicity,
    PlanVersion,
    Renewal,
    WaitingWhenLate,
)
from stepdesk.store.reading import fetch
from stepdesk.values.ids import (
    PlanId,
    PlanVersionId,
)

_PLANS = (
    "SELECT p.code, v.* FROM plan_version v JOIN plan p ON p.id = v.plan_id"
    " ORDER BY v.plan_id, v.first_day, v.id"
)


def plans(connection: Connection) -> dict[PlanId, tuple[PlanVersion, ...]]:
    """Return every plan's versions by first day."""
    found: dict[PlanId, list[PlanVersion]] = {}
    for row in fetch(connection, _PLANS):
        found.setdefault(PlanId(row.plan_id), []).append(plan_version(row))
    return {plan: tuple(versions) for plan, versions in found.items()}


def plan_version(row: Any) -> PlanVersion:
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
    )
