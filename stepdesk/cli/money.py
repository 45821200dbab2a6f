"""Commands of the treasurer: boxes, vouchers, counts, entries by hand, statements, the lines of a
closing.
"""  # noqa: D205 - one sentence

import argparse
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stepdesk.cli.payer_money import check_ways
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
)
from stepdesk.cli.unknown import no_box, unknown
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

if TYPE_CHECKING:
    from stepdesk.countries.pack import CountryPack
    from stepdesk.ledger.terms import Activity, Booked, BoxCount, CashBook, CashBox, Voucher
    from stepdesk.paper.sheet import Listing
    from stepdesk.store.desk import Desk

T = TypeVar("T")
ACTIVITIES = ("HEALTH", "OTHER_SOCIAL", "INCOME_GENERATING", "PROJECT")
CASH = "cash_main"


# What commands share


def _said(amount: Money) -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


def _country(desk: "Desk") -> "CountryPack":
    from stepdesk.countries import country

    return country(desk.country)


def _box(desk: "Desk", asked: str, field: str = "box") -> "CashBox":
    from stepdesk.ledger.queries import box_of_code

    found = desk.ask(box_of_code, _country(desk), asked)
    if found is None:
        raise no_box(desk, asked, field)
    return found


def _role(desk: "Desk", asked: str, field: str = "role") -> str:
    """Return an account by its role or its number."""
    for role, account in _country(desk).chart.items():
        if asked in {role, account.number}:
            return str(role)
    known = [account.number for account in _country(desk).chart.values()]
    raise unknown(N_("There is no account {code}. Choose one of: {known}."), asked, known, field)


def _shared(told: argparse.Namespace, desk: "Desk") -> dict[str, Any]:
    """Return what every voucher is told: the request, the day, the activity."""
    from stepdesk.ledger.terms import Activity

    request = secrets.token_bytes(16) if told.request is None else request_of(told.request)
    return {
        "request_id": request,
        "day": day_of(told.on, "on") if told.on else desk.today,
        "activity": Activity(told.activity),
    }


def _done(told: argparse.Namespace, desk: "Desk", verb: Callable[..., T], **values: object) -> T:
    with desk.work(verb.__name__) as work:
        sign_second(told, work)
        return verb(work, **values)


def _put_booked(told: argparse.Namespace, booked: "Booked", what: str) -> int:
    numbers = " and ".join(one for one in (booked.number, booked.other_number) if one)
    put(told, {"booked": booked}, f"{numbers}: {what}")
    return DONE


def _party(desk: "Desk", role: str, asked: str) -> bytes:
    """Return whose a line is: a number, a code, a name, or an id in hex."""
    from stepdesk.reports.queries.parties import party_named

    if len(asked) == 32 and all(sign in "0123456789abcdef" for sign in asked):
        return bytes(request_of(asked))
    found = desk.ask(party_named, role, asked, desk.currency)
    if found is None:
        raise Refusal(
            Text(N_("Nobody is known as {asked}. Check the number."), {"asked": asked}),
            field="party",
        )
    return found


# Boxes


def box_list(told: argparse.Namespace) -> int:
    """List the boxes, what each holds, and what is too much in it."""
    from stepdesk.ledger.queries import box_balances

    with desk_of(told) as desk:
        on = day_of(told.on, "on") if told.on else desk.today
        held = desk.ask(box_balances, _country(desk), LANGUAGE, on)
    lines = [
        f"{one.box.code} {one.box.name}: {_said(one.held)}"
        + (f", {_said(one.too_much)} too much" if one.too_much else "")
        for one in held
    ]
    put(told, {"boxes": held}, "\n".join(lines))
    return DONE


def box_add(told: argparse.Namespace) -> int:
    """Add a box: a section's cash box, another bank account, a telephone."""
    from stepdesk.ledger.service import add_box

    with desk_of(told) as desk:
        box_id = desk.do(
            add_box,
            kind=told.kind,
            code=told.code,
            name=told.name,
            number=told.number,
            holder_id=_party(desk, "staff", told.holder) if told.holder else None,
            most=amount_of(told.most, desk.currency, "most") if told.most else None,
        )
    put(told, {"box": box_id}, f"{told.code}: {told.name} is added.")
    return DONE


def box_change(told: argparse.Namespace) -> int:
    """Rename a box, give it to another holder, or set its limit."""
    from stepdesk.ledger.service import change_box

    with desk_of(told) as desk:
        box = _named(_box(desk, told.code))
        most = amount_of(told.most, desk.currency, "most") if told.most else box.most
        desk.do(
            change_box,
            box_id=box.place.box,
            name=told.name or box.name,
            number=box.number if told.number is None else told.number,
            holder_id=_party(desk, "staff", told.holder) if told.holder else box.holder_id,
            most=most,
        )
    put(told, {"box": box.code}, f"{box.code} is changed.")
    return DONE


def box_end(told: argparse.Namespace) -> int:
    """End a box that is empty."""
    from stepdesk.ledger.service import end_box

    with desk_of(told) as desk:
        box = _named(_box(desk, told.code))
        desk.do(end_box, box_id=box.place.box)
    put(told, {"box": box.code}, f"{box.code} is ended.")
    return DONE


def _named(box: "CashBox") -> "CashBox":
    if box.place.box is None:
        raise Refusal(
            Text(
                N_("Every book has this one box, and it is not changed. Choose a box you added.")
            ),
            field="box",
        )
    return box


def box_rules(told: argparse.Namespace) -> int:
    """Show the scheme's money rules, or set them from a day on."""
    from stepdesk.ledger.queries import money_settings_on
    from stepdesk.ledger.service import set_money
    from stepdesk.ledger.terms import Basis, FeeTreatment

    with desk_of(told) as desk:
        on = day_of(told.first, "from") if told.first else desk.today
        now = desk.ask(money_settings_on, _country(desk), on)
        if told.first:
            limit, double = told.limit, told.double_sign
            _done(
                told,
                desk,
                set_money,
                first_day=on,
                cash_limit=amount_of(limit, desk.currency, "limit") if limit else now.cash_limit,
                double_sign_amount=amount_of(double, desk.currency, "double_sign")
                if double
                else now.double_sign_amount,
                entry_fee_treatment=FeeTreatment(told.entry_fee or now.entry_fee_treatment.value),
                basis=Basis(told.basis or now.basis.value),
            )
            now = desk.ask(money_settings_on, _country(desk), on)
    put(
        told,
        {"rules": now},
        f"In a cash box at most {_said(now.cash_limit)}; two sign above"
        f" {_said(now.double_sign_amount)}; entry fees {now.entry_fee_treatment.value};"
        f" basis {now.basis.value}.",
    )
    return DONE


def count(told: argparse.Namespace) -> int:
    """Keep what lay in a box, counted by notes and coins, or what a statement says."""
    from stepdesk.ledger.papers import count_list, count_pdf
    from stepdesk.ledger.queries import counts
    from stepdesk.ledger.service import count_box, read_statement

    check_ways(told)
    with desk_of(told) as desk:
        shared = _shared(told, desk)
        del shared["activity"]
        shared |= {"box": _box(desk, told.box).place, "difference_reason": told.reason}
        if told.statement is not None:
            stated = amount_of(told.statement, desk.currency, "statement")
            _done(told, desk, read_statement, stated=stated, **shared)
        else:
            owed = _party(desk, "staff", told.owed_by) if told.owed_by else None
            pieces = _pieces(told.pieces, desk.currency)
            _done(told, desk, count_box, pieces=pieces, owed_by=owed, **shared)
        pack = _country(desk)
        kept = desk.ask(counts, pack, LANGUAGE)[0]

        def sheet(language: str) -> "BoxCount":
            told: Sequence[BoxCount] = desk.ask(counts, pack, language)
            return next(one for one in told if one.id == kept.id)

        def listing(language: str) -> "Listing":
            return count_list(sheet(language), pack.coins, language)

        def paper(language: str, **frame: Any) -> bytes:  # noqa: ANN401
            return count_pdf(sheet(language), pack.coins, language, **frame)

        files = _write(told, desk, listing, paper)
    put(
        told,
        _with({"count": kept}, files),
        f"{kept.box.name}, {kept.day}: {_said(kept.counted)}, difference {_said(kept.difference)}."
        + (f" {kept.voucher_number}" if kept.voucher_number else ""),
    )
    return DONE


def _pieces(told: str, currency: Currency) -> dict[int, int]:
    """Read `10000x3,500x4`: the value of a note or coin, and how many."""
    found: dict[int, int] = {}
    for one in filter(None, told.split(",")):
        value, _, many = one.partition("x")
        if not many.strip().isdecimal():
            raise Refusal(
                Text(N_("{told} is no count. Write it as 10000x3,500x4."), {"told": one}),
                field="pieces",
            )
        minor = amount_of(value, currency, "pieces").minor
        found[minor] = found.get(minor, 0) + int(many)
    return found


# Vouchers


def spend(told: argparse.Namespace) -> int:
    """Pay an expense from a box; on credit with --bill-of, or a bill with --pays."""
    from stepdesk.ledger import service as ledger

    with desk_of(told) as desk:
        shared = _shared(told, desk) | {"amount": amount_of(told.amount, desk.currency)}
        if told.pays:
            del shared["activity"]
            done = _done(
                told,
                desk,
                ledger.pay_bill,
                bill_id=_voucher(desk, told.pays).id,
                box=_box(desk, told.box).place,
                piece=told.piece,
                **shared,
            )
        else:
            shared |= {"role": _role(desk, told.role), "label": told.label, "piece": told.piece}
            if told.bill_of:
                done = _done(told, desk, ledger.buy_on_credit, payee=told.bill_of, **shared)
            elif shared["role"] in ledger.OWED_BY_US:
                shared["party"] = _party(desk, shared["role"], told.who) if told.who else None
                done = _done(told, desk, ledger.pay_off, box=_box(desk, told.box).place, **shared)
            else:
                box = _box(desk, told.box).place
                done = _done(told, desk, ledger.spend, box=box, payee=told.payee, **shared)
    return _put_booked(told, done, f"{_said(shared['amount'])} for {told.label}")


def receive(told: argparse.Namespace) -> int:
    """Take money that is no contribution, or a debt paid back; in kind with --in-kind."""
    from stepdesk.ledger import service as ledger

    with desk_of(told) as desk:
        role = _role(desk, told.role)
        shared = _shared(told, desk) | {
            "amount": amount_of(told.amount, desk.currency),
            "role": role,
            "label": told.label,
            "payee": told.payee,
        }
        if told.in_kind:
            done = _done(told, desk, ledger.give_in_kind, **shared)
        else:
            party = _party(desk, role, told.who) if told.who else None
            box = _box(desk, told.box).place
            shared |= {"box": box, "party": party, "piece": told.piece}
            done = _done(told, desk, ledger.receive, **shared)
    return _put_booked(told, done, f"{_said(shared['amount'])}, {told.label}")


def transfer(told: argparse.Namespace) -> int:
    """Move money from one box to another; what a company keeps of it with --fee."""
    from stepdesk.ledger import service as ledger

    with desk_of(told) as desk:
        shared = _shared(told, desk)
        source, target = _box(desk, told.source, "source"), _box(desk, told.target, "target")
        amount = amount_of(told.amount, desk.currency)
        fee = amount_of(told.fee, desk.currency, "fee") if told.fee else None
        with desk.work("transfer") as work:
            sign_second(told, work)
            done = ledger.transfer(
                work,
                amount=amount,
                source=source.place,
                target=target.place,
                label=told.label,
                piece=told.piece,
                **shared,
            )
            if fee is not None:
                kept = {**shared, "request_id": _next_request(shared["request_id"])}
                ledger.take_fee(
                    work, amount=fee, box=source.place, label=told.label or "fee", **kept
                )
    return _put_booked(told, done, f"{_said(amount)} from {source.name} to {target.name}")


def _next_request(request: bytes) -> bytes:
    """Return the request of what goes with another: the same twice stays the same."""
    return bytes([request[0] ^ 1, *request[1:]])


def activity(told: argparse.Namespace) -> int:
    """Let money of a box belong to another activity."""
    from stepdesk.ledger.service import move_between_activities
    from stepdesk.ledger.terms import Activity

    with desk_of(told) as desk:
        shared = _shared(told, desk)
        source = shared.pop("activity")
        amount = amount_of(told.amount, desk.currency)
        done = _done(
            told,
            desk,
            move_between_activities,
            amount=amount,
            box=_box(desk, told.box).place,
            source=source,
            target=Activity(told.to),
            reason=told.reason,
            **shared,
        )
    return _put_booked(told, done, f"{_said(amount)} from {source.value} to {told.to}")


def entry(told: argparse.Namespace) -> int:
    """Write an entry of the miscellaneous journal by hand."""
    from stepdesk.ledger.service import book_entry
    from stepdesk.ledger.terms import Line

    with desk_of(told) as desk:
        lines = [Line(*one) for one in _lines(desk, told.line)]
        done = _done(
            told,
            desk,
            book_entry,
            lines=lines,
            reason=told.reason,
            piece=told.piece,
            accepting=frozenset(told.accept),
            **_shared(told, desk),
        )
    return _put_booked(told, done, told.reason)


def opening(told: argparse.Namespace) -> int:
    """Write the opening balance sheet of a scheme that already lives."""
    from stepdesk.ledger.service import open_books
    from stepdesk.ledger.terms import Opened

    with desk_of(told) as desk:
        shared = _shared(told, desk)
        del shared["activity"]
        held = [Opened(*one) for one in _lines(desk, told.line)]
        done = _done(told, desk, open_books, held=held, reason=told.reason, **shared)
    return _put_booked(told, done, "the books are opened")


def _lines(desk: "Desk", told: Sequence[str]) -> list[tuple[Any, ...]]:
    """Read lines `account=amount` or `account@whose=amount`; credit is below zero."""
    found = []
    for one in told:
        account, _, amount = one.rpartition("=")
        account, _, who = account.partition("@")
        minor = amount_of(amount, desk.currency, "line").minor
        box = None
        try:
            role = _role(desk, account, "line")
        except Refusal:
            place = _box(desk, account, "line").place
            role, box = place.role, place.box
        found.append((role, minor, box, _party(desk, role, who) if who else None))
    return found


def _voucher(desk: "Desk", number: str) -> "Voucher":
    from stepdesk.ledger.queries import voucher_of_number

    found = desk.ask(voucher_of_number, _country(desk), number)
    if found is None:
        raise Refusal(Text(N_("There is no such voucher. Check the number.")), field="voucher")
    return found


def voucher_list(told: argparse.Namespace) -> int:
    """List the vouchers of a month, cancelled ones too, or the bills not yet paid."""
    from stepdesk.ledger.queries import open_bills, vouchers

    with desk_of(told) as desk:
        if told.unpaid:
            bills = desk.ask(open_bills, desk.currency)
            lines = [f"{one.day} {one.payee} {one.label}: {_said(one.owed)} owed" for one in bills]
            put(told, {"bills": bills}, "\n".join(lines))
            return DONE
        month = month_of(told.month) if told.month else Month.of(desk.today)
        found = desk.ask(vouchers, _country(desk), first=month.first, last=month.last)
    lines = [
        f"{one.day} {one.number} {_said(one.amount)} {one.label}"
        + (f" (cancelled by {one.cancelled_by})" if one.cancelled_by else "")
        for one in found
    ]
    put(told, {"vouchers": found}, "\n".join(lines))
    return DONE


def voucher_print(told: argparse.Namespace) -> int:
    """Write a voucher as it is printed and signed."""
    from stepdesk.ledger.papers import voucher_pdf

    check_writable(told.pdf)
    told.xlsx = None
    with desk_of(told) as desk:
        pack = _country(desk)
        found = _voucher(desk, told.number)

        def paper(language: str, **frame: Any) -> bytes:  # noqa: ANN401
            role = pack.chart.get(found.role)
            return voucher_pdf(found, role.name(language) if role else "", language, **frame)

        _write(told, desk, None, paper)
    put(told, {"number": found.number, "pdf": told.pdf}, f"{found.number} written to {told.pdf}")
    return DONE


def voucher_cancel(told: argparse.Namespace) -> int:
    """Take back a voucher by its mirror; both numbers stay."""
    from stepdesk.ledger.service import cancel_voucher

    with desk_of(told) as desk:
        wrong = _voucher(desk, told.number)
        request = secrets.token_bytes(16) if told.request is None else request_of(told.request)
        done = _done(
            told,
            desk,
            cancel_voucher,
            request_id=request,
            voucher_id=wrong.id,
            reason=told.reason,
        )
    return _put_booked(told, done, f"cancels {wrong.number}")


# Statements


def _write(
    told: argparse.Namespace,
    desk: "Desk",
    listing: "Callable[[str], Listing] | None",
    paper: Callable[..., bytes] | None = None,
) -> list[Path]:
    """Write a statement where it was asked for, and return the files.

    `paper` draws it where the printed form is no plain table.
    """
    from stepdesk.scheme.queries import scheme_on
    from stepdesk.store.files import write_whole

    if not told.pdf and not told.xlsx:
        return []
    scheme = desk.ask(scheme_on, desk.today)
    language = told.language or scheme.language
    if told.xlsx and listing:
        write_whole(told.xlsx, listing(language).xlsx(language, practice=desk.practice))
    draw = paper or (listing and listing(language).pdf)
    if told.pdf and draw:
        frame: dict[str, Any] = {
            "scheme": scheme.name,
            "practice": desk.practice,
            "printed_on": desk.today,
        }
        write_whole(told.pdf, draw(language, **frame))
    return [path for path in (told.pdf, told.xlsx) if path]


def _with(answer: dict[str, object], files: Sequence[Path]) -> dict[str, object]:
    """Return an answer with the files that were written, if any were."""
    return answer | {"files": files} if files else answer


def _days(told: argparse.Namespace, today: date) -> tuple[date, date]:
    """Return the first and the last day asked for: a month, or days of one's own."""
    if told.month:
        month = month_of(told.month)
        return month.first, month.last
    first = day_of(told.first, "from") if told.first else Month.of(today).first
    return first, day_of(told.until, "until") if told.until else today


def _activity(told: argparse.Namespace) -> "Activity | None":
    from stepdesk.ledger.terms import Activity

    return Activity(told.activity) if told.activity else None


def journal(told: argparse.Namespace) -> int:
    """List the entries of a month or of some days, by journal and number."""
    from stepdesk.ledger.papers import journal_list
    from stepdesk.ledger.queries import journal as entries
    from stepdesk.ledger.terms import Journal

    check_ways(told)
    with desk_of(told) as desk:
        first, last = _days(told, desk.today)
        kind = Journal(told.journal) if told.journal else None
        found = desk.ask(entries, first, last, kind=kind, activity=_activity(told))
        pack = _country(desk)
        chart, currency = pack.chart, desk.currency

        def listing(language: str) -> "Listing":
            days = {"first": first, "last": last}
            return journal_list(found, pack, language, **days, kind=kind, activity=_activity(told))

        files = _write(told, desk, listing)
    lines = []
    for one in found:
        lines.append(f"{one.day} {one.number} {one.rule} {one.reason}".rstrip())
        lines += [
            f"    {chart[line.role].number} {_said(Money(line.amount, currency))}"
            for line in one.lines
        ]
    put(told, _with({"entries": found}, files), "\n".join(lines))
    return DONE


def ledger(told: argparse.Namespace) -> int:
    """List an account with its balance after each line."""
    from stepdesk.ledger.papers import account_list
    from stepdesk.ledger.queries import account_ledger

    check_ways(told)
    with desk_of(told) as desk:
        pack = _country(desk)
        first, last = _days(told, desk.today)
        role = _role(desk, told.account, "account")
        found = desk.ask(
            account_ledger,
            pack,
            role,
            first=first,
            last=last,
            place=_box(desk, told.box).place if told.box else None,
            party=_party(desk, role, told.who) if told.who else None,
            activity=_activity(told),
        )

        def listing(language: str) -> "Listing":
            name = pack.chart[role].name(language)
            activity = _activity(told)
            return account_list(found, name, language, first=first, last=last, activity=activity)

        files = _write(told, desk, listing)
        if files and told.who:
            desk.note_access("ledger of one person", None, last, role)
    lines = [f"{found.number} {found.role}: before {_said(found.before)}"]
    lines += [
        f"{row.day} {row.number} {_said(row.debit - row.credit)} = {_said(row.balance)} {row.label}"
        for row in found.rows
    ]
    put(told, _with({"ledger": found}, files), "\n".join(lines))
    return DONE


def balance(told: argparse.Namespace) -> int:
    """Show the trial balance at the end of a month."""
    from stepdesk.ledger.papers import balance_list, trial_balance_pdf
    from stepdesk.ledger.queries import closing_of, trial_balance

    check_ways(told)
    with desk_of(told) as desk:
        pack = _country(desk)
        until = month_of(told.month) if told.month else Month.of(desk.today)
        first = month_of(told.first) if told.first else None
        found = desk.ask(trial_balance, pack, until, first=first, activity=_activity(told))
        whole = first is None and told.activity is None
        closing = desk.ask(closing_of, pack, until) if whole else None

        def listing(language: str) -> "Listing":
            return balance_list(found, pack, language, activity=_activity(told))

        def paper(language: str, **frame: Any) -> bytes:  # noqa: ANN401
            names = {role: one.name(language) for role, one in pack.chart.items()}
            return trial_balance_pdf(
                found,
                month=until,
                language=language,
                account_names=names,
                closing=closing,
                **frame,
            )

        files = _write(told, desk, listing, paper)
    lines = [
        f"{row.number} {row.role}: debit {_said(row.debit)}, credit {_said(row.credit)},"
        f" balance {_said(row.balance)}"
        for row in found.rows
    ]
    lines.append(f"Totals: {_said(found.debit)} and {_said(found.credit)}")
    put(told, _with({"balance": found}, files), "\n".join(lines))
    return DONE


def cashbook(told: argparse.Namespace) -> int:
    """Show the cash book of a box and month."""
    from stepdesk.ledger.papers import cash_book_list
    from stepdesk.ledger.queries import cash_book

    check_ways(told)
    with desk_of(told) as desk:
        box = _box(desk, told.box)
        month, activity = month_of(told.month), _activity(told)
        found = desk.ask(cash_book, _country(desk), box, month, activity=activity)

        def listing(language: str) -> "Listing":
            return cash_book_list(_spoken(desk, found, language), language)

        files = _write(told, desk, listing)
    put(told, _with({"cashbook": found}, files), "\n".join(_book_told(found)))
    return DONE


def _book_told(book: "CashBook") -> list[str]:
    """Return a cash book as it is read; of one activity without balances of the box."""
    whole = book.activity is None
    head = f"{book.box.code} {book.box.name}, {book.month}"
    before = f"before {_said(book.before)}"
    lines = [f"{head}: {before if book.activity is None else f'{book.activity.value} alone'}"]
    lines += [
        f"{row.day} {row.number} {_said(row.came_in - row.went_out)}"
        + (f" = {_said(row.balance)}" if whole else "")
        + f" {row.label if isinstance(row.label, str) else speak(row.label, LANGUAGE)}"
        + (" (cancelled)" if row.cancelled else "")
        for row in book.rows
    ]
    after = f"after {_said(book.after)}"
    moved = f"in {_said(book.came_in)}, out {_said(book.went_out)}"
    return [*lines, after if whole else moved]


def _spoken(desk: "Desk", book: "CashBook", language: str) -> "CashBook":
    """Return a cash book whose box is named in the language of the paper."""
    from stepdesk.ledger.queries import box_at

    box = desk.ask(box_at, _country(desk), book.box.place, language)
    return book if box is None else replace(book, box=box)


def carried(told: argparse.Namespace) -> int:
    """List what each collector still carries, and since when."""
    from stepdesk.contributions.queries import carried_by
    from stepdesk.ledger.papers import carried_list

    check_ways(told)
    with desk_of(told) as desk:
        on = day_of(told.on, "on") if told.on else desk.today
        found = desk.ask(carried_by, desk.currency, on)

        def listing(_language: str) -> "Listing":
            return carried_list(found, on, desk.currency)

        files = _write(told, desk, listing)
    lines = [
        f"{one.name}: {_said(one.amount)} since {one.since}, {one.days} days" for one in found
    ]
    put(told, _with({"carried": found}, files), "\n".join(lines))
    return DONE


# Closing


def lines(told: argparse.Namespace) -> int:
    """Show the ten lines of a month's closing; tick or pass one of them."""
    from stepdesk.ledger.service import note_step
    from stepdesk.ledger.terms import Step
    from stepdesk.reports.queries.closing import STEP_WORDS, closing_lines

    month = month_of(told.month)
    with desk_of(told) as desk:
        for step, done in ((told.passes, False), (told.done, True)):
            if step:
                desk.do(
                    note_step,
                    month=month,
                    step=Step(step.upper()),
                    reason=told.reason,
                    done=done,
                )
        found = closing_lines(desk, month)
    said = [
        f"{at:2} {one.state.value:8} {speak(Text(STEP_WORDS[one.step]), LANGUAGE)}"
        + (f" ({one.count})" if one.count else "")
        + (f" {_said(one.amount)}" if one.amount else "")
        + (f": {one.reason}" if one.reason else "")
        for at, one in enumerate(found, start=1)
    ]
    put(told, {"lines": found}, "\n".join(said))
    return DONE


def reopen(told: argparse.Namespace) -> int:
    """Open the last closed month again; it is closed and printed anew afterwards."""
    from stepdesk.reports.service import reopen_month

    month = month_of(told.month)
    with desk_of(told) as desk, desk.work("reopen_month", reason=told.reason) as work:
        sign_second(told, work)
        reopen_month(work, month=month, reason=told.reason, accepting=frozenset(told.accept))
    put(told, {"reopened": month}, f"{month} is open again. Close and print it anew.")
    return DONE


# Arguments


def add(
    command: Callable[..., argparse.ArgumentParser],
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
) -> None:
    """Add the commands to the parser."""
    _box_arguments(_under(commands, signed, "box", "Boxes of the scheme, and its money rules."))
    inner = _under(commands, signed, "voucher", "Vouchers of the treasurer.")
    one = inner("list", voucher_list)
    one.add_argument("month", nargs="?", help="2026-11; this month when left out")
    one.add_argument("--unpaid", action="store_true", help="bills not yet paid instead")
    one = inner("print", voucher_print)
    one.add_argument("number", help="S-2026-571-A-0001")
    one.add_argument("--pdf", type=Path, metavar="FILE", required=True, help="where it goes")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")
    one = inner("cancel", voucher_cancel)
    one.add_argument("number", help="S-2026-571-A-0001")
    one.add_argument("--reason", required=True, help="kept with both")
    _request(one)
    _spending(command)
    _receiving(command)
    _moving(command)
    _by_hand(command)
    _statements(command)
    _closing(command)


def _closing(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("lines", lines)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    one.add_argument("--pass", dest="passes", metavar="STEP", help="CASH, BANK, LATE, BATCHES, …")
    one.add_argument("--done", metavar="STEP", help="COPY, PRINTED or LATE")
    one.add_argument("--reason", default="", help="kept with the closing")
    one = command("reopen", reopen)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="the last closed one")
    one.add_argument("--reason", required=True, help="kept with the closing")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _second(one)


def _under(
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
    name: str,
    told: str,
) -> Callable[..., argparse.ArgumentParser]:
    room = commands.add_parser(name, help=told, description=told)
    kinds = room.add_subparsers(metavar="WHAT", required=True)

    def command(kind: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            kind, help=text, description=text, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        return one

    return command


def _second(one: argparse.ArgumentParser) -> None:
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")


def _request(one: argparse.ArgumentParser, *, dated: bool = False, activity: bool = False) -> None:
    one.add_argument("--request", metavar="HEX", help="32 hex digits: the same twice is one")
    if dated:
        one.add_argument("--on", metavar="DATE", help="today when left out")
    if activity:
        one.add_argument("--activity", choices=ACTIVITIES, default=ACTIVITIES[0])
    _second(one)


def _box_arguments(inner: Callable[..., argparse.ArgumentParser]) -> None:
    one = inner("list", box_list)
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one = inner("add", box_add)
    one.add_argument("code", help="short; it stands in the numbers of its vouchers")
    one.add_argument("--kind", required=True, help="cash_main, cash_section, bank, mfi, momo")
    one.add_argument("--name", required=True)
    one.add_argument("--number", default="", help="of the account or telephone")
    one.add_argument("--holder", metavar="NAME", help="who answers for it")
    one.add_argument("--most", metavar="AMOUNT", help="what may lie in it")
    one = inner("change", box_change)
    one.add_argument("code")
    one.add_argument("--name")
    one.add_argument("--number")
    one.add_argument("--holder", metavar="NAME")
    one.add_argument("--most", metavar="AMOUNT")
    one = inner("end", box_end)
    one.add_argument("code")
    one = inner("rules", box_rules)
    one.add_argument("--from", dest="first", metavar="DATE", help="set them from this day on")
    one.add_argument("--limit", metavar="AMOUNT", help="what may lie in a cash box")
    one.add_argument("--double-sign", metavar="AMOUNT", help="two sign above it")
    one.add_argument("--entry-fee", choices=["INCOME", "OWN_FUND"])
    one.add_argument("--basis", choices=["ACCRUAL", "CASH"])
    _second(one)


def _spending(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("spend", spend)
    one.add_argument("book", type=Path)
    one.add_argument("role", help="supplies, travel, services, …, or an account's number")
    one.add_argument("amount")
    one.add_argument("label", help="what was bought")
    one.add_argument("--box", default=CASH, help="its code, number or kind; cash_main")
    one.add_argument("--payee", default="", help="who was paid")
    one.add_argument("--piece", default="", help="the number on the paper")
    one.add_argument("--bill-of", metavar="SUPPLIER", help="on credit: nothing is paid yet")
    one.add_argument("--pays", metavar="NUMBER", help="pays this bill")
    one.add_argument("--who", help="whom the scheme owed it, for accounts of persons")
    _request(one, dated=True, activity=True)


def _receiving(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("receive", receive)
    one.add_argument("book", type=Path)
    one.add_argument("role", help="gift, op_subsidy, interest, …, or an account's number")
    one.add_argument("amount")
    one.add_argument("label", help="what for")
    one.add_argument("--box", default=CASH, help="its code, number or kind; cash_main")
    one.add_argument("--payee", default="", help="who gave it")
    one.add_argument("--piece", default="", help="the number on the paper")
    one.add_argument("--who", help="who owed it, for accounts of persons")
    one.add_argument("--in-kind", action="store_true", help="no money: at what it is worth")
    _request(one, dated=True, activity=True)


def _moving(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("transfer", transfer)
    one.add_argument("book", type=Path)
    one.add_argument("amount")
    one.add_argument("source", metavar="from", help="a box")
    one.add_argument("target", metavar="to", help="another box")
    one.add_argument("--label", default="", help="deposit, withdrawal")
    one.add_argument("--piece", default="", help="the number on the paper")
    one.add_argument("--fee", metavar="AMOUNT", help="what the company kept of the first box")
    _request(one, dated=True, activity=True)
    one = command("count", count)
    one.add_argument("book", type=Path)
    one.add_argument("pieces", nargs="?", default="", help="10000x3,500x4")
    one.add_argument("--box", default=CASH, help="its code, number or kind; cash_main")
    one.add_argument("--statement", metavar="AMOUNT", help="of a bank or telephone, instead")
    one.add_argument("--reason", default="", help="why it differs")
    one.add_argument("--owed-by", metavar="NAME", help="who replaces what is missing")
    one.set_defaults(activity=ACTIVITIES[0])
    _request(one, dated=True)
    _ways(one)


def _by_hand(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("entry", entry)
    one.add_argument("book", type=Path)
    one.add_argument("--line", action="append", required=True, metavar="ACCOUNT=AMOUNT")
    one.add_argument("--reason", required=True, help="kept with the entry")
    one.add_argument("--piece", default="", help="the number on the paper")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _request(one, dated=True, activity=True)
    one = command("activity", activity)
    one.add_argument("book", type=Path)
    one.add_argument("amount")
    one.add_argument("to", choices=ACTIVITIES)
    one.add_argument("--box", default=CASH, help="its code, number or kind; cash_main")
    one.add_argument("--reason", required=True, help="kept with both entries")
    _request(one, dated=True, activity=True)
    one = command("opening", opening)
    one.add_argument("book", type=Path)
    one.add_argument("--line", action="append", required=True, metavar="ACCOUNT=AMOUNT")
    one.add_argument("--reason", default="", help="what it was taken from")
    one.set_defaults(activity=ACTIVITIES[0])
    _request(one, dated=True)


def _statements(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("journal", journal)
    one.add_argument("book", type=Path)
    _period(one)
    one.add_argument("--journal", choices=["AC", "CO", "CA", "BQ", "OD", "AN"])
    _ways(one)
    one = command("ledger", ledger)
    one.add_argument("book", type=Path)
    one.add_argument("account", help="its role or number")
    _period(one)
    one.add_argument("--box", help="one box of it")
    one.add_argument("--who", help="one person's part of it")
    _ways(one)
    one = command("balance", balance)
    one.add_argument("book", type=Path)
    one.add_argument("month", nargs="?", help="2026-11; this month when left out")
    one.add_argument("--from", dest="first", metavar="MONTH", help="the book's first")
    one.add_argument("--activity", choices=ACTIVITIES)
    _ways(one)
    one = command("cashbook", cashbook)
    one.add_argument("book", type=Path)
    one.add_argument("month", help="2026-11")
    one.add_argument("--box", default=CASH, help="its code, number or kind; cash_main")
    one.add_argument("--activity", choices=ACTIVITIES)
    _ways(one)
    one = command("carried", carried)
    one.add_argument("book", type=Path)
    one.add_argument("--on", metavar="DATE", help="today when left out")
    _ways(one)


def _ways(one: argparse.ArgumentParser) -> None:
    for way in ("pdf", "xlsx"):
        one.add_argument(f"--{way}", type=Path, metavar="FILE", help=f"as {way.upper()}")
    one.add_argument("--language", choices=sorted(LANGUAGES), help="else the scheme's")


def _period(one: argparse.ArgumentParser) -> None:
    one.add_argument("month", nargs="?", help="2026-11")
    one.add_argument("--from", dest="first", metavar="DATE", help="days of one's own")
    one.add_argument("--until", metavar="DATE", help="today when left out")
    one.add_argument("--activity", choices=ACTIVITIES)
