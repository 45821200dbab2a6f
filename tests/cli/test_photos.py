"""Photos from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from stepdesk.cli import run_command
from stepdesk.members.queries import photo_of
from stepdesk.pictures import is_portrait
from stepdesk.store.clock import SystemClock
from tests.builders import FIRST, a_household, a_section, again, open_copy

Run = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A closed book with households 1 of Koula and 2 of Ngor, two persons each."""
    with open_copy(tmp_path / "book", clock=SystemClock()) as desk:
        for name in ("Koula", "Ngor"):
            a_household(desk, 2, section_id=a_section(desk, name))
    return tmp_path / "book"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    Image.new("RGB", (600, 900), "red").save(tmp_path / "phone.jpg")
    return tmp_path / "phone.jpg"


def names(answer: dict[str, object]) -> list[tuple[str, int]]:
    found = answer["without"]
    assert isinstance(found, list)
    return [(one["section"], one["suffix"]) for one in found]


def test_a_photo_is_set_listed_and_removed(run: Run, book: Path, file: Path) -> None:
    code, answer = run("photo", "later", book)
    assert (code, names(answer)) == (0, [("Koula", 0), ("Koula", 1), ("Ngor", 0), ("Ngor", 1)])
    code, answer = run("photo", "set", book, "1/01", file)
    assert code == 0
    with again(book, clock=SystemClock()) as desk:
        from stepdesk.values.ids import PersonId

        kept = photo_of(desk, PersonId(bytes.fromhex(str(answer["person"]))))
        assert kept is not None
        assert is_portrait(kept)
    _code, answer = run("photo", "later", book, "--section", "koula")
    assert names(answer) == [("Koula", 0)]
    assert run("photo", "remove", book, "1/01")[0] == 0
    _code, answer = run("photo", "later", book, "--section", "Koula")
    assert names(answer) == [("Koula", 0), ("Koula", 1)]
    assert run("photo", "orphans", book) == (0, {"orphans": 0, "removed": False})


def test_a_wrong_file_person_or_section_is_refused(run: Run, book: Path, file: Path) -> None:
    letter = file.with_name("letter.jpg")
    letter.write_text("no picture", encoding="utf-8")
    assert run("photo", "set", book, "1/01", letter)[1]["field"] == "photo"
    assert run("photo", "set", book, "1/01", file.with_name("none.jpg"))[1]["field"] == "photo"
    assert run("photo", "set", book, "99/01", file)[1]["field"] == "person"
    assert run("photo", "later", book, "--section", "Nowhere")[1]["field"] == "section"


def test_photos_lost_are_named_and_put_back(run: Run, book: Path, file: Path) -> None:
    run("photo", "set", book, "1/01", file)
    stick = book.parent / "stick"
    stick.mkdir()
    code, answer = run("backup", book, stick)
    assert code == 0
    assert isinstance(answer["copy"], dict)
    assert answer["copy"]["photos"] == {"added": 1, "before": 0, "unreadable": 0}
    (book / "attachments.db").unlink()
    code, answer = run("verify", book)
    assert (code, answer["clean"]) == (1, False)
    code, answer = run("photo", "restore", book, stick)
    assert (code, answer["photos"]) == (0, {"brought": 1, "missing": 0})
    assert run("verify", book)[0] == 0
    (book / "attachments.db").unlink()
    assert run("photo", "restore", book, book.parent)[0] == 1
