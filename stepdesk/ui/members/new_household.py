"""A new household: one line a person, the family name coming down, letters for sex and link."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import Enum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.rules import read_birth
from stepdesk.members.terms import RELATIONS, Likeness, NewPerson, Relation, Sex
from stepdesk.ui import theme
from stepdesk.ui.members.facts import Choices, Preview
from stepdesk.ui.members.joining import AlikeBand, Draft, FromScheme
from stepdesk.ui.members.photo_cell import PhotoCell
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field, NumbersField, SelectedOnFocus
from stepdesk.ui.widgets.form import ErrorLine, Form
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.words import Shown, Size, Words

# What one types for sex and link, in each language of the desk.
SEX_LETTERS: dict[str, dict[str, Sex]] = {
    "en": {"f": Sex.FEMALE, "m": Sex.MALE},
    "fr": {"f": Sex.FEMALE, "h": Sex.MALE, "m": Sex.MALE},
}
LINK_LETTERS: dict[str, dict[str, Relation]] = {
    "en": {
        "s": Relation.SPOUSE,
        "w": Relation.CO_SPOUSE,
        "c": Relation.CHILD,
        "f": Relation.FOSTER_CHILD,
        "p": Relation.PARENT,
        "l": Relation.PARENT_IN_LAW,
        "b": Relation.SIBLING,
        "g": Relation.GRANDCHILD,
        "d": Relation.DOMESTIC,
        "o": Relation.OTHER,
    },
    "fr": {
        "c": Relation.SPOUSE,
        "o": Relation.CO_SPOUSE,
        "e": Relation.CHILD,
        "n": Relation.FOSTER_CHILD,
        "p": Relation.PARENT,
        "b": Relation.PARENT_IN_LAW,
        "f": Relation.SIBLING,
        "i": Relation.GRANDCHILD,
        "d": Relation.DOMESTIC,
        "a": Relation.OTHER,
    },
}
_HEADS = (N_("Family name"), N_("Given names"), N_("Sex"), N_("Born or age"), N_("Link"))
_WIDTHS = (0, 0, 56, 116, 56, 150, 44)  # pixels of the design; 0 shares what is left
_STRETCH = (4, 5, 0, 0, 0, 0, 0)
_MOST_LETTERS = 60


def _set_columns(grid: QGridLayout) -> None:
    """Give the headings and every line the same columns."""
    now = theme.current()
    grid.setHorizontalSpacing(now.px(8))
    for column, (width, stretch) in enumerate(zip(_WIDTHS, _STRETCH, strict=True)):
        grid.setColumnMinimumWidth(column, now.px(width))
        grid.setColumnStretch(column, stretch)


class LetterCell(Field):
    """A cell of one letter; the next cell has the cursor as soon as it is typed."""

    typed_letter = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(1)
        self.setFixedWidth(theme.current().px(56))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._letter)

    def _letter(self, told: str) -> None:
        if told.strip():
            self.setText(told.upper())
            self.typed_letter.emit()

    @override
    def dress(self) -> None:
        super().dress()
        self.setFixedWidth(theme.current().px(56))

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.selectAll()


class PersonLine(QWidget, Dressed, Speaking):
    """One person of the form.

    Signals:
        ended: Everything was typed; the next line may begin.
        ended_empty: Enter was pressed on an empty line: the list is complete.
        changed: Something was typed.
        pictured: Enter on the photo: go to the next one.
    """

    ended = Signal()
    ended_empty = Signal()
    changed = Signal()
    pictured = Signal()

    def __init__(self, speaker: Speaker, at: int, today: date, lane: Lane | None = None) -> None:
        super().__init__()
        self.at = at
        self._today = today
        self._language = speaker.language
        self.inherited = ""
        self.surname, self.given_names = Field(), Field()
        self.surname.setMaxLength(_MOST_LETTERS)
        self.given_names.setMaxLength(_MOST_LETTERS)
        self.sex, self.relation = LetterCell(), LetterCell()
        self.birth = NumbersField()
        self.link = Words(RELATIONS[Relation.SELF] if at == 0 else "", speaker, muted=True)
        self.photo = PhotoCell(speaker, lane)
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
            cell.textEdited.connect(self._edited)
        # Who needs no letter, the member, has the word below its heading.
        self._grid.addWidget(self.link, 0, 4 if at == 0 else 5, 1, 2 if at == 0 else 1)
        self._grid.addWidget(self.photo, 0, 6)
        self._grid.addWidget(self.error, 1, 0, 1, 7)
        if at == 0:
            self.relation.hide()
            # An empty column would have no space beside it.
            for column in (4, 5):
                self._grid.addWidget(Shown(), 0, column)
            self.link.raise_()
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
        self.relation.textChanged.connect(self._tell_link)
        self.photo.passed.connect(self.pictured)
        self.photo.refused.connect(self.error.show_text)
        self.photo.picked.connect(self._pictured)
        for cell in (self.surname, self.given_names):
            cell.textChanged.connect(self._name_photo)

    def _name_photo(self, _told: str) -> None:
        self.photo.name_it(f"{self.surname.text()} {self.given_names.text()}".strip())

    def _pictured(self, _content: bytes) -> None:
        self.clear_marks()
        self.changed.emit()

    @override
    def speak(self) -> None:
        self._translate_letters()
        for cell, head in zip(self.cells.values(), _HEADS, strict=True):
            cell.setAccessibleName(
                self.speaker.tr(N_("{what}, person {number}"), what=Text(head), number=self.at + 1)
            )

    @override
    def dress(self) -> None:
        now = theme.current()
        _set_columns(self._grid)
        self._grid.setVerticalSpacing(now.px(2))
        self.birth.setFixedWidth(now.px(116))

    def inherit(self, surname: str) -> None:
        """Take the family name of the line above, unless another one was typed."""
        if self.surname.text() == self.inherited:
            self.inherited = surname
            self.surname.setText(surname)

    @property
    def empty(self) -> bool:
        """Whether nobody was typed here; a family name that came down does not count."""
        told = {name: cell.text().strip() for name, cell in self.cells.items()}
        surname = told.pop("surname")
        typed = any(told.values()) or self.photo.content is not None
        return not typed and surname in {"", self.inherited.strip()}

    def _translate_letters(self) -> None:
        """Write the letters of the language spoken now for what was typed in the last one."""
        before, self._language = self._language, self.speaker.language
        if before == self._language:
            return
        _translate(self.sex, SEX_LETTERS, before, self._language)
        _translate(self.relation, LINK_LETTERS, before, self._language)

    def _tell_link(self, letter: str) -> None:
        links = LINK_LETTERS.get(self._language, LINK_LETTERS["en"])
        relation = links.get(letter.casefold())
        self.link.say("" if relation is None else RELATIONS[relation])

    def _from_given(self) -> None:
        if self.at and self.empty:
            self.ended_empty.emit()
        else:
            self.sex.setFocus(Qt.FocusReason.TabFocusReason)

    def _from_birth(self) -> None:
        if self.at and self.empty:
            self.ended_empty.emit()
        elif self.at:
            self.relation.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.ended.emit()

    def _edited(self, _told: str) -> None:
        # The last letter of a line has taken the cursor on, and what is wrong stays in sight.
        if any(cell.hasFocus() for cell in self.cells.values()):
            self.clear_marks()
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
                Text(N_("Type one letter for the sex: {letters}."), {"letters": _letters(sexes)}),
                field="sex",
            )
        birth = read_birth(self.birth.text(), self._today)
        relation = Relation.SELF if self.at == 0 else links.get(self.relation.text().casefold())
        if relation is None:
            raise Refusal(
                Text(N_("Type one letter for the link: {letters}."), {"letters": _letters(links)}),
                field="relation",
            )
        return NewPerson(self.surname.text(), self.given_names.text(), sex, birth, relation)

    def look(self) -> None:
        """Show what is wrong with what was typed, and leave the cursor where it is."""
        self.clear_marks()
        if self.at and self.empty:
            return
        try:
            self.person()
        except Refusal as refusal:
            self._mark(refusal.text, refusal.field)

    def refuse(self, text: Text, cell: str) -> None:
        """Show what is wrong with a cell below the line, and go there."""
        self._mark(text, cell).setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_marks(self) -> None:
        """Take away what was said of this line."""
        self.error.clear_text()
        for cell in self.cells.values():
            cell.mark_wrong(wrong=False)
            cell.setAccessibleDescription("")

    def _mark(self, text: Text, cell: str) -> Field:
        self.error.show_text(text)
        field = self.cells.get(cell, self.surname)
        field.mark_wrong(wrong=True)
        field.setAccessibleDescription(self.error.text())
        return field


def _translate(
    cell: LetterCell,
    letters: Mapping[str, Mapping[str, Enum]],
    before: str,
    language: str,
) -> None:
    meant = letters.get(before, letters["en"]).get(cell.text().casefold())
    if meant is None:
        return
    now = letters.get(language, letters["en"])
    if now.get(cell.text().casefold()) is not meant:
        cell.setText(next(letter for letter, value in now.items() if value is meant).upper())


def _letters(known: dict[str, object] | dict[str, Sex] | dict[str, Relation]) -> str:
    return ", ".join(letter.upper() for letter in known)


class NewHousehold(Card, Speaking):
    """The form of a new household.

    Signals:
        ready: What was typed is whole and is to be registered (the doubts that were accepted,
            and why).
        changed: The persons may have changed: reckon what joining costs.
        left: The person went back; what was typed stays.
    """

    ready = Signal(object, str)
    changed = Signal()
    left = Signal()

    def __init__(
        self,
        speaker: Speaker,
        today: date,
        lane: Lane | None = None,
        photos: PhotoCache | None = None,
    ) -> None:
        super().__init__(N_("New household"), speaker, margin=16)
        self._today = today
        self._lane = lane
        self._choices: Choices | None = None
        self._busy = False
        self._sent: list[PersonLine] = []
        self.section, self.plan = ComboLine(), ComboLine()
        self.category, self.group, self.consent = ComboLine(), ComboLine(), ComboLine()
        self.sms_consent = ComboLine()
        self.phone, self.address, self.people = NumbersField(), Field(), SelectedOnFocus()
        self.card_number = SelectedOnFocus()
        self.from_scheme = FromScheme(speaker, today)
        self.from_scheme.hide()
        self.alike = AlikeBand(speaker, today, photos)
        self._apart: set[int] = set()
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
            (N_("Plan"), self.plan, 3),
            (N_("Card number"), self.card_number, 2),
            (N_("Telephone"), self.phone, 2),
            (N_("Address"), self.address, 3),
            (N_("People"), self.people, 1),
        )
        for label, widget, stretch in fields:
            block = QVBoxLayout()
            top.addLayout(block, stretch)
            words = Words(label, speaker, size=Size.SMALL, muted=True)
            words.setBuddy(widget)
            block.addWidget(words)
            block.addWidget(widget)
            block.setSpacing(2)
        self.body.addLayout(top)
        self._place_more(speaker)
        self.body.addWidget(self.form)
        self.body.addWidget(self._head)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.hint)
        self.body.addStretch(1)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.alike)
        self.body.addWidget(self.caution)
        self.body.addWidget(self.told)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        foot.addWidget(self.save)
        foot.addWidget(self.back)
        foot.addStretch(1)

    def _place_more(self, speaker: Speaker) -> None:
        """What few households need: group, category, consent on paper, another scheme before."""
        self._more = QHBoxLayout()
        self.body.addLayout(self._more)
        self._category_words = Words(N_("Category"), speaker, size=Size.SMALL, muted=True)
        consent = Words(N_("Data kept with consent"), speaker, size=Size.SMALL, muted=True)
        messages = Words(N_("Messages"), speaker, size=Size.SMALL, muted=True)
        self._group_words = Words(N_("Group"), speaker, size=Size.SMALL, muted=True)
        for words, widget in (
            (self._group_words, self.group),
            (self._category_words, self.category),
            (consent, self.consent),
            (messages, self.sms_consent),
        ):
            words.setBuddy(widget)
            self._more.addWidget(words)
            self._more.addWidget(widget, 1)
        self.other_scheme = PlainButton(N_("From another scheme"), speaker)
        self._more.addWidget(self.other_scheme)
        self._more.addStretch(1)
        self.body.addWidget(self.from_scheme)
        for combo in self._lists().values():
            # A long name does not make the form wide; the list below shows it whole.
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(8)
        for value in (None, True, False):
            self.consent.addItem("", value)
            self.sms_consent.addItem("", value)
        for part in (self.category, self._category_words, self.group, self._group_words):
            part.hide()

    def _connect(self) -> None:
        chain: tuple[tuple[ComboLine | Field, Callable[[], object]], ...] = (
            (self.section, self._from_section),
            (self.plan, self.card_number.setFocus),
            (self.card_number, self.phone.setFocus),
            (self.phone, self.address.setFocus),
            (self.address, self.people.setFocus),
            (self.people, self._first_name),
        )
        for widget, go_on in chain:
            signal = widget.entered if isinstance(widget, ComboLine) else widget.returnPressed
            signal.connect(go_on)
        self.save.clicked.connect(self.send)
        self.back.clicked.connect(self.left)
        self.caution.accepted.connect(self._send)
        for field in self._fields().values():
            field.textEdited.connect(self._edited)
        for last in (self.group, self.category, self.consent, self.sms_consent):
            last.entered.connect(self._first_name)
        for combo in self._lists().values():
            combo.activated.connect(self._edited)
        self.other_scheme.clicked.connect(self._show_other_scheme)
        self.alike.told_apart.connect(self._tell_apart)

    @override
    def speak(self) -> None:
        for widget, words in (
            (self.section, N_("Village or group")),
            (self.plan, N_("Plan")),
            (self.phone, N_("Telephone")),
            (self.address, N_("Address")),
            (self.people, N_("People in the household")),
            (self.card_number, N_("Number on the pre-printed card; empty for the next one")),
            (self.category, N_("Category")),
            (self.group, N_("Group")),
            (self.consent, N_("Data kept with consent")),
            (self.sms_consent, N_("Agrees to be sent messages")),
        ):
            widget.setAccessibleName(self.speaker.tr(words))
        for at, words in enumerate((N_("not asked yet"), N_("agreed, on paper"), N_("refused"))):
            self.consent.setItemText(at, self.speaker.tr(words))
            self.sms_consent.setItemText(at, self.speaker.tr(words))
        self.hint.say(
            N_(
                "Sex: F or M. Born: 14/3/1987, 3/2019, 1987, an age, or ~35 for about. "
                "Link: S spouse, W co-wife or co-husband, C child, F foster child, P parent, "
                "L parent-in-law, B brother or sister, G grandchild, D domestic, O other. "
                "Enter on an empty line ends the list. F4: photos, by Space; Enter goes on."
            )
        )

    @override
    def dress(self) -> None:
        super().dress()
        now = theme.current()
        if hasattr(self, "_top"):
            self._top.setSpacing(now.px(8))
            self._more.setSpacing(now.px(8))
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
        self._offer_more(self.category, self._category_words, choices.categories)
        self._offer_more(self.group, self._group_words, choices.groups)
        if not choices.sections or not choices.plans:
            text = N_("First name a village and say what members pay, on the page Scheme.")
            self.form.show_error("", Text(text))
        else:
            self.form.clear()

    def _offer_more(
        self, combo: ComboLine, words: Words, items: Sequence[tuple[bytes, str]]
    ) -> None:
        """Offer what a household may also have; nothing is shown where the scheme has none."""
        kept = combo.currentData()
        combo.clear()
        combo.addItem(self.speaker.tr(N_("none")), None)
        for item, name in items:
            combo.addItem(name, item)
        combo.setCurrentIndex(max(combo.findData(kept), 0))
        for part in (combo, words):
            part.setVisible(bool(items))

    def _show_other_scheme(self) -> None:
        self.from_scheme.setVisible(self.from_scheme.isHidden())
        target = self.from_scheme.scheme if self.from_scheme.isVisible() else self.people
        target.setFocus(Qt.FocusReason.OtherFocusReason)

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
        for field in self._fields().values():
            field.setText("")
        for combo in (self.category, self.group, self.consent, self.sms_consent):
            combo.setCurrentIndex(0)
        self.from_scheme.hide()
        self.alike.hide()
        self._apart = set()
        self.told.say("")
        self.caution.hide()
        self.trouble.hide()
        self.form.clear()
        self.add_line()
        self.free()

    def add_line(self) -> PersonLine:
        """Add a line for the next person."""
        line = PersonLine(self.speaker, len(self.lines), self._today, self._lane)
        if self.lines:
            line.inherit(self.lines[-1].surname.text())
        line.ended.connect(partial(self._next, line.at))
        line.ended_empty.connect(self._complete)
        line.changed.connect(self._edited)
        line.pictured.connect(partial(self._next_photo, line.at))
        line.surname.textEdited.connect(partial(self._come_down, line.at))
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

    def _edited(self, *_told: object) -> None:
        # What was asked about may be somebody else now.
        self.caution.hide()
        self.changed.emit()

    def _come_down(self, at: int, surname: str) -> None:
        """Let a family name that is corrected come down to the lines that took it."""
        for line in self.lines[at + 1 :]:
            if line.surname.text() != line.inherited:
                return
            line.inherit(surname)

    def _next(self, at: int) -> None:
        self.lines[at].look()
        last = at + 1 == len(self.lines)
        if last and at and self.lines[at].empty:
            self._complete()
            return
        line = self.lines[at + 1] if at + 1 < len(self.lines) else self.add_line()
        line.given_names.setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _before(self, at: int) -> None:
        if at:
            self.lines[at - 1].given_names.setFocus(Qt.FocusReason.TabFocusReason)

    def to_photos(self) -> None:
        """F4: the first person without a photo; the household's last one when all have one."""
        people = [line for line in self.lines if not line.empty] or self.lines[:1]
        wanted = next((line for line in people if not line.photo.has_photo), people[-1])
        wanted.photo.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_photo(self, at: int) -> None:
        following = self.lines[at + 1 : at + 2]
        if following and not following[0].empty:
            following[0].photo.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._complete()

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
        sent: list[PersonLine] = []
        for line in self.lines:
            line.clear_marks()
            if line.at and line.empty:
                continue
            try:
                found.append(line.person())
            except Refusal as refusal:
                line.refuse(refusal.text, refusal.field)
                return None
            sent.append(line)
        # A refusal counts the persons; empty lines between them are none.
        self._sent = sent
        return found

    def photos(self) -> tuple[bytes | None, ...]:
        """Return the portraits of the persons last given by `persons`, None for "later"."""
        return tuple(line.photo.content for line in self._sent)

    def declared_size(self) -> int | None:
        """Return how many live there, 0 when it was left out, None when it is no number."""
        told = self.people.text().strip()
        if not told:
            return 0
        return int(told) if told.isdecimal() else None

    def _fields(self) -> dict[str, Field]:
        """The fields above the lines, by the name a draft keeps them under."""
        other = self.from_scheme
        return {
            "phone": self.phone,
            "address": self.address,
            "people": self.people,
            "card_number": self.card_number,
            "scheme": other.scheme,
            "counts_from": other.counts_from,
            "left_on": other.left_on,
            "document": other.document,
        }

    def _lists(self) -> dict[str, ComboLine]:
        """The lists one chooses from, by the name a draft keeps them under."""
        return {
            "section": self.section,
            "plan": self.plan,
            "category": self.category,
            "group": self.group,
            "consent": self.consent,
            "sms_consent": self.sms_consent,
        }

    # Who looks alike, while it is typed

    def whole_lines(self) -> dict[int, NewPerson]:
        """Return the persons that are whole and were not told apart, by the place of their line."""
        found: dict[int, NewPerson] = {}
        for line in self.lines:
            if line.at not in self._apart:
                with suppress(Refusal):
                    found[line.at] = line.person()
        return found

    def show_alike(self, found: Mapping[int, tuple[NewPerson, Likeness]]) -> None:
        """Ask about the first line that looks like somebody registered; nothing is blocked."""
        told = {at: one for at, one in found.items() if at not in self._apart}
        if not told:
            self.alike.hide()
            return
        at = min(told)
        person, like = told[at]
        photo = self.lines[at].photo.content if at < len(self.lines) else None
        self.alike.show_likeness(at, f"{person.surname} {person.given_names}", like, photo)

    def _tell_apart(self, at: int) -> None:
        self._apart.add(at)
        self.alike.hide()
        self.begin()
        self.changed.emit()

    # What was typed and not saved

    def draft(self) -> Draft:
        """Return what stands in the form."""
        lines = [
            {name: cell.text() for name, cell in line.cells.items()}
            for line in self.lines
            if not line.empty
        ]
        return Draft(
            {name: field.text() for name, field in self._fields().items()},
            lines,
            {name: _told(combo.currentData()) for name, combo in self._lists().items()},
        )

    def fill(self, draft: Draft) -> None:
        """Put back what stood in the form."""
        self.restart()
        for name, field in self._fields().items():
            field.setText(draft.fields.get(name, ""))
        for name, combo in self._lists().items():
            _choose(combo, draft.chosen.get(name, ""))
        self.from_scheme.setVisible(bool(self.from_scheme.scheme.text()))
        for at, told in enumerate(draft.lines):
            line = self.lines[at] if at < len(self.lines) else self.add_line()
            for name, cell in line.cells.items():
                cell.setText(told.get(name, ""))
        if draft.lines:
            self.add_line()

    def send(self) -> None:
        """Ask for the registration."""
        self._send(frozenset())

    def _send(self, accepting: frozenset[str], reason: str = "") -> None:
        if self._busy:
            return
        self.caution.hide()
        self.form.clear()
        if self.declared_size() is None:
            text = Text(N_("How many people live there is a number."))
            self.form.show_error("", text)
            self.people.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.persons() is None or not self._transfer_said():
            return
        # The doubts name persons by their place among those sent, empty lines left out.
        apart = {f"alike:{at}" for at, line in enumerate(self._sent) if line.at in self._apart}
        self._hold(busy=True)
        self.ready.emit(accepting | apart, reason)

    def _transfer_said(self) -> bool:
        try:
            self.from_scheme.transfer()
        except Refusal as refusal:
            self.form.show_error("", refusal.text)
            return False
        return True

    def free(self) -> None:
        """Let the form be sent again."""
        self._hold(busy=False)

    def _hold(self, *, busy: bool) -> None:
        """While it is being written down nothing can be typed or sent.

        The button stays as it is: it would lose the focus, and a second Enter go elsewhere.
        """
        self._busy = busy
        cells = [cell for line in self.lines for cell in line.cells.values()]
        for field in (*cells, *self._fields().values()):
            field.setReadOnly(busy)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the registration beside its cell."""
        self.free()
        cell, _, at = refusal.field.partition(":")
        if at.isdecimal() and int(at) < len(self._sent):
            self._sent[int(at)].refuse(refusal.text, cell)
            return
        self.form.show_error("", refusal.text)
        target: dict[str, QWidget] = {
            "section": self.section,
            "plan": self.plan,
            "declared_size": self.people,
            "phone": self.phone,
            "card_number": self.card_number,
            "transfer": self.from_scheme.scheme,
            "counts_from": self.from_scheme.counts_from,
            "left_on": self.from_scheme.left_on,
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


def _told(held: object) -> str:
    """Return what a list stands on as text: an id in hexadecimal, yes, no, or nothing."""
    if isinstance(held, bytes):
        return held.hex()
    return "" if held is None else str(held)


def _choose(combo: ComboLine, told: str) -> None:
    """Go back to what a list stood on, where it is still offered."""
    for at in range(combo.count()):
        if told and _told(combo.itemData(at)) == told:
            combo.setCurrentIndex(at)


class _Heads(QWidget, Dressed):
    """The headings over the lines."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for column, head in enumerate(_HEADS):
            words = Words(head, speaker, size=Size.SMALL, muted=True)
            words.setMinimumWidth(1)
            self._grid.addWidget(words, 0, column)
        self._grid.addWidget(Shown(), 0, len(_HEADS))
        photo = Words(N_("Photo"), speaker, size=Size.SMALL, muted=True)
        self._grid.addWidget(photo, 0, len(_HEADS) + 1)
        self.wear()

    @override
    def dress(self) -> None:
        _set_columns(self._grid)
