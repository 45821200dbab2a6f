"""Who pays: category, group and sponsor of a household, as rows of "What happened?"."""

from typing import Any

from stepdesk.i18n import N_, Text
from stepdesk.members.queries import latest_event
from stepdesk.members.terms import Happened
from stepdesk.payers import service
from stepdesk.payers.terms import STEPS, Nomination, Step
from stepdesk.store.work import Work
from stepdesk.ui.members import offers
from stepdesk.ui.members.asks import Answers, Ask, Choices, Happening, Kind, Known, Part
from stepdesk.ui.members.corrections import CATEGORY
from stepdesk.values.ids import EventId

NEXT = {
    Step.NOMINATED: (Step.VALIDATED, Step.REFUSED),
    Step.VALIDATED: (Step.APPROVED, Step.REFUSED),
    Step.APPROVED: (Step.COVERED, Step.REFUSED),
    Step.COVERED: (Step.RENEWED, Step.ENDED),
    Step.RENEWED: (Step.RENEWED, Step.ENDED),
}
"""The steps that may follow. Source: domain handbook 2.6."""


def _today(known: Known, _answers: Answers) -> object:
    return known.today


def _day(label: str) -> Ask:
    return Ask("on", label, Kind.DAY, first=_today, width=140)


# The group


def _groups(known: Known, _answers: Answers) -> Choices:
    here = known.place.group_id if known.place is not None else None
    return [(one.id, one.name) for one in known.groups if one.id != here]


def _may_join(known: Known) -> bool:
    return not known.ended and any(True for _ in _groups(known, {}))


def _is_in_group(known: Known) -> bool:
    return known.place is not None


def _join(work: Work, known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
    event_id = service.place_household(
        work,
        group_id=told["group_id"],
        household_id=known.file.id,
        on=told["on"],
        place=told["place"],
        accepting=accepting,
    )
    return _told(known, event_id)


def _told(known: Known, event_id: EventId | None) -> Happened:
    return Happened(known.file.id, (event_id,) if event_id else (), (known.file.id,))


def _leave(work: Work, known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
    return _told(
        known,
        service.leave_group(work, household_id=known.file.id, on=told["on"], accepting=accepting),
    )


def _move(work: Work, known: Known, told: Answers, _accepting: frozenset[str]) -> Happened:
    return _told(known, service.move_place(work, household_id=known.file.id, place=told["place"]))


def _own_place(known: Known, _answers: Answers) -> object:
    return None if known.place is None else known.place.place


# The sponsor


def _agreements(known: Known, _answers: Answers) -> Choices:
    today = known.today
    return [
        (one.id, f"{one.payer} · {one.first_day.year}")
        for one in known.agreements
        if one.until is None or one.until > today
    ]


def _may_be_nominated(known: Known) -> bool:
    return not known.ended and any(True for _ in _agreements(known, {}))


def _whom(known: Known, answers: Answers) -> Choices:
    return [(None, Text(N_("the whole household"))), *offers.everybody(known, answers)]


def open_nominations(known: Known) -> list[Nomination]:
    return [one for one in known.nominations if one.step in NEXT]


def _nominated(known: Known) -> bool:
    return bool(open_nominations(known))


def _which(known: Known, _answers: Answers) -> Choices:
    return [
        (
            one.id,
            Text(
                N_("{payer}: {whom}, {step}"),
                {
                    "payer": one.payer,
                    "whom": _of_whom(known, one),
                    "step": Text(STEPS[one.step]),
                },
            ),
        )
        for one in open_nominations(known)
    ]


def _of_whom(known: Known, one: Nomination) -> Text | str:
    person = known.person(one.person_id)
    return Text(N_("the whole household")) if person is None else person.name


def _steps(known: Known, answers: Answers) -> Choices:
    chosen = next(
        (one for one in known.nominations if one.id == answers.get("nomination_id")), None
    )
    return [(step, Text(STEPS[step])) for step in NEXT.get(chosen.step, ())] if chosen else []


def _has_end(_known: Known, answers: Answers) -> bool:
    return answers.get("step") in {Step.COVERED, Step.RENEWED}


def _nominate(work: Work, known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
    service.nominate(
        work,
        agreement_id=told["agreement_id"],
        household_id=known.file.id,
        person_id=told["person_id"],
        on=told["on"],
        grounds=told["grounds"],
        accepting=accepting,
    )
    return _told(known, latest_event(work.connection, known.file.id))


def _step(work: Work, known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
    note = told["note"] or ""
    it: dict[str, Any] = {
        "nomination_id": told["nomination_id"],
        "on": told["on"],
        "accepting": accepting,
    }
    match told["step"]:
        case Step.VALIDATED:
            service.validate_nomination(work, **it, note=note)
        case Step.APPROVED:
            service.approve_nomination(work, **it, note=note)
        case Step.COVERED:
            service.cover_nomination(work, **it, until=told["until"], note=note)
        case Step.RENEWED:
            service.renew_nomination(work, **it, until=told["until"], note=note)
        case Step.ENDED:
            service.end_nomination(work, **it, note=note)
        case _:
            service.refuse_nomination(work, **it, note=note)
    return _told(known, latest_event(work.connection, known.file.id))


_FIELDS = {
    "group": "group_id",
    "agreement": "agreement_id",
    "nomination": "nomination_id",
    "person": "person_id",
}


PAYING = (
    CATEGORY,
    Happening(
        "group-join",
        N_("Join a group"),
        N_("The group pays for its people in the order of its list."),
        Part.PAYING,
        "join_group",
        (
            Ask("group_id", N_("Group"), Kind.LIST, choices=_groups, width=320),
            _day(N_("From")),
            Ask(
                "place",
                N_("Place on the list"),
                Kind.NUMBER,
                hint=N_("Left empty: at the end"),
                needed=False,
                width=100,
            ),
        ),
        _join,
        _may_join,
        _FIELDS,
    ),
    Happening(
        "group-place",
        N_("Another place on the group's list"),
        N_("When the group's money is not enough, the first of the list are paid first."),
        Part.PAYING,
        "move_place",
        (
            Ask(
                "place",
                N_("Place on the list"),
                Kind.NUMBER,
                first=_own_place,
                width=100,
            ),
        ),
        _move,
        _is_in_group,
        foreseen=False,
    ),
    Happening(
        "group-leave",
        N_("Leave the group"),
        N_("Rights stay until the end of what is paid; then the household pays for itself."),
        Part.PAYING,
        "leave_group",
        (_day(N_("From")),),
        _leave,
        _is_in_group,
    ),
    Happening(
        "nominate",
        N_("Nominate for a sponsor"),
        N_("The household, or one person of it, is put forward to somebody who pays for others."),
        Part.PAYING,
        "nominate",
        (
            Ask("agreement_id", N_("Sponsor"), Kind.LIST, choices=_agreements, width=320),
            Ask("person_id", N_("For whom?"), Kind.LIST, choices=_whom, needed=False, width=320),
            _day(N_("Nominated on")),
            Ask(
                "grounds",
                N_("Grounds"),
                hint=N_("They stay in this book and never leave it."),
            ),
        ),
        _nominate,
        _may_be_nominated,
        _FIELDS,
        foreseen=False,
    ),
    Happening(
        "nomination-step",
        N_("Next step of a nomination"),
        N_("The committee validates, the payer approves, then it is covered."),
        Part.PAYING,
        "step_nomination",
        (
            Ask("nomination_id", N_("Nomination"), Kind.LIST, choices=_which),
            Ask(
                "step",
                N_("What was decided?"),
                Kind.LIST,
                choices=_steps,
                follows="nomination_id",
                width=320,
            ),
            _day(N_("On")),
            Ask(
                "until",
                N_("To, this day no longer included"),
                Kind.DAY,
                when=_has_end,
                needed=False,
                width=140,
            ),
            Ask("note", N_("Note"), needed=False),
        ),
        _step,
        _nominated,
        _FIELDS,
    ),
)
