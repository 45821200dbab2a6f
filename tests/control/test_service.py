"""Flags and visits in a real book: what the verbs of other rooms leave is seen, once, and judged."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from stepdesk.claims.queries import stand_of
from stepdesk.claims.service import decide_batch, decide_claim, withdraw_claim
from stepdesk.claims.terms import State
from stepdesk.contributions.service import (
    hand_over_cash,
    issue_booklet,
    receive_booklets,
)
from stepdesk.contributions.terms import Leaf, Stationery
from stepdesk.control import queries
from stepdesk.control.papers import call_sheet_pdf
from stepdesk.control.service import (
    act_on_flag,
    answer_visit,
    confirm_flag,
    dismiss_flag,
    draw_visits,
    look_for_flags,
    name_staff_person,
    review_flag,
    show_flag,
    visits_to_call,
)
from stepdesk.control.terms import (
    Check,
    Flag,
    FlagAction,
    FlagState,
    Looked,
    Pattern,
    SubjectKind,
    VisitAnswer,
    VisitFigures,
    VisitList,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import speak
from stepdesk.ledger.service import count_box
from stepdesk.members.service import record_death, register_household
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Registered, Relation, Sex
from stepdesk.migrations import shape
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, new_desk
from stepdesk.store.keys import FLOOR
from stepdesk.training.practice import make_practice, practice_start
from stepdesk.training.terms import FIRST_PERSON, PASSWORD
from stepdesk.values.ids import ClaimId, FlagId, VisitId, VisitListId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_payment, a_request, a_section, wednesday
from tests.claims.kit import Care, a_batch, a_care, a_claim, a_provider
from tests.claims.letter_kit import a_letter

JANUARY = Month(2024, 1)


def looked(desk: Desk, month: Month = JANUARY) -> Looked:
    return desk.do(look_for_flags, month=month)


def flags(desk: Desk, **told: Any) -> Sequence[Flag]:
    return desk.ask(queries.flags, desk.currency, **told)


def shown(desk: Desk, flag_id: FlagId) -> Flag:
    return desk.ask(queries.flag_of, flag_id, desk.currency)


def only(desk: Desk, check: Check) -> Flag:
    """The one flag of a check, with its evidence."""
    (one,) = [flag for flag in flags(desk) if flag.check is check]
    return shown(desk, one.id)


def refused(desk: Desk, verb: Any, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field


def accesses(desk: Desk) -> list[tuple[str, str]]:
    with desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT question, answer FROM access ORDER BY n").all()
    return [(row.question, row.answer) for row in rows]


def twice(desk: Desk, care: Care, **told: Any) -> tuple[ClaimId, ClaimId]:
    """The same certificate twice, of the first person unless told."""
    batch = a_batch(desk, care)
    lines = (care.line("C"), care.line("A"))
    return (a_claim(desk, care, batch, *lines, **told), a_claim(desk, care, batch, *lines, **told))


# Seen


def test_a_bill_sent_twice_is_raised_once_with_its_evidence(desk: Desk) -> None:
    care = a_care(desk)
    one, two = twice(desk, care)
    done = looked(desk)
    assert (len(done.raised), done.known, done.claims, done.off) == (1, 0, 2, ())
    flag = only(desk, Check.BILLED_TWICE)
    assert (flag.number, flag.pattern, flag.level) == ("S-2024-A-000001", Pattern.F02, 3)
    assert (flag.state, flag.month, flag.raised_on) == (FlagState.RAISED, JANUARY, desk.today)
    assert flag.concerns == "C-2024-A-000002"
    assert [(each.number, each.day, each.amount) for each in flag.evidence] == [
        ("C-2024-A-000002", date(2024, 1, 10), 1500),
        ("C-2024-A-000001", date(2024, 1, 10), 1500),
    ]
    assert "1,500" in speak(flag.sentence, "en")
    acts = desk.acts
    again = looked(desk)
    assert (again.raised, again.known, desk.acts) == ((), 1, acts)
    assert desk.ask(queries.flagged) == {one: (Pattern.F02,), two: (Pattern.F02,)}
    assert desk.ask(queries.flagged, 3).keys() == {one, two}
    assert desk.ask(queries.flag_of_number, flag.number) == flag.id
    assert desk.ask(queries.flag_of_number, "S-2024-A-000009") is None
    assert verify_desk(desk).findings == []


def test_a_certificate_taken_back_never_was(desk: Desk) -> None:
    care = a_care(desk)
    _, two = twice(desk, care)
    desk.do(withdraw_claim, claim_id=two, reason="typed twice")
    assert looked(desk).raised == ()


def test_two_visits_of_two_persons_are_nothing_to_look_at(desk: Desk) -> None:
    care = a_care(desk)
    batch = a_batch(desk, care)
    a_claim(desk, care, batch, care.line("C"), at=0)
    a_claim(desk, care, batch, care.line("C"), at=1)
    assert looked(desk).raised == ()
    assert flags(desk) == ()


def test_a_month_ahead_is_not_looked_at(desk: Desk) -> None:
    assert refused(desk, look_for_flags, month=Month(2024, 2)) == "month"


def test_only_twelve_months_are_looked_at(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    twice(desk, care)
    clock.set(date(2025, 1, 3))
    assert looked(desk, Month(2025, 1)).claims == 0
    assert looked(desk, Month(2024, 12)).claims == 2


def test_care_after_a_death_is_seen(desk: Desk, clock: SetClock) -> None:
    """Domain handbook Y.2, 11."""
    care = a_care(desk)
    clock.set(date(2024, 3, 6))
    desk.do(record_death, person_id=care.home.person_ids[1], on=date(2024, 3, 3))
    a_claim(desk, care, a_batch(desk, care), at=1, day=date(2024, 3, 5))
    looked(desk, Month(2024, 3))
    flag = only(desk, Check.AFTER_DEATH)
    assert flag.numbers == {"day": "2024-03-05", "since": "2024-03-03"}


def test_care_nobody_was_entitled_to_is_seen(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    late = a_household(desk, 1, plan_id=care.plan_id)
    a_payment(desk, late, 1350)
    clock.set(date(2024, 3, 20))
    batch = a_batch(desk, care)
    claim_id = a_claim(desk, care, batch, person_id=late.person_ids[0])
    looked(desk, Month(2024, 3))
    assert flags(desk) == ()
    desk.do(decide_claim, claim_id=claim_id)
    looked(desk, Month(2024, 3))
    assert only(desk, Check.SUSPENDED).concerns == "C-2024-A-000001"


def test_somebody_entered_in_two_households_is_seen_with_both_entries(desk: Desk) -> None:
    """The second clerk wrote by ear and chose another village."""
    care = a_care(desk)
    a_claim(desk, care, a_batch(desk, care))

    def home(surname: str, given: str, village: str, phone: str) -> Registered:
        return desk.do(
            register_household,
            section_id=a_section(desk, village),
            plan_id=care.plan_id,
            persons=[
                NewPerson(
                    surname,
                    given,
                    Sex.FEMALE,
                    Birth(date(1990, 3, 5), BirthKnown.DAY),
                    Relation.SELF,
                )
            ],
            phone=phone,
            # The desk asked whether this is somebody else, and the clerk said so.
            accepting=frozenset({"alike:0"}),
        )

    one = home("Thiam", "Khady", "Ndour", "771234567")
    other = home("Tiam", "Kadi", "Mbour", "779876543")
    looked(desk)
    flag = only(desk, Check.TWO_HOUSEHOLDS)
    assert (flag.pattern, flag.level, flag.subject.id) == (Pattern.F09, 2, other.person_ids[0])
    assert [(each.number, each.name, each.born) for each in flag.evidence] == [
        (f"{other.number}/00", "Tiam Kadi", date(1990, 3, 5)),
        (f"{one.number}/00", "Thiam Khady", date(1990, 3, 5)),
    ]
    told = speak(flag.sentence, "en")
    assert "Alike: a name that sounds the same, born the same day." in told
    assert "Different: the spelling of the name, the village, the telephone." in told
    # No claim is named by it, so that none is held up.
    assert desk.ask(queries.flagged) == {}


def test_a_patient_at_two_providers_and_a_strange_leaf_are_seen(desk: Desk) -> None:
    care = a_care(desk)
    other, _ = a_provider(desk, care.services, code="NDOUR")
    (booklet,) = desk.do(receive_booklets, kind=Stationery.CERTIFICATE, first_serial=147)
    desk.do(issue_booklet, booklet_id=booklet, provider_id=other)
    a_claim(desk, care, a_batch(desk, care))
    a_claim(desk, care, a_batch(desk, care, provider_id=other), certificate="0148-01")
    a_claim(desk, care, a_batch(desk, care, provider_id=other), at=1, certificate="0147-01")
    looked(desk)
    seen = {(flag.check, flag.concerns) for flag in flags(desk)}
    assert seen == {
        (Check.TWO_PROVIDERS, "C-2024-A-000002"),
        (Check.LEAF, "C-2024-A-000002"),
    }


# Money and people of the desk


def test_cash_typed_in_late_and_kept_long_is_seen(two_people_desk: Desk, clock: SetClock) -> None:
    desk = two_people_desk
    collector = desk.do(add_person, name="Coumba", role=Role.COLLECTOR, password=SECOND)
    homes = [a_household(desk, 1) for _ in range(3)]
    clock.set(date(2024, 2, 20))
    for at, home in enumerate(homes):
        a_payment(desk, home, 1350, collector_id=collector, paid_on=date(2024, 1, 20 + at))
    looked(desk, Month(2024, 2))
    late, kept = only(desk, Check.LATE_POSTING), only(desk, Check.LATE_HAND_OVER)
    assert (late.concerns, late.level) == ("Coumba", 3)
    assert (late.numbers["count"], late.numbers["amount"], late.numbers["days"]) == (3, 4050, 31)
    # What never came waits until today.
    assert kept.numbers["days"] == (date(2024, 2, 20) - date(2024, 1, 20)).days


def test_cash_typed_in_and_handed_over_in_time_is_not(desk: Desk, clock: SetClock) -> None:
    collector = desk.do(add_person, name="Coumba", role=Role.COLLECTOR, password=SECOND)
    homes = [a_household(desk, 1) for _ in range(3)]
    clock.set(date(2024, 2, 2))
    for at, home in enumerate(homes):
        a_payment(desk, home, 1350, collector_id=collector, paid_on=date(2024, 1, 20 + at))
    with desk.work("hand_over_cash") as work:
        work.second(collector, SECOND)
        hand_over_cash(
            work,
            request_id=a_request(),
            collector_id=collector,
            amount=Money(4050, desk.currency),
        )
    looked(desk, Month(2024, 2))
    assert flags(desk) == ()


def test_a_leaf_passed_over_is_seen(desk: Desk) -> None:
    collector = desk.do(add_person, name="Coumba", role=Role.COLLECTOR, password=SECOND)
    (booklet,) = desk.do(receive_booklets, kind=Stationery.RECEIPT, first_serial=12)
    desk.do(issue_booklet, booklet_id=booklet, collector_id=collector)
    home = a_household(desk, 1)
    for number in (1, 4):
        a_payment(
            desk,
            home,
            1350,
            collector_id=collector,
            leaf=Leaf(booklet, number),
            accepting=frozenset({"gap", "leaf_gap", "skipped", "much"}),
        )
    looked(desk)
    flag = only(desk, Check.MISSING_LEAF)
    assert (flag.concerns, flag.numbers["first"], flag.numbers["last"]) == ("0012", 2, 3)


def test_arrears_paid_on_the_day_of_care_are_seen(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk)
    late = a_household(desk, 1, plan_id=care.plan_id)
    a_payment(desk, late, 1350)
    clock.set(date(2024, 3, 20))
    a_claim(desk, care, a_batch(desk, care), person_id=late.person_ids[0])
    a_payment(desk, late, 700)
    looked(desk, Month(2024, 3))
    flag = only(desk, Check.BACK_DATED)
    assert (flag.concerns, flag.numbers["amount"]) == ("C-2024-A-000001", 700)
    assert flag.numbers["paid_on"] == flag.numbers["typed_on"] == "2024-03-20"


def test_letters_at_night_are_seen_and_letters_by_day_are_not(desk: Desk, clock: SetClock) -> None:
    care = a_care(desk, size=10, rules={"DEL": {}})
    for at in range(5):
        a_letter(desk, care, "SURG", at=at)
    looked(desk)
    assert flags(desk) == ()
    clock.set(date(2024, 1, 11), hour=22)
    for at in range(5, 10):
        a_letter(desk, care, "SURG", at=at)
    looked(desk)
    flag = only(desk, Check.LETTERS)
    assert (flag.subject.kind, flag.concerns) == (SubjectKind.STAFF, "Awa")
    assert flag.numbers == {"count": 5, "cases": 5, "share": 10_000}


def miscounted(desk: Desk, clock: SetClock, day: date, pieces: dict[int, int]) -> None:
    clock.set(day)
    with desk.work("count_box") as work:
        work.second(desk.colleagues()[1].id, SECOND)
        count_box(work, request_id=a_request(), pieces=pieces, difference_reason="nobody knows")


def test_counts_that_differ_come_back_once_more_of_them_do(
    two_people_desk: Desk, clock: SetClock
) -> None:
    """Three times in a quarter; dismissed at 3, a fourth is a third more: over a quarter."""
    desk = two_people_desk
    for number, day in enumerate((10, 11, 12), start=1):
        miscounted(desk, clock, date(2024, 1, day), {5: number})
    looked(desk)
    flag = only(desk, Check.COUNTS)
    assert (speak(flag.concerns, "en") if not isinstance(flag.concerns, str) else "") == (
        "Main cash box"
    )
    assert (flag.numbers["count"], flag.numbers["amount"]) == (3, 15)
    desk.do(review_flag, flag_id=flag.id)
    desk.do(dismiss_flag, flag_id=flag.id, reason="the drawer had a hole")
    assert looked(desk).raised == ()
    miscounted(desk, clock, date(2024, 1, 15), {5: 9})
    assert len(looked(desk).raised) == 1
    assert only(desk, Check.COUNTS).numbers["count"] == 4


def test_who_decides_for_the_own_household_is_seen(desk: Desk) -> None:
    care = a_care(desk)
    a_claim(desk, care, a_batch(desk, care))
    looked(desk)
    assert flags(desk) == ()
    awa = desk.person.staff_id
    desk.do(name_staff_person, staff_id=awa, person_id=care.home.person_ids[1])
    looked(desk)
    flag = only(desk, Check.OWN_HOUSEHOLD)
    assert (flag.pattern, flag.level, flag.concerns) == (Pattern.F15, 2, "C-2024-A-000001")
    assert refused(desk, review_flag, flag_id=flag.id) == "flag"


def test_nobody_of_the_own_household_is_left_once_the_link_is_taken_back(desk: Desk) -> None:
    care = a_care(desk)
    a_claim(desk, care, a_batch(desk, care))
    awa = desk.person.staff_id
    desk.do(name_staff_person, staff_id=awa, person_id=care.home.person_ids[1])
    desk.do(name_staff_person, staff_id=awa, person_id=None)
    looked(desk)
    assert flags(desk) == ()
    assert refused(desk, name_staff_person, staff_id=b"?" * 16, person_id=None) == "staff"
    assert refused(desk, name_staff_person, staff_id=awa, person_id=b"?" * 16) == "person"


def test_somebody_of_the_desk_with_a_name_nobody_else_bears_is_known(desk: Desk) -> None:
    care = a_care(desk)
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT surname, given_names FROM person WHERE id = ?", (care.home.person_ids[1],)
        ).one()
    name = f"{row.given_names} {row.surname}".upper()
    who = desk.do(add_person, name=name, role=Role.CLAIMS_OFFICER, password=SECOND)
    facts = desk.ask(queries.facts_of, JANUARY, desk.today)
    assert facts.own == {who: care.home.household_id}


# Judged


def test_a_flag_is_reviewed_confirmed_and_acted_on(desk: Desk) -> None:
    twice(desk, a_care(desk))
    (flag_id,) = looked(desk).raised
    assert refused(desk, confirm_flag, flag_id=flag_id, reason="so") == "flag"
    assert refused(desk, dismiss_flag, flag_id=flag_id, reason="no") == "flag"
    desk.do(review_flag, flag_id=flag_id, note="the post was asked")
    assert refused(desk, review_flag, flag_id=flag_id) == "flag"
    assert refused(desk, confirm_flag, flag_id=flag_id, reason=" ") == "reason"
    desk.do(confirm_flag, flag_id=flag_id, reason="one visit only")
    act: dict[str, Any] = {"flag_id": flag_id, "action": FlagAction.RECOVERY}
    assert refused(desk, act_on_flag, reason="", **act) == "reason"
    desk.do(act_on_flag, reason="taken off the next invoice", **act)
    flag = shown(desk, flag_id)
    assert [(step.state, step.action, step.reason) for step in flag.steps] == [
        (FlagState.REVIEWED, None, "the post was asked"),
        (FlagState.CONFIRMED, None, "one visit only"),
        (FlagState.ACTION, FlagAction.RECOVERY, "taken off the next invoice"),
    ]
    assert flags(desk) == ()
    assert [one.id for one in flags(desk, states=frozenset(FlagState))] == [flag_id]
    assert desk.ask(queries.flagged) == {}
    assert looked(desk).raised == ()
    (told,) = desk.ask(queries.precisions)
    assert (told.pattern, told.raised, told.dismissed, told.confirmed) == (Pattern.F02, 1, 0, 1)
    assert verify_desk(desk).findings == []


def test_a_dismissed_flag_is_not_raised_again(desk: Desk) -> None:
    twice(desk, a_care(desk))
    (flag_id,) = looked(desk).raised
    desk.do(review_flag, flag_id=flag_id)
    assert refused(desk, dismiss_flag, flag_id=flag_id, reason="") == "reason"
    desk.do(dismiss_flag, flag_id=flag_id, reason="two visits, both confirmed")
    assert refused(desk, confirm_flag, flag_id=flag_id, reason="so") == "flag"
    assert (looked(desk).raised, looked(desk).known) == ((), 1)


def test_flags_block_nothing_and_send_claims_to_the_adviser(desk: Desk) -> None:
    care = a_care(desk)
    one, two = twice(desk, care)
    looked(desk)
    with desk.read() as connection:
        batch = connection.exec_driver_sql("SELECT id FROM claim_batch").scalar_one()
    told: dict[str, Any] = {"batch_id": batch, "flagged": frozenset(desk.ask(queries.flagged))}
    desk.do(add_person, name="Dr Sow", role=Role.MEDICAL_ADVISER, password=SECOND)
    done = desk.do(decide_batch, accepting=frozenset({"same_person"}), **told)
    assert done.in_review == 2
    for claim_id in (one, two):
        stand = desk.ask(stand_of, claim_id)
        assert stand is not None
        assert stand.state is State.MEDICAL_PENDING


def test_looking_at_a_flag_is_noted(desk: Desk) -> None:
    twice(desk, a_care(desk))
    (flag_id,) = looked(desk).raised
    assert show_flag(desk, flag_id).id == flag_id
    assert accesses(desk)[-1] == ("flag", "shown")


def test_flags_name_no_patient(desk: Desk) -> None:
    """Of members numbers alone; names stand on the call sheet and nowhere else."""
    care = a_care(desk)
    twice(desk, care)
    (flag_id,) = looked(desk).raised
    told = repr(shown(desk, flag_id))
    with desk.read() as connection:
        rows = connection.exec_driver_sql("SELECT surname, given_names FROM person").all()
    assert [row for row in rows if row.surname in told or row.given_names in told] == []


# Visits to confirm


def a_crowd(desk: Desk, care: Care, number: int) -> list[ClaimId]:
    batch = a_batch(desk, care)
    homes: list[Registered] = [
        a_household(desk, 5, plan_id=care.plan_id) for _ in range(number // 5)
    ]
    return [
        a_claim(desk, care, batch, person_id=person)
        for home in homes
        for person in home.person_ids
    ]


def drawn(desk: Desk, **told: Any) -> VisitListId:
    return desk.do(draw_visits, request_id=a_request(), month=JANUARY, **told)


def visits(desk: Desk, list_id: VisitListId) -> VisitList:
    return desk.ask(queries.visit_list_of, list_id)


def test_twenty_five_visits_are_drawn_flagged_ones_first(desk: Desk) -> None:
    care = a_care(desk)
    a_crowd(desk, care, 40)
    one, two = twice(desk, care)
    looked(desk)
    told = visits(desk, drawn(desk, seed=7))
    assert (len(told.visits), told.drawn_from, told.seed) == (25, 42, 7)
    assert {each.claim_id for each in told.visits[:2]} == {one, two}
    assert [each.by_chance for each in told.visits] == [False] * 2 + [True] * 23
    assert len({each.claim_id for each in told.visits}) == 25
    rest = visits(desk, drawn(desk))
    assert (len(rest.visits), rest.drawn_from) == (17, 17)
    assert refused(desk, draw_visits, request_id=a_request(), month=JANUARY) == "month"
    assert [each.id for each in desk.ask(queries.visit_lists)] == [rest.id, told.id]
    assert desk.ask(queries.visit_list_of_month, JANUARY) == rest.id
    assert verify_desk(desk).findings == []


def test_the_same_request_is_one_list(desk: Desk) -> None:
    care = a_care(desk)
    a_crowd(desk, care, 10)
    request = a_request()
    told: dict[str, Any] = {"request_id": request, "month": JANUARY}
    assert desk.do(draw_visits, **told) == desk.do(draw_visits, **told)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"month": Month(2024, 2)}, "month"),
        ({"month": JANUARY, "months": 0}, "months"),
        ({"month": JANUARY, "months": 13}, "months"),
        ({"month": JANUARY, "seed": -1}, "seed"),
        ({"month": JANUARY, "seed": 2**63}, "seed"),
        ({"month": JANUARY}, "month"),
    ],
)
def test_what_cannot_be_drawn_is_refused(desk: Desk, told: dict[str, Any], field: str) -> None:
    assert refused(desk, draw_visits, request_id=a_request(), **told) == field


def test_answers_are_written_and_counted(desk: Desk) -> None:
    care = a_care(desk)
    a_crowd(desk, care, 10)
    list_id = drawn(desk)
    one, two, three, *_ = visits(desk, list_id).visits
    desk.do(answer_visit, visit_id=one.id, answer=VisitAnswer.CONFIRMED)
    told: dict[str, Any] = {"visit_id": two.id, "answer": VisitAnswer.NOT_CONFIRMED}
    assert refused(desk, answer_visit, **told) == "note"
    desk.do(answer_visit, note="was in Dakar that week", **told)
    desk.do(answer_visit, visit_id=three.id, answer=VisitAnswer.NOT_REACHED)
    desk.do(answer_visit, visit_id=three.id, answer=VisitAnswer.CONFIRMED)
    changed: dict[str, Any] = {"visit_id": one.id, "answer": VisitAnswer.NOT_REACHED}
    assert refused(desk, answer_visit, **changed) == "note"
    answered = visits(desk, list_id)
    assert [each.answer for each in answered.visits[:4]] == [
        VisitAnswer.CONFIRMED,
        VisitAnswer.NOT_CONFIRMED,
        VisitAnswer.CONFIRMED,
        None,
    ]
    assert answered.visits[1].note == "was in Dakar that week"
    figures = desk.ask(queries.visit_figures, first=JANUARY.first, last=JANUARY.last)
    assert figures == VisitFigures(
        asked=10, confirmed=2, not_confirmed=1, not_reached=0, open=7, by_chance=3,
        denied_by_chance=1,
    )  # fmt: skip
    with pytest.raises(LookupError):
        desk.do(answer_visit, visit_id=VisitId(b"?" * 16), answer=VisitAnswer.CONFIRMED)


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


def test_the_call_sheet_has_what_a_call_needs_and_says_nothing_of_flags(desk: Desk) -> None:
    care = a_care(desk)
    twice(desk, care)
    looked(desk)
    told = visits_to_call(desk, drawn(desk))
    assert accesses(desk)[-1] == ("call sheet", "2 visits")
    pdf = call_sheet_pdf(
        told, "en", scheme="Mutuelle de Koula", practice=True, printed_on=desk.today
    )
    text = " ".join(text_of(pdf).split())
    assert "Confidential" in text
    assert told.visits[0].household in text
    assert "Consultation" in text
    for word in ("flag", "F-02", "score", "twice", "1,500"):
        assert word not in text


# The practice scheme


def test_a_practice_scheme_shows_what_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    """What is in it: a certificate a month sent twice, people who come before their rights begin.

    Its collector hands over when the month ends, which is seen too, once. Nobody is treated on a
    Sunday, when health posts are closed.
    """
    last = date(2026, 11, 23)
    clock = wednesday()
    clock.set(practice_start(last, 8))
    with new_desk(
        tmp_path / "book",
        name=FIRST_PERSON,
        password=PASSWORD,
        country_code="SN",
        language="fr",
        practice=True,
        shape=shape,
        clock=clock,
        cost=FLOOR,
    ) as desk:
        make_practice(desk, clock, last_day=last, households=40, months=8)
        done = looked(desk, Month(2026, 11))
        found = flags(desk)
        seen = [one.check for one in found]
        assert seen.count(Check.BILLED_TWICE) > 0
        assert seen.count(Check.LATE_HAND_OVER) <= 1
        assert set(seen) <= {Check.BILLED_TWICE, Check.SUSPENDED, Check.LATE_HAND_OVER}
        with desk.read() as connection:
            cared = connection.exec_driver_sql("SELECT first_day FROM claim").scalars().all()
        assert not [one for one in cared if date.fromisoformat(one).isoweekday() == 7]
        for one in found:
            if one.check is Check.BILLED_TWICE:
                days = {each.day for each in shown(desk, one.id).evidence}
                amounts = {each.amount for each in shown(desk, one.id).evidence}
                assert (len(days), len(amounts)) == (1, 1)
        assert done.claims > 0
        assert verify_desk(desk).findings == []
