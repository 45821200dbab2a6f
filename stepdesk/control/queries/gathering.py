"""Gathering what checks look at: twelve months of the book in a few statements, each read once."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from stepdesk.benefits.terms import Category
from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import all_booklets, plans
from stepdesk.contributions.terms import BookletFacts, MoveKind, PlanVersion, Stationery
from stepdesk.control.rules import (
    Care,
    CareLine,
    CashReceipt,
    CatchUp,
    CountMade,
    Covered,
    Facts,
    HandedOver,
    Home,
    Leaves,
    LetterIssued,
    Named,
    Somebody,
)
from stepdesk.i18n import N_, Text
from stepdesk.members.queries.searched import phone_plan
from stepdesk.members.terms import BirthKnown, Sex
from stepdesk.progress import Progress
from stepdesk.store.reading import fetch, fetch_plain
from stepdesk.values.care import Level, Visit
from stepdesk.values.ids import (
    ClaimId,
    HouseholdId,
    LetterId,
    PersonId,
    PlanId,
    ProviderId,
    SectionId,
    ServiceId,
    StaffId,
)
from stepdesk.values.month import Month, add_months
from stepdesk.values.names import fold, keys_of, sounding_words, words_of
from stepdesk.values.phones import searched_phones

_MONTHS = 12
_STEPS = 6

_OF_TIME = "c.first_day BETWEEN :first AND :last"
_LATEST = "(SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
# Typed in by mistake and taken back, a certificate never was.
_CLAIMS = (
    "SELECT c.id, b.provider_id, c.person_id, c.household_id, c.first_day, c.last_day, c.visit,"
    " c.referred, c.claimed, c.certificate, b.entered_by FROM claim c"
    " JOIN claim_batch b ON b.id = c.batch_id"
    f" LEFT JOIN claim_decision e ON e.claim_id = c.id AND e.version = {_LATEST}"
    f" WHERE {_OF_TIME} AND coalesce(e.outcome, '') <> 'WITHDRAWN' ORDER BY c.first_day, c.id"
)
_LINES = (
    "SELECT l.claim_id, l.service_id, s.category, l.quantity, l.unit_price FROM claim_line l"
    f" JOIN claim c ON c.id = l.claim_id JOIN service s ON s.id = l.service_id WHERE {_OF_TIME}"
)
_DECIDED = (
    "SELECT e.claim_id, e.codes, e.decided_by FROM claim_decision e JOIN claim c"
    f" ON c.id = e.claim_id WHERE {_OF_TIME}"
    " UNION ALL SELECT o.claim_id, CASE o.effect WHEN 'REFUSES' THEN o.code ELSE '' END, o.staff_id"
    f" FROM claim_override o JOIN claim c ON c.id = o.claim_id WHERE {_OF_TIME}"
)
_PERSONS = "SELECT id, sex, birth, deceased_on FROM person"
_COVERS = (
    "SELECT v.person_id, v.household_id, v.first_day, v.until, v.first_day > h.joined_on AS added"
    " FROM cover v JOIN household h ON h.id = v.household_id ORDER BY v.first_day"
)
_MERGED = "SELECT other_id, kept_id FROM person_merge WHERE undone_on IS NULL ORDER BY id"
_HOMES = (
    "SELECT h.id, h.joined_on, h.declared_size, h.health_post_id,"
    " (SELECT plan_id FROM enrolment WHERE household_id = h.id ORDER BY first_day LIMIT 1) AS plan,"
    " (SELECT min(paid_on) FROM payment WHERE household_id = h.id) AS paid_on FROM household h"
)
_CASH = (
    "SELECT p.id, p.collector_id, p.paid_on, p.amount FROM payment p"
    " WHERE p.collector_id IS NOT NULL AND p.session_id IS NULL AND p.means = 'CASH'"
    " AND p.paid_on BETWEEN :first AND :last ORDER BY p.paid_on, p.id"
)
# What a collector had in hand when the time begins: as one receipt of the last day before it.
_IN_HAND = (
    "SELECT p.collector_id, max(p.paid_on) AS day, sum(p.amount) - coalesce((SELECT sum(amount)"
    " FROM hand_over WHERE collector_id = p.collector_id AND day < :first), 0) AS amount"
    " FROM payment p WHERE p.collector_id IS NOT NULL AND p.session_id IS NULL"
    " AND p.means = 'CASH' AND p.paid_on < :first GROUP BY p.collector_id"
)
_HANDED = (
    "SELECT id, collector_id, day, amount, expected FROM hand_over"
    " WHERE day BETWEEN :first AND :last ORDER BY day, id"
)
_CATCH_UPS = (
    "SELECT p.id, p.household_id, p.paid_on, min(d.until) AS until, p.amount FROM payment p"
    " JOIN allocation a ON a.payment_id = p.id JOIN due d ON d.id = a.due_id"
    " WHERE p.paid_on BETWEEN :first AND :last AND p.reverses IS NULL AND p.amount > 0"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) GROUP BY p.id"
)
# What an emergency or the pad asked for is typed in afterwards: its hour says nothing.
_LETTERS = (
    "SELECT l.id, l.provider_id, s.done_by, s.at FROM guarantee_letter_step s"
    " JOIN guarantee_letter l ON l.id = s.letter_id WHERE s.state = 'ISSUED' AND s.version ="
    " (SELECT min(version) FROM guarantee_letter_step WHERE letter_id = l.id AND state = 'ISSUED')"
    " AND l.kind = 'NORMAL' AND s.day BETWEEN :first AND :last"
)
_COUNTS = (
    "SELECT id, day, counted - expected AS difference, box_id, NULL AS collector FROM box_count"
    " WHERE day BETWEEN :first AND :last UNION ALL"
    " SELECT n.id, s.day, n.counted - n.expected, s.box_id, s.collector_id FROM session_count n"
    " JOIN collection_session s ON s.id = n.session_id WHERE s.day BETWEEN :first AND :last"
)
_OWN = (
    "SELECT s.staff_id, s.person_id FROM staff_person s WHERE s.id ="
    " (SELECT max(id) FROM staff_person WHERE staff_id = s.staff_id)"
)
_NAMES = "SELECT id, name FROM staff"
_SAME_NAME = (
    "SELECT p.id, p.surname, p.given_names FROM person p WHERE p.surname IS NOT NULL"
    " AND p.given_names IS NOT NULL"
)
_WHO = (
    "SELECT p.id, p.surname, p.given_names, p.birth_known, s.household_id FROM person_search s"
    " CROSS JOIN person p ON p.id = s.person_id"
    " WHERE coalesce(p.birth_known, '') <> ''"  # who was forgotten is blank
)
_WHERE = "SELECT id, section_id, phone FROM household"
_TOLD_APART = "SELECT kept_id, other_id FROM person_merge"


def facts_of(
    connection: Connection, month: Month, today: date, *, progress: Progress | None = None
) -> Facts:
    """Return the twelve months that end with a month, or with today in it, for the checks.

    Raises:
        Cancelled: when the person asked for it.
    """
    watch = progress or Progress()
    first, last = month.plus(1 - _MONTHS).first, min(month.last, today)
    told = {"first": first.isoformat(), "last": last.isoformat()}
    words = Text(N_("Gathering what happened"))
    watch.step(0, _STEPS, words)
    merged = {row.other_id: row.kept_id for row in fetch(connection, _MERGED)}
    care = tuple(_care(connection, told, merged))
    watch.step(2, _STEPS, words)
    persons = _persons(connection, merged)
    homes = _homes(connection)
    watch.step(3, _STEPS, words)
    booklets = all_booklets(connection)
    watch.step(4, _STEPS, words)
    zone = ZoneInfo(_zone(connection))
    facts = Facts(
        first_day=first,
        last_day=last,
        care=care,
        persons=persons,
        homes=homes,
        levels={
            ProviderId(row.id): Level(row.level)
            for row in fetch(connection, "SELECT id, level FROM provider")
        },
        leaves=_leaves(booklets),
        booklets=tuple(one for facts in booklets for one in contributions.booklet_findings(facts)),
        receipts=tuple(_receipts(connection, told, zone)),
        hand_overs=tuple(
            HandedOver(row.id, StaffId(row.collector_id), _day(row.day), row.amount, row.expected)
            for row in fetch(connection, _HANDED, **told)
        ),
        catch_ups=tuple(
            CatchUp(
                row.id,
                HouseholdId(row.household_id),
                _day(row.paid_on),
                _typed(row.id, zone),
                _day(row.until),
                row.amount,
            )
            for row in fetch(connection, _CATCH_UPS, **told)
        ),
        letters=tuple(
            LetterIssued(
                LetterId(row.id),
                ProviderId(row.provider_id),
                StaffId(row.done_by),
                _moment(row.at, zone),
            )
            for row in fetch(connection, _LETTERS, **told)
        ),
        counts=tuple(
            CountMade(
                row.id,
                _day(row.day),
                row.difference,
                row.box_id,
                None if row.collector is None else StaffId(row.collector),
            )
            for row in fetch(connection, _COUNTS, **told)
        ),
        own=_own(connection, persons, last),
        names=_names(connection),
        told_apart=frozenset(frozenset(pair) for pair in fetch_plain(connection, _TOLD_APART)),
    )
    watch.step(5, _STEPS, words)
    return facts


def _zone(connection: Connection) -> str:
    from stepdesk.countries import country

    row = fetch(connection, "SELECT country FROM book")[0]
    return country(row.country).time_zone


@lru_cache(maxsize=20_000)
def _day(told: str) -> date:
    return date.fromisoformat(told)


def _moment(milliseconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone(zone)


def _typed(row: bytes, zone: ZoneInfo) -> date:
    """Return the day a row was written: its id begins with the moment (RFC 9562 5.7)."""
    return _moment(int.from_bytes(row[:6], "big"), zone).date()


# Care


def _care(
    connection: Connection, told: Mapping[str, str], merged: Mapping[bytes, bytes]
) -> Iterator[Care]:
    lines: dict[bytes, list[CareLine]] = {}
    categories = {one.value: one for one in Category}
    for claim, service, category, quantity, price in fetch_plain(connection, _LINES, **told):
        lines.setdefault(claim, []).append(
            CareLine(ServiceId(service), categories[category], quantity, price)
        )
    codes: dict[bytes, set[str]] = {}
    staff: dict[bytes, set[StaffId]] = {}
    for claim, said, who in fetch_plain(connection, _DECIDED, **told):
        if said:
            codes.setdefault(claim, set()).update(said.split(","))
        if who is not None:
            staff.setdefault(claim, set()).add(StaffId(who))
    visits = {one.value: one for one in Visit}
    for row in fetch(connection, _CLAIMS, **told):
        yield Care(
            claim_id=ClaimId(row.id),
            provider_id=ProviderId(row.provider_id),
            person_id=PersonId(merged.get(row.person_id, row.person_id)),
            household_id=HouseholdId(row.household_id),
            first_day=_day(row.first_day),
            last_day=_day(row.last_day),
            visit=Visit.REFERRAL if row.referred else visits[row.visit],
            claimed=row.claimed,
            lines=tuple(lines.get(row.id, ())),
            certificate=row.certificate or "",
            codes=frozenset(codes.get(row.id, ())),
            staff=frozenset((*staff.get(row.id, ()), StaffId(row.entered_by))),
        )


def _persons(connection: Connection, merged: Mapping[bytes, bytes]) -> Mapping[PersonId, Somebody]:
    covers: dict[bytes, list[Covered]] = {}
    for person, household, first, until, added in fetch_plain(connection, _COVERS):
        covers.setdefault(merged.get(person, person), []).append(
            Covered(
                HouseholdId(household),
                _day(first),
                None if until is None else _day(until),
                added=bool(added),
            )
        )
    sexes = {one.value: one for one in Sex}
    return {
        PersonId(person): Somebody(
            PersonId(person),
            sexes[sex],
            _day(birth) if birth else None,
            _day(died) if died else None,
            tuple(covers.get(person, ())),
        )
        for person, sex, birth, died in fetch_plain(connection, _PERSONS)
        if person not in merged
    }


def _names(connection: Connection) -> Mapping[PersonId, Named]:
    """Return how everybody's name is written and sounds; a telephone is the whole household's."""
    plan = phone_plan(connection)
    known = {one.value: one for one in BirthKnown}
    where = {
        household: (SectionId(section), frozenset(searched_phones(phone, plan) if phone else ()))
        for household, section, phone in fetch_plain(connection, _WHERE)
    }
    found = {}
    for person, surname, given, exactly, household in fetch_plain(connection, _WHO):
        words = sounding_words(f"{surname} {given}")
        found[PersonId(person)] = Named(words, keys_of(words), known[exactly], *where[household])
    return found


def _homes(connection: Connection) -> Mapping[HouseholdId, Home]:
    known = plans(connection)
    return {
        HouseholdId(row.id): Home(
            HouseholdId(row.id),
            _day(row.joined_on),
            row.declared_size,
            _rights(known.get(PlanId(row.plan), ()) if row.plan else (), row),
            None if row.health_post_id is None else ProviderId(row.health_post_id),
        )
        for row in fetch(connection, _HOMES)
    }


def _rights(versions: tuple[PlanVersion, ...], row: Any) -> date:
    """Return the first day a household's care is covered, when nothing puts it off: for statistics."""
    begun = _day(row.paid_on or row.joined_on)
    if not versions:
        return begun
    plan = contributions.plan_on(versions, max(begun, versions[0].first_day))
    return add_months(contributions.effect_date_of(plan, begun), plan.waiting_months)


# Paper and money


def _leaves(booklets: tuple[BookletFacts, ...]) -> Mapping[ProviderId, tuple[Leaves, ...]]:
    found: dict[ProviderId, list[Leaves]] = {}
    for facts in booklets:
        one = facts.booklet
        if one.kind is not Stationery.CERTIFICATE:
            continue
        leaves = range(one.first_leaf, one.last_leaf + 1)
        spoilt = frozenset(leaf for leaf in leaves if contributions.mark_of(facts, leaf))
        given = {
            move.holder.provider_id
            for move in facts.moves
            if move.kind is MoveKind.ISSUED and move.holder.provider_id is not None
        }
        for provider in given:
            found.setdefault(provider, []).append(
                Leaves(one.serial, one.first_leaf, one.last_leaf, spoilt)
            )
    return {provider: tuple(told) for provider, told in found.items()}


def _receipts(
    connection: Connection, told: Mapping[str, str], zone: ZoneInfo
) -> Iterator[CashReceipt]:
    for row in fetch(connection, _IN_HAND, first=told["first"]):
        day = _day(row.day)
        yield CashReceipt(b"", StaffId(row.collector_id), day, day, row.amount)
    for row in fetch(connection, _CASH, **told):
        yield CashReceipt(
            row.id,
            StaffId(row.collector_id),
            _day(row.paid_on),
            _typed(row.id, zone),
            row.amount,
        )


def _own(
    connection: Connection, persons: Mapping[PersonId, Somebody], day: date
) -> Mapping[StaffId, HouseholdId]:
    """Return to which household people of the desk belong: as told, else by a name nobody else bears."""
    told = {StaffId(row.staff_id): row.person_id for row in fetch(connection, _OWN)}
    wanted = {
        tuple(sorted(words)): StaffId(row.id)
        for row in fetch(connection, _NAMES)
        if StaffId(row.id) not in told and len(words := words_of(row.name or "")) > 1
    }
    alike: dict[StaffId, list[bytes]] = {}
    for person, surname, given in fetch_plain(connection, _SAME_NAME) if wanted else ():
        words = tuple(sorted(words_of(fold(f"{surname} {given}"))))
        if words in wanted:
            alike.setdefault(wanted[words], []).append(person)
    told |= {staff: found[0] for staff, found in alike.items() if len(found) == 1}
    own = {}
    for staff, person in told.items():
        who = persons.get(PersonId(person)) if person is not None else None
        covers = [one for one in who.covers if one.first_day <= day] if who is not None else []
        if covers:
            own[staff] = covers[-1].household_id
    return own
