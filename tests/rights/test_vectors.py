"""The fourteen vectors of domain handbook Y.2, asked of a real book.

The household is that of GOLDEN 2.4a: six persons at 350 a month, dues on the 5th, 30 days of
grace, three months' waiting, an entry fee of 1 000. It pays 6 300 on 10 January 2024 (effect on
1 February, rights from 1 May), 1 000 on 20 April and 4 200 on 3 May: to June.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.service import add_package, add_service, assign_package, version_package
from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Copay,
    LimitWindow,
    PackageVersion,
    Service,
)
from stepdesk.claims.service import ask_care_rights, decide_batch, enter_claim, open_batch
from stepdesk.claims.terms import NewClaim, NewLine
from stepdesk.contributions.service import contribute
from stepdesk.members.service import record_birth, record_death
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.payers.service import (
    add_payer,
    approve_nomination,
    cover_nomination,
    nominate,
    sign_agreement,
    validate_nomination,
)
from stepdesk.payers.terms import PayerAgreement, PayerKind
from stepdesk.providers.service import add_provider, add_tariff, version_tariff
from stepdesk.providers.service import sign_agreement as sign_with_provider
from stepdesk.providers.terms import Agreement, Kind
from stepdesk.rights.service import ask_rights
from stepdesk.rights.terms import Answer, Flag, Letter, Papers, Verdict
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import (
    AgreementId,
    PackageVersionId,
    PayerAgreementId,
    PayerId,
    ProviderId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household as registered
from tests.builders import a_plan, a_request, a_section, open_copy, wednesday

YES, NO, CONDITION = Answer.YES, Answer.NO, Answer.CONDITION


class Village:
    """The household of the golden vectors, its package and its health centre."""

    def __init__(self, desk: Desk, clock: SetClock) -> None:
        self.desk, self.clock = desk, clock
        self.plan_id = a_plan(desk)
        self.services = {
            code: desk.do(add_service, code=code, name=name, category=category)
            for code, name, category in (
                ("OPD", "Consultation", Category.OPD),
                ("DEL", "Delivery", Category.DEL),
            )
        }
        self.provider_id = self._provider()
        self._package()
        self.home = self.a_home()

    def a_home(self, persons: list[NewPerson] | None = None, size: int = 6) -> Registered:
        if persons is None:
            return registered(self.desk, size, plan_id=self.plan_id)
        from stepdesk.members.service import register_household

        return self.desk.do(
            register_household,
            section_id=a_section(self.desk, "Ndiob"),
            plan_id=self.plan_id,
            persons=persons,
        )

    def _package(self) -> None:
        desk, opd, delivery = self.desk, self.services["OPD"], self.services["DEL"]
        package_id = desk.do(add_package, code="BASE")
        rules = {
            opd: BenefitRule(
                opd,
                copay=Copay.PERCENT,
                copay_value=2500,
                limit_count=2,
                limit_window=LimitWindow.DAYS,
                limit_days=30,
            ),
            delivery: BenefitRule(delivery, waiting_months=9),
        }
        version = PackageVersion(
            PackageVersionId(b""), package_id, "BASE", "Base", date(2024, 1, 1), rules=rules
        )
        desk.do(version_package, version=version)
        desk.do(
            assign_package,
            plan_id=self.plan_id,
            package_id=package_id,
            first_day=date(2024, 1, 1),
        )

    def _provider(self, code: str = "KOULA", until: date | None = None) -> ProviderId:
        desk = self.desk
        provider_id = desk.do(
            add_provider, code=code, name=f"CS {code}", level=Level.CENTRE, kind=Kind.PUBLIC
        )
        tariff_id = desk.do(add_tariff, code=f"T-{code}")
        prices = {self.services["OPD"]: 600, self.services["DEL"]: 5000}
        desk.do(version_tariff, tariff_id=tariff_id, first_day=date(2024, 1, 1), prices=prices)
        agreed = Agreement(
            AgreementId(b""), provider_id, tariff_id, first_day=date(2024, 1, 1), until=until
        )
        desk.do(sign_with_provider, agreement=agreed)
        return provider_id

    def a_provider_until(self, until: date) -> ProviderId:
        return self._provider("NDIOB", until)

    def pays(self, day: date, amount: int, home: Registered | None = None) -> None:
        self.clock.set(max(day, self.desk.today))
        self.desk.do(
            contribute,
            request_id=a_request(),
            household_id=(home or self.home).household_id,
            amount=Money(amount, self.desk.currency),
            paid_on=day,
            accepting=frozenset({"much", "ahead", "same_day"}),
        )

    def pays_to_june(self) -> None:
        self.pays(date(2024, 1, 10), 6300)
        self.pays(date(2024, 4, 20), 1000)
        self.pays(date(2024, 5, 3), 4200)

    def pays_to_december(self) -> None:
        self.pays_to_june()
        self.pays(date(2024, 7, 3), 2100 * 6)

    def asks(
        self,
        day: date,
        at: int = 0,
        *,
        service: str = "OPD",
        provider_id: ProviderId | None = None,
        home: Registered | None = None,
        papers: Papers | None = None,
    ) -> Verdict:
        named = Service(self.services[service], service, service, Category.OTH)
        return ask_care_rights(
            self.desk,
            person_id=(home or self.home).person_ids[at],
            day=day,
            service=named,
            provider_id=provider_id or self.provider_id,
            papers=papers,
        )


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def village(tmp_path: Path, clock: SetClock) -> Iterator[Village]:
    with open_copy(tmp_path / "book", clock=clock) as desk:
        yield Village(desk, clock)


def codes(told: Verdict) -> list[str]:
    return [one.code.value for one in told.reasons]


def test_1_waiting_on_30_april_and_rights_from_1_may(village: Village) -> None:
    village.pays_to_june()
    told = village.asks(date(2024, 4, 30))
    assert (told.answer, codes(told)) == (NO, ["RA03"])
    assert told.opens_on == date(2024, 5, 1)


def test_2_rights_on_1_may_with_april_paid_and_may_not_yet_due(village: Village) -> None:
    village.pays(date(2024, 1, 10), 6300)
    village.pays(date(2024, 4, 20), 1000)
    assert village.asks(date(2024, 5, 1)).answer is YES


def test_3_rights_on_the_last_day_of_grace(village: Village) -> None:
    village.pays_to_june()
    assert village.asks(date(2024, 8, 4)).answer is YES


def test_4_none_the_day_after_and_what_to_pay(village: Village) -> None:
    village.pays_to_june()
    told = village.asks(date(2024, 8, 5))
    assert (told.answer, codes(told)) == (NO, ["RA04"])
    assert (told.to_pay, told.opens_on) == (4200, date(2024, 8, 5))


def test_5_and_6_a_payment_opens_rights_from_its_day_and_not_before(village: Village) -> None:
    village.pays_to_june()
    village.pays(date(2024, 8, 20), 4200)
    told = village.asks(date(2024, 8, 10))
    assert (told.answer, codes(told)) == (NO, ["RA04"])
    assert village.asks(date(2024, 8, 20)).answer is YES


def test_7_a_guarantee_letter_keeps_its_worth_when_contributions_stop(village: Village) -> None:
    village.pays_to_june()
    letter = Letter(date(2024, 8, 1), date(2024, 8, 15))
    told = village.asks(date(2024, 8, 10), papers=Papers(letter=letter))
    assert (told.answer, codes(told)) == (CONDITION, [])
    assert [one.code.value for one in told.conditions] == ["RB07"]
    assert (told.rights_through, told.flags, told.to_pay) == (date(2024, 8, 15), (), 0)
    told = village.asks(date(2024, 8, 16), papers=Papers(letter=letter))
    assert (told.answer, codes(told)) == (NO, ["RA04"])


def test_8_a_delivery_waits_nine_months_from_the_effect(village: Village) -> None:
    village.pays_to_december()
    told = village.asks(date(2024, 10, 20), service="DEL")
    assert (told.answer, codes(told), told.opens_on) == (NO, ["RB03"], date(2024, 11, 1))
    assert village.asks(date(2024, 11, 1), service="DEL").answer is YES


def test_9_a_newborn_is_cared_for_under_the_mothers_number(village: Village) -> None:
    village.pays_to_december()
    village.clock.set(date(2024, 12, 20))
    born = date(2024, 11, 10)
    child = NewPerson("Diop", "Nene", Sex.FEMALE, Birth(born, BirthKnown.DAY), Relation.CHILD)
    happened = village.desk.do(
        record_birth,
        household_id=village.home.household_id,
        person=child,
        mother_id=village.home.person_ids[0],
        on=born,
    )
    newborn = replace(village.home, person_ids=happened.person_ids)
    told = village.asks(date(2024, 12, 1), home=newborn)
    assert (told.answer, told.under_mother) == (YES, True)
    told = village.asks(date(2024, 12, 20), home=newborn)
    assert (told.answer, told.under_mother) == (YES, False)
    told = village.asks(date(2024, 11, 9), home=newborn)
    assert (told.answer, codes(told)[0]) == (NO, "RA01")


def test_10_a_child_has_rights_until_the_eve_of_eighteen(village: Village) -> None:
    people = [
        NewPerson("Fall", "Awa", Sex.FEMALE, Birth(date(1980, 3, 2), BirthKnown.DAY), rel)
        if rel is Relation.SELF
        else NewPerson("Fall", "Modou", Sex.MALE, Birth(date(2006, 9, 15), BirthKnown.DAY), rel)
        for rel in (Relation.SELF, Relation.CHILD)
    ]
    home = village.a_home(people)
    village.pays(date(2024, 1, 10), 1000 + 700 * 11, home)
    assert village.asks(date(2024, 9, 14), 1, home=home).answer is YES
    told = village.asks(date(2024, 9, 15), 1, home=home)
    assert (told.answer, codes(told)) == (NO, ["RA06"])


def test_11_care_after_a_death_is_refused_and_flagged(village: Village) -> None:
    village.pays_to_june()
    village.pays(date(2024, 7, 3), 2100 * 9)
    village.clock.set(date(2025, 3, 10))
    village.desk.do(record_death, person_id=village.home.person_ids[1], on=date(2025, 3, 3))
    assert village.asks(date(2025, 3, 3), 1).answer is YES
    told = village.asks(date(2025, 3, 5), 1)
    assert (told.answer, codes(told), told.flags) == (NO, ["RA02"], (Flag.F03,))


def test_12_after_an_agreement_only_an_emergency_would_be_paid(village: Village) -> None:
    village.pays_to_june()
    away = village.a_provider_until(date(2024, 7, 1))
    assert village.asks(date(2024, 6, 30), provider_id=away).answer is YES
    told = village.asks(date(2024, 7, 2), provider_id=away)
    assert (told.answer, codes(told)) == (NO, ["RB04"])


def test_13_a_third_consultation_in_thirty_days_says_when_it_opens(village: Village) -> None:
    village.pays_to_june()
    village.clock.set(date(2024, 6, 20))
    batch = village.desk.do(
        open_batch,
        request_id=a_request(),
        provider_id=village.provider_id,
        month=Month(2024, 6),
    )
    for day in (date(2024, 6, 3), date(2024, 6, 12)):
        line = NewLine(village.services["OPD"], 1, 600)
        certificate = NewClaim(
            person_id=village.home.person_ids[0], first_day=day, last_day=day, lines=(line,)
        )
        village.desk.do(
            enter_claim, request_id=a_request(), batch_id=batch, certificate=certificate
        )
    village.desk.do(decide_batch, batch_id=batch)
    told = village.asks(date(2024, 6, 20))
    assert (told.answer, codes(told)) == (NO, ["RC01"])
    assert told.remaining is not None
    assert told.remaining.count == 0
    opens = told.opens_on
    assert opens is not None
    assert date(2024, 7, 2) <= opens <= date(2024, 7, 4)
    assert village.asks(opens).answer is YES
    assert village.asks(date(2024, 6, 20), 1).answer is YES


def test_14_a_payers_commitment_covers_before_its_money_comes(village: Village) -> None:
    desk, home = village.desk, village.a_home(size=2)
    payer_id = desk.do(add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    terms: dict[str, Any] = {"share": 100, "amount": None, "pays_fee": True}
    agreement_id = desk.do(
        sign_agreement, agreement=an_agreement(payer_id, date(2024, 1, 1), **terms)
    )
    nomination_id = desk.do(
        nominate,
        agreement_id=agreement_id,
        household_id=home.household_id,
        on=date(2024, 1, 10),
        grounds="widow without income",
    )
    day = date(2024, 1, 10)
    desk.do(validate_nomination, nomination_id=nomination_id, on=day)
    desk.do(approve_nomination, nomination_id=nomination_id, on=day)
    assert codes(village.asks(date(2024, 5, 1), home=home)) == ["RA04"]
    desk.do(cover_nomination, nomination_id=nomination_id, on=day)
    told = village.asks(date(2024, 5, 1), home=home)
    assert (told.answer, told.to_pay) == (YES, 0)
    assert ask_rights(desk, person_id=home.person_ids[1], day=date(2024, 4, 30)).answer is NO


def an_agreement(payer_id: PayerId, first_day: date, **terms: Any) -> PayerAgreement:
    told: dict[str, Any] = {
        "until": None,
        "criteria": "",
        "max_persons": None,
        "share": 50,
        "amount": None,
        "pays_fee": False,
        "on_commitment": True,
        "invoice_months": 3,
        "signed_on": first_day,
    } | terms
    return PayerAgreement(PayerAgreementId(b""), payer_id, "", first_day, **told)
