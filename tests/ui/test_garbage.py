"""Windows come and go while the garbage collector is eager: nothing may crash."""

import gc
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from stepdesk.ui.help_panel import HelpPanel
from stepdesk.ui.login_page import LoginPage
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.card_reader import CardReader
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.photo import PhotoView
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.table import TableView
from tests.ui import demo

DAY = date(2026, 11, 23)
MADE: dict[str, Callable[[Speaker, Lane], QWidget]] = {
    "form": lambda speaker, _lane: _form(speaker),
    "caution": lambda speaker, _lane: CautionBand(speaker),
    "trouble": lambda speaker, _lane: TroubleBand(speaker),
    "table": lambda speaker, _lane: TableView(speaker),
    "photo": PhotoView,
    "reader": lambda speaker, _lane: CardReader(speaker),
    "help": lambda speaker, _lane: HelpPanel(speaker),
    "login": lambda speaker, _lane: LoginPage(speaker, book="Koula", people=((1, "Awa"),)),
    "window": lambda speaker, lane: demo.window(lane, speaker),
}


@pytest.mark.parametrize("name", list(MADE))
def test_a_window_can_be_collected(
    qapp: QApplication, lane: Lane, speaker: Speaker, name: str
) -> None:
    for _ in range(30):
        widget = MADE[name](speaker, lane)
        widget.show()
        widget.activateWindow()
        qapp.processEvents()
        widget.close()
        widget.__dict__["myself"] = widget
        del widget
        gc.collect()
    assert not [one for one in qapp.topLevelWidgets() if one.isVisible()]


def _form(speaker: Speaker) -> Form:
    form = Form(speaker)
    for name, field in (("a", NumberField()), ("b", DateField(DAY)), ("c", SearchBox())):
        form.add(name, field, "A", hint="B")
    return form
