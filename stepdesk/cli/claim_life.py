"""Commands between a claim's entry and its payment: reviews, questions, overrides, appeals."""

import argparse
import re
import secrets
from collections.abc import Callable
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
    sign_second,
    write_file,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import LANGUAGES, N_, Text, speak
from stepdesk.values.money import Money

_LINE = re.compile(r"(\d+)=(\d+)?(?:@([\d.]+))?:(R[A-Z]\d\d)(?::(.*))?", re.ASCII)


def _money(amount: Money) -> str:
    return speak(Text("{a}", {"a": amount}), LANGUAGE)


def claim_named(desk: Any, number: str) -> Any:  # noqa: ANN401
    """Return the claim of a number, or refuse."""
    from stepdesk.claims.queries import claim_of_number

    found = desk.ask(claim_of_number, number)
    if found is None:
        told = Text(N_("There is no claim {number}. Check the number."), {"number": number})
        raise Refusal(told, field="claim")
    return found


def _batch(desk: Any, number: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import batch_of_number

    found = desk.ask(batch_of_number, number, desk.currency)
    if found is None:
        told = Text(N_("There is no batch {number}. Check the number."), {"number": number})
        raise Refusal(told, field="batch")
    return found


def _line_id(desk: Any, claim_id: Any, at: int) -> Any:  # noqa: ANN401
    from stepdesk.claims.queries import lines_of

    lines = desk.ask(lines_of, claim_id)
    if not 1 <= at <= len(lines):
        told = Text(
            N_("The claim has no such line. Type a line from 1 to {count}."), {"count": len(lines)}
        )
        raise Refusal(told, field="line")
    return lines[at - 1]


def code_of(told: str) -> Any:  # noqa: ANN401
    """Return a reason by its code."""
    from stepdesk.rights.terms import ReasonCode

    try:
        return ReasonCode(told.strip().upper())
    except ValueError as error:
        raise Refusal(
            Text(N_("{code} is no reason. Write one such as RC05."), {"code": told}),
            field="code",
        ) from error


def _state(desk: Any, claim_id: Any) -> str:  # noqa: ANN401
    from stepdesk.claims.queries import stand_of

    return str(desk.ask(stand_of, claim_id).state.value)


def _moved(told: argparse.Namespace, desk: Any, claim_id: Any) -> int:  # noqa: ANN401
    state = _state(desk, claim_id)
    put(told, {"claim": told.number, "state": state}, f"{told.number}: {state}")
    return DONE


# Papers, questions, reviews


def check(told: argparse.Namespace) -> int:
    """Note that the papers of a certificate are in order."""
    from stepdesk.claims.service import check_claim

    with desk_of(told) as desk:
        claim_id = claim_named(desk, told.number)
        desk.do(check_claim, claim_id=claim_id)
        return _moved(told, desk, claim_id)


def query(told: argparse.Namespace) -> int:
    """Ask provider or member about a claim; list the questions that wait for an answer."""
    from stepdesk.claims.queries import open_queries
    from stepdesk.claims.service import ask_query
    from stepdesk.claims.terms import AskedOf

    with desk_of(told) as desk:
        if told.number is None:
            rows = desk.ask(open_queries, desk.today)
            lines = [
                f"{one.number}  {one.provider}: asked {one.asked_on} ({one.asked_of.value}), due"
                f" {one.due}, {one.waiting} days{', late' if one.late else ''}: {one.told}"
                for one in rows
            ]
            put(told, {"queries": rows}, "\n".join(lines) or "No question waits.")
            return DONE
        claim_id = claim_named(desk, told.number)
        desk.do(
            ask_query,
            claim_id=claim_id,
            asked_of=AskedOf(told.of.upper()),
            question=told.question or "",
        )
        return _moved(told, desk, claim_id)


def answer(told: argparse.Namespace) -> int:
    """Record the answer to a question about a claim."""
    from stepdesk.claims.service import answer_query

    with desk_of(told) as desk:
        claim_id = claim_named(desk, told.number)
        desk.do(answer_query, claim_id=claim_id, answer=told.answer)
        return _moved(told, desk, claim_id)


def review(told: argparse.Namespace) -> int:
    """Send a claim to the medical adviser, or record the review; list what waits for one."""
    from stepdesk.claims.queries import for_review
    from stepdesk.claims.service import ask_review, review_claim

    with desk_of(told) as desk:
        if told.number is None:
            rows = desk.ask(for_review, desk.currency)
            lines = [
                f"{one.number}  {one.provider}: {_money(one.claimed)}, sent {one.sent_on},"
                f" {', '.join(route.value for route in one.routes)}"
                for one in rows
            ]
            put(told, {"reviews": rows}, "\n".join(lines) or "No claim waits for a review.")
            return DONE
        claim_id = claim_named(desk, told.number)
        if told.ask:
            desk.do(ask_review, claim_id=claim_id, note=told.note or "")
            return _moved(told, desk, claim_id)
        desk.do(
            review_claim,
            claim_id=claim_id,
            lines=dict(_reviewed(desk, claim_id, one) for one in told.line),
            accepting=frozenset(told.accept),
        )
        return _moved(told, desk, claim_id)


def _reviewed(desk: Any, claim_id: Any, told: str) -> Any:  # noqa: ANN401
    from stepdesk.claims.terms import LineReview

    found = _LINE.fullmatch(told)
    if found is None:
        raise Refusal(
            Text(
                N_(
                    "{told} is no review. Write line=quantity@price:code, 2=12@500:RC07 or 2=0:RM01."
                ),
                {"told": told},
            ),
            field="line",
        )
    at, quantity, price, code, words = found.groups()
    return _line_id(desk, claim_id, int(at)), LineReview(
        None if quantity is None else int(quantity),
        None if price is None else amount_of(price, desk.currency, "price").minor,
        code_of(code),
        words or "",
    )


# Decided otherwise


def override(told: argparse.Namespace) -> int:
    """Decide otherwise on a claim, two sign; list what was decided otherwise in a month."""
    from stepdesk.claims.queries import overrides_in
    from stepdesk.claims.service import override_claim
    from stepdesk.claims.terms import Override, OverrideEffect

    with desk_of(told) as desk:
        if told.month is not None:
            rows = desk.ask(overrides_in, month_of(told.month), desk.currency)
            lines = [
                f"{one.number}  {one.day} {one.code.value} {one.effect.value}:"
                f" {_money(one.amount)}, {one.by}{' and ' + one.second if one.second else ''}"
                for one in rows
            ]
            put(told, {"overrides": rows}, "\n".join(lines) or "Nothing was decided otherwise.")
            return DONE
        if told.number is None or told.code is None:
            raise Refusal(
                Text(N_("Give a claim and a reason, or --month for what was done.")), field="claim"
            )
        claim_id = claim_named(desk, told.number)
        line_id = None if told.line is None else _line_id(desk, claim_id, told.line)
        effect = OverrideEffect.REFUSES if told.refuse else OverrideEffect.WAIVES
        with desk.work("override_claim") as work:
            sign_second(told, work)
            done = override_claim(
                work,
                claim_id=claim_id,
                overrides=(Override(code_of(told.code), effect, line_id),),
                reason=told.reason or "",
                accepting=frozenset(told.accept),
            )
        currency = desk.currency
    sentence = f"{told.number}: {done.outcome.value}, the scheme pays "
    sentence += _money(Money(done.paid, currency))
    put(told, {"claim": told.number, "outcome": done.outcome, "paid": done.paid}, sentence)
    return DONE


def appeal(told: argparse.Namespace) -> int:
    """File an appeal against the decision on a claim; the register of complaints keeps it."""
    from stepdesk.complaints.queries import complaint_of
    from stepdesk.complaints.service import file_complaint
    from stepdesk.complaints.terms import ComplaintKind, FiledBy, NewComplaint
    from stepdesk.countries import country

    with desk_of(told) as desk:
        filed = NewComplaint(
            ComplaintKind.CLAIM_DECISION,
            told.reason,
            FiledBy(told.by.upper()),
            told.who or "",
            claim_id=claim_named(desk, told.number),
        )
        complaint_id = desk.do(
            file_complaint,
            request_id=secrets.token_bytes(16),
            told=filed,
            accepting=frozenset(told.accept),
        )
        shown = desk.ask(complaint_of, complaint_id, country(desk.country))
    put(
        told,
        {"complaint": shown.number, "level": shown.level, "due": shown.due},
        f"{shown.number}: appeal against {told.number}, level {shown.level}; acknowledge by"
        f" {shown.deadlines.acknowledge_by}, decide by {shown.deadlines.decide_by}.",
    )
    return DONE


def reverse(told: argparse.Namespace) -> int:
    """Take back a claim that was paid; provider or member gives it back."""
    from stepdesk.claims.service import reverse_claim
    from stepdesk.claims.terms import RecoveredFrom

    with desk_of(told) as desk:
        claim_id = claim_named(desk, told.number)
        with desk.work("reverse_claim") as work:
            sign_second(told, work)
            amount = reverse_claim(
                work,
                claim_id=claim_id,
                code=code_of(told.code),
                reason=told.reason,
                recovered_from=RecoveredFrom(told.recover.upper()),
                accepting=frozenset(told.accept),
            )
        recovered = Money(amount, desk.currency)
    put(
        told,
        {"claim": told.number, "to_recover": recovered},
        f"{told.number} is taken back; {_money(recovered)} to recover from the {told.recover}.",
    )
    return DONE


def history(told: argparse.Namespace) -> int:
    """Show what happened to a claim: decisions, appeals, what was paid and recovered."""
    from stepdesk.claims.papers import history_list
    from stepdesk.claims.queries import history_of
    from stepdesk.scheme.queries import scheme_on

    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        claim_id = claim_named(desk, told.number)
        rows = desk.ask(history_of, claim_id, desk.currency)
        if told.pdf:
            scheme = desk.ask(scheme_on, desk.today)
            frame = {"scheme": scheme.name, "practice": desk.practice, "printed_on": desk.today}
            listing = history_list(told.number.strip().upper(), rows)
            write_file(told.pdf, listing.pdf(told.language or scheme.language, **frame))
            desk.note_access("history", claim_id, desk.today, "pdf")
    put(
        told,
        {"history": rows},
        "\n".join(map(_happened, rows)) or "Nothing has happened to it yet.",
    )
    return DONE


def _happened(one: Any) -> str:  # noqa: ANN401
    amounts = f": {speak(one.amounts, LANGUAGE)}" if one.amounts else ""
    said = f": {one.told}" if one.told else ""
    return f"{one.day}  {speak(one.what, LANGUAGE)}{amounts} ({one.by}){said}"


def notice(told: argparse.Namespace) -> int:
    """Print what was refused or lowered and how to appeal, to the provider or the member."""
    from stepdesk.claims import queries
    from stepdesk.claims.papers import notice_pdf
    from stepdesk.claims.terms import NoticeTo
    from stepdesk.countries import country
    from stepdesk.scheme.queries import scheme_on

    check_writable(told.pdf)
    with desk_of(told) as desk:
        batch = desk.ask(queries.batch_of_number, told.number, desk.currency)
        claim_id = None if batch is not None else claim_named(desk, told.number)
        batch_id = (
            batch.id
            if batch is not None
            else desk.ask(queries.claim_of, claim_id, desk.currency).batch_id
        )
        pack = country(desk.country)
        found = desk.ask(
            queries.notices_of,
            desk.currency,
            batch_id=batch_id,
            claim_id=claim_id,
            appeal_days=pack.number("appeal_days", desk.today),
        )
        if not found:
            raise Refusal(
                Text(N_("Nothing there was refused or lowered. Choose another claim or batch.")),
                field="number",
            )
        scheme = desk.ask(scheme_on, desk.today)
        paper = notice_pdf(
            found,
            NoticeTo(told.to.upper()),
            told.language or scheme.language,
            scheme=scheme.name,
            practice=desk.practice,
            decide_days=pack.number("decide_days", desk.today),
            printed_on=desk.today,
        )
        told.pdf.write_bytes(paper)
        desk.note_access("notice", claim_id, None, f"{len(found)} pdf")
    put(told, {"notices": len(found), "file": told.pdf}, f"{len(found)} written to {told.pdf}")
    return DONE


# A batch against its invoice


def unknown(told: argparse.Namespace) -> int:
    """Record a certificate of a patient nobody knows; list those that wait; say who it was."""
    from stepdesk.claims.queries import unknown_patients
    from stepdesk.claims.service import enter_unknown, solve_unknown

    with desk_of(told) as desk:
        batch = _batch(desk, told.batch)
        waiting = desk.ask(unknown_patients, desk.currency, batch.id)
        if told.certificate is None:
            lines = [
                f"{one.certificate}  {one.day}: {_money(one.claimed)}, {one.written}"
                for one in waiting
            ]
            put(told, {"unknown": waiting}, "\n".join(lines) or "Every patient is known.")
            return DONE
        if told.claim is not None:
            found = [one for one in waiting if one.certificate == told.certificate]
            if not found:
                text = Text(
                    N_("No certificate of an unknown patient waits here. Choose another claim.")
                )
                raise Refusal(text, field="certificate")
            claim_id = claim_named(desk, told.claim)
            desk.do(solve_unknown, unknown_id=found[0].id, claim_id=claim_id)
            sentence = f"{told.certificate} is {told.claim}."
        else:
            desk.do(
                enter_unknown,
                request_id=secrets.token_bytes(16),
                batch_id=batch.id,
                certificate=told.certificate,
                written=told.written or "",
                day=day_of(told.on or "", "on"),
                claimed=amount_of(told.amount or "", desk.currency),
            )
            sentence = f"{told.certificate}: refused, RA01, until the patient is known."
    put(told, {"certificate": told.certificate, "claim": told.claim}, sentence)
    return DONE


def difference(told: argparse.Namespace) -> int:
    """Show a batch against its invoice, or name why it does not come to it."""
    from stepdesk.claims.queries import reconciled
    from stepdesk.claims.service import name_difference
    from stepdesk.claims.terms import Difference, DifferenceKind

    with desk_of(told) as desk:
        batch = _batch(desk, told.batch)
        if told.kind is not None:
            kinds = {
                "missing": DifferenceKind.MISSING_CERTIFICATE,
                "adding": DifferenceKind.ADDING_ERROR,
                "other": DifferenceKind.OTHER,
            }
            sign = -1 if (told.amount or "").startswith("-") else 1
            amount = amount_of((told.amount or "").lstrip("-"), desk.currency)
            desk.do(
                name_difference,
                batch_id=batch.id,
                difference=Difference(
                    kinds[told.kind],
                    Money(sign * amount.minor, desk.currency),
                    told.certificate or "",
                    told.reason or "",
                ),
            )
        stands = desk.ask(reconciled, batch.id, desk.currency)
    invoice = "no total" if stands.invoice is None else _money(stands.invoice)
    put(
        told,
        {"batch": batch.number, "reconciled": stands, "open": stands.open},
        f"{batch.number}: invoice {invoice}, typed {_money(stands.typed)}, unknown patients"
        f" {_money(stands.unknown)}, named {_money(stands.named)}, open {_money(stands.open)}",
    )
    return DONE


def add(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    """Add the commands to those of claims."""
    _looking(command)
    _otherwise(command)
    one = command("unknown", unknown)
    one.add_argument("batch", help="B-2026-A-000001")
    one.add_argument("certificate", nargs="?", help="its number; without, those that wait")
    one.add_argument("--written", help="what stands on it of the patient")
    one.add_argument("--amount", help="its total")
    one.add_argument("--on", metavar="DATE", help="the last day of the care")
    one.add_argument("--claim", metavar="NUMBER", help="the claim it was typed in as")
    one = command("difference", difference)
    one.add_argument("batch", help="B-2026-A-000001")
    one.add_argument("kind", nargs="?", choices=("missing", "adding", "other"))
    one.add_argument("--amount", help="above zero where the invoice is more; --amount=-200")
    one.add_argument("--certificate", help="the number of a missing one")
    one.add_argument("--reason", help="kept")


def _looking(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    one = command("check", check)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one = command("query", query)
    one.add_argument("number", nargs="?", help="a claim; without, the open questions")
    one.add_argument("question", nargs="?")
    one.add_argument("--of", choices=("provider", "member"), default="provider")
    one = command("answer", answer)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("answer")
    one = command("review", review)
    one.add_argument("number", nargs="?", help="a claim; without, what waits for a review")
    one.add_argument("--ask", action="store_true", help="send it to the medical adviser")
    one.add_argument("--note", help="why it is sent")
    one.add_argument(
        "--line", action="append", default=[], metavar="REVIEW", help="2=12@500:RC07:words"
    )
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("history", history)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("--pdf", type=Path, metavar="FILE")
    one.add_argument("--language", choices=tuple(LANGUAGES), metavar="LL")
    one = command("notice", notice)
    one.add_argument("number", help="a batch or a claim")
    one.add_argument("--to", choices=("provider", "member"), required=True)
    one.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    one.add_argument("--language", choices=tuple(LANGUAGES), metavar="LL")


def _otherwise(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    one = command("override", override)
    one.add_argument("number", nargs="?", help="a claim: C-2026-A-000001")
    one.add_argument("code", nargs="?", help="the reason that no longer counts: RC05")
    one.add_argument("--line", type=int, metavar="N", help="on this line alone")
    one.add_argument("--refuse", action="store_true", help="refuse for this reason instead")
    one.add_argument("--reason", help="kept with the act")
    one.add_argument("--month", help="list what was decided otherwise in it: 2026-10")
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("appeal", appeal)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("--reason", required=True, help="what is said against the decision")
    one.add_argument("--by", choices=("member", "provider", "other"), default="member")
    one.add_argument("--who", help="name and how to be reached")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
    one = command("reverse", reverse)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("code", help="why: RX01, RF03, …")
    one.add_argument("--reason", required=True, help="kept with the act")
    one.add_argument("--recover", choices=("provider", "member"), default="provider")
    one.add_argument("--second", metavar="NAME", help="who signs too: STEPDESK_SECOND_PASSWORD")
    one.add_argument("--accept", action="append", default=[], metavar="DOUBT")
