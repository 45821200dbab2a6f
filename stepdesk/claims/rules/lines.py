"""What counts of each line of a claim and at which price, before anybody shares in it.

Source: domain handbook 2.9, 2.12; openIMIS handbook 1.4, 3.2, 3.5; docs/decisions/0038.
"""

from collections.abc import Mapping

from stepdesk.benefits.terms import Composition, PriceOrigin
from stepdesk.claims.rules.codes import CODES, Effect
from stepdesk.claims.terms import By, ClaimFacts, Cut, LineFacts
from stepdesk.providers.terms import PaymentMode
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.care import ClaimCategory
from stepdesk.values.ids import ServiceId
from stepdesk.values.money import round_half_up

WHOLE = 10_000

PROVIDER_BEARS = frozenset(
    {ReasonCode.RA07, ReasonCode.RA09, ReasonCode.RT03, ReasonCode.RF02, ReasonCode.RF03}
)
"""What is refused for these is the provider's loss; for all other codes the patient pays."""

_RANKS = {category: rank for rank, category in enumerate(ClaimCategory)}
_AS_LISTED = frozenset({PriceOrigin.FIXED, PriceOrigin.RELATIVE})

Contained = Mapping[int, tuple[By, int]]
"""By place of a line: in what it is contained, and how many of it."""


class Open:
    """A line while it is being decided.

    `q` counts, `lost` the patient pays himself, the others are the provider's.
    """

    __slots__ = (
        "approved",
        "at",
        "cuts",
        "deducted",
        "facts",
        "lost",
        "member",
        "over",
        "passed",
        "priced",
        "q",
        "refused",
        "shadow",
        "share",
    )

    def __init__(self, facts: LineFacts, at: int = 0) -> None:
        self.facts = facts
        self.at = at
        self.q = self.lost = self.priced = self.approved = self.deducted = 0
        self.member = self.over = self.share = 0
        self.passed = True
        self.refused: ReasonCode | None = None
        self.shadow: int | None = None
        self.cuts: list[Cut] = []

    def refuse(self, cut: Cut) -> None:
        """Pay nothing of the line, whatever was decided of it before."""
        self.q = self.lost = self.priced = self.approved = 0
        self.shadow = None
        self.passed, self.refused, self.cuts = False, cut.code, [cut]
        self.over = cut.amount if cut.code in PROVIDER_BEARS else 0


def refused_for(line: LineFacts) -> ReasonCode | None:
    """Return the first reason in the facts that refuses a whole line, None when it may be paid."""
    if line.refused:
        return line.refused[0]
    rule = line.rule
    if rule is None or not rule.covered or rule.exclusion:
        return ReasonCode.RB02 if rule is not None and rule.exclusion else ReasonCode.RB01
    if line.tariff is None:
        return ReasonCode.RT01
    return _judged(line) or (ReasonCode.RC01 if line.too_soon else None)


def _judged(line: LineFacts) -> ReasonCode | None:
    """Return why the medical adviser refuses the whole line."""
    if line.approved_quantity == 0 and line.review_code is not None:
        return line.review_code if Effect.REFUSES in CODES[line.review_code].effects else None
    return None


def claim_category(lines: list[Open], *, stay: bool) -> ClaimCategory:
    """Return the one category of a claim: the first that a line which passes has.

    A stay of more than one day is hospital care. Items put a claim in no category.
    """
    rank = _RANKS[ClaimCategory.HOSPITAL if stay else ClaimCategory.VISIT]
    for line in lines:
        category = line.facts.category
        if category is not None and line.passed and _RANKS[category] < rank:
            rank = _RANKS[category]
    return _CATEGORIES[rank]


_CATEGORIES = tuple(ClaimCategory)


def contained(facts: ClaimFacts) -> Contained:
    """Return what is contained in the price of another line: of a flat one, of a package."""
    found: dict[int, tuple[By, int]] = {}
    if facts.mode in _ONE_PRICE:
        leading = _leading(facts)
        if leading is not None:
            by = _ONE_PRICE[facts.mode]
            found = {
                at: (by, line.quantity) for at, line in enumerate(facts.lines) if not line.apart
            }
            found[leading] = (by, 0)
            return found
    if any(line.parts for line in facts.lines):
        _contain_parts(facts, found)
    return found


_ONE_PRICE = {PaymentMode.CASE_FLAT: By.FLAT, PaymentMode.DAY_RATE: By.DAY}


def _leading(facts: ClaimFacts) -> int | None:
    """Return the place of the line whose price is the price of the episode, or of the day.

    Of an episode the gravest act, of two the dearer; of days the hospital day, and none without.
    """
    days = facts.mode is PaymentMode.DAY_RATE
    found: list[tuple[int, int, int]] = []
    for at, line in enumerate(facts.lines):
        if refused_for(line) is not None or (days and line.category is not ClaimCategory.HOSPITAL):
            continue
        found.append((_RANKS[line.category or ClaimCategory.VISIT], -(line.tariff or 0), at))
    return min(found)[2] if found else None


def _contain_parts(facts: ClaimFacts, found: dict[int, tuple[By, int]]) -> None:
    left = {at: line.quantity for at, line in enumerate(facts.lines)}
    for at, line in enumerate(facts.lines):
        if not line.parts or refused_for(line) is not None:
            continue
        parted = line.composition is Composition.PARTS and not line.apart
        if parted and not _complete(facts, line, left):
            found[at] = (By.PARTS, 0)
            continue
        for service, count in line.parts:
            _take(facts, service, count * line.quantity, left)
    for at, line in enumerate(facts.lines):
        if left[at] < line.quantity:
            found[at] = (By.PACKAGE, line.quantity - left[at])


def _complete(facts: ClaimFacts, line: LineFacts, left: Mapping[int, int]) -> bool:
    wanted: dict[ServiceId, int] = {}
    for service, count in line.parts:
        wanted[service] = wanted.get(service, 0) + count * line.quantity
    return all(
        sum(left[at] for at, one in enumerate(facts.lines) if one.service_id == service) >= count
        for service, count in wanted.items()
    )


def _take(facts: ClaimFacts, service: ServiceId, count: int, left: dict[int, int]) -> None:
    for at, one in enumerate(facts.lines):
        if one.service_id == service and not one.parts and not one.apart:
            taken = min(count, left[at])
            left[at] -= taken
            count -= taken


# One line


def admit(
    facts: ClaimFacts, at: int, inside: Contained, counts: dict[tuple[int, ServiceId], int]
) -> Open:
    """Decide what counts of a line and at which price; lines of a service share its number.

    Raises:
        ValueError: for a quantity below one or a negative price: a bug, never a decision.
    """
    line = facts.lines[at]
    if line.quantity < 1 or line.unit_price < 0:
        raise ValueError("a line has a whole quantity from one on and no negative price")
    told = Open(line, at)
    cut = _refusal(line, inside.get(at))
    if cut is not None:
        told.refuse(cut)
        return told
    _price(told, facts, inside.get(at))
    _count(told, facts, inside.get(at), counts)
    told.approved = told.priced * told.q
    _settle(told, facts)
    return told


def _refusal(line: LineFacts, within: tuple[By, int] | None) -> Cut | None:
    invoiced = line.quantity * line.unit_price
    code = refused_for(line)
    if code is not None:
        by = By.FREQUENCY if code is ReasonCode.RC01 else None
        by = By.REVIEW if by is None and code is line.review_code else by
        return Cut(code, invoiced, by=by)
    if within is None:
        return None
    by, units = within
    if by is By.PARTS:
        return Cut(ReasonCode.RT01, invoiced, by=by)
    return Cut(ReasonCode.RT03, invoiced, by=by) if units == line.quantity else None


def _price(told: Open, facts: ClaimFacts, within: tuple[By, int] | None) -> None:
    line, rule = told.facts, told.facts.rule
    listed = line.tariff or 0
    if facts.discount:
        listed = round_half_up(listed * (WHOLE - facts.discount), WHOLE)
    by = By.DISCOUNT if facts.discount else By.LIST
    origin = PriceOrigin.LIST if rule is None else rule.price_origin
    one_price = within is not None and within[0] in {By.FLAT, By.DAY}
    if within is not None and one_price:
        told.priced, by = listed, within[0]
    elif line.approved_price is not None:
        told.priced, by = line.approved_price, By.REVIEW_PRICE
    elif origin in _AS_LISTED or line.composition is not Composition.SINGLE:
        told.priced = listed
    else:
        told.priced = line.unit_price
        if origin is PriceOrigin.LIST and listed < line.unit_price:
            told.priced = listed
    if told.priced < line.unit_price and facts.mode is not PaymentMode.CAPITATION:
        code = (line.review_code or ReasonCode.RM01) if by is By.REVIEW_PRICE else ReasonCode.RT02
        told.cuts.append(
            Cut(code, (line.unit_price - told.priced) * line.quantity, told.priced, by)
        )


def _count(
    told: Open,
    facts: ClaimFacts,
    within: tuple[By, int] | None,
    counts: dict[tuple[int, ServiceId], int],
) -> None:
    """Lower the number: what is contained elsewhere, the adviser, the norm, the number allowed."""
    line = told.facts
    told.q = line.quantity
    if within is not None:
        _within(told, facts, *within)
    if line.approved_quantity is not None:
        _lower(told, line.approved_quantity, line.review_code or ReasonCode.RM01, By.REVIEW)
    if line.largest is not None:
        _lower(told, line.largest, ReasonCode.RC07, By.NORM)
    if line.left_count is not None:
        key = (line.package, line.service_id)
        left = counts.setdefault(key, max(line.left_count, 0))
        told.passed = left > 0 or not told.q
        _lower(told, left, ReasonCode.RC01, By.COUNT)
        counts[key] = left - told.q


def _within(told: Open, facts: ClaimFacts, by: By, units: int) -> None:
    """Take what another price contains; of a flat price one counts, of a day rate the days."""
    line = told.facts
    if by is By.FLAT:
        units = line.quantity - 1
    elif by is By.DAY:
        units = max(line.quantity - facts.days, 0)
    if units:
        told.q -= units
        code = ReasonCode.RC07 if by is By.DAY else ReasonCode.RT03
        told.cuts.append(Cut(code, min(told.priced, line.unit_price) * units, told.q, by))


def _lower(told: Open, most: int, code: ReasonCode, by: By) -> None:
    if most >= told.q:
        return
    units = told.q - most
    lost = min(told.priced, told.facts.unit_price) * units
    told.cuts.append(Cut(code, lost, most, by))
    told.lost += units
    told.q = most


def _settle(told: Open, facts: ClaimFacts) -> None:
    """Say whose the rest of the invoice is: of a price above the list, of what is paid by head."""
    line = told.facts
    invoiced = line.quantity * line.unit_price
    if facts.mode is PaymentMode.CAPITATION:
        told.shadow, told.approved, told.over, told.lost = told.approved, 0, invoiced, 0
        told.cuts.append(Cut(ReasonCode.RT03, invoiced, told.shadow, By.HEAD))
        return
    told.over = invoiced - told.approved - min(told.priced, line.unit_price) * told.lost
    above = line.unit_price - told.priced
    if facts.balance_billing and above > 0:
        told.over -= above * (told.q + told.lost)
