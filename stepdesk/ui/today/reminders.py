"""Whom to remind: by section, with the message each would get, its letters and the gateway's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.payers.queries import groups
from stepdesk.payers.terms import Group
from stepdesk.progress import Progress
from stepdesk.reports.papers.reminders import Message, gateway_csv, messages, reminders_list
from stepdesk.reports.queries.reminders import reminders_of
from stepdesk.reports.terms import LetterKind
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Section
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.members.filters import Filter
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import GroupId, SectionId, StaffId
from stepdesk.values.sms import GSM7

KINDS = (
    (LetterKind.REMINDER, N_("Contributions are late")),
    (LetterKind.RENEWAL, N_("What is paid ends soon")),
    (LetterKind.WAITING_OVER, N_("The waiting period is over")),
)
_COLUMNS = (
    Column(N_("Section"), width=120, stretch=1),
    Column(N_("Member number"), width=172),
    Column(N_("Name"), width=150, stretch=2),
    Column(N_("Telephone"), width=150),
    Column(N_("To pay"), Kind.AMOUNT, width=96, priority=1),
    Column(N_("Message"), Kind.STATUS, width=250, stretch=1),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which reminders: their kind, and of one section, group's list or collector's round, or of all."""

    kind: LetterKind
    section_id: SectionId | None = None
    group_id: GroupId | None = None
    collector_id: StaffId | None = None

    @property
    def whose(self) -> dict[str, Any]:
        """What a query is told of them."""
        return {
            "section_id": self.section_id,
            "group_id": self.group_id,
            "collector_id": self.collector_id,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Whom to remind on a day, by section and number, in words of the scheme's language."""

    asked: Asked
    day: date
    sections: tuple[Section, ...]
    told: tuple[Message, ...]
    groups: tuple[Group, ...] = ()
    collectors: tuple[Colleague, ...] = ()

    @property
    def round(self) -> str:
        """Whose they are, by name; empty for everybody."""
        asked = self.asked
        names: dict[bytes, str] = {one.id: one.name for one in self.sections}
        names |= {one.id: one.name for one in self.groups}
        names |= {one.id: one.name for one in self.collectors}
        wanted = (asked.section_id, asked.group_id, asked.collector_id)
        return ", ".join(names[one] for one in wanted if one in names)


def found(desk: Desk, asked: Asked, progress: Progress | None = None) -> Found:
    """Return whom to remind; for the lane."""
    with desk.read() as connection:
        every = reminders_of(
            connection,
            asked.kind,
            desk.today,
            country(desk.country),
            **asked.whose,
            progress=progress,
        )
        told = messages(every, scheme_on(connection, desk.today).language)
        sections, listed = (
            sections_on(connection, desk.today),
            groups(connection, desk.today),
        )
    return Found(asked, desk.today, sections, told, listed, tuple(desk.colleagues()))


def letters(desk: Desk, asked: Asked, progress: Progress) -> bytes:
    """Draw a letter to each of them; for the lane."""
    from stepdesk.reports.papers import letters_pdf

    with desk.read() as connection:
        scheme = scheme_on(connection, desk.today)
        every = reminders_of(
            connection,
            asked.kind,
            desk.today,
            country(desk.country),
            **asked.whose,
            progress=progress,
        )
        written = [one.letter for one in every]
    if not written:
        raise Refusal(
            Text(N_("No household gets this letter on that day. Choose another day or letter."))
        )
    drawn = letters_pdf(
        written, scheme.language, scheme=scheme.name, practice=desk.practice, progress=progress
    )
    desk.note_access(f"letters {asked.kind.value}", None, desk.today, f"{len(written)} pdf")
    return drawn


def list_of(desk: Desk, now: Found, progress: Progress) -> bytes:
    """Draw the list for who goes from house to house; for the lane."""
    scheme = desk.ask(scheme_on, now.day)
    listing = reminders_list(now.told, kind=now.asked.kind, day=now.day, whose=now.round)
    drawn = listing.pdf(
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
        progress=progress,
    )
    _note(desk, now)
    return drawn


def write_csv(desk: Desk, now: Found, path: Path) -> int:
    """Write the gateway's file where the person chose; return its messages. For the lane."""
    from stepdesk.store.files import write_whole

    write_whole(path, gateway_csv(now.told))
    _note(desk, now)
    return sum(one.reminder.reachable for one in now.told)


def _note(desk: Desk, now: Found) -> None:
    desk.note_access(f"reminders {now.asked.kind.value}", None, now.day, f"{len(now.told)} rows")


def summary(now: Found) -> Text:
    """Return how many are told, and how many a message reaches."""
    reached = [one for one in now.told if one.reminder.reachable]
    return Text(
        N_(
            "To tell: {count}. By message: {reached}, in parts: {parts}."
            " Without a mobile telephone: {without}. Have not agreed: {refused}."
        ),
        {
            "count": len(now.told),
            "reached": len(reached),
            "parts": sum(one.length.parts for one in reached),
            "without": sum(not one.reminder.mobile for one in now.told),
            "refused": sum(one.reminder.mobile and not one.reminder.consent for one in now.told),
        },
    )


def how_long(message: Message) -> Text:
    """Return how long a message is for the network."""
    length = message.length
    room = 160 if length.alphabet == GSM7 else 70
    return Text(
        N_("{units} of {room} letters, {count} part"),
        {"units": length.units, "room": room, "count": length.parts},
        plural=N_("{units} letters ({room} in one), {count} parts"),
    )


class Reminders(Card, Speaking):
    """Whom to remind, and what each would be told.

    Signals:
        asked: The list is wanted (an `Asked`).
        letters_wanted: Letters to them (an `Asked`).
        list_wanted: The list on paper (a `Found`).
        csv_wanted: The gateway's file (a `Found`).
        opened: The household of a row.
        left: Back to what is to be done.
    """

    asked = Signal(object)
    letters_wanted = Signal(object)
    list_wanted = Signal(object)
    csv_wanted = Signal(object)
    opened = Signal(object)
    left = Signal()

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Whom to remind"), speaker, margin=16)
        self.found: Found | None = None
        self.trouble = TroubleBand(speaker)
        self.kind = Tabs(speaker, KINDS)
        self.section = Filter()
        self.section.add(None)
        self.section.setMinimumContentsLength(16)
        self.group, self.collector = Filter(), Filter()
        for one in (self.group, self.collector):
            one.add(None)
            one.setMinimumContentsLength(12)
        self.summary = Words("", speaker, wrap=True)
        self.table = TableView(speaker, empty=N_("Nobody is to be told this today."))
        self.rows = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self.rows)
        self.message = Words("", speaker, wrap=True)
        self.length = Words("", speaker, muted=True)
        self.csv = PlainButton(N_("File for a gateway …"), speaker)
        self.list = PlainButton(N_("List by section"), speaker)
        self.letters = MainButton(N_("Letters"), speaker, key="print", icon="printer")
        self.back = PlainButton(N_("To do"), speaker, key="back")
        self._place()
        self._connect()
        self.learn(speaker)

    def _place(self) -> None:
        ask = QHBoxLayout()
        ask.addWidget(self.kind, 1)
        ask.addWidget(self.section)
        ask.addWidget(self.group)
        ask.addWidget(self.collector)
        foot = QHBoxLayout()
        for button in (self.letters, self.list, self.csv, self.back):
            foot.addWidget(button)
        foot.addStretch(1)
        self.body.addWidget(self.trouble)
        self.body.addLayout(ask)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.message)
        self.body.addWidget(self.length)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.kind.chosen.connect(self._ask)
        for one in (self.section, self.group, self.collector):
            one.activated.connect(self._ask)
        self.table.current.connect(self._say)
        self.table.chosen.connect(self._open)
        self.letters.clicked.connect(self.want_letters)
        self.list.clicked.connect(self._want_list)
        self.csv.clicked.connect(self._want_csv)
        self.back.clicked.connect(self.left)

    @override
    def speak(self) -> None:
        tr = self.speaker.tr
        self.section.setItemText(0, tr(N_("All sections")))
        self.section.setAccessibleName(tr(N_("Section")))
        self.group.setItemText(0, tr(N_("All groups")))
        self.group.setAccessibleName(tr(N_("Group")))
        self.collector.setItemText(0, tr(N_("All collectors")))
        self.collector.setAccessibleName(tr(N_("Collector")))
        self.kind.setAccessibleName(tr(N_("Which letter?")))
        self.table.setAccessibleName(tr(N_("Whom to remind")))

    def begin(self, kind: LetterKind) -> None:
        """Ask for one kind, of all sections."""
        self.kind.choose(kind)
        for one in (self.section, self.group, self.collector):
            one.setCurrentIndex(0)
        self._ask()
        self.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted(self) -> Asked:
        """Return what is asked for."""
        whose = (self.section.value(), self.group.value(), self.collector.value())
        return Asked(self.kind.value(), *whose)

    def show_found(self, now: Found) -> None:
        """Show whom to remind; an answer to an older question is dropped."""
        if now.asked != self.wanted():
            return
        self.found = now
        offered: tuple[tuple[Filter, Sequence[Section | Group | Colleague]], ...] = (
            (self.section, now.sections),
            (self.group, now.groups),
            (self.collector, now.collectors),
        )
        for combo, known in offered:
            if combo.count() == 1:
                for one in known:
                    combo.add(one.id, one.name)
        self.group.setVisible(bool(now.groups))
        self.rows.set_ids(range(len(now.told)))
        self.summary.say(summary(now))
        self._say(None)
        for button in (self.letters, self.list):
            button.setEnabled(bool(now.told))
        self.csv.setEnabled(any(one.reminder.reachable for one in now.told))
        if now.told:
            self.table.go_to(0)

    def want_letters(self) -> None:
        """F9: letters to them."""
        if self.found is not None and self.found.told:
            self.letters_wanted.emit(self.found.asked)

    def _want_list(self) -> None:
        self.list_wanted.emit(self.found)

    def _want_csv(self) -> None:
        self.csv_wanted.emit(self.found)

    def _ask(self, *_chosen: object) -> None:
        self.asked.emit(self.wanted())

    def _open(self, at: int) -> None:
        if self.found is not None:
            self.opened.emit(self.found.told[at].reminder.household_id)

    def _say(self, at: int | None) -> None:
        if self.found is None or at is None or at >= len(self.found.told):
            self.message.say("")
            self.length.say("")
            return
        told = self.found.told[at]
        self.message.say(Text("{words}", {"words": told.words}))
        self.length.say(how_long(told))

    def _fetch(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
        told = self.found.told if self.found is not None else ()
        return [_row(told[at]) for at in ids]


def _row(told: Message) -> tuple[object, ...]:
    letter = told.reminder.letter
    return (
        letter.section,
        str(letter.number),
        letter.member_name,
        told.reminder.phone,
        letter.asked,
        _way(told),
    )


def _way(told: Message) -> tuple[Status, Text]:
    if not told.reminder.phone:
        return Status.LATE, Text(N_("No telephone"))
    if told.reminder.fixed:
        return Status.DRAFT, Text(N_("A fixed line"))
    if not told.reminder.consent:
        return Status.DRAFT, Text(N_("Has not agreed"))
    return Status.UP_TO_DATE, how_long(told)
