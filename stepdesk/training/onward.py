"""The second half of the demonstration: care decided and paid, the return sent and answered."""

import shutil
from pathlib import Path

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.branch.engine import Store
from stepdesk.branch.service import accept_scheme, new_branch, receive
from stepdesk.claims import queries as claims
from stepdesk.claims.papers import batch_slip_pdf
from stepdesk.claims.service import decide_batch, enter_claim, open_batch
from stepdesk.claims.terms import NewClaim, NewLine
from stepdesk.claims.terms import State as ClaimState
from stepdesk.ledger.queries import closed_months
from stepdesk.members.queries import household_ids
from stepdesk.providers.queries import agreement_on, providers, tariff_on
from stepdesk.providers.terms import Hole
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import Answer
from stepdesk.store.desk import Desk
from stepdesk.sync import queries as sync
from stepdesk.sync.papers import summary_pdf
from stepdesk.sync.service import acknowledge, approve_release, carry, keep_address, pack
from stepdesk.sync.terms import State
from stepdesk.training import claim_life as life
from stepdesk.training.terms import SECOND_PASSWORD, Shown
from stepdesk.values.ids import (
    BatchId,
    HouseholdId,
    PersonId,
    ProviderId,
)
from stepdesk.values.month import Month

_KEEP = 10_000


# Care


def treat_and_pay(desk: Desk, shown: Shown, newcomer: HouseholdId, out: Path) -> None:
    """Type in certificates, decide every batch that waits, and pay the providers by steps.

    Of four certificates one is as invoiced but for a dear medicine, one patient still waits and appeals, one
    goes to the medical adviser, and of one a line is refused afterwards. A claim paid before is taken back.
    """
    with desk.read() as connection:
        known = {one.code: one.id for one in providers(connection).values()}
        people = _covered(desk, connection)
        _, _, verdicts = household_verdicts(connection, newcomer, desk.today)
    places = known["CENTRE"], known["HOPITAL"]
    patient, home = people[0]
    life.promise(desk, shown, patient, places[1], out)
    _decide(desk, shown)
    life.pay_by_steps(desk, shown, places[0], _KEEP, out)
    _take_one_back(desk, shown, places[0])
    batch_id = desk.do(
        open_batch,
        request_id=life.a_request(),
        provider_id=places[0],
        month=Month.of(desk.today),
        invoice="DEMO-1",
    )
    whom = (patient, next(iter(verdicts)), people[1][0], people[2][0])
    entered = [
        desk.do(
            enter_claim,
            request_id=life.a_request(),
            batch_id=batch_id,
            certificate=NewClaim(one, desk.today, desk.today, _lines(desk, places[0], at)),
        )
        for at, one in enumerate(whom)
    ]
    life.review(desk, shown, entered[2])
    _decide(desk, shown)
    life.decide_otherwise(desk, shown, entered[3])
    life.complain(desk, shown, desk.ask(claims.claim_of, entered[1], desk.currency), out)
    _tell(desk, shown, batch_id)
    life.lists(desk, shown, out)
    for one in places:
        life.pay_by_steps(desk, shown, one, _KEEP, out)
    life.reimburse(desk, shown, patient, home, out)
    _print_slip(desk, shown, batch_id, out)
    life.notices(desk, shown, batch_id, out)


def _covered(desk: Desk, connection: Connection) -> list[tuple[PersonId, HouseholdId]]:
    """Return three people of different households who are covered today."""
    found: list[tuple[PersonId, HouseholdId]] = []
    for household_id in household_ids(connection):
        _, _, verdicts = household_verdicts(connection, household_id, desk.today)
        covered = [who for who, told in verdicts.items() if told.answer is Answer.YES]
        found += [(who, household_id) for who in covered[:1]]
        if len(found) == 3:
            return found
    raise LookupError("three households are covered")


def _lines(desk: Desk, provider_id: ProviderId, at: int) -> tuple[NewLine, ...]:
    """Return a consultation and a medicine above the list, of which the third patient has two."""
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
        NewLine(
            medicine,
            2 if at == 2 else 1,
            listed.prices[medicine] + listed.prices[medicine] // 3,
        ),
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


def _take_one_back(desk: Desk, shown: Shown, provider_id: ProviderId) -> None:
    """Take back the least of a provider's claims that were paid."""
    paid = [
        one
        for batch in desk.ask(claims.batches, desk.currency)
        if batch.provider_id == provider_id
        for one in desk.ask(claims.claims_of, desk.currency, batch_id=batch.id)
        if one.state is ClaimState.PAID and one.paid
    ]
    if paid:
        life.take_back(
            desk, shown, min(paid, key=lambda one: one.paid.minor if one.paid else 0).id
        )


def _tell(desk: Desk, shown: Shown, batch_id: BatchId) -> None:
    for one in desk.ask(claims.claims_of, desk.currency, batch_id=batch_id):
        codes = ", ".join(one.codes) or "as claimed"
        paid = one.paid.minor if one.paid else 0
        shown.lines.append(
            f"claim {one.number}: {one.state.value}, claimed {one.claimed.minor},"
            f" scheme {paid} ({codes})"
        )


def _print_slip(desk: Desk, shown: Shown, batch_id: BatchId, out: Path) -> None:
    with desk.read() as connection:
        batch = claims.batches(connection, desk.currency, batch_id=batch_id)[0]
        told = claims.claims_of(connection, desk.currency, batch_id=batch_id)
    paper = batch_slip_pdf(batch, told, desk.language, printed_on=desk.today, **life.around(desk))
    life.keep(shown, out / f"batch-{batch.number}.pdf", paper)


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
    life.keep(shown, out / f"return-{last}.pdf", paper)
    return all(desk.ask(sync.state_of, one) is State.ACKNOWLEDGED for one in months)


def _send(desk: Desk, shown: Shown, store: Store, months: list[Month], out: Path) -> None:
    """Approve months, carry them in one file, and read the branch's answer."""
    for month in months:
        with desk.work("approve_release") as work:
            work.second(life.second_of(desk), SECOND_PASSWORD)
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
