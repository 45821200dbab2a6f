from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from stepdesk.ui.keys import AZERTY
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.date_field import DateField, day_of
from stepdesk.ui.widgets.number_field import NumberField, minor_of, plain_text
from stepdesk.ui.widgets.search_box import SearchBox
from tests.ui.typing import enter, press


def field(qtbot: QtBot, exponent: int = 0) -> NumberField:
    found = NumberField(exponent=exponent)
    qtbot.addWidget(found)
    enter(qtbot, found)
    return found


def test_the_unshifted_top_row_of_a_french_keyboard_is_read_as_digits(qtbot: QtBot) -> None:
    number = field(qtbot)
    press(number, AZERTY)
    assert number.text() == "1234567890"
    assert number.value() == 1234567890


def test_digits_are_read_as_digits(qtbot: QtBot) -> None:
    number = field(qtbot)
    qtbot.keyClicks(number, "1500")
    assert number.value() == 1500


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("1 400 F", 0, 1400),
        ("1\u00a0400\u202fF\u00a0CFA", 0, 1400),
        ("1.400", 0, 1400),
        ("1,400,000", 0, 1_400_000),
        ("1400,00", 0, 1400),
        ("12,50", 0, None),
        ("12,50", 2, 1250),
        ("12.5", 2, 1250),
        ("1.400,50 €", 2, 140_050),
        ("GHS 12", 2, 1200),
        ("12,345", 2, None),
        ("12.345", 2, None),
        ("1,234,567", 2, 123_456_700),
        ("12,345.00", 2, 1_234_500),
        ("12345", 2, 1_234_500),
        ("12,345", 0, 12_345),
        ("-5", 0, None),
        ("12a4", 0, None),
        ("1.2.3", 2, None),
        ("", 0, None),
        ("0", 0, 0),
        ("12345678901234567", 0, None),
        ("١٢", 0, None),
    ],
)
def test_amounts_are_read_as_people_write_them(
    text: str, exponent: int, minor: int | None
) -> None:
    assert minor_of(text, exponent) == minor


@given(st.integers(0, 10**12), st.sampled_from([0, 2]), st.sampled_from([".", ","]))
def test_what_the_field_writes_it_reads_back(minor: int, exponent: int, point: str) -> None:
    assert minor_of(plain_text(minor, exponent, point=point), exponent) == minor


@given(st.text(max_size=12), st.sampled_from([0, 2]))
def test_any_text_is_a_number_or_nothing(text: str, exponent: int) -> None:
    minor = minor_of(text, exponent)
    assert minor is None or minor >= 0


def test_a_pasted_amount_is_read(qtbot: QtBot) -> None:
    number = field(qtbot)
    QGuiApplication.clipboard().setText("1 400 F")
    number.paste()
    assert number.value() == 1400
    assert number.text() == "1 400 F"


def test_wrong_input_is_kept_and_named(qtbot: QtBot) -> None:
    number = field(qtbot)
    qtbot.keyClicks(number, "12x")
    number.clearFocus()
    assert number.text() == "12x"
    assert number.value() is None
    assert number.problem() is not None
    assert number.property("wrong")


def test_the_number_is_selected_when_the_field_is_entered(qtbot: QtBot) -> None:
    number = field(qtbot)
    number.clearFocus()
    number.set_value(2000)
    number.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(number, "500")
    assert number.value() == 500


def test_a_left_field_sets_thousands_apart(qtbot: QtBot) -> None:
    number = field(qtbot)
    qtbot.keyClicks(number, "1400000")
    number.clearFocus()
    assert number.text() == "1\u202f400\u202f000"


def test_changes_and_arrows_are_told(qtbot: QtBot) -> None:
    number = field(qtbot)
    heard: list[object] = []
    number.value_changed.connect(heard.append)
    with qtbot.waitSignal(number.up):
        qtbot.keyClick(number, Qt.Key.Key_Up)
    with qtbot.waitSignal(number.down):
        qtbot.keyClick(number, Qt.Key.Key_Down)
    qtbot.keyClicks(number, "1x")
    assert heard == [1, None]


def search(qtbot: QtBot) -> SearchBox:
    found = SearchBox()
    qtbot.addWidget(found)
    enter(qtbot, found)
    return found


def test_the_search_reads_the_french_top_row_as_digits(qtbot: QtBot) -> None:
    box = search(qtbot)
    with qtbot.waitSignal(box.searched) as heard:
        press(box, "'è")
    assert heard.args == ["47"]
    assert box.text() == "47"


def test_a_letter_gives_the_signs_back(qtbot: QtBot) -> None:
    box = search(qtbot)
    press(box, "élodie")
    assert box.query() == "élodie"


def test_a_household_number_keeps_its_dashes(qtbot: QtBot) -> None:
    box = search(qtbot)
    press(box, "02-000047-4")
    assert box.query() == "02-000047-4"


def test_a_card_read_on_a_french_keyboard_is_digits(qtbot: QtBot) -> None:
    box = search(qtbot)
    press(box, "àéààààçè'")
    assert box.query() == "020000974"


def test_typing_again_over_a_selection_reads_digits_again(qtbot: QtBot) -> None:
    box = search(qtbot)
    press(box, "Awa")
    box.selectAll()
    press(box, "&é")
    assert box.query() == "12"


def test_enter_chooses(qtbot: QtBot) -> None:
    box = search(qtbot)
    press(box, "Diarra")
    with qtbot.waitSignal(box.chosen) as heard:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard.args == ["Diarra"]


NEAR = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("14", date(2026, 11, 14)),
        ("14/10", date(2026, 10, 14)),
        ("14/10/2026", date(2026, 10, 14)),
        ("14/10/25", date(2025, 10, 14)),
        ("1410", date(2026, 10, 14)),
        ("14102025", date(2025, 10, 14)),
        ("14 oct", date(2026, 10, 14)),
        ("14 octobre 2025", date(2025, 10, 14)),
        ("1 déc", date(2026, 12, 1)),
        ("3 août", date(2026, 8, 3)),
        ("3 juin", date(2026, 6, 3)),
        ("3 juil", date(2026, 7, 3)),
        ("2026-10-14", date(2026, 10, 14)),
        ("31/02", None),
        ("14 xyz", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_are_read_the_short_way(text: str, day: date | None) -> None:
    assert day_of(text, NEAR) == day


@given(st.text(max_size=14))
def test_any_text_is_a_day_or_nothing(text: str) -> None:
    assert day_of(text, NEAR) is None or isinstance(day_of(text, NEAR), date)


@given(st.dates())
def test_a_written_day_is_read_back(day: date) -> None:
    assert day_of(day.isoformat(), NEAR) == day


@pytest.mark.parametrize("typed", ["&'", "&'/&à", "2026-11-14", "14/11/2026", "14 nov"])
def test_days_are_typed_on_either_keyboard(qtbot: QtBot, typed: str) -> None:
    day = DateField(NEAR)
    qtbot.addWidget(day)
    enter(qtbot, day)
    press(day, typed)
    expected = date(2026, 10, 14) if "à" in typed else date(2026, 11, 14)
    assert day.day() == expected


def test_a_left_day_is_written_out_and_a_wrong_one_is_kept(qtbot: QtBot) -> None:
    day = DateField(NEAR)
    qtbot.addWidget(day)
    enter(qtbot, day)
    press(day, "14")
    day.clearFocus()
    assert day.text() == "14/11/2026"
    day.setText("soon")
    day.setFocus()
    day.clearFocus()
    assert day.text() == "soon"
    assert day.problem() is not None


def test_a_comma_with_three_figures_behind_it_is_asked_about(qtbot: QtBot) -> None:
    number = field(qtbot, exponent=2)
    press(number, "12,345")
    told = number.problem()
    assert told is not None
    # Either twelve thousand, or twelve and some cents: who typed it says which.
    assert told.values == {"whole": "12345", "decimals": "12,34", "count": 2}
    number.clear()
    press(number, "12,34")
    assert (number.problem(), number.value()) == (None, 1234)


@pytest.mark.parametrize(("language", "shown"), [("en", "1\u202f234.50"), ("fr", "1\u202f234,50")])
def test_decimals_stand_behind_the_mark_of_the_language(
    qtbot: QtBot, language: str, shown: str
) -> None:
    speaker = Speaker(language)
    number = field(qtbot, exponent=2)
    number.set_value(123_450)
    assert number.text() == shown
    assert number.value() == 123_450
    number.clear()
    press(number, "1234.5")
    number.clearFocus()
    assert number.text() == shown
    speaker.set_language("en")


def test_a_field_without_decimals_has_no_mark(qtbot: QtBot, speaker: Speaker) -> None:
    speaker.set_language("fr")
    number = field(qtbot)
    number.set_value(1500)
    assert number.text() == "1\u202f500"
