"""What happens when something goes wrong that nobody foresaw.

Refusals stand beside their field (`widgets.form`), cautions and troubles in bands
(`widgets.band`). Everything else is our mistake and ends here: a window says that nothing of the
last action was saved, and a report names the place in the program, never a person or a value.
"""

import sys
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout

import stepdesk
from stepdesk.i18n import N_
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.words import Size, Words

_PACKAGE = Path(stepdesk.__file__).resolve().parent


def report_of(error: BaseException) -> str:
    """Return the kinds of error and the places in the program, without any value.

    The message of an exception and the parameters of a statement may name a person, so neither
    stands in it; files outside the program are named by their last part.
    """
    lines = [f"StepDesk {stepdesk.__version__}, Qt {PySide6.__version__}, {sys.platform}"]
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        lines.append(f"{type(found).__module__}.{type(found).__qualname__}")
        lines += [f"  {place}" for place in places_of(found)]
        found = found.__cause__ or found.__context__
    return "\n".join(lines)


def places_of(error: BaseException) -> list[str]:
    """Return file and line of every step that led to the error, the first call first."""
    return [
        f"{_short(frame.f_code.co_filename)}:{line}"
        for frame, line in walk_tb(error.__traceback__)
    ]


def _short(file: str) -> str:
    path = Path(file)
    try:
        return f"stepdesk/{path.resolve().relative_to(_PACKAGE).as_posix()}"
    except ValueError:
        return path.name


class CrashWindow(QDialog, Dressed, Speaking):
    """Says that the program made a mistake and what became of the last action."""

    def __init__(self, report: str, speaker: Speaker) -> None:
        super().__init__()
        self._report = QPlainTextEdit(report)
        self._report.setReadOnly(True)
        self._report.setProperty("data", True)  # noqa: FBT003 - Qt's setter
        copy = PlainButton(N_("Copy the report"), speaker, icon="file-text")
        close = MainButton(N_("Go on"), speaker)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        self._column = QVBoxLayout(self)
        head = N_("The program made a mistake. Nothing of the last action was saved.")
        tail = N_(
            "What was recorded before is safe. Look whether the last action is there, and do it "
            "again. This report names no person; please hand it to whoever looks after StepDesk."
        )
        self._column.addWidget(Words(head, speaker, size=Size.SECTION, bold=True, wrap=True))
        self._column.addWidget(Words(tail, speaker, wrap=True))
        self._column.addWidget(self._report, 1)
        self._column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.wear()
        self.learn(speaker)

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(24)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(now.px(16))
        self.resize(now.px(640), now.px(420))

    @override
    def speak(self) -> None:
        self.setWindowTitle(self.speaker.tr(N_("A mistake of the program")))
        self._report.setAccessibleName(self.speaker.tr(N_("Report")))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())


class CrashReporter(QObject):
    """Takes what nobody caught, and shows each kind of mistake once."""

    def __init__(self, speaker: Speaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speaker = speaker
        self._shown: set[tuple[str, str]] = set()
        self.window: CrashWindow | None = None

    def install(self) -> None:
        """Let every exception nobody caught end here."""
        sys.excepthook = self.take

    def take(
        self,
        _kind: type[BaseException],
        error: BaseException,
        _trace: TracebackType | None,
    ) -> None:
        """Show the mistake, unless this kind was shown before."""
        report = report_of(error)
        if sys.__stderr__ is not None:
            sys.__stderr__.write(report + "\n")
        kind = (type(error).__qualname__, (places_of(error) or [""])[-1])
        if kind in self._shown:
            return
        self._shown.add(kind)
        self.window = CrashWindow(report, self._speaker)
        self.window.show()
