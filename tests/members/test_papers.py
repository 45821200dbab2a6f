import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from stepdesk.errors import Cancelled
from stepdesk.i18n import Text, speak
from stepdesk.members.papers import booklet_pdf, card_pdf, cards_pdf, form_pdf
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Card,
    FormPerson,
    MembershipForm,
    PersonRow,
    Relation,
    Sex,
)
from stepdesk.progress import Progress
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


def a_photo(size: tuple[int, int] = (48, 60)) -> bytes:
    held = BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(held, "JPEG")
    return held.getvalue()


def test_a_photo_is_on_the_card_and_broken_bytes_are_left_out() -> None:
    plain = card_pdf(CARD, "fr")
    with_photo = card_pdf(replace(CARD, photo=a_photo()), "fr")
    assert (plain.count(b"/Subtype /Image"), with_photo.count(b"/Subtype /Image")) == (0, 1)
    broken = card_pdf(replace(CARD, photo=b"no picture"), "fr")
    assert broken.count(b"/Subtype /Image") == 0
    assert NAME in pages_of(broken)[0]


def test_the_code_of_a_card_holds_digits_suffix_and_version_alone() -> None:
    assert CARD.code == "020000471.3"
    assert replace(CARD, holder=person(2)).code == "020000471/02.3"
    assert replace(CARD, holder=person(2)).told_number == "02-000047-1/02"


def test_a_card_of_one_person_bears_that_name() -> None:
    text = pages_of(card_pdf(replace(CARD, holder=person(2)), "en"))[0]
    assert f"{NUMBER}/02" in text
    assert NAME not in text


@pytest.mark.parametrize("name", ["محمد ولد أحمد", "Wolobougou-Ouédraogo " * 4, "A", ""])
def test_any_name_finds_its_place(name: str) -> None:
    card = replace(CARD, member_name=name, photo=a_photo())
    assert len(pages_of(card_pdf(card, "fr"))) == 1


def test_a_run_of_cards_can_be_stopped() -> None:
    class Stopped(Progress):
        def step(self, done: int, total: int, text: Text | None = None) -> None:
            if done >= 20:
                self.cancel()
            super().step(done, total, text)

    drawn: list[int] = []

    def cards() -> Iterator[Card]:
        for at in range(1000):
            drawn.append(at)
            yield CARD

    with pytest.raises(Cancelled):
        cards_pdf(cards(), "fr", count=1000, progress=Stopped())
    assert len(drawn) == 20


def test_the_form_of_a_large_household_loses_nobody() -> None:
    persons = tuple(
        FormPerson("Ndiaye", f"Person{at}", Sex.MALE, relation=Relation.CHILD, suffix=at)
        for at in range(25)
    )
    pages = pages_of(form_pdf(MembershipForm(persons=persons), "en", scheme="M", practice=True))
    assert len(pages) == 2
    together = " ".join(pages)
    assert [at for at in range(25) if f"{at:02d} Ndiaye Person{at}M" not in together] == []
    assert all("TRAINING" in page for page in pages)


# Source: domain handbook 1.3, D01; what is written on both, by its words in English.
D01 = (
    *("Surname", "Given names", "Sex", "Date or year of birth", "Place of birth", "Occupation"),
    *("Village or quarter", "Section", "Group", "Phone", "Identity paper: kind and number"),
    *("Photo", "Contribution plan", "Start date", "All persons living in the household"),
    *("Persons of the household, covered or not", "Relation", "School, class", "Covered"),
    *("Other cover held", "Health post", "Person to contact", "Consent given on"),
    *(
        "Sponsor or payer",
        "Signature or thumbprint of the member",
        "Registrar: name and signature",
    ),
)


@pytest.mark.parametrize("form", [MembershipForm(), MembershipForm(persons=(FormPerson("Sow"),))])
def test_the_form_has_every_field_filled_or_blank(form: MembershipForm) -> None:
    (page,) = pages_of(form_pdf(form, "en", scheme="M", practice=False))
    assert [label for label in D01 if label not in page] == []


def test_the_blank_form_has_ten_lines_on_one_page() -> None:
    (page,) = pages_of(form_pdf(MembershipForm(), "fr", scheme="M", practice=True))
    assert [at for at in range(10) if f"{at:02d}" not in page] == []


def test_each_person_of_the_form_has_a_photo_a_school_and_an_identity_paper() -> None:
    persons = (
        FormPerson("Sow", "Awa", identity="CNI 1 234 1990 00123", photo=a_photo()),
        FormPerson("Sow", "Binta", photo=a_photo(), school_until=date(2024, 7, 31)),
        FormPerson("Sow", "Coumba"),
    )
    made = form_pdf(MembershipForm(persons=persons), "en", scheme="M", practice=False)
    (page,) = pages_of(made)
    assert "CNI 1 234 1990 00123" in page
    assert page.count("until ") == 1
    with pypdfium2.PdfDocument(made) as document:
        drawn = document[0]
        pictures = [one for one in drawn.get_objects() if one.type == 3]
        assert len(pictures) == 3  # the member's twice: large, and in the line
        drawn.close()


def test_a_photo_is_no_sharper_than_a_printer_prints() -> None:
    large = a_photo((480, 600))
    made = card_pdf(replace(CARD, photo=large), "fr")
    # 44 by 55 points at 250 dots an inch.
    assert b"/Width 153" in made
    assert b"/Height 191" in made


@pytest.mark.parametrize("count", [1, 9, 25])
def test_the_booklet_has_a_stamp_a_month_and_every_beneficiary(count: int) -> None:
    card = replace(CARD, persons=tuple(person(suffix) for suffix in range(count)))
    front, care = pages_of(booklet_pdf(card, "en", year=2026))
    assert [month for month in range(1, 13) if f"{month:02d}/2026" not in front] == []
    assert [at for at in range(count) if f"{at:02d} Person{at} " not in front] == []
    assert "Provider and care" in care
