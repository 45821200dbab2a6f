"""Pictures of the main screens on a practice book, and the window on that book.

`python -m stepdesk.ui.pictures BOOK OUT` takes them; it needs no screen.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from stepdesk.store.desk import Desk
    from stepdesk.ui.tasks import Lane

SIZE = (1366, 768)
NAMES = ("login", "today", "members", "collection", "closing", "claims", "send", "branch")
_QUIET = 0.3  # seconds without work until a page is taken to be complete


def has_screen() -> bool:
    """Whether a window could be seen."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_practice(book: Path) -> int:
    """Run the window on a practice book, its first person in front."""
    from stepdesk.ui.start import run_window

    return run_window(["stepdesk"], desk=_practice_desk(book))


def take_pictures(book: Path, out: Path) -> list[Path]:
    """Take the pictures in a program of their own, without a screen; return their files."""
    out.mkdir(parents=True, exist_ok=True)
    for old in _files(out):
        old.unlink(missing_ok=True)
    # A copy is photographed: a session is opened in it, and this laptop forgets it.
    aside = out / "pictures.part"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        copied = aside / book.name
        shutil.copytree(book, copied, ignore=shutil.ignore_patterns("*.lock", "*-wal", "*-shm"))
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "*.debug=false",
            "STEPDESK_STATE": str((aside / "state").resolve()),
        }
        program = [sys.executable, "-m", "stepdesk.ui.pictures", str(copied), str(out)]
        # The offscreen platform warns at every window; it is heard only when something failed.
        told = subprocess.run(
            program, check=False, env=environment, capture_output=True, text=True
        )
        if told.returncode:
            sys.stderr.write(told.stderr)
            told.check_returncode()
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return [picture for picture in _files(out) if picture.is_file()]


def _files(out: Path) -> list[Path]:
    return [out / f"screen-{at + 1}-{name}.png" for at, name in enumerate(NAMES)]


def _practice_desk(book: Path) -> "Desk":
    from stepdesk.store.desk import unlock
    from stepdesk.training.terms import FIRST_PERSON, PASSWORD

    return unlock(book, password=PASSWORD, name=FIRST_PERSON)


def _take(book: Path, out: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from stepdesk.store.tiles import tiles_of
    from stepdesk.ui import theme
    from stepdesk.ui.speech import Speaker
    from stepdesk.ui.start import Door, open_book_window
    from stepdesk.ui.tasks import Lane

    app = QApplication(["stepdesk"])
    theme.apply(app, theme.Theme())
    tiles = tiles_of(book)
    desk = _practice_desk(book)
    lane = Lane(app)
    speaker = Speaker(desk.language)
    files = _files(out)
    if tiles is not None:
        door = Door(speaker, lane)
        door.show_login(tiles, "")
        _snap(app, lane, door, files[0])
        door.close()
    window = open_book_window(desk, lane=lane, speaker=speaker)
    household = _household(desk)
    _open_session(desk)
    visits: tuple[tuple[str, dict[str, object]], ...] = (
        ("today", {}),
        ("members", {"household": household}),
        ("collection", {"household": household}),
        ("closing", {}),
        ("claims", {"batch": _batch(desk)}),
        ("send", {}),
    )
    for (page, arguments), file in zip(visits, files[1:-1], strict=True):
        window.go(page, **arguments)
        _snap(app, lane, window, file)
    window.close()
    desk.close()
    branch = out / "branch"
    if branch.is_dir():
        _branch_picture(app, lane, branch, files[-1])
    lane.close()


def _branch_picture(app: "QApplication", lane: "Lane", folder: Path, file: Path) -> None:
    """Photograph the officer's window on the branch the demonstration left."""
    from stepdesk.branch.engine import open_store
    from stepdesk.store.clock import SystemClock
    from stepdesk.ui.branch.window import BranchWindow
    from stepdesk.ui.speech import Speaker

    with open_store(folder) as store:
        window = BranchWindow(store, lane=lane, speaker=Speaker("fr"), clock=SystemClock())
        _snap(app, lane, window, file)
        window.close()


def _household(desk: "Desk") -> object:
    """Return a household with something to show: one of those that are late, else any."""
    from stepdesk.reports.queries import standing

    now = standing(desk)
    found = (*now.late, *now.waiting, *now.not_entered)
    return found[0] if found else None


def _batch(desk: "Desk") -> object:
    """Return the latest batch that has something in it to show."""
    from stepdesk.claims.queries import batches

    found = desk.ask(batches, desk.currency)
    return next((one.id for one in found if one.claims > 5), found[0].id if found else None)


def _open_session(desk: "Desk") -> None:
    from stepdesk.contributions.service import open_session
    from stepdesk.scheme.queries import sections_on

    desk.do(open_session, place=desk.ask(sections_on, desk.today)[0].name)


def _snap(app: "QApplication", lane: "Lane", window: "QWidget", file: Path) -> None:
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    quiet = monotonic()
    while monotonic() - quiet < _QUIET:
        app.processEvents()
        if lane.is_busy():
            quiet = monotonic()
    window.grab().save(str(file))


def _main(arguments: Sequence[str]) -> int:
    book, out = arguments
    _take(Path(book), Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
