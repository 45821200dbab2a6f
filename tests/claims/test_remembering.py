"""A claim goes by what the book says, whatever the writer remembers from the claims before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.queries import packages
from stepdesk.benefits.service import change_service, version_package
from stepdesk.benefits.terms import ServiceTerms
from stepdesk.claims.service import enter_and_decide, open_batch
from stepdesk.claims.terms import Assessment
from stepdesk.errors import Refusal
from stepdesk.i18n import Text
from stepdesk.providers.queries import agreements
from stepdesk.providers.service import (
    add_tariff,
    change_provider,
    end_agreement,
    sign_agreement,
    step_provider,
    version_tariff,
)
from stepdesk.providers.terms import Agreement, ProviderState
from stepdesk.store import engine
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.memory import memory_of
from stepdesk.store.work import Work
from stepdesk.values.care import CareType
from stepdesk.values.ids import AgreementId, BatchId
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.claims.kit import a_batch, a_care, certificate
from tests.store.test_memory import known, listens

FIRST = date(2024, 2, 1)
TODAY = date(2024, 2, 27)


class Clinic:
    """A scheme with one health centre, where each certificate is of another day of February."""

    def __init__(self, desk: Desk, clock: SetClock) -> None:
        self.desk, self.care = desk, a_care(desk)
        clock.set(TODAY)
        self.batch: BatchId = a_batch(desk, self.care)
        self._days = iter(range(1, TODAY.day))

    def assessed(self, *codes: str, **told: Any) -> Assessment:
        """Enter and decide a certificate of the next day by one act."""
        told.setdefault("day", date(2024, 2, next(self._days)))
        lines = [self.care.line(code) for code in codes or ("C",)]
        done = self.desk.do(
            enter_and_decide,
            request_id=a_request(),
            batch_id=self.batch,
            certificate=certificate(self.desk, self.care, *lines, **told),
        )
        assert done.assessed is not None
        return done.assessed

    def paid(self, *codes: str, **told: Any) -> int:
        return self.assessed(*codes, **told).paid


@pytest.fixture
def clinic(desk: Desk, clock: SetClock) -> Clinic:
    return Clinic(desk, clock)


def another_price(clinic: Clinic, price: int = 500, first: date = FIRST) -> Callable[[Work], None]:
    """Return what makes a consultation cost another price from a day on."""

    def change(work: Work) -> None:
        version_tariff(
            work,
            tariff_id=clinic.care.tariff_id,
            first_day=first,
            prices={clinic.care.services["C"]: price},
        )

    return change


def half(clinic: Clinic) -> Callable[[Work], None]:
    """Return what makes the members pay half from February on."""
    held = clinic.desk.ask(packages)[clinic.care.package_id][-1]
    rules = {one: replace(rule, copay_value=5000) for one, rule in held.rules.items()}

    def change(work: Work) -> None:
        version_package(work, version=replace(held, first_day=FIRST, rules=rules))

    return change


def another_list(clinic: Clinic) -> Callable[[Work], None]:
    """Return what agrees on a list with consultations at 300 from February on."""
    care, desk = clinic.care, clinic.desk
    held = desk.ask(agreements, care.provider_id)[0]

    def change(work: Work) -> None:
        listed = add_tariff(work, code="T-2")
        version_tariff(work, tariff_id=listed, first_day=FIRST, prices={care.services["C"]: 300})
        end_agreement(work, agreement_id=held.id, until=FIRST, reason="another list")
        sign_agreement(
            work, agreement=Agreement(AgreementId(b""), care.provider_id, listed, FIRST)
        )

    return change


def suspended(clinic: Clinic) -> Callable[[Work], None]:
    def change(work: Work) -> None:
        step_provider(
            work,
            provider_id=clinic.care.provider_id,
            state=ProviderState.SUSPENDED,
            reason="no medicines",
            day=FIRST,
        )

    return change


def for_stays(clinic: Clinic) -> Callable[[Work], None]:
    """Return what makes consultations care of stays alone, at a provider that has none."""

    def change(work: Work) -> None:
        change_service(
            work,
            service_id=clinic.care.services["C"],
            first_day=FIRST,
            terms=ServiceTerms(care=CareType.IN),
        )
        change_provider(work, provider_id=clinic.care.provider_id, care=CareType.OUT)

    return change


# Of 600 a quarter is the member's: 450 is paid. Of 500, 375; half of 600 is 300; of 300, 225.
CHANGES = [
    (another_price, 375),
    (half, 300),
    (another_list, 225),
    (suspended, 0),
    (for_stays, 0),
]


@pytest.mark.parametrize(("changes", "wanted"), CHANGES)
def test_a_claim_goes_by_what_an_act_before_it_changed(
    clinic: Clinic, changes: Callable[[Clinic], Callable[[Work], None]], wanted: int
) -> None:
    assert clinic.paid() == 450
    before = known(clinic.desk)
    clinic.desk.do(changes(clinic))
    assert 0 < known(clinic.desk) < before
    assert clinic.paid() == wanted
    assert known(clinic.desk) > 0
    # What was given before the change stays as it was.
    assert clinic.paid(day=date(2024, 1, 31)) == 450
    assert verify_desk(clinic.desk).clean


@pytest.mark.parametrize(("changes", "wanted"), CHANGES)
def test_a_work_that_changes_what_a_claim_goes_by_decides_by_it_itself(
    clinic: Clinic, changes: Callable[[Clinic], Callable[[Work], None]], wanted: int
) -> None:
    clinic.paid()
    change = changes(clinic)

    def both(work: Work) -> int:
        change(work)
        told = enter_and_decide(
            work,
            request_id=a_request(),
            batch_id=clinic.batch,
            certificate=certificate(clinic.desk, clinic.care, day=date(2024, 2, 20)),
        ).assessed
        assert told is not None
        return told.paid

    assert clinic.desk.do(both) == wanted
    assert clinic.paid() == wanted
    assert known(clinic.desk) > 0


@pytest.mark.parametrize(("changes", "wanted"), CHANGES)
@pytest.mark.parametrize("error", [Refusal(Text("No.")), RuntimeError("changed our mind")])
def test_what_was_changed_by_a_work_that_was_given_up_changes_no_claim(
    clinic: Clinic,
    changes: Callable[[Clinic], Callable[[Work], None]],
    wanted: int,
    error: Exception,
) -> None:
    assert clinic.paid() == 450
    change = changes(clinic)

    def gives_up(work: Work) -> None:
        change(work)
        told = enter_and_decide(
            work,
            request_id=a_request(),
            batch_id=clinic.batch,
            certificate=certificate(clinic.desk, clinic.care, day=date(2024, 2, 20)),
        ).assessed
        assert told is not None
        assert told.paid == wanted
        raise error

    with pytest.raises(type(error)):
        clinic.desk.do(gives_up)
    assert known(clinic.desk) == 0
    assert clinic.paid() == 450


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("UPDATE tariff_line SET price = 500", 375),
        ("UPDATE benefit_rule SET copay_value = 5000", 300),
        ("UPDATE agreement SET until = '2024-01-31'", 0),
        ("UPDATE provider SET level = 'REGIONAL'", 450),
    ],
)
def test_what_another_connection_wrote_is_noticed_by_the_next_claim(
    clinic: Clinic, written: str, wanted: int
) -> None:
    assert clinic.paid() == 450
    raw: Any = engine.connect(clinic.desk.path, clinic.desk.person.data_key)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(written)
    raw.close()
    assert clinic.paid() == wanted
    assert known(clinic.desk) > 0


def test_a_second_claim_finds_what_the_first_one_read(clinic: Clinic) -> None:
    clinic.paid("C", "A")
    before = known(clinic.desk)
    clinic.paid("C", "A", at=1)
    assert known(clinic.desk) == before
    # Of an act nobody asked about before: its category, its price, and what the package says.
    clinic.paid("C", "P", at=2)
    assert known(clinic.desk) == before + 3


def test_what_a_claim_remembers_names_every_table_it_reads(clinic: Clinic) -> None:
    clinic.paid("C", "A")
    listens(clinic.desk)


def test_that_an_act_has_no_price_is_remembered_until_it_has_one(clinic: Clinic) -> None:
    told = [clinic.assessed("GLAS") for _ in range(2)]
    assert [one.paid for one in told] == [0, 0]
    with clinic.desk.work("look") as work:
        held = [told for (_, *which), (_, told) in work.memory.told.items() if which]
        assert None in held
    glasses = clinic.care.services["GLAS"]
    version = clinic.desk.ask(packages)[clinic.care.package_id][-1]
    some = next(iter(version.rules.values()))
    rules = {**version.rules, glasses: replace(some, service_id=glasses)}
    clinic.desk.do(version_package, version=replace(version, first_day=FIRST, rules=rules))
    clinic.desk.do(
        version_tariff, tariff_id=clinic.care.tariff_id, first_day=FIRST, prices={glasses: 100}
    )
    assert clinic.paid("GLAS") == 75


def test_a_batch_opened_and_used_in_one_work_is_found_by_the_next(clinic: Clinic) -> None:
    care, desk = clinic.care, clinic.desk
    clinic.paid()

    def both(work: Work) -> BatchId:
        batch = open_batch(
            work, request_id=a_request(), provider_id=care.provider_id, month=Month(2024, 2)
        )
        enter_and_decide(
            work,
            request_id=a_request(),
            batch_id=batch,
            certificate=certificate(desk, care, day=date(2024, 2, 20)),
        )
        return batch

    clinic.batch = desk.do(both)
    assert clinic.paid() == 450
    with desk.lane.transaction() as transaction:
        held = memory_of(transaction.connection)
        assert any(clinic.batch in which for _, *which in held.told)


def test_a_batch_that_is_not_there_is_refused_each_time(clinic: Clinic) -> None:
    held = clinic.batch
    for _ in range(2):
        clinic.batch = BatchId(bytes(16))
        with pytest.raises(Refusal) as refused:
            clinic.paid()
        assert refused.value.field == "batch"
    clinic.batch = held
    assert clinic.paid() == 450
