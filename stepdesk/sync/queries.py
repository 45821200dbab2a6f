"""Reading what left: the branch's address, releases, months and their answers, the preview."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.countries import country
from stepdesk.i18n import Text
from stepdesk.ledger.queries import first_open
from stepdesk.reports.queries import measures
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.sync import rules
from stepdesk.sync.terms import (
    POLICY,
    Address,
    Cleared,
    Figure,
    Group,
    Hidden,
    Line,
    MonthRow,
    Preview,
    Release,
    Said,
    State,
)
from stepdesk.sync.wire import content
from stepdesk.sync.wire.cells import BLOCKS, TABLES, Kind, Table
from stepdesk.sync.wire.content import Return
from stepdesk.sync.wire.keys import BranchCard, SchemeKeys
from stepdesk.sync.wire.outcome import REASONS, Code, Status
from stepdesk.values.ids import ReleaseId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

SIGN, ANSWER = "sign", "answer"
"""The purposes of the scheme's two keys: it certifies who sends, it opens what comes back."""

MISSING = "missing"
"""Noted instead of a status when the branch says that it lost what it had acknowledged."""

TAKEN = frozenset({Status.STORED.value, Status.DUPLICATE.value, Status.SUPERSEDED.value})

_CARDS = "SELECT card, since FROM branch_address ORDER BY id DESC"
_KEYS = "SELECT purpose, secret FROM exchange_key"
_BOOK = "SELECT id, country, practice FROM book"
_RELEASES = (
    "SELECT r.*, f.name AS first_name, s.name AS second_name FROM release r"
    " JOIN staff f ON f.id = r.first_person LEFT JOIN staff s ON s.id = r.second_person"
    " ORDER BY r.seq"
)
_ANSWERS = "SELECT release_id, status, code, received_on FROM acknowledgement ORDER BY id"
_CARRIED = "SELECT max(releases) AS last, max(at) AS at FROM carried"
_CLOSED = (
    "SELECT month FROM closing WHERE id NOT IN (SELECT closing_id FROM reopening)"
    " ORDER BY month DESC"
)


def cards(connection: Connection) -> tuple[tuple[BranchCard, date], ...]:
    """Return the branches this scheme was told to write to, the one that counts first."""
    return tuple(
        (BranchCard.read(row.card.decode()), date.fromisoformat(row.since))
        for row in fetch(connection, _CARDS)
    )


def address(connection: Connection) -> Address | None:
    """Return the branch this scheme writes to, None until the first is kept."""
    for card, since in cards(connection):
        return Address(card.name, card.fingerprint, card.practice, since)
    return None


def scheme_keys(connection: Connection) -> SchemeKeys | None:
    """Return the scheme's private keys, None until they are made."""
    held = {row.purpose: row.secret for row in fetch(connection, _KEYS)}
    if held.keys() < {SIGN, ANSWER}:
        return None
    return SchemeKeys(held[SIGN], held[ANSWER].decode())


def releases(connection: Connection) -> tuple[Release, ...]:
    """Return all that was approved to leave, in the order of its numbers."""
    return tuple(_release(row) for row in fetch(connection, _RELEASES))


def _release(row: Any) -> Release:
    return Release(
        ReleaseId(row.id),
        Month.parse(row.period),
        row.rev,
        row.seq,
        row.content,
        content.release_id(row.content),
        row.policy,
        date.fromisoformat(row.approved_on),
        row.first_name,
        row.second_name or "",
        bool(row.single_control),
    )


def release_of(connection: Connection, month: Month) -> Release | None:
    """Return the latest revision of a month's release."""
    found = [one for one in releases(connection) if one.period == month]
    return max(found, key=lambda one: one.rev, default=None)


def answers(connection: Connection) -> Mapping[bytes, Said]:
    """Return what the branch said of each release it answered for.

    What it took stays taken, whatever a later answer says, until it says that it lost it.
    """
    found: dict[bytes, Said] = {}
    for row in fetch(connection, _ANSWERS):
        known = found.get(row.release_id)
        if row.status == MISSING:
            found.pop(row.release_id, None)
        elif row.status in TAKEN or known is None or known.state is State.REJECTED:
            state = State.ACKNOWLEDGED if row.status in TAKEN else State.REJECTED
            on = date.fromisoformat(row.received_on)
            found[row.release_id] = Said(state, on, Code(row.code))
    return found


def unacknowledged(connection: Connection) -> tuple[Release, ...]:
    """Return what still has to reach the branch.

    What it refused goes again too: the reason may be gone. A fork is not: only another revision
    settles it.
    """
    told = answers(connection)
    return tuple(
        one
        for one in releases(connection)
        if one.id not in told
        or (told[one.id].state is State.REJECTED and told[one.id].code is not Code.FORK)
    )


def months(connection: Connection) -> tuple[MonthRow, ...]:
    """Return how each month's return stands, the newest first: the open month, then the closed."""
    latest = {one.period: one for one in releases(connection)}
    told = answers(connection)
    sent = fetch_one(connection, _CARRIED)
    closed = [Month.parse(row.month) for row in fetch(connection, _CLOSED)]
    made_on = date.fromisoformat(fetch_one(connection, "SELECT made_on FROM book").made_on)
    return (
        MonthRow(first_open(connection, made_on), State.NOT_CLOSED),
        *(_month(month, latest.get(month), told, sent) for month in closed),
    )


def _month(
    month: Month,
    release: Release | None,
    told: Mapping[bytes, Said],
    sent: Any,
) -> MonthRow:
    if release is None:
        return MonthRow(month, State.TO_SEND)
    if release.id in told:
        said = told[release.id]
        return MonthRow(month, said.state, said.on, release.hash, REASONS.get(said.code))
    if (sent.last or 0) >= release.seq:
        on = datetime.fromtimestamp(sent.at / 1000, UTC).date()
        return MonthRow(month, State.CARRIED, on, release.hash)
    return MonthRow(month, State.APPROVED, release.approved_on, release.hash)


def state_of(connection: Connection, month: Month) -> State:
    """Return how one month's return stands."""
    found = {row.month: row.state for row in months(connection)}
    return found.get(month, State.NOT_CLOSED)


# What would leave, and what it looks like


def content_of(connection: Connection, month: Month, cleared: Cleared) -> bytes:
    """Return the bytes a first release of the month would have: the same for the same book."""
    book = fetch_one(connection, _BOOK)
    return content.encode(
        Return(
            scheme=book.id,
            country=book.country,
            currency=country(book.country).currency.code,
            period=month,
            rev=0,
            policy=POLICY,
            practice=bool(book.practice),
            size_class=cleared.size_class,
            cells=cleared.cells,
        )
    )


def preview(connection: Connection, month: Month) -> Preview:
    """Return what leaves of a month, read back from the bytes of its release.

    While none is approved, these are the bytes that would be. What the books say is of now.
    """
    books = measures(connection, month)
    cleared = rules.cleared(books)
    release = release_of(connection, month)
    raw = content_of(connection, month, cleared) if release is None else release.content
    told = content.decode(raw)
    former = release_of(connection, month.plus(-1))
    before = {} if former is None else content.decode(former.content).cells
    currency = country(told.country).currency
    keys = scheme_keys(connection)
    groups = tuple(
        Group(
            Text(BLOCKS[table.block]),
            Text(table.label),
            tuple(
                _line(
                    table,
                    at,
                    currency,
                    books=books.tables[table.code][at].value,
                    leaves=row[at],
                    before=before[table.code][at] if table.code in before else None,
                    why=cleared.hidden.get((table.code, at), Hidden.FEW),
                )
                for at in range(len(table.cells))
            ),
        )
        for table in TABLES.values()
        if (row := told.cells.get(table.code)) is not None
    )
    return Preview(
        scheme_on(connection, month.last).name,
        month,
        state_of(connection, month),
        groups,
        raw,
        content.release_id(raw),
        told.policy,
        told.practice,
        told.size_class,
        address(connection),
        "" if keys is None else keys.fingerprint,
        release,
    )


def _line(
    table: Table,
    at: int,
    currency: Currency,
    *,
    books: int,
    leaves: int | None,
    before: int | None,
    why: Hidden,
) -> Line:
    cell = table.cells[at]

    def figure(value: int) -> Figure:
        return Money(value, currency) if cell.kind is Kind.MONEY else value

    both = leaves is not None and before is not None
    return Line(
        table.code,
        cell.code,
        Text(cell.label),
        figure(books),
        None if leaves is None else figure(leaves),
        why if leaves is None else None,
        None if before is None else figure(before),
        figure((leaves or 0) - (before or 0)) if both else None,
    )
