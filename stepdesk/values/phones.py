"""Telephone numbers: how they are looked for, and whether they can be any.

What a person told is kept as told and printed as told. Looked for are digits: the national
number, old forms brought to the present one by the country's rules. Those rules are data of the
country pack; nothing here knows a country.
"""

import re
from dataclasses import dataclass

_SIGNS = re.compile(r"[\s.\-()\u00a0\u202f]+")
_BETWEEN = re.compile(r"[/;,|]| ou | et | or | and ")
FEWEST, MOST = 6, 15


@dataclass(frozen=True, slots=True)
class OldForm:
    """Numbers of so many digits beginning so got one of these put before them one day.

    `starts` holds the first digits it applies to; with several `before`, the number alone does
    not tell which, and it is looked for under each.
    """

    digits: int
    starts: str
    before: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """How a country's numbers are written; `digits` is the length without the country's code.

    Empty `calling_code`: the country is not known, and digits are taken as they are.
    """

    calling_code: str = ""
    digits: int = 0
    old: tuple[OldForm, ...] = ()


NO_PLAN = PhonePlan()


def phones_in(told: str) -> tuple[str, ...]:
    """Return the single numbers of what was told: `77 123 45 67 / 33 821 00 00` holds two."""
    return tuple(part.strip() for part in _BETWEEN.split(told) if part.strip())


def digits_of(told: str) -> str:
    """Return the digits of one number, with a leading + when it is an international one.

    `00 221 77…` is one, too. Empty when anything but digits and the usual signs stands in it.
    """
    plain = _SIGNS.sub("", told)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    bare = plain.removeprefix("+")
    return plain if bare.isascii() and bare.isdecimal() else ""


def looked_for(told: str, plan: PhonePlan) -> tuple[str, ...]:
    """Return the digits one number may be found by, the present national form first.

    A number of another country is found with its code and without the plus. What is no number
    has none.
    """
    digits = digits_of(told)
    if not digits:
        return ()
    code = plan.calling_code
    if digits.startswith("+"):
        if not (code and digits.startswith(f"+{code}")):
            return (digits[1:],)
        digits = digits[1 + len(code) :]
    elif code and len(digits) == len(code) + plan.digits and digits.startswith(code):
        digits = digits[len(code) :]
    elif plan.digits and len(digits) == plan.digits + 1 and digits.startswith("0"):
        digits = digits[1:]  # a trunk zero, where people write one
    newer = tuple(
        before + digits
        for form in plan.old
        if len(digits) == form.digits and digits[0] in form.starts
        for before in form.before
    )
    return (*newer, digits)


def searched_phones(told: str, plan: PhonePlan) -> tuple[str, ...]:
    """Return the digits all numbers of what was told may be found by, each once."""
    found = (one for part in phones_in(told) for one in looked_for(part, plan))
    return tuple(dict.fromkeys(one for one in found if len(one) >= FEWEST))


def dialled(told: str, plan: PhonePlan) -> tuple[str, ...]:
    """Return the numbers of what was told as the whole world dials them: +221771234567.

    Left out is what is no number, and an old form of which the number alone does not tell how it
    is dialled today. Without a known country only international numbers are told.
    """
    found = (_dialled(part, plan) for part in phones_in(told))
    return tuple(dict.fromkeys(one for one in found if one))


def _dialled(told: str, plan: PhonePlan) -> str:
    digits = digits_of(told)
    if digits.startswith("+"):
        national = digits.removeprefix(f"+{plan.calling_code}")
        foreign = not plan.calling_code or national == digits
        if foreign:
            return digits if FEWEST <= len(digits) - 1 <= MOST else ""
    known = {one for one in looked_for(told, plan) if len(one) == plan.digits}
    if not plan.calling_code or len(known) != 1:
        return ""
    return f"+{plan.calling_code}{known.pop()}"


def takes_messages(number: str) -> bool:
    """Whether a number, as the world dials it, may be sent a message: no known fixed line.

    Ranges change too often to ask more: what nobody knows may be a mobile telephone.
    """
    from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse

    try:
        return number_type(parse(number)) != PhoneNumberType.FIXED_LINE
    except NumberParseException:
        return False


def may_be_phones(told: str, country_code: str) -> bool:
    """Whether everything told may be dialled: only its length is judged, ranges change too often.

    An old, shorter form is let through: FEWEST to MOST digits. Empty is no number and is fine.
    """
    return all(_may_be_phone(part, country_code) for part in phones_in(told))


def _may_be_phone(told: str, country_code: str) -> bool:
    # Half a second of data, needed only where a number is typed.
    from phonenumbers import (
        SUPPORTED_REGIONS,
        NumberParseException,
        ValidationResult,
        is_possible_number_with_reason,
        parse,
    )

    digits = digits_of(told)
    long_enough = FEWEST <= len(digits.removeprefix("+")) <= MOST
    if not digits.startswith("+") and country_code not in SUPPORTED_REGIONS:
        return long_enough
    try:
        reason = is_possible_number_with_reason(parse(digits, country_code))
    except NumberParseException:
        return False
    wrong = {ValidationResult.TOO_LONG}
    if digits.startswith("+"):
        wrong |= {ValidationResult.TOO_SHORT, ValidationResult.INVALID_LENGTH}
    return long_enough and reason not in wrong
