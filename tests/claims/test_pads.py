"""Leaves of pads in the register of booklets: what letters and certificates were written on.

Source: domain handbook D28 (from, to, returned, missing) and 1.2 (gap, duplicate).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stepdesk.claims.service import enter_unknown, withdraw_claim
from stepdesk.claims.terms import GuaranteeKind
from stepdesk.contributions.queries import booklet_state, open_findings, stationery_findings
from stepdesk.contributions.service import (
    accept_findings,
    issue_booklet,
    mark_leaves,
    receive_booklets,
)
from stepdesk.contributions.terms import FindingKind, LeafState, MarkKind, Stationery
from stepdesk.errors import Refusal
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BookletId
from tests.builders import a_request, open_copy, wednesday
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider, francs
from tests.claims.letter_kit import a_letter


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = open_copy(tmp_path / "book", clock=wednesday())
    yield found
    found.close()


def a_pad(desk: Desk, kind: Stationery, care: Care | None = None) -> BookletId:
    """Pad 0012 of twenty leaves, given to the provider where one is named."""
    (pad,) = desk.do(receive_booklets, kind=kind, first_serial=12, leaves=20)
    if care is not None:
        desk.do(issue_booklet, booklet_id=pad, provider_id=care.provider_id)
    return pad


def used(desk: Desk, pad: BookletId) -> dict[int, str]:
    state = desk.ask(booklet_state, pad)
    return {one.leaf: one.receipt for one in state.leaves if one.state is LeafState.USED}


def found(desk: Desk) -> list[tuple[FindingKind, int, int, tuple[str, ...]]]:
    told = desk.ask(stationery_findings)
    return [(one.kind, one.first_leaf, one.last_leaf, one.receipts) for one in told]


def test_a_certificate_uses_its_leaf_and_the_leaves_before_it_are_a_gap(desk: Desk) -> None:
    care = a_care(desk)
    pad = a_pad(desk, Stationery.CERTIFICATE, care)
    batch = a_batch(desk, care)
    a_claim(desk, care, batch, certificate="0012-01")
    a_claim(desk, care, batch, at=1, certificate="12/4")
    assert used(desk, pad) == {1: "C-2024-A-000001", 4: "C-2024-A-000002"}
    assert found(desk) == [(FindingKind.SKIPPED, 2, 3, ("C-2024-A-000002",))]
    assert verify_desk(desk).clean


def test_two_certificates_on_one_leaf_are_found_until_one_is_withdrawn(desk: Desk) -> None:
    # Of one provider the second is refused when it is typed; of two providers it is found here.
    care = a_care(desk)
    other, _tariff = a_provider(desk, care.services, code="OTHER")
    pad = a_pad(desk, Stationery.CERTIFICATE, care)
    a_claim(desk, care, a_batch(desk, care), certificate="0012-01")
    batch = a_batch(desk, care, provider_id=other)
    wrong = a_claim(desk, care, batch, at=1, certificate="0012-01")
    first, second = "C-2024-A-000001", "C-2024-A-000002"
    assert found(desk) == [
        (FindingKind.OTHER_COLLECTOR, 1, 1, (second,)),
        (FindingKind.TWICE, 1, 1, (first, second)),
    ]
    desk.do(withdraw_claim, claim_id=wrong, reason="typed twice")
    assert found(desk) == []
    assert used(desk, pad) == {1: "C-2024-A-000001"}


def test_a_certificate_of_somebody_unknown_uses_its_leaf_too(desk: Desk) -> None:
    care = a_care(desk)
    pad = a_pad(desk, Stationery.CERTIFICATE, care)
    batch = a_batch(desk, care)
    desk.do(
        enter_unknown,
        request_id=a_request(),
        batch_id=batch,
        certificate="0012-01",
        written="Somebody",
        day=date(2024, 1, 9),
        claimed=francs(desk, 600),
    )
    assert used(desk, pad) == {1: "B-2024-A-000001"}


def test_leaves_the_pad_does_not_have_and_pads_of_another_provider_are_found(desk: Desk) -> None:
    care = a_care(desk)
    other, _tariff = a_provider(desk, care.services, code="OTHER")
    a_pad(desk, Stationery.CERTIFICATE, care)
    batch = a_batch(desk, care, provider_id=other)
    a_claim(desk, care, batch, certificate="0012-01")
    a_claim(desk, care, a_batch(desk, care), at=1, certificate="0012-21")
    told = [one[:3] for one in found(desk) if one[0] is not FindingKind.SKIPPED]
    assert told == [(FindingKind.OTHER_COLLECTOR, 1, 1), (FindingKind.OUTSIDE, 21, 21)]


def test_a_letter_uses_its_leaf_of_the_emergency_pad(desk: Desk) -> None:
    care = a_care(desk, rules={"DEL": {"requires_letter": True}})
    pad = a_pad(desk, Stationery.LETTER)
    letter = a_letter(
        desk, care, kind=GuaranteeKind.PAD, leaf="0012-02", first_day=date(2024, 1, 9), up_to=3000
    )
    assert used(desk, pad) == {2: letter.number}
    assert found(desk) == [(FindingKind.SKIPPED, 1, 1, (letter.number,))]
    with pytest.raises(Refusal) as caught:
        desk.do(
            mark_leaves, booklet_id=pad, kind=MarkKind.MISSING, first_leaf=2, reason="not seen"
        )
    assert caught.value.field == "leaf"
    desk.do(accept_findings, booklet_id=pad, leaf=1, reason="used to try the pen")
    assert desk.ask(open_findings) == ()
    assert [one[0] for one in found(desk)] == [FindingKind.SKIPPED]


def test_other_booklets_with_the_same_number_are_not_touched(desk: Desk) -> None:
    care = a_care(desk)
    letters, receipts = a_pad(desk, Stationery.LETTER), a_pad(desk, Stationery.RECEIPT)
    pad = a_pad(desk, Stationery.CERTIFICATE, care)
    a_claim(desk, care, a_batch(desk, care), certificate="0012-01")
    assert (used(desk, letters), used(desk, receipts)) == ({}, {})
    assert list(used(desk, pad)) == [1]
