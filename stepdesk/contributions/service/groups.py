"""A group pays one sum for the households of its list, and takes it back."""

from dataclasses import dataclass
from datetime import date

from stepdesk.contributions import queries
from stepdesk.contributions.service.receipts import contribute
from stepdesk.contributions.service.reversing import reverse_payment
from stepdesk.contributions.terms import Means, Receipt
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import service as ledger
from stepdesk.payers.queries import (
    group_of,
    group_payment_by_request,
    group_payment_of,
)
from stepdesk.payers.service import write_group_payment
from stepdesk.payers.terms import GroupMoney, Rest
from stepdesk.store.work import Work
from stepdesk.values.ids import GroupId, GroupPaymentId, HouseholdId, RequestId, SessionId
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month


@dataclass(frozen=True, slots=True)
class GroupReceipts:
    """What was recorded of a group's sum: the sum as kept, its receipts, what was handed back."""

    money: GroupMoney
    receipts: tuple[Receipt, ...]
    given_back: Money


def pay_for_group(
    work: Work,
    *,
    request_id: RequestId,
    group_id: GroupId,
    amount: Money,
    rest: Rest | None = None,
    paid_on: date | None = None,
    means: Means = Means.CASH,
    periods: int = 0,
    reference: str = "",
    session_id: SessionId | None = None,
    accepting: frozenset[str] = frozenset(),
) -> GroupReceipts:
    """Take one sum of a group: a receipt for each household it fills, in the list's order.

    Each is filled whole; a sum is never shared out by parts, with which nobody would be covered.
    What completes no further household stays as the next one's credit or is handed back, as the
    group chose. The same request twice is one sum. Source: domain handbook 2.5, decision 0034.

    Args:
        work: The work.
        request_id: One for each form filled in.
        group_id: Which group.
        amount: What was handed over, above zero.
        rest: What becomes of money that completes no household; None refuses such a sum.
        paid_on: Today when left out; never ahead.
        means: How the money came.
        periods: How many periods beyond what is due are paid for each household.
        reference: The bank's or the group's own, as told.
        session_id: The open collection session in whose bag the sum is.
        accepting: Doubts somebody accepted: `closed_month`.

    Raises:
        Refusal: no such group, an empty list, no amount, a day ahead, a sum that fills nobody and
            is handed back, or money left over and nothing said about it.
        Caution: `closed_month` when the day's month is closed: receipts keep their day and are
            booked in the open month.
    """
    done = group_payment_by_request(work.connection, request_id)
    if done is not None:
        return _told(work, done, Money(0, work.currency))
    work.need_room()
    day = paid_on or work.today
    group = group_of(work.connection, group_id, day)
    if group is None:
        raise Refusal(Text(N_("Choose the group.")), field="group")
    _check(work, amount, day, accepting)
    told = queries.fill_group(work.connection, group_id, day, amount.minor, periods=periods)
    if told.next_one is None:
        raise Refusal(
            Text(
                N_("No household is on the list of {group}. Add its households first."),
                {"group": group.name},
            ),
            field="group",
        )
    if told.left and rest is None:
        raise Refusal(left_over(len(told.gets), told.asking, Money(told.left, work.currency)),
                      field="rest")  # fmt: skip
    gets = dict(told.gets)
    if told.left and rest is Rest.KEEP:
        gets[told.next_one] = gets.get(told.next_one, 0) + told.left
    if not gets:
        raise Refusal(
            Text(N_("This sum fills no household. Take more, or keep it as credit.")),
            field="amount",
        )
    sum_id = write_group_payment(
        work,
        request_id=request_id,
        group_id=group_id,
        paid_on=day,
        amount=sum(gets.values()),
        means=means.value,
        reference=reference,
    )
    for household_id, part in gets.items():
        _receipt(work, household_id, Money(part, work.currency), day, means, sum_id, session_id)
    given = told.left if rest is Rest.GIVE_BACK else 0
    return _told(work, _sum(work, sum_id), Money(given, work.currency))


def left_over(filled: int, asking: int, left: Money) -> Text:
    """Return what is said of a sum that does not come out even."""
    return Text(
        N_(
            "The sum pays for {filled} of {asking} households; {left} are left over. Choose: "
            "the next household's credit, or hand it back."
        ),
        {"filled": filled, "asking": asking, "left": left},
    )


def _check(work: Work, amount: Money, day: date, accepting: frozenset[str]) -> None:
    if not 0 < amount.minor <= MOST:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    if day > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": day, "today": work.today},
            ),
            field="day",
        )
    if "closed_month" not in accepting and ledger.is_closed(work, day):
        told = Text(
            N_(
                "{month} is closed. Go on if the receipts are to keep their day and the money is to be booked in {open}."
            ),
            {"month": Month.of(day), "open": Month.of(ledger.booking_day(work, day))},
        )
        raise Caution((Doubt("closed_month", told, "day"),))


def _receipt(
    work: Work,
    household_id: HouseholdId,
    amount: Money,
    day: date,
    means: Means,
    sum_id: GroupPaymentId,
    session_id: SessionId | None,
) -> None:
    contribute(
        work,
        request_id=RequestId(work.new_id()),
        household_id=household_id,
        amount=amount,
        paid_on=day,
        means=means,
        accepting=frozenset({"much", "ended", "closed_month"}),
        group_payment_id=sum_id,
        session_id=session_id,
    )


def _sum(work: Work, sum_id: GroupPaymentId) -> GroupMoney:
    found = group_payment_of(work.connection, sum_id)
    if found is None:
        raise LookupError("no such sum")
    return found


def _told(work: Work, money: GroupMoney, given_back: Money) -> GroupReceipts:
    receipts = tuple(
        queries.receipt_of(work.connection, one, work.currency)
        for one in queries.payments_of_group_sum(work.connection, money.id)
    )
    return GroupReceipts(money, receipts, given_back)


def reverse_group_payment(
    work: Work, *, request_id: RequestId, group_payment_id: GroupPaymentId, reason: str
) -> GroupMoney:
    """Take a group's sum back as a whole: each receipt that stands is cancelled by its own (P30).

    A second person signs (S3). What was given back of single receipts before is not again.

    Raises:
        Refusal: no such sum, itself a reversal, taken back before, no reason, nobody to sign.
    """
    done = group_payment_by_request(work.connection, request_id)
    if done is not None:
        return done
    wrong = group_payment_of(work.connection, group_payment_id)
    if wrong is None or wrong.reverses is not None:
        raise Refusal(Text(N_("Choose the sum of the group.")), field="payment")
    if wrong.reversed_by is not None:
        raise Refusal(
            Text(N_("This sum was taken back before. Choose another one.")), field="payment"
        )
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    single = work.two_signatures()
    back = 0
    for payment_id in reversed(queries.payments_of_group_sum(work.connection, group_payment_id)):
        receipt = reverse_payment(
            work, request_id=RequestId(work.new_id()), payment_id=payment_id, reason=reason
        )
        back += receipt.amount.minor
    means = work.row("SELECT means FROM group_payment WHERE id = :id", id=group_payment_id).means
    return _sum(
        work,
        write_group_payment(
            work,
            request_id=request_id,
            group_id=wrong.group_id,
            paid_on=max(work.today, wrong.paid_on),
            amount=back,
            means=means,
            reverses=group_payment_id,
            reason=reason,
            single=single,
        ),
    )
