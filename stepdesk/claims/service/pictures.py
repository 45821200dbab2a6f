"""Pictures of certificates, front and back: kept under the medical key, shown to who holds it.

A certificate may show an illness, so its picture is sealed before the store sees it. A picture that
is taken back stays among the attachments: the journal names it. Source: screens handbook 2.5, F8;
docs/decisions/0022.
"""

from stepdesk import pictures
from stepdesk.claims import queries
from stepdesk.claims.model import claim_picture, claim_picture_end
from stepdesk.claims.terms.pictures import KeptPicture
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.store.attachments import content_hash
from stepdesk.store.desk import Desk
from stepdesk.store.keys import seal_bytes, unseal_bytes
from stepdesk.store.work import Work, medical_place
from stepdesk.values.ids import ClaimId, ClaimPictureId, RequestId

MOST_PICTURES = 6
"""Of one certificate: its sides, and what is pinned to it."""

NEEDS_KEY = Text(
    N_(
        "A certificate may show an illness: its picture is kept by who holds the medical key. Ask the "
        "medical adviser."
    )
)
_MISSING = Text(
    N_("This picture is missing or damaged. Put the photos back from a copy, or choose it again.")
)


def attach_certificate(
    work: Work, *, request_id: RequestId, claim_id: ClaimId, picture: bytes
) -> ClaimPictureId:
    """Keep a picture of a certificate, made small and upright; the same request twice is one.

    Args:
        work: The work.
        request_id: Made by the form.
        claim_id: The certificate.
        picture: A picture file's content; see `pictures.page`.

    Raises:
        Refusal: no such certificate, no medical key, a picture that cannot be taken or is one too
            many (field `picture`).
    """
    known = _known(work, request_id)
    if known is not None:
        return known
    _check_claim(work, claim_id)
    sealed = _sealed(work.desk, request_id, picture)
    return _write(work, claim_id, KeptPicture(request_id, work.attach(sealed)))


def attach_kept(work: Work, *, claim_id: ClaimId, kept: KeptPicture) -> ClaimPictureId:
    """Give a certificate a picture that was kept with its draft; twice is once.

    Raises:
        Refusal: no such certificate, no medical key, the picture is not there any more, or is one
            too many.
    """
    known = _known(work, kept.request_id)
    if known is not None:
        return known
    _check_claim(work, claim_id)
    sealed = work.desk.attachments.read(kept.content)
    if sealed is None:
        raise Refusal(_MISSING, field="picture")
    _shown(work.desk, kept.request_id, sealed)
    return _write(work, claim_id, kept)


def detach_certificate(work: Work, *, picture_id: ClaimPictureId, reason: str) -> None:
    """Take a picture back from its certificate: it is not shown any more, and nothing is removed.

    Raises:
        Refusal: no such picture, one that was taken back, no reason.
    """
    ended = "SELECT 1 FROM claim_picture_end WHERE picture_id = :id"
    if work.row("SELECT 1 FROM claim_picture WHERE id = :id", id=picture_id) is None:
        raise Refusal(
            Text(N_("There is no such picture. Look at the certificate again.")), field="picture"
        )
    if work.row(ended, id=picture_id) is not None:
        raise Refusal(
            Text(N_("This picture was taken back already. Look at the certificate again.")),
            field="picture",
        )
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    work.insert(
        claim_picture_end,
        id=work.new_id(),
        picture_id=picture_id,
        reason=reason.strip(),
        noted_on=work.today,
        noted_by=work.person.staff_id,
    )


def keep_picture(desk: Desk, *, request_id: RequestId, picture: bytes) -> KeptPicture:
    """Keep a picture for a certificate that is still being typed; it is no act.

    It lies sealed among the attachments, and is an orphan until a certificate or a draft names it.

    Raises:
        Refusal: no medical key, or a picture that cannot be taken (field `picture`).
    """
    sealed = _sealed(desk, request_id, picture)
    told = content_hash(sealed)
    desk.attachments.keep({told: sealed}, at=int(desk.clock.now().timestamp() * 1000))
    return KeptPicture(request_id, told)


def kept_picture(desk: Desk, *, kept: KeptPicture) -> bytes:
    """Return a picture that is kept with a draft (JPEG).

    Raises:
        Refusal: no medical key.
        Trouble: it is missing or damaged.
    """
    sealed = desk.attachments.read(kept.content)
    if sealed is None:
        raise Trouble(_MISSING)
    return _shown(desk, kept.request_id, sealed)


def certificate_picture(desk: Desk, *, picture_id: ClaimPictureId) -> bytes:
    """Return a picture of a certificate (JPEG); who looked is logged.

    Raises:
        Refusal: no such picture, or no medical key.
        Trouble: it is missing or damaged.
    """
    with desk.read() as connection:
        row = connection.execute(
            claim_picture.select().where(claim_picture.c.id == picture_id)
        ).one_or_none()
    if row is None:
        raise Refusal(
            Text(N_("There is no such picture. Look at the certificate again.")), field="picture"
        )
    shown = kept_picture(desk, kept=KeptPicture(RequestId(row.request_id), row.picture))
    desk.note_access("picture", row.claim_id, None, "shown")
    return shown


def _known(work: Work, request_id: RequestId) -> ClaimPictureId | None:
    row = work.row("SELECT id FROM claim_picture WHERE request_id = :request", request=request_id)
    return None if row is None else ClaimPictureId(row.id)


def _check_claim(work: Work, claim_id: ClaimId) -> None:
    if work.row("SELECT 1 FROM claim WHERE id = :id", id=claim_id) is None:
        raise Refusal(Text(N_("There is no such certificate. Check the number.")), field="claim")
    if len(queries.claim_pictures(work.connection, claim_id)) >= MOST_PICTURES:
        raise Refusal(
            Text(
                N_("A certificate has {most} pictures at most. Take one of them back first."),
                {"most": MOST_PICTURES},
            ),
            field="picture",
        )


def _sealed(desk: Desk, request_id: RequestId, picture: bytes) -> bytes:
    if desk.person.medical_key is None:
        raise Refusal(NEEDS_KEY, field="picture")
    place = medical_place(claim_picture, "picture", request_id)
    return seal_bytes(desk.person.medical_key, pictures.page(picture), place)


def _shown(desk: Desk, request_id: RequestId, sealed: bytes) -> bytes:
    if desk.person.medical_key is None:
        raise Refusal(NEEDS_KEY, field="picture")
    place = medical_place(claim_picture, "picture", request_id)
    return unseal_bytes(desk.person.medical_key, sealed, place)


def _write(work: Work, claim_id: ClaimId, kept: KeptPicture) -> ClaimPictureId:
    picture_id = ClaimPictureId(work.new_id())
    work.insert(
        claim_picture,
        id=picture_id,
        request_id=kept.request_id,
        claim_id=claim_id,
        picture=kept.content,
        noted_on=work.today,
        noted_by=work.person.staff_id,
    )
    return picture_id
