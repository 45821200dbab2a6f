"""A scan as a paper that can be looked at: a PDF as it is, a picture on a sheet."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

_PDF = b"%PDF-"
_KEPT = Qt.AspectRatioMode.KeepAspectRatio


def as_paper(scan: bytes) -> bytes:
    """Return a scan as a PDF."""
    if scan.startswith(_PDF):
        return scan
    picture = QImage.fromData(QByteArray(scan))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    room = QRectF(0, 0, writer.width(), writer.height())
    size = picture.size().toSizeF().scaled(room.size(), _KEPT)
    painter.drawImage(QRectF(0, 0, size.width(), size.height()), picture)
    painter.end()
    buffer.close()
    return bytes(content.data())
