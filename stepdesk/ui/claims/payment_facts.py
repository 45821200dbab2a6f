"""What the payments room reads and does: on the lane, in one go, as frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any

from stepdesk.benefits.queries import packages, services
from stepdesk.benefits.terms import Service
from stepdesk.claims import queries, rules, service
from stepdesk.claims.papers import (
    BOXES,
    PAYMENT_STATES,
    counted_list,
    counted_text,
    delays_list,
    member_voucher_pdf,
    payment_order_pdf,
    recoveries_list,
    reimbursements_list,
    voucher_pdf,
)
from stepdesk.claims.terms import (
    CapitationRun,
    Claim,
    DepositKind,
    LetOff,
    Lying,
    MemberVoucher,
    NewClaim,
    PaymentBatch,
    PaymentLine,
    PaymentLineKind,
    PaymentRow,
    PaymentState,
    Recovery,
    RelativeRun,
    ReversedPayment,
)
from stepdesk.countries import country
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.ledger.queries import box_balances
from stepdesk.ledger.terms import BoxBalance, Place
from stepdesk.paper.sheet import Listing
from stepdesk.providers.queries import providers
from stepdesk.providers.terms import Provider
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.claims.facts import looked_up
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import (
    CapitationRunId,
    ClaimId,
    PackageId,
    PaymentBatchId,
    PersonId,
    ProviderId,
    RequestId,
)
from stepdesk.values.money import Currency, Money


class Tab(Enum):
    """What the room shows."""

    OWED = "OWED"
    BATCHES = "BATCHES"
    PAID = "PAID"
    BACK = "BACK"
    MEMBERS = "MEMBERS"
    HEADS = "HEADS"
    DEPOSITS = "DEPOSITS"


LISTED = frozenset({Tab.OWED, Tab.BACK, Tab.MEMBERS})
"""Tabs that are printed as a list."""

_STATUSES = {
    PaymentState.PREPARED: Status.DRAFT,
    PaymentState.APPROVED: Status.WAITING,
    PaymentState.ORDERED: Status.WAITING,
    PaymentState.PAID: Status.UP_TO_DATE,
    PaymentState.ACKNOWLEDGED: Status.UP_TO_DATE,
    PaymentState.CANCELLED: Status.STOPPED,
    PaymentState.REVERSED: Status.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown; `opened` is the batch or month whose lines or persons stand below it."""

    tab: Tab = Tab.OWED
    opened: PaymentBatchId | CapitationRunId | None = None


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in the room.

    `rows` are the cells of the table and `ids` what is chosen with each. `items` is what each provider can
    be paid now; what a batch under way holds is not among it. `lying` is what lies with each.
    """

    asked: Asked
    rows: tuple[Row, ...]
    ids: tuple[Any, ...]
    boxes: tuple[BoxBalance, ...]
    providers: tuple[Provider, ...]
    items: Mapping[ProviderId, tuple[rules.Item, ...]]
    lying: Mapping[ProviderId, Lying]
    shared: tuple[tuple[PackageId, str], ...]
    relative: bool
    acts: tuple[Service, ...]
    me: str
    others: tuple[Colleague, ...]
    solo: bool
    told: Text = field(default_factory=lambda: Text(""))


def facts_of(desk: Desk, asked: Asked, language: str) -> Facts:
    """Return what the room shows."""
    rows, ids, told = _READING[asked.tab](desk, asked)
    with desk.read() as connection:
        boxes = box_balances(connection, country(desk.country), language, desk.today)
        known = tuple(providers(connection).values())
        lying = {one.provider_id: one for one in queries.lying(connection, desk.currency)}
        versions = [held[-1] for held in packages(connection).values() if held]
        acts = tuple(services(connection).values())
    items = {one.id: _items(desk, one.id) for one in known}
    people = desk.colleagues()
    return Facts(
        asked=asked,
        rows=rows,
        ids=ids,
        boxes=boxes,
        providers=known,
        items=items,
        lying=lying,
        shared=tuple((one.package_id, one.name) for one in versions if one.capitation),
        relative=any(one.distributions for one in versions),
        acts=acts,
        me=next((one.name for one in people if one.id == desk.person.staff_id), ""),
        others=tuple(one for one in people if one.id != desk.person.staff_id),
        solo=desk.solo,
        told=told,
    )


def _items(desk: Desk, provider_id: ProviderId) -> tuple[rules.Item, ...]:
    claims = desk.ask(queries.unpaid_of, provider_id, day=desk.today, free=True)
    runs = desk.ask(queries.unpaid_runs, provider_id, day=desk.today, free=True)
    return tuple(rules.Item(one.claim_id, one.received_on, one.amount) for one in claims) + tuple(
        rules.Item(one.run_id, one.day, one.amount) for one in runs
    )


_Read = tuple[tuple[Row, ...], tuple[Any, ...], Text]


def _owed(desk: Desk, _asked: Asked) -> _Read:
    with desk.read() as connection:
        waits = queries.delays(connection, desk.currency, desk.today)
        back = queries.recoveries(connection, desk.currency)
    free = {
        one.provider_id: sum(item.amount for item in _items(desk, one.provider_id))
        for one in waits
    }
    rows = []
    for one in waits:
        owes = sum(-told.left.minor for told in back if told.provider_id == one.provider_id)
        held = one.owed.minor - free[one.provider_id]
        late = (
            (
                Status.LATE,
                Text(
                    N_("{count} day late"),
                    {"count": one.late_days},
                    plural=N_("{count} days late"),
                ),
            )
            if one.late_days
            else (Status.UP_TO_DATE, Text(N_("In time")))
        )
        rows.append(
            (
                one.provider,
                one.claims,
                one.since,
                one.oldest_days,
                one.agreed_days,
                Money(owes, desk.currency) if owes else None,
                Money(held, desk.currency) if held else None,
                one.owed,
                late,
            )
        )
    whole = sum((one.owed for one in waits), Money(0, desk.currency))
    told = (
        Text(
            N_("{amount} is owed to {count} provider."),
            {"amount": whole, "count": len(waits)},
            plural=N_("{amount} is owed to {count} providers, whoever waits longest first."),
        )
        if waits
        else Text(N_("Nothing is owed to providers."))
    )
    return tuple(rows), waits, told


def _batches(desk: Desk, asked: Asked) -> _Read:
    found = desk.ask(queries.payment_batches, desk.currency)
    rows: list[Row] = []
    ids: list[PaymentBatch] = []
    for one in found:
        rows.append(
            (
                one.number,
                one.provider,
                one.claims,
                one.approved,
                _minus(one.recovered),
                _minus(one.set_off),
                one.net,
                (_STATUSES[one.state], Text(PAYMENT_STATES[one.state])),
            )
        )
        ids.append(one)
        if one.id == asked.opened:
            rows += [_line_row(line) for line in one.lines]
            ids += [one] * len(one.lines)
    going = sum(PaymentState.CANCELLED in rules.NEXT[one.state] for one in found)
    told = Text(
        N_("{count} batch is not paid yet."),
        {"count": going},
        plural=N_("{count} batches are not paid yet."),
    )
    return tuple(rows), tuple(ids), told if going else Text(N_("No batch waits to be paid."))


def _minus(amount: Money) -> Money | None:
    return Money(-amount.minor, amount.currency) if amount else None


def _line_row(line: PaymentLine) -> Row:
    taken = line.amount if line.amount.minor < 0 else None
    settled = line.kind in {PaymentLineKind.ADVANCE, PaymentLineKind.DEPOSIT}
    return (
        Text(N_("· {text}"), {"text": line_text(line)}),
        _invoice_text(line),
        None,
        line.amount if taken is None else None,
        None if settled else taken,
        taken if settled else None,
        line.amount,
        None,
    )


def line_text(line: PaymentLine) -> Value:
    """Return what one line of a batch is."""
    if line.kind is PaymentLineKind.CLAIM:
        return line.number
    if line.kind is PaymentLineKind.CAPITATION and line.month is not None:
        return Text(N_("By head for {month}"), {"month": line.month})
    advance = line.kind is PaymentLineKind.ADVANCE
    return Text(N_("Advance set off") if advance else N_("Deposit set off"))


def _invoice_text(line: PaymentLine) -> Text | None:
    if line.received_on is None or line.claim_id is None:
        return None
    if not line.invoice:
        return Text(N_("invoice of {day}"), {"day": line.received_on})
    told = N_("invoice {invoice} of {day}")
    return Text(told, {"invoice": line.invoice, "day": line.received_on})


def _paid(desk: Desk, _asked: Asked) -> _Read:
    with desk.read() as connection:
        given = queries.payments(connection, desk.currency)
        back = queries.member_vouchers(connection, desk.currency)
    told: list[tuple[date, PaymentRow | MemberVoucher, Row]] = [
        (
            one.day,
            one,
            (
                one.number,
                one.day,
                one.provider,
                one.claims,
                Text(BOXES[one.box]),
                _remark(one),
                one.amount,
            ),
        )
        for one in given
    ]
    told += [
        (
            one.day,
            one,
            (
                one.number,
                one.day,
                Text(
                    N_("{household}, {name}"),
                    {"household": one.household, "name": one.receiver},
                ),
                len(one.claims),
                one.box_name or Text(BOXES[one.box]),
                None,
                one.amount,
            ),
        )
        for one in back
    ]
    told.sort(key=lambda one: one[0], reverse=True)
    return tuple(one[2] for one in told), tuple(one[1] for one in told), Text("")


def _remark(one: PaymentRow) -> Text | None:
    """Return which voucher a payment takes back, or why it was taken back itself."""
    if one.reverses:
        return Text(N_("takes back {number}"), {"number": one.reverses})
    if one.reason:
        return Text(N_("taken back: {reason}"), {"reason": one.reason})
    return None


def _back(desk: Desk, _asked: Asked) -> _Read:
    found = desk.ask(queries.recoveries, desk.currency)
    rows = tuple(
        (one.owed_by, one.claim, one.day, one.reason, one.amount, one.left) for one in found
    )
    whole = sum((one.left for one in found), Money(0, desk.currency))
    desk.note_access("recoveries", None, desk.today, "list")
    told = N_(
        "{amount} is to be recovered: from providers by their next payment, from members into a box."
    )
    return rows, found, Text(told, {"amount": whole})


def _members(desk: Desk, _asked: Asked) -> _Read:
    found = desk.ask(queries.reimbursements_owed, desk.currency, desk.today)
    rows = tuple(
        (
            one.number,
            one.member,
            one.claims,
            one.since,
            one.days,
            Text(N_("{amount} paid back before: {why}"), {"amount": one.returned, "why": one.why})
            if one.returned
            else None,
            one.amount,
        )
        for one in found
    )
    desk.note_access("reimbursements", None, desk.today, "list")
    told = N_("Members who paid for care get it back, the oldest first.")
    if any(one.returned for one in found):
        told = N_(
            "Members who paid for care get it back, and what they had paid back and is asked no more."
        )
    return rows, found, Text(told)


def _heads(desk: Desk, asked: Asked) -> _Read:
    found = desk.ask(queries.capitation_runs, desk.currency)
    rows: list[Row] = []
    ids: list[CapitationRun] = []
    for one in found:
        month = Text(N_("{month}, difference"), {"month": one.month}) if one.adjusts else one.month
        rows.append(
            (month, one.provider, one.persons, one.head_amount, one.amount, _head_remark(one))
        )
        ids.append(one)
        if one.id == asked.opened:
            told = _person_rows(desk, one)
            rows += told
            ids += [one] * len(told)
    words = N_(
        "What providers get by head is owed to them like an invoice. Enter shows who was counted."
    )
    return tuple(rows), tuple(ids), Text(words)


def _head_remark(one: CapitationRun) -> Text | None:
    if one.reversed_by:
        return Text(N_("taken back: {reason}"), {"reason": one.reversed_by})
    return Text("{reason}", {"reason": one.reason}) if one.reason else None


def _person_rows(desk: Desk, run: CapitationRun) -> list[Row]:
    """Return who was counted for a month, a row each; who looked is logged."""
    found = desk.ask(queries.counted_persons, run.id)
    desk.note_access("capitation", None, desk.today, "list")
    if found is None:
        return [(Text(N_("· who was counted was not kept then")), None, None, None, None, None)]
    return [
        (
            Text(N_("· {card}"), {"card": one.card}),
            one.name,
            None,
            None,
            None,
            counted_text(one),
        )
        for one in found
    ]


def _deposits(desk: Desk, _asked: Asked) -> _Read:
    with desk.read() as connection:
        found = queries.deposits(connection, desk.currency)
        lying = queries.lying(connection, desk.currency)
    kinds = {DepositKind.DEPOSIT: N_("Deposit"), DepositKind.ADVANCE: N_("Advance of a month")}
    rows = tuple(
        (one.day, one.provider, Text(kinds[one.kind]), one.month or one.label, one.amount)
        for one in found
    )
    whole = sum((one.deposit + one.advance for one in lying), Money(0, desk.currency))
    return rows, found, Text(N_("{amount} lies with providers."), {"amount": whole})


_READING: Mapping[Tab, Callable[[Desk, Asked], _Read]] = {
    Tab.OWED: _owed,
    Tab.BATCHES: _batches,
    Tab.PAID: _paid,
    Tab.BACK: _back,
    Tab.MEMBERS: _members,
    Tab.HEADS: _heads,
    Tab.DEPOSITS: _deposits,
}


# What a batch would hold


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a batch would hold under a limit: how many of how many invoices' lines, and how much."""

    taken: int
    of: int
    amount: Money
    recovered: Money


def proposal(items: Sequence[rules.Item], most: int | None, currency: Currency) -> Proposal:
    """Return what a batch would hold, by the rule that prepares it."""
    chosen = rules.chosen(items, most=most)
    return Proposal(
        taken=sum(one.amount > 0 for one in chosen),
        of=sum(one.amount > 0 for one in items),
        amount=Money(sum(one.amount for one in chosen), currency),
        recovered=Money(-sum(one.amount for one in chosen if one.amount < 0), currency),
    )


# What is done


def person_named(desk: Desk, asked: str) -> PersonId:
    """Return the person of a card.

    Raises:
        Refusal: nobody, or several.
    """
    looked = looked_up(desk, asked)
    if looked.found is not None:
        return looked.found.id
    if len(looked.persons) == 1:
        return looked.persons[0].id
    told = (
        N_("Several people are meant. Type the number of the card with the person: 47/2.")
        if looked.persons
        else N_("Nobody has this card. Look at its number again.")
    )
    raise Refusal(Text(told), field="person")


@dataclass(frozen=True, slots=True)
class Request:
    """What a member asks back, as it was typed."""

    request_id: RequestId
    provider_id: ProviderId
    card: str
    received_on: date
    receipt: str
    certificate: NewClaim


def asked_back(desk: Desk, told: Request) -> Claim:
    """Take in what a member paid for care, and decide it."""
    person_id = person_named(desk, told.card)
    with desk.work("request_reimbursement") as work:
        claim_id = service.request_reimbursement(
            work,
            request_id=told.request_id,
            provider_id=told.provider_id,
            certificate=replace(told.certificate, person_id=person_id),
            received_on=told.received_on,
            receipt=told.receipt,
            decide=True,
        )
    return desk.ask(queries.claim_of, claim_id, desk.currency)


def claim_named(desk: Desk, number: str) -> ClaimId:
    """Return the claim of a number.

    Raises:
        Refusal: when there is none.
    """
    found = desk.ask(queries.claim_of_number, number)
    if found is None:
        raise Refusal(Text(N_("There is no such claim. Check the number.")), field="claim")
    return found


# Papers


def _around(desk: Desk) -> dict[str, Any]:
    scheme = desk.ask(scheme_on, desk.today)
    return {"scheme": scheme.name, "practice": desk.practice, "printed_on": desk.today}


def listing_of(desk: Desk, tab: Tab) -> Listing | None:
    """Return the list of a tab as it is printed; None for one that has no list."""
    with desk.read() as connection:
        if tab is Tab.OWED:
            return delays_list(queries.delays(connection, desk.currency, desk.today), desk.today)
        if tab is Tab.BACK:
            return recoveries_list(queries.recoveries(connection, desk.currency), desk.today)
        if tab is Tab.MEMBERS:
            owed = queries.reimbursements_owed(connection, desk.currency, desk.today)
            return reimbursements_list(owed, desk.today)
    return None


def _counted(desk: Desk, run: Any) -> Listing:  # noqa: ANN401 - a month of the room
    desk.note_access("capitation", None, desk.today, "paper")
    with desk.read() as connection:
        persons = queries.counted_persons(connection, run.id) or ()
    return counted_list(run, persons)


def paper_of(desk: Desk, tab: Tab, row: object, language: str) -> tuple[str, bytes] | None:
    """Return the paper of a row, or of a list, with its name; None where there is none."""
    around = _around(desk)
    match row:
        case PaymentBatch():
            fresh = desk.ask(queries.payment_batch_of, row.id, desk.currency)
            return row.number, payment_order_pdf(fresh, language, **around)
        case PaymentRow():
            voucher = desk.ask(queries.voucher_of, row.id, desk.currency)
            return row.number, voucher_pdf(voucher, language, **around)
        case MemberVoucher():
            return row.number, member_voucher_pdf(row, language, **around)
        case _:
            counted = isinstance(row, CapitationRun)
            listing = _counted(desk, row) if counted else listing_of(desk, tab)
            return None if listing is None else ("", listing.pdf(language, **around))


# What was done, in words


def _back_text(told: Recovery | ReversedPayment | LetOff) -> Text:
    """Return in a sentence what came back, or need not."""
    match told:
        case ReversedPayment():
            words = N_("{number} is taken back by {voucher}: {amount} is owed again")
            number = told.batch or told.reverses
            return Text(words, {"number": number, "voucher": told.number, "amount": told.amount})
        case LetOff():
            words = N_("{number}: {left} left to recover, {owed} owed to the member")
            return Text(words, {"number": told.claim, "left": told.left, "owed": told.owed})
        case Recovery():
            words = N_("{number}: {amount} left to recover")
            return Text(words, {"number": told.claim, "amount": told.left})


def done_text(told: Any) -> Text:  # noqa: ANN401 - whatever a verb returned
    """Return what was done in a sentence."""
    values: dict[str, Value] = {}
    words, plural = N_("Saved."), ""
    match told:
        case PaymentBatch():
            words = N_("Batch {number}: {state}, {amount}")
            state = Text(PAYMENT_STATES[told.state])
            values = {"number": told.number, "state": state, "amount": told.net}
        case MemberVoucher():
            words = N_("Voucher {number}: {amount} to {name}")
            values = {"number": told.number, "amount": told.amount, "name": told.receiver}
        case Claim(paid=paid):
            back, nothing = (
                N_("{number}: {amount} to reimburse"),
                N_("{number}: nothing is reimbursed"),
            )
            words = back if paid else nothing
            values = {"number": told.number, "amount": paid or 0}
        case Recovery() | ReversedPayment() | LetOff():
            return _back_text(told)
        case (CapitationRun(), *_):
            words = N_("{amount} by head for {count} provider")
            plural = N_("{amount} by head for {count} providers")
            runs = [one.amount for one in told]
            values = {"amount": sum(runs[1:], runs[0]), "count": len(runs)}
        case RelativeRun():
            words = N_("{count} claim paid by relative prices: {amount}")
            plural = N_("{count} claims paid by relative prices: {amount}")
            values = {"count": told.claims, "amount": told.paid}
        case _:
            pass
    return Text(words, values, plural=plural)


def allowed(boxes: Sequence[BoxBalance], roles: Sequence[str] | None = None) -> list[BoxBalance]:
    """Return the boxes of some kinds, all of them when no kind is told."""
    return [one for one in boxes if roles is None or one.box.place.role in roles]


def held_in(boxes: Sequence[BoxBalance], place: Place | None) -> Money | None:
    """Return what a box holds."""
    return next((one.held for one in boxes if one.box.place == place), None)
