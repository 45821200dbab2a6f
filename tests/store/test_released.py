"""A small book of every released version opens, is lifted, and still replays."""

import zipfile
from pathlib import Path

import pytest

from stepdesk.members.queries import stale_search_rows
from stepdesk.migrations import migrate
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import unlock
from stepdesk.store.tables import SCHEMA
from tests.builders import FIRST, a_section, wednesday

BOOKS = Path(__file__).resolve().parent.parent / "books"


@pytest.mark.parametrize("version", range(1, SCHEMA))
def test_a_book_of_an_older_version_is_lifted_and_verifies(tmp_path: Path, version: int) -> None:
    with zipfile.ZipFile(BOOKS / f"book-{version}.zip") as packed:
        packed.extractall(tmp_path / "book")
    with unlock(
        tmp_path / "book", password=FIRST, name="Awa", clock=wednesday(), migrate=migrate
    ) as desk:
        with desk.read() as connection:
            told = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        before = desk.acts
        stale = desk.ask(stale_search_rows)  # `lay_search` filled the new index
        report = verify_desk(desk, whole=True)
        a_section(desk, "Nouveau quartier")
        again = verify_desk(desk, whole=True)
    assert (told, stale) == (SCHEMA, 0)
    assert [*report.findings, *again.findings] == []
    assert report.acts == before == 19
