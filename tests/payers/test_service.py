"""Groups and payers in a real book: lists, guards, and what a commitment changes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.queries import account_of, facts_of
from stepdesk.contributions.rules import earned_to_date
from stepdesk.contributions.terms import EffectRule
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger.queries import balance_of
from stepdesk.members.service import resign, reverse_event
from stepdesk.payers import service as verbs
from stepdesk.payers.queries import group_of, nomination_of, place_of, places_of
from stepdesk.payers.terms import GroupKind, PayerAgreement, PayerKind, Step
from stepdesk.reports.queries import control_differences
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import Answer, HouseholdState
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import GroupId, HouseholdId, NominationId, PayerAgreementId, PayerId
from tests.builders import a_household, a_payment, a_plan, open_copy, wednesday

TODAY = date(2024, 1, 10)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened)
        yield opened


def a_group(desk: Desk, people: int = 10, **told: Any) -> GroupId:
    values: dict[str, Any] = {
        "code": "COOP",
        "name": "Coopérative",
        "kind": GroupKind.COOPERATIVE,
    } | told
    return desk.do(verbs.add_group, people=people, **values)


def homes(desk: Desk, group: GroupId, *sizes: int) -> list[HouseholdId]:
    found = []
    for size in sizes:
        one = a_household(desk, size).household_id
        desk.do(verbs.place_household, group_id=group, household_id=one, on=desk.today)
        found.append(one)
    return found


def listed(desk: Desk, group: GroupId, day: date | None = None) -> list[HouseholdId]:
    places = desk.ask(places_of, group, day or desk.today)
    assert [one.place for one in places] == list(range(1, len(places) + 1))
    return [one.household_id for one in places]


def doubted(desk: Desk, verb: Any, **told: Any) -> list[str]:
    with pytest.raises(Caution) as caution:
        desk.do(verb, **told)
    return [one.name for one in caution.value.doubts]


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    return caught.value.field


# Groups


def test_a_groups_list_is_ordered_and_closes_up(desk: Desk, clock: SetClock) -> None:
    group = a_group(desk)
    one, two, three = homes(desk, group, 1, 2, 3)
    four = a_household(desk, 1).household_id
    desk.do(verbs.place_household, group_id=group, household_id=four, on=TODAY, place=1)
    assert listed(desk, group) == [four, one, two, three]
    desk.do(verbs.move_place, household_id=four, place=3)
    assert listed(desk, group) == [one, two, four, three]
    clock.set(date(2024, 2, 1))
    desk.do(verbs.leave_group, household_id=two, on=date(2024, 2, 1))
    assert listed(desk, group) == [one, four, three]
    assert desk.ask(place_of, two, desk.today) is None
    assert two in {one.household_id for one in desk.ask(places_of, group, date(2024, 1, 31))}


def test_who_resigned_is_on_no_list_until_the_resignation_is_undone(
    desk: Desk, clock: SetClock
) -> None:
    group = a_group(desk)
    one, two = homes(desk, group, 2, 1)
    clock.set(date(2024, 3, 10))
    happened = desk.do(resign, household_id=one, letter_on=desk.today, on=desk.today)
    assert [place.household_id for place in desk.ask(places_of, group, desk.today)] == [two]
    assert desk.ask(place_of, one, desk.today) is None
    assert desk.ask(place_of, one, date(2024, 3, 9)) is not None
    now = desk.ask(group_of, group, desk.today)
    assert now is not None
    assert (now.households, now.enrolled) == (1, 1)
    desk.do(reverse_event, event_id=happened.event_ids[0], reason="stays after all")
    assert listed(desk, group) == [one, two]


def test_a_household_is_on_one_list_at_a_time(desk: Desk) -> None:
    group, other = a_group(desk), a_group(desk, code="AUTRE")
    (one,) = homes(desk, group, 1)
    told: dict[str, Any] = {"group_id": other, "household_id": one, "on": TODAY}
    assert refused(desk, verbs.place_household, **told) == "household"
    assert refused(desk, verbs.move_place, household_id=one, place=2) == "place"
    desk.do(verbs.leave_group, household_id=one, on=TODAY)
    desk.do(verbs.place_household, **told)
    assert listed(desk, other) == [one]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "coop"}, "code"),
        ({"name": " "}, "name"),
        ({"people": 0}, "people"),
        ({"min_share": 101}, "min_share"),
        ({"min_share": 0}, "min_share"),
    ],
)
def test_a_group_is_refused_beside_its_field(desk: Desk, told: dict[str, Any], field: str) -> None:
    a_group(desk)
    values: dict[str, Any] = {
        "code": "NEW",
        "name": "New",
        "kind": GroupKind.WOMEN,
        "people": 3,
    } | told
    assert refused(desk, verbs.add_group, **values) == field


def test_waiting_is_waived_once_enough_of_a_group_are_covered(desk: Desk, clock: SetClock) -> None:
    group = a_group(desk, people=8, min_share=75)
    (one,) = homes(desk, group, 5)
    told: dict[str, Any] = {"group_id": group, "on": TODAY, "reason": "75 % reached"}
    assert refused(desk, verbs.waive_waiting, **told) == "group"
    (two,) = homes(desk, group, 1)
    found = desk.ask(group_of, group, TODAY)
    assert found is not None
    assert (found.households, found.enrolled) == (2, 6)
    assert refused(desk, verbs.waive_waiting, **(told | {"reason": " "})) == "reason"
    assert len(desk.do(verbs.waive_waiting, **told)) == 2
    assert desk.do(verbs.waive_waiting, **told) == ()
    a_payment(desk, one, 1000 + 5 * 350)
    clock.set(date(2024, 2, 1))
    account, state, _ = desk.ask(household_verdicts, one, desk.today)
    assert (account.rights_from, state) == (date(2024, 2, 1), HouseholdState.ACTIVE)
    desk.do(verbs.leave_group, household_id=one, on=desk.today)
    assert desk.ask(household_verdicts, one, desk.today)[1] is HouseholdState.ACTIVE
    assert desk.ask(account_of, two, desk.today).entered_on is None


def test_waiting_may_be_shortened_by_some_months(desk: Desk) -> None:
    group = a_group(desk, people=1, min_share=75)
    (one,) = homes(desk, group, 1)
    told: dict[str, Any] = {"group_id": group, "on": TODAY, "reason": "campaign", "months": 2}
    desk.do(verbs.waive_waiting, **told)
    a_payment(desk, one, 1350)
    # Two of three months count as served before 10 January 2024.
    assert desk.ask(account_of, one, TODAY).rights_from == date(2024, 2, 10)


def test_a_group_without_a_least_share_waives_nothing(desk: Desk) -> None:
    group = a_group(desk)
    homes(desk, group, 10)
    assert refused(desk, verbs.waive_waiting, group_id=group, on=TODAY, reason="no") == "group"


def test_a_group_that_grew_may_fall_below_its_share(desk: Desk) -> None:
    group = a_group(desk, people=1, min_share=75)
    homes(desk, group, 1)
    told: dict[str, Any] = {"group_id": group, "min_share": 75, "signer": " Awa  Diop "}
    assert refused(desk, verbs.change_group, people=0, **told) == "people"
    desk.do(verbs.change_group, people=2, **told)
    found = desk.ask(group_of, group, TODAY)
    assert found is not None
    assert (found.people, found.signer) == (2, "Awa Diop")
    assert refused(desk, verbs.waive_waiting, group_id=group, on=TODAY, reason="x") == "group"


def test_an_ended_group_takes_nobody(desk: Desk) -> None:
    group = a_group(desk)
    homes(desk, group, 2)
    desk.do(verbs.end_group, group_id=group, on=TODAY)
    assert listed(desk, group) == []
    home = a_household(desk, 1).household_id
    told: dict[str, Any] = {"group_id": group, "household_id": home, "on": TODAY}
    assert refused(desk, verbs.place_household, **told) == "group"


# Payers


def an_agreement(desk: Desk, **terms: Any) -> PayerAgreementId:
    payer = desk.do(verbs.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    return desk.do(verbs.sign_agreement, agreement=terms_of(payer, **terms))


def terms_of(payer: PayerId, **terms: Any) -> PayerAgreement:
    told: dict[str, Any] = {
        "first_day": date(2024, 1, 1),
        "until": date(2025, 1, 1),
        "criteria": "indigent",
        "max_persons": None,
        "share": 50,
        "amount": None,
        "pays_fee": False,
        "on_commitment": True,
        "invoice_months": 3,
        "signed_on": date(2024, 1, 2),
    } | terms
    return PayerAgreement(PayerAgreementId(b""), payer, "", **told)


def nominated(
    desk: Desk, agreement: PayerAgreementId, household: HouseholdId, **told: Any
) -> NominationId:
    values: dict[str, Any] = {"on": TODAY, "grounds": "widow"} | told
    return desk.do(verbs.nominate, agreement_id=agreement, household_id=household, **values)


def covered(
    desk: Desk, agreement: PayerAgreementId, household: HouseholdId, **told: Any
) -> NominationId:
    one = nominated(desk, agreement, household, **told)
    desk.do(verbs.validate_nomination, nomination_id=one, on=desk.today)
    desk.do(verbs.approve_nomination, nomination_id=one, on=desk.today)
    desk.do(verbs.cover_nomination, nomination_id=one, on=desk.today)
    return one


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"share": None}, "share"),
        ({"amount": 100}, "share"),
        ({"share": 101}, "share"),
        ({"share": None, "amount": 0}, "amount"),
        ({"max_persons": 0}, "max_persons"),
        ({"until": date(2024, 1, 1)}, "until"),
        ({"signed_on": date(2024, 1, 11)}, "signed_on"),
        ({"invoice_months": 0}, "invoice_months"),
    ],
)
def test_an_agreement_is_refused_beside_its_field(
    desk: Desk, terms: dict[str, Any], field: str
) -> None:
    payer = desk.do(verbs.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    assert refused(desk, verbs.sign_agreement, agreement=terms_of(payer, **terms)) == field


def test_a_nomination_goes_its_steps_in_order_and_no_other(desk: Desk) -> None:
    home = a_household(desk, 1).household_id
    one = nominated(desk, an_agreement(desk), home)
    steps: dict[Step, Any] = {
        Step.VALIDATED: verbs.validate_nomination,
        Step.APPROVED: verbs.approve_nomination,
        Step.COVERED: verbs.cover_nomination,
        Step.RENEWED: verbs.renew_nomination,
        Step.ENDED: verbs.end_nomination,
    }
    for step, verb in steps.items():
        for other in list(steps)[list(steps).index(step) + 1 :]:
            told: dict[str, Any] = {"nomination_id": one, "on": TODAY}
            if (step, other) != (Step.RENEWED, Step.ENDED):
                assert refused(desk, steps[other], **told) == "nomination"
        desk.do(verb, nomination_id=one, on=TODAY)
        found = desk.ask(nomination_of, one)
        assert found is not None
        assert found.step is step
    assert refused(desk, verbs.refuse_nomination, nomination_id=one, on=TODAY, note="no") == (
        "nomination"
    )


def test_a_nomination_needs_grounds_and_days_of_its_agreement(desk: Desk, clock: SetClock) -> None:
    home = a_household(desk, 2)
    agreement = an_agreement(desk, until=date(2024, 2, 1))
    told: dict[str, Any] = {
        "agreement_id": agreement,
        "household_id": home.household_id,
        "on": TODAY,
        "grounds": "widow",
    }
    assert refused(desk, verbs.nominate, **(told | {"grounds": " "})) == "grounds"
    assert refused(desk, verbs.nominate, **(told | {"on": date(2024, 1, 11)})) == "on"
    stranger = a_household(desk, 1).person_ids[0]
    assert refused(desk, verbs.nominate, **(told | {"person_id": stranger})) == "person"
    one = desk.do(verbs.nominate, **told, person_id=home.person_ids[1])
    assert refused(desk, verbs.nominate, **told) == "household"
    desk.do(verbs.validate_nomination, nomination_id=one, on=TODAY)
    desk.do(verbs.approve_nomination, nomination_id=one, on=TODAY)
    clock.set(date(2024, 2, 1))
    late: dict[str, Any] = {"nomination_id": one, "on": date(2024, 2, 1)}
    assert refused(desk, verbs.cover_nomination, **late) == "on"
    early: dict[str, Any] = {"nomination_id": one, "on": TODAY, "until": date(2024, 3, 1)}
    assert refused(desk, verbs.cover_nomination, **early) == "until"


def test_a_payer_pays_for_no_more_persons_than_agreed(desk: Desk) -> None:
    agreement = an_agreement(desk, max_persons=3)
    covered(desk, agreement, a_household(desk, 2).household_id)
    other = a_household(desk, 2)
    one = nominated(desk, agreement, other.household_id)
    desk.do(verbs.validate_nomination, nomination_id=one, on=TODAY)
    desk.do(verbs.approve_nomination, nomination_id=one, on=TODAY)
    assert refused(desk, verbs.cover_nomination, nomination_id=one, on=TODAY) == "nomination"
    desk.do(verbs.refuse_nomination, nomination_id=one, on=TODAY, note="no place left")
    covered(desk, agreement, other.household_id, person_id=other.person_ids[1])


def to_pay(desk: Desk, home: HouseholdId, day: date) -> int:
    return desk.ask(account_of, home, day).to_pay


@pytest.mark.parametrize(
    ("terms", "first"),
    [
        # 1 000 entry fee and 350 for each of two persons.
        ({"share": 50}, 1350),
        # 33 % of 350 are 115.5, rounded to 5: 115. 1 000 and twice 235 are left.
        ({"share": 33}, 1470),
        ({"share": None, "amount": 100}, 1500),
        ({"share": None, "amount": 900, "pays_fee": True}, 0),
        ({"share": 50, "pays_fee": True}, 350),
        # Only what its money comes for counts, but the household owes no more than its own part.
        ({"share": 50, "on_commitment": False}, 1350),
    ],
)
def test_what_a_payer_takes_over_is_not_asked_of_the_household(
    desk: Desk, terms: dict[str, Any], first: int
) -> None:
    home = a_household(desk, 2).household_id
    covered(desk, an_agreement(desk, **terms), home)
    assert to_pay(desk, home, TODAY) == first


def test_a_payer_may_take_over_one_person_alone(desk: Desk) -> None:
    home = a_household(desk, 2)
    agreement = an_agreement(desk, share=100)
    covered(desk, agreement, home.household_id, person_id=home.person_ids[1])
    assert to_pay(desk, home.household_id, TODAY) == 1350


def test_after_the_end_the_household_pays_from_the_next_period(
    desk: Desk, clock: SetClock
) -> None:
    home = a_household(desk, 2).household_id
    one = covered(desk, an_agreement(desk, share=100, pays_fee=True), home)
    clock.set(date(2024, 6, 10))
    desk.do(verbs.end_nomination, nomination_id=one, on=date(2024, 6, 10))
    account = desk.ask(account_of, home, date(2024, 6, 30))
    assert (account.entered_on, account.to_pay) == (TODAY, 0)
    account = desk.ask(account_of, home, date(2024, 7, 1))
    assert account.to_pay == 700
    state = desk.ask(household_verdicts, home, date(2024, 7, 6))[1]
    assert state is HouseholdState.GRACE
    state = desk.ask(household_verdicts, home, date(2024, 8, 5))[1]
    assert state is HouseholdState.SUSPENDED


def test_a_payers_part_is_no_debt_of_the_member(tmp_path: Path, clock: SetClock) -> None:
    with open_copy(tmp_path / "other", clock=clock) as desk:
        plan = a_plan(desk, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        home = a_household(desk, 2, plan_id=plan).household_id
        covered(desk, an_agreement(desk, share=100), home)
        facts = desk.ask(facts_of, home)
        assert earned_to_date(facts, date(2024, 1, 31)) == {}
        clock.set(date(2024, 2, 1))
        from stepdesk.reports.service import close_month
        from stepdesk.values.month import Month

        desk.do(close_month, month=Month(2024, 1), accepting=frozenset({"not_counted"}))
        assert desk.ask(balance_of, "member_receivable") == 0
        assert desk.ask(control_differences) == {}


def backdated(desk: Desk, home: HouseholdId, first: date, **terms: Any) -> NominationId:
    told: dict[str, Any] = {"on": first, "accepting": frozenset({"backdated"})}
    one = nominated(desk, an_agreement(desk, share=100, **terms), home, **told)
    for verb in (verbs.validate_nomination, verbs.approve_nomination, verbs.cover_nomination):
        desk.do(verb, nomination_id=one, **told)
    return one


def answer(desk: Desk, home: HouseholdId, day: date) -> Answer:
    return next(iter(desk.ask(household_verdicts, home, day)[2].values())).answer


def test_a_commitment_told_late_lets_nobody_enter_before_it_was_told(
    desk: Desk, clock: SetClock
) -> None:
    home = a_household(desk, 2).household_id
    clock.set(date(2024, 6, 10))
    backdated(desk, home, TODAY, pays_fee=True)
    account = desk.ask(account_of, home, date(2024, 7, 1))
    # As if the payer had paid on 10 June: effect on 1 July, three months of waiting.
    assert (account.entered_on, account.rights_from) == (date(2024, 6, 10), date(2024, 10, 1))
    for day in (date(2024, 5, 2), date(2024, 6, 9), date(2024, 9, 30)):
        assert answer(desk, home, day) is Answer.NO, day
    assert answer(desk, home, date(2024, 10, 1)) is Answer.YES


def test_a_commitment_told_late_takes_over_past_dues_and_opens_rights_that_day(
    desk: Desk, clock: SetClock
) -> None:
    home = a_household(desk, 2).household_id
    a_payment(desk, home, 1000 + 700 * 3)
    clock.set(date(2024, 7, 10))
    # Paid to the end of April; the due of 5 May was tolerated to 4 June. June had begun by then,
    # and July is called to end the suspension.
    assert to_pay(desk, home, desk.today) == 2100
    backdated(desk, home, date(2024, 5, 1))
    assert to_pay(desk, home, desk.today) == 0
    assert answer(desk, home, date(2024, 6, 4)) is Answer.YES
    assert answer(desk, home, date(2024, 6, 5)) is Answer.NO
    assert answer(desk, home, date(2024, 7, 9)) is Answer.NO
    assert answer(desk, home, date(2024, 7, 10)) is Answer.YES


def test_an_end_told_late_takes_back_no_answer(desk: Desk, clock: SetClock) -> None:
    home = a_household(desk, 2).household_id
    one = covered(desk, an_agreement(desk, share=100, pays_fee=True), home)
    clock.set(date(2024, 7, 10))
    assert answer(desk, home, date(2024, 7, 9)) is Answer.YES
    late: dict[str, Any] = {"nomination_id": one, "on": date(2024, 4, 15)}
    assert doubted(desk, verbs.end_nomination, **late) == ["backdated"]
    desk.do(verbs.end_nomination, **late, accepting=frozenset({"backdated"}))
    assert answer(desk, home, date(2024, 7, 9)) is Answer.YES
    assert answer(desk, home, date(2024, 7, 10)) is Answer.NO
    assert to_pay(desk, home, desk.today) == 2100


def test_who_pays_is_asked_about_when_the_day_is_long_ago(desk: Desk, clock: SetClock) -> None:
    home, other = (a_household(desk, 1).household_id for _ in range(2))
    group = a_group(desk, people=1, min_share=50)
    desk.do(verbs.place_household, group_id=group, household_id=other, on=TODAY)
    clock.set(date(2024, 7, 10))
    # 8 June is 32 days before 10 July, and 9 June is 31: what is ordinary.
    late, ordinary = date(2024, 6, 8), date(2024, 6, 9)
    place: dict[str, Any] = {"group_id": group, "household_id": home}
    acts: list[tuple[Any, dict[str, Any]]] = [
        (verbs.place_household, place),
        (verbs.leave_group, {"household_id": other}),
        (verbs.waive_waiting, {"group_id": group, "reason": "enough signed"}),
        (verbs.end_group, {"group_id": group}),
        (
            verbs.nominate,
            {"agreement_id": an_agreement(desk), "household_id": home, "grounds": "widow"},
        ),
    ]
    for verb, told in acts:
        assert doubted(desk, verb, **told, on=late) == ["backdated"], verb
    desk.do(verbs.place_household, **place, on=ordinary)
    desk.do(verbs.leave_group, household_id=home, on=ordinary)
    desk.do(verbs.place_household, **place, on=ordinary)
    desk.do(verbs.leave_group, household_id=other, on=late, accepting=frozenset({"backdated"}))


def test_the_note_of_a_commitment_is_kept(desk: Desk) -> None:
    home = a_household(desk, 1).household_id
    one = nominated(desk, an_agreement(desk), home)
    for verb in (verbs.validate_nomination, verbs.approve_nomination, verbs.cover_nomination):
        desk.do(verb, nomination_id=one, on=TODAY, note="letter 12")
    told = desk.ask(nomination_of, one)
    assert told is not None
    assert [step.note for step in told.steps][1:] == ["letter 12"] * 3
