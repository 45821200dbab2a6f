"""The list of diagnoses: brought in, looked up, and what a certificate may name of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.claims.queries import diagnoses, diagnoses_like, diagnosis_of_code, lists_diagnoses
from stepdesk.claims.rules.diagnoses import code_of, codes_in
from stepdesk.claims.service import (
    bring_in_diagnoses,
    checked_diagnosis,
    diagnosis_of,
    drop_diagnosis,
    enter_claim,
)
from stepdesk.claims.terms import BroughtDiagnoses, Diagnosis
from stepdesk.errors import Refusal
from stepdesk.exchange.diagnosis_lists import import_diagnoses, read_diagnoses, short_list
from stepdesk.exchange.openimis_diagnoses import read_diagnosis_files
from stepdesk.exchange.openimis_rows import Reading
from stepdesk.exchange.registers.reading import open_text
from stepdesk.i18n import speak
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from tests.builders import a_request
from tests.claims.kit import a_batch, a_care, a_claim, certificate

LIST = (
    Diagnosis("A09", {"fr": "Diarrhée", "en": "Diarrhoea"}),
    Diagnosis("B54", {"fr": "Paludisme"}),
    Diagnosis("A000", {"": "Cholera due to Vibrio"}),
)


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(verb, **told)
    assert desk.acts == acts
    return no.value.field, speak(no.value.text, "en")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("a09", "A09"),
        (" A00.1 ", "A001"),
        ("C7A", "C7A"),
        ("U07.1", "U071"),
        ("09A", None),
        ("A9", None),
        ("AA9", None),
        ("", None),
        ("A09123456", None),
    ],
)
def test_a_code_is_a_letter_two_figures_and_what_follows(told: str, code: str | None) -> None:
    assert code_of(told) == code


def test_a_certificate_may_name_several() -> None:
    assert codes_in("a09, B54;J06.9") == ("A09", "B54", "J069")
    assert codes_in("fever") == ("fever",)
    assert codes_in("  ") == ()


@given(st.text(max_size=12))
def test_a_code_read_again_is_the_same(told: str) -> None:
    code = code_of(told)
    assert code is None or code_of(code) == code


def test_a_list_is_brought_in_once(desk: Desk) -> None:
    assert not desk.ask(lists_diagnoses)
    assert desk.do(bring_in_diagnoses, listed=LIST) == BroughtDiagnoses(3, 0, 0)
    assert desk.do(bring_in_diagnoses, listed=LIST) == BroughtDiagnoses(0, 0, 3)
    assert desk.ask(diagnoses) == (LIST[2], LIST[0], LIST[1])
    better = (Diagnosis("b54", {"en": "Malaria"}), Diagnosis("I10", {"en": "Pressure"}))
    assert desk.do(bring_in_diagnoses, listed=better) == BroughtDiagnoses(1, 1, 0)
    found = desk.ask(diagnosis_of_code, "B.54")
    assert found is not None
    assert (found.name("fr"), found.name("en"), found.name("pt")) == (
        "Paludisme",
        "Malaria",
        "Malaria",
    )
    assert verify_desk(desk).findings == []


def test_what_cannot_stand_in_a_list_is_refused(desk: Desk) -> None:
    bad = (*LIST, Diagnosis("9A", {"en": "No code"}))
    assert refused(desk, bring_in_diagnoses, listed=bad)[0] == "code"
    bad = (*LIST, Diagnosis("I10", {"en": " "}))
    assert refused(desk, bring_in_diagnoses, listed=bad) == ("name", "Give I10 a name.")


def test_a_code_can_leave_the_list_and_come_back(desk: Desk) -> None:
    desk.do(bring_in_diagnoses, listed=LIST)
    assert desk.do(drop_diagnosis, code="a09") == LIST[0]
    assert desk.ask(diagnosis_of_code, "A09") is None
    assert refused(desk, drop_diagnosis, code="A09")[0] == "code"
    assert desk.do(bring_in_diagnoses, listed=LIST) == BroughtDiagnoses(0, 1, 2)
    assert desk.ask(diagnosis_of_code, "A09") == LIST[0]


def test_a_diagnosis_is_found_by_code_or_by_words(desk: Desk) -> None:
    desk.do(bring_in_diagnoses, listed=short_list())

    def codes(told: str, **more: Any) -> list[str]:
        return [one.code for one in desk.ask(diagnoses_like, told, **more)]

    assert codes("b5") == ["B50", "B54"]
    assert codes("palu") == ["B50", "B54"]
    assert codes("diarrhee") == ["A09"]
    assert codes("grossesse albumine") == ["O14"]
    assert codes("malaria proven") == ["B50"]
    assert codes("infection", most=2) == ["A64", "H66"]
    assert codes("nothing of the kind") == []
    assert codes("  ") == []


# On certificates


def test_without_a_list_a_certificate_names_what_it_likes(desk: Desk) -> None:
    care = a_care(desk)
    claim_id = a_claim(desk, care, a_batch(desk, care), diagnosis="fever")
    assert diagnosis_of(desk, claim_id) == "fever"


def test_with_a_list_a_certificate_names_its_codes_and_nothing_else(desk: Desk) -> None:
    care = a_care(desk)
    desk.do(bring_in_diagnoses, listed=LIST)
    batch_id = a_batch(desk, care)
    claim_id = a_claim(desk, care, batch_id, diagnosis=" b54, A00.0 ")
    assert diagnosis_of(desk, claim_id) == "B54, A000"

    def no(diagnosis: str) -> tuple[str, str]:
        return refused(
            desk,
            enter_claim,
            request_id=a_request(),
            batch_id=batch_id,
            certificate=certificate(desk, care, at=1, diagnosis=diagnosis),
        )

    field, said = no("I10")
    assert field == "diagnosis"
    # What somebody may be ill with is not repeated: a sentence may end in a picture of the screen.
    assert "I10" not in said
    assert no("fever")[0] == "diagnosis"
    assert no("A09 B54 A000 A09 B54 A09")[1].startswith("A certificate names 5 diagnoses")
    a_claim(desk, care, batch_id, at=1, diagnosis="")
    with desk.work("look") as work:
        assert checked_diagnosis(work, "a09 a09") == "A09"
    assert verify_desk(desk).findings == []


# Lists from files


def test_a_file_has_a_code_and_a_name_a_line() -> None:
    for text in (
        "A09;Diarrhée\nB54;Paludisme\n",
        "code;name\na09;Diarrhée\n\nB54;Paludisme\nB54;PALUDISME\n",
        "CIM-10\tLibellé\nA09\tDiarrhée\nB54\tPaludisme",
    ):
        read = read_diagnoses(open_text(text), language="fr")
        assert read.faults == ()
        assert read.listed == (
            Diagnosis("A09", {"fr": "Diarrhée"}),
            Diagnosis("B54", {"fr": "Paludisme"}),
        )


def test_columns_say_the_language_of_their_names() -> None:
    text = "code;name_fr;name_en\nA09;Diarrhée;Diarrhoea\nB54;Paludisme;\n"
    read = read_diagnoses(open_text(text))
    assert read.listed == (LIST[0], LIST[1])


def test_each_line_that_cannot_stand_is_told_and_keeps_the_list_out(desk: Desk) -> None:
    text = "A09;Diarrhoea\n9X;No code\nB54;\nA09;Cholera\nI10;Pressure\n"
    read = read_diagnoses(open_text(text))
    assert [(one.line, speak(one.text, "en")) for one in read.faults] == [
        (2, "9X is no code of ICD-10. Type a letter and two figures, such as A09."),
        (3, "Give B54 a name."),
        (4, "A09 stands in line 1 with another name. Take one of them out."),
    ]
    field, said = refused(desk, import_diagnoses, opened=open_text(text))
    assert field == "file"
    assert said.startswith("Line 2: 9X is no code")
    assert said.endswith("3 lines of the list cannot stand.")
    assert refused(desk, import_diagnoses, opened=open_text("code;name\n"))[0] == "file"
    assert not desk.ask(lists_diagnoses)


def test_the_short_list_is_whole_in_both_languages() -> None:
    listed = short_list()
    assert len(listed) >= 40
    assert len({one.code for one in listed}) == len(listed)
    for one in listed:
        assert code_of(one.code) == one.code
        assert len(one.code) == 3
        assert set(one.names) == {"en", "fr"}
        assert one.names["en"] != one.names["fr"]


def test_the_list_of_openimis_is_read_and_what_cannot_stand_is_told(tmp_path: Path) -> None:
    rows = "code,name\nA00,Cholera\n???,Odd\nA01,\nA00,Again\nA000,Cholera 01\n"
    (tmp_path / "diagnoses_icd10.csv").write_text(rows, encoding="utf-8")
    reading: Any = Reading(None, None)  # type: ignore[arg-type]
    assert read_diagnosis_files(reading, tmp_path) == (
        Diagnosis("A00", {"": "Cholera"}),
        Diagnosis("A000", {"": "Cholera 01"}),
    )
    assert [(one.key, speak(one.reason, "en")) for one in reading.left] == [
        ("???", "This is no code of ICD-10."),
        ("A01", "The diagnosis has no name."),
        ("A00", "This code stands twice in the file; the first row was taken."),
    ]
    (tmp_path / "diagnoses_icd10.csv").unlink()
    assert read_diagnosis_files(reading, tmp_path) == ()
