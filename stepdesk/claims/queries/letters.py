"""Guarantee letters: what they reserve, whether one holds for a certificate, how each stands."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from hmac import digest
from typing import Any

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import packages_on
from stepdesk.benefits.terms import StayCover
from stepdesk.claims import rules
from stepdesk.claims.model import STANDING
from stepdesk.claims.terms import (
    GuaranteeKind,
    GuaranteeLetter,
    LetterFacts,
    LetterState,
    NewClaim,
    PadLeaf,
    ShownLetter,
    Use,
)
from stepdesk.contributions.queries import booklet_by_number, booklet_facts, plan_of
from stepdesk.contributions.rules import mark_of
from stepdesk.contributions.terms import Stationery
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import day_or_none, name_of, same_person
from stepdesk.members.terms import Birth, BirthKnown, Sex
from stepdesk.rights.terms import Letter
from stepdesk.store.reading import fetch, fetch_one
from stepdesk.values.digits import (
    HouseholdNumber,
    document_number,
    document_parts,
    leaf_number,
    leaf_parts,
    letter_number,
    six_figures,
)
from stepdesk.values.ids import (
    BookletId,
    ClaimId,
    HouseholdId,
    LetterId,
    PersonId,
    ProviderId,
    ServiceId,
)
from stepdesk.values.money import Currency, Money

# A person written down twice and made one is one person: what either used, both used.
ONE_OF = (
    "(SELECT :person UNION SELECT m.other_id FROM person_merge m"
    " WHERE m.kept_id = :person AND m.undone_on IS NULL)"
)
_NOW = (
    " JOIN guarantee_letter_step t ON t.letter_id = g.id AND t.version ="
    " (SELECT max(version) FROM guarantee_letter_step WHERE letter_id = g.id)"
)
RESERVED = (
    "SELECT g.id, coalesce((SELECT m.kept_id FROM person_merge m WHERE m.other_id = g.person_id"
    " AND m.undone_on IS NULL), g.person_id) AS person_id, g.household_id,"
    " t.first_day AS last_day, g.service_id, g.quantity, t.up_to AS paid, 0 AS deducted"
    f" FROM guarantee_letter g{_NOW}"
    f" WHERE (g.household_id = :household OR g.person_id IN {ONE_OF})"
    " AND t.state = 'ISSUED' AND t.valid_through >= :today AND t.valid_through >= :since"
    " AND g.id <> :but_letter"
)
"""What open letters reserve, in the columns of what earlier care used: both go into one statement.

A letter counts on its first day. One that ran out, was cancelled, or was used reserves nothing.
Wants `household`, `person`, `since` (a day of care), `today` and `but_letter` (empty bytes).
"""

_SETTLED = (
    "EXISTS (SELECT 1 FROM paid_claim q JOIN provider_payment y ON y.id = q.provider_payment_id"
    f" WHERE q.claim_id = t.claim_id AND {STANDING})"
)
_FACTS = (
    "SELECT g.id, g.year, g.letter, g.serial, g.person_id, g.provider_id, g.service_id, t.state,"
    " t.first_day, t.valid_through, t.up_to, t.claim_id,"
    f" {_SETTLED} AS settled"
    f" FROM guarantee_letter g{_NOW}"
)
_BY_LEAF = (
    "SELECT g.id FROM guarantee_letter g JOIN booklet k ON k.id = g.booklet_id"
    " WHERE k.serial = :booklet AND g.leaf = :leaf ORDER BY g.id DESC LIMIT 1"
)
_BY_NUMBER = (
    "SELECT id FROM guarantee_letter"
    " WHERE year = :year AND upper(letter) = :letter AND serial = :serial"
)
_LETTERS = (
    "SELECT g.id, g.year, g.letter, g.serial, g.kind, g.person_id, g.household_id, g.provider_id,"
    " g.service_id, g.quantity, g.asked_on, g.referral, g.leaf, k.serial AS booklet,"
    " t.version, t.state, t.first_day, t.valid_through, t.price, t.up_to, t.patient,"
    " t.single_control, t.claim_id, t.code, t.reason,"
    " n.surname, n.given_names, n.sex, n.birth, n.birth_known, h.serial AS home,"
    " s.code AS section, (SELECT v.suffix FROM cover v WHERE v.person_id = g.person_id"
    " AND v.household_id = g.household_id ORDER BY v.first_day DESC LIMIT 1) AS suffix,"
    " p.name AS provider, x.code AS service_code, x.name AS service,"
    " i.day AS issued_on, w.name AS issued_by,"
    " c.year AS c_year, c.letter AS c_letter, c.serial AS c_serial, e.paid AS used,"
    f" {_SETTLED} AS settled"
    f" FROM guarantee_letter g{_NOW}"
    " JOIN person n ON n.id = g.person_id JOIN household h ON h.id = g.household_id"
    " JOIN section s ON s.id = h.section_id JOIN provider p ON p.id = g.provider_id"
    " JOIN service x ON x.id = g.service_id"
    " LEFT JOIN booklet k ON k.id = g.booklet_id"
    " LEFT JOIN guarantee_letter_step i ON i.letter_id = g.id AND i.version ="
    " (SELECT min(version) FROM guarantee_letter_step"
    " WHERE letter_id = g.id AND state = 'ISSUED')"
    " LEFT JOIN staff w ON w.id = i.done_by"
    " LEFT JOIN claim c ON c.id = t.claim_id"
    " LEFT JOIN claim_decision e ON e.claim_id = t.claim_id AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = t.claim_id)"
)
_OPEN = "t.state = 'ISSUED' AND t.valid_through >= :today"
# Certificates of the same patient and provider, within the letter's days, that name no letter.
_PASSED_BY = (
    "EXISTS (SELECT 1 FROM claim a JOIN claim_batch b ON b.id = a.batch_id"
    " WHERE a.person_id = g.person_id AND b.provider_id = g.provider_id"
    " AND a.first_day BETWEEN t.first_day AND t.valid_through AND a.guarantee = ''"
    " AND NOT EXISTS (SELECT 1 FROM claim_decision f WHERE f.claim_id = a.id"
    " AND f.outcome = 'WITHDRAWN'))"
)
_KEY = "SELECT secret FROM scheme_key WHERE purpose = 'receipt'"


_HOUR = 3_600_000  # milliseconds


# What they reserve


def reserved(
    connection: Connection,
    *,
    household_id: HouseholdId,
    person_id: PersonId,
    since: date,
    today: date | None = None,
    but_letter: LetterId | None = None,
) -> tuple[Use, ...]:
    """Return what open letters of a household, and of a person elsewhere, hold back from ceilings.

    Args:
        connection: The book.
        household_id: Whose household.
        person_id: The patient.
        since: Letters that ran out before this day of care are left out.
        today: The day of the decision: a letter reserves nothing from the day after its last;
            `since` when None.
        but_letter: A letter that does not count: the one that is used, or extended.
    """
    rows = fetch(
        connection,
        RESERVED,
        household=household_id,
        person=person_id,
        since=since.isoformat(),
        today=(today or since).isoformat(),
        but_letter=but_letter or b"",
    )
    return tuple(
        Use(
            ClaimId(row.id),
            PersonId(row.person_id),
            HouseholdId(row.household_id),
            ServiceId(row.service_id),
            date.fromisoformat(row.last_day),
            row.quantity,
            row.paid,
            row.deducted,
        )
        for row in rows
    )


# One letter, and whether it holds


def letter_named(connection: Connection, told: str) -> LetterId | None:
    """Return the letter of a number such as LG-2026-A-00045, or of a pad's leaf, 0012-07."""
    row = None
    if (leaf := leaf_parts(told)) is not None:
        row = fetch_one(connection, _BY_LEAF, booklet=leaf[0], leaf=leaf[1])
    elif (parts := document_parts("LG", told)) is not None:
        year, letter, serial = parts
        row = fetch_one(connection, _BY_NUMBER, year=year, letter=letter, serial=serial)
    return None if row is None else LetterId(row.id)


def letter_facts(connection: Connection, letter_id: LetterId, today: date) -> LetterFacts:
    """Return what decides about a letter, as it stands on a day.

    Raises:
        LookupError: when there is no such letter.
    """
    row = fetch_one(connection, f"{_FACTS} WHERE g.id = :id", id=letter_id)
    if row is None:
        raise LookupError("no such letter")
    return _facts(row, today)


def _facts(row: Any, on: date) -> LetterFacts:
    through = day_or_none(row.valid_through)
    return LetterFacts(
        LetterId(row.id),
        letter_number(row.year, row.letter, row.serial),
        PersonId(row.person_id),
        ProviderId(row.provider_id),
        ServiceId(row.service_id),
        rules.letter_state(
            LetterState(row.state), valid_through=through, on=on, settled=bool(row.settled)
        ),
        day_or_none(row.first_day),
        through,
        row.up_to,
        None if row.claim_id is None else ClaimId(row.claim_id),
    )


def shown_letter(
    connection: Connection,
    claim: NewClaim,
    *,
    provider_id: ProviderId,
    today: date,
    claim_id: ClaimId | None = None,
) -> ShownLetter | Text | None:
    """Return the letter a certificate names; why it does not hold; None when it names none.

    Args:
        connection: The book.
        claim: The certificate.
        provider_id: Who gave the care.
        today: The day of the decision.
        claim_id: The claim itself when it is recorded.
    """
    told = claim.guarantee.strip()
    if not told:
        return None
    letter_id = letter_named(connection, told)
    if letter_id is None:
        return Text(
            N_("There is no guarantee letter {number} in the book. Check the number."),
            {"number": told},
        )
    facts = letter_facts(connection, letter_id, today)
    against = rules.against_use(
        facts,
        persons=same_person(connection, claim.person_id),
        provider_id=provider_id,
        services={line.service_id for line in claim.lines},
        day=claim.first_day,
        claim_id=claim_id,
    )
    if against is not None:
        return against
    return _shown(facts)


def _shown(facts: LetterFacts) -> ShownLetter | None:
    if facts.first_day is None or facts.valid_through is None:
        return None
    promise = Letter(facts.first_day, facts.valid_through)
    return ShownLetter(facts.letter_id, promise, facts.up_to)


def open_letter(
    connection: Connection,
    *,
    person_id: PersonId,
    provider_id: ProviderId | None,
    service_id: ServiceId,
    day: date,
    today: date,
) -> ShownLetter | None:
    """Return the open letter a person has for an act on a day, at one provider or any."""
    rows = fetch(
        connection,
        f"{_FACTS} WHERE g.person_id IN {ONE_OF} AND g.service_id = :service"
        f" AND {_OPEN} AND :day BETWEEN t.first_day AND t.valid_through"
        " AND (:provider = x'' OR g.provider_id = :provider) ORDER BY g.id DESC",
        person=same_person(connection, person_id)[0],
        service=service_id,
        provider=provider_id or b"",
        day=day.isoformat(),
        today=today.isoformat(),
    )
    return _shown(_facts(rows[0], today)) if rows else None


# Codes


def letter_code(
    secret: bytes, letter_id: LetterId, person_id: PersonId, up_to: int, valid_through: date
) -> str:
    """Return the six figures by which a hospital hears that a letter is ours and not altered.

    An extension has other figures: they speak of the amount and the last day.
    Source: screens handbook 2.6; safety handbook 3.4.
    """
    told = b"|".join(
        (letter_id, person_id, str(up_to).encode(), valid_through.isoformat().encode())
    )
    return _figures(secret, b"stepdesk/letter\0" + told)


def _figures(secret: bytes, told: bytes) -> str:
    return six_figures(int.from_bytes(digest(secret, told, "sha256")[:8], "big"))


def pad_leaf(connection: Connection, booklet_id: BookletId, serial: int, leaf: int) -> PadLeaf:
    """Return a leaf of the emergency pad with the figures printed on it.

    Raises:
        Refusal: while the book has no plan yet, and so no key for figures.
    """
    key = fetch_one(connection, _KEY)
    if key is None:
        raise Refusal(
            Text(N_("Write down a plan of contributions first: figures need the book's key.")),
            field="book",
        )
    secret = key.secret
    number = leaf_number(serial, leaf)
    code = _figures(secret, b"stepdesk/pad\0" + number.encode())
    return PadLeaf(booklet_id, number, code)


def pad_leaves(
    connection: Connection, serial: int, *, first: int | None = None, last: int | None = None
) -> tuple[PadLeaf, ...]:
    """Return the blank leaves of a pad, all or from first to last; none where there is no such pad."""
    booklet_id = booklet_by_number(connection, serial, Stationery.LETTER)
    if booklet_id is None:
        return ()
    facts = booklet_facts(connection, booklet_id)
    used = {
        row.leaf
        for row in fetch(
            connection,
            "SELECT leaf FROM guarantee_letter WHERE booklet_id = :booklet",
            booklet=booklet_id,
        )
    }
    begins = max(facts.booklet.first_leaf, first or 0)
    ends = min(facts.booklet.last_leaf, last or facts.booklet.last_leaf)
    return tuple(
        pad_leaf(connection, booklet_id, serial, leaf)
        for leaf in range(begins, ends + 1)
        if leaf not in used and mark_of(facts, leaf) is None
    )


# How letters stand


def letters(
    connection: Connection,
    currency: Currency,
    *,
    today: date,
    person_id: PersonId | None = None,
    provider_id: ProviderId | None = None,
    only_open: bool = False,
) -> tuple[GuaranteeLetter, ...]:
    """Return letters as they stand today, latest first: all, a person's, a provider's, the open."""
    where = ["1"]
    given: dict[str, object] = {}
    if person_id is not None:
        where.append(f"g.person_id IN {ONE_OF}")
        given["person"] = same_person(connection, person_id)[0]
    if provider_id is not None:
        where.append("g.provider_id = :provider")
        given["provider"] = provider_id
    if only_open:
        where.append(_OPEN)
    return _listed(connection, currency, today, where, **given)


def letter_of(
    connection: Connection, letter_id: LetterId, currency: Currency, *, today: date
) -> GuaranteeLetter:
    """Return one letter as it stands today.

    Raises:
        LookupError: when there is none.
    """
    found = _listed(connection, currency, today, ["g.id = :id"], id=letter_id)
    if not found:
        raise LookupError("no such letter")
    return replace(found[0], whole_stay=_wants_whole_stay(connection, found[0]))


def _wants_whole_stay(connection: Connection, letter: GuaranteeLetter) -> bool:
    """Whether the package that pays a letter's act wants every day of a stay covered."""
    day = letter.first_day or letter.asked_on
    wanted = frozenset({letter.service_id})
    packages = packages_on(connection, plan_of(connection, letter.household_id), day, wanted)
    naming = (one for one in packages if letter.service_id in one.rules)
    return any(one.stay_cover is StayCover.WHOLE_STAY for one in naming)


def letters_running_out(
    connection: Connection, currency: Currency, *, today: date, within: int = 3
) -> tuple[GuaranteeLetter, ...]:
    """Return open letters whose last day is at most so many days ahead, the next to end first."""
    last = (today + timedelta(days=within)).isoformat()
    found = _listed(connection, currency, today, [_OPEN, "t.valid_through <= :last"], last=last)
    return tuple(sorted(found, key=lambda one: (one.valid_through or today, one.number)))


def letters_passed_by(
    connection: Connection, currency: Currency, *, today: date
) -> tuple[GuaranteeLetter, ...]:
    """Return open letters for which a certificate came that does not name them.

    Patient, provider and day fit: the number was forgotten, and the letter still holds money back.
    """
    return _listed(connection, currency, today, [_OPEN, _PASSED_BY])


def letters_asked_for(
    connection: Connection, currency: Currency, *, today: date
) -> tuple[GuaranteeLetter, ...]:
    """Return requests that wait for an answer."""
    return _listed(connection, currency, today, ["t.state = 'REQUESTED'"])


def hours_to_issue(connection: Connection, first: date, last: date) -> tuple[int, ...]:
    """Return how many whole hours each letter issued from first to last had waited, least first.

    Source: domain handbook 4.6, S08; letters typed in from the pad are left out.
    """
    rows = fetch(
        connection,
        "SELECT i.at - r.at AS waited FROM guarantee_letter g"
        " JOIN guarantee_letter_step r ON r.letter_id = g.id AND r.state = 'REQUESTED'"
        " JOIN guarantee_letter_step i ON i.letter_id = g.id AND i.version = r.version + 1"
        " AND i.state = 'ISSUED' WHERE g.kind <> 'PAD' AND i.day BETWEEN :first AND :last",
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return tuple(sorted(row.waited // _HOUR for row in rows))


def _listed(
    connection: Connection,
    currency: Currency,
    today: date,
    where: Iterable[str],
    **given: object,
) -> tuple[GuaranteeLetter, ...]:
    rows = fetch(
        connection,
        f"{_LETTERS} WHERE {' AND '.join(where)} ORDER BY g.asked_on DESC, g.id DESC",
        today=today.isoformat(),
        **given,
    )
    key = fetch_one(connection, _KEY)
    secret = b"" if key is None else key.secret
    return tuple(_letter(row, currency, today, secret) for row in rows)


def _letter(row: Any, currency: Currency, today: date, secret: bytes) -> GuaranteeLetter:
    through = day_or_none(row.valid_through)
    letter_id, person_id = LetterId(row.id), PersonId(row.person_id)
    issued = row.issued_on is not None and through is not None
    return GuaranteeLetter(
        id=letter_id,
        number=letter_number(row.year, row.letter, row.serial),
        kind=GuaranteeKind(row.kind),
        state=rules.letter_state(
            LetterState(row.state), valid_through=through, on=today, settled=bool(row.settled)
        ),
        version=row.version,
        person_id=person_id,
        household_id=HouseholdId(row.household_id),
        patient=name_of(row.surname, row.given_names),
        card=f"{HouseholdNumber(row.section, row.home)}/{row.suffix or 0:02d}",
        sex=Sex(row.sex),
        birth=Birth(date.fromisoformat(row.birth), BirthKnown(row.birth_known)),
        provider_id=ProviderId(row.provider_id),
        provider=row.provider,
        service_id=ServiceId(row.service_id),
        service_code=row.service_code,
        service=row.service,
        quantity=row.quantity,
        asked_on=date.fromisoformat(row.asked_on),
        issued_on=day_or_none(row.issued_on),
        issued_by=row.issued_by or "",
        first_day=day_or_none(row.first_day),
        valid_through=through,
        price=Money(row.price, currency),
        up_to=Money(row.up_to, currency),
        patient_due=Money(row.patient, currency),
        code=letter_code(secret, letter_id, person_id, row.up_to, through)
        if issued and through is not None
        else "",
        referral=row.referral,
        leaf="" if row.booklet is None else leaf_number(row.booklet, row.leaf),
        reason=row.reason,
        refused_for=row.code,
        claim_id=None if row.claim_id is None else ClaimId(row.claim_id),
        claim=""
        if row.c_year is None
        else document_number("C", row.c_year, row.c_letter, row.c_serial),
        used=None if row.used is None else Money(row.used, currency),
        single_control=bool(row.single_control),
    )
