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

    `diagnosed` says that a diagnosis was typed, which is not kept. `pictures` are the request and the
    hash of each picture, which lies sealed among the attachments.
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
    pictures: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed that would be missed."""
        told = (self.card, self.day, self.until, self.visit, self.guarantee, self.hours)
        return not (any(told) or self.diagnosed or self.pictures) and not any(
            line.act for line in self.lines
        )


def packed(draft: Draft) -> str:
    return json.dumps(asdict(draft), ensure_ascii=False)


def unpacked(content: str) -> Draft | None:
    """Return what was kept, None when there is nothing or it cannot be read."""
    if not content:
        return None
    try:
        told: dict[str, Any] = json.loads(content)
        lines = tuple(DraftLine(**line) for line in told.pop("lines"))
        pictures = tuple((one, other) for one, other in told.pop("pictures", ()))
        return Draft(**told, lines=lines, pictures=pictures)
    except (ValueError, TypeError, KeyError):
        return None


def person_in(content: str) -> PersonId | None:
    """Return who a kept certificate is for."""
    draft = unpacked(content)
    try:
        return PersonId(bytes.fromhex(draft.person)) if draft and draft.person else None
    except ValueError:
        return None
