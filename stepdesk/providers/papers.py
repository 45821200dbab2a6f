"""The summary of an agreement with a provider (D24): its terms in sentences, to be signed by both.

Source: domain handbook 1.3, D24.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stepdesk.i18n import N_, Text, money_text, speak, tenths_text
from stepdesk.paper.page import A4, LABEL, NAME, SMALL, STRONG, TITLE, Frame, Ink, Paper, Type
from stepdesk.providers.terms import Agreement, AgreementState, PaymentMode, Provider
from stepdesk.values.money import Currency, Money

STATES = {
    AgreementState.DRAFT: Text(N_("Draft, not signed")),
    AgreementState.SIGNED: Text(N_("Signed, not begun")),
    AgreementState.IN_FORCE: Text(N_("In force")),
    AgreementState.EXPIRING: Text(N_("Runs out soon")),
    AgreementState.RENEWED: Text(N_("Renewed")),
    AgreementState.ENDED: Text(N_("Ended")),
}
MODES = {
    PaymentMode.FEE_FOR_SERVICE: Text(N_("By act, at the price of the list")),
    PaymentMode.CASE_FLAT: Text(N_("One price for a whole episode of care")),
    PaymentMode.DAY_RATE: Text(N_("One price for each day of a stay")),
    PaymentMode.CAPITATION: Text(N_("By the head, each month")),
    PaymentMode.BUDGET: Text(N_("By a monthly advance that is settled")),
}
_PAGE_END = 86.0
_BODY = Type(9.5)
_HEAD = Type(9.5, bold=True, ink=Ink.PRIMARY)


@dataclass(frozen=True, slots=True)
class AgreementSheet:
    """What the summary says: who with whom, on which terms, by which list.

    Args:
        scheme: The scheme's name.
        provider: With whom.
        terms: What was agreed, or is meant to be.
        tariff: The code of the price list.
        state: Where the agreement stands on the day it is printed.
        currency: Of its amounts.
    """

    scheme: str
    provider: Provider
    terms: Agreement
    tariff: str
    state: AgreementState
    currency: Currency


def agreement_pdf(
    told: AgreementSheet,
    language: str,
    *,
    practice: bool,
    printed_on: date | None = None,
) -> bytes:
    """Return the summary of an agreement on A4 sheets, with room for both signatures."""
    pages = _Pages(told, language, practice=practice, printed_on=printed_on)
    count = pages.draw(0).page
    return pages.draw(count).finish()


class _Pages:
    """Draws the sheet; once to count its pages, once to keep."""

    def __init__(
        self, told: AgreementSheet, language: str, *, practice: bool, printed_on: date | None
    ) -> None:
        self.told = told
        self.language = language
        self.practice = practice
        self.printed_on = printed_on

    def draw(self, pages: int) -> Paper:
        title = speak(Text(N_("Agreement with a provider")), self.language)
        frame = Frame(
            title, self.told.scheme, A4, self.practice, pages or 1, printed_on=self.printed_on
        )
        paper = Paper(frame, self.language)
        y = self._head(paper)
        for number, (head, sentences) in enumerate(_articles(self.told, self.language), start=1):
            if y > paper.bottom - 60:
                paper.next_page()
                y = paper.top + 16
            paper.text(paper.left, y, f"{number}. {paper.say(head)}", _HEAD)
            for sentence in sentences:
                y = paper.wrapped(paper.left + 14, y + 13, sentence, paper.width - 14, _BODY)
                y -= _BODY.line
            y += 22
        self._end(paper, y)
        return paper

    def _head(self, paper: Paper) -> float:
        told = self.told
        y = paper.top + 16
        paper.text(paper.left, y, Text(N_("Agreement with a provider")), TITLE)
        state = paper.say(STATES[told.state])
        kind = Type(
            11, bold=True, ink=Ink.ALARM if told.state is AgreementState.DRAFT else Ink.TEXT
        )
        y = paper.wrapped(paper.left, y + 18, state, paper.width, kind) + 6
        half = paper.width / 2 - 10
        right = paper.left + half + 20
        paper.text(paper.left, y, Text(N_("The scheme")), LABEL)
        paper.text(right, y, Text(N_("The provider")), LABEL)
        left_end = paper.wrapped(paper.left, y + 15, told.scheme, half, NAME)
        right_end = paper.wrapped(right, y + 15, told.provider.name, half, NAME)
        for line in _contact_lines(told):
            right_end = paper.wrapped(right, right_end - 3, line, half, SMALL) + 3
        y = max(left_end, right_end)
        paper.text(paper.left, y, _days(told.terms), STRONG)
        paper.rule(y + 8)
        return y + 26

    def _end(self, paper: Paper, y: float) -> None:
        if y > paper.bottom - _PAGE_END:
            paper.next_page()
        half = paper.width / 2 - 10
        sign = paper.bottom - 34
        label = N_("For the scheme: name, signature, stamp, date")
        paper.signature(paper.left, sign, Text(label), half)
        label = N_("For the provider: name, signature, stamp, date")
        paper.signature(paper.left + half + 20, sign, Text(label), half)


def _contact_lines(told: AgreementSheet) -> tuple[str, ...]:
    contact = told.provider.contact
    bank = " ".join(part for part in (contact.bank, contact.bank_account) if part)
    return tuple(one for one in (contact.address, contact.phone, bank) if one)


def _days(terms: Agreement) -> Text:
    if terms.until is None:
        return Text(N_("From {first} on, without an end"), {"first": terms.first_day})
    last = terms.until - timedelta(days=1)
    return Text(N_("From {first} to {last}"), {"first": terms.first_day, "last": last})


# Articles

_QUALITY = Text(
    N_(
        "Care is given by staff with the qualification the law asks for, with the essential "
        "generic medicines first, and is written down for each patient."
    )
)
_WELCOME = Text(
    N_(
        "Members are received as soon as other patients, with respect, and without paying in "
        "advance what the scheme pays."
    )
)
_RIGHTS = Text(
    N_(
        "Before care the provider looks at the member's card and asks the scheme whether rights "
        "are open: by the list of those entitled, by telephone, or by a guarantee letter. In an "
        "emergency care comes first."
    )
)
_CONTROL = Text(
    N_(
        "The scheme's medical adviser may look at what was written of members' care. What is "
        "seen stays a secret."
    )
)
_DISPUTES = Text(
    N_(
        "A refused line is told with its reason and can be discussed. What both cannot settle is "
        "put before a mediator both accept."
    )
)
_RENEWAL = Text(
    N_("Both look at the agreement again in the last two months. Its renewal is signed anew.")
)
_TERMINATION = Text(
    N_(
        "Either side may end the agreement in writing, with its reason. Care given before the end "
        "is paid, also when its invoice comes later."
    )
)


def _articles(told: AgreementSheet, language: str) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    terms = told.terms
    listed = Text(
        N_("Members receive the care of price list {tariff}, which is the dated annex."),
        {"tariff": told.tariff},
    )
    yield Text(N_("Services and prices")), (listed, *_prices(terms, language))
    yield Text(N_("How the provider is paid")), _payment(told, language)
    yield Text(N_("Quality")), (_QUALITY,)
    yield Text(N_("Welcome of members")), (_WELCOME,)
    yield Text(N_("Checking rights")), (_RIGHTS,)
    yield (
        Text(N_("Documents and invoice")),
        (
            Text(
                N_(
                    "Each care has its certificate, signed by the patient. The invoice of a month "
                    "comes by day {day} of the next one."
                ),
                {"day": terms.invoice_day},
            ),
            Text(
                N_("An invoice more than {count} day after the care is not paid."),
                {"count": terms.late_invoice_days},
                plural=N_("An invoice more than {count} days after the care is not paid."),
            ),
        ),
    )
    yield (
        Text(N_("Delay of payment")),
        (
            Text(
                N_("The scheme pays within {count} day after the invoice came."),
                {"count": terms.payment_days},
                plural=N_("The scheme pays within {count} days after the invoice came."),
            ),
        ),
    )
    yield Text(N_("Control")), (_CONTROL,)
    yield Text(N_("Disputes")), (_DISPUTES,)
    yield Text(N_("Duration and renewal")), (_days(terms), _RENEWAL)
    yield Text(N_("Termination")), (_TERMINATION,)


def _prices(terms: Agreement, language: str) -> Iterator[Text]:
    if terms.discount:
        share = tenths_text(terms.discount // 10, language)
        yield Text(N_("Members have a rebate of {share} % on these prices."), {"share": share})
    if terms.balance_billing:
        yield Text(N_("What is above the price of the list may be asked from the patient."))
    else:
        yield Text(N_("Nothing above the price of the list is asked from the patient."))


def _payment(told: AgreementSheet, language: str) -> tuple[Text, ...]:
    terms = told.terms

    def amount(minor: int) -> str:
        return money_text(Money(minor, told.currency), language)

    found = [MODES[terms.mode]]
    if terms.mode is PaymentMode.CAPITATION:
        found.append(
            Text(
                N_("{amount} each month for each entitled person who chose this provider."),
                {"amount": amount(terms.head_amount)},
            )
        )
    if terms.mode is PaymentMode.BUDGET:
        found.append(
            Text(
                N_("{amount} are advanced each month and settled against what was approved."),
                {"amount": amount(terms.budget_amount)},
            )
        )
    if terms.deposit:
        found.append(
            Text(
                N_("A deposit of {amount} lies with the provider; it comes back at the end."),
                {"amount": amount(terms.deposit)},
            )
        )
    return tuple(found)
