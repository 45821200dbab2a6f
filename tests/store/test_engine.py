"""How a book's file is opened: settings, files that are none of ours, one writer, one process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from stepdesk.errors import Refusal, Trouble
from stepdesk.migrations import shape
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk, new_desk, unlock
from stepdesk.store.keys import FLOOR, KeyFile
from stepdesk.store.tables import SCHEMA
from tests.builders import FIRST, a_household, a_section, again, copy_of, open_copy, template


def hashes(folder: Path) -> dict[str, str]:
    """What stands in a book's folder, its lock left out."""
    return {
        str(one.relative_to(folder)): sha256(one.read_bytes()).hexdigest()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one.name != "book.lock"
    }


def key_of(folder: Path) -> bytes:
    keys = KeyFile.read(folder / "book.keys")
    return keys.open(keys.tiles()[0].staff_id, FIRST).data_key


def edited(folder: Path, *statements: str) -> None:
    """Run statements on a closed book with the key at hand."""
    raw = dbapi2.connect(str(folder / "book.db"), isolation_level=None)
    raw.execute("PRAGMA cipher_log_level=NONE").fetchall()
    raw.execute(f"PRAGMA key=\"x'{key_of(folder).hex()}'\"").fetchall()
    for statement in statements:
        raw.execute(statement).fetchall()
    raw.close()


# Settings


def test_every_setting_is_asserted(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    raw = file.connect(folder / "book.db", key_of(folder))
    found = {name: raw.execute(f"PRAGMA {name}").fetchone()[0] for name, _, _ in file.SETTINGS}
    more = ("application_id", "cache_size", "cipher_page_size", "query_only", "user_version")
    found |= {name: int(raw.execute(f"PRAGMA {name}").fetchone()[0]) for name in more}
    mapped = raw.execute("PRAGMA mmap_size").fetchone()
    raw.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 1000,
        "journal_size_limit": 16777216,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "cache_size": -32768,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "application_id": 0x53544450,
        "cipher_page_size": 4096,
        "query_only": 0,
        "user_version": SCHEMA,
    }
    assert mapped is None or mapped[0] == 0


def test_a_setting_that_does_not_hold_is_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    monkeypatch.setattr(file, "SETTINGS", (("synchronous", "FULL", 3),))
    with pytest.raises(Trouble) as trouble:
        file.connect(folder / "book.db", key_of(folder))
    assert trouble.value.text.values == {"setting": "synchronous"}


def test_the_sqlite_we_ship_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    version = tuple(int(part) for part in dbapi2.sqlite_version.split("."))
    assert version >= file.OLDEST_SQLITE
    monkeypatch.setattr(file, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(Trouble) as trouble:
        file.connect(Path("anything"), bytes(32))
    assert "SQLite is too old" in trouble.value.text.message


# Files that are none of ours


def plain_sqlite(path: Path) -> None:
    path.unlink()
    raw = dbapi2.connect(str(path))
    raw.execute("CREATE TABLE household (id)")
    raw.close()


def other_key(path: Path) -> None:
    path.unlink()
    raw = dbapi2.connect(str(path))
    raw.execute("PRAGMA cipher_log_level=NONE").fetchall()
    raw.execute(f"PRAGMA key=\"x'{'17' * 32}'\"").fetchall()
    raw.execute("CREATE TABLE household (id)")
    raw.close()


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def letters(path: Path) -> None:
    path.write_bytes(b"Dear treasurer, " * 1000)


@pytest.mark.parametrize("spoil", [plain_sqlite, other_key, scribbled, cut_short, empty, letters])
def test_a_file_that_is_no_book_of_ours_is_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = copy_of(template(), tmp_path / "book")
    spoil(folder / "book.db")
    before = hashes(folder)
    with pytest.raises(Trouble) as trouble:
        unlock(folder, password=FIRST)
    assert "is damaged or is not a StepDesk book" in trouble.value.text.message
    assert hashes(folder) == before


def test_a_page_damaged_inside_is_found_and_nothing_is_changed(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    path, key = folder / "book.db", key_of(folder)
    whole = path.read_bytes()
    for page in range(len(whole) // 4096):
        content = bytearray(whole)
        content[page * 4096 + 2000] ^= 0xFF
        path.write_bytes(content)
        try:
            raw = file.connect(path, key, readonly=True)
        except Trouble:
            pass
        else:
            assert raw.execute("PRAGMA cipher_integrity_check").fetchall(), page
            raw.close()
        assert path.read_bytes() == bytes(content), page


def test_a_book_of_a_newer_version_asks_for_the_newer_program(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    edited(folder, "PRAGMA user_version=99")
    before = hashes(folder)
    with pytest.raises(Trouble) as trouble:
        unlock(folder, password=FIRST)
    assert "was written by a newer StepDesk" in trouble.value.text.message
    assert hashes(folder) == before


def test_an_encrypted_file_of_another_program_is_not_taken_for_a_book(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    edited(folder, "PRAGMA application_id=7")
    before = hashes(folder)
    with pytest.raises(Trouble) as trouble:
        unlock(folder, password=FIRST)
    assert "is not a StepDesk book" in trouble.value.text.message
    assert hashes(folder) == before


def test_the_key_file_of_another_book_does_not_open_this_one(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    other = template(people=("Awa", "Bintou"))
    for name in ("book.keys", "book.keys.bak"):
        shutil.copy(other / name, folder / name)
    before = hashes(folder)
    with pytest.raises(Trouble):
        unlock(folder, password=FIRST, name="Awa")
    assert hashes(folder) == before


def test_a_key_file_that_names_another_book_is_refused_in_its_own_words(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    keys = KeyFile.read(folder / "book.keys")
    opened = keys.open(keys.tiles()[0].staff_id, FIRST)
    for book_id, practice in ((b"0" * 16, True), (keys.book_id, False)):
        made = KeyFile.make(folder / "book.keys", book_id, practice=practice)
        made.put(opened, FIRST, cost=FLOOR)
        made.save()
        before = hashes(folder)
        with pytest.raises(Trouble) as trouble:
            unlock(folder, password=FIRST)
        assert "key file belongs to another book" in trouble.value.text.message
        assert hashes(folder) == before
    keys.save()
    again(folder).close()


def test_a_folder_without_a_book_says_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        unlock(tmp_path, password=FIRST)
    assert "There is no book in" in trouble.value.text.message
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_reached_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "book.db").mkdir()
    with pytest.raises(Trouble) as trouble:
        file.connect(tmp_path / "book.db", bytes(32))
    assert "could not be written" in trouble.value.text.message


# Making a book


def test_a_new_book_is_not_laid_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me", encoding="ascii")
    with pytest.raises(Refusal) as refused:
        new_book(tmp_path)
    assert refused.value.field == "book"
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_a_new_book_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken(path: Path, key: bytes) -> None:
        shape(path, key)
        raise OSError("No space left on device")

    folder = tmp_path / "book"
    with pytest.raises(Trouble):
        new_book(folder, shape_with=broken)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_new_book_where_no_folder_can_be_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Trouble):
        new_book(tmp_path / "file" / "book")


def new_book(folder: Path, *, shape_with: Callable[[Path, bytes], None] = shape) -> Desk:
    return new_desk(
        folder,
        name="Awa",
        password=FIRST,
        country_code="SN",
        language="fr",
        practice=True,
        shape=shape_with,
        cost=FLOOR,
    )


def test_the_files_of_a_book_show_nothing_in_clear(desk: Desk) -> None:
    a_household(desk, address="behind the old baobab")
    for one in desk.folder.rglob("*"):
        if one.is_file():
            content = one.read_bytes()
            assert not content.startswith(b"SQLite format 3"), one.name
            assert b"old baobab" not in content, one.name
            assert b"CREATE TABLE" not in content, one.name


# One writer, announced


UNANNOUNCED = (
    "INSERT INTO section (id, code) VALUES (zeroblob(16), 9)",
    "  insert into section (id, code) values (zeroblob(16), 9)",
    "UPDATE section SET code = 9",
    "DELETE FROM section",
    "REPLACE INTO section (id, code) VALUES (zeroblob(16), 9)",
    "WITH one AS (SELECT 9 AS code) INSERT INTO section SELECT zeroblob(16), code FROM one",
    "/* SELECT */ DELETE FROM section",
    "-- SELECT\nDELETE FROM section",
    "DROP TABLE section",
    "DROP TRIGGER payment_is_not_changed",
    "ALTER TABLE section ADD COLUMN more TEXT",
    "CREATE TABLE section_two (id BLOB)",
    "VACUUM",
    "ATTACH ':memory:' AS other",
    "SAVEPOINT one",
)


@pytest.mark.parametrize("statement", UNANNOUNCED)
def test_a_write_nobody_announced_is_refused(desk: Desk, statement: str) -> None:
    a_section(desk)
    before = desk.acts
    with pytest.raises(RuntimeError, match="did not announce"), desk.work("test") as work:
        work.connection.execute(text(statement))
    assert desk.acts == before
    with desk.read() as connection:
        assert connection.exec_driver_sql("SELECT code FROM section").scalars().all() == [1]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM section", "PRAGMA user_version=7", "CREATE TABLE more (id BLOB)", "VACUUM"],
)
def test_readers_cannot_write(desk: Desk, statement: str) -> None:
    a_section(desk)
    with pytest.raises((Trouble, DBAPIError)), desk.read() as connection:
        connection.exec_driver_sql(statement)
    with desk.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM section").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == SCHEMA


def test_a_reader_sees_one_state_while_the_writer_goes_on(desk: Desk) -> None:
    count = "SELECT count(*) FROM section"
    with desk.read() as connection:
        assert connection.exec_driver_sql(count).scalar_one() == 0
        a_section(desk)
        assert connection.exec_driver_sql(count).scalar_one() == 0
    with desk.read() as connection:
        assert connection.exec_driver_sql(count).scalar_one() == 1


# One process


def test_a_book_opens_once(desk: Desk) -> None:
    with pytest.raises(Trouble) as trouble:
        again(desk.folder)
    assert "open in another window or program" in trouble.value.text.message
    a_section(desk)


OTHER = """
import sys
from pathlib import Path
from stepdesk.errors import Trouble
from stepdesk.store.desk import unlock
try:
    unlock(Path(sys.argv[1]), password="four words are good", name="Awa")
except Trouble as trouble:
    print(trouble.text.message)
"""


def test_another_process_is_told_the_book_is_open(desk: Desk) -> None:
    told = subprocess.run(
        [sys.executable, "-c", OTHER, str(desk.folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert "open in another window or program" in told.stdout, told.stderr


def test_a_book_that_failed_to_open_is_free_again(tmp_path: Path) -> None:
    folder = copy_of(template(), tmp_path / "book")
    whole = (folder / "book.db").read_bytes()
    letters(folder / "book.db")
    with pytest.raises(Trouble):
        again(folder)
    (folder / "book.db").write_bytes(whole)
    again(folder).close()


def test_a_closed_book_is_one_file_again(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_household(desk)
    left = {one.name for one in (tmp_path / "book").iterdir()}
    assert left == {"book.db", "book.keys", "book.keys.bak", "book.lock"}
