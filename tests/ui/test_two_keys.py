"""Any screen is two keys away at most, on an English and on a French keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from stepdesk.ui.pages import PAGES
from tests.ui.test_new_household import Opens, opens, ready  # noqa: F401 - a fixture
from tests.ui.window import Window

_ALT = Qt.KeyboardModifier.AltModifier
# What the top row gives without Shift: the keys of an English and of a French keyboard.
ENGLISH = dict(zip("1234567890", "1234567890", strict=True))
FRENCH = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))


def open_by(window: Window, sign: str) -> str:
    """Press Alt and one key of the keyboard: two keys; return the page that is then open."""
    widget = QApplication.focusWidget() or window.window
    QTest.sendKeyEvent(QTest.KeyAction.Click, widget, Qt.Key(ord(sign.upper())), sign, _ALT)
    window.wait()
    page = window.window.page()
    assert page is not None
    return page.id


@pytest.mark.parametrize(("language", "keys"), [("en", ENGLISH), ("fr", FRENCH)])
def test_any_screen_is_at_most_two_keys_away(
    opens: Opens,  # noqa: F811
    language: str,
    keys: dict[str, str],
) -> None:
    window = opens(ready, language=language)
    entries = window.window.frame.navigation.names()
    assert len(entries) == len(PAGES)
    numbers = {entry.id: entry.number for entry in PAGES}
    # There and back from each: nothing that has the cursor on a page takes the key.
    for page_id in [*entries, *reversed(entries)]:
        sign = numbers[page_id].lower()
        assert open_by(window, keys.get(sign, sign)) == page_id


def test_a_page_says_its_key_and_no_two_have_the_same(opens: Opens) -> None:  # noqa: F811
    opens(ready)
    numbers = [entry.number for entry in PAGES]
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)
