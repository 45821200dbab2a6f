"""What openIMIS tells of care; figures by hand from the CSV files of the demo data."""

import csv
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from stepdesk.benefits.queries import assignments, package_on, packages, service_of_code, services
from stepdesk.benefits.service import (
    add_package,
    add_service,
    assign_package,
    rename_service,
    version_package,
)
from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Copay,
    LimitWindow,
    PackageVersion,
    Service,
    YearStart,
)
from stepdesk.contributions.queries import plans
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis import import_openimis
from stepdesk.exchange.terms import CareAdded, ImportReport
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import (
    agreement_on,
    agreements,
    provider_of_code,
    providers,
    tariff_of_code,
    tariff_on,
    tariff_versions,
)
from stepdesk.providers.service import add_provider
from stepdesk.providers.terms import Agreement, Hole, Kind, Provider, TariffVersion
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageVersionId, PlanId, ServiceId
from stepdesk.values.month import Month
from tests.exchange.test_openimis import DEMO, folder_of, left_of, needs_demo, rows

Book = Callable[..., Desk]

RULE = (
    "product_code,{},LimitationType,PriceOrigin,LimitAdult,LimitChild,WaitingPeriodAdult,"
    "WaitingPeriodChild,LimitNoAdult,LimitNoChild,LimitAdultR,LimitAdultE,CeilingExclusionAdult\n"
)
CARE: Mapping[str, str] = {
    "medical_services": "code,name,level,category,frequency_days,patient_category_mask\n"
    "C1,Consultation,S,C,0,15\nD1,Delivery,H,D,0,6\n",
    "medical_items": "code,name,type,frequency_days,patient_category_mask\n"
    "0001,Aspirin,D,0,15\n0002,Crutch,M,365,0\n",
    "health_facilities": "code,name,legal_form,level,items_price_list,services_price_list,"
    "valid_from\n"
    "H1,Hospital,C,H,Drugs,Acts,2017-01-01\nP1,Post,D,D,Drugs,Acts,2018-01-01\n"
    "S1,Shop,P,C,Drugs,,2018-01-01\n",
    "price_list_services": "price_list,service_code,price_overrule,register_price,valid_from\n"
    "Acts,C1,,500.00,2018-03-20\nActs,D1,4000.00,4500.00,2018-05-01\n",
    "price_list_items": "price_list,item_code,price_overrule,register_price,valid_from\n"
    "Drugs,0001,,10.00,2018-03-20\nDrugs,0002,,900.00,2018-03-20\n",
    "product_services": RULE.format("service_code")
    + "P1,C1,C,P,80.00,80.00,,,2,2,80.00,80.00,\nP1,D1,C,P,100.00,100.00,9,9,,,,,\n",
    "product_items": RULE.format("item_code")
    + "P1,0001,F,P,8.00,8.00,,,,,,,\nP1,0002,C,P,,,,,,,,,\n",
}


def care_of(tmp_path: Path, **changed: str) -> Path:
    """Write a small made-up export with its care; '+' adds to a file, '' leaves it out."""
    folder = folder_of(
        tmp_path, **{name: told for name, told in changed.items() if name not in CARE}
    )
    for name, told in CARE.items():
        new = changed.get(name, told)
        content = told + new[1:] if new.startswith("+") else new
        if content:
            (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def bring_in(desk: Desk, folder: Path) -> ImportReport:
    return desk.do(import_openimis, folder=folder)


def left_of_care(report: ImportReport) -> list[tuple[str, str, str]]:
    names = [f"{name}.csv" for name in CARE]
    return left_of(report, *names, "products.csv")


def package_of(desk: Desk, code: str = "P1") -> PackageVersion:
    found = [one for held in desk.ask(packages).values() for one in held if one.code == code]
    assert len(found) == 1
    return found[0]


def rule_of(desk: Desk, code: str) -> BenefitRule:
    service = desk.ask(service_of_code, code)
    assert service is not None
    return replace(package_of(desk).rules[service.id], service_id=ServiceId(b""))


def prices_of(desk: Desk, code: str, day: date) -> dict[str, int]:
    tariff_id = desk.ask(tariff_of_code, code)
    assert tariff_id is not None
    found = desk.ask(tariff_on, tariff_id, day)
    assert isinstance(found, TariffVersion)
    names = desk.ask(services)
    return {names[service].code: price for service, price in found.prices.items()}


def provider(desk: Desk, code: str) -> Provider:
    found = desk.ask(provider_of_code, code)
    assert found is not None
    return found


def plan_of(desk: Desk, code: str) -> PlanId:
    return next(one for one, held in desk.ask(plans).items() if held[0].code == code)


# The demo scheme


@needs_demo
@pytest.mark.parametrize(("country", "scale"), [("SN", 1), ("ZZ", 100)])
def test_the_demo_brings_its_services_facilities_prices_and_cover(
    book: Book, country: str, scale: int
) -> None:
    desk = book(country)
    report = bring_in(desk, DEMO)
    assert report.care == CareAdded(
        services=81 + 257, providers=15, tariffs=6, agreements=15, packages=2
    )
    assert dict(rows(desk, "SELECT category, count(*) FROM service GROUP BY category")) == {
        "DRUG": 257,
        "SURG": 7,
        "HOSP": 51 + 4,
        "OPD": 2,
        "OTH": 17,
    }
    assert rows(
        desk, "SELECT level, kind, count(*) FROM provider GROUP BY level, kind ORDER BY level"
    ) == [("CENTRE", "PUBLIC", 5), ("DISTRICT_HOSPITAL", "PUBLIC", 5), ("POST", "PUBLIC", 5)]
    assert prices_of(desk, "Ultha Govt. Dispensary List", date(2018, 3, 20))["A1"] == 400 * scale
    hospital = prices_of(desk, "Tahida Govt. Hospital List", date(2026, 1, 1))
    assert (len(hospital), hospital["G34"], hospital["0001"]) == (338, 42_000 * scale, 10 * scale)
    assert verify_desk(desk).findings == []


@needs_demo
def test_a_facility_of_the_demo_is_paid_by_its_pair_of_lists(book: Book) -> None:
    desk = book()
    bring_in(desk, DEMO)
    known = provider(desk, "JMDP001")
    assert known == Provider(
        known.id, "JMDP001", "Huda Dispensary", Level.POST, Kind.PUBLIC, "JMDP001"
    )
    tariff_id = desk.ask(tariff_of_code, "Ultha Govt. Dispensary List")
    assert tariff_id is not None
    agreement = desk.ask(agreement_on, known.id, date(2019, 1, 1))
    assert agreement is not None
    assert agreement == Agreement(agreement.id, known.id, tariff_id, date(2017, 1, 1))
    assert len(prices_of(desk, "Ultha Govt. Dispensary List", date(2019, 1, 1))) == 14 + 4
    assert desk.ask(tariff_on, tariff_id, date(2018, 3, 19)) == Hole(None, date(2018, 3, 20))


@needs_demo
def test_a_plan_of_the_demo_pays_all_of_what_its_product_lists(book: Book) -> None:
    desk = book()
    bring_in(desk, DEMO)
    package = desk.ask(package_on, plan_of(desk, "BCUL0001"), date(2020, 1, 1))
    assert package is not None
    assert (package.code, package.name, package.first_day, package.year_start) == (
        "BCUL0001",
        "Basic Cover Ultha",
        date(2017, 1, 1),
        YearStart.MEMBERSHIP,
    )
    assert len(package.rules) == 256 + 78
    names = desk.ask(services)
    told = {names[service].code: rule for service, rule in package.rules.items()}
    women, men = told.pop("M1"), told.pop("M11")
    assert (women.sex, men.sex) == (Sex.FEMALE, Sex.MALE)
    assert {replace(rule, service_id=ServiceId(b"")) for rule in told.values()} == {
        BenefitRule(ServiceId(b""))
    }


@needs_demo
@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_spoilt_of_care_nothing_is_dropped_in_silence(
    book: Book, tmp_path: Path, seed: int
) -> None:
    chance, folder = Random(seed), tmp_path / "export"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("history"))
    told = {name: spoilt(folder / f"{name}.csv", chance) for name in CARE}
    desk = book()
    report = bring_in(desk, folder)
    listed = {(one.file, one.key) for one in report.left_out}
    codes = {one.code.upper() for one in desk.ask(services).values()}
    for name in ("medical_services", "medical_items"):
        for row in told[name]:
            assert row["code"].upper() in codes or (f"{name}.csv", row["code"]) in listed
    known = {one.code for one in desk.ask(providers).values()}
    for row in told["health_facilities"]:
        assert row["code"] in known or ("health_facilities.csv", row["code"]) in listed
    assert verify_desk(desk).findings == []
    acts = desk.acts
    again = bring_in(desk, folder)
    assert again.care == CareAdded()
    assert again.left_out == report.left_out
    assert desk.acts == acts


def spoilt(path: Path, chance: Random) -> list[dict[str, str]]:
    """Put something else into ten cells of a file; return its rows as they stand then."""
    with path.open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    for row in chance.sample(told, 10):
        column = chance.choice(list(row))
        row[column] = chance.choice(("", "0", "x", "7", "2019-02-30", "0.5", row[column] + "1"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(told[0]))
        writer.writeheader()
        writer.writerows(told)
    return told


# Made-up exports


def test_a_small_export_is_carried_over_with_its_care(book: Book, tmp_path: Path) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path))
    assert report.care == CareAdded(4, 3, 2, 3, 1)
    assert left_of_care(report) == []
    assert [replace(one, id=ServiceId(b"")) for one in desk.ask(services).values()] == [
        Service(ServiceId(b""), "0001", "Aspirin", Category.DRUG),
        Service(ServiceId(b""), "0002", "Crutch", Category.OTH),
        Service(ServiceId(b""), "C1", "Consultation", Category.OPD),
        Service(ServiceId(b""), "D1", "Delivery", Category.DEL),
    ]
    assert [(one.code, one.level, one.kind) for one in desk.ask(providers).values()] == [
        ("H1", Level.DISTRICT_HOSPITAL, Kind.CHARITY),
        ("P1", Level.POST, Kind.PUBLIC),
        ("S1", Level.CENTRE, Kind.PRIVATE),
    ]
    assert verify_desk(desk).findings == []


def test_a_price_holds_from_the_day_of_its_line(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, care_of(tmp_path))
    pair = "Acts + Drugs"
    assert prices_of(desk, pair, date(2018, 4, 30)) == {"C1": 500, "0001": 10, "0002": 900}
    assert prices_of(desk, pair, date(2018, 5, 1)) == {
        "C1": 500,
        "0001": 10,
        "0002": 900,
        "D1": 4000,
    }
    assert prices_of(desk, "Drugs", date(2018, 5, 1)) == {"0001": 10, "0002": 900}


def test_facilities_of_one_pair_share_one_price_list(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, care_of(tmp_path))
    held = [desk.ask(agreements, provider(desk, code).id)[0] for code in ("H1", "P1", "S1")]
    assert held[0].tariff_id == held[1].tariff_id != held[2].tariff_id
    assert [one.first_day for one in held] == [
        date(2017, 1, 1),
        date(2018, 1, 1),
        date(2018, 1, 1),
    ]


def test_a_line_of_a_product_becomes_the_rule_of_a_service(book: Book, tmp_path: Path) -> None:
    """80 % paid leaves 20 % to the member; a fixed amount is the most that is paid for one."""
    desk = book()
    bring_in(desk, care_of(tmp_path))
    nothing = BenefitRule(ServiceId(b""))
    assert rule_of(desk, "C1") == replace(
        nothing, copay=Copay.PERCENT, copay_value=2000, limit_count=2
    )
    assert rule_of(desk, "D1") == replace(nothing, waiting_months=9, sex=Sex.FEMALE, age_min=18)
    assert rule_of(desk, "0001") == replace(nothing, cap_act=8)
    assert rule_of(desk, "0002") == replace(
        nothing, limit_count=1, limit_window=LimitWindow.DAYS, limit_days=365
    )


def test_ceilings_of_a_product_are_those_of_the_package(book: Book, tmp_path: Path) -> None:
    products = (
        "ProductCode,ProductName,InsurancePeriod,DateFrom,LumpSum,PremiumAdult,PremiumChild,"
        "GracePeriodRenewal,MaxTreatment,MaxInsuree,MaxPolicy,MaxIPPolicy,DedInsuree\n"
        "P1,Basic,12,2017-01-01,1200.00,,,1,50000.00,80000,0.00,9.00,7.00\n"
    )
    desk = book()
    report = bring_in(desk, care_of(tmp_path, products=products))
    package = package_of(desk)
    assert (package.cap_episode, package.cap_person_year, package.cap_household_year) == (
        50_000,
        80_000,
        0,
    )
    reason = "Deductibles, counts and ceilings the book has no rule for are not carried over."
    assert [
        (one.key, one.what, speak(one.reason, "en"))
        for one in report.left_out
        if one.file == "products.csv"
    ] == [
        ("P1", "MaxPolicy", "A ceiling of 0 pays nothing: check the package."),
        ("P1", "MaxIPPolicy 9.00, DedInsuree 7.00", reason),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("C,P,100,100,,,,,,,", {}),
        ("C,P,0,0,,,,,,,", {"copay": Copay.PERCENT, "copay_value": 10_000}),
        ("C,P,87.5,87.5,,,,,,,", {"copay": Copay.PERCENT, "copay_value": 1250}),
        ("F,P,,,,,,,,,", {}),
        ("F,P,0.00,0.00,,,,,,,", {"cap_act": 0}),
        ("C,P,,,,,0,0,,,", {"limit_count": 0}),
    ],
)
def test_nothing_and_none_are_told_apart(
    book: Book, tmp_path: Path, line: str, expected: dict[str, Any]
) -> None:
    told = RULE.format("service_code") + f"P1,C1,{line}\n"
    desk = book()
    bring_in(desk, care_of(tmp_path, product_services=told))
    assert rule_of(desk, "C1") == replace(BenefitRule(ServiceId(b"")), **expected)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("C1,C,P,80,70,,,,,,,", "It tells adults and children apart: write its rule by hand."),
        ("C1,C,P,80,80,3,,,,,,", "It tells adults and children apart: write its rule by hand."),
        ("C1,C,P,80,80,,,2,3,,,", "It tells adults and children apart: write its rule by hand."),
        ("C1,C,P,101,101,,,,,,,", "101 is not a share of a hundred."),
        ("C1,C,P,x,x,,,,,,,", "x is not a share of a hundred."),
        ("C1,Q,P,80,80,,,,,,,", "Its kind of limit is not known here: Q."),
        ("C1,F,P,0.5,0.5,,,,,,,", "0.5 is not an amount in the currency of the book."),
        ("C1,C,P,80,80,x,x,,,,,", "x is not a whole number."),
        ("C1,C,P,80,80,999,999,,,,,", "This figure lies between 0 and 240."),
        ("C9,C,P,80,80,,,,,,,", "C9 is not in the register of services and items."),
    ],
)
def test_a_line_no_rule_can_say_is_left_out_with_its_reason(
    book: Book, tmp_path: Path, line: str, reason: str
) -> None:
    told = RULE.format("service_code") + f"P1,{line}\n"
    desk = book()
    report = bring_in(desk, care_of(tmp_path, product_services=told))
    key = f"P1 {line.partition(',')[0]}"
    assert left_of_care(report) == [("product_services.csv", key, reason)]
    assert len(package_of(desk).rules) == 2


def test_what_a_rule_says_otherwise_is_counted(book: Book, tmp_path: Path) -> None:
    told = RULE.format("service_code") + "P1,C1,C,R,80,80,,,,,70,,\nP1,D1,C,O,80,80,,,,,,90,B\n"
    desk = book()
    report = bring_in(desk, care_of(tmp_path, product_services=told))
    assert [reason for _, _, reason in left_of_care(report)] == [
        "Shares and limits for referrals and emergencies are those of other visits here: 2.",
        "Services outside the ceilings there count against them here: 1.",
        "Paid at the provider's own or a relative price there, at the agreed price here: 2.",
    ]
    assert rule_of(desk, "C1").copay_value == 2000


@pytest.mark.parametrize(
    ("file", "more", "expected"),
    [
        ("medical_services", "C2,,S,C,0,15\n", ("C2", "No name, or a code that is taken.")),
        ("medical_services", "c1,Other,S,C,0,15\n", ("c1", "No name, or a code that is taken.")),
        (
            "medical_services",
            "C2,Scan,S,,0,15\n",
            ("category OTH", "Services without a category, called OTH by their level: 1."),
        ),
        (
            "medical_items",
            "C1,Cast,M,0,15\n",
            ("C1", "A service has this code: the item is called C1-I here."),
        ),
        (
            "health_facilities",
            "X1,Other,P,Z,Drugs,,2018-01-01\n",
            ("X1", "The level Z is not known here: check the provider."),
        ),
        (
            "health_facilities",
            "X1,Other,Q,C,Drugs,,2018-01-01\n",
            ("X1", "The legal_form Q is not known here: check the provider."),
        ),
        (
            "health_facilities",
            "X1,Other,P,C,None,,2018-01-01\n",
            ("X1", "It has no price list: no agreement was written."),
        ),
        ("health_facilities", "X1,Other,P,C,,,\n", ("X1", "— is not a day such as 2019-08-20.")),
        (
            "health_facilities",
            "h1,Other,P,C,Drugs,,2018-01-01\n",
            ("h1", "No name, or a code that is taken."),
        ),
        (
            "price_list_items",
            "Drugs,0001,,11.00,2018-03-20\n",
            ("Drugs 0001", "This line stands twice; the first one was taken."),
        ),
        (
            "price_list_items",
            "Drugs,0009,,11.00,2018-03-20\n",
            ("Drugs 0009", "0009 is not in the register of services and items."),
        ),
        (
            "price_list_services",
            "Other,C1,,0.50,2018-03-20\n",
            ("Other C1", "0.50 is not an amount in the currency of the book."),
        ),
    ],
)
def test_a_row_of_care_that_cannot_come_as_it_is_is_listed(
    book: Book, tmp_path: Path, file: str, more: str, expected: tuple[str, str]
) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path, **{file: f"+{more}"}))
    assert left_of_care(report) == [(f"{file}.csv", *expected)]
    assert verify_desk(desk).findings == []
    acts = desk.acts
    again = bring_in(desk, tmp_path / "export")
    assert again.care == CareAdded()
    assert again.left_out == report.left_out
    assert desk.acts == acts


def test_files_of_care_may_be_missing(book: Book, tmp_path: Path) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path, **dict.fromkeys(CARE, "")))
    assert report.care == CareAdded()
    assert left_of_care(report) == []
    later = bring_in(desk, care_of(tmp_path))
    assert later.care == CareAdded(4, 3, 2, 3, 1)
    assert desk.ask(package_on, plan_of(desk, "P1"), date(2020, 1, 1)) is not None


def test_a_file_of_care_without_its_columns_refuses_the_import(book: Book, tmp_path: Path) -> None:
    folder = care_of(tmp_path, medical_items="code,name\n0001,Aspirin\n")
    desk = book()
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        bring_in(desk, folder)
    assert speak(no.value.text, "en").startswith("medical_items.csv has no column frequency_days,")
    assert desk.acts == acts


CHANGED = "Registered already; what differs from the book is not taken over."


def test_a_later_export_is_listed_where_its_care_differs(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, care_of(tmp_path))
    acts = desk.acts
    report = bring_in(
        desk,
        care_of(
            tmp_path,
            medical_items=CARE["medical_items"].replace("Aspirin", "Aspirin 500"),
            price_list_services=CARE["price_list_services"].replace("500.00", "600.00"),
            health_facilities=CARE["health_facilities"].replace("P1,Post", "P1,Big post"),
            product_services=CARE["product_services"].replace("80.00", "70.00"),
        ),
    )
    assert left_of_care(report) == [
        ("medical_items.csv", "0001", CHANGED),
        ("price_list_services.csv", "Acts + Drugs", CHANGED),
        ("health_facilities.csv", "P1", CHANGED),
        ("product_services.csv", "P1", CHANGED),
    ]
    assert report.care == CareAdded()
    assert desk.acts == acts


def test_what_was_written_by_hand_stays(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, care_of(tmp_path, **dict.fromkeys(CARE, "")))
    by_hand = desk.do(add_service, code="C1", name="Visit", category=Category.OPD)
    desk.do(add_provider, code="H1", name="Hospital", level=Level.NATIONAL, kind=Kind.CHARITY)
    package_id = desk.do(add_package, code="HAND")
    mine = PackageVersion(
        PackageVersionId(b""), package_id, "HAND", "Mine", date(2017, 1, 1), rules={}
    )
    desk.do(version_package, version=mine)
    plan_id = plan_of(desk, "P1")
    given = desk.do(
        assign_package, plan_id=plan_id, package_id=package_id, first_day=date(2026, 11, 1)
    )
    report = bring_in(desk, care_of(tmp_path))
    assert report.care == CareAdded(3, 2, 2, 2, 0)
    assert left_of_care(report) == [
        ("medical_services.csv", "C1", CHANGED),
        ("health_facilities.csv", "H1", CHANGED),
        ("product_services.csv", "P1", CHANGED),
    ]
    assert desk.ask(assignments) == (given,)
    assert desk.ask(service_of_code, "C1") == Service(by_hand, "C1", "Visit", Category.OPD)
    assert by_hand in next(one.prices for one in desk.ask(tariff_versions, agreed(desk, "P1")))


def agreed(desk: Desk, code: str) -> Any:
    return desk.ask(agreements, provider(desk, code).id)[0].tariff_id


def test_a_renamed_service_is_told_and_kept(book: Book, tmp_path: Path) -> None:
    desk = book()
    bring_in(desk, care_of(tmp_path))
    service = desk.ask(service_of_code, "C1")
    assert service is not None
    desk.do(rename_service, service_id=service.id, name="Consultation by a nurse")
    report = bring_in(desk, tmp_path / "export")
    assert left_of_care(report) == [("medical_services.csv", "C1", CHANGED)]


def test_care_comes_into_a_book_whose_months_are_closed(book: Book, tmp_path: Path) -> None:
    desk = book(day=date(2026, 11, 30))
    accepting = frozenset({"not_counted", "month_not_over"})
    desk.do(close_month, month=Month(2026, 11), accepting=accepting)
    assert bring_in(desk, care_of(tmp_path)).care == CareAdded(4, 3, 2, 3, 1)
    assert prices_of(desk, "Acts + Drugs", date(2018, 4, 30))["C1"] == 500
