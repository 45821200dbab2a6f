"""What the tests of a branch share: a store, and everything that stands in it."""

from pathlib import Path
from typing import Any

from stepdesk.branch.engine import Store
from stepdesk.branch.model import metadata
from stepdesk.branch.service import new_branch


def a_branch(folder: Path, *, practice: bool = True) -> Store:
    return new_branch(folder, name="Branch of Thiès", practice=practice)


def everything(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, for comparing before and after."""
    with store.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).all()))
            for table in metadata.sorted_tables
        }
