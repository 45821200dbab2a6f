"""Plans and their dated versions."""

import json
import os
from dataclasses import astuple

from sqlalchemy import text

from stepdesk.contributions.model import (
    plan,
    plan_version,
    scheme_key,
)
from stepdesk.contributions.queries.plans import MORE
from stepdesk.contributions.service.checking import check_version
from stepdesk.contributions.terms import (
    PlanVersion,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    PlanId,
    PlanVersionId,
)
from stepdesk.values.month import Month

_PERIODICITY = "SELECT periodicity, period_months FROM plan_version WHERE plan_id = :plan LIMIT 1"


def add_plan(work: Work, *, code: str) -> PlanId:
    """Add a plan; its terms are versions.

    Raises:
        Refusal: when a plan of that code exists.
    """
    if work.row(text("SELECT 1 FROM plan WHERE code = :code"), code=code) is not None:
        raise Refusal(
            Text(N_("There is a plan {code} already. Choose another code."), {"code": code}),
            field="code",
        )
    plan_id = PlanId(work.new_id())
    work.insert(plan, id=plan_id, code=code)
    if work.row(text("SELECT 1 FROM scheme_key WHERE purpose = 'receipt'")) is None:
        work.insert(scheme_key, id=work.new_id(), purpose="receipt", secret=os.urandom(32))
    return plan_id


def version_plan(work: Work, *, version: PlanVersion) -> PlanVersionId:
    """Write a version of a plan from its first day on; `version.id` is given anew.

    Raises:
        Refusal: what cannot be meant, beside its field (`check_version`); a first day in a closed
            month; periods of another length than the plan began with.
    """
    check_version(version)
    _check_history(work, version)
    version_id = PlanVersionId(work.new_id())
    told = {
        name: getattr(version, name)
        for name in version.__dataclass_fields__
        if name not in {"id", "code", "cycle_start", "strike_off_needs_board", *MORE}
    }
    told |= _more(version)
    work.insert(
        plan_version,
        id=version_id,
        cycle_month=version.cycle_start[0],
        cycle_day=version.cycle_start[1],
        strike_off_needs_board=int(version.strike_off_needs_board),
        **told,
    )
    return version_id


def _more(version: PlanVersion) -> dict[str, object]:
    """Return the parameters that are not left at their default; lists as short JSON."""
    told: dict[str, object] = {}
    for name in MORE:
        held = getattr(version, name)
        if held == version.__dataclass_fields__[name].default:
            continue
        told[name] = _written(name, held)
    return told


def _written(name: str, held: object) -> object:
    if name in {"bands", "season", "windows"}:
        rows = [list(astuple(row)) for row in held]  # type: ignore[attr-defined]
        return json.dumps(rows, separators=(",", ":"))
    if name in {"category_amounts", "cycle_starts"}:
        return json.dumps(held, separators=(",", ":"))
    return held


def _check_history(work: Work, version: PlanVersion) -> None:
    """Refuse what would reckon closed months, or periods that run, anew."""
    former = work.row(_PERIODICITY, plan=version.plan_id)
    if former is None:
        return
    if ledger.is_closed(work, version.first_day):
        raise Refusal(
            Text(
                N_("{month} is closed. Let new terms begin on {first} or later."),
                {
                    "month": Month.of(version.first_day),
                    "first": ledger.first_open_day(work),
                },
            ),
            field="first_day",
        )
    told = (version.periodicity.value, version.period_months)
    if (former.periodicity, former.period_months) != told:
        raise Refusal(
            Text(N_("The length of the periods stays. Make another plan for other periods.")),
            field="periodicity",
        )
