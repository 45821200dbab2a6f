"""The count sheet of a box (D17): notes and coins, what should be there, why it differs."""

from collections.abc import Iterator, Sequence
from datetime import date

from stepdesk.i18n import N_, Text, day_text, speak
from stepdesk.ledger.papers.writing import written_out
from stepdesk.ledger.terms import BoxCount
from stepdesk.paper.page import A4, STRONG, TITLE, Align, Frame, Ink, Paper, Type
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.values.money import Money

_HEAD = Type(9, bold=True, ink=Ink.WHITE)
_HEAD_RIGHT = Type(9, bold=True, ink=Ink.WHITE, align=Align.RIGHT)
_RIGHT = Type(10, align=Align.RIGHT)
_BOLD_RIGHT = Type(10, bold=True, align=Align.RIGHT)
_ROW = 17.0


def count_pdf(
    count: BoxCount,
    coins: Sequence[int],
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the count sheet on one A4, with room for both signatures.

    Args:
        count: As it was kept; a statement of a bank has no notes and coins.
        coins: Notes and coins of the country in minor units, all of them printed.
        language: The paper's.
        scheme: Named on top and at the foot.
        practice: Whether it bears the practice band.
        printed_on: Named at the foot.
    """
    frame = Frame(speak(_title(count), language), scheme, A4, practice, 1, printed_on)
    paper = Paper(frame, language)
    y = paper.wrapped(paper.left, paper.top + 16, scheme, paper.width, STRONG) + 6
    y = paper.wrapped(paper.left, y + 4, _title(count), paper.width, TITLE)
    day = day_text(count.day, language)
    y = paper.field(paper.left, y + 4, Text(N_("Counted on the evening of")), day, paper.width)
    if count.pieces:
        y = _pieces(paper, count, coins, y + 4)
    y = _sums(paper, count, y + 12)
    _signed(paper, count, y + 20)
    return paper.finish()


def _title(count: BoxCount) -> Text:
    if count.pieces:
        return Text(N_("Count of {box}"), {"box": count.box.name})
    return Text(N_("Statement of {box}"), {"box": count.box.name})


def _pieces(paper: Paper, count: BoxCount, coins: Sequence[int], y: float) -> float:
    middle = paper.left + paper.width / 2
    paper.box(paper.left, y, paper.width, _ROW + 2, fill=Ink.PRIMARY)
    paper.text(paper.left + 150, y + 13, Text(N_("Note or coin")), _HEAD_RIGHT)
    paper.text(middle + 40, y + 13, Text(N_("How many")), _HEAD_RIGHT)
    paper.text(paper.right - 8, y + 13, Text(N_("Amount")), _HEAD_RIGHT)
    y += _ROW + 2
    for value in sorted(coins, reverse=True):
        many = count.pieces.get(value, 0)
        face = Money(value, count.counted.currency)
        paper.money(paper.left + 150, y + 12.5, face, _RIGHT)
        paper.text(middle + 40, y + 12.5, str(many), _RIGHT)
        if many:
            paper.money(paper.right - 8, y + 12.5, Money(value * many, face.currency), _RIGHT)
        y += _ROW
        paper.rule(y)
    return y


def _sums(paper: Paper, count: BoxCount, y: float) -> float:
    found = Text(N_("Counted")) if count.pieces else Text(N_("By the statement"))
    for label, amount in ((found, count.counted), *_should(count)):
        paper.text(paper.left, y + 12, label, STRONG)
        paper.money(paper.right - 8, y + 12, amount, _BOLD_RIGHT)
        y += _ROW
    told = written_out(count.counted, paper.language)
    if told:
        y = paper.field(paper.left, y + 12, Text(N_("Counted, in words")), told, paper.width)
    if count.difference:
        reason = count.difference_reason
        y = paper.field(paper.left, y + 10, Text(N_("Why it differs")), reason, paper.width)
    if count.voucher_number and count.difference.minor < 0:
        who = count.owed_by or paper.say(Text(N_("Nobody: a loss of the scheme")))
        label = Text(N_("Who replaces what is missing"))
        y = paper.field(paper.left, y + 6, label, who, paper.width)
    if count.voucher_number:
        number = count.voucher_number
        y = paper.field(paper.left, y + 6, Text(N_("Voucher")), number, paper.width)
    return y


def _should(count: BoxCount) -> Iterator[tuple[Text, Money]]:
    """Yield what should lie there, and by how much it differs."""
    yield Text(N_("By the books")), count.booked
    if count.floats:
        yield Text(N_("With open collection sessions, as float")), -count.floats
    yield Text(N_("Difference")), count.difference


def _signed(paper: Paper, count: BoxCount, y: float) -> None:
    if count.single_control:
        told = Text(N_("Under single control: one person alone counted"))
        y = paper.notice(y, told, ink=Ink.MUTED, tint=Ink.WHITE) + 6
    half = (paper.width - 36) / 2
    labels = (Text(N_("First signature")), Text(N_("Second signature")))
    names = (*count.signatures, "", "")[:2]
    for x, label, name in zip((paper.left, paper.right - half), labels, names, strict=True):
        if name:
            paper.fitted(x, y, name, half, STRONG)
        paper.signature(x, y + 44, label, half)


def count_list(count: BoxCount, coins: Sequence[int], language: str) -> Listing:
    """Return the count sheet as a list: each note and coin, then the sums."""
    currency = count.counted.currency
    rows: list[tuple[Cell, ...]] = [
        (
            Money(value, currency),
            count.pieces.get(value, 0),
            Money(value * count.pieces.get(value, 0), currency),
        )
        for value in sorted(coins, reverse=True)
        if count.pieces
    ]
    rows.append((Text(N_("Counted")), None, count.counted))
    rows += [(label, None, amount) for label, amount in _should(count)]
    if count.difference_reason:
        rows.append((Text(N_("Why it differs")), None, count.difference_reason))
    told = Text(N_("{box}, {day}"), {"box": count.box.name, "day": day_text(count.day, language)})
    return Listing(
        _title(count),
        (told,),
        (Text(N_("Note or coin")), Text(N_("How many")), Text(N_("Amount"))),
        rows,
    )
