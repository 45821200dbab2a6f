"""How long a short message is for the network: 160 letters of its own alphabet, or 70 of all others.

The letters of GSM 03.38: one that is not among them turns the whole message into UCS-2.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = frozenset("^{}\\[~]|€\f")
"""Letters that take the room of two."""
_PLAINER = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
    }
)
GSM7, UCS2 = "GSM-7", "UCS-2"
_ROOM = {GSM7: (160, 153), UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Length:
    """A message's alphabet, how much room it takes in it, and in how many parts it is sent."""

    alphabet: str
    units: int
    parts: int


def plainer(words: str) -> str:
    """Return words with the spaces, dashes and quotes every phone has; letters stay as they are."""
    return words.translate(_PLAINER)


def length_of(words: str) -> Length:
    """Return how a message is sent: one of 160 (70) letters, or parts of 153 (67).

    A letter that takes two places stands in one part with both.
    Source: 3GPP 23.038 and 23.040; screens handbook, row 16.
    """
    gsm = all(letter in _BASIC or letter in _TWO for letter in words)
    alphabet = GSM7 if gsm else UCS2
    sizes = [_size(letter, gsm=gsm) for letter in words]
    whole, part = _ROOM[alphabet]
    units = sum(sizes)
    if units <= whole:
        return Length(alphabet, units, 1 if words else 0)
    parts, room = 1, part
    for size in sizes:
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return Length(alphabet, units, parts)


def _size(letter: str, *, gsm: bool) -> int:
    if gsm:
        return 2 if letter in _TWO else 1
    return 2 if ord(letter) > 0xFFFF else 1
