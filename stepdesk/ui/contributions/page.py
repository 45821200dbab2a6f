"""The collection page: a session is opened, goes on after a power cut, and is closed."""

from datetime import date
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.contributions.queries import sheet_by_number
from stepdesk.contributions.service import close_session, open_session
from stepdesk.contributions.terms import (
    CollectionSession,
    CollectionSheet,
    Count,
    SheetEntered,
)
from stepdesk.countries import country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.booklets_view import BookletsView
from stepdesk.ui.contributions.count_form import CountForm
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.contributions.kept import Kept, forget, keep
from stepdesk.ui.contributions.lists_view import ListsView
from stepdesk.ui.contributions.open_form import OpenForm, Setting, setting_of
from stepdesk.ui.contributions.session_slip import slip_of
from stepdesk.ui.contributions.session_view import SessionView, Start, start_of
from stepdesk.ui.contributions.sheet_view import SheetView, lines_of
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.values.ids import BoxId, HouseholdId, SessionId, SheetId, StaffId
from stepdesk.values.money import Money


def opened(
    desk: Desk,
    place: str,
    collector: StaffId | None,
    in_bag: int,
    box: BoxId | None,
    day: date | None,
) -> SessionId:
    """Open a session; with a day its receipts come from paper."""
    session_id = desk.do(
        open_session,
        place=place,
        collector_id=collector,
        float_amount=Money(in_bag, desk.currency),
        day=day,
        box_id=box,
    )
    if day is not None:
        keep(desk, session_id, Kept(paper=True))
    return session_id


def closed(
    desk: Desk,
    session_id: SessionId,
    count: Count,
    reason: str,
    signer: tuple[StaffId, str] | None,
) -> CollectionSession:
    """Close a session with what was counted."""
    with desk.work("close_session", reason=reason) as work:
        if signer is not None:
            work.second(*signer)
        done = close_session(work, session_id=session_id, count=count, difference_reason=reason)
    forget(desk, session_id)
    return done


def closed_text(session: CollectionSession, count: Count) -> Text:
    """Return what entered the cash book, and what was missing or too much in the bag."""
    brought = count.total - session.float_amount.minor
    difference = brought - session.total.minor
    currency = session.total.currency
    values: dict[str, Value] = {
        "place": session.place,
        "amount": Money(max(brought, 0), currency),
        "difference": Money(abs(difference), currency),
    }
    if difference < 0:
        return Text(
            N_(
                "✓ The session of {place} is closed: {amount} is in the cash book, {difference} is missing and still owed by who collected. F9: slip"
            ),
            values,
        )
    if difference > 0:
        return Text(
            N_(
                "✓ The session of {place} is closed: {amount} is in the cash book, {difference} more than the receipts. F9: slip"
            ),
            values,
        )
    text = N_("✓ The session of {place} is closed: {amount} is in the cash book. F9: slip")
    return Text(text, values)


class CollectionPage(Page):
    """Opens a session or goes on with the open one, and takes money at the desk."""

    id = "collection"
    help_page = "collection"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("the page needs an open book")
        self._desk = context.desk
        self._setting: Setting | None = None
        self._slip: tuple[CollectionSession, Count] | None = None
        speaker, currency = context.speaker, self._desk.currency
        self.trouble = TroubleBand(speaker)
        self.open_form = OpenForm(speaker, currency, self._desk.today)
        self.view = SessionView(context, self._desk)
        coins = country(self._desk.country).coins
        self.count_form = CountForm(speaker, coins, Money(0, currency))
        self.sheet = SheetView(context, self._desk)
        self.lists = ListsView(context, self._desk)
        self.booklets = BookletsView(context, self._desk)
        self._stack = CurrentStack()
        for part in (
            QWidget(),
            self.open_form,
            self.view,
            self.count_form,
            self.sheet,
            self.lists,
            self.booklets,
        ):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.trouble)
        column.addWidget(self._stack, 1)
        self._connect()
        self.learn(speaker)

    def _connect(self) -> None:
        self.open_form.opened.connect(self._open)
        self.open_form.at_the_desk.connect(self._at_the_desk)
        self.view.left.connect(self._reload)
        self.view.close_wanted.connect(self._start_count)
        self.view.sheet_wanted.connect(self._start_sheet)
        self.open_form.lists_wanted.connect(self._show_lists)
        self.open_form.booklets_wanted.connect(self._show_booklets)
        self.view.lists_wanted.connect(self._show_lists)
        for side in (self.lists, self.booklets):
            side.dismissed.connect(self._reload)
        self.sheet.kept.connect(self.view.keep)
        self.sheet.recorded.connect(self._sheet_recorded)
        self.sheet.dismissed.connect(self._back_to_session)
        self.count_form.closed.connect(self._close)
        self.count_form.dismissed.connect(self._back_to_session)
        self.bind("back", self._back)
        self.bind("undo-last", self._undo)
        self.bind("several", self._several)
        self.bind("print", self._print)
        self.bind("camera", self._camera)
        self.bind("close-session", self._close_session)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Collection"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.title())

    @override
    def shown(self, **arguments: object) -> None:
        household, session = arguments.get("household"), arguments.get("session")
        self.context.lane.do(
            partial(setting_of, self._desk),
            partial(
                self._set,
                HouseholdId(household) if isinstance(household, bytes) else None,
                SessionId(session) if isinstance(session, bytes) else None,
            ),
            owner=self,
        )

    def _set(
        self, household: HouseholdId | None, session: SessionId | None, setting: Setting
    ) -> None:
        """Go on where the work was left: with the session asked for, the open one, or none."""
        self._setting = setting
        here = self.view.session()
        opened = [one for one in setting.sessions if one.open]
        wanted = [one for one in opened if one.id == session] or opened
        same = here is not None and wanted and here.id == wanted[0].id
        at_work = self._part() in {2, 3, 4}
        if at_work and (same or (not wanted and here is None and self._part() == 2)):
            self.view.refresh()
            if household is not None:
                self._show(2)
                self.view.open_household(household)
            elif self._part() == 2:
                self.view.focus()
            elif self._part() == 4:
                self.sheet.focus()
        elif wanted:
            self._start(wanted[0].id, household)
        elif household is not None:
            self._start(None, household)
        else:
            self._show(1)
            self.open_form.start(setting)

    def _part(self) -> int:
        return self._stack.currentIndex()

    def _show(self, part: int) -> None:
        self.trouble.hide()
        self._stack.setCurrentIndex(part)

    def _start(self, session: SessionId | None, household: HouseholdId | None = None) -> None:
        self.context.lane.do(
            partial(start_of, self._desk, session), partial(self._begin, household), owner=self
        )

    def _begin(self, household: HouseholdId | None, start: Start) -> None:
        if self._setting is None:
            return
        self._slip = None
        self.open_form.tell(None)
        self._show(2)
        self.view.start(self._setting, start)
        if household is not None:
            self.view.open_household(household)
        elif start.kept.sheet:
            self._find_sheet(start.kept.sheet)

    # A sheet

    def _find_sheet(self, number: str) -> None:
        """Go on with the sheet that was half typed."""
        self.context.lane.do(
            partial(self._desk.ask, sheet_by_number, number), self._start_sheet, owner=self
        )

    def _start_sheet(self, sheet_id: SheetId | None) -> None:
        if sheet_id is None:
            return
        self.context.lane.do(
            partial(lines_of, self._desk, sheet_id, self.view.session()),
            self._show_sheet,
            owner=self,
        )

    def _show_sheet(self, sheet: CollectionSheet) -> None:
        self._show(4)
        self.sheet.start(sheet, self.view.session(), self.view.kept())

    def _sheet_recorded(self, told: SheetEntered) -> None:
        self.context.saved()
        self._show(2)
        self.view.sheet_taken(told)

    # The lists

    def _show_lists(self) -> None:
        self._show(5)
        self.lists.start()

    def _show_booklets(self) -> None:
        self._show(6)
        self.booklets.start()

    # Opening

    def _open(
        self,
        place: str,
        collector: StaffId | None,
        in_bag: int,
        box: BoxId | None,
        day: date | None,
    ) -> None:
        self.context.lane.do(
            partial(opened, self._desk, place, collector, in_bag, box, day),
            self._opened,
            refused=self.open_form.refuse,
            troubled=self._not_opened,
            owner=self,
        )

    def _opened(self, session: SessionId) -> None:
        self.context.saved()
        self.open_form.free()
        self._start(session)

    def _not_opened(self, trouble: Trouble) -> None:
        self.open_form.free()
        text = N_("{trouble} The session is not opened. Collect on paper, and type it in later.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def _at_the_desk(self) -> None:
        self._start(None)

    def _reload(self) -> None:
        self._stack.setCurrentIndex(0)
        self.shown()

    # Closing

    def _close_session(self) -> None:
        if self._part() == 2:
            self.view.close_session()

    def _start_count(self, session: CollectionSession) -> None:
        """Read the session again: its sums must be those of the last receipt."""
        self.context.lane.do(partial(start_of, self._desk, session.id), self._count, owner=self)

    def _count(self, start: Start) -> None:
        if self._setting is None or start.bag.session is None:
            return
        self._show(3)
        others = self._setting.others()
        self.count_form.start(start.bag.session, others, solo=self._setting.solo)

    def _close(self, count: Count, reason: str, signer: tuple[StaffId, str] | None) -> None:
        session = self.view.session()
        if session is None:
            return
        self.context.lane.do(
            partial(closed, self._desk, session.id, count, reason, signer),
            partial(self._closed, count),
            refused=self._not_closed,
            troubled=self.count_form.fail,
            owner=self,
        )

    def _not_closed(self, refusal: Refusal) -> None:
        self.count_form.refuse(refusal)

    def _closed(self, count: Count, session: CollectionSession) -> None:
        self.context.saved()
        self.count_form.free()
        self._slip = (session, count)
        self.open_form.tell(closed_text(session, count))
        self._reload()
        self._print_slip()

    def _print_slip(self) -> None:
        if self._slip is None:
            return
        self.context.lane.do(
            partial(slip_of, self._desk, *self._slip), self._show_slip, owner=self
        )

    def _show_slip(self, pdf: bytes) -> None:
        if self._slip is None:
            return
        values = {"place": self._slip[0].place}
        name = self.context.speaker.tr(N_("Slip of the session {place}"), **values)
        show_paper(self, pdf, name, self.context.speaker)

    def _back_to_session(self) -> None:
        self._show(2)
        self.view.focus()

    # Keys

    def _back(self) -> None:
        if self._part() == 2:
            self.view.back()
        elif self._part() in {3, 4}:
            self._back_to_session()
        elif self._part() in {5, 6}:
            self._reload()

    def _several(self) -> None:
        if self._part() == 2:
            self.view.start_several()

    def _camera(self) -> None:
        if self._part() == 2:
            self.view.turn_camera()

    def _undo(self) -> None:
        if self._part() == 2:
            self.view.start_undo()
        elif self._part() == 5:
            self.lists.start_reversal()

    def _print(self) -> None:
        if self._part() == 2:
            self.view.print_receipt()
        elif self._part() == 1:
            self._print_slip()
        elif self._part() == 5:
            self.lists.print_chosen()
        elif self._part() == 6:
            self.booklets.print_register()
