"""Claims of openIMIS as history; figures by hand from the demo data's CSV files and its README."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.queries import service_of_code
from stepdesk.claims.queries import (
    batches,
    claim_of,
    claim_of_number,
    unpaid_of,
    uses_of,
    why,
)
from stepdesk.claims.service import (
    decide_batch,
    decide_claim,
    diagnosis_of,
    enter_claim,
    facts_now,
    open_batch,
    pay_provider,
    withdraw_claim,
)
from stepdesk.claims.terms import Claim, NewClaim, NewLine, State, Visit
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis import import_openimis
from stepdesk.exchange.terms import ImportReport
from stepdesk.i18n import speak
from stepdesk.providers.queries import provider_of_code
from stepdesk.reports.queries import disagreements, measures
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk, unlock
from stepdesk.values.ids import ClaimId, PersonId, ServiceId
from stepdesk.values.month import Month
from tests.builders import SECOND, a_request
from tests.exchange.test_openimis import DEMO, left_of, needs_demo, person, rows
from tests.exchange.test_openimis_care import care_of

Book = Callable[..., Desk]

UNDECIDED = (
    "Not decided there: kept as history without a decision; what a reviewer approved stays there."
)
HEAD = (
    "claim_id,claim_code,chf_id,hf_code,date_from,date_to,date_claimed,icd,icd1,icd2,icd3,icd4,"
    "visit_type,status,claimed,approved,date_processed,guarantee_id\n"
)
LINES = (
    "claim_id,claim_code,code,status,QtyProvided,QtyApproved,PriceAsked,PriceAdjusted,"
    "PriceApproved,PriceValuated,RejectionReason,DeductableAmount,ExceedCeilingAmount,"
    "RemuneratedAmount\n"
)
STORED = "claim_id,policy_id,ded_g,rem_g\n"
PASSED = "7,K7,C1,1,2.00,,500.00,500.00,,1000.00,0,0.00,0.00,1000.00\n"


def row(**changed: object) -> str:
    """A row of claims.csv: a decided claim of 0101 at H1, and whatever is changed."""
    told: dict[str, object] = dict.fromkeys(HEAD.strip().split(","), "") | {
        "claim_id": 7,
        "claim_code": "K7",
        "chf_id": "0101",
        "hf_code": "H1",
        "date_from": "2026-07-01",
        "date_to": "2026-07-02",
        "date_claimed": "2026-07-05",
        "visit_type": "O",
        "status": 16,
        "date_processed": "2026-07-09",
    }
    return ",".join(map(str, (told | changed).values())) + "\n"


def folder_of(
    tmp_path: Path, *claims: str, services: str = PASSED, items: str = "", stored: str = ""
) -> Path:
    """Write the small made-up export with these claims."""
    folder = care_of(tmp_path)
    for name, content in (
        ("claims", HEAD + "".join(claims or (row(),))),
        ("claim_services", LINES + services),
        ("claim_items", LINES + items),
        ("claim_dedrem", STORED + stored),
    ):
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def bring_in(desk: Desk, folder: Path = DEMO) -> ImportReport:
    return desk.do(import_openimis, folder=folder)


def left(report: ImportReport) -> list[tuple[str, str]]:
    names = ("claims", "claim_items", "claim_services", "claim_dedrem")
    found = left_of(report, *(f"{name}.csv" for name in names))
    # The spaces of an amount do not break.
    plain = str.maketrans({"\xa0": " ", "\u202f": " "})
    return [(key, reason.translate(plain)) for _, key, reason in found]


def id_of(desk: Desk, number: str) -> ClaimId:
    found = desk.ask(claim_of_number, number)
    assert found is not None
    return found


def claim(desk: Desk, number: str) -> Claim:
    return desk.ask(claim_of, id_of(desk, number), desk.currency)


def amounts(one: Claim) -> tuple[int | None, ...]:
    """Claimed, scheme, patient, refused to the provider."""
    told = (one.claimed, one.paid, one.patient_due, one.disallowed)
    return tuple(None if each is None else each.minor for each in told)


def lines(one: Claim) -> list[tuple[Any, ...]]:
    """Code, quantity, claimed, quantity counted, approved, adjusted, paid, codes."""
    return [
        (
            line.code,
            line.quantity,
            line.claimed.minor,
            line.quantity_counted,
            *(
                None if each is None else each.minor
                for each in (line.approved, line.adjusted, line.paid)
            ),
            ",".join(line.codes),
        )
        for line in one.lines
    ]


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as caught:
        desk.do(verb, **told)
    assert desk.acts == acts
    return caught.value.field, speak(caught.value.text, "en")


# The demo scheme


@needs_demo
def test_the_demo_brings_its_ten_claims_and_says_what_it_left(book: Book) -> None:
    """With 39 lines, nine of them of somebody who was archived there."""
    desk = book()
    report = bring_in(desk)
    assert (report.claims, report.claim_lines) == (10, 39)
    assert rows(desk, "SELECT count(*), sum(quantity * unit_price) FROM claim_line") == [
        (39, 1670 + 1000 + 11_810 + 21_400 + 21_690 + 21_010 + 410 + 11_410 + 2870 + 21_010)
    ]
    undecided = ("CID00001", "CIB00001", "CIA00001", "UPDH0002", "CIG00001", "UPDH0009")
    told = dict.fromkeys(undecided, UNDECIDED) | {
        "UPDH0001": "approved says 21000.00, the lines come to 650 F CFA: the lines were taken.",
        "8": "Set aside for a claim that is not decided: here it uses up nothing.",
        **dict.fromkeys(("16", "19"), "The claim was not brought over."),
    }
    no_place = "These columns hold something the book has no place for."
    found = left(report)
    assert {key: reason for key, reason in found if reason != no_place} == told
    assert len([one for one in found if one[1] != no_place]) == len(told)
    clean(desk)


@needs_demo
@pytest.mark.parametrize(("country", "scale"), [("SN", 1), ("ZZ", 100)])
def test_what_was_decided_there_stands_as_it_was(book: Book, country: str, scale: int) -> None:
    """DEMO-05, DEMO-09 and DEMO-04 of the peer's cases."""
    desk = book(country)
    bring_in(desk)
    referral = claim(desk, "UPDH0001")
    assert (referral.state, referral.visit, referral.decided_on) == (
        State.APPROVED,
        Visit.REFERRAL,
        date(2019, 4, 22),
    )
    # 20,350 above the price of 650 are the provider's loss; 40 + 650 the patient's.
    assert amounts(referral) == tuple(scale * one for one in (21_690, 650, 690, 20_350))
    assert lines(referral) == [
        ("0011", 1, 40 * scale, 0, 0, 0, 0, "RB08"),
        ("I125", 1, 650 * scale, 0, 0, 0, 0, ""),
        ("I125", 1, 21_000 * scale, 1, 650 * scale, 650 * scale, 650 * scale, "RT02"),
    ]
    plain = claim(desk, "JADH0001")
    assert amounts(plain) == (410 * scale, 410 * scale, 0, 0)
    assert [line[3:7] for line in lines(plain)] == [
        (1, 10 * scale, 10 * scale, 10 * scale),
        (1, 400 * scale, 400 * scale, 400 * scale),
    ]
    nothing = claim(desk, "RAD00001")
    assert (nothing.state, amounts(nothing)) == (
        State.REJECTED,
        (21_400 * scale, 0, 21_400 * scale, 0),
    )
    assert [(line[0], line[7]) for line in lines(nothing)] == [("M31", "RB01"), ("A1", "RB08")]
    clean(desk)


@needs_demo
def test_claims_stand_in_a_series_of_their_own_a_batch_for_each_provider_and_month(
    book: Book,
) -> None:
    desk = book()
    bring_in(desk)
    held = desk.ask(batches, desk.currency)
    assert {(one.number, one.provider, str(one.month), one.claims) for one in held} == {
        ("B-2019-i-000001", "Viru Dispensary", "2019-02", 1),
        ("B-2019-i-000002", "Juilöa Health Centre", "2019-01", 1),
        ("B-2019-i-000003", "Vida District Hospital", "2019-01", 2),
        ("B-2019-i-000004", "Rapta District Hospital", "2019-01", 1),
        ("B-2019-i-000005", "Uptol District Hospital", "2019-01", 3),
        ("B-2019-i-000006", "Jambero District Hospital", "2019-01", 1),
        ("B-2019-i-000007", "Jambero District Hospital", "2019-04", 1),
    }
    # The last of the three was handed in on the 28th.
    uptol = next(one for one in held if one.number == "B-2019-i-000005")
    assert uptol.received_on == date(2019, 1, 28)
    assert {(one.undecided, one.payable.minor, one.paid.minor) for one in held} == {(0, 0, 0)}
    first = claim(desk, "CID00001")
    assert (first.number, first.legacy_number) == ("C-2019-i-000001", "CID00001")
    assert (first.state, amounts(first)) == (State.RECEIVED, (1670, None, None, None))
    assert desk.ask(claim_of_number, "C-2019-i-000001") == first.id
    assert rows(desk, "SELECT count(*) FROM claim_decision WHERE decided_by IS NOT NULL") == [(0,)]
    assert rows(desk, "SELECT count(*) FROM claim_decision WHERE entry_id IS NOT NULL") == [(0,)]


@needs_demo
def test_a_second_import_writes_no_claim_again(book: Book) -> None:
    desk = book()
    first = bring_in(desk)
    acts = desk.acts
    second = bring_in(desk)
    assert (second.claims, second.claim_lines) == (0, 0)
    assert second.left_out == first.left_out
    assert desk.acts == acts


@needs_demo
def test_what_was_used_there_counts_against_limits_here(book: Book) -> None:
    desk = book()
    bring_in(desk)
    one = person(desk, "101000003")
    used = desk.ask(
        uses_of, household_id=one.household_id, person_id=one.id, since=date(2019, 1, 1)
    )
    paid = [(use.quantity, use.paid, use.deducted) for use in used if use.person_id == one.id]
    # Claim 9; claims 8 and 23 were never decided.
    assert sorted(paid) == [(1, 10, 0), (1, 400, 0)]
    # And of the household: claim 5 of her relative; claim 4 paid nothing.
    assert sum(use.paid for use in used) == 410 + 650


# Nothing is done with it here


@needs_demo
def test_nobody_decides_pays_or_withdraws_history(book: Book) -> None:
    desk = book()
    bring_in(desk)
    history = (
        "This claim comes from a former system and is kept as history: nothing is decided on it"
        " here. If it is still to be paid, type its certificate in again."
    )
    batch = "This batch comes from a former system and is kept as history. Open a new batch."
    entered, decided = claim(desk, "CID00001"), claim(desk, "UPDH0001")
    assert refused(desk, decide_claim, claim_id=entered.id) == ("claim", history)
    assert refused(desk, withdraw_claim, claim_id=entered.id, reason="x") == ("claim", history)
    assert refused(desk, decide_claim, claim_id=decided.id) == (
        "claim",
        "This claim is decided already. Decide otherwise on it, or choose another one.",
    )
    assert refused(desk, decide_batch, batch_id=entered.batch_id) == ("batch", batch)
    told = NewClaim(
        entered.person_id, date(2019, 1, 3), date(2019, 1, 3), (new_line(desk, "A1", 400),)
    )
    assert refused(
        desk, enter_claim, request_id=a_request(), batch_id=entered.batch_id, certificate=told
    ) == ("batch", batch)
    provider = desk.ask(provider_of_code, "UPHOS001")
    assert provider is not None
    assert desk.ask(unpaid_of, provider.id) == ()
    assert refused(desk, pay_provider, request_id=a_request(), provider_id=provider.id) == (
        "provider",
        "This provider is owed nothing. Choose another one.",
    )
    assert {steps for _, steps in desk.ask(why, decided.id, desk.currency)} == {()}


def new_line(desk: Desk, code: str, price: int) -> NewLine:
    service = desk.ask(service_of_code, code)
    assert service is not None
    return NewLine(ServiceId(service.id), 1, price)


@needs_demo
@pytest.mark.parametrize(
    ("number", "facility", "code", "price", "twice"),
    [("CIB00001", "VIHC001", "I26", 800, False), ("JADH0001", "JMHOS001", "A1", 400, True)],
)
def test_what_was_left_undecided_may_be_typed_in_again_and_what_was_decided_may_not(
    book: Book, number: str, facility: str, code: str, price: int, *, twice: bool
) -> None:
    desk = book()
    bring_in(desk)
    old = claim(desk, number)
    provider = desk.ask(provider_of_code, facility)
    assert provider is not None
    batch_id = desk.do(
        open_batch,
        request_id=a_request(),
        provider_id=provider.id,
        month=Month(2019, 1),
    )
    new = desk.do(
        enter_claim,
        request_id=a_request(),
        batch_id=batch_id,
        certificate=NewClaim(
            PersonId(old.person_id), old.first_day, old.last_day, (new_line(desk, code, price),)
        ),
    )
    with desk.work("look") as work:
        facts, _ = facts_now(work, new)
    assert ("RA07" in {one.value for one in facts.lines[0].refused}) is twice


@needs_demo
def test_returns_leave_history_out(book: Book) -> None:
    """Claims 5 and 9 bear decisions of April 2019 and March 2018."""
    desk = book()
    bring_in(desk)
    for month in (Month(2018, 3), Month(2019, 1), Month(2019, 4)):
        told = desk.ask(measures, month).tables
        benefits = {name: table for name, table in told.items() if name.startswith("b_")}
        assert "b_total" in benefits
        assert {one.value for table in benefits.values() for one in table} == {0}


# Diagnoses


@needs_demo
def test_diagnoses_are_sealed(book: Book) -> None:
    desk = book()
    bring_in(desk)
    assert diagnosis_of(desk, id_of(desk, "UPDH0001")) == "A50"
    assert diagnosis_of(desk, id_of(desk, "CIB00001")) == "A00, A01"
    sealed = [one for (one,) in rows(desk, "SELECT diagnosis FROM claim")]
    assert len(sealed) == 10
    assert not [one for one in sealed if one is None or b"A50" in one]


def test_without_the_medical_key_diagnoses_stay_out_and_that_is_said(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    desk.do(add_person, name="Binta", role=Role.TREASURER, password=SECOND)
    folder, clock = desk.folder, desk.clock
    desk.close()
    with unlock(folder, password=SECOND, name="Binta", clock=clock) as other:
        report = bring_in(other, folder_of(tmp_path, row(icd="A50")))
        assert left(report) == [
            ("icd", "You may not write diagnoses: those of 1 claims were left out.")
        ]
        assert rows(other, "SELECT diagnosis FROM claim") == [(None,)]
        clean(other)


def test_a_row_of_claims_that_is_left_out_shows_no_diagnosis(book: Book, tmp_path: Path) -> None:
    spoilt = row(claim_id=8, claim_code="K8", icd="A50", chf_id="none")
    nameless = row(claim_id="", claim_code="K9", icd="A50")
    short = "9,K9,0101,H1,A50\n"
    claims = (row(icd="A50"), spoilt, nameless, short)
    lines = PASSED + PASSED.replace("7,K7", "8,K8")
    report = bring_in(book(), folder_of(tmp_path, *claims, services=lines))
    names = [one for one in report.left_out if one.file == "claims.csv"]
    assert [one.key for one in names] == ["5", "", "K8"]
    assert not [one for one in names if "A50" in one.what + str(one.reason)]


# A made-up scheme


def test_a_claim_comes_with_its_days_and_papers(book: Book, tmp_path: Path) -> None:
    desk = book()
    report = bring_in(desk, folder_of(tmp_path, row(visit_type="E", guarantee_id="G-5")))
    assert (report.claims, report.claim_lines, left(report)) == (1, 1, [])
    one = claim(desk, "K7")
    assert (one.first_day, one.last_day, one.visit) == (
        date(2026, 7, 1),
        date(2026, 7, 2),
        Visit.EMERGENCY,
    )
    assert rows(desk, "SELECT guarantee, entered_on, certificate FROM claim") == [
        ("G-5", "2026-07-05", "")
    ]
    assert rows(desk, "SELECT received_on, month FROM claim_batch") == [("2026-07-05", "2026-07")]
    assert one.decided_on == date(2026, 7, 9)
    assert amounts(one) == (1000, 1000, 0, 0)
    clean(desk)


@pytest.mark.parametrize(
    ("line", "expected", "claimed"),
    [
        # Two of three count; the third is the patient's.
        ("C1,1,3,2,500,500,,800,0,0,200,800", (2, 1000, 1000, 800, 0, ""), (1500, 800, 700, 0)),
        # 100 above the price is the provider's, 300 deductible and a share of 20 % the patient's.
        (
            "C1,1,2,,550,500,,560,0,300,0,560",
            (2, 1000, 560, 560, 300, "RT02,RD01"),
            (1100, 560, 440, 100),
        ),
        # The reviewer's price, when nothing says what was used.
        ("C1,1,2,,500,,450,900,0,,,", (2, 900, 900, 900, 0, "RT02"), (1000, 900, 0, 100)),
        # A relative price: what was paid in the end, not what it was valued at.
        ("C1,1,2,,500,500,,1000,0,0,0,700", (2, 1000, 700, 700, 0, ""), (1000, 700, 300, 0)),
        # Claimed twice is the provider's loss.
        ("C1,2,2,0,500,,,,6,,,", (0, 0, 0, 0, 0, "RA07"), (1000, 0, 0, 1000)),
    ],
)
def test_a_line_keeps_its_four_amounts(
    book: Book,
    tmp_path: Path,
    line: str,
    expected: tuple[Any, ...],
    claimed: tuple[int, ...],
) -> None:
    desk = book()
    assert left(bring_in(desk, folder_of(tmp_path, services=f"7,K7,{line}\n"))) == []
    assert rows(
        desk, "SELECT quantity, approved, adjusted, paid, deducted, codes FROM line_decision"
    ) == [expected]
    assert amounts(claim(desk, "K7")) == claimed
    clean(desk)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        *(("1", "RB01"), ("2", "RT01"), ("3", "RB01"), ("4", "RB09"), ("5", "RC01")),
        *(("10", "RB08"), ("11", "RC01"), ("15", "RC01"), ("17", "RB03"), ("19", "RC01")),
        *(("7", ""), ("8", ""), ("9", ""), ("16", ""), ("-1", ""), ("", "")),
    ],
)
def test_a_refused_line_bears_our_code_or_that_there_is_none_is_said(
    book: Book, tmp_path: Path, told: str, code: str
) -> None:
    desk = book()
    refused = f"7,K7,D1,2,1,0,4000,,,,{told},,,\n"
    report = bring_in(desk, folder_of(tmp_path, services=PASSED + refused))
    assert lines(claim(desk, "K7"))[1] == ("D1", 1, 4000, 0, 0, 0, 0, code)
    assert amounts(claim(desk, "K7")) == (5000, 1000, 4000, 0)
    said = f"Lines refused for a reason the book has no code for ({told or '—'}): 1."
    assert left(report) == ([] if code else [("K7", said)])


def test_a_line_paid_with_more_than_was_asked_keeps_the_sum_and_is_told(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    line = "7,K7,C1,1,2,,400,500,,1000,0,0,0,1000\n"
    report = bring_in(desk, folder_of(tmp_path, services=line))
    assert amounts(claim(desk, "K7")) == (800, 1000, 0, -200)
    assert left(report) == [("K7", "Lines paid with more than was asked: 1.")]
    clean(desk)


def test_what_waited_for_a_run_there_is_approved_with_what_was_stored(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    open_line = "7,K7,D1,1,1,,4000,4000,,,0,0,0,\n"
    report = bring_in(desk, folder_of(tmp_path, row(status=8), services=PASSED + open_line))
    one = claim(desk, "K7")
    assert (one.state, amounts(one)) == (State.APPROVED, (5000, 1000, 4000, 0))
    said = "Lines whose amount was still open, kept as paid with nothing: 1."
    assert left(report) == [("K7", said)]


@pytest.mark.parametrize(
    ("changed", "key", "reason"),
    [
        ({"chf_id": "0999"}, "K7", "Nobody in the book has the number 0999: "),
        ({"chf_id": ""}, "K7", "Nobody in the book has the number —: "),
        ({"hf_code": "H9"}, "K7", "There is no provider H9 in the book: "),
        ({"status": 3}, "K7", "Its status is not known here: 3."),
        ({"claim_code": ""}, "7", "No claim code, or one that another claim has."),
        ({"date_from": "1/7/2026"}, "K7", "1/7/2026 is not a day such as 2019-08-20."),
        ({"date_from": "2026-07-03"}, "K7", "The care ends before it begins."),
        ({"date_claimed": "2026-11-24"}, "K7", " is still ahead."),
        ({"date_processed": "2027-01-01"}, "K7", " is still ahead."),
    ],
)
def test_a_claim_that_cannot_be_carried_over_is_left_with_its_reason(
    book: Book, tmp_path: Path, changed: dict[str, object], key: str, reason: str
) -> None:
    desk = book()
    report = bring_in(desk, folder_of(tmp_path, row(**changed)))
    ((found, told),) = left(report)
    assert found == key
    assert reason in told
    assert (report.claims, rows(desk, "SELECT count(*) FROM claim_batch")) == (0, [(0,)])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "The claim has no line."),
        ("7,K7,X9,1,1,,500,,,,0,,,\n", "X9 is not in the register of services and items."),
        ("7,K7,C1,1,0,,500,,,,0,,,\n", "C1: The line has no quantity."),
        ("7,K7,C1,1,1.5,,500,,,,0,,,\n", "C1: 1.5 is not a whole number."),
        ("7,K7,C1,1,1,,0.5,,,,0,,,\n", "C1: 0.5 is not an amount in the currency of the book."),
        ("7,K7,C1,1,1,,-5,,,,0,,,\n", "C1: -5 is not an amount in the currency of the book."),
        ("7,K7,C1,4,1,,500,,,,0,,,\n", "C1: Its status is not known here: 4."),
        ("7,K7,C1,1,1,,999999999999,,,,0,,,\n", " is more than an amount can be."),
    ],
)
def test_a_claim_with_a_line_that_cannot_be_carried_over_stays_whole_where_it_is(
    book: Book, tmp_path: Path, line: str, reason: str
) -> None:
    desk = book()
    good = PASSED if line else ""
    report = bring_in(desk, folder_of(tmp_path, services=good + line))
    ((key, told),) = left(report)
    assert key == "K7"
    assert told.endswith(reason)
    assert rows(desk, "SELECT count(*) FROM claim_line") == [(0,)]


def test_what_is_used_up_beside_other_lines_is_told_and_the_lines_count(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    stored = "7,11,0.00,900.00\n7,12,0.00,50.00\n"
    report = bring_in(desk, folder_of(tmp_path, stored=stored))
    said = (
        "Kept as paid 950 F CFA and deducted 0 F CFA, by the lines 1,000 F CFA and 0 F CFA:"
        " the lines were taken."
    )
    assert left(report) == [("7", said)]
    one = person(desk, "0101")
    used = desk.ask(
        uses_of, household_id=one.household_id, person_id=one.id, since=date(2026, 1, 1)
    )
    assert [(use.quantity, use.paid) for use in used] == [(2, 1000)]
    same = bring_in(desk, folder_of(tmp_path, stored="7,11,0.00,1000.00\n"))
    assert left(same) == []


def test_a_code_two_claims_have_is_taken_once_and_a_line_of_none_is_told(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    second = row(claim_id=8, chf_id="0100")
    lines = PASSED + PASSED.replace("7,K7", "8,K7") + PASSED.replace("7,K7", "9,K9")
    report = bring_in(desk, folder_of(tmp_path, row(), second, services=lines))
    assert left(report) == [
        ("9", "There is no claim 9 in the files."),
        ("K7", "No claim code, or one that another claim has."),
    ]
    assert rows(desk, "SELECT count(*) FROM claim_line") == [(1,)]


def test_a_header_that_tells_another_sum_is_told(book: Book, tmp_path: Path) -> None:
    report = bring_in(book(), folder_of(tmp_path, row(claimed="900.00", approved="1000.00")))
    said = "claimed says 900.00, the lines come to 1,000 F CFA: the lines were taken."
    assert left(report) == [("K7", said)]


def test_a_claim_that_changed_there_is_not_taken_over(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, folder_of(tmp_path, row(status=4)))
    acts = desk.acts
    report = bring_in(desk, folder_of(tmp_path, row(status=16)))
    changed = "Registered already; what differs from the book is not taken over."
    assert left(report) == [("K7", changed)]
    assert desk.acts == acts


def test_a_later_export_adds_its_claims_to_the_batch_of_their_month(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    bring_in(desk, folder_of(tmp_path))
    other = row(claim_id=8, claim_code="K8", chf_id="0200", date_claimed="2026-07-20")
    next_month = row(claim_id=9, claim_code="K9", date_from="2026-08-01", date_to="2026-08-01")
    told = PASSED + PASSED.replace("7,K7", "8,K8") + PASSED.replace("7,K7", "9,K9")
    report = bring_in(desk, folder_of(tmp_path, row(), other, next_month, services=told))
    assert (report.claims, report.claim_lines) == (2, 2)
    assert rows(desk, "SELECT serial, legacy_number FROM claim ORDER BY serial") == [
        (1, "K7"),
        (2, "K8"),
        (3, "K9"),
    ]
    assert rows(
        desk, "SELECT b.serial, b.month, count(*) FROM claim_batch b JOIN claim c"
        " ON c.batch_id = b.id GROUP BY b.id ORDER BY b.serial"
    ) == [(1, "2026-07", 2), (2, "2026-08", 1)]  # fmt: skip
    clean(desk)


def test_an_export_without_claims_brings_none(book: Book, tmp_path: Path) -> None:
    report = bring_in(book(), care_of(tmp_path))
    assert (report.claims, report.claim_lines, left(report)) == (0, 0, [])
