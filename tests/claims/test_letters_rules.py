"""What may become of a letter. Source: domain handbook 2.10."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.benefits.terms import BenefitRule
from stepdesk.claims.rules import LETTER_MOVES as MOVES
from stepdesk.claims.rules import (
    against_move,
    against_use,
    assess,
    last_day,
    letter_state,
    packed,
    steps,
    unpacked,
)
from stepdesk.claims.terms import By, ClaimFacts, LetterFacts, LetterState, LineFacts
from stepdesk.i18n import speak
from stepdesk.values.digits import letter_number, six_figures
from stepdesk.values.ids import ClaimId, LetterId, PersonId, ProviderId, ServiceId
from stepdesk.values.money import Currency

XOF = Currency("XOF", 0)
S = LetterState
FACTS = LetterFacts(
    LetterId(b"l" * 16),
    "LG-2024-A-00001",
    PersonId(b"p" * 16),
    ProviderId(b"h" * 16),
    ServiceId(b"s" * 16),
    S.ISSUED,
    date(2024, 8, 1),
    date(2024, 8, 15),
    25_000,
)


def test_the_moves_are_those_of_the_handbook() -> None:
    moves = {(before, after) for before, to in MOVES.items() for after in to}
    assert moves == {
        (S.REQUESTED, S.ISSUED),
        (S.REQUESTED, S.REFUSED),
        (S.ISSUED, S.ISSUED),  # extended: a new version
        (S.ISSUED, S.USED),
        (S.ISSUED, S.EXPIRED),
        (S.ISSUED, S.CANCELLED),
        (S.EXPIRED, S.USED),  # the invoice of care within the letter's days comes later
        (S.USED, S.SETTLED),
    }
    assert set(MOVES) == set(S)


@given(st.sampled_from(S), st.sampled_from(S))
def test_whatever_is_no_move_is_told_why(before: LetterState, to: LetterState) -> None:
    told = against_move(replace(FACTS, state=before), to)
    assert (told is None) is (to in MOVES[before])


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 366))
def test_a_letter_holds_as_many_days_as_it_says_and_its_first_counts(
    first: date, days: int
) -> None:
    last = last_day(first, days)
    assert (last - first).days + 1 == days
    assert letter_state(S.ISSUED, valid_through=last, on=last) is S.ISSUED
    after = date.fromordinal(last.toordinal() + 1)
    assert letter_state(S.ISSUED, valid_through=last, on=after) is S.EXPIRED
    assert letter_state(S.USED, valid_through=last, on=after) is S.USED
    assert letter_state(S.USED, valid_through=last, on=after, settled=True) is S.SETTLED
    assert letter_state(S.CANCELLED, valid_through=last, on=after) is S.CANCELLED


@pytest.mark.parametrize(
    ("facts", "day", "holds"),
    [
        ({}, date(2024, 8, 1), True),
        ({}, date(2024, 8, 15), True),
        ({}, date(2024, 7, 31), False),
        ({}, date(2024, 8, 16), False),
        ({"state": S.EXPIRED}, date(2024, 8, 10), True),
        ({"state": S.CANCELLED}, date(2024, 8, 10), False),
        ({"state": S.REFUSED}, date(2024, 8, 10), False),
        (
            {"state": S.REQUESTED, "first_day": None, "valid_through": None},
            date(2024, 8, 1),
            False,
        ),
        ({"state": S.USED, "claim_id": ClaimId(b"c" * 16)}, date(2024, 8, 10), True),
        ({"state": S.SETTLED, "claim_id": ClaimId(b"c" * 16)}, date(2024, 8, 10), True),
        ({"state": S.USED, "claim_id": ClaimId(b"d" * 16)}, date(2024, 8, 10), False),
        ({"person_id": PersonId(b"q" * 16)}, date(2024, 8, 10), False),
        ({"provider_id": ProviderId(b"q" * 16)}, date(2024, 8, 10), False),
        ({"service_id": ServiceId(b"q" * 16)}, date(2024, 8, 10), False),
    ],
)
def test_a_letter_holds_for_its_patient_provider_act_and_days(
    facts: dict[str, object], day: date, *, holds: bool
) -> None:
    told = against_use(
        replace(FACTS, **facts),  # type: ignore[arg-type]
        persons=(FACTS.person_id,),
        provider_id=FACTS.provider_id,
        services={FACTS.service_id},
        day=day,
        claim_id=ClaimId(b"c" * 16),
    )
    assert (told is None) is holds


def test_numbers_and_figures_are_grouped_to_be_read_aloud() -> None:
    assert letter_number(2026, "A", 45) == "LG-2026-A-00045"
    assert [six_figures(one) for one in (471_083, 3_000_083, 0)] == [
        "471 083",
        "000 083",
        "000 000",
    ]


def a_line(share: int, *, package: int = 0, outside: bool = False) -> LineFacts:
    """A line of which the scheme pays all it asks."""
    service_id = ServiceId(share.to_bytes(16, "big"))
    rule = BenefitRule(service_id)
    return LineFacts(service_id, 1, share, share, rule, package=package, outside=outside)


def test_what_was_promised_is_the_most_for_all_lines_of_all_packages() -> None:
    facts = ClaimFacts(
        lines=(a_line(600), a_line(300, package=1), a_line(100, outside=True)), promised=500
    )
    told = assess(facts)
    assert [line.paid for line in told.lines] == [300, 150, 50]
    assert [cut.by for line in told.lines for cut in line.cuts] == [By.LETTER] * 3
    assert (told.claimed, told.paid, told.patient, told.disallowed) == (1000, 500, 500, 0)
    assert assess(unpacked(packed(facts))) == told
    words = [speak(one, "en") for one in steps(facts.lines[0], told.lines[0], facts, XOF)]
    assert any("The guarantee letter promises 500" in one for one in words)


@given(
    st.lists(st.integers(1, 90_000), min_size=1, max_size=5, unique=True),
    st.integers(0, 200_000),
)
def test_no_more_than_was_promised_is_paid_and_nothing_is_lost(
    shares: list[int], promised: int
) -> None:
    facts = ClaimFacts(lines=tuple(map(a_line, shares)), promised=promised, coin=5)
    told = assess(facts)
    assert told.paid <= promised
    assert told.claimed == told.paid + told.patient + told.disallowed
    if sum(shares) <= promised:
        assert told.paid == sum(shares)
