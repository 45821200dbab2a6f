"""Today tells what waits for somebody: letters, reviews, questions, appeals, agreements."""

from datetime import date

from stepdesk.claims.service import ask_query, decide_claim, request_letter
from stepdesk.claims.terms import AskedOf
from stepdesk.complaints.service import file_complaint
from stepdesk.complaints.terms import ComplaintKind, NewComplaint
from stepdesk.i18n import speak
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.today.facts import Task, facts_of, tasks_of
from stepdesk.ui.tokens import Status
from tests.builders import a_request
from tests.claims.kit import a_batch, a_care, a_claim
from tests.claims.letter_kit import a_letter, asked


def told(desk: Desk, word: str) -> list[tuple[Status, str, str, dict[str, object]]]:
    """What the list says with a word in it: sign, sentence, page, and what the page is given."""
    tasks: tuple[Task, ...] = tasks_of(facts_of(desk))
    said = [(one, speak(one.text, "en")) for one in tasks]
    return [
        (one.status, words, one.page, dict(one.arguments)) for one, words in said if word in words
    ]


def on(desk: Desk, clock: SetClock, day: date) -> None:
    clock.set(day)
    desk.confirm_day(day)


def test_a_letter_that_runs_out_within_three_days_is_told(desk: Desk, clock: SetClock) -> None:
    """Ten days from the 10th end with the 19th."""
    a_letter(desk, a_care(desk), days=10)
    for day, lines in ((15, 0), (16, 1), (19, 1), (20, 0)):
        on(desk, clock, date(2024, 1, day))
        assert len(told(desk, "runs out")) == lines
    on(desk, clock, date(2024, 1, 19))
    assert told(desk, "runs out") == [
        (
            Status.WAITING,
            "1 guarantee letter runs out within 3 days",
            "letters",
            {"show": "ending"},
        )
    ]


def test_letters_asked_for_and_letters_a_certificate_forgot_are_told(desk: Desk) -> None:
    care = a_care(desk)
    desk.do(request_letter, request_id=a_request(), asked=asked(care, "SURG"))
    a_letter(desk, care)
    assert told(desk, "asked for") == [
        (
            Status.LATE,
            "1 guarantee letter is asked for: issue or refuse it",
            "letters",
            {"show": "asked"},
        )
    ]
    assert told(desk, "without its number") == []
    a_claim(desk, care, a_batch(desk, care), care.line("DEL"))
    assert told(desk, "without its number") == [
        (
            Status.LATE,
            "1 letter is open although a certificate came without its number",
            "letters",
            {"show": "passed"},
        )
    ]


def test_a_question_that_waits_too_long_is_late(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    claim = a_claim(desk, care, a_batch(desk, care))
    desk.do(ask_query, claim_id=claim, asked_of=AskedOf.PROVIDER, question="Which medicine?")
    assert [(one[0], one[1], one[2]) for one in told(desk, "question")] == [
        (
            Status.WAITING,
            "1 question about a claim waits for its answer, 0 late",
            "claims",
        )
    ]
    on(desk, clock, date(2024, 4, 10))
    assert told(desk, "question")[0][0] is Status.LATE


def test_an_appeal_and_a_complaint_are_told_apart_with_their_next_day(
    desk: Desk, clock: SetClock
) -> None:
    """Acknowledged within 7 days: from the 10th by the 17th."""
    care = a_care(desk, cap_episode=20_000)
    claim = a_claim(desk, care, a_batch(desk, care), care.line("SURG"))
    desk.do(decide_claim, claim_id=claim)
    appeal = NewComplaint(ComplaintKind.CLAIM_DECISION, "It was urgent.", claim_id=claim)
    for one in (appeal, NewComplaint(ComplaintKind.STAFF, "He shouted.")):
        desk.do(file_complaint, request_id=a_request(), told=one)
    words = (
        "1 appeal waits for its next step, by 17 January 2024",
        "1 complaint waits for its next step, by 17 January 2024",
    )
    assert told(desk, "next step") == [
        (Status.WAITING, said, "control", {"show": "due"}) for said in words
    ]
    on(desk, clock, date(2024, 1, 18))
    assert [one[0] for one in told(desk, "next step")] == [Status.LATE, Status.LATE]


def test_an_agreement_that_ends_soon_is_told_with_its_days(desk: Desk, clock: SetClock) -> None:
    """Sixty days ahead it is told; from the 23rd to the last day, the 31st of March, are eight."""
    a_care(desk, agreement={"until": date(2024, 4, 1)})
    assert told(desk, "agreement") == []
    on(desk, clock, date(2024, 3, 23))
    assert [one[:2] for one in told(desk, "agreement")] == [
        (Status.LATE, "The agreement with CS Koula ends in 8 days: renew it")
    ]
    on(desk, clock, date(2024, 2, 20))
    assert told(desk, "agreement")[0][0] is Status.WAITING
