"""Every country pack passes these: accounts, names, sources, coins."""

from datetime import date

import pytest

from stepdesk.benefits.terms import Category
from stepdesk.countries import PACKS, country
from stepdesk.i18n import LANGUAGES
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.service import SPENDING
from stepdesk.payers.rules import ROLE_OF

POSTED = {
    "entry_fee",
    "contrib_advance",
    "contribution",
    "member_receivable",
    "collector",
    "gift",
    "retained_plus",
    "contribution_sub",
    *ROLE_OF.values(),
    *BOXES,
    *SPENDING,
}
NUMBERS = (
    "cash_round",
    "cash_limit",
    "double_sign_amount",
    "payer_alert_days",
    "letter_days",
    "letter_days_delivery",
)


@pytest.mark.parametrize("code", PACKS)
def test_the_chart_has_every_account_that_is_posted_to(code: str) -> None:
    pack = country(code)
    assert set(pack.chart) >= POSTED
    numbers = [account.number for account in pack.chart.values()]
    assert len(set(numbers)) == len(numbers)
    for account in pack.chart.values():
        assert all(account.names.get(language) for language in LANGUAGES), account.role


@pytest.mark.parametrize("code", PACKS)
def test_every_number_is_dated_and_names_its_source(code: str) -> None:
    pack = country(code)
    for key in NUMBERS:
        assert pack.number(key, date(2026, 1, 1)) > 0
        days = [one.first_day for one in pack.numbers[key]]
        assert days == sorted(set(days))
        assert all(one.source for one in pack.numbers[key])
        with pytest.raises(KeyError):
            pack.number(key, date(1900, 1, 1))


@pytest.mark.parametrize("code", PACKS)
def test_ages_are_dated_in_order_and_never_called_law(code: str) -> None:
    pack, day = country(code), date(2026, 1, 1)
    for role in ("spouse", "mother", "head"):
        assert 0 < pack.number(f"{role}_age_least", day) < pack.number(f"{role}_age_usual", day)
    older = [pack.number(f"mother_age_{one}", day) for one in ("usual", "usual_to", "most")]
    assert older == sorted(older)
    # A household of the first registers, typed in today, is judged too.
    assert pack.number("head_age_least", date(1, 1, 1))


@pytest.mark.parametrize("code", PACKS)
def test_the_practice_catalogue_is_dated_and_names_every_service(code: str) -> None:
    pack = country(code)
    days = [one.first_day for one in pack.catalogues]
    assert days == sorted(set(days))
    for listed in pack.catalogues:
        assert listed.source
        codes = [one.code for one in listed.services]
        assert len(set(codes)) == len(codes) >= 20
        assert {one.category for one in listed.services} <= {one.value for one in Category}
        for one in listed.services:
            assert all(one.names.get(language) for language in LANGUAGES), one.code
            assert all(one.units.get(language) for language in LANGUAGES), one.code
            assert one.price >= 0
    assert pack.catalogue(date(1900, 1, 1)) == pack.catalogues[0]
    assert pack.catalogue(date(2026, 1, 1)) == pack.catalogues[-1]


@pytest.mark.parametrize("code", PACKS)
def test_coins_fall_and_the_languages_are_spoken(code: str) -> None:
    pack = country(code)
    assert list(pack.coins) == sorted(set(pack.coins), reverse=True)
    assert set(pack.languages) <= set(LANGUAGES)
    assert pack.name("fr")
    assert pack.name("en")


def test_one_country_has_francs_without_decimals_and_one_has_two() -> None:
    assert {country(code).currency.exponent for code in PACKS} == {0, 2}
