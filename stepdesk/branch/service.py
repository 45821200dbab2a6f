"""What the branch does: it is made, it takes in bundles, it accepts a scheme.

One bundle is one transaction: stored with its receipt, or nothing. Rows are inserted and what
stands in the way is left alone, never looked for first; so two readers at once, or the same file
twice, end in one row and the same receipt. Source: safety handbook 3.10.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from stepdesk.branch import model
from stepdesk.branch.engine import (
    Store,
    make_folder,
    open_store,
    stamp,
    transaction,
    unmake_folder,
)
from stepdesk.branch.queries import (
    arrived,
    breaks_chain,
    has_later,
    held_prefixes,
    is_here,
    is_revoked,
    kept_receipt,
    pinned,
)
from stepdesk.branch.terms import Received, SchemeState
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.sync.wire.bundle import SHORT, Bundle, Release, open_bundle
from stepdesk.sync.wire.cells import is_practice_policy
from stepdesk.sync.wire.failures import WireError
from stepdesk.sync.wire.keys import BranchKeys, fingerprint
from stepdesk.sync.wire.outcome import Code, Result, Status
from stepdesk.sync.wire.receipt import Receipt, receipt_name, seal_receipt


class _Rejected(Exception):
    """The bundle is not taken; undoes whatever its transaction began."""

    def __init__(self, code: Code, state: SchemeState) -> None:
        super().__init__(code.value)
        self.code = code
        self.state = state


def new_branch(folder: Path, *, name: str, practice: bool) -> Store:
    """Make a branch in a new folder and open it.

    Args:
        folder: New or empty.
        name: What stands on its card; 1 to 80 signs.
        practice: For ever: a practice branch takes practice books and nothing real.

    Raises:
        Refusal: when the folder holds something or the name cannot be.
        Trouble: when the disk refuses.
    """
    keys = BranchKeys.new()
    try:
        card = keys.card(name=name.strip(), practice=practice)
    except WireError as error:
        raise Refusal(
            Text(N_("Give the branch a name of 1 to 80 signs.")), field="name"
        ) from error
    engine = make_folder(folder, keys, card)
    try:
        with transaction(Store(folder, keys, card, engine)) as connection:
            model.metadata.create_all(connection)
            stamp(connection)
    except BaseException:
        engine.dispose()
        unmake_folder(folder)
        raise
    engine.dispose()
    return open_store(folder)


def receive(store: Store, data: bytes, *, now: datetime) -> Received:
    """Take in one bundle and return what was done, with the receipt to give back.

    The same file again changes nothing and gives the same receipt. A bundle that is rejected as
    a whole changes nothing either, and its receipt says why.

    Raises:
        WireError: when the file cannot be read; there is nobody to give a receipt to.
        Trouble: when the branch cannot be written; nothing was changed.
    """
    bundle = open_bundle(data, store.keys)
    moment = int(now.timestamp())
    try:
        _check_practice(store, bundle)
        with transaction(store) as connection:
            return _take_in(connection, store, bundle, moment)
    except _Rejected as rejected:
        results = tuple(Result(one.id, Status.REJECTED, rejected.code) for one in bundle.releases)
        receipt = _receipt(store, bundle, results, moment)
        return _received(bundle, results, receipt, state=rejected.state)


def accept_scheme(store: Store, *, scheme: bytes) -> None:
    """Note that an officer compared the scheme's fingerprint."""
    with transaction(store) as connection:
        connection.execute(
            update(model.scheme)
            .where(model.scheme.c.scheme == scheme)
            .values(state=SchemeState.ACCEPTED.value)
        )


def _check_practice(store: Store, bundle: Bundle) -> None:
    manifest = bundle.manifest
    practice = manifest.practice or is_practice_policy(manifest.policy)
    if practice and not store.card.practice:
        raise _Rejected(Code.PRACTICE, SchemeState.PENDING)
    if store.card.practice and not practice:
        raise _Rejected(Code.REAL, SchemeState.PENDING)


def _take_in(connection: Connection, store: Store, bundle: Bundle, moment: int) -> Received:
    scheme = bundle.manifest.certificate.scheme
    new_scheme = _pin(connection, bundle, moment)
    state = pinned(connection, scheme)[1]
    if not _insert(connection, model.bundle, _bundle_row(bundle, moment)):
        receipt = kept_receipt(connection, scheme, bundle.sha256)
        results = tuple(_as_kept(connection, scheme, one) for one in bundle.releases)
        return _received(bundle, results, receipt, state=state, again=True)
    _check_sender(connection, bundle, moment, state)
    results = tuple(_store_release(connection, bundle, one, moment) for one in bundle.releases)
    receipt = _receipt(store, bundle, results, moment, connection=connection)
    connection.execute(
        update(model.bundle)
        .where(model.bundle.c.scheme == scheme, model.bundle.c.bundle_sha == bundle.sha256)
        .values(receipt=receipt)
    )
    return _received(bundle, results, receipt, state=state, new_scheme=new_scheme)


def _as_kept(connection: Connection, scheme: bytes, one: Release) -> Result:
    if is_here(connection, scheme, one.id):
        return Result(one.id, Status.DUPLICATE)
    return Result(one.id, Status.REJECTED, Code.FORK)


def _pin(connection: Connection, bundle: Bundle, moment: int) -> bool:
    """Keep the key a scheme is first seen with; return whether this was the first time."""
    told = bundle.manifest.certificate
    row = {
        "scheme": told.scheme,
        "scheme_key": told.scheme_key,
        "state": SchemeState.PENDING.value,
        "first_seen": moment,
    }
    if _insert(connection, model.scheme, row):
        return True
    key, state = pinned(connection, told.scheme)
    if key != told.scheme_key:
        raise _Rejected(Code.SCHEME_KEY, state)
    return False


def _check_sender(connection: Connection, bundle: Bundle, moment: int, state: SchemeState) -> None:
    """Reject a sender known as revoked, whatever the certificate says; learn who else is."""
    told = bundle.manifest.certificate
    if is_revoked(connection, told.scheme, told.sender_key):
        raise _Rejected(Code.REVOKED, state)
    for sender_key in told.revoked:
        row = {
            "scheme": told.scheme,
            "sender_key": sender_key,
            "bundle_sha": bundle.sha256,
            "received": moment,
        }
        _insert(connection, model.revoked, row)


def _bundle_row(bundle: Bundle, moment: int) -> dict[str, Any]:
    manifest = bundle.manifest
    return {
        "scheme": manifest.certificate.scheme,
        "bundle_sha": bundle.sha256,
        "bundle_id": manifest.bundle_id,
        "sender_key": manifest.certificate.sender_key,
        "bundle_seq": manifest.bundle_seq,
        "signed": bundle.signed,
        "signature": bundle.signature,
        "receipt": b"",
        "received": moment,
    }


def _store_release(connection: Connection, bundle: Bundle, one: Release, moment: int) -> Result:
    scheme, told = bundle.manifest.certificate.scheme, one.told
    if not is_here(connection, scheme, one.id) and breaks_chain(connection, scheme, one):
        return _put_apart(connection, bundle, one, moment)
    if not _insert(connection, model.release, _release_row(bundle, one, moment)):
        if is_here(connection, scheme, one.id):
            return Result(one.id, Status.DUPLICATE)
        return _put_apart(connection, bundle, one, moment)
    cells = [
        {
            "scheme": scheme,
            "release_id": one.id,
            "name": name,
            "place": place,
            "value": value,
        }
        for name, row in told.cells.items()
        for place, value in enumerate(row)
    ]
    if cells:
        connection.execute(model.cell.insert(), cells)
    later = has_later(connection, scheme, str(told.period), told.rev)
    return Result(one.id, Status.SUPERSEDED if later else Status.STORED)


def _release_row(bundle: Bundle, one: Release, moment: int) -> dict[str, Any]:
    told = one.told
    return {
        "scheme": told.scheme,
        "release_id": one.id,
        "bundle_sha": bundle.sha256,
        "period": str(told.period),
        "rev": told.rev,
        "seq": one.seq,
        "prev": one.prev,
        "country": told.country,
        "currency": told.currency,
        "policy": told.policy,
        "practice": int(told.practice),
        "size_class": told.size_class.value,
        "content": one.content,
        "received": moment,
    }


def _put_apart(connection: Connection, bundle: Bundle, one: Release, moment: int) -> Result:
    """Keep a release that is here with other figures, or of another chain, and count the first."""
    row = {
        "scheme": one.told.scheme,
        "release_id": one.id,
        "bundle_sha": bundle.sha256,
        "code": Code.FORK.value,
        "seq": one.seq,
        "content": one.content,
        "received": moment,
    }
    _insert(connection, model.quarantine, row)
    return Result(one.id, Status.REJECTED, Code.FORK)


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless one stands in its way; return whether it was inserted."""
    if connection.dialect.name == "postgresql":
        done = connection.execute(postgresql.insert(table).values(row).on_conflict_do_nothing())
    else:
        done = connection.execute(sqlite.insert(table).values(row).on_conflict_do_nothing())
    return done.rowcount == 1


def _receipt(
    store: Store,
    bundle: Bundle,
    results: tuple[Result, ...],
    moment: int,
    *,
    connection: Connection | None = None,
) -> bytes:
    """Return the receipt; what else is here is told only when the bundle was taken in."""
    manifest = bundle.manifest
    scheme = manifest.certificate.scheme
    contiguous, gaps = arrived(connection, scheme) if connection else (0, ())
    held = held_prefixes(connection, scheme, SHORT) if connection else None
    told = Receipt(
        scheme=scheme,
        bundle_id=manifest.bundle_id,
        bundle_sha=bundle.sha256,
        bundle_seq=manifest.bundle_seq,
        results=results,
        contiguous_seq=contiguous,
        gaps=gaps,
        missing=tuple(
            one for one in manifest.acknowledged if held is not None and one not in held
        ),
        branch_time=moment,
        branch_key=store.keys.verify_key,
    )
    return seal_receipt(told, keys=store.keys, answer_to=manifest.certificate.answer_to)


def _received(
    bundle: Bundle,
    results: tuple[Result, ...],
    receipt: bytes,
    *,
    state: SchemeState,
    again: bool = False,
    new_scheme: bool = False,
) -> Received:
    certificate = bundle.manifest.certificate
    return Received(
        scheme=certificate.scheme,
        fingerprint=fingerprint(certificate.scheme_key),
        state=state,
        results=results,
        months=tuple((one.told.period, one.told.rev) for one in bundle.releases),
        receipt=receipt,
        receipt_name=receipt_name(bundle.manifest.bundle_id),
        again=again,
        new_scheme=new_scheme,
    )
