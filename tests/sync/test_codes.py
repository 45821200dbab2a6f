"""A bundle as codes on paper, there and back."""

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.sync.wire.codes import PART, _written, codes, joined
from stepdesk.sync.wire.failures import WireError


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")],
)
def test_the_signs_are_those_of_the_standard(raw: bytes, told: str) -> None:
    # Source: RFC 9285, examples of 4.3.
    assert _written(raw) == told


@given(st.binary(min_size=1, max_size=3 * PART), st.randoms())
def test_a_file_comes_back_whatever_the_order(data: bytes, order: random.Random) -> None:
    lines = [*codes(data), codes(data)[0]]
    order.shuffle(lines)
    assert joined(lines) == data


@given(st.binary(min_size=1, max_size=PART + 1))
def test_blanks_around_a_line_are_nothing(data: bytes) -> None:
    assert joined([f"  {line} \r\n" for line in codes(data)]) == data


def test_a_code_names_its_part_and_its_file() -> None:
    data = bytes(PART + 1)
    first, second = codes(data)
    check = sha256(data).hexdigest()[:8].upper()
    assert first.startswith(f"SDB1-1-2-{check}:")
    assert second == f"SDB1-2-2-{check}:00"
    assert len(first) < 1000


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "not_stepdesk"),
        (["https://example.org"], "not_stepdesk"),
        (codes(bytes(2000))[:2], "truncated"),
        ([*codes(bytes(2000)), codes(b"other")[0]], "damaged"),
        ([codes(b"AB")[0].replace("BB8", "BB9")], "damaged"),
        ([codes(b"AB")[0].replace("BB8", ":::")], "damaged"),
        ([codes(b"AB")[0].replace("-1-1-", "-2-1-")], "damaged"),
        ([codes(b"AB")[0].replace("-1-1-", "-1-9999-")], "damaged"),
        ([codes(b"AB")[0].replace("-1-1-", "-0-0-")], "damaged"),
    ],
)
def test_what_was_read_wrong_is_refused(lines: list[str], code: str) -> None:
    with pytest.raises(WireError) as refused:
        joined(lines)
    assert refused.value.code == code


@given(st.lists(st.text(max_size=60), max_size=4))
def test_nothing_else_is_ever_raised(lines: list[str]) -> None:
    with pytest.raises(WireError):
        joined(lines)
