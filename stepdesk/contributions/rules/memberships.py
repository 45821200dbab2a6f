"""The memberships of a household that ended and was readmitted, told apart.

Each begins anew: what an earlier one paid is no payment of the next, also for the same days.
Source: domain handbook 2.2, STRUCK_OFF or RESIGNED to REGISTERED; docs/decisions/0053.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from stepdesk.contributions.terms import AccountFacts, Due, Paid, Target
from stepdesk.members.terms import ENDINGS, EventKind

_READMITTED = EventKind.READMITTED


def of_membership(facts: AccountFacts, anew: date) -> Sequence[Due]:
    """Return the frozen dues that hold in the membership that began anew on a day.

    `anew` is the first of all days for a household never readmitted. Of each period the latest
    row of this membership or an earlier one; an earlier one's only where money of this one was
    put on it. A readmission that was taken back began no membership.
    """
    readmitted = _readmitted(facts)
    if not readmitted:
        return facts.frozen
    began: dict[date, date] = {}
    for due in facts.frozen:
        since = _since(due.told_on, readmitted)
        if began.get(due.first_day, date.min) <= since <= anew:
            began[due.first_day] = since
    touched = {
        (one.due_first_day, _since(one.since, readmitted))
        for one in facts.paid
        if one.target is Target.DUE
        and one.amount > 0
        and one.day >= anew
        # What a receipt of an earlier one leaves when it is reversed is put where that one paid.
        and (one.taken_of is None or one.taken_of >= anew)
    }
    return [
        due
        for due in facts.frozen
        for since in (_since(due.told_on, readmitted),)
        if began.get(due.first_day) == since
        and (since == anew or (due.first_day, since) in touched)
    ]


def earlier(facts: AccountFacts, day: date) -> Iterator[AccountFacts]:
    """Yield the facts of each membership before the present one of a day, as if it was the last.

    What was reversed since is left with the membership it was paid in.
    """
    readmitted = _readmitted(facts)
    began = [one for one in sorted(readmitted) if one <= day]
    apart = {(one.first_day, one.told_on) for one in facts.frozen}

    def belongs(paid: Paid, until: date) -> bool:
        if paid.day < until:
            return True
        if paid.target is not Target.DUE or paid.due_first_day is None:
            return False
        own = [one for one in began if one <= paid.day and (paid.due_first_day, one) in apart]
        return bool(own) and _since(paid.since, readmitted) < until

    for until in began:
        yield replace(
            facts,
            events=tuple(
                one
                for one in facts.events
                if one.effective_on < until or one.kind not in {*ENDINGS, _READMITTED}
            ),
            paid=tuple(one for one in facts.paid if belongs(one, until)),
        )


def _readmitted(facts: AccountFacts) -> frozenset[date]:
    return frozenset(one.effective_on for one in facts.events if one.kind is _READMITTED)


def _since(told: date | None, readmitted: frozenset[date]) -> date:
    return told if told in readmitted and told is not None else date.min
