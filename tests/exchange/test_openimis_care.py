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
    Capitation,
    Category,
    CeilingExclusion,
    Composition,
    Copay,
    Distribution,
    InPatientBy,
    LimitKind,
    LimitOver,
    PackageLimit,
    PackageVersion,
    Patients,
    PoolPeriod,
    PriceOrigin,
    Service,
    ServiceKind,
    ServiceTerms,
    Share,
    Spread,
    YearStart,
)
from stepdesk.contributions.queries import plans
from stepdesk.errors import Refusal
from stepdesk.exchange.openimis import import_openimis
from stepdesk.exchange.terms import CareAdded, ImportReport
from stepdesk.i18n import speak
from stepdesk.providers.queries import (
    agreement_on,
    agreements,
    provider_of_code,
    providers,
    tariff_of_code,
    tariff_on,
    tariff_versions,
)
from stepdesk.providers.service import add_provider, change_provider
from stepdesk.providers.terms import Agreement, Contact, Hole, Kind, Provider, TariffVersion
from stepdesk.reports.service import close_month
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.values.care import CareType, ClaimCategory, Level, Visit
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


# The price of the list counts, whatever was asked. Source: openIMIS handbook 3.4.
LISTED = BenefitRule(ServiceId(b""), price_origin=PriceOrigin.FIXED)


def care_of(tmp_path: Path, **changed: str) -> Path:
    """Write a small made-up export with its care; '+' adds to a file, '' leaves it out."""
    folder = folder_of(
        tmp_path, **{name: told for name, told in changed.items() if name not in CARE}
    )
    for name in changed.keys() - CARE.keys():
        if not (folder / f"{name}.csv").exists():
            (folder / f"{name}.csv").write_text(changed[name], encoding="utf-8")
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
        known.id,
        "JMDP001",
        "Huda Dispensary",
        Level.POST,
        Kind.PUBLIC,
        "JMDP001",
        care=CareType.OUT,
        contact=Contact("Jolywel road 675"),
    )
    tariff_id = desk.ask(tariff_of_code, "Ultha Govt. Dispensary List")
    assert tariff_id is not None
    agreement = desk.ask(agreement_on, known.id, date(2019, 1, 1))
    assert agreement is not None
    assert agreement == Agreement(
        agreement.id, known.id, tariff_id, date(2017, 1, 1), late_invoice_days=366
    )
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
        YearStart.PERIOD,
    )
    assert (package.spread, package.in_patient_by) == (Spread.IN_ORDER, InPatientBy.STAY)
    assert (package.limits, package.distributions) == ((), ())
    assert package.capitation == Capitation(
        frozenset({Level.POST, Level.CENTRE}), 10_000, weight_insured=10_000
    )
    assert len(package.rules) == 256 + 78
    assert {replace(rule, service_id=ServiceId(b"")) for rule in package.rules.values()} == {
        LISTED
    }
    told = {one.code: one for one in package.services.values()}
    women = frozenset({Patients.FEMALE, Patients.ADULT, Patients.CHILD})
    men = frozenset({Patients.MALE, Patients.ADULT, Patients.CHILD})
    assert {code for code, one in told.items() if one.patients} == {"M1", "M11"}
    assert (told["M1"].patients, told["M11"].patients) == (women, men)
    assert (told["0002"].kind, told["0002"].care) == (ServiceKind.ITEM, CareType.OUT)
    assert (told["M1"].care, told["M1"].claim_category) == (CareType.BOTH, ClaimCategory.SURGERY)


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


def an_item(code: str, name: str, category: Category, **told: Any) -> Service:
    """An item gives a claim no category: it is a visit. Source: openIMIS handbook 3.1."""
    base = Service(ServiceId(b""), code, name, category, kind=ServiceKind.ITEM)
    return replace(base, claim_category=ClaimCategory.VISIT, **told)


def an_act(code: str, name: str, category: Category, claim: ClaimCategory) -> Service:
    return Service(ServiceId(b""), code, name, category, claim_category=claim)


def test_a_small_export_is_carried_over_with_its_care(book: Book, tmp_path: Path) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path))
    assert report.care == CareAdded(4, 3, 2, 3, 1)
    assert left_of_care(report) == []
    assert [replace(one, id=ServiceId(b"")) for one in desk.ask(services).values()] == [
        an_item("0001", "Aspirin", Category.DRUG),
        an_item("0002", "Crutch", Category.OTH, frequency_days=365),
        an_act("C1", "Consultation", Category.OPD, ClaimCategory.CONSULTATION),
        replace(
            an_act("D1", "Delivery", Category.DEL, ClaimCategory.DELIVERY),
            patients=frozenset({Patients.FEMALE, Patients.ADULT}),
        ),
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
    nothing = LISTED
    assert rule_of(desk, "C1") == replace(
        nothing, copay=Copay.PERCENT, copay_value=2000, limit_count=2
    )
    assert rule_of(desk, "D1") == replace(nothing, waiting_months=9)
    assert rule_of(desk, "0001") == replace(nothing, copay=Copay.UP_TO, copay_value=8)
    assert rule_of(desk, "0002") == nothing


PRODUCT: dict[str, str] = {
    "ProductCode": "P1",
    "ProductName": "Basic",
    "InsurancePeriod": "12",
    "DateFrom": "2017-01-01",
    "LumpSum": "1200.00",
    "PremiumAdult": "",
    "PremiumChild": "",
    "GracePeriodRenewal": "1",
}


def product(**told: str) -> str:
    row = PRODUCT | told
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def of_products(report: ImportReport) -> list[tuple[str, str]]:
    return [
        (one.what, speak(one.reason, "en"))
        for one in report.left_out
        if one.file == "products.csv" and one.what
    ]


def test_ceilings_of_a_product_are_those_of_the_package(book: Book, tmp_path: Path) -> None:
    told = product(MaxTreatment="50000.00", MaxInsuree="80000", MaxPolicy="0.00")
    desk = book()
    report = bring_in(desk, care_of(tmp_path, products=told))
    package = package_of(desk)
    assert (package.cap_episode, package.cap_person_year, package.cap_household_year) == (
        50_000,
        80_000,
        0,
    )
    assert package.limits == ()
    assert of_products(report) == [
        ("MaxPolicy", "A ceiling of 0 pays nothing: check the package.")
    ]


def limit(kind: LimitKind, amount: int, *told: Any) -> PackageLimit:
    return PackageLimit(kind, amount, *told)


IN, OUT, BOTH = CareType.IN, CareType.OUT, CareType.BOTH
DEDUCTIBLE, CEILING = LimitKind.DEDUCTIBLE, LimitKind.CEILING
EPISODE, PERSON, POLICY = LimitOver.EPISODE, LimitOver.PERSON_YEAR, LimitOver.HOUSEHOLD_YEAR


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"DedTreatment": "500"}, [limit(DEDUCTIBLE, 500, BOTH, EPISODE)]),
        ({"DedInsuree": "500"}, [limit(DEDUCTIBLE, 500, BOTH, PERSON)]),
        ({"DedPolicy": "500"}, [limit(DEDUCTIBLE, 500, BOTH, POLICY)]),
        ({"DedIPInsuree": "7", "DedOPPolicy": "5"}, [
            limit(DEDUCTIBLE, 5, OUT, POLICY), limit(DEDUCTIBLE, 7, IN, PERSON),
        ]),
        ({"MaxIPTreatment": "7", "MaxOPInsuree": "2000"}, [
            limit(CEILING, 2000, OUT, PERSON), limit(CEILING, 7, IN, EPISODE),
        ]),
        ({"MaxIPPolicy": "100", "MaxPolicyExtraMemberIP": "10", "MaxCeilingPolicyIP": "130"}, [
            limit(CEILING, 100, IN, POLICY),
            limit(LimitKind.EXTRA_MEMBER, 10, IN),
            limit(LimitKind.HIGHEST, 130, IN),
        ]),
        ({"MaxNoConsultation": "1", "MaxNoSurgery": "2", "MaxNoDelivery": "3",
          "MaxNoHospitalizaion": "4", "MaxNoVisits": "5", "MaxNoAntenatal": "6"}, [
            PackageLimit(LimitKind.CLAIM_COUNT, at, category=category)
            for at, category in enumerate(
                (
                    ClaimCategory.CONSULTATION,
                    ClaimCategory.SURGERY,
                    ClaimCategory.DELIVERY,
                    ClaimCategory.HOSPITAL,
                    ClaimCategory.VISIT,
                    ClaimCategory.ANTENATAL,
                ),
                start=1,
            )
        ]),
        ({"MaxAmountDelivery": "55", "MaxAmountHospitalization": "66"}, [
            PackageLimit(LimitKind.CLAIM_AMOUNT, 55, category=ClaimCategory.DELIVERY),
            PackageLimit(LimitKind.CLAIM_AMOUNT, 66, category=ClaimCategory.HOSPITAL),
        ]),
        ({"DedInsuree": "0.00", "MaxPolicyExtraMember": "0"}, []),
    ],
)  # fmt: skip
def test_limits_of_a_product_are_those_of_the_package(
    book: Book, tmp_path: Path, told: dict[str, str], expected: list[PackageLimit]
) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path, products=product(**told)))
    assert list(package_of(desk).limits) == expected
    assert of_products(report) == []
    assert verify_desk(desk).findings == []


def test_a_family_ceiling_grows_with_its_members(book: Book, tmp_path: Path) -> None:
    """The product of case DED-25."""
    told = product(
        MaxPolicy="300000",
        Threshold="4",
        MaxPolicyExtraMember="10000",
        MaxCeilingPolicy="315000",
        CeilingInterpretation="H",
    )
    desk = book()
    assert of_products(bring_in(desk, care_of(tmp_path, products=told))) == []
    package = package_of(desk)
    assert (package.cap_household_year, package.threshold) == (300_000, 4)
    assert package.in_patient_by is InPatientBy.LEVEL
    assert package.limits == (
        limit(LimitKind.EXTRA_MEMBER, 10_000),
        limit(LimitKind.HIGHEST, 315_000),
    )


LAST = "Only one of treatment, person and policy counts: the last was taken."
GENERAL = "The limit of all care goes before those in hospital and elsewhere."


@pytest.mark.parametrize(
    ("told", "kept", "expected"),
    [
        (
            {"DedTreatment": "5", "DedPolicy": "9"},
            [limit(DEDUCTIBLE, 9, BOTH, POLICY)],
            [("DedTreatment", LAST)],
        ),
        (
            {"MaxIPTreatment": "5", "MaxIPInsuree": "9"},
            [limit(CEILING, 9, IN, PERSON)],
            [("MaxIPTreatment", LAST)],
        ),
        ({"MaxTreatment": "5", "MaxOPPolicy": "9"}, [], [("MaxOPPolicy", GENERAL)]),
        (
            {"DedInsuree": "5", "DedIPInsuree": "9"},
            [limit(DEDUCTIBLE, 5, BOTH, PERSON)],
            [("DedIPInsuree", GENERAL)],
        ),
        (
            {"MaxPolicyExtraMember": "9"},
            [],
            [("MaxPolicyExtraMember", "It makes no ceiling of a policy grow: left out.")],
        ),
        (
            {"MaxNoSurgery": "0"},
            [PackageLimit(LimitKind.CLAIM_COUNT, 0, category=ClaimCategory.SURGERY)],
            [("MaxNoSurgery", "A limit of 0 pays nothing: check the package.")],
        ),
        (
            {"DedInsuree": "x"},
            [],
            [("DedInsuree", "x is not an amount in the currency of the book.")],
        ),
        (
            {"CeilingInterpretation": "Z"},
            [],
            [("CeilingInterpretation", "What makes care in-patient is not known here: Z.")],
        ),
        (
            {"PeriodRelPrices": "W"},
            [],
            [("PeriodRelPrices", "The period of relative prices is not known here: W.")],
        ),
        (
            {"Level1": "C", "ShareContribution": "80", "WeightPopulation": "99"},
            [],
            [("capitation", "The six weights do not come to 100 percent. Change one of them.")],
        ),
    ],
)
def test_what_cannot_stand_together_is_listed(
    book: Book,
    tmp_path: Path,
    told: dict[str, str],
    kept: list[PackageLimit],
    expected: list[tuple[str, str]],
) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path, products=product(**told)))
    assert list(package_of(desk).limits) == kept
    assert package_of(desk).capitation is None
    assert of_products(report) == expected


def test_relative_prices_and_capitation_come_with_their_shares(book: Book, tmp_path: Path) -> None:
    told = product(
        PeriodRelPricesOP="Q",
        PeriodRelPricesIP="Y",
        Level1="H",
        Level2="C",
        ShareContribution="80.50",
        WeightPopulation="10",
        WeightNumberFamilies="15",
        WeightInsuredPopulation="20",
        WeightNumberInsuredFamilies="25",
        WeightNumberVisits="30",
        WeightAdjustedAmount="0.00",
    )
    head = "product_code,distribution_type,care_type,period,percent\n"
    lines = "P1,4,O,1,60.00\nP1,4,O,2,55.5\nP1,1,I,1,40\nP1,12,O,1,7\nP2,4,O,1,9\n"
    desk = book()
    folder = care_of(tmp_path, products=told, product_relative_distribution=head + lines)
    report = bring_in(desk, folder)
    package = package_of(desk)
    assert package.distributions == (
        Distribution(PoolPeriod.QUARTER, OUT, 1, 6000),
        Distribution(PoolPeriod.QUARTER, OUT, 2, 5550),
        Distribution(PoolPeriod.YEAR, IN, 1, 4000),
    )
    assert package.capitation == Capitation(
        frozenset({Level.DISTRICT_HOSPITAL, Level.CENTRE}), 8050, 1000, 1500, 2000, 2500, 3000, 0
    )
    assert of_products(report) == []
    reason = "Shares of periods the product does not use were left out: 1."
    assert left_of(report, "product_relative_distribution.csv") == [
        ("product_relative_distribution.csv", "P1", reason)
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("C,P,100,100,,,,,,,", {}),
        ("C,P,0,0,,,,,,,", {"copay": Copay.PERCENT, "copay_value": 10_000}),
        ("C,P,87.5,87.5,,,,,,,", {"copay": Copay.PERCENT, "copay_value": 1250}),
        ("F,P,,,,,,,,,", {}),
        ("F,P,0.00,0.00,,,,,,,", {"copay": Copay.UP_TO, "copay_value": 0}),
        ("C,P,,,,,0,0,,,", {"limit_count": 0}),
    ],
)
def test_nothing_and_none_are_told_apart(
    book: Book, tmp_path: Path, line: str, expected: dict[str, Any]
) -> None:
    told = RULE.format("service_code") + f"P1,C1,{line}\n"
    desk = book()
    bring_in(desk, care_of(tmp_path, product_services=told))
    assert rule_of(desk, "C1") == replace(LISTED, **expected)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("C1,C,Z,80,80,,,,,,,", "Its price is not known here: Z."),
        ("C1,C,P,80,80,,,,,,,Z", "What is outside the ceilings is not known here: Z."),
        ("C1,C,P,101,101,,,,,,,", "101 is not a share of a hundred."),
        ("C1,C,P,x,x,,,,,,,", "x is not a share of a hundred."),
        ("C1,Q,P,80,80,,,,,,,", "Its kind of limit is not known here: Q."),
        ("C1,F,P,0.5,0.5,,,,,,,", "0.5 is not an amount in the currency of the book."),
        ("C1,C,P,80,80,x,x,,,,,", "x is not a whole number."),
        ("C1,C,P,80,80,999,999,,,,,", "Type a figure from 0 to 240."),
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


LINE = (
    "product_code,service_code,LimitationType,PriceOrigin,LimitAdult,LimitChild,"
    "WaitingPeriodAdult,WaitingPeriodChild,LimitNoAdult,LimitNoChild,LimitationTypeR,"
    "LimitationTypeE,LimitAdultR,LimitAdultE,LimitChildR,LimitChildE,CeilingExclusionAdult,"
    "CeilingExclusionChild\n"
)
CHILD, ADULT = True, False


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("C,R,100,100,,,,,C,C,100,100,100,100,,", {"price_origin": PriceOrigin.RELATIVE}),
        ("C,O,100,100,,,,,,,,,,,,", {"price_origin": PriceOrigin.ASKED}),
        ("C,P,100,70,,,,,,,,,,,,", {
            "shares": tuple(Share(visit, CHILD, Copay.PERCENT, 3000) for visit in Visit)
        }),
        ("C,P,80,80,,,,,C,F,100,900,100,,,", {
            "copay": Copay.PERCENT, "copay_value": 2000,
            "shares": (
                Share(Visit.REFERRAL, None, Copay.NONE, 0),
                Share(Visit.EMERGENCY, ADULT, Copay.UP_TO, 900),
                Share(Visit.EMERGENCY, CHILD, Copay.NONE, 0),
            ),
        }),
        # A percentage that is missing is all of it. Source: openIMIS handbook 3.5, row 16.
        ("F,P,500,500,,,,,C,,,,,,,", {
            "copay": Copay.UP_TO, "copay_value": 500,
            "shares": (Share(Visit.REFERRAL, None, Copay.NONE, 0),),
        }),
        ("C,P,100,100,6,0,2,,,,,,,,H,", {
            "children_apart": True, "waiting_months": 6, "limit_count": 2,
            "ceiling_exclusion": CeilingExclusion.IN,
        }),
        ("C,P,100,100,6,3,2,1,,,,,,,N,B", {
            "children_apart": True, "waiting_months": 6, "waiting_months_child": 3,
            "limit_count": 2, "limit_count_child": 1, "ceiling_exclusion": CeilingExclusion.OUT,
            "ceiling_exclusion_child": CeilingExclusion.BOTH,
        }),
        ("C,P,100,100,,,,,,,,,,,B,B", {"ceiling_exclusion": CeilingExclusion.BOTH}),
    ],
)  # fmt: skip
def test_a_line_says_all_it_says_there(
    book: Book, tmp_path: Path, line: str, expected: dict[str, Any]
) -> None:
    desk = book()
    report = bring_in(desk, care_of(tmp_path, product_services=f"{LINE}P1,C1,{line}\n"))
    assert rule_of(desk, "C1") == replace(LISTED, **expected)
    assert left_of_care(report) == []
    assert verify_desk(desk).findings == []


SERVICES = "code,name,level,category,frequency_days,patient_category_mask,care_type,maximum_amount"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("S1,Scan,S,H,0,15,I,3", {"care": IN, "largest_quantity": 3}),
        ("S1,Scan,S,H,30,0,O,", {"care": OUT, "frequency_days": 30}),
        ("S1,Scan,S,H,,1,B,0", {"patients": frozenset({Patients.MALE})}),
        ("S1,Scan,S,H,0,10,,", {"patients": frozenset({Patients.FEMALE, Patients.CHILD})}),
    ],
)
def test_a_service_keeps_what_rules_its_use(
    book: Book, tmp_path: Path, row: str, expected: dict[str, Any]
) -> None:
    told = f"{SERVICES}\nC1,Consultation,S,C,0,15,B,\nD1,Delivery,H,D,0,6,B,\n{row}\n"
    desk = book()
    report = bring_in(desk, care_of(tmp_path, medical_services=told))
    found = desk.ask(service_of_code, "S1")
    assert found is not None
    plain = an_act("S1", "Scan", Category.HOSP, ClaimCategory.HOSPITAL)
    assert replace(found, id=ServiceId(b"")) == replace(plain, **expected)
    assert left_of_care(report) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("S1,Scan,S,H,x,15,B,", "x is not a whole number."),
        ("S1,Scan,S,H,9999,15,B,", "Type a figure from 1 to 3,660."),
        ("S1,Scan,S,H,0,16,B,", "For which patients it is cannot be read: 16."),
        ("S1,Scan,S,H,0,15,Z,", "For which care it is cannot be read: Z."),
        ("S1,Scan,S,H,0,15,B,99999", "Type a figure from 1 to 9,999."),
    ],
)
def test_what_cannot_be_read_of_a_service_limits_nothing_and_is_listed(
    book: Book, tmp_path: Path, row: str, reason: str
) -> None:
    told = f"{SERVICES}\nC1,Consultation,S,C,0,15,B,\nD1,Delivery,H,D,0,6,B,\n{row}\n"
    desk = book()
    report = bring_in(desk, care_of(tmp_path, medical_services=told))
    found = desk.ask(service_of_code, "S1")
    assert found is not None
    assert found.terms == ServiceTerms(claim_category=ClaimCategory.HOSPITAL)
    assert left_of_care(report) == [("medical_services.csv", "S1", reason)]


def test_a_composed_service_brings_its_parts(book: Book, tmp_path: Path) -> None:
    head = "code,name,level,category,frequency_days,patient_category_mask,package_type\n"
    told = (
        head
        + "B1,Birth,H,D,0,15,P\nC1,Visit,S,C,0,15,S\nD1,Delivery,H,D,0,6,\nE1,Empty,S,C,0,15,F\n"
    )
    folder = care_of(
        tmp_path,
        medical_services=told,
        medical_service_services="service_code,part_code,quantity,price\nB1,D1,1,4000\n",
        medical_service_items="service_code,item_code,quantity,price\nB1,0001,20,10\nB1,9,1,1\n",
    )
    desk = book()
    report = bring_in(desk, folder)
    birth, delivery, aspirin = (desk.ask(service_of_code, code) for code in ("B1", "D1", "0001"))
    assert birth is not None
    assert delivery is not None
    assert aspirin is not None
    assert (birth.composition, birth.parts) == (
        Composition.PARTS,
        ((delivery.id, 1), (aspirin.id, 20)),
    )
    assert left_of(report, "medical_services.csv", "medical_service_items.csv") == [
        (
            "medical_service_items.csv",
            "B1 9",
            "9 is not in the register of services and items.",
        ),
        (
            "medical_services.csv",
            "E1",
            "It is composed and has no parts here, or has parts and is single: check it.",
        ),
    ]
    acts = desk.acts
    again = bring_in(desk, folder)
    assert (again.care, desk.acts) == (CareAdded(), acts)


def test_where_a_facility_is_found_and_paid_is_kept(book: Book, tmp_path: Path) -> None:
    """Brought again, what the book does not know is added, and what was corrected here stays."""
    desk, files = book(), care_of(tmp_path)
    bring_in(desk, files)
    held = provider(desk, "H1")
    assert held.contact == Contact()
    desk.do(change_provider, provider_id=held.id, contact=Contact(phone="77 000 00 00"))
    head, *rows = CARE["health_facilities"].splitlines()
    told = [
        f"{head},address,phone,acc_code",
        *(f"{row},Route 4; PO 12,33 111,AC-{at}" for at, row in enumerate(rows, 1)),
    ]
    bring_in(desk, care_of(tmp_path, health_facilities="\n".join([*told, ""])))
    at = 1 + next(place for place, row in enumerate(rows) if row.startswith("H1,"))
    kept = Contact("Route 4; PO 12", "77 000 00 00", bank_account=f"AC-{at}")
    assert provider(desk, "H1").contact == kept
    assert provider(desk, "P1").contact.phone == "33 111"


def test_a_facility_keeps_for_which_care_it_is(book: Book, tmp_path: Path) -> None:
    told = (
        "code,name,legal_form,level,items_price_list,services_price_list,valid_from,care_type\n"
        "H1,Hospital,C,H,Drugs,Acts,2017-01-01,I\nP1,Post,D,D,Drugs,Acts,2018-01-01,O\n"
        "S1,Shop,P,C,Drugs,,2018-01-01,Z\n"
    )
    desk = book()
    report = bring_in(desk, care_of(tmp_path, health_facilities=told))
    assert [provider(desk, code).care for code in ("H1", "P1", "S1")] == [IN, OUT, BOTH]
    assert left_of_care(report) == [
        ("health_facilities.csv", "S1", "The care_type Z is not known here: check the provider.")
    ]


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
