"""What the writer remembers from work to work is what the book says, whatever happened between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection
from sqlcipher3 import dbapi2

from stepdesk.contributions.service import version_plan
from stepdesk.contributions.terms import PlanVersion
from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.ledger.service import set_money
from stepdesk.members.queries import statutes
from stepdesk.members.service import set_statutes
from stepdesk.members.terms import Statutes
from stepdesk.migrations import migrate
from stepdesk.reports.service import close_month, reopen_month
from stepdesk.scheme.queries import scheme_on
from stepdesk.scheme.service import add_section, name_scheme
from stepdesk.store import engine, tables
from stepdesk.store.backup import back_up, restore
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.memory import Memory, memory_of, remembered
from stepdesk.store.reading import fetch
from stepdesk.store.work import Work
from stepdesk.values.ids import PlanId, PlanVersionId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, again, live

DAY = date(2024, 1, 10)


@contextmanager
def memory(desk: Desk) -> Iterator[Memory]:
    """The writer's memory; looking at it changes nothing."""
    with desk.lane.transaction() as transaction:
        yield memory_of(transaction.connection)


def known(desk: Desk) -> int:
    """Return how much the next work finds remembered; every answer is what a reader reads now."""
    with desk.lane.transaction() as transaction, desk.read() as reader:
        held = memory_of(transaction.connection)
        held.begin(transaction.raw)
        for (read, *which), (_, told) in held.told.items():
            assert read(reader, *which) == told, read
        count = len(held.told)
        held.settle(transaction.raw)
    return count


def signed(desk: Desk, verb: Callable[..., object], **told: object) -> None:
    """Do a verb that two people sign."""
    with desk.work(verb.__name__) as work:
        work.second(desk.colleagues()[1].id, SECOND)
        verb(work, **told)


def names(connection: Connection) -> tuple[str, ...]:
    return tuple(row.name for row in fetch(connection, "SELECT name FROM scheme_version"))


def asked(work: Work) -> tuple[str, ...]:
    return remembered(work.connection, ("scheme_version",), names)


def test_a_second_contribution_finds_what_the_first_one_read(desk: Desk) -> None:
    home, other = a_household(desk), a_household(desk)
    a_payment(desk, home)
    # Its plan, the statutes, the last closed month, the money rules, whether anybody is nominated
    # or marked, the scheme's name and the key of receipts.
    assert known(desk) == 8
    a_payment(desk, other)
    assert known(desk) == 8


def test_what_is_remembered_names_every_table_it_reads(desk: Desk) -> None:
    a_payment(desk)
    listens(desk)


def listens(desk: Desk) -> None:
    """Ask everything that is remembered again; what a question names holds all it reads."""
    assert known(desk) > 0
    with memory(desk) as held:
        questions = {key: of for key, (of, _) in held.told.items()}
    for (read, *which), of in questions.items():
        heard: set[str] = set()

        def hear(*told: Any, heard: set[str] = heard) -> int:
            if told[0] == dbapi2.SQLITE_READ:
                heard.add(told[1])
            return int(dbapi2.SQLITE_OK)

        with desk.read() as reader:
            raw: Any = reader.connection.driver_connection
            raw.set_authorizer(hear)
            read(reader, *which)
            raw.set_authorizer(None)
        assert heard <= set(of), read


def test_two_months_of_a_mutual_never_leave_a_stale_answer(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    looked: list[int] = []
    desk.after_commit.append(lambda: looked.append(0))
    live(desk, clock)
    assert looked
    assert known(desk) > 0


def test_what_an_act_changes_is_read_anew_by_the_next_work(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk, money = two_people_desk, Money(100_000, two_people_desk.currency)
    home = a_household(desk)
    a_payment(desk, home)
    plan = PlanId(desk.ask(lambda c: fetch(c, "SELECT id FROM plan")[0].id))
    told = PlanVersion(PlanVersionId(b""), plan, "P1", "Base", date(2024, 2, 1), amount=700)
    clock.set(date(2024, 2, 7))
    before = known(desk)
    with desk.work("version_plan") as work:
        version_plan(work, version=told)
    assert known(desk) == before - 1
    with desk.work("set_statutes") as work:
        set_statutes(work, statutes=Statutes(date(2024, 2, 1), max_beneficiaries=9))
    assert known(desk) < before
    written: tuple[tuple[Callable[..., object], dict[str, object]], ...] = (
        (name_scheme, {"name": "Mutuelle de Dara", "language": "fr"}),
        (
            set_money,
            {
                "first_day": date(2024, 2, 1),
                "cash_limit": money,
                "double_sign_amount": money,
            },
        ),
    )
    for verb, given in written:
        a_payment(desk, home, 700)
        assert known(desk) == before
        signed(desk, verb, **given)
        assert known(desk) == before - 1
    months: tuple[tuple[Callable[..., object], dict[str, object]], ...] = (
        (close_month, {"accepting": frozenset({"not_counted"})}),
        (reopen_month, {"reason": "a receipt was found"}),
    )
    for verb, given in months:
        a_payment(desk, home, 700)
        signed(desk, verb, month=Month(2024, 1), **given)
        assert known(desk) < before
    assert verify_desk(desk).clean


def test_a_receipt_is_booked_by_the_closing_of_the_act_before(
    two_people_desk: Desk, clock: SetClock
) -> None:
    desk = two_people_desk
    home = a_household(desk)
    a_payment(desk, home, 3100)
    clock.set(date(2024, 2, 7))
    a_payment(desk, home, 2100, paid_on=DAY, accepting={"same_day"})
    signed(desk, close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    a_payment(desk, home, 2100, paid_on=DAY, accepting={"same_day", "closed_month"})
    days = desk.ask(lambda c: fetch(c, "SELECT day FROM entry WHERE journal = 'CO' ORDER BY id"))
    assert [row.day for row in days][-2:] == ["2024-01-10", "2024-02-07"]


def test_a_work_sees_what_it_wrote_itself_and_remembers_none_of_it(desk: Desk) -> None:
    with desk.work("twice") as work:
        first = asked(work)
        name_scheme(work, name="Mutuelle de Dara", language="fr")
        assert asked(work) == (*first, "Mutuelle de Dara")
        assert not work.memory.told
    with desk.work("after") as work:
        assert asked(work) == (*first, "Mutuelle de Dara")


@pytest.mark.parametrize("error", [Refusal(Text("No.")), RuntimeError("changed our mind")])
def test_what_a_work_that_was_given_up_read_is_forgotten(desk: Desk, error: Exception) -> None:
    with desk.work("before") as work:
        first = asked(work)

    def gives_up(work: Work) -> None:
        name_scheme(work, name="Mutuelle de Dara", language="fr")
        assert len(asked(work)) == len(first) + 1
        raise error

    with pytest.raises(type(error)):
        desk.do(gives_up)
    with desk.work("after") as work:
        assert not work.memory.told
        assert asked(work) == first


def test_rows_written_past_the_work_are_noticed(desk: Desk) -> None:
    with desk.work("before") as work:
        asked(work)
        name_scheme(work, name="Mutuelle de Dara", language="fr")
    with desk.work("read") as work:
        first = asked(work)
    with desk.lane.transaction() as transaction:
        transaction.raw.execute("DROP TRIGGER scheme_version_is_not_changed")
        transaction.raw.execute("UPDATE scheme_version SET name = 'by hand'")
        transaction.commit()
    with desk.work("after") as work:
        assert asked(work) == ("by hand",) * len(first)


def test_a_commit_of_another_connection_is_noticed(desk: Desk) -> None:
    with desk.work("before") as work:
        first = asked(work)
        add_section(work, name="Dara")
    raw = engine.connect(desk.path, desk.person.data_key)
    raw.execute("DROP TRIGGER scheme_version_is_not_changed")
    raw.execute("UPDATE scheme_version SET name = 'from elsewhere'")
    raw.close()
    with desk.work("after") as work:
        assert asked(work) == ("from elsewhere",) * len(first)


def test_a_note_in_the_access_log_keeps_what_is_remembered(desk: Desk) -> None:
    a_payment(desk)
    before = known(desk)
    desk.note_access("receipt 1", bytes(16), DAY, "printed")
    assert known(desk) == before > 0
    desk.note_locally("INSERT INTO backup (at,until_act,outside) VALUES (?,?,?)", (0, 0, 0))
    assert known(desk) == 0


def test_a_restored_and_a_migrated_book_begin_without_memory(desk: Desk, tmp_path: Path) -> None:
    a_payment(desk)
    copy = back_up(desk, tmp_path / "copy.sdk").path
    desk.do(name_scheme, name="Mutuelle de Dara", language="fr")
    a_payment(desk)
    restore(copy, tmp_path / "other", password="four words are good", migrate=migrate)
    with again(tmp_path / "other") as other:
        assert known(other) == 0
        a_payment(other)
        assert known(other) == 8
        assert other.ask(scheme_on, DAY).name == "Mutuelle de Koula"


def test_a_reader_asks_the_book(desk: Desk) -> None:
    with desk.read() as reader:
        first = remembered(reader, ("scheme_version",), names)
    desk.do(name_scheme, name="Mutuelle de Dara", language="fr")
    with desk.read() as reader:
        assert remembered(reader, ("scheme_version",), names) == (*first, "Mutuelle de Dara")
        assert statutes(reader) == statutes(reader)


def test_only_what_an_act_writes_is_remembered(desk: Desk) -> None:
    with desk.work("wrong") as work, pytest.raises(TypeError):
        remembered(work.connection, (tables.access.name,), names)
