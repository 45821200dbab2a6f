"""Who sits at the desk, and at which."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

IDLE_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits at which desk.

    Args:
        desk: The open book with a person in front of it.
        person: The person's id and name.
        book: The name of the book.
        practice: Whether it is a practice book.
        today: The desk's clock.
        idle: Milliseconds without a key or click until the screen is locked.
    """

    desk: object
    person: tuple[object, str]
    book: str
    practice: bool
    today: Callable[[], date]
    idle: int = IDLE_MINUTES * 60_000
