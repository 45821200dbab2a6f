"""The shape of a country pack and how its data file is read."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.values.money import Currency
from stepdesk.values.phones import NO_PLAN, OldForm, PhonePlan


@dataclass(frozen=True, slots=True)
class AccountOfRole:
    """The account number a posting role maps to, with its name in each language.

    `verified` is False where the official number could not be read; it is never shown as law.
    """

    role: str
    number: str
    names: dict[str, str]
    verified: bool

    def name(self, language: str) -> str:
        return self.names.get(language, self.names["en"])


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter from its first day on, with where it comes from."""

    first_day: date
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class PracticeService:
    """A service of the practice catalogue: its price is in francs, for one unit."""

    code: str
    category: str
    names: dict[str, str]
    units: dict[str, str]
    price: int


@dataclass(frozen=True, slots=True)
class DatedCatalogue:
    """The practice catalogue from its first day on, with where its prices come from."""

    first_day: date
    source: str
    services: tuple[PracticeService, ...]


@dataclass(frozen=True, slots=True)
class CountryPack:
    """What a country fixes: currency, languages, chart of accounts, dated numbers."""

    code: str
    names: dict[str, str]
    currency: Currency
    languages: tuple[str, ...]
    time_zone: str
    coins: tuple[int, ...]
    chart: dict[str, AccountOfRole]
    numbers: dict[str, tuple[Dated, ...]]
    sections: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    catalogues: tuple[DatedCatalogue, ...]
    phones: PhonePlan = NO_PLAN

    def name(self, language: str) -> str:
        return self.names.get(language, self.names["en"])

    def number(self, key: str, day: date) -> int:
        """Return a dated number as it stands on that day.

        Raises:
            KeyError: when the pack does not know the key on that day.
        """
        for dated in reversed(self.numbers[key]):
            if dated.first_day <= day:
                return dated.value
        raise KeyError(f"{self.code} has no {key} on {day}")

    def catalogue(self, day: date) -> DatedCatalogue:
        """Return the practice catalogue of a day; before the first one, the first."""
        begun = [one for one in self.catalogues if one.first_day <= day]
        return begun[-1] if begun else self.catalogues[0]


def load(folder: Path) -> CountryPack:
    """Read one pack from `pack.json` in its folder."""
    told: dict[str, Any] = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    return CountryPack(
        code=told["code"],
        names=told["names"],
        currency=Currency(told["currency"]["code"], told["currency"]["exponent"]),
        languages=tuple(told["languages"]),
        time_zone=told["time_zone"],
        coins=tuple(told["coins"]),
        chart={
            role: AccountOfRole(role, row["number"], row["names"], row["verified"])
            for role, row in told["chart"].items()
        },
        numbers={
            key: tuple(
                Dated(date.fromisoformat(row["first_day"]), row["value"], row["source"])
                for row in sorted(rows, key=lambda row: row["first_day"])
            )
            for key, rows in told["numbers"].items()
        },
        sections=tuple(told["practice"]["sections"]),
        women=tuple(told["practice"]["women"]),
        men=tuple(told["practice"]["men"]),
        surnames=tuple(told["practice"]["surnames"]),
        catalogues=tuple(_catalogue(one) for one in told["practice"]["services"]),
        phones=_phones(told.get("phones")),
    )


def _phones(told: dict[str, Any] | None) -> PhonePlan:
    if told is None:
        return NO_PLAN
    return PhonePlan(
        told["calling_code"],
        told["digits"],
        tuple(
            OldForm(row["digits"], row["starts"], tuple(row["before"]), row["source"])
            for row in told["old"]
        ),
    )


def _catalogue(told: dict[str, Any]) -> DatedCatalogue:
    return DatedCatalogue(
        date.fromisoformat(told["first_day"]),
        told["source"],
        tuple(
            PracticeService(row["code"], row["category"], row["names"], row["unit"], row["price"])
            for row in told["services"]
        ),
    )
