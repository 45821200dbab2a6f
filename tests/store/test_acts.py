"""The byte form of acts: there and back, one form a value, the Merkle root of RFC 6962."""

import zlib
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions.model import payment
from stepdesk.members.model import person
from stepdesk.store import acts
from stepdesk.store.acts import (
    PART_LIMIT,
    Header,
    Image,
    Plain,
    Reader,
    decode_changes,
    decode_row,
    encode_row,
    encode_value,
    header_of,
    merkle_root,
    pack,
    pack_quickly,
    part_hash,
    places,
    record_of,
    records,
    records_of,
    unpack,
    varint,
)

NEAR = bytes(range(14))
WIDTH = len(person.c) - 1  # columns of a person beside the id

days = st.dates().map(lambda day: day.isoformat())
numbers = st.integers(-(1 << 63), (1 << 63) - 1)
ids = st.binary(min_size=16, max_size=16) | st.integers(0, 0xFFFF).map(
    lambda last: NEAR + last.to_bytes(2, "big")
)
values: st.SearchStrategy[Plain] = (
    st.none() | numbers | st.text() | days | st.binary(max_size=200) | ids
)


def read(data: bytes, near: bytes = NEAR) -> Plain:
    reader = Reader(data, near)
    told = reader.value()
    assert not reader.left
    return told


@given(values)
def test_each_value_comes_back_as_it_was(value: Plain) -> None:
    told = read(encode_value(value, NEAR))
    assert told == value
    assert type(told) is type(value)


EDGES: tuple[Plain, ...] = (
    None,
    *(0, 1, 0x3F, 0x40, 0x7F, 0x80, 0x3FFF, 0x4000, (1 << 63) - 1, -1, -2, -128, -(1 << 63)),
    *("", "a", "é" * 63, "é" * 64, "x" * 127, "x" * 128, "x" * 100_000),
    *("2024-01-31", "0001-01-01", "9999-12-31", "2023-02-29", "2024-1-311", "20240131xx"),
    *("2024-W05-3", "٢٠٢٤-٠١-٣١", "0000-00-00"),
    *(b"", b"x", bytes(15), bytes(16), bytes(17), NEAR + b"\0\0", NEAR + b"\xff\xff"),
)


@pytest.mark.parametrize("value", EDGES, ids=range(len(EDGES)))
def test_values_on_the_edges_come_back(value: Plain) -> None:
    assert read(encode_value(value, NEAR)) == value


def test_no_two_values_have_one_form() -> None:
    forms = [encode_value(value, NEAR) for value in EDGES]
    assert len(set(forms)) == len(forms)


@given(st.lists(values, max_size=20))
def test_a_row_comes_back_from_its_one_form(row: list[Plain]) -> None:
    body = encode_row(row, range(len(row)), NEAR)
    assert decode_row(body, len(row), NEAR) == row
    assert encode_row(decode_row(body, len(row), NEAR), range(len(row)), NEAR) == body


def test_the_form_is_frozen() -> None:
    row: list[Plain] = [None, 0, 63, 64, -1, "Awa", "2024-01-10", b"ab", NEAR + b"\x01\x02"]
    form = "00 40 7f 0140 0200 83417761 07cf8c2d 04026162 058202"
    assert encode_row(row, range(len(row)), NEAR).hex() == form.replace(" ", "")


@pytest.mark.parametrize("value", [1.5, True, bytearray(b"x"), object()])
def test_a_book_holds_whole_numbers_texts_and_bytes_alone(value: object) -> None:
    with pytest.raises(TypeError):
        encode_value(value, NEAR)  # type: ignore[arg-type]


@given(st.binary(max_size=60))
def test_damaged_bytes_are_refused_and_never_a_bug(data: bytes) -> None:
    try:
        for record in records(data, NEAR):
            decode_changes(record.body, NEAR)
    except (ValueError, IndexError):
        pass


@pytest.mark.parametrize(
    "data",
    [
        b"\x07\xff\xff\xff\xff\x7f",
        b"\x07\x00",
        b"\x05\xff\xff\xff\x7f",
        b"\x08",
        b"\x83ab",
        b"\x81\xff",
        b"\x06abc",
        b"\x01" + b"\xff" * 200_000,
    ],
    ids=["late day", "no day", "far id", "no kind", "short", "no utf-8", "short id", "endless"],
)
def test_a_value_that_cannot_be_is_a_value_error(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        Reader(data, NEAR).value()


# Records


@given(ids, st.lists(values, min_size=WIDTH, max_size=WIDTH))
def test_a_new_row_is_a_record_for_each_openness(key: bytes, row: list[Plain]) -> None:
    image = Image(person, key, row)
    whole, personal, medical = places(person)
    assert (sorted(whole + personal + medical), medical) == (list(range(WIDTH)), ())
    for which in (whole, personal):
        (record,) = records(record_of(image, which, NEAR), NEAR)
        assert (record.number, record.kind, record.id) == (21, acts.INSERT, key)
        assert decode_row(record.body, len(which), NEAR) == [row[at] for at in which]


@given(ids, st.dictionaries(st.integers(0, WIDTH - 1), st.tuples(values, values), min_size=1))
def test_a_change_is_the_old_and_the_new_value_of_its_columns(
    key: bytes, changed: dict[int, tuple[Plain, Plain]]
) -> None:
    row: list[Plain] = [changed[at][1] if at in changed else None for at in range(WIDTH)]
    image = Image(person, key, row, {at: old for at, (old, _) in changed.items()})
    for which in places(person)[:2]:
        (record,) = records(record_of(image, which, NEAR), NEAR)
        assert record.kind == acts.UPDATE
        assert decode_changes(record.body, NEAR) == {
            at: told for at, told in changed.items() if at in which
        }


def test_the_open_part_of_a_payment_names_nobody() -> None:
    names = payment.c.keys()[1:]
    whole, personal, _ = places(payment)
    assert [names[at] for at in personal] == ["reason", "reference"]
    assert "household_id" in [names[at] for at in whole]


# Headers


headers = st.builds(
    Header,
    id=st.binary(min_size=16, max_size=16),
    device=st.sampled_from("ABC"),
    incarnation=st.integers(1, 9),
    seq=st.integers(1, 1 << 40),
    hlc=st.integers(0, 1 << 62),
    wall=st.integers(0, 1 << 46),
    business_day=days,
    person=st.binary(min_size=16, max_size=16),
    second=st.none() | st.binary(min_size=16, max_size=16),
    verb=st.text(min_size=1),
    schema=st.integers(1, 99),
    deps=st.binary(max_size=30),
)


def row_of(header: Header) -> dict[str, Plain]:
    return {
        "id": header.id,
        "head": header.stored(),
        "device": header.device,
        "incarnation": header.incarnation,
        "seq": header.seq,
    }


@given(headers)
def test_a_header_comes_back_from_its_row(header: Header) -> None:
    assert header_of(row_of(header)) == header


@given(headers, headers)
def test_another_header_has_another_hash(one: Header, other: Header) -> None:
    assert (one.hash(bytes(32), bytes(32)) == other.hash(bytes(32), bytes(32))) == (one == other)


@given(headers, st.data())
def test_a_header_changed_in_any_byte_is_refused_or_hashes_to_something_else(
    header: Header, data: st.DataObject
) -> None:
    head = bytearray(header.stored())
    at = data.draw(st.integers(0, len(head) - 1))
    head[at] ^= data.draw(st.integers(1, 255))
    row = row_of(header) | {"head": bytes(head)}
    try:
        changed = header_of(row)
    except (ValueError, IndexError):
        return
    assert changed.hash(bytes(32), bytes(32)) != header.hash(bytes(32), bytes(32))


def test_a_header_in_another_form_is_refused() -> None:
    header = Header(bytes(16), "A", 1, 1, 5 << 16, 5, "2024-01-10", bytes(16), None, "v", 1)
    head = header.stored()
    longer = b"\x01\x00" + head[1:]
    assert Reader(longer, bytes(14)).value() == Reader(head, bytes(14)).value()
    with pytest.raises(ValueError, match="one form"):
        header_of(row_of(header) | {"head": longer})


# Merkle


def reference_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1 as it stands there, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    left, right = reference_root(leaves[:middle]), reference_root(leaves[middle:])
    return sha256(b"\x01" + left + right).digest()


LAST_LEAF = ["606162636465666768696a6b6c6d6e6f"]
# The eight leaves and roots of Certificate Transparency's own tests.
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", *LAST_LEAF]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_rfc_6962(size: int) -> None:
    leaves = [sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in CT_LEAVES[:size]]
    assert reference_root(leaves).hex() == CT_ROOTS[size - 1]
    assert merkle_root(leaves).hex() == CT_ROOTS[size - 1]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_root_agrees_with_the_reference(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == reference_root(leaves)


def test_the_root_tells_leaves_apart_by_content_order_and_number() -> None:
    one, two = part_hash(b"s" * 16, b"1"), part_hash(b"s" * 16, b"2")
    told = [merkle_root(leaves) for leaves in ([], [one], [two], [one, two], [two, one])]
    told.append(merkle_root([one, two, two]))
    assert len(set(told)) == len(told)


def test_the_salt_hides_what_a_part_says() -> None:
    assert part_hash(b"a" * 16, b"Awa") != part_hash(b"b" * 16, b"Awa")


# Packing


@given(st.binary(max_size=5000))
def test_a_part_comes_back_from_its_pack(part: bytes) -> None:
    assert unpack(pack(part)) == part


def test_a_full_part_comes_back() -> None:
    part = bytes(range(256)) * (PART_LIMIT // 256)
    assert unpack(pack(part)) == part
    assert unpack(pack_quickly(part)) == part


@given(st.binary(max_size=300))
def test_a_part_packed_quickly_comes_back_the_same_way(part: bytes) -> None:
    assert unpack(pack_quickly(part)) == part
    assert len(pack_quickly(part)) <= len(part) + 12


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_damaged_pack_is_refused_or_says_something_else(
    part: bytes, data: st.DataObject
) -> None:
    kept = bytearray(pack(part))
    at = data.draw(st.integers(0, len(kept) - 1))
    kept[at] ^= data.draw(st.integers(1, 255))
    try:
        told = unpack(bytes(kept))
    except ValueError:
        return
    # The last bits of a deflate stream are padding: they say nothing and carry nothing.
    assert told != part or at == len(kept) - 1


@pytest.mark.parametrize("more", [b"\0", b"hidden", b"\x01" * 5000])
def test_nothing_can_be_hidden_behind_a_pack(more: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(pack(b"what was done") + more)


def test_a_pack_that_would_burst_is_refused() -> None:
    press = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    bomb = press.compress(bytes(50 << 20)) + press.flush()
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(b"\x01" + bomb)
    for damaged in (b"", b"\x63" + bomb[:100], pack(b"cut short")[:-3]):
        with pytest.raises(ValueError, match="cannot be read"):
            unpack(damaged)


@given(st.lists(st.integers(0, 1 << 62), min_size=1, unique=True))
def test_bigger_numbers_never_have_shorter_varints(told: list[int]) -> None:
    lengths = [len(varint(number)) for number in sorted(told)]
    assert all(one <= other for one, other in pairwise(lengths))


@given(ids, st.lists(st.lists(values, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=4))
def test_rows_in_bulk_are_written_byte_by_byte_as_single_ones(
    key: Plain, rows: list[list[Plain]]
) -> None:
    assert isinstance(key, bytes)
    for which in places(person):
        told = [record_of(Image(person, key, row), which, NEAR) for row in rows]
        assert records_of(person, which, NEAR, [[key, *row] for row in rows]) == told


def test_a_value_a_book_does_not_hold_is_not_written_in_bulk_either() -> None:
    with pytest.raises(TypeError, match="whole numbers, texts and bytes"):
        records_of(person, (0,), NEAR, [[b"i" * 16, 1.5, *[None] * (WIDTH - 1)]])  # type: ignore[list-item]
