"""Bringing in a members' register, in six steps; only the last one writes."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from stepdesk.errors import Refusal
from stepdesk.exchange.registers.terms import Choices, Imported
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.choosing import ask_file, ask_where
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.registers import facts
from stepdesk.ui.registers.columns_step import ColumnsStep
from stepdesk.ui.registers.result_step import ResultStep
from stepdesk.ui.registers.shape_step import ShapeStep
from stepdesk.ui.registers.step import Step
from stepdesk.ui.registers.table_step import PlaceStep, SheetStep
from stepdesk.ui.registers.values_step import ValuesStep
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.words import Size, Words

_KINDS = "*.xls *.xlsx *.xlsm *.xlsb *.ods *.csv *.tsv *.txt"
_NAMES = (*(N_("File"), N_("Table"), N_("Kind"), N_("Columns"), N_("Values"), N_("Result")),)
_OPEN, _STEPS, _DONE = range(3)


class _Opening(Card):
    """The first question: where is the register?"""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=24)
        self.choose = MainButton(N_("Choose a file …"), speaker, key="attach", icon="file-text")
        self.paste = PlainButton(N_("Take what was copied"), speaker, icon="file-check")
        self.error = ErrorLine(speaker)
        told = (
            N_("Bring in the register you have: Excel, LibreOffice or text, of whatever form."),
            N_(
                "Nothing is written before you have seen what would come in. "
                "The file itself is never changed."
            ),
            N_("You may also drop a file here, or copy a table in another program."),
        )
        title = Words(N_("Where is the register?"), speaker, size=Size.SECTION, bold=True)
        self.body.addWidget(title)
        for one in told:
            self.body.addWidget(Words(one, speaker, wrap=True))
        line = QHBoxLayout()
        self.body.addLayout(line)
        line.addWidget(self.choose)
        line.addWidget(self.paste)
        line.addStretch(1)
        self.body.addWidget(self.error)
        self.body.addStretch(1)


class _Done(Card):
    """What came of it, and what can still be done with it."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(margin=24)
        self.title = Words("", speaker, size=Size.SECTION, bold=True, wrap=True)
        self.told = Words("", speaker, wrap=True)
        self.kept = Words("", speaker, wrap=True)
        self.members = MainButton(N_("See the members"), speaker, icon="users")
        self.report = PlainButton(N_("Save the report …"), speaker, icon="printer")
        self.file = PlainButton(N_("Save the file with what became of each row …"), speaker)
        self.undo = PlainButton(N_("Take this import back"), speaker, icon="undo-2")
        self.again = PlainButton(N_("Another file"), speaker)
        self.error = ErrorLine(speaker)
        for widget in (self.title, self.told, self.kept):
            self.body.addWidget(widget)
        line = QHBoxLayout()
        self.body.addLayout(line)
        for button in (self.members, self.again, self.undo):
            line.addWidget(button)
        line.addStretch(1)
        papers = QHBoxLayout()
        self.body.addLayout(papers)
        for button in (self.report, self.file):
            papers.addWidget(button)
        papers.addStretch(1)
        self.body.addWidget(self.error)
        self.body.addStretch(1)

    def show_done(self, done: Imported) -> None:
        """Say what was written; the counts of rows add up."""
        values: dict[str, Value] = {
            "persons": done.persons,
            "households": done.households,
            "rows": done.rows,
            "taken": done.taken,
            "repaired": done.repaired,
            "left": done.left_out,
            "back": done.handed_back,
            "changes": done.corrections,
        }
        self.title.say(Text(N_("{persons} people in {households} households came in."), values))
        self.told.say(
            Text(
                N_(
                    "{rows} rows: {taken} taken, {repaired} taken after repair, {left} left out, "
                    "{back} handed back. {changes} changes of what was known."
                ),
                values,
            )
        )
        taken = done.batch_id is not None
        self.undo.setVisible(taken)
        self.kept.say(
            N_("It can be taken back as a whole until money depends on it.")
            if taken
            else N_("Nothing had to be written.")
        )


class ImportPage(Page, Dressed):
    """The six steps, one at a time; Esc goes a step back and nothing is lost."""

    id = "import"
    help_page = "import"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._ready: facts.Ready | None = None
        self._look: facts.Look | None = None
        self._wanted: Choices | None = None
        self._here = 0
        self._done_batch: Imported | None = None
        self._doubtful = False
        self._make(context.speaker)
        self._connect()
        self.setAcceptDrops(True)
        self.wear()
        self.learn(context.speaker)

    def _make(self, say: Speaker) -> None:
        self.way = Words("", say, muted=True)
        self.opening = _Opening(say)
        self.result = ResultStep(say)
        self.steps: tuple[Step, ...] = (
            *(SheetStep(say), PlaceStep(say), ShapeStep(say), ColumnsStep(say)),
            *(ValuesStep(say), self.result),
        )
        self.done = _Done(say)
        self.error = ErrorLine(say)
        self.stack = CurrentStack()
        for step in self.steps:
            self.stack.addWidget(step)
        self.back = PlainButton(N_("Back"), say, key="back")
        self.next = MainButton(N_("Next"), say)
        self._sheet = Card(margin=16)
        self._sheet.body.addWidget(self.way)
        self._sheet.body.addWidget(self.stack, 1)
        self._sheet.body.addWidget(self.error)
        foot = QHBoxLayout()
        self._sheet.body.addLayout(foot)
        foot.addWidget(self.next)
        foot.addWidget(self.back)
        foot.addStretch(1)
        self.whole = CurrentStack()
        for part in (self.opening, self._sheet, self.done):
            self.whole.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.whole)

    def _connect(self) -> None:
        self.opening.choose.clicked.connect(self.choose_file)
        self.opening.paste.clicked.connect(self.paste)
        self.next.clicked.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        for step in self.steps:
            step.changed.connect(self._change)
            step.rebuilt.connect(self._rebuild)
        self.result.good_wanted.connect(self._write)
        self.result.back_wanted.connect(self._save_bad)
        self.done.members.clicked.connect(partial(self.context.go, "members"))
        self.done.again.clicked.connect(self.start_anew)
        self.done.undo.clicked.connect(self._take_back)
        self.done.file.clicked.connect(self._save_whole)
        self.done.report.clicked.connect(self._save_report)
        self.bind("attach", self.choose_file)
        self.bind("back", self.go_back)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            onward = QShortcut(QKeySequence(keys), self)
            onward.activated.connect(self.go_on)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.opening)
        paste.activated.connect(self.paste)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Import a register"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.context.speaker.tr(N_("Import a register")))
        self._show_way()

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        """Go on where one was; `path` opens a file at once."""
        path = arguments.get("path")
        if isinstance(path, Path):
            self.open_path(path)
        elif self._ready is None:
            self.opening.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    # Opening

    def start_anew(self) -> None:
        """Ask for another file; what was chosen before is forgotten."""
        self._ready = self._look = self._wanted = None
        self.opening.error.clear_text()
        self.whole.setCurrentIndex(_OPEN)
        self.opening.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_file(self) -> None:
        """F8: choose the file."""
        told = self.context.speaker.tr(N_("Registers"))
        pattern = f"{told} ({_KINDS})"
        path = ask_file(self, self.context.speaker, N_("Choose a register"), pattern)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Read a file and show the first step."""
        self.opening.error.clear_text()
        self.context.lane.do(
            partial(facts.read_path, self._desk, path),
            self._opened,
            refused=self._not_opened,
            owner=self,
        )

    def paste(self) -> None:
        """Read the table that was copied in another program."""
        pasted = QGuiApplication.clipboard().text()
        self.context.lane.do(
            partial(facts.read_pasted, self._desk, pasted),
            self._opened,
            refused=self._not_opened,
            owner=self,
        )

    @override
    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent, /) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.open_path(paths[0])

    def _not_opened(self, refusal: Refusal) -> None:
        self.whole.setCurrentIndex(_OPEN)
        self.opening.error.show_text(refusal.text)

    def _opened(self, told: tuple[facts.Ready, facts.Look]) -> None:
        self._ready, self._look = told
        self._wanted = self._look.choices
        self.result.offer(self._ready.plans)
        self.whole.setCurrentIndex(_STEPS)
        # One sheet is not asked about, and a table that begins at the top is seen anyway.
        self._go_to(0 if len(self._ready.opened.sheets) > 1 else 1)

    # Steps

    def go_on(self) -> None:
        """Ctrl+Enter: the next step; at the last one, bring in what is good."""
        if self.whole.currentIndex() != _STEPS:
            return
        if self._here + 1 < len(self.steps):
            self._go_to(self._here + 1)
        elif self.result.good.isEnabled():
            self._write(doubtful=False)

    def go_back(self) -> None:
        """Esc: a step back; before the first one, another file."""
        if self.whole.currentIndex() == _DONE or self._ready is None:
            self.start_anew()
        elif self._here and (self._here > 1 or len(self._ready.opened.sheets) > 1):
            self._go_to(self._here - 1)
        else:
            self.start_anew()

    def _go_to(self, step: int) -> None:
        self._here = step
        self.error.clear_text()
        self.stack.setCurrentIndex(step)
        self.next.setVisible(step + 1 < len(self.steps))
        self._show_way()
        self._show()
        self.steps[step].begin()

    def _show_way(self) -> None:
        values: dict[str, Value] = {
            "number": self._here + 1,
            "count": len(self.steps),
            "name": Text(_NAMES[self._here]),
        }
        self.way.say(Text(N_("Step {number} of {count}: {name}"), values))

    def _show(self) -> None:
        if self._ready is not None and self._look is not None:
            self.steps[self._here].show_look(self._look)

    def _change(self, choices: Choices) -> None:
        if self._ready is not None:
            self._ask(choices, partial(facts.look, self._ready, choices))

    def _rebuild(self, choices: Choices) -> None:
        if self._ready is not None and self._look is not None:
            new_sheet = choices.sheet != self._look.choices.sheet
            again = partial(facts.guess_again, self._ready, choices, new_sheet=new_sheet)
            self._ask(choices, again)

    def _ask(self, wanted: Choices, function: "partial[facts.Look]") -> None:
        self._wanted = wanted
        self.context.lane.do(
            function, partial(self._looked, wanted), refused=self._not_read, owner=self
        )

    def _looked(self, wanted: Choices, told: facts.Look) -> None:
        # Of several changes in a row only the last one is shown.
        if wanted is self._wanted:
            self._look = told
            self.error.clear_text()
            self._show()

    def _not_read(self, refusal: Refusal) -> None:
        self.error.show_text(refusal.text)

    # Writing

    def _write(self, doubtful: bool) -> None:
        if self._ready is None or self._look is None:
            return
        progress = self.context.lane.progress()
        self._doubtful = doubtful
        self.result.good.setEnabled(False)
        self.context.lane.do(
            partial(
                facts.write,
                self._desk,
                self._ready,
                self._look.choices,
                progress,
                doubtful=doubtful,
            ),
            self._written,
            refused=self._not_written,
            cancelled=self._cancelled,
            owner=self,
            progress=progress,
        )

    def _not_written(self, refusal: Refusal) -> None:
        self.result.good.setEnabled(True)
        self.error.show_text(refusal.text)

    def _cancelled(self) -> None:
        self.result.good.setEnabled(True)
        self.error.show_text(Text(N_("The import was stopped. Nothing was written.")))

    def _written(self, done: Imported) -> None:
        self._done_batch = done
        self.context.saved()
        self.done.error.clear_text()
        self.done.show_done(done)
        self.whole.setCurrentIndex(_DONE)
        self.done.members.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_back(self) -> None:
        done = self._done_batch
        if done is None or done.batch_id is None:
            return
        self.context.lane.do(
            partial(facts.take_back, self._desk, done.batch_id),
            self._taken_back,
            refused=self._not_taken_back,
            owner=self,
        )

    def _not_taken_back(self, refusal: Refusal) -> None:
        self.done.error.show_text(refusal.text)

    def _taken_back(self, _nothing: object) -> None:
        self.context.saved()
        self.context.toast(Text(N_("The import was taken back as a whole.")))
        self.start_anew()

    # The file handed back

    def _save_whole(self) -> None:
        if self._ready is not None and self._look is not None:
            self._save(facts.workbook)

    def _save_bad(self) -> None:
        if self._ready is not None and self._look is not None:
            self._save(facts.bad_workbook)

    def _save(self, draw: object) -> None:
        if self._ready is None or self._look is None or not callable(draw):
            return
        made = partial(draw, self._ready, self._look, self.context.speaker.language)
        self._keep(made, (self.context.speaker.tr(N_("Excel workbook")), "xlsx"))

    def _save_report(self) -> None:
        if self._look is None or self._done_batch is None:
            return
        language = self.context.speaker.language
        made = partial(
            facts.report,
            self._desk,
            self._look,
            self._done_batch,
            language,
            doubtful=self._doubtful,
        )
        self._keep(made, ("PDF", "pdf"))

    def _keep(self, made: "partial[bytes]", kind: tuple[str, str]) -> None:
        if self._ready is None:
            return
        name = Path(self._ready.opened.name).stem or self.context.speaker.tr(N_("register"))
        path = ask_where(self, self.context.speaker, f"{name} – StepDesk", (kind,))
        if path is not None:
            self.context.lane.do(
                partial(_write_bytes, path, made), partial(self._saved, path), owner=self
            )

    def _saved(self, path: Path, _nothing: object) -> None:
        self.context.toast(Text(N_("Saved as {name}."), {"name": path.name}))


def _write_bytes(path: Path, made: "partial[bytes]") -> None:
    from stepdesk.store.files import write_whole

    write_whole(path, made())
