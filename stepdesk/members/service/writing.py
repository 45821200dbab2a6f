"""What all life events share: the household as it stands, and the rows they write."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import (
    cover,
    household,
    membership_event,
    person,
    person_mark,
    relation_change,
)
from stepdesk.members.queries import covers_of, events_of, statutes
from stepdesk.members.rules import statutes_on
from stepdesk.members.service.searching import refresh_search
from stepdesk.members.terms import (
    ENDINGS,
    Cover,
    Event,
    EventKind,
    MarkKind,
    NewPerson,
    Relation,
    Statutes,
)
from stepdesk.store.work import Work
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import CoverId, EventId, HouseholdId, PersonId, PlanId, SectionId
from stepdesk.values.month import Month

_HOUSEHOLD = (
    "SELECT h.*, s.code AS section_code, (SELECT e.plan_id FROM enrolment e"
    " WHERE e.household_id = h.id ORDER BY e.first_day DESC, e.id DESC LIMIT 1) AS plan_id"
    " FROM household h JOIN section s ON s.id = h.section_id WHERE h.id = :household"
)
_PLAN = (
    "SELECT first_day, waiting_months, newborn_declare_days, child_max_age,"
    " strike_off_needs_board FROM plan_version WHERE plan_id = :plan ORDER BY first_day, id"
)
_PERSON = (
    "SELECT p.id, p.surname, p.given_names, p.deceased_on, p.birth FROM person p WHERE p.id = :id"
)
_HOME = (
    "SELECT c.household_id FROM cover c WHERE (c.person_id = :person OR c.person_id IN"
    " (SELECT m.other_id FROM person_merge m WHERE m.kept_id = :person AND m.undone_on IS NULL))"
    " AND (c.until IS NULL OR c.until > c.first_day)"
    " ORDER BY c.first_day <= :day AND (c.until IS NULL OR c.until > :day) DESC,"
    " c.until IS NULL OR c.until > :day DESC, c.first_day DESC, c.id DESC LIMIT 1"
)
_ELSEWHERE = (
    "SELECT h.serial, s.code FROM cover c JOIN household h ON h.id = c.household_id"
    " JOIN section s ON s.id = h.section_id WHERE c.person_id IN (SELECT :person UNION"
    " SELECT other_id FROM person_merge WHERE undone_on IS NULL AND kept_id = :person UNION"
    " SELECT kept_id FROM person_merge WHERE undone_on IS NULL AND other_id = :person)"
    " AND (c.until IS NULL OR (c.until > c.first_day AND c.until > :day)) LIMIT 1"
)

_LAST_CLOSED = "SELECT max(month) AS month FROM closing"


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan says that decides who may be covered; its money is not looked at here."""

    waiting_months: int
    newborn_declare_days: int
    child_max_age: int | None
    strike_off_needs_board: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A household as it stands in the book: covers and the events that count."""

    id: HouseholdId
    number: HouseholdNumber
    section_id: SectionId
    plan_id: PlanId
    joined_on: date
    member_id: PersonId
    declared_size: int
    compound_id: HouseholdId | None
    covers: tuple[Cover, ...]
    events: tuple[Event, ...]

    def on(self, day: date) -> tuple[Cover, ...]:
        """Return the covers that hold on a day."""
        return tuple(one for one in self.covers if one.holds(day))

    @property
    def ending(self) -> Event | None:
        """The event that ended the membership, now or later; None when none is told."""
        ended = None
        for event in self.events:
            if event.kind in ENDINGS:
                ended = ended or event
            elif event.kind is EventKind.READMITTED:
                ended = None
        return ended

    @property
    def next_suffix(self) -> int:
        """The next suffix: one that was given is never given again."""
        return max((one.suffix for one in self.covers), default=-1) + 1


def home_of(work: Work, household_id: HouseholdId) -> Home:
    """Return a household as it stands.

    Raises:
        Refusal: when there is none.
    """
    row = work.row(_HOUSEHOLD, household=household_id)
    if row is None:
        raise Refusal(Text(N_("There is no such household. Check the number.")), field="household")
    return Home(
        HouseholdId(row.id),
        HouseholdNumber(row.section_code, row.serial),
        SectionId(row.section_id),
        PlanId(row.plan_id),
        date.fromisoformat(row.joined_on),
        PersonId(row.member_person_id),
        row.declared_size,
        None if row.compound_id is None else HouseholdId(row.compound_id),
        covers_of(work.connection, household_id),
        events_of(work.connection, household_id),
    )


def plan_terms(work: Work, plan_id: PlanId, day: date) -> PlanTerms:
    """Return what the plan said on a day; before its first version, what that one says."""
    versions = work.rows(_PLAN, plan=plan_id)
    begun = [one for one in versions if one.first_day <= day.isoformat()]
    row = (*begun[-1:], *versions)[0]
    return PlanTerms(
        row.waiting_months,
        row.newborn_declare_days,
        row.child_max_age,
        bool(row.strike_off_needs_board),
    )


def statutes_of(work: Work, day: date) -> Statutes:
    return statutes_on(statutes(work.connection), day)


# What must hold before anything is written


def check_day(work: Work, on: date, home: Home | None = None, *, field: str = "on") -> None:
    """Refuse a day ahead, and one before the household joined."""
    if on > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": on, "today": work.today},
            ),
            field=field,
        )
    if home is not None and on < home.joined_on:
        raise Refusal(
            Text(
                N_("The household joined on {joined}. Choose that day or a later one."),
                {"joined": home.joined_on},
            ),
            field=field,
        )


BACKDATED = 31
"""How many days back news is ordinary; what is older is doubted, and starts no waiting."""


def is_old(work: Work, on: date) -> bool:
    """Whether a day is so long ago that answers about the days since may have been given out."""
    return work.today - on > timedelta(days=BACKDATED)


def last_closed(work: Work) -> Month | None:
    """Return the last month that was closed; None before the first closing."""
    closed = work.rows(_LAST_CLOSED)[0].month
    return None if closed is None else Month.parse(closed)


def old_news(
    work: Work,
    on: date,
    accepting: Collection[str],
    field: str = "on",
    *,
    moves: bool = True,
) -> list[Doubt]:
    """Return the doubt about a day told late, named `backdated`, unless it was accepted.

    `moves` is whether such news change answers about the days since; else only the day is doubted.

    A day is late in a closed month, and when it is more than `BACKDATED` days ago: answers about
    the days since were given out, and change. Source: domain handbook 2.8 (a), Y.8 (3).
    """
    closed = last_closed(work)
    month = Month.of(on)
    inside = closed is not None and month <= closed
    if "backdated" in accepting or not (inside or is_old(work, on)):
        return []
    message = N_(
        "{day} is {count} days ago. It changes what was answered about the days since. Is the day"
        " right?"
    )
    if inside:
        message = N_(
            "{day} is {count} days ago, and {month} is closed: its books stay as they are, but what"
            " was answered about the days since changes. Is the day right?"
        )
    if not moves:
        message = N_("{day} is {count} days ago. Is the day right?")
    told = Text(message, {"day": on, "count": (work.today - on).days, "month": month})
    return [Doubt("backdated", told, field)]


def old_undoing(work: Work, events: Sequence[Event], accepting: Collection[str]) -> list[Doubt]:
    """Return the doubt, named `backdated`, about taking back what was told before and is long ago.

    What was told today is taken back without: the answers given before are as they were.
    """
    told = [one.effective_on for one in events if one.recorded_on != work.today]
    old = min(told, default=None)
    if old is None or not old_news(work, old, accepting):
        return []
    message = N_(
        "This is of {day}, {count} days ago. What was answered about the days since may change. Is"
        " it right to take it back?"
    )
    return [
        Doubt("backdated", Text(message, {"day": old, "count": (work.today - old).days}), "reason")
    ]


def ask(doubts: Sequence[Doubt]) -> None:
    """Ask about everything that is doubted, at once.

    Raises:
        Caution: when anything is.
    """
    if doubts:
        raise Caution(tuple(doubts))


def check_news(
    work: Work,
    on: date,
    accepting: Collection[str],
    *,
    field: str = "on",
    also: Sequence[Doubt] = (),
    moves: bool = True,
) -> None:
    """Ask about a day told late, together with what else is doubted: `old_news`."""
    ask([*also, *old_news(work, on, accepting, field, moves=moves)])


def check_live(work: Work, home: Home, on: date) -> None:
    """Refuse a membership that has ended: only a readmission begins it anew."""
    ending = home.ending
    if ending is None or max(on, work.today) < ending.effective_on:
        return
    raise Refusal(
        Text(
            N_("The membership ended on {day}. Readmit the household, or undo the ending."),
            {"day": ending.effective_on},
        ),
        field="household",
    )


def open_home(work: Work, household_id: HouseholdId, on: date) -> Home:
    """Return a household to which something may happen on a day.

    Raises:
        Refusal: no such household, a day ahead or before it joined, a membership that ended.
    """
    home = home_of(work, household_id)
    check_day(work, on, home)
    check_live(work, home, on)
    return home


def open_home_of(work: Work, person_id: PersonId, on: date, *, field: str) -> tuple[Home, Cover]:
    """Return a living, covered person's household and cover on a day.

    Raises:
        Refusal: nobody known, not covered on that day, and as `open_home`.
    """
    one = kept_id_of(work, person_id)
    row = work.row(_HOME, person=one, day=on.isoformat())
    if row is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field=field,
        )
    home = open_home(work, HouseholdId(row.household_id), on)
    return home, covered(work, home, one, on, field=field)


def covered(work: Work, home: Home, person_id: PersonId, on: date, *, field: str) -> Cover:
    """Return the cover of a person on a day, open or ended with the household's own ending.

    Raises:
        Refusal: not covered on that day, or told to end later already.
    """
    mine = [one for one in home.covers if one.person_id == person_id and one.holds(on)]
    if not mine:
        raise Refusal(
            Text(N_("{name} is not covered on {day}. Check the day."), _told(work, person_id, on)),
            field=field,
        )
    ending = home.ending
    if mine[0].until is not None and (ending is None or mine[0].until != ending.effective_on):
        raise Refusal(
            Text(
                N_("The cover of {name} ended on {day}. Undo that first."),
                _told(work, person_id, mine[0].until),
            ),
            field=field,
        )
    return mine[0]


def check_heads(home: Home, first_day: date) -> None:
    """Refuse to change who is what to whom on a day before that was changed already."""
    later = [
        change.first_day
        for one in home.covers
        for change in one.changes
        if change.first_day > first_day
    ]
    if later:
        raise Refusal(
            Text(
                N_("The head changed on {day}. Choose a later day, or undo that first."),
                {"day": max(later)},
            ),
            field="on",
        )


def check_no_later_cover(home: Home, day: date, *, field: str = "on") -> None:
    """Refuse an ending before somebody came: their cover would end before it began.

    A household may end on the day it joined or came back.
    """
    real = [one for one in home.covers if one.until != one.first_day]
    before = {one.person_id for one in real if one.first_day < day}
    later = [
        one.first_day
        for one in real
        if one.first_day > day
        or (one.first_day == day > home.joined_on and one.person_id not in before)
    ]
    if later:
        raise Refusal(
            Text(
                N_("Something later builds on this ({day}). Undo that first."), {"day": max(later)}
            ),
            field=field,
        )


def _told(work: Work, person_id: PersonId, day: date) -> dict[str, str | date]:
    return {"name": name_of_person(work, person_id), "day": day}


def name_of_person(work: Work, person_id: PersonId) -> str:
    row = work.row(_PERSON, id=person_id)
    return "" if row is None else f"{row.surname} {row.given_names}".strip()


def check_not_covered(work: Work, person_id: PersonId, day: date, *, field: str) -> None:
    """Refuse a second cover of one person: covers never overlap in a scheme."""
    row = work.row(_ELSEWHERE, person=person_id, day=day.isoformat())
    if row is not None:
        raise Refusal(
            Text(
                N_("{name} is covered in household {number}. End that cover first."),
                {
                    "name": name_of_person(work, person_id),
                    "number": str(HouseholdNumber(row.code, row.serial)),
                },
            ),
            field=field,
        )


def needed(told: str, text: Text, *, field: str) -> str:
    """Return what was typed; refuse when it was left empty."""
    if not told.strip():
        raise Refusal(text, field=field)
    return told.strip()


def reason_of(told: str) -> str:
    return needed(told, Text(N_("Say why; the reason is kept.")), field="reason")


# Rows


def write_event(
    work: Work,
    household_id: HouseholdId,
    kind: EventKind,
    on: date,
    *,
    person_id: PersonId | None = None,
    reason: str = "",
    counts_from: date | None = None,
    document: str = "",
    pair_id: EventId | None = None,
    reverses: EventId | None = None,
) -> EventId:
    """Write a dated event, recorded today; return its id."""
    event_id = EventId(work.new_id())
    work.insert(
        membership_event,
        id=event_id,
        household_id=household_id,
        kind=kind,
        effective_on=on,
        reason=reason.strip(),
        person_id=person_id,
        counts_from=counts_from,
        pair_id=pair_id,
        reverses=reverses,
        document=document.strip() or None,
        recorded_on=work.today,
    )
    return event_id


def write_person(
    work: Work, person_id: PersonId, one: NewPerson, mother_id: PersonId | None = None
) -> None:
    work.insert(
        person,
        id=person_id,
        sex=one.sex,
        surname=" ".join(one.surname.split()),
        given_names=" ".join(one.given_names.split()),
        birth=one.birth.day,
        birth_known=one.birth.known,
        legacy_number=one.legacy_number,
        mother_id=mother_id,
        occupation=one.occupation.strip() or None,
        birth_place=one.birth_place.strip() or None,
        identity=one.identity.strip() or None,
        photo=one.photo,
    )


def begin_cover(
    work: Work,
    home: Home,
    person_id: PersonId,
    event_id: EventId,
    *,
    suffix: int,
    relation: Relation,
    first_day: date,
    counts_from: date | None = None,
) -> None:
    """Begin a cover; it ends with the household where its ending is told already."""
    ending = home.ending
    ends = ending is not None and ending.effective_on > first_day
    work.insert(
        cover,
        id=work.new_id(),
        household_id=home.id,
        person_id=person_id,
        suffix=suffix,
        relation=relation,
        first_day=first_day,
        counts_from=counts_from,
        begun_by=event_id,
        until=ending.effective_on if ending and ends else None,
        ended_by=ending.id if ending and ends else None,
    )
    refresh_search(work, [person_id])


def end_cover(work: Work, one: Cover, event_id: EventId, until: date) -> None:
    work.update(cover, one.id, until=max(until, one.first_day), ended_by=event_id)
    refresh_search(work, [one.person_id])


def change_relations(
    work: Work,
    home: Home,
    relations: Mapping[PersonId, Relation],
    event_id: EventId,
    first_day: date,
    *,
    leaving: Collection[CoverId] = (),
) -> None:
    """Write what persons of a household are to the member from a day on."""
    for one in home.on(first_day):
        new = relations.get(one.person_id, one.relation)
        if one.id in leaving or new is one.relation:
            continue
        work.insert(
            relation_change,
            id=work.new_id(),
            cover_id=one.id,
            first_day=first_day,
            former=one.relation,
            relation=new,
            event_id=event_id,
        )
        work.update(cover, one.id, relation=new)


def write_mark(
    work: Work,
    person_id: PersonId,
    kind: MarkKind,
    first_day: date,
    until: date | None,
    event_id: EventId,
) -> None:
    work.insert(
        person_mark,
        id=work.new_id(),
        person_id=person_id,
        kind=kind,
        first_day=first_day,
        until=until,
        event_id=event_id,
    )


def grow(work: Work, home: Home, by: int) -> None:
    """Keep up how many live in the household; nobody where the last one died."""
    work.update(household, home.id, declared_size=home.declared_size + by)


def kept_id_of(work: Work, person_id: PersonId) -> PersonId:
    """Return the id a person was kept under, when written down twice and made one."""
    row = work.row(
        "SELECT kept_id FROM person_merge WHERE other_id = :person AND undone_on IS NULL",
        person=person_id,
    )
    return person_id if row is None else PersonId(row.kept_id)
