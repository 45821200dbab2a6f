"""Slots, passwords and what a tampered key file may not do. Source: safety handbook 3.2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepdesk.errors import Refusal, Trouble
from stepdesk.scheme.service import add_person, end_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk, unlock
from stepdesk.store.keys import (
    FLOOR,
    STANDARD,
    Cost,
    KeyFile,
    Opened,
    check_password,
    seal,
    unseal,
)
from stepdesk.store.work import Work
from tests.builders import (
    FIRST,
    SECOND,
    a_section,
    again,
    copy_of,
    open_copy,
    template,
    wednesday,
)

PAIR = ("Awa", "Bintou")


def edited(folder: Path, change: Callable[[dict[str, Any]], None]) -> KeyFile:
    """Write a changed key file in a book's folder and read it."""
    path = folder / "book.keys"
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told)
    for name in ("book.keys", "book.keys.bak"):
        (folder / name).write_text(json.dumps(told), encoding="utf-8")
    return KeyFile.read(path)


def keys_of(folder: Path) -> KeyFile:
    return KeyFile.read(folder / "book.keys")


# Opening


def test_each_person_opens_with_their_own_password() -> None:
    keys = keys_of(template(people=PAIR))
    awa, bintou = keys.tiles()
    assert [awa.name, bintou.name] == ["Awa", "Bintou"]
    first, second = keys.open(awa.staff_id, FIRST), keys.open(bintou.staff_id, SECOND)
    assert first.data_key == second.data_key
    assert first.signer.private_bytes_raw() != second.signer.private_bytes_raw()


@pytest.mark.parametrize(
    "password", ["", "four words are goog", FIRST + " ", FIRST.title(), SECOND]
)
def test_a_wrong_password_is_refused_beside_its_field(password: str) -> None:
    keys = keys_of(template(people=PAIR))
    with pytest.raises(Refusal) as refused:
        keys.open(keys.tiles()[0].staff_id, password)
    assert refused.value.field == "password"
    assert "Wrong password" in refused.value.text.message


def test_an_accent_typed_in_two_ways_is_one_password(tmp_path: Path) -> None:
    keys = keys_of(template())
    opened = keys.open(keys.tiles()[0].staff_id, FIRST)
    keys.put(opened, "thé élève été", cost=FLOOR)
    again_opened = keys.open(opened.staff_id, "the\u0301 e\u0301le\u0300ve e\u0301te\u0301")
    assert again_opened.data_key == opened.data_key
    assert tmp_path.exists()


def test_nobody_of_that_id_has_no_access() -> None:
    with pytest.raises(Refusal) as refused:
        keys_of(template()).open(template.__name__.encode(), FIRST)  # type: ignore[arg-type]
    assert refused.value.field == "person"


def test_the_key_file_holds_no_secret_in_clear() -> None:
    keys = keys_of(template(people=PAIR))
    opened = keys.open(keys.tiles()[0].staff_id, FIRST)
    content = keys.content()
    for secret in (opened.data_key, opened.medical_key, opened.signer.private_bytes_raw()):
        assert secret is not None
        assert secret not in content
        assert secret.hex().encode() not in content


# Tampering


@pytest.mark.parametrize(
    "change",
    [
        lambda slot: slot.update(name="Somebody"),
        lambda slot: slot.update(cost=[FLOOR.memory, 2, 1]),
        lambda slot: slot.update(salt="AAAAAAAAAAAAAAAAAAAAAA=="),
        lambda slot: slot.update(nonce="AAAAAAAAAAAAAAAA"),
        lambda slot: slot.update(sealed="A" * len(slot["sealed"])),
    ],
    ids=["name", "cost", "salt", "nonce", "sealed"],
)
def test_a_tampered_slot_does_not_open(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    keys = edited(folder, lambda told: change(told["slots"][0]))
    with pytest.raises(Refusal):
        keys.open(keys.tiles()[0].staff_id, FIRST)


def test_a_slot_cannot_be_given_to_another_person(tmp_path: Path) -> None:
    folder = copy_of(template(people=PAIR), tmp_path / "book")

    def swap(told: dict[str, Any]) -> None:
        first, second = told["slots"]
        first["sealed"], second["sealed"] = second["sealed"], first["sealed"]
        first["salt"], second["salt"] = second["salt"], first["salt"]
        first["nonce"], second["nonce"] = second["nonce"], first["nonce"]

    keys = edited(folder, swap)
    with pytest.raises(Refusal):
        keys.open(keys.tiles()[0].staff_id, SECOND)


def test_practice_cannot_be_flipped_in_the_key_file(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    edited(folder, lambda told: told.update(practice=False))
    with pytest.raises((Refusal, Trouble)):
        unlock(folder, password=FIRST)


def test_a_slot_of_another_book_does_not_open_this_one(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    edited(folder, lambda told: told.update(book="00" * 16))
    with pytest.raises((Refusal, Trouble)):
        unlock(folder, password=FIRST)


@pytest.mark.parametrize(
    "cost",
    [
        [1024, 1, 1],
        [46 * 1024 - 1, 10, 4],
        [(1 << 20) + 1, 1, 1],
        [1 << 40, 1, 1],
        [46 * 1024, 11, 1],
        [46 * 1024, 0, 1],
        [46 * 1024, 1, 17],
        [46 * 1024, 1, 0],
    ],
)
def test_a_slot_below_the_floor_or_too_dear_is_not_even_tried(
    tmp_path: Path, cost: list[int]
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    keys = edited(folder, lambda told: told["slots"][0].update(cost=cost))
    with pytest.raises(Trouble) as trouble:
        keys.open(keys.tiles()[0].staff_id, FIRST)
    assert "key file is damaged" in trouble.value.text.message


def test_the_costs_we_use_are_allowed() -> None:
    assert FLOOR.allowed()
    assert STANDARD.allowed()
    assert Cost(1 << 20, 10, 16).allowed()


# A damaged file


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 700,
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"form":"stepdesk.keys/2","book":"00","practice":true,"slots":[]}',
    ],
)
def test_the_copy_is_used_when_the_key_file_is_damaged(tmp_path: Path, content: bytes) -> None:
    folder = copy_of(template(), tmp_path / "book")
    (folder / "book.keys").write_bytes(content)
    with unlock(folder, password=FIRST) as desk:
        assert desk.acts == 2


DAMAGES: list[Callable[[dict[str, Any]], object]] = [
    lambda told: told.pop("slots"),
    lambda told: told.update(slots=[]),
    lambda told: told.update(slots={}),
    lambda told: told.update(book="not hexadecimal"),
    lambda told: told.update(book=7),
    lambda told: told.update(practice="yes"),
    lambda told: told["slots"].append(7),
    lambda told: told["slots"][0].pop("salt"),
    lambda told: told["slots"][0].update(staff=7),
    lambda told: told["slots"][0].update(staff="not hexadecimal"),
    lambda told: told["slots"][0].update(name=7),
    lambda told: told["slots"][0].update(cost=7),
    lambda told: told["slots"][0].update(cost=["a", "b", "c"]),
    lambda told: told["slots"][0].update(cost=[47104.0, 1, 1]),
    lambda told: told["slots"][0].update(salt="%%%"),
    lambda told: told["slots"][0].update(salt="AAAA"),
    lambda told: told["slots"][0].update(nonce=None),
    lambda told: told["slots"][0].update(nonce="AAAA"),
    lambda told: told["slots"][0].update(sealed=[1]),
    lambda told: told["slots"][0].update(sealed=""),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=range(len(DAMAGES)))
def test_a_key_file_damaged_anywhere_is_answered_in_words(
    tmp_path: Path, damage: Callable[[dict[str, Any]], object]
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    path = folder / "book.keys"
    told = json.loads(path.read_text(encoding="utf-8"))
    damage(told)
    for name in ("book.keys", "book.keys.bak"):
        (folder / name).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises((Refusal, Trouble)):
        unlock(folder, password=FIRST, name="Awa")


def test_a_damaged_key_file_without_a_copy_names_the_book(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    (folder / "book.keys").write_bytes(b"{")
    (folder / "book.keys.bak").unlink()
    with pytest.raises(Trouble) as trouble:
        unlock(folder, password=FIRST)
    assert trouble.value.text.values == {"name": "book"}


def test_saving_leaves_the_file_and_its_copy_alike(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    with again(folder) as desk:
        desk.change_password(FIRST, "six better words than before")
    whole = (folder / "book.keys").read_bytes()
    assert whole == (folder / "book.keys.bak").read_bytes()
    assert not (folder / "book.keys.part").exists()


# Passwords


@pytest.mark.parametrize(
    "password",
    ["short", "elevensigns", "aaaaaaaaaaaaaaaa", "123456789012", "987654321098", "abababababab"],
)
def test_a_password_guessed_in_days_is_refused(password: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_password(password)
    assert refused.value.field == "password"


def test_a_password_is_12_to_128_signs_long_and_not_the_name() -> None:
    check_password("twelve signs")
    check_password("long " * 25 + "!!!")
    with pytest.raises(Refusal):
        check_password("long " * 26)
    with pytest.raises(Refusal):
        check_password("Marie Antoinette", name="marieantoinette")


def test_changing_the_password_keeps_the_signing_key(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        before = desk.person.signer.private_bytes_raw()
        desk.change_password(FIRST, "six better words than before")
        a_section(desk)
    with pytest.raises(Refusal):
        unlock(tmp_path / "book", password=FIRST)
    with unlock(tmp_path / "book", password="six better words than before") as desk:
        assert desk.person.signer.private_bytes_raw() == before
        a_section(desk, "Ngor")
        assert verify_desk(desk).clean


def test_the_old_password_is_asked_for_before_it_is_changed(desk: Desk) -> None:
    before = (desk.folder / "book.keys").read_bytes()
    with pytest.raises(Refusal) as wrong:
        desk.change_password("not my password", "six better words than before")
    assert wrong.value.field == "old_password"
    with pytest.raises(Refusal) as weak:
        desk.change_password(FIRST, "weak")
    assert weak.value.field == "password"
    assert (desk.folder / "book.keys").read_bytes() == before


def test_a_new_slot_costs_no_less_than_the_one_before_it(desk: Desk) -> None:
    desk.do(add_person, name="Coumba", role=Role.TREASURER, password=SECOND)
    costs = [slot["cost"] for slot in desk.keys.told["slots"]]
    assert costs == [[FLOOR.memory, FLOOR.passes, FLOOR.lanes]] * 2


# The medical key


def test_only_the_medical_adviser_is_given_the_medical_key(desk: Desk) -> None:
    opened: dict[Role, Opened] = {}
    for role in (Role.TREASURER, Role.BOARD, Role.CONTROLLER, Role.MEDICAL_ADVISER):
        staff_id = desk.do(add_person, name=role.value, role=role, password=SECOND)
        opened[role] = keys_of(desk.folder).open(staff_id, SECOND)
    assert {role for role, one in opened.items() if one.medical_key} == {Role.MEDICAL_ADVISER}
    assert opened[Role.MEDICAL_ADVISER].medical_key == desk.person.medical_key


def test_who_has_no_medical_key_cannot_pass_it_on(two_people_desk: Desk) -> None:
    desk = two_people_desk
    desk.switch(desk.keys.tiles()[1].staff_id, SECOND)
    with pytest.raises(Refusal):
        desk.medical_key()
    with pytest.raises(Refusal):
        desk.do(add_person, name="Coumba", role=Role.MEDICAL_ADVISER, password=SECOND)
    assert [tile.name for tile in keys_of(desk.folder).tiles()] == ["Awa", "Bintou"]


def test_nobody_gets_a_slot_from_a_work_that_failed(desk: Desk) -> None:
    def fail(work: Work) -> None:
        add_person(work, name="Coumba", role=Role.TREASURER, password=SECOND)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the test's own
        desk.do(fail)
    assert [tile.name for tile in keys_of(desk.folder).tiles()] == ["Awa"]


def test_a_medical_value_reads_only_where_it_was_written() -> None:
    key, other = bytes(range(32)), bytes(32)
    sealed = seal(key, "paludisme", b"claim|diagnosis|1")
    assert unseal(key, sealed, b"claim|diagnosis|1") == "paludisme"
    assert b"paludisme" not in sealed
    assert seal(key, "paludisme", b"claim|diagnosis|1") != sealed
    wrong: list[tuple[bytes, bytes, bytes]] = [
        (other, sealed, b"claim|diagnosis|1"),
        (key, sealed, b"claim|diagnosis|2"),
        (key, sealed, b"claim|note|1"),
        (key, sealed[:-1] + bytes((sealed[-1] ^ 1,)), b"claim|diagnosis|1"),
        (key, sealed[:11], b"claim|diagnosis|1"),
        (key, b"", b"claim|diagnosis|1"),
    ]
    for told in wrong:
        with pytest.raises(Trouble):
            unseal(*told)


def test_ending_an_access_needs_a_reason_and_another_persons_signature(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", people=("Awa", "Bintou")) as desk:
        bintou = desk.colleagues()[1].id
        desk.do(add_person, name="Coumba", role=Role.TREASURER, password=SECOND)
        told: tuple[dict[str, Any], ...] = (
            {"staff_id": desk.person.staff_id, "reason": "left"},
            {"staff_id": bintou, "reason": " "},
            {"staff_id": bintou, "reason": "moved away"},
        )
        fields = []
        for wrong in told:
            with pytest.raises(Refusal) as caught:
                desk.do(end_person, **wrong)
            fields.append(caught.value.field)
        assert fields == ["person", "reason", "second"]
        with desk.work("end_person") as work:
            work.second(bintou, SECOND)
            with pytest.raises(Refusal) as caught:
                end_person(work, staff_id=bintou, reason="moved away")
        assert caught.value.field == "second"


def test_who_left_neither_opens_the_book_nor_signs(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    with open_copy(folder, people=("Awa", "Bintou")) as desk:
        bintou = desk.colleagues()[1].id
        coumba = desk.do(add_person, name="Coumba", role=Role.TREASURER, password=SECOND)
        before = (folder / "book.keys").read_bytes()
        with desk.work("end_person") as work:
            work.second(coumba, SECOND)
            end_person(work, staff_id=bintou, reason="moved away")
        assert [tile.name for tile in desk.keys.tiles()] == ["Awa", "Coumba"]
        assert bintou not in {one.id for one in desk.colleagues()}
        with pytest.raises(Refusal):
            desk.do(end_person, staff_id=bintou, reason="again")
        assert verify_desk(desk).findings == []
    for name in ("book.keys", "book.keys.bak"):
        (folder / name).write_bytes(before)
    with pytest.raises(Refusal) as caught:
        unlock(folder, password=SECOND, name="Bintou", clock=wednesday())
    assert caught.value.field == "person"
    with again(folder) as desk, pytest.raises(Refusal) as caught, desk.work("anything") as work:
        work.second(bintou, SECOND)
    assert caught.value.field == "second"


def test_nobody_but_manager_and_board_ends_an_access(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", people=("Awa", "Bintou")) as desk:
        awa, bintou = (one.id for one in desk.colleagues())
        desk.switch(bintou, SECOND)
        before = desk.acts
        with pytest.raises(Refusal) as caught:
            desk.do(end_person, staff_id=awa, reason="mine now")
        assert (caught.value.field, desk.acts) == ("person", before)
        desk.switch(awa, FIRST)
        desk.do(end_person, staff_id=bintou, reason="moved away")
        assert desk.solo


def test_the_medical_key_is_not_lost_with_an_access(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        manager = desk.do(
            add_person, name="Coumba", role=Role.MANAGER, password=SECOND, medical=False
        )
        awa = desk.person.staff_id
        desk.switch(manager, SECOND)
        with pytest.raises(Refusal) as caught:
            desk.do(end_person, staff_id=awa, reason="left")
        assert caught.value.field == "person"
