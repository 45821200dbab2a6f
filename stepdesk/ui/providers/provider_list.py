"""The providers of the scheme, and the form of another one."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.i18n import N_, Text, Value
from stepdesk.providers.terms import AgreementState, ProviderState
from stepdesk.ui.members.asks import Ask
from stepdesk.ui.members.asks import Kind as Asks
from stepdesk.ui.overriding import override
from stepdesk.ui.packages.words import LEVELS
from stepdesk.ui.providers.deed import DeedCard
from stepdesk.ui.providers.facts import ProviderLine, Room
from stepdesk.ui.providers.words import BEGINNINGS, CARES, KINDS, pill_of
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.care import CareType
from stepdesk.values.ids import ProviderId

_COLUMNS = (
    Column(N_("Code"), width=110),
    Column(N_("Provider"), width=150, stretch=1),
    Column(N_("Level of care"), width=150, priority=3, muted=True),
    Column(N_("State"), Kind.STATUS, width=150),
    Column(N_("Agreement"), Kind.STATUS, width=216),
    Column(N_("Owed"), Kind.AMOUNT, width=100, priority=1),
    Column(N_("Waits"), width=120, priority=2),
)
CONTACT_ASKS = (
    Ask("phone", N_("Telephone"), needed=False, width=200),
    Ask("address", N_("Address"), needed=False),
    Ask("bank", N_("Bank"), needed=False),
    Ask("bank_account", N_("Account number"), needed=False),
)
KIND_ASKS = (
    Ask("level", N_("Level of care"), Asks.LIST, width=260),
    Ask("kind", N_("Who keeps it"), Asks.LIST, width=260),
    Ask("care", N_("Care it gives"), Asks.LIST, width=260),
)
KIND_CHOICES = {"level": options(LEVELS), "kind": options(KINDS), "care": options(CARES)}
_ADDED = ("code", "name", "level", "kind", "state")


class NewProvider(DeedCard):
    """The form of another provider."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        first = (
            Ask("code", N_("Code"), hint=N_("Short, in capitals: it never changes"), width=140),
            Ask("name", N_("Name of the provider")),
            *KIND_ASKS,
        )
        second = (Ask("state", N_("Where it stands"), Asks.LIST, width=260), *CONTACT_ASKS)
        super().__init__(
            speaker,
            today,
            N_("Another provider"),
            (first, second),
            N_("Add this provider"),
            lead=N_("Its care is paid once an agreement with it is signed."),
            choices={**KIND_CHOICES, "state": options(BEGINNINGS)},
        )

    def begin(self) -> None:
        """Begin an empty form."""
        self.start({"state": ProviderState.CONTRACTED, "care": CareType.BOTH})


class ProviderList(QWidget, Speaking):
    """The list of providers.

    Signals:
        opened: The provider whose row was chosen.
        new_wanted: Another one is to be added.
        mirror_wanted: The twelve months of the provider on the row are to be printed.
    """

    opened = Signal(object)
    new_wanted = Signal()
    mirror_wanted = Signal(object)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._lines: dict[ProviderId, ProviderLine] = {}
        self.card = Card()
        self.head = Words(N_("Providers"), speaker, size=Size.SECTION, bold=True)
        self.note = Words("", speaker, bold=True, wrap=True)
        self.table = TableView(
            speaker,
            empty=N_("No provider yet. F2 adds the first one: a health post or a hospital."),
        )
        self.rows = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self.rows)
        self.new = MainButton(N_("Another provider"), speaker, key="new", icon="plus")
        self.mirror = PlainButton(N_("Its twelve months"), speaker, key="print", icon="printer")
        for widget in (self.head, self.note):
            self.card.body.addWidget(widget)
        self.card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self.card.body.addLayout(foot)
        foot.addWidget(self.new)
        foot.addWidget(self.mirror)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.table.chosen.connect(self.opened)
        self.new.clicked.connect(self.new_wanted)
        self.mirror.clicked.connect(self.print_mirror)
        self.learn(speaker)

    @override
    def speak(self) -> None:
        self.table.setAccessibleName(self.speaker.tr(N_("Providers")))

    def show_room(self, room: Room) -> None:
        """Show the providers; the row the cursor was on keeps it."""
        self._lines = {one.provider.id: one for one in room.lines}
        kept = self.table.chosen_id()
        self.rows.set_ids(tuple(self._lines))
        if kept in self._lines:
            self.table.select_id(kept)
        elif self._lines:
            self.table.go_to(0)
        note = _note(room)
        self.note.setVisible(note is not None)
        self.note.say(note or "")
        self.mirror.setEnabled(bool(self._lines))

    def focus(self) -> None:
        """Put the cursor where the work begins."""
        target = self.table if self._lines else self.new
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_mirror(self) -> None:
        """Ask for the twelve months of the provider on the row."""
        chosen = self.table.chosen_id()
        if chosen is not None:
            self.mirror_wanted.emit(chosen)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [_row(self._lines[one]) for one in ids]


def _row(one: ProviderLine) -> tuple[object, ...]:
    provider, delay = one.provider, one.delay
    return (
        provider.code,
        provider.name,
        Text(LEVELS[provider.level]),
        pill_of(provider.state),
        ends_text(one),
        None if delay is None else delay.owed,
        "" if delay is None else waits_text(delay.oldest_days),
    )


def waits_text(days: int) -> Text:
    """Return how long somebody waits, in words."""
    return Text(N_("{count} day"), {"count": days}, plural=N_("{count} days"))


def ends_text(one: ProviderLine) -> tuple[Status, Text]:
    """Return until when the agreement of a provider holds, and how many days are left."""
    if one.agreement is None or one.state is None:
        return Status.DRAFT, Text(N_("none signed"))
    if one.state is AgreementState.SIGNED:
        return Status.WAITING, Text(N_("from {day}"), {"day": one.agreement.first_day})
    if one.agreement.until is None or one.days is None:
        return Status.UP_TO_DATE, Text(N_("without an end"))
    return _last_text(one.state, one.agreement.until - timedelta(days=1), one.days)


def _last_text(state: AgreementState, last: date, days: int) -> tuple[Status, Text]:
    if state is AgreementState.ENDED:
        return Status.STOPPED, Text(N_("ended on {day}"), {"day": last})
    if state is not AgreementState.EXPIRING:
        return Status.UP_TO_DATE, Text(N_("to {day}"), {"day": last})
    values: dict[str, Value] = {"day": last, "count": days}
    return Status.LATE, Text(
        N_("to {day}: {count} day"), values, plural=N_("to {day}: {count} days")
    )


def _note(room: Room) -> Text | None:
    soon = sorted(
        (one.days, one.provider.name)
        for one in room.lines
        if one.state is AgreementState.EXPIRING and one.days is not None
    )
    if not soon:
        return None
    values: dict[str, Value] = {"provider": soon[0][1], "count": soon[0][0]}
    return Text(
        N_("The agreement with {provider} ends in {count} day. Renew it in time."),
        values,
        plural=N_("The agreement with {provider} ends in {count} days. Renew it in time."),
    )
