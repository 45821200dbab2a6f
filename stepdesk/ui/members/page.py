"""Members: the list, the household beside it, a new household."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout

from stepdesk.benefits.terms import Service
from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import Receipt
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.members.service import (
    categorise,
    correct_household,
    photograph,
    register_household,
)
from stepdesk.members.terms import Likeness, NewPerson, PossibleDuplicate, Registered
from stepdesk.payers.service import place_household
from stepdesk.reports.queries.lists import household_of
from stepdesk.reports.service import forget_view, save_view
from stepdesk.reports.terms import RowKey
from stepdesk.rights.terms import Told
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui import theme
from stepdesk.ui.choosing import ask_where
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.members import facts
from stepdesk.ui.members.history import Line
from stepdesk.ui.members.household_card import HouseholdCard
from stepdesk.ui.members.household_list import HouseholdList, rows_of
from stepdesk.ui.members.household_papers import Paper
from stepdesk.ui.members.household_papers import card as card_paper
from stepdesk.ui.members.joining import packed, unpacked
from stepdesk.ui.members.life import Life
from stepdesk.ui.members.listing import WRITERS, Asked, Found, found, write_file
from stepdesk.ui.members.new_household import NewHousehold
from stepdesk.ui.members.pairs import Pair, PairBand, making_one, pairs_of, part
from stepdesk.ui.members.papers_panel import PapersPanel
from stepdesk.ui.members.scheme_papers import (
    Offered,
    Order,
    SchemePaper,
    name_of,
    offered,
    write_workbook,
)
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.sides import Sides
from stepdesk.values.ids import (
    CategoryId,
    GroupId,
    HouseholdId,
    PaymentId,
    PersonId,
    ProviderId,
    RequestId,
    StaffId,
)

_CARD, _NEW, _PAPERS = range(3)


def _register(
    desk: Desk,
    form: dict[str, object],
    persons: list[NewPerson],
    photos: Sequence[bytes | None],
    accepting: frozenset[str],
    reason: str,
) -> Registered:
    category_id = form.pop("category_id")
    agreed = {name: form.pop(name) for name in ("consent", "sms_consent")}
    agreed = {name: told for name, told in agreed.items() if told is not None}
    group_id = form.pop("group_id")
    with desk.work("register_household", reason=reason) as work:
        registered = register_household(work, persons=persons, accepting=accepting, **form)  # type: ignore[arg-type]
        if agreed:
            correct_household(work, household_id=registered.household_id, **agreed)  # type: ignore[arg-type]
        if category_id:
            categorise(
                work,
                household_id=registered.household_id,
                category_id=CategoryId(bytes(category_id)),  # type: ignore[call-overload]
                on=work.today,
            )
        if group_id:
            place_household(
                work,
                group_id=GroupId(bytes(group_id)),  # type: ignore[call-overload]
                household_id=registered.household_id,
                on=work.today,
            )
        for person_id, photo in zip(registered.person_ids, photos, strict=True):
            if photo is not None:
                photograph(work, person_id=person_id, picture=photo)
        return registered


def _reverse(
    desk: Desk,
    request_id: RequestId,
    payment_id: PaymentId,
    reason: str,
    signer: tuple[StaffId, str] | None,
) -> Receipt:
    with desk.work("reverse_payment", reason=reason) as work:
        if signer is not None:
            work.second(*signer)
        return reverse_payment(work, request_id=request_id, payment_id=payment_id, reason=reason)


class MembersPage(Page, Dressed):
    """The members' room."""

    id = "members"
    help_page = "members"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._choices: facts.Choices | None = None
        self._wanted: HouseholdId | None = None
        self._looking: HouseholdId | None = None
        self._next: HouseholdId | None = None
        self._registered_now: HouseholdId | None = None
        say, today = context.speaker, context.clock_today()
        self.list = HouseholdList(say, self._desk)
        self.life = Life(context, self._desk)
        photos = PhotoCache(self._desk, context.lane, self)
        self.card = HouseholdCard(say, today, self._desk.currency, self.life, photos)
        self.new = NewHousehold(say, today, context.lane, photos)
        self.pairs = PairBand(say, photos, self.list.table)
        self.list.hold_below(self.pairs)
        # Who looks alike is looked up, and the form kept, when typing pauses.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(400)
        self.stack = CurrentStack()
        self.stack.addWidget(self.card)
        self.stack.addWidget(self.new)
        self.papers = PapersPanel(say, today)
        self.stack.addWidget(self.papers)
        self._row = QHBoxLayout(self)
        self._row.addWidget(Sides(self.list, self.stack, shares=(11, 10)))
        self._connect()
        self.wear()
        self.learn(say)

    def _connect(self) -> None:
        self.list.searched.connect(self._search)
        self.list.filtered.connect(self._load)
        self.list.opened.connect(self._enter)
        self.list.walked.connect(self._walk)
        self.list.all_wanted.connect(self._all)
        self.list.new_wanted.connect(self.start_new)
        self.list.ahead.connect(self._read_ahead)
        self.list.file_wanted.connect(self.save_list)
        self.list.widened.connect(self.stack.setHidden)
        self.list.kept.connect(self._keep_view)
        self.list.forgotten.connect(self._forget_view)
        self.card.collect.connect(self._collect)
        self.card.print_card.connect(self.print_card)
        self.card.print_receipt.connect(self._print_receipt)
        self.card.cancel.connect(self._start_cancel)
        self.card.asked.connect(self._ask)
        self.card.rights.print_wanted.connect(self._print_answer)
        self.card.reversal.reversed.connect(self._cancel)
        self._connect_rooms()
        self.new.changed.connect(self._preview)
        self.new.changed.connect(self._soon.start)
        self._soon.timeout.connect(self._typed)
        self.new.ready.connect(self._save)
        self.new.left.connect(self.leave_form)
        self.bind("new", self.start_new)
        self.bind("print", self.print_card)
        self.bind("back", self._back)
        self.bind("filter", self.list.filter)
        # The number pad has an Enter of its own.
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            save = QShortcut(QKeySequence(keys), self)
            save.activated.connect(self._save_by_key)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Members"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.context.speaker.tr(N_("Members")))

    @override
    def dress(self) -> None:
        now = theme.current()
        self._row.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        """Show the list; see what `go` may be given: show, search, household, new."""
        show = str(arguments.get("show") or "")
        search = arguments.get("search")
        household = arguments.get("household")
        self.list.choose(show)
        if search is not None or show:
            self.list.search.setText(str(search or ""))
        if isinstance(household, bytes):
            self._wanted = HouseholdId(household)
        if arguments.get("new"):
            self.start_new()
        else:
            self.leave_form()
        self._load()
        self.context.lane.do(
            partial(facts.care_choices, self._desk), self.card.rights.offer, owner=self
        )

    @property
    def _filling(self) -> bool:
        """Whether the form of a new household is in front."""
        return self.stack.currentIndex() == _NEW

    @property
    def _here(self) -> HouseholdId | None:
        """The household that is shown, or is about to be."""
        shown = self.card.file.known.id if self.card.file is not None else None
        return self._next or self._looking or shown

    # The list

    def _load(self) -> None:
        asked = self.list.asked()
        self.context.lane.do(
            partial(found, self._desk, asked), partial(self._listed, asked), owner=self
        )

    def _listed(self, asked: Asked, answer: Found) -> None:
        if asked != self.list.asked():
            return
        self.list.show_found(answer)
        self._look_for_pairs()
        self.papers.tell_listed(self.list.listed)
        wanted, held = self._wanted, self._here
        if wanted is None and answer.ids and (held is None or not self.list.holds(held)):
            wanted = household_of(answer.ids[0])
        if wanted is not None:
            self._wanted = None
            self._open(wanted)
        elif held is not None:
            self.list.select(held)

    # Cards before the camera

    def _connect_camera(self) -> None:
        self.list.reader.offered.connect(self._card_seen)
        self.bind("camera", self._camera)

    def _camera(self) -> None:
        """F4: photos in the form of a new household, cards in the search box."""
        if self._filling:
            self.new.to_photos()
        elif self.list.isVisible():
            self.list.reader.toggle()

    def _card_seen(self, code: str) -> None:
        focus = QApplication.focusWidget()
        if not (focus is None or self.isAncestorOf(focus)):
            return
        if self.card.cancelling:
            self.list.reader.let_wait()
        else:
            self.list.reader.take(code)
            self.list.search.scan(code)

    # Perhaps the same person

    def _connect_pairs(self) -> None:
        self.list.table.current.connect(self.pairs.show_row)
        self.pairs.one_wanted.connect(self._make_one)
        self.pairs.apart_wanted.connect(self._part)

    def _look_for_pairs(self) -> None:
        if not self.list.doubtful:
            self.pairs.offer((), None)
            return
        self.context.lane.do(partial(pairs_of, self._desk), self._show_pairs, owner=self)

    def _show_pairs(self, found: tuple[PossibleDuplicate, ...]) -> None:
        if self.list.doubtful:
            self.pairs.offer(found, self.list.table.chosen_id())

    def _make_one(self, pair: Pair) -> None:
        """Ask why both are one; the entry of the row is kept."""
        self._open(pair[0].household_id)
        self._show_life()
        self.life.start(pair[0].household_id, pair[0].id, making_one(pair))

    def _part(self, pair: Pair) -> None:
        self.context.lane.do(partial(part, self._desk, pair), self._parted, owner=self)

    def _parted(self, _nothing: None) -> None:
        self.context.saved()
        self.context.toast(Text(N_("They are two persons, and are not proposed again.")))
        self._load()

    def _search(self, asked: str) -> None:
        # Who looks for somebody looks everywhere, or a household would be registered twice.
        if asked:
            self.list.choose("")
        self._load()

    def _all(self) -> None:
        self.list.reader.quiet()
        self.list.choose("")
        self.list.search.setText("")
        self._load()
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_ahead(self, keys: Sequence[RowKey]) -> None:
        self.context.lane.do(
            partial(rows_of, self._desk, self.list.names(), keys),
            partial(self.list.hold, keys),
            owner=self,
        )

    def save_list(self) -> None:
        """Write what is listed into a file outside the book; who did is noted."""
        say, title = self.context.speaker, self.list.title()
        kinds = tuple(zip((N_("Excel"), "CSV", "PDF"), WRITERS, strict=True))
        named = say.say(title).replace("/", "-")
        path = ask_where(self, say, named, [(say.tr(words), end) for words, end in kinds])
        if path is None:
            return
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(
                write_file, self._desk, path, self.list.asked(), title, say.language, progress
            ),
            self._list_saved,
            owner=self,
            progress=progress,
        )

    def _list_saved(self, count: int) -> None:
        self.context.toast(
            Text(
                N_("{count} row is written into the file."),
                {"count": count},
                plural=N_("{count} rows are written into the file."),
            )
        )

    def _keep_view(self, name: str) -> None:
        self.context.lane.do(
            partial(save_view, self._desk, name=name, wanted=self.list.asked().wanted),
            self._views_changed,
            refused=self._view_refused,
            owner=self,
        )

    def _view_refused(self, refusal: Refusal) -> None:
        self.list.filters.refuse(refusal.text)

    def _forget_view(self, name: str) -> None:
        self.context.lane.do(
            partial(forget_view, self._desk, name=name), self._views_changed, owner=self
        )

    def _views_changed(self, _nothing: None) -> None:
        self.context.saved()
        self._load()

    def _walk(self, household_id: HouseholdId) -> None:
        if household_id != self._here:
            self._open(household_id)

    def _enter(self, household_id: HouseholdId) -> None:
        if self._printing:
            self._leave_papers()
        self._open(household_id)

    def _open(self, household_id: HouseholdId) -> None:
        # An arrow key held down asks for many: only the last of them is read.
        if self._looking is not None:
            self._next = household_id
            return
        self._looking = household_id
        self.context.lane.do(
            partial(facts.look, self._desk, household_id),
            self._opened,
            troubled=self._not_opened,
            owner=self,
        )

    def _not_opened(self, trouble: Trouble) -> None:
        self._looking = self._next = None
        self.context.lane.unanswered.emit(trouble)

    def _opened(self, file: facts.File | None) -> None:
        self._looking = None
        following, self._next = self._next, None
        if following is not None:
            self._open(following)
            return
        if file is None:
            self.card.clear()
            return
        self.card.show_file(file)
        self.list.select(file.known.id)
        if self._registered_now == file.known.id:
            self._registered_now = None
            self.card.take.setFocus(Qt.FocusReason.OtherFocusReason)

    # The household

    def _collect(self) -> None:
        if self.card.file is not None:
            self.context.go("collection", household=self.card.file.known.id)

    def print_card(self) -> None:
        """F9: the card of the household that is shown; over the papers, the one chosen there."""
        if self._printing:
            self.papers.send()
            return
        file = self.card.file
        if file is None or self._filling:
            return
        name = self.context.speaker.tr(N_("Card {number}"), number=str(file.known.number))
        self.context.lane.do(
            partial(card_paper, self._desk, file.known.id),
            partial(self._paper, name),
            owner=self,
        )

    def _print(self, paper: Paper) -> None:
        file = self.card.file
        if file is None:
            return
        self.context.lane.do(
            partial(paper.draw, self._desk, file.known.id),
            partial(self._paper, self.context.speaker.say(paper.title(file))),
            owner=self,
        )

    def _print_receipt(self, receipt: Receipt) -> None:
        self.context.lane.do(
            partial(facts.receipt_paper, self._desk, receipt), self._receipt_paper, owner=self
        )

    def _receipt_paper(self, drawn: tuple[Receipt, bytes]) -> None:
        receipt, pdf = drawn
        name = self.context.speaker.tr(N_("Receipt {number}"), number=receipt.number)
        noted = partial(self.context.lane.do, partial(facts.note_receipt, self._desk, receipt))
        show_paper(self, pdf, name, self.context.speaker, printed=noted)

    def _paper(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.context.speaker)

    def _ask(
        self,
        person_id: PersonId,
        day: date,
        service: Service | None,
        provider_id: ProviderId | None,
    ) -> None:
        self.context.lane.do(
            partial(facts.answered, self._desk, person_id, day, service, provider_id),
            partial(self._answered, person_id, service),
            owner=self,
        )

    def _answered(self, person_id: PersonId, service: Service | None, told: Told) -> None:
        person = self.card.rights.person
        if person is not None and person.id == person_id:
            self.card.rights.show_told(told, service)

    def _print_answer(self, person_id: PersonId, told: Told) -> None:
        self.context.lane.do(
            partial(facts.answer_paper, self._desk, person_id, told),
            partial(self._paper, self.context.speaker.tr(N_("Rights to care"))),
            owner=self,
        )

    def _start_cancel(self, receipt: Receipt) -> None:
        self.context.lane.do(
            partial(facts.others, self._desk), partial(self._ask_reason, receipt), owner=self
        )

    def _ask_reason(self, receipt: Receipt, others: tuple[Colleague, ...]) -> None:
        if self.card.file is None or self.card.file.known.id != receipt.household_id:
            return
        self.card.reversal.start(receipt, others, solo=not others)
        self.card.show_reversal()

    def _cancel(self, receipt: Receipt, reason: str, signer: tuple[StaffId, str] | None) -> None:
        form = self.card.reversal
        self.context.lane.do(
            partial(_reverse, self._desk, form.request, receipt.payment_id, reason, signer),
            self._cancelled,
            refused=form.refuse,
            troubled=form.fail,
            owner=self,
        )

    def _cancelled(self, reversal: Receipt) -> None:
        self.context.saved()
        values = {"number": reversal.reverses, "reversal": reversal.number}
        self.context.toast(Text(N_("Receipt {number} is cancelled by {reversal}."), values))
        self.card.show_receipts()
        self._open(reversal.household_id)
        self.list.refresh()

    # What happened?

    def _connect_life(self) -> None:
        self._connect_pairs()
        self.card.happening.connect(self.ask_what_happened)
        self.card.history.taken_back.connect(self._take_back)
        self.card.papers.wanted.connect(self._print)
        self.life.left.connect(self._leave_life)
        self.life.happened.connect(self._happened)
        self.bind("menu", self.ask_what_happened)
        self.life.elsewhere.connect(self._from_another_scheme)

    def _from_another_scheme(self) -> None:
        """A household that comes from another scheme is registered, with what it waited there."""
        self._leave_life()
        self.start_new()
        self.new.from_scheme.show()

    def ask_what_happened(self) -> None:
        """F10: the menu of everything that can have happened to the household shown."""
        file = self.card.file
        if file is not None and not self._filling and not self.card.living:
            self._show_life()
            self.life.start(file.known.id, self.card.person_id)

    def _take_back(self, line: Line) -> None:
        if self.card.file is not None:
            self._show_life()
            self.life.take_back(self.card.file.known.id, line)

    def _show_life(self) -> None:
        self.list.hide()
        self.card.show_life()

    def _leave_life(self) -> None:
        self.list.show()
        self.card.show_people()
        self.card.people_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _happened(self, household_id: HouseholdId) -> None:
        if self.card.living:
            self._leave_life()
        self._open(household_id)
        if self.list.doubtful:
            self._load()
        else:
            self.list.refresh()

    # The papers of the scheme

    def _connect_rooms(self) -> None:
        self._connect_life()
        self._connect_papers()
        self._connect_camera()

    def _connect_papers(self) -> None:
        self.list.papers_wanted.connect(self.show_papers)
        self.list.import_wanted.connect(self._bring_in)
        self.bind("papers", self.show_papers)
        self.bind("attach", self._bring_in)
        self.papers.ready.connect(self._draw_paper)
        self.papers.workbook.connect(self._write_workbook)
        self.papers.left.connect(self._leave_papers)

    def _bring_in(self) -> None:
        """F8: a register is brought in, on its own page."""
        if not self._filling and not self.card.living:
            self.context.go("import")

    @property
    def _printing(self) -> bool:
        """Whether the papers of the scheme are in front."""
        return self.stack.currentIndex() == _PAPERS

    def show_papers(self) -> None:
        """Shift+F9: every paper of the scheme; cards are those of the list at the side."""
        if self._filling or self.card.living:
            return
        self.list.make_wide(wide=False)
        self.stack.setCurrentIndex(_PAPERS)
        self.papers.start()
        self.papers.tell_listed(self.list.listed)
        self._offer_papers()

    def _offer_papers(self) -> None:
        self.context.lane.do(partial(offered, self._desk), self._papers_offered, owner=self)

    def _papers_offered(self, told: Offered) -> None:
        self.papers.offer(told)

    def _leave_papers(self) -> None:
        self.stack.setCurrentIndex(_CARD)
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw_paper(self, paper: SchemePaper, order: Order) -> None:
        order = replace(order, asked=self.list.asked())
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(paper.draw, self._desk, order, progress),
            partial(self._paper_drawn, paper, order),
            refused=self.papers.refuse,
            troubled=self.papers.fail,
            cancelled=self.papers.free,
            owner=self,
            progress=progress,
        )

    def _paper_drawn(self, paper: SchemePaper, order: Order, pdf: bytes) -> None:
        self.papers.free()
        if paper.records:
            self.context.saved()
            self._offer_papers()
        say = self.context.speaker
        self._paper(say.say(name_of(paper, order, say.language)), pdf)

    def _write_workbook(self, paper: SchemePaper, order: Order) -> None:
        say = self.context.speaker
        named = say.say(name_of(paper, order, say.language)).replace("/", "-")
        path = ask_where(self, say, named, [(say.tr(N_("Excel")), "xlsx")])
        if path is None:
            return
        progress = self.context.lane.progress()
        self.papers.hold()
        self.context.lane.do(
            partial(write_workbook, self._desk, paper, order, path, progress),
            self._workbook_written,
            refused=self.papers.refuse,
            troubled=self.papers.fail,
            cancelled=self.papers.free,
            owner=self,
            progress=progress,
        )

    def _workbook_written(self, count: int) -> None:
        self.papers.free()
        self._list_saved(count)

    # A new household

    def start_new(self) -> None:
        """F2: the form of a new household; what was typed before is still there."""
        self.list.hide()
        self.stack.setCurrentIndex(_NEW)
        self.context.lane.do(partial(facts.choices, self._desk), self._offer, owner=self)

    def _offer(self, choices: facts.Choices) -> None:
        self._choices = choices
        self.new.offer(choices)
        kept = unpacked(choices.draft)
        if kept is not None and self.new.draft().empty:
            self.new.fill(kept)
        self.new.begin()
        self._preview()

    def _typed(self) -> None:
        """Keep what was typed, and look whether somebody alike is registered."""
        if not self._filling or not self.isVisible():
            return
        self._keep_form()
        persons = self.new.whole_lines()
        if not persons:
            return
        section, phone = self.new.section.currentData() or None, self.new.phone.text()
        self.context.lane.do(
            partial(facts.alike_so_far, self._desk, persons, section, phone),
            self._alike,
            owner=self,
        )

    def _alike(self, found: dict[int, tuple[NewPerson, Likeness]]) -> None:
        # What was typed on meanwhile is asked about anew.
        if self._filling and not self._soon.isActive():
            self.new.show_alike(found)

    def _keep_form(self) -> None:
        self.context.lane.do(
            partial(facts.keep_form, self._desk, packed(self.new.draft())), owner=self
        )

    def leave_form(self) -> None:
        """Back to the list; the draft stays in the form."""
        self.stack.setCurrentIndex(_CARD)
        self.list.show()
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        if self._filling and not self.new.caution.isHidden():
            self.new.caution.dismiss()
            self.new.begin()
        elif self._filling:
            self._keep_form()
            self.leave_form()
        elif self._printing:
            if not self.papers.go_back():
                self._leave_papers()
        elif self.card.living:
            self.life.back()
        elif self.card.cancelling:
            self.card.show_receipts()
        elif not self.list.close_panels():
            self._all()

    def _preview(self) -> None:
        plan_id = self.new.plan.currentData()
        persons = self.new.persons_so_far()
        if self._choices is None or plan_id not in self._choices.versions or not persons:
            self.new.told.say("")
            return
        self.new.show_preview(facts.preview(self._desk, self._choices.versions[plan_id], persons))

    def _save_by_key(self) -> None:
        if self._filling:
            self.new.send()
        elif self._printing:
            self.papers.send()
        elif self.card.living:
            self.life.send()

    def _save(self, accepting: frozenset[str], reason: str) -> None:
        persons, size = self.new.persons(), self.new.declared_size()
        if persons is None or size is None:
            self.new.free()
            return
        form: dict[str, object] = {
            "section_id": self.new.section.currentData() or b"",
            "plan_id": self.new.plan.currentData() or b"",
            "phone": self.new.phone.text(),
            "address": self.new.address.text(),
            "declared_size": size,
            "card_number": self.new.card_number.text().strip(),
            "transfer": self.new.from_scheme.transfer(),
            "consent": self.new.consent.currentData(),
            "sms_consent": self.new.sms_consent.currentData(),
            "category_id": self.new.category.currentData(),
            "group_id": self.new.group.currentData(),
        }
        self.context.lane.do(
            partial(_register, self._desk, form, persons, self.new.photos(), accepting, reason),
            self._registered,
            refused=partial(self._not_registered, self.new.refuse),
            cautioned=partial(self._not_registered, self.new.doubt),
            troubled=partial(self._not_registered, self.new.fail),
            owner=self,
        )

    def _not_registered(self, tell: Callable[[Any], None], problem: object) -> None:
        # Who pressed Esc meanwhile sees the form again, or nobody would know.
        self.list.hide()
        self.stack.setCurrentIndex(_NEW)
        tell(problem)

    def _registered(self, registered: Registered) -> None:
        self.context.saved()
        self.new.restart()
        self._soon.stop()
        self._keep_form()
        told = Text(N_("Household {number} is registered."), {"number": str(registered.number)})
        self.context.toast(told)
        self.list.choose("")
        self.list.search.setText("")
        # Until the new household is read no other one may be taken for it.
        self.card.clear()
        self._wanted = self._registered_now = registered.household_id
        self.leave_form()
        self._load()
