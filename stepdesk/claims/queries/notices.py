"""What a notice of rejection or adjustment (D15) tells about claims."""

from itertools import groupby

from sqlalchemy.engine import Connection

from stepdesk.claims import rules
from stepdesk.claims.queries.certificates import batches, claims_of
from stepdesk.claims.terms import UNDECIDED, Claim, ClaimLine, Notice, NoticeLine, State
from stepdesk.i18n import Text
from stepdesk.rights.terms import ReasonCode
from stepdesk.store.reading import fetch
from stepdesk.values.ids import BatchId, ClaimId, ClaimLineId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_LESS = (
    "SELECT d.line_id, l.quantity * l.unit_price - d.paid - (d.approved - d.deducted - d.adjusted)"
    " AS less FROM line_decision d JOIN claim_decision e ON e.id = d.decision_id"
    " JOIN claim_line l ON l.id = d.line_id JOIN claim c ON c.id = e.claim_id"
    " WHERE c.batch_id = :batch AND e.version ="
    " (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
)
# Only what was not covered to its end keeps this word.
_STOPPED = (
    "SELECT e.id, d.line_id, e.facts FROM claim_decision e JOIN claim c ON c.id = e.claim_id"
    " JOIN line_decision d ON d.decision_id = e.id"
    " WHERE c.batch_id = :batch AND c.first_day < c.last_day AND e.facts LIKE '%\"stopped\":%'"
    " AND e.version = (SELECT max(version) FROM claim_decision WHERE claim_id = c.id)"
    " ORDER BY e.id, d.line_id"
)
_TELLS_NOTHING = UNDECIDED | {State.WITHDRAWN}


def notices_of(
    connection: Connection,
    currency: Currency,
    *,
    batch_id: BatchId,
    claim_id: ClaimId | None = None,
    appeal_days: int,
) -> tuple[Notice, ...]:
    """Return what is to be told of each refused or lowered claim of a batch, or of one of them.

    A claim that is paid as invoiced, or not decided, is left out. The member's own share is no
    reduction: what a line is lowered by is what the reasons took.
    """
    listed = batches(connection, currency, batch_id=batch_id)
    if not listed:
        return ()
    less = {row.line_id: row.less for row in fetch(connection, _LESS, batch=batch_id)}
    stays = _stays_of(connection, batch_id)
    found = []
    for claim in claims_of(connection, currency, batch_id=batch_id):
        asked = claim_id is None or claim.id == claim_id
        if not asked or claim.state in _TELLS_NOTHING or not claim.codes or claim.history:
            continue
        lines = tuple(
            _line(line, less.get(line.id), claim, stays.get(line.id))
            for line in claim.lines
            if line.codes or claim.state is State.REVERSED
        )
        found.append(_notice(claim, lines, listed[0].provider, listed[0].month, appeal_days))
    return tuple(found)


def _stays_of(connection: Connection, batch_id: BatchId) -> dict[ClaimLineId, Text]:
    """Return of each line whose cover ended within a stay when it ended."""
    found: dict[ClaimLineId, Text] = {}
    rows = fetch(connection, _STOPPED, batch=batch_id)
    for _, told_of in groupby(rows, key=lambda row: row.id):
        lines = list(told_of)
        whole = rules.unpacked(lines[0].facts)
        for row, told in zip(lines, whole.lines, strict=True):
            if told.stopped is not None and told.stopped.code in told.refused[:1]:
                found[row.line_id] = rules.stay_sentence(told.stopped, whole.days)
    return found


def _line(line: ClaimLine, less: int | None, claim: Claim, stay: Text | None) -> NoticeLine:
    codes = line.codes or claim.codes
    amount = line.claimed if less is None else Money(less, line.claimed.currency)
    return NoticeLine(line, amount, tuple(ReasonCode(code) for code in codes), stay)


def _notice(
    claim: Claim, lines: tuple[NoticeLine, ...], provider: str, month: Month, appeal_days: int
) -> Notice:
    zero = Money(0, claim.claimed.currency)
    decided_on = claim.decided_on or claim.last_day
    return Notice(
        number=claim.number,
        certificate=claim.certificate,
        patient=claim.patient,
        card=claim.card,
        provider=provider,
        month=month,
        first_day=claim.first_day,
        last_day=claim.last_day,
        decided_on=decided_on,
        refused=not claim.paid,
        claimed=claim.claimed,
        paid=claim.paid or zero,
        patient_due=claim.patient_due or zero,
        disallowed=claim.disallowed or zero,
        lines=lines,
        appeal_by=rules.last_day_to_appeal(decided_on, appeal_days),
    )
