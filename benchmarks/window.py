"""One window in a process of its own: `python -m benchmarks.window bare|login|main FOLDER`.

Prints what it saw as JSON. It imports nothing before it must: the import is what is timed.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

TYPING = 3.0
PASSWORD = "four words are good"


def _shown(app: "QApplication", window: "QWidget") -> None:
    """Show a window and wait until it has been painted."""
    window.show()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        app.processEvents()
        if window.windowHandle().isExposed():
            app.processEvents()
            return


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
    _shown(app, window)
    return {"rss": _resident()}


def _login(folder: Path) -> "tuple[QApplication, Any]":
    """Show the login as the program does.

    The one place to change when `stepdesk.ui.start` shows it.
    """
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    from stepdesk.ui import theme
    from stepdesk.ui.login_page import LoginPage
    from stepdesk.ui.speech import Speaker
    from stepdesk.ui.theme import Theme

    theme.apply(app, Theme())
    told = json.loads((folder / "book.keys").read_text(encoding="utf-8"))
    people = [(bytes.fromhex(slot["staff"]), slot["name"]) for slot in told["slots"]]
    page = LoginPage(Speaker("fr"), book=folder.name, people=people)
    page.resize(1366, 700)
    _shown(app, page)
    return app, page


def login(folder: Path) -> dict[str, Any]:
    """Show the login alone."""
    _, page = _login(folder)
    heavy = [name for name in ("sqlalchemy", "cryptography", "reportlab") if name in sys.modules]
    return {"rss": _resident(), "shown": page.isVisible(), "heavy": heavy}


def main_window(folder: Path) -> dict[str, Any]:
    """Type a password for three seconds while the imports go on, then come to the window."""
    app, page = _login(folder)
    begun = time.monotonic()
    import threading

    def imports() -> None:
        import stepdesk.contributions.service
        import stepdesk.reports.service
        import stepdesk.store.desk
        import stepdesk.ui.shell  # noqa: F401

    behind = threading.Thread(target=imports)
    behind.start()
    while time.monotonic() < begun + TYPING or behind.is_alive():
        app.processEvents()
        time.sleep(0.005)
    begun = time.monotonic()
    from stepdesk.migrations import migrate
    from stepdesk.store.desk import unlock
    from stepdesk.ui.shell import MainWindow
    from stepdesk.ui.sitting import Sitting
    from stepdesk.ui.speech import Speaker
    from stepdesk.ui.tasks import Lane

    desk = unlock(folder, password=PASSWORD, migrate=migrate)
    unlocked = time.monotonic() - begun
    sitting = Sitting(
        desk=desk,
        person=(desk.person.staff_id, desk.person.name),
        book=folder.name,
        practice=desk.practice,
        today=lambda: desk.today,
    )
    window = MainWindow(sitting, lane=Lane(app), speaker=Speaker("fr"))
    page.hide()
    _shown(app, window)
    took, first = time.monotonic() - begun, _resident()
    visited = _visit(app, window)
    return {
        "unlock": unlocked * 1000,
        "ms": took * 1000,
        "rss": first,
        "rss_visited": _resident(),
        "pages": visited,
    }


def _visit(app: "QApplication", window: Any) -> int:
    """Show every page and let it fill; return how many there are."""
    from stepdesk.ui.pages import PAGES

    pages = [entry.id for entry in PAGES if entry.factory is not None]
    for one in pages:
        window.go(one)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            app.processEvents()
            time.sleep(0.005)
    return len(pages)


def main() -> None:
    what = sys.argv[1]
    if what == "bare":
        told = bare()
    elif what == "login":
        told = login(Path(sys.argv[2]))
    else:
        told = main_window(Path(sys.argv[2]))
    print(json.dumps(told), flush=True)
    # Leaving is not what is timed.
    os._exit(0)


if __name__ == "__main__":
    main()
