"""One month's return: what it holds, and the bytes that are hashed, shown, sent and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from stepdesk.sync.wire import canonical
from stepdesk.sync.wire.canonical import MOST, written
from stepdesk.sync.wire.cells import CURRENCIES, POLICY, Cells, check_cells
from stepdesk.sync.wire.failures import failure, malformed
from stepdesk.values.month import Month

FORM = "stepdesk.return/1"
LARGEST = 64 * 1024
_FIELDS = (
    "cells", "country", "currency", "period", "policy", "practice", "rev", "schema", "scheme",
    "size",
)  # fmt: skip


class SizeClass(Enum):
    """How many persons the scheme covered on 1 January; decides which tables are opened.

    Source: safety handbook 4.2.
    """

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


@dataclass(frozen=True, slots=True)
class Return:
    """What leaves a scheme for one month.

    Args:
        scheme: 16 bytes, the same in every return of the scheme.
        country: Two letters.
        currency: Three letters; amounts in `cells` are whole minor units of it.
        rev: 0 for the first, one more for each correction of the month.
        policy: The privacy rules it was made under; `practice-0` for none.
        practice: Whether it comes from a practice book.
        cells: Table code to its cells, as `cells.TABLES` names them; None is a hidden cell, and
            a table that is not opened is left out.

    Raises:
        WireError: `malformed`, when any of it is not so.
    """

    scheme: bytes
    country: str
    currency: str
    period: Month
    rev: int
    policy: str
    practice: bool
    size_class: SizeClass
    cells: Cells

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", check_cells(self.cells))
        fields = canonical.Fields(_told(self), "return")
        fields.raw("scheme", 16)
        fields.text("country", "[A-Z]{2}")
        fields.text("policy", POLICY)
        fields.flag("practice")
        fields.whole("rev", most=999)
        if self.currency not in CURRENCIES:
            raise malformed("return.currency")


def encode(told: Return) -> bytes:
    """Return the bytes of a return: canonical JSON, the same on every machine."""
    return canonical.encode(_told(told))


def decode(content: bytes) -> Return:
    """Read the bytes of a return; anything `encode` would not have written is refused.

    Raises:
        WireError: `malformed`, `too_large`, or `too_new` for a form of a later StepDesk.
    """
    if len(content) > LARGEST:
        raise failure("too_large")
    fields = canonical.decode(content, "return")
    if fields.text("schema", r"stepdesk\.return/[1-9][0-9]{0,3}") != FORM:
        raise failure("too_new")
    fields.only(*_FIELDS)
    period = fields.text("period", r"[0-9]{4}-(?:0[1-9]|1[0-2])")
    try:
        month = Month.parse(period)
    except ValueError as error:
        raise malformed("return.period") from error
    return Return(
        scheme=fields.raw("scheme", 16),
        country=fields.text("country", "[A-Z]{2}"),
        currency=fields.text("currency", "[A-Z]{3}"),
        period=month,
        rev=fields.whole("rev", most=MOST),
        policy=fields.text("policy", POLICY),
        practice=fields.flag("practice"),
        size_class=SizeClass(fields.text("size", "S|M|L|XL")),
        cells=fields.inner("cells").told,
    )


def release_id(content: bytes) -> bytes:
    """Return the name of a return for ever: the SHA-256 of its bytes."""
    return sha256(content).digest()


def _told(told: Return) -> Mapping[str, object]:
    return {
        "schema": FORM,
        "scheme": written(told.scheme),
        "country": told.country,
        "currency": told.currency,
        "period": str(told.period),
        "rev": told.rev,
        "policy": told.policy,
        "practice": told.practice,
        "size": told.size_class.value,
        "cells": {code: list(row) for code, row in told.cells.items()},
    }
