"""Two entries side by side, to see whether they are one human being."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from stepdesk.i18n import N_, Text, short_day_text
from stepdesk.members.terms import RELATIONS, SEX_WORDS, BirthKnown, PersonRow
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.words import Words

_LINES = (
    N_("Name"),
    N_("Born or age"),
    N_("Sex"),
    N_("Household"),
    N_("Link to the member"),
    N_("Member"),
    N_("Village or group"),
    N_("Old number"),
)


class Beside(QWidget, Dressed):
    """What is known of two entries, line by line."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._speaker = speaker
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._cells: list[tuple[Words, Words]] = []
        for row, label in enumerate(_LINES):
            head = Words(label, speaker, muted=True)
            pair = Words("", speaker, wrap=True), Words("", speaker, wrap=True)
            self._grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            for column, cell in enumerate(pair, start=1):
                cell.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
                self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
                self._grid.setColumnStretch(column, 1)
            self._cells.append(pair)
        self.wear()
        self.hide()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(12))
        self._grid.setVerticalSpacing(now.px(4))

    def compare(self, one: PersonRow | None, other: PersonRow | None) -> None:
        """Show both; nothing while one of them is not chosen."""
        self.setVisible(one is not None and other is not None)
        if one is None or other is None:
            return
        language = self._speaker.language
        told = zip(_told(one, language), _told(other, language), self._cells, strict=True)
        for left, right, (first, second) in told:
            first.say(left)
            second.say(right)

    def texts(self) -> list[list[str]]:
        """Return what is shown of each."""
        if self.isHidden():
            return []
        return [[pair[at].text() for pair in self._cells] for at in range(2)]


def _told(one: PersonRow, language: str) -> tuple[Text | str, ...]:
    day = one.birth.day
    exact = one.birth.known is BirthKnown.DAY
    born = short_day_text(day, language) if exact else f"~{day.year}"
    values = (
        _shown(one.name),
        _shown(born),
        Text(SEX_WORDS[one.sex]),
        _shown(f"{one.number} /{one.suffix:02d}"),
        Text(RELATIONS[one.relation]),
        _shown(one.member_name),
        _shown(one.section),
        _shown(one.legacy_number or "–"),
    )
    return tuple(values)


def _shown(value: str) -> Text:
    return Text("{value}", {"value": value})
