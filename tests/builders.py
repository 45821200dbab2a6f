"""Builders all tests share: a small book, and what may stand in it.

A book is made once a session and copied for each test: opening it costs one password.
"""

import atexit
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from stepdesk.contributions.queries import receipt_of
from stepdesk.contributions.service import (
    add_plan,
    contribute,
    reverse_payment,
    version_plan,
)
from stepdesk.contributions.terms import PlanVersion, Receipt
from stepdesk.members.model import cover, household
from stepdesk.members.service import refresh_search, register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.migrations import shape
from stepdesk.reports.service import close_month
from stepdesk.scheme.service import add_person, add_section, name_scheme
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import Clock, SetClock
from stepdesk.store.desk import Desk, new_desk, unlock
from stepdesk.store.keys import FLOOR
from stepdesk.values.ids import HouseholdId, PlanId, PlanVersionId, RequestId, SectionId
from stepdesk.values.money import Money
from stepdesk.values.month import Month

FIRST = "four words are good"
"""The password of the first person of a book."""

SECOND = "four other words"
"""The password of everybody else."""

SURNAMES = ("Diop", "Ndiaye", "Sow", "Ba", "Fall", "Sarr", "Cissé", "Faye", "Gueye", "Kane")
GIVEN = ("Awa", "Bintou", "Coumba", "Dado", "Elimane", "Fatou", "Gora", "Hawa", "Issa", "Jaly")

_requests = count(1)
_households = count(0)


def wednesday() -> SetClock:
    """A clock that stands at nine on Wednesday 10 January 2024."""
    return SetClock(datetime(2024, 1, 10, 9, tzinfo=UTC))


def make_book(
    folder: Path,
    country: str = "SN",
    *,
    practice: bool = True,
    clock: Clock | None = None,
    people: Sequence[str] = ("Awa",),
) -> Desk:
    """Make a book with a named scheme and return it open, the first of the people in front."""
    desk = new_desk(
        folder,
        name=people[0],
        password=FIRST,
        country_code=country,
        language="fr",
        practice=practice,
        shape=shape,
        clock=clock or wednesday(),
        cost=FLOOR,
    )
    desk.do(name_scheme, name="Mutuelle de Koula", language="fr")
    for name in people[1:]:
        desk.do(add_person, name=name, role=Role.TREASURER, password=SECOND)
    return desk


@cache
def template(
    country: str = "SN", *, practice: bool = True, people: tuple[str, ...] = ("Awa",)
) -> Path:
    """Return the folder of a closed book made once a session; copy it, never open it."""
    folder = Path(mkdtemp(prefix="stepdesk-template-")) / "book"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    make_book(folder, country, practice=practice, people=people).close()
    (folder / "reserve.bin").unlink()
    return folder


def copy_of(source: Path, folder: Path) -> Path:
    """Copy a closed book's folder, its lock left out."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("book.lock", "*-wal", "*-shm"))
    return folder


def open_copy(
    folder: Path,
    country: str = "SN",
    *,
    practice: bool = True,
    people: tuple[str, ...] = ("Awa",),
    clock: Clock | None = None,
) -> Desk:
    """Open a fresh copy of a template book, its first person in front."""
    copy_of(template(country, practice=practice, people=people), folder)
    return again(folder, clock=clock, name=people[0])


def again(folder: Path, *, clock: Clock | None = None, name: str = "Awa") -> Desk:
    """Open a book once more for its first person."""
    return unlock(folder, password=FIRST, name=name, clock=clock or wednesday())


def a_request() -> RequestId:
    """A request no form has made before."""
    return RequestId(next(_requests).to_bytes(16, "big"))


def a_plan(desk: Desk, *, plan_code: str = "P1", **terms: Any) -> PlanId:
    """A monthly plan of 350 a person with an entry fee of 1 000, and whatever `terms` say."""
    plan_id = desk.do(add_plan, code=plan_code)
    told: dict[str, Any] = {
        "id": PlanVersionId(b""),
        "plan_id": plan_id,
        "code": plan_code,
        "name": "Base",
        "first_day": date(2024, 1, 1),
        "amount": 350,
        "entry_fee": 1000,
    } | terms
    desk.do(version_plan, version=PlanVersion(**told))
    return plan_id


def a_section(desk: Desk, name: str = "Koula") -> SectionId:
    return desk.do(add_section, name=name)


def persons(size: int, *, seed: int = 0) -> list[NewPerson]:
    """A member and the family; another seed gives other names."""
    surname = SURNAMES[seed % len(SURNAMES)]
    return [
        NewPerson(
            surname,
            f"{GIVEN[(seed + at) % len(GIVEN)]} {_letters(seed * 31 + at)}",
            Sex.FEMALE if at % 2 == 0 else Sex.MALE,
            Birth(
                date(1980 if at == 0 else 2010 + at % 13, 1 + at % 12, 1 + (seed + at) % 18),
                BirthKnown.DAY,
            ),
            Relation.SELF if at == 0 else Relation.CHILD,
        )
        for at in range(size)
    ]


def _letters(number: int) -> str:
    told = ""
    while number or not told:
        number, at = divmod(number, 26)
        told += "abcdefghijklmnopqrstuvwxyz"[at]
    return told.capitalize()


def a_household(
    desk: Desk,
    size: int = 6,
    *,
    section_id: SectionId | None = None,
    plan_id: PlanId | None = None,
    **told: Any,
) -> Registered:
    """A household of that size, with names no other has; section and plan are made when missing."""
    return desk.do(
        register_household,
        section_id=section_id or _first_section(desk),
        plan_id=plan_id or _first_plan(desk),
        persons=persons(size, seed=next(_households)),
        **told,
    )


def _first_section(desk: Desk) -> SectionId:
    found = _first(desk, "SELECT id FROM section ORDER BY code LIMIT 1")
    return a_section(desk) if found is None else SectionId(found)


def _first_plan(desk: Desk) -> PlanId:
    found = _first(desk, "SELECT id FROM plan ORDER BY id LIMIT 1")
    return a_plan(desk) if found is None else PlanId(found)


def _first(desk: Desk, statement: str) -> bytes | None:
    with desk.read() as connection:
        found: bytes | None = connection.exec_driver_sql(statement).scalar_one_or_none()
    return found


def a_payment(
    desk: Desk,
    household: Registered | HouseholdId | None = None,
    amount: int = 2100,
    *,
    request_id: RequestId | None = None,
    **told: Any,
) -> Receipt:
    """A contribution in cash, whatever came that day; a household is registered if none is named."""
    accepting = frozenset({"same_day", *told.pop("accepting", ())})
    whose = household if household is not None else a_household(desk)
    receipt = desk.do(
        contribute,
        request_id=request_id or a_request(),
        household_id=whose.household_id if isinstance(whose, Registered) else whose,
        amount=Money(amount, desk.currency),
        accepting=accepting,
        **told,
    )
    assert receipt == desk.ask(receipt_of, receipt.payment_id, desk.currency)
    return receipt


@cache
def lived_in() -> Path:
    """Return the folder of a closed book of two people in which much was done; copy it.

    Its acts are of every kind the slices know, with a reason, two signatures, a change of a
    household, a reversal, a closed month, and many rows of the bulk writer.
    """
    folder = Path(mkdtemp(prefix="stepdesk-lived-in-")) / "book"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    clock = wednesday()
    with open_copy(folder, people=("Awa", "Bintou"), clock=clock) as desk:
        live(desk, clock)
    return folder


def live(desk: Desk, clock: SetClock) -> None:
    """Do in a book of two people what a mutual does in two months."""
    bintou = desk.colleagues()[1].id
    homes = [a_household(desk, size, phone="770000000") for size in (6, 3, 1)]
    first, *_ = [a_payment(desk, home, 3500) for home in homes]
    with desk.work("move_house", reason="told at the general assembly") as work:
        work.update(household, homes[0].household_id, phone="771234567", declared_size=9)
        work.update(cover, _cover(desk, homes[0].household_id), relation=Relation.OTHER)
        refresh_search(work, homes[0].person_ids)
    clock.set(date(2024, 2, 7))
    with desk.work("close_month") as work:
        work.second(bintou, SECOND)
        close_month(work, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    with desk.work("reverse_payment", reason="wrong household") as work:
        work.second(bintou, SECOND)
        reverse_payment(
            work, request_id=a_request(), payment_id=first.payment_id, reason="wrong household"
        )
    with desk.work("move_house") as work:
        work.update(household, homes[0].household_id, phone="779999999")
        refresh_search(work, homes[0].person_ids)
    clock.set(date(2024, 3, 5))
    a_payment(desk, homes[1], 700)
    with desk.work("close_month") as work:
        work.second(bintou, SECOND)
        close_month(work, month=Month(2024, 2), accepting=frozenset({"not_counted"}))
    a_payment(desk, homes[2], 700)


def _cover(desk: Desk, household_id: bytes) -> bytes:
    with desk.read() as connection:
        found: bytes = connection.exec_driver_sql(
            "SELECT id FROM cover WHERE household_id=? ORDER BY suffix DESC LIMIT 1",
            (household_id,),
        ).scalar_one()
    return found
