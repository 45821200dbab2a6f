"""The member card: one by one, ten on a sheet, in one or two languages, and blank for a pad."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice

from stepdesk.i18n import N_, Text, day_text, speak
from stepdesk.members import terms
from stepdesk.members.terms import BirthKnown, Card, PersonRow
from stepdesk.paper import fonts
from stepdesk.paper.page import A4, CARD, Align, Frame, Ink, Paper, Sheet, Type
from stepdesk.progress import Progress
from stepdesk.values.digits import HouseholdNumber

SEXES = {sex: Text(words) for sex, words in terms.SEXES.items()}

_COLUMNS, _ROWS = 2, 5
_TEN = _COLUMNS * _ROWS
_PAD = 11
_QR_SIDE = 84
_PHOTO = (44.0, 55.0)
_FOLD = Sheet(CARD.width, 2 * CARD.height)
_PAD_LINES = 8

MEMBER_CARD = Text(N_("Member card"))
MEMBER_NUMBER = Text(N_("Member number"))
SECTION = Text(N_("Section"))
RIGHTS_FROM = Text(N_("Rights open from"))
HEALTH_POST = Text(N_("Health post"))
PACKAGE = Text(N_("Package"))
NUMBER = Text(N_("No."))
NAME = Text(N_("Name"))
SEX = Text(N_("Sex"))
BORN = Text(N_("Born"))


@dataclass(frozen=True, slots=True)
class _Place:
    """The upper left corner of a card's face on its sheet."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Face:
    """A face being drawn: on which paper, where, and the second language, empty for none."""

    paper: Paper
    place: _Place
    also: str = ""

    def label(self, x: float, y: float, text: Text, room: float, ink: Ink = Ink.MUTED) -> None:
        words = _both(text, self.paper.language, self.also)
        self.paper.fitted(x, y, words, room, Type(6, ink=ink))


def _both(text: Text, language: str, also: str) -> str:
    """Return words without values in one or two languages."""
    return _said(text.message, language, also)


@cache
def _said(message: str, language: str, also: str) -> str:
    first = speak(Text(message), language)
    second = speak(Text(message), also) if also else first
    return first if second == first else f"{first} / {second}"


def card_pdf(card: Card, language: str, *, also: str = "") -> bytes:
    """Return one card: front above, back below, to be folded to 85.6 × 54 mm.

    Args:
        card: Whose.
        language: The paper's.
        also: A second language for the words on it; the QR code has none.
    """
    number = Text(N_("Member card {number}"), {"number": card.told_number})
    frame = Frame(
        title=speak(number, language),
        scheme=card.scheme,
        sheet=_FOLD,
        practice=False,  # each face bears its own band
        pages=0,
    )
    paper = Paper(frame, language)
    _fold(paper, card, also)
    return paper.finish()


def _fold(paper: Paper, card: Card, also: str) -> None:
    paper.dashes(0, CARD.height, CARD.width, CARD.height)
    _front(_Face(paper, _Place(0, 0), also), card)
    _back(_Face(paper, _Place(0, CARD.height), also), card)


def each_card_pdf(
    cards: Iterable[Card],
    language: str,
    *,
    also: str = "",
    count: int = 0,
    progress: Progress | None = None,
) -> bytes:
    """Return cards one by one: each on a small sheet of its own, to be folded; see `cards_pdf`."""
    total = len(cards) if isinstance(cards, Sized) else count
    ahead = iter(cards)
    card = next(ahead, None)
    if card is None:
        raise ValueError("there is no card to print")
    title = speak(Text(N_("Member cards")), language)
    frame = Frame(title=title, scheme=card.scheme, sheet=_FOLD, practice=False, pages=0)
    paper, watch, done = Paper(frame, language), progress or Progress(), 0
    while card is not None:
        if done:
            paper.next_page()
        _fold(paper, card, also)
        done += 1
        watch.step(done, total, Text(N_("Drawing cards")))
        card = next(ahead, None)
    return paper.finish()


def cards_pdf(
    cards: Iterable[Card],
    language: str,
    *,
    also: str = "",
    count: int = 0,
    progress: Progress | None = None,
) -> bytes:
    """Return A4 sheets of ten fronts, each followed by the ten backs that lie behind them.

    For printing on both sides, turned over the long edge. All cards are of one scheme.

    Args:
        cards: Drawn as they come.
        language: The paper's.
        also: A second language for the words on it.
        count: How many there are, where `cards` cannot tell.
        progress: Stepped after each sheet.

    Raises:
        ValueError: when there is no card.
        Cancelled: when the person asked for it.
    """
    total = len(cards) if isinstance(cards, Sized) else count
    ahead = iter(cards)
    sheet = list(islice(ahead, _TEN))
    if not sheet:
        raise ValueError("there is no card to print")
    watch, done = progress or Progress(), 0
    paper = _sheets(sheet[0].scheme, language, total)
    while sheet:
        if done:
            paper.next_page()
        for at, card in enumerate(sheet):
            _front(_Face(paper, _place(at, mirrored=False), also), card)
        _crop_marks(paper)
        paper.next_page()
        for at, card in enumerate(sheet):
            _back(_Face(paper, _place(at, mirrored=True), also), card)
        _crop_marks(paper)
        done += len(sheet)
        watch.step(done, total, Text(N_("Drawing cards")))
        sheet = list(islice(ahead, _TEN))
    return paper.finish()


def pads_pdf(
    numbers: Sequence[HouseholdNumber],
    language: str,
    *,
    scheme: str,
    practice: bool,
    also: str = "",
    progress: Progress | None = None,
) -> bytes:
    """Return sheets of ten cards that bear only number and QR code; names are written by hand.

    Args:
        numbers: Of a block; a section of 0 is not printed and has a line to write it on.
        language: The paper's.
        scheme: Whose.
        practice: Whether each face bears the practice band.
        also: A second language for the words on it.
        progress: Stepped before each sheet.

    Raises:
        ValueError: when there is no number.
        Cancelled: when the person asked for it.
    """
    if not numbers:
        raise ValueError("there is no number to print")
    paper, watch = _sheets(scheme, language, len(numbers)), progress or Progress()
    for first in range(0, len(numbers), _TEN):
        watch.step(first, len(numbers), Text(N_("Drawing cards")))
        if first:
            paper.next_page()
        sheet = numbers[first : first + _TEN]
        for at, number in enumerate(sheet):
            face = _Face(paper, _place(at, mirrored=False), also)
            _blank_front(face, number, scheme, practice=practice)
        _crop_marks(paper)
        paper.next_page()
        for at, number in enumerate(sheet):
            face = _Face(paper, _place(at, mirrored=True), also)
            _blank_back(face, number, practice=practice)
        _crop_marks(paper)
    return paper.finish()


def _sheets(scheme: str, language: str, count: int) -> Paper:
    frame = Frame(
        title=speak(Text(N_("Member cards")), language),
        scheme=scheme,
        sheet=A4,
        practice=False,
        pages=2 * -(-count // _TEN),
        margin=17,
    )
    return Paper(frame, language)


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


def _front(face: _Face, card: Card) -> None:
    paper, place = face.paper, face.place
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    y = _head(face, card.scheme, practice=card.practice)
    paper.qr(right - _QR_SIDE + 8, y + 1, _QR_SIDE, card.code)
    room = CARD.width - 2 * _PAD - _QR_SIDE + 4
    face.label(left, y + 11, MEMBER_NUMBER, room)
    paper.fitted(left, y + 31, card.told_number, room, Type(20, bold=True))
    name = card.holder.name if card.holder else card.member_name
    wide, high = _PHOTO
    if card.photo and paper.picture(left, y + 36, wide, high, card.photo):
        _name(paper, name, left + wide + 6, y + 47, room - wide - 6, lines=4)
    else:
        _name(paper, name, left, y + 47, room, lines=2)
    y = place.y + CARD.height - 24 + (3 if card.photo else 0)
    middle = left + 126
    face.label(left, y, SECTION, middle - left - 6)
    _section(paper, card.section, left, y)
    rights = _day(card.rights_from, paper.language) if card.rights_from else "–"
    face.label(middle, y, RIGHTS_FROM, right - middle)
    paper.fitted(middle, y + 11, rights, right - middle, Type(8.5, bold=True))


def _section(paper: Paper, section: str, x: float, y: float) -> None:
    """Write the section in one line, or in two small ones where its name is long."""
    room, small = 118.0, Type(6.5, bold=True)
    lines = fonts.wrapped(section, room, small.size, bold=True)
    if len(lines) == 1:
        paper.fitted(x, y + 11, section, room, Type(8.5, bold=True))
        return
    first, last = _at_most(lines, 2)
    paper.fitted(x, y + 9, first, room, small)
    paper.fitted(x, y + 17, last, room, small)


@cache
def _day(day: date, language: str) -> str:
    return day_text(day, language)


def _name(paper: Paper, name: str, x: float, y: float, room: float, *, lines: int) -> None:
    """Write the name in at most so many lines, smaller where it is long."""
    longest = max(fonts.width_of(word, 1, bold=True) for word in name.split(" "))
    size = max(min(10.5, room / max(longest, 0.1) - 0.01), 6.0)
    while size > 6 and len(fonts.wrapped(name, room, size, bold=True)) > lines:
        size -= 0.5
    *whole, last = _at_most(fonts.wrapped(name, room, size, bold=True), lines)
    for line in whole:
        paper.text(x, y, line, Type(size, bold=True))
        y += size * 1.2
    paper.fitted(x, y, last, room, Type(size, bold=True))


def _at_most(lines: Sequence[str], most: int) -> list[str]:
    return [*lines[: most - 1], " ".join(lines[most - 1 :])]


def _head(face: _Face, scheme: str, *, practice: bool) -> float:
    """Draw the scheme's band, and the practice band under it; return its lower edge."""
    paper, place = face.paper, face.place
    paper.box(place.x, place.y, CARD.width, 22, fill=Ink.PRIMARY)
    word = _both(MEMBER_CARD, paper.language, face.also)
    kind = Type(7, ink=Ink.WHITE, align=Align.RIGHT)
    used = min(fonts.width_of(word, 7), 90)
    paper.fitted(place.x + CARD.width - _PAD, place.y + 14.2, word, used, kind)
    room = CARD.width - 2 * _PAD - used - 8
    kind = Type(10, bold=True, ink=Ink.WHITE)
    paper.fitted(place.x + _PAD, place.y + 14.5, scheme, room, kind)
    if not practice:
        return place.y + 22
    return paper.band(place.x, place.y + 22, CARD.width, size=8)


def _back(face: _Face, card: Card) -> None:
    paper, place = face.paper, face.place
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    top, bottom = place.y + 6, place.y + CARD.height - 3
    if card.practice:
        top = paper.band(place.x, place.y, CARD.width, size=8) + 2
    for label, words in ((PACKAGE, card.package), (HEALTH_POST, card.health_post)):
        if words:
            told = f"{_both(label, paper.language, face.also)}: {words}"
            paper.fitted(left, bottom - 3, told, right - left, Type(6.5))
            bottom -= 9
    told = paper.say(_beneficiaries(card))
    paper.fitted(left, top + 9, told, right - left, Type(7.5, bold=True))
    columns = 1 if len(card.persons) <= 12 else 2
    width = (right - left - 10 * (columns - 1)) / columns
    per_column = -(-len(card.persons) // columns)
    step = min(12.0, (bottom - top - 20) / max(per_column, 1))
    for column in range(columns):
        x = left + column * (width + 10)
        rows = card.persons[column * per_column : (column + 1) * per_column]
        persons_table(paper, rows, x, top + 18, width, step)


def _beneficiaries(card: Card) -> Text:
    return Text(
        N_("{count} beneficiary of household {number}"),
        {"count": len(card.persons), "number": str(card.number)},
        N_("{count} beneficiaries of household {number}"),
    )


def persons_table(
    paper: Paper, persons: Sequence[PersonRow], x: float, y: float, width: float, step: float
) -> None:
    """Write suffix, name, sex and year of birth of each, under small headings."""
    size = min(8.0 if width > CARD.width / 2 else 6.5, step * 0.82)
    year = x + width
    sex = year - max(4.6 * size, 36)
    tiny = Type(6, ink=Ink.MUTED)
    paper.text(x, y, NUMBER, tiny)
    paper.text(x + 18, y, NAME, tiny)
    paper.text(sex, y, SEX, Type(6, ink=Ink.MUTED, align=Align.CENTRE))
    paper.text(year, y, BORN, Type(6, ink=Ink.MUTED, align=Align.RIGHT))
    paper.rule(y + 2, x=x, until=year)
    for at, person in enumerate(persons):
        base = y + 1.5 + (at + 1) * step - step * 0.2
        paper.text(x, base, f"{person.suffix:02d}", Type(size, bold=True))
        paper.fitted(x + 18, base, person.name, sex - x - 18 - size, Type(size))
        sign = _both(SEXES[person.sex], paper.language, "")
        paper.text(sex, base, sign, Type(size, align=Align.CENTRE))
        born = born_text(person, paper.language)
        paper.text(year, base, born, Type(size, align=Align.RIGHT))


def born_text(person: PersonRow, language: str) -> str:
    """Return a person's year of birth, and whether it is only about."""
    year = f"{person.birth.day.year:04d}"
    if person.birth.known is not BirthKnown.ABOUT:
        return year
    # TRANSLATORS: about that year; keep it as short as can be
    return speak(Text(N_("c. {year}"), {"year": year}), language)


def _blank_front(face: _Face, number: HouseholdNumber, scheme: str, *, practice: bool) -> None:
    paper, place = face.paper, face.place
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    y = _head(face, scheme, practice=practice)
    paper.qr(right - _QR_SIDE + 8, y + 1, _QR_SIDE, f"{number.digits}.1")
    room = CARD.width - 2 * _PAD - _QR_SIDE + 4
    face.label(left, y + 11, MEMBER_NUMBER, room)
    paper.fitted(left, y + 31, pad_number(number), room, Type(20, bold=True))
    face.label(left, y + 42, NAME, room)
    for line in (y + 58, y + 76):
        paper.rule(line, x=left, until=left + room - 2)
    y = place.y + CARD.height - 24
    middle = left + 126
    face.label(left, y, SECTION, 110)
    paper.rule(y + 13, x=left, until=middle - 8)
    face.label(middle, y, RIGHTS_FROM, right - middle)
    paper.rule(y + 13, x=middle, until=right)


def pad_number(number: HouseholdNumber) -> str:
    """Return the number of a card of a pad: without its section where that is not yet known."""
    told = str(number)
    return told if number.section else told.partition("-")[2]


def _blank_back(face: _Face, number: HouseholdNumber, *, practice: bool) -> None:
    paper, place = face.paper, face.place
    left, right = place.x + _PAD, place.x + CARD.width - _PAD
    top = place.y + 6
    if practice:
        top = paper.band(place.x, place.y, CARD.width, size=8) + 2
    paper.text(left, top + 9, pad_number(number), Type(7.5, bold=True))
    face.label(left, top + 18, NUMBER, 16)
    face.label(left + 18, top + 18, NAME, 100)
    face.label(right - 62, top + 18, SEX, 26)
    face.label(right - 34, top + 18, BORN, 34)
    step = (place.y + CARD.height - 5 - top - 20) / _PAD_LINES
    for at in range(_PAD_LINES):
        y = top + 20 + (at + 1) * step
        paper.text(left, y - 3, f"{at:02d}", Type(7, bold=True, ink=Ink.MUTED))
        paper.rule(y, x=left, until=right)
