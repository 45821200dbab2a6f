"""Papers of complaints: the form (D27), filled or blank, and the register."""

from collections.abc import Sequence
from datetime import date

from stepdesk.complaints.terms import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    ComplaintState,
    FiledBy,
)
from stepdesk.i18n import N_, Text, day_text, speak
from stepdesk.paper import fonts
from stepdesk.paper.page import (
    A4,
    BODY,
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
from stepdesk.paper.sheet import Cell, Listing

KINDS = {
    ComplaintKind.CLAIM_DECISION: N_("Decision on a claim"),
    ComplaintKind.SUSPENSION: N_("Suspension of rights"),
    ComplaintKind.STRIKE_OFF: N_("Striking off"),
    ComplaintKind.SUBSIDY: N_("Subsidy"),
    ComplaintKind.SERVICE_QUALITY: N_("Quality of care"),
    ComplaintKind.STAFF: N_("People of the mutual"),
}
STATES = {
    ComplaintState.FILED: N_("Filed"),
    ComplaintState.ACKNOWLEDGED: N_("Acknowledged"),
    ComplaintState.HEARD: N_("Heard"),
    ComplaintState.DECIDED: N_("Decided"),
    ComplaintState.CLOSED: N_("Closed"),
}
OUTCOMES = {
    ComplaintOutcome.UPHELD: N_("The decision stands"),
    ComplaintOutcome.OVERTURNED: N_("Decided otherwise"),
}
FILERS = {
    FiledBy.MEMBER: N_("Member"),
    FiledBy.PROVIDER: N_("Provider"),
    FiledBy.OTHER: N_("Somebody else"),
}
_LINE = 20.0


def form_pdf(
    complaint: Complaint | None,
    language: str,
    *,
    scheme: str,
    practice: bool,
    acknowledge_days: int,
    decide_days: int,
    printed_on: date | None = None,
) -> bytes:
    """Return the form of a complaint or appeal on A4, blank to be written on when None.

    Long words go on over as many pages as they need.
    """
    days = (acknowledge_days, decide_days)
    title = speak(_TITLE, language)
    pages = 0
    drawn = Paper(Frame(title, scheme, A4, practice, 1, printed_on), language)
    while pages != drawn.page:
        pages = drawn.page or 1
        drawn = Paper(Frame(title, scheme, A4, practice, pages, printed_on), language)
        _form(drawn, complaint, days)
    return drawn.finish()


_TITLE = Text(N_("Complaint or appeal"))


def _form(paper: Paper, complaint: Complaint | None, days: tuple[int, int]) -> None:
    scheme = paper.frame.scheme
    y = paper.wrapped(paper.left, paper.top + 14, scheme, paper.width * 0.6, STRONG)
    number = complaint.number if complaint is not None else ""
    paper.text(paper.right, paper.top + 14, number, Type(12, bold=True, align=Align.RIGHT))
    paper.text(paper.left, y + 10, _TITLE, TITLE)
    y = _fields(paper, complaint, y + 34)
    y = _kinds(paper, complaint, y + 10)
    y = _words(
        paper, Text(N_("What happened, and what is asked for")), _told(complaint), y + 12, 9
    )
    if complaint is None:
        y = _words(paper, Text(N_("What was said at the hearing")), "", y + 10, 5)
        y = _words(paper, Text(N_("Decision and reason")), "", y + 10, 5)
    else:
        y = _steps(paper, complaint, y + 10)
    rights = Text(
        N_(
            "You are told within {acknowledge} days that this came, you are heard, and the board"
            " answers within {decide} days. Who does not agree may go to the level above."
        ),
        {"acknowledge": days[0], "decide": days[1]},
    )
    y = _room(paper, y + 14, 80)
    paper.wrapped(paper.left, y, rights, paper.width, SMALL)
    half = (paper.width - 24) / 2
    sign = paper.bottom - 30
    paper.signature(paper.left, sign, Text(N_("Who complains")), half)
    paper.signature(paper.right - half, sign, Text(N_("Received by")), half)


def _room(paper: Paper, y: float, height: float = 13) -> float:
    """Return where to go on: on the next page where this one is full."""
    if y + height <= paper.bottom:
        return y
    paper.next_page()
    return paper.top + 14


def _flowing(paper: Paper, y: float, words: str) -> float:
    """Write words that may be long, from page to page."""
    for line in fonts.wrapped(words, paper.width, BODY.size):
        y = _room(paper, y)
        paper.text(paper.left, y, line)
        y += BODY.line
    return y


def _told(complaint: Complaint | None) -> str:
    return complaint.told if complaint is not None else ""


def _fields(paper: Paper, complaint: Complaint | None, y: float) -> float:
    column = paper.width / 2
    filled = ("", "", "", "")
    if complaint is not None:
        filled = (
            complaint.who or paper.say(Text(FILERS[complaint.filed_by])),
            complaint.concerns,
            day_text(complaint.filed_on, paper.language),
            complaint.claim,
        )
    labels = (
        N_("Name and how to be reached"),
        N_("Card or provider"),
        N_("Filed on"),
        N_("Claim, if it is about one"),
    )
    lowest = y
    for at, (label, words) in enumerate(zip(labels, filled, strict=True)):
        x = paper.left + at % 2 * column
        row = y + at // 2 * 34
        if words or complaint is not None:
            lowest = max(lowest, paper.field(x, row, Text(label), words or "–", column - 16))
        else:
            paper.text(x, row, Text(label), LABEL)
            paper.rule(row + 18, x=x, until=x + column - 16)
            lowest = max(lowest, row + 24)
    return lowest


def _kinds(paper: Paper, complaint: Complaint | None, y: float) -> float:
    paper.text(paper.left, y, Text(N_("It is about")), LABEL)
    y += 14
    column = paper.width / 3
    for at, (kind, words) in enumerate(KINDS.items()):
        x, row = paper.left + at % 3 * column, y + at // 3 * 16
        paper.box(x, row - 8, 9, 9, fill=Ink.WHITE, border=Ink.TEXT)
        if complaint is not None and complaint.kind is kind:
            paper.text(x + 1.6, row - 0.4, "x", Type(9, bold=True))
        paper.text(x + 14, row, Text(words))
    return y + 16 + 10


def _words(paper: Paper, label: Text, words: str, y: float, lines: int) -> float:
    """Write what somebody said, or lines to write it on."""
    paper.text(paper.left, y, label, LABEL)
    if words:
        return _flowing(paper, y + 14, words)
    for at in range(lines):
        paper.rule(y + _LINE * (at + 1))
    return y + _LINE * lines + 4


def _steps(paper: Paper, complaint: Complaint, y: float) -> float:
    for step in complaint.steps:
        y = _room(paper, y, 27)
        day = day_text(step.day, paper.language)
        paper.text(paper.left, y, f"{paper.say(Text(STATES[step.state]))} · {day}", STRONG)
        words = step.answer
        if step.outcome is not None:
            words = f"{paper.say(Text(OUTCOMES[step.outcome]))}. {words}"
        y = _flowing(paper, y + 14, words or "–") + 6
    return y


# The register


def register_list(complaints: Sequence[Complaint], day: date) -> Listing:
    """Return the register of complaints; nobody's name is in it, whom it concerns by number."""
    late = sum(one.late(day) for one in complaints)
    return Listing(
        Text(N_("Register of complaints and appeals")),
        (
            Text(
                N_("{count} entry, {late} late on {day}."),
                {"count": len(complaints), "late": late, "day": day},
                plural=N_("{count} entries, {late} late on {day}."),
            ),
        ),
        tuple(
            Text(head)
            for head in (
                N_("No."),
                N_("Filed on"),
                N_("By"),
                N_("About"),
                N_("Concerns"),
                N_("Claim"),
                N_("Level"),
                N_("State"),
                N_("Due"),
                N_("Decided on"),
                N_("Decision"),
            )
        ),
        tuple(_row(one) for one in complaints),
    )


def _row(one: Complaint) -> tuple[Cell, ...]:
    decided = one.decided
    outcome = decided.outcome if decided is not None else None
    return (
        one.number,
        one.filed_on,
        Text(FILERS[one.filed_by]),
        Text(KINDS[one.kind]),
        one.concerns,
        one.claim,
        one.level,
        Text(STATES[one.state]),
        one.due,
        None if decided is None else decided.day,
        None if outcome is None else Text(OUTCOMES[outcome]),
    )
