"""What the branch knows: its schemes, their months, what is missing. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.engine import Connection

from stepdesk.branch.engine import Store, transaction
from stepdesk.branch.model import bundle, cell, quarantine, release, revoked, scheme
from stepdesk.branch.terms import MonthHeld, SchemeKnown, SchemeState
from stepdesk.sync.wire.bundle import Release
from stepdesk.sync.wire.cells import TABLES, Cells
from stepdesk.sync.wire.keys import fingerprint
from stepdesk.values.month import Month

MOST_GAPS = 64


def schemes_on(store: Store) -> tuple[SchemeKnown, ...]:
    """Return the schemes this branch knows, by their fingerprint."""
    with transaction(store) as connection:
        rows = connection.execute(select(scheme)).all()
        known = [_known(connection, row) for row in rows]
    return tuple(sorted(known, key=lambda one: one.fingerprint))


def months_of(store: Store, scheme_id: bytes) -> tuple[MonthHeld, ...]:
    """Return the months of a scheme, oldest first, each in its latest revision."""
    with transaction(store) as connection:
        rows = connection.execute(
            select(release)
            .where(release.c.scheme == scheme_id)
            .order_by(release.c.period, release.c.rev)
        ).all()
        cells = _cells_of(connection, scheme_id)
    latest = {row.period: row for row in rows}
    return tuple(
        _month(row, sum(one.period == row.period for one in rows), cells[row.release_id])
        for row in latest.values()
    )


def arrived(connection: Connection, scheme_id: bytes) -> tuple[int, tuple[int, ...]]:
    """Return the number up to which every release of a scheme came, and the gaps above it."""
    both = union(
        select(release.c.seq).where(release.c.scheme == scheme_id),
        select(quarantine.c.seq).where(quarantine.c.scheme == scheme_id),
    )
    return gaps_of(connection.execute(both).scalars())


def gaps_of(seqs: Iterable[int]) -> tuple[int, tuple[int, ...]]:
    """Return the highest number without a gap below it, and the first 64 missing above it."""
    found = sorted(set(seqs))
    contiguous = 0
    while contiguous < len(found) and found[contiguous] == contiguous + 1:
        contiguous += 1
    gaps: list[int] = []
    expected = contiguous + 1
    for seq in found[contiguous:]:
        # A scheme may name any number: never count further than what is told.
        gaps.extend(range(expected, min(seq, expected + MOST_GAPS)))
        expected = seq + 1
    return contiguous, tuple(gaps[:MOST_GAPS])


def held_prefixes(connection: Connection, scheme_id: bytes, length: int) -> set[bytes]:
    """Return the first bytes of the ids of all releases of a scheme that are here."""
    asked = select(release.c.release_id).where(release.c.scheme == scheme_id)
    return {one[:length] for one in connection.execute(asked).scalars()}


def kept_receipt(connection: Connection, scheme_id: bytes, bundle_sha: bytes) -> bytes:
    """Return the receipt that was given for a bundle that is here."""
    asked = select(bundle.c.receipt).where(
        bundle.c.scheme == scheme_id, bundle.c.bundle_sha == bundle_sha
    )
    receipt: bytes = connection.execute(asked).scalar_one()
    return receipt


def pinned(connection: Connection, scheme_id: bytes) -> tuple[bytes, SchemeState]:
    """Return the key a scheme was first seen with, and its state."""
    row = connection.execute(select(scheme).where(scheme.c.scheme == scheme_id)).one()
    return row.scheme_key, SchemeState(row.state)


def is_revoked(connection: Connection, scheme_id: bytes, sender_key: bytes) -> bool:
    asked = select(func.count()).where(
        revoked.c.scheme == scheme_id, revoked.c.sender_key == sender_key
    )
    return bool(connection.execute(asked).scalar_one())


def has_later(connection: Connection, scheme_id: bytes, period: str, rev: int) -> bool:
    """Whether a later revision of the month is here."""
    asked = select(func.count()).where(
        release.c.scheme == scheme_id, release.c.period == period, release.c.rev > rev
    )
    return bool(connection.execute(asked).scalar_one())


def is_here(connection: Connection, scheme_id: bytes, release_id: bytes) -> bool:
    asked = select(func.count()).where(
        release.c.scheme == scheme_id, release.c.release_id == release_id
    )
    return bool(connection.execute(asked).scalar_one())


def breaks_chain(connection: Connection, scheme_id: bytes, one: Release) -> bool:
    """Whether a release does not link to its neighbours that are here: two books went on apart.

    A number that is taken by another, a predecessor that is not the one named, a successor that
    names another, or money of another currency.
    """
    rows = connection.execute(
        select(release.c.seq, release.c.release_id, release.c.prev, release.c.currency).where(
            release.c.scheme == scheme_id, release.c.seq.between(one.seq - 1, one.seq + 1)
        )
    ).all()
    wrong = {
        one.seq - 1: lambda row: row.release_id != one.prev,
        one.seq: lambda row: row.release_id != one.id,
        one.seq + 1: lambda row: row.prev != one.id,
    }
    return any(wrong[row.seq](row) or row.currency != one.told.currency for row in rows)


def _known(connection: Connection, row: Any) -> SchemeKnown:
    months = select(
        func.count(release.c.period.distinct()),
        func.max(release.c.period),
        func.max(release.c.received),
    ).where(release.c.scheme == row.scheme)
    count, last, received = connection.execute(months).one()
    of_last = select(release.c.country).where(
        release.c.scheme == row.scheme, release.c.period == last
    )
    apart = select(func.count()).where(quarantine.c.scheme == row.scheme)
    contiguous, gaps = arrived(connection, row.scheme)
    return SchemeKnown(
        scheme=row.scheme,
        fingerprint=fingerprint(row.scheme_key),
        state=SchemeState(row.state),
        first_seen=datetime.fromtimestamp(row.first_seen, UTC),
        months=count,
        last_month=Month.parse(last) if last else None,
        country=connection.execute(of_last).scalars().first() or "",
        last_received=datetime.fromtimestamp(received, UTC) if last else None,
        contiguous_seq=contiguous,
        gaps=gaps,
        quarantined=connection.execute(apart).scalar_one(),
    )


def _cells_of(connection: Connection, scheme_id: bytes) -> dict[bytes, Cells]:
    rows = connection.execute(
        select(cell).where(cell.c.scheme == scheme_id).order_by(cell.c.place)
    ).all()
    found: dict[bytes, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.release_id][row.name].append(row.value)
    return defaultdict(
        dict,
        {
            release_id: {code: tuple(named[code]) for code in TABLES if code in named}
            for release_id, named in found.items()
        },
    )


def _month(row: Any, revisions: int, cells: Cells) -> MonthHeld:
    return MonthHeld(
        month=Month.parse(row.period),
        rev=row.rev,
        revisions=revisions,
        release_id=row.release_id,
        received=datetime.fromtimestamp(row.received, UTC),
        country=row.country,
        currency=row.currency,
        policy=row.policy,
        practice=bool(row.practice),
        size_class=row.size_class,
        cells=cells,
    )
