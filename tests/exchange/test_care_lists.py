"""Price lists and packages from a spreadsheet, in a real book."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stepdesk.benefits.queries import package_on, packages, service_of_code, services
from stepdesk.benefits.service import add_service
from stepdesk.benefits.terms import (
    BenefitRule,
    Category,
    Copay,
    LimitScope,
    LimitWindow,
    PackageVersion,
    Payment,
)
from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.care_lists import ImportedTariff, import_tariff
from stepdesk.exchange.package_lists import PACKAGE_COLUMNS, import_package
from stepdesk.i18n import speak
from stepdesk.members.terms import Sex
from stepdesk.providers.queries import tariff_of_code, tariff_on
from stepdesk.providers.terms import TariffVersion
from stepdesk.store.desk import Desk
from stepdesk.values.care import Level
from stepdesk.values.ids import PackageId, PackageVersionId, ServiceId
from tests.builders import a_plan, open_copy

FIRST = date(2024, 1, 1)
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "list.csv"
        file.write_text(content, encoding=encoding)
        return file

    return to_file


def known(desk: Desk, code: str) -> ServiceId:
    found = desk.ask(service_of_code, code)
    if found is not None:
        return found.id
    return desk.do(add_service, code=code, name=code, category=Category.OPD)


def prices_of(desk: Desk, code: str = "PUBLIC", day: date = FIRST) -> dict[str, int]:
    tariff_id = desk.ask(tariff_of_code, code)
    assert tariff_id is not None
    found = desk.ask(tariff_on, tariff_id, day)
    assert isinstance(found, TariffVersion)
    names = desk.ask(services)
    return {names[service].code: price for service, price in found.prices.items()}


def package(**told: Any) -> PackageVersion:
    base = PackageVersion(PackageVersionId(b""), PackageId(b""), "BASE", "Base", FIRST)
    return replace(base, **told)


def no_list(desk: Desk, file: Path) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(import_tariff, code="PUBLIC", file=file, first_day=FIRST)
    assert desk.acts == acts
    assert no.value.field == "file"
    return speak(no.value.text, "en")


def no_package(desk: Desk, file: Path) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(import_package, package=package(), file=file)
    assert desk.acts == acts
    assert no.value.field == "file"
    return speak(no.value.text, "en")


# Price lists


def test_a_price_list_brings_its_new_services_along_in_one_act(desk: Desk, write: Write) -> None:
    known(desk, "CONS")
    acts = desk.acts
    done = desk.do(
        import_tariff,
        code="PUBLIC",
        file=write("code,price,name,category,unit\ncons,500,Other,,\nLAB,1 000,Smear,lab,test\n"),
        first_day=FIRST,
        until=date(2025, 1, 1),
    )
    assert done == ImportedTariff(done.tariff_id, "PUBLIC", FIRST, 2, 1)
    assert desk.acts == acts + 1
    assert prices_of(desk) == {"CONS": 500, "LAB": 1000}
    catalogue = desk.ask(services).values()
    assert [(one.code, one.name, one.category, one.unit) for one in catalogue] == [
        ("CONS", "CONS", Category.OPD, ""),
        ("LAB", "Smear", Category.LAB, "test"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffcode;price\nCONS;500\n",
        "price,code\n500,CONS\n\n , \n",
        ' Code , PRICE \r\n" CONS ","500"\r\n',
    ],
)
def test_a_list_comes_as_spreadsheets_write_it(desk: Desk, write: Write, content: str) -> None:
    known(desk, "CONS")
    desk.do(import_tariff, code="PUBLIC", file=write(content), first_day=FIRST)
    assert prices_of(desk) == {"CONS": 500}


def test_a_second_list_of_one_code_is_its_next_version(desk: Desk, write: Write) -> None:
    known(desk, "CONS")
    july = date(2024, 7, 1)
    for first_day, price in ((FIRST, 500), (july, 600)):
        desk.do(
            import_tariff,
            code="PUBLIC",
            file=write(f"code,price\nCONS,{price}\n"),
            first_day=first_day,
        )
    assert prices_of(desk) == {"CONS": 500}
    assert prices_of(desk, day=july) == {"CONS": 600}


def test_cents_are_read_where_the_currency_has_them(tmp_path: Path, write: Write) -> None:
    with open_copy(tmp_path / "book", "ZZ") as desk:
        known(desk, "CONS")
        file = write('code,price\nCONS,"12,50"\n')
        desk.do(import_tariff, code="PUBLIC", file=file, first_day=FIRST)
        assert prices_of(desk) == {"CONS": 1250}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "code,price\nCONS,500\nLAB,1000\n",
            "list.csv, line 3, column name: LAB is not in the catalogue. Give its name and"
            " category here to add it.",
        ),
        (
            "code,price,name,category\nLAB,1000,Smear,\n",
            "list.csv, line 2, column category: LAB is not in the catalogue. Give its name and"
            " category here to add it.",
        ),
        (
            "code,price,name,category\nLAB,1000,Smear,BLOOD\n",
            "list.csv, line 2, column category: BLOOD is not known. Write one of: OPD, OBS,",
        ),
        (
            "code,price\nCONS,12.50\n",
            "list.csv, line 2, column price: 12.50 is no amount. Type digits only, 0 decimals",
        ),
        (
            "code,price\nCONS,-5\n",
            "list.csv, line 2, column price: -5 is no amount. Type digits only",
        ),
        (
            "code,price\nCONS,\n",
            "list.csv, line 2, column price: — is no amount. Type digits only",
        ),
        ("code,price\n,500\n", "list.csv, line 2, column code: There is no code."),
        (
            "code,price\nCONS,500\ncons,600\n",
            "list.csv, line 3, column code: cons stands in line 2 already.",
        ),
        ("code,price\nCONS,500,1\n", "list.csv, line 2: 3 cells instead of 2."),
        ("code\nCONS\n", "list.csv has no column price."),
        ("code,price,prise\nCONS,500,1\n", "list.csv, column prise: not known, or there twice."),
        ("code,price,price\nCONS,5,5\n", "list.csv, column price: not known, or there twice."),
        ("code,price\n", "list.csv holds no line."),
        ("", "list.csv has no column code, price."),
        ('code,price\nCONS,"5"0\n', "list.csv is not a CSV file."),
    ],
)
def test_a_list_that_cannot_come_says_where_and_writes_nothing(
    desk: Desk, write: Write, content: str, said: str
) -> None:
    known(desk, "CONS")
    assert no_list(desk, write(content)).startswith(said)


def test_a_file_that_is_not_utf8_or_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    assert no_list(desk, file).startswith("There is no file list.csv.")
    file.write_bytes("code,price\nÉ,5\n".encode("latin-1"))
    assert no_list(desk, file).startswith("list.csv is not written in UTF-8.")


def test_a_file_the_laptop_cannot_read_is_trouble(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        desk.do(import_tariff, code="PUBLIC", file=tmp_path, first_day=FIRST)


# Packages


def test_an_empty_cell_is_the_default(desk: Desk, write: Write) -> None:
    service_id = known(desk, "CONS")
    empty = "," * (len(PACKAGE_COLUMNS) - 1)
    file = write(f"{','.join(PACKAGE_COLUMNS)}\nCONS{empty}\n")
    desk.do(import_package, package=package(), file=file)
    ((written,),) = desk.ask(packages).values()
    assert written.rules == {service_id: BenefitRule(service_id)}


def test_every_field_of_a_rule_can_be_told(desk: Desk, write: Write) -> None:
    service_id, other, plan_id = known(desk, "ACC"), known(desk, "CONS"), a_plan(desk)
    file = write(
        "code,covered,copay,deductible,deductible_scope,cap_act,cap_episode,cap_person_year,"
        "cap_household_year,limit_count,limit_scope,limit_window,limit_days,waiting_months,"
        "waiting_exempt,requires_referral,requires_letter,requires_medical_review,levels,sex,"
        "age_min,age_max,payment,emergency_out_of_network,declare_hours,exclusion\n"
        "acc,no,12.5%,100,episode,1,2,3,0,4,HOUSEHOLD,DAYS,30,9,yes,oui,true,no,"
        "centre DISTRICT_HOSPITAL,F,12,55,BOTH,x,48,COSMETIC\n"
        "CONS,1,200,,,,,,,,,,,,0,non,no,false,,,,,,,,\n"
    )
    caps = package(cap_episode=50_000, cap_person_year=80_000)
    desk.do(import_package, package=caps, file=file, plan_id=plan_id)
    found = desk.ask(package_on, plan_id, FIRST)
    assert found is not None
    assert (found.cap_episode, found.cap_person_year, found.cap_household_year) == (
        50_000,
        80_000,
        None,
    )
    told = found.rules[service_id]
    assert (told.covered, told.copay, told.copay_value) == (False, Copay.PERCENT, 1250)
    assert (told.deductible, told.deductible_scope.value) == (100, "EPISODE")
    assert (told.cap_act, told.cap_episode, told.cap_person_year, told.cap_household_year) == (
        1,
        2,
        3,
        0,
    )
    assert (told.limit_count, told.limit_scope, told.limit_window, told.limit_days) == (
        4,
        LimitScope.HOUSEHOLD,
        LimitWindow.DAYS,
        30,
    )
    assert (told.waiting_months, told.waiting_exempt, told.requires_referral) == (9, True, True)
    assert (told.requires_letter, told.requires_medical_review) == (True, False)
    assert told.levels == frozenset({Level.CENTRE, Level.DISTRICT_HOSPITAL})
    assert (told.sex, told.age_min, told.age_max) == (Sex.FEMALE, 12, 55)
    assert (told.payment, told.emergency_out_of_network) == (Payment.BOTH, True)
    assert (told.declare_hours, told.exclusion) == (48, "COSMETIC")
    assert found.rules[other] == BenefitRule(other, copay=Copay.FIXED, copay_value=200)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "code\nLAB\n",
            "list.csv, line 2, column name: LAB is not in the catalogue. Give its name",
        ),
        (
            "code,copay\nCONS,101%\n",
            "list.csv, line 2, column copay: Type a share from 0 to 100 percent.",
        ),
        ("code,copay\nCONS,a%\n", "list.csv, line 2, column copay: a% is no share."),
        (
            "code,copay\nCONS,a\n",
            "list.csv, line 2, column copay: a is no amount. Type digits only",
        ),
        (
            "code,cap_act\nCONS,-1\n",
            "list.csv, line 2, column cap_act: -1 is no amount. Type digits only",
        ),
        (
            "code,age_min\nCONS,x\n",
            "list.csv, line 2, column age_min: x is no whole number. Write digits only.",
        ),
        ("code,covered\nCONS,maybe\n", "list.csv, line 2, column covered: maybe is neither"),
        ("code,levels\nCONS,POST X\n", "list.csv, line 2, column levels: X is not known."),
        ("code,sex\nCONS,W\n", "list.csv, line 2, column sex: W is not known."),
        (
            "code,limit_window\nCONS,DAYS\n",
            "list.csv, line 2, column limit_days: A window of days needs its number",
        ),
        ("code,price\nCONS,5\n", "list.csv, column price: not known, or there twice."),
        ("covered\nyes\n", "list.csv has no column code."),
    ],
)
def test_a_package_that_cannot_come_says_where_and_writes_nothing(
    desk: Desk, write: Write, content: str, said: str
) -> None:
    known(desk, "CONS")
    assert no_package(desk, write(content)).startswith(said)
