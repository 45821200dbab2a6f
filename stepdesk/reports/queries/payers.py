"""Statements of payers as they are printed, and what the sponsored cost beside the ordinary."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts, receipt_code, receipt_secret
from stepdesk.contributions.rules import dues_of_months, earned_of, regular_amount
from stepdesk.contributions.terms import AccountFacts
from stepdesk.countries.pack import CountryPack
from stepdesk.members.queries import SECTION_NAME, name_of
from stepdesk.payers.queries import (
    all_sponsored,
    lines_of,
    payer_money,
    payer_receipt_number,
    payers,
    statements_of,
)
from stepdesk.payers.rules import cleared, lines_cleared, shares_of
from stepdesk.payers.terms import (
    Owed,
    PayerMoney,
    PayerReceipt,
    PayerStatement,
    Sponsored,
    StatementShare,
)
from stepdesk.reports.rules import covered_on
from stepdesk.reports.terms import Burden, Burdens, Collected, GapRow, PayerLineRow
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import PayerId, PayerPaymentId, StatementId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_HOMES = (
    f"SELECT h.id, h.serial, s.code AS section_code, {SECTION_NAME} AS section,"
    " h.member_person_id FROM household h JOIN section s ON s.id = h.section_id"
)
_PEOPLE = (
    "SELECT l.person_id, p.surname, p.given_names, (SELECT c.suffix FROM cover c"
    " WHERE c.person_id = l.person_id AND c.household_id = l.household_id LIMIT 1) AS suffix"
    " FROM payer_statement_line l JOIN person p ON p.id = l.person_id"
    " WHERE l.statement_id = :one"
)
_MEMBERS = (
    "SELECT h.id, p.surname, p.given_names FROM household h JOIN person p"
    " ON p.id = h.member_person_id"
)
_BENEFITS = (
    "SELECT c.person_id, c.household_id, sum(d.paid - coalesce((SELECT b.paid FROM claim_decision b"
    " WHERE b.claim_id = d.claim_id AND b.version = d.version - 1), 0)) AS paid, c.first_day"
    " FROM claim_decision d JOIN claim c ON c.id = d.claim_id JOIN entry e ON e.id = d.entry_id"
    " WHERE e.month BETWEEN :first AND :last GROUP BY c.id"
)

_RECEIPT = (
    "SELECT p.*, y.name AS payer, y.code AS payer_code, t.name AS taker, b.id AS b_id,"
    " r.year AS r_year, r.letter AS r_letter, r.serial AS r_serial,"
    " b.year AS b_year, b.letter AS b_letter, b.serial AS b_serial"
    " FROM payer_payment p JOIN payer y ON y.id = p.payer_id"
    " LEFT JOIN staff t ON t.id = p.taken_by LEFT JOIN payer_payment r ON r.id = p.reverses"
    " LEFT JOIN payer_payment b ON b.reverses = p.id WHERE p.id = :id"
)
_REVERSALS = "SELECT id, reverses FROM payer_payment WHERE reverses IS NOT NULL"
_PRINTED = (
    "SELECT count(*) AS times FROM access WHERE subject = :payment AND question = 'payer receipt'"
)


def payer_receipt(
    connection: Connection, payment_id: PayerPaymentId, currency: Currency
) -> PayerReceipt:
    """Return the receipt for a payer's money as it was given, or for what took it back.

    What it paid is told as it stood when it was recorded: later statements and later money change
    no receipt. Source: domain handbook 1.3, D05, and 2.2: a payment has a receipt's number.
    """
    row = fetch_one(connection, _RECEIPT, id=payment_id)
    paid_on = date.fromisoformat(row.paid_on)
    scheme = scheme_on(connection, paid_on)
    shares, credit, still_open = _shares(connection, row)
    return PayerReceipt(
        payment_id=payment_id,
        number=payer_receipt_number(row.year, row.letter, row.serial),
        code=receipt_code(
            receipt_secret(connection), payment_id, row.payer_id, row.amount, paid_on
        ),
        scheme=scheme.name,
        payer=row.payer,
        payer_code=row.payer_code,
        paid_on=paid_on,
        amount=Money(row.amount, currency),
        box=row.means,
        reference=row.reference or "",
        shares=shares,
        credit=Money(credit, currency),
        still_open=Money(still_open, currency),
        taken_by=row.taker or "",
        practice=scheme.practice,
        single_control=bool(row.single_control),
        reverses=payer_receipt_number(row.r_year, row.r_letter, row.r_serial),
        reversed_by=payer_receipt_number(row.b_year, row.b_letter, row.b_serial),
        cancelled=row.b_id is not None,
        reason=row.reason,
    )


def _shares(connection: Connection, row: Any) -> tuple[tuple[StatementShare, ...], int, int]:
    """Return what a payment, or its reversal, moved of each statement and of the credit.

    Ids follow each other as they were written: what came later was not known. Of a reversal the
    sums are below zero, and what is left is what stands open again.
    """
    payer_id, moment = PayerId(row.payer_id), row.id
    gone = {one.reverses for one in fetch(connection, _REVERSALS) if one.id < moment}
    subject = PayerPaymentId(row.reverses or row.id)
    every = payer_money(connection, payer_id)
    money = [
        replace(one, reversed_on=None) for one in every if one.id <= moment and one.id not in gone
    ]
    # Those issued on a day after it was paid count too: they were there when it was written down.
    issued = statements_of(connection, date.max, payer_id=payer_id)
    told = [one for one in issued if one.id < moment]
    shares, credit = shares_of(told, money, subject)
    if row.reverses is not None:
        shares = tuple(
            replace(one, amount=-one.amount, left=one.left + one.amount) for one in shares
        )
        credit, money = -credit, [one for one in money if one.id != subject]
    return shares, credit, _still_open(told, money)


def _still_open(told: Sequence[PayerStatement], money: Sequence[PayerMoney]) -> int:
    held, _credit = cleared(told, money, date.max)
    return sum(max(one.amount - held[one.id], 0) for one in told)


def times_payer_receipt_printed(connection: Connection, payment_id: PayerPaymentId) -> int:
    """Return how often a payer's receipt left the book on paper, as the access log tells it."""
    return int(fetch_one(connection, _PRINTED, payment=payment_id).times)


def statement_rows(connection: Connection, statement: PayerStatement) -> tuple[PayerLineRow, ...]:
    """Return the lines of a statement with number, name, first day and amount, in their order.

    Names are those of today; who reads them is noted in the access log by whoever prints.
    Source: domain handbook 2.6: a contractual exception to privacy.
    """
    day = statement.issued_on.isoformat()
    homes = {row.id: row for row in fetch(connection, _HOMES, day=day)}
    people = {row.person_id: row for row in fetch(connection, _PEOPLE, one=statement.id)}
    members = {row.id: row for row in fetch(connection, _MEMBERS)}
    found = []
    for line in lines_of(connection, statement.id):
        home = homes[line.household_id]
        who = members[line.household_id] if line.person_id is None else people[line.person_id]
        found.append(
            PayerLineRow(
                HouseholdNumber(home.section_code, home.serial),
                None if line.person_id is None else who.suffix,
                name_of(who.surname, who.given_names),
                home.section,
                line.due_first_day,
                line.amount,
                line.kind is Owed.FEE,
            )
        )
    return tuple(found)


def open_statements(
    connection: Connection, day: date, *, payer_id: PayerId | None = None
) -> tuple[PayerStatement, ...]:
    """Return the statements of which something is open on a day, the oldest first."""
    told = statements_of(connection, day, payer_id=payer_id)
    return tuple(one for one in told if one.open)


def overdue_statements(
    connection: Connection, country: CountryPack, day: date
) -> tuple[PayerStatement, ...]:
    """Return the statements open for longer than the country's `payer_alert_days`.

    Source: domain handbook 2.4: an alert after 90 days.
    """
    limit = timedelta(days=country.number("payer_alert_days", day))
    return tuple(one for one in open_statements(connection, day) if day - one.issued_on > limit)


# What the sponsored cost


def burdens(connection: Connection, first: Month, last: Month) -> Burdens:
    """Return contributions earned and benefits of a range of months, the sponsored apart.

    A person is sponsored in a month on whose last day a payer's commitment holds for them; what
    a household's dues earned is shared among its persons by heads. Benefits are those booked in
    the months, by the person cared for on the day of care. Targeted subsidies may raise adverse
    selection: the plan for the gap begins with these two lines.
    Source: domain handbook 2.6.
    """
    months = [first]
    while months[-1] < last:
        months.append(months[-1].plus(1))
    facts = dict(each_facts(connection))
    held = all_sponsored(connection)
    persons, spans, earned = [0, 0], [0, 0], [0, 0]
    for one, known in facts.items():
        _add_household(known, held.get(one, ()), months, (persons, spans, earned))
    paid = [0, 0]
    rows = fetch(connection, _BENEFITS, first=str(first), last=str(last))
    for row in rows:
        day = date.fromisoformat(row.first_day)
        paid[_sponsored(held.get(row.household_id, ()), row.person_id, day)] += row.paid
    ordinary, sponsored = (Burden(persons[at], spans[at], earned[at], paid[at]) for at in (0, 1))
    return Burdens(first, last, ordinary, sponsored)


def _add_household(
    facts: AccountFacts,
    held: tuple[Sponsored, ...],
    months: list[Month],
    sums: tuple[list[int], list[int], list[int]],
) -> None:
    persons, spans, earned = sums
    before = _earned_by(facts, months[0].plus(-1))
    for month in months:
        now = _earned_by(facts, month)
        told, before = now - before, now
        which = [
            _sponsored(held, cover.person_id, month.last)
            for cover in covered_on(facts.covers, month.last)
        ]
        if not told and not which:
            continue
        heads = [which.count(0), which.count(1)]
        mine = told * heads[1] // max(sum(heads), 1)
        earned[1] += mine
        earned[0] += told - mine
        if told:
            spans[0], spans[1] = spans[0] + heads[0], spans[1] + heads[1]
        if month == months[-1]:
            persons[0], persons[1] = persons[0] + heads[0], persons[1] + heads[1]


def _earned_by(facts: AccountFacts, month: Month) -> int:
    told = earned_of(facts, month.last).values()
    return sum(one.paid + one.unpaid + sum(one.payers.values()) for one in told)


def _sponsored(held: tuple[Sponsored, ...], person_id: Any, day: date) -> int:
    return int(any(one.holds(day) and one.person_id in {None, person_id} for one in held))


def gaps(connection: Connection, day: date, *, within: int) -> tuple[GapRow, ...]:
    """Return the households whose payer's commitment ends soon, and what they would pay alone.

    Args:
        connection: A reader.
        day: From this day on.
        within: So many days ahead, included.

    Source: domain handbook 2.6: a targeted subsidy needs a plan for the gap.
    """
    limit = day + timedelta(days=within)
    ends = {
        one: until
        for one, held in all_sponsored(connection).items()
        if (until := _ends(held, day)) is not None and until <= limit
    }
    if not ends:
        return ()
    homes = {row.id: row for row in fetch(connection, _HOMES, day=day.isoformat())}
    members = {row.id: row for row in fetch(connection, _MEMBERS)}
    found = [
        GapRow(
            HouseholdNumber(homes[one].section_code, homes[one].serial),
            name_of(members[one].surname, members[one].given_names),
            homes[one].section,
            ends[one],
            regular_amount(facts, ends[one] - timedelta(days=1)),
            regular_amount(facts, ends[one]),
        )
        for one, facts in each_facts(connection)
        if one in ends
    ]
    return tuple(sorted(found, key=lambda row: (row.until, row.number.section, row.number.serial)))


def _ends(held: tuple[Sponsored, ...], day: date) -> date | None:
    """Return the first day on which no commitment that holds on a day is followed by another."""
    until = day
    while any(one.known(day) and one.holds(until) for one in held):
        ends = [one.until for one in held if one.known(day) and one.holds(until)]
        if None in ends:
            return None
        until = max(end for end in ends if end is not None)
    return until if until > day else None


# Collection, members and payers apart


def collected(connection: Connection, first: Month, last: Month) -> Collected:
    """Return what was called for periods beginning in the months and paid by the end of them.

    A payer's part is paid when its money covers the line that told of it.
    Source: domain handbook 4.3, C02 to C04.
    """
    due, paid, of_payers = 0, 0, 0
    for _, facts in each_facts(connection):
        told = dues_of_months(facts, first, last)
        due, paid, of_payers = due + told.due, paid + told.paid, of_payers + told.payers
    return Collected(due, paid, of_payers, paid_by_payers(connection, first, last))


def paid_by_payers(connection: Connection, first: Month, last: Month) -> int:
    """Return what payers paid, by the end of the months, of dues of periods beginning in them."""
    total = 0
    for payer in payers(connection):
        told: Mapping[StatementId, PayerStatement] = {
            one.id: one for one in statements_of(connection, last.last, payer_id=payer.id)
        }
        for one in told.values():
            for line in lines_cleared(lines_of(connection, one.id), one.cleared):
                due = line.kind is Owed.DUE
                if due and first.first <= line.due_first_day <= last.last:
                    total += line.amount
    return total
