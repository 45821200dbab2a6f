"""How tables are declared: every column says how it merges and who may read it.

The store's own tables stand here too: the book's one row, its people, its devices, its journal.
"""

from enum import Enum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from stepdesk.i18n import N_

SCHEMA = 8
"""The version of the shapes below; each act carries it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Merge(Enum):
    """How a column merges between laptops. Source: design 2, merge kinds of a column."""

    GROWS = "GROWS"
    LATEST = "LATEST"
    DECIDES = "DECIDES"
    STATE = "STATE"
    DERIVED = "DERIVED"
    LOCAL = "LOCAL"


class Openness(Enum):
    """Who a column speaks of: its part of an act is hashed apart, so that it can be forgotten."""

    OPEN = 0
    PERSONAL = 1
    MEDICAL = 2


class Kind(Enum):
    """JOURNALED tables are the fold of the acts; DERIVED ones are rebuilt; LOCAL stay here."""

    JOURNALED = "JOURNALED"
    DERIVED = "DERIVED"
    LOCAL = "LOCAL"


NUMBERED: dict[int, Table] = {}
"""Journaled tables by the number they bear in acts; a number is never used again."""


def column(
    name: str,
    kind: type[TypeEngine[Any]],
    *constraints: Any,
    merge: Merge,
    openness: Openness = Openness.OPEN,
    nullable: bool = False,
    attached: bool = False,
) -> "Column[Any]":
    """Declare a column of a journaled table; an attached one holds the hash of an attachment."""
    return Column(
        name,
        kind(),
        *constraints,
        nullable=nullable,
        info={"merge": merge, "openness": openness, "attached": attached},
    )


def grows(name: str, kind: type[TypeEngine[Any]], *constraints: Any, **told: Any) -> "Column[Any]":
    """Declare a column that is written once and kept from every laptop."""
    return column(name, kind, *constraints, merge=Merge.GROWS, **told)


def latest(
    name: str, kind: type[TypeEngine[Any]], *constraints: Any, **told: Any
) -> "Column[Any]":
    """Declare a column whose latest value wins, the old kept in history."""
    return column(name, kind, *constraints, merge=Merge.LATEST, **told)


def decides(
    name: str, kind: type[TypeEngine[Any]], *constraints: Any, **told: Any
) -> "Column[Any]":
    """Declare a column where a person decides between two laptops' values."""
    return column(name, kind, *constraints, merge=Merge.DECIDES, **told)


def state(name: str, kind: type[TypeEngine[Any]], *constraints: Any, **told: Any) -> "Column[Any]":
    """Declare a column that moves only along its table of states."""
    return column(name, kind, *constraints, merge=Merge.STATE, **told)


def points_to(target: str) -> ForeignKey:
    """A foreign key checked at commit, so that the order of rows in a work is free."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def journaled(
    name: str,
    number: int,
    *parts: Any,
    written_once: bool = False,
    triggers: tuple[str, ...] = (),
    lies_by: str | None = None,
) -> Table:
    """Declare a table whose rows are the fold of the acts.

    Args:
        name: The field's standard term, one word a thing.
        number: Its number in acts, for ever.
        parts: Columns made by `grows` and the like, constraints, indexes.
        written_once: Triggers refuse every change and removal.
        triggers: Further `CREATE TRIGGER` statements; they may refuse, never write.
        lies_by: The column whose rows lie together, for parts that are read with their whole: the
            table is then its own index, by this column and the id. Such a row is found by both;
            nothing may point to it, and it is never changed (decision 0045).
    """
    if number in NUMBERED:
        raise ValueError(f"table number {number} is taken by {NUMBERED[number].name}")
    key: Column[bytes] = Column(
        "id",
        LargeBinary(),
        CheckConstraint("length(id) = 16", name="id"),
        primary_key=lies_by is None,
        nullable=False,
        info={"merge": Merge.GROWS, "openness": Openness.OPEN},
    )
    table = Table(
        name,
        metadata,
        key,
        *parts,
        *((PrimaryKeyConstraint(lies_by, "id"),) if lies_by else ()),
        sqlite_strict=True,
        sqlite_with_rowid=lies_by is None,
        info={
            "kind": Kind.JOURNALED,
            "number": number,
            "lies_by": lies_by,
            "triggers": (*(refusing(name) if written_once else ()), *triggers),
        },
    )
    NUMBERED[number] = table
    return table


def attached_columns() -> tuple[tuple[Table, str], ...]:
    """Return every column that holds hashes of attachments, with its table."""
    return tuple(
        (table, column.name)
        for _, table in sorted(NUMBERED.items())
        for column in table.columns
        if column.info.get("attached")
    )


def refusing(name: str) -> tuple[str, str]:
    """Return the triggers that refuse change and removal of a table's rows."""
    return (
        f"CREATE TRIGGER {name}_is_not_changed BEFORE UPDATE ON {name} "
        f"BEGIN SELECT RAISE(ABORT, 'stepdesk:written_once'); END",
        f"CREATE TRIGGER {name}_is_not_removed BEFORE DELETE ON {name} "
        f"BEGIN SELECT RAISE(ABORT, 'stepdesk:written_once'); END",
    )


def not_removed(name: str) -> str:
    """Return the trigger that refuses removal alone."""
    return refusing(name)[1]


UNLIKE = N_("What is kept in {table} is not what the rows say it is made of.")


def derived(
    name: str,
    *parts: Any,
    with_rowid: bool = True,
    unlike: tuple[str, ...] = (),
    told_by: str = "",
    index: str = "",
    says: str = UNLIKE,
) -> Table:
    """Declare a table that is kept up in the same work and could be rebuilt from the others.

    What is not as it would be made anew `verify` finds by any of these:

    Args:
        name: Of the table.
        parts: Its columns and indexes.
        with_rowid: Without one its rows lie in the order of the primary key.
        unlike: Statements that return a row where something differs; `first` in the sentence is
            what it tells.
        told_by: `module:function` that counts the rows that differ, where words must be made
            anew: `count` in the sentence. A name, because what reads a table stands above it.
        index: A full-text index over the table.
        says: The sentence of what was found.
    """
    return Table(
        name,
        metadata,
        *parts,
        sqlite_strict=True,
        sqlite_with_rowid=with_rowid,
        info={
            "kind": Kind.DERIVED,
            "triggers": (),
            "unlike": unlike,
            "told_by": told_by,
            "index": index,
            "says": says,
        },
    )


def local(name: str, *parts: Any, triggers: tuple[str, ...] = ()) -> Table:
    """Declare a table of this laptop alone: no act, no merge."""
    return Table(
        name, metadata, *parts, sqlite_strict=True, info={"kind": Kind.LOCAL, "triggers": triggers}
    )


def triggers_of(table: Table) -> tuple[str, ...]:
    triggers: tuple[str, ...] = table.info["triggers"]
    return triggers


book = journaled(
    "book",
    1,
    grows("country", Text),
    grows("language", Text),
    grows("practice", Integer),
    grows("made_on", Text),
    written_once=True,
)

device = journaled(
    "device",
    2,
    grows("letter", Text),
    grows("incarnation", Integer),
    grows("since", Text),
    UniqueConstraint("letter", "incarnation"),
    written_once=True,
)

staff = journaled(
    "staff",
    3,
    decides("name", Text, openness=Openness.PERSONAL),
    decides("role", Text),
    grows("public_key", LargeBinary),
    grows("added_on", Text),
    decides("ended_on", Text, nullable=True),
    triggers=(not_removed("staff"),),
)

act = local(
    "act",
    Column("n", Integer, primary_key=True, nullable=False),
    Column("device", Text, nullable=False),
    Column("incarnation", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("id", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("second_signature", LargeBinary, nullable=True),
    UniqueConstraint("device", "incarnation", "seq"),
    triggers=refusing("act"),
)

act_part = Table(
    "act_part",
    metadata,
    Column("act", Integer, primary_key=True, nullable=False),
    Column("place", Integer, primary_key=True, nullable=False),
    Column("openness", Integer, nullable=False),
    Column("salt", LargeBinary, nullable=True),
    Column("body", LargeBinary, nullable=True),
    Column("erased", LargeBinary, nullable=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
    info={
        "kind": Kind.LOCAL,
        "triggers": (
            "CREATE TRIGGER act_part_is_only_erased BEFORE UPDATE ON act_part "
            "WHEN NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR OLD.erased IS NOT NULL "
            "OR NEW.erased IS NULL OR length(NEW.erased) <> 32 "
            "OR NEW.act <> OLD.act OR NEW.place <> OLD.place OR NEW.openness <> OLD.openness "
            "OR OLD.openness = 0 "
            "BEGIN SELECT RAISE(ABORT, 'stepdesk:written_once'); END",
            not_removed("act_part"),
        ),
    },
)

access = local(
    "access",
    Column("n", Integer, primary_key=True, nullable=False),
    Column("wall", Integer, nullable=False),
    Column("staff_id", LargeBinary, nullable=False),
    Column("question", Text, nullable=False),
    Column("subject", LargeBinary, nullable=True),
    Column("day", Text, nullable=True),
    Column("answer", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    triggers=refusing("access"),
)

verification = local(
    "verification",
    Column("n", Integer, primary_key=True, nullable=False),
    Column("at", Integer, nullable=False),
    Column("whole", Integer, nullable=False),
    Column("until_act", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
)

backup = local(
    "backup",
    Column("n", Integer, primary_key=True, nullable=False),
    Column("at", Integer, nullable=False),
    Column("until_act", Integer, nullable=False),
    Column("outside", Integer, nullable=False),
)
