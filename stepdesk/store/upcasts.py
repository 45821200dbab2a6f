"""Old images lifted to today's shapes: pure functions, one for each step of the schema.

An act keeps the form of the schema it was written in. A step takes a row's open, personal or
medical values (or changed places) of schema n and returns those of schema n + 1.
"""

from collections.abc import Callable
from typing import TypeAlias

from stepdesk.store import acts
from stepdesk.store.acts import Plain, Record

Step: TypeAlias = Callable[[int, int, list[Plain]], list[Plain]]
Moved: TypeAlias = Callable[[int, int, int], int]


def _same(_number: int, _openness: int, values: list[Plain]) -> list[Plain]:
    return values


def _stays(_number: int, _openness: int, at: int) -> int:
    return at


_MORE_IN_3: dict[tuple[int, int], int] = {
    (20, 0): 4,  # household: compound, health post, consent and its day
    (20, 1): 2,  # household: contact, other cover
    (21, 0): 1,  # person: mother
    (21, 1): 4,  # person: occupation, birth place, identity, photo
    (22, 0): 3,  # cover: where its waiting counts from, what began and what ended it
    (23, 0): 5,  # event: person, waiting served, pair, what it reverses, day it was recorded
    (23, 1): 1,  # event: document
}
"""How many empty columns schema 3 adds at the end of a row's part, by table and openness."""


def _to_3(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_3.get((number, openness), 0)]


_MORE_IN_4: dict[tuple[int, int], int] = {
    (27, 0): 1,  # statutes_version
    (31, 0): 32,  # plan_version
    (32, 0): 5,  # due
    (33, 0): 2,  # collection_session
    (35, 0): 4,  # payment
    (35, 1): 1,  # payment
    (36, 0): 1,  # allocation
    (37, 0): 3,  # earning
    (39, 0): 7,  # hand_over
    (39, 1): 1,  # hand_over
    (40, 0): 1,  # entry
    (40, 1): 1,  # entry
    (41, 0): 2,  # entry_line
}
"""The same of schema 4."""


def _to_4(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_4.get((number, openness), 0)]


_MORE_IN_5: dict[tuple[int, int], int] = {
    (20, 0): 2,  # household
    (50, 0): 7,  # service
    (52, 0): 7,  # package_version
    (53, 0): 7,  # benefit_rule
    (54, 0): 2,  # plan_package
    (60, 0): 5,  # provider
    (64, 0): 6,  # agreement
    (70, 0): 1,  # claim_batch
    (73, 0): 1,  # claim_decision
    (74, 0): 4,  # line_decision
    (75, 0): 3,  # provider_payment
    (111, 0): 1,  # money_settings
}
"""The same of schema 5."""


def _to_5(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_5.get((number, openness), 0)]


_MORE_IN_6: dict[tuple[int, int], int] = {
    (52, 0): 1,  # package_version
    (75, 0): 1,  # provider_payment
    (75, 1): 1,  # provider_payment
    (175, 0): 2,  # capitation_run
    (203, 0): 1,  # statement_match
}
"""The same of schema 6."""


def _to_6(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_6.get((number, openness), 0)]


_MORE_IN_7: dict[tuple[int, int], int] = {
    (42, 0): 3,  # closing
}
"""The same of schema 7."""


def _to_7(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_7.get((number, openness), 0)]


_MORE_IN_8: dict[tuple[int, int], int] = {
    (32, 0): 1,  # due
    (42, 0): 1,  # closing
    (109, 0): 4,  # payer_payment
}
"""The same of schema 8."""


def _to_8(number: int, openness: int, values: list[Plain]) -> list[Plain]:
    return [*values, *[None] * _MORE_IN_8.get((number, openness), 0)]


STEPS: dict[int, tuple[Step, Moved]] = {
    1: (_same, _stays),  # 2 only adds tables: claims, and what leaves
    2: (_to_3, _stays),  # 3 adds tables, and columns at the end of four
    3: (_to_4, _stays),  # 4 adds tables, and columns at the end of others
    4: (_to_5, _stays),  # 5 too
    5: (_to_6, _stays),  # 6 too
    6: (_to_7, _stays),  # 7 too
    7: (_to_8, _stays),  # 8 too
}
"""From schema n: (row values, place of a changed column), by table number and openness."""


def lift(schema: int, record: Record, openness: int, near: bytes) -> bytes:
    """Return a record's body in today's form.

    Raises:
        ValueError: when a step is missing: the act is of a newer schema.
    """
    from stepdesk.store.tables import SCHEMA

    if schema > SCHEMA:
        raise ValueError(f"schema {schema} is newer than {SCHEMA}")
    if record.kind == acts.INSERT:
        reader = acts.Reader(record.body, near)
        values: list[Plain] = []
        while reader.left:
            values.append(reader.value())
        for step in range(schema, SCHEMA):
            values = STEPS[step][0](record.number, openness, values)
        return b"".join(acts.encode_value(value, near) for value in values)
    changes = acts.decode_changes(record.body, near)
    for step in range(schema, SCHEMA):
        moved = STEPS[step][1]
        changes = {moved(record.number, openness, at): told for at, told in changes.items()}
    return b"".join(
        acts.varint(at) + acts.encode_value(old, near) + acts.encode_value(new, near)
        for at, (old, new) in sorted(changes.items())
    )
