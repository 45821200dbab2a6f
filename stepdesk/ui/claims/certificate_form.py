"""Typing certificates: card, day, acts; what each line comes to stands beside it as it is typed."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.benefits.terms import Service
from stepdesk.claims.rules import following, later_than_invoice
from stepdesk.claims.service import forget_draft, keep_draft
from stepdesk.claims.terms import Batch, KeptPicture, NewClaim, NewLine, State, Visit
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import SEXES, PersonRow
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.claims import batch_facts, facts
from stepdesk.ui.claims.act_line import ActHeads, ActLine
from stepdesk.ui.claims.draft import Draft, packed, unpacked
from stepdesk.ui.claims.fields import labelled
from stepdesk.ui.claims.papers_row import PapersRow
from stepdesk.ui.claims.people_list import ActList, PeopleList, card_of
from stepdesk.ui.claims.picture_desk import DraftPictures
from stepdesk.ui.claims.why_box import WhyBox
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.type_ahead import TypeAhead
from stepdesk.ui.members.facts import age_words
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaking
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.date_field import DateField
from stepdesk.ui.widgets.field import Field, NumbersField
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.search_box import SearchBox
from stepdesk.ui.widgets.words import Words
from stepdesk.values.ids import RequestId

_SOON = 150  # milliseconds after the last key until a line is decided and the draft is kept
_WHY, _PEOPLE, _ACTS = range(3)
# Their number may be typed once more: nothing is paid for them.
_FREE = frozenset({State.WITHDRAWN, State.REJECTED, State.REVERSED})
_DAYS = N_("Day")


class CertificateForm(Card, Speaking):
    """One certificate after another without the mouse.

    Signals:
        recorded: A certificate was recorded (`facts.Entered`).
        put_away: A half-typed certificate is kept for later.
        unknown_wanted: Nobody is known by what was typed: number, what was typed, and day.
        noted: What is to be looked at beside it (a tuple of texts), empty when nothing is.
    """

    recorded = Signal(object)
    put_away = Signal()
    unknown_wanted = Signal(str, str, str)
    noted = Signal(object)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(margin=12)
        self._lane, self._saved = context.lane, context.saved
        self._desk = desk
        self._speaker = context.speaker
        self._batch: Batch | None = None
        self._acts: tuple[Service, ...] = ()
        self._taken: frozenset[str] = frozenset()
        self._given_up: frozenset[str] = frozenset()
        self._patient: PersonRow | None = None
        self._prices: facts.Prices | None = None
        self._request = RequestId(b"")
        self._accepting: frozenset[str] = frozenset()
        self._shown: dict[ActLine, facts.Shown] = {}
        self._previewing = self._again = False
        self._here: ActLine | None = None
        self._nobody = ""
        self._noticed: object = None
        self.lines: list[ActLine] = []
        self._make(context)
        self._place(context)
        self._connect()
        self.learn(context.speaker)

    def _make(self, context: Context) -> None:
        speaker, today = context.speaker, context.clock_today()
        self.certificate = NumbersField()
        self.card = SearchBox(height=36, points=11)
        self.day = DateField(today)
        self.patient = Words("", speaker, bold=True, wrap=True)
        self.error = ErrorLine(speaker)
        self.papers = PapersRow(speaker, today, medical=self._desk.person.medical_key is not None)
        self.doubt = NoticeBand(speaker)
        self.told = Words("", speaker, bold=True, wrap=True)
        self.trouble = TroubleBand(speaker)
        self.why = WhyBox(speaker)
        self.people = PeopleList(speaker, today)
        self.found = ActList(speaker, self._desk.currency)
        self.record = MainButton(N_("Record (Enter)"), speaker, icon="circle-check")
        self.more = PlainButton(N_("Papers and visit"), speaker, key="menu")
        self.photo = PlainButton(N_("Photo …"), speaker, key="attach")
        self.empty_form = PlainButton(N_("Empty the form"), speaker)
        self.pictures = DraftPictures(context, self._desk, self)
        self._reveal = Reveal(self.record)
        self._ahead = TypeAhead(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._work)

    def _place(self, context: Context) -> None:
        speaker = context.speaker
        top = QHBoxLayout()
        self.body.addLayout(top)
        labelled(top, N_("Certificate no."), self.certificate, speaker)
        labelled(top, N_("Card, or a name"), self.card, speaker)
        labelled(top, _DAYS, self.day, speaker)
        top.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        self._top = top
        head = (self.trouble, self.told, self.patient, self.error, self.papers, self.pictures.row)
        for widget in head:
            self.body.addWidget(widget)
        self.body.addWidget(ActHeads(speaker))
        self._rows = QVBoxLayout()
        self.body.addLayout(self._rows)
        self.body.addWidget(self.doubt)
        self.bottom = CurrentStack()
        for part in (self.why, self.people, self.found):
            self.bottom.addWidget(part)
        self.body.addWidget(self.bottom)
        self.body.addStretch(1)
        foot = QHBoxLayout()
        self.body.addLayout(foot)
        for button in (self.record, self.more, self.empty_form):
            foot.addWidget(button)
        foot.addStretch(1)
        self._fit()

    def _connect(self) -> None:
        self.certificate.returnPressed.connect(self._to_card)
        self.card.chosen.connect(self._card_entered)
        self.card.textEdited.connect(self._card_edited)
        self.card.down.connect(self._to_people)
        self.day.returnPressed.connect(self._day_entered)
        self.day.textEdited.connect(self._head_edited)
        self.certificate.textEdited.connect(self._head_edited)
        self.people.picked.connect(self._picked)
        self.found.picked.connect(self._act_picked)
        self.papers.changed.connect(self._changed)
        for field in self.papers.fields.values():
            field.returnPressed.connect(self._back_to_lines)
        self.record.clicked.connect(self.send)
        self.more.clicked.connect(self.show_papers)
        self.photo.clicked.connect(self.pictures.ask)
        self.pictures.changed.connect(self._changed)
        self.pictures.row.watch(self, *self.papers.fields.values())
        self.empty_form.clicked.connect(self.give_up)
        self.trouble.dismissed.connect(self.focus)
        watched = (self.certificate, self.card, self.day, self.people, self.record)
        for widget in (*watched, *self.papers.fields.values()):
            self._ahead.watch(widget)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @override
    def speak(self) -> None:
        names = (
            (self.certificate, N_("Certificate no.")),
            (self.card, N_("Card, or a name")),
            (self.day, _DAYS),
        )
        for field, words in names:
            field.setAccessibleName(self.speaker.tr(words))
        self._say_patient()

    @override
    def dress(self) -> None:
        super().dress()
        self.body.setSpacing(theme.current().px(8))
        if hasattr(self, "_rows"):
            self._fit()

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        # Whoever leaves, or closes the window, leaves nothing behind that is not kept.
        super().hideEvent(event)
        if self._soon.isActive():
            self._soon.stop()
            self._keep()

    def _fit(self) -> None:
        now = theme.current()
        self._rows.setSpacing(now.px(6))
        self._top.setSpacing(now.px(8))
        for field, width in ((self.certificate, 104), (self.card, 180), (self.day, 116)):
            field.setFixedWidth(now.px(width))

    # Coming up

    def start(self, opened: facts.Opened) -> None:
        """Show a batch, ready for its next certificate, or for the one that was half typed."""
        again = self._batch is not None and self._batch.id == opened.batch.id
        self._batch = opened.batch
        self._acts = opened.acts
        self.set_taken(opened)
        if again and self.half_typed:
            # Nobody typed elsewhere meanwhile, and a diagnosis stands here alone.
            self.focus()
            return
        last = next((one.certificate for one in reversed(opened.claims) if one.certificate), "")
        self.told.hide()
        self.trouble.hide()
        self._reset(following(last))
        draft = unpacked(opened.draft)
        if draft is not None and not draft.empty:
            self._restore(draft, opened)
        self.focus()

    def set_taken(self, opened: facts.Opened) -> None:
        """Remember which certificates are typed already, and which of them are paid nothing."""
        typed = [one for one in opened.claims if one.certificate]
        self._taken = frozenset(one.certificate for one in typed if one.state not in _FREE)
        self._given_up = frozenset(one.certificate for one in typed) - self._taken

    def focus(self) -> None:
        """Put the cursor where the work goes on."""
        if self.half_typed:
            self._soon.start()
        if self._patient is None:
            self._go(self.certificate if not self.certificate.text() else self.card)
        elif self.day.day() is None:
            self._go(self.day)
        else:
            self._go(self.lines[-1].act)

    @property
    def half_typed(self) -> bool:
        """Whether something stands in the form that is not recorded."""
        return not self._draft().empty

    def _go(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reset(self, number: str) -> None:
        """Empty the form for the certificate of that number."""
        near = self._batch.month.first if self._batch is not None else self.day.near
        self._request = RequestId(secrets.token_bytes(16))
        self._patient = None
        self.day.near = near
        for field in (self.card, self.day):
            field.setText("")
            field.mark_wrong(wrong=False)
        self.certificate.setText(number)
        self.papers.clear(near)
        self.pictures.clear()
        self._forget_doubt()
        self.error.clear_text()
        self._say_patient()
        for line in self.lines:
            self._drop_line(line)
        self.lines = []
        self._shown = {}
        self._here = None
        self._nobody = ""
        self._note(None)
        self._add_line()
        self._show_why()

    def give_up(self) -> None:
        """Empty the form, and forget what was kept of it."""
        if self._batch is None or self._ahead.holding:
            return
        self._soon.stop()
        self._reset(self.certificate.text())
        self._lane.do(
            partial(forget_draft, self._desk, facts.draft_name(self._batch.id)), owner=self
        )
        self.focus()

    def put_aside(self) -> None:
        """F6: keep what is half typed for later, and go on with the next one."""
        if self._batch is None or self._ahead.holding:
            return
        if not self.half_typed:
            self.error.show_text(Text(N_("Nothing is half typed that could be put aside.")))
            return
        self._soon.stop()
        draft, number = self._draft(), self.certificate.text()
        self._lane.do(
            partial(facts.put_aside, self._desk, self._batch.id, self._request, packed(draft)),
            partial(self._away, number, draft.diagnosed),
            troubled=self._troubled,
            owner=self,
        )

    def _away(self, number: str, diagnosed: bool, _none: None) -> None:
        self._reset(following(number))
        told = N_("Certificate {number} is put aside. Choose it in the list to go on with it.")
        bare = N_(
            "Certificate {number} is put aside, but not its diagnosis. Choose it in the list to go "
            "on with it."
        )
        self.told.say(Text(bare if diagnosed else told, {"number": number}))
        self.told.show()
        self.put_away.emit()
        self.focus()

    def next_after(self, number: str) -> None:
        """Forget what is half typed: it was recorded otherwise. The next number follows."""
        self.give_up()
        self.certificate.setText(following(number) or self.certificate.text())

    def type_found(self, certificate: str, day: date) -> None:
        """Begin the certificate of somebody who was unknown and is found."""
        self._reset(certificate)
        self.day.set_day(day)
        self._go(self.card)

    def _restore(self, draft: Draft, opened: facts.Opened) -> None:
        self._request = RequestId(bytes.fromhex(draft.request))
        self.certificate.setText(draft.certificate)
        self.card.setText(draft.card)
        self.day.setText(draft.day)
        self._patient = opened.drafted
        papers = self.papers
        papers.until.setText(draft.until)
        papers.guarantee.setText(draft.guarantee)
        papers.hours.setText(draft.hours)
        papers.visit.choose(Visit(draft.visit) if draft.visit else Visit.OTHER)
        papers.setVisible(papers.filled or draft.diagnosed)
        self.pictures.restore(
            [KeptPicture(RequestId(bytes.fromhex(a)), bytes.fromhex(b)) for a, b in draft.pictures]
        )
        acts = {one.id.hex(): one for one in self._acts}
        for at, line in enumerate(draft.lines):
            if at:
                self._add_line()
            self.lines[-1].restore(line, acts.get(line.service))
        if draft.lines and not self.lines[-1].empty:
            self._add_line()
        self._say_patient()
        back = N_("What was typed and not recorded is back. Go on where you were.")
        bare = N_("What was typed is back, but not the diagnosis: type it again (F10).")
        self.told.say(bare if draft.diagnosed else back)
        self.told.show()
        self._read_prices(self._soon.start)

    def _draft(self) -> Draft:
        visit = self.papers.visit.value()
        return Draft(
            request=self._request.hex(),
            certificate=self.certificate.text(),
            card=self.card.text(),
            person="" if self._patient is None else self._patient.id.hex(),
            day=self.day.text(),
            until=self.papers.until.text(),
            visit="" if visit in {None, Visit.OTHER} else visit.value,
            guarantee=self.papers.guarantee.text(),
            hours=self.papers.hours.text(),
            diagnosed=bool(self.papers.diagnosis.text().strip()),
            lines=tuple(line.told() for line in self.lines if not line.empty),
            pictures=tuple(
                (one.request_id.hex(), one.content.hex()) for one in self.pictures.held
            ),
        )

    # Lines

    def _add_line(self) -> ActLine:
        line = ActLine(self._speaker, len(self.lines), self._desk.currency)
        self._rows.addWidget(line)
        self.lines.append(line)
        line.looked_for.connect(self._look_for_act)
        line.act_entered.connect(partial(self._act_entered, line))
        line.ended.connect(partial(self._ended, line))
        line.changed.connect(self._changed)
        self.pictures.row.watch(self, line.act, line.quantity, line.price)
        for field in (line.act, line.quantity, line.price):
            field.up.connect(partial(self._move, line, -1))
            field.down.connect(partial(self._move, line, 1))
            self._ahead.watch(field)
        return line

    def _drop_line(self, line: ActLine) -> None:
        self._rows.removeWidget(line)
        self._shown.pop(line, None)
        line.hide()
        line.deleteLater()

    def _move(self, line: ActLine, by: int) -> None:
        """Go through the acts found, else through the lines."""
        if self.bottom.currentIndex() == _ACTS:
            self.found.step(by)
            return
        at = self.lines.index(line) + by
        if 0 <= at < len(self.lines):
            self._go(self.lines[at].act)

    def _look_for_act(self, told: str) -> None:
        if not told.strip():
            self._bottom(_WHY)
            return
        self.found.show_acts(facts.matches(self._acts, told), self._prices)
        self._bottom(_ACTS)

    def _act_entered(self, line: ActLine) -> None:
        """Take the act; an empty line behind the last ends the certificate."""
        if line.empty:
            self._empty_line(line)
            return
        if line.service is not None:
            self._go(line.quantity)
            return
        chosen = self.found.act() if self.bottom.currentIndex() == _ACTS else None
        if chosen is None:
            chosen = next(iter(facts.matches(self._acts, line.act.text())), None)
        if chosen is None:
            line.refuse(
                Text(
                    N_("No act is called {asked}. Try fewer letters of its name."),
                    {"asked": line.act.text()},
                )
            )
            return
        self._take(line, chosen)

    def _act_picked(self, act: Service) -> None:
        line = self._here or self.lines[-1]
        self._take(line, act)

    def _take(self, line: ActLine, act: Service) -> None:
        line.take(act, self._prices.of.get(act.id) if self._prices else None)
        self._bottom(_WHY)
        self._go(line.quantity)

    def _empty_line(self, line: ActLine) -> None:
        if line is not self.lines[-1]:
            self.lines.remove(line)
            self._drop_line(line)
            for at, other in enumerate(self.lines):
                other.at = at
            self._changed()
            self._go(self.lines[-1].act)
        else:
            self.send()

    def _ended(self, line: ActLine) -> None:
        if line.price.value() is None:
            line.refuse(Text(N_("Type the price of one, in figures.")), "price")
            return
        at = self.lines.index(line) + 1
        following_line = self.lines[at] if at < len(self.lines) else self._add_line()
        self._go(following_line.act)

    @Slot(QWidget, QWidget)
    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Tell of the line the cursor is on."""
        if new is None or not self.isAncestorOf(new):
            return
        self._here = next((one for one in self.lines if one.isAncestorOf(new)), None)
        in_act = self._here is not None and new is self._here.act and self._here.service is None
        if self.bottom.currentIndex() == _ACTS and not in_act:
            self._bottom(_WHY)
        self._show_why()

    def _show_why(self) -> None:
        line = self._here if self._here in self._shown else None
        if line is None:
            told = [one for one in self.lines if one in self._shown]
            line = told[-1] if told else None
        self.why.show_line(None if line is None else self._shown[line])

    def _bottom(self, part: int) -> None:
        if self.bottom.currentIndex() != part:
            self.bottom.setCurrentIndex(part)

    # Who, and when

    def _to_card(self) -> None:
        if self._number_free():
            self._go(self.card)

    def _number_free(self) -> bool:
        """Whether the certificate is not typed yet, or was refused; else it is said beside it."""
        number = self.certificate.text().strip()
        if number in self._taken:
            told = N_("Certificate {number} is typed already in this batch. Check the number.")
            self._wrong(self.certificate, Text(told, {"number": number}))
            return False
        return True

    def step_back(self) -> bool:
        """Leave the list of people for the card; whether it was there."""
        if self.bottom.currentIndex() != _PEOPLE:
            return False
        self._bottom(_WHY)
        self._go(self.card)
        self.card.selectAll()
        return True

    def _to_people(self) -> None:
        if self.bottom.currentIndex() == _PEOPLE:
            self._go(self.people)

    def _card_edited(self, _text: str) -> None:
        self._patient = None
        self._nobody = ""
        self._say_patient()
        self.told.hide()
        if self.bottom.currentIndex() == _PEOPLE:
            self._bottom(_WHY)
        self._head_edited("")

    def _card_entered(self, asked: str) -> None:
        if not asked:
            self._wrong(self.card, Text(N_("Type the number on the card: 47, or 47/2.")))
            return
        if self._patient is not None and asked == card_of(self._patient):
            self._go(self.day)
            return
        if asked == self._nobody:
            # Looked for and not there: the certificate is kept all the same, and refused (RA01).
            self.unknown_wanted.emit(self.certificate.text(), asked, self.day.text())
            return
        self._ahead.hold()
        self._lane.do(
            partial(facts.looked_up, self._desk, asked),
            self._looked,
            refused=self._not_read,
            troubled=self._not_read,
            owner=self,
        )

    def _looked(self, looked: facts.Looked) -> None:
        if looked.asked != self.card.query():
            self._ahead.drop()
            return
        if looked.found is not None:
            self._picked(looked.found)
        elif looked.persons:
            self.people.show_people(looked.persons, by_digit=looked.one_household)
            self._bottom(_PEOPLE)
            self._go(self.people)
            self._ahead.release()
        else:
            self._ahead.drop()
            self._unknown(looked)

    def _unknown(self, looked: facts.Looked) -> None:
        values: dict[str, Value] = {"asked": looked.asked, "similar": ", ".join(looked.similar)}
        if any(sign.isalpha() for sign in looked.asked):
            text = Text(
                N_(
                    "Nobody is called {asked}. Try fewer letters, name and village, or the number."
                ),
                values,
            )
        elif looked.similar:
            text = Text(
                N_("No card {asked}. Similar numbers: {similar}. A name will do too."), values
            )
        else:
            text = Text(N_("No card {asked}. Look at it again, or type a name."), values)
        self._nobody = looked.asked
        more = N_("{sentence} Enter once more records an unknown person.")
        self._wrong(self.card, Text(more, {"sentence": text}))

    def _picked(self, person: PersonRow) -> None:
        self._patient = person
        self.card.setText(card_of(person))
        self.card.mark_wrong(wrong=False)
        self.error.clear_text()
        self._say_patient()
        self._bottom(_WHY)
        self._changed()
        if self.day.day() is None:
            self._go(self.day)
            self._ahead.release()
            return
        # The day stood there first: its prices may not be known yet.
        self._ahead.hold()
        self._read_prices(self._to_lines)

    def _say_patient(self) -> None:
        one = self._patient
        self.patient.setVisible(one is not None)
        if one is None:
            self.patient.say("")
            return
        values: dict[str, Value] = {
            "name": one.name,
            "age": age_words(one.birth, self.day.day() or self.day.near),
            "sex": Text(SEXES[one.sex]),
            "member": one.member_name,
            "section": one.section,
        }
        self.patient.say(Text(N_("{name}, {age} {sex} · member {member} · {section}"), values))

    def _head_edited(self, _text: str) -> None:
        self.error.clear_text()
        self._changed()

    def _day_entered(self) -> None:
        day = self.day.day()
        if day is None:
            text = self.day.problem() or Text(N_("Type the day of the care: 14."))
            self._wrong(self.day, text)
            return
        if self._batch is not None:
            late = later_than_invoice(day, day, self._batch.month, self._batch.received_on)
            if late is not None:
                self._wrong(self.day, late)
                return
        self._ahead.hold()
        self._read_prices(self._to_lines)

    def _read_prices(self, then: Callable[[], object]) -> None:
        """Read the prices of the day, and go on."""
        day = self.papers.until.day() or self.day.day()
        if day is None or self._batch is None:
            return
        if self._prices is not None and self._prices.day == day:
            self._priced(then, self._prices)
            return
        self._lane.do(
            partial(facts.prices_on, self._desk, self._batch.provider_id, day),
            partial(self._priced, then),
            troubled=self._not_read,
            owner=self,
        )

    def _priced(self, then: Callable[[], object], prices: facts.Prices) -> None:
        self._prices = prices
        if prices.hole is not None:
            self._ahead.drop()
            self._wrong(self.day, prices.hole)
            return
        for line in self.lines:
            if line.service is not None and line.price.value() is None:
                line.price.set_value(prices.of.get(line.service.id))
        then()

    def _to_lines(self) -> None:
        self._say_patient()
        self._go(next((one for one in self.lines if one.empty), self.lines[0]).act)
        self._ahead.release()

    def _wrong(self, field: Field, text: Text) -> None:
        self.error.show_text(text)
        field.mark_wrong(wrong=True)
        field.setAccessibleDescription(self.error.text())
        self._go(field)
        field.selectAll()

    def _not_read(self, problem: Refusal | Trouble) -> None:
        self._ahead.drop()
        self.trouble.show_text(problem.text)

    def show_papers(self) -> None:
        """F10: the visit, a letter, the last day; the same key takes them away when empty."""
        if self.papers.isVisible() and not self.papers.filled:
            self.papers.hide()
            self.focus()
            return
        self.papers.show()
        self._go(self.papers.visit)

    def _back_to_lines(self) -> None:
        if self.papers.until.text().strip() and self.papers.until.day() is None:
            self._wrong(self.papers.until, Text(N_("This is not a day. Type it as 14.")))
            return
        self._read_prices(self.focus)

    # Deciding while it is typed

    def _changed(self) -> None:
        self._forget_doubt()
        self.told.setVisible(False)
        self._soon.start()

    def _forget_doubt(self) -> None:
        self._accepting = frozenset()
        self.doubt.show_texts(())

    def _complete(self) -> list[ActLine]:
        return [one for one in self.lines if one.complete]

    def _keep(self) -> None:
        """Keep what is half typed on this laptop; what was taken out by hand is forgotten."""
        if self._batch is None:
            return
        draft, name = self._draft(), facts.draft_name(self._batch.id)
        keep = partial(keep_draft, self._desk, name, packed(draft))
        self._lane.do(partial(forget_draft, self._desk, name) if draft.empty else keep, owner=self)

    def _work(self) -> None:
        """Keep the draft, and decide what is typed so far."""
        if self._batch is None:
            return
        if self._ahead.holding:
            self._soon.start()
            return
        self._keep()
        self._notice()
        if self._previewing:
            self._again = True
            return
        lines = self._complete()
        certificate = self._certificate(lines)
        for line in self.lines:
            if line not in lines:
                self._shown.pop(line, None)
                line.show_decided(None)
        if certificate is None or not lines:
            self._show_why()
            return
        self._previewing = True
        names = [one.called for one in lines]
        self._lane.do(
            partial(facts.previewed, self._desk, self._batch, certificate, names),
            partial(self._show_preview, lines, self._request),
            refused=self._not_previewed,
            troubled=self._not_previewed,
            owner=self,
        )

    def _notice(self) -> None:
        """Look at what lies beside the certificate: it is told, and nothing is in the way."""
        day = self.papers.until.day() or self.day.day()
        if self._batch is None or self._patient is None or day is None:
            self._note(None)
            return
        acts = tuple(one.service.id for one in self.lines if one.service is not None)
        asked = (self._patient.id, day, self.certificate.text(), acts)
        if asked == self._noticed:
            return
        self._noticed = asked
        self._lane.do(
            partial(
                batch_facts.noticed,
                self._desk,
                person_id=self._patient.id,
                day=day,
                provider_id=self._batch.provider_id,
                certificate=self.certificate.text().strip(),
                acts=acts,
            ),
            partial(self._note, asked),
            troubled=self._not_read,
            owner=self,
        )

    def _note(self, asked: object, texts: tuple[Text, ...] = ()) -> None:
        """Tell what was noticed, unless something else is typed by now."""
        if asked is None:
            self._noticed = None
        if asked == self._noticed:
            self.noted.emit(texts)

    def _show_preview(
        self, lines: Sequence[ActLine], request: RequestId, preview: facts.Preview
    ) -> None:
        self._previewing = False
        if request == self._request:
            for line, shown in zip(lines, preview.lines, strict=True):
                if line in self.lines and line.complete:
                    self._shown[line] = shown
                    line.show_decided(shown)
            if not self._accepting:
                self.doubt.show_texts(preview.doubts)
            self._show_why()
        self._once_more()

    def _not_previewed(self, problem: Refusal | Trouble) -> None:
        self._previewing = False
        self._shown = {}
        for line in self.lines:
            line.show_decided(None)
        self._show_why()
        # What recording refused says more than what could not be reckoned.
        if isinstance(problem, Refusal) and not self.error.text():
            self.error.show_text(problem.text)
        self._once_more()

    def _once_more(self) -> None:
        if self._again:
            self._again = False
            self._soon.start()

    def _certificate(self, lines: Sequence[ActLine]) -> NewClaim | None:
        """Return what is typed, None while nobody or no day is."""
        day = self.day.day()
        if self._patient is None or day is None:
            return None
        papers = self.papers
        visit = papers.visit.value()
        return NewClaim(
            person_id=self._patient.id,
            first_day=day,
            last_day=papers.until.day() or day,
            lines=tuple(
                NewLine(one.service.id, one.quantity.value() or 0, one.price.value() or 0)
                for one in lines
                if one.service is not None
            ),
            certificate=self.certificate.text().strip(),
            visit=visit if isinstance(visit, Visit) else Visit.OTHER,
            declared_hours=papers.hours.value(),
            guarantee=papers.guarantee.text(),
            diagnosis=papers.diagnosis.text(),
        )

    # Recording

    def send(self) -> None:
        """Record the certificate; what is still being recorded is not recorded twice."""
        if self._batch is None or self._at_work() or not self._whole():
            return
        lines = [one for one in self.lines if not one.empty]
        certificate = self._certificate(lines)
        if certificate is None:
            return
        self._soon.stop()
        self._ahead.hold()
        self.record.say(N_("Recording …"))
        self._lane.do(
            partial(
                facts.entered,
                self._desk,
                self._request,
                self._batch,
                certificate,
                [one.called for one in lines],
                taken=self._given_up,
                accepting=self._accepting,
                pictures=tuple(self.pictures.held),
            ),
            self._entered,
            refused=partial(self._refused, lines),
            cautioned=self._cautioned,
            troubled=self._troubled,
            owner=self,
        )

    def _whole(self) -> bool:
        """Whether everything needed is typed; else the cursor goes where it is missing."""
        if self._patient is None:
            self._wrong(self.card, Text(N_("Type the number on the card and press Enter.")))
            return False
        if self.day.day() is None:
            self._wrong(self.day, Text(N_("Type the day of the care: 14.")))
            return False
        return self._number_free() and self._lines_whole()

    def _lines_whole(self) -> bool:
        typed = [one for one in self.lines if not one.empty]
        if not typed:
            self.lines[-1].refuse(Text(N_("Type at least one act or medicine.")))
            return False
        return all(map(self._line_whole, typed))

    def _line_whole(self, line: ActLine) -> bool:
        if line.service is None:
            line.refuse(Text(N_("Choose the act from the list below, with Enter.")))
        elif line.quantity.value() is None:
            line.refuse(Text(N_("Type how many: a whole number from 1 on.")), "quantity")
        elif line.price.value() is None:
            line.refuse(Text(N_("Type the price of one, in figures.")), "price")
        else:
            return True
        return False

    def _at_work(self) -> bool:
        """Whether an answer is awaited; after a mistake of the program none will come."""
        if self._ahead.holding and not self._lane.is_busy():
            self._stopped()
        return self._ahead.holding

    def _stopped(self) -> None:
        # `send` stopped the clock: what stands here is neither kept nor decided so far.
        self._soon.start()
        self._ahead.drop()
        self.record.say(N_("Record (Enter)"))

    def _entered(self, entered: facts.Entered) -> None:
        self._saved()
        self.record.say(N_("Record (Enter)"))
        claim = entered.claim
        self._taken |= {claim.certificate} if claim.certificate else frozenset()
        values: dict[str, Value] = {
            "number": claim.certificate or claim.number,
            "name": claim.patient,
            "claimed": claim.claimed,
        }
        self._reset(following(claim.certificate))
        self.told.say(Text(N_("✓ Certificate {number} recorded: {name}, {claimed}"), values))
        self.told.show()
        self.recorded.emit(entered)
        self.focus()
        self._ahead.release()

    def _refused(self, lines: Sequence[ActLine], refusal: Refusal) -> None:
        self._stopped()
        # What was asked is no longer the question.
        self._forget_doubt()
        part, _, rest = refusal.field.partition(".")
        at, _, cell = rest.partition(".")
        if part == "picture":
            self.pictures.row.refuse(refusal)
            return
        if part == "lines" and at.isdecimal() and int(at) < len(lines):
            lines[int(at)].refuse(refusal.text, cell)
            return
        fields: dict[str, Field] = {
            "certificate": self.certificate,
            "person": self.card,
            "day": self.day,
            "declared_hours": self.papers.hours,
            "diagnosis": self.papers.diagnosis,
        }
        if refusal.field in {"declared_hours", "diagnosis"}:
            self.papers.show()
        self._wrong(fields.get(refusal.field, self.lines[0].act), refusal.text)

    def _cautioned(self, caution: Caution) -> None:
        self._stopped()
        self._accepting = frozenset(doubt.name for doubt in caution.doubts)
        again = Text(N_("Press Enter once more if it is right; or correct it."))
        self.doubt.show_texts([*(doubt.text for doubt in caution.doubts), again])
        self._reveal.begin()
        self._go(self.lines[-1].act)

    def _troubled(self, trouble: Trouble) -> None:
        self._stopped()
        text = N_("{trouble} This certificate is NOT recorded; what you typed is still here.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))
