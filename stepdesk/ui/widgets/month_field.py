"""A field for a month, however people write it."""

import re

from stepdesk.i18n import N_, Text
from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.date_field import day_of
from stepdesk.ui.widgets.field import SelectedOnFocus
from stepdesk.values.month import Month

_MONTH = re.compile(r"(\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?", re.ASCII)


def month_of(text: str, near: Month) -> Month | None:
    """Return the month a person typed, or None.

    Args:
        text: 10, 10/2026, 10/26, 2026-10, oct, oct 2026.
        near: The latest month that can be meant when no year was typed.
    """
    plain = text.strip()
    if match := _MONTH.fullmatch(plain):
        return _month(int(match[1]), match[2], near)
    day = day_of(f"{plain}-01", near.last) or day_of(f"1 {plain}", near.last)
    if day is None or not plain:
        return None
    told = Month.of(day)
    return told if told <= near or re.search(r"\d{4}", plain) else told.plus(-12)


def _month(month: int, year: str | None, near: Month) -> Month | None:
    if not 1 <= month <= 12:
        return None
    if year:
        return Month(int(year) + (2000 if len(year) == 2 else 0), month)
    told = Month(near.year, month)
    return told if told <= near else told.plus(-12)


class MonthField(SelectedOnFocus):
    """Reads a month: 10 is the last October there was.

    Args:
        near: The latest month that can be meant.
    """

    def __init__(self, near: Month) -> None:
        super().__init__()
        self.near = near

    def month(self) -> Month | None:
        """Return the month, or None when the field is empty or names none."""
        return month_of(self.text(), self.near)

    def set_month(self, month: Month) -> None:
        self.setText(f"{month.month:02d}/{month.year}")
        self.mark_wrong(wrong=False)

    @override
    def means_digits(self) -> bool:
        return not any(map(str.isalpha, "" if self.hasSelectedText() else self.text()))

    @override
    def problem(self) -> Text | None:
        if not self.text().strip() or self.month() is not None:
            return None
        return Text(N_("This is not a month. Type it as 10 or 10/2026."))
