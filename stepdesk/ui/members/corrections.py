"""What was written down wrongly, or was not known: rows of "What happened?" that correct.

Only what differs from what stands in the book is handed to the verb.
"""

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members import service
from stepdesk.members.terms import Happened
from stepdesk.store.work import Work
from stepdesk.ui.members import offers
from stepdesk.ui.members.asks import Answers, Ask, Choices, First, Happening, Kind, Known, Part
from stepdesk.values.ids import PersonId

_NOTHING = N_("Nothing was changed. Change something, or press Esc.")
_PERSON = ("surname", "given_names", "sex", "birth", "relation")
_HOUSEHOLD = (
    "phone",
    "address",
    "contact",
    "declared_size",
    "other_cover",
    "health_post",
    "consent",
    "sms_consent",
)


def _of_person(known: Known, answers: Answers) -> dict[str, object]:
    """Return what stands in the book of the person chosen."""
    row = known.person(answers.get("person_id"))
    if row is None:
        return dict.fromkeys(_PERSON)
    surname, given = known.names.get(row.id, ("", ""))
    return {
        "surname": surname,
        "given_names": given,
        "sex": row.sex,
        "birth": row.birth,
        "relation": row.relation,
    }


def _of_household(known: Known) -> dict[str, object]:
    file = known.file
    return {
        "phone": file.phone or None,
        "address": file.address or None,
        "contact": file.contact or None,
        "declared_size": file.declared_size,
        "other_cover": file.other_cover or None,
        "health_post": file.health_post_id,
        "consent": file.consent,
        "sms_consent": file.sms_consent,
    }


def _person_first(name: str) -> First:
    def first(known: Known, answers: Answers) -> object:
        return _of_person(known, answers)[name]

    return first


def _household_first(name: str) -> First:
    def first(known: Known, _answers: Answers) -> object:
        return _of_household(known)[name]

    return first


def _correct_person(
    work: Work, known: Known, told: Answers, accepting: frozenset[str]
) -> Happened:
    before = _of_person(known, told)
    changes = {
        name: told[name]
        for name in _PERSON
        if name in told and told[name] is not None and told[name] != before[name]
    }
    if not changes:
        raise Refusal(Text(_NOTHING), field="surname")
    return service.correct_person(
        work,
        person_id=told["person_id"],
        reason=told["reason"],
        accepting=accepting,
        **changes,
    )


def _correct_household(
    work: Work, known: Known, told: Answers, accepting: frozenset[str]
) -> Happened:
    before = _of_household(known)
    changes = {
        name: "" if told[name] is None and name in _WORDS else told[name]
        for name in _HOUSEHOLD
        if name in told and told[name] != before[name]
    }
    if not changes:
        raise Refusal(Text(_NOTHING), field="phone")
    return service.correct_household(
        work,
        household_id=known.file.id,
        reason=told["reason"] or "",
        accepting=accepting,
        **changes,
    )


_WORDS = frozenset({"phone", "address", "contact", "other_cover"})


def _consents(_known: Known, _answers: Answers) -> Choices:
    return [
        (None, Text(N_("not asked"))),
        (True, Text(N_("yes"))),
        (False, Text(N_("no"))),
    ]


def _posts(known: Known, _answers: Answers) -> Choices:
    return [(None, Text(N_("none"))), *((one.id, one.name) for one in known.posts)]


def _has_posts(known: Known, _answers: Answers) -> bool:
    return bool(known.posts)


def _not_the_member(known: Known, answers: Answers) -> bool:
    return not known.is_member(answers.get("person_id"))


def _categories(known: Known, _answers: Answers) -> Choices:
    return [(None, Text(N_("none"))), *known.categories]


def _own_category(known: Known, _answers: Answers) -> object:
    return known.file.category_id


def _categorise(work: Work, known: Known, told: Answers, accepting: frozenset[str]) -> Happened:
    return service.categorise(
        work,
        household_id=known.file.id,
        category_id=told["category_id"],
        on=told["on"],
        accepting=accepting,
    )


def _today(known: Known, _answers: Answers) -> object:
    return known.today


def _has_categories(known: Known) -> bool:
    return bool(known.categories)


def _name_shown(known: Known, answers: Answers) -> object:
    row = known.person(answers.get("person_id"))
    return "" if row is None else row.name


def _photograph(work: Work, known: Known, told: Answers, _accepting: frozenset[str]) -> Happened:
    service.photograph(work, person_id=told["person_id"], picture=told["photo"])
    return Happened(known.file.id)


def _same(work: Work, _known: Known, told: Answers, _accepting: frozenset[str]) -> Happened:
    return service.merge_persons(
        work,
        kept_id=told["person_id"],
        other_id=told["other_id"],
        reason=told["reason"],
    )


def _member(known: Known, _answers: Answers) -> object:
    return known.file.member_id or PersonId(b"")


CORRECTIONS = (
    Happening(
        "correct-person",
        N_("Correct a person: name, sex, birth, link"),
        N_("For what was written down wrongly. The former words stay in the history."),
        Part.CORRECTION,
        "correct_person",
        (
            Ask("person_id", N_("Who?"), Kind.LIST, choices=offers.all_ever, width=320),
            Ask(
                "surname",
                N_("Family name"),
                first=_person_first("surname"),
                follows="person_id",
                width=320,
            ),
            Ask(
                "given_names",
                N_("Given names"),
                first=_person_first("given_names"),
                follows="person_id",
                width=320,
            ),
            Ask(
                "sex",
                N_("Sex"),
                Kind.ONE,
                choices=offers.sexes,
                first=_person_first("sex"),
                follows="person_id",
                width=320,
            ),
            Ask(
                "birth",
                N_("Born or age"),
                Kind.BIRTH,
                first=_person_first("birth"),
                follows="person_id",
                hint=N_("14/3/1987, 3/2019, 1987, 41, or ~35 for about"),
                width=140,
            ),
            Ask(
                "relation",
                N_("Link to the member"),
                Kind.LIST,
                choices=offers.all_relations,
                first=_person_first("relation"),
                follows="person_id",
                when=_not_the_member,
                width=220,
            ),
            Ask("reason", N_("Reason"), hint=N_("For example: seen on the identity card")),
        ),
        _correct_person,
        undone=False,
    ),
    Happening(
        "correct-household",
        N_("Correct the household: telephone, address, consent …"),
        N_("For what changed or was not known. The former words stay in the history."),
        Part.CORRECTION,
        "correct_household",
        (
            Ask(
                "phone", N_("Telephone"), first=_household_first("phone"), needed=False, width=220
            ),
            Ask("address", N_("Address"), first=_household_first("address"), needed=False),
            Ask(
                "contact",
                N_("Person to call"),
                first=_household_first("contact"),
                needed=False,
                hint=N_("Name and telephone of somebody outside the household"),
            ),
            Ask(
                "declared_size",
                N_("People in the household"),
                Kind.NUMBER,
                first=_household_first("declared_size"),
                needed=False,
                width=100,
            ),
            Ask(
                "other_cover",
                N_("Other cover"),
                first=_household_first("other_cover"),
                needed=False,
                hint=N_("For example: insured by an employer"),
            ),
            Ask(
                "health_post",
                N_("Health post chosen"),
                Kind.LIST,
                choices=_posts,
                first=_household_first("health_post"),
                when=_has_posts,
                needed=False,
                width=320,
            ),
            Ask(
                "consent",
                N_("Agrees that its details are kept"),
                Kind.ONE,
                choices=_consents,
                first=_household_first("consent"),
                needed=False,
                width=360,
            ),
            Ask(
                "sms_consent",
                N_("Agrees to be sent messages"),
                Kind.ONE,
                choices=_consents,
                first=_household_first("sms_consent"),
                needed=False,
                width=360,
            ),
            Ask("reason", N_("Reason"), needed=False),
        ),
        _correct_household,
        foreseen=False,
        undone=False,
    ),
    Happening(
        "photo",
        N_("Photo"),
        N_("Space takes one, with the camera or from a file. The original is not kept."),
        Part.CORRECTION,
        "photograph",
        (
            Ask("person_id", N_("Who?"), Kind.LIST, choices=offers.everybody, width=320),
            Ask(
                "photo",
                N_("Photo"),
                Kind.PHOTO,
                first=_name_shown,
                follows="person_id",
            ),
        ),
        _photograph,
        foreseen=False,
    ),
    Happening(
        "same-person",
        N_("The same person twice"),
        N_(
            "Two entries are one human being: they are made one. No number is lost, and it can be undone."
        ),
        Part.CORRECTION,
        "merge_persons",
        (
            Ask(
                "person_id",
                N_("Who is kept?"),
                Kind.LIST,
                choices=offers.all_ever,
                first=_member,
                width=320,
            ),
            Ask(
                "other_id",
                N_("Who is the same person?"),
                Kind.PERSON,
                hint=N_("Compare both at the side before you go on."),
            ),
            Ask(
                "reason", N_("Reason"), hint=N_("How you know: for example both cards were shown")
            ),
        ),
        _same,
        fields={"kept_id": "person_id"},
    ),
)
CATEGORY = Happening(
    "category",
    N_("Category"),
    N_("A category may pay another contribution."),
    Part.PAYING,
    "categorise",
    (
        Ask(
            "category_id",
            N_("Category"),
            Kind.LIST,
            choices=_categories,
            first=_own_category,
            needed=False,
            width=320,
        ),
        Ask("on", N_("From"), Kind.DAY, first=_today, width=140),
    ),
    _categorise,
    _has_categories,
)
