"""Reading insured people of openIMIS: who they are, and who the head of a family is.

Nothing here touches the book.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from stepdesk.errors import Refusal
from stepdesk.exchange.openimis_rows import Left, Reading, Row, day_of
from stepdesk.exchange.terms import NumberRule
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import check_birth
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex

_RELATIONS = {
    "1": Relation.SIBLING,
    "2": Relation.PARENT,
    "3": Relation.PARENT,
    "4": Relation.CHILD,
    "5": Relation.PARENT,
    "6": Relation.DOMESTIC,
    "7": Relation.OTHER,
    "8": Relation.SPOUSE,
}
"""What a person is to the head. Of all codes 7 alone is no relative there, and pays beside a lump.

Source: openIMIS handbook 2.2.
"""
_NEAR = frozenset({"3", "5"})
"""Codes of relations the book does not have; the nearest one stands for them."""
_GENERATION = 13
"""Years by which a parent is older at least."""
OTHER_SEX = "O"
"""Neither woman nor man; counts as a man there. Source: openIMIS handbook 3.2, row 7."""
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, OTHER_SEX: Sex.MALE}
_NOTES = {
    "": N_("How they are related is not told; carried over by their age, to be checked: {count}."),
    "3": N_("Uncles and aunts carried over as parents: {count}."),
    "5": N_("Grandparents carried over as parents: {count}."),
}
_UNKNOWN = N_("A relation not known here; carried over by their age, to be checked: {count}.")


def person_of(row: Row, today: date, numbers: NumberRule) -> NewPerson:
    """Return an insured person.

    Raises:
        Left: when the book cannot have this person.
    """
    if not numbers.holds(row["chf_id"]):
        raise Left(
            N_("The number {told} is mistyped: {rule}."), told=row["chf_id"], rule=numbers.told
        )
    if not (row["last_name"] and row["other_names"]):
        raise Left(N_("A person needs surname and given names."))
    if row["gender"] not in _SEXES:
        raise Left(
            N_("The book knows women and men only; here stands {told}."), told=row["gender"]
        )
    try:
        birth = check_birth(Birth(day_of(row["dob"]), BirthKnown.DAY), today)
    except Refusal as refusal:
        raise Left(refusal.text.message) from None
    return NewPerson(
        row["last_name"],
        row["other_names"],
        _SEXES[row["gender"]],
        birth,
        Relation.SELF
        if row["is_head"] == "1"
        else _RELATIONS.get(row["relationship"], Relation.OTHER),
        row["chf_id"],
    )


def persons_of(
    row: Row, villages: Collection[str], persons: Mapping[str, tuple[Row, NewPerson]]
) -> tuple[NewPerson, ...]:
    """Return a family's persons, the head first.

    Raises:
        Left: a village that is not in the files, or no head or several.
    """
    if row["village_code"] not in villages:
        raise Left(N_("There is no village {told} in the files."), told=row["village_code"])
    heads = [one for _, one in persons.values() if one.relation is Relation.SELF]
    if not heads:
        raise Left(N_("The family has no head."))
    named = [one for one in heads if one.legacy_number == row["head_chf_id"]]
    if len(heads) > 1 or not named:
        raise Left(N_("It is not clear who the head of the family is."))
    return (
        *heads,
        *(_related(told, one, heads[0]) for told, one in persons.values() if one is not heads[0]),
    )


def _related(row: Row, one: NewPerson, head: NewPerson) -> NewPerson:
    """Return a person as a relative by age where no relation known here is told."""
    if row["relationship"] in _RELATIONS:
        return one
    younger = one.birth.day.year - head.birth.day.year
    if abs(younger) < _GENERATION:
        return replace(one, relation=Relation.SIBLING)
    return replace(one, relation=Relation.CHILD if younger > 0 else Relation.PARENT)


def note_relations(reading: Reading, taken: Collection[str]) -> None:
    """Tell relations the book does not have, of the persons carried over beside the heads."""
    codes = Counter(
        row["relationship"]
        for row in reading.files["insurees.csv"]
        if row["chf_id"] in taken
        and (row["relationship"] in _NEAR or row["relationship"] not in _RELATIONS)
    )
    for code, count in sorted(codes.items()):
        reading.leave(
            "insurees.csv",
            f"relationship {code}".strip(),
            Text(_NOTES.get(code, _UNKNOWN), {"count": count}),
        )
