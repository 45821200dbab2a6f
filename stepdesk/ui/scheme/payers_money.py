"""What groups and sponsors pay and are told: read and done for the scheme page, on the lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.contributions.queries import GroupPreview, preview_group
from stepdesk.contributions.service import (
    GroupReceipts,
    issue_statement,
    pay_for_group,
    reverse_group_payment,
)
from stepdesk.countries import country
from stepdesk.paper.sheet import Listing
from stepdesk.payers.queries import (
    agreements,
    group_money,
    groups,
    payer_money,
    payers,
    statement_of,
    statements_of,
)
from stepdesk.payers.service import receive_from_payer, reverse_payer_payment
from stepdesk.payers.terms import (
    Group,
    GroupMoney,
    Payer,
    PayerAgreement,
    PayerMoney,
    PayerReceipt,
    PayerStatement,
)
from stepdesk.reports.papers.payer_receipts import payer_receipt_pdf
from stepdesk.reports.papers.payers import payer_statement_list
from stepdesk.reports.queries.payers import gaps, statement_rows
from stepdesk.reports.service import payer_receipt_to_print
from stepdesk.reports.terms import GapRow
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.store.files import write_whole
from stepdesk.values.ids import (
    GroupId,
    PayerAgreementId,
    PayerPaymentId,
    RequestId,
    StaffId,
    StatementId,
)
from stepdesk.values.money import Money

WITHIN = 90
"""Days ahead in which a commitment's end is shown. Source: domain handbook 2.4, the alert."""

Signer = tuple[StaffId, str] | None


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """What the page shows of groups' and sponsors' money; the newest sums and payments first.

    `late_after` is how many days old an open statement may be.
    """

    groups: tuple[Group, ...]
    sums: tuple[GroupMoney, ...]
    payers: tuple[Payer, ...]
    agreements: tuple[PayerAgreement, ...]
    statements: tuple[PayerStatement, ...]
    payments: tuple[PayerMoney, ...]
    gaps: tuple[GapRow, ...]
    others: tuple[Colleague, ...]
    solo: bool
    late_after: int


def money_facts(desk: Desk) -> MoneyFacts:
    """Return what the page shows."""
    others = tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id)
    with desk.read() as connection:
        return MoneyFacts(
            groups(connection, desk.today),
            tuple(one for one in group_money(connection) if one.reverses is None),
            payers(connection),
            tuple(agreements(connection).values()),
            statements_of(connection, desk.today),
            payer_money(connection)[::-1],
            gaps(connection, desk.today, within=WITHIN),
            others,
            desk.solo,
            country(desk.country).number("payer_alert_days", desk.today),
        )


def preview(desk: Desk, group_id: GroupId, day: date, amount: int, periods: int) -> GroupPreview:
    """Return whom a group's sum would pay for."""
    return desk.ask(preview_group, group_id, day, amount, periods=periods)


def take_group_sum(
    desk: Desk,
    request_id: RequestId,
    told: Mapping[str, Any],
    accepting: frozenset[str],
    reason: str,
) -> GroupReceipts:
    """Take a group's sum as its form describes it."""
    with desk.work("pay_for_group", reason=reason) as work:
        return pay_for_group(
            work,
            request_id=request_id,
            group_id=told["group"],
            amount=Money(told["amount"], desk.currency),
            rest=told["rest"],
            paid_on=told["day"],
            means=told["means"],
            periods=told["periods"],
            reference=told["reference"] or "",
            accepting=accepting,
        )


def give_group_sum_back(
    desk: Desk, request_id: RequestId, one: GroupMoney, reason: str, signer: Signer
) -> None:
    """Take a group's sum back as a whole; a second person signs."""
    with desk.work("reverse_group_payment", reason=reason) as work:
        if signer is not None:
            work.second(*signer)
        reverse_group_payment(work, request_id=request_id, group_payment_id=one.id, reason=reason)


def write_next_statement(desk: Desk, agreement_id: PayerAgreementId) -> PayerStatement:
    """Write the next statement under an agreement, and return it."""
    return _statement(desk, desk.do(issue_statement, agreement_id=agreement_id))


def take_payer_money(
    desk: Desk,
    request_id: RequestId,
    told: Mapping[str, Any],
    accepting: frozenset[str],
    reason: str,
) -> PayerPaymentId:
    """Take a sponsor's money as its form describes it."""
    with desk.work("receive_from_payer", reason=reason) as work:
        return receive_from_payer(
            work,
            request_id=request_id,
            payer_id=told["payer"],
            amount=Money(told["amount"], desk.currency),
            paid_on=told["day"],
            box=told["box"],
            statement_id=told["statement"],
            reference=told["reference"] or "",
            accepting=accepting,
        )


def give_payer_money_back(
    desk: Desk, request_id: RequestId, one: PayerMoney, reason: str, signer: Signer
) -> PayerPaymentId:
    """Take a sponsor's payment back; a second person signs."""
    with desk.work("reverse_payer_payment", reason=reason) as work:
        if signer is not None:
            work.second(*signer)
        return reverse_payer_payment(work, request_id=request_id, payment_id=one.id, reason=reason)


def receipt_paper(desk: Desk, payment_id: PayerPaymentId) -> tuple[PayerReceipt, bytes]:
    """Draw a sponsor's receipt as it is printed now, an original or which copy."""
    drawn = payer_receipt_to_print(desk, payment_id)
    return drawn, payer_receipt_pdf(drawn, desk.ask(scheme_on, desk.today).language)


def statement_paper(desk: Desk, one: PayerStatement) -> bytes:
    """Draw a statement with the names on it; noted in the access log."""
    listing, language, scheme, count = _listing(desk, one)
    content = listing.pdf(language, scheme=scheme, practice=desk.practice, printed_on=desk.today)
    _note(desk, one, count)
    return content


def statement_workbook(desk: Desk, one: PayerStatement, path: Path) -> None:
    """Write a statement as a workbook; noted in the access log."""
    listing, language, _scheme, count = _listing(desk, one)
    write_whole(path, listing.xlsx(language, practice=desk.practice))
    _note(desk, one, count)


def _listing(desk: Desk, one: PayerStatement) -> tuple[Listing, str, str, int]:
    with desk.read() as connection:
        rows = statement_rows(connection, one)
        scheme = scheme_on(connection, desk.today)
    listing = payer_statement_list(one, rows, scheme=scheme.name, currency=desk.currency)
    return listing, scheme.language, scheme.name, len(rows)


def _note(desk: Desk, one: PayerStatement, count: int) -> None:
    desk.note_access(f"payer statement {one.number}", None, one.issued_on, f"{count} rows")


def _statement(desk: Desk, statement_id: StatementId) -> PayerStatement:
    found = desk.ask(statement_of, statement_id, desk.today)
    if found is None:
        raise LookupError("no such statement")
    return found
