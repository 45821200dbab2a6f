"""Words of what is noticed while a certificate is typed: to be looked at, never in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from stepdesk.benefits.terms import Category


@dataclass(frozen=True, slots=True)
class OtherCertificate:
    """A certificate of the same person and day; `here` is at the same provider."""

    number: str
    provider: str
    here: bool


@dataclass(frozen=True, slots=True)
class NoticedFacts:
    """What decides what is noticed of a certificate.

    `household` counts certificates of the household in the month of the care, this one among them.
    `leaf_known` is whether its number is a leaf of a booklet given to the provider, where it has
    any. `acts` are name and category of each line.
    """

    female: bool
    age: int
    acts: Sequence[tuple[str, Category]] = ()
    others: Sequence[OtherCertificate] = ()
    household: int = 1
    leaf_known: bool = True
