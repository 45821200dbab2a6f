"""Decided otherwise: overrides, appeals, reversals. Source: domain handbook 2.11, 2.13, 2.15, 3.3."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.claims import queries
from stepdesk.claims.service import (
    appeal_claim,
    decide_claim,
    override_claim,
    overturn_claim,
    pay_provider,
    prepare_payment,
    recover_from_member,
    reverse_claim,
    uphold_claim,
)
from stepdesk.claims.terms import (
    Outcome,
    Override,
    OverrideEffect,
    RecoveredFrom,
    Stand,
    State,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.ledger.queries import balance_of
from stepdesk.reports.queries import disagreements
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId, StaffId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_request, open_copy
from tests.claims.kit import Care, a_batch, a_care, a_claim

SMALL = frozenset({"nobody_may_decide"})


def stand(desk: Desk, claim_id: ClaimId) -> Stand:
    told = desk.ask(queries.stand_of, claim_id)
    assert told is not None
    return told


def decided(desk: Desk, *codes: str, **told: Any) -> tuple[Care, ClaimId]:
    care = a_care(desk, **told)
    lines = [care.line(code) for code in codes]
    claim = a_claim(desk, care, a_batch(desk, care), *lines)
    desk.do(decide_claim, claim_id=claim)
    return care, claim


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field, speak(caught.value.text, "en")


def signed(desk: Desk, second: StaffId, verb: Any, **told: Any) -> Any:
    with desk.work(verb.__name__) as work:
        work.second(second, SECOND)
        return verb(work, **told)


def balance(desk: Desk, *roles: str) -> list[int]:
    with desk.read() as connection:
        return [balance_of(connection, role) for role in roles]


def sound(desk: Desk) -> None:
    assert desk.ask(disagreements) == ()
    assert desk.ask(queries.claims_that_differ) == ()
    assert verify_desk(desk, whole=True).findings == []


# Overrides


def test_a_ceiling_the_board_lifts_is_booked_for_the_difference_alone(desk: Desk) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    # 45,000 less 25 % are 33,750; the ceiling of an episode leaves 20,000.
    assert stand(desk, claim).paid == 20_000
    told = desk.do(
        override_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RC03),),
        reason="the board of 9 January",
        accepting=SMALL,
    )
    assert told.paid == 33_750
    assert stand(desk, claim).version == 2
    assert balance(desk, "provider_payable", "benefit_tp.SURG") == [-33_750, 33_750]
    (row,) = desk.ask(queries.overrides_in, Month(2024, 1), desk.currency)
    assert (row.code, row.amount.minor, row.by, row.reason) == (
        ReasonCode.RC03,
        13_750,
        "Awa",
        "the board of 9 January",
    )
    assert desk.ask(queries.overrides_in, Month(2024, 2), desk.currency) == ()
    sound(desk)


def test_one_line_is_decided_otherwise_and_the_others_stay(desk: Desk) -> None:
    """Glasses stand in no package and on no price list: as an exception they are paid as asked."""
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C"), care.line("GLAS", price=5000))
    desk.do(decide_claim, claim_id=claim)
    assert stand(desk, claim).paid == 450
    _, glasses = desk.ask(queries.lines_of, claim)
    told = desk.do(
        override_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RB01, line_id=glasses),),
        reason="eyes of a child",
        accepting=SMALL,
    )
    assert [line.paid for line in told.lines] == [450, 5000]
    sound(desk)


def test_a_line_is_refused_for_a_reason_found_later(desk: Desk) -> None:
    _, claim = decided(desk, "C", "A")
    # 450 and 675 (900 less 25 %).
    assert stand(desk, claim).paid == 1125
    _, drug = desk.ask(queries.lines_of, claim)
    told = desk.do(
        override_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RB10, OverrideEffect.REFUSES, drug),),
        reason="the programme gives it",
        accepting=SMALL,
    )
    assert told.paid == 450
    assert balance(desk, "provider_payable", "benefit_tp.DRUG", "benefit_tp.OPD") == [-450, 0, 450]
    sound(desk)


@pytest.mark.parametrize(
    ("overrides", "reason", "field"),
    [
        ((Override(ReasonCode.RC03),), " ", "reason"),
        ((), "why", "code"),
        ((Override(ReasonCode.RC05),), "it does not stand there", "code"),
        ((Override(ReasonCode.RC02, OverrideEffect.REFUSES),), "it refuses nothing", "code"),
    ],
)
def test_an_override_that_cannot_be_is_refused(
    desk: Desk, overrides: tuple[Override, ...], reason: str, field: str
) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    told = {"claim_id": claim, "overrides": overrides, "reason": reason, "accepting": SMALL}
    assert refused(desk, override_claim, **told)[0] == field


def test_nobody_decides_otherwise_on_a_price_above_the_list(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("C", price=700))
    desk.do(decide_claim, claim_id=claim)
    told = {"claim_id": claim, "overrides": (Override(ReasonCode.RT02),), "reason": "dear"}
    field, words = refused(desk, override_claim, accepting=SMALL, **told)
    assert field == "code"
    assert words == (
        "Price above the agreed list (RT02): nobody decides otherwise on it. File an appeal to the board."
    )


def test_what_changes_nothing_is_no_override(desk: Desk) -> None:
    """The ceilings of the episode and of the person both stand at 20,000: lifting one changes nothing."""
    _, claim = decided(desk, "SURG", cap_episode=20_000, cap_person_year=20_000)
    told = {"claim_id": claim, "overrides": (Override(ReasonCode.RC03),), "reason": "lift it"}
    assert refused(desk, override_claim, accepting=SMALL, **told)[0] == "code"


def test_an_undecided_claim_is_decided_first(desk: Desk) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    told = {"claim_id": claim, "overrides": (Override(ReasonCode.RC03),), "reason": "early"}
    assert refused(desk, override_claim, **told) == (
        "claim",
        "This claim is not decided yet. Decide it first.",
    )


def test_in_a_scheme_without_a_board_at_the_desk_it_is_asked(desk: Desk) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    told: dict[str, Any] = {
        "claim_id": claim,
        "overrides": (Override(ReasonCode.RC03),),
        "reason": "told",
    }
    with pytest.raises(Caution) as caught:
        desk.do(override_claim, **told)
    assert [one.name for one in caught.value.doubts] == ["nobody_may_decide"]


def test_a_second_person_signs_and_the_board_where_the_code_is_the_boards(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", people=("Awa", "Bintou")) as desk:
        chair = desk.do(add_person, name="Coumba", role=Role.BOARD, password=SECOND)
        bintou = desk.colleagues()[1].id
        _, claim = decided(desk, "SURG", cap_episode=20_000)
        told: dict[str, Any] = {
            "claim_id": claim,
            "overrides": (Override(ReasonCode.RC03),),
            "reason": "the board of 9 January",
        }
        assert refused(desk, override_claim, **told)[0] == "second"
        with pytest.raises(Refusal) as caught:
            signed(desk, bintou, override_claim, accepting=SMALL, **told)
        assert speak(caught.value.text, "en") == (
            "Only the board decides this: let somebody of the board sign."
        )
        signed(desk, chair, override_claim, **told)
        (row,) = desk.ask(queries.overrides_in, Month(2024, 1), desk.currency)
        assert (row.by, row.second) == ("Awa", "Coumba")
        sound(desk)


# Appeals


def test_an_appeal_granted_is_a_new_version_and_the_difference_is_owed(desk: Desk) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    assert desk.do(appeal_claim, claim_id=claim, reason="it was an emergency") == 1
    assert stand(desk, claim).state is State.APPEALED
    told = desk.do(
        overturn_claim,
        claim_id=claim,
        overrides=(Override(ReasonCode.RC03),),
        reason="the board agrees",
        accepting=SMALL,
    )
    assert (told.outcome, told.paid) == (Outcome.APPROVED, 33_750)
    assert stand(desk, claim).state is State.OVERTURNED
    assert balance(desk, "provider_payable") == [-33_750]
    (row,) = desk.ask(queries.overrides_in, Month(2024, 1), desk.currency)
    assert row.by_appeal
    sound(desk)


def test_the_board_may_set_aside_what_nobody_else_may(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    first = a_claim(desk, care, batch)
    twice = a_claim(desk, care, batch)
    desk.do(decide_claim, claim_id=first)
    assert desk.do(decide_claim, claim_id=twice).codes == (ReasonCode.RA07,)
    told: dict[str, Any] = {
        "claim_id": twice,
        "overrides": (Override(ReasonCode.RA07),),
        "reason": "two visits",
    }
    assert refused(desk, override_claim, accepting=SMALL, **told)[0] == "code"
    desk.do(appeal_claim, claim_id=twice, reason="two visits, morning and evening")
    assert desk.do(overturn_claim, accepting=SMALL, **told).paid == 450
    sound(desk)


def test_an_appeal_refused_lets_the_decision_stand_and_goes_one_level_up(desk: Desk) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    for level in (1, 2):
        assert desk.do(appeal_claim, claim_id=claim, reason="I do not agree") == level
        desk.do(uphold_claim, claim_id=claim, reason="the statutes", accepting=SMALL)
        assert stand(desk, claim).state is State.UPHELD
        assert stand(desk, claim).version == 1
    assert refused(desk, appeal_claim, claim_id=claim, reason="again")[0] == "claim"
    words = [speak(one.what, "en") for one in desk.ask(queries.history_of, claim, desk.currency)]
    assert words == [
        "Decided: approved",
        "Appealed against",
        "Appeal decided: the decision stands",
        "Appealed against",
        "Appeal decided: the decision stands",
    ]


def test_sixty_days_are_the_time_to_appeal(desk: Desk, clock: SetClock) -> None:
    """Decided on 10 January 2024: 10 March is the sixtieth day after it."""
    _, claim = decided(desk, "GLAS")
    clock.set(date(2024, 3, 11))
    with pytest.raises(Caution) as caught:
        desk.do(appeal_claim, claim_id=claim, reason="I was ill")
    assert "10 March 2024" in speak(caught.value.doubts[0].text, "en")
    clock.set(date(2024, 3, 10))
    assert desk.do(appeal_claim, claim_id=claim, reason="I was ill") == 1


def test_what_was_paid_in_full_is_not_appealed(desk: Desk) -> None:
    _, claim = decided(desk, "C")
    assert refused(desk, appeal_claim, claim_id=claim, reason="more")[0] == "claim"


def test_an_appeal_without_words_and_a_grant_that_changes_nothing_are_refused(desk: Desk) -> None:
    _, claim = decided(desk, "SURG", cap_episode=20_000)
    assert refused(desk, appeal_claim, claim_id=claim, reason=" ")[0] == "reason"
    assert refused(desk, uphold_claim, claim_id=claim, reason="no")[0] == "claim"
    desk.do(appeal_claim, claim_id=claim, reason="more")
    told: dict[str, Any] = {"claim_id": claim, "reason": "yes", "accepting": SMALL}
    assert refused(desk, overturn_claim, **told)[0] == "code"
    assert refused(desk, uphold_claim, claim_id=claim, reason="")[0] == "reason"


# Reversals


def paid_claim(desk: Desk) -> tuple[Care, ClaimId]:
    care, claim = decided(desk, "C", "A")
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert stand(desk, claim).state is State.PAID
    return care, claim


def test_a_paid_claim_is_taken_back_and_the_provider_owes_it(desk: Desk) -> None:
    _, claim = paid_claim(desk)
    told = desk.do(
        reverse_claim, claim_id=claim, code=ReasonCode.RF03, reason="not given", accepting=SMALL
    )
    assert told == 1125
    assert stand(desk, claim).state is State.REVERSED
    # P13: the provider's account now shows what it has to give back.
    assert balance(desk, "provider_payable", "benefit_tp.OPD", "benefit_tp.DRUG") == [1125, 0, 0]
    sound(desk)


def test_where_the_member_is_at_fault_the_member_owes_it(desk: Desk) -> None:
    _, claim = paid_claim(desk)
    desk.do(
        reverse_claim,
        claim_id=claim,
        code=ReasonCode.RA02,
        reason="card lent",
        recovered_from=RecoveredFrom.MEMBER,
        accepting=SMALL,
    )
    assert balance(desk, "provider_payable", "member_receivable") == [0, 1125]
    (owed,) = desk.ask(queries.recoveries, desk.currency)
    assert owed.left.minor == 1125
    sound(desk)
    with desk.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT outcome, paid, patient, disallowed, recovered_from FROM claim_decision"
            " ORDER BY version"
        ).all()
    # 600 and 900 invoiced, a quarter the member's.
    assert [tuple(row) for row in rows] == [
        ("APPROVED", 1125, 375, 0, None),
        ("REVERSED", 0, 1500, 0, "MEMBER"),
    ]


def test_a_member_who_is_right_owes_nothing_any_more(desk: Desk) -> None:
    _, claim = paid_claim(desk)
    told: dict[str, Any] = {"claim_id": claim, "accepting": SMALL}
    member = RecoveredFrom.MEMBER
    desk.do(reverse_claim, code=ReasonCode.RA02, reason="card lent", recovered_from=member, **told)
    desk.do(appeal_claim, reason="it was my child", **told)
    again = desk.do(
        overturn_claim, overrides=(Override(ReasonCode.RA02),), reason="it was", **told
    )
    assert again.paid == 1125
    assert balance(desk, "provider_payable", "member_receivable") == [0, 0]
    assert stand(desk, claim).state is State.PAID
    sound(desk)


def test_a_claim_in_a_batch_of_payments_is_not_decided_otherwise(desk: Desk) -> None:
    care, claim = decided(desk, "SURG", cap_episode=20_000)
    desk.do(
        prepare_payment,
        request_id=a_request(),
        provider_id=care.provider_id,
    )
    assert stand(desk, claim).state is State.BATCHED
    told: dict[str, Any] = {"overrides": (Override(ReasonCode.RC03),), "reason": "late"}
    assert refused(desk, override_claim, claim_id=claim, accepting=SMALL, **told)[0] == "claim"


def test_only_what_is_paid_is_taken_back(desk: Desk) -> None:
    _, claim = decided(desk, "C")
    told: dict[str, Any] = {"claim_id": claim, "reason": "wrong", "accepting": SMALL}
    assert refused(desk, reverse_claim, code=ReasonCode.RX01, **told)[0] == "claim"


def test_a_reversal_names_a_reason_that_refuses(desk: Desk) -> None:
    _, claim = paid_claim(desk)
    told: dict[str, Any] = {"claim_id": claim, "accepting": SMALL}
    assert refused(desk, reverse_claim, code=ReasonCode.RC05, reason="x", **told)[0] == "code"
    assert refused(desk, reverse_claim, code=ReasonCode.RX01, reason="", **told)[0] == "reason"
    desk.do(reverse_claim, code=ReasonCode.RX01, reason="typed twice", **told)
    assert refused(desk, reverse_claim, code=ReasonCode.RX01, reason="again", **told)[0] == "claim"


def test_a_reversal_can_be_appealed_against(desk: Desk) -> None:
    _, claim = paid_claim(desk)
    told: dict[str, Any] = {"claim_id": claim, "accepting": SMALL}
    desk.do(reverse_claim, code=ReasonCode.RF03, reason="not given", **told)
    desk.do(appeal_claim, reason="the register shows it", **told)
    again = desk.do(
        overturn_claim, overrides=(Override(ReasonCode.RF03),), reason="it was given", **told
    )
    assert again.paid == 1125
    # It was not recovered yet: nothing is left to pay.
    assert stand(desk, claim).state is State.PAID
    assert balance(desk, "provider_payable") == [0]
    sound(desk)


def test_what_is_missing_before_a_move_is_said(desk: Desk) -> None:
    """No appeal to decide, nothing paid to take back: the sentence says what to do instead."""
    _, claim = decided(desk, "C")
    told = {"claim_id": claim, "reason": "the board of 9 January"}
    field, said = refused(desk, uphold_claim, **told)
    assert (field, said) == (
        "claim",
        "No appeal against this claim is with the board. File one first.",
    )
    assert refused(desk, overturn_claim, **told) == (field, said)
    assert refused(desk, reverse_claim, **told, code=ReasonCode.RF03) == (
        "claim",
        "Nothing of this claim was paid yet. Decide otherwise on it instead.",
    )


@pytest.mark.parametrize(
    ("bears", "left"), [(RecoveredFrom.PROVIDER, [450, 0, 0]), (RecoveredFrom.MEMBER, [0, 450, 0])]
)
def test_a_claim_taken_back_is_recovered_once(
    desk: Desk, bears: RecoveredFrom, left: list[int]
) -> None:
    """P13: of 450 paid the member owes 200 back; taken back as a whole, 450 come back and not 650."""
    care, claim = decided(desk, "C")
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    desk.do(
        recover_from_member,
        request_id=a_request(),
        claim_id=claim,
        amount=Money(200, desk.currency),
        reason="The card was lent",
    )
    desk.do(
        reverse_claim,
        claim_id=claim,
        code=ReasonCode.RF03,
        reason="Never given",
        recovered_from=bears,
        accepting=SMALL,
    )
    assert balance(desk, "provider_payable", "member_receivable", "benefit_tp.OPD") == left
    sound(desk)
