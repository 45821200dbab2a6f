"""How a code of the list is written, and what a certificate may name."""

import re

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
_BETWEEN = re.compile(r"[\s,;/+]+")


def code_of(told: str) -> str | None:
    """Return a code of ICD-10 as the book keeps it, `A00` or `A000`; None when it is none."""
    plain = "".join(told.split()).replace(".", "").upper()
    return plain if _CODE.fullmatch(plain) else None


def codes_in(told: str) -> tuple[str, ...]:
    """Return what a certificate names, main diagnosis first, each word as it would be kept."""
    words = [one for one in _BETWEEN.split(told.strip()) if one]
    return tuple(code_of(one) or one for one in words)
