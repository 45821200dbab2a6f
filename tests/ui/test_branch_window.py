"""The officer's window: a branch is made or opened, files come in, schemes are compared."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.branch.engine import Store, open_store
from stepdesk.branch.queries import schemes_on
from stepdesk.branch.service import new_branch
from stepdesk.branch.terms import SchemeState
from stepdesk.store.clock import SetClock
from stepdesk.sync.service import acknowledge, carry, pack
from stepdesk.sync.wire.bundle import Release
from stepdesk.sync.wire.cells import Cells
from stepdesk.ui import choosing, theme
from stepdesk.ui.branch.window import BranchPage, BranchWindow
from stepdesk.ui.page_area import PageArea
from stepdesk.ui.speech import Speaker
from stepdesk.ui.start import Program
from stepdesk.ui.tasks import Lane
from stepdesk.ui.theme import Theme
from stepdesk.values.month import Month
from tests.builders import a_household, a_payment, open_copy, wednesday
from tests.sync.kit import NOON, Sender, figures
from tests.sync.schemes import FEBRUARY, JANUARY, addressed, approved, closed, families
from tests.ui.brackets import BracketSpeaker, unbracketed
from tests.ui.typing import press
from tests.ui.window import plain

ROOT = Path(__file__).resolve().parents[2]
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
Opens = Callable[..., "Bench"]


class Bench:
    """The window of a branch; keys go wherever the cursor is."""

    def __init__(self, qtbot: QtBot, store: Store, *, speaker: Speaker | None = None) -> None:
        self.qtbot, self.store, self.lane = qtbot, store, Lane()
        self.speaker = speaker or Speaker("en")
        self.window = BranchWindow(
            store, lane=self.lane, speaker=self.speaker, clock=SetClock(NOON)
        )
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.wait()

    @property
    def page(self) -> BranchPage:
        return self.window.page

    def wait(self) -> None:
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.lane.is_busy())
            QApplication.processEvents()

    def key(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key)
        self.wait()

    def bring(self, *files: Path) -> list[tuple[str, str, str]]:
        """Bring in files and return what was said of each."""
        self.page.bring(files)
        self.wait()
        return self.page.arrivals.texts()

    def texts(self) -> str:
        found = [label.text() for label in self.window.findChildren(QLabel)]
        found += [cell for line in self.page.chosen.figures.lines() for cell in line]
        found += [cell for line in self.page.schemes.lines() for cell in line]
        return "\n".join(found)

    def close(self) -> None:
        self.window.close()
        self.lane.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_branch(tmp_path / "branch", name="Branch of Thiès", practice=True) as opened:
        yield opened


@pytest.fixture
def opens(qtbot: QtBot, store: Store) -> Iterator[Opens]:
    made: list[Bench] = []

    def start(**told: Any) -> Bench:
        made.append(Bench(qtbot, store, **told))
        return made[-1]

    yield start
    for bench in made:
        bench.close()


def bundle(
    folder: Path, store: Store, sender: Sender, *months: Month, told: Sequence[Cells] = ()
) -> Path:
    """A file of a scheme with these months."""
    releases: list[Release] = []
    for at, month in enumerate(months):
        before = releases[-1].id if releases else None
        cells = told[at] if told else figures()
        releases.append(sender.release(at + 1, before, period=month, cells=cells))
    sealed = sender.bundle(store.card, *releases)
    path = folder / sealed.name
    path.write_bytes(sealed.data)
    return path


# What is shown


def test_an_empty_branch_says_what_to_do(opens: Opens) -> None:
    bench = opens()
    assert bench.page.schemes.lines() == []
    assert bench.page.chosen.head.text() == "No scheme chosen"
    assert bench.page.own.bring.hasFocus()
    assert "branch-card.json" in bench.page.own.told.text()
    assert bench.store.card.fingerprint in bench.page.own.fingerprint.text()


def test_a_scheme_is_brought_in_compared_and_accepted_by_keyboard(
    opens: Opens, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender()
    file = bundle(tmp_path, store, sender, OCTOBER, NOVEMBER)
    monkeypatch.setattr(choosing, "ask_files", lambda *_told: [file])
    bench = opens()
    bench.key(Qt.Key.Key_F2)
    ((name, word, told),) = bench.page.arrivals.texts()
    assert (name, word) == (file.name, "taken in")
    short = sender.keys.fingerprint[:9]
    assert told.startswith(f"Scheme {short}: October 2026, November 2026 taken in.")
    assert "compare its fingerprint" in told
    receipt = f"RC{file.name[2:-4]}.sdr"
    assert told.endswith(f"Receipt to give back: {receipt}")
    assert (tmp_path / receipt).is_file()
    line = [short, "Senegal", "2", "Nov 2026", "to be compared"]
    assert bench.page.schemes.lines() == [line]
    assert bench.page.chosen.fingerprint.text() == sender.keys.fingerprint
    bench.key(Qt.Key.Key_Return)
    assert bench.page.arrivals.isHidden()
    bench.page.chosen.accept.setFocus()
    bench.key(Qt.Key.Key_Return)
    assert [one.state for one in schemes_on(store)] == [SchemeState.ACCEPTED]
    assert bench.page.chosen.accept.isHidden()
    assert bench.page.schemes.lines()[0][-1] == "accepted"


def test_the_figures_of_a_month_stand_beside_those_of_the_month_before(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    sender = Sender()
    then: Cells = {"m_total": (200, 600), "m_sex": (320, 280), "c_money": (1000, 900, 100)}
    now: Cells = {"m_total": (203, 611), "m_sex": (None, None), "c_money": (1200, 850, 350)}
    bench = opens()
    bench.bring(bundle(tmp_path, store, sender, OCTOBER, NOVEMBER, told=(then, now)))
    lines = [[plain(cell) for cell in line] for line in bench.page.chosen.figures.lines()]
    assert lines == [
        ["Members at the end of the month", "", "", ""],
        ["Members", "", "", ""],
        ["adherents", "203", "200", "+3"],
        ["persons covered", "611", "600", "+11"],
        ["Persons covered by sex", "", "", ""],
        ["women and girls", "hidden", "320", ""],
        ["men and boys", "hidden", "280", ""],
        ["Contributions of the month", "", "", ""],
        ["Contributions", "", "", ""],
        ["contributions due", "1,200", "1,000", "+200"],
        ["contributions collected", "850", "900", "-50"],
        ["arrears", "350", "100", "+250"],
    ]
    bench.page.held.table.setFocus()
    bench.key(Qt.Key.Key_Down)
    assert bench.page.chosen.month.text() == "October 2026"
    assert ["adherents", "200", "", ""] in bench.page.chosen.figures.lines()


def test_the_arrow_keys_go_from_scheme_to_scheme(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    bench = opens()
    senders = [Sender(), Sender()]
    bench.bring(*(bundle(tmp_path, store, sender, OCTOBER) for sender in senders))
    bench.page.schemes.table.setFocus()
    bench.page.schemes.table.selectRow(0)
    bench.wait()
    first = bench.page.chosen.fingerprint.text()
    bench.key(Qt.Key.Key_Down)
    second = bench.page.chosen.fingerprint.text()
    assert {first, second} == {sender.keys.fingerprint for sender in senders}


# Files that are not right


def test_one_bad_file_is_named_and_the_others_go_on(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    good = bundle(tmp_path, store, Sender(), OCTOBER)
    short, letter = tmp_path / "short.sdb", tmp_path / "letter.sdb"
    short.write_bytes(good.read_bytes()[:200])
    letter.write_text("Dear branch", encoding="utf-8")
    with new_branch(tmp_path / "other", name="Elsewhere", practice=True) as other:
        astray = bundle(tmp_path, other, Sender(), OCTOBER)
    bench = opens()
    told = bench.bring(short, letter, astray, tmp_path / "gone.sdb", good)
    assert [(name, word) for name, word, _told in told] == [
        ("short.sdb", "not taken"),
        ("letter.sdb", "not taken"),
        (astray.name, "not taken"),
        ("gone.sdb", "not taken"),
        (good.name, "taken in"),
    ]
    said = ("cut short", "not a file of StepDesk", "for somebody else", "cannot be read", "taken")
    assert [words in one[2] for words, one in zip(said, told, strict=True)] == [True] * 5
    assert len(list(tmp_path.glob("*.sdr"))) == 1


def test_the_same_file_twice_changes_nothing(opens: Opens, store: Store, tmp_path: Path) -> None:
    file = bundle(tmp_path, store, Sender(), OCTOBER)
    bench = opens()
    bench.bring(file)
    receipt = next(tmp_path.glob("*.sdr"))
    before = receipt.read_bytes()
    ((_name, word, told),) = bench.bring(file)
    assert word == "taken in"
    assert told.startswith("Here already; nothing changed.")
    assert receipt.read_bytes() == before


def test_receipts_go_to_the_folder_that_was_named(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    file = bundle(tmp_path, store, Sender(), OCTOBER)
    (tmp_path / "receipts").mkdir()
    bench = opens()
    bench.page.own.place.set_path(tmp_path / "receipts")
    bench.bring(file)
    assert [path.suffix for path in (tmp_path / "receipts").iterdir()] == [".sdr"]
    assert not list(tmp_path.glob("*.sdr"))


def test_a_receipt_that_cannot_be_written_is_said(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    file = bundle(tmp_path, store, Sender(), OCTOBER)
    bench = opens()
    bench.page.own.place.set_path(tmp_path / "gone")
    ((_name, word, told),) = bench.bring(file)
    assert word == "no receipt"
    assert "the receipt is the same" in told
    assert len(schemes_on(store)) == 1
    bench.page.own.place.field.clear()
    assert bench.bring(file)[0][1] == "taken in"
    assert list(tmp_path.glob("*.sdr"))


def test_the_card_is_copied_and_never_over_another(
    opens: Opens, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(choosing, "ask_folder", lambda *_told: stick)
    bench = opens()
    for _ in range(2):
        bench.page.own.card.click()
        bench.wait()
    copied = stick / "branch-card.json"
    assert copied.read_text(encoding="utf-8") == store.card.text()
    copied.write_text("another branch's", encoding="utf-8")
    bench.page.own.card.click()
    bench.wait()
    assert "branch-card.json already" in bench.page.trouble.words()
    assert copied.read_text(encoding="utf-8") == "another branch's"


# A real book


def test_a_month_of_a_book_arrives_and_its_answer_is_read(
    opens: Opens, store: Store, tmp_path: Path
) -> None:
    clock = wednesday()
    bench = opens()
    with open_copy(tmp_path / "book", clock=clock) as desk:
        families(desk)
        closed(desk, clock, JANUARY)
        a_payment(desk, a_household(desk, 6), 3100)
        closed(desk, clock, FEBRUARY)
        approved(desk, JANUARY, FEBRUARY)
        addressed(desk, store)
        file = carry(desk, desk.do(pack), tmp_path)
        assert bench.bring(file)[0][1] == "taken in"
        receipt = next(tmp_path.glob("*.sdr")).read_bytes()
        done = desk.do(acknowledge, receipt=receipt)
        assert [one.accepted for one in done.answers] == [True, True]
        names = _names(desk)
    # 8 households of 6 persons in January.
    bench.page.held.table.selectRow(1)
    bench.wait()
    assert ["persons covered", "48", "", ""] in bench.page.chosen.figures.lines()
    told = bench.texts()
    assert len(names) >= 40
    assert not [name for name in names if name in told]


def _names(desk: Any) -> set[str]:
    """Family and given names, villages and the scheme's own name, as the book holds them."""
    with desk.read() as connection:
        persons = connection.exec_driver_sql("SELECT surname, given_names FROM person").all()
    found = {name for row in persons for name in row}
    return {name for name in found if len(name) > 3} | {"Mutuelle de Koula", "Koula"}


# The door


@pytest.fixture
def program(qapp: Any) -> Iterator[Program]:
    found = Program(qapp)
    yield found
    if found.branch is not None:
        found.branch.close()
    found.finish()


def opened(program: Program) -> BranchWindow | None:
    return program.branch


def _done(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: not program.lane.is_busy(), timeout=20_000)
    QApplication.processEvents()


def _officer(qtbot: QtBot, program: Program) -> Any:
    program.begin()
    door = program.door
    assert door is not None
    qtbot.addWidget(door)
    door.activateWindow()
    qtbot.waitUntil(door.isActiveWindow)
    assert door.start is not None
    qtbot.keyClick(door.start.welcome.first, Qt.Key.Key_4)
    assert door.officer is not None
    return door


def test_a_branch_is_made_from_the_first_page(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    door = _officer(qtbot, program)
    qtbot.keyClick(door.officer.ways.first, Qt.Key.Key_2)
    sheet = door.officer.new_branch
    qtbot.waitUntil(sheet.name.hasFocus)
    qtbot.keyClick(sheet.button, Qt.Key.Key_Return)
    assert sheet.forms[0].error("name") == "This is needed: fill it in."
    press(sheet.name, "Branch of Kaolack")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x", encoding="utf-8")
    sheet.place.set_path(tmp_path / "full")
    qtbot.keyClick(sheet.button, Qt.Key.Key_Return)
    _done(qtbot, program)
    assert "full holds something already" in sheet.forms[0].error("store")
    sheet.place.set_path(tmp_path / "kaolack")
    qtbot.keyClick(sheet.button, Qt.Key.Key_Return)
    _done(qtbot, program)
    assert program.branch is not None
    assert program.branch.windowTitle() == "Branch of Kaolack – StepDesk"
    assert program.door is None
    assert (tmp_path / "kaolack" / "branch-card.json").is_file()


def test_a_branch_is_opened_from_the_first_page(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_branch(tmp_path / "real", name="Real", practice=False).close()
    door = _officer(qtbot, program)
    monkeypatch.setattr(choosing, "ask_folder", lambda *_told: tmp_path)
    qtbot.keyClick(door.officer.ways.first, Qt.Key.Key_1)
    _done(qtbot, program)
    assert "is not the folder of a branch" in door.trouble.words()
    assert opened(program) is None
    monkeypatch.setattr(choosing, "ask_folder", lambda *_told: tmp_path / "real")
    door.officer.ways.first.setFocus()
    qtbot.keyClick(door.officer.ways.first, Qt.Key.Key_Return)
    _done(qtbot, program)
    assert opened(program) is not None
    program.finish()
    with open_store(tmp_path / "real") as again:
        assert again.card.name == "Real"


def test_the_start_is_reached_from_an_open_branch(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    program.begin()
    program.show_branch(new_branch(tmp_path / "first", name="First", practice=True))
    assert program.branch is not None
    _done(qtbot, program)
    left = program.branch
    left.bar.back.setFocus()
    qtbot.keyClick(left.bar.back, Qt.Key.Key_Return)
    _done(qtbot, program)
    assert opened(program) is None
    door = program.door
    assert door is not None
    assert door.isVisible()
    assert door.stack.currentWidget() is door.start
    # Whoever comes after finds the branch free.
    open_store(tmp_path / "first").close()


def test_esc_takes_away_what_was_read(opens: Opens, store: Store, tmp_path: Path) -> None:
    bench = opens()
    bench.bring(bundle(tmp_path, store, Sender(), OCTOBER))
    assert bench.page.arrivals.isVisible()
    bench.key(Qt.Key.Key_Escape)
    assert bench.page.arrivals.isHidden()
    assert bench.page.schemes.table.hasFocus()


def test_the_way_back_leads_to_the_books(qtbot: QtBot, program: Program) -> None:
    door = _officer(qtbot, program)
    door.officer.ways.back.emit()
    assert door.stack.currentWidget() is door.start


def test_the_first_page_waits_for_nothing_of_the_branch() -> None:
    heavy = ("sqlalchemy", "stepdesk.branch", "stepdesk.sync", "pyrage", "cryptography")
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from stepdesk.ui.start import Door\n"
        "from stepdesk.ui.speech import Speaker\n"
        "from stepdesk.ui.tasks import Lane\n"
        "lane = Lane(app)\n"
        "door = Door(Speaker('fr'), lane)\n"
        "door.show_start(None)\n"
        "door.show(); app.processEvents()\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
        "lane.close()\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stdout.strip() == "[]", told.stderr


# Every word, every size


@pytest.mark.parametrize("filled", [False, True])
def test_every_word_went_through_the_translators(
    opens: Opens, store: Store, tmp_path: Path, *, filled: bool
) -> None:
    bench = opens(speaker=BracketSpeaker("en"))
    if filled:
        bench.bring(bundle(tmp_path, store, Sender(), OCTOBER), tmp_path / "gone.sdb")
    assert unbracketed(bench.window) == []


def test_every_word_of_the_ways_in_went_through_the_translators(
    qtbot: QtBot, lane: Lane, tmp_path: Path
) -> None:
    from stepdesk.ui.branch.ways import OfficerPage

    page = OfficerPage(BracketSpeaker("en"), lane, home=tmp_path)
    qtbot.addWidget(page)
    page.show()
    assert unbracketed(page) == []


def test_the_language_is_switched_live(opens: Opens, store: Store, tmp_path: Path) -> None:
    bench = opens()
    bench.bring(bundle(tmp_path, store, Sender(), OCTOBER))
    bench.speaker.set_language("fr")
    bench.wait()
    assert bench.page.schemes.lines()[0][1] == "Sénégal"
    assert "oct. 2026" in bench.page.schemes.lines()[0]


@pytest.mark.parametrize(
    ("zoom", "helped"), [(100, False), (125, False), (150, False), (100, True), (125, True)]
)
def test_the_page_is_not_wider_than_its_place(
    opens: Opens, qapp: QApplication, store: Store, tmp_path: Path, zoom: int, *, helped: bool
) -> None:
    bench = opens(speaker=Speaker("fr"))
    theme.apply(qapp, Theme(zoom=zoom))
    if helped:
        bench.key(Qt.Key.Key_F1)
    bench.bring(bundle(tmp_path, store, Sender(), OCTOBER), tmp_path / "gone.sdb")
    place: QWidget | None = bench.page.parentWidget()
    assert place is not None
    assert isinstance(place.parentWidget(), PageArea)
    assert bench.page.width() <= place.width()


def test_a_branch_window_can_be_collected(qapp: QApplication, store: Store, lane: Lane) -> None:
    import gc

    for _ in range(10):
        window = BranchWindow(store, lane=lane, speaker=Speaker("en"), clock=SetClock(NOON))
        window.show()
        while lane.is_busy():
            qapp.processEvents()
        window.close()
        window.__dict__["myself"] = window
        del window
        gc.collect()
    assert not [one for one in qapp.topLevelWidgets() if one.isVisible()]
