"""What is done with groups and with third-party payers: lists, agreements, nominations."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from stepdesk.errors import Caution, Doubt, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import lowest_from
from stepdesk.ledger.terms import Place
from stepdesk.members.service import check_news, record_event, reverse_event
from stepdesk.members.terms import Event, EventKind, Happened
from stepdesk.payers import queries, rules
from stepdesk.payers.model import (
    group_membership,
    group_payment,
    member_group,
    nomination,
    nomination_step,
    payer,
    payer_agreement,
    payer_payment,
    payer_statement,
    payer_statement_line,
)
from stepdesk.payers.terms import (
    Adhesion,
    Group,
    GroupKind,
    Nomination,
    Owed,
    PayerAgreement,
    PayerKind,
    StatementLine,
    Step,
)
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    MOST_IDS,
    BoxId,
    EntryId,
    EventId,
    GroupId,
    GroupPaymentId,
    HouseholdId,
    ImportId,
    NominationId,
    PayerAgreementId,
    PayerId,
    PayerPaymentId,
    PersonId,
    RequestId,
    StatementId,
    step,
)
from stepdesk.values.money import MOST, Money
from stepdesk.values.month import Month, add_months

_DAY = timedelta(days=1)
_WHOLE_WAITING = 120
"""Months that are longer than any waiting period: it counts as served."""

_HOUSEHOLD = "SELECT joined_on FROM household WHERE id = :household"
_COVERED = (
    "SELECT 1 FROM cover WHERE household_id = :household AND person_id = :person AND"
    " first_day <= :day AND (until IS NULL OR until > :day)"
)
_OPEN_PLACES = (
    "SELECT id, household_id, place, first_day FROM group_membership"
    " WHERE group_id = :one AND until IS NULL ORDER BY place, id"
)
_PLACE_OF = (
    "SELECT m.id, m.group_id, m.first_day, m.place, g.name FROM group_membership m"
    " JOIN member_group g ON g.id = m.group_id"
    " WHERE m.household_id = :household AND m.until IS NULL"
)
_PLACE = "SELECT id, group_id, first_day FROM group_membership WHERE id = :place"
_LEFT = (
    "SELECT id, group_id FROM group_membership WHERE household_id = :household"
    " AND until = max(:day, first_day) ORDER BY id DESC LIMIT 1"
)
_EVENT = (
    "SELECT kind, household_id, effective_on, document FROM membership_event WHERE id = :event"
)
_LATEST = (
    "SELECT max(until) AS until FROM group_membership"
    " WHERE household_id = :household AND until > first_day"
)
_BATCH_PLACES = (
    "SELECT id, household_id, first_day, until FROM group_membership"
    " WHERE id > :batch AND id < :last ORDER BY id"
)
_LEFT_FOR = (
    "SELECT id, group_id FROM group_membership WHERE household_id = :household AND until = :day"
    " AND id < :new AND first_day < until ORDER BY id DESC LIMIT 1"
)
_WAIVED = (
    "SELECT 1 FROM membership_event e WHERE e.household_id = :household"
    " AND e.kind = 'WAITING_WAIVED' AND NOT EXISTS"
    " (SELECT 1 FROM membership_event r WHERE r.reverses = e.id)"
)

_SERIAL = (
    "SELECT coalesce(max(serial), 0) + 1 FROM {table} WHERE year = :year AND letter = :letter"
)

# What is typed


def _code(told: str, taken: object) -> str:
    plain = told.strip().upper()
    if not plain:
        raise Refusal(Text(N_("Give it a code.")), field="code")
    if taken is not None:
        raise Refusal(
            Text(N_("The code {code} is taken. Choose another."), {"code": plain}), field="code"
        )
    return plain


def _name(told: str) -> str:
    plain = " ".join(told.split())
    if not plain:
        raise Refusal(Text(N_("Type the name.")), field="name")
    return plain


def _not_ahead(work: Work, on: date) -> None:
    if on > work.today:
        raise Refusal(Text(N_("This day is still ahead. Check the date.")), field="on")


def _check_people(people: int, min_share: int | None) -> None:
    if people < 1:
        raise Refusal(Text(N_("Say how many people the group has.")), field="people")
    if min_share is not None and not 1 <= min_share <= 100:
        raise Refusal(Text(N_("Type a share from 1 to 100 percent.")), field="min_share")


# Groups


def add_group(
    work: Work,
    *,
    code: str,
    name: str,
    kind: GroupKind,
    people: int,
    adhesion: Adhesion = Adhesion.OPEN,
    min_share: int | None = None,
    signer: str = "",
    phone: str = "",
    since: date | None = None,
) -> GroupId:
    """Add a group that signs for its people; households are put on its list one by one.

    Args:
        work: The work.
        code: In capitals; no other group has it.
        name: As people call it.
        kind: What it is.
        people: How many it has, covered or not.
        adhesion: How its people come.
        min_share: Percent of its people that must be covered for waiting to be waived; None for
            no such rule.
        signer: Who signs for it.
        phone: As told.
        since: Today when left out.

    Raises:
        Refusal: beside its field.
    """
    plain = _code(code, queries.group_of_code(work.connection, code))
    called = _name(name)
    _check_people(people, min_share)
    group_id = GroupId(work.new_id())
    work.insert(
        member_group,
        id=group_id,
        code=plain,
        name=called,
        kind=kind,
        adhesion=adhesion,
        people=people,
        min_share=min_share,
        signer=" ".join(signer.split()) or None,
        phone=phone.strip() or None,
        since=since or work.today,
    )
    return group_id


def change_group(
    work: Work,
    *,
    group_id: GroupId,
    people: int,
    min_share: int | None,
    signer: str,
    phone: str = "",
) -> None:
    """Write what changed in a group: how many people it has, and who signs for it.

    Raises:
        Refusal: beside its field.
    """
    _group(work, group_id)
    _check_people(people, min_share)
    work.update(
        member_group,
        group_id,
        people=people,
        min_share=min_share,
        signer=" ".join(signer.split()) or None,
        phone=phone.strip() or None,
    )


def end_group(
    work: Work, *, group_id: GroupId, on: date, accepting: Collection[str] = frozenset()
) -> None:
    """End a group: its households leave its list that day and stay members by themselves.

    Raises:
        Refusal: no such group, one that has ended, or a day still ahead.
        Caution: `backdated`: the day is long ago.
    """
    group = _group(work, group_id)
    _not_ahead(work, on)
    check_news(work, on, accepting, moves=False)
    for row in work.rows(_OPEN_PLACES, one=group_id):
        work.update(group_membership, row.id, until=max(on.isoformat(), row.first_day))
        left = Event(EventKind.GROUP_LEFT, on, document=f"{group.name}: {row.place}")
        record_event(work, household_id=HouseholdId(row.household_id), event=left)
    work.update(member_group, group_id, ended_on=on)


def place_household(
    work: Work,
    *,
    group_id: GroupId,
    household_id: HouseholdId,
    on: date,
    place: int | None = None,
    accepting: Collection[str] = frozenset(),
) -> EventId:
    """Put a household on a group's ordered list from a day on: at a place, or at the end.

    Returns the event that tells it.

    Raises:
        Refusal: no such group or household, a household on a list already, a day ahead or before
            the household joined, or before it left another group.
        Caution: `backdated`: the day is long ago.
    """
    group = _group(work, group_id)
    _check_household(work, household_id, on)
    held = work.row(_PLACE_OF, household=household_id)
    if held is not None:
        raise Refusal(
            Text(N_("The household is on a group's list already. Let it leave there first.")),
            field="household",
        )
    left = work.row(_LATEST, household=household_id).until
    if left is not None and on.isoformat() < left:
        raise Refusal(
            Text(
                N_("The household was on a group's list until {day}. Choose that day or later."),
                {"day": date.fromisoformat(left)},
            ),
            field="on",
        )
    rows = work.rows(_OPEN_PLACES, one=group_id)
    at = _place(place, len(rows) + 1)
    check_news(work, on, accepting, moves=False)
    for number, row in enumerate(rows[at - 1 :], start=at + 1):
        if row.place != number:
            work.update(group_membership, row.id, place=number)
    joined = Event(EventKind.GROUP_JOINED, on, document=f"{group.name}: {at}")
    event_id = record_event(work, household_id=household_id, event=joined)
    work.insert(
        group_membership,
        id=event_id,
        group_id=group_id,
        household_id=household_id,
        first_day=on,
        place=at,
    )
    return event_id


def place_households(
    work: Work, *, group_id: GroupId, household_ids: Sequence[HouseholdId], on: date
) -> None:
    """Put households of an import at the end of a group's list, in their order, from a day on.

    Households that are on another list leave it that day.

    Raises:
        Refusal: no such group, or a day ahead.
    """
    _group(work, group_id)
    _not_ahead(work, on)
    for household_id in household_ids:
        held = work.row(_PLACE_OF, household=household_id)
        if held is not None:
            leave_group(
                work,
                household_id=household_id,
                on=max(on, _day_of(held)),
                accepting={"backdated"},
            )
    last = len(work.rows(_OPEN_PLACES, one=group_id))
    work.insert_many(
        group_membership,
        (
            {
                "id": work.new_id(),
                "group_id": group_id,
                "household_id": household_id,
                "first_day": on,
                "until": None,
                "place": place,
            }
            for place, household_id in enumerate(household_ids, start=last + 1)
        ),
    )


def take_back_places(work: Work, *, batch_id: ImportId) -> None:
    """Take off the lists whom an import put there; who left another list for it is on it again.

    Raises:
        Refusal: a household that left the group since.
    """
    for row in work.rows(_BATCH_PLACES, batch=batch_id, last=step(batch_id, MOST_IDS)):
        if row.until is not None:
            raise Refusal(
                Text(
                    N_(
                        "A household left the group of this import since. Leave the import as it is."
                    )
                ),
                field="batch",
            )
        work.update(group_membership, row.id, until=row.first_day)
        former = work.row(_LEFT_FOR, household=row.household_id, day=row.first_day, new=row.id)
        if former is not None:
            place = len(work.rows(_OPEN_PLACES, one=former.group_id)) + 1
            work.update(group_membership, former.id, until=None, place=place)


def _day_of(held: Any) -> date:  # noqa: ANN401 - a row
    return date.fromisoformat(held.first_day)


def move_place(work: Work, *, household_id: HouseholdId, place: int) -> EventId:
    """Move a household on its group's list; those between close up or make room.

    Returns the event that tells it.

    Raises:
        Refusal: a household on no list, or a place the list does not have.
    """
    held = _held(work, household_id)
    at = _put_at(work, held, place)
    moved = Event(EventKind.GROUP_MOVED, work.today, document=f"{held.place} > {at}")
    return record_event(work, household_id=household_id, event=moved)


def _put_at(work: Work, held: Any, place: int) -> int:  # noqa: ANN401 - a row
    rows = [row for row in work.rows(_OPEN_PLACES, one=held.group_id) if row.id != held.id]
    at = _place(place, len(rows) + 1)
    rows.insert(at - 1, held)
    _number(work, rows)
    return at


def leave_group(
    work: Work, *, household_id: HouseholdId, on: date, accepting: Collection[str] = frozenset()
) -> EventId:
    """Take a household off its group's list from a day on; it stays a member by itself.

    Returns the event that tells it.

    What it has paid, its waiting and its rights are the household's own and stay as they are.
    Source: domain handbook 2.5 and decision 0019.

    Raises:
        Refusal: a household on no list, a day still ahead or before it came to the list.
        Caution: `backdated`: the day is long ago.
    """
    held = _held(work, household_id)
    _not_ahead(work, on)
    if on.isoformat() < held.first_day:
        raise Refusal(
            Text(
                N_("The household came to the group on {day}. Choose that day or a later one."),
                {"day": date.fromisoformat(held.first_day)},
            ),
            field="on",
        )
    check_news(work, on, accepting, moves=False)
    work.update(group_membership, held.id, until=on)
    _number(work, work.rows(_OPEN_PLACES, one=held.group_id))
    left = Event(EventKind.GROUP_LEFT, on, document=f"{held.name}: {held.place}")
    return record_event(work, household_id=household_id, event=left)


def take_back(
    work: Work, *, event_id: EventId, reason: str, accepting: Collection[str] = frozenset()
) -> Happened:
    """Undo an event of a household, the list of its group kept right.

    Raises:
        Refusal: as `members.service.reverse_event`; a group that has ended.
        Caution: as `members.service.reverse_event`.
    """
    happened = reverse_event(work, event_id=event_id, reason=reason, accepting=accepting)
    row = work.row(_EVENT, event=event_id)
    match EventKind(row.kind):
        case EventKind.GROUP_JOINED:
            place = work.row(_PLACE, place=event_id)
            work.update(group_membership, event_id, until=place.first_day)
            _number(work, work.rows(_OPEN_PLACES, one=place.group_id))
        case EventKind.GROUP_MOVED:
            _put_back(work, HouseholdId(row.household_id), int(row.document.partition(" > ")[0]))
        case EventKind.GROUP_LEFT:
            place = work.row(_LEFT, household=row.household_id, day=row.effective_on)
            _group(work, GroupId(place.group_id))
            work.update(group_membership, place.id, until=None)
            at = int(row.document.rpartition(": ")[2])
            _put_back(work, HouseholdId(row.household_id), at)
        case _:
            pass
    return happened


def _put_back(work: Work, household_id: HouseholdId, place: int) -> None:
    held = _held(work, household_id)
    many = len(work.rows(_OPEN_PLACES, one=held.group_id))
    _put_at(work, held, min(place, many))


def waive_waiting(
    work: Work,
    *,
    group_id: GroupId,
    on: date,
    reason: str,
    months: int | None = None,
    accepting: Collection[str] = frozenset(),
) -> tuple[EventId, ...]:
    """Replace or shorten waiting for a group's households once enough of its people are covered.

    Each household on the list that day gets an event WAITING_WAIVED; one that has it keeps it.

    Args:
        work: The work.
        group_id: Which group.
        on: The day from which it counts.
        reason: Kept with each event.
        months: How many months of waiting count as served; all when left out.
        accepting: `backdated` when somebody accepted it.

    Raises:
        Refusal: a group without a least share, one that has not reached it, no reason, a day ahead.
        Caution: `backdated`: the day is long ago.
    """
    group = _group(work, group_id, on)
    _not_ahead(work, on)
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    if months is not None and not 1 <= months <= _WHOLE_WAITING:
        raise Refusal(
            Text(N_("Type 1 to {most} months."), {"most": _WHOLE_WAITING}), field="months"
        )
    if group.min_share is None:
        raise Refusal(
            Text(
                N_(
                    "This group has no least share, so its households wait as others do. Write the least share first."
                )
            ),
            field="group",
        )
    if not rules.share_reached(group):
        raise Refusal(
            Text(
                N_(
                    "{enrolled} of {people} people are covered, and {share} % are needed. Register more of them first."
                ),
                {
                    "enrolled": group.enrolled,
                    "people": group.people,
                    "share": group.min_share,
                },
            ),
            field="group",
        )
    check_news(work, on, accepting)
    served = add_months(on, -(months or _WHOLE_WAITING))
    event = Event(EventKind.WAITING_WAIVED, on, reason=reason.strip(), counts_from=served)
    return tuple(
        record_event(work, household_id=place.household_id, event=event)
        for place in queries.places_of(work.connection, group_id, on)
        if work.row(_WAIVED, household=place.household_id) is None
    )


def _group(work: Work, group_id: GroupId, on: date | None = None) -> Group:
    group = queries.group_of(work.connection, group_id, on or work.today)
    if group is None:
        raise Refusal(Text(N_("Choose the group.")), field="group")
    if group.ended_on is not None:
        raise Refusal(
            Text(
                N_("This group ended on {day}. Choose an earlier day or another group."),
                {"day": group.ended_on},
            ),
            field="group",
        )
    return group


def _check_household(work: Work, household_id: HouseholdId, on: date) -> None:
    row = work.row(_HOUSEHOLD, household=household_id)
    if row is None:
        raise Refusal(Text(N_("There is no such household. Check the number.")), field="household")
    _not_ahead(work, on)
    if on.isoformat() < row.joined_on:
        raise Refusal(
            Text(
                N_("The household joined on {joined}. Choose that day or later."),
                {"joined": date.fromisoformat(row.joined_on)},
            ),
            field="on",
        )


def _held(work: Work, household_id: HouseholdId) -> Any:  # noqa: ANN401 - a row
    held = work.row(_PLACE_OF, household=household_id)
    if held is None:
        raise Refusal(
            Text(N_("The household is on no group's list. Place it on one first.")),
            field="household",
        )
    return held


def _place(told: int | None, most: int) -> int:
    if told is not None and not 1 <= told <= most:
        raise Refusal(
            Text(N_("The list has {most} places. Type a place from 1 to {most}."), {"most": most}),
            field="place",
        )
    return told or most


def _number(work: Work, rows: Any) -> None:  # noqa: ANN401 - rows
    for number, row in enumerate(rows, start=1):
        if row.place != number:
            work.update(group_membership, row.id, place=number)


# Payers


def add_payer(work: Work, *, code: str, name: str, kind: PayerKind) -> PayerId:
    """Add somebody who pays for others: the State, a commune, an organisation.

    Raises:
        Refusal: no code, a code that is taken, no name.
    """
    plain = _code(code, queries.payer_of_code(work.connection, code))
    called = _name(name)
    payer_id = PayerId(work.new_id())
    work.insert(payer, id=payer_id, code=plain, name=called, kind=kind, since=work.today)
    return payer_id


def sign_agreement(work: Work, *, agreement: PayerAgreement) -> PayerAgreementId:
    """Write down what a payer promised; `agreement.id` and `agreement.payer` are given anew.

    Raises:
        Refusal: no such payer, neither share nor amount or both, days the wrong way round, a
            signature still ahead.
    """
    if queries.payer_name(work.connection, agreement.payer_id) is None:
        raise Refusal(Text(N_("Choose the payer.")), field="payer")
    _check_promise(agreement)
    if agreement.until is not None and agreement.until <= agreement.first_day:
        raise Refusal(
            Text(N_("The end lies before the first day. Change one of them.")), field="until"
        )
    if agreement.signed_on > work.today:
        raise Refusal(Text(N_("This day is still ahead. Check the date.")), field="signed_on")
    agreement_id = PayerAgreementId(work.new_id())
    work.insert(
        payer_agreement,
        id=agreement_id,
        payer_id=agreement.payer_id,
        first_day=agreement.first_day,
        until=agreement.until,
        criteria=agreement.criteria.strip(),
        max_persons=agreement.max_persons,
        share=agreement.share,
        amount=agreement.amount,
        pays_fee=int(agreement.pays_fee),
        on_commitment=int(agreement.on_commitment),
        invoice_months=agreement.invoice_months,
        signed_on=agreement.signed_on,
    )
    return agreement_id


def _check_promise(agreement: PayerAgreement) -> None:
    share, amount = agreement.share, agreement.amount
    if (share is None) == (amount is None):
        raise Refusal(
            Text(N_("Say either a share in percent or an amount a person.")), field="share"
        )
    if share is not None and not 1 <= share <= 100:
        raise Refusal(Text(N_("Type a share from 1 to 100 percent.")), field="share")
    if amount is not None and not 1 <= amount <= MOST:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    if agreement.max_persons is not None and agreement.max_persons < 1:
        raise Refusal(
            Text(N_("At least one person, or leave it empty for no limit.")), field="max_persons"
        )
    if not 1 <= agreement.invoice_months <= 12:
        raise Refusal(Text(N_("Type 1 to {most} months."), {"most": 12}), field="invoice_months")


# Nominations


def nominate(
    work: Work,
    *,
    agreement_id: PayerAgreementId,
    household_id: HouseholdId,
    on: date,
    grounds: str,
    person_id: PersonId | None = None,
    accepting: Collection[str] = frozenset(),
) -> NominationId:
    """Put a household, or one person of it, forward to a payer.

    Args:
        work: The work.
        agreement_id: Under which agreement.
        household_id: Whose household.
        on: The day of the nomination, within the agreement.
        grounds: Why; kept for the committee, and never leaves the scheme.
        person_id: One person of the household; all of it when left out.
        accepting: `backdated` when somebody accepted it.

    Raises:
        Refusal: no grounds, a day outside the agreement or ahead, a person not covered there, or
            somebody put forward already.
        Caution: `backdated`: the day is long ago.
    """
    agreement = _agreement(work, agreement_id)
    _check_household(work, household_id, on)
    _check_within(agreement, on)
    if not grounds.strip():
        raise Refusal(Text(N_("Say why this household is put forward.")), field="grounds")
    if person_id is not None and not work.rows(
        _COVERED, household=household_id, person=person_id, day=on.isoformat()
    ):
        raise Refusal(
            Text(
                N_(
                    "This person is not covered in the household on that day. Choose another day or person."
                )
            ),
            field="person",
        )
    for other in queries.nominations(work.connection, household_id):
        same = None in {other.person_id, person_id} or other.person_id == person_id
        if same and rules.is_open(other, on):
            raise Refusal(
                Text(N_("Put forward to {payer} already."), {"payer": other.payer}),
                field="household" if person_id is None else "person",
            )
    check_news(work, on, accepting, moves=False)
    nomination_id = NominationId(work.new_id())
    work.insert(
        nomination,
        id=nomination_id,
        agreement_id=agreement_id,
        household_id=household_id,
        person_id=person_id,
        nominated_on=on,
        grounds=grounds.strip(),
    )
    _step(work, nomination_id, Step.NOMINATED, on)
    return nomination_id


def validate_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    note: str = "",
    accepting: Collection[str] = frozenset(),
) -> None:
    """Note that the community's committee found the nomination right.

    Raises:
        Refusal: when it does not stand at that step, or a day before the last step or ahead.
        Caution: `backdated`: the day is long ago.
    """
    _next_step(work, nomination_id, Step.VALIDATED, on)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.VALIDATED, on, note=note)


def approve_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    note: str = "",
    accepting: Collection[str] = frozenset(),
) -> None:
    """Note that the payer took the nomination on.

    Raises:
        Refusal: when it does not stand at that step, or a day before the last step or ahead.
        Caution: `backdated`: the day is long ago.
    """
    _next_step(work, nomination_id, Step.APPROVED, on)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.APPROVED, on, note=note)


def cover_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    until: date | None = None,
    note: str = "",
    accepting: Collection[str] = frozenset(),
) -> None:
    """Let the payer's commitment begin on a day, until another, not included.

    Raises:
        Refusal: not approved, days outside the agreement, or more persons than it allows.
        Caution: `backdated`: the day is long ago.
    """
    told = _next_step(work, nomination_id, Step.COVERED, on)
    _check_term(work, told, on, until)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.COVERED, on, until=until, note=note)


def renew_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    until: date | None = None,
    note: str = "",
    accepting: Collection[str] = frozenset(),
) -> None:
    """Let a commitment go on from a day, until another, not included.

    Raises:
        Refusal: not covered, days outside the agreement, or more persons than it allows.
        Caution: `backdated`: the day is long ago.
    """
    told = _next_step(work, nomination_id, Step.RENEWED, on)
    _check_term(work, told, on, until)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.RENEWED, on, until=until, note=note)


def end_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    note: str = "",
    accepting: Collection[str] = frozenset(),
) -> None:
    """End a commitment: dues of periods that begin from that day on are the household's own.

    Raises:
        Refusal: not covered, or a day before the last step or ahead.
        Caution: `backdated`: the day is long ago.
    """
    _next_step(work, nomination_id, Step.ENDED, on)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.ENDED, on, note=note)


def refuse_nomination(
    work: Work,
    *,
    nomination_id: NominationId,
    on: date,
    note: str,
    accepting: Collection[str] = frozenset(),
) -> None:
    """Note that the committee or the payer refused a nomination, and why.

    Raises:
        Refusal: covered already, no reason, or a day before the last step or ahead.
        Caution: `backdated`: the day is long ago.
    """
    if not note.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="note")
    _next_step(work, nomination_id, Step.REFUSED, on)
    check_news(work, on, accepting, moves=False)
    _step(work, nomination_id, Step.REFUSED, on, note=note)


def _agreement(work: Work, agreement_id: PayerAgreementId) -> PayerAgreement:
    agreement = queries.agreements(work.connection).get(agreement_id)
    if agreement is None:
        raise Refusal(Text(N_("Choose the payer's agreement.")), field="agreement")
    return agreement


def _check_within(agreement: PayerAgreement, on: date, field: str = "on") -> None:
    if on < agreement.first_day or (agreement.until is not None and on >= agreement.until):
        until = agreement.until
        message = N_(
            "The agreement with {payer} holds from {first} on. Choose that day or a later one."
        )
        values: dict[str, Any] = {"payer": agreement.payer, "first": agreement.first_day}
        if until is not None:
            message = N_(
                "The agreement with {payer} holds from {first} to {last}. Choose a day in between."
            )
            values["last"] = until - _DAY
        raise Refusal(Text(message, values), field=field)


def _next_step(work: Work, nomination_id: NominationId, step: Step, on: date) -> Nomination:
    told = queries.nomination_of(work.connection, nomination_id)
    if told is None:
        raise Refusal(Text(N_("Choose the nomination.")), field="nomination")
    if step not in rules.FOLLOWING[told.step]:
        raise Refusal(
            Text(
                N_("This nomination stands at: {step}. Choose the step that follows."),
                {"step": Text(rules.STEP_WORDS[told.step])},
            ),
            field="nomination",
        )
    _not_ahead(work, on)
    last = told.steps[-1].effective_on
    if on < last:
        raise Refusal(
            Text(N_("The last step was on {day}. Choose that day or later."), {"day": last}),
            field="on",
        )
    return told


def _check_term(work: Work, told: Nomination, on: date, until: date | None) -> None:
    """Refuse a commitment outside its agreement, or for more persons than it allows."""
    agreement = _agreement(work, told.agreement_id)
    _check_within(agreement, on)
    if until is not None:
        if until <= on:
            raise Refusal(
                Text(N_("The end lies before the first day. Change one of them.")), field="until"
            )
        if agreement.until is not None and until > agreement.until:
            _check_within(agreement, until, "until")
    if agreement.max_persons is None:
        return
    taken = queries.persons_sponsored(work.connection, agreement.id, on, but=told.id)
    wanted = queries.persons_meant(work.connection, told, on)
    if len(taken | wanted) > agreement.max_persons:
        raise Refusal(
            Text(
                N_(
                    "{payer} pays for {most} persons at most, and {taken} are covered already. End one commitment first."
                ),
                {"payer": agreement.payer, "most": agreement.max_persons, "taken": len(taken)},
            ),
            field="nomination",
        )


def _step(
    work: Work,
    nomination_id: NominationId,
    step: Step,
    on: date,
    *,
    until: date | None = None,
    note: str = "",
) -> None:
    told = queries.nomination_named(work.connection, nomination_id)
    event = Event(
        EventKind.SPONSORED, on, person_id=told.person_id, document=f"{told.payer}: {step.value}"
    )
    event_id = record_event(work, household_id=HouseholdId(told.household_id), event=event)
    work.insert(
        nomination_step,
        id=event_id,
        nomination_id=nomination_id,
        step=step,
        effective_on=on,
        until=until,
        note=note.strip(),
        recorded_on=work.today,
    )


# What payers are told, and what they pay


def write_statement(
    work: Work,
    *,
    agreement_id: PayerAgreementId,
    first_day: date,
    until: date,
    lines: Sequence[StatementLine],
) -> StatementId:
    """Write a numbered statement down, frozen with its lines; who reckons them is above.

    Args:
        work: The work.
        agreement_id: Under which agreement.
        first_day: Of the days it tells of.
        until: Their end, not included.
        lines: In the order in which money fills them.

    Raises:
        Refusal: no such agreement, or nothing to state.
    """
    agreement = _agreement(work, agreement_id)
    if not lines:
        raise Refusal(
            Text(
                N_("{payer} owes nothing for {first} to {last}. Choose other days."),
                {"payer": agreement.payer, "first": first_day, "last": until - _DAY},
            ),
            field="agreement",
        )
    statement_id = StatementId(work.new_id())
    work.insert(
        payer_statement,
        id=statement_id,
        payer_id=agreement.payer_id,
        agreement_id=agreement_id,
        first_day=first_day,
        until=until,
        issued_on=work.today,
        amount=sum(line.amount for line in lines),
        **_series(work, "payer_statement"),
    )
    for line in lines:
        work.insert(
            payer_statement_line,
            id=work.new_id(),
            statement_id=statement_id,
            household_id=line.household_id,
            person_id=line.person_id,
            due_first_day=line.due_first_day,
            amount=line.amount,
            kind=None if line.kind is Owed.DUE else line.kind,
        )
    return statement_id


def _series(work: Work, table: str) -> dict[str, Any]:
    year, letter = work.today.year, work.desk.head.device
    serial = work.rows(_SERIAL.format(table=table), year=year, letter=letter)[0][0]
    return {"year": year, "letter": letter, "serial": serial}


def receive_from_payer(
    work: Work,
    *,
    request_id: RequestId,
    payer_id: PayerId,
    amount: Money,
    paid_on: date | None = None,
    box: str = "bank",
    box_id: BoxId | None = None,
    statement_id: StatementId | None = None,
    reference: str = "",
    accepting: frozenset[str] = frozenset(),
) -> PayerPaymentId:
    """Take a payer's money: it clears the statement named, else the oldest that are open (P08).

    The same request twice is one payment.

    Args:
        work: The work.
        request_id: One for each form filled in.
        payer_id: Who paid.
        amount: Above zero; what no statement asks for stays the payer's credit.
        paid_on: Today when left out; never ahead.
        box: The kind of place it lies in: `bank`, `mfi`, `momo`, `cash_main`, `cash_section`.
        box_id: Which place, None for the one of its kind.
        statement_id: The statement it is for.
        reference: The bank's, as told.
        accepting: Doubts somebody accepted: `more_than_open`, `closed_month`.

    Raises:
        Refusal: no such payer, no amount, a day ahead, a statement of somebody else.
        Caution: `more_than_open` when statements ask for less; `closed_month` when the day's
            month is closed: the payment keeps its day and is booked in the open month.
    """
    done = work.row("SELECT id FROM payer_payment WHERE request_id = :request", request=request_id)
    if done is not None:
        return PayerPaymentId(done.id)
    day = paid_on or work.today
    who = queries.payer_of(work.connection, payer_id)
    if who is None:
        raise Refusal(Text(N_("Choose the payer.")), field="payer")
    _check_money(work, amount, day, box)
    if statement_id is not None:
        told = queries.statement_of(work.connection, statement_id, work.today)
        if told is None or told.payer_id != payer_id:
            raise Refusal(
                Text(
                    N_("{payer} was not sent this statement. Check the number."),
                    {"payer": who.name},
                ),
                field="statement",
            )
    _doubt_money(work, payer_id, amount, day, accepting)
    payment_id = PayerPaymentId(work.new_id())
    entry_id = ledger.post(
        work,
        posting.payer_paid(
            role=rules.ROLE_OF[who.kind], payer=payer_id, into=box, amount=amount.minor, box=box_id
        ),
        day=ledger.booking_day(work, day),
        reason=reference.strip(),
    )
    work.insert(
        payer_payment,
        id=payment_id,
        request_id=request_id,
        payer_id=payer_id,
        statement_id=statement_id,
        paid_on=day,
        amount=amount,
        means=box,
        box_id=box_id,
        reference=reference.strip() or None,
        entry_id=entry_id,
        reason="",
        single_control=0,
        taken_by=work.person.staff_id,
        **_series(work, "payer_payment"),
    )
    return payment_id


def _check_money(work: Work, amount: Money, day: date, box: str) -> None:
    if not 0 < amount.minor <= MOST:
        raise Refusal(Text(N_("Enter an amount above zero.")), field="amount")
    if day > work.today:
        raise Refusal(
            Text(
                N_("{day} is still ahead. Type {today}, which is today, or an earlier day."),
                {"day": day, "today": work.today},
            ),
            field="day",
        )
    if box not in posting.BOXES:
        raise Refusal(Text(N_("Say where the money lies.")), field="box")


def _doubt_money(
    work: Work, payer_id: PayerId, amount: Money, day: date, accepting: frozenset[str]
) -> None:
    doubts: list[Doubt] = []
    told = queries.statements_of(work.connection, work.today, payer_id=payer_id)
    wanted = sum(one.open for one in told)
    if "more_than_open" not in accepting and amount.minor > wanted:
        words = Text(
            N_(
                "The open statements ask for {open}. Go on if the rest is to stay as the payer's credit."
            ),
            {"open": Money(wanted, work.currency)},
        )
        doubts.append(Doubt("more_than_open", words, "amount"))
    if "closed_month" not in accepting and ledger.is_closed(work, day):
        words = Text(
            N_(
                "{month} is closed. Go on if the payment is to keep its day and the money is to be booked in {open}."
            ),
            {"month": Month.of(day), "open": Month.of(ledger.booking_day(work, day))},
        )
        doubts.append(Doubt("closed_month", words, "day"))
    if doubts:
        raise Caution(tuple(doubts))


def reverse_payer_payment(
    work: Work, *, request_id: RequestId, payment_id: PayerPaymentId, reason: str
) -> PayerPaymentId:
    """Take a payer's payment back by a linked one (P30); its statements are open again.

    Answers given for past days stay as they were. A second person signs (S3).

    Raises:
        Refusal: no such payment, taken back before, no reason, more than its box still holds,
            nobody to sign.
    """
    done = work.row("SELECT id FROM payer_payment WHERE request_id = :request", request=request_id)
    if done is not None:
        return PayerPaymentId(done.id)
    wrong = work.row("SELECT * FROM payer_payment WHERE id = :id", id=payment_id)
    if wrong is None or wrong.reverses is not None:
        raise Refusal(Text(N_("Choose the payer's payment.")), field="payment")
    if work.row("SELECT 1 FROM payer_payment WHERE reverses = :id", id=payment_id) is not None:
        raise Refusal(
            Text(N_("This payment was taken back before. Choose another one.")), field="payment"
        )
    if not reason.strip():
        raise Refusal(Text(N_("Say why; the reason is kept.")), field="reason")
    _check_still_there(work, wrong.means, wrong.box_id, wrong.amount)
    single = work.two_signatures()
    reversal_id = PayerPaymentId(work.new_id())
    entry_id = ledger.reverse(work, EntryId(wrong.entry_id), reason=reason)
    work.insert(
        payer_payment,
        id=reversal_id,
        request_id=request_id,
        payer_id=wrong.payer_id,
        statement_id=wrong.statement_id,
        paid_on=max(work.today, date.fromisoformat(wrong.paid_on)),
        amount=-wrong.amount,
        means=wrong.means,
        box_id=wrong.box_id,
        entry_id=entry_id,
        reverses=payment_id,
        reason=reason.strip(),
        single_control=int(single),
        taken_by=work.person.staff_id,
        **_series(work, "payer_payment"),
    )
    return reversal_id


def _check_still_there(work: Work, means: str, box_id: bytes | None, amount: int) -> None:
    """Refuse to take back money that lies in its box no more."""
    place = Place(means, None if box_id is None else BoxId(box_id))
    least, _ = lowest_from(work.connection, place, ledger.booking_day(work, work.today))
    if least < amount:
        raise Refusal(
            Text(
                N_(
                    "Where this money was put only {held} is left. Move money there first, then"
                    " take the payment back."
                ),
                {"held": Money(max(least, 0), work.currency)},
            ),
            field="payment",
        )


def write_group_payment(
    work: Work,
    *,
    request_id: RequestId,
    group_id: GroupId,
    paid_on: date,
    amount: int,
    means: str,
    box_id: BoxId | None = None,
    reference: str = "",
    reverses: GroupPaymentId | None = None,
    reason: str = "",
    single: bool = False,
) -> GroupPaymentId:
    """Write down one sum of a group, or its reversal (below zero); its receipts are written above."""
    payment_id = GroupPaymentId(work.new_id())
    work.insert(
        group_payment,
        id=payment_id,
        request_id=request_id,
        group_id=group_id,
        paid_on=paid_on,
        amount=amount,
        means=means,
        box_id=box_id,
        reference=reference.strip() or None,
        reverses=reverses,
        reason=reason.strip(),
        single_control=int(single),
        **_series(work, "group_payment"),
    )
    return payment_id
