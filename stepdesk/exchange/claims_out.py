"""Certificates of the book as claims of openIMIS, to be handed to a scheme that keeps its claims there."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.engine import Connection

from stepdesk.benefits.queries import services
from stepdesk.benefits.terms import Category, Service, ServiceKind
from stepdesk.claims.queries import claim_of, typed
from stepdesk.claims.service import diagnosis_of
from stepdesk.claims.terms import Claim, ClaimLine
from stepdesk.errors import Refusal
from stepdesk.exchange.claims_xml import LONGEST_CODE, XmlClaim, XmlLine
from stepdesk.i18n import N_, Text
from stepdesk.providers.queries import providers
from stepdesk.store.desk import Desk
from stepdesk.store.reading import fetch_one
from stepdesk.values.care import Visit
from stepdesk.values.ids import ClaimId, ServiceId
from stepdesk.values.money import Money

_MOST_DIAGNOSES = 5


def xml_claims(
    desk: Desk, claim_ids: Sequence[ClaimId], *, administrator: str
) -> tuple[XmlClaim, ...]:
    """Return certificates as files of openIMIS say them; who asked is logged.

    Each is filed under its certificate's number, or under the number it has here where it has none
    or a long one; the patient under the number of the former system, or the card's. Diagnoses are
    in it only for who may see them.

    Args:
        desk: The desk.
        claim_ids: Which certificates.
        administrator: The code of the person who files claims for the facility.

    Raises:
        Refusal: without a code, or for a claim that has a diagnosis and a person who may not see it.
    """
    if not administrator.strip():
        raise Refusal(
            Text(N_("Type the code of who files claims for the facility.")), field="admin"
        )
    with desk.read() as connection:
        known = services(connection)
        found = tuple(
            _claim(desk, connection, one, known, administrator.strip()) for one in claim_ids
        )
    desk.note_access("claims xml", None, desk.today, f"{len(found)} claims")
    return found


def _claim(
    desk: Desk,
    connection: Connection,
    claim_id: ClaimId,
    known: "dict[ServiceId, Service]",
    administrator: str,
) -> XmlClaim:
    claim = claim_of(connection, claim_id, desk.currency)
    certificate, provider_id, received_on = typed(connection, claim_id)
    provider = providers(connection)[provider_id]
    row = fetch_one(
        connection,
        "SELECT n.legacy_number, c.diagnosis IS NOT NULL AS sealed FROM claim c"
        " JOIN person n ON n.id = c.person_id WHERE c.id = :claim",
        claim=claim_id,
    )
    told = diagnosis_of(desk, claim_id) if row.sealed else ""
    diagnoses = [one for one in (part.strip() for part in told.split(",")) if one]
    return XmlClaim(
        claimed_on=received_on,
        facility=provider.legacy_code or provider.code,
        administrator=administrator,
        code=_code(claim),
        person=row.legacy_number or claim.card,
        first_day=claim.first_day,
        last_day=claim.last_day,
        total=_amount(claim.claimed),
        lines=tuple(_line(one, known) for one in claim.lines),
        diagnoses=tuple(diagnoses[:_MOST_DIAGNOSES]),
        visit=None if certificate.visit is Visit.OTHER else certificate.visit,
        guarantee=certificate.guarantee,
    )


def _code(claim: Claim) -> str:
    told = claim.legacy_number or claim.certificate
    return told if 0 < len(told) <= LONGEST_CODE else claim.number


def _line(line: ClaimLine, known: "dict[ServiceId, Service]") -> XmlLine:
    service = known[line.service_id]
    item = service.kind is ServiceKind.ITEM or service.category is Category.DRUG
    # An item that came over with -I behind a service's code has its own code there.
    own = service.code.removesuffix("-I")
    doubled = item and own != service.code and own in {one.code for one in known.values()}
    return XmlLine(
        own if doubled else service.code, line.quantity, _amount(line.unit_price), item=item
    )


def _amount(amount: Money) -> Decimal:
    told = Decimal(amount.minor) / amount.currency.scale
    return told.quantize(Decimal(1).scaleb(-amount.currency.exponent))
