"""The register of contributions, arrears, reminders, and what payers are told, on paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.contributions.service import issue_statement
from stepdesk.contributions.terms import EffectRule
from stepdesk.countries import country
from stepdesk.i18n import LANGUAGES, Text, speak
from stepdesk.ledger.queries import balance_of
from stepdesk.members.queries import household_file
from stepdesk.members.service import correct_household
from stepdesk.payers import service as verbs
from stepdesk.payers.queries import statements_of
from stepdesk.payers.terms import GroupKind, PayerKind
from stepdesk.reports.papers.dues import arrears_list, dues_list
from stepdesk.reports.papers.payers import gaps_list, open_statements_list, payer_statement_list
from stepdesk.reports.papers.reminders import Message, gateway_csv, messages, reminders_list
from stepdesk.reports.queries.dues import arrears_rows, dues_rows, sums_of, totals_of
from stepdesk.reports.queries.payers import (
    burdens,
    collected,
    gaps,
    open_statements,
    overdue_statements,
    statement_rows,
)
from stepdesk.reports.queries.reminders import reminders_of
from stepdesk.reports.service import close_month
from stepdesk.reports.terms import Collected, LetterKind, Reminder
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import Answer
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import HouseholdId, PayerAgreementId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from stepdesk.values.sms import GSM7, UCS2
from tests.builders import (
    a_household,
    a_payment,
    a_plan,
    a_request,
    a_section,
    open_copy,
    wednesday,
)
from tests.payers.test_service import covered, terms_of
from tests.reports.care import Care

JAN, FEB, MAR = Month(2024, 1), Month(2024, 2), Month(2024, 3)


@pytest.fixture
def clock() -> SetClock:
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A plan of 350 a person without entry fee and waiting, from the month's first day."""
    with open_copy(tmp_path / "book", clock=clock) as opened:
        a_plan(opened, entry_fee=0, waiting_months=0, effect_rule=EffectRule.FIRST_OF_MONTH)
        yield opened


def an_agreement(desk: Desk, **terms: Any) -> PayerAgreementId:
    payer = desk.do(verbs.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE)
    return desk.do(verbs.sign_agreement, agreement=terms_of(payer, **terms))


def reminded(desk: Desk, kind: LetterKind, **told: Any) -> list[Reminder]:
    with desk.read() as connection:
        pack = country(desk.country)
        return list(reminders_of(connection, kind, desk.today, pack, **told))


# The register of contributions


def test_the_register_of_a_month_adds_up_by_section(desk: Desk) -> None:
    koula, ndiob = a_section(desk), a_section(desk, "Ndiob")
    one = a_household(desk, 2, section_id=koula)
    two = a_household(desk, 1, section_id=koula)
    three = a_household(desk, 3, section_id=ndiob)
    a_payment(desk, one, 700 * 2 + 50)  # January, February and 50 beyond
    a_payment(desk, two, 350)
    a_payment(desk, three, 1050)
    rows = desk.ask(dues_rows, JAN)
    # Due, paid, by payers, arrears, ahead.
    assert [sums_of(row) for row in rows] == [
        (700, 700, 0, 0, 750),
        (350, 350, 0, 0, 0),
        (1050, 1050, 0, 0, 0),
    ]
    assert [(one.section, one.households, one.sums) for one in totals_of(rows)] == [
        ("Koula", 2, (1050, 1050, 0, 0, 750)),
        ("Ndiob", 1, (1050, 1050, 0, 0, 0)),
    ]
    rows = desk.ask(dues_rows, FEB, section_id=koula)
    assert [sums_of(row) for row in rows] == [(700, 700, 0, 0, 50), (350, 0, 0, 350, 0)]


def test_the_register_tells_what_payers_take_over_apart(desk: Desk) -> None:
    home = a_household(desk, 2)
    covered(desk, an_agreement(desk, share=50), home.household_id)
    a_payment(desk, home, 350)
    (row,) = desk.ask(dues_rows, JAN)
    assert sums_of(row) == (350, 350, 350, 0, 0)


def test_who_owes_is_listed_with_since_when(desk: Desk, clock: SetClock) -> None:
    late = a_household(desk, 2)
    a_payment(desk, late, 700)
    fine = a_household(desk, 1)
    a_payment(desk, fine, 350 * 6, accepting=frozenset({"much"}))
    clock.set(date(2024, 2, 20))
    (row,) = desk.ask(arrears_rows, desk.today)
    assert row.household_id == late.household_id
    assert (row.owed, row.to_pay) == (700, 700)
    assert (row.oldest_due_on, row.last_paid_on) == (date(2024, 2, 5), date(2024, 1, 10))
    assert desk.ask(arrears_rows, date(2024, 2, 4)) == []


@pytest.mark.parametrize("banded", [False, True])
def test_lists_show_rows_and_sums(desk: Desk, clock: SetClock, banded: bool) -> None:
    for name in ("Koula", "Ndiob"):
        a_payment(desk, a_household(desk, 2, section_id=a_section(desk, name)), 700)
    clock.set(date(2024, 2, 20))
    frame: dict[str, Any] = {"scheme": "M", "practice": False, "printed_on": desk.today}
    rows = desk.ask(dues_rows, FEB)
    told: dict[str, Any] = {"currency": desk.currency, "banded": banded}
    listing = dues_list(rows, totals_of(rows), month=FEB, **told)
    lines = list(listing.rows)
    # Two rows, two sums, two bands on paper, and the sum of all.
    assert len(lines) == (7 if banded else 5)
    last = lines[-1]
    assert isinstance(last, tuple)
    assert last[-5:] == tuple(Money(amount, desk.currency) for amount in (1400, 0, 0, 1400, 0))
    owing = desk.ask(arrears_rows, desk.today)
    listing = arrears_list(owing, totals_of(owing), day=desk.today, **told)
    assert listing.pdf("fr", **frame).startswith(b"%PDF")


@pytest.mark.parametrize("banded", [False, True])
def test_the_arrears_list_says_states_and_the_sum_of_all_in_the_readers_language(
    desk: Desk, clock: SetClock, banded: bool
) -> None:
    for name in ("Koula", "Ndiob"):
        a_payment(desk, a_household(desk, 2, section_id=a_section(desk, name)), 700)
    clock.set(date(2024, 2, 20))
    owing = desk.ask(arrears_rows, desk.today)
    told: dict[str, Any] = {"currency": desk.currency, "banded": banded}
    rows = list(arrears_list(owing, totals_of(owing), day=desk.today, **told).rows)
    lines = [one for one in rows if isinstance(one, tuple)]
    said = [[speak(cell, "fr") for cell in one if isinstance(cell, Text)] for one in lines]
    assert [one for one in said if len(one) == 1] == [["En retard"]] * 2
    assert said[-1][0] == "Toutes les sections"


# Reminders


def test_whom_to_remind_of_what(desk: Desk, clock: SetClock) -> None:
    late, near = a_household(desk, 2), a_household(desk, 1)
    a_payment(desk, late, 700)
    a_payment(desk, near, 700)
    clock.set(date(2024, 2, 20))
    (one,) = reminded(desk, LetterKind.REMINDER)
    assert one.household_id == late.household_id
    (one,) = reminded(desk, LetterKind.RENEWAL)
    assert one.household_id == near.household_id
    # Nothing is due of one person at 350 yet: the next contribution is asked for, on the list too.
    assert one.letter.asked == Money(350, desk.currency)
    (told,) = messages((one,), "en")
    listing = reminders_list((told,), kind=LetterKind.RENEWAL, day=desk.today)
    (row,) = listing.rows
    assert isinstance(row, tuple)
    assert row[4] == Money(350, desk.currency)
    assert reminded(desk, LetterKind.RENEWAL, within=8) == []
    assert len(reminded(desk, LetterKind.RENEWAL, within=9)) == 1


def test_a_message_goes_only_to_who_agreed_and_has_a_number(desk: Desk, clock: SetClock) -> None:
    phones = ("77 123 45 67", "76 111 22 33", "", "+33 6 12 34 56 78")
    consents = (True, None, True, False)
    for phone, consent in zip(phones, consents, strict=True):
        home = a_household(desk, 2, phone=phone)
        if consent is not None:
            desk.do(correct_household, household_id=home.household_id, sms_consent=consent)
        a_payment(desk, home, 700)
    clock.set(date(2024, 2, 20))
    told = messages(reminded(desk, LetterKind.REMINDER), "en")
    assert [(one.reminder.phone, one.reminder.reachable) for one in told] == [
        ("+221771234567", True),
        ("+221761112233", False),
        ("", False),
        ("+33612345678", False),
    ]
    number = str(told[0].reminder.letter.number)
    # Due on 5 February, tolerated for 30 days.
    words = told[0].words
    assert number in words
    assert "700" in words
    assert "06/03/2024" in words
    lines = gateway_csv(told).decode("utf-8").split("\r\n")
    assert lines[0] == "phone,text"
    assert len(lines) == 3
    assert lines[1].startswith("+221771234567,")
    listing = reminders_list(told, kind=LetterKind.REMINDER, day=desk.today)
    assert len(list(listing.rows)) == 4
    assert listing.notes[-1].values["count"] == 3
    # A round is a collector's, a group's or a village's: it is not called a section.
    round_of = reminders_list(told, kind=LetterKind.REMINDER, day=desk.today, whose="Awa Sarr")
    assert [speak(note, "en") for note in round_of.notes][1] == "Of Awa Sarr alone"


def test_a_message_goes_to_the_mobile_of_several_numbers(desk: Desk, clock: SetClock) -> None:
    """33 8xx are fixed lines of Senegal, 7x its mobiles. Source: ARTP's numbering plan."""
    phones = (
        "33 821 00 00 / 77 123 45 67",
        "33 821 00 00",
        "33 821 00 00, 76 111 22 33",
        "123456",
    )
    for phone in phones:
        home = a_household(desk, 2, phone=phone)
        desk.do(correct_household, household_id=home.household_id, sms_consent=True)
        a_payment(desk, home, 700)
    clock.set(date(2024, 2, 20))
    told = messages(reminded(desk, LetterKind.REMINDER), "en")
    assert [(one.reminder.phone, one.reminder.reachable) for one in told] == [
        ("+221771234567", True),
        ("+221338210000", False),
        ("+221761112233", True),
        ("", False),
    ]
    rows = list(reminders_list(told, kind=LetterKind.REMINDER, day=desk.today).rows)
    remarks = [one[-1] for one in rows if isinstance(one, tuple)]
    said = [speak(one, "en") for one in remarks if isinstance(one, Text)]
    assert said == ["A fixed line: call it", "No number"]
    file = gateway_csv(told).decode("utf-8").splitlines()
    assert [line.partition(",")[0] for line in file] == [
        "phone",
        "+221771234567",
        "+221761112233",
    ]


def test_a_scheme_whose_name_has_rare_letters_is_told_what_its_messages_cost(
    desk: Desk, clock: SetClock
) -> None:
    """A circumflex is none of the short alphabet: 70 letters a part, and three parts for 140."""
    home = a_household(desk, 2, phone="77 123 45 67")
    desk.do(correct_household, household_id=home.household_id, sms_consent=True)
    a_payment(desk, home, 700)
    clock.set(date(2024, 2, 20))
    (one,) = reminded(desk, LetterKind.REMINDER)
    long = replace(one.letter, scheme="Mutuelle de la Forêt " + "x" * 60)
    (told,) = messages((replace(one, letter=long),), "en")
    assert (told.length.alphabet, told.length.parts) == (UCS2, -(-len(told.words) // 67))
    listing = reminders_list((told,), kind=LetterKind.REMINDER, day=desk.today)
    (row,) = listing.rows
    assert isinstance(row, tuple)
    assert isinstance(row[-1], Text)
    assert speak(row[-1], "en") == "Letters outside the short alphabet: 70 a part"
    assert "Forêt" in gateway_csv((told,)).decode("utf-8")


def test_consent_to_keep_data_is_none_to_be_sent_messages(desk: Desk, clock: SetClock) -> None:
    home = a_household(desk, 2, phone="77 123 45 67").household_id
    desk.do(correct_household, household_id=home, consent=True)
    a_payment(desk, home, 700)
    clock.set(date(2024, 2, 20))
    (one,) = reminded(desk, LetterKind.REMINDER)
    assert (one.consent, one.reachable) == (None, False)
    desk.do(correct_household, household_id=home, sms_consent=True)
    file = desk.ask(household_file, home)
    assert file is not None
    assert (file.sms_consent, file.sms_consent_on) == (True, date(2024, 2, 20))
    assert reminded(desk, LetterKind.REMINDER)[0].reachable
    desk.do(correct_household, household_id=home, sms_consent=False)
    assert not reminded(desk, LetterKind.REMINDER)[0].reachable


def test_reminders_are_of_a_group_s_list_or_of_a_collector_s_round(
    desk: Desk, clock: SetClock
) -> None:
    """Two late on a group's list, two whom Awa collected from; one of them is on both."""
    homes = [a_household(desk, 2).household_id for _ in range(4)]
    group = desk.do(verbs.add_group, code="FEM", name="Women", kind=GroupKind.WOMEN, people=9)
    for one in homes[:2]:
        desk.do(verbs.place_household, group_id=group, household_id=one, on=desk.today)
    me = desk.person.staff_id
    for one, carrier in zip(homes, (None, me, me, None), strict=True):
        a_payment(desk, one, 700, collector_id=carrier)
    clock.set(date(2024, 2, 20))

    def told(**whose: Any) -> list[HouseholdId]:
        return [one.household_id for one in reminded(desk, LetterKind.REMINDER, **whose)]

    assert told() == homes
    assert told(group_id=group) == homes[:2]
    assert told(collector_id=me) == homes[1:3]
    assert told(group_id=group, collector_id=me) == [homes[1]]
    # Who pays at the desk afterwards is on no round any more.
    a_payment(desk, homes[2], 100)
    assert told(collector_id=me) == [homes[1]]


def test_messages_fit_one_part_and_name_nobody(desk: Desk, clock: SetClock) -> None:
    late, gone = a_household(desk, 2), a_household(desk, 9)
    for home, paid in ((late, 700), (gone, 3150)):
        a_payment(desk, home, paid)
    said: list[Message] = []
    for day in (date(2024, 1, 20), date(2024, 2, 20), date(2024, 5, 20)):
        clock.set(day)
        for kind in LetterKind:
            for language in LANGUAGES:
                said += messages(reminded(desk, kind), language)
    assert {one.reminder.letter.kind for one in said} == set(LetterKind)
    assert {one.reminder.letter.suspended for one in said} == {True, False}
    for one in said:
        assert (one.length.alphabet, one.length.parts) == (GSM7, 1), one.words
        surname, given = one.reminder.letter.member_name.split()[:2]
        assert surname not in one.words
        assert given not in one.words


# Payers


def test_a_statement_names_who_it_is_for(desk: Desk, clock: SetClock) -> None:
    agreement = an_agreement(desk, share=100, invoice_months=1)
    home = a_household(desk, 2)
    covered(desk, agreement, home.household_id)
    clock.set(date(2024, 2, 1))
    desk.do(issue_statement, agreement_id=agreement)
    (made,) = desk.ask(statements_of, desk.today)
    rows = desk.ask(statement_rows, made)
    assert [(row.suffix, row.first_day, row.amount) for row in rows] == [
        (0, JAN.first, 350),
        (1, JAN.first, 350),
    ]
    listing = payer_statement_list(made, rows, scheme="M", currency=desk.currency)
    lines = list(listing.rows)
    assert isinstance(lines[-1], tuple)
    assert lines[-1][-1] == Money(700, desk.currency)
    frame: dict[str, Any] = {"scheme": "M", "practice": False, "printed_on": desk.today}
    assert listing.pdf("fr", **frame).startswith(b"%PDF")
    assert listing.xlsx("fr", practice=False).startswith(b"PK")


def test_a_statement_is_overdue_after_ninety_days(desk: Desk, clock: SetClock) -> None:
    agreement = an_agreement(desk, share=100, invoice_months=1)
    covered(desk, agreement, a_household(desk, 2).household_id)
    clock.set(date(2024, 2, 1))
    desk.do(issue_statement, agreement_id=agreement)
    pack = country(desk.country)
    assert desk.ask(overdue_statements, pack, date(2024, 5, 1)) == ()  # 90 days
    (late,) = desk.ask(overdue_statements, pack, date(2024, 5, 2))
    assert late.open == 700
    listing = open_statements_list(
        (late,), day=date(2024, 5, 2), currency=desk.currency, alert_days=90
    )
    (row,) = listing.rows
    assert isinstance(row, tuple)
    assert row[3] == 91
    desk.do(
        verbs.receive_from_payer,
        request_id=a_request(),
        payer_id=late.payer_id,
        amount=Money(700, desk.currency),
    )
    assert desk.ask(open_statements, desk.today) == ()


def test_an_indigents_life_from_nomination_to_the_gap(desk: Desk, clock: SetClock) -> None:
    agreement = an_agreement(
        desk, share=100, pays_fee=True, invoice_months=3, until=date(2024, 7, 1)
    )
    home = a_household(desk, 2).household_id
    one = covered(desk, agreement, home, on=desk.today)

    def answered(day: date) -> tuple[Answer, int]:
        account, _, verdicts = desk.ask(household_verdicts, home, day)
        return next(iter(verdicts.values())).answer, account.to_pay

    assert answered(desk.today) == (Answer.YES, 0)
    for at in range(3):
        clock.set(JAN.plus(at).until)
        desk.do(close_month, month=JAN.plus(at), accepting=frozenset({"not_counted"}))
    assert desk.ask(balance_of, "payer_receivable") == 2100
    desk.do(issue_statement, agreement_id=agreement)
    clock.set(date(2024, 4, 10))
    desk.do(verbs.renew_nomination, nomination_id=one, on=date(2024, 4, 10))
    assert answered(date(2024, 6, 30)) == (Answer.YES, 0)
    # The agreement ends: 700 a month is the household's own from July on.
    assert desk.ask(gaps, desk.today, within=81) == ()
    (gap,) = desk.ask(gaps, desk.today, within=82)
    assert (gap.until, gap.pays, gap.would_pay) == (date(2024, 7, 1), 0, 700)
    assert len(list(gaps_list((gap,), day=desk.today, currency=desk.currency).rows)) == 1
    clock.set(date(2024, 7, 1))
    assert answered(desk.today) == (Answer.YES, 700)
    desk.do(issue_statement, agreement_id=agreement)
    told = desk.ask(statements_of, desk.today)
    assert [(made.until, made.amount) for made in told] == [
        (date(2024, 4, 1), 2100),
        (date(2024, 7, 1), 2100),
    ]
    clock.set(date(2024, 8, 5))
    assert answered(desk.today)[0] is Answer.NO


def test_members_and_payers_are_collected_apart(desk: Desk, clock: SetClock) -> None:
    agreement = an_agreement(desk, share=50, invoice_months=1)
    sponsored, ordinary = a_household(desk, 2), a_household(desk, 1)
    covered(desk, agreement, sponsored.household_id)
    a_payment(desk, sponsored, 350 * 2)
    a_payment(desk, ordinary, 350)
    clock.set(date(2024, 2, 1))
    desk.do(issue_statement, agreement_id=agreement)
    (made,) = desk.ask(statements_of, desk.today)
    desk.do(
        verbs.receive_from_payer,
        request_id=a_request(),
        payer_id=made.payer_id,
        amount=Money(175, desk.currency),
    )
    # January and February: 350 and 350 of each household, of the second only January is paid;
    # of the payer's 700 one person of January.
    assert desk.ask(collected, JAN, FEB) == Collected(1400, 1050, 700, 175)


def test_what_the_sponsored_bring_is_told_beside_the_ordinary(desk: Desk) -> None:
    sponsored, ordinary = a_household(desk, 2), a_household(desk, 3)
    covered(desk, an_agreement(desk, share=100), sponsored.household_id)
    a_payment(desk, ordinary, 1050 * 3)
    told = desk.ask(burdens, JAN, MAR)
    assert (told.sponsored.persons, told.sponsored.months, told.sponsored.earned) == (2, 6, 2100)
    assert (told.ordinary.persons, told.ordinary.months, told.ordinary.earned) == (3, 9, 3150)
    care = Care(desk)
    one = care.claim(sponsored, 0, desk.today, {"OPD": 1500})
    care.decide(one, {"OPD": 1400})
    care.claim(ordinary, 1, desk.today, {"OPD": 500})
    told = desk.ask(burdens, JAN, MAR)
    assert (told.sponsored.benefits, told.ordinary.benefits) == (1400, 500)
    # 1 400 of 2 100 and 500 of 3 150, in hundredths of a percent.
    assert (told.sponsored.ratio, told.ordinary.ratio) == (6667, 1587)
