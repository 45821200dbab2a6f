"""Booklets as valued stationery: where each leaf stands, and what should not be."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.contributions import rules
from stepdesk.contributions.queries import (
    booklet_by_number,
    booklet_state,
    booklet_states,
    leaf_by_number,
    open_findings,
    payment_by_number,
    receipt_of,
    stationery_findings,
)
from stepdesk.contributions.service import (
    accept_findings,
    issue_booklet,
    mark_leaves,
    open_session,
    receive_booklets,
    return_booklet,
    reverse_payment,
)
from stepdesk.contributions.terms import (
    Booklet,
    BookletFacts,
    BookletMove,
    FindingKind,
    Holder,
    Leaf,
    LeafMark,
    LeafState,
    LeafUse,
    MarkKind,
    MoveKind,
    Stationery,
)
from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import speak
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Kind
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import BookletId, StaffId
from tests.builders import SECOND, a_household, a_payment, a_request

MOUSSA, AWA = StaffId(b"m" * 16), StaffId(b"a" * 16)
BOOKLET = Booklet(BookletId(bytes(16)), Stationery.RECEIPT, 147, 1, 50, date(2026, 1, 5))
GIVEN = BookletMove(MoveKind.ISSUED, date(2026, 1, 10), Holder("Moussa", MOUSSA))
BACK = BookletMove(MoveKind.RETURNED, date(2026, 3, 31))


def use(leaf: int, day: int = 1, who: StaffId | None = MOUSSA, *, undone: bool = False) -> LeafUse:
    return LeafUse(leaf, f"R-2026-A-{leaf:06d}", date(2026, 2, day), who, undone)


def facts(
    *uses: LeafUse,
    marks: tuple[LeafMark, ...] = (),
    moves: tuple[BookletMove, ...] = (GIVEN,),
) -> BookletFacts:
    return BookletFacts(BOOKLET, moves, marks, uses)


def mark(first: int, last: int, kind: MarkKind = MarkKind.CANCELLED, **told: bool) -> LeafMark:
    return LeafMark(kind, first, last, date(2026, 2, 3), reason="wet", **told)


def found(told: BookletFacts) -> list[tuple[FindingKind, int, int]]:
    return [
        (one.kind, one.first_leaf, one.last_leaf) for one in rules.booklet_state(told).findings
    ]


def test_leaf_by_leaf_it_is_told_what_became_of_each() -> None:
    state = rules.booklet_state(
        facts(use(1), use(2), marks=(mark(3, 3), mark(4, 5, MarkKind.MISSING)))
    )
    told = [(one.number, one.state, one.receipt, one.reason) for one in state.leaves[:6]]
    assert told == [
        ("0147-01", LeafState.USED, "R-2026-A-000001", ""),
        ("0147-02", LeafState.USED, "R-2026-A-000002", ""),
        ("0147-03", LeafState.CANCELLED, "", "wet"),
        ("0147-04", LeafState.MISSING, "", "wet"),
        ("0147-05", LeafState.MISSING, "", "wet"),
        ("0147-06", LeafState.BLANK, "", ""),
    ]
    assert [state.count(one) for one in LeafState] == [45, 2, 1, 2]
    assert (state.holder.name, state.since) == ("Moussa", date(2026, 1, 10))


def test_leaves_used_in_their_order_leave_nothing_to_find() -> None:
    assert found(facts(use(1, 1), use(2, 1), use(3, 4))) == []


def test_leaves_passed_over_are_found_in_one_run() -> None:
    told = facts(use(1), use(5), use(7), marks=(mark(2, 2),))
    assert found(told) == [(FindingKind.SKIPPED, 3, 4), (FindingKind.SKIPPED, 6, 6)]
    first = rules.booklet_state(told).findings[0]
    assert first.receipts == ("R-2026-A-000005",)
    assert speak(first.text, "en") == (
        "Leaf 0147-03 – 04 was passed over: a later one became receipt R-2026-A-000005. "
        "Type it in, cancel it, or declare it missing."
    )


def test_a_later_leaf_with_an_earlier_day_is_found() -> None:
    assert found(facts(use(1, 9), use(2, 3))) == [(FindingKind.OUT_OF_ORDER, 2, 2)]


def test_a_leaf_typed_in_twice_is_found_but_not_after_a_reversal() -> None:
    assert found(facts(use(1), use(1))) == [(FindingKind.TWICE, 1, 1)]
    assert found(facts(use(1, undone=True), use(1))) == []


def test_a_leaf_the_booklet_does_not_have_is_found() -> None:
    assert (FindingKind.OUTSIDE, 51, 51) in found(facts(use(51)))
    assert (FindingKind.OUTSIDE, 0, 0) in found(facts(use(0)))


@pytest.mark.parametrize(
    ("who", "moves"),
    [
        (AWA, (GIVEN,)),
        (None, (GIVEN,)),
        (MOUSSA, ()),
        (MOUSSA, (GIVEN, BookletMove(MoveKind.RETURNED, date(2026, 1, 20)))),
    ],
)
def test_a_leaf_used_by_who_did_not_hold_the_booklet_is_found(
    who: StaffId | None, moves: tuple[BookletMove, ...]
) -> None:
    assert found(facts(use(1, who=who), moves=moves)) == [(FindingKind.OTHER_COLLECTOR, 1, 1)]


def test_the_office_writes_on_booklets_that_lie_there_and_both_on_the_day_it_changes_hands() -> (
    None
):
    assert found(facts(use(1, who=None), moves=())) == []
    given = (BookletMove(MoveKind.ISSUED, date(2026, 2, 1), Holder("Moussa", MOUSSA)),)
    assert found(facts(use(1, 1, None), use(2, 1, MOUSSA), moves=given)) == []
    back = (GIVEN, BookletMove(MoveKind.RETURNED, date(2026, 2, 1)))
    assert found(facts(use(1, 1, MOUSSA), use(2, 1, None), moves=back)) == []


def test_a_receipt_on_a_cancelled_leaf_is_found_and_missing_leaves_stay_found() -> None:
    marks = (mark(1, 1), mark(2, 4, MarkKind.MISSING), mark(3, 3, MarkKind.FOUND))
    assert found(facts(use(1), marks=marks)) == [
        (FindingKind.MARKED_AND_USED, 1, 1),
        (FindingKind.MISSING, 2, 2),
        (FindingKind.MISSING, 4, 4),
    ]


def test_a_cancelled_leaf_that_was_not_kept_is_found() -> None:
    assert found(facts(marks=(mark(1, 2, kept=False),))) == [(FindingKind.NOT_KEPT, 1, 2)]


leaves = st.lists(st.integers(1, 50), unique=True)


@given(leaves, leaves)
def test_each_leaf_stands_somewhere_and_what_was_passed_over_is_what_is_blank(
    used: list[int], spoilt: list[int]
) -> None:
    marks = tuple(mark(leaf, leaf) for leaf in spoilt if leaf not in used)
    told = facts(*(use(leaf) for leaf in used), marks=marks)
    state = rules.booklet_state(told)
    assert [one.leaf for one in state.leaves] == list(range(1, 51))
    skipped = {
        leaf
        for one in state.findings
        if one.kind is FindingKind.SKIPPED
        for leaf in range(one.first_leaf, one.last_leaf + 1)
    }
    blank = {one.leaf for one in state.leaves if one.state is LeafState.BLANK}
    assert skipped == {leaf for leaf in blank if leaf < max(used, default=0)}


@given(st.sets(st.integers(1, 200)))
def test_runs_tell_the_same_leaves(told: set[int]) -> None:
    runs = rules.runs(told)
    assert {leaf for first, last in runs for leaf in range(first, last + 1)} == told
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(runs))


def test_leaves_are_told_as_people_write_them() -> None:
    assert rules.runs_text([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"


# In a real book


def second_of(desk: Desk) -> StaffId:
    return desk.keys.tiles()[1].staff_id


def received(desk: Desk, serial: int = 147, **told: object) -> BookletId:
    (one,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=serial, **told)  # type: ignore[arg-type]
    return one


@pytest.fixture
def given_out(two_people_desk: Desk) -> BookletId:
    """Booklet 147, with Bintou since 10 January 2024."""
    desk = two_people_desk
    booklet_id = received(desk)
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=second_of(desk))
    return booklet_id


def refused(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as told:
        call()
    return told.value.field, speak(told.value.text, "en")


def test_booklets_are_received_numbered_one_after_another(desk: Desk) -> None:
    desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=147, count=3, leaves=25)
    desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=147)
    told = [
        (one.booklet.kind, one.booklet.number, len(one.leaves), one.holder.office)
        for one in desk.ask(booklet_states)
    ]
    assert told == [
        (Stationery.CERTIFICATE, "0147", 50, True),
        (Stationery.RECEIPT, "0147", 25, True),
        (Stationery.RECEIPT, "0148", 25, True),
        (Stationery.RECEIPT, "0149", 25, True),
    ]
    acts = desk.acts
    field, sentence = refused(lambda: received(desk, 149))
    assert (field, sentence) == (
        "serial",
        "Booklet 0149 was received before. Check the numbers.",
    )
    assert desk.acts == acts


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"serial": 0}, "serial"),
        ({"count": 0}, "count"),
        ({"count": 501}, "count"),
        ({"leaves": 0}, "leaves"),
        ({"first_leaf": 0}, "leaves"),
        ({"received_on": date(2024, 1, 11)}, "day"),
    ],
)
def test_booklets_that_cannot_be_are_refused(
    desk: Desk, told: dict[str, object], field: str
) -> None:
    assert refused(lambda: received(desk, **told))[0] == field  # type: ignore[arg-type]


def test_a_booklet_goes_out_and_comes_back(two_people_desk: Desk, clock: SetClock) -> None:
    desk = two_people_desk
    booklet_id, bintou = received(desk), second_of(desk)
    assert refused(lambda: desk.do(return_booklet, booklet_id=booklet_id))[0] == "booklet"
    desk.do(issue_booklet, booklet_id=booklet_id, collector_id=bintou)
    state = desk.ask(booklet_state, booklet_id)
    assert (state.holder.name, state.since) == ("Bintou", date(2024, 1, 10))
    clock.set(date(2024, 1, 20))
    again = refused(lambda: desk.do(issue_booklet, booklet_id=booklet_id, collector_id=bintou))
    assert again == (
        "holder",
        "Bintou has had this booklet since 10 January 2024. Take it back first, or check the number.",
    )
    early = date(2024, 1, 9)
    assert refused(lambda: desk.do(return_booklet, booklet_id=booklet_id, day=early))[0] == "day"
    desk.do(return_booklet, booklet_id=booklet_id, note="38 leaves left")
    state = desk.ask(booklet_state, booklet_id)
    assert (state.holder.office, state.since) == (True, date(2024, 1, 20))
    assert [(one.kind, one.note) for one in state.moves] == [
        (MoveKind.ISSUED, ""),
        (MoveKind.RETURNED, "38 leaves left"),
    ]


def test_a_booklet_another_still_has_goes_on_by_a_caution(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    awa = desk.person.staff_id
    with pytest.raises(Caution) as doubted:
        desk.do(issue_booklet, booklet_id=given_out, collector_id=awa)
    assert [one.name for one in doubted.value.doubts] == ["held"]
    desk.do(issue_booklet, booklet_id=given_out, collector_id=awa, accepting=frozenset({"held"}))
    assert desk.ask(booklet_state, given_out).holder.name == "Awa"


def test_certificates_are_given_to_a_provider(desk: Desk) -> None:
    provider_id = desk.do(
        add_provider, code="PS1", name="Poste de Koula", level=Level.POST, kind=Kind.PUBLIC
    )
    (booklet_id,) = desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=9)
    desk.do(issue_booklet, booklet_id=booklet_id, provider_id=provider_id)
    assert desk.ask(booklet_state, booklet_id).holder.name == "Poste de Koula"
    who = refused(lambda: desk.do(issue_booklet, booklet_id=booklet_id))
    assert who[0] == "holder"


def test_leaves_are_cancelled_with_a_reason_and_missing_ones_may_be_found(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk

    def told(kind: MarkKind, first: int, last: int | None = None, reason: str = "wet") -> None:
        desk.do(
            mark_leaves,
            booklet_id=given_out,
            kind=kind,
            first_leaf=first,
            last_leaf=last,
            reason=reason,
        )

    told(MarkKind.CANCELLED, 3)
    told(MarkKind.MISSING, 4, 6)
    told(MarkKind.FOUND, 5)
    assert refused(lambda: told(MarkKind.CANCELLED, 1, reason=" "))[0] == "reason"
    assert refused(lambda: told(MarkKind.CANCELLED, 51))[0] == "leaf"
    assert refused(lambda: told(MarkKind.CANCELLED, 9, 8))[0] == "last_leaf"
    assert refused(lambda: told(MarkKind.CANCELLED, 3))[0] == "leaf"
    assert refused(lambda: told(MarkKind.FOUND, 9))[0] == "leaf"
    states = desk.ask(booklet_state, given_out).leaves[2:6]
    assert [one.state for one in states] == [
        LeafState.CANCELLED,
        LeafState.MISSING,
        LeafState.BLANK,
        LeafState.MISSING,
    ]
    told(MarkKind.FOUND, 3, reason="it was leaf 13")
    assert desk.ask(booklet_state, given_out).leaves[2].state is LeafState.BLANK
    assert [one.kind for one in desk.ask(stationery_findings)] == [FindingKind.MISSING] * 2
    assert verify_desk(desk).clean


def test_a_receipt_of_the_field_bears_both_numbers(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    leaf = desk.ask(leaf_by_number, "147/1")
    assert leaf == Leaf(given_out, 1)
    receipt = a_payment(desk, None, 3100, collector_id=second_of(desk), leaf=leaf)
    assert (receipt.number, receipt.leaf) == ("R-2024-A-000001", "0147-01")
    assert desk.ask(receipt_of, receipt.payment_id, desk.currency) == receipt
    for told in ("R-2024-A-000001", " r-2024-a-1", "0147-01", "147/1"):
        assert desk.ask(payment_by_number, told) == receipt.payment_id
    for told in ("0147-02", "0148-01", "R-2024-A", "F-2024-A-000001", ""):
        assert desk.ask(payment_by_number, told) is None
    state = desk.ask(booklet_state, given_out)
    assert (state.leaves[0].receipt, state.count(LeafState.USED)) == ("R-2024-A-000001", 1)
    assert state.findings == ()


def test_a_leaf_is_refused_twice_outside_cancelled_or_missing(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    home, bintou = a_household(desk), second_of(desk)

    def take(leaf: int, booklet_id: BookletId = given_out) -> object:
        return a_payment(desk, home, 2100, collector_id=bintou, leaf=Leaf(booklet_id, leaf))

    take(1)
    told = {"booklet_id": given_out, "reason": "wet"}
    desk.do(mark_leaves, kind=MarkKind.CANCELLED, first_leaf=2, **told)  # type: ignore[arg-type]
    desk.do(mark_leaves, kind=MarkKind.MISSING, first_leaf=3, **told)  # type: ignore[arg-type]
    (other,) = desk.do(receive_booklets, kind=Stationery.LETTER, first_serial=147)
    acts = desk.acts
    assert refused(lambda: take(1)) == (
        "leaf",
        "Leaf 0147-01 was typed in before, as receipt R-2024-A-000001. Check the number.",
    )
    assert refused(lambda: take(51)) == (
        "leaf",
        "Booklet 0147 has the leaves 1 to 50. Check the number.",
    )
    assert "cancelled on 10 January 2024: wet" in refused(lambda: take(2))[1]
    assert "missing" in refused(lambda: take(3))[1]
    assert refused(lambda: take(1, other))[0] == "leaf"
    assert refused(lambda: take(1, BookletId(bytes(16))))[0] == "leaf"
    assert desk.acts == acts


def test_a_leaf_of_a_cancelled_receipt_may_be_typed_in_again(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    bintou, leaf = second_of(desk), Leaf(given_out, 1)
    wrong = a_payment(desk, None, 2100, collector_id=bintou, leaf=leaf)
    with desk.work("reverse_payment") as work:
        # Who took the money may not be the one who agrees: Awa typed it, Bintou signs.
        work.second(bintou, SECOND)
        reverse_payment(
            work, request_id=a_request(), payment_id=wrong.payment_id, reason="wrong household"
        )
    right = a_payment(desk, None, 2100, collector_id=bintou, leaf=leaf)
    state = desk.ask(booklet_state, given_out)
    assert (state.leaves[0].receipt, state.findings) == (right.number, ())
    assert desk.ask(payment_by_number, "0147-01") == right.payment_id


def test_a_booklet_of_somebody_else_is_a_caution_and_then_a_finding(
    two_people_desk: Desk, given_out: BookletId, clock: SetClock
) -> None:
    clock.set(date(2024, 1, 11))
    desk = two_people_desk
    leaf = Leaf(given_out, 1)
    with pytest.raises(Caution) as doubted:
        a_payment(desk, None, 2100, leaf=leaf)
    (doubt,) = doubted.value.doubts
    assert (doubt.name, doubt.field) == ("other_collector", "leaf")
    assert speak(doubt.text, "en") == (
        "Booklet 0147 was with Bintou on 11 January 2024. Name who collected, or check the number."
    )
    accepted = frozenset({"other_collector"})
    a_payment(desk, None, 2100, leaf=leaf, accepting=accepted)
    (one,) = desk.ask(stationery_findings)
    assert speak(one.text, "en").endswith("of somebody else: Bintou had the booklet.")
    assert (one.kind, one.receipts) == (FindingKind.OTHER_COLLECTOR, ("R-2024-A-000001",))


def test_cautions_of_a_receipt_are_told_together(
    two_people_desk: Desk, given_out: BookletId, clock: SetClock
) -> None:
    clock.set(date(2024, 1, 11))
    with pytest.raises(Caution) as doubted:
        a_payment(two_people_desk, None, 100_000, leaf=Leaf(given_out, 1))
    assert [one.name for one in doubted.value.doubts] == ["much", "ahead", "other_collector"]


def test_in_a_session_the_booklet_of_who_collects_is_good(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    session_id = desk.do(open_session, place="Market", collector_id=second_of(desk))
    a_payment(desk, None, 2100, session_id=session_id, leaf=Leaf(given_out, 1))
    assert desk.ask(stationery_findings) == ()


@pytest.mark.parametrize("told", ["0147", "147-1-2", "R-2024-A-000001", "x-1", "148-1", ""])
def test_what_is_no_leaf_of_a_booklet_is_not_found(desk: Desk, told: str) -> None:
    received(desk)
    assert desk.ask(leaf_by_number, told) is None
    assert desk.ask(booklet_by_number, 148) is None


def test_a_finding_is_accepted_with_a_reason_and_a_further_receipt_is_a_new_one(
    two_people_desk: Desk, given_out: BookletId
) -> None:
    desk = two_people_desk
    desk.do(
        mark_leaves,
        booklet_id=given_out,
        kind=MarkKind.MISSING,
        first_leaf=4,
        last_leaf=5,
        reason="torn out",
    )
    acts = desk.acts

    def told(**more: object) -> None:
        values = {"booklet_id": given_out, "leaf": 4, "reason": "the goat ate it"} | more
        desk.do(accept_findings, **values)  # type: ignore[arg-type]

    assert refused(lambda: told(reason=" "))[0] == "reason"
    assert refused(lambda: told(leaf=6))[0] == "leaf"
    assert refused(lambda: told(kind=FindingKind.TWICE))[0] == "leaf"
    assert refused(lambda: told(booklet_id=BookletId(bytes(16))))[0] == "booklet"
    assert desk.acts == acts
    told()
    assert desk.ask(open_findings) == ()
    # The register goes on telling it.
    assert [one.kind for one in desk.ask(stationery_findings)] == [FindingKind.MISSING]
    assert refused(told)[0] == "leaf"
    desk.do(
        mark_leaves,
        booklet_id=given_out,
        kind=MarkKind.MISSING,
        first_leaf=9,
        reason="torn out",
    )
    assert [one.first_leaf for one in desk.ask(open_findings)] == [9]
    assert verify_desk(desk).clean
