"""What is done to the scheme: found it, name its sections, let people in."""

from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.scheme.model import scheme_version, section, section_version
from stepdesk.scheme.terms import Role, SectionKind
from stepdesk.store import tables
from stepdesk.store.keys import Opened, check_password
from stepdesk.store.work import Work
from stepdesk.values.ids import SectionId, StaffId


def name_scheme(
    work: Work, *, name: str, code: str = "", language: str, first_day: date | None = None
) -> None:
    """Write a version of the scheme from its first day on; today when none is named.

    Raises:
        Refusal: without a name.
    """
    if not name.strip():
        raise Refusal(Text(N_("Give the scheme its name.")), field="name")
    work.insert(
        scheme_version,
        id=work.new_id(),
        first_day=first_day or work.today,
        name=name.strip(),
        code=code,
        language=language,
    )


def add_section(
    work: Work,
    *,
    name: str,
    kind: SectionKind = SectionKind.VILLAGE,
    first_day: date | None = None,
    legacy_code: str | None = None,
) -> SectionId:
    """Add a section; its code is the next free two digits.

    Raises:
        Refusal: without a name, or when a section of that name exists.
    """
    plain = " ".join(name.split())
    if not plain:
        raise Refusal(Text(N_("Give the section a name.")), field="name")
    taken = work.row(select(section_version.c.id).where(section_version.c.name == plain))
    if taken is not None and legacy_code is None:
        raise Refusal(
            Text(
                N_("There is a section {name} already. Choose it from the list."), {"name": plain}
            ),
            field="name",
        )
    last = work.row(select(func.max(section.c.code)))
    section_id = SectionId(work.new_id())
    work.insert(
        section,
        id=section_id,
        code=((last[0] or 0) if last else 0) + 1,
        legacy_code=legacy_code,
    )
    rename_section(work, section_id=section_id, name=plain, kind=kind, first_day=first_day)
    return section_id


def rename_section(
    work: Work,
    *,
    section_id: SectionId,
    name: str,
    kind: SectionKind = SectionKind.VILLAGE,
    first_day: date | None = None,
) -> None:
    """Write a version of a section from its first day on."""
    work.insert(
        section_version,
        id=work.new_id(),
        section_id=section_id,
        first_day=first_day or work.today,
        name=name,
        kind=kind,
    )


def add_person(
    work: Work, *, name: str, role: Role, password: str, medical: bool | None = None
) -> StaffId:
    """Let another person in: a slot in the key file and a signing key of their own.

    Args:
        work: The work.
        name: On the login tile.
        role: What they are; the medical key goes to medical advisers alone.
        password: They change it at the first login.
        medical: Whether the slot holds the medical key; by the role when left out.

    Raises:
        Refusal: weak password, a name that is on a tile already, or a medical adviser let in by
            somebody who has not the medical key to hand on.
    """
    plain = " ".join(name.split())
    if not plain:
        raise Refusal(Text(N_("Give the person a name.")), field="name")
    if any(tile.name.casefold() == plain.casefold() for tile in work.desk.keys.tiles()):
        raise Refusal(
            Text(
                N_("{name} is on a tile already. Add an initial to tell them apart."),
                {"name": plain},
            ),
            field="name",
        )
    check_password(password, name=plain)
    may = role is Role.MEDICAL_ADVISER if medical is None else medical
    if may:
        work.desk.medical_key()
    staff_id = StaffId(work.new_id())
    signer = Ed25519PrivateKey.generate()
    front = work.desk.person
    work.insert(
        tables.staff,
        id=staff_id,
        name=plain,
        role=role,
        public_key=signer.public_key().public_bytes_raw(),
        added_on=work.today,
    )
    slot = Opened(staff_id, plain, front.data_key, front.medical_key if may else None, signer)

    def give_slot() -> None:
        work.desk.keys.put(slot, password, cost=work.desk.cost)
        work.desk.keys.save()

    work.afterwards(give_slot)
    return staff_id


def _check_may_end(work: Work, staff_id: StaffId) -> None:
    known = {row.id: row.role for row in work.rows("SELECT id, role FROM staff")}
    if known.get(work.person.staff_id) not in {Role.MANAGER.value, Role.BOARD.value}:
        raise Refusal(
            Text(
                N_("Only the manager or the board ends somebody's access. Let one of them do it.")
            ),
            field="person",
        )
    if not work.may_seal:
        raise Refusal(
            Text(
                N_(
                    "Only somebody who may see medical details ends this access, so that their key is not lost. Let the medical adviser do it."
                )
            ),
            field="person",
        )
    others = {one.id for one in work.desk.colleagues()} - {staff_id, work.person.staff_id}
    if others:
        work.two_signatures()
        if work.seconded is not None and work.seconded.staff_id == staff_id:
            raise Refusal(
                Text(N_("Whose access ends cannot sign for it. Choose somebody else.")),
                field="second",
            )


def end_person(work: Work, *, staff_id: StaffId, reason: str) -> None:
    """End a person's access: the slot goes, and what they would still sign is refused.

    What they signed before stays theirs. A bundle signed by them later is refused by the branch as
    soon as it has one that says so. Another person signs too, where there is one besides the two.

    Raises:
        Refusal: without a reason, the person in front, nobody who has access; by somebody who is
            neither manager nor board, or does not hold the medical key, which would be lost with
            the last slot that has it; nobody to sign with.
    """
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    if staff_id == work.person.staff_id:
        raise Refusal(
            Text(N_("Nobody ends their own access. Let another person do it.")), field="person"
        )
    rows = work.rows("SELECT ended_on FROM staff WHERE id = :id", id=staff_id)
    if not rows or rows[0].ended_on is not None:
        raise Refusal(
            Text(N_("This person has no access to the book. Choose somebody else.")),
            field="person",
        )
    _check_may_end(work, staff_id)
    work.update(tables.staff, staff_id, ended_on=work.today)
    work.reason = reason.strip()

    def take_slot() -> None:
        work.desk.keys.drop(staff_id)
        work.desk.keys.save()

    work.afterwards(take_slot)
