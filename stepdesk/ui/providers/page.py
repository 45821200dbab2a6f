"""Providers and tariffs: who gives care, what was agreed, at which prices, and what is paid of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from stepdesk.contributions.terms import BookletState
from stepdesk.errors import Caution, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.providers.terms import Agreement, TariffDraft
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.choosing import ask_file
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.packages.panel import PackagesPanel
from stepdesk.ui.packages.services_panel import ServicesPanel
from stepdesk.ui.page import Page
from stepdesk.ui.printing import show_paper
from stepdesk.ui.providers import facts, tariff_facts
from stepdesk.ui.providers.facts import Deal, Room, View
from stepdesk.ui.providers.price_form import PriceForm
from stepdesk.ui.providers.provider_list import NewProvider, ProviderList
from stepdesk.ui.providers.provider_view import ProviderView
from stepdesk.ui.providers.scans import as_paper
from stepdesk.ui.providers.tariff_facts import Listed, Lists, NewPrices
from stepdesk.ui.providers.tariff_view import TariffView
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import CautionBand, TroubleBand
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.values.ids import PlanId, ProviderId

TABS = ("providers", "tariffs", "packages", "services")
_LIST, _NEW, _ONE = range(3)
_LISTS, _PRICES = range(2)
_SCANS = "PDF, JPEG, PNG (*.pdf *.jpg *.jpeg *.png)"
_TABLES = "CSV, Excel, ODS (*.csv *.txt *.tsv *.xlsx *.xlsm *.xlsb *.xls *.ods)"


class ProvidersPage(Page, Dressed):
    """Providers, price lists, packages and the catalogue of services, in four tabs."""

    id = "providers"
    help_page = "providers"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._known: Lists | None = None
        self._turning = False
        self._again: Callable[[frozenset[str], str], object] | None = None
        say, today, currency = context.speaker, context.clock_today(), self._desk.currency
        self.tabs = Tabs(
            say,
            (
                ("providers", N_("Providers")),
                ("tariffs", N_("Price lists")),
                ("packages", N_("Packages")),
                ("services", N_("Services")),
            ),
            columns=4,
        )
        self.trouble = TroubleBand(say)
        self.caution = CautionBand(say)
        self.list = ProviderList(say)
        self.new = NewProvider(say, today)
        self.view = ProviderView(say, today, currency)
        self.tariffs = TariffView(say, today, currency)
        self.prices = PriceForm(say, today, currency)
        self.packages = PackagesPanel(context, self._desk)
        self.services = ServicesPanel(context, self._desk)
        self._place()
        self._connect_providers()
        self._connect_tariffs()
        for panel in (self.packages, self.services):
            panel.troubled.connect(self.trouble.show_trouble)
            panel.cautioned.connect(self._doubt)
        self._bind_keys()
        self.wear()
        self.learn(say)

    def _place(self) -> None:
        self.people = CurrentStack()
        people: tuple[QWidget, ...] = (self.list, self.new, self.view)
        for part in people:
            self.people.addWidget(part)
        self.lists = CurrentStack()
        self.lists.addWidget(self.tariffs)
        self.lists.addWidget(self.prices)
        self.stack = CurrentStack()
        for tab in (self.people, self.lists, self.packages, self.services):
            self.stack.addWidget(tab)
        self._column = QVBoxLayout(self)
        for widget in (self.tabs, self.trouble, self.caution):
            self._column.addWidget(widget)
        self._column.addWidget(self.stack, 1)

    def _connect_providers(self) -> None:
        self.tabs.chosen.connect(self._turn)
        self.caution.accepted.connect(self._accept)
        self.caution.dismissed.connect(self._free)
        self.list.opened.connect(self.open_provider)
        self.list.new_wanted.connect(self.start_new)
        self.list.mirror_wanted.connect(self._print_mirror)
        self.new.wanted.connect(self._add)
        self.view.step.wanted.connect(self._step)
        self.view.who.wanted.connect(self._correct)
        self.view.give.wanted.connect(self._give)
        self.view.pad_wanted.connect(self._print_pad)
        part = self.view.agreements
        part.form.draft_wanted.connect(self._keep_draft)
        part.form.sign_wanted.connect(self._sign)
        part.form.drop_wanted.connect(self._drop_deal)
        part.end.wanted.connect(self._end)
        part.scan_wanted.connect(self._scan)
        part.show_wanted.connect(self._show_scan)
        part.print_wanted.connect(self._print_deal)

    def _connect_tariffs(self) -> None:
        self.tariffs.compare_wanted.connect(self._compare)
        self.tariffs.new_wanted.connect(self._start_prices)
        self.tariffs.edit_wanted.connect(self._edit_prices)
        self.tariffs.apply_wanted.connect(self._apply)
        self.tariffs.drop_wanted.connect(self._drop_prices)
        self.tariffs.wall_wanted.connect(self._print_wall)
        self.tariffs.paper_wanted.connect(self._print_comparison)
        self.tariffs.begin_wanted.connect(self._begin_catalogue)
        self.prices.wanted.connect(self._write_prices)
        self.prices.file_wanted.connect(self._prices_file)
        self.prices.left.connect(self.show_lists)

    def _bind_keys(self) -> None:
        self.bind("new", self._key_new)
        self.bind("back", self._back)
        self.bind("print", self._key_print)
        self.bind("attach", self._key_attach)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Providers and tariffs"))

    @override
    def speak(self) -> None:
        self.setAccessibleName(self.title())

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(20), now.px(16), now.px(20), now.px(16))
        self._column.setSpacing(now.px(12))

    @override
    def shown(self, **arguments: object) -> None:
        """Come up where the work was left; `go` may be given tab, provider or new."""
        provider = arguments.get("provider")
        tab = str(arguments.get("tab", ""))
        if isinstance(provider, bytes):
            self.tabs.choose("providers")
            self.open_provider(ProviderId(provider))
        elif arguments.get("new"):
            self.tabs.choose("providers")
            self.start_new()
        else:
            self.tabs.choose(tab if tab in TABS else self.tab())
            self._turning = False
            self._load()

    def tab(self) -> str:
        """Return which tab is seen."""
        return str(self.tabs.value())

    def _turn(self, tab: str) -> None:
        # Who walks along the tabs goes on walking: the cursor stays on them.
        focused = QApplication.focusWidget()
        self._turning = focused is not None and self.tabs.isAncestorOf(focused)
        self.stack.setCurrentIndex(TABS.index(tab))
        self.caution.hide()
        self._load()

    def _load(self) -> None:
        {
            "providers": self._load_people,
            "tariffs": self._load_lists,
            "packages": self.packages.load,
            "services": self.services.load,
        }[self.tab()]()
        panels: dict[str, PackagesPanel | ServicesPanel] = {
            "packages": self.packages,
            "services": self.services,
        }
        if self.tab() in panels:
            self._settle(panels[self.tab()].focus)

    def _settle(self, focus: Callable[[], object]) -> None:
        """Put the cursor where the work begins, but for who walks along the tabs."""
        if not self._turning:
            focus()
        self._turning = False

    # What every act shares

    def _do(
        self,
        act: Callable[[], Any],
        then: Callable[[Any], object],
        *,
        refused: Callable[[Refusal], object] | None = None,
        cautioned: Callable[[Caution], object] | None = None,
    ) -> None:
        self.trouble.dismiss()
        self.context.lane.do(
            act,
            then,
            refused=refused or self._refuse,
            cautioned=cautioned,
            troubled=self._troubled,
            owner=self,
        )

    def _refuse(self, refusal: Refusal) -> None:
        self.trouble.show_text(refusal.text)
        self._free()

    def _troubled(self, trouble: Trouble) -> None:
        self.trouble.show_trouble(trouble)
        self._free()

    def _free(self) -> None:
        part = self.view.agreements
        for form in (self.new, self.view.step, self.view.who, self.view.give, part.end):
            form.free()
        part.form.free()
        self.prices.free()
        self.packages.free()
        self.services.free()

    def _doubt(self, again: Callable[[frozenset[str], str], object], caution: Caution) -> None:
        self._again = again
        self.caution.show_caution(caution)

    def _accept(self, names: frozenset[str], reason: str) -> None:
        if self._again is not None:
            self._again(names, reason)

    def _done(self, text: Text) -> None:
        self.context.saved()
        self.context.toast(text)

    def _paper(self, name: str, pdf: bytes) -> None:
        show_paper(self, pdf, name, self.context.speaker)

    # Providers

    def show_list(self) -> None:
        """Show the providers as they stand now."""
        self.people.setCurrentIndex(_LIST)
        self._load_people()

    def _load_people(self) -> None:
        if self.people.currentIndex() == _ONE and self.view.view is not None:
            self.open_provider(self.view.view.provider.id)
        elif self.people.currentIndex() == _LIST:
            self._do(partial(facts.room_of, self._desk), self._listed)

    def _listed(self, room: Room) -> None:
        self.list.show_room(room)
        if self.people.currentIndex() == _LIST and self.tab() == "providers":
            self._settle(self.list.focus)

    def start_new(self) -> None:
        """Show the form of another provider; what was typed in it stays."""
        if self.people.currentIndex() != _NEW:
            self.people.setCurrentIndex(_NEW)
            if not self.new.answers["code"].value():
                self.new.begin()
        self.new.focus()

    def _add(self, told: dict[str, Any]) -> None:
        self._do(
            partial(facts.added, self._desk, told),
            partial(self._added, str(told["name"])),
            refused=self.new.refuse,
        )

    def _added(self, name: str, provider_id: ProviderId) -> None:
        self.new.begin()
        self._done(Text(N_("{name} is added."), {"name": name}))
        self.open_provider(provider_id)

    def open_provider(self, provider_id: ProviderId) -> None:
        """Show everything of a provider."""
        self._do(partial(facts.view_of, self._desk, provider_id), self._opened)

    def _opened(self, view: View) -> None:
        another = self.view.view is None or self.view.view.provider.id != view.provider.id
        if another:
            self.view.turn_to("agreements")
        self.view.show_view(view)
        self.people.setCurrentIndex(_ONE)
        if self.tab() == "providers":
            self._settle(self.view.focus)

    def _provider_id(self) -> ProviderId:
        return ProviderId(b"") if self.view.view is None else self.view.view.provider.id

    def _change(
        self, act: Callable[[], object], text: str, refused: Callable[[Refusal], object]
    ) -> None:
        """Do something with the provider that is seen, and show how it stands then."""
        self._do(act, partial(self._changed, text), refused=refused)

    def _changed(self, text: str, _done: object) -> None:
        self._done(Text(text))
        self._free()
        self.view.agreements.form.forget()
        self.open_provider(self._provider_id())

    def _step(self, told: dict[str, Any]) -> None:
        act = partial(facts.stepped, self._desk, self._provider_id(), told)
        self._change(act, N_("The step is taken."), self.view.step.refuse)

    def _correct(self, told: dict[str, Any]) -> None:
        if self.view.view is not None:
            act = partial(facts.corrected, self._desk, self.view.view.provider, told)
            self._change(act, N_("It is corrected."), self.view.who.refuse)

    def _give(
        self,
        told: dict[str, Any],
        accepting: frozenset[str] = frozenset(),
        _reason: str = "",
    ) -> None:
        act = partial(
            facts.given,
            self._desk,
            told["booklet_id"],
            self._provider_id(),
            told["note"] or "",
            accepting,
        )
        self._do(
            act,
            partial(self._changed, N_("The pad is given out.")),
            refused=self.view.give.refuse,
            cautioned=partial(self._doubt, partial(self._give, told)),
        )

    # Agreements

    def _keep_draft(self, terms: Agreement) -> None:
        form = self.view.agreements.form
        act = partial(facts.drafted, self._desk, terms, form.draft_id)
        self._change(act, N_("The draft is kept."), form.refuse)

    def _sign(self, terms: Agreement) -> None:
        form = self.view.agreements.form
        act = partial(facts.signed, self._desk, terms, form.draft_id)
        self._change(act, N_("The agreement is signed."), form.refuse)

    def _drop_deal(self) -> None:
        form = self.view.agreements.form
        if form.draft_id is not None:
            act = partial(facts.dropped, self._desk, form.draft_id)
            self._change(act, N_("The draft is given up."), form.refuse)

    def _end(self, told: dict[str, Any]) -> None:
        part = self.view.agreements
        deal = part.chosen()
        if deal is not None:
            act = partial(facts.ended, self._desk, deal.agreement_id, told)
            self._change(act, N_("The agreement is ended."), part.end.refuse)

    def _scan(self, deal: Deal) -> None:
        title = N_("The signed agreement")
        file = ask_file(self, self.context.speaker, title, _SCANS)
        if file is not None:
            self.keep_scan(deal, file)

    def keep_scan(self, deal: Deal, file: Path) -> None:
        """Keep a file as the scan of an agreement."""
        act = partial(facts.scanned, self._desk, deal.agreement_id, file)
        self._change(act, N_("The scan is kept."), self._refuse)

    def _show_scan(self, deal: Deal) -> None:
        self._do(partial(facts.scan_of, self._desk, deal.agreement_id), self._scan_seen)

    def _scan_seen(self, scan: bytes | None) -> None:
        if scan is not None:
            self._paper(self.context.speaker.tr(N_("The signed agreement")), as_paper(scan))

    def _print_deal(self, deal: Deal) -> None:
        if self.view.view is not None:
            name = self.context.speaker.tr(N_("Agreement with a provider"))
            self._do(
                partial(facts.agreement_paper, self._desk, self.view.view.provider, deal),
                partial(self._paper, name),
            )

    def _print_mirror(self, provider_id: ProviderId) -> None:
        name = self.context.speaker.tr(N_("Twelve months"))
        self._do(partial(facts.mirror_paper, self._desk, provider_id), partial(self._paper, name))

    def _print_pad(self, pad: BookletState) -> None:
        if self.view.view is not None:
            name = self.context.speaker.tr(N_("Pad of certificates"))
            self._do(
                partial(facts.pad_paper, self._desk, self.view.view.provider, pad),
                partial(self._paper, name),
            )

    # Price lists

    def show_lists(self) -> None:
        """Show the price lists as they stand now."""
        self.lists.setCurrentIndex(_LISTS)
        self._load_lists()

    def _load_lists(self) -> None:
        # New prices that are being typed stay, wherever one has been meanwhile.
        if self.lists.currentIndex() == _LISTS:
            self._do(partial(tariff_facts.lists_of, self._desk), partial(self._lists_shown, None))

    def _lists_shown(self, version_id: object, lists: Lists) -> None:
        self._known = lists
        self.tariffs.show_lists(lists, version_id)
        if self.tab() == "tariffs":
            self._settle(self.tariffs.focus)

    def _compare(self, held: Listed, against: Listed) -> None:
        self._do(
            partial(tariff_facts.compared, self._desk, held, against), self.tariffs.show_compared
        )

    def _start_prices(self, held: Listed | None) -> None:
        if self._known is not None:
            self.lists.setCurrentIndex(_PRICES)
            self.prices.start(self._known, held)

    def _edit_prices(self, draft: TariffDraft) -> None:
        if self._known is not None:
            self.lists.setCurrentIndex(_PRICES)
            self.prices.change(self._known, draft)

    def _write_prices(
        self, told: NewPrices, accepting: frozenset[str] = frozenset(), reason: str = ""
    ) -> None:
        self._do(
            partial(tariff_facts.kept, self._desk, told, accepting, reason),
            partial(self._written, told),
            refused=self.prices.refuse,
            cautioned=partial(self._doubt, partial(self._write_prices, told)),
        )

    def _written(self, told: NewPrices, _done: object) -> None:
        self.lists.setCurrentIndex(_LISTS)
        said = N_("The draft is kept.") if told.draft else N_("The prices are written.")
        self._done(Text(said))
        self._do(partial(tariff_facts.lists_of, self._desk), partial(self._show_written, told))

    def _show_written(self, told: NewPrices, lists: Lists) -> None:
        every = (one for listed in lists.listed.values() for one in listed)
        same = [
            one.id
            for one in every
            if one.code == told.code.strip() and one.first_day == told.first_day
        ]
        self._lists_shown(same[-1] if same else None, lists)

    def _prices_file(self) -> None:
        file = ask_file(self, self.context.speaker, N_("A price list"), _TABLES)
        if file is not None:
            self.take_prices(file)

    def take_prices(self, file: Path) -> None:
        """Read a file into the box of new prices; nothing is written."""
        self._do(partial(tariff_facts.text_in, file), self.prices.take, refused=self.prices.refuse)

    def _apply(
        self,
        draft: TariffDraft,
        accepting: frozenset[str] = frozenset(),
        reason: str = "",
    ) -> None:
        self._do(
            partial(tariff_facts.in_force, self._desk, draft.id, accepting, reason),
            partial(self._prices_changed, N_("The prices are in force from their first day.")),
            refused=self._refuse,
            cautioned=partial(self._doubt, partial(self._apply, draft)),
        )

    def _drop_prices(self, draft: TariffDraft) -> None:
        self._do(
            partial(tariff_facts.dropped, self._desk, draft.id),
            partial(self._prices_changed, N_("The draft is given up.")),
        )

    def _prices_changed(self, text: str, _done: object) -> None:
        self._done(Text(text))
        self.show_lists()

    def _begin_catalogue(self) -> None:
        self._do(partial(tariff_facts.begun, self._desk), self._catalogue_begun)

    def _catalogue_begun(self, count: int) -> None:
        self._done(Text(N_("{count} services are in the catalogue now."), {"count": count}))
        self.show_lists()

    def _print_wall(self, held: Listed, plan_id: PlanId | None, large: bool) -> None:
        name = self.context.speaker.tr(N_("Price list"))
        self._do(
            partial(tariff_facts.wall_paper, self._desk, held, plan_id, large=large),
            partial(self._paper, name),
            refused=self.tariffs.refuse,
        )

    def _print_comparison(self, told: Any) -> None:  # noqa: ANN401 - of a signal
        name = self.context.speaker.tr(N_("Price lists side by side"))
        self._do(
            partial(tariff_facts.comparison_paper, self._desk, told), partial(self._paper, name)
        )

    # Keys

    def _key_new(self) -> None:
        match self.tab():
            case "providers" if self.people.currentIndex() == _ONE:
                self.view.turn_to("agreements")
                self.view.agreements.start_new()
            case "providers":
                self.start_new()
            case "tariffs" if self.lists.currentIndex() == _LISTS:
                self.tariffs.start_new()
            case "packages":
                self.packages.start_another()
            case "services":
                self.services.start_another()
            case _:
                pass

    def _key_print(self) -> None:
        match self.tab():
            case "providers" if self.people.currentIndex() == _ONE:
                deal = self.view.agreements.chosen()
                if self.view.part() == "pads":
                    self.view.print_chosen_pad()
                elif deal is not None:
                    self._print_deal(deal)
            case "providers":
                self.list.print_mirror()
            case "tariffs":
                self.tariffs.print_wall()
            case _:
                pass

    def _key_attach(self) -> None:
        tab = self.tab()
        if tab == "tariffs" and self.lists.currentIndex() == _PRICES:
            self._prices_file()
        elif tab == "services":
            self.services.choose_file()
        elif tab == "providers" and self.people.currentIndex() == _ONE:
            deal = self.view.agreements.chosen()
            if deal is not None and not deal.draft:
                self._scan(deal)

    def _back(self) -> None:
        if not self.caution.isHidden():
            self.caution.dismiss()
        elif self.tab() == "providers":
            self.show_list()
        elif self.tab() == "tariffs":
            self.show_lists()
        else:
            self.tabs.setFocus()
