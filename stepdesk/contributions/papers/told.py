"""What receipts say in words: amounts, means, what the money was for."""

from collections.abc import Sequence
from datetime import date

from stepdesk.contributions.terms import Means, Receipt, ReceiptLine, Target
from stepdesk.i18n import N_, Text, currency_text, speak
from stepdesk.paper.page import Paper
from stepdesk.values.money import Money
from stepdesk.values.month import Month
from stepdesk.values.words import in_words

MEANS = {
    Means.CASH: Text(N_("Cash")),
    Means.BANK: Text(N_("Bank")),
    Means.MFI: Text(N_("Savings institution")),
    Means.MOBILE: Text(N_("Mobile money")),
    Means.IN_KIND: Text(N_("In kind")),
}

_FEES = {
    "ENTRY_FEE": N_("Entry fee"),
    "CARD_FEE": N_("Card fee"),
    "ASSEMBLY_FEE": N_("Assembly fee"),
}
_PERIODS = {
    "PENALTY": N_("Penalty for {first} to {last}"),
    "ADJUSTMENT": N_("Difference for {first} to {last}"),
}
MANY_LINES = 9
"""With more than that, contributions for periods in a row become one line."""


def means_told(paper: Paper, receipt: Receipt) -> str:
    """Return how the money came, with the number of the transfer."""
    words = paper.say(MEANS[receipt.means])
    return f"{words} {receipt.reference}" if receipt.reference else words


def fee_words(target: Target) -> Text:
    """Return what a fee or penalty is called where its period is not told."""
    return Text(_FEES.get(target.value, N_("Penalty")))


def alarms(receipt: Receipt) -> list[Text]:
    """Return what must be seen first: that it cancels a receipt, or was cancelled by one."""
    found: list[Text] = []
    if receipt.reverses:
        found.append(Text(N_("Cancels receipt {number}"), {"number": receipt.reverses}))
    if receipt.reversed_by:
        found.append(Text(N_("Cancelled by receipt {number}"), {"number": receipt.reversed_by}))
    return found


def marks(receipt: Receipt) -> list[Text]:
    """Return what else is said of the paper: a discount, a copy, one signature alone."""
    found: list[Text] = []
    if receipt.copy and receipt.copies:
        text = N_("COPY no. {count}: the original was given before")
        found.append(Text(text, {"count": str(receipt.copies)}))
    elif receipt.copy:
        found.append(Text(N_("COPY: the original was given before")))
    if receipt.discount is not None:
        text = N_("A discount of {amount} is already taken off.")
        found.append(Text(text, {"amount": receipt.discount}))
    if receipt.single_control:
        found.append(Text(N_("Under single control: one person alone approved this")))
    return found


def amount_in_words(amount: Money, language: str) -> str:
    whole, part = divmod(abs(amount.minor), amount.currency.scale)
    words = in_words(-whole if amount.minor < 0 else whole, language)
    if amount.minor < 0 and not whole:
        words = in_words(-1, language).split()[0] + " " + words
    if part:
        cents = f"{part:0{amount.currency.exponent}d}/{amount.currency.scale}"
        words = speak(Text(N_("{words} and {part}"), {"words": words, "part": cents}), language)
    return words[0].upper() + words[1:] + " " + currency_text(amount.currency, language)


def lines_told(
    paper: Paper, receipt: Receipt, most: int, *, short: bool = False
) -> list[tuple[str, Money]]:
    """Return what each line says and its amount, told shorter where there are too many.

    First contributions for periods in a row are joined, then all of them. `short` names whole
    months by their month.
    """
    lines: Sequence[ReceiptLine] = receipt.lines
    if len(lines) > min(most, MANY_LINES):
        lines = _joined(lines)
    dues = [line for line in receipt.lines if line.target is Target.DUE]
    days = [day for line in dues for day in (line.first_day, line.last_day) if day]
    if len(lines) <= most or not days:
        return [(_for_what(paper, line, receipt, short=short), line.amount) for line in lines]
    others = [line for line in receipt.lines if line.target is not Target.DUE]
    told = [(_for_what(paper, line, receipt, short=short), line.amount) for line in others]
    periods = Text(
        N_("{count} contribution between {first} and {last}"),
        {"count": len(dues), "first": min(days), "last": max(days)},
        N_("{count} contributions between {first} and {last}"),
    )
    amount = sum((line.amount for line in dues), Money(0, receipt.amount.currency))
    return [*told, (paper.say(periods), amount)]


def _joined(lines: Sequence[ReceiptLine]) -> list[ReceiptLine]:
    """Return the lines with contributions for periods that follow each other made one."""
    joined: list[ReceiptLine] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _follows(last, line):
            amount = last.amount + line.amount
            joined[-1] = ReceiptLine(line.target, amount, last.first_day, line.last_day)
        else:
            joined.append(line)
    return joined


def _follows(last: ReceiptLine, line: ReceiptLine) -> bool:
    if not (last.target is line.target is Target.DUE) or last.last_day is None:
        return False
    return line.first_day is not None and (line.first_day - last.last_day).days == 1


def _for_what(paper: Paper, line: ReceiptLine, receipt: Receipt, *, short: bool) -> str:
    told = line.target.value
    if told in _FEES:
        return paper.say(Text(_FEES[told]))
    if line.target is Target.CREDIT:
        taken = (line.amount.minor < 0) is not bool(receipt.reverses)
        return paper.say(Text(N_("Credit used")) if taken else Text(N_("Credit kept")))
    if line.first_day is None or line.last_day is None:
        return paper.say(Text(N_("Contribution")))
    days = {"first": line.first_day, "last": line.last_day}
    whole = _whole_months(**days) if short and told not in _PERIODS else None
    text = Text(_PERIODS.get(told, N_("Contribution from {first} to {last}")), days)
    return paper.say(whole or text)


def _whole_months(first: date, last: date) -> Text | None:
    month, until = Month.of(first), Month.of(last)
    if month.first != first or until.last != last:
        return None
    if month == until:
        return Text(N_("Contribution for {month}"), {"month": month})
    return Text(N_("Contribution, {first} to {last}"), {"first": month, "last": until})
