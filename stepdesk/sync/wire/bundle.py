"""A bundle: the returns a desk sends to its branch, signed by a person and sealed for the branch.

`seal_bundle` makes one, `open_bundle` reads one. What came back is genuine and whole: the scheme
certified the sender, the sender signed the manifest that names the branch, and the manifest binds
every return by its hash. Whether the branch takes it is decided by the branch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stepdesk.sync.wire import canonical, content
from stepdesk.sync.wire.canonical import MOST, Fields, written
from stepdesk.sync.wire.cells import POLICY, is_practice_policy
from stepdesk.sync.wire.container import (
    FileKind,
    file_name,
    new_mark,
    open_container,
    seal,
)
from stepdesk.sync.wire.content import Return
from stepdesk.sync.wire.failures import failure, malformed
from stepdesk.sync.wire.keys import (
    MOST_REVOKED,
    RECIPIENT,
    BranchCard,
    BranchKeys,
    Certificate,
    check_recipient,
    check_signature,
)

FORM = "stepdesk.bundle/1"
READER = 1
SIGNED = b"stepdesk/b1\0"
MOST_RELEASES = 4096
MOST_ACKNOWLEDGED = 12
ACKNOWLEDGED_ON_PAPER = 4
SHORT = 8
"""Bytes of a release's hash that are enough to name one that was acknowledged."""


@dataclass(frozen=True)
class Release:
    """One return on its way.

    Args:
        content: Its bytes, as `content.encode` makes them; never made anew when sent again.
        seq: 1 for the scheme's first, one more for each.
        prev: The id of the one before, None for the first.
    """

    content: bytes
    seq: int
    prev: bytes | None

    @cached_property
    def id(self) -> bytes:
        return content.release_id(self.content)

    @cached_property
    def told(self) -> Return:
        return content.decode(self.content)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself, under the sender's signature.

    Args:
        bundle_id: 16 random bytes, in clear on the file and in its name.
        recipient: The key id of the branch's card.
        wall: What the laptop's clock said, in seconds since 1970; may be wrong by years.
        acknowledged: The first 8 bytes of the ids of the last releases the branch acknowledged.
        ack_seen: The highest `contiguous_seq` of any receipt the desk has; 0 for none.
    """

    bundle_id: bytes
    certificate: Certificate
    recipient: bytes
    practice: bool
    policy: str
    bundle_seq: int
    device: str
    incarnation: int
    wall: int
    business: date
    app: str
    acknowledged: tuple[bytes, ...]
    ack_seen: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle as a file."""

    data: bytes
    sha256: bytes
    bundle_id: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was opened and found genuine."""

    manifest: Manifest
    releases: tuple[Release, ...]
    sha256: bytes
    signed: bytes
    """The manifest's bytes, to be kept with the signature as evidence."""
    signature: bytes


def bundle_name(bundle_id: bytes) -> str:
    """Return the neutral name of a bundle's file: SD-7F3K-9Q2M.sdb."""
    return file_name("SD", bundle_id, "sdb")


def seal_bundle(
    releases: Sequence[Release],
    *,
    card: BranchCard,
    certificate: Certificate,
    sender: Ed25519PrivateKey,
    bundle_seq: int,
    device: str,
    incarnation: int,
    wall: datetime,
    business: date,
    app: str,
    acknowledged: Sequence[bytes] = (),
    ack_seen: int = 0,
    paper: bool = False,
    bundle_id: bytes | None = None,
) -> Sealed:
    """Return a bundle for the branch of that card.

    Args:
        releases: At least one, by rising `seq`; all of one scheme, one policy, one book kind.
            On paper exactly one.
        card: Of the branch, as it was pinned.
        certificate: Names the scheme, the sender and who may no longer send.
        sender: The key the certificate names.
        bundle_seq: One more for each bundle the scheme makes.
        device: The laptop's letter, as in its acts.
        incarnation: The laptop's incarnation.
        wall: The clock's moment.
        business: The day the person confirmed.
        app: The version of StepDesk.
        acknowledged: Ids of releases the branch acknowledged, oldest first; the last 12 are
            sent, on paper the last 4.
        ack_seen: The highest `contiguous_seq` of any receipt; 0 for none.
        paper: As small as can be, for QR codes.
        bundle_id: 16 random bytes when left out.

    Raises:
        WireError: `practice_only` for figures that may not go to a real branch, `malformed` for
            releases that do not belong together, `forged` when the sender is not the one of the
            certificate.
    """
    if sender.public_key().public_bytes_raw() != certificate.sender_key:
        raise failure("forged")
    certificate.check()
    if not 1 <= len(releases) <= (1 if paper else MOST_RELEASES):
        raise malformed("manifest.releases")
    first = releases[0].told
    if not card.practice and (first.practice or is_practice_policy(first.policy)):
        raise failure("practice_only")
    most = ACKNOWLEDGED_ON_PAPER if paper else MOST_ACKNOWLEDGED
    manifest = Manifest(
        bundle_id=bundle_id or new_mark(),
        certificate=certificate,
        recipient=card.key_id,
        practice=first.practice,
        policy=first.policy,
        bundle_seq=bundle_seq,
        device=device,
        incarnation=incarnation,
        wall=int(wall.timestamp()),
        business=business,
        app=app,
        acknowledged=tuple(one[:SHORT] for one in acknowledged[-most:]),
        ack_seen=ack_seen,
    )
    signed = manifest_bytes(manifest, releases)
    # What is sent is read back by the reader's own rules before it is signed.
    parts = b"".join(one.content for one in releases)
    _read_releases(canonical.decode(signed, "manifest"), parts, manifest)
    data = seal(
        FileKind.BUNDLE,
        signed,
        parts,
        sender.sign(SIGNED + signed),
        recipient=card.recipient,
        mark=manifest.bundle_id,
        paper=paper,
    )
    return Sealed(data, sha256(data).digest(), manifest.bundle_id, bundle_name(manifest.bundle_id))


def manifest_bytes(manifest: Manifest, releases: Sequence[Release]) -> bytes:
    """Return the bytes that are signed."""
    told = manifest.certificate
    return canonical.encode(
        {
            "schema": FORM,
            "min_reader": READER,
            "bundle": written(manifest.bundle_id),
            "scheme": written(told.scheme),
            "scheme_key": written(told.scheme_key),
            "answer_to": told.answer_to,
            "sender_key": written(told.sender_key),
            "certificate": written(told.signature),
            "revoked": [written(one) for one in told.revoked],
            "recipient": written(manifest.recipient),
            "practice": manifest.practice,
            "policy": manifest.policy,
            "bundle_seq": manifest.bundle_seq,
            "device": manifest.device,
            "inc": manifest.incarnation,
            "created": {"wall": manifest.wall, "business": manifest.business.isoformat()},
            "app": manifest.app,
            "acknowledged": [written(one) for one in manifest.acknowledged],
            "ack_seen": manifest.ack_seen,
            "releases": [_release_told(one) for one in releases],
        }
    )


def _release_told(one: Release) -> dict[str, Any]:
    return {
        "sha256": written(one.id),
        "period": str(one.told.period),
        "rev": one.told.rev,
        "seq": one.seq,
        "prev": None if one.prev is None else written(one.prev),
        "len": len(one.content),
    }


def open_bundle(data: bytes, keys: BranchKeys) -> Bundle:
    """Open a bundle that was made for the branch of these keys.

    Raises:
        WireError: with a sentence that says what to do; see `failures`.
    """
    opened = open_container(data, kind=FileKind.BUNDLE, identity=keys.identity)
    signed = opened.manifest
    fields = canonical.decode(signed, "manifest")
    check_form(fields, "bundle", READER)
    manifest = _read_manifest(fields)
    manifest.certificate.check()
    check_signature(manifest.certificate.sender_key, opened.signature, SIGNED + signed)
    if manifest.recipient != keys.card(name="-", practice=False).key_id:
        raise failure("other_recipient")
    if manifest.bundle_id != opened.mark:
        raise failure("damaged")
    releases = _read_releases(fields, opened.parts, manifest)
    return Bundle(manifest, releases, sha256(data).digest(), signed, opened.signature)


def check_form(fields: Fields, kind: str, reader: int) -> None:
    """Refuse what a later StepDesk wrote, or what says that it must be understood and is not.

    Raises:
        WireError: `too_new` or `malformed`.
    """
    form = fields.text("schema", rf"stepdesk\.{kind}/[1-9][0-9]{{0,3}}")
    if form != f"stepdesk.{kind}/1" or fields.whole("min_reader", least=1) > reader:
        raise failure("too_new")
    # Fields we do not know are kept as they are, unless their writer calls them critical.
    if "critical" in fields.told and fields.items("critical", most=64):
        raise failure("too_new")


def _read_manifest(fields: Fields) -> Manifest:
    created = fields.inner("created")
    try:
        business = date.fromisoformat(created.text("business", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"))
    except ValueError as error:
        raise created.wrong("business") from error
    return Manifest(
        bundle_id=fields.raw("bundle", 16),
        certificate=_read_certificate(fields),
        recipient=fields.raw("recipient", 16),
        practice=fields.flag("practice"),
        policy=fields.text("policy", POLICY),
        bundle_seq=fields.whole("bundle_seq", least=1),
        device=fields.text("device", "[A-Z]{1,2}"),
        incarnation=fields.whole("inc"),
        wall=created.whole("wall", least=-MOST),
        business=business,
        app=fields.text("app", r"[0-9A-Za-z.+-]{1,32}"),
        acknowledged=fields.raws("acknowledged", SHORT, most=MOST_ACKNOWLEDGED),
        ack_seen=fields.whole("ack_seen"),
    )


def _read_certificate(fields: Fields) -> Certificate:
    answer_to = fields.text("answer_to", RECIPIENT)
    return Certificate(
        scheme=fields.raw("scheme", 16),
        scheme_key=fields.raw("scheme_key", 32),
        answer_to=check_recipient(answer_to, "manifest.answer_to"),
        sender_key=fields.raw("sender_key", 32),
        revoked=fields.raws("revoked", 32, most=MOST_REVOKED),
        signature=fields.raw("certificate", 64),
    )


def _read_releases(fields: Fields, parts: bytes, manifest: Manifest) -> tuple[Release, ...]:
    found: list[Release] = []
    at = 0
    for one in fields.inners("releases", most=MOST_RELEASES):
        length = one.whole("len", most=content.LARGEST)
        release = Release(
            parts[at : at + length],
            one.whole("seq", least=1),
            one.raw_or_none("prev", 32),
        )
        at += length
        if release.id != one.raw("sha256", 32):
            raise failure("damaged")
        _check_release(release, one, manifest)
        found.append(release)
    if not found or at != len(parts):
        raise fields.wrong("releases")
    _check_order(fields, found)
    return tuple(found)


def _check_release(release: Release, one: Fields, manifest: Manifest) -> None:
    told = release.told
    said = (manifest.certificate.scheme, manifest.practice, manifest.policy)
    named = (one.text("period", r"[0-9]{4}-[0-9]{2}"), one.whole("rev"))
    if (told.scheme, told.practice, told.policy) != said:
        raise one.wrong("sha256")
    if (str(told.period), told.rev) != named:
        raise one.wrong("period")
    if (release.seq == 1) != (release.prev is None):
        raise one.wrong("prev")


def _check_order(fields: Fields, found: Sequence[Release]) -> None:
    for before, after in pairwise(found):
        if before.seq >= after.seq:
            raise fields.wrong("releases")
        if after.seq == before.seq + 1 and after.prev != before.id:
            raise fields.wrong("releases")
