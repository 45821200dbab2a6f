"""Copies and putting them back: checked before they count, whole or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepdesk.contributions.queries import receipts_of
from stepdesk.errors import Refusal, Trouble
from stepdesk.store import engine as file
from stepdesk.store import seal
from stepdesk.store.backup import back_up, last_backup, restore
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, unlock
from tests.builders import (
    FIRST,
    SECOND,
    a_household,
    a_payment,
    a_request,
    a_section,
    again,
    copy_of,
    make_book,
    open_copy,
    template,
)


@pytest.fixture
def worked(tmp_path: Path, clock: SetClock) -> Path:
    """A closed book with one payment."""
    with open_copy(tmp_path / "book", clock=clock) as desk:
        a_payment(desk)
    return tmp_path / "book"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def copied(folder: Path, target: Path) -> Path:
    with again(folder) as desk:
        return back_up(desk, target).path


def numbers(desk: Desk) -> list[str]:
    with desk.read() as connection:
        homes = connection.exec_driver_sql("SELECT id FROM household").scalars().all()
        told = [
            receipt.number
            for home in homes
            for receipt in receipts_of(connection, home, desk.currency)
        ]
    return sorted(told)


# Making a copy


def test_a_copy_is_one_checked_file(desk: Desk, stick: Path) -> None:
    a_payment(desk)
    made = back_up(desk, stick)
    assert [one.name for one in stick.iterdir()] == [made.path.name]
    assert made.path.name == f"book-20240110-090000-{desk.head.seq:06d}.sdk"
    assert (made.acts, made.size) == (desk.acts, made.path.stat().st_size)
    with zipfile.ZipFile(made.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("book.db")[:15] != b"SQLite format 3"
    assert (manifest["book"], manifest["practice"]) == (desk.book_id.hex(), True)
    assert (last_backup(desk, outside=True), last_backup(desk)) == (desk.clock.now(),) * 2


def test_a_copy_inside_the_book_is_none_outside(desk: Desk) -> None:
    made = back_up(desk)
    assert made.path.parent == desk.folder / "backups"
    assert last_backup(desk) == desk.clock.now()
    assert last_backup(desk, outside=True) is None


def test_a_copy_takes_what_was_recorded_and_nothing_of_a_work_under_way(
    desk: Desk, tmp_path: Path, stick: Path
) -> None:
    a_payment(desk)
    acts = desk.acts
    made = back_up(desk, stick)
    a_payment(desk)
    restore(made.path, tmp_path / "other", password=FIRST)
    with again(tmp_path / "other") as other:
        assert other.acts == acts + 1


def test_a_stick_that_is_not_there_is_trouble(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_bytes(b"")
    with pytest.raises(Trouble):
        back_up(desk, tmp_path / "no-folder" / "stick" / "copy.sdk")
    assert last_backup(desk) is None


def test_a_copy_broken_off_does_not_stand_in_the_way_of_the_next(desk: Desk, stick: Path) -> None:
    (stick / "copy.sdk.db").write_bytes(b"half of a copy")
    (stick / "copy.sdk.part").write_bytes(b"half of a copy")
    made = back_up(desk, stick / "copy.sdk")
    assert [one.name for one in stick.iterdir()] == ["copy.sdk"]
    assert made.acts == desk.acts


# Putting one back


def test_a_copy_goes_into_an_empty_folder(worked: Path, stick: Path, tmp_path: Path) -> None:
    copy = copied(worked, stick)
    told = restore(copy, tmp_path / "new", password=FIRST)
    assert (told.incarnation, told.kept) == (2, None)
    with again(tmp_path / "new") as desk:
        assert (desk.head.device, desk.head.incarnation, desk.head.seq) == ("A", 2, 1)
        assert numbers(desk) == ["R-2024-A-000001"]
        assert verify_desk(desk).clean
        a_payment(desk)
        assert numbers(desk) == ["R-2024-A-000001", "R-2024-A-000002"]
        assert verify_desk(desk).clean
        assert verify_desk(desk, whole=False).clean
    left = {one.name for one in (tmp_path / "new").iterdir()}
    assert left == {"book.db", "book.keys", "book.keys.bak", "book.lock", "reserve.bin"}


def test_the_present_book_is_kept_aside(worked: Path, stick: Path, clock: SetClock) -> None:
    copy = copied(worked, stick)
    with again(worked, clock=clock) as desk:
        lost = a_payment(desk)
    present = (worked / "book.db").read_bytes()
    told = restore(copy, worked, password=FIRST, clock=clock)
    assert told.kept is not None
    assert told.kept.parent == worked
    assert (told.kept / "book.db").read_bytes() == present
    assert {one.name for one in told.kept.iterdir()} == {"book.db", "book.keys", "book.keys.bak"}
    with again(worked, clock=clock) as desk:
        assert lost.number not in numbers(desk)
        assert desk.head.incarnation == 2
        assert verify_desk(desk).clean


def test_acts_after_a_restore_chain_on_and_restart_their_count(
    worked: Path, stick: Path, clock: SetClock
) -> None:
    copy = copied(worked, stick)
    restore(copy, worked, password=FIRST, clock=clock)
    with again(worked, clock=clock) as desk:
        a_section(desk, "Ngor")
        with desk.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT n, device, incarnation, seq FROM act ORDER BY n DESC LIMIT 3"
            ).all()
        n = desk.acts
    assert [tuple(row) for row in rows] == [
        (n, "A", 2, 2),
        (n - 1, "A", 2, 1),
        (n - 2, "A", 1, n - 2),
    ]


def test_each_restore_starts_an_incarnation_of_its_own(
    worked: Path, stick: Path, clock: SetClock
) -> None:
    copy = copied(worked, stick)
    told = []
    for day in (11, 12, 13):
        clock.set(date(2024, 1, day))
        told.append(restore(copy, worked, password=FIRST, clock=clock).incarnation)
        with again(worked, clock=clock) as desk:
            a_payment(desk)
    assert told == [2, 3, 4]


def test_an_incarnation_is_not_given_twice_though_the_laptop_forgot(
    worked: Path, stick: Path, clock: SetClock
) -> None:
    copy = copied(worked, stick)
    restore(copy, worked, password=FIRST, clock=clock)
    for one in seal.folder().glob("*.seal"):
        one.unlink()
    clock.set(date(2024, 1, 11))
    assert restore(copy, worked, password=FIRST, clock=clock).incarnation == 3


def test_two_restores_in_one_moment_keep_both_files(
    worked: Path, stick: Path, clock: SetClock
) -> None:
    copy = copied(worked, stick)
    kept = {restore(copy, worked, password=FIRST, clock=clock).kept for _ in range(3)}
    assert len(kept) == 3


def test_files_of_a_write_that_was_broken_off_are_not_laid_over_the_copy(
    worked: Path, stick: Path, tmp_path: Path
) -> None:
    copy = copied(worked, stick)
    with again(worked) as desk:
        lost = a_payment(desk)
        wal = (worked / "book.db-wal").read_bytes()
        assert wal
    for whole in (True, False):
        folder = tmp_path / f"other-{whole}"
        if whole:
            copy_of(worked, folder)
        else:
            folder.mkdir()
        (folder / "book.db-wal").write_bytes(wal)
        (folder / "book.db-shm").write_bytes(b"")
        told = restore(copy, folder, password=FIRST)
        assert told.kept is not None
        assert (told.kept / "book.db-wal").read_bytes() == wal
        with again(folder) as desk:
            assert lost.number not in numbers(desk)
            assert verify_desk(desk).clean


def test_a_restored_book_of_a_practice_is_for_practice(
    worked: Path, stick: Path, tmp_path: Path
) -> None:
    restore(copied(worked, stick), tmp_path / "new", password=FIRST)
    with again(tmp_path / "new") as desk:
        assert desk.practice is True


def test_each_person_of_the_copy_may_put_it_back(tmp_path: Path, stick: Path) -> None:
    pair = ("Awa", "Bintou")
    with open_copy(tmp_path / "book", people=pair) as desk:
        copy = back_up(desk, stick).path
    with pytest.raises(Refusal) as nobody:
        restore(copy, tmp_path / "new", password=SECOND)
    assert nobody.value.field == "person"
    restore(copy, tmp_path / "new", password=SECOND, name="Bintou")
    with again(tmp_path / "new") as desk:
        assert verify_desk(desk).clean


# Copies that are refused: the present book stays as it was


def state(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and one.name != "book.lock"
    }


def test_a_wrong_password_changes_nothing(worked: Path, stick: Path) -> None:
    copy = copied(worked, stick)
    before = state(worked)
    with pytest.raises(Refusal) as refused:
        restore(copy, worked, password="not the password")
    assert refused.value.field == "password"
    assert state(worked) == before
    again(worked).close()


def test_a_copy_of_another_book_is_refused(worked: Path, stick: Path, tmp_path: Path) -> None:
    make_book(tmp_path / "second").close()
    other = copied(tmp_path / "second", stick)
    before = state(worked)
    with pytest.raises(Refusal) as refused:
        restore(other, worked, password=FIRST)
    assert refused.value.field == "copy"
    assert state(worked) == before


def test_a_book_in_use_is_not_put_back(worked: Path, stick: Path) -> None:
    with again(worked) as desk:
        copy = back_up(desk, stick).path
        with pytest.raises(Trouble) as trouble:
            restore(copy, worked, password=FIRST)
        assert "open in another window" in trouble.value.text.message
        a_section(desk, "Ngor")


def zip_of(path: Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)


FOREIGN: list[Callable[[Path], object]] = [
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"PK\x03\x04 not a whole archive"),
    lambda path: path.write_bytes(b"Dear treasurer, " * 100),
    lambda path: path.unlink(),
    lambda path: zip_of(path, holiday_jpg=b"x"),
    lambda path: zip_of(path, manifest_json=b"[]", book_db=b"", book_keys=b""),
    lambda path: zip_of(path, manifest_json=b"{", book_db=b"", book_keys=b""),
    lambda path: zip_of(path, manifest_json=b'{"form":"other"}', book_db=b"", book_keys=b""),
    lambda path: zip_of(
        path, manifest_json=b'{"form":"stepdesk.backup/1"}', book_db=b"", book_keys=b""
    ),
    lambda path: zip_of(
        path,
        manifest_json=b'{"form":"stepdesk.backup/1","sha256":"x"}',
        book_db=b"",
        book_keys=b"",
    ),
]


@pytest.mark.parametrize("spoil", FOREIGN, ids=range(len(FOREIGN)))
def test_a_file_that_is_no_copy_is_refused(
    worked: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "copy.sdk"
    path.write_bytes(b"")
    spoil(path)
    before = state(worked)
    with pytest.raises(Trouble) as trouble:
        restore(path, worked, password=FIRST)
    assert "is not a whole StepDesk copy" in trouble.value.text.message
    assert state(worked) == before


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound copy that tests may spoil copies of."""
    folder = tmp_path_factory.mktemp("sound")
    with open_copy(folder / "book") as desk:
        return back_up(desk, folder / "copy.sdk").path


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_copy_damaged_anywhere_is_refused_or_is_still_whole(
    sound: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(sound.read_bytes())
    size = len(content)
    edges = st.integers(0, 400) | st.integers(size - 400, size - 1) | st.integers(0, size - 1)
    at = data.draw(edges, label="at")
    content[at] ^= data.draw(st.integers(1, 255), label="bits")
    path = tmp_path / "damaged.sdk"
    path.write_bytes(content)
    folder = tmp_path / "new"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        restore(path, folder, password=FIRST)
    except Trouble:
        assert not (folder / "book.db").exists()
        assert not (folder / "restore.part").exists()
    else:
        again(folder).close()


def test_a_copy_cut_short_is_refused(sound: Path, tmp_path: Path) -> None:
    content = sound.read_bytes()
    for length in (10, 1000, len(content) // 2, len(content) - 1):
        (tmp_path / "cut.sdk").write_bytes(content[:length])
        with pytest.raises(Trouble):
            restore(tmp_path / "cut.sdk", tmp_path / "new", password=FIRST)


def repacked(sound: Path, path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy whose members were changed and whose manifest agrees with them."""
    from hashlib import sha256

    with zipfile.ZipFile(sound) as archive:
        told = {name: archive.read(name) for name in archive.namelist()}
    change(told)
    manifest = json.loads(told["manifest.json"])
    for name in ("book.db", "book.keys"):
        manifest["sha256"][name] = sha256(told[name]).hexdigest()
    told["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in told.items():
            archive.writestr(name, content)
    return path


def test_a_page_damaged_under_a_manifest_that_agrees_is_found(sound: Path, tmp_path: Path) -> None:
    def damage(told: dict[str, bytes]) -> None:
        content = bytearray(told["book.db"])
        content[len(content) // 2] ^= 1
        told["book.db"] = bytes(content)

    path = repacked(sound, tmp_path / "copy.sdk", damage)
    with pytest.raises(Trouble):
        restore(path, tmp_path / "new", password=FIRST)
    assert not (tmp_path / "new" / "book.db").exists()


def test_a_copy_that_does_not_verify_is_refused(worked: Path, stick: Path) -> None:
    with again(worked) as desk:
        for statement in (
            "DROP TRIGGER payment_is_not_changed",
            "UPDATE payment SET amount=amount+5",
        ):
            desk.note_locally(statement, ())
        copy = back_up(desk, stick).path
    before = state(worked)
    with pytest.raises(Trouble) as trouble:
        restore(copy, worked, password=FIRST)
    assert "does not verify" in trouble.value.text.message
    assert state(worked) == before


@pytest.mark.parametrize("left", [b"{", b"", None])
def test_a_book_whose_key_file_is_lost_is_put_back(
    worked: Path, stick: Path, left: bytes | None
) -> None:
    copy = copied(worked, stick)
    for name in ("book.keys", "book.keys.bak"):
        if left is None:
            (worked / name).unlink()
        else:
            (worked / name).write_bytes(left)
    with pytest.raises(Trouble):
        again(worked)
    restore(copy, worked, password=FIRST)
    with again(worked) as desk:
        assert verify_desk(desk).clean


def test_a_book_that_is_damaged_is_put_back(worked: Path, stick: Path) -> None:
    copy = copied(worked, stick)
    (worked / "book.db").write_bytes(b"scribbled over" * 1000)
    told = restore(copy, worked, password=FIRST)
    assert told.kept is not None
    assert (told.kept / "book.db").read_bytes() == b"scribbled over" * 1000
    with again(worked) as desk:
        assert verify_desk(desk).clean


# A full disk


def limit(desk: Desk, pages: int | None) -> int:
    """Let the book grow to so many pages and no more; None lifts the limit."""
    connection = desk.writer.raw_connection()
    raw: Any = connection.driver_connection
    count = int(raw.execute("PRAGMA page_count").fetchone()[0])
    raw.execute(f"PRAGMA max_page_count={count if pages == 0 else pages or 1 << 30}").fetchall()
    connection.close()
    return count


def test_a_full_disk_is_told_in_words_and_nothing_half_is_written(desk: Desk) -> None:
    home = a_household(desk)
    limit(desk, 0)
    done, trouble = _pay_until_full(desk, home)
    assert "The disk is full. Nothing of the last action was saved" in trouble.text.message
    assert numbers(desk) == done
    head = desk.head
    assert verify_desk_on(desk)
    limit(desk, None)
    done.append(a_payment(desk, home, 700).number)
    assert desk.head.seq == head.seq + 1
    assert numbers(desk) == done
    assert verify_desk(desk).clean


def _pay_until_full(desk: Desk, home: Any) -> tuple[list[str], Trouble]:
    done: list[str] = []
    for _ in range(200):
        try:
            done.append(a_payment(desk, home, 700).number)
        except Trouble as trouble:
            return done, trouble
    raise AssertionError("the disk was never full")


def verify_desk_on(desk: Desk) -> bool:
    """Verify without noting it: there is no room for a note."""
    from stepdesk.store.verify import verify

    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    try:
        return verify(raw, desk.folder).clean
    finally:
        raw.close()


def test_many_rows_on_a_full_disk_leave_none(desk: Desk) -> None:
    from stepdesk.scheme.model import section

    a_household(desk)
    limit(desk, 0)
    before = desk.head
    with pytest.raises(Trouble), desk.work("import_rows") as work:
        work.insert_many(
            section,
            (
                {"id": work.new_id(), "code": 100 + at, "legacy_code": "x" * 90}
                for at in range(9000)
            ),
        )
    assert desk.head == before
    with desk.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM section").scalar_one() == 1
    limit(desk, None)
    a_payment(desk)
    assert verify_desk(desk).clean


def test_a_book_on_a_full_disk_closes_and_opens_again(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        home = a_household(desk)
        limit(desk, 0)
        done, _ = _pay_until_full(desk, home)
    with again(tmp_path / "book") as desk:
        assert numbers(desk) == done
        assert verify_desk(desk).clean


# Power cuts


WRITER = """
import sys
from pathlib import Path
from stepdesk.store.clock import SystemClock
from tests.builders import a_payment, again
from stepdesk.values.ids import HouseholdId
with again(Path(sys.argv[1]), clock=SystemClock()) as desk:
    while True:
        receipt = a_payment(desk, HouseholdId(bytes.fromhex(sys.argv[2])), 5,
            request_id=__import__("os").urandom(16), accepting=frozenset({"closed_month"}))
        print(receipt.number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a thing of Unix")
def test_what_was_recorded_before_a_kill_is_there_after(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    with open_copy(folder) as desk:
        home = a_household(desk)
    told: list[str] = []
    for wanted in (1, 2, 7, 12, 20):
        told += _killed(folder, home.household_id, wanted)
        with again(folder) as desk:
            kept = numbers(desk)
            assert set(told) <= set(kept)
            # One more may have been recorded in the moment of the kill, and never two.
            assert len(kept) - len(told) <= 1
            assert verify_desk(desk).clean
            told = kept


def _killed(folder: Path, home: bytes, wanted: int) -> list[str]:
    """Let a process write receipts, kill it after so many, and return those it reported."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), home.hex()],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(wanted)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().split()
    process.stdout.close()
    process.wait()
    return [number for number in told if len(number) == len("R-2024-A-000001")]


def test_a_request_sent_again_after_a_kill_is_recorded_once(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    desk = open_copy(folder)
    home, request = a_household(desk), a_request()
    first = a_payment(desk, home, request_id=request)
    # As if the process had died here: nothing is folded in, no seal is written.
    dead = shutil.copytree(folder, tmp_path / "dead", ignore=shutil.ignore_patterns("*.lock"))
    desk.close()
    with unlock(dead, password=FIRST, clock=desk.clock) as other:
        assert a_payment(other, home, request_id=request) == first
        assert verify_desk(other).clean


def test_the_template_is_never_opened() -> None:
    assert {one.name for one in template().iterdir()} == {
        "book.db",
        "book.keys",
        "book.keys.bak",
        "book.lock",
    }


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse whatever is written behind that many bytes of a file."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


unix = pytest.mark.skipif(os.name == "nt", reason="limits of files are a thing of Unix")


@unix
@pytest.mark.parametrize("room", [0, 5000, 20_000, 60_000, 200_000])
def test_a_write_the_system_refuses_half_way_leaves_nothing(desk: Desk, room: int) -> None:
    home = a_household(desk)
    a_payment(desk, home, 700)
    wal = (desk.folder / "book.db-wal").stat().st_size
    done = numbers(desk)
    with no_file_longer_than(wal + room):
        more, trouble = _pay_until_full(desk, home)
    assert "Nothing of the last action was saved" in trouble.text.message
    done = sorted(done + more)
    assert numbers(desk) == done
    done.append(a_payment(desk, home, 700).number)
    assert numbers(desk) == done
    assert verify_desk(desk).clean


@unix
def test_a_note_the_system_refuses_is_trouble_and_the_next_action_works(desk: Desk) -> None:
    home = a_household(desk)
    wal = (desk.folder / "book.db-wal").stat().st_size
    with no_file_longer_than(wal), pytest.raises(Trouble):
        desk.note_access("rights", None, None, "YES")
    with no_file_longer_than(wal), pytest.raises(Trouble):
        desk.note_locally("INSERT INTO backup (at,until_act,outside) VALUES (1,1,1)", ())
    assert last_backup(desk) is None
    a_payment(desk, home)
    assert verify_desk(desk).clean


@unix
def test_a_book_closes_though_the_system_refuses_to_fold_its_writes_in(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    desk = open_copy(folder)
    home = a_household(desk)
    done = [a_payment(desk, home, 700).number for _ in range(5)]
    with no_file_longer_than(4096):
        desk.close()
    with again(folder) as desk:
        assert numbers(desk) == done
        assert verify_desk(desk).clean


@unix
def test_a_copy_the_system_refuses_is_trouble_and_leaves_nothing(desk: Desk, stick: Path) -> None:
    a_payment(desk)
    with no_file_longer_than(100_000), pytest.raises(Trouble):
        back_up(desk, stick)
    assert list(stick.iterdir()) == []
    assert last_backup(desk) is None
    back_up(desk, stick)


@unix
def test_a_restore_the_system_refuses_leaves_the_present_book(worked: Path, stick: Path) -> None:
    copy = copied(worked, stick)
    before = state(worked)
    for room in (1000, 100_000, 1_000_000):
        with no_file_longer_than(room), pytest.raises(Trouble):
            restore(copy, worked, password=FIRST)
        assert state(worked) == before
    again(worked).close()


@unix
def test_a_new_book_the_system_refuses_leaves_nothing(tmp_path: Path) -> None:
    for room in (0, 1000, 5000, 100_000, 1_000_000):
        with no_file_longer_than(room), pytest.raises(Trouble):
            make_book(tmp_path / "new")
        assert not (tmp_path / "new").exists() or list((tmp_path / "new").iterdir()) == []


def test_a_full_disk_gives_up_its_reserve_so_that_the_book_opens(
    worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(worked)._replace(free=0)
    monkeypatch.setattr("stepdesk.store.desk.shutil.disk_usage", lambda _: full)
    (worked / "reserve.bin").write_bytes(bytes(100))
    with again(worked) as desk:
        assert desk.acts
    assert not (worked / "reserve.bin").exists()
