"""The one field for numbers and amounts."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent

from stepdesk.i18n import N_, Text, Value
from stepdesk.ui import tokens
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import spoken_mark
from stepdesk.ui.widgets.field import SelectedOnFocus

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']+")
# F, Fr, CFA, F CFA, GHS, GH₵, €: what stands beside an amount, and no slip of the finger.
_UNIT = r"(?:[Ff][Rr]?\.?|[Ff]?(?:CFA|cfa)|[A-Z]{3}|GH₵|[€$£₵₦₣])?"
_AMOUNT = re.compile(rf"{_UNIT}([0-9][0-9.,]*){_UNIT}", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
# One mark with three digits behind it: thousands to one person, a slip of the finger to another.
_TWO_WAYS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_LONGEST = 15
_THIN = "\u202f"


def minor_of(text: str, exponent: int = 0) -> int | None:
    """Return the whole minor units a person typed or pasted, or None.

    Spaces of every kind are ignored, a currency before or behind too. A point or comma with
    three digits behind it groups thousands; with fewer it stands before the decimals, which must
    fit the currency. Where there are decimals, `12,345` alone may be either and is not read.
    """
    match = _AMOUNT.fullmatch(_SPACES.sub("", text))
    if match is None or len(match[1]) > _LONGEST or _is_open(match[1], exponent):
        return None
    whole, part = _parts(match[1])
    if not (whole.isdecimal() or _GROUPED.fullmatch(whole)):
        return None
    if len(part) > exponent:
        part = part.rstrip("0") or part[:exponent]
    if len(part) > exponent:
        return None
    digits = re.sub(r"[.,]", "", whole) + part.ljust(exponent, "0")
    return int(digits)


def _is_open(number: str, exponent: int) -> bool:
    """Whether a number may be thousands or decimals."""
    return 0 < exponent < 3 and _TWO_WAYS.fullmatch(number) is not None


def _parts(number: str) -> tuple[str, str]:
    """Return whole and decimals; a last group of three digits is no decimals."""
    at = max(number.rfind("."), number.rfind(","))
    if at < 0 or len(number) - at - 1 == 3:
        return number, ""
    return number[:at], number[at + 1 :]


def plain_text(minor: int, exponent: int = 0, *, point: str = ".") -> str:
    """Return an amount as it stands in a field: thousands kept together by a thin space."""
    whole, part = divmod(minor, int(10**exponent))
    text = f"{whole:,}".replace(",", _THIN)
    return f"{text}{point}{part:0{exponent}d}" if exponent else text


class NumberField(SelectedOnFocus):
    """Reads a whole number or an amount in minor units, however people write it.

    Args:
        exponent: Decimals of the currency: 0 reads 1 400 as 1400, 2 reads 12,50 as 1250.
        height: Pixels of the design.
        points: The size of its figures.
        grouped: Whether thousands are set apart when the field is left.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        *,
        exponent: int = 0,
        height: int = tokens.FIELD,
        points: int = tokens.BODY,
        grouped: bool = True,
    ) -> None:
        super().__init__(height=height, points=points)
        self._exponent = exponent
        self._grouped = grouped
        self._last: int | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.textChanged.connect(self._announce)

    def value(self) -> int | None:
        """Return minor units, or None when the field is empty or not a number."""
        return minor_of(self.text(), self._exponent)

    def set_value(self, value: int | None) -> None:
        """Show an amount in minor units, or nothing."""
        self.setText("" if value is None else self._written(value))
        self.mark_wrong(wrong=False)
        if self.hasFocus():
            self.selectAll()

    @override
    def problem(self) -> Text | None:
        if not self.text().strip() or self.value() is not None:
            return None
        if self._exponent == 0 and minor_of(self.text(), 2) is not None:
            return Text(N_("This currency has no small coins. Type a whole number."))
        if self._exponent and minor_of(self.text()) is not None:
            return self._two_ways()
        return Text(N_("This is not a number. Type digits only, such as 1500."))

    def _two_ways(self) -> Text:
        """Return what to type instead of `12,345`, for whoever meant either."""
        digits = str(minor_of(self.text()))
        values: dict[str, Value] = {
            "whole": digits,
            "decimals": f"{digits[:-3]},{digits[-3:][: self._exponent]}",
            "count": self._exponent,
        }
        return Text(
            N_(
                "This can be read in two ways. Type {whole}, or {decimals} with no more than {count} figures behind the comma."
            ),
            values,
        )

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        value = self.value()
        if value is not None and self._written(value) != self.text():
            self.setText(self._written(value))
        self.mark_wrong(wrong=self.problem() is not None)
        super().focusOutEvent(event)

    def _written(self, value: int) -> str:
        text = plain_text(value, self._exponent, point=spoken_mark() if self._exponent else "")
        return text if self._grouped else text.replace(_THIN, "")

    def _announce(self, _text: str) -> None:
        value = self.value()
        if value != self._last:
            self._last = value
            self.value_changed.emit(value)
