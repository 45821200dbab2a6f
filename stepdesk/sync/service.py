"""What is done so that a month leaves: keep the address, approve, pack, carry, read the answer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage

from stepdesk import __version__
from stepdesk.errors import Caution, Doubt, Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.ledger.queries import closing_of
from stepdesk.reports.queries import measures
from stepdesk.store.desk import Desk
from stepdesk.store.files import write_whole
from stepdesk.store.work import Work
from stepdesk.sync import queries, rules
from stepdesk.sync.model import acknowledgement, branch_address, carried, exchange_key, release
from stepdesk.sync.terms import (
    POLICY,
    Acknowledged,
    Address,
    Answer,
    Packed,
    Release,
    Said,
    State,
)
from stepdesk.sync.wire import bundle
from stepdesk.sync.wire.cells import is_practice_policy
from stepdesk.sync.wire.failures import WireError, failure
from stepdesk.sync.wire.keys import CARD, MOST_REVOKED, BranchCard, Certificate, SchemeKeys
from stepdesk.sync.wire.outcome import REASONS, Code, Result, Status
from stepdesk.sync.wire.receipt import Receipt, open_receipt
from stepdesk.values.ids import ReleaseId
from stepdesk.values.month import Month

_NOTE_CARRIED = "INSERT INTO carried (n, at, bundle, name, releases) VALUES (?, ?, ?, ?, ?)"
_STAFF = "SELECT id, public_key, ended_on FROM staff ORDER BY ended_on DESC, id"
_BUNDLES = "SELECT coalesce(max(n), 0) + 1 FROM carried"
_LARGEST_CARD = 4096
_CARD_SIGN = CARD.partition("/")[0].encode()
_ENDING = ".sdb"
_ROOM = 1 << 16
"""A file of this size more must fit before it is begun: the folder's own entry, and a margin."""

ACCEPTED = Text(N_("The branch has received this month."))


def keep_address(work: Work, *, card: bytes, accepting: frozenset[str] = frozenset()) -> Address:
    """Pin the branch this scheme writes to; the same card again changes nothing.

    Raises:
        WireError: when the card is none, or its signature does not hold.
        Refusal: when the branch is a real one: these returns have not passed the privacy gate.
        Caution: `other_branch`, when another branch was written to so far.
    """
    told = _read_card(card)
    if not told.practice and is_practice_policy(POLICY):
        raise failure("practice_only")
    known = queries.cards(work.connection)
    if known and known[0][0] == told:
        return Address(told.name, told.fingerprint, told.practice, known[0][1])
    if known and "other_branch" not in accepting:
        raise Caution((_other_branch(known[0][0], told),))
    work.insert(branch_address, id=work.new_id(), card=told.text().encode(), since=work.today)
    return Address(told.name, told.fingerprint, told.practice, work.today)


def _read_card(card: bytes) -> BranchCard:
    # A bundle, an answer or a letter breaks no rule of a card: it is none.
    if len(card) > _LARGEST_CARD or _CARD_SIGN not in card:
        raise failure("not_a_card")
    return BranchCard.read(card.decode("utf-8", "surrogateescape"))


def _other_branch(known: BranchCard, told: BranchCard) -> Doubt:
    text = Text(
        N_(
            "Until now this scheme wrote to {known}; the fingerprint begins with {first}. The new"
            " card names {name}; its fingerprint begins with {second}. Call the branch and"
            " compare before you go on."
        ),
        {
            "known": known.name,
            "first": known.fingerprint[:9],
            "name": told.name,
            "second": told.fingerprint[:9],
        },
    )
    return Doubt("other_branch", text, "card")


def approve_release(work: Work, *, month: Month, seen: bytes | None = None) -> Release:
    """Approve what leaves of a closed month; from then on its bytes never change.

    A month that was approved before is given back as it was.

    Args:
        work: The work; a second person has signed, unless one person alone keeps the desk.
        month: A closed month.
        seen: The hash of the preview the person looked at.

    Raises:
        Refusal: the month is not closed, nobody to sign with, or not what was looked at.
    """
    done = queries.release_of(work.connection, month)
    if done is not None:
        return done
    _check_closed(work, month)
    single = work.two_signatures()
    raw = queries.content_of(
        work.connection, month, rules.cleared(measures(work.connection, month))
    )
    if seen is not None and bundle.Release(raw, 1, None).id != seen:
        raise Refusal(
            Text(N_("The figures changed since you looked. Look at them again, then approve.")),
            field="month",
        )
    work.insert(
        release,
        id=work.new_id(),
        period=month,
        rev=0,
        seq=len(queries.releases(work.connection)) + 1,
        content=raw,
        policy=POLICY,
        approved_on=work.today,
        first_person=work.person.staff_id,
        second_person=work.seconded.staff_id if work.seconded else None,
        single_control=int(single),
    )
    made = queries.release_of(work.connection, month)
    if made is None:
        raise LookupError("the release was not written")
    return made


def _check_closed(work: Work, month: Month) -> None:
    if closing_of(work.connection, work.country, month) is None:
        raise Refusal(
            Text(
                N_("{month} is not closed in this book, so nothing leaves. Close it first."),
                {"month": month},
            ),
            field="month",
        )


def pack(work: Work) -> Packed:
    """Make the bundle of all that has not reached the branch, signed by the person in front.

    Nothing is noted as sent: that is `carry`'s, once the file is on the stick.

    Raises:
        Refusal: no address, nothing to send, or the person may no longer send.
    """
    waiting = queries.unacknowledged(work.connection)
    if not waiting:
        raise Refusal(
            Text(N_("There is nothing to send. Approve a closed month first.")), field="month"
        )
    return _sealed(work, waiting, paper=False)


def pack_paper(work: Work, *, month: Month) -> Packed:
    """Make a bundle of one approved month that is small enough for codes on paper.

    Raises:
        Refusal: no address, the month is not approved, or the person may no longer send.
    """
    found = queries.release_of(work.connection, month)
    if found is None:
        raise Refusal(
            Text(N_("There is nothing to send. Approve a closed month first.")), field="month"
        )
    return _sealed(work, (found,), paper=True)


def _sealed(work: Work, waiting: Sequence[Release], *, paper: bool) -> Packed:
    known = queries.cards(work.connection)
    if not known:
        raise Refusal(
            Text(N_("The branch's card is not kept yet. Ask the branch for it and choose it.")),
            field="card",
        )
    card = known[0][0]
    answered = queries.answers(work.connection)
    everything = queries.releases(work.connection)
    taken = [one for one in everything if _taken(answered, one)]
    seq = work.rows(_BUNDLES)[0][0]
    sealed = bundle.seal_bundle(
        _linked(everything, waiting),
        card=card,
        certificate=_certificate(work, _keys(work)),
        sender=work.person.signer,
        bundle_seq=seq,
        device=work.desk.head.device,
        incarnation=work.desk.head.incarnation,
        wall=work.now,
        business=work.today,
        app=__version__,
        acknowledged=[one.hash for one in taken],
        ack_seen=_unbroken([one.seq for one in taken]),
        paper=paper,
    )
    return Packed(
        sealed.data,
        sealed.name,
        sealed.sha256,
        seq,
        waiting[-1].seq,
        tuple(one.period for one in waiting),
        card.name,
        card.fingerprint,
    )


def _taken(answered: Mapping[bytes, Said], one: Release) -> bool:
    return one.id in answered and answered[one.id].state is State.ACKNOWLEDGED


def _linked(everything: Sequence[Release], which: Sequence[Release]) -> list[bundle.Release]:
    """Return releases as the wire takes them, each linked to the one before it."""
    hashes = {one.seq: one.hash for one in everything}
    return [bundle.Release(one.content, one.seq, hashes.get(one.seq - 1)) for one in which]


def _unbroken(seqs: Sequence[int]) -> int:
    """Return up to which number nothing is missing."""
    held, last = set(seqs), 0
    while last + 1 in held:
        last += 1
    return last


def _keys(work: Work) -> SchemeKeys:
    """Return the scheme's keys; the first bundle makes them."""
    known = queries.scheme_keys(work.connection)
    if known is not None:
        return known
    made = SchemeKeys.new()
    for purpose, secret in ((queries.SIGN, made.seed), (queries.ANSWER, made.identity.encode())):
        work.insert(exchange_key, id=work.new_id(), purpose=purpose, secret=secret)
    return made


def _certificate(work: Work, keys: SchemeKeys) -> Certificate:
    """Return the scheme's word that the person in front may send, and that who left may not."""
    today = work.today.isoformat()
    staff = work.rows(_STAFF)
    gone = {row.id: row.public_key for row in staff if row.ended_on and row.ended_on <= today}
    if work.person.staff_id in gone:
        raise Refusal(
            Text(
                N_("You no longer work at this desk, so you cannot send. Let a colleague send it.")
            ),
            field="person",
        )
    return keys.certify(
        scheme=work.desk.book_id,
        sender_key=work.person.signer.public_key().public_bytes_raw(),
        revoked=list(gone.values())[:MOST_REVOKED],
    )


def carry(desk: Desk, packed: Packed, to: Path) -> Path:
    """Write a bundle to a file or into a folder, and note that it was sent.

    Either the whole file is there and on the medium, or nothing is.

    Raises:
        Refusal: when another file of that name is there.
        Trouble: stick full, removed or read-only.
    """
    path = to / packed.name if to.is_dir() else to
    _check_place(path, len(packed.content))
    write_whole(path, packed.content)
    with desk.work("carry") as work:
        work.write_derived(
            carried,
            _NOTE_CARRIED,
            [
                (
                    max(packed.seq, work.rows(_BUNDLES)[0][0]),
                    int(work.now.timestamp() * 1000),
                    packed.sha256,
                    packed.name,
                    packed.last,
                )
            ],
        )
    return path


def _check_place(path: Path, size: int) -> None:
    if path.exists():
        raise Refusal(
            Text(
                N_("There is a file {name} already. Choose another name or folder."),
                {"name": path.name},
            ),
            field="out",
        )
    # Without its ending, a folder that is gone would be taken for the name of a file.
    if not path.parent.is_dir() or path.suffix.lower() != _ENDING:
        gone = path if path.suffix.lower() != _ENDING else path.parent
        raise Trouble(
            Text(
                N_(
                    "The folder {name} is not there. Nothing was written. "
                    "Put the stick in again, or choose another folder."
                ),
                {"name": gone.name or str(gone)},
            )
        )
    if disk_usage(path.parent).free < size + _ROOM:
        raise Trouble(
            Text(
                N_(
                    "There is no room in {name} for {count} bytes. Nothing was written. "
                    "Free some space, or take another stick."
                ),
                {"name": path.parent.name or str(path.parent), "count": size},
            )
        )


_LOST_AT = (
    "SELECT release_id, max(branch_time) AS at FROM acknowledgement WHERE status = :status"
    " GROUP BY release_id"
)


def acknowledge(work: Work, *, receipt: bytes) -> Acknowledged:
    """Read the branch's answer; the same answer again changes nothing.

    A month that was refused is kept with the reason and does not hold up the others.

    Raises:
        WireError: when it is no receipt for this scheme, or the branch written to did not sign it.
        Refusal: when nothing was ever sent from this book.
    """
    told = _opened(work, receipt)
    if told.scheme != work.desk.book_id:
        raise failure("other_recipient")
    known = {one.hash: one for one in queries.releases(work.connection)}
    before = queries.answers(work.connection)
    # An older answer must not undo what a later one said: that a month was lost there.
    read = bool(work.rows("SELECT 1 FROM acknowledgement WHERE receipt = :told", told=receipt))
    lost_at = {row.release_id: row.at for row in work.rows(_LOST_AT, status=queries.MISSING)}
    new = 0
    for result in told.results:
        found = known.get(result.release_id)
        older = found is not None and told.branch_time <= lost_at.get(found.id, -1)
        if found is not None and not (read or older) and _says_more(before.get(found.id), result):
            _note(work, told, receipt, found.id, result.status.value, result.code)
            new += 1
    lost = [one for one in known.values() if not read and _lost(told, one) and _taken(before, one)]
    for one in lost:
        _note(work, told, receipt, one.id, queries.MISSING, Code.NONE)
    return Acknowledged(
        tuple(
            _answer(known[result.release_id], result)
            for result in told.results
            if result.release_id in known
        ),
        new,
        sum(result.release_id not in known for result in told.results),
        tuple(one.period for one in lost),
        datetime.fromtimestamp(told.branch_time, UTC),
    )


def _opened(work: Work, receipt: bytes) -> Receipt:
    keys = queries.scheme_keys(work.connection)
    known = queries.cards(work.connection)
    if keys is None or not known:
        raise Refusal(
            Text(
                N_(
                    "Nothing was sent from this book yet, so no answer can be for it. Choose another file or book."
                )
            ),
            field="receipt",
        )
    # A branch written to before may still answer for what it got.
    refused: WireError | None = None
    for card, _ in known:
        try:
            return open_receipt(receipt, identity=keys.identity, card=card)
        except WireError as error:
            if error.code != "forged":
                raise
            refused = refused or error
    raise refused or failure("forged")


def _says_more(known: Said | None, result: Result) -> bool:
    """Whether an answer is news: what was taken stays taken, the same refusal is one."""
    if known is None:
        return True
    refused = result.status is Status.REJECTED
    return known.state is State.REJECTED and not (refused and result.code is known.code)


def _lost(told: Receipt, one: Release) -> bool:
    return any(one.hash.startswith(short) for short in told.missing)


def _note(
    work: Work, told: Receipt, receipt: bytes, release_id: ReleaseId, status: str, code: Code
) -> None:
    work.insert(
        acknowledgement,
        id=work.new_id(),
        release_id=release_id,
        status=status,
        code=code.value,
        receipt=receipt,
        branch_key=told.branch_key,
        branch_time=told.branch_time,
        received_on=work.today,
    )


def _answer(one: Release, result: Result) -> Answer:
    return Answer(
        one.period,
        result.status is not Status.REJECTED,
        REASONS.get(result.code, ACCEPTED),
        one.hash,
    )
