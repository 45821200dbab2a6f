"""A new household: one line a person, the family name coming down, letters for sex and link."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.rules import read_birth
from stepdesk.members.terms import NewPerson, Relation, Sex
from stepdesk.ui import theme, tokens
from stepdesk.ui.members.facts import Choices, Preview
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.field import Field, SelectedOnFocus
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.words import Size, Words

# What one types for sex and link, in each language of the desk.
SEX_LETTERS: dict[str, dict[str, Sex]] = {
    "en": {"f": Sex.FEMALE, "m": Sex.MALE},
    "fr": {"f": Sex.FEMALE, "h": Sex.MALE, "m": Sex.MALE},
}
LINK_LETTERS: dict[str, dict[str, Relation]] = {
    "en": {
        "s": Relation.SPOUSE,
        "c": Relation.CHILD,
        "p": Relation.PARENT,
        "b": Relation.SIBLING,
        "g": Relation.GRANDCHILD,
        "o": Relation.OTHER,
    },
    "fr": {
        "c": Relation.SPOUSE,
        "e": Relation.CHILD,
        "p": Relation.PARENT,
        "f": Relation.SIBLING,
        "i": Relation.GRANDCHILD,
        "a": Relation.OTHER,
    },
}
_HEADS = (N_("Family name"), N_("Given names"), N_("Sex"), N_("Born or age"), N_("Link"))
_STRETCH = (4, 5, 1, 3, 1)


class ComboLine(QComboBox, Dressed):
    """A list one opens with the arrow keys; Enter goes on."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        self.setFont(now.font())
        self.setFixedHeight(now.px(tokens.FIELD))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class LetterCell(Field):
    """A cell of one letter; the next cell has the cursor as soon as it is typed."""

    typed_letter = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(1)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._letter)

    def _letter(self, told: str) -> None:
        if told.strip():
            self.setText(told.upper())
            self.typed_letter.emit()


class PersonLine(QWidget, Dressed, Speaking):
    """One person of the form.

    Signals:
        ended: Everything was typed; the next line may begin.
        ended_empty: Enter was pressed on an empty line: the list is complete.
        changed: Something was typed.
    """

    ended = Signal()
    ended_empty = Signal()
    changed = Signal()

    def __init__(self, speaker: Speaker, at: int, today: date) -> None:
        super().__init__()
        self.at = at
        self._today = today
        self.surname, self.given_names = Field(), Field()
        self.sex, self.relation = LetterCell(), LetterCell()
        self.birth = SelectedOnFocus()
        self.member = Words(N_("member"), speaker, muted=True)
        self.error = ErrorLine(speaker)
        self.cells: dict[str, Field] = {
            "surname": self.surname,
            "given_names": self.given_names,
            "sex": self.sex,
            "birth": self.birth,
            "relation": self.relation,
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column, cell in enumerate(self.cells.values()):
            self._grid.addWidget(cell, 0, column)
            self._grid.setColumnStretch(column, _STRETCH[column])
            cell.textEdited.connect(self._edited)
        self._grid.addWidget(self.error, 1, 0, 1, 5)
        if at == 0:
            self.relation.hide()
            self._grid.addWidget(self.member, 0, 4)
        else:
            self.member.hide()
        self._chain()
        self.wear()
        self.learn(speaker)

    def _chain(self) -> None:
        self.surname.returnPressed.connect(self.given_names.setFocus)
        self.given_names.returnPressed.connect(self._from_given)
        self.sex.returnPressed.connect(self.birth.setFocus)
        self.sex.typed_letter.connect(self.birth.setFocus)
        self.birth.returnPressed.connect(self._from_birth)
        self.relation.returnPressed.connect(self.ended)
        self.relation.typed_letter.connect(self.ended)

    @override
    def speak(self) -> None:
        for cell, head in zip(self.cells.values(), _HEADS, strict=True):
            cell.setAccessibleName(
                self.speaker.tr(N_("{what}, person {number}"), what=Text(head), number=self.at + 1)
            )

    @override
    def dress(self) -> None:
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(2))
        for cell in (self.sex, self.relation):
            cell.setMinimumWidth(now.px(56))
        self.birth.setMinimumWidth(now.px(108))

    @property
    def empty(self) -> bool:
        """Whether nobody was typed here; a family name that came down does not count."""
        return not any(
            cell.text().strip() for name, cell in self.cells.items() if name != "surname"
        )

    def _from_given(self) -> None:
        if self.at and self.empty:
            self.ended_empty.emit()
        else:
            self.sex.setFocus(Qt.FocusReason.TabFocusReason)

    def _from_birth(self) -> None:
        if self.at:
            self.relation.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.ended.emit()

    def _edited(self, _told: str) -> None:
        self.error.clear_text()
        self.changed.emit()

    def person(self) -> NewPerson:
        """Return who was typed.

        Raises:
            Refusal: its field names the cell.
        """
        language = self.speaker.language
        sexes = SEX_LETTERS.get(language, SEX_LETTERS["en"])
        links = LINK_LETTERS.get(language, LINK_LETTERS["en"])
        sex = sexes.get(self.sex.text().casefold())
        if not self.given_names.text().strip():
            raise Refusal(Text(N_("Type the name.")), field="given_names")
        if sex is None:
            raise Refusal(
                Text(N_("One letter for the sex: {letters}."), {"letters": _letters(sexes)}),
                field="sex",
            )
        birth = read_birth(self.birth.text(), self._today)
        relation = Relation.SELF if self.at == 0 else links.get(self.relation.text().casefold())
        if relation is None:
            raise Refusal(
                Text(N_("One letter for the link: {letters}."), {"letters": _letters(links)}),
                field="relation",
            )
        return NewPerson(self.surname.text(), self.given_names.text(), sex, birth, relation)

    def refuse(self, text: Text, cell: str) -> None:
        """Show what is wrong with a cell below the line, and go there."""
        self.error.show_text(text)
        field = self.cells.get(cell, self.surname)
        field.mark_wrong(wrong=True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)


def _letters(known: dict[str, object] | dict[str, Sex] | dict[str, Relation]) -> str:
    return ", ".join(letter.upper() for letter in known)


class NewHousehold(Card, Speaking):
    """The form of a new household.

    Signals:
        ready: What was typed is whole and is to be registered (the doubts that were accepted).
        changed: The persons may have changed: reckon what joining costs.
        left: The person went back; what was typed stays.
    """

    ready = Signal(object)
    changed = Signal()
    left = Signal()

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(N_("New household"), speaker, margin=16)
        self._today = today
        self._choices: Choices | None = None
        self.section, self.plan = ComboLine(), ComboLine()
        self.phone, self.address, self.people = Field(), Field(), SelectedOnFocus()
        self.lines: list[PersonLine] = []
        self.form = Form(speaker)
        self.caution = CautionBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.hint = Words("", speaker, size=Size.SMALL, muted=True, wrap=True)
        self.told = Words("", speaker, bold=True, wrap=True)
        self.save = MainButton(N_("Register   Ctrl+Enter"), speaker)
        self.back = PlainButton(N_("Back"), speaker, key="back")
        self._lines = QVBoxLayout()
        self._head = _Heads(speaker)
        self._place(speaker)
        self._connect()
        self.learn(speaker)
        self.restart()

    def _place(self, speaker: Speaker) -> None:
        top = QHBoxLayout()
        self._top = top
        fields = (
            (N_("Village or group"), self.section, 3),
            (N_("Plan"), self.plan, 2),
            (N_("Telephone"), self.phone, 2),
            (N_("Address"), self.address, 3),
            (N_("People in the household"), self.people, 2),
        )
        for label, widget, stretch in fields:
            block = QVBoxLayout()
            top.addLayout(block, stretch)
            words = Words(label, speaker, size=Size.SMALL, muted=True)
            words.setBuddy(widget)
            block.addWidget(words)
            block.addWidget(widget)
            block.setSpacing(2)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.caution)
        self.body.addLayout(top)
        self.body.addWidget(self.form)
        self.body.addWidget(self._head)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.hint)
        self.body.addStretch(1)
        self.body.addWidget(self.told)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.save)
        foot.addWidget(self.back)
        foot.addStretch(1)

    def _connect(self) -> None:
        chain: tuple[tuple[ComboLine | Field, Callable[[], object]], ...] = (
            (self.section, self._from_section),
            (self.plan, self.phone.setFocus),
            (self.phone, self.address.setFocus),
            (self.address, self.people.setFocus),
            (self.people, self._first_name),
        )
        for widget, go_on in chain:
            signal = widget.entered if isinstance(widget, ComboLine) else widget.returnPressed
            signal.connect(go_on)
        self.save.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.caution.accepted.connect(self._accepted)

    @override
    def speak(self) -> None:
        for widget, words in (
            (self.section, N_("Village or group")),
            (self.plan, N_("Plan")),
            (self.phone, N_("Telephone")),
            (self.address, N_("Address")),
            (self.people, N_("People in the household")),
        ):
            widget.setAccessibleName(self.speaker.tr(words))
        self.hint.say(
            N_(
                "Sex: F or M. Born: 14/3/1987, 3/2019, 1987, an age, or ~35 for about. "
                "Link: S spouse, C child, P parent, B brother or sister, G grandchild, O other. "
                "Enter on an empty line ends the list."
            )
        )

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        if hasattr(self, "_top"):
            self._top.setSpacing(now.px(8))
            self._lines.setSpacing(now.px(4))

    # Filling in

    def offer(self, choices: Choices) -> None:
        """Show the villages and plans to choose from; the last choice stays."""
        kept = (self.section.currentData(), self.plan.currentData())
        self._choices = choices
        self.section.clear()
        for section in choices.sections:
            self.section.addItem(f"{section.code:02d} {section.name}", section.id)
        self.plan.clear()
        for plan in choices.plans:
            self.plan.addItem(plan.name, plan.plan_id)
        for combo, value in zip((self.section, self.plan), kept, strict=True):
            combo.setCurrentIndex(max(combo.findData(value), 0) if combo.count() else -1)
        self.plan.setEnabled(len(choices.plans) > 1)
        if not choices.sections or not choices.plans:
            text = N_("First name a village and say what members pay, on the page Scheme.")
            self.form.show_error("", Text(text))
        else:
            self.form.clear()

    def begin(self) -> None:
        """Put the cursor where typing begins."""
        first = next((line for line in self.lines if line.empty), self.lines[0])
        if first.at == 0 and self.section.count() > 1 and not first.surname.text():
            self.section.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            (first.given_names if first.at else first.surname).setFocus()

    def restart(self) -> None:
        """Empty the form for the next household; the village stays."""
        for line in self.lines:
            self._lines.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        for field in (self.phone, self.address, self.people):
            field.setText("")
        self.told.say("")
        self.caution.hide()
        self.add_line()
        self.free()

    def add_line(self) -> PersonLine:
        """Add a line for the next person."""
        line = PersonLine(self.speaker, len(self.lines), self._today)
        if self.lines:
            line.surname.setText(self.lines[-1].surname.text())
        line.ended.connect(partial(self._next, line.at))
        line.ended_empty.connect(self._complete)
        line.changed.connect(self.changed)
        for cell in line.cells.values():
            cell.down.connect(partial(self._next, line.at))
            cell.up.connect(partial(self._before, line.at))
        self._lines.addWidget(line)
        self.lines.append(line)
        return line

    def _from_section(self) -> None:
        (self.plan if self.plan.isEnabled() else self.phone).setFocus()

    def _first_name(self) -> None:
        self.lines[0].surname.setFocus()

    def _next(self, at: int) -> None:
        line = self.lines[at + 1] if at + 1 < len(self.lines) else self.add_line()
        line.given_names.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _before(self, at: int) -> None:
        if at:
            self.lines[at - 1].given_names.setFocus(Qt.FocusReason.TabFocusReason)

    def _complete(self) -> None:
        self.save.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    # What was typed

    def persons_so_far(self) -> list[NewPerson]:
        """Return the persons that are whole, for the living line."""
        found: list[NewPerson] = []
        for line in self.lines:
            try:
                found.append(line.person())
            except Refusal:
                continue
        return found

    def persons(self) -> list[NewPerson] | None:
        """Return all persons typed, or None after showing what is wrong."""
        found: list[NewPerson] = []
        for line in self.lines:
            line.error.clear_text()
            if line.at and line.empty:
                continue
            try:
                found.append(line.person())
            except Refusal as refusal:
                line.refuse(refusal.text, refusal.field)
                return None
        return found

    def declared_size(self) -> int | None:
        """Return how many live there, 0 when it was left out, None when it is no number."""
        told = self.people.text().strip()
        if not told:
            return 0
        return int(told) if told.isdecimal() else None

    def send(self) -> None:
        """Ask for the registration."""
        self._send(frozenset())

    def _accepted(self, names: frozenset[str], _reason: str) -> None:
        self._send(names)

    def _send(self, accepting: frozenset[str]) -> None:
        if not self.save.isEnabled():
            return
        self.form.clear()
        if self.declared_size() is None:
            text = Text(N_("How many people live there is a number."))
            self.form.show_error("", text)
            self.people.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.persons() is None:
            return
        self.save.setEnabled(False)
        self.ready.emit(accepting)

    def free(self) -> None:
        """Let the form be sent again."""
        self.save.setEnabled(True)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the registration beside its cell."""
        self.free()
        cell, _, at = refusal.field.partition(":")
        if at.isdecimal() and int(at) < len(self.lines):
            self.lines[int(at)].refuse(refusal.text, cell)
            return
        self.form.show_error("", refusal.text)
        target: dict[str, QWidget] = {
            "section": self.section,
            "plan": self.plan,
            "declared_size": self.people,
        }
        field = target.get(refusal.field, self.lines[0].surname)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def doubt(self, caution: Caution) -> None:
        """Show who looks alike."""
        self.free()
        self.caution.show_caution(caution)

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was registered."""
        self.free()
        self.trouble.show_trouble(trouble)

    def show_preview(self, preview: Preview) -> None:
        """Say what joining costs."""
        values: dict[str, Value] = {"fee": preview.entry_fee, "first": preview.first}
        if preview.rights_from is None:
            self.told.say(Text(N_("Entry fee {fee} · first contribution {first}"), values))
            return
        values["day"] = preview.rights_from
        self.told.say(
            Text(
                N_("Entry fee {fee} · first contribution {first} · paid today, rights from {day}"),
                values,
            )
        )


class _Heads(QWidget, Dressed):
    """The headings over the lines."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column, (head, stretch) in enumerate(zip(_HEADS, _STRETCH, strict=True)):
            self._grid.addWidget(Words(head, speaker, size=Size.SMALL, muted=True), 0, column)
            self._grid.setColumnStretch(column, stretch)
        self._grid.setColumnMinimumWidth(2, 56)
        self._grid.setColumnMinimumWidth(4, 56)
        self.wear()

    @override
    def dress(self) -> None:
        self._grid.setHorizontalSpacing(theme.current().px(8))
