"""The branch's tables. Every key starts with the scheme, so that they can be spread by scheme.

Only what PostgreSQL holds as well: the same tables are made there by a test. Ids and hashes are
bytes, moments whole seconds since 1970, months the text 2026-10. Rows are added and never
changed, but for the state of a scheme and the receipt of a bundle in the transaction it came in.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Whole = BigInteger().with_variant(Integer, "sqlite")


def _column(name: str, kind: Any, *, nullable: bool = False) -> "Column[Any]":  # noqa: ANN401
    return Column(name, kind, nullable=nullable)


def _bytes(name: str, length: int, *, nullable: bool = False) -> "Column[Any]":
    return Column(
        name,
        LargeBinary(),
        CheckConstraint(f"length({name}) = {length}", name=name),
        nullable=nullable,
    )


def _table(name: str, *parts: Any) -> Table:  # noqa: ANN401
    return Table(name, metadata, _bytes("scheme", 16), *parts, sqlite_strict=True)


def _of(other: str, *columns: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(columns, [f"{other}.{column}" for column in columns])


scheme = _table(
    "scheme",
    _bytes("scheme_key", 32),
    _column("state", Text()),
    _column("first_seen", _Whole),
    PrimaryKeyConstraint("scheme"),
    CheckConstraint("state IN ('pending', 'accepted')", name="state"),
)

bundle = _table(
    "bundle",
    _bytes("bundle_sha", 32),
    _bytes("bundle_id", 16),
    _bytes("sender_key", 32),
    _column("bundle_seq", _Whole),
    _column("signed", LargeBinary()),
    _bytes("signature", 64),
    _column("receipt", LargeBinary()),
    _column("received", _Whole),
    PrimaryKeyConstraint("scheme", "bundle_sha"),
    _of("scheme", "scheme"),
)

release = _table(
    "release",
    _bytes("release_id", 32),
    _bytes("bundle_sha", 32),
    _column("period", Text()),
    _column("rev", _Whole),
    _column("seq", _Whole),
    _bytes("prev", 32, nullable=True),
    _column("country", Text()),
    _column("currency", Text()),
    _column("policy", Text()),
    _column("practice", Integer()),
    _column("size_class", Text()),
    _column("content", LargeBinary()),
    _column("received", _Whole),
    PrimaryKeyConstraint("scheme", "release_id"),
    UniqueConstraint("scheme", "period", "rev"),
    Index(None, "scheme", "seq"),
    CheckConstraint("practice IN (0, 1)", name="practice"),
    _of("bundle", "scheme", "bundle_sha"),
)

cell = _table(
    "cell",
    _bytes("release_id", 32),
    _column("name", Text()),
    _column("place", Integer()),
    _column("value", _Whole, nullable=True),
    PrimaryKeyConstraint("scheme", "release_id", "name", "place"),
    _of("release", "scheme", "release_id"),
)

quarantine = _table(
    "quarantine",
    _bytes("release_id", 32),
    _bytes("bundle_sha", 32),
    _column("code", Text()),
    _column("seq", _Whole),
    _column("content", LargeBinary()),
    _column("received", _Whole),
    PrimaryKeyConstraint("scheme", "release_id"),
    _of("bundle", "scheme", "bundle_sha"),
)

revoked = _table(
    "revoked",
    _bytes("sender_key", 32),
    _bytes("bundle_sha", 32),
    _column("received", _Whole),
    PrimaryKeyConstraint("scheme", "sender_key"),
    _of("bundle", "scheme", "bundle_sha"),
)
