"""Prices pasted from a spreadsheet and brought in from workbooks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from stepdesk.benefits.queries import service_of_code, services
from stepdesk.benefits.service import add_service
from stepdesk.benefits.terms import Category, ServiceKind
from stepdesk.errors import Caution, Refusal
from stepdesk.exchange.price_lists import import_prices, start_catalogue
from stepdesk.exchange.registers.reading import open_file, open_text
from stepdesk.i18n import speak
from stepdesk.providers.queries import tariff_drafts, tariff_of_code, tariff_on
from stepdesk.providers.terms import TariffVersion
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.builders import open_copy

FIRST = date(2024, 1, 1)
MARCH = date(2024, 3, 1)


@pytest.fixture
def catalogue(desk: Desk) -> Desk:
    for code, name in (("C", "Consultation"), ("A", "Amoxicilline 500"), ("P", "Paracétamol")):
        desk.do(add_service, code=code, name=name, category=Category.OPD)
    return desk


def prices_of(desk: Desk, code: str = "PUBLIC", day: date = FIRST) -> dict[str, int]:
    tariff_id = desk.ask(tariff_of_code, code)
    assert tariff_id is not None
    found = desk.ask(tariff_on, tariff_id, day)
    assert isinstance(found, TariffVersion)
    names = desk.ask(services)
    return {names[service].code: price for service, price in found.prices.items()}


def pasted(desk: Desk, text: str, **told: Any) -> Any:
    asked: dict[str, Any] = {"code": "PUBLIC", "first_day": FIRST} | told
    return desk.do(import_prices, opened=open_text(text), **asked)


def refused(desk: Desk, text: str, **told: Any) -> str:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        pasted(desk, text, **told)
    assert desk.acts == acts
    assert no.value.field == "file"
    return speak(no.value.text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "C\t600\nA\t45\nP\t15\n",
        "Code\tLibellé\tPrix\nC\tConsultation\t600\na\tAmoxi\t45\r\nP\t\t15\n",
        "Désignation\tTarif\nCONSULTATION\t600\nAmoxicilline 500\t45\nparacetamol\t15",
        "MÉDICAMENTS\n\nC\tConsultation\tl'acte\t600\nA\t\t\t45\nP\t\t\t15",
        "Prix;Code\n600;C\n45;A\n15;P",
    ],
)
def test_a_paste_names_its_services_by_code_or_name(catalogue: Desk, text: str) -> None:
    done = pasted(catalogue, text)
    assert (done.prices, done.services_added, done.draft) == (3, 0, False)
    assert prices_of(catalogue) == {"C": 600, "A": 45, "P": 15}
    assert verify_desk(catalogue).findings == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "C\t600\nA\tfree\n",
            "Line 2: free is no price. Type digits only in the price column, then paste again.",
        ),
        ("Code\tName\tPrice\nC\tConsultation\t\n", "Line 2: — is no price."),
        ("C\t-600\n", "Line 1: -600 is no price."),
        ("C\t600\nA\t45\nC\t700\n", "Line 3: C stands in line 1 already."),
        ("C\t600\nX9\t45\n", "Line 2: X9 is not in the catalogue. Correct the code,"),
        ("nothing here", "There is no price here."),
    ],
)
def test_a_line_that_cannot_stand_refuses_the_whole_list(
    catalogue: Desk, text: str, said: str
) -> None:
    assert refused(catalogue, text).startswith(said)


def test_a_name_two_services_bear_needs_the_code(catalogue: Desk) -> None:
    catalogue.do(add_service, code="C2", name="consultation", category=Category.OPD)
    said = refused(catalogue, "Consultation\t600\n")
    assert said == "Line 1: Two services are called Consultation. Write the code instead."


def test_a_new_service_needs_its_name_and_category(catalogue: Desk) -> None:
    head = "code\tname\tcategory\tunit\tprice\n"
    said = refused(catalogue, f"{head}R\t\tIMG\t\t6000\n")
    assert said == "Line 2: R is not in the catalogue. Give its code, name and category."
    done = pasted(catalogue, f"{head}R\tRadio\timg\tfilm\t6000\nC\t\t\t\t600\n")
    assert (done.prices, done.services_added) == (2, 1)
    found = catalogue.ask(service_of_code, "R")
    assert found is not None
    assert (found.name, found.category, found.unit) == ("Radio", Category.IMG, "film")


def test_a_new_medicine_is_an_item_and_anything_else_an_act(catalogue: Desk) -> None:
    pasted(
        catalogue,
        "code\tname\tcategory\tprice\nQ\tQuinine\tDRUG\t45\nR\tRadio\tIMG\t6000\n",
    )
    found = [catalogue.ask(service_of_code, code) for code in ("Q", "R")]
    assert [one and one.kind for one in found] == [ServiceKind.ITEM, ServiceKind.ACT]


def test_a_workbook_is_read_as_it_lies(catalogue: Desk, tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (
        ("Code", "Acte", "Prix"), ("C", "Consultation", 600), (None, None, None),
        ("A", "Amoxi", 45.0), ("P", "Para", "15"),
    ):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    catalogue.do(
        import_prices, code="PUBLIC", opened=open_file(tmp_path / "list.xlsx"), first_day=FIRST
    )
    assert prices_of(catalogue) == {"C": 600, "A": 45, "P": 15}


def test_a_currency_with_decimals_reads_them(tmp_path: Path) -> None:
    with open_copy(tmp_path / "book", country="ZZ") as desk:
        desk.do(add_service, code="C", name="Consultation", category=Category.OPD)
        pasted(desk, "C\t12,50\n")
        assert prices_of(desk) == {"C": 1250}


def test_a_zero_too_many_is_asked_about_against_the_last_version(catalogue: Desk) -> None:
    pasted(catalogue, "C\t600\nA\t45\n")
    with pytest.raises(Caution) as no:
        pasted(catalogue, "C\t6000\nA\t45\n", first_day=MARCH)
    assert [one.name for one in no.value.doubts] == ["price"]
    pasted(catalogue, "C\t6000\nA\t45\n", first_day=MARCH, accepting=frozenset({"price"}))
    assert prices_of(catalogue, day=MARCH) == {"C": 6000, "A": 45}


def test_a_draft_holds_nothing_until_it_is_put_in_force(catalogue: Desk) -> None:
    pasted(catalogue, "C\t600\n")
    done = pasted(catalogue, "C\t750\n", first_day=MARCH, draft=True)
    assert done.draft
    assert prices_of(catalogue, day=MARCH) == {"C": 600}
    (draft,) = catalogue.ask(tariff_drafts, done.tariff_id)
    assert (draft.first_day, list(draft.prices.values())) == (MARCH, [750])


def test_an_empty_catalogue_starts_with_the_country_s_list_without_prices(desk: Desk) -> None:
    # Domain handbook 8.4: the categories a rural scheme sees.
    assert desk.do(start_catalogue, language="fr") > 10
    found = desk.ask(services).values()
    assert {one.category for one in found} >= {
        *(Category.OPD, Category.ANC, Category.DEL, Category.CSE, Category.HOSP),
        *(Category.OBS, Category.SURG, Category.LAB, Category.IMG, Category.TRANS),
    }
    assert "Césarienne" in {one.name for one in found}
    assert desk.ask(tariff_of_code, "PUBLIC") is None
    with pytest.raises(Refusal) as no:
        desk.do(start_catalogue, language="fr")
    assert no.value.field == "catalogue"
