from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stepdesk.contributions.queries import (
    each_facts,
    next_due_on,
    receipts_of,
    session_of,
    without_rule,
)
from stepdesk.contributions.service import add_plan, open_session, pay_for_several
from stepdesk.contributions.terms import Receipt, Share
from stepdesk.errors import Caution, Refusal
from stepdesk.members.terms import Registered
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Money
from tests.builders import a_household, a_payment, a_plan, a_request, open_copy


def share(desk: Desk, home: Registered, amount: int) -> Share:
    return Share(home.household_id, str(home.number), Money(amount, desk.currency), a_request())


def amounts(desk: Desk, home: Registered) -> list[int]:
    told: tuple[Receipt, ...] = desk.ask(receipts_of, home.household_id, desk.currency)
    return [one.amount.minor for one in told]


def test_one_person_pays_for_two_households_once(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk)
        homes = a_household(desk, 2), a_household(desk, 3)
        session = desk.do(open_session, place="Market")
        shares = [share(desk, homes[0], 1700), share(desk, homes[1], 2050)]
        first = desk.do(pay_for_several, shares=shares, session_id=session)
        again = desk.do(pay_for_several, shares=shares, session_id=session)
        assert [one.amount.minor for one in first] == [1700, 2050]
        assert again == first
        told = desk.ask(session_of, session, desk.currency)
        assert told is not None
        assert (told.receipts, told.total.minor) == (2, 3750)


def test_what_is_doubted_of_one_keeps_all_back(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk)
        homes = a_household(desk, 2), a_household(desk, 3)
        a_payment(desk, homes[1], 2050)
        shares = [share(desk, homes[0], 1700), share(desk, homes[1], 1050)]
        with pytest.raises(Caution) as doubted:
            desk.do(pay_for_several, shares=shares)
        number = str(homes[1].number)
        assert [one.name for one in doubted.value.doubts] == [f"same_day:{number}"]
        assert doubted.value.doubts[0].text.values["number"] == number
        assert amounts(desk, homes[0]) == []
        desk.do(pay_for_several, shares=shares, accepting=frozenset({f"same_day:{number}"}))
        assert amounts(desk, homes[1]) == [1050, 2050]


def test_a_household_twice_or_nobody_is_refused(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk)
        home = a_household(desk, 2)
        for shares in ([], [share(desk, home, 500), share(desk, home, 500)]):
            with pytest.raises(Refusal) as refused:
                desk.do(pay_for_several, shares=shares)
            assert refused.value.field == "household"
        with pytest.raises(Refusal) as refused:
            desk.do(pay_for_several, shares=[share(desk, home, 3)])
        assert refused.value.field == "amount"
        assert amounts(desk, home) == []


def test_a_plan_without_a_version_is_told_apart(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk)
        home = a_household(desk, 2)
        other = a_household(desk, 2, plan_id=desk.do(add_plan, code="P9"))
        assert desk.ask(without_rule) == {other.household_id: "P9"}
        listed = desk.ask(lambda connection: [one for one, _ in each_facts(connection)])
        assert listed == [home.household_id]
        with pytest.raises(Refusal) as refused:
            a_payment(desk, other, 500)
        assert refused.value.field == "household"
        assert refused.value.text.values == {"plan": "P9"}


def test_nobody_pays_and_what_goes_wrong_by_itself_is_not_called_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk)
        home = a_household(desk, 2)
        with pytest.raises(Refusal) as refused:
            a_payment(desk, replace(home, household_id=HouseholdId(bytes(16))), 500)
        assert refused.value.text.message == "There is no such household. Check the number."
        a_payment(desk, home, 1700)
        monkeypatch.setattr("stepdesk.contributions.queries.facts._TARGETS", {})
        with pytest.raises(KeyError):
            a_payment(desk, home, 1700)


def test_the_next_due_date_is_that_of_the_next_period(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_plan(desk, due_day=5)
        a_payment(desk, a_household(desk, 2), 1700)
        # Paid in January for February; March is due on its fifth, as the plan says.
        assert desk.ask(next_due_on, date(2024, 1, 10)) == date(2024, 3, 5)
