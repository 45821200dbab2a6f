"""Whether a certificate of care is a leaf of a booklet its provider was given: RA13."""

from sqlalchemy.engine import Connection

from stepdesk.contributions.terms import MarkKind, MoveKind, Stationery
from stepdesk.store.reading import fetch_one
from stepdesk.values.digits import leaf_parts
from stepdesk.values.ids import ProviderId

_GIVEN = (
    "SELECT 1 FROM booklet b JOIN booklet_move m ON m.booklet_id = b.id"
    f" WHERE b.kind = '{Stationery.CERTIFICATE.value}' AND m.kind = '{MoveKind.ISSUED.value}'"
    " AND m.provider_id = :provider"
)
# Of a leaf the last mark counts: one that was missing and is found is good again.
_MARK = (
    "SELECT k.kind FROM leaf_mark k WHERE k.booklet_id = b.id"
    " AND :leaf BETWEEN k.first_leaf AND k.last_leaf ORDER BY k.id DESC LIMIT 1"
)
_KNOWN = (
    f"SELECT EXISTS ({_GIVEN}) AS asked, EXISTS ({_GIVEN} AND b.serial = :serial"
    " AND :leaf BETWEEN b.first_leaf AND b.last_leaf"
    f" AND coalesce(({_MARK}), '{MarkKind.FOUND.value}') = '{MarkKind.FOUND.value}') AS known"
)


def certificate_known(connection: Connection, provider_id: ProviderId, number: str) -> bool:
    """Whether a certificate's number may stand: a leaf of a booklet given to the provider.

    Args:
        connection: The book.
        provider_id: Who wrote the certificate.
        number: As it stands on it: 0147-23.

    Returns:
        True also where nothing is asked: the provider was never given a booklet of certificates,
        or no number was typed (RA08 asks for it). False for a leaf outside its booklets, for one
        that was cancelled or declared missing, and for what is no number of a leaf. A booklet
        that came back still counts: certificates come later than they were written.

    Source: domain handbook 2.13, RA13.
    """
    if not number.strip():
        return True
    serial, leaf = leaf_parts(number) or (0, 0)
    row = fetch_one(connection, _KNOWN, provider=provider_id, serial=serial, leaf=leaf)
    return not row.asked or bool(row.known)
