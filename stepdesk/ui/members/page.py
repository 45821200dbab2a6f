"""Members: the list, the household beside it, a new household."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from stepdesk.contributions.service import reverse_payment
from stepdesk.contributions.terms import Receipt
from stepdesk.i18n import N_, Text
from stepdesk.members.service import register_household
from stepdesk.members.terms import NewPerson, Registered
from stepdesk.rights.terms import Verdict
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.members import facts
from stepdesk.ui.members.household_card import HouseholdCard
from stepdesk.ui.members.household_list import HouseholdList
from stepdesk.ui.members.new_household import NewHousehold
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.sides import Sides
from stepdesk.values.ids import HouseholdId, PaymentId, PersonId, RequestId, StaffId

_CARD, _NEW = range(2)


def _register(
    desk: Desk, form: dict[str, object], persons: list[NewPerson], accepting: frozenset[str]
) -> Registered:
    return desk.do(register_household, persons=persons, accepting=accepting, **form)  # type: ignore[arg-type]


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
        self._show = ""
        self._choices: facts.Choices | None = None
        self._wanted: HouseholdId | None = None
        say, today = context.speaker, context.clock_today()
        self.list = HouseholdList(say, self._desk)
        self.card = HouseholdCard(say, today, self._desk.currency)
        self.new = NewHousehold(say, today)
        self.stack = CurrentStack()
        self.stack.addWidget(self.card)
        self.stack.addWidget(self.new)
        self._row = QHBoxLayout(self)
        self._row.addWidget(Sides(self.list, self.stack, shares=(11, 10)))
        self._connect()
        self.wear()
        self.learn(say)

    def _connect(self) -> None:
        self.list.searched.connect(self._search)
        self.list.opened.connect(self._open)
        self.list.walked.connect(self._open)
        self.list.all_wanted.connect(self._all)
        self.card.collect.connect(self._collect)
        self.card.print_card.connect(self.print_card)
        self.card.print_receipt.connect(self._print_receipt)
        self.card.cancel.connect(self._start_cancel)
        self.card.asked.connect(self._ask)
        self.card.reversal.reversed.connect(self._cancel)
        self.new.changed.connect(self._preview)
        self.new.ready.connect(self._save)
        self.new.left.connect(self.leave_form)
        self.bind("new", self.start_new)
        self.bind("print", self.print_card)
        self.bind("back", self._back)
        save = QShortcut(QKeySequence("Ctrl+Return"), self)
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
        self._show = str(arguments.get("show") or "")
        search = arguments.get("search")
        household = arguments.get("household")
        if search is not None or self._show:
            self.list.search.setText(str(search or ""))
        if isinstance(household, bytes):
            self._wanted = HouseholdId(household)
        if arguments.get("new"):
            self.start_new()
        else:
            self.leave_form()
        self._load()

    @property
    def _filling(self) -> bool:
        """Whether the form of a new household is in front."""
        return self.stack.currentIndex() == _NEW

    # The list

    def _load(self) -> None:
        asked = self.list.search.query()
        self.context.lane.do(
            partial(facts.listed, self._desk, self._show, asked),
            partial(self._listed, asked),
            owner=self,
        )

    def _listed(self, asked: str, told: facts.Listed) -> None:
        if asked != self.list.search.query():
            return
        self.list.show_listed(told, self._show)
        wanted = self._wanted
        held = self.card.file.known.id if self.card.file is not None else None
        if wanted is None and told.ids and held not in told.ids:
            wanted = told.ids[0]
        if wanted is not None:
            self._wanted = None
            self._open(wanted)

    def _search(self, _asked: str) -> None:
        self._show = ""
        self._load()

    def _all(self) -> None:
        self._show = ""
        self.list.search.setText("")
        self._load()
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, household_id: HouseholdId) -> None:
        self.context.lane.do(
            partial(facts.look, self._desk, household_id), self._opened, owner=self
        )

    def _opened(self, file: facts.File | None) -> None:
        if file is None:
            self.card.clear()
            return
        self.card.show_file(file)

    # The household

    def _collect(self) -> None:
        if self.card.file is not None:
            self.context.go("collection", household=self.card.file.known.id)

    def print_card(self) -> None:
        """F9: the card of the household that is shown."""
        file = self.card.file
        if file is None or self._filling:
            return
        name = self.context.speaker.tr(N_("Card {number}"), number=str(file.known.number))
        self.context.lane.do(
            partial(facts.card_paper, self._desk, file.known.id),
            partial(self._paper, name),
            owner=self,
        )

    def _print_receipt(self, receipt: Receipt) -> None:
        name = self.context.speaker.tr(N_("Receipt {number}"), number=receipt.number)
        self.context.lane.do(
            partial(facts.receipt_paper, self._desk, receipt),
            partial(self._paper, name),
            owner=self,
        )

    def _paper(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.context.speaker)

    def _ask(self, person_id: PersonId, day: object) -> None:
        self.context.lane.do(
            partial(facts.answered, self._desk, person_id, day),  # type: ignore[arg-type]
            partial(self._answered, day),
            owner=self,
        )

    def _answered(self, day: object, verdict: Verdict) -> None:
        self.card.rights.show_verdict(verdict, day)  # type: ignore[arg-type]

    def _start_cancel(self, receipt: Receipt) -> None:
        self.context.lane.do(
            partial(facts.others, self._desk), partial(self._ask_reason, receipt), owner=self
        )

    def _ask_reason(self, receipt: Receipt, others: tuple[Colleague, ...]) -> None:
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
        self.list.model.refresh()

    # A new household

    def start_new(self) -> None:
        """F2: the form of a new household; what was typed before is still there."""
        self.list.hide()
        self.stack.setCurrentIndex(_NEW)
        self.context.lane.do(partial(facts.choices, self._desk), self._offer, owner=self)

    def _offer(self, choices: facts.Choices) -> None:
        self._choices = choices
        self.new.offer(choices)
        self.new.begin()
        self._preview()

    def leave_form(self) -> None:
        """Back to the list; the draft stays in the form."""
        self.stack.setCurrentIndex(_CARD)
        self.list.show()
        self.list.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        if self._filling:
            self.leave_form()
        elif self.card.cancelling:
            self.card.show_receipts()
        else:
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

    def _save(self, accepting: frozenset[str]) -> None:
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
        }
        self.context.lane.do(
            partial(_register, self._desk, form, persons, accepting),
            self._registered,
            refused=self.new.refuse,
            cautioned=self.new.doubt,
            troubled=self.new.fail,
            owner=self,
        )

    def _registered(self, registered: Registered) -> None:
        self.context.saved()
        self.new.restart()
        told = Text(N_("Household {number} is registered."), {"number": str(registered.number)})
        self.context.toast(told)
        self._show = ""
        self.list.search.setText("")
        self._wanted = registered.household_id
        self.leave_form()
        self._load()
        self.card.take.setFocus(Qt.FocusReason.OtherFocusReason)
