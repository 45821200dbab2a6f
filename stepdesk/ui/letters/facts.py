"""What the letters room reads and does: on the lane, in one go, as frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stepdesk.benefits.queries import packages, services
from stepdesk.benefits.terms import Service
from stepdesk.claims import queries, service
from stepdesk.claims.terms import (
    CheckedLetter,
    GuaranteeLetter,
    LetterOffer,
    LetterState,
    NewLetter,
)
from stepdesk.members.queries import person_of
from stepdesk.members.terms import PersonRow
from stepdesk.providers.queries import agreement_on, providers
from stepdesk.providers.terms import Provider
from stepdesk.rights.service import tell_rights
from stepdesk.rights.terms import Verdict
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.store.work import Work
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import LetterId, PersonId, RequestId, ServiceId, StaffId
from stepdesk.values.money import Money

STATUSES = {
    LetterState.REQUESTED: Status.LATE,
    LetterState.ISSUED: Status.WAITING,
    LetterState.USED: Status.UP_TO_DATE,
    LetterState.SETTLED: Status.UP_TO_DATE,
    LetterState.REFUSED: Status.STOPPED,
    LetterState.EXPIRED: Status.DRAFT,
    LetterState.CANCELLED: Status.STOPPED,
}
OPEN, ENDING, ASKED, PASSED, ALL = "open", "ending", "asked", "passed", "all"
"""Which letters the list shows."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a letter is written with: providers with an agreement today, the acts, who signs too."""

    providers: tuple[Provider, ...]
    acts: tuple[Service, ...]
    has_package: bool
    others: tuple[Colleague, ...]
    solo: bool


def room_of(desk: Desk) -> Room:
    """Read what a letter is written with."""
    today = desk.today
    with desk.read() as connection:
        return Room(
            providers=tuple(
                one
                for one in providers(connection, today).values()
                if agreement_on(connection, one.id, today) is not None
            ),
            acts=tuple(services(connection).values()),
            has_package=bool(packages(connection)),
            others=tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id),
            solo=desk.solo,
        )


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody who asks for a letter: covered today or not, what ceilings leave, earlier letters.

    `left` is what the ceilings of the whole package leave; None where there is none.
    """

    person: PersonRow
    verdict: Verdict
    left: Money | None
    earlier: tuple[GuaranteeLetter, ...]


def patient_of(desk: Desk, person: PersonRow) -> Patient:
    """Read how a person stands today; who asked is logged."""
    today = desk.today
    told = tell_rights(desk, person_id=person.id, day=today)
    with desk.read() as connection:
        care = queries.care_of(
            connection,
            person_id=person.id,
            first_day=today,
            last_day=today,
            services=tuple(services(connection)),
        )
        left = None if care is None else care.left(ServiceId(b""))
        amounts = () if left is None else (left.person_year, left.household_year)
        known = [one for one in amounts if one is not None]
        return Patient(
            person,
            told.verdict,
            Money(min(known), desk.currency) if known else None,
            queries.letters(connection, desk.currency, today=today, person_id=person.id),
        )


def offered(desk: Desk, asked: NewLetter) -> LetterOffer:
    """Say what a letter would promise; nothing is written."""
    return service.offer_letter(desk, asked=asked)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter as the form asks for it."""

    request_id: RequestId
    asked: NewLetter
    up_to: Money | None
    days: int | None
    signer: tuple[StaffId, str] | None
    accepting: frozenset[str] = frozenset()
    reason: str = ""


def issued(desk: Desk, wanted: Wanted) -> GuaranteeLetter:
    """Issue a letter."""
    with desk.work("issue_letter", reason=wanted.reason) as work:
        _sign(work, wanted.signer)
        return service.issue_letter(
            work,
            request_id=wanted.request_id,
            asked=wanted.asked,
            up_to=wanted.up_to,
            days=wanted.days,
            accepting=wanted.accepting,
        )


def asked_for(desk: Desk, wanted: Wanted) -> GuaranteeLetter:
    """Write down that a letter is asked for; somebody else will issue or refuse it."""
    return desk.do(service.request_letter, request_id=wanted.request_id, asked=wanted.asked)


def _sign(work: Work, signer: tuple[StaffId, str] | None) -> None:
    if signer is not None:
        work.second(*signer)


# The list


def listed(desk: Desk, which: str) -> tuple[GuaranteeLetter, ...]:
    """Return the letters of a list; who looked is logged."""
    today = desk.today
    ask: Mapping[str, Callable[..., tuple[GuaranteeLetter, ...]]] = {
        OPEN: partial(queries.letters, only_open=True),
        ENDING: queries.letters_running_out,
        ASKED: queries.letters_asked_for,
        PASSED: queries.letters_passed_by,
        ALL: queries.letters,
    }
    found = desk.ask(ask[which], desk.currency, today=today)
    desk.note_access("list letters", None, today, f"{len(found)} rows")
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """What a form of the list asks for: which letter, the answers, who signs too."""

    name: str
    letter_id: LetterId
    answers: Mapping[str, Any]
    signer: tuple[StaffId, str] | None = None


def done(desk: Desk, told: Done) -> GuaranteeLetter:
    """Cancel, extend, grant or refuse a letter."""
    acts: Mapping[str, Callable[..., GuaranteeLetter]] = {
        "cancel": service.cancel_letter,
        "extend": service.extend_letter,
        "grant": service.grant_letter,
        "refuse": service.refuse_letter,
    }
    values = dict(told.answers)
    if values.get("up_to") is not None:
        values["up_to"] = Money(values["up_to"], desk.currency)
    with desk.work(f"{told.name}_letter") as work:
        _sign(work, told.signer)
        return acts[told.name](work, letter_id=told.letter_id, **values)


def checked(desk: Desk, number: str, code: str) -> CheckedLetter:
    """Say whether figures read on the telephone are ours; who asked is logged."""
    return service.check_letter(desk, number=number, code=code)


# Papers


def letter_paper(desk: Desk, letter_id: LetterId) -> bytes:
    """Draw a letter that was issued."""
    from stepdesk.claims.papers import guarantee_letter_pdf

    with desk.read() as connection:
        letter = queries.letter_of(connection, letter_id, desk.currency, today=desk.today)
        scheme = scheme_on(connection, desk.today)
    paper = guarantee_letter_pdf(
        letter, scheme.language, scheme=scheme.name, practice=desk.practice
    )
    desk.note_access("letter", letter_id, desk.today, "paper")
    return paper


def list_paper(desk: Desk, letters: Sequence[GuaranteeLetter], provider: str) -> bytes:
    """Draw the open letters of one provider, for its desk."""
    from stepdesk.claims.papers import open_letters_pdf

    scheme = desk.ask(scheme_on, desk.today)
    desk.note_access("list letters", None, desk.today, "paper")
    return open_letters_pdf(
        letters,
        scheme.language,
        provider=provider,
        scheme=scheme.name,
        practice=desk.practice,
        day=desk.today,
    )


def person_again(desk: Desk, person_id: PersonId) -> PersonRow | None:
    """Return somebody by id: another page asks for a letter for them."""
    return desk.ask(person_of, person_id)
