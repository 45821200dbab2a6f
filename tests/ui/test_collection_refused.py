"""What is typed wrongly on the collection page: a sentence at its place, and nothing written."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from stepdesk.contributions.service import receive_booklets
from stepdesk.contributions.terms import Stationery
from stepdesk.members.queries import household_of_number
from stepdesk.members.service import resign
from stepdesk.reports.service import close_month
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.builders import a_payment
from tests.ui.test_collection import Opens, Screen, opens  # noqa: F401 - a fixture
from tests.ui.window import plain

FIRST = date(2024, 3, 1)


def gone(desk: Desk, clock: SetClock) -> None:
    """Household 45 paid in January and resigned from 1 March on."""
    household = desk.ask(household_of_number, "45")
    assert household is not None
    a_payment(desk, household, 1700)
    clock.set(date(2024, 3, 10))
    late = frozenset({"backdated"})
    desk.do(resign, household_id=household, letter_on=FIRST, on=FIRST, accepting=late)


def january_closed(desk: Desk, clock: SetClock) -> None:
    desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147)
    clock.set(date(2024, 2, 12))
    with desk.work("close_month") as work:
        close_month(work, month=Month(2024, 1), accepting=frozenset({"not_counted"}))


def open_paper(screen: Screen, day: str) -> None:
    """Open a session whose receipts come from paper of a day."""
    form = screen.page.open_form
    form.place.setText("Market")
    form.way.choose(True)  # noqa: FBT003 - one of the values there are
    form.day.setText(day)
    form.float_field.setFocus()
    screen.keys("\n")


@pytest.mark.parametrize(
    ("language", "why", "ended"),
    [
        ("en", "The household has resigned.", "The membership ended on 1 March 2024"),
        ("fr", "Le ménage a démissionné.", "L’adhésion a pris fin le 1er mars 2024"),
    ],
)
def test_a_household_that_left_is_told_before_and_doubted_once(
    opens: Opens,  # noqa: F811
    language: str,
    why: str,
    ended: str,
) -> None:
    screen = opens(language=language, prepared=gone)
    screen.open()
    screen.keys("45\n")
    assert screen.view.household.notice.words().startswith(why)
    acts = screen.desk.acts
    screen.keys("1700\n")
    assert plain(screen.view.doubt.words()).startswith(ended)
    assert screen.view.amount.hasFocus()
    assert screen.desk.acts == acts


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No more may be paid ahead than through 31 January 2025. Give 10,600 F CFA back"),
        ("fr", "On ne peut pas payer d’avance au-delà du 31 janvier 2025. Rendez 10 600 F CFA"),
    ],
)
def test_more_than_twelve_months_ahead_is_doubted_beside_the_amount(
    opens: Opens,  # noqa: F811
    language: str,
    told: str,
) -> None:
    # 1 000 of entry and twelve months at 700 make 9 400; of 20 000 that leaves 10 600.
    screen = opens(language=language)
    screen.open()
    acts = screen.desk.acts
    screen.keys("45\n20000\n")
    assert told in plain(screen.view.doubt.words())
    assert screen.view.amount.hasFocus()
    assert screen.desk.acts == acts


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_amount_with_decimals_is_read_however_it_is_typed(
    opens: Opens,  # noqa: F811
    language: str,
) -> None:
    screen = opens("ZZ", language=language)
    screen.open()
    screen.keys("45\n")
    for typed, minor in (
        ("12,50", 1250),
        ("12.50", 1250),
        ("12,5", 1250),
        ("1,250.00", 125_000),
        ("1.250,00", 125_000),
        ("1 250", 125_000),
        ("1 250,00", 125_000),
    ):
        screen.view.amount.selectAll()
        screen.keys(typed)
        assert screen.view.amount.value() == minor, typed


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [
        ("en", "12,505", "This can be read in two ways. Type 12505, or 12,50"),
        ("fr", "12,505", "Ce nombre peut se lire de deux façons. Tapez 12505, ou 12,50"),
        ("en", "12,5,0", "This is not a number."),
        ("en", "0", "Enter an amount above zero."),
        ("fr", "0", "Tapez un montant supérieur à zéro."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_beside_it(
    opens: Opens,  # noqa: F811
    language: str,
    typed: str,
    told: str,
) -> None:
    screen = opens("ZZ", language=language)
    screen.open()
    acts = screen.desk.acts
    screen.keys(f"45\n{typed}\n")
    assert plain(screen.view.form.error("amount")).startswith(told)
    assert screen.view.amount.hasFocus()
    assert screen.desk.acts == acts


@pytest.mark.parametrize(
    ("language", "told"), [("en", "January 2024 is closed."), ("fr", "janvier 2024 est clos.")]
)
def test_paper_of_a_closed_month_is_doubted_and_the_cursor_is_where_the_doubt_is(
    opens: Opens,  # noqa: F811
    language: str,
    told: str,
) -> None:
    screen = opens(language=language, prepared=january_closed)
    open_paper(screen, "20/1")
    screen.keys("45\n")
    screen.view.leaf.setFocus()
    acts = screen.desk.acts
    screen.keys("0147-1\n")
    # The month is closed and nobody had been given the booklet: of the amount nothing is doubted.
    assert screen.view.doubt.words().startswith(told)
    assert screen.view.leaf.hasFocus()
    assert screen.desk.acts == acts
    screen.keys("\n")
    assert [f"{one.paid_on:%d/%m}" for one in screen.of("45")] == ["20/01"]


def test_a_leaf_used_twice_or_of_no_booklet_is_refused_beside_it(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=january_closed)
    open_paper(screen, "12/2")
    screen.keys("45\n")
    screen.view.leaf.setFocus()
    screen.keys("0147-1\n\n46\n")
    assert len(screen.of("45")) == 1
    acts = screen.desk.acts
    screen.view.leaf.setFocus()
    for leaf, told in (
        ("0147-1", "Leaf 0147-01 was typed in before, as receipt R-2024-A-000001."),
        ("0147-51", "Booklet 0147 has the leaves 1 to 50."),
        ("0148-1", "Type the leaf as it is printed"),
    ):
        screen.view.leaf.selectAll()
        screen.keys(f"{leaf}\n")
        assert screen.view.form.error("leaf").startswith(told)
        assert screen.view.leaf.hasFocus()
        # What was doubted before has nothing to say beside a refusal.
        assert screen.view.doubt.words() == ""
    assert screen.desk.acts == acts


@pytest.mark.parametrize(
    ("day", "told"), [("31/2", "This is not a day"), ("1/5", "1 May 2024 is still ahead")]
)
def test_a_day_of_paper_that_cannot_be_is_refused_beside_it(
    opens: Opens,  # noqa: F811
    day: str,
    told: str,
) -> None:
    screen = opens(prepared=january_closed)
    acts = screen.desk.acts
    open_paper(screen, day)
    assert screen.part() == 1
    assert plain(screen.page.open_form.form.error("day")).startswith(told)
    assert screen.desk.acts == acts


def test_who_owes_nothing_is_not_paid_for_among_several(opens: Opens) -> None:  # noqa: F811
    screen = opens(prepared=gone)
    screen.open()
    screen.key(Qt.Key.Key_F6)
    screen.keys("45\n")
    assert screen.view.several.forms["household"].error("household") == (
        "This household owes nothing today. Take another one, or let it pay alone, ahead."
    )


def test_the_keys_of_several_may_be_faster_than_the_desk(opens: Opens) -> None:  # noqa: F811
    screen = opens()
    screen.open()
    screen.key(Qt.Key.Key_F6)
    screen.type("45\n46\n47\n\n")
    screen.wait()
    screen.wait()
    paid = [one.household_number[3:9] for one in reversed(screen.receipts())]
    assert paid == ["000045", "000046", "000047"]
