"""How far the long work on the lane is, at the bottom of the page, with Cancel."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.words import Words

AFTER = 500  # milliseconds; shorter work is not worth a bar


class ProgressBar(QWidget, Dressed):
    """Appears when long work takes more than half a second and goes when it is over."""

    def __init__(self, lane: Lane, speaker: Speaker) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._words = Words(N_("Working …"), speaker)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = PlainButton(N_("Cancel"), speaker)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words)
        self._row.addWidget(self._bar, 1)
        self._row.addWidget(self._cancel)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER)
        self._timer.timeout.connect(self.show)
        self._cancel.clicked.connect(self._cancelled)
        lane.long_work.connect(self._began)
        lane.progressed.connect(self._stepped)
        self.hide()
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setContentsMargins(now.px(16), now.px(6), now.px(16), now.px(6))
        self._row.setSpacing(now.px(16))
        self._bar.setFixedHeight(now.px(12))

    @Slot(object)
    def _began(self, progress: Progress | None) -> None:
        self._progress = progress
        if progress is None:
            self._timer.stop()
            self.hide()
            return
        self._words.say(N_("Working …"))
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        self._timer.start()

    @Slot(int, int, object)
    def _stepped(self, done: int, total: int, text: Text | None) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if text is not None:
            self._words.say(text)

    def _cancelled(self) -> None:
        self._cancel.setEnabled(False)
        self._words.say(N_("Stopping …"))
        if self._progress is not None:
            self._progress.cancel()
