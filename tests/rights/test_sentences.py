"""Every answer has a sentence for the member and one for the provider, in every language."""

from dataclasses import replace
from datetime import date

import pytest

from stepdesk.benefits.terms import BenefitRule, Copay
from stepdesk.i18n import LANGUAGES, Text, speak
from stepdesk.rights.rules import for_the_member, for_the_provider
from stepdesk.rights.rules.sentences import REASONS
from stepdesk.rights.terms import (
    Answer,
    HouseholdState,
    Left,
    Question,
    Reason,
    ReasonCode,
    Verdict,
)
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency

XOF = Currency("XOF", 0)
DAY = date(2024, 5, 12)
ASKED = Question(DAY, XOF)
SUSPENDED = Verdict(
    Answer.NO,
    HouseholdState.SUSPENDED,
    (Reason(ReasonCode.RA04, Text("late"), DAY, 4200),),
    opens_on=DAY,
    to_pay=4200,
    rights_from=date(2024, 2, 1),
)
YES = Verdict(Answer.YES, HouseholdState.ACTIVE, rights_through=date(2024, 6, 4))


def no(code: ReasonCode, opens: date | None = None, pay: int = 0) -> Verdict:
    reason = Reason(code, Text("why"), opens, pay)
    return Verdict(Answer.NO, HouseholdState.ACTIVE, (reason,), opens_on=opens, to_pay=pay)


def english(text: Text) -> str:
    return speak(text, "en").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_speaks_to_the_member_and_to_the_provider(
    code: ReasonCode, language: str
) -> None:
    for told in (no(code), no(code, date(2024, 6, 1)), no(code, DAY, 500)):
        for question in (ASKED, replace(ASKED, service="Consultation")):
            for sentence in (for_the_member(question, told), for_the_provider(question, told)):
                said = speak(sentence, language)
                assert "{" not in said
                assert code.value not in said
                assert 20 < len(said) < 320
    assert REASONS[code].act


def test_each_code_says_something_of_its_own_to_the_member() -> None:
    assert len({said.member for said in REASONS.values()}) == len(ReasonCode)
    assert set(REASONS) == set(ReasonCode)


def test_a_member_in_arrears_hears_until_when_what_to_pay_and_from_when() -> None:
    told = for_the_member(replace(ASKED, paid_through=date(2024, 3, 31)), SUSPENDED)
    assert english(told) == (
        "On 12 May 2024 the mutual does not pay for care. "
        "Contributions are paid up to 31 March 2024 only. "
        "Whoever pays 4,200 F CFA on 12 May 2024 has rights from 12 May 2024 on."
    )


def test_a_provider_reads_nothing_of_what_a_household_owes() -> None:
    told = english(for_the_provider(replace(ASKED, paid_through=date(2024, 3, 31)), SUSPENDED))
    assert told == (
        "Do not treat at the scheme's expense on 12 May 2024. "
        "The household's contributions are not up to date. The patient pays all."
    )


def test_a_yes_tells_the_member_until_when_and_the_provider_what_to_check() -> None:
    rule = BenefitRule(ServiceId(b"s" * 16), copay=Copay.PERCENT, copay_value=2500)
    question = replace(ASKED, service="Consultation", rule=rule)
    assert english(for_the_member(question, YES)) == (
        "On 12 May 2024 the mutual pays for: Consultation. "
        "Your own share is 25 % of the price. "
        "This holds until 4 June 2024 even if nothing more is paid."
    )
    told = replace(YES, remaining=Left(deductible=500))
    assert english(for_the_provider(question, told)) == (
        "Consultation: may be given at the scheme's expense on 12 May 2024. "
        "Compare card and photo with the patient. "
        "The patient pays 25 % of the agreed price. "
        "Deductible: the patient pays the next 500 F CFA alone."
    )


def test_what_no_day_ends_is_said_beside_what_a_day_ends() -> None:
    waits = Reason(ReasonCode.RA03, Text("why"), date(2024, 8, 1))
    never = Reason(ReasonCode.RB01, Text("why"))
    told = Verdict(Answer.NO, HouseholdState.WAITING, (waits, never))
    said = english(for_the_member(replace(ASKED, service="Glasses"), told))
    assert "package does not pay" in said
    assert "open on" not in said


def test_a_newborn_is_named_by_the_mothers_card() -> None:
    told = replace(YES, under_mother=True)
    assert "mother's number" in english(for_the_member(ASKED, told))
    assert "mother's card" in english(for_the_provider(ASKED, told))


def test_a_condition_tells_which_paper_is_missing() -> None:
    reason = Reason(ReasonCode.RB07, Text("letter"))
    told = replace(YES, answer=Answer.CONDITION, conditions=(reason,))
    assert "Fetch the letter" in english(for_the_member(ASKED, told))
    assert "guarantee letter must be shown" in english(for_the_provider(ASKED, told))
