"""Commands of payments: providers in steps, members reimbursed, months by head, deposits, recoveries."""

import argparse
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stepdesk.cli.claims import provider_named, service_named
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    household_named,
    month_of,
    person_of,
    place_named,
    put,
    request_of,
    sign_second,
    write_file,
)
from stepdesk.cli.unknown import no_package
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Money

Add = Callable[[str, Any], argparse.ArgumentParser]


# What these commands share


def _said(text: Text | Money) -> str:
    return speak(text if isinstance(text, Text) else Text("{a}", {"a": text}), LANGUAGE)


def _request(told: argparse.Namespace) -> Any:  # noqa: ANN401
    return secrets.token_bytes(16) if told.request is None else request_of(told.request)


def _provider(desk: Any, asked: str) -> Any:  # noqa: ANN401
    return provider_named(desk, asked)


def _done(desk: Any, told: argparse.Namespace, verb: Any, **asked: Any) -> Any:  # noqa: ANN401
    """Do a verb somebody else may sign too."""
    with desk.work(verb.__name__) as work:
        sign_second(told, work)
        return verb(work, **asked)


def _on(told: argparse.Namespace) -> date | None:
    return day_of(told.on, "on") if told.on else None


def _amount(desk: Any, told: str | None, field: str) -> Money | None:  # noqa: ANN401
    return amount_of(told, desk.currency, field) if told else None


def _sheet(desk: Any) -> Mapping[str, Any]:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on

    return {
        "scheme": desk.ask(scheme_on, desk.today).name,
        "practice": desk.practice,
        "printed_on": desk.today,
    }


def _language(desk: Any, told: argparse.Namespace) -> str:  # noqa: ANN401
    from stepdesk.scheme.queries import scheme_on

    return str(told.language or desk.ask(scheme_on, desk.today).language)


# Batches


def _batch(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import payment_batch_of_number

    found = desk.ask(payment_batch_of_number, number, desk.currency)
    if found is None:
        raise Refusal(
            Text(N_("There is no payment batch {number}. Check the number."), {"number": number}),
            field="batch",
        )
    return found


def _told(told: argparse.Namespace, batch: Any) -> int:  # noqa: ANN401
    put(told, {"batch": batch}, _line(batch))
    return DONE


def _line(batch: Any) -> str:  # noqa: ANN401
    parts = [f"{batch.claims} claims, approved {_said(batch.approved)}"]
    if batch.recovered:
        parts.append(f"recovered {_said(batch.recovered)}")
    if batch.set_off:
        parts.append(f"settled by advance or deposit {_said(batch.set_off)}")
    last = batch.steps[-1]
    return (
        f"{batch.number}  {batch.provider}: {', '.join(parts)}; to pay {_said(batch.net)};"
        f" {batch.state.value} on {last.day} by {last.person}"
        + (f" and {last.second_person}" if last.second_person else "")
        + (f", voucher {batch.voucher}" if batch.voucher else "")
        + "."
    )


def prepare(told: argparse.Namespace) -> int:
    """Put together what a provider is to be paid, oldest invoice first."""
    from stepdesk.claims.service import prepare_payment

    with desk_of(told) as desk:
        batch = desk.do(
            prepare_payment,
            request_id=_request(told),
            provider_id=_provider(desk, told.provider).id,
            most=_amount(desk, told.most, "most"),
            set_off=_amount(desk, told.set_off, "set_off"),
        )
    return _told(told, batch)


def approve(told: argparse.Namespace) -> int:
    """Approve a prepared batch: by another person than who prepared it."""
    from stepdesk.claims.service import approve_payment

    with desk_of(told) as desk:
        asked = {"batch_id": _batch(desk, told.number).id, "accepting": frozenset(told.accept)}
        batch = _done(desk, told, approve_payment, **asked)
    return _told(told, batch)


def order(told: argparse.Namespace) -> int:
    """Order an approved batch to be paid from a box."""
    from stepdesk.claims.service import order_payment

    with desk_of(told) as desk:
        place = place_named(desk, told.box)
        batch = _done(
            desk, told, order_payment, batch_id=_batch(desk, told.number).id, place=place
        )
    return _told(told, batch)


def pay(told: argparse.Namespace) -> int:
    """Pay an ordered batch, with the fee a bank or telephone company keeps."""
    from stepdesk.claims.service import pay_batch

    with desk_of(told) as desk:
        batch = _done(
            desk,
            told,
            pay_batch,
            request_id=_request(told),
            batch_id=_batch(desk, told.number).id,
            day=_on(told),
            fee=_amount(desk, told.fee, "fee"),
        )
    return _told(told, batch)


def acknowledge(told: argparse.Namespace) -> int:
    """Note the provider's receipt of a paid batch."""
    from stepdesk.claims.service import acknowledge_payment

    with desk_of(told) as desk:
        batch_id = _batch(desk, told.number).id
        batch = desk.do(
            acknowledge_payment, batch_id=batch_id, receipt=told.receipt, day=_on(told)
        )
    return _told(told, batch)


def cancel(told: argparse.Namespace) -> int:
    """Cancel a batch before it is paid; what it held can be paid by another."""
    from stepdesk.claims.service import cancel_payment

    with desk_of(told) as desk:
        batch_id = _batch(desk, told.number).id
        batch = desk.do(cancel_payment, batch_id=batch_id, reason=told.reason)
    return _told(told, batch)


def reverse(told: argparse.Namespace) -> int:
    """Take back a payment that did not reach its provider; its claims are owed again."""
    from stepdesk.claims.queries import standing_payment
    from stepdesk.claims.service import reverse_payment

    with desk_of(told) as desk:
        payment_id = desk.ask(standing_payment, number=told.number)
        if payment_id is None:
            batch = _batch(desk, told.number)
            payment_id = desk.ask(standing_payment, batch_id=batch.id)
        if payment_id is None:
            raise Refusal(
                Text(
                    N_("{number} is not paid. Cancel the batch instead, or check the number."),
                    {"number": told.number},
                ),
                field="batch",
            )
        back = _done(
            desk,
            told,
            reverse_payment,
            request_id=_request(told),
            payment_id=payment_id,
            reason=told.reason,
        )
    fee = f"; the fee of {_said(back.fee)} stays booked" if back.fee else ""
    put(
        told,
        {"payment": back},
        f"{back.number} takes back {back.reverses}: {_said(back.amount)} on {back.day},"
        f" {back.claims} claims are owed again{fee}.",
    )
    return DONE


def show(told: argparse.Namespace) -> int:
    """Show payment batches, or one with its claims and steps."""
    from stepdesk.claims.queries import payment_batches

    with desk_of(told) as desk:
        found = (
            [_batch(desk, told.number)]
            if told.number
            else desk.ask(payment_batches, desk.currency)
        )
    lines = [_line(one) for one in found]
    if told.number:
        lines += [
            f"    {one.kind.value} {one.number} {one.invoice} {_said(one.amount)}"
            for one in found[0].lines
        ]
    put(told, {"batches": found}, "\n".join(lines) or "No payment batch yet.")
    return DONE


def print_order(told: argparse.Namespace) -> int:
    """Print the payment order of a batch: its claims by invoice, room for two signatures."""
    from stepdesk.claims.papers import payment_order_pdf

    check_writable(told.pdf)
    with desk_of(told) as desk:
        batch = _batch(desk, told.number)
        paper = payment_order_pdf(batch, _language(desk, told), **_sheet(desk))
        write_file(told.pdf, paper)
    put(told, {"batch": batch.number, "file": told.pdf}, f"{batch.number} is in {told.pdf}.")
    return DONE


def delays(told: argparse.Namespace) -> int:
    """Show how long each provider waits for its money; exit 1 when one waits longer than agreed."""
    from stepdesk.claims import queries

    with desk_of(told) as desk:
        found = desk.ask(queries.delays, desk.currency, desk.today)
        late = desk.ask(queries.late_payments, desk.currency, desk.today)
    lines = [
        f"{one.provider}: {_said(one.owed)} for {one.claims}; {one.oldest_days} days since the"
        f" oldest invoice, {one.mean_days} on the mean"
        for one in found
    ]
    lines += [_said(one) for one in late]
    put(told, {"delays": found, "late": list(late)}, "\n".join(lines) or "Nothing is owed.")
    return REFUSED if late else DONE


# Members


def _claim(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import claim_of_number

    found = desk.ask(claim_of_number, number)
    if found is None:
        raise Refusal(
            Text(N_("There is no claim {number}. Check the number."), {"number": number}),
            field="claim",
        )
    return found


def _new_line(desk: Any, told: str) -> Any:  # noqa: ANN401
    """Return a line typed as CODE=PRICE or CODE*QUANTITY=PRICE, the price of one."""
    from stepdesk.claims.terms import NewLine

    code, _, price = told.partition("=")
    name, _, count = code.partition("*")
    if not price or (count and not count.isdigit()):
        raise Refusal(
            Text(
                N_("{told} is no line. Write CODE=PRICE, or CODE*3=PRICE for three of it."),
                {"told": told},
            ),
            field="line",
        )
    amount = amount_of(price, desk.currency, "line").minor
    return NewLine(service_named(desk, name).id, int(count or 1), amount)


def reimbursement_ask(told: argparse.Namespace) -> int:
    """Take in what a member paid for care and asks back, and decide it."""
    from stepdesk.claims.queries import claim_of
    from stepdesk.claims.service import request_reimbursement
    from stepdesk.claims.terms import NewClaim, Visit

    with desk_of(told) as desk:
        with desk.read() as connection:
            person_id = person_of(connection, told.patient)
        first = day_of(told.care_on, "care_on")
        certificate = NewClaim(
            person_id=person_id,
            first_day=first,
            last_day=day_of(told.until, "until") if told.until else first,
            lines=tuple(_new_line(desk, one) for one in told.line),
            visit=Visit.EMERGENCY if told.emergency_after is not None else Visit.OTHER,
            declared_hours=told.emergency_after,
        )
        provider_id = _provider(desk, told.provider).id
        with desk.work("request_reimbursement") as work:
            claim_id = request_reimbursement(
                work,
                request_id=_request(told),
                provider_id=provider_id,
                certificate=certificate,
                received_on=_on(told),
                receipt=told.receipt or "",
                decide=True,
            )
        claim = desk.ask(claim_of, claim_id, desk.currency)
    codes = f" ({', '.join(claim.codes)})" if claim.codes else ""
    paid = _said(claim.paid) if claim.paid is not None else "nothing yet"
    put(
        told,
        {"claim": claim},
        f"{claim.number}: {claim.state.value}{codes}, of {_said(claim.claimed)} {paid} to reimburse.",
    )
    return DONE


def reimbursement_pay(told: argparse.Namespace) -> int:
    """Pay a household what it is owed for care it paid itself, the oldest request first."""
    from stepdesk.claims.papers import member_voucher_pdf
    from stepdesk.claims.service import reimburse_member

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        voucher = _done(
            desk,
            told,
            reimburse_member,
            request_id=_request(told),
            household_id=household_named(desk, told.household),
            receiver=told.receiver,
            place=place_named(desk, told.box),
            day=_on(told),
            most=_amount(desk, told.most, "most"),
            reference=told.reference or "",
        )
        if told.pdf:
            paper = member_voucher_pdf(voucher, _language(desk, told), **_sheet(desk))
            write_file(told.pdf, paper)
    put(
        told,
        {"payment": voucher},
        f"{voucher.number}: {_said(voucher.amount)} for {len(voucher.claims)} requests.",
    )
    return DONE


def reimbursement_list(told: argparse.Namespace) -> int:
    """Show which households are owed a reimbursement, and what is to be recovered."""
    from stepdesk.claims import queries

    with desk_of(told) as desk:
        owed = desk.ask(queries.reimbursements_owed, desk.currency, desk.today)
        back = desk.ask(queries.recoveries, desk.currency)
        desk.note_access("reimbursements", None, desk.today, "list")
    lines = [
        f"{one.number} {one.member}: {_said(one.amount)} for {one.claims}, {one.days} days"
        + (f"; {_said(one.returned)} of it paid back before: {one.why}" if one.returned else "")
        for one in owed
    ]
    lines += [f"To recover from {one.owed_by}: {_said(one.left)}, {one.claim}" for one in back]
    put(told, {"reimbursements": owed, "recoveries": back}, "\n".join(lines) or "Nothing is owed.")
    return DONE


def reimbursement_recover(told: argparse.Namespace) -> int:
    """Decide that a member pays back what was paid for a claim."""
    from stepdesk.claims.service import recover_from_member

    with desk_of(told) as desk:
        done = _done(
            desk,
            told,
            recover_from_member,
            request_id=_request(told),
            claim_id=_claim(desk, told.claim),
            amount=amount_of(told.amount, desk.currency),
            reason=told.reason,
        )
    put(told, {"recovery": done}, f"{done.claim}: {_said(done.left)} to recover.")
    return DONE


def reimbursement_let_off(told: argparse.Namespace) -> int:
    """Decide that a member need not pay back what was asked; what was paid of it is owed again."""
    from stepdesk.claims.service import let_off_recovery

    with desk_of(told) as desk:
        done = _done(
            desk,
            told,
            let_off_recovery,
            request_id=_request(told),
            claim_id=_claim(desk, told.claim),
            amount=_amount(desk, told.amount, "amount"),
            reason=told.reason,
        )
    put(
        told,
        {"let_off": done},
        f"{done.claim}: {_said(done.amount)} let off, {_said(done.left)} to recover,"
        f" {_said(done.owed)} owed to the member.",
    )
    return DONE


def reimbursement_back(told: argparse.Namespace) -> int:
    """Take money a member pays back for a claim."""
    from stepdesk.claims.queries import recoveries
    from stepdesk.claims.service import receive_recovery

    with desk_of(told) as desk:
        wanted = told.claim.strip().upper()
        found = [
            one
            for one in desk.ask(recoveries, desk.currency)
            if one.claim.upper() == wanted and one.recovery_id is not None
        ]
        if not found:
            raise Refusal(
                Text(
                    N_(
                        "No member has anything to pay back for {claim}. Check the claim's number."
                    ),
                    {"claim": told.claim},
                ),
                field="claim",
            )
        done = desk.do(
            receive_recovery,
            request_id=_request(told),
            recovery_id=found[0].recovery_id,
            amount=amount_of(told.amount, desk.currency),
            place=place_named(desk, told.box),
            day=_on(told),
        )
    put(told, {"recovery": done}, f"{done.claim}: {_said(done.left)} left to recover.")
    return DONE


# By head


def _run_line(one: Any) -> str:  # noqa: ANN401
    taken = f"; taken back: {one.reversed_by}" if one.reversed_by else ""
    beside = f"; difference: {one.reason}" if one.adjusts else ""
    return f"{one.month} {one.provider}: {one.persons} persons, {_said(one.amount)}{beside}{taken}"


def capitation_run(told: argparse.Namespace) -> int:
    """Book what providers get by head for a month, or their share of a package's contributions."""
    from stepdesk.benefits.queries import package_of_code
    from stepdesk.claims.service import run_capitation, run_shared_capitation

    with desk_of(told) as desk:
        asked: dict[str, Any] = {"request_id": _request(told), "month": month_of(told.month)}
        if told.package:
            package_id = desk.ask(package_of_code, told.package)
            if package_id is None:
                raise no_package(desk, told.package)
            asked["package_id"] = package_id
            done = _done(desk, told, run_shared_capitation, **asked)
        else:
            asked |= {"reason": told.reason or "", "accepting": frozenset(told.accept)}
            done = _done(desk, told, run_capitation, **asked)
    put(told, {"runs": done}, "\n".join(_run_line(one) for one in done))
    return DONE


def capitation_reverse(told: argparse.Namespace) -> int:
    """Take back what a provider got by head for a month."""
    from stepdesk.claims.queries import capitation_runs
    from stepdesk.claims.service import reverse_capitation

    with desk_of(told) as desk:
        provider = _provider(desk, told.provider)
        month = month_of(told.month)
        found = [
            one
            for one in desk.ask(capitation_runs, desk.currency, month=month)
            if one.provider_id == provider.id and not one.reversed_by
        ]
        if not found:
            raise Refusal(Text(N_("There is no such capitation. Check the month.")), field="month")
        done = _done(
            desk,
            told,
            reverse_capitation,
            request_id=_request(told),
            run_id=found[0].id,
            reason=told.reason,
        )
    put(told, {"run": done}, _run_line(done))
    return DONE


def capitation_counted(told: argparse.Namespace) -> int:
    """Show who was counted for a month by head, and who would not be today; write it to a file."""
    from stepdesk.claims.papers import counted_list, counted_text
    from stepdesk.claims.queries import capitation_runs, counted_persons

    month = month_of(told.month)
    with desk_of(told) as desk:
        provider = _provider(desk, told.provider)
        runs = [
            one
            for one in desk.ask(capitation_runs, desk.currency, month=month)
            if one.provider_id == provider.id and not one.reversed_by
        ]
        found = desk.ask(counted_persons, runs[-1].id) if runs else None
        if found is None:
            raise Refusal(
                Text(N_("Nobody is kept for this month. Check it with `capitation list`.")),
                field="month",
            )
        places = _listed(desk, told, counted_list(runs[-1], found))
        desk.note_access("capitation", None, desk.today, "list")
    lines = []
    for one in found:
        remark = counted_text(one)
        lines.append(f"{one.card} {one.name}" + (f"; {_said(remark)}" if remark else ""))
    put(told, {"persons": found, "files": places}, "\n".join(lines) or "Nobody.")
    return DONE


def capitation_list(told: argparse.Namespace) -> int:
    """Show what providers got by head, the latest month first."""
    from stepdesk.claims.queries import capitation_runs

    with desk_of(told) as desk:
        found = desk.ask(capitation_runs, desk.currency)
    put(told, {"runs": found}, "\n".join(_run_line(one) for one in found) or "None yet.")
    return DONE


# Deposits


def deposit_pay(told: argparse.Namespace) -> int:
    """Pay the deposit a hospital asks for."""
    from stepdesk.claims.service import pay_deposit

    with desk_of(told) as desk:
        _done(
            desk,
            told,
            pay_deposit,
            request_id=_request(told),
            provider_id=_provider(desk, told.provider).id,
            amount=amount_of(told.amount, desk.currency),
            place=place_named(desk, told.box),
            label=told.label,
            day=_on(told),
        )
        return _lies(desk, told)


def deposit_budget(told: argparse.Namespace) -> int:
    """Pay the advance of a month under an agreement with a budget."""
    from stepdesk.claims.service import pay_budget

    with desk_of(told) as desk:
        _done(
            desk,
            told,
            pay_budget,
            request_id=_request(told),
            provider_id=_provider(desk, told.provider).id,
            month=month_of(told.month),
            place=place_named(desk, told.box),
            day=_on(told),
        )
        return _lies(desk, told)


def deposit_return(told: argparse.Namespace) -> int:
    """Take back what lies with a provider, or a part of it."""
    from stepdesk.claims.service import return_deposit
    from stepdesk.claims.terms import DepositKind

    with desk_of(told) as desk:
        desk.do(
            return_deposit,
            request_id=_request(told),
            provider_id=_provider(desk, told.provider).id,
            kind=DepositKind.ADVANCE if told.advance else DepositKind.DEPOSIT,
            amount=amount_of(told.amount, desk.currency),
            place=place_named(desk, told.box),
            label=told.label,
            day=_on(told),
        )
        return _lies(desk, told)


def deposit_list(told: argparse.Namespace) -> int:
    """Show what lies with each provider: deposits and advances."""
    with desk_of(told) as desk:
        return _lies(desk, told)


def _lies(desk: Any, told: argparse.Namespace) -> int:  # noqa: ANN401
    from stepdesk.claims.queries import lying

    found = desk.ask(lying, desk.currency)
    lines = [
        f"{one.provider}: deposit {_said(one.deposit)}, advance {_said(one.advance)}"
        for one in found
    ]
    put(told, {"lying": found}, "\n".join(lines) or "Nothing lies with providers.")
    return DONE


# Papers of claims


def register(told: argparse.Namespace) -> int:
    """Write the register of benefits of a month: every claim that came, as it stands."""
    from stepdesk.claims.papers import benefits_list
    from stepdesk.claims.queries import register_of_benefits

    month = month_of(told.month)
    with desk_of(told) as desk:
        rows = desk.ask(register_of_benefits, month, desk.currency)
        listing = benefits_list(rows, month, desk.currency)
        places = _listed(desk, told, listing)
        desk.note_access("benefits", None, desk.today, "list")
    put(told, {"rows": rows, "files": places}, _places(len(rows), places))
    return DONE


def reasons(told: argparse.Namespace) -> int:
    """Show what was lowered or refused by reason, over some months."""
    from stepdesk.claims.papers import reasons_list
    from stepdesk.claims.queries import reasons_of

    first = month_of(told.month)
    last = month_of(told.until) if told.until else first
    with desk_of(told) as desk:
        provider = _provider(desk, told.provider) if told.provider else None
        provider_id = provider.id if provider else None
        rows = desk.ask(reasons_of, first, last, desk.currency, provider_id=provider_id)
        listing = reasons_list(rows, first, last, provider=provider.name if provider else "")
        places = _listed(desk, told, listing)
    lines = [f"{one.code} {_said(one.words)}: {one.lines}, {_said(one.amount)}" for one in rows]
    put(told, {"reasons": rows, "files": places}, "\n".join(lines) or "Nothing was refused.")
    return DONE


def _listed(desk: Any, told: argparse.Namespace, listing: Any) -> list[Path]:  # noqa: ANN401
    """Write a list to where it was asked for."""
    language = _language(desk, told)
    if told.pdf:
        write_file(told.pdf, listing.pdf(language, **_sheet(desk)))
    if told.xlsx:
        write_file(told.xlsx, listing.xlsx(language, practice=desk.practice))
    return [one for one in (told.pdf, told.xlsx) if one]


def _places(count: int, places: list[Path]) -> str:
    return (
        f"{count} rows written to {', '.join(map(str, places))}." if places else f"{count} rows."
    )


def mirror(told: argparse.Namespace) -> int:
    """Print a provider's twelve months on one page, without anybody's name."""
    from stepdesk.claims.papers import mirror_pdf
    from stepdesk.claims.queries import mirror_of
    from stepdesk.values.month import Month

    check_writable(told.pdf)
    with desk_of(told) as desk:
        until = month_of(told.month) if told.month else Month.of(desk.today)
        provider = _provider(desk, told.provider)
        found = desk.ask(mirror_of, provider.id, until, desk.currency, day=desk.today)
        write_file(told.pdf, mirror_pdf(found, _language(desk, told), **_sheet(desk)))
    put(told, {"mirror": found, "file": told.pdf}, f"{provider.name} is in {told.pdf}.")
    return DONE


# Arguments


def _group(
    commands: Any,  # noqa: ANN401
    signed: argparse.ArgumentParser,
    name: str,
    text: str,
) -> Add:
    kinds = commands.add_parser(name, help=text, description=text).add_subparsers(
        metavar="WHAT", required=True
    )

    def command(kind: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        said = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            kind, help=said, description=said, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        return one

    return command


def _signs(one: argparse.ArgumentParser) -> None:
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")


def _asks(one: argparse.ArgumentParser) -> None:
    one.add_argument("--request", metavar="HEX", help="32 hex digits: the same twice is one")


def _moves(one: argparse.ArgumentParser) -> None:
    one.add_argument("--box", default="cash_main", help="a box's code, account number or kind")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    _asks(one)


def _prints(one: argparse.ArgumentParser, *, lists: bool = False, needed: bool = False) -> None:
    one.add_argument("--pdf", type=Path, metavar="FILE", required=needed)
    if lists:
        one.add_argument("--xlsx", type=Path, metavar="FILE")
    one.add_argument("--language", metavar="LL", help="the scheme's when left out")


def add(commands: Any, signed: argparse.ArgumentParser, claims: Add) -> None:  # noqa: ANN401
    """Add the commands to the parser, and the papers of claims to their group."""
    _add_papers(claims)
    _add_payment(_group(commands, signed, "payment", "Providers paid in steps."))
    _add_reimbursement(
        _group(commands, signed, "reimbursement", "Members reimbursed, and money recovered.")
    )
    _add_capitation(_group(commands, signed, "capitation", "Providers paid by head."))
    _add_deposit(_group(commands, signed, "deposit", "Money that lies with providers."))


def _add_payment(command: Add) -> None:
    one = command("prepare", prepare)
    one.add_argument("provider", help="its code")
    one.add_argument("--most", metavar="AMOUNT", help="no more than this; claims are paid whole")
    one.add_argument("--set-off", metavar="AMOUNT", help="what of its deposit is used up")
    _asks(one)
    one = command("approve", approve)
    one.add_argument("number", help="BP-2026-03-KOULA")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _signs(one)
    one = command("order", order)
    one.add_argument("number", help="BP-2026-03-KOULA")
    one.add_argument("--box", default="cash_main", help="a box's code, account number or kind")
    _signs(one)
    _add_paying(command)


def _add_paying(command: Add) -> None:
    one = command("pay", pay)
    one.add_argument("number", help="BP-2026-03-KOULA")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--fee", metavar="AMOUNT", help="what a telephone company or bank keeps")
    _signs(one)
    _asks(one)
    one = command("acknowledge", acknowledge)
    one.add_argument("number", help="BP-2026-03-KOULA")
    one.add_argument("--receipt", required=True, help="the number of the provider's receipt")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one = command("cancel", cancel)
    one.add_argument("number", help="BP-2026-03-KOULA")
    one.add_argument("--reason", required=True, help="kept with the act")
    one = command("reverse", reverse)
    one.add_argument("number", help="a batch, BP-2026-03-KOULA, or a voucher, V-2026-A-000012")
    one.add_argument("--reason", required=True, help="kept with the act")
    _signs(one)
    _asks(one)
    one = command("show", show)
    one.add_argument("number", nargs="?", help="one batch; all of them when left out")
    one = command("print", print_order)
    one.add_argument("number", help="BP-2026-03-KOULA")
    _prints(one, needed=True)
    command("delays", delays)


def _add_reimbursement(command: Add) -> None:
    one = command("ask", reimbursement_ask)
    one.add_argument("patient", help="the number on the card")
    one.add_argument("provider", help="its code")
    one.add_argument("--care-on", required=True, metavar="DATE", help="the first day of the care")
    one.add_argument("--until", metavar="DATE", help="its last day, when it is another")
    one.add_argument("--line", action="append", required=True, metavar="CODE=PRICE")
    one.add_argument("--receipt", metavar="NUMBER", help="on the provider's receipt")
    one.add_argument(
        "--emergency-after", type=int, metavar="HOURS", help="an emergency, told after so many"
    )
    one.add_argument("--on", metavar="DATE", help="when it was asked for; today when left out")
    _asks(one)
    one = command("pay", reimbursement_pay)
    one.add_argument("household", help="its number")
    one.add_argument("--receiver", required=True, metavar="NAME", help="who takes the money")
    one.add_argument("--most", metavar="AMOUNT", help="no more than this; claims are paid whole")
    one.add_argument("--reference", metavar="NUMBER", help="the telephone company's transaction")
    _signs(one)
    _moves(one)
    _prints(one)
    command("list", reimbursement_list)
    _add_recovering(command)


def _add_recovering(command: Add) -> None:
    one = command("recover", reimbursement_recover)
    one.add_argument("claim", help="C-2026-A-000001")
    one.add_argument("amount")
    one.add_argument("--reason", required=True, help="kept with the act")
    _signs(one)
    _asks(one)
    one = command("let-off", reimbursement_let_off)
    one.add_argument("claim", help="C-2026-A-000001")
    one.add_argument("--amount", metavar="AMOUNT", help="all of it when left out")
    one.add_argument("--reason", required=True, help="kept with the act")
    _signs(one)
    _asks(one)
    one = command("back", reimbursement_back)
    one.add_argument("claim", help="C-2026-A-000001")
    one.add_argument("amount")
    _moves(one)


def _add_capitation(command: Add) -> None:
    one = command("run", capitation_run)
    one.add_argument("month", help="2026-03")
    one.add_argument("--package", metavar="CODE", help="share a part of its contributions")
    one.add_argument("--reason", help="why earlier months differ: books their differences too")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    _signs(one)
    _asks(one)
    one = command("reverse", capitation_reverse)
    one.add_argument("month", help="2026-03")
    one.add_argument("provider", help="its code")
    one.add_argument("--reason", required=True, help="kept with the act")
    _signs(one)
    _asks(one)
    command("list", capitation_list)
    one = command("counted", capitation_counted)
    one.add_argument("month", help="2026-03")
    one.add_argument("provider", help="its code")
    _prints(one, lists=True)


def _add_deposit(command: Add) -> None:
    one = command("pay", deposit_pay)
    one.add_argument("provider", help="its code")
    one.add_argument("amount")
    one.add_argument("--label", required=True, help="what it is for")
    _signs(one)
    _moves(one)
    one = command("budget", deposit_budget)
    one.add_argument("provider", help="its code")
    one.add_argument("month", help="2026-03")
    _signs(one)
    _moves(one)
    one = command("return", deposit_return)
    one.add_argument("provider", help="its code")
    one.add_argument("amount")
    one.add_argument("--label", required=True, help="what it is for")
    one.add_argument("--advance", action="store_true", help="an advance, not the deposit")
    _moves(one)
    command("list", deposit_list)


def _add_papers(command: Add) -> None:
    one = command("register", register)
    one.add_argument("month", help="2026-03")
    _prints(one, lists=True)
    one = command("reasons", reasons)
    one.add_argument("month", help="2026-03")
    one.add_argument("--until", metavar="MONTH", help="the last month, when there are several")
    one.add_argument("--provider", metavar="CODE")
    _prints(one, lists=True)
    one = command("mirror", mirror)
    one.add_argument("provider", help="its code")
    one.add_argument("--month", metavar="MONTH", help="the last of the twelve; the present one")
    _prints(one, needed=True)
