"""Certificate pads: numbered leaves a provider fills in at care (D11).

The lower part is torn off and goes closed to the medical adviser: the diagnosis stands there
alone, under the same number. Source: domain handbook 1.3, D11.
"""

from stepdesk.contributions.terms import Booklet
from stepdesk.i18n import N_, Text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A5,
    LABEL,
    NAME,
    SMALL,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)

_QR = 58.0
_ROW = 17.0
_LINES = 9
_APART = 92.0  # points of the closed part at the foot
_COLUMNS = (0.0, 0.16, 0.58, 0.69, 0.84)  # left ends: code, act, quantity, price, amount


def certificate_pad_pdf(
    booklet: Booklet,
    provider: str,
    language: str,
    *,
    scheme: str,
    practice: bool,
) -> bytes:
    """Return every leaf of a booklet of certificates on its own A5 sheet, to print and to bind.

    Args:
        booklet: Its number and leaves.
        provider: Whom it is given to; empty leaves a line to write on.
        language: The paper's.
        scheme: Whose certificates.
        practice: Whether each leaf bears the practice band.
    """
    title = Text(N_("Certificates of care, booklet {number}"), {"number": booklet.number})
    frame = Frame(speak(title, language), scheme, A5, practice, pages=0)
    paper = Paper(frame, language)
    for leaf in range(booklet.first_leaf, booklet.last_leaf + 1):
        if leaf > booklet.first_leaf:
            paper.next_page()
        _leaf(paper, booklet.leaf(leaf), provider)
    return paper.finish()


def _leaf(paper: Paper, number: str, provider: str) -> None:
    y = _head(paper, number, provider)
    y = _patient(paper, y)
    y = _acts(paper, y)
    _sums(paper, y)
    _apart(paper, number)


def _head(paper: Paper, number: str, provider: str) -> float:
    y = paper.top + 14
    room = paper.width - _QR - 10
    paper.text(paper.left, y, Text(N_("Certificate of care")), TITLE)
    paper.fitted(paper.left, y + 16, paper.frame.scheme, room, Type(9, ink=Ink.MUTED))
    paper.qr(paper.right - _QR + 6, paper.top - 2, _QR, number)
    paper.text(paper.right - _QR, y, number, Type(13, bold=True, align=Align.RIGHT))
    paper.text(paper.left, y + 32, Text(N_("Provider")), LABEL)
    if provider:
        paper.fitted(paper.left + 56, y + 33, provider, room - 60, NAME)
    else:
        paper.rule(y + 34, x=paper.left + 56, until=paper.right - _QR - 6)
    return y + 44


def _blank(paper: Paper, x: float, y: float, words: str, width: float) -> None:
    """Write a label and a line to write on behind it."""
    label = paper.say(Text(words))
    paper.text(x, y, label, LABEL)
    used = fonts.width_of(label, LABEL.size) + 4
    paper.rule(y + 2, x=x + used, until=x + width)


def _patient(paper: Paper, y: float) -> float:
    half = paper.width / 2
    _blank(paper, paper.left, y + 12, N_("Household number and person"), half - 8)
    _blank(paper, paper.left + half, y + 12, N_("Guarantee letter"), half)
    _blank(paper, paper.left, y + 30, N_("Name of the patient"), paper.width)
    _blank(paper, paper.left, y + 48, N_("First day of care"), half - 8)
    _blank(paper, paper.left + half, y + 48, N_("Last day of care"), half)
    return y + 62


def _acts(paper: Paper, y: float) -> float:
    heads = (N_("Code"), N_("Act or medicine"), N_("Quantity"), N_("Unit price"), N_("Amount"))
    for at, words in zip(_COLUMNS, heads, strict=True):
        paper.text(paper.left + at * paper.width + 2, y, Text(words), LABEL)
    y += 4
    lines = [y + _ROW * at for at in range(_LINES + 1)]
    paper.rules(lines)
    for at in (*_COLUMNS, 1.0):
        x = paper.left + at * paper.width
        paper.stroke(x, lines[0], x, lines[-1], ink=Ink.RULE, width=0.4)
    return lines[-1]


def _sums(paper: Paper, y: float) -> None:
    half = paper.width / 2
    _blank(paper, paper.left + half, y + 16, N_("Total"), half)
    _blank(paper, paper.left + half, y + 33, N_("The scheme pays"), half)
    _blank(paper, paper.left + half, y + 50, N_("Paid by the patient"), half)
    told = Text(N_("The patient signs when care and price are as written above."))
    paper.wrapped(paper.left, y + 14, told, half - 14, SMALL)
    sign = paper.frame.sheet.height - paper.frame.margin - _APART - 24
    paper.signature(
        paper.left, sign, Text(N_("Patient: signature or thumbprint, date")), half - 14
    )
    paper.signature(paper.left + half, sign, Text(N_("Who treated: name, signature, stamp")), half)


def _apart(paper: Paper, number: str) -> None:
    y = paper.frame.sheet.height - paper.frame.margin - _APART
    paper.dashes(paper.left, y, paper.right, y)
    told = Text(N_("Tear off, close, hand over: for the medical adviser alone"))
    paper.text(paper.left, y + 14, told, Type(9, bold=True))
    paper.text(paper.right, y + 14, number, Type(11, bold=True, align=Align.RIGHT))
    _blank(paper, paper.left, y + 36, N_("Main diagnosis (code)"), paper.width / 2 - 8)
    _blank(paper, paper.left + paper.width / 2, y + 36, N_("Further diagnoses"), paper.width / 2)
    _blank(paper, paper.left, y + 58, N_("Findings and treatment"), paper.width)
    paper.rule(y + 78)
