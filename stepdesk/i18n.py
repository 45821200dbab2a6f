"""Words and figures in the person's language.

Nothing is translated at import time. Rules and services hand on `Text`; the window, the command
line and the papers speak it. Babel is imported on first use: the login must not wait for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeAlias

from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

LANGUAGES = {"en": "English", "fr": "Français"}
FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar", "ff_Adlm", "nqo"})

Value: TypeAlias = "str | int | date | datetime | Month | Money | Text"


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a message for the translators and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """A message with its values, not yet in any language.

    Args:
        message: The English message, marked with `N_`, with named braces.
        values: What stands in the braces. Money, dates and months are written out in the
            reader's language; a Text inside a Text is spoken too.
        plural: The English plural; `values` then holds `count`.
    """

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""


def locale_folder() -> Path:
    """Where the catalogues lie: beside the package in a checkout, inside it when installed."""
    beside = Path(__file__).resolve().parent.parent / "locales"
    return beside if beside.is_dir() else Path(__file__).resolve().parent / "locales"


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the catalogue of a language; English is the messages themselves."""
    compiled = locale_folder() / language / "LC_MESSAGES" / "stepdesk.mo"
    if not compiled.is_file():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)


def speak(text: Text, language: str) -> str:
    """Return the text in that language, its figures written as people write them there."""
    words = catalogue(language)
    if text.plural:
        template = _counted(words, text)
    else:
        template = words.gettext(text.message) if text.message else ""
    return template.format_map(
        {name: apart(written(value, language), language) for name, value in text.values.items()}
    )


def apart(value: str, language: str) -> str:
    """Return a value so that its own order stays in a sentence that runs from the right.

    The isolates of Unicode: without them `/03` reads `03/` between Arabic words. In languages
    that run from the left it is the value itself.
    """
    return f"\u2068{value}\u2069" if value and language in RIGHT_TO_LEFT else value


def _counted(words: NullTranslations, text: Text) -> str:
    """Return the form for a count: the catalogue's own, else of two translated each by itself."""
    told = text.values["count"]
    count = told if type(told) is int else 0
    found = words.ngettext(text.message, text.plural, count)
    if found not in {text.message, text.plural}:
        return found
    rule = getattr(words, "plural", None)
    several = bool(rule(count)) if rule else count != 1
    return words.gettext(text.plural if several else text.message)


def written(value: Value, language: str) -> str:  # noqa: PLR0911 - one return a kind
    """Return one value as people write it in that language."""
    match value:
        case Text():
            return speak(value, language)
        case Money():
            return money_text(value, language)
        case Month():
            return month_text(value, language)
        case datetime():
            return moment_text(value, language)
        case date():
            return day_text(value, language)
        case int():
            return count_text(value, language)
        case str():
            return value


@cache
def _symbols(language: str) -> tuple[str, str]:
    from babel import Locale

    symbols = Locale.parse(language).number_symbols["latn"]
    return str(symbols["group"]), str(symbols["decimal"])


def decimal_mark(language: str) -> str:
    """Return what stands before the decimals of a number in the language: a point or a comma."""
    return _symbols(language)[1]


def amount_text(money: Money, language: str) -> str:
    """Return the amount without its currency: 1 500, 12.50."""
    group, point = _symbols(language)
    whole, part = divmod(abs(money.minor), money.currency.scale)
    text = f"{whole:,}".replace(",", group)
    if money.currency.exponent:
        text += f"{point}{part:0{money.currency.exponent}d}"
    return f"-{text}" if money.minor < 0 else text


def currency_text(currency: Currency, language: str) -> str:
    """Return what the currency is called in the language: F CFA, XTS."""
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency.code, locale=language))


def money_text(money: Money, language: str) -> str:
    """Return the amount with its currency, kept together by no-break spaces."""
    return f"{amount_text(money, language)}\u00a0{currency_text(money.currency, language)}"


def count_text(count: int, language: str) -> str:
    return f"{count:,}".replace(",", _symbols(language)[0])


def tenths_text(tenths: int, language: str) -> str:
    """Return a number told in tenths: 52 as 5.2."""
    whole, part = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{count_text(whole, language)}{_symbols(language)[1]}{part}"


def day_text(day: date, language: str) -> str:
    """Return a day in words: 23 November 2026."""
    from babel.dates import format_date

    return str(format_date(day, _day_pattern(day, language, "d MMMM y"), locale=language))


def short_day_text(day: date, language: str) -> str:
    """Return a day for a narrow column: 23/11/2026."""
    from babel.dates import format_date

    return str(format_date(day, "dd/MM/y", locale=language))


def weekday_text(day: date, language: str) -> str:
    """Return a day with its weekday: Monday 23 November 2026."""
    from babel.dates import format_date

    return str(format_date(day, _day_pattern(day, language, "EEEE d MMMM y"), locale=language))


def _day_pattern(day: date, language: str, pattern: str) -> str:
    """The first of a month is an ordinal in French: 1er mars."""
    first = day.day == 1 and language.startswith("fr")
    return pattern.replace("d", "d'er'") if first else pattern


def month_text(month: Month, language: str) -> str:
    """Return a month in words: November 2026."""
    from babel.dates import format_date

    return str(format_date(month.first, "LLLL y", locale=language))


def short_month_text(month: Month, language: str) -> str:
    """Return a month for a narrow column: Nov 2026."""
    from babel.dates import format_date

    return str(format_date(month.first, "LLL y", locale=language))


def moment_text(moment: datetime, language: str) -> str:
    from babel.dates import format_datetime

    return str(format_datetime(moment, "d MMMM y, HH:mm", locale=language))
