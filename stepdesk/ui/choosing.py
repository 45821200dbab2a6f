"""The system's own windows for choosing a folder or a file."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

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
