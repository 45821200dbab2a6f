"""Where providers stand: the table of domain handbook 2.9, and what a suspended one is paid."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from stepdesk.claims.queries import care_of
from stepdesk.providers import rules
from stepdesk.providers.queries import (
    agreement_on,
    provider_names,
    provider_of_code,
    provider_steps,
    providers,
)
from stepdesk.providers.service import (
    add_provider,
    change_provider,
    rename_provider,
    sign_agreement,
    step_provider,
)
from stepdesk.providers.terms import (
    Contact,
    Kind,
    Provider,
    ProviderState,
    ProviderStep,
    Renaming,
)
from stepdesk.rights.terms import Papers, ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType, Level
from stepdesk.values.ids import ProviderId
from tests.claims.kit import a_care
from tests.providers.test_service import (
    MARCH,
    NOBODY,
    a_provider,
    an_agreement,
    close_january,
    refused,
    signed,
)

CANDIDATE, NEGOTIATING, CONTRACTED, SUSPENDED, ENDED = ProviderState
FEBRUARY = date(2024, 2, 1)


def stepped(desk: Desk, provider_id: ProviderId, state: ProviderState, day: date) -> ProviderStep:
    return desk.do(step_provider, provider_id=provider_id, state=state, day=day, reason="so")


def test_the_path_of_the_handbook_is_open_and_no_other_leads_back_to_a_contract() -> None:
    path = [CANDIDATE, NEGOTIATING, CONTRACTED, SUSPENDED, CONTRACTED, ENDED]
    assert all(to in rules.STEPS[one] for one, to in pairwise(path))
    assert set(rules.STEPS) == set(ProviderState)
    assert CONTRACTED not in rules.STEPS[ENDED]
    assert not any(CANDIDATE in ways for ways in rules.STEPS.values())
    assert not any(one in ways for one, ways in rules.STEPS.items())


def test_a_provider_goes_from_step_to_step(desk: Desk) -> None:
    provider_id = a_provider(desk, state=CANDIDATE)
    assert desk.ask(providers)[provider_id].state is CANDIDATE
    stepped(desk, provider_id, NEGOTIATING, date(2024, 1, 12))
    stepped(desk, provider_id, CONTRACTED, FEBRUARY)
    stepped(desk, provider_id, SUSPENDED, MARCH)
    assert [(one.state, one.day) for one in desk.ask(provider_steps, provider_id)] == [
        (CANDIDATE, date(2024, 1, 10)),
        (NEGOTIATING, date(2024, 1, 12)),
        (CONTRACTED, FEBRUARY),
        (SUSPENDED, MARCH),
    ]
    days = {
        date(2024, 1, 11): CANDIDATE,
        date(2024, 1, 31): NEGOTIATING,
        date(2024, 2, 29): CONTRACTED,
        MARCH: SUSPENDED,
    }
    for day, state in days.items():
        assert desk.ask(providers, day)[provider_id].state is state
        found = desk.ask(provider_of_code, "CS1", day)
        assert found is not None
        assert found.state is state
    assert verify_desk(desk).findings == []


def test_steps_that_cannot_be_taken_are_refused_beside_their_field(
    desk: Desk, clock: SetClock
) -> None:
    provider_id = a_provider(desk)
    close_january(desk, clock)

    def no(**told: Any) -> tuple[str, str]:
        asked = {"provider_id": provider_id, "state": SUSPENDED, "reason": "bills"} | told
        return refused(desk, step_provider, **asked)

    assert no(provider_id=ProviderId(NOBODY))[0] == "provider_id"
    assert no(reason=" ")[0] == "reason"
    assert no(state=CONTRACTED) == (
        "state",
        "The provider is contracted already. Choose another step.",
    )
    assert no(state=CANDIDATE) == (
        "state",
        "The provider is contracted. Choose a step from there: suspended or no longer contracted.",
    )
    assert no(day=date(2024, 1, 31)) == (
        "day",
        "January 2024 is closed. Take the step on 1 February 2024 or later.",
    )
    stepped(desk, provider_id, SUSPENDED, MARCH)
    assert no(state=CONTRACTED, day=date(2024, 2, 29)) == (
        "day",
        "The last step was on 1 March 2024. Choose that day or a later one.",
    )
    stepped(desk, provider_id, ENDED, MARCH)
    assert no(state=CONTRACTED)[1].endswith("Choose the only step from there: being talked with.")


def test_no_agreement_pays_for_care_while_a_provider_is_suspended(desk: Desk) -> None:
    agreement = signed(desk, an_agreement(desk))
    stepped(desk, agreement.provider_id, SUSPENDED, FEBRUARY)
    stepped(desk, agreement.provider_id, CONTRACTED, MARCH)
    assert desk.ask(agreement_on, agreement.provider_id, date(2024, 1, 31)) == agreement
    assert desk.ask(agreement_on, agreement.provider_id, FEBRUARY) is None
    assert desk.ask(agreement_on, agreement.provider_id, date(2024, 2, 29)) is None
    assert desk.ask(agreement_on, agreement.provider_id, MARCH) == agreement


def test_care_at_a_suspended_provider_is_refused_with_rb04_from_the_day_of_the_step(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    clock.set(date(2024, 2, 20))
    stepped(desk, care.provider_id, SUSPENDED, date(2024, 2, 10))

    def codes(day: date) -> list[ReasonCode]:
        found = desk.ask(
            care_of,
            person_id=care.home.person_ids[0],
            first_day=day,
            last_day=day,
            services={care.services["C"]},
            provider_id=care.provider_id,
        )
        assert found is not None
        verdict = found.verdict(care.services["C"], Papers())
        return [one.code for one in (*verdict.reasons, *verdict.conditions)]

    assert codes(date(2024, 2, 9)) == []
    assert codes(date(2024, 2, 10)) == [ReasonCode.RB04]


def test_signing_contracts_a_candidate_and_is_refused_of_a_suspended_one(desk: Desk) -> None:
    provider_id = a_provider(desk, state=NEGOTIATING)
    agreement = signed(desk, an_agreement(desk, provider_id=provider_id, until=MARCH))
    assert desk.ask(providers)[provider_id].state is CONTRACTED
    assert desk.ask(provider_steps, provider_id)[-1].day == date(2024, 1, 10)
    stepped(desk, provider_id, SUSPENDED, FEBRUARY)
    asked = replace(agreement, first_day=MARCH, until=None)
    assert refused(desk, sign_agreement, agreement=asked) == (
        "provider_id",
        "This provider was suspended or ended on 1 February 2024. Take it back first, then sign.",
    )


def test_a_provider_keeps_what_is_known_of_it(desk: Desk) -> None:
    contact = Contact("Koula, route de Kolda", "77 123 45 67", "BICIS", "SN012 01234")
    provider_id = a_provider(desk, care=CareType.OUT, contact=contact)
    known = Provider(
        provider_id, "CS1", "Centre de Koula", Level.CENTRE, Kind.PUBLIC, "", CareType.OUT,
        CONTRACTED, contact,
    )  # fmt: skip
    assert desk.ask(providers) == {provider_id: known}
    changed = replace(known, care=CareType.BOTH, level=Level.DISTRICT_HOSPITAL)
    assert (
        desk.do(
            change_provider,
            provider_id=provider_id,
            care=CareType.BOTH,
            level=Level.DISTRICT_HOSPITAL,
        )
        == changed
    )
    assert desk.ask(provider_of_code, "cs1") == changed
    emptied = desk.do(change_provider, provider_id=provider_id, contact=Contact(phone=" 33 "))
    assert emptied.contact == Contact(phone="33")
    asked: dict[str, Any] = {"provider_id": provider_id, "contact": Contact(bank="x" * 201)}
    assert refused(desk, change_provider, **asked)[0] == "bank"
    assert refused(desk, change_provider, provider_id=ProviderId(NOBODY))[0] == "provider_id"
    assert verify_desk(desk).findings == []


def test_a_provider_is_renamed_and_its_former_name_stays_readable(
    desk: Desk, clock: SetClock
) -> None:
    provider_id = a_provider(desk)
    clock.set(FEBRUARY)
    renamed = desk.do(rename_provider, provider_id=provider_id, name=" Centre  Awa Keïta ")
    assert renamed.name == "Centre Awa Keïta"
    assert desk.ask(provider_names, provider_id) == (
        Renaming("Centre de Koula", "Centre Awa Keïta", FEBRUARY),
    )
    asked: dict[str, Any] = {"provider_id": provider_id}
    assert refused(desk, rename_provider, **asked, name=" ")[0] == "name"
    assert refused(desk, rename_provider, **asked, name="Centre Awa Keïta")[0] == "name"
    assert refused(desk, rename_provider, provider_id=ProviderId(NOBODY), name="X")[0] == (
        "provider_id"
    )


def test_nobody_begins_suspended(desk: Desk) -> None:
    told: dict[str, Any] = {"name": "X", "level": Level.POST, "kind": Kind.PRIVATE}
    assert refused(desk, add_provider, code="X", **told, state=SUSPENDED)[0] == "state"
    assert refused(desk, add_provider, code="X", **told, state=ENDED)[0] == "state"
