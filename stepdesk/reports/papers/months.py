"""The month's report for the board, on four pages, and the poster for the wall."""

from collections.abc import Mapping, Sequence
from datetime import date

from stepdesk.i18n import (
    N_,
    Text,
    amount_text,
    count_text,
    currency_text,
    month_text,
    speak,
)
from stepdesk.ledger.terms import StepState
from stepdesk.paper.chart import draw_on
from stepdesk.paper.page import A4, LABEL, SMALL, STRONG, TITLE, Align, Frame, Ink, Paper, Type
from stepdesk.reports.papers.trends import NEEDED, NOTE_WORDS, charts
from stepdesk.reports.queries.closing import STEP_WORDS
from stepdesk.reports.terms import Alarm, Alert, Block, Figure, MonthReport
from stepdesk.values.money import Currency, Money

_ROW = 20.0
_CELL = Type(10.5)
_RIGHT = Type(10.5, align=Align.RIGHT)
_RIGHT_BOLD = Type(10.5, bold=True, align=Align.RIGHT)
_RIGHT_LABEL = Type(8, ink=Ink.MUTED, align=Align.RIGHT)
_COLUMNS = (0.62, 0.81, 1.0)  # where the three amounts end, of the width

BLOCKS: Mapping[Block, str] = {
    Block.MEMBERS: N_("Members"),
    Block.CONTRIBUTIONS: N_("Contributions"),
    Block.CARE: N_("Care"),
    Block.TREASURY: N_("Treasury"),
}
"""What the parts of the report are called."""

FIGURES: Mapping[str, str] = {
    "households": N_("Households"),
    "persons": N_("Persons covered"),
    "women": N_("of them women and girls"),
    "men": N_("of them men and boys"),
    "came": N_("Persons who came in the month"),
    "went": N_("Persons who left in the month"),
    "up_to_date": N_("Persons up to date"),
    "waiting": N_("Persons who wait for their rights"),
    "late": N_("Persons of late households"),
    "stopped": N_("Persons whose rights are stopped"),
    "called": N_("Called for the month"),
    "collected": N_("Collected in the month"),
    "in_cash": N_("of it in cash"),
    "by_bank": N_("of it by bank"),
    "by_mobile": N_("of it by mobile money"),
    "payers": N_("Households that paid"),
    "arrears": N_("Owed by members at the end"),
    "earned": N_("Earned in the month"),
    "claims": N_("Certificates accepted"),
    "patients": N_("Patients"),
    "share": N_("Part of the scheme"),
    "OPD": N_("Consultations"),
    "DRUG": N_("Medicines"),
    "LAB_IMG": N_("Laboratory and pictures"),
    "MATERNITY": N_("Mothers and births"),
    "HOSP": N_("Hospital stays"),
    "SURG": N_("Surgery"),
    "PREVENTION": N_("Prevention"),
    "OTHER": N_("Other care"),
    "rejected": N_("Certificates refused"),
    "pending": N_("Certificates put aside"),
    "overrides": N_("Decided otherwise, by two"),
    "override_amount": N_("what that changed"),
    "complaints": N_("Complaints filed"),
    "complaints_decided": N_("Complaints decided"),
    "appeals": N_("Appeals decided by the board"),
    "overturned": N_("of them for who appealed"),
    "income": N_("Income"),
    "benefits": N_("Care booked"),
    "running": N_("Running cost"),
    "own": N_("Own funds at the end"),
    "cash": N_("Cash at the end"),
    "bank": N_("Bank, savings and mobile money at the end"),
    "debt": N_("Owed to others at the end"),
}
"""What each figure says."""

_PARTS_OF = frozenset(
    {
        *("women", "men", "in_cash", "by_bank", "by_mobile", "override_amount", "overturned"),
        *("OPD", "DRUG", "LAB_IMG", "MATERNITY", "HOSP", "SURG", "PREVENTION", "OTHER"),
    }
)

_ALERTS: Mapping[Alert, tuple[str, str]] = {
    Alert.LATE: (N_("{count} household is late."), N_("{count} households are late.")),
    Alert.UNDECIDED: (
        N_("{count} certificate is not decided."),
        N_("{count} certificates are not decided."),
    ),
    Alert.NO_INVOICE: (
        N_("{count} invoice of a provider has not come, estimated at {amount}."),
        N_("{count} invoices of providers have not come, estimated at {amount}."),
    ),
    Alert.BOOKLETS: (
        N_("{count} finding about booklets is not explained."),
        N_("{count} findings about booklets are not explained."),
    ),
    Alert.CASH_DIFFERS: (N_("The cash counted differs from the books by {amount}."), ""),
    Alert.BANK_DIFFERS: (
        N_("Statements of banks and telephones differ from the books by {amount}."),
        "",
    ),
    Alert.CARRIED: (
        N_("{count} collector has carried money for too long."),
        N_("{count} collectors have carried money for too long."),
    ),
    Alert.TOO_MUCH_CASH: (N_("{amount} more lies in boxes than they may hold."), ""),
    Alert.CARE_COSTS_MORE: (
        N_("Care cost {amount} more than the contributions earned in the month."),
        "",
    ),
    Alert.OWES_MORE: (N_("The scheme owes {amount} more than it holds."), ""),
    Alert.PASSED: (
        N_("{count} line of the closing was passed."),
        N_("{count} lines of the closing were passed."),
    ),
}
_STATES = {
    StepState.DONE: N_("Done"),
    StepState.PASSED: N_("Passed"),
    StepState.TO_DO: N_("To do"),
}


def alert_text(alarm: Alarm, currency: Currency) -> Text:
    """Return what an alert says."""
    one, many = _ALERTS[alarm.alert]
    values: dict[str, int | Money] = {"count": alarm.count}
    if "{amount}" in one:
        values["amount"] = Money(alarm.amount or 0, currency)
    return Text(one, values, plural=many) if many else Text(one, values)


def _title(report: MonthReport) -> Text:
    return Text(N_("Report of {month}"), {"month": report.month})


def month_report_pdf(
    report: MonthReport,
    currency: Currency,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the report of a month for the board: four pages, more only for long reasons.

    Members and contributions; care and treasury; four charts; alerts, the closing with the
    reasons of what was passed, and room for signatures.
    """
    pages = 4
    while True:
        frame = Frame(speak(_title(report), language), scheme, A4, practice, pages, printed_on)
        paper = Paper(frame, language)
        _draw(paper, report, currency)
        if paper.page == pages:
            return paper.finish()
        pages = paper.page


def _draw(paper: Paper, report: MonthReport, currency: Currency) -> None:
    y = _head(paper, report, currency)
    y = _block(paper, report, Block.MEMBERS, currency, y)
    _block(paper, report, Block.CONTRIBUTIONS, currency, y + 14)
    paper.next_page()
    y = _block(paper, report, Block.CARE, currency, paper.top + 12)
    _block(paper, report, Block.TREASURY, currency, y + 14)
    paper.next_page()
    _charts(paper, report)
    paper.next_page()
    y = _alarms(paper, report, currency, paper.top + 12)
    y = _lines(paper, report, y + 12)
    _signed(paper, report, y + 18)


def _head(paper: Paper, report: MonthReport, currency: Currency) -> float:
    y = paper.wrapped(paper.left, paper.top + 14, paper.frame.scheme, paper.width, STRONG) + 6
    y = paper.wrapped(paper.left, y, _title(report), paper.width, TITLE)
    amounts = Text(
        N_("Amounts in {currency}"), {"currency": currency_text(currency, paper.language)}
    )
    y = paper.wrapped(paper.left, y, amounts, paper.width, SMALL) + 2
    closing = report.closing
    if closing is None:
        told = Text(
            N_("{month} is not closed: these figures may change."), {"month": report.month}
        )
        return paper.notice(y, told, ink=Ink.ALARM, tint=Ink.ALARM_TINT) + 6
    told = Text(
        N_("Closed on {day}. Fingerprint of the journal: {fingerprint}"),
        {"day": closing.closed_on, "fingerprint": closing.fingerprint},
    )
    return paper.wrapped(paper.left, y, told, paper.width, SMALL) + 8


def _block(paper: Paper, report: MonthReport, block: Block, currency: Currency, y: float) -> float:
    """Write one part: each figure, the month before, the same month last year."""
    paper.text(paper.left, y, Text(BLOCKS[block]), STRONG)
    month = report.month
    for at, one in zip(_COLUMNS, (month, month.plus(-1), month.plus(-12)), strict=True):
        head = month_text(one, paper.language)
        paper.text(paper.left + at * paper.width, y, head, _RIGHT_LABEL)
    paper.rule(y + 5)
    y += _ROW + 4
    for figure in report.blocks[block]:
        inner = 14 if figure.name in _PARTS_OF else 0
        room = (_COLUMNS[0] - 0.14) * paper.width - inner
        label = paper.say(Text(FIGURES[figure.name]))
        paper.fitted(paper.left + inner, y, label, room, _CELL)
        for at, (value, kind) in enumerate(
            ((figure.now, _RIGHT_BOLD), (figure.before, _RIGHT), (figure.year_ago, _RIGHT))
        ):
            right = paper.left + _COLUMNS[at] * paper.width
            paper.text(right, y, _said(figure, value, currency, paper.language), kind)
        paper.rule(y + 6)
        y += _ROW
    return y


def _said(figure: Figure, value: int | None, currency: Currency, language: str) -> str:
    if value is None:
        return "–"
    if figure.money:
        return amount_text(Money(value, currency), language)
    return count_text(value, language)


def _charts(paper: Paper, report: MonthReport) -> None:
    y = paper.top + 14
    paper.text(paper.left, y, Text(N_("How the scheme went")), TITLE)
    y += 18
    if len(report.trends) < NEEDED:
        told = Text(N_("The charts need two closed months."))
        paper.wrapped(paper.left, y, told, paper.width)
        return
    y = paper.wrapped(paper.left, y, NOTE_WORDS, paper.width, LABEL) + 4
    wide = (paper.width - 24) / 2
    high = (paper.bottom - y - 20) / 2
    for at, one in enumerate(charts(report.trends, paper.language)):
        x = paper.left + (at % 2) * (wide + 24)
        top = y + (at // 2) * (high + 10)
        paper.fitted(x, top + 12, paper.say(one.title), wide, STRONG)
        below = paper.wrapped(x, top + 26, one.sentence, wide, LABEL)
        draw_on(paper, one.chart, x=x, y=below, width=wide, height=top + high - below - 16)


def _room(paper: Paper, y: float, needed: float) -> float:
    if y + needed <= paper.bottom:
        return y
    paper.next_page()
    return paper.top + 14


def _alarms(paper: Paper, report: MonthReport, currency: Currency, y: float) -> float:
    paper.text(paper.left, y, Text(N_("What should be seen")), STRONG)
    y += 10
    if not report.alarms:
        told = Text(N_("Nothing calls for attention this month."))
        return paper.notice(y, told, ink=Ink.PRIMARY, tint=Ink.TINT)
    for alarm in report.alarms:
        y = paper.notice(y, alert_text(alarm, currency), ink=Ink.ALARM, tint=Ink.ALARM_TINT) - 3
    return y + 3


def _lines(paper: Paper, report: MonthReport, y: float) -> float:
    """Write the ten lines of the closing, below each why it was passed."""
    paper.text(paper.left, y, Text(N_("The closing of the month")), STRONG)
    paper.rule(y + 5)
    y += _ROW + 4
    passed = {one.step: one for one in report.passed}
    for at, line in enumerate(report.lines, 1):
        one = passed.get(line.step)
        y = _room(paper, y, 2 * _ROW)
        paper.text(paper.left, y, str(at), _CELL)
        state = StepState.PASSED if one is not None else line.state
        paper.text(paper.right, y, Text(_STATES[state]), _RIGHT_BOLD)
        below = paper.wrapped(
            paper.left + 18, y, Text(STEP_WORDS[line.step]), paper.width - 90, _CELL
        )
        if one is not None:
            told = Text(
                N_("Passed by {by} on {day}: {reason}"),
                {"by": one.by, "day": one.day, "reason": one.reason},
            )
            below = paper.wrapped(paper.left + 18, below, told, paper.width - 90, SMALL)
        y = below + 4
    for again in report.reopened:
        y = _room(paper, y, 2 * _ROW)
        y = paper.wrapped(paper.left + 18, y, again.said, paper.width - 18, SMALL) + 4
    return y


def _signed(paper: Paper, report: MonthReport, y: float) -> None:
    y = _room(paper, y, 90)
    closing = report.closing
    names = ("", "") if closing is None else (closing.first_signature, closing.second_signature)
    if closing is not None and closing.single_control:
        told = Text(N_("Under single control: one person alone closed the month."))
        y = paper.notice(y, told, ink=Ink.MUTED, tint=Ink.WHITE) + 4
    half = (paper.width - 36) / 2
    labels = (Text(N_("For the treasurer")), Text(N_("For the board")))
    for x, label, name in zip((paper.left, paper.right - half), labels, names, strict=True):
        if name:
            paper.fitted(x, y + 10, name, half, STRONG)
        paper.signature(x, y + 54, label, half)


# The poster

_BIG = Type(40, bold=True, ink=Ink.PRIMARY)
_SAID = Type(13)
_PANEL = 152.0


def poster_pdf(
    report: MonthReport,
    currency: Currency,
    language: str,
    *,
    scheme: str,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return one page for the wall: four figures with their drawings and one chart; nobody's name."""
    frame = Frame(speak(_title(report), language), scheme, A4, practice, 1, printed_on)
    paper = Paper(frame, language)
    y = paper.wrapped(paper.left, paper.top + 30, scheme, paper.width, Type(24, bold=True))
    month = month_text(report.month, language)
    paper.text(paper.left, y + 6, month, Type(18, ink=Ink.MUTED))
    if report.closing is None:
        told = Text(N_("Not closed yet"))
        paper.text(paper.right, y + 6, told, Type(11, ink=Ink.ALARM, align=Align.RIGHT))
    y += 24
    wide = (paper.width - 16) / 2
    for at, (big, words) in enumerate(_four(report, currency, language)):
        x = paper.left + (at % 2) * (wide + 16)
        top = y + (at // 2) * (_PANEL + 14)
        _panel(paper, (x, top), wide, at, (big, words))
    _one_chart(paper, report, y + 2 * (_PANEL + 14) + 14)
    return paper.finish()


def _four(report: MonthReport, currency: Currency, language: str) -> Sequence[tuple[str, Text]]:
    persons = report.figure(Block.MEMBERS, "persons").now
    collected = report.figure(Block.CONTRIBUTIONS, "collected").now
    share = report.figure(Block.CARE, "share").now
    treasury = {one.name: one.now for one in report.blocks[Block.TREASURY]}
    patients = report.figure(Block.CARE, "patients").now
    payers = report.figure(Block.CONTRIBUTIONS, "payers").now
    households = report.figure(Block.MEMBERS, "households").now
    held = treasury["cash"] + treasury["bank"]

    def told(minor: int) -> str:
        return amount_text(Money(minor, currency), language)

    unit = currency_text(currency, language)
    return (
        (
            count_text(persons, language),
            Text(
                N_("person is covered, in {households} households"),
                {"count": persons, "households": count_text(households, language)},
                plural=N_("persons are covered, in {households} households"),
            ),
        ),
        (
            told(collected),
            Text(
                N_("{currency} of contributions came in, from {count} household"),
                {"currency": unit, "count": payers},
                plural=N_("{currency} of contributions came in, from {count} households"),
            ),
        ),
        (
            told(share),
            Text(
                N_("{currency} of care were granted, to {count} patient"),
                {"currency": unit, "count": patients},
                plural=N_("{currency} of care were granted, to {count} patients"),
            ),
        ),
        (
            told(held),
            Text(
                N_("{currency} are held in the boxes and at the bank; {debt} are owed to others"),
                {"currency": unit, "debt": told(treasury["debt"])},
            ),
        ),
    )


def _panel(
    paper: Paper, place: tuple[float, float], wide: float, at: int, told: tuple[str, Text]
) -> None:
    x, y = place
    big, words = told
    paper.box(x, y, wide, _PANEL, fill=Ink.TINT, radius=8)
    (_people, _coins, _cross, _chest)[at](paper, x + 16, y + 14)
    _fitting(paper, x + 16, y + 98, big, wide - 32)
    paper.wrapped(x + 16, y + 119, words, wide - 32, _SAID)


def _fitting(paper: Paper, x: float, y: float, words: str, room: float) -> None:
    """Write a figure as large as its panel takes."""
    from stepdesk.paper import fonts

    size = _BIG.size
    while size > 12 and fonts.width_of(words, size, bold=True) > room:
        size -= 1
    paper.text(x, y, words, Type(size, bold=True, ink=Ink.PRIMARY))


# Drawings of 46 points height, for who does not read


def _people(paper: Paper, x: float, y: float) -> None:
    for at, size in enumerate((1.0, 1.0, 0.7)):
        left, low = x + at * 36, y + 46 * (1 - size)
        paper.box(left + 9 * size, low, 14 * size, 14 * size, fill=Ink.PRIMARY, radius=7 * size)
        paper.box(left, low + 17 * size, 32 * size, 29 * size, fill=Ink.PRIMARY, radius=10 * size)


def _coins(paper: Paper, x: float, y: float) -> None:
    for at in range(3):
        left = x + at * 27
        paper.box(left, y + 4, 40, 40, fill=Ink.PRIMARY, border=Ink.WHITE, radius=20)
        paper.box(left + 5, y + 9, 30, 30, fill=Ink.PRIMARY, border=Ink.WHITE, radius=15)


def _cross(paper: Paper, x: float, y: float) -> None:
    paper.box(x, y, 46, 46, fill=Ink.PRIMARY, radius=8)
    paper.box(x + 18, y + 8, 10, 30, fill=Ink.WHITE)
    paper.box(x + 8, y + 18, 30, 10, fill=Ink.WHITE)


def _chest(paper: Paper, x: float, y: float) -> None:
    paper.box(x + 22, y, 20, 20, fill=Ink.PRIMARY, radius=10)
    paper.box(x, y + 14, 64, 32, fill=Ink.PRIMARY, border=Ink.WHITE, radius=4)
    paper.box(x + 20, y + 20, 24, 4, fill=Ink.WHITE)


def _one_chart(paper: Paper, report: MonthReport, y: float) -> None:
    """Draw how many people have rights, month by month."""
    if not report.trends:
        return
    first = charts(report.trends, paper.language)[0]
    paper.text(paper.left, y, first.title, Type(15, bold=True))
    below = paper.wrapped(paper.left, y + 20, first.sentence, paper.width, _SAID)
    height = paper.bottom - below - 4
    draw_on(paper, first.chart, x=paper.left, y=below, width=paper.width, height=height)
