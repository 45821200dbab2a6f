"""What the papers of the whole scheme tell: the entitled, the register, cards, statements."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from stepdesk.contributions.queries import each_facts, facts_of, receipts_of
from stepdesk.contributions.rules import account_on, regular_amount
from stepdesk.contributions.terms import Account
from stepdesk.i18n import N_, Text
from stepdesk.members.queries import (
    SECTION_NAME,
    cards_of,
    household_file,
    household_ids,
    name_of,
)
from stepdesk.members.terms import ENDINGS, Card, Event, EventKind, Sex
from stepdesk.progress import Progress
from stepdesk.reports.terms import (
    EntitledRow,
    Letter,
    LetterKind,
    RegisterRow,
    Statement,
    StatementDue,
    StatementPerson,
)
from stepdesk.rights.queries import entitled, household_verdicts
from stepdesk.rights.terms import Answer, Verdict
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.reading import fetch
from stepdesk.values.digits import HouseholdNumber, receipt_number
from stepdesk.values.ids import HouseholdId, ProviderId, SectionId
from stepdesk.values.money import Currency, Money

T = TypeVar("T")

_MANY = 300  # households; from there on all facts are read once
_STEP = 100
_WITHIN = 30  # days
_PEOPLE = "SELECT id, surname, given_names FROM person"
_HOMES = (
    f"SELECT h.id, h.serial, h.joined_on, s.code AS section_code, {SECTION_NAME} AS section,"
    " h.health_post_id, h.phone, h.address, m.surname, m.given_names, m.sex, (SELECT count(*)"
    " FROM cover c WHERE c.household_id = h.id AND c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day)) AS beneficiaries"
    " FROM household h JOIN section s ON s.id = h.section_id"
    " JOIN person m ON m.id = h.member_person_id"
    " WHERE (:section IS NULL OR h.section_id = :section) ORDER BY h.joined_on, h.serial"
)
_FEES = (
    "SELECT p.household_id, p.year, p.letter, p.serial, p.legacy_number FROM payment p"
    " JOIN allocation a ON a.payment_id = p.id WHERE a.target = 'ENTRY_FEE' AND a.amount > 0"
    " AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses = p.id) ORDER BY p.id DESC"
)
_CHOSEN = "SELECT 1 FROM household WHERE health_post_id = :provider LIMIT 1"


def homes(connection: Connection, day: date, section_id: SectionId | None = None) -> list[Any]:
    return fetch(connection, _HOMES, day=day.isoformat(), section=section_id)


def watched(rows: Iterable[T], progress: Progress | None, total: int) -> Iterator[T]:
    """Yield the rows of a long run, telling now and then how far it is."""
    for at, row in enumerate(rows):
        if progress is not None and not at % _STEP:
            progress.step(min(at, total), total, Text(N_("Reading the list")))
        yield row


def entitled_rows(
    connection: Connection,
    day: date,
    *,
    section_id: SectionId | None = None,
    provider_id: ProviderId | None = None,
    progress: Progress | None = None,
) -> Iterator[EntitledRow]:
    """Yield everybody covered on a day with yes or no, by section, number and suffix (D09).

    Args:
        connection: A reader.
        day: Whose rights.
        section_id: Only this village or group.
        provider_id: Only households that chose this health post; a provider no household chose,
            as a hospital, is told of all.
        progress: Stepped now and then.
    """
    known = {row.id: row for row in homes(connection, day, section_id)}
    if provider_id is not None and fetch(connection, _CHOSEN, provider=provider_id):
        known = {one: row for one, row in known.items() if row.health_post_id == provider_id}
    names = {row.id: (row.surname, row.given_names) for row in fetch(connection, _PEOPLE)}
    found = [
        _entitled_row(known[one.household_id], one, names)
        for one in watched(
            entitled(connection, day, section_id=section_id),
            progress,
            sum(row.beneficiaries for row in known.values()),
        )
        if one.household_id in known
    ]
    found.sort(key=lambda row: (row.number.section, row.number.serial, row.suffix))
    yield from found


def _entitled_row(home: Any, one: Any, names: Mapping[bytes, tuple[str, str]]) -> EntitledRow:
    cover, verdict = one.cover, one.verdict
    return EntitledRow(
        HouseholdNumber(home.section_code, home.serial),
        cover.suffix,
        name_of(*names[cover.person_id]),
        cover.sex,
        cover.birth,
        home.section,
        entitled=verdict.answer is not Answer.NO,
        through=verdict.rights_through,
        why=verdict.reasons[0].text if verdict.reasons else None,
        opens_on=verdict.opens_on,
        to_pay=verdict.to_pay,
    )


def register_rows(
    connection: Connection,
    day: date,
    *,
    section_id: SectionId | None = None,
    progress: Progress | None = None,
) -> Iterator[RegisterRow]:
    """Yield the register of members in the order of entry, as it stands on a day (D07)."""
    fees = {
        row.household_id: row.legacy_number or receipt_number(row.year, row.letter, row.serial)
        for row in fetch(connection, _FEES)
    }
    held = homes(connection, day, section_id)
    told = {
        one: (account_on(facts, day), facts.events)
        for one, facts in watched(
            each_facts(connection, section_id=section_id, progress=progress), progress, len(held)
        )
    }
    rows = (row for row in held if row.joined_on <= day.isoformat())
    for order, row in enumerate(rows, 1):
        account, events = told[row.id]
        ended = ending_of(events, day)
        yield RegisterRow(
            order,
            date.fromisoformat(row.joined_on),
            HouseholdNumber(row.section_code, row.serial),
            name_of(row.surname, row.given_names),
            Sex(row.sex),
            row.section,
            row.beneficiaries,
            fees.get(row.id, ""),
            account.effect_date,
            account.rights_from,
            None if ended is None else ended.effective_on,
            None if ended is None else ended.kind,
        )


def ending_of(events: Sequence[Event], day: date) -> Event | None:
    """Return what ended a membership by that day; None while it lasts or lasts again."""
    ended: Event | None = None
    for event in events:
        if event.effective_on > day:
            break
        if event.kind in ENDINGS:
            ended = event
        elif event.kind is EventKind.READMITTED:
            ended = None
    return ended


def whole_cards(
    connection: Connection,
    ids: Sequence[HouseholdId],
    day: date,
    *,
    practice: bool,
    progress: Progress | None = None,
) -> Iterator[Card]:
    """Yield the cards of these households in the order asked, with the day their rights open."""
    scheme = scheme_on(connection, day)
    opens = _rights_from(connection, ids, day, progress)
    blank = Card(scheme.name, HouseholdNumber(0, 0), "", "", (), None, practice)
    for card in cards_of(connection, ids, day, blank=blank):
        yield replace(card, rights_from=opens[card.persons[0].household_id])


def _rights_from(
    connection: Connection, ids: Sequence[HouseholdId], day: date, progress: Progress | None
) -> Mapping[HouseholdId, date | None]:
    if len(ids) < _MANY:
        return {one: account_on(facts_of(connection, one), day).rights_from for one in ids}
    wanted = frozenset(ids)
    return {
        one: account_on(facts, day).rights_from
        for one, facts in watched(each_facts(connection, progress=progress), progress, 0)
        if one in wanted
    }


def statement_of(
    connection: Connection, household_id: HouseholdId, day: date, currency: Currency
) -> Statement:
    """Return what a household is told of its cover and its money, as it stands on a day.

    Raises:
        LookupError: when there is no such household.
    """
    file = household_file(connection, household_id)
    if file is None:
        raise LookupError("no such household")
    account, state, verdicts = household_verdicts(connection, household_id, day)
    facts = facts_of(connection, household_id)
    holding = {cover.person_id for cover in file.covers if cover.holds(day)}
    return Statement(
        scheme=scheme_on(connection, day).name,
        number=file.number,
        member_name=file.member_name,
        section=file.section,
        day=day,
        state=state,
        joined_on=file.joined_on,
        rights_from=account.rights_from,
        covered_through=account.covered_through,
        regular=Money(regular_amount(facts, day), currency),
        to_pay=Money(account.to_pay, currency),
        entry_fee=Money(account.entry_fee_open, currency),
        credit=Money(account.credit, currency),
        persons=tuple(
            _statement_person(person, verdicts[person.id])
            for person in file.persons
            if person.id in holding and person.id in verdicts
        ),
        dues=tuple(
            StatementDue(
                one.due.first_day,
                one.due.until,
                one.due.due_on,
                Money(one.due.amount, currency),
                Money(one.paid, currency),
            )
            for one in account.called
        ),
        receipts=receipts_of(connection, household_id, currency),
    )


def _statement_person(person: Any, verdict: Verdict) -> StatementPerson:
    return StatementPerson(
        person.suffix,
        person.name,
        person.sex,
        person.birth,
        person.relation,
        entitled=verdict.answer is not Answer.NO,
        through=verdict.rights_through,
        why=verdict.reasons[0].text if verdict.reasons else None,
    )


def letters_of(
    connection: Connection,
    kind: LetterKind,
    day: date,
    currency: Currency,
    *,
    ids: Collection[HouseholdId] = (),
    section_id: SectionId | None = None,
    progress: Progress | None = None,
) -> Iterator[Letter]:
    """Yield the letters that are due on a day, by section and number.

    REMINDER goes to who is late or suspended, RENEWAL to whose paid time ends within 30 days,
    WAITING_OVER to whose waiting ended on that day or in the 30 days before.

    Args:
        connection: A reader.
        kind: Which letter.
        day: Named in the letter.
        currency: Of the amounts.
        ids: Only these households; all when empty.
        section_id: Only this village or group.
        progress: Stepped now and then.
    """
    told = letters_by_household(
        connection, kind, day, currency, ids=ids, section_id=section_id, progress=progress
    )
    yield from (letter for _, letter in told)


def letters_by_household(
    connection: Connection,
    kind: LetterKind,
    day: date,
    currency: Currency,
    *,
    ids: Collection[HouseholdId] = (),
    section_id: SectionId | None = None,
    within: int = _WITHIN,
    progress: Progress | None = None,
) -> Iterator[tuple[HouseholdId, Letter]]:
    """Yield each household that gets a letter on a day, with the letter; see `letters_of`.

    `within` is how many days ahead, or back, a renewal or the end of waiting is told.
    """
    known = {row.id: row for row in homes(connection, day, section_id)}
    wanted = frozenset(ids or known)
    scheme = scheme_on(connection, day).name
    order = household_ids(connection, order="section", section_id=section_id)
    found: dict[HouseholdId, Letter] = {}
    every = each_facts(connection, section_id=section_id, progress=progress)
    for one, facts in watched(every, progress, len(known)):
        if one in wanted and one in known and ending_of(facts.events, day) is None:
            account = account_on(facts, day)
            if is_due(kind, account, day, within=within):
                regular = Money(regular_amount(facts, day), currency)
                found[one] = _letter(kind, known[one], account, scheme, day, regular)
    yield from ((one, found[one]) for one in order if one in found)


def is_due(kind: LetterKind, account: Account, day: date, *, within: int = _WITHIN) -> bool:
    """Whether a household gets that letter on that day; see `letters_of`."""
    if account.entered_on is None:
        return False
    match kind:
        case LetterKind.REMINDER:
            return account.arrears > 0 or (account.suspended and account.to_pay > 0)
        case LetterKind.RENEWAL:
            through = account.covered_through
            return (
                account.arrears == 0
                and through is not None
                and 0 <= (through - day).days <= within
            )
        case LetterKind.WAITING_OVER:
            opened = account.rights_from
            return (
                opened is not None and 0 <= (day - opened).days <= within and not account.suspended
            )


def _letter(
    kind: LetterKind, home: Any, account: Account, scheme: str, day: date, regular: Money
) -> Letter:
    to_pay = Money(account.to_pay, regular.currency)
    return Letter(
        kind=kind,
        scheme=scheme,
        number=HouseholdNumber(home.section_code, home.serial),
        member_name=name_of(home.surname, home.given_names),
        section=home.section,
        address=home.address,
        day=day,
        to_pay=to_pay,
        regular=regular,
        covered_through=account.covered_through,
        tolerated_through=account.tolerated_through,
        rights_from=account.rights_from,
        rights_if_paid=account.rights_if_paid,
        suspended=account.suspended,
        next_due=None if account.next_due is None else account.next_due.due_on,
    )
