"""Asking for rights at the counter, and what an event would do to them before it is written.

An answer is given with two sentences, and leaves a line in the access log.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import facts_of
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members import service as members
from stepdesk.members.queries import household_file
from stepdesk.members.terms import ENDINGS, Event, EventKind, Happened
from stepdesk.rights import rules
from stepdesk.rights.queries import household_verdicts, standing_of, state_of
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
from stepdesk.values.ids import HouseholdId, PersonId
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
        raise Refusal(Text(N_("Nobody is registered under this number.")), field="person")
    question = Question(day, desk.currency, paid_through=standing.account.covered_through)
    return give(desk, person_id, question, rules.verdict(standing.rights))


def give(desk: Desk, person_id: PersonId, question: Question, verdict: Verdict) -> Told:
    """Log that an answer was given out, and return it with its two sentences."""
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


# Endings that depend on money


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
    work: Work, *, household_id: HouseholdId, on: date, decision: str = "", reason: str = ""
) -> Happened:
    """Strike off a household suspended for more than `strike_off_after_months`.

    Source: domain handbook 2.2, SUSPENDED to STRUCK_OFF.

    Raises:
        Refusal: not suspended, not long enough, and as `members.service.strike_off`.
    """
    facts = facts_of(work.connection, household_id)
    account = contributions.account_on(facts, min(on, work.today))
    months = contributions.plan_on(facts.plans, on).strike_off_after_months
    if not account.suspended:
        raise Refusal(
            Text(N_("Only who is suspended for want of payment is struck off.")),
            field="household",
        )
    earliest = add_months(account.suspensions[-1].first_day, months) + _DAY
    if on < earliest:
        raise Refusal(
            Text(N_("The household can be struck off from {day} on."), {"day": earliest}),
            field="on",
        )
    return members.strike_off(
        work, household_id=household_id, on=on, decision=decision, reason=reason
    )


def readmit(work: Work, *, household_id: HouseholdId, on: date, reason: str = "") -> Happened:
    """Let a household come back; one struck off by the passing of time is struck off first.

    Raises:
        Refusal: as `members.service.readmit`.
    """
    facts = facts_of(work.connection, household_id)
    account = contributions.account_on(facts, min(on, work.today))
    by_itself = state_of(facts, account, on) is HouseholdState.STRUCK_OFF and account.suspended
    if by_itself and not _told_ended(facts.events):
        months = contributions.plan_on(facts.plans, on).strike_off_after_months
        ended = add_months(account.suspensions[-1].first_day, months) + _DAY
        members.strike_off(work, household_id=household_id, on=ended)
    return members.readmit(work, household_id=household_id, on=on, reason=reason)


def _told_ended(events: tuple[Event, ...]) -> bool:
    last = [one for one in events if one.kind in ENDINGS or one.kind is EventKind.READMITTED]
    return bool(last) and last[-1].kind in ENDINGS
