"""What was recovered and is granted after all is owed again. A consultation pays 450, amoxicillin 675."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdesk.claims import queries
from stepdesk.claims.papers import history_list, member_voucher_pdf
from stepdesk.claims.service import (
    appeal_claim,
    decide_claim,
    let_off_recovery,
    overturn_claim,
    pay_provider,
    receive_recovery,
    recover_from_member,
    reimburse_member,
    reverse_claim,
    reverse_payment,
)
from stepdesk.claims.terms import Override, OverrideEffect, RecoveredFrom, State
from stepdesk.errors import Refusal
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId
from tests.builders import a_request, open_copy
from tests.claims.kit import Care, a_batch, a_care, a_claim, francs
from tests.claims.test_paying import balances, clean, decided, plain, refused, seconded
from tests.claims.test_service import shown
from tests.paper.test_page import text_of

SMALL = frozenset({"nobody_may_decide"})
LENT = ReasonCode.RA02


def paid(desk: Desk, care: Care, *codes: str) -> ClaimId:
    """A consultation and medicines, decided and paid: 450 and 675."""
    claim = a_claim(desk, care, a_batch(desk, care), *map(care.line, codes or ("C",)))
    desk.do(decide_claim, claim_id=claim)
    desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    return claim


def taken_back(desk: Desk, claim: ClaimId, whom: RecoveredFrom) -> None:
    told: dict[str, Any] = {"claim_id": claim, "accepting": SMALL}
    desk.do(reverse_claim, code=LENT, reason="card lent", recovered_from=whom, **told)


def granted(desk: Desk, claim: ClaimId, *overrides: Override) -> int:
    told: dict[str, Any] = {"claim_id": claim, "accepting": SMALL}
    desk.do(appeal_claim, reason="it was my child", **told)
    waived = overrides or (Override(LENT),)
    return int(desk.do(overturn_claim, overrides=waived, reason="it was", **told).paid)


def pays_back(desk: Desk, amount: int) -> None:
    (owed,) = desk.ask(queries.recoveries, desk.currency)
    assert owed.recovery_id is not None
    told: dict[str, Any] = {"recovery_id": owed.recovery_id, "amount": francs(desk, amount)}
    desk.do(receive_recovery, request_id=a_request(), **told)


def owed_to(desk: Desk) -> list[tuple[int, int, str]]:
    found = desk.ask(queries.reimbursements_owed, desk.currency, desk.today)
    return [
        (one.amount.minor, one.returned.minor if one.returned else 0, one.why) for one in found
    ]


def gives(desk: Desk, care: Care) -> Any:
    home = care.home.household_id
    return desk.do(reimburse_member, request_id=a_request(), household_id=home, receiver="Awa")


# The member


def test_what_a_member_paid_back_is_owed_again_when_the_appeal_is_won(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    before = balances(desk, "cash_main")[0]
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    pays_back(desk, 450)
    assert balances(desk, "member_receivable", "cash_main") == [0, before + 450]
    assert owed_to(desk) == []
    assert granted(desk, claim) == 450
    assert owed_to(desk) == [(450, 450, "it was")]
    assert desk.ask(queries.recoveries, desk.currency) == ()
    voucher = gives(desk, care)
    assert [(one.number, one.amount, one.returned) for one in voucher.claims] == [
        (shown(desk, claim).number, francs(desk, 450), True)
    ]
    accounts = ("member_receivable", "member_refund", "provider_payable", "benefit_tp.OPD")
    assert balances(desk, *accounts, "cash_main") == [0, 0, 0, 450, before]
    assert (owed_to(desk), desk.ask(queries.owed_by_members)) == ([], 0)
    assert shown(desk, claim).state is State.PAID
    clean(desk)


def test_what_was_not_paid_back_yet_is_owed_by_nobody(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    (asked,) = desk.ask(queries.recoveries, desk.currency)
    pays_back(desk, 300)
    granted(desk, claim)
    # 450 were asked, 300 came: these are owed again, and the 150 are asked of nobody.
    assert owed_to(desk) == [(300, 300, "it was")]
    assert desk.ask(queries.recoveries, desk.currency) == ()
    late: dict[str, Any] = {"recovery_id": asked.recovery_id, "amount": francs(desk, 1)}
    assert refused(desk, receive_recovery, request_id=a_request(), **late)[0] == "amount"
    gives(desk, care)
    assert balances(desk, "member_receivable") == [0]
    clean(desk)


def test_what_is_granted_in_part_stays_between_member_and_scheme(desk: Desk) -> None:
    """Of 1,125 the board grants the 450 of the consultation: 675 stay the member's, none the provider's."""
    care = a_care(desk)
    claim = paid(desk, care, "C", "A")
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    pays_back(desk, 1125)
    assert granted_in_part(desk, claim) == 450
    assert owed_to(desk) == [(450, 450, "it was")]
    assert desk.ask(queries.unpaid_of, care.provider_id) == ()
    gives(desk, care)
    costs = balances(desk, "benefit_tp.OPD", "benefit_tp.DRUG")
    assert sum(costs) == 450
    assert balances(desk, "member_receivable", "provider_payable") == [0, 0]
    clean(desk)


def test_a_reimbursement_and_what_was_paid_back_go_by_one_voucher(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    pays_back(desk, 450)
    granted(desk, claim)
    voucher = gives(desk, care)
    paper = member_voucher_pdf(voucher, "en", scheme="Koula", practice=False)
    assert "paid back before, given again" in text_of(paper)
    assert refused(
        desk,
        reimburse_member,
        request_id=a_request(),
        household_id=care.home.household_id,
        receiver="Awa",
    ) == ("household", "This household is owed nothing. Choose another one.")


def test_the_history_of_a_claim_tells_decisions_and_money_on_one_page(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    pays_back(desk, 450)
    granted(desk, claim)
    gives(desk, care)
    (row, *_) = desk.ask(queries.payments, desk.currency)
    desk.do(reverse_payment, request_id=a_request(), payment_id=row.id, reason="bounced")
    rows = desk.ask(queries.history_of, claim, desk.currency)
    assert [(plain(one.what), one.told) for one in rows] == [
        ("Decided: approved", ""),
        ("Paid to the provider by V-2024-A-000001: 450 F CFA", ""),
        ("Asked back from the member: 450 F CFA", "card lent"),
        ("Taken back", "card lent"),
        ("The member paid back: 450 F CFA", ""),
        ("Appealed against", "it was my child"),
        ("Decided: approved", "it was"),
        ("The member was let off: 450 F CFA", "it was"),
        ("Appeal decided: decided otherwise", "it was"),
        ("Given again to the member by M-2024-A-000001: 450 F CFA", ""),
        ("Payment taken back by V-2024-A-000002: -450 F CFA", "bounced"),
    ]
    # Of 600 a quarter is the member's; taken back, all of it was.
    assert [(one.version, plain(one.amounts)) for one in rows if one.amounts] == [
        (1, "scheme 450 F CFA, patient 150 F CFA, refused 0 F CFA"),
        (2, "scheme 0 F CFA, patient 600 F CFA, refused 0 F CFA (RA02)"),
        (3, "scheme 450 F CFA, patient 150 F CFA, refused 0 F CFA"),
    ]
    paper = history_list("C-2024-A-000001", rows).pdf(
        "en", scheme="Koula", practice=False, printed_on=desk.today
    )
    assert "Given again to the member" in text_of(paper)


# Letting a member off


def test_a_member_is_let_off_with_a_reason(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    ask: dict[str, Any] = {"claim_id": claim, "amount": francs(desk, 300), "reason": "lent"}
    desk.do(recover_from_member, request_id=a_request(), **ask)
    pays_back(desk, 100)
    off: dict[str, Any] = {"claim_id": claim, "reason": "the nurse was wrong"}

    def asked(**changed: Any) -> str:
        return refused(desk, let_off_recovery, request_id=a_request(), **off | changed)[0]

    assert asked(reason=" ") == "reason"
    assert asked(amount=francs(desk, 301)) == "amount"
    assert asked(claim_id=paid(desk, care, "A")) == "claim"
    request = a_request()
    part = off | {"amount": francs(desk, 50)}
    told = desk.do(let_off_recovery, request_id=request, **part)
    assert (told.amount, told.left, told.owed) == (
        francs(desk, 50),
        francs(desk, 150),
        francs(desk, 0),
    )
    assert desk.do(let_off_recovery, request_id=request, **part) == told
    told = desk.do(let_off_recovery, request_id=a_request(), **off)
    assert (told.amount, told.left, told.owed) == (
        francs(desk, 250),
        francs(desk, 0),
        francs(desk, 100),
    )
    assert asked() == "claim"
    assert owed_to(desk) == [(100, 100, "the nurse was wrong")]
    gives(desk, care)
    assert balances(desk, "member_receivable", "benefit_tp.OPD") == [0, 450]
    clean(desk)


def test_what_the_board_can_change_alone_is_not_let_off(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    taken_back(desk, claim, RecoveredFrom.MEMBER)
    off: dict[str, Any] = {"claim_id": claim, "reason": "poor"}
    field, said = refused(desk, let_off_recovery, request_id=a_request(), **off)
    assert (field, said) == (
        "claim",
        "The claim was taken back for the member to pay. Only an appeal changes that.",
    )


def test_two_sign_when_a_member_is_let_off(two_people_desk: Desk) -> None:
    desk = two_people_desk
    care = a_care(desk)
    claim = decided(desk, care)[0]
    seconded(desk, pay_provider, request_id=a_request(), provider_id=care.provider_id)
    ask: dict[str, Any] = {"claim_id": claim, "amount": francs(desk, 300), "reason": "lent"}
    seconded(desk, recover_from_member, request_id=a_request(), **ask)
    off: dict[str, Any] = {"claim_id": claim, "reason": "the nurse was wrong"}
    assert refused(desk, let_off_recovery, request_id=a_request(), **off)[0] == "second"
    seconded(desk, let_off_recovery, request_id=a_request(), **off)
    assert desk.ask(queries.recoveries, desk.currency) == ()


# The provider


def test_what_a_provider_gave_back_is_owed_again_when_the_appeal_is_won(desk: Desk) -> None:
    care = a_care(desk)
    claim = paid(desk, care)
    taken_back(desk, claim, RecoveredFrom.PROVIDER)
    decided(desk, care, 2)
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert done.amount == francs(desk, 450)
    assert granted(desk, claim) == 450
    (owed,) = desk.ask(queries.owing, desk.currency)
    assert (owed.amount, owed.claims) == (francs(desk, 450), 1)
    assert shown(desk, claim).state is State.OVERTURNED
    done = desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    assert done.amount == francs(desk, 450)
    assert shown(desk, claim).state is State.PAID
    clean(desk)


# Whatever happens

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ("pay", "provider", "member", "ask", "back", "grant", "part", "off", "give", "bounce")
        ),
        st.integers(1, 700),
    ),
    min_size=4,
    max_size=12,
)


@settings(max_examples=12)
@given(MOVES)
def test_once_all_is_settled_a_claim_has_cost_what_its_latest_decision_says(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int]]
) -> None:
    with open_copy(tmp_path_factory.mktemp("settling") / "book") as desk:
        care = a_care(desk)
        claim = a_claim(desk, care, a_batch(desk, care), care.line("C"), care.line("A"))
        desk.do(decide_claim, claim_id=claim)
        act(desk, care, claim, "pay", 0)
        for move, amount in moves:
            with suppress(Refusal):
                act(desk, care, claim, move, amount)
            seen(desk, care)
        settled(desk, care, claim, asked_apart="ask" in dict(moves))


def act(desk: Desk, care: Care, claim: ClaimId, move: str, amount: int) -> None:
    """Do one thing, where it may be done."""
    lent: dict[str, Any] = {"claim_id": claim, "amount": francs(desk, amount), "reason": "lent"}
    {
        "pay": lambda: desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id),
        "provider": lambda: taken_back(desk, claim, RecoveredFrom.PROVIDER),
        "member": lambda: taken_back(desk, claim, RecoveredFrom.MEMBER),
        "ask": lambda: desk.do(recover_from_member, request_id=a_request(), **lent),
        "off": lambda: desk.do(let_off_recovery, request_id=a_request(), **lent),
        "back": lambda: brings_back(desk, amount),
        "grant": lambda: granted(desk, claim),
        "part": lambda: granted_in_part(desk, claim),
        "give": lambda: gives(desk, care),
        "bounce": lambda: bounces(desk),
    }[move]()


def brings_back(desk: Desk, most: int) -> None:
    for one in desk.ask(queries.recoveries, desk.currency)[:1]:
        if one.recovery_id is not None:
            told: dict[str, Any] = {"recovery_id": one.recovery_id}
            amount = francs(desk, min(most, one.left.minor))
            desk.do(receive_recovery, request_id=a_request(), amount=amount, **told)


def granted_in_part(desk: Desk, claim: ClaimId) -> int:
    """The consultation is granted, the medicines are not."""
    medicine = desk.ask(queries.lines_of, claim)[1]
    refuses = Override(ReasonCode.RF03, OverrideEffect.REFUSES, medicine)
    return granted(desk, claim, Override(LENT), refuses)


def bounces(desk: Desk) -> None:
    for one in desk.ask(queries.payments, desk.currency)[:1]:
        told: dict[str, Any] = {"payment_id": one.id, "reason": "bounced"}
        desk.do(reverse_payment, request_id=a_request(), **told)


def seen(desk: Desk, care: Care) -> None:
    """Every account is what the lists show: nothing owed is hidden."""
    payable, receivable, refund = balances(
        desk, "provider_payable", "member_receivable", "member_refund"
    )
    owed = sum(one.amount for one in desk.ask(queries.unpaid_of, care.provider_id))
    back = sum(
        one.left.minor for one in desk.ask(queries.recoveries, desk.currency) if one.recovery_id
    )
    given_again = sum(amount for amount, _, _ in owed_to(desk))
    assert (owed, back - given_again, refund) == (-payable, receivable, 0)
    assert all(one.left.minor > 0 for one in desk.ask(queries.recoveries, desk.currency))


def settled(desk: Desk, care: Care, claim: ClaimId, *, asked_apart: bool) -> None:
    """Pay and take back all there is: what it cost is what was paid and not recovered.

    That is what the latest decision pays, unless the member was asked something back apart from a decision.
    """
    for one in desk.ask(queries.recoveries, desk.currency):
        if one.recovery_id is not None:
            told: dict[str, Any] = {"recovery_id": one.recovery_id, "amount": one.left}
            desk.do(receive_recovery, request_id=a_request(), **told)
    with suppress(Refusal):
        gives(desk, care)
    with suppress(Refusal):
        desk.do(pay_provider, request_id=a_request(), provider_id=care.provider_id)
    left = sum(one.amount for one in desk.ask(queries.unpaid_of, care.provider_id))
    stand = desk.ask(queries.stand_of, claim)
    assert stand is not None
    with desk.read() as connection:
        apart, held = connection.exec_driver_sql(
            "SELECT coalesce((SELECT sum(amount) FROM member_recovery), 0),"
            " (SELECT sum(amount) FROM entry_line WHERE role LIKE 'benefit_tp.%')"
        ).one()
    assert (held or 0) == stand.settled + left - apart
    if not asked_apart:
        assert (held or 0) == stand.paid
    assert balances(desk, "member_receivable") == [0]
    clean(desk)
