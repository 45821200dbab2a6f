"""The form of an agreement: drafted, signed, renewed; and the form that ends one."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any

from PySide6.QtCore import Signal

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import Agreement, PaymentMode
from stepdesk.ui.members.asks import Ask, Kind
from stepdesk.ui.overriding import override
from stepdesk.ui.providers.deed import DeedCard
from stepdesk.ui.providers.facts import Deal, terms_of
from stepdesk.ui.providers.words import MODES, YES_NO
from stepdesk.ui.scheme.list_card import options
from stepdesk.ui.scheme.plan_lines import share_line
from stepdesk.ui.speech import Speaker
from stepdesk.values.ids import AgreementDraftId, AgreementId, ProviderId, TariffId
from stepdesk.values.money import Currency

_DAY = timedelta(days=1)
_NO_LIST = N_("There is no price list yet. Write one first, under “Price lists”.")


class Doing(Enum):
    """What the form of an agreement is about."""

    NEW = "new"
    DRAFT = "draft"
    RENEWAL = "renewal"
    LOOKING = "looking"


_TITLES = {
    Doing.NEW: N_("Another agreement. A draft pays nothing until it is signed."),
    Doing.DRAFT: N_("This draft can be changed, signed or given up."),
    Doing.RENEWAL: N_("It follows the one that ends. Change what was agreed anew."),
    Doing.LOOKING: N_("This was signed and stays as it is. F2 begins another one."),
}


class AgreementForm(DeedCard):
    """What is agreed with a provider.

    Signals:
        draft_wanted: Terms to be kept as a draft.
        sign_wanted: Terms to be signed.
        drop_wanted: The draft is to be given up.
    """

    draft_wanted = Signal(object)
    sign_wanted = Signal(object)
    drop_wanted = Signal()

    def __init__(self, speaker: Speaker, today: date, currency: Currency) -> None:
        exponent = currency.exponent
        first = (
            Ask("tariff_id", N_("By which price list"), Kind.LIST, width=240),
            Ask("first_day", N_("First day"), Kind.DAY, width=150),
            Ask("until", N_("Last day"), Kind.DAY, N_("Left empty: without an end"),
                needed=False, width=150),
            Ask("mode", N_("How it is paid"), Kind.LIST, width=240),
            Ask("head_amount", N_("Each month for each person"), Kind.MONEY, width=150,
                exponent=exponent),
            Ask("budget_amount", N_("Advanced each month"), Kind.MONEY, width=150,
                exponent=exponent),
            Ask("discount", N_("Rebate for members, in percent"), needed=False, width=110),
        )  # fmt: skip
        second = (
            Ask("payment_days", N_("The scheme pays within days"), Kind.NUMBER, width=110),
            Ask("invoice_day", N_("The invoice comes by day of the month"), Kind.NUMBER,
                width=110),
            Ask("late_invoice_days", N_("No invoice more than so many days after the care"),
                Kind.NUMBER, width=110),
            Ask("balance_billing", N_("May more than the list be asked from the patient?"),
                Kind.ONE, width=200),
            Ask("deposit", N_("Deposit that lies with the provider"), Kind.MONEY, needed=False,
                width=150, exponent=exponent),
        )  # fmt: skip
        super().__init__(
            speaker,
            today,
            N_("Agreement"),
            (first, second),
            N_("Sign"),
            choices={"mode": options(MODES), "balance_billing": options(YES_NO)},
            own={"discount": share_line()},
        )
        self.doing = Doing.NEW
        self.deal: Deal | None = None
        self._typed: dict[tuple[Doing, object], dict[str, object]] = {}
        self._dirty = False
        self._renews: AgreementId | None = None
        self._provider_id = ProviderId(b"")
        self._today = today
        self.keep = self.add_button(N_("Keep as a draft"), speaker)
        self.drop = self.add_button(N_("Give this draft up"), speaker)
        self.keep.clicked.connect(self.send_draft)
        self.drop.clicked.connect(self.drop_wanted)
        self.form.changed.connect(self._retyped)

    @property
    def draft_id(self) -> AgreementDraftId | None:
        """The draft that is being changed."""
        if self.doing is Doing.DRAFT and self.deal is not None:
            return AgreementDraftId(self.deal.id)
        return None

    def offer_lists(self, tariffs: Mapping[TariffId, str], provider_id: ProviderId) -> None:
        """Offer the price lists, for an agreement with a provider."""
        self._provider_id = provider_id
        self.answers["tariff_id"].offer([(key, code) for key, code in tariffs.items()])
        self.form.clear()
        if not tariffs:
            self.form.refuse(Refusal(Text(_NO_LIST), field="tariff_id"))

    def new(self, last: Agreement | None) -> None:
        """Begin another agreement, on the terms of the last one."""
        self._begin(Doing.NEW, None, None)
        terms = last or Agreement(AgreementId(b""), self._provider_id, TariffId(b""), self._today)
        first = max(self._today, last.until) if last and last.until else self._today
        self._put(terms, first, None)

    def renew(self, deal: Deal) -> None:
        """Begin the agreement that follows one that ends, as long as that."""
        self._begin(Doing.RENEWAL, deal, AgreementId(deal.id))
        until = deal.terms.until
        if until is not None:
            self._put(deal.terms, until, until + (until - deal.terms.first_day))

    def look(self, deal: Deal) -> None:
        """Show an agreement as it was signed, or take a draft up."""
        doing = Doing.DRAFT if deal.draft else Doing.LOOKING
        self._begin(doing, deal, deal.terms.renews)
        self._put(deal.terms, deal.terms.first_day, deal.terms.until)

    def terms(self) -> Agreement | None:
        """Return what the form says; None after showing what is wrong or missing."""
        told = self.told()
        return None if told is None else terms_of(self._provider_id, told, self._renews)

    @override
    def hidden(self) -> frozenset[str]:
        mode = self.answers["mode"].value()
        gone = set()
        if mode is not PaymentMode.CAPITATION:
            gone.add("head_amount")
        if mode is not PaymentMode.BUDGET:
            gone.add("budget_amount")
        return frozenset(gone)

    @override
    def send(self) -> None:
        """Ask for the agreement to be signed."""
        self._send(self.sign_wanted)

    def send_draft(self) -> None:
        """Ask for the draft to be kept."""
        self._send(self.draft_wanted)

    def _send(self, signal: Any) -> None:  # noqa: ANN401 - a bound signal
        if not self.button.isEnabled():
            return
        terms = self.terms()
        if terms is not None:
            self.button.setEnabled(False)
            signal.emit(terms)

    @override
    def free(self) -> None:
        self.button.setEnabled(self.doing is not Doing.LOOKING)

    def forget(self) -> None:
        """Let go of what was typed: it was written."""
        self._typed, self._dirty = {}, False

    def _retyped(self) -> None:
        self._dirty = True
        self._arrange()

    def _key(self) -> tuple[Doing, object]:
        return self.doing, None if self.deal is None else self.deal.id

    def _begin(self, doing: Doing, deal: Deal | None, renews: AgreementId | None) -> None:
        if self._dirty:
            # What is half typed is there again when one comes back to it.
            self._typed[self._key()] = {
                name: answer.draft() for name, answer in self.answers.items()
            }
        self.doing, self.deal, self._renews = doing, deal, renews
        self.say(_TITLES[doing])
        open_ = doing is not Doing.LOOKING
        self.form.setEnabled(open_)
        self.button.setVisible(open_)
        self.keep.setVisible(open_)
        self.drop.setVisible(doing is Doing.DRAFT)

    def _put(self, terms: Agreement, first: date, until: date | None) -> None:
        told: dict[str, object] = {
            name: getattr(terms, name) for name in self.answers if hasattr(terms, name)
        }
        for name in ("head_amount", "budget_amount", "deposit", "discount"):
            told[name] = told[name] or None
        self.form.blockSignals(True)  # noqa: FBT003 - Qt's setters take no names
        self.start({**told, "first_day": first, "until": None if until is None else until - _DAY})
        typed = self._typed.pop(self._key(), None)
        for name, draft in (typed or {}).items():
            self.answers[name].take_up(draft)
        self.form.blockSignals(False)  # noqa: FBT003 - Qt's setters take no names
        self._dirty = typed is not None
        self.free()
        self._arrange()

    def _arrange(self) -> None:
        gone = self.hidden()
        if self.doing is Doing.RENEWAL:
            gone |= {"first_day"}
        self.form.show_only([name for name in self.answers if name not in gone])


class EndForm(DeedCard):
    """When and why an agreement ends before its time."""

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(
            speaker,
            today,
            N_("End this agreement"),
            (
                (
                    Ask("until", N_("Last day"), Kind.DAY, width=150),
                    Ask("reason", N_("Why")),
                ),
            ),
            N_("End it"),
            lead=N_("Care given up to its last day is paid, also when its invoice comes later."),
        )
