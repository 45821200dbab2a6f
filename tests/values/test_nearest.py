"""The codes that may have been meant are named, the likeliest first."""

import pytest

from stepdesk.values.nearest import nearest

CODES = ("CONS", "CONSP", "ECHO", "LAB1", "LAB2", "RADIO", "TABS")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("cons", "CONS, CONSP"),
        ("CNOS", "CONS"),
        ("LAB3", "LAB2, LAB1"),
        ("zzz", "CONS, CONSP, ECHO, LAB1, LAB2, …"),
    ],
)
def test_what_is_like_it_is_named(asked: str, told: str) -> None:
    assert nearest(asked, CODES).split(", ")[: len(told.split(", "))] == told.split(", ")


def test_nothing_known_is_a_dash() -> None:
    assert nearest("CONS", ()) == "—"
    assert nearest("X", ("A", "B")) == "A, B"
