"""Asking for rights at the counter, and what an event would do to them before it is written.

An answer is given with two sentences, and leaves a line in the access log.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import facts_of
from stepdesk.contributions.queries import plans as all_plans
from stepdesk.contributions.terms import AccountFacts
from stepdesk.errors import Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members import service as members
from stepdesk.members.queries import household_file
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import ENDINGS, Event, EventKind, Happened, Relation
from stepdesk.rights import rules
from stepdesk.rights.queries import (
    corrected_on,
    cover_on,
    household_verdicts,
    paid_since,
    rights_facts,
    standing_of,
    state_of,
)
from stepdesk.rights.terms import (
    Foreseen,
    ForeseenHousehold,
    ForeseenPerson,
    HouseholdState,
    Outlook,
    Question,
    Told,
    Verdict,
)
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId, PlanId, SectionId
from stepdesk.values.money import Money
from stepdesk.values.month import add_months

_DAY = timedelta(days=1)


def ask_rights(desk: Desk, *, person_id: PersonId, day: date) -> Verdict:
    """Answer whether a person has rights on a day; who asked, when and for whom is logged.

    Raises:
        Refusal: when nobody is known by that id.
    """
    return tell_rights(desk, person_id=person_id, day=day).verdict


def tell_rights(desk: Desk, *, person_id: PersonId, day: date) -> Told:
    """Answer as `ask_rights` does, with a sentence for the member and one for the provider.

    Raises:
        Refusal: when nobody is known by that id.
    """
    standing = desk.ask(standing_of, person_id, day)
    if standing is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    question = Question(day, desk.currency, paid_through=standing.account.covered_through)
    return give(desk, person_id, question, rules.verdict(standing.rights))


def give(desk: Desk, person_id: PersonId, question: Question, verdict: Verdict) -> Told:
    """Log that an answer was given out, and return it with its two sentences.

    What was told only after the day asked about marks the answer as corrected since. An answer
    that asks for money tells what was paid since.
    """
    since = desk.ask(corrected_on, person_id, question.day)
    question = replace(question, corrected_on=since)
    if verdict.to_pay and question.day < desk.today:
        amount, last = desk.ask(paid_since, person_id, question.day, desk.today)
        question = replace(question, paid_since=amount, paid_since_on=last)
    desk.note_access("rights", person_id, question.day, verdict.answer.value)
    return Told(
        question,
        verdict,
        rules.for_the_member(question, verdict),
        rules.for_the_provider(question, verdict),
    )


# What an event would do


class _GivenUp(Exception):
    def __init__(self, foreseen: Foreseen) -> None:
        super().__init__()
        self.foreseen = foreseen


def foresee(desk: Desk, act: Callable[[Work], Happened], *, day: date | None = None) -> Foreseen:
    """Return what an act would do to the households and persons it touches; nothing is written.

    The act is done in a work that is given up; a second signature is not asked for.

    Args:
        desk: The desk.
        act: A life event with all its arguments but the work.
        day: The day looked at, before and after; today when left out.

    Raises:
        Refusal: whatever the act refuses.
        Caution: whatever the act doubts.
    """
    on = day or desk.today
    try:
        with desk.work("foresee") as work:
            work.given_up = True
            happened = act(work)
            touched = happened.households or (happened.household_id,)
            before = desk.ask(_looks, touched, on)
            after = _looks(work.connection, touched, on)
            raise _GivenUp(_foreseen(on, happened, before, after))
    except _GivenUp as given_up:
        return given_up.foreseen


Look = tuple[str, str, Outlook, dict[PersonId, tuple[str, Verdict]]]


def _looks(
    connection: Connection, households: tuple[HouseholdId, ...], day: date
) -> dict[HouseholdId, Look]:
    found = {}
    for household_id in households:
        file = household_file(connection, household_id)
        if file is None:
            continue
        facts = facts_of(connection, household_id)
        account, state, verdicts = household_verdicts(connection, household_id, day)
        outlook = Outlook(
            state,
            sum(cover.holds(day) for cover in facts.covers),
            contributions.regular_amount(facts, day),
            account.to_pay,
            account.rights_from,
            account.covered_through,
        )
        names = {one.id: one.name for one in file.persons}
        persons = {one: (names[one], verdict) for one, verdict in verdicts.items() if one in names}
        found[household_id] = (str(file.number), file.member_name, outlook, persons)
    return found


def _foreseen(
    day: date,
    happened: Happened,
    before: dict[HouseholdId, Look],
    after: dict[HouseholdId, Look],
) -> Foreseen:
    known = {one: held for look in before.values() for one, held in look[3].items()}
    persons: dict[PersonId, ForeseenPerson] = {}
    for household_id, (_, _, _, verdicts) in after.items():
        for one, (name, verdict) in verdicts.items():
            held = known.get(one)
            if one not in persons:
                persons[one] = ForeseenPerson(
                    one, household_id, name, held[1] if held else None, verdict
                )
    households = tuple(
        ForeseenHousehold(
            household_id,
            number,
            name,
            before[household_id][2] if household_id in before else None,
            outlook,
        )
        for household_id, (number, name, outlook, _) in after.items()
    )
    return Foreseen(day, happened, households, tuple(persons.values()))


# Events that depend on money


def split(
    work: Work,
    *,
    household_id: HouseholdId,
    person_ids: Collection[PersonId],
    head_id: PersonId,
    on: date,
    section_id: SectionId | None = None,
    plan_id: PlanId | None = None,
    relations: Mapping[PersonId, Relation] | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let persons of a household have a membership of their own, with what they waited.

    Rights open on the day they would have opened in the household, had it been up to date, and what
    it had paid for them holds to its end. The entry fee is asked where the household has not paid
    its own. Source: docs/decisions/0029.

    Args:
        work: The work.
        household_id: The household they are of.
        person_ids: Who goes, the new member included.
        head_id: The new member.
        on: The first day of the new household.
        section_id: Its section; the same when left out.
        plan_id: Its plan; the same when left out.
        relations: What the others are to the new member; proposed when left out.
        accepting: Doubts somebody accepted: `arrears`, which stay with who stays, `age`,
            `backdated`.

    Raises:
        Refusal: as `members.service.split_household`.
        Caution: the household is late or suspended, and as `members.service.split_household`.
    """
    facts = facts_of(work.connection, household_id)
    owed = _arrears(work, facts, accepting)
    through = contributions.account_on(facts, max(on, work.today)).covered_through
    plans = all_plans(work.connection).get(plan_id, facts.plans) if plan_id else facts.plans
    months = contributions.plan_on(plans, on).waiting_months
    return members.split_household(
        work,
        household_id=household_id,
        person_ids=person_ids,
        head_id=head_id,
        on=on,
        waited=_waited(facts, on, months),
        fee_paid=not contributions.account_on(facts, work.today).entry_fee_open,
        section_id=section_id,
        plan_id=plan_id,
        relations=relations,
        paid_until=None if through is None else through + _DAY,
        accepting=accepting,
        also=owed,
    )


def merge(
    work: Work,
    *,
    from_id: HouseholdId,
    into_id: HouseholdId,
    on: date,
    relations: Mapping[PersonId, Relation] | None = None,
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let everybody of one household go into another, with what they waited.

    Raises:
        Refusal: as `members.service.merge_households`.
        Caution: the household that ends is late or suspended, and as
            `members.service.merge_households`.
    """
    facts, into = (facts_of(work.connection, one) for one in (from_id, into_id))
    owed = _arrears(work, facts, accepting)
    own = statutes_on(into.statutes, on).added_dependant_waiting
    months = contributions.plan_on(into.plans, on).waiting_months if own is None else own
    return members.merge_households(
        work,
        from_id=from_id,
        into_id=into_id,
        on=on,
        waited=_waited(facts, on, months),
        relations=relations,
        accepting=accepting,
        also=owed,
    )


def _waited(facts: AccountFacts, on: date, months: int) -> dict[PersonId, date | None]:
    """Return from which day the waiting of each person counts who goes on a day."""
    account = contributions.account_on(facts, on)
    return {
        one: rules.waited_from(rights_facts(facts, account, cover_on(facts, one, on), on), months)
        for one in {cover.person_id for cover in facts.covers}
    }


def _left_open(work: Work, facts: AccountFacts) -> int:
    """Return what a household that is late or suspended today must pay; 0 for any other."""
    account = contributions.account_on(facts, work.today)
    late = account.entered_on is not None and (account.suspended or account.arrears > 0)
    return account.to_pay if late else 0


def _arrears(work: Work, facts: AccountFacts, accepting: frozenset[str]) -> list[Doubt]:
    open_amount = 0 if "arrears" in accepting else _left_open(work, facts)
    if not open_amount:
        return []
    text = Text(
        N_(
            "The household still owes {amount}. Take the money first: who goes owes nothing of it."
        ),
        {"amount": Money(open_amount, work.currency)},
    )
    return [Doubt("arrears", text, "household")]


def resign_at(connection: Connection, household_id: HouseholdId, letter_on: date) -> date:
    """Return the first day without cover of a household that resigns by a letter.

    The day after `covered_through`, or the letter's own day where nothing is covered beyond it.
    Source: domain handbook 2.2, RESIGNED.

    Raises:
        LookupError: when there is no such household.
    """
    account = contributions.account_on(facts_of(connection, household_id), letter_on)
    through = account.covered_through
    return letter_on if through is None else max(letter_on, through + _DAY)


def strike_off(
    work: Work,
    *,
    household_id: HouseholdId,
    on: date,
    decision: str = "",
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Strike off a household suspended for more than `strike_off_after_months`.

    Source: domain handbook 2.2, SUSPENDED to STRUCK_OFF.

    Raises:
        Refusal: not suspended, not long enough, and as `members.service.strike_off`.
        Caution: `backdated`: the day is long ago.
    """
    facts = facts_of(work.connection, household_id)
    account = contributions.account_on(facts, min(on, work.today))
    months = contributions.plan_on(facts.plans, on).strike_off_after_months
    if not account.suspended:
        raise Refusal(
            Text(
                N_(
                    "Only who is suspended for want of payment is struck off. Choose another household, or record a resignation."
                )
            ),
            field="household",
        )
    earliest = add_months(account.suspensions[-1].first_day, months) + _DAY
    if on < earliest:
        raise Refusal(
            Text(
                N_("The household can be struck off from {day} on. Wait for that day."),
                {"day": earliest},
            ),
            field="on",
        )
    return members.strike_off(
        work,
        household_id=household_id,
        on=on,
        decision=decision,
        reason=reason,
        accepting=accepting,
    )


def readmit(
    work: Work,
    *,
    household_id: HouseholdId,
    on: date,
    reason: str = "",
    accepting: frozenset[str] = frozenset(),
) -> Happened:
    """Let a household come back; one struck off by the passing of time is struck off first.

    Raises:
        Refusal: as `members.service.readmit`.
        Caution: `backdated`: the day is long ago.
    """
    facts = facts_of(work.connection, household_id)
    account = contributions.account_on(facts, min(on, work.today))
    by_itself = state_of(facts, account, on) is HouseholdState.STRUCK_OFF and account.suspended
    if by_itself and not _told_ended(facts.events):
        months = contributions.plan_on(facts.plans, on).strike_off_after_months
        ended = add_months(account.suspensions[-1].first_day, months) + _DAY
        members.strike_off(
            work, household_id=household_id, on=ended, accepting=frozenset({"backdated"})
        )
    return members.readmit(
        work, household_id=household_id, on=on, reason=reason, accepting=accepting
    )


def _told_ended(events: tuple[Event, ...]) -> bool:
    last = [one for one in events if one.kind in ENDINGS or one.kind is EventKind.READMITTED]
    return bool(last) and last[-1].kind in ENDINGS
