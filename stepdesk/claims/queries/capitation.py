"""Who chose which provider on the first day of a month, and what providers have to show for it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.claims.terms import CountedPerson, HeadDifference, Indicators
from stepdesk.i18n import Text
from stepdesk.progress import Progress
from stepdesk.rights.queries import entitled, verdict_of
from stepdesk.rights.terms import Answer
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.care import Level
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import CapitationRunId, PackageId, PersonId, ProviderId
from stepdesk.values.money import Currency, Money
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
    """How many chose a provider: whole families as declared, and those with rights; these by their ids."""

    population: int = 0
    households: int = 0
    insured: int = 0
    insured_households: int = 0
    persons: frozenset[bytes] = frozenset()


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
    insured: dict[bytes, set[bytes]] = {}
    insured_homes: dict[bytes, set[bytes]] = {}
    for done, one in enumerate(entitled(connection, month.first)):
        watch.step(done, sum(population.values()))
        home = homes.get(one.household_id)
        if home is None or one.verdict.answer is Answer.NO:
            continue
        insured.setdefault(home.health_post_id, set()).add(one.person_id)
        insured_homes.setdefault(home.health_post_id, set()).add(one.household_id)
    return {
        ProviderId(key): Chosen(
            population[key],
            households[key],
            len(insured.get(key, ())),
            len(insured_homes.get(key, ())),
            frozenset(insured.get(key, ())),
        )
        for key in households
    }


def indicators_of(
    connection: Connection,
    month: Month,
    levels: frozenset[Level],
    chosen: Mapping[ProviderId, Chosen],
) -> Mapping[ProviderId, Indicators]:
    """Return the six indicators of every provider of some levels, of those who chose them.

    Source: openIMIS handbook 2.9.
    """
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


# Who was counted, and who would be today

MONTHS_BACK = 3
"""So many months before the one that is run are counted again; what is told later stays as it is."""

_ID = 16
_STANDING = (
    "SELECT r.id, r.provider_id, r.month, r.day, r.persons, r.head_amount, r.counted, r.adjusts"
    " FROM capitation_run r WHERE r.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM capitation_run o WHERE o.reverses = r.id) ORDER BY r.id"
)


def packed_persons(persons: Iterable[bytes]) -> bytes:
    """Return ids of persons in order, one behind the other."""
    return b"".join(sorted(persons))


def unpacked_persons(counted: bytes) -> frozenset[bytes]:
    """Return the ids that were packed."""
    return frozenset(counted[at : at + _ID] for at in range(0, len(counted), _ID))


@dataclass(frozen=True, slots=True)
class Counted:
    """Who is counted for a run as its adjustments left it, and by how much a head."""

    run_id: CapitationRunId
    provider_id: ProviderId
    month: Month
    head: int | None
    persons: frozenset[bytes]


def counted_in(connection: Connection, month: Month) -> tuple[Counted, ...]:
    """Return who is counted for each run of a month that stands, its adjustments taken in.

    Runs of before the persons were kept are left out.
    """
    found: dict[bytes, Counted] = {}
    for row in fetch(connection, _STANDING):
        if row.month != str(month) or row.counted is None:
            continue
        key = row.adjusts or row.id
        found[key] = Counted(
            CapitationRunId(key),
            ProviderId(row.provider_id),
            month,
            row.head_amount,
            unpacked_persons(row.counted),
        )
    return tuple(found.values())


def counted_again(
    connection: Connection, month: Month
) -> Mapping[CapitationRunId, frozenset[bytes]]:
    """Return who would be counted for each run of a month as the book stands now.

    The provider a household chose is not dated: one that was counted then stays with the provider it was
    counted for; one that was counted nowhere goes with the provider it has now.
    """
    runs = counted_in(connection, month)
    at = {person: one.provider_id for one in runs for person in one.persons}
    posts = {row.id: row.health_post_id for row in fetch(connection, _CHOSEN)}
    homes: dict[bytes, bytes] = {}
    covered: list[tuple[bytes, bytes]] = []
    for one in entitled(connection, month.first):
        if one.verdict.answer is Answer.NO:
            continue
        covered.append((one.person_id, one.household_id))
        if one.person_id in at:
            homes[one.household_id] = at[one.person_id]
    now: dict[bytes, set[bytes]] = {}
    for person, home in covered:
        post = at.get(person) or homes.get(home) or posts.get(home)
        if post is not None:
            now.setdefault(post, set()).add(person)
    return {one.run_id: frozenset(now.get(one.provider_id, ())) for one in runs}


def head_differences(
    connection: Connection, before: Month, currency: Currency
) -> tuple[HeadDifference, ...]:
    """Return by how much the months before one, paid by head, would come to another amount today.

    The last `MONTHS_BACK` months, the oldest first; those that come to the same are left out.
    """
    names = {row.id: row.name for row in fetch(connection, "SELECT id, name FROM provider")}
    found = []
    for back in range(MONTHS_BACK, 0, -1):
        month = before.plus(-back)
        runs = [one for one in counted_in(connection, month) if one.head is not None]
        again = counted_again(connection, month) if runs else {}
        for one in runs:
            now = again[one.run_id]
            more = len(now) - len(one.persons)
            if more and one.head:
                found.append(
                    HeadDifference(
                        one.run_id,
                        one.provider_id,
                        names[one.provider_id],
                        month,
                        len(one.persons),
                        len(now - one.persons),
                        len(one.persons - now),
                        Money(more * one.head, currency),
                        now,
                    )
                )
    return tuple(found)


_PEOPLE = (
    "SELECT n.id, n.surname, n.given_names, h.serial, s.code AS section, v.suffix FROM person n"
    " LEFT JOIN cover v ON v.id = (SELECT x.id FROM cover x WHERE x.person_id = n.id"
    " ORDER BY x.first_day <= :day DESC, x.first_day DESC, x.id DESC LIMIT 1)"
    " LEFT JOIN household h ON h.id = v.household_id LEFT JOIN section s ON s.id = h.section_id"
)


def counted_persons(
    connection: Connection, run_id: CapitationRunId
) -> tuple[CountedPerson, ...] | None:
    """Return who was counted for a run, and who would be today though not then, by card; why not.

    None for a run of before the persons were kept.

    Raises:
        LookupError: when there is no such run.
    """
    row = fetch_one(
        connection,
        "SELECT id, month, counted, adjusts FROM capitation_run WHERE id = :id",
        id=run_id,
    )
    if row is None:
        raise LookupError("no such run")
    if row.counted is None:
        return None
    month, then = Month.parse(row.month), unpacked_persons(row.counted)
    now = counted_again(connection, month).get(CapitationRunId(row.adjusts or row.id), then)
    day = month.first
    found = [
        CountedPerson(
            _card(one),
            f"{one.surname} {one.given_names}".strip(),
            one.id in then,
            one.id in now,
            None if one.id in now else _why_not(connection, PersonId(one.id), day),
        )
        for one in fetch(connection, _PEOPLE, day=day.isoformat())
        if one.id in then or one.id in now
    ]
    return tuple(sorted(found, key=lambda one: (one.card, one.name)))


def _card(row: Any) -> str:
    if row.serial is None:
        return ""
    return f"{HouseholdNumber(row.section, row.serial)}/{row.suffix or 0:02d}"


def _why_not(connection: Connection, person_id: PersonId, day: date) -> Text | None:
    told = verdict_of(connection, person_id, day)
    return rules.reason(told.reasons[0].code) if told is not None and told.reasons else None
