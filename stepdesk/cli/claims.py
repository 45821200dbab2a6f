"""Commands of claims: bring in certificates, decide, pay, look, ask why."""

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any

from stepdesk.cli import claim_life, claim_limits, claim_pictures
from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    Shown,
    amount_of,
    day_of,
    desk_of,
    place_named,
    plain,
    put,
    request_of,
    sign_second,
)
from stepdesk.cli.unknown import no_service, unknown
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Money


def import_claims(told: argparse.Namespace) -> int:
    """Bring in certificates from a CSV file, a workbook or openIMIS XML (docs/claims-file.md)."""
    from stepdesk.exchange.claims_file import ManyWrong
    from stepdesk.exchange.claims_file import import_claims as bring_in

    with desk_of(told) as desk:
        try:
            done = desk.do(
                bring_in,
                file=told.file,
                decide=told.decide,
                accepting=frozenset(told.accept),
                progress=Shown(),
            )
        except ManyWrong as wrong:
            for one in wrong.each[1:]:
                print(speak(one, LANGUAGE), file=sys.stderr)
            raise
        numbers = _numbers(desk, done.batches)
    sentence = f"Added {done.claims} claims, {_money(done.claimed)}, in {', '.join(numbers)}."
    if done.known:
        sentence += f" {done.known} were in the book already."
    if done.unsealed:
        sentence += f" The diagnoses of {done.unsealed} were left out: you may not write them."
    for one in done.decided:
        sentence += "\n" + _decided(one)
    put(told, {"added": done, "batches": numbers}, sentence)
    return DONE


def export_claims(told: argparse.Namespace) -> int:
    """Write the certificates of a batch, or one, as claim files of openIMIS."""
    from stepdesk.exchange.claims_out import xml_claims
    from stepdesk.exchange.claims_xml import xml_of

    with desk_of(told) as desk:
        claims = _claims(desk, told.number)
        written = [
            (one.name, xml_of(one))
            for one in xml_claims(
                desk, [one.id for one in claims], administrator=told.administrator
            )
        ]
    told.folder.mkdir(parents=True, exist_ok=True)
    for name, content in written:
        (told.folder / name).write_bytes(content)
    put(
        told,
        {"files": [name for name, _ in written]},
        f"{len(written)} claims are written to {told.folder}.",
    )
    return DONE


def _numbers(desk: Any, batches: Any) -> list[str]:  # noqa: ANN401
    from stepdesk.claims import queries

    return [desk.ask(queries.batches, desk.currency, batch_id=one)[0].number for one in batches]


def _money(amount: Money) -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


def _decided(one: Any) -> str:  # noqa: ANN401
    return (
        f"Decided: {one.approved} approved, {one.rejected} rejected, {one.pending} put aside;"
        f" payable {_money(one.payable)}."
        + (f" {one.in_review} sent to the medical adviser." if one.in_review else "")
        + (f" {one.waiting} wait for a review or an answer." if one.waiting else "")
    )


def decide(told: argparse.Namespace) -> int:
    """Decide every certificate of a batch that waits, or one claim."""
    from stepdesk.claims.service import decide_batch, decide_claim
    from stepdesk.control.queries import flagged

    with desk_of(told) as desk:
        if told.batch.upper().startswith("C-"):
            claim_id = _claim(desk, told.batch)
            one = desk.do(decide_claim, claim_id=claim_id, accepting=frozenset(told.accept))
            amount = Money(one.paid, desk.currency)
            put(
                told,
                {"claim": told.batch, "outcome": one.outcome, "paid": amount},
                f"{told.batch}: {one.outcome.value}, the scheme pays {_money(amount)}",
            )
            return DONE
        batch = _batch(desk, told.batch)
        done = desk.do(
            decide_batch,
            batch_id=batch.id,
            accepting=frozenset(told.accept),
            flagged=frozenset(desk.ask(flagged)),
        )
    put(told, {"batch": batch.number, "decided": done}, f"{batch.number}: {_decided(done)}")
    return DONE


def _batch(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import batch_of_number

    found = desk.ask(batch_of_number, number, desk.currency)
    if found is None:
        raise _no_batch(number)
    return found


def _no_batch(number: str) -> Refusal:
    told = Text(N_("There is no batch {number}. Check the number."), {"number": number})
    return Refusal(told, field="batch")


def pay(told: argparse.Namespace) -> int:
    """Pay a provider its approved claims, oldest invoice first."""
    from stepdesk.claims.service import pay_provider

    with desk_of(told) as desk:
        provider = provider_named(desk, told.provider)
        place = place_named(desk, told.box)
        request = secrets.token_bytes(16) if told.request is None else request_of(told.request)
        with desk.work("pay_provider") as work:
            sign_second(told, work)
            done = pay_provider(
                work,
                request_id=request,  # type: ignore[arg-type]
                provider_id=provider.id,
                box=place,
                day=day_of(told.on, "on") if told.on else None,
                most=amount_of(told.most, desk.currency, "most") if told.most else None,
                fee=amount_of(told.fee, desk.currency, "fee") if told.fee else None,
            )
    put(
        told,
        {"payment": done},
        f"{done.number}: {_money(done.amount)} for {done.claims} claims to {provider.name};"
        f" still owed {_money(done.still_owed)}.",
    )
    return DONE


def provider_named(desk: Any, asked: str) -> Any:  # noqa: ANN401
    """Return a provider by its code, or its code in a former system."""
    from stepdesk.providers.queries import providers

    wanted = asked.strip().casefold()
    known = desk.ask(providers).values()
    for one in known:
        if one.code.casefold() == wanted:
            return one
    for one in known:
        if wanted and one.legacy_code.casefold() == wanted:
            return one
    if not known:
        told = N_(
            "No care provider is in this book yet. Add the first one and its prices "
            "on the page Providers (Alt+6), or bring them over from the former system with the import."
        )
        raise Refusal(Text(told), field="provider")
    codes = [one.code for one in known]
    message = N_("There is no provider {code}. Choose one of: {known}.")
    raise unknown(message, asked, codes, "provider")


def service_named(desk: Any, asked: str) -> Any:  # noqa: ANN401
    """Return a service by its code."""
    from stepdesk.benefits.queries import service_of_code

    found = desk.ask(service_of_code, asked.strip())
    if found is None:
        raise no_service(desk, asked)
    return found


def show(told: argparse.Namespace) -> int:
    """Show batches, or the claims of one, or one claim with its lines and reasons."""
    from stepdesk.claims import queries

    with desk_of(told) as desk:
        if told.number is None:
            listed = desk.ask(queries.batches, desk.currency)
            lines = [_batch_line(one) for one in listed]
            put(told, {"batches": listed}, "\n".join(lines) or "No batch yet.")
            return DONE
        claims = _claims(desk, told.number)
    put(
        told,
        {"claims": plain(claims)},
        "\n".join(line for one in claims for line in _claim_lines(one)),
    )
    return DONE


def _claims(desk: Any, number: str) -> Any:  # noqa: ANN401
    """Return the claims of a batch, or one; an old number may look like that of a batch."""
    from stepdesk.claims import queries

    batch = desk.ask(queries.batch_of_number, number, desk.currency)
    if batch is not None:
        return desk.ask(queries.claims_of, desk.currency, batch_id=batch.id)
    claim_id = desk.ask(queries.claim_of_number, number)
    if claim_id is None and number.strip().upper().startswith("B-"):
        raise _no_batch(number)
    if claim_id is None:
        raise _no_claim(number)
    return [desk.ask(queries.claim_of, claim_id, desk.currency)]


def _batch_line(one: Any) -> str:  # noqa: ANN401
    total = f" of {_money(one.invoice_total)}" if one.invoice_total is not None else ""
    return (
        f"{one.number}  {one.provider}, {one.month}: {one.claims} claims, "
        f"{_money(one.claimed)}{total}; payable {_money(one.payable)}, paid {_money(one.paid)}, "
        f"{one.undecided} to decide"
    )


def _claim_lines(one: Any) -> list[str]:  # noqa: ANN401
    days = (
        str(one.first_day) if one.first_day == one.last_day else f"{one.first_day}–{one.last_day}"
    )
    number = f"{one.number} ({one.legacy_number})" if one.legacy_number else one.number
    told = f"{number}  {one.card} {one.patient}, {days}: {one.state.value}, {_money(one.claimed)}"
    if one.state.value in ("PENDING", "WITHDRAWN"):
        told += f" ({', '.join(one.codes)})"
    elif one.paid is not None and one.patient_due is not None:
        told += f" = scheme {_money(one.paid)} + patient {_money(one.patient_due)}"
        told += f" + refused to the provider {_money(one.disallowed)}"
    lines = [told]
    for line in one.lines:
        amounts = f"claimed {_money(line.claimed)}"
        if line.paid is not None:
            amounts += (
                f", approved {_money(line.approved)}, adjusted {_money(line.adjusted)},"
                f" paid {_money(line.paid)}"
            )
        reasons = "; ".join(
            f"{code} {speak(text, LANGUAGE)}"
            for code, text in zip(line.codes, line.reasons, strict=True)
        )
        lines.append(f"    {line.quantity} {line.code} {line.name}: {amounts}. {reasons}".rstrip())
    return lines


def _claim(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import claim_of_number

    found = desk.ask(claim_of_number, number)
    if found is None:
        raise _no_claim(number)
    return found


def _no_claim(number: str) -> Refusal:
    told = Text(N_("There is no claim {number}. Check the number."), {"number": number})
    return Refusal(told, field="claim")


def assess(told: argparse.Namespace) -> int:
    """Say what the claims of a batch, or one, come to by the rules; nothing is written."""
    from stepdesk.claims.service import assess_claims

    with desk_of(told) as desk:
        found = assess_claims(desk, [one.id for one in _claims(desk, told.number)])
    lines = [line for one in found for line in _assessed_lines(one)]
    put(told, {"claims": plain(found)}, "\n".join(lines) or "No certificate in this batch yet.")
    return REFUSED if any(one.same is False for one in found) else DONE


def _assessed_lines(one: Any) -> list[str]:  # noqa: ANN401
    first, *others = _claim_lines(one.claim)
    if one.hindrance is not None:
        return [f"{first}: not decided. {speak(one.hindrance, LANGUAGE)}", *others]
    if one.waits:
        return [f"{first} (foreseen)", *others]
    said = {
        True: "assessed again it comes to the same",
        False: "ASSESSED AGAIN IT COMES TO SOMETHING ELSE",
        None: "nothing to assess again",
    }[one.same]
    return [f"{first} ({said})", *others]


def withdraw(told: argparse.Namespace) -> int:
    """Take back a certificate typed in by mistake, or put aside; it is kept with the reason."""
    from stepdesk.claims.service import withdraw_claim

    with desk_of(told) as desk:
        claim_id = _claim(desk, told.number)
        desk.do(withdraw_claim, claim_id=claim_id, reason=told.reason)
    put(told, {"withdrawn": told.number}, f"{told.number} is withdrawn.")
    return DONE


def why(told: argparse.Namespace) -> int:
    """Say why each line of a decided claim came to its amount, step by step."""
    from stepdesk.claims import queries

    with desk_of(told) as desk:
        claim_id = _claim(desk, told.number)
        steps = desk.ask(queries.why, claim_id, desk.currency)
        kept = len(desk.ask(queries.claim_pictures, claim_id))
    lines: list[str] = []
    for line, told_steps in steps:
        lines.append(f"{line.code} {line.name}")
        said = [speak(one, LANGUAGE) for one in told_steps]
        lines += [f"    {one}" for one in said or ["Not decided here: no steps are kept."]]
    lines += [f"Pictures of the certificate: {kept}."] if kept else []
    answer = [{"line": line, "steps": list(told_steps)} for line, told_steps in steps]
    put(told, {"why": answer}, "\n".join(lines))
    return DONE


def add(commands: Any, signed: argparse.ArgumentParser) -> Any:  # noqa: ANN401
    """Add the commands to the parser; return what adds further ones to the group."""
    room = commands.add_parser(
        "claims", help="Claims of providers.", description="Claims of providers."
    )
    kinds = room.add_subparsers(metavar="WHAT", required=True)

    def command(name: str, run: Any) -> argparse.ArgumentParser:  # noqa: ANN401
        text = (run.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = kinds.add_parser(
            name, help=text, description=text, allow_abbrev=False, parents=[signed]
        )
        one.set_defaults(command=run)
        one.add_argument("book", type=Path)
        return one

    _add_files(command)
    one = command("decide", decide)
    one.add_argument("batch", help="B-2026-A-000001, or a claim C-2026-A-000001")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("assess", assess)
    one.add_argument("number", help="B-2026-A-000001, or a claim C-2026-A-000001")
    _pays(command("pay", pay))
    one = command("withdraw", withdraw)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("--reason", required=True, help="kept with the act")
    claim_life.add(command)
    claim_pictures.add(command)
    one = command("show", show)
    one.add_argument("number", nargs="?", help="a batch, a claim; all batches when left out")
    one = command("why", why)
    one.add_argument("number", help="a claim: C-2026-A-000001, or its old number")
    claim_limits.add(command)
    return command


def _add_files(command: Any) -> None:  # noqa: ANN401
    one = command("import", import_claims)
    one.add_argument("file", type=Path, help="CSV in UTF-8, a workbook, XML, or a folder of XML")
    one.add_argument("--decide", action="store_true", help="decide the batches at once")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("export", export_claims)
    one.add_argument("number", help="a batch, or a claim")
    one.add_argument("folder", type=Path)
    one.add_argument("--xml", action="store_true", required=True, help="claim files of openIMIS")
    one.add_argument(
        "--administrator", required=True, metavar="CODE", help="who files claims for the facility"
    )


def _pays(one: argparse.ArgumentParser) -> None:
    one.add_argument("provider", help="its code")
    one.add_argument("--most", metavar="AMOUNT", help="no more than this; claims are paid whole")
    one.add_argument("--box", default="cash_main", help="a box's code, account number or kind")
    one.add_argument("--fee", metavar="AMOUNT", help="what a telephone company or bank keeps")
    one.add_argument("--on", metavar="DATE", help="today when left out")
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--request", metavar="HEX", help="32 hex digits: the same twice is one")
