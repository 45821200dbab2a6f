import pytest
from PySide6.QtGui import QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.ui import icons, theme
from stepdesk.ui.speech import Speaker
from stepdesk.ui.style import StepStyle
from stepdesk.ui.theme import Theme
from stepdesk.ui.tokens import CONTRAST, DARK, LIGHT, TOKENS, Ink, Look, Status, Tokens, contrast
from stepdesk.ui.widgets.pill import SIGNS, WORDS, StatusPill

HANDBOOK = [
    ("text on base", LIGHT.text, LIGHT.base, 16.6),
    ("text on window", LIGHT.text, LIGHT.window, 14.8),
    ("muted on base", LIGHT.muted, LIGHT.base, 8.1),
    ("muted on window", LIGHT.muted, LIGHT.window, 7.2),
    ("border on base", LIGHT.border, LIGHT.base, 3.9),
    ("border on window", LIGHT.border, LIGHT.window, 3.5),
    ("primary", LIGHT.primary.text, LIGHT.primary.ground, 8.4),
    ("focus", LIGHT.focus, LIGHT.base, 5.2),
    ("navigation", LIGHT.navigation.text, LIGHT.navigation.ground, 11.1),
    ("training", LIGHT.training.text, LIGHT.training.ground, 7.8),
    ("alarm", LIGHT.alarm.text, LIGHT.alarm.ground, 9.5),
    ("dark text", DARK.text, DARK.window, 14.8),
    ("dark muted", DARK.muted, DARK.window, 8.1),
    ("dark border", DARK.border, DARK.window, 4.8),
    ("dark primary", DARK.primary.text, DARK.primary.ground, 10.4),
    ("dark focus", DARK.focus, DARK.window, 10.5),
    ("up to date on white", "#0065AD", "#FFFFFF", 6.1),
    ("waiting on white", "#946800", "#FFFFFF", 5.0),
    ("late on white", "#801E00", "#FFFFFF", 10.0),
    ("draft on white", "#555759", "#FFFFFF", 7.3),
    ("up to date, dark", DARK.up_to_date.text, DARK.window, 5.9),
    ("waiting, dark", DARK.waiting.text, DARK.window, 15.8),
    ("late, dark", DARK.late.text, DARK.window, 7.2),
    ("stopped, dark", DARK.stopped.text, DARK.window, 11.8),
    ("draft, dark", DARK.draft.text, DARK.window, 6.4),
]
PILLS = {
    Look.LIGHT: [5.2, 4.6, 8.4, 16.6, 6.3],
    Look.DARK: [4.9, 10.9, 5.8, 9.2, 4.9],
}


@pytest.mark.parametrize(("name", "text", "ground", "ratio"), HANDBOOK)
def test_the_contrasts_are_those_of_the_handbook(
    name: str, text: str, ground: str, ratio: float
) -> None:
    assert contrast(text, ground) == pytest.approx(ratio, abs=0.11), name


@pytest.mark.parametrize("look", list(PILLS))
def test_the_contrasts_of_the_pills_are_those_of_the_handbook(look: Look) -> None:
    found = [_of(TOKENS[look].status(status)) for status in Status]
    assert found == pytest.approx(PILLS[look], abs=0.11)


@pytest.mark.parametrize("ink", [LIGHT, DARK, CONTRAST])
def test_every_text_can_be_read(ink: Tokens) -> None:
    pairs = [
        ink.primary, ink.selected, ink.navigation, ink.navigation_here, ink.training, ink.alarm,
        *(ink.status(status) for status in Status),
    ]  # fmt: skip
    assert all(_of(pair) >= 4.5 for pair in pairs)
    assert contrast(ink.text, ink.hover) >= 7
    assert contrast(ink.focus_on_navigation, ink.navigation.ground) >= 3


def test_high_contrast_is_black_on_white_with_thick_borders() -> None:
    assert (CONTRAST.text, CONTRAST.base, CONTRAST.border_width) == ("#000000", "#FFFFFF", 2)
    assert CONTRAST.outlined
    assert all(_of(CONTRAST.status(status)) == pytest.approx(21) for status in Status)


def test_each_status_has_a_sign_a_word_and_a_colour() -> None:
    assert len(set(SIGNS.values())) == len(set(WORDS.values())) == len(Status) == 5
    for ink in (LIGHT, DARK):
        assert len({ink.status(status) for status in Status}) == 5


def test_a_changed_theme_reaches_the_widgets(
    qtbot: QtBot, qapp: QApplication, speaker: Speaker
) -> None:
    pill = StatusPill(speaker, Status.LATE)
    qtbot.addWidget(pill)
    before = pill.sizeHint()
    with qtbot.waitSignal(theme.notifier().changed):
        theme.apply(qapp, Theme(Look.DARK, 150))
    assert pill.sizeHint().width() > before.width()
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window.lower()
    assert qapp.font().pointSizeF() == pytest.approx(16.5)
    assert isinstance(qapp.style(), StepStyle)


def test_the_font_is_ours_and_its_figures_are_of_one_width() -> None:
    assert theme.FAMILY in QFontDatabase.families()
    for bold in (False, True):
        metrics = QFontMetrics(theme.current().font(22, bold=bold))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_icons_are_drawn_once_in_the_wanted_colour() -> None:
    picture = icons.pixmap("house", 24, "#0B5563", 2.0)
    assert picture is icons.pixmap("house", 24, "#0B5563", 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (48, 2.0)
    image = picture.toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#0b5563"}


def _of(ink: Ink) -> float:
    return contrast(ink.text, ink.ground)
