"""Two entries that may be one person: both faces, why, and by one key "make one" or "not the same"."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import duplicates
from stepdesk.members.service import tell_apart
from stepdesk.members.terms import PersonRow, PossibleDuplicate
from stepdesk.reports.terms import PersonKey, RowKey
from stepdesk.store.desk import Desk
from stepdesk.ui import keys
from stepdesk.ui.members.asks import Answers, Ask, First, Happening, Known
from stepdesk.ui.members.corrections import CORRECTIONS
from stepdesk.ui.members.photo_cell import BothFaces
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.widgets.band import Band, BandWords
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.values.ids import PersonId

Pair = tuple[PersonRow, PersonRow]
"""The person of the row the cursor is on, and who looks like them."""


def pairs_of(desk: Desk) -> tuple[PossibleDuplicate, ...]:
    """Return the pairs of the whole book that were not told apart, the likest first."""
    return desk.ask(duplicates)


def part(desk: Desk, pair: Pair) -> None:
    """Say that two entries are two persons; they are not proposed again."""
    with desk.work("tell_apart") as work:
        tell_apart(work, first_id=pair[0].id, second_id=pair[1].id)


def making_one(pair: Pair) -> Happening:
    """Return the form "the same person twice" with both entries filled in; the reason is asked."""
    plain = next(one for one in CORRECTIONS if one.verb == "merge_persons")
    filled: dict[str, First] = {"person_id": _Given(pair[0].id), "other_id": _Given(pair[1])}
    asks = tuple(_started(ask, filled.get(ask.name)) for ask in plain.asks)
    return replace(plain, id=f"{plain.id}-{pair[1].id.hex()}", asks=asks)


def _started(ask: Ask, first: First | None) -> Ask:
    return ask if first is None else replace(ask, first=first)


class _Given:
    """What a field starts from, whatever the book says."""

    def __init__(self, value: PersonId | PersonRow) -> None:
        self._value = value

    def __call__(self, _known: Known, _answers: Answers) -> object:
        return self._value


class PairBand(Band, Speaking):
    """Below the list: whom the person of the row looks like.

    Signals:
        one_wanted: Both are one person (a Pair): ask why and make them one.
        apart_wanted: They are two persons (a Pair).
    """

    one_wanted = Signal(object)
    apart_wanted = Signal(object)

    def __init__(self, speaker: Speaker, photos: PhotoCache | None, table: QWidget) -> None:
        super().__init__(alarm=False)
        self._found: tuple[PossibleDuplicate, ...] = ()
        self._pair: Pair | None = None
        self._why = BandWords("", speaker, alarm=False, bold=True)
        self.faces = BothFaces(speaker, photos)
        self.one = PlainButton(N_("Make one"), speaker, key="same-person")
        self.apart = PlainButton(N_("Not the same person"), speaker, key="not-the-same")
        self.lines.addWidget(self._why)
        self.lines.addWidget(self.faces)
        row = QHBoxLayout()
        row.addWidget(self.one)
        row.addWidget(self.apart)
        row.addStretch(1)
        self.lines.addLayout(row)
        self.one.clicked.connect(self.make_one)
        self.apart.clicked.connect(self.tell_apart)
        keys.bind("same-person", table, self.make_one)
        keys.bind("not-the-same", table, self.tell_apart)
        self.hide()
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.speaker.tr(N_("Perhaps the same person")))

    def offer(self, found: tuple[PossibleDuplicate, ...], key: RowKey | None) -> None:
        """Take the pairs, and show the one of a row."""
        self._found = found
        self.show_row(key)

    def show_row(self, key: RowKey | None) -> None:
        """Show whom the person of a row looks like most; nothing when it is nobody."""
        who = key.person_id if isinstance(key, PersonKey) else None
        pair = next((one for one in self._found if who in {one.first.id, one.second.id}), None)
        if pair is None:
            self._pair = None
            self.hide()
            return
        here = pair.first.id == who
        one, other = (pair.first, pair.second) if here else (pair.second, pair.first)
        self._pair = (one, other)
        reasons = " · ".join(map(self.speaker.say, pair.reasons))
        self._why.say(Text(N_("Perhaps the same person: {reasons}"), {"reasons": reasons}))
        for face, person in ((self.faces.typed, one), (self.faces.known, other)):
            face.show_face(person.name, known=person.photo)
        self.faces.say(_told(one), _told(other))
        self.show()

    def text(self) -> str:
        """Return what is shown of both, one line a person; empty when nothing is."""
        return "" if self.isHidden() else self.faces.text()

    def make_one(self) -> None:
        if self._pair is not None:
            self.one_wanted.emit(self._pair)

    def tell_apart(self) -> None:
        if self._pair is not None:
            self.apart_wanted.emit(self._pair)


def _told(one: PersonRow) -> Text:
    values: dict[str, Value] = {
        "name": one.name,
        "day": one.birth.day,
        "number": f"{one.number}/{one.suffix:02d}",
        "section": one.section,
        "member": one.member_name,
    }
    return Text(N_("{name} · {day} · {number} · {section} · with {member}"), values)
