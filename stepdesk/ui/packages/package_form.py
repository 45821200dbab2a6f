"""The form of a package's version: the whole, the table of services, and what is said of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stepdesk.benefits.rules import fault_of, field_of
from stepdesk.benefits.terms import BenefitRule, PackageVersion
from stepdesk.claims.papers import CATEGORIES
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.packages import rule_asks, whole_asks
from stepdesk.ui.packages.facts import PackageFacts
from stepdesk.ui.packages.layered import LayeredForm
from stepdesk.ui.packages.words import COVERED
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.ids import PackageId, PackageVersionId, ServiceId
from stepdesk.values.money import Currency, Money

_COLUMNS = (
    Column(N_("Code"), width=108),
    Column(N_("Service"), width=140, stretch=1),
    Column(N_("Kind"), width=110, priority=3, muted=True),
    Column(N_("Paid"), Kind.STATUS, width=116),
    Column(N_("The member pays"), width=130),
    Column(N_("An act"), Kind.AMOUNT, width=92, priority=1),
    Column(N_("A year"), Kind.AMOUNT, width=104, priority=2),
)
_SIGNS = {True: Status.UP_TO_DATE, False: Status.STOPPED, None: Status.DRAFT}


def blank(day: date) -> PackageVersion:
    """Return a version as one is proposed where there is none; its package is not written yet."""
    return PackageVersion(PackageVersionId(b""), PackageId(b""), "", "", day)


@dataclass(frozen=True, slots=True)
class FormState:
    """All that was typed of a version."""

    based: PackageVersion
    rules: dict[ServiceId, BenefitRule]
    unread: dict[ServiceId, dict[str, object]]
    whole: dict[str, object]
    service_id: ServiceId | None


class PackageForm(QWidget, Dressed):
    """Every field of a version.

    Signals:
        changed: An answer may be another one, or another service is looked at.
        typed: Something was typed.
        entered: Enter was pressed in the last field.
    """

    changed = Signal()
    typed = Signal()
    entered = Signal()

    def __init__(self, speaker: Speaker, currency: Currency, today: date) -> None:
        super().__init__()
        self._speaker, self._currency = speaker, currency
        self._based = blank(today)
        self._facts: PackageFacts | None = None
        self._rules: dict[ServiceId, BenefitRule] = {}
        self._unread: dict[ServiceId, dict[str, object]] = {}
        self.service_id: ServiceId | None = None
        self.whole = LayeredForm(
            speaker,
            today,
            whole_asks.first_asks(),
            whole_asks.more_asks(),
            choices=whole_asks.CHOICES,
            own=whole_asks.own_lines(speaker, today, currency),
            more=N_("More of the whole package"),
        )
        self.table = TableView(
            speaker,
            empty=N_("The catalogue holds no service yet. Begin it under “Services”."),
        )
        self.rows = RowsModel((), self._fetch, _COLUMNS, speaker, self)
        self.table.show_rows(self.rows)
        self.named = Shown("", size=Size.SECTION, bold=True)
        self.rule = LayeredForm(
            speaker,
            today,
            rule_asks.first_asks(),
            rule_asks.more_asks(),
            choices=rule_asks.CHOICES,
            own=rule_asks.own_lines(speaker, today, currency),
            more=N_("More of this service"),
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        title = Words(N_("What is paid of each service"), speaker, size=Size.SECTION, bold=True)
        title.setBuddy(self.table)
        for widget in (self.whole, title, self.table, self.named, self.rule):
            self._column.addWidget(widget)
        self.table.current.connect(self._look_at)
        self.table.chosen.connect(self._type_in)
        self.whole.changed.connect(self.changed)
        self.whole.changed.connect(self.typed)
        self.rule.changed.connect(self.typed)
        self.whole.entered.connect(self.table.setFocus)
        self.rule.changed.connect(self._typed)
        self.rule.entered.connect(self._next_service)
        self.wear()

    @override
    def dress(self) -> None:
        self._column.setSpacing(theme.current().px(12))

    def offer(self, facts: PackageFacts) -> None:
        """Take the catalogue and the price lists."""
        self._facts = facts
        none = (None, Text(N_("none")))
        self.whole.answers["reference_tariff_id"].offer([none, *facts.tariffs.items()])

    def put(self, version: PackageVersion, *, first_day: date | None = None) -> None:
        """Start from a version, for another one from a day on."""
        self._based = version
        self._rules, self._unread = dict(version.rules), {}
        told = whole_asks.told_of(version, tuple(self.whole.answers))
        told["first_day"] = first_day or version.first_day
        self.whole.put(told)
        gone = {"code"} if version.package_id else set()
        self.whole.show_only(frozenset(self.whole.answers) - gone)
        services = () if self._facts is None else tuple(self._facts.services)
        self.service_id = None
        self.rows.set_ids(services)
        self.table.fit_rows(len(services), fewest=3, most=8)
        self.rule.setEnabled(bool(services))
        if services:
            self.table.select_id(services[0])
            self._look_at(services[0])
        self.changed.emit()

    def state(self) -> FormState:
        """Return all that was typed, right or wrong."""
        return FormState(
            self._based, dict(self._rules), dict(self._unread), self.whole.draft(), self.service_id
        )

    def take_up(self, state: FormState) -> None:
        """Show what was typed before."""
        self.put(state.based)
        self._rules, self._unread = state.rules, state.unread
        self.whole.take_up(state.whole)
        service_id, self.service_id = state.service_id, None
        self.rows.refresh()
        if service_id is not None:
            self.show_service(service_id)
        self.changed.emit()

    # One service

    def _look_at(self, service_id: ServiceId) -> None:
        if self._facts is None or service_id == self.service_id:
            return
        self.service_id = service_id
        service = self._facts.services[service_id]
        self.named.setText(f"{service.code} · {service.name}")
        self.rule.clear()
        if service_id in self._unread:
            self.rule.take_up(self._unread[service_id])
        else:
            names = tuple(self.rule.answers)
            self.rule.put(rule_asks.told_of(self._rules.get(service_id), names))
        self._arrange()
        self.changed.emit()

    def _type_in(self, service_id: ServiceId) -> None:
        self._look_at(service_id)
        self.rule.answers["covered"].setFocus()

    def _typed(self) -> None:
        """Keep what is said of the service; what cannot be read is kept as it was typed."""
        if self.service_id is None:
            return
        self._arrange()
        try:
            self._take(self.service_id, self.rule.told())
        except Refusal:
            self._unread[self.service_id] = self.rule.draft()
        self.rows.refresh()
        self.changed.emit()

    def _take(self, service_id: ServiceId, told: Mapping[str, Any]) -> None:
        self._unread.pop(service_id, None)
        rule = rule_asks.rule_of(service_id, told)
        if rule is None:
            self._rules.pop(service_id, None)
        else:
            self._rules[service_id] = rule

    def _arrange(self) -> None:
        """Hide what a service that is not in the package has no use for."""
        inside = self.rule.answers["covered"].value() is not None
        every = frozenset(self.rule.answers)
        self.rule.show_only(every if inside else frozenset({"covered"}))
        self.rule.toggle.setVisible(inside)
        if not inside:
            self.rule.more.hide()

    def _next_service(self) -> None:
        """Go to the next service of the table; after the last one the form is done."""
        at = None if self.service_id is None else self.rows.row_of(self.service_id)
        if at is None or at + 1 >= self.rows.rowCount():
            self.entered.emit()
            return
        self.table.go_to(at + 1)
        self._look_at(self.rows.id_at(at + 1))
        self.table.setFocus()

    # The version

    def version(self) -> PackageVersion | None:
        """Return the version the form describes; None after showing what is wrong or missing."""
        told = self.whole.values(without=self._gone())
        bad = next(iter(self._unread), None) or self._faulty()
        if bad is not None:
            self.show_service(bad)
            if self.rule.values() is not None:
                self._show_fault(bad)
            return None
        return None if told is None else self._made(told)

    def draft(self) -> PackageVersion:
        """Return the version typed so far, without showing what is wrong.

        Raises:
            Refusal: when something is missing or cannot be read; its field is named.
        """
        return self._made(self.whole.told(without=self._gone()))

    def rule_now(self) -> BenefitRule | None:
        """Return what is said of the service that is looked at.

        Raises:
            Refusal: when something cannot be read or stand; its field is named.
        """
        if self.service_id is None:
            return None
        rule = rule_asks.rule_of(self.service_id, self.rule.told())
        fault = None if rule is None else fault_of(rule)
        if fault is not None:
            raise Refusal(fault[1], field=field_of(fault[0]))
        return rule

    def _gone(self) -> frozenset[str]:
        return frozenset({"code"}) if self._based.package_id else frozenset()

    def _made(self, told: dict[str, Any]) -> PackageVersion:
        return replace(self._based, **whole_asks.whole_of(told), rules=dict(self._rules))

    def _faulty(self) -> ServiceId | None:
        return next((one for one, rule in self._rules.items() if fault_of(rule)), None)

    def show_service(self, service_id: ServiceId) -> None:
        """Look at a service of the table."""
        self.table.select_id(service_id)
        self._look_at(service_id)

    def _show_fault(self, service_id: ServiceId) -> None:
        fault = fault_of(self._rules[service_id]) if service_id in self._rules else None
        if fault is not None:
            self.rule.refuse(Refusal(fault[1], field=field_of(fault[0])))

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        name = "capitation_share" if refusal.field == "capitation" else refusal.field
        self.whole.refuse(Refusal(refusal.text, field=name))

    def error(self, name: str) -> str:
        """Return the error beside a field, or nothing."""
        form = self.whole if name in self.whole.answers else self.rule
        return form.error(name)

    def _fetch(self, ids: Sequence[Any]) -> list[tuple[object, ...]]:
        return [self._row(one) for one in ids]

    def _row(self, service_id: ServiceId) -> tuple[object, ...]:
        if self._facts is None:
            return ("",) * len(_COLUMNS)
        service, rule = self._facts.services[service_id], self._rules.get(service_id)
        covered = None if rule is None else rule.covered and not rule.exclusion
        pill = (_SIGNS[covered], Text(COVERED[covered]))
        if service_id in self._unread:
            pill = (Status.LATE, Text(N_("look again")))
        head = (service.code, service.name, CATEGORIES[service.category], pill)
        if rule is None or not covered:
            return (*head, "", None, None)
        return (
            *head,
            rule_asks.member_pays(rule.copay, rule.copay_value, self._currency),
            self._money(rule.cap_act),
            self._money(rule.cap_person_year),
        )

    def _money(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self._currency)
