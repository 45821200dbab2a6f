"""Checks about the mutual's own people, receipts and boxes: F-10, F-11, F-13 to F-15. Source: domain handbook 2.16."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from stepdesk.contributions.rules import runs_text
from stepdesk.contributions.terms import FindingKind
from stepdesk.control.rules.facts import CashReceipt, CountMade, Facts, HandedOver, LetterIssued
from stepdesk.control.rules.making import at_stake, finding, of_claims, over, share_of
from stepdesk.control.rules.thresholds import Thresholds
from stepdesk.control.terms import Check, Finding, Subject, SubjectKind
from stepdesk.values.ids import StaffId

_BOOKLET_CHECKS: Mapping[FindingKind, Check] = {
    FindingKind.SKIPPED: Check.MISSING_LEAF,
    FindingKind.MISSING: Check.MISSING_LEAF,
    FindingKind.OUT_OF_ORDER: Check.OUT_OF_ORDER,
    FindingKind.TWICE: Check.LEAF_TWICE,
}


# F-10: receipts and booklets


def booklets(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A leaf is missing or was passed over, bears an earlier day than the one before, or two receipts."""
    del limits
    for one in facts.booklets:
        check = _BOOKLET_CHECKS.get(one.kind)
        if check is None:
            continue
        yield finding(
            check,
            Subject(SubjectKind.BOOKLET, one.booklet_id),
            strength=min(100, 40 + 10 * (one.last_leaf - one.first_leaf + 1)),
            key=str(one.first_leaf),
            weight=max(one.last_leaf - one.first_leaf + 1, len(one.receipts)),
            booklet=one.booklet,
            first=one.first_leaf,
            last=one.last_leaf,
            leaves=runs_text(range(one.first_leaf, one.last_leaf + 1)),
            receipts=", ".join(one.receipts),
        )


def late_hand_over(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A collector kept cash longer than agreed: what comes in is taken to pay the oldest receipts."""
    for collector, receipts in _by_collector(facts.receipts).items():
        told = [one for one in facts.hand_overs if one.collector_id == collector]
        kept = _kept(receipts, told, facts.last_day)
        late = [(one, days) for one, days in kept if days > limits.hand_over_days]
        if late:
            longest = max(days for _, days in late)
            yield finding(
                Check.LATE_HAND_OVER,
                Subject(SubjectKind.COLLECTOR, collector),
                strength=over(longest, limits.hand_over_days),
                weight=len(late),
                count=len(late),
                amount=sum(one.amount for one, _ in late),
                days=longest,
                day=late[0][0].day,
                limit=limits.hand_over_days,
            )


def _by_collector(receipts: Sequence[CashReceipt]) -> Mapping[StaffId, list[CashReceipt]]:
    found: dict[StaffId, list[CashReceipt]] = {}
    for one in receipts:
        found.setdefault(one.collector_id, []).append(one)
    return found


def _kept(
    receipts: Sequence[CashReceipt], handed: Sequence[HandedOver], day: date
) -> list[tuple[CashReceipt, int]]:
    """Return for how many days each receipt's cash was kept, until the day for what is still out."""
    waits = sorted(handed, key=lambda one: one.day)
    left, at, found = 0, 0, []
    for receipt in sorted(receipts, key=lambda one: one.day):
        # A receipt cancelled later stands below zero: it gives back what it took.
        left -= receipt.amount
        while left < 0 and at < len(waits):
            left += waits[at].amount
            at += 1
        cleared = waits[at - 1].day if left >= 0 and at else day
        if receipt.amount > 0:
            found.append((receipt, max(0, (cleared - receipt.day).days)))
    return found


# F-11: money posted late


def late_posting(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A collector's receipts are typed in weeks after the day they bear."""
    for collector, receipts in _by_collector(facts.receipts).items():
        late = [
            one
            for one in receipts
            if one.amount > 0 and (one.typed_on - one.day).days >= limits.posting_days
        ]
        if len(late) >= limits.posting_receipts:
            longest = max((one.typed_on - one.day).days for one in late)
            yield finding(
                Check.LATE_POSTING,
                Subject(SubjectKind.COLLECTOR, collector),
                strength=over(len(late), limits.posting_receipts),
                weight=len(late),
                count=len(late),
                amount=sum(one.amount for one in late),
                days=longest,
                limit=limits.posting_days,
            )


def short_hand_over(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A collector handed over less than the stubs come to."""
    del limits
    for one in facts.hand_overs:
        missing = 0 if one.expected is None else one.expected - one.amount
        if missing > 0:
            yield finding(
                Check.SHORT_HAND_OVER,
                Subject(SubjectKind.COLLECTOR, one.collector_id),
                strength=at_stake(missing),
                key=one.id.hex(),
                day=one.day,
                amount=one.amount,
                expected_amount=one.expected or 0,
                missing_amount=missing,
            )


# F-13: letters


def letters(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Of letters issued outside office hours, more than half are by one person to one provider."""
    odd = [one for one in facts.letters if _outside(one, limits)]
    if len(odd) < limits.letter_cases:
        return
    for (staff, provider), count in Counter(
        (one.staff_id, one.provider_id) for one in odd
    ).items():
        share = share_of(count, len(odd))
        if share > limits.letter_percent * 100:
            yield finding(
                Check.LETTERS,
                Subject(SubjectKind.STAFF, staff),
                strength=over(share, limits.letter_percent * 100),
                others=(Subject(SubjectKind.PROVIDER, provider),),
                key=provider.hex(),
                weight=count,
                count=count,
                cases=len(odd),
                share=share,
            )


def _outside(one: LetterIssued, limits: Thresholds) -> bool:
    hours = limits.letter_first_hour <= one.at.hour < limits.letter_last_hour
    return not hours or one.at.isoweekday() == limits.closed_weekday


# F-14: counts


def counts(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """A box or a collector's cash did not agree three times in a quarter."""
    wrong: dict[tuple[Subject, int, int], list[CountMade]] = {}
    for one in facts.counts:
        if one.difference:
            subject = Subject(SubjectKind.BOX, one.box_id)
            if one.collector_id is not None:
                subject = Subject(SubjectKind.COLLECTOR, one.collector_id)
            quarter = (one.day.month - 1) // 3 + 1
            wrong.setdefault((subject, one.day.year, quarter), []).append(one)
    for (subject, year, quarter), told in wrong.items():
        if len(told) >= limits.count_times:
            total = sum(one.difference for one in told)
            yield finding(
                Check.COUNTS,
                subject,
                strength=over(len(told), limits.count_times),
                key=f"{year}-{quarter}",
                weight=len(told),
                count=len(told),
                quarter=quarter,
                year=str(year),
                amount=total,
            )


# F-15: one's own household


def own_household(facts: Facts, limits: Thresholds) -> Iterator[Finding]:
    """Somebody of the desk typed in or decided on a claim of their own household."""
    del limits
    for staff, household in facts.own.items():
        told = [one for one in facts.of_household.get(household, ()) if staff in one.staff]
        for one in told:
            yield finding(
                Check.OWN_HOUSEHOLD,
                of_claims((one,))[0],
                strength=at_stake(one.claimed),
                others=(Subject(SubjectKind.STAFF, staff),),
                key=staff.hex(),
                day=one.first_day,
                amount=one.claimed,
            )


CHECKS = (
    booklets,
    late_hand_over,
    late_posting,
    short_hand_over,
    letters,
    counts,
    own_household,
)
