"""Laws of the house that a machine can hold: tables, triggers, the clock, money, threads."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ForeignKeyConstraint, Table

from stepdesk import migrations
from stepdesk.errors import Refusal
from stepdesk.store import tables
from stepdesk.store.acts import places
from stepdesk.store.desk import Desk
from stepdesk.store.tables import Kind, Merge, Openness
from tests.builders import copy_of, lived_in, template, wednesday
from tests.store.test_journal import opened

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "stepdesk"
SHAPES = ROOT / "tests" / "books" / f"shapes-{tables.SCHEMA}.json"
METADATA = migrations.all_tables()


def of_kind(kind: Kind) -> list[Table]:
    return [table for table in METADATA.sorted_tables if table.info["kind"] is kind]


JOURNALED = of_kind(Kind.JOURNALED)
named = pytest.mark.parametrize("table", JOURNALED, ids=lambda table: table.name)


# Tables


def test_every_table_says_what_kind_it_is() -> None:
    kinds = {table.name: table.info.get("kind") for table in METADATA.sorted_tables}
    assert [name for name, kind in kinds.items() if not isinstance(kind, Kind)] == []


@named
def test_every_column_says_how_it_merges_and_who_may_read_it(table: Table) -> None:
    for column in table.columns:
        assert isinstance(column.info["merge"], Merge), column.name
        assert isinstance(column.info["openness"], Openness), column.name


@named
def test_the_key_of_a_row_is_its_id_and_speaks_of_nobody(table: Table) -> None:
    first, *rest = table.columns
    by = [table.info["lies_by"]] if table.info["lies_by"] else []
    assert [column.name for column in table.primary_key] == [*by, "id"]
    assert first.name == "id"
    assert (first.info["merge"], first.info["openness"]) == (Merge.GROWS, Openness.OPEN)
    assert [column.name for column in rest if column.primary_key] == by


@named
def test_rows_that_lie_by_another_column_are_never_changed_nor_pointed_to(table: Table) -> None:
    if table.info["lies_by"]:
        assert set(tables.refusing(table.name)) <= set(tables.triggers_of(table))
        assert not table.columns[table.info["lies_by"]].nullable
        pointed = {key.target_fullname for other in JOURNALED for key in other.foreign_keys}
        assert f"{table.name}.id" not in pointed


@named
def test_nothing_changes_behind_the_recorder(table: Table) -> None:
    for column in table.columns:
        assert column.server_default is None, column.name
        assert column.default is None, column.name
        assert column.onupdate is None, column.name
        assert column.server_onupdate is None, column.name
        assert column.computed is None, column.name
    for constraint in table.foreign_key_constraints:
        assert (constraint.ondelete, constraint.onupdate) == (None, None), constraint.name
        assert (constraint.deferrable, constraint.initially) == (True, "DEFERRED")


@named
def test_triggers_of_journaled_tables_refuse_and_never_write(table: Table) -> None:
    for trigger in tables.triggers_of(table):
        body = trigger[trigger.index("BEGIN") :]
        assert re.fullmatch(r"BEGIN SELECT RAISE\(ABORT, 'stepdesk:\w+'\); END", body), trigger


def test_every_constraint_and_index_has_a_name() -> None:
    nameless = [
        (table.name, type(constraint).__name__)
        for table in METADATA.sorted_tables
        for constraint in table.constraints
        if not _name(constraint)
    ]
    assert nameless == []
    assert [i for table in METADATA.sorted_tables for i in table.indexes if not i.name] == []


def _name(constraint: Any) -> str:
    """The name as it stands in the file: the convention gives one to those that bear none."""
    from sqlalchemy.sql.naming import _constraint_name_for_table

    return str(_constraint_name_for_table(constraint, constraint.table) or "")


def test_every_table_of_a_real_book_is_strict_and_its_constraints_are_named(desk: Desk) -> None:
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type='table'"
            " AND name NOT LIKE 'person_words%'"
        ).all()
    loose = [row.name for row in rows if not re.search(r"\bSTRICT\s*$", row.sql)]
    assert [name for name in loose if name != "alembic_version"] == []
    for row in rows:
        if row.name in METADATA.tables:
            told = re.findall(r"(CONSTRAINT \w+ )?(PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY)", row.sql)
            assert all(name for name, _ in told), row.name


def test_money_and_acts_are_written_once() -> None:
    once = {
        table.name
        for table in METADATA.sorted_tables
        if any("is_not_changed" in trigger for trigger in tables.triggers_of(table))
    }
    money = {
        *("payment", "allocation", "due", "earning", "entry", "entry_line", "expense"),
        *("closing", "session_count", "hand_over", "act", "access"),
    }
    assert money <= once


def once_tables() -> list[str]:
    return sorted(
        table.name
        for table in METADATA.sorted_tables
        if any("is_not_changed" in trigger for trigger in tables.triggers_of(table))
    )


@pytest.mark.parametrize("name", once_tables())
def test_a_real_book_refuses_change_and_removal_of_what_is_written_once(
    tmp_path: Path, name: str
) -> None:
    table = METADATA.tables[name]
    key, *rest = list(table.columns)
    with opened(copy_of(lived_in(), tmp_path / "book")) as desk:
        with desk.read() as connection:
            empty = connection.exec_driver_sql(f'SELECT 1 FROM "{name}"').first() is None
        if empty:
            marks = ",".join(_any_value(column) for column in table.columns)
            _planted(desk, f'INSERT INTO "{name}" VALUES ({marks})')
        for statement in (
            f'UPDATE "{name}" SET "{rest[0].name}"="{rest[0].name}"',
            f'UPDATE "{name}" SET "{key.name}"="{key.name}"',
            f'DELETE FROM "{name}"',
            f'REPLACE INTO "{name}" SELECT * FROM "{name}"',
        ):
            with pytest.raises(Refusal):
                desk.note_locally(statement, ())


def _any_value(column: Any) -> str:
    if column.nullable:
        return "NULL"
    kind = str(column.type)
    return "randomblob(16)" if kind == "BLOB" else "1" if kind == "INTEGER" else "'2024-01'"


def _planted(desk: Desk, statement: str) -> None:
    """Put a row in that points nowhere: only the triggers are asked here."""
    connection = desk.writer.raw_connection()
    raw: Any = connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF").fetchall()
    raw.execute(statement)
    raw.execute("PRAGMA foreign_keys=ON").fetchall()
    connection.close()


# Numbers and shapes: frozen, because acts of years ago speak them


def shapes() -> dict[str, dict[str, Any]]:
    """The present shapes: table to number and to the order of its columns in each part."""
    told: dict[str, dict[str, Any]] = {}
    for number, table in sorted(tables.NUMBERED.items()):
        names = table.c.keys()[1:]
        parts = zip(("open", "personal", "medical"), places(table), strict=True)
        told[table.name] = {"number": number} | {
            name: [names[at] for at in which] for name, which in parts
        }
        told[table.name]["columns"] = names
    return told


def test_numbers_and_orders_of_columns_are_those_of_every_act_written_so_far() -> None:
    frozen: dict[str, Any] = json.loads(SHAPES.read_text(encoding="utf-8"))
    assert frozen["schema"] == tables.SCHEMA
    assert frozen["tables"] == shapes()


def test_no_number_is_given_twice() -> None:
    assert len({table.info["number"] for table in JOURNALED}) == len(JOURNALED)
    assert {table.info["number"]: table for table in JOURNALED} == tables.NUMBERED
    assert 0 not in tables.NUMBERED, "0 is the number of an act's reason"
    with pytest.raises(ValueError, match="number 1 is taken by book"):
        tables.journaled("again", 1)


def test_models_equal_migrations(desk: Desk) -> None:
    with desk.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": _is_ours, "target_metadata": METADATA, "compare_type": True},
        )
        assert compare_metadata(context, METADATA) == []


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith(("person_words", "alembic"))


def test_tables_of_a_new_book_are_laid_as_the_models_say(desk: Desk) -> None:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = sqlite.dialect()
    wanted = {
        _plain(str(CreateTable(table).compile(dialect=dialect)))
        for table in METADATA.sorted_tables
    } | {
        _plain(str(CreateIndex(index).compile(dialect=dialect)))
        for table in METADATA.sorted_tables
        for index in table.indexes
    }
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
            " AND name NOT LIKE 'person_words%' AND name <> 'alembic_version'"
        ).scalars()
        assert {_plain(sql) for sql in rows} == wanted


def _plain(sql: str) -> str:
    return re.sub(r'[\s"]+', "", sql)  # a table that was renamed stands in quotes


def test_the_triggers_of_a_new_book_are_those_of_the_models(desk: Desk) -> None:
    wanted = [one for table in METADATA.sorted_tables for one in tables.triggers_of(table)]
    with desk.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type='trigger'"
        ).scalars()
        assert sorted(found) == sorted(wanted)


def test_the_head_is_the_last_script(desk: Desk) -> None:
    config = Config()
    config.set_main_option("script_location", str(SOURCE / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]
    with desk.read() as connection:
        told = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert told == migrations.HEAD


def test_foreign_keys_point_at_whole_rows() -> None:
    for table in JOURNALED:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                assert [one.column.name for one in constraint.elements] == ["id"]


# What the source may not say


def sources(*but: str) -> Iterator[tuple[str, str]]:
    """Every module of the program, by its path from the root, but those under `but`."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(but):
            yield name, path.read_text(encoding="utf-8")


def lines_with(pattern: str, *but: str) -> list[str]:
    """Lines of code that match, comments and docstrings left out."""
    return [
        f"{name}:{at}: {line.strip()}"
        for name, source in sources(*but)
        for at, line in enumerate(_code(source), start=1)
        if re.search(pattern, line)
    ]


@cache
def _code(source: str) -> tuple[str, ...]:
    """The lines of a source with comments and docstrings emptied."""
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in source.splitlines()]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for at in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[at] = ""
    return tuple(lines)


SLICES = (
    *("scheme", "members", "contributions", "ledger", "rights", "reports", "values"),
    *("benefits", "providers", "payers", "claims", "sync", "branch"),
)


def test_only_the_clock_looks_at_the_time() -> None:
    told = r"datetime\.now\(|\.utcnow\(|date\.today\(|\btime\.(time|localtime|gmtime)\("
    assert lines_with(told, "stepdesk/store/clock.py") == []


def test_money_is_never_a_float() -> None:
    told = lines_with(r"\bfloat\(|/ ?100\b|\bround\(")
    assert [one for one in told if one.split("/")[1] in SLICES] == []


def test_nobody_but_the_store_commits() -> None:
    assert lines_with(r"\.(commit|rollback)\(", "stepdesk/store/", "stepdesk/migrations/") == []
    written = r"[\"'\s](COMMIT|ROLLBACK|SAVEPOINT)\b"
    assert lines_with(written, "stepdesk/store/", "stepdesk/migrations/") == []


def test_the_standard_librarys_sqlite_is_not_used() -> None:
    assert lines_with(r"\b(import|from) sqlite3\b") == []


def test_threads_stand_in_one_place() -> None:
    told = r"\bQThread|\bthreading\b|concurrent\.futures|\bmultiprocessing\b|\bQRunnable\b"
    assert lines_with(told, "stepdesk/ui/tasks.py") == []


def test_temporary_files_are_made_by_the_store_alone() -> None:
    told = r"\btempfile\b|mkdtemp|mkstemp|NamedTemporary|QTemporary|gettempdir"
    assert lines_with(told, "stepdesk/store/") == []


def test_the_driver_is_known_to_the_store_and_the_branchs_engine_alone() -> None:
    places = ("stepdesk/store/", "stepdesk/migrations/", "stepdesk/branch/engine.py")
    assert lines_with(r"\bsqlcipher3\b", *places) == []


# The map and the tests


def test_every_path_of_the_map_exists() -> None:
    path = ROOT / "docs" / "MAP.md"
    if not path.exists():
        pytest.skip("there is no map yet")
    text = path.read_text(encoding="utf-8")
    paths = set(
        re.findall(r"(?<![\w/.])(?:stepdesk|tests|docs|benchmarks|locales)/[\w./-]*", text)
    )
    paths |= {f"docs/{one}" for one in re.findall(r"\]\(([\w./-]+)\)", text)}
    assert [one for one in sorted(paths) if not (ROOT / one.rstrip("./")).exists()] == []


def _services() -> list[Path]:
    """A slice's service is a module, or a package of them."""
    return sorted([*SOURCE.glob("*/service.py"), *SOURCE.glob("*/service/*.py")])


def service_functions() -> list[tuple[str, str]]:
    return [
        (path.relative_to(SOURCE).parts[0], node.name)
        for path in _services()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


@cache
def _tests() -> str:
    return "\n".join(one.read_text(encoding="utf-8") for one in (ROOT / "tests").rglob("*.py"))


@cache
def _verbs() -> tuple[str, ...]:
    """The services, and what else does things with them: a verb may be tested through another."""
    paths = [*_services(), *SOURCE.glob("exchange/**/*.py"), *SOURCE.glob("cli/*.py")]
    return tuple(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize(("slice_name", "name"), service_functions())
def test_every_service_function_is_used_in_some_test(slice_name: str, name: str) -> None:
    by_tests = re.search(rf"\b{name}\b", _tests())
    by_verbs = [one for one in _verbs() if re.search(rf"(?<!def )\b{name}\(", one)]
    assert by_tests or by_verbs, f"{slice_name}.service.{name} has no test"


def test_the_template_of_all_tests_is_a_practice_book() -> None:
    assert template().name == "book"
    assert wednesday().now().year == 2024


@pytest.mark.parametrize("version", range(1, tables.SCHEMA))
def test_shapes_of_released_versions_only_grow_at_their_end(version: int) -> None:
    path = ROOT / "tests" / "books" / f"shapes-{version}.json"
    old = json.loads(path.read_text(encoding="utf-8"))["tables"]
    now = json.loads(SHAPES.read_text(encoding="utf-8"))["tables"]
    for name, shape in old.items():
        assert now[name]["number"] == shape["number"]
        for part in ("open", "personal", "medical", "columns"):
            assert now[name][part][: len(shape[part])] == shape[part], (name, part)
