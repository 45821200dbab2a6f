"""Decisions in words: reasons, steps, what is to be looked at again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from stepdesk.benefits.terms import Copay, PriceOrigin
from stepdesk.claims.rules.lines import PROVIDER_BEARS
from stepdesk.claims.rules.sharing import CEILINGS
from stepdesk.claims.terms import (
    By,
    ClaimFacts,
    Cut,
    LineDecision,
    LineFacts,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import ReasonCode, Stopped
from stepdesk.values.care import CareType, ClaimCategory
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

# In words

_REASONS = {
    ReasonCode.RA01: N_("Patient not registered"),
    ReasonCode.RA02: N_("Cover ended"),
    ReasonCode.RA03: N_("Waiting period not over"),
    ReasonCode.RA04: N_("Contributions not up to date"),
    ReasonCode.RA05: N_("Struck off or excluded"),
    ReasonCode.RA06: N_("Limit of age or relation passed"),
    ReasonCode.RA07: N_("Claimed twice"),
    ReasonCode.RA09: N_("Received after the time limit"),
    ReasonCode.RB01: N_("Service not in the package"),
    ReasonCode.RB02: N_("Excluded service"),
    ReasonCode.RB03: N_("Waiting period of the service not over"),
    ReasonCode.RB04: N_("Provider not under agreement"),
    ReasonCode.RB05: N_("Emergency not declared in time"),
    ReasonCode.RB06: N_("No referral"),
    ReasonCode.RB07: N_("No guarantee letter"),
    ReasonCode.RB08: N_("Level of provider not allowed"),
    ReasonCode.RB09: N_("Sex or age does not fit the service"),
    ReasonCode.RC01: N_("Number allowed reached"),
    ReasonCode.RC02: N_("Ceiling per act"),
    ReasonCode.RC03: N_("Ceiling per episode"),
    ReasonCode.RC04: N_("Yearly ceiling of the service"),
    ReasonCode.RC05: N_("Yearly ceiling of the person"),
    ReasonCode.RC06: N_("Yearly ceiling of the household"),
    ReasonCode.RD01: N_("Deductible"),
    ReasonCode.RT01: N_("Not in the agreed price list"),
    ReasonCode.RT02: N_("Price above the agreed list"),
    ReasonCode.RA08: N_("Certificate missing, incomplete or unsigned"),
    ReasonCode.RA10: N_("Who came does not fit who is registered"),
    ReasonCode.RA11: N_("Days that cannot be"),
    ReasonCode.RA12: N_("Adding error on the invoice"),
    ReasonCode.RA13: N_("Certificate of no booklet of this provider"),
    ReasonCode.RB10: N_("Free by a public programme"),
    ReasonCode.RB11: N_("Somebody else is liable"),
    ReasonCode.RC07: N_("Quantity above the norm"),
    ReasonCode.RT03: N_("Act contained in the flat price"),
    ReasonCode.RM01: N_("Not medically justified"),
    ReasonCode.RM02: N_("Treatment does not match the diagnosis"),
    ReasonCode.RM03: N_("Brand medicine instead of the generic"),
    ReasonCode.RM04: N_("Stay too long"),
    ReasonCode.RM05: N_("Clinical part missing"),
    ReasonCode.RF01: N_("To be clarified: who used the card"),
    ReasonCode.RF02: N_("To be clarified: whether the care was given"),
    ReasonCode.RF03: N_("Fraud established"),
    ReasonCode.RX01: N_("Technical error corrected"),
}


def reason(code: ReasonCode) -> Text:
    """Return a code in a few words. Source: domain handbook 2.13."""
    return Text(_REASONS[code])


_CATEGORIES = {
    ClaimCategory.SURGERY: N_("surgery"),
    ClaimCategory.DELIVERY: N_("delivery"),
    ClaimCategory.ANTENATAL: N_("antenatal care"),
    ClaimCategory.HOSPITAL: N_("hospital care"),
    ClaimCategory.CONSULTATION: N_("consultation"),
    ClaimCategory.OTHER: N_("other care"),
    ClaimCategory.VISIT: N_("visit"),
}
_CARE = {
    CareType.IN: N_("{reason} (in-patient)"),
    CareType.OUT: N_("{reason} (out-patient)"),
    CareType.BOTH: "{reason}",
}


def category_word(category: ClaimCategory) -> Text:
    """Return the category of a claim in a word."""
    return Text(_CATEGORIES[category])


def steps(
    line: LineFacts, decided: LineDecision, facts: ClaimFacts, currency: Currency
) -> tuple[Text, ...]:
    """Return why a line came to its amount: a sentence a step, with the numbers it used."""
    return tuple(_steps(line, decided, facts, lambda minor: Money(minor, currency)))


def _steps(
    line: LineFacts, decided: LineDecision, facts: ClaimFacts, money: Callable[[int], Money]
) -> Iterator[Text]:
    yield Text(
        N_("Claimed {claimed}: {quantity} at {price}."),
        {
            "claimed": money(decided.claimed),
            "quantity": line.quantity,
            "price": money(line.unit_price),
        },
    )
    if decided.refused is not None:
        yield from _stay_steps(line, decided, facts)
        yield from _refused_steps(decided)
        return
    yield from _choice_steps(line, facts)
    if decided.priced > line.unit_price and decided.shadow is None:
        told = N_("The agreed price {price} counts, whatever is asked.")
        yield Text(told, {"price": money(decided.priced)})
    yield from (_step(cut, line, decided, facts, money) for cut in _before_share(decided))
    if decided.member:
        yield _member_step(line, decided, money)
    if line.outside:
        yield Text(N_("Paid outside the package's ceilings."))
    yield from (_step(cut, line, decided, facts, money) for cut in _after_share(decided))
    yield from _last_steps(line, decided, money)


def _stay_steps(line: LineFacts, decided: LineDecision, facts: ClaimFacts) -> Iterator[Text]:
    """Say that cover ended within the stay, where that is why nothing is paid."""
    if line.stopped is not None and line.stopped.code is decided.refused:
        yield stay_sentence(line.stopped, facts.days)


def stay_sentence(told: Stopped, days: int) -> Text:
    """Return that cover ended within a stay of so many days, and when."""
    return Text(
        N_(
            "Every day of the stay must be covered. Cover ended on {day}, after {covered} of {days} "
            "days."
        ),
        {"day": told.through, "covered": told.days, "days": days},
    )


def _refused_steps(decided: LineDecision) -> Iterator[Text]:
    """Say why nothing is paid, by which limit where there are several, and who bears it."""
    cut = decided.cuts[0]
    detail: dict[By | None, Text] = {
        By.FREQUENCY: Text(N_("It was given too few days before or after.")),
        By.PARTS: Text(N_("This service has its price when all its parts are claimed.")),
        By.PACKAGE: Text(N_("Another line has it in its price.")),
        By.FLAT: Text(N_("One price is agreed for the whole episode.")),
        By.DAY: Text(N_("One price is agreed for each day.")),
    }
    if cut.by is By.CLAIMS and cut.category is not None:
        yield Text(
            N_("Claims allowed in a year for {category}: {count}."),
            {"category": category_word(cut.category), "count": cut.limit},
        )
    elif cut.by in detail:
        yield detail[cut.by]
    bears = N_("{reason}: nothing is paid; the provider bears it.")
    pays = N_("{reason}: nothing is paid; the patient pays.")
    yield Text(bears if cut.code in PROVIDER_BEARS else pays, {"reason": reason(cut.code)})


def _choice_steps(line: LineFacts, facts: ClaimFacts) -> Iterator[Text]:
    if sum(own is not None for own in line.own) > 1:
        yield Text(
            N_("Of {count} packages {package} is taken: the patient's own part is the least."),
            {
                "count": sum(own is not None for own in line.own),
                "package": facts.packages[line.package],
            },
        )


def _last_steps(
    line: LineFacts, decided: LineDecision, money: Callable[[int], Money]
) -> Iterator[Text]:
    if decided.rounding:
        told = N_("{amount} so that the patient pays in coins.")
        yield Text(told, {"amount": money(decided.rounding)})
    if decided.shadow is None:
        yield from _index_steps(line, decided)
    yield Text(N_("The scheme pays {paid}."), {"paid": money(decided.paid)})


def _index_steps(line: LineFacts, decided: LineDecision) -> Iterator[Text]:
    if line.rule is None or line.rule.price_origin is not PriceOrigin.RELATIVE:
        return
    if line.index is not None:
        told = N_("The index of the period is {index}.")
        yield Text(told, {"index": _decimal(line.index, 4)})
    elif decided.paid:
        yield Text(N_("It is paid when the index of the period is known."))


def _decimal(whole: int, places: int) -> str:
    units, part = divmod(whole, 10**places)
    return f"{units},{part:0{places}d}".rstrip("0").rstrip(",")


def _before_share(decided: LineDecision) -> list[Cut]:
    return [cut for cut in decided.cuts if cut.code not in CEILINGS and cut.by is not By.INDEX]


def _after_share(decided: LineDecision) -> list[Cut]:
    return [cut for cut in decided.cuts if cut.code in CEILINGS]


def _member_step(line: LineFacts, decided: LineDecision, money: Callable[[int], Money]) -> Text:
    rule = line.rule
    if rule is not None and rule.copay is Copay.PERCENT:
        return Text(
            N_("The member's share is {percent} %: {member}."),
            {"percent": _decimal(rule.copay_value, 2), "member": money(decided.member)},
        )
    if rule is not None and rule.copay is Copay.UP_TO:
        return Text(
            N_("{most} counts for each: {member} above it is the patient's."),
            {"most": money(rule.copay_value), "member": money(decided.member)},
        )
    return Text(N_("The member's share is {member}."), {"member": money(decided.member)})


_STEPS: Mapping[By, str] = {
    By.LIST: N_("Agreed price {limit}: {amount} above it is refused to the provider."),
    By.DISCOUNT: N_(
        "Agreed price {limit} with the members' rebate: {amount} above it is refused to the"
        " provider."
    ),
    By.FLAT: N_("One price for the whole episode, {price}: {amount} is contained in it."),
    By.DAY: N_("One price for each day, {price}: {amount} more is refused to the provider."),
    By.HEAD: N_("The provider is paid by head: {amount} is contained in it. It is worth {limit}."),
    By.PACKAGE: N_("Another line has it in its price: {amount} is contained there."),
    By.NORM: N_("{counted} is the most on one line: {amount} is the patient's."),
    By.REVIEW: N_("{reason}: {counted} of {quantity} is approved; {amount} is the patient's."),
    By.REVIEW_PRICE: N_(
        "{reason}: {limit} is approved for one; {amount} is refused to the provider."
    ),
    By.SERVICE_DEDUCTIBLE: N_("Deductible: {amount} is the patient's."),
    By.LETTER: N_("The guarantee letter promises {limit} for the whole care: {amount} less here."),
    By.DEDUCTIBLE: N_(
        "Deductible of the whole package, {limit} still to be taken: {amount} is the patient's."
    ),
}
_PATIENTS: Mapping[By, str] = {
    By.LIST: N_("Agreed price {limit}: {amount} above it is the patient's."),
    By.DISCOUNT: N_(
        "Agreed price {limit} with the members' rebate: {amount} above it is the patient's."
    ),
    By.REVIEW_PRICE: N_("{reason}: {limit} is approved for one; {amount} is the patient's."),
}


def _step(
    cut: Cut,
    line: LineFacts,
    decided: LineDecision,
    facts: ClaimFacts,
    money: Callable[[int], Money],
) -> Text:
    values: dict[str, Value] = {
        "amount": money(cut.amount),
        "limit": money(cut.limit),
        "price": money(decided.priced),
        "counted": cut.limit,
        "quantity": line.quantity,
        "reason": Text(_CARE[cut.care], {"reason": reason(cut.code)}),
    }
    if cut.by is By.COUNT:
        told = N_("Number allowed: {counted} of {quantity} count; {amount} is the patient's.")
        return Text(told, values)
    if cut.by is By.CATEGORY and cut.category is not None:
        values["category"] = category_word(cut.category)
        return Text(N_("A claim of {category} pays {limit} at most: {amount} less."), values)
    if cut.by is not None and cut.by in _STEPS:
        table = _PATIENTS if facts.balance_billing and cut.by in _PATIENTS else _STEPS
        return Text(table[cut.by], values)
    return _ceiling_step(cut, facts, values)


def _ceiling_step(cut: Cut, facts: ClaimFacts, values: dict[str, Value]) -> Text:
    shared = cut.code is not ReasonCode.RC02 and len(facts.lines) > 1
    told = N_("{reason}, {limit} left: {amount} less.")
    if shared:
        told = N_("{reason}, {limit} left for all lines together: {amount} less here.")
    return Text(told, values)


def in_short(decided: LineDecision, currency: Currency) -> Text:
    """Return in a few words what is decided of a line: why less is paid, and the member's part."""
    if decided.refused is not None:
        return Text(N_("Refused: {reason}"), {"reason": reason(decided.refused)})
    told = [reason(code) for code in decided.codes]
    part = decided.claimed - decided.over - decided.paid
    if part:
        values: dict[str, Value] = {"amount": Money(part, currency)}
        told.append(Text(N_("the patient pays {amount}"), values))
    return joined(told) if told else Text(N_("Paid in full"))


def joined(texts: Sequence[Text]) -> Text:
    """Return texts one behind the other, with a dot between them."""
    whole = texts[0]
    for one in texts[1:]:
        whole = Text("{one} · {other}", {"one": whole, "other": one})
    return whole


EXTRA_ZERO = 10
"""A price this many times the agreed one is looked at again."""


def doubts(facts: ClaimFacts, names: Sequence[str], currency: Currency) -> tuple[Text, ...]:
    """Return what is to be looked at again before a certificate is recorded.

    Args:
        facts: Those of the certificate as typed.
        names: What each of its lines is called.
        currency: The scheme's.
    """
    found: list[Text] = []
    seen: set[ServiceId] = set()
    for line, name in zip(facts.lines, names, strict=True):
        values: dict[str, Value] = {"act": name, "price": Money(line.unit_price, currency)}
        if ReasonCode.RA07 in line.refused:
            told = N_("{act}: typed already for this person and day at this provider.")
            found.append(Text(told, values))
        elif line.service_id in seen:
            found.append(Text(N_("{act} stands twice on this certificate."), values))
        if line.tariff and line.unit_price >= EXTRA_ZERO * line.tariff:
            values["tariff"] = Money(line.tariff, currency)
            told = N_("{act}: {price}, and the price list says {tariff}. A zero too many?")
            found.append(Text(told, values))
        seen.add(line.service_id)
    return tuple(found)


def later_than_invoice(first: date, last: date, month: Month, received: date) -> Text | None:
    """Return why care of these days, both included, cannot stand on an invoice; None when it can.

    Args:
        first: The day the care began.
        last: The day it ended.
        month: The month of the invoice.
        received: The day the invoice came.
    """
    if first > month.last:
        told = N_(
            "The care of {day} is later than {month}, the month of the invoice. Check the day, or type it in with a later invoice."
        )
        return Text(told, {"day": first, "month": month})
    if last > received:
        told = N_("The care of {day} is later than the invoice of {received}. Check the days.")
        return Text(told, {"day": last, "received": received})
    return None


def following(certificate: str) -> str:
    """Return the number of the next certificate: 0457 gives 0458; empty when it does not end so."""
    digits = len(certificate) - len(certificate.rstrip("0123456789"))
    if not digits:
        return ""
    head, tail = certificate[:-digits], certificate[-digits:]
    return f"{head}{int(tail) + 1:0{digits}d}"
