"""Decisions in words: reasons, steps, what is to be looked at again."""

from collections.abc import Callable, Iterator, Sequence

from stepdesk.benefits.terms import (
    Copay,
)
from stepdesk.claims.rules.assessing import CEILINGS, PROVIDER_BEARS, refused_for
from stepdesk.claims.terms import (
    ClaimFacts,
    Cut,
    LineDecision,
    LineFacts,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import Currency, Money

# In words

_REASONS = {
    ReasonCode.RA01: N_("Patient not registered"),
    ReasonCode.RA02: N_("Cover ended before the care"),
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
    code = refused_for(line)
    if code is not None:
        bears = N_("{reason}: nothing is paid; the provider bears it.")
        pays = N_("{reason}: nothing is paid; the patient pays.")
        told = bears if code in PROVIDER_BEARS else pays
        yield Text(told, {"reason": reason(code)})
        return
    yield from (_step(cut, line, decided, facts, money) for cut in _before_share(decided))
    if decided.member:
        yield _member_step(line, decided, money)
    yield from (_step(cut, line, decided, facts, money) for cut in _after_share(decided))
    if decided.rounding:
        told = N_("{amount} so that the patient pays in coins.")
        yield Text(told, {"amount": money(decided.rounding)})
    yield Text(N_("The scheme pays {paid}."), {"paid": money(decided.paid)})


def _before_share(decided: LineDecision) -> list[Cut]:
    return [cut for cut in decided.cuts if cut.code not in CEILINGS]


def _after_share(decided: LineDecision) -> list[Cut]:
    return [cut for cut in decided.cuts if cut.code in CEILINGS]


def _member_step(line: LineFacts, decided: LineDecision, money: Callable[[int], Money]) -> Text:
    rule = line.rule
    if rule is not None and rule.copay is Copay.PERCENT:
        whole, part = divmod(rule.copay_value, 100)
        told = f"{whole},{part:02d}".rstrip("0").rstrip(",") if part else str(whole)
        return Text(
            N_("The member's share is {percent} %: {member}."),
            {"percent": told, "member": money(decided.member)},
        )
    return Text(N_("The member's share is {member}."), {"member": money(decided.member)})


def _step(
    cut: Cut,
    line: LineFacts,
    decided: LineDecision,
    facts: ClaimFacts,
    money: Callable[[int], Money],
) -> Text:
    amount: dict[str, Value] = {
        "amount": money(cut.amount),
        "limit": money(cut.limit),
        "reason": reason(cut.code),
    }
    if cut.code is ReasonCode.RT02:
        told = N_("Agreed price {limit}: {amount} above it is refused to the provider.")
        if facts.balance_billing:
            told = N_("Agreed price {limit}: {amount} above it is the patient's.")
        return Text(told, amount)
    if cut.code is ReasonCode.RC01:
        return Text(
            N_("Number allowed: {counted} of {quantity} count; {amount} is the patient's."),
            {"counted": decided.quantity, "quantity": line.quantity, "amount": amount["amount"]},
        )
    if cut.code is ReasonCode.RD01:
        return Text(N_("Deductible: {amount} is the patient's."), amount)
    shared = cut.code is not ReasonCode.RC02 and len(facts.lines) > 1
    told = N_("{reason}, {limit} left: {amount} less.")
    if shared:
        told = N_("{reason}, {limit} left for all lines together: {amount} less here.")
    return Text(told, amount)


def in_short(line: LineFacts, decided: LineDecision, currency: Currency) -> Text:
    """Return in a few words what is decided of a line: why less is paid, and the member's part."""
    code = refused_for(line)
    if code is not None:
        return Text(N_("Refused: {reason}"), {"reason": reason(code)})
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


def following(certificate: str) -> str:
    """Return the number of the next certificate: 0457 gives 0458; empty when it does not end so."""
    digits = len(certificate) - len(certificate.rstrip("0123456789"))
    if not digits:
        return ""
    head, tail = certificate[:-digits], certificate[-digits:]
    return f"{head}{int(tail) + 1:0{digits}d}"
