"""The page of a plan: every parameter, versions by date, an example while typing; groups' sums.

Figures by hand from domain handbook GOLDEN 2.4a and b.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stepdesk.contributions.queries import plans
from stepdesk.contributions.terms import (
    Band,
    Basis,
    Cycle,
    Periodicity,
    PlanVersion,
    SeasonDue,
    Window,
)
from stepdesk.errors import Refusal
from stepdesk.payers.queries import group_money, groups, statements_of
from stepdesk.payers.service import add_group, place_household
from stepdesk.payers.terms import GroupKind, Rest
from stepdesk.store.desk import Desk
from stepdesk.ui import theme, tokens
from stepdesk.ui.scheme.page import SchemePage
from stepdesk.ui.scheme.plan_lines import (
    PlanLine,
    bands_line,
    categories_line,
    days_line,
    season_line,
    share_line,
    windows_line,
)
from stepdesk.ui.scheme.plan_rows import PlanRows
from stepdesk.ui.theme import Theme
from tests.builders import a_household, a_plan, a_section
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.righttoleft import from_the_right
from tests.ui.window import Opens, plain, windows_on
from tests.ui.window import Window as Room


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    yield from windows_on(qtbot, tmp_path / "book")


def with_a_plan(desk: Desk) -> None:
    a_section(desk)
    a_plan(desk)


def with_a_group(desk: Desk) -> None:
    with_a_plan(desk)
    desk.do(add_group, code="GIE", name="GIE Koula", kind=GroupKind.WOMEN, people=20)
    group = desk.ask(groups, desk.today)[0]
    for heads in (2, 1, 3):
        home = a_household(desk, heads)
        desk.do(place_household, group_id=group.id, household_id=home.household_id, on=desk.today)


def planned(window: Room) -> SchemePage:
    return window.go(SchemePage, "scheme", part="plan")


def put(page: SchemePage, **told: object) -> None:
    for name, value in told.items():
        page.plan.form.answers[name].put(value)


def versions(window: Room) -> tuple[PlanVersion, ...]:
    return next(iter(window.desk.ask(plans).values()), ())


# The form


def test_every_parameter_of_a_plan_has_its_field(opens: Opens) -> None:
    page = planned(opens())
    known = {one.name for one in fields(PlanVersion)} - {"id", "plan_id"}
    assert set(page.plan.form.answers) == known


def test_ten_fields_are_asked_first_and_the_others_behind_a_button(opens: Opens) -> None:
    page = planned(opens(with_a_plan))
    asked = [one for one in page.plan.form.answers.values() if one.isVisible()]
    assert len(asked) == 10
    page.plan.form.toggle.click()
    assert page.plan.form.answers["grace_days"].isVisible()
    assert page.plan.form.answers["partial_rule"].isVisible()
    # What the basis does not read is not asked.
    assert not page.plan.form.answers["bands"].isVisible()
    put(page, basis=Basis.BY_SIZE_BAND)
    assert page.plan.form.answers["bands"].isVisible()
    assert not page.plan.form.answers["adult_age"].isVisible()


def test_the_example_changes_while_an_amount_is_typed(opens: Opens) -> None:
    window = opens(with_a_plan)
    page = planned(window)
    put(page, amount=350, entry_fee=1000)
    amount = page.plan.form.answers["amount"]
    amount.setFocus()
    assert "A household of 6 persons" in plain(page.plan.example.text())
    assert "3,100" in plain(page.plan.example.text())
    window.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.type("400")
    assert "3,400" in plain(page.plan.example.text())
    page.plan.example.form.answers["children"].put(0)
    assert "A household of 2 persons" in plain(page.plan.example.text())
    assert "1,800" in plain(page.plan.example.text())


def test_a_late_entry_is_warned_of_its_few_months_of_rights(opens: Opens) -> None:
    page = planned(opens())
    put(
        page,
        code="AN",
        name="Annual",
        first_day=date(2024, 1, 1),
        amount=4200,
        periodicity=Periodicity.ANNUAL,
        cycle=Cycle.FIXED,
        waiting_months=3,
        entry_fee=0,
    )
    for name, value in (("adults", 2), ("children", 3), ("joins_on", date(2024, 5, 20))):
        page.plan.example.form.answers[name].put(value)
    told = plain(page.plan.example.text())
    assert "pays 12,250" in told
    assert "It pays for 7 months and has rights in 4 of them." in told


def test_a_new_version_copies_the_last_and_keeps_it(opens: Opens) -> None:
    window = opens(with_a_plan)
    before = versions(window)
    page = planned(window)
    assert "copy of" in plain(page.plan.now.text())
    put(page, amount=400, windows=(Window((1, 1), (3, 31)),), prepay_discount=500)
    page.plan.form.answers["grace_days"].put(10)
    page.plan.button.setFocus()
    window.key(Qt.Key.Key_Return)
    after = versions(window)
    assert after[:-1] == before
    new = after[-1]
    assert (new.amount, new.grace_days, new.prepay_discount) == (400, 10, 500)
    assert new.windows == (Window((1, 1), (3, 31)),)
    assert new.first_day == date(2024, 2, 1)
    assert new.waiting_months == before[-1].waiting_months
    assert page.plan.model.rowCount() == 2


def test_nothing_typed_and_nought_are_two_things(opens: Opens) -> None:
    window = opens(with_a_plan)
    page = planned(window)
    put(page, due_day=None, adult_age=18, amount_adult=500, amount_child=0)
    page.plan.send()
    window.wait()
    new = versions(window)[-1]
    assert (new.due_day, new.amount_adult, new.amount_child) == (None, 500, 0)
    put(page, entry_fee=None)
    page.plan.send()
    window.wait()
    assert page.plan.form.error("entry_fee") == "This is needed: fill it in."
    assert len(versions(window)) == 2


def test_what_cannot_be_meant_is_said_beside_its_field_and_opens_the_others(
    opens: Opens,
) -> None:
    window = opens(with_a_plan)
    page = planned(window)
    put(page, renewal_discount=20_000)
    assert not page.plan.form.answers["renewal_discount"].isVisible()
    page.plan.send()
    window.wait()
    assert page.plan.form.error("renewal_discount") == "Type a share from 0 to 100 percent."
    assert page.plan.form.answers["renewal_discount"].isVisible()
    assert len(versions(window)) == 1
    # The example says what keeps it from being reckoned.
    assert plain(page.plan.example.text()) == "Type a share from 0 to 100 percent."


def test_a_second_plan_is_added_beside_the_first(opens: Opens) -> None:
    window = opens(with_a_plan)
    page = planned(window)
    page.plan.another.click()
    put(
        page, code="SAISON", name="Harvest", first_day=date(2024, 2, 1), amount=4200,
        periodicity=Periodicity.SEASONAL, cycle=Cycle.FIXED, cycle_start=(12, 1),
        season=(SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)), due_day=5,
    )  # fmt: skip
    page.plan.send()
    window.wait()
    held = {told[0].code: told[-1] for told in window.desk.ask(plans).values()}
    assert held["SAISON"].season == (SeasonDue(12, 15, 60), SeasonDue(2, 15, 40))
    assert len(held) == 2


# What is typed


LINES: tuple[tuple[Callable[[], PlanLine], str, object], ...] = (
    (lambda: bands_line(0), "1: 400; 2: 1 200 ;5:2000", (Band(1, 400), Band(2, 1200), Band(5, 2000))),
    (lambda: bands_line(2), "1: 4,50", (Band(1, 450),)),
    (lambda: categories_line(0), "IND: 0; ETU: 200", (("IND", 0), ("ETU", 200))),
    (season_line, "15/12: 60; 15/2: 40 %", (SeasonDue(12, 15, 60), SeasonDue(2, 15, 40))),
    (windows_line, "1/1..31/3; 1/11 - 30/11", (Window((1, 1), (3, 31)), Window((11, 1), (11, 30)))),
    (days_line, "1/1; 1/7", ((1, 1), (7, 1))),
    (share_line, "2,5", 250),
)  # fmt: skip


@pytest.mark.parametrize(("made", "typed", "value"), LINES)
def test_lists_are_typed_in_one_line_and_written_as_they_are_read(
    qtbot: QtBot, made: Callable[[], PlanLine], typed: str, value: object
) -> None:
    line = made()
    qtbot.addWidget(line)
    line.field.setText(typed)
    assert line.value() == value
    line.put(value)
    assert line.value() == value
    line.field.setText("what?")
    with pytest.raises(Refusal):
        line.value()
    line.put(None)
    assert line.value() in (None, ())


# Groups' sums


def test_a_groups_sum_is_foreseen_taken_and_taken_back(opens: Opens) -> None:
    window = opens(with_a_group)
    page = window.go(SchemePage, "scheme", part="money")
    answers = page.money.group.form.answers
    answers["amount"].put(2 * (1000 + 700))
    window.qtbot.waitUntil(lambda: page.money.group.model.rowCount() == 3)
    window.wait()
    assert "It pays for 2 of 3 households" in plain(page.money.group.told.text())
    page.money.group.send()
    window.wait()
    assert "left over" in plain(page.money.group.form.error("rest"))
    answers["rest"].put(Rest.GIVE_BACK)
    page.money.group.send()
    window.wait()
    # 1,000 for the fee and 350 for each person: of two and of one.
    (one,) = window.desk.ask(group_money)
    assert one.amount == 1700 + 1350
    page.money.sums.table.go_to(0)
    page.money.sums.send()
    assert page.money.sums.form.error("reason") == "This is needed: fill it in."
    page.money.sums.form.answers["reason"].put("counted twice")
    page.money.sums.send()
    window.wait()
    assert sum(told.amount for told in window.desk.ask(group_money)) == 0


def test_a_statement_before_its_day_is_refused_beside_the_agreement(opens: Opens) -> None:
    from tests.payers.test_money import agreed

    def promised(desk: Desk) -> None:
        with_a_plan(desk)
        agreed(desk)

    window = opens(promised)
    page = window.go(SchemePage, "scheme", part="money")
    page.money.statements.issue.click()
    window.wait()
    assert page.money.statements.form.error("agreement")
    assert window.desk.ask(statements_of, window.desk.today) == ()


# Words and room


@pytest.mark.parametrize("part", ["plan", "money"])
def test_every_word_went_through_the_translators(opens: Opens, part: str) -> None:
    window = opens(with_a_group, speaker=BracketSpeaker("en"))
    page = window.go(SchemePage, "scheme", part=part)
    page.plan.form.open_more()
    assert unbracketed(page) == []


# Rows of sizes and of days, and what is half typed


def on_sizes(room: Room) -> SchemePage:
    page = room.go(SchemePage, "scheme", part="plan")
    page.plan.form.answers["basis"].put(Basis.BY_SIZE_BAND)
    page.plan.form._changed()
    page.plan.form.answers["bands"].setFocus()
    return page


def rows_of(page: SchemePage, name: str = "bands") -> PlanRows:
    found = page.plan.form.answers[name]
    assert isinstance(found, PlanRows)
    return found


def test_enter_adds_a_row_and_delete_in_an_empty_field_takes_it_away(opens: Opens) -> None:
    room = opens()
    page = on_sizes(room)
    rows = rows_of(page)
    room.type("1\n400\n2\n1 200\n5\n2000")
    assert rows.value() == (Band(1, 400), Band(2, 1200), Band(5, 2000))
    # No row is squeezed or lies over another.
    room.qtbot.waitUntil(lambda: all(one.height() >= tokens.FIELD for one in rows.rows))
    # Up to the amount for two persons; both fields are emptied, then the row goes.
    room.key(Qt.Key.Key_Up)
    for cell in reversed(rows.rows[1].cells):
        cell.setFocus(Qt.FocusReason.OtherFocusReason)
        room.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        room.key(Qt.Key.Key_Delete)
    room.key(Qt.Key.Key_Delete)
    assert rows.value() == (Band(1, 400), Band(5, 2000))
    assert rows.rows[1].cells[0].hasFocus()
    # Enter in an empty row goes on to the next question.
    rows.rows[1].cells[1].setFocus()
    room.type("\n\n")
    assert page.plan.form.answers["entry_fee"].focusProxy() is QApplication.focusWidget()


def test_what_is_wrong_stands_beside_its_row(opens: Opens) -> None:
    room = opens()
    page = on_sizes(room)
    rows = rows_of(page)
    room.type("1\n400\n2\nmuch\n")
    assert page.plan.form.version() is None
    told = [row.error.text() if row.error.isVisible() else "" for row in rows.rows]
    assert told == ["", "Correct this row", ""]
    wrong = "Type each size with its amount: 1: 400; 2: 1 200; 5: 2 000."
    assert plain(page.plan.form.error("bands")) == wrong
    rows.rows[1].cells[1].setFocus(Qt.FocusReason.TabFocusReason)
    room.type("1200")
    assert not any(row.error.isVisible() for row in rows.rows)
    assert rows.value() == (Band(1, 400), Band(2, 1200))


def test_a_list_written_in_one_line_becomes_rows(opens: Opens) -> None:
    room = opens()
    page = on_sizes(room)
    rows = rows_of(page)
    rows.rows[0].cells[0].setText("1: 400; 2: 1 200; 5: 2 000")
    room.type("\n")
    assert [[plain(cell.text()) for cell in one.cells] for one in rows.rows] == [
        ["1", "400"],
        ["2", "1 200"],
        ["5", "2 000"],
    ]
    season = rows_of(page, "season")
    season.put((SeasonDue(12, 15, 60), SeasonDue(2, 15, 40)))
    assert season.draft() == [("15/12", "60"), ("15/2", "40")]
    assert season.value() == (SeasonDue(12, 15, 60), SeasonDue(2, 15, 40))


def test_arrow_keys_do_not_copy_a_version_over_a_half_typed_one(opens: Opens) -> None:
    room = opens(two_plans)
    page = room.go(SchemePage, "scheme", part="plan")
    name = page.plan.form.answers["name"]
    page.plan.another.click()
    name.setFocus()
    room.type("Half")
    assert page.plan.form.touched
    page.plan.table.setFocus()
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_Down)
    assert name.draft() == "Half"
    assert page.plan.now.text().startswith("What you typed below is kept.")
    # Coming back to the page keeps it too; Enter on the row takes the copy.
    room.go(SchemePage, "scheme", part="plan")
    assert name.draft() == "Half"
    page.plan.table.go_to(1)
    page.plan.table.setFocus()
    room.type("\n")
    assert name.draft() == "Base"  # what the builder calls every plan
    assert page.plan.now.text().startswith("Below is a copy of Base")


def two_plans(desk: Desk) -> None:
    a_plan(desk)
    a_plan(desk, plan_code="P2")


@pytest.mark.parametrize("part", ["plan", "money"])
@pytest.mark.parametrize("zoom", [100, 125, 150])
def test_it_is_not_wider_than_its_place(
    opens: Opens, qapp: QApplication, zoom: int, part: str
) -> None:
    window = opens(with_a_group, language="fr")
    theme.apply(qapp, Theme(zoom=zoom))
    page = window.go(SchemePage, "scheme", part=part)
    page.plan.form.open_more()
    place = page.parentWidget()
    assert place is not None
    window.qtbot.waitUntil(lambda: page.width() <= place.width(), timeout=3000)


def test_the_example_stands_at_the_other_side_where_one_reads_from_the_right(
    opens: Opens,
) -> None:
    with from_the_right() as speaker:
        page = planned(opens(with_a_plan, speaker=speaker))
        left = page.plan.example.mapTo(page, page.plan.example.rect().topLeft()).x()
        assert left < page.plan.card.mapTo(page, page.plan.card.rect().topLeft()).x()
