"""People as a search gives them: what tells those of one name apart, in one row."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from stepdesk.i18n import Text
from stepdesk.members.queries import search
from stepdesk.rights.queries import states_of
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.facts import state_words, status_of
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.photo import PhotoCache, paint_face
from stepdesk.ui.widgets.pill import paint_pill, pill_width
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import age_on

SHOWN = 12
SOMEBODY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person found: initials stand where there is no photo, `age` is in completed years."""

    household_id: HouseholdId
    number: str
    name: str
    initials: str
    member_name: str
    section: str
    year: int
    age: int
    member: bool
    status: Status
    words: Text
    photo: bytes | None = None

    @property
    def line(self) -> str:
        """What tells the person apart from others of that name."""
        head = () if self.member else (self.member_name,)
        return " · ".join((self.number, self.section, *head, f"{self.year} ({self.age})"))


def people(desk: Desk, asked: str) -> tuple[Somebody, ...]:
    """Return the people a search finds, as many as a box shows, with how they stand today."""
    day = desk.today
    with desk.read() as connection:
        found = search(connection, asked, limit=SHOWN)
        homes = list(dict.fromkeys(one.household_id for one in found))
        states = states_of(connection, homes, day)
    return tuple(
        Somebody(
            one.household_id,
            f"{one.number}/{one.suffix:02d}",
            one.name,
            "".join(part[0] for part in one.name.split()[:2]).upper(),
            one.member_name,
            one.section,
            one.birth.day.year,
            age_on(one.birth.day, day),
            one.member,
            status_of(states[one.household_id][0]),
            state_words(*states[one.household_id]),
            one.photo,
        )
        for one in found
    )


class SomebodyDelegate(QStyledItemDelegate):
    """Paints a person's row: photo, name over what tells apart, status pill."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._photos: PhotoCache | None = None

    def show_faces(self, photos: PhotoCache) -> None:
        """Take the photos from here; without it everybody has their initials."""
        self._photos = photos

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        if index.data(SOMEBODY) is not None:
            # The row is as wide as the box: what does not fit is cut, never scrolled to.
            size = QSize(1, theme.current().px(48))
        return size

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        one = index.data(SOMEBODY)
        if not isinstance(one, Somebody):
            super().paint(painter, option, index)
            return
        now, rect = theme.current(), QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setLayoutDirection(option.direction)
        if chosen:
            painter.fillRect(rect, QColor(now.ink.selected.ground))
        words = self._speaker.say(one.words)
        side, gap = now.px(36), now.px(8)
        wide = min(pill_width(now, words), rect.width() // 3)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft

        def place(left: int, width: int) -> QRect:
            at = rect.right() - left - width + 1 if mirrored else rect.left() + left
            return QRect(at, rect.top(), width, rect.height())

        face = QRect(0, 0, side, side)
        face.moveCenter(place(gap, side).center())
        photo = self._photos.face(one.photo) if self._photos is not None else None
        paint_face(painter, face, one.name, photo)
        middle = place(2 * gap + side, rect.width() - side - wide - 5 * gap)
        self._words(painter, middle, one, chosen=chosen)
        pill = place(rect.width() - wide - gap, wide)
        paint_pill(painter, pill, one.status, words, selected=chosen)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, box: QRect, one: Somebody, *, chosen: bool) -> None:
        now, half = theme.current(), box.height() // 2
        lines = (
            (one.name, now.font(bold=True), now.ink.text, box.adjusted(0, now.px(4), 0, -half)),
            (
                one.line,
                now.font(tokens.SMALL),
                now.ink.muted,
                box.adjusted(0, half, 0, -now.px(4)),
            ),
        )
        for told, font, colour, place in lines:
            painter.setFont(font)
            painter.setPen(QColor(now.ink.selected.text if chosen else colour))
            cut = painter.fontMetrics().elidedText(
                told, Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(
                place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, cut
            )
