"""What a finding says to whoever looks at it: what was seen, and what to ask. It accuses nobody.

"Over-use" may be need that was never met: words stay neutral. Source: domain handbook 2.16.
"""

from collections.abc import Mapping
from datetime import date

from stepdesk.control.terms import Check, Number, Pattern
from stepdesk.i18n import N_, Text, Value
from stepdesk.values.money import Currency, Money

PATTERNS: Mapping[Pattern, str] = {
    Pattern.F01: N_("Card in other hands"),
    Pattern.F02: N_("Billed twice"),
    Pattern.F03: N_("Patient who could not be there"),
    Pattern.F04: N_("Acts to be confirmed"),
    Pattern.F05: N_("Dearer or more care than peers"),
    Pattern.F06: N_("More medicines than peers"),
    Pattern.F07: N_("Care soon after joining"),
    Pattern.F08: N_("Part of a family"),
    Pattern.F09: N_("Added, or entered twice"),
    Pattern.F10: N_("Receipts and booklets"),
    Pattern.F11: N_("Money posted late"),
    Pattern.F12: N_("Arrears paid after care"),
    Pattern.F13: N_("Letters at unusual hours"),
    Pattern.F14: N_("Counts that do not agree"),
    Pattern.F15: N_("Own household"),
    Pattern.F16: N_("Costs that drift"),
}

_SENTENCES: Mapping[Check, str] = {
    Check.TWO_PROVIDERS: N_(
        "The patient was at {providers} providers on {day}, and none sent them on. "
        "Ask which of the certificates bears the right card and day."
    ),
    Check.IDENTITY: N_(
        "The certificate of {day} does not fit the sex, age or photo of the register ({code}). "
        "Ask who was treated."
    ),
    Check.OFTEN: N_(
        "{count} visits in twelve months, where {expected} are expected of somebody of this age and "
        "household. Perhaps a long illness: ask."
    ),
    Check.BILLED_TWICE: N_(
        "The care of {day} for {amount} is like that of {other_day} for {other_amount}: same "
        "patient, provider and service. Ask whether there were two visits."
    ),
    Check.AFTER_DEATH: N_(
        "The certificate is of {day}; the register has the death on {since}. Check both days."
    ),
    Check.AFTER_EXIT: N_(
        "The certificate is of {day}; cover ended before {since}. Check who was treated."
    ),
    Check.SUSPENDED: N_(
        "On {day} the household's rights were not open. Ask whether the card was looked at."
    ),
    Check.LEAF: N_(
        "The certificate of {day} is no leaf of a booklet this provider was given. Look at the paper."
    ),
    Check.IMPOSSIBLE: N_(
        "The care of {day} is for a birth, and does not fit the sex or age of the register. "
        "Ask who was treated."
    ),
    Check.TWO_DELIVERIES: N_(
        "A delivery on {day}, {days} days after the one before. Ask which of them was."
    ),
    Check.TWO_BEDS: N_(
        "In hospital from {first} to {last}, and treated elsewhere on {day}. Check the days."
    ),
    Check.CLOSED_DAYS: N_(
        "{count} of {cases} planned visits ({share}) are of the weekly closing day. "
        "Ask whether the provider was open."
    ),
    Check.MANY_ACTS: N_(
        "{count} consultations on {day}, more than {limit}. Such days: {days}. "
        "Ask how many people gave them."
    ),
    Check.ROUND_AMOUNTS: N_(
        "{count} of {cases} prices that no list fixes ({share}) are round. Ask for the bills behind them."
    ),
    Check.MANY_VISITS: N_(
        "{count} visits of {cases} persons who go there, where {expected} are expected from peers. "
        "Confirm some by telephone."
    ),
    Check.EXPENSIVE: N_(
        "{own} of {cases} certificates are for hospital, operations or caesareans; {peers} at peers. "
        "Ask what is different there."
    ),
    Check.SPLIT: N_(
        "{count} times the patient came back to the same provider on the next day. "
        "Ask whether one treatment was billed in parts."
    ),
    Check.DRIFT: N_(
        "In half a year the usual bill rose by {rise} more than that of peers, over {cases} "
        "certificates. Ask what changed."
    ),
    Check.LABORATORY: N_(
        "{count} laboratory tests at {cases} visits, where {expected} are expected from peers. "
        "Ask the medical adviser."
    ),
    Check.REPEATED: N_(
        "Patients came back within days {count} times of {cases}, where {expected} are expected from "
        "peers. Ask the medical adviser."
    ),
    Check.DRUGS: N_(
        "A consultation comes with {own} of medicines, with {peers} at peers, over {cases} visits. "
        "Ask the medical adviser."
    ),
    Check.EARLY_CARE: N_("First care {days} days after rights began."),
    Check.EARLY_DELIVERY: N_("A delivery {days} days after entry."),
    Check.PART_OF_FAMILY: N_(
        "{covered} of {persons} persons of the household are covered ({share})."
    ),
    Check.ADDED_DEPENDANTS: N_(
        "{count} dependants added within twelve months had care within {days} days. "
        "Visit the household."
    ),
    Check.TWO_HOUSEHOLDS: N_(
        "This entry and another in a second household may be one person. Alike: {alike}. "
        "Different: {differs}. Certificates in twelve months: {count} and {other_count}. "
        "Ask both households; if it is one person, end one of the two covers, then make the entries one."
    ),
    Check.MISSING_LEAF: N_(
        "Booklet {booklet}: leaf {leaves} is missing or was passed over. Ask who had the booklet."
    ),
    Check.OUT_OF_ORDER: N_(
        "Booklet {booklet}, leaf {first}: its day is before that of the leaf before. Look at the stubs."
    ),
    Check.LEAF_TWICE: N_(
        "Booklet {booklet}, leaf {first} became more than one receipt: {receipts}. Look at the stub."
    ),
    Check.LATE_HAND_OVER: N_(
        "Money was kept for more than {limit} days: {count} receipts, {amount} together. The first "
        "is of {day}; the longest wait was {days} days. Ask when the collector can come."
    ),
    Check.LATE_POSTING: N_(
        "{count} receipts, {amount} together, were typed in late: {limit} days or more after the "
        "day on them, one after {days}. Compare the stubs with members' receipts."
    ),
    Check.SHORT_HAND_OVER: N_(
        "On {day} {amount} were handed over; the stubs come to {expected_amount}, {missing_amount} "
        "more. Count the stubs together."
    ),
    Check.BACK_DATED: N_(
        "{amount} was paid for a time that was over. The receipt says {paid_on}; it was typed in on "
        "{typed_on}. Care was given on {day}. Look at the stub."
    ),
    Check.LETTERS: N_(
        "{count} of {cases} letters outside office hours ({share}) are by one person to one provider. "
        "Ask why they were urgent."
    ),
    Check.COUNTS: N_(
        "{count} counts in quarter {quarter} of {year} did not agree, {amount} together. "
        "Count with somebody else."
    ),
    Check.OWN_HOUSEHOLD: N_(
        "The claim of {day} for {amount} is of the household of somebody who typed it in or decided it. "
        "Let somebody else look at it."
    ),
    Check.MONTH_MEAN: N_("{own} a case over {cases} cases; {usual} in the six months before."),
    Check.DIGITS: N_(
        "First digits of {cases} amounts of medicines differ from peers by {deviation} in a thousand."
    ),
}

_COMPARED: Mapping[str, str] = {
    "name": N_("the same name"),
    "sound": N_("a name that sounds the same"),
    "nearly": N_("nearly the same spelling"),
    "spelling": N_("the spelling of the name"),
    "part": N_("part of the same name"),
    "born_day": N_("born the same day"),
    "born_swapped": N_("day and month of birth changed places"),
    "born_month": N_("born in the same month"),
    "born_year": N_("born in the same year"),
    "phone": N_("the telephone"),
    "village": N_("the village"),
}
_LISTS = frozenset({"alike", "differs"})
_AMOUNTS = frozenset({"amount", "other_amount", "expected_amount", "missing_amount", "usual"})
_DAYS = frozenset({"day", "since", "other_day", "first", "last", "paid_on", "typed_on"})
_TENTHS = frozenset({"expected"})
_SHARES = frozenset({"share", "rise"})


def sentence(check: Check, numbers: Mapping[str, Number], currency: Currency) -> Text:
    """Return what a finding says, made of the figures it used."""
    return Text(
        _SENTENCES[check],
        {name: _value(check, name, told, currency) for name, told in numbers.items()},
    )


def _value(check: Check, name: str, told: Number, currency: Currency) -> Value:
    if isinstance(told, str):
        return _worded(told) if name in _LISTS else _of_day(name, told)
    of_peers = name in {"own", "peers"}
    if name in _SHARES or (of_peers and check is Check.EXPENSIVE):
        return _percent(told)
    if name in _AMOUNTS or of_peers:
        return Money(told, currency)
    return _tenths(told) if name in _TENTHS else told


def _of_day(name: str, told: str) -> Value:
    return date.fromisoformat(told) if name in _DAYS else told


def _worded(told: str) -> Text:
    """Return a list of what is alike or differs, in words."""
    found = Text(N_("nothing but the household"))
    for at, one in enumerate(told.split(",") if told else ()):
        word = Text(_COMPARED[one])
        found = word if at == 0 else Text("{one}, {other}", {"one": found, "other": word})
    return found


def _percent(hundredths: int) -> Text:
    return Text(N_("{percent} %"), {"percent": hundredths // 100})


def _tenths(tenths: int) -> Text:
    whole, tenth = divmod(tenths, 10)
    return Text(N_("about {count}"), {"count": whole + (tenth >= 5)})


COUNTED: Mapping[Check, str] = {
    Check.OFTEN: N_("Persons who go far oftener than expected of their age and household"),
    Check.EARLY_CARE: N_("Persons whose first care came soon after rights began"),
    Check.EARLY_DELIVERY: N_("Deliveries less than seven months after entry"),
    Check.PART_OF_FAMILY: N_("Households of which few are covered, and not the usual mixture"),
    Check.MONTH_MEAN: N_("Providers whose mean cost of a case left its usual range this month"),
    Check.DIGITS: N_("Providers whose amounts of medicines have other first digits than peers"),
}
"""What is counted of level 1: a matter of how the scheme is made, nobody's fault."""
