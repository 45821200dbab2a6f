"""The four kinds of error. Each says what is wrong and what to do, in the person's language.

A bug is anything else: it is never caught here.
"""

from dataclasses import dataclass

from stepdesk.i18n import Text


class Refusal(Exception):
    """The rules say no, and the person can act. Shown beside its field; nothing is saved."""

    def __init__(self, text: Text, *, field: str = "") -> None:
        super().__init__(text.message)
        self.text = text
        self.field = field


@dataclass(frozen=True, slots=True)
class Doubt:
    """One named doubt of a caution; the name is given back to accept it."""

    name: str
    text: Text
    field: str = ""


class Caution(Exception):
    """Allowed, if somebody says so and why. Nothing is saved until each doubt is accepted."""

    def __init__(self, doubts: tuple[Doubt, ...]) -> None:
        super().__init__(", ".join(doubt.name for doubt in doubts))
        self.doubts = doubts


class Trouble(Exception):
    """The laptop says no: disk, password, file, printer. Nothing of the last action was saved."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


class Cancelled(Exception):
    """The person pressed Cancel. Nothing was saved and nothing is shown."""
