"""Flags as they stand: the ranked list, one with its evidence, the claims that have one, how they were judged."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.control.rules import sentence
from stepdesk.control.terms import (
    OPEN,
    Check,
    Evidence,
    Flag,
    FlagAction,
    FlagState,
    FlagStep,
    Pattern,
    Precision,
    Subject,
    SubjectKind,
)
from stepdesk.i18n import N_, Text
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber, document_number, document_parts
from stepdesk.values.ids import ClaimId, FlagId
from stepdesk.values.money import Currency
from stepdesk.values.month import Month

SERIES = "S"
"""The letter that begins a flag's number: S-2026-A-000001."""

_STATE = (
    "coalesce((SELECT state FROM control_flag_step WHERE flag_id = f.id"
    " ORDER BY place DESC LIMIT 1), 'RAISED')"
)
_FLAGS = f"SELECT f.*, {_STATE} AS state FROM control_flag f"
_STEPS = (
    "SELECT k.flag_id, k.state, k.action, k.day, k.reason, s.name FROM control_flag_step k"
    " JOIN staff s ON s.id = k.staff_id"
)


def flags(
    connection: Connection,
    currency: Currency,
    *,
    states: Collection[FlagState] = OPEN,
    level: int = 2,
    pattern: Pattern | None = None,
    month: Month | None = None,
) -> tuple[Flag, ...]:
    """Return flags of that level or above in these states, the highest first, without their evidence.

    Whoever shows them notes it in the access log.
    """
    rows = fetch(
        connection,
        f"{_FLAGS} WHERE f.level >= :level AND (:pattern IS NULL OR f.pattern = :pattern)"
        " AND (:month IS NULL OR f.month = :month) ORDER BY f.score DESC, f.id",
        level=level,
        pattern=None if pattern is None else pattern.value,
        month=None if month is None else str(month),
    )
    wanted = {one.value for one in states}
    return tuple(_flag(connection, row, currency) for row in rows if row.state in wanted)


def flag_of(connection: Connection, flag_id: FlagId, currency: Currency) -> Flag:
    """Return one flag with its evidence and steps.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(connection, f"{_FLAGS} WHERE f.id = :id", id=flag_id)
    if row is None:
        raise LookupError("no such flag")
    steps = fetch(connection, f"{_STEPS} WHERE k.flag_id = :id ORDER BY k.place", id=flag_id)
    others = [
        Subject(SubjectKind(kind), _id(told)) for kind, told in json.loads(row.others or "[]")
    ]
    return _flag(
        connection,
        row,
        currency,
        evidence=tuple(
            _evidence(connection, one, named=Check(row.saw) is Check.TWO_HOUSEHOLDS)
            for one in (Subject(*_subject(row)), *others)
        ),
        steps=tuple(_step(one) for one in steps),
    )


def flag_of_number(connection: Connection, number: str) -> FlagId | None:
    """Return the flag of a number, None when there is none."""
    parts = document_parts(SERIES, number)
    if parts is None:
        return None
    year, letter, serial = parts
    row = fetch_one(
        connection,
        "SELECT id FROM control_flag WHERE year = :year AND letter = :letter AND serial = :serial",
        year=year,
        letter=letter,
        serial=serial,
    )
    return None if row is None else FlagId(row.id)


def state_of_flag(connection: Connection, flag_id: FlagId) -> tuple[FlagState, int]:
    """Return how far a flag is, and how many steps it took.

    Raises:
        LookupError: when there is none.
    """
    row = fetch_one(
        connection,
        f"SELECT {_STATE} AS state, (SELECT count(*)"
        " FROM control_flag_step WHERE flag_id = f.id) AS steps FROM control_flag f"
        " WHERE f.id = :id",
        id=flag_id,
    )
    if row is None:
        raise LookupError("no such flag")
    return FlagState(row.state), row.steps


def flagged(connection: Connection, level: int = 2) -> Mapping[ClaimId, tuple[Pattern, ...]]:
    """Return the claims named by a flag of that level or above nobody judged yet: for routing."""
    found: dict[ClaimId, list[Pattern]] = {}
    rows = fetch(
        connection,
        f"SELECT DISTINCT n.claim_id, f.pattern, {_STATE} AS state FROM flagged_claim n"
        " JOIN control_flag f ON f.id = n.flag_id WHERE f.level >= :level"
        " ORDER BY n.claim_id, f.pattern",
        level=level,
    )
    for row in rows:
        if FlagState(row.state) in OPEN:
            found.setdefault(ClaimId(row.claim_id), []).append(Pattern(row.pattern))
    return {claim: tuple(dict.fromkeys(patterns)) for claim, patterns in found.items()}


def precisions(connection: Connection) -> tuple[Precision, ...]:
    """Return how the flags of each pattern were judged."""
    counted: dict[Pattern, list[FlagState]] = {}
    for row in fetch(connection, f"SELECT f.pattern, {_STATE} AS state FROM control_flag f"):
        counted.setdefault(Pattern(row.pattern), []).append(FlagState(row.state))
    return tuple(
        Precision(
            pattern,
            len(states),
            states.count(FlagState.DISMISSED),
            states.count(FlagState.CONFIRMED) + states.count(FlagState.ACTION),
        )
        for pattern, states in sorted(counted.items(), key=lambda told: told[0].value)
    )


def raised_before(connection: Connection) -> Mapping[bytes, tuple[tuple[FlagState, int], ...]]:
    """Return the state and weight of each flag, by fingerprint."""
    found: dict[bytes, list[tuple[FlagState, int]]] = {}
    for row in fetch(
        connection, f"SELECT f.fingerprint, f.weight, {_STATE} AS state FROM control_flag f"
    ):
        found.setdefault(row.fingerprint, []).append((FlagState(row.state), row.weight))
    return {told: tuple(states) for told, states in found.items()}


# Rows


def _id(told: str | None) -> bytes | None:
    return None if told is None else bytes.fromhex(told)


def _subject(row: Any) -> tuple[SubjectKind, bytes | None]:
    return SubjectKind(row.subject_kind), row.subject_id


def _flag(
    connection: Connection,
    row: Any,
    currency: Currency,
    *,
    evidence: tuple[Evidence, ...] = (),
    steps: tuple[FlagStep, ...] = (),
) -> Flag:
    subject = Subject(*_subject(row))
    # What a person was forgotten with is blank.
    numbers = json.loads(row.numbers) if row.numbers else {}
    return Flag(
        id=FlagId(row.id),
        number=document_number(SERIES, row.year, row.letter, row.serial),
        pattern=Pattern(row.pattern),
        check=Check(row.saw),
        level=row.level,
        subject=subject,
        concerns=concerns(connection, subject),
        sentence=sentence(Check(row.saw), numbers, currency) if numbers else _FORGOTTEN,
        numbers=numbers,
        score=row.score,
        month=Month.parse(row.month),
        raised_on=date.fromisoformat(row.raised_on),
        state=FlagState(row.state),
        evidence=evidence,
        steps=steps,
    )


_FORGOTTEN = Text(N_("What was seen here is no longer kept."))
_MAIN_BOX = Text(N_("Main cash box"))


def _step(row: Any) -> FlagStep:
    return FlagStep(
        FlagState(row.state),
        date.fromisoformat(row.day),
        row.name,
        row.reason or "",
        None if row.action is None else FlagAction(row.action),
    )


_OF_KIND: Mapping[SubjectKind, str] = {
    SubjectKind.CLAIM: "SELECT year, letter, serial, first_day AS day, claimed AS amount"
    " FROM claim WHERE id = :id",
    SubjectKind.PERSON: "SELECT s.code AS section, h.serial AS home, v.suffix FROM cover v"
    " JOIN household h ON h.id = v.household_id JOIN section s ON s.id = h.section_id"
    " WHERE v.person_id = :id ORDER BY v.first_day DESC LIMIT 1",
    SubjectKind.HOUSEHOLD: "SELECT s.code AS section, h.serial AS home, NULL AS suffix"
    " FROM household h JOIN section s ON s.id = h.section_id WHERE h.id = :id",
    SubjectKind.PROVIDER: "SELECT name FROM provider WHERE id = :id",
    SubjectKind.COLLECTOR: "SELECT name FROM staff WHERE id = :id",
    SubjectKind.STAFF: "SELECT name FROM staff WHERE id = :id",
    SubjectKind.BOOKLET: "SELECT serial AS booklet FROM booklet WHERE id = :id",
    SubjectKind.BOX: "SELECT name FROM cash_box WHERE id = :id",
}


def concerns(connection: Connection, subject: Subject) -> str | Text:
    """Return a number or a name for what something is about; of members numbers alone."""
    if subject.id is None:
        return _MAIN_BOX
    row = fetch_one(connection, _OF_KIND[subject.kind], id=subject.id)
    return "" if row is None else _told(subject.kind, row)


def _told(kind: SubjectKind, row: Any) -> str:
    if kind is SubjectKind.CLAIM:
        return document_number("C", row.year, row.letter, row.serial)
    if kind in {SubjectKind.PERSON, SubjectKind.HOUSEHOLD}:
        number = str(HouseholdNumber(row.section, row.home))
        return number if row.suffix is None else f"{number}/{row.suffix:02d}"
    return f"{row.booklet:04d}" if kind is SubjectKind.BOOKLET else str(row.name)


def _evidence(connection: Connection, subject: Subject, *, named: bool = False) -> Evidence:
    told = concerns(connection, subject)
    number = told if isinstance(told, str) else ""
    if named and subject.kind is SubjectKind.PERSON:
        return _entry(connection, subject, number)
    if subject.kind is not SubjectKind.CLAIM or subject.id is None:
        return Evidence(subject, number)
    row = fetch_one(connection, _OF_KIND[SubjectKind.CLAIM], id=subject.id)
    return Evidence(subject, number, date.fromisoformat(row.day), row.amount)


def _entry(connection: Connection, subject: Subject, number: str) -> Evidence:
    """Return an entry of the register with what it is compared by; blank once it was forgotten."""
    row = fetch_one(
        connection, "SELECT surname, given_names, birth FROM person WHERE id = :id", id=subject.id
    )
    if row is None or not row.surname:
        return Evidence(subject, number)
    born = date.fromisoformat(row.birth) if row.birth else None
    return Evidence(subject, number, name=f"{row.surname} {row.given_names}", born=born)
