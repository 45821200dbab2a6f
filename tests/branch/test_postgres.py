"""Nothing in the branch's tables is peculiar to SQLite: PostgreSQL makes them and holds a month.

Needs a server at 127.0.0.1:5432 with a database `test` for `postgres`, and `psql`; else skipped.
"""

import os
import shutil
import subprocess

import pytest
from sqlalchemy import (
    DateTime,
    Enum,
    Float,
    Interval,
    Numeric,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from stepdesk.branch.model import metadata

SCHEMA = f"stepdesk_test_{os.getpid()}"


def psql(script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            "psql",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-d",
            "test",
            "-v",
            "ON_ERROR_STOP=1",
            "-qAtX",
        ],
        input=script,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PGCONNECT_TIMEOUT": "3", "PGOPTIONS": f"-c search_path={SCHEMA}"},
    )


def statements() -> list[str]:
    dialect = postgresql.dialect()
    made = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    return made


def test_every_key_starts_with_the_scheme() -> None:
    """So the tables can be spread over machines by scheme without change."""
    for table in metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                assert next(iter(constraint.columns)).name == "scheme", constraint.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "scheme", key.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "scheme", index.name


def test_every_constraint_has_a_name_and_no_type_rounds() -> None:
    for table in metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints)
        for column in table.columns:
            assert not isinstance(column.type, Float | Numeric | DateTime | Interval | Enum)
            assert column.server_default is None


@pytest.mark.skipif(shutil.which("psql") is None, reason="no psql to ask a PostgreSQL with")
def test_postgresql_makes_the_same_tables_and_keeps_the_same_rules() -> None:
    if psql("SELECT 1").returncode:
        pytest.skip("no PostgreSQL answers at 127.0.0.1:5432")
    scheme, other = "'\\x" + "01" * 16 + "'", "'\\x" + "02" * 32 + "'"
    row = f"INSERT INTO scheme VALUES ({scheme}, {other}, 'pending', 9007199254740991)"
    script = [
        f"CREATE SCHEMA {SCHEMA}",
        *statements(),
        row,
        row + " ON CONFLICT DO NOTHING",
        "SELECT count(*), max(first_seen) FROM scheme",
    ]
    try:
        done = psql(";\n".join(script) + ";")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() == "1|9007199254740991"
        short = psql(f"INSERT INTO scheme VALUES ('\\x01', {other}, 'pending', 1);")
        assert "ck_scheme_scheme" in short.stderr
    finally:
        psql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;")
