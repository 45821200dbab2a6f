"""Providers, price lists and agreements, in a real book."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.service import add_service
from stepdesk.benefits.terms import Category
from stepdesk.errors import Refusal
from stepdesk.i18n import speak
from stepdesk.providers.queries import (
    agreement_on,
    agreements,
    provider_of_code,
    providers,
    tariff_of_code,
    tariff_on,
    tariff_versions,
    tariffs,
)
from stepdesk.providers.service import (
    add_provider,
    add_tariff,
    end_agreement,
    sign_agreement,
    version_tariff,
)
from stepdesk.providers.terms import Agreement, Hole, Kind, Provider, TariffVersion
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import AgreementId, ProviderId, ServiceId, TariffId
from stepdesk.values.money import MOST
from stepdesk.values.month import Month

JANUARY, MARCH, JULY = date(2024, 1, 1), date(2024, 3, 1), date(2024, 7, 1)
NOBODY = b"\0" * 16


def a_provider(desk: Desk, code: str = "CS1", **told: Any) -> ProviderId:
    named: dict[str, Any] = {
        "name": "Centre de Koula",
        "level": Level.CENTRE,
        "kind": Kind.PUBLIC,
    } | told
    return desk.do(add_provider, code=code, **named)


def a_service(desk: Desk, code: str = "CONS") -> ServiceId:
    return desk.do(add_service, code=code, name=code, category=Category.OPD)


def a_tariff(desk: Desk, code: str = "PUBLIC") -> TariffId:
    return desk.do(add_tariff, code=code)


def priced(
    desk: Desk, tariff_id: TariffId, first_day: date, until: date | None = None, **prices: int
) -> TariffVersion:
    """Write prices by service code; services are made when missing."""
    ids = {code: _service(desk, code) for code in prices}
    told = {ids[code]: price for code, price in prices.items()}
    version_id = desk.do(
        version_tariff, tariff_id=tariff_id, first_day=first_day, until=until, prices=told
    )
    return TariffVersion(version_id, tariff_id, "PUBLIC", first_day, until, told)


def _service(desk: Desk, code: str) -> ServiceId:
    with desk.read() as connection:
        row = connection.exec_driver_sql("SELECT id FROM service WHERE code = ?", (code,)).first()
    return a_service(desk, code) if row is None else ServiceId(row.id)


def an_agreement(desk: Desk, **told: Any) -> Agreement:
    given: dict[str, Any] = {
        "id": AgreementId(b""),
        "provider_id": told.get("provider_id") or a_provider(desk),
        "tariff_id": told.get("tariff_id") or a_tariff(desk),
        "first_day": JANUARY,
    } | told
    return Agreement(**given)


def signed(desk: Desk, agreement: Agreement) -> Agreement:
    return replace(agreement, id=desk.do(sign_agreement, agreement=agreement))


def close_january(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 5))
    desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(verb, **told)
    assert desk.acts == acts
    return no.value.field, speak(no.value.text, "en")


# Providers


def test_providers_stand_by_code(desk: Desk) -> None:
    hospital = a_provider(
        desk,
        "H1",
        name=" Hôpital  régional ",
        level=Level.REGIONAL,
        kind=Kind.CHARITY,
        legacy_code="RAHOS001",
    )
    centre = a_provider(desk, " CS1 ")
    known = Provider(centre, "CS1", "Centre de Koula", Level.CENTRE, Kind.PUBLIC)
    assert list(desk.ask(providers).items()) == [
        (centre, known),
        (
            hospital,
            Provider(hospital, "H1", "Hôpital régional", Level.REGIONAL, Kind.CHARITY, "RAHOS001"),
        ),
    ]
    assert desk.ask(provider_of_code, " cs1") == known
    assert desk.ask(provider_of_code, "CS") is None
    assert verify_desk(desk).findings == []


def test_providers_that_cannot_stand_are_refused_beside_their_field(desk: Desk) -> None:
    a_provider(desk)
    told: dict[str, Any] = {"name": "X", "level": Level.POST, "kind": Kind.PRIVATE}
    assert refused(desk, add_provider, code=" ", **told)[0] == "code"
    assert refused(desk, add_provider, code="cs1", **told) == (
        "code",
        "There is a provider CS1 already: Centre de Koula. Choose another code.",
    )
    assert refused(desk, add_provider, code="X", **(told | {"name": ""}))[0] == "name"


# Price lists


def test_prices_hold_until_the_next_begin(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    first = priced(desk, tariff_id, JANUARY, CONS=500, LAB=0)
    later = priced(desk, tariff_id, JULY, CONS=600)
    assert desk.ask(tariff_on, tariff_id, JANUARY) == first
    assert desk.ask(tariff_on, tariff_id, date(2024, 6, 30)) == first
    assert desk.ask(tariff_on, tariff_id, JULY) == later
    assert desk.ask(tariff_on, tariff_id, date(2030, 1, 1)) == later
    assert desk.ask(tariff_versions, tariff_id) == (first, later)
    assert desk.ask(tariffs) == {tariff_id: "PUBLIC"}
    assert desk.ask(tariff_of_code, " PUBLIC ") == tariff_id
    assert desk.ask(tariff_of_code, "OTHER") is None
    assert verify_desk(desk).findings == []


def test_a_hole_names_the_days_around_it(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    assert desk.ask(tariff_on, tariff_id, MARCH) == Hole(None, None)
    first = priced(desk, tariff_id, JANUARY, MARCH, CONS=500)
    assert desk.ask(tariff_on, tariff_id, date(2023, 12, 31)) == Hole(None, JANUARY)
    assert desk.ask(tariff_on, tariff_id, date(2024, 2, 29)) == first
    assert desk.ask(tariff_on, tariff_id, MARCH) == Hole(date(2024, 2, 29), None)
    later = priced(desk, tariff_id, JULY, CONS=600)
    assert desk.ask(tariff_on, tariff_id, MARCH) == Hole(date(2024, 2, 29), JULY)
    assert desk.ask(tariff_on, tariff_id, date(2024, 6, 30)) == Hole(date(2024, 2, 29), JULY)
    assert desk.ask(tariff_on, tariff_id, JULY) == later


def test_only_the_prices_asked_for_are_read(desk: Desk) -> None:
    tariff_id = a_tariff(desk)
    version = priced(desk, tariff_id, JANUARY, CONS=500, LAB=1000, DENT=2000)
    cons, lab, _ = version.prices

    def prices(*asked: ServiceId) -> object:
        found = desk.ask(tariff_on, tariff_id, MARCH, frozenset(asked))
        assert isinstance(found, TariffVersion)
        assert replace(found, prices=version.prices) == version
        return found.prices

    assert prices(cons, lab) == {cons: 500, lab: 1000}
    assert prices(ServiceId(NOBODY)) == {}
    assert prices() == {}


@pytest.mark.parametrize("price", [-1, MOST + 1])
def test_a_price_below_zero_or_beyond_all_measure_is_refused(desk: Desk, price: int) -> None:
    asked = {"tariff_id": a_tariff(desk), "prices": {a_service(desk): price}}
    field, said = refused(desk, version_tariff, **asked, first_day=JANUARY)
    assert field == "prices"
    assert said.startswith("CONS: ")
    assert said.endswith(" is no price. Type an amount from zero.")


def test_prices_that_cannot_stand_are_refused_beside_their_field(desk: Desk) -> None:
    tariff_id, service_id = a_tariff(desk), a_service(desk)

    def field(**told: Any) -> str:
        asked = {"tariff_id": tariff_id, "first_day": JULY, "prices": {service_id: 1}} | told
        return refused(desk, version_tariff, **asked)[0]

    assert field(tariff_id=TariffId(NOBODY)) == "tariff_id"
    assert field(prices={}) == "prices"
    assert field(prices={ServiceId(NOBODY): 1}) == "prices"
    assert field(until=JULY) == "until"
    priced(desk, tariff_id, MARCH, date(2024, 8, 1), CONS=500)
    assert field(first_day=MARCH) == "first_day"
    assert field(first_day=date(2024, 7, 31)) == "first_day"
    assert field(first_day=JANUARY, until=date(2024, 3, 2)) == "until"
    priced(desk, tariff_id, JANUARY, MARCH, CONS=400)
    priced(desk, tariff_id, date(2024, 8, 1), CONS=600)


def test_prices_agreed_on_never_begin_in_a_closed_month(desk: Desk, clock: SetClock) -> None:
    close_january(desk, clock)
    tariff_id = a_tariff(desk)
    priced(desk, tariff_id, JANUARY, CONS=500)
    priced(desk, tariff_id, date(2024, 1, 15), CONS=550)
    signed(desk, an_agreement(desk, tariff_id=tariff_id))
    asked = {"tariff_id": tariff_id, "prices": {_service(desk, "CONS"): 600}}
    assert refused(desk, version_tariff, **asked, first_day=date(2024, 1, 31)) == (
        "first_day",
        "January 2024 is closed. Let new terms begin on 1 February 2024 or later.",
    )
    priced(desk, tariff_id, date(2024, 2, 1), CONS=600)


def test_a_code_names_one_price_list(desk: Desk) -> None:
    a_tariff(desk)
    assert refused(desk, add_tariff, code=" PUBLIC ")[0] == "code"
    assert refused(desk, add_tariff, code=" ")[0] == "code"


# Agreements


def test_an_agreement_holds_from_its_first_day_to_its_end(desk: Desk) -> None:
    first = signed(
        desk,
        an_agreement(
            desk, until=MARCH, payment_days=45, late_invoice_days=60, balance_billing=True
        ),
    )
    later = signed(desk, replace(first, first_day=JULY, until=None, balance_billing=False))
    provider_id = first.provider_id
    assert desk.ask(agreements, provider_id) == (first, later)
    assert desk.ask(agreement_on, provider_id, date(2023, 12, 31)) is None
    assert desk.ask(agreement_on, provider_id, JANUARY) == first
    assert desk.ask(agreement_on, provider_id, date(2024, 2, 29)) == first
    assert desk.ask(agreement_on, provider_id, MARCH) is None
    assert desk.ask(agreement_on, provider_id, date(2030, 1, 1)) == later
    assert desk.ask(agreement_on, ProviderId(NOBODY), MARCH) is None
    assert verify_desk(desk).findings == []


def test_an_end_shortens_an_agreement_and_makes_room_for_another(desk: Desk) -> None:
    first = signed(desk, an_agreement(desk))
    ended = desk.do(end_agreement, agreement_id=first.id, until=MARCH, reason="new prices")
    assert ended == replace(first, until=MARCH)
    later = signed(desk, replace(first, first_day=MARCH))
    assert desk.ask(agreements, first.provider_id) == (ended, later)
    assert desk.ask(agreement_on, first.provider_id, date(2024, 2, 29)) == ended
    assert desk.ask(agreement_on, first.provider_id, MARCH) == later


def test_an_agreement_signed_by_mistake_is_taken_back_as_a_whole(desk: Desk) -> None:
    first = signed(desk, an_agreement(desk))
    desk.do(end_agreement, agreement_id=first.id, until=JANUARY, reason="wrong provider")
    assert desk.ask(agreement_on, first.provider_id, JANUARY) is None
    right = signed(desk, first)
    assert desk.ask(agreement_on, first.provider_id, JANUARY) == right


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            {"first_day": date(2024, 6, 30)},
            "An agreement holds from 1 March 2024 to 30 June 2024. Choose other days.",
        ),
        (
            {"first_day": JANUARY, "until": date(2024, 3, 2)},
            "An agreement holds from 1 March 2024 to 30 June 2024. Choose other days.",
        ),
        (
            {"first_day": date(2025, 1, 1)},
            "An agreement holds since 1 September 2024. End it first.",
        ),
    ],
)
def test_two_agreements_never_hold_on_one_day(
    desk: Desk, told: dict[str, Any], sentence: str
) -> None:
    first = signed(desk, an_agreement(desk, first_day=MARCH, until=JULY))
    signed(desk, replace(first, first_day=date(2024, 9, 1), until=None))
    asked = replace(first, **({"until": None} | told))
    assert refused(desk, sign_agreement, agreement=asked) == ("first_day", sentence)
    signed(desk, replace(first, first_day=JULY, until=date(2024, 9, 1)))
    signed(desk, replace(first, first_day=JANUARY, until=MARCH))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"provider_id": ProviderId(NOBODY)}, "provider_id"),
        ({"tariff_id": TariffId(NOBODY)}, "tariff_id"),
        ({"until": JANUARY}, "until"),
        ({"payment_days": -1}, "payment_days"),
        ({"payment_days": 367}, "payment_days"),
        ({"late_invoice_days": -1}, "late_invoice_days"),
        ({"late_invoice_days": 367}, "late_invoice_days"),
    ],
)
def test_an_agreement_that_cannot_stand_is_refused_beside_its_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    assert refused(desk, sign_agreement, agreement=an_agreement(desk, **told))[0] == field


def test_an_end_that_cannot_stand_is_refused_beside_its_field(desk: Desk, clock: SetClock) -> None:
    first = signed(desk, an_agreement(desk, until=JULY))
    close_january(desk, clock)

    def no(**told: Any) -> tuple[str, str]:
        asked = {"agreement_id": first.id, "until": MARCH, "reason": "prices"} | told
        return refused(desk, end_agreement, **asked)

    assert no(agreement_id=AgreementId(NOBODY))[0] == "agreement_id"
    assert no(reason=" ")[0] == "reason"
    assert no(until=date(2023, 12, 31))[0] == "until"
    assert no(until=date(2024, 7, 2))[0] == "until"
    assert no(until=date(2024, 1, 31)) == (
        "until",
        "January 2024 is closed. Let the agreement end on 1 February 2024 or later.",
    )
    desk.do(end_agreement, agreement_id=first.id, until=MARCH, reason="prices")
    assert no() == (
        "agreement_id",
        "This agreement was ended already, from 1 March 2024 on. Choose another one.",
    )
