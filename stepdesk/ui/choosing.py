"""The system's own windows for choosing a folder or a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from stepdesk.i18n import N_
from stepdesk.ui.speech import Speaker


def ask_folder(owner: QWidget, speaker: Speaker, title: str, near: str = "") -> Path | None:
    """Let the person choose a folder; None when they went back."""
    told = QFileDialog.getExistingDirectory(owner, speaker.tr(title), near)
    return Path(told) if told else None


def ask_file(owner: QWidget, speaker: Speaker, title: str, pattern: str) -> Path | None:
    """Let the person choose a file; None when they went back."""
    told, _kind = QFileDialog.getOpenFileName(owner, speaker.tr(title), "", pattern)
    return Path(told) if told else None


def ask_files(owner: QWidget, speaker: Speaker, title: str, pattern: str) -> list[Path]:
    """Let the person choose any number of files; none when they went back."""
    told, _kind = QFileDialog.getOpenFileNames(owner, speaker.tr(title), "", pattern)
    return [Path(one) for one in told]


def ask_where(
    owner: QWidget, speaker: Speaker, name: str, kinds: Sequence[tuple[str, str]]
) -> Path | None:
    """Let the person choose where a file goes and what it is; None when they went back.

    Args:
        owner: Where the window belongs.
        speaker: Says its title.
        name: The file's name without its end.
        kinds: The words and the end of each kind there is: ("Excel", "xlsx").
    """
    patterns = {f"{words} (*.{end})": end for words, end in kinds}
    told, chosen = QFileDialog.getSaveFileName(
        owner, speaker.tr(N_("Save as …")), f"{name}.{kinds[0][1]}", ";;".join(patterns)
    )
    if not told:
        return None
    path = Path(told)
    if path.suffix.lstrip(".").lower() in patterns.values():
        return path
    return path.with_name(f"{path.name}.{patterns.get(chosen, kinds[0][1])}")
