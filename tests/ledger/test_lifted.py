"""A book of before boxes and vouchers: its lists agree, and its closed months are summed later."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.countries import country
from stepdesk.ledger.queries import (
    closed_months,
    summed_until,
    trial_balance,
    wrong_sums,
)
from stepdesk.migrations import migrate
from stepdesk.reports.queries import disagreements
from stepdesk.reports.service import close_month, reopen_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, unlock
from stepdesk.values.month import Month
from tests.builders import FIRST, wednesday
from tests.ledger.kit import a_gift, by_two

BOOKS = Path(__file__).resolve().parent.parent / "books"
SENEGAL = country("SN")


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def lifted(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """The book of schema 3, lifted, Awa in front and Bintou at hand."""
    with zipfile.ZipFile(BOOKS / "book-3.zip") as packed:
        packed.extractall(tmp_path / "book")
    with unlock(
        tmp_path / "book", password=FIRST, name="Awa", clock=clock, migrate=migrate
    ) as desk:
        yield desk


def test_a_lifted_book_agrees_and_its_months_are_summed_at_the_next_closing(
    lifted: Desk, clock: SetClock
) -> None:
    assert lifted.ask(disagreements) == ()
    assert lifted.ask(closed_months) == (Month(2024, 1), Month(2024, 2))
    assert lifted.ask(summed_until) == ""
    before = lifted.ask(trial_balance, SENEGAL, Month(2024, 2))
    assert before.debit == before.credit
    clock.set(date(2024, 4, 3))
    told: dict[str, Any] = {"month": Month(2024, 3)}
    by_two(lifted, close_month, accepting=frozenset({"not_counted"}), **told)
    by_two(lifted, reopen_month, reason="a paper was found", **told)
    assert lifted.ask(summed_until) == "2024-02"
    assert lifted.ask(trial_balance, SENEGAL, Month(2024, 2)) == before
    a_gift(lifted, 500, day=date(2024, 3, 30))
    assert lifted.ask(wrong_sums) == ()
    assert lifted.ask(disagreements) == ()
    assert verify_desk(lifted).clean
