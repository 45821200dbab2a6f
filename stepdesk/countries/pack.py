"""The shape of a country pack and how its data file is read."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.values.money import Currency


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
    )
