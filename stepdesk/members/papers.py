"""Papers of the members' room: the member card, one or ten on a sheet. Never health data."""

from collections.abc import Sequence
from dataclasses import dataclass

from stepdesk.i18n import N_, Text, day_text, speak
from stepdesk.members.terms import BirthKnown, Card, PersonRow, Sex
from stepdesk.paper.page import A4, CARD, Align, Frame, Ink, Paper, Sheet, Type

SEXES = {Sex.FEMALE: Text(N_("F")), Sex.MALE: Text(N_("M"))}

_COLUMNS, _ROWS = 2, 5
_PAD = 11
_QR_SIDE = 84
_TINY = Type(6, ink=Ink.MUTED)
_FOLD = Sheet(CARD.width, 2 * CARD.height)


@dataclass(frozen=True, slots=True)
class _Place:
    """The upper left corner of a card's face on its sheet."""

    x: float
    y: float


def card_pdf(card: Card, language: str) -> bytes:
    """Return one card: front above, back below, to be folded to 85.6 × 54 mm."""
    number = Text(N_("Member card {number}"), {"number": str(card.number)})
    frame = Frame(
        title=speak(number, language),
        scheme=card.scheme,
        sheet=_FOLD,
        practice=False,  # each face bears its own band
        pages=0,
    )
    paper = Paper(frame, language)
    paper.dashes(0, CARD.height, CARD.width, CARD.height)
    _front(paper, card, _Place(0, 0))
    _back(paper, card, _Place(0, CARD.height))
    return paper.finish()


def cards_pdf(cards: Sequence[Card], language: str) -> bytes:
    """Return A4 sheets of ten fronts, each followed by the ten backs that lie behind them.

    For printing on both sides, turned over the long edge. All cards are of one scheme.

    Raises:
        ValueError: when there is no card.
    """
    if not cards:
        raise ValueError("there is no card to print")
    size = _COLUMNS * _ROWS
    sheets = [cards[first : first + size] for first in range(0, len(cards), size)]
    frame = Frame(
        title=speak(Text(N_("Member cards")), language),
        scheme=cards[0].scheme,
        sheet=A4,
        practice=False,
        pages=2 * len(sheets),
        margin=17,
    )
    paper = Paper(frame, language)
    for number, sheet in enumerate(sheets):
        if number:
            paper.next_page()
        _crop_marks(paper)
        for at, card in enumerate(sheet):
            _front(paper, card, _place(at, mirrored=False))
        paper.next_page()
        _crop_marks(paper)
        for at, card in enumerate(sheet):
            _back(paper, card, _place(at, mirrored=True))
    return paper.finish()


def _corner() -> _Place:
    return _Place((A4.width - _COLUMNS * CARD.width) / 2, (A4.height - _ROWS * CARD.height) / 2)


def _place(at: int, *, mirrored: bool) -> _Place:
    row, column = divmod(at, _COLUMNS)
    if mirrored:
        column = _COLUMNS - 1 - column
    corner = _corner()
    return _Place(corner.x + column * CARD.width, corner.y + row * CARD.height)


def _crop_marks(paper: Paper) -> None:
    corner = _corner()
    right, bottom = A4.width - corner.x, A4.height - corner.y
    for column in range(_COLUMNS + 1):
        x = corner.x + column * CARD.width
        paper.dashes(x, corner.y - 12, x, bottom)
    for row in range(_ROWS + 1):
        y = corner.y + row * CARD.height
        paper.dashes(corner.x - 12, y, right + 12, y)


def _front(paper: Paper, card: Card, place: _Place) -> None:
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    y = _head(paper, card, place)
    paper.qr(right - _QR_SIDE + 8, y + 1, _QR_SIDE, f"{card.number.digits}.{card.version}")
    room = CARD.width - 2 * _PAD - _QR_SIDE + 4
    paper.text(left, y + 11, Text(N_("Member number")), _TINY)
    paper.fitted(left, y + 31, str(card.number), room, Type(20, bold=True))
    _name(paper, card.member_name, left, y + 47, room)
    y = place.y + CARD.height - 24
    paper.text(left, y, Text(N_("Section")), _TINY)
    paper.fitted(left, y + 11, card.section, 118, Type(8.5, bold=True))
    rights = day_text(card.rights_from, paper.language) if card.rights_from else "–"
    middle = left + 126
    paper.text(middle, y, Text(N_("Rights open from")), _TINY)
    paper.fitted(middle, y + 11, rights, right - middle, Type(8.5, bold=True))


def _name(paper: Paper, name: str, x: float, y: float, room: float) -> None:
    """Write the name in at most two lines, smaller where it is long."""
    from stepdesk.paper import fonts

    size = 10.5
    while size > 7.5 and len(fonts.wrapped(name, room, size, bold=True)) > 2:
        size -= 0.5
    first, *more = fonts.wrapped(name, room, size, bold=True)
    paper.text(x, y, first, Type(size, bold=True))
    if more:
        paper.fitted(x, y + size * 1.2, " ".join(more), room, Type(size, bold=True))


def _head(paper: Paper, card: Card, place: _Place) -> float:
    """Draw the scheme's band, and the practice band under it; return its lower edge."""
    paper.box(place.x, place.y, CARD.width, 22, fill=Ink.PRIMARY)
    word = paper.say(Text(N_("Member card")))
    kind = Type(7, ink=Ink.WHITE, align=Align.RIGHT)
    paper.text(place.x + CARD.width - _PAD, place.y + 14.2, word, kind)
    room = CARD.width - 2 * _PAD - 62
    scheme = Type(10, bold=True, ink=Ink.WHITE)
    paper.fitted(place.x + _PAD, place.y + 14.5, card.scheme, room, scheme)
    if not card.practice:
        return place.y + 22
    return paper.band(place.x, place.y + 22, CARD.width, size=8)


def _back(paper: Paper, card: Card, place: _Place) -> None:
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    top = place.y + 6
    if card.practice:
        top = paper.band(place.x, place.y, CARD.width, size=8) + 2
    told = Text(
        N_("{count} beneficiary of household {number}"),
        {"count": len(card.persons), "number": str(card.number)},
        N_("{count} beneficiaries of household {number}"),
    )
    paper.fitted(left, top + 9, paper.say(told), right - left, Type(7.5, bold=True))
    columns = 1 if len(card.persons) <= 15 else 2
    width = (right - left - 10 * (columns - 1)) / columns
    per_column = -(-len(card.persons) // columns)
    step = min(12.0, (place.y + CARD.height - 3 - top - 20) / max(per_column, 1))
    for column in range(columns):
        x = left + column * (width + 10)
        rows = card.persons[column * per_column : (column + 1) * per_column]
        _persons(paper, rows, _Place(x, top + 18), width, step)


def _persons(
    paper: Paper, persons: Sequence[PersonRow], place: _Place, width: float, step: float
) -> None:
    """Write suffix, name, sex and year of birth of each, under small headings."""
    size = min(8.0 if width > CARD.width / 2 else 6.5, step * 0.82)
    year = place.x + width
    sex = year - 4.6 * size
    paper.text(place.x, place.y, Text(N_("No.")), _TINY)
    paper.text(place.x + 18, place.y, Text(N_("Name")), _TINY)
    centred = Type(_TINY.size, ink=Ink.MUTED, align=Align.CENTRE)
    paper.text(sex, place.y, Text(N_("Sex")), centred)
    paper.text(year, place.y, Text(N_("Born")), Type(6, ink=Ink.MUTED, align=Align.RIGHT))
    paper.rule(place.y + 2, x=place.x, until=year)
    for at, person in enumerate(persons):
        y = place.y + 1.5 + (at + 1) * step - step * 0.2
        paper.text(place.x, y, f"{person.suffix:02d}", Type(size, bold=True))
        paper.fitted(place.x + 18, y, person.name, sex - place.x - 18 - size, Type(size))
        paper.text(sex, y, SEXES[person.sex], Type(size, align=Align.CENTRE))
        paper.text(year, y, _born(paper, person), Type(size, align=Align.RIGHT))


def _born(paper: Paper, person: PersonRow) -> str:
    year = f"{person.birth.day.year:04d}"
    if person.birth.known is not BirthKnown.ABOUT:
        return year
    # TRANSLATORS: about that year; keep it as short as can be
    return paper.say(Text(N_("c. {year}"), {"year": year}))
