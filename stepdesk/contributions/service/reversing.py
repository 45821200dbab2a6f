"""A wrong receipt is cancelled by a linked one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import text

from stepdesk.contributions import queries, rules
from stepdesk.contributions.service.writing import (
    SESSION,
    book_fees,
    check_session,
    fees_of,
    note_earning,
    place_of,
    write_parts,
    write_payment,
    write_turns,
)
from stepdesk.contributions.terms import (
    Allotment,
    Due,
    DueKind,
    Part,
    Receipt,
    Target,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import entry_of, lowest_from
from stepdesk.ledger.rules import BOXES
from stepdesk.ledger.terms import Place
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    EntryId,
    HouseholdId,
    PaymentId,
    RequestId,
    SessionId,
    StaffId,
)
from stepdesk.values.money import Money

_KINDS = {Target.PENALTY: DueKind.PENALTY, Target.ADJUSTMENT: DueKind.ADJUSTMENT}
_TAKEN = (
    "SELECT target, amount FROM allocation"
    " WHERE payment_id = :id AND spent_on IS NULL AND target NOT IN ('DUE', 'CREDIT', 'ADJUSTMENT')"
)
_LAST = (
    "SELECT p.id, p.taken_by FROM payment p WHERE p.session_id = :session AND p.reverses IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id DESC LIMIT 1"
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
        Refusal: no reason, nobody to sign, reversed before, itself a reversal, imported, or more
            than its box still holds.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return queries.receipt_of(work.connection, done, work.currency)
    wrong = _reversible(work, payment_id)
    _need_reason(reason)
    single = work.two_signatures(unlike=StaffId(wrong.taken_by))
    return _reverse(work, wrong, request_id, reason, single=single)


def undo_last(work: Work, *, request_id: RequestId, session_id: SessionId, reason: str) -> Receipt:
    """Cancel the last receipt of an open session by a linked one, alone; who took it may.

    The money is still in the bag and its receipt in the hand: the bag is counted against all
    receipts, cancelled ones among them. The cancelling receipt says that one person alone signed.
    Source: screens handbook 2.4; docs/decisions/0033.

    Raises:
        Refusal: no reason, the session is counted, has no receipt, or its last one is somebody
            else's.
    """
    done = queries.payment_by_request(work.connection, request_id)
    if done is not None:
        return queries.receipt_of(work.connection, done, work.currency)
    check_session(work, session_id)
    _need_reason(reason)
    last = work.row(text(_LAST), session=session_id)
    if last is None:
        raise Refusal(
            Text(
                N_(
                    "No receipt of this session can be undone. Cancel a receipt by its number, with a reason."
                )
            ),
            field="session",
        )
    if last.taken_by != work.person.staff_id:
        raise Refusal(
            Text(
                N_(
                    "Somebody else took the last receipt. Cancel it with a reason and two signatures."
                )
            ),
            field="session",
        )
    wrong = _reversible(work, PaymentId(last.id))
    return _reverse(work, wrong, request_id, reason, single=True)


def _reverse(  # type: ignore[no-untyped-def]
    work: Work,
    wrong,  # noqa: ANN001
    request_id: RequestId,
    reason: str,
    *,
    single: bool,
) -> Receipt:
    household_id, payment_id = HouseholdId(wrong.household_id), PaymentId(wrong.id)
    reversal_id = PaymentId(work.new_id())
    paid_on = max(work.today, date.fromisoformat(wrong.paid_on))
    back = _what_is_given_back(work, household_id, payment_id, paid_on)
    session_id, lies_in = _open_session(work, wrong.session_id)
    # What a session collected lies in its box once it was counted.
    counted = lies_in is not None
    _check_box(work, EntryId(wrong.entry_id), lies_in)
    entry_id = ledger.reverse(
        work,
        EntryId(wrong.entry_id),
        reason=reason,
        moved={"collector": lies_in} if lies_in is not None else None,
    )
    book_fees(work, _fees_moved(work, payment_id, back.parts), reason)
    undone = work.rows(_EARNED_BY, household=household_id, payment=payment_id)
    write_payment(
        work,
        reversal_id,
        request_id=request_id,
        household_id=household_id,
        paid_on=paid_on,
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


def _check_box(work: Work, entry_id: EntryId, lies_in: Place | None) -> None:
    """Refuse when the money of a receipt lies in its box no more, as for any voucher."""
    on = ledger.booking_day(work, work.today)
    for line in entry_of(work.connection, entry_id).lines:
        place = lies_in if lies_in and line.role == "collector" else Place(line.role, line.box)
        if place.role not in BOXES or line.amount <= 0:
            continue
        least, _ = lowest_from(work.connection, place, on)
        if least < line.amount:
            raise Refusal(
                Text(
                    N_(
                        "The box holds only {held}, less than this receipt. Record the right receipt "
                        "first, then cancel this one."
                    ),
                    {"held": Money(least, work.currency)},
                ),
                field="receipt",
            )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            Text(N_("Write why this receipt is cancelled; the reason is kept with it.")),
            field="reason",
        )


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
        raise Refusal(
            Text(N_("This receipt was cancelled before. Check the number.")), field="receipt"
        )
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


def _what_is_given_back(
    work: Work, household_id: HouseholdId, payment_id: PaymentId, day: date
) -> _Back:
    """Return what comes back on a day; what credit paid by itself till then is written down first."""
    facts = queries.facts_of(work.connection, household_id, named=True)
    facts = write_turns(work, household_id, facts, day)
    left = [
        (day, amount)
        for one, day, amount in queries.payments_counted(work.connection, household_id)
        if one != payment_id
    ]
    history = queries.imported_paid(work.connection, household_id)
    target = rules.reallot_apart(replace(facts, paid=history), left, until=day)
    current = queries.held_by_target(work.connection, household_id)
    standing = rules.standing_dues(facts, day).values()
    frozen = {(one.kind, one.first_day, _since(one)): one for one in (*facts.extra, *facts.frozen)}
    frozen |= {(one.kind, one.first_day, one.told_on): one for one in standing}

    def due_of(kind: Target, first_day: date | None, since: date | None) -> Due | None:
        if first_day is None:
            return None
        held = frozen.get((_KINDS.get(kind, DueKind.PERIOD), first_day, since))
        return held or target[kind, first_day, since][1]

    changes = rules.reversal_parts(current, {key: held for key, (held, _) in target.items()})

    def moved(key: rules.Slot) -> Iterator[Part]:
        kind = key[0]
        had, (held, called) = current.get(key, 0), target.get(key, (0, None))
        due = due_of(*key)
        earned = due is not None and called is not None and _costs(due) == _costs(called)
        if held and kind is Target.DUE and due is not None and due.discount and not earned:
            # The discount was of the payment that is taken back: the period is paid anew.
            yield Part(kind, -had, due)
            yield Part(kind, held, called)
        elif kind is Target.ADJUSTMENT and key in changes:
            yield from _moved_beside(work, household_id, key[1], changes[key], called)
        elif key in changes:
            yield Part(kind, changes[key], due)

    parts = tuple(part for key in {**current, **target} for part in moved(key))
    covered = [
        (first_day, since or date.min, key)
        for key, (held, _) in target.items()
        for kind, first_day, since in (key,)
        if kind is Target.DUE and first_day and held > 0
    ]
    last = due_of(*max(covered)[2]) if covered else None
    return _Back(parts, None if last is None else last.until - timedelta(days=1))


def _costs(due: Due) -> tuple[int, int]:
    return due.amount, due.fees_discount


def _since(due: Due) -> date | None:
    return due.told_on if due.kind is DueKind.PERIOD else None


def _moved_beside(
    work: Work,
    household_id: HouseholdId,
    first_day: date | None,
    change: int,
    rest: Due | None,
) -> Iterator[Part]:
    """Yield what is moved on each of a period's adjustments: what was asked last is undone first.

    What no row can take is the `rest`'s, which is put on a row that can, or on one of its own.
    """
    if first_day is None:
        return
    asked = queries.held_beside(work.connection, household_id, first_day)
    moved, left = rules.moved_beside(asked, change)
    for due, part in moved:
        yield Part(Target.ADJUSTMENT, part, due)
    if left:
        yield Part(Target.ADJUSTMENT, left, rest or replace(asked[-1][0], id=None))


def _fees_moved(work: Work, payment_id: PaymentId, back: tuple[Part, ...]) -> dict[str, int]:
    """Return the fees that other payments, kept in advance so far, now pay, by account.

    The mirrored entry has given back what the receipt itself paid; what credit of it paid later
    was booked apart.
    """
    moved = fees_of(back)
    rows = work.rows(text(_TAKEN), id=payment_id)
    for role, amount in fees_of(Part(Target(row.target), row.amount) for row in rows).items():
        moved[role] = moved.get(role, 0) + amount
    return moved
