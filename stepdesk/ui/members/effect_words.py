"""The sentences that tell what an event would do to rights and dues."""

from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import (
    STATES,
    Answer,
    Foreseen,
    ForeseenHousehold,
    ForeseenPerson,
    Outlook,
    Verdict,
)
from stepdesk.ui.members.asks import Known
from stepdesk.values.money import Currency, Money

Line = tuple[Text, bool]
"""A sentence, and whether it is a heading."""


def effect_words(foreseen: Foreseen, known: Known, currency: Currency) -> list[Line]:
    """Return what would change: household by household, then person by person."""
    lines: list[Line] = []
    if foreseen.day != known.today:
        lines.append((Text(N_("How it stands on {day}"), {"day": foreseen.day}), True))
    several = len(foreseen.households) > 1
    for one in foreseen.households:
        if several or one.household_id != known.file.id:
            values: dict[str, Value] = {"number": one.number, "name": one.name}
            lines.append((Text(N_("Household {number}, {name}"), values), True))
        lines += [(text, False) for text in _household(one, currency)]
        lines += [
            (text, False)
            for person in foreseen.persons
            if person.household_id == one.household_id
            for text in _person(person)
        ]
    if not any(not bold for _text, bold in lines):
        lines.append((Text(N_("Rights and dues stay as they are.")), False))
    return lines


def _household(one: ForeseenHousehold, currency: Currency) -> list[Text]:
    before, after = one.before, one.after
    if before is None:
        return [
            Text(N_("State: {state}."), {"state": Text(STATES[after.state])}),
            _people(after.persons),
            Text(N_("One contribution: {amount}."), {"amount": Money(after.regular, currency)}),
            *_rights(None, after),
        ]
    told = []
    if before.state is not after.state:
        told.append(
            Text(
                N_("State: {before}, then {after}."),
                {"before": Text(STATES[before.state]), "after": Text(STATES[after.state])},
            )
        )
    if before.persons != after.persons:
        told.append(
            Text(
                N_("People covered: {before}, then {after}."),
                {"before": before.persons, "after": after.persons},
            )
        )
    told += _amounts(before, after, currency)
    return [*told, *_rights(before, after)]


def _people(count: int) -> Text:
    one, many = N_("{count} person covered."), N_("{count} people covered.")
    return Text(one, {"count": count}, plural=many)


def _amounts(before: Outlook, after: Outlook, currency: Currency) -> list[Text]:
    pairs = (
        (N_("One contribution: {before}, then {after}."), before.regular, after.regular),
        (N_("To pay: {before}, then {after}."), before.to_pay, after.to_pay),
    )
    return [
        Text(message, {"before": Money(one, currency), "after": Money(other, currency)})
        for message, one, other in pairs
        if one != other
    ]


def _rights(before: Outlook | None, after: Outlook) -> list[Text]:
    told = []
    if after.rights_from is not None and (
        before is None or before.rights_from != after.rights_from
    ):
        told.append(Text(N_("Rights from {day}."), {"day": after.rights_from}))
    through = after.covered_through
    if through is not None and (before is None or before.covered_through != through):
        told.append(Text(N_("Paid until {day}."), {"day": through}))
    return told


def _person(one: ForeseenPerson) -> list[Text]:
    before, after = one.before, one.after
    if before is not None and (before.answer, before.opens_on) == (after.answer, after.opens_on):
        return []
    values: dict[str, Value] = {"name": one.name}
    if after.opens_on is not None:
        values["day"] = after.opens_on
    if after.reasons:
        values["why"] = after.reasons[0].text
    return [Text(_verdict(after), values)]


def _verdict(after: Verdict) -> str:
    if after.under_mother:
        return N_("{name}: cared for under the mother's number, or else the member's.")
    if after.answer is Answer.YES:
        return N_("{name}: has rights.")
    if after.opens_on is not None and not after.to_pay:
        return N_("{name}: rights from {day}.")
    return N_("{name}: no rights. {why}") if after.reasons else N_("{name}: no rights.")
