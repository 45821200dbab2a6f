"""What a payer is to be told next: the lines of a statement before it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules
from stepdesk.contributions.queries.facts import each_facts
from stepdesk.contributions.terms import AccountFacts
from stepdesk.payers.queries import agreements, all_sponsored, stated, stated_until
from stepdesk.payers.terms import Owed, PayerAgreement, StatementLine
from stepdesk.store.reading import fetch
from stepdesk.values.ids import HouseholdId, PayerAgreementId, PersonId
from stepdesk.values.month import Month, add_months

_Key = tuple[HouseholdId, PersonId | None, date, Owed]
_ORDER = (
    "SELECT h.id FROM household h JOIN section s ON s.id = h.section_id ORDER BY s.code, h.serial"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as it would be: the days it tells of, and its lines by section and number.

    `ready_on` is the first day on which it may be written.
    """

    agreement: PayerAgreement
    first_day: date
    until: date
    ready_on: date
    lines: tuple[StatementLine, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


def draft_statement(connection: Connection, agreement_id: PayerAgreementId, day: date) -> Draft:
    """Return the next statement under an agreement, as far as it can be told on a day.

    It tells of the months behind the last statement, `invoice_months` of them, and of more while
    nothing is owed for them; and it corrects what earlier ones told otherwise. Under a commitment
    that counts as paid it tells what cover earned, once the months are over; where only money
    that came counts, what periods beginning in them will cost, up to a month before.
    Nothing is told twice: all statements together are what the payer owes for these months.
    Source: domain handbook 2.6, statement to the payer.

    Raises:
        LookupError: when there is no such agreement.
    """
    agreement = agreements(connection)[agreement_id]
    facts = _facts(connection, agreement_id)
    told = stated(connection, agreement_id)
    order = {HouseholdId(row.id): at for at, row in enumerate(fetch(connection, _ORDER))}
    start = stated_until(connection, agreement_id) or Month.of(agreement.first_day).first
    begins, until = start, _next_end(agreement, start)
    while True:
        lines = _lines(dict(_owed(agreement, facts, until, day)), told, order)
        following = _next_end(agreement, until)
        if lines or _ready_on(agreement, until, following) > day:
            ready_on = _ready_on(agreement, begins, until)
            return Draft(agreement, start, until, ready_on, lines)
        begins, until = until, following


def _ready_on(agreement: PayerAgreement, first_day: date, until: date) -> date:
    """Return the first day on which a statement of these days may be written."""
    return until if agreement.on_commitment else add_months(first_day, -1)


def _next_end(agreement: PayerAgreement, start: date) -> date:
    """Return the end of the next statement; behind the agreement's own end, the month's."""
    until = add_months(start, agreement.invoice_months)
    if agreement.until is None or until <= agreement.until:
        return until
    if start < agreement.until:
        return Month.of(agreement.until - timedelta(days=1)).until
    return Month.of(start).until


def _facts(
    connection: Connection, agreement_id: PayerAgreementId
) -> dict[HouseholdId, AccountFacts]:
    sponsored = all_sponsored(connection)
    wanted = {
        one
        for one, held in sponsored.items()
        if any(told.agreement_id == agreement_id for told in held)
    }
    return {one: facts for one, facts in each_facts(connection) if one in wanted}


def _owed(
    agreement: PayerAgreement, facts: dict[HouseholdId, AccountFacts], until: date, day: date
) -> Iterator[tuple[_Key, int]]:
    for household_id, known in facts.items():
        told = (
            _earned(known, until - timedelta(days=1))
            if agreement.on_commitment
            else _awaited(known, day, until)
        )
        for agreement_id, person_id, first_day, amount in told:
            if agreement_id == agreement.id:
                yield (household_id, person_id, first_day, Owed.DUE), amount
        for fee in rules.fees_of_payers(known, min(until - timedelta(days=1), day)):
            if fee.agreement_id == agreement.id:
                yield (household_id, fee.person_id, fee.asked_on, Owed.FEE), fee.amount


_Told = Iterator[tuple[PayerAgreementId, PersonId | None, date, int]]


def _earned(facts: AccountFacts, last: date) -> _Told:
    for first_day, one in rules.earned_of(facts, last).items():
        for (agreement_id, person_id), amount in one.payers.items():
            yield agreement_id, person_id, first_day, amount


def _awaited(facts: AccountFacts, day: date, until: date) -> _Told:
    for first_day, shares in rules.awaited_shares(facts, day=day, until=until).items():
        for share in shares:
            yield share.agreement_id, share.person_id, first_day, share.amount


def _lines(
    owed: dict[_Key, int], told: dict[_Key, int], order: dict[HouseholdId, int]
) -> tuple[StatementLine, ...]:
    moved = {key: owed.get(key, 0) - told.get(key, 0) for key in {**owed, **told}}
    keys = sorted(moved, key=lambda key: (order[key[0]], key[2], key[3].value, key[1] or b""))
    return tuple(StatementLine(*key[:3], moved[key], key[3]) for key in keys if moved[key])
