import json
import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stepdesk.ui.login_page import LoginPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.tile import Tile
from tests.ui.brackets import BracketSpeaker, unbracketed

PEOPLE = ((1, "Awa Konaté"), (2, "Seydou Sissoko"))

HEAVY = ["sqlalchemy", "reportlab", "babel", "alembic", "PIL", "ssl", "cryptography"]
PROGRAM = """
import json, sys
from PySide6.QtWidgets import QApplication
app = QApplication(["stepdesk"])
import stepdesk.ui.login_page
from stepdesk.ui import theme
from stepdesk.ui.speech import Speaker
theme.apply(app, theme.Theme())
page = stepdesk.ui.login_page.LoginPage(Speaker("fr"), book="Koula", people=((1, "Awa"),))
page.show()
page.grab()
page.refuse_password()
page.grab()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def login(qtbot: QtBot, speaker: Speaker) -> LoginPage:
    page = LoginPage(speaker, book="Sirakorola", people=PEOPLE)
    qtbot.addWidget(page)
    page.show()
    return page


def test_enter_logs_in_the_chosen_person(qtbot: QtBot, speaker: Speaker) -> None:
    page = login(qtbot, speaker)
    qtbot.mouseClick(page.findChildren(Tile)[1], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page._password, "mil et sorgho")
    with qtbot.waitSignal(page.login) as heard:
        qtbot.keyClick(page._password, Qt.Key.Key_Return)
    assert heard.args == [2, "mil et sorgho"]


def test_a_wrong_password_is_said_beside_the_field(qtbot: QtBot, speaker: Speaker) -> None:
    page = login(qtbot, speaker)
    qtbot.keyClicks(page._password, "x")
    qtbot.keyClick(page._password, Qt.Key.Key_Return)
    assert not page._button.isEnabled()
    page.refuse_password()
    assert page.error() == "That is not the password. Type it again."
    assert page._password.accessibleDescription() == page.error()
    assert page._button.isEnabled()
    qtbot.keyClicks(page._password, "y")
    assert page.error() == ""


def test_an_empty_password_is_asked_for(qtbot: QtBot, speaker: Speaker) -> None:
    page = login(qtbot, speaker)
    with qtbot.assertNotEmitted(page.login):
        qtbot.keyClick(page._password, Qt.Key.Key_Return)
    assert page.error() == "Type your password."


def test_a_language_stands_under_its_own_name_and_is_switched_live(
    qtbot: QtBot, speaker: Speaker
) -> None:
    page = login(qtbot, speaker)
    button = page.findChild(QPushButton, "language-fr")
    assert isinstance(button, QPushButton)
    assert button.text() == "Français"
    with qtbot.waitSignal(speaker.changed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert speaker.language == "fr"


def test_all_words_go_through_the_translator(qtbot: QtBot) -> None:
    page = login(qtbot, BracketSpeaker())
    page.refuse_password()
    assert unbracketed(page) == []


def test_the_login_imports_qt_and_gettext_only() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert [name for name in HEAVY if name in json.loads(done.stdout)] == []
