"""What this laptop remembers between two days: the last book and how the window looks.

Nothing of a book stands here but its folder and the name it was last seen with.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Settings:
    """The laptop's own settings; what is not known is left at its default.

    Args:
        last_book: The folder of the book opened last, or empty.
        last_name: What its scheme is called.
        language: A language of the desk, or empty for the system's.
        look: light, dark or contrast.
        zoom: 100, 125 or 150.
        sound: Whether a tone tells "recorded" and "look".
        receipt_paper: What a receipt is printed on: a5, or a roll of 58 or 80 mm.
    """

    last_book: str = ""
    last_name: str = ""
    language: str = ""
    look: str = "light"
    zoom: int = 100
    sound: bool = True
    receipt_paper: str = "a5"


def settings_path() -> Path:
    """Where the settings lie; STEPDESK_STATE names another folder, for tests and drills."""
    told = os.environ.get("STEPDESK_STATE")
    folder = (
        Path(told) if told else Path(platformdirs.user_config_dir("stepdesk", appauthor=False))
    )
    return folder / "settings.json"


def read_settings() -> Settings:
    """Return what was kept; anything unreadable is as if it had never been there."""
    try:
        told = json.loads(settings_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(told, dict):
        return Settings()
    plain = Settings()
    kept = {
        one.name: told[one.name]
        for one in fields(Settings)
        if type(told.get(one.name)) is type(getattr(plain, one.name))
    }
    return Settings(**kept)


def write_settings(settings: Settings) -> None:
    """Keep the settings; a laptop that cannot is told nothing: no book depends on them."""
    path = settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")
        beside.replace(path)
    except OSError:
        return
