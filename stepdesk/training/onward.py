"""The second half of the demonstration: care decided and paid, the return sent and answered."""

import secrets
import shutil
from pathlib import Path

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.branch.engine import Store
from stepdesk.branch.service import accept_scheme, new_branch, receive
from stepdesk.claims import queries as claims
from stepdesk.claims.papers import batch_slip_pdf, voucher_pdf
from stepdesk.claims.service import decide_batch, enter_claim, open_batch, pay_provider
from stepdesk.claims.terms import NewClaim, NewLine
from stepdesk.ledger.queries import balance_of, closed_months
from stepdesk.members.queries import household_ids
from stepdesk.providers.queries import agreement_on, providers, tariff_on
from stepdesk.providers.terms import Hole
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import Answer
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.sync import queries as sync
from stepdesk.sync.papers import summary_pdf
from stepdesk.sync.service import acknowledge, approve_release, carry, keep_address, pack
from stepdesk.sync.terms import State
from stepdesk.training.terms import SECOND_PASSWORD, Shown
from stepdesk.values.ids import (
    BatchId,
    HouseholdId,
    PersonId,
    ProviderId,
    RequestId,
    StaffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_KEEP = 10_000


def second_of(desk: Desk) -> StaffId:
    """Return another person of the practice book, who signs too."""
    return next(
        tile.staff_id for tile in desk.keys.tiles() if tile.staff_id != desk.person.staff_id
    )


def _request() -> RequestId:
    return RequestId(secrets.token_bytes(16))


# Care


def treat_and_pay(desk: Desk, shown: Shown, newcomer: HouseholdId, out: Path) -> None:
    """Type in two certificates, decide every batch that waits, and pay the providers.

    The first patient is covered and the medicine is dearer than the list; the second still waits.
    """
    with desk.read() as connection:
        provider_id = next(iter(providers(connection)))
        patient = _covered(desk, connection)
        _, _, verdicts = household_verdicts(connection, newcomer, desk.today)
    batch_id = desk.do(
        open_batch,
        request_id=_request(),
        provider_id=provider_id,
        month=Month.of(desk.today),
        invoice="DEMO-1",
    )
    for person_id in (patient, next(iter(verdicts))):
        paper = NewClaim(person_id, desk.today, desk.today, _lines(desk, provider_id))
        desk.do(enter_claim, request_id=_request(), batch_id=batch_id, certificate=paper)
    _decide(desk, shown)
    _tell(desk, shown, batch_id)
    _pay(desk, shown, out)
    _print_slip(desk, shown, batch_id, out)


def _covered(desk: Desk, connection: Connection) -> PersonId:
    """Return somebody who is covered today."""
    for household_id in household_ids(connection):
        _, _, verdicts = household_verdicts(connection, household_id, desk.today)
        for person_id, verdict in verdicts.items():
            if verdict.answer is Answer.YES:
                return person_id
    raise LookupError("nobody is covered")


def _lines(desk: Desk, provider_id: ProviderId) -> tuple[NewLine, ...]:
    with desk.read() as connection:
        codes = {one.code: one.id for one in services(connection).values()}
        agreement = agreement_on(connection, provider_id, desk.today)
        if agreement is None:
            raise LookupError("no agreement")
        listed = tariff_on(connection, agreement.tariff_id, desk.today)
    if isinstance(listed, Hole):
        raise LookupError("no price list")  # noqa: TRY004 - it is not there
    consultation, medicine = codes["CONS-INF"], codes["MED-GEN"]
    return (
        NewLine(consultation, 1, listed.prices[consultation]),
        NewLine(medicine, 1, listed.prices[medicine] + listed.prices[medicine] // 3),
    )


def _decide(desk: Desk, shown: Shown) -> None:
    for batch in desk.ask(claims.batches, desk.currency):
        if not batch.undecided:
            continue
        done = desk.do(decide_batch, batch_id=batch.id, accepting=frozenset({"invoice_differs"}))
        shown.lines.append(
            f"batch {batch.number}, {batch.claims} certificates: {done.approved} approved,"
            f" {done.rejected} rejected, {done.pending} put aside, payable {done.payable.minor}"
        )


def _tell(desk: Desk, shown: Shown, batch_id: BatchId) -> None:
    for one in desk.ask(claims.claims_of, desk.currency, batch_id=batch_id):
        codes = ", ".join(one.codes) or "as claimed"
        paid = one.paid.minor if one.paid else 0
        shown.lines.append(
            f"claim {one.number}: {one.state.value}, claimed {one.claimed.minor},"
            f" scheme {paid} ({codes})"
        )


def _pay(desk: Desk, shown: Shown, out: Path) -> None:
    with desk.read() as connection:
        places = tuple(providers(connection).values())
    for place in places:
        with desk.read() as connection:
            held = balance_of(connection, "cash_main") - _KEEP
            owed = claims.unpaid_of(connection, place.id)
        if not owed or owed[0].amount > held:
            continue
        with desk.work("pay_provider") as work:
            work.second(second_of(desk), SECOND_PASSWORD)
            paid = pay_provider(
                work,
                request_id=_request(),
                provider_id=place.id,
                most=Money(held, desk.currency),
            )
        shown.lines.append(
            f"payment {paid.number}: {paid.amount.minor} for {paid.claims} claims,"
            f" still owed {paid.still_owed.minor}"
        )
        with desk.read() as connection:
            voucher = claims.voucher_of(connection, paid.id, desk.currency)
            scheme = scheme_on(connection, desk.today)
        paper = voucher_pdf(
            voucher,
            desk.language,
            scheme=scheme.name,
            practice=desk.practice,
            printed_on=desk.today,
        )
        _keep(shown, out / f"voucher-{voucher.number}.pdf", paper)


def _print_slip(desk: Desk, shown: Shown, batch_id: BatchId, out: Path) -> None:
    with desk.read() as connection:
        batch = claims.batches(connection, desk.currency, batch_id=batch_id)[0]
        told = claims.claims_of(connection, desk.currency, batch_id=batch_id)
        scheme = scheme_on(connection, desk.today)
    paper = batch_slip_pdf(
        batch,
        told,
        desk.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )
    _keep(shown, out / f"batch-{batch.number}.pdf", paper)


def _keep(shown: Shown, path: Path, paper: bytes) -> None:
    path.write_bytes(paper)
    shown.papers.append(path)


# The return


def send_return(desk: Desk, shown: Shown, out: Path) -> bool:
    """Send what was not sent yet, then the last closed month by itself; whether both were answered."""
    folder = out / "branch"
    shutil.rmtree(folder, ignore_errors=True)
    with new_branch(folder, name="Practice branch", practice=True) as store:
        months = desk.ask(closed_months)
        if not months:
            return False
        desk.do(keep_address, card=(folder / "branch-card.json").read_bytes())
        *earlier, last = months
        for some in (earlier, [last]):
            if some:
                _send(desk, shown, store, some, out)
    state = desk.ask(sync.state_of, last)
    shown.lines.append(f"the branch answered: {last} is {state.value}")
    paper = summary_pdf(desk.ask(sync.preview, last), desk.language)
    _keep(shown, out / f"return-{last}.pdf", paper)
    return all(desk.ask(sync.state_of, one) is State.ACKNOWLEDGED for one in months)


def _send(desk: Desk, shown: Shown, store: Store, months: list[Month], out: Path) -> None:
    """Approve months, carry them in one file, and read the branch's answer."""
    for month in months:
        with desk.work("approve_release") as work:
            work.second(second_of(desk), SECOND_PASSWORD)
            approve_release(work, month=month)
    packed = desk.do(pack)
    path = carry(desk, packed, out)
    told = f"{months[0]}" if len(months) == 1 else f"{months[0]} to {months[-1]}"
    shown.lines.append(f"return of {told}: {path.name}, {len(packed.content)} bytes")
    answer = receive(store, path.read_bytes(), now=desk.clock.now())
    accept_scheme(store, scheme=answer.scheme)
    name = path.with_name(path.name.replace("SD-", "RC-")).with_suffix(".sdr")
    name.write_bytes(answer.receipt)
    desk.do(acknowledge, receipt=answer.receipt)
