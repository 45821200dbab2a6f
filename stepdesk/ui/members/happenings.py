"""What can happen to a household: a row an event. The rules stand in `members.service`."""

from dataclasses import replace
from datetime import date, timedelta

from stepdesk.i18n import N_
from stepdesk.members import service
from stepdesk.members.terms import Birth, BirthKnown, Happened, NewPerson, Relation, Sex
from stepdesk.rights import service as rights
from stepdesk.store.work import Work
from stepdesk.ui.members import offers
from stepdesk.ui.members.asks import (
    Answers,
    Ask,
    First,
    Happening,
    Kind,
    Known,
    Offer,
    Part,
    When,
    always,
    on_the_day,
)
from stepdesk.ui.members.corrections import CORRECTIONS
from stepdesk.ui.members.paying import PAYING

Accepted = frozenset[str]

_PERSON_FIELDS = {
    f"person:{name}": name for name in ("surname", "given_names", "sex", "birth", "relation")
} | {f"{name}:0": name for name in ("surname", "given_names", "sex", "birth", "relation")}


def today(known: Known, _answers: Answers) -> object:
    return known.today


def day(
    name: str, label: str, *, first: First | None = today, hint: str = "", when: When = always
) -> Ask:
    return Ask(name, label, Kind.DAY, hint, first=first, when=when, width=140)


def reason(hint: str = "", *, needed: bool = True) -> Ask:
    return Ask("reason", N_("Reason"), hint=hint, needed=needed)


def person(label: str, choices: Offer) -> Ask:
    return Ask("person_id", label, Kind.LIST, choices=choices, width=320)


_WHO = (
    Ask("surname", N_("Family name"), first=offers.surname, width=320),
    Ask("given_names", N_("Given names"), width=320),
    Ask("sex", N_("Sex"), Kind.ONE, choices=offers.sexes, width=320),
)
_BIRTH = Ask(
    "birth",
    N_("Born or age"),
    Kind.BIRTH,
    hint=N_("14/3/1987, 3/2019, 1987, 41, or ~35 for about"),
    width=140,
)


_DECLARED = day(
    "declared_on",
    N_("Declared on"),
    hint=N_("The day the family told it; today when it is told now"),
)


def _is_new(_known: Known, answers: Answers) -> bool:
    return answers.get("known_id") is None


def _relation(choices: Offer) -> Ask:
    return Ask("relation", N_("Link to the member"), Kind.LIST, choices=choices, width=220)


def _live(known: Known) -> bool:
    return not known.ended


def _with_others(known: Known) -> bool:
    return not known.ended and len(known.persons) > 1


def _ended(known: Known) -> bool:
    return known.ended


def _member_dies(known: Known, answers: Answers) -> bool:
    return known.is_member(answers.get("person_id"))


def _heir_takes_over(known: Known, answers: Answers) -> bool:
    return _member_dies(known, answers) and answers.get("heir_id") is not None


def _household_closes(known: Known, answers: Answers) -> bool:
    gone = _member_dies(known, answers) and answers.get("heir_id") is None
    return gone and len(known.persons) > 1


def exit_day(known: Known, _answers: Answers) -> object:
    """The day after what was paid for."""
    return known.exits_on


def _closing_day(known: Known, answers: Answers) -> object:
    died = answers.get("on") or known.today
    return max(known.exits_on, died + timedelta(days=1))


def _after_death(known: Known, answers: Answers) -> date:
    """Cover still holds on the day of death: the effect is seen on the next."""
    died: date = answers["on"]
    return max(on_the_day(known, answers), died + timedelta(days=1))


def _several_plans(known: Known, _answers: Answers) -> bool:
    return len(known.plans) > 1


def _new(told: Answers, birth: Birth) -> NewPerson:
    return NewPerson(told["surname"], told["given_names"], told["sex"], birth, told["relation"])


def _whoever(told: Answers) -> NewPerson:
    """Return the line of somebody who is registered: only the link is asked for."""
    return NewPerson("", "", Sex.FEMALE, Birth(told["on"], BirthKnown.DAY), told["relation"])


# The verbs


def _birth(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.record_birth(
        work,
        household_id=known.file.id,
        person=_new(told, Birth(told["on"], BirthKnown.DAY)),
        mother_id=told["mother_id"],
        on=told["on"],
        declared_on=told["declared_on"],
        accepting=accepting,
    )


def _marriage(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.record_marriage(
        work,
        household_id=known.file.id,
        person=_new(told, told["birth"]),
        on=told["on"],
        declared_on=told["declared_on"],
        accepting=accepting,
    )


def _joining(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    known_id = told["known_id"]
    person = _new(told, told["birth"]) if known_id is None else _whoever(told)
    return service.record_joining(
        work,
        household_id=known.file.id,
        person=person,
        on=told["on"],
        known_id=known_id,
        accepting=accepting,
    )


def _death(work: Work, _known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.record_death(
        work,
        person_id=told["person_id"],
        on=told["on"],
        heir_id=told.get("heir_id"),
        relations=told.get("relations") or {},
        closes_on=told.get("closes_on"),
        accepting=accepting,
    )


def _divorce(work: Work, _known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.record_divorce(
        work, person_id=told["person_id"], on=told["on"], accepting=accepting
    )


def _leaving(work: Work, _known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.record_leaving(
        work,
        person_id=told["person_id"],
        on=told["on"],
        reason=told["reason"] or "",
        accepting=accepting,
    )


def _moving(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.move_section(
        work,
        household_id=known.file.id,
        section_id=told["section_id"],
        on=told["on"],
        accepting=accepting,
    )


def _head(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.change_head(
        work,
        household_id=known.file.id,
        person_id=told["person_id"],
        on=told["on"],
        relations=told["relations"] or {},
        accepting=accepting,
    )


def _split(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    relations = dict(told["relations"])
    heads = [one for one, relation in relations.items() if relation is Relation.SELF]
    head = heads[0] if heads else next(iter(relations))
    return rights.split(
        work,
        household_id=known.file.id,
        person_ids=tuple(relations),
        head_id=head,
        section_id=told["section_id"],
        plan_id=told.get("plan_id") or known.file.plan_id,
        on=told["on"],
        relations={one: held for one, held in relations.items() if one != head},
        accepting=accepting,
    )


def _merge(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return rights.merge(
        work,
        from_id=known.file.id,
        into_id=told["into_id"],
        on=told["on"],
        relations=told["relations"] or {},
        accepting=accepting,
    )


def _resign(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.resign(
        work,
        household_id=known.file.id,
        letter_on=told["letter_on"],
        on=told["on"],
        reason=told["reason"] or "",
        accepting=accepting,
    )


def _exclude(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.exclude(
        work,
        household_id=known.file.id,
        on=told["on"],
        hearing_on=told["hearing_on"],
        decision=told["decision"],
        reason=told["reason"],
        accepting=accepting,
    )


def _strike(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return rights.strike_off(
        work,
        household_id=known.file.id,
        on=told["on"],
        decision=told["decision"] or "",
        reason=told["reason"],
        accepting=accepting,
    )


def _readmit(work: Work, known: Known, told: Answers, accepting: Accepted) -> Happened:
    return rights.readmit(
        work,
        household_id=known.file.id,
        on=told["on"],
        reason=told["reason"] or "",
        accepting=accepting,
    )


def _student(work: Work, _known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.mark_student(
        work,
        person_id=told["person_id"],
        first_day=told["first_day"],
        until=told["until"],
        document=told["document"] or "",
        accepting=accepting,
    )


def _disabled(work: Work, _known: Known, told: Answers, accepting: Accepted) -> Happened:
    return service.mark_disabled(
        work,
        person_id=told["person_id"],
        first_day=told["first_day"],
        document=told["document"] or "",
        accepting=accepting,
    )


def _elsewhere(_work: Work, known: Known, _told: Answers, _accepting: Accepted) -> Happened:
    """Nothing happens to the household that is shown."""
    return Happened(known.file.id)


# The rows

FAMILY = (
    Happening(
        "birth",
        N_("Birth"),
        N_(
            "A child of the household is born: covered under the mother's number at first, or the"
            " member's where she is not of the household."
        ),
        Part.FAMILY,
        "record_birth",
        (
            day("on", N_("Born on")),
            _WHO[0],
            _WHO[1],
            _WHO[2],
            Ask(
                "mother_id",
                N_("Mother"),
                Kind.LIST,
                choices=offers.mothers,
                needed=False,
                width=320,
            ),
            _relation(offers.child_relations),
            _DECLARED,
        ),
        _birth,
        _live,
        {**_PERSON_FIELDS, "birth": "on", "person:birth": "on", "birth:0": "on"},
    ),
    Happening(
        "death",
        N_("Death"),
        N_(
            "Cover ends on that day. When the member dies, somebody takes over the number, the rights and the waiting done."
        ),
        Part.FAMILY,
        "record_death",
        (
            person(N_("Who died?"), offers.everybody),
            day("on", N_("Died on")),
            Ask(
                "heir_id",
                N_("Who becomes the member?"),
                Kind.LIST,
                choices=offers.heirs,
                follows="person_id",
                when=_member_dies,
                needed=False,
                width=320,
            ),
            Ask(
                "relations",
                N_("What the others are to the new member"),
                Kind.FAMILY,
                choices=offers.others_names,
                first=offers.seen_from,
                follows="heir_id",
                when=_heir_takes_over,
                needed=False,
            ),
            Ask(
                "closes_on",
                N_("The household is closed on"),
                Kind.DAY,
                N_("First day without cover for those who stay"),
                first=_closing_day,
                follows="heir_id",
                when=_household_closes,
                width=140,
            ),
        ),
        _death,
        _live,
        looks=_after_death,
    ),
    Happening(
        "marriage",
        N_("Marriage"),
        N_("Who marries into the household is covered without waiting when told in time."),
        Part.FAMILY,
        "record_marriage",
        (
            day("on", N_("Married on")),
            *_WHO,
            _BIRTH,
            _relation(offers.spouse_relations),
            _DECLARED,
        ),
        _marriage,
        _live,
        _PERSON_FIELDS,
    ),
    Happening(
        "divorce",
        N_("Divorce"),
        N_("The divorced person is no longer covered in this household from that day."),
        Part.FAMILY,
        "record_divorce",
        (person(N_("Who leaves?"), offers.spouses_first), day("on", N_("Divorced on"))),
        _divorce,
        _with_others,
    ),
    Happening(
        "leaving",
        N_("Somebody leaves"),
        N_("The person is no longer covered in this household from that day."),
        Part.FAMILY,
        "record_leaving",
        (
            person(N_("Who leaves?"), offers.but_the_member),
            day("on", N_("First day without cover")),
            reason(N_("For example: moved to the city, wants to leave")),
        ),
        _leaving,
        _with_others,
    ),
    Happening(
        "joining",
        N_("Somebody joins late"),
        N_("Somebody who was not on the form joins and has a waiting period of their own."),
        Part.FAMILY,
        "record_joining",
        (
            day("on", N_("Joins on")),
            Ask(
                "known_id",
                N_("Registered already?"),
                Kind.PERSON,
                hint=N_("Look for who comes back or from another household; empty for a new one"),
                needed=False,
            ),
            *(replace(one, when=_is_new) for one in (*_WHO, _BIRTH)),
            _relation(offers.all_relations),
        ),
        _joining,
        _live,
        _PERSON_FIELDS,
    ),
    Happening(
        "student",
        N_("School certificate"),
        N_("With a certificate of the school year a child stays covered beyond the age limit."),
        Part.FAMILY,
        "mark_student",
        (
            person(N_("Who goes to school?"), offers.children_first),
            day("first_day", N_("From")),
            day(
                "until",
                N_("To, this day no longer included"),
                first=None,
                hint=N_("Usually the first day after the school year"),
            ),
            Ask("document", N_("Certificate"), hint=N_("School and number")),
        ),
        _student,
        _live,
    ),
    Happening(
        "disabled",
        N_("Disability"),
        N_("A disabled child stays covered without limit of age."),
        Part.FAMILY,
        "mark_disabled",
        (
            person(N_("Who?"), offers.children_first),
            day("first_day", N_("From")),
            Ask(
                "document",
                N_("Certificate"),
                hint=N_("Who wrote it, and its number"),
                needed=False,
            ),
        ),
        _disabled,
        _live,
    ),
)
MEMBERSHIP = (
    Happening(
        "moving",
        N_("Move to another village or group"),
        N_("The household's serial number stays; rights and what was paid go with it."),
        Part.MEMBERSHIP,
        "move_section",
        (
            Ask(
                "section_id",
                N_("New village or group"),
                Kind.LIST,
                choices=offers.other_sections,
                width=320,
            ),
            day("on", N_("From")),
        ),
        _moving,
        _live,
        {"section": "section_id"},
    ),
    Happening(
        "head",
        N_("Change of head"),
        N_("Somebody else of the household becomes the member. Number, rights and waiting stay."),
        Part.MEMBERSHIP,
        "change_head",
        (
            person(N_("Who becomes the member?"), offers.but_the_member),
            day("on", N_("From")),
            Ask(
                "relations",
                N_("What the others are to the new member"),
                Kind.FAMILY,
                choices=offers.others_names,
                first=offers.seen_from,
                follows="person_id",
                needed=False,
            ),
        ),
        _head,
        _with_others,
    ),
    Happening(
        "split",
        N_("Split: some make a household of their own"),
        N_("Those who go get a number of their own. No entry fee, no new waiting."),
        Part.MEMBERSHIP,
        "split_household",
        (
            Ask(
                "relations",
                N_("Who goes? One of them is the member."),
                Kind.SOME,
                choices=offers.all_names,
                first=offers.as_before,
            ),
            Ask(
                "section_id",
                N_("Village or group"),
                Kind.LIST,
                choices=offers.sections,
                first=offers.own_section,
                width=320,
            ),
            Ask(
                "plan_id",
                N_("Plan"),
                Kind.LIST,
                choices=offers.plans,
                first=offers.own_plan,
                when=_several_plans,
                width=320,
            ),
            day("on", N_("From")),
        ),
        _split,
        _with_others,
        {
            "person_ids": "relations",
            "head_id": "relations",
            "section": "section_id",
            "plan": "plan_id",
        },
    ),
    Happening(
        "merge",
        N_("Merge with another household"),
        N_("Everybody here goes into the other household; this membership ends."),
        Part.MEMBERSHIP,
        "merge_households",
        (
            Ask("into_id", N_("Into which household?"), Kind.HOUSEHOLD),
            day("on", N_("From")),
            Ask(
                "relations",
                N_("What they are to the member there"),
                Kind.FAMILY,
                choices=offers.all_names,
                first=offers.into_another,
                needed=False,
            ),
        ),
        _merge,
        _live,
        {"from_id": "into_id"},
    ),
    Happening(
        "transfer",
        N_("Transfer from another scheme"),
        N_("A household that waited elsewhere is registered, and its waiting counts."),
        Part.MEMBERSHIP,
        "register_household",
        (),
        _elsewhere,
        elsewhere=True,
    ),
    Happening(
        "resign",
        N_("Resignation"),
        N_("The household leaves by letter, at the end of what it has paid for."),
        Part.MEMBERSHIP,
        "resign",
        (
            day("letter_on", N_("Day of the letter")),
            day(
                "on",
                N_("First day outside the scheme"),
                first=exit_day,
                hint=N_("The day after what was paid for"),
            ),
            reason(needed=False),
        ),
        _resign,
        _live,
    ),
    Happening(
        "exclude",
        N_("Exclusion, after a hearing"),
        N_("The board excludes the household after hearing it. It may appeal."),
        Part.MEMBERSHIP,
        "exclude",
        (
            day("hearing_on", N_("Heard on")),
            Ask("decision", N_("Decision of the board"), hint=N_("Number or day of the minutes")),
            day("on", N_("Excluded from")),
            reason(),
        ),
        _exclude,
        _live,
    ),
    Happening(
        "strike",
        N_("Strike off"),
        N_("A household that has not paid for long is struck off the list."),
        Part.MEMBERSHIP,
        "strike_off",
        (
            Ask(
                "decision",
                N_("Decision of the board"),
                hint=N_("Number or day of the minutes"),
                needed=False,
            ),
            day("on", N_("Struck off from")),
            reason(),
        ),
        _strike,
        _live,
    ),
    Happening(
        "readmit",
        N_("Readmission"),
        N_("The household comes back under its own number, with full waiting again."),
        Part.MEMBERSHIP,
        "readmit",
        (day("on", N_("From")), reason(needed=False)),
        _readmit,
        _ended,
    ),
)

HAPPENINGS = (*FAMILY, *MEMBERSHIP, *PAYING, *CORRECTIONS)
BY_ID = {one.id: one for one in HAPPENINGS}
