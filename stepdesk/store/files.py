"""Writing files so that they are either whole and on the disk, or not there."""

import os
from pathlib import Path

from stepdesk.errors import Trouble
from stepdesk.i18n import N_, Text


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut; Windows does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_written(name: str) -> Trouble:
    return Trouble(
        Text(
            N_(
                "The file {name} could not be written. Nothing was saved. "
                "Free some space on the disk, or check that the folder may be written to."
            ),
            {"name": name},
        )
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write beside, sync, read back, rename.

    Raises:
        Trouble: when the disk refuses or gives back something else; the old file is untouched.
    """
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if beside.read_bytes() != content:
            raise OSError(path.name)
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise not_written(path.name) from error
