"""Whole numbers in words, as they stand on a receipt beside the figures."""

_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FR_SMALL = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante"]
_LARGEST = 999_999_999_999


def in_words(number: int, language: str) -> str:
    """Return a whole number in words: 1 521 is mille cinq cent vingt et un.

    French is written with the traditional hyphens. A language that has no words here gets the
    English ones, as the other messages do.

    Args:
        number: From -999,999,999,999 to 999,999,999,999.
        language: `fr`, `en`, or one with a region such as `fr_SN`.

    Raises:
        ValueError: when the number is larger.
    """
    if abs(number) > _LARGEST:
        raise ValueError(f"there are no words for {number}")
    french = language.replace("-", "_").split("_")[0] == "fr"
    words = _french(abs(number)) if french else _english(abs(number))
    if number >= 0:
        return words
    return f"moins {words}" if french else f"minus {words}"


def _groups(number: int) -> tuple[int, int, int, int]:
    """Return thousand millions, millions, thousands and the last three digits."""
    return (
        number // 1_000_000_000,
        number // 1_000_000 % 1000,
        number // 1000 % 1000,
        number % 1000,
    )


def _english(number: int) -> str:
    *high, rest = _groups(number)
    names = ("billion", "million", "thousand")
    parts = [
        f"{_english_hundreds(group)} {name}"
        for group, name in zip(high, names, strict=True)
        if group
    ]
    if rest or not parts:
        joined = "and " if parts and rest < 100 else ""
        parts.append(joined + _english_hundreds(rest))
    return " ".join(parts)


def _english_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _english_tens(rest)
    words = f"{_EN_SMALL[hundreds]} hundred"
    return f"{words} and {_english_tens(rest)}" if rest else words


def _english_tens(number: int) -> str:
    if number < 20:
        return _EN_SMALL[number]
    tens, ones = divmod(number, 10)
    return f"{_EN_TENS[tens - 2]}-{_EN_SMALL[ones]}" if ones else _EN_TENS[tens - 2]


def _french(number: int) -> str:
    milliards, millions, thousands, rest = _groups(number)
    parts = []
    for group, name in ((milliards, "milliard"), (millions, "million")):
        if group:
            parts.append(f"{_french_hundreds(group)} {name}{'s' if group > 1 else ''}")
    if thousands == 1:
        parts.append("mille")
    elif thousands:
        # Before mille, a numeral, cent and quatre-vingt take no s; before million, a noun, do.
        parts.append(f"{_without_s(thousands)} mille")
    if rest or not parts:
        parts.append(_french_hundreds(rest))
    return " ".join(parts)


def _without_s(number: int) -> str:
    words = _french_hundreds(number)
    return words.removesuffix("s") if words.endswith(("cents", "vingts")) else words


def _french_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _french_tens(rest)
    if not rest:
        return "cent" if hundreds == 1 else f"{_FR_SMALL[hundreds]} cents"
    words = "cent" if hundreds == 1 else f"{_FR_SMALL[hundreds]} cent"
    return f"{words} {_french_tens(rest)}"


def _french_tens(number: int) -> str:
    if number < 20:
        return _FR_SMALL[number]
    if number >= 80:
        return f"quatre-vingt-{_FR_SMALL[number - 80]}" if number > 80 else "quatre-vingts"
    # Sixty goes on to seventy-nine: soixante-dix, soixante et onze.
    tens = min(number // 10, 6)
    rest = number - 10 * tens
    if not rest:
        return _FR_TENS[tens - 2]
    link = " et " if rest in (1, 11) else "-"
    return f"{_FR_TENS[tens - 2]}{link}{_FR_SMALL[rest]}"
