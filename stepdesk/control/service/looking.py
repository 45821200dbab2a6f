"""Looking for flags: what the checks see in twelve months, kept once."""

import json
from collections import Counter
from collections.abc import Iterable

from stepdesk.control import queries, rules
from stepdesk.control.model import control_flag, flagged_claim
from stepdesk.control.rules import Facts, Thresholds
from stepdesk.control.terms import (
    OPEN,
    STATISTIC,
    Finding,
    FlagState,
    Looked,
    Statistic,
    Subject,
    SubjectKind,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import FlagId
from stepdesk.values.month import Month

_MOST_OTHERS = 200
"""Documents kept with a flag; how many there were is among its figures."""

_OF_A_CLAIM = frozenset({SubjectKind.CLAIM, SubjectKind.PERSON, SubjectKind.HOUSEHOLD})
"""What names single claims; a provider's flag is about none of them."""


def look_for_flags(work: Work, *, month: Month, progress: Progress | None = None) -> Looked:
    """Look at the twelve months that end with a month, and raise what was not raised before.

    Findings of level 1 are counted and not kept. What was judged comes back only once clearly more
    stands behind it; a pattern that was nearly always dismissed is no longer raised.

    Raises:
        Refusal: a month that has not begun.
        Cancelled: when the person asked for it.
    """
    if month.first > work.today:
        raise Refusal(
            Text(N_("{month} has not begun. Choose a month with care."), {"month": month}),
            field="month",
        )
    limits = rules.thresholds_on(work.country, work.today)
    facts = queries.facts_of(work.connection, month, work.today, progress=progress)
    found = _seen(facts, limits, progress or Progress())
    off = {
        one.pattern
        for one in queries.precisions(work.connection)
        if rules.switched_off(one, limits)
    }
    graver = [one for one in found if one.level > STATISTIC and one.pattern not in off]
    fresh = _fresh(work, graver, limits)
    return Looked(
        month=month,
        raised=_raise(work, month, fresh),
        known=len(graver) - len(fresh),
        claims=len(facts.care),
        statistics=_statistics(found),
        off=tuple(sorted(off, key=lambda one: one.value)),
    )


def _seen(facts: Facts, limits: Thresholds, watch: Progress) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for at, check in enumerate(rules.CHECKS):
        watch.step(at, len(rules.CHECKS), Text(N_("Looking for patterns")))
        found += check(facts, limits)
    return rules.ranked(found)


def _fresh(work: Work, found: Iterable[Finding], limits: Thresholds) -> list[Finding]:
    before = queries.raised_before(work.connection)
    fresh: dict[bytes, Finding] = {}
    for one in found:
        told = rules.fingerprint(one)
        if _is_new(one, before.get(told, ()), limits):
            fresh.setdefault(told, one)
    return list(fresh.values())


def _is_new(one: Finding, before: tuple[tuple[FlagState, int], ...], limits: Thresholds) -> bool:
    if any(state in OPEN for state, _ in before):
        return False
    return rules.comes_back(one.weight, [weight for _, weight in before], limits)


def _raise(work: Work, month: Month, found: Iterable[Finding]) -> tuple[FlagId, ...]:
    letter, year = work.desk.head.device, work.today.year
    serial = work.rows(
        "SELECT coalesce(max(serial), 0) AS n FROM control_flag"
        " WHERE year = :year AND letter = :letter",
        year=year,
        letter=letter,
    )[0].n
    raised = []
    for one in found:
        serial += 1
        flag_id = FlagId(work.new_id())
        work.insert(
            control_flag,
            id=flag_id,
            year=year,
            letter=letter,
            serial=serial,
            fingerprint=rules.fingerprint(one),
            pattern=one.pattern,
            saw=one.check,
            level=one.level,
            subject_kind=one.subject.kind,
            subject_id=one.subject.id,
            month=month,
            raised_on=work.today,
            raised_by=work.person.staff_id,
            weight=one.weight,
            score=one.score,
            numbers=json.dumps(dict(one.numbers), sort_keys=True),
            others=json.dumps(_others(one.others)),
        )
        if one.subject.kind in _OF_A_CLAIM:
            for claim_id in dict.fromkeys(one.claims):
                work.insert(flagged_claim, id=work.new_id(), flag_id=flag_id, claim_id=claim_id)
        raised.append(flag_id)
    return tuple(raised)


def _others(told: tuple[Subject, ...]) -> list[tuple[str, str | None]]:
    return [
        (one.kind.value, None if one.id is None else one.id.hex()) for one in told[:_MOST_OTHERS]
    ]


def _statistics(found: Iterable[Finding]) -> tuple[Statistic, ...]:
    counted = Counter(one.check for one in found if one.level == STATISTIC)
    return tuple(
        Statistic(rules.PATTERN_OF[check], check, counted[check], Text(words))
        for check, words in rules.COUNTED.items()
        if counted[check]
    )
