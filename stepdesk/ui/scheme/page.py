"""The scheme: its villages, what members pay, the people of the desk, and the book's safety."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from stepdesk.contributions.terms import PlanVersion
from stepdesk.countries import country
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import LANGUAGES, N_, Text
from stepdesk.members.terms import Statutes
from stepdesk.scheme.service import add_person, add_section
from stepdesk.scheme.terms import Role, Section
from stepdesk.store.backup import Restored, drill
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.context import Context
from stepdesk.ui.contributions.current_stack import CurrentStack
from stepdesk.ui.overriding import override
from stepdesk.ui.page import Page
from stepdesk.ui.scheme.facts import (
    Facts,
    add_listed,
    facts_of,
    keep_plan,
    keep_statutes,
    next_month,
    verify_whole,
)
from stepdesk.ui.scheme.list_card import ListCard
from stepdesk.ui.scheme.money_panel import MoneyPanel
from stepdesk.ui.scheme.payers_cards import AgreementsCard, CategoriesCard, GroupsCard, PayersCard
from stepdesk.ui.scheme.people_card import PeopleCard, password_field
from stepdesk.ui.scheme.plan_card import PlanCard
from stepdesk.ui.scheme.statutes_card import StatutesCard
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.band import TroubleBand
from stepdesk.ui.widgets.buttons import PlainButton
from stepdesk.ui.widgets.card import Card, column_of
from stepdesk.ui.widgets.choice import Tabs
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import Form
from stepdesk.ui.widgets.rows_model import Column, Kind, RowsModel
from stepdesk.ui.widgets.sides import Sides
from stepdesk.ui.widgets.table import TableView
from stepdesk.ui.widgets.words import Shown, Size, Words

_PARTS = ("scheme", "plan", "members", "payers", "money")
_PART_OF = {
    "plan": "plan",
    "money": "money",
    "members": "members",
    "statutes": "members",
    "categories": "payers",
    "groups": "payers",
    "payers": "payers",
}


class SectionsCard(Card):
    """The villages or sections, and a line to add one."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Villages and sections"), speaker, margin=16)
        self._sections: dict[Any, Section] = {}
        self.table = TableView(speaker, empty=N_("No village yet. Add the first one below."))
        self._model = RowsModel(
            (),
            self._rows,
            (
                Column(N_("Code"), Kind.NUMBER, width=72),
                Column(N_("Name"), width=160, stretch=1),
                Column(N_("Since"), width=110, priority=1),
            ),
            speaker,
            self,
        )
        self.table.show_rows(self._model)
        self.form = Form(speaker)
        self.name = Field()
        self.form.add("name", self.name, N_("New village or section"))
        self.button = PlainButton(N_("Add"), speaker, icon="plus")
        self.body.addWidget(self.table)
        self.body.addWidget(self.form)
        self.body.addWidget(self.button)
        self.body.addStretch(1)

    def show_sections(self, sections: Sequence[Section]) -> None:
        self._sections = {one.id: one for one in sections}
        self._model.set_ids([one.id for one in sections])
        self.table.fit_rows(len(sections), fewest=3)

    def _rows(self, ids: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        found = [self._sections[one] for one in ids]
        return [(f"{one.code:02d}", one.name, one.first_day) for one in found]


class PasswordCard(Card):
    """One's own password, typed old and new."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("My password"), speaker, margin=16)
        self.old, self.new, self.repeat = password_field(), password_field(), password_field()
        self.form = Form(speaker)
        self.form.add("old_password", self.old, N_("Present password"))
        self.form.add(
            "password",
            self.new,
            N_("New password"),
            hint=N_("At least 12 signs; four words are good."),
        )
        self.form.add("repeat", self.repeat, N_("The new password again"))
        self.button = PlainButton(N_("Change my password"), speaker, icon="lock")
        self.body.addWidget(self.form)
        self.body.addWidget(self.button)
        self.body.addStretch(1)

    def agrees(self) -> bool:
        """Whether both new passwords are the same; else it is said beside the field."""
        self.form.clear()
        if self.new.text() == self.repeat.text():
            return True
        text = Text(N_("The two passwords are not the same. Type both again."))
        self.form.show_refusal(Refusal(text, field="repeat"))
        return False

    def done(self) -> None:
        self.button.setEnabled(True)
        for field in (self.old, self.new, self.repeat):
            field.clear()

    def refuse(self, refusal: Refusal) -> None:
        self.button.setEnabled(True)
        self.form.show_refusal(refusal)


class SafetyCard(Card):
    """Verify the whole book, and try whether a copy can be restored."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(N_("Safety of the book"), speaker, margin=16)
        self.verify = PlainButton(N_("Verify the whole book"), speaker, icon="shield-check")
        self.drill = PlainButton(N_("Try a restore"), speaker, icon="undo-2")
        self.password = password_field()
        self.form = Form(speaker)
        self.result = Words("", speaker, bold=True, wrap=True)
        tell = N_("Reads every record from the first day and compares. Do it once a week.")
        self.body.addWidget(Words(tell, speaker, muted=True, wrap=True))
        self.body.addWidget(self.verify)
        tell = N_("Makes a copy, restores it beside the book, verifies it, and throws it away.")
        self.body.addWidget(Words(tell, speaker, muted=True, wrap=True))
        self.form.add("password", self.password, N_("Your password"))
        self.body.addWidget(self.form)
        self.body.addWidget(self.drill)
        self.body.addWidget(self.result)
        self.body.addStretch(1)
        self.result.hide()

    def tell(self, text: Text | str) -> None:
        """Say how it came out."""
        self.result.say(text)
        self.result.show()

    def ready(self) -> None:
        self.verify.setEnabled(True)
        self.drill.setEnabled(True)

    def busy(self) -> None:
        self.verify.setEnabled(False)
        self.drill.setEnabled(False)
        self.result.hide()

    def refuse(self, refusal: Refusal) -> None:
        self.ready()
        self.form.show_refusal(refusal)


class SchemePage(Page, Dressed):
    """What is set up once and looked at now and then."""

    id = "scheme"
    help_page = "scheme"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if not isinstance(context.desk, Desk):
            raise TypeError("this page needs an open book")
        self._desk = context.desk
        self._part = ""
        self.facts: Facts | None = None
        say = context.speaker
        self.name = Shown("", size=Size.NAME, bold=True)
        self.about = Words("", say, muted=True)
        self.trouble = TroubleBand(say)
        self.plan = PlanCard(say, self._desk.currency, context.clock_today())
        self.sections = SectionsCard(say)
        self.people = PeopleCard(say)
        self.password = PasswordCard(say)
        self.safety = SafetyCard(say)
        self.statutes = StatutesCard(say, context.clock_today())
        self.categories = CategoriesCard(say, context.clock_today())
        self.groups = GroupsCard(say, context.clock_today())
        self.payers = PayersCard(say, context.clock_today())
        self.agreements = AgreementsCard(say, context.clock_today(), self._desk.currency)
        self.money = MoneyPanel(context, self._desk)
        self._lists: dict[str, ListCard] = {
            "category": self.categories,
            "group": self.groups,
            "payer": self.payers,
            "agreement": self.agreements,
        }
        self._place()
        self._connect()
        self.wear()
        self.learn(say)

    @override
    def title(self) -> str:
        return self.context.speaker.tr(N_("Scheme"))

    @override
    def speak(self) -> None:
        if self.facts is not None:
            self._show_about(self.facts)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._column.setContentsMargins(now.px(24), now.px(20), now.px(24), now.px(20))
        for layout in (self._column, *self._halves):
            layout.setSpacing(now.px(16))

    @override
    def shown(self, **arguments: object) -> None:
        self._part = str(arguments.get("part", ""))
        self._focus_part()
        self._load()

    def _place(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.name)
        head.addWidget(self.about)
        left: tuple[Card, ...] = (self.sections, self.password)
        right: tuple[Card, ...] = (self.people, self.safety)
        halves = column_of(left), column_of(right)
        pays = column_of((self.groups, self.categories)), column_of((self.payers, self.agreements))
        members = column_of((self.statutes,))
        self._halves = [layout for _widget, layout in (*halves, *pays, members)]
        self.parts = Tabs(
            self.context.speaker,
            (
                ("scheme", N_("Scheme")),
                ("plan", N_("Contributions")),
                ("members", N_("Persons and households")),
                ("payers", N_("Groups and sponsors")),
                ("money", N_("Their money")),
            ),
            columns=3,
        )
        self.stack = CurrentStack()
        self.stack.addWidget(Sides(halves[0][0], halves[1][0]))
        self.stack.addWidget(self.plan)
        self.stack.addWidget(members[0])
        self.stack.addWidget(Sides(pays[0][0], pays[1][0]))
        self.stack.addWidget(self.money)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self.parts)
        self._column.addWidget(self.stack)
        self._column.addStretch(1)

    def _connect(self) -> None:
        self.plan.wanted.connect(self._keep_plan)
        self.sections.button.clicked.connect(self._add_section)
        self.sections.name.returnPressed.connect(self._add_section)
        self.people.wanted.connect(self._add_person)
        self.password.button.clicked.connect(self._change_password)
        self.password.repeat.returnPressed.connect(self._change_password)
        self.parts.chosen.connect(self._turn)
        self.statutes.wanted.connect(self._keep_statutes)
        for kind, card in self._lists.items():
            card.wanted.connect(partial(self._add_listed, kind, card))
        self.safety.verify.clicked.connect(self._verify)
        self.safety.drill.clicked.connect(self._drill)
        self.money.troubled.connect(self.trouble.show_trouble)

    def _focus_part(self) -> None:
        fields = {
            "password": self.password.old,
            "people": self.people.name,
            "plan": self.plan.form.answers["amount"],
            "sections": self.sections.name,
        }
        self.parts.choose(_PART_OF.get(self._part, "scheme"))
        if self._part == "plan":
            fields["plan"].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self._part in _PART_OF:
            self.parts.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        field = fields.get(self._part, self.sections.name)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    # What stands there

    def _load(self) -> None:
        self.context.lane.do(partial(facts_of, self._desk), self._show, owner=self)

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        self.name.setText(facts.scheme.name)
        self._show_about(facts)
        self.plan.show_facts(facts.plans)
        self.sections.show_sections(facts.sections)
        self.people.show_people(facts.people)
        today = self._desk.today
        self.statutes.show_statutes(facts.statutes, facts.coming_statutes, next_month(today))
        self.categories.show_entries(facts.categories)
        self.groups.show_entries(facts.groups)
        self.payers.show_entries(facts.payers)
        self.agreements.offer("payer_id", [(one.id, one.name) for one in facts.payers])
        self.agreements.show_entries(facts.agreements)

    def _turn(self, part: str) -> None:
        self.stack.setCurrentIndex(_PARTS.index(part))
        if part == "money":
            self.money.load()

    def _show_about(self, facts: Facts) -> None:
        pack = country(facts.scheme.country)
        self.about.say(
            Text(
                N_("{country} · amounts in {currency} · papers in {language} · since {day}"),
                {
                    "country": pack.name(self.speaker.language),
                    "currency": pack.currency.code,
                    "language": LANGUAGES.get(facts.scheme.language, facts.scheme.language),
                    "day": facts.scheme.first_day,
                },
            )
        )

    def _done(self, text: Text) -> None:
        self.context.saved()
        self.context.toast(text)
        self._load()

    # What is done there

    def _keep_plan(self, version: PlanVersion) -> None:
        self.context.lane.do(
            partial(keep_plan, self._desk, version),
            self._plan_kept,
            refused=self.plan.refuse,
            troubled=self._troubled,
            owner=self,
        )

    def _plan_kept(self, _none: None) -> None:
        self.plan.kept()
        self._done(Text(N_("The plan is kept.")))

    def _keep_statutes(self, wanted: Statutes, accepting: frozenset[str], reason: str) -> None:
        self.context.lane.do(
            partial(keep_statutes, self._desk, wanted, accepting, reason),
            partial(self._statutes_kept, wanted),
            refused=self.statutes.refuse,
            cautioned=self.statutes.doubt,
            troubled=self._troubled,
            owner=self,
        )

    def _statutes_kept(self, wanted: Statutes, _none: object) -> None:
        self._done(Text(N_("The statutes hold from {day} on."), {"day": wanted.first_day}))

    def _add_listed(self, kind: str, card: ListCard, values: dict[str, Any]) -> None:
        name = str(values.get("name") or card.chosen_words("payer_id"))
        self.context.lane.do(
            partial(add_listed, self._desk, kind, values),
            partial(self._listed, card, name),
            refused=card.refuse,
            troubled=self._troubled,
            owner=self,
        )

    def _listed(self, card: ListCard, name: str, _id: object) -> None:
        card.done()
        self._done(Text(N_("{name} is added."), {"name": name}))

    def _add_section(self) -> None:
        self.sections.form.clear()
        self.context.lane.do(
            partial(self._desk.do, add_section, name=self.sections.name.text()),
            self._section_added,
            refused=self.sections.form.show_refusal,
            owner=self,
        )

    def _section_added(self, _id: object) -> None:
        name = self.sections.name.text()
        self.sections.name.clear()
        self._done(Text(N_("{name} is added."), {"name": name}))

    def _add_person(self, name: str, role: Role, password: str) -> None:
        self.context.lane.do(
            partial(self._desk.do, add_person, name=name, role=role, password=password),
            self._person_added,
            refused=self.people.refuse,
            troubled=self._troubled,
            owner=self,
        )

    def _person_added(self, _id: object) -> None:
        name = self.people.name.text()
        self.people.done()
        self._done(Text(N_("{name} can log in now."), {"name": name}))

    def _change_password(self) -> None:
        if self.password.button.isEnabled() and self.password.agrees():
            self.password.button.setEnabled(False)
            self.context.lane.do(
                partial(
                    self._desk.change_password, self.password.old.text(), self.password.new.text()
                ),
                self._password_changed,
                refused=self.password.refuse,
                troubled=self._troubled,
                owner=self,
            )

    def _password_changed(self, _none: None) -> None:
        self.password.done()
        self._done(Text(N_("Your password is changed.")))

    def _verify(self) -> None:
        self.safety.busy()
        progress = self.context.lane.progress()
        self.context.lane.do(
            partial(verify_whole, self._desk, progress),
            self._verified,
            troubled=self._troubled,
            cancelled=self.safety.ready,
            owner=self,
            progress=progress,
        )

    def _verified(self, finding: Text | None) -> None:
        self.safety.ready()
        if finding is None:
            self.safety.tell(N_("The whole book agrees with its journal."))
        else:
            self.trouble.show_text(finding)

    def _drill(self) -> None:
        self.safety.form.clear()
        self.safety.busy()
        self.context.lane.do(
            partial(drill, self._desk, self.safety.password.text()),
            self._drilled,
            refused=self.safety.refuse,
            troubled=self._troubled,
            owner=self,
        )

    def _drilled(self, done: Restored) -> None:
        self.safety.ready()
        self.safety.password.clear()
        self.safety.tell(
            Text(
                N_("The copy was restored and verified: {count} records. It was thrown away."),
                {"count": done.acts},
            )
        )

    def _troubled(self, trouble: Trouble) -> None:
        self.safety.ready()
        self.plan.free()
        self.statutes.free()
        for card in self._lists.values():
            card.free()
        self.people.button.setEnabled(True)
        self.password.button.setEnabled(True)
        self.trouble.show_trouble(trouble)
