"""What accounts are made of is kept lying together: see `queries/kept.py`."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from operator import attrgetter

from stepdesk.contributions.model import account_kept
from stepdesk.contributions.queries.kept import (
    MOST_VERSIONS,
    is_settled,
    packed_dues,
    packed_paid,
)
from stepdesk.contributions.terms import AccountFacts
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId

_RECEIPTS = (
    "SELECT household_id, count(*) AS receipts, max(paid_on) AS last FROM payment"
    " GROUP BY household_id"
)
_HELD = "SELECT household_id, dues, dues_until, payments, paid_through FROM account_kept"
_PUT = "INSERT OR REPLACE INTO account_kept VALUES (?, ?, ?, ?, ?, ?, ?)"
_AT_ONCE = 500


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
    receipts = {row.household_id: (row.receipts, row.last) for row in work.rows(_RECEIPTS)}
    held = {row.household_id: tuple(row)[1:] for row in work.rows(_HELD)}
    packed: dict[tuple[int, ...], bytes] = {}
    for household_id, known in facts.items():
        dues = sorted((*known.frozen, *known.extra), key=attrgetter("first_day"))
        told = receipts.get(household_id)
        if not dues or told is None:
            continue
        until = (dues[-1].first_day + timedelta(days=1)).isoformat()
        if (len(dues), until, *told) == held.get(household_id) or not is_settled(known):
            continue
        # Families of a size that came together have the very same dues: see `each_facts`.
        same = tuple(map(id, dues))
        called = packed.get(same)
        if called is None:
            if len({due.plan_version_id for due in dues}) > MOST_VERSIONS:
                continue
            called = packed[same] = packed_dues(dues)
        yield household_id, until, len(dues), told[1], told[0], called, packed_paid(known.paid)


def forget_kept(work: Work, household_id: HouseholdId) -> None:
    """Take away what is kept of an account: something is added to a receipt it tells."""
    work.write_derived(
        account_kept, "DELETE FROM account_kept WHERE household_id = ?", [(household_id,)]
    )
