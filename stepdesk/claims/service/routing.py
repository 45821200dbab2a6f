"""Which claims of a batch the medical adviser sees, and the sample that chance draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stepdesk.benefits.terms import Category
from stepdesk.claims import queries, rules
from stepdesk.claims.model import review_sample
from stepdesk.claims.queries import OfBatch
from stepdesk.claims.service.moving import Noted, note_move, stand_for
from stepdesk.claims.terms import Move, Route, RoutingFacts, State
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import providers
from stepdesk.providers.terms import ProviderState
from stepdesk.store.work import Work
from stepdesk.values.ids import BatchId, ClaimId, ProviderId


@dataclass(frozen=True, slots=True)
class Routed:
    """Which claims went to the medical adviser, and why."""

    routes: Mapping[ClaimId, tuple[Route, ...]] = field(default_factory=dict)

    @property
    def sent(self) -> tuple[ClaimId, ...]:
        return tuple(self.routes)


def ask_review(
    work: Work, *, claim_id: ClaimId, routes: tuple[Route, ...] = (Route.ASKED,), note: str = ""
) -> None:
    """Send a claim to the medical adviser.

    Raises:
        Refusal: when it is decided, or is there already.
    """
    stand = stand_for(work, claim_id, Move.ROUTE)
    codes = ",".join(one.value for one in routes)
    note_move(work, stand, Move.ROUTE, State.MEDICAL_PENDING, Noted(note, codes))


def route_batch(
    work: Work,
    *,
    batch_id: BatchId,
    percent: int | None = None,
    seed: int | None = None,
    flagged: frozenset[ClaimId] = frozenset(),
) -> Routed:
    """Send to the medical adviser the claims of a batch that the rules or chance choose.

    Without a medical adviser only services the package has reviewed are sent: they are not paid
    without. The seed of the sample is kept: it draws the same claims again.

    Args:
        work: The work.
        batch_id: The batch.
        percent: The share of claims chance draws; the country's `sample_rate` when None.
        seed: What chance begins with, from 0 to 2**63 - 1; made by the work when None.
        flagged: Claims in which a check of level 2 or more found something.

    Raises:
        Refusal: a share below 0 or above 100.
    """
    share = work.country.number("sample_rate", work.today) if percent is None else percent
    if not 0 <= share <= 100:
        raise Refusal(Text(N_("Type the share as a whole number from 0 to 100.")), field="percent")
    open_ones = [
        one
        for one in queries.states_of(work.connection, batch_id)
        if rules.allowed(one.state, Move.ROUTE)
    ]
    adviser = queries.has_adviser(work.connection)
    maybe = queries.maybe_flagged(work.connection, batch_id)
    if not open_ones or not (adviser or maybe):
        return Routed()
    begin = _seed(work) if seed is None else seed
    sampled = _sample(work, batch_id, open_ones, share, begin) if adviser else frozenset()
    asks = _Asks(work, batch_id, flagged, sampled, maybe)
    found: dict[ClaimId, tuple[Route, ...]] = {}
    for one in open_ones:
        routes = asks.routes(one)
        told = routes if adviser else tuple(r for r in routes if r is Route.SERVICE)
        if told:
            ask_review(work, claim_id=one.claim_id, routes=told)
            found[one.claim_id] = told
    return Routed(found)


def _seed(work: Work) -> int:
    return int.from_bytes(work.new_id()[8:], "big") >> 1


def _sample(
    work: Work, batch_id: BatchId, open_ones: Sequence[OfBatch], percent: int, seed: int
) -> frozenset[bytes]:
    """Draw among the claims that were not there when a sample of the batch was drawn before."""
    fresh = [one.claim_id for one in open_ones if one.fresh and one.state is not State.PENDING]
    if not fresh or not percent:
        return frozenset()
    chosen = rules.drawn(fresh, percent=percent, seed=seed)
    work.insert(
        review_sample,
        id=work.new_id(),
        batch_id=batch_id,
        day=work.today,
        staff_id=work.person.staff_id,
        seed=seed,
        percent=percent,
        drawn_from=len(fresh),
        chosen=len(chosen),
    )
    return chosen


class _Asks:
    """What decides the way of each claim of a batch, read once."""

    def __init__(
        self,
        work: Work,
        batch_id: BatchId,
        flagged: frozenset[ClaimId],
        sampled: frozenset[bytes],
        maybe: frozenset[ClaimId],
    ) -> None:
        self.work, self.flagged, self.sampled, self.maybe = work, flagged, sampled, maybe
        today: date = work.today
        self.means: Mapping[Category, int] = queries.means_of(work.connection, today)
        self.amount_factor = work.country.number("medical_review_factor", today)
        self.drug_factor = work.country.number("drug_review_factor", today)
        self.most_nights = work.country.number("max_normal_days", today)
        provider = ProviderId(queries.provider_of(work.connection, batch_id))
        known = providers(work.connection).get(provider)
        self.on_watch = known is not None and known.state is ProviderState.SUSPENDED

    def routes(self, one: OfBatch) -> tuple[Route, ...]:
        return rules.route(
            RoutingFacts(
                by_category=queries.asked_by_category(self.work.connection, one.claim_id),
                means=self.means,
                stay=(one.last_day - one.first_day).days,
                amount_factor=self.amount_factor,
                drug_factor=self.drug_factor,
                most_nights=self.most_nights,
                flagged=one.claim_id in self.maybe and self._reviewed(one.claim_id),
                on_watch=self.on_watch,
                alarm=one.claim_id in self.flagged,
                sampled=one.claim_id in self.sampled,
            )
        )

    def _reviewed(self, claim_id: ClaimId) -> bool:
        told, provider_id, received_on = queries.typed(self.work.connection, claim_id)
        facts, _, _ = queries.facts_of_claim(
            self.work.connection,
            told,
            provider_id=provider_id,
            received_on=received_on,
            coin=self.work.country.number("cash_round", self.work.today),
            claim_id=claim_id,
        )
        return any(line.rule and line.rule.requires_medical_review for line in facts.lines)
