"""Complaints and appeals. Source: domain handbook 2.15; D27."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from stepdesk.claims.queries import stand_of
from stepdesk.claims.service import decide_claim
from stepdesk.claims.terms import Override, State
from stepdesk.complaints import queries
from stepdesk.complaints.papers import form_pdf, register_list
from stepdesk.complaints.service import (
    acknowledge_complaint,
    answer_complaint,
    close_complaint,
    file_complaint,
    hear_complaint,
)
from stepdesk.complaints.terms import (
    Complaint,
    ComplaintFigures,
    ComplaintKind,
    ComplaintOutcome,
    ComplaintState,
    FiledBy,
    NewComplaint,
)
from stepdesk.countries import country
from stepdesk.errors import Caution, Refusal
from stepdesk.rights.terms import ReasonCode
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import ClaimId, ComplaintId
from tests.builders import SECOND, a_household, a_request, open_copy
from tests.claims.kit import a_batch, a_care, a_claim

SMALL = frozenset({"nobody_may_decide"})
RUDE = NewComplaint(ComplaintKind.STAFF, "He shouted at my mother.", who="Awa Fall, 77 123 45 67")


def filed(desk: Desk, told: NewComplaint = RUDE, **more: Any) -> ComplaintId:
    return desk.do(file_complaint, request_id=a_request(), told=told, **more)


def shown(desk: Desk, complaint_id: ComplaintId) -> Complaint:
    return desk.ask(queries.complaint_of, complaint_id, country(desk.country))


def due(desk: Desk, day: date, *, late: bool = False) -> Sequence[str]:
    return [one.number for one in desk.ask(queries.due, country(desk.country), day, late=late)]


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field


def answered(
    desk: Desk, complaint_id: ComplaintId, outcome: ComplaintOutcome, **more: Any
) -> None:
    desk.do(acknowledge_complaint, complaint_id=complaint_id)
    desk.do(hear_complaint, complaint_id=complaint_id, heard="Both were heard.")
    desk.do(
        answer_complaint,
        complaint_id=complaint_id,
        outcome=outcome,
        answer="The board has looked at it.",
        accepting=SMALL,
        **more,
    )


def a_refused_claim(desk: Desk) -> ClaimId:
    """45,000 less 25 % are 33,750; the ceiling of an episode leaves 20,000."""
    care = a_care(desk, cap_episode=20_000)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("SURG"))
    desk.do(decide_claim, claim_id=claim)
    return claim


def test_a_complaint_goes_its_way_with_the_days_of_the_statutes(
    desk: Desk, clock: SetClock
) -> None:
    """Acknowledged within 7 days, decided within 60."""
    one = filed(desk)
    told = shown(desk, one)
    assert (told.number, told.state, told.level) == (
        "K-2024-A-000001",
        ComplaintState.FILED,
        1,
    )
    assert (told.deadlines.acknowledge_by, told.deadlines.decide_by) == (
        date(2024, 1, 17),
        date(2024, 3, 10),
    )
    assert due(desk, date(2024, 1, 17), late=True) == []
    assert due(desk, date(2024, 1, 18), late=True) == [told.number]
    desk.do(acknowledge_complaint, complaint_id=one, note="told by telephone")
    assert due(desk, date(2024, 3, 10), late=True) == []
    assert due(desk, date(2024, 3, 11), late=True) == [told.number]
    clock.set(date(2024, 2, 1))
    desk.do(hear_complaint, complaint_id=one, heard="He is sorry.")
    desk.do(
        answer_complaint,
        complaint_id=one,
        outcome=ComplaintOutcome.OVERTURNED,
        answer="He apologised.",
        accepting=SMALL,
    )
    assert due(desk, date(2025, 1, 1)) == []
    desk.do(close_complaint, complaint_id=one)
    told = shown(desk, one)
    assert told.state is ComplaintState.CLOSED
    assert [step.state for step in told.steps] == list(ComplaintState)[1:]
    assert told.decided is not None
    assert (told.decided.day, told.decided.answer) == (date(2024, 2, 1), "He apologised.")
    assert verify_desk(desk, whole=True).findings == []


def test_no_step_is_left_out_and_none_is_done_twice(desk: Desk) -> None:
    one = filed(desk)
    decide: dict[str, Any] = {
        "complaint_id": one,
        "outcome": ComplaintOutcome.UPHELD,
        "answer": "no",
    }
    assert refused(desk, hear_complaint, complaint_id=one, heard="x") == "complaint"
    assert refused(desk, answer_complaint, **decide) == "complaint"
    assert refused(desk, close_complaint, complaint_id=one) == "complaint"
    desk.do(acknowledge_complaint, complaint_id=one)
    assert refused(desk, acknowledge_complaint, complaint_id=one) == "complaint"
    assert refused(desk, answer_complaint, **decide) == "complaint"
    assert refused(desk, hear_complaint, complaint_id=one, heard=" ") == "heard"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (NewComplaint(ComplaintKind.STAFF, "  "), "told"),
        (NewComplaint(ComplaintKind.CLAIM_DECISION, "more"), "claim"),
        (NewComplaint(ComplaintKind.STAFF, "rude", claim_id=ClaimId(b"c" * 16)), "claim"),
        (NewComplaint(ComplaintKind.SUSPENSION, "we paid"), "household"),
        (NewComplaint(ComplaintKind.STRIKE_OFF, "we paid"), "household"),
        (NewComplaint(ComplaintKind.SUBSIDY, "we are poor"), "household"),
    ],
)
def test_what_is_missing_is_asked_for(desk: Desk, told: NewComplaint, field: str) -> None:
    assert refused(desk, file_complaint, request_id=a_request(), told=told) == field


def test_nothing_is_filed_on_a_day_ahead(desk: Desk) -> None:
    told: dict[str, Any] = {"request_id": a_request(), "told": RUDE}
    assert refused(desk, file_complaint, filed_on=date(2024, 1, 11), **told) == "filed_on"


def test_the_same_request_twice_is_one_complaint(desk: Desk) -> None:
    request = a_request()
    first = desk.do(file_complaint, request_id=request, told=RUDE)
    assert desk.do(file_complaint, request_id=request, told=RUDE) == first
    assert len(desk.ask(queries.complaints, country(desk.country))) == 1


def test_an_appeal_moves_its_claim_and_a_grant_pays_it(desk: Desk) -> None:
    claim = a_refused_claim(desk)
    appeal = filed(
        desk, NewComplaint(ComplaintKind.CLAIM_DECISION, "An emergency.", claim_id=claim)
    )
    told = shown(desk, appeal)
    assert told.claim == "C-2024-A-000001"
    assert told.concerns
    stands = desk.ask(stand_of, claim)
    assert stands is not None
    assert stands.state is State.APPEALED
    answered(desk, appeal, ComplaintOutcome.OVERTURNED, overrides=(Override(ReasonCode.RC03),))
    stands = desk.ask(stand_of, claim)
    assert stands is not None
    assert (stands.state, stands.paid) == (State.OVERTURNED, 33_750)
    assert verify_desk(desk, whole=True).findings == []


def test_an_appeal_that_changes_nothing_is_not_granted_and_nothing_is_written(desk: Desk) -> None:
    claim = a_refused_claim(desk)
    appeal = filed(desk, NewComplaint(ComplaintKind.CLAIM_DECISION, "More.", claim_id=claim))
    desk.do(acknowledge_complaint, complaint_id=appeal)
    desk.do(hear_complaint, complaint_id=appeal, heard="More.")
    told: dict[str, Any] = {"complaint_id": appeal, "answer": "yes", "accepting": SMALL}
    outcome = ComplaintOutcome.OVERTURNED
    assert refused(desk, answer_complaint, outcome=outcome, **told) == "code"
    assert shown(desk, appeal).state is ComplaintState.HEARD


def test_an_appeal_refused_goes_to_the_second_level_and_no_further(desk: Desk) -> None:
    claim = a_refused_claim(desk)
    told = NewComplaint(ComplaintKind.CLAIM_DECISION, "More.", claim_id=claim)
    for level in (1, 2):
        appeal = filed(desk, told)
        assert shown(desk, appeal).level == level
        assert refused(desk, file_complaint, request_id=a_request(), told=told) == "claim"
        answered(desk, appeal, ComplaintOutcome.UPHELD)
    assert refused(desk, file_complaint, request_id=a_request(), told=told) == "claim"


def test_a_late_appeal_is_asked_about(desk: Desk, clock: SetClock) -> None:
    claim = a_refused_claim(desk)
    clock.set(date(2024, 3, 11))
    told = NewComplaint(ComplaintKind.CLAIM_DECISION, "I was away.", claim_id=claim)
    with pytest.raises(Caution):
        filed(desk, told)
    filed(desk, told, accepting=frozenset({"late_appeal"}))


def test_another_complaint_goes_to_the_second_level_once_it_is_answered(desk: Desk) -> None:
    home = a_household(desk)
    first = NewComplaint(ComplaintKind.SUSPENSION, "We paid.", household_id=home.household_id)
    one = filed(desk, first)
    again = NewComplaint(
        ComplaintKind.SUSPENSION, "We did.", household_id=home.household_id, earlier_id=one
    )
    told: dict[str, Any] = {"request_id": a_request()}
    assert refused(desk, file_complaint, told=again, **told) == "earlier"
    answered(desk, one, ComplaintOutcome.UPHELD)
    other = NewComplaint(ComplaintKind.STAFF, "He lied.", earlier_id=one)
    assert refused(desk, file_complaint, told=other, **told) == "earlier"
    two = filed(desk, again)
    assert shown(desk, two).level == 2
    answered(desk, two, ComplaintOutcome.UPHELD)
    third = NewComplaint(
        ComplaintKind.SUSPENSION, "Yes.", household_id=home.household_id, earlier_id=two
    )
    assert refused(desk, file_complaint, told=third, **told) == "earlier"


def test_the_board_signs_where_it_is_at_the_desk(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", people=("Awa", "Bintou")) as desk:
        chair = desk.do(add_person, name="Coumba", role=Role.BOARD, password=SECOND)
        one = filed(desk)
        desk.do(acknowledge_complaint, complaint_id=one)
        desk.do(hear_complaint, complaint_id=one, heard="heard")
        told: dict[str, Any] = {
            "complaint_id": one,
            "outcome": ComplaintOutcome.UPHELD,
            "answer": "It was not so.",
        }
        assert refused(desk, answer_complaint, accepting=SMALL, **told) == "second"
        with desk.work("answer_complaint") as work:
            work.second(chair, SECOND)
            answer_complaint(work, **told)
        assert shown(desk, one).state is ComplaintState.DECIDED


def test_how_complaints_went_is_counted(desk: Desk, clock: SetClock) -> None:
    """Domain handbook 4.6: S06 appeals and the share overturned, S07 answered within 30 days."""
    claim = a_refused_claim(desk)
    appeal = filed(desk, NewComplaint(ComplaintKind.CLAIM_DECISION, "More.", claim_id=claim))
    slow = filed(desk)
    filed(desk)
    clock.set(date(2024, 2, 9))
    answered(desk, appeal, ComplaintOutcome.OVERTURNED, overrides=(Override(ReasonCode.RC03),))
    clock.set(date(2024, 2, 10))
    answered(desk, slow, ComplaintOutcome.UPHELD)
    told = desk.ask(queries.figures, first=date(2024, 1, 1), last=date(2024, 12, 31))
    assert told == ComplaintFigures(3, 1, 1, 1, 2, 1)
    later = desk.ask(queries.figures, first=date(2024, 3, 1), last=date(2024, 12, 31))
    assert later == ComplaintFigures(0, 0, 0, 0, 0, 0)


# Papers


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            read = page.get_textpage()
            pages.append(read.get_text_bounded())
            read.close()
            page.close()
        return "\n".join(pages).replace("\xa0", " ").replace("\u202f", " ")
    finally:
        document.close()


def test_the_form_says_what_was_told_and_by_when_it_is_answered(desk: Desk) -> None:
    one = filed(desk)
    frame: dict[str, Any] = {
        "scheme": "Mutuelle de Koula",
        "practice": True,
        "acknowledge_days": 7,
        "decide_days": 60,
    }
    text = text_of(form_pdf(shown(desk, one), "en", **frame))
    for words in ("K-2024-A-000001", "He shouted at my mother.", "Awa Fall", "within 60 days"):
        assert words in text
    blank = text_of(form_pdf(None, "en", **frame))
    assert "K-2024" not in blank
    assert "What was said at the hearing" in blank


def test_long_words_go_on_over_as_many_pages_as_they_need(desk: Desk) -> None:
    told = " ".join(f"word{at}" for at in range(1500))
    one = filed(desk, NewComplaint(ComplaintKind.STAFF, told))
    pdf = form_pdf(
        shown(desk, one),
        "en",
        scheme="Mutuelle de Koula",
        practice=True,
        acknowledge_days=7,
        decide_days=60,
    )
    text = text_of(pdf)
    assert "word1499" in text
    assert text.count("of 3") == 3


def test_the_register_names_nobody(desk: Desk) -> None:
    filed(desk)
    filed(desk, NewComplaint(ComplaintKind.SERVICE_QUALITY, "No bed.", FiledBy.OTHER))
    listing = register_list(desk.ask(queries.complaints, country(desk.country)), desk.today)
    told = listing.csv("en").decode()
    assert "K-2024-A-000002" in told
    for words in ("Awa Fall", "77 123", "shouted", "No bed"):
        assert words not in told
