"""Families archived in openIMIS whom claims name; figures by hand from the demo's `history/`."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from stepdesk.claims.terms import State, Visit
from stepdesk.contributions.queries import facts_of
from stepdesk.contributions.rules import account_on
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis import import_openimis
from stepdesk.i18n import speak
from stepdesk.members.queries import counts_on, household_file, search
from stepdesk.members.terms import Event, EventKind
from stepdesk.reports.queries import disagreements, measures, standing
from stepdesk.reports.service import close_month
from stepdesk.rights.queries import verdict_of
from stepdesk.rights.terms import Answer, HouseholdState, ReasonCode
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.month import Month
from tests.exchange.test_openimis import (
    DEMO,
    SMALL,
    TODAY,
    balances,
    counts,
    left_of,
    needs_demo,
    person,
    rows,
)
from tests.exchange.test_openimis_claims import amounts, claim, folder_of, left, lines, row

Book = Callable[..., Desk]

FAMILIES = (
    "family_id,head_chf_id,village_code,address,valid_from,valid_to,legacy_id\n"
    "9,0900,V3,Old road,2025-03-01,2026-06-01,\n"
    "10,0900,V3,,2024-02-01,2025-03-01,9\n"
)
INSUREES = (
    "chf_id,family_id,last_name,other_names,dob,gender,is_head,relationship,valid_from,valid_to,"
    "legacy_id\n"
    "0901,9,Fall,Ami,1992-02-03,F,0,4,2025-03-01,2026-06-01,\n"
    "0901,9,Fall,Ami,1992-02-03,F,0,8,2024-02-01,2025-03-01,77\n"
    "0900,9,Fall,Omar,1988-05-06,M,1,,2025-03-01,2026-06-01,\n"
)
POLICIES = (
    "policy_id,family_id,product_code,start_date,legacy_id\n"
    "40,9,P2,2025-03-01,\n41,9,P1,2024-03-01,\n42,9,P1,2026-03-01,41\n"
)
NOBODY = "Nobody in the book has the number 0901: the claim and its lines stay there."


def archive_of(tmp_path: Path, *claims: str, **changed: str) -> Path:
    """Write the small made-up export with a claim of 0901 and what was archived."""
    folder = folder_of(tmp_path, *(claims or (row(chf_id="0901"),)))
    (folder / "history").mkdir(exist_ok=True)
    told = {"families": FAMILIES, "insurees": INSUREES, "policies": POLICIES} | changed
    for name, content in told.items():
        if content:
            (folder / "history" / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def clean(desk: Desk) -> None:
    assert verify_desk(desk, whole=True).findings == []
    assert desk.ask(disagreements) == ()


# The demo scheme


@needs_demo
def test_the_family_of_a_claim_comes_over_closed_beside_the_living_registers(book: Book) -> None:
    """The family was written on 2019-04-21, changed and deleted on 2019-09-09."""
    desk = book()
    report = desk.do(import_openimis, folder=DEMO)
    assert counts(report) == (14, 21, 60, 2, 21, 21, 210_000)
    assert report.archived == 1
    found = desk.ask(household_file, person(desk, "55555").household_id)
    assert found is not None
    assert (found.legacy_number, found.section, found.joined_on, found.address) == (
        "55555",
        "Holobo",
        date(2019, 4, 21),
        "",
    )
    assert [
        (one.name, one.legacy_number, one.relation.value, one.sex.value, one.birth.day)
        for one in found.persons
    ] == [
        ("arafat ahmed", "55555", "SELF", "M", date(1990, 2, 1)),
        ("arafa hoda", "55556", "CHILD", "F", date(2010, 2, 1)),
        ("arafat mona", "55557", "SIBLING", "F", date(1992, 2, 1)),
    ]
    days = {(cover.first_day, cover.until) for cover in found.covers}
    assert days == {(date(2019, 4, 21), date(2019, 9, 9))}
    assert found.events == (
        Event(EventKind.REGISTERED, date(2019, 4, 21)),
        Event(EventKind.CLOSED, date(2019, 9, 9)),
    )
    money = "SELECT (SELECT count(*) FROM payment WHERE household_id = :one)"
    money += " + (SELECT count(*) FROM due WHERE household_id = :one)"
    assert rows(desk, money, one=found.id) == [(0,)]
    clean(desk)


@needs_demo
def test_the_claim_of_somebody_archived_stands_as_it_was(book: Book) -> None:
    """DEMO-17 of the peer's cases: a two-day emergency stay, nine lines, six refused with 10."""
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    stay = claim(desk, "CIA06601")
    assert (stay.state, stay.visit, stay.first_day, stay.last_day, stay.decided_on) == (
        State.APPROVED,
        Visit.EMERGENCY,
        date(2019, 4, 1),
        date(2019, 4, 2),
        date(2019, 4, 21),
    )
    assert stay.patient == "arafat ahmed"
    assert amounts(stay) == (11_410, 7900, 3510, 0)
    refused = (("0002", 1000), ("0001", 10), ("0030", 750), ("0035", 500), ("0031", 850))
    paid = (("I26", 800), ("I125", 650))
    assert lines(stay) == [
        *((code, 1, asked, 0, 0, 0, 0, "RB08") for code, asked in refused),
        *((code, 1, asked, 1, asked, asked, asked, "") for code, asked in paid),
        ("A1", 1, 400, 0, 0, 0, 0, "RB08"),
        ("I13", 1, 6450, 1, 6450, 6450, 6450, ""),
    ]


@needs_demo
def test_a_second_import_brings_no_closed_household_again(book: Book) -> None:
    desk = book()
    first = desk.do(import_openimis, folder=DEMO)
    acts = desk.acts
    second = desk.do(import_openimis, folder=DEMO)
    assert (second.archived, counts(second)) == (0, (0,) * 7)
    assert second.left_out == first.left_out
    assert desk.acts == acts
    assert rows(desk, "SELECT count(*) FROM household") == [(22,)]


@needs_demo
@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2019, 4, 2), [ReasonCode.RA01, ReasonCode.RA04]),
        (date(2019, 4, 21), [ReasonCode.RA04]),
        (date(2019, 9, 8), [ReasonCode.RA04]),
        (date(2019, 9, 9), [ReasonCode.RA02, ReasonCode.RA05]),
        (TODAY, [ReasonCode.RA02, ReasonCode.RA05]),
    ],
)
def test_who_was_archived_has_rights_on_no_day_and_owes_nothing(
    book: Book, day: date, codes: list[ReasonCode]
) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    one = person(desk, "55555")
    verdict = desk.ask(verdict_of, one.id, day)
    assert verdict is not None
    assert verdict.answer is Answer.NO
    assert [reason.code for reason in verdict.reasons] == codes
    account = account_on(desk.ask(facts_of, one.household_id), day)
    assert (account.called, account.arrears, account.credit) == ((), 0, 0)
    if day >= date(2019, 9, 9):
        assert (verdict.state, verdict.to_pay) == (HouseholdState.CLOSED, 0)


@needs_demo
def test_closed_households_count_nowhere_among_the_living(book: Book) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    assert desk.ask(counts_on, TODAY) == (21, 60)
    assert desk.ask(counts_on, date(2019, 9, 8)) == (22, 63)
    assert desk.ask(counts_on, date(2019, 9, 9)) == (21, 60)
    now = standing(desk)
    assert (now.households, now.not_entered, now.arrears.minor) == (21, (), 0)


@needs_demo
def test_a_closing_books_and_tells_the_same_with_and_without_the_archive(
    book: Book, tmp_path: Path
) -> None:
    """17 policies from 2019-08-20 for 366 days earn 13,940 in November 2019."""
    living = tmp_path / "living"
    shutil.copytree(DEMO, living, ignore=shutil.ignore_patterns("history"))
    month = Month(2019, 11)
    told = []
    for folder, archived, day in ((DEMO, 1, 10), (living, 0, 11)):
        desk = book(day=date(2019, 11, day))
        assert desk.do(import_openimis, folder=folder).archived == archived
        accepting = frozenset({"not_counted", "month_not_over"})
        closing = desk.do(close_month, month=month, accepting=accepting)
        assert balances(desk, "P04") == {"contrib_advance": 13_940, "contribution": -13_940}
        told.append((closing.balance.rows, desk.ask(measures, month)))
        clean(desk)
    assert told[0] == told[1]


@needs_demo
def test_without_the_archive_the_claim_stays_there(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("history"))
    desk = book()
    report = desk.do(import_openimis, folder=folder)
    assert (report.archived, report.claims, report.claim_lines) == (0, 9, 30)
    assert (
        "CIA06601",
        "Nobody in the book has the number 55555: the claim and its lines stay there.",
    ) in left(report)
    assert desk.ask(search, "55555") == ()


# A small made-up export


def test_the_last_version_counts_and_the_first_tells_since_when(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    report = desk.do(import_openimis, folder=archive_of(tmp_path))
    assert (report.archived, report.households, report.persons, report.claims) == (1, 2, 3, 1)
    found = desk.ask(household_file, person(desk, "0901").household_id)
    assert found is not None
    assert (found.legacy_number, found.section, found.address) == ("0900", "Doro", "Old road")
    assert [(one.name, one.relation.value) for one in found.persons] == [
        ("Fall Omar", "SELF"),
        ("Fall Ami", "CHILD"),
    ]
    assert {(one.first_day, one.until) for one in found.covers} == {
        (date(2024, 2, 1), date(2026, 6, 1))
    }
    clean(desk)


def test_nobody_is_brought_whom_no_claim_names(book: Book, tmp_path: Path) -> None:
    desk = book()
    report = desk.do(import_openimis, folder=archive_of(tmp_path, row()))
    assert (report.archived, report.claims) == (0, 1)
    assert desk.ask(search, "Fall") == ()


def test_a_claim_of_a_later_export_finds_the_household_that_stands(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    desk.do(import_openimis, folder=archive_of(tmp_path))
    line = "{0},K{0},C1,1,2.00,,500.00,500.00,,1000.00,0,0.00,0.00,1000.00\n"
    folder = folder_of(
        tmp_path,
        row(chf_id="0901"),
        row(claim_id=8, claim_code="K8", chf_id="0900"),
        services=line.format(7) + line.format(8),
    )
    report = desk.do(import_openimis, folder=folder)
    assert (report.archived, report.claims) == (0, 1)
    assert claim(desk, "K8").patient == "Fall Omar"


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"insurees": ""}, []),
        ({"families": ""}, [("9", "There is no family 9 in the files.")]),
        (
            {"families": FAMILIES.replace("V3", "V9")},
            [("9", "There is no village V9 in the files.")],
        ),
        (
            {"families": FAMILIES.replace("2026-06-01", "2026-11-24")},
            [("9", "24 November 2026 is still ahead.")],
        ),
        (
            {"insurees": INSUREES.replace(",M,1,", ",M,0,")},
            [("9", "The family has no head.")],
        ),
        # Who left a family that lives on, and whose number somebody else has by now.
        ({"insurees": INSUREES.replace(",9,", ",1,")}, []),
        (
            {"insurees": INSUREES.replace("0900,", "0200,")},
            [("9", "The family has no head.")],
        ),
    ],
)
def test_a_family_that_cannot_be_brought_leaves_its_claim_there(
    book: Book, tmp_path: Path, changed: dict[str, str], reasons: list[tuple[str, str]]
) -> None:
    desk = book()
    report = desk.do(import_openimis, folder=archive_of(tmp_path, **changed))
    assert (report.archived, report.claims, left(report)) == (0, 0, [("K7", NOBODY)])
    found = left_of(report, "history/families.csv")
    earlier = "Earlier versions of rows stay in the other system."
    assert [(key, reason) for _, key, reason in found if reason != earlier] == reasons
    assert rows(desk, "SELECT count(*) FROM household") == [(2,)]


def test_a_patient_the_book_cannot_have_brings_no_family(book: Book, tmp_path: Path) -> None:
    changed = INSUREES.replace(",F,0,4", ",X,0,4")
    desk = book()
    report = desk.do(import_openimis, folder=archive_of(tmp_path, insurees=changed))
    assert (report.archived, left(report)) == (0, [("K7", NOBODY)])
    told = ("0901", "The book knows women and men only; here stands X.")
    assert told in [(key, reason) for _, key, reason in left_of(report, "history/insurees.csv")]


@pytest.mark.parametrize(
    ("policies", "used", "plan", "plans"),
    [(POLICIES, "P2", "P2", 2), ("", "P2", "P1", 2), (POLICIES, "P1", "P1", 1)],
)
def test_the_plan_is_that_of_the_last_policy_if_the_living_have_it_else_their_first(
    book: Book, tmp_path: Path, policies: str, used: str, plan: str, plans: int
) -> None:
    """No plan is brought over for the archive's sake."""
    desk, folder = book(), archive_of(tmp_path, policies=policies)
    products = SMALL["products"] + "P2,Other,12,2017-01-01,1200.00,,,1\n"
    (folder / "products.csv").write_text(products, encoding="utf-8")
    told = SMALL["policies"].replace("12,2,P1", f"12,2,{used}")
    (folder / "policies.csv").write_text(told, encoding="utf-8")
    assert desk.do(import_openimis, folder=folder).plans == plans
    found = desk.ask(household_file, person(desk, "0901").household_id)
    assert found is not None
    assert rows(desk, "SELECT code FROM plan WHERE id = :plan", plan=found.plan_id) == [(plan,)]


def test_an_archive_of_another_shape_is_refused(book: Book, tmp_path: Path) -> None:
    desk = book()
    acts = desk.acts
    folder = archive_of(tmp_path, families=FAMILIES.replace("valid_to", "until"))
    with pytest.raises(Refusal) as caught:
        desk.do(import_openimis, folder=folder)
    assert speak(caught.value.text, "en") == (
        "history/families.csv has no column valid_to. Take the files of one export, unchanged."
    )
    assert desk.acts == acts
