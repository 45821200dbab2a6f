"""Guarantee letters: asked for, issued with a reserved amount, extended, cancelled, checked.

Source: domain handbook 2.10, D10; docs/decisions/0040.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.benefits.terms import Category, LimitKind, LimitOver
from stepdesk.claims import queries, rules
from stepdesk.claims.model import guarantee_letter, guarantee_letter_step
from stepdesk.claims.queries import Care
from stepdesk.claims.service.entering import MOST_UNITS, next_serial
from stepdesk.claims.terms import (
    CheckedLetter,
    ClaimFacts,
    GuaranteeKind,
    GuaranteeLetter,
    LetterFacts,
    LetterOffer,
    LetterState,
    NewClaim,
    NewLetter,
    NewLine,
    Outcome,
    ShownLetter,
    Visit,
)
from stepdesk.contributions.queries import booklet_by_number, booklet_facts
from stepdesk.contributions.rules import mark_of
from stepdesk.contributions.terms import Leaf, Stationery
from stepdesk.countries import country
from stepdesk.countries.pack import CountryPack
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import providers
from stepdesk.rights.queries import standing_of
from stepdesk.rights.rules import covered_through
from stepdesk.rights.terms import Letter, ReasonCode, Verdict
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.digits import leaf_parts
from stepdesk.values.ids import ClaimId, HouseholdId, LetterId, LetterStepId, RequestId, ServiceId
from stepdesk.values.money import MOST, Currency, Money

MOST_DAYS = 366
"""A letter holds a year at most: more is a slip of the hand."""

USES_LETTER = frozenset({Outcome.APPROVED, Outcome.VALUED})
"""From these decisions on the claim counts against ceilings, and its letter no more."""

_NOTHING = LetterId(b"")
_NO_LETTER = Text(N_("There is no such guarantee letter. Check the number."))


# What a letter would say


def offer_letter(desk: Desk, *, asked: NewLetter, days: int | None = None) -> LetterOffer:
    """Return what a letter would say if it were issued today; nothing is written, who asked is logged.

    Raises:
        Refusal: as `issue_letter`, for all that was mistyped. A no of the rights is told.
    """
    with desk.read() as connection:
        _check_asked(connection, asked, desk.today)
        told = _offer(connection, asked, desk.today, country(desk.country), days)
    desk.note_access("letter", asked.person_id, told.first_day, told.verdict.answer.value)
    return told


def _offer(
    connection: Connection, asked: NewLetter, today: date, pack: CountryPack, days: int | None
) -> LetterOffer:
    first = asked.first_day or today
    through = rules.last_day(first, _days(connection, asked, first, pack, days))
    coin, currency = pack.number("cash_round", today), pack.currency
    facts, verdict, care = _facts(connection, asked, first, today, coin, None)
    _check_declared(care, asked)
    ends = covered_to(care, asked.service_id)
    if ends is not None:
        through = max(min(through, ends), first)
    second = _may_be_signed(asked, verdict)
    if second:
        promise = Letter(first, through)
        facts, _, care = _facts(connection, asked, first, today, coin, promise)
    told = rules.assess(facts)
    return LetterOffer(
        verdict=verdict,
        price=Money(told.claimed, currency),
        proposed=Money(told.paid, currency),
        patient=Money(told.patient + told.disallowed, currency),
        most=_most(care, asked.service_id, currency),
        first_day=first,
        valid_through=through,
        second=second,
        against=_against(verdict, facts),
        can_do=_can_do(asked, verdict, currency),
        covered_through=ends,
    )


def covered_to(care: Care, service_id: ServiceId) -> date | None:
    """Return the last day a letter may hold: where every day of a stay must be covered, that of cover.

    What is not paid yet does not count: a letter carries its stay all the same. None sets no limit.
    """
    if not care.held or not queries.wants_all(care.held[care.first_naming(service_id)].package):
        return None
    return covered_through(care.standing.rights)


def _against(verdict: Verdict, facts: ClaimFacts) -> Text | None:
    told = (*verdict.reasons, *verdict.conditions)
    if told:
        return told[0].text
    refused = facts.lines[0].refused
    return rules.reason(refused[0]) if refused else None


def _days(
    connection: Connection, asked: NewLetter, day: date, pack: CountryPack, days: int | None
) -> int:
    if days is None:
        category: Category = services(connection)[asked.service_id].category
        return pack.number(
            "letter_days_delivery" if category in rules.LONG else "letter_days", day
        )
    _check_days(days)
    return days


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(
            Text(N_("A letter holds from 1 to {most} days. Correct it."), {"most": MOST_DAYS}),
            field="days",
        )


def _facts(
    connection: Connection,
    asked: NewLetter,
    day: date,
    today: date,
    coin: int,
    promise: Letter | None,
) -> tuple[ClaimFacts, Verdict, Care]:
    """Return the facts of the care asked for, at the price of the list."""
    emergency = asked.declared_hours is not None
    care_asked = NewClaim(
        person_id=asked.person_id,
        first_day=day,
        last_day=day,
        lines=(NewLine(asked.service_id, asked.quantity, 0),),
        visit=Visit.EMERGENCY if emergency else Visit.OTHER,
        referred=bool(asked.referral.strip()),
        declared_hours=asked.declared_hours,
    )
    facts, verdicts, care = queries.facts_of_claim(
        connection,
        care_asked,
        provider_id=asked.provider_id,
        received_on=day,
        coin=coin,
        today=today,
        shown=ShownLetter(_NOTHING, promise),
    )
    # Whoever asks has no claim yet, so nothing but the list says what the act costs.
    lines = tuple(replace(one, unit_price=one.tariff or 0) for one in facts.lines)
    unpriced = care.unpriced(asked.service_id)
    if unpriced is not None:
        raise Refusal(unpriced.text, field="service")
    return replace(facts, lines=lines), verdicts[0], care


def _may_be_signed(asked: NewLetter, verdict: Verdict) -> bool:
    """Whether a second person may let the letter go out although contributions are not paid up.

    Only where the care cannot wait, or was promised on paper already.
    """
    owing = bool(verdict.reasons) and all(one.code is ReasonCode.RA04 for one in verdict.reasons)
    return owing and asked.kind is not GuaranteeKind.NORMAL


def _most(care: Care, service_id: ServiceId, currency: Currency) -> Money | None:
    """Return what the ceilings of the whole package leave for one care."""
    if not care.held:
        return None
    left, held = care.left(service_id), care.held[care.first_naming(service_id)]
    episode = [
        one.left
        for one in held.limits
        if one.kind is LimitKind.CEILING and one.over is LimitOver.EPISODE
    ]
    limits = (held.package.cap_episode, *episode, left.person_year, left.household_year)
    known = [one for one in limits if one is not None]
    return Money(min(known), currency) if known else None


def _can_do(asked: NewLetter, verdict: Verdict, currency: Currency) -> tuple[Text, ...]:
    told: list[Text] = []
    if verdict.to_pay and verdict.opens_on:
        told.append(
            Text(
                N_("Pay {amount} now: covered from {day}."),
                {"amount": Money(verdict.to_pay, currency), "day": verdict.opens_on},
            )
        )
    elif verdict.opens_on:
        told.append(Text(N_("Covered from {day}."), {"day": verdict.opens_on}))
    owing = any(one.code is ReasonCode.RA04 for one in verdict.reasons)
    if owing and asked.kind is GuaranteeKind.NORMAL:
        told.append(
            Text(N_("In an emergency let a second person sign a letter of regularisation."))
        )
    return tuple(told)


# What was mistyped


def _check_asked(connection: Connection, asked: NewLetter, today: date) -> None:
    if asked.service_id not in services(connection):
        raise Refusal(
            Text(N_("This act is not in the catalogue. Choose one from the list.")),
            field="service",
        )
    if asked.provider_id not in providers(connection):
        raise Refusal(Text(N_("Choose the provider the letter is for.")), field="provider")
    if not 1 <= asked.quantity <= MOST_UNITS:
        raise Refusal(
            Text(
                N_("Type the quantity as a whole number from 1 to {most}."), {"most": MOST_UNITS}
            ),
            field="quantity",
        )
    _check_first_day(asked, today)
    _check_hours(asked)


def _check_first_day(asked: NewLetter, today: date) -> None:
    first = asked.first_day or today
    if asked.kind is GuaranteeKind.NORMAL and first != today:
        raise Refusal(
            Text(
                N_(
                    "A letter begins on the day it is written, {today}. For care that was given, "
                    "write a regularisation or type in the leaf of the pad."
                ),
                {"today": today},
            ),
            field="first_day",
        )
    if first > today:
        raise Refusal(
            Text(N_("{day} is still ahead. Type today or an earlier day."), {"day": first}),
            field="first_day",
        )


def _check_hours(asked: NewLetter) -> None:
    hours = asked.declared_hours
    if asked.kind is GuaranteeKind.REGULARISATION and hours is None:
        raise Refusal(
            Text(N_("Say after how many hours the emergency was told to the scheme.")),
            field="declared_hours",
        )
    if hours is not None and hours < 0:
        raise Refusal(Text(N_("This is below zero. Type 0 or more.")), field="declared_hours")
    if asked.kind is GuaranteeKind.PAD and not asked.leaf.strip():
        raise Refusal(
            Text(N_("Type the number printed on the leaf, such as 0012-07.")), field="leaf"
        )
    if asked.kind is not GuaranteeKind.PAD and asked.leaf.strip():
        raise Refusal(
            Text(
                N_(
                    "Only a letter written on the pad has the number of a leaf. Leave the leaf empty, or choose the emergency."
                )
            ),
            field="leaf",
        )


def _check_declared(care: Care, asked: NewLetter) -> None:
    rule = care.rule(asked.service_id)
    hours = asked.declared_hours
    if rule is not None and hours is not None and hours > rule.declare_hours:
        raise Refusal(
            Text(
                N_(
                    "The emergency was declared after {told} hours; {allowed} are allowed. Check the hours, or write an ordinary letter."
                ),
                {"told": hours, "allowed": rule.declare_hours},
            ),
            field="declared_hours",
        )


def _leaf(work: Work, asked: NewLetter) -> Leaf | None:
    """Return the leaf a letter was written on.

    Raises:
        Refusal: no such pad, a leaf outside it, cancelled, missing or typed in before.
    """
    told = asked.leaf.strip()
    if not told:
        return None
    parts = leaf_parts(told)
    found = booklet_by_number(work.connection, parts[0], Stationery.LETTER) if parts else None
    if parts is None or found is None:
        raise Refusal(
            Text(
                N_(
                    "There is no emergency pad with the leaf {leaf}. Write down first that it came."
                ),
                {"leaf": told},
            ),
            field="leaf",
        )
    _check_leaf(work, Leaf(found, parts[1]))
    return Leaf(found, parts[1])


def _check_leaf(work: Work, leaf: Leaf) -> None:
    facts = booklet_facts(work.connection, leaf.booklet_id)
    booklet = facts.booklet
    if not booklet.first_leaf <= leaf.number <= booklet.last_leaf:
        raise Refusal(
            Text(
                N_("Pad {number} has the leaves {first} to {last}. Check the number."),
                {
                    "number": booklet.number,
                    "first": str(booklet.first_leaf),
                    "last": str(booklet.last_leaf),
                },
            ),
            field="leaf",
        )
    named = {"leaf": booklet.leaf(leaf.number)}
    used = work.row(
        "SELECT id FROM guarantee_letter WHERE booklet_id = :booklet AND leaf = :leaf",
        booklet=leaf.booklet_id,
        leaf=leaf.number,
    )
    if used is not None:
        known = queries.letter_facts(work.connection, LetterId(used.id), work.today).number
        raise Refusal(
            Text(
                N_("Leaf {leaf} was typed in before, as letter {number}. Check the number."),
                {**named, "number": known},
            ),
            field="leaf",
        )
    mark = mark_of(facts, leaf.number)
    if mark is not None:
        raise Refusal(
            Text(
                N_("Leaf {leaf} was marked on {day}: {reason}. Check the number."),
                {**named, "day": mark.day, "reason": mark.reason},
            ),
            field="leaf",
        )


# Asking and issuing


def request_letter(work: Work, *, request_id: RequestId, asked: NewLetter) -> GuaranteeLetter:
    """Write down that a letter is asked for, to be issued or refused later.

    The same request twice is one letter.

    Raises:
        Refusal: nobody known, no such act or provider, a quantity or day that cannot be.
    """
    known = _known(work, request_id)
    if known is not None:
        return known
    _check_asked(work.connection, asked, work.today)
    if asked.kind is GuaranteeKind.PAD:
        raise Refusal(
            Text(N_("What is written on the pad was promised already: type it in as a letter.")),
            field="kind",
        )
    letter_id = _write_letter(work, request_id, asked, _household(work, asked))
    _write_step(work, letter_id, LetterState.REQUESTED)
    return _told(work, letter_id)


def issue_letter(
    work: Work,
    *,
    request_id: RequestId,
    asked: NewLetter,
    up_to: Money | None = None,
    days: int | None = None,
    accepting: frozenset[str] = frozenset(),
) -> GuaranteeLetter:
    """Issue a letter: rights are asked, the amount is reserved against ceilings.

    The same request twice is one letter. A regularisation, or a leaf of the pad, for a household
    whose contributions are not paid up goes out when a second person signs.

    Args:
        work: The work.
        request_id: Made by the form.
        asked: For whom, where and what.
        up_to: What the scheme promises at most; its part of the list price when None.
        days: How many days it holds; as the country pack says when None.
        accepting: Doubts somebody answered.

    Raises:
        Refusal: not covered, with what can still be done; nobody known; no price; more than the
            ceilings leave; a leaf of no pad or typed in before; an emergency told too late;
            nobody to sign with.
        Caution: `open_letter` when the patient has an open letter for the same act and provider.
    """
    known = _known(work, request_id)
    if known is not None:
        return known
    _check_asked(work.connection, asked, work.today)
    leaf = _leaf(work, asked)
    terms = _terms(work, asked, up_to, days)
    _check_double(work, asked, accepting)
    letter_id = _write_letter(work, request_id, asked, _household(work, asked), leaf)
    _write_step(work, letter_id, LetterState.REQUESTED)
    _write_step(work, letter_id, LetterState.ISSUED, terms)
    return _told(work, letter_id)


def grant_letter(
    work: Work, *, letter_id: LetterId, up_to: Money | None = None, days: int | None = None
) -> GuaranteeLetter:
    """Issue a letter that was asked for, from today on.

    Raises:
        Refusal: as `issue_letter`, or when it is not waiting.
    """
    facts = _movable(work, letter_id, LetterState.ISSUED)
    if facts.state is not LetterState.REQUESTED:
        raise Refusal(
            Text(
                N_("Letter {number} is issued already. Extend or end it instead."),
                {"number": facts.number},
            ),
            field="letter",
        )
    row = work.row("SELECT * FROM guarantee_letter WHERE id = :id", id=letter_id)
    asked = NewLetter(
        facts.person_id,
        facts.provider_id,
        facts.service_id,
        row.quantity,
        GuaranteeKind(row.kind),
        None,
        row.referral,
        row.declared_hours,
    )
    if asked.kind is GuaranteeKind.REGULARISATION:
        asked = replace(asked, first_day=date.fromisoformat(row.asked_on))
    _write_step(work, letter_id, LetterState.ISSUED, _terms(work, asked, up_to, days))
    return _told(work, letter_id)


def refuse_letter(
    work: Work, *, letter_id: LetterId, code: ReasonCode, reason: str
) -> GuaranteeLetter:
    """Refuse a letter that was asked for; the code and the reason are kept for an appeal.

    Raises:
        Refusal: without a reason, or when it is not waiting.
    """
    _movable(work, letter_id, LetterState.REFUSED)
    told = _reason(reason)
    _write_step(work, letter_id, LetterState.REFUSED, code=code.value, reason=told)
    return _told(work, letter_id)


def cancel_letter(work: Work, *, letter_id: LetterId, reason: str) -> GuaranteeLetter:
    """Cancel an open letter: what it reserved is free again.

    Raises:
        Refusal: without a reason, or when it is used, run out, or never was issued.
    """
    _movable(work, letter_id, LetterState.CANCELLED)
    told = _reason(reason)
    _write_step(work, letter_id, LetterState.CANCELLED, _kept(work, letter_id), reason=told)
    return _told(work, letter_id)


def extend_letter(
    work: Work,
    *,
    letter_id: LetterId,
    reason: str,
    days: int | None = None,
    up_to: Money | None = None,
) -> GuaranteeLetter:
    """Let an open letter hold longer, or for more: a new version that two people sign.

    Args:
        work: The work.
        letter_id: The letter.
        reason: Why; kept.
        days: How many days more; none when only the amount changes.
        up_to: What it promises now; as before when None.

    Raises:
        Refusal: without a reason or anything to change, not open, more than the ceilings leave,
            longer than the patient is covered, nobody to sign with.
    """
    facts = _movable(work, letter_id, LetterState.ISSUED)
    if facts.state is not LetterState.ISSUED or facts.valid_through is None:
        raise Refusal(
            Text(
                N_("Letter {number} is not issued yet. Issue it first."), {"number": facts.number}
            ),
            field="letter",
        )
    told = _reason(reason)
    before = _kept(work, letter_id)
    if days is None and up_to is None:
        raise Refusal(Text(N_("Say how many days more, or the new amount.")), field="days")
    terms = before
    if days is not None:
        _check_days(days)
        terms = replace(terms, valid_through=_longer(work, letter_id, facts, days))
    if up_to is not None:
        terms = replace(terms, up_to=_amount(up_to, _most_for(work, letter_id, facts)))
    terms = replace(terms, single=work.two_signatures())
    _write_step(work, letter_id, LetterState.ISSUED, terms, reason=told)
    return _told(work, letter_id)


def use_letter(work: Work, *, claim_id: ClaimId, letter_id: LetterId | None = None) -> None:
    """Note that an approved claim used its letter: from now on the claim counts, not the promise.

    A claim without a letter that holds, or that used it already, leaves no step.

    Args:
        work: The work.
        claim_id: The claim.
        letter_id: The letter that holds for it; found by the number it names when None.
    """
    if letter_id is None:
        letter_id = _letter_of(work, claim_id)
    if letter_id is None:
        return
    facts = queries.letter_facts(work.connection, letter_id, work.today)
    if LetterState.USED in rules.LETTER_MOVES[facts.state]:
        _write_step(work, letter_id, LetterState.USED, _kept(work, letter_id), claim_id=claim_id)


# Checking on the telephone


def check_letter(desk: Desk, *, number: str, code: str) -> CheckedLetter:
    """Say whether the figures of a letter or of a pad's leaf are ours; who asked is logged.

    Raises:
        Refusal: no such letter, or figures that do not fit it.
    """
    figures = "".join(sign for sign in code if sign.isdigit())
    with desk.read() as connection:
        letter_id = queries.letter_named(connection, number)
        told = (
            None
            if letter_id is None
            else queries.letter_of(connection, letter_id, desk.currency, today=desk.today)
        )
        right = {told.code} if told else set()
        leaf = leaf_parts(number)
        found = booklet_by_number(connection, leaf[0], Stationery.LETTER) if leaf else None
        if leaf and found:
            right.add(queries.pad_leaf(connection, found, *leaf).code)
    if told is None and not right:
        raise Refusal(_NO_LETTER, field="number")
    fits = figures in {one.replace(" ", "") for one in right if one}
    desk.note_access("letter", letter_id, desk.today, "right" if fits else "wrong")
    if not fits:
        raise Refusal(
            Text(
                N_(
                    "The figures do not fit letter {number}. Let them be read again; if they "
                    "stay so, the paper is not ours or was extended since."
                ),
                {"number": number.strip()},
            ),
            field="code",
        )
    return CheckedLetter(told.number if told else number.strip(), told)


# What is written


@dataclass(frozen=True, slots=True)
class _Terms:
    first_day: date
    valid_through: date
    price: int
    up_to: int
    patient: int
    single: bool = False


def _terms(work: Work, asked: NewLetter, up_to: Money | None, days: int | None) -> _Terms:
    """Return what a letter promises.

    Raises:
        Refusal: not covered, more than is left, nobody to sign with.
    """
    offer = _offer(work.connection, asked, work.today, work.country, days)
    if offer.against is not None and not offer.second:
        raise Refusal(_why_not(offer.against, offer.can_do), field="person")
    amount = _amount(offer.proposed if up_to is None else up_to, offer.most)
    return _Terms(
        offer.first_day,
        offer.valid_through,
        offer.price.minor,
        amount,
        max(offer.patient.minor, offer.price.minor - amount),
        work.two_signatures() if offer.second else False,
    )


def _amount(told: Money, most: Money | None) -> int:
    if told.minor <= 0:
        raise Refusal(
            Text(
                N_(
                    "The scheme pays nothing for this care. Choose another act, or write no letter."
                )
            ),
            field="up_to",
        )
    if told.minor > MOST:
        raise Refusal(Text(N_("This amount is too large. Check the zeros.")), field="up_to")
    if most is not None and told.minor > most.minor:
        raise Refusal(
            Text(N_("The ceilings leave {left}. Promise no more."), {"left": most}),
            field="up_to",
        )
    return told.minor


def _why_not(against: Text, can_do: Iterable[Text]) -> Text:
    """Return why a letter cannot go out, and what can still be done."""
    for one in can_do:
        against = Text("{one} {other}", {"one": against, "other": one})
    return against


def _longer(work: Work, letter_id: LetterId, facts: LetterFacts, days: int) -> date:
    """Return the new last day of a letter that holds so many days more."""
    first = facts.first_day or work.today
    through = rules.last_day(facts.valid_through or first, days + 1)
    care = _care_for(work, letter_id, facts)
    ends = None if care is None else covered_to(care, facts.service_id)
    if ends is not None and through > ends:
        raise Refusal(
            Text(
                N_(
                    "The patient is covered until {day}, and every day of the stay must be. Let the "
                    "letter hold no longer."
                ),
                {"day": ends},
            ),
            field="days",
        )
    return through


def _most_for(work: Work, letter_id: LetterId, facts: LetterFacts) -> Money | None:
    """Return what the ceilings leave for a letter that is open already."""
    care = _care_for(work, letter_id, facts)
    return None if care is None else _most(care, facts.service_id, work.currency)


def _care_for(work: Work, letter_id: LetterId, facts: LetterFacts) -> Care | None:
    day = facts.first_day or work.today
    return queries.care_of(
        work.connection,
        person_id=facts.person_id,
        first_day=day,
        last_day=day,
        services=(facts.service_id,),
        provider_id=facts.provider_id,
        today=work.today,
        but_letter=letter_id,
    )


def _letter_of(work: Work, claim_id: ClaimId) -> LetterId | None:
    told, provider_id, _ = queries.typed(work.connection, claim_id)
    shown = queries.shown_letter(
        work.connection, told, provider_id=provider_id, today=work.today, claim_id=claim_id
    )
    return shown.letter_id if isinstance(shown, ShownLetter) else None


def _known(work: Work, request_id: RequestId) -> GuaranteeLetter | None:
    row = work.row(
        "SELECT id FROM guarantee_letter WHERE request_id = :request", request=request_id
    )
    return None if row is None else _told(work, LetterId(row.id))


def _told(work: Work, letter_id: LetterId) -> GuaranteeLetter:
    return queries.letter_of(work.connection, letter_id, work.currency, today=work.today)


def _household(work: Work, asked: NewLetter) -> HouseholdId:
    standing = standing_of(work.connection, asked.person_id, asked.first_day or work.today)
    if standing is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    return standing.household_id


def _check_double(work: Work, asked: NewLetter, accepting: frozenset[str]) -> None:
    if "open_letter" in accepting:
        return
    for one in queries.letters(
        work.connection,
        work.currency,
        today=work.today,
        person_id=asked.person_id,
        provider_id=asked.provider_id,
        only_open=True,
    ):
        if one.service_id == asked.service_id and one.valid_through is not None:
            told = Text(
                N_("Letter {number} for the same act is open until {last}. Write another one?"),
                {"number": one.number, "last": one.valid_through},
            )
            raise Caution((Doubt("open_letter", told, "service"),))


def _movable(work: Work, letter_id: LetterId, to: LetterState) -> LetterFacts:
    try:
        facts = queries.letter_facts(work.connection, letter_id, work.today)
    except LookupError:
        raise Refusal(_NO_LETTER, field="letter") from None
    against = rules.against_move(facts, to)
    if against is not None:
        raise Refusal(against, field="letter")
    return facts


def _reason(told: str) -> str:
    if not told.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    return told.strip()


def _write_letter(
    work: Work,
    request_id: RequestId,
    asked: NewLetter,
    household_id: HouseholdId,
    leaf: Leaf | None = None,
) -> LetterId:
    letter_id = LetterId(work.new_id())
    asked_on = asked.first_day or work.today
    work.insert(
        guarantee_letter,
        id=letter_id,
        request_id=request_id,
        year=work.today.year,
        letter=work.desk.head.device,
        serial=next_serial(work, "guarantee_letter", work.today.year),
        kind=asked.kind,
        person_id=asked.person_id,
        household_id=household_id,
        provider_id=asked.provider_id,
        service_id=asked.service_id,
        quantity=asked.quantity,
        asked_on=asked_on,
        referral=asked.referral.strip(),
        declared_hours=asked.declared_hours,
        booklet_id=leaf.booklet_id if leaf else None,
        leaf=leaf.number if leaf else None,
    )
    return letter_id


def _kept(work: Work, letter_id: LetterId) -> _Terms:
    row: Any = work.row(
        "SELECT * FROM guarantee_letter_step WHERE letter_id = :id ORDER BY version DESC",
        id=letter_id,
    )
    return _Terms(
        date.fromisoformat(row.first_day),
        date.fromisoformat(row.valid_through),
        row.price,
        row.up_to,
        row.patient,
    )


def _write_step(
    work: Work,
    letter_id: LetterId,
    state: LetterState,
    terms: _Terms | None = None,
    *,
    claim_id: ClaimId | None = None,
    code: str = "",
    reason: str = "",
) -> None:
    last = work.row(
        "SELECT coalesce(max(version), 0) AS last FROM guarantee_letter_step"
        " WHERE letter_id = :id",
        id=letter_id,
    ).last
    work.insert(
        guarantee_letter_step,
        id=LetterStepId(work.new_id()),
        letter_id=letter_id,
        version=last + 1,
        state=state,
        day=work.today,
        at=work.now,
        done_by=work.person.staff_id,
        first_day=terms.first_day if terms else None,
        valid_through=terms.valid_through if terms else None,
        price=terms.price if terms else 0,
        up_to=terms.up_to if terms else 0,
        patient=terms.patient if terms else 0,
        single_control=int(terms.single) if terms else 0,
        claim_id=claim_id,
        code=code,
        reason=reason,
    )
