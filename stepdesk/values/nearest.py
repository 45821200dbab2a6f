"""Which of the known codes may have been meant by one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 5
_LIKE = 0.5
"""From here on two codes look alike; a letter too many or two in the wrong order stay above it."""


def nearest(asked: str, known: Iterable[str]) -> str:
    """Return the known codes most like one asked for, with commas, the likeliest first.

    Five at most. Where none looks like it, the first of all; a dash where there is none.
    """
    codes = {code.casefold(): code for code in sorted(set(known), reverse=True) if code}
    like = get_close_matches(asked.strip().casefold(), codes, n=_MOST, cutoff=_LIKE)
    found = [codes[one] for one in like] or sorted(codes.values())[:_MOST]
    return ", ".join([*found, "…"] if not like and len(codes) > _MOST else found) or "—"
