"""Members who paid for care get it back (D13, P10, P12); what they wrongly got is recovered (P13).

Source: domain handbook 2.14, 3.3.
"""

from collections.abc import Sequence
from datetime import date

from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    member_payment,
    member_recovery,
    recovery_payment,
    reimbursed_claim,
    returned_recovery,
)
from stepdesk.claims.service.at_once import enter_and_decide
from stepdesk.claims.service.entering import enter_claim, next_serial, open_batch
from stepdesk.claims.service.payment_batches import check_box, check_payment_day
from stepdesk.claims.terms import LetOff, MemberVoucher, NewClaim, RecoveredFrom, Recovery
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import money_settings_on
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    MemberPaymentId,
    ProviderId,
    RecoveryId,
    RequestId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

REIMBURSED_FROM = ("cash_main", "cash_section", "momo")
"""Boxes members are reimbursed from: a voucher they sign, or their telephone."""


def request_reimbursement(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    certificate: NewClaim,
    received_on: date | None = None,
    receipt: str = "",
    decide: bool = False,
) -> ClaimId:
    """Take in the request of a member who paid for care (D13): receipt, prescription, certificate.

    It is decided like any claim, by the package, the prices and the rights of the day of care; outside the
    network as the package says. What is above the price list stays with the member.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one request.
        provider_id: Who gave the care, under agreement or not.
        certificate: The care and its lines.
        received_on: When the member asked; today when None.
        receipt: The number on the provider's receipt.
        decide: It is decided by the same act, unless it was before.

    Raises:
        Refusal: care the scheme pays to the provider itself, and as for any certificate.
    """
    batch_id = open_batch(
        work,
        request_id=request_id,
        provider_id=provider_id,
        month=Month.of(certificate.last_day),
        received_on=received_on,
        invoice=receipt,
        to_member=True,
    )
    if decide:
        done = enter_and_decide(
            work, request_id=request_id, batch_id=batch_id, certificate=certificate
        )
        return done.claim_id
    return enter_claim(work, request_id=request_id, batch_id=batch_id, certificate=certificate)


def reimburse_member(
    work: Work,
    *,
    request_id: RequestId,
    household_id: HouseholdId,
    receiver: str,
    place: Place = Place("cash_main"),  # noqa: B008 - frozen
    day: date | None = None,
    most: Money | None = None,
    reference: str = "",
) -> MemberVoucher:
    """Pay a household what it is owed for care it paid itself, the oldest request first (P12).

    What it had paid back for a claim, and is not asked back any more, is owed too. Requests are paid whole. A voucher gives no more than the scheme's limit for one; with more owed the
    oldest that fit are paid and the rest waits for the next voucher.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one payment.
        household_id: Who.
        receiver: Who takes the money and signs, or whose telephone it goes to.
        place: A cash box, or mobile money.
        day: In an open month; today when None.
        most: No more than this.
        reference: The number of the telephone company's transaction; needed for mobile money.

    Raises:
        Refusal: nothing owed, nothing that fits, no receiver, a bank, no transaction number, more than the
            box holds, a closed month or a day ahead, nobody to sign with above `double_sign_amount`.
    """
    done = work.row(
        "SELECT id, household_id FROM member_payment WHERE request_id = :request",
        request=request_id,
    )
    if done is not None and done.household_id != household_id:
        raise Refusal(
            Text(N_("This request paid another household already. Begin again.")), field="request"
        )
    if done is not None:
        return queries.member_voucher_of(work.connection, done.id, work.currency)
    on = day or work.today
    check_payment_day(work, on)
    taker, number = " ".join(receiver.split()), reference.strip()
    _check_way(place, taker, number)
    chosen = _chosen(work, household_id, on, most)
    amount = sum(one.amount for one in chosen)
    returned = _returned(work, household_id)
    check_box(work, place, amount, on)
    single = ledger.signed(work, place, amount, on)
    payment_id = MemberPaymentId(work.new_id())
    work.insert(
        member_payment,
        id=payment_id,
        request_id=request_id,
        year=on.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "member_payment", on.year),
        household_id=household_id,
        day=on,
        box=place.role,
        box_id=place.box,
        amount=amount,
        receiver=taker,
        reference=number or None,
        entry_id=ledger.post(
            work,
            posting.member_reimbursed(
                box=place.role,
                amount=amount,
                household=household_id,
                box_id=place.box,
                returned=sum(one.amount for one in chosen if one.key in returned),
            ),
            day=on,
        ),
        paid_by=work.person.staff_id,
        single_control=int(single),
    )
    for one in chosen:
        work.insert(
            returned_recovery if one.key in returned else reimbursed_claim,
            id=work.new_id(),
            member_payment_id=payment_id,
            claim_id=one.key,
            amount=one.amount,
        )
    return queries.member_voucher_of(work.connection, payment_id, work.currency)


def _returned(work: Work, household_id: HouseholdId) -> frozenset[bytes]:
    """Return the claims for which a household is owed what it had paid back."""
    owed = queries.unpaid_reimbursements(work.connection, household_id)
    return frozenset(one.claim_id for one in owed if one.returned)


def _check_way(place: Place, receiver: str, reference: str) -> None:
    if place.role not in REIMBURSED_FROM:
        raise Refusal(
            Text(N_("Members are reimbursed in cash or by mobile money. Choose such a box.")),
            field="box",
        )
    if not receiver:
        raise Refusal(
            Text(N_("Say who takes the money; they sign the voucher.")), field="receiver"
        )
    if place.role == "momo" and not reference:
        raise Refusal(
            Text(N_("Type the transaction number the telephone company gave.")),
            field="reference",
        )


def _chosen(
    work: Work, household_id: HouseholdId, on: date, most: Money | None
) -> Sequence[rules.Item]:
    limit = money_settings_on(work.connection, work.country, on).reimbursement_limit
    limits = [one.minor for one in (limit, most) if one is not None]
    owed = queries.unpaid_reimbursements(work.connection, household_id, day=on)
    items = [rules.Item(one.claim_id, one.received_on, one.amount) for one in owed]
    chosen = rules.chosen(items, most=min(limits, default=None))
    if chosen and sum(one.amount for one in chosen):
        return chosen
    waits = [one.amount for one in items if one.amount > 0]
    if not waits or chosen:
        raise Refusal(
            Text(N_("This household is owed nothing. Choose another one.")), field="household"
        )
    if limit is not None and waits[0] > limit.minor:
        raise Refusal(
            Text(
                N_(
                    "The oldest request alone is {amount}, more than the {limit} a voucher may give."
                    " Change the limit in the money rules first."
                ),
                {"amount": Money(waits[0], work.currency), "limit": limit},
            ),
            field="amount",
        )
    raise Refusal(
        Text(
            N_(
                "The oldest claim alone is {amount}, and claims are paid whole. Pay at least that."
            ),
            {"amount": Money(waits[0], work.currency)},
        ),
        field="amount",
    )


# Recovering


def recover_from_member(
    work: Work, *, request_id: RequestId, claim_id: ClaimId, amount: Money, reason: str
) -> Recovery:
    """Decide that a member pays back what the scheme paid a provider for a claim (P13). Two sign.

    The provider keeps its money: a lent card, cover that had ended. What a provider has to pay back follows
    from the claim's new decision and is taken off its next payment.

    Raises:
        Refusal: no such claim, one that was not paid, more than was paid and not recovered before, no
            reason, nobody to sign with.
    """
    done = work.row(
        "SELECT id FROM member_recovery WHERE request_id = :request", request=request_id
    )
    if done is not None:
        return _recovery(work, RecoveryId(done.id))
    told = " ".join(reason.split())
    if not told:
        raise Refusal(Text(N_("Write why; the reason is kept.")), field="reason")
    row = work.row(
        "SELECT c.household_id, (SELECT coalesce(sum(q.amount), 0) FROM paid_claim q"
        " WHERE q.claim_id = c.id) AS paid, (SELECT coalesce(sum(r.amount), 0)"
        " FROM member_recovery r WHERE r.claim_id = c.id) AS back FROM claim c WHERE c.id = :id",
        id=claim_id,
    )
    if row is None:
        raise Refusal(Text(N_("There is no such claim. Check the number.")), field="claim")
    by_decision = queries.paid_by_category(work.connection, claim_id)
    most = min(row.paid, sum(by_decision.values())) - row.back
    if not 0 < amount.minor <= most:
        raise Refusal(
            Text(
                N_("{paid} was paid for this claim and is not recovered yet. Ask back no more."),
                {"paid": Money(max(most, 0), work.currency)},
            ),
            field="amount",
        )
    single = work.two_signatures()
    by = rules.by_category(amount.minor, by_decision)
    recovery_id = RecoveryId(work.new_id())
    work.insert(
        member_recovery,
        id=recovery_id,
        request_id=request_id,
        claim_id=claim_id,
        household_id=row.household_id,
        day=work.today,
        amount=amount,
        reason=told,
        entry_id=ledger.post(
            work,
            posting.recovered_from_member(by_category=by, household=row.household_id),
            day=ledger.booking_day(work, work.today),
            reason=told,
        ),
        decided_by=work.person.staff_id,
        single_control=int(single),
    )
    return _recovery(work, recovery_id)


def reimburses_member(work: Work, claim_id: ClaimId) -> bool:
    """Whether a claim is one the member paid for and is reimbursed."""
    row = work.row(
        "SELECT b.to_member FROM claim c JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :id",
        id=claim_id,
    )
    return row is not None and bool(row.to_member)


def let_off_recovery(
    work: Work,
    *,
    request_id: RequestId,
    claim_id: ClaimId,
    reason: str,
    amount: Money | None = None,
) -> LetOff:
    """Decide that a member need not pay back what was asked for a claim, or a part of it. Two sign.

    What the member had paid of it already is owed to the household, like a reimbursement.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one.
        claim_id: Which.
        reason: Why; it is kept.
        amount: How much; all of it when None.

    Raises:
        Refusal: nothing is asked back, more than is, no reason, a claim taken back for the member to pay (an
            appeal decides that), nobody to sign with.
    """
    done = work.row(
        "SELECT amount FROM member_recovery WHERE request_id = :request", request=request_id
    )
    if done is not None:
        return queries.let_off_of(work.connection, claim_id, -done.amount, work.currency)
    told = " ".join(reason.split())
    if not told:
        raise Refusal(Text(N_("Write why; the reason is kept.")), field="reason")
    _check_no_reversal(work, claim_id)
    stands = _asked_back(work, claim_id)
    off = stands if amount is None else amount.minor
    if not stands:
        raise Refusal(
            Text(N_("Nothing is asked back from the member for this claim. Choose another one.")),
            field="claim",
        )
    if not 0 < off <= stands:
        raise Refusal(
            Text(
                N_("{asked} is asked back for this claim. Let off no more."),
                {"asked": Money(stands, work.currency)},
            ),
            field="amount",
        )
    single = work.two_signatures()
    _let_off(work, claim_id, off, told, single=single, request_id=request_id)
    work.reason = told
    return queries.let_off_of(work.connection, claim_id, off, work.currency)


def _check_no_reversal(work: Work, claim_id: ClaimId) -> None:
    row = work.row(
        "SELECT recovered_from FROM claim_decision WHERE claim_id = :id ORDER BY version DESC",
        id=claim_id,
    )
    if row is not None and row.recovered_from == RecoveredFrom.MEMBER.value:
        told = N_("The claim was taken back for the member to pay. Only an appeal changes that.")
        raise Refusal(Text(told), field="claim")


def _asked_back(work: Work, claim_id: ClaimId) -> int:
    """Return what a member is to bear of a claim: asked back, less what was let off."""
    row = work.row(
        "SELECT coalesce(sum(amount), 0) AS amount FROM member_recovery WHERE claim_id = :id",
        id=claim_id,
    )
    return int(row.amount)


def let_off_member(work: Work, *, claim_id: ClaimId, reason: str, bears: int = 0) -> None:
    """Take back what a member was to pay back for a claim, when it is decided otherwise (P13 mirrored).

    Args:
        work: The work.
        claim_id: Which.
        reason: Why.
        bears: What the member has to bear all the same, in minor units.
    """
    off = _asked_back(work, claim_id) - bears
    if off > 0:
        _let_off(work, claim_id, off, reason, single=work.seconded is None)


def _let_off(
    work: Work,
    claim_id: ClaimId,
    amount: int,
    reason: str,
    *,
    single: bool,
    request_id: RequestId | None = None,
) -> None:
    row = work.row("SELECT household_id FROM claim WHERE id = :id", id=claim_id)
    booked = work.rows(
        "SELECT l.role, -sum(l.amount) AS amount FROM member_recovery r"
        " JOIN entry_line l ON l.entry_id = r.entry_id"
        " WHERE r.claim_id = :id AND l.role LIKE 'benefit_tp.%' GROUP BY l.role",
        id=claim_id,
    )
    by = rules.by_category(amount, {one.role.partition(".")[2]: one.amount for one in booked})
    work.insert(
        member_recovery,
        id=work.new_id(),
        request_id=request_id or work.new_id(),
        claim_id=claim_id,
        household_id=HouseholdId(row.household_id),
        day=work.today,
        amount=-amount,
        reason=reason,
        entry_id=ledger.post(
            work,
            posting.recovered_from_member(
                by_category={name: -part for name, part in by.items()}, household=row.household_id
            ),
            day=ledger.booking_day(work, work.today),
            reason=reason,
        ),
        decided_by=work.person.staff_id,
        single_control=int(single),
    )


def receive_recovery(
    work: Work,
    *,
    request_id: RequestId,
    recovery_id: RecoveryId,
    amount: Money,
    place: Place = Place("cash_main"),  # noqa: B008 - frozen
    day: date | None = None,
) -> Recovery:
    """Take money a member pays back, into a box (P06).

    Raises:
        Refusal: no such recovery, more than is left of it, no such box, a closed month or a day ahead.
    """
    done = work.row(
        "SELECT 1 FROM recovery_payment WHERE request_id = :request", request=request_id
    )
    if done is not None:
        return _recovery(work, recovery_id)
    row = work.row("SELECT household_id FROM member_recovery WHERE id = :id", id=recovery_id)
    if row is None:
        raise Refusal(
            Text(N_("There is nothing to recover under this number. Check the number.")),
            field="recovery",
        )
    on = day or work.today
    check_payment_day(work, on)
    left = _recovery(work, recovery_id).left
    if not 0 < amount.minor <= left.minor:
        raise Refusal(
            Text(N_("Only {owed} is owed. Check the amount."), {"owed": left}), field="amount"
        )
    ledger.check_place(work, place, on)
    posted = posting.recovery_paid(place=place, amount=amount.minor, household=row.household_id)
    work.insert(
        recovery_payment,
        id=work.new_id(),
        request_id=request_id,
        member_recovery_id=recovery_id,
        day=on,
        box=place.role,
        box_id=place.box,
        amount=amount,
        entry_id=ledger.post(work, posted, day=on),
        received_by=work.person.staff_id,
    )
    return _recovery(work, recovery_id)


def _recovery(work: Work, recovery_id: RecoveryId) -> Recovery:
    return queries.recovery_of(work.connection, recovery_id, work.currency)
