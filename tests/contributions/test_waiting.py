"""Who waits for a long list is told that it goes on, also while rows are only read."""

import pytest

from stepdesk.contributions.queries import each_facts
from stepdesk.contributions.queries import facts as facts_module
from stepdesk.i18n import Text
from stepdesk.progress import Progress
from stepdesk.store.desk import Desk
from tests.builders import a_household, a_payment


def test_who_waits_is_told_while_rows_are_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three households with a due each, and six parts of payments: three fees and three dues.

    Two rows at once, so dues are two steps and parts three, before the first household is told.
    """
    monkeypatch.setattr(facts_module, "_ROWS_AT_ONCE", 2)
    for _ in range(3):
        a_payment(desk, a_household(desk, 1), 1000 + 350)
    told: list[tuple[int, int]] = []

    class Listening(Progress):
        def step(self, done: int, total: int, text: Text | None = None) -> None:
            assert text is not None
            told.append((done, total))

    with desk.read() as connection:
        every = each_facts(connection, progress=Listening())
        assert told == []
        next(every)
        assert told == [(0, 0)] * (2 + 3)
        assert len(list(every)) == 2
