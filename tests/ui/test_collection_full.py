"""A disk that is really full in the middle of a session, where the machine lets one be made."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import receipts_of_session, sessions
from stepdesk.contributions.terms import Receipt
from stepdesk.store import work
from stepdesk.store.checking import verify_desk
from tests.builders import again, copy_of, wednesday
from tests.ui.test_collection import Screen, village

MEGABYTE = 1 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 MB of its own."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if mount is None or unmount is None:
        pytest.skip("no file system can be mounted here")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("nobody but the administrator mounts a file system here")
    yield folder
    subprocess.run([unmount, str(folder)], check=True)


def fill(disk: Path, *, leaving: int) -> Path:
    """Let something else take the room of a disk."""
    other = disk / "film.mp4"
    block = bytes(1 << 12)
    with other.open("ab", buffering=0) as file:
        while shutil.disk_usage(disk).free > leaving:
            file.write(block)
    return other


def test_a_disk_that_fills_up_loses_nothing_of_a_session(qtbot: QtBot, small_disk: Path) -> None:
    folder = copy_of(village("SN", ("Awa",)), small_disk / "book")
    with again(folder, clock=wednesday()) as desk:
        screen = Screen(qtbot, desk)
        screen.open()
        film = fill(small_disk, leaving=work.LOW_DISK + MEGABYTE // 4)
        taken = collect_until_refused(screen)
        # Told when the household comes up: no amount is asked for, no money is taken.
        assert taken
        assert screen.view.trouble.words().startswith("The disk of this laptop is full.")
        assert not screen.view.button.isVisible()
        assert numbers(screen.receipts()) == taken
        film.unlink()
        screen.view.trouble.dismiss()
        screen.keys("47\n\n")
        assert numbers(screen.receipts()) == [*taken, "000047"]
        screen.close()
    checked(folder, [*taken, "000047"])


def test_a_write_that_meets_the_end_of_the_disk_is_taken_back(
    qtbot: QtBot, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the room that is always kept free, the write itself fails.
    monkeypatch.setattr(work, "LOW_DISK", 0)
    folder = copy_of(village("SN", ("Awa",)), small_disk / "book")
    with again(folder, clock=wednesday()) as desk:
        screen = Screen(qtbot, desk)
        screen.open()
        screen.keys("1\n\n2\n")
        film = fill(small_disk, leaving=0)
        screen.keys("\n")
        assert "This payment is NOT recorded" in screen.view.trouble.words()
        assert numbers(screen.receipts()) == ["000001"]
        film.unlink()
        screen.view.trouble.dismiss()
        screen.keys("\n")
        assert numbers(screen.receipts()) == ["000001", "000002"]
        screen.close()
    checked(folder, ["000001", "000002"])


def test_a_book_on_a_full_disk_opens_and_shows_its_session(qtbot: QtBot, small_disk: Path) -> None:
    folder = copy_of(village("SN", ("Awa",)), small_disk / "book")
    with again(folder, clock=wednesday()) as desk:
        screen = Screen(qtbot, desk)
        screen.open("Sirakorola")
        screen.keys("1\n\n")
        screen.close()
        film = fill(small_disk, leaving=0)
    with again(folder, clock=wednesday()) as desk:
        second = Screen(qtbot, desk)
        assert second.view._head.text().startswith("Sirakorola")
        second.keys("2\n")
        assert second.view.trouble.words().startswith("The disk of this laptop is full.")
        assert numbers(second.receipts()) == ["000001"]
        second.close()
    film.unlink()
    checked(folder, ["000001"])


def collect_until_refused(screen: Screen) -> list[str]:
    """Take what is due of one household after another; return whose money was taken."""
    taken: list[str] = []
    for number in range(1, 47):
        screen.keys(f"{number}\n")
        if screen.view.trouble.words():
            return taken
        screen.keys("\n")
        taken.append(f"{number:06d}")
    raise AssertionError("the disk never was full")


def numbers(receipts: Sequence[Receipt]) -> list[str]:
    return [one.household_number[3:9] for one in reversed(receipts)]


def checked(folder: Path, paid: list[str]) -> None:
    """Open a book again: it is whole, and its session has these receipts."""
    with again(folder, clock=wednesday()) as desk:
        held = desk.ask(sessions, desk.currency)
        assert numbers(desk.ask(receipts_of_session, held[0].id, desk.currency)) == paid
        assert verify_desk(desk).findings == []
