"""Price lists against what was used, on the wall, and as of the day of care."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.queries import package_on, services
from stepdesk.benefits.service import version_package
from stepdesk.benefits.terms import BenefitRule, Category, Copay
from stepdesk.claims.papers import Compared, WallHead, comparison_listing, wall_list_pdf
from stepdesk.claims.papers.tariffs import whole_text
from stepdesk.claims.queries.tariffs import (
    allowed_acts,
    compared_tariffs,
    wall_lines,
    year_before,
)
from stepdesk.claims.rules import assess
from stepdesk.claims.rules.walls import member_part
from stepdesk.claims.service import decide_claim, enter_claim
from stepdesk.claims.terms import ClaimFacts, LineFacts, NewClaim, Outcome
from stepdesk.contributions.service import issue_booklet, receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.errors import Refusal
from stepdesk.i18n import Text, speak
from stepdesk.providers import rules
from stepdesk.providers.queries import tariff_on
from stepdesk.providers.service import version_tariff
from stepdesk.providers.terms import TariffVersion
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PackageVersionId, ServiceId
from stepdesk.values.money import Currency
from tests.builders import a_request
from tests.claims.kit import PRICES, Care, a_batch, a_care, a_claim, certificate

FRANCS = Currency("XOF", 0)
C, A = ServiceId(b"C" * 16), ServiceId(b"A" * 16)
MAY, JULY = date(2024, 5, 1), date(2024, 7, 1)


def plainly(told: str) -> str:
    return told.replace("\xa0", " ").replace("\u202f", " ")


# Side by side


def test_the_screen_of_the_handbook() -> None:
    # screens.md 2.7: C 600 to 750, used 412: + 61 800; A stays at 45, used 1 230.
    # 61 800 are 4.1 % of claims of 1 507 000.
    told = rules.compare(
        {C: 600, A: 45}, {C: 750, A: 45}, used={C: 412, A: 1230}, claims=1_507_000
    )
    assert [(one.used, one.more) for one in told.lines] == [(412, 61_800), (1230, 0)]
    assert (told.more, told.share) == (61_800, 41)


def test_what_one_list_does_not_name_is_shown_and_costs_nothing() -> None:
    told = rules.compare({C: 600}, {A: 45}, used={C: 3}, claims=0)
    assert [(one.service_id, one.former, one.price, one.more) for one in told.lines] == [
        (C, 600, None, None),
        (A, None, 45, None),
    ]
    assert (told.more, told.share) == (0, None)


@given(
    st.dictionaries(st.binary(min_size=16, max_size=16).map(ServiceId), st.integers(0, 10**6)),
    st.integers(0, 500),
)
def test_a_list_against_itself_costs_nothing_and_back_is_the_other_way(
    prices: dict[ServiceId, int], count: int
) -> None:
    used = dict.fromkeys(prices, count)
    dearer = {service: price * 2 for service, price in prices.items()}
    assert rules.compare(prices, prices, used=used, claims=1).more == 0
    there = rules.compare(prices, dearer, used=used, claims=1).more
    assert there == -rules.compare(dearer, prices, used=used, claims=1).more
    assert there == sum(price * count for price in prices.values())


def test_a_year_before_is_twelve_months_to_the_day() -> None:
    assert year_before(date(2026, 11, 23)) == (date(2025, 11, 24), date(2026, 11, 24))
    assert year_before(date(2024, 2, 29)) == (date(2023, 3, 1), date(2024, 3, 1))


def decided(desk: Desk, care: Care, *lines: Any, **told: Any) -> None:
    claim_id = a_claim(desk, care, a_batch(desk, care), *lines, **told)
    desk.do(decide_claim, claim_id=claim_id)


def test_what_was_allowed_at_providers_of_the_list_is_counted(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk, until=date(2025, 6, 1))
    clock.set(date(2024, 3, 4))
    decided(desk, care, care.line("C", 2), care.line("P", 20))
    clock.set(date(2024, 3, 20))
    decided(desk, care, care.line("A", 1), care.line("GLAS", 1), at=1)
    used, claims = desk.ask(allowed_acts, care.tariff_id, date(2024, 1, 1), date(2025, 1, 1))
    named = care.services
    # Glasses are not in the package: nothing was allowed.
    assert {one: count for one, count in used.items() if count} == {
        named["C"]: 2, named["P"]: 20, named["A"]: 1,
    }  # fmt: skip
    assert claims == 2 * 600 + 20 * 15 + 900
    assert desk.ask(allowed_acts, care.tariff_id, date(2024, 3, 5), date(2024, 3, 20)) == ({}, 0)
    held = desk.ask(tariff_on, care.tariff_id, desk.today)
    assert isinstance(held, TariffVersion)
    told = desk.ask(
        compared_tariffs,
        care.tariff_id,
        former=held.prices,
        prices={**held.prices, named["C"]: 750},
        day=desk.today,
    )
    assert (told.more, told.claims, told.share) == (300, 2400, 125)


# Lists of their day


def cheaper(desk: Desk, care: Care, first_day: date, share: int) -> None:
    held = desk.ask(package_on, care.plan_id, first_day)
    assert held is not None
    version = replace(
        held,
        id=PackageVersionId(b""),
        first_day=first_day,
        rules={
            service: replace(rule, copay=Copay.PERCENT, copay_value=share)
            for service, rule in held.rules.items()
        },
    )
    desk.do(version_package, version=version)


def test_a_package_changed_in_the_year_pays_each_claim_by_its_day_of_care(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    cheaper(desk, care, MAY, 5000)
    clock.set(date(2024, 5, 20))
    batch_id = a_batch(desk, care)
    paid = []
    # The invoice of May brings one certificate of April: it is judged by the package of April.
    for day, at in ((date(2024, 4, 30), 0), (MAY, 1), (date(2024, 5, 19), 2)):
        claim_id = a_claim(desk, care, batch_id, care.line("A"), day=day, at=at)
        paid.append(desk.do(decide_claim, claim_id=claim_id).paid)
    assert paid == [675, 450, 450]


def test_care_of_a_hole_between_two_lists_is_refused_with_both_days(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, until=MAY)
    desk.do(
        version_tariff,
        tariff_id=care.tariff_id,
        first_day=JULY,
        prices={care.services["C"]: 800},
    )
    clock.set(date(2024, 7, 10))
    batch_id = a_batch(desk, care)

    def entered(day: date, price: int = 600) -> NewClaim:
        return certificate(desk, care, care.line("C", price=price), day=day)

    for day in (MAY, date(2024, 6, 30)):
        with pytest.raises(Refusal) as no:
            desk.do(
                enter_claim,
                request_id=a_request(),
                batch_id=batch_id,
                certificate=entered(day),
            )
        said = speak(no.value.text, "en")
        assert "the last one ended on 30 April 2024, the next begins on 1 July 2024" in said
    paid = []
    for day, at in ((date(2024, 4, 30), 0), (JULY, 1)):
        claim_id = a_claim(desk, care, batch_id, care.line("C", price=800), day=day, at=at)
        paid.append(desk.do(decide_claim, claim_id=claim_id).paid)
    # Each by the list of its day, three quarters of it: 600 in April, 800 in July.
    assert paid == [450, 600]


# Agreements of their day, certificates of their booklet


def test_care_inside_an_agreement_is_paid_when_its_invoice_comes_later(
    desk: Desk, clock: SetClock
) -> None:
    # Domain handbook 2.9; Y.2 12: ended 30 June, care of 2 July is RB04.
    care = a_care(desk, agreement={"until": JULY})
    clock.set(date(2024, 8, 5))
    batch_id = a_batch(desk, care)
    inside = a_claim(desk, care, batch_id, day=date(2024, 6, 30))
    behind = a_claim(desk, care, batch_id, day=date(2024, 7, 2), at=1)
    paid = desk.do(decide_claim, claim_id=inside)
    assert (paid.outcome, paid.paid, paid.codes) == (Outcome.APPROVED, 450, ())
    refused = desk.do(decide_claim, claim_id=behind)
    assert (refused.outcome, refused.codes) == (Outcome.REJECTED, (ReasonCode.RB04,))


def test_a_certificate_of_no_booklet_of_the_provider_is_put_aside(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    clock.set(date(2024, 3, 4))
    batch_id = a_batch(desk, care)
    before = a_claim(desk, care, batch_id, certificate="K-7")
    assert desk.do(decide_claim, claim_id=before).outcome is Outcome.APPROVED
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=147)
    desk.do(issue_booklet, booklet_id=booklet_id, provider_id=care.provider_id)
    good = a_claim(desk, care, batch_id, at=1, certificate="0147-12")
    assert desk.do(decide_claim, claim_id=good).outcome is Outcome.APPROVED
    odd = a_claim(desk, care, batch_id, at=2, certificate="0148-12")
    aside = desk.do(decide_claim, claim_id=odd)
    assert (aside.outcome, aside.codes) == (Outcome.PENDING, (ReasonCode.RA13,))


# On the wall


@pytest.mark.parametrize(
    ("rule", "price", "part"),
    [
        (None, 600, 600),
        (BenefitRule(C, covered=False), 600, 600),
        (BenefitRule(C, exclusion="FREE_PROGRAMME"), 600, 600),
        (BenefitRule(C), 600, 0),
        (BenefitRule(C, copay=Copay.PERCENT, copay_value=2500), 600, 150),
        # A quarter of 610 is 152.5; the patient pays 150 in coins of 25.
        (BenefitRule(C, copay=Copay.PERCENT, copay_value=2500), 610, 150),
        (BenefitRule(C, copay=Copay.FIXED, copay_value=200), 600, 200),
        (BenefitRule(C, copay=Copay.FIXED, copay_value=700), 600, 600),
        (BenefitRule(C, copay=Copay.PERCENT, copay_value=5000, deductible=100), 600, 350),
        (BenefitRule(C, copay=Copay.PERCENT, copay_value=2500, cap_act=300), 600, 300),
    ],
)
def test_the_wall_tells_what_a_member_pays_of_one_act(
    rule: BenefitRule | None, price: int, part: int
) -> None:
    assert member_part(rule, price, coin=25) == part


@given(
    st.integers(0, 40_000).map(lambda count: count * 5),
    st.sampled_from(list(Copay)),
    st.integers(0, 10_000),
    st.integers(0, 3_000),
    st.none() | st.integers(0, 50_000),
    st.sampled_from([1, 5, 25]),
)
def test_the_wall_tells_what_the_assessment_would_say(
    price: int, copay: Copay, value: int, deductible: int, cap: int | None, coin: int
) -> None:
    rule = BenefitRule(C, copay=copay, copay_value=value, deductible=deductible, cap_act=cap)
    line = LineFacts(service_id=C, quantity=1, unit_price=price, tariff=price, rule=rule)
    decided = assess(ClaimFacts(lines=(line,), coin=coin))
    assert member_part(rule, price, coin=coin) == decided.patient


def test_a_list_for_the_wall_stands_by_category(desk: Desk) -> None:
    care = a_care(desk)
    held = desk.ask(tariff_on, care.tariff_id, desk.today)
    package = desk.ask(package_on, care.plan_id, desk.today)
    assert isinstance(held, TariffVersion)
    found = desk.ask(wall_lines, held.prices, package=package, coin=25)
    assert [one.service.code for one in found] == ["C", "A", "MED", "P", "DEL", "ROOM", "SURG"]
    assert {one.service.code: one.part for one in found}["C"] == 150
    assert [one.price for one in found] == [PRICES[one.service.code] for one in found]
    alone = desk.ask(wall_lines, held.prices)
    assert {one.part for one in alone} == {None}
    for large in (False, True):
        head = WallHead("CS Koula", date(2024, 1, 1), desk.currency, "Base")
        paper = wall_list_pdf(head, found, "en", scheme="Koula", practice=False, large=large)
        assert paper.startswith(b"%PDF")


def test_a_long_list_goes_on_under_its_category() -> None:
    from stepdesk.benefits.terms import Service
    from stepdesk.claims.papers.tariffs import _Wall
    from stepdesk.claims.terms.tariffs import WallLine

    one = WallLine(Service(C, "C", "Consultation", Category.OPD), 600, 150)
    head = WallHead("CS Koula", date(2024, 1, 1), FRANCS, "Base")
    pages = _Wall(head, large=False, practice=False).pages([one] * 70)
    assert len(pages) > 1
    assert all(page[0] is Category.OPD for page in pages)
    assert sum(len(page) - 1 for page in pages) == 70


def test_two_lists_side_by_side_on_paper(desk: Desk) -> None:
    care = a_care(desk)
    names = desk.ask(services)
    consultation = care.services["C"]
    told = rules.compare(
        {consultation: 600, care.services["P"]: 15},
        {consultation: 750, care.services["GLAS"]: 9000},
        used={consultation: 412},
        claims=1_507_000,
    )
    compared = Compared(Text("2026"), Text("2027"), told, names, desk.currency)
    listing = comparison_listing(compared, "en")
    rows: list[Any] = list(listing.rows)
    assert [speak(row[5], "en") for row in rows] == ["+25.0 %", "no longer listed", "new"]
    said = plainly(speak(whole_text(compared, "en"), "en"))
    assert said == "Whole list: +61,800 F CFA, +4.1 % of claims in the last twelve months."
    assert listing.pdf(
        "en", scheme="Koula", practice=False, printed_on=date(2026, 11, 23)
    ).startswith(b"%PDF")
    nothing = replace(compared, comparison=replace(told, share=None))
    assert speak(whole_text(nothing, "en"), "en").startswith("No claims")
