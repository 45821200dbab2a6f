"""What indexes of relative prices are reckoned from, and which claims wait for one."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import assignments
from stepdesk.claims import rules
from stepdesk.claims.terms import Contributed, Pool, WaitingClaim
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.ids import ClaimId, PackageId, PlanId
from stepdesk.values.month import Month

# What a reversal took back was never contributed.
_CONTRIBUTED = (
    "SELECT a.amount, coalesce(a.spent_on, p.paid_on) AS paid_on, d.first_day, d.until"
    " FROM allocation a JOIN payment p ON p.id = a.payment_id JOIN due d ON d.id = a.due_id"
    " JOIN plan_version v ON v.id = d.plan_version_id"
    " WHERE a.target IN ('DUE', 'ADJUSTMENT') AND p.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM payment r WHERE r.reverses = p.id)"
    " AND d.first_day < :until AND (d.until > :first OR coalesce(a.spent_on, p.paid_on) >= :first)"
    " AND v.plan_id IN ({})"
)
_WAITING = (
    "SELECT c.id, e.decided_on, e.facts FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
    " WHERE e.outcome = 'VALUED' AND e.decided_on <= :last AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id) ORDER BY e.id"
)


def plans_with(connection: Connection, package_id: PackageId, day: date) -> tuple[PlanId, ...]:
    """Return the plans that have a package on a day."""
    places: dict[tuple[PlanId, int], PackageId | None] = {}
    for one in assignments(connection):
        if one.first_day <= day:
            places[one.plan_id, one.supplement] = None if one.ends else one.package_id
    return tuple({plan for (plan, _), held in places.items() if held == package_id})


def contributed(
    connection: Connection, plans: Iterable[PlanId], first_day: date, until: date
) -> tuple[Contributed, ...]:
    """Return what was paid for cover that lies in a period, whole, by members of some plans."""
    asked = {f"p{at}": plan for at, plan in enumerate(plans)}
    rows = fetch(
        connection,
        _CONTRIBUTED.format(", ".join(f":{name}" for name in asked)),
        first=first_day.isoformat(),
        until=until.isoformat(),
        **asked,
    )
    return tuple(
        Contributed(
            row.amount,
            date.fromisoformat(max(row.first_day, row.paid_on)),
            date.fromisoformat(row.until),
        )
        for row in rows
    )


def waiting_for_index(connection: Connection, month: Month) -> Iterator[WaitingClaim]:
    """Yield the claims that were valued up to the end of a month and wait for their index."""
    for row in fetch(connection, _WAITING, last=month.last.isoformat()):
        decided = Month.of(date.fromisoformat(row.decided_on))
        yield WaitingClaim(ClaimId(row.id), decided, rules.unpacked(row.facts))


def known_index(connection: Connection, pool: Pool) -> int | None:
    """Return an index that was reckoned, in ten-thousandths; None before its run."""
    row = fetch_one(
        connection,
        "SELECT rate FROM relative_index WHERE package_id = :package AND period = :period"
        " AND year = :year AND number = :number AND care = :care",
        package=pool.package_id,
        period=pool.period.value,
        year=pool.year,
        number=pool.number,
        care=pool.care.value,
    )
    return None if row is None else int(row.rate)
