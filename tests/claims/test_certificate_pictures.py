"""Pictures of certificates: kept small and sealed, shown to who holds the medical key, never lost."""

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image, ImageDraw

from stepdesk.claims.model import claim_picture
from stepdesk.claims.queries import claim_pictures
from stepdesk.claims.service import (
    MOST_PICTURES,
    attach_certificate,
    attach_kept,
    certificate_picture,
    detach_certificate,
    keep_draft,
    keep_picture,
    kept_picture,
)
from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import speak
from stepdesk.scheme.service import add_person
from stepdesk.scheme.terms import Role
from stepdesk.store.checking import orphans, remove_orphans, verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk, unlock
from stepdesk.values.ids import ClaimId
from tests.builders import SECOND, a_request, again
from tests.claims.kit import a_batch, a_care, a_claim


def a_photo(colour: str = "white", size: tuple[int, int] = (2000, 2800)) -> bytes:
    """A certificate as a phone takes it: lines on paper, with the place it was taken at."""
    picture = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(picture)
    for y in range(200, size[1], 90):
        pen.line((150, y, size[0] - 150, y), fill="black", width=3)
    told = Image.Exif()
    told[0x010F] = "Zq-phone"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=told)
    return out.getvalue()


@pytest.fixture
def claim(desk: Desk) -> ClaimId:
    care = a_care(desk)
    return a_claim(desk, care, a_batch(desk, care))


def attached(desk: Desk, claim_id: ClaimId, picture: bytes | None = None) -> Any:
    return desk.do(
        attach_certificate,
        request_id=a_request(),
        claim_id=claim_id,
        picture=picture or a_photo(),
    )


def refused(desk: Desk, verb: Any, **told: Any) -> tuple[str, str]:
    acts = desk.acts
    with pytest.raises(Refusal) as no:
        desk.do(verb, **told)
    assert desk.acts == acts
    return no.value.field, speak(no.value.text, "en")


def test_front_and_back_are_kept_small_and_shown_again(desk: Desk, claim: ClaimId) -> None:
    front, back = attached(desk, claim), attached(desk, claim, a_photo("yellow"))
    held = desk.ask(claim_pictures, claim)
    assert [(one.id, one.noted_on, one.noted_by) for one in held] == [
        (front, desk.today, "Awa"),
        (back, desk.today, "Awa"),
    ]
    shown = [certificate_picture(desk, picture_id=one.id) for one in held]
    for content in shown:
        assert Image.open(io.BytesIO(content)).size == (1000, 1400)
        assert len(content) < 130_000
        assert b"Zq-phone" not in content
    assert shown[0] != shown[1]
    assert verify_desk(desk).findings == []


def test_what_lies_on_the_disk_is_no_picture(desk: Desk, claim: ClaimId) -> None:
    attached(desk, claim)
    with desk.read() as connection:
        (told,) = connection.execute(
            claim_picture.select().with_only_columns(claim_picture.c.picture)
        ).scalars()
    sealed = desk.attachments.read(told)
    assert sealed is not None
    assert b"JFIF" not in sealed
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(io.BytesIO(sealed))


def test_only_who_holds_the_medical_key_keeps_and_sees_them(desk: Desk, claim: ClaimId) -> None:
    picture_id = attached(desk, claim)
    desk.do(add_person, name="Clerk", role=Role.CLAIMS_OFFICER, password=SECOND)
    folder = desk.folder
    desk.close()
    with unlock(folder, password=SECOND, name="Clerk", clock=desk.clock) as clerk:
        assert len(clerk.ask(claim_pictures, claim)) == 1
        for told in (
            lambda: certificate_picture(clerk, picture_id=picture_id),
            lambda: keep_picture(clerk, request_id=a_request(), picture=a_photo()),
            lambda: attached(clerk, claim),
        ):
            with pytest.raises(Refusal) as no:
                told()
            assert no.value.field == "picture"
            assert "medical key" in speak(no.value.text, "en")


def test_a_picture_that_is_taken_back_stays_in_the_book(desk: Desk, claim: ClaimId) -> None:
    picture_id = attached(desk, claim)
    assert refused(desk, detach_certificate, picture_id=picture_id, reason=" ")[0] == "reason"
    desk.do(detach_certificate, picture_id=picture_id, reason="of somebody else")
    assert desk.ask(claim_pictures, claim) == ()
    told = {"picture_id": picture_id, "reason": "again"}
    assert refused(desk, detach_certificate, **told) == (
        "picture",
        "This picture was taken back already. Look at the certificate again.",
    )
    assert orphans(desk) == frozenset()
    assert verify_desk(desk).findings == []


def test_the_same_request_twice_is_one_picture(desk: Desk, claim: ClaimId) -> None:
    request = a_request()
    told: dict[str, Any] = {"request_id": request, "claim_id": claim, "picture": a_photo()}
    assert desk.do(attach_certificate, **told) == desk.do(attach_certificate, **told)
    assert len(desk.ask(claim_pictures, claim)) == 1


def test_one_certificate_has_so_many_pictures(desk: Desk, claim: ClaimId) -> None:
    for _ in range(MOST_PICTURES):
        attached(desk, claim)
    told = {"request_id": a_request(), "claim_id": claim, "picture": a_photo()}
    assert refused(desk, attach_certificate, **told)[0] == "picture"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"not a picture", "no picture"),
        (a_photo(size=(299, 900)), "too small to be read"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    desk: Desk, claim: ClaimId, content: bytes, words: str
) -> None:
    told = {"request_id": a_request(), "claim_id": claim, "picture": content}
    field, said = refused(desk, attach_certificate, **told)
    assert (field, words in said) == ("picture", True)
    assert desk.attachments.hashes() == frozenset()


def test_a_claim_that_is_not_there_has_no_picture(desk: Desk) -> None:
    told = {"request_id": a_request(), "claim_id": ClaimId(b"\0" * 16), "picture": a_photo()}
    assert refused(desk, attach_certificate, **told)[0] == "claim"


def test_a_picture_kept_with_a_draft_survives_and_is_attached_once(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk)
    kept = keep_picture(desk, request_id=a_request(), picture=a_photo())
    assert orphans(desk) == {kept.content}
    keep_draft(desk, "claim:1", f'{{"pictures": [["00", "{kept.content.hex()}"]]}}')
    # What a half-typed form names is no orphan, and a kill leaves both where they are.
    assert remove_orphans(desk) == 0
    folder = desk.folder
    desk.close()
    with again(folder, clock=clock) as opened:
        shown = kept_picture(opened, kept=kept)
        claim_id = a_claim(opened, care, a_batch(opened, care), day=date(2024, 1, 9))
        with opened.work("enter_claim") as work:
            picture_id = attach_kept(work, claim_id=claim_id, kept=kept)
        assert opened.do(attach_kept, claim_id=claim_id, kept=kept) == picture_id
        assert certificate_picture(opened, picture_id=picture_id) == shown
        assert orphans(opened) == frozenset()
        assert verify_desk(opened).findings == []


def test_a_picture_that_is_gone_is_told(desk: Desk, claim: ClaimId) -> None:
    kept = keep_picture(desk, request_id=a_request(), picture=a_photo())
    desk.attachments.erase([kept.content])
    told = {"claim_id": claim, "kept": kept}
    assert refused(desk, attach_kept, **told)[0] == "picture"
    with pytest.raises(Trouble):
        kept_picture(desk, kept=kept)


def test_a_picture_belongs_to_its_own_request(desk: Desk, claim: ClaimId) -> None:
    """Sealed content put under another row does not open: it is bound to where it belongs."""
    from dataclasses import replace

    kept = keep_picture(desk, request_id=a_request(), picture=a_photo())
    with pytest.raises(Trouble):
        kept_picture(desk, kept=replace(kept, request_id=a_request()))
    assert desk.ask(claim_pictures, claim) == ()


def test_who_looked_is_logged(desk: Desk, claim: ClaimId) -> None:
    picture_id = attached(desk, claim)
    certificate_picture(desk, picture_id=picture_id)
    with desk.read() as connection:
        told = connection.exec_driver_sql(
            "SELECT count(*) FROM access WHERE subject = ?", (claim,)
        ).scalar_one()
    assert told == 1
