"""How the scheme went, reckoned by hand in a small book, and what the charts say of it."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.contributions.service import issue_statement
from stepdesk.contributions.terms import EffectRule
from stepdesk.i18n import Text, speak
from stepdesk.members.service import resign
from stepdesk.reports.papers.todo import todo_pdf
from stepdesk.reports.papers.trends import charts, trends_pdf
from stepdesk.reports.queries.trends import spent, trends, trends_some
from stepdesk.reports.rules import first_unbalanced, last_run
from stepdesk.reports.service import reopen_month
from stepdesk.reports.terms import MonthTrend, Spent
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, a_plan, a_section, open_copy, wednesday
from tests.payers.test_money import agreed, pays
from tests.payers.test_service import covered
from tests.reports.care import Care
from tests.reports.test_closing import close

JAN, FEB, MAR = Month(2024, 1), Month(2024, 2), Month(2024, 3)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A plan of 350 a person without entry fee and waiting, from the month's first day."""
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        yield opened


def as_before_schema_7(desk: Desk) -> None:
    """Take out of all closings how their months went, and what was known of them."""
    desk.note_locally("DROP TRIGGER closing_is_not_changed", ())
    desk.note_locally(
        "UPDATE closing SET covered = NULL, due_amount = NULL, due_paid = NULL, payers_paid = NULL",
        (),
    )
    import_module("stepdesk.reports.queries.trends")._kept.clear()


def two_months(desk: Desk, clock: SetClock) -> None:
    """Two persons paid January and February, one January alone; care of 420, 300 paid of it."""
    both = a_household(desk, 2)
    a_payment(desk, both, 1400)
    a_payment(desk, a_household(desk, 1), 350)
    clock.set(date(2024, 2, 10))
    close(desk, JAN)
    care = Care(desk)
    claim = care.claim(both, 0, date(2024, 2, 5), {"DRUG": 420})
    care.pay(claim, amount=300)
    clock.set(date(2024, 3, 1))
    close(desk, FEB)


def test_two_closed_months_are_told_as_reckoned_by_hand(desk: Desk, clock: SetClock) -> None:
    two_months(desk, clock)
    january, february = trends(desk)
    # Held: 1,750 received, and 300 paid out in February. On average a month paid out 150.
    assert january == MonthTrend(JAN, 3, 1050, 1050, 1050, 0, 1750, 0)
    # In February 700 of 1,050 were paid; who did not pay is within its grace until its end.
    assert february == MonthTrend(FEB, 3, 1050, 700, 1050, 420, 1450, 150)
    assert (january.collection, january.cost, january.runway) == (1000, 0, None)
    assert (february.collection, february.cost, february.runway) == (667, 400, 97)


def test_months_closed_before_it_was_kept_are_reckoned_and_the_same(
    desk: Desk, clock: SetClock
) -> None:
    two_months(desk, clock)
    told = trends(desk)
    as_before_schema_7(desk)
    assert trends(desk) == told


def test_what_is_told_late_changes_no_closed_month(desk: Desk, clock: SetClock) -> None:
    """Who had paid January alone brings February's 350, dated in February, after that closed."""
    two_months(desk, clock)
    with desk.read() as connection:
        late = connection.exec_driver_sql(
            "SELECT household_id FROM payment WHERE amount = 350"
        ).scalar_one()
    a_payment(desk, HouseholdId(late), 350, paid_on=date(2024, 2, 28), accepting={"closed_month"})
    assert [one.paid for one in trends(desk)] == [1050, 700]


def went(desk: Desk) -> list[tuple[int, int, int]]:
    """Of each closed month: persons covered, called, paid."""
    return [(one.covered, one.due, one.paid) for one in trends(desk)]


def test_a_month_closed_again_went_as_it_stood_the_second_time(
    desk: Desk, clock: SetClock
) -> None:
    """A third household had paid on the 31st, whose paper was found: 350 for one person more."""
    third = a_household(desk, 1)
    a_payment(desk, a_household(desk, 2), 700)
    a_payment(desk, a_household(desk, 1), 350)
    clock.set(date(2024, 2, 2))
    close(desk, JAN)
    assert went(desk) == [(3, 1050, 1050)]
    desk.do(reopen_month, month=JAN, reason="a paper was found")
    assert went(desk) == []
    a_payment(desk, third, 350, paid_on=date(2024, 1, 31))
    close(desk, JAN)
    assert went(desk) == [(4, 1400, 1400)]


def test_a_first_month_without_anybody_went_with_nothing(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 2, 2))
    close(desk, JAN)
    assert went(desk) == [(0, 0, 0)]


def test_who_left_the_scheme_is_covered_no_more_but_had_paid(desk: Desk, clock: SetClock) -> None:
    """Two persons paid January's 700 and left on the 20th."""
    gone = a_household(desk, 2)
    a_payment(desk, gone, 700)
    a_payment(desk, a_household(desk, 1), 350)
    clock.set(date(2024, 1, 20))
    desk.do(resign, household_id=gone.household_id, letter_on=desk.today, on=desk.today)
    clock.set(date(2024, 2, 2))
    close(desk, JAN)
    assert went(desk) == [(1, 1050, 1050)]


def test_spent_of_each_100_is_care_over_what_was_earned(desk: Desk, clock: SetClock) -> None:
    assert desk.ask(spent) == Spent((), 0, 0)
    two_months(desk, clock)
    told = desk.ask(spent)
    assert told == Spent((JAN, FEB), 2100, 420)
    assert told.of_each_100 == 200


def test_an_open_month_is_not_told(desk: Desk, clock: SetClock) -> None:
    a_payment(desk, a_household(desk, 2), 700)
    assert trends(desk) == ()
    clock.set(date(2024, 2, 1))
    close(desk, JAN)
    assert [one.month for one in trends(desk)] == [JAN]


def test_sections_are_reckoned_part_by_part(
    desk: Desk, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    koula, ndiob = a_section(desk), a_section(desk, "Ndiob")
    a_payment(desk, a_household(desk, 2, section_id=koula), 700)
    a_payment(desk, a_household(desk, 3, section_id=ndiob), 1050)
    clock.set(date(2024, 2, 1))
    close(desk, JAN)
    as_before_schema_7(desk)
    monkeypatch.setattr(import_module("stepdesk.reports.queries.trends"), "_SOME", 1)
    assert [trends_some(desk), trends_some(desk)] == [False, True]
    assert [one.covered for one in trends(desk)] == [5]


def test_a_month_that_does_not_balance_is_named() -> None:
    sums = {JAN: {"cash_main": 5, "contribution": -5}, FEB: {"cash_main": 5, "contribution": -4}}
    assert first_unbalanced(sums) == FEB
    assert first_unbalanced({JAN: sums[JAN]}) is None
    assert Spent((JAN, FEB), 100, 50, FEB).of_each_100 is None


def test_a_movement_lasts_as_long_as_it_goes_one_way() -> None:
    assert last_run([80, 91, 88, 85, 83]) == (1, 4)
    assert last_run([91, 83, 83]) == (1, 2)
    assert last_run([70, None, 75]) == (0, 2)
    assert last_run([70, None]) is None
    assert last_run([]) is None


# The charts


def months(*collected: int) -> list[MonthTrend]:
    return [
        MonthTrend(Month(2024, at + 1), 100, 1000, 10 * one, 1000, 630, 5200, 1000)
        for at, one in enumerate(collected)
    ]


def said(text: Text) -> str:
    return speak(text, "en").replace("\xa0", " ")


def test_each_chart_says_in_a_sentence_what_it_shows() -> None:
    told = {one.id: said(one.sentence) for one in charts(months(88, 91, 87, 83), "en")}
    assert told == {
        "members": "People with rights are 100, the same since January 2024.",
        "collection": "Collection fell from 91 % to 83 % since February 2024.",
        "cost": "Care took 63 of each 100, the same since January 2024.",
        "runway": "The money lasts 5.2 months, the same since January 2024.",
    }


def test_one_closed_month_is_too_few_for_a_sentence() -> None:
    told = [said(one.sentence) for one in charts(months(88), "en")]
    assert told == ["Needs two closed months; there is one."] * 4


def test_a_month_of_which_nothing_was_called_is_a_hole() -> None:
    hole = MonthTrend(Month(2024, 3), 100, 0, 0, 0, 0, 5200, 0)
    told = {one.id: one for one in charts([*months(88, 91), hole], "en")}
    assert told["collection"].chart.values == (880, 910, None)
    assert told["collection"].cells[-1] == told["cost"].cells[-1] == told["runway"].cells[-1] == ""


def words_of(pdf: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    told = " ".join(page.get_textpage().get_text_range() for page in document)
    return len(document), " ".join(told.split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_charts_fit_one_page_with_their_table(language: str) -> None:
    full = [*months(*range(80, 92)), MonthTrend(Month(2025, 1), 9, 10, 5, 10, 20, -30, 10)]
    pdf = trends_pdf(full, language, scheme="Koula", practice=False, printed_on=date(2025, 2, 1))
    pages, words = words_of(pdf)
    assert pages == 1
    assert "50" in words
    assert "200" in words


def test_the_list_of_the_week_is_half_a_sheet_with_every_line() -> None:
    lines = [Text("Line {count}", {"count": at}) for at in range(5)]
    pdf = todo_pdf(lines, "en", scheme="Koula", practice=True, printed_on=date(2024, 5, 6))
    pages, words = words_of(pdf)
    assert pages == 1
    assert all(f"Line {at}" in words for at in range(5))
    assert "6 May 2024" in words
    many = [Text("Line {count}", {"count": at}) for at in range(30)]
    pages, words = words_of(
        todo_pdf(many, "en", scheme="Koula", practice=True, printed_on=date(2024, 5, 6))
    )
    assert pages == 2
    assert "Page 2 of 2" in words
    assert "Line 29" in words


def test_a_payers_money_told_late_moves_no_closed_month(desk: Desk, clock: SetClock) -> None:
    """A commune pays half for two persons: 350 of January, 175 of February in time.

    The other 175 are dated in February, and written down after its closing.
    """
    agreement = agreed(desk, share=50, on_commitment=False, invoice_months=1)
    home = a_household(desk, 2).household_id
    covered(desk, agreement, home)
    a_payment(desk, home, 700)
    for day, amount in ((desk.today, 350), (date(2024, 2, 5), 175)):
        clock.set(day)
        statement = desk.do(issue_statement, agreement_id=agreement)
        pays(desk, agreement, amount, statement_id=statement)
    close(desk, JAN)
    clock.set(date(2024, 3, 1))
    close(desk, FEB)
    told = [(one.due, one.paid) for one in trends(desk)]
    assert told == [(700, 700), (700, 525)]
    late = frozenset({"closed_month"})
    pays(desk, agreement, 175, paid_on=date(2024, 2, 28), accepting=late)
    assert [(one.due, one.paid) for one in trends(desk)] == told
    as_before_schema_7(desk)
    assert [(one.due, one.paid) for one in trends(desk)] == [(700, 700), (700, 700)]
