"""Who pays: category, group and sponsor of a household, as rows of "What happened?"."""

from typing import Any

from stepdesk.i18n import N_, Text
from stepdesk.payers import service
from stepdesk.payers.terms import Nomination, Step
from stepdesk.store.work import Work
from stepdesk.ui.members import offers
from stepdesk.ui.members.asks import Answers, Ask, Choices, Happening, Kind, Known, Part
from stepdesk.ui.members.corrections import CATEGORY

STEPS = {
    Step.NOMINATED: N_("nominated"),
    Step.VALIDATED: N_("validated by the committee"),
    Step.APPROVED: N_("approved by the payer"),
    Step.COVERED: N_("covered"),
    Step.RENEWED: N_("renewed"),
    Step.ENDED: N_("ended"),
    Step.REFUSED: N_("refused"),
}
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


def _join(work: Work, known: Known, told: Answers, _accepting: frozenset[str]) -> object:
    return service.join_group(
        work,
        group_id=told["group_id"],
        household_id=known.file.id,
        on=told["on"],
        place=told["place"],
    )


def _leave(work: Work, known: Known, told: Answers, _accepting: frozenset[str]) -> object:
    return service.leave_group(work, household_id=known.file.id, on=told["on"])


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


def _nominate(work: Work, known: Known, told: Answers, _accepting: frozenset[str]) -> object:
    return service.nominate(
        work,
        agreement_id=told["agreement_id"],
        household_id=known.file.id,
        person_id=told["person_id"],
        on=told["on"],
        grounds=told["grounds"] or "",
    )


def _step(work: Work, _known: Known, told: Answers, _accepting: frozenset[str]) -> object:
    return service.step_nomination(
        work,
        nomination_id=told["nomination_id"],
        step=told["step"],
        on=told["on"],
        until=told.get("until"),
        note=told["note"] or "",
    )


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
                needed=False,
            ),
        ),
        _nominate,
        _may_be_nominated,
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
        foreseen=False,
    ),
)
