"""Commands at a desk: make, ask, collect, close, verify, copy."""

import argparse
import shutil
import sys
from datetime import date
from typing import Any

from stepdesk.cli.shared import (
    DONE,
    LANGUAGE,
    REFUSED,
    TROUBLE,
    Shown,
    amount_of,
    check_writable,
    day_of,
    desk_of,
    month_of,
    no_booklet,
    no_household,
    password_of,
    person_of,
    plain,
    put,
    request_of,
    sign_second,
    written,
)
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text, speak
from stepdesk.values.money import Money

_SAID = ("same_day", "no_reference")
"""What a command does not doubt: `--request` tells a second payment from a second try."""


def new(told: argparse.Namespace) -> int:
    """Make a new book, with its plan and sections when they are named."""
    _check_new(told)
    empty = not told.book.exists() or (told.book.is_dir() and not any(told.book.iterdir()))
    try:
        answer = _made(told)
    except (Refusal, Trouble):
        if empty:
            shutil.rmtree(told.book, ignore_errors=True)
        raise
    put(
        told,
        answer,
        f"{told.book}: {told.name}, {told.country.upper()}. Made for {answer['person']}.",
    )
    return DONE


def _made(told: argparse.Namespace) -> dict[str, Any]:
    from stepdesk.migrations import shape
    from stepdesk.store.desk import new_desk

    with new_desk(
        told.book,
        name=told.person or "Manager",
        password=password_of(told),
        country_code=told.country.upper(),
        language=told.language,
        practice=told.practice,
        shape=shape,
    ) as desk:
        if told.today:
            desk.confirm_day(day_of(told.today, "today"))
        with desk.work("name_scheme") as work:
            _found(work, told)
        return {
            "book": told.book,
            "name": told.name,
            "country": desk.country,
            "person": desk.person.name,
            "practice": desk.practice,
        }


def _check_new(told: argparse.Namespace) -> None:
    from stepdesk.i18n import LANGUAGES

    if told.language not in LANGUAGES:
        raise Refusal(
            Text(
                N_("The language {told} is not known. Choose one of: {known}."),
                {"told": told.language, "known": ", ".join(LANGUAGES)},
            ),
            field="language",
        )
    if not told.name.strip():
        raise Refusal(Text(N_("Give the scheme its name.")), field="name")


def _found(work: Any, told: argparse.Namespace) -> None:  # noqa: ANN401
    from stepdesk.contributions.service import add_plan, version_plan
    from stepdesk.contributions.terms import PlanVersion
    from stepdesk.scheme.service import add_section, name_scheme
    from stepdesk.values.ids import PlanVersionId

    name_scheme(work, name=told.name, language=told.language)
    for section in told.section:
        add_section(work, name=section)
    if told.amount is not None:
        plan_id = add_plan(work, code="BASE")
        version = PlanVersion(
            id=PlanVersionId(b""),
            plan_id=plan_id,
            code="BASE",
            name="BASE",
            first_day=work.today,
            amount=amount_of(told.amount, work.currency).minor,
            entry_fee=amount_of(told.entry_fee, work.currency, "entry_fee").minor,
            waiting_months=told.waiting,
            grace_days=told.grace,
        )
        version_plan(work, version=version)


def import_openimis(told: argparse.Namespace) -> int:
    """Bring in the registers of an openIMIS scheme."""
    from stepdesk.exchange.openimis import import_openimis as bring_in
    from stepdesk.exchange.terms import NumberRule

    numbers = NumberRule(told.number_length, told.number_root)
    with desk_of(told) as desk:
        report = desk.do(bring_in, folder=told.folder, numbers=numbers, progress=Shown())
    left = "".join(
        f"\n  not carried over: {one.file} {one.key} {one.what}: {speak(one.reason, LANGUAGE)}"
        for one in report.left_out
    )
    care = report.care
    sentence = (
        f"Added {report.sections} sections, {report.households} households, "
        f"{report.persons} persons, {report.plans} plans, {report.policies} policies, "
        f"{report.receipts} receipts, {care.services} services, {care.providers} providers, "
        f"{care.tariffs} price lists, {care.agreements} agreements, {care.packages} packages, "
        f"{report.diagnoses} diagnoses, "
        f"{report.claims} claims with {report.claim_lines} lines as history, "
        f"{report.archived} archived household(s) for their sake.{left}"
    )
    put(told, {"added": report}, sentence)
    return DONE


def find(told: argparse.Namespace) -> int:
    """Find people by number, telephone or part of a name; exit 1 when there is nobody."""
    from stepdesk.members.queries import by_phone, why_found

    if told.limit < 1:
        raise Refusal(Text(N_("Ask for one person at least: --limit 1.")), field="limit")
    with desk_of(told) as desk:
        if told.phone:
            told_why = Text(N_("telephone"))
            people = desk.ask(by_phone, told.asked, limit=told.limit)
            found = tuple((one, told_why) for one in people)
        else:
            found = desk.ask(why_found, told.asked, limit=told.limit)
    lines = [
        f"{one.number}/{one.suffix:02d}  {one.name}, {one.sex.value} {one.birth.day.year}, "
        f"{one.section} (household of {one.member_name})"
        for one, _ in found
    ]
    answer = [
        {**plain(one), "number": str(one.number), "reason": why.message} for one, why in found
    ]
    put(told, {"found": answer}, "\n".join(lines) or "Nobody found.")
    return DONE if found else REFUSED


def _asked(desk: Any, told: argparse.Namespace, person: Any, day: date) -> Any:  # noqa: ANN401
    from stepdesk.claims.service import tell_care_rights
    from stepdesk.cli.claims import provider_named, service_named
    from stepdesk.rights.service import tell_rights

    if not told.service:
        return tell_rights(desk, person_id=person, day=day)
    provider = provider_named(desk, told.provider) if told.provider else None
    return tell_care_rights(
        desk,
        person_id=person,
        day=day,
        service=service_named(desk, told.service),
        provider_id=provider.id if provider else None,
    )


def rights(told: argparse.Namespace) -> int:
    """Say whether a person is covered on a day and why; exit 1 for a no."""
    from stepdesk.rights.papers import slip_pdf
    from stepdesk.rights.queries import slip_of
    from stepdesk.rights.terms import Answer

    if told.provider and not told.service:
        raise Refusal(Text(N_("Name the service too: --service CODE.")), field="service")
    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        day = day_of(told.on, "on") if told.on else desk.today
        person = desk.ask(person_of, told.asked)
        given = _asked(desk, told, person, day)
        to_pay = Money(given.verdict.to_pay, desk.currency)
        paper = b""
        if told.pdf:
            by, on = desk.person.name, desk.today
            slip = desk.ask(slip_of, person, given, asked_by=by, asked_on=on)
            paper = slip_pdf(slip, desk.language)
    lost = told.pdf and not written(told.pdf, paper)
    verdict = given.verdict
    against = (*verdict.reasons, *verdict.conditions)
    reasons = [f"{one.code.value} {speak(one.text, LANGUAGE)}" for one in against]
    opens = f" Opens on {verdict.opens_on}." if verdict.opens_on else ""
    pay = f" To pay: {speak(Text('{a}', {'a': to_pay}), LANGUAGE)}." if to_pay else ""
    sentence = f"{verdict.answer.value} on {day} ({verdict.state.value}). {' '.join(reasons)}"
    lines = (
        f"{sentence}{opens}{pay}".strip(),
        f"To the member: {speak(given.member, LANGUAGE)}",
        f"To the provider: {speak(given.provider, LANGUAGE)}",
    )
    answer = {"day": day, "verdict": verdict, "member": given.member, "provider": given.provider}
    put(told, answer, "\n".join(lines))
    if lost:
        print(f"{told.pdf} could not be written.", file=sys.stderr)
        return TROUBLE
    return REFUSED if verdict.answer is Answer.NO else DONE


def contribute(told: argparse.Namespace) -> int:
    """Take a contribution and give its receipt."""
    import secrets

    request = secrets.token_bytes(16) if told.request is None else request_of(told.request)
    if told.pdf:
        check_writable(told.pdf)
    with desk_of(told) as desk:
        receipt = _taken(desk, told, request)
        lost = bool(told.pdf) and not _printed(desk, told, receipt)
    through = f", covered through {receipt.covered_through}" if receipt.covered_through else ""
    paid = speak(Text("{a}", {"a": receipt.amount}), LANGUAGE)
    number = f"{receipt.number} ({receipt.code})"
    leaf = f" on leaf {receipt.leaf}" if receipt.leaf else ""
    put(
        told,
        {"receipt": receipt},
        f"{number}{leaf}: {paid} from household {receipt.household_number}{through}.",
    )
    if lost:
        print(f"The receipt is recorded; {told.pdf} could not be written.", file=sys.stderr)
    return TROUBLE if lost else DONE


def _taken(desk: Any, told: argparse.Namespace, request: bytes) -> Any:  # noqa: ANN401
    from stepdesk.contributions.queries import leaf_by_number
    from stepdesk.contributions.service import contribute as take
    from stepdesk.contributions.terms import Means
    from stepdesk.members.queries import household_of_number, similar_numbers
    from stepdesk.store.desk import person_named

    amount = amount_of(told.amount, desk.currency)
    household = desk.ask(household_of_number, told.household)
    if household is None:
        raise no_household(told.household, desk.ask(similar_numbers, told.household))
    leaf = desk.ask(leaf_by_number, told.leaf) if told.leaf else None
    if told.leaf and leaf is None:
        raise no_booklet("leaf")
    return desk.do(
        take,
        request_id=request,
        household_id=household,
        amount=amount,
        paid_on=day_of(told.on, "on") if told.on else None,
        means=Means(told.means.upper()),
        collector_id=person_named(desk.keys, told.collector) if told.collector else None,
        leaf=leaf,
        accepting=frozenset({*_SAID, *told.accept}),
    )


def _printed(desk: Any, told: argparse.Namespace, receipt: Any) -> bool:  # noqa: ANN401
    """Write the receipt as it is printed now, and count it; tell whether it could be written."""
    from stepdesk.contributions.papers import receipt_pdf
    from stepdesk.contributions.service import note_print, receipt_to_print

    drawn = receipt_to_print(desk, receipt.payment_id)
    if not written(told.pdf, receipt_pdf(drawn, desk.language)):
        return False
    note_print(desk, drawn, "a5")
    return True


def close(told: argparse.Namespace) -> int:
    """Close a month: verify, earn, lock, sign."""
    from stepdesk.reports.service import close_month, verify_before_closing

    month = month_of(told.month)
    with desk_of(told) as desk:
        counted = amount_of(told.cash, desk.currency, "cash") if told.cash else None
        if counted is not None and counted.minor < 0:
            raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="cash")
        if "cash_differs" in told.accept and not told.reason.strip():
            raise Refusal(
                Text(N_("Say with --reason why the cash differs; it is kept with the closing.")),
                field="reason",
            )
        # Who types this command has named the month and knows what was counted: the doubts of
        # the window are said, and do not stop a script. A count that differs does.
        accepting = frozenset({"month_not_over", "not_counted", *told.accept})
        verify_before_closing(desk, Shown())
        with desk.work("close_month", reason=told.reason) as work:
            sign_second(told, work)
            closed = close_month(
                work, month=month, cash_counted=counted, accepting=accepting, whole=told.whole
            )
        today = desk.today
    notes = [f"{month} was not over on {today}."] if today <= month.last else []
    if counted is None:
        notes.append("The cash box was not counted.")
    if closed.single_control:
        notes.append("One person alone signed.")
    for note in notes:
        print(note, file=sys.stderr)
    put(told, {"closing": closed, "notes": notes}, f"{month} is closed: {closed.fingerprint}")
    return DONE


def verify(told: argparse.Namespace) -> int:
    """Replay the journal and compare; exit 1 when something disagrees."""
    from stepdesk.reports.queries import disagreements
    from stepdesk.store.checking import verify_desk

    with desk_of(told, accept_older=True) as desk:
        report = verify_desk(desk, whole=not told.new_only, progress=Shown())
        differ = () if report.findings else desk.ask(disagreements, verified=report.whole)
    lines = [speak(one.text, LANGUAGE) for one in report.findings]
    lines += [speak(one, LANGUAGE) for one in differ]
    sentence = f"{report.acts} acts, {report.rows} rows: everything agrees."
    put(
        told,
        {
            "clean": report.clean and not differ,
            "acts": report.acts,
            "rows": report.rows,
            "whole": report.whole,
            "findings": report.findings,
            "disagreements": differ,
        },
        "\n".join(lines) or sentence,
    )
    return REFUSED if lines else DONE


def backup(told: argparse.Namespace) -> int:
    """Write a checked copy."""
    from stepdesk.store.backup import back_up

    with desk_of(told) as desk:
        copy = back_up(desk, told.to)
    photos = copy.photos
    beside = (
        f" {photos.added} photos beside it, {photos.before} copied before."
        if (photos.added + photos.before)
        else ""
    )
    lost = f" {photos.unreadable} photos could not be read." if photos.unreadable else ""
    put(
        told,
        {"copy": copy},
        f"{copy.path}: {copy.acts} acts, {copy.size:,} bytes, checked.{beside}{lost}",
    )
    return DONE


def restore(told: argparse.Namespace) -> int:
    """Put a copy back; the present files are kept aside."""
    from stepdesk.migrations import migrate
    from stepdesk.store.backup import restore as put_back

    done = put_back(
        told.copy,
        told.book,
        password=password_of(told),
        name=told.person or "",
        migrate=migrate,
    )
    kept = f" The former files are in {done.kept}." if done.kept else ""
    photos = f" {done.photos.brought} photos brought back." if done.photos.brought else ""
    if done.photos.missing:
        photos += f" {done.photos.missing} photos are missing: see `stepdesk photo restore`."
    put(
        told,
        {"restored": done},
        f"{told.book}: {done.acts} acts, incarnation {done.incarnation}.{kept}{photos}",
    )
    return DONE


def demo(told: argparse.Namespace) -> int:
    """Make the practice scheme, go the way through, open the desk on it."""
    from stepdesk.migrations import shape
    from stepdesk.training.demo import practice_book, walk_through
    from stepdesk.ui.pictures import has_screen, open_practice, take_pictures

    told.out.mkdir(parents=True, exist_ok=True)
    book = told.out / "practice-book"
    practice_book(
        book,
        shape=shape,
        language=told.language,
        households=told.households,
        progress=Shown(),
    )
    shown = walk_through(told.out)
    screen = has_screen() and not told.no_window
    pictures = [] if screen else take_pictures(book, told.out)
    lines = [*shown.lines, "papers: " + ", ".join(str(one) for one in shown.papers)]
    if not screen:
        lines.append("No screen: the pictures are " + ", ".join(str(one) for one in pictures))
    put(
        told,
        {"book": book, "papers": shown.papers, "pictures": pictures, "clean": shown.clean},
        "\n".join(lines),
    )
    if screen:
        return int(open_practice(book))
    return DONE if shown.clean else REFUSED


def end_person(told: argparse.Namespace) -> int:
    """End a person's access to the book; what they signed stays theirs."""
    from stepdesk.scheme.service import end_person as end
    from stepdesk.store.desk import person_named

    with desk_of(told) as desk:
        staff_id = person_named(desk.keys, told.name)
        with desk.work("end_person") as work:
            sign_second(told, work)
            end(work, staff_id=staff_id, reason=told.reason)
    put(told, {"ended": told.name}, f"{told.name} has no access any more.")
    return DONE
