"""Claims at the desk: typed, decided, paid. Prices are in tests/claims/kit.py."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stepdesk.benefits.queries import service_of_code
from stepdesk.benefits.terms import Copay, YearStart
from stepdesk.claims import queries
from stepdesk.claims.model import paid_claim
from stepdesk.claims.service import (
    ask_care_rights,
    decide_batch,
    decide_claim,
    diagnosis_of,
    enter_claim,
    open_batch,
    pay_provider,
    preview,
    withdraw_claim,
)
from stepdesk.claims.terms import Claim, NewLine, Outcome, State, Visit
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.ledger.queries import balance_of
from stepdesk.members.model import person as person_table
from stepdesk.members.service import register_household
from stepdesk.members.terms import Birth, BirthKnown, Relation
from stepdesk.reports.queries import disagreements
from stepdesk.reports.service import close_month
from stepdesk.rights.terms import Answer, ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import ClaimId, PersonId, ServiceId
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_request, a_section, persons
from tests.claims.kit import (
    a_batch,
    a_care,
    a_claim,
    a_provider,
    certificate,
    francs,
)
from tests.claims.letter_kit import a_letter


def shown(desk: Desk, claim_id: ClaimId) -> Claim:
    return desk.ask(queries.claim_of, claim_id, desk.currency)


def balances(desk: Desk, *roles: str) -> list[int]:
    with desk.read() as connection:
        return [balance_of(connection, role) for role in roles]


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    before = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == before
    return caught.value.field, speak(caught.value.text, "en")


# From certificate to payment


def test_a_certificate_is_decided_booked_and_paid(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care, invoice="F-17", invoice_total=francs(desk, 1800))
    claim = a_claim(
        desk, care, batch, care.line("C"), care.line("P", 20), care.line("A"), certificate="0457"
    )
    assert shown(desk, claim).state is State.RECEIVED
    told = desk.do(decide_claim, claim_id=claim)
    # 600 + 20 x 15 + 900 = 1,800; a quarter is the member's: 150 + 75 + 225.
    assert (told.paid, told.patient, told.disallowed) == (1350, 450, 0)
    assert balances(desk, "benefit_tp.OPD", "benefit_tp.DRUG", "provider_payable") == [
        450,
        900,
        -1350,
    ]
    known = shown(desk, claim)
    assert known.state is State.APPROVED
    assert [line.paid for line in known.lines] == [
        francs(desk, 450),
        francs(desk, 225),
        francs(desk, 675),
    ]
    before = balances(desk, "cash_main")[0]
    paid = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert (paid.number, paid.amount, paid.claims) == ("V-2024-A-000001", francs(desk, 1350), 1)
    assert paid.still_owed == francs(desk, 0)
    assert balances(desk, "provider_payable", "cash_main") == [0, before - 1350]
    assert shown(desk, claim).state is State.PAID
    assert shown(desk, claim).paid_on == desk.today
    clean(desk)


def test_a_batch_is_decided_in_the_order_typed_and_named_by_its_total(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"limit_count": 2}})
    batch = a_batch(desk, care, invoice_total=francs(desk, 2000))
    claims = [a_claim(desk, care, batch, day=date(2024, 1, day)) for day in (9, 8, 7)]
    with pytest.raises(Caution) as caught:
        desk.do(decide_batch, batch_id=batch)
    assert [one.name for one in caught.value.doubts] == ["invoice_differs"]
    done = desk.do(decide_batch, batch_id=batch, accepting=frozenset({"invoice_differs"}))
    # The third has no consultation left: nothing of it may be paid.
    assert (done.approved, done.rejected, done.payable) == (2, 1, francs(desk, 900))
    assert [shown(desk, one).state.name for one in claims] == ["APPROVED", "APPROVED", "REJECTED"]
    assert shown(desk, claims[2]).codes == ("RC01",)
    field, _ = refused(desk, decide_batch, batch_id=batch)
    assert field == "batch"
    clean(desk)


def test_the_same_request_twice_is_one(desk: Desk) -> None:
    care = a_care(desk)
    told: dict[str, Any] = {"provider_id": care.provider_id, "month": Month(2024, 1)}
    request = a_request()
    batch = desk.do(open_batch, request_id=request, **told)
    assert desk.do(open_batch, request_id=request, **told) == batch
    request = a_request()
    claim = a_claim(desk, care, batch, request_id=request)
    assert a_claim(desk, care, batch, request_id=request) == claim
    desk.do(decide_claim, claim_id=claim)
    request = a_request()
    pay: dict[str, Any] = {"request_id": request, "provider_id": care.provider_id}
    assert desk.do(pay_provider, **pay).id == desk.do(pay_provider, **pay).id
    assert len(desk.ask(queries.claims_of, desk.currency)) == 1


def test_the_golden_claim_through_the_book(desk: Desk) -> None:
    """GOLDEN 2.12: six hospital days and 41,000 of the year's 80,000 were used before."""
    share = {"copay": Copay.PERCENT, "copay_value": 2000}
    care = a_care(
        desk,
        rules={"ROOM": {"limit_count": 10} | share, "SURG": share, "MED": share},
        cap_episode=50_000,
        cap_person_year=80_000,
    )
    batch = a_batch(desk, care)
    # 6 days at 2,000 less 20 % are 9,600, and 39,250 x 0.8 = 31,400: 41,000 together.
    first = a_claim(
        desk,
        care,
        batch,
        care.line("ROOM", 6),
        care.line("SURG", price=39_250),
        day=date(2024, 1, 5),
    )
    assert desk.do(decide_claim, claim_id=first).paid == 41_000
    second = a_claim(
        desk, care, batch, care.line("ROOM", 4, 2500), care.line("SURG"), care.line("MED")
    )
    told = desk.do(decide_claim, claim_id=second)
    assert (told.claimed, told.paid, told.patient, told.disallowed) == (
        73_400,
        39_000,
        32_400,
        2_000,
    )
    assert [line.paid for line in told.lines] == [4_370, 24_580, 10_050]
    clean(desk)


def test_why_is_answered_from_what_was_known_then(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=1000)
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch, care.line("A"))
    desk.do(decide_claim, claim_id=first)
    second = a_claim(desk, care, batch, care.line("A"), day=date(2024, 1, 9))
    desk.do(decide_claim, claim_id=second)
    said = [
        speak(step, "en").replace("\u202f", " ").replace("\u00a0", " ")
        for _, steps in desk.ask(queries.why, second, desk.currency)
        for step in steps
    ]
    assert said == [
        "Claimed 900 F CFA: 1 at 900 F CFA.",
        "The member's share is 25 %: 225 F CFA.",
        "Yearly ceiling of the person, 325 F CFA left: 350 F CFA less.",
        "The scheme pays 325 F CFA.",
    ]


def test_the_oldest_invoice_is_paid_first_and_claims_are_paid_whole(desk: Desk) -> None:
    care = a_care(desk)
    late = a_batch(desk, care, received_on=date(2024, 1, 10))
    early = a_batch(desk, care, received_on=date(2024, 1, 8))
    new = a_claim(desk, care, late, day=date(2024, 1, 4))
    old = a_claim(desk, care, early, day=date(2024, 1, 3))
    for one in (new, old):
        desk.do(decide_claim, claim_id=one)
    pay: dict[str, Any] = {"provider_id": care.provider_id}
    field, said = refused(
        desk, pay_provider, request_id=a_request(), most=francs(desk, 449), **pay
    )
    assert (field, "whole" in said) == ("amount", True)
    done = desk.do(pay_provider, request_id=a_request(), most=francs(desk, 899), **pay)
    assert (done.claims, done.still_owed) == (1, francs(desk, 450))
    assert [shown(desk, one).state for one in (old, new)] == [State.PAID, State.APPROVED]


def test_two_people_sign_a_payment(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    desk.do(decide_claim, claim_id=claim)
    pay: dict[str, Any] = {"provider_id": care.provider_id, "request_id": a_request()}
    field, _ = refused(desk, pay_provider, **pay)
    assert field == "second"
    with desk.work("pay_provider") as work:
        work.second(desk.colleagues()[1].id, SECOND)
        assert not pay_provider(work, **pay).single_control
    clean(desk)


def test_nobody_is_paid_twice_or_from_an_empty_box(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("SURG"))
    pay: dict[str, Any] = {"provider_id": care.provider_id}
    assert refused(desk, pay_provider, request_id=a_request(), **pay)[0] == "provider"
    desk.do(decide_claim, claim_id=claim)
    field, said = refused(desk, pay_provider, request_id=a_request(), **pay)
    assert field == "amount"
    assert "33" in said
    assert refused(desk, pay_provider, request_id=a_request(), box="gold", **pay)[0] == "box"


def test_a_certificate_typed_in_by_mistake_is_withdrawn(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care, invoice_total=francs(desk, 600))
    wrong = a_claim(desk, care, batch)
    assert refused(desk, withdraw_claim, claim_id=wrong, reason=" ")[0] == "reason"
    desk.do(withdraw_claim, claim_id=wrong, reason="card of the neighbour")
    right = a_claim(desk, care, batch, at=1)
    done = desk.do(decide_batch, batch_id=batch)
    assert (done.approved, shown(desk, wrong).state, shown(desk, right).state) == (
        1,
        State.WITHDRAWN,
        State.APPROVED,
    )
    assert refused(desk, withdraw_claim, claim_id=right, reason="late")[0] == "claim"
    clean(desk)


# Reasons


def code_of(desk: Desk, claim: ClaimId) -> tuple[str, str]:
    told = desk.do(decide_claim, claim_id=claim)
    return told.outcome.name, told.codes[0].value if told.codes else ""


def test_who_is_not_covered_gets_a_rejection_that_says_why(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    stranger = a_household(desk, 1, plan_id=care.plan_id)
    unpaid = a_claim(desk, care, batch, person_id=stranger.person_ids[0])
    assert code_of(desk, unpaid) == ("REJECTED", "RA04")
    early = a_claim(desk, care, batch, day=date(2024, 1, 2))
    assert code_of(desk, early)[0] in {"REJECTED", "APPROVED"}
    assert balances(desk, "provider_payable")[0] <= 0
    clean(desk)


def test_the_dead_are_not_treated(desk: Desk) -> None:
    care = a_care(desk)
    with desk.work("note_death") as work:
        work.update(person_table, care.home.person_ids[1], deceased_on=date(2024, 1, 8))
    batch = a_batch(desk, care)
    assert code_of(desk, a_claim(desk, care, batch, at=1, day=date(2024, 1, 9))) == (
        "REJECTED",
        "RA02",
    )
    assert balances(desk, "provider_payable") == [0]


@pytest.mark.parametrize(
    ("lines", "rules", "told", "code"),
    [
        (["GLAS"], {}, {}, "RB01"),
        (["GLAS"], {"GLAS": {}}, {}, "RT01"),
        (["C"], {"C": {"covered": False, "exclusion": "cosmetic"}}, {}, "RB02"),
        (["C"], {"C": {"requires_referral": True}}, {}, "RB06"),
        (["C"], {"C": {"requires_referral": True}}, {"referred": True}, ""),
        (["C"], {"C": {"requires_letter": True}}, {}, "RB07"),
        (["C"], {"C": {"requires_letter": True}}, {"guarantee": "G-1"}, "RB07"),
        (["C"], {"C": {"levels": frozenset({Level.NATIONAL})}}, {}, "RB08"),
        (["C"], {"C": {"age_max": 5}}, {}, "RB09"),
        (["DEL"], {"DEL": {"waiting_months": 9}}, {}, "RB03"),
        (["C"], {"C": {"limit_count": 0}}, {}, "RC01"),
        (["C"], {"C": {"cap_act": 400}}, {}, "RC02"),
        (["C"], {"C": {"deductible": 100}}, {}, "RD01"),
    ],
)
def test_each_reason_has_its_code(
    desk: Desk, lines: list[str], rules: dict[str, Any], told: dict[str, Any], code: str
) -> None:
    care = a_care(desk, rules=rules)
    claim = a_claim(desk, care, a_batch(desk, care), *[care.line(one) for one in lines], **told)
    outcome, found = code_of(desk, claim)
    assert found == code
    paid = {"": "APPROVED", "RC02": "APPROVED", "RD01": "APPROVED", "RB07": "PENDING"}
    assert outcome == paid.get(code, "REJECTED")
    clean(desk)


def test_a_claim_put_aside_for_a_letter_books_nothing_and_waits(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"requires_letter": True}})
    batch = a_batch(desk, care)
    claim = a_claim(desk, care, batch)
    assert desk.do(decide_claim, claim_id=claim).outcome is Outcome.PENDING
    assert balances(desk, "provider_payable") == [0]
    known = shown(desk, claim)
    assert (known.state, known.lines[0].paid) == (State.PENDING, None)
    assert desk.do(decide_batch, batch_id=batch).pending == 1
    clean(desk)


def test_the_same_act_on_the_same_day_is_paid_once(desk: Desk) -> None:
    care = a_care(desk)
    first, second = a_batch(desk, care), a_batch(desk, care)
    one = a_claim(desk, care, first, care.line("C"), care.line("A"))
    again = a_claim(desk, care, second, care.line("C"), care.line("P", 10))
    other = a_claim(desk, care, second, care.line("C"), at=1)
    assert code_of(desk, one) == ("APPROVED", "")
    told = desk.do(decide_claim, claim_id=again)
    assert [line.paid for line in told.lines] == [0, 110]  # 150 less 38; 38 in coins is 40
    assert (told.codes[0].value, told.disallowed) == ("RA07", 600)
    assert code_of(desk, other) == ("APPROVED", "")


def test_a_certificate_put_aside_is_taken_back_and_typed_in_with_its_letter(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"requires_letter": True}})
    batch = a_batch(desk, care)
    without = a_claim(desk, care, batch)
    for _ in range(2):
        assert desk.do(decide_claim, claim_id=without).outcome is Outcome.PENDING
    desk.do(withdraw_claim, claim_id=without, reason="the letter came")
    letter = a_letter(desk, care, "C")
    with_letter = a_claim(desk, care, batch, guarantee=letter.number)
    assert code_of(desk, with_letter) == ("APPROVED", "")
    clean(desk)


@pytest.mark.parametrize(
    ("first", "again", "twice"),
    [
        ((2, 5), (3, 4), True),  # a stay inside a stay
        ((2, 2), (2, 3), True),  # the same day, told as a stay
        ((2, 5), (5, 5), False),  # seen again on the day of going home
        ((2, 3), (3, 4), False),  # one stay after the other
        ((2, 4), (3, 6), True),
    ],
)
def test_care_that_shares_a_beginning_or_a_night_is_the_same_care(
    desk: Desk, first: tuple[int, int], again: tuple[int, int], *, twice: bool
) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    codes = []
    for begins, ends in (first, again):
        days: dict[str, Any] = {"day": date(2024, 1, begins), "last_day": date(2024, 1, ends)}
        claim = a_claim(desk, care, batch, care.line("ROOM", 2), **days)
        codes.append(desk.do(decide_claim, claim_id=claim).codes)
    assert codes == [(), (ReasonCode.RA07,) if twice else ()]


def test_care_after_the_month_of_the_invoice_is_refused(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    clock.set(date(2024, 2, 5))
    batch = a_batch(desk, care, month=Month(2024, 1))
    paper = certificate(desk, care, day=date(2024, 2, 1))
    told: dict[str, Any] = {"request_id": a_request(), "batch_id": batch, "certificate": paper}
    assert refused(desk, enter_claim, **told)[0] == "day"


def test_a_payment_is_not_dated_before_what_it_pays(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    clock.set(date(2024, 1, 20))
    desk.do(decide_claim, claim_id=claim)
    pay: dict[str, Any] = {"request_id": a_request(), "provider_id": care.provider_id}
    field, said = refused(desk, pay_provider, day=date(2024, 1, 19), **pay)
    assert (field, "19" in said) == ("provider", True)
    assert desk.do(pay_provider, day=date(2024, 1, 20), **pay).claims == 1


def test_a_request_that_paid_one_provider_does_not_answer_for_another(desk: Desk) -> None:
    care = a_care(desk)
    other, _ = a_provider(desk, care.services, code="FAR")
    desk.do(decide_claim, claim_id=a_claim(desk, care, a_batch(desk, care)))
    request = a_request()
    desk.do(pay_provider, request_id=request, provider_id=care.provider_id)
    assert refused(desk, pay_provider, request_id=request, provider_id=other)[0] == "request"


def test_a_decision_that_is_not_what_its_facts_say_is_found(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    desk.do(decide_claim, claim_id=claim)
    connection = desk.writer.raw_connection()
    raw: Any = connection.driver_connection
    raw.execute("DROP TRIGGER claim_decision_is_not_changed")
    raw.execute("UPDATE claim_decision SET facts = replace(facts, '600', '700')")
    connection.close()
    with desk.read() as reader:
        assert queries.claims_that_differ(reader) == ("C-2024-A-000001",)


def test_a_claim_paid_twice_is_found_though_signed(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    desk.do(decide_claim, claim_id=claim)
    paid = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    with desk.work("pay_again") as work:
        told = {"provider_payment_id": paid.id, "claim_id": claim, "amount": 450}
        work.insert(paid_claim, id=work.new_id(), **told)
    assert desk.ask(queries.claims_that_differ) == ("C-2024-A-000001",)


def test_an_invoice_that_comes_too_late_is_the_providers_loss(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk, agreement={"late_invoice_days": 30})
    clock.set(date(2024, 2, 12))
    batch = a_batch(desk, care, month=Month(2024, 1))
    in_time = a_claim(desk, care, batch, day=date(2024, 1, 13))
    late = a_claim(desk, care, batch, day=date(2024, 1, 12))
    assert code_of(desk, in_time) == ("APPROVED", "")
    told = desk.do(decide_claim, claim_id=late)
    assert (told.codes[0].value, told.patient, told.disallowed) == ("RA09", 0, 600)


def test_outside_the_agreement_only_a_declared_emergency_counts(desk: Desk) -> None:
    rules = {"C": {"emergency_out_of_network": True}}
    care = a_care(desk, rules=rules)
    stranger, _ = a_provider(
        desk, care.services, code="FAR", agreement={"first_day": date(2025, 1, 1)}
    )
    batch = a_batch(desk, care, provider_id=stranger)
    plain = a_claim(desk, care, batch)
    emergency: dict[str, Any] = {"visit": Visit.EMERGENCY, "declared_hours": 80}
    late = a_claim(desk, care, batch, at=1, **emergency)
    untold = a_claim(desk, care, batch, at=1, **(emergency | {"declared_hours": None}))
    in_time = a_claim(desk, care, batch, at=2, **(emergency | {"declared_hours": 20}))
    assert code_of(desk, plain) == ("REJECTED", "RB04")
    assert code_of(desk, late) == ("REJECTED", "RB05")
    assert code_of(desk, untold) == ("REJECTED", "RB05")
    # No reference price list is named, so nothing can be priced.
    assert code_of(desk, in_time) == ("REJECTED", "RT01")


def test_the_household_shares_its_ceiling(desk: Desk) -> None:
    care = a_care(desk, cap_household_year=800)
    batch = a_batch(desk, care)
    told = [
        desk.do(decide_claim, claim_id=a_claim(desk, care, batch, at=at)).paid for at in (0, 1, 2)
    ]
    # 450 each, 800 in all; the third finds nothing left.
    assert told == [450, 350, 0]


def test_a_year_of_membership_begins_with_the_household(desk: Desk, clock: SetClock) -> None:
    clock.set(date(2024, 6, 20))
    care = a_care(
        desk, cap_person_year=450, year_start=YearStart.MEMBERSHIP, joined=date(2024, 6, 15)
    )
    told = []
    for day in (date(2024, 6, 20), date(2025, 1, 20), date(2025, 6, 10)):
        clock.set(day)
        claim = a_claim(desk, care, a_batch(desk, care))
        told.append(desk.do(decide_claim, claim_id=claim).paid)
    # The household took effect on 1 June: January is the same year, the next June another.
    assert told == [450, 0, 450]


# What cannot be right is refused beside its field and nothing is kept


def test_bad_certificates_are_refused_beside_their_field(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)

    def field(*lines: NewLine, **told: Any) -> str:
        paper = certificate(desk, care, *lines, **told)
        return refused(
            desk, enter_claim, request_id=a_request(), batch_id=batch, certificate=paper
        )[0]

    assert field(person_id=PersonId(b"?" * 16)) == "person"
    assert field(NewLine(care.services["C"], 0, 600)) == "lines.0.quantity"
    assert field(care.line("C"), NewLine(care.services["C"], -1, 600)) == "lines.1.quantity"
    assert field(NewLine(care.services["C"], 100_000, 600)) == "lines.0.quantity"
    assert field(NewLine(care.services["C"], 1, -600)) == "lines.0.price"
    assert field(NewLine(ServiceId(b"?" * 16), 1, 600)) == "lines.0.service"
    assert field(NewLine(care.services["C"], 9999, 10**12)) == "lines"
    assert field(last_day=date(2024, 1, 9)) == "day"
    assert field(first_day=date(2024, 1, 11), last_day=date(2024, 1, 11)) == "day"
    assert field(declared_hours=-1) == "declared_hours"


@pytest.mark.parametrize("quantity", [0, 10_000])
def test_no_line_has_nothing_or_ten_thousand(desk: Desk, quantity: int) -> None:
    """Issue of care and claims, bad input: quantity 0 or 10,000."""
    care = a_care(desk)
    told: dict[str, Any] = {"request_id": a_request(), "batch_id": a_batch(desk, care)}
    line = NewLine(care.services["C"], quantity, 600)
    field, said = refused(desk, enter_claim, **told, certificate=certificate(desk, care, line))
    assert (field, said) == (
        "lines.0.quantity",
        "Type the quantity as a whole number from 1 to 9,999.",
    )


def test_nobody_is_treated_before_the_day_they_were_born(desk: Desk) -> None:
    """A birth known by its day is held against care of the same year; one known by its year is not."""
    care = a_care(desk)
    batch = a_batch(desk, care, month=Month(2024, 1))
    born = desk.today
    adult, exact, vague = persons(3, seed=77)
    home = desk.do(
        register_household,
        section_id=a_section(desk, name="Kati"),
        plan_id=care.plan_id,
        persons=(
            adult,
            replace(exact, birth=Birth(born, BirthKnown.DAY), relation=Relation.CHILD),
            replace(
                vague,
                birth=Birth(date(born.year, 7, 1), BirthKnown.YEAR),
                relation=Relation.CHILD,
            ),
        ),
    )
    day = born.replace(day=born.day - 1)
    told = certificate(desk, care, day=day)
    field, _said = refused(
        desk,
        enter_claim,
        request_id=a_request(),
        batch_id=batch,
        certificate=replace(told, person_id=home.person_ids[1]),
    )
    assert field == "day"
    desk.do(
        enter_claim,
        request_id=a_request(),
        batch_id=batch,
        certificate=replace(told, person_id=home.person_ids[2]),
    )


def test_a_certificate_is_typed_in_once_by_its_number(desk: Desk) -> None:
    """The same number of the same provider, for whomever and on whatever invoice, until taken back."""
    care = a_care(desk)
    first = a_claim(desk, care, a_batch(desk, care), certificate="0012-07")
    again: dict[str, Any] = {"request_id": a_request(), "batch_id": a_batch(desk, care)}
    paper = certificate(desk, care, care.line("A"), at=1, certificate=" 0012-07 ")
    field, said = refused(desk, enter_claim, **again, certificate=paper)
    assert (field, said) == (
        "certificate",
        f"Certificate 0012-07 of this provider is typed in already, as claim"
        f" {shown(desk, first).number}. Check the number, or take that claim back first.",
    )
    other, _ = a_provider(desk, care.services, code="OTHER")
    a_claim(desk, care, a_batch(desk, care, provider_id=other), at=2, certificate="0012-07")
    a_claim(desk, care, again["batch_id"], at=1, certificate="")
    a_claim(desk, care, again["batch_id"], at=2, certificate="")
    desk.do(withdraw_claim, claim_id=first, reason="Typed for the wrong person")
    desk.do(enter_claim, **again, certificate=paper)


def test_a_certificate_that_was_refused_is_typed_in_again_for_who_it_is(desk: Desk) -> None:
    care = a_care(desk)
    nobody = a_household(desk, 2, plan_id=care.plan_id)
    batch = a_batch(desk, care)
    wrong = replace(certificate(desk, care, certificate="7"), person_id=nobody.person_ids[0])
    first = desk.do(enter_claim, request_id=a_request(), batch_id=batch, certificate=wrong)
    again: dict[str, Any] = {"certificate": certificate(desk, care, certificate="7")}
    again |= {"request_id": a_request(), "batch_id": batch}
    assert refused(desk, enter_claim, **again)[0] == "certificate"
    assert desk.do(decide_claim, claim_id=first).outcome is Outcome.REJECTED
    claim_id = desk.do(enter_claim, **again)
    assert desk.do(decide_claim, claim_id=claim_id).outcome is Outcome.APPROVED


def test_an_invoice_seen_before_is_refused(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care, invoice="F-12")
    # A batch without certificates was opened by mistake: the invoice is not in the book yet.
    batch = a_batch(desk, care, invoice="F-12")
    claim_id = a_claim(desk, care, batch)
    clock.set(date(2024, 2, 20))
    told: dict[str, Any] = {
        "request_id": a_request(),
        "month": Month(2024, 2),
        "invoice": "f-12 ",
    }
    field, said = refused(desk, open_batch, provider_id=care.provider_id, **told)
    number = desk.ask(queries.batches, desk.currency)[-1].number
    assert field == "invoice"
    assert said.startswith("Invoice f-12 of this provider is in the book already: batch B-2024-A-")
    assert said.endswith("of January 2024. Type its certificates in there, or check the number.")
    assert number.startswith("B-2024-A-")
    other, _ = a_provider(desk, care.services, code="OTHER")
    desk.do(open_batch, provider_id=other, **told)
    desk.do(withdraw_claim, claim_id=claim_id, reason="The wrong provider")
    a_batch(desk, care, month=Month(2024, 2), invoice="F-12")


def test_bad_batches_are_refused_beside_their_field(desk: Desk) -> None:
    care = a_care(desk)

    def field(**told: Any) -> str:
        values: dict[str, Any] = {"provider_id": care.provider_id, "month": Month(2024, 1)} | told
        return refused(desk, open_batch, request_id=a_request(), **values)[0]

    assert field(provider_id=b"?" * 16) == "provider"
    assert field(month=Month(2024, 2)) == "month"
    assert field(received_on=date(2024, 1, 11)) == "received_on"
    assert field(month=Month(2024, 1), received_on=date(2023, 12, 31)) == "received_on"
    assert field(invoice_total=francs(desk, -1)) == "invoice_total"


def test_a_hole_between_two_price_lists_is_named_with_both_dates(
    desk: Desk, clock: SetClock
) -> None:
    from stepdesk.providers.service import version_tariff

    care = a_care(desk, until=date(2024, 2, 1))
    desk.do(
        version_tariff,
        tariff_id=care.tariff_id,
        first_day=date(2024, 3, 1),
        prices={care.services["C"]: 650},
    )
    clock.set(date(2024, 3, 5))
    batch = a_batch(desk, care, month=Month(2024, 2))
    paper = certificate(desk, care, day=date(2024, 2, 10))
    field, said = refused(
        desk, enter_claim, request_id=a_request(), batch_id=batch, certificate=paper
    )
    assert field == "day"
    assert "1/31/24" in said or "31" in said
    assert "3/1/24" in said or "1 Mar" in said or "March" in said
    later = a_batch(desk, care, month=Month(2024, 3))
    new = a_claim(desk, care, later, day=date(2024, 3, 2))
    assert desk.do(decide_claim, claim_id=new).paid == 450


def test_nothing_of_claims_enters_a_closed_month(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    clock.set(date(2024, 2, 5))
    desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
    told: dict[str, Any] = {"provider_id": care.provider_id, "month": Month(2024, 1)}
    field, _ = refused(
        desk, open_batch, request_id=a_request(), received_on=date(2024, 1, 20), **told
    )
    assert field == "received_on"
    assert desk.do(decide_claim, claim_id=claim).paid == 450
    pay: dict[str, Any] = {"request_id": a_request(), "provider_id": care.provider_id}
    assert refused(desk, pay_provider, day=date(2024, 1, 31), **pay)[0] == "day"
    with desk.read() as connection:
        months = (
            connection.exec_driver_sql("SELECT month FROM entry WHERE rule='P09'").scalars().all()
        )
    assert months == ["2024-02"]
    clean(desk)


# Medical


def test_a_diagnosis_is_sealed_and_opened_by_who_may(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), diagnosis="B54 paludisme")
    with desk.read() as connection:
        kept = connection.exec_driver_sql("SELECT diagnosis FROM claim").scalar_one()
        parts = connection.exec_driver_sql(
            "SELECT count(*) FROM act_part WHERE openness=2"
        ).scalar_one()
    assert b"paludisme" not in kept
    assert parts == 1
    assert diagnosis_of(desk, claim) == "B54 paludisme"
    clean(desk)


# Asking


def test_the_counter_is_told_about_a_service_at_a_provider(desk: Desk) -> None:
    care = a_care(desk, rules={"C": {"limit_count": 3}, "DEL": {"waiting_months": 9}})
    with desk.read() as connection:
        from stepdesk.benefits.queries import services

        known = {one.code: one for one in services(connection).values()}
    who = care.home.person_ids[0]
    claim = a_claim(desk, care, a_batch(desk, care))
    desk.do(decide_claim, claim_id=claim)
    day = desk.today
    told = ask_care_rights(
        desk, person_id=who, day=day, service=known["C"], provider_id=care.provider_id
    )
    assert told.answer is Answer.YES
    assert told.remaining is not None
    assert told.remaining.count == 2
    told = ask_care_rights(desk, person_id=who, day=day, service=known["DEL"])
    assert (told.answer, told.reasons[0].code.value) == (Answer.NO, "RB03")
    told = ask_care_rights(desk, person_id=who, day=day, service=known["GLAS"])
    assert told.reasons[0].code.value == "RB01"


def test_what_has_no_price_at_a_provider_is_not_promised(desk: Desk) -> None:
    care = a_care(desk, rules={"GLAS": {}}, until=date(2024, 2, 1))
    with desk.read() as connection:
        known = service_of_code(connection, "GLAS")
        consultation = service_of_code(connection, "C")
    assert known is not None
    assert consultation is not None
    told: dict[str, Any] = {"person_id": care.home.person_ids[0], "day": desk.today}
    assert ask_care_rights(desk, service=known, **told).answer is Answer.YES
    there = ask_care_rights(desk, service=known, provider_id=care.provider_id, **told)
    assert (there.answer, [one.code.value for one in there.reasons]) == (Answer.NO, ["RT01"])
    later = told | {"day": date(2024, 2, 10)}
    hole = ask_care_rights(desk, service=consultation, provider_id=care.provider_id, **later)
    assert [one.code.value for one in hole.reasons] == ["RT01"]


def test_a_look_ahead_writes_nothing(desk: Desk) -> None:
    care = a_care(desk)
    before = desk.acts
    _, told, _ = preview(
        desk,
        provider_id=care.provider_id,
        received_on=desk.today,
        certificate=certificate(desk, care, care.line("C"), care.line("P", 20, 20)),
    )
    assert [line.paid for line in told.lines] == [450, 225]
    assert (told.disallowed, desk.acts) == (100, before)


def test_an_empty_batch_has_nothing_to_decide(desk: Desk) -> None:
    batch = a_batch(desk, a_care(desk))
    (told,) = desk.ask(queries.batches, desk.currency, batch_id=batch)
    assert (told.claims, told.undecided) == (0, 0)
