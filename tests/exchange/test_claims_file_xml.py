"""Claims in the XML of openIMIS and in workbooks; and the same claims written again.

Elements, their order and the codes of an upload are from the openIMIS handbook, 1.7 and 3.2.
"""

import io
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from stepdesk.claims import queries
from stepdesk.claims.service import (
    bring_in_diagnoses,
    decide_batch,
    diagnosis_of,
    withdraw_claim,
)
from stepdesk.claims.terms import Claim, Diagnosis, Visit
from stepdesk.errors import Refusal, Trouble
from stepdesk.exchange.claims_file import import_claims
from stepdesk.exchange.claims_out import xml_claims
from stepdesk.exchange.claims_xml import XmlClaim, XmlLine, rows_of, xml_of
from stepdesk.i18n import speak
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.claims.kit import Care, a_care
from tests.exchange.test_claims_file import card, refusal

DETAILS = {
    "ClaimDate": "10/01/2024",
    "HFCode": "KOULA",
    "ClaimAdmin": "ADM",
    "ClaimCode": "K-1",
    "CHFID": "",
    "StartDate": "08/01/2024",
    "EndDate": "09/01/2024",
    "ICDCode": "B54",
    "Total": "1500",
    "ICDCode1": "A09",
    "VisitType": "E",
    "GuaranteeNo": "",
}
LINES = (
    "<Items><Item><ItemCode>A</ItemCode><ItemPrice>900.00</ItemPrice>"
    "<ItemQuantity>1.00</ItemQuantity></Item></Items>"
    "<Services><Service><ServiceCode>C</ServiceCode><ServicePrice>600</ServicePrice>"
    "<ServiceQuantity>1</ServiceQuantity></Service></Services>"
)


def a_file(care: Care, lines: str = LINES, **told: str) -> str:
    details = DETAILS | {"CHFID": card(care)} | told
    body = "\n".join(f"<{name}>{one}</{name}>" for name, one in details.items())
    return f"<Claim>\n<Details>\n{body}\n</Details>\n{lines}\n</Claim>\n"


def written(tmp_path: Path, *claims: str) -> Path:
    file = tmp_path / "claims.xml"
    file.write_text(
        claims[0] if len(claims) == 1 else f"<Claims>{''.join(claims)}</Claims>", encoding="utf-8"
    )
    return file


def all_claims(desk: Desk) -> tuple[Claim, ...]:
    return desk.ask(queries.claims_of, desk.currency)


def test_a_claim_of_openimis_is_a_certificate_here(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    done = desk.do(import_claims, file=written(tmp_path, a_file(care)), decide=True)
    assert (done.claims, done.claimed.minor, done.unsealed) == (1, 1500, 0)
    (claim,) = all_claims(desk)
    assert (claim.certificate, claim.visit, claim.first_day, claim.last_day) == (
        "K-1",
        Visit.EMERGENCY,
        date(2024, 1, 8),
        date(2024, 1, 9),
    )
    assert [(one.code, one.quantity, one.unit_price.minor) for one in claim.lines] == [
        ("A", 1, 900),
        ("C", 1, 600),
    ]
    # A quarter is the patient's: 1500 x 75 %.
    assert claim.paid is not None
    assert claim.paid.minor == 1125
    assert diagnosis_of(desk, claim.id) == "B54, A09"
    assert desk.ask(queries.batches, desk.currency)[0].received_on == date(2024, 1, 10)


def test_the_same_claims_again_add_nothing_and_another_under_the_code_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    care = a_care(desk)
    both = (a_file(care), a_file(care, ClaimCode="K-2", ClaimDate="09/01/2024"))
    done = desk.do(import_claims, file=written(tmp_path, *both))
    assert (done.claims, len(done.batches)) == (2, 1)
    before = desk.acts
    again = desk.do(import_claims, file=written(tmp_path, *reversed(both)))
    assert (again.claims, again.known, desk.acts) == (0, 2, before)
    other = a_file(care, VisitType="O")
    field, said = refusal(desk, written(tmp_path, other))
    assert (field, "another claim K-1" in said) == ("certificate", True)
    twice = a_file(care, ClaimCode="K-3")
    assert refusal(desk, written(tmp_path, twice, twice))[0] == "certificate"
    desk.do(withdraw_claim, claim_id=all_claims(desk)[0].id, reason="Filed with the wrong visit")
    assert desk.do(import_claims, file=written(tmp_path, other)).claims == 1


@pytest.mark.parametrize(
    ("told", "column", "words"),
    [
        ({"HFCode": "NOBODY"}, "HFCode", "no provider NOBODY"),
        ({"CHFID": "999999999"}, "CHFID", "Nobody is registered"),
        ({"EndDate": "07/01/2024"}, "EndDate", "ends before it begins"),
        ({"StartDate": "2024-01-08"}, "StartDate", "no date"),
        ({"StartDate": "31/02/2024"}, "StartDate", "no date"),
        ({"StartDate": ""}, "StartDate", "missing"),
        ({"ClaimDate": "x"}, "ClaimDate", "no date"),
        ({"ClaimCode": ""}, "ClaimCode", "no code"),
        ({"ClaimCode": "K" * 21}, "ClaimCode", "20 signs"),
        ({"VisitType": "Z"}, "VisitType", "no kind of visit"),
        ({"Total": "1501"}, "Total", "lines come to 1500"),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_with_its_line_and_element(
    desk: Desk, tmp_path: Path, told: dict[str, str], column: str, words: str
) -> None:
    care = a_care(desk)
    good = a_file(care, ClaimCode="GOOD")
    field, said = refusal(desk, written(tmp_path, good, a_file(care, **told)))
    assert field
    assert said.startswith("Line ")
    assert f", {column}: " in said
    assert words in said
    assert all_claims(desk) == ()


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("<ItemCode>A<", "<ItemCode>X<", "ItemCode", "X is not in the catalogue"),
        ("<ServiceCode>C<", "<ServiceCode>X<", "ServiceCode", "X is not in the catalogue"),
        (">900.00<", ">1.400,00<", "ItemPrice", "no amount"),
        (">900.00<", ">900.50<", "ItemPrice", "no amount"),
        (">1.00<", ">1.50<", "ItemQuantity", "no whole number"),
        (">1.00<", ">0<", "ItemQuantity", "from 1"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(
    desk: Desk, tmp_path: Path, old: str, new: str, column: str, words: str
) -> None:
    care = a_care(desk)
    lines = LINES.replace(old, new)
    _, said = refusal(desk, written(tmp_path, a_file(care, lines, Total="")))
    assert f", {column}: " in said
    assert words in said


def test_a_line_without_a_price_is_filed_at_the_agreed_one(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    lines = LINES.replace("<ItemPrice>900.00</ItemPrice>", "")
    desk.do(import_claims, file=written(tmp_path, a_file(care, lines, Total="334")))
    assert [one.unit_price.minor for one in all_claims(desk)[0].lines] == [900, 600]
    unlisted = lines.replace(">A<", ">GLAS<")
    _, said = refusal(desk, written(tmp_path, a_file(care, unlisted, ClaimCode="K-9")))
    assert "no price list agreed" in said


def test_a_folder_is_read_whole_and_says_which_file_is_wrong(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    folder = tmp_path / "sent"
    folder.mkdir()
    with pytest.raises(Refusal, match=r"no \.xml file"):
        desk.do(import_claims, file=folder)
    (folder / "Claim_1.xml").write_text(a_file(care))
    (folder / "Claim_2.xml").write_text(a_file(care, ClaimCode="K-2", HFCode="NONE"))
    _, said = refusal(desk, folder)
    assert (
        said
        == "Claim_2.xml, line 4, HFCode: There is no provider NONE. Choose one of: KOULA; or register it first."
    )
    (folder / "Claim_2.xml").write_text(a_file(care, ClaimCode="K-2"))
    assert desk.do(import_claims, file=folder).claims == 2


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    "<Claim><Details><ClaimCode>&b;</ClaimCode></Details></Claim>"
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (BOMB.encode(), "document type"),
        (b'<!DOCTYPE c SYSTEM "file:///etc/passwd"><Claim/>', "document type"),
        (b"<a>" * 40 + b"</a>" * 40, "too deep"),
        (b"<Claim><Details>", "damaged"),
        (b"<Claim>&nbsp;</Claim>", "damaged"),
        (b"\xff\xfe<", "damaged"),
        (b"<Families/>", "No Claim"),
        (b"<Claim><Details/></Claim>", "Line"),
    ],
)
def test_no_file_can_swell_or_reach_elsewhere(
    desk: Desk, tmp_path: Path, raw: bytes, words: str
) -> None:
    file = tmp_path / "claims.xml"
    file.write_bytes(raw)
    if raw.startswith(b"\xff"):
        with pytest.raises(Refusal, match=words):
            rows_of(raw, "")
        return
    assert words in refusal(desk, file)[1]


def test_what_cannot_be_read_is_trouble(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    (folder / "a.xml").mkdir(parents=True)
    with pytest.raises(Trouble):
        desk.do(import_claims, file=folder)


def a_workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_workbook_says_what_the_table_says(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    heads = ["provider", "person", "day", "service", "price", "quantity", "certificate"]
    file = tmp_path / "claims.xlsx"
    rows: list[list[Any]] = [
        ["KOULA", card(care), date(2024, 1, 9), "C", 600, 1, 77],
        ["KOULA", card(care), date(2024, 1, 9), "A", 900.0, 2, 77],
    ]
    file.write_bytes(a_workbook(heads, *rows))
    assert desk.do(import_claims, file=file).claimed.minor == 2400
    assert [len(one.lines) for one in all_claims(desk)] == [2]
    table = tmp_path / "claims.csv"
    table.write_text(
        ",".join(heads)
        + f"\nKOULA,{card(care)},2024-01-09,C,600,1,77\nKOULA,{card(care)},2024-01-09,A,900,2,77\n"
    )
    assert desk.do(import_claims, file=table).known == 1
    file.write_bytes(a_workbook(heads, [*rows[0][:4], "six hundred", 1, 78]))
    assert refusal(desk, file)[1].startswith("Line 2, price: ")
    file.write_bytes(a_workbook(heads, [*rows[0][:5], 0.5, 78]))
    assert refusal(desk, file)[0] == "quantity"


def test_what_is_written_is_what_was_brought_in(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    lines = LINES.replace("900.00", "900")
    desk.do(import_claims, file=written(tmp_path, a_file(care, lines)), decide=True)
    (claim,) = all_claims(desk)
    (told,) = xml_claims(desk, [claim.id], administrator="ADM")
    assert (told.facility, told.code, told.diagnoses) == ("KOULA", "K-1", ("B54", "A09"))
    assert told.name.startswith("Claim_KOULA_")
    content = xml_of(told)
    (tmp_path / "out.xml").write_bytes(content)
    assert desk.do(import_claims, file=tmp_path / "out.xml").known == 1
    with pytest.raises(Refusal):
        xml_claims(desk, [claim.id], administrator=" ")


def test_elements_stand_in_the_order_of_openimis() -> None:
    claim = XmlClaim(
        date(2020, 1, 9),
        "HF",
        "ADM",
        "code",
        "884930485",
        date(2020, 1, 13),
        Decimal("334.50"),
        (XmlLine("a<a'", 2, item=True), XmlLine("s & t", 1, Decimal(35))),
        ("ICD00I", "A09"),
        date(2020, 1, 14),
        Visit.REFERRAL,
        "G-1",
        'He said "no"',
    )
    assert xml_of(claim).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<Claim>\n  <Details>\n'
        "    <ClaimDate>09/01/2020</ClaimDate>\n    <HFCode>HF</HFCode>\n"
        "    <ClaimAdmin>ADM</ClaimAdmin>\n    <ClaimCode>code</ClaimCode>\n"
        "    <CHFID>884930485</CHFID>\n    <StartDate>13/01/2020</StartDate>\n"
        "    <EndDate>14/01/2020</EndDate>\n    <ICDCode>ICD00I</ICDCode>\n"
        '    <Comment>He said "no"</Comment>\n    <Total>334.50</Total>\n'
        "    <ICDCode1>A09</ICDCode1>\n    <VisitType>R</VisitType>\n"
        "    <GuaranteeNo>G-1</GuaranteeNo>\n  </Details>\n"
        "  <Items>\n    <Item>\n      <ItemCode>a&lt;a'</ItemCode>\n"
        "      <ItemQuantity>2</ItemQuantity>\n    </Item>\n  </Items>\n"
        "  <Services>\n    <Service>\n      <ServiceCode>s &amp; t</ServiceCode>\n"
        "      <ServicePrice>35</ServicePrice>\n      <ServiceQuantity>1</ServiceQuantity>\n"
        "    </Service>\n  </Services>\n</Claim>\n"
    )


@pytest.mark.parametrize(("code", "facility"), [("", "HF"), ("K" * 21, "HF"), ("K", "H\0")])
def test_what_xml_cannot_hold_is_refused(code: str, facility: str) -> None:
    day = date(2020, 1, 9)
    with pytest.raises(Refusal):
        xml_of(XmlClaim(day, facility, "A", code, "1", day, Decimal(1), (XmlLine("a", 1),)))


def test_a_thousand_claims_are_brought_in_within_ten_seconds(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    file = written(tmp_path, *(a_file(care, ClaimCode=f"K-{at}") for at in range(1000)))
    begun = time.process_time()
    done = desk.do(import_claims, file=file)
    assert (done.claims, time.process_time() - begun < 10) == (1000, True)
    assert [speak(one.text, "en") for one in verify_desk(desk).findings] == []


def test_what_came_by_xml_is_decided_by_its_batch(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    done = desk.do(import_claims, file=written(tmp_path, a_file(care)))
    assert desk.do(decide_batch, batch_id=done.batches[0]).payable.minor == 1125


WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=12,
).filter(lambda told: told == told.strip())


@given(
    WORDS,
    st.lists(st.tuples(WORDS, st.integers(1, 9999), st.booleans()), min_size=1, max_size=6),
    st.dates(date(1950, 1, 1), date(2999, 12, 30)),
    st.integers(0, 1),
)
def test_what_is_written_reads_back(
    code: str, lines: list[tuple[str, int, bool]], day: date, nights: int
) -> None:
    last = day + timedelta(days=nights)
    told = tuple(XmlLine(name, count, Decimal(count), item=item) for name, count, item in lines)
    total = sum((Decimal(one.quantity) * (one.price or 0) for one in told), Decimal(0))
    claim = XmlClaim(day, "H & <F>", "A", code, "47/02", day, total, told, ("A09",), last)
    rows = rows_of(xml_of(claim), "")
    assert [row.wrong for row in rows] == [()] * len(told)
    read = [(row.cells["service"], int(row.cells["quantity"]), row.cells["kind"]) for row in rows]
    wanted = [*(one for one in told if one.item), *(one for one in told if not one.item)]
    assert read == [(w.code, w.quantity, "ITEM" if w.item else "SERVICE") for w in wanted]
    for row in rows:
        assert (row.cells["provider"], row.cells["certificate"]) == ("H & <F>", code)
        assert row.cells["day"] == day.isoformat()
        assert row.cells["until"] == (last.isoformat() if nights else "")


def test_a_diagnosis_the_list_does_not_have_is_refused(desk: Desk, tmp_path: Path) -> None:
    care = a_care(desk)
    desk.do(bring_in_diagnoses, listed=(Diagnosis("B54", {"en": "Malaria"}),))
    _, said = refusal(desk, written(tmp_path, a_file(care)))
    assert said.startswith("Line 10, ICDCode: ")
    done = desk.do(import_claims, file=written(tmp_path, a_file(care, ICDCode1="")))
    assert done.claims == 1
