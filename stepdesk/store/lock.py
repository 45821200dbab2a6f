"""One process a book: a lock file that the system itself lets go when a process dies."""

import os
from pathlib import Path
from typing import IO

from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text


class Lock:
    """An exclusive lock on a book's folder; holds the process number for whoever wonders."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            Trouble: when another program has the book open, or the folder cannot be written.
        """
        try:
            file = self.path.open("a+", encoding="ascii")
        except OSError as error:
            raise Trouble(
                Text(
                    N_(
                        "The folder {name} cannot be written to. Copy the book to the laptop's own disk."
                    ),
                    {"name": self.path.parent.name},
                )
            ) from error
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise Trouble(
                Text(
                    N_(
                        "The book {name} is open in another window or program. Close it there first."
                    ),
                    {"name": self.path.parent.name},
                )
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


if os.name == "nt":  # pragma: no cover - the field's laptops, not the build machine
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
