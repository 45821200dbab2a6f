"""Figures by hand from the README of the demo data and its CSV files."""

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from stepdesk.contributions.queries import receipt_gaps, receipt_of, receipts_of
from stepdesk.contributions.service import contribute
from stepdesk.contributions.terms import Means, Periodicity, Renewal, Target
from stepdesk.errors import Cancelled, Refusal, Trouble
from stepdesk.exchange.openimis import import_openimis, request_of
from stepdesk.exchange.openimis_files import Paid
from stepdesk.exchange.terms import CareAdded, ImportReport, LeftOut
from stepdesk.i18n import Text, speak
from stepdesk.members.queries import household_file, search
from stepdesk.members.terms import PersonRow
from stepdesk.progress import Progress
from stepdesk.reports.queries import control_differences
from stepdesk.reports.service import close_month
from stepdesk.rights.queries import verdict_of
from stepdesk.rights.terms import Answer, ReasonCode
from stepdesk.scheme.queries import sections_on
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.ids import PaymentId, RequestId
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from tests.builders import a_household, a_plan, a_section

DEMO = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openimis_demo"
TODAY = date(2026, 11, 23)
needs_demo = pytest.mark.skipif(not DEMO.is_dir(), reason="the demo data is not here")
Book = Callable[..., Desk]

SMALL: Mapping[str, str] = {
    "locations": "code,name,type,parent_code,valid_from\n"
    "R1,North,R,,2017-01-01\nM1,Hill,W,R1,2017-01-01\nM2,Lake,W,R1,2017-01-01\n"
    "V1,Koula,V,M1,2017-01-01\nV2,Koula,V,M2,2017-01-01\nV3,Doro,V,M2,2017-01-01\n",
    "families": "family_id,head_chf_id,village_code,address\n1,0100,V1,Well road 3\n2,0200,V3,\n",
    "insurees": "chf_id,family_id,last_name,other_names,dob,gender,is_head,relationship\n"
    "0101,1,Sow,Awa,1990-02-03,F,0,8\n0100,1,Sow,Issa,1988-05-06,M,1,\n"
    "0200,2,Ba,Dado,1979-01-01,F,1,\n",
    "policies": "policy_id,family_id,product_code,value,enroll_date,start_date,effective_date,"
    "expiry_date\n"
    "11,1,P1,1200.00,2026-05-28,2026-06-01,2026-06-01,2027-05-31\n"
    "12,2,P1,1200.00,2024-02-29,2024-02-29,2024-02-29,2025-02-27\n",
    "insuree_policies": "chf_id,policy_id,start_date,expiry_date\n"
    "0100,11,2026-06-01,2027-05-31\n0101,11,2026-06-01,2027-05-31\n"
    "0200,12,2024-02-29,2025-02-27\n",
    "contributions": "premium_id,policy_id,payer,amount,receipt,pay_date,pay_type,is_photo_fee\n"
    "91,11,,1200.00,A7,2026-06-01,M,0\n92,12,,1200.00,A7,2024-02-29,C,0\n",
    "products": "ProductCode,ProductName,InsurancePeriod,DateFrom,LumpSum,PremiumAdult,"
    "PremiumChild,GracePeriodRenewal\nP1,Basic,12,2017-01-01,1200.00,,,1\n",
}


def folder_of(tmp_path: Path, **changed: str) -> Path:
    """Write a small made-up export; `changed` replaces whole files, or adds to them after '+'."""
    folder = tmp_path / "export"
    folder.mkdir(exist_ok=True)
    for name, told in SMALL.items():
        new = changed.get(name, told)
        content = told + new[1:] if new.startswith("+") else new
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def rows(desk: Desk, statement: str, **values: object) -> list[tuple[Any, ...]]:
    with desk.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def person(desk: Desk, number: str) -> PersonRow:
    return next(one for one in desk.ask(search, number) if one.legacy_number == number)


def counts(report: ImportReport) -> tuple[int, ...]:
    return (
        report.sections,
        report.households,
        report.persons,
        report.plans,
        report.policies,
        report.receipts,
        report.opening_amount.minor,
    )


def told(left: LeftOut) -> tuple[str, str, str]:
    return left.file, left.key, speak(left.reason, "en")


def left_of(report: ImportReport, *files: str) -> list[tuple[str, str, str]]:
    return [told(one) for one in report.left_out if one.file in files]


def balances(desk: Desk, rule: str) -> dict[str, int]:
    found = rows(
        desk,
        "SELECT l.role, sum(l.amount) FROM entry_line l JOIN entry e ON e.id = l.entry_id"
        " WHERE e.rule = :rule GROUP BY l.role",
        rule=rule,
    )
    return {str(role): int(amount) for role, amount in found}


def assert_sound(desk: Desk) -> None:
    assert verify_desk(desk).findings == []
    assert desk.ask(control_differences) == {}
    assert desk.ask(receipt_gaps) == []


def request_id(letter: str) -> RequestId:
    return RequestId(letter.encode() * 16)


# The demo scheme


@needs_demo
@pytest.mark.parametrize(("country", "scale"), [("SN", 1), ("ZZ", 100)])
def test_the_demo_scheme_is_brought_over_by_one_act(book: Book, country: str, scale: int) -> None:
    desk = book(country)
    before = desk.acts
    report = desk.do(import_openimis, folder=DEMO)
    assert counts(report) == (14, 21, 60, 2, 21, 21, 210_000 * scale)
    assert desk.acts == before + 1
    assert rows(desk, "SELECT count(*) FROM payment WHERE entry_id IS NULL") == [(21,)]
    assert_sound(desk)


@needs_demo
def test_a_second_import_changes_nothing_and_leaves_no_act(book: Book) -> None:
    desk = book()
    first = desk.do(import_openimis, folder=DEMO)
    acts = desk.acts
    with desk.work("import_openimis") as work:
        second = import_openimis(work, folder=DEMO)
        assert not work.wrote
    assert counts(second) == (0,) * 7
    assert second.care == CareAdded()
    assert second.left_out == first.left_out
    assert desk.acts == acts


@needs_demo
def test_families_come_whole_the_head_first_with_leading_zeros_kept(book: Book) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    first = desk.ask(household_file, person(desk, "070707070").household_id)
    assert first is not None
    assert (first.legacy_number, first.section, first.joined_on, first.address) == (
        "070707070",
        "Rachla",
        date(2019, 8, 20),
        "Ranchou road 21",
    )
    assert [
        (one.suffix, one.name, one.legacy_number, one.relation.value, one.sex.value, one.birth.day)
        for one in first.persons
    ] == [
        (0, "Macintyre Joseph", "070707070", "SELF", "M", date(1950, 7, 12)),
        (1, "Macintyre Jane", "070707081", "SPOUSE", "F", date(1952, 5, 7)),
        (2, "Macintyre Adele", "070707092", "CHILD", "F", date(1974, 6, 11)),
        (3, "Macintyre Abu", "070707066", "OTHER", "M", date(1973, 11, 21)),
        (4, "Macintyre Jet", "070707055", "OTHER", "F", date(2005, 10, 16)),
    ]
    other = desk.ask(household_file, person(desk, "172000002").household_id)
    assert other is not None
    assert (other.legacy_number, other.section, other.joined_on, other.address) == (
        "172000001",
        "Radho",
        date(2018, 8, 6),
        "",
    )
    assert [(one.suffix, one.name, one.relation.value) for one in other.persons] == [
        (0, "Jorrison Manny", "SELF"),
        (1, "Jorrison Veny", "CHILD"),
    ]


@needs_demo
def test_receipts_are_history_with_their_day_and_number(book: Book) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    (receipt,) = desk.ask(receipts_of, person(desk, "070707070").household_id, desk.currency)
    assert (receipt.number, receipt.paid_on, receipt.amount.minor, receipt.means) == (
        "555",
        date(2019, 8, 20),
        10_000,
        Means.BANK,
    )
    assert receipt.section == "Rachla"
    assert receipt.covered_through == date(2020, 8, 19)
    (line,) = receipt.lines
    assert (line.target, line.amount.minor, line.first_day, line.last_day) == (
        Target.DUE,
        10_000,
        date(2019, 8, 20),
        date(2020, 8, 19),
    )
    assert rows(
        desk, "SELECT year, letter, min(serial), max(serial), count(*) FROM payment GROUP BY year"
    ) == [(2018, "i", 1, 4, 4), (2019, "i", 1, 17, 17)]


@needs_demo
def test_the_plans_are_the_two_products_in_use(book: Book) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    assert rows(
        desk,
        "SELECT p.code, v.name, v.basis, v.amount, v.periodicity, v.first_day, v.grace_days,"
        " v.entry_fee, v.waiting_months, v.renewal, v.child_max_age, v.due_day FROM plan p"
        " JOIN plan_version v ON v.plan_id = p.id ORDER BY p.code",
    ) == [
        (
            code,
            name,
            "PER_HOUSEHOLD",
            10_000,
            Periodicity.ANNUAL.value,
            "2017-01-01",
            0,
            0,
            0,
            Renewal.ON_PAYMENT.value,
            None,
            None,
        )
        for code, name in (
            ("BCTA0001", "Basic Cover Tahida"),
            ("BCUL0001", "Basic Cover Ultha"),
        )
    ]


@needs_demo
def test_what_is_not_carried_over_is_listed(book: Book) -> None:
    report = book().do(import_openimis, folder=DEMO)
    assert left_of(
        report, "locations.csv", "insurees.csv", "insuree_policies.csv", "payers.csv"
    ) == [
        (
            "locations.csv",
            f"type {kind}",
            f"Places above the villages have no place in the book: {count}.",
        )
        for kind, count in (("R", 2), ("D", 5), ("W", 10))
    ] + [
        (
            "insurees.csv",
            "relationship",
            "How they are related is not told; carried over by their age, to be checked: 31.",
        ),
        ("insurees.csv", "relationship 5", "Grandparents carried over as parents: 2."),
        (
            "insuree_policies.csv",
            "start_date, expiry_date",
            "Covers with other days than their policy, whose days are taken: 60.",
        ),
        (
            "insurees.csv",
            "marital, photo_date, valid_from",
            "These columns hold something the book has no place for.",
        ),
        (
            "payers.csv",
            "Coffee Farmers Association",
            "Not carried over as a payer; receipts that stand for families: 3.",
        ),
    ]
    files = {one.file for one in report.left_out}
    # All of these is carried over.
    whole = {
        f"{kind}_{of}.csv" for kind in ("price_list", "product") for of in ("items", "services")
    } | {
        "product_relative_distribution.csv",
        "diagnoses_icd10.csv",
        "diagnoses_icd10_postgres_demo.csv",
    }
    assert {path.relative_to(DEMO).as_posix() for path in DEMO.rglob("*.csv")} == files | whole
    assert files & whole == set()
    assert [one.key for one in report.left_out if one.file == "products.csv" and not one.what] == [
        "FCUL0001",
        "FCTA0001",
    ]


@needs_demo
def test_then_rights_are_asked_a_month_is_collected_and_closed(book: Book) -> None:
    desk = book()
    desk.do(import_openimis, folder=DEMO)
    one = person(desk, "070707070")
    covered = desk.ask(verdict_of, one.id, date(2020, 1, 1))
    assert covered is not None
    assert covered.answer is Answer.YES
    lapsed = desk.ask(verdict_of, one.id, date(2021, 1, 1))
    assert lapsed is not None
    assert (lapsed.answer, [reason.code for reason in lapsed.reasons], lapsed.to_pay) == (
        Answer.NO,
        [ReasonCode.RA04],
        10_000,
    )
    receipt = desk.do(
        contribute,
        request_id=request_id("a"),
        household_id=one.household_id,
        amount=Money(10_000, desk.currency),
    )
    assert (receipt.number, receipt.covered_through) == ("R-2026-A-000001", date(2027, 11, 22))
    again = desk.ask(verdict_of, one.id, TODAY)
    assert again is not None
    assert again.answer is Answer.YES
    closing = desk.do(
        close_month,
        month=Month(2026, 11),
        accepting=frozenset({"not_counted", "month_not_over"}),
    )
    # 8 of 365 days of the new term; nothing of the old ones.
    assert {row.role: row.balance.minor for row in closing.balance.rows} == {
        "retained_plus": -210_000,
        "contrib_advance": -10_000 + 219,
        "bank": 10_000,
        "cash_main": 210_000,
        "contribution": -219,
    }
    assert_sound(desk)


@needs_demo
def test_cover_still_running_is_earned_from_the_month_of_import_on(book: Book) -> None:
    """17 policies from 2019-08-20 for 366 days; 4 had ended: 17 * 1995 + 40,000 were given."""
    desk = book(day=date(2019, 11, 10))
    desk.do(import_openimis, folder=DEMO)
    assert balances(desk, "AN") == {
        "cash_main": 200_000,
        "bank": 10_000,
        "contrib_advance": -136_085,
        "retained_plus": -73_915,
    }
    assert_sound(desk)
    desk.do(
        close_month,
        month=Month(2019, 11),
        accepting=frozenset({"not_counted", "month_not_over"}),
    )
    assert balances(desk, "P04") == {"contrib_advance": 13_940, "contribution": -13_940}
    assert_sound(desk)


@needs_demo
def test_cancelling_in_the_middle_leaves_the_book_as_it_was(book: Book) -> None:
    class Impatient(Progress):
        def step(self, done: int, total: int, text: Text | None = None) -> None:
            if done == 10:
                self.cancel()
            super().step(done, total, text)

    desk = book()
    acts = desk.acts
    with pytest.raises(Cancelled):
        desk.do(import_openimis, folder=DEMO, progress=Impatient())
    assert desk.acts == acts
    assert rows(desk, "SELECT count(*) FROM household") == [(0,)]
    assert rows(desk, "SELECT count(*) FROM person_search") == [(0,)]
    assert counts(desk.do(import_openimis, folder=DEMO))[:3] == (14, 21, 60)
    assert verify_desk(desk).findings == []


@needs_demo
def test_a_file_found_bad_late_leaves_the_book_as_it_was(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(DEMO, folder)
    (folder / "products.csv").write_bytes("ProductCode\nÉ1\n".encode("latin-1"))
    desk = book()
    acts = desk.acts
    with pytest.raises(Refusal) as refused:
        desk.do(import_openimis, folder=folder)
    assert speak(refused.value.text, "en") == (
        "products.csv is not written in UTF-8. Save it as CSV in UTF-8 and try again."
    )
    assert desk.acts == acts


@needs_demo
@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_spoilt_nothing_is_dropped_in_silence(
    book: Book, tmp_path: Path, seed: int
) -> None:
    chance, folder = Random(seed), tmp_path / "export"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("history"))
    names = ("locations", "families", "insurees", "policies", "contributions")
    told = {name: spoilt(folder / f"{name}.csv", chance) for name in names}
    desk = book()
    report = desk.do(import_openimis, folder=folder)
    listed = {(one.file, one.key) for one in report.left_out}
    numbers = {number for (number,) in rows(desk, "SELECT legacy_number FROM person")}
    heads = {number for (number,) in rows(desk, "SELECT legacy_number FROM household")}
    requests = {one for (one,) in rows(desk, "SELECT request_id FROM payment")}
    for row in told["insurees"]:
        assert row["chf_id"] in numbers or ("insurees.csv", row["chf_id"]) in listed
    for row in told["families"]:
        assert row["head_chf_id"] in heads or ("families.csv", row["family_id"]) in listed
    for row in told["contributions"]:
        key = row["premium_id"]
        paid = Paid(key, row["policy_id"], row["receipt"], TODAY, 0, Means.CASH)
        assert request_of(paid) in requests or ("contributions.csv", key) in listed
    policies = {key for file, key in listed if file == "policies.csv"}
    assert report.policies + len(policies) >= len({row["policy_id"] for row in told["policies"]})
    assert rows(desk, "SELECT coalesce(sum(amount), 0) FROM payment") == [
        (report.opening_amount.minor,)
    ]
    assert_sound(desk)
    acts = desk.acts
    assert counts(desk.do(import_openimis, folder=folder)) == (0,) * 7
    assert desk.acts == acts


def spoilt(path: Path, chance: Random) -> list[dict[str, str]]:
    """Put something else into three cells of a file; return its rows as they stand then."""
    with path.open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    for row in chance.sample(told, 3):
        column = chance.choice(list(row))
        row[column] = chance.choice(("", "0", "x", "7", "2019-02-30", "0.5", row[column] + "1"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(told[0]))
        writer.writeheader()
        writer.writerows(told)
    return told


# Made-up exports


def test_a_small_export_is_carried_over_whole(book: Book, tmp_path: Path) -> None:
    desk = book("ZZ")
    report = desk.do(import_openimis, folder=folder_of(tmp_path))
    assert counts(report) == (3, 2, 3, 1, 2, 2, 240_000)
    assert [told(one) for one in report.left_out] == [
        ("locations.csv", "type R", "Places above the villages have no place in the book: 1."),
        ("locations.csv", "type W", "Places above the villages have no place in the book: 2."),
    ]
    assert [one.name for one in desk.ask(sections_on, TODAY)] == [
        "Koula (Hill)",
        "Koula (Lake)",
        "Doro",
    ]
    household = desk.ask(household_file, person(desk, "0101").household_id)
    assert household is not None
    assert household.joined_on == date(2026, 5, 28)
    assert [one.legacy_number for one in household.persons] == ["0100", "0101"]
    assert balances(desk, "AN")["momo"] == 120_000
    assert_sound(desk)


def test_two_receipts_of_one_number_both_come(book: Book, tmp_path: Path) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    ids = rows(desk, "SELECT id FROM payment ORDER BY paid_on")
    assert [desk.ask(receipt_of, PaymentId(one), desk.currency).number for (one,) in ids] == [
        "A7",
        "A7",
    ]


def test_a_renewal_grace_of_a_month_is_thirty_days(book: Book, tmp_path: Path) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    assert rows(desk, "SELECT grace_days FROM plan_version") == [(30,)]


def test_households_of_the_book_stay_and_serials_go_on(book: Book, tmp_path: Path) -> None:
    desk = book()
    a_section(desk, "Doro")
    a_plan(desk, plan_code="P0")
    a_household(desk)
    report = desk.do(import_openimis, folder=folder_of(tmp_path))
    assert report.households == 2
    assert rows(desk, "SELECT serial FROM household ORDER BY serial") == [(1,), (2,), (3,)]
    names = [one.name for one in desk.ask(sections_on, TODAY)]
    assert names == ["Doro", "Koula (Hill)", "Koula (Lake)", "Doro (Lake)"]
    assert_sound(desk)


def test_a_reversal_of_a_new_receipt_leaves_imported_ones(book: Book, tmp_path: Path) -> None:
    from stepdesk.contributions.service import reverse_payment

    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    held = "SELECT a.amount, d.first_day FROM allocation a JOIN due d ON d.id = a.due_id"
    before = rows(desk, held)
    receipt = desk.do(
        contribute,
        request_id=request_id("a"),
        household_id=person(desk, "0200").household_id,
        amount=Money(1200, desk.currency),
    )
    desk.do(
        reverse_payment,
        request_id=request_id("b"),
        payment_id=receipt.payment_id,
        reason="the wrong household",
    )
    assert rows(desk, held)[:2] == before
    assert desk.ask(control_differences) == {}


def test_an_imported_receipt_cannot_be_cancelled(book: Book, tmp_path: Path) -> None:
    from stepdesk.contributions.service import reverse_payment

    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    ((one,),) = rows(desk, "SELECT id FROM payment WHERE paid_on = '2024-02-29'")
    with pytest.raises(Refusal):
        desk.do(
            reverse_payment, request_id=request_id("b"), payment_id=PaymentId(one), reason="wrong"
        )


@pytest.mark.parametrize(
    ("file", "more", "expected"),
    [
        (
            "insurees",
            "0300,9,Fall,Gora,1980-01-01,M,0,4\n",
            ("insurees.csv", "0300", "There is no family 9 in the files."),
        ),
        (
            "insurees",
            "0102,1,Sow,Gora,1980-02-30,M,0,4\n",
            ("insurees.csv", "0102", "1980-02-30 is not a day such as 2019-08-20."),
        ),
        (
            "insurees",
            "0102,1,Sow,Gora,2027-01-01,M,0,4\n",
            ("insurees.csv", "0102", "This birth is still ahead. Check the year."),
        ),
        (
            "insurees",
            "0102,1,Sow,Gora,1980-01-01,X,0,4\n",
            ("insurees.csv", "0102", "The book knows women and men only; here stands X."),
        ),
        (
            "insurees",
            "0102,1,Sow,,1980-01-01,M,0,4\n",
            ("insurees.csv", "0102", "A person needs surname and given names."),
        ),
        (
            "insurees",
            "0101,2,Ba,Gora,1980-01-01,M,0,4\n",
            (
                "insurees.csv",
                "0101",
                "This number stands twice in the file; the first row was taken.",
            ),
        ),
        (
            "insurees",
            "0102,1,Sow\n",
            ("insurees.csv", "5", "The row has not as many fields as the header."),
        ),
        ("families", "3,0300,V1,\n", ("families.csv", "3", "The family has no head.")),
        (
            "families",
            "3,0300,V9,\n",
            ("families.csv", "3", "There is no village V9 in the files."),
        ),
        (
            "policies",
            "13,9,P1,1200.00,,2024-01-01,,2024-12-31\n",
            ("policies.csv", "13", "There is no family 9 in the files."),
        ),
        (
            "policies",
            "13,2,P9,1200.00,,2024-01-01,,2024-12-31\n",
            ("policies.csv", "13", "The product P9 was not brought over."),
        ),
        (
            "policies",
            "13,2,P1,1200.00,,2023-01-01,,2023-06-30\n",
            (
                "policies.csv",
                "13",
                "The policy does not last as long as the plan of the family.",
            ),
        ),
        (
            "policies",
            "13,2,P1,1200.00,,2023-01-01,,2022-06-30\n",
            ("policies.csv", "13", "The policy ends before it begins."),
        ),
        (
            "policies",
            "13,2,P1,1200.00,,2024-02-29,,2025-02-27\n",
            ("policies.csv", "13", "The family has another policy from the same day."),
        ),
        (
            "contributions",
            "93,99,,1200.00,A8,2026-06-01,C,0\n",
            ("contributions.csv", "93", "There is no policy 99 in the files."),
        ),
        (
            "contributions",
            "93,11,,1200.50,A8,2026-06-01,C,0\n",
            (
                "contributions.csv",
                "93",
                "1200.50 is not an amount in the currency of the book.",
            ),
        ),
        (
            "contributions",
            "93,11,,500,A8,2026-06-01,C,1\n",
            ("contributions.csv", "93", "A fee for photos is not a contribution."),
        ),
        (
            "contributions",
            "93,11,,500,A8,2026-12-01,C,0\n",
            ("contributions.csv", "93", "1 December 2026 is still ahead."),
        ),
        (
            "contributions",
            "93,11,,500,A8,2026-06-01,X,0\n",
            ("contributions.csv", "93", "How it was paid is not known here: X."),
        ),
        (
            "insuree_policies",
            "0999,11,2026-06-01,2027-05-31\n",
            ("insuree_policies.csv", "0999", "The person or the policy was not brought over."),
        ),
    ],
)
def test_a_row_that_cannot_come_is_listed_and_the_rest_comes(
    book: Book, tmp_path: Path, file: str, more: str, expected: tuple[str, str, str]
) -> None:
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, **{file: f"+{more}"}))
    assert [told(one) for one in report.left_out if one.file != "locations.csv"] == [expected]
    assert counts(report) == (3, 2, 3, 1, 2, 2, 2400)
    assert_sound(desk)
    acts = desk.acts
    second = desk.do(import_openimis, folder=tmp_path / "export")
    assert counts(second) == (0,) * 7
    assert second.left_out == report.left_out
    assert desk.acts == acts


@pytest.mark.parametrize(
    ("head", "spouse"),
    # Nobody is the member at eight, or a spouse at nine, on the screen; at thirteen it is doubted.
    [("2018-01-01", "1990-01-01"), ("2013-01-01", "2017-01-01"), ("1988-05-06", "2013-05-01")],
)
def test_a_family_comes_whatever_the_ages_in_its_register(
    book: Book, tmp_path: Path, head: str, spouse: str
) -> None:
    insurees = SMALL["insurees"].replace("1990-02-03", spouse).replace("1988-05-06", head)
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, insurees=insurees))
    assert (report.households, report.persons) == (2, 3)
    assert rows(desk, "SELECT legacy_number, birth FROM person ORDER BY id")[:2] == [
        ("0100", head),
        ("0101", spouse),
    ]
    assert_sound(desk)


def test_who_was_born_after_the_first_policy_is_covered_from_the_birth_on(
    book: Book, tmp_path: Path
) -> None:
    baby = "+0103,1,Sow,Lala,2026-08-09,F,0,4\n"
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, insurees=baby))
    assert (report.households, report.persons) == (2, 4)
    assert rows(
        desk,
        "SELECT p.legacy_number, c.first_day FROM cover c JOIN person p ON p.id = c.person_id"
        " ORDER BY 1",
    ) == [
        ("0100", "2026-05-28"),
        ("0101", "2026-05-28"),
        ("0103", "2026-08-09"),
        ("0200", "2024-02-29"),
    ]
    child = person(desk, "0103").id
    told = [desk.ask(verdict_of, child, date(2026, 8, day)) for day in (8, 9)]
    assert [one and one.answer for one in told] == [Answer.NO, Answer.YES]
    assert_sound(desk)


def test_who_is_neither_woman_nor_man_comes_as_it_counts_there(book: Book, tmp_path: Path) -> None:
    insurees = SMALL["insurees"].replace("1990-02-03,F", "1990-02-03,O")
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, insurees=insurees))
    told = (
        "The book knows women and men only: carried over as a man, as this person counts there."
        " Check it."
    )
    assert left_of(report, "insurees.csv") == [("insurees.csv", "0101", told)]
    assert rows(desk, "SELECT sex FROM person WHERE legacy_number = '0101'") == [("M",)]


def test_of_the_relations_there_seven_alone_is_no_relative(book: Book, tmp_path: Path) -> None:
    people = "".join(
        f"02{at:02d},2,Ba,Person {at},{born},M,0,{code}\n"
        for at, (born, code) in enumerate(
            (
                ("1950-01-01", "3"),
                ("1940-01-01", "5"),
                ("1992-01-01", ""),
                ("1991-12-31", ""),
                ("1966-01-01", "9"),
                ("1967-01-01", "9"),
                ("1992-01-01", "7"),
            ),
            1,
        )
    )
    desk = book()
    report = desk.do(import_openimis, folder=folder_of(tmp_path, insurees=f"+{people}"))
    told = [one.relation.value for one in _persons_of(desk, "0200")]
    assert told == ["SELF", "PARENT", "PARENT", "CHILD", "SIBLING", "PARENT", "SIBLING", "OTHER"]
    by_age = "carried over by their age, to be checked: 2."
    assert left_of(report, "insurees.csv") == [
        ("insurees.csv", "relationship", f"How they are related is not told; {by_age}"),
        ("insurees.csv", "relationship 3", "Uncles and aunts carried over as parents: 1."),
        ("insurees.csv", "relationship 5", "Grandparents carried over as parents: 1."),
        ("insurees.csv", "relationship 9", f"A relation not known here; {by_age}"),
    ]


def _persons_of(desk: Desk, number: str) -> Sequence[PersonRow]:
    found = desk.ask(household_file, person(desk, number).household_id)
    assert found is not None
    return found.persons


def test_cents_come_where_the_currency_has_them(book: Book, tmp_path: Path) -> None:
    desk = book("ZZ")
    folder = folder_of(tmp_path, contributions="+93,11,,0.05,A8,2026-06-01,C,0\n")
    report = desk.do(import_openimis, folder=folder)
    assert report.opening_amount.minor == 240_005
    assert rows(desk, "SELECT amount FROM allocation WHERE target = 'CREDIT'") == [(5,)]
    assert_sound(desk)


def test_a_family_left_out_takes_its_people_policies_and_receipts_along(
    book: Book, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, families=SMALL["families"].replace("2,0200,V3", "2,0200,V8"))
    report = book().do(import_openimis, folder=folder)
    assert left_of(
        report, "families.csv", "insurees.csv", "policies.csv", "contributions.csv"
    ) == [
        ("families.csv", "2", "There is no village V8 in the files."),
        ("insurees.csv", "0200", "The family was left out."),
        ("policies.csv", "12", "The family was left out."),
        ("contributions.csv", "92", "The policy was left out."),
    ]
    assert counts(report) == (3, 1, 2, 1, 1, 1, 1200)


@pytest.mark.parametrize(
    ("effective", "reason", "answer", "to_pay"),
    [
        (
            "2026-06-01",
            "Paid in part and in force all the same: what was open is not carried over.",
            Answer.YES,
            0,
        ),
        ("", "Paid in part: the money is kept as credit.", Answer.NO, 700),
    ],
)
def test_a_part_payment_follows_what_the_other_system_gave_for_it(
    book: Book, tmp_path: Path, effective: str, reason: str, answer: Answer, to_pay: int
) -> None:
    folder = folder_of(
        tmp_path,
        policies=SMALL["policies"].replace("2026-06-01,2026-06-01", f"2026-06-01,{effective}"),
        contributions=SMALL["contributions"].replace("91,11,,1200.00", "91,11,,500.00"),
    )
    desk = book()
    report = desk.do(import_openimis, folder=folder)
    assert left_of(report, "policies.csv") == [("policies.csv", "11", reason)]
    verdict = desk.ask(verdict_of, person(desk, "0100").id, TODAY)
    assert verdict is not None
    assert (verdict.answer, verdict.to_pay) == (answer, to_pay)
    assert_sound(desk)


def test_a_family_without_a_policy_comes_with_a_plan_to_be_checked(
    book: Book, tmp_path: Path
) -> None:
    folder = folder_of(
        tmp_path,
        families="+3,0300,V1,\n",
        insurees="+0300,3,Fall,Gora,1980-01-01,M,1,\n",
    )
    desk = book()
    report = desk.do(import_openimis, folder=folder)
    assert left_of(report, "families.csv") == [
        (
            "families.csv",
            "3",
            "No policy was brought over: the plan P1 was chosen. Check it.",
        )
    ]
    household = desk.ask(household_file, person(desk, "0300").household_id)
    assert household is not None
    assert household.joined_on == TODAY


def test_a_later_export_is_listed_where_it_differs_and_not_taken_over(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    acts = desk.acts
    folder = folder_of(
        tmp_path,
        insurees=SMALL["insurees"].replace("Awa", "Hawa") + "0102,1,Sow,Jaly,2020-01-01,M,0,4\n",
        policies="+13,2,P1,1200.00,,2025-02-28,,2026-02-27\n",
        contributions="+93,13,,1200.00,A9,2025-02-28,C,0\n",
        insuree_policies="+0102,11,2026-06-01,2027-05-31\n",
    )
    report = desk.do(import_openimis, folder=folder)
    reason = "Registered already; what differs from the book is not taken over."
    assert left_of(report, "insurees.csv", "policies.csv", "contributions.csv") == [
        ("insurees.csv", "0101", reason),
        ("insurees.csv", "0102", reason),
        ("policies.csv", "13", reason),
        ("contributions.csv", "93", reason),
    ]
    assert counts(report) == (0,) * 7
    assert desk.acts == acts


def test_a_new_family_of_a_later_export_is_brought_over(book: Book, tmp_path: Path) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    folder = folder_of(
        tmp_path,
        families="+3,0300,V1,\n",
        insurees="+0300,3,Fall,Gora,1980-01-01,M,1,\n",
        policies="+13,3,P1,1200.00,,2026-01-01,2026-01-01,2026-12-31\n",
        contributions="+93,13,,1200.00,A9,2026-01-01,C,0\n",
        insuree_policies="+0300,13,2026-01-01,2026-12-31\n",
    )
    assert counts(desk.do(import_openimis, folder=folder)) == (0, 1, 1, 0, 1, 1, 1200)
    assert rows(desk, "SELECT serial FROM payment WHERE year = 2026 ORDER BY serial") == [
        (1,),
        (2,),
    ]
    assert_sound(desk)


def test_who_is_not_covered_in_the_other_system_is_listed(book: Book, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, insurees="+0102,1,Sow,Jaly,2020-01-01,M,0,4\n")
    report = book().do(import_openimis, folder=folder)
    assert left_of(report, "insuree_policies.csv") == [
        (
            "insuree_policies.csv",
            "0102",
            "Not covered in the other system; covered with the family here.",
        )
    ]


def test_a_product_that_is_no_plan_leaves_its_policies_out(book: Book, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, products=SMALL["products"].replace("Basic,12", "Basic,0"))
    report = book().do(import_openimis, folder=folder)
    assert left_of(report, "products.csv", "policies.csv", "families.csv") == [
        ("products.csv", "P1", "A plan lasts whole months, not 0."),
        ("policies.csv", "11", "The product P1 was not brought over."),
        ("policies.csv", "12", "The product P1 was not brought over."),
        ("families.csv", "1", "There is no plan for the family."),
        ("families.csv", "2", "There is no plan for the family."),
    ]
    assert counts(report) == (3, 0, 0, 0, 0, 0, 0)


def test_a_plan_of_other_rules_under_the_code_refuses_the_import(
    book: Book, tmp_path: Path
) -> None:
    from stepdesk.contributions.service import add_plan, version_plan
    from stepdesk.contributions.terms import PlanVersion
    from stepdesk.values.ids import PlanVersionId

    desk = book()
    plan_id = desk.do(add_plan, code="P1")
    version = PlanVersion(PlanVersionId(b""), plan_id, "P1", "Monthly", date(2024, 1, 1))
    desk.do(version_plan, version=version)
    acts = desk.acts
    with pytest.raises(Refusal):
        desk.do(import_openimis, folder=folder_of(tmp_path))
    assert desk.acts == acts


def test_other_terms_of_a_product_are_listed_and_not_taken_over(
    book: Book, tmp_path: Path
) -> None:
    desk = book()
    desk.do(import_openimis, folder=folder_of(tmp_path))
    folder = folder_of(tmp_path, products=SMALL["products"].replace("1200.00", "1500.00"))
    report = desk.do(import_openimis, folder=folder)
    assert left_of(report, "products.csv") == [
        (
            "products.csv",
            "P1",
            "Registered already; what differs from the book is not taken over.",
        )
    ]
    assert rows(desk, "SELECT amount FROM plan_version") == [(1200,)]


def _without_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def _without_file(folder: Path) -> None:
    (folder / "policies.csv").unlink()


def _without_column(folder: Path) -> None:
    (folder / "insurees.csv").write_text("chf_id,family_id\n1,1\n", encoding="utf-8")


def _not_utf8(folder: Path) -> None:
    (folder / "families.csv").write_bytes(b"family_id,head_chf_id,village_code\n\xff,1,2\n")


def _not_csv(folder: Path) -> None:
    (folder / "families.csv").write_text('family_id,"head\n1,"2"3\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_without_folder, "Choose the folder the CSV files lie in."),
        (_without_file, "There is no policies.csv in the folder. Copy it there."),
        (
            _without_column,
            "insurees.csv has no column last_name, other_names, dob, gender, is_head,"
            " relationship. Take the files of one export, unchanged.",
        ),
        (_not_utf8, "families.csv is not written in UTF-8."),
        (_not_csv, "families.csv is not a CSV file."),
    ],
)
def test_files_that_cannot_be_read_refuse_the_import(
    book: Book, tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    folder = folder_of(tmp_path)
    spoil(folder)
    desk = book()
    acts = desk.acts
    with pytest.raises(Refusal) as refused:
        desk.do(import_openimis, folder=folder)
    assert words in speak(refused.value.text, "en")
    assert desk.acts == acts


def test_a_file_the_laptop_cannot_read_is_trouble(book: Book, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "policies.csv").unlink()
    (folder / "policies.csv").mkdir()
    desk = book()
    acts = desk.acts
    with pytest.raises(Trouble):
        desk.do(import_openimis, folder=folder)
    assert desk.acts == acts


def test_the_order_of_columns_and_a_mark_at_the_beginning_do_not_matter(
    book: Book, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path)
    with (folder / "families.csv").open(encoding="utf-8", newline="") as file:
        families = list(csv.DictReader(file))
    with (folder / "families.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, sorted(families[0], reverse=True))
        writer.writeheader()
        writer.writerows(families)
    assert book().do(import_openimis, folder=folder).households == 2
