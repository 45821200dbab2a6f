"""The earning run."""

from collections.abc import Iterator
from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import (
    earning,
)
from stepdesk.contributions.service.turning import spend_credit
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    HouseholdId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month


def run_earnings(
    work: Work, *, month: Month, progress: Progress | None = None
) -> tuple[Money, Money]:
    """Turn the month's cover into income (P04 where paid, P05 where given in grace).

    Books the difference between what was earned up to the month's end and what earlier runs
    booked, so that a late correction finds its way into the open month. What credit paid by
    itself is written down first.

    Returns:
        What was paid and earned, and what was earned and is owed, in this run.
    """
    spend_credit(work, month=month)
    rows = list(_earnings(work, month, progress or Progress()))
    if rows:
        work.insert_many(earning, rows)
    paid_now = sum(int(str(row["paid"])) for row in rows)
    owed_now = sum(int(str(row["unpaid"])) for row in rows)
    for entry in (posting.earned(paid=paid_now), posting.owed(unpaid=owed_now)):
        if entry.lines:
            ledger.post(work, entry, day=month.last)
    return Money(paid_now, work.currency), Money(owed_now, work.currency)


def _earnings(work: Work, month: Month, progress: Progress) -> Iterator[dict[str, object]]:
    """Yield what the run has to book, a row for each household and due that moved."""
    booked = queries.earned_by_due(work.connection, month)
    days: dict[HouseholdId, set[date]] = {}
    for household_id, first_day in booked:
        days.setdefault(household_id, set()).add(first_day)
    facts = dict(queries.each_facts(work.connection))
    for done, (household_id, known) in enumerate(facts.items()):
        if done % 200 == 0:
            progress.step(done, len(facts), Text(N_("Reckoning what was earned")))
        earned = rules.earned_to_date(known, month.last)
        for first_day in sorted(set(earned) | days.get(household_id, set())):
            now = earned.get(first_day, (0, 0))
            had = booked.get((household_id, first_day), (0, 0))
            if now != had:
                yield _earning_row(work, month, household_id, first_day, now, had)


def _earning_row(
    work: Work,
    month: Month,
    household_id: HouseholdId,
    first_day: date,
    now: tuple[int, int],
    had: tuple[int, int],
) -> dict[str, object]:
    return {
        "id": work.new_id(),
        "month": str(month),
        "household_id": household_id,
        "due_first_day": first_day,
        "paid": now[0] - had[0],
        "unpaid": now[1] - had[1],
    }
