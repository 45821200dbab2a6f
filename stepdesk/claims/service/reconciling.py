"""A batch against its invoice: certificates of people nobody knows, and differences by name."""

from datetime import date

from stepdesk.claims import queries
from stepdesk.claims.model import batch_difference, patient_found, unknown_patient
from stepdesk.claims.rules import later_than_invoice
from stepdesk.claims.service.entering import _check_open, batch_row
from stepdesk.claims.terms import Difference, DifferenceKind
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, ClaimId, RequestId, UnknownPatientId
from stepdesk.values.money import MOST, Money


def enter_unknown(
    work: Work,
    *,
    request_id: RequestId,
    batch_id: BatchId,
    certificate: str,
    written: str,
    day: date,
    claimed: Money,
) -> UnknownPatientId:
    """Record a certificate of somebody the scheme does not know: it is refused for RA01.

    It counts in the batch's total and nothing is paid for it, until the person is found and the
    certificate is typed in under their number.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one.
        batch_id: Its batch.
        certificate: Its number.
        written: What stands on it of the patient: card, name, age.
        day: The last day of the care.
        claimed: Its total.

    Raises:
        Refusal: neither number nor patient, nothing claimed, a day that cannot be.
    """
    done = work.row("SELECT id FROM unknown_patient WHERE request_id = :id", id=request_id)
    if done is not None:
        return UnknownPatientId(done.id)
    batch = batch_row(work, batch_id)
    _check_open(batch)
    if not certificate.strip() or not written.strip():
        raise Refusal(
            Text(N_("Write the certificate's number and what stands on it of the patient.")),
            field="person",
        )
    if not 0 < claimed.minor <= MOST:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    late = later_than_invoice(day, day, batch.month, batch.received_on)
    if late is not None:
        raise Refusal(late, field="day")
    unknown_id = UnknownPatientId(work.new_id())
    work.insert(
        unknown_patient,
        id=unknown_id,
        request_id=request_id,
        batch_id=batch_id,
        certificate=certificate.strip(),
        written=written.strip(),
        day=day,
        claimed=claimed,
        entered_on=work.today,
        entered_by=work.person.staff_id,
    )
    return unknown_id


def solve_unknown(work: Work, *, unknown_id: UnknownPatientId, claim_id: ClaimId) -> None:
    """Say which typed certificate is the one of a person that nobody knew.

    Raises:
        Refusal: none waits by this id, or the claim is of another batch or comes to another amount.
    """
    waiting = work.row(
        "SELECT u.batch_id, u.claimed FROM unknown_patient u WHERE u.id = :id AND NOT EXISTS"
        " (SELECT 1 FROM patient_found f WHERE f.unknown_patient_id = u.id)",
        id=unknown_id,
    )
    if waiting is None:
        raise Refusal(
            Text(N_("No certificate of an unknown patient waits here. Choose another claim.")),
            field="certificate",
        )
    told = work.row("SELECT batch_id, claimed FROM claim WHERE id = :id", id=claim_id)
    if told is None or told.batch_id != waiting.batch_id:
        raise Refusal(
            Text(N_("Type the certificate in its own batch first, under the person's number.")),
            field="claim",
        )
    if told.claimed != waiting.claimed:
        raise Refusal(
            Text(
                N_(
                    "The certificate came to {amount}, this claim to {claimed}. Look at both again."
                ),
                {
                    "amount": Money(waiting.claimed, work.currency),
                    "claimed": Money(told.claimed, work.currency),
                },
            ),
            field="claim",
        )
    work.insert(
        patient_found,
        id=work.new_id(),
        unknown_patient_id=unknown_id,
        claim_id=claim_id,
        day=work.today,
        staff_id=work.person.staff_id,
    )


def name_difference(work: Work, *, batch_id: BatchId, difference: Difference) -> Money:
    """Name why a batch does not come to its invoice, and return what nothing explains yet.

    An amount above zero says that the invoice is more than the certificates.

    Raises:
        Refusal: no invoice total, nothing open, an amount of nothing or beyond what is open, a
            missing certificate without its number, another reason without a note.
    """
    _check_open(batch_row(work, batch_id))
    stands = queries.reconciled(work.connection, batch_id, work.currency)
    amount, left = difference.amount.minor, stands.open.minor
    if not left:
        raise Refusal(
            Text(N_("The certificates come to the invoice. Name no difference.")), field="amount"
        )
    if not amount or (amount > 0) is not (left > 0) or abs(amount) > abs(left):
        raise Refusal(
            Text(N_("{open} is not explained. Name no more than that."), {"open": stands.open}),
            field="amount",
        )
    missing = difference.kind is DifferenceKind.MISSING_CERTIFICATE
    if missing and not difference.certificate.strip():
        raise Refusal(
            Text(N_("Write the number of the missing certificate.")), field="certificate"
        )
    if difference.kind is DifferenceKind.OTHER and not difference.note.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    _write(work, batch_id, difference)
    return stands.open - difference.amount


def _write(work: Work, batch_id: BatchId, difference: Difference) -> None:
    work.insert(
        batch_difference,
        id=work.new_id(),
        batch_id=batch_id,
        kind=difference.kind,
        amount=difference.amount,
        certificate=difference.certificate.strip(),
        note=difference.note.strip(),
        day=work.today,
        staff_id=work.person.staff_id,
    )


def check_total(work: Work, batch_id: BatchId, accepting: frozenset[str]) -> None:
    """Ask before a batch is decided that does not come to its invoice.

    Whoever goes on without naming the difference leaves it named "other".

    Raises:
        Caution: `invoice_differs`.
    """
    told = queries.reconciled(work.connection, batch_id, work.currency)
    if not told.open.minor or told.invoice is None:
        return
    if "invoice_differs" in accepting:
        _write(work, batch_id, Difference(DifferenceKind.OTHER, told.open))
        return
    said = Text(
        N_(
            "The certificates come to {typed}, the invoice to {total}. Look for the missing or"
            " mistyped one, or go on."
        ),
        {"typed": told.typed + told.unknown + told.named, "total": told.invoice},
    )
    raise Caution((Doubt("invoice_differs", said, "invoice_total"),))
