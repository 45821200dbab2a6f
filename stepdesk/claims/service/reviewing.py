"""Papers in order, questions and answers, and the medical adviser's review."""

from collections.abc import Mapping
from datetime import timedelta

from stepdesk.benefits.terms import PriceOrigin
from stepdesk.claims import queries, rules
from stepdesk.claims.model import claim_review, line_review
from stepdesk.claims.service.deciding import facts_now, write_decision
from stepdesk.claims.service.moving import Noted, note_move, stand_for
from stepdesk.claims.terms import (
    AskedOf,
    Assessment,
    ClaimFacts,
    LineFacts,
    LineReview,
    Move,
    Outcome,
    Stand,
    State,
)
from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.terms import Role
from stepdesk.store.desk import Desk
from stepdesk.store.keys import unseal
from stepdesk.store.work import Work, medical_place
from stepdesk.values.ids import ClaimId, ClaimLineId
from stepdesk.values.money import Money

MEDICAL = frozenset(
    code for code, rule in rules.CODES.items() if rule.overridden_by is Role.MEDICAL_ADVISER
)
"""Codes by which the medical adviser lowers or refuses a line."""

_AS_LISTED = frozenset({PriceOrigin.FIXED, PriceOrigin.RELATIVE})


def check_claim(work: Work, *, claim_id: ClaimId) -> None:
    """Note that the papers of a certificate are in order.

    Raises:
        Refusal: when it is decided, or looked at already.
    """
    stand = stand_for(work, claim_id, Move.CHECK)
    note_move(work, stand, Move.CHECK, State.ADMIN_OK)


def ask_query(work: Work, *, claim_id: ClaimId, asked_of: AskedOf, question: str) -> None:
    """Put a question to the provider or the member; until it is answered nothing is decided.

    Raises:
        Refusal: no question, or the claim is decided.
    """
    if not question.strip():
        raise Refusal(Text(N_("Write the question.")), field="question")
    stand = stand_for(work, claim_id, Move.QUERY)
    due = work.today + timedelta(days=work.country.number("answer_days", work.today))
    noted = Noted(question, stand.state.value, asked_of, due)
    note_move(work, stand, Move.QUERY, State.QUERIED, noted)


def answer_query(work: Work, *, claim_id: ClaimId, answer: str) -> State:
    """Record the answer to a question, and return where the claim stands again.

    Raises:
        Refusal: no answer, or nothing was asked.
    """
    if not answer.strip():
        raise Refusal(Text(N_("Write what was answered.")), field="answer")
    stand = queries.stand_of(work.connection, claim_id)
    if stand is not None and stand.state is not State.QUERIED:
        raise Refusal(
            Text(
                N_("No question about this claim waits for an answer. Check the claim's number.")
            ),
            field="claim",
        )
    stand = stand_for(work, claim_id, Move.ANSWER)
    row = work.row(
        "SELECT codes FROM claim_event WHERE claim_id = :id AND place = :place",
        id=claim_id,
        place=stand.place,
    )
    back = State(row.codes)
    note_move(work, stand, Move.ANSWER, back, Noted(answer))
    return back


# The medical adviser


def review_claim(
    work: Work,
    *,
    claim_id: ClaimId,
    lines: Mapping[ClaimLineId, LineReview],
    accepting: frozenset[str] = frozenset(),
) -> Assessment | None:
    """Record what the medical adviser says of each line; lines not named are as they were asked.

    A claim all of whose lines are refused is refused at once, and its assessment returned; any
    other is then decided by the claims officer, None is returned.

    Raises:
        Refusal: without the medical key, the claim is not with the adviser, a line of another
            claim, a quantity or price beyond what was asked, less without a medical reason.
        Caution: `same_person` when the adviser also opened the batch.
    """
    if not work.may_seal:
        raise Refusal(
            Text(
                N_(
                    "Only the medical adviser makes the medical review. Let the adviser sign in and do it."
                )
            ),
            field="person",
        )
    stand = stand_for(work, claim_id, Move.REVIEW)
    _check_other(work, claim_id, accepting)
    asked = _asked(work, claim_id)
    if set(lines) - set(asked):
        raise Refusal(
            Text(N_("This line is of another claim. Choose a line of this one.")), field="lines"
        )
    said = {line: _checked(lines.get(line, LineReview()), *asked[line], work) for line in asked}
    _write_review(work, stand, said)
    refused = None if any(one.quantity != 0 for one in said.values()) else _refused(work, claim_id)
    if refused is None:
        note_move(work, stand, Move.REVIEW, State.MEDICAL_OK)
        return None
    facts, assessed = refused
    note_move(work, stand, Move.REVIEW, State.REJECTED)
    write_decision(work, claim_id, stand.version + 1, assessed, facts)
    return assessed


def _refused(work: Work, claim_id: ClaimId) -> tuple[ClaimFacts, Assessment] | None:
    """Return the refusal of a claim of which nothing was approved.

    None where all its lines pass with a quantity of 0: it is then decided, and pays nothing.
    """
    facts, _ = facts_now(work, claim_id)
    # Read again: the review just written is among what decides.
    stand = queries.stand_of(work.connection, claim_id)
    facts = queries.facts_decided(work.connection, stand, facts)
    assessed = rules.assess(facts)
    return (facts, assessed) if assessed.outcome is Outcome.REJECTED else None


def _check_other(work: Work, claim_id: ClaimId, accepting: frozenset[str]) -> None:
    row = work.row(
        "SELECT b.entered_by FROM claim c JOIN claim_batch b ON b.id = c.batch_id WHERE c.id = :id",
        id=claim_id,
    )
    if row.entered_by == work.person.staff_id and "same_person" not in accepting:
        told = N_(
            "You opened the batch of this claim yourself. Let somebody else make the medical review, or"
            " go on where nobody else is there."
        )
        raise Caution((Doubt("same_person", Text(told), "claim"),))


def _asked(work: Work, claim_id: ClaimId) -> dict[ClaimLineId, tuple[int, int]]:
    """Return the quantity and price of each line; the agreed one where that counts and is more."""
    rows = work.rows(
        "SELECT id, quantity, unit_price FROM claim_line WHERE claim_id = :id ORDER BY id",
        id=claim_id,
    )
    facts, _ = facts_now(work, claim_id)
    return {
        ClaimLineId(row.id): (row.quantity, max(row.unit_price, _agreed(line)))
        for row, line in zip(rows, facts.lines, strict=True)
    }


def _agreed(line: LineFacts) -> int:
    listed = line.rule is not None and line.rule.price_origin in _AS_LISTED
    return (line.tariff or 0) if listed else 0


def _checked(told: LineReview, quantity: int, price: int, work: Work) -> LineReview:
    """Return a review of a line with nothing said where nothing is lowered."""
    if told.quantity is not None and not 0 <= told.quantity <= quantity:
        raise Refusal(
            Text(N_("Approve a quantity from 0 to {most}."), {"most": quantity}),
            field="quantity",
        )
    if told.price is not None and not 0 <= told.price <= price:
        raise Refusal(
            Text(N_("Approve a price up to {most}."), {"most": Money(price, work.currency)}),
            field="price",
        )
    lower = (told.quantity or quantity) < quantity or told.quantity == 0
    cheaper = told.price is not None and told.price < price
    if not lower and not cheaper:
        return LineReview(justification=told.justification)
    if told.code not in MEDICAL:
        raise Refusal(
            Text(N_("Say why with a medical reason: RM01 to RM05, RC07, RB06 or RB08 to RB10.")),
            field="code",
        )
    return LineReview(
        told.quantity if lower else None,
        told.price if cheaper else None,
        told.code,
        told.justification,
    )


def _write_review(work: Work, stand: Stand, said: Mapping[ClaimLineId, LineReview]) -> None:
    review_id = work.new_id()
    work.insert(
        claim_review,
        id=review_id,
        claim_id=stand.claim_id,
        place=stand.place + 1,
        day=work.today,
        staff_id=work.person.staff_id,
    )
    for line_id, one in said.items():
        row_id, words = work.new_id(), one.justification.strip()
        work.insert(
            line_review,
            id=row_id,
            review_id=review_id,
            line_id=line_id,
            quantity=one.quantity,
            price=one.price,
            code=one.code,
            justification=(
                work.sealed(words, line_review, "justification", row_id) if words else None
            ),
        )


def justifications_of(desk: Desk, claim_id: ClaimId) -> Mapping[ClaimLineId, str]:
    """Return what the medical adviser wrote to each line; who asked is logged.

    Raises:
        Refusal: when this person's slot does not hold the medical key.
    """
    key = desk.medical_key()
    with desk.read() as connection:
        rows = connection.execute(
            line_review.select()
            .join(claim_review, claim_review.c.id == line_review.c.review_id)
            .where(claim_review.c.claim_id == claim_id)
            .order_by(claim_review.c.place)
        ).all()
    desk.note_access("medical review", claim_id, None, "shown")
    return {
        ClaimLineId(row.line_id): unseal(
            key, row.justification, medical_place(line_review, "justification", row.id)
        )
        for row in rows
        if row.justification is not None
    }
