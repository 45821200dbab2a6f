"""What happened to a claim from its entry to its last payment: decisions, appeals, money, in one row each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims.terms import Happened, Move, Outcome, State
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.reading import fetch
from stepdesk.values.digits import document_number
from stepdesk.values.ids import ClaimId
from stepdesk.values.money import Currency, Money

_WORDS: Mapping[Move, str] = {
    Move.CHECK: N_("Papers found in order"),
    Move.ROUTE: N_("Sent to the medical adviser"),
    Move.REVIEW: N_("Reviewed by the medical adviser"),
    Move.QUERY: N_("Question asked"),
    Move.ANSWER: N_("Question answered"),
    Move.APPEAL: N_("Appealed against"),
    Move.UPHOLD: N_("Appeal decided: the decision stands"),
    Move.OVERTURN: N_("Appeal decided: decided otherwise"),
}
_DECIDED: Mapping[Outcome, str] = {
    Outcome.APPROVED: N_("Decided: approved"),
    Outcome.REJECTED: N_("Decided: refused"),
    Outcome.PENDING: N_("Put aside"),
    Outcome.VALUED: N_("Decided: its index is waited for"),
    Outcome.WITHDRAWN: N_("Withdrawn"),
    Outcome.REVERSED: N_("Taken back"),
}
_EVENTS = (
    "SELECT v.id, v.day, v.kind, v.state, v.told, v.due, s.name FROM claim_event v"
    " JOIN staff s ON s.id = v.staff_id WHERE v.claim_id = :claim"
)
_VERSIONS = (
    "SELECT e.id, e.decided_on, e.outcome, e.version, e.codes, e.paid, e.patient, e.disallowed,"
    " e.recovered_from, s.name, o.reason, t.name AS second FROM claim_decision e"
    " LEFT JOIN staff s ON s.id = e.decided_by LEFT JOIN claim_override o ON o.id ="
    " (SELECT min(id) FROM claim_override WHERE claim_id = e.claim_id AND version = e.version)"
    " LEFT JOIN staff t ON t.id = o.second_id WHERE e.claim_id = :claim"
)
_TO_PROVIDER = (
    "SELECT q.id, y.day, q.amount, y.year, y.letter, y.serial, y.reverses, y.reason, s.name"
    " FROM paid_claim q JOIN provider_payment y ON y.id = q.provider_payment_id"
    " JOIN staff s ON s.id = y.paid_by WHERE q.claim_id = :claim"
)
_TO_MEMBER = (
    "SELECT q.id, y.day, q.amount, q.again, y.year, y.letter, y.serial, s.name FROM"
    " (SELECT id, claim_id, member_payment_id, amount, 0 AS again FROM reimbursed_claim UNION ALL"
    " SELECT id, claim_id, member_payment_id, amount, 1 FROM returned_recovery) q"
    " JOIN member_payment y ON y.id = q.member_payment_id JOIN staff s ON s.id = y.paid_by"
    " WHERE q.claim_id = :claim"
)
_ASKED = (
    "SELECT r.id, r.day, r.amount, r.reason, s.name FROM member_recovery r"
    " JOIN staff s ON s.id = r.decided_by WHERE r.claim_id = :claim"
)
_CAME = (
    "SELECT p.id, p.day, p.amount, s.name FROM recovery_payment p"
    " JOIN member_recovery r ON r.id = p.member_recovery_id"
    " JOIN staff s ON s.id = p.received_by WHERE r.claim_id = :claim"
)


def history_of(
    connection: Connection, claim_id: ClaimId, currency: Currency
) -> tuple[Happened, ...]:
    """Return what happened to a claim since it was typed, in order; no diagnosis is in it.

    Each version of its decision with its amounts, and what was paid or recovered for it.
    """
    asked = {"claim": claim_id}
    told = [(row.id, _event(row)) for row in fetch(connection, _EVENTS, **asked)]
    told += [(row.id, _decision(row, currency)) for row in fetch(connection, _VERSIONS, **asked)]
    told += [(row.id, _paid(row, currency)) for row in fetch(connection, _TO_PROVIDER, **asked)]
    told += [(row.id, _given(row, currency)) for row in fetch(connection, _TO_MEMBER, **asked)]
    told += [(row.id, _asked(row, currency)) for row in fetch(connection, _ASKED, **asked)]
    told += [(row.id, _came(row, currency)) for row in fetch(connection, _CAME, **asked)]
    # Ids follow the time at which they were made.
    return tuple(one for _, one in sorted(told, key=lambda each: bytes(each[0])))


def _event(row: Any) -> Happened:
    due = None if row.due is None else date.fromisoformat(row.due)
    words = Text(_WORDS[Move(row.kind)])
    day = date.fromisoformat(row.day)
    return Happened(day, words, row.name, State(row.state), row.told or "", due)


def _decision(row: Any, currency: Currency) -> Happened:
    outcome = Outcome(row.outcome)
    amounts = None
    if outcome not in {Outcome.PENDING, Outcome.WITHDRAWN}:
        values: dict[str, Value] = {
            "paid": Money(row.paid, currency),
            "patient": Money(row.patient, currency),
            "refused": Money(row.disallowed, currency),
            "codes": row.codes.replace(",", ", "),
        }
        words = N_("scheme {paid}, patient {patient}, refused {refused}")
        if row.codes:
            words = N_("scheme {paid}, patient {patient}, refused {refused} ({codes})")
        amounts = Text(words, values)
    by = " + ".join(one for one in (row.name, row.second) if one)
    day = date.fromisoformat(row.decided_on)
    state = State[outcome.name]
    what = Text(_DECIDED[outcome])
    return Happened(day, what, by, state, row.reason or "", None, amounts, row.version)


def _money(row: Any, words: str, amount: Money, told: str = "") -> Happened:
    values: dict[str, Value] = {"amount": amount}
    if hasattr(row, "serial"):
        letter = "M" if hasattr(row, "again") else "V"
        values["number"] = document_number(letter, row.year, row.letter, row.serial)
    return Happened(date.fromisoformat(row.day), Text(words, values), row.name, None, told)


def _paid(row: Any, currency: Currency) -> Happened:
    amount = Money(row.amount, currency)
    if row.reverses is not None:
        words = N_("Payment taken back by {number}: {amount}")
        return _money(row, words, amount, row.reason or "")
    if row.amount < 0:
        words = N_("Taken off the provider by {number}: {amount}")
        return _money(row, words, amount)
    return _money(row, N_("Paid to the provider by {number}: {amount}"), amount)


def _given(row: Any, currency: Currency) -> Happened:
    words = N_("Reimbursed to the member by {number}: {amount}")
    if row.again:
        words = N_("Given again to the member by {number}: {amount}")
    elif row.amount < 0:
        words = N_("Taken off the member by {number}: {amount}")
    return _money(row, words, Money(row.amount, currency))


def _asked(row: Any, currency: Currency) -> Happened:
    words = N_("Asked back from the member: {amount}")
    if row.amount < 0:
        words = N_("The member was let off: {amount}")
    return _money(row, words, Money(abs(row.amount), currency), row.reason or "")


def _came(row: Any, currency: Currency) -> Happened:
    return _money(row, N_("The member paid back: {amount}"), Money(row.amount, currency))
