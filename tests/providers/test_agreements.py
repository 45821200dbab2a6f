"""Agreements from draft to renewal, and prices from draft to version."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.errors import Caution
from stepdesk.i18n import speak
from stepdesk.providers import rules
from stepdesk.providers.queries import (
    agreement_drafts,
    agreement_on,
    agreement_scan,
    agreement_states,
    agreements,
    expiring_agreements,
    tariff_drafts,
    tariff_on,
    tariff_versions,
)
from stepdesk.providers.service import (
    add_tariff,
    attach_scan,
    copied_prices,
    draft_agreement,
    draft_tariff,
    drop_agreement_draft,
    drop_tariff_draft,
    end_agreement,
    put_tariff_in_force,
    renew_agreement,
    sign_agreement,
    sign_draft,
    step_provider,
    version_tariff,
)
from stepdesk.providers.terms import (
    Agreement,
    AgreementDraft,
    AgreementState,
    PaymentMode,
    ProviderState,
    TariffDraft,
    TariffVersion,
)
from stepdesk.store.attachments import LARGEST
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import (
    AgreementDraftId,
    AgreementId,
    ProviderId,
    ServiceId,
    TariffDraftId,
    TariffId,
)
from tests.providers.test_service import (
    JANUARY,
    JULY,
    MARCH,
    NOBODY,
    a_provider,
    a_service,
    a_tariff,
    an_agreement,
    priced,
    refused,
    signed,
)

PDF = b"%PDF-1.4 signed and stamped"
SIGNED, IN_FORCE, EXPIRING, RENEWED, ENDED = (
    AgreementState.SIGNED,
    AgreementState.IN_FORCE,
    AgreementState.EXPIRING,
    AgreementState.RENEWED,
    AgreementState.ENDED,
)


# Terms


def test_everything_that_was_agreed_is_kept(desk: Desk) -> None:
    agreement = signed(
        desk,
        an_agreement(
            desk, mode=PaymentMode.CAPITATION, head_amount=250, invoice_day=10, deposit=100_000
        ),
    )
    assert desk.ask(agreements, agreement.provider_id) == (agreement,)
    hospital = a_provider(desk, "H1")
    terms = {"provider_id": hospital, "tariff_id": agreement.tariff_id}
    budget = signed(
        desk,
        an_agreement(desk, **terms, mode=PaymentMode.BUDGET, budget_amount=300_000, discount=1050),
    )
    assert desk.ask(agreement_on, hospital, MARCH) == budget
    assert verify_desk(desk).findings == []


@pytest.mark.parametrize("mode", list(PaymentMode))
def test_each_mode_of_payment_has_the_amount_it_needs_and_no_other(mode: PaymentMode) -> None:
    needed = {PaymentMode.CAPITATION: "head_amount", PaymentMode.BUDGET: "budget_amount"}
    plain = Agreement(AgreementId(b""), ProviderId(NOBODY), TariffId(NOBODY), JANUARY, mode=mode)
    fault = rules.agreement_fault(plain)
    assert (fault and fault[0]) == needed.get(mode)
    for name in ("head_amount", "budget_amount"):
        told: dict[str, Any] = {needed[mode]: 1} if mode in needed else {}
        fault = rules.agreement_fault(replace(plain, **(told | {name: 1})))
        assert (fault and fault[0]) == (None if needed.get(mode) == name else name)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"discount": -1}, "discount"),
        ({"discount": 10_000}, "discount"),
        ({"invoice_day": 0}, "invoice_day"),
        ({"invoice_day": 32}, "invoice_day"),
        ({"deposit": -1}, "deposit"),
        ({"mode": PaymentMode.CAPITATION}, "head_amount"),
        ({"mode": PaymentMode.CAPITATION, "head_amount": 1, "discount": 1}, "discount"),
        ({"mode": PaymentMode.BUDGET}, "budget_amount"),
        ({"head_amount": 250}, "head_amount"),
        ({"mode": PaymentMode.DAY_RATE, "budget_amount": 1}, "budget_amount"),
        ({"renews": AgreementId(NOBODY)}, "renews"),
    ],
)
def test_terms_that_cannot_stand_are_refused_in_a_draft_as_in_an_agreement(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    asked = an_agreement(desk, **told)
    assert refused(desk, sign_agreement, agreement=asked)[0] == field
    assert refused(desk, draft_agreement, terms=asked)[0] == field


# Where an agreement stands


def test_an_agreement_is_expiring_sixty_days_before_its_end(desk: Desk) -> None:
    agreement = signed(desk, an_agreement(desk, until=JULY))

    def state(day: date) -> AgreementState:
        ((_, found),) = desk.ask(agreement_states, agreement.provider_id, day)
        return found

    # 60 days are left after 1 May: 30 of May and 30 of June.
    assert state(date(2023, 12, 31)) is SIGNED
    assert state(JANUARY) is IN_FORCE
    assert state(date(2024, 4, 30)) is IN_FORCE
    assert state(date(2024, 5, 1)) is EXPIRING
    assert state(date(2024, 6, 30)) is EXPIRING
    assert state(JULY) is ENDED


def test_the_screen_of_the_handbook_counts_thirty_eight_days() -> None:
    # screens.md 2.7: an agreement to 31 December 2026, 38 days; the screen is of 23 November.
    assert rules.days_left(date(2027, 1, 1), date(2026, 11, 23)) == 38


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 2000),
    st.integers(-50, 2050),
    st.booleans(),
)
def test_an_agreement_pays_exactly_while_it_is_in_force_or_expiring_or_renewed_early(
    first: date, length: int, at: int, renewed: bool
) -> None:
    until, day = first + timedelta(days=length), first + timedelta(days=at)
    one = Agreement(AgreementId(b""), ProviderId(b""), TariffId(b""), first, until)
    state = rules.agreement_state(one, day, renewed=renewed)
    if state in {IN_FORCE, EXPIRING}:
        assert one.holds(day)
    if state in {SIGNED, ENDED}:
        assert not one.holds(day)
    assert (state is RENEWED) <= renewed


def test_those_that_run_out_are_listed_until_they_are_renewed(desk: Desk) -> None:
    day = date(2024, 6, 1)
    soon = signed(desk, an_agreement(desk, until=JULY))
    tariff_id = soon.tariff_id
    sooner = an_agreement(desk, provider_id=a_provider(desk, "H1"), tariff_id=tariff_id)
    sooner = signed(desk, replace(sooner, until=date(2024, 6, 11)))
    open_end = an_agreement(desk, provider_id=a_provider(desk, "H2"), tariff_id=tariff_id)
    signed(desk, open_end)
    found = desk.ask(expiring_agreements, day)
    assert [(one.provider.code, one.days) for one in found] == [("H1", 9), ("CS1", 29)]
    renewal = desk.do(renew_agreement, agreement_id=sooner.id)
    states = desk.ask(agreement_states, sooner.provider_id, day)
    assert [(one.id, state) for one, state in states] == [(sooner.id, RENEWED), (renewal, SIGNED)]
    assert [one.provider.code for one in desk.ask(expiring_agreements, day)] == ["CS1"]
    desk.do(
        step_provider,
        provider_id=soon.provider_id,
        state=ProviderState.ENDED,
        reason="moved",
    )
    assert desk.ask(expiring_agreements, day) == ()


def test_a_renewal_begins_where_the_former_ends_and_lasts_as_long(desk: Desk) -> None:
    former = signed(desk, an_agreement(desk, until=MARCH, payment_days=45, discount=500))
    new_id = desk.do(renew_agreement, agreement_id=former.id)
    # January and February 2024 are 60 days; 60 days after 1 March is 30 April.
    renewed = replace(
        former, id=new_id, first_day=MARCH, until=date(2024, 4, 30), renews=former.id
    )
    assert desk.ask(agreements, former.provider_id) == (former, renewed)
    assert refused(desk, renew_agreement, agreement_id=former.id) == (
        "agreement_id",
        "This agreement was renewed already. Choose the newer one.",
    )
    changed = replace(former, payment_days=20)
    third = desk.do(renew_agreement, agreement_id=new_id, until=JULY, terms=changed, scan=PDF)
    held = desk.ask(agreement_on, former.provider_id, date(2024, 6, 30))
    assert held is not None
    assert (held.id, held.payment_days, held.first_day) == (third, 20, date(2024, 4, 30))
    assert desk.ask(agreement_scan, third) is not None
    assert verify_desk(desk).findings == []


def test_what_has_no_end_is_not_renewed(desk: Desk) -> None:
    endless = signed(desk, an_agreement(desk))
    assert refused(desk, renew_agreement, agreement_id=endless.id)[0] == "agreement_id"
    assert refused(desk, renew_agreement, agreement_id=AgreementId(NOBODY))[0] == "agreement_id"


def test_a_renewal_that_was_taken_back_can_be_made_again(desk: Desk) -> None:
    former = signed(desk, an_agreement(desk, until=MARCH))
    wrong = desk.do(renew_agreement, agreement_id=former.id)
    desk.do(end_agreement, agreement_id=wrong, until=MARCH, reason="wrong days")
    day = date(2024, 2, 1)
    assert [one.agreement.id for one in desk.ask(expiring_agreements, day)] == [former.id]
    desk.do(renew_agreement, agreement_id=former.id, until=JULY)
    assert desk.ask(expiring_agreements, day) == ()


# Drafts


def test_a_draft_changes_until_it_is_signed_and_pays_nothing(desk: Desk) -> None:
    terms = an_agreement(desk, until=JULY)
    draft_id = desk.do(draft_agreement, terms=terms)
    assert desk.ask(agreement_drafts) == (AgreementDraft(draft_id, terms),)
    assert desk.ask(agreement_on, terms.provider_id, MARCH) is None
    changed = replace(terms, mode=PaymentMode.BUDGET, budget_amount=50_000, until=None)
    assert desk.do(draft_agreement, terms=changed, draft_id=draft_id) == draft_id
    assert desk.ask(agreement_drafts, terms.provider_id) == (AgreementDraft(draft_id, changed),)
    agreement_id = desk.do(sign_draft, draft_id=draft_id, scan=PDF)
    assert desk.ask(agreements, terms.provider_id) == (replace(changed, id=agreement_id),)
    assert desk.ask(agreement_drafts) == ()
    told: dict[str, Any] = {"draft_id": draft_id}
    assert refused(desk, sign_draft, **told)[0] == "draft_id"
    assert refused(desk, draft_agreement, **told, terms=changed)[0] == "draft_id"
    assert refused(desk, drop_agreement_draft, **told)[0] == "draft_id"
    assert verify_desk(desk).findings == []


def test_a_dropped_draft_is_signed_no_more(desk: Desk) -> None:
    draft_id = desk.do(draft_agreement, terms=an_agreement(desk))
    desk.do(drop_agreement_draft, draft_id=draft_id)
    assert desk.ask(agreement_drafts) == ()
    assert refused(desk, sign_draft, draft_id=draft_id)[0] == "draft_id"
    assert refused(desk, sign_draft, draft_id=AgreementDraftId(NOBODY))[0] == "draft_id"


def test_a_draft_stays_with_its_provider(desk: Desk) -> None:
    terms = an_agreement(desk)
    draft_id = desk.do(draft_agreement, terms=terms)
    elsewhere = replace(terms, provider_id=a_provider(desk, "H1"))
    assert refused(desk, draft_agreement, terms=elsewhere, draft_id=draft_id)[0] == "draft_id"


# Scans


def test_the_signed_paper_is_kept_among_the_attachments(desk: Desk) -> None:
    agreement = signed(desk, an_agreement(desk))
    assert desk.ask(agreement_scan, agreement.id) is None
    told = desk.do(attach_scan, agreement_id=agreement.id, scan=PDF)
    assert desk.ask(agreement_scan, agreement.id) == told
    assert desk.attachments.read(told) == PDF
    better = desk.do(attach_scan, agreement_id=agreement.id, scan=b"\xff\xd8\xff better")
    assert desk.ask(agreement_scan, agreement.id) == better
    assert verify_desk(desk).findings == []


def test_what_is_no_scan_is_refused(desk: Desk) -> None:
    agreement = signed(desk, an_agreement(desk))
    asked: dict[str, Any] = {"agreement_id": agreement.id}
    assert refused(desk, attach_scan, **asked, scan=b"MZ a programme")[0] == "scan"
    assert refused(desk, attach_scan, **asked, scan=PDF + bytes(LARGEST)) == (
        "scan",
        "A scan has at most 4 megabytes. Scan it in grey, or fewer dots.",
    )
    assert refused(desk, attach_scan, agreement_id=AgreementId(NOBODY), scan=PDF)[0] == (
        "agreement_id"
    )


# Prices


def test_drafted_prices_change_and_price_nothing_until_they_are_in_force(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    first = priced(desk, tariff_id, JANUARY, CONS=600)
    (cons,) = first.prices
    draft_id = desk.do(draft_tariff, tariff_id=tariff_id, first_day=MARCH, prices={cons: 700})
    desk.do(
        draft_tariff, tariff_id=tariff_id, first_day=JULY, prices={cons: 750}, draft_id=draft_id
    )
    drafted = TariffDraft(draft_id, tariff_id, "PUBLIC", JULY, None, {cons: 750})
    assert desk.ask(tariff_drafts, tariff_id) == (drafted,)
    assert desk.ask(tariff_on, tariff_id, date(2030, 1, 1)) == first
    version_id = desk.do(put_tariff_in_force, draft_id=draft_id)
    later = TariffVersion(version_id, tariff_id, "PUBLIC", JULY, None, {cons: 750})
    assert desk.ask(tariff_versions, tariff_id) == (first, later)
    assert desk.ask(tariff_drafts, tariff_id) == ()
    assert refused(desk, put_tariff_in_force, draft_id=draft_id)[0] == "draft_id"
    assert refused(desk, drop_tariff_draft, draft_id=draft_id)[0] == "draft_id"
    assert verify_desk(desk).findings == []


def test_drafted_prices_that_cannot_stand_are_refused(desk: Desk) -> None:
    tariff_id, cons = a_tariff(desk), a_service(desk)
    draft_id = desk.do(draft_tariff, tariff_id=tariff_id, first_day=MARCH, prices={cons: 700})
    other = desk.do(add_tariff, code="OTHER")

    def field(**told: Any) -> str:
        asked = {"tariff_id": tariff_id, "first_day": JULY, "prices": {cons: 1}} | told
        return refused(desk, draft_tariff, **asked)[0]

    assert field(tariff_id=TariffId(NOBODY)) == "tariff_id"
    assert field(prices={}) == "prices"
    assert field(prices={cons: -1}) == "prices"
    assert field(until=JULY) == "until"
    assert field(draft_id=TariffDraftId(NOBODY)) == "draft_id"
    assert field(tariff_id=other, draft_id=draft_id) == "draft_id"
    desk.do(drop_tariff_draft, draft_id=draft_id)
    assert field(draft_id=draft_id) == "draft_id"


def test_a_list_is_copied_with_a_share_more_rounded_to_a_coin(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    version = priced(desk, tariff_id, JANUARY, MARCH, CONS=600, AMOX=45, FREE=0, LAB=1010)
    cons, amox, free, lab = version.prices
    asked: dict[str, Any] = {"tariff_id": tariff_id, "day": JANUARY}
    with desk.work("look") as work:
        assert copied_prices(work, **asked) == version.prices
        # 600 + 4 % = 624; 45 + 4 % = 46.8; 1010 + 4 % = 1050.4; to the nearest 25
        assert copied_prices(work, **asked, by=400, step=25) == {
            cons: 625,
            amox: 50,
            free: 0,
            lab: 1050,
        }
        assert copied_prices(work, **asked, by=-5000) == {cons: 300, amox: 23, free: 0, lab: 505}

    def field(**told: Any) -> str:
        return refused(desk, copied_prices, **(asked | told))[0]

    assert field(tariff_id=TariffId(NOBODY)) == "tariff_id"
    assert field(day=MARCH) == "day"
    assert field(by=-10_000) == "by"
    assert field(by=90_001) == "by"
    assert field(step=0) == "step"


@given(
    st.dictionaries(st.binary(min_size=16, max_size=16).map(ServiceId), st.integers(0, 10**9)),
    st.integers(-9_999, 90_000),
    st.sampled_from([1, 5, 25, 100]),
)
def test_copied_prices_lie_on_the_step_and_near_the_share(
    prices: dict[ServiceId, int], by: int, step: int
) -> None:
    for service_id, price in rules.raised(prices, by, step=step).items():
        assert price % step == 0
        assert (price == 0) == (prices[service_id] == 0)
        exact = prices[service_id] * (10_000 + by)
        assert abs(price * 10_000 - exact) * 2 <= step * 10_000 or price == step


def test_a_zero_too_many_is_asked_about(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    version = priced(desk, tariff_id, JANUARY, CONS=600, LAB=1000)
    cons, lab = version.prices
    asked: dict[str, Any] = {"tariff_id": tariff_id, "first_day": JULY}
    with pytest.raises(Caution) as no:
        desk.do(version_tariff, **asked, prices={cons: 6000, lab: 1000})
    (doubt,) = no.value.doubts
    assert (doubt.name, doubt.field) == ("price", "prices")
    said = speak(doubt.text, "en").replace("\xa0", " ").replace("\u202f", " ")
    assert said.startswith("CONS was 600")
    assert "and is now 6,000" in said
    with pytest.raises(Caution) as no:
        desk.do(version_tariff, **asked, prices={cons: 60, lab: 10_000})
    assert speak(no.value.doubts[0].text, "en").startswith("2 prices went far")
    # Five times as much is dear, but no slip of a zero; free care is meant.
    desk.do(version_tariff, **asked, prices={cons: 3000, lab: 0})
    desk.do(
        version_tariff,
        tariff_id=tariff_id,
        first_day=date(2024, 8, 1),
        prices={cons: 60_000},
        accepting=frozenset({"price"}),
    )
