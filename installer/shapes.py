"""Write the migration of the schema that is being made, from the models: `python installer/shapes.py`.

Three files follow from the models and the shapes before them: the migration, the shapes a test keeps, and how
many columns old acts lack. Run it again whenever a model changed; it never touches a released schema.
"""

import json
import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from stepdesk.migrations import all_tables
from stepdesk.store.tables import SCHEMA, Kind, Openness

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "stepdesk" / "migrations" / "versions"
BOOKS = ROOT / "tests" / "books"
UPCASTS = ROOT / "stepdesk" / "store" / "upcasts.py"
HEAD = '''"""Schema {schema}.

New tables, and columns added at the end of those that had too few: such a table is made anew, filled, and takes
the old one's name, with foreign keys off.
"""

from alembic import op

revision = "{schema:04d}"
down_revision = "{before:04d}"
branch_labels = None
depends_on = None

# Table, its new shape, the columns it had, its indexes.
CHANGED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ('''
TAIL = """)


def upgrade() -> None:
    for name, shape, columns, indexes in CHANGED:
        op.execute(shape)
        op.execute(f"INSERT INTO {name}_new ({columns}) SELECT {columns} FROM {name}")
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
        for index in indexes:
            op.execute(index)
    for statement in STATEMENTS:
        op.execute(statement)
"""


def before() -> tuple[dict[str, list[str]], dict[str, str], set[str]]:
    """Return tables with their columns, with their shapes, and indexes, as the last schema left them."""
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with create_engine("sqlite://").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, f"{SCHEMA - 1:04d}")
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        )
        told = {row[0]: _bare(row[1]) for row in rows}
        columns = {name: _columns(connection, name) for name in told}
        return columns, told, set(_named(connection, "index"))


def _bare(sql: str) -> str:
    """Return the text of a shape as far as it says something."""
    return re.sub(r"[\s\"]+", "", sql)


def _named(connection: Connection, kind: str) -> list[str]:
    told = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return [row[0] for row in told]


def _columns(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info('{table}')")]


def _sql(statement: CreateTable | CreateIndex) -> str:
    told = str(statement.compile(dialect=sqlite.dialect()))
    return re.sub(r"[ \t]+\n", "\n", told.replace("\t", "    ").replace(" \n", "\n")).strip()


def migration() -> str:
    """Return the text of the migration to today's models."""
    tables, told, indexes = before()
    changed, new = [], []
    for table in all_tables().sorted_tables:
        wanted = [column.name for column in table.columns]
        its = [_sql(CreateIndex(one)) for one in sorted(table.indexes, key=lambda i: str(i.name))]
        if table.name not in tables:
            new.append((_shape(table), its))
            continue
        had = tables[table.name]
        if had == wanted and told[table.name] == _bare(_shape(table)):
            lacking = [one for one in table.indexes if one.name not in indexes]
            new.extend(("", [_sql(CreateIndex(one))]) for one in lacking)
            continue
        if wanted[: len(had)] != had:
            raise SystemExit(f"{table.name}: columns are only added at the end: {had}")
        changed.append((table.name, _shape(table, "_new"), ", ".join(had), its))
    parts = [HEAD.format(schema=SCHEMA, before=SCHEMA - 1)]
    for name, shape, columns, its in changed:
        parts.append(f'    (\n        "{name}",\n        """\n{shape}\n""",\n        "{columns}",')
        parts.append(
            "        (\n"
            + "".join(f'            "{one}",\n' for one in its)
            + "        ),\n    ),"
        )
    parts.append(")\n\nSTATEMENTS: tuple[str, ...] = (")
    parts += [f'    """\n{shape}\n""",' for shape, _ in sorted(new) if shape]
    parts += [f'    "{one}",' for one in sorted(one for _, its in new for one in its)]
    parts += [f'    "DROP INDEX IF EXISTS {one}",' for one in _given_up(indexes)]
    return "\n".join(parts) + "\n" + TAIL


def _given_up(indexes: set[str]) -> list[str]:
    """Return the indexes no model names any more; the file's own, of its constraints, stay."""
    wanted = {str(one.name) for table in all_tables().sorted_tables for one in table.indexes}
    return sorted(one for one in indexes - wanted if one.startswith("ix_"))


def _shape(table: Table, suffix: str = "") -> str:
    told = _sql(CreateTable(table))
    return told.replace(f"CREATE TABLE {table.name} ", f"CREATE TABLE {table.name}{suffix} ", 1)


def shapes() -> dict[str, dict[str, object]]:
    """Return what each journaled table's rows hold, part by part."""
    told: dict[str, dict[str, object]] = {}
    for table in all_tables().sorted_tables:
        if table.info["kind"] is Kind.JOURNALED:
            rest = [column for column in table.columns if column.name != "id"]
            parts = {
                part.name.lower(): [c.name for c in rest if c.info["openness"] is part]
                for part in Openness
            }
            told[table.name] = {
                "number": table.info["number"],
                **parts,
                "columns": [column.name for column in rest],
            }
    return told


def more(now: dict[str, dict[str, object]]) -> str:
    """Return how many columns the acts of the last schema lack."""
    old = json.loads((BOOKS / f"shapes-{SCHEMA - 1}.json").read_text(encoding="utf-8"))["tables"]
    lines = []
    for name, shape in now.items():
        for part in Openness:
            key = part.name.lower()
            lacks = len(list(shape[key])) - len(old[name][key]) if name in old else 0  # type: ignore[call-overload]
            if lacks:
                lines.append((shape["number"], part.value, f"{lacks},  # {name}"))
    told = "".join(f"    ({number}, {part}): {text}\n" for number, part, text in sorted(lines))  # type: ignore[type-var]
    return f"_MORE_IN_{SCHEMA}: dict[tuple[int, int], int] = {{\n{told}}}"


def main() -> None:
    """Write the three files."""
    (VERSIONS / f"{SCHEMA:04d}.py").write_text(migration(), encoding="utf-8")
    now = shapes()
    (BOOKS / f"shapes-{SCHEMA}.json").write_text(
        json.dumps({"schema": SCHEMA, "tables": now}, indent=1) + "\n", encoding="utf-8"
    )
    told = UPCASTS.read_text(encoding="utf-8")
    pattern = rf"_MORE_IN_{SCHEMA}: dict\[tuple\[int, int\], int\] = (\{{\}}$|\{{.*?^\}})"
    UPCASTS.write_text(
        re.sub(pattern, lambda _: more(now), told, count=1, flags=re.DOTALL | re.MULTILINE),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
