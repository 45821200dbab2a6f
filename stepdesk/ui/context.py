"""What every page is given: the lane, the language, the open book and the way to other pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stepdesk.i18n import Text
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Notifier


class Go(Protocol):
    """Shows another page."""

    def __call__(self, page_id: str, /, **arguments: object) -> None: ...


class Toast(Protocol):
    """Shows a message at the bottom for eight seconds, with Undo when `undo` is given."""

    def __call__(self, text: Text, /, *, undo: Callable[[], object] | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a page may use.

    Args:
        lane: Runs whatever opens the book.
        speaker: Says every text.
        theme: Tells of a changed theme.
        desk: The open book with a person in front of it.
        go: Shows another page; the arguments reach its `shown`.
        toast: Shows a message at the bottom.
        saved: Tells the status line that something has just been saved.
        clock_today: The desk's day.
    """

    lane: Lane
    speaker: Speaker
    theme: Notifier
    desk: object
    go: Go
    toast: Toast
    saved: Callable[[], None]
    clock_today: Callable[[], date]
