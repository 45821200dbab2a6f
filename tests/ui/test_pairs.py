"""Two entries that may be one person, by keys: made one with a reason, or told apart."""

from datetime import timedelta

from PySide6.QtCore import Qt

from stepdesk.members.queries import duplicates
from stepdesk.members.service import record_leaving
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.members.page import MembersPage
from tests.members.test_finding import register
from tests.ui.test_new_household import Opens, opens  # noqa: F401 - a fixture
from tests.ui.window import Window


def twice(desk: Desk, clock: SetClock) -> None:
    """Somebody written down in two households, the second of which she left, and somebody else."""
    register(desk, "Diop Awa", "Diallo Fatou")
    second = register(desk, "Sow Moussa", "Diallo Fatou")
    register(desk, "Ndiaye Ousmane")
    clock.set(desk.today + timedelta(days=1))
    desk.do(
        record_leaving, person_id=second.person_ids[1], on=desk.today, reason="lives elsewhere"
    )


def listed(window: Window) -> MembersPage:
    page = window.go(MembersPage, "members", show="duplicates")
    assert page.list.model.rowCount() == 2
    page.list.table.setFocus()
    page.list.table.selectRow(0)
    window.wait()
    return page


def test_a_row_shows_whom_it_looks_like(opens: Opens) -> None:  # noqa: F811
    window = opens(twice)
    page = listed(window)
    first, second = page.pairs.text().splitlines()
    assert first.startswith("Diallo Fatou · ")
    assert "with Diop Awa" in first
    assert "with Sow Moussa" in second
    window.key(Qt.Key.Key_Down)
    assert page.pairs.text().splitlines() == [second, first]
    window.go(MembersPage, "members", show="persons")
    assert page.pairs.isHidden()


def test_minus_tells_two_apart_and_they_are_not_proposed_again(opens: Opens) -> None:  # noqa: F811
    window = opens(twice)
    page = listed(window)
    window.key(Qt.Key.Key_Minus)
    assert window.desk.ask(duplicates) == ()
    assert page.list.model.rowCount() == 0
    assert page.pairs.isHidden()


def test_plus_makes_one_with_a_reason(opens: Opens) -> None:  # noqa: F811
    window = opens(twice)
    page = listed(window)
    pair = window.desk.ask(duplicates)[0]
    window.key(Qt.Key.Key_Plus)
    assert page.card.living
    assert page.life.form.answers["person_id"].value() == pair.first.id
    assert page.life.form.answers["other_id"].value() == pair.second.id
    page.life.form.answers["reason"].setFocus()
    window.type("both cards were shown")
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with window.desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT kept_id, other_id FROM person_merge WHERE undone_on IS NULL"
        ).all()
    assert [tuple(row) for row in rows] == [(pair.first.id, pair.second.id)]
    assert page.list.model.rowCount() == 0


def test_without_a_pair_the_keys_do_nothing(opens: Opens) -> None:  # noqa: F811
    window = opens(twice)
    page = window.go(MembersPage, "members", show="persons")
    page.list.table.setFocus()
    page.list.table.selectRow(0)
    window.key(Qt.Key.Key_Plus)
    window.key(Qt.Key.Key_Minus)
    assert not page.card.living
    assert len(window.desk.ask(duplicates)) == 1
