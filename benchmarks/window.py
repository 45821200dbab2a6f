"""One window in a process of its own: `python -m benchmarks.window bare|login|main DAY`.

The book is the one the settings in STEPDESK_STATE name. Prints what it saw as JSON. It imports nothing before it must: the import is what is timed.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication, QWidget

    from stepdesk.ui.start import Program

TYPING = 3.0
PASSWORD = "four words are good"


def _turn(app: "QApplication") -> None:
    app.processEvents()
    time.sleep(0.001)


def _painted(app: "QApplication", window: "Callable[[], QWidget | None]") -> None:
    """Wait until a window is there and has been painted."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        _turn(app)
        found = window()
        if found is not None and found.isVisible() and found.windowHandle().isExposed():
            app.processEvents()
            return
    raise TimeoutError("no window was painted")


def _resident() -> float:
    """Return what the process holds in memory, in MB."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in told.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def bare() -> dict[str, Any]:
    """Show a window with nothing in it."""
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])
    window = QWidget()
    window.resize(1366, 700)
    window.show()
    _painted(app, lambda: window)
    return {"rss": _resident()}


def _begin() -> "tuple[QApplication, Program]":
    """Show the login of the book used last, as the program does."""
    from PySide6.QtWidgets import QApplication

    from stepdesk.ui.start import Program

    app = QApplication([])
    program = Program(app, remember=False)
    program.begin()
    assert program.door is not None
    _painted(app, lambda: program.door)
    return app, program


def login() -> dict[str, Any]:
    """Show the login alone."""
    _begin()
    heavy = [name for name in ("sqlalchemy", "cryptography", "reportlab") if name in sys.modules]
    return {"rss": _resident(), "heavy": heavy}


def main_window(day: str) -> dict[str, Any]:
    """Type a password for three seconds while the imports go on, then come to the window."""
    app, program = _begin()
    until = time.monotonic() + TYPING
    while time.monotonic() < until:
        _turn(app)
    _stand_on(day)
    assert program.door is not None
    assert program.door.login is not None
    page = program.door.login
    begun = time.monotonic()
    page.login.emit(page._people[0][0], PASSWORD)
    _painted(app, lambda: program.window)
    shown = time.monotonic() - begun
    while program.lane.is_busy():
        _turn(app)
    filled = time.monotonic() - begun
    first = _resident()
    visited, missing = _visit(app, program)
    return {
        "shown": shown * 1000,
        "filled": filled * 1000,
        "rss": first,
        "rss_visited": _resident(),
        "pages": visited,
        "missing": missing,
    }


def password_alone(folder: Path) -> dict[str, Any]:
    """Time the derivation of the key alone: no program can be faster."""
    from stepdesk.store.keys import KeyFile

    keys = KeyFile.read(folder / "book.keys")
    staff = keys.tiles()[0].staff_id
    begun = time.monotonic()
    keys.open(staff, PASSWORD)
    return {"shown": (time.monotonic() - begun) * 1000}


def _stand_on(day: str) -> None:
    """Let the laptop's clock stand where the book ends, or the desk would ask for the day."""
    from datetime import UTC, datetime

    from stepdesk.store import clock

    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
    clock.SystemClock.now = lambda self: moment  # type: ignore[method-assign]  # noqa: ARG005


def _visit(app: "QApplication", program: "Program") -> tuple[int, int]:
    """Show every page and let it fill; return how many came, and how many are not there yet."""
    from stepdesk.ui.pages import PAGES

    visited = missing = 0
    for entry in PAGES:
        if entry.factory is None or program.window is None:
            continue
        try:
            program.window.go(entry.id)
        except ModuleNotFoundError:
            missing += 1
            continue
        visited += 1
        until = time.monotonic() + 1
        while time.monotonic() < until:
            _turn(app)
    return visited, missing


def main() -> None:
    what = sys.argv[1]
    if what == "bare":
        told = bare()
    elif what == "login":
        told = login()
    elif what == "password":
        told = password_alone(Path(sys.argv[2]))
    else:
        told = main_window(sys.argv[2])
    print(json.dumps(told), flush=True)
    # Leaving is not what is timed.
    os._exit(0)


if __name__ == "__main__":
    main()
