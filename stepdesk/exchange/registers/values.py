"""Cells to values, as generously as people write them. Pure.

Each reader answers the value and whether something was put right on the way, or raises `Unread`.
Source: screens handbook 6.3.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from stepdesk.exchange.registers.terms import Cell, shown
from stepdesk.exchange.registers.words import (
    month_of,
    nothing,
    plain,
    relations,
    sex_of_relation,
    sexes,
)
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import OLDEST
from stepdesk.members.terms import Birth, BirthKnown, Relation, Sex
from stepdesk.values.money import Currency
from stepdesk.values.month import Month, add_months

EXCEL_ZERO = date(1899, 12, 30)
EARLIEST_SERIAL = 3000
"""Excel's day 3000 is in March 1908; smaller numbers are ages or years."""

_LETTERS_FOR_FIGURES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_LIKE_FIGURES = frozenset("OolI")
_MIXED = re.compile(r"(?=[\d\sOolI./,-]*\d)[\d\sOolI./,-]+")
_MIXED_WORD = re.compile(r"(?<!\w)(?=[OolI]*\d)(?=\w*[OolI])[\dOolI]{2,}(?!\w)")
"""Of a text with other words, a word of figures and letters read as such: `vers 198O`."""
_DAY = re.compile(r"(\d{1,4})[/.\s-]+(\d{1,2})[/.\s-]+(\d{1,4})(?:\s+\d{1,2}:\d\d.*)?")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_WORDED = re.compile(r"(?:(\d{1,2})(?:er)?\s+)?([a-z]+)\s+(\d{4}|\d{2})")
_AGE = re.compile(r"(\d{1,3})\s*(?:ans?|years?|yrs?|anos?|a)")
_MONTHS_OLD = re.compile(r"(\d{1,2})\s*(?:mois|months?|meses|mes|m)")
_ABOUT = re.compile(r"^(?:vers|environ|env|ca|circa|about|c|cerca de|estime|estimee|\+|~)\s+")
_BORN = re.compile(r"^(?:(?:ne|nee|nele|ne e|en|le|in|on|born|annee|em)\s+)+")
_PHONES = re.compile(r"[/;,|]|\bou\b|\bet\b|\bor\b|\s-\s")
_NO_FIGURE = re.compile(r"[^\d+]")
_NO_PHONE_SIGN = re.compile(r"[^\dOolI+]")
_SUFFIX = re.compile(r"\s*\d+\s*$")
_MONEY = re.compile(r"(?<![a-z])(?:f\s*cfa|fcfa|cfa|frs?|f|xof|xaf|gnf)\b\.?", re.IGNORECASE)
_BORN_IN = re.compile(r"\bn[ée](?:e|\(e\))?\s+(?:en|le|vers)\b|\bâgée?\s+de\b", re.IGNORECASE)


class Unread(Exception):
    """A cell that says something nobody can be sure of; `proposal` is what it may mean."""

    def __init__(self, reason: str, proposal: str | None = None) -> None:
        super().__init__(reason)
        self.reason = Text(reason)
        self.proposal = proposal


NO_BIRTH = N_("This is no birth: a day, a month, a year or an age is needed.")
AHEAD = N_("This day is still ahead.")
TOO_OLD = N_("Nobody is that old.")
NO_SEX = N_("This is neither a woman nor a man.")
NO_RELATION = N_("This link is not known.")
NO_AMOUNT = N_("This is no amount.")
NO_DAY = N_("This is no day.")
NO_PHONE = N_("This is no telephone number.")


def figures(text: str) -> tuple[str, bool]:
    """Return the text with the letters O and l read as figures among figures; True if any was."""
    if _LIKE_FIGURES.isdisjoint(text):
        return text, False
    if _MIXED.fullmatch(text):
        told = text.translate(_LETTERS_FOR_FIGURES)
    else:
        told = _MIXED_WORD.sub(lambda found: found[0].translate(_LETTERS_FOR_FIGURES), text)
    return told, told != text


# Births and days


def read_birth(cell: Cell, today: date, *, month_first: bool = False) -> tuple[Birth, bool]:
    """Return a birth as far as the cell tells it.

    A year or age counts from 1 July; `00/00/1985` is a year, `8 mois` a month; a bare number is
    an age up to 120, a year, or Excel's count of days.

    Raises:
        Unread: when it is none, ahead of today, or older than 120 years.
    """
    if isinstance(cell, datetime):
        return _alive(Birth(cell.date(), BirthKnown.DAY), today), False
    if isinstance(cell, date):
        return _alive(Birth(cell, BirthKnown.DAY), today), False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _alive(_birth_of_number(cell, today), today), False
    text, mended = figures(shown(cell).strip())
    return _alive(_birth_of_text(text, today, month_first), today), mended


def _birth_of_number(number: float, today: date) -> Birth:
    whole = int(number)
    if EARLIEST_SERIAL < whole < 80_000:
        return Birth(EXCEL_ZERO + timedelta(days=whole), BirthKnown.DAY)
    if 1880 <= whole <= 2200:
        return Birth(date(whole, 7, 1), BirthKnown.YEAR)
    if 0 <= whole <= OLDEST:
        return Birth(date(today.year - whole, 7, 1), BirthKnown.ABOUT)
    raise Unread(NO_BIRTH)


def _birth_of_text(text: str, today: date, month_first: bool) -> Birth:  # noqa: PLR0911 - one case a kind
    if text.isdecimal():
        return _birth_of_number(int(text[:8]), today)
    day = _day_match(text)
    if day is not None:
        return _birth_of_day(day, today, month_first)
    word = _BORN.sub("", plain(text))
    about = _ABOUT.match(word) or text.lstrip().startswith(("~", "+/-", "±"))
    word = _ABOUT.sub("", word).strip()
    found = _MONTH.fullmatch(text)
    if found is not None and 1 <= int(found[1]) <= 12:
        return Birth(date(int(found[2]), int(found[1]), 1), BirthKnown.MONTH)
    if found is not None and int(found[1]) == 0:
        return Birth(date(int(found[2]), 7, 1), BirthKnown.YEAR)
    told = _birth_of_words(word, today)
    return Birth(told.day, BirthKnown.ABOUT) if about and told.known is BirthKnown.YEAR else told


def _birth_of_words(word: str, today: date) -> Birth:  # noqa: PLR0911 - one case a kind
    if word.isdecimal():
        return _birth_of_number(int(word[:8]), today)
    if found := _AGE.fullmatch(word):
        return _birth_of_number(min(int(found[1]), 999), today)
    if found := _MONTHS_OLD.fullmatch(word):
        return Birth(Month.of(today).plus(-int(found[1])).first, BirthKnown.MONTH)
    if found := _WORDED.fullmatch(word):
        month = month_of(found[2])[0]
        if month:
            year = _year(int(found[3]), len(found[3]), today)
            if found[1] is None:
                return Birth(date(year, month, 1), BirthKnown.MONTH)
            return Birth(_date(year, month, int(found[1])), BirthKnown.DAY)
    raise Unread(NO_BIRTH)


def _day_match(text: str) -> tuple[int, int, int, int] | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    a, b, c = (int(found[at]) for at in (1, 2, 3))
    if len(found[1]) == 4:
        return c, b, a, 4
    return a, b, c, len(found[3])


def _birth_of_day(told: tuple[int, int, int, int], today: date, month_first: bool) -> Birth:
    day, month, year = told[:3]
    year = _year(year, told[3], today)
    if month_first and day and month:
        day, month = month, day
    if not month:
        return Birth(_date(year, 7, 1), BirthKnown.YEAR)
    if not day:
        return Birth(_date(year, month, 1), BirthKnown.MONTH)
    return Birth(_date(year, month, day), BirthKnown.DAY)


def _year(year: int, signs: int, today: date) -> int:
    if signs > 2:
        return year
    return 2000 + year if year <= today.year % 100 else 1900 + year


def _date(year: int, month: int, day: int) -> date:
    """Return the day; when it is none, propose the figures the other way round.

    Raises:
        Unread: `31/02/1985` proposes the month, `03/25/1985` the 25th of March.
    """
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1880 <= year <= 2200:
        raise Unread(NO_DAY)
    if month > 12 and 1 <= day <= 12 and month <= 31:
        raise Unread(NO_DAY, f"{month:02d}/{day:02d}/{year}")
    if 1 <= month <= 12:
        raise Unread(NO_DAY, f"{month:02d}/{year}")
    raise Unread(NO_DAY, str(year))


def _alive(birth: Birth, today: date) -> Birth:
    day = birth.day
    vague = birth.known in {BirthKnown.YEAR, BirthKnown.ABOUT}
    if day > today and vague and day.year == today.year:
        return Birth(today, birth.known)
    if day > today:
        past = day.year - 100
        near = today.year - past <= OLDEST and past <= today.year
        raise Unread(AHEAD, str(past) if near and day.year < 2100 else None)
    if today.year - day.year > OLDEST:
        raise Unread(TOO_OLD)
    return birth


def read_day(cell: Cell, today: date, *, month_first: bool = False) -> tuple[date, bool]:
    """Return a day; a month is its first day, a year its first of January.

    Raises:
        Unread: when it is none.
    """
    birth, mended = _day_of(cell, today, month_first)
    if birth.known is BirthKnown.YEAR:
        return birth.day.replace(month=1), mended
    return birth.day, mended


def read_through(cell: Cell, today: date, *, month_first: bool = False) -> tuple[date, bool]:
    """Return the last day paid for: of a month or its first day the last, of a year 31 December.

    Spreadsheets keep `mars-24` as 1 March: who paid until then paid for March.

    Raises:
        Unread: when it is none.
    """
    birth, mended = _day_of(cell, today, month_first)
    if birth.known is BirthKnown.YEAR:
        return date(birth.day.year, 12, 31), mended
    if birth.day.day == 1:
        return Month.of(birth.day).last, mended
    return birth.day, mended


def _day_of(cell: Cell, today: date, month_first: bool) -> tuple[Birth, bool]:
    if isinstance(cell, datetime):
        return Birth(cell.date(), BirthKnown.DAY), False
    if isinstance(cell, date):
        return Birth(cell, BirthKnown.DAY), False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        told = _birth_of_number(cell, today)
        mended = False
    else:
        text, mended = figures(shown(cell).strip())
        told = _birth_of_text(text, today, month_first)
    if told.known is BirthKnown.ABOUT or not 1950 <= told.day.year <= 2200:
        raise Unread(NO_DAY)
    return told, mended


# Sex and links


def read_sex(cell: Cell) -> Sex:
    """Return the sex.

    Raises:
        Unread: when the word is not known; one that begins like a known one is proposed.
    """
    word = plain(shown(cell))
    found = sexes().get(word) or sex_of_relation().get(word)
    if found is not None:
        return found
    raise Unread(NO_SEX, _like(word, sexes()))


def _like(word: str, known: Iterable[str]) -> str | None:
    from rapidfuzz import fuzz, process

    if len(word) < 3:
        return None
    choices = [one for one in known if len(one) > 2]
    found = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=65)
    return found[0] if found else None


def read_relation(cell: Cell) -> tuple[Relation, Sex | None]:
    """Return the link to the member, and the sex that goes with the word.

    `épouse 2` and `2e épouse` are wives.

    Raises:
        Unread: when the word is not known.
    """
    word = plain(shown(cell))
    for asked in (word, _SUFFIX.sub("", word), re.sub(r"^\d+\s*(?:ere?|eme|e|er)?\s+", "", word)):
        if asked in relations():
            return relations()[asked], sex_of_relation().get(asked)
    raise Unread(NO_RELATION, _like(word, relations()))


# Money and telephones


def read_amount(cell: Cell, currency: Currency) -> tuple[int, bool]:
    """Return an amount in minor units: `1.400`, `1 400 F`, `1400,00`, and the letter O for zero.

    Raises:
        Unread: when it is none, or has a fraction the currency does not have.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _minor(Decimal(str(cell)), currency), False
    text = _MONEY.sub("", shown(cell)).strip().rstrip(".-=/ ")
    text, mended = figures(re.sub(r"[\s\u00a0\u202f]", "", text))
    try:
        return _minor(Decimal(_pointed(text)), currency), mended
    except InvalidOperation:
        raise Unread(NO_AMOUNT) from None


def _pointed(text: str) -> str:
    """Return an amount with a point before its decimals and nothing between thousands."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, part = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
    return whole + part if len(part) == 3 else f"{whole}.{part}"


def _minor(told: Decimal, currency: Currency) -> int:
    minor = told * currency.scale
    if not minor.is_finite() or minor != int(minor) or abs(minor) > 10**12:
        raise Unread(NO_AMOUNT)
    return int(minor)


@cache
def lengths(country: str) -> tuple[frozenset[int], str]:
    """Return how many figures numbers of a country have, and its code; none when not known."""
    from phonenumbers import PhoneMetadata, country_code_for_region

    found = PhoneMetadata.metadata_for_region(country)
    if found is None or found.general_desc is None:
        return frozenset(), ""
    told = frozenset(found.general_desc.possible_length)
    return told, str(country_code_for_region(country))


def read_phones(cell: Cell, country: str) -> tuple[tuple[str, ...], bool]:
    """Return the numbers of a cell in national figures, the first one first.

    Numbers of another length than the country's are kept when they are 7 to 13 figures long:
    old forms have fewer.

    Raises:
        Unread: when a part is no number.
    """
    known, code = lengths(country)
    found, mended = [], False
    for part in _parts(shown(cell), known):
        text, letters = figures(_NO_PHONE_SIGN.sub("", part))
        mended = mended or letters
        text = text.lstrip("+")
        text = text.removeprefix("00")
        if code and text.startswith(code) and len(text) - len(code) in known:
            text = text[len(code) :]
        if not text.isdecimal() or not 7 <= len(text) <= 13:
            raise Unread(NO_PHONE)
        found.append(text)
    if not found:
        raise Unread(NO_PHONE)
    return tuple(dict.fromkeys(found)), mended or len(found) > 1


def _parts(text: str, known: frozenset[int]) -> Iterator[str]:
    for part in _PHONES.split(text):
        plain_one = _NO_FIGURE.sub("", part)
        half = len(plain_one) // 2
        if len(plain_one) % 2 == 0 and half in known and len(plain_one) not in known:
            yield plain_one[:half]
            yield plain_one[half:]
        elif plain_one:
            yield part


# Names, and people in one cell


@dataclass(frozen=True, slots=True)
class Told:
    """A person as a cell of several people tells it; empty where it says nothing."""

    name: str
    birth: str = ""
    sex: str = ""
    relation: str = ""


_SPLIT = re.compile(r"[;\n]|,(?![^()]*\))|\s+\bet\b\s+|\s+&\s+|\s\+\s|(?<=\w)\s*/\s*(?=[^\W\d])")
_COUNTED = re.compile(r"(^|[;,\n]\s*)\d{1,2}\s*[).:-]\s*(?=[^\W\d])")
_INNER = re.compile(r"[,;]")
_LABEL = re.compile(r"^\s*(?:\d+\s*[).:-]\s*)?(?:([^\W\d][^:()]{2,20}?)\s*\d*\s*:\s*)?")
_AGED = re.compile(
    r"\b(?:vers\s+)?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19|20)\d\d|\d{1,3}\s*(?:ans?|mois)\b)"
    r"|(?<=\s)\d{1,3}$",
    re.IGNORECASE,
)


def people_of(cell: Cell) -> tuple[Told, ...]:
    """Return the people of one cell: `Awa (F, 1980), Modou 12 ans; enfants: Fatou F 3 ans`.

    A piece that tells no name belongs to the person before it; a word before a colon is the link
    of those that follow.
    """
    found: list[Told] = []
    relation = ""
    for piece in _SPLIT.split(_COUNTED.sub(r"\1", shown(cell))):
        label = _LABEL.match(piece)
        rest = piece
        if label is not None and label[1]:
            relation, rest = label[1].strip(), piece[label.end() :]
        elif label is not None:
            rest = piece[label.end() :]
        told = _person_of(rest, relation)
        if told is None:
            continue
        if not told.name and found:
            found[-1] = _joined(found[-1], told)
        elif told.name:
            found.append(told)
    return tuple(found)


def _joined(one: Told, more: Told) -> Told:
    return Told(
        one.name, one.birth or more.birth, one.sex or more.sex, one.relation or more.relation
    )


def _person_of(text: str, relation: str) -> Told | None:  # noqa: C901 - one case a kind
    birth = sex = ""
    own = relation
    text = _BORN_IN.sub(" ", text)
    inside = re.findall(r"\(([^()]*)\)", text)
    outside = re.sub(r"\([^()]*\)?", " ", text)
    for part in [one.strip() for told in inside for one in _INNER.split(told)] + [""]:
        birth, sex, own, rest = _attribute(part, birth, sex, own)
        for word in rest.split():
            birth, sex, own, _ = _attribute(word, birth, sex, own)
    aged = _AGED.search(outside)
    if aged is not None:
        birth = birth or aged[0].strip()
        outside = outside[: aged.start()] + " " + outside[aged.end() :]
    words = []
    for word in outside.replace("-", " - ").split():
        if word in {"F", "M", "H", "G", "f", "m", "h", "g"}:
            sex = sex or word
        elif word not in {"-", ":", ".", ","}:
            words.append(word)
    name = re.sub(r"\s+-\s+", "-", outside.strip()) if "-" in outside else " ".join(words)
    if "-" in outside:
        name = " ".join(word for word in name.split() if word not in {"F", "M", "H", "G", "-"})
    if not (name or birth or sex):
        return None
    return Told(name.strip(" .,:-"), birth, sex, own)


def _attribute(part: str, birth: str, sex: str, relation: str) -> tuple[str, str, str, str]:  # noqa: PLR0911 - one case a kind
    """Take what a piece in brackets says; return what is known now and what was not understood."""
    word = plain(part)
    if not word:
        return birth, sex, relation, ""
    if word in sexes() and not word.isdecimal():
        return birth, sex or part, relation, ""
    if _SUFFIX.sub("", word) in relations():
        return birth, sex, part, ""
    if any(sign.isdecimal() for sign in part) and (_AGED.search(f" {part}") or part.isdecimal()):
        return birth or part, sex, relation, ""
    return birth, sex, relation, part if " " in part else ""


def split_name(
    name: str, *, surname_first: bool, surnames: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Return surname and given names of a whole name; one is empty when there is one word.

    Words in capitals among others are the surname; else a known surname at one end; else the
    order.
    """
    words = name.split()
    if len(words) < 2:
        return "", name.strip()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    first, last = plain(words[0]) in surnames, plain(words[-1]) in surnames
    if surname_first if first == last else first:
        return words[0], " ".join(words[1:])
    return words[-1], " ".join(words[:-1])


def surnames_first(header: str, names: Sequence[str], surnames: frozenset[str]) -> bool:
    """Whether whole names begin with the surname: known surnames tell, else the header."""
    first = last = 0
    for name in names:
        words = name.split()
        if len(words) > 1:
            first += plain(words[0]) in surnames
            last += plain(words[-1]) in surnames
    if first != last:
        return first > last
    word = plain(header)
    at_name, at_given = word.find("nom"), word.find("prenom")
    if at_given >= 0:
        other = word.replace("prenom", "      ")
        at_name = other.find("nom")
        return 0 <= at_name < at_given
    return at_name == 0 and "nome" not in word and bool(word.startswith(("nom de", "noms et")))


def months_ago(today: date, months: int) -> date:
    return add_months(today.replace(day=1), -months)


def empty(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return isinstance(cell, str) and nothing(cell)


WHOLE = Currency("", 0)
"""Whole things, read as amounts are."""
