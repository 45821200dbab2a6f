"""What a discount of the fees looks like at the counter, and before a household is registered.

Once a year 1,000 for a household, 5,000 at the first time and 600 for the assembly; half for who
comes a month before the year begins.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stepdesk.contributions.queries import allotment_of, plans
from stepdesk.contributions.terms import Allotment
from stepdesk.i18n import speak
from stepdesk.store.desk import Desk
from stepdesk.ui.contributions.household_card import covers, due_told, look
from stepdesk.ui.members.facts import preview
from stepdesk.values.ids import HouseholdId
from tests.builders import a_household, a_plan, open_copy, persons, wednesday
from tests.contributions.test_fees_discount_book import TERMS


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=wednesday()) as opened:
        yield opened


@pytest.fixture
def home(desk: Desk) -> HouseholdId:
    return a_household(desk, 2, plan_id=a_plan(desk, **TERMS, assembly_fee=600)).household_id


def plain(words: str) -> str:
    return words.replace("\xa0", " ").replace("\u202f", " ")


def test_what_is_due_says_what_is_taken_off_already(desk: Desk, home: HouseholdId) -> None:
    assert plain(speak(due_told(look(desk, home)), "en")) == (
        "Due today 3,300 F CFA: entry fee 2,500 F CFA + assembly fee 300 F CFA"
        " + January 2025 to December 2025,"
        " discount of 3,300 F CFA already taken off, 2,800 F CFA of it on fees"
    )


def test_what_an_amount_does_says_it_only_when_it_is_enough(desk: Desk, home: HouseholdId) -> None:
    def told(amount: int) -> str:
        allotment: Allotment = desk.ask(allotment_of, home, desk.today, amount)
        return plain(speak(covers(allotment, desk.currency), "en"))

    assert told(3300).endswith(
        " · discount of 3,300 F CFA already taken off, 2,800 F CFA of it on fees"
        " · nothing left over"
    )
    assert told(3295) == "entry fee 3,295 F CFA · covers no month yet · nothing left over"


@pytest.mark.usefixtures("home")
def test_who_is_about_to_join_is_told_its_lowered_fee(desk: Desk) -> None:
    (versions,) = desk.ask(plans).values()
    told = preview(desk, versions, persons(2))
    assert (told.entry_fee.minor, told.first.minor) == (2500, 800)
