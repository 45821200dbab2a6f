from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from stepdesk.ui import theme
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Theme

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The offscreen platform warns at every shown window that it cannot hold it to a size.
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, Theme())
    yield
    # A paper or a dialog that a test left open is nobody's business but its own.
    for left in qapp.topLevelWidgets():
        if left.isVisible():
            left.close()
    if theme.current() != Theme():
        theme.apply(qapp, Theme())


@pytest.fixture
def speaker(qapp: QApplication) -> Iterator[Speaker]:
    found = Speaker("en")
    yield found
    found.set_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def lane(qapp: QApplication) -> Iterator[Lane]:
    found = Lane(qapp)
    yield found
    found.close()
