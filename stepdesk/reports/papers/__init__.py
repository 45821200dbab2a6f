"""Papers of the whole scheme: lists of the entitled, the register, statements, letters.

Each names persons, none tells of health. Lists go to a `Listing`, which `stepdesk.paper.sheet`
turns into a workbook, comma separated values or a printed table.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from stepdesk.contributions.terms import Receipt
from stepdesk.i18n import N_, Text, day_text, money_text, short_day_text, speak
from stepdesk.members.papers import SEXES
from stepdesk.members.terms import Birth, BirthKnown, EventKind, PersonRow
from stepdesk.paper.page import A4, NAME, SMALL, STRONG, TITLE, Align, Frame, Ink, Paper, Type
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.paper.table import Band
from stepdesk.progress import Progress
from stepdesk.reports.terms import (
    EntitledRow,
    Letter,
    LetterKind,
    RegisterRow,
    Statement,
    StatementDue,
)
from stepdesk.rights.terms import STATES
from stepdesk.values.money import Currency, Money

_NUMBER, _SUFFIX = Text(N_("Member number")), Text(N_("Suffix"))
_NAME, _SEX, _BORN = Text(N_("Name")), Text(N_("Sex")), Text(N_("Born"))
_SECTION = Text(N_("Section"))
_PERSON_HEADS = (_NUMBER, _SUFFIX, _NAME, _SEX, _BORN)

ENDED_BY = {
    EventKind.RESIGNED: Text(N_("Resigned")),
    EventKind.STRUCK_OFF: Text(N_("Struck off")),
    EventKind.EXCLUDED: Text(N_("Excluded")),
    EventKind.CLOSED: Text(N_("Closed")),
    EventKind.MERGED_INTO: Text(N_("Merged into another household")),
    EventKind.VOIDED: Text(N_("Taken back")),
}


# Lists


def entitled_list(
    rows: Iterable[EntitledRow], *, day: date, provider: str = "", banded: bool = False
) -> Listing:
    """Return the list of who is entitled on a day (D09).

    Args:
        rows: By section; those without rights are left out.
        day: Whose rights.
        provider: For whom the list is; empty for all.
        banded: Sections as bands across a printed page instead of a column.
    """
    told = ((row, (row.through,)) for row in rows if row.entitled)
    title = Text(N_("List of the entitled on {day}"), {"day": day})
    return _d09(title, told, (Text(N_("Rights until")),), provider, banded=banded)


def suspended_list(
    rows: Iterable[EntitledRow],
    *,
    day: date,
    currency: Currency,
    provider: str = "",
    banded: bool = False,
) -> Listing:
    """Return the list of who is covered but has no rights on a day, and why (D09)."""
    told = (
        (row, (row.why, row.opens_on, Money(row.to_pay, currency) if row.to_pay else None))
        for row in rows
        if not row.entitled
    )
    title = Text(N_("List of persons without rights on {day}"), {"day": day})
    ends = (Text(N_("Reason")), Text(N_("Rights again from")), Text(N_("To pay")))
    return _d09(title, told, ends, provider, banded=banded)


def _d09(
    title: Text,
    told: Iterator[tuple[EntitledRow, tuple[Cell, ...]]],
    ends: tuple[Text, ...],
    provider: str,
    *,
    banded: bool,
) -> Listing:
    notes = [Text(N_("For {provider}"), {"provider": provider})] if provider else []
    notes.append(Text(N_("Personal: for the provider and the scheme alone.")))
    if banded:
        return Listing(title, tuple(notes), (*_PERSON_HEADS, *ends), _banded(told))
    flat = ((row.section, *_person(row), *more) for row, more in told)
    return Listing(title, tuple(notes), (_SECTION, *_PERSON_HEADS, *ends), flat)


def _banded(
    told: Iterator[tuple[EntitledRow, tuple[Cell, ...]]],
) -> Iterator[tuple[Cell, ...] | Band]:
    section = None
    for row, more in told:
        if row.number.section != section:
            section = row.number.section
            yield Band(f"{section:02d} {row.section}")
        yield (*_person(row), *more)


def _person(row: EntitledRow) -> tuple[Cell, ...]:
    return (
        str(row.number),
        f"{row.suffix:02d}",
        row.name,
        SEXES[row.sex],
        _year(row.birth),
    )


def _year(birth: Birth) -> Cell:
    if birth.known is BirthKnown.ABOUT:
        return Text(N_("c. {year}"), {"year": f"{birth.day.year:04d}"})
    return birth.day.year


def register_list(rows: Iterable[RegisterRow], *, day: date, section: str = "") -> Listing:
    """Return the register of members in the order of entry (D07)."""
    heads = (
        NUMBER_IN_ORDER,
        Text(N_("Date")),
        _NUMBER,
        _NAME,
        _SEX,
        _SECTION,
        Text(N_("Beneficiaries")),
        Text(N_("Entry fee receipt")),
        Text(N_("Start")),
        Text(N_("Rights open from")),
        Text(N_("Left on")),
        Text(N_("Reason")),
    )
    notes = [Text(N_("As it stands on {day}"), {"day": day})]
    if section:
        notes.append(Text(N_("Section {name}"), {"name": section}))
    told = (
        (
            row.order,
            row.joined_on,
            str(row.number),
            row.name,
            SEXES[row.sex],
            row.section,
            row.beneficiaries,
            row.fee_receipt,
            row.start,
            row.rights_from,
            row.ended_on,
            None if row.ended_by is None else ENDED_BY[row.ended_by],
        )
        for row in rows
    )
    return Listing(Text(N_("Register of members")), tuple(notes), heads, told)


NUMBER_IN_ORDER = Text(N_("No."))


_TO_TICK = "____"


def photo_later_list(rows: Sequence[PersonRow], *, day: date, banded: bool = False) -> Listing:
    """Return who has no photo yet, village by village, with room to tick who was taken."""
    told = (
        (
            row,
            (
                str(row.number),
                f"{row.suffix:02d}",
                row.name,
                SEXES[row.sex],
                _year(row.birth),
                row.member_name,
            ),
        )
        for row in rows
    )
    heads = (*_PERSON_HEADS, Text(N_("Member")))
    notes = (Text(N_("As it stands on {day}"), {"day": day}),)
    title = Text(N_("Photos to take"))
    if not banded:
        flat = ((row.section, *cells) for row, cells in told)
        return Listing(title, notes, (_SECTION, *heads), flat)
    lines = (
        cells if isinstance(cells, Band) else (*cells, _TO_TICK) for cells in _by_section(told)
    )
    return Listing(title, notes, (*heads, Text(N_("Taken"))), lines)


def _by_section(
    told: Iterable[tuple[PersonRow, tuple[Cell, ...]]],
) -> Iterator[tuple[Cell, ...] | Band]:
    section = None
    for row, cells in told:
        if row.number.section != section:
            section = row.number.section
            yield Band(f"{section:02d} {row.section}")
        yield cells


# Statement

_ROW = 13.0
_RIGHT = Type(9, align=Align.RIGHT)
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
_CELL = Type(9)


def statement_pdf(
    statement: Statement, language: str, *, practice: bool, printed_on: date
) -> bytes:
    """Return what a household is told of cover, rights and money, on A4; every due, every receipt."""
    pages = 1
    while True:
        paper, used = _statement(
            statement, language, practice=practice, printed_on=printed_on, pages=pages
        )
        if used == pages:
            return paper.finish()
        pages = used


def _statement(
    told: Statement, language: str, *, practice: bool, printed_on: date, pages: int
) -> tuple[Paper, int]:
    title = Text(N_("Statement of household {number}"), {"number": str(told.number)})
    frame = Frame(speak(title, language), told.scheme, A4, practice, pages, printed_on, margin=40)
    paper = Paper(frame, language)
    y = _statement_head(paper, told, title)
    y = _statement_persons(paper, told, y)
    y = _statement_dues(paper, told, y + 10)
    _statement_receipts(paper, told, y + 10)
    return paper, paper.page


def _statement_head(paper: Paper, told: Statement, title: Text) -> float:
    y = paper.wrapped(paper.left, paper.top + 14, paper.say(title), paper.width, TITLE)
    y = paper.wrapped(paper.left, y, told.member_name, paper.width, NAME)
    day = paper.say(Text(N_("As it stands on {day}"), {"day": told.day}))
    y = paper.wrapped(paper.left, y, f"{told.section} · {day}", paper.width, SMALL) + 8
    quarter = paper.width / 4
    facts = (
        (Text(N_("State")), paper.say(Text(STATES[told.state]))),
        (Text(N_("Joined on")), short_day_text(told.joined_on, paper.language)),
        (Text(N_("Rights open from")), _day(paper, told.rights_from)),
        (Text(N_("Paid until")), _day(paper, told.covered_through)),
    )
    below = max(
        paper.field(paper.left + at * quarter, y, label, words, quarter - 8)
        for at, (label, words) in enumerate(facts)
    )
    money = [
        (Text(N_("One period costs")), told.regular),
        (Text(N_("Entry fee open")), told.entry_fee),
        (Text(N_("Paid ahead")), told.credit),
    ]
    for at, (label, amount) in enumerate(money):
        x = paper.left + at * quarter
        paper.field(x, below, label, money_text(amount, paper.language), quarter - 8)
    below += 34
    if told.to_pay:
        owed = Text(N_("To pay to be up to date: {amount}"), {"amount": told.to_pay})
        return paper.notice(below, owed, ink=Ink.ALARM, tint=Ink.ALARM_TINT) + 4
    return (
        paper.notice(
            below, Text(N_("Nothing is to be paid today.")), ink=Ink.PRIMARY, tint=Ink.TINT
        )
        + 4
    )


def _day(paper: Paper, day: date | None) -> str:
    return "–" if day is None else short_day_text(day, paper.language)


def _room(paper: Paper, y: float, needed: float) -> float:
    if y + needed <= paper.bottom:
        return y
    paper.next_page()
    return paper.top + 12


def _block(
    paper: Paper, y: float, title: Text, heads: Sequence[tuple[float, Text, Align]]
) -> float:
    y = _room(paper, y, 60)
    paper.text(paper.left, y + 10, title, STRONG)
    for at, head, align in heads:
        paper.text(
            paper.left + at * paper.width, y + 24, head, Type(8, ink=Ink.MUTED, align=align)
        )
    paper.rule(y + 28)
    return y + 40


def _statement_persons(paper: Paper, told: Statement, y: float) -> float:
    left = Align.LEFT
    heads = (
        (0.0, NUMBER_IN_ORDER, left),
        (0.06, _NAME, left),
        (0.45, _SEX, left),
        (0.52, _BORN, left),
        (0.62, Text(N_("Rights")), left),
    )
    y = _block(paper, y, Text(N_("Beneficiaries")), heads)
    for person in told.persons:
        words = _standing(paper, person.through, person.why, entitled=person.entitled)
        y = _room(paper, y, 2 * _ROW)
        at = paper.left
        paper.text(at, y, f"{person.suffix:02d}", Type(9, bold=True))
        paper.text(at + 0.45 * paper.width, y, SEXES[person.sex], _CELL)
        born = _year(person.birth)
        born_words = paper.say(born) if isinstance(born, Text) else str(born)
        paper.text(at + 0.52 * paper.width, y, born_words, _CELL)
        name = paper.wrapped(at + 0.06 * paper.width, y, person.name, 0.37 * paper.width, _CELL)
        right = paper.wrapped(at + 0.62 * paper.width, y, words, 0.38 * paper.width, _CELL)
        y = max(name, right) + 1.5
    return y


def _standing(paper: Paper, through: date | None, why: Text | None, *, entitled: bool) -> str:
    if not entitled:
        return paper.say(Text(N_("No: {why}"), {"why": why or Text(N_("no rights"))}))
    if through is None:
        return paper.say(Text(N_("Yes")))
    return paper.say(Text(N_("Yes, until {day}"), {"day": through}))


def _statement_dues(paper: Paper, told: Statement, y: float) -> float:
    right = Align.RIGHT
    heads: tuple[tuple[float, Text, Align], ...] = (
        (0.0, Text(N_("Period")), Align.LEFT),
        (0.42, Text(N_("Due on")), Align.LEFT),
        (0.70, Text(N_("Amount")), right),
        (0.85, Text(N_("Paid")), right),
        (1.0, Text(N_("Open")), right),
    )
    title = Text(N_("Contributions called"))
    y = _block(paper, y, title, heads)
    for due in told.dues:
        turned = _room(paper, y, _ROW)
        y = turned if turned == y else _block(paper, turned, title, heads)
        _due_row(paper, due, y)
        y += _ROW
    return y


def _due_row(paper: Paper, due: StatementDue, y: float) -> None:
    last = due.until - timedelta(days=1)
    first = short_day_text(due.first_day, paper.language)
    period = f"{first} – {short_day_text(last, paper.language)}"
    paper.text(paper.left, y, period, _CELL)
    paper.text(paper.left + 0.42 * paper.width, y, _day(paper, due.due_on), _CELL)
    for at, amount in ((0.70, due.amount), (0.85, due.paid), (1.0, due.amount - due.paid)):
        paper.money(paper.left + at * paper.width, y, amount, _CELL)


def _statement_receipts(paper: Paper, told: Statement, y: float) -> None:
    heads: tuple[tuple[float, Text, Align], ...] = (
        (0.0, Text(N_("Date")), Align.LEFT),
        (0.2, Text(N_("Receipt")), Align.LEFT),
        (0.5, Text(N_("Remark")), Align.LEFT),
        (1.0, Text(N_("Amount")), Align.RIGHT),
    )
    title = Text(N_("Payments"))
    y = _block(paper, y, title, heads)
    for receipt in told.receipts:
        turned = _room(paper, y, _ROW)
        y = turned if turned == y else _block(paper, turned, title, heads)
        paper.text(paper.left, y, _day(paper, receipt.paid_on), _CELL)
        paper.fitted(paper.left + 0.2 * paper.width, y, receipt.number, 0.28 * paper.width, _CELL)
        if receipt.reverses or receipt.reversed_by:
            mark = Text(N_("Reversal")) if receipt.reverses else Text(N_("Reversed"))
            paper.text(paper.left + 0.5 * paper.width, y, mark, _CELL)
        paper.money(paper.right, y, receipt.amount, _CELL)
        y += _ROW


def statement_list(told: Statement) -> Listing:
    """Return a household's statement as rows for a workbook: dues and receipts by day.

    What is called stands on the day it is due, a period's last day included.
    """
    values = {"number": str(told.number)}
    dues = [(due.due_on, 0, _due_cells(due)) for due in told.dues]
    receipts = [(one.paid_on, 1, _receipt_cells(one)) for one in told.receipts]
    rows = [cells for _, _, cells in sorted((*dues, *receipts), key=lambda row: row[:2])]
    return Listing(
        Text(N_("Statement of household {number}"), values),
        (Text(N_("As it stands on {day}"), {"day": told.day}),),
        (
            Text(N_("Date")),
            Text(N_("Remark")),
            Text(N_("From")),
            Text(N_("Until")),
            Text(N_("Receipt")),
            Text(N_("Amount due")),
            Text(N_("Paid")),
        ),
        rows,
    )


def _due_cells(due: StatementDue) -> tuple[Cell, ...]:
    last = due.until - timedelta(days=1)
    return (
        due.due_on,
        Text(N_("Contributions called")),
        due.first_day,
        last,
        None,
        due.amount,
        None,
    )


def _receipt_cells(receipt: Receipt) -> tuple[Cell, ...]:
    told = Text(N_("Payments"))
    if receipt.reverses or receipt.reversed_by:
        told = Text(N_("Reversal")) if receipt.reverses else Text(N_("Reversed"))
    return (receipt.paid_on, told, None, None, receipt.number, None, receipt.amount)


# Letters


def letters_pdf(
    letters: Iterable[Letter],
    language: str,
    *,
    scheme: str,
    practice: bool,
    progress: Progress | None = None,
) -> bytes:
    """Return one page a letter, addressed, in plain words.

    Raises:
        ValueError: when there is no letter.
        Cancelled: when the person asked for it.
    """
    told, watch = list(letters), progress or Progress()
    if not told:
        raise ValueError("there is no letter to print")
    title = Text(N_("Letters to households"))
    frame = Frame(speak(title, language), scheme, A4, practice, 0, margin=62)
    paper = Paper(frame, language)
    for at, letter in enumerate(told):
        if at:
            paper.next_page()
        _letter(paper, letter)
        watch.step(at + 1, len(told), Text(N_("Writing letters")))
    return paper.finish()


def _letter(paper: Paper, letter: Letter) -> None:
    y = paper.wrapped(paper.left, paper.top + 8, letter.scheme, paper.width * 0.6, NAME)
    paper.rule(y - 6)
    y += 40
    number = Text(N_("Household {number}"), {"number": str(letter.number)})
    address = (letter.member_name, letter.address, letter.section, paper.say(number))
    for line in filter(None, address):
        y = paper.wrapped(paper.left + paper.width * 0.5, y, line, paper.width * 0.5)
    paper.text(paper.left, y + 24, day_text(letter.day, paper.language))
    y = paper.wrapped(paper.left, y + 66, SUBJECTS[letter.kind], paper.width, Type(13, bold=True))
    y += 10
    greeting = Text(N_("Dear {name},"), {"name": letter.member_name})
    for text in (greeting, *sentences_of(letter)):
        y = paper.wrapped(paper.left, y, text, paper.width, Type(11)) + 8
    paper.text(paper.left, y + 8, Text(N_("With kind regards")), Type(11))
    paper.signature(paper.left, y + 70, Text(N_("For the scheme: name and signature")), 200)


SUBJECTS = {
    LetterKind.REMINDER: Text(N_("Your contributions are late")),
    LetterKind.RENEWAL: Text(N_("Your next contribution")),
    LetterKind.WAITING_OVER: Text(N_("Your waiting time is over")),
}


def sentences_of(letter: Letter) -> tuple[Text, ...]:
    """Return what a letter says, one sentence or two a paragraph."""
    match letter.kind:
        case LetterKind.REMINDER:
            return tuple(_reminder(letter))
        case LetterKind.RENEWAL:
            return tuple(_renewal(letter))
        case LetterKind.WAITING_OVER:
            return tuple(_waiting_over(letter))


def _reminder(letter: Letter) -> Iterator[Text]:
    yield Text(
        N_("On {day}, {amount} of your household's contributions are not yet paid."),
        {"day": letter.day, "amount": letter.to_pay},
    )
    if letter.suspended:
        yield Text(N_("For this reason the scheme pays for no care of your household at present."))
        if letter.rights_if_paid is not None:
            yield Text(
                N_("If you pay {amount} today, your rights hold again from {day}."),
                {"amount": letter.to_pay, "day": letter.rights_if_paid},
            )
    elif letter.tolerated_through is not None:
        yield Text(
            N_("Your household is still covered until {day}. Please pay before that day."),
            {"day": letter.tolerated_through},
        )
    yield _ASK


def _renewal(letter: Letter) -> Iterator[Text]:
    if letter.covered_through is not None:
        yield Text(
            N_("Your household's contributions are paid until {day}. Thank you."),
            {"day": letter.covered_through},
        )
    yield Text(N_("The next period costs {amount}."), {"amount": letter.regular})
    if letter.next_due is not None:
        yield Text(N_("Please pay by {day}, so that all stay covered."), {"day": letter.next_due})
    yield _ASK


def _waiting_over(letter: Letter) -> Iterator[Text]:
    if letter.rights_from is not None:
        yield Text(
            N_("The waiting time of your household is over: rights are open from {day}."),
            {"day": letter.rights_from},
        )
    yield Text(N_("Take your member card along whenever somebody of you needs care."))
    if letter.covered_through is not None:
        yield Text(N_("Your contributions are paid until {day}."), {"day": letter.covered_through})
    yield _ASK


_ASK = Text(N_("If you have a question, come to the scheme's desk or ask your collector."))
