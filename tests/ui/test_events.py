"""What happened to a household, told by the keyboard: each event once, refused, taken back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.errors import Refusal
from stepdesk.members.queries import (
    categories,
    events_of,
    household_file,
    household_ids,
    statutes,
)
from stepdesk.members.service import put_category, record_leaving, register_household
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    EventKind,
    HouseholdFile,
    NewPerson,
    Relation,
    Sex,
    Statutes,
)
from stepdesk.payers.queries import agreements, groups, nominations, place_of
from stepdesk.payers.service import add_group, add_payer, sign_agreement
from stepdesk.payers.terms import GroupKind, PayerAgreement, PayerKind, Step
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.members.answers import Kinship, MoneyLine
from stepdesk.ui.members.happenings import HAPPENINGS
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.scheme.page import SchemePage
from stepdesk.ui.theme import Theme
from stepdesk.values.ids import HouseholdId, PayerAgreementId
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Window, plain

Opens = Callable[..., Window]
SAVE = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
DAY = date(2024, 5, 6)


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(
        prepared: Callable[[Desk, SetClock], object] | None = None,
        *,
        people: tuple[str, ...] = ("Awa",),
        **told: Any,
    ) -> Window:
        clock = wednesday()
        desk = open_copy(tmp_path / "book", people=people, clock=clock)
        desks.append(desk)
        (prepared or koula)(desk, clock)
        made.append(Window(qtbot, desk, **told))
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def person(given: str, sex: Sex, year: int, relation: Relation, surname: str = "Ba") -> NewPerson:
    return NewPerson(surname, given, sex, Birth(date(year, 3, 2), BirthKnown.DAY), relation)


def koula(desk: Desk, clock: SetClock) -> None:
    """Ibrahim with his wife, two children, one of them grown, his brother; and another household."""
    a_section(desk)
    a_section(desk, "Sirakorola")
    a_plan(desk)
    home = a_household(desk, 3)
    whole = desk.do(
        register_household,
        section_id=sections(desk)[0],
        plan_id=plan(desk),
        persons=[
            person("Ibrahim", Sex.MALE, 1983, Relation.SELF),
            person("Rokia", Sex.FEMALE, 1989, Relation.SPOUSE, "Sow"),
            person("Seydou", Sex.MALE, 2015, Relation.CHILD),
            person("Aminata", Sex.FEMALE, 2005, Relation.CHILD),
            person("Moussa", Sex.MALE, 1990, Relation.SIBLING),
        ],
    )
    a_payment(desk, home, 1000 + 3 * 350 * 5)
    # Aminata is 19 and no longer counted: four pay, for February to June.
    a_payment(desk, whole, 1000 + 4 * 350 * 5)
    clock.set(DAY)


def sections(desk: Desk) -> list[Any]:
    return ids(desk, "SELECT id FROM section ORDER BY code")


def plan(desk: Desk) -> Any:
    return ids(desk, "SELECT id FROM plan")[0]


def ids(desk: Desk, statement: str) -> list[Any]:
    with desk.read() as connection:
        return [row[0] for row in connection.exec_driver_sql(statement)]


class Household:
    """The household of Ibrahim Ba, and what the keyboard does to it."""

    def __init__(self, window: Window, at: int = 1) -> None:
        self.window = window
        self.id: HouseholdId = window.desk.ask(household_ids)[at]
        self.page = window.go(MembersPage, "members", household=self.id)

    @property
    def form(self) -> Any:
        return self.page.life.form

    @property
    def file(self) -> HouseholdFile:
        found = self.window.desk.ask(household_file, self.id)
        assert found is not None
        return found

    def kinds(self) -> list[EventKind]:
        return [one.kind for one in self.window.desk.ask(events_of, self.id)]

    def tell(self, letters: str) -> "Household":
        """F10, the first letters of what happened, Enter."""
        self.window.key(Qt.Key.Key_F10)
        self.window.type(f"{letters}\n")
        return self

    def put(self, **answers: object) -> "Household":
        """Choose in the lists; what is typed is typed."""
        for name, value in answers.items():
            self.form.answers[name].put(value)
        self.window.wait()
        return self

    def type(self, name: str, signs: str) -> "Household":
        # As the Tab key does, which marks what stands there.
        self.form.answers[name].setFocus(Qt.FocusReason.TabFocusReason)
        self.window.type(signs)
        return self

    def save(self) -> "Household":
        self.window.key(*SAVE)
        return self

    def said(self) -> list[str]:
        """What is said beside the fields."""
        return [told for name in ("", *self.form.answers) if (told := self.form.form.error(name))]

    def foreseen(self) -> list[str]:
        self.window.qtbot.waitUntil(self.form.effects.waiting.isHidden)
        self.window.wait()
        return [plain(one) for one in self.form.effects.texts()]

    def id_of(self, given: str) -> Any:
        return next(one.id for one in self.file.persons if one.name.endswith(given))

    def names(self) -> list[str]:
        return [one.name for one in self.file.persons if one.until is None]


def test_a_birth_is_told_by_keys_alone(opens: Opens) -> None:
    home = Household(opens())
    window = home.window
    window.pressed = 0
    window.key(Qt.Key.Key_F10)
    # Birth is the first of the list. 1 May, the name comes down, a girl of Rokia.
    window.type("\n1/5\n\nHawa\n")
    window.key(*SAVE)
    assert window.pressed <= 15
    assert home.kinds()[-1] is EventKind.BIRTH
    assert home.file.persons[-1].name == "Ba Hawa"
    assert home.file.persons[-1].birth.day == date(2024, 5, 1)
    assert window.window.frame.toast.words() == "Recorded: Birth."
    assert home.page.list.isVisible()


def test_the_form_says_what_a_birth_does_before_it_is_recorded(opens: Opens) -> None:
    home = Household(opens()).tell("birth")
    home.type("given_names", "Hawa")
    told = home.foreseen()
    # Four within the age limit at 350 are 1,400; with the child five, 1,750.
    assert "People covered: 5, then 6." in told
    assert "One contribution: 1,400 F CFA, then 1,750 F CFA." in told
    assert home.kinds() == [EventKind.REGISTERED]


def test_the_death_of_the_member_asks_who_takes_over(opens: Opens) -> None:
    home = Household(opens()).tell("death")
    assert home.form.answers["heir_id"].isVisible()
    home.put(heir_id=home.id_of("Rokia"))
    home.save()
    assert home.kinds() == [EventKind.REGISTERED, EventKind.DEATH, EventKind.HEAD_CHANGED]
    assert home.file.member_name == "Sow Rokia"
    told = {one.name: one.relation for one in home.file.persons}
    assert told["Ba Seydou"] is Relation.CHILD
    assert told["Sow Rokia"] is Relation.SELF


def test_the_death_of_a_child_asks_only_who_and_when(opens: Opens) -> None:
    home = Household(opens()).tell("death")
    home.put(person_id=home.id_of("Seydou")).type("on", "2/5")
    shown = [name for name, one in home.form.answers.items() if one.isVisible()]
    assert shown == ["person_id", "on"]
    home.save()
    assert home.kinds()[-1] is EventKind.DEATH
    people = home.page.card.people
    at = people.row_of(home.id_of("Seydou"))
    assert at is not None
    assert [people.cell(at, column).text for column in (2, 5, 6)] == [
        "Ba Seydou",
        "died",
        "02/05/2024",
    ]
    assert people.cell(at, 2).faint


def test_a_marriage(opens: Opens) -> None:
    home = Household(opens()).tell("marri")
    home.type("surname", "Keita\nKadi\n").type("birth", "29")
    home.save()
    assert home.kinds()[-1] is EventKind.MARRIAGE
    assert home.file.persons[-1].name == "Keita Kadi"
    assert home.file.persons[-1].relation is Relation.CO_SPOUSE


def test_a_divorce(opens: Opens) -> None:
    home = Household(opens()).tell("divorce").save()
    assert home.kinds()[-1] is EventKind.DIVORCE
    assert "Sow Rokia" not in home.names()


def test_somebody_leaves_with_a_reason(opens: Opens) -> None:
    home = Household(opens()).tell("leaves")
    home.put(person_id=home.id_of("Moussa"))
    home.save()
    # Nothing is written without the reason, and it is said beside its field.
    assert home.form.form.error("reason") == "This is needed: fill it in."
    assert home.kinds() == [EventKind.REGISTERED]
    home.type("reason", "went to the city").save()
    assert home.kinds()[-1] is EventKind.LEFT
    assert "Ba Moussa" not in home.names()


def test_somebody_joins_late_and_waits(opens: Opens) -> None:
    home = Household(opens()).tell("joins")
    home.type("given_names", "Kadi").type("birth", "7")
    assert any("Kadi" in one for one in home.foreseen())
    home.save()
    assert home.kinds()[-1] is EventKind.JOINED_LATE


def test_who_joins_late_may_be_registered_already(opens: Opens) -> None:
    """Moussa goes, and comes back by what is known of him: only the link is asked."""
    window = opens()
    home = Household(window)
    moussa = home.id_of("Moussa")
    window.desk.do(record_leaving, person_id=moussa, on=date(2024, 5, 2), reason="to the city")
    home = Household(window).tell("joins")
    assert home.form.answers["surname"].isVisible()
    home.type("known_id", "Moussa")
    window.qtbot.waitUntil(home.form.answers["known_id"].list.isVisible)
    window.type("\n")
    home.put(relation=Relation.SIBLING)
    assert not home.form.answers["surname"].isVisible()
    assert not home.form.answers["birth"].isVisible()
    home.save()
    assert home.said() == []
    assert home.kinds()[-1] is EventKind.JOINED_LATE
    (row,) = [one for one in home.file.persons if one.id == moussa]
    assert row.until is None


def test_a_birth_declared_on_an_earlier_day_begins_its_cover_there(opens: Opens) -> None:
    home = Household(opens()).tell("birth")
    home.type("on", "20/4/2024").type("given_names", "Hawa").type("declared_on", "28/4/2024")
    home.save()
    assert home.said() == []
    assert home.file.covers[-1].first_day == date(2024, 4, 28)
    home.tell("birth")
    home.type("on", "20/4/2024").type("given_names", "Awa").type("declared_on", "19/4/2024")
    home.save()
    assert "between that day and today" in home.form.form.error("declared_on")


def test_an_event_told_late_is_accepted_once_with_a_reason(opens: Opens) -> None:
    home = Household(opens()).tell("leaves")
    home.put(person_id=home.id_of("Seydou"))
    home.type("on", "1/4/2024").type("reason", "to his uncle").save()
    assert home.form.caution.isVisible()
    home.window.type("the uncle told it today\n")
    assert home.kinds()[-1] is EventKind.LEFT
    assert "Ba Seydou" not in home.names()


def test_a_school_certificate(opens: Opens) -> None:
    home = Household(opens()).tell("school")
    home.put(person_id=home.id_of("Aminata"))
    home.type("first_day", "1/10/2023").type("until", "1/7/2024").type("document", "Lycée 17")
    # She was past the age limit in the months since: the former answers change.
    assert any("218 days ago" in one for one in home.foreseen())
    home.save()
    assert home.form.caution.isVisible()
    home.window.type("the certificate came late\n")
    assert home.said() == []
    assert EventKind.STUDENT in home.kinds()


def test_a_disability(opens: Opens) -> None:
    home = Household(opens()).tell("disab")
    home.put(person_id=home.id_of("Aminata")).type("document", "Dr Sy 4").save()
    assert home.kinds()[-1] is EventKind.DISABLED


def test_a_move_to_another_village(opens: Opens) -> None:
    home = Household(opens()).tell("move").save()
    assert home.kinds()[-1] is EventKind.MOVED
    assert home.file.section == "Sirakorola"


def test_a_change_of_head(opens: Opens) -> None:
    home = Household(opens()).tell("change of")
    home.put(person_id=home.id_of("Moussa")).save()
    assert home.kinds()[-1] is EventKind.HEAD_CHANGED
    told = {one.name: one.relation for one in home.file.persons}
    assert told["Ba Ibrahim"] is Relation.SIBLING


def test_a_split_makes_a_household_of_those_ticked(opens: Opens) -> None:
    home = Household(opens()).tell("split")
    family = home.form.answers["relations"]
    assert isinstance(family, Kinship)
    family.tick(home.id_of("Moussa"))
    home.save()
    assert home.kinds()[-1] is EventKind.SPLIT_OFF
    found = home.window.desk.ask(household_ids)
    assert len(found) == 3
    other = home.window.desk.ask(household_file, found[2])
    assert other is not None
    assert other.member_name == "Ba Moussa"


def test_a_merge_finds_the_other_household_by_its_number(opens: Opens) -> None:
    home = Household(opens()).tell("merge")
    home.type("into_id", "1")
    home.window.type("\n")
    home.save()
    assert home.kinds()[-1] is EventKind.MERGED_INTO
    into = home.window.desk.ask(household_file, home.window.desk.ask(household_ids)[0])
    assert into is not None
    assert len([one for one in into.persons if one.until is None]) == 8


def test_a_resignation_ends_after_what_is_paid(opens: Opens) -> None:
    home = Household(opens()).tell("resig")
    # Paid for five months from February: until 30 June.
    assert home.form.answers["on"].value() == date(2024, 7, 1)
    home.save()
    assert home.kinds()[-1] is EventKind.RESIGNED


def test_an_exclusion_names_hearing_and_decision_and_can_be_taken_back(opens: Opens) -> None:
    home = Household(opens()).tell("exclu")
    home.type("hearing_on", "2/5").type("decision", "PV 4").type("reason", "false card")
    home.save()
    assert home.kinds()[-1] is EventKind.EXCLUDED
    home.page.card.show_history()
    home.page.card.history.table.setFocus()
    home.window.type("\n\n")
    home.window.type("wrong household\n")
    home.save()
    assert home.kinds() == [EventKind.REGISTERED]
    assert home.page.card.history.texts()[:2] == [
        "Something was taken back",
        "The household was excluded",
    ]
    assert home.page.card.history.model.cell(1, 1).struck


def test_who_is_not_suspended_is_not_struck_off(opens: Opens) -> None:
    home = Household(opens()).tell("strike")
    home.type("decision", "PV 4").type("reason", "does not pay")
    home.save()
    assert "suspended" in home.form.form.error()
    assert home.kinds() == [EventKind.REGISTERED]


def test_a_household_struck_off_for_long_arrears_comes_back(opens: Opens) -> None:
    def later(desk: Desk, clock: SetClock) -> None:
        koula(desk, clock)
        clock.set(date(2025, 3, 3))

    home = Household(opens(later)).tell("strike")
    home.type("decision", "PV 4").type("reason", "does not pay")
    home.save()
    assert home.said() == []
    assert home.kinds()[-1] is EventKind.STRUCK_OFF
    home.tell("readm").save()
    assert home.kinds()[-1] is EventKind.READMITTED


def test_a_person_is_corrected_and_only_what_differs(opens: Opens) -> None:
    home = Household(opens()).tell("correct a")
    home.put(person_id=home.id_of("Rokia"))
    assert home.form.answers["surname"].field.text() == "Sow"
    home.type("surname", "Diallo").type("reason", "seen on the card")
    home.save()
    assert home.kinds()[-1] is EventKind.CORRECTED
    assert home.file.persons[1].name == "Diallo Rokia"
    told = home.page.card.history.told.text()
    assert told.startswith("Diallo Rokia was corrected on 6 May 2024, because: seen on the card")
    assert "(family name: Sow → Diallo)" in told


def test_a_telephone_needs_no_reason(opens: Opens) -> None:
    home = Household(opens()).tell("correct the")
    home.type("phone", "701 234 56").save()
    assert home.file.phone == "701 234 56"


def test_the_same_person_twice_is_made_one_and_two_again(opens: Opens) -> None:
    window = opens()
    # Covered in two households today: one of the entries leaves its household first.
    gone = ids(
        window.desk,
        "SELECT c.person_id FROM cover c JOIN household h ON h.id = c.household_id"
        " WHERE h.serial = 1 AND c.suffix = 1",
    )[0]
    window.desk.do(record_leaving, person_id=gone, on=date(2024, 5, 6), reason="elsewhere")
    home = Household(window).tell("same")
    home.put(person_id=home.id_of("Moussa"))
    home.type("other_id", "1/01")
    window.key(Qt.Key.Key_Down)
    window.type("\n")
    assert len(home.form.beside.texts()) == 2
    home.type("reason", "both cards shown").save()
    merged = "SELECT undone_on FROM person_merge"
    assert ids(window.desk, merged) == [None]
    window.window.frame.toast._undone()
    window.wait()
    assert ids(window.desk, merged) == ["2024-05-06"]


def test_a_category(opens: Opens) -> None:
    def named(desk: Desk, clock: SetClock) -> None:
        koula(desk, clock)
        desk.do(put_category, code="IND", name="Indigents")

    home = Household(opens(named)).tell("categ")
    home.put(category_id=ids(home.window.desk, "SELECT id FROM category")[0]).save()
    assert home.file.category == "Indigents"
    assert "category: Indigents" in home.page.card.payers.text()
    home.page.card.history.table.go_to(0)
    assert "– → Indigents" in plain(home.page.card.history.told.text())
    home.window.window.frame.toast._undone()
    home.window.wait()
    assert home.file.category == ""


def test_undo_in_the_message_takes_it_back(opens: Opens) -> None:
    home = Household(opens()).tell("divorce").save()
    home.window.window.frame.toast._undone()
    home.window.wait()
    assert home.kinds() == [EventKind.REGISTERED]
    assert "Sow Rokia" in home.names()


def test_a_day_ahead_is_refused_beside_its_field(opens: Opens) -> None:
    home = Household(opens()).tell("divorce")
    home.type("on", "1/6/2024")
    assert any("still ahead" in one for one in home.foreseen())
    home.save()
    assert "still ahead" in home.form.form.error("on")
    assert home.kinds() == [EventKind.REGISTERED]


def test_somebody_alike_is_accepted_with_a_reason(opens: Opens) -> None:
    home = Household(opens()).tell("joins")
    home.type("given_names", "Moussa").type("birth", "1990").put(sex=Sex.MALE)
    home.save()
    assert home.form.caution.isVisible()
    home.window.type("a cousin of that name\n")
    assert home.kinds()[-1] is EventKind.JOINED_LATE


def test_a_draft_survives_esc(opens: Opens) -> None:
    home = Household(opens()).tell("birth")
    home.type("given_names", "Hawa")
    home.window.key(Qt.Key.Key_Escape)
    assert home.page.list.isVisible()
    home.tell("birth")
    assert home.form.answers["given_names"].field.text() == "Hawa"
    assert home.form.answers["surname"].field.text() == "Ba"


def test_a_double_enter_records_once(opens: Opens) -> None:
    home = Household(opens()).tell("divorce")
    for _ in range(3):
        home.form.send()
    home.window.wait()
    assert home.kinds() == [EventKind.REGISTERED, EventKind.DIVORCE]


def test_the_menu_is_found_by_french_words(opens: Opens) -> None:
    home = Household(opens(language="fr"))
    home.window.key(Qt.Key.Key_F10)
    menu = home.page.life.menu
    first = menu.words()[0]
    home.window.type(first[:4])
    assert first in menu.words()


def test_the_french_top_row_reads_days(opens: Opens) -> None:
    home = Household(opens(language="fr"))
    home.window.key(Qt.Key.Key_F10)
    home.window.type("\n")
    # & = 1, ( = 5 on a French keyboard without Shift.
    home.type("on", "&/(")
    assert home.form.answers["on"].value() == date(2024, 5, 1)


def test_history_says_who_recorded_it(opens: Opens) -> None:
    home = Household(opens())
    home.page.card.show_history()
    assert home.page.card.history.told.text() == (
        "The household was registered on 10 January 2024 — recorded by Awa on 10 January 2024."
    )


def test_every_word_of_every_form_went_through_the_translators(opens: Opens) -> None:
    home = Household(opens(speaker=BracketSpeaker("en")))
    home.page.card.show_history()
    home.page.ask_what_happened()
    home.window.wait()
    assert unbracketed(home.page) == []
    for one in HAPPENINGS:
        home.page.life._chosen(one)
        home.window.wait()
        home.form.send()
        assert unbracketed(home.page) == [], one.id


@pytest.mark.parametrize("zoom", [100, 125])
def test_no_form_is_wider_than_its_place(opens: Opens, qapp: QApplication, zoom: int) -> None:
    home = Household(opens(language="fr"))
    theme.apply(qapp, Theme(zoom=zoom))
    home.page.ask_what_happened()
    home.window.wait()
    place = home.page.parentWidget()
    assert place is not None
    for one in HAPPENINGS:
        home.page.life._chosen(one)
        home.window.qtbot.waitUntil(lambda: home.page.width() <= place.width(), timeout=3000)


# The statutes, on the page Scheme


def test_the_statutes_are_kept_as_a_new_version_from_their_first_day(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme", part="statutes")
    form = page.statutes.form
    assert form.answers["student_max_age"].value() == 21
    form.answers["student_max_age"].setFocus(Qt.FocusReason.TabFocusReason)
    window.type("25")
    page.statutes.send()
    window.wait()
    held = window.desk.ask(statutes)
    assert [(one.student_max_age, one.first_day) for one in held] == [(25, date(2024, 6, 1))]
    # What the form does not touch stays as it was.
    assert held[0] == replace(Statutes(), student_max_age=25, first_day=date(2024, 6, 1))
    assert page.statutes.since.text() == "A later version holds from 1 June 2024 on."


def test_statutes_that_begin_long_ago_are_asked_about(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme", part="statutes")
    page.statutes.form.answers["first_day"].put(date(2024, 2, 1))
    page.statutes.send()
    window.wait()
    assert page.statutes.caution.isVisible()
    assert window.desk.ask(statutes) == ()
    window.type("as the assembly decided\n")
    window.wait()
    assert [one.first_day for one in window.desk.ask(statutes)] == [date(2024, 2, 1)]


def test_a_share_over_a_hundred_is_refused_beside_its_field(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme", part="statutes")
    page.statutes.form.answers["completeness_min"].put(101)
    page.statutes.send()
    window.wait()
    assert page.statutes.form.error("completeness_min") == "Type a share from 0 to 100 percent."
    assert window.desk.ask(statutes) == ()


def test_a_category_is_added(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme", part="categories")
    page.categories.form.answers["code"].setFocus()
    window.type("ind\nIndigents\n")
    assert [name for _id, name in window.desk.ask(categories)] == ["Indigents"]


def test_every_word_of_the_statutes_went_through_the_translators(opens: Opens) -> None:
    window = opens(speaker=BracketSpeaker("en"))
    page = window.go(SchemePage, "scheme", part="statutes")
    assert unbracketed(page) == []


@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_the_statutes_are_not_wider_than_their_place(
    opens: Opens, qapp: QApplication, zoom: int
) -> None:
    window = opens(language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    page = window.go(SchemePage, "scheme", part="statutes")
    place = page.parentWidget()
    assert place is not None
    window.qtbot.waitUntil(lambda: page.width() <= place.width(), timeout=3000)


# Who pays


def test_a_household_joins_a_group_moves_on_its_list_and_leaves(opens: Opens) -> None:
    def grouped(desk: Desk, clock: SetClock) -> None:
        koula(desk, clock)
        desk.do(add_group, code="GIE", name="GIE Koula", kind=GroupKind.WOMEN, people=20)

    home = Household(opens(grouped)).tell("join a")
    home.save()
    day = home.window.desk.today
    held = home.window.desk.ask(place_of, home.id, day)
    assert held is not None
    assert (held.group, held.place) == ("GIE Koula", 1)
    assert "group: GIE Koula" in home.page.card.payers.text()
    home.tell("leave the").save()
    assert home.window.desk.ask(place_of, home.id, day) is None
    history = home.page.card.history
    assert [plain(one) for one in history.texts()[:2]] == [
        "The household left its group",
        "The household joined a group",
    ]
    # Taken back from the history, it is on the list again.
    history.table.go_to(0)
    assert "GIE Koula, place 1" in plain(history.told.text())
    history.back.click()
    home.window.wait()
    home.type("reason", "it stays").save()
    assert home.window.desk.ask(place_of, home.id, day) is not None


def test_a_nomination_goes_step_by_step_to_cover(opens: Opens) -> None:
    def sponsored(desk: Desk, clock: SetClock) -> None:
        koula(desk, clock)
        payer = desk.do(add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
        desk.do(
            sign_agreement,
            agreement=PayerAgreement(
                id=PayerAgreementId(b""),
                payer_id=payer,
                payer="",
                first_day=date(2024, 1, 1),
                until=None,
                criteria="",
                max_persons=None,
                share=50,
                amount=None,
                pays_fee=False,
                on_commitment=True,
                invoice_months=3,
                signed_on=date(2024, 1, 1),
            ),
        )

    home = Household(opens(sponsored)).tell("nominate")
    home.save()
    assert home.form.form.error("grounds") == "This is needed: fill it in."
    home.type("grounds", "widow with four").save()
    for step in (Step.VALIDATED, Step.APPROVED, Step.COVERED):
        home.tell("next").put(step=step).save()
        assert home.said() == []
    told = home.window.desk.ask(nominations, home.id)
    assert [one.step for one in told[0].steps][1:] == [Step.VALIDATED, Step.APPROVED, Step.COVERED]
    assert "sponsor: Commune" in home.page.card.payers.text()
    history = home.page.card.history
    history.table.go_to(0)
    assert "Commune: covered" in plain(history.told.text())
    home.window.window.frame.toast._undone()
    home.window.wait()
    told = home.window.desk.ask(nominations, home.id)
    assert told[0].step is Step.APPROVED


def test_a_group_a_sponsor_and_an_agreement_are_added(opens: Opens) -> None:
    window = opens()
    page = window.go(SchemePage, "scheme", part="groups")
    told = {"code": "gie", "name": "GIE Koula", "people": "20"}
    for name, words in told.items():
        page.groups.form.answers[name].put(words)
    page.groups.send()
    window.wait()
    assert [one.name for one in window.desk.ask(groups, DAY)] == ["GIE Koula"]
    page.payers.form.answers["code"].put("COM")
    page.payers.form.answers["name"].put("Commune")
    page.payers.send()
    window.wait()
    page.agreements.form.answers["signed_on"].put(date(2024, 5, 1))
    page.agreements.form.answers["first_day"].put(date(2024, 6, 1))
    page.agreements.send()
    window.wait()
    # Neither a share nor an amount was told.
    assert page.agreements.form.error("share")
    page.agreements.form.answers["share"].put("50")
    page.agreements.send()
    window.wait()
    found = tuple(window.desk.ask(agreements).values())
    assert [(one.payer, one.share) for one in found] == [("Commune", 50)]


def test_an_amount_is_typed_as_people_write_money(qtbot: QtBot) -> None:
    """12,50 in a currency with two decimals is 1,250 of its smallest unit; never more decimals."""
    with_cents, francs = MoneyLine(2), MoneyLine(0)
    for one in (with_cents, francs):
        qtbot.addWidget(one)
    with_cents.field.setText("12,50")
    assert with_cents.value() == 1250
    francs.field.setText("1 500 F")
    assert francs.value() == 1500
    with_cents.put(1250)
    assert with_cents.value() == 1250
    francs.field.setText("12,50")
    with pytest.raises(Refusal):
        francs.value()


def test_history_is_told_from_the_right_too(opens: Opens) -> None:
    with from_the_right() as speaker:
        home = Household(opens(speaker=speaker))
        history = home.page.card.history
        assert history.table.currentIndex().row() == 0
        assert history.told.text()


def test_a_transfer_opens_the_form_of_a_new_household(opens: Opens) -> None:
    home = Household(opens()).tell("transfer")
    assert home.page.new.isVisible()
    assert home.page.new.from_scheme.isVisible()
    assert not home.page.card.living
