"""Every pattern in a scheme where it was planted by what people do, beside what only looks like it.

Nothing here knows how a check reckons: clerks register, type in, issue, count and hand over. Each
planted case is named by the pattern, the check and whom it is about; whatever else is found is a
false alarm. With `-v` the table is printed. Source: domain handbook 2.16; advice handbook 2.8,
scoring on the truth table.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count as numbers
from typing import Any

import pytest

from stepdesk.benefits.service import add_service
from stepdesk.benefits.terms import Category
from stepdesk.claims.service import decide_claim, enter_claim, open_batch, override_claim
from stepdesk.claims.terms import Override, OverrideEffect
from stepdesk.contributions.service import hand_over_cash, issue_booklet, receive_booklets
from stepdesk.contributions.terms import Leaf, Stationery
from stepdesk.control import queries, rules
from stepdesk.control.rules import PATTERN_OF
from stepdesk.control.service import name_staff_person
from stepdesk.control.terms import LEVELS, Check, Finding, Pattern
from stepdesk.countries import country
from stepdesk.members.service import (
    correct_household,
    record_death,
    record_joining,
    record_leaving,
    register_household,
)
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Visit
from stepdesk.values.ids import BatchId, ClaimId, HouseholdId, PersonId, ProviderId, StaffId
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_request, a_section
from tests.claims.kit import Care, a_care, a_provider, certificate
from tests.claims.letter_kit import a_letter
from tests.control.test_service import miscounted
from tests.ledger.kit import francs

CENTRES, VISITS = 8, 24
DEARER, DEAR_DRUGS, IN_HOSPITAL, ON_SUNDAYS, ONE_SUNDAY = 3, 4, 5, 6, 7
"""Which centres are not like the others."""

OF_CENTRES = frozenset(
    {
        Check.MANY_ACTS,
        Check.ROUND_AMOUNTS,
        Check.MANY_VISITS,
        Check.LABORATORY,
        Check.REPEATED,
        Check.DRIFT,
        Check.DIGITS,
    }
)
"""What only many certificates of centres show: planted apart, each in centres that are alike but for it."""

ODD = 7
"""The centre that is not like the others, where there is only one."""


_villages = numbers(1)


@dataclass
class Scheme:
    """A scheme of 2024, what was planted in it, and what only looks like it."""

    desk: Desk
    clock: SetClock
    care: Care
    places: list[ProviderId] = field(default_factory=list)
    people: Iterator[tuple[PersonId, HouseholdId]] = field(default_factory=lambda: iter(()))
    planted: set[tuple[Check, bytes | None]] = field(default_factory=set)
    innocent: set[tuple[Check, bytes | None]] = field(default_factory=set)
    papers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    names: dict[int, tuple[Check, bool]] = field(default_factory=dict)
    joined: list[tuple[Registered, int]] = field(default_factory=list)
    behind: list[tuple[Registered, date]] = field(default_factory=list)
    late: list[tuple[Registered, date, bool]] = field(default_factory=list)
    decided: dict[int, ReasonCode | None] = field(default_factory=dict)

    def plant(self, check: Check, whom: bytes | None) -> None:
        self.planted.add((check, whom))

    def looks_like(self, check: Check, whom: bytes | None) -> None:
        self.innocent.add((check, whom))

    def collector(self, name: str) -> StaffId:
        return self.desk.do(add_person, name=name, role=Role.COLLECTOR, password=SECOND)

    def column(self, statement: str, *values: object) -> list[bytes]:
        with self.desk.read() as connection:
            return list(connection.exec_driver_sql(statement, values).scalars())

    def somebody(self) -> PersonId:
        return next(self.people)[0]

    def visit(
        self,
        who: PersonId,
        day: date,
        *codes: str,
        at: int = 0,
        check: Check | None = None,
        harmless: bool = False,
        decided: bool = False,
        refused: ReasonCode | None = None,
        **told: Any,
    ) -> None:
        """A certificate to type in; with a check the claim itself is what is planted, or looks so.

        With `decided` it is decided too, with `refused` it is then refused for that reason.
        """
        if check is not None:
            self.names[len(self.papers)] = (check, harmless)
        if decided or refused is not None:
            self.decided[len(self.papers)] = refused
        lines = told.pop("lines", tuple(self.care.line(code) for code in codes or ("C", "A")))
        self.papers.append((at, {"person_id": who, "day": day, "lines": lines, **told}))

    def type_in(self) -> None:
        """All certificates are typed in at the end, invoice by invoice, as clerks do.

        What is decided came in time, in an invoice of its own: late ones are refused for that alone.
        """
        batches = {at: self._batch(one) for at, one in enumerate(self.places)}
        for number in self.decided:
            at, told = self.papers[number]
            batches[number + CENTRES] = self._batch(self.places[at], told["day"])
        to_decide: dict[ClaimId, ReasonCode | None] = {}
        with self.desk.work("enter_claims") as work:
            for number, (at, told) in enumerate(self.papers):
                lines = told.pop("lines")
                last = told["day"] + timedelta(days=told.pop("nights", 0))
                paper = certificate(self.desk, self.care, *lines, last_day=last, **told)
                batch_id = batches[number + CENTRES if number in self.decided else at]
                claim_id = enter_claim(
                    work, request_id=a_request(), batch_id=batch_id, certificate=paper
                )
                if number in self.names:
                    check, harmless = self.names[number]
                    (self.innocent if harmless else self.planted).add((check, claim_id))
                if number in self.decided:
                    to_decide[claim_id] = self.decided[number]
        for claim_id, code in to_decide.items():
            self._decide(claim_id, code)

    def _decide(self, claim_id: ClaimId, refused: ReasonCode | None) -> None:
        self.desk.do(decide_claim, claim_id=claim_id)
        if refused is None:
            return
        with self.desk.work("override_claim") as work:
            work.second(self.desk.colleagues()[1].id, SECOND)
            override_claim(
                work,
                claim_id=claim_id,
                overrides=(Override(refused, OverrideEffect.REFUSES),),
                reason="the officer looked at it again",
                accepting=frozenset({"nobody_may_decide"}),
            )

    def _batch(self, provider_id: ProviderId, day: date | None = None) -> BatchId:
        return self.desk.do(
            open_batch,
            request_id=a_request(),
            provider_id=provider_id,
            month=Month.of(day or self.desk.today),
            received_on=None if day is None else day + timedelta(days=20),
        )


def working_days(first: date, count: int) -> list[date]:
    days = [first + timedelta(days=at) for at in range(2 * count + 7)]
    return [one for one in days if one.isoweekday() != 7][:count]


def a_scheme(desk: Desk, clock: SetClock, *, centres: int = CENTRES, families: int = 74) -> Scheme:
    """Some centres, families of four who joined in January and are ill from March on.

    Paracetamol is paid for children of up to five years.
    """
    care = a_care(desk, size=10, rules={"DEL": {}, "P": {"age_max": 5}})
    scheme = Scheme(desk, clock, care, [care.provider_id])
    for at in range(1, centres):
        scheme.places.append(a_provider(desk, care.services, code=f"CS{at}")[0])
    homes = [a_household(desk, 4, plan_id=care.plan_id) for _ in range(families)]
    scheme.people = iter(
        [(person, one.household_id) for one in homes for person in one.person_ids]
    )
    return scheme


def usual_care(scheme: Scheme) -> None:
    """Two dozen visits a centre, one in six in hospital. Three centres are not like the others."""
    line = scheme.care.line
    for at in range(CENTRES):
        days = working_days(date(2024, 3, 1) + timedelta(days=at), VISITS)
        for number, day in enumerate(days):
            lines = [line("C"), line("A", 3 if at == DEAR_DRUGS else 1)]
            if number % (2 if at == IN_HOSPITAL else 6) == 0:
                lines.append(line("ROOM"))
            closed = (at == ON_SUNDAYS and number % 2 == 1) or (at == ONE_SUNDAY and number == 3)
            on = day + timedelta(days=7 - day.isoweekday()) if closed else day
            scheme.visit(scheme.somebody(), on, at=at, lines=tuple(lines))
    scheme.plant(Check.EXPENSIVE, scheme.places[IN_HOSPITAL])
    scheme.plant(Check.DRUGS, scheme.places[DEAR_DRUGS])
    scheme.plant(Check.CLOSED_DAYS, scheme.places[ON_SUNDAYS])
    scheme.looks_like(Check.CLOSED_DAYS, scheme.places[ONE_SUNDAY])


def cards_and_bills(scheme: Scheme) -> None:
    """F-01 to F-03, F-05: certificates that cannot be, beside those that can."""
    who, day = scheme.somebody, date(2024, 5, 14)
    lent, sent = who(), who()
    scheme.visit(lent, day, at=0)
    scheme.visit(lent, day, at=1, check=Check.TWO_PROVIDERS)
    scheme.visit(sent, day, at=0)
    scheme.visit(sent, day, at=1, visit=Visit.REFERRAL, check=Check.TWO_PROVIDERS, harmless=True)
    billed, came_back = who(), who()
    scheme.visit(billed, day, at=2)
    scheme.visit(billed, day, at=2, check=Check.BILLED_TWICE)
    scheme.visit(came_back, day, at=2)
    week = day + timedelta(days=7)
    scheme.visit(came_back, week, at=2, check=Check.BILLED_TWICE, harmless=True)
    mother = scheme.care.home.person_ids[0]
    # Her first is 34 days after she joined, too.
    scheme.visit(mother, date(2024, 2, 5), "DEL", at=0)
    scheme.plant(Check.EARLY_DELIVERY, mother)
    scheme.visit(mother, date(2024, 6, 5), "DEL", at=0, check=Check.TWO_DELIVERIES)
    pieces, twice = who(), who()
    for at in range(4):
        scheme.visit(
            pieces,
            date(2024, 5, 20) + timedelta(days=at),
            at=3,
            lines=(scheme.care.line("C", price=500 + 90 * at),),
        )
    scheme.plant(Check.SPLIT, pieces)
    for at in range(2):
        scheme.visit(
            twice,
            date(2024, 5, 20) + timedelta(days=at),
            at=3,
            lines=(scheme.care.line("C", price=500 + 90 * at),),
        )
    scheme.looks_like(Check.SPLIT, twice)


def births_and_beds(scheme: Scheme) -> None:
    """F-03: a delivery of a man, care elsewhere while in a hospital bed."""
    day = date(2024, 5, 14)
    man, girl = scheme.care.home.person_ids[1], scheme.somebody()
    scheme.visit(man, day, "DEL", at=0, check=Check.IMPOSSIBLE)
    scheme.visit(girl, day, "C", at=0, check=Check.IMPOSSIBLE, harmless=True)
    elsewhere, apart = scheme.somebody(), scheme.somebody()
    scheme.visit(elsewhere, day, "ROOM", at=1, nights=4, check=Check.TWO_BEDS)
    scheme.visit(elsewhere, day + timedelta(days=2), at=2)
    scheme.visit(apart, day, "ROOM", at=1, nights=3, check=Check.TWO_BEDS, harmless=True)
    scheme.visit(apart, day + timedelta(days=3), at=2)


def who_came(scheme: Scheme) -> None:
    """F-01: medicine for children of up to five years; who came is not who is registered.

    Born on 7 April: Bara is six on 14 May 2024 and does not fit by age (RB09), Ami is five. Of
    their mother, and of a woman who gives birth, the officer says that somebody else came (RA10);
    of a third woman only that a programme gives the medicine (RB10).
    """
    family = a_family(
        scheme,
        ("Sene", "Mariama", Sex.FEMALE, 1988, Relation.SELF),
        ("Sene", "Ami", Sex.FEMALE, 2019, Relation.CHILD),
        ("Sene", "Bara", Sex.MALE, 2018, Relation.CHILD),
    )
    a_payment(scheme.desk, family, 13_600, accepting=frozenset({"much"}))
    mother, ami, bara = family.person_ids
    day = date(2024, 5, 14)
    for who, harmless in ((bara, False), (ami, True)):
        scheme.visit(who, day, "P", at=6, check=Check.IDENTITY, harmless=harmless, decided=True)
    scheme.visit(mother, day, at=6, check=Check.IDENTITY, refused=ReasonCode.RA10)
    birth = a_household(scheme.desk, 1, plan_id=scheme.care.plan_id)
    a_payment(scheme.desk, birth, 5200, accepting=frozenset({"much"}))
    scheme.visit(
        birth.person_ids[0],
        date(2024, 11, 14),  # after the months to wait for a birth
        "DEL",
        at=6,
        check=Check.IDENTITY,
        refused=ReasonCode.RA10,
    )
    other = a_household(scheme.desk, 1, plan_id=scheme.care.plan_id)
    a_payment(scheme.desk, other, 5200, accepting=frozenset({"much"}))
    scheme.visit(
        other.person_ids[0],
        day,
        at=6,
        check=Check.IDENTITY,
        harmless=True,
        refused=ReasonCode.RB10,
    )


def suspended(scheme: Scheme) -> None:
    """F-03: paid from January to June; July is due on the 5th, with 30 days of grace.

    So 4 August is still covered and 5 August is not: rights vectors 3 and 4 of the domain
    handbook (Y.2). 1,000 to enter and six months of 350.
    """
    for day, harmless in ((date(2024, 8, 5), False), (date(2024, 8, 4), True)):
        home = a_household(scheme.desk, 1, plan_id=scheme.care.plan_id)
        a_payment(scheme.desk, home, 3100, accepting=frozenset({"much"}))
        scheme.visit(
            home.person_ids[0],
            day,
            at=2,
            visit=Visit.EMERGENCY,  # one of the two days is a Sunday
            check=Check.SUSPENDED,
            harmless=harmless,
            decided=True,
        )


def often_ill(scheme: Scheme) -> None:
    """F-01: one person comes every twelve days the whole year, another twice."""
    weak, well = scheme.somebody(), scheme.somebody()
    for at in range(22):
        scheme.visit(weak, date(2024, 2, 1) + timedelta(days=12 * at), at=0)
    for at in range(2):
        scheme.visit(well, date(2024, 2, 1) + timedelta(days=12 * at), at=0)
    scheme.plant(Check.OFTEN, weak)
    scheme.looks_like(Check.OFTEN, well)


def strange_leaves(scheme: Scheme) -> None:
    """F-03: a centre was given booklet 147; a certificate of 148 comes from it."""
    (booklet,) = scheme.desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=147)
    scheme.desk.do(issue_booklet, booklet_id=booklet, provider_id=scheme.places[7])
    day = date(2024, 5, 6)
    for leaf, harmless in (("0148-01", False), ("0147-01", True)):
        scheme.visit(
            scheme.somebody(), day, at=7, certificate=leaf, check=Check.LEAF, harmless=harmless
        )


def deaths(scheme: Scheme) -> None:
    dead, died = scheme.care.home.person_ids[8], scheme.care.home.person_ids[9]
    for one in (dead, died):
        scheme.desk.do(record_death, person_id=one, on=date(2024, 6, 10))
    scheme.visit(dead, date(2024, 6, 12), at=1, check=Check.AFTER_DEATH)
    scheme.visit(died, date(2024, 6, 9), at=1, check=Check.AFTER_DEATH, harmless=True)


def leaving(scheme: Scheme) -> None:
    """F-03: two leave their household on 10 June, which is no longer covered; one is treated then."""
    gone, left = scheme.care.home.person_ids[6], scheme.care.home.person_ids[7]
    for one in (gone, left):
        scheme.desk.do(
            record_leaving, person_id=one, on=date(2024, 6, 10), reason="moved to Thiès"
        )
    scheme.visit(gone, date(2024, 6, 10), at=3, check=Check.AFTER_EXIT)
    scheme.visit(left, date(2024, 6, 8), at=3, check=Check.AFTER_EXIT, harmless=True)


def a_family(
    scheme: Scheme, *members: tuple[str, str, Sex, int, Relation], **told: Any
) -> Registered:
    """A household of named people: surname, given name, sex, year of birth, relation."""
    return scheme.desk.do(
        register_household,
        section_id=a_section(scheme.desk, f"Village {next(_villages)}"),
        plan_id=scheme.care.plan_id,
        persons=[
            NewPerson(surname, given, sex, Birth(date(year, 4, 7), BirthKnown.DAY), relation)
            for surname, given, sex, year, relation in members
        ],
        accepting=frozenset({"alike:0", "completeness"}),
        **told,
    )


def families(scheme: Scheme) -> None:
    """F-07 to F-09: who joins, who is covered, who is added, who is entered twice."""
    woman, one = Sex.FEMALE, Relation.SELF
    ill = a_family(scheme, ("Badji", "Yande", woman, 1981, one))
    well = a_family(scheme, ("Coly", "Binta", woman, 1982, one))
    born = a_family(scheme, ("Mane", "Odile", woman, 1992, one))
    today = scheme.desk.today
    scheme.visit(ill.person_ids[0], today + timedelta(days=10), at=0)
    scheme.visit(well.person_ids[0], today + timedelta(days=60), at=0)
    scheme.visit(born.person_ids[0], today + timedelta(days=100), "DEL", at=0)
    scheme.plant(Check.EARLY_CARE, ill.person_ids[0])
    scheme.looks_like(Check.EARLY_CARE, well.person_ids[0])
    scheme.plant(Check.EARLY_DELIVERY, born.person_ids[0])
    part = a_family(scheme, ("Sagna", "Ernest", Sex.MALE, 1950, one), declared_size=10)
    whole = a_family(scheme, ("Diatta", "Ignace", Sex.MALE, 1950, one), declared_size=1)
    scheme.plant(Check.PART_OF_FAMILY, part.household_id)
    scheme.looks_like(Check.PART_OF_FAMILY, whole.household_id)
    registered = a_family(scheme, ("Thiam", "Khady", woman, 1985, one))
    again = a_family(scheme, ("Tiam", "Kadi", woman, 1985, one))
    namesake = a_family(scheme, ("Thiam", "Khady", woman, 1990, one))
    scheme.plant(Check.TWO_HOUSEHOLDS, again.person_ids[0])
    scheme.looks_like(Check.TWO_HOUSEHOLDS, namesake.person_ids[0])
    scheme.looks_like(Check.TWO_HOUSEHOLDS, registered.person_ids[0])


def added(scheme: Scheme) -> None:
    """Five join a family at once and are all ill within weeks; of another family three are."""
    for count, planted in ((5, True), (3, False)):
        home = a_household(scheme.desk, 2, plan_id=scheme.care.plan_id)
        scheme.joined.append((home, count))
        (scheme.plant if planted else scheme.looks_like)(Check.ADDED_DEPENDANTS, home.household_id)


def they_join(scheme: Scheme) -> None:
    """Weeks after the family."""
    for home, count in scheme.joined:
        for at in range(count):
            scheme.desk.do(
                record_joining,
                household_id=home.household_id,
                person=NewPerson(
                    f"Gomis {count}{at}",
                    ("Aline", "Bruno", "Cecile", "Denis", "Elise")[at],
                    Sex.FEMALE,
                    Birth(date(2012 + at, 1 + at, 5 + count), BirthKnown.DAY),
                    Relation.CHILD,
                ),
                on=scheme.desk.today,
                accepting=frozenset({"alike:0"}),
            )
        newcomers = scheme.column(
            "SELECT person_id FROM cover WHERE household_id = ? ORDER BY suffix DESC LIMIT ?",
            home.household_id,
            count,
        )
        for at, person in enumerate(newcomers):
            day = scheme.desk.today + timedelta(days=9 + at)
            scheme.visit(PersonId(person), day, at=at % 3)
            # Within a month of joining, whatever it is besides.
            scheme.plant(Check.EARLY_CARE, person)


def costs_that_drift(scheme: Scheme) -> None:
    """F-16: a centre's bills are treble in December; a steady one has as many."""
    for at, price in ((DEARER, 1800), (0, 600)):
        for month in range(6, 12):
            for number in range(2):
                line = scheme.care.line("C", price=600 + number)
                scheme.visit(
                    scheme.somebody(), date(2024, month, 20 + number), at=at, lines=(line,)
                )
        for number in range(VISITS):
            line = scheme.care.line("C", price=price + number % 2)
            scheme.visit(scheme.somebody(), date(2024, 12, 2 + number // 2), at=at, lines=(line,))
    scheme.plant(Check.MONTH_MEAN, scheme.places[DEARER])
    scheme.looks_like(Check.MONTH_MEAN, scheme.places[0])


def letters(scheme: Scheme) -> None:
    """F-13: five by day, five at ten in the evening by one person to one centre."""
    for at in range(5):
        a_letter(scheme.desk, scheme.care, "SURG", at=at)
    scheme.clock.set(date(2024, 1, 11), hour=22)
    for at in range(5):
        a_letter(scheme.desk, scheme.care, "MED", at=at)
    scheme.plant(Check.LETTERS, scheme.desk.person.staff_id)


def booklets(scheme: Scheme) -> None:
    """F-10: one collector passes two leaves over, another does not."""
    told = ((12, (1, 4), "Coumba"), (13, (1, 2), "Dado"))
    for serial, leaves, name in told:
        collector = scheme.collector(name)
        (booklet,) = scheme.desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=serial)
        scheme.desk.do(issue_booklet, booklet_id=booklet, collector_id=collector)
        home = a_household(scheme.desk, 1, plan_id=scheme.care.plan_id)
        for number in leaves:
            a_payment(
                scheme.desk,
                home,
                1350,
                collector_id=collector,
                leaf=Leaf(booklet, number),
                accepting=frozenset({"gap", "leaf_gap", "skipped", "much"}),
            )
        hand_over(scheme, collector, 2700)
        check = scheme.looks_like if leaves == (1, 2) else scheme.plant
        check(Check.MISSING_LEAF, booklet)


def out_of_order(scheme: Scheme) -> None:
    """F-10, F-11: leaf 2 bears the day before that of leaf 1, or the same; 100 of 2,700 is missing.

    The missing 100 comes two days later, so no cash is kept for long.
    """
    for serial, back, name in ((14, 1, "Gnima"), (15, 0, "Habib")):
        collector = scheme.collector(name)
        scheme.clock.set(date(2024, 1, 15))
        (booklet,) = scheme.desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=serial)
        scheme.desk.do(issue_booklet, booklet_id=booklet, collector_id=collector)
        homes = [a_household(scheme.desk, 1, plan_id=scheme.care.plan_id) for _ in range(2)]
        scheme.clock.set(date(2024, 1, 18))
        for home, number, day in zip(homes, (1, 2), (18, 18 - back), strict=True):
            a_payment(
                scheme.desk,
                home,
                1350,
                collector_id=collector,
                leaf=Leaf(booklet, number),
                paid_on=date(2024, 1, day),
            )
        hand_over(scheme, collector, 2700 - 100 * back)
        if back:
            scheme.clock.set(date(2024, 1, 20))
            hand_over(scheme, collector, 100)
        check = scheme.plant if back else scheme.looks_like
        check(Check.OUT_OF_ORDER, booklet)
        check(Check.SHORT_HAND_OVER, collector)


def one_leaf(scheme: Scheme) -> None:
    """F-10: two certificates of two centres on one leaf; on the next leaf there is one.

    Two receipts on one leaf are refused while they are typed in, and so are two certificates of
    one centre: only this is left to be found.
    """
    day = date(2024, 5, 7)
    for serial, leaves, check in ((160, (1, 1), scheme.plant), (161, (1, 2), scheme.looks_like)):
        (booklet,) = scheme.desk.do(
            receive_booklets, kind=Stationery.CERTIFICATE, first_serial=serial
        )
        scheme.desk.do(issue_booklet, booklet_id=booklet, provider_id=scheme.places[4])
        for at, leaf in zip((4, 5), leaves, strict=True):
            scheme.visit(scheme.somebody(), day, at=at, certificate=f"0{serial}-0{leaf}")
        check(Check.LEAF_TWICE, booklet)


def hand_over(scheme: Scheme, collector: StaffId, amount: int) -> None:
    with scheme.desk.work("hand_over_cash") as work:
        work.second(collector, SECOND)
        hand_over_cash(work, request_id=a_request(), collector_id=collector, amount=francs(amount))


def collectors(scheme: Scheme) -> None:
    """F-10, F-11: cash typed in a month late and never handed over; the same in time."""
    homes = [a_household(scheme.desk, 1, plan_id=scheme.care.plan_id) for _ in range(6)]
    late, prompt = scheme.collector("Elimane"), scheme.collector("Fatim")
    scheme.clock.set(date(2024, 2, 2))
    for at in range(3):
        a_payment(
            scheme.desk, homes[3 + at], 1350, collector_id=prompt, paid_on=date(2024, 1, 24 + at)
        )
    hand_over(scheme, prompt, 4050)
    scheme.clock.set(date(2024, 2, 20))
    for at in range(3):
        a_payment(scheme.desk, homes[at], 1350, collector_id=late, paid_on=date(2024, 1, 20 + at))
    for check in (Check.LATE_POSTING, Check.LATE_HAND_OVER):
        scheme.plant(check, late)
        scheme.looks_like(check, prompt)


def arrears(scheme: Scheme) -> None:
    """F-12: two families pay what is behind in March, one on the day somebody is treated."""
    for day, harmless in ((date(2024, 3, 20), False), (date(2024, 1, 20), True)):
        home = a_household(scheme.desk, 1, plan_id=scheme.care.plan_id)
        scheme.behind.append((home, day))
        check = None if harmless else Check.BACK_DATED
        scheme.visit(home.person_ids[0], day, at=0, check=check)
        if harmless:
            scheme.plant(Check.EARLY_CARE, home.person_ids[0])  # on the tenth day
        a_payment(scheme.desk, home, 1350)


def counts(scheme: Scheme) -> None:
    """F-14: three counts of the second quarter do not agree, two of the third."""
    for at in (3, 4, 5):
        miscounted(scheme.desk, scheme.clock, date(2024, 4, at), {5: at})
    for at in (3, 4):
        miscounted(scheme.desk, scheme.clock, date(2024, 7, at), {5: at})
    scheme.plant(Check.COUNTS, None)


def own_household(scheme: Scheme) -> None:
    """F-15: the claims officer's own household has a certificate, a colleague's has one too."""
    own, other = (a_household(scheme.desk, 1, plan_id=scheme.care.plan_id) for _ in range(2))
    awa, bintou = scheme.desk.person.staff_id, scheme.desk.colleagues()[1].id
    for staff, home in ((awa, own), (bintou, other)):
        scheme.desk.do(name_staff_person, staff_id=staff, person_id=home.person_ids[0])
    scheme.visit(own.person_ids[0], date(2024, 5, 2), at=1, check=Check.OWN_HOUSEHOLD)
    scheme.visit(
        other.person_ids[0], date(2024, 5, 2), at=1, check=Check.OWN_HOUSEHOLD, harmless=True
    )


def live(scheme: Scheme) -> None:
    """What happened in 2024, in its order."""
    usual_care(scheme)
    costs_that_drift(scheme)
    cards_and_bills(scheme)
    births_and_beds(scheme)
    who_came(scheme)
    suspended(scheme)
    often_ill(scheme)
    own_household(scheme)
    arrears(scheme)
    added(scheme)
    letters(scheme)
    scheme.clock.set(date(2024, 1, 15))
    booklets(scheme)
    strange_leaves(scheme)
    one_leaf(scheme)
    out_of_order(scheme)
    collectors(scheme)
    scheme.clock.set(date(2024, 3, 20))
    a_payment(scheme.desk, scheme.behind[0][0], 700)
    counts(scheme)
    scheme.clock.set(date(2024, 7, 8))
    families(scheme)
    deaths(scheme)
    leaving(scheme)
    they_join(scheme)
    scheme.clock.set(date(2024, 12, 20))
    scheme.type_in()


@dataclass(frozen=True)
class Score:
    """How one check did: `innocent` cases only look like it."""

    check: Check
    found: int
    missed: int
    alarms: int
    innocent: int

    @property
    def told(self) -> str:
        precision = self.found / (self.found + self.alarms) if self.found + self.alarms else 1
        recall = self.found / (self.found + self.missed) if self.found + self.missed else 1
        return (
            f"{PATTERN_OF[self.check].value}  {self.check.value:<17} {self.found:>5}"
            f" {self.missed:>6} {self.alarms:>6} {self.innocent:>8}   {precision:.2f}   {recall:.2f}"
        )


_HEADS = "\ncheck                   found missed alarms innocent precision recall"


def scores(scheme: Scheme, found: list[Finding]) -> list[Score]:
    seen = Counter((one.check, one.subject.id) for one in found)
    told = []
    for check in Check:
        planted = {one for one in scheme.planted if one[0] is check}
        named = {one for one in seen if one[0] is check}
        told.append(
            Score(
                check,
                len(planted & named),
                len(planted - named),
                sum(count for one, count in seen.items() if one in named - planted)
                + sum(seen[one] - 1 for one in planted & named),
                sum(one[0] is check for one in scheme.innocent),
            )
        )
    return told


def test_what_was_planted_is_found_and_what_looks_like_it_is_not(
    two_people_desk: Desk,
    clock: SetClock,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    """Recall 1.0 on all that was planted, and something of every pattern was.

    No false alarm of what is raised: each would be a person or a colleague looked at for nothing,
    and the usual care here is made of nothing but plain visits. Of statistics, which name nobody,
    one in a hundred persons: some are ill soon after joining by chance.
    """
    scheme = a_scheme(two_people_desk, clock)
    live(scheme)
    limits = rules.thresholds_on(country("SN"), scheme.desk.today)
    facts = scheme.desk.ask(queries.facts_of, Month(2024, 12), scheme.desk.today)
    found = list(rules.look(facts, limits))
    table = scores(scheme, found)
    with capsys.disabled() if pytestconfig.getoption("verbose") > 0 else nullcontext():
        sys.stdout.write("\n".join((_HEADS, *(one.told for one in table), "")))
    assert {PATTERN_OF[check] for check, _ in scheme.planted} == set(Pattern)
    assert {check for check, _ in scheme.planted} == set(Check) - OF_CENTRES
    assert [one for one in table if one.missed] == []
    grave = [one for one in table if one.alarms and LEVELS[PATTERN_OF[one.check]] > 1]
    assert grave == []
    assert sum(one.alarms for one in table) <= len(facts.persons) // 100
    innocent = {(one.check, one.subject.id) for one in found} & scheme.innocent
    assert innocent == set()


# Centres that are alike but for one thing. What is expected of each is reckoned by hand beside it.


def found_in(scheme: Scheme) -> set[tuple[Check, bytes | None]]:
    """Type all in on the last days of 2024, and return what is found but for statistics of people."""
    scheme.clock.set(date(2024, 12, 31))
    scheme.type_in()
    limits = rules.thresholds_on(country("SN"), scheme.desk.today)
    facts = scheme.desk.ask(queries.facts_of, Month(2024, 12), scheme.desk.today)
    found = rules.look(facts, limits)
    assert len({rules.fingerprint(one) for one in found}) == len(found)
    return {(one.check, one.subject.id) for one in found if one.check is not Check.EARLY_CARE}


def test_more_than_sixty_consultations_a_day_are_more_than_one_gives(
    two_people_desk: Desk, clock: SetClock
) -> None:
    """F-04: `max_day` is 60 (Senegal's pack): 61 on one day are more, 60 are not."""
    scheme = a_scheme(two_people_desk, clock, centres=3, families=46)
    for at, count in enumerate((61, 60, 60)):
        for number in range(count):
            # At the third centre the 60 and one more lie on two days.
            day = date(2024, 5, 14 + (at == 2 and number == 0))
            scheme.visit(scheme.somebody(), day, "C", at=at)
    scheme.visit(scheme.somebody(), date(2024, 5, 15), "C", at=2)
    assert found_in(scheme) == {(Check.MANY_ACTS, scheme.places[0])}


def test_prices_nobody_fixed_are_round_more_often_than_in_six_of_ten(
    two_people_desk: Desk, clock: SetClock
) -> None:
    """F-04: 16 of 25 round amounts are 64 %, 15 of 25 are 60 %; a price that is fixed is none."""
    scheme = a_scheme(two_people_desk, clock, centres=3, families=20)
    for at, count in enumerate((16, 15)):
        for number, day in enumerate(working_days(date(2024, 5, 2), 25)):
            price = 1000 * (number + 1) - (0 if number < count else 130)
            line = scheme.care.line("A", price=price)
            scheme.visit(scheme.somebody(), day, at=at, lines=(line,))
    for day in working_days(date(2024, 5, 2), 25):
        line = scheme.care.line("A", price=1000)
        scheme.visit(scheme.somebody(), day, at=2, lines=(line,))
    assert found_in(scheme) == {(Check.ROUND_AMOUNTS, scheme.places[0])}


@pytest.mark.parametrize(("odd", "outside"), [(13, True), (12, False)])
def test_more_laboratory_tests_than_chance_allows(
    two_people_desk: Desk, clock: SetClock, odd: int, *, outside: bool
) -> None:
    """F-05: eight centres of 24 visits; at seven 3 come with a test, at one 13 or 12.

    Of 21 + 13 = 34 each eighth expects 4.25; a Poisson of 4.25 reaches 13 by a chance of .00048,
    below the .001 above the limit of 99.8 %. Of 33 it is 4.125, which reaches 12 by .00118. All
    others are alike, so the dispersion is 1.
    """
    scheme = a_scheme(two_people_desk, clock, families=50)
    scheme.care.services["LAB"] = two_people_desk.do(
        add_service, code="LAB", name="Blood count", category=Category.LAB
    )
    for at in range(CENTRES):
        tests = odd if at == ODD else 3
        for number, day in enumerate(working_days(date(2024, 5, 2), 24)):
            codes = ("C", "LAB") if number < tests else ("C",)
            scheme.visit(scheme.somebody(), day, *codes, at=at)
    assert found_in(scheme) == ({(Check.LABORATORY, scheme.places[ODD])} if outside else set())


@pytest.mark.parametrize(
    ("odd", "apart", "outside"), [(11, 7, True), (10, 7, False), (11, 8, False)]
)
def test_patients_come_back_oftener_than_chance_allows(
    two_people_desk: Desk, clock: SetClock, odd: int, apart: int, *, outside: bool
) -> None:
    """F-05: eight centres of 24 visits; at seven 2 come back after a week, at one 11 or 10.

    Of 14 + 11 = 25 each eighth expects 3.125; a Poisson of 3.125 reaches 11 by a chance of .00041.
    Of 24 it is 3, which reaches 10 by .0011, more than .001. After eight days it is no coming back.
    """
    scheme = a_scheme(two_people_desk, clock, families=48)
    for at in range(CENTRES):
        again, days = (odd, apart) if at == ODD else (2, 7)
        for number, day in enumerate(working_days(date(2024, 5, 2), 24 - again)):
            who = scheme.somebody()
            scheme.visit(who, day, "C", at=at)
            if number < again:
                line = scheme.care.line("C", price=700)
                # One in eight days of the year is a Sunday's; what is urgent is never planned.
                scheme.visit(
                    who,
                    day + timedelta(days=days),
                    at=at,
                    lines=(line,),
                    visit=Visit.EMERGENCY,
                )
    assert found_in(scheme) == ({(Check.REPEATED, scheme.places[ODD])} if outside else set())


@pytest.mark.parametrize(("odd", "outside"), [(39, True), (38, False)])
def test_who_belongs_to_a_centre_comes_oftener_than_chance_allows(
    two_people_desk: Desk, clock: SetClock, odd: int, *, outside: bool
) -> None:
    """F-04: eight centres of 20 persons each; at seven they come 20 times, at one 39 or 38.

    Of 140 + 39 = 179 each eighth expects 22.375; a Poisson of it reaches 39 by a chance of .0009.
    Of 178 it is 22.25, which reaches 38 by .0015, more than .001.
    """
    scheme = a_scheme(two_people_desk, clock, families=0)
    for at, place in enumerate(scheme.places):
        people: list[PersonId] = []
        for _ in range(5):
            home = a_household(scheme.desk, 4, plan_id=scheme.care.plan_id)
            scheme.desk.do(correct_household, household_id=home.household_id, health_post_id=place)
            people += home.person_ids
        days = working_days(date(2024, 4, 2), 40)
        for number in range(odd if at == ODD else 20):
            scheme.visit(people[number % 20], days[number], "C", at=at)
    assert found_in(scheme) == ({(Check.MANY_VISITS, scheme.places[ODD])} if outside else set())


def test_who_left_in_the_year_counts_for_the_days_that_were_covered(
    two_people_desk: Desk, clock: SetClock
) -> None:
    """F-04: forty persons come forty times, as elsewhere; half of them leave on the last day but two."""
    scheme = a_scheme(two_people_desk, clock, families=0)
    leaving: list[PersonId] = []
    for at, place in enumerate(scheme.places):
        people: list[PersonId] = []
        for _ in range(10 if at == ODD else 5):
            home = a_household(scheme.desk, 4, plan_id=scheme.care.plan_id)
            scheme.desk.do(correct_household, household_id=home.household_id, health_post_id=place)
            people += home.person_ids
            leaving += home.person_ids[2:] if at == ODD else ()
        days = working_days(date(2024, 4, 2), 40)
        for person, day in zip(people, days, strict=False):
            scheme.visit(person, day, "C", at=at)
    scheme.clock.set(date(2024, 12, 29))
    for one in leaving:
        scheme.desk.do(record_leaving, person_id=one, on=date(2024, 12, 29), reason="moved away")
    assert len(leaving) == 20
    assert found_in(scheme) == set()


RISING, NEARLY, DIGITS_ODD, DIGITS_NEARLY = range(4)
_FIRST = {
    DIGITS_ODD: (2, 11, 11, 11, 11, 11, 11, 11, 21),
    DIGITS_NEARLY: (12, 8, 14, 11, 11, 11, 11, 11, 11),
}
_USUAL = (12, 11, 11, 11, 11, 11, 11, 11, 11)
"""Of 100 amounts of medicines so many begin with 1, 2, … 9."""


def medicines(at: int) -> list[int]:
    """A hundred amounts, the smallest a few francs: from 1 or so to over 900."""
    counts = _FIRST.get(at, _USUAL)
    return [
        digit if number == 0 else 100 * digit + number
        for digit, count in enumerate(counts, start=1)
        for number in range(count)
    ]


def test_a_centre_grows_dearer_and_another_writes_strange_amounts(
    two_people_desk: Desk, clock: SetClock
) -> None:
    """F-05 drift and F-16 digits: four centres of 400 bills in each half of the year.

    *Drift*: a bill is 1,000 throughout, at one centre 1,065 from July on, at another 1,061. Bills
    of a half are all the same, so the standard error is the .02 that is always there, and the
    median of the others does not move: ln 1.065 / .02 = 3.15 is beyond 3, ln 1.061 / .02 = 2.96 is not.

    *Digits*: of 100 amounts of one centre 10 begin with 9 instead of 1, of another 3 with 3 instead
    of 2. Beside the three others together the first differs by 10 + 10 + 1 + 1 of 100 over nine
    digits, .0244; the second by 3 + 3 and the 3.33 + 3.33 the first puts into the others, .0141,
    below .015; the other two by 3.33 + 3.33 + 1 + 1, .0096.
    """
    scheme = a_scheme(two_people_desk, clock, centres=4, families=162)
    people = [one for one, _ in scheme.people][:640]
    # Each of 640 comes five times, more than two months apart: nobody often.
    at_turn = iter(people * 5)
    first, second = working_days(date(2024, 2, 12), 100), working_days(date(2024, 7, 1), 100)
    for half, days in enumerate((first, second)):
        for number, day in enumerate(days):
            for _ in range(4):
                for at in range(4):
                    bill = 1000 + 65 * half * (at == RISING) + 61 * half * (at == NEARLY)
                    drug = medicines(at)[number]
                    care = scheme.care
                    lines = (care.line("C", price=bill - drug), care.line("A", price=drug))
                    scheme.visit(next(at_turn), day, at=at, lines=lines)
    assert found_in(scheme) == {
        (Check.DRIFT, scheme.places[RISING]),
        (Check.DIGITS, scheme.places[DIGITS_ODD]),
    }
