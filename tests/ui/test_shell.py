import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from stepdesk.errors import Caution, Doubt, Refusal, Trouble
from stepdesk.i18n import Text
from stepdesk.ui import keys, theme
from stepdesk.ui.failures import CrashReporter, report_of
from stepdesk.ui.help_panel import HelpPanel
from stepdesk.ui.shell import MainWindow
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.tokens import Look
from stepdesk.ui.widgets.band import CautionBand
from tests.ui import demo
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.demo import DemoPage


@pytest.fixture
def window(qtbot: QtBot, lane: Lane, speaker: Speaker) -> MainWindow:
    return shown(qtbot, demo.window(lane, speaker))


def shown(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def here(window: MainWindow) -> str:
    return window._here


def demo_page(window: MainWindow) -> DemoPage:
    page = window.page()
    assert isinstance(page, DemoPage)
    return page


@pytest.mark.parametrize(
    ("key", "page"),
    [
        (Qt.Key.Key_2, "members"),
        (Qt.Key.Key_8, "closing"),
        (Qt.Key.Key_Eacute, "members"),
        (Qt.Key.Key_Underscore, "closing"),
    ],
)
def test_alt_and_the_top_row_open_the_pages(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, page: str
) -> None:
    qtbot.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
    assert here(window) == page


def test_every_shortcut_can_be_read_by_qt() -> None:
    for key in keys.KEYS:
        assert all(not sequence.isEmpty() for sequence in keys.sequences(key.id))
    taken = [sequence.toString() for key in keys.KEYS for sequence in keys.sequences(key.id)]
    assert len(taken) == len(set(taken))


def test_a_page_that_is_not_there_yet_is_not_listed(window: MainWindow) -> None:
    assert list(window.frame.navigation.names()) == ["today", "members", "closing"]


def test_a_page_is_built_on_its_first_visit(window: MainWindow) -> None:
    built = len(demo.BUILT)
    window.go("members", search="Diarra")
    window.go("today")
    window.go("members")
    assert len(demo.BUILT) == built + 1
    assert demo_page(window).visits == [{"search": "Diarra"}, {}]


def test_the_language_is_switched_live(qtbot: QtBot, lane: Lane) -> None:
    speaker = BracketSpeaker()
    window = shown(qtbot, demo.window(lane, speaker, practice=True))
    assert window.frame.top_bar.title() == "[Made up]"
    window.frame.status_line.saved()
    before = window.frame.status_line.words()
    window.frame.top_bar.menu.language_wanted.emit("fr")
    assert speaker.language == "fr"
    assert before.startswith("[")


def test_all_words_of_the_window_go_through_the_translator(qtbot: QtBot, lane: Lane) -> None:
    window = shown(qtbot, demo.window(lane, BracketSpeaker(), practice=True))
    demo_page(window).form.show_refusal(Refusal(Text("No."), field="amount"))
    window.frame.trouble.show_trouble(Trouble(demo.NO_SPACE))
    window.frame.toast.show_text(Text("Recorded."), undo=window.frame.toggle_help)
    assert unbracketed(window) == []


def test_a_planted_label_is_found(qtbot: QtBot, lane: Lane) -> None:
    window = shown(qtbot, demo.window(lane, BracketSpeaker()))
    planted = QLabel("Amount", window)
    assert unbracketed(window) == ["Amount"]
    planted.deleteLater()


def test_size_and_colours_are_changed_live(window: MainWindow) -> None:
    before = window.frame.navigation.width()
    window.frame.top_bar.menu.zoom_wanted.emit(125)
    window.frame.top_bar.menu.look_wanted.emit(Look.CONTRAST)
    assert (theme.current().look, theme.current().zoom) == (Look.CONTRAST, 125)
    assert window.frame.navigation.minimumWidth() == before * 125 // 100
    assert not window.grab().isNull()


def test_f1_shows_the_help_of_the_page(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.frame.help_panel.isVisible()
    assert window.frame.help_panel.text() == "There is no help for this page yet."
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert not window.frame.help_panel.isVisible()


def test_help_falls_back_to_english(
    qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("help")
    (folder / "en").mkdir()
    (folder / "en" / "today.md").write_text("# Today\n\nPress **1**.", encoding="utf-8")
    panel = HelpPanel(Speaker("fr"), folder)
    qtbot.addWidget(panel)
    panel.show_page("today")
    assert panel.text() == "Today\nPress 1."


def test_ctrl_k_jumps_by_the_first_letters(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = window.frame.jump._box
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "clo")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert here(window) == "closing"
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, "Diarra")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert demo_page(window).visits[-1] == {"search": "Diarra"}


def test_the_screen_is_locked_and_the_book_stays_open(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.is_locked()
    password = window.lock_page._password
    qtbot.waitUntil(password.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert here(window) == "today"
    qtbot.keyClicks(password, "mil")
    with qtbot.waitSignal(window.unlock_wanted) as heard:
        qtbot.keyClick(password, Qt.Key.Key_Return)
    assert heard.args == [7, "mil"]
    window.unlock()
    assert not window.is_locked()
    assert here(window) == "today"


def test_an_idle_window_locks_itself(qtbot: QtBot, lane: Lane, speaker: Speaker) -> None:
    window = shown(qtbot, demo.window(lane, speaker, idle=50))
    qtbot.waitUntil(window.is_locked)


def test_a_practice_book_says_so(qtbot: QtBot, lane: Lane, speaker: Speaker) -> None:
    for practice in (True, False):
        window = shown(qtbot, demo.window(lane, speaker, practice=practice))
        bands = [one for one in window.findChildren(QLabel) if "TRAINING" in one.text()]
        assert bool(bands) is practice


def test_the_status_line_says_when_something_was_saved(window: MainWindow) -> None:
    window.context.saved()
    assert window.frame.status_line.words() == "Saved 0 s ago"


def test_a_toast_offers_undo(window: MainWindow) -> None:
    undone: list[str] = []
    window.context.toast(Text("Recorded."), undo=lambda: undone.append("receipt"))
    assert window.frame.toast.words() == "Recorded."
    window.frame.toast._button.click()
    assert undone == ["receipt"]
    assert window.frame.toast.words() == ""


def test_a_trouble_nobody_took_stays_until_it_is_read(
    qtbot: QtBot, window: MainWindow, lane: Lane
) -> None:
    def fail() -> None:
        raise Trouble(demo.NO_SPACE)

    lane.do(fail)
    qtbot.waitUntil(lambda: window.frame.trouble.words() == "The disk is full.")
    window.frame.trouble._button.click()
    assert window.frame.trouble.words() == ""


def test_a_refusal_stands_beside_its_field(qtbot: QtBot, window: MainWindow) -> None:
    page = demo_page(window)
    page.form.show_refusal(Refusal(Text("Enter an amount above zero."), field="amount"))
    assert page.form.error("amount") == "Enter an amount above zero."
    assert page.amount.hasFocus()
    assert page.amount.property("wrong")
    qtbot.keyClicks(page.amount, "5")
    assert page.form.error("amount") == ""
    page.form.show_refusal(Refusal(Text("The month is closed.")))
    assert page.form.error() == "The month is closed."


def test_wrong_typing_is_named_and_kept(qtbot: QtBot, window: MainWindow) -> None:
    page = demo_page(window)
    page.amount.setFocus()
    qtbot.keyClicks(page.amount, "x")
    assert page.form.wrong()
    assert page.form.error("amount").startswith("This is not a number.")
    assert page.amount.text() == "x"


def test_a_caution_is_accepted_with_a_reason(qtbot: QtBot, window: MainWindow) -> None:
    band = window.findChildren(CautionBand)[0]
    band.show_caution(Caution((Doubt("five", Text("Five times the usual.")),)))
    assert not band._accept.isEnabled()
    qtbot.keyClicks(band._reason, "harvest")
    with qtbot.waitSignal(band.accepted) as heard:
        qtbot.keyClick(band._reason, Qt.Key.Key_Return)
    assert heard.args == [frozenset({"five"}), "harvest"]


def test_a_report_names_no_value(qtbot: QtBot, speaker: Speaker) -> None:
    def pay(name: str) -> None:
        raise KeyError(name)

    reporter = CrashReporter(speaker)
    with pytest.raises(KeyError) as caught:
        pay("Fatou Ndiaye")
    report = report_of(caught.value)
    reporter.take(KeyError, caught.value, None)
    first = reporter.window
    reporter.take(KeyError, caught.value, None)
    assert first is not None
    assert reporter.window is first
    qtbot.addWidget(first)
    assert "builtins.KeyError" in report
    assert "test_shell.py" in report
    assert "Fatou" not in report


def test_the_hook_is_installed(monkeypatch: pytest.MonkeyPatch, speaker: Speaker) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    reporter = CrashReporter(speaker)
    reporter.install()
    assert sys.excepthook == reporter.take


def test_qt_speaks_the_language_too(qapp: QApplication, speaker: Speaker) -> None:
    speaker.set_language("fr")
    assert qapp.translate("QPlatformTheme", "Cancel") == "Annuler"
    speaker.set_language("en")
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_ctrl_z_in_an_untouched_field_is_the_page_s(qtbot: QtBot, window: MainWindow) -> None:
    page = demo_page(window)
    undone: list[str] = []
    page.bind("undo-last", lambda: undone.append("last"))
    page.amount.setFocus()
    qtbot.keyClicks(page.amount, "5")
    qtbot.keyClick(page.amount, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (page.amount.text(), undone) == ("", [])
    qtbot.keyClick(page.amount, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["last"]


def test_keys_are_called_as_they_stand_on_the_keyboard() -> None:
    french = {"Shift": "Maj", "Esc": "Échap", "Ctrl": "Ctrl"}
    told = [keys.shown(one, french.__getitem__) for one in ("papers", "back", "lock", "print")]
    assert told == ["Maj+F9", "Échap", "Ctrl+L", "F9"]
    assert keys.shown("same-person", french.__getitem__) == "+"
