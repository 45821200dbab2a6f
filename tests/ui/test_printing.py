from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.contributions.papers import receipt_pdf
from stepdesk.errors import Cancelled
from stepdesk.i18n import Text
from stepdesk.members.papers import pads_pdf
from stepdesk.progress import Progress
from stepdesk.store.desk import Desk
from stepdesk.ui import printing
from stepdesk.ui.printing import PaperWindow, PrintFailed, paper_image, paper_pixmap, show_paper
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.values.digits import HouseholdNumber
from tests.builders import a_payment
from tests.ui.brackets import BracketSpeaker, unbracketed


@pytest.fixture
def pdf(desk: Desk) -> bytes:
    return receipt_pdf(a_payment(desk), "fr")


class Owner(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:
    widget = Owner()
    qtbot.addWidget(widget)
    widget.show()
    widget.field.setFocus()
    return widget


def paper(owner: QWidget) -> PaperWindow:
    found = owner.findChild(PaperWindow)
    assert isinstance(found, PaperWindow)
    return found


@pytest.mark.usefixtures("qapp")
def test_a_sheet_is_drawn_from_memory(pdf: bytes) -> None:
    image = paper_image(pdf, 0, 420)
    dark = sum(
        QImage.pixelColor(image, x, y).lightness() < 60
        for x in range(0, 420, 3)
        for y in range(0, image.height(), 3)
    )
    assert (image.width(), image.height()) == (420, 596)
    assert dark > 50
    assert paper_pixmap(pdf, 0, 200).width() == 200


def test_escape_closes_and_the_cursor_goes_back(
    qtbot: QtBot, owner: Owner, pdf: bytes, speaker: Speaker
) -> None:
    show_paper(owner, pdf, "Receipt R-2024-A-000001", speaker)
    window = paper(owner)
    assert window.isVisible()
    assert window.windowTitle() == "Receipt R-2024-A-000001"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: owner.findChild(PaperWindow) is None)
    assert owner.focusWidget() is owner.field


def test_it_prints_and_says_so_to_the_page(
    qtbot: QtBot, owner: Owner, pdf: bytes, speaker: Speaker, tmp_path: Path
) -> None:
    told: list[str] = []
    show_paper(owner, pdf, "Receipt", speaker, printed=lambda: told.append("printed"))
    window = paper(owner)
    printer = window.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    window.print_on(printer)
    qtbot.waitUntil(lambda: told == ["printed"])
    assert printing.page_count((tmp_path / "out.pdf").read_bytes()) == 1
    width, height = printing.paper_size((tmp_path / "out.pdf").read_bytes(), 0)
    assert (round(width), round(height)) == (420, 595)


def test_a_printer_that_fails_is_a_trouble_that_stays(
    qtbot: QtBot,
    owner: Owner,
    pdf: bytes,
    speaker: Speaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_pdf: bytes, _printer: QPrinter, _progress: Progress) -> None:
        raise PrintFailed

    monkeypatch.setattr(printing, "put_on", fail)
    told: list[str] = []
    show_paper(owner, pdf, "Receipt", speaker, printed=lambda: told.append("printed"))
    window = paper(owner)
    window.print_on(window.printer())
    qtbot.waitUntil(window.trouble.isVisible)
    assert window.trouble.words() == (
        "Everything is recorded, but the paper was not printed. "
        "Look at the printer; F9 prints it again."
    )
    assert window.isVisible()
    assert told == []


@pytest.mark.qt_log_ignore("QPdf", "QPainter", "propagateSizeHints")
@pytest.mark.usefixtures("qapp")
def test_a_printer_that_cannot_be_written_to_has_failed(pdf: bytes, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "out.pdf"))
    with pytest.raises(PrintFailed):
        printing.put_on(pdf, printer)


def many(count: int) -> bytes:
    numbers = [HouseholdNumber(1, serial) for serial in range(1, count + 1)]
    return pads_pdf(numbers, "fr", scheme="Koula", practice=False)


def into(file: Path) -> QPrinter:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer


@pytest.mark.usefixtures("qapp")
def test_each_sheet_printed_is_told_and_can_be_the_last(tmp_path: Path) -> None:
    class Watch(Progress):
        told: list[tuple[int, int]]

        def __init__(self) -> None:
            super().__init__()
            self.told = []

        def step(self, done: int, total: int, text: Text | None = None) -> None:
            self.told.append((done, total))
            if done == 3:
                self.cancel()
            super().step(done, total, text)

    watch = Watch()
    with pytest.raises(Cancelled):
        printing.put_on(many(100), into(tmp_path / "out.pdf"), watch)
    assert watch.told == [(1, 20), (2, 20), (3, 20)]


def test_while_sheets_are_printed_the_window_answers_and_escape_stops_them(
    qtbot: QtBot, owner: Owner, speaker: Speaker, tmp_path: Path
) -> None:
    told: list[str] = []
    show_paper(owner, many(400), "Cards", speaker, printed=lambda: told.append("printed"))
    window = paper(owner)
    printer = window.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    window.print_on(printer)
    assert window.isVisible()
    assert not next(one for one in window.findChildren(MainButton)).isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: owner.findChild(PaperWindow) is None, timeout=20_000)
    assert told == []


def test_it_is_saved_only_where_the_person_says(
    owner: Owner, pdf: bytes, speaker: Speaker, tmp_path: Path
) -> None:
    show_paper(owner, pdf, "Receipt", speaker)
    window = paper(owner)
    window.save_to(str(tmp_path / "mine.pdf"))
    assert (tmp_path / "mine.pdf").read_bytes() == pdf
    window.save_to(str(tmp_path / "nowhere" / "mine.pdf"))
    assert "mine.pdf could not be written" in window.trouble.words()


def test_all_words_go_through_the_translator(owner: Owner, pdf: bytes) -> None:
    show_paper(owner, pdf, "[Receipt]", BracketSpeaker())
    window = paper(owner)
    window.trouble.show_trouble(PrintFailed())
    assert unbracketed(window) == []


def test_of_many_sheets_only_those_one_comes_to_are_drawn(
    qtbot: QtBot, owner: Owner, speaker: Speaker
) -> None:
    numbers = [HouseholdNumber(1, serial) for serial in range(1, 101)]
    cards = pads_pdf(numbers, "fr", scheme="Koula", practice=True)
    show_paper(owner, cards, "Cards", speaker)
    window = paper(owner)
    qtbot.waitExposed(window)
    sheets = window.findChildren(QLabel)
    pages = [one for one in sheets if one.accessibleName().startswith("Page ")]
    assert len(pages) == 20
    assert not pages[0].pixmap().isNull()
    assert pages[-1].pixmap().isNull()
    area = window.findChild(QScrollArea)
    assert area is not None
    bar = area.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: not pages[-1].pixmap().isNull())
    assert pages[0].pixmap().isNull()
