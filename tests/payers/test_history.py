"""Who pays for a household stands in its history, and is taken back. Source: screens 2.2."""

from collections.abc import Callable
from datetime import date

import pytest

from stepdesk.errors import Refusal
from stepdesk.members.queries import events_of, history_of, household_file, latest_event
from stepdesk.members.service import categorise, put_category
from stepdesk.members.terms import EventKind, Registered
from stepdesk.payers import service as verbs
from stepdesk.payers.queries import nominations, place_of, places_of, sponsored_of
from stepdesk.payers.terms import GroupKind, PayerAgreement, PayerKind, Step
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import (
    EventId,
    GroupId,
    HouseholdId,
    NominationId,
    PayerAgreementId,
    PayerId,
)
from tests.builders import a_household

TODAY = date(2024, 2, 1)


@pytest.fixture
def homes(desk: Desk, clock: SetClock) -> list[HouseholdId]:
    made: list[Registered] = [a_household(desk, 2) for _ in range(3)]
    clock.set(TODAY)
    return [one.household_id for one in made]


@pytest.fixture
def group(desk: Desk, homes: list[HouseholdId]) -> GroupId:
    """The weavers' list: the three households in their order."""
    made = desk.do(verbs.add_group, code="T", name="Weavers", kind=GroupKind.TRADE, people=20)
    for one in homes:
        desk.do(verbs.place_household, group_id=made, household_id=one, on=TODAY)
    return made


@pytest.fixture
def nomination(desk: Desk, homes: list[HouseholdId]) -> NominationId:
    payer = desk.do(verbs.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    agreement = desk.do(
        verbs.sign_agreement,
        agreement=PayerAgreement(
            PayerAgreementId(b""),
            PayerId(payer),
            "",
            date(2024, 1, 1),
            None,
            "",
            None,
            100,
            None,
            pays_fee=True,
            on_commitment=True,
            invoice_months=3,
            signed_on=date(2024, 1, 1),
        ),
    )
    return desk.do(
        verbs.nominate,
        agreement_id=agreement,
        household_id=homes[0],
        on=TODAY,
        grounds="fire",
    )


def told(desk: Desk, household_id: HouseholdId) -> list[tuple[EventKind, str]]:
    return [(one.kind, one.document) for one in desk.ask(events_of, household_id)[1:]]


def back(desk: Desk, event_id: EventId | None) -> None:
    assert event_id is not None
    desk.do(verbs.take_back, event_id=event_id, reason="wrong household")


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.field


def listed(desk: Desk, group: GroupId) -> list[HouseholdId]:
    return [one.household_id for one in desk.ask(places_of, group, TODAY)]


def test_a_category_is_told_from_what_to_what_and_taken_back(
    desk: Desk, homes: list[HouseholdId]
) -> None:
    poor, rich = (
        desk.do(put_category, code=code, name=name)
        for code, name in (("P", "Poor"), ("R", "Others"))
    )

    def category() -> str:
        file = desk.ask(household_file, homes[0])
        assert file is not None
        return file.category

    desk.do(categorise, household_id=homes[0], category_id=poor, on=TODAY)
    done = desk.do(categorise, household_id=homes[0], category_id=rich, on=TODAY)
    assert told(desk, homes[0]) == [
        (EventKind.CATEGORISED, "> Poor"),
        (EventKind.CATEGORISED, "Poor > Others"),
    ]
    assert category() == "Others"
    assert refused(
        lambda: desk.do(categorise, household_id=homes[0], category_id=rich, on=TODAY)
    ) == ("category_id")
    back(desk, done.event_ids[0])
    assert category() == "Poor"
    back(desk, desk.ask(events_of, homes[0])[-1].id)
    assert (category(), told(desk, homes[0])) == ("", [])
    assert len(desk.ask(history_of, homes[0])) == 5


def test_joining_moving_on_and_leaving_a_group_are_told_and_taken_back(
    desk: Desk, homes: list[HouseholdId], group: GroupId
) -> None:
    one, two, three = homes
    moved = desk.do(verbs.move_place, household_id=three, place=1)
    assert listed(desk, group) == [three, one, two]
    left = desk.do(verbs.leave_group, household_id=three, on=TODAY)
    assert listed(desk, group) == [one, two]
    assert told(desk, three) == [
        (EventKind.GROUP_JOINED, "Weavers: 3"),
        (EventKind.GROUP_MOVED, "3 > 1"),
        (EventKind.GROUP_LEFT, "Weavers: 1"),
    ]
    assert refused(lambda: back(desk, moved)) == "event"
    back(desk, left)
    assert listed(desk, group) == [three, one, two]
    back(desk, moved)
    assert listed(desk, group) == homes
    back(desk, desk.ask(events_of, two)[-1].id)
    assert listed(desk, group) == [one, three]
    assert desk.ask(place_of, two, TODAY) is None
    # Taken back, it may come to a list on any day again.
    desk.do(verbs.place_household, group_id=group, household_id=two, on=TODAY, place=2)
    assert listed(desk, group) == homes


def test_who_left_with_a_group_that_ended_is_not_put_back(
    desk: Desk, homes: list[HouseholdId], group: GroupId
) -> None:
    desk.do(verbs.end_group, group_id=group, on=TODAY)
    left = desk.ask(events_of, homes[0])[-1]
    assert (left.kind, left.document) == (EventKind.GROUP_LEFT, "Weavers: 1")
    assert refused(lambda: back(desk, left.id)) == "group"
    assert listed(desk, group) == []


def test_each_step_of_a_nomination_is_told_and_taken_back_the_last_first(
    desk: Desk, homes: list[HouseholdId], nomination: NominationId
) -> None:
    steps = [desk.ask(latest_event, homes[0])]
    for verb in (verbs.validate_nomination, verbs.approve_nomination, verbs.cover_nomination):
        desk.do(verb, nomination_id=nomination, on=TODAY)
        steps.append(desk.ask(latest_event, homes[0]))
    assert told(desk, homes[0]) == [
        (EventKind.SPONSORED, f"Commune: {step}")
        for step in ("NOMINATED", "VALIDATED", "APPROVED", "COVERED")
    ]
    assert desk.ask(sponsored_of, homes[0])
    assert refused(lambda: back(desk, steps[0])) == "event"
    back(desk, steps.pop())
    assert desk.ask(sponsored_of, homes[0]) == ()
    (one,) = desk.ask(nominations, homes[0])
    assert one.step is Step.APPROVED
    while steps:
        back(desk, steps.pop())
    assert desk.ask(nominations, homes[0]) == ()
    assert verify_desk(desk, whole=True).findings == []


def test_who_pays_hinders_no_undoing_of_a_registration(
    desk: Desk, homes: list[HouseholdId], group: GroupId
) -> None:
    registered = desk.ask(events_of, homes[0])[0]
    back(desk, registered.id)
    assert listed(desk, group) == homes[1:]
