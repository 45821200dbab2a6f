"""What a collector may hand over, who signs for it, and what the papers say of what is missing.

Bintou carries 3,100 of the 10th; it is the 15th. Source: domain handbook D06, 3.2 (P03, P18).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.papers import hand_over_pdf, session_slip_pdf
from stepdesk.contributions.queries import hand_over_of, hand_overs, to_hand_over
from stepdesk.contributions.service import close_session, hand_over_cash, open_session
from stepdesk.contributions.terms import Count, HandedOver
from stepdesk.errors import Refusal
from stepdesk.scheme.service import end_person
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EntryId, StaffId
from tests.builders import SECOND, a_payment, a_request, open_copy
from tests.contributions.test_papers import SESSION, pages_of, slip_receipts, text_of
from tests.contributions.test_slips import a_slip
from tests.ledger.kit import francs, refused

WHOLE = Count({1000: 3, 100: 1})


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """Awa in front, Bintou who collects, and Moussa."""
    with open_copy(tmp_path / "book", clock=clock, people=("Awa", "Bintou", "Moussa")) as opened:
        a_payment(opened, None, 3100, collector_id=named(opened, "Bintou"))
        clock.set(date(2024, 1, 15))
        yield opened


def named(desk: Desk, name: str) -> StaffId:
    return next(one.id for one in desk.colleagues() if one.name == name)


def told(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "request_id": a_request(),
        "collector_id": named(desk, "Bintou"),
        "amount": francs(3100),
        "count": WHOLE,
    } | more


def handed(desk: Desk, who: str, **more: Any) -> EntryId:
    """Hand over, Awa in front and somebody else signing with her."""
    with desk.work("hand_over_cash") as work:
        work.second(named(desk, who), SECOND)
        return hand_over_cash(work, **told(desk, **more))


def test_who_collected_is_one_of_the_two_who_sign(desk: Desk) -> None:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        handed(desk, "Moussa")
    assert caught.value.field == "second"
    assert desk.acts == acts
    slip = desk.ask(hand_over_of, handed(desk, "Bintou"), desk.currency)
    assert not slip.single_control


def test_for_a_collector_who_has_left_whoever_brings_the_money_signs(desk: Desk) -> None:
    bintou = named(desk, "Bintou")
    with desk.work("end_person") as work:
        work.second(named(desk, "Moussa"), SECOND)
        end_person(work, staff_id=bintou, reason="moved away")
    with desk.work("hand_over_cash") as work:
        work.second(named(desk, "Moussa"), SECOND)
        entry_id = hand_over_cash(
            work, request_id=a_request(), collector_id=bintou, amount=francs(3100), count=WHOLE
        )
    assert desk.ask(hand_over_of, entry_id, desk.currency).handed == francs(3100)


def test_nothing_is_handed_over_on_a_day_that_is_still_ahead(desk: Desk) -> None:
    wrong = refused(desk, hand_over_cash, **told(desk, day=date(2024, 1, 16)))
    assert wrong.field == "day"
    entry_id = handed(desk, "Bintou", day=date(2024, 1, 12))
    assert desk.ask(hand_over_of, entry_id, desk.currency).day == date(2024, 1, 12)


def test_a_collector_may_hand_over_what_is_in_no_open_bag(desk: Desk) -> None:
    """3,100 by hand; 1,700 in a bag are counted with it, and the 200 missing there come on top."""
    bintou = named(desk, "Bintou")
    session_id = desk.do(open_session, place="Market", collector_id=bintou)
    a_payment(desk, None, 1700, session_id=session_id)
    assert desk.ask(to_hand_over, bintou) == 3100
    with desk.work("close_session") as work:
        work.second(bintou, SECOND)
        close_session(
            work, session_id=session_id, count=Count({500: 3}), difference_reason="at the ford"
        )
    assert desk.ask(to_hand_over, bintou) == 3300
    handed(desk, "Bintou", amount=francs(3000), count=Count({1000: 3}), difference_reason="rain")
    assert desk.ask(to_hand_over, bintou) == 300


def test_hand_overs_are_listed_the_newest_first_with_what_stayed(
    desk: Desk, clock: SetClock
) -> None:
    first = handed(
        desk, "Bintou", amount=francs(3000), count=Count({1000: 3}), difference_reason="rain"
    )
    clock.set(date(2024, 1, 17))
    second = handed(desk, "Bintou", amount=francs(100), count=Count({100: 1}))
    rows = desk.ask(hand_overs, desk.currency, latest=5)
    assert rows == (
        HandedOver(
            second, "H-2024-A-000002", date(2024, 1, 17), "Bintou", francs(100), francs(0), ""
        ),
        HandedOver(
            first,
            "H-2024-A-000001",
            date(2024, 1, 15),
            "Bintou",
            francs(3000),
            francs(100),
            "rain",
        ),
    )
    assert desk.ask(hand_overs, desk.currency, latest=1) == rows[:1]


# On paper


def test_a_slip_says_who_still_owes_what_is_missing() -> None:
    text = text_of(hand_over_pdf(a_slip(2), "en"))
    assert "Missing: 500 F CFA. Konaté Adama still owes it." in text
    whole = replace(a_slip(2), handed=francs(123_456_789 * 2 + 5000))
    assert "still owes" not in text_of(hand_over_pdf(whole, "en"))


def test_the_slip_of_a_session_says_who_owes_what_is_missing() -> None:
    """8,000 should be there, 7,500 are; too much is owed by nobody."""
    text = text_of(session_slip_pdf(SESSION, slip_receipts(2), {5000: 1, 500: 5}, "en"))
    assert text.count("Missing: 500 F CFA. Awa Sarr still owes it.") == 2  # on both copies
    for counted in (8000, 8100):
        other = replace(SESSION, counted=francs(counted))
        assert "still owes" not in text_of(session_slip_pdf(other, [], {}, "en"))
    carried = replace(SESSION, collector="", carrier="Bintou Ba")
    assert "Bintou Ba still owes it." in text_of(session_slip_pdf(carried, [], {}, "en"))


@pytest.mark.parametrize("count", [8, 9, 10, 11, 12, 16, 17, 18])
def test_whatever_a_slip_explains_it_has_room_for_the_signatures(count: int) -> None:
    reason = "une pièce perdue au gué pendant la pluie, " * 6
    slip = a_slip(count, difference_reason=reason, single_control=True, practice=True)
    for language in ("en", "fr"):
        pages = pages_of(hand_over_pdf(slip, language))
        assert pages[-1].count("Signature") == 2
        assert "Konaté Adama" in pages[-1]
