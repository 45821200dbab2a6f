"""Photos on the screen: shown, given by every way there is, and never for the wrong person."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from stepdesk.members.service import photograph
from stepdesk.pictures import is_portrait, portrait
from stepdesk.store.desk import Desk
from stepdesk.ui import choosing, theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Theme
from stepdesk.ui.tokens import Look, contrast
from stepdesk.ui.widgets import camera
from stepdesk.ui.widgets.camera import CameraDialog, Source
from stepdesk.ui.widgets.photo import (
    PhotoCache,
    PhotoView,
    ground_of,
    initials,
    paint_face,
)
from tests.builders import a_household


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 900), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def view(qtbot: QtBot, speaker: Speaker) -> PhotoView:
    made = PhotoView(speaker)
    qtbot.addWidget(made)
    made.show_photo("Coulibaly Rokia", None)
    made.show()
    made.activateWindow()
    made.setFocus()
    return made


@pytest.fixture
def given(view: PhotoView) -> list[bytes]:
    """What was picked, in order."""
    found: list[bytes] = []
    view.picked.connect(found.append)
    return found


def press(qtbot: QtBot, view: PhotoView, key: Qt.Key) -> None:
    qtbot.keyClick(view.face, key)


def colour(view: PhotoView) -> QColor:
    return QColor(view.face.grab().toImage().pixelColor(view.face.rect().center()))


def is_red(told: QColor) -> bool:
    return told.red() > 200 and told.green() < 60


# What is shown


def test_a_photo_is_shown_and_initials_stand_for_one(view: PhotoView) -> None:
    assert not is_red(colour(view))
    view.show_photo("Coulibaly Rokia", portrait(picture()))
    assert is_red(colour(view))
    assert view.face.accessibleName() == "Photo of Coulibaly Rokia"
    view.show_photo("Coulibaly Rokia", None)
    assert view.face.accessibleName() == "No photo of Coulibaly Rokia"
    view.show_photo("Coulibaly Rokia", b"damaged")
    assert not view.has_photo


def test_it_is_of_the_size_of_the_design(view: PhotoView, qapp: QApplication) -> None:
    assert view.face.size() == QSize(112, 140)
    theme.apply(qapp, Theme(zoom=125))
    assert view.face.size() == QSize(140, 175)


def test_initials_are_of_the_first_and_last_name() -> None:
    names = ["Coulibaly Rokia", "Sow", "", "Ba Awa Élise", "( ) Diop", "ndiaye fatou"]
    assert [initials(name) for name in names] == ["CR", "S", "", "BÉ", "D", "NF"]


@pytest.mark.parametrize("look", list(Look))
def test_initials_can_be_read_on_every_ground(qapp: QApplication, look: Look) -> None:
    theme.apply(qapp, Theme(look))
    inks = {ground_of(f"Name {at}") for at in range(200)}
    assert look is Look.CONTRAST or len(inks) == 12
    assert min(contrast(ink.text, ink.ground) for ink in inks) >= 4.5


# Giving one


def test_space_chooses_a_file_where_there_is_no_camera(
    qtbot: QtBot, view: PhotoView, given: list[bytes], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "phone.jpg").write_bytes(picture())
    monkeypatch.setattr(camera, "is_there", lambda: False)
    monkeypatch.setattr(choosing, "ask_file", lambda *_told: tmp_path / "phone.jpg")
    press(qtbot, view, Qt.Key.Key_Space)
    assert given == [portrait(picture())]
    assert is_red(colour(view))


def test_no_camera_module_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "_MODULE", "PySide6.QtMultimediaThatIsNotThere")
    assert camera.is_there() is False
    with pytest.raises(LookupError):
        camera.found()


def test_what_was_copied_is_pasted(qtbot: QtBot, view: PhotoView, given: list[bytes]) -> None:
    copied = QImage(3000, 2000, QImage.Format.Format_RGB32)
    copied.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(copied)
    qtbot.keyClick(view.face, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [is_portrait(one) for one in given] == [True]
    assert is_red(colour(view))


def test_a_file_is_dropped(view: PhotoView, given: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "phone.jpg").write_bytes(picture())
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(tmp_path / "phone.jpg"))])
    held = (
        Qt.DropAction.CopyAction,
        told,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view, QDragEnterEvent(QPoint(5, 5), *held))
    QApplication.sendEvent(view, QDropEvent(QPointF(5, 5), *held))
    assert given == [portrait(picture())]


def test_what_is_no_picture_is_said_under_the_photo(view: PhotoView, given: list[bytes]) -> None:
    view.show_photo("Coulibaly Rokia", portrait(picture()))
    view.offer(b"a letter")
    assert given == []
    assert "This is no picture" in view.said()
    assert is_red(colour(view))
    view.show_photo("Sow", None)
    assert view.said() == ""


def test_delete_removes_and_enter_goes_on(qtbot: QtBot, view: PhotoView) -> None:
    view.show_photo("Coulibaly Rokia", portrait(picture()))
    with qtbot.waitSignal(view.removed):
        press(qtbot, view, Qt.Key.Key_Delete)
    assert not view.has_photo
    with qtbot.assertNotEmitted(view.removed):
        press(qtbot, view, Qt.Key.Key_Delete)
    with qtbot.waitSignal(view.passed):
        press(qtbot, view, Qt.Key.Key_Return)


# A menu asks the offscreen platform for what it cannot do.
@pytest.mark.qt_log_ignore("does not support")
def test_the_menu_says_every_way(qtbot: QtBot, view: PhotoView) -> None:
    press(qtbot, view, Qt.Key.Key_Menu)
    (menu,) = view.findChildren(QMenu)
    words = [one.text() for one in menu.actions()]
    assert words[-4:] == ["Choose a photo…", "Paste", "Photo later", "Remove the photo"]
    assert not menu.actions()[-1].isEnabled()
    with qtbot.waitSignal(view.later):
        menu.actions()[-2].trigger()
    menu.close()


def test_what_cannot_be_edited_takes_no_key(qtbot: QtBot, speaker: Speaker) -> None:
    made = PhotoView(speaker, editable=False)
    qtbot.addWidget(made)
    made.show_photo("Sow", portrait(picture()))
    made.show()
    with qtbot.assertNotEmitted(made.removed):
        press(qtbot, made, Qt.Key.Key_Delete)
    assert made.has_photo
    assert made.face.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_photo_made_on_the_lane_never_goes_to_the_next_person(
    qtbot: QtBot, speaker: Speaker, lane: Lane
) -> None:
    made = PhotoView(speaker, lane)
    qtbot.addWidget(made)
    found: list[bytes] = []
    made.picked.connect(found.append)
    made.show_photo("Rokia", None)
    made.offer(picture())
    made.show_photo("Awa", None)
    qtbot.waitUntil(lambda: not lane.is_busy())
    assert (found, made.has_photo) == ([], False)
    made.offer(picture())
    qtbot.waitUntil(lambda: not lane.is_busy())
    assert (found, made.has_photo) == ([portrait(picture())], True)


# The camera


class Still(Source):
    """A camera that always sees the same, until it is pulled out."""

    def __init__(self, colour: str = "red") -> None:
        super().__init__()
        self.running = False
        self.colour = colour

    @override
    def start(self) -> None:
        self.running = True
        self.give()

    @override
    def stop(self) -> None:
        self.running = False

    def give(self) -> None:
        self.seen.emit(QImage.fromData(picture(self.colour)))

    def pull_out(self) -> None:
        self.lost.emit()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Still:
    made = Still()
    monkeypatch.setattr(camera, "is_there", lambda: True)
    monkeypatch.setattr(camera, "found", lambda: made)
    return made


def dialog(view: PhotoView) -> CameraDialog:
    (found,) = view.findChildren(CameraDialog)
    return found


def test_space_space_enter_takes_and_goes_on(
    qtbot: QtBot, view: PhotoView, given: list[bytes], still: Still
) -> None:
    passed: list[bool] = []
    view.passed.connect(lambda: passed.append(view.has_photo))
    press(qtbot, view, Qt.Key.Key_Space)
    assert still.running
    camera_dialog = dialog(view)
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Return)
    assert given == []
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Space)
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Return)
    assert [is_portrait(one) for one in given] == [True]
    assert passed == [True]
    assert is_red(colour(view))


def test_a_photo_can_be_taken_again(
    qtbot: QtBot, view: PhotoView, given: list[bytes], still: Still
) -> None:
    press(qtbot, view, Qt.Key.Key_Space)
    camera_dialog = dialog(view)
    still.colour = "blue"
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Space)
    still.give()
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Left)
    still.give()
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Space)
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Return)
    assert len(given) == 1
    assert colour(view).blue() > 200


def test_escape_leaves_everything_as_it_was(
    qtbot: QtBot, view: PhotoView, given: list[bytes], still: Still
) -> None:
    press(qtbot, view, Qt.Key.Key_Space)
    qtbot.keyClick(dialog(view), Qt.Key.Key_Escape)
    assert (given, view.has_photo, still.running) == ([], False, False)


def test_a_camera_pulled_out_is_said_and_what_was_taken_can_be_kept(
    qtbot: QtBot, view: PhotoView, given: list[bytes], still: Still
) -> None:
    press(qtbot, view, Qt.Key.Key_Space)
    camera_dialog = dialog(view)
    still.pull_out()
    assert "does not answer" in camera_dialog.said()
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Space)
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Return)
    assert given == []
    still.give()
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Space)
    still.pull_out()
    qtbot.keyClick(camera_dialog, Qt.Key.Key_Return)
    assert len(given) == 1


# Rows


def test_photos_of_rows_come_by_themselves(qtbot: QtBot, desk: Desk, lane: Lane) -> None:
    (awa,) = a_household(desk, 1).person_ids
    told = desk.do(photograph, person_id=awa, picture=picture())
    faces = PhotoCache(desk, lane)
    assert faces.face(None) is None
    with qtbot.waitSignal(faces.arrived):
        assert faces.face(told) is None
    found = faces.face(told)
    assert found is not None
    assert found.size() == QSize(96, 120)
    with qtbot.waitSignal(faces.arrived):
        assert faces.face(bytes(32)) is None
    with qtbot.assertNotEmitted(faces.arrived, wait=50):
        assert faces.face(bytes(32)) is None
    faces.forget(bytes(32))
    with qtbot.waitSignal(faces.arrived):
        faces.face(bytes(32))


def test_damaged_photos_leave_initials_in_rows(qtbot: QtBot, desk: Desk, lane: Lane) -> None:
    (desk.folder / "attachments.db").write_bytes(bytes(9999))
    faces = PhotoCache(desk, lane)
    troubles: list[object] = []
    lane.unanswered.connect(troubles.append)
    with qtbot.waitSignal(faces.arrived):
        faces.face(bytes(32))
    assert (faces.face(bytes(32)), troubles) == (None, [])


@pytest.mark.usefixtures("qapp")
def test_a_wide_place_shows_the_upper_middle_unstretched() -> None:
    made = QImage(96, 120, QImage.Format.Format_RGB32)
    made.fill(QColor("blue"))
    painter = QPainter(made)
    painter.fillRect(0, 6, 96, 96, QColor("red"))
    painter.end()
    place = QImage(32, 32, QImage.Format.Format_RGB32)
    painter = QPainter(place)
    paint_face(painter, QRect(0, 0, 32, 32), "Awa", made, radius=0)
    painter.end()
    spots: list[Callable[[], QColor]] = [
        lambda: place.pixelColor(16, 3),
        lambda: place.pixelColor(16, 28),
    ]
    assert [is_red(spot()) for spot in spots] == [True, True]
