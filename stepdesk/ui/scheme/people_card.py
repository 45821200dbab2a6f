"""The people of the desk: who they are, and letting another one in."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.terms import Role
from stepdesk.store.desk import Colleague
from stepdesk.ui.scheme.facts import ROLES
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Choice
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.rows_model import Column, RowsModel
from stepdesk.ui.widgets.table import TableView

_OFFERED = (
    Role.TREASURER,
    Role.COLLECTOR,
    Role.BOARD,
    Role.CONTROLLER,
    Role.MANAGER,
    Role.REGISTRAR,
)


def password_field() -> Field:
    """Return a field that hides what is typed."""
    field = Field()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class PeopleCard(Card):
    """The list of people and the form of a new one.

    Signals:
        wanted: Name, role and first password of a new person.
    """

    wanted = Signal(str, object, str)

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("People of the desk"), speaker, margin=16)
        self._people: dict[Any, Colleague] = {}
        self.table = TableView(speaker)
        self._model = RowsModel(
            (),
            self._rows,
            (Column(N_("Name"), width=160, stretch=1), Column(N_("Role"), width=140)),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.form = Form(speaker)
        self.name = Field()
        self.role = Choice(speaker, [(role, ROLES[role]) for role in _OFFERED], columns=2)
        self.password = password_field()
        self.form.add("name", self.name, N_("Name of the new person"))
        self.form.add("role", self.role, N_("What they do"))
        self.form.add(
            "password",
            self.password,
            N_("Their first password"),
            hint=N_("They type it themselves: at least 12 signs; four words are good."),
        )
        self.button = PlainButton(N_("Let this person in"), speaker, icon="user-plus")
        self.body.addWidget(self.table)
        self.body.addWidget(self.form)
        self.body.addWidget(self.button)
        self.body.addStretch(1)
        self.button.clicked.connect(self._send)

    def show_people(self, people: Sequence[Colleague]) -> None:
        self._people = {one.id: one for one in people}
        self._model.set_ids([one.id for one in people])
        self.table.fit_rows(len(people))

    def done(self) -> None:
        """Wait for the next person."""
        self.button.setEnabled(True)
        self.form.clear()
        self.name.clear()
        self.password.clear()

    def refuse(self, refusal: Refusal) -> None:
        self.button.setEnabled(True)
        self.form.show_refusal(refusal)

    def _send(self) -> None:
        self.button.setEnabled(False)
        self.wanted.emit(self.name.text(), self.role.value(), self.password.text())

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        found = []
        for one in ids:
            person = self._people[one]
            found.append((person.name, Text(_role_words(person.role))))
        return found


def _role_words(role: str) -> str:
    return ROLES[Role(role)] if role in {one.value for one in Role} else role
