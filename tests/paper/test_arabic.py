"""Expected orders are those of the Unicode bidirectional algorithm, worked out by hand."""

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from stepdesk.paper import arabic, fonts
from stepdesk.paper.page import A5, Align, Frame, Paper, Type
from stepdesk.paper.sheet import pdf

MOHAMED = "محمد"
DEMAHOM = MOHAMED[::-1]


def flat(words: str) -> str:
    return "".join(str(one.signs) for one in arabic.pieces(words, bold=False))


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        ("محمد", DEMAHOM),
        ("محمد 12", f"12 {DEMAHOM}"),
        ("محمد Sow", f"Sow {DEMAHOM}"),
        ("Sow محمد", f"Sow {DEMAHOM}"),
        ("Sow محمد Diop", f"Sow {DEMAHOM} Diop"),
        # Numbers after Arabic letters stand on their left, brackets around them turn with them.
        ("Sow محمد (12)", f"Sow (12) {DEMAHOM}"),
        ("Sow محمد (12) Diop", f"Sow (12) {DEMAHOM} Diop"),
        ("محمد (Sow) 3", f"3 (Sow) {DEMAHOM}"),
        ("(محمد)", f"({DEMAHOM})"),
        ("Village: محمد (Kiffa)", f"Village: {DEMAHOM} (Kiffa)"),
        # Digits of an amount or a telephone stay together and keep their order.
        ("محمد 12\u202f500", f"12\u202f500 {DEMAHOM}"),
        ("محمد 1,500.25", f"1,500.25 {DEMAHOM}"),
        ("محمد ١٢٣", f"١٢٣ {DEMAHOM}"),
        # What stands in isolates keeps its own direction and gives none to the line.
        ("\u2068محمد\u2069 – \u2068Sow\u2069 12", f"{DEMAHOM} – Sow 12"),
        ("محمد \u2068Sow\u2069 12", f"12 Sow {DEMAHOM}"),
    ],
)
def test_a_line_is_seen_in_its_order(read: str, seen: str) -> None:
    assert arabic.seen(read).translate(dict.fromkeys(map(ord, "\u2068\u2069"))) == seen


def test_letters_are_joined_and_lam_with_alif_is_one() -> None:
    (together,) = arabic.pieces("لا", bold=False)
    assert len(together.signs) == 1
    (name,) = arabic.pieces(MOHAMED, bold=False)
    # Seen from the left: last dal, middle mim, middle hah, first mim.
    assert str(name.signs) == "\ufeaa\ufee4\ufea4\ufee3"
    (alone,) = arabic.pieces("م", bold=False)
    assert str(alone.signs) in {"م", "\ufee1"}


def test_a_joiner_that_parts_letters_parts_them_and_is_not_seen() -> None:
    (joined,) = arabic.pieces("هم", bold=False)
    assert str(joined.signs) == "\ufee2\ufeeb"
    wide = arabic.width_of("ه\u200cم", bold=False)
    assert wide == pytest.approx(sum(arabic.width_of(one, bold=False) for one in "هم"))


def test_latin_among_arabic_is_in_its_own_letters() -> None:
    faces = [(one.face, str(one.signs)) for one in arabic.pieces("Sow محمد 12", bold=True)]
    assert faces[0] == (fonts.BOLD, "Sow 12 ")
    assert {face for face, _ in faces} == {fonts.BOLD, "StepDesk Arabic Bold"}


def test_no_mark_of_direction_is_drawn() -> None:
    told = flat("\u200f\u2068محمد\u2069 \u202dSow\u202c (x)\u200e")
    assert not {"\u034f", "\u200e", "\u200f", "\u2068", "\u2069", "\u202c", "\u202d"} & set(told)
    assert "(x)" in told


def test_lines_of_one_text_are_read_in_one_direction() -> None:
    from_the_left = fonts.wrapped("Carte de محمد pour toujours", 45, 10)
    assert [arabic.from_right(line) for line in from_the_left] == [False] * len(from_the_left)
    from_the_right = fonts.wrapped("محمد Sow Diop محمد Ba", 45, 10)
    assert len(from_the_right) > 2
    assert [arabic.from_right(line) for line in from_the_right] == [True] * len(from_the_right)


def test_no_line_is_wider_than_its_room() -> None:
    words = "هذه جملة طويلة Mutuelle de Thiès-Nord وعلى الرقم 12345 (بين قوسين) " * 3
    lines = fonts.wrapped(words, 120, 9)
    assert max(fonts.width_of(line, 9) for line in lines) <= 120.01
    bare = dict.fromkeys(map(ord, "\u200e\u200f"))
    assert " ".join(lines).translate(bare).split() == words.split()


def test_what_is_cut_ends_at_the_end_one_reads() -> None:
    kept = fonts.shortened("محمد محمد محمد محمد", 50, 10)
    assert kept.endswith("…")
    assert arabic.seen(kept).startswith("…")
    assert fonts.width_of(kept, 10) <= 50


def placed(made: bytes) -> list[tuple[str, float]]:
    """Return each sign of the first page and its left edge, from left to right."""
    with pypdfium2.PdfDocument(made) as document:
        page = document[0]
        text = page.get_textpage()
        signs = [
            (text.get_text_range(at, 1), round(text.get_charbox(at)[0], 1))
            for at in range(text.count_chars())
        ]
        text.close()
        page.close()
    return sorted((one for one in signs if one[0].strip()), key=lambda one: one[1])


def test_it_stands_where_its_alignment_says() -> None:
    for align in Align:
        paper = Paper(Frame("x", "", A5, practice=False, pages=0), "fr")
        paper.text(200, 100, "محمد 12", Type(20, align=align))
        signs = placed(paper.finish())
        wide = fonts.width_of("محمد 12", 20)
        start = {Align.LEFT: 200.0, Align.CENTRE: 200 - wide / 2, Align.RIGHT: 200 - wide}[align]
        assert [sign for sign, _ in signs][:2] == ["1", "2"]
        assert signs[0][1] == pytest.approx(start, abs=3)
        assert signs[-1][1] < start + wide
        assert signs[-1][1] > start + wide / 2


def test_names_in_arabic_stand_in_a_list_among_french_ones() -> None:
    rows = [("1", "فاطمة بنت محمد"), ("2", "Élimane Sow"), ("3", "محمد (12)")]
    made = pdf("Liste", ("N°", "Nom"), rows, "fr", scheme="تعاضدية")
    with pypdfium2.PdfDocument(made) as document:
        page = document[0]
        text = page.get_textpage()
        told = text.get_text_bounded()
        text.close()
        page.close()
    assert "Élimane Sow" in told
    assert "(12)" in told
    assert b"NotoSansArabic" in made


def test_without_an_arabic_letter_nothing_of_it_is_loaded() -> None:
    told = (
        "import sys\n"
        "from stepdesk.paper.sheet import pdf\n"
        "made = pdf('Liste', ('Nom',), [('Élimane Ɓooɗo Ŋari',)], 'fr', scheme='Thiès')\n"
        "assert b'Arabic' not in made\n"
        "assert 'bidi' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", told], check=True, cwd=Path(fonts.__file__).parents[2])
