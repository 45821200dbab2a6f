import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdesk.i18n import Text, amount_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import A4, A5, BODY, QUIET, Frame, Paper, runs_of
from stepdesk.values.money import Currency, Money

LETTERS = "ɓ ɗ ŋ ɛ ɔ Ɓ Ɗ Ŋ Ɛ Ɔ ƴ ñ é œ"
FRANC = Currency("XOF", 0)


def paper(*, practice: bool = False, pages: int = 1, language: str = "en") -> Paper:
    frame = Frame("Proof", "Mutuelle", A5, practice, pages, printed_on=date(2026, 11, 23))
    return Paper(frame, language)


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(" ".join(text_page.get_text_bounded().split()))
            text_page.close()
            page.close()
    return " ".join(texts)


@pytest.mark.parametrize("sign", [*LETTERS.replace(" ", ""), "\u202f", "\u00a0", "…", "–", "×"])
def test_the_letters_of_the_villages_are_in_both_fonts(sign: str) -> None:
    assert fonts.has(sign)
    assert fonts.printable(sign) == sign


def test_a_sign_the_font_lacks_gets_its_stand_in() -> None:
    assert not fonts.has("\u2212")
    assert fonts.printable("\u22125") == "-5"


def test_letters_and_their_marks_are_composed() -> None:
    assert fonts.printable("Se\u0301ne\u0301gal") == "Sénégal"


def test_the_letters_can_be_read_back() -> None:
    proof = paper()
    proof.text(40, 60, LETTERS)
    assert LETTERS in text_of(proof.finish())


def test_the_foot_names_scheme_page_and_day() -> None:
    proof = paper(pages=2)
    proof.next_page()
    text = text_of(proof.finish())
    assert "Mutuelle" in text
    assert "Printed on 23 November 2026 · Page 1 of 2" in text
    assert "Printed on 23 November 2026 · Page 2 of 2" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_a_practice_paper_bears_band_and_watermark(language: str) -> None:
    proof = paper(practice=True, pages=2, language=language)
    proof.next_page()
    word = speak(Text("TRAINING"), language)
    assert text_of(proof.finish()).count(word) >= 2
    assert word not in text_of(paper(language=language).finish())


def test_the_metadata_are_title_author_and_language() -> None:
    pdf = paper(language="fr").finish()
    with pypdfium2.PdfDocument(pdf) as document:
        told = document.get_metadata_dict()
    assert (told["Title"], told["Author"], told["Creator"]) == ("Proof", "Mutuelle", "StepDesk")
    assert b"/Lang (fr)" in pdf


def test_amounts_end_where_they_are_told() -> None:
    proof = paper()
    for at, amount in enumerate((5, 1_234_567)):
        proof.money(300, 100 + 20 * at, Money(amount, FRANC))
    with pypdfium2.PdfDocument(proof.finish()) as document:
        page = document[0]
        text_page = page.get_textpage()
        told = text_page.get_text_range()
        ends = [
            text_page.get_charbox(told.index(amount_text(Money(amount, FRANC), "en")[-1]))[2]
            for amount in (5, 1_234_567)
        ]
        text_page.close()
        page.close()
    assert max(abs(end - 300) for end in ends) < 2


@given(st.text("abcde éɓŋ", min_size=1, max_size=60), st.integers(20, 200))
def test_wrapped_lines_fit_and_lose_nothing(words: str, width: int) -> None:
    lines = fonts.wrapped(words, width, BODY.size)
    assert all(fonts.width_of(line, BODY.size) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


@given(st.text("abcde éɓŋ", max_size=60), st.integers(20, 200))
def test_a_shortened_line_fits(words: str, width: int) -> None:
    assert fonts.width_of(fonts.shortened(words, width, 10), 10) <= width


def test_the_runs_of_a_code_are_its_dark_modules() -> None:
    import segno

    code = segno.make("R-1.7K", error="m", mask=2, micro=False, boost_error=False)
    drawn = []
    for runs in runs_of("R-1.7K"):
        row = [0] * len(code.matrix)
        for first, count in runs:
            row[first : first + count] = [1] * count
        drawn.append(row)
    assert drawn == [list(row) for row in code.matrix]
    assert QUIET == 4


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
@pytest.mark.parametrize("content", ["020000474.1", "R-2026-A-000123.7K3M9Q"])
def test_a_code_is_read_back_as_it_was_given(content: str, tmp_path: Path) -> None:
    proof = paper()
    proof.qr(100, 100, 80, content)
    with pypdfium2.PdfDocument(proof.finish()) as document:
        page = document[0]
        bitmap = page.render(scale=3)
        bitmap.to_pil().save(tmp_path / "code.png")
        bitmap.close()
        page.close()
    command = ["zbarimg", "--nodbus", "-q", "--raw", str(tmp_path / "code.png")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert told == content


def test_a_sheet_has_the_size_of_its_paper() -> None:
    with pypdfium2.PdfDocument(paper().finish()) as document:
        size = document.get_page_size(0)
    assert size == pytest.approx((A5.width, A5.height), abs=0.01)
    assert pytest.approx((595.28, 841.89), abs=0.01) == (A4.width, A4.height)


def test_nothing_heavy_is_imported_before_a_paper_is_made() -> None:
    asked = (
        "import sys, stepdesk.contributions.papers, stepdesk.members.papers, "
        "stepdesk.ledger.papers; "
        "print([name for name in ('reportlab', 'segno', 'babel') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(fonts.__file__).parents[2],
    )
    assert done.stdout.strip() == "[]"
