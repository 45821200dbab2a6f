"""Papers of what leaves: the summary page for the file, and the letter of codes for the post."""

from stepdesk.i18n import N_, Text, amount_text, count_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    LABEL,
    MM,
    NAME,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)
from stepdesk.sync.terms import STATES, Figure, Group, Hidden, Line, Packed, Preview
from stepdesk.sync.wire.codes import codes
from stepdesk.values.digits import code_of
from stepdesk.values.money import Money

_CELL = Type(7.4)
_CELL_STRONG = Type(7.4, bold=True)
_FIGURE = Type(7.4, align=Align.RIGHT)
_FIGURE_STRONG = Type(7.4, bold=True, align=Align.RIGHT)
_HIDDEN = Type(7.4, bold=True, ink=Ink.ALARM, align=Align.RIGHT)
_BEFORE = Type(7.4, ink=Ink.MUTED, align=Align.RIGHT)
_BLOCK = Type(8.2, bold=True, ink=Ink.PRIMARY)
_HEADING = Type(6.4, ink=Ink.MUTED, align=Align.RIGHT)
_LINE = 9.4
_GAP = 5
_TINT = 11
_BOOKS, _LEAVES = 0.64, 0.82  # where these columns end, in widths of the table
SIGN: dict[Hidden, str] = {Hidden.FEW: "< 5", Hidden.PROTECTS: "×"}
"""How a hidden figure is marked; the legend at the foot says it in words."""


def summary_pdf(preview: Preview, language: str) -> bytes:
    """Return the summary page on A4: what the books say, what leaves, what is hidden and why."""
    title = Text(N_("What leaves for the branch, {month}"), {"month": preview.month})
    frame = Frame(
        title=speak(title, language),
        scheme=preview.scheme,
        sheet=A4,
        practice=preview.practice,
        margin=36,
    )
    paper = Paper(frame, language)
    y = _head(paper, preview)
    half = (paper.width - 16) / 2
    columns = _columns(preview)
    ends = []
    for at, groups in enumerate(columns):
        x = paper.left + at * (half + 16)
        below = y
        for number, group in enumerate(groups):
            first = not number or groups[number - 1].block != group.block
            below = _group(paper, group, x, below, half, first=first)
        ends.append(below)
    _foot(paper, preview, max(ends) + 6)
    return paper.finish()


def _columns(preview: Preview) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Return the tables of the left and the right column, about half the lines in each."""
    groups = preview.groups
    lines = [len(group.lines) + 2 for group in groups]
    middle = min(range(len(groups) + 1), key=lambda at: abs(sum(lines[:at]) - sum(lines[at:])))
    return groups[:middle], groups[middle:]


def _head(paper: Paper, preview: Preview) -> float:
    y = paper.top + 12
    paper.fitted(paper.left, y, preview.scheme, paper.width * 0.5, NAME)
    right = Type(TITLE.size, bold=True, ink=TITLE.ink, align=Align.RIGHT)
    paper.text(paper.right, y, Text(N_("What leaves for the branch")), right)
    month = Text(N_("{month}: {state}"), {"month": preview.month, "state": _state(preview)})
    paper.text(paper.right, y + 14, month, Type(10, bold=True, align=Align.RIGHT))
    to = preview.address
    told = (
        Text(
            N_("To {name}, fingerprint {fingerprint}"),
            {"name": to.name, "fingerprint": to.fingerprint},
        )
        if to
        else Text(N_("No branch is known yet"))
    )
    paper.fitted(paper.left, y + 28, paper.say(told), paper.width, Type(8.5))
    return y + 44


def _state(preview: Preview) -> Text:
    return Text(STATES[preview.state])


def _group(paper: Paper, group: Group, x: float, y: float, width: float, *, first: bool) -> float:
    if first:
        paper.fitted(x, y + 2, paper.say(group.block), width * 0.48, _BLOCK)
        for at, heading in (
            (_BOOKS, Text(N_("books say"))),
            (_LEAVES, Text(N_("leaves"))),
            (1.0, Text(N_("month before"))),
        ):
            paper.text(x + width * at, y + 2, heading, _HEADING)
        y += _TINT
    paper.box(x, y - 7, width, 10, fill=Ink.TINT)
    paper.fitted(x + 2, y, paper.say(group.label), width * 0.96, _CELL_STRONG)
    y += _LINE
    for line in group.lines:
        _figure(paper, line, x, y, width)
        y += _LINE
    return y + _GAP


def _figure(paper: Paper, line: Line, x: float, y: float, width: float) -> None:
    paper.fitted(x + 8, y, paper.say(line.label), width * 0.42, _CELL)
    paper.text(x + width * _BOOKS, y, _written(line.books, paper.language), _FIGURE)
    leaves = x + width * _LEAVES
    if line.leaves is None:
        paper.text(leaves, y, SIGN[line.why or Hidden.FEW], _HIDDEN)
    else:
        paper.text(leaves, y, _written(line.leaves, paper.language), _FIGURE_STRONG)
    if line.before is not None:
        paper.text(x + width, y, _written(line.before, paper.language), _BEFORE)


def _written(figure: Figure, language: str) -> str:
    if isinstance(figure, Money):
        return amount_text(figure, language)
    return count_text(figure, language)


def _foot(paper: Paper, preview: Preview, y: float) -> None:
    paper.rule(y)
    legend = Text(
        N_(
            "< 5: does not leave, fewer than 5 persons or cases. ×: does not leave, to protect"
            " another figure. The file shows both alike; nothing else leaves this computer."
        )
    )
    y = paper.wrapped(paper.left, y + 11, legend, paper.width, Type(7.5))
    told = Text(
        N_("{figures} figures, {hidden} of them hidden; {size} bytes; rules {policy}"),
        {
            "figures": len(preview.lines),
            "hidden": preview.hidden,
            "size": len(preview.content),
            "policy": preview.policy,
        },
    )
    paper.text(paper.left, y + 1, told, Type(7.5))
    paper.text(paper.left, y + 13, Text(N_("Hash of what leaves")), LABEL)
    digits = preview.hash.hex()
    grouped = " ".join(digits[at : at + 8] for at in range(0, 64, 8))
    wide = fonts.width_of(paper.say(Text(N_("Hash of what leaves"))), LABEL.size)
    paper.text(paper.left + wide + 8, y + 13, grouped, Type(7.5, bold=True))
    _signed(paper, preview, y + 38)


def _signed(paper: Paper, preview: Preview, y: float) -> None:
    release = preview.release
    if release is None:
        told = Text(N_("Not approved: nothing has left."))
        paper.notice(y - 14, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT)
        return
    approved = Text(N_("Approved on {day}"), {"day": release.approved_on})
    paper.text(paper.left, y, approved, Type(8.5, bold=True))
    width = paper.width * 0.3
    names = [release.first_signature, release.second_signature]
    for at, name in enumerate(names):
        x = paper.right - (2 - at) * (width + 12) + 12
        if name:
            paper.text(x, y - 2, name, Type(8))
        label = Text(N_("First signature")) if at == 0 else Text(N_("Second signature"))
        if at and release.single_control:
            label = Text(N_("One person alone approved"))
        paper.signature(x, y + 1, label, width)


_CODE = 82 * MM
_PER_PAGE = 4


def letter_pdf(packed: Packed, *, scheme: str, practice: bool, language: str) -> bytes:
    """Return a bundle as QR codes on A4, for the post or to be read from the table.

    Args:
        packed: As `pack_paper` made it.
        scheme: Stands at the foot; the codes themselves tell it to the branch alone.
        practice: Whether the book is for practice.
        language: The paper's.
    """
    lines = codes(packed.content)
    pages = [lines[at : at + _PER_PAGE] for at in range(0, len(lines), _PER_PAGE)]
    frame = Frame(
        title=speak(Text(N_("Codes for the branch")), language),
        scheme=scheme,
        sheet=A4,
        practice=practice,
        pages=len(pages),
        margin=36,
    )
    paper = Paper(frame, language)
    for number, page in enumerate(pages):
        if number:
            paper.next_page()
        y = _letter_head(paper, packed)
        for at, line in enumerate(page):
            x = paper.left + (at % 2) * (paper.width - _CODE)
            top = y + (at // 2) * (_CODE + 20)
            paper.qr(x, top, _CODE, line)
            part = Text(
                N_("{name}, code {at} of {count}"),
                {"name": packed.name, "at": number * _PER_PAGE + at + 1, "count": len(lines)},
            )
            paper.text(x, top + _CODE + 9, part, Type(8, bold=True))
    return paper.finish()


def _letter_head(paper: Paper, packed: Packed) -> float:
    y = paper.top + 14
    paper.text(paper.left, y, Text(N_("Codes for the branch")), TITLE)
    told = Text(
        N_("To {name}, fingerprint {fingerprint}"),
        {"name": packed.recipient, "fingerprint": packed.fingerprint},
    )
    paper.fitted(paper.left, y + 18, paper.say(told), paper.width, Type(9))
    number = Text(
        N_("Bundle {number}, {month}, {size} bytes, check symbols {symbols}"),
        {
            "number": packed.seq,
            "month": packed.months[-1],
            "size": len(packed.content),
            "symbols": code_of(int.from_bytes(packed.sha256[:8], "big"), 6),
        },
    )
    paper.text(paper.left, y + 32, number, Type(9))
    how = Text(
        N_(
            "Read every code with a telephone or a reader, in any order, and save the lines in one"
            " text file. Only the branch can open it."
        )
    )
    return paper.wrapped(paper.left, y + 48, how, paper.width, Type(9)) + 8
