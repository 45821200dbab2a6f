"""Bringing in the registers of openIMIS: one act, whole or not at all.

Sections, plans, households with their persons, the periods they paid for, and their receipts;
providers with their price lists, and what each plan pays for; claims as history, with the
families that were archived there and that claims name.
What the receipts brought in is booked by one opening entry; the cover given before the first open
month is history and is never earned again.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from stepdesk.claims.service import bring_in_diagnoses
from stepdesk.contributions.queries import IMPORTED, all_facts, plans
from stepdesk.contributions.rules import earned_to_date, plan_on
from stepdesk.contributions.service import (
    BOX_OF,
    add_plan,
    bring_in_due,
    bring_in_earned,
    bring_in_receipt,
    version_plan,
)
from stepdesk.contributions.terms import (
    Due,
    Part,
    Per,
    PlanVersion,
    Target,
)
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis_archive import Archived
from stepdesk.exchange.openimis_care import CHANGED, Insured, bring_in_care
from stepdesk.exchange.openimis_claims import bring_in_claims
from stepdesk.exchange.openimis_files import (
    Family,
    Paid,
    Policy,
    Village,
    read_registers,
)
from stepdesk.exchange.openimis_products import Product
from stepdesk.exchange.terms import ANY_NUMBER, ImportReport, LeftOut, NumberRule
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import first_open
from stepdesk.members.service import end_membership, register_household
from stepdesk.members.terms import Event, EventKind, NewPerson, Registered
from stepdesk.progress import Progress
from stepdesk.scheme.queries import section_by_legacy, sections_on
from stepdesk.scheme.service import add_section
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    HouseholdId,
    PlanId,
    PlanVersionId,
    RequestId,
    SectionId,
)
from stepdesk.values.money import Money, round_half_up, split
from stepdesk.values.month import Month

_WHOLE = 10_000
"""A plan's rates are hundredths of a percent."""
_HOUSEHOLDS = text("SELECT id, legacy_number FROM household WHERE legacy_number <> ''")
_PERSONS = text(
    "SELECT p.legacy_number, p.surname, p.given_names, p.sex, p.birth, c.relation, c.household_id,"
    " h.address, s.legacy_code FROM person p JOIN cover c ON c.person_id = p.id"
    " JOIN household h ON h.id = c.household_id JOIN section s ON s.id = h.section_id"
    " WHERE p.legacy_number <> ''"
)
_DUES = text("SELECT household_id, first_day, until FROM due")
_REQUESTS = text("SELECT request_id FROM payment WHERE letter = :letter")
_SERIALS = text(
    "SELECT year, max(serial) AS serial FROM payment WHERE letter = :letter GROUP BY year"
)


@dataclass(slots=True)
class _Count:
    """What this run added."""

    sections: int = 0
    households: int = 0
    archived: int = 0
    persons: int = 0
    plans: int = 0
    policies: int = 0
    by_box: Counter[str] = field(default_factory=Counter)
    receipts: int = 0
    fees: int = 0


@dataclass(frozen=True, slots=True)
class _Person:
    """A person of the book, and the address and village of the household."""

    household_id: HouseholdId
    told: tuple[str, ...]
    place: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the book held before of the same registers."""

    households: Mapping[str, HouseholdId]
    persons: Mapping[str, _Person]
    dues: frozenset[tuple[bytes, str, str]]
    requests: frozenset[bytes]


def import_openimis(
    work: Work,
    *,
    folder: Path,
    numbers: NumberRule = ANY_NUMBER,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring in the registers of openIMIS from the CSV files of one export.

    What stands in the book already is left as it is, so that a second import changes nothing.

    Args:
        work: The work.
        folder: Where the files lie.
        numbers: How member numbers are made there, when known.
        progress: Told as the families are written.

    Raises:
        Refusal: a file or a column missing, not UTF-8; a plan of the book under a product's code.
        Trouble: when a file cannot be read.
        Cancelled: when the person asked for it; nothing was written.
    """
    progress = progress or Progress()
    progress.step(0, 0, Text(N_("Reading the files")))
    registers = read_registers(folder, currency=work.currency, today=work.today, numbers=numbers)
    count, left = _Count(), list(registers.left_out)
    known = _known(work)
    new = [family for family in registers.families if _household_of(known, family) is None]
    for family in registers.families:
        left += _changes(known, family)
    sections = _sections(work, registers.villages, count)
    versions = _plans(
        work, registers.products, _enrolled(registers.families, work.today), count, left
    )
    progress.step(0, 0, Text(N_("Bringing over providers and prices")))
    care = bring_in_care(
        work,
        care=registers.care,
        plans={
            one.code: Insured(versions[one.code][0].plan_id, one.name, one.first_day)
            for one in registers.products
        },
        left=left,
    )
    listed = bring_in_diagnoses(work, listed=registers.diagnoses)
    serials = {row.year: row.serial for row in work.rows(_SERIALS, letter=IMPORTED)}
    households: set[HouseholdId] = set()
    for done, family in enumerate(new):
        progress.step(done, len(new), Text(N_("Bringing over the families")))
        household_id = _register_living(work, family, sections[family.village], versions, count)
        households.add(household_id)
        asked = _entry_fee(family, versions[family.product], work.today)
        for policy in family.policies:
            _write_policy(work, household_id, policy, versions, serials, count, asked)
            asked = _Registration()
    for gone in registers.archived:
        if _household_of(known, gone) is None:
            _register_archived(work, gone, sections[gone.village], versions, count)
    claims, claim_lines = bring_in_claims(
        work, claims=registers.claims, left=left, progress=progress
    )
    progress.step(len(new), len(new), Text(N_("Booking the opening entry")))
    opening = _open_accounts(work, households, count)
    return ImportReport(
        count.sections,
        count.households,
        count.persons,
        count.plans,
        count.policies,
        count.receipts,
        opening,
        tuple(left),
        care,
        claims,
        claim_lines,
        count.archived,
        listed.added,
    )


# What is there already


def _known(work: Work) -> _Known:
    persons = {
        row.legacy_number: _Person(
            HouseholdId(row.household_id),
            (row.surname, row.given_names, row.sex, row.birth, row.relation),
            (row.address, row.legacy_code),
        )
        for row in work.rows(_PERSONS)
    }
    return _Known(
        {row.legacy_number: HouseholdId(row.id) for row in work.rows(_HOUSEHOLDS)},
        persons,
        frozenset((row.household_id, row.first_day, row.until) for row in work.rows(_DUES)),
        frozenset(row.request_id for row in work.rows(_REQUESTS, letter=IMPORTED)),
    )


def _household_of(known: _Known, family: Family | Archived) -> HouseholdId | None:
    """Return the household a family was registered as, by its head or by any of its persons."""
    found = known.households.get(family.head)
    numbers = [one.legacy_number for one in family.persons if one.legacy_number in known.persons]
    return known.persons[numbers[0]].household_id if numbers and found is None else found


def _changes(known: _Known, family: Family) -> Iterator[LeftOut]:
    """Yield what the files tell of a registered family and the book does not."""
    household_id = _household_of(known, family)
    if household_id is None:
        return
    for one in family.persons:
        person = known.persons.get(one.legacy_number)
        if person is None or person.told != _told(one):
            what = f"{one.surname} {one.given_names}"
            yield LeftOut("insurees.csv", one.legacy_number, Text(CHANGED), what)
    member = known.persons.get(family.head)
    if member is None or member.place != (family.address, family.village):
        yield LeftOut("families.csv", family.id, Text(CHANGED), family.head)
    for policy in family.policies:
        yield from _policy_changes(known, household_id, policy)


def _policy_changes(known: _Known, household_id: HouseholdId, policy: Policy) -> Iterator[LeftOut]:
    days = (household_id, policy.first_day.isoformat(), policy.until.isoformat())
    if days not in known.dues:
        yield LeftOut("policies.csv", policy.id, Text(CHANGED))
    for paid in policy.receipts:
        if request_of(paid) not in known.requests:
            yield LeftOut("contributions.csv", paid.premium_id, Text(CHANGED), paid.number)


def _told(one: NewPerson) -> tuple[str, ...]:
    names = (" ".join(one.surname.split()), " ".join(one.given_names.split()))
    return (*names, one.sex.value, one.birth.day.isoformat(), one.relation.value)


# Sections and plans


def _sections(work: Work, villages: Iterable[Village], count: _Count) -> dict[str, SectionId]:
    """Return the sections of the villages by code, adding those the book does not have."""
    found = section_by_legacy(work.connection)
    new = [village for village in villages if village.code not in found]
    taken = Counter(village.name for village in new)
    taken.update(section.name for section in sections_on(work.connection, work.today))
    for village in new:
        shared = taken[village.name] > 1
        found[village.code] = add_section(
            work,
            name=f"{village.name} ({village.municipality})" if shared else village.name,
            first_day=village.first_day,
            legacy_code=village.code,
        )
        count.sections += 1
    return found


def _enrolled(families: Iterable[Family], today: date) -> dict[str, date]:
    """Return the last day on which a family with policies joined, by product."""
    found: dict[str, date] = {}
    for family in families:
        if family.policies:
            joined_on = _joined_on(family, today)
            found[family.product] = max(found.get(family.product, joined_on), joined_on)
    return found


def _plans(
    work: Work,
    products: Iterable[Product],
    enrolled: Mapping[str, date],
    count: _Count,
    left: list[LeftOut],
) -> dict[str, Sequence[PlanVersion]]:
    """Return the versions of each product's plan, adding the plans the book does not have.

    Raises:
        Refusal: when the book has a plan of other rules under a product's code.
    """
    held: dict[str, Sequence[PlanVersion]] = {
        versions[0].code: versions for versions in plans(work.connection).values()
    }
    for product in products:
        since = enrolled.get(product.code, date.min) + timedelta(days=1)
        if ledger.is_closed(work, since):
            since = ledger.first_open_day(work)
        asked = product.versions(since)
        versions = held.get(product.code)
        if versions is None:
            plan_id = add_plan(work, code=product.code)
            held[product.code] = tuple(
                replace(one, plan_id=plan_id, id=version_plan(work, version=one))
                for one in (replace(one, plan_id=plan_id) for one in asked)
            )
            count.plans += 1
        elif any(_rules_of(version) != _rules_of(asked[0]) for version in versions):
            raise Refusal(
                Text(
                    N_("The book has another plan {code}. Bring the files over to a new book."),
                    {"code": product.code},
                ),
                field="folder",
            )
        elif all(_terms_of(version) != _terms_of(asked[-1]) for version in versions):
            left.append(LeftOut("products.csv", product.code, Text(CHANGED)))
    return held


def _rules_of(version: PlanVersion) -> tuple[object, ...]:
    """Return what decides the calendar: other rules would tell another history."""
    return (
        version.renewal,
        version.effect_rule,
        version.periodicity,
        version.period_months,
        version.due_day,
        version.min_first_periods,
    )


def _terms_of(version: PlanVersion) -> PlanVersion:
    """Return a version without what an import gives it: ids and the day it came."""
    return replace(version, id=PlanVersionId(b""), plan_id=PlanId(b""), first_day=date.min)


# Families and their receipts


def _joined_on(family: Family, today: date) -> date:
    days = [min(policy.enrolled_on, policy.first_day) for policy in family.policies]
    return min([*days, today])


@dataclass(frozen=True, slots=True)
class _Registration:
    """The entry fee in a policy's value, and what a discount took off its period and off the fee."""

    fee: int = 0
    discount: int = 0
    fees_discount: int = 0


def _entry_fee(family: Family, versions: Sequence[PlanVersion], today: date) -> _Registration:
    """Return the entry fee that is in the value of a family's first policy.

    Who comes by a later import than the plan's rules began with pays it by them.
    """
    plan = plan_on(versions, _joined_on(family, today))
    fee = plan.entry_fee * (len(family.persons) if plan.entry_fee_per is Per.PERSON else 1)
    first = family.policies[0] if family.policies else None
    if first is None or not first.held:
        return _Registration()
    if first.amount > fee:
        return _Registration(fee)
    return _at_a_discount(first.amount, fee, plan.early_discount)


def _at_a_discount(value: int, fee: int, rate: int) -> _Registration:
    """Return what of a value below the whole fee paid it: the discount of who came early took the rest.

    Nothing where the discount does not tell how the value can be so small.
    Source: openIMIS handbook 2.4, step 6; docs/decisions/0058.
    """
    whole = round_half_up(value * _WHOLE, _WHOLE - rate) if rate < _WHOLE else 0
    if value < 2 or whole <= fee + 1:
        return _Registration()
    paid = min(split(value, (fee, whole - fee))[0], value - 1)
    off = whole - fee - (value - paid)
    return _Registration(paid, off, fee - paid) if off > 0 else _Registration()


def _register_living(
    work: Work,
    family: Family,
    section_id: SectionId,
    versions: Mapping[str, Sequence[PlanVersion]],
    count: _Count,
) -> HouseholdId:
    registered = _register(work, family, section_id, versions, _joined_on(family, work.today))
    count.households += 1
    count.persons += len(registered.person_ids)
    return registered.household_id


def _register_archived(
    work: Work,
    family: Archived,
    section_id: SectionId,
    versions: Mapping[str, Sequence[PlanVersion]],
    count: _Count,
) -> None:
    """Write a household that is closed: nothing was paid, so nothing is owed or earned."""
    registered = _register(work, family, section_id, versions, family.joined_on)
    end_membership(
        work,
        household_id=registered.household_id,
        event=Event(EventKind.CLOSED, family.closed_on),
    )
    count.archived += 1


def _register(
    work: Work,
    family: Family | Archived,
    section_id: SectionId,
    versions: Mapping[str, Sequence[PlanVersion]],
    joined_on: date,
) -> Registered:
    return register_household(
        work,
        section_id=section_id,
        plan_id=versions[family.product][0].plan_id,
        persons=family.persons,
        joined_on=joined_on,
        address=family.address,
        legacy_number=family.head,
        # Ages and who is alike stand so in the register that is brought over.
        as_told=True,
        accepting=frozenset(f"alike:{at}" for at in range(len(family.persons))),
    )


def _write_policy(
    work: Work,
    household_id: HouseholdId,
    policy: Policy,
    versions: Mapping[str, Sequence[PlanVersion]],
    serials: dict[int, int],
    count: _Count,
    asked: _Registration,
) -> None:
    """Write a policy with its receipts; the entry fee in its value is paid first."""
    fee, amount = asked.fee, policy.amount - asked.fee
    called = Due(
        policy.first_day,
        policy.until,
        policy.first_day,
        amount,
        plan_on(versions[policy.product], policy.first_day).id,
        discount=asked.discount,
        fees_discount=asked.fees_discount,
    )
    called = replace(called, id=bring_in_due(work, household_id=household_id, due=called))
    count.policies += 1
    still_open = amount if policy.held else 0
    for paid in policy.receipts:
        entry = min(paid.amount, fee)
        fee -= entry
        part = min(paid.amount - entry, still_open)
        still_open -= part
        through = policy.until - timedelta(days=1) if part and not still_open else None
        serials[paid.paid_on.year] = serials.get(paid.paid_on.year, 0) + 1
        told = (
            Part(Target.ENTRY_FEE, entry),
            Part(Target.DUE, part, called),
            Part(Target.CREDIT, paid.amount - entry - part),
        )
        count.fees += entry
        bring_in_receipt(
            work,
            request_id=request_of(paid),
            household_id=household_id,
            number=paid.number,
            serial=serials[paid.paid_on.year],
            paid_on=paid.paid_on,
            means=paid.means,
            parts=tuple(one for one in told if one.amount),
            covered_through=through,
        )
        count.receipts += 1
        count.by_box[BOX_OF[paid.means]] += paid.amount


def request_of(paid: Paid) -> RequestId:
    """Return the request id of a receipt: the same in every import of the same registers."""
    told = f"openimis|{paid.premium_id}|{paid.number}|{paid.policy_id}"
    return RequestId(hashlib.sha256(told.encode()).digest()[:16])


# The opening entry


def _open_accounts(work: Work, households: set[HouseholdId], count: _Count) -> Money:
    """Book what the receipts brought in; return the sum.

    Entry fees, and the cover given before the first open month, were earned before the book: it is a surplus
    brought forward, and an earning row of the month before keeps it from being earned again.
    The rest is owed as cover, and the earning runs of the open months turn it into income.
    """
    total = sum(count.by_box.values())
    if not total:
        return Money(0, work.currency)
    day = ledger.booking_day(work, work.today)
    before = min(first_open(work.connection, day), Month.of(day)).plus(-1)
    facts = all_facts(work.connection)
    given = count.fees
    for household_id in sorted(households):
        earned = earned_to_date(facts[household_id], before.last)
        for first_day, (share, _) in sorted(earned.items()):
            given += share
            bring_in_earned(
                work,
                household_id=household_id,
                month=before,
                due_first_day=first_day,
                amount=share,
            )
    owed = {"contrib_advance": given - total, "retained_plus": -given}
    ledger.post(work, posting.opening(balances={**count.by_box, **owed}), day=day)
    return Money(total, work.currency)
