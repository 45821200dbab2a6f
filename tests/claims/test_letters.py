"""Guarantee letters at the desk: promised, held back from ceilings, used. Prices are in kit.py.

A delivery costs 5,000 by the list, the household pays 25 % of it: the scheme promises 3,750.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.queries import service_of_code
from stepdesk.benefits.terms import Service
from stepdesk.claims import queries
from stepdesk.claims.service import (
    ask_care_rights,
    cancel_letter,
    check_letter,
    decide_claim,
    extend_letter,
    grant_letter,
    issue_letter,
    offer_letter,
    override_claim,
    pay_provider,
    refuse_letter,
    request_letter,
    use_letter,
)
from stepdesk.claims.terms import (
    GuaranteeKind,
    GuaranteeLetter,
    LetterState,
    Outcome,
    Override,
    State,
)
from stepdesk.contributions.service import mark_leaves, receive_booklets
from stepdesk.contributions.terms import MarkKind, Stationery
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.reports.queries import disagreements
from stepdesk.rights.terms import Answer, HouseholdState, ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BookletId, LetterId, PersonId, StaffId
from tests.builders import SECOND, a_request, open_copy, wednesday
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider, francs
from tests.claims.letter_kit import a_letter, asked
from tests.examples import few

EMERGENCY: dict[str, Any] = {"kind": GuaranteeKind.REGULARISATION, "declared_hours": 10}


def stands(desk: Desk, letter_id: LetterId) -> GuaranteeLetter:
    return desk.ask(queries.letter_of, letter_id, desk.currency, today=desk.today)


def an_act(desk: Desk, code: str) -> Service:
    found = desk.ask(service_of_code, code)
    assert found is not None
    return found


def held_back(desk: Desk, care: Care) -> list[int]:
    """What open letters of the household hold back today."""
    told = desk.ask(
        queries.reserved,
        household_id=care.home.household_id,
        person_id=care.home.person_ids[0],
        since=date(2024, 1, 1),
        today=desk.today,
    )
    return [one.paid for one in told]


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    before = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == before
    return caught.value.field, speak(caught.value.text, "en")


def not_issued(desk: Desk, care: Care, service: str = "DEL", **told: Any) -> tuple[str, str]:
    outer = {key: told.pop(key) for key in ("up_to", "days") if key in told}
    return refused(
        desk, issue_letter, request_id=a_request(), asked=asked(care, service, **told), **outer
    )


def a_second(desk: Desk) -> StaffId:
    return desk.do(add_person, name="Moussa", role=Role.MANAGER, password=SECOND)


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


# From the question to the payment


def test_a_letter_is_issued_used_and_settled(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    letter = a_letter(desk, care, referral="CSCOM Koula 12")
    assert (letter.number, letter.state) == ("LG-2024-A-00001", LetterState.ISSUED)
    assert [one.minor for one in (letter.price, letter.up_to, letter.patient_due)] == [
        5000,
        3750,
        1250,
    ]
    # Today is the first of sixty days: 22 of January, 29 of February, 9 of March.
    assert (letter.first_day, letter.valid_through) == (date(2024, 1, 10), date(2024, 3, 9))
    assert (letter.issued_on, letter.issued_by, letter.referral) == (
        date(2024, 1, 10),
        "Awa",
        "CSCOM Koula 12",
    )
    claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), guarantee=letter.number)
    told = desk.do(decide_claim, claim_id=claim)
    assert (told.outcome, told.paid, told.codes) == (Outcome.APPROVED, 3750, ())
    used = stands(desk, letter.id)
    assert (used.state, used.claim, used.used) == (
        LetterState.USED,
        "C-2024-A-000001",
        francs(desk, 3750),
    )
    with desk.work("pay_provider") as work:
        pay_provider(
            work,
            request_id=a_request(),
            provider_id=care.provider_id,
        )
    assert stands(desk, letter.id).state is LetterState.SETTLED
    clean(desk)


def test_the_same_request_twice_is_one_letter(desk: Desk) -> None:
    care = a_care(desk)
    request = a_request()
    one = desk.do(issue_letter, request_id=request, asked=asked(care))
    assert desk.do(issue_letter, request_id=request, asked=asked(care)) == one
    again = a_request()
    waits = desk.do(request_letter, request_id=again, asked=asked(care, "SURG"))
    assert desk.do(request_letter, request_id=again, asked=asked(care, "SURG")) == waits
    assert [
        each.number for each in desk.ask(queries.letters, desk.currency, today=desk.today)
    ] == [
        "LG-2024-A-00002",
        "LG-2024-A-00001",
    ]


def test_a_letter_holds_fifteen_days_and_one_for_a_birth_sixty(desk: Desk) -> None:
    care = a_care(desk)
    assert a_letter(desk, care, "SURG").valid_through == date(2024, 1, 24)
    assert a_letter(desk, care, "DEL").valid_through == date(2024, 3, 9)
    assert a_letter(desk, care, "ROOM", days=7).valid_through == date(2024, 1, 16)


def test_what_a_letter_would_say_is_told_and_nothing_is_written(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=20_000)
    before = desk.acts
    told = offer_letter(desk, asked=asked(care, "SURG"))
    assert [one.minor for one in (told.price, told.proposed, told.patient)] == [
        45_000,
        20_000,
        25_000,
    ]
    assert (told.most, told.may_go_out, told.second) == (francs(desk, 20_000), True, False)
    assert desk.acts == before


def test_a_request_waits_and_is_granted_or_refused_with_its_code(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    one = desk.do(request_letter, request_id=a_request(), asked=asked(care))
    two = desk.do(request_letter, request_id=a_request(), asked=asked(care, "SURG"))
    a_letter(desk, care, "ROOM", at=1)
    assert [one.state, two.state] == [LetterState.REQUESTED] * 2
    assert held_back(desk, care) == [1500]  # the one that was issued at once
    assert desk.ask(queries.letters_asked_for, desk.currency, today=desk.today) == (two, one)
    clock.set(date(2024, 1, 11))
    granted = desk.do(grant_letter, letter_id=one.id)
    assert (granted.state, granted.asked_on, granted.issued_on) == (
        LetterState.ISSUED,
        date(2024, 1, 10),
        date(2024, 1, 11),
    )
    waited = desk.ask(queries.hours_to_issue, date(2024, 1, 1), date(2024, 1, 31))
    assert waited == (0, 24)
    told = desk.do(
        refuse_letter, letter_id=two.id, code=ReasonCode.RM01, reason="It can be done at Koula."
    )
    assert (told.state, told.refused_for, told.reason) == (
        LetterState.REFUSED,
        "RM01",
        "It can be done at Koula.",
    )
    assert desk.ask(queries.letters_asked_for, desk.currency, today=desk.today) == ()
    field, said = refused(desk, grant_letter, letter_id=two.id)
    assert (field, said) == ("letter", "Letter LG-2024-A-00002 was refused.")
    field, said = refused(desk, grant_letter, letter_id=one.id)
    assert said == "Letter LG-2024-A-00001 is issued already. Extend or end it instead."
    clean(desk)


# What it holds back


def test_what_a_letter_promises_is_held_back_from_the_ceilings_of_others(desk: Desk) -> None:
    care = a_care(desk, cap_household_year=5000)
    a_letter(desk, care)
    told = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), at=1)
    decided = desk.do(decide_claim, claim_id=told)
    # 5,000 less the 3,750 that are promised to somebody else.
    assert (decided.paid, [one.value for one in decided.codes]) == (1250, ["RC06"])


def test_its_own_promise_does_not_stand_in_the_way_of_the_claim(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=4000)
    letter = a_letter(desk, care)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), guarantee=letter.number)
    assert desk.do(decide_claim, claim_id=claim).paid == 3750
    assert held_back(desk, care) == []


def test_a_promise_takes_one_of_the_acts_allowed(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": {"limit_count": 1}})
    a_letter(desk, care)
    told = ask_care_rights(
        desk,
        person_id=care.home.person_ids[1],
        day=desk.today,
        service=an_act(desk, "DEL"),
    )
    assert told.answer is Answer.YES
    field, said = not_issued(desk, care)
    assert (field, said) == (
        "person",
        "The number allowed is used up: 1. Covered from 1 January 2025.",
    )


@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_a_letter_that_ended_holds_nothing_back(desk: Desk, clock: SetClock, end: str) -> None:
    care = a_care(desk)
    letter = a_letter(desk, care, days=5)
    clock.set(date(2024, 1, 14))
    assert held_back(desk, care) == [3750]
    if end == "cancelled":
        desk.do(cancel_letter, letter_id=letter.id, reason="The patient went elsewhere.")
    else:
        clock.set(date(2024, 1, 15))
    assert stands(desk, letter.id).state.value == end.upper()
    assert held_back(desk, care) == []


def test_more_than_the_ceilings_leave_is_not_promised(desk: Desk) -> None:
    care = a_care(desk, cap_episode=30_000)
    field, said = not_issued(desk, care, "SURG", up_to=francs(desk, 30_001))
    assert field == "up_to"
    assert said.startswith("The ceilings leave 30")
    assert a_letter(desk, care, "SURG", up_to=30_000).up_to.minor == 30_000
    # A promise below the scheme's part leaves the rest to the patient.
    letter = a_letter(desk, care, "DEL", at=1, up_to=2000)
    assert letter.patient_due.minor == 3000


@few(12)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["letter", "claim", "used", "later", "cancel"]), st.integers(0, 2)
        ),
        min_size=3,
        max_size=9,
    )
)
def test_what_is_approved_and_promised_never_exceeds_the_ceiling(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Domain handbook Y.8 (8)."""
    clock = wednesday()
    desk = open_copy(tmp_path_factory.mktemp("letters") / "book", clock=clock)
    care = a_care(desk, cap_household_year=9000, cap_person_year=5000)
    for act, at in steps:
        opened = desk.ask(queries.letters, desk.currency, today=desk.today, only_open=True)
        if act == "letter":
            _try_letter(desk, care, at)
        elif act == "claim":
            claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), at=at)
            desk.do(decide_claim, claim_id=claim)
        elif act == "used" and opened:
            one = opened[0]
            whose = care.home.person_ids.index(one.person_id)
            claim = a_claim(
                desk, care, a_batch(desk, care), care.line("DEL"), at=whose, guarantee=one.number
            )
            desk.do(decide_claim, claim_id=claim)
        elif act == "cancel" and opened:
            desk.do(cancel_letter, letter_id=opened[-1].id, reason="changed")
        elif act == "later":
            clock.set(date.fromordinal(desk.today.toordinal() + 9))
        told = desk.ask(
            queries.uses_of,
            household_id=care.home.household_id,
            person_id=care.home.person_ids[0],
            since=date(2024, 1, 1),
            today=desk.today,
        )
        assert sum(one.paid for one in told) <= 9000
        for person in care.home.person_ids:
            assert sum(one.paid for one in told if one.person_id == person) <= 5000
    desk.close()


def _try_letter(desk: Desk, care: Care, at: int) -> None:
    try:
        a_letter(desk, care, at=at, days=10, accepting=frozenset({"open_letter"}))
    except Refusal as refusal:
        assert refusal.field == "person"  # noqa: PT017 - the ceilings leave nothing


# A claim that names it


def test_a_claim_above_the_letter_is_cut_to_what_was_promised(desk: Desk) -> None:
    care = a_care(desk)
    letter = a_letter(desk, care, "SURG", up_to=20_000)
    lines = care.line("SURG"), care.line("MED")
    claim = a_claim(desk, care, a_batch(desk, care), *lines, guarantee=letter.number)
    told = desk.do(decide_claim, claim_id=claim)
    # 75 % of 63,400 are 47,550; 20,000 were promised, spread over both lines.
    assert (told.paid, told.patient, told.disallowed) == (20_000, 43_400, 0)
    assert {code.value for code in told.codes} == {"RC03"}


def test_a_claim_refused_first_and_approved_by_the_adviser_uses_its_letter(desk: Desk) -> None:
    care = a_care(desk, rules={"SURG": {"requires_referral": True, "requires_letter": True}})
    letter = a_letter(desk, care, "SURG", referral="Koula 4")
    claim = a_claim(desk, care, a_batch(desk, care), care.line("SURG"), guarantee=letter.number)
    assert desk.do(decide_claim, claim_id=claim).outcome is Outcome.REJECTED
    assert stands(desk, letter.id).state is LetterState.ISSUED
    told = desk.do(
        override_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RB06),),
        reason="The referral was seen.",
        accepting=frozenset({"nobody_may_decide"}),
    )
    assert told.paid == 33_750
    assert (stands(desk, letter.id).state, held_back(desk, care)) == (LetterState.USED, [])
    clean(desk)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"at": 1}, "another patient's"),
        ({"day": date(2024, 1, 9)}, "holds from"),
        ({"guarantee": "LG-2024-A-00099"}, "There is no guarantee letter"),
        ({"guarantee": "G-17"}, "There is no guarantee letter"),
    ],
)
def test_a_letter_that_does_not_fit_puts_the_claim_aside(
    desk: Desk, changed: dict[str, Any], said: str
) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    letter = a_letter(desk, care)
    claim = a_claim(
        desk,
        care,
        a_batch(desk, care),
        care.line("DEL"),
        **{"guarantee": letter.number, **changed},
    )
    told = desk.do(decide_claim, claim_id=claim)
    assert (told.outcome, [one.value for one in told.codes]) == (Outcome.PENDING, ["RB07"])
    assert stands(desk, letter.id).state is LetterState.ISSUED
    certificate, provider_id, _ = desk.ask(queries.typed, claim)
    fault = desk.ask(
        queries.shown_letter,
        certificate,
        provider_id=provider_id,
        today=desk.today,
        claim_id=claim,
    )
    assert said in speak(fault, "en")  # type: ignore[arg-type]


def test_a_letter_for_another_provider_or_act_does_not_hold(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    other, _ = a_provider(desk, care.services, code="KATI")
    letter = a_letter(desk, care)
    surgery = a_letter(desk, care, "SURG")
    batch = a_batch(desk, care, provider_id=other)
    elsewhere = a_claim(desk, care, batch, care.line("DEL"), guarantee=letter.number)
    wrong = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), guarantee=surgery.number)
    for claim in (elsewhere, wrong):
        assert desk.do(decide_claim, claim_id=claim).outcome is Outcome.PENDING


def test_one_letter_is_one_care(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    letter = a_letter(desk, care)
    batch = a_batch(desk, care)
    first = a_claim(
        desk, care, batch, care.line("DEL"), guarantee=letter.number, day=date(2024, 1, 10)
    )
    assert desk.do(decide_claim, claim_id=first).outcome is Outcome.APPROVED
    again = a_claim(desk, care, batch, care.line("DEL"), care.line("C"), guarantee=letter.number)
    assert desk.do(decide_claim, claim_id=again).outcome is Outcome.PENDING
    desk.do(use_letter, claim_id=first)
    assert stands(desk, letter.id).version == 3  # asked for, issued, used


def test_the_invoice_may_come_after_the_last_day_of_the_letter(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    letter = a_letter(desk, care, days=3)
    clock.set(date(2024, 1, 30))
    assert stands(desk, letter.id).state is LetterState.EXPIRED
    batch = a_batch(desk, care)
    inside = a_claim(
        desk, care, batch, care.line("DEL"), day=date(2024, 1, 12), guarantee=letter.number
    )
    assert desk.do(decide_claim, claim_id=inside).outcome is Outcome.APPROVED
    assert stands(desk, letter.id).state is LetterState.USED


# Contributions that stop


def suspended(desk: Desk, clock: SetClock, *, letter_on: date | None = None) -> tuple[Care, str]:
    """A household paid to December 2024 and seen on 20 February 2025."""
    care = a_care(desk)
    number = ""
    if letter_on is not None:
        clock.set(letter_on)
        number = a_letter(desk, care, "SURG").number
    clock.set(date(2025, 2, 20))
    return care, number


def test_a_letter_keeps_its_worth_when_the_household_is_suspended(
    desk: Desk, clock: SetClock
) -> None:
    """Domain handbook Y.2, 7."""
    care, number = suspended(desk, clock, letter_on=date(2025, 1, 30))
    day = date(2025, 2, 10)
    surgery, other = (an_act(desk, one) for one in ("SURG", "C"))
    person = care.home.person_ids[0]
    told = ask_care_rights(desk, person_id=person, day=day, service=other)
    assert (told.answer, told.reasons[0].code) == (Answer.NO, ReasonCode.RA04)
    clock.set(day)
    told = ask_care_rights(
        desk, person_id=person, day=day, service=surgery, provider_id=care.provider_id
    )
    assert (told.answer, told.reasons) == (Answer.CONDITION, ())
    assert [one.code for one in told.conditions] == [ReasonCode.RB07]
    assert told.state is HouseholdState.GRACE
    # Fifteen days from 30 January end with 13 February.
    told = ask_care_rights(desk, person_id=person, day=date(2025, 2, 14), service=surgery)
    assert told.answer is Answer.NO
    clock.set(date(2025, 2, 20))
    batch = a_batch(desk, care)
    claim = a_claim(
        desk, care, batch, care.line("SURG"), care.line("MED"), day=day, guarantee=number
    )
    told_of = desk.do(decide_claim, claim_id=claim)
    assert (told_of.outcome, told_of.paid) == (Outcome.APPROVED, 33_750)
    without = a_claim(desk, care, batch, care.line("C"), day=day)
    assert desk.do(decide_claim, claim_id=without).codes == (ReasonCode.RA04,)


def test_a_letter_is_asked_for_only_where_it_is_needed(desk: Desk) -> None:
    care = a_care(desk, rules={"SURG": {"requires_letter": True}}, cap_person_year=40_000)
    for one in ("DEL", "SURG"):
        a_letter(desk, care, one)
    person = care.home.person_ids[0]
    birth, surgery = (
        ask_care_rights(desk, person_id=person, day=desk.today, service=an_act(desk, one))
        for one in ("DEL", "SURG")
    )
    assert (birth.answer, birth.conditions) == (Answer.YES, ())
    assert surgery.answer is Answer.CONDITION
    # 40,000 less the 3,750 of the other letter: its own promise does not count against it.
    assert surgery.remaining is not None
    assert surgery.remaining.person_year == 36_250


def test_who_is_suspended_hears_what_to_pay_and_gets_no_letter(
    desk: Desk, clock: SetClock
) -> None:
    care, _ = suspended(desk, clock)
    field, said = not_issued(desk, care, "SURG")
    assert field == "person"
    assert "Pay 2,100 F CFA now: covered from 20 February 2025." in said.replace(
        "\u00a0", " "
    ).replace("\u202f", " ")
    assert "let a second person sign" in said


def test_an_emergency_letter_of_who_is_suspended_is_signed_by_two(
    desk: Desk, clock: SetClock
) -> None:
    care, _ = suspended(desk, clock)
    second = a_second(desk)
    night: dict[str, Any] = {**EMERGENCY, "first_day": date(2025, 2, 19)}
    assert not_issued(desk, care, "SURG", **night)[0] == "second"
    with desk.work("issue_letter") as work:
        work.second(second, SECOND)
        letter = issue_letter(work, request_id=a_request(), asked=asked(care, "SURG", **night))
    assert (letter.kind, letter.up_to.minor) == (GuaranteeKind.REGULARISATION, 33_750)
    claim = a_claim(
        desk,
        care,
        a_batch(desk, care),
        care.line("SURG"),
        day=date(2025, 2, 19),
        guarantee=letter.number,
    )
    assert desk.do(decide_claim, claim_id=claim).paid == 33_750
    clean(desk)


# Extended and cancelled


def test_two_sign_that_a_letter_holds_longer_and_its_figures_are_others(desk: Desk) -> None:
    care = a_care(desk, cap_person_year=10_000)
    letter = a_letter(desk, care, days=10)
    second = a_second(desk)
    told: dict[str, Any] = {"letter_id": letter.id, "reason": "Labour is late.", "days": 5}
    assert refused(desk, extend_letter, **told)[0] == "second"
    with desk.work("extend_letter") as work:
        work.second(second, SECOND)
        longer = extend_letter(work, up_to=francs(desk, 9000), **told)
    assert (longer.version, longer.valid_through) == (3, date(2024, 1, 24))
    assert (longer.up_to.minor, longer.reason) == (9000, "Labour is late.")
    assert longer.code != letter.code
    assert (longer.issued_on, longer.number) == (letter.issued_on, letter.number)
    assert held_back(desk, care) == [9000]
    more = {**told, "up_to": francs(desk, 10_001)}
    assert refused(desk, extend_letter, **more)[0] == "up_to"
    clean(desk)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"reason": " ", "days": 5}, "reason"),
        ({"reason": "late"}, "days"),
        ({"reason": "late", "days": 0}, "days"),
        ({"reason": "late", "days": 400}, "days"),
    ],
)
def test_an_extension_needs_a_reason_and_days(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    letter = a_letter(desk, a_care(desk))
    assert refused(desk, extend_letter, letter_id=letter.id, **told)[0] == field


def test_what_has_ended_is_neither_extended_nor_cancelled(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    letter = a_letter(desk, care, days=2)
    clock.set(date(2024, 1, 20))
    for verb in (cancel_letter, extend_letter):
        field, said = refused(desk, verb, letter_id=letter.id, reason="late")
        assert (field, said) == (
            "letter",
            "Letter LG-2024-A-00001 ran out on 11 January 2024. Write a new one.",
        )
    assert refused(desk, cancel_letter, letter_id=LetterId(b"?" * 16), reason="x")[0] == "letter"
    other = a_letter(desk, care)
    assert refused(desk, cancel_letter, letter_id=other.id, reason=" ")[0] == "reason"


# The telephone


def test_the_figures_tell_a_letter_of_ours_from_a_forged_one(desk: Desk) -> None:
    care = a_care(desk)
    letter = a_letter(desk, care)
    head, tail = letter.code.split(" ")
    assert (len(head), len(tail), (head + tail).isdigit()) == (3, 3, True)
    for code in (letter.code, head + tail, f"{head}-{tail}"):
        told = check_letter(desk, number=letter.number.lower(), code=code)
        assert (told.number, told.letter) == (letter.number, letter)
    wrong = f"{(int(head) + 1) % 1000:03d}{tail}"
    for number, code, field in (
        (letter.number, wrong, "code"),
        (letter.number, "", "code"),
        ("LG-2024-A-00009", letter.code, "number"),
        ("0012-01", letter.code, "number"),
    ):
        with pytest.raises(Refusal) as caught:
            check_letter(desk, number=number, code=code)
        assert caught.value.field == field


# The emergency pad


def a_pad(desk: Desk) -> BookletId:
    return desk.do(receive_booklets, kind=Stationery.LETTER, first_serial=12, leaves=20)[0]


def test_a_leaf_of_the_pad_is_typed_in_later_and_names_its_letter(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    booklet = a_pad(desk)
    clock.set(date(2024, 1, 15))
    letter = a_letter(
        desk, care, kind=GuaranteeKind.PAD, leaf="12/7", first_day=date(2024, 1, 11), up_to=3000
    )
    assert (letter.leaf, letter.first_day, letter.issued_on) == (
        "0012-07",
        date(2024, 1, 11),
        date(2024, 1, 15),
    )
    claim = a_claim(
        desk,
        care,
        a_batch(desk, care),
        care.line("DEL"),
        day=date(2024, 1, 12),
        guarantee="0012-07",
    )
    assert desk.do(decide_claim, claim_id=claim).paid == 3000
    leaf = desk.ask(queries.pad_leaf, booklet, 12, 7)
    assert check_letter(desk, number="0012-07", code=leaf.code).letter == stands(desk, letter.id)
    blank = desk.ask(queries.pad_leaf, booklet, 12, 8)
    assert check_letter(desk, number="0012-08", code=blank.code).letter is None
    clean(desk)


def test_a_leaf_used_twice_outside_the_pad_or_cancelled_is_refused(desk: Desk) -> None:
    care = a_care(desk)
    booklet = a_pad(desk)
    desk.do(
        mark_leaves,
        booklet_id=booklet,
        kind=MarkKind.CANCELLED,
        first_leaf=9,
        reason="Written badly",
    )
    a_letter(desk, care, kind=GuaranteeKind.PAD, leaf="0012-07")
    said = {}
    for leaf in ("0012-07", "0012-21", "0012-09", "0013-01", "seven", " "):
        field, said[leaf] = not_issued(desk, care, "SURG", kind=GuaranteeKind.PAD, leaf=leaf)
        assert field == "leaf"
    assert said["0012-07"] == (
        "Leaf 0012-07 was typed in before, as letter LG-2024-A-00001. Check the number."
    )
    assert said["0012-21"] == "Pad 0012 has the leaves 1 to 20. Check the number."
    assert "Written badly" in said["0012-09"]
    assert not_issued(desk, care, "SURG", leaf="0012-08")[0] == "leaf"
    pad = asked(care, kind=GuaranteeKind.PAD, leaf="0012-10")
    assert refused(desk, request_letter, request_id=a_request(), asked=pad)[0] == "kind"


# Bad input


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10_001}, "quantity"),
        ({"provider_id": b"?" * 16}, "provider"),
        ({"first_day": date(2024, 1, 9)}, "first_day"),
        ({"first_day": date(2024, 1, 11)}, "first_day"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({**EMERGENCY, "first_day": date(2024, 1, 11)}, "first_day"),
        ({**EMERGENCY, "declared_hours": None}, "declared_hours"),
        ({**EMERGENCY, "declared_hours": -1}, "declared_hours"),
        ({**EMERGENCY, "declared_hours": 73}, "declared_hours"),
        ({"service": "GLAS"}, "service"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    desk: Desk, told: dict[str, Any], field: str
) -> None:
    care = a_care(desk)
    assert not_issued(desk, care, told.pop("service", "DEL"), **told)[0] == field


def test_nothing_and_less_is_not_promised_and_nobody_gets_no_letter(desk: Desk) -> None:
    care = a_care(desk)
    for amount in (0, -5):
        assert not_issued(desk, care, up_to=francs(desk, amount))[0] == "up_to"
    nobody = asked(care)
    told = refused(
        desk,
        issue_letter,
        request_id=a_request(),
        asked=replace(nobody, person_id=PersonId(b"?" * 16)),
    )
    assert told == (
        "person",
        "Nobody is registered under this number. Look at the card again, or search by name.",
    )


def test_care_that_was_claimed_already_is_not_promised(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"))
    desk.do(decide_claim, claim_id=claim)
    assert not_issued(desk, care) == ("person", "Claimed twice")
    assert not offer_letter(desk, asked=asked(care)).may_go_out


def test_a_missing_referral_is_asked_for(desk: Desk) -> None:
    care = a_care(desk, rules={"SURG": {"requires_referral": True}})
    assert not_issued(desk, care, "SURG") == ("person", "A referral must be shown.")
    assert a_letter(desk, care, "SURG", referral="Koula 4").referral == "Koula 4"


def test_a_second_letter_for_the_same_act_is_asked_about(desk: Desk) -> None:
    care = a_care(desk)
    a_letter(desk, care)
    with pytest.raises(Caution) as caught:
        a_letter(desk, care)
    assert [one.name for one in caught.value.doubts] == ["open_letter"]
    again = a_letter(desk, care, accepting=frozenset({"open_letter"}))
    assert again.number == "LG-2024-A-00002"


# Lists


def test_what_runs_out_and_what_was_passed_by_is_listed(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    late = a_letter(desk, care, "SURG", days=10)
    soon = a_letter(desk, care, days=4)
    assert desk.ask(queries.letters_running_out, desk.currency, today=desk.today) == (soon,)
    clock.set(date(2024, 1, 12))
    claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"))
    desk.do(decide_claim, claim_id=claim)
    found = desk.ask(queries.letters_passed_by, desk.currency, today=desk.today)
    assert {one.id for one in found} == {late.id, soon.id}
    clock.set(date(2024, 1, 20))
    found = desk.ask(queries.letters_running_out, desk.currency, today=desk.today)
    assert found == ()  # both have ended


def test_earlier_letters_of_a_person_tell_what_they_used(desk: Desk) -> None:
    care = a_care(desk)
    letter = a_letter(desk, care)
    a_letter(desk, care, at=1)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("DEL"), guarantee=letter.number)
    desk.do(decide_claim, claim_id=claim)
    person = care.home.person_ids[0]
    told = desk.ask(queries.letters, desk.currency, today=desk.today, person_id=person)
    assert [(one.number, one.used) for one in told] == [(letter.number, francs(desk, 3750))]
    assert desk.ask(queries.claim_of, claim, desk.currency).state is State.APPROVED
