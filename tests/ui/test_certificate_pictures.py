"""F8 in the claims room: a photo of the certificate, while it is typed and afterwards."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from stepdesk.claims import queries
from stepdesk.claims.service import certificate_picture
from stepdesk.store.checking import verify_desk
from stepdesk.ui import choosing
from stepdesk.ui.claims.picture_row import PictureWindow
from tests.ui.test_claims import Opens, Room, batch, opens

__all__ = ["opens"]


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo the file window gives back."""
    path = tmp_path / "front.jpg"
    Image.new("RGB", (900, 1300), "white").save(path)
    monkeypatch.setattr(choosing, "ask_file", lambda *_told: path)
    return path


def pictures(room: Room, at: int = 0) -> tuple[Any, ...]:
    return room.desk.ask(queries.claim_pictures, room.claims()[at].id)


@pytest.mark.usefixtures("photo")
def test_a_photo_is_kept_with_the_draft_and_recorded_with_it(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\n")
    room.key(Qt.Key.Key_F8)
    room.settle()
    assert len(room.form.pictures.row.thumbs) == 1
    room.keys("C\n\n\n\n")
    room.settle()
    assert len(pictures(room)) == 1
    # The next certificate begins without it.
    assert room.form.pictures.row.thumbs == []
    assert verify_desk(room.desk).findings == []


@pytest.mark.usefixtures("photo")
def test_a_photo_of_a_draft_survives_a_kill(opens: Opens, tmp_path: Path) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\n")
    room.key(Qt.Key.Key_F8)
    room.settle()
    room.window.close()
    room.desk.close()
    after = opens(at=tmp_path / "book0")
    after.open()
    after.settle()
    assert len(after.form.pictures.row.thumbs) == 1
    after.keys("C\n\n\n\n")
    after.settle()
    (held,) = pictures(after)
    assert certificate_picture(after.desk, picture_id=held.id).startswith(b"\xff\xd8")


@pytest.mark.usefixtures("photo")
def test_a_photo_alone_is_a_half_typed_certificate(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.key(Qt.Key.Key_F8)
    room.settle()
    assert room.form.half_typed
    room.form.give_up()
    room.settle()
    assert not room.form.half_typed
    assert room.form.pictures.row.thumbs == []


@pytest.mark.usefixtures("photo")
def test_a_typed_certificate_is_given_a_photo_and_it_is_taken_back(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.settle()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    for count in (1, 2):
        room.key(Qt.Key.Key_F8)
        room.window.wait()
        assert len(pictures(room)) == count
    view = room.page.batch.view
    assert len(view.pictures.thumbs) == 2
    view.pictures.thumbs[1].click()
    room.window.wait()
    window = open_window()
    room.window.qtbot.keyClick(window.reason, Qt.Key.Key_Return)
    assert window.form.error("reason")
    window.reason.setText("of another certificate")
    room.window.qtbot.keyClick(window.reason, Qt.Key.Key_Return)
    room.window.wait()
    assert len(pictures(room)) == 1
    assert len(view.pictures.thumbs) == 1


def open_window() -> PictureWindow:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, PictureWindow))


def test_a_file_that_is_no_picture_gets_a_sentence(opens: Opens, photo: Path) -> None:
    room = opens(batch)
    room.open()
    photo.write_bytes(b"%PDF-1.7")
    room.key(Qt.Key.Key_F8)
    room.settle()
    assert room.form.pictures.row.error.text().startswith("This is a PDF")
    photo.write_bytes(b"")
    room.key(Qt.Key.Key_F8)
    room.settle()
    assert room.form.pictures.row.error.text().startswith("This file is empty")
    assert not room.form.half_typed


def test_a_photo_is_dropped_and_pasted(opens: Opens, photo: Path) -> None:
    room = opens(batch)
    room.open()
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(photo))])
    move = Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), move, told, left, none)
    QApplication.sendEvent(room.form, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(room.form, QDropEvent(QPointF(5, 5), move, told, left, none))
    room.settle()
    assert len(room.form.pictures.row.thumbs) == 1
    image = QImage(800, 1100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    act = room.form.lines[0].act
    room.window.qtbot.keyClick(act, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    room.settle()
    assert len(room.form.pictures.row.thumbs) == 2
    QGuiApplication.clipboard().clear()


def test_what_happened_is_behind_the_menu_key(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.settle()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()
    before = room.page.batch.view.bottom.currentIndex()
    room.key(Qt.Key.Key_F10)
    happened = not room.page.batch.view.happened.isHidden()
    assert room.page.batch.view.bottom.currentIndex() == (1 - before if happened else before)
