"""The notice of rejection or adjustment (D15), to the provider or to the member.

Each refused or lowered line with its code, a sentence in plain words, by how much, and until when and
how to appeal. No diagnosis stands on it.
"""

from collections.abc import Sequence
from datetime import date

from stepdesk.claims.terms import Notice, NoticeLine, NoticeTo
from stepdesk.i18n import N_, Text, Value, currency_text, day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    LABEL,
    SMALL,
    STRONG,
    TITLE,
    Align,
    Frame,
    Ink,
    Paper,
    Type,
)
from stepdesk.rights.rules.sentences import REASONS
from stepdesk.rights.terms import ReasonCode

_TITLES = {
    True: N_("Notice of refusal"),
    False: N_("Notice of adjustment"),
}
_SAID = Type(9)
_END = 150.0  # room for sums, the way to appeal and the signature


def notice_pdf(
    notices: Sequence[Notice],
    to: NoticeTo,
    language: str,
    *,
    scheme: str,
    practice: bool,
    decide_days: int,
    printed_on: date | None = None,
) -> bytes:
    """Return the notices on A4, each claim on a page of its own, long ones on several.

    Raises:
        ValueError: when there is none.
    """
    if not notices:
        raise ValueError("no notice to print")
    title = speak(Text(N_("Notices of refusal and adjustment")), language)
    if len(notices) == 1:
        title = speak(Text(_TITLES[notices[0].refused]), language)
    pages = 0
    paper = Paper(Frame(title, scheme, A4, practice, 1, printed_on), language)
    while pages != paper.page:
        pages = paper.page or 1
        paper = Paper(Frame(title, scheme, A4, practice, pages, printed_on), language)
        for at, one in enumerate(notices):
            if at:
                paper.next_page()
            _notice(paper, one, to, decide_days)
    return paper.finish()


def _notice(paper: Paper, notice: Notice, to: NoticeTo, decide_days: int) -> None:
    y = _head(paper, notice, to)
    currency = currency_text(notice.claimed.currency, paper.language)
    paper.text(paper.left, y, Text(N_("Refused or lowered")), LABEL)
    paper.text(paper.right, y, Text(N_("Less, in {currency}"), {"currency": currency}), _right())
    paper.rule(y + 5)
    y += 20
    for line in notice.lines:
        y = _line(paper, line, to, y)
    _end(paper, notice, to, y, decide_days)


def _right() -> Type:
    return Type(LABEL.size, ink=LABEL.ink, align=Align.RIGHT)


def _head(paper: Paper, notice: Notice, to: NoticeTo) -> float:
    y = paper.wrapped(paper.left, paper.top + 14, paper.frame.scheme, paper.width * 0.6, STRONG)
    paper.text(paper.right, paper.top + 14, notice.number, Type(12, bold=True, align=Align.RIGHT))
    paper.text(paper.left, y + 10, Text(_TITLES[notice.refused]), TITLE)
    days = day_text(notice.first_day, paper.language)
    if notice.last_day != notice.first_day:
        values: dict[str, Value] = {"first": notice.first_day, "last": notice.last_day}
        days = paper.say(Text(N_("{first} to {last}"), values))
    addressee = notice.provider if to is NoticeTo.PROVIDER else notice.patient
    fields = (
        (N_("Addressed to"), addressee),
        (N_("Patient"), f"{notice.card} · {notice.patient}"),
        (N_("Care on"), days),
        (N_("Certificate"), notice.certificate or "–"),
        (N_("Provider"), notice.provider),
        (N_("Decided on"), day_text(notice.decided_on, paper.language)),
    )
    column, lowest = paper.width / 3, y
    for at, (label, words) in enumerate(fields):
        x, row = paper.left + at % 3 * column, y + 34 + at // 3 * 42
        lowest = max(lowest, paper.field(x, row, Text(label), words, column - 12))
    return lowest + 14


def _line(paper: Paper, line: NoticeLine, to: NoticeTo, y: float) -> float:
    words = [_lines(paper, f"{one.value}  {_sentence(paper, one, to)}") for one in line.codes]
    if line.stay is not None:
        words.append(_lines(paper, paper.say(line.stay)))
    height = 14.0 + sum(12 * len(drawn) + 2 for drawn in words)
    if y + height > paper.bottom:
        paper.next_page()
        y = paper.top + 14
    name = f"{line.line.quantity} × {line.line.name}"
    paper.fitted(paper.left, y, name, paper.width - 90, STRONG)
    paper.money(paper.right, y, line.less, STRONG)
    y += 13
    for said in words:
        for drawn in said:
            paper.text(paper.left + 10, y, drawn, _SAID)
            y += 12
        y += 2
    return y + 6


def _lines(paper: Paper, said: str) -> list[str]:
    return fonts.wrapped(said, paper.width - 90, _SAID.size)


def _sentence(paper: Paper, code: ReasonCode, to: NoticeTo) -> str:
    told = REASONS[code]
    if to is NoticeTo.PROVIDER:
        return paper.say(Text(told.provider))
    words = paper.say(Text(told.member))
    return f"{words} {paper.say(Text(told.act))}" if told.act else words


def _end(paper: Paper, notice: Notice, to: NoticeTo, y: float, decide_days: int) -> None:
    if y + _END > paper.bottom:
        paper.next_page()
        y = paper.top + 14
    rows = (
        (N_("Claimed"), notice.claimed),
        (N_("The mutual pays"), notice.paid),
        (N_("The patient pays"), notice.patient_due),
        (N_("Refused to the provider"), notice.disallowed),
    )
    left = paper.right - paper.width * 0.48
    paper.rule(y)
    for label, money in rows:
        y += 15
        paper.text(left, y, Text(label))
        paper.money(paper.right, y, money)
    way = N_(
        "You do not agree? Until {day} you may appeal: tell it at the mutual's office or write to the"
        " board, with the number above. You are heard, and the board answers within {days} days."
    )
    if to is NoticeTo.PROVIDER:
        way = N_(
            "You do not agree? Until {day} you may appeal in writing to the board, with the number above"
            " and the papers. The board answers within {days} days."
        )
    values: dict[str, Value] = {"day": notice.appeal_by, "days": decide_days}
    y = paper.notice(y + 16, Text(way, values), ink=Ink.PRIMARY, tint=Ink.TINT)
    if to is NoticeTo.MEMBER:
        form = Text(N_("The office has a form for it, and writes it for whoever cannot."))
        paper.wrapped(paper.left, y + 6, form, paper.width, SMALL)
    half = (paper.width - 24) / 2
    paper.signature(paper.left, paper.bottom - 26, Text(N_("For the mutual")), half)
