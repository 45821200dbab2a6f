"""Pictures of certificates from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from stepdesk.cli import run_command
from stepdesk.store.clock import SetClock
from tests.builders import FIRST, open_copy
from tests.claims.kit import a_batch, a_care, a_claim

Run = Callable[..., tuple[int, dict[str, object]]]
NUMBER = "C-2024-A-000001"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("STEPDESK_PASSWORD", FIRST)

    def call(*arguments: object) -> tuple[int, dict[str, object]]:
        code = run_command([*map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}

    return call


@pytest.fixture
def book(tmp_path: Path, clock: SetClock) -> Path:
    """A closed book with one certificate."""
    with open_copy(tmp_path / "book", clock=clock) as desk:
        care = a_care(desk)
        a_claim(desk, care, a_batch(desk, care))
    return tmp_path / "book"


def test_pictures_are_attached_listed_and_taken_back(run: Run, book: Path, tmp_path: Path) -> None:
    photo = tmp_path / "front.jpg"
    Image.new("RGB", (900, 1300), "white").save(photo)
    request = "ab" * 16
    for _ in range(2):
        code, answer = run("claims", "attach", book, NUMBER, photo, "--request", request)
        assert (code, answer["pictures"]) == (0, 1)
    assert run("claims", "why", book, NUMBER)[0] == 0
    code, answer = run("claims", "pictures", book, NUMBER)
    held = answer["pictures"]
    assert isinstance(held, list)
    assert [one["noted_by"] for one in held] == ["Awa"]
    code, answer = run("claims", "detach", book, NUMBER, 2, "--reason", "blurred")
    assert (code, answer["field"]) == (1, "picture")
    assert run("claims", "detach", book, NUMBER, 1, "--reason", "blurred")[0] == 0
    assert run("claims", "pictures", book, NUMBER)[1]["pictures"] == []


def test_a_file_that_is_no_picture_is_refused(run: Run, book: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    code, answer = run("claims", "attach", book, NUMBER, scan)
    assert (code, answer["field"]) == (1, "picture")
    assert "This is a PDF" in str(answer["refused"])
    assert run("claims", "attach", book, "C-2024-A-000009", scan)[0] == 1


def test_no_export_holds_a_picture(run: Run, book: Path, tmp_path: Path) -> None:
    photo = tmp_path / "front.jpg"
    Image.new("RGB", (900, 1300), "white").save(photo)
    run("claims", "attach", book, NUMBER, photo)
    folder = tmp_path / "claims"
    run("claims", "export", book, NUMBER, folder, "--xml", "--administrator", "A1")
    assert not [one for one in folder.rglob("*") if one.suffix not in {".xml", ""}]
