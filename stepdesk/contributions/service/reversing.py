"""A wrong receipt is cancelled by a linked one."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import text

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.writing import (
    SESSION,
    note_earning,
    place_of,
    write_parts,
    write_payment,
)
from stepdesk.contributions.terms import (
    Allotment,
    Due,
    Part,
    Receipt,
    Target,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    EntryId,
    HouseholdId,
    PaymentId,
    RequestId,
    StaffId,
)

_EARNED_BY = (
    "SELECT due_first_day, paid, unpaid FROM earning"
    " WHERE household_id = :household AND payment_id = :payment"
)


def reverse_payment(
    work: Work, *, request_id: RequestId, payment_id: PaymentId, reason: str
) -> Receipt:
    """Cancel a wrong receipt by a linked one of its own number (P30); the first stays in sight.

    What the payment had covered is given back, and what other payments bought is allotted anew.
    Rights already answered for past days stay as they were. A second person signs (S3).

    Raises:
        Refusal: no reason, nobody to sign, reversed before, itself a reversal, or imported.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return queries.receipt_of(work.connection, done, work.currency)
    wrong = _reversible(work, payment_id)
    if not reason.strip():
        raise Refusal(
            Text(N_("Write why this receipt is cancelled; the reason is kept with it.")),
            field="reason",
        )
    single = work.two_signatures(unlike=StaffId(wrong.taken_by))
    household_id = HouseholdId(wrong.household_id)
    reversal_id = PaymentId(work.new_id())
    back = _what_is_given_back(work, household_id, payment_id)
    session_id, lies_in = _open_session(work, wrong.session_id)
    # What a session collected lies in its box once it was counted.
    counted = lies_in is not None
    entry_id = ledger.reverse(
        work,
        EntryId(wrong.entry_id),
        reason=reason,
        moved={"collector": lies_in} if lies_in is not None else None,
    )
    _move_fee(work, payment_id, back.fee, reason)
    undone = work.rows(_EARNED_BY, household=household_id, payment=payment_id)
    write_payment(
        work,
        reversal_id,
        request_id=request_id,
        household_id=household_id,
        paid_on=max(work.today, date.fromisoformat(wrong.paid_on)),
        amount=-wrong.amount,
        means=wrong.means,
        covered_through=back.through,
        collector_id=None if counted else wrong.collector_id,
        session_id=session_id,
        entry_id=entry_id,
        reverses=payment_id,
        reason=reason.strip(),
        single_control=int(single),
    )
    write_parts(work, household_id, reversal_id, Allotment(back.parts, back.through))
    booked_on = ledger.booking_day(work, work.today)
    for row in undone:
        note_earning(
            work, household_id, booked_on, row.due_first_day, -row.paid, -row.unpaid, reversal_id
        )
    return queries.receipt_of(work.connection, reversal_id, work.currency)


def _reversible(work: Work, payment_id: PaymentId):  # type: ignore[no-untyped-def]  # noqa: ANN202
    wrong = work.row(text("SELECT * FROM payment WHERE id = :id"), id=payment_id)
    if wrong is None:
        raise Refusal(Text(N_("There is no such receipt. Check the number.")), field="receipt")
    if wrong.reverses is not None:
        raise Refusal(
            Text(N_("This receipt cancels another one. Record the payment again instead.")),
            field="receipt",
        )
    if work.row(text("SELECT 1 FROM payment WHERE reverses = :id"), id=payment_id) is not None:
        raise Refusal(Text(N_("This receipt was cancelled before.")), field="receipt")
    if wrong.entry_id is None:
        raise Refusal(
            Text(N_("This receipt is from before the book. Correct its money by an entry.")),
            field="receipt",
        )
    return wrong


def _open_session(work: Work, session_id: bytes | None) -> tuple[bytes | None, Place | None]:
    """A reversal belongs to its session while the money is in the bag; later it leaves the box."""
    if session_id is None:
        return None, None
    row = work.row(SESSION, session=session_id)
    if row is None or row.counted is None:
        return session_id, None
    return None, place_of(work, row.box_id)


@dataclass(frozen=True, slots=True)
class _Back:
    """What a reversal takes from each target, and what is still covered after it."""

    parts: tuple[Part, ...]
    through: date | None

    @property
    def fee(self) -> int:
        return sum(part.amount for part in self.parts if part.target is Target.ENTRY_FEE)


def _what_is_given_back(work: Work, household_id: HouseholdId, payment_id: PaymentId) -> _Back:
    facts = queries.facts_of(work.connection, household_id)
    left = [
        (day, amount)
        for one, day, amount in queries.payments_counted(work.connection, household_id)
        if one != payment_id
    ]
    history = queries.imported_paid(work.connection, household_id)
    target = rules.reallot(replace(facts, paid=history), left)
    current = queries.held_by_target(work.connection, household_id)
    frozen = {one.first_day: one for one in facts.frozen}
    changes = rules.reversal_parts(current, {key: held for key, (held, _) in target.items()})

    def due_of(kind: Target, first_day: date | None) -> Due | None:
        if first_day is None:
            return None
        return frozen.get(first_day) or target[kind, first_day][1]

    parts = tuple(
        Part(kind, amount, due_of(kind, first_day))
        for (kind, first_day), amount in changes.items()
    )
    covered = [
        day for (kind, day), (held, _) in target.items() if kind is Target.DUE and day and held
    ]
    last = due_of(Target.DUE, max(covered)) if covered else None
    return _Back(parts, None if last is None else last.until - timedelta(days=1))


def _move_fee(work: Work, payment_id: PaymentId, fee: int, reason: str) -> None:
    """Book the entry fee that other payments, kept in advance so far, now pay."""
    taken = work.rows(
        text(
            "SELECT coalesce(sum(amount), 0) FROM allocation"
            " WHERE payment_id = :id AND target = 'ENTRY_FEE'"
        ),
        id=payment_id,
    )[0][0]
    if fee + taken:
        on, ways = ledger.booking(work, work.today)
        entry = posting.fee_from_credit(amount=fee + taken, ways=ways)
        ledger.post(work, entry, day=on, reason=reason)
