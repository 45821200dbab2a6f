"""What a certificate would come to, rights for a service, and what is typed and not recorded."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from stepdesk.benefits.terms import Service
from stepdesk.claims import queries, rules
from stepdesk.claims.model import (
    claim,
)
from stepdesk.claims.terms import (
    Assessment,
    ClaimFacts,
    NewClaim,
)
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import providers
from stepdesk.rights.service import give
from stepdesk.rights.terms import Answer, Papers, Question, Told, Verdict
from stepdesk.store.desk import Desk
from stepdesk.store.keys import unseal
from stepdesk.store.work import medical_place
from stepdesk.values.ids import (
    BatchId,
    ClaimId,
    PersonId,
    ProviderId,
)

# Looking


def preview(
    desk: Desk, *, provider_id: ProviderId, received_on: date, certificate: NewClaim
) -> tuple[ClaimFacts, Assessment, tuple[Verdict, ...]]:
    """Return what a certificate would come to if it were decided now; nothing is written.

    Raises:
        Refusal: nobody known, or no price list holds on the day of care.
    """
    coin = _coin(desk)
    with desk.read() as connection:
        facts, verdicts, _ = queries.facts_of_claim(
            connection,
            certificate,
            provider_id=provider_id,
            received_on=received_on,
            coin=coin,
            today=desk.today,
        )
    return facts, rules.assess(facts), verdicts


def _coin(desk: Desk) -> int:
    from stepdesk.countries import country

    return country(desk.country).number("cash_round", desk.today)


def ask_care_rights(
    desk: Desk,
    *,
    person_id: PersonId,
    day: date,
    service: Service,
    provider_id: ProviderId | None = None,
    papers: Papers | None = None,
) -> Verdict:
    """Answer whether a person is covered for a service on a day, at a provider or any; logged.

    Raises:
        Refusal: when nobody is known by that id.
    """
    return tell_care_rights(
        desk,
        person_id=person_id,
        day=day,
        service=service,
        provider_id=provider_id,
        papers=papers,
    ).verdict


def tell_care_rights(
    desk: Desk,
    *,
    person_id: PersonId,
    day: date,
    service: Service,
    provider_id: ProviderId | None = None,
    papers: Papers | None = None,
) -> Told:
    """Answer as `ask_care_rights` does, with a sentence for the member and one for the provider.

    Raises:
        Refusal: when nobody is known by that id.
    """
    told = papers or Papers()
    with desk.read() as connection:
        letter = queries.open_letter(
            connection,
            person_id=person_id,
            provider_id=provider_id,
            service_id=service.id,
            day=day,
            today=desk.today,
        )
        care = queries.care_of(
            connection,
            person_id=person_id,
            first_day=day,
            last_day=day,
            services=(service.id,),
            provider_id=provider_id,
            today=desk.today,
            but_letter=letter.letter_id if letter else None,
        )
        named = providers(connection).get(provider_id) if provider_id else None
    if care is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    verdict = care.verdict(service.id, told)
    if letter is not None and verdict.answer is not Answer.YES:
        # Who is covered without the letter need not show it.
        verdict = care.verdict(service.id, replace(told, letter=told.letter or letter.promise))
    unpriced = care.unpriced(service.id)
    if unpriced is not None:
        verdict = replace(
            verdict,
            answer=Answer.NO,
            reasons=(*verdict.reasons, unpriced),
            conditions=(),
            opens_on=None,
        )
    question = Question(
        day,
        desk.currency,
        service.name,
        named.name if named else "",
        care.rule(service.id),
        care.standing.account.covered_through,
    )
    return give(desk, person_id, question, verdict)


def diagnosis_of(desk: Desk, claim_id: ClaimId) -> str:
    """Return the diagnosis of a claim; who asked is logged. Empty when there is none.

    Raises:
        Refusal: when this person's slot does not hold the medical key.
    """
    key = desk.medical_key()
    with desk.read() as connection:
        row = connection.execute(
            claim.select().with_only_columns(claim.c.diagnosis).where(claim.c.id == claim_id)
        ).one()
    desk.note_access("diagnosis", claim_id, None, "shown")
    if row.diagnosis is None:
        return ""
    return unseal(key, row.diagnosis, medical_place(claim, "diagnosis", claim_id))


def expected(desk: Desk, batch_id: BatchId) -> Mapping[ClaimId, Assessment]:
    """Return what each certificate of a batch that is not decided would come to now.

    Each is reckoned by itself: ceilings that several of them share are only met by the decision.
    A certificate of a day without a price list is left out.
    """
    coin = _coin(desk)
    found: dict[ClaimId, Assessment] = {}
    with desk.read() as connection:
        for claim_id in queries.undecided_of(connection, batch_id):
            told, provider_id, received_on = queries.typed(connection, claim_id)
            try:
                facts, _, _ = queries.facts_of_claim(
                    connection,
                    told,
                    provider_id=provider_id,
                    received_on=received_on,
                    coin=coin,
                    claim_id=claim_id,
                    today=desk.today,
                )
            except Refusal:
                continue
            stand = queries.stand_of(connection, claim_id)
            facts = queries.facts_decided(connection, stand, facts)
            found[claim_id] = rules.assess(facts)
    return found


def expected_steps(desk: Desk, claim_id: ClaimId) -> tuple[ClaimFacts, Assessment]:
    """Return the facts of a recorded certificate as the book stands, and what it would come to.

    Raises:
        Refusal: no price list holds on the day of care.
    """
    with desk.read() as connection:
        told, provider_id, received_on = queries.typed(connection, claim_id)
        facts, _, _ = queries.facts_of_claim(
            connection,
            told,
            provider_id=provider_id,
            received_on=received_on,
            coin=_coin(desk),
            claim_id=claim_id,
            today=desk.today,
        )
        stand = queries.stand_of(connection, claim_id)
        facts = queries.facts_decided(connection, stand, facts)
    return facts, rules.assess(facts)


# What is typed and not recorded


def keep_draft(desk: Desk, form: str, content: str) -> None:
    """Keep what stands in a form on this laptop; it is no act. No diagnosis may be in it."""
    desk.note_locally(
        "INSERT INTO draft (form, staff_id, content) VALUES (?, ?, ?) ON CONFLICT (form)"
        " DO UPDATE SET staff_id = excluded.staff_id, content = excluded.content",
        (form, desk.person.staff_id, content),
    )


def forget_draft(desk: Desk, form: str) -> None:
    """Forget what stood in a form: it is recorded, or was given up."""
    desk.note_locally("DELETE FROM draft WHERE form = ?", (form,))
