"""Commands of photos: give a person one, and who has none yet."""

import argparse
from pathlib import Path
from typing import Any

from stepdesk.cli.shared import DONE, REFUSED, desk_of, person_of, put
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


def add_arguments(commands: Any, signed: argparse.ArgumentParser) -> None:  # noqa: ANN401
    """Add the commands `photo set`, `remove`, `later`, `restore` and `orphans`."""
    told = "Photos of people."
    kinds = commands.add_parser("photo", help=told, description=told).add_subparsers(
        metavar="ACT", required=True
    )
    one = _act(kinds, signed, "set", photo_set)
    one.add_argument("asked", metavar="person", help="47/02, an old number, or an id")
    one.add_argument("file", type=Path, help="JPEG, PNG or WebP, as it came from the phone")
    one = _act(kinds, signed, "remove", photo_remove)
    one.add_argument("asked", metavar="person", help="47/02, an old number, or an id")
    one = _act(kinds, signed, "restore", photo_restore)
    one.add_argument("folder", type=Path, help="where the copies lie: files .sda")
    one = _act(kinds, signed, "orphans", photo_orphans)
    one.add_argument("--remove", action="store_true", help="remove them for ever")
    one = _act(kinds, signed, "later", photo_later)
    one.add_argument("--section", metavar="CODE", help="of one village or group")


def _act(kinds: Any, signed: argparse.ArgumentParser, act: str, run: Any) -> Any:  # noqa: ANN401
    told = (run.__doc__ or "").splitlines()[0]
    one = kinds.add_parser(act, help=told, description=told, allow_abbrev=False, parents=[signed])
    one.add_argument("book", type=Path)
    one.set_defaults(command=run)
    return one


def photo_set(told: argparse.Namespace) -> int:
    """Give a person a photo: made small and upright, without what the phone wrote beside."""
    from stepdesk.members.queries import photo_of
    from stepdesk.members.service import photograph
    from stepdesk.pictures import read_picture

    picture = read_picture(told.file)
    with desk_of(told) as desk:
        person = desk.ask(person_of, told.asked)
        photo = desk.do(photograph, person_id=person, picture=picture)
        size = len(photo_of(desk, person) or b"")
    put(told, {"person": person, "photo": photo, "bytes": size}, f"{told.asked}: {size:,} bytes.")
    return DONE


def photo_remove(told: argparse.Namespace) -> int:
    """Take a person's photo from their file."""
    from stepdesk.members.service import remove_photo

    with desk_of(told) as desk:
        person = desk.ask(person_of, told.asked)
        desk.do(remove_photo, person_id=person)
    put(told, {"person": person, "photo": None}, f"{told.asked}: no photo.")
    return DONE


def photo_restore(told: argparse.Namespace) -> int:
    """Put missing or damaged photos back from copies; exit 1 when some are still missing."""
    from stepdesk.store.photo_copies import bring_back

    with desk_of(told) as desk:
        done = bring_back(desk, told.folder)
    sentence = f"{done.brought} photos brought back, {done.missing} still missing."
    put(told, {"photos": done}, sentence)
    return REFUSED if done.missing else DONE


def photo_orphans(told: argparse.Namespace) -> int:
    """Count photos nothing names, left by acts that failed; with --remove, remove them."""
    from stepdesk.store.checking import orphans, remove_orphans

    with desk_of(told) as desk:
        found = remove_orphans(desk) if told.remove else len(orphans(desk))
    word = "removed" if told.remove else "found"
    put(told, {"orphans": found, "removed": told.remove}, f"{found} photos {word}.")
    return DONE


def photo_later(told: argparse.Namespace) -> int:
    """List who has no photo yet, by section."""
    from stepdesk.members.queries import without_photo

    with desk_of(told) as desk:
        found = desk.ask(without_photo, desk.today, _section(desk, told.section))
    lines = [
        f"{one.number}/{one.suffix:02d}  {one.name}, {one.sex.value} {one.birth.day.year}, "
        f"{one.section} (household of {one.member_name})"
        for one in found
    ]
    answer = [
        {
            "id": one.id,
            "number": str(one.number),
            "suffix": one.suffix,
            "name": one.name,
            "section": one.section,
        }
        for one in found
    ]
    put(told, {"without": answer}, "\n".join(lines) or "Everybody has a photo.")
    return DONE


def _section(desk: Any, code: str | None) -> Any:  # noqa: ANN401
    from stepdesk.scheme.queries import sections_on

    if code is None:
        return None
    sections = desk.ask(sections_on, desk.today)
    for section in sections:
        if code.casefold() in {f"{section.code:02d}", str(section.code), section.name.casefold()}:
            return section.id
    raise Refusal(
        Text(
            N_("There is no section {code}. Choose one of: {known}."),
            {"code": code, "known": ", ".join(f"{one.code:02d} {one.name}" for one in sections)},
        ),
        field="section",
    )
