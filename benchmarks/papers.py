"""Papers: cards by the thousand against bare ReportLab drawing the same, and the list of the entitled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from benchmarks import big_book
from benchmarks.syncs import Syncs
from benchmarks.table import Effort, Row, Table, Times
from stepdesk.i18n import Text
from stepdesk.members.papers import cards_pdf
from stepdesk.members.terms import Birth, BirthKnown, Card, PersonRow, Relation, Sex
from stepdesk.paper import fonts
from stepdesk.paper.page import A4, BODY, Align, Paper, Type, runs_of
from stepdesk.reports.queries.registers import entitled_rows
from stepdesk.values.digits import HouseholdNumber
from stepdesk.values.ids import HouseholdId, PersonId

CARDS_AT_MOST = 1.3
ENTITLED_S = 20.0
CARDS, FEW_CARDS = 10_000, 500
_PERSONS = 6
_SURNAMES = ("Diop", "Ndiaye", "Sow", "Ɓa", "Cissé", "Faye", "Ouédraogo")
_GIVEN = ("Awa", "Bintou", "Coumba", "Élimane", "Fatou", "Gora", "Ŋari")


def run(table: Table, effort: Effort, syncs: Syncs, folder: Path) -> None:
    """Measure cards and the list of the entitled."""
    del syncs
    _cards(table, effort)
    _entitled(table, effort, folder)


def _cards(table: Table, effort: Effort) -> None:
    count = effort.rounds(CARDS, FEW_CARDS)
    cards = [_card(serial) for serial in range(1, count + 1)]
    drawn = _drawn(cards[:10])
    codes = [card.code for card in cards]
    taken, bare = Times(), Times()
    for _ in range(effort.rounds(1, 3)):
        bare.take(partial(_bare, drawn, codes))
        taken.take(partial(cards_pdf, cards, "fr"))
    ratio = taken.median_cpu / bare.median_cpu
    table.add(
        Row(
            f"{count:,} cards, ten on a sheet; floor: bare ReportLab, the same texts and codes",
            "",
            bare.median,
            taken.median,
            taken.median_cpu,
            ratio=ratio,
            wanted=f"≤ {CARDS_AT_MOST:g}",
            holds=ratio <= CARDS_AT_MOST,
        )
    )


def _card(serial: int) -> Card:
    number = HouseholdNumber(serial % 12 + 1, serial)
    persons = tuple(_person(number, suffix) for suffix in range(_PERSONS))
    return Card(
        "Mutuelle de Thiès-Nord",
        number,
        persons[0].name,
        "Keur Issa Ndiaye",
        persons,
        date(2026, 1 + serial % 12, 1),
        practice=False,
    )


def _person(number: HouseholdNumber, suffix: int) -> PersonRow:
    seed = number.serial + suffix
    return PersonRow(
        PersonId(bytes(16)),
        HouseholdId(bytes(16)),
        number,
        suffix,
        f"{_SURNAMES[number.serial % 7]} {_GIVEN[seed % 7]} {_GIVEN[seed // 7 % 7]}",
        Sex.FEMALE if seed % 2 else Sex.MALE,
        Birth(date(1950 + seed % 70, 7, 1), BirthKnown.YEAR),
        Relation.CHILD,
        "Keur Issa Ndiaye",
        "",
    )


@dataclass(slots=True)
class _Drawn:
    """What was written on each page: font, size, colour, x, y and words; x, y and side of codes."""

    texts: list[list[tuple[str, float, str, float, float, str]]]
    codes: list[list[tuple[float, float, float]]]


def _drawn(cards: Sequence[Card]) -> _Drawn:
    """Return what ten cards write on their two pages, noted while they are drawn."""
    told = _Drawn([[], []], [[], []])
    text, qr = Paper.text, Paper.qr

    def note_text(paper: Paper, x: float, y: float, words: str | Text, kind: Type = BODY) -> None:
        drawn = words if isinstance(words, str) else paper.say(words)
        wide = fonts.width_of(drawn, kind.size, bold=kind.bold)
        start = x - {Align.LEFT: 0.0, Align.CENTRE: wide / 2, Align.RIGHT: wide}[kind.align]
        font = fonts.BOLD if kind.bold else fonts.REGULAR
        told.texts[paper.page - 1].append(
            (font, kind.size, kind.ink.value, start, A4.height - y, fonts.printable(drawn))
        )
        text(paper, x, y, words, kind)

    def note_code(paper: Paper, x: float, y: float, side: float, content: str) -> None:
        told.codes[paper.page - 1].append((x, A4.height - y, side))
        qr(paper, x, y, side, content)

    setattr(Paper, "text", note_text)  # noqa: B010 - put back below
    setattr(Paper, "qr", note_code)  # noqa: B010
    try:
        cards_pdf(cards, "fr")
    finally:
        setattr(Paper, "text", text)  # noqa: B010
        setattr(Paper, "qr", qr)  # noqa: B010
    return told


def _bare(drawn: _Drawn, codes: Sequence[str]) -> bytes:
    """Draw the same texts at the same places, and a code for each card, by ReportLab alone."""
    from reportlab.lib.colors import HexColor
    from reportlab.pdfgen.canvas import Canvas

    held = BytesIO()
    canvas = Canvas(held, pagesize=(A4.width, A4.height), invariant=1, pageCompression=1)
    inks = {told[2]: HexColor(told[2]) for page in drawn.texts for told in page}
    for first in range(0, len(codes), 10):
        sheet = codes[first : first + 10]
        for page in range(2):
            for font, size, ink, x, y, words in drawn.texts[page]:
                canvas.setFillColor(inks[ink])
                canvas.setFont(font, size)
                canvas.drawString(x, y, words)
            for (x, y, side), content in zip(drawn.codes[page], sheet, strict=False):
                _bare_code(canvas, x, y, side, content)
            canvas.showPage()
    canvas.save()
    return held.getvalue()


def _bare_code(canvas: Any, x: float, y: float, side: float, content: str) -> None:
    rows = list(runs_of(content))
    module = side / (len(rows) + 8)
    path = canvas.beginPath()
    for row, runs in enumerate(rows):
        for at, count in runs:
            path.rect(x + module * (at + 4), y - module * (row + 5), module * count, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _entitled(table: Table, effort: Effort, folder: Path) -> None:
    name = big_book.BIG
    persons = 10_000
    place = big_book.copy_of(name, folder)
    desk, _ = big_book.opened(place, big_book.today_of(name))
    taken = Times()
    with desk:
        for _ in range(effort.rounds(3, 1)):
            taken.take(lambda: desk.ask(_count, desk.today))
    whole = taken.median_cpu / 1000 * 100_000 / persons
    table.add(
        Row(
            "the list of the entitled, reckoned for 100,000 persons",
            f"{persons:,} persons",
            None,
            taken.median,
            taken.median_cpu,
            wanted=f"≤ {ENTITLED_S:g} s at 100,000",
            told=f"{whole:.1f} s",
            holds=whole <= ENTITLED_S,
        )
    )


def _count(connection: Connection, day: date) -> int:
    return sum(1 for _ in entitled_rows(connection, day))
