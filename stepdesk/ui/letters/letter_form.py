"""Writing a letter while somebody waits: card, to whom, for what, up to how much, F9."""

import secrets
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from stepdesk.benefits.terms import Service
from stepdesk.claims.rules import last_day
from stepdesk.claims.terms import GuaranteeKind, LetterOffer, NewLetter
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.terms import PersonRow
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.desk import Desk
from stepdesk.ui.claims.facts import Looked, Prices, looked_up, matches, prices_on
from stepdesk.ui.claims.people_list import ActList, PeopleList, card_of
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.count_form import SecondPerson
from stepdesk.ui.contributions.current_stack import CurrentStack, Reveal
from stepdesk.ui.contributions.household_card import NoticeBand
from stepdesk.ui.contributions.type_ahead import TypeAhead
from stepdesk.ui.letters import facts
from stepdesk.ui.letters.cells import Cells
from stepdesk.ui.letters.letter_rows import LettersTable
from stepdesk.ui.letters.patient_view import PatientView
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.buttons import MainButton, PlainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import RequestId
from stepdesk.values.money import Money

_SOON = 200  # milliseconds after the last key until the offer is asked for anew
_EARLIER, _PEOPLE, _ACTS = range(3)
_BESIDE = (N_("Earlier letters"), N_("Who is it?"), N_("Acts found"))
_KINDS = (
    (GuaranteeKind.NORMAL, N_("Before the care")),
    (GuaranteeKind.REGULARISATION, N_("Emergency, told later")),
    (GuaranteeKind.PAD, N_("Leaf of the pad")),
)


class LetterForm(QWidget):
    """One letter after another without the mouse.

    Signals:
        ready: What is to be issued and printed (a `facts.Wanted`).
        request_ready: What is only to be written down as asked for.
        list_wanted: The letters are to be seen.
    """

    ready = Signal(object)
    request_ready = Signal(object)
    list_wanted = Signal()

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__()
        self._lane, self._desk = context.lane, desk
        self._today = context.clock_today()
        self._room: facts.Room | None = None
        self._patient: facts.Patient | None = None
        self._act: Service | None = None
        self._prices: Prices | None = None
        self._offer: LetterOffer | None = None
        self._request = RequestId(secrets.token_bytes(16))
        self._typed: set[str] = set()  # what a person typed over what was proposed
        self._goes_on = self._sends = False
        self._make(context)
        self._place(context)
        self._connect()

    def _make(self, context: Context) -> None:
        speaker = context.speaker
        self.kind = Tabs(speaker, _KINDS, columns=3)
        self.cells = Cells(speaker, self._today, self._desk.currency)
        photos = PhotoCache(self._desk, self._lane, self)
        self.patient = PatientView(speaker, photos, self._desk.currency)
        self.missing = Words("", speaker, wrap=True)
        self.told = Words("", speaker, bold=True, wrap=True)
        self.against = NoticeBand(speaker)
        self.caution = CautionBand(speaker)
        self.trouble = TroubleBand(speaker)
        self.second = SecondPerson(speaker)
        self.second.hide()
        self.earlier = LettersTable(
            speaker,
            N_("Earlier letters"),
            N_("No earlier letter."),
            earlier=True,
        )
        self.people = PeopleList(speaker, self._today)
        self.found = ActList(speaker, self._desk.currency)
        self.print = MainButton(N_("Print"), speaker, key="print", icon="printer")
        self.later = PlainButton(N_("Only ask for it"), speaker)
        self.empty_form = PlainButton(N_("Empty the form"), speaker, key="new")
        self.all = PlainButton(N_("Letters"), speaker, key="filter")
        self._reveal = Reveal(self.print)
        self._ahead = TypeAhead(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._ask_offer)

    def _place(self, context: Context) -> None:
        left = Card(N_("A letter"), context.speaker, margin=16)
        self.cells.insert(1, self.patient)
        parts: tuple[QWidget, ...] = (
            self.trouble,
            self.missing,
            self.kind,
            self.cells,
            self.told,
            self.against,
            self.second,
            self.caution,
        )
        for widget in parts:
            left.body.addWidget(widget)
        left.body.addStretch(1)
        foot = QHBoxLayout()
        left.body.addLayout(foot)
        for button in (self.print, self.later, self.empty_form, self.all):
            foot.addWidget(button)
        foot.addStretch(1)
        right = Card(margin=16)
        self.beside = Words(_BESIDE[_EARLIER], context.speaker, size=Size.SECTION, bold=True)
        right.body.addWidget(self.beside)
        self.side = CurrentStack()
        for part in (self.earlier, self.people, self.found):
            self.side.addWidget(part)
        right.body.addWidget(self.side, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Sides(left, right, shares=(5, 3)), 1)

    def _connect(self) -> None:
        cells = self.cells
        cells.card.chosen.connect(self._card_entered)
        cells.card.textEdited.connect(self._card_edited)
        cells.card.down.connect(self._to_people)
        self.people.picked.connect(self._picked)
        self.kind.chosen.connect(self._turn)
        cells.provider.entered.connect(partial(self._next, "provider"))
        cells.provider.currentIndexChanged.connect(self._other_provider)
        cells.service.textEdited.connect(self._act_edited)
        cells.service.returnPressed.connect(self._act_entered)
        cells.service.up.connect(partial(self.found.step, -1))
        cells.service.down.connect(partial(self.found.step, 1))
        self.found.picked.connect(self._take_act)
        for name in ("leaf", "first_day", "declared_hours", "up_to", "days"):
            field = cells.fields[name]
            if isinstance(field, QLineEdit):
                field.returnPressed.connect(partial(self._next, name))
        cells.quantity.returnPressed.connect(self._to_end)
        cells.referral.returnPressed.connect(self._referral_entered)
        for field in (cells.first_day, cells.hours, cells.quantity, cells.referral):
            field.textEdited.connect(self._changed)
        cells.up_to.textEdited.connect(partial(self._by_hand, "up_to"))
        cells.days.textEdited.connect(partial(self._by_hand, "days"))
        self.second.entered.connect(self.send)
        self.print.clicked.connect(self.send)
        self.later.clicked.connect(self.write_down)
        self.empty_form.clicked.connect(self.begin)
        self.all.clicked.connect(self.list_wanted)
        self.caution.accepted.connect(self._accept)
        self.caution.dismissed.connect(self.free)
        for widget in (*cells.fields.values(), self.people, self.print):
            self._ahead.watch(widget)

    # Beginning

    def show_room(self, room: facts.Room) -> None:
        """Take up what letters are written with; what is typed stays."""
        self._room = room
        combo = self.cells.provider
        kept = combo.currentData()
        combo.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        combo.clear()
        for one in room.providers:
            combo.addItem(one.name, one.id)
        ids = [one.id for one in room.providers]
        combo.setCurrentIndex(ids.index(kept) if kept in ids else 0 if ids else -1)
        combo.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self.cells.offer_senders([one.name for one in room.providers])
        missing = _missing(room)
        self.missing.setVisible(missing is not None)
        self.missing.say(missing or "")
        self.second.start(room.others, solo=room.solo)
        self.print.setEnabled(missing is None)
        self._other_provider()

    def _other_provider(self, *_at: int) -> None:
        provider_id = self.cells.provider.currentData()
        self._prices = None
        if provider_id is not None:
            self._lane.do(
                partial(prices_on, self._desk, provider_id, self._today),
                self._priced,
                owner=self,
            )
        self._changed()

    def _priced(self, prices: Prices) -> None:
        self._prices = prices

    def begin(self, *_clicked: object) -> None:
        """An empty form, of the same kind as the last."""
        self._ahead.drop()
        self._request = RequestId(secrets.token_bytes(16))
        self._patient = self._act = None
        self._typed.clear()
        self.cells.empty()
        self.patient.hide()
        self.caution.hide()
        self.trouble.hide()
        self._show_offer(None)
        self.earlier.show_letters(())
        self._aside(_EARLIER)
        self.free()
        self.focus()

    def turn(self, kind: GuaranteeKind) -> None:
        """Write a letter of another kind."""
        self.kind.choose(kind)
        self.focus()

    def _turn(self, kind: object) -> None:
        if isinstance(kind, GuaranteeKind):
            self.cells.show_kind(kind)
            self.later.setVisible(kind is not GuaranteeKind.PAD)
            self._changed()

    def focus(self) -> None:
        """Put the cursor where the work goes on."""
        if self._patient is None:
            self.cells.go("person")
            return
        nearest = self.cells.next_of("person")
        if nearest is not None:
            nearest.setFocus(Qt.FocusReason.TabFocusReason)

    def _aside(self, part: int) -> None:
        if self.side.currentIndex() != part:
            self.side.setCurrentIndex(part)
            self.beside.say(_BESIDE[part])

    # Who

    def start_for(self, person: PersonRow) -> None:
        """Write a letter for somebody another page named."""
        self.begin()
        self._picked(person)

    def _card_edited(self, _text: str) -> None:
        self._patient = None
        self.patient.hide()
        self._show_offer(None)
        self.cells.clear_errors()
        self.earlier.show_letters(())
        self._aside(_EARLIER)

    def _card_entered(self, asked: str) -> None:
        if not asked:
            self.cells.needed("person", Text(N_("Type the number on the card: 47, or 47/2.")))
            return
        if self._patient is not None and asked == card_of(self._patient.person):
            self._next("person")
            return
        self._ahead.hold()
        self._lane.do(
            partial(looked_up, self._desk, asked), self._looked, refused=self._not_read,
            troubled=self._not_read, owner=self,
        )  # fmt: skip

    def _looked(self, looked: Looked) -> None:
        if looked.asked != self.cells.card.query():
            self._ahead.drop()
        elif looked.found is not None:
            self._picked(looked.found)
        elif looked.persons:
            self.people.show_people(looked.persons, by_digit=looked.one_household)
            self._aside(_PEOPLE)
            self.people.setFocus(Qt.FocusReason.TabFocusReason)
            self._ahead.release()
        else:
            self._ahead.drop()
            self.cells.needed("person", _nobody(looked))

    def _to_people(self) -> None:
        if self.side.currentIndex() == _PEOPLE:
            self.people.setFocus(Qt.FocusReason.TabFocusReason)

    def step_back(self) -> bool:
        """Leave a list beside the form for its field; whether one was there."""
        part = self.side.currentIndex()
        if part == _EARLIER:
            return False
        self._aside(_EARLIER)
        self.cells.go("person" if part == _PEOPLE else "service")
        return True

    def _picked(self, person: PersonRow) -> None:
        self.cells.card.setText(card_of(person))
        self._aside(_EARLIER)
        self._ahead.hold()
        self._lane.do(
            partial(facts.patient_of, self._desk, person), self._known, refused=self._not_read,
            troubled=self._not_read, owner=self,
        )  # fmt: skip

    def _known(self, patient: facts.Patient) -> None:
        self._patient = patient
        self.patient.show_patient(patient, self._today)
        self.earlier.show_letters(patient.earlier)
        self.cells.clear_errors()
        self._changed()
        self._next("person")
        self._ahead.release()

    def _not_read(self, failure: Refusal | Trouble) -> None:
        self._ahead.drop()
        self._goes_on = self._sends = False
        if isinstance(failure, Trouble):
            self.trouble.show_trouble(failure)
        elif not self.cells.refuse(failure):
            self.against.show_texts([failure.text])

    # For what

    def _act_edited(self, told: str) -> None:
        self._act = None
        self._typed.discard("up_to")
        self._typed.discard("days")
        self._show_offer(None)
        self.cells.clear_errors()
        acts = self._room.acts if self._room is not None else ()
        self.found.show_acts(matches(acts, told), self._prices)
        self._aside(_ACTS if told.strip() else _EARLIER)

    def _act_entered(self) -> None:
        act = self._act
        if act is None and self.side.currentIndex() == _ACTS:
            act = self.found.act()
        if act is None:
            text = N_("Type the code or the first letters of the act, and choose it.")
            self.cells.needed("service", Text(text))
            return
        self._take_act(act)

    def _take_act(self, act: Service) -> None:
        self._act = act
        self.cells.service.setText(act.name)
        self.cells.service.setCursorPosition(0)
        self._aside(_EARLIER)
        if self._patient is None:
            self.cells.go("person")
            return
        self._goes_on = True
        self._ahead.hold()
        self._ask_offer()

    # What it would say

    def _by_hand(self, name: str, _text: str) -> None:
        self._typed.add(name)
        self.cells.clear_errors()
        if self._offer is not None:
            self._say_offer(self._offer)

    def _changed(self, *_what: object) -> None:
        self.cells.clear_errors()
        if self._patient is not None and self._act is not None:
            self._soon.start()

    def asked(self) -> NewLetter | None:
        """Return what is asked for; None while somebody or something is missing."""
        provider = self.cells.provider.currentData()
        if self._patient is None or self._act is None or provider is None:
            return None
        cells, kind = self.cells, self.cells.kind
        normal, pad = kind is GuaranteeKind.NORMAL, kind is GuaranteeKind.PAD
        return NewLetter(
            self._patient.person.id,
            provider,
            self._act.id,
            cells.quantity.value() or 0,
            kind,
            None if normal else cells.first_day.day(),
            cells.referral.text().strip(),
            cells.hours.value() if kind is GuaranteeKind.REGULARISATION else None,
            cells.leaf.text().strip() if pad else "",
        )

    def _ask_offer(self) -> None:
        self._soon.stop()
        asked = self.asked()
        if asked is None or self._half_typed(asked):
            self._show_offer(None)
            self._go_on()
            return
        self._lane.do(
            partial(facts.offered, self._desk, asked),
            partial(self._offered, asked),
            refused=self._not_offered,
            troubled=self._not_read,
            owner=self,
        )

    def _half_typed(self, asked: NewLetter) -> bool:
        """Whether the emergency or the leaf is not told yet: then nothing can be reckoned."""
        emergency = asked.kind is GuaranteeKind.REGULARISATION
        return (emergency and asked.declared_hours is None) or (
            asked.kind is GuaranteeKind.PAD and not asked.leaf
        )

    def _offered(self, asked: NewLetter, offer: LetterOffer) -> None:
        if asked != self.asked():
            self._ask_offer()
            return
        self._show_offer(offer)
        if "up_to" not in self._typed:
            self.cells.up_to.set_value(offer.proposed.minor if offer.may_go_out else None)
        if "days" not in self._typed:
            self.cells.days.set_value((offer.valid_through - offer.first_day).days + 1)
            self._say_offer(offer)
        self._go_on()

    def _not_offered(self, refusal: Refusal) -> None:
        self._show_offer(None)
        self._goes_on = self._sends = False
        self._ahead.drop()
        if not self.cells.refuse(refusal):
            self.against.show_texts([refusal.text])

    def _go_on(self) -> None:
        """Do what waited for the offer: go to the next field, or send."""
        if self._sends:
            self._sends = False
            self._send()
        elif self._goes_on:
            self._goes_on = False
            if self._offer is None or self._offer.may_go_out:
                self._next("service")
                self._ahead.release()
            elif self._to_be_sent():
                self.cells.go("referral")
                self._ahead.release()
            else:
                self._ahead.drop()
                self.cells.go("service")

    def _to_be_sent(self) -> bool:
        """Whether the care needs to be told who sent the patient."""
        found = () if self._offer is None else self._offer.verdict.conditions
        asks = any(one.code is ReasonCode.RB06 for one in found)
        return asks and not self.cells.referral.text().strip()

    def _referral_entered(self) -> None:
        if self._offer is None or self._offer.may_go_out:
            self._to_end()
            return
        self._goes_on = True
        self._ahead.hold()
        self._ask_offer()

    def _show_offer(self, offer: LetterOffer | None) -> None:
        self._offer = offer
        second = offer is not None and offer.second
        self.second.setVisible(second)
        self._say_offer(offer)
        if offer is None or offer.against is None:
            self.against.show_texts([])
        elif second:
            # Why not, and what could be paid, stands beside the patient already.
            told = N_(
                "Contributions are not paid up: the letter goes out if a second person signs."
            )
            self.against.show_texts([Text(told)])
        else:
            self.against.show_texts([offer.against, *offer.can_do])

    def _say_offer(self, offer: LetterOffer | None) -> None:
        self.told.setVisible(offer is not None and offer.may_go_out)
        if offer is None:
            return
        days = self.cells.days.value()
        amount = self.cells.up_to.value()
        up_to = offer.proposed if amount is None else Money(amount, offer.price.currency)
        last = last_day(offer.first_day, days) if days else offer.valid_through
        ends = offer.covered_through
        short = ends is not None and ends <= last
        values: dict[str, Value] = {
            "price": offer.price,
            "up_to": up_to,
            "patient": offer.price - up_to if up_to.minor < offer.price.minor else offer.patient,
            "last": ends if ends is not None and short else last,
            "left": offer.most or offer.proposed,
        }
        told = Text(
            N_(
                "The list says {price}: the scheme pays up to {up_to}, the patient {patient}. "
                "Valid until {last}."
            ),
            values,
        )
        if offer.most is not None:
            more = Text(N_("The ceilings leave {left} for this care."), values)
            told = Text("{one} {other}", {"one": told, "other": more})
        if short:
            why = Text(N_("The patient is covered no longer, and every day of a stay must be."))
            told = Text("{one} {other}", {"one": told, "other": why})
        self.told.say(told)

    # On, and out

    def _next(self, name: str) -> None:
        if name in {"up_to", "days"} and self.cells.wrong():
            return
        nearest = self.cells.next_of(name)
        if nearest is self.cells.provider and self._alone():
            nearest = self.cells.next_of("provider")
        if nearest is None:
            self._to_end()
            return
        nearest.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(nearest, QLineEdit):
            nearest.selectAll()

    def _alone(self) -> bool:
        """Whether there is nothing to choose: one provider."""
        return self.cells.provider.count() == 1

    def _to_end(self) -> None:
        if not self.second.isHidden() and self.second.needed():
            self.second.password.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.print.setFocus(Qt.FocusReason.TabFocusReason)

    def send(self, *_clicked: object) -> None:
        """F9: issue and print."""
        if not self.print.isEnabled() or self.cells.wrong() or not self._whole():
            return
        if self._soon.isActive() or self._offer is None:
            self._sends = True
            self._ask_offer()
            return
        self._send()

    def _whole(self) -> bool:
        """Whether everything that is needed is there; else it is said beside its field."""
        cells = self.cells
        if self._patient is None:
            cells.needed("person", Text(N_("Type the number on the card: 47, or 47/2.")))
        elif self._act is None:
            self._act_entered()
        elif cells.kind is GuaranteeKind.PAD and not cells.leaf.text().strip():
            cells.needed("leaf", Text(N_("Type the number printed on the leaf, such as 0012-07.")))
        elif cells.kind is GuaranteeKind.REGULARISATION and cells.hours.value() is None:
            text = N_("Say after how many hours the emergency was told to the scheme.")
            cells.needed("declared_hours", Text(text))
        else:
            return True
        return False

    def _send(self) -> None:
        if self._offer is not None and not self._offer.may_go_out:
            # Why stands in the band already.
            self.cells.go("referral" if self._to_be_sent() else "service")
            return
        needs_second = not self.second.isHidden()
        if needs_second and not self.second.ready():
            return
        wanted = self._wanted()
        if wanted is None:
            return
        self._ahead.drop()
        self.print.setEnabled(False)
        self.ready.emit(replace(wanted, signer=self.second.signer() if needs_second else None))

    def _wanted(self) -> facts.Wanted | None:
        asked = self.asked()
        if asked is None:
            return None
        amount = self.cells.up_to.value()
        return facts.Wanted(
            self._request,
            asked,
            None if amount is None else Money(amount, self._desk.currency),
            self.cells.days.value(),
            None,
        )

    def write_down(self, *_clicked: object) -> None:
        """Write down that a letter is asked for; whoever may will issue or refuse it."""
        if self.cells.wrong() or not self._whole():
            return
        wanted = self._wanted()
        if wanted is not None:
            self.request_ready.emit(wanted)

    def _accept(self, names: Any, reason: str) -> None:  # noqa: ANN401 - a frozenset of a signal
        wanted = self._wanted()
        if wanted is not None:
            signer = None if self.second.isHidden() else self.second.signer()
            self.ready.emit(replace(wanted, signer=signer, accepting=names, reason=reason))

    def doubt(self, caution: Caution) -> None:
        """Ask whether it shall be done all the same."""
        self.free()
        self.caution.show_caution(caution)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why there is no letter."""
        self.free()
        if refusal.field in {"second", "second_password"} and not self.second.isHidden():
            self.second.form.show_refusal(refusal)
        elif not self.cells.refuse(refusal):
            self.against.show_texts([refusal.text])

    def fail(self, trouble: Trouble) -> None:
        """Say that nothing was written."""
        self.free()
        text = N_("{trouble} No letter was issued.")
        self.trouble.show_text(Text(text, {"trouble": trouble.text}))

    def free(self) -> None:
        """Let the form be sent again."""
        self.print.setEnabled(self._room is None or _missing(self._room) is None)


def _missing(room: facts.Room) -> Text | None:
    """Return what has to be in the book before a letter can be written."""
    if not room.providers:
        return Text(
            N_("No provider has an agreement today: a letter is always for one. Sign it first.")
        )
    if not room.has_package:
        return Text(N_("No benefit package is in this book yet: nothing could be promised."))
    return None


def _nobody(looked: Looked) -> Text:
    values: dict[str, Value] = {"asked": looked.asked, "similar": ", ".join(looked.similar)}
    if any(sign.isalpha() for sign in looked.asked):
        return Text(N_("Nobody is called {asked}. Try fewer letters, or the number."), values)
    if looked.similar:
        return Text(N_("No card {asked}. Similar numbers: {similar}. A name will do too."), values)
    return Text(N_("No card {asked}. Look at it again, or type a name."), values)
