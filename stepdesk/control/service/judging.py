"""Verbs of a flag: looked at, dismissed or confirmed, what was done. Each with a reason.

What follows is done elsewhere: a claim is taken back by its reversal, an agreement is ended as such.
"""

from collections.abc import Mapping

from stepdesk.claims.service.moving import need_reason
from stepdesk.control import queries, rules
from stepdesk.control.model import control_flag_step, staff_person
from stepdesk.control.terms import Flag, FlagAction, FlagState, SubjectKind
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import FlagId, PersonId, StaffId

_STANDS: Mapping[FlagState, str] = {
    FlagState.RAISED: N_("Nobody has looked at this yet. Review it first."),
    FlagState.REVIEWED: N_("This was reviewed. Confirm or dismiss it next."),
    FlagState.DISMISSED: N_(
        "This was dismissed. Leave it: it comes back by itself when more is seen."
    ),
    FlagState.CONFIRMED: N_("This was confirmed. Write what was done about it."),
    FlagState.ACTION: N_("Something was done about this already. Write what more is done."),
}


def review_flag(work: Work, *, flag_id: FlagId, note: str = "") -> None:
    """Note that somebody looked at a flag, and what they found.

    Raises:
        Refusal: when it was looked at already, or is about the person in front.
    """
    _step(work, flag_id, FlagState.REVIEWED, note)


def dismiss_flag(work: Work, *, flag_id: FlagId, reason: str) -> None:
    """Say that there is nothing behind a flag; it counts against its pattern.

    Raises:
        Refusal: no reason, not reviewed yet, judged already, or about the person in front.
    """
    _step(work, flag_id, FlagState.DISMISSED, need_reason(reason))


def confirm_flag(work: Work, *, flag_id: FlagId, reason: str) -> None:
    """Say that what a flag tells was so.

    Raises:
        Refusal: no reason, not reviewed yet, judged already, or about the person in front.
    """
    _step(work, flag_id, FlagState.CONFIRMED, need_reason(reason))


def act_on_flag(work: Work, *, flag_id: FlagId, action: FlagAction, reason: str) -> None:
    """Note what was done about a confirmed flag; the doing is a verb of its own elsewhere.

    Raises:
        Refusal: no reason, not confirmed, or about the person in front.
    """
    _step(work, flag_id, FlagState.ACTION, need_reason(reason), action)


def _step(
    work: Work,
    flag_id: FlagId,
    to: FlagState,
    reason: str,
    action: FlagAction | None = None,
) -> None:
    state, steps = queries.state_of_flag(work.connection, flag_id)
    if not rules.allowed(state, to):
        raise Refusal(Text(_STANDS[state]), field="flag")
    own = {SubjectKind.STAFF, SubjectKind.COLLECTOR}
    others = queries.flag_of(work.connection, flag_id, work.currency).evidence
    if any(one.subject.kind in own and one.subject.id == work.person.staff_id for one in others):
        raise Refusal(
            Text(N_("This is about yourself. Let somebody else look at it.")), field="flag"
        )
    work.insert(
        control_flag_step,
        id=work.new_id(),
        flag_id=flag_id,
        place=steps + 1,
        state=to,
        action=action,
        day=work.today,
        staff_id=work.person.staff_id,
        reason=reason.strip(),
    )
    if reason.strip():
        work.reason = reason.strip()


def name_staff_person(work: Work, *, staff_id: StaffId, person_id: PersonId | None) -> None:
    """Say who of the register somebody of the desk is, so that nobody decides for their own household.

    Raises:
        Refusal: nobody of the desk, or nobody of the register.
    """
    if work.row("SELECT 1 FROM staff WHERE id = :id", id=staff_id) is None:
        raise Refusal(Text(N_("Nobody of the desk is meant. Choose a name.")), field="staff")
    known = work.row("SELECT 1 FROM person WHERE id = :id", id=person_id)
    if person_id is not None and known is None:
        raise Refusal(
            Text(
                N_(
                    "Nobody is registered under this number. Look at the card again, or search by name."
                )
            ),
            field="person",
        )
    work.insert(
        staff_person,
        id=work.new_id(),
        staff_id=staff_id,
        person_id=person_id,
        noted_on=work.today,
        noted_by=work.person.staff_id,
    )


def show_flag(desk: Desk, flag_id: FlagId) -> Flag:
    """Return a flag with its evidence, and note in the access log that it was looked at."""
    flag = desk.ask(queries.flag_of, flag_id, desk.currency)
    desk.note_access("flag", flag_id, None, "shown")
    return flag
