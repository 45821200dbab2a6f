"""What happened to claims between entry and payment, and what of it waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import Category
from stepdesk.claims import rules
from stepdesk.claims.queries.care import IMPORTED
from stepdesk.claims.queries.paying import HELD
from stepdesk.claims.terms import (
    UNDECIDED,
    AskedOf,
    ClaimFacts,
    Contested,
    ForReview,
    LineReview,
    Move,
    OpenQuery,
    Outcome,
    Override,
    OverrideEffect,
    OverrideRow,
    Route,
    Sampled,
    Stand,
    State,
    Undecided,
)
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number
from stepdesk.values.ids import BatchId, ClaimId, ClaimLineId, StaffId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

LATEST = " AND e.version = (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
"""Joined to a decision `e` of a claim `c`: its latest version alone counts."""

_LATEST_EVENT = (
    " LEFT JOIN claim_event v ON v.claim_id = c.id"
    " AND v.place = (SELECT max(place) FROM claim_event WHERE claim_id = c.id)"
)
# Two sums and not one of a UNION: SQLite would read both tables whole for each claim.
SETTLED = (
    "(coalesce((SELECT sum(q.amount) FROM paid_claim q WHERE q.claim_id = c.id), 0)"
    " + coalesce((SELECT sum(q.amount) FROM reimbursed_claim q WHERE q.claim_id = c.id), 0))"
)
"""What a claim `c` was paid so far, to its provider or its member."""

HELD_CLAIM = HELD.format(column="claim_id", of="c.id")
"""Whether a batch of payments that is under way holds a claim `c`."""

_STAND = (
    "SELECT c.letter, c.claimed, e.version, e.outcome, e.paid, e.decided_by,"
    " v.place, v.state, v.version AS happened_at,"
    f" {SETTLED} AS settled,"
    f" EXISTS {HELD_CLAIM} AS in_batch,"
    " EXISTS (SELECT 1 FROM claim_review r WHERE r.claim_id = c.id) AS reviewed,"
    " EXISTS (SELECT 1 FROM claim_override o WHERE o.claim_id = c.id) AS overridden"
    " FROM claim c"
    f" LEFT JOIN claim_decision e ON e.claim_id = c.id{LATEST}"
    f"{_LATEST_EVENT} WHERE c.id = :claim"
)


def state_of(
    outcome: str | None,
    event: str | None = None,
    *,
    version: int | None = None,
    happened_at: int | None = None,
    paid: int | None = None,
    settled: int | None = None,
    in_batch: int = 0,
) -> State:
    """Return where a claim stands by its latest decision, latest event and what was paid.

    An event that a later decision followed says nothing any more.
    """
    counts = event is not None and (happened_at or 0) >= (version or 0)
    return rules.state_from(
        None if outcome is None else Outcome(outcome),
        State(event) if counts else None,
        paid=paid or 0,
        settled=settled or 0,
        in_batch=bool(in_batch),
    )


def stand_of(connection: Connection, claim_id: ClaimId) -> Stand | None:
    """Return where a claim stands, None when there is none."""
    row = fetch_one(connection, _STAND, claim=claim_id)
    if row is None:
        return None
    return Stand(
        claim_id,
        state_of(
            row.outcome,
            row.state,
            version=row.version,
            happened_at=row.happened_at,
            paid=row.paid,
            settled=row.settled,
            in_batch=row.in_batch,
        ),
        row.version or 0,
        row.claimed,
        row.paid or 0,
        row.settled or 0,
        row.place or 0,
        row.letter == IMPORTED,
        bool(row.reviewed),
        bool(row.overridden),
        None if row.decided_by is None else StaffId(row.decided_by),
    )


def lines_of(connection: Connection, claim_id: ClaimId) -> tuple[ClaimLineId, ...]:
    """Return the lines of a claim in the order they were typed."""
    rows = fetch(
        connection, "SELECT id FROM claim_line WHERE claim_id = :claim ORDER BY id", claim=claim_id
    )
    return tuple(ClaimLineId(row.id) for row in rows)


_REVIEW = (
    "SELECT l.id, r.quantity, r.price, r.code FROM claim_line l"
    " LEFT JOIN line_review r ON r.line_id = l.id AND r.review_id ="
    " (SELECT id FROM claim_review WHERE claim_id = :claim ORDER BY place DESC LIMIT 1)"
    " WHERE l.claim_id = :claim ORDER BY l.id"
)


def review_of(connection: Connection, claim_id: ClaimId) -> tuple[LineReview, ...]:
    """Return what the medical adviser last said of each line; no justification is read."""
    return tuple(
        LineReview(row.quantity, row.price, None if row.code is None else ReasonCode(row.code))
        for row in fetch(connection, _REVIEW, claim=claim_id)
    )


def overrides_of(connection: Connection, claim_id: ClaimId) -> tuple[Override, ...]:
    """Return every reason decided otherwise on a claim so far, in order."""
    rows = fetch(
        connection,
        "SELECT line_id, code, effect FROM claim_override WHERE claim_id = :claim"
        " ORDER BY version, id",
        claim=claim_id,
    )
    return tuple(
        Override(
            ReasonCode(row.code),
            OverrideEffect(row.effect),
            None if row.line_id is None else ClaimLineId(row.line_id),
        )
        for row in rows
    )


def facts_decided(connection: Connection, stand: Stand | None, facts: ClaimFacts) -> ClaimFacts:
    """Return the facts with what the medical adviser said and what was decided otherwise so far."""
    if stand is not None and stand.reviewed:
        facts = rules.reviewed(facts, review_of(connection, stand.claim_id))
    if stand is not None and stand.overridden:
        line_ids = lines_of(connection, stand.claim_id)
        facts = rules.overridden(facts, line_ids, overrides_of(connection, stand.claim_id))
    return facts


# What decides whether the medical adviser looks

LEAST_CLAIMS = 30
"""Of fewer claims no mean is told: chance would send every second one to the adviser."""

_MEANS = (
    "SELECT s.category, count(DISTINCT c.id) AS claims, sum(l.quantity * l.unit_price) AS asked"
    " FROM claim c JOIN claim_line l ON l.claim_id = c.id JOIN service s ON s.id = l.service_id"
    " WHERE c.last_day >= :since AND c.last_day < :day AND EXISTS"
    " (SELECT 1 FROM claim_decision e WHERE e.claim_id = c.id"
    " AND e.outcome IN ('APPROVED', 'REJECTED')) GROUP BY s.category"
)


def means_of(connection: Connection, day: date) -> Mapping[Category, int]:
    """Return what a claim asks for on average in each category, over the year before a day."""
    rows = fetch(
        connection,
        _MEANS,
        since=day.replace(year=day.year - 1, day=1).isoformat(),
        day=day.isoformat(),
    )
    return {
        Category(row.category): row.asked // row.claims
        for row in rows
        if row.claims >= LEAST_CLAIMS
    }


def asked_by_category(connection: Connection, claim_id: ClaimId) -> Mapping[Category, int]:
    """Return what a claim asks for in each category of care."""
    rows = fetch(
        connection,
        "SELECT s.category, sum(l.quantity * l.unit_price) AS asked FROM claim_line l"
        " JOIN service s ON s.id = l.service_id WHERE l.claim_id = :claim GROUP BY s.category",
        claim=claim_id,
    )
    return {Category(row.category): row.asked for row in rows}


def has_adviser(connection: Connection) -> bool:
    """Whether somebody of the scheme is its medical adviser today."""
    row = fetch_one(
        connection,
        "SELECT 1 AS yes FROM staff WHERE role = 'MEDICAL_ADVISER' AND ended_on IS NULL LIMIT 1",
    )
    return row is not None


# What waits

_NUMBERED = (
    "SELECT c.id, c.year, c.letter, c.serial, c.claimed, p.name AS provider, b.received_on,"
    " v.day, v.due, v.codes, v.asked_of, v.told, v.state, v.version AS happened_at, e.version,"
    " e.outcome, e.paid"
    " FROM claim c JOIN claim_batch b ON b.id = c.batch_id JOIN provider p ON p.id = b.provider_id"
    f" LEFT JOIN claim_decision e ON e.claim_id = c.id{LATEST}{_LATEST_EVENT}"
)
_WHERE_STATE = (
    f"{_NUMBERED} WHERE c.id IN (SELECT claim_id FROM claim_event WHERE kind = :kind)"
    " AND v.state = :state AND v.version >= coalesce(e.version, 0) ORDER BY v.day, c.id"
)


def _number(row: Any) -> str:
    return document_number("C", row.year, row.letter, row.serial)


def open_queries(connection: Connection, day: date) -> tuple[OpenQuery, ...]:
    """Return the questions that wait for an answer on a day, the oldest first."""
    rows = fetch(connection, _WHERE_STATE, kind=Move.QUERY.value, state=State.QUERIED.value)
    return tuple(
        OpenQuery(
            ClaimId(row.id),
            _number(row),
            row.provider,
            AskedOf(row.asked_of),
            date.fromisoformat(row.day),
            date.fromisoformat(row.due),
            (day - date.fromisoformat(row.day)).days,
            row.told or "",
        )
        for row in rows
    )


def for_review(connection: Connection, currency: Currency) -> tuple[ForReview, ...]:
    """Return the claims that wait for the medical adviser, the oldest first; no patient is named."""
    rows = fetch(
        connection, _WHERE_STATE, kind=Move.ROUTE.value, state=State.MEDICAL_PENDING.value
    )
    routed = _routes(connection, [row.id for row in rows])
    return tuple(
        ForReview(
            ClaimId(row.id),
            _number(row),
            row.provider,
            date.fromisoformat(row.day),
            routed.get(row.id, ()),
            Money(row.claimed, currency),
        )
        for row in rows
    )


def _routes(connection: Connection, claims: Sequence[bytes]) -> dict[bytes, tuple[Route, ...]]:
    """Return why each claim was last sent: what came after may have been a query and its answer."""
    wanted = set(claims)
    rows = fetch(
        connection, "SELECT claim_id, codes FROM claim_event WHERE kind = 'ROUTE' ORDER BY place"
    )
    return {
        row.claim_id: tuple(Route(one) for one in row.codes.split(",") if one)
        for row in rows
        if row.claim_id in wanted
    }


def queries_of(
    connection: Connection, claim_id: ClaimId | None = None
) -> Mapping[ClaimId, tuple[tuple[date, date | None], ...]]:
    """Return of each claim, or one, the days of its questions and of their answers."""
    rows = fetch(
        connection,
        "SELECT claim_id, kind, day FROM claim_event WHERE kind IN ('QUERY', 'ANSWER')"
        " AND (:claim IS NULL OR claim_id = :claim) ORDER BY claim_id, place",
        claim=claim_id,
    )
    found: dict[ClaimId, list[tuple[date, date | None]]] = {}
    for row in rows:
        listed = found.setdefault(ClaimId(row.claim_id), [])
        day = date.fromisoformat(row.day)
        if row.kind == Move.QUERY.value:
            listed.append((day, None))
        elif listed:
            listed[-1] = (listed[-1][0], day)
    return {claim: tuple(asked) for claim, asked in found.items()}


_WAITING = (
    f"{_NUMBERED} WHERE c.letter <> '{IMPORTED}' AND b.received_on <= :day"
    " AND (e.outcome IS NULL OR e.outcome = 'PENDING') ORDER BY b.received_on, c.id"
)


def undecided_since(connection: Connection, day: date, *, days: int) -> tuple[Undecided, ...]:
    """Return claims the scheme owes a decision on for more than so many days, the oldest first.

    Days in which a question waited for its answer are not counted: they are the other side's.
    """
    asked = queries_of(connection)
    found = []
    for row in fetch(connection, _WAITING, day=day.isoformat()):
        stands = state_of(row.outcome, row.state, version=row.version, happened_at=row.happened_at)
        if stands not in UNDECIDED or stands is State.QUERIED:
            continue
        received = date.fromisoformat(row.received_on)
        claim_id = ClaimId(row.id)
        waiting = (day - received).days - rules.waiting_days(asked.get(claim_id, ()), day=day)
        if waiting > days:
            found.append(Undecided(claim_id, _number(row), row.provider, received, waiting))
    return tuple(found)


# What was decided otherwise

_CONTESTED = (
    "SELECT e.codes AS whole, d.codes, s.name FROM claim c"
    f" JOIN claim_decision e ON e.claim_id = c.id{LATEST}"
    " LEFT JOIN line_decision d ON d.decision_id = e.id"
    " LEFT JOIN claim_line l ON l.id = d.line_id LEFT JOIN service s ON s.id = l.service_id"
    " WHERE c.id = :claim ORDER BY l.id"
)


def contested(connection: Connection, claim_id: ClaimId) -> tuple[Contested, ...]:
    """Return the reasons of the decision that stands, in its order: what an appeal can set aside."""
    rows = fetch(connection, _CONTESTED, claim=claim_id)
    whole = rows[0].whole.split(",") if rows and rows[0].whole else []
    return tuple(
        Contested(
            ReasonCode(code),
            rules.reason(ReasonCode(code)),
            tuple(dict.fromkeys(row.name for row in rows if code in (row.codes or "").split(","))),
        )
        for code in whole
    )


_OVERRIDES = (
    "SELECT c.year, c.letter, c.serial, o.day, o.code, o.effect, o.by_appeal, o.reason,"
    " s.name, t.name AS second, e.paid - coalesce((SELECT b.paid FROM claim_decision b"
    " WHERE b.claim_id = e.claim_id AND b.version = e.version - 1), 0) AS amount"
    " FROM claim_override o JOIN claim c ON c.id = o.claim_id"
    " JOIN claim_decision e ON e.claim_id = o.claim_id AND e.version = o.version"
    " JOIN staff s ON s.id = o.staff_id LEFT JOIN staff t ON t.id = o.second_id"
    " WHERE substr(o.day, 1, 7) = :month ORDER BY o.day, o.id"
)


def overrides_in(
    connection: Connection, month: Month, currency: Currency
) -> tuple[OverrideRow, ...]:
    """Return what was decided otherwise in a month, appeals among it."""
    return tuple(
        OverrideRow(
            _number(row),
            date.fromisoformat(row.day),
            ReasonCode(row.code),
            OverrideEffect(row.effect),
            row.name,
            row.second or "",
            bool(row.by_appeal),
            Money(row.amount, currency),
            row.reason,
        )
        for row in fetch(connection, _OVERRIDES, month=str(month))
    )


def samples_of(connection: Connection, batch_id: BatchId) -> tuple[Sampled, ...]:
    """Return how claims of a batch were drawn for review, in order."""
    rows = fetch(
        connection,
        "SELECT * FROM review_sample WHERE batch_id = :batch ORDER BY id",
        batch=batch_id,
    )
    return tuple(
        Sampled(
            BatchId(row.batch_id),
            date.fromisoformat(row.day),
            row.seed,
            row.percent,
            row.drawn_from,
            row.chosen,
        )
        for row in rows
    )


_OF_BATCH = (
    "SELECT c.id, c.first_day, c.last_day, e.outcome, e.version, e.paid, v.state,"
    " v.version AS happened_at, c.id > coalesce((SELECT max(id) FROM review_sample"
    " WHERE batch_id = c.batch_id), x'') AS fresh FROM claim c"
    f" LEFT JOIN claim_decision e ON e.claim_id = c.id{LATEST}{_LATEST_EVENT}"
    f" WHERE c.batch_id = :batch AND c.letter <> '{IMPORTED}' ORDER BY c.id"
)


@dataclass(frozen=True, slots=True)
class OfBatch:
    """A claim of a batch with its state; `fresh` ones were not there when a sample was drawn."""

    claim_id: ClaimId
    state: State
    first_day: date
    last_day: date
    fresh: bool


def states_of(connection: Connection, batch_id: BatchId) -> tuple[OfBatch, ...]:
    """Return the claims of a batch with their states, in the order they were typed.

    Payments are not looked at: a paid claim is told as approved.
    """
    return tuple(
        OfBatch(
            ClaimId(row.id),
            state_of(row.outcome, row.state, version=row.version, happened_at=row.happened_at),
            date.fromisoformat(row.first_day),
            date.fromisoformat(row.last_day),
            bool(row.fresh),
        )
        for row in fetch(connection, _OF_BATCH, batch=batch_id)
    )


def waiting_of(
    connection: Connection, batch_id: BatchId
) -> tuple[tuple[ClaimId, ...], tuple[ClaimId, ...]]:
    """Return the claims of a batch that can be decided, and those that wait for somebody first."""
    told = [(one.claim_id, one.state) for one in states_of(connection, batch_id)]
    decidable = tuple(one for one, state in told if rules.allowed(state, Move.DECIDE))
    held = tuple(one for one, state in told if state in {State.QUERIED, State.MEDICAL_PENDING})
    return decidable, held


_FLAGGED = (
    "SELECT DISTINCT l.claim_id FROM claim_line l JOIN claim c ON c.id = l.claim_id"
    " WHERE c.batch_id = :batch AND l.service_id IN"
    " (SELECT service_id FROM benefit_rule WHERE requires_medical_review = 1)"
)


def maybe_flagged(connection: Connection, batch_id: BatchId) -> frozenset[ClaimId]:
    """Return the claims of a batch with a service that some package has reviewed."""
    return frozenset(ClaimId(row.claim_id) for row in fetch(connection, _FLAGGED, batch=batch_id))


def provider_of(connection: Connection, batch_id: BatchId) -> bytes:
    """Return who sent a batch."""
    row = fetch_one(
        connection, "SELECT provider_id FROM claim_batch WHERE id = :batch", batch=batch_id
    )
    return bytes(row.provider_id)
