"""Canonical JSON with limits: one value has one form in bytes, so that a hash means one thing.

RFC 8785 (JCS), and stricter: no fractions, integers below 2**53, text in NFC, at most 16 deep,
no name twice. Whoever reads gets exactly what was written, or nothing.
"""

import json
import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import rfc8785

from stepdesk.sync.wire.failures import WireError, malformed

MOST = 2**53 - 1
DEEPEST = 16
# A string that never ends is taken to the end of the text: else every quote in it would be tried
# as a beginning, and a small file could hold the reader for minutes.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)
_DIGITS = 17


def encode(value: Mapping[str, Any]) -> bytes:
    """Return the value's only form."""
    return rfc8785.dumps(dict(value))


def decode(content: bytes, place: str) -> "Fields":
    """Read an object in its only form.

    Raises:
        WireError: `malformed` for anything else.
    """
    try:
        told = content.decode("utf-8")
        if not unicodedata.is_normalized("NFC", told) or _depth(told) > DEEPEST:
            raise malformed(place)
        value = json.loads(
            told,
            object_pairs_hook=_no_name_twice,
            parse_int=_whole,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        if not isinstance(value, dict) or encode(value) != content:
            raise malformed(place)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise malformed(place) from error
    return Fields(value, place)


def _depth(told: str) -> int:
    deep = deepest = 0
    for sign in _STRING.sub("", told):
        if sign in "[{":
            deep += 1
            deepest = max(deepest, deep)
        elif sign in "]}":
            deep -= 1
    return deepest


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name stands twice")
    return told


def _whole(told: str) -> int:
    # Before int(): a number of a million digits would cost minutes.
    if len(told) > _DIGITS or abs(int(told)) > MOST:
        raise ValueError("the number is too large")
    return int(told)


def _refuse(told: str) -> object:
    raise ValueError(told)


def written(raw: bytes) -> str:
    """Return bytes as text: base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unwritten(told: str) -> bytes:
    """Read what `written` wrote.

    Raises:
        ValueError: for anything `written` would not have written.
    """
    raw = urlsafe_b64decode(told + "=" * (-len(told) % 4))
    if written(raw) != told:
        raise ValueError("not in its only form")
    return raw


class Fields:
    """An object that came, taken apart field by field; every taker checks type and bounds."""

    def __init__(self, told: Mapping[str, Any], place: str) -> None:
        self.told = told
        self.place = place

    def wrong(self, name: str) -> WireError:
        return malformed(f"{self.place}.{name}")

    def only(self, *names: str) -> None:
        """Refuse any field that is not named here."""
        for name in sorted(self.told.keys() - set(names)):
            # The unknown name may be anything a stranger wrote: it is not repeated.
            raise self.wrong("?") if not name.isidentifier() else self.wrong(name[:32])

    def whole(self, name: str, *, least: int = 0, most: int = MOST) -> int:
        value = self.told.get(name)
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(name)
        return value

    def flag(self, name: str) -> bool:
        value = self.told.get(name)
        if type(value) is not bool:
            raise self.wrong(name)
        return value

    def text(self, name: str, pattern: str) -> str:
        """Return a text that matches the pattern as a whole."""
        value = self.told.get(name)
        if type(value) is not str or re.fullmatch(pattern, value, re.ASCII) is None:
            raise self.wrong(name)
        return value

    def raw(self, name: str, length: int) -> bytes:
        return self._bytes(self.told.get(name), name, length)

    def raw_or_none(self, name: str, length: int) -> bytes | None:
        return None if self.told.get(name, "") is None else self.raw(name, length)

    def raws(self, name: str, length: int, *, most: int) -> tuple[bytes, ...]:
        return tuple(self._bytes(one, name, length) for one in self.items(name, most=most))

    def items(self, name: str, *, most: int) -> list[Any]:
        value = self.told.get(name)
        if type(value) is not list or len(value) > most:
            raise self.wrong(name)
        return value

    def inner(self, name: str) -> "Fields":
        return self._object(self.told.get(name), name)

    def inners(self, name: str, *, most: int) -> list["Fields"]:
        return [self._object(one, name) for one in self.items(name, most=most)]

    def _object(self, value: object, name: str) -> "Fields":
        if type(value) is not dict:
            raise self.wrong(name)
        return Fields(value, f"{self.place}.{name}")

    def _bytes(self, value: object, name: str, length: int) -> bytes:
        try:
            raw = unwritten(value) if type(value) is str else b""
        except ValueError as error:
            raise self.wrong(name) from error
        if len(raw) != length:
            raise self.wrong(name)
        return raw
