"""Reading the families openIMIS archived, for the sake of claims that name their people.

A deleted row stands in `history/` without `legacy_id`, closed on its `valid_to`; its earlier
versions name it in their `legacy_id`. Nothing here touches the book.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stepdesk.exchange.openimis_people import person_of, persons_of
from stepdesk.exchange.openimis_rows import Left, Reading, Row, day_of, read_file
from stepdesk.i18n import N_
from stepdesk.members.terms import NewPerson

_FAMILIES, _INSUREES = "history/families.csv", "history/insurees.csv"
_POLICIES = "history/policies.csv"
_LIVES = ("valid_from", "valid_to", "legacy_id")
_FILES: Mapping[str, tuple[str, ...]] = {
    _FAMILIES: ("family_id", "head_chf_id", "village_code", "address", *_LIVES),
    _INSUREES: (
        "chf_id",
        "family_id",
        "last_name",
        "other_names",
        "dob",
        "gender",
        "is_head",
        "relationship",
        *_LIVES,
    ),
    _POLICIES: ("family_id", "product_code", "start_date", "legacy_id"),
}
"""The files of earlier versions that are read, with their columns; each of them may be missing."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A family that was deleted there, the head first; `closed_on` is its first day outside.

    `product` names the plan it is written under; nothing was paid on it here.
    """

    id: str
    head: str
    village: str
    address: str
    persons: tuple[NewPerson, ...]
    product: str
    joined_on: date
    closed_on: date


def read_archived(
    reading: Reading,
    folder: Path,
    *,
    wanted: Iterable[str],
    villages: Collection[str],
    products: Collection[str],
) -> tuple[Archived, ...]:
    """Return the archived families of these people; who left a family that lives on has none.

    Args:
        reading: The living people were read; what is left out is added to it.
        folder: Where the files lie.
        wanted: Numbers of insured people.
        villages: The codes of villages the files know.
        products: The products a family may be written under, those preferred first.

    Raises:
        Refusal: a column missing, a file that is not UTF-8 or not CSV.
        Trouble: when a file cannot be read.
    """
    living = {row["chf_id"] for row in reading.files["insurees.csv"]}
    missing = dict.fromkeys(number for number in wanted if number and number not in living)
    if not missing or not products:
        return ()
    files = {name: _rows(folder, name) for name in _FILES}
    last = _last_versions(row for row in files[_INSUREES] if row["chf_id"] not in living)
    there = {row["family_id"] for row in reading.files["families.csv"]}
    asked = dict.fromkeys(last[number]["family_id"] for number in missing if number in last)
    found: list[Archived] = []
    for one in (family for family in asked if family not in there):
        try:
            family = _archived(reading, files, one, last, villages, products)
        except Left as left:
            reading.leave(_FAMILIES, one, left.text)
            continue
        if any(person.legacy_number in missing for person in family.persons):
            found.append(family)
    return tuple(found)


def _rows(folder: Path, name: str) -> list[Row]:
    there = (folder / name).is_file()
    return list(read_file(folder, name, None, needed=_FILES[name])) if there else []


def _last_versions(rows: Iterable[Row]) -> dict[str, Row]:
    """Return by number how each deleted person stood at last; the later one of two deleted."""
    deleted = sorted(
        (row for row in rows if not row["legacy_id"]), key=lambda row: row["valid_to"]
    )
    return {row["chf_id"]: row for row in deleted}


def _archived(
    reading: Reading,
    files: Mapping[str, list[Row]],
    one: str,
    last: Mapping[str, Row],
    villages: Collection[str],
    products: Collection[str],
) -> Archived:
    versions = [row for row in files[_FAMILIES] if one in (row["family_id"], row["legacy_id"])]
    deleted = [row for row in versions if not row["legacy_id"]]
    if not deleted:
        raise Left(N_("There is no family {told} in the files."), told=one)
    row = deleted[-1]
    closed_on = day_of(row["valid_to"])
    if closed_on > reading.today:
        raise Left(N_("{day} is still ahead."), day=closed_on)
    persons = _persons(reading, [each for each in last.values() if each["family_id"] == one])
    return Archived(
        one,
        row["head_chf_id"],
        row["village_code"],
        row["address"],
        persons_of(row, villages, persons),
        _product(files[_POLICIES], one, products),
        min(closed_on, *(day_of(version["valid_from"]) for version in versions)),
        closed_on,
    )


def _persons(reading: Reading, rows: Iterable[Row]) -> dict[str, tuple[Row, NewPerson]]:
    found: dict[str, tuple[Row, NewPerson]] = {}
    for row in rows:
        try:
            found[row["chf_id"]] = (row, person_of(row, reading.today, reading.numbers))
        except Left as left:
            what = f"{row['last_name']} {row['other_names']}"
            reading.leave(_INSUREES, row["chf_id"], left.text, what=what)
    return found


def _product(policies: Iterable[Row], family: str, products: Collection[str]) -> str:
    """Return the product of the family's last policy where it may be taken, else the first."""
    mine = [row for row in policies if row["family_id"] == family and not row["legacy_id"]]
    bought = max(mine, key=lambda row: row["start_date"], default=None)
    first = next(iter(products))
    return bought["product_code"] if bought and bought["product_code"] in products else first
