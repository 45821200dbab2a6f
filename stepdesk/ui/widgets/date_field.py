"""The field for a day, typed the short way."""

import re
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.field import SelectedOnFocus
from stepdesk.values.names import fold

# Months as people begin to write them, in the languages of the desk; not shown to anybody.
_MONTHS = (
    ("jan", 1), ("feb", 2), ("fev", 2), ("mar", 3), ("apr", 4), ("avr", 4), ("may", 5),
    ("mai", 5), ("jun", 6), ("juin", 6), ("jul", 7), ("juil", 7), ("aug", 8), ("aou", 8),
    ("sep", 9), ("oct", 10), ("nov", 11), ("dec", 12),
)  # fmt: skip
_NUMBERS = re.compile(r"(\d{1,2})(?:[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4})?", re.ASCII)
_WORDS = re.compile(r"(\d{1,2}) ?([a-z]{3,9})(?: (\d{4}))?", re.ASCII)


def day_of(text: str, near: date) -> date | None:
    """Return the day a person typed, or None.

    Args:
        text: 14, 14/10, 14/10/2026, 1410, 14102026, 14 oct, 14 oct 2026 or 2026-10-14.
        near: Its month and year stand in for what was left out.
    """
    plain = text.strip()
    if match := _ISO.fullmatch(plain):
        return _day(match[1], match[2], match[3])
    if match := _NUMBERS.fullmatch(plain) or _RUN.fullmatch(plain):
        return _day(match[3] or str(near.year), match[2] or str(near.month), match[1])
    if match := _WORDS.fullmatch(fold(plain)):
        months = [month for start, month in _MONTHS if match[2].startswith(start)]
        return _day(match[3] or str(near.year), str(months[-1]), match[1]) if months else None
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


class DateField(SelectedOnFocus):
    """Reads a day relative to a given one: 14 is the 14th of that month.

    Args:
        near: The day that completes what is left out, usually today.
    """

    day_changed = Signal(object)

    def __init__(self, near: date) -> None:
        super().__init__()
        self.near = near
        self._last: date | None = None
        self.textChanged.connect(self._announce)

    def day(self) -> date | None:
        """Return the day, or None when the field is empty or names none."""
        return day_of(self.text(), self.near)

    def set_day(self, day: date | None) -> None:
        self.setText("" if day is None else f"{day:%d/%m/%Y}")
        self.mark_wrong(wrong=False)

    @override
    def problem(self) -> Text | None:
        if not self.text().strip() or self.day() is not None:
            return None
        return Text(N_("This is not a day. Type it as 14, 14/10 or 14/10/2026."))

    @override
    def means_digits(self) -> bool:
        text = "" if self.hasSelectedText() else self.text()
        return not any(map(str.isalpha, text)) and not (self._digits_were_typed and text)

    @override
    def typed(self, text: str) -> str:
        if not self.text() or self.hasSelectedText():
            self._digits_were_typed = False
        # Whoever types real digits has a keyboard whose dash is a dash: 2026-10-14.
        self._digits_were_typed = self._digits_were_typed or text.isdecimal()
        return super().typed(text)

    _digits_were_typed = False

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        day = self.day()
        if day is not None:
            self.set_day(day)
        self.mark_wrong(wrong=self.problem() is not None)
        super().focusOutEvent(event)

    def _announce(self, _text: str) -> None:
        day = self.day()
        if day != self._last:
            self._last = day
            self.day_changed.emit(day)
