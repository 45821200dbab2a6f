"""Commands of pictures of certificates: keep one, take one back, list them. None leaves the book."""

import argparse
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stepdesk.cli.claim_life import claim_named
from stepdesk.cli.shared import DONE, desk_of, put, request_of
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.values.ids import RequestId


def attach(told: argparse.Namespace) -> int:
    """Keep a picture of a certificate: made small and upright, sealed under the medical key."""
    from stepdesk.claims.queries import claim_pictures
    from stepdesk.claims.service import attach_certificate
    from stepdesk.pictures import read_picture

    picture = read_picture(told.file)
    with desk_of(told) as desk:
        request = secrets.token_bytes(16) if told.request is None else request_of(told.request)
        claim_id = claim_named(desk, told.number)
        picture_id = desk.do(
            attach_certificate,
            request_id=RequestId(request),
            claim_id=claim_id,
            picture=picture,
        )
        count = len(desk.ask(claim_pictures, claim_id))
    said = f"{told.number}: {count} {'picture' if count == 1 else 'pictures'}."
    put(told, {"picture": picture_id, "pictures": count}, said)
    return DONE


def detach(told: argparse.Namespace) -> int:
    """Take a picture back from its certificate; nothing is removed, the reason is kept."""
    from stepdesk.claims.queries import claim_pictures
    from stepdesk.claims.service import detach_certificate

    with desk_of(told) as desk:
        held = desk.ask(claim_pictures, claim_named(desk, told.number))
        if not 1 <= told.picture <= len(held):
            no = Text(
                N_("The certificate has {count} pictures. Check the number."), {"count": len(held)}
            )
            raise Refusal(no, field="picture")
        picture_id = held[told.picture - 1].id
        desk.do(detach_certificate, picture_id=picture_id, reason=told.reason)
    put(told, {"detached": picture_id}, f"{told.number}: picture {told.picture} is taken back.")
    return DONE


def pictures(told: argparse.Namespace) -> int:
    """List the pictures of a certificate: who kept each and when; what they show is not told."""
    from stepdesk.claims.queries import claim_pictures

    with desk_of(told) as desk:
        held = desk.ask(claim_pictures, claim_named(desk, told.number))
    lines = [f"{at}. {one.noted_on} {one.noted_by}" for at, one in enumerate(held, 1)]
    put(told, {"pictures": list(held)}, "\n".join(lines) or f"{told.number} has no picture.")
    return DONE


def add(command: Callable[[str, Any], argparse.ArgumentParser]) -> None:
    """Add the commands to the group of claims."""
    one = command("attach", attach)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("file", type=Path, help="JPEG, PNG or WebP, a photo or a scan")
    one.add_argument("--request", metavar="HEX", help="32 hex digits: the same twice is one")
    one = command("detach", detach)
    one.add_argument("number", help="a claim: C-2026-A-000001")
    one.add_argument("picture", type=int, metavar="N", help="as `claims pictures` counts them")
    one.add_argument("--reason", required=True, help="kept with the act")
    one = command("pictures", pictures)
    one.add_argument("number", help="a claim: C-2026-A-000001")
