"""What may leave, and nothing else: the allow-list and the bytes of a return."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.i18n import Text, speak
from stepdesk.sync.wire import content
from stepdesk.sync.wire.cells import BLOCKS, TABLES, Kind, check_cells, is_practice_policy
from stepdesk.sync.wire.content import Return, SizeClass
from stepdesk.sync.wire.failures import WireError
from stepdesk.values.month import Month
from tests.sync.kit import a_return, figures

MOST = 2**53 - 1

# Written down here a second time, so that a new cell is a decision somebody took twice.
MAY_LEAVE = {
    "m_total": "adherents beneficiaries",
    "m_sex": "f m",
    "m_age": "0_4 5_14 15_49 50",
    "m_role": "member dependant",
    "m_status": "up_to_date waiting late stopped",
    "c_money": "due collected arrears",
    "c_payers": "payers",
    "c_frequency": "monthly quarterly_or_half yearly",
    "c_channel": "cash bank mobile",
    "c_channel_n": "cash bank mobile",
    "b_total": "claims patients amount",
    "b_class_n": "OPD DRUG LAB_IMG MATERNITY HOSP SURG PREVENTION OTHER",
    "b_class": "OPD DRUG LAB_IMG MATERNITY HOSP SURG PREVENTION OTHER",
    "b_level_n": "POST CENTRE DISTRICT HIGHER OTHER",
    "b_level": "POST CENTRE DISTRICT HIGHER OTHER",
    "b_age_n": "0_4 5_14 15_49 50",
    "b_sex_n": "f m",
    "b_refused": "rejected pending",
    "b_delay": "15 30 90 more",
    "e_money": "income benefits running_cost reserve cash bank debt",
}
MONEY = {"c_money", "c_channel", "b_class", "b_level", "e_money"}


def test_the_closed_list_is_the_one_that_was_decided() -> None:
    assert {
        code: " ".join(cell.code for cell in table.cells) for code, table in TABLES.items()
    } == MAY_LEAVE
    assert {code for code, told in TABLES.items() if told.cells[0].kind is Kind.MONEY} == MONEY
    assert [cell.kind for cell in TABLES["b_total"].cells] == [Kind.COUNT, Kind.COUNT, Kind.MONEY]


def test_every_cell_has_words() -> None:
    for table in TABLES.values():
        assert BLOCKS[table.block]
        assert table.code[0].upper() == table.block.value
        for told in (table.label, *(cell.label for cell in table.cells)):
            assert re.search("[a-z]", speak(Text(told), "en"))


GOLDEN = (
    b'{"cells":{"e_money":[1,2,3,4,-5,6,7],"m_sex":[320,null],"m_total":[203,611]},'
    b'"country":"SN","currency":"XOF","period":"2026-10","policy":"practice-0",'
    b'"practice":false,"rev":0,"schema":"stepdesk.return/1",'
    b'"scheme":"AAECAwQFBgcICQoLDA0ODw","size":"M"}'
)


def test_a_return_has_one_form_in_bytes() -> None:
    assert content.encode(a_return()) == GOLDEN
    assert content.decode(GOLDEN) == a_return()


def test_its_id_is_the_hash_of_these_bytes() -> None:
    # What sha256sum says of a file with the line above.
    assert content.release_id(GOLDEN).hex() == (
        "91f0fe180726a5243cfc0a31736d66962be0863dbe4b561e9245311e47b5f44b"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"m_sex":[320,null]', '"m_sex":[320,null,1]'),
        ('"m_sex":[320,null]', '"m_sex":[320]'),
        ('"m_sex":[320,null]', '"m_sex":320'),
        ('"m_sex":[320,null]', '"m_sex":[-1,null]'),
        ('"m_sex":[320,null]', '"m_sex":[true,null]'),
        ('"m_sex":[320,null]', '"m_sex":[320.0,null]'),
        ('"m_sex":[320,null]', '"m_sex":[3.2e2,null]'),
        ('"m_sex":[320,null]', '"m_sex":["320",null]'),
        ('"m_sex":[320,null]', '"m_sex":[NaN,null]'),
        ('"m_sex":[320,null]', '"m_sex":[9007199254740992,null]'),
        ('"m_sex":[320,null]', '"m_sex":[' + "9" * 5000 + ",null]"),
        ('"m_sex":[320,null]', '"m_sex":[0320,null]'),
        ('"m_sex"', '"m_village"'),
        ('"m_sex"', '"Fatou Ndiaye"'),
        ('"m_sex":[320,null],', '"m_sex":[320,null],"m_sex":[320,null],'),
        ('"currency":"XOF"', '"currency":"XXX"'),
        ('"currency":"XOF"', '"currency":"xof"'),
        ('"country":"SN"', '"country":"SEN"'),
        ('"country":"SN"', '"country":"Ndiagne"'),
        ('"country":"SN"', '"country":"\\ud800"'),
        ('"country":"SN"', '"country":"\\u0053N"'),
        ('"period":"2026-10"', '"period":"2026-13"'),
        ('"period":"2026-10"', '"period":"2026-10-04"'),
        ('"period":"2026-10"', '"period":"0000-10"'),
        ('"policy":"practice-0"', '"policy":"Practice 0"'),
        ('"practice":false', '"practice":0'),
        ('"rev":0', '"rev":-1'),
        ('"rev":0', '"rev":1000'),
        ('"size":"M"', '"size":"XXL"'),
        ('"scheme":"AAECAwQFBgcICQoLDA0ODw"', '"scheme":"AAECAwQFBgcICQoLDA0ODx"'),
        ('"scheme":"AAECAwQFBgcICQoLDA0ODw"', '"scheme":"AAECAwQFBgcICQoLDA0O"'),
        ('"size":"M"}', '"size":"M","note":"Fatou"}'),
        ('"size":"M"}', '"size":"M"} '),
        ('"size":"M"}', '"size":"M"'),
        ('{"cells"', '{ "cells"'),
        ("[203,611]", "[" * 20 + "]" * 20),
        ("[203,611]", "[" * 30000 + "]" * 30000),
    ],
)
def test_anything_else_is_refused(old: str, new: str) -> None:
    assert old.encode() in GOLDEN
    with pytest.raises(WireError) as refused:
        content.decode(GOLDEN.replace(old.encode(), new.encode(), 1))
    assert refused.value.code == "malformed"
    assert "Fatou" not in speak(refused.value.text, "en")


@pytest.mark.parametrize("odd", [b"", b"null", b"[]", b"\xff", b'"a"', b"{}", b"{"])
def test_what_is_no_return_is_refused(odd: bytes) -> None:
    with pytest.raises(WireError):
        content.decode(odd)


def test_a_return_of_a_later_form_asks_for_a_newer_stepdesk() -> None:
    with pytest.raises(WireError) as refused:
        content.decode(GOLDEN.replace(b"return/1", b"return/2"))
    assert refused.value.code == "too_new"


def test_a_return_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(WireError) as refused:
        content.decode(b"{" + b" " * content.LARGEST)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "told",
    [
        {"scheme": b"short"},
        {"country": "sn"},
        {"currency": "ABC"},
        {"rev": True},
        {"policy": ""},
        {"cells": {"m_total": (1.0, 2)}},
        {"cells": {"names": (1,)}},
        {"cells": {"c_payers": (-1,)}},
    ],
)
def test_nothing_else_can_even_be_made(told: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        a_return(**told)


def test_policies_before_the_gate_are_for_practice() -> None:
    assert is_practice_policy("practice-0")
    assert not is_practice_policy("sdc-2026-1@sha256:" + "0" * 64)
    assert not is_practice_policy("practices")


def _row(code: str) -> st.SearchStrategy[tuple[int | None, ...]]:
    values = {
        Kind.COUNT: st.just(0) | st.integers(5, MOST),
        Kind.MONEY: st.integers(-MOST, MOST),
    }
    return st.tuples(*(st.none() | values[cell.kind] for cell in TABLES[code].cells))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_no_count_from_one_to_four_is_written_or_taken(count: int) -> None:
    with pytest.raises(WireError):
        check_cells({"m_total": (count, None)})
    assert check_cells({"m_total": (5, 0), "c_money": (count, None, None)})


cells = st.sets(st.sampled_from(sorted(TABLES))).flatmap(
    lambda opened: st.fixed_dictionaries({code: _row(code) for code in opened})
)
returns = st.builds(
    Return,
    scheme=st.binary(min_size=16, max_size=16),
    country=st.sampled_from(["SN", "ZZ", "ML"]),
    currency=st.sampled_from(["XOF", "XTS", "GNF"]),
    period=st.builds(Month, st.integers(1, 9998), st.integers(1, 12)),
    rev=st.integers(0, 999),
    policy=st.sampled_from(["practice-0", "sdc-2026-1@sha256:" + "0a" * 32]),
    practice=st.booleans(),
    size_class=st.sampled_from(SizeClass),
    cells=cells,
)


@given(told=returns)
def test_a_return_comes_back_as_it_went(told: Return) -> None:
    written = content.encode(told)
    assert content.decode(written) == told
    assert content.encode(content.decode(written)) == written


def test_tables_are_checked_in_reading_order() -> None:
    assert list(check_cells(dict(reversed(figures().items())))) == list(TABLES)
