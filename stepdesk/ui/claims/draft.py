"""A half-typed certificate as text, so that it outlives a power cut. No diagnosis is in it."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from stepdesk.values.ids import PersonId


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line as it stands in its cells."""

    service: str
    act: str
    quantity: str
    price: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate as it stands in the form; ids are hex.

    `diagnosed` says that a diagnosis was typed, which is not kept.
    """

    request: str
    certificate: str
    card: str
    person: str
    day: str
    until: str = ""
    visit: str = ""
    guarantee: str = ""
    hours: str = ""
    diagnosed: bool = False
    lines: tuple[DraftLine, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed that would be missed."""
        told = (self.card, self.day, self.until, self.visit, self.guarantee, self.hours)
        return not (any(told) or self.diagnosed) and not any(line.act for line in self.lines)


def packed(draft: Draft) -> str:
    return json.dumps(asdict(draft), ensure_ascii=False)


def unpacked(content: str) -> Draft | None:
    """Return what was kept, None when there is nothing or it cannot be read."""
    if not content:
        return None
    try:
        told: dict[str, Any] = json.loads(content)
        lines = tuple(DraftLine(**line) for line in told.pop("lines"))
        return Draft(**told, lines=lines)
    except (ValueError, TypeError, KeyError):
        return None


def person_in(content: str) -> PersonId | None:
    """Return who a kept certificate is for."""
    draft = unpacked(content)
    try:
        return PersonId(bytes.fromhex(draft.person)) if draft and draft.person else None
    except ValueError:
        return None
