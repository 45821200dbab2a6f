"""Which visits are asked about: some by rank, the others by chance, each age in its share.

Source: advice handbook 2.8: confirmation is the strongest means against visits that never were.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

_BANDS = (5, 15, 45)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visit that may be asked about: the patient's age, and how far up a flag puts it; 0 is no flag."""

    claim_id: bytes
    age: int | None
    score: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A visit that is asked about, by chance or because of a flag."""

    claim_id: bytes
    by_chance: bool


def draw(
    candidates: Sequence[Candidate],
    *,
    seed: int,
    visits: int,
    ranked: int,
    asked: Collection[bytes] = (),
) -> tuple[Drawn, ...]:
    """Return which visits are asked about; the same seed draws the same ones for ever.

    Args:
        candidates: The visits of the time.
        seed: What chance begins with, from 0 to 2**63 - 1.
        visits: How many, if there are as many.
        ranked: How many of them at most because of a flag; the others are drawn among all that are
            left, so that what they say holds for all.
        asked: Claims that were asked about before: they are left out.
    """
    left = [one for one in candidates if one.claim_id not in asked]
    flagged = sorted(
        (one for one in left if one.score > 0), key=lambda one: (-one.score, one.claim_id)
    )
    first = [Drawn(one.claim_id, by_chance=False) for one in flagged[: min(ranked, visits)]]
    taken = {one.claim_id for one in first}
    rest = [one for one in left if one.claim_id not in taken]
    chosen = _stratified(rest, seed, visits - len(first))
    return (*first, *(Drawn(one.claim_id, by_chance=True) for one in chosen))


def _stratified(rest: Sequence[Candidate], seed: int, count: int) -> list[Candidate]:
    """Return so many of the rest: each age band gives its share, largest remainder first."""
    bands: dict[int, list[Candidate]] = {}
    for one in rest:
        band = -1 if one.age is None else sum(one.age >= limit for limit in _BANDS)
        bands.setdefault(band, []).append(one)
    count = min(count, len(rest))
    if count <= 0:
        return []
    shares = {band: divmod(count * len(told), len(rest)) for band, told in bands.items()}
    more = count - sum(whole for whole, _ in shares.values())
    richest = sorted(shares, key=lambda band: (-shares[band][1], band))[:more]
    told = seed.to_bytes(8, "big")
    chosen = []
    for band in sorted(bands):
        size = shares[band][0] + (band in richest)
        mixed = sorted(bands[band], key=lambda one: sha256(told + one.claim_id).digest())
        chosen += mixed[:size]
    return sorted(chosen, key=lambda one: sha256(told + one.claim_id).digest())
