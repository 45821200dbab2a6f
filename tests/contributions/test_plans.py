"""A plan's version comes back from the book as it was written, with every parameter."""

from dataclasses import replace
from datetime import date

from stepdesk.contributions.queries import plans
from stepdesk.contributions.service import add_plan, version_plan
from stepdesk.contributions.terms import (
    Band,
    Basis,
    ChargeAdded,
    PartialRule,
    Per,
    Periodicity,
    PlanVersion,
    SeasonCover,
    SeasonDue,
    Window,
)
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PlanVersionId


def test_every_parameter_comes_back(desk: Desk) -> None:
    plan_id = desk.do(add_plan, code="SEASON")
    told = PlanVersion(
        PlanVersionId(b""),
        plan_id,
        "SEASON",
        "Harvest",
        date(2024, 1, 1),
        basis=Basis.BY_SIZE_BAND,
        periodicity=Periodicity.SEASONAL,
        amount_dependant=100,
        amount_adult=200,
        amount_child=50,
        adult_age=15,
        bands=(Band(1, 400), Band(2, 1200), Band(5, 2000)),
        category_amounts=(("A", 300), ("B", 0)),
        lump_persons=6,
        max_persons=9,
        season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)),
        season_cover_rule=SeasonCover.PROPORTIONAL,
        windows=(Window((1, 1), (3, 31)),),
        cycle_starts=((1, 1), (7, 1)),
        period_months=9,
        administration_months=1,
        entry_grace_months=2,
        renewal_grace_months=3,
        payment_grace_months=0,
        max_instalments=4,
        entry_fee_per=Per.PERSON,
        card_fee=250,
        card_fee_per=Per.PERSON,
        assembly_fee=500,
        assembly_fee_per=Per.PERSON,
        penalty_rate=1000,
        penalty_fixed=100,
        prepay_discount=500,
        early_discount=250,
        early_discount_months=2,
        renewal_discount=100,
        renewal_discount_months=1,
        partial_rule=PartialRule.PER_PERSON_PARTIAL,
        charge_added=ChargeAdded.PRO_RATA,
    )
    version_id = desk.do(version_plan, version=told)
    assert desk.ask(plans)[plan_id] == (replace(told, id=version_id),)
