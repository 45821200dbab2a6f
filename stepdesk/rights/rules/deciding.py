"""Whether a person has rights on a day, and why not. The eleven steps of domain handbook 2.8.

Nothing here touches the book, the screen or the clock. Money is whole minor units and stays out
of the sentences: `to_pay` carries it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from stepdesk.benefits.rules import SEXES, count_of, is_for, waiting_of
from stepdesk.benefits.terms import BenefitRule
from stepdesk.contributions.rules import moved_by
from stepdesk.contributions.terms import Account, Suspension
from stepdesk.i18n import N_, Text
from stepdesk.members.rules import ages_out_on, kept_for, within_age
from stepdesk.members.terms import ENDINGS, BirthKnown, Cover, Event, EventKind, Kept
from stepdesk.rights.terms import (
    STATUS_OF,
    Answer,
    CareFacts,
    Flag,
    HouseholdState,
    Left,
    Letter,
    Reason,
    ReasonCode,
    RightsFacts,
    Status,
    Stopped,
    Verdict,
)
from stepdesk.values.care import CareType
from stepdesk.values.changing import changed
from stepdesk.values.month import add_months

_DAY = timedelta(days=1)

_ENDED = {
    HouseholdState.STRUCK_OFF: N_("The household was struck off. Ask the office to readmit it."),
    HouseholdState.RESIGNED: N_("The household has resigned. Ask the office to readmit it."),
    HouseholdState.EXCLUDED: N_("The household was excluded. Ask the board."),
    HouseholdState.CLOSED: N_("The membership is closed. Ask the office."),
}


_ENDED_BY = {
    EventKind.RESIGNED: HouseholdState.RESIGNED,
    EventKind.STRUCK_OFF: HouseholdState.STRUCK_OFF,
    EventKind.EXCLUDED: HouseholdState.EXCLUDED,
}


def status_of(state: HouseholdState) -> Status:
    """Return which of the five words a person sees for a state."""
    return STATUS_OF[state]


def state_on(facts: RightsFacts) -> HouseholdState:
    """Return the household's state at the end of the day.

    Endings come first, then entry, suspension, waiting and lateness. A suspension longer than
    `strike_off_after_months` strikes off by itself unless the board must decide. Who came by a
    split is up to date as long as the household they left had paid for them.
    Source: domain handbook 2.2; docs/decisions/0029.
    """
    ended = _ended_as(facts.events, facts.day)
    if ended:
        return ended
    if _kept(facts):
        return _kept_state(facts)
    if facts.account.entered_on is None:
        begun = facts.joined_on <= facts.day
        return HouseholdState.REGISTERED if begun else HouseholdState.PROSPECT
    return _suspended_state(facts) if facts.account.suspended else _entered_state(facts)


def _ended_as(events: tuple[Event, ...], day: date) -> HouseholdState | None:
    ended = None
    for event in sorted(events, key=lambda event: event.effective_on):
        if event.effective_on > day:
            break
        if event.kind in ENDINGS:
            ended = _ENDED_BY.get(event.kind, HouseholdState.CLOSED)
        elif event.kind is EventKind.READMITTED:
            ended = None
    return ended


def _suspended_state(facts: RightsFacts) -> HouseholdState:
    since = facts.account.suspensions[-1].first_day
    over = facts.day > add_months(since, facts.strike_off_after_months)
    if over and not facts.strike_off_needs_board:
        return HouseholdState.STRUCK_OFF
    return HouseholdState.SUSPENDED


def _entered_state(facts: RightsFacts) -> HouseholdState:
    opens = _household_opens(facts)
    if opens is None or facts.day < opens:
        return HouseholdState.WAITING
    next_due = facts.account.next_due
    late = next_due is not None and next_due.due_on < facts.day
    return HouseholdState.GRACE if late else HouseholdState.ACTIVE


def _kept_state(facts: RightsFacts) -> HouseholdState:
    opens = _kept_opens(facts)
    waits = opens is None or facts.day < opens
    return HouseholdState.WAITING if waits else HouseholdState.ACTIVE


def _kept(facts: RightsFacts) -> Kept | None:
    """Return what the household left in a split had paid for the person, while it lasts.

    Nothing where the new household's own first period has begun before that.
    """
    cover, began = facts.cover, facts.account.effect_date
    if cover is None or (began is not None and began <= facts.day):
        return None
    return kept_for(facts.events, cover, facts.day)


def _kept_opens(facts: RightsFacts) -> date | None:
    """Return the first day of rights of who is paid for since a split; None: nothing was served."""
    cover = facts.cover
    if cover is None or cover.counts_from is None:
        return None
    return max(cover.first_day, add_months(cover.counts_from, facts.waiting_months))


def _household_opens(facts: RightsFacts) -> date | None:
    """Return the end of waiting, the one after a long gap included; None while it stands still."""
    opens = facts.account.rights_from
    if opens is None:
        return None
    again = [stop.rights_again for stop in facts.account.suspensions if stop.rights_again]
    return max([opens, *again])


def _own_opens(
    facts: RightsFacts, cover: Cover, household: date, *, paid_on: date | None = None
) -> date | None:
    """Return the first day of a person's own rights, given the household's; None: it stands still.

    Who is covered when the household enters or takes effect waits with it. Who comes later
    waits from the first day of cover, or from the day that is told where waiting was served
    before; a newborn declared in time does not. A suspension stops this waiting as it stops the
    household's; `paid_on` is a day on which an open one is taken to end.
    Source: domain handbook 2.2 (`waiting_when_late`), 2.3.
    """
    if not _waits_apart(facts, cover):
        return max(household, cover.first_day)
    _, _, waits = _own_wait(facts, cover, paid_on=paid_on)
    return None if waits is None else max(household, cover.first_day, waits)


def _waits_apart(facts: RightsFacts, cover: Cover) -> bool:
    """Whether a person's waiting is another one than the household's."""
    founder = cover.first_day <= _household_began(facts)
    return not _newborn(facts, cover) and not (founder and cover.counts_from is None)


def _own_wait(
    facts: RightsFacts, cover: Cover, *, paid_on: date | None = None
) -> tuple[int, date, date | None]:
    """Return a person's own months of waiting, when they end by themselves, and when they do.

    Beginning to pay late after a split, and suspensions, move it; None: it stands still.
    """
    founder = cover.first_day <= _household_began(facts)
    own = None if founder else facts.added_waiting
    months = facts.waiting_months if own is None else own
    late = facts.account.began_late if founder else timedelta(0)
    plain = add_months(cover.counts_from or cover.first_day, months)
    waits = moved_by(
        [_ended(stop, paid_on) for stop in facts.account.suspensions],
        begins=cover.first_day,
        ends=plain + late,
        months=months,
        rule=facts.waiting_when_late,
    )
    return months, plain, waits


def _ended(stop: Suspension, paid_on: date | None) -> Suspension:
    return replace(stop, until=paid_on) if stop.until is None else stop


def waited_from(facts: RightsFacts, months: int) -> date | None:
    """Return from which day waiting counts for a person who goes elsewhere on the day, unbroken.

    So reckoned that rights open there after `months` on the day they would have opened here, had
    the household been up to date on the day asked for: what was served counts by the day, what a
    suspension froze does not. None where nothing was served.
    """
    cover, household = facts.cover, _waits_until(facts)
    if cover is None or household is None:
        return None
    opens = _own_opens(facts, cover, household, paid_on=facts.day)
    if opens is None:
        return None
    if cover.until is not None and cover.until < facts.day and opens > cover.until:
        opens += facts.day - cover.until
    counts = add_months(opens, -months)
    while add_months(counts + _DAY, months) <= opens:
        counts += _DAY
    return None if counts > facts.day else counts


def _waits_until(facts: RightsFacts) -> date | None:
    """Return when the household's waiting ends, or ended; if it pays on the day, where it stands.

    A wait after a suspension counts only while it lasts: it does not make waiting begin again.
    """
    account = facts.account
    again = [account.rights_if_paid, *(stop.rights_again for stop in account.suspensions)]
    last = max((day for day in again if day is not None), default=None)
    opens = account.rights_from
    if opens is None or (last is not None and last > facts.day):
        return last if opens is None or last is None else max(last, opens)
    return opens


def _newborn(facts: RightsFacts, cover: Cover) -> bool:
    late = cover.first_day - cover.birth.day
    return timedelta(0) <= late <= timedelta(days=facts.newborn_declare_days)


def _household_began(facts: RightsFacts) -> date:
    """Return the later day of entry and effect; before entry, those of entering on the day."""
    account = facts.account
    first = account.called[0].due if account.called else account.next_due
    entered = account.entered_on or facts.day
    return max(first.first_day, entered) if first else entered


def verdict(facts: RightsFacts) -> Verdict:
    """Return whether the person has rights on the day, every reason against, and until when.

    The first reason decides. A newborn who has no number yet is cared for under the mother's.
    Source: domain handbook 2.8, steps 1 to 5, rules (a) to (c); 2.3, newborn.
    """
    if facts.mother is not None and not _covered(facts):
        return replace(verdict(_in_her_stead(facts.mother)), under_mother=True)
    state = state_on(facts)
    own = _opens(facts)
    reasons = (
        *_cover_reasons(facts),
        *_state_reasons(facts, state, own),
        *_age_reasons(facts),
        *_number_reasons(facts),
    )
    if not reasons:
        through = _rights_through(facts)
        return Verdict(Answer.YES, state, rights_from=own, rights_through=through)
    opening = [reason.opens_on for reason in reasons if reason.opens_on]
    return Verdict(
        Answer.NO,
        state,
        reasons,
        opens_on=max(opening) if len(opening) == len(reasons) else None,
        to_pay=max(reason.to_pay for reason in reasons),
        rights_from=own,
        flags=_flags(facts, reasons),
    )


def _opens(facts: RightsFacts) -> date | None:
    """Return the first day of the person's rights; None while it cannot be told."""
    if _kept(facts):
        return _kept_opens(facts)
    served = _kept_opens(facts) if _paid_before(facts) and facts.account.suspended else None
    if served is not None:
        return served
    household = _household_opens(facts)
    return _own_opens(facts, facts.cover, household) if facts.cover and household else None


def _in_her_stead(mother: RightsFacts) -> RightsFacts:
    """Return what decides under the number of a mother: her death does not end it for her child."""
    cover = mother.cover
    if cover is None or cover.deceased_on is None:
        return mother
    until = cover.until
    if until is not None and until >= cover.deceased_on:
        until = None
    return replace(mother, cover=replace(cover, deceased_on=None, until=until))


def _covered(facts: RightsFacts) -> bool:
    return facts.cover is not None and facts.cover.holds(facts.day)


def _flags(facts: RightsFacts, reasons: tuple[Reason, ...]) -> tuple[Flag, ...]:
    """Return what a controller should look at if care is told for that day."""
    if facts.cover is None:
        return ()
    ended = any(one.code in {ReasonCode.RA02, ReasonCode.RA05} for one in reasons)
    return (Flag.F03,) if ended or facts.account.suspended else ()


def newborn_verdict(mother: RightsFacts, born: date) -> Verdict:
    """Return whether a newborn without a number has rights on the mother's day, under hers.

    From birth to `newborn_declare_days`, included; after that the child needs its own number.
    Source: domain handbook 2.3.
    """
    last = born + timedelta(days=mother.newborn_declare_days)
    if born <= mother.day <= last:
        told = replace(verdict(_in_her_stead(mother)), under_mother=True)
        through = told.rights_through
        return told if through is None else replace(told, rights_through=min(through, last))
    text = Text(
        N_("The child has no number. Under the mother's number until {day}."), {"day": last}
    )
    return Verdict(Answer.NO, state_on(mother), (Reason(ReasonCode.RA01, text),))


def _cover_reasons(facts: RightsFacts) -> Iterator[Reason]:
    cover, day = facts.cover, facts.day
    if cover is None:
        yield Reason(ReasonCode.RA01, Text(N_("This person is not covered. Ask the office.")))
    elif day < cover.first_day:
        text = Text(N_("Cover begins on {day}."), {"day": cover.first_day})
        yield Reason(ReasonCode.RA01, text, opens_on=cover.first_day)
    elif cover.deceased_on is not None and cover.deceased_on < day:
        text = Text(N_("Cover ended: the person died on {day}."), {"day": cover.deceased_on})
        yield Reason(ReasonCode.RA02, text)
    elif cover.until is not None and cover.until <= day:
        text = Text(N_("Cover ended on {day}. Ask the office."), {"day": cover.until - _DAY})
        yield Reason(ReasonCode.RA02, text)


def _waits_for_payer(account: Account) -> bool:
    """Whether nothing is asked of a household without cover, but of whoever pays for it.

    Source: domain handbook 2.4, `subsidy_cover_rule` ON_CASH.
    """
    if account.to_pay or not (account.entered_on is None or account.suspended):
        return False
    due = account.unpaid.due if account.unpaid else account.next_due
    return due is not None and bool(due.payer_amount)


def _state_reasons(
    facts: RightsFacts, state: HouseholdState, own: date | None
) -> Iterator[Reason]:
    account = facts.account
    if state in _ENDED:
        yield Reason(ReasonCode.RA05, Text(_ENDED[state]))
    if _kept(facts):
        yield from _waiting_reasons(facts, own)
        return
    if state not in _ENDED and _waits_for_payer(account):
        yield Reason(
            ReasonCode.RA04,
            Text(
                N_(
                    "The household has paid its part. Its payer's money has not come yet: cover "
                    "counts from the day it does."
                )
            ),
        )
        return
    if account.entered_on is None:
        if state not in _ENDED:
            yield Reason(
                ReasonCode.RA04,
                Text(N_("The entry is not paid. Pay the entry fee and the first contribution.")),
                opens_on=_opens_if_paid(facts),
                to_pay=account.to_pay,
            )
        return
    if account.suspended and not _paid_for_alone(facts):
        yield Reason(
            ReasonCode.RA04,
            Text(
                N_("Contributions are not paid: rights stopped on {day}. Pay what is open."),
                {"day": account.suspensions[-1].first_day},
            ),
            opens_on=_opens_if_paid(facts),
            to_pay=account.to_pay,
        )
    yield from _waiting_reasons(facts, own)


def _paid_for_alone(facts: RightsFacts) -> bool:
    """Whether money came for this person though not for the whole household.

    Who was paid for before a split does not lose what others of the household owe.
    Source: domain handbook 2.4, `partial_rule` PER_PERSON_PARTIAL; docs/decisions/0052.
    """
    if facts.cover is None:
        return False
    return facts.cover.person_id in facts.account.partly_paid or _paid_before(facts) is not None


def _paid_before(facts: RightsFacts) -> date | None:
    """Return the first day behind what the household left in a split had paid for the person."""
    kept = None if facts.cover is None else kept_for(facts.events, facts.cover, facts.day)
    return None if kept is None else kept.until


def _waiting_reasons(facts: RightsFacts, own: date | None) -> Iterator[Reason]:
    if facts.cover is None or (own is not None and own <= facts.day):
        return
    if own is not None:
        text = Text(N_("Waiting period: rights open on {day}."), {"day": own})
    else:
        text = Text(N_("The waiting period stands still until contributions are paid."))
    yield Reason(ReasonCode.RA03, text, opens_on=own or _opens_if_paid(facts))


def _opens_if_paid(facts: RightsFacts) -> date | None:
    """Return the first day of rights if what is open were paid on the day asked for."""
    household = facts.account.rights_if_paid
    if facts.cover is None or household is None:
        return household
    return _own_opens(facts, facts.cover, household, paid_on=facts.day)


def _age_reasons(facts: RightsFacts) -> Iterator[Reason]:
    cover = facts.cover
    if cover is None or within_age(cover, facts.child_max_age, facts.statutes, facts.day):
        return
    text = Text(
        N_("Children are covered up to the age of {age}. Ask for an own membership."),
        {"age": facts.child_max_age or 0},
    )
    yield Reason(ReasonCode.RA06, text)


def _number_reasons(facts: RightsFacts) -> Iterator[Reason]:
    """Tell who is not among the persons a plan covers. Source: openIMIS handbook 2.2."""
    if facts.beyond is not None:
        text = Text(
            N_(
                "The plan covers {count} persons of a household, and this is another one. "
                "Ask for an own membership."
            ),
            {"count": facts.beyond},
        )
        yield Reason(ReasonCode.RA01, text)


def _last_day_as_child(facts: RightsFacts) -> date | None:
    """Return the last day before a child reaches the age limit, None without a limit."""
    if facts.cover is None:
        return None
    past = ages_out_on(facts.cover, facts.child_max_age, facts.statutes, facts.day)
    return None if past is None else past - _DAY


def _rights_through(facts: RightsFacts) -> date | None:
    ends = (_paid_through(facts), covered_through(facts))
    return min((end for end in ends if end is not None), default=None)


def _paid_through(facts: RightsFacts) -> date | None:
    """Return the last day of rights if nothing more is paid, grace included."""
    account, paid_until = facts.account, _paid_before(facts)
    alone = account.suspended and _paid_for_alone(facts)
    through = account.partly_through if alone else account.tolerated_through
    if paid_until is None:
        return through
    began, kept = account.effect_date, paid_until - _DAY
    if began is None or began > paid_until:
        return kept
    return max(through, kept) if through else kept


# Care: steps 6 to 11


def care_verdict(facts: RightsFacts, care: CareFacts, whole: Verdict | None = None) -> Verdict:
    """Return whether the person has rights to one service on the day, at one provider or any.

    Steps 1 to 5 decide first; a service that may be used during the waiting period does not wait.
    Then the package, its own waiting, the provider, papers, number and ceilings. `whole` is the
    verdict of steps 1 to 5 where it is known already.
    Source: domain handbook 2.8, steps 6 to 11.
    """
    whole = whole or verdict(facts)
    if whole.under_mother and facts.mother is not None:
        facts = facts.mother
    exempt = care.rule is not None and care.rule.waiting_exempt
    letter = care.papers.letter
    vouched = letter is not None and letter.holds(facts.day)
    waived = _waived(exempt=exempt, vouched=vouched)
    reasons = [one for one in whole.reasons if one.code not in waived]
    stopped = None if reasons else _stopped(care, waived)
    if stopped is not None:
        reasons.append(stopped[0])
    reasons += _package_reasons(care)
    if care.rule is not None and not exempt:
        reasons += _service_waiting(facts, waiting_of(care.rule, child=care.child))
    reasons += _provider_reasons(care)
    reasons += _place_reasons(care)
    reasons += _limit_reasons(care)
    conditions = () if reasons else tuple(_conditions(care, facts.day))
    state = whole.state
    if vouched and not reasons and state is HouseholdState.SUSPENDED:
        # Never suspended on a day an open letter is in use, for the care it promises: handbook 2.2.
        state = HouseholdState.GRACE
    opening = [one.opens_on for one in reasons if one.opens_on]
    return changed(
        whole,
        answer=Answer.NO if reasons else Answer.CONDITION if conditions else Answer.YES,
        state=state,
        reasons=tuple(reasons),
        opens_on=max(opening) if reasons and len(opening) == len(reasons) else None,
        to_pay=max((one.to_pay for one in reasons), default=0),
        rights_through=None if reasons else _care_through(facts, whole, letter),
        conditions=conditions,
        flags=whole.flags if reasons else (),
        remaining=care.left,
        stopped=None if stopped is None else stopped[1],
    )


def _waived(*, exempt: bool, vouched: bool) -> frozenset[ReasonCode]:
    """Return what does not stand against care: waiting of an exempt service, arrears under a letter.

    A letter that holds when the patient is taken in carries the stay it was given for to its end.
    Source: domain handbook 2.2, GRACE to SUSPENDED: never while an open letter is in use.
    """
    found = {ReasonCode.RA03} if exempt else set()
    return frozenset(found | ({ReasonCode.RA04} if vouched else set()))


def _stopped(care: CareFacts, waived: frozenset[ReasonCode]) -> tuple[Reason, Stopped] | None:
    """Return why a stay is not covered to its end, and from when on: None where it is."""
    for one in care.uncovered:
        for reason in one.reasons:
            if reason.code in waived:
                continue
            text = Text(
                N_(
                    "The patient must be covered on every day of the stay. On {day} this was no "
                    "longer so: {why}"
                ),
                {"day": one.day, "why": reason.text},
            )
            return Reason(reason.code, text), Stopped(reason.code, one.day - _DAY, one.before)
    return None


def stay_days(facts: RightsFacts | None, first: date, last: date) -> tuple[date, date]:
    """Return the days of a stay on which its patient lived, both included.

    Who was born in the stay is judged from birth on, who died in it to that day.
    """
    cover = None if facts is None else facts.cover
    if cover is None:
        return first, last
    if cover.birth.known is BirthKnown.DAY and first < cover.birth.day <= last:
        first = cover.birth.day
    if cover.deceased_on is not None and first <= cover.deceased_on < last:
        last = cover.deceased_on
    return first, last


def covered_through(facts: RightsFacts) -> date | None:
    """Return the last day on which the person can be covered, whoever pays; None when none is known."""
    ends = [_last_day_as_child(facts)]
    if facts.cover is not None:
        ends.append(facts.cover.deceased_on)
        ends.append(facts.cover.until - _DAY if facts.cover.until else None)
    ends += [
        event.effective_on - _DAY
        for event in facts.events
        if event.kind in ENDINGS and event.effective_on > facts.day and event.known(facts.day)
    ]
    return min((end for end in ends if end is not None), default=None)


def _care_through(facts: RightsFacts, whole: Verdict, letter: Letter | None) -> date | None:
    """Return the last day a yes holds: a letter's own last day where only the letter carries it."""
    if any(one.code is ReasonCode.RA04 for one in whole.reasons) and letter is not None:
        return letter.valid_through
    return whole.rights_through or _rights_through(facts)


def _package_reasons(care: CareFacts) -> Iterator[Reason]:
    """Step 6, and who may use the service at all, be it paid for or not.

    Source: openIMIS handbook 3.2, where who may use it (4) is looked at before the package (3).
    """
    rule = care.rule
    if not care.package:
        yield Reason(ReasonCode.RB01, Text(N_("No benefit package is in force on that day.")))
    elif rule is None or (not rule.covered and not rule.exclusion):
        yield Reason(ReasonCode.RB01, Text(N_("The package does not pay for this service.")))
    elif rule.exclusion:
        yield Reason(ReasonCode.RB02, Text(N_("The package excludes this service.")))
    if rule is None or not rule.exclusion:
        yield from _patient_reasons(care, rule)


def _patient_reasons(care: CareFacts, rule: BenefitRule | None) -> Iterator[Reason]:
    """Tell whom the package or the service itself leaves out, by sex or else by age."""
    sex, ages = None, (0, 999)
    if rule is not None:
        sex, ages = rule.sex, (rule.age_min or 0, 999 if rule.age_max is None else rule.age_max)
    patients = care.service.patients if care.service else frozenset()
    if sex not in {None, care.sex} or not is_for(patients & SEXES, care.sex, child=care.child):
        yield Reason(ReasonCode.RB09, Text(N_("This service is not for persons of this sex.")))
    elif not ages[0] <= care.age <= ages[1] or not is_for(patients, care.sex, child=care.child):
        yield Reason(
            ReasonCode.RB09,
            Text(N_("This service is not for a person of {age} years."), {"age": care.age}),
        )


def _place_reasons(care: CareFacts) -> Iterator[Reason]:
    """Tell care that the provider, or the service, is not for: with a stay or without.

    Source: openIMIS handbook 3.2, care type, the column Python.
    """
    if care.level is None:
        return
    wanted = care.service.care if care.service else CareType.BOTH
    told = None
    if care.provider_care is CareType.OUT and care.stay:
        told = N_("This provider is for care without a stay, and the patient stayed.")
    elif care.provider_care is CareType.OUT and wanted is CareType.IN:
        told = N_("This provider is for care without a stay, and this service is for a stay.")
    elif care.provider_care is CareType.IN and wanted is CareType.OUT:
        told = N_("This provider is for stays, and this service is for care without a stay.")
    if told is not None:
        yield Reason(ReasonCode.RB08, Text(told))


def _service_waiting(facts: RightsFacts, months: int) -> Iterator[Reason]:
    """Step 7: a service's own waiting counts from where the scheme's waiting counts from.

    That is the household's effect, or where its waiting was served before; for who waits apart,
    the own first day, or where that waiting was served, moved by what moved the waiting itself.
    """
    cover = facts.cover
    if months <= facts.waiting_months or cover is None:
        return
    opens = _service_opens(facts, cover, months)
    if opens is not None and facts.day < opens:
        text = Text(
            N_("This service has its own waiting period: it opens on {day}."), {"day": opens}
        )
        yield Reason(ReasonCode.RB03, text, opens_on=opens)


def _service_opens(facts: RightsFacts, cover: Cover, months: int) -> date | None:
    """Return the day on which a service's waiting ends for a person; None: not to be told yet."""
    if _kept(facts):
        return None if cover.counts_from is None else add_months(cover.counts_from, months)
    began = facts.account.waiting_from
    if began is None or not _waits_apart(facts, cover):
        return None if began is None else add_months(began, months)
    own, plain, waits = _own_wait(facts, cover)
    if waits is None or waits == plain:
        return None if waits is None else add_months(cover.counts_from or cover.first_day, months)
    return add_months(waits, months - own)


def _provider_reasons(care: CareFacts) -> Iterator[Reason]:
    """Step 8: outside the agreement only an emergency counts, told in time."""
    rule, papers = care.rule, care.papers
    if care.level is None or rule is None:
        return
    allowed = rule.levels is None or care.level in rule.levels
    if care.agreement and allowed:
        return
    if rule.emergency_out_of_network and papers.emergency:
        hours = papers.declared_hours
        if hours is not None and hours > rule.declare_hours:
            yield Reason(
                ReasonCode.RB05,
                Text(
                    N_("The emergency was declared after {told} hours; {allowed} are allowed."),
                    {"told": hours, "allowed": rule.declare_hours},
                ),
            )
        return
    if rule.emergency_out_of_network and not care.agreement:
        return
    if not care.agreement:
        text = Text(N_("The scheme has no agreement with this provider on that day."))
        yield Reason(ReasonCode.RB04, text)
    else:
        text = Text(N_("This service is not paid for at a provider of this level."))
        yield Reason(ReasonCode.RB08, text)


def _conditions(care: CareFacts, day: date) -> Iterator[Reason]:
    """Step 9, and the emergency of step 8: what is still to be shown."""
    rule, papers = care.rule, care.papers
    if rule is None:
        return
    if papers.letter is not None and papers.letter.holds(day) and not papers.guarantee:
        text = Text(
            N_("The guarantee letter of {issued}, good until {last}, must be shown."),
            {"issued": papers.letter.issued_on, "last": papers.letter.valid_through},
        )
        yield Reason(ReasonCode.RB07, text)
    if care.level is not None and not care.agreement:
        in_time = papers.declared_hours is not None
        if not (papers.emergency and in_time):
            yield Reason(
                ReasonCode.RB05,
                Text(
                    N_("Only in an emergency, declared to the scheme within {hours} hours."),
                    {"hours": rule.declare_hours},
                ),
            )
    if rule.requires_referral and not (papers.referred or papers.emergency):
        yield Reason(ReasonCode.RB06, Text(N_("A referral must be shown.")))
    if rule.requires_letter and not (papers.guarantee or papers.emergency or papers.letter):
        told = papers.letter_fault or Text(N_("A guarantee letter must be shown."))
        yield Reason(ReasonCode.RB07, told)


def _limit_reasons(care: CareFacts) -> Iterator[Reason]:
    """Steps 10 and 11."""
    left, rule = care.left, care.rule
    if rule is None or _plenty(left):
        return
    if left.near_until is not None:
        days = care.service.frequency_days if care.service else None
        text = Text(
            N_("The same service lies less than {days} days away: it opens on {day}."),
            {"days": (days or 0) + 1, "day": left.near_until},
        )
        yield Reason(ReasonCode.RC01, text, opens_on=left.near_until)
    if left.count == 0:
        count = count_of(rule, child=care.child) or 0
        text = Text(N_("The number allowed is used up: {count}."), {"count": count})
        yield Reason(ReasonCode.RC01, text, opens_on=left.count_again)
    ceilings = (
        (ReasonCode.RC04, left.service_year, N_("The yearly ceiling of this service is used up.")),
        (ReasonCode.RC05, left.person_year, N_("The person's yearly ceiling is used up.")),
        (
            ReasonCode.RC06,
            _least(left.service_household, left.household_year),
            N_("The household's yearly ceiling is used up."),
        ),
    )
    for code, amount, told in ceilings:
        if amount == 0:
            yield Reason(code, Text(told), opens_on=left.year_again)


def _plenty(left: Left) -> bool:
    """Whether nothing of what is limited is used up: so for most care."""
    limits = (left.count, left.service_year, left.person_year)
    return left.near_until is None and 0 not in (
        *limits,
        left.service_household,
        left.household_year,
    )


def _least(*limits: int | None) -> int | None:
    return min((one for one in limits if one is not None), default=None)
