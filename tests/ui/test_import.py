"""A register is brought in through the window, by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from stepdesk.exchange.registers.terms import Field, Shape, State
from stepdesk.members.queries import counts_on, search
from stepdesk.store.checking import verify_desk
from stepdesk.store.desk import Desk
from stepdesk.ui.registers.page import ImportPage
from tests.builders import a_plan, a_section, open_copy, wednesday
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.window import Window

ONWARD = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
Opens = Callable[..., Window]

HEAD = ("N° carte", "Nom et prénoms", "Sexe", "Âge", "Lien", "Village")
ROWS = (
    ("C1", "Coulibaly Ibrahim", "M", 41, "chef", "Koula"),
    ("C1", "Coulibaly Rokia", "F", 35, "épouse", "Koula"),
    ("C1", "Coulibaly Seydou", "M", 3, "enfant", "Koula"),
    ("C2", "Diarra Awa", "F", 52, "chef", "Koulla"),
    ("C2", "Diarra Modibo", "M", "bientôt", "enfant", "Koulla"),
    ("C3", "Keita Fatou", "F", 30, "chef", "Koula"),
)
"""Five people can be read: 3 of C1, 1 of C2 once its village is told, 1 of C3."""


@pytest.fixture
def opens(qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    made: list[Window] = []
    desks: list[Desk] = []

    def start(**told: object) -> Window:
        desk = open_copy(tmp_path / "book", clock=wednesday())
        a_section(desk)
        a_plan(desk)
        desks.append(desk)
        made.append(Window(qtbot, desk, **told))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for window in made:
        window.close()
    for desk in desks:
        desk.close()


def workbook(folder: Path, rows: tuple[tuple[object, ...], ...] = ROWS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Registre 2024"])
    sheet.append(list(HEAD))
    for row in rows:
        sheet.append(list(row))
    path = folder / "register.xlsx"
    book.save(path)
    return path


def test_a_register_is_brought_in_by_keys_alone(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path))
    # One sheet is not asked about: the first question is where the headings stand.
    assert page.way.text() == "Step 2 of 6: Table"
    assert page.steps[1].table.chosen_id() == 1  # type: ignore[attr-defined]
    for _step in range(3):
        window.key(*ONWARD)
    assert page.way.text() == "Step 5 of 6: Values"
    odd = page.steps[4]
    assert odd.rows.rowCount() == 2  # type: ignore[attr-defined]
    # Enter goes to the field, Enter takes what it proposes: Koulla is Koula.
    odd.table.select_id((Field.SECTION, "koulla"))  # type: ignore[attr-defined]
    window.type("\n\n")
    window.key(*ONWARD)
    assert page.way.text() == "Step 6 of 6: Result"
    assert page.result.counts.text().startswith("5 people in 3 households")
    window.key(*ONWARD)
    assert "came in" in page.done.title.text()
    assert window.desk.ask(counts_on, window.desk.today) == (3, 5)
    assert verify_desk(window.desk).clean


def test_a_cell_is_put_right_in_place(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    rows = (*ROWS[:3], ("C2", "Diarra Awa", "F", "bientôt", "chef", "Koula"))
    page = window.go(ImportPage, "import", path=workbook(tmp_path, rows))
    for _step in range(4):
        window.key(*ONWARD)
    # Row 6 of the sheet: title, headings, three people, then Diarra Awa.
    assert page.result.table.chosen_id() == 5
    window.type("\n")
    window.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.type("52\n")
    assert page.result.counts.text().startswith("4 people in 2 households · 0 rows to look at · 0")


def test_an_import_is_taken_back_as_a_whole(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path, ROWS[:3]))
    for _step in range(5):
        window.key(*ONWARD)
    assert window.desk.ask(counts_on, window.desk.today) == (1, 3)
    page.done.undo.setFocus()
    window.key(Qt.Key.Key_Space)
    assert window.desk.ask(counts_on, window.desk.today) == (0, 0)
    assert page.opening.isVisible()
    assert verify_desk(window.desk).clean


def test_the_same_file_again_writes_nothing(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    path = workbook(tmp_path, ROWS[:3])
    page = window.go(ImportPage, "import", path=path)
    for _step in range(5):
        window.key(*ONWARD)
    window.go(ImportPage, "import", path=path)
    for _step in range(4):
        window.key(*ONWARD)
    look = page._look
    assert look is not None
    assert (look.result.count(State.KNOWN), look.result.people) == (3, 0)
    assert not page.result.good.isEnabled()


def test_what_was_copied_is_taken_as_a_table(opens: Opens) -> None:
    window = opens()
    page = window.go(ImportPage, "import")
    told = "\n".join("\t".join(map(str, row)) for row in (HEAD, *ROWS[:3]))
    QGuiApplication.clipboard().setText(told)
    page.opening.paste.setFocus()
    window.key(Qt.Key.Key_Space)
    for _step in range(5):
        window.key(*ONWARD)
    assert len(window.desk.ask(search, "Rokia")) == 1


def test_a_file_that_is_no_register_is_refused_in_words(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"\xff\xd8\xff\xe0 this is a photo")
    page = window.go(ImportPage, "import", path=path)
    assert page.opening.isVisible()
    assert page.opening.error.text()
    assert page._ready is None


def test_another_kind_is_drawn_at_once(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path))
    window.key(*ONWARD)
    step = page.steps[2]
    assert step.member.text() == "Coulibaly Ibrahim"  # type: ignore[attr-defined]
    step.shapes.choose(Shape.HOUSEHOLDS)  # type: ignore[attr-defined]
    window.wait()
    assert page._look is not None
    assert page._look.choices.shape is Shape.HOUSEHOLDS


def test_esc_goes_back_and_nothing_is_lost(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path))
    for _step in range(3):
        window.key(*ONWARD)
    window.type("\n\n")
    looked = page._look
    window.key(Qt.Key.Key_Escape)
    assert page.way.text() == "Step 4 of 6: Columns"
    assert page._look is looked
    assert window.desk.ask(counts_on, window.desk.today) == (0, 0)


LIKE = (
    ("C7", "Diarra Aoua", "F", 52, "chef", "Koula"),
    ("C8", "Keyita Fatou", "F", 30, "chef", "Koula"),
)
"""Two who sound like Diarra Awa and Keita Fatou of the book."""


def test_who_looks_like_somebody_is_answered_once_for_all(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    alone = (("C2", "Diarra Awa", "F", 52, "chef", "Koula"), ROWS[-1])
    page = window.go(ImportPage, "import", path=workbook(tmp_path, alone))
    for _step in range(5):
        window.key(*ONWARD)
    page = window.go(ImportPage, "import", path=workbook(tmp_path, LIKE))
    for _step in range(4):
        window.key(*ONWARD)
    assert page.result.counts.text().startswith("2 people in 2 households · 2 rows to look at")
    assert page.result.same.isVisible()
    page.result.all_same.setFocus()
    window.key(Qt.Key.Key_Space)
    assert page.result.counts.text().startswith("0 people in 0 households · 0 rows to look at")
    assert not page.result.same.isVisible()
    window.key(*ONWARD)
    # Nobody came in; both are called as the newer register calls them.
    assert page.done.title.text() == "0 people in 0 households came in."
    assert window.desk.ask(counts_on, window.desk.today) == (2, 2)
    assert [one.name for one in window.desk.ask(search, "Aoua")] == ["Diarra Aoua"]


def test_one_row_that_looks_like_somebody_is_somebody_else(opens: Opens, tmp_path: Path) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path, ROWS[-1:]))
    for _step in range(5):
        window.key(*ONWARD)
    page = window.go(ImportPage, "import", path=workbook(tmp_path, LIKE[1:]))
    for _step in range(4):
        window.key(*ONWARD)
    assert not page.result.all_same.isVisible()
    page.result.other.setFocus()
    window.key(Qt.Key.Key_Space)
    window.key(*ONWARD)
    assert window.desk.ask(counts_on, window.desk.today) == (2, 2)


def test_the_report_of_an_import_is_saved_from_its_last_page(
    opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opens()
    page = window.go(ImportPage, "import", path=workbook(tmp_path))
    for _step in range(5):
        window.key(*ONWARD)
    target = tmp_path / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_told: (str(target), ""))
    page.done.report.setFocus()
    window.key(Qt.Key.Key_Space)
    window.wait()
    with pypdfium2.PdfDocument(target.read_bytes()) as document:
        told = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "4 people in 2 households came in" in told
    # Koulla may be Koula: two rows wait. Row 7 is Modibo, who was born soon.
    assert "7 C2 · Diarra Modibo · M · bientôt · enfant · Koulla" in told


def test_every_word_of_the_steps_went_through_the_translators(
    opens: Opens, tmp_path: Path
) -> None:
    window = opens(speaker=BracketSpeaker("en"))
    page = window.go(ImportPage, "import", path=workbook(tmp_path))
    for step in range(6):
        page._go_to(step)
        window.wait()
        assert unbracketed(page) == []
