"""The claims room whole: piles by keys, people unknown, what may happen to a certificate, files."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

from stepdesk.claims import queries
from stepdesk.claims.service import ask_review, decide_batch, decide_claim, pay_provider
from stepdesk.claims.terms import DifferenceKind, State
from stepdesk.complaints.queries import complaints
from stepdesk.complaints.terms import Complaint
from stepdesk.countries import country
from stepdesk.members.queries import household_ids, household_rows
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, unlock
from stepdesk.ui.claims import facts
from stepdesk.ui.claims.page import ClaimsPage
from stepdesk.ui.claims.review_form import ReviewForm
from stepdesk.ui.printing import PaperWindow
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import SECOND, a_household, a_request
from tests.claims.kit import Care, a_batch, a_care, a_claim
from tests.ui import test_claims as room_tests
from tests.ui.test_claims import Opens, Room, batch, money, twelve
from tests.ui.window import plain

opens = room_tests.opens

FRENCH = str.maketrans("1234567890", "&é\"'(-è_çà")


def pile(desk: Desk, clock: SetClock) -> Care:
    """Sixty households of two and an empty batch."""
    made = a_care(desk)
    a_batch(desk, made, invoice="17")
    today = desk.today
    clock.set(date(2024, 1, 2))
    for _ in range(59):
        a_household(desk, 2, plan_id=made.plan_id)
    clock.set(today)
    return made


def certificate_keys(at: int) -> str:
    """Card, day, a consultation, one medicine, and every other time a second one."""
    lines = "C\n\n\n" + "P\n20\n\n" + ("A\n15\n\n" if at % 2 else "")
    return f"{at}\n1" + "09\n" + lines + "\n"


def test_sixty_certificates_with_150_lines_take_at_most_1450_keys(opens: Opens) -> None:
    room = opens(pile)
    room.open()
    room.window.pressed = 0
    room.keys("457\n")
    for at in range(1, 61):
        room.keys(certificate_keys(at))
    assert room.window.pressed <= 1450
    claims = room.claims()
    assert len(claims) == 60
    assert sum(len(one.lines) for one in claims) == 150
    assert [one.certificate for one in claims] == [str(457 + at) for at in range(60)]
    assert {one.first_day for one in claims} == {date(2024, 1, 9)}


def test_a_pile_is_typed_on_a_french_keyboard_without_shift(opens: Opens) -> None:
    room = opens(twelve, language="fr")
    room.open()
    room.keys("457\n".translate(FRENCH))
    room.window.pressed = 0
    for at in range(2, 8):
        room.keys(certificate_keys(at).translate(FRENCH))
    assert room.window.pressed <= 6 * 1450 // 60
    claims = room.claims()
    assert [one.certificate for one in claims] == [str(457 + at) for at in range(6)]
    assert sum(len(one.lines) for one in claims) == 15


# People nobody knows


def test_a_card_nobody_has_becomes_an_unknown_person_and_is_solved_later(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n999\n")
    assert "Enter once more records an unknown person" in room.form.error.text()
    room.keys("\n")
    form = room.page.batch.unknown
    assert form.isVisible()
    assert (form.certificate.text(), form.written.text()) == ("457", "999")
    room.keys("1" + "9\n600\n")
    # 19 January is later than the invoice may be: it came on the 10th.
    assert "later than" in form.form.error("day")
    room.keys("9\n\n")
    assert room.rows()[0] == ["457", "999", "600", "0", "Unknown"]
    assert room.stand().startswith("1 certificate typed · claimed 600 F CFA of 11,700 F CFA")
    assert room.form.certificate.text() == "458"
    assert room.claims() == ()
    (unknown,) = room.desk.ask(queries.unknown_patients, room.desk.currency)
    assert (unknown.certificate, unknown.day) == ("457", date(2024, 1, 9))
    # Found: the certificate is typed under the person's number, for the same amount.
    room.page.batch.look(unknown.id)
    room.keys("\n")
    assert (room.form.certificate.text(), room.form.day.day()) == ("457", date(2024, 1, 9))
    room.keys("1\n1")
    room.keys("C\n\n\n\n")
    assert [one.certificate for one in room.claims()] == ["457"]
    assert room.desk.ask(queries.unknown_patients, room.desk.currency) == ()
    assert [row[0] for row in room.rows()] == ["457"]


def test_somebody_found_with_another_amount_stays_unknown_and_it_is_said(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n999\n\n9\n700\n")
    (unknown,) = room.desk.ask(queries.unknown_patients, room.desk.currency)
    room.page.batch.look(unknown.id)
    room.keys("\n1\n1C\n\n\n\n")
    assert "came to 700 F CFA, this claim to 600 F CFA" in plain(room.page.batch.error.text())
    assert len(room.desk.ask(queries.unknown_patients, room.desk.currency)) == 1


def test_people_are_found_by_name_and_village(opens: Opens) -> None:
    room = opens(batch)
    (row,) = room.desk.ask(household_rows, room.desk.ask(household_ids), room.desk.today)
    surname = row.member_name.split()[0]
    assert row.section == "Koula"
    room.open()
    room.keys(f"457\n{surname} kou\n")
    assert room.form.people.hasFocus()
    room.key(Qt.Key.Key_Escape)
    room.keys(f"{surname} kati\n")
    assert room.form.error.text().startswith(f"Nobody is called {surname} kati.")


# Put aside


def test_f6_puts_a_half_typed_certificate_aside_and_it_outlives_a_kill(
    opens: Opens, tmp_path: Path
) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\nP\n20\n")
    room.key(Qt.Key.Key_F6)
    assert room.form.certificate.text() == "458"
    assert room.rows()[0][0] == "457"
    assert room.rows()[0][4] == "Put aside"
    room.keys("1\n2" + "9\nC\n\n\n\n")
    assert [one.certificate for one in room.claims()] == ["458"]
    room.window.close()
    room.desk.close()
    after = opens(at=tmp_path / "book0")
    after.open()
    assert [row[0] for row in after.rows()] == ["457", "458"]
    after.page.batch.look(after.page.batch.rows.id_at(0))
    after.settle()
    form = after.form
    assert (form.certificate.text(), form.card.text()) == ("457", "1/01")
    assert [line.act.text() for line in form.lines[:2]] == ["C", "P"]
    form.lines[1].price.setFocus()
    after.keys("\n\n")
    assert [one.certificate for one in after.claims()] == ["458", "457"]
    assert [row[4] for row in after.rows()] == ["To decide", "To decide"]


def test_what_is_half_typed_is_not_lost_to_what_was_put_aside(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.key(Qt.Key.Key_F6)
    assert "Nothing is half typed" in room.form.error.text()
    room.keys("457\n1\n1" + "9\nC\n")
    room.key(Qt.Key.Key_F6)
    room.keys("1\n2" + "9\n")
    room.page.batch.look(room.page.batch.rows.id_at(0))
    room.settle()
    assert "half typed" in room.page.batch.error.text()
    assert (room.form.certificate.text(), room.form.card.text()) == ("458", "1/02")


# What may happen to a recorded certificate


def glasses(desk: Desk, clock: SetClock) -> Care:
    """A decided batch: a consultation is paid, glasses stand in no package."""
    made = batch(desk, clock)
    batch_id = desk.ask(queries.batches, desk.currency)[0].id
    lines = (made.line("C"), made.line("GLAS", price=5000))
    claim = a_claim(desk, made, batch_id, *lines, certificate="457")
    desk.do(decide_claim, claim_id=claim)
    return made


def looked(room: Room) -> None:
    room.open()
    room.page.batch.look(room.claims()[0].id)
    room.window.wait()


def test_f7_decides_a_line_otherwise_with_reason_and_second_person(opens: Opens) -> None:
    room = opens(glasses, people=("Awa", "Bintou"))
    looked(room)
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_F7)
    form = room.page.batch.cases.otherwise
    assert form.second is not None
    assert form.line.currentText() == "Glasses"
    assert form.code.currentText() == "RB01 · Service not in the package · Board member"
    # 450 of the consultation; the glasses would be paid as asked, 5,000.
    assert (
        plain(form.foreseen.text()) == "The scheme would pay 5,450 F CFA; now it pays 450 F CFA."
    )
    room.keys("\n\n\nnot it\n")
    assert form.reason.text() == ""
    assert "Wrong password" in form.second.form.error("second_password")
    form.second.password.setText(SECOND)
    form.send()
    room.window.wait()
    assert "Say why" in form.form.error("reason")
    room.keys("the board of 9 January\n")
    room.keys("\n")
    assert "Nobody here is of the board" in form.doubt.words()
    assert room.claims()[0].paid == Money(450, room.desk.currency)
    room.keys("\n")
    assert room.claims()[0].paid == Money(5450, room.desk.currency)
    assert room.page.batch.view.isVisible()
    (row,) = room.desk.ask(queries.overrides_in, room.batches()[0].month, room.desk.currency)
    assert (row.reason, row.by, row.second) == ("the board of 9 January", "Awa", "Bintou")


def test_a_line_is_refused_for_a_reason_of_the_list(opens: Opens) -> None:
    room = opens(glasses)
    looked(room)
    room.key(Qt.Key.Key_F7)
    form = room.page.batch.cases.otherwise
    assert form.line.currentText() == "Consultation"
    assert "Nothing was refused or lowered here" in form.form.error("code")
    form.effect.choose(form.effect._values[1])
    room.window.wait()
    form.code.setCurrentIndex(form.code.findText("RT03", Qt.MatchFlag.MatchStartsWith))
    room.window.wait()
    assert plain(form.foreseen.text()).startswith("The scheme would pay 0 F CFA")
    form.reason.setFocus()
    room.keys("it is in the price of the day\n")
    (claim,) = room.claims()
    assert claim.state is State.REJECTED
    assert "RT03" in claim.codes


def care_batch(desk: Desk, _clock: SetClock) -> Care:
    made = a_care(desk)
    a_batch(desk, made, invoice="17")
    return made


def two_certificates(desk: Desk, clock: SetClock) -> Care:
    made = care_batch(desk, clock)
    batch_id = desk.ask(queries.batches, desk.currency)[0].id
    for at, number in enumerate(("457", "458")):
        a_claim(desk, made, batch_id, at=at, certificate=number)
    return made


def ask(room: Room) -> None:
    """Put the first certificate aside with a question."""
    looked(room)
    room.key(Qt.Key.Key_F6)
    room.keys("which drug was it?\n")


def test_a_question_holds_a_certificate_while_the_others_are_decided(opens: Opens) -> None:
    room = opens(two_certificates)
    looked(room)
    room.key(Qt.Key.Key_F6)
    form = room.page.batch.cases.query
    assert form.isVisible()
    room.keys("\n")
    assert "Write the question" in form.form.error("question")
    room.keys("which drug was it?\n")
    assert room.claims()[0].state is State.QUERIED
    room.key(Qt.Key.Key_F12)
    assert [one.state for one in room.claims()] == [State.QUERIED, State.APPROVED]


def test_open_questions_are_listed_with_their_days_and_answered(opens: Opens) -> None:
    room = opens(two_certificates)
    ask(room)
    room.clock.set(date(2024, 1, 13))
    room.page.show_list()
    room.window.wait()
    room.page.list.questions.click()
    room.window.wait()
    (row,) = room.page.waiting.words()
    assert (row[2], row[4]) == ("3", "Waiting")
    assert "which drug was it? · the provider answers until" in row[3]
    room.keys("\n")
    assert room.page.batch.view.isVisible()
    room.key(Qt.Key.Key_F6)
    assert "3 days ago: which drug was it?" in plain(room.page.batch.cases.answer.asked.text())
    room.keys("amoxicillin\n")
    assert room.claims()[0].state is State.RECEIVED


def test_the_view_tells_what_happened_to_a_certificate(opens: Opens) -> None:
    room = opens(two_certificates)
    ask(room)
    room.key(Qt.Key.Key_F6)
    room.keys("amoxicillin\n")
    view = room.page.batch.view
    view.happened.click()
    assert view.history.isVisible()
    first, second = view.history.texts()
    assert plain(first).startswith("Question asked · Awa: which drug was it? (answer until")
    assert second == "Question answered · Awa: amoxicillin"


def with_adviser(desk: Desk, clock: SetClock) -> Care:
    made = care_batch(desk, clock)
    batch_id = desk.ask(queries.batches, desk.currency)[0].id
    lines = (made.line("C"), made.line("P", 20))
    claim = a_claim(desk, made, batch_id, *lines, certificate="457", diagnosis="B54")
    desk.do(ask_review, claim_id=claim)
    return made


def medical(room: Room) -> ReviewForm:
    """The medical part of the certificate that waits for the adviser."""
    room.page.list.reviews.click()
    room.window.wait()
    room.keys("\n")
    room.page.batch.view.acts["medical"].click()
    room.window.wait()
    return room.page.batch.cases.medical


def test_the_adviser_alone_is_shown_the_diagnosis(opens: Opens) -> None:
    room = opens(with_adviser)
    room.page.list.reviews.click()
    room.window.wait()
    assert room.page.waiting.words()[0][3] == "somebody asked for it"
    room.keys("\n")
    view = room.page.batch.view
    assert "B54" not in " ".join((view.about.text(), view.sums.text(), *view.line_words()))
    view.acts["medical"].click()
    room.window.wait()
    assert room.page.batch.cases.medical.diagnosis.text() == "Diagnosis: B54"


def test_the_adviser_approves_less_with_a_reason(opens: Opens) -> None:
    room = opens(with_adviser)
    form = medical(room)
    # The consultation as asked; of twenty paracetamol thirty cannot be approved, ten can.
    room.keys("\n\n" + "30\n\n")
    line = form.lines[1]
    assert line.code.hasFocus()
    form.send()
    assert line.error.text() == "Say why with a medical reason."
    line.code.setCurrentIndex(line.code.findText("RC07", Qt.MatchFlag.MatchStartsWith))
    room.keys("\nmuch for a child\n")
    assert "You opened the batch of this claim yourself" in form.doubt.words()
    room.keys("\n")
    assert "from 0 to 20" in line.error.text()
    assert line.quantity.hasFocus()
    line.quantity.selectAll()
    room.keys("10")
    form.send()
    room.window.wait()
    (claim,) = room.claims()
    assert claim.state is State.MEDICAL_OK
    first, second = room.desk.ask(queries.review_of, claim.id)
    assert (first.quantity, second.quantity, second.price) == (None, 10, None)


def test_a_review_that_was_made_is_looked_at_and_not_changed(opens: Opens) -> None:
    room = opens(with_adviser)
    form = medical(room)
    form.lines[0].written.setText("as it should be")
    form.send()
    room.window.wait()
    form.send()
    room.window.wait()
    assert room.claims()[0].state is State.MEDICAL_OK
    room.page.batch.view.acts["medical"].click()
    room.window.wait()
    assert form.button.isHidden()
    assert form.lines[0].written.text() == "as it should be"
    assert not form.lines[0].written.isEnabled()


def test_without_the_medical_key_nobody_is_offered_the_medical_part(
    opens: Opens, tmp_path: Path
) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        with_adviser(desk, clock)
        desk.do(add_person, name="Coumba", role=Role.CLAIMS_OFFICER, password=SECOND)

    room = opens(prepared)
    room.window.close()
    room.desk.close()
    desk = unlock(tmp_path / "book0", password=SECOND, name="Coumba", clock=room.clock)
    try:
        claim = desk.ask(queries.for_review, desk.currency)[0]
        recorded = facts.looked_at(desk, claim.claim_id)
        assert not recorded.case.medical
        assert facts.room_of(desk).reviews == 0
    finally:
        desk.close()


def test_the_history_of_a_certificate_is_shown_on_one_page(opens: Opens) -> None:
    room = opens(glasses)
    looked(room)
    view = room.page.batch.view
    assert view.acts["history"].isHidden()
    view.happened.click()
    view.acts["history"].click()
    room.window.wait()
    papers = [one for one in room.page.findChildren(PaperWindow) if one.isVisible()]
    assert [one.windowTitle() for one in papers] == ["What happened"]
    papers[0].reject()


def test_an_appeal_is_filed_in_the_register_of_complaints(opens: Opens) -> None:
    room = opens(glasses)
    looked(room)
    room.page.batch.view.acts["appeal"].click()
    room.window.wait()
    form = room.page.batch.cases.appeal
    room.keys("\n")
    assert form.form.error("told")
    room.keys("the glasses were prescribed\n")
    assert room.claims()[0].state is State.APPEALED
    (filed,) = complaints_of(room.desk)
    assert filed.told == "the glasses were prescribed"
    assert not room.page.batch.view.offers("otherwise")


def complaints_of(desk: Desk) -> tuple[Complaint, ...]:
    return desk.ask(complaints, country(desk.country))


def test_a_paid_certificate_is_taken_back_with_reason_and_second_person(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = money(desk, clock)
        bintou = next(one for one in desk.colleagues() if one.name == "Bintou")
        with desk.work("pay_provider") as work:
            work.second(bintou.id, SECOND)
            pay_provider(
                work, request_id=a_request(), provider_id=made.provider_id, box="cash_main"
            )

    room = opens(prepared, people=("Awa", "Bintou"))
    looked(room)
    view = room.page.batch.view
    assert not view.offers("otherwise")
    view.acts["back"].click()
    room.window.wait()
    form = room.page.batch.cases.take_back
    assert form.code.currentText().startswith("RX01")
    room.keys("\nthe wrong person\n" + SECOND + "\n")
    assert room.claims()[0].state is State.REVERSED
    (owed,) = room.desk.ask(queries.recoveries, room.desk.currency)
    assert owed.amount == Money(450, room.desk.currency)


# To the side


def test_what_is_worth_a_look_stands_to_the_side_and_stops_nobody(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.settle()
    assert not room.page.batch.notes.isVisible()
    room.keys("1\n1" + "9\nDEL\n\n\n")
    room.settle()
    # The second person of the household is a boy.
    assert room.page.batch.notes.words() == (
        "Certificate 457 is of the same person and day.\nDelivery for a man: is it the right card?"
    )
    room.keys("\n")
    assert len(room.claims()) == 2
    room.settle()
    assert not room.page.batch.notes.isVisible()


# The end of a batch


def test_missing_numbers_are_told_and_the_difference_is_named_in_parts(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.form.certificate.setText("460")
    room.keys("1\n2" + "9\nC\n\n\n\n")
    room.key(Qt.Key.Key_F12)
    form = room.page.batch.finish_form
    # 1,200 are typed of 11,700.
    assert "10,500 F CFA more than the certificates" in plain(form.head.text())
    assert form.missing.text() == "Numbers nobody typed: 458, 459"
    assert form.certificate.text() == "458"
    room.keys("105000\n\n\n")
    assert "Name no more than that" in form.form.error("amount")
    room.keys("500\n\n\n")
    assert "10,000 F CFA more" in plain(form.head.text())
    assert form.missing.text() == "Numbers nobody typed: 459"
    assert [one.state for one in room.claims()] == [State.RECEIVED] * 2
    form.kind.choose(DifferenceKind.OTHER)
    room.keys("\n\n")
    assert "Say why" in form.form.error("reason")
    room.keys("the centre keeps it\n")
    assert [one.state for one in room.claims()] == [State.APPROVED] * 2
    told = room.desk.ask(queries.reconciled, room.batches()[0].id, room.desk.currency)
    assert [
        (one.kind, one.amount.minor, one.certificate, one.note) for one in told.differences
    ] == [
        (DifferenceKind.MISSING_CERTIFICATE, 500, "458", ""),
        (DifferenceKind.OTHER, 10_000, "", "the centre keeps it"),
    ]


def test_esc_leaves_the_difference_open_and_nothing_is_decided(opens: Opens) -> None:
    room = opens(batch)
    room.open()
    room.keys("457\n1\n1" + "9\nC\n\n\n\n")
    room.key(Qt.Key.Key_F12)
    room.key(Qt.Key.Key_Escape)
    assert room.form.isVisible()
    assert [one.state for one in room.claims()] == [State.RECEIVED]


# From a file

HEAD = "provider;person;day;service;price;quantity;certificate;invoice\n"
GOOD = "KOULA;1/01;2024-01-09;C;600;1;457;17\nKOULA;1/01;2024-01-09;P;15;20;457;17\n"
WRONG = "KOULA;999;2024-01-09;C;600;1;458;17\nKOULA;1/01;2024-01-09;C;six;1;459;17\n"


def test_a_file_is_read_through_and_its_wrong_lines_are_told(opens: Opens, tmp_path: Path) -> None:
    room = opens(care_batch)
    acts = room.desk.acts
    file = tmp_path / "claims.csv"
    file.write_text(HEAD + GOOD + WRONG, encoding="utf-8")
    room.page.list.file.click()
    form = room.page.file_form
    form.look(file)
    room.window.wait()
    assert len(form.words()) == 2
    assert plain(form.words()[0]).startswith("Line 4, person: Nobody")
    assert plain(form.words()[1]).startswith("Line 5, price:")
    assert form.error.text() == "2 lines cannot be right. Nothing was brought in."
    assert not form.bring.isVisible()
    file.write_text(HEAD + GOOD, encoding="utf-8")
    room.key(Qt.Key.Key_F5)
    assert plain(form.told.text()) == "1 new certificate, 900 F CFA."
    assert room.desk.acts == acts
    assert form.bring.hasFocus()
    room.keys("\n")
    assert room.desk.acts == acts + 1
    assert room.page.batch.isVisible()
    (claim,) = room.claims()
    assert (claim.certificate, claim.claimed.minor, len(claim.lines)) == ("457", 900, 2)
    room.page.show_list()
    room.page.list.file.click()
    form.look(file)
    room.window.wait()
    assert "1 are in the book already" in plain(form.told.text())
    assert not form.bring.isVisible()


# Papers and the list


def test_the_papers_of_a_batch_and_of_its_month_are_shown(opens: Opens) -> None:
    room = opens(glasses)
    room.open()
    room.page.batch.print.click()
    for name, title in (
        ("slip", "Slip of batch B-2024-A-000001"),
        ("provider", "Notices to the provider"),
        ("member", "Notices to the members"),
        ("reasons", "List by reason"),
        ("register", "Register of benefits"),
    ):
        room.page.batch.papers.buttons[name].click()
        room.window.wait()
        papers = [one for one in room.page.findChildren(PaperWindow) if one.isVisible()]
        assert [one.windowTitle() for one in papers] == [title]
        papers[0].reject()
    room.page.batch.papers.month.setText("13")
    room.page.batch.papers.buttons["register"].click()
    assert "not a month" in room.page.batch.papers.form.error("month")


def test_without_a_refusal_there_is_no_notice_and_it_is_said(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = care_batch(desk, clock)
        batch_id = desk.ask(queries.batches, desk.currency)[0].id
        a_claim(desk, made, batch_id)
        desk.do(decide_batch, batch_id=batch_id)

    room = opens(prepared)
    room.open()
    room.page.batch.print.click()
    room.page.batch.papers.buttons["member"].click()
    room.window.wait()
    assert (
        room.page.batch.papers.error.text()
        == "Nothing there was refused or lowered. Choose another claim or batch."
    )


def test_who_has_not_sent_anything_is_said_with_the_usual_date(opens: Opens) -> None:
    def prepared(desk: Desk, clock: SetClock) -> None:
        made = a_care(desk)
        clock.set(date(2024, 2, 5))
        a_batch(desk, made, month=Month(2024, 1))
        clock.set(date(2024, 3, 2))

    room = opens(prepared)
    assert plain(room.page.list.unsent.text()) == (
        "February 2024: CS Koula has not sent anything. Usual day of the month: 5."
    )


def test_the_room_comes_up_where_another_page_sends_it(opens: Opens) -> None:
    room = opens(glasses)
    claim = room.claims()[0]
    page = room.window.go(ClaimsPage, "claims", claim=claim.id)
    assert page.batch.view.isVisible()
    assert page.batch.view.recorded is not None
    assert page.batch.view.recorded.claim.id == claim.id
    page = room.window.go(ClaimsPage, "claims", questions=True)
    assert page.waiting.isVisible()
    assert page.waiting.words() == []
