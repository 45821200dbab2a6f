"""The register of booklets (D28), and one booklet leaf by leaf."""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions.terms import (
    BookletFinding,
    BookletState,
    LeafState,
    MoveKind,
    Stationery,
)
from stepdesk.i18n import N_, Text, speak
from stepdesk.paper import sheet
from stepdesk.paper.sheet import Cell

KINDS = {
    Stationery.RECEIPT: Text(N_("Receipts")),
    Stationery.CERTIFICATE: Text(N_("Certificates of care")),
    Stationery.LETTER: Text(N_("Guarantee letters")),
}
LEAF_STATES = {
    LeafState.BLANK: Text(N_("Blank")),
    LeafState.USED: Text(N_("Used")),
    LeafState.CANCELLED: Text(N_("Cancelled")),
    LeafState.MISSING: Text(N_("Missing")),
}
MOVES = {
    MoveKind.ISSUED: Text(N_("Given to {holder} on {day}")),
    MoveKind.RETURNED: Text(N_("Returned on {day}")),
}
OFFICE_WORD = Text(N_("In the office"))
_COLUMNS = (
    Text(N_("Kind")),
    Text(N_("Booklet")),
    Text(N_("Leaves")),
    Text(N_("Received on")),
    Text(N_("Held by")),
    Text(N_("Since")),
    Text(N_("Used")),
    Text(N_("Cancelled")),
    Text(N_("Missing")),
    Text(N_("Blank")),
    Text(N_("To look at")),
)
_LEAF_COLUMNS = (
    Text(N_("Leaf")),
    Text(N_("State")),
    Text(N_("Receipt")),
    Text(N_("Day")),
    Text(N_("Remark")),
)


def booklet_register_pdf(
    states: Sequence[BookletState],
    language: str,
    *,
    scheme: str,
    practice: bool,
    day: date,
) -> bytes:
    """Return the inventory of booklets: who holds what, leaf counts, what should not be."""
    return sheet.pdf(
        Text(N_("Register of booklets")),
        _COLUMNS,
        [_row(state, language) for state in states],
        language,
        scheme=scheme,
        practice=practice,
        printed_on=day,
        notes=[_missing(states)],
    )


def booklet_register_xlsx(
    states: Sequence[BookletState], language: str, *, practice: bool
) -> bytes:
    """Return the same as a workbook."""
    rows = [_row(state, language) for state in states]
    title = Text(N_("Register of booklets"))
    return sheet.xlsx(title, _COLUMNS, rows, language, practice=practice)


def booklet_pdf(
    state: BookletState, language: str, *, scheme: str, practice: bool, day: date
) -> bytes:
    """Return one booklet leaf by leaf, with its moves above and what should not be."""
    kind = KINDS[state.booklet.kind]
    title = Text(N_("Booklet {number}: {kind}"), {"number": state.booklet.number, "kind": kind})
    moves = [
        Text(MOVES[move.kind].message, {"holder": move.holder.name, "day": move.day})
        for move in state.moves
    ]
    received = Text(N_("Received on {day}"), {"day": state.booklet.received_on})
    rows: list[Sequence[Cell]] = [
        (leaf.number, LEAF_STATES[leaf.state], leaf.receipt, leaf.day, leaf.reason)
        for leaf in state.leaves
        if leaf.state is not LeafState.BLANK
    ]
    return sheet.pdf(
        title,
        _LEAF_COLUMNS,
        rows,
        language,
        scheme=scheme,
        practice=practice,
        printed_on=day,
        notes=[received, *moves, *_told(state.findings)],
    )


def _told(findings: Sequence[BookletFinding]) -> list[Text]:
    return [finding.text for finding in findings]


def _missing(states: Sequence[BookletState]) -> Text:
    return Text(
        N_("{count} booklet, leaves missing: {missing}"),
        {
            "count": len(states),
            "missing": sum(state.count(LeafState.MISSING) for state in states),
        },
        N_("{count} booklets, leaves missing: {missing}"),
    )


def _row(state: BookletState, language: str) -> Sequence[Cell]:
    booklet = state.booklet
    counts = (LeafState.USED, LeafState.CANCELLED, LeafState.MISSING, LeafState.BLANK)
    return (
        KINDS[booklet.kind],
        booklet.number,
        f"{booklet.first_leaf}–{booklet.last_leaf}",
        booklet.received_on,
        OFFICE_WORD if state.holder.office else state.holder.name,
        state.since,
        *(state.count(one) for one in counts),
        " ".join(speak(text, language) for text in _told(state.findings)),
    )
