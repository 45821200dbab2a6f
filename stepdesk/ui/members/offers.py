"""What a household's forms offer and start from."""

from stepdesk.i18n import N_, Text
from stepdesk.members.rules import relation_to
from stepdesk.members.terms import CHILDREN, RELATIONS, SEX_WORDS, PersonRow, Relation, Sex
from stepdesk.ui.members.asks import Answers, Choices, Known
from stepdesk.values.ids import PersonId

NOBODY = Text(N_("nobody"))
_SPOUSES = frozenset({Relation.SPOUSE, Relation.CO_SPOUSE})


def _listed(persons: tuple[PersonRow, ...] | list[PersonRow]) -> Choices:
    return [(one.id, f"{one.name} /{one.suffix:02d}") for one in persons]


def everybody(known: Known, _answers: Answers) -> Choices:
    return _listed(known.persons)


def all_ever(known: Known, _answers: Answers) -> Choices:
    """Those who left too: their names can be corrected."""
    return _listed(known.file.persons)


def but_the_member(known: Known, _answers: Answers) -> Choices:
    return _listed([one for one in known.persons if not known.is_member(one.id)])


def spouses_first(known: Known, _answers: Answers) -> Choices:
    others = [one for one in known.persons if not known.is_member(one.id)]
    return _listed(sorted(others, key=lambda one: one.relation not in _SPOUSES))


def children_first(known: Known, _answers: Answers) -> Choices:
    return _listed(sorted(known.persons, key=lambda one: one.relation not in CHILDREN))


def mothers(known: Known, _answers: Answers) -> Choices:
    """The women of the household, and the mother who is not one of them."""
    women = [one for one in known.persons if one.sex is Sex.FEMALE]
    grown = [one for one in women if known.today.year - one.birth.day.year >= 12]
    return [*_listed(grown), (None, Text(N_("not in this household")))]


def heirs(known: Known, answers: Answers) -> Choices:
    others = [one for one in known.persons if one.id != answers.get("person_id")]
    grown = sorted(others, key=lambda one: (one.relation not in _SPOUSES, one.birth.day))
    return [*_listed(grown), (None, Text(N_("nobody: the household is closed")))]


def sexes(_known: Known, _answers: Answers) -> Choices:
    return [(sex, Text(words)) for sex, words in SEX_WORDS.items()]


def _relations(*first: Relation) -> Choices:
    rest = [one for one in Relation if one not in first and one is not Relation.SELF]
    return [(one, Text(RELATIONS[one])) for one in (*first, *rest)]


def child_relations(_known: Known, _answers: Answers) -> Choices:
    return _relations(Relation.CHILD, Relation.GRANDCHILD, Relation.FOSTER_CHILD)


def spouse_relations(known: Known, _answers: Answers) -> Choices:
    married = any(one.relation is Relation.SPOUSE for one in known.persons)
    first = (Relation.CO_SPOUSE, Relation.SPOUSE)
    return _relations(*(first if married else reversed(first)))


def all_relations(_known: Known, _answers: Answers) -> Choices:
    return _relations(Relation.CHILD)


def sections(known: Known, _answers: Answers) -> Choices:
    return [(one.id, f"{one.code:02d} {one.name}") for one in known.sections]


def other_sections(known: Known, _answers: Answers) -> Choices:
    return [
        (one.id, f"{one.code:02d} {one.name}")
        for one in known.sections
        if one.id != known.file.section_id
    ]


def plans(known: Known, _answers: Answers) -> Choices:
    return [(one.plan_id, one.name) for one in known.plans]


def surname(known: Known, _answers: Answers) -> object:
    """The member's family name comes down."""
    return known.names.get(known.file.member_id or PersonId(b""), ("", ""))[0]


def own_section(known: Known, _answers: Answers) -> object:
    return known.file.section_id


def own_plan(known: Known, _answers: Answers) -> object:
    return known.file.plan_id


# What each is to another member


def others_names(known: Known, answers: Answers) -> Choices:
    """All but who becomes the member, and who died."""
    gone = {answers.get("person_id")} if "heir_id" in answers else set()
    head = answers.get("heir_id") if "heir_id" in answers else answers.get("person_id")
    return [(one.id, one.name) for one in known.persons if one.id != head and one.id not in gone]


def all_names(known: Known, _answers: Answers) -> Choices:
    return [(one.id, one.name) for one in known.persons]


def seen_from(known: Known, answers: Answers) -> object:
    """Propose what each is to the new member: the clerk looks it over."""
    head = known.person(answers.get("heir_id") or answers.get("person_id"))
    if head is None:
        return {}
    return {
        one.id: relation_to(head.relation, one.relation)
        for one in known.persons
        if one is not head
    }


def as_before(known: Known, _answers: Answers) -> object:
    """In a household of their own the relations are told anew; they start as they were."""
    return {one.id: one.relation for one in known.persons}


def into_another(known: Known, _answers: Answers) -> object:
    """In another household nobody is the member: former members start as relatives."""
    return {
        one.id: Relation.OTHER if one.relation is Relation.SELF else one.relation
        for one in known.persons
    }
