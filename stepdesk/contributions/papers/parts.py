"""What receipts on A5 have in common, whoever paid: what is wrong with them, check code, amount.

`y` is the height a part begins at, in points from the top; parts return where the next begins.
"""

from collections.abc import Sequence

from stepdesk.contributions.papers.told import amount_in_words
from stepdesk.i18n import N_, Text, money_text
from stepdesk.paper import fonts
from stepdesk.paper.page import LABEL, Align, Ink, Paper, Type
from stepdesk.values.money import Money

QR_SIDE = 90
"""Points of a side, with the white margin scanners need."""


def notices(
    paper: Paper, alarms: Sequence[Text], marks: Sequence[Text], reason: str, y: float
) -> float:
    """Draw what alarms, each with the reason in two lines at most, and what is only to be known."""
    start = y
    for text in alarms:
        words = paper.say(text) + (f"\u00a0— {reason}" if reason else "")
        words = fonts.shortened(words, 2 * (paper.width - 20) - 60, 10, bold=True)
        y = paper.notice(y, words, ink=Ink.ALARM, tint=Ink.ALARM_TINT)
    if marks:
        words = "\n".join(map(paper.say, marks))
        y = paper.notice(y, words, ink=Ink.MUTED, tint=Ink.WHITE)
    return y + 4 if y > start else y


def check_code(paper: Paper, told: str, code: str, y: float) -> None:
    """Draw what a reader is told as a QR code on the right, and the check code below it."""
    paper.qr(paper.right - QR_SIDE + 10, y - 8, QR_SIDE, told)
    words = Text(N_("Check code {code}"), {"code": code})
    paper.text(paper.right, y + QR_SIDE - 7, words, Type(8.5, bold=True, align=Align.RIGHT))


def amount_box(paper: Paper, amount: Money, y: float) -> float:
    """Draw an amount in figures and in words, in a frame."""
    words = fonts.wrapped(amount_in_words(amount, paper.language), paper.width - 24, 10)
    high = 41 + 13 * len(words)
    paper.box(paper.left, y, paper.width, high, fill=Ink.TINT, border=Ink.PRIMARY, radius=4)
    paper.text(paper.left + 12, y + 24, Text(N_("Amount")), LABEL)
    figures = money_text(amount, paper.language)
    paper.text(paper.right - 12, y + 28, figures, Type(22, bold=True, align=Align.RIGHT))
    for at, line in enumerate(words):
        paper.text(paper.left + 12, y + 46 + 13 * at, line)
    return y + high + 12
