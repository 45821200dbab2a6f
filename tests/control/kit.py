"""Certificates, people and money as values: what checks look at, without a book."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from stepdesk.benefits.terms import Category
from stepdesk.control.rules import (
    Care,
    CareLine,
    Covered,
    Facts,
    Home,
    Somebody,
    Thresholds,
    look,
    sentence,
    thresholds_on,
)
from stepdesk.control.terms import Check, Finding
from stepdesk.countries import country
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.values.care import Level, Visit
from stepdesk.values.ids import ClaimId, HouseholdId, PersonId, ProviderId, ServiceId, StaffId
from stepdesk.values.money import Currency

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
MARCH = date(2024, 3, 5)
_numbers = count(1)


def limits() -> Thresholds:
    return thresholds_on(country("SN"), LAST)


def an_id(number: int, kind: int = 0) -> bytes:
    return bytes([kind]) + number.to_bytes(15, "big")


def person_id(number: int) -> PersonId:
    return PersonId(an_id(number, 1))


def household_id(number: int) -> HouseholdId:
    return HouseholdId(an_id(number, 2))


def provider_id(number: int) -> ProviderId:
    return ProviderId(an_id(number, 3))


def staff_id(number: int) -> StaffId:
    return StaffId(an_id(number, 4))


def line(category: Category = Category.OPD, price: int = 600, service: int = 0) -> CareLine:
    number = service or list(Category).index(category) + 1
    return CareLine(ServiceId(an_id(number, 5)), category, 1, price)


def care(who: int = 1, day: date = MARCH, *lines: CareLine, at: int = 1, **told: Any) -> Care:
    """A certificate of a person of household 1, a consultation of 600 at provider 1 unless told."""
    shown = lines or (line(),)
    values: dict[str, Any] = {
        "claim_id": ClaimId(an_id(next(_numbers), 6)),
        "provider_id": provider_id(at),
        "person_id": person_id(who),
        "household_id": household_id(told.pop("home", 1)),
        "first_day": day,
        "last_day": day + timedelta(days=told.pop("nights", 0)),
        "visit": Visit.OTHER,
        "claimed": sum(one.amount for one in shown),
        "lines": shown,
    } | told
    return Care(**values)


def somebody(number: int = 1, *, sex: Sex = Sex.FEMALE, age: int = 30, **told: Any) -> Somebody:
    """A person covered by household 1 since 2020 unless told, aged so at the end of 2024."""
    home = told.pop("home", 1)
    covers = told.pop("covers", (Covered(household_id(home), date(2020, 1, 1)),))
    return Somebody(person_id(number), sex, date(2024 - age, 6, 1), covers=covers, **told)


def a_home(number: int = 1, **told: Any) -> Home:
    values: dict[str, Any] = {
        "joined_on": date(2020, 1, 1),
        "declared_size": 3,
        "rights_from": date(2020, 4, 1),
    } | told
    return Home(household_id(number), **values)


def facts(
    told: Iterable[Care] = (),
    people: Iterable[Somebody] | None = None,
    **more: Any,
) -> Facts:
    """The year 2024 with these certificates; whoever has one is a woman of 30 unless told."""
    certificates = tuple(sorted(told, key=lambda one: (one.first_day, one.claim_id)))
    known = {
        one.person_id: Somebody(
            one.person_id,
            Sex.FEMALE,
            date(1994, 6, 1),
            covers=(Covered(one.household_id, date(2020, 1, 1)),),
        )
        for one in certificates
    } | {one.id: one for one in people or ()}
    levels = {one.provider_id: Level.CENTRE for one in certificates} | more.pop("levels", {})
    return Facts(FIRST, LAST, certificates, known, levels=levels, **more)


def seen(what: Facts, check: Check) -> list[Finding]:
    """What one check sees; each of it can be said."""
    found = [one for one in look(what, limits()) if one.check is check]
    for one in found:
        said = speak(sentence(one.check, one.numbers, Currency("XOF", 0)), "en")
        assert "{" not in said, said
        assert said.endswith("."), said
    return found
