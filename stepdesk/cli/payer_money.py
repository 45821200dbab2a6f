"""Commands of the money of groups and of third-party payers."""

import argparse
import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    month_of,
    put,
    request_of,
    sign_second,
    write_file,
)
from stepdesk.cli.unknown import no_group, no_payer
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak
from stepdesk.values.money import Money

_Acts = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]
_BOXES = ("bank", "cash_main", "cash_section", "mfi", "momo")


def add_group_sums(acts: _Acts) -> None:
    """Add what a group pays."""
    one = acts("preview", group_preview)
    _code_and_amount(one)
    one.add_argument("--periods", type=int, default=0, help="beyond what is due")
    _on(one)
    one = acts("pay", group_pay)
    _code_and_amount(one)
    one.add_argument("--rest", choices=("keep", "give-back"), help="of money left over")
    one.add_argument("--means", choices=("cash", "bank", "mobile"), default="cash")
    one.add_argument("--periods", type=int, default=0, help="beyond what is due")
    one.add_argument("--reference", default="")
    _request(one)
    _on(one)
    one = acts("sums", group_sums)
    one.add_argument("code", nargs="?", help="of this group alone")
    one = acts("take-back", group_take_back)
    one.add_argument("number", help="of the sum, G-2026-A-000001")
    _reversal(one)


def add_payer_money(acts: _Acts) -> None:
    """Add what payers are told and what they pay."""
    one = acts("state", payer_state)
    one.add_argument("code")
    one = acts("statements", payer_statements)
    one.add_argument("code", nargs="?", help="of this payer alone")
    one.add_argument("--open", action="store_true", help="only those not paid whole")
    _ways(one)
    _on(one)
    one = acts("statement", payer_statement)
    one.add_argument("number", help="T-2026-A-000001")
    _ways(one)
    one = acts("receive", payer_receive)
    _code_and_amount(one)
    one.add_argument("--statement", metavar="NUMBER", help="else the oldest that are open")
    one.add_argument("--box", choices=_BOXES, default="bank")
    one.add_argument("--reference", default="", help="the bank's")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _request(one)
    _on(one)
    one = acts("take-back", payer_take_back)
    one.add_argument(
        "payment", help="its receipt's number or its id, as `payer receive` prints it"
    )
    _reversal(one)
    one = acts("gap", payer_gap)
    one.add_argument("--within", type=int, default=90, metavar="DAYS")
    _ways(one)
    _on(one)
    one = acts("cost", payer_cost)
    one.add_argument("first", metavar="FROM", help="month")
    one.add_argument("last", metavar="TO", help="month, included")
    _add_receipt(acts)


def _add_receipt(acts: _Acts) -> None:
    one = acts("receipt", payer_receipt_print)
    one.add_argument("number", help="P-2026-A-000001, or the payment's id")
    one.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="as PDF, A5")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


def _code_and_amount(one: argparse.ArgumentParser) -> None:
    one.add_argument("code")
    one.add_argument("amount")


def _on(one: argparse.ArgumentParser) -> None:
    one.add_argument("--on", metavar="DATE", help="today when left out")


def _request(one: argparse.ArgumentParser) -> None:
    one.add_argument("--request", metavar="HEX", help="the same twice is one")


def _reversal(one: argparse.ArgumentParser) -> None:
    one.add_argument("--reason", required=True, help="kept")
    one.add_argument("--second", metavar="NAME", help="who signs too")
    _request(one)


def _ways(one: argparse.ArgumentParser) -> None:
    for way in ("pdf", "xlsx"):
        one.add_argument(f"--{way}", type=Path, metavar="FILE", help=f"as {way.upper()}")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


def write_listing(
    desk: Any,  # noqa: ANN401
    told: argparse.Namespace,
    listing: Callable[[bool], Any],
) -> list[Path]:
    """Write a list where it was asked for, and return the files; `listing` is told of paper."""
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.files import write_whole

    scheme = desk.ask(scheme_on, desk.today)
    language = told.language or scheme.language
    if told.xlsx:
        write_whole(told.xlsx, listing(False).xlsx(language, practice=desk.practice))  # noqa: FBT003
    if told.pdf:
        paper = listing(True).pdf(  # noqa: FBT003
            language, scheme=scheme.name, practice=desk.practice, printed_on=desk.today
        )
        write_whole(told.pdf, paper)
    return [path for path in (told.pdf, told.xlsx) if path]


def check_ways(told: argparse.Namespace) -> None:
    """Refuse places a list cannot be written to, before anything is read."""
    for path in (told.pdf, told.xlsx):
        if path:
            check_writable(path)


# Reading what was typed


def _named(desk: Any, told: argparse.Namespace, *, group: bool) -> Any:  # noqa: ANN401
    from stepdesk.payers.queries import group_of_code, payer_of_code

    found = desk.ask(group_of_code if group else payer_of_code, told.code)
    if found is None:
        raise no_group(desk, told.code) if group else no_payer(desk, told.code)
    return found


def _asked(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return secrets.token_bytes(16) if told.request is None else request_of(told.request)


def _day(desk: Any, told: argparse.Namespace) -> date:  # noqa: ANN401
    day: date = day_of(told.on, "on") if told.on else desk.today
    return day


def _money(amount: Money) -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


# Sums of groups


def group_preview(told: argparse.Namespace) -> int:
    """Say for which households a group's sum pays, and what is left over."""
    from stepdesk.contributions.queries import preview_group
    from stepdesk.contributions.service import left_over

    with desk_of(told) as desk:
        group_id, day = _named(desk, told, group=True), _day(desk, told)
        amount = amount_of(told.amount, desk.currency)
        seen = desk.ask(preview_group, group_id, day, amount.minor, periods=told.periods)
        left = Money(seen.left, desk.currency)
    lines = [f"{row.place:3}  {row.number}  {row.gets} of {row.wanted}" for row in seen.rows]
    if seen.left:
        lines.append(speak(left_over(seen.filled, seen.asking, left), LANGUAGE))
    put(
        told,
        {
            "filled": seen.filled,
            "asking": seen.asking,
            "left": left,
            "next": seen.next_number,
            "rows": [{"household": row.number, "gets": row.gets} for row in seen.rows],
        },
        "\n".join(lines) or "None.",
    )
    return DONE


def group_pay(told: argparse.Namespace) -> int:
    """Take one sum of a group: a receipt for each household it fills, in the list's order."""
    from stepdesk.contributions.service import pay_for_group
    from stepdesk.contributions.terms import Means
    from stepdesk.payers.terms import Rest

    rests = {"keep": Rest.KEEP, "give-back": Rest.GIVE_BACK, None: None}
    with desk_of(told) as desk:
        done = desk.do(
            pay_for_group,
            request_id=_asked(told),
            group_id=_named(desk, told, group=True),
            amount=amount_of(told.amount, desk.currency),
            rest=rests[told.rest],
            paid_on=_day(desk, told),
            means=Means(told.means.upper()),
            periods=told.periods,
            reference=told.reference,
        )
    put(
        told,
        {
            "sum": done.money,
            "receipts": [one.number for one in done.receipts],
            "given_back": done.given_back,
        },
        f"{done.money.number}: {len(done.receipts)} receipts,"
        f" {_money(done.given_back)} handed back.",
    )
    return DONE


def group_sums(told: argparse.Namespace) -> int:
    """List the sums groups paid, the newest first."""
    from stepdesk.payers.queries import group_money

    with desk_of(told) as desk:
        group_id = _named(desk, told, group=True) if told.code else None
        found = desk.ask(group_money, group_id)
        lines = [
            f"{one.number}  {one.paid_on}  {_money(Money(one.amount, desk.currency))}"
            f"{'  taken back' if one.reversed_by else ''}"
            for one in found
        ]
    put(told, {"sums": found}, "\n".join(lines) or "None.")
    return DONE


def group_take_back(told: argparse.Namespace) -> int:
    """Take a group's sum back as a whole; two sign."""
    from stepdesk.contributions.service import reverse_group_payment
    from stepdesk.payers.queries import group_money

    with desk_of(told) as desk:
        wanted = told.number.strip().upper()
        found = next((one for one in desk.ask(group_money) if one.number == wanted), None)
        if found is None:
            raise Refusal(Text(N_("Choose the sum of the group.")), field="number")
        with desk.work("reverse_group_payment", reason=told.reason) as work:
            sign_second(told, work)
            gone = reverse_group_payment(
                work, request_id=_asked(told), group_payment_id=found.id, reason=told.reason
            )
    put(told, {"sum": gone}, f"{gone.number} takes {found.number} back.")
    return DONE


# Payers


def payer_state(told: argparse.Namespace) -> int:
    """Write the next statements to a payer, one for each agreement that has one due."""
    from stepdesk.contributions.queries import draft_statement
    from stepdesk.contributions.service import issue_statement
    from stepdesk.payers.queries import agreements, statement_of

    with desk_of(told) as desk:
        payer = _named(desk, told, group=False)
        agreed = [one for one in desk.ask(agreements).values() if one.payer_id == payer.id]
        if not agreed:
            raise Refusal(
                Text(N_("{payer} has no agreement yet. Write one first."), {"payer": payer.name}),
                field="code",
            )
        due = []
        for one in agreed:
            draft = desk.ask(draft_statement, one.id, desk.today)
            if draft.lines and draft.ready_on <= desk.today:
                due.append(one.id)
        made = [
            desk.ask(statement_of, desk.do(issue_statement, agreement_id=one), desk.today)
            for one in due or [agreed[-1].id]
        ]
        lines = [
            f"{one.number}: {_money(Money(one.amount, desk.currency))}"
            f" for {one.first_day} to {one.until}, not included."
            for one in made
        ]
    put(told, {"statements": made}, "\n".join(lines))
    return DONE


def payer_statements(told: argparse.Namespace) -> int:
    """List the statements to payers with what is paid of each, and how old it is."""
    from stepdesk.countries import country
    from stepdesk.payers.queries import statements_of
    from stepdesk.reports.papers.payers import open_statements_list
    from stepdesk.reports.queries.payers import overdue_statements

    check_ways(told)
    with desk_of(told) as desk:
        day, pack = _day(desk, told), country(desk.country)
        payer_id = _named(desk, told, group=False).id if told.code else None
        found = desk.ask(statements_of, day, payer_id=payer_id)
        found = tuple(one for one in found if one.open or not told.open)
        late = {one.id for one in desk.ask(overdue_statements, pack, day)}
        limit = pack.number("payer_alert_days", day)

        def listing(_paper: bool) -> Any:  # noqa: ANN401
            return open_statements_list(
                tuple(one for one in found if one.open),
                day=day,
                currency=desk.currency,
                alert_days=limit,
            )

        files = write_listing(desk, told, listing)
        lines = [
            f"{one.number}  {one.payer}  {_money(Money(one.open, desk.currency))} open of"
            f" {_money(Money(one.amount, desk.currency))},"
            f" {(day - one.issued_on).days} days{', late' if one.id in late else ''}"
            for one in found
        ]
    answer = [{"statement": one, "open": one.open, "late": one.id in late} for one in found]
    put(told, {"statements": answer, "files": files}, "\n".join(lines) or "None.")
    return DONE


def payer_statement(told: argparse.Namespace) -> int:
    """Print a statement to a payer with the names on it; noted in the access log."""
    from stepdesk.payers.queries import statement_of, statement_of_number
    from stepdesk.reports.papers.payers import payer_statement_list
    from stepdesk.reports.queries.payers import statement_rows
    from stepdesk.scheme.queries import scheme_on

    if not (told.pdf or told.xlsx):
        raise Refusal(Text(N_("Say where it goes: --pdf or --xlsx with a file.")), field="pdf")
    check_ways(told)
    with desk_of(told) as desk:
        found = desk.ask(statement_of_number, told.number)
        if found is None:
            raise Refusal(
                Text(
                    N_("There is no statement {number}. Check the number."),
                    {"number": told.number},
                ),
                field="number",
            )
        made = desk.ask(statement_of, found, desk.today)
        rows = desk.ask(statement_rows, made)
        scheme = desk.ask(scheme_on, desk.today).name

        def listing(_paper: bool) -> Any:  # noqa: ANN401
            return payer_statement_list(made, rows, scheme=scheme, currency=desk.currency)

        files = write_listing(desk, told, listing)
        desk.note_access(
            f"payer statement {made.number}", None, made.issued_on, f"{len(rows)} rows"
        )
    put(told, {"rows": len(rows), "files": files}, f"{len(rows)} lines of {made.number} written.")
    return DONE


def payer_receive(told: argparse.Namespace) -> int:
    """Take a payer's money: it clears a statement, or the oldest that are open."""
    from stepdesk.payers.queries import payer_credit, statement_of_number, statements_of
    from stepdesk.payers.service import receive_from_payer
    from stepdesk.reports.queries.payers import payer_receipt

    with desk_of(told) as desk:
        payer = _named(desk, told, group=False)
        statement = None
        if told.statement:
            statement = desk.ask(statement_of_number, told.statement)
            if statement is None:
                raise Refusal(
                    Text(
                        N_("There is no statement {number}. Check the number."),
                        {"number": told.statement},
                    ),
                    field="statement",
                )
        payment = desk.do(
            receive_from_payer,
            request_id=_asked(told),
            payer_id=payer.id,
            amount=amount_of(told.amount, desk.currency),
            paid_on=_day(desk, told),
            box=told.box,
            statement_id=statement,
            reference=told.reference,
            accepting=frozenset(told.accept),
        )
        left = sum(one.open for one in desk.ask(statements_of, desk.today, payer_id=payer.id))
        credit = desk.ask(payer_credit, payer.id, desk.today)
        number = desk.ask(payer_receipt, payment, desk.currency).number
        words = (
            f"{number} ({payment.hex()}): {_money(Money(left, desk.currency))} still open,"
            f" {_money(Money(credit, desk.currency))} credit."
        )
    answer = {"payment": payment, "number": number, "open": left, "credit": credit}
    put(told, answer, words)
    return DONE


def payer_receipt_print(told: argparse.Namespace) -> int:
    """Print the receipt for a payer's money, or for what took it back; the second print says COPY."""
    from stepdesk.reports.papers.payer_receipts import payer_receipt_pdf
    from stepdesk.reports.service import note_payer_receipt, payer_receipt_to_print
    from stepdesk.scheme.queries import scheme_on

    check_writable(told.pdf)
    with desk_of(told) as desk:
        receipt = payer_receipt_to_print(desk, _payment(desk, told.number, "number"))
        language = told.language or desk.ask(scheme_on, desk.today).language
        write_file(told.pdf, payer_receipt_pdf(receipt, language))
        note_payer_receipt(desk, receipt)
    copy = f", copy {receipt.copies}" if receipt.copy else ""
    answer = {"number": receipt.number, "copies": receipt.copies, "out": told.pdf}
    put(told, answer, f"{receipt.number or told.number}{copy}, in {told.pdf}")
    return DONE


def _payment(desk: Any, told: str, field: str) -> Any:  # noqa: ANN401
    from stepdesk.payers.queries import payer_payment_told

    found = desk.ask(payer_payment_told, told)
    if found is None:
        raise Refusal(Text(N_("There is no such receipt. Check the number.")), field=field)
    return found


def payer_take_back(told: argparse.Namespace) -> int:
    """Take a payer's payment back; its statements are open again. Two sign."""
    from stepdesk.payers.service import reverse_payer_payment

    with desk_of(told) as desk:
        payment = _payment(desk, told.payment, "payment")
        with desk.work("reverse_payer_payment", reason=told.reason) as work:
            sign_second(told, work)
            gone = reverse_payer_payment(
                work, request_id=_asked(told), payment_id=payment, reason=told.reason
            )
    put(told, {"payment": gone}, f"{gone.hex()} takes {told.payment} back.")
    return DONE


def payer_gap(told: argparse.Namespace) -> int:
    """List the households whose payer's commitment ends soon, and what they would pay alone."""
    from stepdesk.reports.papers.payers import gaps_list
    from stepdesk.reports.queries.payers import gaps

    check_ways(told)
    with desk_of(told) as desk:
        day = _day(desk, told)
        rows = desk.ask(gaps, day, within=told.within)

        def listing(_paper: bool) -> Any:  # noqa: ANN401
            return gaps_list(rows, day=day, currency=desk.currency)

        files = write_listing(desk, told, listing)
        if files:
            desk.note_access("commitments that end", None, day, f"{len(rows)} rows")
        lines = [
            f"{row.number}  until {row.until}, not included:"
            f" {_money(Money(row.would_pay, desk.currency))} instead of"
            f" {_money(Money(row.pays, desk.currency))}"
            for row in rows
        ]
    answer = [
        {"household": str(row.number), "until": row.until, "would_pay": row.would_pay}
        for row in rows
    ]
    put(told, {"ending": answer, "files": files}, "\n".join(lines) or "None.")
    return DONE


def payer_cost(told: argparse.Namespace) -> int:
    """Say what the sponsored and the ordinary members brought and took in some months."""
    from stepdesk.reports.queries.payers import burdens, collected

    first, last = month_of(told.first), month_of(told.last)
    with desk_of(told) as desk:
        found = desk.ask(burdens, first, last)
        money = desk.ask(collected, first, last)
        lines = [
            f"{name}: {one.persons} persons, {_money(Money(one.earned, desk.currency))} earned,"
            f" {_money(Money(one.benefits, desk.currency))} benefits"
            + ("" if one.ratio is None else f", {one.ratio / 100:.1f} %")
            for name, one in (("ordinary", found.ordinary), ("sponsored", found.sponsored))
        ]
    answer = {
        name: {
            "persons": one.persons,
            "months": one.months,
            "earned": one.earned,
            "benefits": one.benefits,
            "ratio": one.ratio,
        }
        for name, one in (("ordinary", found.ordinary), ("sponsored", found.sponsored))
    }
    put(told, {**answer, "collected": money}, "\n".join(lines))
    return DONE
