"""What the first page asks of the book, part by part on the lane, and what it says of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from stepdesk.claims.queries import (
    delays,
    for_review,
    letters_asked_for,
    letters_passed_by,
    letters_running_out,
    open_queries,
    waiting,
)
from stepdesk.claims.terms import Delay, ForReview, GuaranteeLetter, OpenQuery, Waiting
from stepdesk.complaints.queries import due
from stepdesk.complaints.terms import Complaint, ComplaintKind
from stepdesk.contributions.queries import plans
from stepdesk.countries import country
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import expiring_agreements
from stepdesk.providers.terms import Expiring
from stepdesk.reports.queries import standing
from stepdesk.reports.queries.books import books_of
from stepdesk.reports.queries.lists import soon
from stepdesk.reports.terms import Books, Soon, Spent, Standing
from stepdesk.scheme.queries import sections_on
from stepdesk.scheme.terms import Role
from stepdesk.store.desk import Desk
from stepdesk.store.verified import Verified, last_verification
from stepdesk.sync.queries import months
from stepdesk.sync.terms import MonthRow, State
from stepdesk.ui.tokens import Status
from stepdesk.values.money import round_half_up

USB_DAYS = 7
"""A copy on a stick older than this is asked for. Source: screens handbook 2.1."""

CHARTED = frozenset({Role.TREASURER, Role.BOARD, Role.MANAGER, Role.ACCOUNTANT, Role.CONTROLLER})
"""Who sees the charts: nobody at the counter. Source: screens handbook 2.1."""

_CLAIM = "claim:"
_MOST_DELAYS = 5
_MOST_AGREEMENTS = 3
_SHORT = 30  # days: from here on an agreement that ends is late to be renewed
_SENT = frozenset({State.CARRIED, State.ACKNOWLEDGED, State.REJECTED})


@dataclass(frozen=True, slots=True)
class Desks:
    """What waits on the desks behind the counter: letters, reviews, questions, complaints.

    `asked` letters wait to be issued, `ending` ones run out within three days, `passed` ones hold
    money back although a certificate came without their number.
    """

    today: date = date.min
    asked: tuple[GuaranteeLetter, ...] = ()
    ending: tuple[GuaranteeLetter, ...] = ()
    passed: tuple[GuaranteeLetter, ...] = ()
    reviews: tuple[ForReview, ...] = ()
    questions: tuple[OpenQuery, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    agreements: tuple[Expiring, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the first page shows.

    `standing` and `soon` are None while households are still being reckoned: the books are told
    at once, and the rest when it is known.
    """

    books: Books
    care: Waiting
    verified: Verified | None
    now: datetime
    sections: int
    plans: int
    solo: bool
    returns: tuple[MonthRow, ...]
    charts: bool
    standing: Standing | None = None
    soon: Soon | None = None
    delays: tuple[Delay, ...] = ()
    desks: Desks = Desks()


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: its sign, its sentence, and the page it opens."""

    status: Status
    text: Text
    page: str
    arguments: tuple[tuple[str, object], ...] = ()


def facts_of(desk: Desk) -> Facts:
    """Return what the books say, before any household is reckoned; for the lane."""
    with desk.read() as connection:
        sections = len(sections_on(connection, desk.today))
        known = len(plans(connection))
        care = waiting(connection, desk.currency)
        waits = delays(connection, desk.currency, desk.today) if care.providers else ()
        returns = months(connection)
    roles = {one.id: one.role for one in desk.colleagues()}
    role = roles.get(desk.person.staff_id, "")
    return Facts(
        books_of(desk),
        care,
        last_verification(desk),
        desk.clock.now(),
        sections,
        known,
        desk.solo,
        returns,
        charts=role in {one.value for one in CHARTED},
        delays=waits,
        desks=_desks_of(desk),
    )


def _desks_of(desk: Desk) -> Desks:
    day, currency = desk.today, desk.currency
    with desk.read() as connection:
        return Desks(
            day,
            letters_asked_for(connection, currency, today=day),
            letters_running_out(connection, currency, today=day),
            letters_passed_by(connection, currency, today=day),
            for_review(connection, currency),
            open_queries(connection, day),
            due(connection, country(desk.country), day),
            expiring_agreements(connection, day),
        )


def whole_facts(desk: Desk, facts: Facts) -> Facts:
    """Return the same with how the households stand; for the lane."""
    return replace(facts, standing=standing(desk), soon=soon(desk))


def days_since(moment: datetime | None, now: datetime) -> int | None:
    """Return how many whole days ago it was, None when it never was."""
    return None if moment is None else max(0, (now - moment) // timedelta(days=1))


def _households(message: str, plural: str, count: int) -> Text:
    return Text(message, {"count": count}, plural=plural)


def tasks_of(facts: Facts) -> tuple[Task, ...]:
    """Return what is to be done, the most pressing first."""
    if not facts.books.households:
        return _first_steps(facts)
    now = facts.standing
    return (
        *_wrong(facts.books),
        *(() if now is None else _people(now)),
        *(() if facts.soon is None else _soon(facts.soon)),
        *_drafts(facts.books),
        *_care(facts.care),
        *_delays(facts.delays),
        *_letters(facts.desks),
        *_waiting_for(facts.desks),
        *_agreements(facts.desks.agreements),
        *_money(facts.books),
        *_payers(facts),
        *_sending(facts.returns),
        *_safety(facts),
    )


def _wrong(now: Books) -> list[Task]:
    """Return the month whose figures cannot be told; it opens where it is put right."""
    month = now.spent.wrong
    if month is None:
        return []
    text = Text(N_("{month} does not balance: look at its closing"), {"month": month})
    return [Task(Status.STOPPED, text, "closing", (("month", month),))]


def _people(now: Standing) -> list[Task]:
    told = (
        (
            Status.LATE,
            N_("{count} household two months or more late"),
            N_("{count} households two months or more late"),
            "late_long",
            len(now.late_long),
        ),
        (
            Status.STOPPED,
            N_("{count} household suspended: no rights until it pays"),
            N_("{count} households suspended: no rights until they pay"),
            "stopped",
            len(now.stopped),
        ),
        (
            Status.DRAFT,
            N_("{count} household registered that has not paid to enter"),
            N_("{count} households registered that have not paid to enter"),
            "not_entered",
            len(now.not_entered),
        ),
        (
            Status.WAITING,
            N_("{count} household in its waiting period"),
            N_("{count} households in their waiting period"),
            "waiting",
            len(now.waiting),
        ),
    )
    return [
        Task(status, _households(one, many, count), "members", (("show", show),))
        for status, one, many, show, count in told
        if count
    ]


def _soon(now: Soon) -> list[Task]:
    told = (
        (
            Status.WAITING,
            N_("{count} household pays again within 30 days"),
            N_("{count} households pay again within 30 days"),
            "renews",
            now.renewals,
        ),
        (
            Status.LATE,
            N_("{count} child soon past the age limit: ask for a school certificate"),
            N_("{count} children soon past the age limit: ask for school certificates"),
            "ages_out",
            now.ages_out,
        ),
        (
            Status.WAITING,
            N_("{count} household whose rights open within a month"),
            N_("{count} households whose rights open within a month"),
            "waiting_ends",
            now.waiting_ends,
        ),
        (
            Status.DRAFT,
            N_("{count} person without a photo"),
            N_("{count} persons without a photo"),
            "photo_later",
            now.photos_later,
        ),
    )
    return [
        Task(status, _households(one, many, count), "members", (("show", show),))
        for status, one, many, show, count in told
        if count
    ]


def _drafts(now: Books) -> list[Task]:
    told: tuple[tuple[str, str, str, str, tuple[tuple[str, object], ...]], ...] = (
        (
            "household:",
            N_("{count} new household half typed: finish it"),
            N_("{count} new households half typed: finish them"),
            "members",
            (("new", True),),
        ),
        (
            _CLAIM,
            N_("{count} certificate half typed: finish it"),
            N_("{count} certificates half typed: finish them"),
            "claims",
            (),
        ),
    )
    found = []
    for form, one, many, page, arguments in told:
        those = [name for name in now.drafts if name.startswith(form)]
        if those:
            # What was put aside in a batch bears more behind its name.
            named = those[0].removeprefix(form).partition(":")[0]
            batch = bytes.fromhex(named) if form == _CLAIM else None
            opens = arguments if batch is None else (("batch", batch),)
            text = _households(one, many, len(those))
            found.append(Task(Status.DRAFT, text, page, opens))
    return found


def _care(now: Waiting) -> list[Task]:
    found = []
    if now.certificates and now.undecided_since is not None:
        text = Text(
            N_("{count} certificate waits for a decision, since {day}"),
            {"count": now.certificates, "day": now.undecided_since},
            plural=N_("{count} certificates wait for a decision, since {day}"),
        )
        found.append(Task(Status.WAITING, text, "claims"))
    if now.providers and now.owed_since is not None:
        text = Text(
            N_("{count} provider waits for {amount} since {day}"),
            {"count": now.providers, "amount": now.owed, "day": now.owed_since},
            plural=N_("{count} providers wait for {amount} since {day}"),
        )
        found.append(Task(Status.LATE, text, "claims", (("pay", True),)))
    return found


def _delays(waits: tuple[Delay, ...]) -> list[Task]:
    """Return how long each provider waits, the longest first; beyond what was agreed it is late."""
    return [
        Task(
            Status.LATE if one.late_days else Status.WAITING,
            Text(
                N_("{provider}: {count} day since its oldest invoice, {mean} on the mean"),
                {"provider": one.provider, "count": one.oldest_days, "mean": one.mean_days},
                plural=N_("{provider}: {count} days since its oldest invoice, {mean} on the mean"),
            ),
            "claims",
            (("pay", True),),
        )
        for one in waits[:_MOST_DELAYS]
        if one.oldest_days
    ]


def _letters(now: Desks) -> list[Task]:
    """Return letters to issue, those that run out, and those a certificate did not name."""
    told = (
        (
            Status.LATE,
            N_("{count} guarantee letter is asked for: issue or refuse it"),
            N_("{count} guarantee letters are asked for: issue or refuse them"),
            "asked",
            now.asked,
        ),
        (
            Status.WAITING,
            N_("{count} guarantee letter runs out within 3 days"),
            N_("{count} guarantee letters run out within 3 days"),
            "ending",
            now.ending,
        ),
        (
            Status.LATE,
            N_("{count} letter is open although a certificate came without its number"),
            N_("{count} letters are open although certificates came without their numbers"),
            "passed",
            now.passed,
        ),
    )
    return [
        Task(status, _households(one, many, len(those)), "letters", (("show", show),))
        for status, one, many, show, those in told
        if those
    ]


def _waiting_for(now: Desks) -> list[Task]:
    """Return what waits for the medical adviser, for an answer, and for the board."""
    found = []
    if now.reviews:
        text = Text(
            N_("{count} claim waits for the medical adviser, since {day}"),
            {"count": len(now.reviews), "day": min(one.sent_on for one in now.reviews)},
            plural=N_("{count} claims wait for the medical adviser, the oldest since {day}"),
        )
        found.append(Task(Status.WAITING, text, "claims", (("reviews", True),)))
    if now.questions:
        late = sum(one.late for one in now.questions)
        text = Text(
            N_("{count} question about a claim waits for its answer, {late} late"),
            {"count": len(now.questions), "late": late},
            plural=N_("{count} questions about claims wait for their answers, {late} late"),
        )
        status = Status.LATE if late else Status.WAITING
        found.append(Task(status, text, "claims", (("questions", True),)))
    for appeals in (True, False):
        those = [
            one
            for one in now.complaints
            if (one.kind is ComplaintKind.CLAIM_DECISION) is appeals and one.due is not None
        ]
        if those:
            found.append(_due_task(those, now.today, appeals=appeals))
    return found


def _due_task(those: list[Complaint], today: date, *, appeals: bool) -> Task:
    one = N_("{count} appeal waits for its next step, by {day}")
    many = N_("{count} appeals wait for their next step, the first by {day}")
    if not appeals:
        one = N_("{count} complaint waits for its next step, by {day}")
        many = N_("{count} complaints wait for their next step, the first by {day}")
    first = min(one.due for one in those if one.due is not None)
    late = any(one.late(today) for one in those)
    text = Text(one, {"count": len(those), "day": first}, plural=many)
    return Task(Status.LATE if late else Status.WAITING, text, "control", (("show", "due"),))


def _agreements(expiring: tuple[Expiring, ...]) -> list[Task]:
    """Return the agreements that run out soonest and nobody renewed."""
    return [
        Task(
            Status.LATE if one.days <= _SHORT else Status.WAITING,
            Text(
                N_("The agreement with {provider} ends in {count} day: renew it"),
                {"provider": one.provider.name, "count": one.days},
                plural=N_("The agreement with {provider} ends in {count} days: renew it"),
            ),
            "providers",
            (("provider", one.provider.id),),
        )
        for one in expiring[:_MOST_AGREEMENTS]
    ]


def _money(now: Books) -> list[Task]:
    found = []
    for one in now.late_carried:
        text = Text(
            N_("{name} has carried {amount} for {count} day"),
            {"name": one.name, "amount": one.amount, "count": one.days},
            plural=N_("{name} has carried {amount} for {count} days"),
        )
        found.append(Task(Status.LATE, text, "collection"))
    if now.open_sessions:
        text = _households(
            N_("{count} collection is open: count it and sign"),
            N_("{count} collections are open: count them and sign"),
            now.open_sessions,
        )
        found.append(Task(Status.LATE, text, "collection"))
    if now.findings:
        text = _households(
            N_("{count} booklet matter to look into: leaves missing or out of order"),
            N_("{count} booklet matters to look into: leaves missing or out of order"),
            now.findings,
        )
        found.append(Task(Status.LATE, text, "collection"))
    if now.next_closing < now.month:
        text = Text(N_("{month} can be closed"), {"month": now.next_closing})
        found.append(Task(Status.LATE, text, "closing"))
    return found


def _payers(facts: Facts) -> list[Task]:
    overdue = facts.books.overdue
    if not overdue:
        return []
    text = Text(
        N_("{count} payer's statement has been open since {day}"),
        {"count": len(overdue), "day": overdue[0].issued_on},
        plural=N_("{count} payers' statements are open, the oldest since {day}"),
    )
    return [Task(Status.LATE, text, "scheme", (("part", "payers"),))]


def last_sending(facts: Facts) -> Text:
    """Return when a month was last sent to the branch."""
    days = [row.on for row in facts.returns if row.state in _SENT and row.on is not None]
    return Text("{day}", {"day": max(days)}) if days else Text(N_("Never"))


def spent_text(spent: Spent) -> Text:
    """Return what care took of each 100 earned, or why it cannot be told."""
    if spent.wrong is not None:
        return Text(N_("{month} does not balance"), {"month": spent.wrong})
    told = spent.of_each_100
    if told is None:
        return Text(N_("No closed month yet") if not spent.months else N_("Nothing earned yet"))
    return Text("{count}", {"count": round_half_up(told, 10)})


def _sending(returns: tuple[MonthRow, ...]) -> list[Task]:
    """Return what the branch does not have, the most pressing first."""
    told = (
        (
            {State.REJECTED},
            Status.STOPPED,
            N_("The branch refused {count} month: see why"),
            N_("The branch refused {count} months: see why"),
        ),
        (
            {State.TO_SEND, State.APPROVED},
            Status.LATE,
            N_("{count} closed month was not sent to the branch"),
            N_("{count} closed months were not sent to the branch"),
        ),
        (
            {State.CARRIED},
            Status.WAITING,
            N_("{count} month was sent; the branch has not answered"),
            N_("{count} months were sent; the branch has not answered"),
        ),
    )
    found = []
    for states, status, one, many in told:
        those = [row.month for row in returns if row.state in states]
        if those:
            text = _households(one, many, len(those))
            found.append(Task(status, text, "send", (("month", min(those)),)))
    return found


def _safety(facts: Facts) -> list[Task]:
    days = days_since(facts.books.last_backup_outside, facts.now)
    if days is None:
        text = Text(N_("No copy on a USB stick yet"))
        return [Task(Status.LATE, text, "closing")]
    if days > USB_DAYS:
        text = _households(
            N_("Last copy on a USB stick {count} day ago"),
            N_("Last copy on a USB stick {count} days ago"),
            days,
        )
        return [Task(Status.LATE, text, "closing")]
    return []


def _first_steps(facts: Facts) -> tuple[Task, ...]:
    steps = (
        (bool(facts.sections), N_("Name the villages or sections"), "scheme", "sections"),
        (bool(facts.plans), N_("Say what members pay"), "scheme", "plan"),
        (not facts.solo, N_("Let in a second person, who signs with you"), "scheme", "people"),
        (False, N_("Register the first household"), "members", ""),
        (
            facts.books.last_backup_outside is not None,
            N_("Make the first copy on a USB stick"),
            "closing",
            "",
        ),
    )
    return tuple(
        Task(
            Status.UP_TO_DATE if done else Status.DRAFT,
            Text(words),
            page,
            (("new", True),) if page == "members" else ((("part", part),) if part else ()),
        )
        for done, words, page, part in steps
    )
