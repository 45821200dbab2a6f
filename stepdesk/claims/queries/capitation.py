"""Who chose which provider on the first day of a month, and what providers have to show for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from stepdesk.claims.terms import Indicators
from stepdesk.progress import Progress
from stepdesk.rights.queries import entitled
from stepdesk.rights.terms import Answer
from stepdesk.store.reading import fetch
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, ProviderId
from stepdesk.values.month import Month

_CHOSEN = (
    "SELECT id, health_post_id, declared_size FROM household WHERE health_post_id IS NOT NULL"
)
_SHOWN = (
    "SELECT b.provider_id, count(DISTINCT c.id) AS claims, coalesce(sum(d.adjusted), 0) AS amounts"
    " FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
    " JOIN claim_batch b ON b.id = c.batch_id LEFT JOIN line_decision d ON d.decision_id = e.id"
    " WHERE e.outcome = 'APPROVED' AND b.to_member IS NULL"
    " AND substr(e.decided_on, 1, 7) = :month AND NOT EXISTS"
    " (SELECT 1 FROM claim_decision n WHERE n.claim_id = e.claim_id AND n.version > e.version)"
    " GROUP BY b.provider_id"
)
# What cover earned of the households whose plan had the package that month; entry fees are left out.
_EARNED = (
    "SELECT coalesce(sum(e.paid + e.unpaid + coalesce(e.payer_amount, 0)), 0) AS earned"
    " FROM earning e WHERE e.month = :month AND e.kind IS NULL AND EXISTS"
    " (SELECT 1 FROM plan_package a WHERE a.package_id = :package AND a.first_day <= :day"
    " AND a.plan_id = (SELECT o.plan_id FROM enrolment o WHERE o.household_id = e.household_id"
    " AND o.first_day <= :day ORDER BY o.first_day DESC, o.id DESC LIMIT 1))"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many chose a provider: whole families as declared, and those with rights."""

    population: int = 0
    households: int = 0
    insured: int = 0
    insured_households: int = 0


def chosen_by(
    connection: Connection, month: Month, *, progress: Progress | None = None
) -> Mapping[ProviderId, Chosen]:
    """Return who chose each provider, and has rights on the first day of a month.

    A household chooses by its health post. Source: domain handbook 2.9.
    """
    watch = progress or Progress()
    homes = {row.id: row for row in fetch(connection, _CHOSEN)}
    population: Counter[bytes] = Counter()
    households: Counter[bytes] = Counter()
    for row in homes.values():
        population[row.health_post_id] += row.declared_size
        households[row.health_post_id] += 1
    insured: Counter[bytes] = Counter()
    insured_homes: dict[bytes, set[bytes]] = {}
    for done, one in enumerate(entitled(connection, month.first)):
        watch.step(done, sum(population.values()))
        home = homes.get(one.household_id)
        if home is None or one.verdict.answer is Answer.NO:
            continue
        insured[home.health_post_id] += 1
        insured_homes.setdefault(home.health_post_id, set()).add(one.household_id)
    return {
        ProviderId(key): Chosen(
            population[key], households[key], insured[key], len(insured_homes.get(key, ()))
        )
        for key in households
    }


def indicators_of(
    connection: Connection,
    month: Month,
    levels: frozenset[Level],
    *,
    progress: Progress | None = None,
) -> Mapping[ProviderId, Indicators]:
    """Return the six indicators of every provider of some levels. Source: openIMIS handbook 2.9."""
    chosen = chosen_by(connection, month, progress=progress)
    shown = {row.provider_id: row for row in fetch(connection, _SHOWN, month=str(month))}
    found = {}
    for row in fetch(connection, "SELECT id, level FROM provider ORDER BY id"):
        if Level(row.level) not in levels:
            continue
        who, did = chosen.get(ProviderId(row.id), Chosen()), shown.get(row.id)
        found[ProviderId(row.id)] = Indicators(
            who.population,
            who.households,
            who.insured,
            who.insured_households,
            did.claims if did else 0,
            did.amounts if did else 0,
        )
    return found


def earned_for(connection: Connection, month: Month, package_id: PackageId) -> int:
    """Return the contributions that cover of one package earned in a month, members' and payers'.

    Nothing before the month's earning run.
    """
    row = fetch(
        connection,
        _EARNED,
        month=str(month),
        day=month.last.isoformat(),
        package=package_id,
    )[0]
    return int(row.earned)
