"""Cards held before the camera. Source: screens handbook 2.4, "Reading by camera stays on"."""

from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.members.papers import card_pdf, cards_pdf
from stepdesk.ui import theme
from stepdesk.ui.contributions.page import CollectionPage
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.printing import PaperWindow
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Theme
from stepdesk.ui.widgets import camera, card_reader
from stepdesk.ui.widgets.camera import QtCamera
from stepdesk.ui.widgets.card_reader import CardReader, InFront, codes_in
from tests.members.test_papers import CARD
from tests.ui.holding_cards import Cameras, picture_of
from tests.ui.test_collection import Opens, Screen, count, opens  # noqa: F401 - a fixture
from tests.ui.test_collection_whole import forty
from tests.ui.test_members import Opens as OpensWindow
from tests.ui.test_members import opens as opens_window  # noqa: F401 - a fixture
from tests.ui.test_members import ready, village
from tests.ui.window import Window, plain

# Households 45, 46 and 47 of section 1, by hand: 5 x 2 = 10 gives 1, and 4, so 5 is missing to 10;
# 6 x 2 = 12 gives 3, and 4: 3 is missing; 7 x 2 = 14 gives 5, and 4: 1 is missing.
C45, C46, C47 = "010000455.1", "010000463.1", "010000471.2"
READS = "Camera reads: hold a card in front of it. F4 turns it off."
WAITS = "The next card waits: finish this one with Enter, or leave it with Esc."
GREY = QImage.Format.Format_Grayscale8


@pytest.fixture
def cameras(monkeypatch: pytest.MonkeyPatch) -> Cameras:
    made = Cameras()
    monkeypatch.setattr(camera, "is_installed", lambda: True)
    monkeypatch.setattr(camera, "is_there", made.is_there)
    monkeypatch.setattr(camera, "found", made.found)
    return made


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    beeps: list[int] = []
    monkeypatch.setattr(
        "stepdesk.ui.contributions.tones.QApplication.beep", lambda: beeps.append(1)
    )
    return beeps


def reading(screen: Screen, cameras: Cameras) -> CardReader:
    """A session is open and F4 is pressed."""
    screen.open()
    reader = screen.view.reader
    reader._clock = cameras.clock
    screen.key(Qt.Key.Key_F4)
    assert cameras.running
    return reader


def hold(screen: Screen | Window, cameras: Cameras, *codes: str, seconds: float = 0.2) -> None:
    """Hold cards before the camera for so long, a picture every fifth of a second."""
    for _ in range(round(seconds / 0.2)):
        cameras.hold(*codes)
        screen.wait()


# What stands in a picture


@pytest.mark.parametrize("turned", [0, 7, -15, 40, 90, 180, 265])
@pytest.mark.parametrize(("scale", "blur"), [(4, 1.0), (8, 2.0), (10, 3.0)])
def test_a_card_is_read_turned_blurred_and_with_noise(
    turned: float, scale: int, blur: float
) -> None:
    assert codes_in(picture_of(C45, scale=scale, turned=turned, blur=blur)) == (C45,)


def test_nothing_one_and_two_cards() -> None:
    assert codes_in(QImage()) == ()
    assert codes_in(picture_of()) == ()
    assert codes_in(picture_of(C45)) == (C45,)
    assert sorted(codes_in(picture_of(C45, C46))) == [C45, C46]
    assert codes_in(picture_of(C45, C45)) == (C45,)


@pytest.mark.parametrize(
    "form",
    [
        QImage.Format.Format_Grayscale8,
        QImage.Format.Format_RGB16,
        QImage.Format.Format_RGB888,
        QImage.Format.Format_ARGB32_Premultiplied,
        QImage.Format.Format_RGBX8888,
    ],
)
def test_pictures_of_every_form_are_read(form: QImage.Format) -> None:
    assert codes_in(picture_of(C45).convertToFormat(form)) == (C45,)


def test_a_large_picture_is_made_smaller_and_read() -> None:
    assert codes_in(picture_of(C45, scale=14, size=(1920, 1080))) == (C45,)


@pytest.mark.parametrize("paper", ["card", "sheet of cards"])
def test_the_cards_that_are_printed_are_read(paper: str) -> None:
    # Household 47 of section 2, the third card: the digits of 02-000047-1, and its version.
    pdf = card_pdf(CARD, "fr") if paper == "card" else cards_pdf([CARD], "fr")
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = document[0].render(scale=1.3, grayscale=True).to_pil().convert("L")
    picture = QImage(drawn.tobytes(), drawn.width, drawn.height, drawn.width, GREY)
    assert codes_in(picture.copy()) == ("020000471.3",)


# Which card is another


def test_a_card_is_taken_once_until_it_was_gone_for_a_second() -> None:
    front = InFront()
    assert front.untaken((C45,), 10) == (C45,)
    assert front.untaken((C45,), 10.2) == (C45,)
    front.take(C45, 10.2)
    assert front.untaken((C45,), 11.0) == ()
    assert front.untaken((), 11.9) == ()
    assert front.untaken((C45,), 11.95) == ()  # a moment of blur
    assert front.untaken((C45,), 15) == ()  # no picture was searched meanwhile: it never left
    assert front.untaken((), 15.9) == ()
    assert front.untaken((), 16) == ()
    assert front.untaken((C45,), 16.1) == (C45,)


def test_another_card_is_taken_while_the_first_is_still_seen() -> None:
    front = InFront()
    front.take(C45, 10)
    assert front.untaken((C45, C46), 10.2) == (C46,)
    front.take(C46, 10.2)
    assert front.untaken((C45, C46), 11.0) == ()
    assert front.untaken((C46,), 12.0) == ()
    assert front.untaken((C45, C46), 12.2) == (C45,)


# The collection


def test_a_card_held_before_the_camera_leaves_one_key(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    assert reader.said() == READS
    screen.pressed = 0
    for card, number in ((C45, "45"), (C46, "46")):
        hold(screen, cameras, card)
        assert screen.view.amount.selectedText() == screen.view.amount.text()
        screen.keys("\n")
        assert [one.amount.minor for one in screen.of(number)] == [1700]
    assert screen.pressed == 2
    assert screen.in_search()
    assert reader.said() == READS


def test_a_card_held_still_is_read_once(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reading(screen, cameras)
    hold(screen, cameras, C45, seconds=3)
    screen.keys("\n")
    hold(screen, cameras, C45, seconds=3)
    hold(screen, cameras, seconds=0.6)  # a moment of blur
    hold(screen, cameras, C45, seconds=1)
    assert screen.in_search()
    assert screen.view.search.text() == ""
    hold(screen, cameras, seconds=1.2)
    hold(screen, cameras, C45)
    assert screen.view.household.notice.words().startswith("Paid already today")
    assert len(screen.of("45")) == 1


def test_an_amount_typed_over_is_not_lost_to_the_next_card(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
    heard: list[int],
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    hold(screen, cameras, C45)
    screen.keys("2400")
    hold(screen, cameras, C46, seconds=2)
    assert screen.view.amount.value() == 2400
    assert reader.said() == WAITS
    screen.qtbot.waitUntil(lambda: len(heard) == 2)  # the two tones of "look", once
    hold(screen, cameras, C46, seconds=1)
    assert len(heard) == 2
    screen.keys("\n")
    assert [one.amount.minor for one in screen.of("45")] == [2400]
    hold(screen, cameras, C46)
    assert plain(screen.view.search.text()) == "01-000046-3"
    assert reader.said() == READS
    assert screen.of("46") == ()


def test_esc_lets_the_next_card_in(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reading(screen, cameras)
    hold(screen, cameras, C45)
    hold(screen, cameras, C46)
    assert screen.view.search.text() == "01-000045-5"
    screen.key(Qt.Key.Key_Escape)
    hold(screen, cameras, C46)
    assert screen.view.search.text() == "01-000046-3"
    assert screen.receipts() == ()


def test_an_unknown_card_is_answered_as_one_that_is_typed(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
    heard: list[int],
) -> None:
    screen = opens()
    screen.open()
    screen.keys("010009993.1\n")
    typed = screen.view.error.text()
    assert typed == "No household 010009993.1. Look at the number on the card."
    screen.key(Qt.Key.Key_Escape)
    screen.qtbot.waitUntil(lambda: len(heard) == 2)
    heard.clear()
    screen.view.reader._clock = cameras.clock
    screen.key(Qt.Key.Key_F4)
    hold(screen, cameras, "010009993.1", seconds=1)
    assert screen.view.error.text() == typed
    assert screen.view.search.selectedText() == "010009993.1"
    screen.qtbot.waitUntil(lambda: len(heard) == 2)
    hold(screen, cameras, C45)
    assert screen.view.amount.hasFocus()


def test_two_cards_at_once_are_refused_and_one_of_them_alone_is_taken(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    hold(screen, cameras, C45, C46)
    assert reader.said() == "Several cards are in the picture. Show one alone."
    assert screen.view.search.text() == ""
    hold(screen, cameras, C46)
    assert screen.view.search.text() == "01-000046-3"


def test_what_stands_on_none_of_our_papers_is_not_looked_for(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    hold(screen, cameras, "https://example.org/a-menu-of-the-restaurant-beside-the-market")
    assert reader.said() == "This code stands on none of our papers. Show the card."
    assert screen.view.search.text() == ""


def test_the_code_of_a_sheet_brings_the_sheet(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens(prepared=forty)
    reading(screen, cameras)
    hold(screen, cameras, "F-2024-A-000001")
    assert screen.part() == 4
    assert cameras.running == []
    screen.key(Qt.Key.Key_Escape)
    assert screen.part() == 2
    assert len(cameras.running) == 1


def test_cards_fill_the_list_of_who_is_paid_for(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reading(screen, cameras)
    screen.key(Qt.Key.Key_F6)
    for card in (C45, C46):
        hold(screen, cameras, card, seconds=1)
    assert [line.number for line in screen.view.several.lines()] == ["01-000045-5", "01-000046-3"]
    screen.keys("\n")
    assert [one.amount.minor for one in (*screen.of("45"), *screen.of("46"))] == [1700, 1700]


def test_a_card_waits_while_a_receipt_is_cancelled(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reader = reading(screen, cameras)
    screen.keys("45\n\n")
    screen.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    screen.keys("wrong hou")
    hold(screen, cameras, C46)
    assert (screen.view.reversal.reason.text(), reader.said()) == ("wrong hou", WAITS)


def test_a_card_is_nobodys_while_something_is_searched_elsewhere(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reading(screen, cameras)
    screen.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    hold(screen, cameras, C45)
    assert screen.view.search.text() == ""
    screen.key(Qt.Key.Key_Escape)
    screen.view.focus()
    hold(screen, cameras, C45)
    assert screen.view.search.text() == "01-000045-5"


@pytest.mark.parametrize(("language", "keys"), [("en", "010000455.1\n"), ("fr", "à&àààà'((:&\n")])
def test_a_reader_that_types_is_understood_with_the_version_of_the_card(
    opens: Opens,  # noqa: F811
    language: str,
    keys: str,
) -> None:
    # A reader that thinks of an English keyboard presses keys that give these on a French one.
    screen = opens(language=language)
    screen.open()
    screen.keys(keys)
    screen.keys("\n")
    assert [one.amount.minor for one in screen.of("45")] == [1700]


# When it is let go


def test_f4_turns_it_off(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reader = reading(screen, cameras)
    screen.key(Qt.Key.Key_F4)
    assert (cameras.running, reader.said(), reader.isVisible()) == ([], "", False)
    assert screen.in_search()
    screen.key(Qt.Key.Key_F4)
    assert len(cameras.running) == 1


def test_the_button_turns_it_and_the_cursor_stays_in_the_search_box(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    screen.open()
    screen.view.camera_button.setFocus()
    screen.key(Qt.Key.Key_Space)
    assert len(cameras.running) == 1
    assert screen.in_search()


def test_the_lock_lets_the_camera_go_and_after_it_reading_goes_on(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reading(screen, cameras)
    screen.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert cameras.running == []
    screen.window.unlock()
    screen.wait()
    hold(screen, cameras, C45)
    assert screen.view.search.text() == "01-000045-5"


def test_counting_lets_it_go_and_the_next_session_begins_without(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    hold(screen, cameras, C45)
    screen.keys("\n")
    screen.key(Qt.Key.Key_F12)
    assert cameras.running == []
    count(screen, v1000=1, v500=1, v200=1)
    form = screen.page.count_form
    form.send()
    form.send()
    screen.wait()
    assert screen.part() == 1
    slip = screen.page.findChild(PaperWindow)
    assert isinstance(slip, PaperWindow)
    slip.reject()
    slip.close()
    screen.window.activateWindow()
    screen.qtbot.waitUntil(screen.window.isActiveWindow)
    screen.page.open_form.place.setFocus()
    screen.qtbot.waitUntil(screen.page.open_form.place.hasFocus)
    screen.open("Well")
    assert (screen.part(), cameras.running, reader.on) == (2, [], False)


def test_the_end_of_the_window_lets_it_go(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    reading(screen, cameras)
    screen.window.close()
    assert cameras.running == []


# What is missing


def test_a_camera_pulled_out_is_told_and_typing_goes_on(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    cameras.pull_out()
    assert reader.said() == (
        "The camera does not answer, or is used elsewhere. Press F4 to read again; until then "
        "type the number."
    )
    assert (cameras.running, reader.isVisible()) == ([], False)
    screen.key(Qt.Key.Key_F4)
    assert reader.said().startswith("No camera is found. Plug one in and press F4 again")
    screen.keys("45\n\n")
    assert [one.amount.minor for one in screen.of("45")] == [1700]
    assert reader.said() == ""
    cameras.there = True
    screen.key(Qt.Key.Key_F4)
    assert reader.said() == READS


def test_a_camera_pulled_out_while_another_page_is_shown_is_told_on_the_way_back(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    reader = reading(screen, cameras)
    screen.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    cameras.there = False
    screen.window.unlock()
    screen.wait()
    assert reader.said().startswith("The camera does not answer")
    assert not reader.on


def test_a_camera_that_shows_nothing_is_told(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
) -> None:
    screen = opens()
    screen.open()
    reader = screen.view.reader
    reader._late.setInterval(1)
    screen.key(Qt.Key.Key_F4)
    screen.qtbot.waitUntil(lambda: not reader.on)
    assert reader.said().startswith("The camera does not answer")
    assert cameras.running == []


@pytest.mark.parametrize("missing", ["zxingcpp", "PySide6.QtMultimedia"])
def test_without_the_extra_f4_says_what_to_do(
    opens: Opens,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
) -> None:
    module, name = {
        "zxingcpp": (card_reader, "_DECODER"),
        "PySide6.QtMultimedia": (camera, "_MODULE"),
    }[missing]
    monkeypatch.setattr(camera, "is_there", lambda: True)
    if module is card_reader:
        monkeypatch.setattr(camera, "is_installed", lambda: True)
    monkeypatch.setattr(module, name, "a_module_that_is_not_there")
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F4)
    assert screen.view.reader.said() == (
        "Reading by camera is not installed on this laptop. Ask who set it up to install StepDesk "
        "with its extra webcam; until then type the number, or use a reader that types."
    )
    screen.keys("45\n\n")
    assert len(screen.of("45")) == 1


def test_f4_without_a_session_does_nothing(opens: Opens, cameras: Cameras) -> None:  # noqa: F811
    screen = opens()
    assert screen.part() == 1
    screen.key(Qt.Key.Key_F4)
    assert cameras.made == []


# Where the picture stands


def _place(widget: QWidget, page: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("zoom", [100, 125])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_picture_covers_nothing_and_makes_the_page_no_wider(
    qapp: QApplication,
    opens: Opens,  # noqa: F811
    cameras: Cameras,
    zoom: int,
    language: str,
) -> None:
    theme.apply(qapp, Theme(zoom=zoom))
    screen = opens(language=language)
    screen.window.resize(1366, 768)
    screen.open()
    screen.keys("45\n")
    width = screen.view.minimumSizeHint().width()
    height = screen.view.minimumSizeHint().height()
    screen.key(Qt.Key.Key_F4)
    hold(screen, cameras)
    view = screen.view
    QApplication.processEvents()
    seen = _place(view.reader, view)
    assert view.rect().contains(seen)
    others = (view.search, view.household, view.amount, view.button, view.receipts)
    assert not any(seen.intersects(_place(one, view)) for one in others)
    assert view.minimumSizeHint().width() == width
    # The line under the search box is all that is added.
    assert view.minimumSizeHint().height() <= height + theme.current().px(60)
    assert not view.amount.visibleRegion().isEmpty()


# What it costs


def test_a_slow_laptop_rests_ten_times_as_long_as_it_searched(
    qtbot: QtBot, speaker: Speaker, cameras: Cameras, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[float] = []

    def slow(_picture: QImage) -> tuple[str, ...]:
        searched.append(round(cameras.now, 3))
        cameras.now += 0.1
        return ()

    monkeypatch.setattr(card_reader, "codes_in", slow)
    reader = CardReader(speaker, cameras.clock)
    qtbot.addWidget(reader)
    reader.toggle()
    (here,) = cameras.running
    began = cameras.now
    for _ in range(30):
        here.see(QImage(QSize(640, 480), GREY))
        cameras.now += 0.1
    assert [round(one - began, 3) for one in searched] == [0, 1.1, 2.2]


def test_five_pictures_a_second_are_searched(
    qtbot: QtBot, speaker: Speaker, cameras: Cameras, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[QImage] = []

    def noted(picture: QImage) -> tuple[str, ...]:
        searched.append(picture)
        return ()

    monkeypatch.setattr(card_reader, "codes_in", noted)
    reader = CardReader(speaker, cameras.clock)
    qtbot.addWidget(reader)
    reader.toggle()
    (here,) = cameras.running
    for _ in range(32):
        here.see(QImage(QSize(640, 480), GREY))
        cameras.now += 1 / 32
    assert len(searched) == 5


# The camera of Qt


class Sink(QObject):
    videoFrameChanged = Signal(object)  # noqa: N815 - Qt's name


class Device(QObject):
    """What QtMultimedia has of a camera, as far as it is used."""

    errorOccurred = Signal(int, str)  # noqa: N815 - Qt's name
    activeChanged = Signal(bool)  # noqa: N815 - Qt's name
    here: "Device | None" = None

    def __init__(self, _device: object) -> None:
        super().__init__()
        Device.here = self
        self.active = False

    def start(self) -> None:
        self.active = True

    def stop(self) -> None:
        self.active = False


class Session:
    def setCamera(self, _camera: object) -> None: ...  # noqa: N802 - Qt's name

    def setVideoSink(self, sink: Sink) -> None:  # noqa: N802 - Qt's name
        Session.sink = sink

    sink: Sink


MULTIMEDIA = SimpleNamespace(QCamera=Device, QMediaCaptureSession=Session, QVideoSink=Sink)


def qt_camera(apart: float = 0) -> tuple[QtCamera, Device]:
    made = QtCamera(MULTIMEDIA, SimpleNamespace(videoFormats=list), apart)
    assert Device.here is not None
    return made, Device.here


def test_who_starts_the_camera_takes_it_from_who_had_it(qtbot: QtBot) -> None:
    reader, of_reader = qt_camera()
    photo, of_photo = qt_camera()
    reader.start()
    with qtbot.waitSignal(reader.lost):
        photo.start()
    assert (of_reader.active, of_photo.active) == (False, True)
    with qtbot.assertNotEmitted(photo.lost):
        photo.stop()
        reader.start()
    assert (of_reader.active, of_photo.active) == (True, False)
    reader.stop()


def test_pictures_come_no_closer_than_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(camera, "monotonic", lambda: now[0])
    made, _ = qt_camera(0.1)
    seen: list[QImage] = []
    made.seen.connect(seen.append)
    frame = SimpleNamespace(toImage=lambda: QImage(QSize(4, 3), GREY))
    for _ in range(32):
        Session.sink.videoFrameChanged.emit(frame)
        now[0] += 1 / 32
    assert len(seen) == 8  # of 32 in a second: each fourth is the first after a tenth


# Members


def test_a_card_opens_its_household_among_the_members(
    opens_window: OpensWindow,  # noqa: F811
    cameras: Cameras,
) -> None:
    window = opens_window(village)
    page = window.go(MembersPage, "members")
    page.list.reader._clock = cameras.clock
    window.key(Qt.Key.Key_F4)
    # Household 3: 3 x 2 = 6, so 4 is missing to 10.
    hold(window, cameras, "010000034.1", seconds=1)
    assert page.card.file is not None
    assert str(page.card.file.known.number) == "01-000003-4"
    hold(window, cameras, "010000018.1")
    assert str(page.card.file.known.number) == "01-000001-8"
    window.go(CollectionPage, "collection")
    assert cameras.running == []


def test_in_the_form_of_a_new_household_f4_goes_to_the_photos_and_the_camera_is_free(
    opens_window: OpensWindow,  # noqa: F811
    cameras: Cameras,
) -> None:
    window = opens_window(ready)
    page = window.go(MembersPage, "members")
    window.key(Qt.Key.Key_F4)
    assert len(cameras.running) == 1
    window.key(Qt.Key.Key_F2)
    assert cameras.running == []
    window.type("Diop\nAwa\nf30\n")
    window.key(Qt.Key.Key_F4)
    assert page.new.lines[0].photo.face.hasFocus()
    assert cameras.running == []


def test_a_reader_faster_than_the_list_opens_its_household(opens_window: OpensWindow) -> None:  # noqa: F811
    window = opens_window(village)
    page = window.go(MembersPage, "members")
    page.list.search.setFocus()
    for sign in "010000034.1":
        window.qtbot.keyClick(page.list.search, sign)
    window.qtbot.keyClick(page.list.search, Qt.Key.Key_Return)
    window.wait()
    assert page.card.file is not None
    assert str(page.card.file.known.number) == "01-000003-4"


# Nothing is kept


def test_no_picture_is_written_anywhere(
    opens: Opens,  # noqa: F811
    cameras: Cameras,
    tmp_path: Path,
    state_folder: Path,
) -> None:
    def files() -> set[Path]:
        return {one for root in (tmp_path, state_folder) for one in root.rglob("*")}

    screen = opens()
    reader = reading(screen, cameras)
    before = files()
    hold(screen, cameras, C45, seconds=1)
    screen.key(Qt.Key.Key_F4)
    assert files() == before
    assert reader._picture is None
