"""What holds for every claim, whatever its package, agreement and review: handbook Y.8 (1), (8).

`pytest --long` tries 5,000 claims.
"""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import (
    BenefitRule,
    Composition,
    Copay,
    DeductibleScope,
    LimitKind,
    LimitOver,
    PriceOrigin,
)
from stepdesk.claims.rules import assess, packed, unpacked
from stepdesk.claims.terms import (
    Assessment,
    By,
    ClaimFacts,
    LimitFacts,
    LineDecision,
    LineFacts,
    Outcome,
)
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId

SERVICES = tuple(ServiceId(bytes([at]) * 16) for at in range(1, 5))
_limits = st.none() | st.integers(0, 50_000)


@st.composite
def rules(draw: st.DrawFn, service: ServiceId) -> BenefitRule:
    copay = draw(st.sampled_from(Copay))
    most = 10_000 if copay is Copay.PERCENT else 30_000
    return BenefitRule(
        service,
        covered=draw(st.sampled_from([True, True, True, False])),
        copay=copay,
        copay_value=0 if copay is Copay.NONE else draw(st.integers(0, most)),
        deductible=draw(st.integers(0, 500)),
        deductible_scope=draw(st.sampled_from(DeductibleScope)),
        cap_act=draw(_limits),
        cap_episode=draw(_limits),
        price_origin=draw(st.sampled_from(PriceOrigin)),
    )


@st.composite
def services(draw: st.DrawFn, service: ServiceId) -> LineFacts:
    """What is the same for all lines of one service."""
    rule = draw(st.none() | rules(service))
    parts = draw(st.sampled_from([(), (), ((SERVICES[0], 2),)]))
    whole = st.sampled_from([Composition.FIXED, Composition.PARTS])
    return LineFacts(
        service,
        1,
        0,
        draw(st.none() | st.integers(0, 30_000)),
        rule,
        left_count=draw(st.none() | st.integers(0, 30)),
        left_deductible=draw(st.integers(0, 500)),
        left_year=draw(_limits),
        left_household=draw(_limits),
        package=draw(st.sampled_from([0, 0, 1])),
        item=draw(st.booleans()),
        category=draw(st.none() | st.sampled_from(ClaimCategory)),
        largest=draw(st.none() | st.integers(0, 20)),
        too_soon=draw(st.sampled_from([False, False, False, True])),
        outside=draw(st.booleans()),
        composition=draw(whole) if parts else Composition.SINGLE,
        parts=parts if service != SERVICES[0] else (),
        index=draw(st.none() | st.integers(0, 10_000)),
    )


@st.composite
def lines(draw: st.DrawFn) -> tuple[LineFacts, ...]:
    known = {service: draw(services(service)) for service in SERVICES}
    told = []
    for service in draw(st.lists(st.sampled_from(SERVICES), min_size=1, max_size=6)):
        reviewed = draw(st.booleans())
        code = st.none() | st.sampled_from([ReasonCode.RM01, ReasonCode.RM03])
        told.append(
            replace(
                known[service],
                quantity=draw(st.integers(1, 30)),
                unit_price=draw(st.integers(0, 30_000)),
                refused=draw(st.sampled_from([(), (), (), (ReasonCode.RA04,)])),
                approved_quantity=draw(st.none() | st.integers(0, 30)) if reviewed else None,
                approved_price=draw(st.none() | st.integers(0, 30_000)) if reviewed else None,
                review_code=draw(code) if reviewed else None,
            )
        )
    return tuple(told)


@st.composite
def limits(draw: st.DrawFn) -> LimitFacts:
    kind = draw(
        st.sampled_from(
            [
                LimitKind.DEDUCTIBLE,
                LimitKind.CEILING,
                LimitKind.CEILING,
                LimitKind.CLAIM_COUNT,
                LimitKind.CLAIM_AMOUNT,
            ]
        )
    )
    of_claims = kind in {LimitKind.CLAIM_COUNT, LimitKind.CLAIM_AMOUNT}
    amount = draw(st.integers(0, 3 if kind is LimitKind.CLAIM_COUNT else 40_000))
    return LimitFacts(
        kind,
        amount,
        draw(st.integers(0, amount)),
        None if of_claims else draw(st.sampled_from(LimitOver)),
        draw(st.sampled_from(CareType)),
        draw(st.sampled_from(ClaimCategory)) if of_claims else None,
        draw(st.sampled_from([0, 1])),
    )


claims = st.builds(
    ClaimFacts,
    lines=lines(),
    cap_episode=_limits,
    left_person=_limits,
    left_household=_limits,
    promised=_limits,
    balance_billing=st.booleans(),
    coin=st.sampled_from([1, 5, 25]),
    pending=st.sampled_from([(), (), (ReasonCode.RB07,)]),
    limits=st.lists(limits(), max_size=4).map(tuple),
    packages=st.just(("BASE", "PLUS")),
    in_order=st.sampled_from([frozenset(), frozenset({0}), frozenset({0, 1})]),
    mode=st.sampled_from([*PaymentMode, PaymentMode.FEE_FOR_SERVICE]),
    discount=st.sampled_from([0, 0, 1050]),
    days=st.integers(1, 9),
)

Pair = tuple[LineFacts, LineDecision]


def pairs(facts: ClaimFacts, told: Assessment) -> list[Pair]:
    return list(zip(facts.lines, told.lines, strict=True))


def paid_of(these: Iterable[Pair]) -> int:
    return sum(done.paid for _, done in these)


def the_invoice_is_what_scheme_patient_and_provider_bear(facts: ClaimFacts) -> None:
    told = assess(facts)
    invoiced = sum(line.quantity * line.unit_price for line in facts.lines)
    assert told.claimed == told.paid + told.patient + told.disallowed == invoiced
    assert told.paid == sum(line.paid for line in told.lines)
    assert told.disallowed == sum(line.over for line in told.lines)
    assert min(told.paid, told.patient) >= 0


def each_line_adds_up_for_itself(facts: ClaimFacts) -> None:
    for line, done in pairs(facts, assess(facts)):
        assert done.claimed == line.quantity * line.unit_price
        assert 0 <= done.quantity <= line.quantity
        assert done.adjusted == done.approved - done.deducted - done.member
        assert min(done.paid, done.deducted, done.member) >= 0
        assert done.paid <= done.approved
        assert done.claimed - done.over - done.paid >= 0  # the patient's part
        if done.refused is not None:
            assert (done.paid, done.quantity, done.approved) == (0, 0, 0)
            assert done.cuts[0].code is done.refused


def no_ceiling_is_passed(facts: ClaimFacts) -> None:
    told = assess(facts)
    found = pairs(facts, told)
    inside = [one for one in found if not one[0].outside]
    base = paid_of(one for one in inside if not one[0].package)
    for plain in (facts.cap_episode, facts.left_person, facts.left_household):
        assert plain is None or base <= plain
    assert facts.promised is None or paid_of(found) <= facts.promised
    for limit in facts.limits:
        of_it = [one for one in inside if one[0].package == limit.package]
        if limit.kind is LimitKind.CEILING:
            assert paid_of(of_it) <= limit.left
        if limit.kind is LimitKind.CLAIM_AMOUNT and limit.category is told.category:
            assert paid_of(one for one in found if one[0].package == limit.package) <= limit.left
        if limit.kind is LimitKind.CLAIM_COUNT and limit.category is told.category:
            assert limit.left or not paid_of(of_it)


def no_limit_of_a_service_is_passed(facts: ClaimFacts) -> None:
    found = pairs(facts, assess(facts))
    for service in SERVICES:
        of_it = [one for one in found if one[0].service_id == service]
        for line, done in of_it:
            cap = line.rule.cap_act if line.rule else None
            assert cap is None or done.paid <= cap * done.quantity
            for limit in (line.left_year, line.left_household):
                assert limit is None or paid_of(of_it) <= limit
            count = line.left_count
            assert count is None or sum(one.quantity for _, one in of_it) <= count


def no_deductible_is_taken_beyond_what_is_left_of_it(facts: ClaimFacts) -> None:
    found = pairs(facts, assess(facts))
    for package in (0, 1):
        left = sum(
            limit.left
            for limit in facts.limits
            if limit.kind is LimitKind.DEDUCTIBLE and limit.package == package
        )
        taken = sum(
            cut.amount
            for line, done in found
            for cut in done.cuts
            if cut.by is By.DEDUCTIBLE and line.package == package
        )
        assert taken <= left


def patients_of_paid_claims_pay_in_coins_where_it_can_be_done(facts: ClaimFacts) -> None:
    told = assess(facts)
    if told.rounding:
        assert told.patient % facts.coin == 0
        assert abs(told.rounding) < facts.coin


def kept_facts_give_the_same_assessment(facts: ClaimFacts) -> None:
    assert assess(unpacked(packed(facts))) == assess(facts)
    assert packed(unpacked(packed(facts))) == packed(facts)


def less_left_never_pays_more(facts: ClaimFacts, less: int) -> None:
    left = less if facts.left_person is None else min(less, facts.left_person)
    tighter = replace(facts, left_person=left, coin=1)
    assert assess(tighter).paid <= assess(replace(facts, coin=1)).paid


def nobody_pays_by_head_or_for_what_no_line_passes(facts: ClaimFacts) -> None:
    told = assess(facts)
    if facts.mode is PaymentMode.CAPITATION or told.outcome is Outcome.REJECTED:
        assert told.paid == 0


LAWS = (
    the_invoice_is_what_scheme_patient_and_provider_bear,
    each_line_adds_up_for_itself,
    no_ceiling_is_passed,
    no_limit_of_a_service_is_passed,
    no_deductible_is_taken_beyond_what_is_left_of_it,
    patients_of_paid_claims_pay_in_coins_where_it_can_be_done,
    kept_facts_give_the_same_assessment,
    nobody_pays_by_head_or_for_what_no_line_passes,
)


@given(claims, st.integers(0, 50_000))
def test_every_law_holds_for_every_claim(facts: ClaimFacts, less: int) -> None:
    """A claim takes far longer to draw than to assess, so each is held against all nine laws."""
    for law in LAWS:
        law(facts)
    less_left_never_pays_more(facts, less)
