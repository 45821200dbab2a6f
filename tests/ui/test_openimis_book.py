"""Every household of the openIMIS demonstration, opened in the window, printed and asked about.

Figures are reckoned from the demonstration's own CSV files.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from stepdesk.exchange.openimis import import_openimis
from stepdesk.i18n import catalogue, speak
from stepdesk.members.papers import cards_pdf
from stepdesk.members.queries import household_ids, search
from stepdesk.reports.queries.registers import whole_cards
from stepdesk.rights.service import tell_rights
from stepdesk.rights.terms import Answer
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.members.page import MembersPage
from stepdesk.ui.widgets.rows_model import RowsModel
from stepdesk.values.digits import HouseholdNumber
from tests.builders import make_book
from tests.ui.window import Window, plain

DEMO = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openimis_demo"
pytestmark = pytest.mark.skipif(not DEMO.is_dir(), reason="the demo data is not here")
TODAY = date(2026, 11, 23)
ENGLISH = re.compile(r"\b(the|of|is|are|and|until|not|with|was|has|yet|from)\b", re.IGNORECASE)


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clock = SetClock(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC))
    desk = make_book(tmp_path_factory.mktemp("demo") / "book", "SN", clock=clock)
    desk.do(import_openimis, folder=DEMO)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def families() -> dict[str, list[dict[str, str]]]:
    """Every family's people by the number of its head."""
    people = defaultdict(list)
    for one in rows("insurees"):
        people[one["family_id"]].append(one)
    return {one["head_chf_id"]: people[one["family_id"]] for one in rows("families")}


def seen(page: QWidget) -> list[str]:
    """Return every text that stands in the page, cells of tables included."""
    told: list[str] = []
    for one in page.findChildren(QWidget):
        if not one.isVisible():
            continue
        match one:
            case QLabel() | QAbstractButton():
                told.append(one.text())
            case QLineEdit():
                told.append(one.placeholderText())
            case QTableView():
                model = one.model()
                if isinstance(model, RowsModel):
                    told += [
                        column.title and model.speaker.tr(column.title) for column in model.columns
                    ]
                    told += [
                        model.cell(row, column).text
                        for row in range(min(model.rowCount(), 60))
                        for column in range(len(model.columns))
                    ]
            case _:
                pass
    return [one for one in told if one.strip()]


def english(told: list[str]) -> list[str]:
    """Return the texts that are English words, or sentences of which the French differs."""
    known = catalogue("fr")
    return [
        one for one in told if ENGLISH.search(one) or (known.gettext(one) != one and len(one) > 3)
    ]


def test_every_household_is_opened_in_french_with_all_its_tabs(
    demo: Desk, families: dict[str, list[dict[str, str]]], qtbot: QtBot
) -> None:
    window = Window(qtbot, demo, language="fr")
    ids = demo.ask(household_ids)
    opened: dict[str, list[tuple[str, str]]] = {}
    for household in ids:
        page = window.go(MembersPage, "members", household=household)
        card = page.card
        assert card.file is not None
        known = card.file.known
        model = card.people
        opened[known.legacy_number] = [
            (one.legacy_number, model.cell(at, 2).text) for at, one in enumerate(known.persons)
        ]
        for tab in ("people", "receipts", "papers", "history"):
            card.tabs.choose(tab)
            window.wait()
            told = seen(page)
            assert english(told) == []
            assert not [one for one in told if "{" in one or "None" in one]
        assert card.history.texts()
        assert card.history.told.text()
        for at in range(card.history.model.rowCount()):
            card.history.table.go_to(at)
            assert card.history.told.text()
    window.close()
    # One family of the patient of an old claim stands only in the archived rows (README, 7).
    archived = opened.pop("55555")
    assert {number for number, _ in archived} == {"55555", "55556", "55557"}
    assert len(opened) == 21
    assert sum(map(len, opened.values())) == 60
    assert {head: sorted(number for number, _ in people) for head, people in opened.items()} == {
        head: sorted(one["chf_id"] for one in people) for head, people in families.items()
    }
    names = dict(chain.from_iterable(opened.values()))
    assert names == {
        one["chf_id"]: f"{one['last_name']} {one['other_names']}".strip()
        for one in rows("insurees")
    }


def test_each_person_is_asked_about_in_the_window(demo: Desk, qtbot: QtBot) -> None:
    window = Window(qtbot, demo, language="fr")
    asked = 0
    for household in demo.ask(household_ids):
        page = window.go(MembersPage, "members", household=household)
        card = page.card
        card.show_people()
        for at in range(card.people.rowCount()):
            card.people_table.go_to(at)
            window.wait()
            card.rights.day.setText("15/12/2019")
            card.rights.ask.click()
            window.wait()
            told = [
                plain(one.text())
                for one in (card.rights.answer, card.rights.member, card.rights.to_provider)
            ]
            assert all(told)
            assert english(told) == []
            assert told[0].startswith(("Oui", "Non", "Sous condition"))
            asked += 1
    window.close()
    assert asked == 63


def spans_of(family: str) -> list[tuple[date, date]]:
    """Return first and last day of each policy the source has of a family."""
    return [
        (date.fromisoformat(one["effective_date"]), date.fromisoformat(one["expiry_date"]))
        for one in rows("policies")
        if one["family_id"] == family and one["effective_date"]
    ]


def test_rights_of_each_person_on_several_days_are_two_sentences_in_both_languages(
    demo: Desk,
) -> None:
    for one in rows("insurees"):
        (found,) = [
            row for row in demo.ask(search, one["chf_id"]) if row.legacy_number == one["chf_id"]
        ]
        spans = spans_of(one["family_id"])
        days = {TODAY, date(2018, 1, 1), *(day + timedelta(400) for _, day in spans)}
        days |= set(chain.from_iterable(spans))
        for day in sorted(days):
            told = tell_rights(demo, person_id=found.id, day=day)
            for text in (told.member, told.provider):
                english_words, french_words = speak(text, "en"), speak(text, "fr")
                assert len(english_words) > 10
                assert english_words != french_words
                assert not ENGLISH.search(french_words)
                assert "{" not in english_words + french_words
            if not any(first <= day <= last + timedelta(60) for first, last in spans):
                assert told.verdict.answer is Answer.NO
            if day in {last for _, last in spans}:
                assert told.verdict.answer is Answer.YES


def test_the_cards_of_all_sixty_on_sheets_of_ten(demo: Desk) -> None:
    ids = demo.ask(household_ids)
    with demo.read() as connection:
        cards = list(whole_cards(connection, ids, TODAY, practice=False))
    made = cards_pdf(cards, "fr")
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) == 6  # 21 households: 10, 10 and 1, fronts and backs
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(" ".join(text.get_text_bounded().split()))
            text.close()
            page.close()
    fronts, backs = " ".join(texts[::2]), " ".join(texts[1::2])
    numbers = re.findall(r"\b(\d\d)-(\d{6})-(\d)\b", fronts)
    assert len(numbers) == 21
    for section, serial, check in numbers:
        assert int(check) == luhn(serial)
        assert str(HouseholdNumber(int(section), int(serial))) == f"{section}-{serial}-{check}"
    assert {card.code for card in cards} == {f"{a}{b}{c}.1" for a, b, c in numbers}
    for one in rows("insurees"):
        assert f"{one['last_name']} {one['other_names']}".strip() in backs
    assert sum(len(card.persons) for card in cards) == 60


def luhn(serial: str) -> int:
    """Return the check digit; by hand of design 4: 000317 gives 8."""
    doubled = [int(one) * (2 - at % 2) for at, one in enumerate(reversed(serial))]
    return -sum(one - 9 if one > 9 else one for one in doubled) % 10


def test_the_book_verifies_after_all_that(demo: Desk) -> None:
    assert luhn("000317") == 8
    assert verify_desk(demo).clean
