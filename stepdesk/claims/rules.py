"""How a claim comes to its amounts. Nothing here touches the book, the screen or the clock.

Amounts are whole minor units. The order of the steps is the order of the law: price, number,
deductible, member's share, ceiling of the act, then the ceilings of the whole claim.
Source: domain handbook 2.12, 2.13.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from stepdesk.benefits.terms import (
    BenefitRule,
    Copay,
    DeductibleScope,
    LimitScope,
    LimitWindow,
    PackageVersion,
)
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    Cut,
    LineDecision,
    LineFacts,
    Outcome,
    Use,
)
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import Left, ReasonCode
from stepdesk.values.ids import HouseholdId, PersonId, ServiceId
from stepdesk.values.money import Currency, Money, round_half_up, split

_DAY = timedelta(days=1)

PROVIDER_BEARS = frozenset({ReasonCode.RA07, ReasonCode.RA09})
"""What is refused for these is the provider's loss; for all other codes the patient pays."""

_CEILINGS = frozenset(
    {ReasonCode.RC02, ReasonCode.RC03, ReasonCode.RC04, ReasonCode.RC05, ReasonCode.RC06}
)


class _Open:
    """A line while it is being decided."""

    __slots__ = ("approved", "cuts", "deducted", "facts", "member", "over", "priced", "q", "share")

    def __init__(self, facts: LineFacts) -> None:
        self.facts = facts
        self.q = self.priced = self.approved = self.deducted = 0
        self.member = self.over = self.share = 0
        self.cuts: list[Cut] = []

    def cut_to(self, share: int, code: ReasonCode, limit: int) -> None:
        if share < self.share:
            self.cuts.append(Cut(code, self.share - share, limit))
            self.share = share


def assess(facts: ClaimFacts) -> Assessment:
    """Return what a claim comes to, line by line.

    `claimed = paid + patient + disallowed` holds for every claim. A claim is rejected when no
    line of it may be paid, and pending while a paper is missing: then the amounts are what it
    would come to.

    Raises:
        ValueError: for a quantity below one or a negative price: a bug, never a decision.
    """
    lines = _decided_apart(facts)
    _apply_ceilings(facts, lines)
    claimed = sum(line.quantity * line.unit_price for line in facts.lines)
    disallowed = sum(line.over for line in lines)
    rounding = _round_to_coins(facts, lines, claimed - disallowed)
    paid = sum(line.share for line in lines)
    return Assessment(
        outcome=_outcome(facts, lines),
        lines=tuple(_closed(line, rounding) for line in lines),
        claimed=claimed,
        paid=paid,
        patient=claimed - disallowed - paid,
        disallowed=disallowed,
        rounding=sum(rounding.values()),
        codes=tuple(
            dict.fromkeys((*facts.pending, *(cut.code for one in lines for cut in one.cuts)))
        ),
    )


def _outcome(facts: ClaimFacts, lines: Sequence[_Open]) -> Outcome:
    if not any(line.q for line in lines):
        return Outcome.REJECTED
    return Outcome.PENDING if facts.pending else Outcome.APPROVED


def _closed(line: _Open, rounding: Mapping[int, int]) -> LineDecision:
    return LineDecision(
        quantity=line.q,
        priced=line.priced,
        claimed=line.facts.quantity * line.facts.unit_price,
        approved=line.approved,
        adjusted=line.approved - line.deducted - line.member,
        paid=line.share,
        deducted=line.deducted,
        member=line.member,
        over=line.over,
        cuts=tuple(line.cuts),
        rounding=rounding.get(id(line), 0),
    )


# One line


def refused_for(line: LineFacts) -> ReasonCode | None:
    """Return the first reason that refuses a whole line, None when it may be paid."""
    if line.refused:
        return line.refused[0]
    if line.rule is not None and line.rule.exclusion:
        return ReasonCode.RB02
    if line.rule is None or not line.rule.covered:
        return ReasonCode.RB01
    return ReasonCode.RT01 if line.tariff is None else None


def _decided_apart(facts: ClaimFacts) -> list[_Open]:
    """Decide each line by itself; lines of one service share what is left of its limits."""
    counts: dict[ServiceId, int] = {}
    deductibles: dict[ServiceId, int] = {}
    return [
        _one_line(line, counts, deductibles, patient_bears=facts.balance_billing)
        for line in facts.lines
    ]


def _one_line(
    line: LineFacts,
    counts: dict[ServiceId, int],
    deductibles: dict[ServiceId, int],
    *,
    patient_bears: bool,
) -> _Open:
    if line.quantity < 1 or line.unit_price < 0:
        raise ValueError("a line has a whole quantity from one on and no negative price")
    told = _Open(line)
    invoiced = line.quantity * line.unit_price
    code = refused_for(line)
    rule, tariff = line.rule, line.tariff
    if code is not None or rule is None or tariff is None:
        told.cuts.append(Cut(code or ReasonCode.RB01, invoiced))
        told.over = invoiced if code in PROVIDER_BEARS else 0
        return told
    told.priced = min(line.unit_price, tariff)
    if line.unit_price > tariff:
        above = (line.unit_price - tariff) * line.quantity
        told.cuts.append(Cut(ReasonCode.RT02, above, tariff))
        told.over = 0 if patient_bears else above
    _count(told, counts)
    if told.q:
        _share(told, rule, deductibles)
    return told


def _count(told: _Open, counts: dict[ServiceId, int]) -> None:
    line = told.facts
    told.q = line.quantity
    if line.left_count is not None:
        left = counts.setdefault(line.service_id, max(line.left_count, 0))
        told.q = min(line.quantity, left)
        counts[line.service_id] = left - told.q
    if told.q < line.quantity:
        lost = told.priced * (line.quantity - told.q)
        told.cuts.append(Cut(ReasonCode.RC01, lost, told.q))
    told.approved = told.priced * told.q


def _share(told: _Open, rule: BenefitRule, deductibles: dict[ServiceId, int]) -> None:
    """Take the deductible, then the member's share, then the ceiling of the act."""
    line = told.facts
    if rule.deductible_scope is DeductibleScope.ACT:
        told.deducted = min(told.approved, rule.deductible)
    elif line.left_deductible:
        left = deductibles.setdefault(line.service_id, line.left_deductible)
        told.deducted = min(told.approved, left)
        deductibles[line.service_id] = left - told.deducted
    if told.deducted:
        told.cuts.append(Cut(ReasonCode.RD01, told.deducted))
    told.member = member_share(rule, told.approved - told.deducted, told.q)
    told.share = told.approved - told.deducted - told.member
    if rule.cap_act is not None:
        limit = rule.cap_act * told.q
        told.cut_to(min(told.share, limit), ReasonCode.RC02, limit)


def member_share(rule: BenefitRule, base: int, quantity: int) -> int:
    """Return the member's own part of a price: half a unit and more rounds up."""
    if rule.copay is Copay.PERCENT:
        return round_half_up(base * rule.copay_value, 10_000)
    if rule.copay is Copay.FIXED:
        return min(base, rule.copay_value * quantity)
    return 0


# The whole claim


def _apply_ceilings(facts: ClaimFacts, lines: list[_Open]) -> None:
    """Cut the sum of shares: episode, service and year, person and year, household and year."""
    _of_services(lines, lambda line: line.rule.cap_episode if line.rule else None, ReasonCode.RC03)
    _spread(lines, facts.cap_episode, ReasonCode.RC03)
    _of_services(lines, lambda line: line.left_year, ReasonCode.RC04)
    _spread(lines, facts.left_person, ReasonCode.RC05)
    _of_services(lines, lambda line: line.left_household, ReasonCode.RC06)
    _spread(lines, facts.left_household, ReasonCode.RC06)


def _of_services(
    lines: list[_Open], limit_of: Callable[[LineFacts], int | None], code: ReasonCode
) -> None:
    """Apply a ceiling of each service to the lines of that service together."""
    seen: set[ServiceId] = set()
    for line in lines:
        limit = limit_of(line.facts)
        service = line.facts.service_id
        if limit is None or service in seen:
            continue
        seen.add(service)
        _spread([one for one in lines if one.facts.service_id == service], limit, code)


def _spread(lines: list[_Open], limit: int | None, code: ReasonCode) -> None:
    """Bring shares down to a limit, pro rata by largest remainder, so that they add up to it."""
    if limit is None:
        return
    allowed = max(limit, 0)
    shares = [line.share for line in lines]
    if sum(shares) <= allowed:
        return
    for line, share in zip(lines, split(allowed, shares), strict=True):
        line.cut_to(share, code, allowed)


# Coins


def _round_to_coins(facts: ClaimFacts, lines: list[_Open], payable: int) -> dict[int, int]:
    """Move what the patient cannot pay in coins to the scheme's part; return it by line.

    The patient pays to the nearest coin, in his favour when both are as near. No ceiling is
    passed for it: where one leaves no room, the patient's part goes up instead. Where no line is
    shared between both, nothing is rounded: a patient without a share pays none for a coin.
    """
    paid = sum(line.share for line in lines)
    short = (payable - paid) % facts.coin
    if not paid or not short:
        return {}
    capped = [line for line in lines if any(cut.code in _CEILINGS for cut in line.cuts)]
    if short * 2 <= facts.coin:
        line = next((one for one in _largest(lines) if _room(facts, lines, one) >= short), None)
        if line is not None:
            line.share += short
            return {id(line): short}
        sharing = capped
    else:
        sharing = [line for line in lines if line.member or line in capped]
    more = facts.coin - short
    line = next((one for one in _largest(sharing) if one.share >= more), None)
    if line is None:
        return {}
    line.share -= more
    return {id(line): -more}


def _largest(lines: list[_Open]) -> list[_Open]:
    return sorted(lines, key=lambda line: -line.share)


def _room(facts: ClaimFacts, lines: list[_Open], line: _Open) -> int:
    """Return how much more the scheme may pay on a line before any ceiling of its is reached."""
    told, rule = line.facts, line.facts.rule
    if rule is None or not line.q:
        return 0
    whole = sum(one.share for one in lines)
    of_service = sum(one.share for one in lines if one.facts.service_id == told.service_id)
    rooms = [line.approved - line.deducted - line.share]
    if rule.cap_act is not None:
        rooms.append(rule.cap_act * line.q - line.share)
    rooms += [
        limit - of_service
        for limit in (rule.cap_episode, told.left_year, told.left_household)
        if limit is not None
    ]
    rooms += [
        limit - whole
        for limit in (facts.cap_episode, facts.left_person, facts.left_household)
        if limit is not None
    ]
    return min(rooms)


# What earlier care leaves


def benefit_year(day: date, starts: tuple[int, int]) -> tuple[date, date]:
    """Return the first day of the benefit year of a day and the first day after it.

    Args:
        day: The day of care.
        starts: Month and day on which benefit years begin; 29 February begins on 1 March of
            common years.
    """
    begins = _start(day.year, starts)
    if begins > day:
        begins = _start(day.year - 1, starts)
    return begins, _start(begins.year + 1, starts)


def _start(year: int, starts: tuple[int, int]) -> date:
    month, day = starts
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)


def left_of(
    *,
    rule: BenefitRule | None,
    package: PackageVersion,
    uses: Iterable[Use],
    person_id: PersonId,
    household_id: HouseholdId,
    day: date,
    year: tuple[date, date],
) -> Left:
    """Return what earlier decided care leaves of a service's and the package's limits.

    Args:
        rule: What the package says of the service; None when it does not name it.
        package: The package version in force on the day of care.
        uses: Decided lines of the household's persons and of the person elsewhere, without the
            claim being decided.
        person_id: The patient.
        household_id: The household of the patient on that day.
        day: The day of care.
        year: The benefit year, its end not included.
    """
    mine = household = service_mine = service_all = deducted_mine = deducted_all = 0
    counted: list[Use] = []
    for use in uses:
        own, home = use.person_id == person_id, use.household_id == household_id
        same = rule is not None and use.service_id == rule.service_id
        if year[0] <= use.day < year[1]:
            household += use.paid if home else 0
            mine += use.paid if own else 0
            service_all += use.paid if same and home else 0
            service_mine += use.paid if same and own else 0
            deducted_all += use.deducted if same and home else 0
            deducted_mine += use.deducted if same and own else 0
        if same and rule is not None:
            whose = home if rule.limit_scope is LimitScope.HOUSEHOLD else own
            counted += [use] if whose else []
    return Left(
        count=_less(rule.limit_count if rule else None, _most_used(rule, counted, day, year)),
        deductible=_deductible_left(rule, deducted_mine, deducted_all),
        service_year=_less(rule.cap_person_year if rule else None, service_mine),
        service_household=_less(rule.cap_household_year if rule else None, service_all),
        person_year=_less(package.cap_person_year, mine),
        household_year=_less(package.cap_household_year, household),
        count_again=_count_again(rule, counted, day, year),
        year_again=year[1] if _can_open(rule, package) else None,
    )


def _can_open(rule: BenefitRule | None, package: PackageVersion) -> bool:
    """Whether a ceiling that is used up is whole again with the next year: not one of nothing."""
    limits = [package.cap_person_year, package.cap_household_year]
    limits += [rule.cap_person_year, rule.cap_household_year] if rule else []
    return 0 not in limits


def _most_used(
    rule: BenefitRule | None, uses: Sequence[Use], day: date, year: tuple[date, date]
) -> int:
    """Return how many acts count against the number allowed on a day.

    Of a window of days, the fullest of those that hold the day: care that is decided late must not
    make too many of a month that was full already.
    """
    if rule is None:
        return 0
    if rule.limit_window is LimitWindow.CYCLE or not rule.limit_days:
        return sum(use.quantity for use in uses if year[0] <= use.day < year[1])
    length = timedelta(days=rule.limit_days)
    near = [use for use in uses if abs(use.day - day) < length]
    starts = {day - length + _DAY, day, *(use.day for use in near if use.day <= day)}
    return max(
        sum(use.quantity for use in near if start <= use.day < start + length) for start in starts
    )


def _count_again(
    rule: BenefitRule | None, uses: Sequence[Use], day: date, year: tuple[date, date]
) -> date | None:
    """Return the first day from the day asked about on which one act more would be allowed."""
    if rule is None or not rule.limit_count:
        return None
    if rule.limit_window is LimitWindow.CYCLE or not rule.limit_days:
        return year[1]
    days = sorted({use.day + timedelta(days=rule.limit_days) for use in uses})
    for again in days:
        if again > day and _most_used(rule, uses, again, year) < rule.limit_count:
            return again
    return None


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(limit - used, 0)


def _deductible_left(rule: BenefitRule | None, mine: int, whole: int) -> int:
    if rule is None:
        return 0
    used = {
        DeductibleScope.ACT: 0,
        DeductibleScope.EPISODE: 0,
        DeductibleScope.PERSON_YEAR: mine,
        DeductibleScope.HOUSEHOLD_YEAR: whole,
    }[rule.deductible_scope]
    return max(rule.deductible - used, 0)


# Kept and asked again


def packed(facts: ClaimFacts) -> str:
    """Return facts as text that is kept with the decision; what is at its default is left out."""
    told = {
        "lines": [_packed_line(line) for line in facts.lines],
        "cap_episode": facts.cap_episode,
        "left_person": facts.left_person,
        "left_household": facts.left_household,
        "balance_billing": int(facts.balance_billing) or None,
        "coin": facts.coin,
        "pending": [code.value for code in facts.pending] or None,
    }
    return json.dumps(_given(told), separators=(",", ":"))


def _packed_line(line: LineFacts) -> dict[str, object]:
    rule = line.rule
    told: dict[str, object] = {
        "service": line.service_id.hex(),
        "quantity": line.quantity,
        "price": line.unit_price,
        "tariff": line.tariff,
        "refused": [code.value for code in line.refused] or None,
        "count": line.left_count,
        "deductible": line.left_deductible or None,
        "year": line.left_year,
        "household": line.left_household,
    }
    if rule is not None:
        told["rule"] = _given(
            {
                "covered": None if rule.covered else 0,
                "copay": rule.copay.value,
                "value": rule.copay_value or None,
                "deductible": rule.deductible or None,
                "scope": _unlike(rule.deductible_scope, DeductibleScope.ACT),
                "act": rule.cap_act,
                "episode": rule.cap_episode,
                "exclusion": rule.exclusion or None,
            }
        )
    return _given(told)


def _unlike(value: DeductibleScope, usual: DeductibleScope) -> str | None:
    return None if value is usual else value.value


def _given(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value is not None}


def unpacked(told: str) -> ClaimFacts:
    """Return the facts of a kept decision: as far as they decide, those that were packed."""
    whole = json.loads(told)
    return ClaimFacts(
        lines=tuple(_unpacked_line(line) for line in whole["lines"]),
        cap_episode=whole.get("cap_episode"),
        left_person=whole.get("left_person"),
        left_household=whole.get("left_household"),
        balance_billing=bool(whole.get("balance_billing", 0)),
        coin=whole["coin"],
        pending=tuple(ReasonCode(code) for code in whole.get("pending", ())),
    )


def _unpacked_line(line: Mapping[str, Any]) -> LineFacts:
    service_id = ServiceId(bytes.fromhex(line["service"]))
    told = line.get("rule")
    rule = None
    if told is not None:
        rule = BenefitRule(
            service_id=service_id,
            covered=bool(told.get("covered", 1)),
            copay=Copay(told["copay"]),
            copay_value=told.get("value", 0),
            deductible=told.get("deductible", 0),
            deductible_scope=DeductibleScope(told.get("scope", "ACT")),
            cap_act=told.get("act"),
            cap_episode=told.get("episode"),
            exclusion=told.get("exclusion", ""),
        )
    return LineFacts(
        service_id=service_id,
        quantity=line["quantity"],
        unit_price=line["price"],
        tariff=line.get("tariff"),
        rule=rule,
        refused=tuple(ReasonCode(code) for code in line.get("refused", ())),
        left_count=line.get("count"),
        left_deductible=line.get("deductible", 0),
        left_year=line.get("year"),
        left_household=line.get("household"),
    )


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
    return [cut for cut in decided.cuts if cut.code not in _CEILINGS]


def _after_share(decided: LineDecision) -> list[Cut]:
    return [cut for cut in decided.cuts if cut.code in _CEILINGS]


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
