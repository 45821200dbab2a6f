"""Attachments: a second encrypted file, written before the act, that never harms the book."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from stepdesk.errors import Refusal, Trouble
from stepdesk.members.model import person
from stepdesk.members.queries import photo_of
from stepdesk.store import attachments as module
from stepdesk.store.attachments import Attachments, content_hash, key_of
from stepdesk.store.backup import back_up, drill, restore
from stepdesk.store.checking import orphans, remove_orphans, verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.photo_copies import Copied, Returned, bring_back
from stepdesk.store.work import Work
from stepdesk.values.ids import PersonId
from tests.builders import FIRST, a_household, again, open_copy

PAGE = 4096
KEY, BOOK = b"k" * 32, b"b" * 16


def content(seed: int, size: int = 30_000) -> bytes:
    """Bytes no other seed has."""
    return (seed.to_bytes(4, "big") * (size // 4 + 1))[:size]


def give(work: Work, *, person_id: PersonId, picture: bytes) -> bytes:
    told = work.attach(picture)
    work.update(person, person_id, photo=told)
    return told


@pytest.fixture
def people(desk: Desk) -> tuple[PersonId, ...]:
    return a_household(desk, 3).person_ids


def opened(path: Path, key: bytes = KEY) -> Attachments:
    return Attachments(path, key, BOOK, practice=True)


def file_of(folder: Path) -> Path:
    return folder / "attachments.db"


# What is kept


def test_a_book_without_photos_has_no_second_file(desk: Desk) -> None:
    a_household(desk)
    assert not file_of(desk.folder).exists()
    assert desk.attachments.read(bytes(32)) is None
    assert desk.attachments.hashes() == frozenset()


def test_a_content_is_read_by_its_hash(desk: Desk, people: tuple[PersonId, ...]) -> None:
    told = desk.do(give, person_id=people[0], picture=content(1))
    assert told == content_hash(content(1))
    assert desk.attachments.read(told) == content(1)
    assert desk.attachments.read(bytes(32)) is None
    assert photo_of(desk, people[0]) == content(1)
    assert photo_of(desk, people[1]) is None


def test_the_same_content_is_kept_once(desk: Desk, people: tuple[PersonId, ...]) -> None:
    for one in people:
        desk.do(give, person_id=one, picture=content(1))
    assert desk.attachments.hashes() == {content_hash(content(1))}


def test_the_file_shows_nothing_and_is_whole_when_the_desk_is_closed(
    tmp_path: Path,
) -> None:
    with open_copy(tmp_path / "book") as desk:
        people = a_household(desk).person_ids
        desk.do(give, person_id=people[0], picture=b"a face in clear" * 999)
    left = {one.name for one in (tmp_path / "book").iterdir() if "attach" in one.name}
    assert left == {"attachments.db"}
    written = file_of(tmp_path / "book").read_bytes()
    assert written[:15] != b"SQLite format 3"
    assert b"a face in clear" not in written
    with again(tmp_path / "book") as desk:
        assert photo_of(desk, people[0]) == b"a face in clear" * 999


def test_it_is_kept_as_safely_as_the_book(tmp_path: Path) -> None:
    kept = opened(tmp_path / "a.db")
    kept.keep({content_hash(content(1)): content(1)}, at=1)
    raw = kept._open()
    told = [raw.execute(f"PRAGMA {one}").fetchone()[0] for one in ("journal_mode", "synchronous")]
    kept.close()
    assert told == ["wal", 2]


def test_what_is_kept_is_never_changed_and_leaves_only_on_purpose(tmp_path: Path) -> None:
    kept = opened(tmp_path / "a.db")
    told = content_hash(content(1))
    kept.keep({told: content(1)}, at=1)
    raw = kept._open()
    for statement in ("UPDATE content SET added=2", "DELETE FROM content"):
        with pytest.raises(dbapi2.DatabaseError, match="written_once"):
            raw.execute(statement)
    assert kept.read(told) == content(1)
    assert kept.erase([told, bytes(32)]) == 1
    assert kept.read(told) is None
    kept.close()


def test_a_content_under_another_hash_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hash"):
        opened(tmp_path / "a.db").keep({bytes(32): content(1)}, at=1)


# Before the act, and no act without it


def test_a_work_that_is_given_up_leaves_no_photo(desk: Desk, people: tuple[PersonId, ...]) -> None:
    def give_and_fail(work: Work) -> None:
        give(work, person_id=people[0], picture=content(1))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.do(give_and_fail)
    assert desk.attachments.hashes() == frozenset()
    assert photo_of(desk, people[0]) is None


def test_a_photo_that_cannot_be_written_leaves_no_act(
    desk: Desk, people: tuple[PersonId, ...]
) -> None:
    file_of(desk.folder).write_bytes(b"no book of photos" * 999)
    acts = desk.acts
    with pytest.raises(Trouble) as told:
        desk.do(give, person_id=people[0], picture=content(1))
    assert "photos" in told.value.text.message
    assert desk.acts == acts
    # The book itself goes on.
    a_household(desk)
    assert desk.acts > acts


_KILLED = """
import os, signal, sys
from pathlib import Path
from stepdesk.store import work
from tests.builders import a_household, again
from tests.store.test_attachments import content, give
desk = again(Path(sys.argv[1]))
people = a_household(desk, 3).person_ids
desk.do(give, person_id=people[0], picture=content(1))
def die(self):
    os.kill(os.getpid(), signal.SIGKILL)
work.Work.write_act = die
print("ready", flush=True)
desk.do(give, person_id=people[1], picture=content(2))
"""


def test_a_kill_between_photo_and_act_leaves_an_orphan_and_a_whole_book(tmp_path: Path) -> None:
    open_copy(tmp_path / "book").close()
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path / "book")],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "ready\n"), done.stderr
    with again(tmp_path / "book") as desk:
        assert desk.attachments.read(content_hash(content(2))) == content(2)
        assert orphans(desk) == {content_hash(content(2))}
        assert verify_desk(desk).clean
        assert remove_orphans(desk) == 1
        assert desk.attachments.hashes() == {content_hash(content(1))}
        assert verify_desk(desk).clean


def test_a_former_photo_is_no_orphan_and_its_loss_is_named(
    desk: Desk, people: tuple[PersonId, ...]
) -> None:
    first = desk.do(give, person_id=people[0], picture=content(1))
    n = desk.acts
    desk.do(give, person_id=people[0], picture=content(2))
    assert orphans(desk) == frozenset()
    assert verify_desk(desk).clean
    desk.attachments.erase([first])
    (finding,) = verify_desk(desk).findings
    assert (finding.act, finding.text.values) == (n, {"act": n})


def test_photos_of_a_newer_book_are_not_removed_from_an_older_one(desk: Desk) -> None:
    desk.put_back = True
    with pytest.raises(Refusal):
        remove_orphans(desk)


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file grows past so many bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_takes_no_more_loses_the_photo_and_nothing_else(
    desk: Desk, people: tuple[PersonId, ...]
) -> None:
    desk.do(give, person_id=people[0], picture=content(1))
    acts = desk.acts
    with full_at(1 << 18), pytest.raises(Trouble):
        desk.do(give, person_id=people[1], picture=os.urandom(1 << 20))
    assert desk.acts == acts
    assert photo_of(desk, people[0]) == content(1)
    desk.do(give, person_id=people[1], picture=content(2))
    assert photo_of(desk, people[1]) == content(2)
    assert verify_desk(desk).clean


# Damage


def test_another_key_or_another_book_opens_nothing(tmp_path: Path) -> None:
    kept = opened(tmp_path / "a.db")
    kept.keep({content_hash(content(1)): content(1)}, at=1)
    kept.close()
    for other in (
        opened(tmp_path / "a.db", b"o" * 32),
        Attachments(tmp_path / "a.db", KEY, b"c" * 16, practice=True),
        Attachments(tmp_path / "a.db", KEY, BOOK, practice=False),
    ):
        with pytest.raises(Trouble):
            other.read(content_hash(content(1)))
        assert other.health().readable is False


def test_the_key_is_neither_the_books_nor_another_books() -> None:
    assert len({KEY, key_of(KEY, BOOK), key_of(KEY, b"c" * 16), key_of(b"o" * 32, BOOK)}) == 4


def test_a_damaged_page_costs_its_photo_alone(tmp_path: Path) -> None:
    kept = opened(tmp_path / "a.db")
    contents = {content_hash(content(at)): content(at) for at in range(40)}
    kept.keep(contents, at=1)
    kept.close()
    with (tmp_path / "a.db").open("r+b") as out:
        out.seek(PAGE * 100 + 50)
        out.write(b"damaged")
    kept = opened(tmp_path / "a.db")
    found = kept.read_all(contents)
    (lost,) = set(contents) - set(found)
    assert all(found[told] == contents[told] for told in found)
    health = kept.health()
    assert (health.present, health.altered) == (frozenset(contents), frozenset({lost}))
    kept.close()


@pytest.fixture
def worked(tmp_path: Path, clock: SetClock) -> tuple[Path, tuple[PersonId, ...]]:
    """A closed book with two photos."""
    with open_copy(tmp_path / "book", clock=clock) as desk:
        people = a_household(desk, 3).person_ids
        for at, one in enumerate(people[:2]):
            desk.do(give, person_id=one, picture=content(at))
    return tmp_path / "book", people


def test_a_missing_file_is_said_and_the_book_opens(
    worked: tuple[Path, tuple[PersonId, ...]],
) -> None:
    folder, people = worked
    file_of(folder).unlink()
    with again(folder) as desk:
        assert photo_of(desk, people[0]) is None
        report = verify_desk(desk)
        assert [(one.table, one.row) for one in report.findings] == [
            ("person", one.hex()) for one in people[:2]
        ]
        assert {"missing" in one.text.message for one in report.findings} == {True}
        assert verify_desk(desk, whole=False).clean


def test_a_damaged_file_is_said_once_and_the_book_opens(
    worked: tuple[Path, tuple[PersonId, ...]],
) -> None:
    folder, people = worked
    file_of(folder).write_bytes(b"\x00" * 9999)
    with again(folder) as desk:
        with pytest.raises(Trouble):
            photo_of(desk, people[0])
        (finding,) = verify_desk(desk).findings
        assert "photos is damaged" in finding.text.message


def test_an_altered_photo_is_named(worked: tuple[Path, tuple[PersonId, ...]]) -> None:
    folder, people = worked
    with again(folder) as desk:
        raw = desk.attachments._open()
        raw.execute("DROP TRIGGER content_is_not_changed")
        raw.execute(
            "UPDATE content SET bytes=? WHERE hash=?", (b"another face", content_hash(content(0)))
        )
        assert photo_of(desk, people[0]) is None
        (finding,) = verify_desk(desk).findings
    assert (finding.table, finding.row) == ("person", people[0].hex())
    assert "damaged" in finding.text.message


# Copies


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_a_photo_is_copied_to_a_place_once(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, clock: SetClock
) -> None:
    folder, people = worked
    with again(folder, clock=clock) as desk:
        assert back_up(desk, stick).photos == Copied(2, 0, 0)
        first = {one: one.read_bytes() for one in stick.glob("*.sda")}
        assert len(first) == 1
        clock.set(date(2024, 1, 11))
        assert back_up(desk, stick).photos == Copied(0, 2, 0)
        assert set(stick.glob("*.sda")) == set(first)
        desk.do(give, person_id=people[2], picture=content(7))
        assert back_up(desk, stick).photos == Copied(1, 2, 0)
    assert len(list(stick.glob("*.sda"))) == 2
    assert {one: one.read_bytes() for one in first} == first
    assert not list(stick.glob("*.part"))
    for told in stick.glob("*.sda"):
        for at in (0, 1, 7):
            assert content(at, 400) not in told.read_bytes()


def test_photos_come_back_with_the_book(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, tmp_path: Path
) -> None:
    folder, people = worked
    with again(folder) as desk:
        copy = back_up(desk, stick).path
    told = restore(copy, tmp_path / "new", password=FIRST)
    assert told.photos == Returned(2, 0)
    with again(tmp_path / "new") as desk:
        assert [photo_of(desk, one) for one in people] == [content(0), content(1), None]
        assert verify_desk(desk).clean


def test_a_copy_without_its_photos_is_put_back_and_says_how_many_are_missing(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, tmp_path: Path
) -> None:
    folder, people = worked
    with again(folder) as desk:
        copy = back_up(desk, stick).path
    (beside,) = stick.glob("*.sda")
    aside = tmp_path / beside.name
    beside.replace(aside)
    assert restore(copy, tmp_path / "new", password=FIRST).photos == Returned(0, 2)
    with again(tmp_path / "new") as desk:
        assert photo_of(desk, people[0]) is None
        aside.replace(beside)
        assert bring_back(desk, stick) == Returned(2, 0)
        assert photo_of(desk, people[0]) == content(0)
        assert verify_desk(desk).clean


def test_photos_newer_than_the_copy_stay_beside_the_book(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, clock: SetClock
) -> None:
    folder, people = worked
    with again(folder, clock=clock) as desk:
        copy = back_up(desk, stick).path
        newer = desk.do(give, person_id=people[2], picture=content(7))
    told = restore(copy, folder, password=FIRST, clock=clock)
    assert told.photos == Returned(0, 0)
    with again(folder, clock=clock) as desk:
        assert desk.attachments.read(newer) == content(7)
        assert photo_of(desk, people[2]) is None
        assert orphans(desk) == {newer}


def test_damaged_photos_are_mended_from_a_copy(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path
) -> None:
    folder, people = worked
    with again(folder) as desk:
        back_up(desk, stick)
    file_of(folder).write_bytes(os.urandom(50_000))
    with again(folder) as desk:
        assert bring_back(desk, stick) == Returned(2, 0)
        assert photo_of(desk, people[1]) == content(1)
        assert verify_desk(desk).clean
    assert len(list(folder.glob("attachments-damaged-*.db"))) == 1


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "another"])
def test_a_harmed_file_of_a_copy_is_left_out_and_written_anew(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, harm: str
) -> None:
    folder, _people = worked
    with again(folder) as desk:
        back_up(desk, stick)
        (beside,) = stick.glob("*.sda")
        whole = bytearray(beside.read_bytes())
        if harm == "cut":
            beside.write_bytes(whole[: len(whole) // 2])
        elif harm == "flipped":
            whole[2000] ^= 1
            beside.write_bytes(whole)
        elif harm == "empty":
            beside.write_bytes(b"")
        else:
            beside.write_bytes(bytes(whole).replace(b'"practice": true', b'"practice":false'))
        for told in desk.attachments.hashes():
            desk.attachments.erase([told])
        done = bring_back(desk, stick)
    assert done == (Returned(1, 1) if harm == "flipped" else Returned(0, 2))


def test_a_book_whose_photos_are_damaged_is_copied_all_the_same(
    worked: tuple[Path, tuple[PersonId, ...]], stick: Path, tmp_path: Path
) -> None:
    folder, _people = worked
    file_of(folder).write_bytes(b"\x00" * 9999)
    with again(folder) as desk:
        copy = back_up(desk, stick)
    assert copy.photos == Copied(0, 0, 2)
    assert restore(copy.path, tmp_path / "new", password=FIRST).photos == Returned(0, 2)


def test_the_drill_tries_the_photos_too(worked: tuple[Path, tuple[PersonId, ...]]) -> None:
    with again(worked[0]) as desk:
        assert drill(desk, FIRST).photos == Returned(2, 0)
        assert drill(desk, FIRST).photos == Returned(2, 0)
        assert len(list((desk.folder / "backups").glob("*.sda"))) == 1


def test_two_books_of_one_name_share_a_stick(tmp_path: Path, stick: Path) -> None:
    for place in ("one", "two"):
        from tests.builders import make_book

        with make_book(tmp_path / place / "book") as desk:
            people = a_household(desk).person_ids
            desk.do(give, person_id=people[0], picture=content(3))
            assert back_up(desk, stick / f"{place}.sdk").photos == Copied(1, 0, 0)
    assert len(list(stick.glob("*.sda"))) == 2


def test_nothing_half_made_is_taken_for_the_file(tmp_path: Path) -> None:
    kept = opened(tmp_path / module.FILE)
    kept.path.with_name(module.FILE + ".part").write_bytes(b"half")
    kept.keep({content_hash(content(1)): content(1)}, at=1)
    kept.close()
    assert [one.name for one in tmp_path.iterdir()] == [module.FILE]
    shutil.rmtree(tmp_path)
