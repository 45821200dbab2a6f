"""The list of what is to be done, on half a sheet, for days without electricity."""

from collections.abc import Sequence
from datetime import date

from stepdesk.i18n import N_, Text
from stepdesk.paper.page import A5, BODY, LABEL, TITLE, Frame, Ink, Paper

_BOX = 10
_NOTES = 3
_APART = 12


def todo_pdf(
    lines: Sequence[Text], language: str, *, scheme: str, practice: bool, printed_on: date
) -> bytes:
    """Return the list on A5 with a box to tick before each line, and room for notes.

    It tells counts and months; nobody's name stands on it.
    """
    fit = _pages(lines, language, scheme=scheme, practice=practice, printed_on=printed_on, pages=1)
    pages, drawn = fit
    if pages > 1:
        _, drawn = _pages(
            lines, language, scheme=scheme, practice=practice, printed_on=printed_on, pages=pages
        )
    return drawn


def _pages(
    lines: Sequence[Text],
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date,
    pages: int,
) -> tuple[int, bytes]:
    title = Text(N_("To do, from {day}"), {"day": printed_on})
    named = Paper(Frame("", scheme, A5, practice), language).say(title)
    paper = Paper(Frame(named, scheme, A5, practice, pages, printed_on), language)
    y = paper.top + 18
    paper.text(paper.left, y, title, TITLE)
    y += 24
    for line in lines:
        if y > paper.bottom - 30:
            paper.next_page()
            y = paper.top + 18
        paper.box(paper.left, y - 9, _BOX, _BOX, fill=Ink.WHITE, border=Ink.TEXT)
        y = paper.wrapped(paper.left + 20, y, line, paper.width - 20, BODY) + _APART
    if not lines:
        y = paper.wrapped(
            paper.left, y, Text(N_("Nothing is waiting. Everything is in order.")), paper.width
        )
    if y + _NOTES * 24 < paper.bottom:
        paper.text(paper.left, y + 6, Text(N_("Notes")), LABEL)
        for at in range(_NOTES):
            paper.rule(y + 30 + at * 22)
    return paper.page, paper.finish()
