import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.i18n import Text, speak
from stepdesk.members.papers import card_pdf, cards_pdf
from stepdesk.members.terms import Birth, BirthKnown, Card, PersonRow, Relation, Sex
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, PersonId

NAME = "Aïssatou Ɓooɗo ŋɛɔ"
NUMBER = HouseholdNumber(2, 47)


def person(suffix: int, *, known: BirthKnown = BirthKnown.DAY) -> PersonRow:
    return PersonRow(
        id=PersonId(bytes(16)),
        household_id=HouseholdId(bytes(16)),
        number=NUMBER,
        suffix=suffix,
        name=f"Person{suffix} Ndiaye",
        sex=Sex.MALE,
        birth=Birth(date(1980 + suffix, 7, 1), known),
        relation=Relation.CHILD,
        section="Keur Issa",
        member_name=NAME,
    )


CARD = Card(
    scheme="Mutuelle de Thiès-Nord",
    number=NUMBER,
    member_name=NAME,
    section="Keur Issa",
    persons=tuple(person(suffix) for suffix in range(4)),
    rights_from=date(2027, 2, 21),
    practice=False,
    version=3,
)


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(" ".join(text_page.get_text_bounded().split()))
            text_page.close()
            page.close()
    return texts


@pytest.mark.parametrize(("language", "day"), [("en", "21 February"), ("fr", "21 février")])
def test_a_card_names_the_member_and_each_beneficiary(language: str, day: str) -> None:
    (text,) = pages_of(card_pdf(CARD, language))
    wanted = [str(NUMBER), NAME, "Keur Issa", f"{day} 2027", "Mutuelle de Thiès-Nord"]
    wanted += [f"{at:02d} Person{at} Ndiaye M {1980 + at}" for at in range(4)]
    wanted.append(speak(Text("Rights open from"), language))
    assert [word for word in wanted if word not in text] == []
    assert speak(Text("TRAINING"), language) not in text


@pytest.mark.parametrize("count", [1, 13, 15, 16, 24])
def test_no_beneficiary_is_left_out(count: int) -> None:
    card = replace(CARD, persons=tuple(person(suffix) for suffix in range(count)))
    (text,) = pages_of(card_pdf(card, "en"))
    assert [at for at in range(count) if f" {at:02d} Person{at}" not in text] == []
    assert ("1 beneficiary of" if count == 1 else f"{count} beneficiaries of") in text


def test_a_year_that_is_only_estimated_says_so() -> None:
    card = replace(CARD, persons=(person(0, known=BirthKnown.ABOUT),))
    assert "c. 1980" in pages_of(card_pdf(card, "en"))[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_same_card_is_the_same_bytes(language: str) -> None:
    assert card_pdf(CARD, language) == card_pdf(replace(CARD), language)
    assert cards_pdf([CARD], language) == cards_pdf([replace(CARD)], language)


def test_rights_not_yet_known_are_a_dash() -> None:
    assert "–" in pages_of(card_pdf(replace(CARD, rights_from=None), "en"))[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_faces_of_a_practice_card_bear_the_practice_word(language: str) -> None:
    word = speak(Text("TRAINING"), language)
    card = replace(CARD, practice=True)
    assert pages_of(card_pdf(card, language))[0].count(word) == 2
    assert [word in page for page in pages_of(cards_pdf([card], language))] == [True, True]


def test_no_name_stands_in_the_metadata() -> None:
    with pypdfium2.PdfDocument(card_pdf(CARD, "en")) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == f"Member card {NUMBER}"
    assert not [value for value in told.values() if "Ndiaye" in value or NAME in value]


def test_ten_cards_share_a_sheet_with_the_backs_behind_them() -> None:
    cards = [replace(CARD, number=HouseholdNumber(2, serial)) for serial in range(1, 13)]
    pages = pages_of(cards_pdf(cards, "en"))
    numbers = [str(card.number) for card in cards]
    found = [[number for number in numbers if number in page] for page in pages]
    assert found == [numbers[:10], numbers[:10], numbers[10:], numbers[10:]]


def test_no_card_makes_no_sheet() -> None:
    with pytest.raises(ValueError, match="no card"):
        cards_pdf([], "en")


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
def test_the_code_on_a_card_holds_its_digits_and_version_only(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(card_pdf(CARD, "fr")) as document:
        page = document[0]
        bitmap = page.render(scale=4)
        bitmap.to_pil().save(tmp_path / "card.png")
        bitmap.close()
        page.close()
    command = ["zbarimg", "--nodbus", "-q", "--raw", str(tmp_path / "card.png")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert told == f"{NUMBER.digits}.3"
