"""What a new household tells besides its persons; who looks alike; what was typed and not saved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as part
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import Likeness, Transfer
from stepdesk.ui import theme
from stepdesk.ui.members.facts import age_words
from stepdesk.ui.members.photo_cell import BothFaces
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import Band, BandWords
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.words import Size, Words


class FromScheme(QWidget, Dressed, Speaking):
    """The household comes from another scheme: which, waiting since when, covered until when."""

    _LABELS = (
        N_("Scheme it comes from"),
        N_("There since"),
        N_("First day without its cover"),
        N_("Certificate"),
    )

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__()
        self.scheme, self.document = Field(), Field()
        self.counts_from, self.left_on = DateField(today), DateField(today)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for label, field, share in zip(self._LABELS, self.fields, (3, 2, 2, 3), strict=True):
            block = QVBoxLayout()
            self._row.addLayout(block, share)
            words = Words(label, speaker, size=Size.SMALL, muted=True)
            words.setBuddy(field)
            block.setSpacing(2)
            block.addWidget(words)
            block.addWidget(field)
        self.wear()
        self.learn(speaker)

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.scheme, self.counts_from, self.left_on, self.document)

    @override
    def speak(self) -> None:
        for label, field in zip(self._LABELS, self.fields, strict=True):
            field.setAccessibleName(self.speaker.tr(label))

    @override
    def dress(self) -> None:
        self._row.setSpacing(theme.current().px(8))

    def transfer(self) -> Transfer | None:
        """Return where the household comes from, None when nothing was typed.

        Raises:
            Refusal: a day is missing or none; the cursor is in its field.
        """
        if not any(field.text().strip() for field in self.fields):
            return None
        counts_from, left_on = self.counts_from.day(), self.left_on.day()
        if counts_from is None or left_on is None:
            (self.counts_from if counts_from is None else self.left_on).setFocus()
            raise Refusal(Text(N_("Type both days of the other scheme's cover.")))
        return Transfer(
            self.scheme.text().strip(), counts_from, left_on, self.document.text().strip()
        )


class AlikeBand(Band, Speaking):
    """A person being typed looks like somebody registered. It asks; it never blocks.

    Signals:
        told_apart: The place of the line: it is somebody else.
    """

    told_apart = Signal(int)

    def __init__(self, speaker: Speaker, today: date, photos: PhotoCache | None = None) -> None:
        super().__init__(alarm=False)
        self._today = today
        self._at = 0
        self._words = BandWords("", speaker, alarm=False, bold=True)
        self.faces = BothFaces(speaker, photos)
        self.both = PlainButton(N_("See both"), speaker)
        self.other = PlainButton(N_("Not the same person"), speaker)
        self.lines.addWidget(self._words)
        self.lines.addWidget(self.faces)
        row = QHBoxLayout()
        self.lines.addLayout(row)
        row.addWidget(self.both)
        row.addWidget(self.other)
        row.addStretch(1)
        self.both.clicked.connect(self._see)
        self.other.clicked.connect(self._apart)
        self.faces.hide()
        self.hide()
        self.learn(speaker)

    def show_likeness(
        self, at: int, typed: str, like: Likeness, photo: bytes | None = None
    ) -> None:
        """Say whom the person of a line, with the photo just taken, looks like."""
        self._at = at
        person = like.person
        values: dict[str, Value] = {
            "line": at + 1,
            "name": person.name,
            "age": age_words(person.birth, self._today),
            "village": person.section,
            "number": str(person.number),
        }
        self._words.say(
            Text(
                N_("Line {line} looks like {name}, {age}, {village} (household {number})."),
                values,
            )
        )
        reasons = " · ".join(map(self.speaker.say, like.reasons))
        self.faces.typed.show_face(typed, content=photo)
        self.faces.known.show_face(person.name, known=person.photo)
        self.faces.say(
            Text(N_("Typed: {typed}. Alike: {reasons}."), {"typed": typed, "reasons": reasons}),
            Text(
                N_("Registered: {name}, with {member}."),
                {"name": person.name, "member": person.member_name},
            ),
        )
        self.faces.hide()
        self.show()

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Somebody alike is registered")))

    def text(self) -> str:
        """Return what is asked, or nothing."""
        return "" if self.isHidden() else self._words.text()

    def _see(self) -> None:
        self.faces.show()
        self.other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _apart(self) -> None:
        self.told_apart.emit(self._at)


# What was typed and not saved


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it stands: the texts of its fields by name, and of each line's cells.

    `chosen` is what the lists stand on, by name: an id in hexadecimal, or a word.
    """

    fields: Mapping[str, str]
    lines: Sequence[Mapping[str, str]]
    chosen: Mapping[str, str] = part(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing was typed that would be missed."""
        cells = [told for line in self.lines for told in line.values()]
        return not any(told.strip() for told in (*self.fields.values(), *cells))


def packed(draft: Draft) -> str:
    """Return a form as text, empty when nothing was typed."""
    if draft.empty:
        return ""
    told = {
        "fields": dict(draft.fields),
        "lines": list(map(dict, draft.lines)),
        "chosen": dict(draft.chosen),
    }
    return json.dumps(told, ensure_ascii=False)


def unpacked(content: str) -> Draft | None:
    """Return what was kept, None when there is nothing or it cannot be read."""
    try:
        told = json.loads(content) if content else {}
        lines = [_texts(line) for line in told["lines"]]
        return Draft(_texts(told["fields"]), lines, _texts(told.get("chosen", {})))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _texts(told: Mapping[object, object]) -> dict[str, str]:
    return {str(name): str(cell) for name, cell in told.items()}
