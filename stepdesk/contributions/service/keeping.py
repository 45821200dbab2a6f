"""What accounts are made of is kept lying together: see `queries/kept.py`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from stepdesk.contributions.model import account_kept
from stepdesk.contributions.queries.kept import is_settled, packed_dues, packed_paid
from stepdesk.contributions.terms import AccountFacts, Due
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId

# How many receipts a household has, the day of the last, and how many are dated up to what is kept.
_RECEIPTS = (
    "SELECT p.household_id, count(*) AS receipts, max(p.paid_on) AS last,"
    " coalesce(sum(p.paid_on <= k.paid_through), 0) AS within FROM payment p"
    " LEFT JOIN account_kept k ON k.household_id = p.household_id GROUP BY p.household_id"
)
_HELD = "SELECT household_id, dues_until, dues, payments FROM account_kept"
_PUT = "INSERT OR REPLACE INTO account_kept VALUES (?, ?, ?, ?, ?, ?, ?)"
_AT_ONCE = 500
_FEW = 16


def keep_accounts(
    work: Work, facts: Mapping[HouseholdId, AccountFacts], progress: Progress | None = None
) -> None:
    """Keep the dues and receipts of all households that owe nothing of what was called.

    Args:
        work: The work; all of it is written down.
        facts: What decides the account of every household, as the rows are now.
        progress: Told as the households pass.
    """
    some: list[tuple[object, ...]] = []
    for done, row in enumerate(_rows(work, facts)):
        some.append(row)
        if len(some) == _AT_ONCE:
            work.write_derived(account_kept, _PUT, some)
            some.clear()
            if progress is not None:
                progress.step(done, len(facts), Text(N_("Keeping the accounts together")))
    if some:
        work.write_derived(account_kept, _PUT, some)


def _rows(work: Work, facts: Mapping[HouseholdId, AccountFacts]) -> Iterator[tuple[object, ...]]:
    """Yield the row of each household that is settled and has changed."""
    receipts = {row.household_id: row for row in work.rows(_RECEIPTS)}
    held = {row.household_id: row for row in work.rows(_HELD)}
    for household_id, known in facts.items():
        dues = sorted((*known.frozen, *known.extra), key=attrgetter("first_day"))
        told = receipts.get(household_id)
        if not dues or told is None:
            continue
        if _is_old(held.get(household_id), dues, told) and is_settled(known):
            yield (
                household_id,
                (dues[-1].first_day + timedelta(days=1)).isoformat(),
                len(dues),
                told.last,
                told.receipts,
                packed_dues(dues),
                packed_paid(known.paid),
            )


def _is_old(had: Any, dues: Sequence[Due], told: Any) -> bool:  # noqa: ANN401 - rows
    """Whether what is kept holds no more, or misses more than a sixteenth.

    The few that came since are read by row; to pack five years anew each month would cost more.
    """
    if had is None or told.within != had.payments:
        return True
    until = date.fromisoformat(had.dues_until)
    since = sum(due.first_day >= until for due in dues)
    if len(dues) - since != had.dues:
        return True
    return since > len(dues) // _FEW or told.receipts - had.payments > told.receipts // _FEW


def forget_kept(work: Work, household_id: HouseholdId) -> None:
    """Take away what is kept of an account: something is added to a receipt it tells."""
    work.write_derived(
        account_kept, "DELETE FROM account_kept WHERE household_id = ?", [(household_id,)]
    )
