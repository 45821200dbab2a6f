"""What the members' page reads: on the lane, in one go, as frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stepdesk.benefits.queries import services
from stepdesk.benefits.terms import Service
from stepdesk.claims.queries import draft_of
from stepdesk.claims.service import forget_draft, keep_draft, tell_care_rights
from stepdesk.contributions import rules
from stepdesk.contributions.queries import facts_of, plans, receipts_of
from stepdesk.contributions.terms import Account, AccountFacts, PlanVersion, Receipt, Target
from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import alike, household_file
from stepdesk.members.terms import (
    Birth,
    BirthKnown,
    Cover,
    HouseholdFile,
    Likeness,
    NewPerson,
)
from stepdesk.payers.queries import groups, nominations, place_of
from stepdesk.payers.rules import stretches
from stepdesk.providers.queries import providers
from stepdesk.providers.terms import Provider
from stepdesk.reports.queries.lists import categories
from stepdesk.rights.queries import household_verdicts, slip_of
from stepdesk.rights.service import tell_rights
from stepdesk.rights.terms import STATES, STATUS_OF, Answer, HouseholdState, Told, Verdict
from stepdesk.scheme.queries import scheme_on, sections_on
from stepdesk.scheme.terms import Section
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.members.history import Line, history_lines
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import (
    CategoryId,
    CoverId,
    GroupId,
    HouseholdId,
    PersonId,
    PlanId,
    ProviderId,
    SectionId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import age_on
from stepdesk.values.names import fold


@dataclass(frozen=True, slots=True)
class Payers:
    """Who pays for a household besides itself; empty where nobody does."""

    group: str = ""
    sponsors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A household as it stands today."""

    known: HouseholdFile
    account: Account
    state: HouseholdState
    verdicts: dict[PersonId, Verdict]
    receipts: tuple[Receipt, ...]
    regular: Money
    to_pay: Money
    day: date
    history: tuple[Line, ...]
    payers: Payers


@dataclass(frozen=True, slots=True)
class Choices:
    """What a new household chooses from."""

    sections: tuple[Section, ...]
    plans: tuple[PlanVersion, ...]
    versions: dict[PlanId, tuple[PlanVersion, ...]]
    categories: tuple[tuple[CategoryId, str], ...] = ()
    draft: str = ""
    groups: tuple[tuple[GroupId, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CareChoices:
    """What may be asked about besides the day."""

    services: tuple[Service, ...]
    providers: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What joining would cost, and when rights would open if it were paid today."""

    entry_fee: Money
    first: Money
    rights_from: date | None


def status_of(state: HouseholdState) -> Status:
    return Status[STATUS_OF[state].name]


def state_words(state: HouseholdState, account: Account) -> Text:
    """Return a state in a few words, with its day where that helps."""
    return state_text(state, account.rights_from)


def state_text(state: HouseholdState, rights_from: date | None) -> Text:
    """Return a state in a few words; waiting says until which day when it is known."""
    if state is HouseholdState.WAITING and rights_from is not None:
        return Text(N_("Waiting until {day}"), {"day": _short(rights_from)})
    return Text(STATES[state])


def _short(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def look(desk: Desk, household_id: HouseholdId) -> File | None:
    """Read all that is shown of a household; None when there is none."""
    day = desk.today
    with desk.read() as connection:
        known = household_file(connection, household_id)
        if known is None:
            return None
        account, state, verdicts = household_verdicts(connection, household_id, day)
        receipts = receipts_of(connection, household_id, desk.currency)
        regular = rules.regular_amount(facts_of(connection, household_id), day)
    return File(
        known,
        account,
        state,
        verdicts,
        receipts,
        Money(regular, desk.currency),
        Money(account.to_pay, desk.currency),
        day,
        history_lines(desk, household_id),
        _payers(desk, household_id),
    )


def _payers(desk: Desk, household_id: HouseholdId) -> Payers:
    day = desk.today
    place = desk.ask(place_of, household_id, day)
    sponsors = {
        one.payer: None
        for one in desk.ask(nominations, household_id)
        for first, until in stretches(one.steps)
        if first <= day and (until is None or day < until)
    }
    return Payers("" if place is None else place.group, tuple(sponsors))


def age_words(birth: Birth, day: date) -> str:
    """Return an age as the list shows it: 41, or ~35 when it is not known exactly."""
    told = str(max(age_on(birth.day, day), 0))
    return told if birth.known in {BirthKnown.DAY, BirthKnown.MONTH} else f"~{told}"


def verdict_words(verdict: Verdict, name: str, day: date, service: str = "") -> Text:
    """Return the answer in one sentence: who, which day, for what, yes or no."""
    values: dict[str, Value] = {"name": name, "day": day, "service": service}
    if service:
        told = {
            Answer.YES: N_("Yes: {name} is covered on {day} for {service}."),
            Answer.NO: N_("No: {name} is not covered on {day} for {service}."),
            Answer.CONDITION: N_("{name} is covered on {day} for {service}, on condition:"),
        }
        return Text(told[verdict.answer], values)
    if verdict.answer is Answer.YES:
        if verdict.rights_through is None:
            return Text(N_("Yes: {name} is covered on {day}."), values)
        values["last"] = verdict.rights_through
        return Text(
            N_("Yes: {name} is covered on {day}, and until {last} without paying."), values
        )
    return Text(N_("No: {name} is not covered on {day}."), values)


def answered(
    desk: Desk,
    person_id: PersonId,
    day: date,
    service: Service | None = None,
    provider_id: ProviderId | None = None,
) -> Told:
    """Ask for rights, perhaps to one service at a provider; the question is logged."""
    if service is None:
        return tell_rights(desk, person_id=person_id, day=day)
    return tell_care_rights(
        desk, person_id=person_id, day=day, service=service, provider_id=provider_id
    )


def answer_paper(desk: Desk, person_id: PersonId, told: Told) -> bytes:
    """Draw an answer that was given out, as it was given: it is not asked anew."""
    from stepdesk.rights.papers import slip_pdf

    slip = desk.ask(slip_of, person_id, told, asked_by=desk.person.name, asked_on=desk.today)
    return slip_pdf(slip, desk.ask(scheme_on, desk.today).language)


def care_choices(desk: Desk) -> CareChoices:
    """Return the catalogue and the providers."""
    with desk.read() as connection:
        return CareChoices(
            tuple(sorted(services(connection).values(), key=lambda one: fold(one.name))),
            tuple(providers(connection).values()),
        )


def choices(desk: Desk) -> Choices:
    """Return sections and plans as they stand today."""
    with desk.read() as connection:
        versions = plans(connection)
        sections = sections_on(connection, desk.today)
        told = categories(connection)
        kept = draft_of(connection, draft_name(desk))
        open_groups = tuple(
            (one.id, one.name) for one in groups(connection, desk.today) if one.ended_on is None
        )
    standing_now = tuple(rules.plan_on(held, desk.today) for held in versions.values())
    return Choices(sections, standing_now, versions, told, kept, open_groups)


def draft_name(desk: Desk) -> str:
    """Return the name under which the form of the person in front is kept on this laptop."""
    return f"household:{desk.person.staff_id.hex()}"


def keep_form(desk: Desk, content: str) -> None:
    """Keep what was typed and not saved; an empty form is forgotten."""
    if content:
        keep_draft(desk, draft_name(desk), content)
    else:
        forget_draft(desk, draft_name(desk))


def alike_so_far(
    desk: Desk, persons: Mapping[int, NewPerson], section_id: SectionId | None, phone: str
) -> dict[int, tuple[NewPerson, Likeness]]:
    """Return whom the persons being typed look like, by the place of their line."""
    with desk.read() as connection:
        found = {
            at: alike(connection, one, section_id, phone, limit=1) for at, one in persons.items()
        }
    return {at: (persons[at], told[0]) for at, told in found.items() if told}


def preview(
    desk: Desk, versions: tuple[PlanVersion, ...], persons: Sequence[NewPerson]
) -> Preview:
    """Return what a household of these persons would pay to enter today."""
    day = desk.today
    covers = tuple(
        Cover(
            CoverId(b""),
            HouseholdId(b""),
            PersonId(bytes((at,))),
            at,
            one.relation,
            day,
            None,
            one.birth,
            one.sex,
        )
        for at, one in enumerate(persons)
    )
    facts = AccountFacts(joined_on=day, plans=versions, covers=covers)
    account = rules.account_on(facts, day)
    # As it is asked of who pays all of it today: a discount lowers the fee, too.
    paid = rules.allot(facts, paid_on=day, amount=account.to_pay)
    fee = sum(part.amount for part in paid.parts if part.target is Target.ENTRY_FEE)
    return Preview(
        Money(fee, desk.currency),
        Money(account.to_pay - fee, desk.currency),
        account.rights_if_paid,
    )


def receipt_paper(desk: Desk, receipt: Receipt) -> tuple[Receipt, bytes]:
    """Draw a receipt as it is printed now: an original, or marked as which copy."""
    from stepdesk.contributions.papers import receipt_pdf
    from stepdesk.contributions.service import receipt_to_print

    drawn = receipt_to_print(desk, receipt.payment_id)
    return drawn, receipt_pdf(drawn, desk.ask(scheme_on, desk.today).language)


def note_receipt(desk: Desk, receipt: Receipt) -> None:
    """Note that a receipt left the book on paper."""
    from stepdesk.contributions.service import note_print

    note_print(desk, receipt, "a5")


def others(desk: Desk) -> tuple[Colleague, ...]:
    """Return who could sign with the person in front."""
    return tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id)
