"""What may become of a guarantee letter, and whether it holds for a certificate. Pure.

Source: domain handbook 2.10; docs/decisions/0040.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from stepdesk.benefits.terms import Category
from stepdesk.claims.terms.letters import LetterFacts, LetterState
from stepdesk.i18n import N_, Text
from stepdesk.values.ids import ClaimId, PersonId, ProviderId, ServiceId

_DAY = timedelta(days=1)

MOVES: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.REQUESTED: frozenset({LetterState.ISSUED, LetterState.REFUSED}),
    # Issued again is a new version: the letter is extended.
    LetterState.ISSUED: frozenset(
        {LetterState.ISSUED, LetterState.USED, LetterState.EXPIRED, LetterState.CANCELLED}
    ),
    # The invoice comes after the last day, for care within it.
    LetterState.EXPIRED: frozenset({LetterState.USED}),
    LetterState.USED: frozenset({LetterState.SETTLED}),
    LetterState.REFUSED: frozenset(),
    LetterState.CANCELLED: frozenset(),
    LetterState.SETTLED: frozenset(),
}

LONG = frozenset({Category.DEL, Category.CSE})
"""Letters for a birth hold longer: the day is not known."""

_STANDS = {
    LetterState.REQUESTED: N_("Letter {number} was asked for and is not issued yet."),
    LetterState.ISSUED: N_("Letter {number} is issued, and holds until {last}."),
    LetterState.USED: N_("Letter {number} was used by a claim."),
    LetterState.SETTLED: N_("Letter {number} was used and its claim is paid."),
    LetterState.REFUSED: N_("Letter {number} was refused."),
    LetterState.EXPIRED: N_("Letter {number} ran out on {last}. Write a new one."),
    LetterState.CANCELLED: N_("Letter {number} was cancelled. Write a new one."),
}


def last_day(first_day: date, days: int) -> date:
    """Return the last day a letter of so many days holds; its first one counts."""
    return first_day + timedelta(days=days) - _DAY


def letter_state(
    kept: LetterState, *, valid_through: date | None, on: date, settled: bool = False
) -> LetterState:
    """Return where a letter stands on a day, by its latest step."""
    if kept is LetterState.ISSUED and valid_through is not None and on > valid_through:
        return LetterState.EXPIRED
    if kept is LetterState.USED and settled:
        return LetterState.SETTLED
    return kept


def against_move(letter: LetterFacts, to: LetterState) -> Text | None:
    """Return why a letter may not become that, None when it may."""
    if to in MOVES[letter.state]:
        return None
    return Text(
        _STANDS[letter.state],
        {"number": letter.number, "last": letter.valid_through or date.max},
    )


def against_use(  # noqa: PLR0911 - one return a reason
    letter: LetterFacts,
    *,
    persons: Collection[PersonId],
    provider_id: ProviderId,
    services: Collection[ServiceId],
    day: date,
    claim_id: ClaimId | None = None,
) -> Text | None:
    """Return why a letter does not hold for a certificate, None when it does.

    Args:
        letter: As it stands on the day of the decision.
        persons: The patient, and who turned out to be the same person.
        provider_id: Who gave the care.
        services: The acts of the certificate; one of them must be the letter's.
        day: The first day of the care: it decides, whenever the invoice comes.
        claim_id: The claim itself: what it used already it may use again.
    """
    values = {"number": letter.number}
    if letter.person_id not in persons:
        return Text(N_("Letter {number} is another patient's. Check the number."), values)
    if letter.provider_id != provider_id:
        return Text(N_("Letter {number} is for another provider. Check the number."), values)
    mine = claim_id is not None and letter.claim_id == claim_id
    if letter.state in {LetterState.USED, LetterState.SETTLED} and not mine:
        return Text(N_("Letter {number} was used by another claim: one letter, one care."), values)
    if not mine and LetterState.USED not in MOVES[letter.state]:
        return against_move(letter, LetterState.USED)
    if letter.first_day is None or letter.valid_through is None:
        return against_move(letter, LetterState.USED)
    if not letter.first_day <= day <= letter.valid_through:
        return Text(
            N_("Letter {number} holds from {first} to {last}, and the care began on {day}."),
            {**values, "first": letter.first_day, "last": letter.valid_through, "day": day},
        )
    if letter.service_id not in services:
        return Text(N_("Letter {number} is for another act than those claimed."), values)
    return None
