"""The way through on a practice book: what `stepdesk demo` runs, through the verbs everybody calls."""

import secrets
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from stepdesk.contributions.papers import receipt_pdf, session_slip_pdf
from stepdesk.contributions.queries import expected_of, plans, receipts_of_session, sessions
from stepdesk.contributions.service import close_session, contribute, open_session, reverse_payment
from stepdesk.contributions.terms import Count
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.papers import trial_balance_pdf
from stepdesk.ledger.queries import (
    balance_until,
    closing_of,
    first_open,
    last_closed,
    trial_balance,
)
from stepdesk.members.papers import card_pdf
from stepdesk.members.queries import household_file
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, Card, NewPerson, Relation, Sex
from stepdesk.progress import Progress
from stepdesk.reports.service import close_month, verify_before_closing
from stepdesk.rights.queries import household_verdicts
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.store.backup import back_up, restore
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import Clock, SetClock, SystemClock
from stepdesk.store.desk import Desk, new_desk, unlock
from stepdesk.store.keys import KeyFile
from stepdesk.training.claim_life import second_of
from stepdesk.training.life import a_birth, member_papers
from stepdesk.training.onward import send_return, treat_and_pay
from stepdesk.training.practice import make_practice, practice_start
from stepdesk.training.terms import FIRST_PERSON, PASSWORD, SECOND_PASSWORD, Shown
from stepdesk.values.ids import HouseholdId, PaymentId, RequestId
from stepdesk.values.money import Money

Shape = Callable[[Path, bytes], None]


def practice_book(
    folder: Path,
    *,
    shape: Shape,
    country_code: str = "SN",
    language: str = "fr",
    households: int = 120,
    months: int = 14,
    last_day: date | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> None:
    """Make a practice book in a folder, whose former practice book is put away.

    The month before the present one is left to be closed: `walk_through` closes it.

    Raises:
        Refusal: when the folder holds anything that is not a practice book.
    """
    _clear(folder)
    last = last_day or SystemClock().now().date()
    clock = SetClock(SystemClock().now())
    clock.set(practice_start(last, months))
    with new_desk(
        folder,
        name=FIRST_PERSON,
        password=PASSWORD,
        country_code=country_code,
        language=language,
        practice=True,
        shape=shape,
        clock=clock,
    ) as desk:
        make_practice(
            desk,
            clock,
            last_day=last,
            seed=seed,
            households=households,
            months=months,
            still_open=1,
            progress=progress,
        )


def _clear(folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "book.keys").exists() or not KeyFile.read(folder / "book.keys").practice:
        raise Refusal(
            Text(
                N_("{name} holds something else than a practice book. Choose another folder."),
                {"name": folder.name},
            ),
            field="out",
        )
    shutil.rmtree(folder)


def walk_through(out: Path, *, clock: Clock | None = None) -> Shown:
    """Go the way of a day on the practice book in `out`, and leave its papers there.

    Registers a household, takes its first contribution in a market session, reverses a wrong
    receipt with a second person, counts and signs; types in certificates, decides and pays them;
    closes the month, sends its return to a practice branch and reads the branch's answer; prints,
    verifies, copies, restores the copy beside and verifies it too.
    """
    book = out / "practice-book"
    shown = Shown(book)
    with unlock(book, password=PASSWORD, name=FIRST_PERSON, clock=clock) as desk:
        household_id = _register(desk, shown)
        _collect(desk, shown, household_id, out)
        _print_card(desk, shown, household_id, out)
        a_birth(desk, shown)
        member_papers(desk, shown, household_id, out)
        treat_and_pay(desk, shown, household_id, out)
        _close_month(desk, shown)
        _print_balance(desk, shown, out)
        acknowledged = send_return(desk, shown, out)
        report = verify_desk(desk)
        shown.clean = report.clean and acknowledged
        shown.lines.append(
            f"verify: {report.acts} acts, {report.rows} rows, {len(report.findings)} findings"
        )
        copy = back_up(desk, out / "practice-book.sdk")
    drill = out / "restored-book"
    shutil.rmtree(drill, ignore_errors=True)
    done = restore(copy.path, drill, password=PASSWORD, name=FIRST_PERSON, clock=clock)
    shown.lines.append(f"backup and restore: {done.acts} acts, incarnation {done.incarnation}")
    shutil.rmtree(drill)
    return shown


def _register(desk: Desk, shown: Shown) -> HouseholdId:
    with desk.read() as connection:
        section = sections_on(connection, desk.today)[0]
        plan_id = next(iter(plans(connection)))
    day = desk.today
    people = (
        ("Ndiaye", "Sokhna Aïssatou", Sex.FEMALE, 34, Relation.SELF),
        ("Ndiaye", "Ɓooyi Samba", Sex.MALE, 41, Relation.SPOUSE),
        ("Ndiaye", "Coumba", Sex.FEMALE, 9, Relation.CHILD),
        ("Ndiaye", "Modou", Sex.MALE, 4, Relation.CHILD),
    )
    registered = desk.do(
        register_household,
        section_id=section.id,
        plan_id=plan_id,
        persons=[
            NewPerson(
                surname, given, sex, Birth(date(day.year - age, 7, 1), BirthKnown.YEAR), relation
            )
            for surname, given, sex, age, relation in people
        ],
        phone="77 123 45 67",
        accepting=frozenset(f"alike:{at}" for at in range(len(people))),
    )
    shown.lines.append(f"household {registered.number} registered, {len(people)} persons")
    return registered.household_id


def _collect(desk: Desk, shown: Shown, household_id: HouseholdId, out: Path) -> None:
    currency = desk.currency
    session_id = desk.do(open_session, place="Marché de Keur Ndiaga")
    with desk.read() as connection:
        expected = expected_of(connection, household_id, desk.today, currency)

    def take(amount: Money) -> PaymentId:
        receipt = desk.do(
            contribute,
            request_id=RequestId(secrets.token_bytes(16)),
            household_id=household_id,
            amount=amount,
            session_id=session_id,
        )
        name = f"receipt-{receipt.number}.pdf"
        (out / name).write_bytes(receipt_pdf(receipt, desk.language))
        shown.papers.append(out / name)
        shown.lines.append(f"receipt {receipt.number}, code {receipt.code}: {amount.minor}")
        return receipt.payment_id

    wrong = take(expected.due_now.times(2))
    with desk.work("reverse_payment") as work:
        work.second(second_of(desk), SECOND_PASSWORD)
        reversal = reverse_payment(
            work,
            request_id=RequestId(secrets.token_bytes(16)),
            payment_id=wrong,
            reason="Montant mal tapé",
        )
    (out / f"receipt-{reversal.number}.pdf").write_bytes(receipt_pdf(reversal, desk.language))
    shown.papers.append(out / f"receipt-{reversal.number}.pdf")
    take(expected.due_now)
    _sign_session(desk, shown, out)


def _sign_session(desk: Desk, shown: Shown, out: Path) -> None:
    with desk.read() as connection:
        session = sessions(connection, desk.currency, open_only=True)[0]
    count = Count(pieces_of(session.total.minor, country(desk.country).coins))
    with desk.work("close_session") as work:
        work.second(second_of(desk), SECOND_PASSWORD)
        closed = close_session(work, session_id=session.id, count=count)
    with desk.read() as connection:
        receipts = receipts_of_session(connection, session.id, desk.currency)
        scheme = scheme_on(connection, desk.today)
    slip = session_slip_pdf(
        closed, receipts, count.pieces, desk.language, scheme=scheme.name, practice=desk.practice
    )
    (out / "session-slip.pdf").write_bytes(slip)
    shown.papers.append(out / "session-slip.pdf")
    shown.lines.append(f"session counted and signed: {closed.receipts} receipts")


def pieces_of(total: int, coins: tuple[int, ...]) -> dict[int, int]:
    """Return the fewest notes and coins that make an amount."""
    pieces: dict[int, int] = {}
    for coin in coins:
        pieces[coin], total = divmod(total, coin)
    return {coin: number for coin, number in pieces.items() if number}


def _print_card(desk: Desk, shown: Shown, household_id: HouseholdId, out: Path) -> None:
    with desk.read() as connection:
        known = household_file(connection, household_id)
        account, _, _ = household_verdicts(connection, household_id, desk.today)
        scheme = scheme_on(connection, desk.today)
    if known is None:
        raise LookupError("the household was just registered")
    card = Card(
        scheme.name,
        known.number,
        known.member_name,
        known.section,
        known.persons,
        account.rights_from,
        desk.practice,
    )
    path = out / f"card-{known.number}.pdf"
    path.write_bytes(card_pdf(card, desk.language))
    shown.papers.append(path)
    shown.lines.append(f"card {known.number}, rights open {account.rights_from}")


def _close_month(desk: Desk, shown: Shown) -> None:
    with desk.read() as connection:
        month = first_open(connection, desk.made_on)
        held = Money(balance_until(connection, "cash_main", month.last), desk.currency)
    if month.last >= desk.today:
        return
    verify_before_closing(desk)
    with desk.work("close_month") as work:
        work.second(second_of(desk), SECOND_PASSWORD)
        closed = close_month(work, month=month, cash_counted=held)
    shown.lines.append(f"{month} closed and locked: {closed.fingerprint}")


def _print_balance(desk: Desk, shown: Shown, out: Path) -> None:
    pack = country(desk.country)
    with desk.read() as connection:
        month = last_closed(connection)
        if month is None:
            return
        closing = closing_of(connection, pack, month)
        balance = trial_balance(connection, pack, month)
        scheme = scheme_on(connection, month.last)
    paper = trial_balance_pdf(
        balance,
        scheme=scheme.name,
        month=month,
        language=desk.language,
        account_names={role: one.name(desk.language) for role, one in pack.chart.items()},
        practice=desk.practice,
        closing=closing,
        printed_on=desk.today,
    )
    path = out / f"trial-balance-{month}.pdf"
    path.write_bytes(paper)
    shown.papers.append(path)
    shown.lines.append(f"trial balance of {month}, closed, {balance.debit.minor} on each side")
