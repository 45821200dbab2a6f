"""The membership form (D01), filled for a household or blank for visits, and the booklet's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.i18n import N_, Text, day_text, short_day_text, speak
from stepdesk.members.papers.cards import (
    BORN,
    HEALTH_POST,
    MEMBER_NUMBER,
    NAME,
    NUMBER,
    RIGHTS_FROM,
    SECTION,
    SEX,
    SEXES,
    persons_table,
)
from stepdesk.members.terms import RELATIONS, BirthKnown, Card, FormPerson, MembershipForm
from stepdesk.paper.page import (
    A4,
    A5,
    LABEL,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)

_BLANK_LINES = 10
_ROW = 30.0
_FACE = (20.0, 25.0)
_LINE = 27.0
_MARGIN = 34
_STRONG = Type(9.5, bold=True)


def form_pdf(
    form: MembershipForm,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the membership form; what is empty is a line to write on.

    Args:
        form: A household's; `MembershipForm()` is the blank one, with ten lines for persons.
        language: The paper's.
        scheme: Whose.
        practice: Whether each page bears the practice band.
        printed_on: Named at the foot.
    """
    pages = 1
    while True:
        frame = Frame(
            speak(Text(N_("Membership form")), language),
            scheme,
            A4,
            practice,
            pages,
            printed_on,
            margin=_MARGIN,
        )
        paper = Paper(frame, language)
        _draw_form(paper, form)
        if paper.page == pages:
            return paper.finish()
        pages = paper.page


@dataclass(frozen=True, slots=True)
class _Field:
    """A label over a line, and what is written on it; `part` of the width."""

    label: Text
    words: str
    part: float


def _draw_form(paper: Paper, form: MembershipForm) -> None:
    y = paper.wrapped(paper.left, paper.top + 14, paper.frame.scheme, paper.width * 0.6, TITLE)
    kind = Type(12, bold=True, align=Align.RIGHT)
    paper.text(paper.right, paper.top + 14, Text(N_("Membership form")), kind)
    paper.rule(y - 8)
    y = _member(paper, form, y + 6)
    y = _household(paper, form, y)
    y = _persons(paper, form, y + 6)
    _signatures(paper, form, y + 4)


def _fields(paper: Paper, y: float, fields: Sequence[_Field], width: float) -> float:
    x = paper.left
    for one in fields:
        room = one.part * width - 8
        paper.fitted(x, y, paper.say(one.label), room, LABEL)
        if one.words:
            paper.fitted(x, y + 13, one.words, room, _STRONG)
        paper.rule(y + 16, x=x, until=x + room)
        x += one.part * width
    return y + _LINE


def _member(paper: Paper, form: MembershipForm, y: float) -> float:
    member = form.persons[0] if form.persons else FormPerson()
    width = paper.width - 78
    paper.box(paper.right - 68, y - 8, 68, 84, fill=Ink.WHITE, border=Ink.RULE)
    paper.text(
        paper.right - 34, y + 36, Text(N_("Photo")), Type(8, ink=Ink.MUTED, align=Align.CENTRE)
    )
    if member.photo:
        paper.picture(paper.right - 67, y - 7, 66, 82, member.photo)
    birth = _birth(paper, member)
    rows = (
        (
            _Field(MEMBER_NUMBER, form.number, 0.34),
            _Field(SECTION, form.section, 0.33),
            _Field(Text(N_("Village or quarter")), form.address, 0.33),
        ),
        (
            _Field(Text(N_("Surname")), member.surname, 0.34),
            _Field(Text(N_("Given names")), member.given_names, 0.5),
            _Field(SEX, _sex(paper, member), 0.16),
        ),
        (
            _Field(Text(N_("Date or year of birth (about: ~)")), birth, 0.34),
            _Field(Text(N_("Place of birth")), member.birth_place, 0.33),
            _Field(Text(N_("Occupation")), member.occupation, 0.33),
        ),
    )
    for fields in rows:
        y = _fields(paper, y, fields, width)
    return y


def _household(paper: Paper, form: MembershipForm, y: float) -> float:
    size = str(form.declared_size) if form.declared_size else ""
    joined = short_day_text(form.joined_on, paper.language) if form.joined_on else ""
    identity = form.persons[0].identity if form.persons else ""
    rows = (
        (
            _Field(Text(N_("Phone (own or of a relative)")), form.phone, 0.3),
            _Field(Text(N_("Identity paper: kind and number")), identity, 0.4),
            _Field(Text(N_("Group")), form.group, 0.3),
        ),
        (
            _Field(Text(N_("Contribution plan")), form.plan, 0.3),
            _Field(Text(N_("Start date")), joined, 0.2),
            _Field(Text(N_("All persons living in the household")), size, 0.25),
            _Field(HEALTH_POST, form.health_post, 0.25),
        ),
        (
            _Field(Text(N_("Other cover held")), form.other_cover, 0.3),
            _Field(Text(N_("Person to contact")), form.contact, 0.4),
            _Field(Text(N_("Sponsor or payer")), form.payer, 0.3),
        ),
    )
    for fields in rows:
        y = _fields(paper, y, fields, paper.width)
    return y


_COLUMNS = (0.0, 0.045, 0.1, 0.4, 0.455, 0.58, 0.715, 0.865)


def _persons_head(paper: Paper, y: float) -> float:
    told = Text(N_("Persons of the household, covered or not"))
    paper.text(paper.left, y, told, Type(10, bold=True))
    heads = (
        *(NUMBER, Text(N_("Photo")), NAME, SEX, BORN, Text(N_("Relation"))),
        *(Text(N_("School, class")), Text(N_("Covered"))),
    )
    for at, end, head in zip(_COLUMNS, (*_COLUMNS[1:], 1.0), heads, strict=True):
        room = (end - at) * paper.width - 4
        paper.fitted(paper.left + at * paper.width, y + 14, paper.say(head), room, LABEL)
    paper.rule(y + 18)
    return y + 18


def _persons(paper: Paper, form: MembershipForm, y: float) -> float:
    persons = form.persons or (FormPerson(),) * _BLANK_LINES
    y = _persons_head(paper, y)
    for at, person in enumerate(persons):
        if y + _ROW > paper.bottom:
            paper.next_page()
            y = _persons_head(paper, paper.top + 12)
        _person(paper, person, at, y)
        y += _ROW
        paper.rule(y)
    return y


def _person(paper: Paper, person: FormPerson, at: int, top: float) -> None:
    xs = [paper.left + part * paper.width for part in _COLUMNS]
    y = top + 19
    suffix = at if person.suffix is None else person.suffix
    paper.text(xs[0], y, f"{suffix:02d}", Type(9, bold=True, ink=Ink.MUTED))
    _face(paper, xs[1], top + 2.5, person.photo)
    told = (
        (f"{person.surname} {person.given_names}".strip(), _STRONG),
        (_sex(paper, person), _STRONG),
        (_birth(paper, person), _STRONG),
        (_relation(paper, person), Type(9.5)),
        (_school(paper, person), Type(9.5)),
    )
    for x, end, (words, kind) in zip(xs[2:], xs[3:], told, strict=False):
        paper.fitted(x, y, words, end - x - 6, kind)
    _yes_no(paper, xs[7], y, person.covered)


def _face(paper: Paper, x: float, y: float, photo: bytes | None) -> None:
    """Draw the place of a photo, and the photo in it if there is one."""
    wide, high = _FACE
    paper.box(x, y, wide, high, fill=Ink.WHITE, border=Ink.RULE)
    if photo:
        paper.picture(x + 0.5, y + 0.5, wide - 1, high - 1, photo)


def _relation(paper: Paper, person: FormPerson) -> str:
    return "" if person.relation is None else paper.say(Text(RELATIONS[person.relation]))


def _school(paper: Paper, person: FormPerson) -> str:
    """Return until when a certificate of the school year is good; the class is written by hand."""
    if person.school_until is None:
        return ""
    day = short_day_text(person.school_until, paper.language)
    return paper.say(Text(N_("until {day}"), {"day": day}))


def _yes_no(paper: Paper, x: float, y: float, told: bool | None) -> None:
    for text, held, at in ((Text(N_("yes")), True, 0.0), (Text(N_("no")), False, 34.0)):
        paper.box(x + at, y - 7.5, 8, 8, fill=Ink.WHITE, border=Ink.TEXT)
        if told is held:
            paper.text(x + at + 1.2, y - 0.8, "×", Type(10, bold=True))
        paper.text(x + at + 11, y, text, Type(8))


def _sex(paper: Paper, person: FormPerson) -> str:
    return "" if person.sex is None else paper.say(SEXES[person.sex])


def _birth(paper: Paper, person: FormPerson) -> str:  # noqa: PLR0911 - one return a kind
    if person.birth is None:
        return ""
    day = person.birth.day
    match person.birth.known:
        case BirthKnown.DAY:
            return short_day_text(day, paper.language)
        case BirthKnown.MONTH:
            return f"{day.month:02d}/{day.year:04d}"
        case BirthKnown.YEAR:
            return f"{day.year:04d}"
        case BirthKnown.ABOUT:
            return f"~ {day.year:04d}"


_CONSENT = Text(
    N_(
        "The member agrees that the scheme keeps these particulars to manage the membership and "
        "shows name, number and rights to the care providers."
    )
)


def _signatures(paper: Paper, form: MembershipForm, y: float) -> None:
    if y + 128 > paper.bottom:
        paper.next_page()
        y = paper.top + 12
    below = paper.wrapped(paper.left, y + 14, _CONSENT, paper.width - 100, Type(9))
    _yes_no(paper, paper.right - 78, y + 14, form.consent)
    on = short_day_text(form.consent_on, paper.language) if form.consent_on else ""
    _fields(paper, below + 2, (_Field(Text(N_("Consent given on")), on, 0.3),), paper.width)
    y = below + 34
    third = paper.width / 3
    paper.box(paper.left, y, third - 12, 62, fill=Ink.WHITE, border=Ink.RULE)
    paper.text(paper.left + 4, y + 10, Text(N_("Signature or thumbprint of the member")), LABEL)
    for at, label in ((1, Text(N_("Registrar: name and signature"))), (2, Text(N_("Date")))):
        paper.signature(paper.left + at * third, y + 48, label, third - 12)


# The booklet


def booklet_pdf(card: Card, language: str, *, year: int, printed_on: date | None = None) -> bytes:
    """Return a booklet's two A5 pages: beneficiaries and stamps of a year, and care received."""
    title = Text(N_("Booklet of household {number}"), {"number": str(card.number)})
    frame = Frame(speak(title, language), card.scheme, A5, card.practice, 2, printed_on, margin=28)
    paper = Paper(frame, language)
    _booklet_front(paper, card, year)
    paper.next_page()
    _care_lines(paper, card)
    return paper.finish()


def _booklet_front(paper: Paper, card: Card, year: int) -> None:
    y = paper.wrapped(paper.left, paper.top + 12, card.scheme, paper.width - 80, TITLE)
    paper.qr(paper.right - 72, paper.top - 4, 76, card.code)
    paper.fitted(paper.left, y + 8, str(card.number), paper.width - 84, Type(18, bold=True))
    y = paper.wrapped(paper.left, y + 26, card.member_name, paper.width - 84, Type(11, bold=True))
    y = max(y, paper.top + 84)
    rights = day_text(card.rights_from, paper.language) if card.rights_from else "–"
    facts = (
        (SECTION, card.section),
        (RIGHTS_FROM, rights),
        (HEALTH_POST, card.health_post or "–"),
    )
    third = paper.width / 3
    y = max(
        paper.field(paper.left + at * third, y, label, words, third - 6)
        for at, (label, words) in enumerate(facts)
    )
    stamps = paper.bottom - 4 * 44 - 22
    step = min(14.0, (stamps - y - 18) / (len(card.persons) or 1))
    columns = 1 if step >= 9 else 2
    per_column = -(-len(card.persons) // columns)
    step = min(14.0, (stamps - y - 18) / (per_column or 1))
    width = (paper.width - 12 * (columns - 1)) / columns
    for column in range(columns):
        rows = card.persons[column * per_column : (column + 1) * per_column]
        persons_table(paper, rows, paper.left + column * (width + 12), y + 6, width, step)
    _stamps(paper, year, stamps)


def _stamps(paper: Paper, year: int, y: float) -> None:
    told = Text(N_("Stamps of {year}"), {"year": f"{year:04d}"})
    paper.text(paper.left, y + 8, told, Type(10, bold=True))
    wide, high = paper.width / 3, 44.0
    for month in range(12):
        row, column = divmod(month, 3)
        x, top = paper.left + column * wide, y + 14 + row * high
        paper.box(x, top, wide, high, fill=Ink.WHITE, border=Ink.RULE)
        paper.text(x + 4, top + 10, f"{month + 1:02d}/{year:04d}", LABEL)


_CARE = (
    (0.0, Text(N_("Date"))),
    (0.15, NUMBER),
    (0.23, Text(N_("Provider and care"))),
    (0.62, Text(N_("Paid by the member"))),
    (0.80, Text(N_("Signature"))),
)


def _care_lines(paper: Paper, card: Card) -> None:
    told = Text(N_("Care received by household {number}"), {"number": str(card.number)})
    paper.fitted(paper.left, paper.top + 12, paper.say(told), paper.width, Type(11, bold=True))
    y = paper.top + 28
    ends = [at for at, _ in _CARE[1:]] + [1.0]
    for (at, label), end in zip(_CARE, ends, strict=True):
        x = paper.left + at * paper.width
        paper.fitted(x, y, paper.say(label), (end - at) * paper.width - 4, LABEL)
    y += 4
    paper.rule(y)
    while y + 23 <= paper.bottom:
        y += 23
        paper.rule(y)
