"""What the first page asks of the book, in one go on the lane, and what it says of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stepdesk.claims.queries import waiting
from stepdesk.claims.terms import Waiting
from stepdesk.contributions.queries import plans
from stepdesk.i18n import N_, Text
from stepdesk.reports.queries import standing
from stepdesk.reports.queries.lists import soon
from stepdesk.reports.terms import Soon, Standing
from stepdesk.scheme.queries import sections_on
from stepdesk.store.desk import Desk
from stepdesk.store.verified import Verified, last_verification
from stepdesk.sync.queries import months
from stepdesk.sync.terms import MonthRow, State
from stepdesk.ui.tokens import Status

USB_DAYS = 7
"""A copy on a stick older than this is asked for. Source: screens handbook 2.1."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the first page shows."""

    standing: Standing
    care: Waiting
    verified: Verified | None
    now: datetime
    sections: int
    plans: int
    solo: bool
    returns: tuple[MonthRow, ...]
    soon: Soon


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: its sign, its sentence, and the page it opens."""

    status: Status
    text: Text
    page: str
    arguments: tuple[tuple[str, object], ...] = ()


def facts_of(desk: Desk) -> Facts:
    """Return what the first page shows; for the lane."""
    found = standing(desk)
    with desk.read() as connection:
        sections = len(sections_on(connection, desk.today))
        known = len(plans(connection))
        care = waiting(connection, desk.currency)
        returns = months(connection)
    verified = last_verification(desk)
    return Facts(
        found,
        care,
        verified,
        desk.clock.now(),
        sections,
        known,
        desk.solo,
        returns,
        soon(desk),
    )


def days_since(moment: datetime | None, now: datetime) -> int | None:
    """Return how many whole days ago it was, None when it never was."""
    return None if moment is None else max(0, (now - moment) // timedelta(days=1))


def _households(message: str, plural: str, count: int) -> Text:
    return Text(message, {"count": count}, plural=plural)


def tasks_of(facts: Facts) -> tuple[Task, ...]:
    """Return what is to be done, the most pressing first."""
    if not facts.standing.households:
        return _first_steps(facts)
    now = facts.standing
    return (
        *_people(now),
        *_soon(facts.soon),
        *_care(facts.care),
        *_money(now),
        *_sending(facts.returns),
        *_safety(facts),
    )


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


def _money(now: Standing) -> list[Task]:
    found = []
    if now.open_sessions:
        text = _households(
            N_("{count} collection is open: count it and sign"),
            N_("{count} collections are open: count them and sign"),
            now.open_sessions,
        )
        found.append(Task(Status.LATE, text, "collection"))
    if now.next_closing < now.month:
        text = Text(N_("{month} can be closed"), {"month": now.next_closing})
        found.append(Task(Status.LATE, text, "closing"))
    return found


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
    days = days_since(facts.standing.last_backup_outside, facts.now)
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
            facts.standing.last_backup_outside is not None,
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
