"""Papers of control: the sheet to call from. It says nothing of flags: who calls asks everybody alike."""

from datetime import date

from stepdesk.control.terms import VisitAnswer, VisitList
from stepdesk.i18n import N_, Text, speak
from stepdesk.paper.sheet import Cell, Listing

ANSWERS = {
    VisitAnswer.CONFIRMED: N_("Confirmed"),
    VisitAnswer.NOT_CONFIRMED: N_("Not confirmed"),
    VisitAnswer.NOT_REACHED: N_("Not reached"),
}


def call_sheet_pdf(
    told: VisitList, language: str, *, scheme: str, practice: bool, printed_on: date
) -> bytes:
    """Return the sheet to call from: whom to ask about which visit, and room for the answer."""
    return _sheet(told, language).pdf(
        language, scheme=scheme, practice=practice, printed_on=printed_on
    )


def _sheet(told: VisitList, language: str) -> Listing:
    until = Text(N_("Visits of {month}"), {"month": told.month})
    if told.months > 1:
        first = told.month.plus(1 - told.months)
        until = Text(N_("Visits of {first} to {month}"), {"first": first, "month": told.month})
    return Listing(
        Text(N_("Visits to confirm by telephone")),
        (
            until,
            Text(
                N_(
                    "Confidential: keep this sheet from providers and members, and tear it up when it is typed in."
                )
            ),
            Text(
                N_(
                    "Ask openly: Were you, or was somebody of your family, at {place} around that day? "
                    "What for, and what did you pay? Do not say what the certificate tells."
                ),
                {"place": told.provider or speak(Text(N_("the provider")), language)},
            ),
        ),
        tuple(
            Text(head)
            for head in (
                N_("No."),
                N_("Card"),
                N_("Name"),
                N_("Telephone"),
                N_("Day"),
                N_("Provider"),
                N_("Services"),
                N_("Answer"),
                N_("Remark"),
            )
        ),
        tuple(_row(at, told) for at in range(len(told.visits))),
    )


def _row(at: int, told: VisitList) -> tuple[Cell, ...]:
    one = told.visits[at]
    answer: Cell = _BLANK
    if one.answer is not None:
        answer = Text(ANSWERS[one.answer])
    return (
        one.place,
        one.household,
        one.name,
        one.phone or Text(N_("no telephone")),
        one.day,
        one.provider,
        ", ".join(one.services),
        answer,
        one.note or "." * 24,
    )


_BLANK = Text(N_("[ ] yes   [ ] no   [ ] not reached"))
