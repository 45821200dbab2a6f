"""The guarantee letter (D10), the list of open ones for a hospital's desk, and the emergency pad.

A letter is one A4 sheet: a half of A5 for the provider, one for the patient with the stub to tear
off. The QR code carries the number alone. A leaf of the pad is the same paper, still to be filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.claims.terms import GuaranteeKind, GuaranteeLetter, LetterState, PadLeaf
from stepdesk.i18n import N_, Text, day_text, money_text, speak
from stepdesk.members.terms import Sex
from stepdesk.paper import sheet
from stepdesk.paper.page import A4, LABEL, MM, NAME, SMALL, STRONG, Align, Frame, Ink, Paper, Type
from stepdesk.paper.sheet import Cell
from stepdesk.values.month import age_on

LETTER_STATES = {
    LetterState.REQUESTED: N_("Asked for"),
    LetterState.ISSUED: N_("Issued"),
    LetterState.USED: N_("Used"),
    LetterState.SETTLED: N_("Used and paid"),
    LetterState.REFUSED: N_("Refused"),
    LetterState.EXPIRED: N_("Run out"),
    LetterState.CANCELLED: N_("Cancelled"),
}
LETTER_KINDS = {
    GuaranteeKind.NORMAL: N_("Guarantee letter"),
    GuaranteeKind.REGULARISATION: N_("Letter of regularisation"),
    GuaranteeKind.PAD: N_("Letter of the emergency pad"),
}
SEXES = {Sex.FEMALE: N_("F"), Sex.MALE: N_("M")}

_WHOLE_STAY = N_(
    "The patient must be covered on every day of the stay. Contributions that come due after this "
    "letter do not stop it."
)
_HALF = A4.height / 2
_STUB = 58 * MM
_QR = 74.0
_MARGIN = 11 * MM
_COLUMNS = (
    Text(N_("Letter")),
    Text(N_("Card")),
    Text(N_("Patient")),
    Text(N_("Act")),
    Text(N_("Quantity")),
    Text(N_("At most")),
    Text(N_("Valid from")),
    Text(N_("Valid through")),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands on a letter; fields without words are filled in by hand."""

    title: Text
    number: str
    code: str
    scheme: str
    practice: bool
    day: str
    fields: tuple[tuple[Text, str], ...]
    amounts: tuple[tuple[Text, str], ...]
    short: tuple[tuple[Text, str], ...]
    issued_by: str
    note: Text | None = None


# The letter


def guarantee_letter_pdf(
    letter: GuaranteeLetter, language: str, *, scheme: str, practice: bool
) -> bytes:
    """Return a letter that was issued, on one A4 sheet of three parts.

    Raises:
        ValueError: for a letter that never was issued.
    """
    if letter.issued_on is None or letter.valid_through is None:
        raise ValueError("only a letter that was issued is printed")
    paper = _paper(Text(N_("Letter {number}"), {"number": letter.number}), language, scheme)
    _sheet(paper, _told(letter, paper, scheme, practice=practice))
    return paper.finish()


def emergency_pad_pdf(
    leaves: Sequence[PadLeaf], language: str, *, scheme: str, practice: bool
) -> bytes:
    """Return leaves of the emergency pad to print, a page each, with the figures that prove them.

    Raises:
        ValueError: without a leaf.
    """
    if not leaves:
        raise ValueError("there is no leaf to print")
    paper = _paper(Text(N_("Emergency pad")), language, scheme)
    for at, leaf in enumerate(leaves):
        if at:
            paper.next_page()
        _sheet(paper, _blank(leaf, scheme, practice=practice))
    return paper.finish()


def _paper(title: Text, language: str, scheme: str) -> Paper:
    # Each part that is torn off has a practice band of its own.
    frame = Frame(
        title=speak(title, language),
        scheme=scheme,
        sheet=A4,
        practice=False,
        pages=0,
        margin=_MARGIN,
    )
    return Paper(frame, language)


def _told(letter: GuaranteeLetter, paper: Paper, scheme: str, *, practice: bool) -> _Told:
    issued = letter.issued_on or letter.asked_on
    first, last = (
        day_text(day or issued, paper.language) for day in (letter.first_day, letter.valid_through)
    )
    age = Text(
        N_("{count} year"),
        {"count": max(age_on(letter.birth.day, issued), 0)},
        plural=N_("{count} years"),
    )
    who = f"{paper.say(Text(SEXES[letter.sex]))}, {paper.say(age)}"
    act = letter.service if letter.quantity == 1 else f"{letter.quantity} × {letter.service}"
    most = money_text(letter.up_to, paper.language)
    name = (Text(N_("Patient")), letter.patient)
    card = (Text(N_("Card")), letter.card)
    provider = (Text(N_("Provider")), letter.provider)
    service = (Text(N_("Act")), act)
    through = (Text(N_("Valid through")), last)
    return _Told(
        title=Text(LETTER_KINDS[letter.kind]),
        number=letter.number,
        code=letter.code,
        scheme=scheme,
        practice=practice,
        day=day_text(issued, paper.language),
        fields=(
            name,
            card,
            (Text(N_("Sex and age")), who),
            provider,
            service,
            (Text(N_("Valid from")), first),
            through,
            (Text(N_("Sent by")), letter.referral or "–"),
        ),
        amounts=(
            (Text(N_("The scheme pays at most")), most),
            (
                Text(N_("The patient pays for the act")),
                money_text(letter.patient_due, paper.language),
            ),
        ),
        short=(card, name, provider, service, (Text(N_("At most")), most), through),
        issued_by=letter.issued_by,
        note=Text(_WHOLE_STAY) if letter.whole_stay else None,
    )


def _blank(leaf: PadLeaf, scheme: str, *, practice: bool) -> _Told:
    name = (Text(N_("Patient")), "")
    card = (Text(N_("Card")), "")
    provider = (Text(N_("Provider")), "")
    service = (Text(N_("Act")), "")
    through = (Text(N_("Valid through")), "")
    return _Told(
        title=Text(N_("Emergency letter")),
        number=leaf.number,
        code=leaf.code,
        scheme=scheme,
        practice=practice,
        day="",
        fields=(
            name,
            card,
            (Text(N_("Sex and age")), ""),
            provider,
            service,
            (Text(N_("Valid from")), ""),
            through,
            (Text(N_("Sent by")), ""),
        ),
        amounts=(
            (Text(N_("The scheme pays at most")), ""),
            (Text(N_("The patient pays for the act")), ""),
        ),
        short=(card, name, provider, service, (Text(N_("At most")), ""), through),
        issued_by="",
    )


def _sheet(paper: Paper, told: _Told) -> None:
    left, right = paper.left, paper.right
    _part(paper, told, Text(N_("For the provider")), (left, right), 0)
    paper.dashes(0, _HALF, A4.width, _HALF)
    edge = _STUB + left
    paper.dashes(edge, _HALF, edge, A4.height)
    _stub(paper, told, (left, edge - 9), _HALF)
    _part(paper, told, Text(N_("For the patient")), (edge + 9, right), _HALF)


def _part(paper: Paper, told: _Told, whose: Text, span: tuple[float, float], top: float) -> None:
    left, right = span
    width = right - left
    y = top + _MARGIN
    if told.practice:
        y = paper.band(left, top + 14, width, size=8.5) + 6
    y = _head(paper, told, whose, span, y)
    begins, ends = _grid(paper, told, (left, right - _QR - 6), y)
    paper.qr(right - _QR + 6, begins - 6, _QR, told.number)
    paper.text(right, begins + _QR + 6, told.number, Type(8, bold=True, align=Align.RIGHT))
    below = max(ends, begins + _QR + 16)
    _amounts(paper, told, span, below)
    _foot(paper, told, span, top + _HALF - 34)


def _head(paper: Paper, told: _Told, whose: Text, span: tuple[float, float], y: float) -> float:
    left, right = span
    width = right - left
    y += 9
    paper.fitted(left, y, told.scheme, width * 0.55, NAME)
    paper.text(right, y, whose, Type(8, ink=Ink.MUTED, align=Align.RIGHT))
    y += 18
    title = Type(13, bold=True, ink=Ink.PRIMARY)
    paper.fitted(left, y, paper.say(told.title), width * 0.6, title)
    paper.text(right, y, told.number, Type(13, bold=True, align=Align.RIGHT))
    paper.rule(y + 8, x=left, until=right)
    return y + 22


def _grid(paper: Paper, told: _Told, span: tuple[float, float], y: float) -> tuple[float, float]:
    """Write the fields in two columns; return where they begin and where they end."""
    left, right = span
    gap = 12
    wide = (right - left - gap) / 2
    rows = [told.fields[at : at + 2] for at in range(0, len(told.fields), 2)]
    for at, row in enumerate(rows):
        for column, field in enumerate(row):
            _field(paper, field, (left + column * (wide + gap), y + at * 31), wide)
    return y, y + len(rows) * 31


def _field(
    paper: Paper, field: tuple[Text, str], place: tuple[float, float], width: float
) -> None:
    label, words = field
    x, y = place
    paper.text(x, y, label, LABEL)
    if words:
        paper.fitted(x, y + 13, words, width, STRONG)
    else:
        paper.rule(y + 17, x=x, until=x + width)


def _amounts(paper: Paper, told: _Told, span: tuple[float, float], y: float) -> None:
    left, right = span
    width = right - left
    code = width * 0.36
    box = width - code - 10
    paper.box(left, y, box, 62, fill=Ink.TINT, border=Ink.PRIMARY, radius=4)
    for at, (label, words) in enumerate(told.amounts):
        base = y + 22 + at * 26
        paper.fitted(left + 8, base, paper.say(label), box * 0.46, LABEL)
        kind = Type(15 if not at else 11, bold=True, align=Align.RIGHT)
        if words:
            paper.fitted(left + box - 8, base, words, box * 0.48, kind)
        else:
            paper.rule(base + 3, x=left + box * 0.54, until=left + box - 8)
    start = right - code
    paper.box(start, y, code, 62, fill=Ink.WHITE, border=Ink.TEXT, radius=4)
    paper.fitted(
        start + 8, y + 15, paper.say(Text(N_("Figures to read on the phone"))), code - 16, LABEL
    )
    figures = Type(26, bold=True, align=Align.CENTRE)
    paper.text(start + code / 2, y + 46, told.code, figures)


def _foot(paper: Paper, told: _Told, span: tuple[float, float], y: float) -> None:
    left, right = span
    half = (right - left - 14) / 2
    issued = Text(N_("Issued by {name} on {day}"), {"name": told.issued_by, "day": told.day})
    words = (
        paper.say(issued)
        if told.day
        else paper.say(Text(N_("Issued by ____________________ on ______________")))
    )
    paper.signature(left, y, Text(N_("Signature and stamp of the scheme")), half)
    paper.signature(right - half, y, Text(N_("Patient, or who speaks for the patient")), half)
    note = Text(N_("One letter is for one patient, one provider and one illness."))
    if told.note is not None:
        paper.fitted(left, y - 57, paper.say(told.note), right - left, SMALL)
    paper.fitted(left, y - 46, words, right - left, SMALL)
    paper.fitted(left, y - 35, paper.say(note), right - left, SMALL)


def _stub(paper: Paper, told: _Told, span: tuple[float, float], top: float) -> None:
    left, right = span
    width = right - left
    y = top + _MARGIN + 9
    if told.practice:
        y = paper.band(left, top + 14, width, size=6.5) + 12
    paper.text(left, y, Text(N_("Stub")), Type(8, ink=Ink.MUTED))
    paper.fitted(left, y + 18, told.number, width, Type(13, bold=True))
    paper.fitted(left, y + 31, told.day, width, SMALL)
    y += 50
    for field in told.short:
        _field(paper, field, (left, y), width)
        y += 31
    paper.text(left, y, Text(N_("Figures")), LABEL)
    paper.text(left, y + 17, told.code, Type(16, bold=True))
    label = Text(N_("Received by"))
    paper.signature(left, top + _HALF - 34, label, width)


# Lists


def open_letters_pdf(
    letters: Sequence[GuaranteeLetter],
    language: str,
    *,
    provider: str,
    scheme: str,
    practice: bool,
    day: date,
) -> bytes:
    """Return the open letters of one provider, for its desk; their figures are not on it."""
    rows: list[Sequence[Cell]] = [
        (
            one.number,
            one.card,
            one.patient,
            one.service,
            one.quantity,
            one.up_to,
            one.first_day or one.asked_on,
            one.valid_through or one.asked_on,
        )
        for one in letters
    ]
    note = Text(
        N_(
            "Ask for the letter itself and let its figures be confirmed by telephone. This list "
            "is for the desk alone."
        )
    )
    return sheet.pdf(
        Text(N_("Open guarantee letters: {provider}"), {"provider": provider}),
        _COLUMNS,
        rows,
        language,
        scheme=scheme,
        practice=practice,
        printed_on=day,
        notes=[note],
    )
