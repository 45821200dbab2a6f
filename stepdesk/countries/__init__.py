"""Country packs: dated data, no code. Adding a country is a folder and a name in `PACKS`."""

from functools import cache
from pathlib import Path

from stepdesk.countries.pack import CountryPack, load

PACKS = {"SN": "senegal", "ZZ": "example"}


@cache
def country(code: str) -> CountryPack:
    """Return the pack of a country.

    Raises:
        KeyError: when no pack is known by that code.
    """
    return load(Path(__file__).parent / PACKS[code])
