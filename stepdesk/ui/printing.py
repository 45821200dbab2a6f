"""Papers on the screen: looked at, printed or saved, always from memory.

A paper with names leaves the book only when the person saves it. pypdfium2 and the printer are
imported when the first paper is shown.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSizeF, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from stepdesk.errors import Cancelled, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.ui import keys, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.style import FocusRing
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.progress_bar import ProgressBar
from stepdesk.ui.widgets.words import Shown, Size

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

_POINTS = 72
_SHARP = 300  # dots an inch that any printer of an office has
_WIDTH, _HEIGHT = 720, 640
_BETWEEN = 16  # pixels from sheet to sheet


class PrintFailed(Trouble):
    """The paper did not come out; what it says is in the book all the same."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                N_(
                    "Everything is recorded, but the paper was not printed. "
                    "Look at the printer; F9 prints it again."
                )
            )
        )


def page_count(pdf: bytes) -> int:
    """Return how many sheets a paper has."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def paper_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of every sheet in points."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        return [
            (float(width), float(height))
            for width, height in map(document.get_page_size, range(len(document)))
        ]
    finally:
        document.close()


def paper_size(pdf: bytes, page: int) -> tuple[float, float]:
    """Return width and height of a sheet in points."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        width, height = document.get_page_size(page)
        return float(width), float(height)
    finally:
        document.close()


def paper_image(pdf: bytes, page: int, width: int) -> QImage:
    """Return a sheet drawn that many pixels wide."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        return _image(document, page, width)
    finally:
        document.close()


def _image(document: "PdfDocument", page: int, width: int) -> QImage:
    points, _height = document.get_page_size(page)
    sheet = document[page]
    bitmap = sheet.render(scale=width / points, rev_byteorder=True)
    drawn = QImage(
        bytes(bitmap.buffer),
        bitmap.width,
        bitmap.height,
        bitmap.stride,
        QImage.Format.Format_RGB888,
    ).copy()
    bitmap.close()
    sheet.close()
    return drawn


def paper_pixmap(pdf: bytes, page: int, width: int) -> QPixmap:
    """Return a sheet as a picture for the screen, that many pixels wide."""
    return QPixmap.fromImage(paper_image(pdf, page, width))


def put_on(pdf: bytes, printer: "QPrinter", progress: Progress | None = None) -> None:
    """Print every sheet. Takes seconds a hundred sheets: done on a lane.

    Args:
        pdf: The paper.
        printer: Where to; given up half-way when it fails or the person stops.
        progress: Stepped after each sheet.

    Raises:
        PrintFailed: when the printer does not take it.
        Cancelled: when the person asked for it.
    """
    from pypdfium2 import PdfDocument

    watch, painter, document = progress or Progress(), QPainter(), PdfDocument(pdf)
    try:
        if not painter.begin(printer):
            raise PrintFailed
        for page in range(len(document)):
            if page and not printer.newPage():
                raise PrintFailed
            room = painter.viewport()
            dots = round(document.get_page_size(page)[0] / _POINTS * _SHARP)
            image = _image(document, page, min(room.width(), dots))
            painter.drawImage(_fitted(image, room), image)
            values = {"page": page + 1, "pages": len(document)}
            watch.step(
                page + 1, len(document), Text(N_("Printing page {page} of {pages}"), values)
            )
    except (Cancelled, PrintFailed):
        printer.abort()
        raise
    finally:
        painter.end()
        document.close()


def _fitted(image: QImage, room: QRect) -> QRect:
    """Return the largest place of the image's shape at the top of the sheet."""
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(room.left() + (room.width() - size.width()) // 2, room.top(), *size.toTuple())


class PaperWindow(QDialog, Dressed, Speaking):
    """A paper over the page, with Print, Save as and Close.

    Args:
        owner: The page that shows it.
        pdf: The paper.
        name: What it is called, in the person's language.
        speaker: Says the texts.
        printed: Told when the printer has taken it.
    """

    def __init__(
        self,
        owner: QWidget,
        pdf: bytes,
        name: str,
        speaker: Speaker,
        printed: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(owner)
        self._pdf = pdf
        self._name = name
        self._printed = printed
        self._dialog: QPrintDialog | None = None
        self._printer: QPrinter | None = None
        # A lane of its own: the book's would be held up by a thousand sheets.
        self._lane = Lane(self)
        self._progress: Progress | None = None
        self._leaving = False
        self._head = Shown(name, size=Size.SECTION, bold=True)
        self.trouble = TroubleBand(speaker)
        self._sizes = paper_sizes(pdf)
        self._sheets = [QLabel() for _ in self._sizes]
        self._drawn: set[int] = set()
        self._print = MainButton(N_("Print"), speaker, key="print", icon="printer")
        self._save = PlainButton(N_("Save as …"), speaker)
        self._close = PlainButton(N_("Close"), speaker, key="back")
        self._area = self._scrolled()
        self._bar = ProgressBar(self._lane, speaker)
        self._place()
        self._connect()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        self._ring = FocusRing(self)
        self.wear()
        self.learn(speaker)
        self._print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        self._column = QVBoxLayout(self)
        for widget in (self._head, self.trouble, self._area, self._bar):
            self._column.addWidget(widget, 1 if widget is self._area else 0)
        self._column.addLayout(self._buttons())

    def _connect(self) -> None:
        self._print.clicked.connect(self.ask_printer)
        self._save.clicked.connect(self.ask_file)
        self._close.clicked.connect(self.reject)
        self._area.verticalScrollBar().valueChanged.connect(self._draw_seen)
        keys.bind("print", self, self.ask_printer)

    @override
    def speak(self) -> None:
        for at, sheet in enumerate(self._sheets, 1):
            values = {"page": at, "pages": len(self._sheets)}
            sheet.setAccessibleName(self.speaker.tr(N_("Page {page} of {pages}"), **values))

    @override
    def dress(self) -> None:
        now = theme.current()
        edge = now.px(16)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(now.px(12))
        room = self.screen().availableGeometry() if self.screen() is not None else QRect()
        height = min(now.px(_HEIGHT), room.height() - 40) if room.height() else now.px(_HEIGHT)
        self.resize(min(now.px(_WIDTH), room.width() or now.px(_WIDTH)), height)
        self._draw()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._draw()

    @Slot()
    def ask_printer(self) -> None:
        """Let the person choose a printer."""
        from PySide6.QtPrintSupport import QPrintDialog

        if self._progress is not None:
            return
        self.trouble.hide()
        self._printer = self.printer()
        self._dialog = QPrintDialog(self._printer, self)
        self._dialog.setWindowTitle(self._name)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.accepted.connect(self._accepted)
        QDialog.open(self._dialog)  # its own `open` wants a slot by name

    def printer(self) -> "QPrinter":
        """Return the usual printer, set to the size of the paper."""
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        width, height = paper_size(self._pdf, 0)
        size = QSizeF(min(width, height), max(width, height))
        printer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        turned = width > height
        way = QPageLayout.Orientation
        printer.setPageOrientation(way.Landscape if turned else way.Portrait)
        printer.setFullPage(True)
        printer.setDocName(self._name)
        return printer

    def print_on(self, printer: "QPrinter") -> None:
        """Print, and close when the printer has taken it; else say what to do.

        The sheets go one after another while the window says how many; Cancel stops them.
        """
        self._printer = printer
        self._progress = self._lane.progress()
        self._let(at_work=True)
        self._lane.do(
            partial(put_on, self._pdf, printer, self._progress),
            self._taken,
            troubled=self._not_taken,
            cancelled=self._stopped,
            owner=self,
            progress=self._progress,
        )

    @override
    def done(self, result: int, /) -> None:
        """Close; while sheets are printed, stop them first."""
        if self._progress is not None:
            self._leaving = True
            self._progress.cancel()
            return
        self._lane.close()
        super().done(result)

    @Slot()
    def ask_file(self) -> None:
        """Let the person choose where a copy outside the book goes."""
        chooser = QFileDialog(self, self.speaker.tr(N_("Save as …")))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter("PDF (*.pdf)")
        chooser.setDefaultSuffix("pdf")
        chooser.selectFile(f"{self._name}.pdf".replace("/", "-"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.save_to)
        chooser.open()

    @Slot(str)
    def save_to(self, file: str) -> None:
        """Write the paper into a file outside the book."""
        from stepdesk.store.files import write_whole

        try:
            write_whole(Path(file), self._pdf)
        except Trouble as trouble:
            self.trouble.show_trouble(trouble)
            return
        if self._printed is not None:
            self._printed()

    def _accepted(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def _taken(self, _nothing: None) -> None:
        self._let(at_work=False)
        if self._printed is not None:
            self._printed()
        self.accept()

    def _not_taken(self, trouble: Trouble) -> None:
        self._let(at_work=False)
        self.trouble.show_trouble(trouble)

    def _stopped(self) -> None:
        self._let(at_work=False)
        if self._leaving:
            self.reject()

    def _let(self, *, at_work: bool) -> None:
        if not at_work:
            self._progress = None
        # PDFium draws for one thread at a time: no sheet is scrolled to meanwhile.
        for widget in (self._print, self._save, self._area):
            widget.setEnabled(not at_work)
        if not at_work:
            self._draw()

    def _scrolled(self) -> QScrollArea:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setSpacing(_BETWEEN)
        for sheet in self._sheets:
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(sheet)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        return area

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._print)
        row.addWidget(self._save)
        row.addStretch(1)
        row.addWidget(self._close)
        return row

    def _draw(self) -> None:
        """Give every sheet its room, and draw those that are seen."""
        width = max(self._area.viewport().width() - 48, 200)
        for (points, high), sheet in zip(self._sizes, self._sheets, strict=True):
            sheet.setFixedSize(width, round(width * high / points))
        self._draw_seen()

    def _draw_seen(self, *_at: int) -> None:
        if self._progress is not None:
            return
        # Two thousand sheets of cards drawn at once would need gigabytes.
        ratio = self.devicePixelRatioF()
        top, room = self._area.verticalScrollBar().value(), self._area.viewport().height()
        seen, place = set(), 0
        for page, sheet in enumerate(self._sheets):
            if place <= top + 2 * room and place + sheet.height() >= top - room:
                seen.add(page)
            place += sheet.height() + _BETWEEN
        for page in self._drawn - seen:
            self._sheets[page].clear()
        for page in seen:
            width = round(self._sheets[page].width() * ratio)
            if self._sheets[page].pixmap().width() != width:
                picture = paper_pixmap(self._pdf, page, width)
                picture.setDevicePixelRatio(ratio)
                self._sheets[page].setPixmap(picture)
        self._drawn = seen


def show_paper(
    owner: QWidget,
    pdf: bytes,
    name: str,
    speaker: Speaker,
    *,
    printed: Callable[[], object] | None = None,
) -> None:
    """Show a paper over a page, to be printed or saved.

    Args:
        owner: The page; it gets the focus back.
        pdf: The paper, in memory.
        name: What it is called, in the person's language.
        speaker: Says the texts.
        printed: Told when the printer has taken it, or it was saved: it left the book.
    """
    window = PaperWindow(owner, pdf, name, speaker, printed)
    focused = owner.window().focusWidget()
    if focused is not None:
        window.finished.connect(partial(_give_back, focused))
    window.open()


def _give_back(widget: QWidget, _result: int) -> None:
    from shiboken6 import isValid

    if isValid(widget):
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
