"""Booklets: who holds them, where each leaf stands, what should not be."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.receipts import number
from stepdesk.contributions.terms import (
    OFFICE,
    Booklet,
    BookletFacts,
    BookletFinding,
    BookletMove,
    BookletState,
    Holder,
    Leaf,
    LeafMark,
    LeafUse,
    MarkKind,
    MoveKind,
    Stationery,
)
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number, leaf_parts, letter_number
from stepdesk.values.ids import BookletId, ProviderId, StaffId

_BOOKLETS = "SELECT * FROM booklet{} ORDER BY kind, serial"
_MOVES = (
    "SELECT m.booklet_id, m.kind, m.day, m.collector_id, m.provider_id, m.note,"
    " coalesce(t.name, p.name) AS holder FROM booklet_move m"
    " LEFT JOIN staff t ON t.id = m.collector_id LEFT JOIN provider p ON p.id = m.provider_id"
    "{} ORDER BY m.booklet_id, m.day, m.id"
)
_MARKS = "SELECT * FROM leaf_mark m{} ORDER BY m.booklet_id, m.id"
_USES = (
    "SELECT p.booklet_id, p.leaf, p.letter, p.year, p.serial, p.legacy_number, p.paid_on,"
    " coalesce(p.collector_id, s.collector_id, s.opened_by) AS carrier, p.taken_by,"
    " EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) AS reversed FROM payment p"
    " LEFT JOIN collection_session s ON s.id = p.session_id WHERE p.booklet_id IS NOT NULL{}"
    " ORDER BY p.booklet_id, p.leaf, p.id"
)
# What was written on leaves of pads is told by the claims' tables, from which nothing is imported
# here: a letter names its leaf, a certificate bears its number as it was typed.
_LETTERS = (
    "SELECT booklet_id, leaf, letter, year, serial, asked_on, provider_id FROM guarantee_letter"
    " WHERE booklet_id IS NOT NULL{} ORDER BY booklet_id, leaf, id"
)
_CERTIFICATES = (
    "SELECT c.certificate, 'C' AS kind, c.year, c.letter, c.serial, c.first_day AS day,"
    " b.provider_id, EXISTS (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
    " AND e.outcome = 'WITHDRAWN') AS withdrawn FROM claim c JOIN claim_batch b"
    " ON b.id = c.batch_id WHERE c.certificate <> '' AND c.legacy_number IS NULL{0}"
    " UNION ALL SELECT c.certificate, 'B', b.year, b.letter, b.serial, c.day, b.provider_id, 0"
    " FROM unknown_patient c JOIN claim_batch b ON b.id = c.batch_id WHERE c.certificate <> ''{0}"
    " AND NOT EXISTS (SELECT 1 FROM patient_found f WHERE f.unknown_patient_id = c.id)"
    " ORDER BY day, year, serial"
)
_PADS = "SELECT id, serial FROM booklet WHERE kind = 'CERTIFICATE'{}"
_ACCEPTED = "SELECT booklet_id, kind, first_leaf, last_leaf, receipts FROM finding_note"
_ONE = "SELECT id FROM booklet WHERE kind = :kind AND serial = :serial"


def booklet_by_number(
    connection: Connection, serial: int, kind: Stationery = Stationery.RECEIPT
) -> BookletId | None:
    """Return the booklet of that kind that bears the number."""
    row = fetch_one(connection, _ONE, kind=kind.value, serial=serial)
    return None if row is None else BookletId(row.id)


def leaf_by_number(connection: Connection, told: str) -> Leaf | None:
    """Return the leaf of a receipt booklet from `0147-23`; None where there is no such booklet.

    Whether the booklet has that leaf is not asked here.
    """
    parts = leaf_parts(told)
    found = None if parts is None else booklet_by_number(connection, parts[0])
    return None if parts is None or found is None else Leaf(found, parts[1])


def booklet_facts(connection: Connection, booklet_id: BookletId) -> BookletFacts:
    """Return all that was told of one booklet.

    Raises:
        LookupError: when there is no such booklet.
    """
    found = _facts(
        connection,
        (" WHERE id = :id", " WHERE m.booklet_id = :id", " AND p.booklet_id = :id"),
        id=booklet_id,
    )
    if not found:
        raise LookupError("no such booklet")
    return found[0]


def all_booklets(connection: Connection) -> tuple[BookletFacts, ...]:
    """Return all that was told of each booklet, by kind and number."""
    return tuple(_facts(connection, ("", "", "")))


def booklet_state(connection: Connection, booklet_id: BookletId) -> BookletState:
    """Return a booklet leaf by leaf, with what should not be.

    Raises:
        LookupError: when there is no such booklet.
    """
    return rules.booklet_state(booklet_facts(connection, booklet_id))


def booklet_states(
    connection: Connection, kind: Stationery | None = None
) -> tuple[BookletState, ...]:
    """Return every booklet, of one kind or of all, by kind and number: the inventory D28."""
    return tuple(
        rules.booklet_state(facts)
        for facts in all_booklets(connection)
        if kind is None or facts.booklet.kind is kind
    )


def stationery_findings(connection: Connection) -> tuple[BookletFinding, ...]:
    """Return all that should not be with booklets, accepted or not."""
    return tuple(
        finding for facts in all_booklets(connection) for finding in rules.booklet_findings(facts)
    )


def open_findings(connection: Connection) -> tuple[BookletFinding, ...]:
    """Return what should not be with booklets and nobody has accepted: for Today and closing."""
    found = stationery_findings(connection)
    if not found:
        return ()
    accepted = {tuple(row) for row in fetch(connection, _ACCEPTED)}
    return tuple(one for one in found if _named(one) not in accepted)


def _named(one: BookletFinding) -> tuple[object, ...]:
    """What tells one finding from another: a further receipt on the same leaf is a new one."""
    receipts = " ".join(one.receipts)
    return (one.booklet_id, one.kind.value, one.first_leaf, one.last_leaf, receipts)


def _facts(
    connection: Connection, where: tuple[str, str, str], **values: object
) -> list[BookletFacts]:
    of_booklet, of_move, of_use = where
    moves = _grouped(fetch(connection, _MOVES.format(of_move), **values))
    marks = _grouped(fetch(connection, _MARKS.format(of_move), **values))
    receipts = _grouped(fetch(connection, _USES.format(of_use), **values))
    pads = _pad_uses(connection, values)
    return [
        BookletFacts(
            _booklet(row),
            tuple(_move(one) for one in moves.get(row.id, ())),
            tuple(_mark(one) for one in marks.get(row.id, ())),
            (*(_use(one) for one in receipts.get(row.id, ())), *pads.get(row.id, ())),
        )
        for row in fetch(connection, _BOOKLETS.format(of_booklet), **values)
    ]


def _pad_uses(
    connection: Connection, values: Mapping[str, object]
) -> Mapping[bytes, list[LeafUse]]:
    """Return what was written on the leaves of one pad or of all, by booklet."""
    found: dict[bytes, list[LeafUse]] = {}
    one = bool(values)
    letters = fetch(connection, _LETTERS.format(" AND booklet_id = :id" if one else ""), **values)
    for row in letters:
        number = letter_number(row.year, row.letter, row.serial)
        use = _pad_use(row.leaf, number, row.asked_on, row.provider_id)
        found.setdefault(row.booklet_id, []).append(use)
    pads = {
        row.serial: row.id
        for row in fetch(connection, _PADS.format(" AND id = :id" if one else ""), **values)
    }
    if not pads:
        return found
    named = {"part": str(next(iter(pads)))} if one else {}
    like = " AND instr(c.certificate, :part)" if one else ""
    for row in fetch(connection, _CERTIFICATES.format(like), **named):
        serial, leaf = leaf_parts(row.certificate) or (0, 0)
        if serial in pads:
            number = document_number(row.kind, row.year, row.letter, row.serial)
            use = _pad_use(leaf, number, row.day, row.provider_id, gone=bool(row.withdrawn))
            found.setdefault(pads[serial], []).append(use)
    return found


def _pad_use(
    leaf: int, number: str, day: str, provider_id: bytes, *, gone: bool = False
) -> LeafUse:
    return LeafUse(
        leaf,
        number,
        date.fromisoformat(day),
        reversed=gone,
        provider_id=ProviderId(provider_id),
    )


def _grouped(rows: Iterable[Any]) -> Mapping[bytes, list[Any]]:
    found: dict[bytes, list[Any]] = {}
    for row in rows:
        found.setdefault(row.booklet_id, []).append(row)
    return found


def _booklet(row: Any) -> Booklet:
    return Booklet(
        BookletId(row.id),
        Stationery(row.kind),
        row.serial,
        row.first_leaf,
        row.last_leaf,
        date.fromisoformat(row.received_on),
        row.cost,
    )


def _move(row: Any) -> BookletMove:
    holder = OFFICE
    if row.holder is not None:
        holder = Holder(
            row.holder,
            None if row.collector_id is None else StaffId(row.collector_id),
            None if row.provider_id is None else ProviderId(row.provider_id),
        )
    return BookletMove(MoveKind(row.kind), date.fromisoformat(row.day), holder, row.note)


def _mark(row: Any) -> LeafMark:
    return LeafMark(
        MarkKind(row.kind),
        row.first_leaf,
        row.last_leaf,
        date.fromisoformat(row.day),
        bool(row.kept),
        row.reason,
    )


def _use(row: Any) -> LeafUse:
    return LeafUse(
        row.leaf,
        number(row.letter, row.year, row.serial, row.legacy_number),
        date.fromisoformat(row.paid_on),
        None if row.carrier is None else StaffId(row.carrier),
        bool(row.reversed),
        StaffId(row.taken_by),
    )
