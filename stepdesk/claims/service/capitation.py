"""Providers paid by head for a month (P14), and money that lies with them: deposits, advances (P15).

Source: domain handbook 2.9, 3.3; openIMIS handbook 2.9 for what is shared.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from stepdesk.benefits.queries import packages
from stepdesk.claims import queries, rules
from stepdesk.claims.model import capitation_run, provider_deposit
from stepdesk.claims.service.payment_batches import check_box, check_payment_day
from stepdesk.claims.terms import CapitationRun, DepositKind, HeadDifference, Indicators
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.terms import Place
from stepdesk.progress import Progress
from stepdesk.providers.queries import agreement_on, providers
from stepdesk.providers.terms import PaymentMode
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    CapitationRunId,
    DepositId,
    EntryId,
    PackageId,
    ProviderId,
    RequestId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_NO_PROVIDER = Text(N_("There is no such provider. Choose one from the list."))


def run_capitation(
    work: Work,
    *,
    request_id: RequestId,
    month: Month,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> tuple[CapitationRun, ...]:
    """Book what each provider under a CAPITATION agreement gets for a month by head (P14). Two sign.

    Its agreement's amount for each person with rights on the first day of the month whose household chose it;
    who was counted is kept. A provider that got the month already is left as it is; one that nobody chose gets
    nothing. Where the months before would come to another amount today, since the register was corrected, the
    differences are booked with this run when a reason is told.

    Args:
        work: The work.
        request_id: Made by the form; the same twice is one run.
        month: Which.
        reason: Why the months before are counted otherwise now; empty leaves them.
        accepting: `leave_differences` leaves the months before as they are.
        progress: Stepped now and then.

    Raises:
        Refusal: a month that has not begun, no provider paid by head, every one of them done, nobody to
            sign with, differences accepted without a reason.
        Caution: `differences` when months before come to another amount and no reason is told.
    """
    done = _of_request(work, request_id, month)
    if done:
        return done
    _check_month(work, month)
    agreed = {
        one: agreement_on(work.connection, one, month.first) for one in providers(work.connection)
    }
    heads = {
        one: told.head_amount
        for one, told in agreed.items()
        if told is not None and told.mode is PaymentMode.CAPITATION
    }
    if not heads:
        raise Refusal(
            Text(
                N_(
                    "No agreement of {month} pays a provider by head. Choose another month, or sign such an agreement first."
                ),
                {"month": month},
            ),
            field="month",
        )
    heads = _not_done(work, month, heads)
    told = " ".join(reason.split())
    differ = _differences(work, month, told, accepting)
    chosen = queries.chosen_by(work.connection, month, progress=progress)
    single = work.two_signatures()
    for provider_id, head in heads.items():
        who = chosen.get(provider_id, queries.Chosen())
        run = _Run(request_id, provider_id, month, who.insured, who.insured * head, who.persons)
        _write(work, run, single=single, head=head)
    for one in differ:
        _adjust(work, request_id, one, told, single=single)
    return _of_request(work, request_id, month)


def _differences(
    work: Work, month: Month, reason: str, accepting: frozenset[str]
) -> Sequence[HeadDifference]:
    """Return what is booked beside the month: nothing where no reason is told.

    Raises:
        Caution: where there is something and neither a reason nor the answer that it is left.
    """
    if not reason and "leave_differences" in accepting:
        return ()
    found = queries.head_differences(work.connection, month, work.currency)
    if not found or reason:
        return found
    if "differences" in accepting:
        raise Refusal(Text(N_("Write why; the reason is kept.")), field="reason")
    lines = [
        Text(
            N_(
                "{month}, {provider}: {counted} counted, {dropped} no longer, {added} more: {amount}."
            ),
            {
                "month": one.month,
                "provider": one.provider,
                "counted": one.counted,
                "dropped": one.dropped,
                "added": one.added,
                "amount": one.amount,
            },
        )
        for one in found
    ]
    told = Text(
        N_(
            "Earlier months would come to another amount today. {differences} Write why, and it is booked with"
            " this month; to leave it, go back and choose so."
        ),
        {"differences": rules.joined(lines)},
    )
    raise Caution((Doubt("differences", told, "reason"),))


def _adjust(
    work: Work, request_id: RequestId, told: HeadDifference, reason: str, *, single: bool
) -> None:
    """Book the difference of a month that was run before, with who is counted now."""
    head = work.row("SELECT head_amount FROM capitation_run WHERE id = :id", id=told.run_id)
    run = _Run(
        _beside(request_id, told.run_id),
        told.provider_id,
        told.month,
        told.added - told.dropped,
        told.amount.minor,
        told.now,
        told.run_id,
        reason,
    )
    _write(work, run, single=single, head=head.head_amount)


def _beside(request_id: RequestId, run_id: bytes) -> RequestId:
    """Return the request of an adjustment that is booked with a month: one a run."""
    return RequestId(hashlib.sha256(request_id + run_id).digest()[:16])


def _not_done(work: Work, month: Month, heads: Mapping[ProviderId, int]) -> dict[ProviderId, int]:
    """Return the providers that did not get the month yet."""
    known = {
        one.provider_id
        for one in queries.capitation_runs(work.connection, work.currency, month=month)
        if not one.reversed_by and one.adjusts is None
    }
    left = {one: head for one, head in heads.items() if one not in known}
    if not left:
        raise Refusal(
            Text(
                N_("The capitation of {month} was booked before. Take it back to book it anew."),
                {"month": month},
            ),
            field="month",
        )
    return left


def run_shared_capitation(
    work: Work,
    *,
    request_id: RequestId,
    month: Month,
    package_id: PackageId,
    progress: Progress | None = None,
) -> tuple[CapitationRun, ...]:
    """Share a part of the month's contributions among the providers of a package's levels (P14). Two sign.

    By the package's six weights: people, families, entitled people and their families among those who
    chose the provider, claims decided in the month, their amounts.

    Raises:
        Refusal: a month that is not over, no such package, one that shares nothing, contributions not earned
            yet, a month booked before, nobody to sign with.
    """
    done = _of_request(work, request_id, month)
    if done:
        return done
    _check_month(work, month)
    begun = [
        one for one in packages(work.connection).get(package_id, ()) if one.first_day <= month.last
    ]
    terms = begun[-1].capitation if begun else None
    if terms is None:
        raise Refusal(
            Text(
                N_("This package shares no contributions with providers. Choose another package.")
            ),
            field="package",
        )
    allocated = queries.earned_for(work.connection, month, package_id)
    if allocated <= 0:
        raise Refusal(
            Text(
                N_(
                    "No contributions are earned for {month} yet. Run the earning of the month first."
                ),
                {"month": month},
            ),
            field="month",
        )
    chosen = queries.chosen_by(work.connection, month, progress=progress)
    shown = queries.indicators_of(work.connection, month, terms.levels, chosen)
    _not_done(work, month, dict.fromkeys(shown, 0))
    single = work.two_signatures()
    for provider_id, amount in rules.shared_capitation(allocated, terms, shown).items():
        who = chosen.get(provider_id, queries.Chosen())
        run = _Run(request_id, provider_id, month, who.insured, amount, who.persons)
        _write(work, run, single=single, package_id=package_id, shown=shown[provider_id])
    return _of_request(work, request_id, month)


def _check_month(work: Work, month: Month) -> None:
    if month.first > work.today:
        raise Refusal(
            Text(N_("{month} has not begun. Choose an earlier month."), {"month": month}),
            field="month",
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """What a row of a run says first, and who was counted; an adjustment names the run it is of."""

    request_id: RequestId
    provider_id: ProviderId
    month: Month
    persons: int
    amount: int
    counted: frozenset[bytes]
    adjusts: CapitationRunId | None = None
    reason: str = ""


def _write(
    work: Work,
    run: _Run,
    *,
    single: bool,
    head: int | None = None,
    package_id: PackageId | None = None,
    shown: Indicators | None = None,
) -> None:
    entry_id = None
    if run.amount:
        entry_id = ledger.post(
            work,
            posting.capitation(amount=run.amount, provider=run.provider_id),
            day=ledger.booking_day(work, work.today),
        )
    work.insert(
        capitation_run,
        id=work.new_id(),
        request_id=run.request_id,
        provider_id=run.provider_id,
        month=run.month,
        day=work.today,
        persons=run.persons,
        head_amount=head,
        package_id=package_id,
        facts=json.dumps(asdict(shown), separators=(",", ":")) if shown else "",
        amount=run.amount,
        entry_id=entry_id,
        made_by=work.person.staff_id,
        single_control=int(single),
        reason=run.reason or None,
        adjusts=run.adjusts,
        counted=queries.packed_persons(run.counted),
    )


def reverse_capitation(
    work: Work, *, request_id: RequestId, run_id: CapitationRunId, reason: str
) -> CapitationRun:
    """Take back what a provider got for a month, with a reason (P30). Two sign.

    What was paid of it already is taken off the provider's next payment.

    Raises:
        Refusal: no such run, taken back before, no reason, a payment batch under way that holds it, an
            adjustment of it that stands, nobody to sign with.
    """
    row = work.row("SELECT * FROM capitation_run WHERE id = :id AND reverses IS NULL", id=run_id)
    if row is None:
        raise Refusal(Text(N_("There is no such capitation. Check the month.")), field="run")
    known = _one(work, run_id)
    if known.reversed_by and _is_request(work, request_id):
        return known
    if known.reversed_by:
        raise Refusal(
            Text(
                N_(
                    "This capitation was taken back before. Run the month anew if it is to be paid."
                )
            ),
            field="run",
        )
    told = " ".join(reason.split())
    if not told:
        raise Refusal(Text(N_("Write why; the reason is kept.")), field="reason")
    _check_free(work, run_id)
    _check_not_adjusted(work, run_id)
    single = work.two_signatures()
    entry_id = ledger.reverse(work, EntryId(row.entry_id), reason=told) if row.entry_id else None
    work.insert(
        capitation_run,
        id=work.new_id(),
        request_id=request_id,
        provider_id=ProviderId(row.provider_id),
        month=Month.parse(row.month),
        day=work.today,
        persons=row.persons,
        head_amount=row.head_amount,
        package_id=row.package_id,
        facts=row.facts,
        amount=-row.amount,
        entry_id=entry_id,
        made_by=work.person.staff_id,
        single_control=int(single),
        reverses=run_id,
        reason=told,
    )
    return _one(work, run_id)


def _check_free(work: Work, run_id: CapitationRunId) -> None:
    if queries.run_is_held(work.connection, run_id):
        raise Refusal(
            Text(N_("A payment batch under way holds it. Pay or cancel that first.")), field="run"
        )


def _check_not_adjusted(work: Work, run_id: CapitationRunId) -> None:
    stands = work.row(
        "SELECT 1 FROM capitation_run a WHERE a.adjusts = :id AND NOT EXISTS"
        " (SELECT 1 FROM capitation_run o WHERE o.reverses = a.id)",
        id=run_id,
    )
    if stands is not None:
        told = N_("A difference of this month was booked later. Take that back first.")
        raise Refusal(Text(told), field="run")


def _is_request(work: Work, request_id: RequestId) -> bool:
    told = work.row("SELECT 1 FROM capitation_run WHERE request_id = :request", request=request_id)
    return told is not None


def _one(work: Work, run_id: CapitationRunId) -> CapitationRun:
    found = queries.capitation_runs(work.connection, work.currency)
    return next(one for one in found if one.id == run_id)


def _of_request(work: Work, request_id: RequestId, month: Month) -> tuple[CapitationRun, ...]:
    """Return what a request booked: the month, then the differences of those before."""
    rows = work.rows("SELECT id, request_id, adjusts FROM capitation_run WHERE reverses IS NULL")
    ids = {row.id for row in rows if row.request_id == request_id}
    beside = {
        row.id
        for row in rows
        if row.adjusts is not None and row.request_id == _beside(request_id, row.adjusts)
    }
    found = queries.capitation_runs(work.connection, work.currency)
    return (
        *(one for one in found if one.id in ids and one.month == month),
        *(one for one in found if one.id in beside),
    )


# What lies with providers


def pay_deposit(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    amount: Money,
    place: Place,
    label: str,
    day: date | None = None,
) -> DepositId:
    """Pay the deposit a hospital asks for (P15, account 409); it lies there until set off or returned.

    From a bank, and above `double_sign_amount`, two sign.

    Raises:
        Refusal: no such provider, no amount or label, more than the box holds, a closed month or a day
            ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    if amount.minor <= 0:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    told = _Moved(request_id, provider_id, DepositKind.DEPOSIT, label)
    return _move(work, told, amount.minor, place, day or work.today)


def pay_budget(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    month: Month,
    place: Place,
    day: date | None = None,
) -> DepositId:
    """Pay the advance of a month under a BUDGET agreement (P15); claims approved are set off against it.

    Raises:
        Refusal: no such agreement in that month, paid before, more than the box holds, a closed month or a
            day ahead, nobody to sign with.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    agreed = agreement_on(work.connection, provider_id, month.first)
    if agreed is None or agreed.mode is not PaymentMode.BUDGET or not agreed.budget_amount:
        raise Refusal(
            Text(
                N_(
                    "No agreement of {month} gives this provider a budget. Choose another provider or month."
                ),
                {"month": month},
            ),
            field="provider",
        )
    if work.row(
        "SELECT 1 FROM provider_deposit WHERE provider_id = :provider AND month = :month"
        " GROUP BY provider_id HAVING sum(amount) > 0",
        provider=provider_id,
        month=str(month),
    ):
        raise Refusal(
            Text(
                N_("The advance of {month} was paid before. Choose another month."),
                {"month": month},
            ),
            field="month",
        )
    told = _Moved(request_id, provider_id, DepositKind.ADVANCE, str(month), month)
    return _move(work, told, agreed.budget_amount, place, day or work.today)


def return_deposit(
    work: Work,
    *,
    request_id: RequestId,
    provider_id: ProviderId,
    kind: DepositKind,
    amount: Money,
    place: Place,
    label: str,
    day: date | None = None,
) -> DepositId:
    """Take back into a box what lies with a provider, or a part of it (P15 the other way round).

    Raises:
        Refusal: more than lies there, no label, no such box, a closed month or a day ahead.
    """
    done = _done(work, request_id)
    if done is not None:
        return done
    lies = queries.lies_with(work.connection, provider_id, kind)
    if not 0 < amount.minor <= lies:
        raise Refusal(
            Text(
                N_("Only {lies} lies with this provider. Check the amount."),
                {"lies": Money(max(lies, 0), work.currency)},
            ),
            field="amount",
        )
    told = _Moved(request_id, provider_id, kind, label)
    return _move(work, told, -amount.minor, place, day or work.today)


@dataclass(frozen=True, slots=True)
class _Moved:
    """Whose deposit or advance moves, and what for."""

    request_id: RequestId
    provider_id: ProviderId
    kind: DepositKind
    label: str
    month: Month | None = None


def _move(work: Work, told: _Moved, amount: int, place: Place, on: date) -> DepositId:
    if work.row("SELECT 1 FROM provider WHERE id = :id", id=told.provider_id) is None:
        raise Refusal(_NO_PROVIDER, field="provider")
    label = " ".join(told.label.split())
    if not label:
        raise Refusal(Text(N_("Say what it was for; the paper is filed under it.")), field="label")
    check_payment_day(work, on)
    check_box(work, place, max(amount, 0), on)
    single = ledger.signed(work, place, amount, on) if amount > 0 else False
    deposit_id = DepositId(work.new_id())
    work.insert(
        provider_deposit,
        id=deposit_id,
        request_id=told.request_id,
        provider_id=told.provider_id,
        kind=told.kind,
        day=on,
        month=told.month,
        amount=amount,
        box=place.role,
        box_id=place.box,
        label=label,
        entry_id=ledger.post(
            work,
            posting.deposit(place=place, amount=amount, provider=told.provider_id),
            day=on,
            label=label,
        ),
        made_by=work.person.staff_id,
        single_control=int(single),
    )
    return deposit_id


def _done(work: Work, request_id: RequestId) -> DepositId | None:
    row = work.row(
        "SELECT id FROM provider_deposit WHERE request_id = :request", request=request_id
    )
    return None if row is None else DepositId(row.id)
