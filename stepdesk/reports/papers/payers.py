"""Statements to payers. They name people by contract: whoever prints one notes it."""

from collections.abc import Sequence
from datetime import date, timedelta

from stepdesk.i18n import N_, Text
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.payers.terms import PayerStatement
from stepdesk.reports.terms import GapRow, PayerLineRow
from stepdesk.values.money import Currency, Money

_DAY = timedelta(days=1)


def payer_statement_list(
    statement: PayerStatement,
    rows: Sequence[PayerLineRow],
    *,
    scheme: str,
    currency: Currency,
) -> Listing:
    """Return a statement to a payer: number, name, period, amount, and the sum of them.

    Args:
        statement: Which.
        rows: Its lines in their order.
        scheme: Who states.
        currency: Of the amounts.
    """
    heads = (
        Text(N_("Member number")),
        Text(N_("Suffix")),
        Text(N_("Name")),
        Text(N_("Section")),
        Text(N_("Period from")),
        Text(N_("Amount")),
    )
    told: list[tuple[Cell, ...]] = [
        (
            str(row.number),
            "" if row.suffix is None else f"{row.suffix:02d}",
            row.name,
            row.section,
            Text(N_("Entry fee")) if row.fee else row.first_day,
            Money(row.amount, currency),
        )
        for row in rows
    ]
    total = Money(statement.amount, currency)
    people = len({(row.number, row.suffix) for row in rows if not row.fee})
    told.append(
        (
            Text(N_("Total")),
            "",
            Text(N_("{count} person"), {"count": people}, plural=N_("{count} persons")),
            "",
            None,
            total,
        )
    )
    notes = (
        Text(N_("To {payer}, from {scheme}"), {"payer": statement.payer, "scheme": scheme}),
        Text(
            N_("For the days from {first} to {last}, issued on {day}"),
            {
                "first": statement.first_day,
                "last": statement.until - _DAY,
                "day": statement.issued_on,
            },
        ),
        Text(N_("Please pay {amount}, naming {number}."), {"amount": total, "number": statement.number}),
        Text(N_("Personal: for the payer named and the scheme alone, as agreed.")),
    )  # fmt: skip
    title = Text(N_("Statement {number}"), {"number": statement.number})
    return Listing(title, notes, heads, told)


def open_statements_list(
    statements: Sequence[PayerStatement], *, day: date, currency: Currency, alert_days: int
) -> Listing:
    """Return the statements not paid whole, with their age in days; nobody sponsored is named.

    Args:
        statements: Those open.
        day: On which they are.
        currency: Of the amounts.
        alert_days: An older one is marked.
    """
    heads = (
        Text(N_("Statement")),
        Text(N_("Payer")),
        Text(N_("Issued on")),
        Text(N_("Days")),
        Text(N_("Amount")),
        Text(N_("Paid")),
        Text(N_("Open")),
        Text(N_("Remark")),
    )
    late = Text(N_("Open for more than {days} days"), {"days": alert_days})
    rows: list[tuple[Cell, ...]] = [
        (
            one.number,
            one.payer,
            one.issued_on,
            (day - one.issued_on).days,
            Money(one.amount, currency),
            Money(one.cleared, currency),
            Money(one.open, currency),
            late if (day - one.issued_on).days > alert_days else "",
        )
        for one in statements
    ]
    return Listing(Text(N_("Open statements on {day}"), {"day": day}), (), heads, rows)


def gaps_list(rows: Sequence[GapRow], *, day: date, currency: Currency) -> Listing:
    """Return whose commitment ends, when, and what a period costs them before and after."""
    heads = (
        Text(N_("Section")),
        Text(N_("Member number")),
        Text(N_("Name")),
        Text(N_("Sponsored until")),
        Text(N_("Pays now")),
        Text(N_("Would pay")),
    )
    told: list[tuple[Cell, ...]] = [
        (
            row.section,
            str(row.number),
            row.name,
            row.until - _DAY,
            Money(row.pays, currency),
            Money(row.would_pay, currency),
        )
        for row in rows
    ]
    notes = (
        Text(N_("As it stands on {day}"), {"day": day}),
        Text(N_("Personal: for the scheme alone.")),
    )
    return Listing(Text(N_("Commitments that end")), notes, heads, told)
