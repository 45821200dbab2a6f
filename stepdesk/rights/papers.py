"""The printed answer of who asked for rights: one A5 sheet, without any diagnosis."""

from stepdesk.i18n import N_, Text, Value, day_text, speak
from stepdesk.members.terms import BirthKnown, Sex
from stepdesk.paper.page import A5, LABEL, NAME, SMALL, STRONG, TITLE, Frame, Ink, Paper, Type
from stepdesk.rights.terms import Answer, Left, Reason, Slip
from stepdesk.values.money import Money

SEXES = {Sex.FEMALE: N_("Woman"), Sex.MALE: N_("Man")}
ANSWERS = {
    Answer.YES: N_("Yes, covered"),
    Answer.NO: N_("No, not covered"),
    Answer.CONDITION: N_("Covered on condition"),
}
_BODY = Type(9.5)


def slip_pdf(slip: Slip, language: str) -> bytes:
    """Return the answer on one A5 sheet: who, which day, the answer, the reasons, what to do."""
    title = Text(N_("Rights to care"))
    frame = Frame(speak(title, language), slip.scheme, A5, slip.practice, printed_on=slip.asked_on)
    paper = Paper(frame, language)
    paper.text(paper.left, paper.top + 14, title, TITLE)
    paper.text(paper.left, paper.top + 28, slip.scheme, SMALL)
    y = _who(paper, slip, paper.top + 48)
    y = _answer(paper, slip, y)
    y = _sentences(paper, slip, y)
    y = _reasons(paper, slip, y)
    _asked(paper, slip, y)
    return paper.finish()


def _who(paper: Paper, slip: Slip, y: float) -> float:
    middle = paper.left + paper.width / 2
    paper.text(paper.left, y, Text(N_("Person")), LABEL)
    paper.fitted(paper.left, y + 14, slip.name, paper.width / 2 - 8, NAME)
    paper.text(middle, y, Text(N_("Member number")), LABEL)
    paper.text(middle, y + 14, slip.number, NAME)
    y += 30
    paper.text(paper.left, y, _born(slip), SMALL)
    paper.fitted(middle, y, slip.section, paper.width / 2, SMALL)
    paper.rule(y + 8)
    return y + 24


def _born(slip: Slip) -> Text:
    sex = Text(SEXES[slip.sex])
    if slip.birth.known is BirthKnown.DAY:
        return Text(N_("{sex}, born {day}"), {"sex": sex, "day": slip.birth.day})
    year = str(slip.birth.day.year)
    return Text(N_("{sex}, born about {year}"), {"sex": sex, "year": year})


def _answer(paper: Paper, slip: Slip, y: float) -> float:
    question, verdict = slip.told.question, slip.told.verdict
    day = day_text(question.day, paper.language)
    y = paper.field(paper.left, y, Text(N_("Day of care")), day, paper.width)
    if question.service:
        y = paper.field(paper.left, y, Text(N_("Service")), question.service, paper.width)
    if question.provider:
        y = paper.field(paper.left, y, Text(N_("Provider")), question.provider, paper.width)
    against = verdict.answer is Answer.NO
    ink, tint = (Ink.ALARM, Ink.ALARM_TINT) if against else (Ink.PRIMARY, Ink.TINT)
    return paper.notice(y, Text(ANSWERS[verdict.answer]), ink=ink, tint=tint) + 6


def _sentences(paper: Paper, slip: Slip, y: float) -> float:
    heads = (
        (Text(N_("To the member")), slip.told.member),
        (Text(N_("To the provider")), slip.told.provider),
    )
    for head, sentence in heads:
        paper.text(paper.left, y, head, LABEL)
        y = paper.wrapped(paper.left, y + 13, sentence, paper.width, _BODY) + 5
    return y


def _reasons(paper: Paper, slip: Slip, y: float) -> float:
    verdict, currency = slip.told.verdict, slip.told.question.currency
    told: tuple[Reason, ...] = (*verdict.reasons, *verdict.conditions)
    left = () if verdict.remaining is None else remaining_texts(verdict.remaining, slip)
    if not told and not left:
        return y
    paper.rule(y - 6)
    y += 8
    paper.text(paper.left, y, Text(N_("Reasons and limits")), LABEL)
    y += 13
    for one in told:
        paper.text(paper.left, y, one.code.value, STRONG)
        y = paper.wrapped(paper.left + 34, y, one.text, paper.width - 34, SMALL) + 2
    for line in left:
        y = paper.wrapped(paper.left + 34, y, line, paper.width - 34, SMALL) + 2
    if verdict.to_pay and verdict.opens_on:
        amount = Money(verdict.to_pay, currency)
        message = N_("If {amount} is paid, rights open on {day}.")
        pays = Text(message, {"amount": amount, "day": verdict.opens_on})
        y = paper.wrapped(paper.left + 34, y, pays, paper.width - 34, SMALL) + 2
    return y


def remaining_texts(left: Left, slip: Slip) -> tuple[Text, ...]:
    """Return what limits still leave, one sentence a limit."""
    currency = slip.told.question.currency
    told: list[Text] = []
    if left.count is not None:
        one = N_("This service may be used {count} time more.")
        many = N_("This service may be used {count} times more.")
        told.append(Text(one, {"count": left.count}, many))
    amounts = (
        (left.service_year, N_("{amount} left of this service in the person's year.")),
        (left.service_household, N_("{amount} left of this service in the household's year.")),
        (left.person_year, N_("{amount} left of the person's year.")),
        (left.household_year, N_("{amount} left of the household's year.")),
        (left.deductible or None, N_("Deductible: the patient pays the next {amount} alone.")),
    )
    told += [
        Text(words, {"amount": Money(amount, currency)})
        for amount, words in amounts
        if amount is not None
    ]
    return tuple(told)


def _asked(paper: Paper, slip: Slip, y: float) -> None:
    values: dict[str, Value] = {"name": slip.asked_by, "day": slip.asked_on}
    told = Text(N_("Asked by {name} on {day}. It holds as the books stood on that day."), values)
    place = max(y + 10, paper.bottom - 26)
    paper.wrapped(paper.left, place, told, paper.width, LABEL)
