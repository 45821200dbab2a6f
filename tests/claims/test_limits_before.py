"""What was used before the book began, several packages at once, what if, nothing counted twice."""

from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.service import add_package, assign_package, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    Share,
    Spread,
)
from stepdesk.claims import queries
from stepdesk.claims.service import (
    decide_batch,
    decide_claim,
    enter_use_before,
    facts_now,
    what_if,
)
from stepdesk.claims.terms import BeforeAfter, By, Outcome
from stepdesk.errors import Refusal
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.care import ClaimCategory, Visit
from stepdesk.values.ids import ClaimId, PackageVersionId, PersonId
from stepdesk.values.money import Money
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs


def began(desk: Desk) -> date:
    return desk.made_on


def before(desk: Desk, care: Care, **told: Any) -> None:
    values: dict[str, Any] = {"person_id": care.home.person_ids[0]} | told
    desk.do(enter_use_before, **values)


@pytest.fixture
def last_day_before(desk: Desk) -> date:
    return date.fromordinal(began(desk).toordinal() - 1)


# Before the book began


def test_what_was_used_before_the_book_counts_against_the_years_limits(
    desk: Desk, last_day_before: date
) -> None:
    care = a_care(desk, cap_person_year=10_000, cap_household_year=12_000)
    before(desk, care, through=last_day_before, paid=9_800)
    batch = a_batch(desk, care)
    own = a_claim(desk, care, batch, care.line("C"))
    told = desk.do(decide_claim, claim_id=own)
    assert (told.paid, told.codes) == (200, (ReasonCode.RC05,))
    home = a_claim(desk, care, batch, care.line("DEL"), at=1)
    told = desk.do(decide_claim, claim_id=home)
    assert (told.paid, told.codes) == (2_000, (ReasonCode.RC06,))
    assert verify_desk(desk).clean


def test_acts_and_deductibles_of_before_are_taken_off(desk: Desk, last_day_before: date) -> None:
    care = a_care(
        desk,
        rules={"C": {"limit_count": 3}},
        limits=(PackageLimit(LimitKind.DEDUCTIBLE, 1000, over=LimitOver.PERSON_YEAR),),
    )
    before(desk, care, through=last_day_before, deducted=900)
    before(
        desk, care, through=last_day_before, service_id=care.services["C"], quantity=2, paid=600
    )
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C", 2))
    told = desk.do(decide_claim, claim_id=claim)
    # One of two counts: 600, less the 100 still to be taken, less a quarter.
    assert (told.lines[0].quantity, told.lines[0].deducted, told.paid) == (1, 100, 375)


def test_the_year_before_last_does_not_count(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=10_000)
    before(desk, care, through=date(2022, 12, 31), paid=9_800)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C"))
    assert desk.do(decide_claim, claim_id=claim).paid == 450


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"person_id": PersonId(b"x" * 16)}, "person"),
        ({"paid": -1}, "paid"),
        ({"deducted": -1}, "deducted"),
        ({"paid": 10**15}, "paid"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 5}, "service"),
        ({"paid": 0}, "paid"),
        ({"through": "first"}, "through"),
    ],
)
def test_what_cannot_have_been_used_is_refused(
    desk: Desk, last_day_before: date, told: dict[str, Any], field: str
) -> None:
    care = a_care(desk)
    values: dict[str, Any] = {"through": last_day_before, "paid": 5} | told
    if values["through"] == "first":
        values["through"] = began(desk)
    with pytest.raises(Refusal) as refused:
        before(desk, care, **values)
    assert refused.value.field == field


def test_a_year_is_counted_once(desk: Desk, last_day_before: date) -> None:
    care = a_care(desk)
    before(desk, care, through=last_day_before, paid=5)
    with pytest.raises(Refusal) as refused:
        before(desk, care, through=last_day_before, paid=7)
    assert refused.value.field == "through"
    before(desk, care, through=last_day_before, paid=7, service_id=care.services["C"])


# Several packages


def a_supplement(desk: Desk, care: Care, *, first: int = 1, **package: Any) -> None:
    """A second package of the plan."""
    rules = package.pop("rules")
    package_id = desk.do(add_package, code=f"PLUS{first}")
    desk.do(
        version_package,
        version=PackageVersion(
            PackageVersionId(b""),
            package_id,
            f"PLUS{first}",
            "Plus",
            date(2024, 1, 1),
            rules={
                care.services[code]: BenefitRule(care.services[code], **told)
                for code, told in rules.items()
            },
            **package,
        ),
    )
    desk.do(
        assign_package,
        plan_id=care.plan_id,
        package_id=package_id,
        first_day=date(2024, 1, 1),
        supplement=first,
    )


def test_each_line_is_paid_by_the_package_with_the_least_own_payment(desk: Desk) -> None:
    care = a_care(desk, rules={"A": {"covered": False}})
    a_supplement(
        desk,
        care,
        rules={"C": {"copay": Copay.PERCENT, "copay_value": 1000}, "A": {}},
        cap_person_year=1_000,
    )
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("C"), care.line("P", 20), care.line("A"))
    told = desk.do(decide_claim, claim_id=claim)
    # The supplement pays 540 and 900 of which 1,000 are left; the basic package 225 of 300.
    assert [line.package for line in told.lines] == [1, 0, 1]
    assert (told.lines[1].paid, told.paid) == (225, 1_225)
    assert verify_desk(desk).clean
    # What the supplement paid uses nothing of the basic package, and the rest of its year.
    facts, _ = _facts(desk, a_claim(desk, care, batch, care.line("C"), at=0, day=_later(desk)))
    assert facts.packages == ("BASE", "PLUS1")
    assert [one.left for one in facts.limits if one.over is LimitOver.PERSON_YEAR] == [0]


def _later(desk: Desk) -> date:
    return date.fromordinal(desk.today.toordinal() - 1)


def _facts(desk: Desk, claim_id: ClaimId) -> Any:
    with desk.work("look") as work:
        return facts_now(work, claim_id)


def test_a_package_that_refuses_does_not_stand_in_the_way_of_another(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"waiting_months": 24, "copay": Copay.NONE, "copay_value": 0}})
    a_supplement(desk, care, rules={"C": {"copay": Copay.PERCENT, "copay_value": 5000}})
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C"))
    told = desk.do(decide_claim, claim_id=claim)
    assert (told.outcome, told.paid) == (Outcome.APPROVED, 300)


def test_a_category_that_is_used_up_in_one_package_is_paid_by_the_other(desk: Desk) -> None:
    full = PackageLimit(LimitKind.CLAIM_COUNT, 1, category=ClaimCategory.CONSULTATION)
    care = a_care(desk, limits=(full,))
    a_supplement(desk, care, rules={"C": {"copay": Copay.PERCENT, "copay_value": 5000}})
    batch = a_batch(desk, care)
    days = (desk.today, _later(desk))
    told = [
        desk.do(decide_claim, claim_id=a_claim(desk, care, batch, care.line("C"), day=day))
        for day in days
    ]
    assert [(one.paid, one.lines[0].package) for one in told] == [(450, 0), (300, 1)]


# Whole packages in the book


def test_the_number_of_claims_of_a_category_refuses_the_next_whole(desk: Desk) -> None:
    one = PackageLimit(LimitKind.CLAIM_COUNT, 1, category=ClaimCategory.CONSULTATION)
    care = a_care(desk, limits=(one,))
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch, care.line("C"), care.line("P"))
    assert desk.do(decide_claim, claim_id=first).outcome is Outcome.APPROVED
    again = a_claim(desk, care, batch, care.line("C"), care.line("P"), day=_later(desk))
    told = desk.do(decide_claim, claim_id=again)
    assert told.outcome is Outcome.REJECTED
    assert {cut.by for line in told.lines for cut in line.cuts} == {By.CLAIMS}
    other = a_claim(desk, care, batch, care.line("C"), at=1)
    assert desk.do(decide_claim, claim_id=other).outcome is Outcome.APPROVED


def test_shares_follow_the_visit_and_ceilings_the_order_where_the_package_says_so(
    desk: Desk,
) -> None:
    free = Share(Visit.EMERGENCY, None, Copay.NONE, 0)
    care = a_care(
        desk,
        rules={"C": {"shares": (free,)}},
        spread=Spread.IN_ORDER,
        limits=(PackageLimit(LimitKind.CEILING, 700, over=LimitOver.EPISODE),),
    )
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch, care.line("C"), care.line("A"), visit=Visit.EMERGENCY)
    assert [line.paid for line in desk.do(decide_claim, claim_id=claim).lines] == [600, 100]


def test_a_provider_paid_by_head_keeps_what_its_acts_are_worth(desk: Desk) -> None:
    mode = {"mode": PaymentMode.CAPITATION, "head_amount": 100}
    care = a_care(desk, agreement=mode)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C"))
    told = desk.do(decide_claim, claim_id=claim)
    assert (told.outcome, told.paid, told.patient) == (Outcome.APPROVED, 0, 0)
    with desk.read() as connection:
        kept = connection.exec_driver_sql("SELECT shadow, paid FROM line_decision").one()
    assert tuple(kept) == (600, 0)


# Nothing is counted twice


def test_no_line_is_ever_counted_twice(desk: Desk) -> None:
    """openIMIS 1.11 pays 4,520 of 2,260: two items joined with two acts are four rows."""
    care = a_care(desk, rules={one: {"copay": Copay.NONE, "copay_value": 0} for one in "CPA"})
    batch = a_batch(desk, care, invoice_total=francs(desk, 2_260))
    lines = (
        care.line("C"),
        care.line("P", 20),
        care.line("A"),
        care.line("A", 1, 460),
    )
    claim = a_claim(desk, care, batch, *lines)
    done = desk.do(decide_batch, batch_id=batch)
    assert done.payable == francs(desk, 2_260)
    with desk.read() as connection:
        used = queries.uses_of(
            connection,
            household_id=care.home.household_id,
            person_id=care.home.person_ids[0],
            since=date(2024, 1, 1),
            today=desk.today,
        )
        listed = queries.batches(connection, desk.currency, batch_id=batch)[0]
        one = queries.claim_of(connection, claim, desk.currency)
        owed = queries.owed_to_providers(connection)
        by_service = queries.paid_by_service(connection, date(2024, 1, 1), desk.today)
    assert (len(used), sum(use.paid for use in used)) == (4, 2_260)
    assert (listed.claims, listed.claimed, listed.payable) == (
        1,
        francs(desk, 2_260),
        francs(desk, 2_260),
    )
    assert (one.paid, len(one.lines)) == (francs(desk, 2_260), 4)
    assert owed == 2_260
    assert sum(by_service.values()) == 2_260
    assert verify_desk(desk).clean


# What if


def test_what_claims_would_come_to_by_another_package_uses_its_limits_up(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    for at, day in ((0, desk.today), (0, _later(desk)), (1, desk.today)):
        desk.do(
            decide_claim, claim_id=a_claim(desk, care, batch, care.line("DEL"), at=at, day=day)
        )
    other = PackageVersion(
        PackageVersionId(b"x" * 16),
        care.package_id,
        "BASE",
        "Dearer",
        date(2024, 1, 1),
        cap_person_year=6_000,
        rules={care.services["DEL"]: BenefitRule(care.services["DEL"], cap_act=4_500)},
    )
    told = what_if(desk, package=other, first_day=date(2024, 1, 1), last_day=desk.today)

    def both(was: int, now: int) -> BeforeAfter:
        return BeforeAfter(Money(was, desk.currency), Money(now, desk.currency))

    # Before 3 x 3,750; by the other 4,500, then 1,500 of the 6,000 are left, then 4,500 for another.
    assert (told.claims, told.more, told.less) == (3, 2, 1)
    assert told.scheme == both(11_250, 10_500)
    assert told.patients == both(3_750, 4_500)
    assert told.by_service == {care.services["DEL"]: both(11_250, 10_500)}


def test_the_same_package_changes_nothing(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=1_000, rules={"C": {"limit_count": 2}})
    batch = a_batch(desk, care)
    for line in ("C", "A", "P"):
        desk.do(decide_claim, claim_id=a_claim(desk, care, batch, care.line(line, 2)))
    from stepdesk.benefits.queries import packages

    version = desk.ask(packages)[care.package_id][-1]
    told = what_if(desk, package=version, first_day=date(2024, 1, 1), last_day=desk.today)
    assert (told.more, told.less) == (0, 0)
    assert told.scheme.before == told.scheme.after


def test_a_span_without_claims_or_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    care = a_care(desk)
    version = PackageVersion(
        PackageVersionId(b"x" * 16), care.package_id, "BASE", "Base", date(2024, 1, 1)
    )
    for first, last in ((date(2024, 2, 1), date(2024, 1, 1)), (date(2024, 1, 1), desk.today)):
        with pytest.raises(Refusal):
            what_if(desk, package=version, first_day=first, last_day=last)
