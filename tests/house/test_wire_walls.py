"""No person crosses the wire: what the wire and the branch import is an allow-list."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "stepdesk"
WIRE = ("stepdesk.sync.wire", "stepdesk.errors", "stepdesk.i18n", "stepdesk.values")
ALLOWED = {
    "sync/wire": WIRE,
    "branch": (*WIRE, "stepdesk.branch", "stepdesk.countries", "stepdesk.progress"),
}
FOREIGN = {
    "sync/wire": {"cryptography", "pyrage", "zstandard", "rfc8785"},
    "branch": {"sqlalchemy", "sqlcipher3"},
}


def imported(path: Path) -> set[str]:
    """Every module a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


@pytest.mark.parametrize("place", ALLOWED)
def test_the_wire_and_the_branch_import_nothing_about_people(place: str) -> None:
    files = sorted((SOURCE / place).rglob("*.py"))
    assert len(files) >= 6
    for path in files:
        for name in imported(path):
            if name.split(".")[0] == "stepdesk":
                assert name.startswith(tuple(f"{one}." for one in ALLOWED[place])), (path, name)
            else:
                root = name.split(".")[0]
                assert root in sys.stdlib_module_names | FOREIGN[place], (path, name)
                assert root != "sqlite3", path
