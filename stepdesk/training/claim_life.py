"""The life of claims in the demonstration: letters, review, deciding otherwise, appeals, money back."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stepdesk.benefits.queries import services
from stepdesk.claims import queries as claims
from stepdesk.claims.papers import (
    benefits_list,
    delays_list,
    guarantee_letter_pdf,
    member_voucher_pdf,
    notice_pdf,
    payment_order_pdf,
    voucher_pdf,
)
from stepdesk.claims.service import (
    acknowledge_payment,
    approve_payment,
    ask_review,
    decide_claim,
    issue_letter,
    order_payment,
    override_claim,
    pay_batch,
    prepare_payment,
    reimburse_member,
    request_reimbursement,
    reverse_claim,
    review_claim,
)
from stepdesk.claims.terms import (
    Claim,
    LineReview,
    NewClaim,
    NewLetter,
    NewLine,
    NoticeTo,
    Override,
    OverrideEffect,
    PaymentBatch,
    State,
    Visit,
)
from stepdesk.complaints.papers import form_pdf
from stepdesk.complaints.queries import complaint_of
from stepdesk.complaints.service import (
    acknowledge_complaint,
    answer_complaint,
    close_complaint,
    file_complaint,
    hear_complaint,
)
from stepdesk.complaints.terms import ComplaintKind, ComplaintOutcome, NewComplaint
from stepdesk.countries import country
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.terms import Place
from stepdesk.members.queries import person_of
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.training.terms import SECOND_PASSWORD, Shown
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    HouseholdId,
    PersonId,
    ProviderId,
    RequestId,
    StaffId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

CASH = Place("cash_main")
_ALONE = frozenset({"nobody_may_decide", "same_person", "not_treasurer", "late_appeal"})
"""Doubts a practice scheme of three people cannot help."""


def second_of(desk: Desk) -> StaffId:
    """Return another person of the practice book, who signs too."""
    return next(
        tile.staff_id for tile in desk.keys.tiles() if tile.staff_id != desk.person.staff_id
    )


def a_request() -> RequestId:
    """Return a number no form had before."""
    return RequestId(secrets.token_bytes(16))


def by_two(desk: Desk, verb: Callable[..., Any], **told: Any) -> Any:  # noqa: ANN401
    """Do a verb that another person signs too."""
    with desk.work(verb.__name__) as work:
        work.second(second_of(desk), SECOND_PASSWORD)
        return verb(work, **told)


def keep(shown: Shown, path: Path, paper: bytes) -> None:
    """Leave a paper there, and say so."""
    path.write_bytes(paper)
    shown.papers.append(path)


def around(desk: Desk) -> dict[str, Any]:
    """Return what stands on every paper."""
    return {"scheme": desk.ask(scheme_on, desk.today).name, "practice": desk.practice}


# A letter


def promise(desk: Desk, shown: Shown, patient: PersonId, hospital: ProviderId, out: Path) -> None:
    """Issue the letter somebody covered takes to the hospital."""
    codes = {one.code: one.id for one in desk.ask(services).values()}
    asked = NewLetter(patient, hospital, codes["HOSP-J"], referral="CENTRE 17")
    letter = by_two(desk, issue_letter, request_id=a_request(), asked=asked)
    shown.lines.append(f"letter {letter.number}, code {letter.code}, until {letter.valid_through}")
    paper = guarantee_letter_pdf(letter, desk.language, **around(desk))
    keep(shown, out / f"letter-{letter.number}.pdf", paper)


# Decided by people


def review(desk: Desk, shown: Shown, claim_id: ClaimId) -> None:
    """Send a claim to the medical adviser, who approves less of its last line, and decide it."""
    desk.do(ask_review, claim_id=claim_id)
    lines = desk.ask(claims.lines_of, claim_id)
    said = {lines[-1]: LineReview(quantity=1, code=ReasonCode.RM01, justification="Dose usuelle")}
    desk.do(review_claim, claim_id=claim_id, lines=said, accepting=_ALONE)
    told = desk.do(decide_claim, claim_id=claim_id, accepting=_ALONE)
    number = desk.ask(claims.claim_of, claim_id, desk.currency).number
    shown.lines.append(f"claim {number} reviewed by the adviser: scheme {told.paid}")


def decide_otherwise(desk: Desk, shown: Shown, claim_id: ClaimId) -> None:
    """Refuse a line of a claim that was approved, with a reason and a second person."""
    lines = desk.ask(claims.lines_of, claim_id)
    told = by_two(
        desk,
        override_claim,
        claim_id=claim_id,
        overrides=[Override(ReasonCode.RT03, OverrideEffect.REFUSES, lines[-1])],
        reason="Ce médicament est compris dans le prix de la consultation",
        accepting=_ALONE,
    )
    number = desk.ask(claims.claim_of, claim_id, desk.currency).number
    shown.lines.append(f"claim {number} decided otherwise: scheme {told.paid}")


def notices(desk: Desk, shown: Shown, batch_id: BatchId, out: Path) -> None:
    """Print the notice of each claim that was refused or lowered."""
    pack = country(desk.country)
    found = desk.ask(
        claims.notices_of,
        desk.currency,
        batch_id=batch_id,
        appeal_days=pack.number("appeal_days", desk.today),
    )
    paper = notice_pdf(
        found,
        NoticeTo.MEMBER,
        desk.language,
        decide_days=pack.number("decide_days", desk.today),
        printed_on=desk.today,
        **around(desk),
    )
    keep(shown, out / "notices.pdf", paper)


def complain(desk: Desk, shown: Shown, refused: Claim, out: Path) -> None:
    """File an appeal against a refusal and a complaint about the service; both are answered."""
    told = (
        NewComplaint(
            ComplaintKind.CLAIM_DECISION,
            "Nous avions payé avant les soins",
            claim_id=refused.id,
        ),
        NewComplaint(ComplaintKind.SERVICE_QUALITY, "Trois heures d'attente au guichet"),
    )
    answers = (
        (ComplaintOutcome.UPHELD, "La période d'attente n'était pas finie"),
        (ComplaintOutcome.OVERTURNED, "Un deuxième guichet ouvre le matin"),
    )
    pack = country(desk.country)
    for one, (outcome, answer) in zip(told, answers, strict=True):
        complaint_id = desk.do(file_complaint, request_id=a_request(), told=one, accepting=_ALONE)
        desk.do(acknowledge_complaint, complaint_id=complaint_id)
        desk.do(hear_complaint, complaint_id=complaint_id, heard="La personne a été entendue")
        by_two(
            desk,
            answer_complaint,
            complaint_id=complaint_id,
            outcome=outcome,
            answer=answer,
            accepting=_ALONE,
        )
        desk.do(close_complaint, complaint_id=complaint_id)
        known = desk.ask(complaint_of, complaint_id, pack)
        shown.lines.append(f"complaint {known.number}: {known.kind.value}, {outcome.value}")
        paper = form_pdf(
            known,
            desk.language,
            acknowledge_days=pack.number("acknowledge_days", desk.today),
            decide_days=pack.number("decide_days", desk.today),
            printed_on=desk.today,
            **around(desk),
        )
        keep(shown, out / f"complaint-{known.number}.pdf", paper)


# Money


def pay_by_steps(
    desk: Desk, shown: Shown, provider_id: ProviderId, kept: int, out: Path
) -> PaymentBatch | None:
    """Prepare, approve, order, pay and acknowledge what the box can pay; None when it cannot.

    Args:
        desk: The open book.
        shown: Told what was done.
        provider_id: Who is paid.
        kept: What stays in the box, in minor units.
        out: Where the papers go.
    """
    with desk.read() as connection:
        held = balance_of(connection, CASH.role) - kept
        owed = [one for one in claims.unpaid_of(connection, provider_id) if one.amount > 0]
    if not owed or owed[0].amount > held:
        return None
    most = Money(held, desk.currency)
    batch: PaymentBatch = desk.do(
        prepare_payment, request_id=a_request(), provider_id=provider_id, most=most
    )
    by_two(desk, approve_payment, batch_id=batch.id, accepting=_ALONE)
    batch = by_two(desk, order_payment, batch_id=batch.id, place=CASH)
    paper = payment_order_pdf(batch, desk.language, printed_on=desk.today, **around(desk))
    keep(shown, out / f"order-{batch.number}.pdf", paper)
    batch = by_two(desk, pay_batch, request_id=a_request(), batch_id=batch.id)
    desk.do(acknowledge_payment, batch_id=batch.id, receipt=f"REC-{batch.number[-6:]}")
    shown.lines.append(
        f"payment {batch.voucher}: batch {batch.number}, {batch.approved.minor} approved,"
        f" {batch.recovered.minor} recovered, {batch.net.minor} paid for {batch.claims} claims"
    )
    _voucher(desk, shown, batch, out)
    return batch


def _voucher(desk: Desk, shown: Shown, batch: PaymentBatch, out: Path) -> None:
    with desk.read() as connection:
        found = claims.payments(connection, desk.currency)
        paid = next(one for one in found if one.number == batch.voucher)
        voucher = claims.voucher_of(connection, paid.id, desk.currency)
    paper = voucher_pdf(voucher, desk.language, printed_on=desk.today, **around(desk))
    keep(shown, out / f"voucher-{voucher.number}.pdf", paper)


def take_back(desk: Desk, shown: Shown, claim_id: ClaimId) -> None:
    """Take back a claim that was paid; the provider's next payment is less by it."""
    back = by_two(
        desk,
        reverse_claim,
        claim_id=claim_id,
        code=ReasonCode.RX01,
        reason="Attestation envoyée deux fois",
        accepting=_ALONE,
    )
    number = desk.ask(claims.claim_of, claim_id, desk.currency).number
    shown.lines.append(f"claim {number} taken back: {back} comes off the next payment")


def reimburse(desk: Desk, shown: Shown, patient: PersonId, home: HouseholdId, out: Path) -> None:
    """Reimburse a member who paid a private ambulance: outside the network, an emergency."""
    clinic = desk.do(
        add_provider,
        code="CLINIQUE",
        name="Clinique privée" if desk.language == "fr" else "Private clinic",
        level=Level.DISTRICT_HOSPITAL,
        kind=Kind.PRIVATE,
    )
    codes = {one.code: one.id for one in desk.ask(services).values()}
    day = desk.today
    certificate = NewClaim(
        patient,
        day,
        day,
        (NewLine(codes["EVAC"], 1, Money(8_000 * desk.currency.scale, desk.currency).minor),),
        visit=Visit.EMERGENCY,
        declared_hours=5,
    )
    with desk.work("request_reimbursement") as work:
        claim_id = request_reimbursement(
            work,
            request_id=a_request(),
            provider_id=clinic,
            certificate=certificate,
            receipt="A-204",
        )
        decide_claim(work, claim_id=claim_id)
    claim = desk.ask(claims.claim_of, claim_id, desk.currency)
    shown.lines.append(
        f"claim {claim.number}: a member asks {claim.claimed.minor} back, {claim.state.value}"
    )
    if claim.state is not State.APPROVED:
        return
    person = desk.ask(person_of, patient)
    voucher = by_two(
        desk,
        reimburse_member,
        request_id=a_request(),
        household_id=home,
        receiver=person.name if person else "?",
        place=CASH,
    )
    shown.lines.append(f"voucher {voucher.number}: {voucher.amount.minor} reimbursed")
    paper = member_voucher_pdf(voucher, desk.language, printed_on=desk.today, **around(desk))
    keep(shown, out / f"voucher-{voucher.number}.pdf", paper)


def lists(desk: Desk, shown: Shown, out: Path) -> None:
    """Print the register of benefits of the month and the delay to each provider."""
    month = Month.of(desk.today)
    with desk.read() as connection:
        register = claims.register_of_benefits(connection, month, desk.currency)
        waits = claims.delays(connection, desk.currency, desk.today)
    printed = {"printed_on": desk.today} | around(desk)
    made: Sequence[tuple[str, Any]] = (
        ("benefits", benefits_list(register, month, desk.currency)),
        ("delays", delays_list(waits, desk.today)),
    )
    for name, listing in made:
        keep(shown, out / f"{name}.pdf", listing.pdf(desk.language, **printed))
