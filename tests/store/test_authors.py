"""Who wrote a row is read from the act that wrote it."""

from datetime import UTC, date, datetime
from pathlib import Path

from stepdesk.members.queries import history_of
from stepdesk.store.authors import Author, authors_of
from tests.builders import SECOND, a_household, open_copy, wednesday


def test_a_row_is_of_the_person_who_was_in_front(tmp_path: Path) -> None:
    clock = wednesday()
    with open_copy(tmp_path / "book", people=("Awa", "Bintou"), clock=clock) as desk:
        first = a_household(desk, 2).household_id
        desk.switch(desk.colleagues()[1].id, SECOND)
        clock.set(date(2024, 2, 7))
        second = a_household(desk, 2).household_id
        events = [desk.ask(history_of, one)[0].id for one in (first, second)]
        assert None not in events
        told = desk.ask(authors_of, [one for one in events if one is not None])
    assert [told[one].name for one in events if one is not None] == ["Awa", "Bintou"]
    moments = [told[one].moment for one in events if one is not None]
    assert [one.date() for one in moments] == [date(2024, 1, 10), date(2024, 2, 7)]
    assert told[events[0]] == Author("Awa", datetime(2024, 1, 10, 9, tzinfo=UTC))  # type: ignore[index]


def test_a_row_no_act_wrote_has_no_author(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book") as desk:
        a_household(desk, 1)
        assert desk.ask(authors_of, [bytes(16), b"\xff" * 16]) == {}
