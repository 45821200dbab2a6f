"""What the claims room reads and does: on the lane, in one go, as frozen values."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stepdesk.benefits.queries import packages, services
from stepdesk.benefits.terms import Service
from stepdesk.claims import queries, rules, service
from stepdesk.claims.terms import (
    UNDECIDED,
    Assessment,
    Batch,
    Claim,
    ClaimFacts,
    KeptPicture,
    LineDecision,
    NewClaim,
    Outcome,
    Owed,
    State,
    UnknownPatient,
    Voucher,
)
from stepdesk.contributions.service import drop_draft
from stepdesk.control.queries import flagged
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import balance_of
from stepdesk.ledger.rules import BOXES
from stepdesk.members.queries import (
    household_file,
    household_of_number,
    person_of,
    person_of_card,
    search,
    similar_numbers,
)
from stepdesk.members.terms import PersonRow
from stepdesk.progress import Progress
from stepdesk.providers.queries import agreement_on, providers, tariff_on
from stepdesk.providers.terms import Hole, Provider
from stepdesk.rights.terms import Verdict
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Colleague, Desk
from stepdesk.ui.claims.case_facts import Case, case_of
from stepdesk.ui.tokens import Status
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    PersonId,
    ProviderId,
    ProviderPaymentId,
    RequestId,
    ServiceId,
    StaffId,
)
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month
from stepdesk.values.names import fold

_MOST_OF_A_NAME = 500

STATUSES = {
    State.RECEIVED: Status.DRAFT,
    State.ADMIN_OK: Status.DRAFT,
    State.MEDICAL_PENDING: Status.WAITING,
    State.MEDICAL_OK: Status.DRAFT,
    State.QUERIED: Status.WAITING,
    State.PENDING: Status.LATE,
    State.VALUED: Status.WAITING,
    State.APPROVED: Status.UP_TO_DATE,
    State.REJECTED: Status.STOPPED,
    State.WITHDRAWN: Status.DRAFT,
    State.APPEALED: Status.WAITING,
    State.UPHELD: Status.STOPPED,
    State.OVERTURNED: Status.UP_TO_DATE,
    State.BATCHED: Status.UP_TO_DATE,
    State.PAID: Status.UP_TO_DATE,
    State.REVERSED: Status.STOPPED,
}


# The room


@dataclass(frozen=True, slots=True)
class Unsent:
    """Who has not sent the certificates of a month, and on which day they usually come, if known."""

    month: Month
    providers: tuple[str, ...]
    usual_day: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """What the page comes up with."""

    batches: tuple[Batch, ...]
    providers: tuple[Provider, ...]
    has_package: bool
    owed: tuple[Owed, ...]
    held: Mapping[str, Money]
    others: tuple[Colleague, ...]
    solo: bool
    reviews: int = 0
    questions: int = 0
    unsent: Unsent | None = None

    def provider(self, provider_id: ProviderId) -> str:
        return next((one.name for one in self.providers if one.id == provider_id), "")


def room_of(desk: Desk) -> Room:
    """Read the batches, and who is owed what."""
    with desk.read() as connection:
        batches = queries.batches(connection, desk.currency)
        known = tuple(providers(connection).values())
        medical = desk.person.medical_key is not None
        return Room(
            batches=batches,
            providers=known,
            reviews=len(queries.for_review(connection, desk.currency)) if medical else 0,
            questions=len(queries.open_queries(connection, desk.today)),
            unsent=_unsent(connection, batches, known, Month.of(desk.today).plus(-1)),
            has_package=bool(packages(connection)),
            owed=queries.owing(connection, desk.currency),
            held={box: Money(balance_of(connection, box), desk.currency) for box in BOXES},
            others=tuple(one for one in desk.colleagues() if one.id != desk.person.staff_id),
            solo=desk.solo,
        )


def _unsent(
    connection: Any,  # noqa: ANN401 - the store's
    batches: Sequence[Batch],
    known: Sequence[Provider],
    month: Month,
) -> Unsent | None:
    """Return which providers under agreement sent nothing for a month, None when all did."""
    own = [one for one in batches if not one.history and not one.to_member]
    sent = {one.provider_id for one in own if one.month == month}
    silent = [
        one
        for one in known
        if one.id not in sent and agreement_on(connection, one.id, month.last) is not None
    ]
    if not silent:
        return None
    ids = {one.id for one in silent}
    days = sorted(one.received_on.day for one in own if one.provider_id in ids)
    usual = days[len(days) // 2] if days else None
    return Unsent(month, tuple(one.name for one in silent), usual)


def opened(
    desk: Desk,
    request_id: RequestId,
    provider_id: ProviderId,
    month: Month,
    received_on: date,
    invoice: str,
    total: int | None,
) -> BatchId:
    """Open a batch."""
    return desk.do(
        service.open_batch,
        request_id=request_id,
        provider_id=provider_id,
        month=month,
        received_on=received_on,
        invoice=invoice,
        invoice_total=None if total is None else Money(total, desk.currency),
    )


# One batch


@dataclass(frozen=True, slots=True)
class Aside:
    """A certificate that was put aside half typed; it is kept on this laptop alone."""

    name: str
    content: str
    certificate: str
    card: str
    person: PersonRow | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch with its certificates, the catalogue, and what was half typed.

    `expected` is what certificates that are not decided would come to; `unknown` are those of people
    nobody knows, `aside` those that were put aside half typed.
    """

    batch: Batch
    claims: tuple[Claim, ...]
    expected: Mapping[ClaimId, Assessment]
    acts: tuple[Service, ...]
    draft: str
    drafted: PersonRow | None
    unknown: tuple[UnknownPatient, ...] = ()
    aside: tuple[Aside, ...] = ()


def draft_name(batch_id: BatchId) -> str:
    """Return the name a batch's half-typed certificate is kept under."""
    return f"claim:{batch_id.hex()}"


def aside_name(batch_id: BatchId, request_id: RequestId) -> str:
    """Return the name a certificate that is put aside half typed is kept under."""
    return f"{draft_name(batch_id)}:aside:{request_id.hex()}"


def batch_of(desk: Desk, batch_id: BatchId, person_id: PersonId | None = None) -> Opened:
    """Read a batch whole.

    Args:
        desk: The open book.
        batch_id: Which.
        person_id: Who the half-typed certificate is for, when that is known already.
    """
    from stepdesk.ui.claims.draft import person_in

    expected = service.expected(desk, batch_id)
    with desk.read() as connection:
        draft = queries.draft_of(connection, draft_name(batch_id))
        whose = person_id or person_in(draft)
        return Opened(
            batch=queries.batches(connection, desk.currency, batch_id=batch_id)[0],
            claims=queries.claims_of(connection, desk.currency, batch_id=batch_id),
            expected=expected,
            acts=tuple(services(connection).values()),
            draft=draft,
            drafted=None if whose is None else person_of(connection, whose),
            unknown=queries.unknown_patients(connection, desk.currency, batch_id),
            aside=_aside(connection, batch_id),
        )


def batch_with(desk: Desk, claim_id: ClaimId) -> Opened:
    """Read the batch of a certificate whole."""
    return batch_of(desk, desk.ask(queries.claim_of, claim_id, desk.currency).batch_id)


def _aside(connection: Any, batch_id: BatchId) -> tuple[Aside, ...]:  # noqa: ANN401 - the store's
    from stepdesk.ui.claims.draft import person_in, unpacked

    found = []
    for name, content in queries.drafts_like(connection, f"{draft_name(batch_id)}:aside:"):
        draft, whose = unpacked(content), person_in(content)
        if draft is not None:
            person = None if whose is None else person_of(connection, whose)
            found.append(Aside(name, content, draft.certificate, draft.card, person))
    return tuple(found)


def put_aside(desk: Desk, batch_id: BatchId, request_id: RequestId, content: str) -> None:
    """Keep a half-typed certificate for later, out of the way."""
    service.keep_draft(desk, aside_name(batch_id, request_id), content)
    service.forget_draft(desk, draft_name(batch_id))


def taken_up(desk: Desk, batch_id: BatchId, aside: Aside) -> Opened:
    """Take a certificate up again that was put aside: it is what is half typed now."""
    service.keep_draft(desk, draft_name(batch_id), aside.content)
    service.forget_draft(desk, aside.name)
    return batch_of(desk, batch_id)


def decided(
    desk: Desk, batch_id: BatchId, accepting: frozenset[str], reason: str, progress: Progress
) -> service.DecidedBatch:
    """Decide what waits in a batch."""
    with desk.work("decide_batch", reason=reason) as work:
        return service.decide_batch(
            work,
            batch_id=batch_id,
            accepting=accepting,
            progress=progress,
            flagged=frozenset(flagged(work.connection)),
        )


def withdrawn(desk: Desk, claim_id: ClaimId, reason: str) -> None:
    """Take a certificate back that was typed by mistake."""
    desk.do(service.withdraw_claim, claim_id=claim_id, reason=reason)


# Who, and what


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer to a card or a name: one person, or some to choose from."""

    asked: str
    found: PersonRow | None = None
    persons: tuple[PersonRow, ...] = ()
    similar: tuple[str, ...] = ()

    @property
    def one_household(self) -> bool:
        return len({one.household_id for one in self.persons}) == 1


def card_told(asked: str) -> str:
    """Return a card as `47/02` when household and person were typed in one, else as typed.

    Household and person may be parted by a slash, a space or a point: 47/2, 47 2, 47.2.
    """
    told = asked.strip()
    for sign in ("/", " ", "."):
        home, parted, suffix = told.rpartition(sign)
        if parted and home.strip() and suffix.isdecimal() and len(suffix) <= 2:
            return f"{home.strip()}/{int(suffix):02d}"
    return told


def looked_up(desk: Desk, asked: str) -> Looked:
    """Look for the person of a card, the household of a number, or people of a name."""
    told = card_told(asked)
    with desk.read() as connection:
        if any(sign.isalpha() for sign in told):
            found = search(connection, told) or _of_village(connection, told)
            return Looked(asked, persons=found)
        whose = person_of_card(connection, told)
        person = None if whose is None else person_of(connection, whose)
        if person is not None and ("/" in told or person.legacy_number == told):
            return Looked(asked, person)
        number, suffix, _ = told.partition("/")
        home = household_of_number(connection, number)
        file = None if home is None else household_file(connection, home)
        if file is None:
            return Looked(asked, similar=similar_numbers(connection, number))
    alone = len(file.persons) == 1 and not suffix
    return Looked(asked, file.persons[0]) if alone else Looked(asked, persons=file.persons)


def _of_village(connection: Any, told: str) -> tuple[PersonRow, ...]:  # noqa: ANN401 - the store's
    """Return people of a name whose village is what follows it: diarra koula."""
    words = told.split()
    for at in range(len(words) - 1, 0, -1):
        village = fold(" ".join(words[at:]))
        found = search(connection, " ".join(words[:at]), limit=_MOST_OF_A_NAME)
        here = tuple(one for one in found if fold(one.section).startswith(village))
        if here:
            return here
    return ()


def matches(acts: Sequence[Service], told: str) -> list[Service]:
    """Return the acts some letters may mean, the likeliest first: by code, then by name."""
    asked = fold(told)
    if not asked:
        return []
    ranked = [(_rank(one, asked), at, one) for at, one in enumerate(acts)]
    return [one for rank, _at, one in sorted(ranked, key=lambda told: told[:2]) if rank < 5]


def _rank(act: Service, asked: str) -> int:
    code, name = fold(act.code), fold(act.name)
    tests = (
        code == asked,
        name.startswith(asked),
        code.startswith(asked),
        any(word.startswith(asked) for word in name.split()),
        asked in name or asked in code,
    )
    return next((at for at, met in enumerate(tests) if met), 5)


@dataclass(frozen=True, slots=True)
class Prices:
    """The provider's prices on a day; `hole` says why there are none."""

    day: date
    of: Mapping[ServiceId, int]
    hole: Text | None = None


def prices_on(desk: Desk, provider_id: ProviderId, day: date) -> Prices:
    """Read the price list that was agreed with a provider on a day."""
    with desk.read() as connection:
        agreed = agreement_on(connection, provider_id, day)
        if agreed is None:
            return Prices(day, {})
        listed = tariff_on(connection, agreed.tariff_id, day)
    if isinstance(listed, Hole):
        return Prices(day, {}, queries.hole_text(listed, day))
    return Prices(day, listed.prices)


# Deciding while it is typed


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as it is shown: its amounts, its sign and reason, and the steps that led there."""

    name: str
    quantity: int
    claimed: Money
    tariff: Money | None
    payable: Money | None
    status: Status
    words: Text
    steps: tuple[Text, ...] = ()


def shown_lines(
    facts: ClaimFacts, told: Assessment, names: Sequence[str], currency: Currency
) -> tuple[Shown, ...]:
    """Return the lines of a certificate as they would be decided."""
    return tuple(
        Shown(
            name,
            line.quantity,
            Money(result.claimed, currency),
            None if line.tariff is None else Money(line.tariff, currency),
            Money(result.paid, currency),
            _status(result, told.outcome),
            _words(result, facts, currency),
            rules.steps(line, result, facts, currency),
        )
        for line, result, name in zip(facts.lines, told.lines, names, strict=True)
    )


def _status(result: LineDecision, outcome: Outcome) -> Status:
    if not result.quantity or result.refused is not None:
        return Status.STOPPED
    if outcome in {Outcome.PENDING, Outcome.VALUED}:
        return Status.LATE
    return Status.WAITING if result.cuts else Status.UP_TO_DATE


def _words(result: LineDecision, facts: ClaimFacts, currency: Currency) -> Text:
    told = rules.in_short(result, currency)
    if facts.pending and result.quantity:
        missing = Text(N_("Put aside: {reason}"), {"reason": rules.reason(facts.pending[0])})
        return rules.joined([missing, told])
    return told


@dataclass(frozen=True, slots=True)
class Preview:
    """What a certificate would come to as it is typed, and what to look at again."""

    lines: tuple[Shown, ...]
    doubts: tuple[Text, ...]


def previewed(desk: Desk, batch: Batch, certificate: NewClaim, names: Sequence[str]) -> Preview:
    """Decide a certificate without writing anything."""
    facts, told, _ = _assessed(desk, batch, certificate)
    return Preview(
        shown_lines(facts, told, names, desk.currency),
        rules.doubts(facts, names, desk.currency),
    )


def _assessed(
    desk: Desk, batch: Batch, certificate: NewClaim
) -> tuple[ClaimFacts, Assessment, tuple[Verdict, ...]]:
    return service.preview(
        desk,
        provider_id=batch.provider_id,
        received_on=batch.received_on,
        certificate=certificate,
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """A certificate that is recorded, and what it would come to."""

    claim: Claim
    expected: Assessment


def entered(
    desk: Desk,
    request_id: RequestId,
    batch: Batch,
    certificate: NewClaim,
    names: Sequence[str],
    *,
    taken: frozenset[str],
    accepting: frozenset[str],
    pictures: tuple[KeptPicture, ...] = (),
) -> Entered:
    """Record a certificate, unless something in it is to be looked at again first.

    Args:
        desk: The open book.
        request_id: Made by the form.
        batch: What it belongs to.
        certificate: As typed.
        names: What each of its lines is called.
        taken: Numbers of certificates that were typed already and are paid nothing.
        accepting: The doubts that were looked at.
        pictures: Of the certificate, kept while it was typed.

    Raises:
        Caution: what was not looked at yet.
        Refusal: what `enter_claim` and `attach_kept` refuse.
    """
    doubts, expected = _doubts(desk, batch, certificate, names, taken)
    if any(one.name not in accepting for one in doubts):
        raise Caution(tuple(doubts))
    # What was typed is forgotten by the commit that records it: the disk is waited for once.
    with desk.work(service.enter_claim.__name__) as work:
        claim_id = service.enter_claim(
            work, request_id=request_id, batch_id=batch.id, certificate=certificate
        )
        for one in pictures:
            service.attach_kept(work, claim_id=claim_id, kept=one)
        drop_draft(work, form=draft_name(batch.id))
    told = desk.ask(queries.claim_of, claim_id, desk.currency)
    if expected is None:
        _facts, expected = service.expected_steps(desk, claim_id)
    return Entered(told, expected)


def _doubts(
    desk: Desk,
    batch: Batch,
    certificate: NewClaim,
    names: Sequence[str],
    taken: frozenset[str],
) -> tuple[list[Doubt], Assessment | None]:
    """Return what to look at again, and what the certificate would come to where it can be told."""
    found: list[Text] = []
    expected: Assessment | None = None
    if certificate.certificate and certificate.certificate in taken:
        told = N_("Certificate {number} is typed already in this batch. Check the number.")
        found.append(Text(told, {"number": certificate.certificate}))
    first, last = certificate.first_day, certificate.last_day
    late = rules.later_than_invoice(first, last, batch.month, batch.received_on)
    # What cannot be is refused beside its field, never asked about.
    if late is None and Month.of(last) != batch.month:
        found.append(
            Text(
                N_("{day} is not in {month}, the month of this invoice. Check the day, or go on."),
                {"day": certificate.last_day, "month": batch.month},
            )
        )
    if certificate.lines and all(line.quantity > 0 for line in certificate.lines):
        with suppress(Refusal):  # enter_claim says it beside the field
            facts, expected, _ = _assessed(desk, batch, certificate)
            found += rules.doubts(facts, names, desk.currency)
    return [Doubt(text.message, text) for text in found], expected


# A certificate that is recorded


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded certificate with its lines; `refused` says why nothing can be reckoned.

    `case` is what can be done with it, and what was.
    """

    case: Case
    lines: tuple[Shown, ...]
    refused: Text | None = None

    @property
    def claim(self) -> Claim:
        return self.case.claim


def looked_at(desk: Desk, claim_id: ClaimId) -> Recorded:
    """Read a certificate: as decided with its steps, or as it would be decided now."""
    with desk.read() as connection:
        claim = queries.claim_of(connection, claim_id, desk.currency)
        steps = queries.why(connection, claim_id, desk.currency)
    case = case_of(desk, claim)
    if claim.history or claim.state not in UNDECIDED:
        lines = tuple(_decided_line(claim, line, why) for line, why in steps)
        return Recorded(case, lines)
    names = [line.name for line in claim.lines]
    try:
        facts, told = service.expected_steps(desk, claim_id)
    except Refusal as refusal:
        bare = tuple(_decided_line(claim, line, ()) for line in claim.lines)
        return Recorded(case, bare, refusal.text)
    return Recorded(case, shown_lines(facts, told, names, desk.currency))


def _decided_line(claim: Claim, line: object, why: tuple[Text, ...]) -> Shown:
    from stepdesk.claims.terms import ClaimLine

    if not isinstance(line, ClaimLine):
        raise TypeError("a line of a claim")
    told = list(line.reasons) or [Text(N_("Paid in full"))]
    status = Status.WAITING if line.codes else Status.UP_TO_DATE
    if line.paid is not None and not line.quantity_counted:
        status = Status.STOPPED
    if line.paid is None:
        status, told = Status.DRAFT, [Text(N_("Not decided"))]
    if claim.state is State.WITHDRAWN:
        told = [Text(N_("Withdrawn: it counts nothing."))]
    return Shown(
        line.name,
        line.quantity,
        line.claimed,
        line.approved,
        line.paid,
        status,
        rules.joined(told),
        why,
    )


# Money and papers


def paid(
    desk: Desk,
    request_id: RequestId,
    provider_id: ProviderId,
    box: str,
    most: int | None,
    signer: tuple[StaffId, str] | None,
) -> service.PaidProvider:
    """Pay a provider."""
    with desk.work("pay_provider") as work:
        if signer is not None:
            work.second(*signer)
        return service.pay_provider(
            work,
            request_id=request_id,
            provider_id=provider_id,
            box=box,
            most=None if most is None else Money(most, desk.currency),
        )


def slip_paper(desk: Desk, batch_id: BatchId) -> bytes:
    """Draw the slip of a batch."""
    from stepdesk.claims.papers import batch_slip_pdf

    with desk.read() as connection:
        batch = queries.batches(connection, desk.currency, batch_id=batch_id)[0]
        claims = queries.claims_of(connection, desk.currency, batch_id=batch_id)
        scheme = scheme_on(connection, desk.today)
    return batch_slip_pdf(
        batch,
        claims,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def voucher_paper(desk: Desk, payment_id: ProviderPaymentId) -> bytes:
    """Draw the voucher of a payment."""
    from stepdesk.claims.papers import voucher_pdf

    with desk.read() as connection:
        voucher: Voucher = queries.voucher_of(connection, payment_id, desk.currency)
        scheme = scheme_on(connection, desk.today)
    return voucher_pdf(
        voucher,
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )


def with_claim(known: Opened, one: Entered) -> Opened:
    """Return a batch with one more certificate."""
    return replace(
        known,
        claims=(*known.claims, one.claim),
        expected={**known.expected, one.claim.id: one.expected},
    )
