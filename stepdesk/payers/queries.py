"""Reading groups, payers and nominations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.payers import rules
from stepdesk.payers.terms import (
    Adhesion,
    Arrived,
    Group,
    GroupKind,
    GroupMoney,
    GroupPlace,
    Nomination,
    NominationStep,
    Owed,
    Payer,
    PayerAgreement,
    PayerKind,
    PayerMoney,
    PayerStatement,
    Sponsored,
    StatementLine,
    Step,
)
from stepdesk.store.memory import remembered
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import document_number, document_parts
from stepdesk.values.ids import (
    GroupId,
    GroupPaymentId,
    HouseholdId,
    NominationId,
    PayerAgreementId,
    PayerId,
    PayerPaymentId,
    PersonId,
    StatementId,
)

_AGREEMENTS = (
    "SELECT a.*, p.name AS payer FROM payer_agreement a JOIN payer p ON p.id = a.payer_id"
    " ORDER BY a.first_day, a.id"
)
_NOMINATIONS = (
    "SELECT n.*, p.name AS payer FROM nomination n"
    " JOIN payer_agreement a ON a.id = n.agreement_id JOIN payer p ON p.id = a.payer_id"
    " WHERE {} AND EXISTS (SELECT 1"
    " FROM nomination_step s WHERE s.nomination_id = n.id AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = s.id)) ORDER BY n.nominated_on, n.id"
)
_NAMED = (
    "SELECT n.household_id, n.person_id, p.name AS payer FROM nomination n"
    " JOIN payer_agreement a ON a.id = n.agreement_id JOIN payer p ON p.id = a.payer_id"
    " WHERE n.id = :nomination"
)
_STEPS = (
    "SELECT s.* FROM nomination_step s JOIN nomination n ON n.id = s.nomination_id"
    " WHERE {} AND NOT EXISTS (SELECT 1 FROM membership_event r WHERE r.reverses = s.id)"
    " ORDER BY s.effective_on, s.id"
)
# One household is asked for by its index; a choice left to the statement would read the table.
_OF_ONE, _OF_ALL = "n.household_id = :household", "TRUE"
_OF_NOMINATION = "SELECT household_id FROM nomination WHERE id = :nomination"
_HOLDS = "{0}.first_day <= :day AND ({0}.until IS NULL OR {0}.until > :day)"
_PERSONS = (
    f"SELECT c.person_id FROM cover c WHERE c.household_id = :household AND {_HOLDS.format('c')}"
)
# Who resigned, was excluded or left no survivor is on no list; undoing it puts them back.
_LIVES = (
    "EXISTS (SELECT 1 FROM cover l WHERE l.household_id = m.household_id"
    f" AND {_HOLDS.format('l')})"
)
_GROUPS = (
    "SELECT g.*, (SELECT count(*) FROM group_membership m WHERE m.group_id = g.id"
    f" AND {_HOLDS.format('m')} AND {_LIVES}) AS households,"
    " (SELECT count(*) FROM group_membership m JOIN cover c ON c.household_id = m.household_id"
    f" WHERE m.group_id = g.id AND {_HOLDS.format('m')} AND {_HOLDS.format('c')}) AS enrolled"
    " FROM member_group g WHERE (:one IS NULL OR g.id = :one)"
)
_PLACES = (
    "SELECT m.*, g.name FROM group_membership m JOIN member_group g ON g.id = m.group_id"
    " WHERE (:one IS NULL OR m.group_id = :one)"
    f" AND (:household IS NULL OR m.household_id = :household) AND {_HOLDS.format('m')}"
    f" AND {_LIVES}"
    " ORDER BY m.place, m.id"
)

_STATEMENTS = (
    "SELECT s.*, p.name AS payer FROM payer_statement s JOIN payer p ON p.id = s.payer_id"
    " WHERE (:payer IS NULL OR s.payer_id = :payer) ORDER BY s.issued_on, s.id"
)
_LINES = "SELECT l.* FROM payer_statement_line l WHERE l.statement_id = :one ORDER BY l.id"
_AWAITED_LINES = (
    "SELECT l.* FROM payer_statement_line l JOIN payer_statement s ON s.id = l.statement_id"
    " JOIN payer_agreement a ON a.id = s.agreement_id WHERE a.on_commitment = 0"
    " AND s.payer_id = :payer ORDER BY l.id"
)
_STATED = (
    "SELECT l.household_id, l.person_id, l.due_first_day, l.kind, sum(l.amount) AS amount"
    " FROM payer_statement_line l JOIN payer_statement s ON s.id = l.statement_id"
    " WHERE s.agreement_id = :agreement GROUP BY 1, 2, 3, 4"
)
_MONEY = (
    "SELECT p.*, r.paid_on AS reversed_on FROM payer_payment p"
    " LEFT JOIN payer_payment r ON r.reverses = p.id WHERE p.reverses IS NULL"
    " AND (:payer IS NULL OR p.payer_id = :payer) ORDER BY p.paid_on, p.id"
)
_BY_NUMBER = (
    "SELECT id FROM payer_payment WHERE year = :year AND letter = :letter AND serial = :serial"
)
_ON_CASH = (
    "SELECT DISTINCT s.payer_id FROM payer_statement s JOIN payer_agreement a"
    " ON a.id = s.agreement_id WHERE a.on_commitment = 0"
)
_GROUP_MONEY = (
    "SELECT g.*, r.id AS reversed_by FROM group_payment g"
    " LEFT JOIN group_payment r ON r.reverses = g.id"
)


def _day(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)


def agreements(connection: Connection) -> dict[PayerAgreementId, PayerAgreement]:
    """Return every agreement with a payer."""
    return {
        PayerAgreementId(row.id): PayerAgreement(
            PayerAgreementId(row.id),
            PayerId(row.payer_id),
            row.payer,
            date.fromisoformat(row.first_day),
            _day(row.until),
            row.criteria,
            row.max_persons,
            row.share,
            row.amount,
            bool(row.pays_fee),
            bool(row.on_commitment),
            row.invoice_months,
            date.fromisoformat(row.signed_on),
        )
        for row in fetch(connection, _AGREEMENTS)
    }


def nominations(
    connection: Connection, household_id: HouseholdId | None = None
) -> tuple[Nomination, ...]:
    """Return the nominations of a household, or all, each with its steps by day."""
    which = _OF_ALL if household_id is None else _OF_ONE
    told = fetch(connection, _NOMINATIONS.format(which), household=household_id)
    if not told:
        return ()
    steps: dict[bytes, list[NominationStep]] = {}
    for row in fetch(connection, _STEPS.format(which), household=household_id):
        steps.setdefault(row.nomination_id, []).append(_step(row))
    return tuple(
        Nomination(
            NominationId(row.id),
            PayerAgreementId(row.agreement_id),
            row.payer,
            HouseholdId(row.household_id),
            None if row.person_id is None else PersonId(row.person_id),
            date.fromisoformat(row.nominated_on),
            row.grounds,
            tuple(steps.get(row.id, ())),
        )
        for row in told
    )


def _step(row: Any) -> NominationStep:
    return NominationStep(
        Step(row.step),
        date.fromisoformat(row.effective_on),
        _day(row.until),
        row.note,
        date.fromisoformat(row.recorded_on),
    )


def sponsored_of(connection: Connection, household_id: HouseholdId) -> tuple[Sponsored, ...]:
    """Return the commitments that hold or held for a household."""
    if not remembered(connection, ("nomination",), _any_nominated):
        return ()
    return _sponsored(connection, nominations(connection, household_id)).get(household_id, ())


def _any_nominated(connection: Connection) -> bool:
    return fetch_one(connection, "SELECT 1 FROM nomination LIMIT 1") is not None


def all_sponsored(connection: Connection) -> dict[HouseholdId, tuple[Sponsored, ...]]:
    """Return the commitments for every household that has any."""
    return _sponsored(connection, nominations(connection))


def _sponsored(
    connection: Connection, told: Iterable[Nomination]
) -> dict[HouseholdId, tuple[Sponsored, ...]]:
    known = tuple(told)
    if not known:
        return {}
    terms = agreements(connection)
    found: dict[HouseholdId, tuple[Sponsored, ...]] = {}
    for one in known:
        held = rules.sponsorship(one, terms[one.agreement_id])
        found[one.household_id] = (*found.get(one.household_id, ()), *held)
    return found


def arrived_of(
    connection: Connection, household_id: HouseholdId, sponsored: Sequence[Sponsored]
) -> tuple[Arrived, ...]:
    """Return what came of payers for a household's dues, by day.

    Args:
        connection: A reader.
        household_id: Whose dues.
        sponsored: Its commitments: nothing is looked for where none waits for money.
    """
    if not any(one.on_cash for one in sponsored):
        return ()
    return all_arrived(connection).get(household_id, ())


def all_arrived(connection: Connection) -> dict[HouseholdId, tuple[Arrived, ...]]:
    """Return what came of payers whose part counts only then, for each household's dues by day."""
    found: dict[HouseholdId, list[Arrived]] = {}
    for row in fetch(connection, _ON_CASH):
        lines: dict[StatementId, list[StatementLine]] = {}
        for line in fetch(connection, _AWAITED_LINES, payer=row.payer_id):
            lines.setdefault(StatementId(line.statement_id), []).append(_line(line))
        payer_id = PayerId(row.payer_id)
        for one in rules.arrivals(
            _issued(connection, payer_id), lines, payer_money(connection, payer_id)
        ):
            found.setdefault(one.household_id, []).append(one)
    return {one: tuple(sorted(told, key=lambda told: told.day)) for one, told in found.items()}


def nomination_of(connection: Connection, nomination_id: NominationId) -> Nomination | None:
    row = fetch_one(connection, _OF_NOMINATION, nomination=nomination_id)
    if row is None:
        return None
    told = nominations(connection, HouseholdId(row.household_id))
    return next((one for one in told if one.id == nomination_id), None)


def nomination_named(connection: Connection, nomination_id: NominationId) -> Any:
    """Return household, person and payer of a nomination, also before its first step."""
    return fetch(connection, _NAMED, nomination=nomination_id)[0]


def persons_meant(connection: Connection, told: Nomination, day: date) -> frozenset[PersonId]:
    """Return whom a nomination is for: its person, or those its household covers on a day."""
    if told.person_id is not None:
        return frozenset({told.person_id})
    rows = fetch(connection, _PERSONS, household=told.household_id, day=day.isoformat())
    return frozenset(PersonId(row.person_id) for row in rows)


def persons_sponsored(
    connection: Connection,
    agreement_id: PayerAgreementId,
    day: date,
    *,
    but: NominationId | None = None,
) -> frozenset[PersonId]:
    """Return for whom an agreement pays on a day, one nomination left out."""
    found: frozenset[PersonId] = frozenset()
    for one in nominations(connection):
        if one.agreement_id != agreement_id or one.id == but:
            continue
        if any(
            first <= day and (until is None or day < until)
            for first, until in rules.stretches(one.steps)
        ):
            found |= persons_meant(connection, one, day)
    return found


# Payers and groups


def payers(connection: Connection) -> tuple[Payer, ...]:
    """Return every payer by code."""
    return tuple(_payer(row) for row in fetch(connection, "SELECT * FROM payer ORDER BY code"))


def _payer(row: Any) -> Payer:
    return Payer(
        PayerId(row.id), row.code, row.name, PayerKind(row.kind), date.fromisoformat(row.since)
    )


def payer_of(connection: Connection, payer_id: PayerId) -> Payer | None:
    row = fetch_one(connection, "SELECT * FROM payer WHERE id = :payer", payer=payer_id)
    return None if row is None else _payer(row)


def payer_name(connection: Connection, payer_id: PayerId) -> str | None:
    row = fetch_one(connection, "SELECT name FROM payer WHERE id = :payer", payer=payer_id)
    return None if row is None else str(row.name)


def payer_of_code(connection: Connection, code: str) -> Payer | None:
    """Return the payer of a code, written in capitals or not."""
    row = fetch_one(
        connection, "SELECT * FROM payer WHERE upper(code) = :code", code=code.strip().upper()
    )
    return None if row is None else _payer(row)


def groups(connection: Connection, day: date) -> tuple[Group, ...]:
    """Return every group by code, with households and covered people of a day."""
    rows = fetch(connection, f"{_GROUPS} ORDER BY g.code", one=None, day=day.isoformat())
    return tuple(_group(row) for row in rows)


def group_of(connection: Connection, group_id: GroupId, day: date) -> Group | None:
    row = fetch_one(connection, _GROUPS, one=group_id, day=day.isoformat())
    return None if row is None else _group(row)


def group_of_code(connection: Connection, code: str) -> GroupId | None:
    """Return the group of a code, written in capitals or not."""
    row = fetch_one(
        connection,
        "SELECT id FROM member_group WHERE upper(code) = :code",
        code=code.strip().upper(),
    )
    return None if row is None else GroupId(row.id)


def _group(row: Any) -> Group:
    return Group(
        GroupId(row.id),
        row.code,
        row.name,
        GroupKind(row.kind),
        Adhesion(row.adhesion),
        row.people,
        row.min_share,
        row.signer or "",
        row.phone or "",
        date.fromisoformat(row.since),
        _day(row.ended_on),
        row.households,
        row.enrolled,
    )


def places_of(connection: Connection, group_id: GroupId, day: date) -> tuple[GroupPlace, ...]:
    """Return the ordered list of a group on a day."""
    rows = fetch(connection, _PLACES, one=group_id, household=None, day=day.isoformat())
    return tuple(_group_place(row) for row in rows)


def place_of(connection: Connection, household_id: HouseholdId, day: date) -> GroupPlace | None:
    """Return a household's place on the list of its group on a day; None when it is on none."""
    row = fetch_one(connection, _PLACES, one=None, household=household_id, day=day.isoformat())
    return None if row is None else _group_place(row)


def _group_place(row: Any) -> GroupPlace:
    return GroupPlace(
        GroupId(row.group_id),
        row.name,
        HouseholdId(row.household_id),
        row.place,
        date.fromisoformat(row.first_day),
        _day(row.until),
    )


# What payers are told, and what they pay


def statement_number(year: int, letter: str, serial: int) -> str:
    """Return the number of a statement to a payer, such as T-2026-A-000012."""
    return document_number("T", year, letter, serial)


def _issued(connection: Connection, payer_id: PayerId | None) -> tuple[PayerStatement, ...]:
    return tuple(
        PayerStatement(
            StatementId(row.id),
            statement_number(row.year, row.letter, row.serial),
            PayerId(row.payer_id),
            row.payer,
            PayerAgreementId(row.agreement_id),
            date.fromisoformat(row.first_day),
            date.fromisoformat(row.until),
            date.fromisoformat(row.issued_on),
            row.amount,
        )
        for row in fetch(connection, _STATEMENTS, payer=payer_id)
    )


def statements_of(
    connection: Connection, day: date, *, payer_id: PayerId | None = None
) -> tuple[PayerStatement, ...]:
    """Return the statements issued up to a day, of one payer or all, with what is paid by then."""
    issued = [one for one in _issued(connection, payer_id) if one.issued_on <= day]
    money: dict[PayerId, list[PayerMoney]] = {}
    for one in payer_money(connection, payer_id):
        money.setdefault(one.payer_id, []).append(one)
    found: dict[StatementId, PayerStatement] = {}
    for payer in dict.fromkeys(one.payer_id for one in issued):
        theirs = [one for one in issued if one.payer_id == payer]
        found |= _paid(theirs, money.get(payer, []), day)
    return tuple(found[one.id] for one in issued)


def _paid(
    issued: Sequence[PayerStatement], money: Sequence[PayerMoney], day: date
) -> Mapping[StatementId, PayerStatement]:
    days = {one.issued_on for one in issued} | {one.paid_on for one in money}
    days |= {one.reversed_on for one in money if one.reversed_on is not None}
    since: dict[StatementId, date | None] = {}
    held: dict[StatementId, int] = {}
    for at in sorted(one for one in days if one <= day):
        held = rules.cleared(issued, money, at)[0]
        for one in issued:
            whole = one.id in held and held[one.id] >= one.amount
            since[one.id] = (since.get(one.id) or at) if whole else None
    return {
        one.id: replace(one, cleared=held.get(one.id, 0), paid_on=since.get(one.id))
        for one in issued
    }


def statement_of(
    connection: Connection, statement_id: StatementId, day: date
) -> PayerStatement | None:
    """Return a statement with what is paid of it by a day; None when there is none."""
    told = statements_of(connection, day)
    return next((one for one in told if one.id == statement_id), None)


def statement_of_number(connection: Connection, number: str) -> StatementId | None:
    """Return the statement of a number such as T-2026-A-000012."""
    wanted = number.strip().upper()
    issued = _issued(connection, None)
    return next((one.id for one in issued if one.number == wanted), None)


def lines_of(connection: Connection, statement_id: StatementId) -> tuple[StatementLine, ...]:
    """Return a statement's lines in their order."""
    return tuple(_line(row) for row in fetch(connection, _LINES, one=statement_id))


def _line(row: Any) -> StatementLine:
    return StatementLine(
        HouseholdId(row.household_id),
        None if row.person_id is None else PersonId(row.person_id),
        date.fromisoformat(row.due_first_day),
        row.amount,
        Owed(row.kind or Owed.DUE.value),
    )


def stated(
    connection: Connection, agreement_id: PayerAgreementId
) -> dict[tuple[HouseholdId, PersonId | None, date, Owed], int]:
    """Return what all statements under an agreement told of each person and due, together."""
    return {
        (
            HouseholdId(row.household_id),
            None if row.person_id is None else PersonId(row.person_id),
            date.fromisoformat(row.due_first_day),
            Owed(row.kind or Owed.DUE.value),
        ): row.amount
        for row in fetch(connection, _STATED, agreement=agreement_id)
    }


def stated_until(connection: Connection, agreement_id: PayerAgreementId) -> date | None:
    """Return the first day no statement under an agreement has told of; None before the first."""
    row = fetch_one(
        connection,
        "SELECT max(until) AS until FROM payer_statement WHERE agreement_id = :agreement",
        agreement=agreement_id,
    )
    return _day(row.until)


def payer_money(connection: Connection, payer_id: PayerId | None = None) -> tuple[PayerMoney, ...]:
    """Return what a payer paid, or all did, by day; what was taken back says so."""
    return tuple(
        PayerMoney(
            PayerPaymentId(row.id),
            PayerId(row.payer_id),
            None if row.statement_id is None else StatementId(row.statement_id),
            date.fromisoformat(row.paid_on),
            row.amount,
            row.means,
            row.reference or "",
            _day(row.reversed_on),
            payer_receipt_number(row.year, row.letter, row.serial),
        )
        for row in fetch(connection, _MONEY, payer=payer_id)
    )


def payer_receipt_gaps(connection: Connection) -> list[tuple[str, int]]:
    """Return series of payers' receipts that miss numbers, with how many; there must be none."""
    rows = fetch(
        connection,
        "SELECT 'P-' || year || '-' || letter AS series, max(serial) - count(*) AS missing"
        " FROM payer_payment WHERE serial IS NOT NULL GROUP BY year, letter HAVING missing <> 0"
        " ORDER BY year, letter",
    )
    return [(row.series, row.missing) for row in rows]


def payer_receipt_number(year: int | None, letter: str | None, serial: int | None) -> str:
    """Return the number of a receipt to a payer, such as P-2026-A-000012; empty without one."""
    if year is None or letter is None or serial is None:
        return ""
    return document_number("P", year, letter, serial)


def payer_payment_told(connection: Connection, told: str) -> PayerPaymentId | None:
    """Return a payer's payment by the number of its receipt, or by its id in hexadecimal."""
    parts = document_parts("P", told)
    if parts is None:
        row = fetch_one(
            connection, "SELECT id FROM payer_payment WHERE lower(hex(id)) = :id",
            id=told.strip().lower(),
        )  # fmt: skip
    else:
        year, letter, serial = parts
        row = fetch_one(connection, _BY_NUMBER, year=year, letter=letter, serial=serial)
    return None if row is None else PayerPaymentId(row.id)


def payer_credit(connection: Connection, payer_id: PayerId, day: date) -> int:
    """Return what a payer paid by a day beyond its statements; minor units."""
    issued = _issued(connection, payer_id)
    return rules.cleared(issued, payer_money(connection, payer_id), day)[1]


# Sums of groups


def group_number(year: int, letter: str, serial: int) -> str:
    """Return the number of a group's sum, such as G-2026-A-000012."""
    return document_number("G", year, letter, serial)


def group_money(connection: Connection, group_id: GroupId | None = None) -> tuple[GroupMoney, ...]:
    """Return the sums of a group, or of all, the newest first; reversals among them."""
    rows = fetch(
        connection,
        f"{_GROUP_MONEY} WHERE (:one IS NULL OR g.group_id = :one) ORDER BY g.paid_on DESC, g.id DESC",
        one=group_id,
    )
    return tuple(_group_money(row) for row in rows)


def group_payment_of(
    connection: Connection, group_payment_id: GroupPaymentId
) -> GroupMoney | None:
    row = fetch_one(connection, f"{_GROUP_MONEY} WHERE g.id = :one", one=group_payment_id)
    return None if row is None else _group_money(row)


def group_payment_by_request(connection: Connection, request: bytes) -> GroupMoney | None:
    row = fetch_one(connection, f"{_GROUP_MONEY} WHERE g.request_id = :one", one=request)
    return None if row is None else _group_money(row)


def _group_money(row: Any) -> GroupMoney:
    return GroupMoney(
        GroupPaymentId(row.id),
        group_number(row.year, row.letter, row.serial),
        GroupId(row.group_id),
        date.fromisoformat(row.paid_on),
        row.amount,
        None if row.reverses is None else GroupPaymentId(row.reverses),
        None if row.reversed_by is None else GroupPaymentId(row.reversed_by),
    )
