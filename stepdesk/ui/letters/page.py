"""The letters room: one is written, all are listed, figures are checked on the telephone."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from stepdesk.claims.terms import GuaranteeKind, GuaranteeLetter
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import PersonRow
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.action_form import Sent
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.letters import facts
from stepdesk.ui.letters.check_form import CheckForm
from stepdesk.ui.letters.issued_view import IssuedView
from stepdesk.ui.letters.letter_form import LetterForm
from stepdesk.ui.letters.letters_list import LettersList
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.theme import Dressed

_WRITE, _ISSUED, _LIST, _CHECK = range(4)


class LettersPage(Page, Dressed):
    """Everything about guarantee letters; `go` may be given person, show or pad."""

    id = "letters"
    help_page = "letters"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._room: facts.Room | None = None
        say, today = context.speaker, context.clock_today()
        self.form = LetterForm(context, self._desk)
        self.issued = IssuedView(say)
        self.list = LettersList(say, today, self._desk.currency)
        self.check = CheckForm(say)
        self.stack = CurrentStack()
        parts: tuple[QWidget, ...] = (self.form, self.issued, self.list, self.check)
        for part in parts:
            self.stack.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.stack, 1)
        self._connect()
        self.wear()
        self.learn(say)

    def _connect(self) -> None:
        self.form.ready.connect(self._issue)
        self.form.request_ready.connect(self._write_down)
        self.form.list_wanted.connect(self.show_list)
        self.issued.print_wanted.connect(self._print)
        self.issued.next_wanted.connect(self.write)
        self.issued.list_wanted.connect(self.show_list)
        self.list.show_wanted.connect(self._load)
        self.list.print_wanted.connect(self._print)
        self.list.provider_wanted.connect(self._print_list)
        self.list.act_wanted.connect(self._start_act)
        self.list.write_wanted.connect(self.write)
        self.list.check_wanted.connect(self.show_check)
        self.list.form.ready.connect(self._act)
        self.check.asked.connect(self._check)
        self.check.left.connect(self.show_list)
        for name, act in (
            ("new", self.write),
            ("filter", self._filter),
            ("print", self._press_print),
            ("override", self._override),
            ("several", self._pad),
            ("back", self._back),
        ):
            self.bind(name, act)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Letters"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.title())

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        """Come up where a letter is written; what is half typed is still there."""
        which, person = arguments.get("show"), arguments.get("person")
        self.context.lane.do(partial(facts.room_of, self._desk), self._take_room, owner=self)
        if isinstance(which, str):
            self.list.show_which.choose(which)
            self.show_list()
        elif isinstance(person, PersonRow):
            self.stack.setCurrentIndex(_WRITE)
            self.form.start_for(person)
        elif self._part == _LIST:
            self.show_list()
        else:
            self._show_form()

    @property
    def _part(self) -> int:
        return self.stack.currentIndex()

    def _take_room(self, room: facts.Room) -> None:
        self._room = room
        self.form.show_room(room)

    # Writing

    def write(self, *_clicked: object) -> None:
        """F2: a letter; a second F2 empties the form."""
        if self._part == _ISSUED or (self._part == _WRITE and self._within(self.form)):
            self.form.begin()
        self._show_form()

    def _show_form(self) -> None:
        self.stack.setCurrentIndex(_WRITE)
        self.form.focus()

    def _within(self, part: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and part.isAncestorOf(focused)

    def _pad(self) -> None:
        self.stack.setCurrentIndex(_WRITE)
        self.form.turn(GuaranteeKind.PAD)

    def _override(self) -> None:
        if self._part == _LIST:
            self.list.act_first()
        elif self._part in {_WRITE, _ISSUED}:
            self.stack.setCurrentIndex(_WRITE)
            self.form.turn(GuaranteeKind.REGULARISATION)

    def _issue(self, wanted: facts.Wanted) -> None:
        self.context.lane.do(
            partial(facts.issued, self._desk, wanted),
            self._issued,
            refused=self.form.refuse,
            cautioned=self.form.doubt,
            troubled=self.form.fail,
            owner=self,
        )

    def _issued(self, letter: GuaranteeLetter) -> None:
        self._show_issued(letter)
        self._print(letter)

    def _write_down(self, wanted: facts.Wanted) -> None:
        self.context.lane.do(
            partial(facts.asked_for, self._desk, wanted),
            self._show_issued,
            refused=self.form.refuse,
            troubled=self.form.fail,
            owner=self,
        )

    def _show_issued(self, letter: GuaranteeLetter) -> None:
        self.context.saved()
        self.form.begin()
        self.issued.show_letter(letter)
        self.stack.setCurrentIndex(_ISSUED)
        self.issued.focus()

    # The list

    def show_list(self) -> None:
        """F3: the letters as they stand now."""
        self.stack.setCurrentIndex(_LIST)
        self.list.leave_form()
        self._load(self.list.which)

    def _load(self, which: str) -> None:
        self.context.lane.do(partial(facts.listed, self._desk, which), self._listed, owner=self)

    def _listed(self, letters: tuple[GuaranteeLetter, ...]) -> None:
        self.list.show_letters(letters)
        if self._part == _LIST and not self.list.acting and not self._within(self.list.show_which):
            self.list.focus()

    def _start_act(self, name: str, letter: GuaranteeLetter) -> None:
        if self._room is not None:
            self.list.start_form(name, letter, self._room)

    def _act(self, sent: Sent) -> None:
        letter = self.list.table.letter()
        if letter is None:
            return
        self.context.lane.do(
            partial(
                facts.done,
                self._desk,
                facts.Done(sent.name, letter.id, sent.answers, sent.signer),
            ),
            partial(self._acted, sent.name),
            refused=self.list.form.refuse,
            troubled=self.list.form.fail,
            owner=self,
        )

    def _acted(self, name: str, letter: GuaranteeLetter) -> None:
        self.context.saved()
        self.list.form.forget()
        self.show_list()
        told = {
            "extend": N_("Letter {number} is extended."),
            "cancel": N_("Letter {number} is cancelled."),
            "grant": N_("Letter {number} is issued."),
            "refuse": N_("Letter {number} is refused."),
        }
        self.context.toast(Text(told[name], {"number": letter.number}))
        if name in {"extend", "grant"}:
            self._print(letter)

    # On the telephone

    def show_check(self) -> None:
        """Check figures that are read on the telephone."""
        self.stack.setCurrentIndex(_CHECK)
        self.check.start()

    def _check(self, number: str, code: str) -> None:
        self.context.lane.do(
            partial(facts.checked, self._desk, number, code),
            self.check.tell,
            refused=self.check.refuse,
            owner=self,
        )

    # Papers and keys

    def _press_print(self) -> None:
        acts: dict[int, Callable[[], object]] = {
            _WRITE: self.form.send,
            _ISSUED: self.issued.print.click,
            _LIST: self.list.print_chosen,
        }
        if self._part in acts:
            acts[self._part]()

    def _print(self, letter: GuaranteeLetter) -> None:
        name = self.speaker.tr(N_("Letter {number}"), number=letter.number)
        self.context.lane.do(
            partial(facts.letter_paper, self._desk, letter.id),
            partial(self._paper, name),
            owner=self,
        )

    def _print_list(self, letter: GuaranteeLetter) -> None:
        letters = tuple(
            one for one in self.list.table.letters.values()
            if one.provider_id == letter.provider_id
        )  # fmt: skip
        name = self.speaker.tr(N_("Open guarantee letters: {provider}"), provider=letter.provider)
        self.context.lane.do(
            partial(facts.list_paper, self._desk, letters, letter.provider),
            partial(self._paper, name),
            owner=self,
        )

    def _paper(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.speaker)

    def _filter(self) -> None:
        if self._part == _LIST:
            self.show_check()
        else:
            self.show_list()

    def _back(self) -> None:
        match self._part:
            case 0:
                if not self.form.step_back():
                    self.show_list()
            case 1:
                self.write()
            case 2 if self.list.acting:
                self.list.leave_form()
            case 2:
                self._show_form()
            case _:
                self.show_list()
